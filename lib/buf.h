/*
 * buf: the string builder.  Grows as needed; running out of memory sets a
 * sticky "failed" that is checked once at the end.
 */
#ifndef KB_LIB_BUF_H
#define KB_LIB_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kb/status.h"
#include "kb/str.h"

/* All zero is a valid empty builder. */
struct kb_buf {
	char	*p;		/* NUL-terminated once anything was added */
	size_t	 n;		/* bytes, without the NUL */
	size_t	 size;		/* bytes allocated */
	bool	 failed;
};

void		kb_buf_release(struct kb_buf *buf);

/* Empty, with its memory kept; "failed" is cleared. */
void		kb_buf_clear(struct kb_buf *buf);

/* Room for "n" more bytes and a NUL; false (and failed) if there is none. */
bool		kb_buf_reserve(struct kb_buf *buf, size_t n);

void		kb_buf_add(struct kb_buf *buf, struct kb_str s);
void		kb_buf_addc(struct kb_buf *buf, const char *cstr);
void		kb_buf_addch(struct kb_buf *buf, char c);
void		kb_buf_printf(struct kb_buf *buf, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

/* The UTF-8 bytes of a code point; U+FFFD for one that is none. */
void		kb_buf_add_utf8(struct kb_buf *buf, uint32_t codepoint);

/* LEB128, for compact maps. */
void		kb_buf_add_varint(struct kb_buf *buf, uint64_t value);

static inline struct kb_str
kb_buf_str(const struct kb_buf *buf)
{
	return kb_str(buf->p, buf->n);
}

/* KB_NOMEM if anything failed, else KB_OK. */
enum kb_status	kb_buf_check(const struct kb_buf *buf, struct kb_err *err);

#endif /* KB_LIB_BUF_H */
