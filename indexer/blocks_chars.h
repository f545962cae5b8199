/*
 * blocks_chars: single characters as a reader sees them: which are white
 * space, which nobody sees, and how text is composed.  Used by the block
 * builder and by hidden.c.
 */
#ifndef KB_INDEXER_BLOCKS_CHARS_H
#define KB_INDEXER_BLOCKS_CHARS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "kb/str.h"

/* What a character that nobody sees is there for. */
enum kb_unseen {
	KB_UNSEEN_NONE,		/* it is seen, or shapes what is */
	KB_UNSEEN_LAYOUT,	/* soft hyphen, zero width, direction mark:
				   in most texts for good reasons */
	KB_UNSEEN_OVERRIDE,	/* turns the order of letters around */
	KB_UNSEEN_CODE		/* tag character or variation selector behind
				   nothing to vary: can only spell things */
};

/* False for bytes that neither begin white space nor anything unseen. */
extern const bool kb_chars_stop[256];

/*
 * Bytes of the character at s.p[i], i < s.n, if it is not seen, and what it
 * is; else 0.  "before" is the text that it follows without a gap: a joiner
 * counts where a script or an emoji sequence needs it, up to six tags behind
 * a black flag, a variation selector behind what it can vary (Unicode 15,
 * chapters 9 and 23; UTS 51).
 */
size_t	kb_chars_unseen(struct kb_str s, size_t i, struct kb_str before,
	    enum kb_unseen *what);

/* The last code point of "s", or 0. */
uint32_t kb_chars_last(struct kb_str s);

/*
 * The next stretch of s, from *at on, that stays as it is, and behind it one
 * that is composed to NFC and has its Latin ligatures (U+FB00 to U+FB06)
 * taken apart: [*from, *to) of s becomes "out", which is cleared before.
 * False, with *from = s.n, when there is none.  A letter with more than 60
 * marks stays as it is.
 */
bool	kb_chars_compose(struct kb_str s, size_t at, size_t *from,
	    size_t *to, struct kb_buf *out);

#endif /* KB_INDEXER_BLOCKS_CHARS_H */
