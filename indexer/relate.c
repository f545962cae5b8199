#include "relate.h"

#include <stdlib.h>

#include "profile_impl.h"
#include "table.h"

#define MAX_KEY		((size_t)1024)

struct cell {
	size_t			 column;
	struct kb_str		 value;
};

struct row {
	struct cell		*cells;
	size_t			 n;
	size_t			 number;	/* of its record */
};

/* A row under one of its keys. */
struct entry {
	const struct row	*row;
	uint32_t		 next, last;	/* numbers + 1; last: of the
						   first one alone */
};

struct rows {
	struct kb_table		 keys;		/* key to entry's number */
	struct entry		*entries;
	size_t			 n, size;
};

struct kb_relate {
	const struct kb_profile	*profile;
	struct rows		*tables;
	struct kb_arena		 arena;		/* rows and keys */
	struct kb_arena		 scratch;
};

enum kb_status
kb_relate_new(struct kb_relate **out, const struct kb_profile *profile,
    struct kb_err *err)
{
	struct kb_relate *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return kb_err_nomem(err);
	r->profile = profile;
	r->tables = calloc(profile->ntables + 1, sizeof(*r->tables));
	if (r->tables == NULL) {
		free(r);
		return kb_err_nomem(err);
	}
	*out = r;
	return KB_OK;
}

void
kb_relate_free(struct kb_relate *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->profile->ntables; i++) {
		kb_table_release(&r->tables[i].keys);
		free(r->tables[i].entries);
	}
	free(r->tables);
	kb_arena_release(&r->arena);
	kb_arena_release(&r->scratch);
	free(r);
}

/* ---- taking rows ---- */

static bool
is_row_of(const struct kb_row_table *t, const struct kb_node *e)
{
	const struct kb_path_list *p;

	for (p = t->rows; p != NULL; p = p->next)
		if (kb_path_ends_at(&p->path, e))
			return true;
	return false;
}

bool
kb_relate_is_row(const struct kb_relate *r, const struct kb_node *e)
{
	const struct kb_row_table *t;

	for (t = r->profile->tables; t != NULL; t = t->next)
		if (is_row_of(t, e))
			return true;
	return false;
}

static size_t
bytes_held(const struct kb_relate *r)
{
	size_t n = r->arena.held;

	for (size_t i = 0; i < r->profile->ntables; i++)
		n += r->tables[i].size * sizeof(struct entry) +
		    r->tables[i].keys.size * sizeof(struct kb_table_slot);
	return n;
}

static bool
is_dropped(struct kb_relate *r, const struct kb_row_table *t,
    const struct kb_node *row)
{
	const struct kb_record_cond *c;
	const struct kb_node *node;
	struct kb_path_iter it;
	bool hit;

	for (c = t->drops; c != NULL; c = c->next) {
		hit = false;
		kb_path_begin(&it, &c->path, row);
		while (!hit && (node = kb_path_next(&it)) != NULL)
			hit = kb_path_glob(c->value, kb_path_value(&c->path,
			    node, &r->scratch));
		if (hit != c->negate)
			return true;
	}
	return false;
}

static struct kb_str
cell_value(struct kb_relate *r, const struct kb_path *path,
    const struct kb_node *at)
{
	if (!path->raw)
		return kb_path_value(path, at, &r->scratch);
	return path->attr.text.p != NULL ? kb_path_attr(path, at) :
	    kb_node_text(&r->scratch, at, KB_RELATE_MAX);
}

static void
add_cells(struct kb_relate *r, const struct kb_row_table *t,
    const struct kb_node *node, struct row *row)
{
	struct cell found[KB_RELATE_VALUES];
	const struct kb_node *at;
	struct kb_path_iter it;
	struct kb_str s;
	size_t n = 0;

	for (size_t i = 0; i < t->ncolumns; i++) {
		kb_path_begin(&it, t->columns[i], node);
		while (n < KB_RELATE_VALUES &&
		    (at = kb_path_next(&it)) != NULL) {
			s = cell_value(r, t->columns[i], at);
			if (s.n > 0)
				found[n++] = (struct cell){ i,
				    kb_arena_copy(&r->arena, s) };
		}
	}
	row->cells = kb_arena_array(&r->arena, n, sizeof(*row->cells));
	if (row->cells == NULL || n == 0)
		return;
	memcpy(row->cells, found, n * sizeof(*found));
	row->n = n;
}

