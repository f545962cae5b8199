/* What segment.h promises, on pages made for each promise. */
#include "test.h"

#include <time.h>

#include "span_fixture.h"
#include "utf8.h"

static struct kb_buf page;

static void
begin(void)
{
	kb_buf_clear(&page);
	kb_buf_addc(&page, "<html><body>");
}

static void
add(const char *markup)
{
	kb_buf_addc(&page, markup);
}

/* "n" words in sentences of "length". */
static void
add_words(int n, int length)
{
	for (int i = 1; i <= n; i++)
		kb_buf_printf(&page, "%s%d%s", i % length == 1 || length == 1 ?
		    "W" : "w", i, i == n ? "." : i % length == 0 ? ". " : " ");
}

static void
add_block(const char *name, int words)
{
	kb_buf_printf(&page, "<%s>", name);
	add_words(words, 10);
	kb_buf_printf(&page, "</%s>", name);
}

static void
finish(void)
{
	struct tally t = { 0 };

	CHECK(read_bytes(kb_buf_str(&page), "a.html"));
	CHECK_INT(file.n, 1);
	check_spans(&t);
	check_promises(&t);
	CHECK(t.passages > 0);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

static const struct kb_passage *
passage(int n)
{
	const struct kb_passage *p = file.passages[0];

	while (p != NULL && n-- > 0)
		p = p->next;
	return p;
}

static int
count(void)
{
	int n = 0;

	while (passage(n) != NULL)
		n++;
	return n;
}

static bool
has(const struct kb_passage *p, const char *text)
{
	return p != NULL && kb_str_find(p->text, kb_str_c(text), 0) !=
	    (size_t)-1;
}

static bool
has_words(const struct kb_passage *p, size_t n)
{
	return p != NULL && p->words == n;
}

static void
test_segment__a_section_is_a_passage_with_its_headings_in_front(void)
{
	begin();
	add("<h2 id=a>One</h2><h3>Sub</h3>");
	add_block("p", 100);
	add("<h2>Two</h2>");
	add_block("p", 100);
	finish();
	CHECK_INT(count(), 2);
	CHECK_STR(passage(0)->heading, "One > Sub");
	CHECK_STR(passage(0)->anchor, "a");
	CHECK_INT(passage(0)->lead, 8);
	CHECK_INT(passage(0)->words, 100);
	CHECK_STR(passage(1)->heading, "Two");
	CHECK_STR(passage(1)->anchor, "");
	CHECK_INT(passage(1)->lead, 4);
}

static void
test_segment__short_neighbours_are_one_passage(void)
{
	begin();
	add("<h2>Top</h2><h3>One</h3>");
	add_block("p", 40);
	add("<h3>Two</h3>");
	add_block("p", 40);
	add("<h2>Next</h2>");
	add_block("p", 100);
	finish();
	CHECK_INT(count(), 2);
	CHECK_STR(passage(0)->heading, "Top");
	CHECK_INT(passage(0)->lead, 0);
	CHECK(has(passage(0), "\nTwo\n"));
	CHECK_STR(passage(1)->heading, "Next");
}

static void
test_segment__headings_without_text_do_not_pile_up(void)
{
	begin();
	for (int i = 0; i < 2000; i++)
		kb_buf_printf(&page, "<h2>Question number %d?</h2>", i);
	finish();
	CHECK(count() >= 2000 * 3 / KB_PASSAGE_WORDS);
}

static void
test_segment__an_empty_section_is_none_of_its_neighbours(void)
{
	begin();
	add("<h2>Empty</h2><h2>Full</h2>");
	add_block("p", 150);
	finish();
	CHECK_INT(count(), 2);
	CHECK_STR(passage(0)->text, "Empty");
	CHECK_STR(passage(1)->heading, "Full");
}

static void
test_segment__a_long_section_is_cut_into_even_parts(void)
{
	begin();
	for (int i = 0; i < 9; i++)
		add_block("p", 50);
	finish();
	CHECK_INT(count(), 3);
	for (int i = 0; i < 3; i++)
		CHECK_INT(passage(i)->words, 150);
}

static void
test_segment__no_passage_is_left_with_a_rest(void)
{
	begin();
	add_block("p", 109);
	add_block("p", 120);
	add_block("p", 12);
	finish();
	CHECK_INT(count(), 2);
	CHECK_INT(passage(1)->words, 132);
}

static void
test_segment__a_long_paragraph_is_cut_between_sentences(void)
{
	begin();
	add("<p>");
	add_words(450, 13);
	finish();
	CHECK_INT(count(), 3);
	for (int i = 0; i < 3; i++) {
		CHECK(passage(i)->text.p[passage(i)->text.n - 1] == '.');
		CHECK(passage(i)->text.p[0] == 'W');
	}
}

static void
test_segment__a_long_sentence_is_cut_between_words(void)
{
	begin();
	add("<p>");
	add_words(450, 1000);
	finish();
	CHECK_INT(count(), 3);
	CHECK_INT(passage(0)->words, KB_PASSAGE_WORDS);
	CHECK(has(passage(1), "w201 w202"));
}

/* Ideographs are words in pairs; one of 201 was cut apart and forgotten. */
static void
test_segment__a_pair_of_ideographs_is_counted_where_it_is_whole(void)
{
	for (int n = 199; n <= 604; n++) {
		begin();
		add("<p>");
		for (int i = 0; i < n; i++)
			add("&#25705;");
		finish();
		CHECK(count() == 1 || n > 201);
		for (int i = 0; i < count(); i++)
			CHECK_INT(passage(i)->words,
			    kb_words_count(passage(i)->text));
	}
}

static void
test_segment__what_stands_for_its_bytes_as_a_whole_is_not_cut(void)
{
	begin();
	add("<p>");
	/* One reference, two code points, the second no word. */
	for (int i = 0; i < 700; i++)
		add("&bne;&nvlt;x&fjlig; ");
	finish();
	CHECK(count() > 1);
}

/* One word too many beside it took the passage over its length. */
static void
test_segment__a_picture_with_a_long_alt_text_has_nothing_beside_it(void)
{
	begin();
	add("<p>A dot. Look at the <img src=x alt=\"");
	for (int i = 0; i < 250; i++)
		add("v ");
	add("\"> and go on.</p>");
	finish();
	CHECK_INT(count(), 3);
	CHECK(has(passage(0), "A dot. Look at the"));
	CHECK(has_words(passage(1), 250));
	CHECK(has(passage(2), "and go on."));
}

static void
test_segment__a_long_alt_text_is_no_procedure(void)
{
	begin();
	add_block("p", 30);
	add("<p><img src=x alt=\"");
	for (int i = 0; i < 250; i++)
		add("v ");
	add("\"></p>");
	finish();
	CHECK_INT(count(), 2);
	CHECK(has_words(passage(0), 30));
}

/* The number was a passage without a word, or was counted as one. */
static void
test_segment__a_long_alt_text_keeps_the_number_of_its_step(void)
{
	for (int words = 250; words <= 450; words += 100) {
		begin();
		add("<ol><li><img src=x alt=\"");
		for (int i = 0; i < words; i++)
			add("v ");
		add("\"></ol>");
		finish();
		CHECK_INT(count(), 1);
		CHECK(kb_str_has_prefix(passage(0)->text, KB_STR("1. v v")));
		CHECK_INT(passage(0)->words, words);
	}
}

static void
test_segment__a_pair_that_begins_in_an_alt_text_is_a_word_of_it(void)
{
	begin();
	add("<pre><img src=x alt=\"");
	for (int i = 0; i < 199; i++)
		add("v ");
	add("&#25705;&#25705;\">&#25705;</pre>");
	finish();
	CHECK_INT(count(), 1);
	CHECK(has_words(passage(0), 201));
}

static void
test_segment__an_entity_longer_than_a_passage_is_one_alone(void)
{
	struct tally t = { 0 };

	kb_buf_clear(&page);
	add("<!DOCTYPE page [<!ENTITY v \"");
	for (int i = 0; i < 250; i++)
		add("v ");
	add("\">]><page xmlns=\"http://projectmallard.org/1.0/\">"
	    "<title>T</title><p>Look: &v; and go on.</p></page>");
	CHECK(read_bytes(kb_buf_str(&page), "a.page"));
	CHECK_INT(file.n, 1);
	check_promises(&t);
	CHECK_INT(t.passages, 0);
	CHECK(has(passage(0), "Look:"));
	CHECK(has_words(passage(1), 250));
	CHECK(has(passage(2), "and go on."));
}

static void
test_segment__a_procedure_stays_together(void)
{
	begin();
	add_block("p", 150);
	add("<p>Do this:</p><ol>");
	for (int i = 0; i < 7; i++) {
		add_block("li", 40);
		add("<ul><li>Or that</li></ul>");
	}
	add("</ol>");
	finish();
	CHECK_INT(count(), 2);
	CHECK_INT(passage(1)->words, 7 * 42 + 2);
	CHECK(kb_str_has_prefix(passage(1)->text, KB_STR("Do this:\n")));
}

static void
test_segment__a_procedure_too_long_is_cut_between_its_steps(void)
{
	begin();
	add("<ol>");
	for (int i = 0; i < 8; i++)
		add("<li><p>Step.</p><pre>a b c d e f g h i j k l m n o p\n"
		    "a b c d e f g h i j k l m n o p q r s t u v w x y z</pre>"
		    "</li>");
	add("</ol>");
	finish();
	CHECK_INT(count(), 2);
	for (int i = 0; i < 2; i++)
		CHECK(has(passage(i), ". Step.\na b"));
	/* The second one knows where it goes on. */
	CHECK_STR(passage(0)->context, "ol");
	CHECK(kb_str_has_prefix(passage(1)->context, KB_STR("ol:")));
}

static void
test_segment__a_step_cut_in_two_is_numbered_once(void)
{
	begin();
	add("<ol start=3><li>");
	add_words(390, 10);
	add("<li>Next.</ol>");
	finish();
	CHECK_INT(count(), 2);
	CHECK(kb_str_has_prefix(passage(0)->text, KB_STR("3. W1 w2")));
	CHECK_STR(passage(0)->context, "ol:3");
	CHECK_STR(passage(1)->context, "ol:4 li");
	CHECK(has(passage(1), "\n4. Next."));
}

/* The rest of a step was taken for a procedure that has room for 300. */
static void
test_segment__the_rest_of_a_step_is_no_procedure(void)
{
	for (int words = 390; words < 512; words += 20) {
		begin();
		add("<ol><li>");
		add_words(words, 1000);
		add("<ul><li>or that</ul></ol>");
		finish();
		for (int i = 0; i < count(); i++)
			CHECK(passage(i)->words <= KB_PASSAGE_WORDS);
	}
}

static void
test_segment__what_leads_stays_with_what_follows(void)
{
	static const char *const leads[] = {
		"<p>In this order:</p>", "<p><b>Heading by looks</b></p>",
		"<dl><dt>Term</dt><dd>x</dd></dl>",
		"<table><tr><th>A<th>B<tr><td>x<td>y</table>",
		"<ul><li>outer<ul><li>inner</li></ul></li></ul>",
	};

	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		begin();
		add_block("p", 99);
		add(leads[i]);
		add_block("p", 98);
		add_block("p", 98);
		finish();
		for (int k = 0; k < count(); k++) {
			struct kb_str s = passage(k)->text;

			CHECK(s.p[s.n - 1] == '.' || s.p[s.n - 1] == 'x' ||
			    s.p[s.n - 1] == 'y' || s.p[s.n - 1] == 'r');
			CHECK(!kb_str_has_suffix(s, KB_STR("outer")));
		}
	}
}

