/*
 * corpus: what kb-index knows of all articles at once while it builds: their
 * metadata, typed and judged, without their text.  Made by the build's
 * consumer in (path, start) order; the rules and the writer read it.
 */
#ifndef KB_INDEXER_CORPUS_H
#define KB_INDEXER_CORPUS_H

#include "join.h"
#include "prepare.h"
#include "profile.h"
#include "shingle.h"
#include "table.h"
#include "walk.h"

/* Settings of the rules: [rules] in the configuration. */
struct kb_rules {
	int32_t		as_of;		/* yyyymmdd */
	int32_t		stale_days;	/* 365 */
	uint32_t	thin_words;	/* 25: fewer are thin */
	uint32_t	bulk_percent;	/* 30: share of one modified day */
	uint32_t	bulk_least;	/* 10: articles of an export */
	struct kb_ratio	near;		/* 4/5; this and what follows are
					   told in join.h */
	struct kb_ratio	inside;		/* 9/10 */
	uint32_t	inside_least;	/* 30 */
	struct kb_ratio	common;		/* 1/20 */
	uint32_t	common_least;	/* 5 */
	uint32_t	common_most;	/* 20 */
	uint32_t	max_pairs;	/* 1,000,000 */
	struct kb_shingling shingling;	/* 5 words, no key */
	bool		owner_from_author; /* false */
	char		date_order;	/* 0, 'd' or 'm' */
	bool		conflicts;	/* true: [conflicts] find */
	bool		competing;	/* false: [competing] find */
};

struct kb_join_opts;

struct kb_doc {
	struct kb_str	 id;		/* unique */
	struct kb_str	 declared;	/* by the source, or empty */
	struct kb_str	 path, member, format;
	struct kb_str	 place;		/* path, or path/member: for ids and
					   links */
	struct kb_str	 source;	/* the export it came with: for rules
					   about what an export lacks */
	size_t		 number;
	uint64_t	 start, end;
	uint32_t	 line;
	struct kb_str	 title, url, edit_url, lang;
	struct kb_str	 owner, owner_kind, owner_source;
	struct kb_str	 editor, version, replaced_by, product, description;
	const struct kb_value *authors, *audience, *category, *tags, *aliases;
	int32_t		 created, modified, reviewed, review_due, expires;
	enum kb_article_status status;
	int64_t		 views, votes;	/* -1: unknown */
	size_t		 words, npassages;
	uint64_t	 body_hash;
	uint32_t	 canonical;	/* doc number, or UINT32_MAX */
	const char	*relation;	/* to the canonical */
	struct kb_str	 reason;	/* why that one is */
	uint32_t	 inlinks;
	bool		 bulk_modified;	/* its modified day is a migration's */
	bool		 lapsed;	/* published by its source, and expired
					   only because that day has passed */
};

struct kb_finding {
	const char	*code;		/* static or in the arena */
	enum kb_level	 level;
	uint32_t	 doc;		/* UINT32_MAX: of no article */
	struct kb_str	 path;		/* where there is no article */
	uint32_t	 line, col;
	uint64_t	 start, end;
	struct kb_str	 message, value, threshold;
	struct kb_str	 evidence;	/* normalised, for the fingerprint */
};

struct kb_link_ref {
	uint32_t	 doc;
	uint32_t	 target;	/* UINT32_MAX: not in the corpus */
	struct kb_str	 href;
};

struct kb_corpus {
	struct kb_arena		 arena;
	const struct kb_profiles *profiles;
	struct kb_rules		 rules;
	const char		*url_base;	/* or NULL */
	struct kb_doc		*docs;
	size_t			 ndocs, docs_size;
	struct kb_finding	*findings;
	size_t			 nfindings, findings_size;
	struct kb_link_ref	*links;
	size_t			 nlinks, links_size;
	struct kb_pair		*pairs;
	size_t			 npairs, pairs_size;
	uint64_t		 pairs_found;	/* npairs, or at least so many
						   where the list was cut */
	bool			 pairs_cut;
	bool			 conflicts_cut;	/* not all were looked for */
	uint32_t		 common_df;	/* text in more than so many
						   different articles is
						   common */
	struct kb_table		 ids;		/* id to doc */
	struct kb_table		 claims;	/* id@path of a second claim, to
						   how many were made */
	size_t			 files, quarantined, dropped;
};

void		kb_corpus_init(struct kb_corpus *corpus,
		    const struct kb_profiles *profiles,
		    const struct kb_rules *rules);
void		kb_corpus_release(struct kb_corpus *corpus);

/*
 * Take a record in as an article; *out is its number.  Finds of its own
 * (bad dates, a second claim to an id) become findings.
 */
enum kb_status	kb_corpus_add(struct kb_corpus *corpus,
		    const struct kb_file *file,
		    const struct kb_prepared *prepared, uint32_t *out,
		    struct kb_err *err);

/* A finding to be filled in, or NULL when memory ran out. */
struct kb_finding *kb_corpus_find(struct kb_corpus *corpus,
		    const char *code, enum kb_level level, uint32_t doc);

/* Resolve all links and count those that lead to each article. */
enum kb_status	kb_corpus_link(struct kb_corpus *corpus, struct kb_err *err);

/* Findings of the first rules; after duplicates and links are known. */
enum kb_status	kb_rules_run(struct kb_corpus *corpus, struct kb_err *err);

/*
 * What a join is to look for by the rules of this corpus, which judges its
 * pairs (relation.h) and must outlive it.
 */
void		kb_duplicates_options(struct kb_corpus *corpus,
		    struct kb_join_opts *opts);

/* The pair of two articles; NULL where there is none, or the list was cut. */
const struct kb_pair *kb_duplicates_pair(const struct kb_corpus *corpus,
		    uint32_t x, uint32_t y);

/*
 * Pairs and stars from the sets that were added to "join", made with those
 * options, in doc order; after links were counted.
 */
enum kb_status	kb_duplicates_run(struct kb_corpus *corpus,
		    struct kb_join *join, struct kb_err *err);

/*
 * "published" and "review", and what its source still shows although its day
 * has passed: what rules about upkeep look at.
 */
static inline bool
kb_doc_is_live(const struct kb_doc *doc)
{
	return doc->status == KB_ARTICLE_PUBLISHED ||
	    doc->status == KB_ARTICLE_REVIEW || doc->lapsed;
}

#endif /* KB_INDEXER_CORPUS_H */
