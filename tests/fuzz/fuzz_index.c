/*
 * An index that somebody made.  The input is a list of edits to a real
 * generation, which is built when the target starts; what comes of them is
 * what SQLite and the readers of its tables see (fuzz_vfs.h), as if its
 * checksums had been made anew.
 *
 *	command question edit...
 *	edit	0..191	row type length bytes	a value of columns[edit]
 *		192..	page at (2) length bytes	bytes of that page
 *
 * Columns and commands are only ever added at the end: kept inputs name them
 * by number.  A number that has none yet stands for nothing.
 */
#include "fuzz.h"
#include "fuzz_vfs.h"

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
static sqlite3 *base_rows;	/* the same, to edit and roll back */
static const char *folder;
static int said_fd;		/* what stdout is written to */

/* ---- the index that is edited ---- */

/* Duplicates, one inside another, contradictions, and one that few read. */
#define TUNNEL(more)							\
	"<h1>Tunnel</h1><p>Everybody who works from home needs the tunnel, " \
	"for without it no page of the intranet can be reached at all.</p>" \
	more "<p>First open the client on your computer and enter the name " \
	"of the portal that stands on the back of your badge.</p>"
#define SESSION(time)							\
	"<p>The session of a user ends by itself after " time ".</p>"
#define REST								\
	"<h2 id=end>End</h2><ol><li>Close all pages of the intranet."	\
	"<li>Choose Settings &gt; Tunnel &gt; Off in the client.</ol>"	\
	"<p>The desk on the ground floor helps with questions about the " \
	"client, the badge and the portal from Monday to Friday, and who" \
	" asks before noon is called back on the same day.</p>"

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
	TUNNEL(SESSION("ten hours")) REST,
	TUNNEL(SESSION("8 hours")) "<p>Ask <a href=qc.html>the desk</a> for "
	    "a *new* badge.</p>" REST,
	TUNNEL("") REST,
	TUNNEL(SESSION("ten hours")) REST "<h2>Away</h2><p>In a hotel the "
	    "tunnel needs the second portal, gate.example.com, and UDP port "
	    "4500.</p><pre>vpn --far\nvpn --up</pre><p>See <a href=qa.html>"
	    "the tunnel</a> and <a href=qb.html>its sessions</a>.</p>",
	TUNNEL(SESSION("8 hours")) REST "<p>Nobody else may read this.</p>",
};

static const char *const heads[] = {
	[2] = "<meta name=author content=Ann>",
	[4] = "<meta name=author content=Ann><meta name=audience "
	    "content=everyone>",
	[6] = "<meta name=category content=Net>",
	[8] = "<meta name=audience content=hr>",
};

/* Numbers in paths would tell of versions. */
static const char *const names[] = {
	"p1.html", "p2.html", "p3.html", "p4.html", "qa.html", "qb.html",
	"qc.html", "qd.html", "qe.html",
};

static const char *const titles[] = {
	"Another", "A page", "Another", "A page", "Tunnel from home",
	"Details of the tunnel from home", "The tunnel", "Tunnel from afar",
	"Tunnel from home",
};

/* Like qc.html but for its last words; and like p1.html in every word. */
static const char draft[] =
	"# Tunnel\n\nEverybody who works from home needs the tunnel, for "
	"without it no page of the intranet can be reached at all.\n\n"
	"First open the client on your computer and enter the name of the "
	"portal that stands on the back of your badge.\n\n## End\n\n"
	"1. Close all pages of the [intranet](http://example.com/).\n"
	"2. Choose Settings > Tunnel > Off in the client.\n\n"
	"The desk on the ground floor helps with questions about the client, "
	"the badge and the portal on any day.\n";
