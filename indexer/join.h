/*
 * join: the exact self-join of articles' sets of shingles.  In one run it
 * finds every pair whose resemblance |x ∩ y| / |x ∪ y| reaches a threshold,
 * and every pair of which the smaller lies inside the larger far enough
 * (containment |x ∩ y| / |x|); recall and precision are 1, and hashes that
 * collide are told apart by their words.  Then the stars: clusters in which
 * every member is such a pair with its canonical.
 *
 * Bounds after AllPairs (Bayardo, Ma, Srikant 2007) and PPJoin (Xiao et al.
 * 2008), as compared by Mann, Augsten, Bouros 2016; first of all every element
 * is counted, by ranges of hashes, which leaves few sets to look at.
 * Thresholds are ratios of integers, so that no rounding decides.  Nothing
 * depends on the number of threads.
 */
#ifndef KB_INDEXER_JOIN_H
#define KB_INDEXER_JOIN_H

#include <stdint.h>

#include "kb/status.h"
#include "shingle.h"

/* "count" over "of": 4 of 5. */
struct kb_ratio {
	uint32_t	count, of;
};

#define KB_PAIR_STAR	0x80	/* in the answer of a judge */

struct kb_pair;

/*
 * A group is all sets that are equal.  A shingle is common (boilerplate) when
 * more groups have it than common_least and than the share "common" of all
 * groups that are not empty; common.of 0: none is.  Agreed with relation.h:
 * in more than common_most groups it is common whatever the share: a template
 * has as many articles as it has, copies of one article stay few however many
 * articles there are beside them.
 *	cut = max(1, min(common_most, max(common_least, share * groups)))
 */
struct kb_join_opts {
	struct kb_shingling	shingling;
	struct kb_ratio		near;		/* resemblance, 1/2 to 1 */
	struct kb_ratio		inside;		/* containment, 7/10 to 1;
						   of 0: not looked for */
	uint32_t		inside_least;	/* of the smaller's shingles;
						   at least 1 */
	struct kb_ratio		common;
	uint32_t		common_least;
	uint32_t		common_most;	/* 0: no such bound */
	/*
	 * Asked of every verified pair of groups, before it is listed and
	 * before it may be in a star; what it says becomes the "relation" of
	 * all pairs that the two groups' sets make.  pair->a and b are the
	 * first sets of their groups and "words_*" their lists (borrowed).
	 * Called by any thread, several at once; its answer depends on nothing
	 * but the figures and the words.  A pair may be in a star when it is
	 * near and (answer & KB_PAIR_STAR), or when the sets are equal.
	 * NULL: every near pair may, and its relation is 0.
	 */
	unsigned char		(*judge)(void *arg, const struct kb_pair *pair,
				    struct kb_str words_a,
				    struct kb_str words_b);
	void			*judge_arg;
	/*
	 * Without common shingles a star's pair must resemble this much, too;
	 * it is not asked about otherwise.  It is what keeps a million pages
	 * of one template from being compared each with each other when the
	 * listing is cut.  of 0: no such bound.
	 */
	struct kb_ratio		own;
	uint64_t		max_pairs;	/* to be listed; 0: all */
	unsigned		threads;	/* 0 counts as 1 */
	/* Told at the start of each stage; may be NULL. */
	void			(*stage)(void *arg, const char *what);
	void			*stage_arg;
};

/* Near 4/5, inside 7/10 from 30 on, common 1/20, but 5 at
   the least and 20 at the most. */
void		kb_join_defaults(struct kb_join_opts *opts);

struct kb_join;

/*
 * Sets are added one after the other and numbered from 0; shingles and words
 * are spooled to unlinked temporary files in "dir", so that memory stays
 * small until the join itself.  Errors: KB_IO, KB_NOMEM, KB_USAGE for a ratio
 * that is not valid.
 */
enum kb_status	kb_join_new(struct kb_join **out, const char *dir,
		    const struct kb_join_opts *opts, struct kb_err *err);
void		kb_join_free(struct kb_join *join);

/*
 * "shingles" were made of "words" in the way that the options say; both are
 * borrowed for the call.  A set without shingles is never in a pair.
 */
enum kb_status	kb_join_add(struct kb_join *join,
		    const struct kb_shingles *shingles, struct kb_str words,
		    struct kb_err *err);

struct kb_pair {
	uint32_t	a, b;		/* a < b: numbers of sets */
	uint32_t	shared;		/* shingles in both */
	uint32_t	size_a, size_b;
	uint32_t	own_shared;	/* the same without common ones */
	uint32_t	own_a, own_b;
	bool		same_words;	/* the same words in the same order */
	unsigned char	relation;	/* as the judge said; 0 for equal
					   sets */
};

/* What a run found out beside the pairs. */
struct kb_joined {
	uint32_t	*canonical;	/* by set; NULL if no rank was given */
	uint64_t	 listed;	/* pairs handed out */
	uint64_t	 found;		/* when cut: at least so many are */
	bool		 cut;
	uint32_t	 groups;	/* that are not empty */
	uint32_t	 common_df;	/* common: in more groups than this */
};

/*
 * Call "fn" for every pair, in ascending order of (a, b); a pair that is near
 * is no second one for being inside as well: see its figures.  Sets that are
 * equal are pairs too.  When fn fails, its status is returned.
 *
 * With more than max_pairs, exactly so many are handed out, still in
 * ascending order: each cluster's members with their canonical first of all,
 * then others.  What is not listed is not all looked for, so that a million
 * copies cost no more than a million articles.
 *
 * Set c is better than d when rank[c] < rank[d] (ranks are a permutation).
 * Greedily, best first: a set that is in no cluster yet becomes the canonical
 * of all unclustered sets that it may be in a star with.  canonical[i] is the
 * number of i's canonical: i itself for a canonical, UINT32_MAX for a set in
 * no cluster.  No chains; complete even where the listing is cut.  "rank" may
 * be NULL: no stars.
 *
 * May be called once.  On success the caller releases *out.
 */
typedef enum kb_status kb_pair_fn(void *arg, const struct kb_pair *pair,
    struct kb_err *err);
enum kb_status	kb_join_run(struct kb_joined *out, struct kb_join *join,
		    const uint32_t *rank, kb_pair_fn *fn, void *arg,
		    struct kb_err *err);
void		kb_joined_release(struct kb_joined *joined);

/*
 * After a run: each group once, by its first set, ascending, with its
 * distinct shingles (hashes as they were added), ascending; empty ones are
 * left out.  For tables that are made of the same sets.
 */
typedef enum kb_status kb_set_fn(void *arg, uint32_t set,
    const uint64_t *shingles, size_t n, struct kb_err *err);
enum kb_status	kb_join_each(const struct kb_join *join, kb_set_fn *fn,
		    void *arg, struct kb_err *err);

/* After a run: the first set of those equal to "set"; and the next, or NONE. */
#define KB_JOIN_NONE	UINT32_MAX
uint32_t	kb_join_leader(const struct kb_join *join, uint32_t set);
uint32_t	kb_join_next(const struct kb_join *join, uint32_t set);

/*
 * Stars from pairs that are all there and all may be in one; as above.
 */
enum kb_status	kb_star_clusters(const struct kb_pair *pairs, size_t npairs,
		    const uint32_t *rank, uint32_t *canonical, size_t n,
		    struct kb_err *err);

#endif /* KB_INDEXER_JOIN_H */
