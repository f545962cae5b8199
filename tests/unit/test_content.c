/*
 * Which part of a page is its article: by markup, by density, by what repeats
 * over the pages of a site.
 */
#include "test.h"

#include "blocks.h"
#include "content.h"
#include "span_fixture.h"
#include "survey.h"
#include "walk.h"

#include <unistd.h>

#define PAGES	30

static const char *const lorem[] = {
	"The printer does not answer when its cable is loose or the queue "
	"was paused by somebody else. ",
	"Open the settings, choose the network that you know, and write the "
	"password that is on the back of the box. ",
	"Nothing that was saved before is lost, because each change is kept "
	"in the journal until it was copied. ",
	"Ask the owner of the folder for a right to read it, then close and "
	"open the program once more. ",
	"A report is made each night and stands in the mail of whoever was "
	"named in the list. "
};

/* Text that no other page has. */
static void
add_text(struct kb_buf *out, unsigned page, unsigned sentences)
{
	for (unsigned i = 0; i < sentences; i++)
		kb_buf_printf(out, "%sOwn%c%c word. ", lorem[(page + i) % 5],
		    (char)('a' + page % 26), (char)('a' + (page / 26 + i) %
		    26));
}

/*
 * A page of a site: a bar of links, a side bar, an article, a footer.
 * No name says which is which.
 */
static void
add_page(struct kb_buf *out, unsigned page, const char *article)
{
	kb_buf_printf(out, "<html><head><title>T</title></head><body>"
	    "<div class=x1><a href=/>Start</a> <a href=/a>All topics</a> "
	    "<a href=/b>Search the site</a> Acme Helpdesk of the whole "
	    "company, open from nine to five on working days</div>"
	    "<div class=x2><div class=x3><b>More</b><ul>"
	    "<li><a href=p%u>Topic number %c%c</a><li><a href=q>Popular</a>"
	    "</ul></div><div class=x4>", page, 'a' + (int)(page % 26),
	    'a' + (int)(page / 26));
	kb_buf_printf(out, "<h1>Heading %c%c</h1><p>", 'a' + (int)(page % 26),
	    'a' + (int)(page / 26));
	if (article == NULL)
		add_text(out, page, 5);
	else
		kb_buf_addc(out, article);
	kb_buf_addc(out, "</div></div><div class=x5>Was this page of any "
	    "help to you? Write to us, we read all that comes in. Acme "
	    "Limited, all rights reserved by the owners</div></body></html>");
}

static enum kb_status
take_outline(void *arg, struct kb_str frame, struct kb_err *e)
{
	struct kb_buf *out = arg;

	(void)e;
	while ((frame.p[0] & 0x80) != 0)
		frame = kb_str(frame.p + 1, frame.n - 1);
	kb_buf_add(out, kb_str(frame.p + 1, frame.n - 1));
	return KB_OK;
}

static void
survey(struct kb_str page, struct kb_buf *out)
{
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = KB_STR("a.html") };
	struct kb_input *in;

	kb_buf_clear(out);
	CHECK(open_input(&in, page) == KB_OK);
	CHECK(kb_extract_survey(in, &opts, take_outline, out, &err) == KB_OK);
	kb_input_close(in);
}

/* What pages made by "make" have in common; in which order they come. */
static struct kb_furniture *
learn(void (*make)(struct kb_buf *out, unsigned page), unsigned pages,
    bool backwards)
{
	struct kb_furniture *f;
	struct kb_buf page = { 0 }, outline = { 0 };

	CHECK(kb_furniture_new(&f, &err) == KB_OK);
	for (unsigned i = 0; i < pages; i++) {
		kb_buf_clear(&page);
		make(&page, backwards ? pages - 1 - i : i);
		survey(kb_buf_str(&page), &outline);
		CHECK(kb_furniture_add_page(f, KB_STR("a.html"),
		    kb_buf_str(&outline), &err) == KB_OK);
	}
	CHECK(kb_furniture_finish(f, &err) == KB_OK);
	kb_buf_release(&page);
	kb_buf_release(&outline);
	return f;
}

