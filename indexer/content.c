#include "content.h"

#include "visible.h"

#define NOBODY	UINT32_MAX
#define LABEL	4	/* words that are more than a label */
#define FEW	12	/* words that may be a sentence */
#define ENOUGH	60	/* words of its own that a page alone must have */

#define N(lit)	{ (lit), sizeof(lit) - 1 }
#define N_END	{ NULL, 0 }

/* What a table of contents is called. */
static const struct kb_str contents[] = {
	N("Table of Contents"), N("Contents"), N("On this page"),
	N("In this article"), N("Inhaltsverzeichnis"), N("Inhalt"),
	N("Table des mati\303\250res"), N("Sommaire"),
	N("Tabla de contenidos"), N("\303\215ndice"), N("Indice"),
	N("Inhoud"), N("Spis tre\305\233ci")
};

#define NCONTENTS	(sizeof(contents) / sizeof(contents[0]))

/* A page being looked at. */
struct page {
	struct kb_outline		 o;
	struct kb_furniture_row		*rows;
	uint32_t			*end;	/* behind the last row below */
	uint32_t			 sample; /* pages of the group's; 0 */
	uint32_t			 main;
	bool				 told;	/* by markup */
	uint64_t			 contents[NCONTENTS];	/* as texts
							   of rows */
};

/* ---- what an element is ---- */

static bool
is_one_of(const struct page *p, uint32_t row, const struct kb_str *names)
{
	const struct kb_node *e = p->o.nodes[row];

	for (; names->n > 0; names++)
		if (kb_str_eq(e->name, *names))
			return true;
	return false;
}

/* A cell or an item that is taken away would tear its row or list. */
static bool
can_go(const struct page *p, uint32_t row)
{
	static const struct kb_str parts[] = {
		N("li"), N("td"), N("th"), N("tr"), N("dd"), N("dt"),
		N("tbody"), N("thead"), N("tfoot"), N("caption"),
		N("summary"), N_END
	};

	return row != p->main && !is_one_of(p, row, parts);
}

static bool
is_container(const struct page *p, uint32_t row)
{
	static const struct kb_str names[] = {
		N("div"), N("section"), N("table"), N("ul"), N("ol"),
		N("dl"), N("form"), N("nav"), N("header"), N("footer"),
		N("aside"), N("center"), N("fieldset"), N_END
	};

	return is_one_of(p, row, names);
}

/*
 * Little of one's own; or a bar of links on nearly all pages, which names the
 * pages around it beside labels that are always the same.
 */
static bool
is_noise(const struct page *p, const struct kb_furniture_place *t)
{
	if (t->own * 10 > t->parent_own)
		return false;
	if (t->own * 10 <= t->words * 3)
		return true;
	return (uint64_t)t->pages * 5 >= (uint64_t)p->sample * 4 &&
	    t->common * 4 >= t->words && t->links * 5 >= t->words;
}

static bool
is_furniture(const struct page *p, uint32_t row)
{
	const struct kb_furniture_place *t = p->rows[row].place;

	return t != NULL && (uint64_t)t->pages * 5 >= p->sample &&
	    t->common * 4 >= t->words && is_noise(p, t);
}

/* Half of all pages say the same here. */
static bool
is_everywhere(const struct page *p, uint32_t row)
{
	return p->sample > 0 && p->rows[row].pages * 2 >= p->sample &&
	    p->rows[row].pages >= KB_FURNITURE_LEAST;
}

/*
 * A heading of the page's own outside of [from, to), below "top".  Without
 * other pages to compare only one of the first rank is known to be that.
 */
static bool
has_title(const struct page *p, uint32_t top, uint32_t from, uint32_t to)
{
	static const struct kb_str heads[] = {
		N("h1"), N("h2"), N("h3"), N_END
	};

	for (uint32_t i = top; i < p->end[top]; i++) {
		if ((i >= from && i < to) || p->o.rows[i].words == 0 ||
		    !is_one_of(p, i, heads))
			continue;
		if (kb_str_eq(p->o.nodes[i]->name, heads[0]) ?
		    !is_everywhere(p, i) : p->sample > 0 &&
		    p->rows[i].own > 0)
			return true;
	}
	return false;
}

/* ---- the container ---- */

/* Words of the page's own that would go with the element. */
static uint32_t
loses(const struct page *p, uint32_t row)
{
	const struct kb_furniture_place *t = p->rows[row].place;
	const struct kb_outline_row *r = &p->o.rows[row];

	if (t != NULL && is_noise(p, t))
		return 0;
	/* On other pages there is more. */
	if (t != NULL && p->rows[row].own > 0)
		return FEW;
	/* Labels of lists of links, when nothing is known. */
	if (p->sample == 0 && r->links * 2 >= r->words &&
	    p->rows[row].own < FEW)
		return 0;
	return p->rows[row].own;
}

