#include "encoding.h"

#include <errno.h>
#include <iconv.h>

#include "buf.h"
#include "encoding_label.h"
#include "encoding_table.h"
#include "utf8.h"

#define MAX_CHAR	8	/* bytes of one character in any encoding */
#define MAX_PIECE	((uint32_t)1 << 30)
#define REPLACEMENT	0xfffd

/* Text being decoded, with its map. */
struct out {
	struct kb_str	 raw;
	struct kb_buf	 text;
	struct kb_buf	 pieces;	/* struct kb_offpiece */
	struct kb_offpiece last;	/* not yet in pieces; out_n 0: none */
	size_t		 replaced;
};

static void
flush_piece(struct out *o)
{
	if (o->last.out_n > 0)
		kb_buf_add(&o->pieces, kb_str((const char *)&o->last,
		    sizeof(o->last)));
	o->last.out_n = 0;
}

static void
add_piece(struct out *o, size_t in, uint32_t in_n, uint32_t out_n)
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

/* Bytes that stay as they are. */
static void
copy(struct out *o, size_t in, size_t n)
{
	uint32_t k;

	for (; n > 0; n -= k, in += k) {
		k = n < MAX_PIECE ? (uint32_t)n : MAX_PIECE;
		add_piece(o, in, k, k);
		kb_buf_add(&o->text, kb_str(o->raw.p + in, k));
	}
}

/* One character that "in_n" bytes stand for. */
static void
put(struct out *o, size_t in, size_t in_n, uint32_t c)
{
	uint32_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	add_piece(o, in, (uint32_t)in_n, n);
	kb_buf_add_utf8(&o->text, c);
}

static void
replace(struct out *o, size_t in, size_t in_n)
{
	put(o, in, in_n, REPLACEMENT);
	o->replaced++;
}

static size_t
ascii_run(struct kb_str s, size_t at)
{
	size_t i = at;

	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i - at;
}

/* ---- decoders: each takes the bytes from "at" on ---- */

static void
decode_utf8(struct out *o, size_t at)
{
	struct kb_str rest;
	uint32_t c;
	size_t good, n;

	while (at < o->raw.n) {
		rest = kb_str(o->raw.p + at, o->raw.n - at);
		good = kb_utf8_valid(rest);
		copy(o, at, good);
		at += good;
		if (at >= o->raw.n)
			break;
		n = kb_utf8_next(o->raw, at, &c);
		replace(o, at, n);
		at += n;
	}
}

static uint32_t
unit(const struct out *o, size_t at, bool big)
{
	const unsigned char *p = (const unsigned char *)o->raw.p + at;

	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static void
decode_utf16(struct out *o, size_t at, bool big)
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
			replace(o, at, 2);
			continue;
		}
		put(o, at, 4, 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00));
		at += 2;
	}
	if (at < o->raw.n)
		replace(o, at, 1);
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

/* What the bytes from 0x80 on stand for, asked from iconv one by one. */
static bool
single_table(uint32_t table[128], const struct kb_encoding *e)
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
			table[i] = i < 32 ? 0x80 + i : REPLACEMENT;
	}
	iconv_close(cd);
	fix_table(table, e);
	return true;
}

static bool
decode_single(struct out *o, const struct kb_encoding *e)
{
	uint32_t table[128], c;
	size_t at = 0, n;

	if (!single_table(table, e))
		return false;
	while (at < o->raw.n) {
		n = ascii_run(o->raw, at);
		copy(o, at, n);
		at += n;
		if (at >= o->raw.n)
			break;
		c = table[(unsigned char)o->raw.p[at] - 0x80];
		if (c == REPLACEMENT)
			replace(o, at, 1);
		else
			put(o, at, 1, c);
		at++;
	}
	return true;
}

/*
 * Decode one character: feed byte after byte until iconv takes them.
 * Returns the bytes that were taken, 0 for a malformed sequence; *got bytes
 * of UTF-8 (none for an escape sequence) are in "to".
 */
static size_t
next_char(iconv_t cd, struct kb_str raw, size_t at, bool stateful,
    char to[32], size_t *got)
{
	size_t k, left, in_n;

	for (k = 1; k <= MAX_CHAR && k <= raw.n - at; k++) {
		char in[MAX_CHAR], *src = in, *dst = to;

		memcpy(in, raw.p + at, k);
		in_n = k;
		left = 32;
		if (iconv(cd, &src, &in_n, &dst, &left) == (size_t)-1 &&
		    errno != EINVAL)
			return 0;
		if (in_n == k)
			continue;
		if (left == 32 && !stateful)
			iconv(cd, NULL, NULL, &dst, &left);
		*got = 32 - left;
		return k - in_n;
	}
	return 0;
}

/* As the standard: a byte below 0x80 is never part of what is replaced. */
static size_t
malformed(struct kb_str raw, size_t at)
{
	return at + 1 < raw.n && (unsigned char)raw.p[at] >= 0x80 &&
	    (unsigned char)raw.p[at + 1] >= 0x80 ? 2 : 1;
}

