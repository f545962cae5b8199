/*
 * text: the question of a command line, or from standard input.
 */
#ifndef KB_QUERY_TEXT_H
#define KB_QUERY_TEXT_H

#include "buf.h"

/*
 * The words argv[0..n) joined by spaces, or for a lone "-" standard input
 * (1 MiB at the most).  KB_IO.
 */
enum kb_status	kb_text_read(struct kb_buf *out, int n, char **argv,
		    struct kb_err *err);

#endif /* KB_QUERY_TEXT_H */