static const char same[] =
	"To reset the printer hold the power button for ten seconds. Then "
	"open the tray.\n\nInk\n\n1. Open the lid.\n2. Take out the old "
	"ink.\n3. Close it.\n";

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

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		page("pages", names[i], titles[i], i < sizeof(heads) /
		    sizeof(heads[0]) && heads[i] != NULL ? heads[i] : "",
		    bodies[i]);
	}
	/* What several pages say is text, not a site's furniture. */
	settings.marked = true;
	b.output = folder;
	MUST(kb_files_add(&files, at("pages"), &arena, &err) == KB_OK);
	MUST(kb_files_sort(&files, &err) == KB_OK);
	MUST(kb_build_run(&b, &err) == KB_OK);
	kb_build_release(&b);
	MUST(kb_manifest_read(m, folder, &err) == KB_OK);
	base_db = slurp(in(folder, m->views[0].file));
	MUST(base_db.n > PAGE && base_db.n % PAGE == 0);
	free(m);
	kb_files_release(&files);
	kb_arena_release(&arena);
}

/* ---- edits by column ---- */

#define ARTICLE(c)	"UPDATE article SET " c "=?1 WHERE n=?2"
#define PASSAGE(c)	"UPDATE passage SET " c "=?1 WHERE n=?2"
#define FINDING(c)	"UPDATE finding SET " c "=?1 WHERE n=?2"
#define DUPLICATE(c)	"UPDATE duplicate SET " c "=?1 WHERE a=?2"
#define CONFLICT(c)	"UPDATE conflict SET " c "=?1 WHERE n=?2"
#define BLOCK(t, c)	"UPDATE " t " SET " c "=?1 WHERE first=(SELECT first " \
			    "FROM " t " LIMIT 1 OFFSET ?2)"

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
	"UPDATE fts_config SET v=?1 WHERE ?2>=0",
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
	ARTICLE("reason"), ARTICLE("product"), ARTICLE("version"),
	ARTICLE("editor"), ARTICLE("votes"),
	DUPLICATE("own_shared"), DUPLICATE("own_a"), DUPLICATE("own_b"),
	DUPLICATE("a"),
	CONFLICT("kind"), CONFLICT("a"), CONFLICT("passage_a"),
	CONFLICT("field_a"), CONFLICT("start_a"), CONFLICT("end_a"),
	CONFLICT("fact_a"), CONFLICT("quote_a"), CONFLICT("b"),
	CONFLICT("passage_b"), CONFLICT("field_b"), CONFLICT("start_b"),
	CONFLICT("end_b"), CONFLICT("fact_b"), CONFLICT("quote_b"),
	"UPDATE shingle_set SET shingles=?1 WHERE article=?2",
	"UPDATE shingle_set SET article=?1 WHERE article=?2",
	"UPDATE shingle_same SET leader=?1 WHERE article=?2",
	"UPDATE shingle_same SET article=?1 WHERE article=?2",
	"INSERT INTO shingle_same(leader, article) VALUES(?1, ?2)",
	BLOCK("shingle_common", "first"), BLOCK("shingle_common", "data"),
	BLOCK("shingle_posting", "first"), BLOCK("shingle_posting", "data"),
	"INSERT INTO shingle_common(first, data) VALUES(?1, x'0102')",
	"UPDATE link SET target=?1 WHERE target=?2",
	"UPDATE link SET seq=?1 WHERE article=?2",
	"INSERT INTO alias(alias, article) VALUES(?1, ?2)",
	"INSERT INTO duplicate SELECT ?2, ?1, relation, shared, size_a, "
	    "size_b, own_shared, own_a, own_b FROM duplicate LIMIT 1",
	"INSERT INTO link(article, seq, href, target) VALUES(?2, 99, "
	    "'qb.html', ?1)",
	"UPDATE meta SET value=?1 WHERE key='near' AND ?2>=0",
	"UPDATE meta SET value=?1 WHERE key='pairs' AND ?2>=0",
	"UPDATE passage SET article=?2 WHERE article=?1",
	"DELETE FROM conflict WHERE ?1 IS NOT NULL AND n=?2",
	"DELETE FROM shingle_set WHERE ?1 IS NOT NULL AND article=?2",
	"DELETE FROM duplicate WHERE ?1 IS NOT NULL AND a=?2",
	"UPDATE article SET cluster=?1, relation='near' WHERE n=?2",
	"UPDATE article SET title=?1 WHERE cluster=?2 OR n=?2",
	"UPDATE passage SET text=?1 WHERE article=?2 AND seq=2",
};

