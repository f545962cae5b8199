/* Joins by id: rows, keys, paths through tables, what hostile ids do. */
#include "test.h"

#include <stdlib.h>

#include "profile_impl.h"
#include "relate.h"
#include "xml.h"

static struct kb_arena arena;
static struct kb_profiles *profiles;
static const struct kb_profile *profile;
static struct kb_relate *relate;
static struct kb_err err;

/* ---- a profile and rows from text ---- */

#define TABLES								\
	"[profile t]\nroot = all\nrecord = all/text\n"			\
	"table.page = all/page\ntable.page.key = @id\n"			\
	"table.page.drop = state=old\n"					\
	"table.user = all/user\ntable.user.key = key\n"			\
	"table.tag = all/tag\ntable.tag.key = @of\n"

static void
start(const char *keys)
{
	char text[2000];
	struct kb_conf conf = { 0 };
	struct kb_node root = { .kind = KB_NODE_ELEMENT,
	    .name = KB_STR("all") };

	kb_relate_free(relate);
	kb_profiles_free(profiles);
	relate = NULL;
	profiles = NULL;
	profile = NULL;
	kb_arena_reset(&arena);
	snprintf(text, sizeof(text), TABLES "%s\n", keys);
	if (kb_conf_parse(&conf, kb_str_c(text), "t.conf", &arena, &err) !=
	    KB_OK || kb_profiles_new(&profiles, &conf, &err) != KB_OK)
		return;
	profile = kb_profiles_match(profiles, &root);
	CHECK(profile != NULL);
	CHECK(kb_relate_new(&relate, profile, &err) == KB_OK);
}

static bool
is_row(void *arg, const struct kb_node *e)
{
	(void)arg;
	return kb_relate_is_row(relate, e);
}

static enum kb_status
take_row(void *arg, struct kb_node *root, size_t number, struct kb_err *e)
{
	(void)arg;
	return kb_relate_add(relate, root, number, e);
}

static void
rows(const char *inside)
{
	struct kb_xml_handler handler = { NULL, is_row, take_row, NULL,
	    NULL };
	struct kb_str all = kb_arena_printf(&arena, "<all>%s</all>", inside);
	struct kb_input *in;

	CHECK(kb_input_open_mem(&in, all, "rows", &err) == KB_OK);
	CHECK(kb_xml_read(in, &handler, &err) == KB_OK);
	kb_input_close(in);
}

