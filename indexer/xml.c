#include "xml_impl.h"

#include <stdlib.h>

#include "encoding.h"

#define CHUNK		((size_t)64 * 1024)
#define MAX_WHOLE	((size_t)1 << 30)	/* a file to be transcoded */

/* ---- tokens ---- */

static struct kb_str
rest(const struct kb_xml_reader *r)
{
	return kb_str(r->win + r->pos, r->n - r->pos);
}

static enum kb_status
text(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_str raw = kb_str(r->win + r->pos, t->n);
	bool cdata = t->kind == KB_XML_CDATA;
	struct kb_xml_mark at = r->at;

	if (cdata) {
		kb_xml_mark_pass(&at, kb_str(raw.p,
		    (size_t)(t->body.p - raw.p)));
		raw = t->body;
	}
	kb_xml_pass(r, t->n);
	if (r->root == NULL)
		return kb_xml_outer_text(r, raw, &at, cdata, err);
	if (cdata)
		kb_xml_build_cdata(&r->build, raw, &at);
	else
		kb_xml_build_text(&r->build, raw, &at);
	return kb_xml_record_check(r, err);
}

static enum kb_status
bad(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_xml_mark at = r->at;
	enum kb_status st = kb_xml_settle(r, err);

	kb_xml_pass(r, t->n);
	if (r->pos == r->n && r->eof)
		kb_xml_break(r, &at, "the file ends inside of this markup");
	kb_xml_break(r, &at, "no markup that XML knows");
	return st;
}

static enum kb_status
take(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	bool outside = r->root == NULL;

	switch (t->kind) {
	case KB_XML_MORE:
		return kb_xml_more(r, err);
	case KB_XML_TEXT:
	case KB_XML_CDATA:
		return text(r, t, err);
	case KB_XML_START:
		return outside ? kb_xml_outer_start(r, t, err) :
		    kb_xml_record_start(r, t, err);
	case KB_XML_END:
		return outside ? kb_xml_outer_end(r, t, err) :
		    kb_xml_record_end(r, t, err);
	case KB_XML_OTHER:
		kb_xml_pass(r, t->n);
		return KB_OK;
	case KB_XML_BAD:
		break;
	}
	return bad(r, t, err);
}

/*
 * Outside of records libxml2 is asked before and behind each piece of
 * markup, so that what is wrong is never held against a record, and what
 * was done for a piece that turns out wrong can be undone.
 */
static enum kb_status
take_outside(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_xml_mark at;
	size_t pos, nlevels = r->nlevels;
	enum kb_status st;

	if (t->kind == KB_XML_MORE || t->kind == KB_XML_TEXT)
		return take(r, t, err);
	st = kb_xml_sync(r, err);
	if (st != KB_OK || r->broken)
		return st;
	at = r->at;
	pos = r->pos;
	st = take(r, t, err);
	if (st == KB_OK && r->root == NULL)
		st = kb_xml_feed(r, err);
	if (st == KB_OK && r->broken && r->root == NULL) {
		r->nlevels = nlevels;
		r->pos = pos;
		r->at = at;
		kb_xml_pass(r, 1);
	} else if (t->kind == KB_XML_START) {
		r->root_seen = true;
	}
	return st;
}

static enum kb_status
at_end(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st = kb_xml_feed(r, err);
	const struct kb_node *in = r->root != NULL ? r->build.cur :
	    r->nlevels > 0 ? r->levels[r->nlevels - 1].node : NULL;

	if (st != KB_OK || r->broken)
		return st;
	if (in != NULL)
		kb_xml_break(r, &r->at, "the file ends inside of <%.*s>",
		    KB_FMT(in->name));
	else if (!r->root_seen)
		kb_xml_break(r, &r->at, "no XML element in the file");
	else if (!kb_xml_check_end(&r->check))
		kb_xml_break(r, &r->at, "%s", r->check.msg);
	r->done = !r->broken;
	return r->check.nomem ? kb_err_nomem(err) : KB_OK;
}

static enum kb_status
step(struct kb_xml_reader *r, struct kb_err *err)
{
	struct kb_xml_token t = { .kind = KB_XML_MORE };
	enum kb_status st;

	if (r->pos == r->n && r->eof) {
		st = at_end(r, err);
	} else {
		if (r->pos < r->n)
			t = kb_xml_scan(rest(r), r->eof);
		st = r->root != NULL ? take(r, &t, err) :
		    take_outside(r, &t, err);
	}
	if (st != KB_OK || !r->broken)
		return st;
	if (!r->root_seen)
		return kb_err_set(err, KB_INPUT, "%s:%u:%u: %s",
		    kb_input_name(r->in), r->why_line, r->why_col, r->why);
	return kb_xml_recover(r, err);
}

/* ---- the whole ---- */

