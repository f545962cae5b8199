#include "test.h"

#include "buf.h"
#include "chance.h"
#include "sentence.h"

/* The sentences, joined by bars. */
static struct kb_str
cut(struct kb_str t)
{
	static struct kb_buf b;
	size_t at, end;

	kb_buf_clear(&b);
	for (at = kb_sentence_start(t, 0); at < t.n;
	    at = kb_sentence_start(t, end)) {
		end = kb_sentence_end(t, at);
		if (b.n > 0)
			kb_buf_addch(&b, '|');
		kb_buf_add(&b, kb_str(t.p + at, end - at));
	}
	return kb_buf_str(&b);
}

#define CUTS(text, want)	CHECK_STR(cut(KB_STR(text)), want)

static void
test_sentence__stops_and_marks_end_one(void)
{
	CUTS("Open it. Close it! Done? Yes.",
	    "Open it.|Close it!|Done?|Yes.");
	CUTS("  One.  Two  ", "One.|Two");
	CUTS("No stop at all", "No stop at all");
	CUTS("Really?! Yes.", "Really?!|Yes.");
	CUTS("Set it to 5. Restart it.", "Set it to 5.|Restart it.");
	CUTS("", "");
	CUTS("   ", "");
}

static void
test_sentence__abbreviations_end_none(void)
{
	CUTS("Use e.g. Firefox. Then go.", "Use e.g. Firefox.|Then go.");
	CUTS("See Fig. 3 and No. 4. Then go.",
	    "See Fig. 3 and No. 4.|Then go.");
	CUTS("Ask Dr. Smith (i.e. Anna) or Prof. X. Ok.",
	    "Ask Dr. Smith (i.e. Anna) or Prof. X. Ok.");
	CUTS("Drucken Sie z.B. Briefe. Ende.",
	    "Drucken Sie z.B. Briefe.|Ende.");
	CUTS("Call at 9 a.m. Monday. Ok.", "Call at 9 a.m. Monday.|Ok.");
	/* Before small letters nothing ends. */
	CUTS("Tabs, forms etc. are kept. Ok.",
	    "Tabs, forms etc. are kept.|Ok.");
}

static void
test_sentence__initials_and_numbers_of_lists_end_none(void)
{
	CUTS("Ask J. R. Hartley. He knows.",
	    "Ask J. R. Hartley.|He knows.");
	CUTS("1. Open the lid. 2. Close it.",
	    "1. Open the lid.|2. Close it.");
	CUTS("12. Restart. 113. Done.", "12. Restart.|113. Done.");
	CUTS("a. Open it. B. Close it.", "a. Open it.|B. Close it.");
}

static void
test_sentence__dots_inside_words_are_none(void)
{
	CUTS("Version 2.10.1 is 3.5 MB. Get it.",
	    "Version 2.10.1 is 3.5 MB.|Get it.");
	CUTS("Go to https://x.example.com/a.html?b=1 now. Ok.",
	    "Go to https://x.example.com/a.html?b=1 now.|Ok.");
	CUTS("Edit C:\\a.ini. Save.", "Edit C:\\a.ini.|Save.");
	CUTS("See example.com. Then go.", "See example.com.|Then go.");
}

static void
test_sentence__an_ellipsis_ends_one_only_before_a_new_one(void)
{
	CUTS("Wait... Then go.", "Wait...|Then go.");
	CUTS("Wait... then go.", "Wait... then go.");
	CUTS("...", "...");
	CUTS("Choose File > Save as... and click.",
	    "Choose File > Save as... and click.");
}

