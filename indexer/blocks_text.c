/*
 * blocks_text: the text of blocks: white space, pieces, flushing.  Contract:
 * blocks_impl.h.
 */
#include "blocks_impl.h"

#include <stdlib.h>

#include "visible.h"

#define MAX_CONTEXT	64	/* names */
#define MAX_UP		256	/* elements looked at for them */
#define BOLD_TITLE	100	/* bytes of a bold line that leads */

/* ---- pieces ---- */

static void
push_piece(struct kb_blocks_walk *w, uint64_t out, uint64_t in,
    uint32_t out_n, uint32_t in_n)
{
	struct kb_offpiece *p;

	if (w->npieces > 0) {
		p = &w->pieces[w->npieces - 1];
		if (out_n == in_n && p->out_n == p->in_n &&
		    p->out + p->out_n == out && p->in + p->in_n == in &&
		    p->out_n <= UINT32_MAX - out_n) {
			p->out_n += out_n;
			p->in_n += in_n;
			return;
		}
	}
	if (w->npieces == w->pieces_size) {
		size_t size = w->pieces_size == 0 ? 64 : w->pieces_size * 2;

		p = realloc(w->pieces, size * sizeof(*p));
		if (p == NULL) {
			w->failed = true;
			return;
		}
		w->pieces = p;
		w->pieces_size = size;
	}
	w->pieces[w->npieces++] = (struct kb_offpiece){ out, in, out_n,
	    in_n };
}

/* Through the transcoding map, cut where its pieces end. */
static void
add_piece(struct kb_blocks_walk *w, uint64_t out, uint64_t in, size_t out_n,
    uint64_t in_n)
{
	const struct kb_offmap *m = w->opts->map;
	uint64_t from, to;

	if (out_n > UINT32_MAX || in_n > UINT32_MAX) {
		w->failed = true;
		return;
	}
	if (m == NULL || m->n == 0) {
		push_piece(w, out, in, (uint32_t)out_n, (uint32_t)in_n);
		return;
	}
	if (out_n != in_n) {
		from = kb_offmap_start(m, in);
		to = kb_offmap_end(m, in + in_n);
		push_piece(w, out, from, (uint32_t)out_n,
		    (uint32_t)(to - from));
		return;
	}
	for (size_t i = 0, k; i < out_n; i += k) {
		from = kb_offmap_start(m, in + i);
		k = 1;
		while (i + k < out_n && kb_offmap_start(m, in + i + k) ==
		    from + k && kb_offmap_end(m, in + i + k + 1) ==
		    from + k + 1)
			k++;
		to = kb_offmap_end(m, in + i + k);
		/* Continuation bytes of one transcoded character. */
		while (k == 1 && i + k < out_n && to != from + k &&
		    kb_offmap_start(m, in + i + k) == from)
			k++;
		push_piece(w, out + i, from, (uint32_t)k,
		    (uint32_t)(to - from));
	}
}

/* ---- contexts ---- */

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

static struct kb_str
context_name(const struct kb_blocks_walk *w, const struct kb_node *n)
{
	return w->opts->html && n->attrs != NULL && kb_node_has_word(n,
	    KB_STR("role"), KB_STR("main")) ? KB_STR("main") : n->name;
}

/* What is around everything that is walked, as far as it counts. */
static struct kb_str
context_base(const struct kb_blocks_walk *w)
{
	struct kb_str name = w->body->name;

	if (w->opts->html)
		name = kb_html_in_article(w->body) ? KB_STR("main") :
		    kb_str(NULL, 0);
	return name.n > 0 && name.p[0] == '#' ? kb_str(NULL, 0) : name;
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
			return i + 1;
		if (s->node->fostered)
			return i;
		n += !*lean || !is_inline(s);
	}
	return i;
}

