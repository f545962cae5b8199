/*
 * html_stack: the stack of open elements of the HTML tree builder, and how
 * nodes are put below it.  Contract: html_build.h.
 */
#include "html_build.h"

#include <stdlib.h>

#define OPEN	UINT64_MAX	/* node->end while its element is open */
#define PROBES	64		/* of one hash chain: its length is hostile */

static uint32_t
line_of(struct kb_html_builder *b, size_t at)
{
	const char *p = b->tk.p + b->line_at, *end = b->tk.p + at;

	if (at <= b->line_at)
		return b->line;
	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		b->line++;
	b->line_at = at;
	return b->line;
}

/* ---- placing nodes ---- */

/* WHATWG 13.2.6.1, "appropriate place for inserting a node". */
static struct kb_node *
foster_new(struct kb_html_builder *b, enum kb_node_kind kind)
{
	struct kb_html_open *top = kb_html_top(b), *t;
	struct kb_node *node, *parent;

	if (top->template > top->table)
		return kb_node_new(b->arena, b->v[top->template].node, kind);
	if (top->table < 0) {
		node = kb_node_new(b->arena, b->v[0].node, kind);
		if (node != NULL)
			node->fostered = true;
		return node;
	}
	t = &b->v[top->table];
	parent = t->node->parent;
	node = kb_node_new(b->arena, NULL, kind);
	if (node == NULL)
		return NULL;
	node->parent = parent;
	node->depth = parent->depth + 1;
	node->fostered = true;
	node->next = t->node;
	if (t->before != NULL)
		t->before->next = node;
	else
		parent->first = node;
	t->before = node;
	return node;
}

struct kb_node *
kb_html_attach(struct kb_html_builder *b, enum kb_node_kind kind,
    size_t start, size_t end)
{
	struct kb_html_open *top = kb_html_top(b);
	struct kb_node *node;

	if (b->foster && (top->flags & KB_HF_FOSTER))
		node = foster_new(b, kind);
	else
		node = kb_node_new(b->arena, top->node, kind);
	if (node == NULL)
		return NULL;
	node->start = start;
	node->end = end;
	node->line = line_of(b, start);
	return node;
}

/* ---- pushing and popping ---- */

static uint32_t
hash(struct kb_str s)
{
	uint32_t h = 2166136261u;	/* FNV-1a, of the lower case */
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		c |= c >= 'A' && c <= 'Z' ? 0x20 : 0;
		h = (h ^ c) * 16777619u;
	}
	return h ^ h >> 16;
}

static uint16_t
key_of(enum kb_html_tag tag, struct kb_str name, bool foreign)
{
	uint32_t bucket;

	if (!foreign && tag != KB_TAG_UNKNOWN)
		return (uint16_t)tag;
	bucket = hash(name) % KB_HTML_BUCKETS;
	return (uint16_t)(KB_TAG_N + bucket + (foreign ? KB_HTML_BUCKETS : 0));
}

static uint8_t
mode_of(enum kb_html_tag tag, uint8_t inherited)
{
	switch (tag) {
	case KB_TAG_HTML:
		return KB_MODE_BEFORE_HEAD;
	case KB_TAG_HEAD:
		return KB_MODE_IN_HEAD;
	case KB_TAG_NOSCRIPT:
		return inherited == KB_MODE_IN_HEAD ? KB_MODE_NOSCRIPT :
		    inherited;
	case KB_TAG_BODY:
		return KB_MODE_BODY;
	case KB_TAG_TABLE:
		return KB_MODE_TABLE;
	case KB_TAG_CAPTION:
		return KB_MODE_CAPTION;
	case KB_TAG_COLGROUP:
		return KB_MODE_COLGROUP;
	case KB_TAG_TBODY:
	case KB_TAG_THEAD:
	case KB_TAG_TFOOT:
		return KB_MODE_TBODY;
	case KB_TAG_TR:
		return KB_MODE_ROW;
	case KB_TAG_TD:
	case KB_TAG_TH:
		return KB_MODE_CELL;
	case KB_TAG_SELECT:
		return KB_MODE_SELECT;
	case KB_TAG_TEMPLATE:
		return KB_MODE_TEMPLATE;
	case KB_TAG_FRAMESET:
		return KB_MODE_FRAMESET;
	default:
		return inherited;
	}
}

