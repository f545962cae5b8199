/*
 * plan: what is kept, added, decided and refused; and that nothing is lost.
 */
#include <stddef.h>

#include "chance.h"
#include "command_fixture.h"
#include "plan.h"
#include "sentence.h"
#include "words.h"

/* ---- an index by hand ---- */

struct given {
	int		 n;
	const char	*id, *title, *url, *owner, *audience, *source;
	const char	*relation;
	int		 cluster, status, views;
	const char	*product, *version;
};

static struct kb_buf sql;
static int passages;

static void
put_text(const char *text)
{
	if (text == NULL) {
		kb_buf_addc(&sql, "NULL");
		return;
	}
	kb_buf_addch(&sql, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			kb_buf_addch(&sql, '\'');
		kb_buf_addch(&sql, *text);
	}
	kb_buf_addch(&sql, '\'');
}

static void
put_comma(const char *text)
{
	kb_buf_addch(&sql, ',');
	put_text(text);
}

static bool
names_a_group(const char *audience)
{
	return audience != NULL && strcmp(audience, "[\"public\"]") != 0;
}

static void
article(struct given g)
{
	char id[16];

	snprintf(id, sizeof(id), "a%d", g.n);
	kb_buf_printf(&sql, "INSERT INTO article(n,path,start,end,format,"
	    "status,words,restricted,cluster,views,id,title,url,owner,"
	    "audience,source,relation,product,version) VALUES(%d,'p',0,1,"
	    "'x',%d,10,%d,", g.n, g.status, names_a_group(g.audience));
	if (g.cluster > 0)
		kb_buf_printf(&sql, "%d", g.cluster);
	else
		kb_buf_addc(&sql, "NULL");
	kb_buf_printf(&sql, ",%d", g.views);
	put_comma(g.id != NULL ? g.id : id);
	put_comma(g.title);
	put_comma(g.url);
	put_comma(g.owner);
	put_comma(g.audience);
	put_comma(g.source != NULL ? g.source : "s");
	put_comma(g.relation);
	put_comma(g.product);
	put_comma(g.version);
	kb_buf_addc(&sql, ");");
}

#define ARTICLE(...)	article((struct given){ .n = __VA_ARGS__ })

/* Each line is a paragraph, with markup between, and a passage. */
static void
text(int n, const char *lines)
{
	struct kb_str rest = kb_str_c(lines), line;
	size_t seq = 0, at = 0;
	char one[200];

	while (kb_str_split(&rest, '\n', &line)) {
		snprintf(one, sizeof(one), "%.*s", KB_FMT(line));
		kb_buf_printf(&sql, "INSERT INTO passage(n,article,seq,start,"
		    "end,context,lead,words,text) VALUES(%d,%d,%zu,%zu,%zu,"
		    "'html:',0,9,", ++passages, n, ++seq, at, at + line.n);
		put_text(one);
		kb_buf_addc(&sql, ");");
		at += line.n + 7;
	}
}

static void
link_to(int from, int seq, int to, const char *href)
{
	kb_buf_printf(&sql, "INSERT INTO link(article,seq,target,href) "
	    "VALUES(%d,%d,%d,", from, seq, to);
	put_text(href);
	kb_buf_addc(&sql, ");");
}

static void
contained(int a, int b, int size_a, int size_b)
{
	int shared = size_a < size_b ? size_a : size_b;

	kb_buf_printf(&sql, "INSERT INTO duplicate(a,b,relation,shared,"
	    "size_a,size_b,own_shared,own_a,own_b) VALUES(%d,%d,'contained',"
	    "%d,%d,%d,%d,%d,%d);", a, b, shared, size_a, size_b, shared,
	    size_a, size_b);
}

static struct kb_store *store;
static struct kb_plan plan;
static struct kb_plan_cluster cluster;
static struct kb_plan_opts opts;

/* What was put so far becomes an index, and a plan of it is opened. */
static enum kb_status
open_plan(void)
{
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;

	index_fill(at("p.kb"), sql.p);
	CHECK_INT(kb_store_open(&store, at("p.kb"), NULL, 0, &err), KB_OK);
	status = kb_plan_open(&plan, store, &opts, &err);
	if (status != KB_OK && status != KB_USAGE && status != KB_DAMAGED)
		printf("# %s\n", err.msg);
	return status;
}

static void
close_plan(void)
{
	kb_plan_close(&plan);
	kb_store_close(store);
	store = NULL;
	kb_buf_clear(&sql);
	memset(&opts, 0, sizeof(opts));
	passages = 0;
}

static bool
read_unit(size_t i)
{
	struct kb_err err = { KB_OK, "" };

	if (i < plan.nunits && kb_plan_read(&plan, i, &cluster, &err) ==
	    KB_OK)
		return true;
	printf("# unit %zu of %zu: %s\n", i, plan.nunits, err.msg);
	CHECK(!"the unit can be read");
	return false;
}

static struct kb_buf
written(kb_plan_fn *fn, struct kb_buf *map)
{
	struct kb_out out = { .code = KB_EXIT_OK };
	struct kb_err err = { KB_OK, "" };

	/* Small plans are not spilled. */
	CHECK_INT(fn(&plan, &out, map, &err), KB_OK);
	kb_buf_reserve(&out.buf, 1);
	return out.buf;
}

static bool
has(const struct kb_buf *b, const char *what)
{
	return kb_str_find(kb_buf_str(b), kb_str_c(what), 0) != (size_t)-1;
}

static struct kb_arena arena;

