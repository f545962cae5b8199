#include "test.h"

#include "corpus_fixture.h"
#include "date.h"
#include "relation.h"

static void
judge(void)
{
	CHECK_INT(kb_rules_run(&corpus, NULL), KB_OK);
}

/* A day so many before as-of, as text; good for a while. */
static const char *
ago(int days)
{
	static char ring[16][11];
	static unsigned at;
	char *buf = ring[at++ % 16];

	kb_date_format(kb_date_from_days(kb_date_days(AS_OF) - days), buf);
	return buf;
}

/* An owned, titled, long article, about whose age alone there is a rule. */
#define GOOD	KB_F_TITLE, "T", KB_F_OWNER, "Team Desk"

static void
test_rules__a_good_article_has_no_findings(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(10), KB_F_N);
	judge();
	CHECK_INT(corpus.nfindings, 0);
	corpus_end();
}

static void
test_rules__stale_is_longer_than_the_interval(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(365), KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(366), KB_F_N);
	add("c", GOOD, KB_F_MODIFIED, ago(-20), KB_F_N);
	judge();
	CHECK_INT(found("stale", 0), 0);
	CHECK_INT(found("stale", 1), 1);
	CHECK_INT(found("stale", 2), 0);
	CHECK_STR(finding("stale")->value, "366");
	CHECK_STR(finding("stale")->threshold, "365");
	CHECK_STR(finding("stale")->evidence, ago(366));
	corpus_end();
}

static void
test_rules__a_review_counts_beside_a_modification(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(900), KB_F_REVIEWED, ago(30),
	    KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(30), KB_F_REVIEWED, ago(900),
	    KB_F_N);
	add("c", GOOD, KB_F_MODIFIED, ago(900), KB_F_REVIEWED, ago(500),
	    KB_F_N);
	judge();
	CHECK_INT(found("stale", 0), 0);
	CHECK_INT(found("stale", 1), 0);
	CHECK_INT(found("stale", 2), 1);
	CHECK_STR(finding("stale")->value, "500");
	corpus_end();
}

static void
test_rules__the_making_counts_when_never_modified(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_CREATED, ago(400), KB_F_N);
	add("b", GOOD, KB_F_CREATED, ago(100), KB_F_N);
	/* Made again elsewhere: the old modification is what is known. */
	add("c", GOOD, KB_F_CREATED, ago(10), KB_F_MODIFIED, ago(400),
	    KB_F_N);
	judge();
	CHECK_INT(found("stale", 0), 1);
	CHECK_INT(found("stale", 1), 0);
	CHECK_INT(found("stale", 2), 1);
	CHECK_INT(found_all("undated"), 0);
	corpus_end();
}

static void
test_rules__no_date_at_all_is_told_once(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_N);
	add("b", GOOD, KB_F_CREATED, ago(1), KB_F_N);
	judge();
	CHECK_INT(found("undated", 0), 1);
	CHECK_INT(found("undated", 1), 0);
	CHECK_INT(found("stale", 0), 0);
	corpus_end();
	/* Of a whole export it is said of the export. */
	corpus_begin();
	for (int i = 0; i < 5; i++)
		add_record("x", (size_t)i + 1, GOOD, KB_F_N);
	judge();
	CHECK_INT(found_all("undated"), 0);
	CHECK_INT(found("no-field", UINT32_MAX), 1);
	CHECK_STR(finding("no-field")->value, "modified");
	corpus_end();
	/* But four are no export. */
	corpus_begin();
	for (int i = 0; i < 4; i++)
		add_record("x", (size_t)i + 1, GOOD, KB_F_N);
	judge();
	CHECK_INT(found_all("undated"), 4);
	CHECK_INT(found_all("no-field"), 0);
	corpus_end();
}

/* "same" of "n" articles were modified on one day, long ago. */
static void
bulk(int same, int n)
{
	corpus_begin();
	for (int i = 0; i < n; i++)
		add_record("x", (size_t)i + 1, GOOD, KB_F_MODIFIED,
		    ago(i < same ? 1000 : i + 1), KB_F_N);
	judge();
}

static void
test_rules__a_day_of_many_modifications_is_a_migration(void)
{
	bulk(12, 40);		/* 30%, the threshold */
	CHECK_INT(found("bulk-date", UINT32_MAX), 1);
	CHECK_STR(finding("bulk-date")->value, "30%");
	CHECK_STR(finding("bulk-date")->threshold, "30%");
	CHECK_STR(finding("bulk-date")->path, "html");
	CHECK(corpus.docs[0].bulk_modified);
	CHECK(!corpus.docs[20].bulk_modified);
	/* It tells nothing on their age, so nothing is said on it. */
	CHECK_INT(found_all("stale"), 0);
	CHECK_INT(found_all("undated"), 0);
	corpus_end();
	bulk(12, 41);		/* just below */
	CHECK_INT(found_all("bulk-date"), 0);
	CHECK_INT(found_all("stale"), 12);
	corpus_end();
	bulk(9, 20);		/* a great share, but of few */
	CHECK_INT(found_all("bulk-date"), 0);
	CHECK_INT(found_all("stale"), 9);
	corpus_end();
}

