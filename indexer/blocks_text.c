/*
 * blocks_text: the text of blocks: white space, pieces, flushing.  Contract:
 * blocks_impl.h.
 */
#include "blocks_impl.h"

#include <stdlib.h>

#include "declared.h"
#include "segment.h"
#include "utf8.h"
#include "words.h"

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

/* Up to "most" bytes from "in" on that stand in one piece of the map. */
static size_t
in_one(const struct kb_offmap *m, uint64_t in, size_t most)
{
	const struct kb_offpiece *p = kb_offmap_piece(m, in);
	uint64_t end = p != NULL ? p->out + p->out_n : 0;

	if (end <= in)
		return 1;
	return end - in < most ? (size_t)(end - in) : most;
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
		k = in_one(m, in + i, out_n - i);
		from = kb_offmap_start(m, in + i);
		to = kb_offmap_end(m, in + i + k);
		push_piece(w, out + i, from, (uint32_t)k,
		    (uint32_t)(to - from));
	}
}

/*
 * One piece for what stands for its bytes as a whole.  Pieces of one length
 * on both sides are the same bytes, so that it gets a byte less then.
 */
static void
add_whole(struct kb_blocks_walk *w, uint64_t out, uint64_t start,
    uint64_t end, size_t out_n)
{
	const struct kb_offmap *m = w->opts->map;

	if (m != NULL && m->n > 0) {
		start = kb_offmap_start(m, start);
		end = kb_offmap_end(m, end);
	}
	if (end - start == out_n && out_n > 1)
		end--;
	if (out_n > UINT32_MAX || end - start > UINT32_MAX)
		w->failed = true;
	else
		push_piece(w, out, start, (uint32_t)out_n,
		    (uint32_t)(end - start));
}

/* ---- text ---- */

