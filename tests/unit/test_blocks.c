/* From pages of every kind to blocks: kinds, texts, levels, anchors. */
#include "test.h"

#include "span_fixture.h"

/*
 * The blocks of a page, and that its spans hold.  "want" is what
 * show_blocks() makes: "--" is a gap, then kind, level, number, anchor,
 * context and text.
 */
static void
check_page(const char *path, struct kb_str page, const char *want)
{
	struct tally t = { 0 };

	CHECK(read_bytes(page, path));
	CHECK_INT(file.n, 1);
	CHECK_STR(show_blocks(0), want);
	check_spans(&t);
	check_promises(&t);
	CHECK(t.passages > 0);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

static void
check_html(const char *page, const char *want)
{
	check_page("a.html", kb_str_c(page), want);
}

/* ---- HTML ---- */

static void
test_blocks__lists_know_depth_and_number(void)
{
	check_html("<html><body><p>Do this:</p><ol><li>One<ul><li>a</li>"
	    "<li><p>b</p><p>b2</p></li></ul>more</li><li><p>Two</p><pre>  x\n"
	    "  y\n</pre></li></ol><ol start=5><li>Five<li value=9>Nine</ol>"
	    "<p>end",
	    "paragraph [p]: Do this:\n"
	    "item 1 no 1 [ol]: 1. One\n"
	    "item 2 [ol:2 li ul li]: a\n"
	    "item 2 [ol:2 li ul li p]: b\n"
	    "item 2 [ol:2 li ul li p]: b2\n"
	    "item 1 no 1 [ol:2 li]: more\n"
	    "item 1 no 2 [ol:2]: 2. Two\n"
	    "code 1 [ol:3 li pre]:   x\n  y\n"
	    "item 1 no 5 [ol:5]: 5. Five\n"
	    "item 1 no 9 [ol:9]: 9. Nine\n"
	    "paragraph [p]: end\n");
}

static void
test_blocks__a_row_is_one_block_and_its_cells_are_parted(void)
{
	check_html("<html><body><table><caption>Cap</caption><thead><tr>"
	    "<th>A<th>B</thead><tr><td>1<td><p>x</p><p>y</p><tr><td><td>only"
	    "<tr><td>pre<td><ul><li>in list</li></ul>tail</table><table><tr>"
	    "<th>h1<th>h2<tr><th>v1<td>v2</table>",
	    "paragraph leads [table caption]: Cap\n"
	    "row leads [table thead tr th]: A | B\n"
	    "row [table tbody tr td]: 1 | x y\n"
	    "row [table tbody tr td]: only\n"
	    "row [table tbody tr td]: pre\n"
	    "item 1 [table tbody tr td ul li]: in list\n"
	    "row [table tbody tr td]: tail\n"
	    "row leads [table tbody tr th]: h1 | h2\n"
	    "row [table tbody tr th]: v1 | v2\n");
}

static void
test_blocks__text_moved_out_of_a_table_joins_what_its_bytes_follow(void)
{
	check_html("<html><body><p>one</p>hel<table>lo<!-- -->, <tr>w<td>cell"
	    "</td></tr>gone</table>end",
	    "paragraph [p]: one\n"
	    "paragraph []: hello, w\n"
	    "--\nparagraph []: gone\n"
	    "--\nrow [table tbody tr td]: cell\n"
	    "--\nparagraph []: end\n");
	check_html("<html><body>pre <table>foo<b>bar</b><tr><td>a</td></tr>"
	    "mid<tr><td>b</td></tr></table>post",
	    "paragraph []: pre foobar\n"
	    "--\nparagraph []: mid\n"
	    "--\nrow [table tbody tr td]: a\n"
	    "--\nrow [table tbody tr td]: b\n"
	    "paragraph []: post\n");
	check_html("<html><body>a<table><b>b</b><i>c</i><tr>d<tr></table>",
	    "paragraph []: abc\n"
	    "--\nparagraph []: d\n");
	check_html("<html><body><table><tr><td>a</td><!-- --><td>b</td></tr>",
	    "row [table tbody tr td]: a | b\n");
	check_html("<html><body>a<table><td></td>b</table>",
	    "paragraph []: a\n"
	    "--\nparagraph []: b\n");
}

static void
test_blocks__white_space_cut_off_from_code_is_no_block(void)
{
	check_html("<html><body><pre><table><td>a</td>x<!-- --> ",
	    "--\ncode [#pre]: x\n"
	    "--\ncode [pre table tbody tr td]: a\n");
}

/* Read alone, too, what stood in a table goes on where it went on. */
static void
test_blocks__what_is_around_a_table_holds_for_what_is_read_alone(void)
{
	check_html("<html><body><pre>x<table role=presentation><td>a</pre>b",
	    "code [pre]: x\n"
	    "--\ncode [#pre]: ab\n");
	check_html("<html><body><article>x</article><article><table><p>a"
	    "<aside>b</aside>",
	    "paragraph [article]: x\n"
	    "--\nparagraph [main p]: a\n"
	    "paragraph [main aside]: b\n");
}

static void
test_blocks__a_table_for_looks_is_no_table(void)
{
	check_html("<html><body><table><tr><td><h2 id=nav>Left</h2><p>l1</p>"
	    "</td><td></div><h2>Right</h2><p>r1</p><p>r2</p><table><tr><td>a"
	    "<td>b</table></td></tr></table><p>after</p>"
	    "<table role=presentation><tr><td>p1<td>p2</table>",
	    "--\nheading 2 #nav [h2]: Left\n"
	    "paragraph [p]: l1\n"
	    "--\nheading 2 [h2]: Right\n"
	    "paragraph [p]: r1\n"
	    "paragraph [p]: r2\n"
	    "row [table tbody tr td]: a | b\n"
	    "--\nparagraph [p]: after\n"
	    "--\nparagraph []: p1\n"
	    "--\nparagraph []: p2\n");
}

static void
test_blocks__a_heading_alone_in_a_cell_leaves_a_table_a_table(void)
{
	check_html("<html><body><table><tr><td><b>Name</b><td>x<tr><td>"
	    "<h4>Head</h4><td>y</table>",
	    "row [table tbody tr td b]: Name | x\n"
	    "heading 4 [table tbody tr td h4]: Head\n"
	    "row [table tbody tr td]: y\n");
}

static void
test_blocks__markup_inside_words_does_not_part_them(void)
{
	check_html("<html><body><p id=p1>un<b>believ</b>able&nbsp;&nbsp;caf"
	    "&eacute; a&amp;b &lt;x&gt;<br>next   line<br/>\nthird</p>"
	    "<p>a<!-- c -->b &#32; c</p>",
	    "paragraph #p1 [p]: unbelievable caf\xc3\xa9 a&b <x>\nnext line\n"
	    "third\n"
	    "paragraph [p]: ab c\n");
}

static void
test_blocks__a_bold_line_leads_but_a_bold_sentence_does_not(void)
{
	check_html("<html><body><p><b>Bold line</b></p><p><b>Bold</b> not</p>"
	    "<p><strong>Bold sentence.</strong></p>",
	    "paragraph leads [p b]: Bold line\n"
	    "paragraph [p b]: Bold not\n"
	    "paragraph [p strong]: Bold sentence.\n");
}

static void
test_blocks__a_term_leads_its_definition(void)
{
	check_html("<html><body><dl><dt>Term</dt><dd>Def</dd><dt><p>T2</p>"
	    "</dt><dd><p>D1</p><p>D2</p></dd></dl>",
	    "item 1 leads [dl dt]: Term\n"
	    "item 1 [dl dd]: Def\n"
	    "item 1 leads [dl dt p]: T2\n"
	    "item 1 [dl dd p]: D1\n"
	    "item 1 [dl dd p]: D2\n");
}

static void
test_blocks__anchors_are_a_blocks_own_or_just_before_it(void)
{
	check_html("<html><head><title>Page</title></head><body><h1>Page</h1>"
	    "<a name=intro></a><h2>Intro<a class=headerlink href=#intro>"
	    "\xc2\xb6</a></h2><p id=first>text <a id=mid>m</a></p>"
	    "<p>more <a id=late>m</a></p><h2 id=own><a id=inner></a>Own</h2>"
	    "<h3>Sub</h3><div id=box><p>boxed</p></div>",
	    "--\nheading 2 #intro [h2]: Intro\n"
	    "paragraph #first [p]: text m\n"
	    "paragraph #late [p]: more m\n"
	    "heading 2 #own [h2]: Own\n"
	    "heading 3 [h3]: Sub\n"
	    "paragraph #box [div p]: boxed\n");
}

static void
test_blocks__a_heading_in_a_note_heads_no_section(void)
{
	check_html("<html><body><h2>Sec</h2><div class=\"note box\"><h3>Note"
	    "</h3><p>noted</p></div><p>after</p>",
	    "heading 2 [h2]: Sec\n"
	    "note leads [div h3]: Note\n"
	    "note [div p]: noted\n"
	    "paragraph [p]: after\n");
}

/* Its end tag was forgotten: a browser shows the rest as large text. */
static void
test_blocks__a_heading_ends_where_a_paragraph_begins(void)
{
	check_html("<html><body><h1>T</h1><h2>Sub<p>one<p>two<ul><li>three"
	    "</ul>four",
	    "--\nheading 2 [h2]: Sub\n"
	    "paragraph [h2 p]: one\n"
	    "paragraph [h2 p]: two\n"
	    "item 1 [h2 ul li]: three\n"
	    "paragraph [h2]: four\n");
	check_html("<html><body><h1>T</h1><h2><p>Sub</p></h2><h3><b>A</b>"
	    "<div>B</div></h3>c",
	    "--\nheading 2 [h2 p]: Sub\n"
	    "heading 3 [h3 b]: A\n"
	    "heading 3 [h3 div]: B\n"
	    "paragraph []: c\n");
	/* Deeper than what is in it, all the same. */
	check_html("<html><body><h1>T</h1><h2>a<h3>b<p>c",
	    "--\nheading 2 [h2]: a\n"
	    "heading 3 [h3]: b\n"
	    "paragraph [h3 p]: c\n");
}

static void
check_title(const char *page, const char *title, const char *text)
{
	CHECK(read_bytes(kb_str_c(page), "a.html"));
	CHECK_STR(file.recs[0]->values[KB_F_TITLE]->text, title);
	CHECK(file.passages[0] != NULL);
	if (file.passages[0] != NULL)
		CHECK_STR(file.passages[0]->text, text);
}

static void
test_blocks__a_title_without_an_end_takes_no_text_with_it(void)
{
	check_title("<h1>Reset it<p>Press the button.<p>Wait.", "Reset it",
	    "Reset it\nPress the button.\nWait.");
	check_title("<h1><span>Reset it</span> <ul><li>Press.</ul>",
	    "Reset it", "Reset it\nPress.");
	check_title("<h1><p>Reset it</p></h1><p>Press.", "Reset it",
	    "Press.");
}

static void
test_blocks__lines_of_a_title_are_words_apart(void)
{
	check_title("<h1>Reset<br>it</h1><p>x", "Reset it", "x");
	check_title("<h1><div>Reset</div>it<div>now</div></h1><p>x",
	    "Reset it now", "x");
	check_title("<h1>Re<b>set</b> i<wbr>t</h1><p>x", "Reset it", "x");
}

static void
test_blocks__what_nobody_sees_is_left_out(void)
{
	check_html("<html><body><p>a <span hidden>no</span> b</p>"
	    "<p style=\"display : NONE !important\">no</p>"
	    "<div aria-hidden=true>no</div>"
	    "<p style=\"color:#fff;background-color:rgb(255, 255, 255)\">no"
	    "</p><p style=\"color:#ffffff;background:#000\">shown</p>"
	    "<p style=\"font-size: 0\">no</p><p style=\"opacity:0.5\">half</p>"
	    "<script>no</script><noscript>no</noscript><template>no"
	    "</template><textarea>no</textarea><svg><text>no</text></svg>",
	    "paragraph [p]: a b\n"
	    "paragraph [p]: shown\n"
	    "paragraph [p]: half\n");
}

static void
test_blocks__furniture_is_left_out(void)
{
	check_html("<html><body><nav>no</nav><header>no</header>"
	    "<div class=\"x breadcrumbs\">no</div><div id=sidebar>no</div>"
	    "<div role=search>no</div><p>yes</p><aside>no</aside>"
	    "<footer>no</footer>",
	    "paragraph [p]: yes\n");
	check_html("<html><body><p>no<main><header>head</header><aside>yes"
	    "</aside></main>",
	    "paragraph [main header]: head\n"
	    "paragraph [main aside]: yes\n");
}

static void
test_blocks__lists_of_links_give_links_but_no_text(void)
{
	check_html("<html><body><div class=toc><p>Contents</p>"
	    "<a href=\"#x\" id=no>x</a></div><p>yes</p>"
	    "<div class=relatedtopics><a href=other.html>Other</a></div>",
	    "paragraph [p]: yes\n");
	CHECK_STR(file.recs[0]->links->href, "#x");
	CHECK_STR(file.recs[0]->last_link->href, "other.html");
}

static void
test_blocks__a_wording_that_a_script_shows_is_text(void)
{
	check_html("<html><body><p>Choose <span class=switchinline>"
	    "<span hidden=\"true\" id=\"MACx\">Preferences</span>"
	    "<span hidden=\"true\" id=\"defaultx\">Options</span></span>.</p>",
	    "paragraph #defaultx [p]: Choose Options.\n");
	check_html("<html><body><p>before</p><div class=switch>"
	    "<div hidden=\"true\" id=\"CALCx\"><p>In Calc</p></div>"
	    "<div hidden=\"true\" id=\"DRAWx\"><p>no</p></div></div><p>after",
	    "paragraph [p]: before\n"
	    "paragraph #CALCx [div div p]: In Calc\n"
	    "paragraph [p]: after\n");
}

static void
test_blocks__the_main_content_is_no_empty_skip_target(void)
{
	check_html("<html><body><p>no</p><a id=main-content></a>"
	    "<div role=main><p>yes</p></div>",
	    "paragraph [main p]: yes\n");
	check_html("<html><body><main hidden><p>no</p></main><main><p>yes</p>"
	    "</main>",
	    "paragraph [main p]: yes\n");
}

static void
test_blocks__line_ends_of_every_kind_are_white_space(void)
{
	check_html("<html><body><p>one\r\ntwo\rthree</p><pre>\r\n\r\n  a\r\n"
	    "b\r\n\r\n</pre>",
	    "paragraph [p]: one two three\n"
	    "code [pre]:   a\nb\n");
}

static void
test_blocks__ranges_count_in_the_original_bytes(void)
{
	check_html("<html><head><meta charset=windows-1252></head><body><p>"
	    "caf\xe9 \x93q\x94</p><p>\x80 5</p></body></html>",
	    "paragraph [p]: caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d\n"
	    "paragraph [p]: \xe2\x82\xac 5\n");
	CHECK_INT(file.passages[0]->start, 55);
	CHECK_INT(file.passages[0]->end, 73);
	check_html("\xef\xbb\xbf<html><body><p>b\xc3\xa9</p></body></html>",
	    "paragraph [p]: b\xc3\xa9\n");
	CHECK_INT(file.passages[0]->start, 18);
	CHECK_INT(file.passages[0]->end, 21);
}

static void
test_blocks__depth_costs_no_stack(void)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, "<html><body>");
	for (int i = 0; i < 200000; i++)
		kb_buf_addc(&b, i % 3 == 0 ? "<div>" : i % 3 == 1 ? "<ul>" :
		    "<li>");
	kb_buf_addc(&b, "deep");
	CHECK(read_bytes(kb_buf_str(&b), "a.html"));
	CHECK_INT(file.n, 1);
	CHECK_STR(file.recs[0]->blocks->text, "deep");
	CHECK(file.recs[0]->blocks->context.n < 64 * 5);
	kb_buf_release(&b);
}

