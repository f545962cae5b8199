/*
 * profile_link: which tables and columns the paths of a profile lead through.
 * Contract: profile_impl.h.
 */
#include "profile_impl.h"

struct linking {
	struct kb_profile	*profile;
	struct kb_arena		*arena;
	struct kb_err		*err;
};

static struct kb_row_table *
find_table(const struct linking *l, struct kb_str name, size_t *number)
{
	struct kb_row_table *t = l->profile->tables;

	for (*number = 0; t != NULL; t = t->next, ++*number)
		if (kb_str_eq(t->name, name))
			return t;
	return NULL;
}

/* The number of the column that "path" is; (size_t)-2 without memory. */
static size_t
column_of(struct linking *l, struct kb_row_table *t,
    const struct kb_path *path)
{
	const struct kb_path **v;
	size_t i;

	if (path->nsteps == 0 && path->attr.text.p == NULL &&
	    path->join == NULL)
		return KB_HOP_KEY;
	for (i = 0; i < t->ncolumns; i++)
		if (kb_str_eq(t->columns[i]->text, path->text) &&
		    t->columns[i]->raw == path->raw)
			return i;
	if (t->ncolumns % 16 == 0) {
		v = kb_arena_array(l->arena, t->ncolumns + 16, sizeof(*v));
		if (v == NULL)
			return 0;
		if (t->ncolumns > 0)
			memcpy(v, t->columns, t->ncolumns * sizeof(*v));
		t->columns = v;
	}
	t->columns[t->ncolumns++] = path;
	return i;
}

/* "before" leads to the keys of the first hop. */
static enum kb_status
link_hops(struct linking *l, const struct kb_path *path,
    const struct kb_conf_entry *e)
{
	const struct kb_path *before = path;
	struct kb_row_table *t;
	struct kb_hop *hop;

	for (hop = path->hop; hop != NULL; hop = hop->next) {
		t = find_table(l, hop->name, &hop->table);
		if (t == NULL)
			return kb_profile_fail(e, l->err, "'%.*s': there is "
			    "no table.%.*s", KB_FMT(path->text),
			    KB_FMT(hop->name));
		hop->column = column_of(l, t, &hop->path);
		if (hop->chain)
			hop->again = column_of(l, t, before);
		before = &hop->path;
	}
	return l->arena->failed ? kb_err_nomem(l->err) : KB_OK;
}

static enum kb_status
link_expr(struct linking *l, const struct kb_expr *expr,
    const struct kb_conf_entry *e)
{
	const struct kb_template_part *part;
	enum kb_status st = KB_OK;
	const struct kb_term *t;

	for (; expr != NULL; expr = expr->next)
		for (t = expr->terms; t != NULL; t = t->next) {
			if (st == KB_OK && t->path != NULL)
				st = link_hops(l, t->path, e);
			for (part = t->parts; part != NULL && st == KB_OK;
			    part = part->next)
				if (part->path != NULL)
					st = link_hops(l, part->path, e);
		}
	return st;
}

static enum kb_status
link_conds(struct linking *l, const struct kb_record_cond *c,
    const struct kb_conf_entry *e)
{
	enum kb_status st = KB_OK;

	for (; c != NULL && st == KB_OK; c = c->next)
		st = link_hops(l, &c->path, e);
	return st;
}

/* False for a body that is further away than one table. */
static bool
mark_bodies(const struct kb_expr *expr)
{
	const struct kb_term *t;
	struct kb_hop *hop;

	for (; expr != NULL; expr = expr->next)
		for (t = expr->terms; t != NULL; t = t->next) {
			hop = t->path != NULL ? t->path->hop : NULL;
			if (hop == NULL)
				continue;
			if (hop->next != NULL || hop->chain)
				return false;
			hop->path.raw = true;
		}
	return true;
}

static enum kb_status
link_bodies(struct linking *l)
{
	const struct kb_body_rule *rule = l->profile->bodies;
	enum kb_status st = KB_OK;

	for (; rule != NULL && st == KB_OK; rule = rule->next) {
		if (!mark_bodies(rule->expr))
			return kb_profile_fail(rule->entry, l->err, "a body "
			    "stands in the record, or in a row that it "
			    "refers to");
		st = link_expr(l, rule->expr, rule->entry);
		if (st == KB_OK)
			st = link_expr(l, rule->user, rule->entry);
	}
	return st;
}

static enum kb_status
check_tables(const struct linking *l)
{
	const struct kb_row_table *t;

	for (t = l->profile->tables; t != NULL; t = t->next)
		if (t->rows == NULL || t->key == NULL)
			return kb_profile_fail(t->entry, l->err, "a table "
			    "needs both, table.%.*s and table.%.*s.key",
			    KB_FMT(t->name), KB_FMT(t->name));
	return KB_OK;
}

enum kb_status
kb_profile_link(struct kb_profile *profile, struct kb_arena *arena,
    struct kb_err *err)
{
	struct linking l = { profile, arena, err };
	const struct kb_conf_entry *e = profile->entry;
	enum kb_status st = check_tables(&l);

	for (int i = 0; i < KB_F_N && st == KB_OK; i++)
		st = link_expr(&l, profile->fields[i], e);
	if (st == KB_OK)
		st = link_conds(&l, profile->drops, e);
	if (st == KB_OK)
		st = link_conds(&l, profile->keeps, e);
	return st == KB_OK ? link_bodies(&l) : st;
}
