/*
 * declared: what a file's own entities stand for, as the beginning of a
 * context, "&app=Mail%20App &dash=-- page p": so that bytes with a reference
 * to them can be read alone.  Blocks gather them, segment unites those of a
 * passage's blocks, span reads with them.
 *
 * A list is such words, separated by spaces.  In what an entity stands for
 * '%', white space and control characters are written as %XX.
 */
#ifndef KB_INDEXER_DECLARED_H
#define KB_INDEXER_DECLARED_H

#include "buf.h"
#include "kb/str.h"

#define KB_DECLARED_MAX	2048	/* bytes of a list; what would make it longer
				   is left out of it */

/* Unless it is in the list. */
void		kb_declared_add(struct kb_buf *list, struct kb_str name,
		    struct kb_str text);

/* What a context begins with; it is cut off "*context". */
struct kb_str	kb_declared_cut(struct kb_str *context);

/* The words of one list that another does not have. */
void		kb_declared_merge(struct kb_buf *list, struct kb_str other);

/*
 * The next of "*list"; "text" is overwritten.  False behind the last.  A list
 * may come from an index: what is malformed is passed on as it is.
 */
bool		kb_declared_next(struct kb_str *list, struct kb_str *name,
		    struct kb_buf *text);

#endif /* KB_INDEXER_DECLARED_H */