static struct kb_str
text_of(struct kb_str page)
{
	struct kb_buf out = { 0 };
	struct tally t = { 0 };
	struct kb_str s;

	CHECK(read_bytes(page, "a.html"));
	CHECK_INT(file.n, 1);
	kb_blocks_text(file.recs[0]->blocks, NULL, &out);
	s = kb_arena_copy(&arena, kb_buf_str(&out));
	kb_buf_release(&out);
	check_spans(&t);
	check_promises(&t);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
	return s;
}

static bool
says(struct kb_str text, const char *words)
{
	return kb_str_find(text, kb_str_c(words), 0) != (size_t)-1;
}

static struct kb_str
text_at(struct kb_furniture *f, unsigned page, const char *article)
{
	struct kb_buf buf = { 0 };
	struct kb_str s;

	add_page(&buf, page, article);
	site = f;
	s = text_of(kb_buf_str(&buf));
	site = NULL;
	kb_buf_release(&buf);
	return s;
}

static void
plain(struct kb_buf *out, unsigned page)
{
	add_page(out, page, NULL);
}

/* ---- what repeats ---- */

static void
test_content__a_site_shows_which_container_has_the_article(void)
{
	struct kb_furniture *f = learn(plain, PAGES, false);
	struct kb_str text = text_at(f, 3, NULL);

	CHECK(says(text, "Owndb word."));
	CHECK(!says(text, "Acme"));
	CHECK(!says(text, "Topic number"));
	CHECK(!says(text, "any help"));
	CHECK(!says(text, "Popular"));
	CHECK_STR(file.recs[0]->values[KB_F_TITLE]->text, "Heading da");
	kb_furniture_free(f);
}

static void
test_content__a_page_of_few_words_is_cut_as_its_site_is(void)
{
	struct kb_furniture *f = learn(plain, PAGES, false);
	struct kb_str text = text_at(f, 77, "Seven small words are in this.");

	CHECK_STR(text, "Seven small words are in this.");
	kb_furniture_free(f);
}

static void
test_content__a_page_of_links_keeps_them(void)
{
	struct kb_furniture *f = learn(plain, PAGES, false);
	struct kb_str text = text_at(f, 77, "See<ul><li><a href=1>One thing"
	    "</a><li><a href=2>Other thing</a><li><a href=3>Third</a></ul>");

	CHECK(says(text, "Other thing"));
	CHECK(!says(text, "Acme"));
	kb_furniture_free(f);
}

static void
test_content__the_order_of_the_sample_makes_no_difference(void)
{
	struct kb_furniture *a = learn(plain, PAGES, false);
	struct kb_furniture *b = learn(plain, PAGES, true);
	struct kb_buf text = { 0 };

	for (unsigned i = 0; i < PAGES; i++) {
		kb_buf_clear(&text);
		kb_buf_add(&text, text_at(a, i, NULL));
		CHECK(kb_str_eq(kb_buf_str(&text), text_at(b, i, NULL)));
	}
	kb_buf_release(&text);
	kb_furniture_free(a);
	kb_furniture_free(b);
}

static void
test_content__four_pages_tell_nothing(void)
{
	struct kb_furniture *f = learn(plain, 4, false);
	struct kb_str text = text_at(f, 3, "Short.");

	CHECK(says(text, "Acme"));
	CHECK(says(text, "Short."));
	kb_furniture_free(f);
}

