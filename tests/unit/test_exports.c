/* What the profiles of MediaWiki, DITA and Stack Exchange say of records. */
#include "test.h"

#include "span_fixture.h"

static struct kb_str
value(size_t rec, enum kb_field field)
{
	const struct kb_value *v = rec < file.n ?
	    kb_record_first(file.recs[rec], field) : NULL;

	return v != NULL ? v->text : kb_str("", 0);
}

static void
read_xml(const char *xml)
{
	CHECK(read_bytes(kb_str_c(xml), "sample.xml"));
}

#define REVISION(id, time, text)					\
	"<revision><id>" id "</id><timestamp>" time "</timestamp><text>"	\
	text "</text></revision>"

static void
test_exports__the_newest_revision_counts_wherever_it_stands(void)
{
	read_xml("<mediawiki><page><title>a b/c: d</title><id>1</id>"
	    REVISION("30", "2025-02-01T00:00:00Z", "newest")
	    REVISION("10", "2024-01-01T00:00:00Z", "first")
	    REVISION("20", "2025-01-01T00:00:00Z", "second")
	    "</page></mediawiki>");
	CHECK_INT(file.n, 1);
	CHECK_STR(value(0, KB_F_VERSION), "30");
	CHECK_STR(value(0, KB_F_CREATED), "2024-01-01T00:00:00Z");
	CHECK_STR(file.recs[0]->blocks->text, "newest");
	CHECK(file.recs[0]->blocks->next == NULL);
}

static void
test_exports__a_wiki_page_url_has_underscores(void)
{
	read_xml("<mediawiki><page><title>Set up: a/b &amp; c</title>"
	    REVISION("1", "2025-02-01T00:00:00Z", "x")
	    "</page></mediawiki>");
	CHECK_STR(value(0, KB_F_URL), "/wiki/Set_up:_a/b_%26_c");
}

static void
test_exports__pages_of_code_and_talk_are_no_articles(void)
{
	read_xml("<mediawiki><page><title>a</title><ns>0</ns><revision>"
	    "<timestamp>1</timestamp><model>css</model><text>x</text>"
	    "</revision></page><page><title>b</title><ns>1</ns>"
	    REVISION("1", "1", "x") "</page><page><title>c</title><ns>0</ns>"
	    "<redirect title='d'/>" REVISION("1", "1", "x") "</page>"
	    "</mediawiki>");
	CHECK_INT(file.n, 3);
	for (size_t i = 0; i < file.n; i++)
		CHECK(file.recs[i]->dropped);
	CHECK_STR(file.recs[2]->drop_reason, "redirect@title is 'd'");
}

static void
test_exports__a_page_of_plain_text_is_not_parsed(void)
{
	read_xml("<mediawiki><page><title>a</title><ns>0</ns><revision>"
	    "<timestamp>1</timestamp><model>text</model><text>x ''y''"
	    "</text></revision></page></mediawiki>");
	CHECK_INT(file.n, 1);
	CHECK_STR(file.recs[0]->blocks->text, "x ''y''");
}

static void
test_exports__an_attribute_that_is_a_body_keeps_its_white_space(void)
{
	read_xml("<posts><row Id='1' PostTypeId='1' AcceptedAnswerId='2' "
	    "Title='t' Body='&lt;p>q&lt;/p>'/><row Id='2' PostTypeId='2' "
	    "ParentId='1' Body='&lt;pre>a&#10;  b&#10;    c&lt;/pre>'/>"
	    "</posts>");
	CHECK_INT(file.n, 2);
	CHECK(file.recs[0]->dropped);
	CHECK_STR(value(1, KB_F_ID), "1");
	CHECK_STR(value(1, KB_F_TITLE), "t");
	CHECK_INT(file.recs[1]->nparts, 2);
	CHECK_STR(file.recs[1]->parts[0].field, "#1@Body");
	CHECK_STR(file.recs[1]->parts[1].field, "@Body");
	CHECK_STR(file.recs[1]->blocks->text, "q");
	CHECK_STR(file.recs[1]->blocks->next->text, "a\n  b\n    c");
}

static void
test_exports__an_answer_to_nothing_is_no_article(void)
{
	read_xml("<posts><row Id='2' PostTypeId='2' ParentId='9' Body='x'/>"
	    "<row Id='3' PostTypeId='1' AcceptedAnswerId='77' Title='t' "
	    "Body='y'/></posts>");
	CHECK_INT(file.n, 2);
	CHECK(file.recs[0]->dropped && file.recs[1]->dropped);
}

