#include "segment_impl.h"

#include "buf.h"
#include "declared.h"
#include "utf8.h"

struct cutter {
	struct kb_record	*rec;
	struct kb_units		 units;
	struct kb_passage	*first, *last;
	struct kb_str		 heads[7];	/* by level, 1 to 6 */
	struct kb_str		 anchors[7];	/* theirs; [0] is empty */
	bool			 failed;
};

/* ---- headings ---- */

static void
enter_heading(struct cutter *c, const struct kb_block *b)
{
	int level = b->level < 1 ? 1 : b->level > 6 ? 6 : b->level;

	c->heads[level] = b->text;
	c->anchors[level] = b->anchor;
	for (int i = level + 1; i <= 6; i++)
		c->heads[i] = c->anchors[i] = kb_str(NULL, 0);
}

/* The id of the innermost heading that has one. */
static struct kb_str
heading_anchor(const struct cutter *c)
{
	int i = 6;

	while (i > 0 && c->anchors[i].n == 0)
		i--;
	return c->anchors[i];
}

/* How many levels the headings at a passage's start and end share. */
static int
shared_levels(const struct kb_str start[7], const struct kb_str end[7])
{
	int i;

	for (i = 1; i <= 6; i++)
		if (start[i].p != end[i].p || start[i].n != end[i].n)
			break;
	return i - 1;
}

static struct kb_str
heading_path(struct cutter *c, const struct kb_str heads[7], int levels)
{
	struct kb_buf buf = { 0 };
	struct kb_str out;

	for (int i = 1; i <= levels; i++) {
		if (heads[i].n == 0)
			continue;
		if (buf.n > 0)
			kb_buf_addc(&buf, " > ");
		kb_buf_add(&buf, kb_str(heads[i].p, kb_utf8_floor(heads[i],
		    KB_PASSAGE_HEADING)));
	}
	c->failed |= buf.failed;
	/* Each passage below has it: what is no heading but a text is cut. */
	out = kb_buf_str(&buf);
	out.n = kb_utf8_floor(out, KB_PASSAGE_HEADING);
	out = kb_arena_copy(c->rec->arena, out);
	kb_buf_release(&buf);
	return out;
}

/* ---- passages ---- */

/* The unit's share of its block's map: pieces [*first, return value). */
static size_t
share(const struct kb_unit *u, size_t *first)
{
	const struct kb_block *b = u->block;
	size_t lo = 0, hi = b->npieces;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (b->pieces[mid].out + b->pieces[mid].out_n <= u->from)
			lo = mid + 1;
		else
			hi = mid;
	}
	*first = lo;
	while (lo < b->npieces && b->pieces[lo].out < u->to)
		lo++;
	return lo;
}

/* The unit's pieces, moved to "at" in the passage. */
static void
add_pieces(struct kb_passage *p, const struct kb_unit *u, size_t at)
{
	size_t i, end = share(u, &i);

	for (; i < end; i++) {
		struct kb_offpiece q = u->block->pieces[i];
		bool same = q.out_n == q.in_n;

		if (q.out < u->from) {
			uint32_t cut = (uint32_t)(u->from - q.out);

			q.out += cut;
			q.out_n -= cut;
			q.in += same ? cut : 0;
			q.in_n -= same ? cut : 0;
		}
		if (q.out + q.out_n > u->to) {
			uint32_t cut = (uint32_t)(q.out + q.out_n - u->to);

			q.out_n -= cut;
			q.in_n -= same ? cut : 0;
		}
		q.out = q.out - u->from + at;
		p->pieces[p->npieces++] = q;
	}
}

static void
add_text(struct kb_passage *p, const struct kb_unit *u, struct kb_buf *text)
{
	if (text->n > 0)
		kb_buf_addch(text, '\n');
	add_pieces(p, u, text->n);
	kb_buf_add(text, kb_str(u->block->text.p + u->from,
	    u->to - u->from));
}

/*
 * Unit *i, and those that go on with its block up to "to": neighbours of one
 * block are one stretch of it again, with what is between them.  *i is set to
 * the last of them.
 */
static struct kb_unit
stretch(const struct kb_units *units, size_t *i, size_t to)
{
	struct kb_unit u = units->v[*i];

	while (*i + 1 < to && units->v[*i + 1].block == u.block) {
		u.to = units->v[++*i].to;
		u.words += units->v[*i].words;
		u.parted |= units->v[*i].parted;
	}
	return u;
}

static size_t
count_pieces(const struct kb_units *units, size_t from, size_t to)
{
	size_t n = 0, first;

	for (size_t i = from; i < to; i++) {
		struct kb_unit u = stretch(units, &i, to);

		n += share(&u, &first) - first;
	}
	return n;
}

