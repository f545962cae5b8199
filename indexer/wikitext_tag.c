/*
 * wikitext_tag: comments, HTML's elements as far as wikitext allows them,
 * and the elements of extensions.  Contract: wikitext_impl.h.
 */
#include "wikitext_impl.h"

#include "html_token.h"

#define MAX_TAG	4096

/* What may be written as a tag; all other "<" are text. */
static const char *const blocks[] = {
	"blockquote", "caption", "center", "dd", "div", "dl", "dt", "gallery",
	"li", "ol", "poem", "table", "tbody", "td", "tfoot", "th", "thead",
	"tr", "ul", "main", NULL
};
static const char *const inlines[] = {
	"abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del",
	"dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "rb", "rp", "rt",
	"rtc", "ruby", "s", "samp", "small", "span", "strike", "strong",
	"sub", "sup", "time", "tt", "u", "var", NULL
};
static const char *const headings[] = {
	"h1", "h2", "h3", "h4", "h5", "h6", NULL
};
static const char *const raws[] = {
	"ce", "chem", "graph", "hiero", "mapframe", "maplink", "math",
	"nowiki", "pre", "score", "source", "syntaxhighlight",
	"syntaxhighlight:inline", "templatedata", "timeline", NULL
};
/* Without a meaning of their own: what is inside counts. */
static const char *const hollow[] = {
	"languages", "noinclude", "onlyinclude", "section", "translate",
	"tvar", "wbr", NULL
};
/* To be left out with what is inside. */
static const char *const gone[] = {
	"categorytree", "dynamicpagelist", "imagemap", "includeonly",
	"indicator", "inputbox", "ref", "references", "templatestyles", NULL
};

static const char *
in_list(const char *const *list, struct kb_str name)
{
	for (; *list != NULL; list++)
		if (kb_str_caseeq(kb_str_c(*list), name))
			return *list;
	return NULL;
}

bool
kb_wiki_is_raw(struct kb_str name)
{
	return in_list(raws, name) != NULL;
}

bool
kb_wiki_is_block(struct kb_str name)
{
	return in_list(blocks, name) != NULL;
}

struct kb_str
kb_wiki_tag_name(const struct kb_wiki *w, size_t at)
{
	size_t n = 0;

	while (at + n < w->n && n < 32 && (kb_html_alpha(w->p[at + n]) ||
	    (n > 0 && w->p[at + n] >= '0' && w->p[at + n] <= '9')))
		n++;
	return kb_str(w->p + at, n);
}

size_t
kb_wiki_comment_end(const struct kb_wiki *w, size_t at)
{
	size_t end = kb_str_find(kb_str(w->p, w->n), KB_STR("-->"), at + 4);

	return end == (size_t)-1 ? w->n : end + 3;
}

/* ---- attributes ---- */

static void
read_attrs(struct kb_wiki *w, struct kb_node *node, struct kb_str tag)
{
	struct kb_html_tokenizer tk;
	struct kb_html_token tok;

	kb_html_tokenizer_init(&tk, tag, w->arena);
	kb_html_tokenizer_next(&tk, &tok);
	if (tok.kind == KB_TOKEN_START)
		node->attrs = tok.attrs;
	kb_html_tokenizer_release(&tk);
}

void
kb_wiki_attrs(struct kb_wiki *w, struct kb_node *node, struct kb_str attrs)
{
	size_t templates = kb_str_find(attrs, KB_STR("{{"), 0);

	if (templates != (size_t)-1)
		attrs.n = templates;
	attrs = kb_str_trim(attrs);
	if (attrs.n > 0 && attrs.n < MAX_TAG &&
	    memchr(attrs.p, '>', attrs.n) == NULL)
		read_attrs(w, node, kb_arena_printf(w->arena, "<td %.*s>",
		    KB_FMT(attrs)));
}

/* ---- raw elements ---- */

/*
 * Where "</name" stands behind "from", or n.  That there is none is
 * remembered: else many tags without an end would take time that is not
 * linear.
 */
static size_t
find_end(struct kb_wiki *w, size_t from, const char *name)
{
	struct kb_str s = kb_str_c(name);
	size_t colon = kb_str_find(s, KB_STR(":"), 0), end;

	if (colon != (size_t)-1)
		s.n = colon;
	for (size_t i = 0; i < w->nunclosed; i++)
		if (kb_str_eq(w->unclosed[i], s))
			return w->n;
	end = kb_html_raw_end(w->p, w->n, from, s);
	if (end >= w->n && w->nunclosed < sizeof(w->unclosed) /
	    sizeof(w->unclosed[0]))
		w->unclosed[w->nunclosed++] = s;
	return end;
}

