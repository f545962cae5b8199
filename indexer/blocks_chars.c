#include "blocks_chars.h"

#include <utf8proc.h>

#include "utf8.h"

#define MAX_MARKS	60	/* of one letter that is composed */
#define MAX_FLAG	6	/* tags before the last one */

const bool kb_chars_stop[256] = {
	['\t'] = true, ['\n'] = true, ['\v'] = true, ['\f'] = true,
	['\r'] = true, [' '] = true, [0xc2] = true, [0xcd] = true,
	[0xd8] = true, [0xe1] = true, [0xe2] = true, [0xe3] = true,
	[0xef] = true, [0xf3] = true
};

uint32_t
kb_chars_last(struct kb_str s)
{
	uint32_t cp = 0;
	size_t at;

	if (s.n == 0)
		return 0;
	at = kb_utf8_floor(s, s.n - 1);
	kb_utf8_next(s, at, &cp);
	return cp;
}

/* ---- what nobody sees ---- */

/* Letters of a script that joins them, or emoji: a joiner has a meaning. */
static bool
joins(uint32_t cp)
{
	return (cp >= 0x600 && cp <= 0x8ff) || (cp >= 0x900 && cp <= 0xdff) ||
	    (cp >= 0xf00 && cp <= 0x109f) || (cp >= 0x1780 && cp <= 0x18af) ||
	    (cp >= 0x1900 && cp <= 0x1cff) || (cp >= 0xa800 && cp <= 0xabff) ||
	    (cp >= 0x10a00 && cp <= 0x11fff) || cp == 0x200d ||
	    (cp >= 0x2190 && cp <= 0x2bff) || cp == 0xfe0f ||
	    (cp >= 0x1f000 && cp <= 0x1faff);
}

static bool
is_selector(uint32_t cp)
{
	return (cp >= 0xfe00 && cp <= 0xfe0f) ||
	    (cp >= 0xe0100 && cp <= 0xe01ef);
}

static bool
is_tag(uint32_t cp)
{
	return cp >= 0xe0000 && cp <= 0xe007f;
}

/* Tags behind a black flag name a region: "gbeng" and the tag that ends. */
static bool
names_flag(struct kb_str before)
{
	uint32_t cp = kb_chars_last(before);

	for (int i = 0; i < MAX_FLAG && is_tag(cp) && before.n >= 4; i++) {
		before.n -= 4;
		cp = kb_chars_last(before);
	}
	return cp == 0x1f3f4;
}

/* Digits and signs have variants; ASCII's letters have none. */
static bool
has_variants(uint32_t cp)
{
	return cp >= 0x80 ? !is_selector(cp) : cp == '#' || cp == '*' ||
	    (cp >= '0' && cp <= '9');
}

static bool
is_layout(uint32_t cp)
{
	return cp == 0xad || cp == 0x34f || cp == 0x61c || cp == 0x180e ||
	    cp == 0x200b || cp == 0x200e || cp == 0x200f ||
	    (cp >= 0x202a && cp <= 0x202c) ||
	    (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
	    (cp >= 0xfff9 && cp <= 0xfffb);
}

static enum kb_unseen
unseen(uint32_t cp, struct kb_str before)
{
	if (cp == 0x200c || cp == 0x200d)
		return joins(kb_chars_last(before)) ? KB_UNSEEN_NONE :
		    KB_UNSEEN_LAYOUT;
	if (is_tag(cp))
		return names_flag(before) ? KB_UNSEEN_NONE : KB_UNSEEN_CODE;
	if (is_selector(cp))
		return has_variants(kb_chars_last(before)) ? KB_UNSEEN_NONE :
		    KB_UNSEEN_CODE;
	if (cp == 0x202d || cp == 0x202e)
		return KB_UNSEEN_OVERRIDE;
	return is_layout(cp) ? KB_UNSEEN_LAYOUT : KB_UNSEEN_NONE;
}

size_t
kb_chars_unseen(struct kb_str s, size_t i, struct kb_str before,
    enum kb_unseen *what)
{
	unsigned char c = (unsigned char)s.p[i];
	uint32_t cp;
	size_t n;

	*what = KB_UNSEEN_NONE;
	if (c < 0xc2 || !kb_chars_stop[c])
		return 0;
	n = kb_utf8_next(s, i, &cp);
	*what = unseen(cp, before);
	return *what != KB_UNSEEN_NONE ? n : 0;
}

/* ---- composing ---- */

/*
 * Letters that are composed of nothing, and nothing is composed with them
 * from behind but what is not here: ranges of NFC_Quick_Check=Yes with
 * Canonical_Combining_Class=0 in which most texts are written.
 */
static bool
is_settled(uint32_t cp)
{
	return cp < 0x300 || (cp >= 0x400 && cp <= 0x482) ||
	    (cp >= 0x2010 && cp <= 0x2027) || (cp >= 0x20a0 && cp <= 0x20cf) ||
	    (cp >= 0x2190 && cp <= 0x2328) || (cp >= 0x2500 && cp <= 0x27ff) ||
	    (cp >= 0x3001 && cp <= 0x3029) || (cp >= 0x3041 && cp <= 0x3096) ||
	    (cp >= 0x30a1 && cp <= 0x30fa) || (cp >= 0x3400 && cp <= 0x9fff) ||
	    (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xff01 && cp <= 0xff9f) ||
	    (cp >= 0x1f000 && cp <= 0x1faff);
}

/*
 * A starter that may be composed with what is before it: those of
 * NFC_Quick_Check=Maybe in DerivedNormalizationProps.txt of Unicode 15.
 */
static bool
composes_backwards(uint32_t cp)
{
	static const uint32_t known[] = {
		0x9be, 0x9d7, 0xb3e, 0xb56, 0xb57, 0xbbe, 0xbd7, 0xcc2,
		0xcd5, 0xcd6, 0xd3e, 0xd57, 0xdcf, 0xddf, 0x102e, 0x1b35,
		0x11127, 0x1133e, 0x11357, 0x114b0, 0x114ba, 0x114bd,
		0x115af, 0x11930
	};

	if ((cp >= 0x1161 && cp <= 0x1175) || (cp >= 0x11a8 && cp <= 0x11c2))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == cp)
			return true;
	return false;
}