static void
drop_text(struct kb_blocks_walk *w)
{
	kb_buf_clear(&w->text);
	kb_buf_clear(&w->declared);
	w->npieces = 0;
	w->ink_n = 0;
	w->ink = w->plain = false;
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

/* Around a text node, or an element that stands for text. */
static struct kb_str
context_of(struct kb_blocks_walk *w, const struct kb_node *from)
{
	return kb_blocks_context(w, from->parent, from->fostered,
	    from->kind == KB_NODE_TEXT && kb_str_has_prefix(from->name,
	    KB_STR("#")) ? from->name : kb_str(NULL, 0));
}

static void
begin_block(struct kb_blocks_walk *w, const struct kb_node *from,
    uint64_t start)
{
	w->first = from;
	w->at = *kb_blocks_top(w);
	w->context = context_of(w, from);
	w->inner = kb_str(NULL, 0);
	if (w->npending == 0 || from->fostered)
		return;
	w->inner = w->context;
	if (!kb_blocks_show_numbers(w, start, &w->context)) {
		w->inner = kb_str(NULL, 0);
		return;
	}
	w->space = w->line = w->cell = false;
	w->join = 0;
}

bool
kb_blocks_has_moved(const struct kb_blocks_walk *w, uint64_t start,
    uint64_t end)
{
	size_t lo = 0, hi = w->nmoved;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->moved[mid] < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->nmoved && w->moved[lo] < end;
}

/* Something that was moved stands between the text so far and "start". */
static bool
out_of_order(const struct kb_blocks_walk *w, uint64_t start)
{
	return start < w->seen || kb_blocks_has_moved(w, w->seen, start);
}

/*
 * A block that is too long is cut into passages with one context, so that it
 * may not be half in a CDATA section: that half begins a block then.
 */
static void
mind_section(struct kb_blocks_walk *w, const struct kb_node *from,
    uint64_t start, uint64_t end)
{
	bool same = from->end - from->start == from->text.n;
	bool cdata = from->kind == KB_NODE_TEXT && kb_str_eq(from->name,
	    KB_STR("#cdata"));
	size_t n = 1;

	if (w->text.n > 0 && cdata != w->cdata && !w->mixed) {
		w->mixed = true;
		w->words = kb_words_count(kb_buf_str(&w->text));
	}
	if (w->mixed && same)
		n = kb_words_count(kb_str(from->text.p + (start -
		    from->start), (size_t)(end - start)));
	if (w->mixed && w->words + n > KB_PASSAGE_WORDS)
		kb_blocks_part(w);
	w->words += n;
	if (w->text.n == 0) {
		w->cdata = cdata;
		w->mixed = false;
		w->words = 0;
	}
}

/* What goes before any text that is added. */
static void
begin_text(struct kb_blocks_walk *w, const struct kb_node *from,
    uint64_t start, uint64_t end, bool ink)
{
	if (w->nmoved > 0 && out_of_order(w, start))
		kb_blocks_part(w);
	mind_section(w, from, start, end);
	w->seen = end;
	if (w->opts->context != NULL && w->opts->place >= start &&
	    w->opts->place < end)
		*w->opts->context = context_of(w, from);
	if (w->text.n == 0)
		begin_block(w, from, start);
	flush_between(w);
	w->ink |= ink;
	w->inks += ink;
	w->plain |= ink && !kb_blocks_top(w)->bold;
}

static void
add_bytes(struct kb_blocks_walk *w, const struct kb_node *node, size_t from,
    size_t n, bool ink)
{
	bool same = node->end - node->start == node->text.n;
	uint64_t start = same ? node->start + from : node->start;
	uint64_t end = same ? start + n : node->end;

	begin_text(w, node, start, end, ink);
	add_piece(w, w->text.n, start, n, end - start);
	kb_buf_add(&w->text, kb_str(node->text.p + from, n));
	if (ink)
		w->ink_n = w->text.n;
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

/*
 * Bytes of the character at node->text.p[i] if nobody sees it, with what is
 * before it since "from"; it is told of.
 */
static size_t
unseen_len(struct kb_blocks_walk *w, const struct kb_node *node, size_t from,
    size_t i)
{
	bool same = node->end - node->start == node->text.n;
	bool apart = w->space || w->line || w->cell || w->join != 0;
	struct kb_str before = i > from ? kb_str(node->text.p + from,
	    i - from) : apart ? kb_str(NULL, 0) : kb_buf_str(&w->text);
	enum kb_unseen what;
	uint32_t cp;
	size_t n = kb_chars_unseen(node->text, i, before, &what);

	if (n == 0 || w->opts->hidden == NULL)
		return n;
	kb_utf8_next(node->text, i, &cp);
	kb_hidden_char(w->opts->hidden, node, same ? node->start + i :
	    node->start, same ? node->start + i + n : node->end, cp, what);
	return n;
}

/* [from, to) of a node's text without what nobody sees; true if any is. */
static bool
add_seen(struct kb_blocks_walk *w, const struct kb_node *node, size_t from,
    size_t to, bool ink)
{
	struct kb_str s = node->text;
	bool any = false;
	size_t i, n;

	for (i = from; i < to; i += n) {
		unsigned char c = (unsigned char)s.p[i];

		n = 1;
		if (c < 0xc2 || !kb_chars_stop[c] ||
		    (n = unseen_len(w, node, from, i)) == 0) {
			n = 1;
			continue;
		}
		if (i > from)
			add_bytes(w, node, from, i - from, ink);
		any |= i > from;
		from = i + n;
	}
	if (to > from)
		add_bytes(w, node, from, to - from, ink);
	return any || to > from;
}

/* Empty lines at the start are no part of code; its indentation is. */
static void
add_code(struct kb_blocks_walk *w, const struct kb_node *node)
{
	struct kb_str s = node->text;
	size_t from = 0, i = 0;

	for (; !w->ink && i < s.n && kb_utf8_space(s, i) > 0;
	    i += kb_utf8_space(s, i))
		if (s.p[i] == '\n') {
			drop_text(w);
			from = i + 1;
		}
	if (from < i)
		add_seen(w, node, from, i, false);
	if (i < s.n)
		add_seen(w, node, i, s.n, kb_str_trim(kb_str(s.p + i,
		    s.n - i)).n > 0);
}

/*
 * What one reference stands for, if it is more than one letter: white space
 * as it is elsewhere, and the rest as one piece.
 */
static void
add_reference(struct kb_blocks_walk *w, const struct kb_node *node)
{
	struct kb_str s = node->text;
	struct kb_buf buf = { 0 };
	bool space = false, newline = false;
	size_t n;

	for (size_t i = 0; i < s.n; i += n) {
		uint32_t cp;

		if ((n = kb_utf8_space(s, i)) > 0) {
			space = true;
			newline |= s.p[i] == '\n';
			if (buf.n == 0)
				kb_blocks_add_space(w, node->start,
				    i + n < s.n ? node->start : node->end,
				    newline);
			continue;
		}
		if ((n = unseen_len(w, node, i, i)) > 0)
			continue;
		n = kb_utf8_next(s, i, &cp);
		if (buf.n > 0 && space)
			kb_buf_addch(&buf, ' ');
		space = false;
		kb_buf_add(&buf, kb_str(s.p + i, n));
	}
	w->failed |= buf.failed;
	if (buf.n > 0)
		kb_blocks_add_made(w, node, kb_buf_str(&buf), node->start,
		    node->end);
	if (buf.n > 0 && space)
		kb_blocks_add_space(w, node->end, node->end, false);
	kb_buf_release(&buf);
}

void
kb_blocks_put_made(struct kb_blocks_walk *w, struct kb_str text,
    uint64_t start, uint64_t end)
{
	add_whole(w, w->text.n, start, end, text.n);
	kb_buf_add(&w->text, text);
	if (w->opts->context != NULL && w->opts->place >= start &&
	    w->opts->place < end)
		*w->opts->context = w->last_context;
}

/* On one line and composed: a piece that cannot be cut is not mended. */
void
kb_blocks_add_made(struct kb_blocks_walk *w, const struct kb_node *from,
    struct kb_str text, uint64_t start, uint64_t end)
{
	begin_text(w, from, start, end, true);
	add_whole(w, w->text.n, start, end, text.n);
	kb_buf_add(&w->text, text);
	w->ink_n = w->text.n;
}

void
kb_blocks_add_text(struct kb_blocks_walk *w, const struct kb_node *node)
{
	bool same = node->end - node->start == node->text.n;
	struct kb_str s = node->text;
	size_t i = 0, k, from;

	if (kb_blocks_top(w)->mute)
		return;
	if (kb_str_has_prefix(node->name, KB_STR("&")))
		kb_declared_merge(&w->declared, node->name);
	if (kb_blocks_top(w)->pre > 0) {
		add_code(w, node);
		return;
	}
	if (!same) {
		add_reference(w, node);
		return;
	}
	while (i < s.n) {
		if ((k = kb_utf8_space(s, i)) > 0) {
			kb_blocks_add_space(w, node->start + i,
			    node->start + i + k, s.p[i] == '\n');
			i += k;
			continue;
		}
		from = i;
		while (i < s.n && (!kb_chars_stop[(unsigned char)s.p[i]] ||
		    kb_utf8_space(s, i) == 0))
			i++;
		add_seen(w, node, from, i, true);
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
	if (s->in_item)
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
	size_t last;

	/* White space of code in a row's last cells, and their bars. */
	if (w->text.n > w->ink_n) {
		w->text.n = w->ink_n;
		w->text.p[w->text.n] = '\0';
	}
	while (w->text.n > 0) {
		last = kb_utf8_floor(kb_buf_str(&w->text), w->text.n - 1);
		if (kb_utf8_space(kb_buf_str(&w->text), last) == 0)
			break;
		w->text.n = last;
		w->text.p[last] = '\0';
	}
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

/* With the entities that the block's text is made of. */
static struct kb_str
with_declared(struct kb_blocks_walk *w, struct kb_str context)
{
	if (w->declared.n == 0)
		return context;
	return kb_arena_printf(w->rec->arena, "%.*s%s%.*s",
	    KB_FMT(kb_buf_str(&w->declared)), context.n > 0 ? " " : "",
	    KB_FMT(context));
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
	b->context = with_declared(w, w->context);
	b->inner = w->inner.n > 0 ? with_declared(w, w->inner) : w->inner;
	b->part = (uint8_t)w->opts->part;
	save_pieces(w, b);
	if (w->rec->last_block != NULL)
		w->rec->last_block->next = b;
	else
		w->rec->blocks = b;
	w->rec->last_block = b;
	w->anchor = kb_str(NULL, 0);
	w->gap = false;
	kb_blocks_drop_numbers(w);
}

void
kb_blocks_flush(struct kb_blocks_walk *w)
{
	w->space = w->line = w->cell = false;
	w->join = 0;
	w->newlines = 0;
	if (w->ink)
		trim(w);
	/* White space of code, if what it stood behind was flushed before. */
	if (w->ink && w->text.n > 0) {
		kb_blocks_compose(w);
		save_block(w);
	}
	w->failed |= w->text.failed || w->declared.failed;
	if (w->ink || w->text.n > 0 || w->declared.n > 0)
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