/* What holds for text depends on all that is around it, not on 64 names. */
static void
test_blocks__a_context_says_where_names_are_left_out(void)
{
	for (int depth = 40; depth <= 80; depth += 40) {
		struct kb_buf b = { 0 };
		struct kb_str context;

		kb_buf_addc(&b, "<html><body><pre>");
		for (int i = 0; i < depth; i++)
			kb_buf_addc(&b, "<i>");
		kb_buf_addc(&b, "x<p>y");
		CHECK(read_bytes(kb_buf_str(&b), "a.html"));
		context = file.recs[0]->blocks->context;
		if (depth < 64) {
			CHECK(kb_str_has_prefix(context, KB_STR("pre i i ")));
		} else {
			CHECK_STR(context, "#deep pre");
			context = file.passages[0]->context;
			CHECK(kb_str_has_prefix(context, KB_STR("#deep")));
		}
		kb_buf_release(&b);
	}
}

/* Each block has the names around it: one of a megabyte would be in all. */
static void
test_blocks__a_name_of_any_length_is_not_in_each_context(void)
{
	const struct kb_block *k;
	struct kb_buf b = { 0 };
	size_t n = 0;

	kb_buf_addc(&b, "<html><body><x");
	for (int i = 0; i < 50000; i++)
		kb_buf_addch(&b, 'a');
	kb_buf_addc(&b, "><div>");
	for (int i = 0; i < 1000; i++)
		kb_buf_addc(&b, "<p>text");
	CHECK(read_bytes(kb_buf_str(&b), "a.html"));
	CHECK(file.recs[0]->blocks != NULL);
	for (k = file.recs[0]->blocks; k != NULL; k = k->next)
		n += k->context.n;
	CHECK(n > 0 && n < 100000);
	kb_buf_release(&b);
}

