#include "store_fixture.h"

#include <sys/wait.h>

#include "sha256.h"

static const char *
db_file(const char *path)
{
	struct kb_manifest m = manifest_of(path);

	return in(path, m.views[0].file);
}

static const char *
sum_file(const char *path)
{
	struct kb_manifest m = manifest_of(path);

	return in(path, m.views[0].sums);
}

static bool
says(const struct kb_err *err, const char *words)
{
	if (strstr(err->msg, words) != NULL)
		return true;
	printf("# '%s' does not say '%s'\n", err->msg, words);
	return false;
}

static void
test_sha256__agrees_with_the_standard_and_reads_back(void)
{
	unsigned char d[KB_SHA256_SIZE], back[KB_SHA256_SIZE];
	char hex[KB_SHA256_HEX + 1];

	kb_sha256(d, "abc", 3);		/* FIPS 180-4, example B.1 */
	kb_sha256_to_hex(hex, d);
	CHECK_STR(kb_str_c(hex), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	CHECK(kb_sha256_from_hex(back, kb_str_c(hex)));
	CHECK(memcmp(d, back, sizeof(d)) == 0);
	CHECK(!kb_sha256_from_hex(back, kb_str(hex, 63)));
	hex[5] = 'A';
	CHECK(!kb_sha256_from_hex(back, kb_str_c(hex)));
}

static void
test_store__what_is_published_is_read_back(void)
{
	const char *path = at("round.kb");
	struct kb_store *store = NULL;
	struct kb_err err;
	char gen[17] = "";

	CHECK_INT(build(at("round.kb/"), 1, gen), KB_OK);
	CHECK_INT(kb_store_open(&store, at("round.kb//"), "all",
	    KB_STORE_CHECK_ALL, &err), KB_OK);
	if (store == NULL)
		return;
	CHECK_STR(kb_str_c(kb_store_generation(store)), gen);
	CHECK_STR(kb_str_c(kb_store_view(store)), "all");
	CHECK_INT(number(kb_store_db(store), "SELECT count(*) FROM t"), ROWS);
	CHECK_INT(number(kb_store_db(store), "SELECT count(*) FROM t "
	    "WHERE length(body) = 500"), ROWS);
	kb_store_close(store);
	CHECK(!exists(in(path, "tmp-all.db")));
	CHECK(!exists(in(path, "tmp-all.sum")));
	CHECK(!exists(in(path, "tmp-manifest.json")));
	CHECK_INT(count_lines(in(path, "history.jsonl")), 1);
}

static void
test_store__a_contentless_fts5_query_works_through_the_vfs(void)
{
	struct kb_store *store = NULL;
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(at("fts.kb"), 1, gen), KB_OK);
	CHECK_INT(kb_store_open(&store, at("fts.kb"), NULL, 0, &err), KB_OK);
	if (store == NULL)
		return;
	CHECK_INT(number(kb_store_db(store), "SELECT count(*) FROM f "
	    "WHERE f MATCH '\"word5\" AND \"common\"'"), ROWS / 97 + 1);
	CHECK_INT(number(kb_store_db(store), "SELECT rowid FROM f WHERE f "
	    "MATCH 'x : (\"word5\" OR \"word6\")' ORDER BY bm25(f), rowid "
	    "LIMIT 1"), 5);
	kb_store_close(store);
}

static void
test_publish__same_content_makes_same_bytes(void)
{
	char a[17] = "", b[17] = "", c[17] = "";
	struct kb_buf x, y;

	CHECK_INT(build(at("same1.kb"), 1, a), KB_OK);
	CHECK_INT(build(at("same2.kb"), 1, b), KB_OK);
	CHECK_INT(build(at("other.kb"), 2, c), KB_OK);
	CHECK_STR(kb_str_c(a), b);
	CHECK(strcmp(a, c) != 0);
	x = slurp(db_file(at("same1.kb")));
	y = slurp(db_file(at("same2.kb")));
	CHECK(kb_str_eq(kb_buf_str(&x), kb_buf_str(&y)));
	kb_buf_release(&x);
	kb_buf_release(&y);
	x = slurp(at("same1.kb/manifest.json"));
	y = slurp(at("same2.kb/manifest.json"));
	CHECK(kb_str_eq(kb_buf_str(&x), kb_buf_str(&y)));
	CHECK(x.n > 0 && x.p[x.n - 1] == '\n');
	kb_buf_release(&x);
	kb_buf_release(&y);
}

