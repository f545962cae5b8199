/*
 * ground: what of a question a passage covers, and which of its sentences
 * says it best.
 */
#ifndef KB_LIB_GROUND_H
#define KB_LIB_GROUND_H

#include "handle.h"
#include "offmap.h"
#include "question.h"

struct kb_grounding {
	double		coverage;	/* share of the question's idf mass */
	size_t		quote, quote_n;	/* in the passage's text, bytes */
};

/*
 * "head" is title and headings, "text" the passage's text, of which the first
 * "lead" bytes are headings; "lang" the article's language, "map" leads from the
 * text to its source (without pieces: the same bytes).  The quote is the
 * sentence of the text with the greatest share of the mass (the earlier of
 * equals), and the next one where that adds to it; the first sentence where
 * none has a term; never empty unless the text is.
 */
enum kb_status	kb_ground(struct kb_grounding *out, struct kb_index *index,
		    const struct kb_question *question, struct kb_str head,
		    struct kb_str text, const struct kb_offmap *map,
		    size_t lead, struct kb_str lang, struct kb_err *err);

#endif /* KB_LIB_GROUND_H */
