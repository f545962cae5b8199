/*
 * What is a conflict and what is none, told by two pages each: they share
 * what stands around the sentence in question.
 */
#include "buf.h"
#include "conflict.h"
#include "index_fixture.h"
#include "slurp.h"

#define BEFORE	"<p>Every laptop reaches the inner systems through the " \
		"tunnel that is set up for it.</p>"
#define AFTER	"<p>Ask the desk if it does not work on the next day.</p>"

#define HOME	"Connect to the tunnel from home"
#define DETAILS	"Tunnel connection for home workers"

struct told {
	size_t			n;
	enum kb_fact_kind	kind;
	char			a[80], b[80];
};

static int made;

static void
copy(char out[80], struct kb_str s)
{
	snprintf(out, 80, "%.*s", KB_FMT(s));
}

/* Pages PAGE1, PAGE2, ... of a folder, to an index, to its conflicts. */
static struct told
look(const char *folder)
{
	struct kb_store *store = NULL;
	struct kb_conflicts c = { 0 };
	struct kb_err err = { KB_OK, "" };
	struct told out = { 0 };
	char name[40];

	snprintf(name, sizeof(name), "x%d.kb", made);
	if (build_folder(folder, name) != KB_OK || kb_store_open(&store,
	    at(name), NULL, 0, &err) != KB_OK || kb_conflicts_run(&c,
	    kb_store_db(store), store, NULL, 0, &err) != KB_OK) {
		printf("# %s\n", err.msg);
		CHECK(!"an index and its conflicts");
	}
	out.n = c.n;
	if (c.n > 0) {
		out.kind = c.v[0].kind;
		copy(out.a, c.v[0].a.fact);
		copy(out.b, c.v[0].b.fact);
	}
	kb_conflicts_release(&c);
	kb_store_close(store);
	return out;
}

static struct told
hold(const char *title_a, const char *a, const char *title_b, const char *b)
{
	struct kb_buf body = { 0 };
	char folder[40];

	snprintf(folder, sizeof(folder), "f%d", ++made);
	kb_buf_printf(&body, "%s%s%s", BEFORE, a, AFTER);
	page(folder, "anna.html", title_a, "", body.p);
	kb_buf_clear(&body);
	kb_buf_printf(&body, "%s%s%s", BEFORE, b, AFTER);
	page(folder, "bert.html", title_b, "", body.p);
	kb_buf_release(&body);
	return look(folder);
}

static void
differ(const char *a, const char *b, enum kb_fact_kind kind, const char *x,
    const char *y)
{
	struct told t = hold(HOME, a, DETAILS, b);

	CHECK_INT(t.n, 1);
	CHECK_INT(t.kind, kind);
	CHECK_STR(kb_str_c(t.a), x);
	CHECK_STR(kb_str_c(t.b), y);
}

static void
agree(const char *a, const char *b)
{
	CHECK_INT(hold(HOME, a, DETAILS, b).n, 0);
}

static void
test_conflict__each_kind_of_fact_is_found(void)
{
	differ("<p>The session of a user ends by itself after ten hours.</p>",
	    "<p>The session of a user ends by itself after 8 hours.</p>",
	    KB_FACT_NUMBER, "ten hours", "8 hours");
	differ("<p>The client uses UDP port 4501 for its tunnel.</p>",
	    "<p>The client uses UDP port 4500 for its tunnel.</p>",
	    KB_FACT_PORT, "4501", "4500");
	differ("<p>The oldest client that is allowed is version 6.2 now.</p>",
	    "<p>The oldest client that is allowed is version 6.1 now.</p>",
	    KB_FACT_VERSION, "6.2", "6.1");
	differ("<p>The client keeps its settings in /etc/tunnel/main.conf"
	    " then.</p>", "<p>The client keeps its settings in "
	    "/opt/tunnel/main.conf then.</p>", KB_FACT_PATH,
	    "/etc/tunnel/main.conf", "/opt/tunnel/main.conf");
	differ("<p>Start the client with the option --wait and sign in.</p>",
	    "<p>Start the client with the option --slow and sign in.</p>",
	    KB_FACT_COMMAND, "--wait", "--slow");
	differ("<p>Enter the portal vpn.larkfield.com in the empty box.</p>",
	    "<p>Enter the portal gate.larkfield.com in the empty box.</p>",
	    KB_FACT_URL, "vpn.larkfield.com", "gate.larkfield.com");
	differ("<p>Switch the client off in Settings > Network > Tunnel and "
	    "wait.</p>", "<p>Switch the client off in Settings > Tunnel and "
	    "wait.</p>", KB_FACT_MENU, "Settings > Network > Tunnel",
	    "Settings > Tunnel");
	differ("<p>The old client is going to be switched off on 1 March "
	    "2027.</p>", "<p>The old client is going to be switched off on "
	    "1 June 2027.</p>", KB_FACT_DATE, "1 March 2027", "1 June 2027");
	differ("<p>You can use the client on a private computer.</p>",
	    "<p>You cannot use the client on a private computer.</p>",
	    KB_FACT_NEGATION, "", "cannot");
}

