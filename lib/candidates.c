#include "candidates.h"

#include "handle.h"
#include "score.h"

enum kb_status
kb_candidates_fts5(struct kb_index *index, const struct kb_question *q,
    size_t limit, struct kb_candidate **v, size_t *n, struct kb_arena *arena,
    struct kb_err *err)
{
	sqlite3_stmt *st;
	struct kb_candidate *out;
	size_t k = 0;
	int rc;

	*n = 0;
	if (q->match.n == 0)
		return KB_OK;
	out = kb_arena_array(arena, limit, sizeof(*out));
	if (out == NULL)
		return kb_err_nomem(err);
	st = kb_index_sql(index, KB_SQL_CANDIDATES);
	if (st == NULL)
		return kb_index_error(index, err);
	sqlite3_bind_text64(st, 1, q->match.p, q->match.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	kb_score_bind(st, 2, q);
	sqlite3_bind_int64(st, 3, (sqlite3_int64)limit);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW && k < limit) {
		out[k].passage = sqlite3_column_int64(st, 0);
		out[k].score = sqlite3_column_double(st, 1);
		k++;
	}
	if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
		enum kb_status status = kb_index_error(index, err);

		sqlite3_reset(st);
		sqlite3_clear_bindings(st);
		return status;
	}
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	*v = out;
	*n = k;
	return KB_OK;
}