static void
make_context(struct kb_blocks_walk *w, bool moved)
{
	struct kb_buf buf = { 0 };
	size_t from = w->depth;
	bool lean = false;

	if (!moved)
		from = context_from(w, &lean);
	kb_buf_add(&buf, context_base(w));
	if (from > 1 && w->stack[from - 1].pre > 0)
		kb_buf_addc(&buf, buf.n > 0 ? " pre" : "pre");
	w->last_outer = buf.n;
	for (size_t i = from; i < w->depth; i++) {
		const struct kb_blocks_state *s = &w->stack[i];

		if (s->unnamed || (lean && is_inline(s)))
			continue;
		if (buf.n > 0)
			kb_buf_addch(&buf, ' ');
		kb_buf_add(&buf, context_name(w, s->node));
		if (!is_inline(s))
			w->last_outer = buf.n;
	}
	w->failed |= buf.failed;
	w->last_context = kb_arena_copy(w->rec->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
}

static struct kb_str
context_of(struct kb_blocks_walk *w, const struct kb_node *text)
{
	struct kb_str c;

	if (w->context_of != text->parent || text->fostered) {
		make_context(w, text->fostered);
		w->context_of = text->fostered ? NULL : text->parent;
	}
	c = w->last_context;
	if (text->name.n > 0)
		c = kb_arena_printf(w->rec->arena, "%.*s%s%.*s", KB_FMT(c),
		    c.n > 0 ? " " : "", KB_FMT(text->name));
	return c;
}

/* ---- text ---- */

static void
drop_text(struct kb_blocks_walk *w)
{
	kb_buf_clear(&w->text);
	w->npieces = 0;
	w->ink = w->plain = w->raw = w->cooked = false;
}

static void
flush_between(struct kb_blocks_walk *w)
{
	if (w->text.n == 0) {
		;
	} else if (w->cell) {
		kb_buf_addc(&w->text, " | ");
	} else if (w->join != 0 && !w->line) {
		kb_buf_addc(&w->text, w->join == '+' ? "+" : " > ");
	} else if (w->line || w->space) {
		if (w->gap_end > w->gap_start)
			add_piece(w, w->text.n, w->gap_start, 1,
			    w->gap_end - w->gap_start);
		kb_buf_addch(&w->text, w->line ? '\n' : ' ');
	}
	w->space = w->line = w->cell = false;
	w->join = 0;
	w->newlines = 0;
}

static void
begin_block(struct kb_blocks_walk *w, const struct kb_node *text)
{
	w->first = text;
	w->at = *kb_blocks_top(w);
	w->context = context_of(w, text);
	w->outer = w->last_outer;
}

/* Something that was moved stands between the text so far and "start". */
static bool
out_of_order(const struct kb_blocks_walk *w, uint64_t start)
{
	size_t lo = 0, hi = w->nmoved;

	if (start < w->seen)
		return true;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->moved[mid] < w->seen)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->nmoved && w->moved[lo] < start;
}

static void
add_bytes(struct kb_blocks_walk *w, const struct kb_node *node, size_t from,
    size_t n, bool ink)
{
	bool same = node->end - node->start == node->text.n;
	uint64_t start = same ? node->start + from : node->start;
	uint64_t end = same ? start + n : node->end;

	if (w->nmoved > 0 && out_of_order(w, start))
		kb_blocks_part(w);
	w->seen = end;
	if (w->opts->context != NULL && w->opts->place >= start &&
	    w->opts->place < end)
		*w->opts->context = context_of(w, node);
	if (w->text.n == 0)
		begin_block(w, node);
	flush_between(w);
	add_piece(w, w->text.n, start, n, end - start);
	kb_buf_add(&w->text, kb_str(node->text.p + from, n));
	w->ink |= ink;
	w->plain |= ink && !kb_blocks_top(w)->bold;
	if (node->name.n > 0)
		w->raw = true;
	else
		w->cooked = true;
}

void
kb_blocks_add_space(struct kb_blocks_walk *w, uint64_t start, uint64_t end,
    bool newline)
{
	if (w->autop && newline) {
		if (++w->newlines >= 2 && !kb_blocks_top(w)->row) {
			kb_blocks_flush(w);
			return;
		}
		if (w->text.n > 0)
			w->line = true;
	}
	if (!w->space && !w->line && !w->cell) {
		w->gap_start = start;
		w->gap_end = end;
	} else if (w->gap_end == start) {
		w->gap_end = end;
	}
	w->space = true;
}

/* Bytes of white space at s.p[i]; U+00A0 counts: it is there for layout. */
static size_t
space_len(struct kb_str s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];

	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	if (c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xa0)
		return 2;
	return 0;
}

/* Empty lines at the start are no part of code; its indentation is. */
static void
add_code(struct kb_blocks_walk *w, const struct kb_node *node)
{
	struct kb_str s = node->text;
	size_t from = 0, i = 0;

	for (; !w->ink && i < s.n && space_len(s, i) > 0;
	    i += space_len(s, i))
		if (s.p[i] == '\n') {
			drop_text(w);
			from = i + 1;
		}
	if (from < s.n)
		add_bytes(w, node, from, s.n - from, i < s.n);
}

void
kb_blocks_add_text(struct kb_blocks_walk *w, const struct kb_node *node)
{
	bool same = node->end - node->start == node->text.n;
	struct kb_str s = node->text;
	size_t i = 0, k, from;

	if (kb_blocks_top(w)->mute)
		return;
	if (kb_blocks_top(w)->pre > 0) {
		add_code(w, node);
		return;
	}
	while (i < s.n) {
		if ((k = space_len(s, i)) > 0) {
			kb_blocks_add_space(w, same ? node->start + i :
			    node->start, same ? node->start + i + k :
			    node->end, s.p[i] == '\n');
			i += k;
			continue;
		}
		from = i;
		while (i < s.n && space_len(s, i) == 0)
			i++;
		add_bytes(w, node, from, i - from, true);
	}
}

