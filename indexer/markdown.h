/*
 * markdown: foreign text written as Markdown (CommonMark, and GitHub's
 * additions) so that it reads as it is and nothing more: no markup of its
 * own, no links, no HTML, no lines.  But for addresses of mail: those GitHub
 * links to themselves, escaped or not.  Used by plan.
 */
#ifndef KB_INDEXER_MARKDOWN_H
#define KB_INDEXER_MARKDOWN_H

#include "buf.h"
#include "kb/str.h"

/*
 * One line in the making, which may stand at the beginning of a line of the
 * file.  All zero but "out" is its beginning.
 */
struct kb_md {
	struct kb_buf	*out;
	bool		 begun;		/* something was written */
	bool		 space;		/* white space is due */
	bool		 digits;	/* nothing but digits so far */
	char		 last;		/* ASCII character, or a letter */
};

/* White space becomes single spaces, control characters are made visible. */
void	kb_md_piece(struct kb_md *md, struct kb_str text);

/* The same in bold, or plain where Markdown could not mark it. */
void	kb_md_bold(struct kb_md *md, struct kb_str text, char next);

/* A text inside of a line; "cut" cells at most, 0: all of it. */
void	kb_md_line(struct kb_buf *out, struct kb_str text, size_t cut);

/* A text that is a line, or begins one. */
void	kb_md_block(struct kb_buf *out, struct kb_str text);

/* [text](url) if the URL may be followed (http, https), else text. */
void	kb_md_link(struct kb_buf *out, struct kb_str text, struct kb_str url);

/* An id or an address as it is, in a monospaced face, never a link. */
void	kb_md_verbatim(struct kb_buf *out, struct kb_str text);

/*
 * Text with lines as a block of code, each line behind "prefix"; the fence is
 * longer than any inside.
 */
void	kb_md_code(struct kb_buf *out, const char *prefix,
	    struct kb_str text);

#endif /* KB_INDEXER_MARKDOWN_H */