static void
test_publish__an_existing_generation_is_not_rewritten(void)
{
	const char *path = at("again.kb");
	struct stat before[3], after[3];
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	stat(db_file(path), &before[0]);
	stat(sum_file(path), &before[1]);
	stat(in(path, "manifest.json"), &before[2]);
	CHECK_INT(build(path, 1, gen), KB_OK);
	stat(db_file(path), &after[0]);
	stat(sum_file(path), &after[1]);
	stat(in(path, "manifest.json"), &after[2]);
	for (int i = 0; i < 3; i++)
		CHECK_INT(after[i].st_ino, before[i].st_ino);
	CHECK_INT(count_lines(in(path, "history.jsonl")), 1);
}

static void
test_publish__a_rotten_generation_is_replaced_by_building_again(void)
{
	const char *path = at("rotten.kb");
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	flip(db_file(path), 100000);
	flip(sum_file(path), 40);
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_DAMAGED);
	CHECK_INT(build(path, 1, gen), KB_OK);
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
}

static size_t
count_files(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n - 2;
}

static void
test_publish__removes_what_the_manifest_does_not_name(void)
{
	const char *path = at("sweep.kb");
	struct kb_publish *pub = NULL;
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	CHECK_INT(build(path, 2, gen), KB_OK);
	CHECK_INT(count_files(path), 5);
	spew(in(path, "tmp-x"), KB_STR("x"));
	spew(in(path, "all-0123456789abcdef.db"), KB_STR("x"));
	spew(in(path, "README"), KB_STR("x"));
	CHECK_INT(kb_publish_begin(&pub, path, &err), KB_OK);
	CHECK(!exists(in(path, "tmp-x")));
	CHECK(!exists(in(path, "all-0123456789abcdef.db")));
	CHECK(exists(in(path, "README")));
	CHECK_STR(kb_str_c(kb_publish_dir(pub)), path);
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
	kb_publish_free(pub);
	CHECK_INT(count_files(path), 6);
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
}

static void
test_publish__keeps_generations_when_the_manifest_is_damaged(void)
{
	const char *path = at("keep.kb");
	struct kb_publish *pub = NULL;
	struct kb_err err;
	char gen[17], db[PATHS];

	CHECK_INT(build(path, 1, gen), KB_OK);
	snprintf(db, sizeof(db), "%s", db_file(path));
	flip(in(path, "manifest.json"), 30);
	CHECK_INT(kb_publish_begin(&pub, path, &err), KB_OK);
	kb_publish_free(pub);
	CHECK(exists(db));
	flip(in(path, "manifest.json"), 30);
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
}

static void
test_publish__history_has_a_line_a_new_generation(void)
{
	const char *path = at("history.kb");
	struct kb_buf text;
	char a[17], b[17], want[200];

	CHECK_INT(build(path, 1, a), KB_OK);
	CHECK_INT(build(path, 2, b), KB_OK);
	CHECK_INT(build(path, 1, a), KB_OK);
	text = slurp(in(path, "history.jsonl"));
	snprintf(want, sizeof(want),
	    "{\"generation\":\"%s\",\"articles\":7}\n"
	    "{\"generation\":\"%s\",\"articles\":7}\n"
	    "{\"generation\":\"%s\",\"articles\":7}\n", a, b, a);
	CHECK_STR(kb_buf_str(&text), want);
	/* A torn line goes; a lost one comes back. */
	text.n -= 20;
	spew(in(path, "history.jsonl"), kb_buf_str(&text));
	kb_buf_release(&text);
	CHECK_INT(build(path, 1, a), KB_OK);
	text = slurp(in(path, "history.jsonl"));
	CHECK_STR(kb_buf_str(&text), want);
	kb_buf_release(&text);
}

static enum kb_status
commit_with(const char *options, const char *history, struct kb_err *err)
{
	struct kb_publish *pub = NULL;
	enum kb_status status = kb_publish_begin(&pub, at("texts.kb"), err);
	char gen[17];

	if (status != KB_OK)
		return status;
	CHECK_INT(fill(kb_publish_db(pub), 9, 10), SQLITE_OK);
	status = kb_publish_commit(pub, kb_str_c(options), kb_str_c(history),
	    gen, err);
	kb_publish_free(pub);
	return status;
}

