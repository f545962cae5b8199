#include "test.h"

#include "corpus_fixture.h"

static uint32_t home, guide, page, zipped, mark, kb1, kb2, from;

static void
add_link(uint32_t doc, const char *href)
{
	struct kb_link_ref *v = realloc(corpus.links, (corpus.nlinks + 1) *
	    sizeof(*v));

	if (v == NULL)
		return;
	v[corpus.nlinks] = (struct kb_link_ref){ doc, UINT32_MAX,
	    kb_str_c(href) };
	corpus.links = v;
	corpus.links_size = ++corpus.nlinks;
}

static void
begin(void)
{
	corpus_begin();
	home = add("index.html", KB_F_TITLE, "Home", KB_F_N);
	guide = add("guide/index.html", KB_F_TITLE, "Guide", KB_F_N);
	page = add("guide/a b.html", KB_F_TITLE, "Page", KB_F_URL,
	    "https://kb.example/pages/7", KB_F_ID, "page-7", KB_F_N);
	zipped = add("old/z.html.gz", KB_F_TITLE, "Zipped", KB_F_N);
	mark = add("guide/mark.html", KB_F_TITLE, "Mark", KB_F_N);
	kb1 = add_record("export.xml", 1, KB_F_ID, "KB0001", KB_F_ALIAS,
	    "8a7f", KB_F_N);
	kb2 = add_record("export.xml", 2, KB_F_ID, "KB0002", KB_F_N);
	from = add("guide/from.html", KB_F_TITLE, "From", KB_F_N);
}

static uint32_t
leads(const char *href)
{
	uint32_t to;

	begin();
	add_link(from, href);
	CHECK_INT(kb_corpus_link(&corpus, NULL), KB_OK);
	to = corpus.links[0].target;
	corpus_end();
	return to;
}

static void
test_links__by_path(void)
{
	CHECK_INT(leads("a%20b.html#x"), page);
	CHECK_INT(leads("../guide/a b.html?v=2"), page);
	CHECK_INT(leads("/index.html"), home);
	CHECK_INT(leads("../guide"), guide);
	CHECK_INT(leads("../guide/"), guide);
	CHECK_INT(leads("mark"), mark);
	CHECK_INT(leads("mark.md"), mark);
	CHECK_INT(leads("../old/z.html"), zipped);
	CHECK_INT(leads("nothing.html"), UINT32_MAX);
	CHECK_INT(leads("../../guide/mark.html"), UINT32_MAX);
}

static uint32_t
leads_by_title(uint32_t *one, uint32_t *two, const char *href)
{
	uint32_t here, to;

	corpus_begin();
	*one = add_record("a.xml", 1, KB_F_TITLE, "Reset", KB_F_ALIAS,
	    "title://IT/Reset", KB_F_N);
	*two = add_record("a.xml", 2, KB_F_TITLE, "Reset", KB_F_ALIAS,
	    "title://HR/Reset", KB_F_N);
	here = add_record("a.xml", 3, KB_F_TITLE, "C# here", KB_F_ALIAS,
	    "title://HR/C# here", KB_F_N);
	add_record("b.xml", 1, KB_F_TITLE, "Elsewhere", KB_F_N);
	add_link(here, href);
	CHECK_INT(kb_corpus_link(&corpus, NULL), KB_OK);
	to = corpus.links[0].target;
	CHECK_INT(here, *two + 1);
	corpus_end();
	return to;
}

static void
test_links__by_title_in_the_own_space_before_others(void)
{
	uint32_t it, hr;

	CHECK_INT(leads_by_title(&it, &hr, "title:Reset"), hr);
	CHECK_INT(leads_by_title(&it, &hr, "title://IT/Reset"), it);
	CHECK_INT(leads_by_title(&it, &hr, "title:C# here"), hr + 1);
	CHECK_INT(leads_by_title(&it, &hr, "title:Elsewhere"), UINT32_MAX);
	CHECK_INT(leads_by_title(&it, &hr, "title://XX/Reset"), UINT32_MAX);
}

