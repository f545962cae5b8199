/*
 * inspect_gather: what `kb-index inspect` counts while records stream by.
 * Contract: inspect.h.
 */
#include "inspect.h"

#include <stdlib.h>

#include "date.h"

/* ---- groups ---- */

static struct kb_str
top_folder(struct kb_str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '/')
			return kb_str(path.p, i);
	return kb_str("", 0);
}

static struct kb_inspect_group *
find_group(const struct kb_inspect *in, struct kb_str format, bool whole,
    struct kb_str folder)
{
	for (size_t i = 0; i < in->ngroups; i++) {
		struct kb_inspect_group *g = in->groups[i];

		if (g->whole == whole && kb_str_eq(g->format, format) &&
		    (whole || kb_str_eq(g->folder, folder)))
			return g;
	}
	return NULL;
}

static struct kb_inspect_group *
add_group(struct kb_inspect *in, struct kb_str format, bool whole,
    struct kb_str folder)
{
	struct kb_inspect_group *g, **v;
	size_t size = in->groups_size == 0 ? 16 : in->groups_size * 2;

	if (in->ngroups == in->groups_size) {
		v = realloc(in->groups, size * sizeof(*v));
		if (v == NULL)
			return NULL;
		in->groups = v;
		in->groups_size = size;
	}
	g = calloc(1, sizeof(*g));
	if (g == NULL)
		return NULL;
	g->format = kb_arena_copy(&in->arena, format);
	g->folder = kb_arena_copy(&in->arena, folder);
	g->whole = whole;
	in->groups[in->ngroups++] = g;
	return g;
}

static struct kb_inspect_group *
want_group(struct kb_inspect *in, struct kb_str format, bool whole,
    struct kb_str folder)
{
	struct kb_inspect_group *g = find_group(in, format, whole, folder);

	return g != NULL ? g : add_group(in, format, whole, folder);
}

/* ---- one record ---- */

static void
take_date(struct kb_inspect *in, struct kb_inspect_field *f,
    const struct kb_value *v)
{
	enum kb_date_result result;
	int32_t date;

	for (; v != NULL; v = v->next) {
		result = kb_date_parse(&date, v->text,
		    in->settings->rules.date_order);
		if (result == KB_DATE_OK || result == KB_DATE_SENTINEL ||
		    result == KB_DATE_EMPTY)
			continue;
		if (f->bad++ == 0)
			f->bad_sample = kb_arena_copy(&in->arena,
			    kb_tally_cut(v->text, KB_TALLY_SAMPLE));
	}
}

static void
take_field(struct kb_inspect *in, struct kb_inspect_group *g,
    enum kb_field field, const struct kb_value *v)
{
	struct kb_inspect_field *f = &g->fields[field];

	if (v == NULL)
		return;
	if (f->count++ == 0)
		f->sample = kb_arena_copy(&in->arena, kb_tally_cut(v->text,
		    KB_TALLY_SAMPLE));
	if (kb_field_is_date(field))
		take_date(in, f, v);
	/* An article counts once for each source. */
	for (const struct kb_value *a = v; a != NULL; a = a->next) {
		const struct kb_value *b = v;

		while (b != a && !kb_str_eq(b->source, a->source))
			b = b->next;
		if (b == a)
			kb_tally_add(&f->sources, &in->arena, a->source,
			    a->text);
	}
}

static void
take_article(struct kb_inspect *in, struct kb_inspect_group *g,
    const struct kb_record *rec)
{
	const struct kb_value *v;

	g->articles++;
	for (int i = 0; i < KB_F_N; i++)
		take_field(in, g, (enum kb_field)i, rec->values[i]);
	v = rec->values[KB_F_STATUS];
	if (v != NULL)
		kb_tally_add(&g->status, &in->arena, v->text,
		    kb_str("", 0));
	v = rec->values[KB_F_LANG];
	kb_tally_add(&g->langs, &in->arena, v != NULL ? v->text :
	    kb_str("", 0), kb_str("", 0));
	for (v = rec->unmapped; v != NULL; v = v->next)
		kb_tally_add(&g->unmapped, &in->arena, v->source, v->text);
}

static void
take_drop(struct kb_inspect *in, struct kb_inspect_group *g,
    const struct kb_record *rec)
{
	g->dropped++;
	kb_tally_add(&g->drops, &in->arena, rec->drop_reason,
	    kb_str("", 0));
}

/* ---- what could not be read ---- */

static void
problem(struct kb_inspect *in, const struct kb_file *file, uint32_t line,
    struct kb_str message)
{
	struct kb_inspect_problem *p = &in->problems[in->nproblems];

	in->unreadable++;
	if (in->nproblems == KB_INSPECT_PROBLEMS)
		return;
	/* The place stands before the message already. */
	if (kb_str_has_prefix(message, file->path) && message.n >
	    file->path.n && message.p[file->path.n] == ':')
		message = kb_str_trim(kb_str(message.p + file->path.n + 1,
		    message.n - file->path.n - 1));
	p->path = kb_arena_copy(&in->arena, file->path);
	p->message = kb_arena_copy(&in->arena, message);
	p->line = line;
	in->nproblems++;
}

