/*
 * join: the exact set-similarity self-join.  Finds every pair of sets whose
 * resemblance (Jaccard) |x ∩ y| / |x ∪ y| reaches a threshold; recall and
 * precision are 1.
 *
 * Bounds after AllPairs (Bayardo, Ma, Srikant 2007) and PPJoin (Xiao et al.
 * 2008), as compared by Mann, Augsten, Bouros 2016; a first pass counts every
 * element in two saturating bits, which leaves few sets to look at.
 * Thresholds are ratios of integers, so that no rounding decides.
 */
#ifndef KB_INDEXER_JOIN_H
#define KB_INDEXER_JOIN_H

#include <stdint.h>
#include <stdio.h>

#include "kb/status.h"

/* "count" over "of": 4 of 5.  Valid: 1/2 to 1. */
struct kb_ratio {
	uint32_t	count, of;
};

struct kb_join;

/*
 * Sets are added one after the other and numbered from 0; they are spooled
 * to an unlinked temporary file in "dir", so that memory stays small until
 * the join itself.  Errors: KB_IO, KB_NOMEM, KB_USAGE for a ratio that is
 * not valid.
 */
enum kb_status	kb_join_new(struct kb_join **out, const char *dir,
		    struct kb_ratio threshold, struct kb_err *err);
void		kb_join_free(struct kb_join *join);

/*
 * Elements are 64-bit hashes, in any order; repeated ones count once.  An
 * empty set is never in a pair.
 */
enum kb_status	kb_join_add(struct kb_join *join, const uint64_t *elements,
		    size_t n, struct kb_err *err);

struct kb_pair {
	uint32_t	a, b;		/* a < b: numbers of sets */
	uint32_t	shared;		/* elements in both */
	uint32_t	size_a, size_b;
};

/*
 * Call "fn" for every pair, in ascending order of (a, b).  Sets that are
 * equal are pairs too.  When fn fails, its status is returned.  May be
 * called once.
 */
enum kb_status	kb_join_run(struct kb_join *join,
		    enum kb_status (*fn)(void *arg, const struct kb_pair *pair,
		    struct kb_err *err), void *arg, struct kb_err *err);

/*
 * Stars.  Set c is "better" than d when rank[c] < rank[d] (ranks are a
 * permutation).  Greedily, best first: a set that is in no cluster yet
 * becomes the canonical of all unclustered sets that are paired with it.
 * canonical[i] is the number of i's canonical: i itself for a canonical,
 * UINT32_MAX for a set in no cluster.  Every member is thus similar to its
 * canonical: no chains.
 */
enum kb_status	kb_star_clusters(const struct kb_pair *pairs, size_t npairs,
		    const uint32_t *rank, uint32_t *canonical, size_t n,
		    struct kb_err *err);

#endif /* KB_INDEXER_JOIN_H */
