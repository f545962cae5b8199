#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "chance.h"

#define NONE	((size_t)-1)

static void
test_str__order_is_bytewise_and_the_shorter_comes_first(void)
{
	CHECK(kb_str_cmp(KB_STR("a"), KB_STR("b")) < 0);
	CHECK(kb_str_cmp(KB_STR("ab"), KB_STR("a")) > 0);
	CHECK(kb_str_cmp(KB_STR("\xc3"), KB_STR("z")) > 0);
	CHECK_INT(kb_str_cmp(KB_STR("a\0b"), KB_STR("a\0b")), 0);
	CHECK(kb_str_cmp(KB_STR("a\0b"), KB_STR("a\0c")) < 0);
	CHECK_INT(kb_str_cmp(kb_str(NULL, 0), KB_STR("")), 0);
	CHECK(kb_str_cmp(kb_str(NULL, 0), KB_STR("a")) < 0);
}

static void
test_str__case_is_that_of_ascii_letters_alone(void)
{
	CHECK(kb_str_caseeq(KB_STR("Kb-9"), KB_STR("kB-9")));
	CHECK(!kb_str_caseeq(KB_STR("["), KB_STR("{")));
	CHECK(!kb_str_caseeq(KB_STR("@"), KB_STR("`")));
	CHECK(!kb_str_caseeq(KB_STR("\xc3\x84"), KB_STR("\xc3\xa4")));
	CHECK(!kb_str_caseeq(KB_STR("a"), KB_STR("ab")));
}

static void
test_str__prefix_and_suffix_may_be_the_whole_or_nothing(void)
{
	CHECK(kb_str_has_prefix(KB_STR("abc"), KB_STR("ab")));
	CHECK(kb_str_has_prefix(KB_STR("abc"), KB_STR("abc")));
	CHECK(kb_str_has_prefix(KB_STR("abc"), KB_STR("")));
	CHECK(!kb_str_has_prefix(KB_STR("abc"), KB_STR("abcd")));
	CHECK(!kb_str_has_prefix(KB_STR("abc"), KB_STR("b")));
	CHECK(kb_str_has_suffix(KB_STR("abc"), KB_STR("bc")));
	CHECK(kb_str_has_suffix(KB_STR("abc"), KB_STR("")));
	CHECK(!kb_str_has_suffix(KB_STR("abc"), KB_STR("ab")));
	CHECK(!kb_str_has_suffix(KB_STR("c"), KB_STR("bc")));
}

static void
test_str__trim_takes_ascii_space_and_no_break_space(void)
{
	CHECK_STR(kb_str_trim(KB_STR(" \t\n\v\f\r a b \r\n")), "a b");
	CHECK_STR(kb_str_trim(KB_STR("\xc2\xa0 \xc2\xa0x\xc2\xa0")), "x");
	CHECK_INT(kb_str_trim(KB_STR(" \xc2\xa0 ")).n, 0);
	CHECK_INT(kb_str_trim(kb_str(NULL, 0)).n, 0);
	/* Half of one, and another character that ends in its byte. */
	CHECK_STR(kb_str_trim(KB_STR("\xc2")), "\xc2");
	CHECK_STR(kb_str_trim(KB_STR("\xc3\xa0")), "\xc3\xa0");
	CHECK_STR(kb_str_trim(KB_STR("\xe2\x80\xa0")), "\xe2\x80\xa0");
	CHECK_INT(kb_str_trim(KB_STR("\0 ")).n, 1);
}

static void
test_str__find_gives_the_first_at_or_after(void)
{
	struct kb_str s = KB_STR("abcabc");

	CHECK_INT(kb_str_find(s, KB_STR("bc"), 0), 1);
	CHECK_INT(kb_str_find(s, KB_STR("bc"), 1), 1);
	CHECK_INT(kb_str_find(s, KB_STR("bc"), 2), 4);
	CHECK(kb_str_find(s, KB_STR("bc"), 5) == NONE);
	CHECK(kb_str_find(s, KB_STR("bc"), 6) == NONE);
	CHECK(kb_str_find(s, KB_STR("bc"), 7) == NONE);
	CHECK_INT(kb_str_find(s, KB_STR(""), 6), 6);
	CHECK(kb_str_find(s, KB_STR(""), 7) == NONE);
	CHECK(kb_str_find(KB_STR("ab"), KB_STR("abc"), 0) == NONE);
	CHECK_INT(kb_str_find(KB_STR("a\0b"), KB_STR("\0b"), 0), 1);
	CHECK_INT(kb_str_find(kb_str(NULL, 0), KB_STR(""), 0), 0);
}

