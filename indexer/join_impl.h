/*
 * join_impl: what the files of the join share; nobody else includes it.
 * join.c spools the sets, join_filter.c groups equal ones and leaves out
 * those without a chance, join_dense.c renames the elements of the rest,
 * join_probe.c finds the pairs of groups, join_run.c writes out all pairs.
 */
#ifndef KB_INDEXER_JOIN_IMPL_H
#define KB_INDEXER_JOIN_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "join.h"

#define KB_JOIN_NONE	UINT32_MAX

/* With this cap every product of sizes and ratios stays below 2^63. */
#define KB_JOIN_MAX_SET	((size_t)1 << 28)

struct kb_join_set {
	uint64_t	print;		/* fingerprint: equal for equal sets */
	uint64_t	at;		/* in the spool, counted in elements */
	uint32_t	size;		/* distinct elements */
	uint32_t	leader;		/* the first of those equal to it */
	uint32_t	next;		/* in its group, or KB_JOIN_NONE */
	uint32_t	dense;		/* of a leader: its number among the
					   survivors, or KB_JOIN_NONE */
};

struct kb_join {
	struct kb_ratio		 t;	/* in lowest terms */
	char			*dir;	/* for messages */
	int			 fd;	/* the spool; -1 once it is read */
	uint64_t		 spooled; /* elements, with those in buf */
	uint64_t		*buf;
	size_t			 nbuf;
	uint64_t		*scratch;
	size_t			 scratch_size;
	struct kb_join_set	*sets;
	size_t			 nsets, sets_size;
	uint32_t		 largest;
	bool			 failed; /* a write failed */
	bool			 ran;
};

/* A window on the spool; all zero but "ahead" is a valid empty one. */
struct kb_spool_view {
	uint64_t	*buf;
	size_t		 size;		/* of buf, in elements */
	size_t		 n;		/* elements in it */
	uint64_t	 at;		/* where they stand in the spool */
	size_t		 ahead;		/* elements to read at least */
};

enum kb_status	kb_spool_flush(struct kb_join *join, struct kb_err *err);

/* *out is valid until the next call with the same view. */
enum kb_status	kb_spool_fetch(const struct kb_join *join,
		    struct kb_spool_view *view, const struct kb_join_set *set,
		    const uint64_t **out, struct kb_err *err);
void		kb_spool_view_release(struct kb_spool_view *view);

/* Ascending, in place; linear in n whatever the values are. */
void		kb_sort_u64(uint64_t *v, size_t n);

/*
 * Two bits for every element, saturating: none, one, or more sets have it.
 * Elements share counters; that can only count too much.
 */
struct kb_twice {
	unsigned char	*bits;
	unsigned	 shift;
};

static inline uint64_t
kb_twice_slot(const struct kb_twice *twice, uint64_t element)
{
	return (element * UINT64_C(0x9E3779B97F4A7C15)) >> twice->shift;
}

static inline bool
kb_twice_seen(const struct kb_twice *twice, uint64_t element)
{
	uint64_t i = kb_twice_slot(twice, element);

	return (twice->bits[i >> 2] >> ((i & 3) * 2) & 2) != 0;
}

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

/*
 * Fill in leader and next, and decide who may have a partner in another
 * group: dense is then not KB_JOIN_NONE.  *twice counts the elements of at
 * least those (the caller frees its bits), of which *nkept were seen twice.
 */
enum kb_status	kb_join_filter(struct kb_join *join, struct kb_twice *twice,
		    uint64_t *nkept, struct kb_err *err);

/* A survivor; its elements are ids[at], ... ascending: the rarest first. */
struct kb_dense_set {
	uint32_t	set;
	uint32_t	size;		/* of the whole set */
	uint32_t	n;		/* elements that others have too */
	uint32_t	at;
};

struct kb_dense {
	struct kb_dense_set	*sets;	/* ascending by size, then number */
	uint32_t		 nsets;
	uint32_t		*ids;
	uint32_t		 nids;	/* length of ids */
	uint32_t		 ndistinct;
};

/*
 * Read the survivors and rename their elements; dense of their leaders
 * becomes the index into out->sets.
 */
enum kb_status	kb_dense_load(struct kb_dense *out, struct kb_join *join,
		    const struct kb_twice *twice, uint64_t nkept,
		    struct kb_err *err);
void		kb_dense_release(struct kb_dense *dense);

/* Two groups, by their index into kb_dense.sets. */
struct kb_group_pair {
	uint32_t	x, y;
	uint32_t	shared;
};

struct kb_group_pairs {
	struct kb_group_pair	*v;	/* the caller's to free */
	size_t			 n, size;
};

enum kb_status	kb_join_probe(struct kb_group_pairs *out,
		    const struct kb_dense *dense, struct kb_ratio t,
		    struct kb_err *err);

#endif /* KB_INDEXER_JOIN_IMPL_H */
