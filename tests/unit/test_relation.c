#include "test.h"

#include "corpus_fixture.h"
#include "relation.h"

/* ---- versions ---- */

static bool
versions(const char *path_a, const char *title_a, const char *path_b,
    const char *title_b)
{
	struct kb_doc a = { .place = kb_str_c(path_a),
	    .title = kb_str_c(title_a) };
	struct kb_doc b = { .place = kb_str_c(path_b),
	    .title = kb_str_c(title_b) };
	bool there = kb_relation_versions(&a, &b);

	CHECK_INT(kb_relation_versions(&b, &a), there);
	return there;
}

static void
test_relation__paths_that_differ_in_a_version_are_versions(void)
{
	CHECK(versions("llvm-13/Lexicon.html", "Lexicon",
	    "llvm-14/Lexicon.html", "Lexicon"));
	CHECK(versions("boost-1_74_0/any.html", "Any",
	    "boost-1_81_0/any.html", "Boost.Any"));
	CHECK(versions("docs/v2/install.html", "Install",
	    "docs/v3/install.html", "Installation"));
	CHECK(versions("docs/latest/install.html", "Install",
	    "docs/4.2/install.html", "Installing"));
	CHECK(versions("python3.9/a.html", "A", "python3.11/a.html", "A"));
	CHECK(versions("3.11rc1/a.html", "A", "3.11/a.html", "A"));
	CHECK(versions("manual/2024/a.html", "Fees in 2024",
	    "manual/2025/a.html", "Fees in 2025"));
	CHECK(versions("notes-1.2.html", "Notes on 1.2", "notes-1.3.html",
	    "Notes on 1.3"));
	CHECK(versions("a/1.74/b/1.74/x.html", "X", "a/1.81/b/1.81/x.html",
	    "X"));
}

static void
test_relation__other_paths_are_no_versions(void)
{
	CHECK(!versions("llvm-13/a.html", "A", "llvm-13/a.html", "A"));
	CHECK(!versions("llvm-13/a.html", "A", "llvm-14/b.html", "A"));
	CHECK(!versions("llvm-13/a.html", "A", "clang-14/a.html", "A"));
	CHECK(!versions("a.html", "A", "b.html", "A"));
	CHECK(!versions("one/a.html", "A", "two/a.html", "A"));
	CHECK(!versions("docs/1.2/a.html", "A", "docs/a.html", "A"));
	CHECK(!versions("", "A", "", "A"));
}

static void
test_relation__numbers_that_tell_articles_apart_are_no_versions(void)
{
	/* Ids. */
	CHECK(!versions("kb/1001/a.html", "A", "kb/1002/a.html", "A"));
	CHECK(!versions("kb/48693304/a.html", "A", "kb/48693305/a.html",
	    "A"));
	/* Counters of a file name. */
	CHECK(!versions("m/gfx10_src_4.html", "src", "m/gfx9_src_16.html",
	    "src"));
	CHECK(!versions("m/op_1_3_26.html", "op", "m/op_1_3_27.html", "op"));
	CHECK(!versions("page-1.html", "News", "page-2.html", "News"));
	CHECK(!versions("2d/a.html", "A", "3d/a.html", "A"));
	/* A lone number needs the title beside it. */
	CHECK(!versions("part-3/a.html", "Print", "part-4/a.html", "Scan"));
	CHECK(!versions("part-3/a.html", "", "part-4/a.html", ""));
}

static void
test_relation__a_file_of_records_does_not_name_them(void)
{
	struct kb_doc a = { .place = KB_STR("kb-1.0/all.xml"), .number = 3,
	    .title = KB_STR("Print") };
	struct kb_doc b = { .place = KB_STR("kb-2.0/all.xml"), .number = 4,
	    .title = KB_STR("Scan") };

	CHECK(!kb_relation_versions(&a, &b));
	b.title = a.title;
	CHECK(kb_relation_versions(&a, &b));
}

static void
test_relation__declared_versions_count_beside_one_product(void)
{
	struct kb_doc a = { .place = KB_STR("a"), .title = KB_STR("Print"),
	    .version = KB_STR("7.1"), .product = KB_STR("Press") };
	struct kb_doc b = { .place = KB_STR("b"), .title = KB_STR("Print"),
	    .version = KB_STR("7.2"), .product = KB_STR("press") };

	CHECK(kb_relation_versions(&a, &b));
	b.version = a.version;
	CHECK(!kb_relation_versions(&a, &b));
	b.version = KB_STR("7.2");
	b.title = KB_STR("Scan");
	CHECK(!kb_relation_versions(&a, &b));
	/* Most exports count an article's revisions there. */
	b.title = a.title;
	a.product = b.product = KB_STR("");
	CHECK(!kb_relation_versions(&a, &b));
}

