#include "test.h"

#include <time.h>

#include "corpus_fixture.h"

static struct kb_str
id_of(uint32_t doc)
{
	return corpus.docs[doc].id;
}

static void
test_corpus__an_id_is_declared_or_the_path_or_the_record(void)
{
	uint32_t a, b, c;

	corpus_begin();
	a = add("a/b.html", KB_F_ID, "KB1", KB_F_N);
	b = add("a/c.html", KB_F_TITLE, "C", KB_F_N);
	c = add_record("x.xml", 3, KB_F_TITLE, "D", KB_F_N);
	CHECK_STR(id_of(a), "KB1");
	CHECK_STR(corpus.docs[a].declared, "KB1");
	CHECK_STR(id_of(b), "a/c.html");
	CHECK_INT(corpus.docs[b].declared.n, 0);
	CHECK_STR(id_of(c), "x.xml#3");
	CHECK_INT(corpus.nfindings, 0);
	CHECK_INT(*kb_table_get(&corpus.ids, KB_STR("x.xml#3")), c);
	corpus_end();
}

static void
test_corpus__the_first_claim_keeps_the_id(void)
{
	uint32_t a, b, c, d;

	corpus_begin();
	a = add_record("x.xml", 1, KB_F_ID, "KB1", KB_F_N);
	b = add_record("x.xml", 2, KB_F_ID, "KB1", KB_F_N);
	c = add_record("x.xml", 3, KB_F_ID, "KB1", KB_F_N);
	d = add_record("y.xml", 1, KB_F_ID, "KB1", KB_F_N);
	CHECK_STR(id_of(a), "KB1");
	CHECK_STR(id_of(b), "KB1@x.xml");
	CHECK_STR(id_of(c), "KB1@x.xml#3");
	CHECK_STR(id_of(d), "KB1@y.xml");
	CHECK_INT(found("duplicate-id", a), 0);
	CHECK_INT(found("duplicate-id", b), 1);
	CHECK_INT(found("duplicate-id", c), 1);
	CHECK_INT(found("duplicate-id", d), 1);
	CHECK_STR(finding("duplicate-id")->value, "KB1");
	CHECK_INT(finding("duplicate-id")->level, KB_ERROR);
	CHECK_INT(*kb_table_get(&corpus.ids, KB_STR("KB1")), a);
	CHECK_INT(*kb_table_get(&corpus.ids, KB_STR("KB1@x.xml")), b);
	corpus_end();
}

/* An id may look like what a second claim would be given. */
static void
test_corpus__ids_are_unique_whatever_is_declared(void)
{
	struct kb_table seen = { 0 };
	bool added;

	corpus_begin();
	add_record("x.xml", 1, KB_F_ID, "KB1", KB_F_N);
	add_record("x.xml", 2, KB_F_ID, "KB1@x.xml", KB_F_N);
	add_record("x.xml", 3, KB_F_ID, "KB1@x.xml#4", KB_F_N);
	add_record("x.xml", 4, KB_F_ID, "KB1", KB_F_N);
	add_record("x.xml", 5, KB_F_ID, "KB1@x.xml", KB_F_N);
	add_record("x.xml", 6, KB_F_ID, "x.xml#7", KB_F_N);
	add_record("x.xml", 7, KB_F_TITLE, "no id", KB_F_N);
	for (size_t i = 0; i < corpus.ndocs; i++) {
		kb_table_put(&seen, corpus.docs[i].id, &added);
		CHECK(added);
	}
	kb_table_release(&seen);
	corpus_end();
}

/* An archive may hold one name any number of times. */
static void
test_corpus__any_number_of_claims_are_told_apart_at_once(void)
{
	clock_t start = clock();

	corpus_begin();
	for (int i = 0; i < 100000; i++)
		add("a.zip/b.html", KB_F_TITLE, "T", KB_F_N);
	CHECK_STR(id_of(0), "a.zip/b.html");
	CHECK_STR(id_of(1), "a.zip/b.html@a.zip/b.html");
	CHECK_STR(id_of(2), "a.zip/b.html@a.zip/b.html#0");
	CHECK_STR(id_of(99999), "a.zip/b.html@a.zip/b.html#99997");
	CHECK((clock() - start) / CLOCKS_PER_SEC < 20);
	corpus_end();
}

static void
test_corpus__a_status_is_read_in_any_spelling(void)
{
	static const struct {
		const char		*value;
		enum kb_article_status	 want;
	} v[] = {
		{ "published", KB_ARTICLE_PUBLISHED },
		{ "Final", KB_ARTICLE_PUBLISHED },
		{ "draft", KB_ARTICLE_DRAFT },
		{ "Work in Progress", KB_ARTICLE_DRAFT },
		{ "in_review", KB_ARTICLE_REVIEW },
		{ "expired", KB_ARTICLE_EXPIRED },
		{ "Deprecated", KB_ARTICLE_RETIRED },
		{ "outdated", KB_ARTICLE_SUPERSEDED },
	};

	uint32_t a;

	corpus_begin();
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		a = add_record("x", i + 1, KB_F_STATUS, v[i].value, KB_F_N);
		CHECK_INT(corpus.docs[a].status, v[i].want);
	}
	a = add("y", KB_F_N);
	CHECK_INT(corpus.docs[a].status, KB_ARTICLE_PUBLISHED);
	CHECK_INT(corpus.nfindings, 0);
	corpus_end();
}

