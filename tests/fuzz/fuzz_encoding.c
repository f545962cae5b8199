/*
 * Bytes in any encoding.  The first byte says whether they are HTML or XML,
 * the second which encoding is declared in front of them, if any.
 */
#include "fuzz.h"

#include "encoding.h"
#include "utf8.h"

static struct kb_arena arena;

/* One of each decoder; new ones go to the end. */
static const char *const labels[] = {
	"utf-8", "utf-16le", "utf-16be", "windows-1252", "latin1", "koi8-r",
	"koi8-u", "ibm866", "iso-8859-2", "iso-8859-5", "iso-8859-8-i",
	"iso-8859-16", "macintosh", "x-mac-cyrillic", "windows-874",
	"windows-1250", "windows-1251", "windows-1255", "windows-1258", "gbk",
	"gb18030", "gb2312", "big5", "big5-hkscs", "euc-jp", "iso-2022-jp",
	"shift_jis", "euc-kr", "replacement", "iso-2022-kr", "hz-gb-2312",
	"x-user-defined", "us-ascii", "utf-7", "nonsense",
};

#define LABELS	(sizeof(labels) / sizeof(labels[0]))

void
fuzz_init(void)
{
	MUST(kb_encoding_preload(NULL) == KB_OK);
}

/* Characters that take as many bytes in both stand in one piece. */
static void
check_ascii(const struct kb_offpiece *p, const char *out, const char *in)
{
	for (uint32_t i = 0; i < p->out_n && p->out_n == p->in_n; i++)
		MUST((out[i] & 0x80) != 0 || out[i] == in[i]);
}

/* Ascending on both sides, and in range. */
static void
check_map(const struct kb_decoded *d, struct kb_str raw)
{
	uint64_t out = 0, in = 0;

	for (size_t i = 0; i < d->map.n; i++) {
		const struct kb_offpiece *p = &d->map.v[i];

		MUST(p->out == out && p->in >= in);
		out = p->out + p->out_n;
		in = p->in + p->in_n;
		MUST(out <= d->text.n && in <= raw.n);
		check_ascii(p, d->text.p + p->out, raw.p + p->in);
	}
	MUST(d->map.n == 0 || out == d->text.n);
}

/* A later place in the text is no earlier one in the file. */
static void
check_offsets(const struct kb_decoded *d, struct kb_str raw)
{
	uint64_t last = 0, s, e;

	for (size_t i = 0; i < d->text.n; i++) {
		s = kb_offmap_start(&d->map, i);
		e = kb_offmap_end(&d->map, i + 1);
		MUST(s >= last && s < e && e <= raw.n);
		last = s;
	}
}

static void
check(struct kb_str raw, enum kb_markup markup)
{
	struct kb_decoded d;

	kb_arena_reset(&arena);
	MUST(kb_encoding_decode(&d, raw, markup, &arena, NULL) == KB_OK);
	MUST(kb_utf8_valid(d.text) == d.text.n && d.name != NULL);
	if (d.map.n == 0)
		MUST(kb_str_eq(d.text, raw) || d.text.n == 0);
	check_map(&d, raw);
	if (d.text.n < 2000)
		check_offsets(&d, raw);
	if (kb_utf8_valid(raw) == raw.n && d.how == KB_ENCODING_UTF8)
		MUST(d.replaced == 0);
}

void
fuzz_one(struct kb_str bytes)
{
	enum kb_markup markup = fuzz_byte(&bytes) % 2 == 0 ? KB_MARKUP_HTML :
	    KB_MARKUP_XML;
	uint8_t label = fuzz_byte(&bytes);
	struct kb_buf b = { 0 };

	if (label > 0 && label <= LABELS && markup == KB_MARKUP_HTML)
		kb_buf_printf(&b, "<meta charset=%s>", labels[label - 1]);
	else if (label > 0 && label <= LABELS)
		kb_buf_printf(&b, "<?xml version='1.0' encoding='%s'?>",
		    labels[label - 1]);
	kb_buf_add(&b, bytes);
	MUST(!b.failed);
	check(kb_buf_str(&b), markup);
	kb_buf_release(&b);
}

static const char *const texts[] = {
	"plain", "\xef\xbb\xbf" "caf\xc3\xa9", "caf\xe9 \x80 na\xefve",
	"\xff\xfe\xe9", "\xfe\xff\x20\xac", "\xc3(\xe2\x82\xf0\x9f\x98",
	"\x83\x65\x83\x58\x83\x67", "\xa5\xc6\xa5\xb9\xa5\xc8",
	"\x1b$B%F%9%H\x1b(B ab", "\xc4\xe3\xba\xc3\x81\x30\x81\x30",
	"\xa7\x41\xa6\x6e\x88\x62", "\xbe\xc8\xb3\xe7", "\xf0\xd2\xc9\xd7",
	"a\x80\xff\x81" "b\x8f\xa1\xa1", "~{<:Ky2;~}", "+AGE-",
};

void
fuzz_seeds(void)
{
	char head[3] = { 0 };
	struct kb_buf b = { 0 };

	for (size_t i = 0; i <= LABELS; i++) {
		head[0] = (char)(i % 2);
		head[1] = (char)i;
		for (size_t k = i % 4; k < sizeof(texts) / sizeof(texts[0]);
		    k += 4) {
			kb_buf_clear(&b);
			kb_buf_add(&b, kb_str(head, 2));
			kb_buf_addc(&b, texts[k]);
			fuzz_seed(kb_buf_str(&b));
		}
	}
	kb_buf_release(&b);
	fuzz_seed(KB_STR("\0\0<meta http-equiv=content-type content="
	    "\"text/html; charset=shift_jis\">\x83\x65"));
	fuzz_seed(KB_STR("\0\0<!-- <meta charset=koi8-r> --><meta name=x "
	    "charset = 'windows-1251'>\xef\xf0"));
	fuzz_seed(KB_STR("\1\0<\0?\0x\0m\0l\0"));
}
