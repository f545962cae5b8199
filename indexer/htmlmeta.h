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

/*
 * The first table below "main", where it is one of page properties: its rows
 * of a known label into the record, unless a field has a value.  Returns it
 * where all of its rows are metadata, else NULL.  "people" gives the text of
 * a cell without any; may be NULL.
 */
const struct kb_node *kb_html_properties(struct kb_record *rec,
		    const struct kb_node *main,
		    const struct kb_profiles *profiles,
		    struct kb_str (*people)(void *arg,
		    const struct kb_node *cell), void *arg);

#endif /* KB_INDEXER_HTMLMETA_H */
