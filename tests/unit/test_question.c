#include "index_fixture.h"

#include <math.h>

#include "handle.h"
#include "kb/suggest.h"
#include "question.h"

static struct kb_index *index_, *german;
static struct kb_arena arena;
static struct kb_question q;

static void
make_index(void)
{
	page("src", "a.html", "Print a page", "", "<p>Printing is easy. Open "
	    "the printer dialog and print.</p>");
	page("src", "b.html", "VPN profile", "", "<p>Reset the VPN profile "
	    "in C++ Builder with the question mark.</p>");
	page("src", "c.html", "Mail", "", "<p>The mail client sends "
	    "mail.</p>");
	CHECK_INT(build_folder("src", "en.kb"), KB_OK);
	index_ = index_of("en.kb");
	page("mixed", "a.html", "Printer", "", "<p>Buy printers here.</p>");
	spew(in(at("mixed"), "b.html"), KB_STR("<html lang=\"de\"><title>"
	    "Drucker</title><p>Die Drucker stehen im Flur.</p></html>"));
	CHECK_INT(build_folder("mixed", "mixed.kb"), KB_OK);
	german = index_of("mixed.kb");
}

static void
parse(struct kb_index *index, const char *text)
{
	kb_arena_reset(&arena);
	CHECK_INT(kb_question_parse(&q, kb_str_c(text), index, &arena, NULL),
	    KB_OK);
}

/* The words of the terms, joined by spaces. */
static struct kb_str
words(void)
{
	static struct kb_buf b;

	kb_buf_clear(&b);
	for (size_t i = 0; i < q.nterms; i++) {
		if (i > 0)
			kb_buf_addch(&b, ' ');
		kb_buf_add(&b, q.terms[i].word);
	}
	return kb_buf_str(&b);
}

static void
test_question__function_words_are_left_out(void)
{
	parse(index_, "How do I reset the VPN profile?");
	CHECK_STR(words(), "reset vpn profile");
	CHECK_INT(q.nknown, 3);
}

static void
test_question__of_function_words_alone_they_are_all_kept(void)
{
	parse(index_, "How do I?");
	CHECK_STR(words(), "how do i");
	parse(index_, "");
	CHECK_INT(q.nterms, 0);
	CHECK_INT(q.match.n, 0);
	parse(index_, "?! ...");
	CHECK_INT(q.nterms, 0);
}

static void
test_question__knows_what_passages_hold_a_term(void)
{
	parse(index_, "mail vpn zebra");
	CHECK_INT(index_->npassages, 3);
	CHECK_INT(q.terms[0].df, 1);
	CHECK_INT(q.terms[2].df, 0);
	CHECK_INT(q.nknown, 2);
	CHECK(fabs(q.terms[0].idf - 0.980829253012) < 1e-9);
	CHECK(fabs(q.terms[2].idf - 2.079441541680) < 1e-9);
	CHECK(fabs(q.mass - (2 * 0.980829253012 + 2.079441541680)) < 1e-9);
}

static void
test_question__words_of_one_stem_are_one_term(void)
{
	parse(index_, "print printing prints printed print");
	CHECK_STR(words(), "print");
	CHECK_INT(q.terms[0].count, 5);
	parse(index_, "mail vpn Mail MAIL");
	CHECK_STR(words(), "mail vpn");
	CHECK_INT(q.terms[0].count, 3);
	CHECK_INT(q.terms[1].count, 1);
}

static void
test_question__a_name_with_signs_is_one_more_term(void)
{
	parse(index_, "c++ vpn C++");
	CHECK_STR(words(), "c cx2bx2b vpn");
	CHECK_INT(q.terms[0].count, 2);
	CHECK_INT(q.terms[1].count, 2);
	CHECK_INT(q.terms[1].df, 1);
}

static void
test_question__quoted_lines_of_a_mail_are_left_out(void)
{
	parse(index_, "mail question\n> old printer text\n  >> more vpn\n");
	CHECK_STR(words(), "mail question");
	/* A "greater than" within a line is none. */
	parse(index_, "mail > vpn");
	CHECK_STR(words(), "mail vpn");
	parse(index_, "> printer\n> vpn\n");
	CHECK_STR(words(), "printer vpn");
	parse(index_, "> printer\n--\n");
	CHECK_STR(words(), "printer");
}

static void
test_question__of_a_long_one_the_weightiest_48_terms_are_kept(void)
{
	struct kb_buf b = { 0 };

	for (int i = 0; i < 30; i++)
		kb_buf_printf(&b, "unknown%d ", i);
	kb_buf_addc(&b, "vpn ");
	for (int i = 30; i < 100; i++)
		kb_buf_printf(&b, "unknown%d ", i);
	kb_buf_addc(&b, "mail ");
	kb_buf_addc(&b, "unknown99 unknown98 ");
	parse(index_, b.p);
	CHECK_INT(q.nterms, KB_QUESTION_TERMS);
	CHECK_INT(q.nknown, 2);
	/* In the order of the question: known, repeated, first ones. */
	CHECK_STR(q.terms[0].word, "unknown0");
	CHECK_STR(q.terms[30].word, "vpn");
	CHECK_STR(q.terms[44].word, "unknown43");
	CHECK_STR(q.terms[45].word, "unknown98");
	CHECK_STR(q.terms[46].word, "unknown99");
	CHECK_STR(q.terms[47].word, "mail");
	kb_buf_clear(&b);
	for (int i = 0; i < KB_QUESTION_TERMS; i++)
		kb_buf_printf(&b, "unknown%d ", i);
	parse(index_, b.p);
	CHECK_INT(q.nterms, KB_QUESTION_TERMS);
	kb_buf_release(&b);
}

