#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store_manifest.h"
#include "store_vfs.h"

/* How often a writer may replace the generation while one open runs. */
#define RETRIES		16
#define BUDGET_STEP	1000	/* virtual machine steps */

struct kb_store {
	char			*path;
	sqlite3			*db;
	char			 generation[17];
	struct kb_manifest_view	 view;
	unsigned		 budget;	/* thousands of steps left */
	bool			 struck;
	bool			 borrowed;	/* db is another's */
};

/* ---- what went wrong, and the way out ---- */

static enum kb_status
damaged(const struct kb_store *store, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_DAMAGED, "index '%s' is damaged: %s; restore "
	    "it from a copy, or build it again with: kb-index build -o %s "
	    "PATH", store->path, what, store->path);
}

static enum kb_status
block_failed(const struct kb_store *store, struct kb_vfs_failure failure,
    struct kb_err *err)
{
	char what[200];

	if (failure.state == KB_VFS_UNREADABLE)
		return kb_err_set(err, KB_IO, "cannot read block %" PRIu64
		    " of '%s/%s': %s; check its disk", failure.block,
		    store->path, store->view.file, strerror(failure.errnum));
	snprintf(what, sizeof(what), "block %" PRIu64 " of %s %s",
	    failure.block, store->view.file,
	    failure.state == KB_VFS_SHORT ? "is cut off" :
	    "does not match its checksum");
	return damaged(store, what, err);
}

enum kb_status
kb_store_error(struct kb_store *store, struct kb_err *err)
{
	int rc = sqlite3_errcode(store->db);
	struct kb_vfs_failure failure = kb_vfs_failure(store->db);

	if (failure.state != KB_VFS_GOOD)
		return block_failed(store, failure, err);
	if (rc == SQLITE_INTERRUPT && store->struck)
		return kb_err_set(err, KB_LIMIT, "the query on index '%s' "
		    "reached its budget; ask for less, or give it more",
		    store->path);
	if (rc == SQLITE_NOMEM)
		return kb_err_nomem(err);
	/* Our statements are sound: an error is a schema that is not ours. */
	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB || rc == SQLITE_ERROR)
		return damaged(store, sqlite3_errmsg(store->db), err);
	return kb_err_set(err, KB_IO, "index '%s': %s", store->path,
	    sqlite3_errmsg(store->db));
}

/* ---- hardening ---- */

/*
 * The database may have been made by anybody: a checksum does not tell who.
 * So it brings no code with it (triggers, views, extensions, functions in
 * the schema), and what is left has bounds.
 */
static bool
configure(sqlite3 *db)
{
	static const struct {
		int	op, on;
	} settings[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};
	size_t n = sizeof(settings) / sizeof(settings[0]);

	for (size_t i = 0; i < n; i++) {
		int now = -1;

		if (sqlite3_db_config(db, settings[i].op, settings[i].on,
		    &now) != SQLITE_OK || now != settings[i].on)
			return false;
	}
	return true;
}

static void
limit(sqlite3 *db)
{
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100000);
	sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 16);
	sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 25000);
	sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 4);
	sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
}

static enum kb_status
harden(struct kb_store *store, struct kb_err *err)
{
	if (!configure(store->db))
		return kb_err_set(err, KB_IO, "this SQLite (%s) cannot be "
		    "secured; it needs to be 3.31 or newer",
		    sqlite3_libversion());
	limit(store->db);
	if (sqlite3_exec(store->db, "PRAGMA temp_store = MEMORY;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA query_only = ON;", NULL, NULL, NULL) != SQLITE_OK)
		return kb_store_error(store, err);
	return KB_OK;
}

/* ---- opening ---- */

static const struct kb_manifest_view *
find_view(const struct kb_manifest *m, const char *name)
{
	for (size_t i = 0; i < m->n_views; i++)
		if (strcmp(m->views[i].name, name) == 0)
			return &m->views[i];
	return NULL;
}

static enum kb_status
no_view(const struct kb_store *store, const struct kb_manifest *m,
    const char *view, struct kb_err *err)
{
	struct kb_buf names = { 0 };
	enum kb_status status;

	for (size_t i = 0; i < m->n_views; i++)
		kb_buf_printf(&names, "%s%s", i > 0 ? ", " : "",
		    m->views[i].name);
	status = kb_buf_check(&names, err);
	if (status == KB_OK)
		status = kb_err_set(err, KB_NOTFOUND,
		    "index '%s' has no view '%s'; it has: %s", store->path,
		    view, names.p);
	kb_buf_release(&names);
	return status;
}

static enum kb_status
open_files(struct kb_store *store, struct kb_err *err)
{
	struct kb_buf db = { 0 }, sums = { 0 };
	struct kb_vfs_source source = {
		.root = store->view.root, .bytes = store->view.bytes,
	};
	enum kb_status status = KB_NOMEM;

	kb_buf_printf(&db, "%s/%s", store->path, store->view.file);
	kb_buf_printf(&sums, "%s/%s", store->path, store->view.sums);
	if (db.failed || sums.failed) {
		kb_err_nomem(err);
	} else {
		source.db = db.p;
		source.sums = sums.p;
		status = kb_vfs_open(&store->db, &source, err);
	}
	kb_buf_release(&db);
	kb_buf_release(&sums);
	return status;
}

