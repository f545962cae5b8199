/*
 * passage: rows of the index as the retrieval modules use them.  What is read
 * from an index is checked: it may have been sent by somebody.
 */
#ifndef KB_LIB_PASSAGE_H
#define KB_LIB_PASSAGE_H

#include "arena.h"
#include "handle.h"
#include "kb/article.h"

struct kb_article_row {
	int64_t		n;
	struct kb_str	id, title, url, path, member, lang, owner, relation;
	int64_t		number;		/* record in its file, 0: none */
	int32_t		reviewed, modified;
	enum kb_article_status status;
	bool		restricted;	/* not for everyone */
	int64_t		cluster;	/* n of its canonical, 0: none */
};

struct kb_passage_row {
	int64_t		n, article, seq;
	struct kb_str	field, heading, anchor, map, text, context;
	uint64_t	start, end;
	size_t		lead;
};

/* Copied into "arena".  KB_NOTFOUND when there is no such row. */
enum kb_status	kb_article_get(struct kb_article_row *out,
		    struct kb_index *index, int64_t n,
		    struct kb_arena *arena, struct kb_err *err);
enum kb_status	kb_passage_get(struct kb_passage_row *out,
		    struct kb_index *index, int64_t n,
		    struct kb_arena *arena, struct kb_err *err);

/* The number of the article with this id or alias. */
enum kb_status	kb_article_find(int64_t *out, struct kb_index *index,
		    struct kb_str id, struct kb_err *err);

/*
 * The heading path and the anchor at an offset of the passage's text: its own
 * or those of a place inside it.  In "arena".
 */
enum kb_status	kb_passage_place(struct kb_str *heading,
		    struct kb_str *anchor, struct kb_index *index,
		    const struct kb_passage_row *passage, size_t at,
		    struct kb_arena *arena, struct kb_err *err);

/* True if the passage has this anchor, at its start or inside. */
enum kb_status	kb_passage_has_anchor(bool *out, struct kb_index *index,
		    const struct kb_passage_row *passage,
		    struct kb_str anchor, struct kb_err *err);

/* The numbers of an article's passages, in order. */
enum kb_status	kb_passages_of(int64_t **v, size_t *n,
		    struct kb_index *index, int64_t article,
		    struct kb_arena *arena, struct kb_err *err);

#endif /* KB_LIB_PASSAGE_H */
