#include "diff.h"

#include "rows.h"

static enum kb_status
read_pair(struct kb_diff *d, struct kb_store *store, struct kb_arena *arena,
    struct kb_err *err)
{
	bool swap = d->a.n > d->b.n;
	struct kb_rows rows;
	enum kb_status status;

	status = kb_rows_open(&rows, store, "SELECT relation, shared, size_a,"
	    " size_b FROM duplicate WHERE a = ?1 AND b = ?2", err);
	if (status != KB_OK)
		return status;
	sqlite3_bind_int64(rows.stmt, 1, swap ? d->b.n : d->a.n);
	sqlite3_bind_int64(rows.stmt, 2, swap ? d->a.n : d->b.n);
	if (kb_rows_next(&rows, &status, err)) {
		d->known = true;
		d->relation = kb_arena_copy(arena, kb_rows_text(&rows, 0));
		d->shared = kb_rows_int(&rows, 1);
		d->size_a = kb_rows_int(&rows, swap ? 3 : 2);
		d->size_b = kb_rows_int(&rows, swap ? 2 : 3);
	}
	kb_rows_close(&rows);
	return status;
}

enum kb_status
kb_diff_make(struct kb_diff *out, struct kb_store *store,
    struct kb_article_reader *reader, int64_t a, int64_t b,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_diff d = { .known = false };
	enum kb_status status;

	status = kb_article_text_read(&d.a, reader, a, arena, err);
	if (status == KB_OK)
		status = kb_article_text_read(&d.b, reader, b, arena, err);
	if (status == KB_OK)
		status = read_pair(&d, store, arena, err);
	if (status == KB_OK)
		status = kb_align(&d.align, &d.a, &d.b, arena, err);
	if (status == KB_OK && arena->failed)
		status = kb_err_nomem(err);
	if (status == KB_OK)
		*out = d;
	return status;
}

static bool
is_quiet(const struct kb_align_row *r)
{
	return r->kind == KB_ALIGN_SAME && !r->moved;
}

size_t
kb_diff_fold(const struct kb_diff *d, size_t at, size_t context)
{
	const struct kb_align_row *v = d->align.rows;
	size_t n = d->align.n, from = at, to, i;

	/* Nothing loud right before, unless it is the beginning. */
	for (i = 0; i < context && from > 0; i++)
		if (!is_quiet(&v[--from]))
			return 0;
	if (from > 0 && context == 0 && !is_quiet(&v[at]))
		return 0;
	for (to = at; to < n && is_quiet(&v[to]); to++)
		continue;
	if (to < n)
		to = to - at > context ? to - context : at;
	return to - at >= 2 ? to - at : 0;
}

double
kb_diff_resemblance(const struct kb_diff *d)
{
	int64_t all = d->size_a + d->size_b - d->shared;

	return all > 0 ? (double)d->shared / (double)all : 0;
}

static void
count(struct kb_buf *out, const char **sep, size_t n, const char *what,
    const char *where)
{
	if (n == 0)
		return;
	kb_buf_addc(out, *sep);
	kb_out_count(out, n, 0);
	if ((*sep)[0] == '\0')
		kb_buf_addc(out, n == 1 ? " paragraph" : " paragraphs");
	kb_buf_printf(out, " %s%s", what, where);
	*sep = ", ";
}

void
kb_diff_summary(const struct kb_diff *d, const char *first,
    const char *second, struct kb_buf *out)
{
	const struct kb_alignment *al = &d->align;
	const char *sep = "";

	count(out, &sep, al->counts[KB_ALIGN_SAME], "the same", "");
	count(out, &sep, al->counts[KB_ALIGN_CHANGED], "changed", "");
	count(out, &sep, al->counts[KB_ALIGN_ONLY_A], "only in ", first);
	count(out, &sep, al->counts[KB_ALIGN_ONLY_B], "only in ", second);
	if (al->n == 0)
		kb_buf_addc(out, "no paragraphs");
	if (al->moved > 0) {
		kb_buf_addc(out, "; ");
		kb_out_count(out, al->moved, 0);
		kb_buf_addc(out, " moved");
	}
}