static void
test_publish__refuses_texts_that_are_no_objects(void)
{
	struct kb_err err;

	CHECK_INT(commit_with("", "{}", &err), KB_USAGE);
	CHECK_INT(commit_with("[]", "{}", &err), KB_USAGE);
	CHECK_INT(commit_with("{}{", "{}", &err), KB_USAGE);
	CHECK_INT(commit_with("{}", "{\n}", &err), KB_USAGE);
	CHECK_INT(commit_with("{}", "7", &err), KB_USAGE);
	CHECK_INT(try_open(at("texts.kb"), 0, &err), KB_NOTFOUND);
	CHECK_INT(commit_with("{\"a\":\n[1,{}]}", " { } ", &err), KB_OK);
	CHECK_INT(try_open(at("texts.kb"), 0, &err), KB_OK);
}

static void
test_publish__refuses_to_commit_an_unfinished_database(void)
{
	struct kb_publish *pub = NULL;
	struct kb_str object = KB_STR("{}");
	struct kb_err err;
	char gen[17];

	CHECK_INT(kb_publish_begin(&pub, at("unfinished.kb"), &err), KB_OK);
	sqlite3_exec(kb_publish_db(pub), "BEGIN; CREATE TABLE t (x)", NULL,
	    NULL, NULL);
	CHECK_INT(kb_publish_commit(pub, object, object, gen, &err),
	    KB_USAGE);
	sqlite3_exec(kb_publish_db(pub), "COMMIT; PRAGMA user_version = 7",
	    NULL, NULL, NULL);
	CHECK_INT(kb_publish_commit(pub, object, object, gen, &err),
	    KB_DAMAGED);
	CHECK_INT(kb_publish_commit(pub, object, object, gen, &err),
	    KB_USAGE);
	kb_publish_free(pub);
	CHECK_INT(try_open(at("unfinished.kb"), 0, &err), KB_NOTFOUND);
}

static void
test_publish__refuses_to_commit_a_database_that_is_not_whole(void)
{
	struct kb_publish *pub = NULL;
	struct kb_str object = KB_STR("{}");
	struct kb_err err;
	char gen[17];

	CHECK_INT(kb_publish_begin(&pub, at("torn.kb"), &err), KB_OK);
	CHECK_INT(fill(kb_publish_db(pub), 1, ROWS), SQLITE_OK);
	sqlite3_exec(kb_publish_db(pub), "PRAGMA shrink_memory", NULL, NULL,
	    NULL);
	flip(at("torn.kb/tmp-all.db"), 50 * 4096);
	CHECK_INT(kb_publish_commit(pub, object, object, gen, &err),
	    KB_DAMAGED);
	CHECK(says(&err, "was not written whole"));
	kb_publish_free(pub);
	CHECK_INT(try_open(at("torn.kb"), 0, &err), KB_NOTFOUND);
}

static void
test_publish__a_second_writer_is_told_and_harms_nothing(void)
{
	const char *path = at("two.kb");
	struct kb_publish *one = NULL, *two = NULL;
	struct kb_err err;
	char gen[17];

	CHECK_INT(kb_publish_begin(&one, path, &err), KB_OK);
	CHECK_INT(kb_publish_begin(&two, path, &err), KB_IO);
	CHECK(two == NULL);
	CHECK(says(&err, "another kb-index is writing"));
	CHECK(exists(in(path, "tmp-all.db")));
	kb_publish_free(one);
	CHECK_INT(build(path, 1, gen), KB_OK);
}

static void
test_publish__another_programs_folder_is_refused(void)
{
	struct kb_publish *pub = NULL;
	const char *path = at("foreign");
	struct kb_err err;

	mkdir(path, 0777);
	spew(in(path, "manifest.json"), KB_STR("{\"name\":\"app\"}"));
	spew(in(path, "tmp-work"), KB_STR("x"));
	CHECK_INT(kb_publish_begin(&pub, path, &err), KB_USAGE);
	CHECK(pub == NULL && says(&err, path));
	CHECK_INT(count_files(path), 2);
	CHECK_INT(kb_publish_begin(&pub, in(path, "tmp-work"), &err),
	    KB_USAGE);
	CHECK_INT(kb_publish_begin(&pub, in(path, "no/x.kb"), &err), KB_IO);
	CHECK(says(&err, "make that first"));
	CHECK_INT(kb_publish_begin(&pub, "", &err), KB_USAGE);
	/* Empty, and empty but for the lock of a killed writer, are fine. */
	mkdir(at("empty"), 0777);
	spew(at("empty/lock"), KB_STR(""));
	CHECK_INT(kb_publish_begin(&pub, at("empty"), &err), KB_OK);
	kb_publish_free(pub);
}

