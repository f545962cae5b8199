/*
 * blocks_compose: the text of a block in Unicode's composed form.  Contract:
 * blocks_impl.h.
 */
#include "blocks_impl.h"

#include <stdlib.h>

struct composing {
	const struct kb_blocks_walk	*w;
	struct kb_offmap		 map;
	struct kb_buf			 text;
	struct kb_offpiece		*v;
	size_t				 n, size, next;	/* next: of map */
	bool				 failed;
};

static void
put(struct composing *c, struct kb_offpiece p)
{
	struct kb_offpiece *v;

	if (c->n == c->size) {
		size_t size = c->size == 0 ? 64 : c->size * 2;

		v = realloc(c->v, size * sizeof(*v));
		if (v == NULL) {
			c->failed = true;
			return;
		}
		c->v = v;
		c->size = size;
	}
	c->v[c->n++] = p;
}

/*
 * [from, to) of the old text stays as it is.  A piece that one of its ends
 * cuts has the same bytes on both sides: others changed as a whole.
 */
static void
take(struct composing *c, size_t from, size_t to)
{
	size_t at = c->text.n;

	for (; from < to && c->next < c->map.n && c->map.v[c->next].out < to;
	    c->next++) {
		struct kb_offpiece p = c->map.v[c->next];

		if (p.out + p.out_n <= from)
			continue;
		if (p.out < from) {
			uint32_t cut = (uint32_t)(from - p.out);

			p.out += cut;
			p.out_n -= cut;
			p.in += cut;
			p.in_n -= cut;
		}
		if (p.out + p.out_n > to) {
			uint32_t cut = (uint32_t)(p.out + p.out_n - to);

			p.out_n -= cut;
			p.in_n -= cut;
		}
		p.out = p.out - from + at;
		put(c, p);
		/* The rest of it is behind what changes. */
		if (c->map.v[c->next].out + c->map.v[c->next].out_n > to)
			break;
	}
	kb_buf_add(&c->text, kb_str(c->w->text.p + from, to - from));
}

/* [from, to) becomes "text", as a whole. */
static void
change(struct composing *c, size_t from, size_t to, struct kb_str text)
{
	uint64_t start = kb_offmap_start(&c->map, from);
	uint64_t end = kb_offmap_end(&c->map, to);

	if (text.n > UINT32_MAX || end - start > UINT32_MAX) {
		c->failed = true;
		return;
	}
	put(c, (struct kb_offpiece){ c->text.n, start, (uint32_t)text.n,
	    (uint32_t)(end - start) });
	kb_buf_add(&c->text, text);
}

/* Where a piece that cannot be cut has "at" inside of it: its other end. */
static size_t
whole(const struct composing *c, size_t at, bool end)
{
	const struct kb_offpiece *p = kb_offmap_piece(&c->map, at);

	if (p == NULL || p->out >= at || p->out + p->out_n <= at ||
	    p->out_n == p->in_n)
		return at;
	return (size_t)(end ? p->out + p->out_n : p->out);
}

/* What changes, with the whole of the pieces that it touches. */
static void
change_whole(struct composing *c, size_t done, size_t *from, size_t *to,
    struct kb_str text)
{
	struct kb_str old = kb_buf_str(&c->w->text);
	size_t first = whole(c, *from, false), last = whole(c, *to, true);
	struct kb_buf buf = { 0 };

	kb_buf_add(&buf, kb_str(old.p + first, *from - first));
	kb_buf_add(&buf, text);
	kb_buf_add(&buf, kb_str(old.p + *to, last - *to));
	take(c, done, first);
	change(c, first, last, kb_buf_str(&buf));
	c->failed |= buf.failed;
	kb_buf_release(&buf);
	*to = last;
}

void
kb_blocks_compose(struct kb_blocks_walk *w)
{
	struct composing c = { .w = w, .map = { w->pieces, w->npieces } };
	struct kb_buf made = { 0 };
	size_t done = 0, from, to;

	if (!kb_chars_compose(kb_buf_str(&w->text), 0, &from, &to, &made)) {
		kb_buf_release(&made);
		return;
	}
	do {
		c.failed |= made.failed;
		change_whole(&c, done, &from, &to, kb_buf_str(&made));
		done = to;
	} while (kb_chars_compose(kb_buf_str(&w->text), done, &from, &to,
	    &made));
	take(&c, done, w->text.n);
	kb_buf_release(&made);
	w->failed |= c.failed || c.text.failed;
	kb_buf_release(&w->text);
	free(w->pieces);
	w->text = c.text;
	w->pieces = c.v;
	w->npieces = c.n;
	w->pieces_size = c.size;
}
