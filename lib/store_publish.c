#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_file.h"
#include "store_folder.h"
#include "store_manifest.h"

#define VIEW		"all"
#define HISTORY_LINE	65536	/* bytes of one line, its newline included */

struct kb_publish {
	struct kb_folder	 folder;
	sqlite3			*db;
	bool			 swept;		/* nothing is left to remove */
};

static enum kb_status
fail(const struct kb_publish *pub, const char *verb, const char *name,
    struct kb_err *err)
{
	return kb_folder_fail(&pub->folder, verb, name, err);
}

/* ---- beginning ---- */

static enum kb_status
db_failed(const struct kb_publish *pub, int rc, struct kb_err *err)
{
	return kb_err_set(err, rc == SQLITE_NOMEM ? KB_NOMEM : KB_IO,
	    "cannot write '%s/%s': %s; what was published there stays as it "
	    "was", pub->folder.path, KB_FOLDER_TMP_DB,
	    pub->db != NULL ? sqlite3_errmsg(pub->db) : sqlite3_errstr(rc));
}

/* What stands in the file for ever must not hang on how SQLite was built. */
static int
set_up(sqlite3 *db)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
	    "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8';"
	    "PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = OFF;"
	    "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
	    "PRAGMA secure_delete = OFF; PRAGMA temp_store = MEMORY;"
	    "PRAGMA mmap_size = 0;"
	    "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	    KB_MANIFEST_APPLICATION, KB_STORE_TABLES);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static enum kb_status
open_db(struct kb_publish *pub, struct kb_err *err)
{
	struct kb_buf path = { 0 };
	enum kb_status status;
	int rc;

	/* Made by us first: a link that lies there is not followed. */
	if (!kb_file_create(pub->folder.dir, KB_FOLDER_TMP_DB, KB_STR("")))
		return fail(pub, "make", KB_FOLDER_TMP_DB, err);
	/* "./": SQLite takes some names, such as :memory:, for orders. */
	kb_buf_printf(&path, "%s%s/%s", pub->folder.path[0] == '/' ? "" : "./",
	    pub->folder.path, KB_FOLDER_TMP_DB);
	status = kb_buf_check(&path, err);
	if (status != KB_OK)
		goto out;
	rc = sqlite3_open_v2(path.p, &pub->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc == SQLITE_OK)
		rc = set_up(pub->db);
	if (rc != SQLITE_OK)
		status = db_failed(pub, rc, err);
out:
	kb_buf_release(&path);
	return status;
}

enum kb_status
kb_publish_begin(struct kb_publish **out, const char *path,
    struct kb_err *err)
{
	struct kb_publish *pub = calloc(1, sizeof(*pub));
	enum kb_status status;

	if (pub == NULL)
		return kb_err_nomem(err);
	status = kb_folder_init(&pub->folder, path, err);
	if (status == KB_OK) {
		kb_folder_sweep(&pub->folder);
		status = open_db(pub, err);
	}
	if (status == KB_OK)
		*out = pub;
	else
		kb_publish_free(pub);
	return status;
}

sqlite3 *
kb_publish_db(struct kb_publish *pub)
{
	return pub->db;
}

const char *
kb_publish_dir(const struct kb_publish *pub)
{
	return pub->folder.path;
}

/* ---- the database ---- */

static int
is_ok(void *ok, int n, char **values, char **names)
{
	*(bool *)ok = n == 1 && values[0] != NULL &&
	    strcmp(values[0], "ok") == 0;
	return 0;
}

/* Without a journal, a statement that failed may have left half its work. */
static enum kb_status
check_db(const struct kb_publish *pub, struct kb_err *err)
{
	bool ok = false;
	int rc = sqlite3_exec(pub->db, "PRAGMA quick_check(1)", is_ok, &ok,
	    NULL);

	if (rc != SQLITE_OK && rc != SQLITE_CORRUPT)
		return db_failed(pub, rc, err);
	if (!ok)
		return kb_err_set(err, KB_DAMAGED, "'%s/%s' was not written "
		    "whole; is the disk full?", pub->folder.path,
		    KB_FOLDER_TMP_DB);
	return KB_OK;
}

