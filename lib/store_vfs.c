#include "store_vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sha256.h"
#include "store.h"
#include "store_file.h"

#define VFS_NAME	"kb-checked"
#define NO_BLOCK	UINT64_MAX

struct checked {
	sqlite3_file		 base;		/* SQLite's; must be first */
	int			 fd;
	uint64_t		 bytes;
	uint64_t		 n_blocks;
	unsigned char		*sums;
	unsigned char		*seen;		/* a bit a checked block */
	unsigned char		*buf;		/* the block checked last */
	uint64_t		 buf_block;
	struct kb_vfs_failure	 failure;
};

/* ---- the checked file ---- */

static size_t
block_size(const struct checked *f, uint64_t block)
{
	uint64_t left = f->bytes - block * KB_STORE_BLOCK;

	return left < KB_STORE_BLOCK ? (size_t)left : KB_STORE_BLOCK;
}

static bool
is_seen(const struct checked *f, uint64_t block)
{
	return (f->seen[block / 8] >> (block % 8) & 1) != 0;
}

/* The first failure is the one to tell; what follows comes from it. */
static bool
fail(struct checked *f, enum kb_vfs_state state, uint64_t block)
{
	if (f->failure.state == KB_VFS_GOOD) {
		f->failure.errnum = errno;
		f->failure.block = block;
		f->failure.state = state;
	}
	return false;
}

static bool
read_exactly(struct checked *f, void *p, size_t n, uint64_t at)
{
	ssize_t got = kb_file_pread(f->fd, p, n, at);

	if (got == (ssize_t)n)
		return true;
	return fail(f, got < 0 ? KB_VFS_UNREADABLE : KB_VFS_SHORT,
	    at / KB_STORE_BLOCK);
}

static bool
check_block(struct checked *f, uint64_t block)
{
	size_t n = block_size(f, block);
	unsigned char digest[KB_SHA256_SIZE];

	f->buf_block = NO_BLOCK;
	if (!read_exactly(f, f->buf, n, block * KB_STORE_BLOCK))
		return false;
	kb_sha256(digest, f->buf, n);
	if (memcmp(digest, f->sums + block * KB_SHA256_SIZE,
	    sizeof(digest)) != 0)
		return fail(f, KB_VFS_MISMATCH, block);
	f->seen[block / 8] |= (unsigned char)(1 << block % 8);
	f->buf_block = block;
	return true;
}

/* Within one block. */
static bool
read_part(struct checked *f, void *p, size_t n, uint64_t at)
{
	uint64_t block = at / KB_STORE_BLOCK;

	if (block != f->buf_block) {
		if (is_seen(f, block))
			return read_exactly(f, p, n, at);
		if (!check_block(f, block))
			return false;
	}
	memcpy(p, f->buf + at % KB_STORE_BLOCK, n);
	return true;
}

static void
checked_release(struct checked *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->sums);
	free(f->seen);
	free(f->buf);
	memset(f, 0, sizeof(*f));
	f->fd = -1;
}

static enum kb_status
cannot_open(const char *path, struct kb_err *err)
{
	int errnum = errno;
	bool missing = errnum == ENOENT || errnum == ENOTDIR;

	return kb_err_set(err, missing ? KB_NOTFOUND : KB_IO,
	    "cannot read '%s': %s", path, strerror(errnum));
}

static enum kb_status
wrong_size(const char *path, uint64_t got, uint64_t want, struct kb_err *err)
{
	return kb_err_set(err, KB_DAMAGED, "'%s' has %" PRIu64 " bytes, not %"
	    PRIu64, path, got, want);
}

/* The .sum file, against its size and against the root hash. */
static enum kb_status
load_sums(struct checked *f, const struct kb_vfs_source *s,
    struct kb_err *err)
{
	uint64_t size, want = f->n_blocks * KB_SHA256_SIZE;
	unsigned char digest[KB_SHA256_SIZE], root[KB_SHA256_SIZE];
	enum kb_status status = KB_OK;
	ssize_t got;
	int fd;

	if (!kb_sha256_from_hex(root, kb_str_c(s->root)))
		return kb_err_set(err, KB_DAMAGED, "'%s' has no root hash",
		    s->db);
	fd = kb_file_open(AT_FDCWD, s->sums, &size);
	if (fd < 0)
		return cannot_open(s->sums, err);
	if (size != want) {
		status = wrong_size(s->sums, size, want, err);
		goto out;
	}
	f->sums = malloc((size_t)want);
	if (f->sums == NULL) {
		status = kb_err_nomem(err);
		goto out;
	}
	got = kb_file_pread(fd, f->sums, (size_t)want, 0);
	if (got < 0) {
		status = cannot_open(s->sums, err);
		goto out;
	}
	kb_sha256(digest, f->sums, (size_t)got);
	if ((uint64_t)got != want || memcmp(digest, root, sizeof(root)) != 0)
		status = kb_err_set(err, KB_DAMAGED,
		    "'%s' does not match its checksum", s->sums);
out:
	close(fd);
	return status;
}

