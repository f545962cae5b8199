/*
 * join_impl: what the files of the join share; nobody else includes it.
 * join.c takes the sets in and writes them to its spools (join_spool.c),
 * join_split.c tells hashes that collide apart, join_group.c groups equal
 * sets, join_count.c counts elements, join_filter.c leaves out sets without a
 * chance, join_common.c finds the common shingles, join_names.c numbers the
 * elements of the rest, join_dense.c renames them and compares their words,
 * join_probe.c and join_inside.c find the pairs of groups, join_sketch.c
 * passes over many of what is none, join_star.c finds the stars, join_list.c
 * hands the pairs out, join_run.c puts all this in order.  join_team.c has the
 * threads, join_sort.c a sort.
 */
#ifndef KB_INDEXER_JOIN_IMPL_H
#define KB_INDEXER_JOIN_IMPL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* A window on a spool; all zero is a valid empty one. */
struct kb_view {
	char		*buf;
	size_t		 size;
	size_t		 n;		/* bytes in it */
	uint64_t	 at;		/* where they stand in the spool */
};

enum kb_status	kb_spool_open(struct kb_spool *spool, const char *dir,
		    struct kb_err *err);
void		kb_spool_close(struct kb_spool *spool);
enum kb_status	kb_spool_add(struct kb_spool *spool, const void *p, size_t n,
		    struct kb_err *err);
enum kb_status	kb_spool_flush(struct kb_spool *spool, struct kb_err *err);

/* Over what is there; the spool was flushed. */
enum kb_status	kb_spool_put(struct kb_spool *spool, uint64_t at,
		    const void *p, size_t n, struct kb_err *err);

/* *out is valid until the next call with the same view. */
enum kb_status	kb_spool_fetch(const struct kb_spool *spool,
		    struct kb_view *view, uint64_t at, size_t n,
		    const void **out, struct kb_err *err);
void		kb_view_release(struct kb_view *view);

/* ---- the sets ---- */

enum {
	KB_SET_NEAR	= 1,		/* may have a near partner */
	KB_SET_PART	= 2,		/* may be the smaller, inside another */
	KB_SET_WHOLE	= 4		/* may be what another is inside of */
};

struct kb_join_set {
	uint64_t	print;		/* equal for equal sets */
	uint64_t	text;		/* equal for equal lists of words */
	uint64_t	at;		/* in the spool of shingles, counted
					   in shingles */
	uint64_t	words_at;	/* in the spool of words */
	uint32_t	words_n;	/* bytes */
	uint32_t	n;		/* places in the spool */
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
	bool		collided;	/* see struct kb_shingles */
	bool		brief;		/* fewer words than a shingle has */
};

struct kb_keys {
	uint64_t	*v;
	size_t		 n, size;
};

struct kb_join {
	struct kb_join_opts	 opts;	/* ratios in lowest terms */
	unsigned		 threads;
	struct kb_spool		 shingles, words;
	const char		*map;	/* of the words, once all are there */
	size_t			 map_n;
	struct kb_join_set	*sets;
	size_t			 nsets, sets_size;
	uint32_t		 largest, most_words;
	uint32_t		 ngroups;
	struct kb_keys		 collided; /* keys of different runs */
	pthread_mutex_t		 lock;	/* of collided */
	bool			 patched; /* some keys are no longer the hashes
					     that were added */
	bool			 failed; /* a spool could not be written */
	bool			 ran;
};

enum kb_status	kb_keys_add(struct kb_keys *keys, uint64_t key,
		    struct kb_err *err);
void		kb_keys_unique(struct kb_keys *keys);	/* sorts them too */
bool		kb_keys_have(const struct kb_keys *keys, uint64_t key);

/* Ascending, in place; linear in n whatever the values are. */
void		kb_sort_u64(uint64_t *v, size_t n);