static void
test_conflict__the_same_in_other_units_is_none(void)
{
	agree("<p>The session of a user ends by itself after two hours.</p>",
	    "<p>The session of a user ends by itself after 120 minutes.</p>");
	agree("<p>Files of up to 5 GB can be sent through the tunnel.</p>",
	    "<p>Files of up to 5,120 MB can be sent through the tunnel.</p>");
	agree("<p>The session of a user ends by itself after ten hours.</p>",
	    "<p>A session of the user ends by itself after 10 hours.</p>");
}

static void
test_conflict__samples_places_and_asides_are_none(void)
{
	agree("<p>Choose a name for it, for example tunnel 12 or so.</p>",
	    "<p>Choose a name for it, for example tunnel 15 or so.</p>");
	agree("<p>More on the names of tunnels is in section 4.2 then.</p>",
	    "<p>More on the names of tunnels is in section 5.1 then.</p>");
	agree("<p>This page on the tunnel was updated on 2 May 2025.</p>",
	    "<p>This page on the tunnel was updated on 9 May 2026.</p>");
	agree("<p>There are the following 3 ways to open a tunnel.</p>",
	    "<p>There are the following 4 ways to open a tunnel.</p>");
	agree("<p>26#if the user has a port of 22 then</p>",
	    "<p>33#if the user has a port of 22 then</p>");
	agree("<pre>open the tunnel of a user --wait 3\nend</pre>",
	    "<pre>open the tunnel of a user --wait 5\nend</pre>");
	agree("<table><tr><td>The limit of a user per month is</td><td>5 GB"
	    "</td></tr></table>", "<table><tr><td>The limit of a user per "
	    "month is</td><td>7 GB</td></tr></table>");
}

static void
test_conflict__other_subjects_are_none(void)
{
#define A "<p>The session of a user ends by itself after ten hours.</p>"
#define B "<p>The session of a user ends by itself after 8 hours.</p>"
	CHECK_INT(hold("Tunnel on Windows", A, "Tunnel on macOS", B).n, 0);
	CHECK_INT(hold("Tunnel 5", A, "Tunnel 6", B).n, 0);
	CHECK_INT(hold("Connect to the tunnel in Oslo", A,
	    "Connect to the tunnel in Graz", B).n, 0);
	CHECK_INT(hold("Tunnel for guests", A, "The tunnel", B).n, 0);
	CHECK_INT(hold("Door signs", A, "Meal vouchers", B).n, 0);
	CHECK_INT(hold("Release notes of the tunnel", A, "The tunnel", B).n,
	    0);
	CHECK_INT(hold(HOME, A, DETAILS, B).n, 1);
}

static void
test_conflict__other_cases_within_articles_are_none(void)
{
	agree("<h2>Windows</h2>" A, "<h2>Linux</h2>" B);
	agree("<h2>Small offices</h2>" A, "<h2>Large sites</h2>" B);
	agree("<p>With the basic contract:</p>" A,
	    "<p>With the large contract:</p>" B);
	agree("<h2>Example</h2>" A, "<h2>Example</h2>" B);
}

