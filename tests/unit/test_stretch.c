/* What of a passage is words: all but the numbers of its steps. */
#include "test.h"

#include "sentence.h"
#include "stretch.h"

/* "1. One\n2. b. Two. 3. x": two numbers, two in a row, one that is text. */
static const struct kb_offpiece pieces[] = {
	{ 0, 100, 3, 2 }, { 3, 104, 4, 4 }, { 7, 110, 3, 2 },
	{ 10, 114, 3, 4 }, { 13, 120, 10, 10 },
};
static const struct kb_offmap map = { pieces, 5 };

static struct kb_str
join(struct kb_str text, const struct kb_offmap *m, size_t at)
{
	static char buf[200];
	struct kb_stretch it = kb_stretch(text, m);
	struct kb_str s;
	size_t n = 0;

	it.at = at;
	while (kb_stretch_next(&it, &s)) {
		memcpy(buf + n, s.p, s.n);
		n += s.n;
		buf[n++] = '/';
	}
	return kb_str(buf, n);
}

static void
test_stretch__numbers_of_steps_are_no_words(void)
{
	CHECK_STR(join(KB_STR("1. One\n2. b. Two. 3. x"), &map, 0),
	    "One\n/Two. 3. x/");
	CHECK_STR(join(KB_STR("1. One\n2. b. Two. 3. x"), &map, 7),
	    "Two. 3. x/");
}

static void
test_stretch__text_without_a_map_is_one_stretch(void)
{
	struct kb_offmap none = { NULL, 0 };

	CHECK_STR(join(KB_STR("1. One"), &none, 0), "1. One/");
	CHECK_STR(join(KB_STR(""), &none, 0), "");
}

static void
test_stretch__pieces_that_lie_are_survived(void)
{
	const struct kb_offpiece bad[] = {
		{ 50, 0, 3, 2 }, { 2, 0, UINT32_MAX, 2 },
		{ UINT64_MAX, 0, 3, 2 }
	};
	struct kb_offmap m = { bad, 3 };

	CHECK_STR(join(KB_STR("1. One"), &m, 0), "1. One/");
}

static void
test_stretch__a_sentence_never_ends_inside_of_a_piece(void)
{
	/* An alt text of two sentences, and a number in letters. */
	const struct kb_offpiece alt[] = {
		{ 0, 0, 4, 4 }, { 4, 4, 12, 30 }, { 16, 34, 7, 7 }
	};
	const struct kb_offpiece roman[] = {
		{ 0, 0, 6, 3 }, { 6, 4, 7, 7 }
	};
	struct kb_offmap m = { alt, 3 }, r = { roman, 2 };

	CHECK_INT(kb_sentence_end(KB_STR("See One. Two. Go. End."), 0), 8);
	CHECK_INT(kb_sentence_end_mapped(KB_STR("See One. Two. Go. End."),
	    &m, 0), 17);
	CHECK_INT(kb_sentence_end(KB_STR("viii. Go on."), 0), 5);
	CHECK_INT(kb_sentence_end_mapped(KB_STR("viii. Go on."), &r, 0), 12);
}

static void
test_stretch__a_map_is_read_back_as_it_was_written(void)
{
	struct kb_arena arena = { 0 };
	struct kb_buf bytes = { 0 };
	struct kb_offmap back = { NULL, 0 };

	kb_offmap_write(&bytes, &map, 100);
	CHECK(kb_offmap_read(&back, kb_buf_str(&bytes), 100, &arena));
	CHECK_INT(back.n, map.n);
	for (size_t i = 0; i < back.n && i < map.n; i++)
		CHECK(memcmp(&back.v[i], &map.v[i], sizeof(map.v[i])) == 0);
	CHECK(!kb_offmap_read(&back, KB_STR("\x80"), 0, &arena));
	CHECK(!kb_offmap_read(&back, KB_STR("\x01\x02\x00\x01"), 0, &arena));
	kb_buf_release(&bytes);
	kb_arena_release(&arena);
}

int
main(void)
{
	RUN(test_stretch__numbers_of_steps_are_no_words);
	RUN(test_stretch__text_without_a_map_is_one_stretch);
	RUN(test_stretch__pieces_that_lie_are_survived);
	RUN(test_stretch__a_sentence_never_ends_inside_of_a_piece);
	RUN(test_stretch__a_map_is_read_back_as_it_was_written);
	return test_done();
}
