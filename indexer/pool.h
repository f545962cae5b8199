/*
 * pool: files in, prepared articles out, by any number of threads, always in
 * the order of the files and of the records in them.  Each thread has a
 * process that parses for it (worker.h).
 */
#ifndef KB_INDEXER_POOL_H
#define KB_INDEXER_POOL_H

#include "prepare.h"
#include "profile.h"
#include "walk.h"
#include "worker.h"

struct kb_pool_opts {
	const struct kb_profiles	*profiles;
	const struct kb_metadata	*metadata;	/* may be NULL */
	unsigned			 threads;	/* 0 counts as 1 */
	enum kb_job_kind		 kind;
	struct kb_worker_limits		 limits;	/* 0: the defaults */
	const struct kb_furniture	*furniture;	/* may be NULL */
	bool				 marked;	/* see extract.h */
	const struct kb_shingling	*shingling;	/* see prepare.h */
	/* Told once, before anything is read; may be NULL. */
	void	(*started)(void *arg, const struct kb_sandbox_report *report);
	void	*started_arg;
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
 * Read all files; to be called while the process has one thread.  Memory is
 * bounded: what is prepared ahead of its turn waits in at most about 64 MiB a
 * thread.  What a worker does not survive comes as a dropped record, in its
 * place.  Errors: KB_NOMEM, KB_IO when there can be no workers, what fn
 * returned.
 */
enum kb_status	kb_pool_run(const struct kb_files *files,
		    const struct kb_pool_opts *opts, kb_pool_fn *fn,
		    void *arg, struct kb_err *err);

#endif /* KB_INDEXER_POOL_H */
