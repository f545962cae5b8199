/*
 * xml_record: where a record begins and ends.  Contract: xml_impl.h.
 */
#include "xml_impl.h"

void
kb_xml_note_name(struct kb_xml_reader *r, struct kb_str name)
{
	size_t i;

	for (i = 0; i < r->nnames; i++)
		if (kb_str_eq(r->names[i], name))
			return;
	if (i < sizeof(r->names) / sizeof(r->names[0]) && name.n <= 256)
		r->names[r->nnames++] = kb_arena_copy(&r->keep, name);
}

/* The arena's cap is a limit of the record; else memory is exhausted. */
enum kb_status
kb_xml_record_check(struct kb_xml_reader *r, struct kb_err *err)
{
	if (!r->arena.failed)
		return KB_OK;
	if (r->arena.total + r->n < KB_XML_MAX_RECORD)
		return kb_err_nomem(err);
	kb_xml_break(r, &r->at, "the record takes more than %zu bytes",
	    KB_XML_MAX_RECORD);
	return KB_OK;
}

static enum kb_status
deliver(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st = kb_xml_sync(r, err);

	if (st != KB_OK || r->broken)
		return st;
	st = kb_xml_record_check(r, err);
	if (st != KB_OK || r->broken)
		return st;
	r->number++;
	st = r->handler->record(r->handler->arg, r->root, r->number, err);
	r->root = r->build.cur = NULL;
	r->build.told = 0;
	r->build.expanded = 0;
	kb_arena_reset(&r->arena);
	return st;
}

enum kb_status
kb_xml_record_begin(struct kb_xml_reader *r, const struct kb_xml_token *t,
    const struct kb_node *element, struct kb_err *err)
{
	struct kb_xml_build *b = &r->build;
	enum kb_status st;
	size_t cut;

	kb_xml_note_name(r, t->body);
	b->arena = &r->arena;
	r->root = b->cur = kb_node_new(b->arena, NULL, KB_NODE_ELEMENT);
	if (r->root == NULL)
		return kb_err_nomem(err);
	r->rec_pos = r->pos;
	r->rec_at = r->at;
	r->root_seen = true;
	r->root->parent = element->parent;
	r->root->depth = element->depth;
	b->quiet = true;	/* its tag was read before */
	cut = kb_xml_build_tag(b, r->root, t->body,
	    kb_str(r->win + r->pos, t->n), &r->at);
	b->quiet = false;
	st = kb_xml_pass_tag(r, t, cut, err);
	if (st == KB_OK && t->empty)
		st = deliver(r, err);
	return st;
}

enum kb_status
kb_xml_record_start(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_xml_build *b = &r->build;
	struct kb_node *node;
	enum kb_status st;
	size_t cut;

	if (b->cur->depth + 1 >= KB_XML_MAX_DEPTH) {
		kb_xml_break(r, &r->at, "elements nest deeper than %d",
		    KB_XML_MAX_DEPTH);
		return KB_OK;
	}
	node = kb_node_new(b->arena, b->cur, KB_NODE_ELEMENT);
	if (node == NULL)
		return kb_xml_record_check(r, err);
	cut = kb_xml_build_tag(b, node, t->body,
	    kb_str(r->win + r->pos, t->n), &r->at);
	st = kb_xml_pass_tag(r, t, cut, err);
	if (!t->empty)
		b->cur = node;
	return st;
}

/* In our own words: libxml2's name a line, and count it from a restart. */
enum kb_status
kb_xml_mismatch(struct kb_xml_reader *r, const struct kb_node *open,
    const struct kb_xml_token *t, struct kb_err *err)
{
	enum kb_status st = kb_xml_settle(r, err);

	if (open == NULL)
		kb_xml_break(r, &r->at, "the end tag </%.*s> has no start "
		    "tag", KB_FMT(t->body));
	else
		kb_xml_break(r, &r->at, "the end tag </%.*s> does not match "
		    "<%.*s> in line %u", KB_FMT(t->body), KB_FMT(open->name),
		    open->line);
	return st;
}

enum kb_status
kb_xml_record_end(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_node *node = r->build.cur;

	if (!kb_str_eq(node->name, t->body))
		return kb_xml_mismatch(r, node, t, err);
	kb_xml_pass(r, t->n);
	node->end = kb_xml_end(&r->build, r->at.off);
	if (node == r->root)
		return deliver(r, err);
	r->build.cur = node->parent;
	return KB_OK;
}