static void
test_conflict__lone_sentences_without_context_are_none(void)
{
	page("lone", "a.html", HOME, "", "<p>One text.</p>" A "<p>And this "
	    "goes on with something else altogether.</p>");
	page("lone", "b.html", DETAILS, "", "<p>Quite another.</p>" B
	    "<p>What follows here has nothing to do with that at all.</p>");
	made++;
	CHECK_INT(look("lone").n, 0);
}

static void
test_conflict__what_many_articles_fill_in_is_none(void)
{
	struct kb_buf body = { 0 };
	char name[40], title[80];

	made++;
	for (int i = 0; i < 3; i++) {
		kb_buf_clear(&body);
		kb_buf_printf(&body, BEFORE "<p>The session of a user ends "
		    "by itself after %d hours.</p>" AFTER, 3 + i);
		snprintf(name, sizeof(name), "p%d.html", i);
		snprintf(title, sizeof(title), "%s", i == 0 ? HOME : i == 1 ?
		    DETAILS : "How the tunnel connects a home");
		page("many", name, title, "", body.p);
	}
	CHECK_INT(look("many").n, 0);
	kb_buf_release(&body);
}

static void
test_conflict__versions_in_paths_part_articles(void)
{
	made++;
	page("tree", "x", "unused", "", "");
	mkdir(in(at("tree"), "v13"), 0755);
	mkdir(in(at("tree"), "v14"), 0755);
	page("tree/v13", "a.html", HOME, "", BEFORE A AFTER);
	page("tree/v14", "a.html", HOME, "", BEFORE B AFTER);
	CHECK_INT(look("tree").n, 0);
}

static void
test_conflict__drafts_are_left_alone(void)
{
	made++;
	page("draft", "a.html", HOME, "", BEFORE A AFTER);
	page("draft", "b.html", DETAILS, "<meta name=\"kb-status\" "
	    "content=\"draft\"><meta name=\"status\" content=\"draft\">",
	    BEFORE B AFTER);
	CHECK_INT(look("draft").n, 0);
}

static void
test_conflict__quotes_stand_at_their_spans(void)
{
	struct kb_store *store = NULL;
	struct kb_conflicts c = { 0 };
	struct kb_err err = { KB_OK, "" };
	struct kb_buf file = { 0 };

	made++;
	page("spans", "a.html", HOME, "", BEFORE A AFTER);
	page("spans", "b.html", DETAILS, "", BEFORE B AFTER);
	CHECK_INT(build_folder("spans", "spans.kb"), KB_OK);
	CHECK_INT(kb_store_open(&store, at("spans.kb"), NULL, 0, &err),
	    KB_OK);
	CHECK_INT(kb_conflicts_run(&c, kb_store_db(store), store, NULL, 0,
	    &err), KB_OK);
	CHECK_INT(c.n, 1);
	CHECK_INT(kb_slurp(in(at("spans"), "b.html"), 65536, &file, &err),
	    KB_OK);
	if (c.n == 1) {
		const struct kb_conflict_side *s = &c.v[0].b;

		CHECK_STR(s->id, "b.html");
		CHECK_STR(s->quote, "The session of a user ends by itself "
		    "after 8 hours.");
		CHECK(s->end <= file.n);
		CHECK(kb_str_eq(s->quote, kb_str(file.p + s->start, s->end -
		    s->start)));
	}
	kb_buf_release(&file);
	kb_conflicts_release(&c);
	kb_store_close(store);
}

/* ---- copies of one text ---- */

#define COPY	"Tunnel for everyone"

/* Sixty words and more that both copies have, with Windows 11 among them. */
#define LONG	"<p>The tunnel protects what is sent between a laptop and " \
		"the inner systems of the company.</p><p>It opens by itself " \
		"when the laptop finds a network that it has not seen " \
		"before.</p><p>Nothing has to be installed, for each laptop " \
		"with Windows 11 has it from its first day.</p><p>Whoever " \
		"has no laptop of the company may ask the manager of the " \
		"house for one of the shared ones.</p>"

static void
copies(const char *a, const char *b, const char *x, const char *y)
{
	struct told t;
	struct kb_buf p = { 0 }, q = { 0 };

	kb_buf_printf(&p, "%s%s", LONG, a);
	kb_buf_printf(&q, "%s%s", LONG, b);
	t = hold(COPY, p.p, COPY, q.p);
	CHECK_INT(t.n, x == NULL ? 0 : 1);
	if (x != NULL) {
		CHECK_STR(kb_str_c(t.a), x);
		CHECK_STR(kb_str_c(t.b), y);
	}
	kb_buf_release(&p);
	kb_buf_release(&q);
}

