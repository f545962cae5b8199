/*
 * kb-index diff: two articles side by side.
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "diff.h"

#define CONTEXT		1
#define WIDTH		80
#define WIDTH_LEAST	40
#define WIDTH_MOST	100	/* longer lines are hard to read */

const char kb_help_diff[] =
"A and B are ids or aliases.  Paragraphs are marked:\n"
"      the same words      ~  changed: [-old-] {+new+}, or in colours\n"
"  -   only in A           +  only in B\n"
"A heading is a paragraph with a # before it.\n\n"
"  -U, --context N   how many same paragraphs to show around a change (1)\n"
"  --full            all of them\n"
"  --color WHEN      auto (default), always or never\n"
"  --width N         cells of a line; 0: lines are not broken\n"
"  --json            one JSON object: every paragraph, with its spans\n\n"
"Example: kb-index diff support.kb KB0010006 vpn/reset.html\n";

enum {
	OPT_FULL = 1000, OPT_COLOR, OPT_WIDTH, OPT_JSON
};

static const struct option options[] = {
	{ "context", required_argument, NULL, 'U' },
	{ "full", no_argument, NULL, OPT_FULL },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "width", required_argument, NULL, OPT_WIDTH },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

struct wanted {
	struct kb_diff_look	 look;
	bool			 json;
	const char		*index;
	struct kb_str		 a, b;
};

static size_t
terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_col < WIDTH_LEAST)
		return WIDTH;
	return size.ws_col < WIDTH_MOST ? size.ws_col : WIDTH_MOST;
}

static bool
read_color(const struct kb_command *self, const char *text, bool *out)
{
	if (strcmp(text, "always") == 0)
		*out = true;
	else if (strcmp(text, "never") == 0)
		*out = false;
	else if (strcmp(text, "auto") == 0)
		*out = kb_cli_colours();
	else {
		kb_cli_usage(self, "--color wants auto, always or never, not "
		    "'%s'", text);
		return false;
	}
	return true;
}

static bool
read_option(const struct kb_command *self, int c, struct wanted *w)
{
	uint64_t n;

	switch (c) {
	case 'U':
		if (!kb_cli_number(self, "--context", optarg, 0, 1000000, &n))
			return false;
		w->look.context = (size_t)n;
		return true;
	case OPT_FULL:
		w->look.full = true;
		return true;
	case OPT_COLOR:
		return read_color(self, optarg, &w->look.colours);
	case OPT_WIDTH:
		if (!kb_cli_number(self, "--width", optarg, 0, 10000, &n))
			return false;
		w->look.width = (size_t)n;
		return true;
	case OPT_JSON:
		w->json = true;
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
	if (argc - optind != 3)
		return kb_cli_usage(self, "it wants an index and two articles, "
		    "not %d arguments", argc - optind);
	w->index = argv[optind];
	w->a = kb_str_c(argv[optind + 1]);
	w->b = kb_str_c(argv[optind + 2]);
	return -1;
}

static enum kb_status
find(int64_t *out, struct kb_article_reader *reader, struct kb_str id,
    struct kb_err *err)
{
	enum kb_status status = kb_article_reader_find(out, reader, id, err);

	if (status != KB_NOTFOUND)
		return status;
	return kb_err_set(err, KB_NOTFOUND, "the index has no article '%.*s'; "
	    "kb-index dump lists all ids", KB_FMT(id));
}

static enum kb_status
diff(const struct wanted *w, struct kb_store *store, struct kb_out *out,
    struct kb_err *err)
{
	struct kb_article_reader *reader = NULL;
	struct kb_arena arena = { 0 };
	enum kb_status status;
	struct kb_diff d;
	int64_t a = 0, b = 0;

	status = kb_article_reader_open(&reader, kb_store_db(store), store,
	    err);
	if (status == KB_OK)
		status = find(&a, reader, w->a, err);
	if (status == KB_OK)
		status = find(&b, reader, w->b, err);
	if (status == KB_OK)
		status = kb_diff_make(&d, store, reader, a, b, &arena, err);
	if (status == KB_OK)
		status = w->json ? kb_diff_json(&d, kb_out_is_terminal(), out,
		    err) : kb_diff_text(&d, &w->look, out, err);
	kb_article_reader_close(reader);
	kb_arena_release(&arena);
	return status;
}

int
kb_cmd_diff(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = { .look = { .context = CONTEXT } };
	struct kb_out out = { .code = KB_EXIT_OK };
	struct kb_store *store = NULL;
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code;

	w.look.colours = kb_cli_colours();
	w.look.width = terminal_width();
	code = read_options(self, argc, argv, &w);
	if (code >= 0)
		return code;
	status = kb_store_open(&store, w.index, NULL, 0, &err);
	if (status == KB_OK)
		status = diff(&w, store, &out, &err);
	code = kb_out_end(&out);
	if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_store_close(store);
	return code;
}