#define HR	"[\"hr\"]"
#define BOTH	"[\"hr\",\"it\"]"
#define PUBLIC	"[\"public\"]"
#define MIXED	"[\"hr\",\"Everyone\"]"
#define LOCKED	"[\"password\"]"

/* ---- what is kept, added, decided ---- */

#define FIRST	"Open the settings of the mail program on your computer."
#define SECOND	"Choose the account and press the button named repair."
#define THIRD	"Wait until the light at the front of the box is green."
#define FOURTH	"Tell the service desk which of the steps did not work."

static void
test_plan__adds_what_is_missing_behind_what_it_follows(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	text(1, FIRST "\n" THIRD);
	text(2, FOURTH "\n" FIRST "\n" SECOND "\n" THIRD);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.keep.n, 1);
		CHECK_INT(cluster.nmembers, 1);
		CHECK_INT(cluster.members[0].verdict, KB_PLAN_MERGE);
		CHECK_INT(cluster.nitems, 2);
		CHECK_STR(cluster.items[0].text, FOURTH);
		CHECK_INT(cluster.items[0].kept, KB_PLAN_TOP);
		CHECK_STR(cluster.items[1].text, SECOND);
		CHECK_INT(cluster.items[1].kept, 0);
		CHECK_INT(cluster.items[1].fate, KB_FATE_ADD);
		CHECK_INT(cluster.members[0].counts[KB_FATE_SAME], 2);
	}
	close_plan();
}

static void
test_plan__adds_a_paragraph_of_two_members_once(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	ARTICLE(3, .cluster = 1, .relation = "near");
	text(1, FIRST "\n" THIRD);
	text(2, FIRST "\n" SECOND "\n" THIRD);
	text(3, FIRST "\n" THIRD "\nCHOOSE the account, and press the "
	    "button named repair!");
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nitems, 2);
		CHECK_INT(cluster.items[0].fate, KB_FATE_ADD);
		CHECK_INT(cluster.items[1].fate, KB_FATE_AGAIN);
		CHECK_INT(cluster.items[1].again, 0);
		CHECK_INT(cluster.items[1].member, 1);
	}
	close_plan();
}

static void
test_plan__adds_what_one_article_says_twice_both_times(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	text(1, FIRST "\n" THIRD);
	text(2, FIRST "\n" SECOND "\n" THIRD "\n" SECOND);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nitems, 2);
		CHECK_INT(cluster.items[0].fate, KB_FATE_ADD);
		CHECK_INT(cluster.items[1].fate, KB_FATE_ADD);
	}
	close_plan();
}

static void
test_plan__adds_no_sentences_that_stand_elsewhere(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	text(1, FIRST " " SECOND "\n" THIRD " " FOURTH);
	text(2, FIRST " " SECOND "\n" THIRD " " FOURTH "\n" SECOND);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nitems, 0);
		CHECK_INT(cluster.members[0].fates[2], KB_FATE_ELSEWHERE);
	}
	close_plan();
}

static void
conflict(int a, int b, const char *quote_a, const char *quote_b)
{
	kb_buf_addc(&sql, "CREATE TABLE IF NOT EXISTS conflict(n INTEGER "
	    "PRIMARY KEY, kind, a, passage_a, field_a, start_a, end_a, "
	    "fact_a, quote_a, b, passage_b, field_b, start_b, end_b, fact_b, "
	    "quote_b);INSERT INTO conflict(kind,a,passage_a,start_a,end_a,"
	    "fact_a,b,passage_b,start_b,end_b,fact_b,quote_a,quote_b) "
	    "VALUES('number'");
	kb_buf_printf(&sql, ",%d,1,0,1,'15',%d,2,0,1,'60'", a, b);
	put_comma(quote_a);
	put_comma(quote_b);
	kb_buf_addc(&sql, ");");
}

#define LIFE_15	"The code is good for 15 minutes."
#define LIFE_60	"The code is good for 60 minutes."

static void
test_plan__tells_contradictions_once_and_of_what_it_may_show(void)
{
	ARTICLE(1, .cluster = 1, .audience = PUBLIC);
	ARTICLE(2, .cluster = 1, .relation = "near", .audience = PUBLIC);
	ARTICLE(3, .cluster = 1, .relation = "near", .audience = PUBLIC);
	ARTICLE(4, .cluster = 1, .relation = "near", .audience = HR);
	text(1, FIRST "\n" LIFE_15);
	text(2, FIRST "\n" LIFE_60);
	text(3, FIRST "\n" THIRD "\n" LIFE_60 " " FOURTH);
	text(4, FIRST "\n" LIFE_60);
	conflict(1, 2, LIFE_15, LIFE_60);	/* two paragraphs that differ */
	conflict(2, 3, LIFE_15, LIFE_60);	/* none with what is kept */
	conflict(1, 4, LIFE_15, LIFE_60);	/* refused */
	conflict(1, 9, LIFE_15, LIFE_60);	/* elsewhere */
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		struct kb_buf md;

		CHECK_INT(cluster.nconflicts, 1);
		CHECK_STR(cluster.conflicts[0].a_id, "a2");
		CHECK_STR(cluster.conflicts[0].b_id, "a3");
		md = written(kb_plan_markdown, NULL);
		CHECK(has(&md, "good for **60** minutes"));
		kb_buf_release(&md);
	}
	close_plan();
}

static void
competing(int a, int b, int score)
{
	kb_buf_printf(&sql, "INSERT INTO competing(a,b,score,title,body) "
	    "VALUES(%d,%d,%d,1000,346);", a, b, score);
}

