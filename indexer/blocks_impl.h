/*
 * blocks_impl: what the parts of the block builder share: blocks.c walks the
 * elements, blocks_enter.c knows what they mean, blocks_text.c makes text,
 * maps and blocks.  Private to them.
 */
#ifndef KB_INDEXER_BLOCKS_IMPL_H
#define KB_INDEXER_BLOCKS_IMPL_H

#include "blocks.h"

/* What the elements around the current place mean for its blocks. */
struct kb_blocks_state {
	const struct kb_node	*node;
	enum kb_role		 role;
	bool			 note, item, row, heading, term, bold;
	bool			 mute;		/* links count, text does
						   not */
	bool			 thead;
	bool			 layout;	/* the table around it is for
						   looks */
	bool			 unnamed;	/* not part of contexts */
	bool			 begun;		/* keys, menu: not empty any
						   more */
	bool			 closed;	/* nothing below it is in one
						   passage with the rest */
	uint16_t		 pre;
	uint8_t			 depth;		/* of lists */
	uint8_t			 section;
	uint32_t		 group;
	size_t			 list;		/* stack index of the list */
	bool			 steps;		/* on the list's entry */
	uint32_t		 ordinal;	/* on the list's entry; else of
						   the item */
};

struct kb_blocks_walk {
	struct kb_record		*rec;
	const struct kb_blocks_opts	*opts;
	const struct kb_node		*body;
	bool				 autop;
	struct kb_blocks_state		*stack;
	size_t				 depth, size;
	uint32_t			 groups;
	bool				 titled;	/* the title was met */
	bool				 failed;

	/* The block being made. */
	struct kb_buf			 text;
	bool				 ink;	/* more than white space */
	bool				 plain;	/* some of it is not bold */
	bool				 raw, cooked; /* CDATA; other text */
	struct kb_offpiece		*pieces;
	size_t				 npieces, pieces_size;
	struct kb_blocks_state		 at;	/* the state it began in */
	const struct kb_node		*first;	/* its first text */
	struct kb_str			 context;
	size_t				 outer;
	struct kb_str			 anchor;
	bool				 gap;	/* left out since the last */
	bool				 th, td; /* cells of the row so far */

	/* Between two characters of it. */
	bool				 space, line, cell;
	char				 join;	/* of keys or menus, or 0 */
	uint64_t			 gap_start, gap_end;
	unsigned			 newlines;

	/* The last context that was made, to be shared. */
	const struct kb_node		*context_of;
	struct kb_str			 last_context;
	size_t				 last_outer;

	/* Where text stands that HTML's rules moved, ascending. */
	uint64_t			*moved;
	size_t				 nmoved;
	const struct kb_node		*moved_last; /* just walked */
	uint64_t			 seen;	/* end of the last text */
};

static inline struct kb_blocks_state *
kb_blocks_top(struct kb_blocks_walk *w)
{
	return &w->stack[w->depth - 1];
}

/* Text that does not break up the block, white space as a reader sees it. */
void	kb_blocks_add_text(struct kb_blocks_walk *w,
	    const struct kb_node *node);
void	kb_blocks_add_space(struct kb_blocks_walk *w, uint64_t start,
	    uint64_t end, bool newline);
void	kb_blocks_add_line(struct kb_blocks_walk *w,
	    const struct kb_node *element);

/* End the block being made, if there is any. */
void	kb_blocks_flush(struct kb_blocks_walk *w);

/* The same; no passage may span this place. */
static inline void
kb_blocks_part(struct kb_blocks_walk *w)
{
	kb_blocks_flush(w);
	w->gap = true;
}

/*
 * What an element that was just pushed means for what stands below it, and
 * what its end means; the latter pops it.
 */
void	kb_blocks_enter(struct kb_blocks_walk *w,
	    const struct kb_node *element, enum kb_role role);
void	kb_blocks_leave(struct kb_blocks_walk *w);

#endif /* KB_INDEXER_BLOCKS_IMPL_H */
