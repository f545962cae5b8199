/* Decoding to UTF-8 and the map back; offsets to lines. */
#include <iconv.h>
#include <stdlib.h>

#include "encoding.h"
#include "encoding_label.h"
#include "linemap.h"
#include "test.h"
#include "utf8.h"

static struct kb_arena arena;

static struct kb_decoded
decode_as(struct kb_str raw, enum kb_markup markup)
{
	struct kb_decoded d = { .name = "(failed)" };

	kb_arena_reset(&arena);
	CHECK_INT(kb_encoding_decode(&d, raw, markup, &arena, NULL), KB_OK);
	return d;
}

static struct kb_decoded
decode(struct kb_str raw)
{
	return decode_as(raw, KB_MARKUP_HTML);
}

static void
test_encoding__clean_utf8_is_the_input_itself(void)
{
	struct kb_str raw = KB_STR("<p>Gr\303\274n \360\237\230\200");
	struct kb_decoded d = decode(raw);

	CHECK(d.text.p == raw.p && d.text.n == raw.n);
	CHECK_INT(d.map.n, 0);
	CHECK_STR(kb_str_c(d.name), "utf-8");
	CHECK_INT(d.how, KB_ENCODING_UTF8);
}

static void
test_encoding__empty_input_is_empty_text(void)
{
	struct kb_decoded d = decode(kb_str(NULL, 0));

	CHECK_INT(d.text.n, 0);
	CHECK_INT(d.map.n, 0);
}

static void
test_encoding__bom_is_cut_and_mapped(void)
{
	struct kb_str raw = KB_STR("\357\273\277<meta charset=latin1>\303\274");
	struct kb_decoded d = decode(raw);

	CHECK_STR(d.text, "<meta charset=latin1>\303\274");
	CHECK(d.text.p == raw.p + 3);
	CHECK_INT(d.how, KB_ENCODING_BOM);
	CHECK_INT(kb_offmap_start(&d.map, 0), 3);
	CHECK_INT(kb_offmap_end(&d.map, d.text.n), raw.n);
}

static void
test_encoding__utf16_with_a_bom_is_decoded_in_both_orders(void)
{
	struct kb_decoded d;

	d = decode(KB_STR("\377\376a\0\075\330\000\336\374\0"));
	CHECK_STR(d.text, "a\360\237\230\200\303\274");
	CHECK_STR(kb_str_c(d.name), "utf-16le");
	CHECK_INT(kb_offmap_start(&d.map, 1), 4);
	CHECK_INT(kb_offmap_end(&d.map, 5), 8);
	CHECK_INT(kb_offmap_start(&d.map, 5), 8);
	d = decode(KB_STR("\376\377\0a\0b"));
	CHECK_STR(d.text, "ab");
	CHECK_STR(kb_str_c(d.name), "utf-16be");
}

static void
test_encoding__unpaired_surrogate_and_odd_byte_are_replaced(void)
{
	struct kb_decoded d = decode(KB_STR("\377\376\000\330a\0x"));

	CHECK_STR(d.text, "\357\277\275a\357\277\275");
	CHECK_INT(d.replaced, 2);
}

static void
test_encoding__latin1_means_windows_1252(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=\"Latin1\">"
	    "\200 \374\201"));

	CHECK_STR(kb_str_c(d.name), "windows-1252");
	CHECK_INT(d.how, KB_ENCODING_DECLARED);
	CHECK_STR(kb_str(d.text.p + 23, d.text.n - 23),
	    "\342\202\254 \303\274\302\201");
	/* The euro's three bytes are one byte of the input. */
	CHECK_INT(kb_offmap_start(&d.map, 23), 23);
	CHECK_INT(kb_offmap_start(&d.map, 25), 23);
	CHECK_INT(kb_offmap_end(&d.map, 26), 24);
	CHECK_INT(kb_offmap_start(&d.map, 27), 25);
}