static bool
loses_text(const struct page *p, uint32_t from, uint32_t to)
{
	uint32_t direct = p->rows[from].own, lost = 0;

	for (uint32_t c = from + 1; c < p->end[from]; c = p->end[c]) {
		lost += c != to ? loses(p, c) : 0;
		direct -= p->rows[c].own < direct ? p->rows[c].own : direct;
	}
	return lost + direct >= (p->sample > 0 ? LABEL : FEW);
}

static bool
is_alone(const struct page *p, uint32_t parent, uint32_t row)
{
	for (uint32_t c = parent + 1; c < p->end[parent]; c = p->end[c])
		if (c != row && p->rows[c].key == p->rows[row].key)
			return false;
	return true;
}

/* On all pages of the group, or on this one where they say nothing. */
static bool
holds_most(const struct page *p, uint32_t from, uint32_t to)
{
	const struct kb_furniture_place *t = p->rows[to].place;

	if (t != NULL && t->parent_own > 0)
		return t->own * 10 >= t->parent_own * 9 &&
		    is_alone(p, from, to);
	return p->rows[to].own >= ENOUGH &&
	    (uint64_t)p->rows[to].own * 10 >= (uint64_t)p->rows[from].own * 9;
}

/* The child that "from" is wrapped around, or NOBODY. */
static uint32_t
step_in(const struct page *p, uint32_t from)
{
	for (uint32_t c = from + 1; c < p->end[from]; c = p->end[c])
		if (p->o.rows[c].words > 0 && holds_most(p, from, c) &&
		    !has_title(p, from, c, p->end[c]) &&
		    !loses_text(p, from, c))
			return c;
	return NOBODY;
}

/* A cell, but no row; a box, but no paragraph: it must stand for itself. */
static bool
can_be_main(const struct page *p, uint32_t row)
{
	static const struct kb_str names[] = {
		N("div"), N("section"), N("td"), N("center"), N("form"),
		N("fieldset"), N("article"), N("main"), N("body"), N_END
	};
	struct kb_str name = p->o.nodes[row]->name;

	return row == 0 || is_one_of(p, row, names) ||
	    memchr(name.p, '-', name.n) != NULL;
}

static void
find_main(struct page *p)
{
	uint32_t next;

	while ((next = step_in(p, p->main)) != NOBODY)
		p->main = next;
	while (!can_be_main(p, p->main))
		p->main = p->o.rows[p->main].parent;
}

/* ---- what is left out of it ---- */

static void
leave_out(struct page *p, uint32_t row, enum kb_left how)
{
	p->o.nodes[row]->left_out = (uint8_t)how;
}

static bool
is_left(const struct page *p, uint32_t row)
{
	return p->o.nodes[row]->left_out != KB_LEFT_NOT;
}

static void
drop_furniture(struct page *p)
{
	for (uint32_t c = p->main + 1; c < p->end[p->main]; c = p->end[c])
		if (p->o.rows[c].words > 0 && is_container(p, c) &&
		    is_furniture(p, c) && !has_title(p, c, 0, 0))
			leave_out(p, c, KB_LEFT_ALL);
}

/* The last child of "row" before "limit" that has words, or NOBODY. */
static uint32_t
child_before(const struct page *p, uint32_t row, uint32_t limit)
{
	uint32_t last = NOBODY;

	for (uint32_t c = row + 1; c < limit; c = p->end[c])
		if (p->o.rows[c].words > 0 && !is_left(p, c))
			last = c;
	return last;
}

static uint32_t
child_after(const struct page *p, uint32_t row, uint32_t from)
{
	uint32_t c = from;

	while (c < p->end[row] && (p->o.rows[c].words == 0 || is_left(p, c)))
		c = p->end[c];
	return c < p->end[row] ? c : NOBODY;
}

/*
 * What half of all pages begin or end with.  In the middle a text may be on
 * as many pages and still be a part of what each says: a warning, a step.
 */
static void
peel(struct page *p, bool front)
{
	uint32_t row = p->main, c = NOBODY;
	bool more = true;

	while (more) {
		c = front ? child_after(p, row, row + 1) :
		    child_before(p, row, p->end[row]);
		more = c != NOBODY;
		if (more && is_everywhere(p, c) && can_go(p, c))
			leave_out(p, c, KB_LEFT_ALL);
		else
			row = c;
	}
}

