/*
 * html_build: the tree builder's state and its stack of open elements.
 * Private to the HTML reader: html.c (documents), html_body.c, html_table.c,
 * html_foreign.c (rules), html_stack.c.
 *
 * After WHATWG HTML 13.2.6, with these simplifications; none changes which
 * text there is (docs/EXTRACTION.md: against parse5), nor its order, but for
 * some misnested tables in links:
 *
 *  - The insertion mode is not a state of its own.  Every open element knows
 *    the mode that holds while it is the current node, which is what "reset
 *    the insertion mode appropriately" would find.
 *  - There is no list of active formatting elements, thus no adoption
 *    agency: an end tag </b> closes the inline elements inside of <b>, but
 *    not formatting that stands directly in it; where a block stands in
 *    between, <b> is taken off the stack alone and the block stays open,
 *    also inside of an inline element that is not seen.  Formatting is not
 *    opened again in a later block.
 *  - Forms nest; only table parts cannot hold one.  That the standard
 *    ignores a form inside of a form, even of one whose element has been
 *    closed, is nothing that a span read alone could know.
 *  - No quirks mode: a table always closes a p.  What a span says must not
 *    depend on its page's DOCTYPE.
 *
 * The stack is searched in constant time.  Each entry knows the nearest
 * entry at or below it that bounds each kind of scope, and open elements of
 * one name are chained: "has an element in scope" compares two indices.
 */
#ifndef KB_INDEXER_HTML_BUILD_H
#define KB_INDEXER_HTML_BUILD_H

#include "html.h"
#include "html_token.h"

enum kb_html_mode {
	KB_MODE_BEFORE_HEAD,
	KB_MODE_IN_HEAD,
	KB_MODE_NOSCRIPT,	/* noscript in head */
	KB_MODE_AFTER_HEAD,
	KB_MODE_BODY,
	KB_MODE_TEXT,		/* in an element with raw text */
	KB_MODE_TABLE,
	KB_MODE_CAPTION,
	KB_MODE_COLGROUP,
	KB_MODE_TBODY,
	KB_MODE_ROW,
	KB_MODE_CELL,
	KB_MODE_SELECT,
	KB_MODE_TEMPLATE,	/* also a fragment's root */
	KB_MODE_FRAMESET,
	KB_MODE_AFTER_FRAMESET,
	KB_MODE_N
};

enum kb_html_ns { KB_NS_HTML, KB_NS_SVG, KB_NS_MATH };

/* Names that no rule knows are chained by hash; svg's and math's apart. */
#define KB_HTML_BUCKETS		512
#define KB_HTML_KEYS		(KB_TAG_N + 2 * KB_HTML_BUCKETS)

/* An open element.  The int32_t are indices into the stack; -1: none. */
struct kb_html_open {
	struct kb_node	*node;
	struct kb_node	*before;	/* table: the sibling before it */
	int32_t		 prev;		/* the next one below of its key */
	int32_t		 scope, list, button, table_scope; /* bounds */
	int32_t		 special;
	int32_t		 item;		/* special but address, div, p */
	int32_t		 marker;
	int32_t		 table, template, heading;
	int32_t		 html;		/* nearest in the HTML namespace */
	uint16_t	 key;
	uint16_t	 tag;
	uint8_t		 flags;		/* KB_HF_* */
	uint8_t		 mode;
	uint8_t		 ns;
	bool		 html_point;	/* HTML integration point */
	bool		 text_point;	/* MathML text integration point */
	bool		 made;		/* its tag was not written */
	bool		 dead;		/* taken out of the stack's middle */
};

struct kb_html_builder {
	struct kb_html_tokenizer tk;
	struct kb_html_token	 tok;
	struct kb_arena		*arena;
	const struct kb_html_opts *opts;
	struct kb_node		*root, *html, *head, *body;
	struct kb_html_open	*v;	/* the stack */
	int32_t			 n, size;
	int32_t			 base;	/* entries that nothing pops */
	int32_t			 last[KB_HTML_KEYS]; /* topmost of each key */
	size_t			 line_at; /* lines are counted up to here */
	uint32_t		 line;
	uint32_t		 deep;	/* elements that the depth cap moved */
	uint32_t		 deep_line;
	size_t			 body_end, html_end; /* of their end tags */
	bool			 nomem;
	bool			 skip_lf; /* a newline behind <pre> */
	bool			 no_frames;
	bool			 after_body;
	bool			 foster;	/* foster parenting is on */
	bool			 fostered;	/* the text just before was */
};