/* ---- as people read it ---- */

static void
test_blocks__numbers_are_those_a_browser_shows(void)
{
	check_html("<html><body><ol type=a start=26><li>z<li>aa</ol>"
	    "<ol type=I start=4><li>four<li value=9>nine</ol>"
	    "<ol style=\"list-style: lower-roman inside\"><li>i<li>ii</ol>"
	    "<ol reversed start=2><li>two<li>one</ol><ol reversed><li>?</ol><ol start=0><li>zero<li>one</ol>"
	    "<ol start=-1><li>minus</ol><ol type=none><li>none</ol>"
	    "<ol><li><ol><li>both</ol></ol><ul><li>bullet</ul>",
	    "item 1 no 26 [ol:26a]: z. z\n"
	    "item 1 no 27 [ol:27a]: aa. aa\n"
	    "item 1 no 4 [ol:4I]: IV. four\n"
	    "item 1 no 9 [ol:9I]: IX. nine\n"
	    "item 1 no 1 [ol:1i]: i. i\n"
	    "item 1 no 2 [ol:2i]: ii. ii\n"
	    "item 1 no 2 [ol:2-]: 2. two\n"
	    "item 1 no 1 [ol:1-]: 1. one\n"
	    "item 1 no 1 [ol:0n- li]: ?\n"
	    "item 1 no 1 [ol:0]: 0. zero\n"
	    "item 1 no 1 [ol]: 1. one\n"
	    "item 1 no 1 [ol:-1]: -1. minus\n"
	    "item 1 no 1 [ol:2n li]: none\n"
	    "item 2 no 1 [ol]: 1. 1. both\n"
	    "item 1 [ul li]: bullet\n");
}