static void
test_relation__two_products_are_never_versions(void)
{
	struct kb_doc a = { .place = KB_STR("v1/a"), .title = KB_STR("Print"),
	    .product = KB_STR("Press") };
	struct kb_doc b = { .place = KB_STR("v2/a"), .title = KB_STR("Print"),
	    .product = KB_STR("Proof") };

	CHECK(!kb_relation_versions(&a, &b));
	b.product = a.product;
	CHECK(kb_relation_versions(&a, &b));
}

static uint64_t
version_of(const char *place, const char *product, const char *declared)
{
	struct kb_doc d = { .place = kb_str_c(place),
	    .product = kb_str_c(product), .version = kb_str_c(declared) };

	return kb_relation_version(&d, NULL);
}

static void
test_relation__versions_are_ordered_by_their_numbers(void)
{
	CHECK(version_of("a-9/x", "", "") < version_of("a-10/x", "", ""));
	CHECK(version_of("1.9/x", "", "") < version_of("1.10/x", "", ""));
	CHECK(version_of("1_74_0/x", "", "") < version_of("1.81/x", "", ""));
	CHECK(version_of("v3/x", "", "") < version_of("latest/x", "", ""));
	CHECK(version_of("dev/x", "", "") < version_of("v3/x", "", ""));
	CHECK_INT(version_of("x-9.html", "", ""), 0);
	CHECK_INT(version_of("x", "", "12"), 0);
	/* Numbered folders of one manual are steps, not versions. */
	CHECK_INT(version_of("text/shared/01/x.html", "", ""), 0);
	CHECK(version_of("docs/13/x.html", "", "") > 0);
	CHECK(version_of("v01/x.html", "", "") > 0);
	CHECK(version_of("x", "P", "12") < version_of("x", "P", "v12.1"));
	CHECK(version_of("v1/x", "P", "12") > version_of("v2/x", "P", ""));
	/* More digits than a number of ours has. */
	CHECK(version_of("x", "P", "99999999999999999999") > 0);
}

/* ---- subjects ---- */

#define FILLER	"open the page choose the menu and wait until it is done "

static bool
subjects(const char *title_a, const char *words_a, const char *title_b,
    const char *words_b)
{
	bool there = kb_relation_subjects(kb_str_c(title_a),
	    kb_str_c(words_a), kb_str_c(title_b), kb_str_c(words_b), false);

	CHECK_INT(kb_relation_subjects(kb_str_c(title_b), kb_str_c(words_b),
	    kb_str_c(title_a), kb_str_c(words_a), false), there);
	return there;
}

static void
test_relation__texts_that_differ_in_their_names_have_two_subjects(void)
{
	CHECK(subjects("The slider", FILLER "the slider moves",
	    "The spinner", FILLER "the spinner moves"));
	/* Their own names repeated, and much else that differs. */
	CHECK(subjects("Slider", FILLER "slider one two three four slider",
	    "Spinner", FILLER "spinner five six seven eight spinner"));
	/* One title says more, and that is all the difference. */
	CHECK(subjects("Panel", FILLER "panel", "Panel listener",
	    FILLER "panel listener"));
	CHECK(subjects("Operator <", FILLER "compares", "Operator <=",
	    FILLER "compares them"));
	CHECK(subjects("C", FILLER, "C++", FILLER "too"));
}

static void
test_relation__copies_with_other_wordings_have_one_subject(void)
{
	CHECK(!subjects("Reset a password", FILLER "you reset it",
	    "Reset a password", FILLER "we reset it"));
	CHECK(!subjects("Reset a password",
	    FILLER "reset it one two three four five six seven eight nine zero",
	    "Change passwords", FILLER "change it q w e r t y u i p o"));
	/* The same words: only their order is another. */
	CHECK(!subjects("Panel", "b a panel", "Panel listener",
	    "a b panel"));
	CHECK(!subjects("", FILLER "slider", "Spinner", FILLER "spinner"));
	CHECK(!subjects("Reset, again", FILLER "x", "Reset again?",
	    FILLER "y"));
}

static void
test_relation__a_part_with_a_name_that_the_whole_lacks_is_another_subject(
    void)
{
	const struct kb_str whole = KB_STR(FILLER "spinner and more");

	CHECK(kb_relation_subjects(KB_STR("Slider"), KB_STR("slider "
	    FILLER "slider"), KB_STR("Spinner"), whole, true));
	CHECK(!kb_relation_subjects(KB_STR("Slider"), KB_STR("slider "
	    FILLER "q w e r t y u i o p"), KB_STR("Spinner"), whole, true));
	CHECK(kb_relation_subjects(KB_STR("Slider"), KB_STR("slider "
	    FILLER "q w e r t y u i o"), KB_STR("Spinner"), whole, true));
	/* The whole has more names than its part: that makes no other. */
	CHECK(!kb_relation_subjects(KB_STR("Menu"), KB_STR(FILLER),
	    KB_STR("Menu and spinner"), whole, true));
}

