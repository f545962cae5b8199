/*
 * join_impl: what the files of the join share; nobody else includes it.
 * join.c takes the sets in; join_lay.c lays their elements down by ranges of
 * hashes and their words go to a spool (join_spool.c); join_runs.c has runs
 * of words.  join_group.c groups equal sets.  join_range.c counts the
 * elements of a range, and tells those apart that share a hash;
 * join_filter.c leaves out sets without a chance, join_common.c finds the
 * common shingles, join_names.c numbers the elements of the rest,
 * join_dense.c renames them.  join_probe.c and join_inside.c find the pairs of
 * groups, join_sketch.c passes over many of what is none, join_star.c finds
 * the stars, join_list.c hands the pairs out, join_run.c puts all this in
 * order.  join_team.c has the threads, join_sort.c a sort.
 */
#ifndef KB_INDEXER_JOIN_IMPL_H
#define KB_INDEXER_JOIN_IMPL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "join.h"

/* With this cap every product of sizes and ratios stays below 2^63. */
#define KB_JOIN_MAX_SET	((size_t)1 << 28)

/* ---- spools: unlinked temporary files ---- */

struct kb_spool {
	char		*dir;		/* for messages */
	int		 fd;
	char		*buf;
	size_t		 nbuf;
	uint64_t	 n;		/* bytes, with those in buf */
	bool		 failed;	/* a write failed */
};

enum kb_status	kb_spool_open(struct kb_spool *spool, const char *dir,
		    struct kb_err *err);
void		kb_spool_close(struct kb_spool *spool);
enum kb_status	kb_spool_add(struct kb_spool *spool, const void *p, size_t n,
		    struct kb_err *err);
enum kb_status	kb_spool_flush(struct kb_spool *spool, struct kb_err *err);

/* Of what was flushed. */
enum kb_status	kb_spool_read(const struct kb_spool *spool, void *p,
		    uint64_t at, size_t n, struct kb_err *err);

/* ---- the sets ---- */

enum {
	KB_SET_NEAR	= 1,		/* may have a near partner */
	KB_SET_PART	= 2,		/* may be the smaller, inside another */
	KB_SET_WHOLE	= 4		/* may be what another is inside of */
};

struct kb_join_set {
	uint64_t	print;		/* equal for equal sets */
	uint64_t	text;		/* equal for equal lists of words */
	uint64_t	words_at;	/* among all words */
	uint32_t	words_n;	/* bytes */
	uint32_t	n;		/* places where a run begins */
	uint32_t	size;		/* distinct elements */
	uint32_t	leader;		/* the first of those equal to it */
	uint32_t	next;		/* in its group, or KB_JOIN_NONE */
	uint32_t	same;		/* the first with the same words in
					   the same order */
	uint32_t	dense;		/* of a leader: its number among the
					   survivors, or KB_JOIN_NONE */
	uint32_t	own;		/* of a leader in a pair: size without
					   common elements */
	uint16_t	state;		/* KB_SET_* */
};

/* ---- runs of words ---- */

/* Where each word of a list begins; all zero is a valid empty one. */
struct kb_starts {
	uint32_t	*v;
	size_t		 size;
};

/* "words" are at least as many as there are. */
enum kb_status	kb_starts_find(struct kb_starts *starts, struct kb_str list,
		    size_t words, struct kb_err *err);

struct kb_run {
	const char	*p;
	uint32_t	 n;		/* bytes */
	uint32_t	 place;
};

/* All runs of one list; all zero is a valid empty one. */
struct kb_runs {
	struct kb_starts starts;
	struct kb_run	*v;
	uint32_t	 n;
	size_t		 size;
};

/* In the order of their words, those of the same words by place. */
enum kb_status	kb_runs_find(struct kb_runs *runs, struct kb_str list,
		    uint32_t places, unsigned width, struct kb_err *err);
void		kb_runs_release(struct kb_runs *runs);

static inline bool
kb_run_eq(const struct kb_run *x, const struct kb_run *y)
{
	return x->n == y->n && memcmp(x->p, y->p, x->n) == 0;
}

/*
 * The bytes of a run in the map, where every list ends in a newline.  A brief
 * one has fewer words than a shingle: it is all of its list.
 */
uint32_t	kb_run_length(const char *p, unsigned width, bool *brief);

