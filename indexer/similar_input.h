/*
 * similar_input: what a draft is: its words and what it is called, from a
 * record that was read as a build reads it, or from plain text or Markdown.
 * Used by cmd_similar.c.
 */
#ifndef KB_INDEXER_SIMILAR_INPUT_H
#define KB_INDEXER_SIMILAR_INPUT_H

#include "buf.h"
#include "corpus.h"
#include "prepare.h"

#define KB_DRAFT_MAX	((size_t)64 << 20)	/* bytes of plain text */

struct kb_draft {
	struct kb_str	place;		/* path, or path/member */
	size_t		record;		/* in the file, from 1; 0: it is one */
	struct kb_str	id, title;	/* may be empty */
	struct kb_buf	words;		/* as shingle.h has them */
};

void		kb_draft_release(struct kb_draft *draft);

/*
 * The draft in a record; its strings are in "corpus", which also chooses its
 * id.  To be released in any case.
 */
enum kb_status	kb_draft_of_record(struct kb_draft *out,
		    struct kb_corpus *corpus, const struct kb_file *file,
		    const struct kb_prepared *prepared, struct kb_err *err);

/* Whether the name says plain text: .txt, .text, .md, .markdown, or "-". */
bool		kb_draft_is_text(const char *path);

/*
 * The draft in a text, called "path" and without an id.  Numbers that begin a
 * line are steps' and no words, as in an index.  Of Markdown, a first line
 * that is a heading is the title, and where links lead to is no text.  Strings
 * are in "arena".  KB_INPUT for bytes that are not UTF-8.
 */
enum kb_status	kb_draft_of_text(struct kb_draft *out, const char *path,
		    struct kb_str text, struct kb_arena *arena,
		    struct kb_err *err);

#endif /* KB_INDEXER_SIMILAR_INPUT_H */
