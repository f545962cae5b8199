/*
 * similar: which articles of an index does a draft resemble?  Exact for any
 * resemblance from KB_SIMILAR_LEAST on, without reading the articles that do
 * not.
 *
 * Shingles are put in one total order: rare before common, then by their
 * hash.  Two sets whose resemblance is at least t share one of the first
 * |x| - ceil(t|x|) + 1 elements of each (the prefix filter: Chaudhuri, Ganti,
 * Kaushik 2006; Bayardo, Ma, Srikant 2007), so the table shingle_posting
 * holds these of every article, and a draft asks for its own.  How often
 * each was met bounds what can be shared at all; what is left is compared
 * word by word.  Tables: docs/FORMAT.md, "similar".
 *
 * similar_write.c writes the tables at the end of a build, similar.c asks
 * them; cmd_similar.c is `kb-index similar`.
 */
#ifndef KB_INDEXER_SIMILAR_H
#define KB_INDEXER_SIMILAR_H

#include "buf.h"
#include "join.h"
#include "store.h"

/* Postings are for this resemblance and above. */
#define KB_SIMILAR_LEAST	((struct kb_ratio){ 1, 2 })

/* ---- writing ---- */

/* A set: the article that stands for all equal ones, numbered from 0. */
typedef enum kb_status kb_similar_set_fn(void *arg, uint32_t doc,
		    const uint64_t *elements, size_t n, struct kb_err *err);

/*
 * Where the sets come from: join.h's groups.  "each" calls "fn" for every set
 * that is not empty, with its shingles in ascending order; it is called twice
 * and must give the same sets.  leader() is the article that a doc's set was
 * given under, anything that has no set for a doc without words.
 */
struct kb_similar_sets {
	enum kb_status	(*each)(void *arg, kb_similar_set_fn *fn,
			    void *fn_arg, struct kb_err *err);
	uint32_t	(*leader)(void *arg, uint32_t doc);
	void		*arg;
	uint32_t	 ndocs;
	struct kb_shingling shingling;	/* how they were made */
};

/*
 * Fill the tables shingle_set, shingle_same, shingle_common and
 * shingle_posting, and what of meta they need; to be called when the
 * full-text index has been optimised, so that the pages that it has left are
 * used again.  Memory stays at about 150 MB whatever there is; postings are
 * sorted in an unlinked file in "dir".  Errors: KB_IO, KB_NOMEM.
 */
enum kb_status	kb_similar_write(sqlite3 *db, const char *dir,
		    const struct kb_similar_sets *sets, struct kb_err *err);

/* The same for the sets of a join that has run. */
enum kb_status	kb_similar_write_join(sqlite3 *db, const char *dir,
		    const struct kb_join *join, uint32_t ndocs,
		    const struct kb_shingling *shingling,
		    struct kb_err *err);

/* ---- asking ---- */

struct kb_similar;		/* an index that is asked; one thread's */

/*
 * "store" is borrowed.  "key" is that of the build's shingles, for an index
 * that has one: it is kept in no index, so that who reads one cannot make
 * articles whose hashes collide.  NULL if none is known.  KB_VERSION for an
 * index without the tables (the message says to build it again), KB_USAGE
 * without the right key, KB_DAMAGED for values that cannot be.
 */
enum kb_status	kb_similar_open(struct kb_similar **out,
		    struct kb_store *store, const uint64_t key[2],
		    struct kb_err *err);
void		kb_similar_close(struct kb_similar *similar);

/* An article and what it shares with the draft: different shingles. */
struct kb_similar_hit {
	int64_t		article;	/* n */
	uint32_t	shared, size;	/* size: the article's */
	uint32_t	draft;		/* size of the draft */
};

struct kb_similar_hits {
	struct kb_similar_hit	*v;
	size_t			 n, size;
	uint32_t		 draft;		/* shingles of the draft */
	size_t			 met, compared;	/* articles (one of equal ones)
						   that share some shingle of
						   the prefix; that were read */
};

/*
 * Every article whose resemblance to "words" (the draft's: shingle.h) is at
 * least "least", which must be KB_SIMILAR_LEAST or more: the most similar
 * first, then by number.  To be released with kb_similar_release(), also on
 * failure.  Errors: KB_USAGE for a ratio below, KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_similar_find(struct kb_similar *similar,
		    struct kb_str words, struct kb_ratio least,
		    struct kb_similar_hits *hits, struct kb_err *err);
void		kb_similar_release(struct kb_similar_hits *hits);

/* Add the words of an article of the index, as the build made them. */
enum kb_status	kb_similar_words(struct kb_similar *similar,
		    int64_t article, struct kb_buf *words,
		    struct kb_err *err);

#endif /* KB_INDEXER_SIMILAR_H */
