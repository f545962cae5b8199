/*
 * worker_impl: the program's side of one worker.  Private to
 * worker_read.c, which knows files, and worker_talk.c, which knows the
 * process.
 */
#ifndef KB_INDEXER_WORKER_IMPL_H
#define KB_INDEXER_WORKER_IMPL_H

#include <sys/stat.h>
#include <time.h>

#include "worker.h"
#include "worker_job.h"
#include "worker_wire.h"

/* A file that waits to be read, or is being read. */
struct kb_sent {
	struct kb_job	 job;
	int		 fd;		/* -1: could not be opened */
	struct kb_err	 why;
	struct stat	 before;
	bool		 posted;	/* the process knows of it */
	unsigned	 deaths;
	uint64_t	 most;		/* units it can hold */
	uint64_t	 spent, stood;	/* ms with and without processor time,
					   of all its workers */
	bool		 over;		/* it had all that a file may have */
};

/* Milliseconds; what a worker has used of its time. */
struct kb_watch {
	clockid_t	 clock;		/* of the worker's processor time */
	bool		 fresh;		/* nothing was measured yet */
	uint64_t	 at, cpu_from, cpu, counted;
	uint64_t	 silent, idle;
};

struct kb_worker {
	struct kb_spawner	*spawner;
	struct kb_worker_opts	 opts;
	uint64_t		 numbers;	/* of jobs, without a source
						   of chance */
	struct kb_sent		 sent[KB_WORKER_AHEAD];	/* in order */
	size_t			 nsent;

	int			 pid;		/* 0: no process */
	int			 sock;
	struct kb_sandbox_report report;
	struct kb_buf		 in;		/* received */
	size_t			 used;		/* bytes of it */
	struct kb_watch		 watch;
	char			 reason[200];	/* why it had to go */

	/* Where in the first file the messages are. */
	struct kb_wire_msg	 unit;		/* the last BEGIN; unit 0:
						   there was none */
	char			 member[KB_WIRE_MAX_NAME + 1];
	bool			 over;		/* its frame came */
};

/* ---- worker_talk.c ---- */

/* A process, with a HELLO from it.  KB_IO. */
enum kb_status	kb_worker_up(struct kb_worker *w, struct kb_err *err);

/*
 * Kill it, wait for its end, and let w->reason tell of it unless it has
 * something to tell already.  KB_IO.
 */
enum kb_status	kb_worker_down(struct kb_worker *w, struct kb_err *err);

/* Hand over a file; what fails shows when the answer is awaited. */
void		kb_worker_post(struct kb_worker *w, struct kb_sent *s);

/*
 * The next message; false when there is none to come: w->reason says why,
 * or kb_worker_down() will.  "limit" is of processor time, in ms.
 */
bool		kb_worker_hear(struct kb_worker *w, struct kb_wire_msg *out,
		    uint32_t limit, struct kb_err *err);

/* From now on it works on something new. */
void		kb_worker_rewatch(struct kb_worker *w);

#endif /* KB_INDEXER_WORKER_IMPL_H */
