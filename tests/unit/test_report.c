#include <jansson.h>

#include "command_fixture.h"
#include "codes.h"

/*
 * 1 expired, and its canonical's copy; 2 canonical of 1..3; 4 hostile, and
 * without an owner; 5 fine.
 */
static const char rows[] =
"INSERT INTO article(n,id,path,start,end,line,format,source,title,owner,"
" status,words,cluster,relation,url,edit_url,modified,views) VALUES"
"(1,'KB1','a.xml',0,9,3,'x','x','Reset VPN','Net',0,5,2,'near',NULL,NULL,"
" 20240131,NULL),"
"(2,'KB2','a.xml',9,19,7,'x','x','VPN reset','Net',0,5,2,NULL,"
" 'https://kb/2','https://kb/2/edit',20250101,1234),"
"(3,'KB3','a.xml',19,29,9,'x','x','VPN again',NULL,0,5,2,'identical',"
" 'javascript:alert(1)','javascript:alert(2)',NULL,NULL),"
"(4,'KB 4','a.xml',29,39,11,'x','x','<script>alert(1)</script>' ||"
" char(27) || '[2J','=1+1',0,5,NULL,NULL,NULL,NULL,NULL,NULL),"
"(5,'KB5','a.xml',39,49,13,'x','x','Fine','Web',0,5,NULL,NULL,NULL,NULL,"
" NULL,NULL);"
"INSERT INTO finding(n,code,level,article,path,line,start,end,message,value,"
" threshold,fingerprint,priority) VALUES"
"(1,'stale',1,4,'a.xml',11,29,39,'old','400','365','1:a',5.0),"
"(2,'expired',2,4,'a.xml',11,29,39,'over','2024-01-01','2026-10-01','1:b',"
" 9.0),"
"(3,'near-duplicate',1,1,'a.xml',3,0,9,'90% the same','9/10','4/5','1:c',"
" 7.0),"
"(4,'identical',1,3,'a.xml',9,19,29,'the same',NULL,NULL,'1:d',7.0),"
"(5,'stale',1,3,'a.xml',9,19,29,'old too','401','365','1:e',5.0),"
"(6,'stale',1,2,'a.xml',7,9,19,'old as well','402','365','1:f',5.0),"
"(7,'no-field',1,NULL,'web',NULL,NULL,NULL,'no owner anywhere','owner',NULL,"
" '1:g',9.0),"
"(8,'odd-thing',0,1,'a.xml',3,0,9,'strange',NULL,NULL,'1:h',1.0);"
"INSERT INTO duplicate VALUES(1,2,'near',90,95,95,90,95,95),"
" (2,3,'identical',50,50,50,50,50,50);"
"INSERT INTO meta VALUES('as_of','2026-10-01'),('quarantined','0');";

#define INDEX	at("r.kb")

static void
test_report_text__begins_with_the_highest_priority(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX), KB_EXIT_OK);
	CHECK(printed_has("5 articles, 4 with findings (80%)"));
	CHECK(printed_has("8 findings: 1 error, 6 warnings, 1 note"));
	/* Equal priority: the error first. */
	CHECK(printed_at("expired: over") < printed_at("no owner anywhere"));
	CHECK(printed_at("no owner anywhere") < printed_at("merge"));
}

static void
test_report_text__shows_a_cluster_once_then_only_its_canonical(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX), KB_EXIT_OK);
	CHECK(printed_has("2 articles into VPN reset (KB2)"));
	CHECK(!printed_has("90% the same"));
	CHECK(!printed_has("old too"));
	CHECK(printed_has("old as well"));
	CHECK(printed_has("edit: https://kb/2/edit"));
}

static void
test_report_text__lets_no_control_character_through(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX), KB_EXIT_OK);
	CHECK(memchr(printed.p, 27, printed.n) == NULL);
	CHECK(printed_has("<script>alert(1)</script>\xef\xbf\xbd[2J"));
}

static void
test_report_text__counts_owners_and_those_without(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX), KB_EXIT_OK);
	CHECK(printed_has("         3         0         2  Net\n"));
	CHECK(printed_has("         2         0         1  no owner\n"));
	CHECK(!printed_has("  Web\n"));
}

static void
test_report__shows_no_more_than_top(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--top", "1"),
	    KB_EXIT_OK);
	CHECK(printed_has("   1. retire"));
	CHECK(!printed_has("   2. "));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--top", "2", "--format",
	    "csv"), KB_EXIT_OK);
	CHECK_INT(printed_lines(), 3);
}

static json_t *
load_json(void)
{
	json_t *all = json_loadb(printed.p, printed.n, 0, NULL);

	CHECK(all != NULL);
	return all;
}

