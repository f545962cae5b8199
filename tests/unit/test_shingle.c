#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "shingle.h"

static const struct kb_shingling usual = { .width = KB_SHINGLE_WIDTH };

static struct kb_shingles
make(const struct kb_shingling *how, const char *list)
{
	struct kb_shingles s = { 0 };

	CHECK_INT(kb_shingles_make(&s, how, kb_str_c(list), NULL), KB_OK);
	return s;
}

static void
check_words(const char *text, const char *want)
{
	struct kb_buf list = { 0 };

	kb_shingle_words(&list, kb_str_c(text));
	CHECK_STR(kb_buf_str(&list), want);
	kb_buf_release(&list);
}

static void
test_shingle__words_are_in_normal_form_and_parted_by_one_space(void)
{
	check_words("", "");
	check_words("  --  ", "");
	check_words("Don't  PANIC, \xc3\x84rger!", "dont panic \xc3\xa4rger");
	check_words("\xef\xbc\xa1\xef\xbc\xa2", "ab");
	check_words("\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd",
	    "\xe6\x9d\xb1\xe4\xba\xac \xe4\xba\xac\xe9\x83\xbd");
}

static void
test_shingle__texts_follow_each_other_in_one_list(void)
{
	struct kb_buf list = { 0 };

	kb_shingle_words(&list, KB_STR("One. Two"));
	kb_shingle_words(&list, KB_STR("..."));
	kb_shingle_words(&list, KB_STR("three"));
	CHECK_STR(kb_buf_str(&list), "one two three");
	kb_buf_release(&list);
}

static void
test_shingle__there_is_one_for_each_run_of_words(void)
{
	struct kb_shingles s = make(&usual, "a b c d e f g");

	CHECK_INT(s.words, 7);
	CHECK_INT(s.n, 3);
	CHECK_INT(s.distinct, 3);
	CHECK(s.v[0] != 0 && s.v[0] != s.v[1] && s.v[1] != s.v[2]);
	CHECK(!s.collided);
	kb_shingles_release(&s);
}

static void
test_shingle__few_words_are_one_and_none_are_none(void)
{
	struct kb_shingles s = make(&usual, "a b");

	CHECK_INT(s.n, 1);
	CHECK_INT(s.distinct, 1);
	kb_shingles_release(&s);
	s = make(&usual, "");
	CHECK_INT(s.n, 0);
	CHECK_INT(s.words, 0);
	kb_shingles_release(&s);
	s = make(&usual, "a b c d e");
	CHECK_INT(s.n, 1);
	kb_shingles_release(&s);
}

static void
test_shingle__a_run_that_began_before_is_0(void)
{
	struct kb_shingles s = make(&usual, "a b c d e a b c d e x");

	CHECK_INT(s.n, 7);
	CHECK_INT(s.distinct, 6);
	CHECK_INT(s.v[5], 0);
	CHECK(s.v[6] != 0);
	kb_shingles_release(&s);
}

static void
test_shingle__the_same_runs_have_one_print_whatever_their_order(void)
{
	const struct kb_shingling how = { .width = 2 };
	struct kb_shingles x = make(&how, "a b a c a");
	struct kb_shingles y = make(&how, "a c a b a c");
	struct kb_shingles z = make(&how, "a b a c c");

	CHECK_INT(x.distinct, 4);
	CHECK(x.print == y.print);
	CHECK(x.text != y.text);
	CHECK(x.print != z.print);
	kb_shingles_release(&x);
	kb_shingles_release(&y);
	kb_shingles_release(&z);
}

static void
test_shingle__words_are_not_run_together(void)
{
	const struct kb_shingling how = { .width = 2 };
	struct kb_shingles x = make(&how, "ab c"), y = make(&how, "a bc");

	CHECK(x.v[0] != y.v[0]);
	kb_shingles_release(&x);
	kb_shingles_release(&y);
}

/* Fixed for good: an index keeps hashes. */
static void
test_shingle__hashes_are_the_same_for_ever(void)
{
	struct kb_shingling keyed = { .width = 5, .keyed = true,
	    .key = { 1, 2 } };
	struct kb_shingles s = make(&usual, "reset your password in settings");

	CHECK(s.v[0] == UINT64_C(0xae24d774447480d6));
	kb_shingles_release(&s);
	s = make(&keyed, "reset your password in settings");
	CHECK(s.v[0] == UINT64_C(0x195b5ccaf01d0ab0));
	kb_shingles_release(&s);
}

static void
test_shingle__a_key_changes_every_hash(void)
{
	struct kb_shingling how = { .width = 3, .keyed = true };
	struct kb_shingles x = make(&how, "a b c d e"), y;
	uint32_t i;

	how.key[1] = 7;
	y = make(&how, "a b c d e");
	CHECK_INT(y.n, 3);
	for (i = 0; i < x.n; i++)
		CHECK(x.v[i] != y.v[i]);
	kb_shingles_release(&x);
	kb_shingles_release(&y);
}

