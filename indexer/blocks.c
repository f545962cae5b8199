#include "blocks_impl.h"

#include <stdlib.h>

#include "content.h"
#include "visible.h"

/* ---- the stack ---- */

static bool
push(struct kb_blocks_walk *w, const struct kb_node *node, enum kb_role role)
{
	struct kb_blocks_state *s;

	if (w->depth == w->size) {
		size_t size = w->size == 0 ? 64 : w->size * 2;

		s = realloc(w->stack, size * sizeof(*s));
		if (s == NULL) {
			w->failed = true;
			return false;
		}
		w->stack = s;
		w->size = size;
	}
	s = &w->stack[w->depth];
	if (w->depth > 0)
		*s = w->stack[w->depth - 1];
	else
		memset(s, 0, sizeof(*s));
	s->node = node;
	s->role = role;
	s->unnamed = s->begun = s->closed = s->pending = s->pictured = false;
	s->loose |= node->fostered;
	s->parts = w->parts;
	w->depth++;
	return true;
}

/* ---- anchors and links ---- */

static void
note_anchor(struct kb_blocks_walk *w, const struct kb_node *e)
{
	struct kb_str id;

	if (e->attrs == NULL || kb_blocks_top(w)->mute)
		return;
	id = kb_node_attr(e, KB_STR("id"), NULL);
	if (id.n == 0)
		id = kb_node_attr(e, KB_STR("xml:id"), NULL);
	if (id.n == 0 && kb_str_eq(e->name, KB_STR("a")))
		id = kb_node_attr(e, KB_STR("name"), NULL);
	if (id.n == 0 || id.n > 256)
		return;
	/* A block's own id, or one before it, is better than one inside. */
	if ((w->text.n > 0 || kb_blocks_top(w)->heading) && w->anchor.n > 0)
		return;
	w->anchor = kb_arena_copy(w->rec->arena, id);
}

static void
note_link(struct kb_blocks_walk *w, const struct kb_node *e)
{
	static const char *const names[] = {
		"href", "xref", "url", "xlink:href", "linkend"
	};
	const struct kb_offmap *m = w->opts->map;
	struct kb_str href = { NULL, 0 };
	struct kb_link *link;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) &&
	    href.n == 0; i++)
		href = kb_str_trim(kb_node_attr(e, kb_str_c(names[i]), NULL));
	if (href.n == 0 || href.n > 4096)
		return;
	link = kb_arena_alloc(w->rec->arena, sizeof(*link));
	if (link == NULL)
		return;
	link->href = kb_arena_copy(w->rec->arena, href);
	link->start = m != NULL ? kb_offmap_start(m, e->start) : e->start;
	link->end = m != NULL ? kb_offmap_end(m, e->end) : e->end;
	if (w->rec->last_link != NULL)
		w->rec->last_link->next = link;
	else
		w->rec->links = link;
	w->rec->last_link = link;
}

/* ---- what is left out ---- */

/* Equal but for case and the kind of white space. */
static bool
same_words(struct kb_str a, struct kb_str b)
{
	struct kb_str x, y;
	bool more;

	a = kb_str_trim(a);
	b = kb_str_trim(b);
	do {
		size_t i = 0, k = 0;

		while (i < a.n && a.p[i] != ' ' && a.p[i] != '\t' &&
		    a.p[i] != '\n' && a.p[i] != '\r')
			i++;
		while (k < b.n && b.p[k] != ' ' && b.p[k] != '\t' &&
		    b.p[k] != '\n' && b.p[k] != '\r')
			k++;
		x = kb_str(a.p, i);
		y = kb_str(b.p, k);
		more = i < a.n && k < b.n;
		a = kb_str_trim(kb_str(a.p + i, a.n - i));
		b = kb_str_trim(kb_str(b.p + k, b.n - k));
	} while (more && kb_str_caseeq(x, y));
	return !more && kb_str_caseeq(x, y) && a.n == 0 && b.n == 0;
}

/* XML's title stands in the body: it is left out once. */
static bool
is_title(struct kb_blocks_walk *w, const struct kb_node *e,
    enum kb_role role)
{
	const struct kb_value *title = w->rec->values[KB_F_TITLE];

	if (w->opts->html)
		return e == w->opts->title;
	if (role != KB_ROLE_HEADING || e->parent != w->body || w->titled)
		return false;
	w->titled = true;
	return title != NULL && same_words(title->text,
	    kb_node_text(w->rec->arena, e, 65536));
}

/* True if what is below "e" is to be walked. */
static bool
visit(struct kb_blocks_walk *w, const struct kb_node *e)
{
	const struct kb_blocks_opts *o = w->opts;
	enum kb_role role = kb_dialect_role(o->dialect, e->name,
	    e->parent != NULL ? e->parent->name : kb_str(NULL, 0));

	if (e->apart && (role == KB_ROLE_HEADING || kb_blocks_top(w)->loose ||
	    e->fostered))
		kb_blocks_part(w);
	if (e->foreign && role != KB_ROLE_SKIP)
		role = KB_ROLE_INLINE;
	if (o->html && role != KB_ROLE_SKIP && kb_html_hidden(e)) {
		if (o->hidden != NULL)
			kb_hidden_element(o->hidden, e);
		return false;
	}
	/* It may stand behind the end of a passage. */
	if (o->html && e->attrs != NULL && kb_style_resized(e))
		kb_blocks_part(w);
	if (role == KB_ROLE_SKIP) {
		if (!o->html || !kb_html_hidden(e))
			kb_blocks_picture(w, e);
		return false;
	}
	if (o->html && !o->whole && kb_html_chrome(e))
		return false;
	if (e->left_out != KB_LEFT_NOT && !o->whole)
		kb_blocks_part(w);
	if (e->left_out == KB_LEFT_ALL && !o->whole)
		return false;
	if (role == KB_ROLE_CHROME && !o->html)
		return false;
	if (is_title(w, e, role) || e == o->properties) {
		kb_blocks_part(w);
		return false;
	}
	if (o->html && o->hidden != NULL && e->attrs != NULL)
		kb_hidden_faint(o->hidden, e);
	kb_blocks_picture(w, e);
	if (role == KB_ROLE_BREAK) {
		kb_blocks_add_line(w, e);
		return false;
	}
	if (role == KB_ROLE_CHROME)
		role = KB_ROLE_BLOCK;
	if (!push(w, e, role))
		return false;
	kb_blocks_top(w)->mute |= e->left_out == KB_LEFT_LINKS && !o->whole;
	kb_blocks_enter(w, e, role);
	note_anchor(w, e);
	if (role == KB_ROLE_LINK)
		note_link(w, e);
	return true;
}

