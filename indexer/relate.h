/*
 * relate: what the records of a relational export refer to by id: users,
 * spaces, labels, pages.  Made in a first reading of the file, asked in a
 * second.  Of each row only the values that some path of the profile asks for
 * are kept; of bodies those that records ask for from elsewhere.  Which rows,
 * keys and values: table.NAME in a profile (profile.h).
 */
#ifndef KB_INDEXER_RELATE_H
#define KB_INDEXER_RELATE_H

#include "kb/status.h"
#include "profile.h"
#include "profile_path.h"

#define KB_RELATE_MAX		((size_t)512 * 1024 * 1024)
#define KB_RELATE_CHAIN		64	/* rows of a chain */
#define KB_RELATE_VALUES	256	/* at each step of a path */

struct kb_relate;

/* "profile" is borrowed. */
enum kb_status	kb_relate_new(struct kb_relate **out,
		    const struct kb_profile *profile, struct kb_err *err);
void		kb_relate_free(struct kb_relate *relate); /* NULL is fine */

/* True if this element begins a row of some table. */
bool		kb_relate_is_row(const struct kb_relate *relate,
		    const struct kb_node *element);

/*
 * Take a row.  One without a key, or one that its table drops, is passed
 * over; of several with the same key all are kept, in order.  "number" is the
 * record's in the file.  KB_LIMIT past
 * KB_RELATE_MAX bytes, KB_NOMEM.
 */
enum kb_status	kb_relate_add(struct kb_relate *relate,
		    const struct kb_node *row, size_t number,
		    struct kb_err *err);

struct kb_values {
	struct kb_str	*v;
	size_t		 n;
};

/*
 * What a path yields for a record: through its tables, or (relate NULL, or
 * no hop) nothing there.  Values borrow from "relate" or are in "arena".
 * Keys that lead nowhere and chains that bite their tail yield nothing
 * more.
 */
void		kb_relate_values(const struct kb_relate *relate,
		    const struct kb_path *path, const struct kb_node *record,
		    struct kb_values *out, struct kb_arena *arena);

/* A body in a row that a record refers to. */
struct kb_relate_body {
	struct kb_str	text;		/* as it stands there, decoded */
	struct kb_str	source;		/* "@Body" */
	size_t		number;		/* of its record in the file */
};

/* At most "max" of them, by a path with one hop; returns how many. */
size_t		kb_relate_bodies(const struct kb_relate *relate,
		    const struct kb_path *path, const struct kb_node *record,
		    struct kb_relate_body *out, size_t max,
		    struct kb_arena *arena);

/* The same from a key at hand: the path's own beginning is left aside. */
void		kb_relate_from(const struct kb_relate *relate,
		    const struct kb_path *path, struct kb_str key,
		    struct kb_values *out, struct kb_arena *arena);

#endif /* KB_INDEXER_RELATE_H */
