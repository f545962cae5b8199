/*
 * Tests of indexer/article_text.h, and of the command that shows two articles
 * side by side, on pages that were built, and on indexes that nobody would
 * build.
 */
#include "article_text.h"

#include <jansson.h>

#include "chance.h"
#include "command_fixture.h"
#include "diff.h"
#include "index_fixture.h"

static struct kb_arena memory;
static struct kb_store *store;
static struct kb_article_reader *reader;

static void
open_index(const char *path)
{
	struct kb_err err = { KB_OK, "" };

	CHECK_INT(kb_store_open(&store, path, NULL, 0, &err), KB_OK);
	CHECK_INT(kb_article_reader_open(&reader, kb_store_db(store), store,
	    &err), KB_OK);
}

static void
close_index(void)
{
	kb_article_reader_close(reader);
	kb_store_close(store);
	reader = NULL;
	store = NULL;
	kb_arena_reset(&memory);
}

static struct kb_article_text
read_article(const char *id)
{
	struct kb_article_text out = { .n = 0 };
	struct kb_err err = { KB_OK, "" };
	int64_t n = 0;

	CHECK_INT(kb_article_reader_find(&n, reader, kb_str_c(id), &err),
	    KB_OK);
	CHECK_INT(kb_article_text_read(&out, reader, n, &memory, &err),
	    KB_OK);
	if (err.status != KB_OK)
		printf("# %s\n", err.msg);
	return out;
}

/* What stands in the page at a paragraph's span. */
static void
check_source(const char *file, const struct kb_paragraph *p,
    const char *want)
{
	struct kb_buf b = slurp(in(at("pages"), file));

	CHECK(p->start <= p->end && p->end <= b.n);
	if (p->start <= p->end && p->end <= b.n)
		CHECK_STR(kb_str(b.p + p->start, p->end - p->start), want);
	kb_buf_release(&b);
}

#define STEPS	"<h2 id=\"win\">On Windows</h2><ol><li>Open "		\
		"<b>Settings</b>.</li><li>Click OK &amp; wait.</li></ol>"
#define CODE	"<pre>ls -l\nrm  x</pre>"

/* About 500 words, in one paragraph. */
static const char *
long_paragraph(void)
{
	static char text[20000];
	size_t n = 0;

	for (int i = 0; i < 60; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%sSentence "
		    "%d says that the gate is closed.", i > 0 ? " " : "", i);
	return text;
}

static void
build_pages(void)
{
	char body[21000];

	page("pages", "a.html", "Start", "<meta name=\"audience\" content="
	    "\"hr\">", "<h1>Start</h1><p>First of all.</p>" STEPS CODE
	    "<table><tr><td>One</td><td>Two</td></tr></table>");
	snprintf(body, sizeof(body), "<p>%s</p><p>End.</p>",
	    long_paragraph());
	page("pages", "long.html", "Long", "", body);
	page("pages", "b.html", "Begin", "", "<h1>Begin</h1><p>First of all."
	    "</p><p>Never forget the key.</p><h2>On Windows</h2><ol><li>Open "
	    "<b>Settings</b>.</li><li>Click No &amp; wait.</li></ol>" CODE);
	CHECK_INT(build_folder("pages", "p.kb"), KB_OK);
}

static void
test_article_text__paragraphs_are_the_blocks_of_the_page(void)
{
	static const char *const want[] = {
		"First of all.", "On Windows", "1. Open Settings.",
		"2. Click OK & wait.", "ls -l\nrm  x", "One | Two"
	};
	struct kb_article_text a;

	open_index(at("p.kb"));
	a = read_article("a.html");
	CHECK_INT(a.nparagraphs, 6);
	for (size_t i = 0; i < a.nparagraphs && i < 6; i++) {
		CHECK_STR(a.paragraphs[i].text, want[i]);
		CHECK_INT(a.paragraphs[i].head, i == 1);
		CHECK_INT(a.paragraphs[i].nparts, 1);
	}
	CHECK_STR(a.title, "Start");
	CHECK(a.restricted);
	CHECK_STR(a.audience, "[\"hr\"]");
	close_index();
}