/* Whether what has a run's bytes ends there as well; a brief one is equal to
   another such alone. */
static inline bool
kb_run_ends(const char *end, bool brief)
{
	return *end == '\n' || (*end == ' ' && !brief);
}

struct kb_join;

/* ---- elements, by ranges of hashes ---- */

/*
 * An element of a set is laid down when the set is added: in the stream of
 * its range stand, by set, the next bits of its hash, the set, and where its
 * words begin.  Who reads a range has all occurrences of its elements, and
 * counts in the cache what would be all over memory.
 */
#define KB_LAY_LOG	10u
#define KB_LAY_RANGES	((size_t)1 << KB_LAY_LOG)

struct kb_lay_end;			/* of one stream */
struct kb_lay_chain;

struct kb_lay {
	struct kb_spool	 spool;		/* blocks that are full */
	uint64_t	*v;		/* a block of each range: the last */
	size_t		 block;		/* elements in it */
	struct kb_lay_end *ends;
	struct kb_lay_chain *chains;
	uint32_t	*next;		/* of each block in the spool */
	size_t		 nblocks, size;
};

enum kb_status	kb_lay_open(struct kb_lay *lay, const char *dir,
		    struct kb_err *err);
void		kb_lay_close(struct kb_lay *lay);

/* v[i] begins at starts[i] of the set's words; 0 is none. */
enum kb_status	kb_lay_add(struct kb_lay *lay, uint32_t set,
		    const uint64_t *v, const uint32_t *starts, size_t n,
		    struct kb_err *err);

struct kb_laid {
	uint32_t	set;
	uint32_t	at;		/* in the set's words */
	uint32_t	hash;		/* the bits behind the range's */
};

/* A range that is looked at; all zero is a valid empty one. */
struct kb_range {
	struct kb_laid	*v;
	size_t		 n, size;
};

/* Its elements of the sets for which take[set] is not 0, ascending by set. */
enum kb_status	kb_lay_read(const struct kb_lay *lay, struct kb_range *out,
		    size_t range, const unsigned char *take,
		    struct kb_err *err);
void		kb_range_release(struct kb_range *range);

/*
 * How many there are of each hash; all zero is a valid empty one.  Slots are
 * found by kb_hash_secret: texts can be made whose hashes begin alike.
 */
struct kb_tally {
	uint32_t	hash;		/* or the user's, when no slot is
					   looked for any more */
	uint32_t	n;		/* 0: free */
};

struct kb_tallies {
	struct kb_tally	*v;
	uint32_t	*slots;		/* of each element that was counted */
	uint64_t	 secret;
	unsigned	 shift;
	uint32_t	 mask;
	size_t		 size, slots_size;
};

/* Make room for n hashes, none of which was counted yet. */
enum kb_status	kb_tallies_begin(struct kb_tallies *tallies,
		    const struct kb_join *join, size_t n, struct kb_err *err);
void		kb_tallies_release(struct kb_tallies *tallies);

/* Where to look for a hash first. */
static inline uint32_t
kb_tallies_home(const struct kb_tallies *tallies, uint32_t hash)
{
	return (uint32_t)((hash * tallies->secret) >> tallies->shift);
}

/* The slot of a hash, or the one where it would be. */
static inline uint32_t
kb_tallies_slot(const struct kb_tallies *tallies, uint32_t hash)
{
	uint32_t i = kb_tallies_home(tallies, hash);

	while (tallies->v[i].n != 0 && tallies->v[i].hash != hash)
		i = (i + 1) & tallies->mask;
	return i;
}

/*
 * Ask for the slot of an element some time ahead.  A macro, since gcc drops a
 * call of a function that does nothing else.
 */
#define KB_TALLIES_AHEAD	((size_t)16)
#define KB_TALLIES_FETCH(tallies, range, i) do {			\
	if ((i) + KB_TALLIES_AHEAD < (range)->n)			\
		__builtin_prefetch(&(tallies)->v[kb_tallies_home(	\
		    (tallies), (range)->v[(i) + KB_TALLIES_AHEAD].hash)], \
		    1);							\
} while (0)

/*
 * Those of one hash are told apart by their words: a class has all elements
 * of the same ones.
 */
