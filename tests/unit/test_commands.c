/*
 * duplicates, digest, dump, inspect, and the columns they print in.
 */
#include <jansson.h>

#include "command_fixture.h"
#include "inspect.h"
#include "out.h"
#include "tally.h"

static const char rows[] =
"INSERT INTO article(n,id,path,member,number,start,end,format,source,title,"
" authors,created,status,words,cluster,relation) VALUES"
"(1,'b','a.xml',NULL,7,0,9,'x','x','Bee','[\"Ann\",\"Bob\"]',20240131,5,4,2,"
" 'near'),"
"(2,'a b' || char(27),'b.html','m',NULL,0,9,'x','x',NULL,'broken [',NULL,1,"
" 2,2,NULL),"
"(3,'c','c.html',NULL,NULL,0,9,'x','x','Sea',NULL,20241399,0,0,NULL,NULL);"
"INSERT INTO passage(n,article,seq,field,start,end,heading,anchor,context,"
" lead,words,text) VALUES"
"(1,1,2,'text',5,9,NULL,NULL,'html:',0,2,'it won''t'),"
"(2,1,1,'text',0,5,'Top','t','html:',0,2,'Print \"this\"'),"
"(3,2,1,NULL,0,9,NULL,NULL,'html:',0,2,'Over there');"
"INSERT INTO finding(n,code,level,article,message,fingerprint,priority)"
" VALUES(1,'stale',1,1,'m','f',1),(2,'stale',1,1,'m','f',1),"
" (3,'expired',2,1,'m','f',1);"
"INSERT INTO duplicate VALUES(1,2,'near',8,10,9,3,4,5),"
"(1,3,'template',8,10,9,0,0,0);"
"INSERT INTO term VALUES('print',1),('over',1);";

#define INDEX	at("c.kb")

static void
test_duplicates__put_the_lower_id_first_with_its_own_figures(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_duplicates, INDEX), KB_EXIT_OK);
	CHECK_STR(kb_buf_str(&printed), "id-a\tid-b\trelation\tshared\t"
	    "size-a\tsize-b\tresemblance\tstripped\tcontainment-a\t"
	    "containment-b\n"
	    "a%20b%1B\tb\tnear\t8\t9\t10\t0.727273\t0.500000\t0.888889\t"
	    "0.800000\n"
	    "b\tc\ttemplate\t8\t10\t9\t0.727273\t-\t0.800000\t0.888889\n");
}

static void
test_duplicates__json_has_figures_or_null(void)
{
	json_t *all, *pairs;

	CHECK_INT(RUN_COMMAND(kb_cmd_duplicates, "--json", "--relation",
	    "template", INDEX), KB_EXIT_OK);
	all = json_loadb(printed.p, printed.n, 0, NULL);
	pairs = json_object_get(all, "pairs");
	CHECK_INT(json_array_size(pairs), 1);
	CHECK_INT(json_integer_value(json_object_get(json_array_get(pairs,
	    0), "size_b")), 9);
	CHECK(json_is_null(json_object_get(json_array_get(pairs, 0),
	    "stripped")));
	json_decref(all);
}

static json_t *
line_of(size_t n)
{
	struct kb_str rest = kb_buf_str(&printed), line;
	json_t *v = NULL;

	for (size_t i = 0; i <= n; i++)
		kb_str_split(&rest, '\n', &line);
	v = json_loadb(line.p, line.n, 0, NULL);
	CHECK(v != NULL);
	return v;
}

static void
check_text(json_t *object, const char *key, const char *want)
{
	json_t *v = json_object_get(object, key);

	CHECK(v != NULL);
	CHECK_STR(kb_str_c(json_is_null(v) ? "(null)" : json_string_value(v)),
	    want);
}