static void
test_open__tells_the_way_out_when_there_is_no_index(void)
{
	struct kb_err err;

	mkdir(at("none.kb"), 0777);
	CHECK_INT(try_open(at("none.kb/"), 0, &err), KB_NOTFOUND);
	CHECK(says(&err, "none.kb': no manifest.json there; build one with: "
	    "kb-index build -o "));
	CHECK_INT(try_open(at("nowhere.kb"), 0, &err), KB_NOTFOUND);
	CHECK(says(&err, "no such folder"));
	CHECK_INT(try_open("", 0, &err), KB_USAGE);
}

static void
test_open__an_unknown_view_is_not_found(void)
{
	struct kb_store *store = NULL;
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(at("view.kb"), 1, gen), KB_OK);
	CHECK_INT(kb_store_open(&store, at("view.kb"), "staff", 0, &err),
	    KB_NOTFOUND);
	CHECK(says(&err, "it has: all"));
}

static void
test_open__takes_odd_characters_in_a_path(void)
{
	static const char *const names[] = {
		"a b?c#d%41&e=f;g.kb", "\xc3\xa9\xff.kb", ":memory:",
		"file:x", "kb_root=1&immutable=0", "/slash.kb",
	};
	struct kb_err err;
	char gen[17], cwd[PATHS];

	CHECK(getcwd(cwd, sizeof(cwd)) != NULL && chdir(base) == 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK_INT(build(at(names[i]), 1, gen), KB_OK);
		CHECK_INT(try_open(at(names[i]), KB_STORE_CHECK_ALL, &err),
		    KB_OK);
		if (names[i][0] == '/')
			continue;
		CHECK_INT(build(names[i], 1, gen), KB_OK);
		CHECK_INT(try_open(names[i], KB_STORE_CHECK_ALL, &err),
		    KB_OK);
	}
	CHECK(chdir(cwd) == 0);
}

/* Read all pages, as far as that goes. */
static enum kb_status
read_all(const char *path, struct kb_err *err)
{
	struct kb_store *store = NULL;
	enum kb_status status = kb_store_open(&store, path, "all", 0, err);

	if (status != KB_OK)
		return status;
	if (number(kb_store_db(store), "SELECT 1 FROM "
	    "pragma_integrity_check WHERE integrity_check <> 'ok'") != -1 ||
	    sqlite3_errcode(kb_store_db(store)) != SQLITE_OK)
		status = kb_store_error(store, err);
	kb_store_close(store);
	return status;
}

static void
test_store__a_flipped_byte_in_any_block_is_detected(void)
{
	const char *path = at("flip.kb");
	char gen[17], db[PATHS], want[80];
	struct kb_manifest m;
	struct kb_err err;

	CHECK_INT(build(path, 1, gen), KB_OK);
	m = manifest_of(path);
	snprintf(db, sizeof(db), "%s", db_file(path));
	CHECK(m.views[0].bytes > 10 * KB_STORE_BLOCK);
	CHECK_INT(read_all(path, &err), KB_OK);
	for (uint64_t b = 0; b * KB_STORE_BLOCK < m.views[0].bytes; b++) {
		uint64_t offset = b * KB_STORE_BLOCK +
		    (b * 7919 + 5000) % 20000;

		if (offset >= m.views[0].bytes)
			offset = m.views[0].bytes - 1;
		snprintf(want, sizeof(want), "block %d of ", (int)b);
		flip(db, offset);
		CHECK_INT(read_all(path, &err), KB_DAMAGED);
		CHECK(says(&err, want));
		CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err),
		    KB_DAMAGED);
		CHECK(says(&err, want));
		flip(db, offset);
	}
	flip(db, m.views[0].bytes - 1);
	CHECK_INT(read_all(path, &err), KB_DAMAGED);
	flip(db, m.views[0].bytes - 1);
	CHECK_INT(read_all(path, &err), KB_OK);
}

static void
test_store__a_flipped_byte_anywhere_in_sums_or_manifest_is_detected(void)
{
	const char *path = at("flip2.kb");
	char gen[17], files[2][PATHS];
	struct kb_err err;
	struct stat st;

	CHECK_INT(build(path, 1, gen), KB_OK);
	snprintf(files[0], PATHS, "%s", sum_file(path));
	snprintf(files[1], PATHS, "%s", in(path, "manifest.json"));
	for (int i = 0; i < 2; i++) {
		stat(files[i], &st);
		CHECK(st.st_size > 300);
		for (off_t k = 0; k < st.st_size; k++) {
			flip(files[i], (uint64_t)k);
			CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
			flip(files[i], (uint64_t)k);
		}
	}
	CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
}

