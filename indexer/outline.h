/*
 * outline: what a page of HTML looks like from afar: its block elements down
 * to some depth, each with its names and text as hashes, and how much of the
 * text is links.  Pages of one site are compared by their outlines
 * (furniture.h), and the main content is chosen on one (content.h).
 *
 * As bytes an outline is as hostile as the page: kb_outline_read() checks
 * every number.
 */
#ifndef KB_INDEXER_OUTLINE_H
#define KB_INDEXER_OUTLINE_H

#include <stdint.h>

#include "buf.h"
#include "kb/status.h"
#include "tree.h"

#define KB_OUTLINE_ROWS	1000	/* deeper levels are left out whole */

/* Elements stand before what is inside of them; the first is the whole. */
struct kb_outline_row {
	uint32_t	parent;		/* index; of the first: 0 */
	uint32_t	words;		/* that are seen, below the element */
	uint32_t	links;		/* of them: text of links */
	uint32_t	anchors;	/* links with words */
	uint32_t	within;		/* of them: to a place in the page */
	uint64_t	name;		/* hashes; */
	uint64_t	class;		/* 0: none */
	uint64_t	id;		/* 0: none */
	uint64_t	text;		/* the words in any order; digits are
					   equal to each other */
};

struct kb_outline {
	struct kb_outline_row	*rows;
	size_t			 n;
	struct kb_node		**nodes; /* of each row; NULL when read from
					   bytes */
};

/*
 * Of all below "body", what nobody sees and what markup says is furniture
 * (visible.h) left out.  In "arena".  Errors: KB_NOMEM.
 */
enum kb_status	kb_outline_make(struct kb_outline *out, struct kb_node *body,
		    struct kb_arena *arena, struct kb_err *err);

/* The hash that a row has whose words are these. */
uint64_t	kb_outline_text(struct kb_str words);

void		kb_outline_write(const struct kb_outline *outline,
		    struct kb_buf *out);

/* In "arena".  KB_INPUT for bytes that kb_outline_write() never makes. */
enum kb_status	kb_outline_read(struct kb_outline *out, struct kb_str bytes,
		    struct kb_arena *arena, struct kb_err *err);

#endif /* KB_INDEXER_OUTLINE_H */
