/*
 * utf8: strict UTF-8 (Unicode 15, table 3-7), one code point at a time.
 */
#ifndef KB_LIB_UTF8_H
#define KB_LIB_UTF8_H

#include <stdint.h>

#include "kb/str.h"

/*
 * Decode the code point at s.p[at], at < s.n.  Returns its length in bytes
 * (1 to 4) and sets *cp; for a malformed sequence returns the length of the
 * maximal subpart (1 to 3) and sets *cp to UINT32_MAX.
 */
size_t	kb_utf8_next(struct kb_str s, size_t at, uint32_t *cp);

/* Offset of the first malformed sequence, or s.n. */
size_t	kb_utf8_valid(struct kb_str s);

/* The largest k <= n such that s.p[0..k) ends between two code points. */
size_t	kb_utf8_floor(struct kb_str s, size_t n);

/*
 * Bytes of white space at s.p[i], i < s.n, else 0: ASCII's, the no-break
 * ones and the typographer's (Unicode's Zs, U+2028, U+2029).
 */
size_t	kb_utf8_space(struct kb_str s, size_t i);

#endif /* KB_LIB_UTF8_H */