static const char *
member(json_t *all, size_t i, const char *key)
{
	const char *text = json_string_value(json_object_get(json_array_get(
	    json_object_get(all, "findings"), i), key));

	return text != NULL ? text : "(none)";
}

static void
test_report_json__is_in_order_and_says_what_is_not_known(void)
{
	static const char *const order[] = { "1:b", "1:g", "1:d", "1:c",
		"1:a", "1:f", "1:e", "1:h" };
	json_t *all;

	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json"),
	    KB_EXIT_OK);
	all = load_json();
	CHECK_INT(json_integer_value(json_object_get(all, "format")), 1);
	CHECK_INT(json_integer_value(json_object_get(all, "articles")), 5);
	CHECK_INT(json_array_size(json_object_get(all, "findings")), 8);
	for (size_t i = 0; i < 8; i++)
		CHECK_STR(kb_str_c(member(all, i, "fingerprint")), order[i]);
	CHECK_STR(kb_str_c(member(all, 0, "action")), "retire");
	CHECK_STR(kb_str_c(member(all, 1, "article")), "(none)");
	CHECK_STR(kb_str_c(member(all, 2, "value")), "(none)");
	CHECK(json_is_null(json_object_get(json_array_get(json_object_get(
	    all, "findings"), 1), "span")));
	json_decref(all);
}

static void
test_report__filters_by_level_code_and_owner(void)
{
	json_t *all;

	RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json", "--code",
	    "stale", "--owner", "net");
	all = load_json();
	CHECK_INT(json_array_size(json_object_get(all, "findings")), 1);
	CHECK_STR(kb_str_c(member(all, 0, "fingerprint")), "1:f");
	json_decref(all);
	RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json", "--level",
	    "error");
	all = load_json();
	CHECK_INT(json_array_size(json_object_get(all, "findings")), 1);
	json_decref(all);
	RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json", "--owner", "");
	all = load_json();
	CHECK_INT(json_array_size(json_object_get(all, "findings")), 2);
	json_decref(all);
}

static void
test_report__fails_on_a_level_within_the_filters(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--fail-on", "error"),
	    KB_EXIT_NO);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--fail-on", "warning"),
	    KB_EXIT_NO);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--fail-on", "error",
	    "--code", "stale"), KB_EXIT_OK);
}

static void
test_report__names_what_exists_for_what_does_not(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--code", "nope"),
	    KB_EXIT_USAGE);
	CHECK(printed_has("near-duplicate"));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--level", "fatal"),
	    KB_EXIT_USAGE);
	CHECK(printed_has("note, warning or error"));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "pdf"),
	    KB_EXIT_USAGE);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, "--top", "3"), KB_EXIT_USAGE);
}

static void
test_report__refuses_an_owner_that_no_article_has(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--owner", "nets"),
	    KB_EXIT_USAGE);
	CHECK(printed_has("no article has the owner 'nets'; perhaps you mean "
	    "'Net';"));
	/* A gate for a misspelt owner must not pass. */
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--owner", "Helpdesk",
	    "--fail-on", "error"), KB_EXIT_USAGE);
	CHECK(printed_has("most articles belong to 'Net', '=1+1', 'Web';"));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--owner", "\033[2J"),
	    KB_EXIT_USAGE);
	CHECK(memchr(printed.p, 27, printed.n) == NULL);
	/* One without findings is none to complain of. */
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--owner", "web",
	    "--fail-on", "note"), KB_EXIT_OK);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--owner", "",
	    "--fail-on", "warning"), KB_EXIT_NO);
}

static void
test_report__takes_a_code_that_only_the_index_knows(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--code", "odd-thing"),
	    KB_EXIT_OK);
	CHECK(printed_has("odd-thing: strange"));
}

static void
test_report_csv__is_safe_in_a_spreadsheet(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "csv"),
	    KB_EXIT_OK);
	CHECK_INT(printed_lines(), 9);
	CHECK(printed.n > 3 && memcmp(printed.p, "\xef\xbb\xbf", 3) == 0);
	CHECK(printed_has("\n9.000,error,expired,retire,KB 4,"));
	CHECK(printed_has(",'=1+1,"));
	CHECK(memchr(printed.p, 27, printed.n) == NULL);
	CHECK(printed_has(",2025-01-01,,1234,https://kb/2,"));
}

static void
test_report_html__escapes_text_and_refuses_scripts(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "html"),
	    KB_EXIT_OK);
	CHECK(printed_has("&lt;script&gt;alert(1)&lt;/script&gt;"));
	CHECK(!printed_has("<script>alert"));
	CHECK(!printed_has("href=\"javascript:"));
	CHECK(printed_has("href=\"https://kb/2/edit\""));
	CHECK(printed_has("default-src 'none'"));
	CHECK(!printed_has("unsafe-inline"));
	CHECK(memchr(printed.p, 27, printed.n) == NULL);
}