static void
set_bounds(struct kb_html_open *e, int32_t at)
{
	e->html = at;
	if (e->flags & KB_HF_SPECIAL)
		e->special = at;
	if ((e->flags & KB_HF_SPECIAL) && e->tag != KB_TAG_ADDRESS &&
	    e->tag != KB_TAG_DIV && e->tag != KB_TAG_P)
		e->item = at;
	if (e->flags & KB_HF_SCOPE)
		e->scope = e->list = e->button = at;
	if (e->tag == KB_TAG_OL || e->tag == KB_TAG_UL)
		e->list = at;
	if (e->tag == KB_TAG_BUTTON)
		e->button = at;
	if (e->tag == KB_TAG_HTML || e->tag == KB_TAG_TABLE ||
	    e->tag == KB_TAG_TEMPLATE)
		e->table_scope = at;
	if (e->flags & KB_HF_MARKER)
		e->marker = at;
	if (e->tag == KB_TAG_TABLE)
		e->table = at;
	if (e->tag == KB_TAG_TEMPLATE)
		e->template = at;
	if (e->tag >= KB_TAG_H1 && e->tag <= KB_TAG_H6)
		e->heading = at;
}

static bool
html_encoding(const struct kb_node *node)
{
	struct kb_str v = kb_node_attr(node, KB_STR("encoding"), NULL);

	return kb_str_caseeq(v, KB_STR("text/html")) ||
	    kb_str_caseeq(v, KB_STR("application/xhtml+xml"));
}

static void
set_foreign_bounds(struct kb_html_open *e, int32_t at)
{
	bool svg = e->ns == KB_NS_SVG;

	e->html_point = svg ? e->tag == KB_TAG_FOREIGNOBJECT ||
	    e->tag == KB_TAG_DESC || e->tag == KB_TAG_TITLE :
	    e->tag == KB_TAG_ANNOTATION_XML && html_encoding(e->node);
	e->text_point = !svg && (e->tag == KB_TAG_MI ||
	    e->tag == KB_TAG_MN || e->tag == KB_TAG_MO ||
	    e->tag == KB_TAG_MS || e->tag == KB_TAG_MTEXT);
	if (e->html_point || e->text_point || (!svg &&
	    e->tag == KB_TAG_ANNOTATION_XML))
		e->special = e->item = e->scope = e->list = e->button = at;
}

static bool
grow(struct kb_html_builder *b)
{
	int32_t size = b->size == 0 ? 64 : b->size * 2;
	struct kb_html_open *v;

	if (b->n < b->size)
		return true;
	/* At most KB_HTML_MAX_DEPTH entries and a few: no overflow. */
	v = realloc(b->v, (size_t)size * sizeof(*v));
	if (v == NULL) {
		b->nomem = true;
		return false;
	}
	b->v = v;
	b->size = size;
	return true;
}

struct kb_html_open *
kb_html_push(struct kb_html_builder *b, struct kb_node *node,
    enum kb_html_tag tag, enum kb_html_ns ns)
{
	static const struct kb_html_open none = {
		.prev = -1, .scope = -1, .list = -1, .button = -1,
		.table_scope = -1, .special = -1, .item = -1, .marker = -1,
		.table = -1, .template = -1, .heading = -1, .html = -1,
		.mode = KB_MODE_BODY
	};
	struct kb_html_open *e;