static void
test_exports__topics_in_dita_are_articles_of_their_own(void)
{
	read_xml("<dita><topic id='a'><title>A</title><body><p>x</p></body>"
	    "<topic id='b'><title>B</title><body><p>y</p></body></topic>"
	    "</topic><concept id='c'><title>C</title><conbody><p>z</p>"
	    "</conbody></concept></dita>");
	CHECK_INT(file.n, 2);
	CHECK_STR(show_blocks(0), "--\nparagraph [topic body p]: x\n"
	    "heading 2 #b [topic topic title]: B\n"
	    "paragraph [topic topic body p]: y\n");
	CHECK_STR(value(1, KB_F_ID), "c");
}

static void
check_file(const char *name)
{
	char path[4096];
	const char *root = getenv("KB_ROOT");
	struct tally t = { 0 };

	snprintf(path, sizeof(path), "%s/corpora/exports/%s", root != NULL ?
	    root : ".", name);
	CHECK(read_path(path));
	check_spans(&t);
	check_promises(&t);
	CHECK(t.passages > 0);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

/* Elements of a broken topic were taken for topics. */
static void
test_exports__a_broken_topic_in_dita_leaves_nothing_but_its_neighbours(void)
{
	read_xml("<dita><reference id='a'><title>A</title><refbody>"
	    "<properties><property><proptype>x</proptype><propvalue>y</wrong>"
	    "</property></properties></refbody></reference>"
	    "<concept id='b'><title>B</title><conbody><p>z</p></conbody>"
	    "</concept></dita>");
	CHECK_INT(file.n, 2);
	CHECK(file.recs[0]->dropped);
	CHECK_STR(value(1, KB_F_TITLE), "B");
}

/* A frame takes UTF-8 only; what stands above its records is in each. */
static void
test_exports__malformed_text_above_records_leaves_all_of_them(void)
{
	size_t i;

	read_xml("<rss xmlns:wp='w' xmlns:content='c'><channel>"
	    "<language>e\xcan-GB</language>"
	    "<item><title>A</title><wp:post_type>page</wp:post_type></item>"
	    "<item><title>B</title><wp:post_type>page</wp:post_type></item>"
	    "</channel></rss>");
	/* The first one is the file, and says what is wrong with it. */
	CHECK_INT(file.n, 3);
	for (i = 1; i < file.n; i++) {
		struct kb_str lang = value(i, KB_F_LANG);

		CHECK_INT(kb_utf8_valid(lang), lang.n);
	}
	CHECK_STR(value(1, KB_F_TITLE), "A");
	CHECK_STR(value(2, KB_F_TITLE), "B");
}

static void
test_exports__spans_hold_in_dita(void)
{
	check_file("install_printer.dita");
	check_file("glossary.dita");
}

static const char *const pieces[] = {
	"<p>A &amp; b &lt;c&gt; &quot;d&quot;. It is &amp;lt;e&amp;gt;! So.",
	"</p>\n", "<pre><code>if (a &lt; b)\n\tgo();\n\n  end\n</code></pre>",
	"<ol>\n<li>Open it. Then wait.</li>\n<li>Close</li>\n</ol>",
	"<ul><li>one<li>two. Three", "</ul>", "<blockquote>Said he. \xc3\xa9",
	"</blockquote>", "<h2>Head</h2>", "<p>caf&eacute; e\xcc\x81. &#8364;",
	"<hr>", "<code>x &amp;&amp; y</code>", " Is it? It is.",
	"<img src=\"a.png\" alt=\"The menu &amp; more\">",
};

static void
add_attribute(struct kb_buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '<' || *s == '&' || *s == '"' || *s == '\n')
			kb_buf_printf(out, "&#%s%x;", "x", *s);
		else
			kb_buf_addch(out, *s);
}

/* A question and its answer; either may come first. */
static void
add_post(struct kb_buf *out, int id, bool question)
{
	kb_buf_printf(out, question ? "<row Id='%d' PostTypeId='1' "
	    "AcceptedAnswerId='%d' Title='t' Body=\"" : "<row Id='%d' "
	    "PostTypeId='2' ParentId='%d' Body=\"", question ? id : id + 1,
	    question ? id + 1 : id);
	for (uint32_t n = 3 + draw(60); n > 0; n--)
		add_attribute(out, pieces[draw(sizeof(pieces) /
		    sizeof(pieces[0]))]);
	kb_buf_addc(out, "\"/>\n");
}

