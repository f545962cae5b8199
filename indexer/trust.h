/*
 * trust: which of two articles an owner would rather keep, and why.  Orders
 * all articles of a corpus; the canonical of a cluster is the first of it.
 */
#ifndef KB_INDEXER_TRUST_H
#define KB_INDEXER_TRUST_H

#include "corpus.h"

/*
 * rank[i] is the place of article i from 0, the most trusted first: published
 * by its source; owned by somebody who is no placeholder; reviewed or modified
 * last; of the newest version (relation.h); most linked to; most viewed;
 * longest; first by id.  Versions stand before links and views, of which an
 * old one has gathered more.  After links were counted.  KB_NOMEM.
 */
enum kb_status	kb_trust_rank(const struct kb_corpus *corpus, uint32_t *rank,
		    struct kb_err *err);

/*
 * The first of these that told the two apart, with what both have: "reviewed
 * 2026-03-01, the other modified 2024-01-09".  In "arena"; empty when that
 * has failed.
 */
struct kb_str	kb_trust_reason(const struct kb_corpus *corpus,
		    uint32_t better, uint32_t other, struct kb_arena *arena);

#endif /* KB_INDEXER_TRUST_H */
