/* Decoding to UTF-8 and the map back; offsets to lines. */
#include <iconv.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "encoding.h"
#include "encoding_impl.h"
#include "linemap.h"
#include "test.h"
#include "utf8.h"
#include "xml.h"

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

/* ---- without a declaration ---- */

static void
check_guess(struct kb_str raw, const char *name, const char *text)
{
	struct kb_decoded d = decode(raw);

	CHECK_INT(d.how, KB_ENCODING_GUESSED);
	CHECK_STR(kb_str_c(d.name), name);
	if (text != NULL)
		CHECK_STR(d.text, text);
}

static void
test_encoding__utf32_is_read_with_and_without_a_mark(void)
{
	struct kb_decoded d;

	d = decode(KB_STR("\377\376\0\0a\0\0\0\0\366\1\0"));
	CHECK_STR(d.text, "a\360\237\230\200");
	CHECK_INT(d.how, KB_ENCODING_BOM);
	CHECK_INT(kb_offmap_start(&d.map, 1), 8);
	d = decode(KB_STR("\0\0\376\377\0\0\0a\0\21\0\0x"));
	CHECK_STR(d.text, "a\357\277\275\357\277\275");
	CHECK_INT(d.replaced, 2);
	check_guess(KB_STR("\0\0\0<\0\0\0p\0\0\0>"), "utf-32be", "<p>");
	check_guess(KB_STR("<\0\0\0p\0\0\0>\0\0\0"), "utf-32le", "<p>");
}

static void
test_encoding__utf16_without_a_mark_is_seen_by_its_ascii(void)
{
	check_guess(KB_STR("<\0p\0>\0\344\0"), "utf-16le", "<p>\303\244");
	check_guess(KB_STR("\0<\0p\0>\0\344"), "utf-16be", "<p>\303\244");
}

static void
test_encoding__zero_bytes_in_plain_text_make_it_no_utf16(void)
{
	struct kb_decoded d = decode(KB_STR("<p>a zero \0 in a text"));

	CHECK_STR(kb_str_c(d.name), "utf-8");
	CHECK(!kb_encoding_is_wide(KB_STR("\211PNG\r\n\032\n\0\0\0\rIHDR")));
	CHECK(kb_encoding_is_wide(KB_STR("<\0p\0>\0")));
}

static void
test_encoding__escapes_are_read_where_all_of_them_make_sense(void)
{
	struct kb_decoded d;

	check_guess(KB_STR("<p>\033$BF|K\\\033(B"), "iso-2022-jp",
	    "<p>\346\227\245\346\234\254");
	check_guess(KB_STR("\033$)C<p>\0160!\017</p>"), "iso-2022-kr",
	    "<p>\352\260\200</p>");
	d = decode(KB_STR("<p>type ESC \033$ and go"));
	CHECK_STR(kb_str_c(d.name), "utf-8");
}

static void
test_encoding__letters_tell_the_code_page(void)
{
	/* Russian, in three code pages. */
	check_guess(KB_STR("<p>\357\360\350\342\345\362, \354\350\360! "
	    "\352\340\352 \344\345\353\340 \361\345\343\356\344\355\377?"),
	    "windows-1251", NULL);
	check_guess(KB_STR("<p>\320\322\311\327\305\324, \315\311\322! "
	    "\313\301\313 \304\305\314\301 \323\305\307\317\304\316\321?"),
	    "koi8-r", NULL);
	/* Czech, Turkish, Greek. */
	check_guess(KB_STR("<p>P\370\355li\232 \236lu\235ou\350k\375 "
	    "k\371\362 \372p\354l \357\341belsk\351 \363dy"),
	    "windows-1250", NULL);
	check_guess(KB_STR("<p>Pijamal\375 hasta ya\360\375z \376of\366re "
	    "\347abucak g\374vendi"), "windows-1254", NULL);
	check_guess(KB_STR("<p>\316\345\363\352\345\360\334\346\371 "
	    "\364\347\355 \370\365\367\357\366\350\374\361\341 "
	    "\342\344\345\353\365\343\354\337\341"), "iso-8859-7", NULL);
}