static void
test_corpus__an_unknown_status_counts_as_published_and_is_told(void)
{
	uint32_t a;

	corpus_begin();
	a = add("y", KB_F_STATUS, "sideways", KB_F_N);
	CHECK_INT(corpus.docs[a].status, KB_ARTICLE_PUBLISHED);
	CHECK_INT(found("unknown-status", a), 1);
	CHECK_STR(finding("unknown-status")->value, "sideways");
	corpus_end();
}

static void
test_corpus__a_published_one_whose_day_has_passed_is_expired(void)
{
	const struct kb_doc *d;

	corpus_begin();
	add("a", KB_F_EXPIRES, "2026-09-30", KB_F_N);
	add("b", KB_F_EXPIRES, "2026-10-01", KB_F_N);	/* that day still */
	add("c", KB_F_EXPIRES, "2020-01-01", KB_F_STATUS, "retired", KB_F_N);
	add("d", KB_F_EXPIRES, "2100-01-01", KB_F_N);	/* means: not set */
	add("e", KB_F_EXPIRES, "2020-01-01", KB_F_STATUS, "expired", KB_F_N);
	d = corpus.docs;
	CHECK(d[0].status == KB_ARTICLE_EXPIRED && d[0].lapsed);
	CHECK(d[1].status == KB_ARTICLE_PUBLISHED && !d[1].lapsed);
	CHECK(d[2].status == KB_ARTICLE_RETIRED && !d[2].lapsed);
	CHECK(d[3].status == KB_ARTICLE_PUBLISHED && d[3].expires == 0);
	CHECK(d[4].status == KB_ARTICLE_EXPIRED && !d[4].lapsed);
	/* Its source still shows it, so it is to be kept up. */
	CHECK(kb_doc_is_live(&d[0]) && kb_doc_is_live(&d[1]));
	CHECK(!kb_doc_is_live(&d[2]) && !kb_doc_is_live(&d[4]));
	corpus_end();
}

static void
test_corpus__of_several_dates_the_latest_counts_where_that_is_sound(void)
{
	const struct kb_doc *d;

	corpus_begin();
	add("a", KB_F_MODIFIED, "2025-01-02", KB_F_MODIFIED, "2025-03-04",
	    KB_F_MODIFIED, "2024-01-01", KB_F_CREATED, "2023-01-01",
	    KB_F_CREATED, "2024-06-01", KB_F_REVIEWED, "2020-01-01",
	    KB_F_REVIEWED, "2021-01-01", KB_F_N);
	d = &corpus.docs[0];
	CHECK_INT(d->modified, 20250304);
	CHECK_INT(d->created, 20230101);
	CHECK_INT(d->reviewed, 20210101);
	corpus_end();
}

static void
test_corpus__a_date_that_is_none_is_null_and_told(void)
{
	uint32_t a;

	corpus_begin();
	a = add("a", KB_F_MODIFIED, "2025-02-30", KB_F_REVIEWED, "04/05/2025",
	    KB_F_CREATED, "0000-00-00", KB_F_REVIEW_DUE, "2027", KB_F_N);
	CHECK_INT(corpus.docs[a].modified, 0);
	CHECK_INT(corpus.docs[a].reviewed, 0);
	CHECK_INT(corpus.docs[a].review_due, 0);
	CHECK_INT(found("bad-date", a), 3);
	CHECK(kb_str_find(finding("bad-date")->message, KB_STR("modified "
	    "'2025-02-30' (from by hand) is impossible"), 0) == 0);
	corpus_end();
	/* A good one beside it is taken all the same. */
	corpus_begin();
	corpus.rules.date_order = 'd';
	a = add("a", KB_F_MODIFIED, "2025-02-30", KB_F_MODIFIED,
	    "04/05/2025", KB_F_N);
	CHECK_INT(corpus.docs[a].modified, 20250504);
	CHECK_INT(found("bad-date", a), 1);
	corpus_end();
}

static void
test_corpus__an_author_is_owner_only_by_the_setting(void)
{
	corpus_begin();
	add("a", KB_F_AUTHOR, "Ann", KB_F_N);
	CHECK_INT(corpus.docs[0].owner.n, 0);
	corpus_end();
	corpus_begin();
	corpus.rules.owner_from_author = true;
	add("a", KB_F_AUTHOR, "Ann", KB_F_N);
	add("b", KB_F_AUTHOR, "Ann", KB_F_OWNER, "Team", KB_F_N);
	CHECK_STR(corpus.docs[0].owner, "Ann");
	CHECK(kb_str_find(corpus.docs[0].owner_source, KB_STR("author"), 0) !=
	    (size_t)-1);
	CHECK_STR(corpus.docs[1].owner, "Team");
	CHECK_STR(corpus.docs[1].owner_source, "by hand");
	corpus_end();
}

