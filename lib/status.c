#include "kb/status.h"

#include <stdarg.h>
#include <stdio.h>

enum kb_status
kb_err_set(struct kb_err *err, enum kb_status status, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return status;
	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return status;
}

enum kb_status
kb_err_nomem(struct kb_err *err)
{
	return kb_err_set(err, KB_NOMEM, "out of memory");
}

const char *
kb_status_name(enum kb_status status)
{
	static const char *const names[] = {
		[KB_OK] = "ok", [KB_USAGE] = "usage", [KB_INPUT] = "input",
		[KB_NOTFOUND] = "not found", [KB_DAMAGED] = "damaged",
		[KB_VERSION] = "version", [KB_LIMIT] = "limit",
		[KB_IO] = "i/o", [KB_NOMEM] = "out of memory",
	};

	if ((size_t)status >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[status];
}
