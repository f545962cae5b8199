/*
 * A diff as a part of the report's page.
 */
#include "diff.h"
#include "page.h"

#define CONTEXT	1
#define ROWS	300		/* of a pair */
#define BYTES	((size_t)128 * 1024)	/* of its text */

struct sides {
	const struct kb_diff	*d;
	struct kb_out		*out;
	struct kb_buf		*b;	/* of out */
	struct kb_arena		 scratch;
	size_t			 rows, bytes;	/* shown so far */
};

static void
text(struct sides *s, struct kb_str t)
{
	s->bytes += t.n;
	kb_page_text(s->b, t);
}

/* Code keeps its columns; only a block of it has lines. */
static void
begin_cell(struct sides *s, const struct kb_paragraph *p, bool both)
{
	bool code = memchr(p->text.p, '\n', p->text.n) != NULL;

	kb_buf_printf(s->b, "<div dir=\"auto\"%s>%s", both && code ?
	    " class=\"both code\"" : both ? " class=\"both\"" : code ?
	    " class=\"code\"" : "", p->head ? "<strong>" : "");
}

static void
end_cell(struct sides *s, const struct kb_paragraph *p)
{
	kb_buf_addc(s->b, p->head ? "</strong></div>" : "</div>");
}

static void
cell(struct sides *s, const struct kb_paragraph *p, bool is_both)
{
	begin_cell(s, p, is_both);
	text(s, p->text);
	end_cell(s, p);
}

/* White space at the ends stays outside of the mark. */
static void
marked(struct sides *s, struct kb_str t)
{
	struct kb_str inner = kb_str_trim(t);

	if (inner.n == 0) {
		text(s, t);
		return;
	}
	text(s, kb_str(t.p, (size_t)(inner.p - t.p)));
	kb_buf_addc(s->b, "<mark>");
	text(s, inner);
	kb_buf_addc(s->b, "</mark>");
	text(s, kb_str(inner.p + inner.n, (size_t)(t.p + t.n - inner.p) -
	    inner.n));
}

/* One side of a changed paragraph. */
static void
edited(struct sides *s, const struct kb_paragraph *p,
    const struct kb_edit *v, size_t n, bool first)
{
	struct kb_str words = kb_paragraph_words(p), t;

	begin_cell(s, p, false);
	text(s, kb_str(p->text.p, p->number));
	for (size_t i = 0; i < n; i++) {
		size_t from = first ? v[i].a_from : v[i].b_from;

		t = kb_str(words.p + from, (first ? v[i].a_to : v[i].b_to) -
		    from);
		if (v[i].same)
			text(s, t);
		else
			marked(s, t);
	}
	end_cell(s, p);
}

static enum kb_status
changed(struct sides *s, const struct kb_align_row *r, struct kb_err *err)
{
	const struct kb_paragraph *a = &s->d->a.paragraphs[r->a],
	    *b = &s->d->b.paragraphs[r->b];
	const struct kb_edit *v;
	enum kb_status status;
	size_t n;

	status = kb_align_words(&v, &n, kb_paragraph_words(a),
	    kb_paragraph_words(b), &s->scratch, err);
	if (status != KB_OK)
		return status;
	edited(s, a, v, n, true);
	edited(s, b, v, n, false);
	kb_arena_reset(&s->scratch);
	return KB_OK;
}

static enum kb_status
row(struct sides *s, const struct kb_align_row *r, struct kb_err *err)
{
	static const char *const classes[] = {
		"same", "changed", "only a", "only b"
	};
	static const char *const names[] = {
		"same", "changed", "only in first", "only in second"
	};
	enum kb_status status = KB_OK;

	s->rows++;
	kb_buf_printf(s->b, "<div class=\"row %s\"><p>%s%s%s</p>",
	    classes[r->kind], names[r->kind], r->moved ? ", moved" : "",
	    r->elsewhere ? ", its sentences stand elsewhere there" : "");
	if (r->kind == KB_ALIGN_ONLY_A) {
		cell(s, &s->d->a.paragraphs[r->a], false);
		kb_buf_addc(s->b, "<div></div>");
	} else if (r->kind == KB_ALIGN_ONLY_B) {
		kb_buf_addc(s->b, "<div></div>");
		cell(s, &s->d->b.paragraphs[r->b], false);
	} else if (r->exact) {
		cell(s, &s->d->a.paragraphs[r->a], true);
	} else {
		status = changed(s, r, err);
	}
	kb_buf_addc(s->b, "</div>\n");
	kb_out_spill(s->out);
	return status;
}

static enum kb_status
rows(struct sides *s, size_t from, size_t to, size_t *at, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	for (*at = from; *at < to && status == KB_OK; ++*at) {
		if (s->rows >= ROWS || s->bytes >= BYTES)
			break;
		status = row(s, &s->d->align.rows[*at], err);
	}
	return status;
}

static void
title(struct sides *s, const struct kb_article_text *a)
{
	kb_buf_addc(s->b, "<div dir=\"auto\"><strong>");
	text(s, a->title.n > 0 ? a->title : KB_STR("(no title)"));
	kb_buf_addc(s->b, "</strong> <bdi class=\"soft\">");
	text(s, a->id);
	kb_buf_addc(s->b, "</bdi></div>");
}

enum kb_status
kb_diff_html(const struct kb_diff *d, struct kb_out *out, struct kb_err *err)
{
	struct sides s = { .d = d, .out = out, .b = &out->buf };
	enum kb_status status = KB_OK;
	size_t i = 0, n = d->align.n, fold, last = 0;

	kb_buf_addc(s.b, "<div class=\"diff\">\n<div class=\"row names\">"
	    "<p></p>");
	title(&s, &d->a);
	title(&s, &d->b);
	kb_buf_addc(s.b, "</div>\n");
	while (i < n && status == KB_OK && s.rows < ROWS && s.bytes < BYTES) {
		fold = kb_diff_fold(d, i, CONTEXT);
		if (fold > 0) {
			kb_buf_addc(s.b, "<details class=\"fold\"><summary>");
			kb_out_count(s.b, fold, 0);
			kb_buf_addc(s.b, " paragraphs the same</summary>\n");
		}
		last = i;
		status = rows(&s, i, fold > 0 ? i + fold : i + 1, &i, err);
		if (fold > 0)
			kb_buf_addc(s.b, "</details>\n");
		if (i == last)
			break;
	}
	kb_buf_addc(s.b, "</div>\n");
	if (i < n && status == KB_OK) {
		kb_buf_addc(s.b, "<p class=\"soft small\">and ");
		kb_out_count(s.b, n - i, 0);
		kb_buf_addc(s.b, " paragraphs more; kb-index diff shows all."
		    "</p>\n");
	}
	kb_arena_release(&s.scratch);
	return status;
}
