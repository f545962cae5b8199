#include "text.h"

#include <errno.h>
#include <stdio.h>

#define MAX_TEXT	((size_t)1 << 20)

enum kb_status
kb_text_read(struct kb_buf *out, int n, char **argv, struct kb_err *err)
{
	char chunk[8192];
	size_t k;

	if (n != 1 || strcmp(argv[0], "-") != 0) {
		for (int i = 0; i < n; i++) {
			if (i > 0)
				kb_buf_addch(out, ' ');
			kb_buf_addc(out, argv[i]);
		}
		return kb_buf_check(out, err);
	}
	while (out->n < MAX_TEXT && (k = fread(chunk, 1, sizeof(chunk),
	    stdin)) > 0)
		kb_buf_add(out, kb_str(chunk, k));
	if (ferror(stdin))
		return kb_err_set(err, KB_IO, "cannot read standard input: "
		    "%s", strerror(errno));
	return kb_buf_check(out, err);
}
