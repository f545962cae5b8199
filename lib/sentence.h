/*
 * sentence: where sentences end.  Rules, not a model: a full stop, question
 * or exclamation mark (also the CJK ones), closing quotes and brackets, then
 * white space and something that can begin a sentence; not behind a known
 * abbreviation, an initial or a number that begins the sentence ("1.").
 * A newline always ends one.  Used to cut passages and to choose quotes.
 */
#ifndef KB_LIB_SENTENCE_H
#define KB_LIB_SENTENCE_H

#include "kb/str.h"
#include "offmap.h"

/*
 * The end of the sentence that begins at "from" (white space at the end not
 * counted), from < text.n.  Always > from.
 */
size_t	kb_sentence_end(struct kb_str text, size_t from);

/*
 * The same for text with a map to its source: never inside of a piece that
 * stands for its bytes as a whole, such as a step's number or a picture's alt
 * text, for such a sentence could not be found there.
 */
size_t	kb_sentence_end_mapped(struct kb_str text,
	    const struct kb_offmap *map, size_t from);

/*
 * The first offset at or behind "at" that is neither white space nor the bar
 * between two cells of a row (" | "), or text.n.
 */
size_t	kb_sentence_start(struct kb_str text, size_t at);

#endif /* KB_LIB_SENTENCE_H */