static void
test_segment__lines_that_lead_do_not_pile_up(void)
{
	begin();
	for (int i = 0; i < 500; i++)
		add("<p>And then again:</p>");
	finish();
	CHECK(count() >= 500 * 3 / KB_PASSAGE_WORDS);
}

static void
test_segment__code_is_cut_at_its_lines_and_keeps_indentation(void)
{
	begin();
	add("<pre>");
	for (int i = 0; i < 100; i++)
		add("if a then\n\tb c d\n\n   \nend\n");
	finish();
	CHECK(count() >= 3);
	for (int i = 0; i < count(); i++) {
		struct kb_str s = passage(i)->text;

		CHECK(kb_str_has_prefix(s, KB_STR("if a then\n\tb")) ||
		    kb_str_has_prefix(s, KB_STR("\tb c d\n")) ||
		    kb_str_has_prefix(s, KB_STR("end")));
	}
}

/* Its end was lost, as many bytes as it is indented by. */
static void
test_segment__an_indented_line_too_long_is_cut_without_loss(void)
{
	begin();
	add("<pre>a\n    ");
	add_words(200, 1000);
	add("&lt;/th&gt;</pre>");
	finish();
	CHECK_INT(count(), 3);
	CHECK(has(passage(1), "w200.</"));
}

/* HTML does not call a vertical tab white space, but no word begins at it. */
static void
test_segment__code_cut_at_a_vertical_tab_loses_no_more_than_it(void)
{
	static const char *const spaces[] = { "\v", "\f", " \v\f ", "\t\v" };

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		begin();
		add("<pre>");
		add_words(200, 1000);
		add(spaces[i]);
		add("next</pre>");
		finish();
		CHECK_INT(count(), 2);
		CHECK(kb_str_has_suffix(passage(0)->text, KB_STR("w200.")));
		CHECK_STR(passage(1)->text, "next");
	}
}

