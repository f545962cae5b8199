#include "test.h"

#include "chance.h"
#include "offmap.h"

#define PIECES	8

/* A map by hand: three bytes as they are, a reference, a made-up byte, two. */
static const struct kb_offpiece hand[] = {
	{ 0, 100, 3, 3 },	/* "abc" at 100 */
	{ 3, 103, 1, 5 },	/* "&" for "&amp;" at 103 */
	{ 5, 120, 2, 2 },	/* at 4 a space between two blocks */
};

static void
test_offmap__start_and_end_are_those_of_the_pieces(void)
{
	struct kb_offmap m = { hand, 3 };
	static const uint64_t starts[] = {
		100, 101, 102, 103, 120, 120, 121, 122, 122
	};
	static const uint64_t ends[] = {
		100, 101, 102, 103, 108, 108, 121, 122, 122
	};

	for (uint64_t i = 0; i < 9; i++) {
		CHECK_INT(kb_offmap_start(&m, i), starts[i]);
		CHECK_INT(kb_offmap_end(&m, i), ends[i]);
	}
}

static void
test_offmap__one_without_pieces_is_the_identity(void)
{
	struct kb_offmap m = { NULL, 0 };
	uint64_t s = 0, e = 0;

	CHECK_INT(kb_offmap_start(&m, 17), 17);
	CHECK_INT(kb_offmap_end(&m, 17), 17);
	CHECK(kb_offmap_locate(kb_str(NULL, 0), 50, 3, 9, &s, &e));
	CHECK(s == 53 && e == 59);
	CHECK(!kb_offmap_locate(kb_str(NULL, 0), 50, 9, 3, &s, &e));
}

static void
test_offmap__what_is_before_the_first_piece_is_at_its_start(void)
{
	static const struct kb_offpiece late[] = { { 4, 10, 2, 2 } };
	struct kb_offmap m = { late, 1 };

	CHECK_INT(kb_offmap_start(&m, 0), 10);
	CHECK_INT(kb_offmap_end(&m, 0), 10);
	CHECK_INT(kb_offmap_end(&m, 3), 10);
	CHECK_INT(kb_offmap_start(&m, 5), 11);
}

static void
test_offmap__bytes_of_a_map_are_what_the_format_says(void)
{
	struct kb_offmap m = { hand, 3 };
	struct kb_buf b = { 0 };

	kb_offmap_write(&b, &m, 100);
	/* distance, zigzag distance, both lengths */
	CHECK(kb_str_eq(kb_buf_str(&b), KB_STR("\0\0\3\3" "\0\0\1\5"
	    "\1\30\2\2")));
	kb_buf_clear(&b);
	/* The in side may lie before "base": zigzag of -50. */
	kb_offmap_write(&b, &(struct kb_offmap){ hand, 1 }, 150);
	CHECK(kb_str_eq(kb_buf_str(&b), KB_STR("\0\x63\3\3")));
	kb_buf_release(&b);
}

/* Pieces in order on both sides; out gets what the last one ends at. */
static size_t
random_map(struct kb_offpiece *v, uint64_t *out_end)
{
	size_t n = 1 + chance_below(PIECES);
	uint64_t out = chance_below(3), in = 1000 + chance_below(300);

	for (size_t i = 0; i < n; i++) {
		v[i].out = out;
		v[i].in = in;
		v[i].out_n = 1 + (uint32_t)chance_below(5);
		v[i].in_n = chance_below(2) > 0 ? v[i].out_n :
		    (uint32_t)chance_below(9);
		out += v[i].out_n + (chance_below(3) == 0 ?
		    chance_below(3) : 0);
		in += v[i].in_n + chance_below(200);
	}
	*out_end = v[n - 1].out + v[n - 1].out_n;
	return n;
}

