/*
 * fuzz_vfs: the place of lib/store_vfs.c in a target that is linked without
 * it.  A store that is opened reads fuzz_db, the way kb-checked reads a file
 * whose checksums are right: read-only, immutable, no journal, no memory map.
 * What the readers of tables see are these very bytes; neither a file nor a
 * checksum has to be made for each input.
 */
#ifndef KB_FUZZ_VFS_H
#define KB_FUZZ_VFS_H

#include <sqlite3.h>

#include "fuzz.h"
#include "store_vfs.h"

static struct kb_str fuzz_db;	/* borrowed until the store is closed */

static int
fuzz_vfs_close(sqlite3_file *file)
{
	return SQLITE_OK;
}

static int
fuzz_vfs_read(sqlite3_file *file, void *p, int n, sqlite3_int64 at)
{
	size_t want = (size_t)n, have;

	if (n < 0 || at < 0)
		return SQLITE_IOERR_READ;
	have = (uint64_t)at < fuzz_db.n ? fuzz_db.n - (size_t)at : 0;
	have = have < want ? have : want;
	if (have > 0)
		memcpy(p, fuzz_db.p + at, have);
	memset((char *)p + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
fuzz_vfs_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	return SQLITE_READONLY;
}

static int
fuzz_vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return SQLITE_READONLY;
}

static int
fuzz_vfs_flags(sqlite3_file *file, int flags)
{
	return SQLITE_OK;
}

static int
fuzz_vfs_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)fuzz_db.n;
	return SQLITE_OK;
}

static int
fuzz_vfs_reserved(sqlite3_file *file, int *held)
{
	*held = 0;
	return SQLITE_OK;
}

static int
fuzz_vfs_control(sqlite3_file *file, int op, void *arg)
{
	return SQLITE_NOTFOUND;
}

static int
fuzz_vfs_sector(sqlite3_file *file)
{
	return 4096;
}

static int
fuzz_vfs_traits(sqlite3_file *file)
{
	return SQLITE_IOCAP_IMMUTABLE;
}

static int
fuzz_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
    int flags, int *out_flags)
{
	static const sqlite3_io_methods methods = {
		.iVersion = 1,
		.xClose = fuzz_vfs_close,
		.xRead = fuzz_vfs_read,
		.xWrite = fuzz_vfs_write,
		.xTruncate = fuzz_vfs_truncate,
		.xSync = fuzz_vfs_flags,
		.xFileSize = fuzz_vfs_file_size,
		.xLock = fuzz_vfs_flags,
		.xUnlock = fuzz_vfs_flags,
		.xCheckReservedLock = fuzz_vfs_reserved,
		.xFileControl = fuzz_vfs_control,
		.xSectorSize = fuzz_vfs_sector,
		.xDeviceCharacteristics = fuzz_vfs_traits,
	};

	file->pMethods = NULL;
	if ((flags & SQLITE_OPEN_MAIN_DB) == 0 ||
	    (flags & SQLITE_OPEN_READONLY) == 0)
		return SQLITE_CANTOPEN;
	file->pMethods = &methods;
	if (out_flags != NULL)
		*out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
	return SQLITE_OK;
}

static int
fuzz_vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
	return SQLITE_IOERR_DELETE;
}

static int
fuzz_vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	*result = 0;
	return SQLITE_OK;
}

static int
fuzz_vfs_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK :
	    SQLITE_CANTOPEN;
}

static int
fuzz_vfs_random(sqlite3_vfs *vfs, int n, char *out)
{
	memset(out, 1, (size_t)n);
	return n;
}

static int
fuzz_vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	return 0;
}

static int
fuzz_vfs_time(sqlite3_vfs *vfs, double *now)
{
	*now = 2461310;
	return SQLITE_OK;
}

static int
fuzz_vfs_error(sqlite3_vfs *vfs, int n, char *out)
{
	return 0;
}

static inline void
fuzz_vfs_init(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1,
		.szOsFile = sizeof(sqlite3_file),
		.mxPathname = 4096,
		.zName = "fuzz",
		.xOpen = fuzz_vfs_open,
		.xDelete = fuzz_vfs_delete,
		.xAccess = fuzz_vfs_access,
		.xFullPathname = fuzz_vfs_name,
		.xRandomness = fuzz_vfs_random,
		.xSleep = fuzz_vfs_sleep,
		.xCurrentTime = fuzz_vfs_time,
		.xGetLastError = fuzz_vfs_error,
	};

	MUST(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

/* ---- store_vfs.h, whose symbols are found here before the library's ---- */

enum kb_status
kb_vfs_open(sqlite3 **out, const struct kb_vfs_source *source,
    struct kb_err *err)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2("file:/db?immutable=1&mode=ro&cache=private", &db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE, "fuzz") == SQLITE_OK) {
		*out = db;
		return KB_OK;
	}
	sqlite3_close(db);
	return kb_err_set(err, KB_IO, "cannot open '%s'", source->db);
}

bool
kb_vfs_check_all(sqlite3 *db)
{
	return true;
}

struct kb_vfs_failure
kb_vfs_failure(sqlite3 *db)
{
	return (struct kb_vfs_failure){ KB_VFS_GOOD, 0, 0 };
}

#endif /* KB_FUZZ_VFS_H */
