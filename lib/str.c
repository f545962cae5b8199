#include "kb/str.h"

int
kb_str_cmp(struct kb_str a, struct kb_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

static unsigned char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) :
	    (unsigned char)c;
}

bool
kb_str_caseeq(struct kb_str a, struct kb_str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool
kb_str_has_prefix(struct kb_str s, struct kb_str prefix)
{
	return s.n >= prefix.n &&
	    kb_str_eq(kb_str(s.p, prefix.n), prefix);
}

bool
kb_str_has_suffix(struct kb_str s, struct kb_str suffix)
{
	return s.n >= suffix.n &&
	    kb_str_eq(kb_str(s.p + (s.n - suffix.n), suffix.n), suffix);
}

static size_t
space_at_start(struct kb_str s)
{
	if (s.n >= 1 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
		return 1;
	if (s.n >= 2 && memcmp(s.p, "\xc2\xa0", 2) == 0)
		return 2;
	return 0;
}

static size_t
space_at_end(struct kb_str s)
{
	char c = s.n > 0 ? s.p[s.n - 1] : 'x';

	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	if (s.n >= 2 && memcmp(s.p + s.n - 2, "\xc2\xa0", 2) == 0)
		return 2;
	return 0;
}

struct kb_str
kb_str_trim(struct kb_str s)
{
	size_t k;

	while ((k = space_at_start(s)) > 0)
		s = kb_str(s.p + k, s.n - k);
	while ((k = space_at_end(s)) > 0)
		s.n -= k;
	return s;
}

size_t
kb_str_find(struct kb_str s, struct kb_str needle, size_t from)
{
	const char *hit;

	if (from > s.n || needle.n > s.n - from)
		return (size_t)-1;
	if (needle.n == 0)
		return from;
	hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
	return hit != NULL ? (size_t)(hit - s.p) : (size_t)-1;
}

bool
kb_str_split(struct kb_str *rest, char sep, struct kb_str *part)
{
	const char *hit;

	if (rest->p == NULL)
		return false;
	hit = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	if (hit == NULL) {
		*part = *rest;
		*rest = kb_str(NULL, 0);
		return true;
	}
	*part = kb_str(rest->p, (size_t)(hit - rest->p));
	*rest = kb_str(hit + 1, rest->n - part->n - 1);
	return true;
}

bool
kb_str_glob(struct kb_str pattern, struct kb_str s)
{
	size_t i = 0, j = 0, star = (size_t)-1, mark = 0;

	while (j < s.n) {
		if (i < pattern.n && pattern.p[i] == '*') {
			star = i++;
			mark = j;
		} else if (i < pattern.n && (pattern.p[i] == '?' ||
		    pattern.p[i] == s.p[j])) {
			i++;
			j++;
		} else if (star != (size_t)-1) {
			i = star + 1;
			j = ++mark;
		} else {
			return false;
		}
	}
	while (i < pattern.n && pattern.p[i] == '*')
		i++;
	return i == pattern.n;
}