static void
test_rules__a_review_after_a_migration_counts(void)
{
	corpus_begin();
	for (int i = 0; i < 12; i++)
		add_record("x", (size_t)i + 1, GOOD, KB_F_MODIFIED, ago(30),
		    KB_F_REVIEWED, ago(i == 0 ? 400 : 10), KB_F_N);
	judge();
	CHECK_INT(found("stale", 0), 1);
	CHECK_INT(found_all("stale"), 1);
	corpus_end();
}

static void
test_rules__exports_are_judged_apart(void)
{
	corpus_begin();
	for (int i = 0; i < 12; i++)
		add_record("wiki/x", (size_t)i + 1, GOOD, KB_F_MODIFIED,
		    ago(1000), KB_F_N);
	for (int i = 0; i < 30; i++)
		add_record("desk/y", (size_t)i + 1, GOOD, KB_F_MODIFIED,
		    ago(i == 0 ? 1000 : i), KB_F_N);
	judge();
	CHECK_INT(found_all("bulk-date"), 1);
	CHECK_STR(finding("bulk-date")->path, "wiki (html)");
	/* The same day in the other export is a day like any. */
	CHECK_INT(found_all("stale"), 1);
	CHECK_INT(found("stale", 12), 1);
	corpus_end();
}

static void
test_rules__an_export_without_owners_is_told_once(void)
{
	corpus_begin();
	for (int i = 0; i < 5; i++)
		add_record("x", (size_t)i + 1, KB_F_TITLE, "T", KB_F_MODIFIED,
		    ago(i), KB_F_N);
	judge();
	CHECK_INT(found_all("unowned"), 0);
	CHECK_INT(found("no-field", UINT32_MAX), 1);
	CHECK_STR(finding("no-field")->value, "owner");
	CHECK_STR(finding("no-field")->path, "html");
	corpus_end();
}

static void
test_rules__one_owner_in_an_export_makes_the_rest_unowned(void)
{
	corpus_begin();
	for (int i = 0; i < 5; i++)
		add_record("x", (size_t)i + 1, KB_F_TITLE, "T", KB_F_MODIFIED,
		    ago(i), i == 3 ? KB_F_OWNER : KB_F_AUTHOR, "Ann",
		    KB_F_N);
	judge();
	CHECK_INT(found_all("unowned"), 4);
	CHECK_INT(found("unowned", 3), 0);
	CHECK_INT(found_all("no-field"), 0);
	corpus_end();
}

static void
test_rules__a_placeholder_is_no_owner(void)
{
	corpus_begin();
	add("a", KB_F_TITLE, "T", KB_F_MODIFIED, ago(1), KB_F_OWNER, "TBD",
	    KB_F_N);
	add("b", KB_F_TITLE, "T", KB_F_MODIFIED, ago(1), KB_F_OWNER,
	    "Tim Admin-Brown", KB_F_N);
	add("c", KB_F_TITLE, "T", KB_F_MODIFIED, ago(1), KB_F_OWNER,
	    "Unknown User (jm)", KB_F_N);
	judge();
	CHECK_INT(found("placeholder-owner", 0), 1);
	CHECK_INT(found("placeholder-owner", 1), 0);
	CHECK_INT(found("placeholder-owner", 2), 1);
	CHECK_INT(found_all("unowned"), 0);
	CHECK_STR(finding("placeholder-owner")->value, "TBD");
	corpus_end();
}

static void
test_rules__valid_until_includes_its_day(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(1), KB_F_EXPIRES, ago(0), KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(1), KB_F_EXPIRES, ago(1), KB_F_N);
	add("c", GOOD, KB_F_MODIFIED, ago(1), KB_F_EXPIRES, ago(1),
	    KB_F_STATUS, "retired", KB_F_N);
	add("d", GOOD, KB_F_MODIFIED, ago(1), KB_F_EXPIRES, ago(1),
	    KB_F_STATUS, "expired", KB_F_N);
	judge();
	CHECK_INT(found("expired", 0), 0);
	CHECK_INT(found("expired", 1), 1);
	/* Their source knows already. */
	CHECK_INT(found("expired", 2), 0);
	CHECK_INT(found("expired", 3), 0);
	CHECK_INT(finding("expired")->level, KB_ERROR);
	CHECK_STR(finding("expired")->value, ago(1));
	corpus_end();
}