static void
test_sentence__closing_quotes_and_brackets_belong_to_it(void)
{
	CUTS("It says \"Done.\" Click OK.", "It says \"Done.\"|Click OK.");
	CUTS("(See below.) Next.", "(See below.)|Next.");
	CUTS("\xe2\x80\x9cStop.\xe2\x80\x9d Then.",
	    "\xe2\x80\x9cStop.\xe2\x80\x9d|Then.");
	/* German: low and high, or guillemets pointing inwards. */
	CUTS("\xe2\x80\x9eHalt.\xe2\x80\x9c Dann.",
	    "\xe2\x80\x9eHalt.\xe2\x80\x9c|Dann.");
	CUTS("\xc2\xbbHalt.\xc2\xab Dann.", "\xc2\xbbHalt.\xc2\xab|Dann.");
	CUTS("\xc2\xab" "Non.\xc2\xbb Puis.", "\xc2\xab" "Non.\xc2\xbb|Puis.");
	/* An opening one begins the next. */
	CUTS("Go. \"Yes.\" \xe2\x80\x9cNo.\xe2\x80\x9d",
	    "Go.|\"Yes.\"|\xe2\x80\x9cNo.\xe2\x80\x9d");
}

#define STOP	"\xe3\x80\x82"	/* 。 */

static void
test_sentence__chinese_and_japanese_need_no_space(void)
{
	CUTS("\xe6\x89\x93" STOP "\xe5\x8d\xb0" STOP,
	    "\xe6\x89\x93" STOP "|\xe5\x8d\xb0" STOP);
	/* Full-width exclamation and question marks together. */
	CUTS("\xe6\x89\x93\xef\xbc\x81\xef\xbc\x9f\xe5\x8d\xb0",
	    "\xe6\x89\x93\xef\xbc\x81\xef\xbc\x9f|\xe5\x8d\xb0");
	/* The closing bracket goes with the stop. */
	CUTS("\xe3\x80\x8c\xe6\x89\x93" STOP "\xe3\x80\x8d\xe5\x8d\xb0",
	    "\xe3\x80\x8c\xe6\x89\x93" STOP "\xe3\x80\x8d|\xe5\x8d\xb0");
}

static void
test_sentence__a_newline_always_ends_one(void)
{
	CUTS("Heading\nText e.g.\nmore.", "Heading|Text e.g.|more.");
	CUTS("One \n\n  two", "One|two");
	CUTS("Dr.\nSmith", "Dr.|Smith");
}

static void
test_sentence__start_passes_white_space_alone(void)
{
	CHECK_INT(kb_sentence_start(KB_STR(" \t\r\n x"), 0), 5);
	CHECK_INT(kb_sentence_start(KB_STR("x "), 1), 2);
	CHECK_INT(kb_sentence_start(KB_STR("x"), 1), 1);
	CHECK_INT(kb_sentence_start(KB_STR("\xc2\xa0x"), 0), 2);
}

static void
test_sentence__an_end_is_behind_its_start_and_in_the_text(void)
{
	static const char some[] = ".!? \n\t)\"'(aZ1\xe2\x80\x9d\xe3\x82"
	    "\xef\xbc\xc2\xbb\xff";
	char bytes[32];
	size_t bad = 0;

	for (int i = 0; i < 200000; i++) {
		size_t n = 1 + chance_below(sizeof(bytes));
		size_t from = chance_below(n), end;

		for (size_t k = 0; k < n; k++)
			bytes[k] = i % 4 == 0 ? (char)chance() :
			    some[chance_below(sizeof(some))];
		end = kb_sentence_end(kb_str(bytes, n), from);
		bad += end <= from || end > n;
	}
	CHECK_INT(bad, 0);
}

int
main(void)
{
	RUN(test_sentence__stops_and_marks_end_one);
	RUN(test_sentence__abbreviations_end_none);
	RUN(test_sentence__initials_and_numbers_of_lists_end_none);
	RUN(test_sentence__dots_inside_words_are_none);
	RUN(test_sentence__an_ellipsis_ends_one_only_before_a_new_one);
	RUN(test_sentence__closing_quotes_and_brackets_belong_to_it);
	RUN(test_sentence__chinese_and_japanese_need_no_space);
	RUN(test_sentence__a_newline_always_ends_one);
	RUN(test_sentence__start_passes_white_space_alone);
	RUN(test_sentence__an_end_is_behind_its_start_and_in_the_text);
	return test_done();
}
