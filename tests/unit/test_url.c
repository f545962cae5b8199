#include "test.h"

#include "chance.h"
#include "url.h"

static struct kb_arena arena;

#define URL(stated, base, path, want)					\
	CHECK_STR(kb_url_of(&arena, KB_STR(stated), KB_STR(base),	\
	    KB_STR(path)), want)

static void
test_url__an_absolute_one_stands(void)
{
	URL("https://a.example/x?y#z", "https://b.example", "p.html",
	    "https://a.example/x?y#z");
	URL("HTTP://a.example/", "", "p.html", "HTTP://a.example/");
}

static void
test_url__a_relative_one_is_put_behind_the_base(void)
{
	URL("/kb_view.do?n=1", "https://a.example/kb/", "p",
	    "https://a.example/kb_view.do?n=1");
	URL("/x", "https://a.example", "p", "https://a.example/x");
	URL("x/y.html", "https://a.example/kb", "p",
	    "https://a.example/kb/x/y.html");
	URL("x", "https://a.example/kb/", "p", "https://a.example/kb/x");
	URL("//c.example/x", "https://a.example/kb", "p",
	    "https://c.example/x");
}

static void
test_url__other_schemes_and_missing_bases_give_none(void)
{
	URL("javascript:alert(1)", "https://a.example", "p", "");
	URL("ftp://a.example/x", "https://a.example", "p", "");
	URL("mailto:a@b", "https://a.example", "p", "");
	URL("https://", "", "p", "");
	URL("/x", "", "p", "");
	URL("", "", "p.html", "");
	URL("", "https://a.example", "", "");
}

static void
test_url__without_one_it_is_the_encoded_path_without_gz(void)
{
	URL("", "https://a.example/kb", "a/b.html",
	    "https://a.example/kb/a/b.html");
	URL("", "https://a.example/kb/", "x.html.gz",
	    "https://a.example/kb/x.html");
	URL("", "https://a.example", "a b%/\xc3\xa9?#\"<>.html",
	    "https://a.example/a%20b%25/%C3%A9%3F%23%22%3C%3E.html");
	URL("", "https://a.example", "a-._~!$&'()*+,;=:@z",
	    "https://a.example/a-._~!$&'()*+,;=:@z");
}

#define PATH(from, href, want)						\
	CHECK_STR(kb_url_path(&arena, KB_STR(from), KB_STR(href), NULL), \
	    want)
#define NOWHERE(from, href)						\
	CHECK(kb_url_path(&arena, KB_STR(from), KB_STR(href), NULL).p ==	\
	    NULL)

static void
test_url_path__is_resolved_against_where_it_stands(void)
{
	PATH("a/c/d.html", "../b.html#x", "a/b.html");
	PATH("a/c/d.html", "e.html", "a/c/e.html");
	PATH("a/c/d.html", "./e/./f.html?q=1", "a/c/e/f.html");
	PATH("a/c/d.html", "/e.html", "e.html");
	PATH("a/c/d.html", "e//f", "a/c/e/f");
	PATH("a/c/d.html", "e/", "a/c/e");
	PATH("a/c/d.html", "#x", "a/c/d.html");
	PATH("d.html", "e.html", "e.html");
	PATH("a/b/c/d.html", "../../x/../y", "a/y");
}

static void
test_url_path__escapes_are_decoded_once(void)
{
	PATH("d.html", "a%20b%C3%A9.html", "a b\xc3\xa9.html");
	PATH("d.html", "a%2520b", "a%20b");
	PATH("d.html", "100%", "100%");
	PATH("d.html", "a%4", "a%4");
	PATH("d.html", "a%zz%41", "a%zzA");
	PATH("a/d.html", "%62", "a/b");
}