/* Words that are neither in headings nor in links, of what is left. */
static uint64_t
said(const struct page *p)
{
	static const struct kb_str heads[] = {
		N("h1"), N("h2"), N("h3"), N("h4"), N("h5"), N("h6"), N_END
	};
	const struct kb_outline_row *r = &p->o.rows[p->main];
	uint64_t words = r->words, other = r->links;

	for (uint32_t i = p->main + 1; i < p->end[p->main]; i++) {
		r = &p->o.rows[i];
		if (!is_left(p, i) && !is_one_of(p, i, heads))
			continue;
		words -= r->words < words ? r->words : words;
		other -= r->links < other ? r->links : other;
		i = p->end[i] - 1;
	}
	return words > other ? words - other : 0;
}

/*
 * Both ends; but where that is all that the page says, pages are not alike by
 * their template: they are copies.
 */
static bool
peel_ends(struct page *p, struct kb_arena *arena)
{
	uint8_t *was = kb_arena_array(arena, p->o.n, sizeof(*was));
	uint64_t before = said(p);

	if (was == NULL)
		return false;
	for (uint32_t i = 0; i < p->o.n; i++)
		was[i] = p->o.nodes[i]->left_out;
	peel(p, true);
	peel(p, false);
	if (before < FEW || said(p) > 0)
		return true;
	for (uint32_t i = 0; i < p->o.n; i++)
		p->o.nodes[i]->left_out = was[i];
	return true;
}

static bool
is_list_of_links(const struct page *p, uint32_t row)
{
	const struct kb_outline_row *r = &p->o.rows[row];

	return r->anchors >= 3 && (uint64_t)r->links * 10 >=
	    (uint64_t)r->words * 7 && is_container(p, row);
}

/* Without other pages to compare: lists of links around the text. */
static void
drop_edges(struct page *p)
{
	uint32_t c = p->main + 1, last;

	if (p->rows[p->main].own < ENOUGH)
		return;
	while ((c = child_after(p, p->main, c)) != NOBODY &&
	    is_list_of_links(p, c) && !has_title(p, c, 0, 0))
		leave_out(p, c, KB_LEFT_LINKS);
	last = p->end[p->main];
	while ((c = child_before(p, p->main, last)) != NOBODY &&
	    is_list_of_links(p, c) && !has_title(p, c, 0, 0))
		leave_out(p, last = c, KB_LEFT_LINKS);
}

/* A list, perhaps wrapped up with a heading in front. */
static bool
is_list(const struct page *p, uint32_t row)
{
	static const struct kb_str lists[] = {
		N("ul"), N("ol"), N("dl"), N_END
	};
	uint32_t first, last;

	while (!is_one_of(p, row, lists)) {
		first = child_after(p, row, row + 1);
		last = child_before(p, row, p->end[row]);
		if (first == NOBODY || !is_container(p, row) ||
		    (first != last && child_after(p, row, p->end[first]) !=
		    last))
			return false;
		row = last;
	}
	return true;
}

/* A list of what is on this page; a heading of its own may be in it. */
static bool
is_contents(const struct page *p, uint32_t row)
{
	const struct kb_outline_row *r = &p->o.rows[row];

	return r->anchors >= 3 && r->within == r->anchors &&
	    r->words - r->links <= 3 && is_list(p, row) &&
	    (uint64_t)r->words * 2 <= p->o.rows[p->main].words;
}

/* A link in each item, perhaps with a word on what is there. */
static bool
links_in_items(const struct page *p, uint32_t row)
{
	static const struct kb_str items[] = { N("li"), N("dt"), N_END };
	uint32_t n = 0;

	for (uint32_t i = row; i < p->end[row]; i++)
		n += p->o.rows[i].words > 0 && is_one_of(p, i, items);
	return n >= 3 && p->o.rows[row].anchors >= n;
}

/* A list of links, but for what stands before it. */
static bool
is_list_behind(const struct page *p, uint32_t row, uint32_t before)
{
	const struct kb_outline_row *r = &p->o.rows[row];
	uint64_t words = r->words - before;

	if (r->anchors < 3 || !is_container(p, row))
		return false;
	return (uint64_t)r->links * 10 >= words * 9 ||
	    ((uint64_t)r->links * 10 >= words && links_in_items(p, row));
}

/*
 * "Contents", and a list of links: in one element with it, or the next one.
 * The list may be of other pages, and all that the page has.
 */
