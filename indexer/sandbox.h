/*
 * sandbox: what a process gives up before it looks at foreign bytes: files
 * and the network (Landlock), all system calls but those it needs (seccomp),
 * memory, descriptors, capabilities.  Used by worker.c in a process of its
 * own; there is no way back out.
 */
#ifndef KB_INDEXER_SANDBOX_H
#define KB_INDEXER_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

/* What this kernel and this build have; the rest is done without. */
struct kb_sandbox_report {
	unsigned	landlock;	/* version of its ABI; 0: none */
	bool		seccomp;
	bool		memory;		/* RLIMIT_AS is set */
	bool		instrumented;	/* built with a sanitizer, which needs
					   more calls and memory */
};

/*
 * For the rest of the process's life: no new privileges, capabilities or
 * processes, no core, no file written, no path opened, no socket made, no
 * memory above "memory" bytes beside what is mapped now (0: no limit).
 * Descriptors that are open stay so; received ones may be read.  A call that
 * is not allowed ends the process by SIGSYS.
 *   What the kernel does not have is left out and *report says so.
 */
void		kb_sandbox_enter(struct kb_sandbox_report *report,
		    uint64_t memory);

/*
 * What is missing, one line without an end, for people; nothing is added
 * where all is there.
 */
void		kb_sandbox_missing(const struct kb_sandbox_report *report,
		    struct kb_buf *out);

/* ---- sandbox_landlock.c, sandbox_seccomp.c: for kb_sandbox_enter() ---- */

/* The version that is in force then; 0 where there is none. */
unsigned	kb_sandbox_landlock(void);
bool		kb_sandbox_seccomp(void);

#endif /* KB_INDEXER_SANDBOX_H */
