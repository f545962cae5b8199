#include "linemap.h"

void
kb_linemap_locate(struct kb_str text, uint64_t offset, uint32_t *line,
    uint32_t *col)
{
	size_t end = offset < text.n ? (size_t)offset : text.n;
	size_t i, from = 0;
	uint32_t n = 1;

	for (i = 0; i < end; i++) {
		if (text.p[i] != '\n' && (text.p[i] != '\r' ||
		    (i + 1 < text.n && text.p[i + 1] == '\n')))
			continue;
		n++;
		from = i + 1;
	}
	*line = n;
	*col = end - from < UINT32_MAX ? (uint32_t)(end - from) + 1 :
	    UINT32_MAX;
}
