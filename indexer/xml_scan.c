/*
 * xml_scan: tags, references and sections of XML with their places.
 * Contract: xml_impl.h.
 */
#include "xml_impl.h"

#define TEXT_RUN	((size_t)64 * 1024)

void
kb_xml_mark_pass(struct kb_xml_mark *mark, struct kb_str bytes)
{
	const char *p = bytes.p, *nl;
	size_t left = bytes.n;

	while (left > 0 && (nl = memchr(p, '\n', left)) != NULL) {
		left -= (size_t)(nl + 1 - p);
		p = nl + 1;
		if (mark->line < UINT32_MAX)
			mark->line++;
		mark->line_start = mark->off + (uint64_t)(p - bytes.p);
	}
	mark->off += bytes.n;
}

uint32_t
kb_xml_mark_col(const struct kb_xml_mark *mark)
{
	uint64_t col = mark->off - mark->line_start + 1;

	return col < UINT32_MAX ? (uint32_t)col : UINT32_MAX;
}

static bool
space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct kb_xml_token
token(enum kb_xml_kind kind, size_t n)
{
	struct kb_xml_token t = { .kind = kind, .n = n };

	return t;
}

static struct kb_xml_token
incomplete(struct kb_str s, bool eof)
{
	return eof ? token(KB_XML_BAD, s.n) : token(KB_XML_MORE, 0);
}

/* Without a last character, reference or CR that may go on. */
static size_t
text_floor(struct kb_str s)
{
	static const unsigned char lead[] = { 0xc0, 0xe0, 0xf0 };
	size_t n = s.n, i, longest = 256;
	unsigned char c;

	for (i = 1; i <= 3 && i <= n; i++) {
		c = (unsigned char)s.p[n - i];
		if (c >= lead[i - 1]) {
			n -= i;
			break;
		}
		if (c < 0x80)
			break;
	}
	for (i = n; i > 0 && n - i < longest; i--) {
		if (s.p[i - 1] == ';')
			break;
		if (s.p[i - 1] == '&') {
			n = i - 1;
			break;
		}
	}
	if (n > 0 && s.p[n - 1] == '\r')
		n--;
	return n > 0 ? n : s.n;
}

static struct kb_xml_token
scan_text(struct kb_str s, bool eof)
{
	const char *lt = memchr(s.p, '<', s.n);

	if (lt != NULL)
		return token(KB_XML_TEXT, (size_t)(lt - s.p));
	if (eof)
		return token(KB_XML_TEXT, s.n);
	if (s.n < TEXT_RUN)
		return token(KB_XML_MORE, 0);
	return token(KB_XML_TEXT, text_floor(s));
}

/* "open" is already there. */
static struct kb_xml_token
scan_until(struct kb_str s, size_t open, struct kb_str close,
    enum kb_xml_kind kind, bool eof)
{
	struct kb_xml_token t;
	const char *p;
	size_t at;

	p = memmem(s.p + open, s.n - open, close.p, close.n);
	if (p == NULL)
		return incomplete(s, eof);
	at = (size_t)(p - s.p);
	t = token(kind, at + close.n);
	t.body = kb_str(s.p + open, at - open);
	return t;
}

/* Behind the quote, comment or instruction at "at", or s.n. */
static size_t
doctype_item(struct kb_str s, size_t at)
{
	struct kb_str rest = kb_str(s.p + at, s.n - at), close;
	size_t open = 1, found;

	if (kb_str_has_prefix(rest, KB_STR("<!--"))) {
		close = KB_STR("-->");
		open = 4;
	} else if (kb_str_has_prefix(rest, KB_STR("<?"))) {
		close = KB_STR("?>");
		open = 2;
	} else if (rest.p[0] == '"' || rest.p[0] == '\'') {
		close = kb_str(rest.p, 1);
	} else {
		return at + 1;
	}
	found = kb_str_find(rest, close, open);
	return found == (size_t)-1 ? s.n : at + found + close.n;
}