/* "f" is to be released whatever comes out. */
static enum kb_status
checked_init(struct checked *f, const struct kb_vfs_source *s,
    struct kb_err *err)
{
	uint64_t size;

	memset(f, 0, sizeof(*f));
	f->buf_block = NO_BLOCK;
	f->fd = kb_file_open(AT_FDCWD, s->db, &size);
	if (f->fd < 0)
		return cannot_open(s->db, err);
	if (size != s->bytes || size == 0)
		return wrong_size(s->db, size, s->bytes, err);
	f->bytes = size;
	f->n_blocks = (size - 1) / KB_STORE_BLOCK + 1;
	f->seen = calloc(1, (size_t)(f->n_blocks / 8 + 1));
	f->buf = malloc(KB_STORE_BLOCK);
	if (f->seen == NULL || f->buf == NULL)
		return kb_err_nomem(err);
	return load_sums(f, s, err);
}

/* ---- SQLite's file methods ---- */

static int
vfs_close(sqlite3_file *file)
{
	checked_release((struct checked *)file);
	return SQLITE_OK;
}

static int
vfs_read(sqlite3_file *file, void *p, int n, sqlite3_int64 offset)
{
	struct checked *f = (struct checked *)file;
	uint64_t at = (uint64_t)offset;
	size_t left = (size_t)n;
	char *to = p;

	if (n < 0 || offset < 0)
		return SQLITE_IOERR_READ;
	while (left > 0 && at < f->bytes) {
		size_t in_block = (size_t)(at % KB_STORE_BLOCK);
		size_t k = block_size(f, at / KB_STORE_BLOCK) - in_block;

		if (k > left)
			k = left;
		if (!read_part(f, to, k, at)) {
			/* Nothing unchecked may be left behind. */
			memset(p, 0, (size_t)n);
			return f->failure.state == KB_VFS_UNREADABLE ?
			    SQLITE_IOERR_READ : SQLITE_IOERR_DATA;
		}
		to += k;
		at += k;
		left -= k;
	}
	if (left == 0)
		return SQLITE_OK;
	memset(to, 0, left);
	return SQLITE_IOERR_SHORT_READ;
}

static int
vfs_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 offset)
{
	return SQLITE_READONLY;
}

static int
vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return SQLITE_READONLY;
}

static int
vfs_sync(sqlite3_file *file, int flags)
{
	return SQLITE_OK;
}

static int
vfs_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct checked *)file)->bytes;
	return SQLITE_OK;
}

static int
vfs_lock(sqlite3_file *file, int lock)
{
	return SQLITE_OK;
}

static int
vfs_check_reserved_lock(sqlite3_file *file, int *held)
{
	*held = 0;
	return SQLITE_OK;
}

static int
vfs_file_control(sqlite3_file *file, int op, void *arg)
{
	return SQLITE_NOTFOUND;
}

static int
vfs_sector_size(sqlite3_file *file)
{
	return 4096;
}

static int
vfs_device_characteristics(sqlite3_file *file)
{
	return SQLITE_IOCAP_IMMUTABLE;
}

/* Version 1: no shared memory and no xFetch. */
static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = vfs_close,
	.xRead = vfs_read,
	.xWrite = vfs_write,
	.xTruncate = vfs_truncate,
	.xSync = vfs_sync,
	.xFileSize = vfs_file_size,
	.xLock = vfs_lock,
	.xUnlock = vfs_lock,
	.xCheckReservedLock = vfs_check_reserved_lock,
	.xFileControl = vfs_file_control,
	.xSectorSize = vfs_sector_size,
	.xDeviceCharacteristics = vfs_device_characteristics,
};

/* ---- SQLite's VFS methods ---- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	struct checked *f = (struct checked *)file;
	struct kb_vfs_source source;
	sqlite3_int64 bytes;
	enum kb_status status;

	file->pMethods = NULL;
	if (name == NULL || (flags & SQLITE_OPEN_MAIN_DB) == 0 ||
	    (flags & SQLITE_OPEN_READONLY) == 0)
		return SQLITE_CANTOPEN;
	source.db = name;
	source.sums = sqlite3_uri_parameter(name, "kb_sums");
	source.root = sqlite3_uri_parameter(name, "kb_root");
	bytes = sqlite3_uri_int64(name, "kb_bytes", 0);
	if (source.sums == NULL || source.root == NULL || bytes <= 0)
		return SQLITE_CANTOPEN;
	source.bytes = (uint64_t)bytes;
	status = checked_init(f, &source, NULL);
	if (status != KB_OK) {
		checked_release(f);
		return status == KB_NOMEM ? SQLITE_NOMEM : SQLITE_CANTOPEN;
	}
	file->pMethods = &methods;
	if (out_flags != NULL)
		*out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
	return SQLITE_IOERR_DELETE;
}

/* Whatever SQLite may look for beside the database is not there. */
static int
vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
	*result = 0;
	return SQLITE_OK;
}