static void
test_store__rot_after_opening_is_found_in_blocks_not_yet_read(void)
{
	const char *path = at("later.kb");
	struct kb_store *store = NULL;
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	CHECK_INT(kb_store_open(&store, path, "all", 0, &err), KB_OK);
	if (store == NULL)
		return;
	flip(db_file(path), 8 * KB_STORE_BLOCK + 77);
	CHECK_INT(number(kb_store_db(store),
	    "SELECT sum(length(body)) FROM t"), -1);
	CHECK_INT(sqlite3_extended_errcode(kb_store_db(store)),
	    SQLITE_IOERR_DATA);
	CHECK_INT(kb_store_error(store, &err), KB_DAMAGED);
	CHECK(says(&err, "block 8 of "));
	kb_store_close(store);
}

static void
test_store__missing_and_cut_files_are_damage(void)
{
	const char *path = at("cut.kb");
	char gen[17], db[PATHS], sums[PATHS];
	struct kb_store *store = NULL;
	struct kb_err err;
	struct stat st;

	CHECK_INT(build(path, 1, gen), KB_OK);
	snprintf(db, sizeof(db), "%s", db_file(path));
	snprintf(sums, sizeof(sums), "%s", sum_file(path));
	stat(db, &st);
	CHECK_INT(kb_store_open(&store, path, "all", 0, &err), KB_OK);
	CHECK_INT(truncate(db, st.st_size - 4096), 0);
	CHECK_INT(number(kb_store_db(store), "SELECT count(*) FROM "
	    "pragma_integrity_check"), -1);
	CHECK_INT(kb_store_error(store, &err), KB_DAMAGED);
	CHECK(says(&err, "is cut off"));
	kb_store_close(store);
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	CHECK(says(&err, " bytes, not "));
	CHECK_INT(unlink(db), 0);
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	CHECK(says(&err, "No such file") && says(&err, "kb-index build"));
	CHECK_INT(mkfifo(db, 0666), 0);
	CHECK(try_open(path, 0, &err) != KB_OK);
	CHECK_INT(unlink(db), 0);
	CHECK_INT(build(path, 1, gen), KB_OK);
	CHECK_INT(truncate(sums, 32), 0);
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	CHECK_INT(unlink(sums), 0);
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
}

/* ---- hostile folders, with all checksums right ---- */

static void
seal_again(struct kb_buf *text)
{
	unsigned char digest[KB_SHA256_SIZE];
	char hex[KB_SHA256_HEX + 1];
	size_t end = kb_str_find(kb_buf_str(text), KB_STR(",\n  \"check\""),
	    0);

	CHECK(end != (size_t)-1);
	if (end == (size_t)-1)
		return;
	text->n = end;
	kb_sha256(digest, text->p, text->n);
	kb_sha256_to_hex(hex, digest);
	kb_buf_printf(text, ",\n  \"check\":\"%s\"\n}\n", hex);
}

/* The manifest with the bytes from "from" to "to" exchanged for "put". */
static enum kb_status
open_changed(const char *path, struct kb_str text, const char *from,
    const char *to, const char *put, struct kb_err *err)
{
	size_t a = kb_str_find(text, kb_str_c(from), 0), b;
	struct kb_buf changed = { 0 };
	enum kb_status status;

	CHECK(a != (size_t)-1);
	b = kb_str_find(text, kb_str_c(to), a + strlen(from));
	CHECK(b != (size_t)-1);
	kb_buf_add(&changed, kb_str(text.p, a));
	kb_buf_addc(&changed, put);
	kb_buf_add(&changed, kb_str(text.p + b, text.n - b));
	seal_again(&changed);
	spew(in(path, "manifest.json"), kb_buf_str(&changed));
	status = try_open(path, 0, err);
	kb_buf_release(&changed);
	return status;
}

