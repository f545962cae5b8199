/*
 * html_token: the tokenizer of WHATWG HTML 13.2.5, with the byte range of
 * every token.  Private to the HTML reader: html*.c.
 *
 * Text comes in pieces as tree.h wants them: a slice of the input as it
 * stands there, or what one reference, CR, CR LF or NUL stands for.  Nothing
 * is copied unless it had to be changed.
 */
#ifndef KB_INDEXER_HTML_TOKEN_H
#define KB_INDEXER_HTML_TOKEN_H

#include <stdint.h>

#include "buf.h"
#include "html_tag.h"
#include "tree.h"

enum kb_html_token_kind {
	KB_TOKEN_EOF,
	KB_TOKEN_TEXT,
	KB_TOKEN_START,
	KB_TOKEN_END,
	KB_TOKEN_COMMENT,
	KB_TOKEN_DOCTYPE
};

struct kb_html_token {
	enum kb_html_token_kind kind;
	enum kb_html_tag tag;
	struct kb_str	 name;		/* of a tag, in lower case */
	struct kb_str	 text;		/* of text and comments */
	struct kb_attr	*attrs;
	size_t		 start, end;	/* in the input */
	bool		 self_closing;
	bool		 cdata;		/* the text is in a CDATA section */
	bool		 nul;		/* the text is one NUL of the data
					   state: the tree builder's choice */
};

/* The tokenizer's states between tokens. */
enum kb_html_state {
	KB_HTML_DATA,
	KB_HTML_RCDATA,		/* title, textarea: references count */
	KB_HTML_RAWTEXT,
	KB_HTML_SCRIPT,
	KB_HTML_PLAINTEXT,
	KB_HTML_CDATA
};

struct kb_html_tokenizer {
	const char	*p;
	size_t		 n, at;
	struct kb_arena	*arena;
	struct kb_buf	 scratch;	/* an attribute's value being decoded */
	enum kb_html_state state;
	size_t		 raw_end;	/* where raw text ends */
	bool		 foreign;	/* in svg or math: CDATA is allowed */
	size_t		 dropped;	/* attributes past the cap */
};

/* "text" is borrowed for as long as the tokens and the arena's nodes live. */
void	kb_html_tokenizer_init(struct kb_html_tokenizer *tk,
	    struct kb_str text, struct kb_arena *arena);
void	kb_html_tokenizer_release(struct kb_html_tokenizer *tk);

/*
 * The next token.  After KB_TOKEN_EOF it is KB_TOKEN_EOF again.  Memory that
 * ran out shows in the arena.
 */
void	kb_html_tokenizer_next(struct kb_html_tokenizer *tk,
	    struct kb_html_token *tok);

/*
 * The tree builder opened an element whose content is raw up to the end tag
 * of that name: what follows is tokenized so.
 */
void	kb_html_tokenizer_raw(struct kb_html_tokenizer *tk,
	    enum kb_html_state state, enum kb_html_tag tag);

/* ---- html_raw.c ---- */

/* Offset of the end tag that ends raw text from "at" on, or n. */
size_t	kb_html_raw_end(const char *p, size_t n, size_t at,
	    struct kb_str name);
/* The same for a script, whose comments may hold "</script>". */
size_t	kb_html_script_end(const char *p, size_t n, size_t at);

/* ---- html_ref.c ---- */

struct kb_html_entity_entry {
	char	name[32];
	char	value[7];	/* UTF-8 */
	uint8_t	bare;		/* may stand without its semicolon */
};

extern const struct kb_html_entity_entry kb_html_entities[];
extern const size_t kb_html_nentities;

struct kb_html_ref {
	char		buf[8];
	struct kb_str	value;	/* in buf or static */
};

/*
 * The character reference at p[at] == '&'.  Returns the bytes it takes, or
 * 0 when the ampersand stands for itself.
 */
size_t	kb_html_ref_decode(const char *p, size_t n, size_t at,
	    bool in_attribute, struct kb_html_ref *out);

static inline bool
kb_html_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r';
}

static inline bool
kb_html_alpha(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

#endif /* KB_INDEXER_HTML_TOKEN_H */
