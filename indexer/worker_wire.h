/*
 * worker_wire: the messages of a worker process, as bytes.  Whatever comes
 * from a worker is as hostile as the file it reads.  Written by worker.c,
 * read by worker_read.c; docs/FORMAT.md tells the form.
 */
#ifndef KB_INDEXER_WORKER_WIRE_H
#define KB_INDEXER_WORKER_WIRE_H

#include "buf.h"
#include "kb/status.h"
#include "sandbox.h"

#define KB_WIRE_MAX_FRAME	((size_t)512 * 1024 * 1024)
#define KB_WIRE_MAX_NAME	((size_t)120)	/* longer ones are cut */

enum kb_wire_kind {
	KB_WIRE_HELLO = 'H',	/* the worker is ready: report */
	KB_WIRE_BEGIN = 'B',	/* a unit begins: unit, start, line, whole;
				   bytes name the member it is in */
	KB_WIRE_FRAME = 'F',	/* bytes: with their length in front */
	KB_WIRE_END = 'E'	/* of the file: unit is the job's number,
				   start how many frames it gave, status,
				   bytes are the message */
};

struct kb_wire_msg {
	enum kb_wire_kind	 kind;
	struct kb_sandbox_report report;
	uint64_t		 unit, start;
	uint32_t		 line;
	bool			 whole;	/* the unit is all of the file */
	enum kb_status		 status;
	struct kb_str		 bytes;	/* borrowed */
};

enum kb_wire_result {
	KB_WIRE_MORE,		/* not a whole message yet */
	KB_WIRE_OK,
	KB_WIRE_GARBAGE
};

/* Append a message; of a frame everything but its bytes. */
void			kb_wire_put(struct kb_buf *out,
			    const struct kb_wire_msg *msg);

/*
 * Cut the first message off "*bytes".  Nothing is believed: lengths are
 * capped before they are waited for, and a message's text may be no UTF-8.
 */
enum kb_wire_result	kb_wire_next(struct kb_str *bytes,
			    struct kb_wire_msg *msg);

#endif /* KB_INDEXER_WORKER_WIRE_H */