static void
test_manifest__hostile_values_are_refused(void)
{
	static const struct {
		const char	*from, *to, *put, *words;
	} cases[] = {
		{ "\"format\":1", ",", "\"format\":\"1\"", "no format" },
		{ "\"format\":1", ",", "\"format\":1.0", "no format" },
		{ "\"format\":1,", "\n", "", "no format" },
		{ "\"format\":1", ",", "\"format\":1,\"format\":1",
		    "no JSON object" },
		{ "{", "\"format\"", "[", "no JSON object" },
		{ "\"name\":\"all\"", ",", "\"name\":\"../all\"", "view" },
		{ "\"name\":\"all\"", ",", "\"name\":\"tmp\"", "view" },
		{ "\"name\":\"all\"", ",", "\"name\":\"\"", "view" },
		{ "\"name\":\"all\"", ",", "\"name\":\"al\\u0000l\"",
		    "no JSON object" },
		{ "\"file\":\"", "all-", "\"file\":\"../", "view" },
		{ "\"file\":\"", "all-", "\"file\":\"/etc/", "view" },
		{ "\"sums\":\"", "all-", "\"sums\":\"x/../", "view" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":-1", "view" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":0", "view" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":\"9\"", "view" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":4096.0", "view" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":99999999999999999999",
		    "no JSON object" },
		{ "\"bytes\":", ",\"root\"", "\"bytes\":9223372036854775807",
		    " bytes, not 9223372036854775807" },
		{ "\"root\":\"", "}", "\"root\":\"abc\"", "view" },
		{ "\"root\":\"", "}", "\"root\":\"zz34567890123456789012345678"
		    "901234567890123456789012345678901234\"", "view" },
		{ "\"views\":[", "],", "\"views\":[", "view" },
		{ "\"views\":[", "\"options\"", "\"views\":{},", "view" },
		{ "\"views\":[", "]", "\"views\":[null", "view" },
		{ "\"options\":", "\"sqlite\"", "\"options\":[],", "member" },
		{ "\"options\":", "\"sqlite\"", "", "member" },
		{ "\"sqlite\":", ",", "\"sqlite\":3", "member" },
		{ "\"sqlite\":", "\"", "\"x\":1,\"sqlite\":", "member" },
		{ "\"generation\":\"", "\"",
		    "\"generation\":\"0123456789abcdef", "generation" },
	};
	const char *path = at("hostile.kb");
	struct kb_err err;
	struct kb_buf text;
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	text = slurp(in(path, "manifest.json"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(open_changed(path, kb_buf_str(&text), cases[i].from,
		    cases[i].to, cases[i].put, &err), KB_DAMAGED);
		CHECK(says(&err, cases[i].words));
	}
	/* The means of this test would notice nothing else: unchanged. */
	CHECK_INT(open_changed(path, kb_buf_str(&text), "\"format\":1", ",",
	    "\"format\":1", &err), KB_OK);
	CHECK_INT(open_changed(path, kb_buf_str(&text), "\"format\":1", ",",
	    "\"format\":23", &err), KB_VERSION);
	CHECK(says(&err, "format 23, this program reads 1"));
	kb_buf_release(&text);
}

static void
test_manifest__other_bytes_are_refused(void)
{
	const char *path = at("bytes.kb");
	struct kb_buf big = { 0 };
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(path, 1, gen), KB_OK);
	spew(in(path, "manifest.json"), KB_STR(""));
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	spew(in(path, "manifest.json"), KB_STR("{\"format\":2}"));
	CHECK_INT(try_open(path, 0, &err), KB_VERSION);
	spew(in(path, "manifest.json"), KB_STR("{\"format\":1}"));
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	while (big.n <= KB_MANIFEST_CAP && !big.failed)
		kb_buf_addc(&big, "[[[[[[[[[[[[[[[[");
	spew(in(path, "manifest.json"), kb_str(big.p, 1000000));
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	spew(in(path, "manifest.json"), kb_buf_str(&big));
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
	CHECK(says(&err, "1 MiB"));
	kb_buf_release(&big);
	CHECK_INT(unlink(in(path, "manifest.json")), 0);
	CHECK_INT(mkfifo(in(path, "manifest.json"), 0666), 0);
	CHECK_INT(try_open(path, 0, &err), KB_DAMAGED);
}

/* An index around any bytes. */
static void
forge(const char *path, struct kb_str db)
{
	struct kb_manifest m = { .n_views = 1 };
	struct kb_manifest_view *view = &m.views[0];
	struct kb_buf sums = { 0 }, text = { 0 };
	unsigned char digest[KB_SHA256_SIZE];

	for (size_t i = 0; i < db.n; i += KB_STORE_BLOCK) {
		kb_sha256(digest, db.p + i, db.n - i < KB_STORE_BLOCK ?
		    db.n - i : KB_STORE_BLOCK);
		kb_buf_add(&sums, kb_str((char *)digest, sizeof(digest)));
	}
	kb_sha256(digest, sums.p, sums.n);
	kb_sha256_to_hex(view->root, digest);
	strcpy(view->name, "all");
	view->bytes = db.n;
	kb_manifest_name_files(view);
	CHECK_INT(kb_manifest_name_generation(&m, NULL), KB_OK);
	kb_manifest_format(&m, KB_STR("{}"), &text);
	mkdir(path, 0777);
	spew(in(path, view->file), db);
	spew(in(path, view->sums), kb_buf_str(&sums));
	spew(in(path, "manifest.json"), kb_buf_str(&text));
	kb_buf_release(&sums);
	kb_buf_release(&text);
}