static void
test_article_text__a_paragraph_knows_its_heading_number_and_anchor(void)
{
	struct kb_article_text a;

	open_index(at("p.kb"));
	a = read_article("a.html");
	CHECK_STR(a.paragraphs[0].heading, "");
	CHECK_STR(a.paragraphs[1].heading, "On Windows");
	CHECK_STR(a.paragraphs[1].anchor, "win");
	CHECK_STR(a.paragraphs[3].heading, "On Windows");
	CHECK_INT(a.paragraphs[0].number, 0);
	CHECK_INT(a.paragraphs[2].number, 3);
	CHECK_STR(kb_paragraph_words(&a.paragraphs[3]), "Click OK & wait.");
	CHECK_INT(a.paragraphs[4].number, 0);
	close_index();
}

static void
test_article_text__spans_lead_to_the_source(void)
{
	struct kb_article_text a;
	const struct kb_paragraph *p;
	uint64_t start, end;
	size_t passage, off;

	open_index(at("p.kb"));
	a = read_article("a.html");
	check_source("a.html", &a.paragraphs[0], "First of all.");
	check_source("a.html", &a.paragraphs[1], "On Windows");
	check_source("a.html", &a.paragraphs[4], "ls -l\nrm  x");
	p = &a.paragraphs[3];
	kb_paragraph_span(&a, p, 9, 12, &passage, &start, &end);
	CHECK_STR(kb_str(p->text.p + 9, 3), "OK ");
	CHECK_INT(end - start, 3);
	kb_paragraph_span(&a, p, 12, 13, &passage, &start, &end);
	/* The sign stands there as a reference. */
	CHECK_INT(end - start, 5);
	CHECK(kb_paragraph_passage(&a, p, 9, &off) ==
	    &a.passages[passage]);
	CHECK(memcmp(a.passages[passage].text.p + off, "OK", 2) == 0);
	close_index();
}

static void
test_article_text__a_block_cut_over_passages_is_one_paragraph(void)
{
	struct kb_article_text a;
	const struct kb_paragraph *p;
	uint64_t start, end;
	size_t passage, at_last;

	open_index(at("p.kb"));
	a = read_article("long.html");
	CHECK(a.npassages > 1);
	CHECK_INT(a.nparagraphs, 2);
	p = &a.paragraphs[0];
	CHECK(p->nparts > 1);
	CHECK_STR(p->text, long_paragraph());
	check_source("long.html", p, long_paragraph());
	at_last = p->parts[p->nparts - 1].at;
	kb_paragraph_span(&a, p, at_last - 10, at_last + 8, &passage, &start,
	    &end);
	CHECK_INT(passage, p->parts[p->nparts - 2].passage);
	CHECK_INT(end - start, 18);
	CHECK_STR(a.paragraphs[1].text, "End.");
	close_index();
}

static void
test_article_text__reads_a_database_that_is_not_published(void)
{
	struct kb_article_text a = { .n = 0 };
	struct kb_article_reader *r = NULL;
	sqlite3 *db = NULL;

	CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, KB_SCHEMA "INSERT INTO article(n,id,path,"
	    "start,end,format,source,status,words) VALUES(5,'x','x',0,9,'f',"
	    "'s',0,2);INSERT INTO alias VALUES('other',5);INSERT INTO "
	    "passage(n,article,seq,start,end,context,lead,words,text) "
	    "VALUES(1,5,1,100,110,'html:',0,2,'plain text')", NULL, NULL,
	    NULL), SQLITE_OK);
	CHECK_INT(kb_article_reader_open(&r, db, NULL, NULL), KB_OK);
	CHECK_INT(kb_article_reader_find(&a.n, r, KB_STR("other"), NULL),
	    KB_OK);
	CHECK_INT(kb_article_text_read(&a, r, 5, &memory, NULL), KB_OK);
	CHECK_INT(a.nparagraphs, 1);
	CHECK_INT(a.paragraphs[0].start, 100);
	CHECK_INT(a.paragraphs[0].end, 110);
	CHECK_INT(kb_article_text_read(&a, r, 6, &memory, NULL),
	    KB_NOTFOUND);
	CHECK_INT(kb_article_reader_find(&a.n, r, KB_STR("none"), NULL),
	    KB_NOTFOUND);
	kb_article_reader_close(r);
	sqlite3_close(db);
	kb_arena_reset(&memory);
}

/* ---- crafted ---- */

#define ARTICLE(n, id)							\
	"INSERT INTO article(n,id,path,start,end,format,source,status,"	\
	"words) VALUES(" n "," id ",'p',0,9,'f','s',99,2);"
#define PASSAGES							\
	"INSERT INTO passage(n,article,seq,start,end,heading,context,"	\
	"lead,words,map,text) VALUES"

