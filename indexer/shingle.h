/*
 * shingle: an article's words as one flat list, and the hashes of all runs of
 * a few of them (Broder 1997).  Made by prepare.c for each article, by
 * "similar" for a draft; compared by join.c.
 *
 * A list of words is a blob: normal forms (lib/words.h) parted by one space,
 * with none at either end.
 */
#ifndef KB_INDEXER_SHINGLE_H
#define KB_INDEXER_SHINGLE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "kb/status.h"

#define KB_SHINGLE_WIDTH	5	/* words, where nothing else is said */
#define KB_SHINGLE_MAX_WIDTH	32

struct kb_shingling {
	unsigned	width;		/* 1 to KB_SHINGLE_MAX_WIDTH */
	bool		keyed;		/* by SipHash-2-4 */
	uint64_t	key[2];
	uint64_t	mask;		/* bits to keep of a hash; 0: all.
					   Tests make hashes collide */
};

/*
 * v[i] is the hash of "width" words from word i on; the hash of all words
 * where there are fewer; 0 where the same run of words began before.  Runs
 * are told apart by their words: those that only share a hash both keep it.
 */
struct kb_shingles {
	uint64_t	*v;
	uint32_t	 n;		/* places; 0 when there is no word */
	uint32_t	 distinct;	/* of them not 0 */
	uint32_t	 words;
	bool		 collided;	/* different runs share a hash; when
					   they are very many, repeated ones
					   are not told from new ones */
	uint64_t	 print;		/* equal for equal sets of hashes */
	uint64_t	 text;		/* a hash of all words in their order */
};

/* Add a text's words to a list. */
void		kb_shingle_words(struct kb_buf *list, struct kb_str text);

/*
 * "list" is borrowed for the call.  On success the caller releases *out.
 * KB_NOMEM; KB_LIMIT for 2^28 words or more; KB_USAGE for a bad width.
 */
enum kb_status	kb_shingles_make(struct kb_shingles *out,
		    const struct kb_shingling *how, struct kb_str list,
		    struct kb_err *err);
void		kb_shingles_release(struct kb_shingles *shingles);

/*
 * The hashes alone, of a list that was made before: as many as there are
 * places, repeated ones too.  "v" has room for one for each word.
 */
size_t		kb_shingles_hash(uint64_t *v, const struct kb_shingling *how,
		    struct kb_str list);

/* 8 bytes as a little-endian number, and the high bit of each that parts. */
static inline uint64_t
kb_list_load(const char *list)
{
	const unsigned char *p = (const unsigned char *)list;

	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	    (uint64_t)p[7] << 56;
}

static inline uint64_t
kb_list_parts(uint64_t bytes)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t w = bytes ^ UINT64_C(0x2020202020202020);

	return ~(((w & low) + low) | w | low);
}

/* The bytes of the run of "width" words (or fewer: all) that begins at "at". */
struct kb_str	kb_shingle_run(struct kb_str list, size_t at, unsigned width);

#endif /* KB_INDEXER_SHINGLE_H */
