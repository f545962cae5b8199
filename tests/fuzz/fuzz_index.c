/*
 * An index that somebody made.  The input is a list of edits to a real
 * generation, which is built when the target starts; the checksums and the
 * manifest are made anew, so that the edits are what SQLite and the readers
 * of its tables see.
 *
 *	command question edit...
 *	edit	0..127	row type length bytes	a value of columns[edit]
 *		128..	page at (2) length bytes	bytes of that page
 *
 * Columns and commands are only ever added at the end: kept inputs name them
 * by number.
 */
#include "fuzz.h"

#include <fcntl.h>

#include "cli.h"
#include "commands.h"
#include "index_fixture.h"
#include "kb/suggest.h"
#include "offmap.h"
#include "passage.h"
#include "utf8.h"

#define PAGE	4096

static struct kb_buf base_db;
static const char *folder;

/* ---- the index that is edited ---- */

static const char *const bodies[] = {
	"<h1>Printer</h1><p>To reset the printer hold the power button for "
	    "ten seconds. Then open the tray.<h2 id=ink>Ink</h2><ol><li>Open "
	    "the lid.<li>Take out the old ink.<li>Close it.</ol>",
	"<h1>Printer again</h1><p>To reset the printer hold the power button "
	    "for ten seconds. Then open the tray.<h2 id=ink>Ink</h2><ol><li>"
	    "Open the lid.<li>Take out the old ink.<li>Close it.</ol>",
	"<h1>Mail</h1><p>Shared mailboxes caf\xc3\xa9 are asked for at the "
	    "desk. <a href=p1.html>Printers</a> are not.<table><tr><th>Size"
	    "<th>Price<tr><td>small<td>1</table>",
	"<h1>VPN</h1><p>Install the client, then sign in with your badge. "
	    "<b>Restart</b> when it hangs&hellip;<pre>vpn --up</pre>",
};

static void
say_nothing(void *arg, enum kb_level level, const char *code,
    struct kb_str place, struct kb_str message)
{
}

static void
build_base(void)
{
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct kb_err err = { KB_OK, "" };
	struct kb_build b = { .files = &files, .settings = &settings,
	    .as_of = 20261001, .threads = 1, .say = say_nothing };
	struct kb_manifest *m = calloc(1, sizeof(*m));
	char name[16];

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		snprintf(name, sizeof(name), "p%zu.html", i + 1);
		page("pages", name, i % 2 ? "A page" : "Another",
		    i == 2 ? "<meta name=author content=Ann>" : "",
		    bodies[i]);
	}
	b.output = at("base.kb");
	MUST(kb_files_add(&files, at("pages"), &arena, &err) == KB_OK);
	MUST(kb_files_sort(&files, &err) == KB_OK);
	MUST(kb_build_run(&b, &err) == KB_OK);
	kb_build_release(&b);
	MUST(kb_manifest_read(m, at("base.kb"), &err) == KB_OK);
	base_db = slurp(in(at("base.kb"), m->views[0].file));
	MUST(base_db.n > PAGE && base_db.n % PAGE == 0);
	free(m);
	kb_files_release(&files);
	kb_arena_release(&arena);
}

void
fuzz_init(void)
{
	FILE *null;

	if (!fixture_load())
		abort();
	atexit(fixture_end);
	folder = at("edited.kb");
	MUST(mkdir(folder, 0755) == 0);
	build_base();
	/* What commands say; sanitizers write to the descriptor itself. */
	MUST(freopen("/dev/null", "w", stdout) != NULL);
	null = fopen("/dev/null", "w");
	MUST(null != NULL);
	stderr = null;
}

/* ---- edits by column ---- */

#define ARTICLE(c)	"UPDATE article SET " c "=?1 WHERE n=?2"
#define PASSAGE(c)	"UPDATE passage SET " c "=?1 WHERE n=?2"
#define FINDING(c)	"UPDATE finding SET " c "=?1 WHERE n=?2"
#define DUPLICATE(c)	"UPDATE duplicate SET " c "=?1 WHERE a=?2"

