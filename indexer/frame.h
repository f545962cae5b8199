/*
 * frame: a record as bytes.  This is the boundary between foreign bytes and
 * the rest: whoever parses them hands over frames, and whoever takes a frame
 * trusts nothing in it.  Also the format of the cache.
 *
 * A frame is a LEB128 length and that many bytes; inside, numbers are LEB128,
 * strings a length and their bytes.  docs/FORMAT.md tells the order.
 */
#ifndef KB_INDEXER_FRAME_H
#define KB_INDEXER_FRAME_H

#include "buf.h"
#include "record.h"

#define KB_FRAME_VERSION	2
#define KB_FRAME_MEMORY		((uint64_t)4 << 30)	/* of a record */

/* Append the record's frame to "out".  Running out of memory sticks there. */
void		kb_frame_write(const struct kb_record *rec,
		    struct kb_buf *out);

/*
 * Cut the first frame off "*bytes" and decode it into "arena", copying
 * nothing: the bytes must outlive the record.  KB_INPUT for bytes that are
 * no frame (another version, lengths or offsets that do not fit or part a
 * character, text that is not UTF-8, more values than a record has, codes
 * that are no names), or that would take more than KB_FRAME_MEMORY; *bytes
 * then stays.
 */
enum kb_status	kb_frame_read(struct kb_str *bytes, struct kb_arena *arena,
		    struct kb_record **out, struct kb_err *err);

#endif /* KB_INDEXER_FRAME_H */
