/*
 * span_check [--show N] INDEX ROOT...: the contract of spans (docs/FORMAT.md)
 * over every passage of an index and, of each passage, over all quotes of one
 * to three sentences, from the rows of the index and the bytes of the files
 * alone.  ROOTs are the PATHs that the index was built of, NAME=PATH too.
 * Prints what does not hold, N of them (20), and a line of counts; exits with
 * 1 if anything does not.
 */
#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#include "extract.h"
#include "offmap.h"
#include "sentence.h"
#include "span_source.h"
#include "store.h"

#define MAX_SENTENCES	2000
#define QUOTE		3	/* sentences of one, at most */

struct row {
	const char	*path;
	struct kb_str	 member, format, field, context, map, text;
	uint64_t	 start, end, record, record_end;
	long long	 article, seq;
};

struct checking {
	char			**roots;
	int			  nroots;
	struct kb_profiles	 *profiles;
	struct source		  source;
	struct kb_arena		  arena;	/* of one passage */
	struct kb_err		  err;
	size_t			  passages, held, quotes, quotes_held;
	size_t			  missing, shown, show;
	/* of the row at hand */
	const struct row	 *row;
	struct kb_str		  dialect, names, bytes;
	bool			  autop;
};

static void
tell(struct checking *c, const char *what, struct kb_str got,
    struct kb_str want)
{
	const struct row *r = c->row;
	size_t i = 0;

	if (++c->shown > c->show)
		return;
	while (i < got.n && i < want.n && got.p[i] == want.p[i])
		i++;
	i = i > 40 ? i - 40 : 0;
	printf("# %s%s%.*s: %s of article %lld #p%lld %.*s [%llu, %llu) in "
	    "<%.*s>:\n#   ...'%.*s'\n#   is not\n#   ...'%.*s'\n", r->path,
	    r->member.n > 0 ? "/" : "", KB_FMT(r->member), what, r->article,
	    r->seq, KB_FMT(r->field), (unsigned long long)r->start,
	    (unsigned long long)r->end, KB_FMT(r->context),
	    (int)(got.n - i < 120 ? got.n - i : 120), got.p + i,
	    (int)(want.n - i < 120 ? want.n - i : 120), want.p + i);
}

static bool
reads_as(struct checking *c, struct kb_str names, struct kb_str bytes,
    struct kb_str want, struct kb_str *got)
{
	*got = KB_STR("(error)");
	return kb_span_text(got, c->profiles, c->dialect, names, c->autop,
	    bytes, &c->arena, &c->err) == KB_OK && kb_str_eq(*got, want);
}

/* ---- quotes ---- */

/* The bytes of a range that the map gave: a slice of the passage's. */
static bool
slice(struct checking *c, uint64_t start, uint64_t end, struct kb_str *out)
{
	const struct row *r = c->row;
	struct kb_str s;

	if (start < r->start || end > r->end || start > end)
		return false;
	s = r->field.n > 0 ? kb_str(c->bytes.p + (start - r->start),
	    (size_t)(end - start)) : source_range(&c->source, start, end);
	*out = s;
	return s.p >= c->bytes.p && s.p + s.n <= c->bytes.p + c->bytes.n;
}

static void
check_quote(struct checking *c, size_t from, size_t to)
{
	const struct row *r = c->row;
	struct kb_str want = kb_str(r->text.p + from, to - from);
	struct kb_str got = KB_STR("(no range)"), bytes, names;
	uint64_t start = 0, end = 0;
	bool good;

	good = kb_offmap_locate(r->map, r->start, from, to, &start, &end) &&
	    slice(c, start, end, &bytes) &&
	    kb_span_context(&names, c->profiles, c->dialect, c->names,
	    c->autop, c->bytes, (size_t)(bytes.p - c->bytes.p), &c->arena,
	    &c->err) == KB_OK && reads_as(c, names, bytes, want, &got);
	c->quotes++;
	c->quotes_held += good;
	if (!good)
		tell(c, "quote", got, want);
}

static void
check_quotes(struct checking *c)
{
	static size_t from[MAX_SENTENCES], to[MAX_SENTENCES];
	struct kb_str text = c->row->text;
	struct kb_offmap map = { NULL, 0 };
	size_t n = 0;

	if (c->row->map.n > 0 && !kb_offmap_read(&map, c->row->map,
	    c->row->start, &c->arena)) {
		tell(c, "map", KB_STR(""), text);
		c->quotes++;
		return;
	}
	for (size_t at = kb_sentence_start(text, 0); at < text.n &&
	    n < MAX_SENTENCES; at = kb_sentence_start(text, to[n - 1])) {
		from[n] = at;
		to[n++] = kb_sentence_end_mapped(text, &map, at);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = i; k < n && k < i + QUOTE; k++)
			check_quote(c, from[i], to[k]);
}

/* ---- passages ---- */

/* "html+autop:main p" */
static void
split_context(struct checking *c)
{
	struct kb_str rest = c->row->context;

	kb_str_split(&rest, ':', &c->dialect);
	c->names = rest;
	c->autop = kb_str_has_suffix(c->dialect, KB_STR("+autop"));
	if (c->autop)
		c->dialect.n -= sizeof("+autop") - 1;
}

