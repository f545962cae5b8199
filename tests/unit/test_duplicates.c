#include "test.h"

#include "corpus_fixture.h"
#include "relation.h"

static void
give(struct kb_join *join, const char *words)
{
	struct kb_shingles shingles;

	CHECK_INT(kb_shingles_make(&shingles, &corpus.rules.shingling,
	    kb_str_c(words), NULL), KB_OK);
	CHECK_INT(kb_join_add(join, &shingles, kb_str_c(words), NULL),
	    KB_OK);
	kb_shingles_release(&shingles);
}

/*
 * "n" words that are numbers from "from" on; as many shingles but four, of
 * which those of overlapping ranges are the same.
 */
static void
add_numbers(struct kb_buf *list, unsigned from, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		kb_buf_printf(list, "%sw%u", list->n > 0 ? " " : "",
		    from + i);
}

/* What is compared: "n" shingles from "from" on. */
static void
give_set(struct kb_join *join, unsigned from, unsigned n)
{
	struct kb_buf list = { 0 };

	if (n > 0)
		add_numbers(&list, from, n + 4);
	give(join, n > 0 ? list.p : "");
	kb_buf_release(&list);
}

static struct kb_join *
join_new(void)
{
	struct kb_join *join = NULL;
	struct kb_join_opts opts;
	const char *tmp = getenv("TMPDIR");

	kb_duplicates_options(&corpus, &opts);
	CHECK_INT(kb_join_new(&join, tmp != NULL ? tmp : P_tmpdir, &opts,
	    NULL), KB_OK);
	return join;
}

/* All the articles of the corpus have one text. */
static void
run_equal(void)
{
	struct kb_join *join = join_new();

	for (size_t i = 0; i < corpus.ndocs; i++)
		give_set(join, 1, 100);
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
}

/* The number of the canonical of two articles, whichever is added first. */
#define CANONICAL(want, first, second) do {				\
	corpus_begin();							\
	(void)first;							\
	(void)second;							\
	run_equal();							\
	CHECK_INT(corpus.docs[0].canonical, want);			\
	CHECK_INT(corpus.docs[1].canonical, want);			\
	corpus_end();							\
} while (0)

static void
test_duplicates__the_canonical_is_published(void)
{
	CANONICAL(1,
	    add("a", KB_F_STATUS, "draft", KB_F_OWNER, "Ann",
	    KB_F_MODIFIED, "2026-09-01", KB_F_N),
	    add("b", KB_F_N));
	/* "In review" is not published either. */
	CANONICAL(1, add("a", KB_F_STATUS, "review", KB_F_OWNER, "Ann",
	    KB_F_N), add("b", KB_F_N));
	CANONICAL(1, add("a", KB_F_EXPIRES, "2026-01-01", KB_F_OWNER, "Ann",
	    KB_F_N), add("b", KB_F_N));
}

static void
test_duplicates__then_owned_by_somebody(void)
{
	CANONICAL(1, add("a", KB_F_MODIFIED, "2026-09-01", KB_F_N),
	    add("b", KB_F_OWNER, "Ann", KB_F_N));
	CANONICAL(1, add("a", KB_F_OWNER, "TBD", KB_F_MODIFIED, "2026-09-01",
	    KB_F_N), add("b", KB_F_OWNER, "Ann", KB_F_N));
	CANONICAL(0, add("a", KB_F_OWNER, "Ann", KB_F_N),
	    add("b", KB_F_VIEWS, "9000", KB_F_N));
}

static void
test_duplicates__then_cared_for_last(void)
{
	CANONICAL(1, add("a", KB_F_MODIFIED, "2026-01-01", KB_F_VIEWS,
	    "9000", KB_F_N), add("b", KB_F_MODIFIED, "2026-01-02", KB_F_N));
	CANONICAL(1, add("a", KB_F_MODIFIED, "2026-01-01", KB_F_N),
	    add("b", KB_F_REVIEWED, "2026-01-02", KB_F_MODIFIED,
	    "2020-01-01", KB_F_N));
}

