#include "visible.h"

#include <stdint.h>

/* How far up an element's surroundings are looked at: depth is hostile. */
#define MAX_UP	256

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
next_word(struct kb_str *rest, struct kb_str *word)
{
	size_t i = 0, from;

	while (i < rest->n && is_space(rest->p[i]))
		i++;
	from = i;
	while (i < rest->n && !is_space(rest->p[i]))
		i++;
	*word = kb_str(rest->p + from, i - from);
	*rest = kb_str(rest->p + i, rest->n - i);
	return word->n > 0;
}

bool
kb_node_has_word(const struct kb_node *node, struct kb_str name,
    struct kb_str word)
{
	struct kb_str v = kb_node_attr(node, name, NULL), w;

	while (next_word(&v, &w))
		if (kb_str_caseeq(w, word))
			return true;
	return false;
}

static bool
any_word(struct kb_str value, const struct kb_str *words)
{
	const struct kb_str *k;
	struct kb_str w;

	while (next_word(&value, &w))
		for (k = words; k->n > 0; k++)
			if (w.n == k->n && kb_str_caseeq(w, *k))
				return true;
	return false;
}

#define W(lit)	{ (lit), sizeof(lit) - 1 }
#define W_END	{ NULL, 0 }

static bool
has_any_word(const struct kb_node *node, struct kb_str name,
    const struct kb_str *words)
{
	return any_word(kb_node_attr(node, name, NULL), words);
}

/* ---- hidden ---- */

/*
 * LibreOffice's help holds the wordings for all systems and programs, hidden;
 * its script shows one.  "default" is the one for all that have none of
 * their own; where it is missing the first one must do.
 */
static bool
shown_by_script(const struct kb_node *e, struct kb_str hidden)
{
	static const struct kb_str words[] = {
		W("switch"), W("switchinline"), W_END
	};
	const struct kb_node *n, *choice = NULL;
	int most = 32;

	if (!kb_str_eq(hidden, KB_STR("true")) || e->parent == NULL ||
	    !has_any_word(e->parent, KB_STR("class"), words))
		return false;
	for (n = e->parent->first; n != NULL && most > 0; n = n->next) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		most--;
		if (choice == NULL)
			choice = n;
		if (kb_str_has_prefix(kb_node_attr(n, KB_STR("id"), NULL),
		    KB_STR("default")))
			choice = n;
	}
	return e == choice;
}

/* Text for those who hear a page, by the words that style sheets use. */
static bool
is_for_readers(struct kb_str classes)
{
	static const struct kb_str words[] = {
		W("sr-only"), W("visually-hidden"), W("visuallyhidden"),
		W("screen-reader-text"), W("screen-reader-only"),
		W("assistive"), W("cdk-visually-hidden"),
		W("element-invisible"), W_END
	};

	return any_word(classes, words);
}

enum kb_hiding
kb_html_hiding(const struct kb_node *e)
{
	enum kb_hiding h = KB_HIDING_NONE;
	const struct kb_attr *a;

	for (a = e->attrs; a != NULL && h == KB_HIDING_NONE; a = a->next) {
		if (kb_str_eq(a->name, KB_STR("hidden")) &&
		    !kb_str_caseeq(a->value, KB_STR("until-found")) &&
		    !shown_by_script(e, a->value))
			h = KB_HIDING_ATTRIBUTE;
		else if (kb_str_eq(a->name, KB_STR("aria-hidden")) &&
		    kb_str_caseeq(a->value, KB_STR("true")))
			h = KB_HIDING_ARIA;
		else if (kb_str_eq(a->name, KB_STR("style")))
			h = kb_style_hides(e, a->value);
		else if (kb_str_eq(a->name, KB_STR("class")) &&
		    is_for_readers(a->value))
			h = KB_HIDING_READER;
	}
	return h;
}

bool
kb_html_hidden(const struct kb_node *e)
{
	return e->attrs != NULL && kb_html_hiding(e) != KB_HIDING_NONE;
}

/* ---- furniture ---- */

bool
kb_html_in_article(const struct kb_node *e)
{
	int up;

	for (up = 0; e != NULL && up < MAX_UP; e = e->parent, up++)
		if ((!e->foreign && (kb_str_eq(e->name, KB_STR("main")) ||
		    kb_str_eq(e->name, KB_STR("article")))) ||
		    (e->attrs != NULL && kb_node_has_word(e, KB_STR("role"),
		    KB_STR("main"))))
			return true;
	return false;
}

