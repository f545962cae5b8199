/* encoding_decode: decoders.  Contract: encoding_impl.h. */
#include "encoding_impl.h"

#include <iconv.h>

#include "encoding_table.h"
#include "utf8.h"

#define MAX_PIECE	((uint32_t)1 << 30)

static void
flush_piece(struct kb_encoding_out *o)
{
	if (o->last.out_n > 0)
		kb_buf_add(&o->pieces, kb_str((const char *)&o->last,
		    sizeof(o->last)));
	o->last.out_n = 0;
}

static void
add_piece(struct kb_encoding_out *o, size_t in, uint32_t in_n, uint32_t out_n)
{
	struct kb_offpiece *l = &o->last;

	if (l->out_n > 0 && l->out_n == l->in_n && in_n == out_n &&
	    l->in + l->in_n == in && l->in_n < MAX_PIECE) {
		l->out_n += out_n;
		l->in_n += in_n;
		return;
	}
	flush_piece(o);
	l->out = o->text.n;
	l->in = in;
	l->in_n = in_n;
	l->out_n = out_n;
}

void
kb_encoding_copy(struct kb_encoding_out *o, size_t in, size_t n)
{
	uint32_t k;

	for (; n > 0; n -= k, in += k) {
		k = n < MAX_PIECE ? (uint32_t)n : MAX_PIECE;
		add_piece(o, in, k, k);
		kb_buf_add(&o->text, kb_str(o->raw.p + in, k));
	}
}

void
kb_encoding_add(struct kb_encoding_out *o, size_t in, size_t in_n,
    struct kb_str s)
{
	if (s.n == 0)
		return;
	add_piece(o, in, (uint32_t)in_n, (uint32_t)s.n);
	kb_buf_add(&o->text, s);
}

/* One character that "in_n" bytes stand for. */
static void
put(struct kb_encoding_out *o, size_t in, size_t in_n, uint32_t c)
{
	uint32_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	add_piece(o, in, (uint32_t)in_n, n);
	kb_buf_add_utf8(&o->text, c);
}

void
kb_encoding_replace(struct kb_encoding_out *o, size_t in, size_t in_n)
{
	put(o, in, in_n, KB_REPLACEMENT);
	o->replaced++;
}

size_t
kb_encoding_ascii_run(struct kb_str s, size_t at)
{
	size_t i = at;

	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i - at;
}

void
kb_encoding_out_release(struct kb_encoding_out *o)
{
	kb_buf_release(&o->text);
	kb_buf_release(&o->pieces);
	*o = (struct kb_encoding_out){ .raw = o->raw };
}

/* ---- decoders: each takes the bytes from "at" on ---- */

static void
decode_utf8(struct kb_encoding_out *o, size_t at)
{
	struct kb_str rest;
	uint32_t c;
	size_t good, n;

	while (at < o->raw.n) {
		rest = kb_str(o->raw.p + at, o->raw.n - at);
		good = kb_utf8_valid(rest);
		kb_encoding_copy(o, at, good);
		at += good;
		if (at >= o->raw.n)
			break;
		n = kb_utf8_next(o->raw, at, &c);
		kb_encoding_replace(o, at, n);
		at += n;
	}
}

static uint32_t
unit(const struct kb_encoding_out *o, size_t at, bool big)
{
	const unsigned char *p = (const unsigned char *)o->raw.p + at;

	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static void
decode_utf16(struct kb_encoding_out *o, size_t at, bool big)
{
	uint32_t c, d;

	for (; o->raw.n - at >= 2; at += 2) {
		c = unit(o, at, big);
		if (c < 0xd800 || c > 0xdfff) {
			put(o, at, 2, c);
			continue;
		}
		d = c < 0xdc00 && o->raw.n - at >= 4 ?
		    unit(o, at + 2, big) : 0;
		if (d < 0xdc00 || d > 0xdfff) {
			kb_encoding_replace(o, at, 2);
			continue;
		}
		put(o, at, 4, 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00));
		at += 2;
	}
	if (at < o->raw.n)
		kb_encoding_replace(o, at, 1);
}

