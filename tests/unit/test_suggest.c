#include "index_fixture.h"

#include <math.h>

#include "kb/suggest.h"
#include "schema.h"

static struct kb_index *index_;
static struct kb_answer *a;

#define FRESH	"<meta name=\"last-modified\" content=\"2026-08-01\">"
#define OWNED	FRESH "<meta name=\"owner\" content=\"Service Desk\">"
#define DRAFT	OWNED "<meta name=\"status\" content=\"draft\">"

#define TONER	"<p>Open the front cover of the printer and pull the "	\
	"empty toner cartridge out towards you. Shake the new cartridge " \
	"gently, remove the yellow tape and slide it in until it "	\
	"clicks. Close the cover and print a test page.</p>"

static void
make_pages(void)
{
	page("src", "vpn.html", "Reset your VPN profile", OWNED,
	    "<p>The tunnel drops when the profile is old.</p><p>Open the "
	    "client, choose Profiles and click Reset &amp; reload. Then sign "
	    "in again with your token to load the new VPN profile.</p>");
	page("src", "old.html", "Badge for the car park", "<meta name=\""
	    "last-modified\" content=\"2020-01-01\"><meta name=\"owner\" "
	    "content=\"Facilities\">", "<p>Show your badge at the barrier of "
	    "the car park to get in.</p>");
	page("src", "draft.html", "SAP budget codes", DRAFT, "<p>Budget codes "
	    "in SAP begin with the cost centre.</p>");
	page("src", "lapsed.html", "Christmas closing hours", OWNED
	    "<meta name=\"valid-until\" content=\"2026-01-04\">",
	    "<p>The desk closes at noon at Christmas.</p>");
	page("src", "pay.html", "Salary bands of the board", OWNED
	    "<meta name=\"audience\" content=\"hr-only\">",
	    "<p>The salary bands of the board are kept in the vault.</p>");
	page("src", "open.html", "Visitor wireless", OWNED
	    "<meta name=\"audience\" content=\"Public\">",
	    "<p>Visitors get a wireless voucher at reception.</p>");
	page("src", "parts.html", "Telephone exchange", OWNED,
	    "<h2 id=\"dial\">Dialling out</h2><p>Dial nine first.</p>"
	    "<h2 id=\"forward\">Forwarding</h2><p>Press the diversion key "
	    "and the extension.</p>");
	page("src", "toner-a.html", "Change the toner", OWNED, TONER);
	page("src", "toner-b.html", "Replace a cartridge", FRESH, TONER);
	page("src", "toner-c.html", "Toner, draft", DRAFT, TONER);
	CHECK_INT(build_folder("src", "x.kb"), KB_OK);
	index_ = index_of("x.kb");
}

static void
ask_with(const char *question, const struct kb_suggest_opts *opts)
{
	struct kb_err err = { KB_OK, "" };

	kb_answer_free(a);
	a = NULL;
	if (kb_suggest(&a, index_, kb_str_c(question), opts, &err) != KB_OK)
		printf("# %s\n", err.msg);
	CHECK(a != NULL);
}

static void
ask(const char *question)
{
	ask_with(question, NULL);
}

/* What holds of any answer. */
static void
check_shape(void)
{
	CHECK(a->answered == (a->reason == KB_REASON_NONE));
	CHECK(a->answered == (a->nsuggestions > 0));
	CHECK(!a->answered || a->nnear == 0);
	CHECK(a->confidence >= 0 && a->confidence <= 1);
	CHECK_INT(strlen(a->query_id), 16);
}

