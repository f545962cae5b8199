/*
 * profile_table: names that people spell in many ways and what they stand
 * for: metadata names, labels, words for a status.  Filled once, then sorted
 * and searched in halves.  Used by profile.c only.
 */
#ifndef KB_INDEXER_PROFILE_TABLE_H
#define KB_INDEXER_PROFILE_TABLE_H

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"

#define KB_NAME_NONE	(-1)	/* a value: the name stands for nothing */

struct kb_name_row;

/* All zero is a valid empty table. */
struct kb_name_table {
	struct kb_name_row	*added;		/* until finished */
	struct kb_name_row	*rows;
	size_t			 n, nadded;
	bool			 failed;
};

/*
 * Names are compared without regard to the case of ASCII letters; white
 * space, "-" and "_" are the same in words (set "words"), and a colon at the
 * end does not count.
 */
void		kb_name_table_add(struct kb_name_table *table, struct kb_str name,
		    int value, bool words, struct kb_arena *arena);

/* Of rows with the same name the last one added counts. */
enum kb_status	kb_name_table_finish(struct kb_name_table *table,
		    struct kb_arena *arena, struct kb_err *err);

/* False for a name that is not there, or stands for nothing. */
bool		kb_name_table_find(const struct kb_name_table *table,
		    struct kb_str name, bool words, int *value);

/*
 * The next item of a list, trimmed and not empty, where items are separated
 * by commas if there is one anywhere in it (or if "commas"), else by white
 * space.  Start with *sep 0.
 */
bool		kb_list_next(struct kb_str *rest, char *sep, bool commas,
		    struct kb_str *item);

#endif /* KB_INDEXER_PROFILE_TABLE_H */