static void
take_unreadable(struct kb_inspect *in, const struct kb_file *file,
    const struct kb_record *rec)
{
	const struct kb_saved_diag *d = rec->diags;
	struct kb_file at = *file;

	/* The gravest says why. */
	for (const struct kb_saved_diag *s = d; s != NULL; s = s->next)
		if (s->diag.level > d->diag.level)
			d = s;
	/* A warning only came beside a record that was read. */
	if (d != NULL && d->diag.level != KB_ERROR)
		return;
	at.path = kb_record_place(rec, file->path, &in->arena);
	problem(in, &at, d != NULL && d->diag.line != 0 ? d->diag.line :
	    rec->line, d != NULL ? d->diag.message : KB_STR("unreadable"));
}

static bool
take_record(struct kb_inspect *in, const struct kb_file *file,
    const struct kb_record *rec)
{
	struct kb_str folder = top_folder(kb_record_place(rec, file->path,
	    &in->arena));
	struct kb_inspect_group *g[2];

	g[0] = want_group(in, rec->format, true, kb_str("", 0));
	if (g[0] == NULL)
		return false;
	g[1] = find_group(in, rec->format, false, folder);
	if (g[1] == NULL && g[0]->folders++ < KB_INSPECT_FOLDERS) {
		g[1] = add_group(in, rec->format, false, folder);
		if (g[1] == NULL)
			return false;
	}
	for (int i = 0; i < 2 && g[i] != NULL; i++) {
		if (rec->dropped)
			take_drop(in, g[i], rec);
		else
			take_article(in, g[i], rec);
	}
	in->articles += !rec->dropped;
	in->dropped += rec->dropped;
	return true;
}

enum kb_status
kb_inspect_take(void *arg, const struct kb_file *file,
    struct kb_prepared *p, const struct kb_err *why, struct kb_err *err)
{
	struct kb_inspect *in = arg;
	bool good = true;

	if (p == NULL) {
		in->files++;
		if (why != NULL)
			problem(in, file, 0, kb_str_c(why->msg));
	} else if (p->rec->dropped && kb_str_eq(p->rec->drop_reason,
	    KB_STR("unreadable"))) {
		take_unreadable(in, file, p->rec);
	} else {
		good = take_record(in, file, p->rec);
	}
	kb_prepared_free(p);
	return good && !in->arena.failed ? KB_OK : kb_err_nomem(err);
}

/* ---- the end ---- */

static void
group_free(struct kb_inspect_group *g)
{
	for (int i = 0; i < KB_F_N; i++)
		kb_tally_release(&g->fields[i].sources);
	kb_tally_release(&g->status);
	kb_tally_release(&g->langs);
	kb_tally_release(&g->unmapped);
	kb_tally_release(&g->drops);
	free(g);
}

static int
by_name(const void *pa, const void *pb)
{
	const struct kb_inspect_group *a =
	    *(const struct kb_inspect_group *const *)pa;
	const struct kb_inspect_group *b =
	    *(const struct kb_inspect_group *const *)pb;
	int c = kb_str_cmp(a->format, b->format);

	if (c == 0)
		c = kb_str_cmp(a->folder, b->folder);
	return c != 0 ? c : (a->whole > b->whole) - (a->whole < b->whole);
}

static void
sort_tallies(struct kb_inspect_group *g)
{
	for (int i = 0; i < KB_F_N; i++)
		kb_tally_sort(&g->fields[i].sources);
	kb_tally_sort(&g->status);
	kb_tally_sort(&g->langs);
	kb_tally_sort(&g->unmapped);
	kb_tally_sort(&g->drops);
}

/* Folders are told apart where there are several, but not very many. */
static bool
is_wanted(const struct kb_inspect *in, const struct kb_inspect_group *g)
{
	const struct kb_inspect_group *whole = find_group(in, g->format,
	    true, kb_str("", 0));
	bool apart = whole->folders > 1 && whole->folders <=
	    KB_INSPECT_FOLDERS;

	return g->whole != apart;
}

enum kb_status
kb_inspect_finish(struct kb_inspect *in, struct kb_err *err)
{
	struct kb_inspect_group **kept = calloc(in->ngroups + 1,
	    sizeof(struct kb_inspect_group *));
	size_t n = 0, i;

	if (kept == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < in->ngroups; i++)
		if (is_wanted(in, in->groups[i]))
			kept[n++] = in->groups[i];
	for (i = 0; i < in->ngroups; i++) {
		size_t k = 0;

		while (k < n && kept[k] != in->groups[i])
			k++;
		if (k == n)
			group_free(in->groups[i]);
	}
	free(in->groups);
	in->groups = kept;
	in->ngroups = n;
	if (n > 1)
		qsort(kept, n, sizeof(struct kb_inspect_group *), by_name);
	for (i = 0; i < n; i++)
		sort_tallies(kept[i]);
	return KB_OK;
}

void
kb_inspect_release(struct kb_inspect *in)
{
	for (size_t i = 0; i < in->ngroups; i++)
		group_free(in->groups[i]);
	free(in->groups);
	kb_arena_release(&in->arena);
}

unsigned
kb_inspect_percent(size_t part, size_t whole)
{
	unsigned percent;

	if (whole == 0)
		return 0;
	percent = (unsigned)((double)part * 100 / (double)whole);
	return percent == 0 && part > 0 ? 1 : percent;
}