static enum kb_status
reader_init(struct kb_xml_reader *r, struct kb_input *in,
    const struct kb_xml_handler *handler, const struct kb_offmap *map,
    size_t chunk, struct kb_err *err)
{
	memset(r, 0, sizeof(*r));
	r->in = in;
	r->handler = handler;
	r->chunk = chunk;
	r->at.line = 1;
	r->build.map = map != NULL && map->n > 0 ? map : NULL;
	r->build.ents = &r->ents;
	r->build.sink = handler->sink;
	kb_arena_init(&r->arena, KB_XML_MAX_RECORD);
	kb_xml_entities_init(&r->ents);
	r->levels = calloc(KB_XML_MAX_DEPTH, sizeof(*r->levels));
	return r->levels != NULL ? KB_OK : kb_err_nomem(err);
}

static void
reader_release(struct kb_xml_reader *r)
{
	size_t i;

	kb_xml_check_close(&r->check);
	kb_xml_entities_release(&r->ents);
	kb_buf_release(&r->build.scratch);
	kb_arena_release(&r->arena);
	kb_arena_release(&r->keep);
	kb_arena_release(&r->scratch);
	for (i = 0; r->levels != NULL && i < KB_XML_MAX_DEPTH; i++)
		kb_arena_release(&r->levels[i].arena);
	free(r->levels);
	free(r->win);
}

static void
skip_bom(struct kb_xml_reader *r)
{
	if (r->n < 3 || memcmp(r->win, "\xef\xbb\xbf", 3) != 0)
		return;
	r->pos = r->fed = 3;
	r->at.off = r->at.line_start = 3;
	r->fed_at = r->at;
}

static enum kb_status
read_utf8(struct kb_input *in, const struct kb_xml_handler *handler,
    const struct kb_offmap *map, size_t chunk, struct kb_err *err)
{
	struct kb_xml_reader r;
	enum kb_status st;

	st = reader_init(&r, in, handler, map, chunk, err);
	while (st == KB_OK && r.n < 3 && !r.eof)
		st = kb_xml_refill(&r, err);
	if (st == KB_OK) {
		r.fed_at = r.at;
		skip_bom(&r);
		st = kb_xml_check_open(&r.check, &r.ents, NULL, &r.at, err);
	}
	while (st == KB_OK && !r.done)
		st = step(&r, err);
	reader_release(&r);
	return st;
}

static enum kb_status
read_decoded(struct kb_input *in, const struct kb_xml_handler *handler,
    size_t chunk, struct kb_err *err)
{
	struct kb_arena arena = { 0 };
	struct kb_input *mem = NULL;
	struct kb_buf raw = { 0 };
	struct kb_decoded dec;
	enum kb_status st;

	st = kb_input_slurp(in, MAX_WHOLE, &raw, err);
	if (st == KB_OK)
		st = kb_encoding_decode(&dec, kb_buf_str(&raw),
		    KB_MARKUP_XML, &arena, err);
	if (st == KB_OK)
		kb_encoding_say(handler->sink, &dec);
	if (st == KB_OK)
		st = kb_input_open_mem(&mem, dec.text, kb_input_name(in),
		    err);
	if (st == KB_OK)
		st = read_utf8(mem, handler, &dec.map, chunk, err);
	kb_input_close(mem);
	kb_arena_release(&arena);
	kb_buf_release(&raw);
	return st;
}

/* The label in the XML declaration, or the empty slice. */
static struct kb_str
declared(struct kb_str head)
{
	struct kb_str name, value = kb_str(NULL, 0), decl;
	size_t end = kb_str_find(head, KB_STR("?>"), 0), at = 5;

	if (!kb_str_has_prefix(head, KB_STR("<?xml")) || end == (size_t)-1)
		return kb_str(NULL, 0);
	decl = kb_str(head.p, end);
	while (kb_xml_next_attr(decl, &at, &name, &value))
		if (kb_str_eq(name, KB_STR("encoding")))
			return value;
	return kb_str(NULL, 0);
}

static bool
is_utf8(struct kb_str head)
{
	static const char *const labels[] = { "", "utf-8", "utf8",
	    "us-ascii", "ascii" };
	struct kb_str label;
	size_t i;

	if (kb_str_has_prefix(head, KB_STR("\xef\xbb\xbf")))
		return true;
	if (kb_encoding_is_wide(head))
		return false;
	label = declared(head);
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (kb_str_caseeq(label, kb_str_c(labels[i])))
			return true;
	/* Whoever could read that label in bytes was not in UTF-16. */
	return kb_str_caseeq(kb_str(label.p, label.n < 5 ? label.n : 5),
	    KB_STR("utf-1"));
}

enum kb_status
kb_xml_read_chunked(struct kb_input *in, const struct kb_xml_handler *handler,
    size_t chunk, struct kb_err *err)
{
	struct kb_str head;
	enum kb_status st;

	st = kb_input_peek(in, 4096, &head, err);
	if (st != KB_OK)
		return st;
	if (is_utf8(head))
		return read_utf8(in, handler, NULL, chunk, err);
	return read_decoded(in, handler, chunk, err);
}

enum kb_status
kb_xml_read(struct kb_input *in, const struct kb_xml_handler *handler,
    struct kb_err *err)
{
	return kb_xml_read_chunked(in, handler, CHUNK, err);
}
