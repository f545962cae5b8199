/* MediaWiki's markup: what readers see of it, and where that stands. */
#include "test.h"

#include "span_fixture.h"
#include "wikitext.h"

static struct kb_arena texts;

static void
add_escaped(struct kb_buf *out, struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			kb_buf_addc(out, "&lt;");
		else if (s.p[i] == '&')
			kb_buf_addc(out, "&amp;");
		else if (s.p[i] == '>')
			kb_buf_addc(out, "&gt;");
		else
			kb_buf_addch(out, s.p[i]);
	}
}

static const char *
in_root(const char *path)
{
	static char buf[4096];
	const char *root = getenv("KB_ROOT");

	snprintf(buf, sizeof(buf), "%s/%s", root != NULL ? root : ".", path);
	return buf;
}

static bool
read_page(struct kb_str wikitext)
{
	struct kb_buf xml = { 0 };
	bool good;

	kb_buf_addc(&xml, "<mediawiki><page><title>Sample</title><ns>0</ns>"
	    "<id>7</id><revision><id>1</id><text>");
	add_escaped(&xml, wikitext);
	kb_buf_addc(&xml, "</text></revision></page></mediawiki>");
	good = read_bytes(kb_buf_str(&xml), "sample.xml");
	kb_buf_release(&xml);
	return good && file.n == 1;
}

/* A line a block: kind, level, number; then its text. */
static struct kb_str
show(const char *wikitext)
{
	struct kb_buf out = { 0 };
	struct kb_str s;

	if (!read_page(kb_str_c(wikitext)))
		return KB_STR("(cannot be read)");
	for (const struct kb_block *b = file.recs[0]->blocks; b != NULL;
	    b = b->next) {
		kb_buf_printf(&out, "%s", kb_block_kind_name(b->kind));
		if (b->level > 0)
			kb_buf_printf(&out, " %u", b->level);
		if (b->ordinal > 0)
			kb_buf_printf(&out, " no %u", (unsigned)b->ordinal);
		kb_buf_printf(&out, ": %.*s\n", KB_FMT(b->text));
	}
	s = kb_arena_printf(&texts, "%.*s", KB_FMT(kb_buf_str(&out)));
	kb_buf_release(&out);
	return s;
}

static void
test_wikitext__headings_say_their_level(void)
{
	CHECK_STR(show("= One =\n== Two ==\n===Three=== <!-- x -->\ntext"),
	    "heading 1: One\nheading 2: Two\nheading 3: Three\n"
	    "paragraph: text\n");
	CHECK_STR(show("== Two\nis meant"), "heading 2: Two\n"
	    "paragraph: is meant\n");
	CHECK_STR(show("= 5 is no heading"), "paragraph: = 5 is no heading\n");
	CHECK_STR(show("== a = b ==\nx"), "heading 2: a = b\n"
	    "paragraph: x\n");
}

static void
test_wikitext__headings_have_the_anchors_of_mediawiki(void)
{
	show("== How to log in ==\ntext");
	CHECK(file.n == 1 && kb_str_eq(file.recs[0]->blocks->anchor,
	    KB_STR("How_to_log_in")));
}

static void
test_wikitext__blank_lines_part_paragraphs(void)
{
	CHECK_STR(show("one\ntwo\n\nthree\n \nfour"), "paragraph: one two\n"
	    "paragraph: three\nparagraph: four\n");
}

static void
test_wikitext__bold_and_italics_are_no_text(void)
{
	CHECK_STR(show("''a'' '''b''' '''''c''''' ''''d'''' e'''f''g"),
	    "paragraph: a b c 'd' efg\n");
	CHECK_STR(show("l'''amour'' and '''bold ''both'' bold'''"),
	    "paragraph: l'amour and bold both bold\n");
	CHECK_STR(show("it's o'clock"), "paragraph: it's o'clock\n");
}

static void
test_wikitext__lists_nest_by_their_marks(void)
{
	CHECK_STR(show("* a\n** b\n* c\n# d\n## e\n# f"),
	    "item 1: a\nitem 2: b\nitem 1: c\n"
	    "item 1 no 1: 1. d\nitem 2 no 1: 1. e\nitem 1 no 2: 2. f\n");
}