/* Nor is any other space one that people see: the line is empty to them. */
static void
test_segment__code_cut_at_a_no_break_space_ends_before_it(void)
{
	static const char *const spaces[] = {
		"\xc2\xa0", "&nbsp; \n", "\n\xc2\xa0\xc2\xa0\n",
		" \xe3\x80\x80\n", "\n\t\xe2\x80\x89\xc2\xa0\n"
	};

	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		begin();
		add("<pre>");
		add_words(200, 1000);
		add(spaces[i]);
		add("next</pre>");
		finish();
		CHECK_INT(count(), 2);
		CHECK(kb_str_has_suffix(passage(0)->text, KB_STR("w200.")));
		CHECK_STR(passage(1)->text, "next");
	}
}

static void
test_segment__rows_are_not_cut_unless_one_is_too_long(void)
{
	begin();
	add("<table>");
	for (int i = 0; i < 40; i++)
		add("<tr><td>one two three. Four<td>five six</tr>");
	add("<tr><td>");
	add_words(150, 10);
	add("<td>");
	add_words(150, 10);
	add("</table>");
	finish();
	CHECK(count() >= 3);
	for (int i = 0; i < count(); i++)
		CHECK(passage(i)->text.p[0] != '|');
	CHECK(kb_str_has_prefix(passage(0)->text,
	    KB_STR("one two three. Four | five six\n")));
}

