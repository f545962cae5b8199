/* The HTML reader: tokens, references, tree, ranges, hostile nesting. */
#include <stdlib.h>
#include <time.h>

#include "buf.h"
#include "html.h"
#include "html_token.h"
#include "test.h"

static struct kb_arena arena;

static struct kb_node *
parse(struct kb_str text, bool fragment, bool comments)
{
	struct kb_html_opts opts = { .fragment = fragment,
	    .comments = comments };
	struct kb_node *root = NULL;

	kb_arena_reset(&arena);
	CHECK_INT(kb_html_parse(&root, text, &opts, &arena, NULL, NULL),
	    KB_OK);
	return root;
}

static void
show_close(struct kb_buf *out, const struct kb_node *n)
{
	kb_buf_addc(out, "</");
	kb_buf_add(out, n->name);
	kb_buf_addc(out, ">");
}

/* The tree below "top" as markup; made-up elements are in lower case too. */
static struct kb_str
show(const struct kb_node *top)
{
	struct kb_buf out = { 0 };
	const struct kb_node *n = top->first;
	struct kb_str s;

	while (n != NULL) {
		if (n->kind == KB_NODE_TEXT) {
			kb_buf_add(&out, n->text);
		} else if (n->kind == KB_NODE_COMMENT) {
			kb_buf_addc(&out, "<!--");
			kb_buf_add(&out, n->text);
			kb_buf_addc(&out, "-->");
		} else {
			kb_buf_addc(&out, "<");
			kb_buf_add(&out, n->name);
			kb_buf_addc(&out, ">");
			if (n->first != NULL) {
				n = n->first;
				continue;
			}
			show_close(&out, n);
		}
		while (n != top && n->next == NULL) {
			n = n->parent;
			if (n != top)
				show_close(&out, n);
		}
		if (n == top)
			break;
		n = n->next;
	}
	s = kb_arena_copy(&arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return s;
}

/* A piece of a body. */
static struct kb_str
piece(const char *text)
{
	return show(parse(kb_str_c(text), true, true));
}

/* What is in the body of a document. */
static struct kb_str
body(const char *text)
{
	struct kb_node *n = parse(kb_str_c(text), false, false);

	return show(n->first->last);
}

static struct kb_node *
find(struct kb_node *root, const char *name)
{
	struct kb_node *n;

	for (n = root; n != NULL; n = kb_node_next(n, root))
		if (n->kind == KB_NODE_ELEMENT &&
		    kb_str_eq(n->name, kb_str_c(name)))
			return n;
	return NULL;
}

static struct kb_str
attr(const char *text, const char *name)
{
	struct kb_node *root = parse(kb_str_c(text), true, false);

	if (root->first == NULL)
		return KB_STR("(no element)");
	return kb_node_attr(root->first, kb_str_c(name), NULL);
}

/* ---- tokens ---- */

static void
test_html__known_names_are_found_in_any_case(void)
{
	int i;

	for (i = 1; i < KB_TAG_N; i++)
		CHECK_INT(kb_html_tag_find(kb_html_tag_name(
		    (enum kb_html_tag)i)), i);
	CHECK_INT(kb_html_tag_find(KB_STR("TaBLe")), KB_TAG_TABLE);
	CHECK_INT(kb_html_tag_find(KB_STR("p\0")), KB_TAG_UNKNOWN);
	CHECK_INT(kb_html_tag_find(KB_STR("")), KB_TAG_UNKNOWN);
	CHECK_INT(kb_html_tag_find(KB_STR("{p")), KB_TAG_UNKNOWN);
	CHECK_INT(kb_html_tag_find(KB_STR("blockquotations-and")),
	    KB_TAG_UNKNOWN);
}

static void
test_html__comments_end_as_the_standard_says(void)
{
	CHECK_STR(piece("a<!-->b"), "a<!---->b");
	CHECK_STR(piece("a<!--->b"), "a<!---->b");
	CHECK_STR(piece("a<!--x--!>b"), "a<!--x-->b");
	CHECK_STR(piece("a<!--x-->b-->"), "a<!--x-->b-->");
	CHECK_STR(piece("a<!--x--->b"), "a<!--x--->b");
	CHECK_STR(piece("a<!-- > -- >b"), "a<!-- > -- >b-->");
	CHECK_STR(piece("a<!x>b</ y>c<?z?>d</>e"),
	    "a<!--x-->b<!-- y-->c<!--?z?-->de");
}

static void
test_html__comments_are_left_out_unless_asked_for(void)
{
	CHECK_STR(body("<p>a<!-- x -->b"), "<p>ab</p>");
}

static void
test_html__lone_angle_brackets_are_text(void)
{
	CHECK_STR(piece("1 < 2 <3 <"), "1 < 2 <3 <");
	CHECK_STR(piece("a</"), "a</");
	CHECK_STR(piece("a <b"), "a ");
}

static void
test_html__attributes_are_read_in_every_form(void)
{
	CHECK_STR(attr("<a A=1>", "a"), "1");
	CHECK_STR(attr("<a b = 'x y'c=\"z\">", "b"), "x y");
	CHECK_STR(attr("<a b = 'x y'c=\"z\">", "c"), "z");
	CHECK_STR(attr("<a b/c=d/e>", "c"), "d/e");
	CHECK_STR(attr("<a x=1 x=2>", "x"), "1");
	CHECK_STR(attr("<a =x=1>", "=x"), "1");
	CHECK_STR(attr("<a b='1\r\n2\r3'>", "b"), "1\n2\n3");
}

static void
test_html__attribute_past_the_cap_is_dropped(void)
{
	struct kb_buf b = { 0 };
	struct kb_attr *a;
	int i, n = 0;

	kb_buf_addc(&b, "<a");
	for (i = 0; i < KB_HTML_MAX_ATTRS + 10; i++)
		kb_buf_printf(&b, " a%d=%d", i, i);
	kb_buf_addc(&b, ">x");
	for (a = parse(kb_buf_str(&b), true, false)->first->attrs; a != NULL;
	    a = a->next)
		n++;
	CHECK_INT(n, KB_HTML_MAX_ATTRS);
	kb_buf_release(&b);
}

static void
test_html__references_decode_with_and_without_semicolon(void)
{
	CHECK_STR(piece("&amp;&lt;&nbsp;&check;"), "&<\302\240\342\234\223");
	CHECK_STR(piece("&lt &notit; &notin; &copyx"),
	    "< \302\254it; \342\210\211 \302\251x");
	CHECK_STR(piece("&foo; &; & &amp AT&T"), "&foo; &; & & AT&T");
	CHECK_STR(piece("&NotEqualTilde;"), "\342\211\202\314\270");
	CHECK_STR(piece("&CounterClockwiseContourIntegral;"),
	    "\342\210\263");
}

static void
test_html__numeric_references_follow_the_standard(void)
{
	CHECK_STR(piece("&#65;&#x42;&#X43"), "ABC");
	CHECK_STR(piece("&#x80;&#150;&#x81;"),
	    "\342\202\254\342\200\223\302\201");
	CHECK_STR(piece("&#0;&#xd800;&#x110000;&#99999999999;"),
	    "\357\277\275\357\277\275\357\277\275\357\277\275");
	CHECK_STR(piece("&#x1F600;"), "\360\237\230\200");
	CHECK_STR(piece("&#;&#x;&#xg;"), "&#;&#x;&#xg;");
}

static void
test_html__references_in_attributes_spare_query_strings(void)
{
	CHECK_STR(attr("<a b='?a=1&copy=2&amp;c'>", "b"),
	    "?a=1&copy=2&c");
	CHECK_STR(attr("<a b='&copy;&copy &copyx'>", "b"),
	    "\302\251\302\251 &copyx");
}

static void
test_html__entity_lookup_wants_the_whole_name(void)
{
	CHECK_STR(kb_html_entity(KB_STR("nbsp")), "\302\240");
	CHECK_STR(kb_html_entity(KB_STR("zwnj")), "\342\200\214");
	CHECK_STR(kb_html_entity(KB_STR("AElig")), "\303\206");
	CHECK_STR(kb_html_entity(KB_STR("nbs")), "");
	CHECK_STR(kb_html_entity(KB_STR("nbsp;")), "");
	CHECK_STR(kb_html_entity(KB_STR("")), "");
}

/* Whatever is not in order cannot be found by halving. */
static void
test_html__every_entity_is_found(void)
{
	size_t i, bare = 0;

	for (i = 0; i < kb_html_nentities; i++) {
		CHECK_STR(kb_html_entity(kb_str_c(kb_html_entities[i].name)),
		    kb_html_entities[i].value);
		bare += kb_html_entities[i].bare;
	}
	CHECK_INT(kb_html_nentities + bare, 2231);
}

static void
test_html__raw_text_holds_markup(void)
{
	CHECK_STR(piece("<style><b>&amp;</style>x"),
	    "<style><b>&amp;</style>x");
	CHECK_STR(piece("<textarea>\n<b>&amp;</textareas></TEXTAREA >x"),
	    "<textarea><b>&</textareas></textarea>x");
	CHECK_STR(piece("<xmp><p></xmp><iframe><p></iframe>x"),
	    "<xmp><p></xmp><iframe><p></iframe>x");
	CHECK_STR(piece("<plaintext><b></plaintext>"),
	    "<plaintext><b></plaintext></plaintext>");
}

static void
test_html__scripts_end_where_the_standard_says(void)
{
	CHECK_STR(piece("<script>a<!--</script>x"),
	    "<script>a<!--</script>x");
	CHECK_STR(piece("<script><!--<script></script>--></script>x"),
	    "<script><!--<script></script>--></script>x");
	CHECK_STR(piece("<script><!--><script></script>x"),
	    "<script><!--><script></script>x");
	CHECK_STR(piece("<script></scripty></script>x"),
	    "<script></scripty></script>x");
}

static void
test_html__cdata_is_text_in_svg_only(void)
{
	CHECK_STR(piece("<svg><![CDATA[a<b>&amp;]]>c</svg><![CDATA[d]]>"),
	    "<svg>a<b>&amp;c</svg><!--[CDATA[d]]-->");
}

static void
test_html__newlines_are_normalised_and_nul_is_dropped(void)
{
	CHECK_STR(show(parse(KB_STR("a\r\nb\rc\0d"), true, false)),
	    "a\nb\ncd");
}

/* ---- tree ---- */

static void
test_html__a_document_has_html_head_and_body(void)
{
	CHECK_STR(show(parse(KB_STR(""), false, false)),
	    "<html><head></head><body></body></html>");
	CHECK_STR(show(parse(KB_STR(" <!doctype html>\n<title>T</title> "
	    "<p>x"), false, false)),
	    "<html><head><title>T</title> </head><body><p>x</p></body>"
	    "</html>");
	CHECK_STR(show(parse(KB_STR("<frameset><frame></frameset>"), false,
	    false)), "<html><head></head><frameset><frame></frame>"
	    "</frameset><body></body></html>");
}

static void
test_html__made_up_elements_have_no_bytes(void)
{
	struct kb_node *root = parse(KB_STR("x"), false, false), *n;

	n = find(root, "head");
	CHECK_INT(n->end - n->start, 0);
	n = find(root, "body");
	CHECK_INT(n->end - n->start, 0);
	CHECK_INT(root->end, 1);
}

static void
test_html__late_title_goes_to_the_head(void)
{
	struct kb_node *root = parse(KB_STR("<head></head><title>T</title>"
	    "<body>x"), false, false);

	CHECK_STR(show(find(root, "head")), "<title>T</title>");
	CHECK_STR(show(find(root, "body")), "x");
}

static void
test_html__blocks_close_a_paragraph(void)
{
	CHECK_STR(body("<p>a<p>b<div>c</div>d"),
	    "<p>a</p><p>b</p><div>c</div>d");
	CHECK_STR(body("<p>a<h2>b<h3>c"), "<p>a</p><h2>b</h2><h3>c</h3>");
	CHECK_STR(body("<p>a<button><p>b</button>c"),
	    "<p>a<button><p>b</p></button>c</p>");
	CHECK_STR(body("a</p>b</br>c"), "a<p></p>b<br></br>c");
}

static void
test_html__items_close_their_like_in_the_same_list(void)
{
	CHECK_STR(body("<ul><li>a<ul><li>b<li>c</ul><li>d"),
	    "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>");
	CHECK_STR(body("<dl><dt>a<dd>b<div>c<dt>d"),
	    "<dl><dt>a</dt><dd>b<div>c</div></dd><dt>d</dt></dl>");
	CHECK_STR(body("<ul><li>a</ol></li>b"), "<ul><li>a</li>b</ul>");
}

static void
test_html__tables_get_their_missing_parts(void)
{
	CHECK_STR(body("<table><td>a<td>b<tr><th>c</table>d"),
	    "<table><tbody><tr><td>a</td><td>b</td></tr>"
	    "<tr><th>c</th></tr></tbody></table>d");
	CHECK_STR(body("<table><caption>a<col><thead><tr><td>b<tfoot>"),
	    "<table><caption>a</caption><colgroup><col></col></colgroup>"
	    "<thead><tr><td>b</td></tr></thead><tfoot></tfoot></table>");
	CHECK_STR(body("<table><tr><td><table><tr><td>a</table>b</table>c"),
	    "<table><tbody><tr><td><table><tbody><tr><td>a</td></tr></tbody>"
	    "</table>b</td></tr></tbody></table>c");
}

static void
test_html__what_a_table_cannot_hold_stands_before_it(void)
{
	CHECK_STR(body("a<table>b<tr>c<td>d</td>e</table>f"),
	    "abce<table><tbody><tr><td>d</td></tr></tbody></table>f");
	CHECK_STR(body("<table> <tr><p>x</table>"),
	    "<p>x</p><table> <tbody><tr></tr></tbody></table>");
	CHECK_STR(body("<table>a&amp; b<td>c"),
	    "a& b<table><tbody><tr><td>c</td></tr></tbody></table>");
}

static void
test_html__misnested_formatting_keeps_text_and_blocks(void)
{
	CHECK_STR(body("<b>a<p>b</b>c</p>d"), "<b>a<p>bc</p></b>d");
	CHECK_STR(body("<b>a<i>b</b>c</i>d"), "<b>a<i>bc</i></b>d");
	CHECK_STR(body("<a>b<a>c</a>d"), "<a>b</a><a>c</a>d");
	CHECK_STR(body("<b><svg></b>c"), "<b><svg></svg></b>c");
}

static void
test_html__misnested_formatting_leaves_no_span_open(void)
{
	CHECK_STR(body("<b><span><i>a</b>b"), "<b><span><i>a</i></span></b>b");
	CHECK_STR(body("<b><i><span><u>a</b>b</i>c"),
	    "<b><i><span><u>a</u></span>b</i></b>c");
}

/* Not as the standard says, which depends on more than is open. */
static void
test_html__forms_nest(void)
{
	CHECK_STR(body("<p>a<form>b<form>c</form>d</form>e"),
	    "<p>a</p><form>b<form>c</form>d</form>e");
	CHECK_STR(body("<form><div></form>a</div><form>b"),
	    "<form><div>a</div></form><form>b</form>");
	CHECK_STR(body("<table><form><tr><td>a</form>b</table><form>c"),
	    "<table><form></form><tbody><tr><td>ab</td></tr></tbody></table>"
	    "<form>c</form>");
	CHECK_STR(body("<table><b>a<form>b</form>c"),
	    "<b>a<form>b</form>c</b><table></table>");
}

static void
test_html__end_tags_without_a_start_are_ignored(void)
{
	CHECK_STR(body("a</b></div></x></li></td></h1>b"), "ab");
	CHECK_STR(body("<div><x>a</div>b</x>c"), "<div><x>a</x></div>bc");
	CHECK_STR(body("<x><div>a</x>b"), "<x><div>ab</div></x>");
}

static void
test_html__text_behind_the_body_belongs_to_it(void)
{
	CHECK_STR(body("<body>a</body></html><p>b"), "a<p>b</p>");
}

static void
test_html__blocks_end_svg(void)
{
	CHECK_STR(body("<svg><title>a</title><g>b<p>c"),
	    "<svg><title>a</title><g>b</g></svg><p>c</p>");
	CHECK_STR(body("<svg><foreignObject><p>a</p></foreignObject>b</svg>"
	    "c"),
	    "<svg><foreignobject><p>a</p></foreignobject>b</svg>c");
	CHECK_STR(body("<svg><title/>a</svg>b"),
	    "<svg><title></title>a</svg>b");
}

static void
test_html__select_keeps_options_and_text_only(void)
{
	CHECK_STR(body("<select><option>a<option><div>b</div></select>c"),
	    "<select><option>a</option><option>b</option></select>c");
	CHECK_STR(body("<table><td><select><option>a<td>b"),
	    "<table><tbody><tr><td><select><option>a</option></select></td>"
	    "<td>b</td></tr></tbody></table>");
}

static void
test_html__template_and_noscript_keep_their_content(void)
{
	CHECK_STR(body("<p><template><tr><td>a</template>b"),
	    "<p><template><tr><td>a</td></tr></template>b</p>");
	CHECK_STR(body("<p><noscript><b>a</b></noscript>"),
	    "<p><noscript><b>a</b></noscript></p>");
}

static void
test_html__a_template_bounds_the_tables_around_it(void)
{
	CHECK_STR(body("<table><td><template><tr><td>a</tr></table>b"
	    "</template>c"), "<table><tbody><tr><td><template><tr><td>a</td>"
	    "</tr>b</template>c</td></tr></tbody></table>");
}

static void
test_html__a_frameset_comes_too_late_behind_text(void)
{
	CHECK_STR(body("a<frameset><frame></frameset>b"), "ab");
	CHECK_STR(body("<p><frameset><frame>"), "");
	CHECK_STR(body("<br><frameset><frame>"), "<br></br>");
}

static void
test_html__math_holds_html_at_its_integration_points(void)
{
	CHECK_STR(body("<math><mi><p>a</p></mi></math>b"),
	    "<math><mi><p>a</p></mi></math>b");
	CHECK_STR(body("<math><annotation-xml encoding=text/html><p>a"),
	    "<math><annotation-xml><p>a</p></annotation-xml></math>");
	CHECK_STR(body("<math><annotation-xml><p>a"),
	    "<math><annotation-xml></annotation-xml></math><p>a</p>");
}

static void
test_html__nothing_closes_what_is_sealed(void)
{
	struct kb_html_opts opts = { .fragment = true, .body = true,
	    .sealed = 6 };
	struct kb_node *root = NULL;

	kb_arena_reset(&arena);
	CHECK_INT(kb_html_parse(&root, KB_STR("<main><p>a</main>b<p>c"),
	    &opts, &arena, NULL, NULL), KB_OK);
	CHECK_STR(show(root), "<main><p>ab</p><p>c</p></main>");
	CHECK_INT(root->first->end, root->end);
}

static void
test_html__a_fragment_keeps_rows_and_cells(void)
{
	CHECK_STR(piece("a</td><td>b</tr><tr><td>c"),
	    "a<td>b</td><tr><td>c</td></tr>");
	CHECK_STR(piece("<body><p>a</body></html>b"), "<p>ab</p>");
}

/* ---- ranges ---- */

static bool
range_holds(const struct kb_node *n, struct kb_str in)
{
	if (n->start > n->end || n->end > in.n)
		return false;
	if (n->kind != KB_NODE_TEXT || kb_str_eq(n->text,
	    kb_str(in.p + n->start, n->end - n->start)))
		return true;
	/* Else one reference, line end or NUL. */
	return strchr("&\r", in.p[n->start]) != NULL;
}

static void
check_ranges(struct kb_str in, bool fragment)
{
	struct kb_node *root = parse(in, fragment, true), *n;

	for (n = root; n != NULL; n = kb_node_next(n, root)) {
		CHECK(range_holds(n, in));
		CHECK(n->depth <= KB_HTML_MAX_DEPTH + 1);
		CHECK(n == root || n->depth == n->parent->depth + 1);
		CHECK(n->kind != KB_NODE_TEXT || n->text.n > 0);
	}
}

static void
test_html__ranges_cover_tags_and_text(void)
{
	struct kb_str in = KB_STR("<p>a&amp;b<b>\nc</b></p>\n<ul><li>d<li>e");
	struct kb_node *root = parse(in, true, false), *n;

	n = find(root, "p");
	CHECK_INT(n->start, 0);
	CHECK_INT(n->end, 23);
	CHECK_INT(n->first->next->start, 4);
	CHECK_INT(n->first->next->end, 9);
	CHECK(n->first->text.p == in.p + 3);
	n = find(root, "b");
	CHECK_INT(n->start, 10);
	CHECK_INT(n->end, 19);
	n = find(root, "li");
	CHECK_INT(n->start, 28);
	CHECK_INT(n->end, 33);
	CHECK_INT(n->line, 3);
	CHECK_INT(n->next->end, in.n);
}

static void
test_html__ranges_hold_on_any_soup(void)
{
	static const char *const bits[] = { "<p>", "</p>", "<b>", "</b>",
	    "<table>", "</table>", "<tr>", "<td>", "</td>", "<li>", "<ul>",
	    "<div>", "</div>", "x", " ", "&amp;", "&lt", "\r\n", "<svg>",
	    "</svg>", "<title>", "</title>", "<a href='&copy;'>", "</a>",
	    "<select>", "<option>", "</select>", "<!--", "-->", "<template>",
	    "</template>", "<form>", "</form>", "<caption>", "<button>",
	    "</body>", "<body>", "<math><mi>", "</mi>", "<x-y>", "</x-y>",
	    "<frameset>", "<h1>", "</h2>", "<br>", "<foreignObject>", "<pre>",
	    "<script>", "</script>", "<", ">", "'", "<dd>", "<col>" };
	uint32_t seed = 42;
	int i, j;

	for (i = 0; i < 1500; i++) {
		struct kb_buf b = { 0 };

		for (j = 0; j < 60; j++) {
			seed = seed * 1103515245 + 12345;
			kb_buf_addc(&b, bits[(seed >> 16) %
			    (sizeof(bits) / sizeof(bits[0]))]);
		}
		check_ranges(kb_buf_str(&b), i % 2 == 0);
		kb_buf_release(&b);
	}
}

/* ---- hostile input ---- */

/* About a megabyte of one thing; returns the seconds it took. */
static double
time_repeat(const char *head, const char *unit)
{
	struct kb_buf b = { 0 };
	struct timespec t0, t1;

	kb_buf_addc(&b, head);
	while (b.n < 1000000)
		kb_buf_addc(&b, unit);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	parse(kb_buf_str(&b), false, false);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	kb_buf_release(&b);
	return (double)(t1.tv_sec - t0.tv_sec) +
	    (double)(t1.tv_nsec - t0.tv_nsec) * 1e-9;
}

static void
test_html__a_megabyte_of_hostile_markup_takes_under_a_second(void)
{
	static const char *const units[] = { "<div>", "<p>", "<b>", "<a>",
	    "<b><p>", "<b><i></b></i>", "<table>", "<table><td>", "<table>x",
	    "<ul><li>", "<svg><p>", "<template><tr>", "<select><option>",
	    "<h1>", "<html a>", "&a", "<!", "\r", "<button>", "<nobr>" };
#ifdef __SANITIZE_ADDRESS__
	const double limit = 10;
#else
	const double limit = 1;
#endif
	struct kb_buf b = { 0 };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		CHECK(time_repeat("", units[i]) < limit);
	for (i = 0; i < 4000; i++)
		kb_buf_addc(&b, "<zz>");
	CHECK(time_repeat(b.p, "</y>") < limit);
	kb_buf_clear(&b);
	kb_buf_addc(&b, "<p><table><td>");
	for (i = 0; i < 4000; i++)
		kb_buf_addc(&b, "<b>");
	CHECK(time_repeat(b.p, "<div></div>") < limit);
	kb_buf_clear(&b);
	kb_buf_addc(&b, "<svg>");
	for (i = 0; i < 4000; i++)
		kb_buf_addc(&b, "<g>");
	CHECK(time_repeat(b.p, "</y>") < limit);
	kb_buf_release(&b);
}

static void
test_html__elements_past_the_depth_cap_are_siblings_and_keep_text(void)
{
	struct kb_buf b = { 0 };
	struct kb_node *root, *n;
	uint32_t deepest = 0;
	size_t i, x = 0;

	for (i = 0; i < 2 * KB_HTML_MAX_DEPTH; i++)
		kb_buf_addc(&b, "<i>x");
	root = parse(kb_buf_str(&b), false, false);
	for (n = root; n != NULL; n = kb_node_next(n, root)) {
		if (n->kind == KB_NODE_ELEMENT && n->depth > deepest)
			deepest = n->depth;
		x += n->kind == KB_NODE_TEXT ? n->text.n : 0;
	}
	CHECK_INT(x, 2 * KB_HTML_MAX_DEPTH);
	CHECK(deepest > KB_HTML_MAX_DEPTH - 4);
	CHECK(deepest <= KB_HTML_MAX_DEPTH);
	kb_buf_release(&b);
}

static void
test_html__arena_cap_is_a_limit(void)
{
	static const struct kb_html_opts opts;
	struct kb_arena small;
	struct kb_node *root = NULL;
	struct kb_err err;
	size_t cap;

	for (cap = 1; cap < 4000; cap += 101) {
		kb_arena_init(&small, cap);
		if (kb_html_parse(&root, KB_STR("<p>a<p>b<table><td a=1>&amp;"
		    "<ul><li>c<li>d<table><td><b><i>e</table>f<p>g<p>h<p>i"
		    "<p>j<p>k<p>l<p>m<p>n<p>o<p>p"), &opts, &small, NULL,
		    &err) != KB_OK)
			CHECK_INT(err.status, KB_LIMIT);
		else
			CHECK(cap > 2000);
		kb_arena_release(&small);
	}
}

int
main(void)
{
	kb_arena_init(&arena, 0);
	RUN(test_html__known_names_are_found_in_any_case);
	RUN(test_html__comments_end_as_the_standard_says);
	RUN(test_html__comments_are_left_out_unless_asked_for);
	RUN(test_html__lone_angle_brackets_are_text);
	RUN(test_html__attributes_are_read_in_every_form);
	RUN(test_html__attribute_past_the_cap_is_dropped);
	RUN(test_html__references_decode_with_and_without_semicolon);
	RUN(test_html__numeric_references_follow_the_standard);
	RUN(test_html__references_in_attributes_spare_query_strings);
	RUN(test_html__entity_lookup_wants_the_whole_name);
	RUN(test_html__every_entity_is_found);
	RUN(test_html__raw_text_holds_markup);
	RUN(test_html__scripts_end_where_the_standard_says);
	RUN(test_html__cdata_is_text_in_svg_only);
	RUN(test_html__newlines_are_normalised_and_nul_is_dropped);
	RUN(test_html__a_document_has_html_head_and_body);
	RUN(test_html__made_up_elements_have_no_bytes);
	RUN(test_html__late_title_goes_to_the_head);
	RUN(test_html__blocks_close_a_paragraph);
	RUN(test_html__items_close_their_like_in_the_same_list);
	RUN(test_html__tables_get_their_missing_parts);
	RUN(test_html__what_a_table_cannot_hold_stands_before_it);
	RUN(test_html__misnested_formatting_keeps_text_and_blocks);
	RUN(test_html__misnested_formatting_leaves_no_span_open);
	RUN(test_html__forms_nest);
	RUN(test_html__end_tags_without_a_start_are_ignored);
	RUN(test_html__text_behind_the_body_belongs_to_it);
	RUN(test_html__blocks_end_svg);
	RUN(test_html__select_keeps_options_and_text_only);
	RUN(test_html__template_and_noscript_keep_their_content);
	RUN(test_html__a_template_bounds_the_tables_around_it);
	RUN(test_html__a_frameset_comes_too_late_behind_text);
	RUN(test_html__math_holds_html_at_its_integration_points);
	RUN(test_html__nothing_closes_what_is_sealed);
	RUN(test_html__a_fragment_keeps_rows_and_cells);
	RUN(test_html__ranges_cover_tags_and_text);
	RUN(test_html__ranges_hold_on_any_soup);
	RUN(test_html__a_megabyte_of_hostile_markup_takes_under_a_second);
	RUN(test_html__elements_past_the_depth_cap_are_siblings_and_keep_text);
	RUN(test_html__arena_cap_is_a_limit);
	kb_arena_release(&arena);
	return test_done();
}
