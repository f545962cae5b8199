#include "report_pairs.h"

#include "diff.h"
#include "page.h"

#define PAIRS	60	/* of a page */
#define MEMBERS	4	/* of a cluster */

enum kb_status
kb_report_pairs_open(struct kb_report_pairs *out, struct kb_store *store,
    struct kb_err *err)
{
	enum kb_status status;

	memset(out, 0, sizeof(*out));
	out->store = store;
	out->left = PAIRS;
	status = kb_article_reader_open(&out->reader, kb_store_db(store),
	    store, err);
	if (status == KB_OK)
		status = kb_rows_open(&out->members, store, "SELECT n FROM "
		    "article WHERE cluster = ?1 AND n <> ?1 ORDER BY "
		    "ifnull(views, 0) DESC, n", err);
	return status;
}

void
kb_report_pairs_close(struct kb_report_pairs *p)
{
	kb_rows_close(&p->members);
	kb_article_reader_close(p->reader);
}

static void
title(struct kb_buf *b, const struct kb_article_text *a)
{
	kb_buf_addc(b, "<bdi>");
	kb_page_text(b, a->title.n > 0 ? a->title : a->id);
	kb_buf_addc(b, "</bdi>");
}

/* The text of neither is told when one of them is not for everyone. */
static bool
withheld(struct kb_buf *b, const struct kb_diff *d)
{
	if (!d->a.restricted && !d->b.restricted)
		return false;
	kb_buf_addc(b, "<p>Not shown here: ");
	title(b, d->a.restricted ? &d->a : &d->b);
	kb_buf_addc(b, d->a.restricted && d->b.restricted ? " and the other "
	    "are" : " is");
	kb_buf_addc(b, " not for everyone. Who may read the index sees both "
	    "with kb-index diff.</p>\n");
	return true;
}

static enum kb_status
write_diff(const struct kb_diff *d, struct kb_out *out, struct kb_err *err)
{
	struct kb_buf *b = &out->buf;
	enum kb_status status = KB_OK;

	kb_buf_addc(b, "<details class=\"pair\"><summary>beside ");
	title(b, &d->b);
	kb_buf_addc(b, ": <span class=\"soft\">");
	kb_diff_summary(d, "the one to keep", "this one", b);
	kb_buf_addc(b, "</span></summary>\n");
	if (!withheld(b, d))
		status = kb_diff_html(d, out, err);
	kb_buf_addc(b, "</details>\n");
	return status;
}

static enum kb_status
write_pair(struct kb_report_pairs *p, int64_t cluster, int64_t member,
    struct kb_out *out, struct kb_err *err)
{
	struct kb_arena arena = { 0 };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;
	struct kb_diff d;

	status = kb_diff_make(&d, p->store, p->reader, cluster, member,
	    &arena, &why);
	if (status == KB_OK) {
		status = write_diff(&d, out, err);
	} else if (status == KB_LIMIT || status == KB_NOTFOUND) {
		kb_buf_addc(&out->buf, "<p class=\"soft small\">Not side by "
		    "side: ");
		kb_page_text(&out->buf, kb_str_c(why.msg));
		kb_buf_addc(&out->buf, ".</p>\n");
		status = KB_OK;
	} else {
		status = kb_err_set(err, status, "%s", why.msg);
	}
	kb_arena_release(&arena);
	return status;
}

enum kb_status
kb_report_pairs_write(struct kb_report_pairs *p, int64_t cluster,
    struct kb_out *out, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t shown = 0, more = 0;

	kb_rows_rewind(&p->members, cluster);
	while (kb_rows_next(&p->members, &status, err)) {
		if (shown == MEMBERS || p->left == 0) {
			more++;
			continue;
		}
		shown++;
		p->left--;
		status = write_pair(p, cluster, kb_rows_int(&p->members, 0),
		    out, err);
	}
	if (more > 0) {
		kb_buf_addc(&out->buf, "<p class=\"soft small\">");
		kb_out_count(&out->buf, more, 0);
		kb_buf_addc(&out->buf, shown > 0 ? " more can be laid beside "
		    "it with " : " can be laid beside it with ");
		kb_buf_addc(&out->buf, "<code>kb-index diff</code>.</p>\n");
	}
	return status;
}