static void
test_str__split_gives_every_part_and_then_ends(void)
{
	static const char *const want[] = { "", "a", "", "b", "" };
	struct kb_str rest = KB_STR(",a,,b,"), part;
	size_t n = 0;

	while (kb_str_split(&rest, ',', &part)) {
		CHECK(n < 5);
		if (n < 5)
			CHECK_STR(part, want[n]);
		n++;
	}
	CHECK_INT(n, 5);
	CHECK(rest.p == NULL);
	rest = KB_STR("");
	CHECK(kb_str_split(&rest, ',', &part));
	CHECK_INT(part.n, 0);
	CHECK(!kb_str_split(&rest, ',', &part));
	rest = kb_str(NULL, 0);
	CHECK(!kb_str_split(&rest, ',', &part));
}

static void
test_str__glob_matches_the_whole(void)
{
	static const struct {
		const char	*pattern, *s;
		bool		 want;
	} v[] = {
		{ "", "", true }, { "", "a", false }, { "*", "", true },
		{ "*", "abc", true }, { "?", "", false }, { "?", "a", true },
		{ "abc", "abc", true }, { "abc", "ab", false },
		{ "ab", "abc", false }, { "a*c", "abbc", true },
		{ "a*c", "abcd", false }, { "*c", "abcabc", true },
		{ "a*b*c", "axbxbxc", true }, { "a**c", "ac", true },
		{ "***", "", true }, { "a?c*", "abc", true },
		{ "a?c*", "ac", false }, { "*aab", "aaaab", true },
		{ "?*?", "a", false }, { "?*?", "ab", true },
		{ "kb_*", "kb_knowledge", true }, { "A", "a", false },
		{ "[a]", "a", false }, { "\\*", "\\x", true },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		bool got = kb_str_glob(kb_str_c(v[i].pattern),
		    kb_str_c(v[i].s));

		if (got != v[i].want)
			printf("# '%s' on '%s'\n", v[i].pattern, v[i].s);
		CHECK(got == v[i].want);
	}
}

/* By the definition, for short ones. */
static bool
slow_glob(struct kb_str p, struct kb_str s)
{
	if (p.n == 0)
		return s.n == 0;
	if (p.p[0] == '*')
		return slow_glob(kb_str(p.p + 1, p.n - 1), s) || (s.n > 0 &&
		    slow_glob(p, kb_str(s.p + 1, s.n - 1)));
	return s.n > 0 && (p.p[0] == '?' || p.p[0] == s.p[0]) &&
	    slow_glob(kb_str(p.p + 1, p.n - 1), kb_str(s.p + 1, s.n - 1));
}

static void
test_str__glob_is_what_its_definition_says(void)
{
	char p[6], s[8];

	for (int i = 0; i < 20000; i++) {
		size_t np = chance_below(7), ns = chance_below(9);

		for (size_t k = 0; k < np; k++)
			p[k] = "ab*?"[chance_below(4)];
		for (size_t k = 0; k < ns; k++)
			s[k] = "ab"[chance_below(2)];
		if (kb_str_glob(kb_str(p, np), kb_str(s, ns)) !=
		    slow_glob(kb_str(p, np), kb_str(s, ns))) {
			printf("# '%.*s' on '%.*s'\n", (int)np, p, (int)ns,
			    s);
			CHECK(!"the two agree");
			return;
		}
	}
}

/* Trying every place for every star would take 2^30 steps and more. */
static void
test_str__glob_of_many_stars_is_quick(void)
{
	static char p[64 * 2 + 1], s[20000];
	clock_t begun = clock();

	for (size_t i = 0; i < 64; i++)
		memcpy(p + 2 * i, "a*", 2);
	p[128] = 'b';
	memset(s, 'a', sizeof(s));
	CHECK(!kb_str_glob(kb_str(p, sizeof(p)), kb_str(s, sizeof(s))));
	CHECK(kb_str_glob(kb_str(p, sizeof(p) - 1), kb_str(s, sizeof(s))));
	CHECK((clock() - begun) / CLOCKS_PER_SEC < 5);
}

int
main(void)
{
	RUN(test_str__order_is_bytewise_and_the_shorter_comes_first);
	RUN(test_str__case_is_that_of_ascii_letters_alone);
	RUN(test_str__prefix_and_suffix_may_be_the_whole_or_nothing);
	RUN(test_str__trim_takes_ascii_space_and_no_break_space);
	RUN(test_str__find_gives_the_first_at_or_after);
	RUN(test_str__split_gives_every_part_and_then_ends);
	RUN(test_str__glob_matches_the_whole);
	RUN(test_str__glob_is_what_its_definition_says);
	RUN(test_str__glob_of_many_stars_is_quick);
	return test_done();
}