/* The places of a set: 0 where a run began before. */
static inline enum kb_status
kb_join_fetch(const struct kb_join *join, struct kb_view *view,
    const struct kb_join_set *set, const uint64_t **out, struct kb_err *err)
{
	const void *p;
	enum kb_status status = kb_spool_fetch(&join->shingles, view,
	    set->at * sizeof(uint64_t), set->n * sizeof(uint64_t), &p, err);

	if (status == KB_OK)
		*out = p;
	return status;
}

static inline bool
kb_set_leads(const struct kb_join *join, size_t i)
{
	return join->sets[i].size > 0 && join->sets[i].leader == i;
}

/* ---- runs of words ---- */

/* Where each word of one set begins; all zero is a valid empty one. */
struct kb_starts {
	uint32_t	*v;
	size_t		 size;
	const struct kb_join_set *set;
};

struct kb_run {
	uint64_t	at;		/* in the map */
	uint32_t	n;		/* bytes */
	bool		brief;
};

enum kb_status	kb_starts_find(struct kb_starts *starts,
		    const struct kb_join *join, const struct kb_join_set *set,
		    struct kb_err *err);
struct kb_run	kb_starts_run(const struct kb_starts *starts,
		    const struct kb_join *join, uint32_t place);

/* Whether the run that begins at "at" is the same words. */
bool		kb_run_same(const struct kb_join *join, const struct kb_run *x,
		    uint64_t at);

/* A hash of two different runs: to be told apart before the next attempt. */
enum kb_status	kb_join_collided(struct kb_join *join, uint64_t key,
		    struct kb_err *err);

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

/* Tell runs apart that join->collided names, by giving them other hashes. */
enum kb_status	kb_join_split(struct kb_join *join, unsigned round,
		    struct kb_err *err);

/* Note the hashes that different runs of one set share. */
enum kb_status	kb_join_find_split(struct kb_join *join, struct kb_err *err);

/* Fill in leader, next and same. */
enum kb_status	kb_join_group(struct kb_join *join, struct kb_err *err);

/*
 * Four bits for every element, saturating: how many sets have it.  Elements
 * share counters; that can only count too much.
 */
#define KB_COUNT_FULL	15u

struct kb_counts {
	unsigned char	*v;		/* two in each */
	unsigned	 shift;
};

static inline uint64_t
kb_counts_slot(const struct kb_counts *counts, uint64_t element)
{
	return (element * UINT64_C(0x9E3779B97F4A7C15)) >> counts->shift;
}

static inline unsigned
kb_counts_of(const struct kb_counts *counts, uint64_t element)
{
	uint64_t i = kb_counts_slot(counts, element);

	return counts->v[i >> 1] >> ((i & 1) * 4) & KB_COUNT_FULL;
}

/* Whose elements are counted: all leaders, or those that may be near. */
static inline bool
kb_filter_takes(const struct kb_join *join, size_t i, bool leaders)
{
	return leaders ? kb_set_leads(join, i) :
	    (join->sets[i].state & KB_SET_NEAR) != 0;
}

/*
 * Count their "nelements" elements, about "at_once" at a time, which takes
 * four bytes for each; out->v is made anew, and the caller's to free.  All
 * zero is a valid empty one.
 */
#define KB_COUNT_AT_ONCE	((uint64_t)1 << 26)

enum kb_status	kb_counts_make(struct kb_counts *out,
		    const struct kb_join *join, bool leaders,
		    uint64_t nelements, uint64_t at_once, struct kb_err *err);

/*
 * The common shingles.  Who may be one by the first pass's counters is counted
 * exactly in the next, up to the cut; and so far the words are compared.  So
 * the first cut + 1 occurrences of a common one are the same words; "at" of
 * its slot says where the first one stands.
 */
struct kb_table;			/* of one thread */

struct kb_common_slot {
	uint64_t	key;		/* 0: free */
	uint64_t	at;		/* where its words stand */
};

struct kb_common {
	struct kb_join	*join;
	uint32_t	 cut;		/* common: df above this */
	unsigned	 enough;	/* of a counter: may be common */
	struct kb_table	*tables;
	struct kb_common_slot *slots;
	uint64_t	 mask;
	size_t		 n;
	uint64_t	*bits;		/* may be one of them */
	unsigned	 bits_shift;
};