static void
test_wikitext__steps_go_on_behind_a_continuation(void)
{
	CHECK_STR(show("# a\n#: more\n# b\n#* c\n# d"),
	    "item 1 no 1: 1. a\nitem 2: more\nitem 1 no 2: 2. b\n"
	    "item 2: c\nitem 1 no 3: 3. d\n");
}

static void
test_wikitext__terms_and_what_they_mean(void)
{
	CHECK_STR(show("; VPN : the tunnel\n: again\n; see http://a.b/c : d"),
	    "item 1: VPN\nitem 1: the tunnel\nitem 1: again\n"
	    "item 1: see http://a.b/c\nitem 1: d\n");
}

static void
test_wikitext__tables_are_rows(void)
{
	CHECK_STR(show("{| class=\"wikitable\"\n|+ Ports\n! Name !! Number\n"
	    "|-\n| ssh || 22\n|- style=\"x\"\n| align=left | http\n| 80\n"
	    "more\n|}\nafter"),
	    "paragraph: Ports\nrow: Name | Number\nrow: ssh | 22\n"
	    "row: http | 80 more\nparagraph: after\n");
	CHECK_STR(show("{|\n| a || [[b|c]] || d\n\ne || f"),
	    "row: a | c | d e || f\n");
}

static void
test_wikitext__links_show_their_text(void)
{
	CHECK_STR(show("[[Page]] [[page|text]]s [[:Category:X]] [[Page#A]]"),
	    "paragraph: Page texts Category:X Page#A\n");
	CHECK_STR(show("[http://a.b text] [http://a.b] http://c.d/e. [x]"),
	    "paragraph: text http://c.d/e. [x]\n");
	CHECK(file.recs[0]->links != NULL);
	CHECK(kb_str_eq(file.recs[0]->links->href, KB_STR("http://a.b")));
}

static void
test_wikitext__links_lead_to_titles(void)
{
	show("[[set up VPN/Linux#Log in|text]]");
	CHECK(file.n == 1 && file.recs[0]->links != NULL);
	CHECK(kb_str_eq(file.recs[0]->links->href,
	    KB_STR("title:Set up VPN/Linux")));
}

static void
test_wikitext__of_files_the_caption_is_text(void)
{
	CHECK_STR(show("[[File:a.png|thumb|left|200px|The ''login'' [[page]]"
	    " of x]] text"), "paragraph: The login page of x\n"
	    "paragraph: text\n");
	CHECK_STR(show("Press [[Image:b.png|20px|alt=the gear]] now"),
	    "paragraph: Press the gear now\n");
	CHECK_STR(show("[[Datei:b.png|mini|rechts]]x"), "paragraph: x\n");
}

static void
test_wikitext__categories_and_languages_are_out(void)
{
	CHECK_STR(show("text\n[[Category:VPN|sort]]\n[[Kategorie:Netz]]\n"
	    "[[de:Seite]]\n[[IT:VPN]]"), "paragraph: text IT:VPN\n");
	CHECK(file.recs[0]->values[KB_F_CATEGORY] != NULL);
	CHECK(kb_str_eq(file.recs[0]->values[KB_F_CATEGORY]->text,
	    KB_STR("VPN")));
	CHECK(file.recs[0]->values[KB_F_CATEGORY]->next != NULL);
}

static void
test_wikitext__raw_elements_are_not_read(void)
{
	CHECK_STR(show("<nowiki>''a'' [[b]] &amp;</nowiki> "
	    "<pre>\n''c''\n d</pre>"), "paragraph: ''a'' [[b]] &\n"
	    "code: ''c''\n d\n");
	CHECK_STR(show("x\n<syntaxhighlight lang=\"c\">\nif (a && b)\n"
	    "\tf(\"[[x]]\");\n</syntaxhighlight>\ny"), "paragraph: x\n"
	    "code: if (a && b)\n\tf(\"[[x]]\");\nparagraph: y\n");
	CHECK_STR(show("run <syntaxhighlight lang=sh inline>ls {{x}}"
	    "</syntaxhighlight> now"), "paragraph: run ls {{x}} now\n");
}

static void
test_wikitext__indented_lines_are_code(void)
{
	CHECK_STR(show("run\n $ ls\n   -l '''x'''\nthen"),
	    "paragraph: run\ncode: $ ls\n  -l x\nparagraph: then\n");
}