static void
test_encoding__short_east_asian_texts_are_seen_by_their_letters(void)
{
	check_guess(KB_STR("<p>\245\355\245\260\245\244\245\363</p>"),
	    "euc-jp", "<p>\343\203\255\343\202\260\343\202\244"
	    "\343\203\263</p>");
	check_guess(KB_STR("<p>\203\215\203O\203C\203\223</p>"),
	    "shift_jis", "<p>\343\203\255\343\202\260\343\202\244"
	    "\343\203\263</p>");
}

static void
test_encoding__a_few_quotes_and_accents_are_windows_1252(void)
{
	static const char *const pages[] = {
		"<p>It\222s a \223smart\224 quote \226 no more",
		"<p>The caf\351 is closed",
		"<p>\251 2003 Na\357ve Ltd. All rights are reserved, and "
		"what else has to stand below of a page: that nobody is to "
		"copy it, that cookies are set, whom to ask if it is broken, "
		"how to unsubscribe",
		"<p>50 \200 a month\205", "<p>M\374ller stra\337e",
		"<p>\307a va \352tre tr\350s fran\347ais, o\371 qu'il soit",
		"<p>20 \260C \261 2 \265m"
	};
	size_t i;

	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		check_guess(kb_str_c(pages[i]), "windows-1252", NULL);
}

static void
test_encoding__utf8_with_a_broken_byte_stays_utf8(void)
{
	struct kb_decoded d;

	d = decode(KB_STR("<p>\303\244\303\266 \344 \303\274\342\202"));
	CHECK_STR(kb_str_c(d.name), "utf-8");
	CHECK_INT(d.how, KB_ENCODING_GUESSED);
	CHECK_STR(d.text, "<p>\303\244\303\266 \357\277\275 \303\274"
	    "\357\277\275");
	CHECK_INT(d.replaced, 2);
}

/* ---- declarations that the bytes contradict ---- */

static void
test_encoding__declared_utf8_without_any_of_it_is_guessed(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=utf-8>caf\351s "
	    "\340 Orl\351ans"));

	CHECK_INT(d.how, KB_ENCODING_GUESSED);
	CHECK_STR(kb_str_c(d.name), "windows-1252");
	CHECK_STR(kb_str_c(d.declared), "utf-8");
	CHECK_INT(d.replaced, 0);
}

static void
test_encoding__utf8_wins_over_a_stale_declaration(void)
{
	struct kb_decoded d;

	d = decode(KB_STR("<meta charset=latin1>\303\244\303\266\303\274"));
	CHECK_STR(kb_str_c(d.name), "utf-8");
	CHECK_STR(kb_str_c(d.declared), "windows-1252");
	/* Two might be chance. */
	d = decode(KB_STR("<meta charset=latin1>\303\244\303\266"));
	CHECK_STR(kb_str_c(d.name), "windows-1252");
	CHECK(d.declared == NULL);
	d = decode(KB_STR("<meta charset=iso-2022-jp>\033$BF|K\\\033(B"));
	CHECK_INT(d.how, KB_ENCODING_DECLARED);
}

/* ---- what is said ---- */

static void
keep_codes(void *arg, const struct kb_diag *diag)
{
	struct kb_buf *b = arg;

	kb_buf_addc(b, diag->code);
	kb_buf_addch(b, ' ');
}

static void
check_said(struct kb_str raw, const char *codes)
{
	struct kb_buf b = { 0 };
	struct kb_diag_sink sink = { keep_codes, &b };
	struct kb_decoded d = decode(raw);

	kb_encoding_say(&sink, &d);
	CHECK_STR(kb_buf_str(&b), codes);
	kb_buf_release(&b);
}