enum kb_status	kb_common_init(struct kb_common *common, struct kb_join *join,
		    struct kb_err *err);
void		kb_common_release(struct kb_common *common);

/*
 * The second pass, a group at a time; "counts" has them all.  *seen is how
 * many of its elements were counted twice.
 */
enum kb_status	kb_common_count(struct kb_common *common, unsigned who,
		    uint32_t *seen, const struct kb_counts *counts,
		    const struct kb_join_set *set, const uint64_t *v,
		    struct kb_err *err);
enum kb_status	kb_common_counted(struct kb_common *common,
		    struct kb_err *err);

bool		kb_common_find(const struct kb_common *common, uint64_t key);

static inline uint64_t
kb_common_bit(const struct kb_common *common, uint64_t v)
{
	return (v * UINT64_C(0x9E3779B97F4A7C15)) >> common->bits_shift;
}

static inline bool
kb_common_has(const struct kb_common *common, uint64_t v)
{
	uint64_t i;

	if (common->n == 0)
		return false;
	i = kb_common_bit(common, v);
	return (common->bits[i >> 6] >> (i & 63) & 1) != 0 &&
	    kb_common_find(common, v);
}

struct kb_filter {
	struct kb_counts first;		/* over all groups */
	struct kb_counts last;		/* over those that may be near */
	bool		 two;		/* "last" is another than "first" */
	uint64_t	 nkept;		/* about how many occurrences of
					   elements are worth a number */
};

/* Decide who may have a partner: state of its leader is then not 0. */
enum kb_status	kb_join_filter(struct kb_filter *filter,
		    struct kb_common *common, struct kb_join *join,
		    struct kb_err *err);
void		kb_filter_release(struct kb_filter *filter);

/* What tells whether others may have an element: "last", or "first" where
 * those that are not near matter too. */
static inline const struct kb_counts *
kb_filter_table(const struct kb_filter *filter, const struct kb_join *join)
{
	return filter->two && join->opts.inside.of == 0 ? &filter->last :
	    &filter->first;
}

/* Element to id: sorted keys, and a directory over their highest bits. */
struct kb_names {
	uint64_t	*keys;
	uint32_t	*ids;		/* while they are made: how many have
					   it */
	uint32_t	 n;
	uint32_t	 ncommon;	/* the last ids are common */
	uint64_t	 nuses;		/* occurrences of all keys */
	uint32_t	*dir;		/* the first key of each value */
	unsigned	 shift;
	uint64_t	*filter;	/* bits: may be a key */
	unsigned	 filter_shift;
};

/*
 * The elements that two survivors have, rarest first, and all common ones,
 * last; and who else may be what another is inside of.
 */
enum kb_status	kb_names_make(struct kb_names *names, struct kb_join *join,
		    struct kb_filter *filter, const struct kb_common *common,
		    struct kb_err *err);
void		kb_names_release(struct kb_names *names);

static inline uint64_t
kb_names_bit(const struct kb_names *names, uint64_t key)
{
	return (key * UINT64_C(0x9E3779B97F4A7C15)) >> names->filter_shift;
}

static inline bool
kb_names_may_have(const struct kb_names *names, uint64_t key)
{
	uint64_t i = kb_names_bit(names, key);

	return (names->filter[i >> 6] >> (i & 63) & 1) != 0;
}

/* The index of a key, or KB_JOIN_NONE. */
uint32_t	kb_names_find(const struct kb_names *names, uint64_t key);

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

/*
 * Read the survivors, compare the words of elements that have one hash, and
 * rename them; dense of their leaders becomes the index into out->sets.
 * What collides is noted in join->collided; *out is of no use then.
 */
enum kb_status	kb_dense_load(struct kb_dense *out, struct kb_join *join,
		    const struct kb_names *names,
		    const struct kb_common *common, struct kb_err *err);
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
