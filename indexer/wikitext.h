/*
 * wikitext: MediaWiki's markup as a tree, with the byte range of every text,
 * for kb_blocks_build().  Extract reads pages with it, span reads passages
 * again.  Written after MediaWiki's help pages on formatting, links, lists,
 * tables and templates, and what its parser does with them.
 *
 * Nothing is expanded: a wiki's templates are not in a page.  Elements:
 *
 *	p, indent (a line that begins with a space), h1 to h6, hr
 *	list, steps, dlist of item, item, and term and def
 *	wikitable of caption and wikirow of td and th
 *	b, i, link ([[page]]), target (of a link, where that is its text),
 *	weblink ([http://...]), url
 *	link:NAMESPACE for pages of a namespace that the dialect lists; where
 *	its role is skip the link is left out (categories, languages), else
 *	it is a file, with alt (of a thumbnail figalt), imagealt and
 *	figcaption
 *	template:NAME for templates that the dialect lists, of arg1, arg2 and
 *	so on, and named for arguments with a name; others are left out
 *	nowiki, pre, syntaxhighlight and so on, whose content is raw
 *	HTML's elements that wikitext allows, by their names
 *
 * Names are in lower case, with "_" for a space.
 *
 * What a byte means follows from the elements that are open and from at most
 * a few hundred bytes behind it, never from whether something is closed far
 * below: so a passage reads the same without what stood behind it.  An
 * exception are templates that the dialect does not list: those that end are
 * left out, others are text.
 *
 * Two names tell a fragment more: "cell" is a cell of a table for looks,
 * and "bytag" is in a heading that is written as a tag.
 */
#ifndef KB_INDEXER_WIKITEXT_H
#define KB_INDEXER_WIKITEXT_H

#include "dialect.h"
#include "kb/status.h"
#include "tree.h"

#define KB_WIKITEXT_DEPTH	200	/* deeper elements are not made */

struct kb_wikitext_opts {
	const struct kb_dialect	*dialect;
	uint64_t		 base;	/* added to all ranges */
	/*
	 * A fragment: the names of the elements that are open where it
	 * begins, outermost first, separated by spaces.  It begins in the
	 * middle of a line.
	 */
	bool			 fragment;
	struct kb_str		 context;
};

/* What a page says beside its text.  All zero before. */
struct kb_wikitext_told {
	struct kb_str	*categories;	/* in "arena" */
	size_t		 ncategories;
	size_t		 left_out;	/* templates that were left out with
					   a sentence's worth of text */
	struct kb_str	 left_name;	/* the first one's */
};

/*
 * Parse valid UTF-8 into a tree in "arena" whose root is "#document".  Time
 * and memory are linear in the text.  Never fails on content: what is no
 * markup is text.  "told" may be NULL.  Errors: KB_NOMEM.
 */
enum kb_status	kb_wikitext_parse(struct kb_node **root, struct kb_str text,
		    const struct kb_wikitext_opts *opts,
		    struct kb_wikitext_told *told, struct kb_arena *arena,
		    struct kb_err *err);

#endif /* KB_INDEXER_WIKITEXT_H */