static void
test_links__the_root_is_its_index(void)
{
	CHECK_INT(leads("/"), home);
	CHECK_INT(leads("../"), home);
	CHECK_INT(leads(".."), home);
	/* Not a name that merely goes on so. */
	begin();
	add("guide/xindex.html", KB_F_N);
	add_link(from, "x");
	CHECK_INT(kb_corpus_link(&corpus, NULL), KB_OK);
	CHECK_INT(corpus.links[0].target, UINT32_MAX);
	corpus_end();
}

static void
test_links__by_url_id_and_alias(void)
{
	CHECK_INT(leads("https://kb.example/pages/7"), page);
	CHECK_INT(leads("https://kb.example/pages/7#top"), page);
	CHECK_INT(leads("https://kb.example/pages/8"), UINT32_MAX);
	CHECK_INT(leads("KB0001"), kb1);
	CHECK_INT(leads("8a7f"), kb1);
	CHECK_INT(leads("page-7"), page);
}

static void
test_links__by_a_parameter_of_the_query(void)
{
	CHECK_INT(leads("/kb_view.do?sysparm_article=KB0002"), kb2);
	CHECK_INT(leads("kb_view.do?x=1&sys_kb_id=8a7f&y=2#s"), kb1);
	CHECK_INT(leads("https://desk.example/kb?id=KB0001"), kb1);
	CHECK_INT(leads("/kb_view.do?sysparm_article=KB0009"), UINT32_MAX);
	CHECK_INT(leads("/kb_view.do?KB0001"), UINT32_MAX);
	CHECK_INT(leads("/kb_view.do?id="), UINT32_MAX);
}

static void
test_links__by_their_last_step(void)
{
	CHECK_INT(leads("https://kb.example/articles/KB0001"), kb1);
	CHECK_INT(leads("https://kb.example/articles/KB0001?lang=en"), kb1);
	CHECK_INT(leads("KB0002?lang=en"), kb2);
	CHECK_INT(leads("help:desk/page-7"), page);
	CHECK_INT(leads("https://kb.example/articles/"), UINT32_MAX);
	CHECK_INT(leads("mailto:KB0001@kb.example"), UINT32_MAX);
}

static void
test_links__within_a_page_are_none(void)
{
	CHECK_INT(leads("#section"), UINT32_MAX);
	CHECK_INT(leads(""), UINT32_MAX);
}

static void
test_links__are_counted_where_they_lead_but_not_to_oneself(void)
{
	begin();
	add_link(from, "mark.html");
	add_link(home, "guide/mark.html");
	add_link(mark, "mark.html");
	add_link(mark, "KB0001");
	add_link(from, "gone.html");
	CHECK_INT(kb_corpus_link(&corpus, NULL), KB_OK);
	CHECK_INT(corpus.docs[mark].inlinks, 2);
	CHECK_INT(corpus.docs[kb1].inlinks, 1);
	CHECK_INT(corpus.docs[from].inlinks, 0);
	CHECK_INT(corpus.links[2].target, mark);
	corpus_end();
}

/* A path that many records share names none of them. */
static void
test_links__a_file_of_many_records_is_no_target(void)
{
	CHECK_INT(leads("../export.xml"), UINT32_MAX);
	CHECK_INT(leads("export.xml#1"), UINT32_MAX);
}

static void
test_links__the_first_of_two_with_one_url_is_taken(void)
{
	uint32_t a;

	corpus_begin();
	a = add("a.html", KB_F_URL, "https://kb.example/x", KB_F_N);
	add("b.html", KB_F_URL, "https://kb.example/x", KB_F_N);
	add_link(1, "https://kb.example/x");
	CHECK_INT(kb_corpus_link(&corpus, NULL), KB_OK);
	CHECK_INT(corpus.links[0].target, a);
	corpus_end();
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	RUN(test_links__by_path);
	RUN(test_links__by_title_in_the_own_space_before_others);
	RUN(test_links__the_root_is_its_index);
	RUN(test_links__by_url_id_and_alias);
	RUN(test_links__by_a_parameter_of_the_query);
	RUN(test_links__by_their_last_step);
	RUN(test_links__within_a_page_are_none);
	RUN(test_links__are_counted_where_they_lead_but_not_to_oneself);
	RUN(test_links__a_file_of_many_records_is_no_target);
	RUN(test_links__the_first_of_two_with_one_url_is_taken);
	kb_settings_release(&settings);
	return test_done();
}