static void
test_duplicates__then_linked_to_viewed_longest_and_by_id(void)
{
	corpus_begin();
	add("a", KB_F_VIEWS, "100", KB_F_N);
	add("b", KB_F_N);
	corpus.docs[1].inlinks = 1;
	run_equal();
	CHECK_INT(corpus.docs[0].canonical, 1);
	corpus_end();
	CANONICAL(1, add("a", KB_F_VIEWS, "99", KB_F_N),
	    add("b", KB_F_VIEWS, "100", KB_F_N));
	CANONICAL(1, add("a", KB_F_N), add("b", KB_F_VIEWS, "0", KB_F_N));
	corpus_begin();
	add("a", KB_F_N);
	add("b", KB_F_N);
	corpus.docs[1].words = 101;
	run_equal();
	CHECK_INT(corpus.docs[0].canonical, 1);
	corpus_end();
	CANONICAL(1, add("a", KB_F_ID, "z", KB_F_N),
	    add("b", KB_F_ID, "y", KB_F_N));
}

#define ROUND	"a1 a2 a3 a4 a5 a6 a7 a8 a9 "

static void
test_duplicates__the_same_words_are_identical_others_near(void)
{
	struct kb_join *join;

	corpus_begin();
	add("a", KB_F_N);
	add("b", KB_F_N);
	add("c", KB_F_N);
	add("d", KB_F_N);
	join = join_new();
	give(join, ROUND ROUND ROUND ROUND "t1 t2 t3 t4");
	give(join, ROUND ROUND ROUND ROUND "t1 t2 t3 t4");
	/* Equal sets, but other words: they repeat differently. */
	give(join, ROUND ROUND ROUND "t1 t2 t3 t4");
	/* All but one. */
	give(join, ROUND ROUND ROUND "t1 t2 t3");
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.docs[0].canonical, 0);
	CHECK(corpus.docs[0].relation == NULL);
	CHECK_STR(kb_str_c(corpus.docs[1].relation), "identical");
	CHECK_STR(kb_str_c(corpus.docs[2].relation), "near");
	CHECK_INT(corpus.docs[3].canonical, 0);
	CHECK_STR(kb_str_c(corpus.docs[3].relation), "near");
	CHECK_STR(corpus.docs[3].reason,
	    "alike in all else, its id comes first");
	CHECK_INT(corpus.docs[0].reason.n, 0);
	CHECK_INT(corpus.npairs, 6);
	corpus_end();
}

static void
test_duplicates__the_threshold_itself_is_near(void)
{
	struct kb_join *join;

	corpus_begin();
	for (int i = 0; i < 4; i++)
		add_record("x", (size_t)i + 1, KB_F_N);
	join = join_new();
	/* 80 of 100 together; 79 of 100. */
	give_set(join, 1, 80);
	give_set(join, 1, 100);
	give_set(join, 1001, 79);
	give_set(join, 1001, 100);
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.npairs, 2);
	CHECK_INT(corpus.pairs[0].shared, 80);
	CHECK_INT(corpus.pairs[0].relation, KB_RELATION_NEAR);
	CHECK_INT(corpus.pairs[1].relation, KB_RELATION_CONTAINED);
	CHECK_INT(corpus.docs[0].canonical, 0);
	CHECK_INT(corpus.docs[1].canonical, 0);
	CHECK_INT(corpus.docs[2].canonical, UINT32_MAX);
	CHECK_INT(corpus.docs[3].canonical, UINT32_MAX);
	corpus_end();
}

static void
test_duplicates__empty_articles_are_none_of_each_other(void)
{
	struct kb_join *join;

	corpus_begin();
	add("a", KB_F_N);
	add("b", KB_F_N);
	join = join_new();
	give_set(join, 1, 0);
	give_set(join, 1, 0);
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.npairs, 0);
	CHECK_INT(corpus.docs[0].canonical, UINT32_MAX);
	corpus_end();
}