#define COLUMNS	(sizeof(columns) / sizeof(columns[0]))
#define PAGES	192	/* from here on an edit is one of bytes */

_Static_assert(COLUMNS <= PAGES, "a column has no number");

static sqlite3_stmt *statements[COLUMNS];

/*
 * By pages, as they stand in the file.  In memory of SQLite's own, for what
 * is not committed is not in a database that was deserialised.
 */
static void
load_rows(void)
{
	sqlite3 *db = NULL;
	sqlite3_backup *copy;

	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	MUST(sqlite3_open(":memory:", &base_rows) == SQLITE_OK);
	MUST(sqlite3_deserialize(db, "main", (unsigned char *)base_db.p,
	    (sqlite3_int64)base_db.n, (sqlite3_int64)base_db.n,
	    SQLITE_DESERIALIZE_READONLY) == SQLITE_OK);
	copy = sqlite3_backup_init(base_rows, "main", db, "main");
	MUST(copy != NULL && sqlite3_backup_step(copy, -1) == SQLITE_DONE);
	MUST(sqlite3_backup_finish(copy) == SQLITE_OK);
	sqlite3_close(db);
	for (size_t i = 0; i < COLUMNS; i++)
		MUST(sqlite3_prepare_v3(base_rows, columns[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) ==
		    SQLITE_OK);
}

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
edit_column(uint8_t column, struct kb_str *bytes)
{
	uint8_t row = fuzz_byte(bytes), type = fuzz_byte(bytes);
	struct kb_str value = cut(bytes, fuzz_byte(bytes));
	sqlite3_stmt *st;

	if (column >= COLUMNS)
		return;
	st = statements[column];
	bind(st, type, value);
	sqlite3_bind_int64(st, 2, row);
	/* What a table does not take is not in it: failing is fine. */
	sqlite3_step(st);
	sqlite3_reset(st);
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
	struct kb_str rest = bytes;
	sqlite3_int64 size = 0;
	unsigned char *copy;
	uint8_t op;

	MUST(sqlite3_exec(base_rows, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	while (rest.n > 0) {
		op = fuzz_byte(&rest);
		if (op < PAGES)
			edit_column(op, &rest);
		else
			cut(&rest, rest.n > 3 ? 4 + (uint8_t)rest.p[3] : 3);
	}
	copy = sqlite3_serialize(base_rows, "main", &size, 0);
	MUST(copy != NULL && sqlite3_exec(base_rows, "ROLLBACK", NULL, NULL,
	    NULL) == SQLITE_OK);
	for (rest = bytes; rest.n > 0;) {
		op = fuzz_byte(&rest);
		if (op >= PAGES)
			edit_page(copy, (size_t)size, &rest);
		else
			cut(&rest, rest.n > 2 ? 3 + (uint8_t)rest.p[2] : 2);
	}
	*n = (size_t)size;
	return copy;
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

/* An argument that is a file is in the fixture's folder. */
static const char *const commands[][6] = {
	{ "report", "--format=text" }, { "report", "--format=json" },
	{ "report", "--format=html" }, { "report", "--format=csv" },
	{ "duplicates" }, { "dump" }, { "digest" },
	{ "duplicates", "--clusters" }, { "duplicates", "--json" },
	{ "duplicates", "--clusters", "--json" },
	{ "plan" }, { "plan", "--format=json" }, { "plan", "--format=tsv" },
	{ "diff", "--color=never", "qa.html", "qb.html" },
	{ "diff", "--json", "qd.html", "qa.html" },
	{ "diff", "--full", "--color=always", "--width=40", "qb.html",
	    "qd.html" },
	{ "similar", "draft.md" }, { "similar", "--json", "draft.md" },
	{ "competing", "--threads=1", "--score=0" },
	{ "competing", "--threads=1", "--score=0", "--json" },
	{ "plan", "--cluster=qb.html" }, { "diff", "p1.html", "p2.html" },
	{ "similar", "same.md" }, { "similar", "--json", "same.md" },
	{ "ask" },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int
(*runner(const char *name))(const struct kb_command *, int, char **)
{
	static const struct kb_command all[] = {
		{ .name = "report", .run = kb_cmd_report },
		{ .name = "duplicates", .run = kb_cmd_duplicates },
		{ .name = "dump", .run = kb_cmd_dump },
		{ .name = "digest", .run = kb_cmd_digest },
		{ .name = "plan", .run = kb_cmd_plan },
		{ .name = "diff", .run = kb_cmd_diff },
		{ .name = "similar", .run = kb_cmd_similar },
		{ .name = "competing", .run = kb_cmd_competing },
	};
	size_t i = 0;

	while (strcmp(all[i].name, name) != 0)
		i++;
	return all[i].run;
}

/* True where a character acts on the terminal, or turns text around. */
static bool
acts(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f &&
	    c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a &&
	    c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* The length of a colour at the beginning, or 0. */
static size_t
colour(struct kb_str s)
{
	size_t n = 2;

	if (!kb_str_has_prefix(s, KB_STR("\x1b[")))
		return 0;
	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') || s.p[n] == ';'))
		n++;
	return n < s.n && s.p[n] == 'm' ? n + 1 : 0;
}

/*
 * What is said is text, whatever the index says, and acts on no terminal;
 * JSON, CSV and HTML are for programs, where no control character may be.
 */
static void
check_said(struct kb_str s, bool colours, bool people)
{
	uint32_t c;
	size_t k;

	MUST(kb_utf8_valid(s) == s.n);
	for (size_t i = 0; i < s.n; i += k) {
		k = colours ? colour(kb_str(s.p + i, s.n - i)) : 0;
		if (k > 0)
			continue;
		k = kb_utf8_next(s, i, &c);
		MUST(people ? !acts(c) : c >= 0x20 || c == '\n' ||
		    c == '\t' || c == '\r');
	}
}

/* The end of a string that begins at "at", behind its quotes. */
static size_t
json_string(struct kb_str s, size_t at)
{
	for (at++; at < s.n && s.p[at] != '"'; at++) {
		MUST((unsigned char)s.p[at] >= ' ');
		if (s.p[at] == '\\')
			at++;
	}
	MUST(at < s.n);
	return at + 1;
}

/* Brackets pair, strings end, and what else there is are numbers or words. */
static void
check_json(struct kb_str s)
{
	static char ends[64];
	size_t depth = 0, i = 0, k;

	while (i < s.n) {
		char c = s.p[i];

		if (c == '"') {
			i = json_string(s, i);
			continue;
		}
		if (c == '{' || c == '[') {
			MUST(depth < sizeof(ends));
			ends[depth++] = c == '{' ? '}' : ']';
		} else if (c == '}' || c == ']') {
			MUST(depth > 0 && ends[--depth] == c);
		} else if (strchr("tfn", c) != NULL) {
			k = c == 'f' ? 5 : 4;
			MUST(k <= s.n - i && (memcmp(s.p + i, "true", k) == 0
			    || memcmp(s.p + i, "null", k) == 0 ||
			    memcmp(s.p + i, "false", k) == 0));
			i += k;
			continue;
		} else {
			MUST(strchr(" \n,:+-.0123456789e", c) != NULL);
		}
		i++;
	}
	MUST(depth == 0);
}

/* Take what was said, and check it. */
static void
hear(const char *const *command, bool done)
{
	struct kb_buf said = { 0 };
	bool colours = false, people = true, json = false;
	struct stat st;

	for (size_t i = 1; i < 6 && command[i] != NULL; i++) {
		colours |= strcmp(command[i], "--color=always") == 0;
		json |= strstr(command[i], "json") != NULL;
		people &= strstr(command[i], "csv") == NULL &&
		    strstr(command[i], "=html") == NULL;
	}
	json |= strcmp(command[0], "dump") == 0;
	MUST(fflush(stdout) == 0 && fstat(said_fd, &st) == 0);
	MUST(kb_buf_reserve(&said, (size_t)st.st_size + 1));
	MUST(pread(said_fd, said.p, (size_t)st.st_size, 0) == st.st_size);
	check_said(kb_str(said.p, (size_t)st.st_size), colours, people &&
	    !json);
	if (json && done)
		check_json(kb_str(said.p, (size_t)st.st_size));
	kb_buf_release(&said);
	rewind(stdout);
	MUST(ftruncate(said_fd, 0) == 0);
}

static void
command(uint8_t which, const char *question)
{
	static const struct kb_command self = { .name = "fuzz" };
	const char *const *words;
	char *argv[8] = { (char *)"fuzz", (char *)folder, NULL };
	int argc = 2, code;

	if (which >= COMMANDS)
		return;
	words = commands[which];
	if (strcmp(words[0], "ask") == 0) {
		query(question);
		return;
	}
	for (size_t i = 1; i < 6 && words[i] != NULL; i++)
		argv[argc++] = (char *)(strstr(words[i], ".md") != NULL ?
		    at(words[i]) : words[i]);
	optind = 0;
	code = runner(words[0])(&self, argc, argv);
	MUST(code >= KB_EXIT_OK && code <= KB_EXIT_SYSTEM);
	MUST(code != KB_EXIT_USAGE || strcmp(words[0], "plan") == 0);
	hear(words, code == KB_EXIT_OK);
}

void
fuzz_init(void)
{
	FILE *null;
	char said[64];

	/* Each value on its own, so that sanitizers see its end. */
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (!fixture_load())
		abort();
	atexit(fixture_end);
	folder = at("base.kb");
	build_base();
	load_rows();
	fuzz_vfs_init();
	spew(at("draft.md"), KB_STR(draft));
	spew(at("same.md"), KB_STR(same));
	/* What commands say; sanitizers write to the descriptor itself. */
	said_fd = memfd_create("said", MFD_CLOEXEC);
	MUST(said_fd >= 0);
	snprintf(said, sizeof(said), "/proc/self/fd/%d", said_fd);
	MUST(freopen(said, "w", stdout) != NULL);
	null = fopen("/dev/null", "w");
	MUST(null != NULL);
	stderr = null;
}

void
fuzz_one(struct kb_str bytes)
{
	uint8_t which = fuzz_byte(&bytes), question = fuzz_byte(&bytes);
	unsigned char *db;
	size_t n;

	db = edited(bytes, &n);
	fuzz_db = kb_str((char *)db, n);
	command(which, questions[question % (sizeof(questions) /
	    sizeof(questions[0]))]);
	sqlite3_free(db);
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
		memcpy(head, (uint8_t[]){ (uint8_t)(i % COMMANDS),
		    (uint8_t)(i % 6),
		    (uint8_t)i, 1 }, 4);
		kb_buf_add(&b, kb_str((char *)head, 4));
		kb_buf_add(&b, kb_str(v, 2 + (size_t)v[1]));
		fuzz_seed(kb_buf_str(&b));
	}
	for (size_t i = 0; i < base_db.n / PAGE && i < 256; i++) {
		memcpy(head, (uint8_t[]){ (uint8_t)(i % COMMANDS),
		    (uint8_t)(i % 6),
		    PAGES, (uint8_t)i }, 4);
		kb_buf_clear(&b);
		kb_buf_add(&b, kb_str((char *)head, 4));
		kb_buf_add(&b, kb_str("\x00\x03\x02\x00\x09", 5));
		fuzz_seed(kb_buf_str(&b));
	}
	kb_buf_release(&b);
}