/* True if nothing before "cp" changes with it. */
static bool
is_boundary(uint32_t cp)
{
	return is_settled(cp) || (utf8proc_get_property(
	    (utf8proc_int32_t)cp)->combining_class == 0 &&
	    !composes_backwards(cp));
}

/* True if the composed letter is not what stands there. */
static bool
compose(struct kb_str s, struct kb_buf *out)
{
	utf8proc_int32_t v[4 * (MAX_MARKS + 2)];
	utf8proc_ssize_t n;

	n = utf8proc_decompose((const utf8proc_uint8_t *)s.p,
	    (utf8proc_ssize_t)s.n, v, sizeof(v) / sizeof(v[0]),
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n < 0 || (size_t)n > sizeof(v) / sizeof(v[0]))
		return false;
	n = utf8proc_normalize_utf32(v, n, UTF8PROC_STABLE |
	    UTF8PROC_COMPOSE);
	kb_buf_clear(out);
	for (utf8proc_ssize_t i = 0; i < n; i++)
		kb_buf_add_utf8(out, (uint32_t)v[i]);
	return n > 0 && !kb_str_eq(kb_buf_str(out), s);
}

static bool
ligature(uint32_t cp, struct kb_buf *out)
{
	static const char *const letters[] = {
		"ff", "fi", "fl", "ffi", "ffl", "st", "st"
	};

	if (cp < 0xfb00 || cp > 0xfb06)
		return false;
	kb_buf_clear(out);
	kb_buf_addc(out, letters[cp - 0xfb00]);
	return true;
}

bool
kb_chars_compose(struct kb_str s, size_t at, size_t *from, size_t *to,
    struct kb_buf *out)
{
	size_t i = at, begin, n, marks;
	uint32_t cp, next;

	while (i < s.n) {
		/* Below U+0300 letters are changed by marks alone. */
		if ((unsigned char)s.p[i] < 0x80 && (i + 1 == s.n ||
		    (unsigned char)s.p[i + 1] < 0xcc)) {
			i++;
			continue;
		}
		begin = i;
		i += kb_utf8_next(s, i, &cp);
		n = i < s.n ? kb_utf8_next(s, i, &next) : 0;
		if (is_settled(cp) && (n == 0 || is_boundary(next)))
			continue;
		for (marks = 0; n > 0 && !is_boundary(next); marks++) {
			i += n;
			n = i < s.n ? kb_utf8_next(s, i, &next) : 0;
		}
		if (ligature(cp, out) && marks == 0) {
			*from = begin;
			*to = i;
			return true;
		}
		if (marks <= MAX_MARKS && compose(kb_str(s.p + begin,
		    i - begin), out)) {
			*from = begin;
			*to = i;
			return true;
		}
	}
	*from = *to = s.n;
	return false;
}