static void
test_encoding__guesses_and_damage_are_findings(void)
{
	check_said(KB_STR("<p>clean \303\244"), "");
	check_said(KB_STR("<p>\374ber"), "encoding-guessed ");
	check_said(KB_STR("<meta charset=euc-kr>\260<b>"), "bad-encoding ");
	check_said(KB_STR("<meta charset=utf-8>\303\244\344"),
	    "bad-encoding ");
	check_said(KB_STR("<p>\303\244\344\303\266"),
	    "encoding-guessed bad-encoding ");
	check_said(KB_STR("<p>was \357\277\275 before"), "bad-encoding ");
}

static void
test_encoding__lost_characters_are_counted_apart(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=utf-8>"
	    "\357\277\275\303\244\344\357\277\275"));

	CHECK_INT(d.lost, 2);
	CHECK_INT(d.replaced, 1);
}

static bool
no_record(void *arg, const struct kb_node *e)
{
	return false;
}

static void
test_encoding__transcoded_xml_says_it_too(void)
{
	struct kb_buf b = { 0 };
	struct kb_diag_sink sink = { keep_codes, &b };
	struct kb_xml_handler h = { .is_record = no_record,
	    .sink = &sink };
	struct kb_input *in;

	CHECK_INT(kb_input_open_mem(&in, KB_STR("<?xml version='1.0' "
	    "encoding='bogus'?><a>\344\366</a>"), "x.xml", NULL), KB_OK);
	CHECK_INT(kb_xml_read(in, &h, NULL), KB_OK);
	CHECK_STR(kb_buf_str(&b), "encoding-guessed ");
	kb_input_close(in);
	kb_buf_release(&b);
}

/* ---- every decoder ---- */

static uint32_t seed = 7;

static void
fill(char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = (char)(seed >> 17);
	}
}

/* Does what the piece came from give what it stands for? */
static bool
piece_holds(const struct kb_encoding *e, const struct kb_encoding_out *o,
    const struct kb_offpiece *p)
{
	struct kb_encoding_out alone = { .raw = kb_str(o->raw.p + p->in,
	    p->in_n) };
	bool same = kb_encoding_run(&alone, e, 0) &&
	    kb_str_eq(kb_buf_str(&alone.text), kb_str(o->text.p + p->out,
	    p->out_n));

	kb_encoding_out_release(&alone);
	return same;
}

static void
check_pieces(const struct kb_encoding *e, struct kb_str raw)
{
	struct kb_encoding_out o = { .raw = raw };
	const struct kb_offpiece *v;
	uint64_t out = 0, in = 0;
	size_t i, bad = 0;

	CHECK(kb_encoding_run(&o, e, 0));
	v = (const void *)o.pieces.p;
	for (i = 0; i < o.pieces.n / sizeof(*v); i++) {
		bad += v[i].out != out || v[i].in < in;
		/* What an escape means depends on those before it. */
		if (e->kind != KB_ENCODING_KIND_STATEFUL)
			bad += v[i].in != in || !piece_holds(e, &o, &v[i]);
		out += v[i].out_n;
		in = v[i].in + v[i].in_n;
	}
	CHECK_INT(bad, 0);
	CHECK_INT(out, o.text.n);
	CHECK(in <= raw.n);
	CHECK_INT(kb_utf8_valid(kb_buf_str(&o.text)), o.text.n);
	kb_encoding_out_release(&o);
}

static void
test_encoding__every_piece_is_what_its_bytes_decode_to(void)
{
	static const char *const wide[] = { "utf-8", "utf-16le", "utf-16be",
	    "utf-32le", "utf-32be", "windows-1252" };
	const struct kb_encoding *e;
	char raw[3000];
	size_t i;

	for (i = 0; i < 6; i++) {
		fill(raw, sizeof(raw));
		check_pieces(kb_encoding_find(kb_str_c(wide[i])),
		    kb_str(raw, sizeof(raw)));
	}
	for (i = 0; (e = kb_encoding_nth(i)) != NULL; i++) {
		fill(raw, sizeof(raw));
		check_pieces(e, kb_str(raw, sizeof(raw)));
	}
	CHECK(i > 40);
}