static void
test_conflict__copies_differ_in_short_sentences_and_references(void)
{
	copies("<p>The default is 60 seconds.</p>",
	    "<p>The default is 90 seconds.</p>", "60 seconds", "90 seconds");
	copies("<p>See the list below for how to open the port 8443 in the "
	    "office.</p>", "<p>See the list below for how to open the port "
	    "9443 in the office.</p>", "8443", "9443");
	copies("<p>Then choose File > Save As\xe2\x80\xa6 to keep what was "
	    "sent.</p>", "<p>Then choose File > Export As\xe2\x80\xa6 to keep "
	    "what was sent.</p>", "File > Save As\xe2\x80\xa6",
	    "File > Export As\xe2\x80\xa6");
	copies("<p>This can be undone by the desk.</p>",
	    "<p>This cannot be undone by the desk.</p>", "", "cannot");
}

static void
test_conflict__copies_differ_in_numbers_of_names_that_both_know(void)
{
	copies("<p>The button is there in Windows 11 from May on.</p>",
	    "<p>The button is there in Windows 10 from May on.</p>",
	    "Windows 11", "Windows 10");
	/* Neither says so anywhere else: they may be for two systems. */
	copies("<p>The button is there in Ubuntu 22 from May on.</p>",
	    "<p>The button is there in Ubuntu 24 from May on.</p>", NULL,
	    NULL);
	copies("<p>The button of step 4 is there from May on.</p>",
	    "<p>The button of step 5 is there from May on.</p>", NULL, NULL);
}

static void
test_conflict__copies_differ_in_a_cell_of_a_row(void)
{
#define ROW(first, last) "<table><tr><td>Name</td><td>Value</td></tr>"	\
    "<tr><td>" first "</td><td>" last "</td></tr>"			\
    "<tr><td>Colour of the lamp</td><td>green</td></tr></table>"
	copies(ROW("Users at once", "400"), ROW("Users at once", "500"),
	    "400", "500");
	copies(ROW("Users of 2 houses", "some"), ROW("Users of 3 houses",
	    "some"), NULL, NULL);
}

static void
test_conflict__few_equal_words_or_many_of_a_title_are_no_copies(void)
{
	struct kb_buf body = { 0 };
	char name[40];

	CHECK_INT(hold(COPY, "<p>The default is 60 seconds.</p>", COPY,
	    "<p>The default is 90 seconds.</p>").n, 0);
	made++;
	for (int i = 0; i < 4; i++) {
		kb_buf_clear(&body);
		kb_buf_printf(&body, BEFORE LONG "<p>The default is %d "
		    "seconds.</p>" AFTER, i < 2 ? 60 : 90);
		snprintf(name, sizeof(name), "p%d.html", i);
		page("family", name, COPY, "", body.p);
	}
	CHECK_INT(look("family").n, 0);
	kb_buf_release(&body);
}

/* Two products: the same file in two trees. */
static void
test_conflict__one_file_in_two_folders_is_no_copy(void)
{
	made++;
	page("trees", "x", "unused", "", "");
	mkdir(in(at("trees"), "oak"), 0755);
	mkdir(in(at("trees"), "elm"), 0755);
	page("trees/oak", "a.html", COPY, "", BEFORE LONG
	    "<p>The default is 60 seconds.</p>" AFTER);
	page("trees/elm", "a.html", COPY, "", BEFORE LONG
	    "<p>The default is 90 seconds.</p>" AFTER);
	CHECK_INT(look("trees").n, 0);
}

/* ---- what is another subject ---- */

static void
test_conflict__names_of_code_are_one_only_if_they_are_the_same(void)
{
	CHECK_INT(hold("tunnel::open of a tunnel", A, "tunnel::reopen of a "
	    "tunnel", B).n, 0);
	CHECK_INT(hold("open_tunnel for a tunnel", A, "open_tunnels for a "
	    "tunnel", B).n, 0);
	CHECK_INT(hold("The tunnel.open of a tunnel", A, "The tunnel.opens "
	    "of a tunnel", B).n, 0);
	CHECK_INT(hold("tunnel::open at home", A, "tunnel::open from home",
	    B).n, 1);
}