static void
test_encoding__declared_ascii_page_is_the_input_itself(void)
{
	struct kb_str raw = KB_STR("<meta charset=koi8-r>plain");
	struct kb_decoded d = decode(raw);

	CHECK(d.text.p == raw.p);
	CHECK_INT(d.map.n, 0);
	CHECK_STR(kb_str_c(d.name), "koi8-r");
}

static void
test_encoding__guesses_windows_1252_when_nothing_is_usable(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=bogus>\374"));

	CHECK_INT(d.how, KB_ENCODING_GUESSED);
	CHECK_STR(kb_str_c(d.name), "windows-1252");
	CHECK_STR(kb_str(d.text.p + 20, d.text.n - 20), "\303\274");
}

static void
test_encoding__declared_utf8_that_is_not_is_replaced_and_counted(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=utf-8>a\374b"
	    "\342\202c"));

	CHECK_INT(d.how, KB_ENCODING_DECLARED);
	CHECK_STR(kb_str(d.text.p + 20, d.text.n - 20),
	    "a\357\277\275b\357\277\275c");
	CHECK_INT(d.replaced, 2);
	CHECK_INT(kb_offmap_start(&d.map, d.text.n - 1), 25);
}

static void
check_declared(struct kb_str head, enum kb_markup markup, const char *want)
{
	const struct kb_encoding *e = kb_encoding_declared(head, markup);

	CHECK_STR(kb_str_c(e != NULL ? e->name : "none"), want);
}

static void
test_encoding__prescan_reads_what_the_standard_reads(void)
{
	enum kb_markup h = KB_MARKUP_HTML;

	check_declared(KB_STR("<meta http-equiv='Content-Type' "
	    "content='text/html; charset=Shift_JIS'>"), h, "shift_jis");
	check_declared(KB_STR("<meta content='text/html; charset=\"sjis\"' "
	    "http-equiv=content-type>"), h, "shift_jis");
	check_declared(KB_STR("<META CHARSET = ' UTF8 '>"), h, "utf-8");
	check_declared(KB_STR("<title><meta charset=euc-kr></title>"), h,
	    "euc-kr");
	check_declared(KB_STR("<!-- <meta charset=big5> -->"
	    "<meta charset=gbk>"), h, "gbk");
	check_declared(KB_STR("<a title='<meta charset=big5>'>"
	    "<meta charset=gbk>"), h, "gbk");
	check_declared(KB_STR("<meta charset=utf-16le>"), h, "utf-8");
	check_declared(KB_STR("<meta charset=x-user-defined>"), h,
	    "windows-1252");
	check_declared(KB_STR("<?xml version='1.0' encoding='koi8-u'?>"), h,
	    "koi8-u");
	check_declared(KB_STR("<\0?\0x\0m\0l\0"), h, "utf-16le");
}

static void
test_encoding__prescan_passes_over_what_declares_nothing(void)
{
	enum kb_markup h = KB_MARKUP_HTML;

	check_declared(KB_STR("<meta content='text/html; charset=big5'>"), h,
	    "none");
	check_declared(KB_STR("<metal charset=big5>"), h, "none");
	check_declared(KB_STR("<meta charset=big5"), h, "none");
	check_declared(KB_STR("<meta charset=hz-gb-2312>"), h, "none");
	check_declared(KB_STR("<meta charset=big5>"), KB_MARKUP_XML, "none");
	check_declared(KB_STR("<!-- <meta charset=big5>"), h, "none");
}

static void
test_encoding__prescan_ends_after_1024_bytes(void)
{
	char page[1200];

	memset(page, ' ', sizeof(page));
	memcpy(page + 1000, "<meta charset=big5>", 19);
	check_declared(kb_str(page, sizeof(page)), KB_MARKUP_HTML, "big5");
	memset(page, ' ', sizeof(page));
	memcpy(page + 1010, "<meta charset=big5>", 19);
	check_declared(kb_str(page, sizeof(page)), KB_MARKUP_HTML, "none");
}

