/*
 * similar_impl: what the writer and the reader of the tables of similar.h
 * agree on.  The tables are told in docs/FORMAT.md.
 *
 * A posting is one number: the first bits of a shingle's hash, then the
 * article's.  Cut hashes that collide add candidates and lose none.  Blocks
 * are rows (first, data): the first number, and the others as LEB128
 * distances.
 */
#ifndef KB_INDEXER_SIMILAR_IMPL_H
#define KB_INDEXER_SIMILAR_IMPL_H

#include "buf.h"
#include "shingle.h"
#include "similar.h"

#define KB_SIMILAR_CLASSES	16
#define KB_SIMILAR_BLOCK	4000	/* bytes of data: with its row a page */

/* Kept in meta. */
struct kb_similar_layout {
	unsigned	hash_bits;	/* of a posting's hash */
	unsigned	article_bits;	/* of its article */
	unsigned	bucket_bits;	/* of the hash: what is common */
};

static inline uint64_t
kb_similar_cut(uint64_t hash, unsigned bits)
{
	return bits == 0 ? 0 : hash >> (64 - bits);
}

/* The length of the prefix for a resemblance of at least "least". */
static inline size_t
kb_similar_prefix(size_t n, struct kb_ratio least)
{
	uint64_t kept = ((uint64_t)n * least.count + least.of - 1) /
	    least.of;

	return n == 0 ? 0 : n - (size_t)kept + 1;
}

/*
 * Which of "n" elements are the first "want" of the order: those whose class
 * is below *last, and "*of_last" of class *last, lowest first.  "classes"
 * has a class an element.
 */
void		kb_similar_order(const unsigned char *classes, size_t n,
		    size_t want, unsigned *last, size_t *of_last);

/* What meta has of a key: a hash by which it is known again. */
void		kb_similar_check(const uint64_t key[2], char out[17]);

/* ---- similar_sort.c: numbers, sorted beyond memory ---- */

struct kb_spill;

/* "memory" bytes at most are held, the rest is in a file in "dir". */
enum kb_status	kb_spill_new(struct kb_spill **out, const char *dir,
		    size_t memory, struct kb_err *err);
void		kb_spill_free(struct kb_spill *spill);
enum kb_status	kb_spill_add(struct kb_spill *spill, uint64_t value,
		    struct kb_err *err);

/* Call "fn" for every value, in ascending order, each once.  Once. */
enum kb_status	kb_spill_sorted(struct kb_spill *spill,
		    enum kb_status (*fn)(void *arg, uint64_t value,
		    struct kb_err *err), void *arg, struct kb_err *err);

/* ---- similar_read.c: ascending look-ups in a table of blocks ---- */

struct kb_similar_blocks {
	struct kb_store	*store;
	sqlite3_stmt	*stmt;		/* the blocks from one on */
	const char	*table;		/* for messages */
	struct kb_str	 data;		/* what is left of the row's block */
	uint64_t	 at;		/* the number read last */
	bool		 has, ended;	/* "at" is one; no row is left */
};

enum kb_status	kb_similar_blocks_open(struct kb_similar_blocks *blocks,
		    struct kb_store *store, const char *table,
		    struct kb_err *err);
void		kb_similar_blocks_close(struct kb_similar_blocks *blocks);

/* Forget where it stands: the next look-up may be for a smaller number. */
void		kb_similar_blocks_rewind(struct kb_similar_blocks *blocks);

/*
 * Let blocks->at be the first number that is "value" or more, which must not
 * be less than the last one asked for; "has" tells if there is any.
 * KB_DAMAGED for a block that is none.
 */
enum kb_status	kb_similar_blocks_seek(struct kb_similar_blocks *blocks,
		    uint64_t value, struct kb_err *err);

/* ---- similar_compare.c: word by word ---- */

/* A draft, ready to be held against articles. */
struct kb_similar_draft {
	const struct kb_shingling	*how;
	struct kb_str			 words;
	struct kb_shingles		 shingles;
	uint64_t			*sorted;	/* its hashes */
	uint32_t			*starts;	/* of its words */
	uint32_t			*slots;		/* place + 1, or 0 */
	size_t				 mask;
	uint64_t			 secret; /* kb_hash_secret() */
	unsigned			 shift;
};

/* "words" and "how" are borrowed until the release, which is always due. */
enum kb_status	kb_similar_draft_init(struct kb_similar_draft *draft,
		    const struct kb_shingling *how, struct kb_str words,
		    struct kb_err *err);
void		kb_similar_draft_release(struct kb_similar_draft *draft);

/* How many different shingles "words" has, and shares with the draft. */
enum kb_status	kb_similar_draft_shared(
		    const struct kb_similar_draft *draft, struct kb_str words,
		    uint32_t *size, uint32_t *shared, struct kb_err *err);

/* ---- similar_tally.c: how often an article was met ---- */

struct kb_similar_met {
	uint32_t	article, count;		/* article 0: free */
};

/* All zero is a valid empty one. */
struct kb_similar_tally {
	struct kb_similar_met	*v;
	size_t			 size, n;	/* size is a power of two */
};

/* "article" is not 0.  False when memory runs out. */
bool		kb_similar_tally_add(struct kb_similar_tally *tally,
		    uint32_t article, uint32_t times);

/* Make it a list of n, by article; nothing can be added any more. */
void		kb_similar_tally_list(struct kb_similar_tally *tally);
void		kb_similar_tally_release(struct kb_similar_tally *tally);

#endif /* KB_INDEXER_SIMILAR_IMPL_H */
