/*
 * hidden: text that a machine would read and a person cannot see, and steps
 * that a person can see and a machine cannot read.  The block builder leaves
 * the first out and tells of both while it walks; when a record is complete
 * they become two diagnostics at most, "hidden-text" and "image-only".
 *
 * What is told of is chosen to be worth a look: hidden pieces of
 * KB_HIDDEN_LEAST words or more, in comments only longer prose or what speaks
 * to a machine; nothing that sorts a table, labels an icon or helps those who
 * hear the page in a few words.  What is left out of passages does not depend
 * on it.
 */
#ifndef KB_INDEXER_HIDDEN_H
#define KB_INDEXER_HIDDEN_H

#include "blocks_chars.h"
#include "dialect.h"
#include "hidden_style.h"
#include "offmap.h"
#include "record.h"

#define KB_HIDDEN_LEAST		5	/* words of a piece */
#define KB_HIDDEN_TEXT		300	/* bytes of them that are told */

/* All zero at the start of a record; nothing is to be released. */
struct kb_hidden {
	/* The tree that is walked: see kb_hidden_tree(). */
	const struct kb_offmap	*map;
	const struct kb_dialect	*dialect;
	const struct kb_record	*outside;

	size_t		 words;
	size_t		 pieces;
	const char	*how;		/* of the first piece */
	uint32_t	 line;		/* of the first, 0: unknown */
	uint64_t	 start, end;	/* likewise; 0, 0: none */
	char		 text[KB_HIDDEN_TEXT + 16];	/* what they say */
	size_t		 text_n;

	/* A run of characters that nobody sees. */
	char		 code[KB_HIDDEN_TEXT];	/* what they spell */
	size_t		 code_n, run;
	enum kb_unseen	 worst;
	uint64_t	 run_start, run_end;	/* in the tree */
	uint32_t	 run_line;

	uint64_t	 faint_end;	/* of the last faint element */

	size_t		 images;	/* steps that are pictures */
	uint64_t	 image_start, image_end;
	uint32_t	 image_line;
};

/*
 * A tree of the record's part is about to be walked.  "map" leads from its
 * ranges to the file's; NULL: they are the same.  Ranges of a decoded field
 * are none of the file's: the whole record is told of then.
 */
void	kb_hidden_tree(struct kb_hidden *hidden, const struct kb_record *rec,
	    unsigned part, const struct kb_offmap *map,
	    const struct kb_dialect *dialect);

/* An element that is left out because nobody sees it. */
void	kb_hidden_element(struct kb_hidden *hidden,
	    const struct kb_node *element);

/*
 * An element that is kept: told of if its text has the colour of what it
 * probably stands on, which its own style does not say.
 */
void	kb_hidden_faint(struct kb_hidden *hidden,
	    const struct kb_node *element);

void	kb_hidden_comment(struct kb_hidden *hidden,
	    const struct kb_node *comment);

/*
 * A character of "node"'s text that was left out: bytes [start, end) of the
 * tree.  Neighbours make a run.
 */
void	kb_hidden_char(struct kb_hidden *hidden, const struct kb_node *node,
	    uint64_t start, uint64_t end, uint32_t cp, enum kb_unseen what);

/* A numbered step without any words but with a picture. */
void	kb_hidden_image(struct kb_hidden *hidden,
	    const struct kb_node *step);

/*
 * The record is complete: take unseen characters out of its values, and add
 * what was found as diagnostics of the record.  Sets *hidden back to zero.
 */
void	kb_hidden_tell(struct kb_hidden *hidden, struct kb_record *rec);

/*
 * What the value of a finding with that code is held against, or the empty
 * slice.
 */
struct kb_str	kb_hidden_threshold(struct kb_str code);

#endif /* KB_INDEXER_HIDDEN_H */
