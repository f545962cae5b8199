/*
 * conflict_impl: what the parts of conflict share.  Private to them.
 */
#ifndef KB_INDEXER_CONFLICT_IMPL_H
#define KB_INDEXER_CONFLICT_IMPL_H

#include "article_text.h"
#include "conflict.h"

/* A masked sentence of one article. */
struct kb_slot {
	uint64_t	mask;
	uint32_t	article;	/* n */
	uint32_t	values;		/* hash of its facts' values; 0: it has
					   none and denies nothing */
};

struct kb_slots {
	struct kb_slot	*v;		/* by mask, article, values */
	size_t		 n, size;
	uint32_t	*titles;	/* hashes of all articles' titles,
					   ascending */
	size_t		 ntitles, titles_size;
};

/* A sentence of an article that is being compared. */
struct kb_claim {
	size_t		 paragraph;	/* of the article */
	size_t		 from, to;	/* in the paragraph's text */
	const struct kb_fact *facts;
	size_t		 nfacts;
	struct kb_fact	 no;		/* as in struct kb_facts */
	size_t		 denials;
	uint64_t	 mask;
	size_t		 words, content;
	uint32_t	 values;	/* as in struct kb_slot */
	bool		 usable;	/* a statement in running text */
	bool		 row;		/* of a table */
	bool		 loose;		/* usable where the articles are
					   copies of each other */
};

struct kb_claims {
	struct kb_claim	*v;
	size_t		 n, size;
};

struct kb_reading {			/* one article, and what it claims */
	struct kb_article_text	text;
	struct kb_claims	claims;
	bool			comma;
};

/* Fewer words tell nothing about the subject. */
#define KB_CLAIM_WORDS		5
#define KB_CLAIM_CONTENT	3

/* A mask in more articles is a template's. */
#define KB_CLASS_ARTICLES	8

/* A title of more articles is that of a kind of text. */
#define KB_COPIES		3

/* True if the article is one whose facts are to hold today. */
bool		kb_conflict_is_article(const struct kb_article_text *text);

/*
 * All sentences of an article but its headings, in order, appended to
 * reading->claims, whose memory is the caller's to free.  With "usable" those
 * that are not have neither facts nor a mask.  KB_NOMEM.
 */
enum kb_status	kb_claims_make(struct kb_reading *reading, bool usable,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * True for a word that tells which case a text is for: a system, a plan, its
 * readers, a country, or any number; in normal form.
 */
bool		kb_conflict_qualifier(struct kb_str word);

/* The same word but for an ending: connect, connection. */
bool		kb_conflict_same_word(struct kb_str a, struct kb_str b);

/* True if two articles may be about the same thing: see conflict.h. */
bool		kb_conflict_same_subject(const struct kb_article_text *a,
		    const struct kb_article_text *b);

/*
 * True if two sentences with facts of the same kinds say the same about them:
 * but for a few small words, the words around the facts are the same.
 */
bool		kb_conflict_alike(const struct kb_claim *a,
		    struct kb_str text_a, const struct kb_claim *b,
		    struct kb_str text_b);

/*
 * True if two articles may be copies of one text: of one title, which no more
 * than KB_COPIES articles have, with so many words in sentences that both
 * have; not where the same file lies in two folders of one depth, which are
 * two products' or versions'.
 */
bool		kb_conflict_copies(const struct kb_article_text *a,
		    const struct kb_article_text *b,
		    const struct kb_slots *slots, size_t shared);

/*
 * The one fact in which two sentences or rows of such copies differ, which
 * stand between the same sentences, and into which no more is to be read than
 * that: also a number that belongs to a name ("Windows 11"), if the other
 * article says it somewhere, too.  False: they differ in more, in none, or in
 * what may differ.
 */
bool		kb_conflict_copied(struct kb_fact *f, struct kb_fact *g,
		    const struct kb_reading *a, const struct kb_claim *p,
		    const struct kb_reading *b, const struct kb_claim *q);

uint32_t	kb_conflict_title(struct kb_str title);

/*
 * True if each of two titles names something of code ("std::sort", "set_id",
 * "list.sort") that the other does not: one letter makes another.
 */
bool		kb_conflict_other_symbol(struct kb_str a, struct kb_str b);

/* One file's name in two folders, each for a product or a version. */
bool		kb_conflict_parallel(const struct kb_article_text *a,
		    const struct kb_article_text *b);

/* True if the headings above two paragraphs tell of one case. */
bool		kb_conflict_same_heading(struct kb_str a, struct kb_str b,
		    struct kb_str title_a, struct kb_str title_b);

/*
 * Append the conflicts of two articles.  "slots" is the whole corpus's, to
 * leave out what is a template's.  KB_NOMEM.
 */
enum kb_status	kb_conflict_compare(struct kb_conflicts *out,
		    const struct kb_reading *a, const struct kb_reading *b,
		    const struct kb_slots *slots, struct kb_err *err);

#endif /* KB_INDEXER_CONFLICT_IMPL_H */