static void
test_suggest__answers_with_a_quote_that_stands_at_its_span(void)
{
	const struct kb_suggestion *s;
	struct kb_buf file;

	ask("How do I reset my VPN profile?");
	check_shape();
	CHECK(a->answered);
	if (!a->answered)
		return;
	s = &a->suggestions[0];
	CHECK_STR(kb_str_c(s->id), "vpn.html");
	CHECK_STR(kb_str_c(s->title), "Reset your VPN profile");
	CHECK(strncmp(s->passage_id, "vpn.html#p", 10) == 0);
	CHECK(strstr(s->text, s->quote) != NULL);
	CHECK(fabs(s->confidence - 1) < 1e-9);
	CHECK(s->score > 0);
	CHECK_STR(kb_str_c(s->trust.owner), "Service Desk");
	CHECK_INT(s->trust.modified, 20260801);
	CHECK_INT(s->trust.policy, KB_POLICY_SERVE);
	file = slurp(in(at("src"), "vpn.html"));
	CHECK_STR(kb_str_c(s->span.path), "vpn.html");
	CHECK(s->span.start < s->span.end && s->span.end <= file.n);
	CHECK_STR(kb_str(file.p + s->span.start, s->span.end -
	    s->span.start), strstr(s->quote, "Reset &") != NULL ?
	    "Open the client, choose Profiles and click Reset &amp; reload. "
	    "Then sign in again with your token to load the new VPN profile."
	    : s->quote);
	kb_buf_release(&file);
}

static void
test_suggest__abstains_when_no_query_term_is_known(void)
{
	ask("zebra quantum");
	check_shape();
	CHECK_INT(a->reason, KB_REASON_NO_KNOWN_TERM);
	CHECK_INT(a->nnear, 0);
	CHECK(a->confidence == 0);
	ask("");
	CHECK_INT(a->reason, KB_REASON_NO_KNOWN_TERM);
	ask("?");
	CHECK_INT(a->reason, KB_REASON_NO_KNOWN_TERM);
}

static void
test_suggest__abstains_when_too_little_is_covered(void)
{
	ask("vpn zebra quantum marmalade");
	check_shape();
	CHECK_INT(a->reason, KB_REASON_LOW_CONFIDENCE);
	CHECK(a->confidence > 0 && a->confidence < KB_CONFIDENCE_ANSWER);
	CHECK_INT(a->nnear, 1);
	CHECK_STR(kb_str_c(a->near[0].id), "vpn.html");
}

static void
test_suggest__the_threshold_decides(void)
{
	struct kb_suggest_opts opts = { .threshold = 0 };

	ask("vpn zebra");
	CHECK(!a->answered);
	opts.threshold = a->confidence;
	ask_with("vpn zebra", &opts);
	CHECK(a->answered);
	opts.threshold = nextafter(opts.threshold, 1);
	ask_with("vpn zebra", &opts);
	CHECK(!a->answered);
}

static void
test_suggest__drafts_and_lapsed_articles_are_withheld(void)
{
	struct kb_suggest_opts any = { .any_status = true };

	ask("SAP budget codes");
	check_shape();
	CHECK_INT(a->reason, KB_REASON_WITHHELD);
	CHECK_INT(a->nnear, 0);
	ask("Christmas closing hours");
	CHECK_INT(a->reason, KB_REASON_WITHHELD);
	ask_with("SAP budget codes", &any);
	CHECK(a->answered);
	if (a->answered) {
		CHECK_STR(kb_str_c(a->suggestions[0].id), "draft.html");
		CHECK_INT(a->suggestions[0].trust.policy,
		    KB_POLICY_WITHHOLD);
		CHECK_INT(a->suggestions[0].trust.status, KB_ARTICLE_DRAFT);
	}
}

static void
test_suggest__what_is_not_for_everyone_is_withheld(void)
{
	struct kb_suggest_opts any = { .any_audience = true };

	ask("salary bands of the board");
	check_shape();
	CHECK_INT(a->reason, KB_REASON_WITHHELD);
	CHECK_INT(a->nnear, 0);
	ask_with("salary bands of the board", &any);
	CHECK(a->answered);
	if (a->answered)
		CHECK_INT(a->suggestions[0].trust.policy,
		    KB_POLICY_WITHHOLD);
	ask("wireless voucher for visitors");
	CHECK(a->answered);
}

