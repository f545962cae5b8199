/*
 * blocks_enter: what an element means for the blocks: entered and left.
 * Contract: blocks_impl.h.
 */
#include "blocks_impl.h"

#include "visible.h"

static bool
is_called(const struct kb_node *e, struct kb_str name)
{
	size_t colon = kb_str_find(e->name, KB_STR(":"), 0);

	if (colon == (size_t)-1)
		return kb_str_eq(e->name, name);
	return kb_str_eq(kb_str(e->name.p + colon + 1,
	    e->name.n - colon - 1), name);
}

/* ---- tables that are there for looks ---- */

static bool
is_cell(const struct kb_node *n)
{
	return kb_str_eq(n->name, KB_STR("td"));
}

static bool
is_heading(const struct kb_node *n)
{
	return n->name.n == 2 && n->name.p[0] == 'h' && n->name.p[1] >= '1' &&
	    n->name.p[1] <= '6';
}

static bool
has_ink(const struct kb_node *n)
{
	return n->kind == KB_NODE_ELEMENT ||
	    (n->kind == KB_NODE_TEXT && kb_str_trim(n->text).n > 0);
}

/*
 * A table that says so, holds another table in a cell, or in a cell a
 * heading and what it heads.  Each node is looked at for one table at most:
 * the search ends at the first table inside.
 */
static bool
is_layout(const struct kb_node *table)
{
	const struct kb_node *n, *k;
	bool cell = false;

	if (kb_node_has_word(table, KB_STR("role"), KB_STR("presentation")) ||
	    kb_node_has_word(table, KB_STR("role"), KB_STR("none")))
		return true;
	for (n = table->first; n != NULL; n = kb_node_next(n, table)) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		cell |= is_cell(n);
		if (kb_str_eq(n->name, KB_STR("table")))
			return cell;
		if (!is_heading(n) || !is_cell(n->parent))
			continue;
		for (k = n->next; k != NULL; k = k->next)
			if (has_ink(k))
				return true;
	}
	return false;
}

/* ---- elements ---- */

static void
enter_list(struct kb_blocks_walk *w, const struct kb_node *e, bool steps)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	s->group = ++w->groups;
	s->list = w->depth - 1;
	s->steps = steps;
	s->item = 0;
	s->ordinal = 0;
	if (steps)
		kb_blocks_count_from(w, e);
	if (s->depth < 255)
		s->depth++;
}

static void
enter_item(struct kb_blocks_walk *w, const struct kb_node *e, bool counts)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	s->in_item = true;
	s->item = w->depth - 1;
	s->inks = w->inks;
	s->note = false;
	s->term = !counts;
	s->ordinal = 0;
	if (counts)
		kb_blocks_count_item(w, e);
}

static void
enter_table(struct kb_blocks_walk *w, const struct kb_node *e)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	s->thead = false;
	/* One that is for looks is in no context. */
	s->layout = w->opts->html && e->start >= w->opts->from &&
	    is_layout(e);
	s->unnamed = s->layout;
	s->loose = s->layout;
	if (s->layout)
		return;
	s->group = ++w->groups;
	s->in_item = false;
}

static void
enter_note(struct kb_blocks_walk *w)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	s->note = true;
	s->in_item = false;
}

/* A title that belongs to a list, a figure or a table heads no section. */
static bool
heads_section(struct kb_blocks_walk *w, const struct kb_node *e)
{
	const struct kb_blocks_state *parent = w->depth >= 2 ?
	    &w->stack[w->depth - 2] : NULL;

	if (parent != NULL && parent->note)
		return false;
	if (w->opts->html)
		return true;
	return parent == NULL || e->parent == w->body ||
	    parent->role == KB_ROLE_SECTION;
}

static void
enter_heading(struct kb_blocks_walk *w, const struct kb_node *e)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	s->heading = heads_section(w, e);
	s->term = !s->heading;
	s->head = w->depth - 1;
	s->inks = w->inks;
}

/*
 * Where HTML forgot the end tag of a heading, the heading ends in front of
 * what no heading holds; before there is text it may be a wrapping.
 */
static void
end_heading(struct kb_blocks_walk *w, enum kb_role role)
{
	const struct kb_blocks_state *s = kb_blocks_top(w);

	if (!s->heading || !w->opts->html ||
	    w->stack[s->head].inks == w->inks || (role != KB_ROLE_PARA &&
	    role != KB_ROLE_LIST && role != KB_ROLE_STEPS &&
	    role != KB_ROLE_TABLE && role != KB_ROLE_CODE))
		return;
	for (size_t i = s->head; i < w->depth; i++)
		w->stack[i].heading = false;
}

/* True in a table's cell for what does not break up the row. */
static bool
stays_in_row(const struct kb_blocks_state *s, enum kb_role role)
{
	return s->row && (role == KB_ROLE_PARA || role == KB_ROLE_BLOCK);
}

static bool
breaks(enum kb_role role)
{
	return role != KB_ROLE_INLINE && role != KB_ROLE_LINK &&
	    role != KB_ROLE_BREAK && role != KB_ROLE_CELL &&
	    role != KB_ROLE_KEYS && role != KB_ROLE_MENU;
}