static void
test_segment__what_was_left_out_is_not_spanned(void)
{
	begin();
	add("<div role=main><p>before</p><h1>Title</h1><p>after</p></div>");
	finish();
	CHECK_INT(count(), 2);
	CHECK_STR(passage(0)->text, "before");
	CHECK_STR(passage(1)->text, "after");
}

static void
test_segment__a_long_paragraph_takes_no_longer_than_its_length(void)
{
	clock_t start;

	begin();
	add("<p>");
	for (int i = 0; i < 400000; i++)
		add("&amp; a");
	start = clock();
	CHECK(read_bytes(kb_buf_str(&page), "a.html"));
	CHECK(count() > 1000);
	CHECK((clock() - start) / CLOCKS_PER_SEC < 20);
}

/* One made each step look at all behind it: minutes for this many. */
static void
test_segment__a_long_procedure_takes_no_longer_than_its_length(void)
{
	static const char *const items[] = { "<li>do this now", "<li>-" };
	clock_t start;

	for (size_t k = 0; k < 2; k++) {
		begin();
		add("<p>Some words.</p><ol>");
		for (int i = 0; i < 400000; i++)
			add(items[k]);
		add("<li>and this");
		start = clock();
		CHECK(read_bytes(kb_buf_str(&page), "a.html"));
		CHECK(count() > 0);
		CHECK((clock() - start) / CLOCKS_PER_SEC < 20);
	}
}

