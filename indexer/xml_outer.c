/*
 * xml_outer: the elements around records and their leaves.  Contract:
 * xml_impl.h.
 */
#include "xml_impl.h"

#define MAX_LEAVES	64
#define MAX_LEAF	((size_t)4096)
#define MAX_LEAF_BYTES	((size_t)16 * 1024 * 1024)

static struct kb_xml_level *
top(struct kb_xml_reader *r)
{
	return r->nlevels > 0 ? &r->levels[r->nlevels - 1] : NULL;
}

static void
copy_attrs(struct kb_arena *arena, struct kb_node *to,
    const struct kb_node *from)
{
	struct kb_attr **end = &to->attrs, *c;
	const struct kb_attr *a;

	for (a = from->attrs; a != NULL; a = a->next) {
		c = kb_arena_alloc(arena, sizeof(*c));
		if (c == NULL)
			return;
		c->name = kb_arena_copy(arena, a->name);
		c->value = kb_arena_copy(arena, a->value);
		*end = c;
		end = &c->next;
	}
}

static void
copy_leaf(struct kb_arena *arena, struct kb_node *to,
    const struct kb_node *from)
{
	const struct kb_node *t;
	struct kb_node *c;

	to->name = kb_arena_copy(arena, from->name);
	to->start = from->start;
	to->end = from->end;
	to->line = from->line;
	copy_attrs(arena, to, from);
	for (t = from->first; t != NULL; t = t->next) {
		c = kb_node_new(arena, to, KB_NODE_TEXT);
		if (c == NULL)
			return;
		c->text = kb_arena_copy(arena, t->text);
		c->start = t->start;
		c->end = t->end;
		c->line = t->line;
	}
}

static bool
worth_keeping(const struct kb_xml_level *lv)
{
	size_t n = lv->text_n;
	const struct kb_attr *a;

	if (lv->inner || lv->big)
		return false;
	for (a = lv->node->attrs; a != NULL; a = a->next)
		n += a->name.n + a->value.n;
	return n <= MAX_LEAF;
}

static enum kb_status
close_level(struct kb_xml_reader *r, struct kb_err *err)
{
	struct kb_xml_level *lv = top(r), *up;
	size_t before;
	struct kb_node *leaf;

	r->leaf_bytes -= lv->leaf_bytes;
	r->nlevels--;
	up = top(r);
	r->build.told = 0;
	if (up == NULL || up->kept >= MAX_LEAVES || !worth_keeping(lv) ||
	    r->leaf_bytes > MAX_LEAF_BYTES)
		return KB_OK;
	before = up->arena.total;
	leaf = kb_node_new(&up->arena, up->node, KB_NODE_ELEMENT);
	if (leaf != NULL)
		copy_leaf(&up->arena, leaf, lv->node);
	if (up->arena.failed)
		return kb_err_nomem(err);
	up->kept++;
	up->leaf_bytes += up->arena.total - before;
	r->leaf_bytes += up->arena.total - before;
	return KB_OK;
}

static struct kb_xml_level *
open_level(struct kb_xml_reader *r)
{
	struct kb_xml_level *up = top(r), *lv = &r->levels[r->nlevels];
	struct kb_arena arena = lv->arena;

	if (up != NULL && !up->inner) {
		/* What it had so far is white space between elements. */
		up->inner = true;
		up->node->first = up->node->last = NULL;
	}
	kb_arena_reset(&arena);
	memset(lv, 0, sizeof(*lv));
	lv->arena = arena;
	lv->node = kb_node_new(&lv->arena, NULL, KB_NODE_ELEMENT);
	if (lv->node == NULL)
		return NULL;
	lv->node->parent = up != NULL ? up->node : NULL;
	lv->node->depth = (uint32_t)r->nlevels;
	return lv;
}

enum kb_status
kb_xml_outer_start(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_xml_level *lv;
	enum kb_status st;
	size_t cut;

	if (r->nlevels == 0 && r->root_seen) {
		kb_xml_pass(r, t->n);
		st = kb_xml_feed(r, err);
		kb_xml_break(r, &r->at, "a second root element");
		return st;
	}
	if (r->nlevels + 1 >= KB_XML_MAX_DEPTH) {
		kb_xml_break(r, &r->at, "elements nest deeper than %d",
		    KB_XML_MAX_DEPTH);
		return KB_OK;
	}
	lv = open_level(r);
	if (lv == NULL)
		return kb_err_nomem(err);
	r->build.arena = &lv->arena;
	r->build.cur = NULL;
	cut = kb_xml_build_tag(&r->build, lv->node, t->body,
	    kb_str(r->win + r->pos, t->n), &r->at);
	if (lv->arena.failed)
		return kb_err_nomem(err);
	if (r->handler->is_record(r->handler->arg, lv->node)) {
		if (r->handler->begin != NULL && !r->handler->begin(
		    r->handler->arg, kb_xml_start(&r->build, r->at.off),
		    r->at.line, r->nlevels == 0))
			return kb_xml_skip_record(r, t, err);
		return kb_xml_record_begin(r, t, lv->node, err);
	}
	r->nlevels++;
	st = kb_xml_pass_tag(r, t, cut, err);
	if (st == KB_OK && t->empty)
		st = close_level(r, err);
	return st;
}

enum kb_status
kb_xml_outer_end(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_err *err)
{
	struct kb_xml_level *lv = top(r);

	if (lv == NULL || !kb_str_eq(lv->node->name, t->body))
		return kb_xml_mismatch(r, lv != NULL ? lv->node : NULL, t, err);
	kb_xml_pass(r, t->n);
	lv->node->end = kb_xml_end(&r->build, r->at.off);
	return close_level(r, err);
}

enum kb_status
kb_xml_outer_text(struct kb_xml_reader *r, struct kb_str raw,
    const struct kb_xml_mark *at, bool cdata, struct kb_err *err)
{
	struct kb_xml_level *lv = top(r);

	if (lv == NULL || lv->inner || lv->big)
		return KB_OK;
	if (raw.n > MAX_LEAF - lv->text_n) {
		lv->big = true;
		return KB_OK;
	}
	lv->text_n += raw.n;
	r->build.arena = &lv->arena;
	r->build.cur = lv->node;
	if (cdata)
		kb_xml_build_cdata(&r->build, raw, at);
	else
		kb_xml_build_text(&r->build, raw, at);
	return lv->arena.failed ? kb_err_nomem(err) : KB_OK;
}
