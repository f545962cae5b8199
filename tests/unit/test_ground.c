#include "index_fixture.h"

#include <math.h>

#include "chance.h"
#include "ground.h"

static struct kb_index *index_;
static struct kb_arena arena;
static struct kb_question q;
static struct kb_grounding g;

static void
make_index(void)
{
	page("src", "a.html", "Printer", "", "<p>Reset the printer "
	    "password.</p>");
	page("src", "b.html", "Mail", "", "<p>Reset the mail profile.</p>");
	page("src", "c.html", "Phone", "", "<p>Call the desk.</p>");
	CHECK_INT(build_folder("src", "x.kb"), KB_OK);
	index_ = index_of("x.kb");
}

/* The quote for a question in a text whose first "lead" bytes are headings. */
static struct kb_str
ground_in(const char *question, const char *head, size_t lead,
    const char *text)
{
	struct kb_str t = kb_str_c(text);

	kb_arena_reset(&arena);
	memset(&g, 0, sizeof(g));
	CHECK_INT(kb_question_parse(&q, kb_str_c(question), index_, &arena,
	    NULL), KB_OK);
	CHECK_INT(kb_ground(&g, index_, &q, kb_str_c(head), t,
	    &(struct kb_offmap){ NULL, 0 }, lead, KB_STR("en"), NULL), KB_OK);
	CHECK(g.quote <= t.n && g.quote_n <= t.n - g.quote);
	return kb_str(t.p + g.quote, g.quote_n);
}

#define QUOTES(question, text, want)					\
	CHECK_STR(ground_in(question, "", 0, text), want)

static void
test_ground__the_quote_is_the_sentence_with_the_greatest_share(void)
{
	QUOTES("reset the printer password",
	    "Open the lid. Reset the printer password. Close the lid.",
	    "Reset the printer password.");
	/* Two terms weigh more than one, a rare one more than a common. */
	QUOTES("reset printer", "A reset helps. The printer is on.",
	    "A reset helps. The printer is on.");
	QUOTES("reset printer", "A reset helps.\nThe printer is on.",
	    "The printer is on.");
}

static void
test_ground__of_equals_the_earlier_is_quoted(void)
{
	QUOTES("printer", "One printer. Two printers.", "One printer.");
}

static void
test_ground__the_next_sentence_is_quoted_where_it_adds(void)
{
	QUOTES("reset printer password",
	    "Intro. Open the printer menu. Reset the password there. End.",
	    "Open the printer menu. Reset the password there.");
	/* Not where it adds nothing, nor across a line. */
	QUOTES("reset printer password",
	    "Reset the printer password. The printer restarts.",
	    "Reset the printer password.");
	QUOTES("printer password", "Open the printer menu.\nType the "
	    "password.", "Open the printer menu.");
}

static void
test_ground__a_quote_of_two_sentences_is_not_long(void)
{
	struct kb_buf b = { 0 };
	struct kb_str quote;

	kb_buf_addc(&b, "Open the printer menu");
	while (b.n < 460)
		kb_buf_addc(&b, " and wait");
	kb_buf_addc(&b, ". Type the password now please.");
	quote = ground_in("printer password", "", 0, b.p);
	CHECK(quote.n < 480);
	CHECK(kb_str_find(quote, KB_STR("password"), 0) == (size_t)-1);
	kb_buf_release(&b);
}

static void
test_ground__without_any_term_the_first_sentence_is_quoted(void)
{
	QUOTES("printer", "Nothing here. Nor here.", "Nothing here.");
	CHECK(g.coverage == 0);
	QUOTES("zebra", "Nothing here. Nor here.", "Nothing here.");
	CHECK(g.coverage == 0);
}

static void
test_ground__headings_are_covered_but_not_quoted(void)
{
	CHECK_STR(ground_in("printer password", "", 15,
	    "Printer resets\nType the password. Done."),
	    "Type the password.");
	CHECK(fabs(g.coverage - 1) < 1e-9);
	/* The title and the headings above count as well. */
	CHECK_STR(ground_in("printer password", "The printer", 0,
	    "Type the password. Done."), "Type the password.");
	CHECK(fabs(g.coverage - 1) < 1e-9);
}

static void
test_ground__headings_alone_are_quoted_all_the_same(void)
{
	CHECK_STR(ground_in("printer", "", 15, "Printer resets\n"),
	    "Printer resets");
	CHECK_STR(ground_in("printer", "", 99, "Printer resets"),
	    "Printer resets");
	CHECK_STR(ground_in("printer", "Printer", 0, ""), "");
	CHECK(fabs(g.coverage - 1) < 1e-9);
}

static void
test_ground__coverage_is_the_share_of_the_mass(void)
{
	double reset = kb_idf(3, 2), printer = kb_idf(3, 1),
	    zebra = kb_idf(3, 0);

	ground_in("reset printer zebra", "", 0, "Reset it. Again reset.");
	CHECK(fabs(g.coverage - reset / (reset + printer + zebra)) < 1e-9);
	ground_in("reset printer zebra", "", 0, "Reset the zebra printer.");
	CHECK(fabs(g.coverage - 1) < 1e-9);
	ground_in("reset printer zebra", "", 0, "Resetting printers.");
	CHECK(fabs(g.coverage - (reset + printer) / (reset + printer +
	    zebra)) < 1e-9);
}

static void
test_ground__names_with_signs_are_covered(void)
{
	ground_in("c++", "", 0, "Use C++ here.");
	CHECK(fabs(g.coverage - 1) < 1e-9);
	ground_in("c++", "", 0, "Use C here.");
	CHECK(g.coverage > 0 && g.coverage < 0.6);
}

static void
test_ground__any_text_gives_a_quote_within_it(void)
{
	static const char *const bits[] = {
		"printer", " ", ". ", "\n", "reset", "\xff", "!", "Password",
		"1. ", "\xe3\x80\x82"
	};

	for (int i = 0; i < 3000; i++) {
		struct kb_buf b = { 0 };
		struct kb_str quote;

		kb_buf_reserve(&b, 1);
		b.p[0] = '\0';
		for (size_t k = chance_below(12); k > 0; k--)
			kb_buf_addc(&b, bits[chance_below(sizeof(bits) /
			    sizeof(bits[0]))]);
		quote = ground_in("reset printer password", "",
		    chance_below(b.n + 2), b.p);
		/* Never empty unless the text is. */
		CHECK(quote.n > 0 || kb_str_trim(kb_buf_str(&b)).n == 0);
		CHECK(g.coverage >= 0 && g.coverage <= 1);
		kb_buf_release(&b);
	}
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	make_index();
	if (index_ == NULL)
		return 1;
	RUN(test_ground__the_quote_is_the_sentence_with_the_greatest_share);
	RUN(test_ground__of_equals_the_earlier_is_quoted);
	RUN(test_ground__the_next_sentence_is_quoted_where_it_adds);
	RUN(test_ground__a_quote_of_two_sentences_is_not_long);
	RUN(test_ground__without_any_term_the_first_sentence_is_quoted);
	RUN(test_ground__headings_are_covered_but_not_quoted);
	RUN(test_ground__headings_alone_are_quoted_all_the_same);
	RUN(test_ground__coverage_is_the_share_of_the_mass);
	RUN(test_ground__names_with_signs_are_covered);
	RUN(test_ground__any_text_gives_a_quote_within_it);
	kb_index_close(index_);
	kb_arena_release(&arena);
	fixture_unload();
	return test_done();
}
