/*
 * prepare: all that can be made of one frame without knowing the others:
 * metadata from the CSV, passages, terms, shingles.  Runs in many threads.
 */
#ifndef KB_INDEXER_PREPARE_H
#define KB_INDEXER_PREPARE_H

#include "arena.h"
#include "metadata.h"
#include "record.h"
#include "segment.h"
#include "shingle.h"
#include "terms.h"

#define KB_PREPARE_TITLE	((size_t)4096)	/* bytes of a title that its
						   passages are found by */

struct kb_prepared_passage {
	const struct kb_passage	*passage;
	struct kb_str		 title, heading, body;	/* stems */
	struct kb_str		 surface;
};

struct kb_prepared {
	struct kb_arena			 arena;
	struct kb_record		*rec;		/* NULL: raw */
	struct kb_str			 raw;		/* the frame of a job
							   of another kind */
	struct kb_prepared_passage	*passages;
	size_t				 npassages;
	size_t				 words;		/* of the body */
	uint64_t			 body_hash;	/* of the word list */
	struct kb_buf			 list;		/* its words: shingle.h */
	struct kb_shingles		 shingles;	/* of the list */
	size_t				 bytes;		/* memory held */
	struct kb_prepared		*next;
};

struct kb_prepare {
	struct kb_stemmers		*stemmers;	/* this thread's own */
	const struct kb_metadata	*metadata;	/* may be NULL */
	struct kb_str			 path;		/* of the file */
	const struct kb_shingling	*shingling;	/* NULL: five words */
};

/*
 * On success *out is the caller's, to release with kb_prepared_free().
 * KB_INPUT for bytes that are no frame, KB_NOMEM.
 */
enum kb_status	kb_prepare(struct kb_prepared **out,
		    const struct kb_prepare *how, struct kb_str frame,
		    struct kb_err *err);

/* A frame that holds no record, as it is, behind its length.  KB_NOMEM. */
enum kb_status	kb_prepare_raw(struct kb_prepared **out, struct kb_str frame,
		    struct kb_err *err);
void		kb_prepared_free(struct kb_prepared *prepared);

#endif /* KB_INDEXER_PREPARE_H */