static void
test_blocks__a_number_stands_before_words_and_not_in_code(void)
{
	check_html("<html><body><ol><li><pre>  code</pre>then<li><p>p<p>q<li>"
	    "<table><tr><td>cell</table><li><img src=x.png><li>last</ol>",
	    "code 1 [ol:2 li pre]:   code\n"
	    "item 1 no 1 [ol:2 li]: then\n"
	    "item 1 no 2 [ol:2]: 2. p\n"
	    "item 1 no 2 [ol:3 li p]: q\n"
	    "row 1 [ol:4 li table tbody tr td]: cell\n"
	    "item 1 no 5 [ol:5]: 5. last\n");
}

static void
test_blocks__a_list_in_docbook_counts_as_it_says(void)
{
	check_page("a.xml", KB_STR("<article><title>T</title><para>x</para>"
	    "<orderedlist numeration=\"loweralpha\" startingnumber=\"3\">"
	    "<listitem><para>c</para></listitem><listitem><para>d</para>"
	    "</listitem></orderedlist></article>"),
	    "--\nparagraph [article para]: x\n"
	    "item 1 no 3 [article orderedlist:3a]: c. c\n"
	    "item 1 no 4 [article orderedlist:4a]: d. d\n");
}

static void
test_blocks__a_picture_says_what_its_alt_text_says(void)
{
	check_html("<html><body><p>Press<img src=a.png alt=\"the green\n"
	    " button\">twice <img src=x alt=\"\"><img src=y>now"
	    "<p><a href=x><img src=i.png alt=\"Open &amp; close\"></a>"
	    "<table><tr><td><img src=i.png alt=yes><td>b</table>",
	    "paragraph [p]: Press the green button twice now\n"
	    "paragraph [p a]: Open & close\n"
	    "row [table tbody tr td]: yes | b\n");
}