static void
test_suggest__a_quote_is_cited_with_the_heading_above_it(void)
{
	ask("telephone diversion key extension");
	CHECK(a->answered);
	if (!a->answered)
		return;
	CHECK_STR(kb_str_c(a->suggestions[0].id), "parts.html");
	CHECK_STR(kb_str_c(a->suggestions[0].heading), "Forwarding");
	CHECK_STR(kb_str_c(a->suggestions[0].anchor), "forward");
	ask("telephone exchange dial nine first");
	CHECK(a->answered);
	if (a->answered)
		CHECK_STR(kb_str_c(a->suggestions[0].anchor), "dial");
}

static bool
names(const struct kb_suggestion *s, const char *id)
{
	for (size_t i = 0; i < s->nalso; i++)
		if (strcmp(s->also[i].id, id) == 0)
			return true;
	return false;
}

static void
test_suggest__of_duplicates_the_canonical_speaks_and_names_the_others(void)
{
	const struct kb_suggestion *s;

	/* The very title of the copy, whose passage is the best then. */
	ask("replace a cartridge");
	check_shape();
	CHECK_INT(a->nsuggestions + a->nnear, 1);
	s = a->answered ? a->suggestions : a->near;
	CHECK_STR(kb_str_c(s->id), "toner-a.html");
	CHECK(s->trust.canonical == NULL);
	CHECK(names(s, "toner-b.html"));
	CHECK_STR(kb_str_c(s->also[0].relation), "identical");
	CHECK_STR(kb_str_c(s->also[0].title), "Replace a cartridge");
}

static void
test_suggest__a_draft_among_duplicates_is_not_named(void)
{
	struct kb_suggest_opts any = { .any_status = true };

	ask("change the toner cartridge");
	CHECK(a->answered);
	CHECK_INT(a->suggestions[0].nalso, 1);
	CHECK(!names(a->suggestions, "toner-c.html"));
	/* The best passage is the draft's: its published canonical speaks. */
	ask("toner draft");
	CHECK_INT(a->nsuggestions + a->nnear, 1);
	CHECK_STR(kb_str_c((a->answered ? a->suggestions : a->near)->id),
	    "toner-a.html");
	ask_with("change the toner cartridge", &any);
	CHECK_INT(a->suggestions[0].nalso, 2);
	CHECK(names(a->suggestions, "toner-c.html"));
}

static void
test_suggest__what_is_wrong_with_an_article_is_said_beside_it(void)
{
	const struct kb_trust *t;

	ask("badge for the car park");
	CHECK(a->answered);
	if (!a->answered)
		return;
	t = &a->suggestions[0].trust;
	CHECK_INT(t->policy, KB_POLICY_WARN);
	CHECK_INT(t->nfindings, 2);
	CHECK_STR(kb_str_c(t->findings[0]), "stale");
	CHECK_STR(kb_str_c(t->findings[1]), "thin");
	CHECK(strstr(t->messages[0], "2020-01-01") != NULL);
}

static void
test_suggest__a_query_has_one_id(void)
{
	char first[17];

	ask("reset vpn");
	memcpy(first, a->query_id, 17);
	ask("reset vpn");
	CHECK_STR(kb_str_c(a->query_id), first);
	ask("reset vpn?");
	CHECK(strcmp(a->query_id, first) != 0);
	/* Another generation, another id. */
	kb_index_close(index_);
	page("less", "vpn.html", "Reset your VPN profile", OWNED,
	    "<p>Reset the VPN profile.</p>");
	CHECK_INT(build_folder("less", "less.kb"), KB_OK);
	index_ = index_of("less.kb");
	ask("reset vpn");
	CHECK(strcmp(a->query_id, first) != 0);
	kb_index_close(index_);
	index_ = index_of("x.kb");
	ask("reset vpn");
	CHECK_STR(kb_str_c(a->query_id), first);
}

static void
test_suggest__as_many_as_asked_for_and_only_good_ones(void)
{
	struct kb_suggest_opts opts = { .top = 1, .threshold = 1e-9 };

	ask_with("vpn toner badge", &opts);
	CHECK_INT(a->nsuggestions, 1);
	opts.top = 10;
	ask_with("vpn toner badge", &opts);
	CHECK_INT(a->nsuggestions, 3);
	for (size_t i = 1; i < a->nsuggestions; i++)
		CHECK(a->suggestions[i].score <= a->suggestions[i - 1].score);
	opts.threshold = 0.9;
	ask_with("vpn toner badge", &opts);
	CHECK(!a->answered);
	CHECK_INT(a->nnear, 3);
}

