#include "wikitext_impl.h"

#include <stdlib.h>

#include "blocks.h"
#include "html_token.h"

/* ---- open elements ---- */

static bool
holds_lines(const struct kb_wiki *w, enum kb_wiki_kind kind)
{
	enum kb_role role;

	switch (kind) {
	case KB_WIKI_ROOT:
	case KB_WIKI_TABLE:
	case KB_WIKI_ROW:
	case KB_WIKI_CELL:
	case KB_WIKI_CAPTION:
	case KB_WIKI_BLOCK:
		return true;
	case KB_WIKI_ARG:
		role = kb_dialect_role(w->opts->dialect,
		    w->open[w->depth - 1].node->name, kb_str("", 0));
		return role != KB_ROLE_INLINE && role != KB_ROLE_KEYS &&
		    role != KB_ROLE_MENU && role != KB_ROLE_LINK;
	default:
		return false;
	}
}

bool
kb_wiki_push(struct kb_wiki *w, enum kb_wiki_kind kind, struct kb_str name)
{
	struct kb_wiki_open *o;
	struct kb_node *node;
	bool scope;

	if (w->depth == KB_WIKITEXT_DEPTH)
		return false;
	scope = holds_lines(w, kind);
	node = kb_node_new(w->arena, kb_wiki_top(w)->node, KB_NODE_ELEMENT);
	if (node == NULL) {
		w->failed = true;
		return false;
	}
	node->name = name;
	node->start = node->end = w->opts->base + w->at;
	o = &w->open[w->depth++];
	*o = (struct kb_wiki_open){ node, kind, scope };
	return true;
}

void
kb_wiki_pop(struct kb_wiki *w, size_t depth)
{
	while (w->depth > depth && w->depth > 1) {
		w->depth--;
		w->open[w->depth].node->end = w->opts->base + w->at;
	}
}

size_t
kb_wiki_scope(const struct kb_wiki *w)
{
	size_t i = w->depth - 1;

	while (i > 0 && !w->open[i].scope)
		i--;
	return i;
}

size_t
kb_wiki_find(const struct kb_wiki *w, unsigned kinds, unsigned stop)
{
	for (size_t i = w->depth - 1; i > 0; i--) {
		if (kinds & KB_WIKI_BIT(w->open[i].kind))
			return i;
		if (stop & KB_WIKI_BIT(w->open[i].kind))
			return 0;
	}
	return 0;
}

void
kb_wiki_attr(struct kb_wiki *w, struct kb_node *node, struct kb_str name,
    struct kb_str value)
{
	struct kb_attr *a = kb_arena_alloc(w->arena, sizeof(*a));

	if (a == NULL) {
		w->failed = true;
		return;
	}
	a->name = name;
	a->value = value;
	a->next = node->attrs;
	node->attrs = a;
}

struct kb_str
kb_wiki_name(struct kb_wiki *w, const char *prefix, struct kb_str s)
{
	struct kb_buf buf = { 0 };
	struct kb_str out;

	s = kb_str_trim(s);
	kb_buf_addc(&buf, prefix);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		kb_buf_addch(&buf, c == ' ' ? '_' : c);
	}
	w->failed |= buf.failed;
	out = kb_arena_copy(w->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

/* ---- text ---- */

static void
add_text(struct kb_wiki *w, struct kb_str text, size_t from, size_t to)
{
	struct kb_node *n = kb_node_new(w->arena, kb_wiki_top(w)->node,
	    KB_NODE_TEXT);

	if (n == NULL) {
		w->failed = true;
		return;
	}
	n->text = text;
	n->start = w->opts->base + from;
	n->end = w->opts->base + to;
}

void
kb_wiki_text(struct kb_wiki *w, size_t from, size_t to)
{
	struct kb_node *last = kb_wiki_top(w)->node->last;

	if (from >= to)
		return;
	if (last != NULL && last->kind == KB_NODE_TEXT &&
	    last->text.p + last->text.n == w->p + from) {
		last->text.n += to - from;
		last->end += to - from;
		return;
	}
	add_text(w, kb_str(w->p + from, to - from), from, to);
}

void
kb_wiki_whole(struct kb_wiki *w, struct kb_str text, size_t from, size_t to)
{
	add_text(w, text, from, to);
}

void
kb_wiki_refs(struct kb_wiki *w, size_t from, size_t to)
{
	struct kb_html_ref ref;
	size_t begun = from, n;

	while (from < to) {
		n = w->p[from] != '&' ? 0 : kb_html_ref_decode(w->p, to,
		    from, false, &ref);
		if (n == 0) {
			from++;
			continue;
		}
		kb_wiki_text(w, begun, from);
		add_text(w, kb_arena_copy(w->arena, ref.value), from,
		    from + n);
		from += n;
		begun = from;
	}
	kb_wiki_text(w, begun, to);
}

/* Text of a cell's or a caption's first line stands in it directly. */
void
kb_wiki_begin_text(struct kb_wiki *w)
{
	const struct kb_wiki_open *top = kb_wiki_top(w);

	if (!top->scope || top->kind == KB_WIKI_CELL ||
	    top->kind == KB_WIKI_CAPTION)
		return;
	kb_wiki_push(w, KB_WIKI_P, KB_STR("p"));
}

void
kb_wiki_begin_block(struct kb_wiki *w)
{
	size_t i = kb_wiki_scope(w);

	while (i + 1 < w->depth && (w->open[i + 1].kind == KB_WIKI_LIST ||
	    w->open[i + 1].kind == KB_WIKI_ITEM))
		i++;
	kb_wiki_pop(w, i + 1);
}

/* ---- contexts ---- */

static const struct {
	const char		*name;
	enum kb_wiki_kind	 kind;
} kinds[] = {
	{ "p", KB_WIKI_P }, { "indent", KB_WIKI_INDENT },
	{ "h1", KB_WIKI_HEADING }, { "h2", KB_WIKI_HEADING },
	{ "h3", KB_WIKI_HEADING }, { "h4", KB_WIKI_HEADING },
	{ "h5", KB_WIKI_HEADING }, { "h6", KB_WIKI_HEADING },
	{ "list", KB_WIKI_LIST }, { "steps", KB_WIKI_LIST },
	{ "dlist", KB_WIKI_LIST }, { "item", KB_WIKI_ITEM },
	{ "term", KB_WIKI_ITEM }, { "def", KB_WIKI_ITEM },
	{ "wikitable", KB_WIKI_TABLE }, { "wikirow", KB_WIKI_ROW },
	{ "cell", KB_WIKI_CELL },
	{ "figcaption", KB_WIKI_FIGURE }, { "imagealt", KB_WIKI_FIGURE },
	{ "alt", KB_WIKI_FIGURE }, { "figalt", KB_WIKI_FIGURE },
	{ "named", KB_WIKI_ARG },
	{ "link", KB_WIKI_LINK }, { "weblink", KB_WIKI_WEBLINK },
	{ "url", KB_WIKI_URL }, { "target", KB_WIKI_URL },
	{ "b", KB_WIKI_STYLE },
	{ "i", KB_WIKI_STYLE },
};

static enum kb_wiki_kind
kind_of(const struct kb_wiki *w, struct kb_str name)
{
	enum kb_wiki_kind parent = w->open[w->depth - 1].kind;
	bool cell = kb_str_eq(name, KB_STR("td")) ||
	    kb_str_eq(name, KB_STR("th"));

	if (parent == KB_WIKI_ROW && cell)
		return KB_WIKI_CELL;
	if (parent == KB_WIKI_TABLE && kb_str_eq(name, KB_STR("caption")))
		return KB_WIKI_CAPTION;
	/* Before its first bar a template holds what any element does. */
	if (parent == KB_WIKI_TEMPLATE && (kb_str_has_prefix(name,
	    KB_STR("arg")) || kb_str_eq(name, KB_STR("named"))))
		return KB_WIKI_ARG;
	if (kb_str_has_prefix(name, KB_STR("template:")))
		return KB_WIKI_TEMPLATE;
	if (kb_str_has_prefix(name, KB_STR("link:")))
		return KB_WIKI_FILE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kb_str_eq(name, kb_str_c(kinds[i].name)))
			return kinds[i].kind;
	if (kb_wiki_is_raw(name))
		return KB_WIKI_RAW;
	return kb_wiki_is_block(name) ? KB_WIKI_BLOCK : KB_WIKI_TAG;
}

