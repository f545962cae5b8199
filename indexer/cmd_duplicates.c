/*
 * kb-index duplicates: the pairs of near-identical articles as a table.
 */
#include "cli.h"
#include "commands.h"
#include "out.h"
#include "rows.h"
#include "utf8.h"

const char kb_help_duplicates[] =
"A line a pair, with a header, parted by tabs, sorted by both ids:\n"
"  id-a id-b             ids, a before b bytewise; white space as %XX\n"
"  relation              identical or near\n"
"  shared size-a size-b  shingles (runs of five words) in common and each\n"
"  resemblance           shared / (size-a + size-b - shared)\n"
"  stripped              the same without boilerplate; - where not computed\n"
"  containment-a -b      shared / size-a, shared / size-b\n";

static const char header[] =
"id-a\tid-b\trelation\tshared\tsize-a\tsize-b\tresemblance\tstripped\t"
"containment-a\tcontainment-b\n";

enum column {
	ID_A, ID_B, RELATION, SHARED, SIZE_A, SIZE_B
};

/* The side whose id comes first bytewise is a. */
static const char pairs[] =
"SELECT x.id, y.id, d.relation, d.shared, d.size_a, d.size_b"
"  FROM duplicate d JOIN article x ON x.n = d.a JOIN article y ON y.n = d.b"
"  WHERE x.id < y.id "
"UNION ALL "
"SELECT y.id, x.id, d.relation, d.shared, d.size_b, d.size_a"
"  FROM duplicate d JOIN article x ON x.n = d.a JOIN article y ON y.n = d.b"
"  WHERE x.id >= y.id "
"ORDER BY 1, 2";

/* What any reader would split at, and what would act on a terminal. */
static bool
splits(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	    c == 0x202f || c == 0x205f || c == 0x3000;
}

static void
add_id(struct kb_buf *out, struct kb_str id)
{
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < id.n; i += k) {
		k = kb_utf8_next(id, i, &c);
		if (!splits(c)) {
			kb_buf_add(out, kb_str(id.p + i, k));
			continue;
		}
		for (size_t j = i; j < i + k; j++)
			kb_buf_printf(out, "%%%02X", (unsigned char)id.p[j]);
	}
	kb_buf_addch(out, '\t');
}

static double
ratio(int64_t part, int64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

static void
add_pair(struct kb_buf *out, const struct kb_rows *rows)
{
	int64_t shared = kb_rows_int(rows, SHARED);
	int64_t a = kb_rows_int(rows, SIZE_A), b = kb_rows_int(rows, SIZE_B);

	add_id(out, kb_rows_text(rows, ID_A));
	add_id(out, kb_rows_text(rows, ID_B));
	add_id(out, kb_rows_text(rows, RELATION));
	kb_buf_printf(out, "%lld\t%lld\t%lld\t%.6f\t-\t%.6f\t%.6f\n",
	    (long long)shared, (long long)a, (long long)b,
	    ratio(shared, a + b - shared), ratio(shared, a),
	    ratio(shared, b));
}

static enum kb_status
print_pairs(struct kb_store *store, struct kb_out *out, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, store, pairs, err);

	kb_buf_addc(&out->buf, header);
	while (status == KB_OK && !out->done &&
	    kb_rows_next(&rows, &status, err)) {
		add_pair(&out->buf, &rows);
		kb_out_spill(out);
	}
	kb_rows_close(&rows);
	return status;
}

int
kb_cmd_duplicates(const struct kb_command *self, int argc, char **argv)
{
	const char *index;
	int code = kb_out_index_argument(self, argc, argv, &index);
	struct kb_store *store = NULL;
	struct kb_out out = { 0 };
	struct kb_err err;
	enum kb_status status;

	if (index == NULL)
		return code;
	status = kb_store_open(&store, index, NULL, 0, &err);
	if (status == KB_OK)
		status = print_pairs(store, &out, &err);
	code = kb_out_end(&out);
	if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_store_close(store);
	return code;
}
