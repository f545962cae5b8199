/*
 * segment: from blocks to passages, the units of retrieval: about 100 to 200
 * words, never cutting a sentence, an item or a row unless it alone is
 * longer.  A passage stays within one section, but for short neighbours,
 * which are put together up to KB_PASSAGE_GATHER words: its heading is then
 * what they have above them in common, and their own headings are part of
 * its text.  A numbered procedure stays together up to KB_PASSAGE_PROCEDURE
 * words, and so do the last steps of a longer one, from the start of a step
 * on; a line that ends in a colon stays with what it announces.  What stands
 * for its bytes as a whole (an alt text, an entity) is never cut: one that is
 * longer than a passage has no other words beside it, but for those of its
 * procedure.
 */
#ifndef KB_INDEXER_SEGMENT_H
#define KB_INDEXER_SEGMENT_H

#include "kb/status.h"
#include "record.h"

#define KB_PASSAGE_WORDS	200	/* at most, of one passage */
#define KB_PASSAGE_GATHER	120	/* at most, of short sections */
#define KB_PASSAGE_PROCEDURE	300	/* at most, of a procedure */
#define KB_PASSAGE_HEADING	((size_t)4096)	/* bytes of a path of
						   headings; the rest is cut */

/* A place in a passage that has a heading or an anchor of its own. */
struct kb_place {
	size_t			 at;	/* in the passage's text */
	struct kb_str		 heading; /* the path there; empty: the
					    passage's */
	struct kb_str		 anchor;
	struct kb_place		*next;
};

struct kb_passage {
	struct kb_str		 text;	/* blocks joined by newlines */
	size_t			 lead;	/* bytes of text that are headings,
					   with the newline behind them */
	struct kb_str		 heading; /* the path, joined by " > " */
	struct kb_str		 anchor;
	struct kb_place		*places; /* ascending; none that says what
					    heading and anchor say */
	struct kb_str		 context;
	uint8_t			 part;
	uint64_t		 start, end; /* in the part's bytes */
	struct kb_offpiece	*pieces; /* text to the part's bytes */
	size_t			 npieces;
	size_t			 words;
	struct kb_passage	*next;
};

/*
 * Cut a record's blocks.  Every block's text is in exactly one passage, or
 * its pieces in consecutive ones, in order.  In the record's arena.
 * Errors: KB_NOMEM.
 */
enum kb_status	kb_segment(struct kb_record *rec, struct kb_passage **out,
		    struct kb_err *err);

#endif /* KB_INDEXER_SEGMENT_H */
