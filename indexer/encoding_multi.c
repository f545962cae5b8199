/*
 * encoding_multi: multi-byte encodings, by iconv(3), a character at a time.
 * Contract: encoding_impl.h.
 */
#include "encoding_impl.h"

#include <errno.h>
#include <iconv.h>

#define MAX_CHAR	8	/* bytes of one character in any encoding */

/*
 * Decode one character: feed byte after byte until iconv takes them.
 * Returns the bytes that were taken, 0 for a malformed sequence; *got bytes
 * of UTF-8 (none for an escape sequence) are in "to".
 */
static size_t
next_char(iconv_t cd, struct kb_str raw, size_t at, char to[32], size_t *got)
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

static iconv_t
open_signs(const struct kb_encoding *e)
{
	return strcmp(e->name, "big5") == 0 ?
	    iconv_open("UTF-8", KB_BIG5_SIGNS) : (iconv_t)-1;
}

/* The converter for what stands at "at". */
static iconv_t
which(iconv_t cd, iconv_t signs, char first)
{
	return signs != (iconv_t)-1 && first >= '\241' && first <= '\243' ?
	    signs : cd;
}

bool
kb_encoding_run_multi(struct kb_encoding_out *o, const struct kb_encoding *e)
{
	bool stateful = e->kind == KB_ENCODING_KIND_STATEFUL;
	iconv_t cd = iconv_open("UTF-8", e->iconv), signs;
	size_t at = 0, n, got;
	char to[32];

	if (cd == (iconv_t)-1)
		return false;
	signs = open_signs(e);
	while (at < o->raw.n) {
		n = stateful ? 0 : kb_encoding_ascii_run(o->raw, at);
		kb_encoding_copy(o, at, n);
		at += n;
		if (at >= o->raw.n)
			break;
		got = 0;
		n = next_char(which(cd, signs, o->raw.p[at]), o->raw, at, to,
		    &got);
		if (n == 0 && o->raw.p[at] == '\200' &&
		    strcmp(e->iconv, "GB18030") == 0) {
			/* The standard reads it as windows-936 does. */
			n = 1;
			kb_encoding_add(o, at, n, KB_STR("\342\202\254"));
		} else if (n == 0) {
			n = malformed(o->raw, at);
			kb_encoding_replace(o, at, n);
		} else {
			kb_encoding_add(o, at, n, kb_str(to, got));
		}
		at += n;
	}
	if (signs != (iconv_t)-1)
		iconv_close(signs);
	iconv_close(cd);
	return true;
}

const struct kb_encoding *
kb_encoding_escaped(struct kb_str raw)
{
	static const char *const names[] = { "iso-2022-jp", "iso-2022-kr" };
	const struct kb_encoding *e;
	size_t i;
	bool good;

	if (kb_str_find(raw, KB_STR("\033$"), 0) == (size_t)-1 ||
	    kb_encoding_ascii_run(raw, 0) < raw.n)
		return NULL;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct kb_encoding_out o = { .raw = raw };

		e = kb_encoding_find(kb_str_c(names[i]));
		good = kb_encoding_run(&o, e, 0) && o.replaced == 0 &&
		    kb_encoding_ascii_run(kb_buf_str(&o.text), 0) < o.text.n;
		kb_encoding_out_release(&o);
		if (good)
			return e;
	}
	return NULL;
}
