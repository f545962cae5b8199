#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
kb_buf_release(struct kb_buf *buf)
{
	free(buf->p);
	memset(buf, 0, sizeof(*buf));
}

void
kb_buf_clear(struct kb_buf *buf)
{
	buf->n = 0;
	buf->failed = false;
	if (buf->p != NULL)
		buf->p[0] = '\0';
}

bool
kb_buf_reserve(struct kb_buf *buf, size_t n)
{
	size_t want, size;
	char *p;

	if (buf->failed || n >= SIZE_MAX / 4 - buf->n)
		goto fail;
	want = buf->n + n + 1;
	if (want <= buf->size)
		return true;
	size = buf->size < 64 ? 64 : buf->size;
	while (size < want)
		size += size / 2;
	p = realloc(buf->p, size);
	if (p == NULL)
		goto fail;
	buf->p = p;
	buf->size = size;
	return true;
fail:
	buf->failed = true;
	return false;
}

void
kb_buf_add(struct kb_buf *buf, struct kb_str s)
{
	if (!kb_buf_reserve(buf, s.n))
		return;
	if (s.n > 0)
		memcpy(buf->p + buf->n, s.p, s.n);
	buf->n += s.n;
	buf->p[buf->n] = '\0';
}

void
kb_buf_addc(struct kb_buf *buf, const char *cstr)
{
	kb_buf_add(buf, kb_str_c(cstr));
}

void
kb_buf_addch(struct kb_buf *buf, char c)
{
	kb_buf_add(buf, kb_str(&c, 1));
}

void
kb_buf_printf(struct kb_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		buf->failed = true;
		return;
	}
	if (!kb_buf_reserve(buf, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->n += (size_t)n;
}

void
kb_buf_add_utf8(struct kb_buf *buf, uint32_t c)
{
	char b[4];
	size_t n;

	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		b[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		n = 3;
	} else {
		b[0] = (char)(0xf0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3f));
		b[2] = (char)(0x80 | (c >> 6 & 0x3f));
		b[3] = (char)(0x80 | (c & 0x3f));
		n = 4;
	}
	kb_buf_add(buf, kb_str(b, n));
}

void
kb_buf_add_varint(struct kb_buf *buf, uint64_t v)
{
	while (v >= 0x80) {
		kb_buf_addch(buf, (char)(v | 0x80));
		v >>= 7;
	}
	kb_buf_addch(buf, (char)v);
}

enum kb_status
kb_buf_check(const struct kb_buf *buf, struct kb_err *err)
{
	return buf->failed ? kb_err_nomem(err) : KB_OK;
}