static size_t
behind_tag(const struct kb_wiki *w, size_t at)
{
	const char *gt = memchr(w->p + at, '>', w->n - at);

	return gt != NULL ? (size_t)(gt - w->p) + 1 : w->n;
}

void
kb_wiki_raw(struct kb_wiki *w)
{
	struct kb_str name = kb_wiki_top(w)->node->name;
	const char *known = in_list(raws, name);
	size_t end = find_end(w, w->at, known);

	if (known[0] == 's')
		kb_wiki_text(w, w->at, end);
	else
		kb_wiki_refs(w, w->at, end);
	w->at = end < w->n ? behind_tag(w, end) : w->n;
	kb_wiki_pop(w, w->depth - 1);
}

/* ---- tags ---- */

struct tag {
	struct kb_str	name, whole;
	size_t		end;
	bool		closing, empty;
};

static bool
read_tag(const struct kb_wiki *w, struct tag *t)
{
	size_t at = w->at + 1, max;

	memset(t, 0, sizeof(*t));
	t->closing = at < w->n && w->p[at] == '/';
	at += t->closing;
	t->name = kb_wiki_tag_name(w, at);
	if (t->name.n == 0)
		return false;
	at += t->name.n;
	max = w->n - at < MAX_TAG ? w->n : at + MAX_TAG;
	while (at < max && w->p[at] != '>' && w->p[at] != '<')
		at++;
	if (at == max || w->p[at] != '>')
		return false;
	t->end = at + 1;
	t->empty = w->p[at - 1] == '/';
	t->whole = kb_str(w->p + w->at, t->end - w->at);
	return true;
}

/* The innermost open element of this name that an end tag may end. */
static size_t
find_open(const struct kb_wiki *w, struct kb_str name, bool block)
{
	for (size_t i = w->depth - 1; i > 0; i--) {
		enum kb_wiki_kind kind = w->open[i].kind;

		if (kind == KB_WIKI_CELL || kind == KB_WIKI_ARG ||
		    kind == KB_WIKI_FIGURE || kind == KB_WIKI_CAPTION)
			return 0;
		if (kb_str_caseeq(w->open[i].node->name, name))
			return i;
		if (!block && w->open[i].scope)
			return 0;
	}
	return 0;
}

static void
end_tag(struct kb_wiki *w, const struct tag *t, const char *name, bool block)
{
	size_t at = find_open(w, kb_str_c(name), block);

	w->at = t->end;
	if (at > 0)
		kb_wiki_pop(w, at);
}

/* The elements whose end tag this start tag implies, up to "holder". */
static void
close_implied(struct kb_wiki *w, struct kb_str name)
{
	static const char *const same[][3] = {
		{ "li", "li", "" }, { "dt", "dt", "dd" },
		{ "dd", "dt", "dd" }, { "tr", "tr", "" },
		{ "td", "td", "th" }, { "th", "td", "th" },
	};
	size_t scope = kb_wiki_scope(w);
	struct kb_str open = w->open[scope].node->name;

	if (w->open[scope].kind != KB_WIKI_BLOCK)
		return;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (kb_str_eq(name, kb_str_c(same[i][0])) &&
		    (kb_str_eq(open, kb_str_c(same[i][1])) ||
		    kb_str_eq(open, kb_str_c(same[i][2])))) {
			kb_wiki_pop(w, scope);
			return;
		}
	if (kb_str_eq(name, KB_STR("tr")) && (kb_str_eq(open,
	    KB_STR("td")) || kb_str_eq(open, KB_STR("th"))) && scope > 1) {
		kb_wiki_pop(w, scope);
		close_implied(w, name);
	}
}

static void
block_tag(struct kb_wiki *w, const struct tag *t, const char *name)
{
	struct kb_str s = kb_str_c(name);

	kb_wiki_begin_block(w);
	close_implied(w, s);
	if (!t->empty && kb_wiki_push(w, KB_WIKI_BLOCK, s))
		read_attrs(w, kb_wiki_top(w)->node, t->whole);
	w->at = t->end;
}

static void
inline_tag(struct kb_wiki *w, const struct tag *t, const char *name)
{
	struct kb_str s = kb_str_c(name);
	enum kb_wiki_kind kind = s.n == 1 && (s.p[0] == 'b' ||
	    s.p[0] == 'i') ? KB_WIKI_STYLE : KB_WIKI_TAG;

	kb_wiki_begin_text(w);
	if (!t->empty && kb_wiki_push(w, kind, s))
		read_attrs(w, kb_wiki_top(w)->node, t->whole);
	w->at = t->end;
}

