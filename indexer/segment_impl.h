/*
 * segment_impl: what the parts of the segmenter share: segment_units.c makes
 * the units that a passage is put together from, segment.c the passages.
 * Private to them.
 */
#ifndef KB_INDEXER_SEGMENT_IMPL_H
#define KB_INDEXER_SEGMENT_IMPL_H

#include "segment.h"

/* A block, or a part of one that is too long. */
struct kb_unit {
	const struct kb_block	*block;
	size_t			 from, to;	/* of the block's text */
	size_t			 words;		/* that begin in it */
	bool			 parted;	/* the last of them goes on
						   behind it */
	bool			 glued;		/* to the unit before it */
};

struct kb_units {
	struct kb_unit	*v;
	size_t		 n, size;
	bool		 failed;
};

/* All of a record's blocks; to be released. */
void	kb_units_make(struct kb_units *units, const struct kb_record *rec);
void	kb_units_release(struct kb_units *units);

/* Words of the unit's text alone: half a word is one, or none. */
size_t	kb_unit_words(const struct kb_unit *unit);

/*
 * Glue units [from, to), which are one section, where they should not be
 * parted and together are short enough.
 */
void	kb_units_glue(struct kb_units *units, size_t from, size_t to);

#endif /* KB_INDEXER_SEGMENT_IMPL_H */