static const char *const columns[] = {
	ARTICLE("id"), ARTICLE("title"), ARTICLE("url"), ARTICLE("path"),
	ARTICLE("member"), ARTICLE("number"), ARTICLE("lang"),
	ARTICLE("owner"), ARTICLE("reviewed"), ARTICLE("modified"),
	ARTICLE("status"), ARTICLE("cluster"), ARTICLE("relation"),
	ARTICLE("restricted"), ARTICLE("declared"), ARTICLE("start"),
	ARTICLE("end"), ARTICLE("line"), ARTICLE("words"), ARTICLE("n"),
	PASSAGE("article"), PASSAGE("seq"), PASSAGE("field"),
	PASSAGE("start"), PASSAGE("end"), PASSAGE("heading"),
	PASSAGE("anchor"), PASSAGE("context"), PASSAGE("lead"),
	PASSAGE("words"), PASSAGE("map"), PASSAGE("text"), PASSAGE("n"),
	FINDING("code"), FINDING("level"), FINDING("article"),
	FINDING("path"), FINDING("line"), FINDING("col"), FINDING("start"),
	FINDING("end"), FINDING("message"), FINDING("value"),
	FINDING("threshold"), FINDING("fingerprint"), FINDING("priority"),
	FINDING("n"), DUPLICATE("relation"), DUPLICATE("shared"),
	DUPLICATE("size_a"), DUPLICATE("size_b"), DUPLICATE("b"),
	"UPDATE place SET at=?1 WHERE passage=?2",
	"UPDATE place SET heading=?1 WHERE passage=?2",
	"UPDATE place SET anchor=?1 WHERE passage=?2",
	"UPDATE link SET target=?1 WHERE article=?2",
	"UPDATE link SET href=?1 WHERE article=?2",
	"UPDATE alias SET article=?1 WHERE article=?2",
	"UPDATE meta SET value=?1 WHERE key=(SELECT key FROM meta LIMIT 1 "
	    "OFFSET ?2)",
	"UPDATE term SET df=?1 WHERE term=(SELECT term FROM term LIMIT 1 "
	    "OFFSET ?2)",
	"UPDATE fts_data SET block=?1 WHERE id=(SELECT id FROM fts_data "
	    "LIMIT 1 OFFSET ?2)",
	"UPDATE fts_docsize SET sz=?1 WHERE id=?2",
	"UPDATE fts_config SET v=?1 WHERE rowid>=0 AND ?2>=0",
	"UPDATE fts_idx SET pgno=?1 WHERE ?2>=0",
	"DELETE FROM article WHERE ?1 IS NOT NULL AND n=?2",
	"DELETE FROM passage WHERE ?1 IS NOT NULL AND n=?2",
	"DELETE FROM meta WHERE ?1 IS NOT NULL AND key=(SELECT key FROM meta "
	    "LIMIT 1 OFFSET ?2)",
	"DELETE FROM term WHERE ?1 IS NOT NULL AND ?2>=0",
	ARTICLE("owner_kind"), ARTICLE("owner_source"), ARTICLE("authors"),
	ARTICLE("format"), ARTICLE("source"), ARTICLE("created"),
	ARTICLE("review_due"), ARTICLE("expires"), ARTICLE("views"),
	ARTICLE("category"), ARTICLE("tags"), ARTICLE("description"),
	ARTICLE("edit_url"), ARTICLE("audience"), ARTICLE("replaced_by"),
};

#define COLUMNS	(sizeof(columns) / sizeof(columns[0]))

