/*
 * pool: files in, prepared articles out, by any number of threads, always in
 * the order of the files and of the records in them.
 */
#ifndef KB_INDEXER_POOL_H
#define KB_INDEXER_POOL_H

#include "prepare.h"
#include "profile.h"
#include "walk.h"

struct kb_pool_opts {
	const struct kb_profiles	*profiles;
	const struct kb_metadata	*metadata;	/* may be NULL */
	unsigned			 threads;	/* 0 counts as 1 */
};

/*
 * Called by the calling thread alone, in order.  "prepared" is the callee's
 * to free.  With prepared NULL the file is at its end; "why" is then NULL,
 * or says why it could not be read.
 */
typedef enum kb_status kb_pool_fn(void *arg, const struct kb_file *file,
    struct kb_prepared *prepared, const struct kb_err *why,
    struct kb_err *err);

/*
 * Read all files.  Memory is bounded: what is prepared ahead of its turn
 * waits in at most about 64 MiB a thread.  Errors: KB_NOMEM, what fn returned.
 */
enum kb_status	kb_pool_run(const struct kb_files *files,
		    const struct kb_pool_opts *opts, kb_pool_fn *fn,
		    void *arg, struct kb_err *err);

#endif /* KB_INDEXER_POOL_H */