static void
test_article_text__nothing_that_an_index_says_is_believed(void)
{
	struct kb_article_text a;

	index_fill(at("crafted.kb"), ARTICLE("1", "'a'") PASSAGES
	    "(1,1,1,50,40,'H','html:',999,0,x'ff','line\nline'),"
	    "(2,1,1,-1,7,'H','html:',-5,0,x'00010909','bytes' || x'ff' || "
	    "'behind'),"
	    "(3,1,3,0,9223372036854775807,NULL,'html:',0,0,x'"
	    "ffffffffffffffff7f00ffffffff0f01','a\nb\n\n\nc'),"
	    "(4,1,4,9,9,NULL,'html:',0,0,NULL,''),"
	    "(5,1,5,9,9,NULL,'html:',0,0,NULL,' \n \n');"
	    "INSERT INTO place VALUES(1,-3,'x','y'),(1,500,'x','y'),"
	    "(1,3,'no line begins here','y'),(3,2,'P > b',NULL);");
	open_index(at("crafted.kb"));
	a = read_article("a");
	CHECK_INT(a.status, KB_ARTICLE_RETIRED);
	for (size_t i = 0; i < a.nparagraphs; i++) {
		const struct kb_paragraph *p = &a.paragraphs[i];

		CHECK(p->text.n > 0 && p->number <= p->text.n);
		CHECK(p->start <= p->end);
		CHECK(p->nparts > 0);
	}
	CHECK(a.nparagraphs >= 5);
	close_index();
}

/* A passage of any text, map and offsets, and places in it. */
static void
add_any_passage(sqlite3 *db, int article, int seq)
{
	static const char letters[] = "ab c\n\n1. >\xc3\xbf|";
	sqlite3_stmt *st = NULL;
	char text[60], map[40];
	int n = (int)chance_below(sizeof(text)), i;

	for (i = 0; i < n; i++)
		text[i] = letters[chance_below(sizeof(letters) - 1)];
	for (i = 0; i < (int)sizeof(map); i++)
		map[i] = (char)chance_below(chance_below(2) == 0 ? 6 : 256);
	sqlite3_prepare_v2(db, PASSAGES "(NULL,?1,?2,?3,?4,'a > b','',?5,0,"
	    "?6,?7)", -1, &st, NULL);
	sqlite3_bind_int(st, 1, article);
	sqlite3_bind_int(st, 2, seq);
	sqlite3_bind_int(st, 3, seq * 50);
	sqlite3_bind_int(st, 4, seq * 50 + (int)chance_below(51));
	sqlite3_bind_int(st, 5, (int)chance_below(9));
	if (chance_below(3) > 0)
		sqlite3_bind_blob(st, 6, map, (int)chance_below(sizeof(map)),
		    SQLITE_STATIC);
	sqlite3_bind_text(st, 7, text, n, SQLITE_STATIC);
	CHECK_INT(sqlite3_step(st), SQLITE_DONE);
	sqlite3_finalize(st);
	sqlite3_exec(db, "INSERT OR IGNORE INTO place SELECT n, n * 7 % 20,"
	    " 'a > b', NULL FROM passage", NULL, NULL, NULL);
}

static void
check_any_article(const struct kb_article_text *a)
{
	for (size_t i = 0; i < a->nparagraphs; i++) {
		const struct kb_paragraph *p = &a->paragraphs[i];
		size_t from = chance_below(p->text.n), passage, off;
		uint64_t start, end;

		CHECK(p->text.n > 0 && p->number <= p->text.n);
		CHECK(p->start <= p->end);
		kb_paragraph_span(a, p, from, from + 1 + chance_below(
		    p->text.n - from), &passage, &start, &end);
		CHECK(start <= end && passage < a->npassages);
		kb_paragraph_passage(a, p, from, &off);
		CHECK(off <= a->passages[passage].text.n);
	}
}

