#include "test.h"

#include <math.h>
#include <sqlite3.h>

#include "schema.h"
#include "score.h"

static sqlite3 *db;

static bool
is(double got, double want)
{
	if (fabs(got - want) <= 1e-9)
		return true;
	printf("# %.12f, not %.12f\n", got, want);
	return false;
}

static void
sql(const char *text)
{
	char *why = NULL;

	if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK) {
		printf("# %s\n", why);
		CHECK(!"the statement runs");
	}
	sqlite3_free(why);
}

static void
make(void)
{
	CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
	CHECK_INT(kb_score_register(db, NULL), KB_OK);
	sql(KB_SCHEMA);
	sql("INSERT INTO fts(rowid, title, heading, body, surface) VALUES"
	    "(1, 'alpha', 'beta', 'alpha gamma gamma delta', 'alpha gamma'),"
	    "(2, 'beta beta', NULL, 'alpha', 'alpha beta'),"
	    "(3, 'delta', 'gamma', 'beta gamma delta delta delta epsilon',"
	    " 'omega')");
}

/* The scores of rows 1 to 3; 0 where they do not match. */
static void
score(const struct kb_question *q, double out[4])
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, 4 * sizeof(*out));
	CHECK_INT(sqlite3_prepare_v2(db, "SELECT rowid, kb_score(fts, ?2) "
	    "FROM fts WHERE fts MATCH ?1", -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_text(st, 1, q->match.p, (int)q->match.n, SQLITE_STATIC);
	kb_score_bind(st, 2, q);
	while (sqlite3_step(st) == SQLITE_ROW)
		out[sqlite3_column_int(st, 0)] = sqlite3_column_double(st, 1);
	CHECK_INT(sqlite3_finalize(st), SQLITE_OK);
}

/*
 * Worked out apart from the formula in score.h, with weights 2, 1.5, 1, b
 * 0.5, 0.5, 0.75, k1 1.2 and average lengths 4/3, 2/3, 11/3.  Of "beta" in
 * row 1: heading 1.5 * 1 / (0.5 + 0.5 * 1 / (2/3)) = 1.2, and
 * 0.1335313926 * 1.2 * 2.2 / (1.2 + 1.2) = 0.1468845319.
 */
static void
test_score__is_bm25f_of_the_columns(void)
{
	struct kb_qterm t = { .count = 1, .df = 3 };
	uint32_t phrases[] = { 0 };
	struct kb_question q = { .terms = &t, .nterms = 1,
	    .phrases = phrases, .nphrases = 1 };
	double got[4];

	t.idf = kb_idf(3, 3);
	q.match = KB_STR("{title heading body} : (\"beta\")");
	score(&q, got);
	CHECK(is(got[1], 0.146884531887));
	CHECK(is(got[2], 0.213650228199));
	CHECK(is(got[3], 0.105949498410));
}

static void
test_score__variants_are_one_term_and_terms_add_up(void)
{
	struct kb_qterm t[] = { { .count = 2, .df = 2 },
	    { .count = 1, .df = 2 } };
	uint32_t phrases[] = { 0, 0, 1 };
	struct kb_question q = { .terms = t, .nterms = 2,
	    .phrases = phrases, .nphrases = 3 };
	double got[4];

	t[0].idf = t[1].idf = kb_idf(3, 2);
	q.match = KB_STR("{title heading body} : (\"gamma\" OR \"delta\" "
	    "OR \"alpha\")");
	score(&q, got);
	CHECK(is(got[1], 2.202329859031));
	CHECK(is(got[2], 0.669063989867));
	CHECK(is(got[3], 1.732362960685));
}

static void
test_score__wants_the_question_that_was_matched(void)
{
	struct kb_question q = { .match = KB_STR("\"beta\"") };
	sqlite3_stmt *st = NULL;

	/* One phrase was matched, the question has none. */
	sqlite3_prepare_v2(db, "SELECT kb_score(fts, ?2) FROM fts WHERE fts "
	    "MATCH ?1", -1, &st, NULL);
	sqlite3_bind_text(st, 1, q.match.p, (int)q.match.n, SQLITE_STATIC);
	kb_score_bind(st, 2, &q);
	CHECK_INT(sqlite3_step(st), SQLITE_ERROR);
	sqlite3_reset(st);
	/* A value of SQL is none. */
	sqlite3_bind_int(st, 2, 7);
	CHECK_INT(sqlite3_step(st), SQLITE_ERROR);
	sqlite3_finalize(st);
	st = NULL;
	sqlite3_prepare_v2(db, "SELECT kb_score(fts) FROM fts WHERE fts "
	    "MATCH ?1", -1, &st, NULL);
	sqlite3_bind_text(st, 1, "beta", -1, SQLITE_STATIC);
	CHECK_INT(sqlite3_step(st), SQLITE_ERROR);
	sqlite3_finalize(st);
}

static void
test_idf__is_that_of_robertson_and_sparck_jones_plus_one(void)
{
	CHECK(is(kb_idf(3, 0), 2.079441541680));
	CHECK(is(kb_idf(3, 1), 0.980829253012));
	CHECK(is(kb_idf(3, 2), 0.470003629246));
	CHECK(is(kb_idf(3, 3), 0.133531392625));
	CHECK(is(kb_idf(1000, 10), 4.557379522152));
	/* An index may claim anything. */
	CHECK(is(kb_idf(3, 9), kb_idf(3, 3)));
	CHECK(kb_idf(0, 0) > 0);
}

int
main(void)
{
	make();
	RUN(test_score__is_bm25f_of_the_columns);
	RUN(test_score__variants_are_one_term_and_terms_add_up);
	RUN(test_score__wants_the_question_that_was_matched);
	RUN(test_idf__is_that_of_robertson_and_sparck_jones_plus_one);
	sqlite3_close(db);
	return test_done();
}