static void
test_dump__has_passages_by_seq_and_the_words_of_all(void)
{
	json_t *a, *p;

	CHECK_INT(RUN_COMMAND(kb_cmd_dump, INDEX), KB_EXIT_OK);
	CHECK_INT(printed_lines(), 3);
	a = line_of(0);
	check_text(a, "id", "b");
	check_text(a, "words", "print this it wont");
	check_text(a, "created", "2024-01-31");
	check_text(a, "status", "superseded");
	check_text(a, "owner", "(null)");
	check_text(a, "cluster", "a b\x1b");
	CHECK(json_is_false(json_object_get(a, "canonical")));
	CHECK_INT(json_array_size(json_object_get(a, "authors")), 2);
	CHECK_INT(json_array_size(json_object_get(a, "findings")), 2);
	p = json_array_get(json_object_get(a, "passages"), 0);
	check_text(p, "passage_id", "b#p1");
	check_text(p, "text", "Print \"this\"");
	p = json_object_get(p, "span");
	check_text(p, "field", "text");
	check_text(p, "member", "(null)");
	CHECK_INT(json_integer_value(json_object_get(p, "record")), 7);
	CHECK_INT(json_integer_value(json_object_get(p, "end")), 5);
	json_decref(a);
}

static void
test_dump__says_null_for_what_is_missing_or_makes_no_sense(void)
{
	json_t *a;

	CHECK_INT(RUN_COMMAND(kb_cmd_dump, INDEX), KB_EXIT_OK);
	a = line_of(1);
	CHECK(json_is_true(json_object_get(a, "canonical")));
	check_text(a, "cluster", "a b\x1b");
	check_text(a, "title", "(null)");
	CHECK_INT(json_array_size(json_object_get(a, "authors")), 0);
	json_decref(a);
	a = line_of(2);
	CHECK(json_is_true(json_object_get(a, "canonical")));
	check_text(a, "cluster", "(null)");
	check_text(a, "created", "(null)");
	check_text(a, "words", "");
	CHECK_INT(json_array_size(json_object_get(a, "passages")), 0);
	json_decref(a);
}

static void
digest_of(const char *path, char digest[65])
{
	CHECK_INT(RUN_COMMAND(kb_cmd_digest, path), KB_EXIT_OK);
	CHECK_INT(printed.n > 64 ? printed.p[64] : 0, '\n');
	snprintf(digest, 65, "%s", printed.p);
}

static void
test_digest__depends_on_content_and_not_on_how_it_was_written(void)
{
	struct kb_buf sql = { 0 };
	char a[65], b[65], c[65];

	digest_of(INDEX, a);
	CHECK(printed_has("\narticle    3\n"));
	kb_buf_printf(&sql, "INSERT INTO term VALUES('zz',1);%s"
	    "DELETE FROM term WHERE term = 'zz';", rows);
	index_fill(at("d.kb"), sql.p);
	digest_of(at("d.kb"), b);
	CHECK_STR(kb_str_c(b), a);
	kb_buf_clear(&sql);
	kb_buf_printf(&sql, "%sUPDATE term SET df = 2 WHERE term = 'over';",
	    rows);
	index_fill(at("e.kb"), sql.p);
	digest_of(at("e.kb"), c);
	CHECK(strcmp(a, c) != 0);
	kb_buf_release(&sql);
}

/* A table that is forgotten would be outside of the digest. */
static void
test_digest__counts_every_table_of_the_schema(void)
{
	struct kb_str rest = KB_STR(KB_SCHEMA), part;
	char name[40];
	size_t tables = 0;

	CHECK_INT(RUN_COMMAND(kb_cmd_digest, INDEX), KB_EXIT_OK);
	while (kb_str_split(&rest, ';', &part)) {
		if (!kb_str_has_prefix(part, KB_STR("CREATE TABLE ")))
			continue;
		part = kb_str(part.p + 13, part.n - 13);
		/* Made of the others. */
		if (kb_str_has_prefix(part, KB_STR("shingle_")))
			continue;
		snprintf(name, sizeof(name), "\n%.*s ",
		    (int)kb_str_find(part, KB_STR("("), 0), part.p);
		CHECK(printed_has(name));
		tables++;
	}
	CHECK_INT(printed_lines(), tables + 1);
}

