/*
 * blocks_context: the elements around a text, by name, so that its bytes can
 * be read alone.  Contract: blocks_impl.h.
 */
#include "blocks_impl.h"

#include "visible.h"

#define MAX_CONTEXT	64	/* names */
#define MAX_UP		256	/* elements looked at for them */
#define MAX_NAME	((size_t)64)	/* bytes; none means anything that is
					   longer, and each block has it */

static bool
is_inline(const struct kb_blocks_state *s)
{
	switch (s->role) {
	case KB_ROLE_INLINE:
	case KB_ROLE_LINK:
	case KB_ROLE_KEYS:
	case KB_ROLE_MENU:
		return true;
	case KB_ROLE_PARA:
	case KB_ROLE_BLOCK:
		return s->row;
	default:
		return false;
	}
}

/* Of a table: by another name it would be moved out of it. */
static bool
is_part(const struct kb_blocks_state *s)
{
	return s->role == KB_ROLE_TABLE || s->role == KB_ROLE_ROW ||
	    s->role == KB_ROLE_CELL || kb_str_eq(s->node->name,
	    KB_STR("tbody")) || kb_str_eq(s->node->name, KB_STR("thead")) ||
	    kb_str_eq(s->node->name, KB_STR("tfoot")) || kb_str_eq(
	    s->node->name, KB_STR("caption"));
}

/* Wikitext reads lines in a cell otherwise, also if it is there for looks. */
static struct kb_str
context_name(const struct kb_blocks_walk *w, const struct kb_blocks_state *s)
{
	const struct kb_node *n = s->node;

	if (s->unnamed)
		return s->closed && n->parent != NULL && (kb_str_eq(
		    n->parent->name, KB_STR("wikirow")) || kb_str_eq(
		    n->parent->name, KB_STR("wikitable"))) ?
		    KB_STR("cell") : kb_str(NULL, 0);
	if (w->opts->html && n->attrs != NULL && !is_part(s) &&
	    kb_node_has_word(n, KB_STR("role"), KB_STR("main")))
		return KB_STR("main");
	return n->name;
}

/*
 * What is around everything that is walked, as far as it counts; "around" is
 * the innermost element that is not named behind it.
 */
static struct kb_str
context_base(const struct kb_blocks_walk *w, const struct kb_node *around)
{
	struct kb_str name = w->body->name;

	if (!w->opts->html)
		return name.n > 0 && name.p[0] == '#' ? kb_str(NULL, 0) : name;
	/* Rows and cells are none without their table. */
	if (kb_str_eq(name, KB_STR("table")))
		return KB_STR("table");
	if (kb_str_eq(name, KB_STR("tbody")))
		return KB_STR("table tbody");
	if (kb_str_eq(name, KB_STR("tr")))
		return KB_STR("table tbody tr");
	return kb_html_in_article(around) ? KB_STR("main") : kb_str(NULL, 0);
}

/*
 * The outermost stack entry that goes into a context; *lean: no inline.  A
 * table for looks, and one that text was moved out of, keeps end tags inside
 * of it from what is around it: with nothing around they end nothing either.
 */
static size_t
context_from(const struct kb_blocks_walk *w, bool *lean)
{
	size_t i = w->depth, n = 0;

	*lean = w->depth > MAX_CONTEXT;
	while (i > 1 && n < MAX_CONTEXT && w->depth - i < MAX_UP) {
		const struct kb_blocks_state *s = &w->stack[--i];

		if (s->closed)
			return i + (context_name(w, s).n == 0);
		if (s->node->fostered)
			return i;
		n += !*lean || !is_inline(s);
	}
	return i;
}

/* What a list needs to count on: the number of its next item, and how. */
static void
add_count(struct kb_buf *buf, const struct kb_blocks_state *s)
{
	if (s->number == 1 && s->style == '1' && !s->down)
		return;
	kb_buf_printf(buf, ":%d", (int)s->number);
	if (s->style != '1')
		kb_buf_addch(buf, s->style != 0 ? s->style : 'n');
	if (s->down)
		kb_buf_addch(buf, '-');
}

/* Only HTML has such names, where they mean nothing. */
static bool
looks_counted(struct kb_str name)
{
	return kb_context_count(&name).n > 0;
}

static void
make_context(struct kb_blocks_walk *w, bool moved)
{
	struct kb_buf buf = { 0 };
	size_t from = w->depth;
	bool lean = false;

	if (!moved)
		from = context_from(w, &lean);
	/* Not all names are here, and not what their number does. */
	if (lean)
		kb_buf_addc(&buf, "#deep ");
	kb_buf_add(&buf, context_base(w, w->stack[from - 1].node));
	/* By names that no end tag inside of a table's part can end. */
	if (w->stack[from - 1].pre > 0)
		kb_buf_addc(&buf, &" #pre"[buf.n == 0]);
	if (w->stack[from - 1].row)
		kb_buf_addc(&buf, &" #row"[buf.n == 0]);
	for (size_t i = from; i < w->depth; i++) {
		const struct kb_blocks_state *s = &w->stack[i];

		struct kb_str name = context_name(w, s);

		if (name.n == 0 || name.n > MAX_NAME ||
		    (lean && is_inline(s)) || looks_counted(name))
			continue;
		if (buf.n > 0 && buf.p[buf.n - 1] != ' ')
			kb_buf_addch(&buf, ' ');
		kb_buf_add(&buf, name);
		if (s->steps && s->list == i)
			add_count(&buf, s);
	}
	w->failed |= buf.failed;
	w->last_context = kb_arena_copy(w->rec->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
}

struct kb_str
kb_blocks_context(struct kb_blocks_walk *w, const struct kb_node *parent,
    bool moved, struct kb_str section)
{
	struct kb_str c;

	if (w->context_of != parent || moved) {
		make_context(w, moved);
		w->context_of = moved ? NULL : parent;
	}
	c = w->last_context;
	if (section.n > 0)
		c = kb_arena_printf(w->rec->arena, "%.*s%s%.*s", KB_FMT(c),
		    c.n > 0 ? " " : "", KB_FMT(section));
	return c;
}

struct kb_str
kb_blocks_item_context(struct kb_blocks_walk *w, size_t item)
{
	struct kb_blocks_state *list = &w->stack[w->stack[item].list];
	int32_t next = list->number;
	size_t depth = w->depth;

	list->number = w->stack[item].number;
	w->depth = item;
	make_context(w, false);
	w->depth = depth;
	list->number = next;
	w->context_of = NULL;
	return w->last_context;
}

/* No part of an XML name begins with a digit or a minus. */
struct kb_str
kb_context_count(struct kb_str *name)
{
	size_t at = name->n;
	struct kb_str count;

	while (at > 0 && name->p[at - 1] != ':')
		at--;
	if (at == 0 || at == name->n || (name->p[at] != '-' &&
	    (name->p[at] < '0' || name->p[at] > '9')))
		return kb_str(NULL, 0);
	count = kb_str(name->p + at, name->n - at);
	name->n = at - 1;
	return count;
}