static void
put_competing(void)
{
	ARTICLE(1, .title = "Scan", .owner = "Ann", .audience = PUBLIC);
	ARTICLE(2, .title = "Send *pages*", .owner = "Bob",
	    .audience = PUBLIC);
	ARTICLE(3, .title = "Park", .audience = HR);
	ARTICLE(4, .title = "Where to park", .audience = HR);
	ARTICLE(5, .title = "Kept", .owner = "Cyd", .cluster = 5);
	ARTICLE(6, .title = "Goes", .cluster = 5, .relation = "near");
	ARTICLE(7, .title = "Rival", .owner = "Dan");
	for (int i = 1; i <= 7; i++)
		text(i, FIRST);
	kb_buf_addc(&sql, "INSERT INTO meta VALUES('competing','yes');");
	competing(3, 4, 912);
	competing(2, 1, 987);
	competing(7, 5, 901);
}

static void
test_plan__competing_articles_are_for_a_person_to_decide(void)
{
	struct kb_buf md, json, map = { 0 };
	size_t best, next;

	put_competing();
	conflict(1, 2, LIFE_15, LIFE_60);
	conflict(1, 3, LIFE_15, LIFE_60);	/* of no pair */
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, 1);
	CHECK_INT(plan.npairs, 3);
	md = written(kb_plan_markdown, &map);
	best = kb_str_find(kb_buf_str(&md), KB_STR("score 0.987"), 0);
	next = kb_str_find(kb_buf_str(&md), KB_STR("score 0.912"), 0);
	CHECK(best < next && next != (size_t)-1);
	CHECK(has(&md, "Send \\*pages\\*"));
	CHECK(has(&md, "titles are alike by 100%, texts by 35%"));
	CHECK(has(&md, "not for everyone"));
	CHECK(has(&md, "for **15** minutes"));
	CHECK(has(&md, "3 pairs"));
	/* Nobody is sent from one to the other. */
	CHECK(has(&map, "a6\ta5") && !has(&map, "a1\t") &&
	    !has(&map, "a2\t") && !has(&map, "a7\t"));
	json = written(kb_plan_json, NULL);
	CHECK(has(&json, "\"trusted\":\"a1\""));
	CHECK(has(&json, "\"score\":0.987"));
	CHECK(has(&json, "\"competing\":3"));
	kb_buf_release(&md);
	kb_buf_release(&json);
	kb_buf_release(&map);
	close_plan();
}

static void
check_pairs(size_t n, int64_t first)
{
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.npairs, n);
	if (plan.npairs > 0)
		CHECK_INT(plan.pairs[0].a, first);
}

static void
test_plan__competing_articles_are_chosen_as_clusters_are(void)
{
	put_competing();
	opts.owner = "bob";
	check_pairs(1, 2);
	close_plan();
	put_competing();
	opts.owner = "";
	check_pairs(1, 3);
	close_plan();
	put_competing();
	opts.limit = 2;
	check_pairs(2, 2);
	close_plan();
	put_competing();
	opts.cluster = "a6";
	check_pairs(1, 7);
	close_plan();
}

static void
test_plan__an_index_without_competing_articles_is_read(void)
{
	struct kb_buf json;

	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	text(1, FIRST);
	text(2, FIRST);
	kb_buf_addc(&sql, "DROP TABLE competing;");
	CHECK_INT(open_plan(), KB_OK);
	json = written(kb_plan_json, NULL);
	CHECK(has(&json, "\"competing\":null"));
	kb_buf_release(&json);
	close_plan();
}

static void
test_plan__redirects_are_whole_when_nobody_reads_the_plan(void)
{
	kb_plan_fn *const fns[] = { kb_plan_markdown, kb_plan_json,
	    kb_plan_tsv };

	for (size_t i = 0; i < 3; i++) {
		struct kb_out out = { .done = true };
		struct kb_buf map = { 0 };
		struct kb_err err = { KB_OK, "" };

		put_competing();
		CHECK_INT(open_plan(), KB_OK);
		CHECK_INT(fns[i](&plan, &out, &map, &err), KB_OK);
		CHECK(has(&map, "a6\ta5"));
		kb_buf_release(&out.buf);
		kb_buf_release(&map);
		close_plan();
	}
}

static void
check_difference(const char *kept, const char *other, bool facts)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	text(1, kept);
	text(2, other);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nitems, 1);
		CHECK_INT(cluster.items[0].fate, KB_FATE_DECIDE);
		CHECK_INT(cluster.items[0].facts, facts);
		if (cluster.items[0].facts != facts)
			printf("# %s\n", other);
	}
	close_plan();
}

static void
test_plan__a_person_decides_between_wordings_and_facts(void)
{
	check_difference("The code that we send is good for 15 minutes.",
	    "The code that we send is good for 60 minutes.", true);
	check_difference("You may share the code with people you know.",
	    "You may not share the code with people you know.", true);
	check_difference("The code that we send to you comes quickly.",
	    "The code that we send to you comes fast.", false);
	/* The same words: the sign is all that differs. */
	check_difference("The room must be at -5 degrees in winter.",
	    "The room must be at 5 degrees in winter.", true);
	check_difference("Every licence costs $20 a year.",
	    "Every licence costs \xe2\x82\xac" "20 a year.", true);
}

static void
test_plan__other_case_and_commas_are_nothing_to_decide(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "identical");
	text(1, FIRST);
	text(2, "Open the Settings of the mail program, on your computer");
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nitems, 0);
		CHECK_INT(cluster.members[0].signs, 1);
		CHECK_INT(cluster.open, 0);
	}
	close_plan();
}

