/*
 * store: the index on disk: the folder, its manifest, generations and their
 * checksums, publishing, and opening for reading.  The format is told in
 * docs/FORMAT.md.  What is inside a database (the tables) is schema.h's
 * business; this module only carries files.
 *
 *	NAME.kb/manifest.json		names the generation, view by view
 *	NAME.kb/all-<hash>.db		an immutable SQLite database
 *	NAME.kb/all-<hash>.sum		32 bytes of SHA-256 a 64 KiB block
 *	NAME.kb/history.jsonl		a line a published generation
 *	NAME.kb/lock			held (flock) by who writes
 *	NAME.kb/tmp-*			left-overs of a killed build, collected
 */
#ifndef KB_LIB_STORE_H
#define KB_LIB_STORE_H

#include <sqlite3.h>

#include "kb/status.h"
#include "kb/str.h"

#define KB_STORE_FORMAT		1	/* of folder and manifest */
#define KB_STORE_TABLES		2	/* user_version: of the tables */
#define KB_STORE_BLOCK		65536

/* ---- writing: used by indexer/ only ---- */

struct kb_publish;

/*
 * Make the folder if it is missing (its parent must be there), take its
 * lock, collect left-overs, and create an empty temporary database, opened
 * with settings for a batch build (journal OFF, synchronous OFF, exclusive
 * locking, secure_delete off, page size 4096, temp_store MEMORY) and marked
 * with our application_id and user_version.  An existing folder that is not
 * empty and has neither our manifest nor our file names is refused with
 * KB_USAGE; KB_IO when another writer has the lock.
 */
enum kb_status	kb_publish_begin(struct kb_publish **out, const char *path,
		    struct kb_err *err);

/* Borrowed: the database to be filled. */
sqlite3		*kb_publish_db(struct kb_publish *pub);

/* Borrowed: a folder for other temporary files, the index's own. */
const char	*kb_publish_dir(const struct kb_publish *pub);

/*
 * Check and close the database (no statement may be open), checksum it, name
 * it after its content, fsync, rename, fsync the folder; then the manifest the
 * same way; then append "history" (one JSON object, without a newline; a
 * "generation" key is put in front of its members by this function) unless the
 * last line names this generation already; then remove generations that the
 * manifest does not name.  "options" (a JSON object) goes into the manifest as
 * it is.  "generation" gets the first 16 hex digits of the SHA-256 over
 * "NAME ROOT\n" for every view, ROOT being its .sum file's SHA-256 in hex.
 *   On failure what was published before stays as it was; only when the
 * history or the last fsync fails is the new generation published all the
 * same, and the message says so.
 */
enum kb_status	kb_publish_commit(struct kb_publish *pub,
		    struct kb_str options, struct kb_str history,
		    char generation[17], struct kb_err *err);

/* Remove the temporary files (also after commit: frees). NULL is fine. */
void		kb_publish_free(struct kb_publish *pub);

/* ---- reading ---- */

struct kb_store;

enum kb_store_flags {
	KB_STORE_CHECK_ALL = 1	/* check every block before returning */
};

/*
 * Open the published generation's view ("all") read-only through a VFS that
 * checks each block against its hash before SQLite sees it, immutable, with
 * everything that a hostile file could use switched off (docs/ARCHITECTURE.md
 * lists it).  A "view" of NULL is "all".  Errors, each with a way out in its
 * message: KB_NOTFOUND no manifest, or no such view; KB_VERSION another format
 * version, or another program's database; KB_DAMAGED a checksum or the
 * manifest is broken, or a file is missing; KB_IO.
 */
enum kb_status	kb_store_open(struct kb_store **out, const char *path,
		    const char *view, unsigned flags, struct kb_err *err);
void		kb_store_close(struct kb_store *store);	/* NULL is fine */

/*
 * A store around a database that the program is writing itself and that stays
 * its own: nothing is checked, no generation or view is known.  "name" is for
 * messages.  Errors: KB_NOMEM.
 */
enum kb_status	kb_store_borrow(struct kb_store **out, sqlite3 *db,
		    const char *name, struct kb_err *err);

sqlite3		*kb_store_db(struct kb_store *store);	/* borrowed */
const char	*kb_store_generation(const struct kb_store *store);
const char	*kb_store_view(const struct kb_store *store);

/*
 * What an SQLite error on this store's connection means: KB_DAMAGED when a
 * block failed its check (the message names file and block), KB_LIMIT when
 * the budget struck, KB_NOMEM, else KB_IO.  Also KB_DAMAGED when all checks
 * held but SQLite finds the content corrupt, or a table missing.  To be asked
 * right after the call that failed.
 */
enum kb_status	kb_store_error(struct kb_store *store, struct kb_err *err);

/*
 * A counted budget for the statements that follow: SQLite's virtual machine
 * steps, in thousands; 0: none.  Counted in whole thousands of each
 * statement; work between two steps, such as decoding FTS5's postings, is free.
 */
void		kb_store_budget(struct kb_store *store, unsigned ksteps);

#endif /* KB_LIB_STORE_H */
