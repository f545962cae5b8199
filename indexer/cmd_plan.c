/*
 * kb-index plan: how to merge the duplicates of an index.
 */
#include "cli.h"
#include "commands.h"
#include "plan.h"

#define LIMIT_MOST	100000000

const char kb_help_plan[] =
"  --cluster ID          only the cluster that this article is in\n"
"  --owner NAME          only clusters with an article of this owner; "
"'' for\n"
"                        nobody's\n"
"  --limit N             only the N clusters that save most\n"
"  --format FORMAT       markdown (default), json, or tsv: the redirects\n"
"  --json                the same as --format json\n"
"  --redirects FILE      write the redirects to FILE as well, tab-separated\n"
"  -o, --output FILE     instead of standard output\n"
"\n"
"For each cluster: what to keep, which paragraphs of the others it lacks,\n"
"what a person must decide, which links elsewhere must change.  Articles\n"
"whose text would be shown to new readers are refused.  Competing articles,\n"
"where the build looked for them, come last.  Nothing is changed.\n"
"\n"
"  kb-index plan support.kb --redirects map.tsv -o plan.md\n";

enum {
	OPT_CLUSTER = 1000, OPT_OWNER, OPT_LIMIT, OPT_FORMAT, OPT_JSON,
	OPT_REDIRECTS
};

static const struct option options[] = {
	{ "cluster", required_argument, NULL, OPT_CLUSTER },
	{ "owner", required_argument, NULL, OPT_OWNER },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "redirects", required_argument, NULL, OPT_REDIRECTS },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static const struct {
	const char	*name;
	kb_plan_fn	*write;
} formats[] = {
	{ "markdown", kb_plan_markdown },
	{ "json", kb_plan_json },
	{ "tsv", kb_plan_tsv }
};

struct wanted {
	struct kb_plan_opts	 opts;
	kb_plan_fn		*write;
	const char		*index, *output, *redirects;
};

static bool
read_format(const struct kb_command *self, const char *text,
    kb_plan_fn **out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(text, formats[i].name) == 0) {
			*out = formats[i].write;
			return true;
		}
	}
	kb_cli_usage(self, "--format wants markdown, json or tsv, not '%s'",
	    text);
	return false;
}

static bool
read_option(const struct kb_command *self, int c, struct wanted *w)
{
	uint64_t n;

	switch (c) {
	case OPT_CLUSTER:
		w->opts.cluster = optarg;
		return true;
	case OPT_OWNER:
		w->opts.owner = optarg;
		return true;
	case OPT_LIMIT:
		if (!kb_cli_number(self, "--limit", optarg, 1, LIMIT_MOST,
		    &n))
			return false;
		w->opts.limit = (size_t)n;
		return true;
	case OPT_FORMAT:
		return read_format(self, optarg, &w->write);
	case OPT_JSON:
		w->write = kb_plan_json;
		return true;
	case OPT_REDIRECTS:
		w->redirects = optarg;
		return true;
	case 'o':
		w->output = optarg;
		return true;
	default:
		return false;
	}
}

/* -1 to go on, else the exit code. */
static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct wanted *w)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		if (c == 'h')
			return KB_EXIT_OK;
		if (!read_option(self, c, w))
			return KB_EXIT_USAGE;
	}
	if (argc - optind != 1)
		return kb_cli_usage(self, "it wants one index, not %d",
		    argc - optind);
	w->index = argv[optind];
	return -1;
}

/* Both files can be written, or neither is touched. */
static int
open_files(const struct kb_command *self, const struct wanted *w,
    struct kb_out_file *map)
{
	int code = KB_EXIT_OK;

	if (w->redirects != NULL)
		code = kb_out_file_open(map, w->redirects);
	if (code == KB_EXIT_OK && map->path != NULL &&
	    kb_out_file_is(map, w->output))
		code = kb_cli_usage(self, "--redirects wants another file "
		    "than the plan, not '%s'", w->redirects);
	return code == KB_EXIT_OK ? kb_out_to(w->output) : code;
}

static enum kb_status
write_plan(struct kb_plan *plan, const struct wanted *w,
    struct kb_out_file *file, int *code, struct kb_err *err)
{
	struct kb_out out = { .code = KB_EXIT_OK };
	struct kb_buf map = { 0 };
	enum kb_status status;

	kb_plan_redirect_header(&map);
	status = w->write(plan, &out, file->path != NULL ? &map : NULL, err);
	if (status == KB_OK)
		status = kb_buf_check(&map, err);
	*code = kb_out_end(&out);
	if (status == KB_OK && *code == KB_EXIT_OK && file->path != NULL)
		*code = kb_out_file_write(file, &map);
	kb_buf_release(&map);
	return status;
}

int
kb_cmd_plan(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = { .write = kb_plan_markdown };
	struct kb_plan plan = { .store = NULL };
	struct kb_store *store = NULL;
	struct kb_out_file map = { .path = NULL };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code = read_options(self, argc, argv, &w);

	if (code >= 0)
		return code;
	status = kb_store_open(&store, w.index, NULL, 0, &err);
	if (status == KB_OK)
		status = kb_plan_open(&plan, store, &w.opts, &err);
	if (status == KB_OK)
		code = open_files(self, &w, &map);
	if (status == KB_OK && code == KB_EXIT_OK)
		status = write_plan(&plan, &w, &map, &code, &err);
	if (status == KB_USAGE)
		code = kb_cli_usage(self, "%s", err.msg);
	else if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_out_file_drop(&map);
	kb_plan_close(&plan);
	kb_store_close(store);
	return code;
}
