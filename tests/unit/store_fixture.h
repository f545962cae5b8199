/*
 * store_fixture: index folders for the store's tests, in a temporary folder
 * that is removed at the end.
 */
#ifndef KB_STORE_FIXTURE_H
#define KB_STORE_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"
#include "store_file.h"
#include "store_manifest.h"
#include "test.h"

#define PATHS	512
#define ROWS	1500	/* about 1 MB: some 15 blocks */

static char base[PATHS / 2];

static inline void
fixture_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(base, sizeof(base), "%s/kb-store-XXXXXX",
	    tmp != NULL ? tmp : P_tmpdir);
	if (mkdtemp(base) == NULL || chmod(base, 0755) != 0) {
		perror(base);
		exit(1);
	}
}

static inline int
remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	return remove(path);
}

static inline void
fixture_end(void)
{
	nftw(base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* FOLDER/NAME; equal ones are kept once, until the end of the program. */
static inline const char *
in(const char *folder, const char *name)
{
	static char kept[300][PATHS];
	char path[PATHS];
	size_t i;

	snprintf(path, sizeof(path), "%.300s/%.200s", folder, name);
	for (i = 0; i < 299 && kept[i][0] != '\0'; i++)
		if (strcmp(kept[i], path) == 0)
			return kept[i];
	return strcpy(kept[i], path);
}

static inline const char *
at(const char *name)
{
	return in(base, name);
}

static inline bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static inline struct kb_buf
slurp(const char *path)
{
	struct kb_buf buf = { 0 };

	if (!kb_file_slurp(&buf, AT_FDCWD, path, 1 << 28))
		CHECK(!"cannot read a file of the test");
	return buf;
}

static inline void
spew(const char *path, struct kb_str s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0 && kb_file_write(fd, s));
	close(fd);
}

static inline void
flip(const char *path, uint64_t offset)
{
	unsigned char c = 0;
	int fd = open(path, O_RDWR);

	CHECK_INT(pread(fd, &c, 1, (off_t)offset), 1);
	c ^= 0x10;
	CHECK_INT(pwrite(fd, &c, 1, (off_t)offset), 1);
	close(fd);
}

static inline int
fill(sqlite3 *db, unsigned seed, int rows)
{
	char sql[700];

	snprintf(sql, sizeof(sql), "BEGIN;"
	    "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT);"
	    "CREATE VIRTUAL TABLE f USING fts5(x, content='', "
	    "tokenize=ascii);"
	    "INSERT INTO t WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL "
	    "SELECT i + 1 FROM n WHERE i < %d) SELECT i, "
	    "printf('%%0500d', i * %u) FROM n;"
	    "INSERT INTO f (rowid, x) SELECT id, 'word' || (id %% 97) || "
	    "' common seed%u' FROM t;"
	    "COMMIT;", rows, seed, seed);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static inline enum kb_status
build_rows(const char *path, unsigned seed, int rows, char generation[17],
    struct kb_err *err)
{
	struct kb_publish *pub = NULL;
	enum kb_status status = kb_publish_begin(&pub, path, err);

	if (status != KB_OK)
		return status;
	if (fill(kb_publish_db(pub), seed, rows) != SQLITE_OK)
		status = kb_err_set(err, KB_IO, "fill: %s",
		    sqlite3_errmsg(kb_publish_db(pub)));
	else
		status = kb_publish_commit(pub, KB_STR("{\"lang\":\"en\"}"),
		    KB_STR("{\"articles\":7}"), generation, err);
	kb_publish_free(pub);
	return status;
}

static inline enum kb_status
build(const char *path, unsigned seed, char generation[17])
{
	struct kb_err err = { KB_OK, "" };
	enum kb_status status = build_rows(path, seed, ROWS, generation, &err);

	if (status != KB_OK) {
		printf("# build: %s\n", err.msg);
		generation[0] = '\0';
	}
	return status;
}

/* Open and close. */
static inline enum kb_status
try_open(const char *path, unsigned flags, struct kb_err *err)
{
	struct kb_store *store = NULL;
	enum kb_status status = kb_store_open(&store, path, "all", flags,
	    err);

	CHECK((status == KB_OK) == (store != NULL));
	kb_store_close(store);
	return status;
}

static inline struct kb_manifest
manifest_of(const char *path)
{
	struct kb_manifest m = { 0 };
	struct kb_err err;

	CHECK_INT(kb_manifest_read(&m, path, &err), KB_OK);
	return m;
}

/* The first column of the first row, -1 on failure. */
static inline int64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static inline size_t
count_lines(const char *path)
{
	struct kb_buf text = slurp(path);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	kb_buf_release(&text);
	return n;
}

#endif /* KB_STORE_FIXTURE_H */