static enum kb_plan_verdict
verdict_of(const char *kept, const char *other, const char *text_kept,
    const char *text_other)
{
	enum kb_plan_verdict v = KB_PLAN_VERDICTS;

	ARTICLE(1, .cluster = 1, .title = kept);
	ARTICLE(2, .cluster = 1, .relation = "near", .title = other);
	text(1, text_kept);
	text(2, text_other);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0))
		v = cluster.members[0].verdict;
	close_plan();
	return v;
}

static void
test_plan__asks_where_texts_differ_as_their_titles_do(void)
{
	CHECK_INT(verdict_of("The Depot library", "The Wizard library",
	    "Load the library named Depot before you go on.",
	    "Load the library named Wizard before you go on."),
	    KB_PLAN_ASK);
	CHECK_INT(verdict_of("The Depot library", "Of the Depot library",
	    "Load the library named Depot before you go on.",
	    "Load the library of the Depot before you go on."),
	    KB_PLAN_MERGE);
	CHECK_INT(verdict_of("Outlook will not open", "Outlook hangs",
	    "When Outlook closes at once, make a profile.",
	    "When Outlook vanishes at once, make a profile."),
	    KB_PLAN_MERGE);
}

/* "Open the cover." may be about the toner or the drum. */
static void
test_plan__asks_where_few_words_have_two_titles(void)
{
	static const struct {
		const char	*a, *b;
		int		 words, verdict;
	} cases[] = {
		{ "Change the toner", "Change the drum", 8, KB_PLAN_ASK },
		{ "Change the toner", "change THE toner", 8, KB_PLAN_MERGE },
		{ "Change the toner", NULL, 8, KB_PLAN_MERGE },
		{ "Change the toner", "Change the drum", 80, KB_PLAN_MERGE }
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ARTICLE(1, .cluster = 1, .title = cases[i].a);
		ARTICLE(2, .cluster = 1, .relation = "identical",
		    .title = cases[i].b);
		kb_buf_printf(&sql, "UPDATE article SET words = %d;",
		    cases[i].words);
		text(1, "Open the front cover.");
		text(2, "Open the front cover.");
		CHECK_INT(open_plan(), KB_OK);
		if (read_unit(0))
			CHECK_INT(cluster.members[0].verdict,
			    cases[i].verdict);
		close_plan();
	}
}

static void
test_plan__fields_that_differ_are_to_be_decided(void)
{
	ARTICLE(1, .cluster = 1, .owner = "Ann", .product = "Mail");
	ARTICLE(2, .cluster = 1, .relation = "near", .owner = "ANN",
	    .product = "Mail 2", .version = "7");
	text(1, FIRST);
	text(2, FIRST);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.nchoices, 2);
		CHECK_STR(kb_str_c(cluster.choices[0].field), "product");
		CHECK_STR(kb_str_c(cluster.choices[1].field), "version");
		CHECK_STR(cluster.choices[1].other, "7");
		CHECK_INT(cluster.open, 2);
	}
	close_plan();
}

/* ---- refusals ---- */

struct refusal {
	const char		*kept, *other;	/* audiences */
	const char		*source;	/* of the other; else s */
	int			 kept_status, status;
	enum kb_plan_verdict	 verdict;
};

static const struct refusal refusals[] = {
	{ NULL, NULL, "s", 0, 0, KB_PLAN_MERGE },
	{ NULL, NULL, "t", 0, 0, KB_PLAN_ASK },
	{ PUBLIC, PUBLIC, "t", 0, 0, KB_PLAN_MERGE },
	{ PUBLIC, NULL, "s", 0, 0, KB_PLAN_REFUSE },
	{ PUBLIC, HR, "s", 0, 0, KB_PLAN_REFUSE },
	{ PUBLIC, MIXED, "s", 0, 0, KB_PLAN_REFUSE },
	{ NULL, HR, "s", 0, 0, KB_PLAN_REFUSE },
	{ BOTH, HR, "s", 0, 0, KB_PLAN_REFUSE },
	{ MIXED, HR, "s", 0, 0, KB_PLAN_REFUSE },
	{ LOCKED, LOCKED, "s", 0, 0, KB_PLAN_REFUSE },
	{ HR, LOCKED, "s", 0, 0, KB_PLAN_REFUSE },
	{ "[\"it\"]", HR, "s", 0, 0, KB_PLAN_REFUSE },
	{ HR, "not a list", "s", 0, 0, KB_PLAN_REFUSE },
	{ HR, HR, "s", 0, 0, KB_PLAN_MERGE },
	{ BOTH, "[\"it\",\"hr\"]", "s", 0, 0, KB_PLAN_MERGE },
	{ HR, HR, "t", 0, 0, KB_PLAN_ASK },
	/* May go in, but its readers would stand before a locked door. */
	{ HR, BOTH, "s", 0, 0, KB_PLAN_STAY },
	{ HR, PUBLIC, "s", 0, 0, KB_PLAN_STAY },
	{ HR, NULL, "s", 0, 0, KB_PLAN_STAY },
	{ LOCKED, PUBLIC, "s", 0, 0, KB_PLAN_STAY },
	{ NULL, PUBLIC, "s", 0, 0, KB_PLAN_ASK },
	/* Never published, withdrawn, not published yet. */
	{ NULL, NULL, "s", 0, 1, KB_PLAN_ASK },
	{ NULL, NULL, "s", 0, 4, KB_PLAN_ASK },
	{ NULL, NULL, "s", 1, 1, KB_PLAN_MERGE },
	{ NULL, NULL, "s", 1, 0, KB_PLAN_STAY },
	{ PUBLIC, HR, "s", 1, 0, KB_PLAN_REFUSE },
};

