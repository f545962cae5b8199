/*
 * profile_path: the path expressions of profiles, parsed once and asked of
 * every record.  What may be written is told in profile.h.  Used by the
 * profile modules only.
 */
#ifndef KB_INDEXER_PROFILE_PATH_H
#define KB_INDEXER_PROFILE_PATH_H

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"
#include "tree.h"

#define KB_PATH_STEPS	16	/* at most, of one path */

struct kb_path_name {		/* a pattern */
	struct kb_str		 text;
	bool			 prefixed;	/* compare with the prefix */
	struct kb_path_name	*next;
};

enum kb_cond_on {
	KB_COND_ATTR,
	KB_COND_CHILD,
	KB_COND_SELF		/* its own text */
};

struct kb_path_cond {
	enum kb_cond_on		 on;
	bool			 negate;
	struct kb_path_name	 name;
	struct kb_str		 value;		/* pattern in lower case */
	bool			 any;		/* no value: it is there */
	struct kb_path_cond	*next;
};

struct kb_path_step {
	struct kb_path_name	 name;
	struct kb_path_name	*except;
	struct kb_path_cond	*conds;
	bool			 last;		/* of the siblings that match */
	struct kb_path_name	*best;		/* of the siblings of its name:
						   the one with the least
						   such child, or */
	bool			 most;		/* the greatest */
};

struct kb_hop;

struct kb_path {
	struct kb_str		 text;		/* as written */
	bool			 absolute;
	struct kb_path_step	 steps[KB_PATH_STEPS];
	size_t			 nsteps;	/* 0: the record itself */
	struct kb_path_name	 attr;		/* text.p NULL: none */
	struct kb_path_name	*join;		/* children to be joined */
	struct kb_hop		*hop;		/* what its values are the
						   keys of; else NULL */
	bool			 raw;		/* a column that is a body:
						   its text as it stands */
};

#define KB_HOP_KEY	((size_t)-1)	/* a column: the key itself */

/*
 * ">table/path": from keys to the rows of a table that have them, and to what
 * "path" yields there.  ">>table/path" goes on from each row by the path that
 * came before, as long as there are rows: parents, their parents, and so on;
 * the last one first.  The numbers are set once the profile is complete
 * (profile_link.c).
 */
struct kb_hop {
	struct kb_str		 text;		/* "table/path" */
	struct kb_str		 name;		/* of the table */
	bool			 chain;
	struct kb_path		 path;		/* of one segment */
	size_t			 table, column;
	size_t			 again;		/* of a chain: the column with
						   the next keys */
	struct kb_hop		*next;
};

/*
 * Parse "text" (strings are copied into "arena").  KB_INPUT says what is
 * wrong, without file and line.
 */
enum kb_status	kb_path_parse(struct kb_path *out, struct kb_str text,
		    struct kb_arena *arena, struct kb_err *err);

/* The elements that a path leads to, in document order. */
struct kb_path_iter {
	const struct kb_path	*path;
	const struct kb_node	*record;
	const struct kb_node	*at[KB_PATH_STEPS];
	bool			 begun, ended;
};

void		kb_path_begin(struct kb_path_iter *it,
		    const struct kb_path *path, const struct kb_node *record);

/* The next element, or NULL.  Work is linear in the children looked at. */
const struct kb_node *kb_path_next(struct kb_path_iter *it);

/*
 * What a path yields at an element that kb_path_next() returned: attribute,
 * joined children or text, white space runs made one space, at most 64 KiB,
 * in "arena".  Empty where there is nothing.
 */
struct kb_str	kb_path_value(const struct kb_path *path,
		    const struct kb_node *node, struct kb_arena *arena);

/* An attribute's value as it stands there; empty where there is none. */
struct kb_str	kb_path_attr(const struct kb_path *path,
		    const struct kb_node *node);

/* Where a value was read: "info/revision@date", "/rss/channel/language". */
struct kb_str	kb_path_source(const struct kb_path *path,
		    const struct kb_node *node, struct kb_arena *arena);

/*
 * True if "element" is the end of the path, its steps being matched upwards:
 * for the patterns of records, which are asked at a start tag.
 */
bool		kb_path_ends_at(const struct kb_path *path,
		    const struct kb_node *element);

/* True if a condition needs what stands below the start tag. */
bool		kb_path_needs_content(const struct kb_path *path);

bool		kb_path_name_match(const struct kb_path_name *pattern,
		    struct kb_str name);

/* "s" against a pattern in lower case, whatever the case of its ASCII. */
bool		kb_path_glob(struct kb_str pattern, struct kb_str s);

/* A copy with ASCII letters in lower case. */
struct kb_str	kb_path_lower(struct kb_arena *arena, struct kb_str s);

#endif /* KB_INDEXER_PROFILE_PATH_H */