static bool
find_file(const struct checking *c, const char *path, char *out, size_t n)
{
	struct stat st;

	for (int i = 0; i < c->nroots; i++) {
		const char *root = c->roots[i], *eq = strchr(root, '=');
		size_t name = eq != NULL ? (size_t)(eq - root) : 0;

		if (eq != NULL && strncmp(path, root, name) == 0 &&
		    path[name] == '/')
			snprintf(out, n, "%s%s", eq + 1, path + name);
		else
			snprintf(out, n, "%s/%s", root, path);
		if (stat(out, &st) == 0 && S_ISREG(st.st_mode))
			return true;
		snprintf(out, n, "%s", root);	/* the file itself? */
		if (kb_str_has_suffix(kb_str_c(root), kb_str_c(path)) &&
		    stat(out, &st) == 0 && S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

static bool
find_bytes(struct checking *c)
{
	const struct row *r = c->row;
	char path[4096];
	struct kb_str s;

	if (!find_file(c, r->path, path, sizeof(path)) ||
	    !source_open(&c->source, path, r->member,
	    kb_str_has_suffix(r->format, KB_STR("html")), &c->err))
		return false;
	if (r->field.n == 0) {
		c->bytes = source_range(&c->source, r->start, r->end);
		return c->bytes.p != NULL;
	}
	s = source_field(&c->source, r->field, r->record, r->record_end);
	if (r->start > r->end || r->end > s.n)
		return false;
	c->bytes = kb_str(s.p + r->start, (size_t)(r->end - r->start));
	return true;
}

static void
check_row(struct checking *c, const struct row *r)
{
	struct kb_str got = KB_STR("(no bytes)");
	bool good;

	c->row = r;
	c->passages++;
	split_context(c);
	if (!find_bytes(c)) {
		c->missing++;
		tell(c, "passage", got, r->text);
		return;
	}
	good = reads_as(c, c->names, c->bytes, r->text, &got);
	c->held += good;
	if (!good)
		tell(c, "passage", got, r->text);
	check_quotes(c);
	kb_arena_reset(&c->arena);
}

/* ---- the index ---- */

static struct kb_str
column(sqlite3_stmt *st, int i)
{
	const void *p = sqlite3_column_blob(st, i);

	return kb_str(p, p != NULL ? (size_t)sqlite3_column_bytes(st, i) : 0);
}

static void
check_next(struct checking *c, sqlite3_stmt *st)
{
	struct row r = { .member = column(st, 1), .format = column(st, 2),
	    .field = column(st, 3), .context = column(st, 4),
	    .map = column(st, 5), .text = column(st, 6) };

	r.path = (const char *)sqlite3_column_text(st, 0);
	r.start = (uint64_t)sqlite3_column_int64(st, 7);
	r.end = (uint64_t)sqlite3_column_int64(st, 8);
	r.record = (uint64_t)sqlite3_column_int64(st, 9);
	r.record_end = (uint64_t)sqlite3_column_int64(st, 10);
	r.article = sqlite3_column_int64(st, 11);
	r.seq = sqlite3_column_int64(st, 12);
	check_row(c, &r);
}

static bool
check_index(struct checking *c, const char *path)
{
	struct kb_store *store = NULL;
	sqlite3_stmt *st = NULL;
	bool good;

	good = kb_store_open(&store, path, NULL, 0, &c->err) == KB_OK &&
	    sqlite3_prepare_v2(kb_store_db(store), "SELECT a.path, a.member, "
	    "a.format, p.field, p.context, p.map, p.text, p.start, p.end, "
	    "a.start, a.end, a.n, p.seq FROM passage p JOIN article a "
	    "ON a.n = p.article ORDER BY p.n", -1, &st, NULL) == SQLITE_OK;
	while (good && sqlite3_step(st) == SQLITE_ROW)
		check_next(c, st);
	good = sqlite3_finalize(st) == SQLITE_OK && good;
	kb_store_close(store);
	return good;
}

int
main(int argc, char **argv)
{
	struct checking c = { .show = 20 };
	bool good;

	if (argc > 2 && strcmp(argv[1], "--show") == 0) {
		c.show = strtoul(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	if (argc < 3) {
		fprintf(stderr,
		    "usage: span_check [--show N] INDEX ROOT...\n");
		return 2;
	}
	c.roots = argv + 2;
	c.nroots = argc - 2;
	setlocale(LC_CTYPE, "C.UTF-8");		/* for names in archives */
	kb_arena_init(&c.arena, 0);
	kb_arena_init(&c.source.arena, 0);
	good = kb_profiles_new(&c.profiles, NULL, &c.err) == KB_OK &&
	    check_index(&c, argv[1]);
	if (!good)
		fprintf(stderr, "span_check: %s\n", c.err.msg);
	printf("%zu of %zu passages hold, %zu of %zu quotes\n", c.held,
	    c.passages, c.quotes_held, c.quotes);
	source_release(&c.source);
	kb_arena_release(&c.arena);
	kb_profiles_free(c.profiles);
	if (!good)
		return 3;
	return c.held == c.passages && c.quotes_held == c.quotes ? 0 : 1;
}