/* A page that is made otherwise than the others of its site. */
static void
test_content__text_that_the_template_has_no_place_for_is_kept(void)
{
	struct kb_furniture *f = learn(plain, PAGES, false);
	struct kb_buf page = { 0 };
	struct kb_str text;

	kb_buf_addc(&page, "<body><div class=x2><div class=x4><p>Small "
	    "box.</div><div class=y>");
	add_text(&page, 60, 4);
	kb_buf_addc(&page, "</div></div></body>");
	site = f;
	text = text_of(kb_buf_str(&page));
	site = NULL;
	CHECK(says(text, "Ownic word."));
	CHECK(says(text, "Small box."));
	kb_buf_release(&page);
	kb_furniture_free(f);
}

static void
with_warning(struct kb_buf *out, unsigned page)
{
	kb_buf_addc(out, "<body><main><div>Internal use only, do not hand "
	    "it on to anybody.</div><p>");
	add_text(out, page, 2);
	kb_buf_addc(out, "<div>Save your work before you go on here.</div>"
	    "<p>");
	add_text(out, page + 7, 2);
	kb_buf_addc(out, "<div>Was this page of help?</div></main>");
}

static void
test_content__what_all_pages_say_goes_at_the_edges_alone(void)
{
	struct kb_furniture *f = learn(with_warning, PAGES, false);
	struct kb_buf page = { 0 };
	struct kb_str text;

	with_warning(&page, 5);
	site = f;
	text = text_of(kb_buf_str(&page));
	site = NULL;
	CHECK(!says(text, "Internal use"));
	CHECK(!says(text, "of help"));
	CHECK(says(text, "Save your work"));
	CHECK(file.recs[0]->blocks->gap);
	kb_buf_release(&page);
	kb_furniture_free(f);
}

static void
same_text(struct kb_buf *out, unsigned page)
{
	(void)page;
	add_page(out, 1, NULL);
}

static void
test_content__pages_that_are_all_equal_keep_their_text(void)
{
	struct kb_furniture *f = learn(same_text, PAGES, false);

	CHECK(says(text_at(f, 1, NULL), "Ownbb word."));
	kb_furniture_free(f);
}

/* ---- a page alone ---- */

static void
test_content__a_list_of_links_beside_an_article_alone_is_left_out(void)
{
	struct kb_buf page = { 0 };
	struct kb_str text;

	kb_buf_addc(&page, "<body><div><a href=1>One page</a> <a href=2>Two "
	    "pages</a> <a href=3>Three pages</a></div><p>");
	add_text(&page, 2, 5);
	kb_buf_addc(&page, "<ul><li><a href=4>Four pages</a><li><a href=5>"
	    "Five pages</a><li><a href=6>Six pages</a></ul>");
	text = text_of(kb_buf_str(&page));
	CHECK(says(text, "Ownca word."));
	CHECK(!says(text, "Two pages"));
	CHECK(!says(text, "Five pages"));
	CHECK(file.recs[0]->links != NULL);
	kb_buf_release(&page);
}

static void
test_content__a_short_page_alone_is_kept_whole(void)
{
	CHECK_STR(text_of(KB_STR("<body><ul><li><a href=1>One</a><li>"
	    "<a href=2>Two</a><li><a href=3>Three</a></ul><p>See there.")),
	    "One\nTwo\nThree\nSee there.");
}

static void
test_content__an_introduction_beside_a_long_part_is_kept(void)
{
	struct kb_buf page = { 0 };

	kb_buf_addc(&page, "<body><p>This is what you have to know before "
	    "you begin with any of it, please.</p><div>");
	add_text(&page, 2, 30);
	kb_buf_addc(&page, "</div>");
	CHECK(says(text_of(kb_buf_str(&page)), "before you begin"));
	kb_buf_release(&page);
}

static void
test_content__a_heading_beside_the_container_is_the_title(void)
{
	struct kb_buf page = { 0 };

	kb_buf_addc(&page, "<body><div><h1>Loose cables</h1></div><div>");
	add_text(&page, 2, 9);
	kb_buf_addc(&page, "</div>");
	(void)text_of(kb_buf_str(&page));
	CHECK_STR(file.recs[0]->values[KB_F_TITLE]->text, "Loose cables");
	kb_buf_release(&page);
}