/* Its source still shows it to readers. */
static void
test_rules__one_whose_day_has_passed_is_judged_for_upkeep_too(void)
{
	corpus_begin();
	add("a", KB_F_TITLE, "T", KB_F_MODIFIED, ago(800), KB_F_EXPIRES,
	    ago(100), KB_F_REVIEW_DUE, ago(50), KB_F_N);
	judge();
	CHECK_INT(found("expired", 0), 1);
	CHECK_INT(found("stale", 0), 1);
	CHECK_INT(found("overdue", 0), 1);
	CHECK_INT(found("unowned", 0), 1);
	corpus_end();
}

static void
test_rules__a_review_is_overdue_after_its_day(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(1), KB_F_REVIEW_DUE, ago(0),
	    KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(1), KB_F_REVIEW_DUE, ago(1),
	    KB_F_N);
	add("c", GOOD, KB_F_MODIFIED, ago(1), KB_F_REVIEW_DUE, ago(-1),
	    KB_F_N);
	judge();
	CHECK_INT(found("overdue", 0), 0);
	CHECK_INT(found("overdue", 1), 1);
	CHECK_INT(found("overdue", 2), 0);
	corpus_end();
}

static void
test_rules__drafts_and_retired_ones_need_no_upkeep(void)
{
	static const char *const states[] = {
		"draft", "retired", "superseded", "expired"
	};

	corpus_begin();
	for (size_t i = 0; i < 4; i++)
		add_record("x", i + 1, KB_F_TITLE, "T", KB_F_STATUS,
		    states[i], KB_F_MODIFIED, ago(2000), KB_F_REVIEW_DUE,
		    ago(500), KB_F_OWNER, i == 0 ? "TBD" : "", KB_F_N);
	add_record("x", 5, GOOD, KB_F_STATUS, "in review", KB_F_MODIFIED,
	    ago(2000), KB_F_N);
	judge();
	/* What is under review is still looked after. */
	CHECK_INT(found("stale", 4), 1);
	CHECK_INT(corpus.nfindings, 1);
	corpus_end();
}

static void
test_rules__thin_is_less_than_the_least(void)
{
	static const size_t words[] = { 25, 24, 0, 1 };

	corpus_begin();
	for (size_t i = 0; i < 3; i++) {
		struct kb_record *rec = kb_record_new(&memory);

		kb_record_add(rec, KB_F_TITLE, KB_STR("T"), KB_STR("x"));
		kb_record_add(rec, KB_F_OWNER, KB_STR("O"), KB_STR("x"));
		kb_record_add(rec, KB_F_MODIFIED, kb_str_c(ago(1)),
		    KB_STR("x"));
		rec->format = KB_STR("html");
		take("x", i + 1, words[i], rec);
	}
	judge();
	CHECK_INT(found("thin", 0), 0);
	CHECK_INT(found("thin", 1), 1);
	CHECK_INT(found("thin", 2), 1);
	CHECK_STR(finding("thin")->message, "only 24 words");
	CHECK_STR(finding("thin")->threshold, "25");
	corpus_end();
}

static void
test_rules__an_article_without_a_title_is_an_error(void)
{
	corpus_begin();
	add("a", KB_F_OWNER, "O", KB_F_MODIFIED, ago(1), KB_F_N);
	judge();
	CHECK_INT(found("no-title", 0), 1);
	CHECK_INT(finding("no-title")->level, KB_ERROR);
	corpus_end();
}

static void
add_pair(uint32_t a, uint32_t b, uint32_t shared, uint32_t size_a,
    uint32_t size_b, enum kb_relation relation)
{
	corpus.pairs = realloc(corpus.pairs, (corpus.npairs + 1) *
	    sizeof(*corpus.pairs));
	corpus.pairs[corpus.npairs++] = (struct kb_pair){ .a = a, .b = b,
	    .shared = shared, .size_a = size_a, .size_b = size_b,
	    .relation = (unsigned char)relation };
	corpus.pairs_size = corpus.npairs;
}