static enum kb_status
close_db(struct kb_publish *pub, struct kb_err *err)
{
	enum kb_status status;
	int rc;

	if (pub->db == NULL)
		return kb_err_set(err, KB_USAGE, "index '%s' was committed "
		    "before; begin anew", pub->folder.path);
	status = check_db(pub, err);
	if (status != KB_OK)
		return status;
	/* FTS5 has statements of its own, which closing lets go. */
	rc = sqlite3_get_autocommit(pub->db) ? sqlite3_close(pub->db) :
	    SQLITE_BUSY;
	if (rc == SQLITE_BUSY)
		return kb_err_set(err, KB_USAGE, "index '%s' cannot be "
		    "published with a statement or transaction open",
		    pub->folder.path);
	if (rc != SQLITE_OK)
		return db_failed(pub, rc, err);
	pub->db = NULL;
	return KB_OK;
}

static uint32_t
big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/*
 * A reader would refuse a file whose numbers the caller has overwritten, or
 * that a full disk has cut.  Offsets: "Database File Format", sqlite.org.
 */
static bool
is_publishable(const unsigned char *head, size_t n, uint64_t bytes)
{
	return n >= 100 && memcmp(head, "SQLite format 3", 16) == 0 &&
	    big_endian(head + 68) == KB_MANIFEST_APPLICATION &&
	    big_endian(head + 60) == KB_STORE_TABLES &&
	    (uint64_t)big_endian(head + 28) * 4096 == bytes;
}

/* The digest of each block, appended to "sums". */
static enum kb_status
sum_blocks(const struct kb_publish *pub, int fd, uint64_t bytes,
    struct kb_buf *sums, struct kb_err *err)
{
	unsigned char digest[KB_SHA256_SIZE];
	unsigned char *block = malloc(KB_STORE_BLOCK);
	enum kb_status status = block != NULL ? KB_OK : kb_err_nomem(err);

	for (uint64_t at = 0; status == KB_OK && at < bytes;
	    at += KB_STORE_BLOCK) {
		ssize_t n = kb_file_pread(fd, block, KB_STORE_BLOCK, at);

		if (n <= 0) {
			if (n == 0)
				errno = EIO;
			status = fail(pub, "read", KB_FOLDER_TMP_DB, err);
		} else if (at == 0 &&
		    !is_publishable(block, (size_t)n, bytes)) {
			status = kb_err_set(err, KB_DAMAGED, "'%s/%s' is not "
			    "the database that was begun; is the disk full?",
			    pub->folder.path, KB_FOLDER_TMP_DB);
		} else {
			kb_sha256(digest, block, (size_t)n);
			kb_buf_add(sums, kb_str((char *)digest,
			    sizeof(digest)));
		}
	}
	free(block);
	return status == KB_OK ? kb_buf_check(sums, err) : status;
}

static enum kb_status
sum_db(const struct kb_publish *pub, struct kb_manifest *m,
    struct kb_buf *sums, struct kb_err *err)
{
	struct kb_manifest_view *view = &m->views[0];
	unsigned char root[KB_SHA256_SIZE];
	enum kb_status status;
	int fd;

	fd = kb_file_open(pub->folder.dir, KB_FOLDER_TMP_DB, &view->bytes);
	if (fd < 0)
		return fail(pub, "open", KB_FOLDER_TMP_DB, err);
	status = view->bytes > 0 ? sum_blocks(pub, fd, view->bytes, sums,
	    err) : kb_err_set(err, KB_DAMAGED, "'%s/%s' is empty",
	    pub->folder.path, KB_FOLDER_TMP_DB);
	if (status == KB_OK && !kb_file_sync(fd))
		status = fail(pub, "sync", KB_FOLDER_TMP_DB, err);
	if (close(fd) != 0 && status == KB_OK)
		status = fail(pub, "close", KB_FOLDER_TMP_DB, err);
	if (status != KB_OK)
		return status;
	kb_sha256(root, sums->p, sums->n);
	kb_sha256_to_hex(view->root, root);
	snprintf(view->name, sizeof(view->name), "%s", VIEW);
	kb_manifest_name_files(view);
	m->n_views = 1;
	return kb_manifest_name_generation(m, err);
}

/*
 * A file that holds the same already is left alone, readers and all.  One of
 * that name which holds something else has rotted: it is replaced.
 */
static enum kb_status
install(const struct kb_publish *pub, const char *from, const char *to,
    struct kb_err *err)
{
	int dir = pub->folder.dir;