static void
test_article_text__holds_for_any_passages(void)
{
	struct kb_article_text a = { .n = 0 }, b = { .n = 0 };
	struct kb_article_reader *r = NULL;
	struct kb_alignment al;
	sqlite3 *db = NULL;

	sqlite3_open(":memory:", &db);
	sqlite3_exec(db, KB_SCHEMA, NULL, NULL, NULL);
	CHECK_INT(kb_article_reader_open(&r, db, NULL, NULL), KB_OK);
	for (int round = 0; round < 300; round++) {
		sqlite3_exec(db, "DELETE FROM passage; DELETE FROM place;"
		    "DELETE FROM article;" ARTICLE("1", "'a'")
		    ARTICLE("2", "'b'"), NULL, NULL, NULL);
		for (int i = (int)chance_below(6); i > 0; i--) {
			add_any_passage(db, 1, i);
			add_any_passage(db, 2, i);
		}
		CHECK_INT(kb_article_text_read(&a, r, 1, &memory, NULL),
		    KB_OK);
		CHECK_INT(kb_article_text_read(&b, r, 2, &memory, NULL),
		    KB_OK);
		check_any_article(&a);
		check_any_article(&b);
		CHECK_INT(kb_align(&al, &a, &b, &memory, NULL), KB_OK);
		CHECK_INT(al.counts[0] + al.counts[1] + al.counts[2],
		    a.nparagraphs);
		kb_arena_reset(&memory);
	}
	kb_article_reader_close(r);
	sqlite3_close(db);
}

static void
test_article_text__an_article_without_end_is_refused(void)
{
	struct kb_article_text a;
	struct kb_err err = { KB_OK, "" };

	index_fill(at("huge.kb"), ARTICLE("1", "'a'") PASSAGES
	    "(1,1,1,0,9,NULL,'',0,0,NULL,printf('%.*c',34000000,'a'));"
	    ARTICLE("2", "'b'") PASSAGES "(2,2,1,0,9,NULL,'',0,0,NULL,"
	    "replace(printf('%.*c',250000,'a'),'a','a' || char(10)));");
	open_index(at("huge.kb"));
	CHECK_INT(kb_article_text_read(&a, reader, 1, &memory, &err),
	    KB_LIMIT);
	CHECK_INT(kb_article_text_read(&a, reader, 2, &memory, &err),
	    KB_LIMIT);
	CHECK(strstr(err.msg, "too long") != NULL);
	close_index();
}

static void
test_article_text__many_pieces_of_one_block_take_no_long(void)
{
	struct kb_article_text a;

	/* Each begins where the one before ended. */
	index_fill(at("pieces.kb"), ARTICLE("1", "'a'")
	    "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c "
	    "WHERE i < 60000) INSERT INTO passage(n,article,seq,start,end,"
	    "context,lead,words,text) SELECT i,1,i,i*100,i*100+100,'',0,1,"
	    "printf('%0100d',i) FROM c;");
	open_index(at("pieces.kb"));
	a = read_article("a");
	CHECK_INT(a.nparagraphs, 1);
	CHECK_INT(a.paragraphs[0].nparts, 60000);
	CHECK_INT(a.paragraphs[0].text.n, 6000000);
	CHECK_INT(a.paragraphs[0].start, 100);
	CHECK_INT(a.paragraphs[0].end, 6000100);
	close_index();
}

/* ---- folding ---- */

/* Rows as letters: '=' same, 'm' moved, others changed; folded ones as '.'. */
static struct kb_str
folded(const char *rows, size_t context)
{
	struct kb_align_row v[64] = { { .a = 0 } };
	struct kb_diff d = { .align = { .rows = v, .n = strlen(rows) } };
	char out[65];
	size_t n;

	for (size_t i = 0; i < d.align.n; i++) {
		v[i].kind = rows[i] == '=' || rows[i] == 'm' ?
		    KB_ALIGN_SAME : KB_ALIGN_CHANGED;
		v[i].moved = rows[i] == 'm';
	}
	memcpy(out, rows, d.align.n);
	for (size_t i = 0; i < d.align.n; i += n > 0 ? n : 1) {
		n = kb_diff_fold(&d, i, context);
		CHECK(i + n <= d.align.n);
		memset(out + i, '.', n);
	}
	return kb_arena_copy(&memory, kb_str(out, d.align.n));
}

static void
test_diff_fold__leaves_what_changed_and_what_stands_beside_it(void)
{
	CHECK_STR(folded("=====x=====", 1), "....=x=....");
	CHECK_STR(folded("=====x=====", 0), ".....x.....");
	CHECK_STR(folded("=====x=====", 2), "...==x==...");
	CHECK_STR(folded("=====", 1), ".....");
	CHECK_STR(folded("x====x", 1), "x=..=x");
	CHECK_STR(folded("x===x", 1), "x===x");
	CHECK_STR(folded("x==m==x", 0), "x..m..x");
	CHECK_STR(folded("xx", 1), "xx");
	CHECK_STR(folded("x=", 0), "x=");
	CHECK_STR(folded("==x", 9), "==x");
	CHECK_STR(folded("", 1), "");
}

/* ---- the command ---- */