static void
test_report_html__closes_every_element(void)
{
	static const char *const names[] = { "ul", "li", "ol", "section",
		"details", "table", "tr", "td", "th", "dl", "div", "p",
		"main", "h2", "h3", "a", "bdi", "span" };
	char open[16], with[16], close[16];

	RUN_COMMAND(kb_cmd_report, INDEX, "--format", "html");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *p;
		int n = 0;

		snprintf(open, sizeof(open), "<%s>", names[i]);
		snprintf(with, sizeof(with), "<%s ", names[i]);
		snprintf(close, sizeof(close), "</%s>", names[i]);
		for (p = printed.p; (p = strstr(p, open)) != NULL; p++)
			n++;
		for (p = printed.p; (p = strstr(p, with)) != NULL; p++)
			n++;
		CHECK(n > 0);
		for (p = printed.p; (p = strstr(p, close)) != NULL; p++)
			n--;
		CHECK_INT(n, 0);
	}
}

static void
test_report__writes_the_same_into_a_file(void)
{
	struct kb_buf file;

	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json",
	    "--output", at("out.json")), KB_EXIT_OK);
	CHECK_INT(printed.n, 0);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--format", "json"),
	    KB_EXIT_OK);
	file = slurp(at("out.json"));
	CHECK(kb_str_eq(kb_buf_str(&file), kb_buf_str(&printed)));
	kb_buf_release(&file);
	CHECK_INT(RUN_COMMAND(kb_cmd_report, INDEX, "--output",
	    at("no/such/folder")), KB_EXIT_SYSTEM);
}

static void
test_report__of_no_findings_says_so(void)
{
	index_fill(at("empty.kb"), "INSERT INTO meta VALUES('as_of',"
	    "'2026-10-01');");
	CHECK_INT(RUN_COMMAND(kb_cmd_report, at("empty.kb"), "--fail-on",
	    "note"), KB_EXIT_OK);
	CHECK(printed_has("Nothing to do."));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, at("empty.kb"), "--format",
	    "html"), KB_EXIT_OK);
	CHECK(printed_has("Nothing to do."));
	CHECK_INT(RUN_COMMAND(kb_cmd_report, at("nothing.kb")),
	    KB_EXIT_INPUT);
}

static void
test_codes__are_sorted_and_complete(void)
{
	static const char *const verbs[] = { "retire", "merge", "assign",
		"review", "fix" };
	const struct kb_code *v;
	size_t n, k;

	v = kb_codes(&n);
	CHECK_INT(n, 31);
	for (size_t i = 0; i < n; i++) {
		CHECK(i == 0 || strcmp(v[i - 1].code, v[i].code) < 0);
		CHECK(v[i].weight >= 1 && v[i].weight <=
		    KB_CODES_MAX_WEIGHT);
		for (k = 0; k < 5 && strcmp(v[i].action, verbs[k]) != 0; k++)
			continue;
		CHECK(k < 5);
		CHECK(kb_code_find(kb_str_c(v[i].code)) == &v[i]);
	}
	CHECK_STR(kb_str_c(kb_code_find(KB_STR("what"))->code), "other");
	CHECK(kb_code_weight("expired") == 9);
	CHECK(kb_code_weight("what") == 2);
}

int
main(void)
{
	fixture_begin();
	index_fill(INDEX, rows);
	RUN(test_report_text__begins_with_the_highest_priority);
	RUN(test_report_text__shows_a_cluster_once_then_only_its_canonical);
	RUN(test_report_text__lets_no_control_character_through);
	RUN(test_report_text__counts_owners_and_those_without);
	RUN(test_report__shows_no_more_than_top);
	RUN(test_report_json__is_in_order_and_says_what_is_not_known);
	RUN(test_report__filters_by_level_code_and_owner);
	RUN(test_report__fails_on_a_level_within_the_filters);
	RUN(test_report__names_what_exists_for_what_does_not);
	RUN(test_report__refuses_an_owner_that_no_article_has);
	RUN(test_report__takes_a_code_that_only_the_index_knows);
	RUN(test_report_csv__is_safe_in_a_spreadsheet);
	RUN(test_report_html__escapes_text_and_refuses_scripts);
	RUN(test_report_html__closes_every_element);
	RUN(test_report__writes_the_same_into_a_file);
	RUN(test_report__of_no_findings_says_so);
	RUN(test_codes__are_sorted_and_complete);
	kb_buf_release(&printed);
	fixture_end();
	return test_done();
}
