/*
 * index: a published index, opened for reading.  The first thing to include
 * when you embed libkb:
 *
 *	struct kb_err err;
 *	struct kb_index *index;
 *
 *	if (kb_index_open(&index, "support.kb", NULL, &err) != KB_OK)
 *		puts(err.msg);
 *
 * An index handle is for one thread at a time; open one a thread.  Opening
 * costs well under a millisecond.
 */
#ifndef KB_INDEX_H
#define KB_INDEX_H

#include "kb/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kb_index;

/*
 * Open the published generation of "view" (NULL: "all") in the folder
 * "path".  On success *out is the caller's, to release with
 * kb_index_close().  Errors: KB_NOTFOUND there is none, KB_VERSION another
 * format, KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_index_open(struct kb_index **out, const char *path,
		    const char *view, struct kb_err *err);
void		kb_index_close(struct kb_index *index);	/* NULL is fine */

/* 16 hexadecimal digits; borrowed. */
const char	*kb_index_generation(const struct kb_index *index);
const char	*kb_index_view(const struct kb_index *index);

#ifdef __cplusplus
}
#endif

#endif /* KB_INDEX_H */