static void
test_inspect__tells_coverage_and_what_nothing_maps(void)
{
	mkdir(at("in"), 0755);
	spew(at("in/a.html"), KB_STR("<html lang=en><head><title>One</title>"
	    "<meta name=x-kb-owner content='Ops'></head><body><p>Some text."
	    "</body></html>"));
	spew(at("in/b.html"), KB_STR("<html><head><title>Two</title></head>"
	    "<body><p>Other text.</body></html>"));
	spew(at("in/c.xml"), KB_STR("<nobody><knows/></nobody>"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("in")), KB_EXIT_OK);
	CHECK(printed_has("2 articles in 3 files"));
	CHECK(printed_has("title                  2 100%"));
	CHECK(printed_has("lang                   1  50%"));
	CHECK(printed_has("x-kb-owner"));
	CHECK(printed_has("no field for owner"));
	CHECK(printed_has("perhaps it is x-kb-owner"));
	CHECK(printed_has("owner = x-kb-owner"));
	CHECK(printed_has("Could not be read: 1"));
	CHECK(printed_has("  c.xml"));
	CHECK(printed_has("kb-index build -o"));
}

static void
test_inspect_json__says_the_same(void)
{
	json_t *all, *group;

	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--json", "--threads", "2",
	    at("in")), KB_EXIT_OK);
	/* Behind what is said of a kernel or build that lacks something. */
	all = line_of(printed_lines() - 1);
	CHECK_INT(json_integer_value(json_object_get(all, "articles")), 2);
	CHECK_INT(json_integer_value(json_object_get(all, "unreadable")), 1);
	CHECK(json_array_size(json_object_get(all, "next")) > 1);
	group = json_array_get(json_object_get(all, "groups"), 0);
	check_text(group, "format", "html");
	CHECK_INT(json_array_size(json_object_get(group, "unmapped")), 1);
	json_decref(all);
}

static void
test_inspect__tells_folders_apart_where_there_are_several(void)
{
	mkdir(at("two"), 0755);
	mkdir(at("two/x"), 0755);
	mkdir(at("two/y"), 0755);
	spew(at("two/x/a.html"), KB_STR("<title>One</title><p>Text."));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("two")), KB_EXIT_OK);
	CHECK(printed_has("\nhtml: 1 article\n"));
	spew(at("two/y/b.html"), KB_STR("<title>Two</title><p>Text."));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("two")), KB_EXIT_OK);
	CHECK(printed_has("\nhtml, in x/: 1 article\n"));
	CHECK(printed_has("\nhtml, in y/: 1 article\n"));
}

static void
guess_of(enum kb_field field, const char *name, const char *want)
{
	struct kb_inspect_group g = { .articles = 1 };
	struct kb_arena arena = { 0 };
	struct kb_buf b = { 0 };

	kb_tally_add(&g.unmapped, &arena, kb_str_c(name), KB_STR("x"));
	kb_inspect_guess(&g, field, &b);
	CHECK_STR(kb_buf_str(&b), want);
	kb_buf_release(&b);
	kb_tally_release(&g.unmapped);
	kb_arena_release(&arena);
}

static void
test_inspect_guess__takes_whole_words_of_names(void)
{
	guess_of(KB_F_VIEWS, "meta:review-date", "");
	guess_of(KB_F_VIEWS, "meta:viewport", "");
	guess_of(KB_F_VIEWS, "u_view_count", "u_view_count");
	guess_of(KB_F_VIEWS, "pageViews", "pageViews");
	guess_of(KB_F_REVIEW_DUE, "meta:review-date", "review-date");
	guess_of(KB_F_REVIEW_DUE, "dateNextReview", "dateNextReview");
	guess_of(KB_F_REVIEW_DUE, "meta:ms.reviewer", "");
	guess_of(KB_F_REVIEW_DUE, "meta:preview", "");
	guess_of(KB_F_REVIEWED, "LASTReviewedOn", "LASTReviewedOn");
	guess_of(KB_F_STATUS, "meta:estate", "");
	guess_of(KB_F_STATUS, "x:state", "x:state");
	guess_of(KB_F_OWNER, "meta:x-kb-owner", "x-kb-owner");
	guess_of(KB_F_OWNER, "subteams", "");
	guess_of(KB_F_MODIFIED, "sys_updated_on", "sys_updated_on");
	guess_of(KB_F_MODIFIED, "exchange", "");
	guess_of(KB_F_MODIFIED, "", "");
}

