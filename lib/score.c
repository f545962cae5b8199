#include "score.h"

#define POINTER_TYPE	"kb-question"

/* title, heading, body; the surface column is not asked */
#define NCOLUMNS	3

/*
 * Weights after the usual practice for titled documents: a title counts
 * twice.  Titles and headings are short by nature, so that their length says
 * less.  Surface forms as a fourth column (at 0.25 and 0.5 of the body) were
 * tried: worse on six of nine collections (bench/retrieval.sh), better on
 * one.
 */
static const double weight[NCOLUMNS] = { 2.0, 1.5, 1.0 };
static const double norm[NCOLUMNS] = { 0.5, 0.5, 0.75 };

#define K1	1.2

struct lengths {
	double	factor[NCOLUMNS];	/* what a frequency is worth */
};

struct averages {
	double	length[NCOLUMNS];	/* of all rows */
};

/*
 * FTS5 reads its totals from the database whenever it is asked: once a query
 * is enough.  Statements run beneath these calls: a budget may strike in any
 * of them.
 */
static int
averages(const Fts5ExtensionApi *api, Fts5Context *fts,
    const struct averages **out)
{
	struct averages *a = api->xGetAuxdata(fts, 0);
	sqlite3_int64 rows = 0, total = 0;
	int rc;

	*out = a;
	if (a != NULL)
		return SQLITE_OK;
	a = sqlite3_malloc64(sizeof(*a));
	if (a == NULL)
		return SQLITE_NOMEM;
	rc = api->xRowCount(fts, &rows);
	if (rc == SQLITE_OK && rows <= 0)
		rc = SQLITE_CORRUPT;
	for (int c = 0; c < NCOLUMNS && rc == SQLITE_OK; c++) {
		rc = api->xColumnTotalSize(fts, c, &total);
		a->length[c] = (double)total / (double)rows;
	}
	if (rc != SQLITE_OK) {
		sqlite3_free(a);
		return rc;
	}
	*out = a;
	/* Frees it itself when that fails. */
	return api->xSetAuxdata(fts, a, sqlite3_free);
}

static int
measure(const Fts5ExtensionApi *api, Fts5Context *fts, struct lengths *l)
{
	const struct averages *a = NULL;
	int n = 0, rc = averages(api, fts, &a);

	for (int c = 0; c < NCOLUMNS && rc == SQLITE_OK; c++) {
		rc = api->xColumnSize(fts, c, &n);
		l->factor[c] = a->length[c] > 0 ? weight[c] / (1 - norm[c] +
		    norm[c] * n / a->length[c]) : 0;
	}
	return rc;
}

/* Add the weighted frequency of one phrase in the current row. */
static int
frequency(const Fts5ExtensionApi *api, Fts5Context *fts, int phrase,
    const struct lengths *l, double *tf)
{
	Fts5PhraseIter it;
	int c, at, rc = api->xPhraseFirst(fts, phrase, &it, &c, &at);

	if (rc != SQLITE_OK)
		return rc;
	for (; c >= 0; api->xPhraseNext(fts, &it, &c, &at))
		if (c < NCOLUMNS)
			*tf += l->factor[c];
	return SQLITE_OK;
}

static void
score(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx,
    int nargs, sqlite3_value **args)
{
	const struct kb_question *q = nargs == 1 ?
	    sqlite3_value_pointer(args[0], POINTER_TYPE) : NULL;
	struct lengths l;
	double sum = 0, tf = 0;
	int rc;

	if (q == NULL) {
		sqlite3_result_error(ctx, "kb_score wants a question", -1);
		return;
	}
	if ((size_t)api->xPhraseCount(fts) != q->nphrases) {
		sqlite3_result_error(ctx, "kb_score: not its question", -1);
		return;
	}
	rc = measure(api, fts, &l);
	/* Phrases of one term stand together. */
	for (size_t i = 0; i < q->nphrases && rc == SQLITE_OK; i++) {
		const struct kb_qterm *t = &q->terms[q->phrases[i]];

		rc = frequency(api, fts, (int)i, &l, &tf);
		if (i + 1 < q->nphrases && q->phrases[i + 1] ==
		    q->phrases[i])
			continue;
		sum += (double)t->count * t->idf * tf * (K1 + 1) / (K1 + tf);
		tf = 0;
	}
	if (rc == SQLITE_OK)
		sqlite3_result_double(ctx, sum);
	else
		sqlite3_result_error_code(ctx, rc);
}

static fts5_api *
api_of(sqlite3 *db)
{
	sqlite3_stmt *st = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &st, NULL) ==
	    SQLITE_OK) {
		sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(st);
	}
	sqlite3_finalize(st);
	return api;
}

enum kb_status
kb_score_register(sqlite3 *db, struct kb_err *err)
{
	fts5_api *api = api_of(db);

	if (api == NULL || api->iVersion < 2 || api->xCreateFunction(api,
	    "kb_score", NULL, score, NULL) != SQLITE_OK)
		return kb_err_set(err, KB_IO, "this SQLite (%s) has no FTS5",
		    sqlite3_libversion());
	return KB_OK;
}

int
kb_score_bind(sqlite3_stmt *st, int i, const struct kb_question *q)
{
	return sqlite3_bind_pointer(st, i, (void *)q, POINTER_TYPE, NULL);
}
