/*
 * out: what a command prints, in pieces, so that it never holds all of it,
 * and text laid out in columns for people.  Used by the commands.
 */
#ifndef KB_INDEXER_OUT_H
#define KB_INDEXER_OUT_H

#include "buf.h"
#include "kb/str.h"

/* All zero writes to stdout. */
struct kb_out {
	struct kb_buf	buf;
	int		code;	/* sticky: the exit code of a failed write */
	bool		done;	/* nobody reads on: stop making more */
};

/*
 * Let standard output be "file" (NULL: leave it).  A failure is a message
 * and an exit code, else KB_EXIT_OK.
 */
int	kb_out_to(const char *file);

/*
 * A file beside standard output.  Opening it tells whether it can be written;
 * it stays as it was until all of it is there.  All zero is none.
 */
struct kb_out_file {
	const char	*path;		/* NULL: not open */
	int		 fd;
	bool		 made;		/* there was none before */
};

/* A failure is a message and an exit code, else KB_EXIT_OK. */
int	kb_out_file_open(struct kb_out_file *file, const char *path);

/* "other" (NULL: standard output) is the same regular file. */
bool	kb_out_file_is(const struct kb_out_file *file, const char *other);

/* Write "text", clear it, and close; the exit code. */
int	kb_out_file_write(struct kb_out_file *file, struct kb_buf *text);

/* Close it as it was before it was opened, unless it is written. */
void	kb_out_file_drop(struct kb_out_file *file);

/* Write what has gathered if it is much; after a failure it is dropped. */
void	kb_out_spill(struct kb_out *out);

/* Write the rest and free; the exit code. */
int	kb_out_end(struct kb_out *out);

/*
 * "kb-index: warning: text" on stderr, if there is text; it is freed.  Text
 * from articles must be safe already (kb_out_line).
 */
void	kb_out_warn(struct kb_buf *text);

struct kb_command;
struct kb_sandbox_report;

/* "kb-index: note: ..." on stderr where the readers lack a fence. */
void	kb_out_sandbox(const struct kb_sandbox_report *report);

/*
 * For commands without options of their own: the one argument, the index.
 * *index is NULL when there is nothing to do but return the exit code.
 */
int	kb_out_index_argument(const struct kb_command *self, int argc,
	    char **argv, const char **index);

/* True when bytes go to a terminal: then nothing may act on it. */
bool	kb_out_is_terminal(void);

/* ---- columns: widths are those of a terminal's cells ---- */

size_t	kb_out_width(struct kb_str text);

/*
 * An id as one field of a table: white space, and what would act on a
 * terminal, as %XX.
 */
void	kb_out_id(struct kb_buf *out, struct kb_str id);

/*
 * Foreign text as one line: control characters made visible, white space as
 * single spaces.
 */
void	kb_out_line(struct kb_buf *out, struct kb_str text);

/*
 * The same in a column: cut with an ellipsis, padded with spaces to "width"
 * unless that is negative: then as it is, and padded on the left.
 */
void	kb_out_cell(struct kb_buf *out, struct kb_str text, int width);

/*
 * The same, broken between words into lines of up to "width" cells, each
 * after the first begun with "indent" spaces; "at" cells of the first are
 * taken.  Ends in a newline.
 */
void	kb_out_wrap(struct kb_buf *out, struct kb_str text, size_t at,
	    size_t indent, size_t width);

/* A number with commas between thousands, right-aligned in "width" (0: as
   wide as it is). */
void	kb_out_count(struct kb_buf *out, uint64_t n, int width);

#endif /* KB_INDEXER_OUT_H */