#define SECRET	"The merger with our rival is announced in March."

static void
check_refused_output(const struct kb_buf *b)
{
	CHECK(has(b, "hushid"));
	CHECK(!has(b, "rival"));
	CHECK(!has(b, "Hushtitle"));
	CHECK(!has(b, "hushurl"));
	CHECK(!has(b, "hushlink"));
	CHECK(!has(b, "hushproduct"));
}

/* The whole output of a plan in which all are refused. */
static void
check_refused(void)
{
	struct kb_buf md, json, map = { 0 };

	md = written(kb_plan_markdown, &map);
	json = written(kb_plan_json, NULL);
	check_refused_output(&md);
	check_refused_output(&json);
	CHECK_INT(map.n, 0);
	kb_buf_release(&md);
	kb_buf_release(&json);
	kb_buf_release(&map);
}

static void
put_refusal(const struct refusal *r, int n)
{
	char id[32];

	snprintf(id, sizeof(id), "hushid%d", n);
	ARTICLE(n, .cluster = n, .audience = r->kept,
	    .status = r->kept_status);
	ARTICLE(n + 1, .cluster = n, .relation = "near", .id = id,
	    .title = "Hushtitle", .url = "https://x.example/hushurl",
	    .product = "hushproduct", .audience = r->other,
	    .source = r->source, .status = r->status);
	ARTICLE(n + 2);
	text(n, FIRST "\n" THIRD);
	text(n + 1, FIRST "\n" SECRET "\n" THIRD);
	link_to(n + 2, 1, n + 1, "hushlink");
}

static void
check_refusal(const struct refusal *r)
{
	const struct kb_plan_member *m = &cluster.members[0];
	bool refused = r->verdict == KB_PLAN_REFUSE;

	if (m->verdict != r->verdict)
		printf("# case %td\n", r - refusals);
	CHECK_INT(m->verdict, r->verdict);
	CHECK((cluster.nitems == 0) == refused);
	CHECK_INT(m->counts[KB_FATE_WITHHELD], refused);
	CHECK((cluster.nlinks == 1) == kb_plan_goes(m));
	CHECK((m->why.n == 0) == (r->verdict == KB_PLAN_MERGE));
}

#define NREFUSALS	(sizeof(refusals) / sizeof(refusals[0]))

static void
test_plan__refuses_where_text_would_be_shown_to_others(void)
{
	for (size_t i = 0; i < NREFUSALS; i++)
		put_refusal(&refusals[i], (int)i * 3 + 1);
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, NREFUSALS);
	for (size_t i = 0; i < plan.nunits && read_unit(i); i++)
		check_refusal(&refusals[cluster.keep.n / 3]);
	close_plan();
}

static void
test_plan__shows_nothing_of_what_is_refused(void)
{
	for (size_t i = 0; i < NREFUSALS; i++)
		if (refusals[i].verdict == KB_PLAN_REFUSE)
			put_refusal(&refusals[i], (int)i * 3 + 1);
	CHECK_INT(open_plan(), KB_OK);
	check_refused();
	close_plan();
}

static void
test_plan__a_restricted_copy_of_open_text_is_asked_about(void)
{
	ARTICLE(1, .cluster = 1, .audience = PUBLIC);
	ARTICLE(2, .cluster = 1, .relation = "identical", .audience = HR,
	    .title = "Hushtitle");
	text(1, FIRST "\n" THIRD);
	text(2, FIRST "\n" THIRD);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		struct kb_buf md;

		CHECK_INT(cluster.members[0].verdict, KB_PLAN_ASK);
		md = written(kb_plan_markdown, NULL);
		CHECK(!has(&md, "Hushtitle"));
		kb_buf_release(&md);
	}
	close_plan();
}

static void
test_plan__refuses_one_member_and_merges_the_other(void)
{
	ARTICLE(1, .cluster = 1, .audience = PUBLIC);
	ARTICLE(2, .cluster = 1, .relation = "near", .audience = HR);
	ARTICLE(3, .cluster = 1, .relation = "near", .audience = PUBLIC);
	text(1, FIRST "\n" THIRD);
	text(2, FIRST "\n" SECOND "\n" THIRD);
	text(3, FIRST "\n" SECOND "\n" THIRD);
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		CHECK_INT(cluster.verdicts[KB_PLAN_REFUSE], 1);
		CHECK_INT(cluster.verdicts[KB_PLAN_MERGE], 1);
		/* What is refused cannot be what another repeats. */
		CHECK_INT(cluster.nitems, 1);
		CHECK_INT(cluster.items[0].member, 1);
		CHECK_INT(cluster.items[0].fate, KB_FATE_ADD);
	}
	close_plan();
}

static void
test_plan__versions_are_listed_and_left_alone(void)
{
	struct kb_buf map = { 0 }, md;

	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "version");
	ARTICLE(3, .cluster = 1, .relation = "near");
	ARTICLE(4, .cluster = 4);
	ARTICLE(5, .cluster = 4, .relation = "version");
	text(1, FIRST);
	text(2, SECOND);
	text(3, THIRD);
	text(4, FIRST);
	text(5, FIRST);
	CHECK_INT(open_plan(), KB_OK);
	/* Versions alone are nothing to do. */
	CHECK_INT(plan.nunits, 1);
	if (read_unit(0)) {
		CHECK_INT(cluster.nmembers, 2);
		CHECK_INT(cluster.members[1].verdict, KB_PLAN_LIST);
		md = written(kb_plan_markdown, &map);
		CHECK(has(&md, "Another version"));
		CHECK(!has(&md, "button named repair"));
		CHECK(has(&map, "a3\ta1\t"));
		CHECK(!has(&map, "a2\t"));
		kb_buf_release(&md);
	}
	kb_buf_release(&map);
	close_plan();
}

