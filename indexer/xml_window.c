/*
 * xml_window: the bytes at hand of a stream of any length.  Contract:
 * xml_impl.h.
 */
#include "xml_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_TOKEN	((size_t)64 * 1024 * 1024) /* outside of records */

void
kb_xml_break(struct kb_xml_reader *r, const struct kb_xml_mark *at,
    const char *fmt, ...)
{
	va_list ap;

	if (r->broken)
		return;
	r->broken = true;
	r->why_line = at->line;
	r->why_col = kb_xml_mark_col(at);
	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
}

static enum kb_status
refused(struct kb_xml_reader *r, struct kb_err *err)
{
	if (r->check.nomem)
		return kb_err_nomem(err);
	kb_xml_break(r, &r->at, "%s", r->check.msg);
	r->why_line = r->check.line;
	r->why_col = r->check.col;
	return KB_OK;
}

/* Show libxml2 what is before "pos". */
enum kb_status
kb_xml_feed(struct kb_xml_reader *r, struct kb_err *err)
{
	struct kb_str s = kb_str(r->win + r->fed, r->pos - r->fed);

	if (s.n == 0 || r->broken)
		return KB_OK;
	if (kb_xml_check_push(&r->check, s, &r->fed_at)) {
		r->fed = r->pos;
		r->fed_at = r->at;
		return KB_OK;
	}
	return refused(r, err);
}

/*
 * libxml2 waits for the rest of what is never whole: a '&' that no ';'
 * follows.  Told that nothing follows, it says so.
 */
enum kb_status
kb_xml_sync(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st = kb_xml_feed(r, err);

	if (st != KB_OK || r->broken || r->check.open == r->nlevels)
		return st;
	kb_xml_check_end(&r->check);
	return refused(r, err);
}

enum kb_status
kb_xml_settle(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st = kb_xml_feed(r, err);

	if (st != KB_OK || r->broken || kb_xml_check_end(&r->check) ||
	    r->check.early)
		return st;
	return refused(r, err);
}

/* Forget what is used up; a record's bytes are kept for recovery. */
static void
slide(struct kb_xml_reader *r)
{
	size_t drop = r->root != NULL ? r->rec_pos : r->pos;

	if (drop > r->fed)
		drop = r->fed;
	if (drop == 0)
		return;
	memmove(r->win, r->win + drop, r->n - drop);
	r->n -= drop;
	r->pos -= drop;
	r->fed -= drop;
	r->rec_pos -= r->root != NULL ? drop : 0;
	r->base += drop;
}

static enum kb_status
grow(struct kb_xml_reader *r, size_t want, struct kb_err *err)
{
	size_t size = r->size < 4096 ? 4096 : r->size;
	char *p;

	while (size - r->n < want)
		size *= 2;
	if (size == r->size)
		return KB_OK;
	p = realloc(r->win, size);
	if (p == NULL)
		return kb_err_nomem(err);
	r->win = p;
	r->size = size;
	return KB_OK;
}

enum kb_status
kb_xml_refill(struct kb_xml_reader *r, struct kb_err *err)
{
	size_t want, got = 1;
	enum kb_status st;

	slide(r);
	/* As much again as waits: what waits is looked at from its start. */
	want = r->n - r->pos > r->chunk ? r->n - r->pos : r->chunk;
	st = grow(r, want, err);
	while (st == KB_OK && want > 0 && got > 0) {
		st = kb_input_read(r->in, r->win + r->n, want, &got, err);
		if (st != KB_OK)
			break;
		r->n += got;
		want -= got;
		r->eof = got == 0;
	}
	return st;
}

enum kb_status
kb_xml_more(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st = kb_xml_feed(r, err);

	if (st != KB_OK || r->broken)
		return st;
	if (r->root != NULL && r->n - r->rec_pos > KB_XML_MAX_RECORD)
		kb_xml_break(r, &r->at, "more than %zu bytes in one record",
		    KB_XML_MAX_RECORD);
	else if (r->root == NULL && r->n - r->pos > MAX_TOKEN)
		kb_xml_break(r, &r->at, "more than %zu bytes of markup in "
		    "one piece", MAX_TOKEN);
	return r->broken ? KB_OK : kb_xml_refill(r, err);
}

void
kb_xml_pass(struct kb_xml_reader *r, size_t n)
{
	kb_xml_mark_pass(&r->at, kb_str(r->win + r->pos, n));
	r->pos += n;
}

/* Go behind a start tag of which libxml2 sees only the first "cut" bytes. */
enum kb_status
kb_xml_pass_tag(struct kb_xml_reader *r, const struct kb_xml_token *t,
    size_t cut, struct kb_err *err)
{
	struct kb_str tag = kb_str(r->win + r->pos, t->n);
	enum kb_status st;

	if (cut == t->n) {
		kb_xml_pass(r, t->n);
		return KB_OK;
	}
	kb_xml_pass(r, cut);
	st = kb_xml_feed(r, err);
	if (st != KB_OK || r->broken)
		return st;
	kb_xml_pass(r, t->n - cut);
	r->fed = r->pos;
	r->fed_at = r->at;
	if (!kb_xml_check_cut(&r->check, kb_str(tag.p + cut, t->n - cut),
	    t->empty))
		kb_xml_break(r, &r->at, "%s", r->check.msg);
	return r->check.nomem ? kb_err_nomem(err) : KB_OK;
}
