#include "metadata.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "csv.h"
#include "out.h"
#include "slurp.h"
#include "table.h"
#include "tally.h"

#define MAX_BYTES	((size_t)256 * 1024 * 1024)

struct kb_metadata {
	struct kb_arena	 arena;
	struct kb_buf	 text;
	struct kb_str	 file;
	struct kb_csv	 csv;
	struct kb_table	 rows;		/* key to row + 1 */
	enum kb_field	*fields;	/* by column; KB_F_N: the key */
	size_t		 key;		/* the column */
	atomic_bool	*used;		/* by row */
	enum { BY_ID, BY_PATH, BY_URL } by;
};

static const char *const keys[] = { "id", "path", "url" };

static enum kb_status
read_header(struct kb_metadata *m, const char *file, struct kb_err *err)
{
	size_t key = m->csv.ncols;

	for (int k = 0; k < 3 && key == m->csv.ncols; k++)
		for (size_t i = 0; i < m->csv.ncols; i++)
			if (kb_str_caseeq(m->csv.header[i],
			    kb_str_c(keys[k]))) {
				key = i;
				m->by = k;
				break;
			}
	if (key == m->csv.ncols)
		return kb_err_set(err, KB_INPUT, "%s:1: none of the columns "
		    "is called id, path or url", file);
	m->fields = kb_arena_array(&m->arena, m->csv.ncols,
	    sizeof(*m->fields));
	if (m->fields == NULL)
		return kb_err_nomem(err);
	m->key = key;
	for (size_t i = 0; i < m->csv.ncols; i++) {
		if (i == key)
			m->fields[i] = KB_F_N;
		else if (!kb_field_from_name(m->csv.header[i],
		    &m->fields[i]))
			return kb_err_set(err, KB_INPUT, "%s:1: the column "
			    "'%.*s' is no field; fields are title url edit_url"
			    " lang owner owner_kind author editor created "
			    "modified reviewed review_due expires status "
			    "version replaced_by audience category product "
			    "tag views votes description", file,
			    KB_FMT(m->csv.header[i]));
	}
	return KB_OK;
}

static struct kb_str
key_of(const struct kb_metadata *m, size_t row)
{
	return kb_str_trim(m->csv.cells[row * m->csv.ncols + m->key]);
}

static enum kb_status
read_rows(struct kb_metadata *m, const char *file, struct kb_err *err)
{
	m->used = calloc(m->csv.nrows + 1, sizeof(*m->used));
	if (m->used == NULL)
		return kb_err_nomem(err);
	for (size_t r = 0; r < m->csv.nrows; r++) {
		struct kb_str k = key_of(m, r);
		bool added;
		uint32_t *at;

		if (k.n == 0)
			continue;
		at = kb_table_put(&m->rows, k, &added);
		if (at == NULL)
			return kb_err_nomem(err);
		if (!added)
			return kb_err_set(err, KB_INPUT, "%s:%u: '%.*s' stood "
			    "in line %u already", file,
			    (unsigned)m->csv.lines[r], KB_FMT(k),
			    (unsigned)m->csv.lines[*at - 1]);
		*at = (uint32_t)r + 1;
	}
	return KB_OK;
}

enum kb_status
kb_metadata_load(struct kb_metadata **out, const char *file,
    struct kb_err *err)
{
	struct kb_metadata *m = calloc(1, sizeof(*m));
	enum kb_status status;

	if (m == NULL)
		return kb_err_nomem(err);
	status = kb_slurp(file, MAX_BYTES, &m->text, err);
	if (status == KB_OK)
		status = kb_csv_parse(&m->csv, kb_buf_str(&m->text), file,
		    &m->arena, err);
	if (status == KB_OK)
		status = read_header(m, file, err);
	if (status == KB_OK)
		status = read_rows(m, file, err);
	m->file = kb_arena_copy(&m->arena, kb_str_c(file));
	if (status == KB_OK && m->arena.failed)
		status = kb_err_nomem(err);
	if (status != KB_OK) {
		kb_metadata_free(m);
		return status;
	}
	*out = m;
	return KB_OK;
}

void
kb_metadata_free(struct kb_metadata *m)
{
	if (m == NULL)
		return;
	kb_table_release(&m->rows);
	free(m->used);
	kb_buf_release(&m->text);
	kb_arena_release(&m->arena);
	free(m);
}

void
kb_metadata_apply(const struct kb_metadata *m, struct kb_record *rec,
    struct kb_str path)
{
	const struct kb_value *v = NULL;
	const uint32_t *row;
	struct kb_str key = path;

	if (m == NULL)
		return;
	if (m->by != BY_PATH) {
		v = rec->values[m->by == BY_ID ? KB_F_ID : KB_F_URL];
		if (v == NULL && m->by == BY_URL)
			return;
		/* Where a source declares no id, the path is the id. */
		if (v != NULL)
			key = v->text;
		else if (rec->number > 0)
			key = kb_arena_printf(rec->arena, "%.*s#%zu",
			    KB_FMT(path), rec->number);
	}
	row = kb_table_get(&m->rows, key);
	if (row == NULL)
		return;
	/* Read when the threads have ended, so order does not matter. */
	atomic_store_explicit(&m->used[*row - 1], true,
	    memory_order_relaxed);
	for (size_t i = 0; i < m->csv.ncols; i++)
		if (m->fields[i] != KB_F_N && rec->values[m->fields[i]] ==
		    NULL)
			kb_record_add(rec, m->fields[i],
			    m->csv.cells[(*row - 1) * m->csv.ncols + i],
			    KB_STR("metadata"));
}

void
kb_metadata_count(const struct kb_metadata *m, struct kb_metadata_use *out)
{
	memset(out, 0, sizeof(*out));
	out->file = m->file;
	out->key = m->csv.header[m->key];
	for (size_t r = 0; r < m->csv.nrows; r++) {
		if (key_of(m, r).n == 0)
			continue;
		out->rows++;
		if (atomic_load_explicit(&m->used[r], memory_order_relaxed))
			continue;
		if (out->unused++ == 0) {
			out->first = key_of(m, r);
			out->line = m->csv.lines[r];
		}
	}
}

void
kb_metadata_warn(const struct kb_metadata *m, struct kb_buf *out)
{
	struct kb_metadata_use use;

	if (m == NULL)
		return;
	kb_metadata_count(m, &use);
	if (use.unused == 0)
		return;
	kb_out_line(out, use.file);
	kb_buf_printf(out, ": %zu of %zu rows fit no article; the first is '",
	    use.unused, use.rows);
	kb_out_line(out, kb_tally_cut(use.first, KB_TALLY_SAMPLE));
	kb_buf_printf(out, "' (line %u); the key is the column '",
	    (unsigned)use.line);
	kb_out_line(out, kb_tally_cut(use.key, KB_TALLY_SAMPLE));
	kb_buf_addch(out, '\'');
}
