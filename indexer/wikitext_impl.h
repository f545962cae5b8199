/*
 * wikitext_impl: what the parts of the wikitext parser share: wikitext.c
 * keeps the open elements, wikitext_line.c knows what begins a line,
 * wikitext_inline.c what stands inside of one, wikitext_link.c and
 * wikitext_tag.c brackets and tags, wikitext_brace.c templates.  Private to
 * them.
 */
#ifndef KB_INDEXER_WIKITEXT_IMPL_H
#define KB_INDEXER_WIKITEXT_IMPL_H

#include "wikitext.h"

#define KB_WIKI_AHEAD	1000	/* bytes looked ahead, at most */

/* In a heading that is a tag: "==" at its end is text. */
#define KB_WIKI_BY_TAG	KB_STR("bytag")

enum kb_wiki_kind {
	KB_WIKI_ROOT,
	KB_WIKI_P,
	KB_WIKI_INDENT,
	KB_WIKI_HEADING,
	KB_WIKI_LIST,
	KB_WIKI_ITEM,
	KB_WIKI_TABLE,
	KB_WIKI_ROW,
	KB_WIKI_CELL,
	KB_WIKI_CAPTION,
	KB_WIKI_TEMPLATE,
	KB_WIKI_ARG,
	KB_WIKI_FILE,
	KB_WIKI_FIGURE,		/* a file's caption */
	KB_WIKI_LINK,
	KB_WIKI_WEBLINK,
	KB_WIKI_URL,
	KB_WIKI_STYLE,		/* b and i */
	KB_WIKI_TAG,		/* an HTML element in a line */
	KB_WIKI_BLOCK,		/* an HTML element that holds lines */
	KB_WIKI_RAW
};

struct kb_wiki_open {
	struct kb_node		*node;
	enum kb_wiki_kind	 kind;
	bool			 scope;	/* lines in it are its own: what is
					   around it stays open */
};

struct kb_wiki_match {
	size_t	open, end;	/* of "{{...}}", end behind it */
	bool	parameter;	/* "{{{...}}}" */
};

struct kb_wiki {
	const char			*p;
	size_t				 n, at;
	const struct kb_wikitext_opts	*opts;
	struct kb_wikitext_told		*told;	/* may be NULL */
	struct kb_arena			*arena;
	bool				 bol;	/* at begins a line */
	bool				 failed;
	size_t				 newline; /* the one before it */
	size_t				 heading_end; /* of its text, or 0 */
	size_t				 heading_line; /* the end of its line */
	struct kb_wiki_open		 open[KB_WIKITEXT_DEPTH];
	size_t				 depth;	/* at least 1 */
	struct kb_wiki_match		*match;	/* ascending */
	size_t				 nmatch, match_at;
	size_t				 categories_size;
	struct kb_str			 unclosed[8]; /* tags without an end
					   behind here */
	size_t				 nunclosed;
};

static inline struct kb_wiki_open *
kb_wiki_top(struct kb_wiki *w)
{
	return &w->open[w->depth - 1];
}

/* The byte at w->at + i, or NUL. */
static inline char
kb_wiki_peek(const struct kb_wiki *w, size_t i)
{
	return i < w->n - w->at ? w->p[w->at + i] : '\0';
}

static inline bool
kb_wiki_looking_at(const struct kb_wiki *w, size_t at, const char *s)
{
	size_t n = strlen(s);

	return at <= w->n && n <= w->n - at && memcmp(w->p + at, s, n) == 0;
}

/* ---- wikitext.c: open elements ---- */

/* False where it would be too deep. */
bool	kb_wiki_push(struct kb_wiki *w, enum kb_wiki_kind kind,
	    struct kb_str name);
void	kb_wiki_pop(struct kb_wiki *w, size_t depth);	/* down to "depth" */

/* The depth of the innermost element that holds lines: open[it] is that. */
size_t	kb_wiki_scope(const struct kb_wiki *w);

/*
 * The innermost open element of one of these kinds (bits), looking no
 * further than the first of the kinds "stop"; 0 for none.
 */
size_t	kb_wiki_find(const struct kb_wiki *w, unsigned kinds, unsigned stop);
#define KB_WIKI_BIT(kind)	(1u << (kind))