static enum kb_status
choose_view(struct kb_store *store, const char *name, struct kb_err *err)
{
	struct kb_manifest *m = calloc(1, sizeof(*m));
	const struct kb_manifest_view *found;
	enum kb_status status;

	if (m == NULL)
		return kb_err_nomem(err);
	status = kb_manifest_read(m, store->path, err);
	if (status != KB_OK)
		goto out;
	found = find_view(m, name);
	if (found == NULL) {
		status = no_view(store, m, name, err);
		goto out;
	}
	store->view = *found;
	memcpy(store->generation, m->generation, sizeof(store->generation));
out:
	free(m);
	return status;
}

/*
 * A writer may publish, and remove what we were told to open, between our
 * reading the manifest and our opening of its files: then the manifest names
 * something else by now.
 */
static enum kb_status
open_view(struct kb_store *store, const char *name, struct kb_err *err)
{
	struct kb_err why;
	enum kb_status status;

	for (int i = 0; i < RETRIES; i++) {
		status = choose_view(store, name, err);
		if (status != KB_OK)
			return status;
		status = open_files(store, &why);
		if (status != KB_NOTFOUND)
			break;
	}
	if (status == KB_NOTFOUND || status == KB_DAMAGED)
		return damaged(store, why.msg, err);
	if (status != KB_OK)
		return kb_err_set(err, status, "%s; check its permissions "
		    "and its disk", why.msg);
	return KB_OK;
}

static enum kb_status
read_number(struct kb_store *store, const char *sql, int64_t *out,
    struct kb_err *err)
{
	sqlite3_stmt *stmt = NULL;
	enum kb_status status = KB_OK;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		status = kb_store_error(store, err);
	else
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return status;
}

static enum kb_status
check_kind(struct kb_store *store, struct kb_err *err)
{
	int64_t application = 0, version = 0;
	enum kb_status status;

	status = read_number(store, "PRAGMA application_id", &application,
	    err);
	if (status == KB_OK)
		status = read_number(store, "PRAGMA user_version", &version,
		    err);
	if (status != KB_OK)
		return status;
	if (application != KB_MANIFEST_APPLICATION)
		return kb_err_set(err, KB_VERSION, "'%s/%s' is another "
		    "program's database: application id 0x%08" PRIx64
		    ", not 0x%08x; build the index again with: kb-index build "
		    "-o %s PATH", store->path, store->view.file,
		    (uint64_t)application & 0xffffffff, KB_MANIFEST_APPLICATION,
		    store->path);
	if (version != KB_STORE_TABLES)
		return kb_err_set(err, KB_VERSION, "'%s/%s' has format %"
		    PRId64 ", this program reads %d; build the index again "
		    "with: kb-index build -o %s PATH", store->path,
		    store->view.file, version, KB_STORE_TABLES, store->path);
	return KB_OK;
}

enum kb_status
kb_store_open(struct kb_store **out, const char *path, const char *view,
    unsigned flags, struct kb_err *err)
{
	struct kb_store *store;
	enum kb_status status;

	if (path[0] == '\0')
		return kb_err_set(err, KB_USAGE, "the index has no name; give "
		    "the path of its folder");
	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return kb_err_nomem(err);
	store->path = kb_manifest_clean_path(path);
	status = store->path == NULL ? kb_err_nomem(err) :
	    open_view(store, view != NULL ? view : "all", err);
	if (status == KB_OK)
		status = harden(store, err);
	if (status == KB_OK && (flags & KB_STORE_CHECK_ALL) != 0 &&
	    !kb_vfs_check_all(store->db))
		status = kb_store_error(store, err);
	if (status == KB_OK)
		status = check_kind(store, err);
	if (status == KB_OK)
		*out = store;
	else
		kb_store_close(store);
	return status;
}

enum kb_status
kb_store_borrow(struct kb_store **out, sqlite3 *db, const char *name,
    struct kb_err *err)
{
	struct kb_store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		return kb_err_nomem(err);
	store->db = db;
	store->borrowed = true;
	store->path = strdup(name);
	if (store->path == NULL) {
		free(store);
		return kb_err_nomem(err);
	}
	*out = store;
	return KB_OK;
}

void
kb_store_close(struct kb_store *store)
{
	if (store == NULL)
		return;
	/* A statement that a caller forgot keeps the connection alive. */
	if (store->db != NULL)
		sqlite3_progress_handler(store->db, 0, NULL, NULL);
	if (!store->borrowed)
		sqlite3_close_v2(store->db);
	free(store->path);
	free(store);
}

sqlite3 *
kb_store_db(struct kb_store *store)
{
	return store->db;
}

const char *
kb_store_generation(const struct kb_store *store)
{
	return store->generation;
}

const char *
kb_store_view(const struct kb_store *store)
{
	return store->view.name;
}

/* ---- the budget ---- */

static int
spend(void *arg)
{
	struct kb_store *store = arg;

	if (store->budget > 1) {
		store->budget--;
		return 0;
	}
	store->struck = true;
	return 1;
}

void
kb_store_budget(struct kb_store *store, unsigned ksteps)
{
	store->budget = ksteps;
	store->struck = false;
	if (ksteps == 0)
		sqlite3_progress_handler(store->db, 0, NULL, NULL);
	else
		sqlite3_progress_handler(store->db, BUDGET_STEP, spend,
		    store);
}
