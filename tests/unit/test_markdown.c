/*
 * markdown: foreign text stays text.
 */
#include "markdown.h"
#include "test.h"

static void
check_block(const char *in_text, const char *want)
{
	struct kb_buf b = { 0 };

	kb_md_block(&b, kb_str_c(in_text));
	CHECK_STR(kb_buf_str(&b), want);
	kb_buf_release(&b);
}

static void
test_markdown__text_is_no_markup(void)
{
	check_block("# no heading", "\\# no heading");
	check_block("- no item", "\\- no item");
	check_block("  12. no item", "12\\. no item");
	check_block("12) no item", "12\\) no item");
	check_block("in 12. place", "in 12. place");
	check_block("> no quote > here", "\\> no quote > here");
	check_block("<b onclick=x>", "\\<b onclick=x>");
	check_block("*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~");
	check_block("kb_knowledge", "kb_knowledge");
	check_block("[a](javascript:b)", "\\[a\\](javascript:b)");
	check_block("&lt; & &#60;", "\\&lt; & \\&#60;");
	check_block("http://x www.y.z", "http\\://x www\\.y.z");
	check_block("a | b\\", "a \\| b\\\\");
	check_block("in C #", "in C \\#");
	check_block("two\n\n# lines\r", "two \\# lines");
	check_block("\x1b[31m", "\xef\xbf\xbd\\[31m");
	check_block("$x$ me@x", "\\$x\\$ me\\@x");
}

static void
test_markdown__links_lead_to_the_web_only(void)
{
	struct kb_buf b = { 0 };

	kb_md_link(&b, KB_STR("a]b"), KB_STR("https://x/a(b)>`c"));
	CHECK_STR(kb_buf_str(&b), "[a\\]b](<https://x/a(b)%3E%60c>)");
	kb_buf_clear(&b);
	kb_md_link(&b, KB_STR("a"), KB_STR("javascript:alert(1)"));
	CHECK_STR(kb_buf_str(&b), "a");
	kb_buf_clear(&b);
	kb_md_link(&b, KB_STR("a"), KB_STR("https://x/ y"));
	CHECK_STR(kb_buf_str(&b), "a");
	kb_buf_release(&b);
}

/* What is made visible takes a cell that it did not take before. */
static void
test_markdown__a_cut_line_is_no_wider_than_the_cut(void)
{
	struct kb_buf b = { 0 };

	kb_md_line(&b, KB_STR("12 cells \xe2\x80\x8d" "now"), 12);
	CHECK_STR(kb_buf_str(&b), "12 cells \xef\xbf\xbdn\xe2\x80\xa6");
	kb_buf_clear(&b);
	kb_md_line(&b, KB_STR("12 cells now"), 12);
	CHECK_STR(kb_buf_str(&b), "12 cells now");
	kb_buf_clear(&b);
	kb_md_line(&b, KB_STR(" 6 *   now "), 12);
	CHECK_STR(kb_buf_str(&b), "6 \\* now");
	kb_buf_release(&b);
}

static void
test_markdown__code_cannot_end_its_block(void)
{
	struct kb_buf b = { 0 };

	kb_md_code(&b, "> ", KB_STR("a\n````\n# b"));
	CHECK_STR(kb_buf_str(&b), "> `````\n> a\n> ````\n> # b\n> `````\n");
	kb_buf_clear(&b);
	kb_md_verbatim(&b, KB_STR("a``b`"));
	CHECK_STR(kb_buf_str(&b), "``` a``b` ```");
	kb_buf_clear(&b);
	kb_md_verbatim(&b, KB_STR("a\nb"));
	CHECK_STR(kb_buf_str(&b), "`a b`");
	kb_buf_release(&b);
}

static void
check_bold(const char *before, const char *run, char next, const char *want)
{
	struct kb_buf b = { 0 };
	struct kb_md md = { .out = &b };

	kb_md_piece(&md, kb_str_c(before));
	kb_md_bold(&md, kb_str_c(run), next);
	CHECK_STR(kb_buf_str(&b), want);
	kb_buf_release(&b);
}

static void
test_markdown__bold_stands_where_it_can_be_read(void)
{
	check_bold("in ", "15 minutes ", 'o', "in **15 minutes**");
	check_bold("a", "(b", ' ', "a(**b**");
	check_bold("a ", "(b)", ' ', "a **(b)**");
	check_bold("a ", "(b)", 'c', "a **(b**)");
	check_bold("a", ".", 'b', "a.");
	check_bold("a ", "*", ' ', "a **\\***");
	/* Whatever alphabet spaces and signs are from. */
	check_bold("wait ", "5\xc2\xa0", 'G', "wait **5**\xc2\xa0");
	check_bold("a", "\xe3\x80\x82", 'b', "a\xe3\x80\x82");
	check_bold("a ", "b\xe3\x80\x82", 'c', "a **b**\xe3\x80\x82");
	check_bold("a", "\xc2\xab" "b", ' ', "a\xc2\xab**b**");
	check_bold("\xc2\xab", "(b)", ' ', "\xc2\xab**(b)**");
	check_bold("a", "\xc3\xa9", 'b', "a**\xc3\xa9**");
}

int
main(void)
{
	RUN(test_markdown__text_is_no_markup);
	RUN(test_markdown__links_lead_to_the_web_only);
	RUN(test_markdown__a_cut_line_is_no_wider_than_the_cut);
	RUN(test_markdown__code_cannot_end_its_block);
	RUN(test_markdown__bold_stands_where_it_can_be_read);
	return test_done();
}
