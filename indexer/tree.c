#include "tree.h"

#include "buf.h"
#include "utf8.h"

struct kb_node *
kb_node_new(struct kb_arena *arena, struct kb_node *parent,
    enum kb_node_kind kind)
{
	struct kb_node *n = kb_arena_alloc(arena, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->kind = kind;
	n->parent = parent;
	if (parent == NULL)
		return n;
	n->depth = parent->depth + 1;
	if (parent->last != NULL)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

struct kb_str
kb_node_attr(const struct kb_node *node, struct kb_str name, bool *found)
{
	const struct kb_attr *a;

	for (a = node->attrs; a != NULL; a = a->next)
		if (kb_str_eq(a->name, name))
			break;
	if (found != NULL)
		*found = a != NULL;
	return a != NULL ? a->value : kb_str("", 0);
}

struct kb_node *
kb_node_skip(const struct kb_node *node, const struct kb_node *top)
{
	while (node != NULL && node != top) {
		if (node->next != NULL)
			return node->next;
		node = node->parent;
	}
	return NULL;
}

struct kb_node *
kb_node_next(const struct kb_node *node, const struct kb_node *top)
{
	return node->first != NULL ? node->first : kb_node_skip(node, top);
}

struct kb_str
kb_node_text(struct kb_arena *arena, const struct kb_node *node, size_t max)
{
	struct kb_buf buf = { 0 };
	const struct kb_node *n;
	struct kb_str out;

	for (n = node; n != NULL && buf.n < max; n = kb_node_next(n, node))
		if (n->kind == KB_NODE_TEXT)
			kb_buf_add(&buf, n->text);
	if (buf.failed)
		arena->failed = true;
	out = kb_buf_str(&buf);
	out.n = kb_utf8_floor(out, max);
	out = kb_arena_copy(arena, out);
	kb_buf_release(&buf);
	return out;
}
