/*
 * xml_impl: what the parts of the XML reader share.  Private to
 * indexer/xml*.c and their test.
 *
 * The byte ranges come from a tokenizer of our own (xml_scan.c); libxml2
 * is fed the same bytes, a little behind it, and has the say whether they
 * are well-formed: no record is handed over before libxml2 has accepted its
 * end tag.  libxml2's events carry no ranges (characters() comes in pieces
 * of its own choice, with line ends and references already replaced), so
 * only its errors, its entity declarations and its count of open elements
 * are used.
 */
#ifndef KB_INDEXER_XML_IMPL_H
#define KB_INDEXER_XML_IMPL_H

#include <libxml/parser.h>

#include "buf.h"
#include "diag.h"
#include "offmap.h"
#include "table.h"
#include "tree.h"
#include "xml.h"

#define KB_XML_MAX_ATTRS	1000

/* ---- xml_scan.c: tokens ---- */

/* A place in the stream, carried along as bytes are passed. */
struct kb_xml_mark {
	uint64_t	off;
	uint64_t	line_start;
	uint32_t	line;		/* from 1 */
};

void		kb_xml_mark_pass(struct kb_xml_mark *mark,
		    struct kb_str bytes);
/* From 1, in bytes. */
uint32_t	kb_xml_mark_col(const struct kb_xml_mark *mark);

enum kb_xml_kind {
	KB_XML_MORE,		/* more bytes are needed to tell */
	KB_XML_TEXT,
	KB_XML_CDATA,
	KB_XML_OTHER,		/* comment, instruction, DOCTYPE */
	KB_XML_START,
	KB_XML_END,
	KB_XML_BAD		/* no markup that XML knows */
};

struct kb_xml_token {
	enum kb_xml_kind kind;
	bool		 empty;		/* a start tag that ends in "/>" */
	size_t		 n;		/* bytes of the token, at least 1 */
	struct kb_str	 body;		/* a tag's name, CDATA's inside */
};

/*
 * The token at the start of "s", which is not empty.  With "eof" nothing
 * follows "s", and the answer is never KB_XML_MORE.  A run of text without
 * an end in sight is cut where no reference, CR LF or character is split.
 */
struct kb_xml_token kb_xml_scan(struct kb_str s, bool eof);

/*
 * The next attribute of a start tag, "*at" being an offset in it (0 at
 * first): false when there is none.  "value" is as written.
 */
bool		kb_xml_next_attr(struct kb_str tag, size_t *at,
		    struct kb_str *name, struct kb_str *value);

/* ---- xml_build.c: nodes from tokens ---- */

struct kb_xml_entity;

struct kb_xml_entities {
	struct kb_arena		 arena;
	struct kb_table		 names;		/* to their numbers in "v" */
	struct kb_xml_entity	**v;
	size_t			 n, size;
};

void		kb_xml_entities_init(struct kb_xml_entities *ents);
void		kb_xml_entities_release(struct kb_xml_entities *ents);

/*
 * Note a declaration; "content" has its character references decoded.  Only
 * character data is kept: anything else is remembered as not usable.  The
 * first declaration of a name counts.
 */
void		kb_xml_entities_add(struct kb_xml_entities *ents,
		    struct kb_str name, struct kb_str content);

/* What nodes are made with; all zero but "arena" is fine. */
struct kb_xml_build {
	struct kb_arena			*arena;
	struct kb_node			*cur;	/* text goes below it */
	const struct kb_offmap		*map;	/* NULL: ranges as they are */
	const struct kb_xml_entities	*ents;	/* NULL: none */
	const struct kb_diag_sink	*sink;
	bool				 quiet;	/* tell nothing */
	bool				 loose;	/* an & may stand for itself */
	bool				 cut;	/* a span: what it ends in is
						   text, not cut off markup */
	bool				 cdata;	/* the text is a CDATA section's */
	unsigned			 told;	/* diagnostics so far */
	size_t				 expanded; /* bytes, for the budget of
						      a record */
	uint64_t			 expanded_all; /* of the file */
	struct kb_buf			 scratch;
};

