/*
 * tree: what the readers of HTML and XML make of foreign bytes, and what the
 * profiles and the block builder walk.  One tree a record, all of it in one
 * arena.  Every node carries the half-open range of bytes that it came from,
 * counted in the bytes that the reader was given.
 *
 * A text node is one of two things: its text is byte for byte what stands at
 * [start, end) (end - start == text.n), or it is what one indivisible thing
 * there stands for: a character reference, a CR LF, a replaced NUL.  A reader
 * splits its text nodes so that this holds; neighbours are then the pieces of
 * one run of text.
 *
 * Whoever walks a tree does it without recursion: its depth is hostile.
 */
#ifndef KB_INDEXER_TREE_H
#define KB_INDEXER_TREE_H

#include <stdint.h>

#include "arena.h"
#include "kb/str.h"

enum kb_node_kind {
	KB_NODE_ELEMENT,
	KB_NODE_TEXT,
	KB_NODE_COMMENT
};

struct kb_attr {
	struct kb_str	 name;		/* HTML: in lower case */
	struct kb_str	 value;		/* references decoded */
	struct kb_attr	*next;
};

struct kb_node {
	enum kb_node_kind kind;
	struct kb_str	 name;		/* element: qualified name as written,
					   HTML's in lower case; text: of a
					   CDATA section "#cdata", of an
					   entity that the file declares a
					   word of declared.h */
	struct kb_str	 text;		/* text and comment */
	struct kb_attr	*attrs;
	struct kb_node	*parent, *first, *last, *next;
	uint64_t	 start;		/* element: its '<' */
	uint64_t	 end;		/* element: behind its end tag, or
					   where it was closed */
	uint32_t	 line;		/* of start, from 1 */
	uint32_t	 depth;		/* the root's is 0 */
	uint8_t		 mark;		/* bytes at start that say what it is,
					   for "<name" 0 */
	bool		 fostered;	/* HTML: moved in front of the table
					   that it was written in */
	bool		 foreign;	/* HTML: of svg or math, whatever its
					   name */
	bool		 apart;		/* its bytes alone do not tell what
					   it is.  HTML: a part of a table
					   ended it.  Wikitext: what stands
					   behind made it a heading */
	uint8_t		 left_out;	/* HTML: enum kb_left (content.h) */
};

/* A new node at the end of "parent"'s children (NULL: a root). */
struct kb_node	*kb_node_new(struct kb_arena *arena, struct kb_node *parent,
		    enum kb_node_kind kind);

/* The attribute's value, or the empty slice; *found may be NULL. */
struct kb_str	 kb_node_attr(const struct kb_node *node, struct kb_str name,
		    bool *found);

/* The next node in document order below "top", or NULL at the end. */
struct kb_node	*kb_node_next(const struct kb_node *node,
		    const struct kb_node *top);
/* The same, passing over what is below "node". */
struct kb_node	*kb_node_skip(const struct kb_node *node,
		    const struct kb_node *top);

/*
 * All text below "node", in order, copied into "arena".  At most "max" bytes
 * (cut between two code points).
 */
struct kb_str	 kb_node_text(struct kb_arena *arena,
		    const struct kb_node *node, size_t max);

#endif /* KB_INDEXER_TREE_H */
