/*
 * Confluence's storage format: what its elements become, and that every
 * passage and quote can be read again from its bytes.
 */
#include "test.h"

#include "span_fixture.h"
#include "storage.h"

#define FILE_OF(body)							\
	"<hibernate-generic><object class=\"BodyContent\">"		\
	"<id name=\"id\">7</id><property name=\"body\">" body		\
	"</property><property name=\"content\" class=\"Page\">"		\
	"<id name=\"id\">1</id></property></object>"			\
	"<object class=\"Page\"><id name=\"id\">1</id>"			\
	"<property name=\"title\">One</property></object>"		\
	"<object class=\"ConfluenceUserImpl\"><id name=\"key\">u1</id>"	\
	"<property name=\"name\">jdoe</property></object>"		\
	"</hibernate-generic>"

#define CDATA(body)	FILE_OF("<![CDATA[" body "]]>")

#define MACRO(name, inside)						\
	"<ac:structured-macro ac:name=\"" name "\">" inside		\
	"</ac:structured-macro>"

static bool
is_blocks(const char *xml, const char *want)
{
	struct kb_str got;
	bool good = read_bytes(kb_str_c(xml), "entities.xml");

	got = show_blocks(0);
	if (!good || !kb_str_eq(got, kb_str_c(want))) {
		printf("# got:\n# %.*s", KB_FMT(got));
		return false;
	}
	return true;
}

/* ---- what is read ---- */

static void
test_storage__tells_macros_by_their_name(void)
{
	CHECK(is_blocks(CDATA("<p>a</p>" MACRO("info",
	    "<ac:parameter ac:name=\"title\">T</ac:parameter>"
	    "<ac:parameter ac:name=\"icon\">no</ac:parameter>"
	    "<ac:rich-text-body><p>b</p></ac:rich-text-body>")
	    MACRO("toc", "<ac:parameter ac:name=\"maxLevel\">2"
	    "</ac:parameter>") "<p>c " MACRO("status",
	    "<ac:parameter ac:name=\"colour\">Red</ac:parameter>"
	    "<ac:parameter ac:name=\"title\">DOWN</ac:parameter>") "</p>"),
	    "paragraph [p]: a\n"
	    "note [ac:structured-macro.info ac:parameter.title]: T\n"
	    "note [ac:structured-macro.info ac:rich-text-body p]: b\n"
	    "paragraph [p]: c DOWN\n"));
	CHECK_INT(file.n, 1);
}