static bool
has_inline(struct kb_str whole)
{
	size_t at = kb_str_find(whole, KB_STR(" inline"), 0);

	return at != (size_t)-1;
}

static void
raw_tag(struct kb_wiki *w, const struct tag *t, const char *name)
{
	bool code = strcmp(name, "source") == 0 ||
	    strcmp(name, "syntaxhighlight") == 0;
	bool in_line = !code && strcmp(name, "pre") != 0;

	if (code && has_inline(t->whole)) {
		in_line = true;
		name = "syntaxhighlight:inline";
	}
	if (in_line)
		kb_wiki_begin_text(w);
	else
		kb_wiki_begin_block(w);
	if (t->empty || !kb_wiki_push(w, KB_WIKI_RAW, kb_str_c(name))) {
		w->at = t->end;
		return;
	}
	w->at = t->end;
	kb_wiki_raw(w);
}

/* br and hr; p, which a blank line ends as well as its end tag does. */
static bool
simple_tag(struct kb_wiki *w, const struct tag *t)
{
	bool p = kb_str_caseeq(t->name, KB_STR("p"));

	if (kb_str_caseeq(t->name, KB_STR("br"))) {
		kb_wiki_begin_text(w);
		if (kb_wiki_push(w, KB_WIKI_TAG, KB_STR("br"))) {
			w->at = t->end;
			kb_wiki_pop(w, w->depth - 1);
		}
	} else if (p || kb_str_caseeq(t->name, KB_STR("hr"))) {
		kb_wiki_pop(w, kb_wiki_scope(w) + 1);
		if (p && !t->closing && !t->empty &&
		    kb_wiki_push(w, KB_WIKI_P, KB_STR("p")))
			read_attrs(w, kb_wiki_top(w)->node, t->whole);
	} else {
		return false;
	}
	w->at = t->end;
	return true;
}

static void
heading_tag(struct kb_wiki *w, const struct tag *t, const char *name)
{
	kb_wiki_pop(w, kb_wiki_scope(w) + 1);
	w->heading_end = 0;
	if (!t->closing && kb_wiki_push(w, KB_WIKI_HEADING,
	    kb_str_c(name))) {
		read_attrs(w, kb_wiki_top(w)->node, t->whole);
		kb_wiki_push(w, KB_WIKI_TAG, KB_WIKI_BY_TAG);
	}
	w->at = t->end;
}

/* A reference's text is at the foot of the page, others are not text. */
static void
gone_tag(struct kb_wiki *w, const struct tag *t, const char *name)
{
	size_t end;

	w->at = t->end;
	if (t->closing || t->empty)
		return;
	end = find_end(w, t->end, name);
	if (end < w->n)
		w->at = behind_tag(w, end);
}

size_t
kb_wiki_gone_end(struct kb_wiki *w, struct kb_str name, size_t from)
{
	const char *known = in_list(gone, name);
	size_t end = known != NULL ? find_end(w, from, known) : w->n;

	return end < w->n ? behind_tag(w, end) : 0;
}

static bool
known_tag(struct kb_wiki *w, const struct tag *t)
{
	const char *name;

	if ((name = in_list(gone, t->name)) != NULL)
		gone_tag(w, t, name);
	else if (in_list(hollow, t->name) != NULL)
		w->at = t->end;
	else if ((name = in_list(headings, t->name)) != NULL)
		heading_tag(w, t, name);
	else if ((name = in_list(raws, t->name)) != NULL && !t->closing)
		raw_tag(w, t, name);
	else if (name != NULL)
		w->at = t->end;
	else if ((name = in_list(blocks, t->name)) != NULL && t->closing)
		end_tag(w, t, name, true);
	else if (name != NULL)
		block_tag(w, t, name);
	else if ((name = in_list(inlines, t->name)) != NULL && t->closing)
		end_tag(w, t, name, false);
	else if (name != NULL)
		inline_tag(w, t, name);
	else
		return false;
	return true;
}

bool
kb_wiki_tag(struct kb_wiki *w)
{
	struct tag t;

	if (kb_wiki_looking_at(w, w->at, "<!--")) {
		w->at = kb_wiki_comment_end(w, w->at);
		return true;
	}
	return read_tag(w, &t) && (simple_tag(w, &t) || known_tag(w, &t));
}