static void
test_open__another_kind_of_database_is_refused_with_both_numbers(void)
{
	struct kb_buf noise = { 0 }, db;
	struct kb_err err;
	char gen[17];

	CHECK_INT(build(at("kind.kb"), 1, gen), KB_OK);
	db = slurp(db_file(at("kind.kb")));
	forge(at("kind0.kb"), kb_buf_str(&db));
	CHECK_INT(try_open(at("kind0.kb"), KB_STORE_CHECK_ALL, &err), KB_OK);
	db.p[63] = 42;
	forge(at("kind1.kb"), kb_buf_str(&db));
	CHECK_INT(try_open(at("kind1.kb"), 0, &err), KB_VERSION);
	CHECK(says(&err, "format 42, this program reads 2"));
	db.p[68] = 'X';
	forge(at("kind2.kb"), kb_buf_str(&db));
	CHECK_INT(try_open(at("kind2.kb"), 0, &err), KB_VERSION);
	CHECK(says(&err, "0x58424958, not 0x4b424958"));
	kb_buf_release(&db);
	while (noise.n < 8192 && !noise.failed)
		kb_buf_addc(&noise, "no database ");
	forge(at("kind3.kb"), kb_buf_str(&noise));
	CHECK_INT(try_open(at("kind3.kb"), KB_STORE_CHECK_ALL, &err),
	    KB_DAMAGED);
	kb_buf_release(&noise);
}

static bool
fails(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return true;
	printf("# '%s' works\n", sql);
	return false;
}

static void
test_open__switches_off_what_a_hostile_file_could_use(void)
{
	const char *path = at("hard.kb");
	struct kb_publish *pub = NULL;
	struct kb_store *store = NULL;
	struct kb_str object = KB_STR("{}");
	struct kb_err err;
	char gen[17];
	sqlite3 *db;

	CHECK_INT(kb_publish_begin(&pub, path, &err), KB_OK);
	CHECK_INT(sqlite3_exec(kb_publish_db(pub), "CREATE TABLE t (x);"
	    "INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT x FROM t;",
	    NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(kb_publish_commit(pub, object, object, gen, &err), KB_OK);
	kb_publish_free(pub);
	CHECK_INT(kb_store_open(&store, path, "all", 0, &err), KB_OK);
	if (store == NULL)
		return;
	db = kb_store_db(store);
	CHECK_INT(number(db, "SELECT x FROM t"), 1);
	CHECK(fails(db, "SELECT x FROM v"));
	CHECK(fails(db, "SELECT \"nothing\" FROM t"));
	CHECK(fails(db, "INSERT INTO t VALUES (2)"));
	CHECK(fails(db, "CREATE TEMP TABLE u (x)"));
	CHECK(fails(db, "ATTACH ':memory:' AS other"));
	CHECK(fails(db, "VACUUM INTO 'x'"));
	CHECK(fails(db, "SELECT load_extension('x')"));
	CHECK(fails(db, "SELECT 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1"));
	CHECK_INT(number(db, "PRAGMA query_only"), 1);
	CHECK_INT(number(db, "PRAGMA cell_size_check"), 1);
	CHECK_INT(number(db, "PRAGMA temp_store"), 2);
	CHECK_INT(number(db, "PRAGMA trusted_schema"), 0);
	CHECK_INT(sqlite3_db_readonly(db, "main"), 1);
	kb_store_close(store);
}

static void
test_open__looks_for_no_journal(void)
{
	static const char *const tails[] = { "-journal", "-wal", "-shm" };
	const char *path = at("journal.kb");
	struct kb_err err;
	char gen[17], name[PATHS + 16];

	CHECK_INT(build(path, 1, gen), KB_OK);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", db_file(path), tails[i]);
		spew(name, KB_STR("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 hostile"));
	}
	CHECK_INT(read_all(path, &err), KB_OK);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", db_file(path), tails[i]);
		CHECK(exists(name));
	}
}

