/*
 * article_paragraphs: passages cut into paragraphs, and where these stand.
 * Contracts: article_text.h, article_text_impl.h.
 */
#include "article_text_impl.h"

#include "stretch.h"

/* ---- spans ---- */

/* False where no piece of the map says where the text came from. */
static bool
in_map(const struct kb_offmap *map, uint64_t from, uint64_t to,
    uint64_t *start, uint64_t *end)
{
	const struct kb_offpiece *q = kb_offmap_piece(map, to - 1);
	uint64_t first, last;

	if (q == NULL || q->out + q->out_n <= from)
		return false;
	first = kb_offmap_start(map, from);
	last = kb_offmap_end(map, to);
	if (first > last)
		return false;
	*start = first;
	*end = last;
	return true;
}

/* Bytes [from, to) of a passage's text; false: only all of it is known. */
static bool
passage_span(const struct kb_text_passage *p, size_t from, size_t to,
    uint64_t *start, uint64_t *end)
{
	if (p->map.n > 0)
		return in_map(&p->map, from, to, start, end);
	if (p->text.n != p->end - p->start)
		return false;
	*start = p->start + from;
	*end = p->start + to;
	return true;
}

static const struct kb_text_part *
part_at(const struct kb_paragraph *p, size_t at)
{
	size_t lo = 0, hi = p->nparts;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->parts[mid].at <= at)
			lo = mid;
		else
			hi = mid;
	}
	return &p->parts[lo];
}

const struct kb_text_passage *
kb_paragraph_passage(const struct kb_article_text *a,
    const struct kb_paragraph *p, size_t from, size_t *at)
{
	const struct kb_text_part *part = part_at(p, from);
	size_t off = from > part->at ? from - part->at : 0;

	*at = off < part->to - part->from ? part->from + off : part->to;
	return &a->passages[part->passage];
}

void
kb_paragraph_span(const struct kb_article_text *a,
    const struct kb_paragraph *p, size_t from, size_t to, size_t *passage,
    uint64_t *start, uint64_t *end)
{
	const struct kb_text_part *first = part_at(p, from),
	    *last = part_at(p, to > from ? to - 1 : from);
	const struct kb_text_passage *x, *y;
	uint64_t none;
	size_t i, j;

	x = kb_paragraph_passage(a, p, from, &i);
	y = kb_paragraph_passage(a, p, to > from ? to - 1 : from, &j);
	*passage = first->passage;
	*start = x->start;
	*end = y->end;
	if (x == y) {
		passage_span(x, i, j + 1, start, end);
		return;
	}
	passage_span(x, i, first->to, start, &none);
	passage_span(y, last->from, j + 1, &none, end);
	if (*end < *start)
		*end = *start;
}

/* ---- paragraphs ---- */

/*
 * A newline that stands in the source is part of a stretch of code; all
 * others were put between two blocks.
 */
static bool
parts_blocks(const struct kb_text_passage *p, size_t at)
{
	const struct kb_offpiece *q;

	if (p->map.n == 0)
		return p->text.n != p->end - p->start;
	q = kb_offmap_piece(&p->map, at);
	return q == NULL || at - q->out >= q->out_n;
}

static size_t
block_end(const struct kb_text_passage *p, size_t from)
{
	size_t i = from;

	for (; i < p->text.n; i++)
		if (p->text.p[i] == '\n' && parts_blocks(p, i))
			break;
	return i;
}

/* True if the heading path ends in this text. */
static bool
ends_path(struct kb_str path, struct kb_str text)
{
	size_t before;

	if (text.n == 0 || !kb_str_has_suffix(path, text))
		return false;
	before = path.n - text.n;
	return before == 0 || kb_str_has_suffix(kb_str(path.p, before),
	    KB_STR(" > "));
}

/*
 * The rest of a block that was cut goes on in the next passage.  No format
 * parts two blocks by less than two bytes.
 */
static bool
goes_on(const struct kb_text_making *m, const struct kb_text_passage *p,
    size_t passage)
{
	const struct kb_text_passage *before;

	if (passage == 0 || m->n == 0 || m->v[m->n - 1].head)
		return false;
	before = &m->passages[passage - 1];
	return m->last == passage - 1 && p->start >= before->end &&
	    p->start - before->end <= 1 && kb_str_eq(before->field, p->field);
}

static bool
grow(struct kb_text_making *m)
{
	size_t size = m->size == 0 ? 64 : m->size * 2;
	struct kb_paragraph *v;

	if (m->n >= KB_ARTICLE_PARAGRAPHS) {
		m->full = true;
		return false;
	}
	if (m->n < m->size)
		return true;
	v = kb_arena_array(m->arena, size, sizeof(*v));
	if (v == NULL)
		return false;
	if (m->n > 0)
		memcpy(v, m->v, m->n * sizeof(*v));
	m->v = v;
	m->size = size;
	return true;
}