static void
test_suggest__running_out_of_budget_is_an_answer(void)
{
	struct kb_suggest_opts opts = { .budget = 1 };

	ask_with("how do I reset my vpn profile", &opts);
	check_shape();
	CHECK(a->answered || a->reason == KB_REASON_BUDGET);
	/* And it is gone with the question. */
	ask("how do I reset my vpn profile");
	CHECK(a->answered);
}

/* Enough rows that a thousand steps do not do. */
static void
test_suggest__a_small_budget_strikes_in_a_large_index(void)
{
	struct kb_suggest_opts opts = { .budget = 1 };
	struct kb_buf b = { 0 };
	struct kb_index *keep = index_;

	mkdir(at("big"), 0755);
	kb_buf_addc(&b, "<articles>");
	for (int i = 0; i < 2000; i++)
		kb_buf_printf(&b, "<article><id>%d</id><title>Printer %d"
		    "</title><body format=\"text\">Printer number %d."
		    "</body></article>", i, i, i);
	kb_buf_addc(&b, "</articles>");
	spew(in(at("big"), "a.xml"), kb_buf_str(&b));
	kb_buf_release(&b);
	CHECK_INT(build_folder("big", "big.kb"), KB_OK);
	index_ = index_of("big.kb");
	ask_with("printer", &opts);
	check_shape();
	CHECK_INT(a->reason, KB_REASON_BUDGET);
	CHECK_INT(a->nnear, 0);
	/* Wherever it strikes it is told as what it is. */
	for (opts.budget = 2; opts.budget < 120 && !a->answered;
	    opts.budget++) {
		ask_with("printer number 77", &opts);
		check_shape();
		CHECK(a->answered || a->reason == KB_REASON_BUDGET);
	}
	CHECK(a->answered);
	ask("printer 77");
	CHECK(a->answered);
	kb_index_close(index_);
	index_ = keep;
}

