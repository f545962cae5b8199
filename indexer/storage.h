/*
 * storage: Confluence's storage format, which is XHTML with macros, links and
 * more in elements of its own (ac:*, ri:*), as its XML export and its API
 * carry it.  The dialect "storage" (profiles/confluence.conf) says what the
 * elements mean.  Used by extract.c and, to read spans again, by span.c.
 */
#ifndef KB_INDEXER_STORAGE_H
#define KB_INDEXER_STORAGE_H

#include "kb/status.h"
#include "profile.h"
#include "record.h"
#include "tree.h"

/*
 * Parse a body, or any piece of one, tolerantly; "#fragment" is the root.
 *   Macros are told apart by the name of the element: ac:structured-macro
 * becomes ac:structured-macro.code, so that a dialect, and the context of a
 * span, can name it; a macro's title becomes ac:parameter.title, what a
 * status says ac:parameter.text.  A link gets an href: "title:Page" or
 * "title://SPACE/Page" (see links.c), or the address.  What has no text but
 * shows some gets a text node that stands for the whole tag: a page's title
 * in a link without text, a date, an image's description.
 *   A CDATA section ends at "]] >" as well where markup follows: the export
 * writes "]]>" like that.
 *   "span" says that the piece is a passage's, see kb_xml_storage().
 */
enum kb_status	kb_storage_parse(struct kb_node **root, struct kb_str text,
		    bool span, struct kb_arena *arena, struct kb_err *err);

/*
 * The table of page properties of a body into the record: its rows with
 * labels that are known, where a field has no value yet.  Returns the table
 * where it says nothing else, so that it is not repeated; else NULL.
 * "user" names people whom a cell mentions by key; may be NULL.
 */
const struct kb_node *kb_storage_properties(struct kb_record *rec,
		    const struct kb_node *root,
		    const struct kb_profiles *profiles,
		    const struct kb_relate *relate,
		    const struct kb_expr *user);

#endif /* KB_INDEXER_STORAGE_H */
