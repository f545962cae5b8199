/*
 * inspect: what an export holds, before anything is judged: which fields
 * were read from where, and what nothing maps.  Gathered from the records by
 * inspect_gather.c, written by inspect_text.c and inspect_json.c, turned into
 * advice by inspect_next.c.  Used by cmd_inspect.c.
 */
#ifndef KB_INDEXER_INSPECT_H
#define KB_INDEXER_INSPECT_H

#include "out.h"
#include "pool.h"
#include "settings.h"
#include "tally.h"

#define KB_INSPECT_FOLDERS	12	/* more are not told apart */
#define KB_INSPECT_PROBLEMS	5	/* told one by one */

struct kb_inspect_field {
	size_t		count;		/* articles that have it */
	struct kb_str	sample;
	struct kb_tally	sources;
	size_t		bad;		/* dates that cannot be read */
	struct kb_str	bad_sample;
};

/* The articles of one format, and perhaps of one folder at the top. */
struct kb_inspect_group {
	struct kb_str		 format, folder;
	bool			 whole;		/* of every folder */
	size_t			 folders;	/* of a whole: groups made */
	size_t			 articles, dropped;
	struct kb_inspect_field	 fields[KB_F_N];
	struct kb_tally		 status, langs, unmapped, drops;
};

struct kb_inspect_problem {
	struct kb_str	path, message;
	uint32_t	line;
};

struct kb_inspect {
	const struct kb_settings	*settings;	/* borrowed */
	const struct kb_metadata	*metadata;	/* the same, or NULL */
	struct kb_arena			 arena;
	size_t				 files, articles, dropped;
	size_t				 unreadable;	/* files and records */
	struct kb_inspect_problem	 problems[KB_INSPECT_PROBLEMS];
	size_t				 nproblems;
	struct kb_inspect_group		**groups;
	size_t				 ngroups, groups_size;
};

/* A kb_pool_fn, with the struct as its argument. */
enum kb_status	kb_inspect_take(void *arg, const struct kb_file *file,
		    struct kb_prepared *prepared, const struct kb_err *why,
		    struct kb_err *err);

/*
 * After all files: keep whole formats, or their folders where there are
 * several; sorted by format, then folder.
 */
enum kb_status	kb_inspect_finish(struct kb_inspect *inspect,
		    struct kb_err *err);
void		kb_inspect_release(struct kb_inspect *inspect);

/* Whole percent, rounded down but never to 0 for something. */
unsigned	kb_inspect_percent(size_t part, size_t whole);

/*
 * The names of unmapped fields that may be "field", separated by ", ";
 * nothing is added when none looks like it.
 */
void		kb_inspect_guess(const struct kb_inspect_group *group,
		    enum kb_field field, struct kb_buf *out);

/* One piece of advice after another: lines of plain text. */
void		kb_inspect_next(const struct kb_inspect *inspect,
		    void (*say)(void *arg, struct kb_str advice), void *arg);

void		kb_inspect_text(const struct kb_inspect *inspect,
		    struct kb_out *out);
void		kb_inspect_json(const struct kb_inspect *inspect,
		    struct kb_out *out);

#endif /* KB_INDEXER_INSPECT_H */
