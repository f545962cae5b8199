/*
 * stretch: a passage's text without the numbers of its steps.  They are there
 * to be read, and no words of the article: neither searched nor compared, so
 * that a list is the same with other numbers or with none.  Used wherever
 * words are made of a passage.
 */
#ifndef KB_LIB_STRETCH_H
#define KB_LIB_STRETCH_H

#include "offmap.h"

struct kb_stretch {
	struct kb_str			 text;
	const struct kb_offmap		*map;	/* from the text to its source */
	size_t				 at, piece;
};

static inline struct kb_stretch
kb_stretch(struct kb_str text, const struct kb_offmap *map)
{
	struct kb_stretch it = { text, map, 0, 0 };
	return it;
}

/*
 * The next part of the text between two numbers, not empty, or false at the
 * end.  A number is a piece of the map that stands for its bytes as a whole,
 * at the start of a line, and ends in ". ".
 */
bool	kb_stretch_next(struct kb_stretch *it, struct kb_str *out);

#endif /* KB_LIB_STRETCH_H */
