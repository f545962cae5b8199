#include "store_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_file.h"
#include "store_manifest.h"

enum kb_status
kb_folder_fail(const struct kb_folder *folder, const char *verb,
    const char *name, struct kb_err *err)
{
	int errnum = errno;

	return kb_err_set(err, KB_IO, "cannot %s '%s/%s': %s; what was "
	    "published there stays as it was", verb, folder->path, name,
	    strerror(errnum));
}

/* ---- making it ---- */

static enum kb_status
make(struct kb_folder *folder, struct kb_err *err)
{
	folder->made = mkdir(folder->path, 0777) == 0;
	if (folder->made || errno == EEXIST)
		return KB_OK;
	if (errno == ENOENT)
		return kb_err_set(err, KB_IO, "cannot make index '%s': the "
		    "folder that it is to be in is missing; make that first",
		    folder->path);
	return kb_err_set(err, KB_IO, "cannot make index '%s': %s",
	    folder->path, strerror(errno));
}

static enum kb_status
open_dir(struct kb_folder *folder, struct kb_err *err)
{
	folder->dir = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->dir >= 0)
		return KB_OK;
	if (errno == ENOTDIR)
		return kb_err_set(err, KB_USAGE, "'%s' is not a folder; an "
		    "index is one: give another name", folder->path);
	return kb_err_set(err, KB_IO, "cannot open index '%s': %s",
	    folder->path, strerror(errno));
}

/* The folder's name is in its parent, and that is what must reach the disk. */
static enum kb_status
sync_parent(const struct kb_folder *folder, struct kb_err *err)
{
	int fd = openat(folder->dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	/* Who may write to a folder need not be allowed to list it. */
	if (fd < 0)
		return errno == EACCES ? KB_OK :
		    kb_folder_fail(folder, "open", "..", err);
	ok = kb_file_sync_dir(fd);
	if (close(fd) != 0 || !ok)
		return kb_folder_fail(folder, "sync", "..", err);
	return KB_OK;
}

/* ---- looking through it ---- */

static DIR *
list(const struct kb_folder *folder)
{
	int fd = openat(folder->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (dir == NULL)
		close(fd);
	return dir;
}

static const char *
next_name(DIR *dir)
{
	struct dirent *entry;

	do
		entry = readdir(dir);
	while (entry != NULL && (strcmp(entry->d_name, ".") == 0 ||
	    strcmp(entry->d_name, "..") == 0));
	return entry != NULL ? entry->d_name : NULL;
}

/* Names that hardly anything else would choose. */
static bool
is_telling(const char *name)
{
	static const char *const names[] = {
		KB_FOLDER_TMP_DB, KB_FOLDER_TMP_SUMS, KB_FOLDER_TMP_MANIFEST,
		KB_FOLDER_HISTORY,
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return kb_manifest_is_generation_file(name);
}

/* Many programs have a manifest.json: ours must read as ours. */
static bool
has_manifest(const struct kb_folder *folder)
{
	struct kb_manifest *m = calloc(1, sizeof(*m));
	enum kb_status status = KB_NOMEM;

	if (m != NULL)
		status = kb_manifest_read(m, folder->path, NULL);
	free(m);
	return status == KB_OK || status == KB_VERSION;
}

/*
 * An index, or empty but for a lock, which is the first thing that a writer
 * puts there.
 */
static enum kb_status
check_ours(const struct kb_folder *folder, struct kb_err *err)
{
	DIR *dir = list(folder);
	bool empty = true, telling = false;
	const char *name;

	if (dir == NULL)
		return kb_folder_fail(folder, "list", ".", err);
	while ((name = next_name(dir)) != NULL) {
		if (strcmp(name, KB_FOLDER_LOCK) != 0)
			empty = false;
		if (is_telling(name))
			telling = true;
	}
	closedir(dir);
	if (empty || telling || has_manifest(folder))
		return KB_OK;
	return kb_err_set(err, KB_USAGE, "'%s' holds other things and no "
	    "index; give the name of a new folder, as in -o %s/new.kb",
	    folder->path, folder->path);
}

static bool
is_left_over(const struct kb_manifest *m, const char *name)
{
	if (strncmp(name, KB_FOLDER_TMP, sizeof(KB_FOLDER_TMP) - 1) == 0)
		return true;
	return m != NULL && kb_manifest_is_generation_file(name) &&
	    !kb_manifest_has_file(m, name);
}

void
kb_folder_sweep(const struct kb_folder *folder)
{
	struct kb_manifest *m = calloc(1, sizeof(*m));
	DIR *dir = list(folder);
	enum kb_status status;
	const char *name;
	bool known;

	if (m == NULL || dir == NULL)
		goto out;
	/*
	 * Unless the manifest that we see is on the disk, a crash may bring
	 * the one before it back, and with it the need for its files.
	 */
	known = kb_file_sync_dir(folder->dir);
	status = kb_manifest_read(m, folder->path, NULL);
	if (status != KB_OK && status != KB_NOTFOUND)
		known = false;
	while ((name = next_name(dir)) != NULL) {
		if (!is_left_over(known ? m : NULL, name))
			continue;
		if (unlinkat(folder->dir, name, 0) != 0)
			unlinkat(folder->dir, name, AT_REMOVEDIR);
	}
out:
	if (dir != NULL)
		closedir(dir);
	free(m);
}

/* ---- all of it ---- */

static enum kb_status
take_lock(struct kb_folder *folder, struct kb_err *err)
{
	folder->lock = openat(folder->dir, KB_FOLDER_LOCK,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (folder->lock < 0)
		return kb_folder_fail(folder, "open", KB_FOLDER_LOCK, err);
	if (flock(folder->lock, LOCK_EX | LOCK_NB) == 0)
		return KB_OK;
	if (errno == EWOULDBLOCK)
		kb_err_set(err, KB_IO, "another kb-index is writing '%s'; "
		    "wait until it has ended", folder->path);
	else
		kb_folder_fail(folder, "lock", KB_FOLDER_LOCK, err);
	/* A descriptor here means that the lock is held. */
	close(folder->lock);
	folder->lock = -1;
	return KB_IO;
}

enum kb_status
kb_folder_init(struct kb_folder *folder, const char *path,
    struct kb_err *err)
{
	enum kb_status status;

	folder->made = false;
	folder->dir = folder->lock = -1;
	folder->path = NULL;
	if (path[0] == '\0')
		return kb_err_set(err, KB_USAGE, "the index has no name; give "
		    "the path of its folder with -o");
	folder->path = kb_manifest_clean_path(path);
	if (folder->path == NULL)
		return kb_err_nomem(err);
	status = make(folder, err);
	if (status == KB_OK)
		status = open_dir(folder, err);
	if (status == KB_OK && folder->made)
		status = sync_parent(folder, err);
	if (status == KB_OK)
		status = check_ours(folder, err);
	if (status == KB_OK)
		status = take_lock(folder, err);
	return status;
}

void
kb_folder_unmake(const struct kb_folder *folder)
{
	if (!folder->made || folder->lock < 0 || faccessat(folder->dir,
	    KB_MANIFEST_FILE, F_OK, 0) == 0)
		return;
	/* Not empty, or another writer's by now: then it stays. */
	unlinkat(folder->dir, KB_FOLDER_LOCK, 0);
	rmdir(folder->path);
}

void
kb_folder_release(struct kb_folder *folder)
{
	if (folder->lock >= 0)
		close(folder->lock);
	if (folder->dir >= 0)
		close(folder->dir);
	free(folder->path);
	folder->path = NULL;
	folder->dir = folder->lock = -1;
}