uint64_t	kb_xml_start(const struct kb_xml_build *b, uint64_t off);
uint64_t	kb_xml_end(const struct kb_xml_build *b, uint64_t off);

/* "at" is where "raw" begins. */
void		kb_xml_build_text(struct kb_xml_build *b, struct kb_str raw,
		    const struct kb_xml_mark *at);
void		kb_xml_build_cdata(struct kb_xml_build *b, struct kb_str raw,
		    const struct kb_xml_mark *at);

/*
 * Name, attributes and range of a start tag.  Returns the length of the
 * tag's beginning that holds no more than KB_XML_MAX_ATTRS attributes:
 * tag.n where nothing was dropped.
 */
size_t		kb_xml_build_tag(struct kb_xml_build *b,
		    struct kb_node *node, struct kb_str name,
		    struct kb_str tag, const struct kb_xml_mark *at);

/* ---- xml_check.c: libxml2's say ---- */

struct kb_xml_check {
	xmlParserCtxt		*ctxt;
	struct kb_xml_entities	*ents;	/* gets the declarations */
	xmlEntity		 general, parameter;
	size_t			 open;	/* elements that are open */
	uint64_t		 prefix; /* bytes pushed that are not there */
	struct kb_xml_mark	 from;	/* what came behind them */
	bool			 failed, nomem;
	bool			 early;	/* failed: elements were open at
					   the end */
	char			 msg[300];
	uint32_t		 line, col;
};

/*
 * A fresh parser for bytes that begin at "from", inside the element "open"
 * and its parents (NULL: at the start of a file).  Errors: KB_NOMEM.
 */
enum kb_status	kb_xml_check_open(struct kb_xml_check *check,
		    struct kb_xml_entities *ents, const struct kb_node *open,
		    const struct kb_xml_mark *from, struct kb_err *err);
void		kb_xml_check_close(struct kb_xml_check *check);

/*
 * The next bytes, whole tokens, that stand at "at".  False once anything
 * was not well-formed: "msg", "line" and "col" then tell what and where.
 */
bool		kb_xml_check_push(struct kb_xml_check *check,
		    struct kb_str bytes, const struct kb_xml_mark *at);

/* The end of a tag in place of "left_out", which is not shown. */
bool		kb_xml_check_cut(struct kb_xml_check *check,
		    struct kb_str left_out, bool empty);

/* Nothing follows. */
bool		kb_xml_check_end(struct kb_xml_check *check);

/* ---- the reader ---- */

/* An open element outside of any record. */
struct kb_xml_level {
	struct kb_arena	 arena;		/* the node and its kept leaves */
	struct kb_node	*node;
	bool		 inner;		/* has child elements: no leaf */
	bool		 big;		/* too much text to be kept */
	unsigned	 kept;		/* leaf children */
	size_t		 leaf_bytes;	/* that they take */
	size_t		 text_n;
};

struct kb_xml_reader {
	struct kb_input			*in;
	const struct kb_xml_handler	*handler;
	size_t				 chunk;

	/* The window: win[0] is the stream's byte "base". */
	char				*win;
	size_t				 size, n;
	size_t				 pos;	/* next token */
	size_t				 fed;	/* libxml2 saw what is before */
	uint64_t			 base;
	bool				 eof;
	bool				 done;
	struct kb_xml_mark		 at, fed_at; /* of pos and fed */

	struct kb_xml_check		 check;
	struct kb_xml_entities		 ents;
	struct kb_xml_build		 build;

	struct kb_xml_level		*levels;
	size_t				 nlevels;
	size_t				 leaf_bytes;
	bool				 root_seen;

	struct kb_arena			 arena;	/* the record's */
	struct kb_node			*root;	/* NULL: outside of any */
	size_t				 rec_pos;
	struct kb_xml_mark		 rec_at;
	size_t				 number;

	/* Recovery. */
	bool				 broken;
	char				 why[400];
	uint32_t			 why_line, why_col;
	struct kb_arena			 keep, scratch;
	struct kb_str			 names[64]; /* of records so far */
	size_t				 nnames;
	unsigned			 restarts;
	uint64_t			 reread;
};

