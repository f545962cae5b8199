/*
 * report: what an index's findings ask people to do, most pressing first.
 * report_load.c gathers keys and counts in memory, a few bytes a finding;
 * the text of a finding is read again when it is written.  One writer a
 * format.  Used by cmd_report.c.
 *
 * The order, everywhere: priority descending, level descending, code,
 * article id (findings of no article last), number.
 */
#ifndef KB_INDEXER_REPORT_H
#define KB_INDEXER_REPORT_H

#include "arena.h"
#include "codes.h"
#include "kb/article.h"
#include "out.h"
#include "rows.h"
#include "table.h"

#define KB_REPORT_CODES	64	/* --code options */

struct kb_report_opts {
	enum kb_level	 level;		/* this and above */
	struct kb_str	 codes[KB_REPORT_CODES];
	size_t		 ncodes;	/* 0: all */
	const char	*owner;		/* NULL: all; "": those without */
	size_t		 top;		/* things to do first */
	size_t		 most;		/* findings in lists; 0: all */
};

/* What is known of each article, in the order of n. */
struct kb_report_article {
	int64_t		n;
	int64_t		cluster;	/* n of its canonical, or 0 */
	uint32_t	rank;		/* by id */
	uint32_t	owner;		/* into owners */
	bool		found;		/* a finding is about it */
	bool		done;		/* used by report_todo.c */
	bool		merged;		/* the same, of a canonical */
};

struct kb_report_key {
	double		 priority;
	int64_t		 n;		/* of the finding */
	uint32_t	 article;	/* into articles; UINT32_MAX: none */
	uint32_t	 rank;
	uint32_t	 code;		/* into codes */
	enum kb_level	 level;
};

struct kb_report_code {
	struct kb_str		 name;
	const struct kb_code	*known;
	size_t			 count;
	size_t			 levels[3];
	double			 priority;	/* the highest */
};

struct kb_report_owner {
	struct kb_str	name;		/* empty: no owner */
	size_t		articles;
	size_t		findings;	/* those that pass */
	size_t		levels[3];
};

struct kb_report {
	struct kb_store			*store;		/* borrowed */
	const struct kb_report_opts	*opts;		/* borrowed */
	struct kb_arena			 arena;
	struct kb_str			 as_of;
	struct kb_report_article	*articles;
	size_t				 narticles;
	size_t				 nfound;	/* of them with any */
	size_t				 nclusters;
	struct kb_report_key		*keys;		/* those that pass */
	size_t				 nkeys;
	size_t				 levels[3];
	struct kb_report_code		*codes;		/* all there are */
	size_t				 ncodes;
	struct kb_report_owner		*owners;
	size_t				 nowners, owners_size;
	uint64_t			 quarantined;
	struct kb_rows			 finding;	/* one, by its n */
	struct kb_rows			 members;	/* of a cluster */
	struct kb_rows			 others;	/* an article's codes */
	struct kb_buf			 kept_audience;	/* of the cluster that
							   is being read */
	bool				 kept_restricted;
};

/* A finding with its article: text is good until the next one is read. */
struct kb_report_finding {
	struct kb_str		 code;
	const struct kb_code	*known;
	enum kb_level		 level;
	double			 priority;
	bool			 has_article, has_span;
	struct kb_str		 id, title, owner, path, member;
	struct kb_str		 message, value, threshold, fingerprint;
	struct kb_str		 url, edit_url;
	int64_t			 record, line, col, start, end;	/* 0: none */
	int64_t			 modified, reviewed;		/* 0: none */
	int64_t			 views;				/* -1: none */
};

/* An article of a cluster, as good. */
struct kb_report_member {
	struct kb_str	id, title, owner, path, relation, url, edit_url;
	struct kb_str	reason;		/* why another one is kept */
	int64_t		line, modified, reviewed, views;
	bool		canonical;
	bool		apart;		/* for other readers than that one: it
					   is not simply to be merged */
};

/*
 * One thing to do: about an article, a whole cluster, or (neither) a file or
 * an export.  An article comes once, with its most pressing finding; one
 * that is to be merged into another comes with its cluster only.
 */
struct kb_report_todo {
	size_t		key;		/* into keys */
	int64_t		cluster;	/* n of the canonical, or 0 */
	size_t		members;	/* of the cluster */
};

/*
 * KB_USAGE for a code that is neither known nor in the index (the message
 * lists those that there are), and for an owner that no article has.  To be
 * released in any case.
 */
enum kb_status	kb_report_load(struct kb_report *report,
		    struct kb_store *store,
		    const struct kb_report_opts *opts, struct kb_err *err);
void		kb_report_release(struct kb_report *report);

/*
 * KB_USAGE if opts asks for an owner (by name) that no article has; the
 * message names up to three that are most like it, or have most articles.
 */
enum kb_status	kb_report_check_owner(const struct kb_report *report,
		    struct kb_err *err);

/* Read the finding of keys[i]. */
enum kb_status	kb_report_read(struct kb_report *report, size_t i,
		    struct kb_report_finding *out, struct kb_err *err);

/* Begin with the canonical, then by n; next is false at the end. */
void		kb_report_members(struct kb_report *report, int64_t cluster);
bool		kb_report_next_member(struct kb_report *report,
		    struct kb_report_member *out, enum kb_status *status,
		    struct kb_err *err);

/*
 * The first "most" things to do; *v is in the report's arena.  May be called
 * again.
 */
enum kb_status	kb_report_todos(struct kb_report *report, size_t most,
		    struct kb_report_todo **v, size_t *n,
		    struct kb_err *err);

/* "stale, unowned": an article's codes but for "code", or nothing. */
enum kb_status	kb_report_others(struct kb_report *report, size_t key,
		    struct kb_buf *out, struct kb_err *err);

/* Owners by findings, descending, then name; those with none left out. */
struct kb_report_owner *kb_report_owners(struct kb_report *report,
		    size_t *n);

/* Codes by their highest priority; those with none left out. */
struct kb_report_code *kb_report_codes(struct kb_report *report, size_t *n);

/* "2026-10-01" for 20261001 if it is a date, else "". */
struct kb_str	kb_report_date(int64_t date, char buf[11]);

/* Absolute http(s): all others would be dangerous or useless as links. */
bool		kb_report_is_link(struct kb_str url);

/* The writers. */
typedef enum kb_status kb_report_fn(struct kb_report *report,
    struct kb_out *out, struct kb_err *err);

kb_report_fn	kb_report_text, kb_report_json, kb_report_csv,
		kb_report_html;

#endif /* KB_INDEXER_REPORT_H */
