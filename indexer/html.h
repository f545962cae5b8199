/*
 * html: a tokenizer after WHATWG HTML 13.2.5 and a small tree builder after
 * 13.2.6: implied end tags, void and raw text elements, the formatting and
 * table rules that change which text a reader sees.  Not libxml2's HTML
 * parser: that one keeps no byte ranges and loses text on real pages
 * (docs/ARCHITECTURE.md has the figures).  Never fails on content: any bytes
 * give a tree.
 */
#ifndef KB_INDEXER_HTML_H
#define KB_INDEXER_HTML_H

#include "diag.h"
#include "kb/status.h"
#include "tree.h"

#define KB_HTML_MAX_DEPTH	4096	/* deeper elements become siblings */
#define KB_HTML_MAX_ATTRS	256	/* further ones of a tag are dropped */

struct kb_html_opts {
	bool	fragment;	/* a piece of a body: no html/head/body made */
	bool	comments;	/* keep comment nodes */
	bool	body;		/* with fragment: parts of tables that are in
				   no table are no elements, as in a body */
	size_t	sealed;		/* with fragment: what opens in so many bytes
				   at the beginning is closed by no tag */
};

/*
 * Parse valid UTF-8 into a tree in "arena".  *root is a synthetic element
 * named "#document" (depth 0) whose range is the whole text.  For a document
 * its only element child is "html" with "head" and "body", whether written
 * or not (a made-up element has start == end); for a fragment the content
 * stands directly below the root.
 *   The content of script, style, xmp, iframe, noembed, noframes, title and
 * textarea is raw or RCDATA text as the standard says (noscript is parsed as
 * ordinary elements: scripting is off).  Elements below svg and math keep
 * their names; <template> content stands below the template element.
 *   Text and elements that a table cannot hold stand before it, as in a
 * browser: there, offsets do not ascend in document order.  An end tag of a
 * formatting element takes that element alone off the stack where a block is
 * open inside of it (html_build.h tells all simplifications).  A fragment
 * keeps rows and cells that come without their table.
 *   A NUL in text is dropped (raw text, svg and math: U+FFFD), CR and CR LF
 * become LF, references are decoded with the full named list of the standard.
 * Errors: KB_NOMEM; KB_LIMIT when the arena's cap is reached.
 */
enum kb_status	kb_html_parse(struct kb_node **root, struct kb_str text,
		    const struct kb_html_opts *opts, struct kb_arena *arena,
		    const struct kb_diag_sink *sink, struct kb_err *err);

/*
 * The text of a named reference ("nbsp" without & and ;), or the empty
 * slice.  Used by the XML reader for documents that use HTML's names.
 */
struct kb_str	kb_html_entity(struct kb_str name);

#endif /* KB_INDEXER_HTML_H */