struct kb_class {
	uint64_t	key;
	const char	*p;		/* its words as they were met first */
	uint32_t	n;		/* bytes */
	uint32_t	df;
	uint32_t	name;
	bool		brief;		/* fewer words than a shingle has */
	bool		common;
};

struct kb_classes {
	struct kb_class	*v;
	size_t		 n, size;
	uint32_t	*slots;		/* index + 1, or 0 */
	uint64_t	 mask;
	size_t		 slots_size;
	const char	*end;		/* of the map */
	uint64_t	 secret;
	unsigned	 shift;
	unsigned	 width;		/* of a shingle */
};

/* Forget all; room for n elements. */
enum kb_status	kb_classes_begin(struct kb_classes *classes,
		    const struct kb_join *join, size_t n, struct kb_err *err);
void		kb_classes_release(struct kb_classes *classes);

/* The index of an element's class, which is made if there is none yet. */
uint32_t	kb_classes_find(struct kb_classes *classes, uint32_t hash,
		    const char *p);

/* ---- the join ---- */

struct kb_join {
	struct kb_join_opts	 opts;	/* ratios in lowest terms */
	unsigned		 threads;
	struct kb_lay		 lay;
	struct kb_spool		 words;
	struct kb_starts	 starts;
	struct kb_runs		 runs;
	const char		*map;	/* of the words, once all are there */
	size_t			 map_n;
	struct kb_join_set	*sets;
	size_t			 nsets, sets_size;
	uint32_t		 largest;
	uint32_t		 ngroups;
	uint64_t		 secret; /* kb_hash_secret() */
	bool			 failed; /* a spool could not be written */
	bool			 ran;
};

/* Ascending, in place; linear in n whatever the values are. */
void		kb_sort_u64(uint64_t *v, size_t n);

static inline bool
kb_set_leads(const struct kb_join *join, size_t i)
{
	return join->sets[i].size > 0 && join->sets[i].leader == i;
}

static inline struct kb_str
kb_set_words(const struct kb_join *join, const struct kb_join_set *set)
{
	return kb_str(join->map + set->words_at, set->words_n);
}

/*
 * Zeroed memory for a table that is read all over: in large pages where the
 * system has them, so that an access is not two.  free() releases it.
 */
void		*kb_join_table(size_t n);

/* ---- threads ---- */

typedef enum kb_status kb_chunk_fn(void *arg, unsigned who, size_t from,
    size_t to, struct kb_err *err);

/*
 * Call "fn" for 0..n in pieces of "chunk", by "threads" threads of which each
 * has a number "who" below that; the error of the first piece that failed.
 */
enum kb_status	kb_team_run(unsigned threads, size_t n, size_t chunk,
		    kb_chunk_fn *fn, void *arg, struct kb_err *err);

#define KB_TEAM_SETS	((size_t)512)	/* a piece of the sets */

/* ---- ratios ---- */

/* ceil(t * n): the least overlap with any partner of a set of n. */
static inline uint32_t
kb_join_least(struct kb_ratio t, uint32_t n)
{
	return (uint32_t)(((uint64_t)t.count * n + t.of - 1) / t.of);
}

/* ceil(t / (1 + t) * (nx + ny)): the overlap from which on they are a pair. */
static inline uint32_t
kb_join_overlap(struct kb_ratio t, uint32_t nx, uint32_t ny)
{
	uint64_t d = (uint64_t)t.count + t.of;

	return (uint32_t)((t.count * ((uint64_t)nx + ny) + d - 1) / d);
}

/* ---- stages ---- */

/* Fill in leader, next and same. */
enum kb_status	kb_join_group(struct kb_join *join, struct kb_err *err);

/* The common shingles of one range. */
struct kb_common_run {
	uint64_t	at;		/* in the map: its words */
	uint32_t	hash;
};

struct kb_commons {
	struct kb_common_run	*v;
	size_t			 n, size;
};

/*
 * Elements that are said to be the same words, since they share a key.  They
 * are gathered over many ranges and checked in the order of the sets: words
 * lie all over memory, and a page is found once for all that stand in it.
 */
struct kb_claim {
	uint32_t	set, at;
	uint32_t	key;
};

