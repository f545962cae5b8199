/*
 * store_file: reading and writing whole files for the store, with short
 * reads, short writes and interrupts taken care of.  Failures are told by
 * errno, as the system calls beneath do; the callers know what to say.
 */
#ifndef KB_LIB_STORE_FILE_H
#define KB_LIB_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"

/*
 * A descriptor for reading a regular file below the folder "dir", and its
 * size; -1 on failure, and for anything but a regular file (EINVAL).  A pipe
 * that lies there under the name does not block.
 */
int		kb_file_open(int dir, const char *name, uint64_t *size);

/* Up to "n" bytes at "at", less only where the file ends; -1 on failure. */
ssize_t		kb_file_pread(int fd, void *p, size_t n, uint64_t at);

bool		kb_file_write(int fd, struct kb_str s);
bool		kb_file_sync(int fd);

/* As kb_file_sync, for a folder: systems that cannot are no failure. */
bool		kb_file_sync_dir(int dir);

/* A file that must not be there yet: written, synced and closed. */
bool		kb_file_create(int dir, const char *name, struct kb_str s);

/* Append the whole file, EFBIG if it has more than "cap" bytes. */
bool		kb_file_slurp(struct kb_buf *out, int dir, const char *name,
		    size_t cap);

/* Whether both can be read and hold the same bytes. */
bool		kb_file_same(int dir, const char *a, const char *b);

#endif /* KB_LIB_STORE_FILE_H */
