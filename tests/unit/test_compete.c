#include "index_fixture.h"

#include <math.h>

#include "compete.h"

static struct kb_index *handles[3];
static struct kb_compete found;

#define PRODUCT(name)	"<meta name=\"product\" content=\"" name "\">"
#define DRAFT		"<meta name=\"status\" content=\"draft\">"
#define STAFF		"<meta name=\"audience\" content=\"hr-only\">"

#define SCANNER_DESK	"<p>The scanner on the second floor sends pages to " \
	"your mailbox. Put the pages into the tray, press Scan to mail and "  \
	"pick your name from the address list.</p><p>Large scans are split "  \
	"into parts.</p>"
#define SCANNER_WIKI	"<p>To get a scan into your mailbox, lay the sheets " \
	"into the scanner, touch Scan to mail, and look yourself up among "   \
	"the addresses. The mail arrives within a minute.</p>"

/* Others, so that the words of a pair are not in every passage. */
static void
make_others(const char *folder)
{
	page(folder, "vpn.html", "Reset your VPN profile", "", "<p>The tunnel "
	    "drops when the profile is old. Open the client and choose "
	    "Profiles.</p>");
	page(folder, "badge.html", "Badge for the car park", "", "<p>Show "
	    "your badge at the barrier of the car park to get in.</p>");
	page(folder, "sap.html", "Budget codes in SAP", "", "<p>Codes begin "
	    "with the cost centre and end in the year.</p>");
	page(folder, "door.html", "Opening hours of the canteen", "", "<p>"
	    "Lunch is served from noon until two, except on Fridays.</p>");
	page(folder, "phone.html", "Forward your telephone", "", "<p>Press "
	    "the diversion key and dial the extension of a colleague.</p>");
}

static void
make_pair(const char *folder, const char *head_a, const char *head_b,
    const char *link)
{
	struct kb_buf b = { 0 };

	make_others(folder);
	page(folder, "scan-a.html", "Scan to your mailbox", head_a,
	    SCANNER_DESK);
	kb_buf_printf(&b, SCANNER_WIKI "%s", link);
	page(folder, "scan-b.html", "How do I get a scan by mail?", head_b,
	    b.p);
	kb_buf_release(&b);
}

static void
close_all(void)
{
	kb_compete_release(&found);
	for (size_t i = 0; i < 3; i++) {
		kb_index_close(handles[i]);
		handles[i] = NULL;
	}
}

static void
ask_with(const char *index, size_t n, const struct kb_compete_opts *opts)
{
	struct kb_err err = { KB_OK, "" };

	close_all();
	for (size_t i = 0; i < n; i++)
		handles[i] = index_of(index);
	if (kb_compete_run(&found, handles, n, opts, &err) != KB_OK) {
		printf("# %s\n", err.msg);
		CHECK(false);
	}
}

static void
ask_built(const char *folder)
{
	struct kb_compete_opts opts = { 0, 0 };
	char index[64];

	snprintf(index, sizeof(index), "%s.kb", folder);
	CHECK_INT(build_folder(folder, index), KB_OK);
	ask_with(index, 1, &opts);
}

/* The pair of two articles by their ids, or NULL. */
static const struct kb_competing *
pair_of(const char *a, const char *b)
{
	for (size_t i = 0; i < found.npairs; i++) {
		const struct kb_competing *p = &found.pairs[i];

		if (kb_str_eq(found.articles[p->a].id, kb_str_c(a)) &&
		    kb_str_eq(found.articles[p->b].id, kb_str_c(b)))
			return p;
	}
	return NULL;
}

static void
test_compete__finds_two_that_answer_one_question(void)
{
	const struct kb_competing *p;

	make_pair("two", "", "", "");
	ask_built("two");
	p = pair_of("scan-a.html", "scan-b.html");
	CHECK(p != NULL);
	CHECK(p == &found.pairs[0]);
	if (p == NULL)
		return;
	CHECK(p->answer_a > 0.2 && p->answer_a <= 1);
	CHECK(p->answer_b > 0.2 && p->answer_b <= 1);
	CHECK(fabs(p->feature[KB_COMPETE_ANSWER] - sqrt(p->answer_a *
	    p->answer_b)) < 1e-9);
	CHECK(p->score > 0 && p->score <= 1);
	CHECK(p->feature[KB_COMPETE_LINKED] == 0);
	CHECK_INT(found.narticles, 7);
	CHECK_INT(found.dear, 0);
	CHECK(found.ncandidates >= found.npairs);
}