static void
test_url_path__what_leaves_the_tree_leads_nowhere(void)
{
	NOWHERE("d.html", "../x");
	NOWHERE("a/d.html", "../../x");
	NOWHERE("a/d.html", "/..");
	NOWHERE("a/d.html", "../../a/x");
	/* The same, spelled with escapes. */
	NOWHERE("d.html", "%2e%2e/x");
	NOWHERE("a/d.html", "..%2f..%2fx");
	NOWHERE("a/d.html", "%2E./%2e%2E/etc/passwd");
	PATH("a/c/d.html", "%2e%2e/x", "a/x");
	PATH("a/c/d.html", "%2e/x", "a/c/x");
	/* No file is called so. */
	NOWHERE("d.html", "a%2fb");
	NOWHERE("d.html", "a.html%00.png");
	NOWHERE("d.html", "a%ff.html");
}

static void
test_url_path__other_sites_lead_nowhere(void)
{
	NOWHERE("d.html", "https://a.example/d.html");
	NOWHERE("d.html", "//a.example/d.html");
	NOWHERE("d.html", "mailto:a@b");
	NOWHERE("d.html", "javascript:x");
	/* A colon behind a slash is none of a scheme. */
	PATH("d.html", "./a:b", "a:b");
	PATH("d.html", "a/b:c", "a/b:c");
}

static void
test_url_path__the_root_is_empty_but_somewhere(void)
{
	PATH("a/d.html", "../", "");
	PATH("a/d.html", "/", "");
	PATH("d.html", ".", "");
	CHECK(kb_url_path(&arena, KB_STR("a/d.html"), KB_STR(".."), NULL).p !=
	    NULL);
}

static void
test_url_path__the_fragment_is_what_follows_the_first_hash(void)
{
	struct kb_str f = KB_STR("?");

	kb_url_path(&arena, KB_STR("d.html"), KB_STR("e.html?a#b#c"), &f);
	CHECK_STR(f, "b#c");
	kb_url_path(&arena, KB_STR("d.html"), KB_STR("https://a.example/#s"),
	    &f);
	CHECK_STR(f, "s");
	kb_url_path(&arena, KB_STR("d.html"), KB_STR("e.html"), &f);
	CHECK_INT(f.n, 0);
}

static bool
has_step(struct kb_str path, const char *bad)
{
	struct kb_str rest = path, step;

	while (kb_str_split(&rest, '/', &step))
		if (kb_str_eq(step, kb_str_c(bad)))
			return true;
	return false;
}

static void
test_url_path__never_holds_a_step_that_leads_elsewhere(void)
{
	static const char *const bits[] = {
		"..", ".", "/", "%2e", "%2F", "%5c", "a", "%", "2", "e",
		"%25", "%00", "b", "//"
	};
	char href[64];

	for (int i = 0; i < 100000; i++) {
		struct kb_str got;

		href[0] = '\0';
		for (size_t k = chance_below(9); k > 0; k--)
			strcat(href, bits[chance_below(sizeof(bits) /
			    sizeof(bits[0]))]);
		got = kb_url_path(&arena, KB_STR("a/b/c.html"),
		    kb_str_c(href), NULL);
		if (got.n > 0 && (has_step(got, "..") || has_step(got, ".") ||
		    has_step(got, "") ||
		    memchr(got.p, '\0', got.n) != NULL)) {
			printf("# '%s' gives '%.*s'\n", href, KB_FMT(got));
			CHECK(!"a path of plain steps");
			break;
		}
		kb_arena_reset(&arena);
	}
}

int
main(void)
{
	RUN(test_url__an_absolute_one_stands);
	RUN(test_url__a_relative_one_is_put_behind_the_base);
	RUN(test_url__other_schemes_and_missing_bases_give_none);
	RUN(test_url__without_one_it_is_the_encoded_path_without_gz);
	RUN(test_url_path__is_resolved_against_where_it_stands);
	RUN(test_url_path__escapes_are_decoded_once);
	RUN(test_url_path__what_leaves_the_tree_leads_nowhere);
	RUN(test_url_path__other_sites_lead_nowhere);
	RUN(test_url_path__the_root_is_empty_but_somewhere);
	RUN(test_url_path__the_fragment_is_what_follows_the_first_hash);
	RUN(test_url_path__never_holds_a_step_that_leads_elsewhere);
	kb_arena_release(&arena);
	return test_done();
}
