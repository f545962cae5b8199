#include "test.h"

#include "corpus_fixture.h"

/* What is compared: "n" elements from "from" on. */
static void
give_set(struct kb_join *join, uint64_t from, size_t n)
{
	uint64_t v[200];

	for (size_t i = 0; i < n; i++)
		v[i] = from + i;
	CHECK_INT(kb_join_add(join, v, n, NULL), KB_OK);
}

static struct kb_join *
join_new(void)
{
	struct kb_join *join = NULL;
	const char *tmp = getenv("TMPDIR");

	CHECK_INT(kb_join_new(&join, tmp != NULL ? tmp : P_tmpdir,
	    corpus.rules.near, NULL), KB_OK);
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
	give_set(join, 1, 100);
	give_set(join, 1, 100);
	/* Equal sets, but other words: they repeat differently. */
	give_set(join, 1, 100);
	corpus.docs[2].body_hash++;
	/* 90 of 110: more than four in five. */
	give_set(join, 11, 100);
	corpus.docs[3].body_hash += 2;
	CHECK_INT(kb_duplicates_run(&corpus, join, NULL), KB_OK);
	kb_join_free(join);
	CHECK_INT(corpus.docs[0].canonical, 0);
	CHECK(corpus.docs[0].relation == NULL);
	CHECK_STR(kb_str_c(corpus.docs[1].relation), "identical");
	CHECK_STR(kb_str_c(corpus.docs[2].relation), "near");
	CHECK_INT(corpus.docs[3].canonical, 0);
	CHECK_STR(kb_str_c(corpus.docs[3].relation), "near");
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
	CHECK_INT(corpus.npairs, 1);
	CHECK_INT(corpus.pairs[0].shared, 80);
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
	kb_settings_release(&settings);
	return test_done();
}