/* True if the element's class or id has one of the words. */
static bool
is_called(const struct kb_node *e, const struct kb_str *words)
{
	const struct kb_attr *a;

	for (a = e->attrs; a != NULL; a = a->next)
		if ((kb_str_eq(a->name, KB_STR("class")) ||
		    kb_str_eq(a->name, KB_STR("id"))) &&
		    any_word(a->value, words))
			return true;
	return false;
}

bool
kb_html_chrome(const struct kb_node *e)
{
	static const struct kb_str roles[] = {
		W("navigation"), W("banner"), W("contentinfo"),
		W("complementary"), W("search"), W("menu"), W("menubar"),
		W("toolbar"), W_END
	};
	static const struct kb_str words[] = {
		W("navheader"), W("navfooter"), W("navbar"), W("breadcrumb"),
		W("breadcrumbs"), W("breadcrumb-section"), W("sidebar"),
		W("site-header"), W("site-footer"), W("page-metadata"),
		W("sphinxsidebar"), W("skip-link"), W("cookie-banner"),
		W("headerlink"), W("mw-editsection"), W("printfooter"),
		W("catlinks"), W("DonationFrame"), W_END
	};

	if (e->attrs != NULL && (has_any_word(e, KB_STR("role"), roles) ||
	    is_called(e, words)))
		return true;
	if (kb_str_eq(e->name, KB_STR("nav")) ||
	    kb_str_eq(e->name, KB_STR("menu")) ||
	    kb_str_eq(e->name, KB_STR("dialog")))
		return true;
	if (!kb_str_eq(e->name, KB_STR("header")) &&
	    !kb_str_eq(e->name, KB_STR("footer")) &&
	    !kb_str_eq(e->name, KB_STR("aside")))
		return false;
	return !kb_html_in_article(e);
}

bool
kb_html_links_only(const struct kb_node *e)
{
	static const struct kb_str words[] = {
		W("toc"), W("toc-macro"), W("table-of-contents"),
		W("relatedtopics"), W("related-topics"), W("related-links"),
		W("related-articles"), W("relatedlinks"), W_END
	};

	return e->attrs != NULL && is_called(e, words);
}

bool
kb_html_note(const struct kb_node *e)
{
	static const struct kb_str words[] = {
		W("note"), W("tip"), W("warning"), W("caution"),
		W("important"), W("danger"), W("admonition"),
		W("admonitionblock"), W("callout"), W("alert"),
		W("confluence-information-macro"), W_END
	};
	static const struct kb_str roles[] = { W("note"), W_END };

	return e->attrs != NULL && (has_any_word(e, KB_STR("class"), words) ||
	    has_any_word(e, KB_STR("role"), roles));
}

/* ---- the main content ---- */

/* The aim of a "skip to content" link has such an id too, and is empty. */
static bool
is_container(const struct kb_node *n)
{
	return n->first != NULL && (kb_str_eq(n->name, KB_STR("div")) ||
	    kb_str_eq(n->name, KB_STR("section")) ||
	    kb_str_eq(n->name, KB_STR("article")) ||
	    kb_str_eq(n->name, KB_STR("td")));
}

/* How sure an element's markup is that it holds the main content; 0: no. */
static int
main_rank(const struct kb_node *n)
{
	static const struct kb_str ids[] = {
		W("main-content"), W("maincontent"), W("mw-content-text"),
		W("bodyContent"), W("DisplayArea"), W_END
	};
	int rank = 0;

	if (n->foreign)
		return 0;
	if (kb_str_eq(n->name, KB_STR("main")) || (n->attrs != NULL &&
	    kb_node_has_word(n, KB_STR("role"), KB_STR("main"))))
		rank = 3;
	else if (n->attrs != NULL && is_container(n) &&
	    has_any_word(n, KB_STR("id"), ids))
		rank = 2;
	else if (kb_str_eq(n->name, KB_STR("article")))
		rank = 1;
	return rank > 0 && kb_html_hidden(n) ? 0 : rank;
}

static bool
is_below(const struct kb_node *n, const struct kb_node *top)
{
	int up;

	for (up = 0; n != NULL && n != top && up < MAX_UP; up++)
		n = n->parent;
	return n == top;
}

struct kb_node *
kb_html_main(struct kb_node *root)
{
	struct kb_node *n, *body = root, *best = NULL;
	int rank = 0, articles = 0, r;

	for (n = root; n != NULL; n = kb_node_next(n, root)) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		if (body == root && kb_str_eq(n->name, KB_STR("body")))
			body = n;
		r = main_rank(n);
		articles += r == 1;
		/* A wiki's own container is inside its <main>: the inner. */
		if (r > rank || (rank == 3 && r == 2 && is_below(n, best)))
			best = n;
		if (r > rank)
			rank = r;
	}
	if (rank == 1 && articles != 1)
		best = NULL;
	return best != NULL ? best : body;
}
