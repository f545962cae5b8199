/*
 * worker_job: what a worker is asked to do, as bytes beside a descriptor.
 * Between worker_read.c and worker.c.
 */
#ifndef KB_INDEXER_WORKER_JOB_H
#define KB_INDEXER_WORKER_JOB_H

#include "buf.h"

#define KB_JOB_SKIPS	64	/* units that are passed over, at most */

struct kb_job {
	uint64_t	 number;	/* told again when it is done */
	unsigned	 kind;		/* enum kb_job_kind */
	bool		 careful;	/* say at once that a unit begins */
	uint64_t	 frames;	/* that were received already */
	uint64_t	 skip[KB_JOB_SKIPS];	/* units, ascending */
	size_t		 nskip;
	struct kb_str	 path;
};

void	kb_job_put(struct kb_buf *out, const struct kb_job *job);

/* False for bytes that are none.  The path is borrowed from "bytes". */
bool	kb_job_get(struct kb_str bytes, struct kb_job *out);

#endif /* KB_INDEXER_WORKER_JOB_H */
