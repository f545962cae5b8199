/*
 * span_forms: the same page in other bytes, as exports, servers and careless
 * hands make them: compressed, in other encodings, with other line ends,
 * broken, escaped into a field of XML, or in CDATA sections that are split
 * anywhere.  Included by test_span.c behind span_fixture.h.
 */
#ifndef KB_SPAN_FORMS_H
#define KB_SPAN_FORMS_H

#include <iconv.h>
#include <zlib.h>

#include "utf8.h"

/* Makes *out of a page in UTF-8; false where the form does not fit it. */
struct form {
	const char	*name;
	bool		(*make)(struct kb_buf *out, struct kb_str page);
	bool		 xml;		/* XML can have it, too */
	const char	*path;		/* of what comes out; NULL: as it was */
};

/* ---- compressed ---- */

static bool
form_gzip(struct kb_buf *out, struct kb_str page)
{
	z_stream z = { 0 };
	size_t most = compressBound(page.n) + 64;

	if (!kb_buf_reserve(out, most) || deflateInit2(&z, 6, Z_DEFLATED,
	    15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *)page.p;
	z.avail_in = (uInt)page.n;
	z.next_out = (Bytef *)out->p;
	z.avail_out = (uInt)most;
	deflate(&z, Z_FINISH);
	out->n = most - z.avail_out;
	deflateEnd(&z);
	return true;
}

/* ---- other encodings ---- */

/* The next character in another encoding; false if that has none for it. */
static bool
recode(iconv_t cd, struct kb_buf *out, struct kb_str c)
{
	char buf[32], *in = (char *)c.p, *to = buf;
	size_t left = c.n, room = sizeof(buf);

	if (iconv(cd, &in, &left, &to, &room) != 0)
		return false;
	kb_buf_add(out, kb_str(buf, sizeof(buf) - room));
	return true;
}

static bool
is_xml_page(struct kb_str page)
{
	return kb_str_has_prefix(page, KB_STR("<?xml"));
}

/* Without the XML declaration, to put another one in its place. */
static struct kb_str
behind_declaration(struct kb_str page)
{
	size_t end = kb_str_find(page, KB_STR("?>"), 0);

	if (!is_xml_page(page) || end == (size_t)-1)
		return page;
	return kb_str(page.p + end + 2, page.n - end - 2);
}

static bool
in_encoding(struct kb_buf *out, struct kb_str page, const char *name)
{
	iconv_t cd = iconv_open(name, "UTF-8");
	struct kb_str s = behind_declaration(page);
	bool cdata = kb_str_find(page, KB_STR("<![CDATA["), 0) != (size_t)-1;
	uint32_t cp;

	if (cd == (iconv_t)-1)
		return false;
	if (kb_str_find(page, KB_STR("<html"), 0) == (size_t)-1)
		kb_buf_printf(out, "<?xml version=\"1.0\" encoding=\"%s\"?>",
		    name);
	else
		kb_buf_printf(out, "<meta charset=%s>", name);
	for (size_t i = 0, n; i < s.n; i += n) {
		n = kb_utf8_next(s, i, &cp);
		if (recode(cd, out, kb_str(s.p + i, n)))
			continue;
		if (cdata)
			kb_buf_addch(out, '?');
		else
			kb_buf_printf(out, "&#%u;", (unsigned)cp);
	}
	iconv_close(cd);
	return true;
}

static bool
form_windows(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "windows-1252");
}

static bool
form_latin1(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "iso-8859-1");
}

static bool
in_utf16(struct kb_buf *out, struct kb_str page, const char *name,
    struct kb_str mark)
{
	iconv_t cd = iconv_open(name, "UTF-8");
	struct kb_str s = behind_declaration(page);
	uint32_t cp;

	if (cd == (iconv_t)-1)
		return false;
	kb_buf_add(out, mark);
	for (size_t i = 0, n; i < s.n; i += n) {
		n = kb_utf8_next(s, i, &cp);
		recode(cd, out, kb_str(s.p + i, n));
	}
	iconv_close(cd);
	return true;
}