static void
test_segment__a_text_that_is_marked_as_a_heading_is_cut_in_each_path(void)
{
	begin();
	add("<h1>");
	add_words(2000, 10);
	add("</h1>");
	for (int i = 0; i < 20; i++) {
		add("<h2>Part</h2>");
		add_block("p", 150);
	}
	finish();
	CHECK(count() >= 20);
	for (int i = 0; i < count(); i++)
		CHECK(passage(i)->heading.n <= KB_PASSAGE_HEADING);
	CHECK(kb_str_has_prefix(passage(count() - 1)->heading,
	    KB_STR("W1 w2 w3")));
}

static void
test_segment__a_path_is_cut_between_characters(void)
{
	begin();
	add("<h1>");
	for (int i = 0; i < 2100; i++)
		add(i == 0 ? "x" : "\xc3\xa9");
	add("</h1><p>One.</p>");
	finish();
	CHECK_INT(passage(0)->heading.n, KB_PASSAGE_HEADING - 1);
	CHECK(kb_utf8_valid(passage(0)->heading) == passage(0)->heading.n);
	begin();
	add("<h1>");
	for (int i = 0; i < 2100; i++)
		add(i == 0 ? "x" : "\xc3\xa9");
	add("</h1><h2>B</h2><p>One.</p>");
	finish();
	CHECK(kb_utf8_valid(passage(0)->heading) == passage(0)->heading.n);
}

int
main(void)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK)
		return 1;
	kb_arena_init(&arena, 0);
	RUN(test_segment__a_section_is_a_passage_with_its_headings_in_front);
	RUN(test_segment__short_neighbours_are_one_passage);
	RUN(test_segment__headings_without_text_do_not_pile_up);
	RUN(test_segment__an_empty_section_is_none_of_its_neighbours);
	RUN(test_segment__a_long_section_is_cut_into_even_parts);
	RUN(test_segment__no_passage_is_left_with_a_rest);
	RUN(test_segment__a_long_paragraph_is_cut_between_sentences);
	RUN(test_segment__a_long_sentence_is_cut_between_words);
	RUN(test_segment__a_pair_of_ideographs_is_counted_where_it_is_whole);
	RUN(test_segment__what_stands_for_its_bytes_as_a_whole_is_not_cut);
	RUN(test_segment__a_picture_with_a_long_alt_text_has_nothing_beside_it);
	RUN(test_segment__a_long_alt_text_is_no_procedure);
	RUN(test_segment__a_long_alt_text_keeps_the_number_of_its_step);
	RUN(test_segment__a_pair_that_begins_in_an_alt_text_is_a_word_of_it);
	RUN(test_segment__an_entity_longer_than_a_passage_is_one_alone);
	RUN(test_segment__a_procedure_stays_together);
	RUN(test_segment__a_procedure_too_long_is_cut_between_its_steps);
	RUN(test_segment__a_step_cut_in_two_is_numbered_once);
	RUN(test_segment__the_rest_of_a_step_is_no_procedure);
	RUN(test_segment__what_leads_stays_with_what_follows);
	RUN(test_segment__lines_that_lead_do_not_pile_up);
	RUN(test_segment__code_is_cut_at_its_lines_and_keeps_indentation);
	RUN(test_segment__an_indented_line_too_long_is_cut_without_loss);
	RUN(test_segment__code_cut_at_a_vertical_tab_loses_no_more_than_it);
	RUN(test_segment__code_cut_at_a_no_break_space_ends_before_it);
	RUN(test_segment__rows_are_not_cut_unless_one_is_too_long);
	RUN(test_segment__what_was_left_out_is_not_spanned);
	RUN(test_segment__a_long_paragraph_takes_no_longer_than_its_length);
	RUN(test_segment__a_long_procedure_takes_no_longer_than_its_length);
	RUN(test_segment__a_text_that_is_marked_as_a_heading_is_cut_in_each_path);
	RUN(test_segment__a_path_is_cut_between_characters);
	kb_buf_release(&page);
	kb_arena_release(&arena);
	kb_profiles_free(profiles);
	return test_done();
}