static void
decode_utf32(struct kb_encoding_out *o, size_t at, bool big)
{
	uint32_t c;

	for (; o->raw.n - at >= 4; at += 4) {
		c = big ? unit(o, at, big) << 16 | unit(o, at + 2, big) :
		    unit(o, at + 2, big) << 16 | unit(o, at, big);
		if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			kb_encoding_replace(o, at, 4);
		else
			put(o, at, 4, c);
	}
	if (at < o->raw.n)
		kb_encoding_replace(o, at, o->raw.n - at);
}

/* Where the standard's indices differ from the C library's tables. */
static const struct {
	const char	*name;
	unsigned char	 byte;
	uint16_t	 codepoint;
} fixes[] = {
	{ "koi8-u", 0xae, 0x045e }, { "koi8-u", 0xbe, 0x040e },
	{ "macintosh", 0xc6, 0x2206 }, { "macintosh", 0xdb, 0x20ac },
	{ "macintosh", 0xf0, 0xf8ff }, { "x-mac-cyrillic", 0xff, 0x20ac }
};

static void
fix_table(uint32_t table[128], const struct kb_encoding *e)
{
	size_t i;

	for (i = 0; i < sizeof(fixes) / sizeof(fixes[0]); i++)
		if (strcmp(fixes[i].name, e->name) == 0)
			table[fixes[i].byte - 0x80] = fixes[i].codepoint;
}

bool
kb_encoding_table(uint32_t table[128], const struct kb_encoding *e)
{
	iconv_t cd;
	unsigned i;

	if (e->kind == KB_ENCODING_KIND_1252) {
		for (i = 0; i < 128; i++)
			table[i] = i < 32 ? kb_windows_1252[i] : 0x80 + i;
		return true;
	}
	cd = iconv_open("UTF-32LE", e->iconv);
	if (cd == (iconv_t)-1)
		return false;
	for (i = 0; i < 128; i++) {
		char in = (char)(0x80 + i), *src = &in;
		unsigned char to[16];
		char *dst = (char *)to;
		size_t in_n = 1, left = sizeof(to);
		bool ok = iconv(cd, &src, &in_n, &dst, &left) != (size_t)-1;

		/* Some hold a letter back, to join it with an accent. */
		iconv(cd, NULL, NULL, &dst, &left);
		if (ok && left <= sizeof(to) - 4)
			table[i] = to[0] | (uint32_t)to[1] << 8 |
			    (uint32_t)to[2] << 16;
		else
			table[i] = i < 32 ? 0x80 + i : KB_REPLACEMENT;
	}
	iconv_close(cd);
	fix_table(table, e);
	return true;
}

static bool
decode_single(struct kb_encoding_out *o, const struct kb_encoding *e)
{
	uint32_t table[128], c;
	size_t at = 0, n;

	if (!kb_encoding_table(table, e))
		return false;
	while (at < o->raw.n) {
		n = kb_encoding_ascii_run(o->raw, at);
		kb_encoding_copy(o, at, n);
		at += n;
		if (at >= o->raw.n)
			break;
		c = table[(unsigned char)o->raw.p[at] - 0x80];
		if (c == KB_REPLACEMENT)
			kb_encoding_replace(o, at, 1);
		else
			put(o, at, 1, c);
		at++;
	}
	return true;
}

bool
kb_encoding_run(struct kb_encoding_out *o, const struct kb_encoding *e,
    size_t bom)
{
	switch (e->kind) {
	case KB_ENCODING_KIND_UTF8:
		decode_utf8(o, bom);
		break;
	case KB_ENCODING_KIND_UTF16LE:
	case KB_ENCODING_KIND_UTF16BE:
		decode_utf16(o, bom, e->kind == KB_ENCODING_KIND_UTF16BE);
		break;
	case KB_ENCODING_KIND_UTF32LE:
	case KB_ENCODING_KIND_UTF32BE:
		decode_utf32(o, bom, e->kind == KB_ENCODING_KIND_UTF32BE);
		break;
	case KB_ENCODING_KIND_1252:
	case KB_ENCODING_KIND_SINGLE:
		if (!decode_single(o, e))
			return false;
		break;
	default:
		if (!kb_encoding_run_multi(o, e))
			return false;
	}
	flush_piece(o);
	return true;
}
