#include "rows.h"

enum kb_status
kb_rows_open(struct kb_rows *rows, struct kb_store *store, const char *sql,
    struct kb_err *err)
{
	sqlite3_stmt *stmt = NULL;

	rows->store = store;
	rows->stmt = NULL;
	if (sqlite3_prepare_v2(kb_store_db(store), sql, -1, &stmt, NULL) !=
	    SQLITE_OK)
		return kb_store_error(store, err);
	rows->stmt = stmt;
	return KB_OK;
}

void
kb_rows_close(struct kb_rows *rows)
{
	sqlite3_finalize(rows->stmt);
	rows->stmt = NULL;
}

bool
kb_rows_next(struct kb_rows *rows, enum kb_status *status,
    struct kb_err *err)
{
	int rc;

	if (*status != KB_OK)
		return false;
	rc = sqlite3_step(rows->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		*status = kb_store_error(rows->store, err);
	sqlite3_reset(rows->stmt);
	return false;
}

void
kb_rows_rewind(struct kb_rows *rows, int64_t parameter)
{
	sqlite3_reset(rows->stmt);
	sqlite3_bind_int64(rows->stmt, 1, parameter);
}

struct kb_str
kb_rows_text(const struct kb_rows *rows, int column)
{
	const void *p = sqlite3_column_text(rows->stmt, column);
	int n = sqlite3_column_bytes(rows->stmt, column);

	return p != NULL && n > 0 ? kb_str(p, (size_t)n) : kb_str("", 0);
}

int64_t
kb_rows_int(const struct kb_rows *rows, int column)
{
	return sqlite3_column_int64(rows->stmt, column);
}

bool
kb_rows_is_null(const struct kb_rows *rows, int column)
{
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

enum kb_status
kb_rows_meta(struct kb_store *store, const char *key, struct kb_buf *out,
    struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status;

	status = kb_rows_open(&rows, store,
	    "SELECT value FROM meta WHERE key = ?1", err);
	if (status != KB_OK)
		return status;
	sqlite3_bind_text(rows.stmt, 1, key, -1, SQLITE_STATIC);
	if (kb_rows_next(&rows, &status, err))
		kb_buf_add(out, kb_rows_text(&rows, 0));
	kb_rows_close(&rows);
	return status == KB_OK ? kb_buf_check(out, err) : status;
}