static bool
decode_multi(struct out *o, const struct kb_encoding *e)
{
	bool stateful = e->kind == KB_ENCODING_KIND_STATEFUL;
	iconv_t cd = iconv_open("UTF-8", e->iconv);
	size_t at = 0, n, got;
	char to[32];

	if (cd == (iconv_t)-1)
		return false;
	while (at < o->raw.n) {
		n = stateful ? 0 : ascii_run(o->raw, at);
		copy(o, at, n);
		at += n;
		if (at >= o->raw.n)
			break;
		got = 0;
		n = next_char(cd, o->raw, at, stateful, to, &got);
		if (n == 0 && o->raw.p[at] == '\200' &&
		    strcmp(e->iconv, "GB18030") == 0) {
			/* The standard reads it as windows-936 does. */
			put(o, at, n = 1, 0x20ac);
		} else if (n == 0) {
			n = malformed(o->raw, at);
			replace(o, at, n);
		} else if (got > 0) {
			add_piece(o, at, (uint32_t)n, (uint32_t)got);
			kb_buf_add(&o->text, kb_str(to, got));
		}
		at += n;
	}
	iconv_close(cd);
	return true;
}

/* False when this system cannot decode it. */
static bool
decode(struct out *o, const struct kb_encoding *e, size_t bom)
{
	switch (e->kind) {
	case KB_ENCODING_KIND_UTF8:
		decode_utf8(o, bom);
		return true;
	case KB_ENCODING_KIND_UTF16LE:
	case KB_ENCODING_KIND_UTF16BE:
		decode_utf16(o, bom, e->kind == KB_ENCODING_KIND_UTF16BE);
		return true;
	case KB_ENCODING_KIND_1252:
	case KB_ENCODING_KIND_SINGLE:
		return decode_single(o, e);
	default:
		return decode_multi(o, e);
	}
}

/* ---- the result ---- */

static enum kb_status
arena_status(const struct kb_arena *arena, size_t want, struct kb_err *err)
{
	if (arena->cap > 0 && arena->cap - arena->total < want + 64)
		return kb_err_set(err, KB_LIMIT, "the text needs more than "
		    "%zu bytes of memory; raise the limit or split it",
		    arena->cap);
	return kb_err_nomem(err);
}

/* Clean UTF-8 behind a BOM: nothing to copy, but all is moved. */
static enum kb_status
slice(struct kb_decoded *out, struct kb_str raw, size_t bom,
    struct kb_arena *arena, struct kb_err *err)
{
	size_t n = raw.n - bom, count = n / MAX_PIECE + 1, i;
	struct kb_offpiece *v;

	out->text = kb_str(raw.p + bom, n);
	if (bom == 0)
		return KB_OK;
	v = kb_arena_array(arena, count, sizeof(*v));
	if (v == NULL)
		return arena_status(arena, count * sizeof(*v), err);
	for (i = 0; i < count; i++) {
		v[i].out = (uint64_t)i * MAX_PIECE;
		v[i].in = v[i].out + bom;
		v[i].out_n = v[i].in_n = i + 1 < count ? MAX_PIECE :
		    (uint32_t)(n % MAX_PIECE);
	}
	out->map.v = v;
	out->map.n = count;
	return KB_OK;
}

static enum kb_status
keep(struct kb_decoded *out, struct out *o, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_str text;
	void *pieces;

	flush_piece(o);
	if (o->text.failed || o->pieces.failed)
		return kb_err_nomem(err);
	text = kb_buf_str(&o->text);
	if (kb_str_eq(text, o->raw)) {
		out->text = o->raw;
		return KB_OK;
	}
	pieces = kb_arena_alloc(arena, o->pieces.n);
	if (pieces == NULL)
		return arena_status(arena, o->pieces.n, err);
	if (o->pieces.n > 0)
		memcpy(pieces, o->pieces.p, o->pieces.n);
	out->text = kb_arena_copy(arena, text);
	if (out->text.p == NULL)
		return arena_status(arena, text.n, err);
	out->map.v = pieces;
	out->map.n = o->pieces.n / sizeof(struct kb_offpiece);
	out->replaced = o->replaced;
	return KB_OK;
}

static bool
is_clean(struct kb_str raw, size_t bom)
{
	struct kb_str rest = kb_str(raw.p + bom, raw.n - bom);

	return kb_utf8_valid(rest) == rest.n;
}

enum kb_status
kb_encoding_decode(struct kb_decoded *out, struct kb_str raw,
    enum kb_markup markup, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_decoded d = { .how = KB_ENCODING_BOM };
	const struct kb_encoding *e;
	struct out o = { .raw = raw };
	enum kb_status status;
	size_t bom;

	if (raw.n == 0)
		o.raw = raw = KB_STR("");
	e = kb_encoding_by_bom(raw, &bom);
	if (e == NULL) {
		d.how = KB_ENCODING_DECLARED;
		e = kb_encoding_declared(raw, markup);
	}
	if (e != NULL && e->kind != KB_ENCODING_KIND_UTF8 &&
	    !decode(&o, e, bom))
		e = NULL;
	if ((e == NULL || e->kind == KB_ENCODING_KIND_UTF8) &&
	    is_clean(raw, bom)) {
		if (e == NULL)
			d.how = KB_ENCODING_UTF8;
		d.name = kb_encoding_utf8.name;
		status = slice(&d, raw, bom, arena, err);
		goto out;
	}
	if (e == NULL) {
		d.how = KB_ENCODING_GUESSED;
		e = &kb_encoding_1252;
		decode(&o, e, 0);
	} else if (e->kind == KB_ENCODING_KIND_UTF8) {
		decode(&o, e, bom);
	}
	d.name = e->name;
	status = keep(&d, &o, arena, err);
out:
	if (status == KB_OK)
		*out = d;
	kb_buf_release(&o.text);
	kb_buf_release(&o.pieces);
	return status;
}
