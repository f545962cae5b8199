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
	bool			 note, in_item, row, heading, term, bold;
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
	bool			 loose;		/* contexts do not have the
						   table that it is in */
	uint16_t		 pre;
	uint8_t			 depth;		/* of lists */
	uint8_t			 section;
	uint32_t		 group;
	size_t			 list, item;	/* their stack indexes, or 0 */
	size_t			 head;		/* likewise, while heading */
	bool			 steps, down;	/* on the list's entry: it has
						   numbers; they descend */
	char			 style;		/* likewise: one of 1aAiI, or 0
						   where none is shown */
	int32_t			 number;	/* on the list's entry of the
						   next item; else of the item,
						   whose ordinal is from 1 */
	uint32_t		 ordinal;
	bool			 pending;	/* its number was not shown */
	bool			 pictured;	/* it has a picture */
	uint64_t		 inks, parts;	/* w->inks, w->parts when it
						   began */
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
	bool				 cdata;	/* it begins in a CDATA
						   section */
	bool				 mixed;	/* and goes on outside, or the
						   other way round */
	size_t				 words;	/* if mixed */
	struct kb_offpiece		*pieces;
	size_t				 npieces, pieces_size;
	struct kb_blocks_state		 at;	/* the state it began in */
	const struct kb_node		*first;	/* its first text */
	struct kb_str			 context, inner;
	struct kb_buf			 declared; /* see declared.h */
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

	/* Where text stands that HTML's rules moved, ascending. */
	uint64_t			*moved;
	size_t				 nmoved;
	const struct kb_node		*moved_last; /* just walked */
	uint64_t			 seen;	/* end of the last text */

	size_t				 npending; /* items with a number that
						   was not shown yet */
	uint64_t			 inks;	/* texts that were seen */
	uint64_t			 parts;	/* kb_blocks_part() so far */
	size_t				 ink_n;	/* of the text, up to the last
						   that is seen */
};

static inline struct kb_blocks_state *
kb_blocks_top(struct kb_blocks_walk *w)
{
	return &w->stack[w->depth - 1];
}

/* ---- blocks_text.c ---- */

/* Text that does not break up the block, white space as a reader sees it. */
void	kb_blocks_add_text(struct kb_blocks_walk *w,
	    const struct kb_node *node);
void	kb_blocks_add_space(struct kb_blocks_walk *w, uint64_t start,
	    uint64_t end, bool newline);
void	kb_blocks_add_line(struct kb_blocks_walk *w,
	    const struct kb_node *element);

/*
 * Text that stands for bytes [start, end) of the tree as a whole, "from"
 * being its element or text node.
 */
void	kb_blocks_add_made(struct kb_blocks_walk *w,
	    const struct kb_node *from, struct kb_str text, uint64_t start,
	    uint64_t end);

/*
 * The same at the very start of a block, in front of its text; no block is
 * begun by it.
 */
void	kb_blocks_put_made(struct kb_blocks_walk *w, struct kb_str text,
	    uint64_t start, uint64_t end);

/* True if something that was moved stands in [start, end) of the tree. */
bool	kb_blocks_has_moved(const struct kb_blocks_walk *w, uint64_t start,
	    uint64_t end);

/* End the block being made, if there is any. */
void	kb_blocks_flush(struct kb_blocks_walk *w);

/* The same; no passage may span this place. */
static inline void
kb_blocks_part(struct kb_blocks_walk *w)
{
	kb_blocks_flush(w);
	w->gap = true;
	w->parts++;
}

/* ---- blocks_context.c ---- */

/*
 * The names of the elements around text of "parent"; "moved" by the rules
 * for tables it stands alone.  "section" is "#cdata" or empty.
 */
struct kb_str kb_blocks_context(struct kb_blocks_walk *w,
	    const struct kb_node *parent, bool moved, struct kb_str section);

/* Around the item at stack index "item", whose start tag is to be read. */
struct kb_str kb_blocks_item_context(struct kb_blocks_walk *w, size_t item);

/* ---- blocks_made.c ---- */

/*
 * How a list counts: number, style and direction of its entry, which is on
 * top of the stack.
 */
void	kb_blocks_count_from(struct kb_blocks_walk *w,
	    const struct kb_node *list);

/* The item on top of the stack gets its number, to be shown if it is new. */
void	kb_blocks_count_item(struct kb_blocks_walk *w,
	    const struct kb_node *item);

/*
 * The numbers of the items in which a block begins, as its first text; true
 * if there were any, with *context being that of the first of them.
 */
bool	kb_blocks_show_numbers(struct kb_blocks_walk *w, uint64_t text,
	    struct kb_str *context);

/* No number that is still pending will be shown any more. */
void	kb_blocks_drop_numbers(struct kb_blocks_walk *w);

/* A picture: its text, if it has one of its own. */
void	kb_blocks_picture(struct kb_blocks_walk *w,
	    const struct kb_node *picture);

/* An item is left: was it a step that is nothing but a picture? */
void	kb_blocks_check_step(struct kb_blocks_walk *w,
	    const struct kb_blocks_state *item);

/* ---- blocks_compose.c ---- */

/* Compose the block's text, see kb_chars_compose(), and mend its pieces. */
void	kb_blocks_compose(struct kb_blocks_walk *w);

/* ---- blocks_enter.c ---- */

/*
 * What an element that was just pushed means for what stands below it, and
 * what its end means; the latter pops it.
 */
void	kb_blocks_enter(struct kb_blocks_walk *w,
	    const struct kb_node *element, enum kb_role role);
void	kb_blocks_leave(struct kb_blocks_walk *w);

#endif /* KB_INDEXER_BLOCKS_IMPL_H */
