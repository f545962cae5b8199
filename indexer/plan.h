/*
 * plan: how to merge the duplicates of an index, cluster by cluster: what to
 * keep, which paragraphs of the others it lacks, what a person must decide,
 * which links elsewhere must change, and from where to redirect.  It changes
 * nothing.
 *   In: a published index.  plan_load.c gathers the clusters in memory, some
 * 60 bytes an article of them (plan_contained.c those inside of others);
 * plan_read.c reads one cluster with its text; plan_merge.c lays a member
 * beside what is kept; plan_links.c and plan_conflicts.c add theirs.
 * plan_competing.c has the pairs that are nobody's to merge but a person's.
 * One writer a format.  Used by cmd_plan.c.
 *
 * Nothing gets lost: every paragraph of every member has one fate
 * (enum kb_plan_fate).  Nothing gets shown: text moves only to where nobody
 * reads it who could not read it before (audience.h), and the text of a
 * member that is refused is not in the plan.
 */
#ifndef KB_INDEXER_PLAN_H
#define KB_INDEXER_PLAN_H

#include "align.h"
#include "arena.h"
#include "article_text.h"
#include "audience.h"
#include "out.h"
#include "rows.h"
#include "table.h"

struct kb_plan_opts {
	const char	*cluster;	/* id or alias of any article of it,
					   NULL: all */
	const char	*owner;		/* of any article of a cluster, ASCII
					   case aside; "": nobody's; NULL:
					   all */
	size_t		 limit;		/* clusters; 0: all */
};

enum kb_plan_relation {
	KB_PLAN_IDENTICAL, KB_PLAN_NEAR,
	KB_PLAN_CONTAINED,	/* wholly or mostly inside of what is kept */
	KB_PLAN_VERSION		/* the same for another version: never merged */
};

enum kb_plan_verdict {
	KB_PLAN_MERGE,		/* its text goes in, it is redirected */
	KB_PLAN_ASK,		/* the same, once a person has said so */
	KB_PLAN_STAY,		/* its text may go in; it stays, because its
				   readers may not all read what is kept */
	KB_PLAN_REFUSE,		/* its text would be shown to others */
	KB_PLAN_LIST,		/* listed only */
	KB_PLAN_VERDICTS
};

struct kb_plan_article {
	int64_t			 n;
	struct kb_str		 id, title, url, edit_url, lang, owner;
	struct kb_str		 product, version, source;
	struct kb_str		 readers;	/* the JSON list, or "" */
	struct kb_audience	 audience;
	enum kb_article_status	 status;
	bool			 restricted;
	int64_t			 modified, reviewed, review_due, expires;
	int64_t			 words, views;	/* views -1: not known */
	size_t			 inlinks;	/* from other articles */
	bool			 hidden;	/* id, owner and audience only
						   may be shown */
};

/* What becomes of a paragraph of a member. */
enum kb_plan_fate {
	KB_FATE_SAME,		/* what is kept has it, in the same words */
	KB_FATE_ELSEWHERE,	/* what is kept has each of its sentences,
				   in other paragraphs */
	KB_FATE_ADD,		/* what is kept lacks it */
	KB_FATE_AGAIN,		/* an earlier member adds it already */
	KB_FATE_DECIDE,		/* both have it, and say it differently */
	KB_FATE_WITHHELD,	/* not in the plan: refused, or listed only */
	KB_FATES
};

#define KB_PLAN_TOP	UINT32_MAX	/* in front of the first paragraph */

/* A paragraph to be added, or decided on. */
struct kb_plan_item {
	enum kb_plan_fate	 fate;		/* ADD, AGAIN or DECIDE */
	size_t			 member;
	uint32_t		 paragraph;	/* in the member, from 0 */
	int64_t			 seq;		/* of its passage */
	struct kb_str		 text, heading;
	size_t			 number;	/* bytes of a step's number */
	bool			 head, code;
	uint32_t		 kept;		/* paragraph of what is kept:
						   to add behind, to decide
						   on; or KB_PLAN_TOP */
	size_t			 again;		/* AGAIN: which item adds it */
	bool			 facts;		/* DECIDE: a fact differs
						   (facts.h), or a digit */
	size_t			 was;		/* plan_merge.c's own */
};

