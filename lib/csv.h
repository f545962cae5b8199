/*
 * csv: reads and writes RFC 4180, with what spreadsheets make of it: a BOM,
 * CR LF or LF, a separator of comma, semicolon or tab (told from the header
 * line), quoted fields with newlines.
 */
#ifndef KB_LIB_CSV_H
#define KB_LIB_CSV_H

#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "kb/status.h"
#include "kb/str.h"

struct kb_csv {
	struct kb_str	*header;	/* ncols names, trimmed */
	size_t		 ncols;
	struct kb_str	*cells;		/* nrows * ncols, row by row; a short
					   row is filled with empty cells */
	uint32_t	*lines;		/* the line each row begins at */
	size_t		 nrows;
};

/*
 * KB_INPUT with "file:line: ..." for a quote that never closes, a row with
 * more cells than the header, text behind a closing quote, or no header.
 */
enum kb_status	kb_csv_parse(struct kb_csv *out, struct kb_str text,
		    const char *file, struct kb_arena *arena,
		    struct kb_err *err);

/*
 * One cell, quoted where needed, with a comma before it unless "first".  A
 * cell that a spreadsheet would take for a formula (it begins with = + - @
 * tab or CR, and is not a plain number) gets an apostrophe in front: OWASP,
 * CSV injection.
 */
void		kb_csv_cell(struct kb_buf *out, struct kb_str cell,
		    bool first);

#endif /* KB_LIB_CSV_H */