static bool
form_utf16le(struct kb_buf *out, struct kb_str page)
{
	return in_utf16(out, page, "UTF-16LE", KB_STR("\xff\xfe"));
}

static bool
form_utf16be(struct kb_buf *out, struct kb_str page)
{
	return in_utf16(out, page, "UTF-16BE", KB_STR("\xfe\xff"));
}

/* ---- other line ends ---- */

static bool
line_ends(struct kb_buf *out, struct kb_str page, const char *end)
{
	for (size_t i = 0; i < page.n; i++) {
		if (page.p[i] == '\n')
			kb_buf_addc(out, end);
		else if (page.p[i] != '\r')
			kb_buf_addch(out, page.p[i]);
	}
	return true;
}

static bool
form_crlf(struct kb_buf *out, struct kb_str page)
{
	return line_ends(out, page, "\r\n");
}

static bool
form_cr(struct kb_buf *out, struct kb_str page)
{
	return line_ends(out, page, "\r");
}

/* ---- broken ---- */

/* Every "often"-th tag that begins with "open" is left out. */
static bool
form_unclosed(struct kb_buf *out, struct kb_str page)
{
	for (size_t i = 0; i < page.n; i++) {
		const char *end = memchr(page.p + i, '>', page.n - i);

		if (page.p[i] == '<' && i + 1 < page.n && end != NULL &&
		    page.p[i + 1] == '/' && draw(4) == 0)
			i = (size_t)(end - page.p);
		else
			kb_buf_addch(out, page.p[i]);
	}
	return true;
}

/* Two end tags in a row change places now and then. */
static bool
form_misnested(struct kb_buf *out, struct kb_str page)
{
	struct kb_str last = { NULL, 0 };

	for (size_t i = 0; i < page.n; i++) {
		const char *end = memchr(page.p + i, '>', page.n - i);
		struct kb_str tag;

		if (page.p[i] != '<' || i + 1 >= page.n || end == NULL ||
		    page.p[i + 1] != '/') {
			kb_buf_add(out, last);
			last.n = 0;
			kb_buf_addch(out, page.p[i]);
			continue;
		}
		tag = kb_str(page.p + i, (size_t)(end - page.p) + 1 - i);
		i += tag.n - 1;
		if (last.n > 0 && draw(2) == 0) {
			kb_buf_add(out, tag);
			continue;
		}
		kb_buf_add(out, last);
		last = tag;
	}
	kb_buf_add(out, last);
	return true;
}

static bool
form_dirty(struct kb_buf *out, struct kb_str page)
{
	for (size_t i = 0; i < page.n; i++) {
		kb_buf_addch(out, page.p[i]);
		/* A NUL at the beginning says that it is no text. */
		switch (i < 1024 ? 300 : draw(300)) {
		case 0:
			kb_buf_addch(out, '\0');
			break;
		case 1:
			kb_buf_addch(out, '\xff');
			break;
		case 2:
			kb_buf_addc(out, "\xe2\x82");
			break;
		case 3:
			kb_buf_addc(out, "\xc2\xad");
			break;
		case 4:
			kb_buf_addc(out, "\xe2\x80\x8b");
			break;
		case 5:
			kb_buf_addc(out, "\xcc\x81");
			break;
		}
	}
	return true;
}

/* ---- inside of XML ---- */

/* What is between <body> and its end, without what XML cannot have. */
static struct kb_str
body_of(struct kb_str page)
{
	size_t from = kb_str_find(page, KB_STR("<body"), 0), to;

	if (from == (size_t)-1)
		return page;
	from = kb_str_find(page, KB_STR(">"), from);
	to = kb_str_find(page, KB_STR("</body"), 0);
	if (from == (size_t)-1)
		return page;
	to = to == (size_t)-1 || to < from ? page.n : to;
	return kb_str(page.p + from + 1, to - from - 1);
}

static bool
fits_xml(char c)
{
	return (unsigned char)c >= ' ' || c == '\n' || c == '\t';
}