static void
test_blocks__a_file_name_or_a_caption_is_no_alt_text(void)
{
	check_html("<html><body><p>a<img src=\"/i/open-menu.png?v=1\" "
	    "alt=\"Open menu\">b<img src=x alt=IMG_01.JPG>c"
	    "<img src=x alt=no role=presentation>d"
	    "<figure><img src=x.png alt=\"The menu\"><figcaption>The menu"
	    "</figcaption></figure><figure><img src=x.png alt=\"A red dot\">"
	    "<figcaption>Fig. 2</figcaption></figure>",
	    "paragraph [p]: abcd\n"
	    "--\nparagraph [figure figcaption]: The menu\n"
	    "paragraph [figure]: A red dot\n"
	    "paragraph [figure figcaption]: Fig. 2\n");
}

static void
test_blocks__text_is_composed_and_without_what_nobody_sees(void)
{
	check_html("<html><body><p>cafe\xcc\x81 cafe<b>&#x301;</b> o\xef\xac"
	    "\x83" "ce \xef\xac\x81le mi&shy;cro\xe2\x80\x8bphone "
	    "a\xe2\x80\x8b b <b>&#x200b;</b>c"
	    "<p>\xe2\x80\x8b<p>\xe1\x84\x80\xe1\x85\xa1 \xe2\x84\xab",
	    "paragraph [p]: caf\xc3\xa9 caf\xc3\xa9 office file "
	    "microphone a b c\n"
	    "paragraph [p]: \xea\xb0\x80 \xc3\x85\n");
}

static void
test_blocks__what_mathml_does_not_draw_is_no_text(void)
{
	check_html("<html><body><p>So <math><semantics><mi>x</mi><annotation>"
	    "\\xi</annotation><annotation-xml encoding=text/html><p>xi</p>"
	    "</annotation-xml></semantics><mphantom><mn>2</mn></mphantom>"
	    "</math> is",
	    "paragraph [p]: So x is\n");
}

static void
test_blocks__names_of_svg_and_mathml_mean_nothing_of_htmls(void)
{
	check_html("<html><body>x<math><main>a<caption>b</caption>c",
	    "paragraph []: xabc\n");
	check_html("<html><body>a<SVG>b</SVG><Math><mi>c<Annotation>d",
	    "paragraph []: ac\n");
}

static void
test_blocks__a_name_with_a_prefix_is_its_own_in_html(void)
{
	check_html("<html><body>be<epub:title>fo</epub:title>re<x:p>hand"
	    "</x:p>",
	    "paragraph []: beforehand\n");
}