static void
test_encoding__undeclared_bytes_of_any_kind_give_text(void)
{
	char raw[600];
	size_t i, j;

	for (i = 0; i < 300; i++) {
		struct kb_decoded d;

		fill(raw, sizeof(raw));
		for (j = 0; j < sizeof(raw); j++)
			if (i % 3 == 0 || (i % 3 == 1 && j % (i + 1) != 0))
				raw[j] = (char)(i % 3 == 0 ? raw[j] | 0x80 :
				    (raw[j] & 0x3f) + 0x20);
		d = decode(kb_str(raw, sizeof(raw)));
		CHECK_INT(kb_utf8_valid(d.text), d.text.n);
		CHECK(tiles(&d, sizeof(raw)));
	}
}

static void
test_encoding__big5_signs_follow_the_standard(void)
{
	struct kb_decoded d = decode(KB_STR("<meta charset=big5>"
	    "\241\376\241\105\242\101\242\314"));

	CHECK(kb_str_has_suffix(d.text, KB_STR(">\357\274\217\342\200\247"
	    "\342\210\225\345\215\201")));
	CHECK_INT(d.replaced, 0);
}

/* No file can be opened any more: 0, or 1 for what could not be decoded. */
static int
decode_all_without_files(bool preload)
{
	const struct rlimit none = { 0, 0 };
	const struct kb_encoding *e;
	struct kb_encoding_out o = { .raw = KB_STR("a\261\241z") };
	size_t i;

	if ((preload && kb_encoding_preload(NULL) != KB_OK) ||
	    setrlimit(RLIMIT_NOFILE, &none) != 0)
		return 2;
	for (i = 0; (e = kb_encoding_nth(i)) != NULL; i++) {
		if (!kb_encoding_run(&o, e, 0))
			return 1;
		kb_encoding_out_release(&o);
	}
	return kb_encoding_guess(KB_STR("\320\322\311\327\305\324")) == NULL;
}

static int
in_child(bool preload)
{
	pid_t pid;
	int ws = 0;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(decode_all_without_files(preload));
	return pid > 0 && waitpid(pid, &ws, 0) == pid && WIFEXITED(ws) ?
	    WEXITSTATUS(ws) : -1;
}

/* To be run before anything was decoded in this process. */
static void
test_encoding__preloaded_decoders_need_no_file(void)
{
	CHECK_INT(in_child(true), 0);
	/* Else it would prove nothing. */
	CHECK_INT(in_child(false), 1);
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
	RUN(test_encoding__preloaded_decoders_need_no_file);
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
	RUN(test_encoding__utf32_is_read_with_and_without_a_mark);
	RUN(test_encoding__utf16_without_a_mark_is_seen_by_its_ascii);
	RUN(test_encoding__zero_bytes_in_plain_text_make_it_no_utf16);
	RUN(test_encoding__escapes_are_read_where_all_of_them_make_sense);
	RUN(test_encoding__letters_tell_the_code_page);
	RUN(test_encoding__short_east_asian_texts_are_seen_by_their_letters);
	RUN(test_encoding__a_few_quotes_and_accents_are_windows_1252);
	RUN(test_encoding__utf8_with_a_broken_byte_stays_utf8);
	RUN(test_encoding__declared_utf8_without_any_of_it_is_guessed);
	RUN(test_encoding__utf8_wins_over_a_stale_declaration);
	RUN(test_encoding__guesses_and_damage_are_findings);
	RUN(test_encoding__lost_characters_are_counted_apart);
	RUN(test_encoding__transcoded_xml_says_it_too);
	RUN(test_encoding__every_piece_is_what_its_bytes_decode_to);
	RUN(test_encoding__undeclared_bytes_of_any_kind_give_text);
	RUN(test_encoding__big5_signs_follow_the_standard);
	RUN(test_encoding__arena_cap_is_a_limit);
	RUN(test_linemap__counts_lines_and_columns_from_one);
	kb_arena_release(&arena);
	return test_done();
}