/* ---- tables of contents ---- */

static void
check_contents(const char *toc, bool goes)
{
	struct kb_buf page = { 0 };
	struct kb_str text;

	kb_buf_addc(&page, "<body><main><h1>A</h1><p>First words.</p>");
	kb_buf_addc(&page, toc);
	kb_buf_addc(&page, "<p>");
	add_text(&page, 1, 4);
	text = text_of(kb_buf_str(&page));
	CHECK(says(text, "Ownba word."));
	CHECK(says(text, "First words."));
	CHECK_INT(says(text, "Second part"), !goes);
	CHECK(file.recs[0]->links != NULL);
	kb_buf_release(&page);
}

static void
test_content__a_list_of_places_in_the_page_is_no_text(void)
{
	check_contents("<ul><li><a href=#a>First part</a><li><a href=#b>"
	    "Second part</a><li><a href=#c>Third</a></ul>", true);
	check_contents("<div><p>Here:</p><div><ul><li><a href=#a>First</a>"
	    "<li><a href=#b>Second part</a><li><a href=#c>Third</a></ul>"
	    "</div></div>", true);
}

static void
test_content__a_list_called_contents_is_no_text(void)
{
	check_contents("<div><p><b>Table of Contents</b></p><dl><dt><a "
	    "href=a>First part</a> - of all<dt><a href=b>Second part</a>"
	    "<dt><a href=c>Third</a></dl></div>", true);
	check_contents("<h2>Contents</h2><ul><li><a href=a>First part</a><li>"
	    "<a href=b>Second part</a><li><a href=c>Third</a></ul>", true);
}

static void
test_content__other_lists_of_links_are_text(void)
{
	check_contents("<ul><li><a href=x>First part</a><li><a href=y>Second "
	    "part</a><li><a href=z>Third</a></ul>", false);
	check_contents("<div><h2>First</h2><p><a href=#a>See there</a></p>"
	    "<h2>2</h2><p><a href=#b>Second part</a></p><h2>3</h2><p><a "
	    "href=#c>See there</a></p></div>", false);
	check_contents("<h2>Contents</h2><p>The box holds the Second part, a "
	    "cable and <a href=a>a</a> <a href=b>b</a> <a href=c>c</a>.",
	    false);
}

/* ---- outlines as bytes ---- */

static void
test_content__a_broken_outline_is_refused(void)
{
	struct kb_buf page = { 0 }, bytes = { 0 };
	struct kb_furniture *f;
	struct kb_str s;
	uint32_t at, refused = 0;
	char was;

	add_page(&page, 1, NULL);
	survey(kb_buf_str(&page), &bytes);
	s = kb_buf_str(&bytes);
	CHECK(kb_furniture_new(&f, &err) == KB_OK);
	CHECK(kb_furniture_add_page(f, KB_STR("a"), s, &err) == KB_OK);
	for (size_t n = 0; n < s.n; n++)
		CHECK(kb_furniture_add_page(f, KB_STR("a"), kb_str(s.p, n),
		    &err) == KB_INPUT);
	for (int i = 0; i < 2000; i++) {
		at = draw((uint32_t)s.n);
		was = bytes.p[at];
		bytes.p[at] = (char)draw(256);
		refused += kb_furniture_add_page(f, KB_STR("a"), s, &err) ==
		    KB_INPUT;
		bytes.p[at] = was;
	}
	CHECK(refused > 0);
	/* Whatever was taken can be learned from. */
	CHECK(kb_furniture_finish(f, &err) == KB_OK);
	kb_furniture_free(f);
	kb_buf_release(&page);
	kb_buf_release(&bytes);
}