	if (kb_file_same(dir, from, to)) {
		if (unlinkat(dir, from, 0) != 0)
			return fail(pub, "remove", from, err);
		return KB_OK;
	}
	if (renameat(dir, from, dir, to) != 0)
		return fail(pub, "make", to, err);
	return KB_OK;
}

static enum kb_status
publish_files(struct kb_publish *pub, struct kb_manifest *m,
    struct kb_err *err)
{
	struct kb_buf sums = { 0 };
	enum kb_status status = sum_db(pub, m, &sums, err);

	if (status != KB_OK)
		goto out;
	if (!kb_file_create(pub->folder.dir, KB_FOLDER_TMP_SUMS,
	    kb_buf_str(&sums))) {
		status = fail(pub, "write", KB_FOLDER_TMP_SUMS, err);
		goto out;
	}
	status = install(pub, KB_FOLDER_TMP_DB, m->views[0].file, err);
	if (status == KB_OK)
		status = install(pub, KB_FOLDER_TMP_SUMS, m->views[0].sums,
		    err);
	if (status == KB_OK && !kb_file_sync_dir(pub->folder.dir))
		status = fail(pub, "sync", ".", err);
out:
	kb_buf_release(&sums);
	return status;
}

/* ---- the manifest ---- */

static enum kb_status
write_manifest(const struct kb_publish *pub, struct kb_str text,
    struct kb_err *err)
{
	int dir = pub->folder.dir;

	if (!kb_file_create(dir, KB_FOLDER_TMP_MANIFEST, text))
		return fail(pub, "write", KB_FOLDER_TMP_MANIFEST, err);
	/* Exactly the same: its time stays too, for those who watch it. */
	if (kb_file_same(dir, KB_FOLDER_TMP_MANIFEST, KB_MANIFEST_FILE))
		return KB_OK;
	if (renameat(dir, KB_FOLDER_TMP_MANIFEST, dir, KB_MANIFEST_FILE) != 0)
		return fail(pub, "replace", KB_MANIFEST_FILE, err);
	if (!kb_file_sync_dir(dir))
		return kb_err_set(err, KB_IO, "index '%s' is published, but "
		    "may not survive a crash: cannot sync its folder: %s",
		    pub->folder.path, strerror(errno));
	return KB_OK;
}

static enum kb_status
publish_manifest(const struct kb_publish *pub, const struct kb_manifest *m,
    struct kb_str options, struct kb_err *err)
{
	struct kb_manifest *back = calloc(1, sizeof(*back));
	struct kb_buf text = { 0 };
	enum kb_status status;

	kb_manifest_format(m, options, &text);
	status = back == NULL ? kb_err_nomem(err) : kb_buf_check(&text, err);
	if (status != KB_OK)
		goto out;
	/* What a reader would refuse must not replace what it can read. */
	if (text.n > KB_MANIFEST_CAP)
		status = kb_err_set(err, KB_LIMIT, "the options of index '%s' "
		    "take more than 1 MiB; shorten them", pub->folder.path);
	else
		status = kb_manifest_parse(back, kb_buf_str(&text),
		    pub->folder.path, err);
	if (status == KB_OK)
		status = write_manifest(pub, kb_buf_str(&text), err);
out:
	kb_buf_release(&text);
	free(back);
	return status;
}

/* ---- the history ---- */

static enum kb_status
history_failed(const struct kb_publish *pub, struct kb_err *err)
{
	int errnum = errno;

	return kb_err_set(err, KB_IO, "index '%s' is published, but '%s/%s' "
	    "cannot be written: %s; the next build with the same content "
	    "adds the line", pub->folder.path, pub->folder.path,
	    KB_FOLDER_HISTORY, strerror(errnum));
}

static void
history_line(struct kb_buf *line, const char *generation, struct kb_str json)
{
	struct kb_str rest = kb_str_trim(json);

	rest = kb_str_trim(kb_str(rest.p + 1, rest.n - 1));
	kb_buf_printf(line, "{\"generation\":\"%s\"%s", generation,
	    rest.p[0] == '}' ? "" : ",");
	kb_buf_add(line, rest);
	kb_buf_addch(line, '\n');
}

/*
 * Bytes of the file up to the end of its last whole line, and whether that
 * line begins with "head".  What follows it is the line of a writer that was
 * killed.
 */