static void
test_blocks__spaces_of_every_width_are_white_space(void)
{
	check_html("<html><body><p>a\xc2\xa0\xe2\x80\x89" "b&emsp;c"
	    "\xe3\x80\x80" "d&nbsp; <pre>a\xc2\xa0 b\xc2\xa0</pre>",
	    "paragraph [p]: a b c d\n"
	    "code [pre]: a\xc2\xa0 b\n");
}

static void
test_blocks__joiners_stay_where_a_script_needs_them(void)
{
	check_html("<html><body><p>\xd9\x85\xdb\x8c&zwnj;"
	    "\xd8\xb4\xd9\x88\xd8\xaf a&zwnj;b&zwj;c "
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb "
	    "\xe2\x9d\xa4\xef\xb8\x8f",
	    "paragraph [p]: \xd9\x85\xdb\x8c\xe2\x80\x8c"
	    "\xd8\xb4\xd9\x88\xd8\xaf abc "
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb "
	    "\xe2\x9d\xa4\xef\xb8\x8f\n");
}

static void
test_blocks__collapsed_details_are_text(void)
{
	check_html("<html><body><details><summary>More</summary><p>inside</p>"
	    "</details><div hidden=until-found>found</div>",
	    "paragraph [details summary]: More\n"
	    "paragraph [details p]: inside\n"
	    "paragraph [div]: found\n");
}

/* ---- pages of exports ---- */

static void
test_blocks__a_table_that_is_all_metadata_is_left_out(void)
{
	check_html("<html><body><p>before</p><table><tr><th>Owner</th><td>Ann"
	    "</td></tr><tr><th>Next review:</th><td>2027-01-01</td></tr>"
	    "</table><p>after</p>",
	    "paragraph [p]: before\n"
	    "--\nparagraph [p]: after\n");
	CHECK_STR(file.recs[0]->values[KB_F_OWNER]->text, "Ann");
	check_html("<html><body><table><tr><th>Owner</th><td>Ann</td></tr>"
	    "<tr><th>Colour</th><td>Red</td></tr></table>",
	    "row [table tbody tr th]: Owner | Ann\n"
	    "row [table tbody tr th]: Colour | Red\n");
}

static void
test_blocks__confluences_own_index_is_no_article(void)
{
	static const char page[] = "<html><body><div id=main><h1 id="
	    "title-heading><span id=title-text>Espace :</span></h1>"
	    "<div id=content><div id=main-content class=pageSection><table>"
	    "</table></div><div class=pageSection><div class="
	    "pageSectionHeader><h2 class=pageSectionTitle>Pages</h2></div>"
	    "<ul><li><a href=a_1.html>A</a></li></ul></div></div></div>";

	CHECK(read_bytes(kb_str_c(page), "liste.html"));
	CHECK_INT(file.n, 1);
	CHECK(file.recs[0]->dropped);
	CHECK_STR(file.recs[0]->drop_reason, "export's own index");
	CHECK(file.recs[0]->blocks == NULL);
	CHECK_STR(file.recs[0]->links->href, "a_1.html");
}

static void
test_blocks__a_page_with_attachments_is_an_article(void)
{
	check_html("<html><body><div id=main><h1 id=title-heading>"
	    "<span id=title-text> Space : Page</span></h1><div id=content>"
	    "<div id=main-content class=\"wiki-content group\"><p>text</p>"
	    "</div><div class=pageSection><h2 class=pageSectionTitle>"
	    "Attachments:</h2></div></div></div>",
	    "paragraph [p]: text\n");
	CHECK(!file.recs[0]->dropped);
	CHECK_STR(file.recs[0]->values[KB_F_TITLE]->text, "Page");
}

static void
test_blocks__a_title_has_no_marks_for_the_mouse(void)
{
	check_html("<html><body><div role=main><h1>9.3.&nbsp; Sums<a class="
	    "headerlink href=#s>\xc2\xb6</a></h1><p>text</p></div>",
	    "--\nparagraph [main p]: text\n");
	CHECK_STR(file.recs[0]->values[KB_F_TITLE]->text, "9.3. Sums");
}

/* ---- XML ---- */

static void
check_xml(const char *page, const char *want)
{
	check_page("a.xml", kb_str_c(page), want);
}