static struct kb_xml_token
scan_doctype(struct kb_str s, bool eof)
{
	bool inside = false;
	size_t i = 9;

	while (i < s.n) {
		if (s.p[i] == '[')
			inside = true;
		else if (s.p[i] == ']')
			inside = false;
		else if (s.p[i] == '>' && !inside)
			return token(KB_XML_OTHER, i + 1);
		i = doctype_item(s, i);
	}
	return incomplete(s, eof);
}

static size_t
name_end(struct kb_str s, size_t at)
{
	while (at < s.n && !space(s.p[at]) &&
	    memchr("<>/='\"&", s.p[at], 7) == NULL)
		at++;
	return at;
}

static struct kb_xml_token
scan_end(struct kb_str s, bool eof)
{
	struct kb_xml_token t;
	size_t name = name_end(s, 2), i = name;

	while (i < s.n && s.p[i] != '>' && s.p[i] != '<')
		i++;
	if (i == s.n)
		return incomplete(s, eof);
	if (s.p[i] == '<' || name == 2)
		return token(KB_XML_BAD, i);
	t = token(KB_XML_END, i + 1);
	t.body = kb_str(s.p + 2, name - 2);
	return t;
}

/* A '<' is never part of a tag, so one tag cannot swallow the next. */
static struct kb_xml_token
scan_start(struct kb_str s, bool eof)
{
	size_t name = name_end(s, 1), i;
	struct kb_xml_token t;
	char quote = 0;

	for (i = name; i < s.n && s.p[i] != '<'; i++) {
		char c = s.p[i];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			break;
	}
	if (i == s.n)
		return incomplete(s, eof);
	if (s.p[i] == '<' || name == 1)
		return token(KB_XML_BAD, i);
	t = token(KB_XML_START, i + 1);
	t.empty = s.p[i - 1] == '/';
	t.body = kb_str(s.p + 1, name - 1);
	return t;
}

struct kb_xml_token
kb_xml_scan(struct kb_str s, bool eof)
{
	static const struct kb_str cdata = { "<![CDATA[", 9 };

	if (s.p[0] != '<')
		return scan_text(s, eof);
	if (s.n < cdata.n && !eof)
		return token(KB_XML_MORE, 0);
	if (s.n < 2)
		return token(KB_XML_BAD, 1);
	if (s.p[1] == '/')
		return scan_end(s, eof);
	if (s.p[1] == '?')
		return scan_until(s, 2, KB_STR("?>"), KB_XML_OTHER, eof);
	if (s.p[1] != '!')
		return scan_start(s, eof);
	if (kb_str_has_prefix(s, KB_STR("<!--")))
		return scan_until(s, 4, KB_STR("-->"), KB_XML_OTHER, eof);
	if (kb_str_has_prefix(s, cdata))
		return scan_until(s, 9, KB_STR("]]>"), KB_XML_CDATA, eof);
	if (kb_str_has_prefix(s, KB_STR("<!DOCTYPE")))
		return scan_doctype(s, eof);
	return token(KB_XML_BAD, 2);
}

bool
kb_xml_next_attr(struct kb_str tag, size_t *at, struct kb_str *name,
    struct kb_str *value)
{
	size_t i = *at > 0 ? *at : name_end(tag, 1), from;
	const char *close;

	while (i < tag.n && space(tag.p[i]))
		i++;
	from = i;
	i = name_end(tag, i);
	*name = kb_str(tag.p + from, i - from);
	while (i < tag.n && (space(tag.p[i]) || tag.p[i] == '='))
		i++;
	if (name->n == 0 || i >= tag.n ||
	    (tag.p[i] != '"' && tag.p[i] != '\''))
		return false;
	close = memchr(tag.p + i + 1, tag.p[i], tag.n - i - 1);
	if (close == NULL)
		return false;
	*value = kb_str(tag.p + i + 1, (size_t)(close - tag.p) - i - 1);
	*at = (size_t)(close + 1 - tag.p);
	return true;
}