static void
test_compete__every_feature_is_a_share(void)
{
	for (size_t i = 0; i < found.npairs; i++)
		for (int f = 0; f < KB_COMPETE_N; f++) {
			CHECK(found.pairs[i].feature[f] >= 0);
			CHECK(found.pairs[i].feature[f] <= 1 + 1e-9);
		}
	CHECK_STR(kb_str_c(kb_compete_feature_name(KB_COMPETE_LINKED)),
	    "linked");
	CHECK_STR(kb_str_c(kb_compete_feature_name(KB_COMPETE_N)), "unknown");
}

static void
test_compete__any_number_of_handles_finds_the_same(void)
{
	struct kb_compete_opts opts = { 0, 0 };
	struct kb_compete first;

	ask_with("two.kb", 1, &opts);
	first = found;
	memset(&found, 0, sizeof(found));
	ask_with("two.kb", 3, &opts);
	CHECK_INT(found.npairs, first.npairs);
	for (size_t i = 0; i < found.npairs && i < first.npairs; i++)
		CHECK(memcmp(&found.pairs[i], &first.pairs[i],
		    sizeof(first.pairs[i])) == 0);
	kb_compete_release(&first);
}

static void
test_compete__a_link_between_them_counts_against_the_pair(void)
{
	const struct kb_competing *p;
	double apart;

	p = pair_of("scan-a.html", "scan-b.html");
	apart = p != NULL ? p->score : 0;
	make_pair("linked", "", "", "<p>See <a href=\"scan-a.html\">the "
	    "scanner</a>.</p>");
	ask_built("linked");
	p = pair_of("scan-a.html", "scan-b.html");
	CHECK(p != NULL && p->feature[KB_COMPETE_LINKED] == 1);
	CHECK(p != NULL && p->score < apart);
}

static void
test_compete__other_products_and_audiences_do_not_compete(void)
{
	make_pair("product", PRODUCT("Scan One"), PRODUCT("Scan Two"), "");
	ask_built("product");
	CHECK(pair_of("scan-a.html", "scan-b.html") == NULL);
	make_pair("same", PRODUCT("Scan One"), PRODUCT("scan one"), "");
	ask_built("same");
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL);
	make_pair("half", PRODUCT("Scan One"), "", "");
	ask_built("half");
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL);
	make_pair("staff", "", STAFF, "");
	ask_built("staff");
	CHECK(pair_of("scan-a.html", "scan-b.html") == NULL);
}

static void
make_numbered(const char *folder, const char *title_a, const char *title_b)
{
	make_others(folder);
	page(folder, "scan-a.html", title_a, "", SCANNER_DESK);
	page(folder, "scan-b.html", title_b, "", SCANNER_WIKI);
	ask_built(folder);
}

static void
test_compete__titles_that_differ_in_numbers_alone_are_versions(void)
{
	make_numbered("v1", "Scan to mail with firmware 3.1",
	    "Scan to mail with firmware 3.10");
	CHECK(pair_of("scan-a.html", "scan-b.html") == NULL);
	make_numbered("v2", "Scan to mail with firmware 3.1",
	    "Scan to mail with firmware 3.1");
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL);
	make_numbered("v3", "3.1. Scan to mail", "12. Scan to mail");
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL);
	make_numbered("v4", "Scan to mail 1", "Scan to mailbox 2");
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL);
}

static void
test_compete__what_is_not_served_competes_with_nobody(void)
{
	make_pair("draft", "", DRAFT, "");
	ask_built("draft");
	CHECK_INT(found.narticles, 6);
	CHECK(pair_of("scan-a.html", "scan-b.html") == NULL);
}

static void
test_compete__of_a_cluster_of_duplicates_one_speaks(void)
{
	make_pair("copies", "", "", "");
	page("copies", "scan-c.html", "Scan to your mailbox", "",
	    SCANNER_DESK);
	ask_built("copies");
	CHECK_INT(found.narticles, 7);
	CHECK(pair_of("scan-a.html", "scan-c.html") == NULL);
	CHECK(pair_of("scan-a.html", "scan-b.html") != NULL ||
	    pair_of("scan-b.html", "scan-c.html") != NULL);
}

static void
test_compete__what_would_cost_too_much_is_not_asked_and_counted(void)
{
	struct kb_compete_opts opts = { .postings = 1 };

	ask_with("two.kb", 1, &opts);
	CHECK(found.dear < found.narticles);
	for (size_t i = 0; i < found.npairs; i++)
		CHECK(found.pairs[i].answer_a <= 1);
	make_others("alike");
	/* Of words that two pages have, no posting list fits into one. */
	page("alike", "x.html", "Printer", "", "<p>Printer.</p>");
	page("alike", "y.html", "Printer", "", "<p>Printer, printer.</p>");
	CHECK_INT(build_folder("alike", "alike.kb"), KB_OK);
	ask_with("alike.kb", 1, &opts);
	CHECK_INT(found.dear, 2);
	CHECK(pair_of("x.html", "y.html") == NULL);
}

