/*
 * blocks: from a tree to the blocks of an article: headings, paragraphs,
 * items, rows, code and notes in reading order, white space as a reader sees
 * it, each with a map from its text to the bytes it stands in.
 */
#ifndef KB_INDEXER_BLOCKS_H
#define KB_INDEXER_BLOCKS_H

#include "buf.h"
#include "dialect.h"
#include "hidden.h"
#include "record.h"
#include "tree.h"

struct kb_blocks_opts {
	const struct kb_dialect	*dialect;
	bool			 html;	/* what HTML hides is left out */
	unsigned		 part;	/* index into rec->parts */
	const struct kb_node	*title;	/* left out: it is the title; or NULL */
	const struct kb_node	*properties; /* left out: a table that is
					   metadata; or NULL */
	const struct kb_offmap	*map;	/* from the tree's ranges to the
					   file's; NULL: the same */
	bool			 pre, row; /* the tree is a part of code, of
					   a row: see "#pre" in span.c */
	bool			 whole;	/* page furniture counts, too: only
					   what nobody sees is left out, and
					   nothing is added: no numbers, no
					   alt texts */
	struct kb_hidden	*hidden; /* told of what nobody sees; or
					   NULL */
	uint64_t		 from;	/* elements that begin before it are
					   a context that was opened again */
	/*
	 * With "context" not NULL it gets the context of the text that holds
	 * the tree's byte "place": see kb_span_context().
	 */
	uint64_t		 place;
	struct kb_str		*context;
};

/*
 * Append the blocks and links below "body" to the record.  Blocks follow
 * rec->parts[part].autop.  Without opts->html the first heading below body
 * that says what the record's title says is left out.  Errors: KB_NOMEM.
 */
enum kb_status	kb_blocks_build(struct kb_record *rec,
		    const struct kb_node *body,
		    const struct kb_blocks_opts *opts, struct kb_err *err);

/*
 * The text of blocks as a passage holds it: joined by newlines.
 */
void		kb_blocks_text(const struct kb_block *first,
		    const struct kb_block *end, struct kb_buf *out);

/*
 * Cut ":4a-", how a list counts on, off a name of a context; the empty slice
 * where there is none.
 */
struct kb_str	kb_context_count(struct kb_str *name);

#endif /* KB_INDEXER_BLOCKS_H */