/* Such a cluster no build makes, but an index may come from anywhere. */
static void
test_suggest__a_canonical_that_is_not_served_is_not_named(void)
{
	struct kb_publish *pub = NULL;
	struct kb_index *keep = index_;
	char generation[17];

	CHECK_INT(kb_publish_begin(&pub, at("odd.kb"), NULL), KB_OK);
	CHECK_INT(sqlite3_exec(kb_publish_db(pub), KB_SCHEMA
	    "INSERT INTO meta VALUES('langs','en'),('passages','1');"
	    "INSERT INTO article(n,id,path,start,end,format,source,title,"
	    "status,words,cluster,relation) VALUES"
	    "(1,'secret','s',0,9,'html','s','Secret',1,9,1,NULL),"
	    "(2,'open','o',0,9,'html','s','Open',0,9,1,'identical');"
	    "INSERT INTO passage VALUES(1,2,1,NULL,0,20,NULL,NULL,'html:',0,"
	    "3,NULL,'Toner in the printer');"
	    "INSERT INTO term VALUES('toner',1);"
	    "INSERT INTO fts(rowid,body,surface) VALUES(1,'toner in the "
	    "printer','toner in the printer');"
	    KB_SCHEMA_INDEXES, NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(kb_publish_commit(pub, KB_STR("{}"), KB_STR("{}"),
	    generation, NULL), KB_OK);
	kb_publish_free(pub);
	index_ = index_of("odd.kb");
	ask("toner");
	CHECK(a->answered);
	if (a->answered) {
		CHECK_STR(kb_str_c(a->suggestions[0].id), "open");
		CHECK(a->suggestions[0].trust.canonical == NULL);
		CHECK_INT(a->suggestions[0].nalso, 0);
	}
	kb_index_close(index_);
	index_ = keep;
}

/* As nobody's build makes it: an embedder reads these without looking. */
static void
test_suggest__id_text_and_span_are_there_whatever_an_index_holds(void)
{
	struct kb_index *keep = index_;
	struct kb_publish *pub = NULL;
	char generation[17];

	CHECK_INT(kb_publish_begin(&pub, at("void.kb"), NULL), KB_OK);
	CHECK_INT(sqlite3_exec(kb_publish_db(pub), KB_SCHEMA
	    "INSERT INTO meta VALUES('passages','2'),('langs','en');"
	    "INSERT INTO article(n,id,path,start,end,format,source,status,"
	    "words) VALUES(1,x'','p',0,9,'html','s',0,3),"
	    "(2,'b','q',0,9,'html','s',0,3);"
	    "INSERT INTO passage VALUES(1,1,1,NULL,0,9,'toner printer',NULL,"
	    "'',0,3,NULL,x''),(2,2,1,NULL,9,2,'toner printer',NULL,"
	    "'',0,7,NULL,'Ink'||char(0)||' is so. The printer has toner.');"
	    "INSERT INTO term VALUES('toner',1),('printer',1);"
	    "INSERT INTO fts(rowid,body,surface) VALUES(1,'toner printer',"
	    "''),(2,'toner printer','');"
	    KB_SCHEMA_INDEXES, NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(kb_publish_commit(pub, KB_STR("{}"), KB_STR("{}"),
	    generation, NULL), KB_OK);
	kb_publish_free(pub);
	index_ = index_of("void.kb");
	ask_with("toner printer",
	    &(struct kb_suggest_opts){ .threshold = 0.01 });
	CHECK_INT(a->nsuggestions, 2);
	for (size_t i = 0; i < a->nsuggestions; i++) {
		CHECK(a->suggestions[i].id != NULL);
		CHECK(a->suggestions[i].text != NULL);
		CHECK(a->suggestions[i].quote != NULL);
		CHECK(strstr(a->suggestions[i].text,
		    a->suggestions[i].quote) != NULL);
		CHECK(a->suggestions[i].span.start <=
		    a->suggestions[i].span.end);
	}
	kb_index_close(index_);
	index_ = keep;
}

static void
test_suggest__an_answer_outlives_its_index(void)
{
	struct kb_index *keep = index_;

	index_ = index_of("x.kb");
	ask("reset vpn profile");
	kb_index_close(index_);
	index_ = keep;
	CHECK(a->answered);
	CHECK_STR(kb_str_c(a->suggestions[0].id), "vpn.html");
	CHECK_STR(kb_str_c(a->suggestions[0].trust.owner), "Service Desk");
	kb_answer_free(NULL);
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	make_pages();
	if (index_ == NULL)
		return 1;
	RUN(test_suggest__answers_with_a_quote_that_stands_at_its_span);
	RUN(test_suggest__abstains_when_no_query_term_is_known);
	RUN(test_suggest__abstains_when_too_little_is_covered);
	RUN(test_suggest__the_threshold_decides);
	RUN(test_suggest__drafts_and_lapsed_articles_are_withheld);
	RUN(test_suggest__of_duplicates_the_canonical_speaks_and_names_the_others);
	RUN(test_suggest__a_draft_among_duplicates_is_not_named);
	RUN(test_suggest__what_is_wrong_with_an_article_is_said_beside_it);
	RUN(test_suggest__a_query_has_one_id);
	RUN(test_suggest__as_many_as_asked_for_and_only_good_ones);
	RUN(test_suggest__running_out_of_budget_is_an_answer);
	RUN(test_suggest__what_is_not_for_everyone_is_withheld);
	RUN(test_suggest__a_quote_is_cited_with_the_heading_above_it);
	RUN(test_suggest__a_small_budget_strikes_in_a_large_index);
	RUN(test_suggest__a_canonical_that_is_not_served_is_not_named);
	RUN(test_suggest__id_text_and_span_are_there_whatever_an_index_holds);
	RUN(test_suggest__an_answer_outlives_its_index);
	kb_answer_free(a);
	kb_index_close(index_);
	fixture_unload();
	return test_done();
}
