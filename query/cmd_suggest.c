/*
 * cmd_suggest: `kb-query suggest`.
 */
#include <stdlib.h>

#include "answer.h"
#include "cli.h"
#include "commands.h"
#include "text.h"

enum { OPT_JSON = 1000, OPT_TOP, OPT_THRESHOLD, OPT_ANY, OPT_AUDIENCE };

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "any-status", no_argument, NULL, OPT_ANY },
	{ "any-audience", no_argument, NULL, OPT_AUDIENCE },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool
read_threshold(const struct kb_command *self, const char *text, double *out)
{
	char *end;
	double v = strtod(text, &end);

	if (end != text && *end == '\0' && v > 0 && v <= 1) {
		*out = v;
		return true;
	}
	kb_cli_usage(self, "--threshold wants a number above 0, up to 1, not "
	    "'%s'", text);
	return false;
}

static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct kb_suggest_opts *opts, bool *json)
{
	uint64_t top;
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		switch (c) {
		case OPT_JSON:
			*json = true;
			break;
		case OPT_TOP:
			if (!kb_cli_number(self, "--top", optarg, 1, 100,
			    &top))
				return KB_EXIT_USAGE;
			opts->top = (size_t)top;
			break;
		case OPT_THRESHOLD:
			if (!read_threshold(self, optarg, &opts->threshold))
				return KB_EXIT_USAGE;
			break;
		case OPT_ANY:
			opts->any_status = true;
			break;
		case OPT_AUDIENCE:
			opts->any_audience = true;
			break;
		case 'h':
			return KB_EXIT_OK;
		default:
			return KB_EXIT_USAGE;
		}
	}
	if (argc - optind < 2)
		return kb_cli_usage(self, "give an INDEX and a QUESTION");
	return -1;
}

int
kb_cmd_suggest(const struct kb_command *self, int argc, char **argv)
{
	struct kb_suggest_opts opts = { 0 };
	struct kb_buf question = { 0 }, out = { 0 };
	struct kb_index *index = NULL;
	struct kb_answer *answer = NULL;
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	bool json = false;
	int code = read_options(self, argc, argv, &opts, &json);

	if (code >= 0)
		return code;
	status = kb_text_read(&question, argc - optind - 1,
	    argv + optind + 1, &err);
	if (status == KB_OK)
		status = kb_index_open(&index, argv[optind], NULL, &err);
	if (status == KB_OK)
		status = kb_suggest(&answer, index, kb_buf_str(&question),
		    &opts, &err);
	if (status == KB_OK) {
		if (json)
			kb_answer_json(&out, answer, index);
		else
			kb_answer_text(&out, answer, kb_cli_colours());
		code = kb_cli_write(&out);
		if (code == KB_EXIT_OK && !answer->answered)
			code = KB_EXIT_NO;
	} else {
		code = kb_cli_fail(&err);
	}
	kb_answer_free(answer);
	kb_index_close(index);
	kb_buf_release(&question);
	kb_buf_release(&out);
	return code;
}
