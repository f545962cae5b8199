/* A table of metadata: the format, and what it does to a record. */
#include "fuzz.h"

#include "csv.h"
#include "metadata.h"
#include "utf8.h"

static struct kb_arena arena;

void
fuzz_init(void)
{
}

/* As it is written, a cell is one cell again. */
static void
check_cell(struct kb_str cell)
{
	struct kb_arena mem = { 0 };
	struct kb_buf b = { 0 };
	struct kb_csv t;

	kb_buf_addc(&b, "a,b\n");
	kb_csv_cell(&b, cell, true);
	kb_csv_cell(&b, cell, false);
	kb_buf_addch(&b, '\n');
	MUST(kb_csv_parse(&t, kb_buf_str(&b), "f", &mem, NULL) == KB_OK);
	MUST(t.ncols == 2 && t.nrows == 1);
	MUST(kb_str_eq(t.cells[0], t.cells[1]));
	MUST(kb_str_has_suffix(t.cells[0], cell));
	MUST(t.cells[0].n <= cell.n + 1);
	kb_arena_release(&mem);
	kb_buf_release(&b);
}

static void
check_table(const struct kb_csv *t)
{
	uint32_t line = 0;

	MUST(t->ncols > 0);
	for (size_t i = 0; i < t->ncols; i++)
		fuzz_touch(t->header[i]);
	for (size_t i = 0; i < t->nrows; i++) {
		MUST(t->lines[i] > line);
		line = t->lines[i];
	}
	for (size_t i = 0; i < t->nrows * t->ncols; i++) {
		fuzz_touch(t->cells[i]);
		if (i < 16 && kb_utf8_valid(t->cells[i]) == t->cells[i].n)
			check_cell(t->cells[i]);
	}
}

/* A record that the table may fit, by every kind of key. */
static struct kb_record *
record(void)
{
	struct kb_record *rec = kb_record_new(&arena);

	MUST(rec != NULL);
	kb_record_add(rec, KB_F_ID, KB_STR("K1"), KB_STR("id"));
	kb_record_add(rec, KB_F_ALIAS, KB_STR("K2"), KB_STR("alias"));
	kb_record_add(rec, KB_F_URL, KB_STR("https://a/b"), KB_STR("url"));
	kb_record_add(rec, KB_F_TITLE, KB_STR("T"), KB_STR("title"));
	return rec;
}

static void
check_metadata(struct kb_str bytes)
{
	struct kb_metadata *m;
	struct kb_metadata_use use;
	struct kb_buf warning = { 0 };
	struct kb_record *rec = record();

	if (kb_metadata_load(&m, fuzz_file(bytes), NULL) != KB_OK)
		return;
	kb_metadata_apply(m, rec, KB_STR("d/p.html"));
	for (int f = 0; f < KB_F_N; f++)
		for (const struct kb_value *v = rec->values[f]; v != NULL;
		    v = v->next)
			MUST(v->text.n > 0);
	kb_metadata_count(m, &use);
	MUST(use.unused <= use.rows);
	kb_metadata_warn(m, &warning);
	MUST(warning.n == 0 || (use.unused > 0 && kb_utf8_valid(
	    kb_buf_str(&warning)) == warning.n));
	MUST(memchr(warning.n > 0 ? warning.p : "", '\n', warning.n) == NULL);
	kb_buf_release(&warning);
	kb_metadata_free(m);
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_err err = { KB_OK, "" };
	struct kb_csv t;
	enum kb_status status;

	kb_arena_reset(&arena);
	status = kb_csv_parse(&t, bytes, "f.csv", &arena, &err);
	if (status == KB_OK)
		check_table(&t);
	else
		MUST(status == KB_INPUT && strncmp(err.msg, "f.csv:", 6) == 0);
	check_metadata(bytes);
}

static const char *const seeds[] = {
	"id,owner\nK1,Team A\nK2,Team B\n", "path;owner;reviewed\nd/p.html;"
	    "O;2024-01-02\n", "url\ttag\r\nhttps://a/b\tx\r\n",
	"\xef\xbb\xbfid,title\n\"K1\",\"a \"\"b\"\"\nc\"\n",
	"id,owner\nK1\n,\nK9,x\n\n", "id,owner\nK1,\"open\n", "id\nK1,x\n",
	"id,owner\n\"K1\"x,y\n", "", "\n\n", "owner\nx\n",
	"id,nonsense\nK1,x\n",
	"id,tag,tag\nK1,=1+1,-2\n", "id,views\nK1,99999999999999999999\n",
	"id;owner,x\nK1;a,b\n", "id,owner\r\nK1,\"a\r\nb\"\r\n",
};

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed(kb_str_c(seeds[i]));
}
