/* WHATWG HTML 13.2.3.2, "prescan a byte stream to determine its encoding". */
#include "encoding_label.h"

#define PRESCAN	1024

struct scan {
	const char	*p;
	size_t		 n, at;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void
skip_space(struct scan *s)
{
	while (s->at < s->n && is_space(s->p[s->at]))
		s->at++;
}

static bool
looking_at(const struct scan *s, struct kb_str word)
{
	return s->n - s->at >= word.n &&
	    kb_str_caseeq(kb_str(s->p + s->at, word.n), word);
}

/* The name at s->at; leaves s->at behind it. */
static struct kb_str
attr_name(struct scan *s)
{
	size_t from = s->at;
	char c;

	for (; s->at < s->n; s->at++) {
		c = s->p[s->at];
		if ((c == '=' && s->at > from) || is_space(c) || c == '/' ||
		    c == '>')
			break;
	}
	return kb_str(s->p + from, s->at - from);
}

static struct kb_str
attr_value(struct scan *s)
{
	size_t from;
	char quote = 0, c;

	skip_space(s);
	if (s->at < s->n && (s->p[s->at] == '"' || s->p[s->at] == '\''))
		quote = s->p[s->at++];
	for (from = s->at; s->at < s->n; s->at++) {
		c = s->p[s->at];
		if (quote != 0 ? c == quote : is_space(c) || c == '>')
			break;
	}
	if (quote != 0 && s->at < s->n) {
		s->at++;
		return kb_str(s->p + from, s->at - 1 - from);
	}
	return kb_str(s->p + from, s->at - from);
}

/* False at the tag's end or the end of the bytes. */
static bool
next_attr(struct scan *s, struct kb_str *name, struct kb_str *value)
{
	size_t behind;

	while (s->at < s->n && (is_space(s->p[s->at]) ||
	    s->p[s->at] == '/'))
		s->at++;
	if (s->at >= s->n || s->p[s->at] == '>')
		return false;
	*name = attr_name(s);
	*value = kb_str("", 0);
	behind = s->at;
	skip_space(s);
	if (s->at < s->n && s->p[s->at] == '=') {
		s->at++;
		*value = attr_value(s);
	} else {
		s->at = behind;
	}
	/* What the prescan's end cuts may be a part of a longer name. */
	return s->at < s->n;
}

/* "text/html; charset=utf-8": the label, or the empty slice. */
static struct kb_str
charset_of(struct kb_str content)
{
	const struct kb_str word = KB_STR("charset");
	struct scan s = { content.p, content.n, 0 };
	size_t from;
	char quote;

	for (; s.at < s.n; s.at++) {
		if (!looking_at(&s, word))
			continue;
		from = s.at;
		s.at += word.n;
		skip_space(&s);
		if (s.at < s.n && s.p[s.at] == '=')
			break;
		s.at = from;
	}
	if (s.at++ >= s.n)
		return kb_str("", 0);
	skip_space(&s);
	quote = s.at < s.n ? s.p[s.at] : 0;
	if (quote == '"' || quote == '\'') {
		for (from = ++s.at; s.at < s.n && s.p[s.at] != quote; s.at++)
			;
		return s.at < s.n ? kb_str(s.p + from, s.at - from) :
		    kb_str("", 0);
	}
	for (from = s.at; s.at < s.n && !is_space(s.p[s.at]) &&
	    s.p[s.at] != ';'; s.at++)
		;
	return kb_str(s.p + from, s.at - from);
}

#define SEEN_EQUIV	1
#define SEEN_CONTENT	2
#define SEEN_CHARSET	4

/* The attributes of one <meta>: the first of each name counts. */
static const struct kb_encoding *
read_meta(struct scan *s)
{
	const struct kb_encoding *e = NULL, *by_content;
	bool pragma = false, need_pragma = false;
	struct kb_str name, value;
	unsigned seen = 0;

	while (next_attr(s, &name, &value)) {
		if (kb_str_caseeq(name, KB_STR("http-equiv"))) {
			if (!(seen & SEEN_EQUIV))
				pragma = kb_str_caseeq(value,
				    KB_STR("content-type"));
			seen |= SEEN_EQUIV;
		} else if (kb_str_caseeq(name, KB_STR("content"))) {
			by_content = seen & SEEN_CONTENT ? NULL :
			    kb_encoding_find(charset_of(value));
			seen |= SEEN_CONTENT;
			if (by_content == NULL || seen & SEEN_CHARSET)
				continue;
			e = by_content;
			need_pragma = true;
		} else if (kb_str_caseeq(name, KB_STR("charset"))) {
			if (!(seen & SEEN_CHARSET)) {
				e = kb_encoding_find(value);
				need_pragma = false;
			}
			seen |= SEEN_CHARSET;
		}
	}
	return need_pragma && !pragma ? NULL : e;
}

static void
skip_to(struct scan *s, char c)
{
	while (s->at < s->n && s->p[s->at] != c)
		s->at++;
}

static void
skip_tag(struct scan *s)
{
	struct kb_str name, value;

	while (s->at < s->n && !is_space(s->p[s->at]) && s->p[s->at] != '>')
		s->at++;
	while (next_attr(s, &name, &value))
		;
}

static const struct kb_encoding *
by_meta(struct kb_str head)
{
	const struct kb_encoding *e;
	struct scan s = { head.p, head.n, 0 };
	size_t end;

	for (skip_to(&s, '<'); s.at + 1 < s.n; skip_to(&s, '<')) {
		char c = s.p[s.at + 1];

		if (looking_at(&s, KB_STR("<!--"))) {
			end = kb_str_find(head, KB_STR("-->"), s.at + 2);
			s.at = end == (size_t)-1 ? s.n : end + 3;
		} else if (looking_at(&s, KB_STR("<meta")) && s.n - s.at > 5 &&
		    (is_space(s.p[s.at + 5]) || s.p[s.at + 5] == '/')) {
			s.at += 5;
			e = read_meta(&s);
			if (e != NULL)
				return e;
		} else if (is_alpha(c) || (c == '/' && s.n - s.at > 2 &&
		    is_alpha(s.p[s.at + 2]))) {
			skip_tag(&s);
		} else if (c == '!' || c == '/' || c == '?') {
			skip_to(&s, '>');
		} else {
			s.at++;
		}
	}
	return NULL;
}

static const struct kb_encoding *
by_declaration(struct kb_str head)
{
	size_t end = kb_str_find(head, KB_STR(">"), 0), at;
	struct scan s;
	char quote;

	if (!kb_str_has_prefix(head, KB_STR("<?xml")) || end == (size_t)-1)
		return NULL;
	head.n = end;
	at = kb_str_find(head, KB_STR("encoding"), 5);
	if (at == (size_t)-1)
		return NULL;
	s = (struct scan){ head.p, head.n, at + 8 };
	skip_space(&s);
	if (s.at >= s.n || s.p[s.at++] != '=')
		return NULL;
	skip_space(&s);
	quote = s.at < s.n ? s.p[s.at++] : 0;
	if (quote != '"' && quote != '\'')
		return NULL;
	at = s.at;
	skip_to(&s, quote);
	return s.at < s.n ? kb_encoding_find(kb_str(s.p + at, s.at - at)) :
	    NULL;
}

const struct kb_encoding *
kb_encoding_by_bom(struct kb_str raw, size_t *bom)
{
	*bom = 0;
	if (kb_str_has_prefix(raw, KB_STR("\357\273\277"))) {
		*bom = 3;
		return &kb_encoding_utf8;
	}
	/* UTF-16 that begins with U+0000 would look so, but no text does. */
	if (kb_str_has_prefix(raw, KB_STR("\377\376\0\0"))) {
		*bom = 4;
		return kb_encoding_find(KB_STR("utf-32le"));
	}
	if (kb_str_has_prefix(raw, KB_STR("\0\0\376\377"))) {
		*bom = 4;
		return kb_encoding_find(KB_STR("utf-32be"));
	}
	if (kb_str_has_prefix(raw, KB_STR("\377\376")))
		*bom = 2;
	else if (kb_str_has_prefix(raw, KB_STR("\376\377")))
		*bom = 2;
	else
		return NULL;
	return kb_encoding_find(raw.p[0] == '\377' ? KB_STR("utf-16le") :
	    KB_STR("utf-16be"));
}

const struct kb_encoding *
kb_encoding_declared(struct kb_str raw, enum kb_markup markup)
{
	struct kb_str head = kb_str(raw.p, raw.n < PRESCAN ? raw.n : PRESCAN);
	const struct kb_encoding *e = NULL;

	if (kb_str_has_prefix(raw, KB_STR("<\0\0\0?\0\0\0")))
		return kb_encoding_find(KB_STR("utf-32le"));
	if (kb_str_has_prefix(raw, KB_STR("\0\0\0<\0\0\0?")))
		return kb_encoding_find(KB_STR("utf-32be"));
	if (kb_str_has_prefix(raw, KB_STR("<\0?\0x\0")))
		return kb_encoding_find(KB_STR("utf-16le"));
	if (kb_str_has_prefix(raw, KB_STR("\0<\0?\0x")))
		return kb_encoding_find(KB_STR("utf-16be"));
	if (markup == KB_MARKUP_HTML)
		e = by_meta(head);
	if (e == NULL)
		e = by_declaration(head);
	/* Bytes that could be read as ASCII are no UTF-16 and no UTF-32. */
	if (e != NULL && e->kind >= KB_ENCODING_KIND_UTF16LE &&
	    e->kind <= KB_ENCODING_KIND_UTF32BE)
		e = &kb_encoding_utf8;
	return e;
}

/* ---- wide encodings without a mark ---- */

#define SAMPLE	4096

static uint32_t
unit(const unsigned char *p, unsigned width, bool big)
{
	uint32_t c = 0;
	unsigned i;

	for (i = 0; i < width; i++)
		c = c << 8 | p[big ? i : width - 1 - i];
	return c;
}

static bool
is_text(uint32_t c)
{
	return c >= 0x20 ? c <= 0x10ffff && (c & 0xfffe) != 0xfffe &&
	    c != 0x7f && (c < 0x80 || c >= 0xa0) :
	    c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Units of ASCII among "n" bytes; (size_t)-1 if one of them is no text. */
static size_t
ascii_units(const unsigned char *p, size_t n, unsigned width, bool big)
{
	size_t at, ascii = 0;
	bool high = false;
	uint32_t c;

	for (at = 0; n - at >= width; at += width) {
		c = unit(p + at, width, big);
		if ((width == 2 && (c >= 0xdc00 && c <= 0xdfff) != high) ||
		    (width == 4 && c >= 0xd800 && c <= 0xdfff) ||
		    !is_text(c))
			return (size_t)-1;
		high = width == 2 && c >= 0xd800 && c <= 0xdbff;
		ascii += c < 0x80;
	}
	return ascii;
}

const struct kb_encoding *
kb_encoding_unmarked(struct kb_str raw)
{
	const unsigned char *p = (const unsigned char *)raw.p;
	size_t n = raw.n < SAMPLE ? raw.n : SAMPLE, le, be;

	if (n < 4 || memchr(p, '\0', n) == NULL)
		return NULL;
	if (n >= 8 && ascii_units(p, n, 4, false) != (size_t)-1)
		return kb_encoding_find(KB_STR("utf-32le"));
	if (n >= 8 && ascii_units(p, n, 4, true) != (size_t)-1)
		return kb_encoding_find(KB_STR("utf-32be"));
	le = ascii_units(p, n, 2, false);
	be = ascii_units(p, n, 2, true);
	le = le == (size_t)-1 || le < (p[1] == '\0' ? n / 32 : n / 8) ? 0 : le;
	be = be == (size_t)-1 || be < (p[0] == '\0' ? n / 32 : n / 8) ? 0 : be;
	if (le == 0 && be == 0)
		return NULL;
	return kb_encoding_find(be > le ? KB_STR("utf-16be") :
	    KB_STR("utf-16le"));
}