static void
test_storage__ends_code_where_the_export_put_a_blank_in_the_end(void)
{
	CHECK(read_bytes(KB_STR(CDATA(MACRO("code", "<ac:plain-text-body>"
	    "<![CDATA[if (a[b[0]]]] ><![CDATA[>1)\n\tx(\"]] >\");]] >"
	    "</ac:plain-text-body>") "<p>after</p>")), "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text,
	    "if (a[b[0]]>1)\n\tx(\"]] >\");");
	CHECK_STR(file.recs[0]->last_block->text, "after");
}

static void
test_storage__is_read_the_same_from_split_sections_and_references(void)
{
	CHECK(read_bytes(KB_STR(FILE_OF("<![CDATA[<p>x ]]]]><![CDATA[> y"
	    "</p>]]>")), "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text, "x ]]> y");
	CHECK(read_bytes(KB_STR(FILE_OF("&lt;p&gt;caf&amp;eacute; &amp;"
	    "nbsp;it&amp;rsquo;s&lt;/p&gt;")), "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text, "caf\xc3\xa9 it\xe2\x80\x99s");
}

static void
test_storage__honours_self_closing_elements(void)
{
	CHECK(read_bytes(KB_STR(CDATA("<p>a <ac:emoticon ac:name=\"x\"/>b"
	    "<ac:structured-macro ac:name=\"anchor\"/> c</p><p>d</p>")),
	    "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text, "a b c");
	CHECK_STR(file.recs[0]->last_block->text, "d");
}

static void
test_storage__shows_a_page_s_title_where_a_link_has_no_text(void)
{
	const struct kb_link *l;

	CHECK(read_bytes(KB_STR(CDATA("<p>See <ac:link><ri:page "
	    "ri:content-title=\"R &amp; D\"/></ac:link> and <ac:link>"
	    "<ri:page ri:space-key=\"HR\" ri:content-title=\"Leave\"/>"
	    "<ac:link-body>days <b>off</b></ac:link-body></ac:link>.</p>")),
	    "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text, "See R & D and days off.");
	l = file.recs[0]->links;
	CHECK(l != NULL && l->next != NULL);
	CHECK_STR(l->href, "title:R & D");
	CHECK_STR(l->next->href, "title://HR/Leave");
}

static void
test_storage__shows_dates_and_descriptions_of_images(void)
{
	CHECK(read_bytes(KB_STR(CDATA("<p>Until <time datetime="
	    "\"2026-01-31\"/>: <ac:image ac:alt=\"a red lamp\">"
	    "<ri:attachment ri:filename=\"x.png\"/></ac:image></p>")),
	    "e.xml"));
	CHECK_STR(file.recs[0]->blocks->text,
	    "Until 2026-01-31: a red lamp");
}

static void
test_storage__takes_properties_from_a_table_and_names_people(void)
{
	const struct kb_record *r;

	CHECK(read_bytes(KB_STR(CDATA("<table><tbody><tr><th>Owner</th><td>"
	    "<p><ac:link><ri:user ri:userkey=\"u1\"/></ac:link></p></td>"
	    "</tr><tr><th>Last reviewed</th><td><time datetime="
	    "\"2026-04-30\"/></td></tr></tbody></table><p>text</p>")),
	    "e.xml"));
	r = file.recs[0];
	CHECK(r->values[KB_F_OWNER] != NULL);
	CHECK_STR(r->values[KB_F_OWNER]->text, "jdoe");
	CHECK(r->values[KB_F_REVIEWED] != NULL);
	CHECK_STR(r->values[KB_F_REVIEWED]->text, "2026-04-30");
	CHECK_STR(r->blocks->text, "text");
}

static void
test_storage__takes_an_owner_who_is_not_in_the_export_for_gone(void)
{
	CHECK(read_bytes(KB_STR(CDATA("<table><tr><td>Owner</td><td>"
	    "<ac:link><ri:user ri:userkey=\"u9\"/></ac:link></td></tr>"
	    "</table>")), "e.xml"));
	CHECK(file.recs[0]->values[KB_F_OWNER] != NULL);
	CHECK_STR(file.recs[0]->values[KB_F_OWNER]->text,
	    "Unknown User (u9)");
	CHECK(kb_profiles_placeholder_owner(profiles,
	    file.recs[0]->values[KB_F_OWNER]->text));
}

/* ---- spans ---- */

/* Elements of all kinds, opened and closed as chance has it. */
static void
add_soup(struct kb_buf *out, unsigned n)
{
	static const char *const bits[] = {
		"<p>", "</p>", "<p>One sentence here. Another one &mdash; "
		"with more words.</p>", "<h2>A heading</h2>", "<ul><li>",
		"</li></ul>", "<strong>", "</strong>", "word word. ",
		"&nbsp;it&rsquo;s ", "<ac:structured-macro ac:name=\"info\">"
		"<ac:rich-text-body>", "</ac:rich-text-body>"
		"</ac:structured-macro>", "<ac:structured-macro "
		"ac:name=\"code\"><ac:plain-text-body><![CDATA[a[0] = 1;\n"
		"\tb();]] ></ac:plain-text-body></ac:structured-macro>",
		"<ac:link><ri:page ri:content-title=\"Some page\"/></ac:link>",
		"<ac:link><ri:page ri:content-title=\"P\"/>"
		"<ac:plain-text-link-body><![CDATA[its text]] >"
		"</ac:plain-text-link-body></ac:link>", "<table><tbody><tr>"
		"<th>Key</th><td>", "</td></tr></tbody></table>",
		"<time datetime=\"2026-01-31\"/> ", "<br/>",
		"<ac:structured-macro ac:name=\"status\"><ac:parameter "
		"ac:name=\"title\">OK</ac:parameter></ac:structured-macro>",
		"<ac:task-list><ac:task><ac:task-id>1</ac:task-id>"
		"<ac:task-body>do it</ac:task-body></ac:task></ac:task-list>",
		"<ac:image ac:alt=\"a lamp\"/>", "<pre>x\n  y</pre>",
	};

	while (n-- > 0)
		kb_buf_addc(out, bits[draw(sizeof(bits) / sizeof(bits[0]))]);
}

static void
test_storage__spans_read_again_give_the_same_text(void)
{
	struct tally t = { 0 };
	struct kb_buf doc = { 0 };

	for (unsigned i = 0; i < 400; i++) {
		kb_buf_clear(&doc);
		kb_buf_addc(&doc, "<![CDATA[");
		add_soup(&doc, 4 + i % 40);
		kb_buf_addc(&doc, "]]>");
		{
			struct kb_str body = kb_arena_copy(&arena,
			    kb_buf_str(&doc));
			struct kb_buf all = { 0 };

			kb_buf_printf(&all, FILE_OF("%.*s"), KB_FMT(body));
			CHECK(read_bytes(kb_buf_str(&all), "soup.xml"));
			kb_buf_release(&all);
		}
		check_spans(&t);
	}
	kb_buf_release(&doc);
	printf("# %zu of %zu passages, %zu of %zu quotes\n", t.passages_held,
	    t.passages, t.quotes_held, t.quotes);
	CHECK(t.passages > 400);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

static void
test_storage__deep_and_broken_markup_is_read_in_time(void)
{
	struct kb_buf doc = { 0 };
	struct kb_node *root;

	for (int i = 0; i < 100000; i++)
		kb_buf_addc(&doc, "<ac:structured-macro ac:name=\"info\">"
		    "<![CDATA[ ]] >");
	CHECK(kb_storage_parse(&root, kb_buf_str(&doc), false, &arena,
	    &err) == KB_OK);
	kb_buf_release(&doc);
}

int
main(void)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK)
		return 1;
	RUN(test_storage__tells_macros_by_their_name);
	RUN(test_storage__ends_code_where_the_export_put_a_blank_in_the_end);
	RUN(test_storage__is_read_the_same_from_split_sections_and_references);
	RUN(test_storage__honours_self_closing_elements);
	RUN(test_storage__shows_a_page_s_title_where_a_link_has_no_text);
	RUN(test_storage__shows_dates_and_descriptions_of_images);
	RUN(test_storage__takes_properties_from_a_table_and_names_people);
	RUN(test_storage__takes_an_owner_who_is_not_in_the_export_for_gone);
	RUN(test_storage__spans_read_again_give_the_same_text);
	RUN(test_storage__deep_and_broken_markup_is_read_in_time);
	kb_arena_release(&arena);
	kb_profiles_free(profiles);
	return test_done();
}
