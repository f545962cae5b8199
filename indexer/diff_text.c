/*
 * A diff for the terminal: a sign before each paragraph, changed words in
 * brackets or in colours, long same stretches folded.
 */
#include "diff.h"

#include <jansson.h>

#include "cli.h"
#include "utf8.h"

#define INDENT	4

/* How a stretch of text is marked. */
enum mark {
	PLAIN, OLD, NEW, SOFT, STRONG, MARK_N
};

static const struct {
	const char	*colour;	/* of a terminal */
	const char	*open, *close;	/* where there are none */
} marks[MARK_N] = {
	[PLAIN] = { "", "", "" },
	[OLD] = { "\033[31;9m", "[-", "-]" },
	[NEW] = { "\033[32;4m", "{+", "+}" },
	[SOFT] = { "\033[2m", "", "" },
	[STRONG] = { "\033[1m", "", "" }
};

/* Text that is broken between words as it comes, in several pieces. */
struct flow {
	struct kb_buf			*out;
	const struct kb_diff_look	*look;
	size_t				 at;	/* cells of the line so far */
	size_t				 spaces; /* not written yet */
	enum mark			 mark;
	char				 sign;	/* before every line */
};

static void
begin_mark(struct flow *f)
{
	kb_buf_addc(f->out, f->look->colours ? marks[f->mark].colour : "");
}

static void
end_mark(struct flow *f)
{
	if (f->look->colours && f->mark != PLAIN)
		kb_buf_addc(f->out, "\033[0m");
}

static void
put_spaces(struct flow *f, size_t n)
{
	f->at += n;
	while (n-- > 0)
		kb_buf_addch(f->out, ' ');
}

/* The sign, a space, and '#' before a heading. */
static void
begin_line(struct flow *f, char what)
{
	kb_buf_addch(f->out, f->sign);
	kb_buf_addch(f->out, ' ');
	kb_buf_addch(f->out, what);
	kb_buf_addch(f->out, ' ');
	f->at = INDENT;
	f->spaces = 0;
}

static void
new_line(struct flow *f)
{
	kb_buf_addch(f->out, '\n');
	begin_line(f, ' ');
}

/* A word, made safe; on the next line if there is no room. */
static void
put_word(struct flow *f, struct kb_str word)
{
	struct kb_buf safe = { 0 };
	size_t n;

	kb_cli_safe(&safe, word);
	n = kb_out_width(kb_buf_str(&safe));
	if (f->look->width > 0 && f->at + f->spaces + n > f->look->width &&
	    f->spaces > 0 && f->at > INDENT) {
		end_mark(f);
		new_line(f);
		begin_mark(f);
	}
	put_spaces(f, f->spaces);
	f->spaces = 0;
	kb_buf_add(f->out, kb_buf_str(&safe));
	f->at += n;
	f->out->failed |= safe.failed;
	kb_buf_release(&safe);
}

static void
put_text(struct flow *f, struct kb_str text)
{
	size_t i = 0, k, from;

	while (i < text.n) {
		if (text.p[i] == '\n') {
			end_mark(f);
			new_line(f);
			begin_mark(f);
			i++;
			continue;
		}
		k = kb_utf8_space(text, i);
		if (k > 0) {
			f->spaces++;
			i += k;
			continue;
		}
		for (from = i; i < text.n && kb_utf8_space(text, i) == 0;)
			i++;
		put_word(f, kb_str(text.p + from, i - from));
	}
}

/* White space at the end stays outside of the mark. */
static void
put_marked(struct flow *f, enum mark mark, struct kb_str text)
{
	struct kb_str inner = kb_str_trim(text);
	const char *open = f->look->colours ? "" : marks[mark].open;
	const char *close = f->look->colours ? "" : marks[mark].close;

	if (inner.n == 0) {
		put_text(f, text);
		return;
	}
	put_text(f, kb_str(text.p, (size_t)(inner.p - text.p)));
	if (f->spaces > 0 && f->look->width > 0 && f->at + f->spaces + 2 +
	    kb_out_width(inner) > f->look->width && kb_out_width(inner) +
	    INDENT <= f->look->width)
		new_line(f);
	put_spaces(f, f->spaces);
	f->spaces = 0;
	f->mark = mark;
	begin_mark(f);
	kb_buf_addc(f->out, open);
	f->at += strlen(open);
	put_text(f, inner);
	kb_buf_addc(f->out, close);
	f->at += strlen(close);
	end_mark(f);
	f->mark = PLAIN;
	put_text(f, kb_str(inner.p + inner.n, text.n - inner.n -
	    (size_t)(inner.p - text.p)));
}