static bool
last_line(int fd, uint64_t size, struct kb_str head, uint64_t *end,
    bool *same)
{
	size_t n = size < HISTORY_LINE ? (size_t)size : HISTORY_LINE;
	uint64_t from = size - n;
	char *tail = malloc(n + 1);
	const char *nl, *before;
	bool ok = tail != NULL && kb_file_pread(fd, tail, n, from) ==
	    (ssize_t)n;

	if (!ok)
		goto out;
	nl = memrchr(tail, '\n', n);
	/* Not ours, if it has a line as long as that: leave it alone. */
	*end = nl != NULL ? from + (uint64_t)(nl - tail) + 1 :
	    from == 0 ? 0 : size;
	if (nl != NULL) {
		before = memrchr(tail, '\n', (size_t)(nl - tail));
		before = before != NULL ? before + 1 : tail;
		*same = kb_str_has_prefix(kb_str(before,
		    (size_t)(nl - before)), head);
	}
out:
	free(tail);
	return ok;
}

static bool
append(int fd, const char *generation, struct kb_str line)
{
	char head[64];
	struct stat st;
	uint64_t end = 0;
	bool same = false;

	snprintf(head, sizeof(head), "{\"generation\":\"%s\"", generation);
	if (fstat(fd, &st) != 0 || !last_line(fd, (uint64_t)st.st_size,
	    kb_str_c(head), &end, &same))
		return false;
	if (end != (uint64_t)st.st_size && ftruncate(fd, (off_t)end) != 0)
		return false;
	if (same)
		return true;
	return kb_file_write(fd, line) && kb_file_sync(fd);
}

static enum kb_status
publish_history(const struct kb_publish *pub, const char *generation,
    struct kb_str json, struct kb_err *err)
{
	struct kb_buf line = { 0 };
	enum kb_status status;
	bool ok;
	int fd;

	history_line(&line, generation, json);
	status = kb_buf_check(&line, err);
	if (status != KB_OK)
		goto out;
	fd = openat(pub->folder.dir, KB_FOLDER_HISTORY, O_RDWR | O_APPEND |
	    O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	ok = fd >= 0 && append(fd, generation, kb_buf_str(&line));
	if (!ok)
		status = history_failed(pub, err);
	if (fd >= 0 && close(fd) != 0 && status == KB_OK)
		status = history_failed(pub, err);
	/* The file may be new. */
	if (status == KB_OK && !kb_file_sync_dir(pub->folder.dir))
		status = history_failed(pub, err);
out:
	kb_buf_release(&line);
	return status;
}

/* ---- all of it ---- */

static enum kb_status
check_texts(const struct kb_publish *pub, struct kb_str options,
    struct kb_str history, struct kb_err *err)
{
	if (!kb_manifest_is_object(options))
		return kb_err_set(err, KB_USAGE, "the options of index '%s' "
		    "are not a JSON object", pub->folder.path);
	if (!kb_manifest_is_object(history) ||
	    memchr(history.p, '\n', history.n) != NULL)
		return kb_err_set(err, KB_USAGE, "the history of index '%s' "
		    "is not a JSON object on one line", pub->folder.path);
	if (history.n > HISTORY_LINE - 64)
		return kb_err_set(err, KB_LIMIT, "the history of index '%s' "
		    "takes more than 64 KiB; shorten it", pub->folder.path);
	return KB_OK;
}

enum kb_status
kb_publish_commit(struct kb_publish *pub, struct kb_str options,
    struct kb_str history, char generation[17], struct kb_err *err)
{
	struct kb_manifest *m;
	enum kb_status status = check_texts(pub, options, history, err);

	if (status != KB_OK)
		return status;
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return kb_err_nomem(err);
	status = close_db(pub, err);
	if (status == KB_OK)
		status = publish_files(pub, m, err);
	if (status == KB_OK)
		status = publish_manifest(pub, m, options, err);
	if (status == KB_OK)
		status = publish_history(pub, m->generation, history, err);
	if (status == KB_OK) {
		memcpy(generation, m->generation, sizeof(m->generation));
		kb_folder_sweep(&pub->folder);
		pub->swept = true;
	}
	free(m);
	return status;
}

void
kb_publish_free(struct kb_publish *pub)
{
	if (pub == NULL)
		return;
	if (pub->db != NULL)
		sqlite3_close_v2(pub->db);
	if (pub->folder.lock >= 0 && !pub->swept)
		kb_folder_sweep(&pub->folder);
	kb_folder_unmake(&pub->folder);
	kb_folder_release(&pub->folder);
	free(pub);
}