/* ---- text that HTML's rules moved in front of a table ---- */

#define MAX_BEFORE	64	/* nodes looked at, of a hostile many */

static int
by_place(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
find_moved(struct kb_blocks_walk *w)
{
	const struct kb_node *n;
	size_t count = 0;

	for (n = w->body; n != NULL; n = kb_node_next(n, w->body))
		count += n->fostered;
	if (count == 0)
		return;
	w->moved = malloc(count * sizeof(*w->moved));
	if (w->moved == NULL) {
		w->failed = true;
		return;
	}
	for (n = w->body; n != NULL; n = kb_node_next(n, w->body))
		if (n->fostered)
			w->moved[w->nmoved++] = n->start;
	qsort(w->moved, w->nmoved, sizeof(*w->moved), by_place);
}

static bool
is_empty_part(const struct kb_node *n, bool spaced)
{
	static const char *const parts[] = {
		"tbody", "thead", "tfoot", "tr", "colgroup", "col"
	};

	if (n->kind == KB_NODE_TEXT)
		return spaced && kb_str_trim(n->text).n == 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (kb_str_eq(n->name, kb_str_c(parts[i])))
			return true;
	return n->kind == KB_NODE_COMMENT;
}

/*
 * Nothing to be read stands in the table before what was moved out of it;
 * white space only if "spaced".
 */
static bool
leads_table(const struct kb_node *moved, bool spaced)
{
	const struct kb_node *table = moved, *n;
	int most = MAX_BEFORE;

	while (table != NULL && table->fostered && most-- > 0)
		table = table->next;
	if (table == NULL || !kb_str_eq(table->name, KB_STR("table")))
		return false;
	for (n = table->first; n != NULL && n->start < moved->start;
	    n = kb_node_next(n, table))
		if (most-- <= 0 || !is_empty_part(n, spaced))
			return false;
	return true;
}

/*
 * A passage's bytes must be one stretch: what was moved stands alone, unless
 * the bytes so far go on with it.  Behind an element that was moved they may
 * not: its end is the table's doing, which a quote from it would not know.
 */
static void
mind_order(struct kb_blocks_walk *w, const struct kb_node *n)
{
	const struct kb_node *last = w->moved_last;
	bool follows = last != NULL && last->parent == n->parent, joins;

	joins = n->fostered && ((follows && last->end == n->start) ||
	    (w->text.n > 0 && (!follows || last->kind == KB_NODE_TEXT) &&
	    leads_table(n, !follows)));
	if (!joins && (n->fostered || follows))
		kb_blocks_part(w);
	if (n->fostered)
		w->moved_last = n;
	else if (follows)
		w->moved_last = NULL;
	if (n->fostered)
		w->seen = n->start + (n->kind == KB_NODE_ELEMENT);
}

/* ---- walking ---- */

static void
walk(struct kb_blocks_walk *w)
{
	const struct kb_node *n = w->body->first;

	while (n != NULL && !w->failed) {
		bool below = false;

		if (w->nmoved > 0 && n->kind != KB_NODE_COMMENT)
			mind_order(w, n);
		if (n->kind == KB_NODE_TEXT)
			kb_blocks_add_text(w, n);
		else if (n->kind == KB_NODE_ELEMENT)
			below = visit(w, n);
		else if (w->opts->hidden != NULL)
			kb_hidden_comment(w->opts->hidden, n);
		if (below && n->first != NULL) {
			n = n->first;
			continue;
		}
		if (below)
			kb_blocks_leave(w);
		while (n != w->body && n->next == NULL) {
			n = n->parent;
			if (n != w->body)
				kb_blocks_leave(w);
		}
		n = n != w->body ? n->next : NULL;
	}
	kb_blocks_flush(w);
}

enum kb_status
kb_blocks_build(struct kb_record *rec, const struct kb_node *body,
    const struct kb_blocks_opts *opts, struct kb_err *err)
{
	struct kb_blocks_walk w = { .rec = rec, .opts = opts, .body = body };
	const struct kb_block *b;

	w.autop = rec->parts[opts->part].autop;
	w.gap = rec->last_block != NULL;
	for (b = rec->blocks; b != NULL; b = b->next)
		if (b->group > w.groups)
			w.groups = b->group;
	if (!push(&w, body, KB_ROLE_BLOCK))
		return kb_err_nomem(err);
	w.stack[0].pre = opts->pre;
	w.stack[0].row = opts->row;
	if (opts->html)
		find_moved(&w);
	if (opts->hidden != NULL)
		kb_hidden_tree(opts->hidden, rec, opts->part, opts->map,
		    opts->dialect);
	walk(&w);
	free(w.stack);
	free(w.moved);
	free(w.pieces);
	kb_buf_release(&w.text);
	kb_buf_release(&w.declared);
	if (w.failed || rec->arena->failed)
		return kb_err_nomem(err);
	return KB_OK;
}
