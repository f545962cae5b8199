/*
 * handle: what is behind struct kb_index: the open store, its prepared
 * statements, and what the view says of itself.  For the retrieval modules
 * and the programs' commands, not for users of the library.
 */
#ifndef KB_LIB_HANDLE_H
#define KB_LIB_HANDLE_H

#include <sqlite3.h>

#include "kb/index.h"
#include "store.h"
#include "terms.h"

enum {
	KB_SQL_TERM, KB_SQL_CANDIDATES, KB_SQL_PASSAGE, KB_SQL_ARTICLE,
	KB_SQL_FINDINGS, KB_SQL_CLUSTER, KB_SQL_PASSAGES_OF, KB_SQL_BY_ID, KB_SQL_PLACE, KB_SQL_AT_ANCHOR,
	KB_SQL_N
};

struct kb_index {
	struct kb_store		*store;
	struct kb_stemmers	*stemmers;
	sqlite3_stmt		*st[KB_SQL_N];
	int64_t			 npassages;
	char			 langs[32][3];	/* keys */
	size_t			 nlangs;
};

/* The statement, prepared when first asked for; NULL after an error. */
sqlite3_stmt	*kb_index_sql(struct kb_index *index, int which);

/*
 * An index over a database that the caller is writing, behind all passages
 * and terms; the database stays the caller's, and is not to be closed or
 * written to before kb_index_close().  "name" is for messages.  Errors as
 * kb_index_open().
 */
enum kb_status	kb_index_borrow(struct kb_index **out, sqlite3 *db,
		    const char *name, struct kb_err *err);

/* What an error of SQLite on this index means. */
enum kb_status	kb_index_error(struct kb_index *index, struct kb_err *err);

#endif /* KB_LIB_HANDLE_H */