/* ---- the head ---- */

static void
put_field(struct flow *f, const char *name, struct kb_str value)
{
	if (value.n == 0)
		return;
	put_spaces(f, INDENT);
	put_marked(f, SOFT, kb_str_c(name));
	f->spaces = 1;
	put_text(f, value);
	kb_buf_addch(f->out, '\n');
	f->at = f->spaces = 0;
}

/* The column is a JSON array of strings. */
static void
put_audience(struct flow *f, struct kb_str text)
{
	json_t *list = text.n > 0 ? json_loadb(text.p, text.n, 0, NULL) :
	    NULL, *item;
	struct kb_buf names = { 0 };
	size_t i;

	json_array_foreach(list, i, item) {
		if (!json_is_string(item))
			continue;
		kb_buf_addc(&names, names.n > 0 ? ", " : "");
		kb_buf_add(&names, kb_str(json_string_value(item),
		    json_string_length(item)));
	}
	json_decref(list);
	put_field(f, "not for everyone:", names.n > 0 ?
	    kb_buf_str(&names) : KB_STR("restricted"));
	f->out->failed |= names.failed;
	kb_buf_release(&names);
}

static void
put_article(struct flow *f, char sign, const struct kb_article_text *a)
{
	for (int i = 0; i < 3; i++)
		kb_buf_addch(f->out, sign);
	f->at = 3;
	f->spaces = 1;
	put_marked(f, STRONG, a->id);
	f->spaces = 2;
	put_text(f, a->title);
	kb_buf_addch(f->out, '\n');
	f->at = f->spaces = 0;
	if (a->status != KB_ARTICLE_PUBLISHED)
		put_field(f, "not published:",
		    kb_str_c(kb_article_status_name(a->status)));
	if (a->restricted)
		put_audience(f, a->audience);
	put_field(f, "owner:", a->owner);
}

static void
put_line(struct flow *f, struct kb_buf *line)
{
	f->at = f->spaces = 0;
	put_text(f, kb_buf_str(line));
	kb_buf_addch(f->out, '\n');
	f->out->failed |= line->failed;
	kb_buf_release(line);
}

static void
put_head(struct flow *f, const struct kb_diff *d)
{
	struct kb_buf line = { 0 };

	put_article(f, '-', &d->a);
	put_article(f, '+', &d->b);
	if (d->known) {
		kb_buf_add(&line, d->relation);
		kb_buf_printf(&line, ", %lld shingles in common of %lld and "
		    "%lld (resemblance %.3f)", (long long)d->shared,
		    (long long)d->size_a, (long long)d->size_b,
		    kb_diff_resemblance(d));
		put_line(f, &line);
	}
	kb_diff_summary(d, "the first", "the second", &line);
	put_line(f, &line);
	if (d->align.coarse) {
		kb_buf_addc(&line, "They are long and differ much: some "
		    "paragraphs that belong together are shown apart.");
		put_line(f, &line);
	}
}

/* ---- rows ---- */

