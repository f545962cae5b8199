/*
 * record: what a reader found for one article, before anything is judged:
 * raw metadata with where each value was read, and the blocks of the body.
 * Made by extract, serialised by frame, turned into an article by build.
 */
#ifndef KB_INDEXER_RECORD_H
#define KB_INDEXER_RECORD_H

#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "kb/article.h"
#include "offmap.h"

struct kb_value {
	struct kb_str	 text;		/* trimmed, not empty, not longer than
					   KB_RECORD_VALUE */
	struct kb_str	 source;	/* "meta:last-modified",
					   "workflow_state", "json-ld:author" */
	struct kb_value	*next;
};

#define KB_RECORD_PARTS		8
#define KB_RECORD_VALUE		((size_t)65536)
#define KB_RECORD_VALUES	256	/* of one field */

/* One body of a record: most have one; template articles have a column each */
struct kb_part {
	struct kb_str	dialect;	/* its spans are read in it */
	struct kb_str	field;		/* the decoded field that its ranges
					   count in; empty: the file */
	bool		autop;		/* blank lines part paragraphs */
};

struct kb_block {
	enum kb_block_kind	 kind;
	uint8_t			 level;	/* heading 1..6; item: depth from 1 */
	bool			 pre;	/* white space is kept */
	bool			 gap;	/* something was left out before it:
					   no passage may span the gap */
	bool			 leads;	/* says little without what follows:
					   a term, a table's header */
	uint32_t		 group;	/* items of one list, rows of one
					   table share a number; 0: none */
	uint32_t		 ordinal; /* of a numbered item, from 1 */
	struct kb_str		 text;
	struct kb_str		 anchor; /* id of it or just before it */
	struct kb_str		 context; /* names of the elements around its
					   first text, outermost first,
					   separated by spaces; a last
					   "#cdata" is a CDATA section.  In
					   front the file's own entities that
					   are in it: declared.h */
	struct kb_str		 inner;	/* the same for text behind the
					   numbers that it begins with; empty
					   where it begins with none */
	uint8_t			 part;	/* index into the record's parts */
	struct kb_offpiece	*pieces; /* text to source bytes; none parts
					    a character */
	size_t			 npieces;
	struct kb_block		*next;
};

struct kb_link {
	struct kb_str	 href;		/* as written, references decoded */
	struct kb_str	 text;
	uint64_t	 start, end;	/* of the element */
	struct kb_link	*next;
};

struct kb_saved_diag {
	struct kb_diag		 diag;	/* with its message copied */
	struct kb_saved_diag	*next;
};

struct kb_record {
	struct kb_arena	*arena;
	struct kb_str	 format;	/* "html", "mallard", ... */
	struct kb_str	 member;	/* of an archive, else empty */
	size_t		 number;	/* in the file, from 1; 0: the file is
					   one record */
	struct kb_part	 parts[KB_RECORD_PARTS];
	size_t		 nparts;
	uint64_t	 start, end;	/* the record in the file */
	uint32_t	 line;
	struct kb_value	*values[KB_F_N]; /* in the order read */
	struct kb_value	*unmapped;	/* text is a sample, source the name */
	bool		 dropped;	/* a profile says it is no article */
	struct kb_str	 drop_reason;
	struct kb_block	*blocks, *last_block;
	struct kb_link	*links, *last_link;
	struct kb_saved_diag *diags, *last_diag;
};

struct kb_record *kb_record_new(struct kb_arena *arena);

/*
 * Add a value behind the others of its field.  "text" is trimmed and copied;
 * nothing is added for an empty one, nor behind KB_RECORD_VALUES.  "source"
 * is copied.
 */
void		kb_record_add(struct kb_record *rec, enum kb_field field,
		    struct kb_str text, struct kb_str source);
void		kb_record_add_unmapped(struct kb_record *rec,
		    struct kb_str name, struct kb_str sample);

/* The first value of the field, or NULL. */
static inline const struct kb_value *
kb_record_first(const struct kb_record *rec, enum kb_field field)
{
	return rec->values[field];
}

/*
 * Where a record of the file "path" stands: "path" itself, or path/member in
 * "arena".
 */
struct kb_str	kb_record_place(const struct kb_record *rec,
		    struct kb_str path, struct kb_arena *arena);

/*
 * A sink that keeps what it gets in the record; messages become UTF-8, with
 * '?' for what is none.
 */
struct kb_diag_sink kb_record_sink(struct kb_record *rec);

#endif /* KB_INDEXER_RECORD_H */