static void
test_open__a_folder_that_may_not_be_written_can_be_read(void)
{
	const char *path = at("ro.kb");
	struct kb_err err;
	char gen[17];
	int result = -1;
	pid_t child;

	CHECK_INT(build(path, 1, gen), KB_OK);
	CHECK_INT(chmod(path, 0555), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		/* To the superuser nothing is read-only. */
		if (geteuid() == 0 && (setgid(65534) != 0 ||
		    setuid(65534) != 0))
			_exit(2);
		if (open(in(path, "x"), O_WRONLY | O_CREAT, 0666) >= 0)
			_exit(3);
		_exit(read_all(path, &err) == KB_OK &&
		    try_open(path, KB_STORE_CHECK_ALL, &err) == KB_OK ? 0 : 1);
	}
	CHECK_INT(waitpid(child, &result, 0), child);
	CHECK_INT(chmod(path, 0755), 0);
	if (WIFEXITED(result) && WEXITSTATUS(result) == 2)
		SKIP(__func__, "the superuser cannot become somebody else");
	else
		CHECK_INT(result, 0);
}

static int64_t
rows_within(struct kb_store *store, unsigned ksteps)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = 0;

	kb_store_budget(store, ksteps);
	CHECK_INT(sqlite3_prepare_v2(kb_store_db(store), "WITH RECURSIVE "
	    "n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE "
	    "i < 100000) SELECT i FROM n", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		n++;
	sqlite3_finalize(stmt);
	return n;
}

static void
test_store__a_budget_is_counted_and_strikes_at_the_same_row(void)
{
	struct kb_store *store = NULL;
	struct kb_err err;
	int64_t n, twice;
	char gen[17];

	CHECK_INT(build(at("budget.kb"), 1, gen), KB_OK);
	CHECK_INT(kb_store_open(&store, at("budget.kb"), "all", 0, &err),
	    KB_OK);
	if (store == NULL)
		return;
	n = rows_within(store, 20);
	CHECK(n > 0 && n < 100000);
	CHECK_INT(kb_store_error(store, &err), KB_LIMIT);
	CHECK_INT(rows_within(store, 20), n);
	twice = rows_within(store, 40);
	CHECK(twice > 2 * n - 10 && twice < 2 * n + 10);
	CHECK_INT(rows_within(store, 0), 100000);
	kb_store_close(store);
}

int
main(void)
{
	fixture_begin();
	RUN(test_sha256__agrees_with_the_standard_and_reads_back);
	RUN(test_store__what_is_published_is_read_back);
	RUN(test_store__a_contentless_fts5_query_works_through_the_vfs);
	RUN(test_publish__same_content_makes_same_bytes);
	RUN(test_publish__an_existing_generation_is_not_rewritten);
	RUN(test_publish__a_rotten_generation_is_replaced_by_building_again);
	RUN(test_publish__removes_what_the_manifest_does_not_name);
	RUN(test_publish__keeps_generations_when_the_manifest_is_damaged);
	RUN(test_publish__history_has_a_line_a_new_generation);
	RUN(test_publish__refuses_texts_that_are_no_objects);
	RUN(test_publish__refuses_to_commit_an_unfinished_database);
	RUN(test_publish__refuses_to_commit_a_database_that_is_not_whole);
	RUN(test_publish__a_second_writer_is_told_and_harms_nothing);
	RUN(test_publish__another_programs_folder_is_refused);
	RUN(test_open__tells_the_way_out_when_there_is_no_index);
	RUN(test_open__an_unknown_view_is_not_found);
	RUN(test_open__takes_odd_characters_in_a_path);
	RUN(test_store__a_flipped_byte_in_any_block_is_detected);
	RUN(test_store__a_flipped_byte_anywhere_in_sums_or_manifest_is_detected);
	RUN(test_store__rot_after_opening_is_found_in_blocks_not_yet_read);
	RUN(test_store__missing_and_cut_files_are_damage);
	RUN(test_manifest__hostile_values_are_refused);
	RUN(test_manifest__other_bytes_are_refused);
	RUN(test_open__another_kind_of_database_is_refused_with_both_numbers);
	RUN(test_open__switches_off_what_a_hostile_file_could_use);
	RUN(test_open__looks_for_no_journal);
	RUN(test_open__a_folder_that_may_not_be_written_can_be_read);
	RUN(test_store__a_budget_is_counted_and_strikes_at_the_same_row);
	fixture_end();
	return test_done();
}
