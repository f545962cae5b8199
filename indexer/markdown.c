#include "markdown.h"

#include "cli.h"
#include "out.h"
#include "report.h"
#include "utf8.h"

#include <utf8proc.h>

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* What means something anywhere in a line. */
static bool
is_markup(const struct kb_md *md, struct kb_str s, size_t i)
{
	char next = i + 1 < s.n ? s.p[i + 1] : '\0';

	switch (s.p[i]) {
	case '\\': case '`': case '*': case '[': case ']': case '<':
	case '|': case '~': case '$':
		return true;
	case '_':		/* inside of a word it is none */
		return !is_alnum(md->last) || md->space || !is_alnum(next) ||
		    (unsigned char)next >= 0x80;
	case '&':
		return is_alnum(next) || next == '#';
	case ':':		/* a bare address becomes a link */
		return next == '/';
	case '.':
		return md->last == 'w' || md->last == 'W';
	case '@':
		return true;
	case '#':		/* it could end a heading */
		return md->space;
	default:
		return false;
	}
}

/* What means something where a line begins. */
static bool
is_mark(const struct kb_md *md, char c)
{
	if (!md->begun)
		return strchr("#+-=>:", c) != NULL;
	return md->digits && !md->space && (c == '.' || c == ')');
}

/* The code point at "at" as ASCII: itself, ' ', a sign, or a letter. */
static char
class_at(struct kb_str s, size_t at, size_t *k)
{
	uint32_t c;

	*k = kb_utf8_next(s, at, &c);
	if (*k == 1)
		return s.p[at];
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_ZS: case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return ' ';
	case UTF8PROC_CATEGORY_PC: case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PS: case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PI: case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO:
		return '-';
	default:
		return '\x80';
	}
}

static void
put_char(struct kb_md *md, struct kb_str s, size_t i, size_t k)
{
	char c = s.p[i];

	if (k == 1 && c != '\0' && (is_mark(md, c) || is_markup(md, s, i))) {
		if (md->space && md->begun)
			kb_buf_addch(md->out, ' ');
		kb_buf_addch(md->out, '\\');
		kb_buf_addch(md->out, c);
	} else {
		if (md->space && md->begun)
			kb_buf_addch(md->out, ' ');
		kb_cli_safe(md->out, kb_str(s.p + i, k));
	}
	md->digits = (md->digits || !md->begun) && !md->space && c >= '0' &&
	    c <= '9';
	md->begun = true;
	md->space = false;
	md->last = class_at(s, i, &k);
}

void
kb_md_piece(struct kb_md *md, struct kb_str s)
{
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < s.n; i += k) {
		k = kb_utf8_next(s, i, &c);
		if (is_space(s.p[i]))
			md->space = md->begun;
		else
			put_char(md, s, i, k);
	}
}

/* Of what is bold: signs at its ends that would keep it from being so. */
static struct kb_str
without_signs(struct kb_str s, char before, char next)
{
	size_t at, k;
	char c;

	while (s.n > 0 && is_alnum(before)) {
		c = class_at(s, 0, &k);
		if (is_alnum(c))
			break;
		before = c;
		s = kb_str(s.p + k, s.n - k);
	}
	while (s.n > 0 && is_alnum(next)) {
		for (at = s.n - 1; at > 0 &&
		    ((unsigned char)s.p[at] & 0xc0) == 0x80; at--)
			;
		c = class_at(s, at, &k);
		if (is_alnum(c))
			break;
		next = c;
		s.n = at;
	}
	return s;
}

/*
 * Two asterisks open where what follows is a letter, or where what stands
 * before is none; they close likewise.  Signs at the ends stay outside.
 */
void
kb_md_bold(struct kb_md *md, struct kb_str s, char next)
{
	struct kb_str bold = kb_str_trim(s);
	size_t from = (size_t)(bold.p - s.p), to;

	if (from + bold.n < s.n)
		next = ' ';
	bold = without_signs(bold, from > 0 || md->space || !md->begun ?
	    ' ' : md->last, next);
	if (bold.n == 0) {
		kb_md_piece(md, s);
		return;
	}
	from = (size_t)(bold.p - s.p);
	to = from + bold.n;
	kb_md_piece(md, kb_str(s.p, from));
	if (md->space && md->begun)
		kb_buf_addch(md->out, ' ');
	kb_buf_addc(md->out, "**");
	/* No longer the line's beginning, but a list's it could be. */
	md->begun = true;
	md->space = md->digits = false;
	md->last = '*';
	kb_md_piece(md, bold);
	kb_buf_addc(md->out, "**");
	md->last = '*';
	kb_md_piece(md, kb_str(s.p + to, s.n - to));
}

void
kb_md_line(struct kb_buf *out, struct kb_str text, size_t cut)
{
	struct kb_md md = { .out = out, .begun = true };
	struct kb_buf line = { 0 };

	if (cut > 0) {
		kb_out_cell(&line, text, (int)cut);
		text = kb_buf_str(&line);
	}
	kb_md_piece(&md, kb_str_trim(text));
	out->failed |= line.failed;
	kb_buf_release(&line);
}

void
kb_md_block(struct kb_buf *out, struct kb_str text)
{
	struct kb_md md = { .out = out };

	kb_md_piece(&md, text);
}

/* In <...> nothing ends an address but these. */
static void
add_address(struct kb_buf *out, struct kb_str url)
{
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (c <= ' ' || c >= 0x7f || strchr("<>\\\"`|", c) != NULL)
			kb_buf_printf(out, "%%%02X", c);
		else
			kb_buf_addch(out, (char)c);
	}
}

void
kb_md_link(struct kb_buf *out, struct kb_str text, struct kb_str url)
{
	if (!kb_report_is_link(url)) {
		kb_md_line(out, text, 0);
		return;
	}
	kb_buf_addch(out, '[');
	kb_md_line(out, text, 0);
	kb_buf_addc(out, "](<");
	add_address(out, url);
	kb_buf_addc(out, ">)");
}

static size_t
longest_run(struct kb_str s, char c)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n = s.p[i] == c ? n + 1 : 0;
		if (n > most)
			most = n;
	}
	return most;
}

static void
add_ticks(struct kb_buf *out, size_t n)
{
	while (n-- > 0)
		kb_buf_addch(out, '`');
}

/* A space at each end is taken off again, so ticks may stand there. */
void
kb_md_verbatim(struct kb_buf *out, struct kb_str text)
{
	struct kb_buf line = { 0 };
	struct kb_str s;
	size_t n;

	kb_out_line(&line, text);
	s = kb_buf_str(&line);
	n = longest_run(s, '`') + 1;
	if (s.n > 0) {
		add_ticks(out, n);
		kb_buf_addc(out, n > 1 ? " " : "");
		kb_buf_add(out, s);
		kb_buf_addc(out, n > 1 ? " " : "");
		add_ticks(out, n);
	}
	out->failed |= line.failed;
	kb_buf_release(&line);
}

static void
add_fence(struct kb_buf *out, const char *prefix, size_t n)
{
	kb_buf_addc(out, prefix);
	add_ticks(out, n);
	kb_buf_addch(out, '\n');
}

void
kb_md_code(struct kb_buf *out, const char *prefix, struct kb_str text)
{
	size_t fence = longest_run(text, '`') + 1;
	struct kb_str rest = text, line;

	if (fence < 3)
		fence = 3;
	add_fence(out, prefix, fence);
	while (kb_str_split(&rest, '\n', &line)) {
		kb_buf_addc(out, prefix);
		kb_cli_safe(out, line);
		kb_buf_addch(out, '\n');
	}
	add_fence(out, prefix, fence);
}
