#include "test.h"

#include "csv.h"

static struct kb_arena arena;
static struct kb_err err;

static enum kb_status
read_csv(struct kb_csv *csv, struct kb_str text)
{
	return kb_csv_parse(csv, text, "m.csv", &arena, &err);
}

static struct kb_str
cell(const struct kb_csv *csv, size_t row, size_t col)
{
	return csv->cells[row * csv->ncols + col];
}

static void
test_csv__reads_quotes_newlines_and_short_rows(void)
{
	struct kb_csv c = { 0 };

	CHECK_INT(read_csv(&c, KB_STR("\xef\xbb\xbfid, owner ,note\r\n"
	    "1,\"Doe, \"\"J\"\"\",\"two\nlines\"\r\n\r\n2,\n")), KB_OK);
	CHECK_INT(c.ncols, 3);
	CHECK_INT(c.nrows, 2);
	CHECK_STR(c.header[1], "owner");
	CHECK_STR(cell(&c, 0, 1), "Doe, \"J\"");
	CHECK_STR(cell(&c, 0, 2), "two\nlines");
	CHECK_STR(cell(&c, 1, 0), "2");
	CHECK_STR(cell(&c, 1, 2), "");
	CHECK_INT(c.lines[0], 2);
	CHECK_INT(c.lines[1], 5);
}

static void
test_csv__tells_the_separator_from_the_header(void)
{
	struct kb_csv c = { 0 };

	CHECK_INT(read_csv(&c, KB_STR("a;\"b,c,d\";e\n1;2,5;3\n")), KB_OK);
	CHECK_INT(c.ncols, 3);
	CHECK_STR(c.header[1], "b,c,d");
	CHECK_STR(cell(&c, 0, 1), "2,5");
	CHECK_INT(read_csv(&c, KB_STR("a\tb\n1\t2\n")), KB_OK);
	CHECK_INT(c.ncols, 2);
	CHECK_INT(read_csv(&c, KB_STR("sep=;\r\na;b\r\n1;2\r\n")), KB_OK);
	CHECK_STR(c.header[0], "a");
	CHECK_INT(c.lines[0], 3);
	CHECK_INT(read_csv(&c, KB_STR("only\nx\ny")), KB_OK);
	CHECK_INT(c.nrows, 2);
}

static void
check_error(struct kb_str text, const char *want)
{
	struct kb_csv c = { .ncols = 99 };

	CHECK_INT(read_csv(&c, text), KB_INPUT);
	CHECK_INT(c.ncols, 99);
	CHECK_STR(kb_str(err.msg, strlen(want)), want);
}

static void
test_csv__names_file_and_line_of_what_is_wrong(void)
{
	check_error(KB_STR("a,b\n1,2\n3,\"x\ny\n"), "m.csv:3: a quoted cell");
	check_error(KB_STR("a,b\n1,2,3\n"), "m.csv:2: more cells");
	check_error(KB_STR("a,b\n\"x\" y,2\n"), "m.csv:2: text behind");
	check_error(KB_STR(""), "m.csv:1: empty");
	check_error(KB_STR("\n\r\n"), "m.csv:1: no header");
}

static void
test_csv__refuses_more_columns_than_anyone_has(void)
{
	static char text[4000];
	struct kb_csv c = { 0 };

	memset(text, ',', sizeof(text));
	CHECK_INT(read_csv(&c, kb_str(text, sizeof(text))), KB_INPUT);
}

static void
test_csv__writes_cells_that_are_no_formulas(void)
{
	struct kb_buf b = { 0 };

	kb_csv_cell(&b, KB_STR("a"), true);
	kb_csv_cell(&b, KB_STR("b\"c,"), false);
	kb_csv_cell(&b, KB_STR("=1+1"), false);
	kb_csv_cell(&b, KB_STR("-12.5"), false);
	kb_csv_cell(&b, KB_STR("-12.5|cmd"), false);
	kb_csv_cell(&b, KB_STR("@x"), false);
	kb_csv_cell(&b, KB_STR("\tx"), false);
	kb_csv_cell(&b, KB_STR("+49 30 1"), false);
	kb_csv_cell(&b, KB_STR(""), false);
	/* Spreadsheets in Japanese or Chinese read wide signs as these. */
	kb_csv_cell(&b, KB_STR("\xef\xbc\x9d" "1"), false);
	kb_csv_cell(&b, KB_STR("\xef\xbc\xa1" "1"), false);
	CHECK_STR(kb_buf_str(&b), "a,\"b\"\"c,\",'=1+1,-12.5,'-12.5|cmd,'@x,"
	    "\"'\tx\",'+49 30 1,,'\xef\xbc\x9d" "1,\xef\xbc\xa1" "1");
	kb_buf_release(&b);
}

static void
test_csv__reads_what_it_wrote(void)
{
	static const char *const cells[] = { "a,b", "say \"x\"", "1\r\n2",
	    " pad ", "\xc3\xa9" };
	struct kb_buf b = { 0 };
	struct kb_csv c = { 0 };

	kb_buf_addc(&b, "1,2,3,4,5\r\n");
	for (size_t i = 0; i < 5; i++)
		kb_csv_cell(&b, kb_str_c(cells[i]), i == 0);
	CHECK_INT(read_csv(&c, kb_buf_str(&b)), KB_OK);
	CHECK_INT(c.nrows, 1);
	for (size_t i = 0; i < 5 && c.nrows == 1; i++)
		CHECK_STR(cell(&c, 0, i), cells[i]);
	kb_buf_release(&b);
}

int
main(void)
{
	RUN(test_csv__reads_quotes_newlines_and_short_rows);
	RUN(test_csv__tells_the_separator_from_the_header);
	RUN(test_csv__names_file_and_line_of_what_is_wrong);
	RUN(test_csv__refuses_more_columns_than_anyone_has);
	RUN(test_csv__writes_cells_that_are_no_formulas);
	RUN(test_csv__reads_what_it_wrote);
	kb_arena_release(&arena);
	return test_done();
}
