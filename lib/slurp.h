/*
 * slurp: a small file of our own (configuration, tables, manifests) as a
 * whole.  Foreign articles go through input.h instead.
 */
#ifndef KB_LIB_SLURP_H
#define KB_LIB_SLURP_H

#include "buf.h"

/* Appended to "out".  KB_IO with the path; KB_LIMIT over "cap" bytes. */
enum kb_status	kb_slurp(const char *path, size_t cap, struct kb_buf *out,
		    struct kb_err *err);

#endif /* KB_LIB_SLURP_H */