static void
add(struct kb_text_making *m, struct kb_text_part part,
    const struct kb_paragraph *q)
{
	struct kb_text_part *parts;

	if (!grow(m))
		return;
	parts = kb_arena_alloc(m->arena, sizeof(*parts));
	if (parts == NULL)
		return;
	*parts = part;
	m->v[m->n] = *q;
	m->v[m->n].parts = parts;
	m->v[m->n++].nparts = 1;
	m->last = part.passage;
}

static void
add_part(struct kb_text_making *m, struct kb_text_part part)
{
	const struct kb_text_passage *p = &m->passages[part.passage];
	size_t size = m->nrun * 2 > 4 ? m->nrun * 2 : 4;
	struct kb_text_part *v;

	if (m->nrun == m->run_size) {
		v = kb_arena_array(m->arena, size, sizeof(*v));
		if (v == NULL)
			return;
		if (m->nrun > 0)
			memcpy(v, m->run, m->nrun * sizeof(*v));
		m->run = v;
		m->run_size = size;
	}
	part.at = m->joined.n;
	kb_buf_add(&m->joined, kb_str(p->text.p + part.from,
	    part.to - part.from));
	m->run[m->nrun++] = part;
	m->last = part.passage;
}

/* Put a further piece behind the last paragraph. */
static void
join(struct kb_text_making *m, struct kb_text_part part)
{
	if (m->nrun == 0)
		add_part(m, m->v[m->n - 1].parts[0]);
	/* What stood between the pieces is not in the index. */
	if (m->passages[part.passage].start >
	    m->passages[part.passage - 1].end)
		kb_buf_addch(&m->joined, memchr(m->joined.p, '\n',
		    m->joined.n) != NULL ? '\n' : ' ');
	add_part(m, part);
}

/* The last paragraph has all its pieces. */
void
kb_text_end(struct kb_text_making *m)
{
	struct kb_paragraph *p;

	if (m->nrun == 0)
		return;
	p = &m->v[m->n - 1];
	p->text = kb_arena_copy(m->arena, kb_buf_str(&m->joined));
	p->parts = m->run;
	p->nparts = m->nrun;
	m->arena->failed |= m->joined.failed;
	kb_buf_clear(&m->joined);
	m->run = NULL;
	m->nrun = m->run_size = 0;
}

/* The bytes of a step's number that stand at the paragraph's start. */
static size_t
number_at(struct kb_stretch *it, struct kb_str *words, size_t from,
    size_t to)
{
	const char *p = it->text.p + from;

	while (words->p + words->n <= p && words->p + words->n <
	    it->text.p + it->text.n)
		if (!kb_stretch_next(it, words))
			break;
	if (words->p <= p)
		return 0;
	return (size_t)(words->p - p) < to - from ?
	    (size_t)(words->p - p) : to - from;
}

void
kb_text_cut(struct kb_text_making *m, size_t at,
    const struct kb_text_place *places, size_t nplaces)
{
	const struct kb_text_passage *p = &m->passages[at];
	struct kb_stretch it = kb_stretch(p->text, &p->map);
	struct kb_str words = { p->text.p, 0 };
	struct kb_paragraph q = { .heading = p->heading };
	struct kb_text_part part = { .passage = at };
	size_t next = 0;
	bool here;

	for (size_t i = 0; i < p->text.n && !m->full && !m->arena->failed;
	    i = part.to + 1) {
		q.anchor = i == 0 ? p->anchor : kb_str("", 0);
		for (here = i == 0; next < nplaces && places[next].at <= i;
		    next++) {
			here = true;
			if (places[next].heading.n > 0)
				q.heading = places[next].heading;
			if (places[next].anchor.n > 0)
				q.anchor = places[next].anchor;
		}
		part.from = i;
		part.to = block_end(p, i);
		q.text = kb_str(p->text.p + i, part.to - i);
		if (kb_str_trim(q.text).n == 0)
			continue;
		q.head = i < p->lead || (here && ends_path(q.heading,
		    q.text));
		q.number = number_at(&it, &words, i, part.to);
		if (i == 0 && !q.head && goes_on(m, p, at)) {
			join(m, part);
			continue;
		}
		kb_text_end(m);
		add(m, part, &q);
	}
}

void
kb_text_set_spans(const struct kb_article_text *a, struct kb_paragraph *v)
{
	size_t passage;

	for (size_t i = 0; i < a->nparagraphs; i++)
		kb_paragraph_span(a, &v[i], 0, v[i].text.n, &passage,
		    &v[i].start, &v[i].end);
}
