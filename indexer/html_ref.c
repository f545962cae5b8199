/*
 * html_ref: character references of HTML, in text and in attributes.
 */
#include "encoding_table.h"
#include "html.h"
#include "html_token.h"

#define MAX_NAME	31	/* CounterClockwiseContourIntegral */
#define MAX_BARE	6	/* longest that needs no semicolon */

static const struct kb_html_entity_entry *
find(struct kb_str name)
{
	size_t lo = 0, hi = kb_html_nentities;

	if (name.n == 0 || name.n > MAX_NAME)
		return NULL;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct kb_html_entity_entry *e = &kb_html_entities[mid];
		int d = memcmp(name.p, e->name, name.n);

		if (d == 0 && e->name[name.n] == '\0')
			return e;
		if (d <= 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

struct kb_str
kb_html_entity(struct kb_str name)
{
	const struct kb_html_entity_entry *e = find(name);

	return e != NULL ? kb_str_c(e->value) : kb_str("", 0);
}

static bool
is_alnum(char c)
{
	return kb_html_alpha(c) || (c >= '0' && c <= '9');
}

static size_t
named(const char *p, size_t n, size_t at, bool in_attribute,
    struct kb_html_ref *out)
{
	const struct kb_html_entity_entry *e;
	size_t start = at + 1, len = 0, k;

	while (start + len < n && len <= MAX_NAME && is_alnum(p[start + len]))
		len++;
	if (start + len < n && p[start + len] == ';' &&
	    (e = find(kb_str(p + start, len))) != NULL) {
		out->value = kb_str_c(e->value);
		return len + 2;
	}
	for (k = len < MAX_BARE ? len : MAX_BARE; k >= 2; k--) {
		e = find(kb_str(p + start, k));
		if (e != NULL && e->bare)
			break;
	}
	if (k < 2)
		return 0;
	/* For the sake of "?a=1&copy=2". */
	if (in_attribute && start + k < n &&
	    (p[start + k] == '=' || is_alnum(p[start + k])))
		return 0;
	out->value = kb_str_c(e->value);
	return k + 1;
}

static int
digit(char c, bool hex)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct kb_str
encode(char buf[8], uint32_t c)
{
	size_t n = 0;

	if (c < 0x80) {
		buf[n++] = (char)c;
	} else if (c < 0x800) {
		buf[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		buf[n++] = (char)(0xe0 | c >> 12);
		buf[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		buf[n++] = (char)(0xf0 | c >> 18);
		buf[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		buf[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		buf[n++] = (char)(0x80 | (c & 0x3f));
	return kb_str(buf, n);
}

static size_t
numeric(const char *p, size_t n, size_t at, struct kb_html_ref *out)
{
	size_t i = at + 2, first;
	bool hex = i < n && (p[i] | 0x20) == 'x';
	uint32_t c = 0;
	int d;

	i += hex;
	for (first = i; i < n && (d = digit(p[i], hex)) >= 0; i++)
		if (c <= 0x10ffff)
			c = c * (hex ? 16 : 10) + (uint32_t)d;
	if (i == first)
		return 0;
	if (i < n && p[i] == ';')
		i++;
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	else if (c >= 0x80 && c <= 0x9f)
		c = kb_windows_1252[c - 0x80];
	out->value = encode(out->buf, c);
	return i - at;
}

size_t
kb_html_ref_decode(const char *p, size_t n, size_t at, bool in_attribute,
    struct kb_html_ref *out)
{
	if (at + 1 >= n)
		return 0;
	if (p[at + 1] == '#')
		return numeric(p, n, at, out);
	return is_alnum(p[at + 1]) ? named(p, n, at, in_attribute, out) : 0;
}