	if (!grow(b))
		return NULL;
	e = &b->v[b->n];
	*e = b->n > 0 ? b->v[b->n - 1] : none;
	e->node = node;
	e->before = NULL;
	e->tag = (uint16_t)tag;
	e->ns = (uint8_t)ns;
	e->html_point = e->text_point = e->made = e->dead = false;
	e->flags = ns == KB_NS_HTML ? kb_html_tags[tag].flags : 0;
	e->key = key_of(tag, node->name, ns != KB_NS_HTML);
	if (ns == KB_NS_HTML) {
		e->mode = mode_of(tag, e->mode);
		set_bounds(e, b->n);
	} else {
		set_foreign_bounds(e, b->n);
	}
	e->prev = b->last[e->key];
	b->last[e->key] = b->n++;
	node->end = OPEN;
	return e;
}

/*
 * A formatting element that was taken off the stack alone ends no earlier
 * than what stayed open inside of it.
 */
static void
set_end(struct kb_node *node, size_t end)
{
	struct kb_node *p;

	node->end = end;
	for (p = node->parent; p != NULL && p->end < end &&
	    p->start < p->end; p = p->parent)
		p->end = end;
}

static void
drop(struct kb_html_builder *b)
{
	struct kb_html_open *e = kb_html_top(b);

	if (!e->dead)
		b->last[e->key] = e->prev;
	b->n--;
}

void
kb_html_pop(struct kb_html_builder *b, size_t end)
{
	struct kb_html_open *e = kb_html_top(b);

	if (b->n <= b->base)
		return;
	set_end(e->node, e->made ? e->node->start : end);
	do {
		drop(b);
	} while (b->n > b->base && kb_html_top(b)->dead);
}

void
kb_html_close(struct kb_html_builder *b, int32_t at, size_t end)
{
	if (at < b->base)
		return;
	while (b->n > at + 1)
		kb_html_pop(b, b->tok.start);
	kb_html_pop(b, end);
}

void
kb_html_remove(struct kb_html_builder *b, int32_t at, size_t end)
{
	struct kb_html_open *e = &b->v[at];

	if (at == b->n - 1) {
		kb_html_pop(b, end);
		return;
	}
	if (at < b->base || e->dead || b->last[e->key] != at)
		return;
	e->dead = true;
	b->last[e->key] = e->prev;
	set_end(e->node, end);
}

/* ---- searching ---- */

int32_t
kb_html_in(struct kb_html_builder *b, enum kb_html_tag tag, int32_t bound)
{
	int32_t at = b->last[tag];

	return at >= bound ? at : -1;
}

int32_t
kb_html_find(struct kb_html_builder *b, const struct kb_html_token *tok,
    bool foreign, int32_t bound)
{
	int32_t at = b->last[key_of(tok->tag, tok->name, foreign)];
	int probes;

	for (probes = 0; at >= 0 && at >= bound && probes < PROBES; probes++) {
		if (kb_str_caseeq(b->v[at].node->name, tok->name))
			return at;
		at = b->v[at].prev;
	}
	return -1;
}

/* ---- inserting ---- */

static void
keep_depth(struct kb_html_builder *b)
{
	if (kb_html_top(b)->node->depth < KB_HTML_MAX_DEPTH &&
	    b->n < KB_HTML_MAX_DEPTH)
		return;
	if (b->deep++ == 0)
		b->deep_line = line_of(b, b->tok.start);
	kb_html_pop(b, b->tok.start);
}

static struct kb_html_open *
open_element(struct kb_html_builder *b, enum kb_html_tag tag,
    enum kb_html_ns ns, struct kb_str name, struct kb_attr *attrs)
{
	struct kb_html_open *e;
	struct kb_node *node, *before;

	keep_depth(b);
	before = kb_html_top(b)->node->last;
	node = kb_html_attach(b, KB_NODE_ELEMENT, b->tok.start, b->tok.end);
	if (node == NULL)
		return NULL;
	node->name = name;
	node->attrs = attrs;
	e = kb_html_push(b, node, tag, ns);
	if (e != NULL)
		e->before = before;
	return e;
}

struct kb_html_open *
kb_html_open_token(struct kb_html_builder *b)
{
	return open_element(b, b->tok.tag, KB_NS_HTML, b->tok.name,
	    b->tok.attrs);
}