struct kb_claim_key {
	uint64_t	at;		/* in the map: words to be like; or
					   KB_CLAIM_ANY */
	uint32_t	hash;
	uint32_t	n, name;	/* the user's */
	bool		bad;		/* some differ, as the check found or
					   was known before */
};

#define KB_CLAIM_ANY	UINT64_MAX

struct kb_claims {
	struct kb_claim		*v, *spare;
	size_t			 n, size;
	struct kb_claim_key	*keys;
	size_t			 nkeys, keys_size;
	struct kb_claim_range {
		uint32_t	range;
		uint32_t	end;	/* of its keys */
	}			*ranges;
	size_t			 nranges, ranges_size;
};

struct kb_sift;

/* Room for n claims more, and as many keys. */
enum kb_status	kb_claims_room(struct kb_claims *claims, size_t n,
		    struct kb_err *err);
/* What was added last is all of this range. */
enum kb_status	kb_claims_range(struct kb_claims *claims, size_t range,
		    struct kb_err *err);
/* Sort them roughly by their sets and compare the words. */
enum kb_status	kb_claims_check(struct kb_claims *claims,
		    const struct kb_sift *sift, struct kb_err *err);
void		kb_claims_clear(struct kb_claims *claims);
void		kb_claims_release(struct kb_claims *claims);

/* What one thread needs to look at a range. */
struct kb_look {
	struct kb_claims	 claims;
	struct kb_range		 range;
	struct kb_tallies	 tallies;
	struct kb_classes	 classes;
	uint32_t		*picked;	/* elements, by index */
	size_t			 npicked, picked_size;
	uint32_t		*seen;		/* by set, where it is used */
};

/* What the stages up to the dense sets hand on. */
struct kb_sift {
	struct kb_join		*join;
	struct kb_look		*looks;		/* one of each thread */
	size_t			 piece;		/* ranges that one thread
						   takes at once */
	unsigned char		*leads;		/* by set: whether it does */
	unsigned char		*take;		/* by set: 0, or why it is
						   looked at */
	uint32_t		 cut;		/* common: df above this */
	struct kb_commons	*commons;	/* by range; NULL: not asked
						   for */
	uint32_t		*seen;		/* by set: how many of its
						   elements others have, or
						   some more */
	bool			 others;	/* not all that are taken are
						   KB_TAKE_SET */
	uint64_t		*words_at;	/* by set: in the map */
	size_t			 most_claims;	/* of a thread at a time */
};

static inline const char *
kb_laid_words(const struct kb_sift *sift, const struct kb_laid *e)
{
	return sift->join->map + sift->words_at[e->set] + e->at;
}

#define KB_TAKE_OWN	1u	/* to know how many of its are common */
#define KB_TAKE_SET	2u	/* its elements count */
#define KB_TAKE_WHOLE	3u	/* so far as others that count have them */

enum kb_status	kb_sift_init(struct kb_sift *sift, struct kb_join *join,
		    struct kb_err *err);
void		kb_sift_release(struct kb_sift *sift);

/* Add up the threads' figures into sift->seen, and clear them. */
void		kb_sift_sum(struct kb_sift *sift);

/* Room for n of them to be picked. */
enum kb_status	kb_look_pick(struct kb_look *look, size_t n,
		    struct kb_err *err);
void		kb_look_release(struct kb_look *look);

/*
 * look->seen grows by those elements of each set whose hash others have;
 * "look" has the elements of a range, of all leaders, and their tallies.  And
 * its common shingles, by the words, which are there when all ranges were
 * settled: at least one of each hash that one has; names finds the others
 * when it meets them.
 */
enum kb_status	kb_common_find(struct kb_sift *sift, struct kb_look *look,
		    size_t range, struct kb_err *err);
enum kb_status	kb_common_settle(struct kb_sift *sift, struct kb_look *look,
		    struct kb_err *err);

/*
 * Once more, where elements of one hash are not all the same words: those of
 * "hashes", which it sorts, are counted by their words, to the end.
 */
enum kb_status	kb_common_again(struct kb_sift *sift, size_t range,
		    uint32_t *hashes, size_t n, struct kb_err *err);

/* Decide who may have a partner: state of its leader is then not 0. */
enum kb_status	kb_join_filter(struct kb_sift *sift, struct kb_err *err);

