/*
 * score: the ranking function, as an auxiliary function of FTS5:
 * kb_score(fts, weights).  BM25F (Robertson, Zaragoza, Taylor 2004: "Simple
 * BM25 Extension to Multiple Weighted Fields"): a term's frequencies in the
 * columns are weighted and length-normalised, added up, and only then
 * saturated:
 *
 *	tf = sum over columns c of w_c * f_c / (1 - b_c + b_c * len_c / avg_c)
 *	score = sum over terms of count * idf * tf * (k1 + 1) / (k1 + tf)
 *
 * FTS5's own bm25() is not used: it adds up variants of one word as if they
 * were several, and clamps the idf of frequent terms.
 */
#ifndef KB_LIB_SCORE_H
#define KB_LIB_SCORE_H

#include <sqlite3.h>

#include "kb/status.h"
#include "question.h"

/* Register kb_score on a connection. */
enum kb_status	kb_score_register(sqlite3 *db, struct kb_err *err);

/*
 * Bind the question as the second argument of kb_score; it must stay until
 * the statement is reset.
 */
int		kb_score_bind(sqlite3_stmt *st, int i,
		    const struct kb_question *question);

#endif /* KB_LIB_SCORE_H */
