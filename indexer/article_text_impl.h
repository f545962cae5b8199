/*
 * article_text_impl: what the two parts of article_text share: reading the
 * tables (article_text.c), and making paragraphs (article_paragraphs.c).
 * Private to them.
 */
#ifndef KB_INDEXER_ARTICLE_TEXT_IMPL_H
#define KB_INDEXER_ARTICLE_TEXT_IMPL_H

#include "article_text.h"
#include "buf.h"

/* A heading path, an anchor, or both, from an offset on. */
struct kb_text_place {
	size_t		at;
	struct kb_str	heading, anchor;
};

/* What is put together while an article is read. */
struct kb_text_making {
	struct kb_arena		*arena;
	struct kb_paragraph	*v;
	size_t			 n, size;
	struct kb_text_passage	*passages;
	size_t			 npassages;
	bool			 full;		/* too many paragraphs */
	size_t			 last;		/* passage of the last of v */
	/* The last of v, while it is put together from several pieces. */
	struct kb_text_part	*run;
	size_t			 nrun, run_size;
	struct kb_buf		 joined;
};

/*
 * Cut passage "at", which is the next.  Places are in the order of their
 * offsets, each inside of the text.  Failures stay in the arena.
 */
void	kb_text_cut(struct kb_text_making *m, size_t at,
	    const struct kb_text_place *places, size_t nplaces);

/* After the last passage: m->joined is left to be released. */
void	kb_text_end(struct kb_text_making *m);

/* The spans of all paragraphs. */
void	kb_text_set_spans(const struct kb_article_text *article,
	    struct kb_paragraph *v);

#endif /* KB_INDEXER_ARTICLE_TEXT_IMPL_H */
