#include "outline.h"

#include "hash.h"
#include "visible.h"

#define MAX_DEPTH	48

struct walk {
	struct kb_node		*body;
	struct kb_outline	*out;
	size_t			 size;
	unsigned		 deepest;	/* level that has rows */
	uint32_t		 open[MAX_DEPTH + 1];	/* rows, outermost
							   first */
	unsigned		 level[MAX_DEPTH + 1];	/* of each of them */
	unsigned		 nopen;
	unsigned		 link;		/* level of the link that is
						   open; 0: none */
	bool			 within, counted;
	struct kb_outline_row	 sum;		/* of all so far */
};

/* ---- which elements ---- */

#define N(lit)	{ (lit), sizeof(lit) - 1 }

/* By the first letter: most elements are inline, and not in here. */
static const struct kb_str blocks[26][8] = {
	['a' - 'a'] = { N("article"), N("aside"), N("address") },
	['b' - 'a'] = { N("body"), N("blockquote") },
	['c' - 'a'] = { N("center"), N("caption") },
	['d' - 'a'] = { N("div"), N("dd"), N("dt"), N("dl"), N("details") },
	['f' - 'a'] = { N("form"), N("footer"), N("fieldset"), N("figure") },
	['h' - 'a'] = { N("header"), N("hgroup"), N("h1"), N("h2"), N("h3"),
		N("h4"), N("h5"), N("h6") },
	['l' - 'a'] = { N("li") },
	['m' - 'a'] = { N("main") },
	['n' - 'a'] = { N("nav") },
	['o' - 'a'] = { N("ol") },
	['p' - 'a'] = { N("p"), N("pre") },
	['s' - 'a'] = { N("section"), N("summary"), N("search") },
	['t' - 'a'] = { N("td"), N("tr"), N("table"), N("tbody"), N("th"),
		N("thead"), N("tfoot") },
	['u' - 'a'] = { N("ul") }
};

/* Whose text is no text. */
static const struct kb_str never[26][4] = {
	['h' - 'a'] = { N("head") },
	['i' - 'a'] = { N("iframe") },
	['m' - 'a'] = { N("math") },
	['n' - 'a'] = { N("noembed"), N("noframes") },
	['o' - 'a'] = { N("object") },
	['s' - 'a'] = { N("script"), N("style"), N("select"), N("svg") },
	['t' - 'a'] = { N("template"), N("textarea"), N("title") }
};

static bool
is_any(struct kb_str name, const struct kb_str *names, size_t n)
{
	for (; n > 0 && names->n > 0; names++, n--)
		if (kb_str_eq(name, *names))
			return true;
	return false;
}

/* An element of a site's own making has a hyphen in its name. */
static bool
is_block(struct kb_str name)
{
	if (name.n == 0 || name.p[0] < 'a' || name.p[0] > 'z')
		return false;
	return is_any(name, blocks[name.p[0] - 'a'], 8) ||
	    (name.n > 6 && memchr(name.p, '-', name.n) != NULL);
}

/* Of inline elements only the name is looked at: there are so many. */
static bool
is_seen(const struct kb_node *e, bool block)
{
	struct kb_str name = e->name;

	if (block)
		return !kb_html_hidden(e) && !kb_html_chrome(e);
	return name.n < 3 || name.p[0] < 'a' || name.p[0] > 'z' ||
	    !is_any(name, never[name.p[0] - 'a'], 4);
}

/* ---- words ---- */

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	return h * UINT64_C(0xc4ceb9fe1a85ec53);
}

/*
 * One word for each run of letters and digits.  Scripts without spaces have
 * long runs: there, a word for every twelve bytes more.
 */
static void
add_words(struct walk *w, struct kb_str s)
{
	uint64_t h = 0;
	uint32_t n = 0, wide = 0;

	for (size_t i = 0; i <= s.n; i++) {
		unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if ((c >= 'a' && c <= 'z') || c >= 0x80) {
			h = (h ^ c) * UINT64_C(0x100000001b3) + 1;
			wide += c >= 0x80;
		} else if (c >= '0' && c <= '9') {
			h |= 1;
		} else if (h != 0) {
			n += 1 + wide / 12;
			w->sum.text += mix(h);
			h = 0;
			wide = 0;
		}
	}
	w->sum.words += n;
	if (w->link == 0 || n == 0)
		return;
	w->sum.links += n;
	w->sum.anchors += !w->counted;
	w->sum.within += !w->counted && w->within;
	w->counted = true;
}

uint64_t
kb_outline_text(struct kb_str words)
{
	struct walk w = { .body = NULL };

	add_words(&w, words);
	return w.sum.text;
}

/* ---- rows ---- */

/* What was added between the row's two ends. */
static void
take_sums(struct kb_outline_row *r, const struct kb_outline_row *now)
{
	r->words = now->words - r->words;
	r->links = now->links - r->links;
	r->anchors = now->anchors - r->anchors;
	r->within = now->within - r->within;
	r->text = now->text - r->text;
}

static void
close_rows(struct walk *w, unsigned level)
{
	while (w->nopen > 0 && w->level[w->nopen - 1] >= level)
		take_sums(&w->out->rows[w->open[--w->nopen]], &w->sum);
	if (w->link >= level)
		w->link = 0;
}

static uint64_t
hash_attr(const struct kb_node *e, struct kb_str name)
{
	struct kb_str v = kb_str_trim(kb_node_attr(e, name, NULL));

	return v.n > 0 ? kb_hash64(v, 3) | 1 : 0;
}

