/*
 * worker: foreign bytes are parsed in processes of their own, which can do
 * nothing else (sandbox.h) and are not believed (worker_wire.h).
 *
 * kb_spawner is a process that starts workers, forked while the program has
 * one thread.  kb_worker is one thread's handle of a worker: files go in as
 * descriptors, frames come out.  A worker that dies, hangs or talks nonsense
 * is replaced; the unit (a record, a member) that it was at is left out, the
 * others of the file are read.  Used by pool.c.
 */
#ifndef KB_INDEXER_WORKER_H
#define KB_INDEXER_WORKER_H

#include "diag.h"
#include "extract.h"
#include "profile.h"
#include "sandbox.h"

/* How many files may be sent before the first is received. */
#define KB_WORKER_AHEAD		2

/* What is done with a file; the table is in worker.c. */
enum kb_job_kind {
	KB_JOB_EXTRACT,		/* kb_extract(): a frame a record */
	KB_JOB_SURVEY		/* kb_extract_survey(): one a page */
};

/*
 * 0 is the default.  All units of one file together have "deaths" + 2 times
 * the processor time and the idle time of one, and a millisecond more for
 * each ten bytes; then the rest of the file is left out.
 */
struct kb_worker_limits {
	uint32_t	cpu_ms;		/* of one unit: 60,000 */
	uint32_t	idle_ms;	/* without getting on, nor a word:
					   60,000 */
	uint32_t	wall_ms;	/* without a word: 600,000 */
	uint64_t	memory;		/* of a worker: 4 GiB */
	unsigned	deaths;		/* of one file's workers: 16 */
};

struct kb_worker_opts {
	enum kb_job_kind		 kind;
	const struct kb_profiles	*profiles;
	struct kb_worker_limits		 limits;
	const struct kb_furniture	*furniture;	/* may be NULL */
	bool				 marked;	/* see extract.h */
};

/* ---- starting them ---- */

struct kb_spawner;		/* for any thread */

/*
 * To be called while the process has one thread.  "opts" and what it points
 * to are borrowed, and seen by the workers as they are now.  KB_IO when
 * there can be no process.
 */
enum kb_status	kb_spawner_new(struct kb_spawner **out,
		    const struct kb_worker_opts *opts, struct kb_err *err);
/* Ends all that it started.  NULL is fine. */
void		kb_spawner_free(struct kb_spawner *spawner);

/* A new worker: its number, and the socket to it.  KB_IO. */
enum kb_status	kb_spawner_spawn(struct kb_spawner *spawner, int *pid,
		    int *sock, struct kb_err *err);

/* Kill one and wait for its end: *how is as waitpid() tells it.  KB_IO. */
enum kb_status	kb_spawner_reap(struct kb_spawner *spawner, int pid,
		    int *how, struct kb_err *err);

/* ---- using one ---- */

struct kb_worker;		/* for one thread at a time */

struct kb_worker_fns {
	void	*arg;
	/*
	 * A frame as the worker made it: length and bytes, borrowed.  Sets
	 * *nonsense when it does not hold together: that is the worker's
	 * failure.  Any other that is returned ends the reading.
	 */
	enum kb_status	(*frame)(void *arg, struct kb_str frame,
			    bool *nonsense, struct kb_err *err);
	/* What is to be said of the file besides. */
	enum kb_status	(*tell)(void *arg, const struct kb_diag *diag,
			    struct kb_err *err);
};

/* Starts no process yet.  KB_NOMEM. */
enum kb_status	kb_worker_new(struct kb_worker **out,
		    struct kb_spawner *spawner,
		    const struct kb_worker_opts *opts, struct kb_err *err);
void		kb_worker_free(struct kb_worker *worker); /* NULL is fine */

/* Start the process, unless there is one, and hear what it lacks. */
enum kb_status	kb_worker_start(struct kb_worker *worker,
		    struct kb_sandbox_report *report, struct kb_err *err);

/*
 * A file is to be read: at most KB_WORKER_AHEAD wait at once.  Takes over
 * "fd"; "path" is borrowed until the file was received.  -1 stands for a
 * file that could not be opened, as *why says.
 */
void		kb_worker_send(struct kb_worker *worker, struct kb_str path,
		    int fd, const struct kb_err *why);

/*
 * Everything of the file that was sent first.  *why (status KB_OK at first)
 * says what ended the file before its end.  "quarantined" is told for what a
 * worker did not survive, "changed" when the file did while it was read.
 * Returns what a function returned; KB_NOMEM; KB_IO when there can be no
 * worker.
 */
enum kb_status	kb_worker_receive(struct kb_worker *worker,
		    const struct kb_worker_fns *fns, struct kb_err *why,
		    struct kb_err *err);

/* ---- inside ---- */

/*
 * The worker's whole life, in its own process: never returns.  "sock" is the
 * only descriptor above the standard ones.
 */
void		kb_worker_main(int sock, const struct kb_worker_opts *opts)
		    __attribute__((noreturn));

/* For tests of what happens then: called in a worker as a unit begins. */
extern void	(*kb_worker_fault)(struct kb_str path, uint64_t unit,
		    int sock);

#endif /* KB_INDEXER_WORKER_H */