/* A heading, or a block with an anchor: links may lead there. */
static void
note_place(struct cutter *c, struct kb_place ***end, size_t at,
    const struct kb_block *b)
{
	struct kb_place *q;
	bool head = b->kind == KB_BLOCK_HEADING;

	if (!head && b->anchor.n == 0)
		return;
	q = kb_arena_alloc(c->rec->arena, sizeof(*q));
	if (q == NULL)
		return;
	q->at = at;
	q->heading = heading_path(c, c->heads, 6);
	q->anchor = head ? heading_anchor(c) : b->anchor;
	**end = q;
	*end = &q->next;
}

/* What the passage says of itself need not be said again. */
static void
drop_known_places(struct kb_passage *p)
{
	struct kb_place **at = &p->places;

	while (*at != NULL) {
		if (kb_str_eq((*at)->heading, p->heading))
			(*at)->heading = kb_str(NULL, 0);
		if ((*at)->heading.n == 0 && kb_str_eq((*at)->anchor,
		    p->anchor))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
}

/* The text, and what of it is headings; true headings of the start. */
static void
fill(struct cutter *c, struct kb_passage *p, size_t from, size_t to,
    struct kb_buf *text, struct kb_str start[7])
{
	struct kb_place **end = &p->places;
	bool leading = true;

	memcpy(start, c->heads, sizeof(c->heads));
	p->anchor = heading_anchor(c);
	for (size_t i = from; i < to; i++) {
		struct kb_unit u = stretch(&c->units, &i, to);
		bool head = u.block->kind == KB_BLOCK_HEADING;
		size_t at = text->n > 0 ? text->n + 1 : 0;

		if (!head)
			p->words += u.parted ? kb_unit_words(&u) : u.words;
		add_text(p, &u, text);
		if (head)
			enter_heading(c, u.block);
		if (u.from == 0)
			note_place(c, &end, at, u.block);
		leading = leading && head;
		if (leading) {
			p->lead = text->n + (i + 1 < to);
			memcpy(start, c->heads, sizeof(c->heads));
			p->anchor = heading_anchor(c);
		}
	}
}

/* A number that a block begins with is not in what stands behind it. */
static struct kb_str
unit_context(const struct kb_unit *u)
{
	return u->from > 0 && u->block->inner.n > 0 ? u->block->inner :
	    u->block->context;
}

/* Of the first unit, with the entities of all. */
static struct kb_str
context_of(struct cutter *c, size_t from, size_t to)
{
	struct kb_str first = unit_context(&c->units.v[from]), more, list;
	struct kb_buf all = { 0 };

	for (size_t i = from; i < to; i++) {
		more = unit_context(&c->units.v[i]);
		if (more.n > 0 && more.p[0] == '&')
			kb_declared_merge(&all, kb_declared_cut(&more));
	}
	list = kb_buf_str(&all);
	if (list.n > 0) {
		kb_declared_cut(&first);
		first = kb_arena_printf(c->rec->arena, "%.*s%s%.*s",
		    KB_FMT(list), first.n > 0 ? " " : "", KB_FMT(first));
	}
	c->failed |= all.failed;
	kb_buf_release(&all);
	return first;
}

static void
emit(struct cutter *c, size_t from, size_t to)
{
	struct kb_arena *arena = c->rec->arena;
	struct kb_passage *p = kb_arena_alloc(arena, sizeof(*p));
	struct kb_buf text = { 0 };
	struct kb_str start[7];
	struct kb_offmap map;
	int levels;

	if (p != NULL)
		p->pieces = kb_arena_array(arena, count_pieces(&c->units,
		    from, to), sizeof(*p->pieces));
	if (p == NULL || p->pieces == NULL) {
		c->failed = true;
		return;
	}
	fill(c, p, from, to, &text, start);
	c->failed |= text.failed;
	p->text = kb_arena_copy(arena, kb_buf_str(&text));
	kb_buf_release(&text);
	levels = shared_levels(start, c->heads);
	p->heading = heading_path(c, start, levels);
	/* A heading that is not above all of the passage is text of it. */
	if (levels < 6)
		p->lead = 0;
	if (c->units.v[from].block->anchor.n > 0)
		p->anchor = c->units.v[from].block->anchor;
	drop_known_places(p);
	p->context = context_of(c, from, to);
	p->part = c->units.v[from].block->part;
	map.v = p->pieces;
	map.n = p->npieces;
	p->start = kb_offmap_start(&map, 0);
	p->end = kb_offmap_end(&map, p->text.n);
	if (c->last != NULL)
		c->last->next = p;
	else
		c->first = p;
	c->last = p;
}

/* ---- sections ---- */

/* The words of the glued run that begins at i; *end is set behind it. */
static size_t
run_words(const struct cutter *c, size_t i, size_t to, size_t *end)
{
	size_t words = c->units.v[i].words;

	for (i++; i < to && c->units.v[i].glued; i++)
		words += c->units.v[i].words;
	*end = i;
	return words;
}

/*
 * Whether a passage that has "words" words must end before a run of "run",
 * with "rest" words left in the section, the run's among them.  Several units
 * that are longer than a passage are a procedure: it may have a word before
 * it, as one that cannot be cut may not.
 */
static bool
must_cut(size_t words, size_t run, bool several, size_t rest, size_t target)
{
	if (words == 0)
		return false;
	if (words + run > (several && run > KB_PASSAGE_WORDS ?
	    KB_PASSAGE_PROCEDURE : KB_PASSAGE_WORDS))
		return true;
	if (words + rest <= KB_PASSAGE_WORDS)
		return false;
	return words >= 80 && words + run / 2 > target;
}

/*
 * Units [from, to) are one section; its leading headings are at [head, from).
 * Passages of about equal length, so that none is left with a rest.
 */
static void
cut_section(struct cutter *c, size_t head, size_t from, size_t to)
{
	size_t rest = 0, parts, target, begin = head, words = 0, i, k, end;

	kb_units_glue(&c->units, from, to);
	for (i = from; i < to; i++)
		rest += c->units.v[i].words;
	parts = (rest + KB_PASSAGE_WORDS - 1) / KB_PASSAGE_WORDS;
	target = parts > 0 ? (rest + parts - 1) / parts : 0;
	for (i = from; i < to; i = end) {
		k = run_words(c, i, to, &end);
		if (must_cut(words, k, end > i + 1, rest, target)) {
			emit(c, begin, i);
			begin = i;
			words = 0;
		}
		words += k;
		rest -= k;
	}
	emit(c, begin, to);
}

/* A section: headings [head, from), what stands below them [from, to). */
struct section {
	size_t	head, from, to;
	size_t	words;		/* below the headings */
	size_t	all;		/* with them */
	int	level;		/* of its first heading; 0: it has none */
	bool	apart;		/* something lies between it and the last */
};

/* Nothing may stand in one passage with what is before it. */
static bool
is_parted(const struct kb_unit *u)
{
	const struct kb_block *b = u->block, *before = u[-1].block;

	return b != before && (b->gap || b->part != before->part);
}

static bool
is_head(const struct kb_unit *u)
{
	return u->block->kind == KB_BLOCK_HEADING;
}

static struct section
next_section(const struct kb_units *units, size_t head)
{
	const struct kb_unit *v = units->v;
	struct section s = { .head = head, .from = head };

	s.apart = head > 0 && is_parted(&v[head]);
	if (is_head(&v[head])) {
		s.level = v[head].block->level;
		s.from++;
	}
	/* A heading of the same level heads another section. */
	while (s.from > head && s.from < units->n && is_head(&v[s.from]) &&
	    !is_parted(&v[s.from]) &&
	    v[s.from].block->level > v[s.from - 1].block->level)
		s.from++;
	s.to = s.from;
	while (s.to < units->n && !is_head(&v[s.to]) &&
	    (s.to == head || !is_parted(&v[s.to])))
		s.words += v[s.to++].words;
	for (size_t i = head; i < s.from; i++)
		s.all += v[i].words;
	s.all += s.words;
	return s;
}

/*
 * Short neighbours make one passage together: a section of a line or two
 * says too little to be found by.  Never into a section of a higher level.
 */
static struct section
gather(const struct kb_units *units, struct section first, bool *several)
{
	*several = false;
	while (first.to < units->n) {
		struct section next = next_section(units, first.to);

		if (next.apart || next.level < first.level ||
		    first.words + next.words > KB_PASSAGE_GATHER ||
		    first.all + next.all > KB_PASSAGE_WORDS)
			break;
		first.to = next.to;
		first.words += next.words;
		first.all += next.all;
		*several = true;
	}
	return first;
}

enum kb_status
kb_segment(struct kb_record *rec, struct kb_passage **out,
    struct kb_err *err)
{
	struct cutter c = { .rec = rec };
	struct section s;
	bool several;

	kb_units_make(&c.units, rec);
	c.failed = c.units.failed;
	for (size_t head = 0; head < c.units.n && !c.failed; head = s.to) {
		s = gather(&c.units, next_section(&c.units, head), &several);
		if (several)
			emit(&c, s.head, s.to);
		else
			cut_section(&c, s.head, s.from, s.to);
	}
	kb_units_release(&c.units);
	if (c.failed || rec->arena->failed)
		return kb_err_nomem(err);
	*out = c.first;
	return KB_OK;
}