/* What the profile's title yields for <text of="...">, joined by "|". */
static struct kb_str
ask(const char *of)
{
	const struct kb_path *path = profile->fields[KB_F_TITLE]->terms->path;
	struct kb_attr attr = { KB_STR("of"), kb_str_c(of), NULL };
	struct kb_node rec = { .kind = KB_NODE_ELEMENT,
	    .name = KB_STR("text"), .attrs = &attr };
	struct kb_values found;
	struct kb_buf out = { 0 };
	struct kb_str s;

	kb_relate_values(relate, path, &rec, &found, &arena);
	for (size_t i = 0; i < found.n; i++) {
		if (i > 0)
			kb_buf_addch(&out, '|');
		kb_buf_add(&out, found.v[i]);
	}
	s = kb_arena_copy(&arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return s;
}

/* ---- tests ---- */

static void
test_relate__follows_an_id_to_its_row_and_on(void)
{
	start("title = @of>page/by>user/name");
	rows("<page id='1'><by>u</by></page><user><key>u</key>"
	    "<name>Ann Poe</name></user>");
	CHECK_STR(ask("1"), "Ann Poe");
}

static void
test_relate__yields_nothing_where_an_id_leads_nowhere(void)
{
	start("title = @of>page/by>user/name");
	rows("<page id='1'><by>v</by></page><page id='2'/>");
	CHECK_STR(ask("1"), "");
	CHECK_STR(ask("2"), "");
	CHECK_STR(ask("3"), "");
	CHECK_STR(ask(""), "");
}

static void
test_relate__yields_all_rows_of_a_key_in_order(void)
{
	start("title = @of>tag/name");
	rows("<tag of='1'><name>b</name></tag><tag of='2'><name>x</name>"
	    "</tag><tag of='1'><name>a</name><name>c</name></tag>");
	CHECK_STR(ask("1"), "b|a|c");
}

static void
test_relate__knows_a_row_by_each_of_its_keys(void)
{
	start("title = @of>user/name");
	rows("<user><key>u</key><key>v</key><name>Ann</name></user>");
	CHECK_STR(ask("u"), "Ann");
	CHECK_STR(ask("v"), "Ann");
}

static void
test_relate__leaves_rows_out_that_their_table_drops(void)
{
	start("title = @of>page/t");
	rows("<page id='1'><state>old</state><t>then</t></page>"
	    "<page id='1'><state>new</state><t>now</t></page>");
	CHECK_STR(ask("1"), "now");
}

static void
test_relate__yields_the_key_where_no_path_follows(void)
{
	start("title = @of>page");
	rows("<page id='1'/>");
	CHECK_STR(ask("1"), "1");
	CHECK_STR(ask("2"), "");
}

static void
test_relate__goes_up_a_chain_and_tells_it_from_the_top(void)
{
	start("title = @of>page/up>>page/t");
	rows("<page id='1'><t>top</t></page><page id='2'><up>1</up><t>mid"
	    "</t></page><page id='3'><up>2</up><t>low</t></page>");
	CHECK_STR(ask("3"), "top|mid");
	CHECK_STR(ask("1"), "");
}

static void
test_relate__ends_a_chain_that_bites_its_tail(void)
{
	start("title = @of>page/up>>page/t");
	rows("<page id='1'><up>2</up><t>a</t></page>"
	    "<page id='2'><up>1</up><t>b</t></page>"
	    "<page id='3'><up>3</up><t>c</t></page>");
	CHECK_STR(ask("1"), "a|b");
	CHECK_STR(ask("3"), "c");
}

static void
test_relate__ends_a_chain_of_any_length(void)
{
	struct kb_buf b = { 0 };
	struct kb_str s;
	size_t bars = 0;

	start("title = @of>page/up>>page/@id");
	for (int i = 0; i < 1000; i++)
		kb_buf_printf(&b, "<page id='%d'><up>%d</up></page>", i,
		    i + 1);
	rows(b.p);
	kb_buf_release(&b);
	s = ask("0");
	for (size_t i = 0; i < s.n; i++)
		bars += s.p[i] == '|';
	CHECK_INT(bars + 1, KB_RELATE_CHAIN);
}

static void
test_relate__caps_what_many_rows_of_one_key_yield(void)
{
	struct kb_buf b = { 0 };
	struct kb_str s;
	size_t bars = 0;

	start("title = @of>tag/name");
	for (int i = 0; i < 2000; i++)
		kb_buf_addc(&b, "<tag of='1'><name>x</name></tag>");
	rows(b.p);
	kb_buf_release(&b);
	s = ask("1");
	for (size_t i = 0; i < s.n; i++)
		bars += s.p[i] == '|';
	CHECK_INT(bars + 1, KB_RELATE_VALUES);
}

static void
test_relate__refuses_a_path_through_a_table_that_is_not_there(void)
{
	start("title = @of>nobody/name");
	CHECK(profiles == NULL);
	CHECK(strstr(err.msg, "there is no table.nobody") != NULL);
	start("table.half = all/x\ntitle = @of>half");
	CHECK(profiles == NULL);
	CHECK(strstr(err.msg, "table.half.key") != NULL);
	start("table.bad = all/x\ntable.bad.key = a>page/b");
	CHECK(profiles == NULL);
	start("title = @of>");
	CHECK(profiles == NULL);
}

int
main(void)
{
	RUN(test_relate__follows_an_id_to_its_row_and_on);
	RUN(test_relate__yields_nothing_where_an_id_leads_nowhere);
	RUN(test_relate__yields_all_rows_of_a_key_in_order);
	RUN(test_relate__knows_a_row_by_each_of_its_keys);
	RUN(test_relate__leaves_rows_out_that_their_table_drops);
	RUN(test_relate__yields_the_key_where_no_path_follows);
	RUN(test_relate__goes_up_a_chain_and_tells_it_from_the_top);
	RUN(test_relate__ends_a_chain_that_bites_its_tail);
	RUN(test_relate__ends_a_chain_of_any_length);
	RUN(test_relate__caps_what_many_rows_of_one_key_yield);
	RUN(test_relate__refuses_a_path_through_a_table_that_is_not_there);
	kb_relate_free(relate);
	kb_profiles_free(profiles);
	kb_arena_release(&arena);
	return test_done();
}
