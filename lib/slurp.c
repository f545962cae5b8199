#include "slurp.h"

#include <errno.h>
#include <stdio.h>

enum kb_status
kb_slurp(const char *path, size_t cap, struct kb_buf *out,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	char chunk[16384];
	size_t n, total = 0;
	FILE *f;

	f = fopen(path, "rbe");
	if (f == NULL)
		return kb_err_set(err, KB_IO, "cannot read '%s': %s", path,
		    strerror(errno));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
		total += n;
		if (total > cap) {
			status = kb_err_set(err, KB_LIMIT, "'%s' is larger "
			    "than %zu bytes", path, cap);
			break;
		}
		kb_buf_add(out, kb_str(chunk, n));
	}
	if (status == KB_OK && ferror(f))
		status = kb_err_set(err, KB_IO, "cannot read '%s': %s", path,
		    strerror(errno));
	fclose(f);
	return status == KB_OK ? kb_buf_check(out, err) : status;
}