static void
test_corpus__numbers_are_digits_or_unknown(void)
{
	corpus_begin();
	add("a", KB_F_VIEWS, "1200", KB_F_VOTES, "0", KB_F_N);
	add("b", KB_F_VIEWS, "1,200", KB_F_VOTES, "-3", KB_F_N);
	add("c", KB_F_VIEWS, "99999999999999999999999", KB_F_N);
	CHECK_INT(corpus.docs[0].views, 1200);
	CHECK_INT(corpus.docs[0].votes, 0);
	CHECK_INT(corpus.docs[1].views, -1);
	CHECK_INT(corpus.docs[1].votes, -1);
	CHECK_INT(corpus.docs[2].views, -1);
	CHECK_INT(corpus.docs[2].votes, -1);
	corpus_end();
}

static void
test_corpus__a_source_is_the_top_folder_and_the_format(void)
{
	corpus_begin();
	add("wiki/a/b.html", KB_F_N);
	add("c.html", KB_F_N);
	CHECK_STR(corpus.docs[0].source, "wiki (html)");
	CHECK_STR(corpus.docs[1].source, "html");
	corpus_end();
}

static void
test_corpus__urls_are_made_absolute(void)
{
	const struct kb_doc *d;

	corpus_begin();
	corpus.url_base = "https://kb.example/x";
	add("a b.html.gz", KB_F_EDIT_URL, "/edit?7", KB_F_N);
	add("c.html", KB_F_URL, "https://other.example/", KB_F_N);
	d = corpus.docs;
	CHECK_STR(d[0].url, "https://kb.example/x/a%20b.html");
	CHECK_STR(d[0].edit_url, "https://kb.example/edit?7");
	CHECK_STR(d[1].url, "https://other.example/");
	CHECK_INT(d[1].edit_url.n, 0);
	corpus_end();
}

static void
test_corpus__what_the_reader_said_becomes_a_finding(void)
{
	struct kb_record *rec;
	struct kb_diag_sink sink;

	corpus_begin();
	rec = kb_record_new(&memory);
	sink = kb_record_sink(rec);
	kb_diag(&sink, KB_WARNING, "bad-encoding", 5, 6, "3 places");
	rec->format = KB_STR("html");
	take("a", 0, 10, rec);
	CHECK_INT(found("bad-encoding", 0), 1);
	CHECK_STR(finding("bad-encoding")->message, "3 places");
	CHECK_INT(finding("bad-encoding")->line, 5);
	CHECK_INT(finding("bad-encoding")->col, 6);
	CHECK_INT(finding("bad-encoding")->level, KB_WARNING);
	corpus_end();
}

/* The record's memory goes as soon as it is added. */
static void
test_corpus__keeps_copies_of_all_it_needs(void)
{
	corpus_begin();
	add("a/b.html", KB_F_TITLE, "Title", KB_F_TAG, "t1", KB_F_TAG, "t2",
	    KB_F_LANG, "de", KB_F_OWNER, "Team", KB_F_ALIAS, "A7", KB_F_N);
	CHECK_STR(corpus.docs[0].title, "Title");
	kb_arena_release(&memory);
	CHECK_STR(corpus.docs[0].title, "Title");
	CHECK_STR(corpus.docs[0].tags->text, "t1");
	CHECK_STR(corpus.docs[0].tags->next->text, "t2");
	CHECK_STR(corpus.docs[0].aliases->text, "A7");
	CHECK_STR(corpus.docs[0].lang, "de");
	corpus_end();
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_corpus__an_id_is_declared_or_the_path_or_the_record);
	RUN(test_corpus__the_first_claim_keeps_the_id);
	RUN(test_corpus__ids_are_unique_whatever_is_declared);
	RUN(test_corpus__any_number_of_claims_are_told_apart_at_once);
	RUN(test_corpus__a_status_is_read_in_any_spelling);
	RUN(test_corpus__an_unknown_status_counts_as_published_and_is_told);
	RUN(test_corpus__a_published_one_whose_day_has_passed_is_expired);
	RUN(test_corpus__of_several_dates_the_latest_counts_where_that_is_sound);
	RUN(test_corpus__a_date_that_is_none_is_null_and_told);
	RUN(test_corpus__an_author_is_owner_only_by_the_setting);
	RUN(test_corpus__numbers_are_digits_or_unknown);
	RUN(test_corpus__a_source_is_the_top_folder_and_the_format);
	RUN(test_corpus__urls_are_made_absolute);
	RUN(test_corpus__what_the_reader_said_becomes_a_finding);
	RUN(test_corpus__keeps_copies_of_all_it_needs);
	kb_settings_release(&settings);
	return test_done();
}
