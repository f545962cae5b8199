/*
 * page: a self-contained HTML page: foreign text made harmless, links only
 * where they lead to the web, and a policy under which nothing but the page's
 * own style and script is ever loaded or run.  Used by report_html.c.
 */
#ifndef KB_INDEXER_PAGE_H
#define KB_INDEXER_PAGE_H

#include "buf.h"
#include "kb/str.h"

/* Foreign text, for elements and for attributes in double quotes. */
void	kb_page_text(struct kb_buf *out, struct kb_str text);

/* ' name="text"' */
void	kb_page_attr(struct kb_buf *out, const char *name,
	    struct kb_str text);

/* The text, as a link if "url" is one that is safe to follow. */
void	kb_page_link(struct kb_buf *out, struct kb_str url,
	    struct kb_str text);

/*
 * Everything up to and with <body>.  Style and script are ours, and are
 * allowed by their hash.
 */
void	kb_page_begin(struct kb_buf *out, const char *title,
	    const char *style, const char *script);
void	kb_page_end(struct kb_buf *out, const char *script);

#endif /* KB_INDEXER_PAGE_H */
