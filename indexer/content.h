/*
 * content: which part of a page of HTML is its article.  Markup goes first
 * (kb_html_main).  Where it says nothing, the container is chosen that holds
 * nearly all words of the page's own: words in no link (Gibson, Wellner and
 * Lubar 2007; Kohlschuetter, Fankhauser and Nejdl 2010 on link density) and in
 * no text that repeats over the pages of its group (furniture.h).  What is
 * left out is whole elements: each leaves a gap, which no passage spans.
 *
 * To lose text is worse than to keep furniture: a step is not taken where
 * words of the page's own would go with it, and a choice that would leave
 * less than it drops is taken back.
 */
#ifndef KB_INDEXER_CONTENT_H
#define KB_INDEXER_CONTENT_H

#include "furniture.h"
#include "kb/status.h"
#include "tree.h"

/* kb_node.left_out */
enum kb_left {
	KB_LEFT_NOT,
	KB_LEFT_LINKS,		/* its links count, its text does not */
	KB_LEFT_ALL
};

/*
 * *main is the element of the main content; elements below it that are no
 * content are marked.  "furniture" may be NULL, "path" is the file's.  With
 * "marked" true only markup counts.  Errors: KB_NOMEM.
 */
enum kb_status	kb_content_choose(struct kb_node **main, struct kb_node *root,
		    const struct kb_furniture *furniture, struct kb_str path,
		    bool marked, struct kb_arena *arena, struct kb_err *err);

/* True if the element or one around it is marked. */
bool		kb_content_left_out(const struct kb_node *node);

#endif /* KB_INDEXER_CONTENT_H */
