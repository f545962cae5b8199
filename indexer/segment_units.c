/*
 * segment_units: blocks cut into units that passages are made of.  Contract:
 * segment_impl.h.
 */
#include "segment_impl.h"

#include <stdlib.h>

#include "sentence.h"
#include "stretch.h"
#include "utf8.h"
#include "words.h"

static void
add_unit(struct kb_units *c, const struct kb_block *b, size_t from, size_t to,
    size_t words)
{
	struct kb_unit *v;

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
	c->v[c->n++] = (struct kb_unit){ b, from, to, words, false,
	    false };
}

/* ---- making them ---- */

/* Words of a part of a block, without the numbers that it begins with. */
static size_t
count_words(const struct kb_block *b, size_t from, size_t to)
{
	struct kb_offmap map = { b->pieces, b->npieces };
	struct kb_stretch it;
	struct kb_str s;
	size_t n = 0;

	if (from > 0 || b->inner.n == 0)
		return kb_words_count(kb_str(b->text.p + from, to - from));
	it = kb_stretch(kb_str(b->text.p, to), &map);
	while (kb_stretch_next(&it, &s))
		n += kb_words_count(s);
	return n;
}

size_t
kb_unit_words(const struct kb_unit *u)
{
	return count_words(u->block, u->from, u->to);
}

/*
 * The first byte at or behind "at" that came from somewhere, and the last
 * one before: what stands between two cells is nobody's, and no passage can
 * begin or end with it.
 */
static size_t
first_covered(const struct kb_block *b, size_t at)
{
	size_t lo = 0, hi = b->npieces;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->pieces[mid].out + b->pieces[mid].out_n <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == b->npieces || b->pieces[lo].out <= at)
		return at;
	return (size_t)b->pieces[lo].out;
}

static size_t
last_covered(const struct kb_block *b, size_t at)
{
	size_t lo = 0, hi = b->npieces;
	uint64_t end;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->pieces[mid].out < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return at;
	end = b->pieces[lo - 1].out + b->pieces[lo - 1].out_n;
	return end < at ? (size_t)end : at;
}

/*
 * "at", or the start of a piece that stands for its bytes as a whole and has
 * "at" inside of it.
 */
static size_t
uncut(const struct kb_block *b, size_t at)
{
	size_t lo = 0, hi = b->npieces;
	const struct kb_offpiece *p;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->pieces[mid].out < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return at;
	p = &b->pieces[lo - 1];
	return p->out_n != p->in_n && p->out + p->out_n > at ?
	    (size_t)p->out : at;
}

/* A part of a block; without words it goes with the one before it. */
static void
add_part(struct kb_units *c, const struct kb_block *b, size_t from, size_t to)
{
	size_t words, last;

	from = first_covered(b, from);
	to = last_covered(b, to);
	while (to > from) {
		last = kb_utf8_floor(b->text, to - 1);
		if (kb_utf8_space(b->text, last) == 0)
			break;
		to = last;
	}
	if (from >= to)
		return;
	words = count_words(b, from, to);
	if (words == 0 && c->n > 0 && c->v[c->n - 1].block == b)
		c->v[c->n - 1].to = to;
	else
		add_unit(c, b, from, to, words);
}

static size_t
atom_start(const struct kb_block *b, size_t at)
{
	size_t i, n;

	if (b->kind != KB_BLOCK_CODE)
		return kb_sentence_start(b->text, at);
	/* Behind empty lines, with its indentation. */
	for (i = at; i < b->text.n && (n = kb_utf8_space(b->text, i)) > 0;
	    i += n)
		if (b->text.p[i] == '\n')
			at = i + 1;
	return i < b->text.n ? at : i;
}

/* The end of the next piece that must not be cut further, if it is short. */
static size_t
atom_end(const struct kb_block *b, size_t from)
{
	struct kb_offmap map = { b->pieces, b->npieces };
	const char *nl;

	if (b->kind != KB_BLOCK_CODE)
		return kb_sentence_end_mapped(b->text, &map, from);
	nl = memchr(b->text.p + from, '\n', b->text.n - from);
	return nl != NULL ? (size_t)(nl - b->text.p) : b->text.n;
}

/*
 * A part in which "words" words begin.  Ideographs are words in overlapping
 * pairs: the second half of its last one may be in the next part.
 */
static void
add_begun(struct kb_units *c, const struct kb_block *b, size_t from,
    size_t to, size_t words)
{
	size_t before = c->n;

	add_part(c, b, from, to);
	if (c->n == before || c->v[before].words >= words)
		return;
	c->v[before].words = words;
	c->v[before].parted = true;
}

/*
 * A sentence that alone is too long: at the words.  What has none, as a step's
 * number, is no part: it stays before what cannot be cut.  "bare" is where
 * that was seen, so that each word of a long one need not look again.
 */
