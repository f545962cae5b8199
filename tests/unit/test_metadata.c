#include <pthread.h>

#include "store_fixture.h"

#include "metadata.h"

static struct kb_arena arena;

static enum kb_status
load(struct kb_metadata **out, const char *csv, struct kb_err *err)
{
	spew(at("meta.csv"), kb_str_c(csv));
	return kb_metadata_load(out, at("meta.csv"), err);
}

/* Loads or fails the test. */
static struct kb_metadata *
table_of(const char *csv)
{
	struct kb_metadata *m = NULL;
	struct kb_err err = { KB_OK, "" };

	if (load(&m, csv, &err) != KB_OK)
		printf("# %s\n", err.msg);
	CHECK(m != NULL);
	return m;
}

static struct kb_record *
record_with(enum kb_field field, const char *value)
{
	struct kb_record *rec = kb_record_new(&arena);

	if (value != NULL)
		kb_record_add(rec, field, kb_str_c(value), KB_STR("source"));
	return rec;
}

static struct kb_str
value(const struct kb_record *rec, enum kb_field field)
{
	return rec->values[field] != NULL ? rec->values[field]->text :
	    kb_str(NULL, 0);
}

static void
test_metadata__is_keyed_by_id_where_there_is_one(void)
{
	struct kb_metadata *m = table_of("owner,ID,title\nAnna,KB1,One\n"
	    "Ben,KB2,Two\n");
	struct kb_record *rec = record_with(KB_F_ID, "KB2");

	kb_metadata_apply(m, rec, KB_STR("KB1"));
	CHECK_STR(value(rec, KB_F_OWNER), "Ben");
	CHECK_STR(value(rec, KB_F_TITLE), "Two");
	CHECK_STR(rec->values[KB_F_OWNER]->source, "metadata");
	rec = record_with(KB_F_ID, "KB3");
	kb_metadata_apply(m, rec, KB_STR("KB1"));
	CHECK_INT(value(rec, KB_F_OWNER).n, 0);
	kb_metadata_free(m);
}

/* As corpus.h gives ids: the path, and of one of many path#number. */
static void
test_metadata__a_record_without_an_id_is_known_by_its_path(void)
{
	struct kb_metadata *m = table_of("id,owner\na/b.html,Anna\n"
	    "x.xml#2,Ben\n");
	struct kb_record *rec = kb_record_new(&arena);

	kb_metadata_apply(m, rec, KB_STR("a/b.html"));
	CHECK_STR(value(rec, KB_F_OWNER), "Anna");
	rec = kb_record_new(&arena);
	rec->number = 2;
	kb_metadata_apply(m, rec, KB_STR("x.xml"));
	CHECK_STR(value(rec, KB_F_OWNER), "Ben");
	rec = kb_record_new(&arena);
	rec->number = 3;
	kb_metadata_apply(m, rec, KB_STR("x.xml"));
	CHECK_INT(value(rec, KB_F_OWNER).n, 0);
	kb_metadata_free(m);
}

static void
test_metadata__is_keyed_by_path_or_url_else(void)
{
	struct kb_metadata *m = table_of("Path;owner\na.html;Anna\n");
	struct kb_record *rec = record_with(KB_F_ID, "KB1");

	kb_metadata_apply(m, rec, KB_STR("a.html"));
	CHECK_STR(value(rec, KB_F_OWNER), "Anna");
	kb_metadata_free(m);
	m = table_of("url\towner\nhttps://x/1\tBen\n");
	rec = record_with(KB_F_URL, "https://x/1");
	kb_metadata_apply(m, rec, KB_STR("a.html"));
	CHECK_STR(value(rec, KB_F_OWNER), "Ben");
	rec = kb_record_new(&arena);
	kb_metadata_apply(m, rec, KB_STR("https://x/1"));
	CHECK_INT(value(rec, KB_F_OWNER).n, 0);
	kb_metadata_free(m);
	/* id before url: the url is then a field. */
	m = table_of("url,id\nhttps://x/2,KB2\n");
	rec = record_with(KB_F_ID, "KB2");
	kb_metadata_apply(m, rec, KB_STR("a.html"));
	CHECK_STR(value(rec, KB_F_URL), "https://x/2");
	kb_metadata_free(m);
}

static void
test_metadata__fills_only_what_lacks(void)
{
	struct kb_metadata *m = table_of("id,owner,title,tag\n"
	    "KB1,Anna,,new\n");
	struct kb_record *rec = record_with(KB_F_ID, "KB1");

	kb_record_add(rec, KB_F_OWNER, KB_STR("Team"), KB_STR("source"));
	kb_metadata_apply(m, rec, KB_STR("a"));
	CHECK_STR(value(rec, KB_F_OWNER), "Team");
	CHECK(rec->values[KB_F_OWNER]->next == NULL);
	CHECK(rec->values[KB_F_TITLE] == NULL);
	CHECK_STR(value(rec, KB_F_TAG), "new");
	kb_metadata_apply(NULL, rec, KB_STR("a"));
	kb_metadata_free(m);
	kb_metadata_free(NULL);
}