/* ---- pairs ---- */

static enum kb_relation
judged(uint32_t shared, uint32_t size_b, uint32_t own_shared, uint32_t own)
{
	struct kb_pair p = { 0, 1, shared, 100, size_b, own_shared, own, own,
	    false, 0 };
	enum kb_relation is;

	p.relation = kb_relation_judge(&corpus, &p, KB_STR("a b"),
	    KB_STR("a c"));
	is = kb_relation_settle(&corpus, &p);
	CHECK_INT((p.relation & KB_PAIR_STAR) != 0, is == KB_RELATION_NEAR ||
	    (is == KB_RELATION_VERSION && shared >= 89));
	return is;
}

static void
test_relation__near_needs_half_of_what_is_their_own(void)
{
	corpus_begin();
	add("a", KB_F_TITLE, "T", KB_F_N);
	add("b", KB_F_TITLE, "T", KB_F_N);
	CHECK_INT(judged(90, 100, 90, 100), KB_RELATION_NEAR);
	CHECK_INT(judged(89, 100, 20, 30), KB_RELATION_NEAR);
	CHECK_INT(judged(89, 100, 19, 30), KB_RELATION_TEMPLATE);
	CHECK_INT(judged(89, 100, 0, 0), KB_RELATION_TEMPLATE);
	corpus_end();
}

static void
test_relation__a_part_needs_half_of_what_is_its_own(void)
{
	corpus_begin();
	add("a", KB_F_TITLE, "T", KB_F_N);
	add("b", KB_F_TITLE, "T", KB_F_N);
	CHECK_INT(judged(88, 1000, 15, 30), KB_RELATION_CONTAINED);
	CHECK_INT(judged(88, 1000, 14, 30), KB_RELATION_TEMPLATE);
	CHECK_INT(judged(88, 1000, 0, 0), KB_RELATION_TEMPLATE);
	corpus_end();
}

static void
test_relation__names_go_before_figures(void)
{
	corpus_begin();
	add("v1/a", KB_F_TITLE, "T", KB_F_N);
	add("v2/a", KB_F_TITLE, "T", KB_F_N);
	CHECK_INT(judged(90, 100, 0, 0), KB_RELATION_VERSION);
	CHECK_INT(judged(88, 1000, 0, 0), KB_RELATION_VERSION);
	corpus_end();
}

static void
test_relation__different_names_make_a_template(void)
{
	corpus_begin();
	add("x", KB_F_TITLE, "B", KB_F_N);
	add("y", KB_F_TITLE, "C", KB_F_N);
	CHECK_INT(judged(90, 100, 90, 100), KB_RELATION_TEMPLATE);
	corpus_end();
}

static void
test_relation__equal_sets_need_no_judge(void)
{
	struct kb_pair p = { 0, 1, 9, 9, 9, 0, 0, 0, true, 0 };

	corpus_begin();
	add("v1/a", KB_F_TITLE, "B", KB_F_N);
	add("v2/a", KB_F_TITLE, "C", KB_F_N);
	add("v2/b", KB_F_TITLE, "C", KB_F_N);
	CHECK_INT(kb_relation_settle(&corpus, &p), KB_RELATION_IDENTICAL);
	/* The same runs in another order. */
	p.same_words = false;
	CHECK_INT(kb_relation_settle(&corpus, &p), KB_RELATION_VERSION);
	p.b = 2;
	CHECK_INT(kb_relation_settle(&corpus, &p), KB_RELATION_NEAR);
	corpus_end();
}

static void
test_relation__each_has_a_name(void)
{
	for (int i = 1; i < KB_RELATION_N; i++)
		CHECK(kb_relation_name((enum kb_relation)i) != NULL);
	CHECK(kb_relation_name(KB_RELATION_NONE) == NULL);
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_relation__paths_that_differ_in_a_version_are_versions);
	RUN(test_relation__other_paths_are_no_versions);
	RUN(test_relation__numbers_that_tell_articles_apart_are_no_versions);
	RUN(test_relation__a_file_of_records_does_not_name_them);
	RUN(test_relation__declared_versions_count_beside_one_product);
	RUN(test_relation__two_products_are_never_versions);
	RUN(test_relation__versions_are_ordered_by_their_numbers);
	RUN(test_relation__texts_that_differ_in_their_names_have_two_subjects);
	RUN(test_relation__copies_with_other_wordings_have_one_subject);
	RUN(test_relation__a_part_with_a_name_that_the_whole_lacks_is_another_subject);
	RUN(test_relation__near_needs_half_of_what_is_their_own);
	RUN(test_relation__a_part_needs_half_of_what_is_its_own);
	RUN(test_relation__names_go_before_figures);
	RUN(test_relation__different_names_make_a_template);
	RUN(test_relation__equal_sets_need_no_judge);
	RUN(test_relation__each_has_a_name);
	kb_settings_release(&settings);
	return test_done();
}