static void
test_blocks__mallard(void)
{
	check_xml("<page xmlns=\"http://projectmallard.org/1.0/\" id=\"m\">"
	    "<info><desc>No</desc></info><title>The\n  title</title>"
	    "<p>Press <keyseq><key>Ctrl</key> <key>C</key></keyseq> or "
	    "<guiseq><gui>File</gui><gui>Close</gui></guiseq>.</p>"
	    "<steps><title>To do</title><item><p>One <code>x</code></p>"
	    "<code>  a\n  b</code></item><item><p>Two</p></item></steps>"
	    "<terms><item><title>T</title><p>D</p></item></terms>"
	    "<note><title>Tip</title><p>tipped</p></note>"
	    "<section id=\"s\"><title>Sec</title><p>in sec</p>"
	    "<section id=\"d\"><title>Deep</title><table><thead><tr><td>"
	    "<p>A</p></td><td><p>B</p></td></tr></thead><tr><td><p>1</p></td>"
	    "<td><p>2</p><p>3</p></td></tr></table></section></section>"
	    "</page>",
	    "--\nparagraph [page p]: Press Ctrl+C or File > Close.\n"
	    "paragraph 1 leads [page steps title]: To do\n"
	    "item 1 no 1 [page steps]: 1. One x\n"
	    "code 1 [page steps:2 item code]:   a\n  b\n"
	    "item 1 no 2 [page steps:2]: 2. Two\n"
	    "item 1 leads [page terms item title]: T\n"
	    "item 1 [page terms item p]: D\n"
	    "note leads [page note title]: Tip\n"
	    "note [page note p]: tipped\n"
	    "heading 2 #s [page section title]: Sec\n"
	    "paragraph [page section p]: in sec\n"
	    "heading 3 #d [page section section title]: Deep\n"
	    "row leads [page section section table thead tr td p]: A | B\n"
	    "row [page section section table tr td p]: 1 | 2 3\n");
}

static void
test_blocks__docbook(void)
{
	check_xml("<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n"
	    "<article id=\"a\"><title>Doc</title><para>caf\xe9 &amp; "
	    "<emphasis>x</emphasis><footnote><para>foot</para></footnote>"
	    "</para><screen>\n<![CDATA[if (a < b && c)\n  go();]]>\n</screen>"
	    "<programlisting><![CDATA[<foo>&bar;</foo>]]></programlisting>"
	    "<bridgehead>Bridge</bridgehead><variablelist><varlistentry>"
	    "<term>T</term><listitem><para>D</para></listitem></varlistentry>"
	    "</variablelist><sect1 id=\"s1\"><title>One</title><procedure>"
	    "<title>How</title><step><para>first</para><substeps><step>"
	    "<para>sub</para></step></substeps></step><step><para>second"
	    "</para></step></procedure><note><para>noted</para></note><para>"
	    "<keycombo><keycap>A</keycap><keycap>B</keycap></keycombo> x"
	    "</para><informaltable><tgroup cols=\"2\"><thead><row><entry>H"
	    "</entry><entry>I</entry></row></thead><tbody><row><entry>a"
	    "</entry><entry><para>b</para><para>c</para></entry></row>"
	    "</tbody></tgroup></informaltable></sect1></article>",
	    "--\nparagraph [article para]: caf\xc3\xa9 & x foot\n"
	    "code [article screen #cdata]: if (a < b && c)\n  go();\n"
	    "code [article programlisting #cdata]: <foo>&bar;</foo>\n"
	    "heading 1 [article bridgehead]: Bridge\n"
	    "item 1 leads [article variablelist varlistentry term]: T\n"
	    "item 1 [article variablelist varlistentry listitem para]: D\n"
	    "heading 2 #s1 [article sect1 title]: One\n"
	    "paragraph 1 leads [article sect1 procedure title]: How\n"
	    "item 1 no 1 [article sect1 procedure]: 1. first\n"
	    "item 2 no 1 [article sect1 procedure:2 step substeps]: 1. sub\n"
	    "item 1 no 2 [article sect1 procedure:2]: 2. second\n"
	    "note [article sect1 note para]: noted\n"
	    "paragraph [article sect1 para keycombo keycap]: A+B x\n"
	    "row leads [article sect1 informaltable tgroup thead row entry]: "
	    "H | I\n"
	    "row [article sect1 informaltable tgroup tbody row entry]: "
	    "a | b c\n");
}

static void
test_blocks__servicenows_ranges_count_in_the_decoded_field(void)
{
	check_xml("<?xml version=\"1.0\"?>\n<unload><kb_knowledge><number>KB1"
	    "</number><short_description>S</short_description><text>"
	    "&lt;p&gt;a &amp;amp; b&lt;/p&gt;\n&lt;ol&gt;&lt;li&gt;one&lt;"
	    "/li&gt;&lt;/ol&gt;</text><workflow_state>published"
	    "</workflow_state></kb_knowledge></unload>",
	    "paragraph [p]: a & b\n"
	    "item 1 no 1 [ol]: 1. one\n");
	CHECK_INT(file.passages[0]->start, 3);
	CHECK_INT(file.passages[0]->end, 28);
	CHECK_STR(file.recs[0]->parts[0].field, "text");
}

static void
test_blocks__wordpress_parts_paragraphs_by_empty_lines(void)
{
	check_xml("<?xml version=\"1.0\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item>"
	    "<title>W</title><content:encoded><![CDATA[First para\n"
	    "second line\n\nNext <b>para</b>.\n\n<h3>Head</h3>\n<ul>\n"
	    " \t<li>x</li>\n</ul>\n]]]]><![CDATA[> tail]]></content:encoded>"
	    "<wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type>"
	    "<wp:status>publish</wp:status></item></channel></rss>",
	    "paragraph []: First para\nsecond line\n"
	    "paragraph []: Next para.\n"
	    "heading 3 [h3]: Head\n"
	    "item 1 [ul li]: x\n"
	    "paragraph []: ]]> tail\n");
}