static void
open_row(struct walk *w, struct kb_node *e, unsigned level)
{
	struct kb_outline_row *r = &w->out->rows[w->out->n];

	*r = w->sum;
	r->parent = w->nopen > 0 ? w->open[w->nopen - 1] : 0;
	r->name = kb_hash64(e->name, 1);
	r->class = hash_attr(e, KB_STR("class"));
	r->id = hash_attr(e, KB_STR("id"));
	w->out->nodes[w->out->n] = e;
	w->open[w->nopen] = (uint32_t)w->out->n++;
	w->level[w->nopen++] = level;
}

static bool
enter(struct walk *w, struct kb_node *n, unsigned level)
{
	struct kb_str href;
	bool block;

	close_rows(w, level);
	if (n->kind == KB_NODE_TEXT)
		add_words(w, n->text);
	if (n->kind != KB_NODE_ELEMENT)
		return false;
	block = is_block(n->name);
	if (!is_seen(n, block))
		return false;
	if (block && level <= w->deepest && w->out->n < w->size)
		open_row(w, n, level);
	if (!kb_str_eq(n->name, KB_STR("a")) || w->link > 0)
		return true;
	href = kb_str_trim(kb_node_attr(n, KB_STR("href"), NULL));
	if (href.n == 0)
		return true;
	w->link = level;
	w->within = href.p[0] == '#';
	w->counted = false;
	return true;
}

/* ---- the walk ---- */

static struct kb_node *
step(struct walk *w, struct kb_node *n, bool below, unsigned *level)
{
	if (below && n->first != NULL) {
		++*level;
		return n->first;
	}
	while (n != w->body && n->next == NULL) {
		n = n->parent;
		--*level;
	}
	return n != w->body ? n->next : NULL;
}

/* How many levels fit: all of a level or nothing. */
static void
find_depth(struct walk *w)
{
	size_t count[MAX_DEPTH] = { 0 };
	struct kb_node *n = w->body->first;
	unsigned level = 1;

	while (n != NULL) {
		if (n->kind == KB_NODE_ELEMENT && is_block(n->name))
			count[level]++;
		n = step(w, n, level + 1 < MAX_DEPTH, &level);
	}
	w->size = 1;
	for (level = 1; level < MAX_DEPTH && w->size + count[level] <=
	    KB_OUTLINE_ROWS; level++)
		w->size += count[level];
	w->deepest = level - 1;
}

enum kb_status
kb_outline_make(struct kb_outline *out, struct kb_node *body,
    struct kb_arena *arena, struct kb_err *err)
{
	struct walk w = { .body = body, .out = out };
	struct kb_node *n = body->first;
	unsigned level = 1;

	find_depth(&w);
	memset(out, 0, sizeof(*out));
	out->rows = kb_arena_array(arena, w.size, sizeof(*out->rows));
	out->nodes = kb_arena_array(arena, w.size, sizeof(struct kb_node *));
	if (out->rows == NULL || out->nodes == NULL)
		return kb_err_nomem(err);
	open_row(&w, body, 0);
	while (n != NULL)
		n = step(&w, n, enter(&w, n, level), &level);
	close_rows(&w, 0);
	return KB_OK;
}

/* ---- as bytes ---- */

void
kb_outline_write(const struct kb_outline *o, struct kb_buf *out)
{
	kb_buf_add_varint(out, o->n);
	for (size_t i = 0; i < o->n; i++) {
		const struct kb_outline_row *r = &o->rows[i];
		const uint64_t v[9] = {
			i - r->parent, r->words, r->links, r->anchors,
			r->within, r->name, r->class, r->id, r->text
		};

		for (size_t k = 0; k < 9; k++)
			kb_buf_add_varint(out, v[k]);
	}
}

static bool
read_number(struct kb_str *s, uint64_t *v)
{
	unsigned shift = 0;
	size_t i = 0;

	for (*v = 0; i < s->n && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)s->p[i++];

		if (shift == 63 && c > 1)
			return false;
		*v |= (uint64_t)(c & 0x7f) << shift;
		if (c < 0x80) {
			*s = kb_str(s->p + i, s->n - i);
			return true;
		}
	}
	return false;
}

static bool
read_row(struct kb_outline_row *r, size_t at, struct kb_str *bytes)
{
	uint64_t v[9];

	for (size_t k = 0; k < 9; k++)
		if (!read_number(bytes, &v[k]))
			return false;
	if (v[0] > at || (v[0] == 0) != (at == 0) || v[1] > UINT32_MAX ||
	    v[2] > v[1] || v[3] > v[2] || v[4] > v[3])
		return false;
	*r = (struct kb_outline_row){ (uint32_t)(at - v[0]), (uint32_t)v[1],
	    (uint32_t)v[2], (uint32_t)v[3], (uint32_t)v[4], v[5], v[6], v[7],
	    v[8] };
	return true;
}

enum kb_status
kb_outline_read(struct kb_outline *out, struct kb_str bytes,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_outline o = { NULL, 0, NULL };
	uint64_t n;

	if (!read_number(&bytes, &n) || n == 0 || n > KB_OUTLINE_ROWS)
		return kb_err_set(err, KB_INPUT, "an outline of a page with "
		    "no rows, or too many");
	o.n = (size_t)n;
	o.rows = kb_arena_array(arena, o.n, sizeof(*o.rows));
	if (o.rows == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < o.n; i++)
		if (!read_row(&o.rows[i], i, &bytes))
			return kb_err_set(err, KB_INPUT, "an outline of a "
			    "page is broken at row %zu", i);
	if (bytes.n > 0)
		return kb_err_set(err, KB_INPUT, "bytes behind the outline "
		    "of a page");
	*out = o;
	return KB_OK;
}