static bool
add_entry(struct kb_relate *r, struct rows *rows, struct kb_str key,
    const struct row *row)
{
	struct entry *e;
	bool added;
	uint32_t *at;

	if (rows->n >= UINT32_MAX - 1)
		return false;
	if (rows->n == rows->size) {
		size_t size = rows->size == 0 ? 64 : rows->size * 2;

		e = realloc(rows->entries, size * sizeof(*e));
		if (e == NULL)
			return false;
		rows->entries = e;
		rows->size = size;
	}
	/* A key that is there already needs no copy. */
	at = kb_table_get(&rows->keys, key);
	added = at == NULL;
	if (added)
		at = kb_table_put(&rows->keys, kb_arena_copy(&r->arena, key),
		    NULL);
	if (at == NULL)
		return false;
	e = &rows->entries[rows->n++];
	*e = (struct entry){ row, 0, (uint32_t)rows->n };
	if (added) {
		*at = (uint32_t)rows->n;
		return true;
	}
	e = &rows->entries[*at - 1];
	rows->entries[e->last - 1].next = (uint32_t)rows->n;
	e->last = (uint32_t)rows->n;
	return true;
}

static bool
add_to(struct kb_relate *r, const struct kb_row_table *t, struct rows *rows,
    const struct kb_node *node, size_t number)
{
	const struct kb_node *at;
	struct kb_path_iter it;
	struct row *row = NULL;
	struct kb_str key;

	kb_path_begin(&it, &t->key->path, node);
	while ((at = kb_path_next(&it)) != NULL) {
		key = kb_path_value(&t->key->path, at, &r->scratch);
		if (key.n == 0 || key.n > MAX_KEY)
			continue;
		if (row == NULL) {
			row = kb_arena_alloc(&r->arena, sizeof(*row));
			if (row == NULL)
				return false;
			row->number = number;
			add_cells(r, t, node, row);
		}
		if (!add_entry(r, rows, key, row))
			return false;
	}
	return true;
}

enum kb_status
kb_relate_add(struct kb_relate *r, const struct kb_node *node,
    size_t number, struct kb_err *err)
{
	const struct kb_row_table *t = r->profile->tables;
	bool good = true;

	for (size_t i = 0; t != NULL && good; i++, t = t->next)
		if (is_row_of(t, node) && !is_dropped(r, t, node))
			good = add_to(r, t, &r->tables[i], node, number);
	kb_arena_reset(&r->scratch);
	if (!good || r->arena.failed || r->scratch.failed)
		return kb_err_nomem(err);
	if (bytes_held(r) > KB_RELATE_MAX)
		return kb_err_set(err, KB_LIMIT, "what the records refer to "
		    "takes more than %zu bytes: export in parts",
		    KB_RELATE_MAX);
	return KB_OK;
}

/* ---- asking ---- */

/* A list of at most KB_RELATE_VALUES. */
static bool
push(struct kb_values *out, struct kb_str s, struct kb_arena *arena)
{
	if (out->v == NULL)
		out->v = kb_arena_array(arena, KB_RELATE_VALUES,
		    sizeof(*out->v));
	if (out->v == NULL || out->n == KB_RELATE_VALUES)
		return false;
	out->v[out->n++] = s;
	return true;
}

static const struct entry *
first_entry(const struct kb_relate *r, size_t table, struct kb_str key)
{
	const struct rows *rows = &r->tables[table];
	const uint32_t *at = kb_table_get(&rows->keys, key);

	return at != NULL ? &rows->entries[*at - 1] : NULL;
}

static const struct entry *
next_entry(const struct kb_relate *r, size_t table, const struct entry *e)
{
	return e->next != 0 ? &r->tables[table].entries[e->next - 1] : NULL;
}

