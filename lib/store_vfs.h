/*
 * store_vfs: a read-only SQLite VFS ("kb-checked") that hands out no byte of
 * a database before its block of 64 KiB was held against its SHA-256.  The
 * database, its .sum file and the expected size and root hash come in through
 * a URI; a failed check comes out as SQLITE_IOERR_DATA, and is remembered.
 *   A block is checked when it is first touched, and that read is served from
 * the very bytes that were checked.  Later reads of it go to the file again:
 * what rots while a store is open is caught when the store is opened next.
 *   It opens main databases only: no journal, no temporary file, no memory
 * map; a connection needs temp_store=MEMORY.  Used by store_open.c.
 */
#ifndef KB_LIB_STORE_VFS_H
#define KB_LIB_STORE_VFS_H

#include <sqlite3.h>
#include <stdint.h>

#include "buf.h"
#include "kb/status.h"

/* What is to be opened; all borrowed. */
struct kb_vfs_source {
	const char	*db;	/* paths */
	const char	*sums;
	const char	*root;	/* 64 hex digits: SHA-256 of the .sum file */
	uint64_t	 bytes;	/* of the database */
};

enum kb_vfs_state {
	KB_VFS_GOOD,
	KB_VFS_MISMATCH,	/* a block is not what was published */
	KB_VFS_SHORT,		/* the file ends early: it was cut since */
	KB_VFS_UNREADABLE	/* the system refused */
};

/* The first failure of a connection's database. */
struct kb_vfs_failure {
	enum kb_vfs_state	state;
	uint64_t		block;
	int			errnum;	/* with KB_VFS_UNREADABLE */
};

/*
 * Open a connection to "source" with the VFS, registering that first if need
 * be.  It is immutable and private, without a mutex, for one thread at a time.
 * KB_NOTFOUND when one of the two files is missing; KB_DAMAGED when a size or
 * the root hash is wrong; KB_IO.  Messages name the file; the caller adds the
 * way out.
 */
enum kb_status	kb_vfs_open(sqlite3 **out, const struct kb_vfs_source *source,
		    struct kb_err *err);

/* Check every block not checked yet; false, and remembered, on failure. */
bool		kb_vfs_check_all(sqlite3 *db);

struct kb_vfs_failure kb_vfs_failure(sqlite3 *db);

#endif /* KB_LIB_STORE_VFS_H */