/* A field that differs. */
struct kb_plan_choice {
	size_t		 member;
	const char	*field;
	struct kb_str	 kept, other;		/* "" where not stated */
};

/* Two sentences of the cluster that contradict each other (conflict.h). */
struct kb_plan_conflict {
	int64_t		a, b;			/* article.n */
	struct kb_str	kind, a_id, b_id;
	struct kb_str	a_quote, a_fact, b_quote, b_fact;
};

/* A link that leads to a member; equal ones of an article are one. */
struct kb_plan_link {
	size_t		member, times;
	int64_t		seq;			/* in its article, from 1 */
	struct kb_str	href;
	struct kb_str	id, title, owner, url, edit_url;
	bool		own;			/* in what is kept */
	bool		hidden;			/* title and address are */
	bool		moves;			/* its article is to be merged
						   by this plan, too */
};

struct kb_plan_member {
	struct kb_plan_article	 article;
	enum kb_plan_relation	 relation;
	int64_t			 shared, size, kept_size; /* 0: not known */
	enum kb_plan_verdict	 verdict;
	struct kb_str		 why;		/* of the verdict; a clause */
	struct kb_str		 reason;	/* that the other is kept; "" */
	struct kb_str		*aliases;	/* ids it is known by, too */
	size_t			 naliases;
	const unsigned char	*fates;		/* of each paragraph */
	size_t			 nparagraphs;
	size_t			 counts[KB_FATES];
	size_t			 signs;		/* SAME but for case, signs */
	bool			 coarse;	/* compared in a coarser way:
						   it is very long */
};

/* All text lives until the next one is read. */
struct kb_plan_cluster {
	struct kb_plan_article	 keep;
	struct kb_article_text	 text;		/* of what is kept */
	struct kb_plan_member	*members;
	size_t			 nmembers;
	struct kb_plan_item	*items;		/* as they stand in what is
						   kept, then by member */
	size_t			 nitems, items_size;
	struct kb_plan_choice	*choices;
	size_t			 nchoices;
	struct kb_plan_conflict	*conflicts;	/* that no item shows */
	size_t			 nconflicts, conflicts_size;
	struct kb_plan_link	*links;
	size_t			 nlinks;
	size_t			 verdicts[KB_PLAN_VERDICTS];
	uint64_t		 views;		/* of what goes */
	uint64_t		 words;
	size_t			 open;		/* things to decide */
};

/* An article that somebody stands for, in the order of keep, n. */
struct kb_plan_key {
	int64_t			 keep, n;
	enum kb_plan_relation	 relation;
	uint64_t		 views, words;
	size_t			 inlinks;
};

struct kb_plan_unit {
	size_t		first, n;	/* keys */
	uint64_t	points;		/* what it saves */
};

/* Two that seem to answer one question (compete.h); thousandths. */
struct kb_plan_pair {
	int64_t			 a, b;		/* article.n; b is to be
						   trusted more */
	int			 score, title, body;
};

struct kb_plan_ref {			/* a link to one of the keys */
	int64_t		target, article, seq;
};

struct kb_plan {
	struct kb_store			*store;		/* borrowed */
	const struct kb_plan_opts	*opts;		/* borrowed */
	struct kb_article_reader	*reader;
	struct kb_buf			 as_of;
	struct kb_plan_key		*keys;
	size_t				 nkeys, keys_size;
	int64_t				*moving;	/* n of keys, sorted,
							   without versions */
	size_t				 nmoving;
	struct kb_plan_ref		*refs;		/* by target */
	size_t				 nrefs, refs_size;
	struct kb_plan_unit		*units;		/* most saved first */
	size_t				 nunits;
	struct kb_plan_pair		*pairs;		/* best first */
	size_t				 npairs, pairs_size;
	bool				 asked;		/* the build looked for
							   such pairs */
	size_t				 later;		/* contained, but what
							   holds them moves */
	bool				 has_reason, has_conflicts;
	struct kb_rows			 article, pair, link, alias;
	struct kb_rows			 conflict;
	struct kb_table			 added;	/* words to their item */
	struct kb_arena			 arena;		/* of one cluster */
	struct kb_arena			 scratch;	/* of one member */
};

