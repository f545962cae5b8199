/*
 * html_raw: the ends of raw text and script data in HTML.  Contract:
 * html_token.h.
 */
#include "html_token.h"

/* True if p[at] begins with "word", in any case, and a tag name's end. */
static bool
names(const char *p, size_t n, size_t at, struct kb_str word)
{
	char c;

	if (at > n || n - at <= word.n ||
	    !kb_str_caseeq(kb_str(p + at, word.n), word))
		return false;
	c = p[at + word.n];
	return kb_html_space(c) || c == '/' || c == '>';
}

static bool
is_end_tag(const char *p, size_t n, size_t at, struct kb_str name)
{
	return at + 1 < n && p[at + 1] == '/' && names(p, n, at + 2, name);
}

size_t
kb_html_raw_end(const char *p, size_t n, size_t at, struct kb_str name)
{
	const char *q;

	while (at < n && (q = memchr(p + at, '<', n - at)) != NULL) {
		at = (size_t)(q - p);
		if (is_end_tag(p, n, at, name))
			return at;
		at++;
	}
	return n;
}

static bool
at_text(const char *p, size_t n, size_t at, struct kb_str text)
{
	return n - at >= text.n && memcmp(p + at, text.p, text.n) == 0;
}

size_t
kb_html_script_end(const char *p, size_t n, size_t at)
{
	const struct kb_str script = KB_STR("script");
	enum { PLAIN, ESCAPED, DOUBLE } state = PLAIN;

	while (at < n) {
		if (p[at] == '<') {
			bool end = is_end_tag(p, n, at, script);

			if (end && state != DOUBLE)
				return at;
			if (end)
				state = ESCAPED;
			else if (state == PLAIN &&
			    at_text(p, n, at, KB_STR("<!--"))) {
				state = ESCAPED;
				/* Its dashes may also begin "-->". */
				at++;
			} else if (state == ESCAPED &&
			    names(p, n, at + 1, script))
				state = DOUBLE;
		} else if (p[at] == '-' && state != PLAIN &&
		    at_text(p, n, at, KB_STR("-->"))) {
			state = PLAIN;
		}
		at++;
	}
	return n;
}