/* What any element may mean, whatever its role. */
static void
enter_any(struct kb_blocks_walk *w, const struct kb_node *e,
    enum kb_role role)
{
	struct kb_blocks_state *s = kb_blocks_top(w), *parent = s - 1;

	if (parent->begun && w->text.n > 0)
		w->join = parent->role == KB_ROLE_KEYS ? '+' : '>';
	if (kb_str_eq(e->name, KB_STR("b")) ||
	    kb_str_eq(e->name, KB_STR("strong")))
		s->bold = true;
	if (is_called(e, KB_STR("thead")))
		s->thead = true;
	if ((!w->opts->html && is_called(e, KB_STR("footnote"))) ||
	    is_called(e, KB_STR("alt")) || is_called(e, KB_STR("figalt")))
		kb_blocks_add_space(w, e->start, e->start, false);
	if (!w->opts->html)
		return;
	if (!w->opts->whole && kb_html_links_only(e))
		s->mute = true;
	if (breaks(role) && role != KB_ROLE_ITEM && kb_html_note(e))
		enter_note(w);
}

static void
enter_cell(struct kb_blocks_walk *w, const struct kb_node *e)
{
	if (!kb_blocks_top(w)->row)
		return;
	if (w->text.n > 0)
		w->cell = true;
	if (is_called(e, KB_STR("th")))
		w->th = true;
	else
		w->td = true;
}

static void
enter_para(struct kb_blocks_walk *w, const struct kb_node *e)
{
	/* Of a table, a figure, a list. */
	if (is_called(e, KB_STR("title")) ||
	    is_called(e, KB_STR("caption")))
		kb_blocks_top(w)->term = true;
}

static void
enter_role(struct kb_blocks_walk *w, const struct kb_node *e,
    enum kb_role role)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	switch (role) {
	case KB_ROLE_SECTION:
		s->section = s->section < 255 ? s->section + 1 : 255;
		break;
	case KB_ROLE_HEADING:
		enter_heading(w, e);
		break;
	case KB_ROLE_PARA:
		enter_para(w, e);
		break;
	case KB_ROLE_LIST:
		enter_list(w, e, false);
		break;
	case KB_ROLE_STEPS:
		enter_list(w, e, true);
		break;
	case KB_ROLE_TABLE:
		enter_table(w, e);
		break;
	case KB_ROLE_ITEM:
		enter_item(w, e, true);
		break;
	case KB_ROLE_TERM:
		enter_item(w, e, false);
		break;
	case KB_ROLE_ROW:
		s->row = true;
		break;
	case KB_ROLE_CELL:
		enter_cell(w, e);
		break;
	case KB_ROLE_CODE:
		s->pre++;
		break;
	case KB_ROLE_NOTE:
		enter_note(w);
		break;
	default:
		break;
	}
}

static bool
groups_rows(const struct kb_node *e)
{
	return kb_str_eq(e->name, KB_STR("tbody")) ||
	    kb_str_eq(e->name, KB_STR("thead")) ||
	    kb_str_eq(e->name, KB_STR("tfoot"));
}

/*
 * A part of a table for looks: a cell is a page of its own.  False where it
 * is no part of a table, as wikitext may have it.
 */
static bool
enter_layout(struct kb_blocks_walk *w, const struct kb_node *e,
    enum kb_role role)
{
	struct kb_blocks_state *s = kb_blocks_top(w);
	bool part = role == KB_ROLE_CELL || is_called(e, KB_STR("caption"));

	if (role == KB_ROLE_ROW || groups_rows(e)) {
		s->unnamed = true;
		s->role = KB_ROLE_BLOCK;
		kb_blocks_flush(w);
		return true;
	}
	if (part) {
		s->unnamed = true;
		s->role = KB_ROLE_BLOCK;
	}
	s->layout = s->row = false;
	s->closed = true;
	kb_blocks_part(w);
	return part;
}

void
kb_blocks_enter(struct kb_blocks_walk *w, const struct kb_node *e,
    enum kb_role role)
{
	struct kb_blocks_state *s = kb_blocks_top(w);

	if (s->layout && enter_layout(w, e, role))
		return;
	s->layout = false;
	if (stays_in_row(s, role)) {
		kb_blocks_add_space(w, e->start, e->start, false);
		enter_any(w, e, role);
		return;
	}
	if (breaks(role)) {
		kb_blocks_flush(w);
		end_heading(w, role);
		s->row = false;
	}
	enter_any(w, e, role);
	enter_role(w, e, role);
}

void
kb_blocks_leave(struct kb_blocks_walk *w)
{
	struct kb_blocks_state *s = kb_blocks_top(w), *parent = s - 1;
	enum kb_role role = s->role;
	const struct kb_node *e = s->node;
	bool closed = s->closed;

	if (s->item == w->depth - 1)
		kb_blocks_check_step(w, s);
	w->npending -= s->pending;
	w->depth--;
	if (parent->role == KB_ROLE_KEYS || parent->role == KB_ROLE_MENU) {
		parent->begun = true;
		w->join = 0;
	}
	if (closed)
		kb_blocks_part(w);
	else if (stays_in_row(parent, role))
		kb_blocks_add_space(w, e->end, e->end, false);
	else if (breaks(role))
		kb_blocks_flush(w);
}
