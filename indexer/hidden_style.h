/*
 * hidden_style: what an inline style hides (CSS 2.2; Backgrounds, Color and
 * Masking Level 3 and 1).  A style sheet is not looked at: what a class does
 * is not known here.  Used by visible.c and hidden.c.
 */
#ifndef KB_INDEXER_HIDDEN_STYLE_H
#define KB_INDEXER_HIDDEN_STYLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tree.h"

/* Why nobody sees an element. */
enum kb_hiding {
	KB_HIDING_NONE,
	KB_HIDING_ATTRIBUTE,	/* hidden */
	KB_HIDING_ARIA,		/* aria-hidden */
	KB_HIDING_DISPLAY,	/* display: none */
	KB_HIDING_VISIBILITY,
	KB_HIDING_OPACITY,
	KB_HIDING_SIZE,		/* no size, or no size of its letters */
	KB_HIDING_PLACE,	/* off the page, or clipped away */
	KB_HIDING_COLOUR,	/* none, or that of its own ground */
	KB_HIDING_READER,	/* by a class that is for screen readers */
	KB_HIDING_N
};

/* "display:none", "the colour of its background", ... */
const char	*kb_hiding_name(enum kb_hiding hiding);

/*
 * What the style attribute of "element" does to it.  Letters of no size hide
 * nothing where an element below gives itself a size again.
 */
enum kb_hiding	 kb_style_hides(const struct kb_node *element,
		    struct kb_str style);

/*
 * True if what stands below decides whether the element is hidden: its
 * letters have no size.
 */
bool		 kb_style_resized(const struct kb_node *element);

/*
 * The colour of an element's text, 0xrrggbb, from its style or an attribute
 * of HTML's; -1 if it gives none, or one that is not known here.
 */
int32_t		 kb_style_ink(const struct kb_node *element);

/*
 * True if the element gives itself a background, whose colour is set.
 */
bool		 kb_style_ground(const struct kb_node *element,
		    int32_t *colour);

/* True for two colours (0xrrggbb) that nobody tells apart. */
bool		 kb_style_alike(int32_t a, int32_t b);

#endif /* KB_INDEXER_HIDDEN_STYLE_H */