static bool
is_called_contents(const struct page *p, uint32_t row, uint32_t *list)
{
	uint32_t up = p->o.rows[row].parent, words = p->o.rows[row].words;
	size_t i = 0;

	if (words == 0 || words > 8)
		return false;
	while (i < NCONTENTS && p->contents[i] != p->o.rows[row].text)
		i++;
	if (i == NCONTENTS)
		return false;
	*list = child_after(p, up, p->end[row]);
	if (*list != NOBODY && is_list_behind(p, *list, 0))
		return can_go(p, row);
	*list = up;
	return child_after(p, up, up + 1) == row && can_go(p, up) &&
	    is_list_behind(p, up, words);
}

static void
drop_contents(struct page *p)
{
	static const struct kb_str inner[] = {
		N("li"), N("td"), N("th"), N("dd"), N_END
	};
	uint32_t i = p->main + 1, list;

	for (size_t k = 0; k < NCONTENTS; k++)
		p->contents[k] = kb_outline_text(contents[k]);
	while (i < p->end[p->main]) {
		if (is_left(p, i)) {
			i = p->end[i];
		} else if (is_contents(p, i)) {
			leave_out(p, i, KB_LEFT_LINKS);
			i = p->end[i];
		} else if (is_called_contents(p, i, &list)) {
			leave_out(p, i, KB_LEFT_LINKS);
			leave_out(p, list, KB_LEFT_LINKS);
			i = p->end[i] > p->end[list] ? p->end[i] :
			    p->end[list];
		} else if (is_one_of(p, i, inner)) {
			i = p->end[i];
		} else {
			i++;
		}
	}
}

/* ---- the whole ---- */

/* More of the page's own words would go than stay. */
static bool
is_too_little(const struct page *p)
{
	uint32_t lost = p->rows[0].own - (p->rows[p->main].own <
	    p->rows[0].own ? p->rows[p->main].own : p->rows[0].own);
	uint32_t kept = p->o.rows[p->main].words;

	for (uint32_t i = p->main + 1; i < p->end[p->main]; i++) {
		if (!is_left(p, i))
			continue;
		lost += p->rows[i].own;
		kept -= kept < p->o.rows[i].words ? kept :
		    p->o.rows[i].words;
		i = p->end[i] - 1;
	}
	return kept == 0 ? p->o.rows[0].words > 0 : lost >= FEW && lost > kept;
}

static void
take_back(struct page *p)
{
	p->main = 0;
	for (uint32_t i = 0; i < p->o.n; i++)
		p->o.nodes[i]->left_out = KB_LEFT_NOT;
}

static bool
find_ends(struct page *p, struct kb_arena *arena)
{
	p->end = kb_arena_array(arena, p->o.n, sizeof(*p->end));
	if (p->end == NULL)
		return false;
	for (uint32_t i = (uint32_t)p->o.n; i-- > 0;) {
		uint32_t up = p->o.rows[i].parent;

		if (p->end[i] == 0)
			p->end[i] = i + 1;
		if (p->end[up] < p->end[i])
			p->end[up] = p->end[i];
	}
	return true;
}

static bool
is_whole(const struct kb_node *e)
{
	return kb_str_eq(e->name, KB_STR("body")) ||
	    kb_str_eq(e->name, KB_STR("#document"));
}

static bool
choose(struct page *p, struct kb_arena *arena)
{
	if (!p->told) {
		find_main(p);
		if (p->sample > 0)
			drop_furniture(p);
		else
			drop_edges(p);
	}
	if (!peel_ends(p, arena))
		return false;
	if (is_too_little(p))
		take_back(p);
	drop_contents(p);
	return true;
}

enum kb_status
kb_content_choose(struct kb_node **main, struct kb_node *root,
    const struct kb_furniture *furniture, struct kb_str path, bool marked,
    struct kb_arena *arena, struct kb_err *err)
{
	struct page p = { .main = 0 };
	struct kb_node *top = kb_html_main(root);
	enum kb_status status = KB_OK;

	if (!marked)
		status = kb_outline_make(&p.o, top, arena, err);
	if (status == KB_OK && !marked)
		status = kb_furniture_look(&p.rows, &p.sample, furniture,
		    path, &p.o, arena, err);
	if (status != KB_OK)
		return status;
	if (!marked) {
		p.told = !is_whole(top);
		if (!find_ends(&p, arena) || !choose(&p, arena))
			return kb_err_nomem(err);
		top = p.o.nodes[p.main];
	}
	*main = top;
	return KB_OK;
}

bool
kb_content_left_out(const struct kb_node *n)
{
	for (; n != NULL; n = n->parent)
		if (n->left_out != KB_LEFT_NOT)
			return true;
	return false;
}