static int64_t
integer(struct kb_str s)
{
	static const int64_t special[] = { 0, -1, 1, INT64_MAX, INT64_MIN,
	    INT32_MAX, INT32_MIN, UINT32_MAX, (int64_t)1 << 53, 20240230 };
	uint64_t v = 0;

	if (s.n == 1 && (uint8_t)s.p[0] >= 0xf0)
		return special[((uint8_t)s.p[0] & 15) % 10];
	for (size_t i = 0; i < s.n && i < 8; i++)
		v = v << 8 | (uint8_t)s.p[i];
	return (int64_t)v;
}

static void
bind(sqlite3_stmt *st, uint8_t type, struct kb_str value)
{
	switch (type % 5) {
	case 0:
		sqlite3_bind_int64(st, 1, integer(value));
		break;
	case 1:
		sqlite3_bind_text64(st, 1, value.p, value.n,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case 2:
		sqlite3_bind_blob64(st, 1, value.p, value.n,
		    SQLITE_TRANSIENT);
		break;
	case 3:
		sqlite3_bind_double(st, 1, (double)integer(value) / 3);
		break;
	default:
		sqlite3_bind_null(st, 1);
		break;
	}
}

static struct kb_str
cut(struct kb_str *bytes, size_t n)
{
	struct kb_str s;

	n = n < bytes->n ? n : bytes->n;
	s = kb_str(bytes->p, n);
	*bytes = kb_str(bytes->p + n, bytes->n - n);
	return s;
}

static void
edit_column(sqlite3 *db, uint8_t column, struct kb_str *bytes)
{
	uint8_t row = fuzz_byte(bytes), type = fuzz_byte(bytes);
	struct kb_str value = cut(bytes, fuzz_byte(bytes));
	sqlite3_stmt *st = NULL;

	/* What has become of the tables may be anything: failing is fine. */
	if (sqlite3_prepare_v2(db, columns[column % COLUMNS], -1, &st, NULL)
	    != SQLITE_OK)
		return;
	bind(st, type, value);
	sqlite3_bind_int64(st, 2, row);
	sqlite3_step(st);
	sqlite3_finalize(st);
}

/* ---- edits by byte ---- */

static void
edit_page(unsigned char *db, size_t n, struct kb_str *bytes)
{
	size_t at = (size_t)fuzz_byte(bytes) * PAGE;
	struct kb_str s;

	at += ((size_t)fuzz_byte(bytes) << 8 | fuzz_byte(bytes)) % PAGE;
	s = cut(bytes, fuzz_byte(bytes));
	if (s.n > 0 && at < n && s.n <= n - at)
		memcpy(db + at, s.p, s.n);
}

/*
 * Columns first: where they stand in the input does not matter, but bytes
 * are changed behind SQLite's back.
 */
static unsigned char *
edited(struct kb_str bytes, size_t *n)
{
	sqlite3 *db = NULL;
	sqlite3_int64 size = 0;
	unsigned char *copy = sqlite3_malloc64(base_db.n);
	struct kb_str rest = bytes;
	uint8_t op;

	MUST(copy != NULL && sqlite3_open(":memory:", &db) == SQLITE_OK);
	memcpy(copy, base_db.p, base_db.n);
	MUST(sqlite3_deserialize(db, "main", copy, (sqlite3_int64)base_db.n,
	    (sqlite3_int64)base_db.n, SQLITE_DESERIALIZE_FREEONCLOSE |
	    SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK);
	while (rest.n > 0) {
		op = fuzz_byte(&rest);
		if (op < 128)
			edit_column(db, op, &rest);
		else
			cut(&rest, rest.n > 3 ? 4 + (uint8_t)rest.p[3] : 3);
	}
	copy = sqlite3_serialize(db, "main", &size, 0);
	sqlite3_close(db);
	MUST(copy != NULL);
	for (rest = bytes; rest.n > 0;) {
		op = fuzz_byte(&rest);
		if (op >= 128)
			edit_page(copy, (size_t)size, &rest);
		else
			cut(&rest, rest.n > 2 ? 3 + (uint8_t)rest.p[2] : 2);
	}
	*n = (size_t)size;
	return copy;
}

/* ---- published as it would be ---- */

static void
publish(const unsigned char *db, size_t n)
{
	static struct kb_manifest m;
	unsigned char digest[KB_SHA256_SIZE];
	struct kb_buf sums = { 0 }, text = { 0 };

	for (size_t at = 0; at < n; at += KB_STORE_BLOCK) {
		size_t k = n - at < KB_STORE_BLOCK ? n - at : KB_STORE_BLOCK;

		kb_sha256(digest, db + at, k);
		kb_buf_add(&sums, kb_str((char *)digest, sizeof(digest)));
	}
	/* What the last input left behind. */
	if (m.n_views > 0) {
		unlink(in(folder, m.views[0].file));
		unlink(in(folder, m.views[0].sums));
	}
	m.n_views = 1;
	strcpy(m.views[0].name, "all");
	m.views[0].bytes = n;
	kb_sha256(digest, sums.p, sums.n);
	kb_sha256_to_hex(m.views[0].root, digest);
	kb_manifest_name_files(&m.views[0]);
	MUST(kb_manifest_name_generation(&m, NULL) == KB_OK);
	kb_manifest_format(&m, KB_STR("{}"), &text);
	spew(in(folder, m.views[0].file), kb_str((const char *)db, n));
	spew(in(folder, m.views[0].sums), kb_buf_str(&sums));
	spew(in(folder, KB_MANIFEST_FILE), kb_buf_str(&text));
	kb_buf_release(&sums);
	kb_buf_release(&text);
}

/* ---- read as both programs do ---- */

static const char *const questions[] = {
	"How do I reset the printer?", "shared mailbox caf\xc3\xa9",
	"open the lid and take out the ink", "vpn hangs restart", "zebra",
	"the price of a small page",
};

static void
check_suggestion(const struct kb_suggestion *s)
{
	MUST(s->text != NULL && s->quote != NULL && s->id != NULL);
	MUST(strstr(s->text, s->quote) != NULL);
	MUST(kb_utf8_valid(kb_str_c(s->text)) == strlen(s->text));
	MUST(s->span.start <= s->span.end);
	MUST(s->confidence >= 0 && s->confidence <= 1);
	for (size_t i = 0; i < s->trust.nfindings; i++)
		fuzz_touch(kb_str_c(s->trust.findings[i]));
	for (size_t i = 0; i < s->nalso; i++)
		fuzz_touch(kb_str_c(s->also[i].id));
}

static void
suggest(struct kb_index *x, const char *question, bool any)
{
	const struct kb_suggest_opts opts = { .top = 5, .threshold = 0.01,
	    .any_status = any, .any_audience = any };
	struct kb_answer *a;

	if (kb_suggest(&a, x, kb_str_c(question), &opts, NULL) != KB_OK)
		return;
	MUST(a->answered == (a->nsuggestions > 0));
	for (size_t i = 0; i < a->nsuggestions; i++)
		check_suggestion(&a->suggestions[i]);
	for (size_t i = 0; i < a->nnear; i++)
		check_suggestion(&a->near[i]);
	kb_answer_free(a);
}

static void
show_passage(struct kb_index *x, int64_t n, struct kb_arena *arena)
{
	struct kb_passage_row p;
	struct kb_str heading, anchor;
	uint64_t s = 0, e = 0;

	if (kb_passage_get(&p, x, n, arena, NULL) != KB_OK)
		return;
	MUST(kb_utf8_valid(p.text) == p.text.n && p.lead <= p.text.n);
	fuzz_touch(p.map);
	if (kb_offmap_locate(p.map, p.start, 0, p.text.n, &s, &e))
		MUST(s <= e);
	if (kb_passage_place(&heading, &anchor, x, &p, p.text.n, arena, NULL)
	    == KB_OK) {
		fuzz_touch(heading);
		fuzz_touch(anchor);
	}
}

static void
show(struct kb_index *x, const char *id)
{
	struct kb_arena arena = { 0 };
	struct kb_article_row a;
	int64_t n, *v = NULL;
	size_t count = 0;

	if (kb_article_find(&n, x, kb_str_c(id), NULL) == KB_OK &&
	    kb_article_get(&a, x, n, &arena, NULL) == KB_OK) {
		fuzz_touch(a.id);
		fuzz_touch(a.title);
		if (kb_passages_of(&v, &count, x, n, &arena, NULL) != KB_OK)
			count = 0;
	}
	for (size_t i = 0; i < count && i < 16; i++)
		show_passage(x, v[i], &arena);
	kb_arena_release(&arena);
}

static void
query(const char *question)
{
	struct kb_index *x;

	if (kb_index_open(&x, folder, NULL, NULL) != KB_OK)
		return;
	suggest(x, questions[0], false);
	suggest(x, question, true);
	show(x, "p1.html");
	show(x, "p3.html");
	kb_index_close(x);
}

static void
report(uint8_t which)
{
	static const struct {
		int		(*run)(const struct kb_command *, int, char **);
		const char	*option;
	} commands[] = {
		{ kb_cmd_report, "--format=text" },
		{ kb_cmd_report, "--format=json" },
		{ kb_cmd_report, "--format=html" },
		{ kb_cmd_report, "--format=csv" },
		{ kb_cmd_duplicates, NULL }, { kb_cmd_dump, NULL },
		{ kb_cmd_digest, NULL },
	};
	static const struct kb_command self = { .name = "fuzz" };
	size_t i = which % (sizeof(commands) / sizeof(commands[0]));
	char *argv[4] = { (char *)"fuzz", (char *)folder,
	    (char *)commands[i].option, NULL };
	int code;

	optind = 0;
	code = commands[i].run(&self, argv[2] != NULL ? 3 : 2, argv);
	MUST(code >= KB_EXIT_OK && code <= KB_EXIT_SYSTEM);
	MUST(code != KB_EXIT_USAGE);
}

void
fuzz_one(struct kb_str bytes)
{
	uint8_t command = fuzz_byte(&bytes), question = fuzz_byte(&bytes);
	unsigned char *db;
	size_t n;

	db = edited(bytes, &n);
	publish(db, n);
	sqlite3_free(db);
	query(questions[question % (sizeof(questions) /
	    sizeof(questions[0]))]);
	report(command);
}

void
fuzz_seeds(void)
{
	static const char *const values[] = { "\x00\x01\xf0", "\x00\x01\xf3",
	    "\x00\x01\xf4", "\x01\x03" "a\xff" "b", "\x02\x04\x81\x80\x80\x01",
	    "\x04\x00" };
	struct kb_buf b = { 0 };
	uint8_t head[4];

	fuzz_seed(KB_STR(""));
	for (size_t i = 0; i < COLUMNS; i++) {
		const char *v = values[i % 6];

		kb_buf_clear(&b);
		memcpy(head, (uint8_t[]){ (uint8_t)(i % 7), (uint8_t)(i % 6),
		    (uint8_t)i, 1 }, 4);
		kb_buf_add(&b, kb_str((char *)head, 4));
		kb_buf_add(&b, kb_str(v, 2 + (size_t)v[1]));
		fuzz_seed(kb_buf_str(&b));
	}
	for (size_t i = 0; i < base_db.n / PAGE && i < 256; i++) {
		memcpy(head, (uint8_t[]){ (uint8_t)(i % 7), (uint8_t)(i % 6),
		    128, (uint8_t)i }, 4);
		kb_buf_clear(&b);
		kb_buf_add(&b, kb_str((char *)head, 4));
		kb_buf_add(&b, kb_str("\x00\x03\x02\x00\x09", 5));
		fuzz_seed(kb_buf_str(&b));
	}
	kb_buf_release(&b);
}
