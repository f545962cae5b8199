/*
 * tally: how often each name was seen, with a first sample.  Foreign names
 * are cut and their number is capped: the rest is only counted.
 */
#ifndef KB_INDEXER_TALLY_H
#define KB_INDEXER_TALLY_H

#include "arena.h"
#include "table.h"

#define KB_TALLY_NAME	((size_t)120)	/* bytes kept of a name */
#define KB_TALLY_SAMPLE	((size_t)120)

struct kb_tally_entry {
	struct kb_str	name, sample;
	size_t		count;
};

/* All zero is a valid empty tally, of at most 512 names. */
struct kb_tally {
	struct kb_table		 table;
	struct kb_tally_entry	*v;
	size_t			 n, size;
	size_t			 rest;		/* seen once the cap was
						   reached */
};

/* Copies into "arena"; out of memory is arena->failed. */
void	kb_tally_add(struct kb_tally *tally, struct kb_arena *arena,
	    struct kb_str name, struct kb_str sample);

/* Most often first, then by name.  Nothing may be added afterwards. */
void	kb_tally_sort(struct kb_tally *tally);
void	kb_tally_release(struct kb_tally *tally);

/* At most "n" bytes of "s", cut between code points and trimmed. */
struct kb_str	kb_tally_cut(struct kb_str s, size_t n);

#endif /* KB_INDEXER_TALLY_H */