/* Bytes of the text as text. */
void	kb_wiki_text(struct kb_wiki *w, size_t from, size_t to);
/* Text that stands for [from, to) as a whole. */
void	kb_wiki_whole(struct kb_wiki *w, struct kb_str text, size_t from,
	    size_t to);
/* kb_wiki_text() with character references decoded. */
void	kb_wiki_refs(struct kb_wiki *w, size_t from, size_t to);
/* A paragraph, if text that comes now belongs into one. */
void	kb_wiki_begin_text(struct kb_wiki *w);
/* Out of the paragraph: what comes is a block, perhaps in an item. */
void	kb_wiki_begin_block(struct kb_wiki *w);
void	kb_wiki_attr(struct kb_wiki *w, struct kb_node *node,
	    struct kb_str name, struct kb_str value);

/* In lower case, trimmed, "_" for spaces, behind "prefix"; in the arena. */
struct kb_str	kb_wiki_name(struct kb_wiki *w, const char *prefix,
	    struct kb_str s);

/* ---- wikitext_line.c ---- */

/* w->bol: take what begins the line; clears it where text comes now. */
void	kb_wiki_line(struct kb_wiki *w);
/* Find where the text of the heading ends that is open at w->at. */
void	kb_wiki_heading_end(struct kb_wiki *w);
/* A fragment begins here, in the elements that are open. */
void	kb_wiki_begin_inside(struct kb_wiki *w);
/* The newline at w->at. */
void	kb_wiki_newline(struct kb_wiki *w);
/* True if "||" or "!!" at w->at begins a cell, which is then open. */
bool	kb_wiki_next_cell(struct kb_wiki *w);
size_t	kb_wiki_line_end(const struct kb_wiki *w, size_t from);

/* ---- wikitext_inline.c ---- */

/* Whatever is at w->at, up to the next thing that may be markup. */
void	kb_wiki_inline(struct kb_wiki *w);

/* ---- wikitext_link.c: false where it is no markup ---- */

bool	kb_wiki_open_bracket(struct kb_wiki *w);
bool	kb_wiki_close_bracket(struct kb_wiki *w);
bool	kb_wiki_file_bar(struct kb_wiki *w);
/* A file's alt text is open, if any figure is: the rest of it, plain. */
void	kb_wiki_alt_rest(struct kb_wiki *w);
/* An URL whose scheme stands at "from" and whose colon at w->at. */
void	kb_wiki_url(struct kb_wiki *w, size_t from);
void	kb_wiki_url_rest(struct kb_wiki *w);
bool	kb_wiki_is_scheme(struct kb_str s);

/* ---- wikitext_tag.c ---- */

/* A comment, a tag, an element that is raw or left out. */
bool	kb_wiki_tag(struct kb_wiki *w);
/* A raw element is open: its content, and its end. */
void	kb_wiki_raw(struct kb_wiki *w);
bool	kb_wiki_is_raw(struct kb_str name);
bool	kb_wiki_is_block(struct kb_str name);
/*
 * Behind the end tag of an element whose content is left out and whose start
 * tag's name is "name", ending before "from"; 0: it is none, or has no end.
 */
size_t	kb_wiki_gone_end(struct kb_wiki *w, struct kb_str name, size_t from);
/* The end of a comment that begins at "at". */
size_t	kb_wiki_comment_end(const struct kb_wiki *w, size_t at);
/* The letters of the tag at "at", behind '<' and '/'. */
struct kb_str	kb_wiki_tag_name(const struct kb_wiki *w, size_t at);
/* Attributes as they stand in a table's lines. */
void	kb_wiki_attrs(struct kb_wiki *w, struct kb_node *node,
	    struct kb_str attrs);

/* ---- wikitext_brace.c ---- */

/* Find the pairs of braces from "from" on, before anything is parsed. */
void	kb_wiki_match_braces(struct kb_wiki *w, size_t from);
bool	kb_wiki_open_brace(struct kb_wiki *w);
bool	kb_wiki_close_brace(struct kb_wiki *w);
bool	kb_wiki_template_bar(struct kb_wiki *w);

#endif /* KB_INDEXER_WIKITEXT_IMPL_H */