static void
test_encoding__xml_declaration_decides_for_xml(void)
{
	struct kb_decoded d = decode_as(KB_STR("<?xml version=\"1.0\" "
	    "encoding = \"ISO-8859-15\"?><a>\244</a>"), KB_MARKUP_XML);

	CHECK_STR(kb_str_c(d.name), "iso-8859-15");
	CHECK(kb_str_has_suffix(d.text, KB_STR("<a>\342\202\254</a>")));
}

static void
test_encoding__multibyte_characters_map_one_by_one(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=sjis>"
	    "\223\372\226\173A\261."));
	const size_t at = 19;

	CHECK_STR(kb_str(d.text.p + at, d.text.n - at),
	    "\346\227\245\346\234\254A\357\275\261.");
	CHECK_INT(kb_offmap_start(&d.map, at + 3), at + 2);
	CHECK_INT(kb_offmap_end(&d.map, at + 6), at + 4);
	CHECK_INT(kb_offmap_start(&d.map, at + 6), at + 4);
	CHECK_INT(kb_offmap_start(&d.map, at + 7), at + 5);
	CHECK_INT(kb_offmap_start(&d.map, at + 10), at + 6);
}

static void
test_encoding__stateful_escapes_are_no_text(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=iso-2022-jp>"
	    "\033$BF|K\\\033(BA"));
	const size_t at = 26;

	CHECK_STR(kb_str(d.text.p + at, d.text.n - at),
	    "\346\227\245\346\234\254A");
	CHECK_INT(kb_offmap_end(&d.map, at + 3), at + 5);
	CHECK_INT(d.replaced, 0);
}

static void
test_encoding__malformed_multibyte_keeps_the_ascii_behind_it(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=euc-kr>"
	    "\260<b>\260"));

	CHECK(kb_str_has_suffix(d.text,
	    KB_STR(">\357\277\275<b>\357\277\275")));
	CHECK_INT(d.replaced, 2);
}

/* Every label's encoding must exist in the C library's iconv. */
static void
test_encoding__every_named_encoding_can_be_decoded(void)
{
	static const char *const labels[] = {
		"866", "latin2", "latin3", "latin4", "cyrillic", "arabic",
		"greek", "hebrew", "logical", "latin6", "iso-8859-13",
		"iso-8859-14", "l9", "iso-8859-16", "koi", "koi8-ru", "mac",
		"tis-620", "x-cp1250", "cp1251", "cp1253", "latin5",
		"cp1255", "cp1256", "cp1257", "cp1258", "x-mac-ukrainian",
		"gb2312", "gb18030", "big5-hkscs", "x-euc-jp",
		"csiso2022jp", "ms_kanji", "ks_c_5601-1987"
	};
	const struct kb_encoding *e;
	iconv_t cd;
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		e = kb_encoding_find(kb_str_c(labels[i]));
		CHECK(e != NULL);
		if (e == NULL)
			continue;
		cd = iconv_open("UTF-8", e->iconv);
		CHECK(cd != (iconv_t)-1);
		if (cd != (iconv_t)-1)
			iconv_close(cd);
	}
}

static void
test_encoding__tables_follow_the_standard_where_iconv_does_not(void)
{
	struct kb_decoded d;

	d = decode(KB_STR("<meta charset=koi8-u>\256"));
	CHECK(kb_str_has_suffix(d.text, KB_STR(">\321\236")));
	d = decode(KB_STR("<meta charset=gbk>\200"));
	CHECK(kb_str_has_suffix(d.text, KB_STR(">\342\202\254")));
	d = decode(KB_STR("<meta charset=windows-1253>\252\200"));
	CHECK(kb_str_has_suffix(d.text, KB_STR(">\357\277\275\342\202\254")));
	CHECK_INT(d.replaced, 1);
}

static bool
tiles(const struct kb_decoded *d, size_t raw_n)
{
	uint64_t out = 0, in = 0;
	size_t i;

	for (i = 0; i < d->map.n; i++) {
		const struct kb_offpiece *p = &d->map.v[i];

		if (p->out != out || p->in < in || p->out_n == 0)
			return false;
		out += p->out_n;
		in = p->in + p->in_n;
	}
	return d->map.n == 0 || (out == d->text.n && in <= raw_n);
}

