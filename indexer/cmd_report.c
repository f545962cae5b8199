/*
 * kb-index report: what an index's findings ask people to do.
 */
#include "cli.h"
#include "commands.h"
#include "report.h"

#define TOP		10
#define TOP_MOST	100000

enum {
	OPT_FORMAT = 1000, OPT_TOP, OPT_LEVEL, OPT_CODE, OPT_OWNER,
	OPT_FAIL_ON
};

static const struct option options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "output", required_argument, NULL, 'o' },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "code", required_argument, NULL, OPT_CODE },
	{ "owner", required_argument, NULL, OPT_OWNER },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

static const struct {
	const char	*name;
	kb_report_fn	*write;
} formats[] = {
	{ "text", kb_report_text },
	{ "json", kb_report_json },
	{ "csv", kb_report_csv },
	{ "html", kb_report_html }
};

struct wanted {
	struct kb_report_opts	 opts;
	kb_report_fn		*write;
	const char		*index, *output;
	int			 fail_on;	/* a level, or -1 */
};

static bool
read_level(const struct kb_command *self, const char *option,
    const char *text, enum kb_level *out)
{
	for (int i = KB_NOTE; i <= KB_ERROR; i++) {
		if (strcmp(text, kb_level_name((enum kb_level)i)) == 0) {
			*out = (enum kb_level)i;
			return true;
		}
	}
	kb_cli_usage(self, "%s wants note, warning or error, not '%s'",
	    option, text);
	return false;
}

static bool
read_format(const struct kb_command *self, const char *text,
    kb_report_fn **out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(text, formats[i].name) == 0) {
			*out = formats[i].write;
			return true;
		}
	}
	kb_cli_usage(self, "--format wants text, json, csv or html, not '%s'",
	    text);
	return false;
}

static bool
read_code(const struct kb_command *self, const char *text,
    struct kb_report_opts *opts)
{
	if (opts->ncodes == KB_REPORT_CODES) {
		kb_cli_usage(self, "--code may be given %d times at most",
		    KB_REPORT_CODES);
		return false;
	}
	opts->codes[opts->ncodes++] = kb_str_c(text);
	return true;
}

static bool
read_option(const struct kb_command *self, int c, struct wanted *w)
{
	enum kb_level level;
	uint64_t n;

	switch (c) {
	case OPT_FORMAT:
		return read_format(self, optarg, &w->write);
	case 'o':
		w->output = optarg;
		return true;
	case OPT_TOP:
		if (!kb_cli_number(self, "--top", optarg, 1, TOP_MOST, &n))
			return false;
		w->opts.top = w->opts.most = (size_t)n;
		return true;
	case OPT_LEVEL:
		return read_level(self, "--level", optarg, &w->opts.level);
	case OPT_CODE:
		return read_code(self, optarg, &w->opts);
	case OPT_OWNER:
		w->opts.owner = optarg;
		return true;
	case OPT_FAIL_ON:
		if (!read_level(self, "--fail-on", optarg, &level))
			return false;
		w->fail_on = (int)level;
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

static bool
gate_fails(const struct kb_report *r, int level)
{
	for (int i = level; level >= 0 && i <= KB_ERROR; i++)
		if (r->levels[i] > 0)
			return true;
	return false;
}

static int
run(const struct kb_command *self, const struct wanted *w)
{
	struct kb_report r = { .store = NULL };
	struct kb_store *store = NULL;
	struct kb_out out = { .code = KB_EXIT_OK };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code = KB_EXIT_OK;

	status = kb_store_open(&store, w->index, NULL, 0, &err);
	if (status == KB_OK)
		status = kb_report_load(&r, store, &w->opts, &err);
	if (status == KB_OK)
		code = kb_out_to(w->output);
	if (status == KB_OK && code == KB_EXIT_OK) {
		status = w->write(&r, &out, &err);
		if (status == KB_OK && r.arena.failed)
			status = kb_err_nomem(&err);
		code = kb_out_end(&out);
	}
	if (status == KB_USAGE)
		code = kb_cli_usage(self, "%s", err.msg);
	else if (status != KB_OK)
		code = kb_cli_fail(&err);
	else if (code == KB_EXIT_OK && gate_fails(&r, w->fail_on))
		code = KB_EXIT_NO;
	kb_report_release(&r);
	kb_store_close(store);
	return code;
}

int
kb_cmd_report(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = {
		.opts = { .level = KB_NOTE, .top = TOP },
		.write = kb_report_text, .fail_on = -1
	};
	int code = read_options(self, argc, argv, &w);

	return code >= 0 ? code : run(self, &w);
}
