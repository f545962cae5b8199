#include "csv.h"

#define MAX_COLUMNS	((size_t)1024)
#define MAX_CELLS	((size_t)1 << 26)

struct reader {
	struct kb_str	 text;
	size_t		 at;
	uint32_t	 line;		/* of "at", from 1 */
	char		 sep;
	const char	*file;
	struct kb_arena	*arena;		/* NULL: only look, keep nothing */
};

static enum kb_status
fail(const struct reader *r, uint32_t line, struct kb_err *err,
    const char *what)
{
	return kb_err_set(err, KB_INPUT, "%s:%u: %s", r->file, (unsigned)line,
	    what);
}

static bool
at_end(const struct reader *r)
{
	return r->at >= r->text.n;
}

static bool
at_row_end(const struct reader *r)
{
	return at_end(r) || r->text.p[r->at] == '\n' ||
	    r->text.p[r->at] == '\r';
}

/* Past LF, CR LF or CR. */
static void
skip_row_end(struct reader *r)
{
	if (at_end(r))
		return;
	if (r->text.p[r->at++] == '\r' && !at_end(r) &&
	    r->text.p[r->at] == '\n')
		r->at++;
	r->line++;
}

/* s, where every quote stands twice. */
static struct kb_str
undouble(struct kb_arena *arena, struct kb_str s)
{
	char *p = kb_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	if (p == NULL)
		return kb_str("", 0);
	for (size_t i = 0; i < s.n; i++) {
		p[n++] = s.p[i];
		if (s.p[i] == '"')
			i++;
	}
	return kb_str(p, n);
}

static enum kb_status
read_quoted(struct reader *r, struct kb_str *cell, struct kb_err *err)
{
	size_t start = ++r->at;
	uint32_t line = r->line;
	bool doubled = false;

	for (;; r->at++) {
		if (at_end(r))
			return fail(r, line, err, "a quoted cell begins here "
			    "and never ends");
		r->line += r->text.p[r->at] == '\n';
		if (r->text.p[r->at] != '"')
			continue;
		if (r->at + 1 >= r->text.n || r->text.p[r->at + 1] != '"')
			break;
		doubled = true;
		r->at++;
	}
	*cell = kb_str(r->text.p + start, r->at - start);
	r->at++;
	if (doubled && r->arena != NULL)
		*cell = undouble(r->arena, *cell);
	if (!at_row_end(r) && r->text.p[r->at] != r->sep)
		return fail(r, r->line, err, "text behind a closing quote; "
		    "a quote within a quoted cell is written twice");
	return KB_OK;
}

/* One cell and the separator behind it; *last when the row ends with it. */
static enum kb_status
read_cell(struct reader *r, struct kb_str *cell, bool *last,
    struct kb_err *err)
{
	enum kb_status st = KB_OK;
	size_t start = r->at;

	if (!at_end(r) && r->text.p[r->at] == '"') {
		st = read_quoted(r, cell, err);
	} else {
		while (!at_row_end(r) && r->text.p[r->at] != r->sep)
			r->at++;
		*cell = kb_str(r->text.p + start, r->at - start);
	}
	if (st != KB_OK)
		return st;
	*last = at_row_end(r);
	if (*last)
		skip_row_end(r);
	else
		r->at++;
	return KB_OK;
}

static void
skip_blank_rows(struct reader *r)
{
	while (!at_end(r) && at_row_end(r))
		skip_row_end(r);
}

/* A row of at most "max" cells into cells (NULL: none are kept). */
static enum kb_status
read_row(struct reader *r, struct kb_str *cells, size_t max, size_t *n,
    struct kb_err *err)
{
	uint32_t line = r->line;
	enum kb_status st;
	struct kb_str cell;
	bool last = false;

	for (*n = 0; !last; ++*n) {
		st = read_cell(r, &cell, &last, err);
		if (st != KB_OK)
			return st;
		if (*n == max)
			return kb_err_set(err, KB_INPUT, "%s:%u: more cells "
			    "than the header's %zu", r->file, (unsigned)line,
			    max);
		if (cells != NULL)
			cells[*n] = cell;
	}
	return KB_OK;
}

/* Whichever stands most often in the first line, outside of quotes. */
static char
find_separator(struct kb_str text)
{
	static const char seps[] = { ',', ';', '\t' };
	size_t count[3] = { 0, 0, 0 };
	bool quoted = false;
	int best = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"')
			quoted = !quoted;
		if (!quoted && (c == '\n' || c == '\r'))
			break;
		for (int k = 0; k < 3; k++)
			count[k] += !quoted && c == seps[k];
	}
	for (int k = 1; k < 3; k++)
		if (count[k] > count[best])
			best = k;
	return seps[best];
}

/* Excel's first line "sep=;" is no row. */
static void
skip_sep_line(struct reader *r)
{
	struct kb_str rest = kb_str(r->text.p + r->at, r->text.n - r->at);

	if (rest.n < 5 || !kb_str_has_prefix(rest, KB_STR("sep=")))
		return;
	if (rest.n > 5 && rest.p[5] != '\r' && rest.p[5] != '\n')
		return;
	r->sep = rest.p[4];
	r->at += 5;
	skip_row_end(r);
	skip_blank_rows(r);
}