/* Two texts of so many words in common, with words of their own at the end. */
static void
give_pair(struct kb_join *join, unsigned common, const char *a,
    const char *b)
{
	struct kb_buf list = { 0 };

	add_numbers(&list, 1, common);
	kb_buf_addc(&list, a);
	give(join, list.p);
	kb_buf_clear(&list);
	add_numbers(&list, 1, common);
	kb_buf_addc(&list, b);
	give(join, list.p);
	kb_buf_release(&list);
}

static void
test_duplicates__templates_are_listed_and_in_no_cluster(void)
{
	struct kb_join *join;

	corpus_begin();
	add("a", KB_F_TITLE, "Slider", KB_F_N);
	add("b", KB_F_TITLE, "Spinner", KB_F_N);
	join = join_new();
	give_pair(join, 100, " slider", " spinner");
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.npairs, 1);
	CHECK_INT(corpus.pairs[0].relation, KB_RELATION_TEMPLATE);
	CHECK_INT(corpus.docs[0].canonical, UINT32_MAX);
	CHECK_INT(corpus.docs[1].canonical, UINT32_MAX);
	corpus_end();
}

static void
test_duplicates__the_newest_version_stands_for_the_others(void)
{
	struct kb_join *join;

	corpus_begin();
	add("m-13/x", KB_F_TITLE, "X in 13", KB_F_N);
	add("m-14/x", KB_F_TITLE, "X in 14", KB_F_N);
	join = join_new();
	give_pair(join, 100, " thirteen", " fourteen");
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.docs[0].canonical, 1);
	CHECK_STR(kb_str_c(corpus.docs[0].relation), "version");
	CHECK_STR(corpus.docs[0].reason, "version 14, the other 13");
	corpus_end();
}

static void
test_duplicates__what_lies_inside_is_listed_and_in_no_cluster(void)
{
	struct kb_join *join;

	corpus_begin();
	add("a", KB_F_TITLE, "A", KB_F_N);
	add("b", KB_F_TITLE, "B", KB_F_N);
	add("c", KB_F_TITLE, "C", KB_F_N);
	join = join_new();
	give_set(join, 1, 30);
	give_set(join, 1, 90);
	/* One short of being looked at. */
	give_set(join, 61, 29);
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.npairs, 1);
	CHECK_INT(corpus.pairs[0].relation, KB_RELATION_CONTAINED);
	CHECK_INT(corpus.docs[0].canonical, UINT32_MAX);
	corpus_end();
}

static void
test_duplicates__clusters_are_whole_where_the_list_is_cut(void)
{
	corpus_begin();
	for (size_t i = 1; i <= 9; i++)
		add_record("x", i, KB_F_N);
	corpus.rules.max_pairs = 3;
	run_equal();
	CHECK_INT(corpus.npairs, 3);
	CHECK(corpus.pairs_cut);
	CHECK(corpus.pairs_found > 3 && corpus.pairs_found <= 36);
	for (size_t i = 1; i < 9; i++) {
		CHECK_INT(corpus.docs[i].canonical, 0);
		CHECK_STR(kb_str_c(corpus.docs[i].relation), "identical");
	}
	CHECK(kb_duplicates_pair(&corpus, 1, 0) == &corpus.pairs[0]);
	CHECK(kb_duplicates_pair(&corpus, 7, 8) == NULL);
	corpus_end();
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_duplicates__the_canonical_is_published);
	RUN(test_duplicates__then_owned_by_somebody);
	RUN(test_duplicates__then_cared_for_last);
	RUN(test_duplicates__then_linked_to_viewed_longest_and_by_id);
	RUN(test_duplicates__the_same_words_are_identical_others_near);
	RUN(test_duplicates__the_threshold_itself_is_near);
	RUN(test_duplicates__empty_articles_are_none_of_each_other);
	RUN(test_duplicates__templates_are_listed_and_in_no_cluster);
	RUN(test_duplicates__the_newest_version_stands_for_the_others);
	RUN(test_duplicates__what_lies_inside_is_listed_and_in_no_cluster);
	RUN(test_duplicates__clusters_are_whole_where_the_list_is_cut);
	kb_settings_release(&settings);
	return test_done();
}