struct kb_html_open *
kb_html_open_made(struct kb_html_builder *b, enum kb_html_tag tag)
{
	struct kb_html_open *e = open_element(b, tag, KB_NS_HTML,
	    kb_html_tag_name(tag), NULL);

	if (e != NULL)
		e->made = true;
	return e;
}

void
kb_html_open_foreign(struct kb_html_builder *b, enum kb_html_ns ns)
{
	struct kb_html_open *e = open_element(b, b->tok.tag, ns,
	    b->tok.name, b->tok.attrs);

	if (e != NULL)
		e->node->foreign = true;
	if (b->tok.self_closing)
		kb_html_pop(b, b->tok.end);
}

void
kb_html_void(struct kb_html_builder *b)
{
	if (kb_html_open_token(b) != NULL)
		kb_html_pop(b, b->tok.end);
}

void
kb_html_open_raw(struct kb_html_builder *b, enum kb_html_state state)
{
	struct kb_html_open *e = kb_html_open_token(b);

	if (e != NULL)
		e->mode = KB_MODE_TEXT;
	kb_html_tokenizer_raw(&b->tk, state, b->tok.tag);
}

void
kb_html_text(struct kb_html_builder *b)
{
	struct kb_node *node;

	if (b->tok.text.n == 0)
		return;
	node = kb_html_attach(b, KB_NODE_TEXT, b->tok.start, b->tok.end);
	if (node == NULL)
		return;
	node->text = b->tok.text;
	if (b->tok.cdata)
		node->name = KB_STR("#cdata");
}

void
kb_html_comment(struct kb_html_builder *b, struct kb_node *parent)
{
	struct kb_node *node;

	if (!b->opts->comments)
		return;
	node = parent != NULL ?
	    kb_node_new(b->arena, parent, KB_NODE_COMMENT) :
	    kb_html_attach(b, KB_NODE_COMMENT, b->tok.start, b->tok.end);
	if (node == NULL)
		return;
	node->text = b->tok.text;
	node->start = b->tok.start;
	node->end = b->tok.end;
	node->line = line_of(b, b->tok.start);
}

bool
kb_html_blank(struct kb_str s)
{
	size_t i;

	for (i = 0; i < s.n && kb_html_space(s.p[i]); i++)
		;
	return i == s.n;
}

bool
kb_html_cut_space(struct kb_html_builder *b, bool insert)
{
	struct kb_html_token *tok = &b->tok, rest = *tok;
	size_t k = 0;

	while (k < tok->text.n && kb_html_space(tok->text.p[k]))
		k++;
	if (k == 0)
		return tok->text.n == 0;
	rest.text.p += k;
	rest.text.n -= k;
	/* Only a slice of the input has white space and something else. */
	rest.start = rest.text.n > 0 ? tok->start + k : tok->end;
	tok->text.n = k;
	tok->end = rest.start;
	if (insert)
		kb_html_text(b);
	*tok = rest;
	return rest.text.n == 0;
}

void
kb_html_implied(struct kb_html_builder *b, enum kb_html_tag except)
{
	while (b->n > b->base && (kb_html_top(b)->flags & KB_HF_IMPLIED) &&
	    kb_html_top(b)->tag != except)
		kb_html_pop(b, b->tok.start);
}

void
kb_html_merge(struct kb_html_builder *b, struct kb_node *node)
{
	struct kb_attr *a, *next, **end;
	size_t n;

	if (node == NULL)
		return;
	for (a = b->tok.attrs; a != NULL; a = next) {
		next = a->next;
		n = 0;
		for (end = &node->attrs; *end != NULL; end = &(*end)->next) {
			if (kb_str_eq((*end)->name, a->name))
				break;
			n++;
		}
		if (*end != NULL || n >= KB_HTML_MAX_ATTRS)
			continue;
		a->next = NULL;
		*end = a;
	}
	b->tok.attrs = NULL;
}