/* ---- containment ---- */

static size_t
keep_of(int64_t n)
{
	for (size_t i = 0; i < plan.nkeys; i++)
		if (plan.keys[i].n == n)
			return (size_t)plan.keys[i].keep;
	return 0;
}

static void
test_plan__what_is_contained_goes_into_what_stays(void)
{
	for (int i = 1; i <= 8; i++) {
		ARTICLE(i, .cluster = i == 5 || i == 6 ? 6 : 0,
		    .relation = i == 5 ? "near" : NULL);
		text(i, FIRST);
	}
	contained(1, 2, 40, 90);	/* 1 in 2, 2 in 3: 2 goes, 1 waits */
	contained(2, 3, 90, 200);
	contained(4, 5, 40, 50);	/* 5 goes itself into 6: 4 waits */
	contained(7, 6, 40, 50);
	contained(7, 8, 40, 900);	/* as much of it; lower number */
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(keep_of(1), 0);
	CHECK_INT(keep_of(2), 3);
	CHECK_INT(keep_of(4), 0);
	CHECK_INT(keep_of(5), 6);
	CHECK_INT(keep_of(7), 6);
	CHECK_INT(plan.later, 2);
	for (size_t i = 0; i < plan.nunits && read_unit(i); i++) {
		if (cluster.keep.n != 3)
			continue;
		CHECK_INT(cluster.members[0].relation, KB_PLAN_CONTAINED);
		CHECK_INT(cluster.members[0].verdict, KB_PLAN_ASK);
	}
	close_plan();
}

/* Many small corpora side by side in one index, "n" articles from "first". */
static void
put_insides(int first, int n)
{
	for (int i = 0; i < n; i++) {
		ARTICLE(first + i);
		text(first + i, FIRST);
	}
	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n; k++)
			if (chance_below(3) == 0)
				contained(first + i, first + k, 30 +
				    (int)chance_below(9), 30 +
				    (int)chance_below(9));
}

static void
test_plan__no_redirect_leads_to_what_goes_itself(void)
{
	for (int round = 0; round < 200; round++)
		put_insides(round * 12 + 1, 4 + (int)chance_below(8));
	CHECK_INT(open_plan(), KB_OK);
	CHECK(plan.nkeys > 200);
	for (size_t i = 0; i < plan.nkeys; i++)
		CHECK_INT(keep_of(plan.keys[i].keep), 0);
	close_plan();
}

static void
test_plan__refuses_an_index_that_chains(void)
{
	ARTICLE(1, .cluster = 1);
	ARTICLE(2, .cluster = 1, .relation = "near");
	ARTICLE(3, .cluster = 2, .relation = "near");
	CHECK_INT(open_plan(), KB_DAMAGED);
	close_plan();
}

/* ---- links, redirects ---- */

static void
test_plan__links_to_what_goes_are_to_be_changed(void)
{
	ARTICLE(1, .cluster = 1, .url = "https://x.example/one");
	ARTICLE(2, .cluster = 1, .relation = "near");
	ARTICLE(3, .owner = "Bob", .title = "Three");
	ARTICLE(4, .title = "Hushtitle", .audience = HR);
	ARTICLE(5, .cluster = 1, .relation = "near");
	for (int i = 1; i <= 5; i++)
		text(i, FIRST);
	link_to(3, 1, 1, "one.html");
	link_to(3, 2, 2, "two.html");
	link_to(3, 3, 5, "five.html");
	link_to(3, 4, 2, "two.html");
	link_to(4, 1, 2, "two.html#end");
	link_to(1, 7, 2, "two.html");
	link_to(5, 1, 2, "two.html");	/* goes itself, and with it */
	link_to(2, 1, 2, "#top");
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0)) {
		struct kb_buf md;

		CHECK_INT(cluster.nlinks, 4);
		CHECK(cluster.links[0].own);
		CHECK_STR(cluster.links[1].href, "five.html");
		CHECK_STR(cluster.links[2].id, "a3");
		CHECK_STR(cluster.links[2].href, "two.html");
		CHECK_STR(cluster.links[2].owner, "Bob");
		CHECK_INT(cluster.links[2].times, 2);
		CHECK_STR(cluster.links[3].id, "a4");
		CHECK(cluster.links[3].hidden);
		md = written(kb_plan_markdown, NULL);
		CHECK(!has(&md, "Hushtitle"));
		kb_buf_release(&md);
	}
	close_plan();
}

static void
test_plan__redirects_cannot_break_their_lines(void)
{
	struct kb_buf map = { 0 }, none;

	ARTICLE(1, .cluster = 1, .id = "new one",
	    .url = "https://x.example/one");
	ARTICLE(2, .cluster = 1, .relation = "identical",
	    .id = "old\tone\nx\xe2\x80\xa8y", .url = "https://x.example/2");
	kb_buf_addc(&sql, "INSERT INTO alias VALUES('KB 7',2),"
	    "('https://x.example/?p=2',2),('title:Two',2),('other',1);");
	text(1, FIRST);
	text(2, FIRST);
	CHECK_INT(open_plan(), KB_OK);
	none = written(kb_plan_tsv, &map);
	CHECK_STR(kb_buf_str(&none),
	    "old-id\tnew-id\told-url\tnew-url\topen\n"
	    "old%09one%0Ax%E2%80%A8y\tnew%20one\thttps://x.example/2\t"
	    "https://x.example/one\t0\n"
	    "KB%207\tnew%20one\t\thttps://x.example/one\t0\n"
	    "old%09one%0Ax%E2%80%A8y\tnew%20one\thttps://x.example/?p=2\t"
	    "https://x.example/one\t0\n");
	kb_buf_release(&none);
	kb_buf_release(&map);
	close_plan();
}

