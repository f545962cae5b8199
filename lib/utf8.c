#include "utf8.h"

size_t
kb_utf8_next(struct kb_str s, size_t at, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	size_t left = s.n - at, need, i;
	unsigned char lo = 0x80, hi = 0xbf;
	uint32_t c;

	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	*cp = UINT32_MAX;
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		need = 1;
		c = p[0] & 0x1f;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		need = 2;
		c = p[0] & 0x0f;
		lo = p[0] == 0xe0 ? 0xa0 : 0x80;
		hi = p[0] == 0xed ? 0x9f : 0xbf;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		need = 3;
		c = p[0] & 0x07;
		lo = p[0] == 0xf0 ? 0x90 : 0x80;
		hi = p[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 1;
	}
	for (i = 1; i <= need; i++) {
		if (i >= left || p[i] < lo || p[i] > hi)
			return i;
		c = c << 6 | (p[i] & 0x3f);
		lo = 0x80;
		hi = 0xbf;
	}
	*cp = c;
	return need + 1;
}

size_t
kb_utf8_valid(struct kb_str s)
{
	size_t i = 0, k;
	uint32_t cp;

	while (i < s.n) {
		if ((unsigned char)s.p[i] < 0x80) {
			i++;
			continue;
		}
		k = kb_utf8_next(s, i, &cp);
		if (cp == UINT32_MAX)
			return i;
		i += k;
	}
	return s.n;
}

size_t
kb_utf8_floor(struct kb_str s, size_t n)
{
	size_t i;

	if (n >= s.n)
		return s.n;
	for (i = 0; i < 3 && n > 0 &&
	    ((unsigned char)s.p[n] & 0xc0) == 0x80; i++)
		n--;
	return n;
}

size_t
kb_utf8_space(struct kb_str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p + i;
	size_t left = s.n - i;

	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	if (*p < 0xc2)
		return 0;
	if (left >= 2 && p[0] == 0xc2 && p[1] == 0xa0)
		return 2;
	if (left < 3)
		return 0;
	/* U+2000 to U+200A, U+2028, U+2029, U+202F */
	if (p[0] == 0xe2 && p[1] == 0x80 && (p[2] <= 0x8a ||
	    p[2] == 0xa8 || p[2] == 0xa9 || p[2] == 0xaf))
		return 3;
	if (memcmp(p, "\xe2\x81\x9f", 3) == 0 ||	/* U+205F */
	    memcmp(p, "\xe3\x80\x80", 3) == 0 ||	/* U+3000 */
	    memcmp(p, "\xe1\x9a\x80", 3) == 0)		/* U+1680 */
		return 3;
	return 0;
}