static enum kb_status
put_both(struct flow *f, const struct kb_diff *d,
    const struct kb_align_row *r, struct kb_err *err)
{
	const struct kb_paragraph *p = &d->a.paragraphs[r->a];
	struct kb_str a = kb_paragraph_words(p),
	    b = kb_paragraph_words(&d->b.paragraphs[r->b]);
	struct kb_arena scratch = { 0 };
	const struct kb_edit *v;
	enum kb_status status;
	size_t n;

	status = kb_align_words(&v, &n, a, b, &scratch, err);
	put_text(f, kb_str(p->text.p, p->number));
	for (size_t i = 0; i < n && status == KB_OK; i++) {
		struct kb_str x = kb_str(a.p + v[i].a_from, v[i].a_to -
		    v[i].a_from), y = kb_str(b.p + v[i].b_from, v[i].b_to -
		    v[i].b_from);

		if (v[i].same) {
			put_text(f, x);
			continue;
		}
		if (kb_str_trim(x).n > 0)
			put_marked(f, OLD, x);
		if (kb_str_trim(x).n > 0 && kb_str_trim(y).n > 0 &&
		    f->spaces == 0 && f->look->colours)
			f->spaces = 1;
		if (kb_str_trim(y).n > 0)
			put_marked(f, NEW, y);
	}
	kb_arena_release(&scratch);
	return status;
}

static const struct kb_paragraph *
paragraph_of(const struct kb_diff *d, const struct kb_align_row *r)
{
	return r->a != KB_ALIGN_NONE ? &d->a.paragraphs[r->a] :
	    &d->b.paragraphs[r->b];
}

static enum kb_status
put_row(struct flow *f, const struct kb_diff *d,
    const struct kb_align_row *r, struct kb_err *err)
{
	static const char signs[] = " ~-+";
	static const enum mark by_kind[] = { PLAIN, PLAIN, OLD, NEW };
	const struct kb_paragraph *p = paragraph_of(d, r);
	enum kb_status status = KB_OK;

	f->sign = signs[r->kind];
	begin_line(f, p->head ? '#' : ' ');
	if (r->moved)
		put_marked(f, SOFT, KB_STR("(moved) "));
	if (r->elsewhere)
		put_marked(f, SOFT, KB_STR("(stands elsewhere) "));
	if (r->kind == KB_ALIGN_CHANGED)
		status = put_both(f, d, r, err);
	else if (f->look->colours)
		put_marked(f, by_kind[r->kind], p->text);
	else
		put_text(f, p->text);
	kb_buf_addch(f->out, '\n');
	f->sign = ' ';
	return status;
}

static void
put_fold(struct flow *f, size_t n)
{
	struct kb_buf text = { 0 };

	kb_out_count(&text, n, 0);
	kb_buf_addc(&text, " paragraphs the same");
	kb_buf_addc(f->out, "... ");
	f->at = INDENT;
	f->spaces = 0;
	put_marked(f, SOFT, kb_buf_str(&text));
	kb_buf_addch(f->out, '\n');
	f->out->failed |= text.failed;
	kb_buf_release(&text);
}

/* Where we are, when it is told by no heading that is shown. */
static void
put_place(struct flow *f, struct kb_str heading)
{
	kb_buf_addc(f->out, "@@  ");
	f->at = INDENT;
	f->spaces = 0;
	put_marked(f, STRONG, heading);
	kb_buf_addch(f->out, '\n');
}

enum kb_status
kb_diff_text(const struct kb_diff *d, const struct kb_diff_look *look,
    struct kb_out *out, struct kb_err *err)
{
	struct flow f = { .out = &out->buf, .look = look, .sign = ' ' };
	struct kb_str heading = { NULL, 0 };
	enum kb_status status = KB_OK;
	bool folded = false;
	size_t n;

	put_head(&f, d);
	kb_buf_addch(f.out, '\n');
	for (size_t i = 0; i < d->align.n && status == KB_OK && !out->done;) {
		const struct kb_paragraph *p = paragraph_of(d,
		    &d->align.rows[i]);

		n = look->full ? 0 : kb_diff_fold(d, i, look->context);
		if (n > 0) {
			put_fold(&f, n);
			folded = true;
			i += n;
			continue;
		}
		if (folded && !p->head && p->heading.n > 0 &&
		    !kb_str_eq(p->heading, heading))
			put_place(&f, p->heading);
		heading = p->heading;
		folded = false;
		status = put_row(&f, d, &d->align.rows[i++], err);
		kb_out_spill(out);
	}
	return status;
}
