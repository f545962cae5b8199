/*
 * Contradictions between articles of a cluster, as the build found them.
 * Contract: plan.h.
 */
#include "plan.h"

enum column { KIND, A, B, QUOTE_A, FACT_A, QUOTE_B, FACT_B };

/* Its text may be in the plan, and will be beside the others'. */
static bool
is_shown(const struct kb_plan_member *m)
{
	return m->verdict != KB_PLAN_REFUSE && m->verdict != KB_PLAN_LIST &&
	    !m->article.hidden;
}

static const struct kb_plan_article *
find(const struct kb_plan_cluster *c, int64_t n)
{
	if (c->keep.n == n)
		return &c->keep;
	for (size_t i = 0; i < c->nmembers; i++)
		if (c->members[i].article.n == n)
			return is_shown(&c->members[i]) ?
			    &c->members[i].article : NULL;
	return NULL;
}

/* As two paragraphs to decide between: then it is told already. */
static bool
is_told(const struct kb_plan_cluster *c, const struct kb_plan_conflict *f)
{
	for (size_t i = 0; i < c->nitems; i++) {
		const struct kb_plan_item *item = &c->items[i];
		int64_t n = c->members[item->member].article.n;
		bool a = n == f->a && c->keep.n == f->b;

		if (item->fate == KB_FATE_DECIDE && item->facts &&
		    (a || (n == f->b && c->keep.n == f->a)) &&
		    kb_str_find(item->text, a ? f->a_quote : f->b_quote,
		    0) != (size_t)-1)
			return true;
	}
	return false;
}

static struct kb_plan_conflict *
new_conflict(struct kb_plan *p, struct kb_plan_cluster *c)
{
	if (c->nconflicts == c->conflicts_size) {
		size_t size = c->conflicts_size == 0 ? 8 :
		    c->conflicts_size * 2;
		struct kb_plan_conflict *v = kb_arena_array(&p->arena, size,
		    sizeof(*v));

		if (v == NULL)
			return NULL;
		if (c->nconflicts > 0)
			memcpy(v, c->conflicts, c->nconflicts * sizeof(*v));
		c->conflicts = v;
		c->conflicts_size = size;
	}
	return &c->conflicts[c->nconflicts];
}

static enum kb_status
take(struct kb_plan *p, struct kb_plan_cluster *c, struct kb_err *err)
{
	struct kb_rows *q = &p->conflict;
	const struct kb_plan_article *a = find(c, kb_rows_int(q, A));
	const struct kb_plan_article *b = find(c, kb_rows_int(q, B));
	struct kb_plan_conflict *f;

	if (a == NULL || b == NULL)
		return KB_OK;
	f = new_conflict(p, c);
	if (f == NULL)
		return kb_err_nomem(err);
	*f = (struct kb_plan_conflict){ .a = a->n, .b = b->n,
	    .kind = kb_arena_copy(&p->arena, kb_rows_text(q, KIND)),
	    .a_id = a->id, .b_id = b->id,
	    .a_quote = kb_arena_copy(&p->arena, kb_rows_text(q, QUOTE_A)),
	    .a_fact = kb_arena_copy(&p->arena, kb_rows_text(q, FACT_A)),
	    .b_quote = kb_arena_copy(&p->arena, kb_rows_text(q, QUOTE_B)),
	    .b_fact = kb_arena_copy(&p->arena, kb_rows_text(q, FACT_B)) };
	if (!is_told(c, f))
		c->nconflicts++;
	return KB_OK;
}

/* Each is found once, from its side a. */
static enum kb_status
conflicts_of(struct kb_plan *p, struct kb_plan_cluster *c, int64_t n,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_rows_rewind(&p->conflict, n);
	while (kb_rows_next(&p->conflict, &status, err))
		status = take(p, c, err);
	return status;
}

enum kb_status
kb_plan_conflicts(struct kb_plan *p, struct kb_plan_cluster *c,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	if (!p->has_conflicts)
		return KB_OK;
	status = conflicts_of(p, c, c->keep.n, err);
	for (size_t i = 0; i < c->nmembers && status == KB_OK; i++)
		status = conflicts_of(p, c, c->members[i].article.n, err);
	return status;
}
