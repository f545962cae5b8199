/*
 * htmlmeta: what an HTML page says about itself: <meta> by the table of
 * names, JSON-LD, <time>, <link rel=canonical>, lang, title, and what
 * Confluence's HTML export says in its own places.
 */
#ifndef KB_INDEXER_HTMLMETA_H
#define KB_INDEXER_HTMLMETA_H

#include "profile.h"
#include "record.h"
#include "tree.h"

/* What the body shall not repeat; each may be NULL. */
struct kb_html_told {
	const struct kb_node	*title;		/* the heading that is the
						   title */
	const struct kb_node	*properties;	/* a table that says nothing
						   but metadata */
};

/*
 * Fill the record's values from a parsed document.  "main" is the element of
 * the main content, "path" the file's.  Sets rec->format ("html" or
 * "confluence-html").  A page that an export makes to list its pages is
 * dropped: it is no article.
 */
void	kb_html_meta(struct kb_record *rec, const struct kb_node *root,
	    const struct kb_node *main, struct kb_str path,
	    const struct kb_profiles *profiles, struct kb_html_told *told);

#endif /* KB_INDEXER_HTMLMETA_H */
