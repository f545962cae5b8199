/*
 * str: text as a slice by value.  A slice borrows its bytes; it need not end
 * in NUL, and it may hold any byte.  Used by everything.
 */
#ifndef KB_STR_H
#define KB_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct kb_str {
	const char	*p;	/* may be NULL when n is 0 */
	size_t		 n;	/* bytes */
};

/* A slice of a string literal. */
#define KB_STR(lit)	((struct kb_str){ (lit), sizeof(lit) - 1 })

/* For printf's "%.*s": two arguments. */
#define KB_FMT(s)	(int)(s).n, (s).n ? (s).p : ""

static inline struct kb_str
kb_str(const char *p, size_t n)
{
	struct kb_str s = { p, n };
	return s;
}

/* NULL gives the empty slice. */
static inline struct kb_str
kb_str_c(const char *cstr)
{
	return kb_str(cstr, cstr != NULL ? strlen(cstr) : 0);
}

static inline bool
kb_str_eq(struct kb_str a, struct kb_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Bytewise order, the shorter first where one is the other's beginning. */
int		kb_str_cmp(struct kb_str a, struct kb_str b);

/* Equal but for the case of ASCII letters. */
bool		kb_str_caseeq(struct kb_str a, struct kb_str b);

bool		kb_str_has_prefix(struct kb_str s, struct kb_str prefix);
bool		kb_str_has_suffix(struct kb_str s, struct kb_str suffix);

/* Without ASCII white space (and U+00A0) at both ends. */
struct kb_str	kb_str_trim(struct kb_str s);

/* Offset of the first "needle" at or after "from", or (size_t)-1. */
size_t		kb_str_find(struct kb_str s, struct kb_str needle,
		    size_t from);

/*
 * Cut the part before the next "sep" off "*rest" into "*part"; false when
 * "*rest" was used up before (its p is then NULL).
 */
bool		kb_str_split(struct kb_str *rest, char sep,
		    struct kb_str *part);

/* "pattern" with '*' for any bytes and '?' for one; the whole must match. */
bool		kb_str_glob(struct kb_str pattern, struct kb_str s);

#ifdef __cplusplus
}
#endif

#endif /* KB_STR_H */