/* ---- order and selection ---- */

static void
five_articles(void)
{
	ARTICLE(1, .cluster = 1, .owner = "Ann");
	ARTICLE(2, .cluster = 1, .relation = "near", .views = 3);
	ARTICLE(3, .cluster = 3);
	ARTICLE(4, .cluster = 3, .relation = "near", .views = 900);
	ARTICLE(5);
	for (int i = 1; i <= 5; i++)
		text(i, FIRST);
}

static void
test_plan__what_saves_most_comes_first(void)
{
	five_articles();
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, 2);
	if (read_unit(0))
		CHECK_INT(cluster.keep.n, 3);
	close_plan();
	five_articles();
	for (int i = 1; i <= 40; i++)
		for (int k = 0; k < 40; k++)
			link_to(5, i * 40 + k, 2, "x");
	CHECK_INT(open_plan(), KB_OK);
	if (read_unit(0))
		CHECK_INT(cluster.keep.n, 1);
	close_plan();
	five_articles();
	opts.limit = 1;
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, 1);
	close_plan();
}

static void
test_plan__owners_and_clusters_can_be_chosen(void)
{
	five_articles();
	opts.owner = "ann";
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, 1);
	close_plan();
	five_articles();
	opts.owner = "Zoe";
	CHECK_INT(open_plan(), KB_USAGE);
	close_plan();
	five_articles();
	opts.cluster = "a4";
	CHECK_INT(open_plan(), KB_OK);
	CHECK_INT(plan.nunits, 1);
	if (read_unit(0))
		CHECK_INT(cluster.keep.n, 3);
	close_plan();
	five_articles();
	opts.cluster = "a5";
	CHECK_INT(open_plan(), KB_USAGE);
	close_plan();
}

/* ---- nothing is lost ---- */

static struct kb_str
words_of(struct kb_str s)
{
	struct kb_words it = kb_words(s);
	struct kb_buf b = { 0 };
	struct kb_word word;
	struct kb_str out;

	while (kb_words_next(&it, &word)) {
		kb_buf_add(&b, kb_word_norm(&word));
		kb_buf_addch(&b, ' ');
	}
	out = kb_arena_copy(&arena, kb_buf_str(&b));
	kb_buf_release(&b);
	return out;
}

static bool
kept_has(struct kb_str words)
{
	for (size_t i = 0; i < cluster.text.nparagraphs; i++)
		if (kb_str_eq(words_of(kb_paragraph_words(
		    &cluster.text.paragraphs[i])), words))
			return true;
	return false;
}

static bool
kept_has_sentence(struct kb_str words)
{
	for (size_t i = 0; i < cluster.text.nparagraphs; i++)
		if (kb_str_find(words_of(kb_paragraph_words(
		    &cluster.text.paragraphs[i])), words, 0) != (size_t)-1)
			return true;
	return false;
}

static bool
kept_has_sentences(struct kb_str text)
{
	size_t from = kb_sentence_start(text, 0), to;
	bool all = true;

	for (; from < text.n; from = kb_sentence_start(text, to)) {
		to = kb_sentence_end(text, from);
		all = all && kept_has_sentence(words_of(kb_str(text.p + from,
		    to - from)));
	}
	return all;
}

static const struct kb_plan_item *
item_of(size_t member, size_t paragraph, size_t *n)
{
	const struct kb_plan_item *found = NULL;

	*n = 0;
	for (size_t i = 0; i < cluster.nitems; i++)
		if (cluster.items[i].member == member &&
		    cluster.items[i].paragraph == paragraph) {
			found = &cluster.items[i];
			++*n;
		}
	return found;
}

static void
check_paragraph(size_t member, size_t i, const struct kb_paragraph *q)
{
	const struct kb_plan_member *m = &cluster.members[member];
	enum kb_plan_fate fate = (enum kb_plan_fate)m->fates[i];
	struct kb_str words = words_of(kb_paragraph_words(q));
	const struct kb_plan_item *item, *first;
	size_t n;

	item = item_of(member, i, &n);
	CHECK_INT(n, fate == KB_FATE_ADD || fate == KB_FATE_AGAIN ||
	    fate == KB_FATE_DECIDE);
	if (fate == KB_FATE_SAME)
		CHECK(kept_has(words));
	if (fate == KB_FATE_ELSEWHERE)
		CHECK(kept_has_sentences(kb_paragraph_words(q)));
	if (fate == KB_FATE_WITHHELD)
		CHECK(m->verdict == KB_PLAN_REFUSE ||
		    m->verdict == KB_PLAN_LIST);
	if (item == NULL)
		return;
	CHECK_INT(item->fate, fate);
	CHECK(kb_str_eq(item->text, q->text));
	CHECK(m->verdict != KB_PLAN_REFUSE && m->verdict != KB_PLAN_LIST);
	CHECK(item->kept == KB_PLAN_TOP || item->kept <
	    cluster.text.nparagraphs);
	if (fate != KB_FATE_AGAIN)
		return;
	first = &cluster.items[item->again];
	CHECK_INT(first->fate, KB_FATE_ADD);
	CHECK(kb_str_eq(words_of(first->text), words));
}

