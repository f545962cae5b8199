/*
 * kb-index inspect: what an export holds and what of it is understood.
 */
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "inspect.h"
#include "survey.h"

enum {
	OPT_CONFIG = 1000, OPT_METADATA, OPT_THREADS, OPT_JSON
};

static const struct option options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "metadata", required_argument, NULL, OPT_METADATA },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

struct wanted {
	const char	*config, *metadata;
	uint64_t	 threads;
	bool		 json;
};

/* What a run holds, to be released as a whole. */
struct run {
	struct kb_arena		 arena;
	struct kb_settings	 settings;
	struct kb_metadata	*metadata;
	struct kb_files		 files;
	struct kb_inspect	 inspect;
};

/* -1 to go on, else the exit code. */
static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct wanted *w)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		switch (c) {
		case OPT_CONFIG:
			w->config = optarg;
			break;
		case OPT_METADATA:
			w->metadata = optarg;
			break;
		case OPT_THREADS:
			if (!kb_cli_number(self, "--threads", optarg, 1, 256,
			    &w->threads))
				return KB_EXIT_USAGE;
			break;
		case OPT_JSON:
			w->json = true;
			break;
		case 'h':
			return KB_EXIT_OK;
		default:
			return KB_EXIT_USAGE;
		}
	}
	if (optind == argc)
		return kb_cli_usage(self, "what? give a PATH");
	return -1;
}

static enum kb_status
find_input(struct run *r, const struct wanted *w, int argc, char **argv,
    struct kb_err *err)
{
	enum kb_status status = kb_settings_load(&r->settings, w->config,
	    err);

	if (status == KB_OK && w->metadata != NULL)
		status = kb_metadata_load(&r->metadata, w->metadata, err);
	for (int i = optind; i < argc && status == KB_OK; i++)
		status = kb_files_add(&r->files, argv[i], &r->arena, err);
	return status == KB_OK ? kb_files_sort(&r->files, err) : status;
}

static void
say_started(void *arg, const struct kb_sandbox_report *report)
{
	kb_out_sandbox(report);
}

static enum kb_status
gather(struct run *r, const struct wanted *w, struct kb_err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct kb_pool_opts opts = { .profiles = r->settings.profiles,
	    .metadata = r->metadata, .threads = (unsigned)w->threads,
	    .started = say_started };
	struct kb_furniture *furniture = NULL;
	enum kb_status status = KB_OK;

	if (opts.threads == 0)
		opts.threads = processors > 1 ? (unsigned)processors : 1;
	r->inspect.settings = &r->settings;
	r->inspect.metadata = r->metadata;
	opts.marked = r->settings.marked;
	if (!opts.marked)
		status = kb_survey_run(&furniture, &r->files, &opts, err);
	opts.furniture = furniture;
	if (status == KB_OK)
		status = kb_pool_run(&r->files, &opts, kb_inspect_take,
		    &r->inspect, err);
	kb_furniture_free(furniture);
	return status == KB_OK ? kb_inspect_finish(&r->inspect, err) :
	    status;
}

static int
print(const struct run *r, const struct wanted *w)
{
	struct kb_out out = { .code = KB_EXIT_OK };
	struct kb_buf warning = { 0 };
	int code;

	if (w->json)
		kb_inspect_json(&r->inspect, &out);
	else
		kb_inspect_text(&r->inspect, &out);
	code = kb_out_end(&out);
	kb_metadata_warn(r->metadata, &warning);
	kb_out_warn(&warning);
	/* As build would say: nothing here is an article. */
	if (code == KB_EXIT_OK && r->inspect.articles == 0)
		code = KB_EXIT_INPUT;
	return code;
}

int
kb_cmd_inspect(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = { .threads = 0 };
	struct run r = { .metadata = NULL };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code = read_options(self, argc, argv, &w);

	if (code >= 0)
		return code;
	status = find_input(&r, &w, argc, argv, &err);
	if (status != KB_OK) {
		/* A PATH or a file of ours that is not there is input. */
		code = kb_cli_fail(&err);
		if (status == KB_IO)
			code = KB_EXIT_INPUT;
	} else {
		status = gather(&r, &w, &err);
		code = status == KB_OK ? print(&r, &w) : kb_cli_fail(&err);
	}
	kb_inspect_release(&r.inspect);
	kb_files_release(&r.files);
	kb_metadata_free(r.metadata);
	kb_settings_release(&r.settings);
	kb_arena_release(&r.arena);
	return code;
}