static void
test_conflict__a_word_put_into_a_title_makes_another(void)
{
	CHECK_INT(hold("The tunnel client", A, "The tunnel spare client",
	    B).n, 0);
}

/* Each folder is named for what its text is about, and the other is not. */
static void
test_conflict__folders_of_two_products_part_articles(void)
{
#define OAK "<p>Oak is the program. Oak keeps it. Oak is there.</p>"
#define ELM "<p>Elm is the program. Elm keeps it. Elm is there.</p>"
	made++;
	page("wood", "x", "unused", "", "");
	mkdir(in(at("wood"), "oak"), 0755);
	mkdir(in(at("wood"), "elm"), 0755);
	page("wood/oak", "home.html", HOME, "", BEFORE A AFTER OAK);
	page("wood/elm", "work.html", DETAILS, "", BEFORE B AFTER ELM);
	CHECK_INT(look("wood").n, 0);
	page("wood/elm", "work.html", DETAILS, "", BEFORE B AFTER OAK);
	made++;
	CHECK_INT(look("wood").n, 1);
}

static void
test_conflict__systems_languages_and_examples_part_articles(void)
{
	page("lang", "guide.en.html", HOME, "", BEFORE A AFTER);
	page("lang", "guide.ro.html", DETAILS, "", BEFORE B AFTER);
	made++;
	CHECK_INT(look("lang").n, 0);
	page("chips", "x", "unused", "", "");
	mkdir(in(at("chips"), "amd64"), 0755);
	mkdir(in(at("chips"), "i386"), 0755);
	page("chips/amd64", "a.html", HOME, "", BEFORE A AFTER);
	page("chips/i386", "a.html", DETAILS, "", BEFORE B AFTER);
	made++;
	CHECK_INT(look("chips").n, 0);
	page("guide", "x", "unused", "", "");
	mkdir(in(at("guide"), "all"), 0755);
	mkdir(in(at("guide/all"), "examples"), 0755);
	page("guide/all", "a.html", HOME, "", BEFORE A AFTER);
	page("guide/all/examples", "b.html", DETAILS, "", BEFORE B AFTER);
	made++;
	CHECK_INT(look("guide").n, 0);
}

static void
test_conflict__two_facts_of_one_sentence_are_data_of_two_cases(void)
{
	agree("<p>Of the 20 laptops 10 are new ones and the other 10 are of "
	    "last year.</p>", "<p>Of the 20 laptops 2 are new ones and the "
	    "other 18 are of last year.</p>");
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_conflict__each_kind_of_fact_is_found);
	RUN(test_conflict__the_same_in_other_units_is_none);
	RUN(test_conflict__samples_places_and_asides_are_none);
	RUN(test_conflict__other_subjects_are_none);
	RUN(test_conflict__other_cases_within_articles_are_none);
	RUN(test_conflict__lone_sentences_without_context_are_none);
	RUN(test_conflict__what_many_articles_fill_in_is_none);
	RUN(test_conflict__versions_in_paths_part_articles);
	RUN(test_conflict__drafts_are_left_alone);
	RUN(test_conflict__quotes_stand_at_their_spans);
	RUN(test_conflict__copies_differ_in_short_sentences_and_references);
	RUN(test_conflict__copies_differ_in_numbers_of_names_that_both_know);
	RUN(test_conflict__copies_differ_in_a_cell_of_a_row);
	RUN(test_conflict__few_equal_words_or_many_of_a_title_are_no_copies);
	RUN(test_conflict__one_file_in_two_folders_is_no_copy);
	RUN(test_conflict__names_of_code_are_one_only_if_they_are_the_same);
	RUN(test_conflict__a_word_put_into_a_title_makes_another);
	RUN(test_conflict__folders_of_two_products_part_articles);
	RUN(test_conflict__systems_languages_and_examples_part_articles);
	RUN(test_conflict__two_facts_of_one_sentence_are_data_of_two_cases);
	fixture_unload();
	return test_done();
}