static enum kb_status
read_header(struct reader *r, struct kb_csv *csv, struct kb_err *err)
{
	struct reader again;
	enum kb_status st;
	size_t n;

	skip_blank_rows(r);
	r->sep = find_separator(kb_str(r->text.p + r->at,
	    r->text.n - r->at));
	skip_sep_line(r);
	if (at_end(r))
		return fail(r, 1, err, "no header: the first row must name "
		    "the columns");
	again = *r;
	again.arena = NULL;
	st = read_row(&again, NULL, MAX_COLUMNS, &n, err);
	if (st != KB_OK)
		return st;
	csv->header = kb_arena_array(r->arena, n, sizeof(*csv->header));
	if (csv->header == NULL)
		return kb_err_nomem(err);
	st = read_row(r, csv->header, n, &csv->ncols, err);
	for (size_t i = 0; st == KB_OK && i < n; i++)
		csv->header[i] = kb_str_trim(csv->header[i]);
	return st;
}

static enum kb_status
count_rows(struct reader r, size_t ncols, size_t *nrows, struct kb_err *err)
{
	enum kb_status st;
	size_t n;

	r.arena = NULL;
	for (*nrows = 0; skip_blank_rows(&r), !at_end(&r); ++*nrows) {
		st = read_row(&r, NULL, ncols, &n, err);
		if (st != KB_OK)
			return st;
	}
	if (*nrows > MAX_CELLS / ncols)
		return kb_err_set(err, KB_LIMIT, "%s: more than %zu cells; "
		    "split the file", r.file, MAX_CELLS);
	return KB_OK;
}

static enum kb_status
read_rows(struct reader *r, struct kb_csv *csv, struct kb_err *err)
{
	enum kb_status st;
	size_t n;

	st = count_rows(*r, csv->ncols, &csv->nrows, err);
	if (st != KB_OK || csv->nrows == 0)
		return st;
	csv->cells = kb_arena_array(r->arena, csv->nrows * csv->ncols,
	    sizeof(*csv->cells));
	csv->lines = kb_arena_array(r->arena, csv->nrows,
	    sizeof(*csv->lines));
	if (csv->cells == NULL || csv->lines == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < csv->nrows; i++) {
		skip_blank_rows(r);
		csv->lines[i] = r->line;
		st = read_row(r, csv->cells + i * csv->ncols, csv->ncols, &n,
		    err);
		if (st != KB_OK)
			return st;
	}
	return KB_OK;
}

enum kb_status
kb_csv_parse(struct kb_csv *out, struct kb_str text, const char *file,
    struct kb_arena *arena, struct kb_err *err)
{
	struct reader r = { .line = 1, .file = file, .arena = arena };
	struct kb_csv csv = { 0 };
	enum kb_status st;

	if (kb_str_has_prefix(text, KB_STR("\xef\xbb\xbf")))
		text = kb_str(text.p + 3, text.n - 3);
	if (text.n == 0)
		return fail(&r, 1, err, "empty: the first row must name the "
		    "columns");
	r.text = kb_arena_copy(arena, text);
	if (arena->failed)
		return kb_err_nomem(err);
	st = read_header(&r, &csv, err);
	if (st == KB_OK)
		st = read_rows(&r, &csv, err);
	if (st == KB_OK && arena->failed)
		st = kb_err_nomem(err);
	if (st == KB_OK)
		*out = csv;
	return st;
}

/* ---- writing ---- */

static bool
is_plain_number(struct kb_str s)
{
	size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
	size_t digits = 0, points = 0;

	for (; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (s.p[i] == '.' && digits > 0)
			points++;
		else
			return false;
	}
	return digits > 0 && points <= 1;
}

/* U+FF1D, FF0B, FF0D and FF20: the same signs where letters are wide. */
static bool
is_wide_sign(struct kb_str s)
{
	return s.n >= 3 && memcmp(s.p, "\xef\xbc", 2) == 0 &&
	    memchr("\x9d\x8b\x8d\xa0", s.p[2], 4) != NULL;
}

static bool
is_formula(struct kb_str s)
{
	return s.n > 0 && (memchr("=+-@\t\r", s.p[0], 6) != NULL ||
	    is_wide_sign(s)) && !is_plain_number(s);
}

static bool
needs_quotes(struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr("\",;\t\r\n", s.p[i], 6) != NULL)
			return true;
	return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

void
kb_csv_cell(struct kb_buf *out, struct kb_str cell, bool first)
{
	bool quote = needs_quotes(cell);

	if (!first)
		kb_buf_addch(out, ',');
	if (quote)
		kb_buf_addch(out, '"');
	if (is_formula(cell))
		kb_buf_addch(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			kb_buf_addch(out, '"');
		kb_buf_addch(out, cell.p[i]);
	}
	if (quote)
		kb_buf_addch(out, '"');
}
