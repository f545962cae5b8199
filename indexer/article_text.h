/*
 * article_text: an article of an index as paragraphs, the units that are laid
 * side by side.  A paragraph is a block of the source (paragraph, item, row of
 * a table, heading, a stretch of code as a whole), put together again where it
 * was cut over passages.  Every one comes with the headings above it and the
 * bytes of the source it stands in.
 *   In: tables article, passage, place, alias (lib/schema.h), published or
 * still being written.  What they say is checked: an index may have been sent
 * by somebody.  Used by diff, plan, conflicts and the reports.
 */
#ifndef KB_INDEXER_ARTICLE_TEXT_H
#define KB_INDEXER_ARTICLE_TEXT_H

#include <sqlite3.h>

#include "arena.h"
#include "kb/article.h"
#include "kb/status.h"
#include "offmap.h"
#include "store.h"

#define KB_ARTICLE_TEXT_MAX	((size_t)8 << 20)	/* bytes */
#define KB_ARTICLE_PARAGRAPHS	((size_t)100000)

/* A passage, as far as paragraphs need it. */
struct kb_text_passage {
	int64_t			 n, seq;
	struct kb_str		 text, field, context;
	struct kb_str		 heading, anchor;
	size_t			 lead;	/* bytes of headings at its start */
	uint64_t		 start;	/* in the source */
	uint64_t		 end;
	struct kb_offmap	 map;	/* from text to source; empty: all of
					   it follows "start" byte by byte */
};

/* A piece of a paragraph: bytes [from, to) of a passage's text. */
struct kb_text_part {
	size_t	at;			/* in the paragraph's text */
	size_t	passage;		/* index into passages */
	size_t	from, to;
};

struct kb_paragraph {
	struct kb_str	text;		/* never empty; newlines in code */
	size_t		number;		/* bytes at its start that are a
					   step's number: shown, no words */
	bool		head;		/* it is a heading */
	struct kb_str	heading;	/* path in force here, " > " between;
					   a heading's ends with itself */
	struct kb_str	anchor;		/* of the source; may be empty */
	const struct kb_text_part *parts; /* at least one, ascending */
	size_t		nparts;
	uint64_t	start, end;	/* span in the source, of the field of
					   its first passage; where it cannot
					   be told, the passage's */
};

struct kb_article_text {
	int64_t			 n;
	struct kb_str		 id, title, url, edit_url, path, member, lang;
	struct kb_str		 owner, product, version, relation;
	struct kb_str		 audience, category;	/* JSON lists; or "" */
	int64_t			 number;	/* record in its file, or 0 */
	int64_t			 cluster;	/* n of its canonical, 0 */
	int64_t			 views;		/* -1: not known */
	int32_t			 modified, reviewed;	/* 0: not known */
	enum kb_article_status	 status;
	bool			 restricted;	/* not for everyone */
	const struct kb_text_passage *passages;
	size_t			 npassages;
	const struct kb_paragraph *paragraphs;
	size_t			 nparagraphs;
};

struct kb_article_reader;		/* prepared statements; one thread */

/*
 * "store" is the published index that "db" belongs to, for errors of its
 * checksums, or NULL for a database that is still being written.  Both are
 * borrowed.
 */
enum kb_status	kb_article_reader_open(struct kb_article_reader **out,
		    sqlite3 *db, struct kb_store *store, struct kb_err *err);
void		kb_article_reader_close(struct kb_article_reader *reader);

/* The number of the article with this id, else alias.  KB_NOTFOUND. */
enum kb_status	kb_article_reader_find(int64_t *out,
		    struct kb_article_reader *reader, struct kb_str id,
		    struct kb_err *err);

/*
 * Read article "n"; all of *out lives in "arena".  KB_NOTFOUND when there is
 * none, KB_LIMIT when it is longer than the caps above.
 */
enum kb_status	kb_article_text_read(struct kb_article_text *out,
		    struct kb_article_reader *reader, int64_t n,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * Where bytes [from, to) of a paragraph's text stand in the source, half-open;
 * from < to.  *passage is the index of the passage that "from" is in, whose
 * field they count in.
 */
void		kb_paragraph_span(const struct kb_article_text *article,
		    const struct kb_paragraph *paragraph, size_t from,
		    size_t to, size_t *passage, uint64_t *start,
		    uint64_t *end);

/*
 * The same place in the first passage's text, for passage ids and offsets:
 * *at is set to the offset there of the paragraph's byte "from".
 */
const struct kb_text_passage *kb_paragraph_passage(
		    const struct kb_article_text *article,
		    const struct kb_paragraph *paragraph, size_t from,
		    size_t *at);

/* What of the paragraph's text makes words: all behind a step's number. */
static inline struct kb_str
kb_paragraph_words(const struct kb_paragraph *p)
{
	return kb_str(p->text.p + p->number, p->text.n - p->number);
}

#endif /* KB_INDEXER_ARTICLE_TEXT_H */