static void
add_column(const struct row *row, size_t column, struct kb_str key,
    struct kb_values *out, struct kb_arena *arena)
{
	if (column == KB_HOP_KEY) {
		push(out, key, arena);
		return;
	}
	for (size_t i = 0; i < row->n; i++)
		if (row->cells[i].column == column)
			push(out, row->cells[i].value, arena);
}

/* From a row to the first one that it refers to, and so on. */
static void
follow_chain(const struct kb_relate *r, const struct kb_hop *hop,
    struct kb_str key, struct kb_values *out, struct kb_arena *arena)
{
	const struct row *seen[KB_RELATE_CHAIN];
	struct kb_str keys[KB_RELATE_CHAIN];
	const struct entry *e;
	size_t n = 0, i;

	while (n < KB_RELATE_CHAIN && key.n > 0 &&
	    (e = first_entry(r, hop->table, key)) != NULL) {
		for (i = 0; i < n && seen[i] != e->row; i++)
			continue;
		if (i < n)
			break;
		seen[n] = e->row;
		keys[n++] = key;
		key = kb_str(NULL, 0);
		for (i = 0; i < e->row->n && key.n == 0; i++)
			if (e->row->cells[i].column == hop->again)
				key = e->row->cells[i].value;
	}
	while (n-- > 0)
		add_column(seen[n], hop->column, keys[n], out, arena);
}

static void
follow(const struct kb_relate *r, const struct kb_hop *hop,
    const struct kb_values *keys, struct kb_values *out,
    struct kb_arena *arena)
{
	const struct entry *e;

	for (size_t i = 0; i < keys->n; i++) {
		if (hop->chain) {
			follow_chain(r, hop, keys->v[i], out, arena);
			continue;
		}
		e = first_entry(r, hop->table, keys->v[i]);
		for (; e != NULL && out->n < KB_RELATE_VALUES;
		    e = next_entry(r, hop->table, e))
			add_column(e->row, hop->column, keys->v[i], out,
			    arena);
	}
}

static void
follow_all(const struct kb_relate *r, const struct kb_path *path,
    struct kb_values *values, struct kb_arena *arena)
{
	const struct kb_hop *hop;
	struct kb_values next;

	for (hop = path->hop; hop != NULL && values->n > 0;
	    hop = hop->next) {
		memset(&next, 0, sizeof(next));
		if (r != NULL)
			follow(r, hop, values, &next, arena);
		*values = next;
	}
}

void
kb_relate_values(const struct kb_relate *r, const struct kb_path *path,
    const struct kb_node *record, struct kb_values *out,
    struct kb_arena *arena)
{
	const struct kb_node *node;
	struct kb_path_iter it;
	struct kb_str s;

	memset(out, 0, sizeof(*out));
	kb_path_begin(&it, path, record);
	while (out->n < KB_RELATE_VALUES &&
	    (node = kb_path_next(&it)) != NULL) {
		s = kb_path_value(path, node, arena);
		if (s.n > 0)
			push(out, s, arena);
	}
	follow_all(r, path, out, arena);
}

size_t
kb_relate_bodies(const struct kb_relate *r, const struct kb_path *path,
    const struct kb_node *record, struct kb_relate_body *out, size_t max,
    struct kb_arena *arena)
{
	const struct kb_hop *hop = path->hop;
	const struct entry *e;
	const struct kb_node *node;
	struct kb_path_iter it;
	size_t n = 0;

	kb_path_begin(&it, path, record);
	while (r != NULL && (node = kb_path_next(&it)) != NULL) {
		e = first_entry(r, hop->table, kb_path_value(path, node,
		    arena));
		for (; e != NULL && n < max; e = next_entry(r, hop->table, e))
			for (size_t i = 0; i < e->row->n && n < max; i++)
				if (e->row->cells[i].column == hop->column)
					out[n++] = (struct kb_relate_body){
					    e->row->cells[i].value,
					    hop->path.text, e->row->number };
	}
	return n;
}

void
kb_relate_from(const struct kb_relate *r, const struct kb_path *path,
    struct kb_str key, struct kb_values *out, struct kb_arena *arena)
{
	memset(out, 0, sizeof(*out));
	push(out, key, arena);
	follow_all(r, path, out, arena);
}