static void
test_rules__a_duplicate_is_told_with_its_share(void)
{
	corpus_begin();
	add("a", KB_F_ID, "A", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("b", KB_F_ID, "B", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("c", KB_F_ID, "C", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	corpus.docs[0].canonical = corpus.docs[1].canonical =
	    corpus.docs[2].canonical = 0;
	corpus.docs[1].relation = "near";
	corpus.docs[2].relation = "identical";
	add_pair(0, 1, 85, 90, 95, KB_RELATION_NEAR);
	add_pair(0, 2, 90, 90, 90, KB_RELATION_IDENTICAL);
	judge();
	CHECK_INT(corpus.nfindings, 2);
	CHECK_INT(found("near-duplicate", 1), 1);
	CHECK_STR(finding("near-duplicate")->value, "85/100");
	CHECK_STR(finding("near-duplicate")->threshold, "4/5");
	CHECK_STR(finding("near-duplicate")->message,
	    "85% the same as 'T' (A)");
	CHECK_INT(found("identical", 2), 1);
	CHECK_STR(finding("identical")->message,
	    "word for word the same as 'T' (A)");
	corpus_end();
}

static void
test_rules__another_version_is_no_duplicate(void)
{
	corpus_begin();
	add("v1/a", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("v2/a", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("v3/a", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	corpus.docs[0].canonical = corpus.docs[1].canonical =
	    corpus.docs[2].canonical = 2;
	corpus.docs[0].relation = "version";
	/* Of which nothing was changed. */
	corpus.docs[1].relation = "identical";
	judge();
	CHECK_INT(corpus.nfindings, 0);
	corpus_end();
}

static void
test_rules__what_lies_inside_another_is_told_once(void)
{
	corpus_begin();
	add("a", KB_F_ID, "A", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("b", KB_F_ID, "B", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("c", KB_F_ID, "C", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add_pair(0, 1, 36, 300, 40, KB_RELATION_CONTAINED);
	add_pair(1, 2, 38, 40, 400, KB_RELATION_CONTAINED);
	add_pair(0, 2, 90, 300, 400, KB_RELATION_TEMPLATE);
	judge();
	CHECK_INT(corpus.nfindings, 1);
	CHECK_INT(found("contained", 1), 1);
	CHECK_INT(finding("contained")->level, KB_NOTE);
	/* In the one that holds most of it. */
	CHECK_STR(finding("contained")->message,
	    "95% of it stands in 'T' (C)");
	CHECK_STR(finding("contained")->value, "38/40");
	CHECK_STR(finding("contained")->threshold, "9/10");
	CHECK_STR(finding("contained")->evidence, "C");
	corpus_end();
}

static void
test_rules__what_lies_inside_a_retired_one_is_not_told(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(1), KB_F_STATUS, "retired",
	    KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add_pair(0, 1, 40, 300, 40, KB_RELATION_CONTAINED);
	judge();
	CHECK_INT(corpus.nfindings, 0);
	corpus_end();
}

static void
test_rules__a_duplicate_of_another_is_not_told_as_contained_too(void)
{
	corpus_begin();
	add("a", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("b", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	add("c", GOOD, KB_F_MODIFIED, ago(1), KB_F_N);
	corpus.docs[0].canonical = corpus.docs[1].canonical = 0;
	corpus.docs[1].relation = "near";
	add_pair(0, 1, 38, 40, 40, KB_RELATION_NEAR);
	add_pair(0, 2, 40, 40, 400, KB_RELATION_CONTAINED);
	add_pair(1, 2, 38, 40, 400, KB_RELATION_CONTAINED);
	judge();
	CHECK_INT(found("contained", 0), 1);
	CHECK_INT(found("contained", 1), 0);
	CHECK_INT(found("near-duplicate", 1), 1);
	corpus_end();
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_rules__a_good_article_has_no_findings);
	RUN(test_rules__stale_is_longer_than_the_interval);
	RUN(test_rules__a_review_counts_beside_a_modification);
	RUN(test_rules__the_making_counts_when_never_modified);
	RUN(test_rules__no_date_at_all_is_told_once);
	RUN(test_rules__a_day_of_many_modifications_is_a_migration);
	RUN(test_rules__a_review_after_a_migration_counts);
	RUN(test_rules__exports_are_judged_apart);
	RUN(test_rules__an_export_without_owners_is_told_once);
	RUN(test_rules__one_owner_in_an_export_makes_the_rest_unowned);
	RUN(test_rules__a_placeholder_is_no_owner);
	RUN(test_rules__valid_until_includes_its_day);
	RUN(test_rules__one_whose_day_has_passed_is_judged_for_upkeep_too);
	RUN(test_rules__a_review_is_overdue_after_its_day);
	RUN(test_rules__drafts_and_retired_ones_need_no_upkeep);
	RUN(test_rules__thin_is_less_than_the_least);
	RUN(test_rules__an_article_without_a_title_is_an_error);
	RUN(test_rules__a_duplicate_is_told_with_its_share);
	RUN(test_rules__another_version_is_no_duplicate);
	RUN(test_rules__what_lies_inside_another_is_told_once);
	RUN(test_rules__what_lies_inside_a_retired_one_is_not_told);
	RUN(test_rules__a_duplicate_of_another_is_not_told_as_contained_too);
	kb_settings_release(&settings);
	return test_done();
}