static void
test_content__a_page_of_any_depth_has_an_outline(void)
{
	struct kb_buf page = { 0 }, bytes = { 0 };

	for (int i = 0; i < 5000; i++)
		kb_buf_addc(&page, i % 7 == 0 ? "<div>a</p>b" : "<div><p>x y");
	survey(kb_buf_str(&page), &bytes);
	CHECK(bytes.n > 0);
	CHECK(bytes.n < KB_OUTLINE_ROWS * 60);
	CHECK(says(text_of(kb_buf_str(&page)), "x y"));
	kb_buf_release(&page);
	kb_buf_release(&bytes);
}

/* ---- a whole site ---- */

/* The contract of spans, with what the site's pages share left out. */
static void
check_site(const char *name, const char *folder, size_t every)
{
	struct kb_files files = { 0 };
	struct kb_arena names = { 0 };
	struct kb_furniture *f = NULL;
	struct kb_buf buf = { 0 };
	struct tally t = { 0 };
	struct kb_pool_opts opts = { .profiles = profiles, .threads = 1 };

	test_failures = 0;
	CHECK(kb_files_add(&files, folder, &names, &err) == KB_OK);
	CHECK(kb_files_sort(&files, &err) == KB_OK);
	CHECK(kb_survey_run(&f, &files, &opts, &err) == KB_OK);
	site = f;
	for (size_t i = 0; i < files.n; i += every) {
		kb_buf_clear(&buf);
		CHECK(kb_slurp(files.v[i].full.p, (size_t)1 << 30, &buf,
		    &err) == KB_OK);
		CHECK(read_bytes(kb_buf_str(&buf), files.v[i].path.p));
		check_spans(&t);
		check_promises(&t);
	}
	site = NULL;
	CHECK(t.passages > 100);
	CHECK_INT(t.passages_held, t.passages);
	CHECK_INT(t.quotes_held, t.quotes);
	printf("# %zu passages and %zu quotes hold\n%s - %s\n",
	    t.passages_held, t.quotes_held, test_failures == 0 ? "ok" :
	    "not ok", name);
	test_failed += test_failures != 0;
	kb_buf_release(&buf);
	kb_furniture_free(f);
	kb_files_release(&files);
	kb_arena_release(&names);
}

static void
test_content__spans_hold_on_a_site(void)
{
	const char *folder = "/usr/share/doc/postgresql-doc-15/html";

	if (access(folder, R_OK) != 0)
		SKIP(__func__, "postgresql-doc-15 is not installed");
	else
		check_site(__func__, folder, 8);
}

int
main(int argc, char **argv)
{
	if (kb_profiles_new(&profiles, NULL, &err) != KB_OK)
		return 1;
	kb_arena_init(&arena, 0);
	if (argc > 1) {
		check_site("spans", argv[1], 1);
		return test_done();
	}
	RUN(test_content__a_site_shows_which_container_has_the_article);
	RUN(test_content__a_page_of_few_words_is_cut_as_its_site_is);
	RUN(test_content__a_page_of_links_keeps_them);
	RUN(test_content__the_order_of_the_sample_makes_no_difference);
	RUN(test_content__four_pages_tell_nothing);
	RUN(test_content__text_that_the_template_has_no_place_for_is_kept);
	RUN(test_content__what_all_pages_say_goes_at_the_edges_alone);
	RUN(test_content__pages_that_are_all_equal_keep_their_text);
	RUN(test_content__a_list_of_links_beside_an_article_alone_is_left_out);
	RUN(test_content__a_short_page_alone_is_kept_whole);
	RUN(test_content__an_introduction_beside_a_long_part_is_kept);
	RUN(test_content__a_heading_beside_the_container_is_the_title);
	RUN(test_content__a_list_of_places_in_the_page_is_no_text);
	RUN(test_content__a_list_called_contents_is_no_text);
	RUN(test_content__other_lists_of_links_are_text);
	RUN(test_content__a_broken_outline_is_refused);
	RUN(test_content__a_page_of_any_depth_has_an_outline);
	test_content__spans_hold_on_a_site();
	kb_arena_release(&arena);
	kb_profiles_free(profiles);
	return test_done();
}