static void
test_shingle__runs_that_share_a_hash_are_told_apart_by_their_words(void)
{
	const struct kb_shingling how = { .width = 2, .mask = 1 };
	struct kb_shingles s = make(&how, "a b c a b d");

	CHECK_INT(s.n, 5);
	CHECK_INT(s.distinct, 4);
	CHECK_INT(s.v[3], 0);
	CHECK(s.collided);
	kb_shingles_release(&s);
}

/* Were each compared with each, this would take an hour. */
static void
test_shingle__a_list_made_to_collide_takes_no_time(void)
{
	const struct kb_shingling how = { .width = 1, .mask = 1 };
	struct kb_shingles s = { 0 };
	struct kb_buf list = { 0 };
	unsigned i;

	for (i = 0; i < 300000; i++)
		kb_buf_printf(&list, "%s%x", i > 0 ? " " : "", i);
	CHECK_INT(kb_shingles_make(&s, &how, kb_buf_str(&list), NULL), KB_OK);
	CHECK_INT(s.n, 300000);
	CHECK(s.collided);
	kb_shingles_release(&s);
	kb_buf_release(&list);
}

/* Different hashes that stood in one heap of the table: 8 s. */
static void
test_shingle__hashes_made_to_stand_in_a_heap_take_no_time(void)
{
	const struct kb_shingling how = { .width = 1,
	    .mask = ~(((UINT64_C(1) << 21) - 1) << 20) };
	struct kb_shingles s = { 0 };
	struct kb_buf list = { 0 };
	clock_t start;
	unsigned i;

	for (i = 0; i < 150000; i++)
		kb_buf_printf(&list, "%s%x", i > 0 ? " " : "", i);
	start = clock();
	CHECK_INT(kb_shingles_make(&s, &how, kb_buf_str(&list), NULL), KB_OK);
	CHECK((clock() - start) / CLOCKS_PER_SEC < 2);
	CHECK_INT(s.n, 150000);
	CHECK_INT(s.distinct, 150000);
	kb_shingles_release(&s);
	kb_buf_release(&list);
}

static void
test_shingle__all_hashes_of_a_list_can_be_had_again(void)
{
	struct kb_shingles s = make(&usual, "a b c d e a b c d e x");
	uint64_t v[16];
	uint32_t i;

	CHECK_INT(kb_shingles_hash(v, &usual, KB_STR("a b c d e a b c d e x")),
	    s.n);
	for (i = 0; i < s.n; i++)
		CHECK(s.v[i] == (i == 5 ? 0 : v[i]));
	CHECK(v[5] == v[0]);
	kb_shingles_release(&s);
}

static void
test_shingle__a_run_ends_with_its_last_word(void)
{
	struct kb_str list = KB_STR("ab c def g");

	CHECK_STR(kb_shingle_run(list, 0, 2), "ab c");
	CHECK_STR(kb_shingle_run(list, 3, 2), "c def");
	CHECK_STR(kb_shingle_run(list, 5, 2), "def g");
	CHECK_STR(kb_shingle_run(list, 0, 9), "ab c def g");
}

static void
test_shingle__a_width_that_is_none_is_refused(void)
{
	struct kb_shingling how = { .width = 0 };
	struct kb_shingles s;

	CHECK_INT(kb_shingles_make(&s, &how, KB_STR("a"), NULL), KB_USAGE);
	how.width = KB_SHINGLE_MAX_WIDTH + 1;
	CHECK_INT(kb_shingles_make(&s, &how, KB_STR("a"), NULL), KB_USAGE);
}

int
main(void)
{
	RUN(test_shingle__words_are_in_normal_form_and_parted_by_one_space);
	RUN(test_shingle__texts_follow_each_other_in_one_list);
	RUN(test_shingle__there_is_one_for_each_run_of_words);
	RUN(test_shingle__few_words_are_one_and_none_are_none);
	RUN(test_shingle__a_run_that_began_before_is_0);
	RUN(test_shingle__the_same_runs_have_one_print_whatever_their_order);
	RUN(test_shingle__words_are_not_run_together);
	RUN(test_shingle__hashes_are_the_same_for_ever);
	RUN(test_shingle__a_key_changes_every_hash);
	RUN(test_shingle__runs_that_share_a_hash_are_told_apart_by_their_words);
	RUN(test_shingle__a_list_made_to_collide_takes_no_time);
	RUN(test_shingle__hashes_made_to_stand_in_a_heap_take_no_time);
	RUN(test_shingle__all_hashes_of_a_list_can_be_had_again);
	RUN(test_shingle__a_run_ends_with_its_last_word);
	RUN(test_shingle__a_width_that_is_none_is_refused);
	return test_done();
}