static void
test_wikitext__references_comments_and_words_of_magic_are_out(void)
{
	CHECK_STR(show("__TOC__\na<ref>note</ref> b<ref name=x/> c<!-- d -->"
	    "\n<!-- line -->\ne ~~~~ <references/>"),
	    "paragraph: a b c e\n");
	CHECK_STR(show("a<ref>never ended"), "paragraph: anever ended\n");
}

static void
test_wikitext__templates_are_out_unless_listed(void)
{
	CHECK_STR(show("{{Infobox\n| a = {{b|c}}\n| d = e\n}}\n"
	    "Press {{kbd|Ctrl}} or {{Key press|Alt|F4}}{{fact|date=May}} "
	    "{{{1|}}}{{#if: x | y }}now."),
	    "paragraph: Press Ctrl or Alt+F4 now.\n");
	CHECK_STR(show("a {{abbr|VPN|virtual private network}} {{nowrap|"
	    "1=b c}}"), "paragraph: a VPN b c\n");
}

static void
test_wikitext__boxes_are_notes(void)
{
	CHECK_STR(show("a\n{{Note|Back up first.\n* x\n* y}}\nb\n"
	    "# c {{warning|d}}\n# e"), "paragraph: a\nnote: "
	    "Back up first.\nitem 1: x\nitem 1: y\nparagraph: b\n"
	    "item 1 no 1: 1. c\nnote 1: d\nitem 1 no 2: 2. e\n");
}

static const struct kb_diag *
find_diag(const char *code)
{
	const struct kb_saved_diag *d = file.n > 0 ? file.recs[0]->diags :
	    NULL;

	while (d != NULL && strcmp(d->diag.code, code) != 0)
		d = d->next;
	return d != NULL ? &d->diag : NULL;
}

static void
test_wikitext__a_template_with_a_sentence_left_out_is_told(void)
{
	show("x {{outdated|This page is about the old mail server only.}}");
	CHECK(find_diag("left-out") != NULL);
	show("x {{citation needed|date=May 2020}} {{Infobox|name=a b c d e f"
	    " g h|image=x.png}} {{main|Set up VPN}}");
	CHECK(find_diag("left-out") == NULL);
}

static void
test_wikitext__html_that_is_allowed_is_read(void)
{
	CHECK_STR(show("<div class=x>a\n\nb</div>c<br/>d <span style=\""
	    "display:none\">e</span><small>f</small>"),
	    "paragraph: a\nparagraph: b\nparagraph: c\nd f\n");
	CHECK_STR(show("<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e"
	    "</table>"), "item 1: a\nitem 1: b\nrow: c | d\nrow: e\n");
	CHECK_STR(show("<user@host> a < b & c"),
	    "paragraph: <user@host> a < b & c\n");
}

static void
test_wikitext__what_only_including_pages_show_is_out(void)
{
	CHECK_STR(show("<noinclude>a</noinclude><includeonly>b</includeonly>"
	    "<onlyinclude>c</onlyinclude>"), "paragraph: ac\n");
}

static void
test_wikitext__galleries_show_their_captions(void)
{
	CHECK_STR(show("<gallery mode=packed>\nFile:a.png|The ''door''\n"
	    "b.png\nFile:c.png|alt=x|The lock\n</gallery>"),
	    "paragraph: The door\nparagraph: The lock\n");
}

static void
test_wikitext__what_does_not_end_is_text(void)
{
	CHECK_STR(show("a {{b c"), "paragraph: a {{b c\n");
	CHECK_STR(show("a }} b ]] c | d || e"),
	    "paragraph: a }} b ]] c | d || e\n");
	CHECK_STR(show("a [[b c"), "paragraph: a b c\n");
	CHECK_STR(show("'''a\nb"), "paragraph: a b\n");
	CHECK_STR(show("{| \n| a"), "row: a\n");
	CHECK_STR(show("<nowiki>a ''b''"), "paragraph: a ''b''\n");
}

/* ---- spans ---- */

