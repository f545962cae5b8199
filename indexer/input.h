/*
 * input: the bytes of one file, gunzipped when they are gzip (RFC 1952, more
 * than one member allowed).  The parent opens files and hands over
 * descriptors; nothing here opens a path.
 */
#ifndef KB_INDEXER_INPUT_H
#define KB_INDEXER_INPUT_H

#include <stdint.h>

#include "buf.h"
#include "kb/status.h"

struct kb_input;

/*
 * What is compressed may grow to so many times its size, and to so many bytes
 * in any case.
 */
#define KB_INPUT_RATIO	200
#define KB_INPUT_FREE	((uint64_t)64 * 1024 * 1024)

/*
 * Takes over "fd" (closed by kb_input_close, and on failure).  "name" is
 * copied, for messages.  Bytes behind the last gzip member that are no gzip
 * are ignored as gzip(1) does with zeros, else an error.
 */
enum kb_status	kb_input_open_fd(struct kb_input **out, int fd,
		    const char *name, struct kb_err *err);

/* Bytes that come from elsewhere: a member of an archive. */
struct kb_input_source {
	void	*arg;
	/* Up to "n" bytes; *got 0 means the end. */
	enum kb_status	(*read)(void *arg, char *p, size_t n, size_t *got,
			    struct kb_err *err);
	/* Back to the first byte; NULL: that cannot be. */
	enum kb_status	(*rewind)(void *arg, struct kb_err *err);
};

/* "source" is copied; what it points to must outlive the input. */
enum kb_status	kb_input_open_source(struct kb_input **out,
		    const struct kb_input_source *source, const char *name,
		    struct kb_err *err);

/* From memory, borrowed until closed; gunzipped as well. */
enum kb_status	kb_input_open_mem(struct kb_input **out, struct kb_str bytes,
		    const char *name, struct kb_err *err);
void		kb_input_close(struct kb_input *in);	/* NULL is fine */

const char	*kb_input_name(const struct kb_input *in);

/* True if the bytes were compressed. */
bool		kb_input_is_gzip(const struct kb_input *in);

/*
 * Up to "n" decoded bytes into "p"; *got 0 means the end.  Errors: KB_IO;
 * KB_INPUT for broken gzip (the message names the offset), KB_LIMIT past
 * 200 times the compressed size and 64 MiB (a bomb).
 */
enum kb_status	kb_input_read(struct kb_input *in, char *p, size_t n,
		    size_t *got, struct kb_err *err);

/*
 * Back to the first byte, for a second reading.  KB_IO, or what the source
 * says, where the bytes come only once (a pipe).
 */
enum kb_status	kb_input_rewind(struct kb_input *in, struct kb_err *err);

/*
 * Bytes as they stand in a file or memory, compressed if they are: how many
 * there are, false where they come only once; and those from "at" on, *got 0
 * at the end.  Whoever wants to go on with kb_input_read() must rewind.
 */
bool		kb_input_raw_size(struct kb_input *in, uint64_t *size);
enum kb_status	kb_input_raw_read(struct kb_input *in, uint64_t at, char *p,
		    size_t n, size_t *got, struct kb_err *err);

/*
 * Everything that is left, appended to "buf"; KB_LIMIT when that would be
 * more than "cap" bytes.
 */
enum kb_status	kb_input_slurp(struct kb_input *in, size_t cap,
		    struct kb_buf *buf, struct kb_err *err);

/*
 * Look at the first bytes (at most "n", 4096 at most) without using them up.
 */
enum kb_status	kb_input_peek(struct kb_input *in, size_t n,
		    struct kb_str *out, struct kb_err *err);

#endif /* KB_INDEXER_INPUT_H */