static void
split_words(struct kb_units *c, const struct kb_block *b, size_t from,
    size_t to)
{
	struct kb_words it = kb_words(kb_str(b->text.p + from, to - from));
	struct kb_word w;
	size_t n = 0, begin = from, bare = from, end, rest;

	while (kb_words_next(&it, &w)) {
		if (n >= KB_PASSAGE_WORDS) {
			end = uncut(b, from + w.start);
			if (end <= bare)
				continue;
			if (count_words(b, begin, end) == 0) {
				bare = end;
				continue;
			}
			rest = count_words(b, end, from + w.start);
			add_begun(c, b, begin, end, n - rest);
			begin = bare = end;
			n = rest;
		}
		n++;
	}
	add_part(c, b, begin, to);
}

static void
split_block(struct kb_units *c, const struct kb_block *b, size_t words)
{
	size_t parts = (words + KB_PASSAGE_WORDS - 1) / KB_PASSAGE_WORDS;
	size_t target = (words + parts - 1) / parts;
	size_t from = 0, to = 0, n = 0, start, end, k;

	while ((start = atom_start(b, to)) < b->text.n) {
		end = atom_end(b, start);
		k = count_words(b, start, end);
		start = uncut(b, start);
		if (n > 0 && start >= to && (n + k > KB_PASSAGE_WORDS ||
		    n + k / 2 > target)) {
			add_part(c, b, from, to);
			from = start;
			n = 0;
		}
		to = end;
		n += k;
		if (n > KB_PASSAGE_WORDS) {
			split_words(c, b, from, end);
			from = atom_start(b, end);
			n = 0;
		}
	}
	add_part(c, b, from, to);
}

void
kb_units_make(struct kb_units *c, const struct kb_record *rec)
{
	const struct kb_block *b;
	size_t words;

	for (b = rec->blocks; b != NULL; b = b->next) {
		words = count_words(b, 0, b->text.n);
		if (b->kind != KB_BLOCK_HEADING && words > KB_PASSAGE_WORDS)
			split_block(c, b, words);
		else
			add_unit(c, b, 0, b->text.n, words);
	}
}

void
kb_units_release(struct kb_units *c)
{
	free(c->v);
}

/* ---- what stays together ---- */

static bool
is_step(const struct kb_unit *u)
{
	return u->block->group > 0 && u->block->ordinal > 0;
}

/* The rest of a step that was cut is no step: no procedure begins with it. */
static bool
begins_block(const struct kb_units *c, size_t i, size_t from)
{
	return i == from || c->v[i].block != c->v[i - 1].block;
}

/*
 * The end of the procedure whose first step is at "i", with its lists; "i"
 * when it is too long to stay together.  Each of a long one's steps asks, so
 * that nobody may look further than it takes to know, words or none.
 */
static size_t
procedure_end(const struct kb_units *c, size_t i, size_t to, size_t *words)
{
	const struct kb_block *b = c->v[i].block;
	size_t k = i, most = i + KB_PASSAGE_PROCEDURE;

	*words = 0;
	while (k < to && (c->v[k].block->group == b->group ||
	    c->v[k].block->level > b->level)) {
		*words += c->v[k].words;
		if (*words > KB_PASSAGE_PROCEDURE || k++ == most)
			return i;
	}
	return k;
}

static bool
ends_in_colon(const struct kb_unit *u)
{
	struct kb_str s = kb_str_trim(kb_str(u->block->text.p + u->from,
	    u->to - u->from));

	return s.n > 0 && s.p[s.n - 1] == ':' && u->words <= 60;
}

/* What follows belongs to "u": announced by it, or a part of its item. */
static bool
holds(const struct kb_unit *u, const struct kb_unit *next)
{
	const struct kb_block *a = u->block, *b = next->block;

	if (a == b)
		return false;
	if (a->leads || ends_in_colon(u))
		return true;
	if (a->kind == KB_BLOCK_ITEM && b->level > a->level)
		return true;
	return is_step(u) && b->group == a->group && (b->ordinal == 0 ||
	    b->ordinal == a->ordinal);
}

void
kb_units_glue(struct kb_units *c, size_t from, size_t to)
{
	size_t run = 0, cap, i, k, end, words;

	for (i = from; i < to; i = end) {
		cap = KB_PASSAGE_WORDS;
		words = c->v[i].words;
		end = i + 1;
		if (is_step(&c->v[i]) && begins_block(c, i, from)) {
			end = procedure_end(c, i, to, &words);
			if (end > i) {
				cap = KB_PASSAGE_PROCEDURE;
			} else {
				end = i + 1;
				words = c->v[i].words;
			}
		}
		for (k = i + 1; k < end; k++)
			c->v[k].glued = true;
		if (i > from && holds(&c->v[i - 1], &c->v[i]) &&
		    run + words <= cap) {
			c->v[i].glued = true;
			run += words;
		} else {
			run = words;
		}
	}
}