void
kb_blocks_add_line(struct kb_blocks_walk *w, const struct kb_node *e)
{
	if (kb_blocks_top(w)->mute)
		return;
	if (kb_blocks_top(w)->pre > 0) {
		if (!w->ink) {
			drop_text(w);
			return;
		}
		add_piece(w, w->text.n, e->start, 1, e->end - e->start);
		kb_buf_addch(&w->text, '\n');
		return;
	}
	kb_blocks_add_space(w, e->start, e->end, false);
	if (w->text.n > 0)
		w->line = true;
}

/* ---- blocks ---- */

static enum kb_block_kind
kind_of(const struct kb_blocks_state *s)
{
	if (s->heading)
		return KB_BLOCK_HEADING;
	if (s->pre > 0)
		return KB_BLOCK_CODE;
	if (s->row)
		return KB_BLOCK_ROW;
	if (s->item)
		return KB_BLOCK_ITEM;
	return s->note ? KB_BLOCK_NOTE : KB_BLOCK_PARA;
}

static uint8_t
heading_level(const struct kb_blocks_walk *w)
{
	const struct kb_node *n;
	int level = w->at.section + 1;

	for (n = w->first; n != NULL && n != w->body; n = n->parent)
		if (n->name.n == 2 && n->name.p[0] == 'h' &&
		    n->name.p[1] >= '1' && n->name.p[1] <= '6')
			return (uint8_t)(n->name.p[1] - '0');
	return (uint8_t)(level > 6 ? 6 : level);
}

/* A line in bold that is no sentence is a heading by looks. */
static bool
looks_like_heading(const struct kb_blocks_walk *w)
{
	return !w->plain && w->text.n <= BOLD_TITLE &&
	    memchr(".!?;,", w->text.p[w->text.n - 1], 5) == NULL;
}

static bool
leads(const struct kb_blocks_walk *w, enum kb_block_kind kind)
{
	if (kind == KB_BLOCK_ROW)
		return w->at.thead || (w->th && !w->td);
	if (kind == KB_BLOCK_HEADING || kind == KB_BLOCK_CODE)
		return false;
	return w->at.term || looks_like_heading(w);
}

static void
trim(struct kb_blocks_walk *w)
{
	struct kb_offpiece *p;

	while (w->text.n > 0 && space_len(kb_buf_str(&w->text),
	    w->text.n - 1) == 1)
		w->text.p[--w->text.n] = '\0';
	while (w->npieces > 0) {
		p = &w->pieces[w->npieces - 1];
		if (p->out + p->out_n <= w->text.n)
			break;
		if (p->out >= w->text.n) {
			w->npieces--;
			continue;
		}
		if (p->out_n == p->in_n)
			p->in_n = (uint32_t)(w->text.n - p->out);
		p->out_n = (uint32_t)(w->text.n - p->out);
	}
}

static void
save_pieces(struct kb_blocks_walk *w, struct kb_block *b)
{
	b->pieces = kb_arena_array(w->rec->arena, w->npieces,
	    sizeof(*b->pieces));
	if (b->pieces == NULL)
		return;
	b->npieces = w->npieces;
	if (w->npieces > 0)
		memcpy(b->pieces, w->pieces, w->npieces * sizeof(*b->pieces));
}

static void
save_block(struct kb_blocks_walk *w)
{
	struct kb_block *b = kb_arena_alloc(w->rec->arena, sizeof(*b));

	if (b == NULL)
		return;
	b->kind = kind_of(&w->at);
	b->level = b->kind == KB_BLOCK_HEADING ? heading_level(w) :
	    w->at.depth;
	b->pre = w->at.pre > 0;
	b->gap = w->gap;
	b->leads = leads(w, b->kind);
	b->group = w->at.group;
	if (b->kind == KB_BLOCK_ITEM)
		b->ordinal = w->at.ordinal;
	b->text = kb_arena_copy(w->rec->arena, kb_buf_str(&w->text));
	b->anchor = w->anchor;
	b->context = w->context;
	b->outer = w->cooked ? w->outer : w->context.n;
	b->part = (uint8_t)w->opts->part;
	save_pieces(w, b);
	if (w->rec->last_block != NULL)
		w->rec->last_block->next = b;
	else
		w->rec->blocks = b;
	w->rec->last_block = b;
	w->anchor = kb_str(NULL, 0);
	w->gap = false;
}

void
kb_blocks_flush(struct kb_blocks_walk *w)
{
	w->space = w->line = w->cell = false;
	w->join = 0;
	w->newlines = 0;
	if (w->ink) {
		trim(w);
		save_block(w);
	}
	w->failed |= w->text.failed;
	if (w->text.n > 0)
		drop_text(w);
	w->th = w->td = false;
}

void
kb_blocks_text(const struct kb_block *first, const struct kb_block *end,
    struct kb_buf *out)
{
	const struct kb_block *b;

	for (b = first; b != end; b = b->next) {
		if (b != first)
			kb_buf_addch(out, '\n');
		kb_buf_add(out, b->text);
	}
}
