/*
 * kb-index digest: one hash over what an index says, whatever the version
 * of SQLite that wrote it.
 */
#include <nettle/sha2.h>

#include "cli.h"
#include "commands.h"
#include "out.h"
#include "rows.h"
#include "sha256.h"

const char kb_help_digest[] =
"Prints the SHA-256 of the content of all tables, row by row in the order of\n"
"their keys, and how many rows each has.  Two indexes of one digest say the\n"
"same, even where different versions of SQLite wrote different bytes.  The\n"
"full-text index counts through its terms and their document frequencies.\n";

/*
 * Every table of schema.h but fts and shingle_*, which are made of the others;
 * the layout of fts depends on SQLite.
 */
static const struct {
	const char	*name, *sql;
} tables[] = {
	{ "alias", "SELECT * FROM alias ORDER BY alias, article" },
	{ "article", "SELECT * FROM article ORDER BY n" },
	{ "competing", "SELECT * FROM competing ORDER BY a, b" },
	{ "conflict", "SELECT * FROM conflict ORDER BY n" },
	{ "duplicate", "SELECT * FROM duplicate ORDER BY a, b" },
	{ "finding", "SELECT * FROM finding ORDER BY n" },
	{ "link", "SELECT * FROM link ORDER BY article, seq" },
	{ "meta", "SELECT * FROM meta ORDER BY key" },
	{ "passage", "SELECT * FROM passage ORDER BY n" },
	{ "place", "SELECT * FROM place ORDER BY passage, at" },
	{ "term", "SELECT * FROM term ORDER BY term" }
};

static void
add_number(struct sha256_ctx *sha, char tag, uint64_t v)
{
	uint8_t bytes[9] = { (uint8_t)tag };

	for (int i = 0; i < 8; i++)
		bytes[1 + i] = (uint8_t)(v >> (56 - 8 * i));
	sha256_update(sha, sizeof(bytes), bytes);
}

/* Each value tells its type and length: no two rows of values run together. */
static void
add_bytes(struct sha256_ctx *sha, char tag, const void *p, int n)
{
	add_number(sha, tag, (uint64_t)n);
	if (n > 0)
		sha256_update(sha, (size_t)n, p);
}

static void
add_real(struct sha256_ctx *sha, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	add_number(sha, 'R', bits);
}

static void
add_value(struct sha256_ctx *sha, sqlite3_stmt *stmt, int i)
{
	const void *p;

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		add_number(sha, 'I', (uint64_t)sqlite3_column_int64(stmt, i));
		break;
	case SQLITE_FLOAT:
		add_real(sha, sqlite3_column_double(stmt, i));
		break;
	case SQLITE_TEXT:
		p = sqlite3_column_text(stmt, i);
		add_bytes(sha, 'T', p, sqlite3_column_bytes(stmt, i));
		break;
	case SQLITE_BLOB:
		p = sqlite3_column_blob(stmt, i);
		add_bytes(sha, 'B', p, sqlite3_column_bytes(stmt, i));
		break;
	default:
		add_number(sha, 'N', 0);
	}
}

static void
add_text(struct sha256_ctx *sha, char tag, const char *text)
{
	add_bytes(sha, tag, text, text != NULL ? (int)strlen(text) : 0);
}

/* Indexes of before there was such a table are read as well. */
static enum kb_status
is_there(struct kb_store *store, const char *name, bool *out,
    struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, store, "SELECT 1 FROM "
	    "sqlite_master WHERE type = 'table' AND name = ?1", err);

	if (status == KB_OK)
		sqlite3_bind_text(rows.stmt, 1, name, -1, SQLITE_STATIC);
	*out = status == KB_OK && kb_rows_next(&rows, &status, err);
	kb_rows_close(&rows);
	return status;
}

static enum kb_status
add_table(struct sha256_ctx *sha, struct kb_store *store, size_t t,
    uint64_t *n, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = KB_OK;
	bool there = true;
	int columns;

	*n = 0;
	if (strcmp(tables[t].name, "competing") == 0)
		status = is_there(store, tables[t].name, &there, err);
	if (status != KB_OK || !there)
		return status;
	status = kb_rows_open(&rows, store, tables[t].sql, err);
	if (status != KB_OK)
		return status;
	columns = sqlite3_column_count(rows.stmt);
	add_text(sha, 't', tables[t].name);
	for (int i = 0; i < columns; i++)
		add_text(sha, 'c', sqlite3_column_name(rows.stmt, i));
	for (*n = 0; kb_rows_next(&rows, &status, err); ++*n) {
		add_number(sha, 'r', *n);
		for (int i = 0; i < columns; i++)
			add_value(sha, rows.stmt, i);
	}
	kb_rows_close(&rows);
	return status;
}

static enum kb_status
print_digest(struct kb_store *store, struct kb_buf *out, struct kb_err *err)
{
	size_t ntables = sizeof(tables) / sizeof(tables[0]);
	unsigned char digest[KB_SHA256_SIZE];
	struct kb_buf counts = { 0 };
	char hex[KB_SHA256_HEX + 1];
	enum kb_status status = KB_OK;
	struct sha256_ctx sha;
	uint64_t n = 0;

	sha256_init(&sha);
	for (size_t t = 0; t < ntables && status == KB_OK; t++) {
		status = add_table(&sha, store, t, &n, err);
		kb_buf_printf(&counts, "%-10s %llu\n", tables[t].name,
		    (unsigned long long)n);
	}
	if (status == KB_OK) {
		sha256_digest(&sha, sizeof(digest), digest);
		kb_sha256_to_hex(hex, digest);
		kb_buf_printf(out, "%s\n", hex);
		kb_buf_add(out, kb_buf_str(&counts));
		out->failed |= counts.failed;
	}
	kb_buf_release(&counts);
	return status;
}

int
kb_cmd_digest(const struct kb_command *self, int argc, char **argv)
{
	const char *index;
	int code = kb_out_index_argument(self, argc, argv, &index);
	struct kb_store *store = NULL;
	struct kb_out out = { 0 };
	struct kb_err err;
	enum kb_status status;

	if (index == NULL)
		return code;
	status = kb_store_open(&store, index, NULL, 0, &err);
	if (status == KB_OK)
		status = print_digest(store, &out.buf, &err);
	code = kb_out_end(&out);
	if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_store_close(store);
	return code;
}