/* ---- xml_window.c ---- */

/* More bytes behind the window; r->eof when there are none. */
enum kb_status	kb_xml_refill(struct kb_xml_reader *r, struct kb_err *err);

/* The same for a token that is not whole yet, under the caps. */
enum kb_status	kb_xml_more(struct kb_xml_reader *r, struct kb_err *err);

/* Note that what stands at "at" cannot be read; the first note counts. */
void		kb_xml_break(struct kb_xml_reader *r,
		    const struct kb_xml_mark *at, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

/*
 * Show libxml2 what is before r->pos; r->broken when it refuses.  "sync"
 * also makes sure that it has got as far as that.
 */
enum kb_status	kb_xml_feed(struct kb_xml_reader *r, struct kb_err *err);
enum kb_status	kb_xml_sync(struct kb_xml_reader *r, struct kb_err *err);

/*
 * Before a break at r->pos: r->broken when libxml2 refuses what is before it.
 * Whether it has said so by then depends on the pieces it was shown; told
 * that nothing follows, it does.
 */
enum kb_status	kb_xml_settle(struct kb_xml_reader *r, struct kb_err *err);

/* Go on by "n" bytes, or behind a start tag cut by kb_xml_build_tag(). */
void		kb_xml_pass(struct kb_xml_reader *r, size_t n);
enum kb_status	kb_xml_pass_tag(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, size_t cut,
		    struct kb_err *err);

/* ---- xml_record.c, xml_outer.c: the token at r->pos ---- */

enum kb_status	kb_xml_record_begin(struct kb_xml_reader *r,
		    const struct kb_xml_token *t,
		    const struct kb_node *element, struct kb_err *err);
/* So that recovery knows a record by its name. */
void		kb_xml_note_name(struct kb_xml_reader *r, struct kb_str name);
enum kb_status	kb_xml_record_start(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, struct kb_err *err);
enum kb_status	kb_xml_record_end(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, struct kb_err *err);
/* Whether the record still fits its arena. */
enum kb_status	kb_xml_record_check(struct kb_xml_reader *r,
		    struct kb_err *err);
/* An end tag that is not "open"'s (NULL: nothing is open). */
enum kb_status	kb_xml_mismatch(struct kb_xml_reader *r,
		    const struct kb_node *open,
		    const struct kb_xml_token *t, struct kb_err *err);

enum kb_status	kb_xml_outer_start(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, struct kb_err *err);
enum kb_status	kb_xml_outer_end(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, struct kb_err *err);
/* "raw" began at "at" and is passed already. */
enum kb_status	kb_xml_outer_text(struct kb_xml_reader *r,
		    struct kb_str raw, const struct kb_xml_mark *at,
		    bool cdata, struct kb_err *err);

/* ---- xml_recover.c ---- */

/*
 * After a break: say so, find a place to go on at, and make a parser for
 * it; r->done when there is none.
 */
enum kb_status	kb_xml_recover(struct kb_xml_reader *r, struct kb_err *err);

/*
 * Look for a place to go on at from r->pos, and make a parser for it; r->done
 * when there is none.
 */
enum kb_status	kb_xml_resume(struct kb_xml_reader *r, struct kb_err *err);

/* A parser for what is at r->pos, outside of any record. */
enum kb_status	kb_xml_reopen(struct kb_xml_reader *r, struct kb_err *err);

/* ---- xml_skip.c ---- */

/*
 * Pass over the record whose start tag is at r->pos, by its tokens alone:
 * nothing of it is shown to libxml2.  One whose tags do not match ends where
 * reading can go on.
 */
enum kb_status	kb_xml_skip_record(struct kb_xml_reader *r,
		    const struct kb_xml_token *t, struct kb_err *err);

/* kb_xml_read(), reading "chunk" bytes at a time. */
enum kb_status	kb_xml_read_chunked(struct kb_input *in,
		    const struct kb_xml_handler *handler, size_t chunk,
		    struct kb_err *err);

#endif /* KB_INDEXER_XML_IMPL_H */
