/*
 * table: from strings to numbers, open addressing, hashed under a random key:
 * foreign strings may be keys.  Keys are borrowed and must outlive the table.
 */
#ifndef KB_LIB_TABLE_H
#define KB_LIB_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "kb/str.h"

struct kb_table_slot {
	uint64_t	hash;
	struct kb_str	key;
	uint32_t	value;
	bool		used;
};

/* All zero is a valid empty table. */
struct kb_table {
	struct kb_table_slot	*slots;
	size_t			 size, n;	/* size is a power of two */
	uint64_t		 secret[2];	/* of its own */
};

void		kb_table_release(struct kb_table *table);

/* The value's place for a key, or NULL. */
uint32_t	*kb_table_get(const struct kb_table *table,
		    struct kb_str key);

/*
 * The value's place for a key, made with 0 if it was not there (*added tells;
 * may be NULL).  NULL when memory ran out.  Good until the next put.
 */
uint32_t	*kb_table_put(struct kb_table *table, struct kb_str key,
		    bool *added);

#endif /* KB_LIB_TABLE_H */