static void
test_compete__pairs_below_the_least_score_are_left_out(void)
{
	struct kb_compete_opts opts = { 0, 0 };
	size_t all;

	ask_with("two.kb", 1, &opts);
	all = found.npairs;
	CHECK(all > 0);
	CHECK_INT(found.ncandidates, all);
	CHECK_INT(found.asked, found.narticles);
	opts.least = found.pairs[0].score + 1e-9;
	ask_with("two.kb", 1, &opts);
	CHECK_INT(found.npairs, 0);
	opts.least -= 2e-9;
	ask_with("two.kb", 1, &opts);
	CHECK_INT(found.npairs, 1);
}

/* Whatever the texts say, a score wants titles that share something. */
static void
test_compete__who_can_reach_no_such_score_is_not_asked(void)
{
	struct kb_compete_opts opts = { .least = 0.9 };

	mkdir(at("far"), 0755);
	make_others("far/wiki");
	page("far/wiki", "scan-a.html", "Scan to your mailbox", "",
	    SCANNER_DESK);
	page("far/desk", "scan-b.html", "How do I get a scan by mail?", "",
	    SCANNER_WIKI);
	page("far/wiki", "fax-a.html", "Send a fax", "", "<p>Dial zero and "
	    "the number of the fax, then press the green key.</p>");
	page("far/desk", "fax-b.html", "Sending a fax", "", "<p>Dial zero, "
	    "then the number of the fax, and press the green key.</p>");
	CHECK_INT(build_folder("far", "far.kb"), KB_OK);
	ask_with("far.kb", 1, &opts);
	CHECK_INT(found.narticles, 9);
	CHECK_INT(found.asked, 2);
	CHECK(pair_of("wiki/fax-a.html", "desk/fax-b.html") != NULL ||
	    pair_of("desk/fax-b.html", "wiki/fax-a.html") != NULL);
	opts.least = 0;
	ask_with("far.kb", 1, &opts);
	CHECK_INT(found.asked, 9);
	opts.least = 1.1;
	ask_with("far.kb", 1, &opts);
	CHECK_INT(found.asked, 0);
	CHECK_INT(found.npairs, 0);
}

/* Random titles: what is not asked loses no pair of that score. */
static void
test_compete__not_asking_loses_no_pair(void)
{
	static const char *const words[] = {
		"scanner", "printer", "mailbox", "badge", "tunnel", "invoice"
	};
	struct kb_compete_opts opts = { 0, 0 };
	double scores[64];
	size_t n, asked;

	for (unsigned i = 0; i < 40; i++) {
		char name[32], title[64], body[200];
		unsigned r = i * 7919 + 13;

		snprintf(name, sizeof(name), "p%02u.html", i);
		snprintf(title, sizeof(title), "%s %s %s", words[r % 6],
		    words[r / 6 % 6], words[r / 36 % 6]);
		snprintf(body, sizeof(body), "<p>The %s of the %s needs a %s "
		    "and key%u.</p>", words[r / 36 % 6], words[r % 6],
		    words[r / 216 % 6], i / 3);
		mkdir(at("many"), 0755);
		page(i % 2 == 0 ? "many/a" : "many/b", name, title, "", body);
	}
	CHECK_INT(build_folder("many", "many.kb"), KB_OK);
	ask_with("many.kb", 1, &opts);
	n = found.npairs < 64 ? found.npairs : 64;
	CHECK(n > 5);
	for (size_t i = 0; i < n; i++)
		scores[i] = found.pairs[i].score;
	asked = found.asked;
	for (size_t i = 0; i < n; i++) {
		opts.least = scores[i] - 1e-9;
		ask_with("many.kb", 2, &opts);
		CHECK(found.npairs > i);
		CHECK(found.asked <= asked);
		for (size_t k = 0; k < found.npairs && k < n; k++)
			CHECK(found.pairs[k].score == scores[k]);
	}
}

static void
test_compete__two_versions_of_a_page_do_not_compete(void)
{
	make_others("versions");
	page("versions/1.14", "scan.html", "Scan to your mailbox", "",
	    SCANNER_DESK);
	page("versions/1.18", "scan.html", "Scan to your mailbox", "",
	    SCANNER_WIKI);
	ask_built("versions");
	CHECK(pair_of("1.14/scan.html", "1.18/scan.html") == NULL);
	make_others("places");
	page("places/north", "scan.html", "Scan to your mailbox", "",
	    SCANNER_DESK);
	page("places/south", "scan.html", "Scan to your mailbox", "",
	    SCANNER_WIKI);
	ask_built("places");
	CHECK(pair_of("north/scan.html", "south/scan.html") != NULL);
}

