/*
 * xml_skip: over a record that must not be parsed.  Contract: xml_impl.h.
 */
#include "xml_impl.h"

#include "hash.h"

/* The names of the elements that are open in it, as hashes. */
struct open {
	uint64_t	names[KB_XML_MAX_DEPTH];
	size_t		n;
};

/* False for a tag that does not belong there. */
static bool
follow(struct open *open, const struct kb_xml_token *t)
{
	switch (t->kind) {
	case KB_XML_START:
		if (t->empty)
			return true;
		if (open->n == KB_XML_MAX_DEPTH)
			return false;
		open->names[open->n++] = kb_hash64(t->body, 0);
		return true;
	case KB_XML_END:
		return open->n > 0 && open->names[--open->n] ==
		    kb_hash64(t->body, 0);
	case KB_XML_BAD:
		return false;
	default:
		return true;
	}
}

/* Behind its end, or at what cannot belong to it. */
static enum kb_status
walk(struct kb_xml_reader *r, bool *closed, struct kb_err *err)
{
	struct open open = { .n = 0 };
	enum kb_status st = KB_OK;
	struct kb_xml_token t;

	*closed = false;
	while (st == KB_OK && !*closed && !r->broken) {
		if (r->pos == r->n) {
			if (r->eof)
				break;
			r->fed = r->pos;
			st = kb_xml_refill(r, err);
			continue;
		}
		t = kb_xml_scan(kb_str(r->win + r->pos, r->n - r->pos),
		    r->eof);
		if (t.kind == KB_XML_MORE) {
			r->fed = r->pos;
			st = kb_xml_more(r, err);
			continue;
		}
		if (!follow(&open, &t))
			break;
		kb_xml_pass(r, t.n);
		*closed = open.n == 0;
	}
	r->fed = r->pos;
	return st;
}

enum kb_status
kb_xml_skip_record(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	enum kb_status st;
	bool closed;

	kb_xml_note_name(r, t->body);
	r->root_seen = true;
	r->number++;
	st = walk(r, &closed, err);
	if (st != KB_OK)
		return st;
	r->broken = false;
	/* The root itself: there is no other. */
	r->done = r->nlevels == 0;
	if (r->done)
		return KB_OK;
	if (closed)
		return kb_xml_reopen(r, err);
	/* What stands here was judged to be none of its own: behind it. */
	return kb_xml_resume(r, err);
}