static void
test_inspect_guess__takes_no_person_for_a_day(void)
{
	guess_of(KB_F_MODIFIED, "sys_updated_by", "");
	guess_of(KB_F_REVIEWED, "reviewedBy", "");
	guess_of(KB_F_REVIEW_DUE, "kb-review-by", "kb-review-by");
}

/* What is printed can be pasted: the names built in stay. */
static void
test_inspect__gives_advice_that_works(void)
{
	mkdir(at("works"), 0755);
	spew(at("works/a.html"), KB_STR("<title>One</title><meta name="
	    "x-kb-owner content=Ops><p>Text."));
	spew(at("works/b.html"), KB_STR("<title>Two</title><meta name="
	    "content-owner content=Net><p>Text."));
	spew(at("works.conf"), KB_STR("[meta]\nowner = x-kb-owner\n"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("works")), KB_EXIT_OK);
	CHECK(printed_has("owner                  1  50%"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--config", at("works.conf"),
	    at("works")), KB_EXIT_OK);
	CHECK(printed_has("owner                  2 100%"));
}

static void
test_inspect__tells_of_metadata_that_fits_nothing(void)
{
	json_t *all, *m;

	spew(at("m.csv"), KB_STR("owner,path\nOps,a.html\nNet,A-9\n,B-9\n"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--metadata", at("m.csv"),
	    at("works")), KB_EXIT_OK);
	CHECK(printed_has("m.csv: 2 of 3 rows fit no article; the first is "
	    "'A-9' (line 3); the key is the column 'path'\n"));
	/* Standard error comes first here: it is not buffered. */
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--json", "--metadata",
	    at("m.csv"), at("works")), KB_EXIT_OK);
	all = line_of(printed_at("{") == 0 ? 0 : 1);
	m = json_object_get(all, "metadata");
	CHECK_INT(json_integer_value(json_object_get(m, "rows")), 3);
	CHECK_INT(json_integer_value(json_object_get(m, "unused")), 2);
	check_text(m, "first_unused", "A-9");
	CHECK_INT(json_integer_value(json_object_get(m,
	    "first_unused_line")), 3);
	json_decref(all);
	spew(at("m.csv"), KB_STR("path,owner\na.html,Ops\n"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--metadata", at("m.csv"),
	    at("works")), KB_EXIT_OK);
	CHECK(!printed_has("warning"));
}

static void
test_inspect__of_nothing_is_unusable_input(void)
{
	mkdir(at("none"), 0755);
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("none")), KB_EXIT_INPUT);
	CHECK(printed_has("no file of a known kind"));
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, at("no such")), KB_EXIT_INPUT);
	CHECK_INT(RUN_COMMAND(kb_cmd_inspect, "--json"), KB_EXIT_USAGE);
}

static void
test_commands__want_exactly_one_index_that_is_there(void)
{
	static int (*const fn[])(const struct kb_command *, int, char **) = {
		kb_cmd_duplicates, kb_cmd_digest, kb_cmd_dump };

	for (int i = 0; i < 3; i++) {
		CHECK_INT(RUN_COMMAND(fn[i], INDEX, INDEX), KB_EXIT_USAGE);
		CHECK_INT(RUN_COMMAND(fn[i], at("none.kb")), KB_EXIT_INPUT);
	}
}

static void
check_cell(const char *text, int width, const char *want)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, "");
	kb_out_cell(&b, kb_str_c(text), width);
	CHECK_STR(kb_buf_str(&b), want);
	kb_buf_release(&b);
}

static void
test_out_id__is_one_field_and_acts_on_no_terminal(void)
{
	static const char *const ids[][2] = {
		{ "a b\tc\xc2\xa0" "d", "a%20b%09c%C2%A0d" },
		{ "a\x9b" "2J\xff", "a%9B2J%FF" },
		{ "a\xe2\x80\xae" "b\xe2\x81\xa6", "a%E2%80%AEb%E2%81%A6" },
		{ "a\xe2\x80\x8b" "b\xef\xbb\xbf", "a%E2%80%8Bb%EF%BB%BF" },
		{ "caf\xc3\xa9/\xe2\x80\x93", "caf\xc3\xa9/\xe2\x80\x93" },
	};
	struct kb_buf b = { 0 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		kb_buf_clear(&b);
		kb_out_id(&b, kb_str_c(ids[i][0]));
		CHECK_STR(kb_buf_str(&b), ids[i][1]);
	}
	kb_buf_release(&b);
}