static void
test_exports__spans_hold_in_questions_and_answers(void)
{
	struct kb_buf buf = { 0 };
	struct tally t = { 0 };
	size_t questions = 0;

	kb_buf_addc(&buf, "<posts>");
	for (int i = 1; i < 400; i += 2) {
		bool first = draw(2) == 0;

		add_post(&buf, i, first);
		add_post(&buf, i, !first);
	}
	kb_buf_addc(&buf, "</posts>");
	CHECK(read_bytes(kb_buf_str(&buf), "Posts.xml"));
	check_spans(&t);
	check_promises(&t);
	for (size_t i = 0; i < file.n; i++)
		questions += file.recs[i]->nparts == 2 && kb_str_has_prefix(
		    file.recs[i]->parts[0].field, KB_STR("#"));
	CHECK_INT(questions, 200);
	CHECK(t.passages > 400);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
	kb_buf_release(&buf);
	check_file("Posts.xml");
}

static void
test_exports__a_body_in_one_of_several_revisions_is_named_by_its_path(void)
{
	read_xml("<mediawiki><page><title>a</title><ns>0</ns><revision>"
	    "<timestamp>1</timestamp><text>old</text></revision><revision>"
	    "<timestamp>2</timestamp><text>new</text></revision></page>"
	    "<page><title>b</title><ns>0</ns><revision><timestamp>1"
	    "</timestamp><text>one</text></revision></page></mediawiki>");
	CHECK_INT(file.n, 2);
	CHECK_STR(file.recs[0]->parts[0].field,
	    "revision[max timestamp][!model]/text");
	CHECK_STR(file.recs[1]->parts[0].field, "revision/text");
}

static void
test_exports__spans_hold_where_a_file_declares_entities(void)
{
	struct tally t = { 0 };
	const struct kb_passage *p;

	CHECK(read_bytes(KB_STR("<!DOCTYPE page ["
	    "<!ENTITY app 'The  50&#37; App'>"
	    "<!ENTITY hellip '(and so on)'><!ENTITY same 'Mails.'>"
	    "<!ENTITY odd 'a &#38;#38; b'><!ENTITY unused 'x'>]>"
	    "<page xmlns='http://projectmallard.org/1.0/' id='m'><title>M"
	    "</title><p>Start &app; first. Then wait &hellip; so. &app;</p>"
	    "<p>Here &same; So. &amp; &unknown; and &odd;. End &mdash; all."
	    "</p><code>&app; run\n  &same;</code></page>"), "m.page"));
	/* In front of the page it is told which are left out. */
	CHECK(file.n > 0 && file.passages[file.n - 1] != NULL);
	if (test_failures > 0)
		return;
	p = file.passages[file.n - 1];
	CHECK_STR(p->text, "Start The 50% App first. Then "
	    "wait (and so on) so. The 50% App\nHere Mails. So. & and . "
	    "End \xe2\x80\x94 all.\nThe  50% App run\n  Mails.");
	CHECK_STR(p->context, "&app=The%20%2050%25%20App "
	    "&hellip=(and%20so%20on) &same=Mails. page p");
	for (int i = 0; i < 30; i++)	/* quotes are drawn */
		check_spans(&t);
	CHECK(t.quotes > 60);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

int
main(void)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK) {
		printf("# %s\n", err.msg);
		return 1;
	}
	RUN(test_exports__the_newest_revision_counts_wherever_it_stands);
	RUN(test_exports__a_wiki_page_url_has_underscores);
	RUN(test_exports__pages_of_code_and_talk_are_no_articles);
	RUN(test_exports__a_page_of_plain_text_is_not_parsed);
	RUN(test_exports__an_attribute_that_is_a_body_keeps_its_white_space);
	RUN(test_exports__an_answer_to_nothing_is_no_article);
	RUN(test_exports__topics_in_dita_are_articles_of_their_own);
	RUN(test_exports__a_broken_topic_in_dita_leaves_nothing_but_its_neighbours);
	RUN(test_exports__malformed_text_above_records_leaves_all_of_them);
	RUN(test_exports__spans_hold_in_dita);
	RUN(test_exports__spans_hold_in_questions_and_answers);
	RUN(test_exports__a_body_in_one_of_several_revisions_is_named_by_its_path);
	RUN(test_exports__spans_hold_where_a_file_declares_entities);
	kb_arena_release(&arena);
	kb_profiles_free(profiles);
	return test_done();
}
