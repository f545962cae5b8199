/*
 * fuzz: what the fuzzing targets share.  A target is one file, fuzz_NAME.c:
 *
 *	#include "fuzz.h"
 *
 *	void fuzz_init(void)			once, before anything else
 *	void fuzz_one(struct kb_str bytes)	each input
 *	void fuzz_seeds(void)			the inputs to begin with
 *
 * and nothing else names it; a dictionary may stand beside it as NAME.dict.
 * "fuzz_NAME --seeds FOLDER" writes its seeds as files.  The working folder
 * is the top of the tree.
 *
 * A target does not only look for crashes: what a header promises is a
 * MUST(), which aborts, so that the input is kept.
 */
#ifndef KB_FUZZ_H
#define KB_FUZZ_H

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "kb/status.h"
#include "kb/str.h"
#include "slurp.h"

void	fuzz_init(void);
void	fuzz_one(struct kb_str bytes);
void	fuzz_seeds(void);

int	LLVMFuzzerInitialize(int *argc, char ***argv);
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define MUST(cond) do {							\
	if (!(cond)) {							\
		dprintf(STDERR_FILENO, "%s:%d: does not hold: %s\n",	\
		    __FILE__, __LINE__, #cond);				\
		abort();						\
	}								\
} while (0)

/* ---- seeds ---- */

static const char *fuzz_folder;	/* where they go */
static unsigned fuzz_written;

static inline void
fuzz_seed(struct kb_str bytes)
{
	char name[4096];
	FILE *f;

	snprintf(name, sizeof(name), "%s/seed-%04u", fuzz_folder,
	    fuzz_written++);
	f = fopen(name, "wb");
	MUST(f != NULL);
	if (bytes.n > 0)
		MUST(fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
	MUST(fclose(f) == 0);
}

/* Bytes with a byte in front, for targets that are told something by it. */
static inline void
fuzz_seed_as(uint8_t first, struct kb_str bytes)
{
	struct kb_buf b = { 0 };

	kb_buf_addch(&b, (char)first);
	kb_buf_add(&b, bytes);
	fuzz_seed(kb_buf_str(&b));
	kb_buf_release(&b);
}

static const char *fuzz_ending;
static void (*fuzz_take)(struct kb_str bytes);

static inline int
fuzz_visit(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	struct kb_buf b = { 0 };

	if (type == FTW_F && kb_str_has_suffix(kb_str_c(path),
	    kb_str_c(fuzz_ending))) {
		MUST(kb_slurp(path, (size_t)1 << 24, &b, NULL) == KB_OK);
		fuzz_take(kb_buf_str(&b));
	}
	kb_buf_release(&b);
	return 0;
}

/* Call "take" with each file below the folder that has this ending. */
static inline void
fuzz_files(const char *folder, const char *ending,
    void (*take)(struct kb_str bytes))
{
	fuzz_ending = ending;
	fuzz_take = take;
	MUST(nftw(folder, fuzz_visit, 16, FTW_PHYS) == 0);
}

/* ---- inputs ---- */

/* The first byte, cut off; 0 where there is none. */
static inline uint8_t
fuzz_byte(struct kb_str *bytes)
{
	uint8_t b = 0;

	if (bytes->n > 0) {
		b = (uint8_t)bytes->p[0];
		*bytes = kb_str(bytes->p + 1, bytes->n - 1);
	}
	return b;
}

/*
 * A path that reads as these bytes, for what opens files by name; good until
 * the next call.
 */
static inline const char *
fuzz_file(struct kb_str bytes)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		MUST(fd >= 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	MUST(ftruncate(fd, 0) == 0);
	if (bytes.n > 0)
		MUST(pwrite(fd, bytes.p, bytes.n, 0) == (ssize_t)bytes.n);
	return path;
}

/* Every byte is looked at: a slice that reaches too far is a finding. */
static inline void
fuzz_touch(struct kb_str s)
{
	static volatile unsigned sum;
	unsigned n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i];
	sum = sum + n;
}

/* ---- the entry points ---- */

/* Tables are keyed by it: the same input takes the same way in each run. */
int
getentropy(void *p, size_t n)
{
	memset(p, 0x5a, n);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fuzz_init();
	if (*argc == 3 && strcmp((*argv)[1], "--seeds") == 0) {
		fuzz_folder = (*argv)[2];
		fuzz_seeds();
		exit(0);
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	fuzz_one(kb_str((const char *)data, n));
	return 0;
}

#endif /* KB_FUZZ_H */