static void
test_blocks__our_own_shape_keeps_every_heading(void)
{
	check_xml("<article format=\"1\"><id>a1</id><title>Art</title><body>"
	    "<heading>First</heading><p>text</p><section><heading>Second"
	    "</heading><steps><item>one</item></steps><table><row><cell>a"
	    "</cell><cell>b</cell></row></table><code> x\n y</code><note>n"
	    "</note><list><item><term>t</term>d</item></list></section>"
	    "</body></article>",
	    "heading 1 [body heading]: First\n"
	    "paragraph [body p]: text\n"
	    "heading 2 [body section heading]: Second\n"
	    "item 1 no 1 [body section steps]: 1. one\n"
	    "row [body section table row cell]: a | b\n"
	    "code [body section code]:  x\n y\n"
	    "note [body section note]: n\n"
	    "item 1 leads [body section list item term]: t\n"
	    "item 1 [body section list item]: d\n");
}

int
main(void)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK)
		return 1;
	kb_arena_init(&arena, 0);
	RUN(test_blocks__lists_know_depth_and_number);
	RUN(test_blocks__a_row_is_one_block_and_its_cells_are_parted);
	RUN(test_blocks__text_moved_out_of_a_table_joins_what_its_bytes_follow);
	RUN(test_blocks__white_space_cut_off_from_code_is_no_block);
	RUN(test_blocks__what_is_around_a_table_holds_for_what_is_read_alone);
	RUN(test_blocks__a_table_for_looks_is_no_table);
	RUN(test_blocks__a_heading_alone_in_a_cell_leaves_a_table_a_table);
	RUN(test_blocks__markup_inside_words_does_not_part_them);
	RUN(test_blocks__a_bold_line_leads_but_a_bold_sentence_does_not);
	RUN(test_blocks__a_term_leads_its_definition);
	RUN(test_blocks__anchors_are_a_blocks_own_or_just_before_it);
	RUN(test_blocks__a_heading_in_a_note_heads_no_section);
	RUN(test_blocks__a_heading_ends_where_a_paragraph_begins);
	RUN(test_blocks__a_title_without_an_end_takes_no_text_with_it);
	RUN(test_blocks__lines_of_a_title_are_words_apart);
	RUN(test_blocks__what_nobody_sees_is_left_out);
	RUN(test_blocks__furniture_is_left_out);
	RUN(test_blocks__lists_of_links_give_links_but_no_text);
	RUN(test_blocks__a_wording_that_a_script_shows_is_text);
	RUN(test_blocks__the_main_content_is_no_empty_skip_target);
	RUN(test_blocks__line_ends_of_every_kind_are_white_space);
	RUN(test_blocks__ranges_count_in_the_original_bytes);
	RUN(test_blocks__depth_costs_no_stack);
	RUN(test_blocks__a_context_says_where_names_are_left_out);
	RUN(test_blocks__a_name_of_any_length_is_not_in_each_context);
	RUN(test_blocks__numbers_are_those_a_browser_shows);
	RUN(test_blocks__a_number_stands_before_words_and_not_in_code);
	RUN(test_blocks__a_list_in_docbook_counts_as_it_says);
	RUN(test_blocks__a_picture_says_what_its_alt_text_says);
	RUN(test_blocks__a_file_name_or_a_caption_is_no_alt_text);
	RUN(test_blocks__text_is_composed_and_without_what_nobody_sees);
	RUN(test_blocks__what_mathml_does_not_draw_is_no_text);
	RUN(test_blocks__names_of_svg_and_mathml_mean_nothing_of_htmls);
	RUN(test_blocks__a_name_with_a_prefix_is_its_own_in_html);
	RUN(test_blocks__spaces_of_every_width_are_white_space);
	RUN(test_blocks__joiners_stay_where_a_script_needs_them);
	RUN(test_blocks__collapsed_details_are_text);
	RUN(test_blocks__a_table_that_is_all_metadata_is_left_out);
	RUN(test_blocks__confluences_own_index_is_no_article);
	RUN(test_blocks__a_page_with_attachments_is_an_article);
	RUN(test_blocks__a_title_has_no_marks_for_the_mouse);
	RUN(test_blocks__mallard);
	RUN(test_blocks__docbook);
	RUN(test_blocks__servicenows_ranges_count_in_the_decoded_field);
	RUN(test_blocks__wordpress_parts_paragraphs_by_empty_lines);
	RUN(test_blocks__our_own_shape_keeps_every_heading);
	kb_arena_release(&arena);
	kb_profiles_free(profiles);
	return test_done();
}
