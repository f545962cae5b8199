#include "test.h"

#include <stdlib.h>

#include "buf.h"
#include "chance.h"
#include "utf8.h"

/* Unicode 15, table 3-7, as it is printed: ranges of up to four bytes. */
static const struct row {
	size_t		n;
	unsigned char	lo[4], hi[4];
} table[] = {
	{ 1, { 0x00 }, { 0x7f } },
	{ 2, { 0xc2, 0x80 }, { 0xdf, 0xbf } },
	{ 3, { 0xe0, 0xa0, 0x80 }, { 0xe0, 0xbf, 0xbf } },
	{ 3, { 0xe1, 0x80, 0x80 }, { 0xec, 0xbf, 0xbf } },
	{ 3, { 0xed, 0x80, 0x80 }, { 0xed, 0x9f, 0xbf } },
	{ 3, { 0xee, 0x80, 0x80 }, { 0xef, 0xbf, 0xbf } },
	{ 4, { 0xf0, 0x90, 0x80, 0x80 }, { 0xf0, 0xbf, 0xbf, 0xbf } },
	{ 4, { 0xf1, 0x80, 0x80, 0x80 }, { 0xf3, 0xbf, 0xbf, 0xbf } },
	{ 4, { 0xf4, 0x80, 0x80, 0x80 }, { 0xf4, 0x8f, 0xbf, 0xbf } },
};

/* How many leading bytes of "s" fit a row; the whole row: *whole. */
static size_t
longest_fit(struct kb_str s, bool *whole)
{
	size_t best = 0;

	*whole = false;
	for (size_t r = 0; r < sizeof(table) / sizeof(table[0]); r++) {
		size_t k = 0;

		while (k < table[r].n && k < s.n &&
		    (unsigned char)s.p[k] >= table[r].lo[k] &&
		    (unsigned char)s.p[k] <= table[r].hi[k])
			k++;
		if (k == table[r].n) {
			*whole = true;
			return k;
		}
		if (k > best)
			best = k;
	}
	return best > 0 ? best : 1;
}

static uint32_t
value_of(struct kb_str s, size_t n)
{
	static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)s.p[0] & mask[n];

	for (size_t i = 1; i < n; i++)
		c = c * 64 + ((unsigned char)s.p[i] & 0x3f);
	return c;
}

static bool
agrees(struct kb_str s)
{
	bool whole;
	uint32_t c = 1;
	size_t want = longest_fit(s, &whole), got = kb_utf8_next(s, 0, &c);

	if (got == want && c == (whole ? value_of(s, want) : UINT32_MAX))
		return true;
	printf("# %02x %02x %02x %02x (%zu): %zu, not %zu\n",
	    (unsigned char)s.p[0], s.n > 1 ? (unsigned char)s.p[1] : 0,
	    s.n > 2 ? (unsigned char)s.p[2] : 0,
	    s.n > 3 ? (unsigned char)s.p[3] : 0, s.n, got, want);
	return false;
}

/* All pairs of bytes, then bytes around every border of the table. */
static void
test_utf8__every_sequence_is_read_as_the_standard_says(void)
{
	static const unsigned char edges[] = {
		0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0,
		0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff
	};
	char s[4];
	size_t bad = 0;

	for (unsigned a = 0; a < 256 && bad < 5; a++)
		for (unsigned b = 0; b < 256; b++) {
			s[0] = (char)a;
			s[1] = (char)b;
			bad += !agrees(kb_str(s, 1));
			bad += !agrees(kb_str(s, 2));
			for (size_t i = 0; i < 16 * 16; i++) {
				s[2] = (char)edges[i / 16];
				s[3] = (char)edges[i % 16];
				bad += !agrees(kb_str(s, 3));
				bad += !agrees(kb_str(s, 4));
			}
		}
	CHECK_INT(bad, 0);
}

static void
test_utf8__malformed_classes_are_refused(void)
{
	static const struct {
		const char	*what, *bytes;
	} bad[] = {
		{ "a lone continuation", "\x80" },
		{ "overlong slash in two", "\xc0\xaf" },
		{ "overlong slash in three", "\xe0\x80\xaf" },
		{ "overlong slash in four", "\xf0\x80\x80\xaf" },
		{ "a surrogate", "\xed\xa0\x80" },
		{ "past U+10FFFF", "\xf4\x90\x80\x80" },
		{ "five bytes", "\xf8\x88\x80\x80\x80" },
		{ "0xff", "\xff" },
		{ "cut in two", "\xc3" },
		{ "cut in three", "\xe2\x82" },
		{ "cut in four", "\xf0\x9f\x98" },
		{ "a letter inside", "\xe2\x28\xa1" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_buf b = { 0 };

		kb_buf_addc(&b, "ok \xc3\xa9 ");
		kb_buf_addc(&b, bad[i].bytes);
		if (kb_utf8_valid(kb_buf_str(&b)) != 6) {
			printf("# %s\n", bad[i].what);
			CHECK(!"refused where it begins");
		}
		kb_buf_release(&b);
	}
	CHECK_INT(kb_utf8_valid(KB_STR("a\xc3\xa9\xe2\x82\xac"
	    "\xf0\x9f\x98\x80\0")), 11);
	CHECK_INT(kb_utf8_valid(kb_str(NULL, 0)), 0);
}

static void
test_utf8__every_code_point_comes_back(void)
{
	struct kb_buf b = { 0 };
	size_t at = 0, bad = 0;
	uint32_t c, got;

	for (c = 0; c <= 0x10ffff; c++)
		if (c < 0xd800 || c > 0xdfff)
			kb_buf_add_utf8(&b, c);
	CHECK_INT(kb_utf8_valid(kb_buf_str(&b)), b.n);
	for (c = 0; c <= 0x10ffff && at < b.n; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		at += kb_utf8_next(kb_buf_str(&b), at, &got);
		bad += got != c;
	}
	CHECK_INT(bad, 0);
	CHECK_INT(at, b.n);
	kb_buf_release(&b);
}

static void
test_utf8__floor_is_the_largest_cut_between_code_points(void)
{
	struct kb_buf b = { 0 };
	char border[256];

	for (int round = 0; round < 2000; round++) {
		size_t want = 0;

		kb_buf_clear(&b);
		memset(border, 0, sizeof(border));
		while (b.n < 40) {
			border[b.n] = 1;
			kb_buf_add_utf8(&b, (uint32_t)(chance() % 0x110000 >>
			    chance_below(21)));
		}
		for (size_t n = 0; n <= b.n + 3; n++) {
			if (n <= b.n && (n == b.n || border[n]))
				want = n;
			CHECK_INT(kb_utf8_floor(kb_buf_str(&b), n), want);
		}
	}
	kb_buf_release(&b);
}

int
main(void)
{
	RUN(test_utf8__every_sequence_is_read_as_the_standard_says);
	RUN(test_utf8__malformed_classes_are_refused);
	RUN(test_utf8__every_code_point_comes_back);
	RUN(test_utf8__floor_is_the_largest_cut_between_code_points);
	return test_done();
}
