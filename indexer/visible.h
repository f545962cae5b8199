/*
 * visible: which elements of an HTML page are its article.  Does a person see
 * this element at all, is it page furniture rather than content, a list of
 * links to elsewhere, a note set apart from the text.  All are answered from
 * the element alone (its name, attributes and the names around it), so that a
 * passage can be read again without its page.
 */
#ifndef KB_INDEXER_VISIBLE_H
#define KB_INDEXER_VISIBLE_H

#include <stdbool.h>

#include "hidden_style.h"
#include "tree.h"

/*
 * Why nobody sees it: hidden (but not hidden=until-found, which a search
 * opens), aria-hidden, an inline style (hidden_style.h), or a class that
 * shows it to screen readers alone: what only they read is a help with the
 * page rather than its text.
 */
enum kb_hiding	kb_html_hiding(const struct kb_node *element);
bool	kb_html_hidden(const struct kb_node *element);

/*
 * Navigation, banners, side bars, page footers: by ARIA role, by class or id
 * words that generators use for nothing else, by element name where no
 * <main> or <article> is around it.
 */
bool	kb_html_chrome(const struct kb_node *element);

/*
 * Tables of contents and "related topics", by the class and id words of
 * known generators: the links count, the text is that of other places.
 */
bool	kb_html_links_only(const struct kb_node *element);

/* A box beside the text: a heading in it heads nothing but the box. */
bool	kb_html_note(const struct kb_node *element);

/* True if <main>, role=main or <article> is around the element or is it. */
bool	kb_html_in_article(const struct kb_node *element);

/*
 * The element that holds the main content: <main>, role=main, what known
 * generators call it, a lone <article>, else <body> (or "root" itself).
 */
struct kb_node	*kb_html_main(struct kb_node *root);

/* True if one of the words of attribute "name" is "word". */
bool	kb_node_has_word(const struct kb_node *node, struct kb_str name,
	    struct kb_str word);

#endif /* KB_INDEXER_VISIBLE_H */
