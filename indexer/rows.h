/*
 * rows: stepping through a statement on a published index, with SQLite's
 * errors as ours.  Used by the commands that read.
 */
#ifndef KB_INDEXER_ROWS_H
#define KB_INDEXER_ROWS_H

#include "buf.h"
#include "store.h"

struct kb_rows {
	struct kb_store	*store;
	sqlite3_stmt	*stmt;		/* for sqlite3_bind and _column */
};

/* On failure there is nothing to close, though closing is fine. */
enum kb_status	kb_rows_open(struct kb_rows *rows, struct kb_store *store,
		    const char *sql, struct kb_err *err);
void		kb_rows_close(struct kb_rows *rows);

/*
 * True with the next row.  False at the end, or with *status set to what went
 * wrong (untouched otherwise); the statement is then reset.  Nothing is
 * stepped when *status is no longer KB_OK.
 */
bool		kb_rows_next(struct kb_rows *rows, enum kb_status *status,
		    struct kb_err *err);

/* From the start again, for one integer parameter. */
void		kb_rows_rewind(struct kb_rows *rows, int64_t parameter);

/* Columns of the row; text is borrowed until the next step, empty for NULL. */
struct kb_str	kb_rows_text(const struct kb_rows *rows, int column);
int64_t		kb_rows_int(const struct kb_rows *rows, int column);
bool		kb_rows_is_null(const struct kb_rows *rows, int column);

/* The value of a key in the table meta, copied; empty when it is not there. */
enum kb_status	kb_rows_meta(struct kb_store *store, const char *key,
		    struct kb_buf *out, struct kb_err *err);

#endif /* KB_INDEXER_ROWS_H */