/* ---- html_stack.c ---- */

static inline struct kb_html_open *
kb_html_top(struct kb_html_builder *b)
{
	return &b->v[b->n - 1];
}

static inline bool
kb_html_top_is(struct kb_html_builder *b, enum kb_html_tag tag)
{
	const struct kb_html_open *e = kb_html_top(b);

	return e->tag == tag && e->ns == KB_NS_HTML;
}

/* A node at the place where the rules put it; NULL without memory. */
struct kb_node	*kb_html_attach(struct kb_html_builder *b,
		    enum kb_node_kind kind, size_t start, size_t end);
/* Open "node" as an element of the namespace. */
struct kb_html_open *kb_html_push(struct kb_html_builder *b,
		    struct kb_node *node, enum kb_html_tag tag,
		    enum kb_html_ns ns);
/* Close the current node; it ends at "end". */
void		 kb_html_pop(struct kb_html_builder *b, size_t end);
/* Close the entry "at" and what is above; only the entry ends at "end". */
void		 kb_html_close(struct kb_html_builder *b, int32_t at,
		    size_t end);
/* Take one entry out, wherever it stands. */
void		 kb_html_remove(struct kb_html_builder *b, int32_t at,
		    size_t end);

/* Topmost open element of a known name if the bound is not above, or -1. */
int32_t		 kb_html_in(struct kb_html_builder *b, enum kb_html_tag tag,
		    int32_t bound);
/* Topmost of an arbitrary name, at or above "bound", or -1. */
int32_t		 kb_html_find(struct kb_html_builder *b,
		    const struct kb_html_token *tok, bool foreign,
		    int32_t bound);

/* Insert an element for the token, or one that nobody wrote. */
struct kb_html_open *kb_html_open_token(struct kb_html_builder *b);
struct kb_html_open *kb_html_open_made(struct kb_html_builder *b,
		    enum kb_html_tag tag);
void		 kb_html_void(struct kb_html_builder *b);
/* The token's element, with raw text to come. */
void		 kb_html_open_raw(struct kb_html_builder *b,
		    enum kb_html_state state);
void		 kb_html_text(struct kb_html_builder *b);
void		 kb_html_comment(struct kb_html_builder *b,
		    struct kb_node *parent);
/* Cut leading white space off the text token; true if nothing is left. */
bool		 kb_html_cut_space(struct kb_html_builder *b, bool insert);
bool		 kb_html_blank(struct kb_str s);
/* Close elements whose end tag is implied, but not "except". */
void		 kb_html_implied(struct kb_html_builder *b,
		    enum kb_html_tag except);
/* Attributes of a second <html> or <body>. */
void		 kb_html_merge(struct kb_html_builder *b,
		    struct kb_node *node);

/*
 * ---- the rules ----
 * Each looks at the token; true means: look again, what is open has changed.
 */
bool	kb_html_by_mode(struct kb_html_builder *b, enum kb_html_mode mode);
bool	kb_html_in_head(struct kb_html_builder *b);
void	kb_html_template_end(struct kb_html_builder *b);
bool	kb_html_in_body(struct kb_html_builder *b);
bool	kb_html_in_table(struct kb_html_builder *b);
bool	kb_html_in_caption(struct kb_html_builder *b);
bool	kb_html_in_colgroup(struct kb_html_builder *b);
bool	kb_html_in_tbody(struct kb_html_builder *b);
bool	kb_html_in_row(struct kb_html_builder *b);
bool	kb_html_in_cell(struct kb_html_builder *b);
bool	kb_html_in_select(struct kb_html_builder *b);
bool	kb_html_in_template(struct kb_html_builder *b);
bool	kb_html_in_foreign(struct kb_html_builder *b);
bool	kb_html_is_foreign(struct kb_html_builder *b);
void	kb_html_open_foreign(struct kb_html_builder *b,
	    enum kb_html_ns ns);

#endif /* KB_INDEXER_HTML_BUILD_H */
