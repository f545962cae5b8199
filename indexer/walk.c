#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extract.h"

static bool
is_known(struct kb_str path)
{
	return kb_extract_is_known_name(path) ||
	    kb_extract_is_archive_name(path);
}

static enum kb_status
push(struct kb_files *files, struct kb_str path, struct kb_str full,
    size_t root, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_file *v;

	if (files->n == files->size) {
		size_t size = files->size == 0 ? 256 : files->size * 2;

		v = realloc(files->v, size * sizeof(*v));
		if (v == NULL)
			return kb_err_nomem(err);
		files->v = v;
		files->size = size;
	}
	v = &files->v[files->n++];
	v->path = kb_arena_copy(arena, path);
	v->full = kb_arena_copy(arena, full);
	v->root = root;
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}

static struct kb_str
join_name(struct kb_arena *arena, struct kb_str name, struct kb_str rel)
{
	if (name.n == 0)
		return rel;
	return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(name), KB_FMT(rel));
}

static enum kb_status
add_folder(struct kb_files *files, struct kb_str name, const char *folder,
    struct kb_arena *arena, struct kb_err *err)
{
	char *roots[2] = { (char *)folder, NULL };
	size_t skip = strlen(folder);
	enum kb_status status = KB_OK;
	FTSENT *e;
	FTS *fts;

	fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
	    NULL);
	if (fts == NULL)
		return kb_err_set(err, KB_IO, "cannot read '%s': %s", folder,
		    strerror(errno));
	while (status == KB_OK && (errno = 0, e = fts_read(fts)) != NULL) {
		struct kb_str full = kb_str(e->fts_path, e->fts_pathlen), rel;

		if (e->fts_info == FTS_D || e->fts_info == FTS_DP)
			continue;
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		    e->fts_info == FTS_NS) {
			status = kb_err_set(err, KB_IO, "cannot read '%s': %s",
			    e->fts_path, strerror(e->fts_errno));
			break;
		}
		rel = kb_str(full.p + skip, full.n - skip);
		while (rel.n > 0 && rel.p[0] == '/')
			rel = kb_str(rel.p + 1, rel.n - 1);
		if (e->fts_info != FTS_F || !is_known(rel)) {
			files->passed_over++;
			continue;
		}
		status = push(files, join_name(arena, name, rel), full,
		    full.n - rel.n, arena, err);
	}
	if (status == KB_OK && e == NULL && errno != 0)
		status = kb_err_set(err, KB_IO, "cannot read '%s': %s",
		    folder, strerror(errno));
	fts_close(fts);
	return status;
}

static struct kb_str
last_step(struct kb_str path)
{
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/')
			return kb_str(path.p + i, path.n - i);
	return path;
}

static enum kb_status
add_path(struct kb_files *files, struct kb_str name, const char *path,
    bool as_written, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str known = kb_str_c(path);
	struct stat st;

	if (stat(path, &st) != 0)
		return kb_err_set(err, KB_IO, "cannot read '%s': %s", path,
		    strerror(errno));
	if (S_ISDIR(st.st_mode))
		return add_folder(files, name, path, arena, err);
	if (!as_written)
		known = last_step(known);
	while (kb_str_has_prefix(known, KB_STR("./")))
		known = kb_str(known.p + 2, known.n - 2);
	while (known.n > 0 && known.p[0] == '/')
		known = kb_str(known.p + 1, known.n - 1);
	return push(files, join_name(arena, name, known), kb_str_c(path), 0,
	    arena, err);
}

static enum kb_status
add_list(struct kb_files *files, struct kb_arena *arena, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (status == KB_OK && (n = getline(&line, &size, stdin)) > 0) {
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			line[--n] = '\0';
		if (n > 0)
			status = add_path(files, kb_str(NULL, 0), line, true,
			    arena, err);
	}
	if (status == KB_OK && ferror(stdin))
		status = kb_err_set(err, KB_IO, "cannot read the list of "
		    "paths on standard input: %s", strerror(errno));
	free(line);
	return status;
}