static void
test_diff__marks_what_is_the_same_changed_and_alone(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("p.kb"), "a.html", "b.html",
	    "--full"), KB_EXIT_OK);
	CHECK(printed_has("--- a.html  Start\n"));
	CHECK(printed_has("    not for everyone: hr\n"));
	CHECK(printed_has("4 paragraphs the same, 1 changed, 1 only in the "
	    "first, 1 only in the second\n"));
	CHECK(printed_has("\n    First of all.\n"));
	CHECK(printed_has("\n+   Never forget the key.\n"));
	CHECK(printed_has("\n  # On Windows\n"));
	CHECK(printed_has("\n~   2. Click [-OK-] {+No+} & wait.\n"));
	CHECK(printed_has("\n    ls -l\n    rm  x\n"));
	CHECK(printed_has("\n-   One | Two\n"));
	CHECK(!printed_has("\033"));
}

static void
test_diff__json_has_both_spans_and_the_edits(void)
{
	json_t *v, *row, *edits;

	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("p.kb"), "a.html", "b.html",
	    "--json"), KB_EXIT_OK);
	v = json_loadb(printed.p, printed.n, 0, NULL);
	CHECK(v != NULL);
	CHECK_INT(json_integer_value(json_object_get(v, "format")), 1);
	CHECK(json_is_true(json_object_get(json_object_get(v, "a"),
	    "restricted")));
	CHECK_INT(json_array_size(json_object_get(v, "rows")), 7);
	row = json_array_get(json_object_get(v, "rows"), 4);
	CHECK_STR(kb_str_c(json_string_value(json_object_get(row, "kind"))),
	    "changed");
	CHECK(json_integer_value(json_object_get(json_object_get(
	    json_object_get(row, "b"), "span"), "end")) > 0);
	edits = json_object_get(row, "edits");
	CHECK_INT(json_array_size(edits), 3);
	CHECK_STR(kb_str_c(json_string_value(json_object_get(json_array_get(
	    edits, 1), "b"))), "No ");
	json_decref(v);
}

static void
test_diff__what_it_cannot_do_it_says(void)
{
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("p.kb"), "a.html"),
	    KB_EXIT_USAGE);
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("p.kb"), "a.html", "b.html",
	    "--color", "red"), KB_EXIT_USAGE);
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("p.kb"), "a.html", "z"),
	    KB_EXIT_INPUT);
	CHECK(printed_has("no article 'z'"));
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("none.kb"), "a", "b"),
	    KB_EXIT_INPUT);
}

static void
test_diff__control_sequences_of_articles_reach_no_terminal(void)
{
	index_fill(at("evil.kb"), ARTICLE("1", "'a'") ARTICLE("2", "'b'")
	    PASSAGES "(1,1,1,0,90,NULL,'html:',0,0,NULL,'be' || char(27) || "
	    "'[2Jware of the dog and of the cat'),(2,2,1,0,90,NULL,'html:',0,"
	    "0,NULL,'be' || char(27) || '[2Jware of the dog and of a cow' || "
	    "char(8238));");
	CHECK_INT(RUN_COMMAND(kb_cmd_diff, at("evil.kb"), "a", "b"),
	    KB_EXIT_OK);
	CHECK(printed_has("ware of the dog"));
	CHECK(!printed_has("\033"));
	CHECK(!printed_has("\xe2\x80\xae"));
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	build_pages();
	RUN(test_article_text__paragraphs_are_the_blocks_of_the_page);
	RUN(test_article_text__a_paragraph_knows_its_heading_number_and_anchor);
	RUN(test_article_text__spans_lead_to_the_source);
	RUN(test_article_text__a_block_cut_over_passages_is_one_paragraph);
	RUN(test_article_text__reads_a_database_that_is_not_published);
	RUN(test_article_text__nothing_that_an_index_says_is_believed);
	RUN(test_article_text__holds_for_any_passages);
	RUN(test_article_text__an_article_without_end_is_refused);
	RUN(test_article_text__many_pieces_of_one_block_take_no_long);
	RUN(test_diff_fold__leaves_what_changed_and_what_stands_beside_it);
	RUN(test_diff__marks_what_is_the_same_changed_and_alone);
	RUN(test_diff__json_has_both_spans_and_the_edits);
	RUN(test_diff__what_it_cannot_do_it_says);
	RUN(test_diff__control_sequences_of_articles_reach_no_terminal);
	kb_arena_release(&memory);
	kb_buf_release(&printed);
	fixture_unload();
	return test_done();
}
