/*
 * linemap: where an offset stands in a text, as editors count it.  Used for
 * diagnostics and for showing where a finding is.
 */
#ifndef KB_INDEXER_LINEMAP_H
#define KB_INDEXER_LINEMAP_H

#include <stdint.h>

#include "kb/str.h"

/*
 * Line and column of the byte at "offset", both from 1; columns are bytes.
 * An LF, a CR LF or a CR alone ends a line and belongs to it.  An offset
 * past the text counts as its end.
 */
void	kb_linemap_locate(struct kb_str text, uint64_t offset,
	    uint32_t *line, uint32_t *col);

#endif /* KB_INDEXER_LINEMAP_H */