static void
test_wikitext__spans_hold_on_a_real_looking_page(void)
{
	struct tally t = { 0 };

	CHECK(read_path(in_root("corpora/exports/mediawiki.xml")));
	CHECK_INT(file.n, 6);
	check_spans(&t);
	check_promises(&t);
	printf("# %zu of %zu passages hold, %zu of %zu quotes\n",
	    t.passages_held, t.passages, t.quotes_held, t.quotes);
	CHECK(t.passages > 2);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

static void
test_wikitext__spans_hold_where_a_cut_would_change_the_markup(void)
{
	static const char *const pages[] = {
		"Five '<p>Six. Seven''</p>Eight. Nine\n",
		"one ~~~~~~~~\n\ntwo. three ~~~~~~~\n\nfour",
		"<h2>One ==\n</h2>Two. Three",
		"See http://d.e/f&amp; or http://d.e/f&nbsp;; so. Four",
		"{|\n| one ===</p>two\n<table><tr><td>x</table>y. Four\nz\n|}",
		("<table><td>x<table></table></td><table>{{note|a. B\n|}\n|-\n"
		    " c. D"),
		"a <ref> b <nowiki> </ref> c. D {{x|y}} e. F",
		"== a <nowiki>b\nc. D</nowiki> e ==\nf <!-- x\n --> g",
		"== a <nowiki>b. C</nowiki> e ==\nf. G",
		"{|\n| a=<syntaxhighlight>|b. C {{x|y}} d. E\n|}",
		"; a [[ b. C: d <b>e</b>\n: f",
		"== a <h2>b ==\nc. D",
	};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct tally t = { 0 };

		CHECK(read_page(kb_str_c(pages[i])));
		for (int k = 0; k < 20; k++)	/* quotes are drawn */
			check_spans(&t);
		CHECK(t.quotes > 0);
		CHECK_INT(t.passages_held, t.passages);
		CHECK_INT(t.quotes_held, t.quotes);
	}
}

static void
test_wikitext__a_reference_at_an_addresss_end_is_part_of_it(void)
{
	CHECK_STR(show("See http://a.b/c?d&amp; e; http://a.b/;"),
	    "paragraph: See http://a.b/c?d& e; http://a.b/;\n");
}

static const char *const soup[] = {
	"\n", "\n", "\n\n", "\n* ", "\n** ", "\n# ", "\n#: ", "\n; ", "\n: ",
	"\n== ", " ==\n", "\n=== ", " ===", "\n ", "\n----\n", "''", "'''",
	"'''''", "[[", "]]", "|", "[[Page|", "[[File:a.png|thumb|",
	"[[Category:X]]", "[http://a.b/c ", "]", " http://d.e/f", "\n{|\n",
	"\n|-\n", "\n| ", " || ", "\n! ", " !! ", "\n|}\n", "\n|+ ", "{{",
	"}}", "{{kbd|", "{{note|", "{{lang|fr|", "{{{1|", "}}}", "<b>",
	"</b>", "<i>", "</i>", "<div>", "</div>", "<ref>", "</ref>", "<br>",
	"<nowiki>", "</nowiki>", "\n<pre>", "</pre>", "<!-- c -->", "<li>",
	"<ul>", "</ul>", "<table>", "<tr>", "<td>", "</td>", "</table>",
	"&amp;", "&nbsp;", "&", "<", "__TOC__", "~~~~", "<code>", "</code>",
	"<span>", "</span>", "<p>", "</p>", "<h2>", "</h2>", "\r\n", "l'''",
	"<blockquote>", "</blockquote>", "<small>", "</small>",
	"<syntaxhighlight lang=c>", "</syntaxhighlight>", "{{x|y z}}",
};

static const char *const words[] = {
	" one", " two.", "three", " Four", " five:", " Six. Seven", " ",
	"\xc3\xa9t\xc3\xa9", " \"eight.\" Nine",
};

static void
cook(struct kb_buf *out)
{
	uint32_t n = 1 + draw(60);

	while (n-- > 0) {
		if (draw(2) == 0)
			kb_buf_addc(out, soup[draw(sizeof(soup) /
			    sizeof(soup[0]))]);
		else
			kb_buf_addc(out, words[draw(sizeof(words) /
			    sizeof(words[0]))]);
	}
}

/*
 * Markup thrown together.  KB_SOUP=N cooks N pages and shows all that fails.
 */