static void
fails(const char *csv, const char *words)
{
	struct kb_metadata *m = NULL;
	struct kb_err err = { KB_OK, "" };

	CHECK_INT(load(&m, csv, &err), KB_INPUT);
	CHECK(m == NULL);
	if (strstr(err.msg, words) == NULL) {
		printf("# '%s' lacks '%s'\n", err.msg, words);
		CHECK(!"the message says what is wrong");
	}
	CHECK(strstr(err.msg, "meta.csv:") != NULL);
}

static void
test_metadata__a_table_without_a_key_is_refused(void)
{
	fails("owner,title\nAnna,One\n", "meta.csv:1: none of the columns");
	fails("", "");
}

static void
test_metadata__an_unknown_column_is_refused_by_name(void)
{
	fails("id,colour\nKB1,red\n", "'colour' is no field");
	fails("id,colour\nKB1,red\n", "review_due");
}

static void
test_metadata__a_key_that_stands_twice_is_refused(void)
{
	fails("id,owner\nKB1,Anna\nKB2,Ben\n KB1 ,Cid\n",
	    "meta.csv:4: 'KB1' stood in line 2 already");
	/* Rows without a key are passed over. */
	kb_metadata_free(table_of("id,owner\n,Anna\n,Ben\n"));
}

struct appliers {
	struct kb_metadata	*metadata;
	int			 first;
};

/* Every second row from "first" on. */
static void *
apply_some(void *arg)
{
	const struct appliers *a = arg;
	struct kb_arena own = { 0 };
	char id[16];

	for (int i = a->first; i < 1000; i += 2) {
		struct kb_record *rec = kb_record_new(&own);

		snprintf(id, sizeof(id), "KB%d", i);
		kb_record_add(rec, KB_F_ID, kb_str_c(id), KB_STR("source"));
		kb_metadata_apply(a->metadata, rec, KB_STR("a"));
	}
	kb_arena_release(&own);
	return NULL;
}

static void
test_metadata__counts_rows_that_fit_nothing_in_many_threads(void)
{
	struct kb_buf csv = { 0 };
	struct kb_metadata_use use;
	struct appliers a[4];
	pthread_t threads[4];

	kb_buf_addc(&csv, "owner, ID\nAnna,A-9\nBen,\n");
	for (int i = 0; i < 1001; i++)
		kb_buf_printf(&csv, "Cid,KB%d\n", i);
	a[0].metadata = table_of(csv.p);
	kb_metadata_count(a[0].metadata, &use);
	CHECK_INT(use.unused, 1002);
	for (int i = 0; i < 4; i++) {
		a[i] = (struct appliers){ a[0].metadata, i % 2 };
		CHECK_INT(pthread_create(&threads[i], NULL, apply_some,
		    &a[i]), 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	kb_metadata_count(a[0].metadata, &use);
	CHECK_INT(use.rows, 1002);
	CHECK_INT(use.unused, 2);
	CHECK_STR(use.first, "A-9");
	CHECK_INT(use.line, 2);
	CHECK_STR(use.key, "ID");
	kb_metadata_free(a[0].metadata);
	kb_buf_release(&csv);
}

static void
test_metadata__warns_of_rows_that_fit_nothing_in_one_safe_line(void)
{
	struct kb_metadata *m = table_of("id,owner\nKB1,Anna\n"
	    "\"A\033[2J\n9\",Ben\n");
	struct kb_record *rec = record_with(KB_F_ID, "KB1");
	struct kb_buf text = { 0 };

	kb_metadata_apply(m, rec, KB_STR("a"));
	kb_metadata_warn(m, &text);
	CHECK(kb_str_has_suffix(kb_buf_str(&text), KB_STR("meta.csv: 1 of 2 "
	    "rows fit no article; the first is 'A\xef\xbf\xbd[2J 9' (line 3);"
	    " the key is the column 'id'")));
	kb_metadata_free(m);
	kb_buf_clear(&text);
	m = table_of("id,owner\nKB1,Anna\n,Ben\n");
	kb_metadata_apply(m, rec, KB_STR("a"));
	kb_metadata_warn(m, &text);
	kb_metadata_warn(NULL, &text);
	CHECK_INT(text.n, 0);
	kb_metadata_free(m);
	kb_buf_release(&text);
}

static void
test_metadata__a_missing_file_is_told(void)
{
	struct kb_metadata *m = NULL;
	struct kb_err err;

	CHECK_INT(kb_metadata_load(&m, at("none.csv"), &err), KB_IO);
	CHECK(strstr(err.msg, "none.csv") != NULL && m == NULL);
}

int
main(void)
{
	fixture_begin();
	RUN(test_metadata__is_keyed_by_id_where_there_is_one);
	RUN(test_metadata__a_record_without_an_id_is_known_by_its_path);
	RUN(test_metadata__is_keyed_by_path_or_url_else);
	RUN(test_metadata__fills_only_what_lacks);
	RUN(test_metadata__a_table_without_a_key_is_refused);
	RUN(test_metadata__an_unknown_column_is_refused_by_name);
	RUN(test_metadata__a_key_that_stands_twice_is_refused);
	RUN(test_metadata__counts_rows_that_fit_nothing_in_many_threads);
	RUN(test_metadata__warns_of_rows_that_fit_nothing_in_one_safe_line);
	RUN(test_metadata__a_missing_file_is_told);
	kb_arena_release(&arena);
	fixture_end();
	return test_done();
}