/* As a build does, which has the only connection that sees its tables. */
static void
test_compete__a_borrowed_database_says_the_same_and_stays_open(void)
{
	struct kb_compete_opts opts = { 0, 0 };
	struct kb_err err = { KB_OK, "" };
	struct kb_index *index = NULL;
	struct kb_compete again = { .npairs = 0 };
	sqlite3 *db;

	ask_with("two.kb", 1, &opts);
	db = kb_store_db(handles[0]->store);
	CHECK_INT(kb_index_borrow(&index, db, "two", &err), KB_OK);
	CHECK_INT(kb_compete_run(&again, &index, 1, &opts, &err), KB_OK);
	CHECK_INT(again.npairs, found.npairs);
	for (size_t i = 0; i < again.npairs && i < found.npairs; i++)
		CHECK(again.pairs[i].score == found.pairs[i].score);
	kb_compete_release(&again);
	kb_index_close(index);
	CHECK_INT(sqlite3_exec(db, "SELECT n FROM article", NULL, NULL, NULL),
	    SQLITE_OK);
	index = NULL;
	CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
	CHECK(kb_index_borrow(&index, db, "empty", &err) != KB_OK);
	CHECK(index == NULL && strstr(err.msg, "empty") != NULL);
	sqlite3_close(db);
}

static void
test_compete__a_passage_without_text_asks_by_its_title(void)
{
	struct kb_compete_opts opts = { 0, 0 };
	struct kb_manifest m = manifest_of(at("two.kb"));
	struct kb_index *index = NULL;
	sqlite3 *db = NULL;

	close_all();
	CHECK_INT(sqlite3_open(in(at("two.kb"), m.views[0].file), &db),
	    SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, "BEGIN; UPDATE passage SET text='', "
	    "lead=0", NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(kb_index_borrow(&index, db, "two", NULL), KB_OK);
	CHECK_INT(kb_compete_run(&found, &index, 1, &opts, NULL), KB_OK);
	CHECK_INT(found.narticles, 7);
	kb_compete_release(&found);
	kb_index_close(index);
	CHECK_INT(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
test_compete__an_article_alone_competes_with_nobody(void)
{
	page("one", "a.html", "Scan to your mailbox", "", SCANNER_DESK);
	ask_built("one");
	CHECK_INT(found.narticles, 1);
	CHECK_INT(found.npairs, 0);
}

static void
test_compete__the_score_rises_with_what_speaks_for_a_pair(void)
{
	double f[KB_COMPETE_N] = { 0.6, 0.4, 0.7, 0.6, 0.4, 0.1, 0.8, 0, 0.5 };
	double g[KB_COMPETE_N], score = kb_compete_score(f);

	CHECK(score > 0 && score < 1);
	memcpy(g, f, sizeof(f));
	g[KB_COMPETE_ANSWER] = 0.9;
	CHECK(kb_compete_score(g) > score);
	memcpy(g, f, sizeof(f));
	g[KB_COMPETE_LINKED] = 1;
	CHECK(kb_compete_score(g) < score);
	memcpy(g, f, sizeof(f));
	g[KB_COMPETE_APART] = 0;
	CHECK(kb_compete_score(g) < score);
	g[KB_COMPETE_APART] = 1;
	CHECK(kb_compete_score(g) > score);
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_compete__finds_two_that_answer_one_question);
	RUN(test_compete__every_feature_is_a_share);
	RUN(test_compete__any_number_of_handles_finds_the_same);
	RUN(test_compete__a_link_between_them_counts_against_the_pair);
	RUN(test_compete__other_products_and_audiences_do_not_compete);
	RUN(test_compete__titles_that_differ_in_numbers_alone_are_versions);
	RUN(test_compete__what_is_not_served_competes_with_nobody);
	RUN(test_compete__of_a_cluster_of_duplicates_one_speaks);
	RUN(test_compete__what_would_cost_too_much_is_not_asked_and_counted);
	RUN(test_compete__pairs_below_the_least_score_are_left_out);
	RUN(test_compete__who_can_reach_no_such_score_is_not_asked);
	RUN(test_compete__not_asking_loses_no_pair);
	RUN(test_compete__two_versions_of_a_page_do_not_compete);
	RUN(test_compete__a_borrowed_database_says_the_same_and_stays_open);
	RUN(test_compete__a_passage_without_text_asks_by_its_title);
	RUN(test_compete__an_article_alone_competes_with_nobody);
	RUN(test_compete__the_score_rises_with_what_speaks_for_a_pair);
	close_all();
	fixture_unload();
	return test_done();
}