/* A survivor; its elements are ids[at], ... ascending: the rarest first. */
struct kb_dense_set {
	uint32_t	set;
	uint32_t	size;		/* of the whole set */
	uint32_t	own;		/* the same without common ones */
	uint32_t	n;		/* elements that others have too */
	uint32_t	nown;		/* of them not common: the first ones */
	uint32_t	state;		/* KB_SET_* */
	uint32_t	members;	/* sets that are equal to it, and it */
	uint64_t	at;
};

struct kb_dense {
	struct kb_dense_set	*sets;	/* ascending by size, then number */
	uint32_t		 nsets;
	uint32_t		*ids;
	uint64_t		 nids;
	uint32_t		 ndistinct, ncommon;
};

/* Names of one range: a df each. */
#define KB_NAME_COMMON	UINT32_C(0x80000000)

struct kb_range_names {
	uint32_t	*df;		/* with KB_NAME_COMMON */
	uint32_t	 n;
	uint32_t	 base;		/* of their first numbers */
};

/*
 * Numbers for the elements that two survivors have, and some that only wholes
 * have.  A survivor's stand in ids[at[set]], used[set] of them.
 */
struct kb_names {
	struct kb_range_names	*ranges;	/* two of each: the second for
						   hashes that several have */
	uint32_t		 n;
	uint32_t		 ncommon;	/* the last ids are common */
	uint32_t		*final;		/* by first number: rarest
						   first, common ones last */
	uint64_t		*at;
	uint32_t		*used;
	uint32_t		*common;	/* by set: how many of its
						   are */
	uint32_t		*ids;
	uint64_t		 nids;
};

enum kb_status	kb_names_make(struct kb_names *names, struct kb_sift *sift,
		    struct kb_err *err);
void		kb_names_release(struct kb_names *names);

/*
 * The survivors in their order; takes names->ids.  dense of their leaders
 * becomes the index into out->sets, and own of leaders is filled in.
 */
enum kb_status	kb_dense_make(struct kb_dense *out, struct kb_join *join,
		    struct kb_names *names, struct kb_err *err);
void		kb_dense_release(struct kb_dense *dense);

/* Two groups, by their index into kb_dense.sets. */
struct kb_group_pair {
	uint32_t	x, y;
	uint32_t	shared, own_shared;
	unsigned char	relation;
};

struct kb_group_pairs {
	struct kb_group_pair	*v;	/* the caller's to free */
	size_t			 n, size;
	uint64_t		 weight; /* pairs of sets that they stand for */
	bool			 cut;	/* more than was asked for */
};

/* Asks the judge about it, too. */
enum kb_status	kb_group_pairs_add(struct kb_group_pairs *pairs,
		    const struct kb_join *join, const struct kb_dense *dense,
		    struct kb_group_pair pair, struct kb_err *err);

/*
 * The pairs of 0..n in the order of the sets that find them; "fn" adds those
 * of one set.  Cut behind the piece in which their weight exceeds "most"
 * (0: never); the pieces do not depend on the threads.
 */
typedef enum kb_status kb_probe_fn(void *arg, unsigned who, uint32_t number,
    struct kb_group_pairs *out, struct kb_err *err);
enum kb_status	kb_team_probe(struct kb_group_pairs *out, unsigned threads,
		    uint32_t n, uint64_t most, kb_probe_fn *fn, void *arg,
		    struct kb_err *err);

/* Postings: by id, who has it in its prefix; ascending in number. */
struct kb_posting {
	uint32_t	set;
	uint32_t	pos;		/* in the set's ids */
};

struct kb_postings {
	struct kb_posting	*v;
	uint32_t		*from;	/* by id, ndistinct + 1 */
};

/* How many of a set's ids belong into the postings. */
typedef uint32_t kb_prefix_fn(const struct kb_dense_set *set,
    const struct kb_join_opts *opts);
enum kb_status	kb_postings_make(struct kb_postings *out,
		    const struct kb_dense *dense,
		    const struct kb_join_opts *opts, kb_prefix_fn *prefix,
		    struct kb_err *err);
void		kb_postings_release(struct kb_postings *postings);

/*
 * Elements that no other survivor has are rarer than all others, so they
 * stand at the front of the set, though they are not stored: "prefix"
 * positions of the whole set are so many stored ones.
 */