static void
test_question__what_is_past_the_cap_is_not_read(void)
{
	struct kb_buf b = { 0 };

	while (b.n < KB_QUESTION_MAX - 4)
		kb_buf_addc(&b, "a ");
	kb_buf_addc(&b, "vpn mail");
	parse(index_, b.p);
	CHECK_STR(words(), "vpn");
	kb_buf_release(&b);
}

static void
test_question__is_stemmed_in_every_language_of_the_view(void)
{
	CHECK_INT(german->nlangs, 2);
	parse(german, "Drucker printers");
	CHECK_INT(q.nterms, 2);
	CHECK_INT(q.nknown, 2);
	CHECK_INT(q.terms[0].nvariants, 2);
	/* Function words of both. */
	parse(german, "Wo ist the Drucker");
	CHECK_STR(words(), "drucker");
}

static int64_t
matches(struct kb_index *index)
{
	sqlite3_stmt *st = NULL;
	int64_t n = -1;

	sqlite3_prepare_v2(kb_store_db(index->store), "SELECT count(*) FROM "
	    "fts WHERE fts MATCH ?1", -1, &st, NULL);
	sqlite3_bind_text(st, 1, q.match.p, (int)q.match.n, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

static void
test_question__has_an_expression_that_fts5_takes(void)
{
	static const char *const v[] = {
		"C++ mail", "it's \"the\" vpn'; DROP TABLE", "vpn AND OR NOT",
		"title:vpn body : mail", "vpn* -mail ^print", "NEAR(vpn mail)",
		"{surface} : vpn", "mail\xff\xfe vpn",
		"\xe2\x91\xb4 vpn \xef\xb7\xba"
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		parse(index_, v[i]);
		CHECK(q.nknown > 0);
		CHECK(matches(index_) > 0);
	}
	parse(index_, "vpn");
	CHECK_STR(q.match, "{title heading body} : (\"vpn\")");
	CHECK_INT(matches(index_), 1);
	CHECK_INT(q.nphrases, 1);
	/* Terms that nothing holds are not asked for. */
	parse(index_, "zebra vpn printers mail");
	CHECK_STR(q.match, "{title heading body} : (\"vpn\" OR \"printer\" "
	    "OR \"mail\")");
	CHECK_INT(q.nphrases, 3);
	CHECK(q.phrases[0] == 1 && q.phrases[1] == 2 && q.phrases[2] == 3);
	parse(index_, "zebra");
	CHECK_INT(q.match.n, 0);
}

/* FTS5 has a limit on how deep an expression may be: this one is wide. */
static void
test_question__the_widest_expression_is_taken(void)
{
	static const char *const langs[] = {
		"en", "de", "fr", "es", "it", "nl", "pt", "sv", "ru", "fi",
		"da", "ro"
	};
	struct kb_buf text = { 0 }, b = { 0 };
	struct kb_index *many;
	char name[12];

	for (int i = 0; i < KB_QUESTION_TERMS; i++)
		kb_buf_printf(&text, "%c%cpilaas ", 'a' + i % 26,
		    'k' + i / 26);
	mkdir(at("many"), 0755);
	for (size_t i = 0; i < 12; i++) {
		kb_buf_clear(&b);
		kb_buf_printf(&b, "<html lang=\"%s\"><title>T</title><p>%s"
		    "</p></html>", langs[i], text.p);
		snprintf(name, sizeof(name), "%s.html", langs[i]);
		spew(in(at("many"), name), kb_buf_str(&b));
	}
	CHECK_INT(build_folder("many", "many.kb"), KB_OK);
	many = index_of("many.kb");
	parse(many, text.p);
	CHECK_INT(q.nknown, KB_QUESTION_TERMS);
	CHECK(q.nphrases > 4 * KB_QUESTION_TERMS);
	CHECK_INT(matches(many), many->npassages);
	kb_index_close(many);
	kb_buf_release(&text);
	kb_buf_release(&b);
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	make_index();
	if (index_ == NULL || german == NULL)
		return 1;
	RUN(test_question__function_words_are_left_out);
	RUN(test_question__of_function_words_alone_they_are_all_kept);
	RUN(test_question__knows_what_passages_hold_a_term);
	RUN(test_question__words_of_one_stem_are_one_term);
	RUN(test_question__a_name_with_signs_is_one_more_term);
	RUN(test_question__quoted_lines_of_a_mail_are_left_out);
	RUN(test_question__of_a_long_one_the_weightiest_48_terms_are_kept);
	RUN(test_question__what_is_past_the_cap_is_not_read);
	RUN(test_question__is_stemmed_in_every_language_of_the_view);
	RUN(test_question__has_an_expression_that_fts5_takes);
	RUN(test_question__the_widest_expression_is_taken);
	kb_index_close(index_);
	kb_index_close(german);
	kb_arena_release(&arena);
	fixture_unload();
	return test_done();
}
