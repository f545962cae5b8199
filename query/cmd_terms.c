/*
 * cmd_terms: `kb-query terms`: what FTS5 is asked, so that a stock sqlite3
 * can ask it, too.
 */
#include "cli.h"
#include "commands.h"
#include "handle.h"
#include "question.h"
#include "text.h"

enum { OPT_EXPLAIN = 1000 };

static const struct option options[] = {
	{ "explain", no_argument, NULL, OPT_EXPLAIN },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void
print_terms(struct kb_buf *out, const struct kb_question *q)
{
	kb_buf_printf(out, "%-24s %-24s %8s %8s %5s\n", "word", "terms",
	    "passages", "idf", "count");
	for (size_t i = 0; i < q->nterms; i++) {
		const struct kb_qterm *t = &q->terms[i];
		struct kb_buf variants = { 0 };

		for (size_t k = 0; k < t->nvariants; k++) {
			if (k > 0)
				kb_buf_addch(&variants, ' ');
			kb_buf_add(&variants, t->variants[k]);
		}
		kb_buf_printf(out, "%-24.*s %-24.*s %8lld %8.3f %5zu\n",
		    KB_FMT(t->word), KB_FMT(kb_buf_str(&variants)),
		    (long long)t->df, t->idf, t->count);
		kb_buf_release(&variants);
	}
}

int
kb_cmd_terms(const struct kb_command *self, int argc, char **argv)
{
	struct kb_buf text = { 0 }, out = { 0 };
	struct kb_index *index = NULL;
	struct kb_arena arena = { 0 };
	struct kb_question q;
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	bool explain = false;
	int c, code;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		if (c == OPT_EXPLAIN)
			explain = true;
		else
			return c == 'h' ? KB_EXIT_OK : KB_EXIT_USAGE;
	}
	if (argc - optind < 2)
		return kb_cli_usage(self, "give an INDEX and a QUESTION");
	status = kb_text_read(&text, argc - optind - 1, argv + optind + 1,
	    &err);
	if (status == KB_OK)
		status = kb_index_open(&index, argv[optind], NULL, &err);
	if (status == KB_OK)
		status = kb_question_parse(&q, kb_buf_str(&text), index,
		    &arena, &err);
	if (status == KB_OK) {
		kb_buf_add(&out, q.match);
		kb_buf_addch(&out, '\n');
		if (explain)
			print_terms(&out, &q);
		code = kb_cli_write(&out);
	} else {
		code = kb_cli_fail(&err);
	}
	kb_arena_release(&arena);
	kb_index_close(index);
	kb_buf_release(&text);
	kb_buf_release(&out);
	return code;
}