static inline uint32_t
kb_dense_stored(const struct kb_dense_set *set, uint32_t prefix)
{
	uint32_t alone = set->size - set->n;

	return prefix > alone ? prefix - alone : 0;
}

/* A set that shares an element of its prefix with the probing one. */
struct kb_cand {
	uint32_t	shared;		/* up to and with the last match */
	uint32_t	x_pos, y_pos;	/* of that match */
};

/*
 * The overlap of two sets, or 0 when it is below "least"; a merge behind the
 * last match of "cand", up to which all were counted.  For a set of which
 * nothing was counted: KB_CAND_UNKNOWN.
 */
#define KB_CAND_UNKNOWN	((struct kb_cand){ 0, UINT32_MAX, UINT32_MAX })

uint32_t	kb_dense_overlap(const struct kb_dense *dense,
		    const struct kb_dense_set *x,
		    const struct kb_dense_set *y, const struct kb_cand *cand,
		    uint32_t least);

/* How many of "shared" elements are not common. */
uint32_t	kb_dense_own_overlap(const struct kb_dense *dense,
		    const struct kb_dense_set *x,
		    const struct kb_dense_set *y, uint32_t shared);

/*
 * Sketches: of each element one bit by its hash, and of each bit the parity.
 * Two sets differ in at least as many elements as their sketches in bits, so
 * that most that are no pair are told apart without a look at their elements
 * (bitmap filter: Sandes, Teodoro, Melo 2017).
 */
#define KB_SKETCH_MAX_LOG	13u

struct kb_sketches {
	struct kb_ratio	 t;
	uint64_t	*v;		/* NULL: there are none */
	uint32_t	*sizes;		/* by number */
	uint32_t	*stored;	/* dense.sets[].n */
	/* by the logarithm of the width: the first set, and its place in v */
	uint32_t	 first[KB_SKETCH_MAX_LOG + 2];
	size_t		 base[KB_SKETCH_MAX_LOG + 2];
};

/* Below 3/4 partners differ too much for it, and none are made. */
enum kb_status	kb_sketches_make(struct kb_sketches *out,
		    const struct kb_dense *dense, struct kb_ratio t,
		    struct kb_err *err);
void		kb_sketches_release(struct kb_sketches *sketches);

/* What a comparison with this set costs, or 0: it tells nothing. */
uint32_t	kb_sketches_blocks(const struct kb_sketches *sketches,
		    uint32_t number);

/*
 * The sets from..number-1 that may resemble "number" by the threshold, into
 * list, which has room for all; returns how many.  None of them is shorter
 * than the threshold allows.
 */
uint32_t	kb_sketches_scan(const struct kb_sketches *sketches,
		    uint32_t number, uint32_t from, uint32_t *list);

enum kb_status	kb_join_probe(struct kb_group_pairs *out,
		    const struct kb_join *join, const struct kb_dense *dense,
		    uint64_t most, struct kb_err *err);
enum kb_status	kb_join_inside(struct kb_group_pairs *out,
		    const struct kb_join *join, const struct kb_dense *dense,
		    uint64_t most, struct kb_err *err);

unsigned char	kb_join_judge(const struct kb_join *join,
		    const struct kb_dense *dense,
		    const struct kb_group_pair *pair);

/* Whether a pair of groups that was judged may be in a star. */
bool		kb_join_may_star(const struct kb_join *join,
		    const struct kb_dense *dense,
		    const struct kb_group_pair *pair);

/*
 * canonical[] of all sets.  "pairs" are all near ones; or NULL, and the
 * partners of each canonical are looked for: *edges is then each member's
 * pair with its canonical, by group.
 */
enum kb_status	kb_join_stars(uint32_t *canonical,
		    struct kb_group_pairs *edges, const struct kb_join *join,
		    const struct kb_dense *dense,
		    const struct kb_group_pairs *pairs, const uint32_t *rank,
		    struct kb_err *err);

/* Hand out the pairs; see kb_join_run.  Fills in "listed". */
enum kb_status	kb_join_list(struct kb_joined *joined,
		    const struct kb_join *join, const struct kb_dense *dense,
		    const struct kb_group_pairs *pairs, kb_pair_fn *fn,
		    void *arg, struct kb_err *err);

#endif /* KB_INDEXER_JOIN_IMPL_H */