static int
vfs_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	size_t n = strlen(name);

	if (size <= 0 || n >= (size_t)size)
		return SQLITE_CANTOPEN;
	memcpy(out, name, n + 1);
	return SQLITE_OK;
}

static int
vfs_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	sqlite3_vfs *base = vfs->pAppData;

	return base->xRandomness(base, n, out);
}

static int
vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	sqlite3_vfs *base = vfs->pAppData;

	return base->xSleep(base, microseconds);
}

static int
vfs_current_time(sqlite3_vfs *vfs, double *now)
{
	sqlite3_vfs *base = vfs->pAppData;

	return base->xCurrentTime(base, now);
}

static int
vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	return 0;
}

static sqlite3_vfs checked_vfs = {
	.iVersion = 1,
	.szOsFile = sizeof(struct checked),
	.mxPathname = PATH_MAX,
	.zName = VFS_NAME,
	.xOpen = vfs_open,
	.xDelete = vfs_delete,
	.xAccess = vfs_access,
	.xFullPathname = vfs_full_pathname,
	.xRandomness = vfs_randomness,
	.xSleep = vfs_sleep,
	.xCurrentTime = vfs_current_time,
	.xGetLastError = vfs_last_error,
};

static pthread_once_t register_once = PTHREAD_ONCE_INIT;
static int register_rc;

static void
register_vfs(void)
{
	checked_vfs.pAppData = sqlite3_vfs_find(NULL);
	register_rc = checked_vfs.pAppData == NULL ? SQLITE_ERROR :
	    sqlite3_vfs_register(&checked_vfs, 0);
}

/* ---- opening ---- */

static void
add_escaped(struct kb_buf *uri, const char *s)
{
	for (; *s != '\0'; s++) {
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
		    (*s >= '0' && *s <= '9') || strchr("/._-~", *s) != NULL)
			kb_buf_addch(uri, *s);
		else
			kb_buf_printf(uri, "%%%02x", (unsigned char)*s);
	}
}

static enum kb_status
make_uri(struct kb_buf *uri, const struct kb_vfs_source *s,
    struct kb_err *err)
{
	/* Two slashes of our own: what follows is then never a host. */
	kb_buf_addc(uri, s->db[0] == '/' ? "file://" : "file:");
	add_escaped(uri, s->db);
	kb_buf_addc(uri, "?immutable=1&mode=ro&cache=private&kb_sums=");
	add_escaped(uri, s->sums);
	kb_buf_printf(uri, "&kb_bytes=%" PRIu64 "&kb_root=%s", s->bytes,
	    s->root);
	return kb_buf_check(uri, err);
}

/*
 * SQLite passes a number only: do what xOpen did once more for the words.
 */
static enum kb_status
diagnose(const struct kb_vfs_source *source, sqlite3 *db, struct kb_err *err)
{
	struct checked f;
	enum kb_status status = checked_init(&f, source, err);

	/* It reads the beginning at once. */
	if (status == KB_OK && !check_block(&f, 0))
		status = f.failure.state == KB_VFS_UNREADABLE ?
		    cannot_open(source->db, err) :
		    kb_err_set(err, KB_DAMAGED, "block 0 of '%s' does not "
		    "match its checksum", source->db);
	else if (status == KB_OK)
		status = kb_err_set(err, KB_IO, "cannot open '%s': %s",
		    source->db, sqlite3_errmsg(db));
	checked_release(&f);
	return status;
}

enum kb_status
kb_vfs_open(sqlite3 **out, const struct kb_vfs_source *source,
    struct kb_err *err)
{
	struct kb_buf uri = { 0 };
	sqlite3 *db = NULL;
	enum kb_status status;

	pthread_once(&register_once, register_vfs);
	if (register_rc != SQLITE_OK)
		return kb_err_set(err, KB_IO,
		    "SQLite takes no file system of ours: %s",
		    sqlite3_errstr(register_rc));
	status = make_uri(&uri, source, err);
	if (status == KB_OK && sqlite3_open_v2(uri.p, &db,
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_PRIVATECACHE, VFS_NAME) != SQLITE_OK)
		status = diagnose(source, db, err);
	if (status == KB_OK)
		*out = db;
	else
		sqlite3_close(db);
	kb_buf_release(&uri);
	return status;
}

static struct checked *
checked_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &file) != SQLITE_OK || file == NULL || file->pMethods != &methods)
		return NULL;
	return (struct checked *)file;
}

bool
kb_vfs_check_all(sqlite3 *db)
{
	struct checked *f = checked_of(db);

	if (f == NULL)
		return false;
	for (uint64_t block = 0; block < f->n_blocks; block++)
		if (!is_seen(f, block) && !check_block(f, block))
			return false;
	return true;
}

struct kb_vfs_failure
kb_vfs_failure(sqlite3 *db)
{
	struct checked *f = checked_of(db);
	struct kb_vfs_failure none = { KB_VFS_GOOD, 0, 0 };

	return f != NULL ? f->failure : none;
}