static void
check_nothing_lost(void)
{
	struct kb_article_text t;
	struct kb_err err;

	for (size_t k = 0; k < cluster.nmembers; k++) {
		const struct kb_plan_member *m = &cluster.members[k];
		size_t total = 0;

		CHECK_INT(kb_article_text_read(&t, plan.reader,
		    m->article.n, &arena, &err), KB_OK);
		CHECK_INT(m->nparagraphs, t.nparagraphs);
		for (size_t i = 0; i < t.nparagraphs; i++)
			check_paragraph(k, i, &t.paragraphs[i]);
		for (int i = 0; i < KB_FATES; i++)
			total += m->counts[i];
		CHECK_INT(total, t.nparagraphs);
	}
}

/* Some lines of a small stock, in any order, with words changed. */
static void
random_text(int n)
{
	static const char *const words[] = {
		"press", "open", "the", "button", "printer", "5", "7 GB",
		"-3", "not", "*x*", "/etc/a", "\xe4\xb8\xad\xe6\x96\x87",
		"$4", "mail", "Wait", "#", "1.", "(see", "end)"
	};
	struct kb_buf b = { 0 };
	size_t lines = 1 + chance_below(9);

	for (size_t i = 0; i < lines; i++) {
		uint64_t line = chance_below(12), keep = chance_state;
		size_t count;

		kb_buf_addc(&b, i > 0 ? "\n" : "");
		chance_state = (line + 1) * UINT64_C(0x9e3779b97f4a7c15);
		count = 1 + chance_below(10);
		for (size_t k = 0; k < count; k++) {
			uint64_t word = chance();

			kb_buf_addc(&b, k > 0 ? " " : "");
			kb_buf_addc(&b, words[(word >> 20) %
			    (sizeof(words) / sizeof(words[0]))]);
		}
		chance_state = keep;
		chance();
		if (chance_below(4) == 0)
			kb_buf_printf(&b, " %s", words[chance_below(
			    sizeof(words) / sizeof(words[0]))]);
	}
	text(n, b.p);
	kb_buf_release(&b);
}

static void
put_random(int first, int n)
{
	static const char *const audiences[] = {
		NULL, NULL, PUBLIC, PUBLIC, HR, BOTH, LOCKED
	};
	static const char *const relations[] = {
		"near", "near", "identical", "version"
	};

	for (int i = 0; i < n; i++) {
		ARTICLE(first + i, .cluster = first, .relation = i == 0 ?
		    NULL : relations[chance_below(4)],
		    .audience = audiences[chance_below(7)],
		    .source = chance_below(3) == 0 ? "t" : "s");
		random_text(first + i);
	}
}

static void
test_plan__no_paragraph_of_any_member_is_lost(void)
{
	size_t fates[KB_FATES] = { 0 };

	for (int round = 0; round < 500; round++)
		put_random(round * 6 + 1, 2 + (int)chance_below(4));
	CHECK_INT(open_plan(), KB_OK);
	for (size_t u = 0; u < plan.nunits && read_unit(u); u++) {
		check_nothing_lost();
		for (size_t k = 0; k < cluster.nmembers; k++)
			for (int i = 0; i < KB_FATES; i++)
				fates[i] += cluster.members[k].counts[i];
		kb_arena_reset(&arena);
	}
	close_plan();
	/* All of it happened. */
	for (int i = 0; i < KB_FATES; i++)
		CHECK(fates[i] > 20);
}

int
main(void)
{
	fixture_begin();
	RUN(test_plan__adds_what_is_missing_behind_what_it_follows);
	RUN(test_plan__adds_a_paragraph_of_two_members_once);
	RUN(test_plan__adds_what_one_article_says_twice_both_times);
	RUN(test_plan__adds_no_sentences_that_stand_elsewhere);
	RUN(test_plan__tells_contradictions_once_and_of_what_it_may_show);
	RUN(test_plan__competing_articles_are_for_a_person_to_decide);
	RUN(test_plan__competing_articles_are_chosen_as_clusters_are);
	RUN(test_plan__an_index_without_competing_articles_is_read);
	RUN(test_plan__redirects_are_whole_when_nobody_reads_the_plan);
	RUN(test_plan__a_person_decides_between_wordings_and_facts);
	RUN(test_plan__other_case_and_commas_are_nothing_to_decide);
	RUN(test_plan__asks_where_texts_differ_as_their_titles_do);
	RUN(test_plan__asks_where_few_words_have_two_titles);
	RUN(test_plan__fields_that_differ_are_to_be_decided);
	RUN(test_plan__refuses_where_text_would_be_shown_to_others);
	RUN(test_plan__shows_nothing_of_what_is_refused);
	RUN(test_plan__a_restricted_copy_of_open_text_is_asked_about);
	RUN(test_plan__refuses_one_member_and_merges_the_other);
	RUN(test_plan__versions_are_listed_and_left_alone);
	RUN(test_plan__what_is_contained_goes_into_what_stays);
	RUN(test_plan__no_redirect_leads_to_what_goes_itself);
	RUN(test_plan__refuses_an_index_that_chains);
	RUN(test_plan__links_to_what_goes_are_to_be_changed);
	RUN(test_plan__redirects_cannot_break_their_lines);
	RUN(test_plan__what_saves_most_comes_first);
	RUN(test_plan__owners_and_clusters_can_be_chosen);
	RUN(test_plan__no_paragraph_of_any_member_is_lost);
	kb_arena_release(&arena);
	kb_buf_release(&sql);
	kb_buf_release(&printed);
	fixture_end();
	return test_done();
}