enum kb_status
kb_files_add(struct kb_files *files, const char *argument,
    struct kb_arena *arena, struct kb_err *err)
{
	const char *eq = strchr(argument, '=');
	struct kb_str name = { NULL, 0 };
	struct stat st;

	if (strcmp(argument, "-") == 0)
		return add_list(files, arena, err);
	/* A path that is there wins over NAME=PATH. */
	if (eq != NULL && eq > argument && stat(argument, &st) != 0 &&
	    memchr(argument, '/', (size_t)(eq - argument)) == NULL) {
		name = kb_str(argument, (size_t)(eq - argument));
		argument = eq + 1;
	}
	return add_path(files, name, argument, false, arena, err);
}

static int
by_path(const void *a, const void *b)
{
	const struct kb_file *x = a, *y = b;
	int c = kb_str_cmp(x->path, y->path);

	return c != 0 ? c : kb_str_cmp(x->full, y->full);
}

enum kb_status
kb_files_sort(struct kb_files *files, struct kb_err *err)
{
	size_t i, n = 0;

	if (files->n == 0)
		return KB_OK;
	qsort(files->v, files->n, sizeof(*files->v), by_path);
	for (i = 0; i < files->n; i++) {
		struct kb_file *last = n > 0 ? &files->v[n - 1] : NULL;

		if (last != NULL && kb_str_eq(last->path,
		    files->v[i].path)) {
			if (kb_str_eq(last->full, files->v[i].full))
				continue;
			return kb_err_set(err, KB_USAGE, "'%.*s' and '%.*s' "
			    "would both be known as '%.*s'; give one a name: "
			    "NAME=PATH", KB_FMT(last->full),
			    KB_FMT(files->v[i].full), KB_FMT(last->path));
		}
		files->v[n++] = files->v[i];
	}
	files->n = n;
	return KB_OK;
}

void
kb_files_release(struct kb_files *files)
{
	free(files->v);
	memset(files, 0, sizeof(*files));
}

/* O_NONBLOCK: a FIFO in a file's place must not hang the run. */
#define LEAF	(O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* errno stays as it was. */
static void
close_kept(int fd)
{
	int kept = errno;

	close(fd);
	errno = kept;
}

/* From "dir", which is taken over: no step of "rel" may be a link. */
static int
open_below(int dir, char *rel)
{
	char *slash;
	int fd;

	while (dir >= 0 && (slash = strchr(rel, '/')) != NULL) {
		*slash = '\0';
		fd = openat(dir, rel, O_RDONLY | O_CLOEXEC | O_DIRECTORY |
		    O_NOFOLLOW);
		close_kept(dir);
		dir = fd;
		for (rel = slash + 1; *rel == '/'; rel++)
			continue;
	}
	if (dir < 0)
		return -1;
	fd = openat(dir, rel, LEAF | O_NOFOLLOW);
	close_kept(dir);
	return fd;
}

static int
open_file(const struct kb_file *file)
{
	char *path;
	int fd;

	if (file->root == 0)
		return open(file->full.p, LEAF);
	path = malloc(file->full.n + 1);
	if (path == NULL)
		return -1;
	memcpy(path, file->full.p, file->root);
	path[file->root] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	memcpy(path, file->full.p + file->root, file->full.n - file->root);
	path[file->full.n - file->root] = '\0';
	fd = open_below(fd, path);
	free(path);
	return fd;
}

enum kb_status
kb_files_open(const struct kb_file *file, int *out, struct kb_err *err)
{
	struct stat st;
	int fd;

	fd = open_file(file);
	if (fd < 0)
		return kb_err_set(err, KB_IO, "%.*s: cannot open: %s",
		    KB_FMT(file->path), strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return kb_err_set(err, KB_IO, "%.*s: not a regular file",
		    KB_FMT(file->path));
	}
	*out = fd;
	return KB_OK;
}