static void
set_count(struct kb_wiki *w, struct kb_str count)
{
	struct kb_node *list = kb_wiki_top(w)->node;
	struct kb_str style = KB_STR("1");

	count = kb_arena_copy(w->arena, count);
	if (count.n > 1 && count.p[count.n - 1] == '-') {
		count.n--;
		kb_wiki_attr(w, list, KB_STR("reversed"), kb_str("", 0));
	}
	if (count.n > 1 && kb_html_alpha(count.p[count.n - 1]))
		style = kb_str(count.p + --count.n, 1);
	kb_wiki_attr(w, list, KB_STR("type"), style);
	kb_wiki_attr(w, list, KB_STR("start"), count);
}

/* These elements begin before the fragment does. */
static void
open_context(struct kb_wiki *w)
{
	struct kb_str rest = w->opts->context, name, count;

	while (kb_str_split(&rest, ' ', &name)) {
		count = kb_context_count(&name);
		name = kb_arena_copy(w->arena, name);
		if (name.n == 0 || !kb_wiki_push(w, kind_of(w, name), name))
			break;
		kb_wiki_top(w)->node->start = 0;
		if (count.n > 0)
			set_count(w, count);
	}
}

/* ---- all of it ---- */

static bool
begin(struct kb_wiki *w)
{
	struct kb_node *root = kb_node_new(w->arena, NULL, KB_NODE_ELEMENT);

	if (root == NULL)
		return false;
	root->name = KB_STR("#document");
	root->start = w->opts->base;
	root->end = w->opts->base + w->n;
	w->open[0] = (struct kb_wiki_open){ root, KB_WIKI_ROOT, true };
	w->depth = 1;
	w->bol = !w->opts->fragment;
	if (w->opts->fragment)
		open_context(w);
	if (w->opts->fragment)
		kb_wiki_begin_inside(w);
	if (kb_wiki_top(w)->kind == KB_WIKI_RAW)
		kb_wiki_raw(w);
	kb_wiki_match_braces(w, w->at);
	return !w->failed;
}

enum kb_status
kb_wikitext_parse(struct kb_node **root, struct kb_str text,
    const struct kb_wikitext_opts *opts, struct kb_wikitext_told *told,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_wiki *w = calloc(1, sizeof(*w));
	struct kb_node *top;
	bool good;

	if (w == NULL)
		return kb_err_nomem(err);
	w->p = text.p;
	w->n = text.n;
	w->opts = opts;
	w->told = told;
	w->arena = arena;
	good = begin(w);
	top = w->open[0].node;
	while (good && w->at < w->n && !w->failed && !arena->failed) {
		if (w->bol)
			kb_wiki_line(w);
		else
			kb_wiki_inline(w);
	}
	kb_wiki_pop(w, 1);
	good = good && !w->failed && !arena->failed;
	free(w->match);
	free(w);
	if (!good)
		return kb_err_nomem(err);
	*root = top;
	return KB_OK;
}