static void
test_out_cell__is_as_wide_as_it_should_be(void)
{
	check_cell("abc", 5, "abc  ");
	check_cell("abc", -5, "  abc");
	check_cell("abcdef", 4, "abc\xe2\x80\xa6");
	check_cell("a\n\tb ", 4, "a b ");
	check_cell("\xe6\xbc\xa2\xe5\xad\x97", 5, "\xe6\xbc\xa2\xe5\xad\x97 ");
	check_cell("\xe6\xbc\xa2\xe5\xad\x97", 3, "\xe6\xbc\xa2\xe2\x80\xa6");
	check_cell("a\x1b[2J", 8, "a\xef\xbf\xbd[2J   ");
}

static void
test_out_wrap__breaks_between_words(void)
{
	struct kb_buf b = { 0 };

	kb_out_wrap(&b, KB_STR("one two three"), 2, 2, 9);
	CHECK_STR(kb_buf_str(&b), "one two\n  three\n");
	kb_buf_clear(&b);
	kb_out_wrap(&b, KB_STR("unbreakable"), 0, 2, 4);
	CHECK_STR(kb_buf_str(&b), "unbreakable\n");
	kb_buf_clear(&b);
	kb_out_count(&b, 1234567, 11);
	kb_out_count(&b, 12, 0);
	CHECK_STR(kb_buf_str(&b), "  1,234,56712");
	kb_buf_release(&b);
}

static void
test_tally__sorts_by_count_and_caps_names(void)
{
	struct kb_arena arena = { 0 };
	struct kb_tally t = { .n = 0 };
	char name[16];

	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "n%03d", i);
		kb_tally_add(&t, &arena, kb_str_c(name), KB_STR("s"));
	}
	kb_tally_add(&t, &arena, KB_STR("n007"), KB_STR("other"));
	CHECK_INT(t.n, 512);
	CHECK_INT(t.rest, 88);
	kb_tally_sort(&t);
	CHECK_STR(t.v[0].name, "n007");
	CHECK_STR(t.v[0].sample, "s");
	CHECK_STR(t.v[1].name, "n000");
	kb_tally_release(&t);
	kb_arena_release(&arena);
}

int
main(void)
{
	fixture_begin();
	index_fill(INDEX, rows);
	RUN(test_duplicates__put_the_lower_id_first_with_its_own_figures);
	RUN(test_duplicates__json_has_figures_or_null);
	RUN(test_dump__has_passages_by_seq_and_the_words_of_all);
	RUN(test_dump__says_null_for_what_is_missing_or_makes_no_sense);
	RUN(test_digest__depends_on_content_and_not_on_how_it_was_written);
	RUN(test_digest__counts_every_table_of_the_schema);
	RUN(test_inspect__tells_coverage_and_what_nothing_maps);
	RUN(test_inspect_json__says_the_same);
	RUN(test_inspect__tells_folders_apart_where_there_are_several);
	RUN(test_inspect_guess__takes_whole_words_of_names);
	RUN(test_inspect_guess__takes_no_person_for_a_day);
	RUN(test_inspect__gives_advice_that_works);
	RUN(test_inspect__tells_of_metadata_that_fits_nothing);
	RUN(test_inspect__of_nothing_is_unusable_input);
	RUN(test_commands__want_exactly_one_index_that_is_there);
	RUN(test_out_id__is_one_field_and_acts_on_no_terminal);
	RUN(test_out_cell__is_as_wide_as_it_should_be);
	RUN(test_out_wrap__breaks_between_words);
	RUN(test_tally__sorts_by_count_and_caps_names);
	kb_buf_release(&printed);
	fixture_end();
	return test_done();
}