static void
test_wikitext__spans_hold_on_soup(void)
{
	const char *times = getenv("KB_SOUP");
	struct tally t = { 0 };
	struct kb_buf page = { 0 };

	seed = 7;
	for (int i = times != NULL ? atoi(times) : 20000; i > 0; i--) {
		kb_buf_clear(&page);
		cook(&page);
		CHECK(read_page(kb_buf_str(&page)));
		check_spans(&t);
		check_promises(&t);
		if (times != NULL && t.shown > 0) {
			printf("# in: %.*s\n# end\n",
			    KB_FMT(kb_buf_str(&page)));
			t.shown = 0;
		}
	}
	kb_buf_release(&page);
	printf("# %zu of %zu passages hold, %zu of %zu quotes\n",
	    t.passages_held, t.passages, t.quotes_held, t.quotes);
	CHECK(t.passages > (times != NULL ? 0 : 20000));
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
}

/* ---- hostile ---- */

static void
check_long(const char *piece, size_t times)
{
	struct kb_wikitext_opts opts = { 0 };
	struct kb_arena a;
	struct kb_buf page = { 0 };
	struct kb_node *root;

	kb_arena_init(&a, 0);
	opts.dialect = kb_profiles_dialect(profiles, KB_STR("wikitext"));
	for (size_t i = 0; i < times; i++)
		kb_buf_addc(&page, piece);
	CHECK_INT(kb_wikitext_parse(&root, kb_buf_str(&page), &opts, NULL, &a,
	    &err), KB_OK);
	kb_buf_release(&page);
	kb_arena_release(&a);
}

/* A parser that is not linear would take hours. */
static void
test_wikitext__takes_linear_time(void)
{
	static const char *const pieces[] = {
		"[[", "{{", "}}", "{{{", "'''", "<div>", "<ref>", "<nowiki>",
		"<!--", "[[a|", "\n*", "*", "\n{|\n|", "\n|-\n|", "||", "[[",
		"{{kbd|", "{{note|", "[http://", "\n== a", "=", "\n;a:",
		"[[File:a|thumb|", "[[Category:", "a'''", "<b>", "&", "{", "}",
		"<pre", "[[a|b]]", "__", "~", "{{x|", "http://", ":", "\n ",
		"<gallery>\n", "|", "l'''a ",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		check_long(pieces[i], 200000);
}

int
main(void)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK) {
		printf("# %s\n", err.msg);
		return 1;
	}
	RUN(test_wikitext__headings_say_their_level);
	RUN(test_wikitext__headings_have_the_anchors_of_mediawiki);
	RUN(test_wikitext__blank_lines_part_paragraphs);
	RUN(test_wikitext__bold_and_italics_are_no_text);
	RUN(test_wikitext__lists_nest_by_their_marks);
	RUN(test_wikitext__steps_go_on_behind_a_continuation);
	RUN(test_wikitext__terms_and_what_they_mean);
	RUN(test_wikitext__tables_are_rows);
	RUN(test_wikitext__links_show_their_text);
	RUN(test_wikitext__links_lead_to_titles);
	RUN(test_wikitext__of_files_the_caption_is_text);
	RUN(test_wikitext__categories_and_languages_are_out);
	RUN(test_wikitext__raw_elements_are_not_read);
	RUN(test_wikitext__indented_lines_are_code);
	RUN(test_wikitext__references_comments_and_words_of_magic_are_out);
	RUN(test_wikitext__templates_are_out_unless_listed);
	RUN(test_wikitext__boxes_are_notes);
	RUN(test_wikitext__a_template_with_a_sentence_left_out_is_told);
	RUN(test_wikitext__html_that_is_allowed_is_read);
	RUN(test_wikitext__what_only_including_pages_show_is_out);
	RUN(test_wikitext__galleries_show_their_captions);
	RUN(test_wikitext__what_does_not_end_is_text);
	RUN(test_wikitext__spans_hold_on_a_real_looking_page);
	RUN(test_wikitext__spans_hold_where_a_cut_would_change_the_markup);
	RUN(test_wikitext__a_reference_at_an_addresss_end_is_part_of_it);
	RUN(test_wikitext__spans_hold_on_soup);
	RUN(test_wikitext__takes_linear_time);
	kb_arena_release(&arena);
	kb_arena_release(&texts);
	kb_profiles_free(profiles);
	return test_done();
}
