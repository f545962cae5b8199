/*
 * An inspection for people: columns of at most 100 cells.
 */
#include "inspect.h"

#define WIDTH		100
#define SAMPLE		34
#define STATUSES	15
#define LANGS		8
#define UNMAPPED	25
#define SOURCES		4
#define DROPS		4

static void
heading(struct kb_buf *b, const char *name, const char *rest)
{
	kb_buf_printf(b, "\n  %-20s %s\n", name, rest);
}

static void
counted(struct kb_buf *b, size_t n, const char *one, const char *many)
{
	kb_out_count(b, n, 0);
	kb_buf_printf(b, " %s", n == 1 ? one : many);
}

/* "one 12, two 3, and 5 others" */
static void
list(struct kb_buf *out, const struct kb_tally *t, size_t most,
    const char *nameless, bool single)
{
	for (size_t i = 0; i < t->n && i < most; i++) {
		kb_buf_addc(out, i > 0 ? ", " : "");
		if (t->v[i].name.n > 0)
			kb_out_line(out, t->v[i].name);
		else
			kb_buf_addc(out, nameless);
		if (single && t->n == 1)
			continue;
		kb_buf_addch(out, ' ');
		kb_out_count(out, t->v[i].count, 0);
	}
	if (t->n > most)
		kb_buf_printf(out, ", and %zu others", t->n - most);
}

/* ---- fields ---- */

static void
field_line(struct kb_buf *b, const char *name,
    const struct kb_inspect_field *f, size_t articles)
{
	struct kb_buf sources = { 0 };

	kb_buf_printf(b, "  %-14s ", name);
	kb_out_count(b, f->count, 9);
	kb_buf_printf(b, " %3u%%  ", kb_inspect_percent(f->count, articles));
	kb_out_cell(b, f->sample, SAMPLE);
	kb_buf_addc(b, "  ");
	list(&sources, &f->sources, SOURCES, "", true);
	kb_out_wrap(b, kb_buf_str(&sources), 35 + SAMPLE, 35 + SAMPLE, WIDTH);
	if (f->bad > 0) {
		kb_buf_addc(b, "                 ");
		kb_out_count(b, f->bad, 9);
		kb_buf_addc(b, "        no date: ");
		kb_out_line(b, f->bad_sample);
		kb_buf_addch(b, '\n');
	}
	b->failed |= sources.failed;
	kb_buf_release(&sources);
}

static void
fields(struct kb_buf *b, const struct kb_inspect_group *g)
{
	struct kb_buf none = { 0 };

	kb_buf_printf(b, "\n  %-14s %9s %4s  %-*s  %s\n", "FIELD", "ARTICLES",
	    "", SAMPLE, "SAMPLE", "READ FROM");
	for (int i = 0; i < KB_F_N; i++) {
		const char *name = kb_field_name((enum kb_field)i);

		if (g->fields[i].count > 0)
			field_line(b, name, &g->fields[i], g->articles);
		else
			kb_buf_printf(&none, "%s%s", none.n > 0 ? ", " : "",
			    name);
	}
	if (none.n > 0) {
		kb_buf_addc(b, "  nowhere:       ");
		kb_out_wrap(b, kb_buf_str(&none), 17, 17, WIDTH);
	}
	b->failed |= none.failed;
	kb_buf_release(&none);
}

/* ---- values ---- */

static void
statuses(struct kb_buf *b, const struct kb_inspect *in,
    const struct kb_inspect_group *g)
{
	enum kb_article_status status;

	if (g->status.n == 0)
		return;
	heading(b, "STATUS", "ARTICLES  TAKEN FOR");
	for (size_t i = 0; i < g->status.n && i < STATUSES; i++) {
		bool known = kb_profiles_status(in->settings->profiles,
		    g->status.v[i].name, &status);

		kb_buf_addc(b, "  ");
		kb_out_cell(b, g->status.v[i].name, 20);
		kb_buf_addch(b, ' ');
		kb_out_count(b, g->status.v[i].count, 8);
		kb_buf_printf(b, "  %s\n", known ?
		    kb_article_status_name(status) : "published (unknown!)");
	}
	if (g->status.n > STATUSES)
		kb_buf_printf(b, "  and %zu others\n", g->status.n -
		    STATUSES);
}