static void
test_encoding__any_bytes_give_utf8_and_a_whole_map(void)
{
	static const char *const names[] = { "utf-8", "gb18030", "big5",
	    "euc-jp", "iso-2022-jp", "sjis", "euc-kr", "cp1255", "mac" };
	uint32_t seed = 1;
	char raw[400];
	size_t i, j, n;

	for (i = 0; i < 900; i++) {
		struct kb_decoded d;

		n = (size_t)snprintf(raw, sizeof(raw), "<meta charset=%s>",
		    names[i % 9]);
		for (j = n; j < sizeof(raw); j++) {
			seed = seed * 1103515245 + 12345;
			raw[j] = (char)(seed >> 16 | (i & 1) << 7);
		}
		d = decode(kb_str(raw, sizeof(raw)));
		CHECK_INT(kb_utf8_valid(d.text), d.text.n);
		CHECK(tiles(&d, sizeof(raw)));
	}
}

static void
test_encoding__arena_cap_is_a_limit(void)
{
	struct kb_arena small;
	struct kb_decoded d;
	struct kb_err err;
	char raw[4096];

	memset(raw, '\374', sizeof(raw));
	kb_arena_init(&small, 2048);
	CHECK_INT(kb_encoding_decode(&d, kb_str(raw, sizeof(raw)),
	    KB_MARKUP_HTML, &small, &err), KB_LIMIT);
	CHECK_INT(err.status, KB_LIMIT);
	kb_arena_release(&small);
}

static void
check_line(struct kb_str text, uint64_t offset, int line, int col)
{
	uint32_t l = 0, c = 0;

	kb_linemap_locate(text, offset, &l, &c);
	CHECK_INT(l, line);
	CHECK_INT(c, col);
}

static void
test_linemap__counts_lines_and_columns_from_one(void)
{
	struct kb_str text = KB_STR("ab\ncd\r\ne\rf");

	check_line(text, 0, 1, 1);
	check_line(text, 2, 1, 3);
	check_line(text, 3, 2, 1);
	check_line(text, 6, 2, 4);
	check_line(text, 7, 3, 1);
	check_line(text, 9, 4, 1);
	check_line(text, 99, 4, 2);
	check_line(kb_str(NULL, 0), 5, 1, 1);
}

int
main(void)
{
	kb_arena_init(&arena, 0);
	RUN(test_encoding__clean_utf8_is_the_input_itself);
	RUN(test_encoding__empty_input_is_empty_text);
	RUN(test_encoding__bom_is_cut_and_mapped);
	RUN(test_encoding__utf16_with_a_bom_is_decoded_in_both_orders);
	RUN(test_encoding__unpaired_surrogate_and_odd_byte_are_replaced);
	RUN(test_encoding__latin1_means_windows_1252);
	RUN(test_encoding__declared_ascii_page_is_the_input_itself);
	RUN(test_encoding__guesses_windows_1252_when_nothing_is_usable);
	RUN(test_encoding__declared_utf8_that_is_not_is_replaced_and_counted);
	RUN(test_encoding__prescan_reads_what_the_standard_reads);
	RUN(test_encoding__prescan_passes_over_what_declares_nothing);
	RUN(test_encoding__prescan_ends_after_1024_bytes);
	RUN(test_encoding__xml_declaration_decides_for_xml);
	RUN(test_encoding__multibyte_characters_map_one_by_one);
	RUN(test_encoding__stateful_escapes_are_no_text);
	RUN(test_encoding__malformed_multibyte_keeps_the_ascii_behind_it);
	RUN(test_encoding__every_named_encoding_can_be_decoded);
	RUN(test_encoding__tables_follow_the_standard_where_iconv_does_not);
	RUN(test_encoding__any_bytes_give_utf8_and_a_whole_map);
	RUN(test_encoding__arena_cap_is_a_limit);
	RUN(test_linemap__counts_lines_and_columns_from_one);
	kb_arena_release(&arena);
	return test_done();
}