/* "often" of 100 letters are written as references, too. */
static void
add_escaped(struct kb_buf *out, struct kb_str s, uint32_t often)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!fits_xml(c))
			continue;
		if (c == '<')
			kb_buf_addc(out, draw(100) < often ? "&#60;" :
			    "&lt;");
		else if (c == '>')
			kb_buf_addc(out, "&gt;");
		else if (c == '&')
			kb_buf_addc(out, draw(100) < often ? "&#x26;" :
			    "&amp;");
		else if ((unsigned char)c < 0x80 && c > ' ' &&
		    draw(100) < often)
			kb_buf_printf(out, "&#%d;", c);
		else
			kb_buf_addch(out, c);
	}
}

static bool
in_servicenow(struct kb_buf *out, struct kb_str page, uint32_t often)
{
	kb_buf_addc(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<unload><kb_knowledge><number>KB1</number><short_description>S"
	    "</short_description><text>");
	add_escaped(out, body_of(page), often);
	kb_buf_addc(out, "</text><workflow_state>published"
	    "</workflow_state></kb_knowledge></unload>");
	return true;
}

static bool
form_escaped(struct kb_buf *out, struct kb_str page)
{
	return in_servicenow(out, page, 0);
}

static bool
form_referenced(struct kb_buf *out, struct kb_str page)
{
	return in_servicenow(out, page, 5);
}

/* "]]>" is split as exports do it; "often" of 1,000 other places as well. */
static bool
in_wordpress(struct kb_buf *out, struct kb_str page, uint32_t often)
{
	struct kb_str s = body_of(page);

	kb_buf_addc(out, "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item>"
	    "<title>W</title><content:encoded><![CDATA[");
	for (size_t i = 0; i < s.n; i++) {
		if (!fits_xml(s.p[i]))
			continue;
		if (s.p[i] == '>' && i >= 2 && s.p[i - 1] == ']' &&
		    s.p[i - 2] == ']')
			kb_buf_addc(out, "]]><![CDATA[");
		else if (((unsigned char)s.p[i] & 0xc0) != 0x80 &&
		    draw(1000) < often)
			kb_buf_addc(out, "]]><![CDATA[");
		kb_buf_addch(out, s.p[i]);
	}
	kb_buf_addc(out, "]]></content:encoded><wp:post_id>1</wp:post_id>"
	    "<wp:post_type>post</wp:post_type><wp:status>publish"
	    "</wp:status></item></channel></rss>");
	return true;
}

static bool
form_cdata(struct kb_buf *out, struct kb_str page)
{
	return in_wordpress(out, page, 0);
}

static bool
form_split(struct kb_buf *out, struct kb_str page)
{
	return in_wordpress(out, page, 50);
}

static bool
form_shift_jis(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "shift_jis");
}

static bool
form_euc_jp(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "euc-jp");
}

static bool
form_gb18030(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "gb18030");
}

static bool
form_koi8(struct kb_buf *out, struct kb_str page)
{
	return in_encoding(out, page, "koi8-r");
}

static const struct form forms[] = {
	{ "gzip", form_gzip, true, NULL },
	{ "utf-16le", form_utf16le, true, NULL },
	{ "utf-16be", form_utf16be, true, NULL },
	{ "windows-1252", form_windows, true, NULL },
	{ "iso-8859-1", form_latin1, true, NULL },
	{ "crlf", form_crlf, true, NULL },
	{ "cr", form_cr, true, NULL },
	{ "unclosed", form_unclosed, false, NULL },
	{ "misnested", form_misnested, false, NULL },
	{ "dirty", form_dirty, false, NULL },
	{ "escaped", form_escaped, false, "a.xml" },
	{ "referenced", form_referenced, false, "a.xml" },
	{ "cdata", form_cdata, false, "a.xml" },
	{ "split cdata", form_split, false, "a.xml" },
	{ "shift_jis", form_shift_jis, false, NULL },
	{ "euc-jp", form_euc_jp, false, NULL },
	{ "gb18030", form_gb18030, false, NULL },
	{ "koi8-r", form_koi8, false, NULL },
};

#define NFORMS	(sizeof(forms) / sizeof(forms[0]))

#endif /* KB_SPAN_FORMS_H */