static void
test_offmap__locating_in_bytes_agrees_with_the_map(void)
{
	struct kb_offpiece v[PIECES];
	struct kb_buf b = { 0 };
	size_t bad = 0;

	for (int round = 0; round < 3000; round++) {
		uint64_t top, base = 900 + chance_below(400);
		struct kb_offmap m = { v, random_map(v, &top) };

		kb_buf_clear(&b);
		kb_offmap_write(&b, &m, base);
		for (uint64_t from = 0; from < top; from++)
			for (uint64_t to = from + 1; to <= top; to++) {
				uint64_t s = 1, e = 1;
				uint64_t ms = kb_offmap_start(&m, from);
				uint64_t me = kb_offmap_end(&m, to);

				/* Made up as a whole: nothing, where the
				   next thing begins. */
				if (me < ms)
					me = ms;
				bad += !kb_offmap_locate(kb_buf_str(&b),
				    base, from, to, &s, &e);
				bad += s != ms || e != me;
			}
	}
	CHECK_INT(bad, 0);
	kb_buf_release(&b);
}

static void
test_offmap__a_range_outside_of_all_pieces_is_told(void)
{
	struct kb_offmap m = { hand, 3 };
	struct kb_buf b = { 0 };
	uint64_t s = 7, e = 8;

	kb_offmap_write(&b, &m, 100);
	CHECK(!kb_offmap_locate(kb_buf_str(&b), 100, 7, 9, &s, &e));
	CHECK(!kb_offmap_locate(kb_buf_str(&b), 100, 2, 2, &s, &e));
	CHECK(!kb_offmap_locate(kb_buf_str(&b), 100, 3, 2, &s, &e));
	CHECK(s == 7 && e == 8);
	kb_buf_release(&b);
}

static void
test_offmap__bytes_that_are_no_map_set_nothing(void)
{
	static const struct {
		const char	*bytes;
		size_t		 n;
	} v[] = {
		{ "\0\0\3", 3 },			/* cut */
		{ "\x80", 1 },
		{ "\0\0\0\3" "\0\0\2\2", 8 },		/* nothing out */
		{ "\0\0\xff\xff\xff\xff\x7f\3", 8 },	/* beyond 32 bits */
		{ "\xff\xff\xff\xff\x7f\0\3\3", 8 },
		{ "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1\0\1\1",
		  15 },					/* beyond 64 bits */
		{ "\0\0\1\1" "\0\0\3", 7 },		/* cut behind one */
		{ "\0\0\1\1" "\0\x13\1\1", 8 },		/* ends before it
							   begins */
	};
	uint64_t s = 7, e = 8;

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		CHECK(!kb_offmap_locate(kb_str(v[i].bytes, v[i].n), 100, 0,
		    2, &s, &e));
		CHECK(s == 7 && e == 8);
	}
}

static void
test_offmap__any_bytes_give_a_range_or_nothing(void)
{
	char bytes[24];
	size_t bad = 0;

	for (int i = 0; i < 200000; i++) {
		size_t n = chance_below(sizeof(bytes));
		uint64_t s = 1, e = 2;

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(chance() & (i % 2 ? 0xff : 0x07));
		if (kb_offmap_locate(kb_str(bytes, n), chance(),
		    chance_below(9), chance_below(20), &s, &e))
			bad += s > e && n > 0;
		else
			bad += s != 1 || e != 2;
	}
	CHECK_INT(bad, 0);
}

int
main(void)
{
	RUN(test_offmap__start_and_end_are_those_of_the_pieces);
	RUN(test_offmap__one_without_pieces_is_the_identity);
	RUN(test_offmap__what_is_before_the_first_piece_is_at_its_start);
	RUN(test_offmap__bytes_of_a_map_are_what_the_format_says);
	RUN(test_offmap__locating_in_bytes_agrees_with_the_map);
	RUN(test_offmap__a_range_outside_of_all_pieces_is_told);
	RUN(test_offmap__bytes_that_are_no_map_set_nothing);
	RUN(test_offmap__any_bytes_give_a_range_or_nothing);
	return test_done();
}