/*
 * Gather the clusters.  Those come first that save most: for each article
 * that goes, 10 and the base-2 logarithms of its views, the links to it, and
 * its words; then by the number of what is kept.  KB_USAGE for an owner that
 * no article has and an article that is in no cluster, KB_NOTFOUND for one
 * that is not there.  To be closed in any case.
 */
enum kb_status	kb_plan_open(struct kb_plan *plan, struct kb_store *store,
		    const struct kb_plan_opts *opts, struct kb_err *err);
void		kb_plan_close(struct kb_plan *plan);

/* Read units[i]; good until the next is read. */
enum kb_status	kb_plan_read(struct kb_plan *plan, size_t i,
		    struct kb_plan_cluster *out, struct kb_err *err);

/*
 * Read pairs[i], two articles that compete, as a cluster of two: "keep" is
 * the one to be trusted more, the other a member; without text, with their
 * conflicts.  Good until the next is read.
 */
enum kb_status	kb_plan_read_pair(struct kb_plan *plan, size_t i,
		    struct kb_plan_cluster *out, struct kb_err *err);

/* ---- the parts, in the order in which kb_plan_read() calls them ---- */

/*
 * What may happen to a member, as far as readers and status decide.  Where
 * nothing tells, a person is asked.
 */
enum kb_status	kb_plan_judge(struct kb_plan_member *member,
		    const struct kb_plan_article *keep,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * Give every paragraph of a member its fate, and append the items; "text" is
 * the member's.  A refused member without a paragraph of its own is no longer
 * refused.  Where a paragraph differs in the words that the titles differ in,
 * both may be about two things ("Print", "Scan"), and a person is asked.
 */
enum kb_status	kb_plan_merge(struct kb_plan *plan,
		    struct kb_plan_cluster *cluster, size_t member,
		    const struct kb_article_text *text, struct kb_err *err);

/* After the last member: items in their order. */
enum kb_status	kb_plan_order(struct kb_plan *plan,
		    struct kb_plan_cluster *cluster, struct kb_err *err);

/* What the build found of contradictions, and no item shows. */
enum kb_status	kb_plan_conflicts(struct kb_plan *plan,
		    struct kb_plan_cluster *cluster, struct kb_err *err);

/* The links to members that go. */
enum kb_status	kb_plan_links(struct kb_plan *plan,
		    struct kb_plan_cluster *cluster, struct kb_err *err);

/* "merge", "ask", "stay", "refuse", "list". */
const char	*kb_plan_verdict_name(enum kb_plan_verdict verdict);
const char	*kb_plan_relation_name(enum kb_plan_relation relation);
const char	*kb_plan_fate_name(enum kb_plan_fate fate);

/* Its text is shown, and (goes) it is to be redirected. */
static inline bool
kb_plan_goes(const struct kb_plan_member *m)
{
	return m->verdict == KB_PLAN_MERGE || m->verdict == KB_PLAN_ASK;
}

/* ---- writers ---- */

/* Added up over what was written. */
struct kb_plan_totals {
	size_t		clusters, verdicts[KB_PLAN_VERDICTS];
	size_t		competing;	/* pairs */
	size_t		items, links, open;
	uint64_t	views, words;
};

/*
 * All units; "redirects" (may be NULL) gets the map as well, and all of it
 * even where nobody reads "out" to its end.
 */
typedef enum kb_status kb_plan_fn(struct kb_plan *plan, struct kb_out *out,
    struct kb_buf *redirects, struct kb_err *err);

kb_plan_fn	kb_plan_markdown, kb_plan_json, kb_plan_tsv;

void		kb_plan_add(struct kb_plan_totals *totals,
		    const struct kb_plan_cluster *cluster);

/* The map's header line, and a cluster's lines (docs/FORMAT.md). */
void		kb_plan_redirect_header(struct kb_buf *out);
void		kb_plan_redirects(struct kb_buf *out,
		    const struct kb_plan_cluster *cluster);

#endif /* KB_INDEXER_PLAN_H */