static void
languages(struct kb_buf *b, const struct kb_inspect_group *g)
{
	struct kb_buf text = { 0 };

	if (g->langs.n == 0)
		return;
	list(&text, &g->langs, LANGS, "none", false);
	kb_buf_printf(b, "\n  %-20s ", "LANGUAGES");
	kb_out_wrap(b, kb_buf_str(&text), 23, 23, WIDTH);
	b->failed |= text.failed;
	kb_buf_release(&text);
}

static void
unmapped(struct kb_buf *b, const struct kb_inspect_group *g)
{
	if (g->unmapped.n == 0)
		return;
	kb_buf_printf(b, "\n  %-36s %8s  %s\n", "WHAT NOTHING MAPS",
	    "ARTICLES", "SAMPLE");
	for (size_t i = 0; i < g->unmapped.n && i < UNMAPPED; i++) {
		kb_buf_addc(b, "  ");
		kb_out_cell(b, g->unmapped.v[i].name, 36);
		kb_buf_addch(b, ' ');
		kb_out_count(b, g->unmapped.v[i].count, 8);
		kb_buf_addc(b, "  ");
		kb_out_cell(b, g->unmapped.v[i].sample, WIDTH - 49);
		while (b->n > 0 && b->p[b->n - 1] == ' ')
			b->n--;
		kb_buf_addch(b, '\n');
	}
	if (g->unmapped.n > UNMAPPED)
		kb_buf_printf(b, "  and %zu others; --json lists them\n",
		    g->unmapped.n - UNMAPPED);
}

/* ---- the whole ---- */

static void
group(struct kb_buf *b, const struct kb_inspect *in,
    const struct kb_inspect_group *g)
{
	struct kb_buf text = { 0 };

	kb_buf_addch(b, '\n');
	kb_out_line(b, g->format);
	if (g->folder.n > 0) {
		kb_buf_addc(b, ", in ");
		kb_out_line(b, g->folder);
		kb_buf_addch(b, '/');
	}
	kb_buf_addc(b, ": ");
	counted(b, g->articles, "article", "articles");
	if (g->dropped > 0) {
		kb_buf_addc(&text, ", ");
		counted(&text, g->dropped, "record is none", "records are "
		    "none");
		kb_buf_addc(&text, " (");
		list(&text, &g->drops, DROPS, "no reason", false);
		kb_buf_addch(&text, ')');
	}
	kb_out_wrap(b, kb_buf_str(&text), WIDTH / 2, 4, WIDTH);
	if (g->articles > 0) {
		fields(b, g);
		statuses(b, in, g);
		languages(b, g);
	}
	unmapped(b, g);
	b->failed |= text.failed;
	kb_buf_release(&text);
}

static void
problems(struct kb_buf *b, const struct kb_inspect *in)
{
	struct kb_buf text = { 0 };

	if (in->unreadable == 0)
		return;
	kb_buf_addc(b, "\nCould not be read: ");
	kb_out_count(b, in->unreadable, 0);
	kb_buf_addch(b, '\n');
	for (size_t i = 0; i < in->nproblems; i++) {
		kb_buf_clear(&text);
		kb_out_line(&text, in->problems[i].path);
		if (in->problems[i].line > 0)
			kb_buf_printf(&text, ":%u",
			    (unsigned)in->problems[i].line);
		kb_buf_addc(&text, ": ");
		kb_out_line(&text, in->problems[i].message);
		kb_buf_addc(b, "  ");
		kb_out_wrap(b, kb_buf_str(&text), 2, 6, WIDTH);
	}
	if (in->unreadable > in->nproblems)
		kb_buf_printf(b, "  and %zu more\n", in->unreadable -
		    in->nproblems);
	b->failed |= text.failed;
	kb_buf_release(&text);
}

static void
say(void *arg, struct kb_str advice)
{
	struct kb_buf *b = arg;

	kb_buf_addc(b, "  - ");
	kb_out_wrap(b, advice, 4, 4, WIDTH);
}

void
kb_inspect_text(const struct kb_inspect *in, struct kb_out *out)
{
	struct kb_buf *b = &out->buf;

	counted(b, in->articles, "article", "articles");
	kb_buf_addc(b, " in ");
	counted(b, in->files, "file", "files");
	if (in->dropped > 0) {
		kb_buf_addc(b, ", ");
		counted(b, in->dropped, "record is no article",
		    "records are no articles");
	}
	kb_buf_addch(b, '\n');
	for (size_t i = 0; i < in->ngroups; i++) {
		group(b, in, in->groups[i]);
		kb_out_spill(out);
	}
	problems(b, in);
	kb_buf_addc(b, "\nWhat to do next\n");
	kb_inspect_next(in, say, b);
}
