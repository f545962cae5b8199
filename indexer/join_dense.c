/*
 * join_dense: the survivors, their elements renamed to dense numbers.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

#define FETCH	16u		/* numbers between asking and using */

struct maker {
	struct kb_dense		*out;
	struct kb_join		*join;
	struct kb_names		*names;
	uint64_t		**scratch;	/* of each thread */
};

/* What a set of which others have n elements may still be. */
static uint32_t
state_of(const struct kb_join *join, const struct kb_join_set *set,
    uint32_t n)
{
	const struct kb_join_opts *o = &join->opts;
	uint32_t state = set->state;

	if (n < kb_join_least(o->near, set->size))
		state &= ~(uint32_t)KB_SET_NEAR;
	if (o->inside.of == 0)
		return state & KB_SET_NEAR;
	if (n < kb_join_least(o->inside, set->size))
		state &= ~(uint32_t)KB_SET_PART;
	if (set->size >= o->inside_least &&
	    n >= kb_join_least(o->inside, o->inside_least))
		return state | KB_SET_WHOLE;
	return state & ~(uint32_t)KB_SET_WHOLE;
}

static void
put_set(const struct maker *m, uint64_t *v, uint32_t number)
{
	const struct kb_join_set *set = &m->join->sets[number];
	const struct kb_names *names = m->names;
	uint32_t n = names->used[number], i;
	uint32_t *ids = names->ids + names->at[number];
	struct kb_dense_set d = { .set = number, .size = set->size, .n = n,
	    .own = set->own, .at = names->at[number] };

	d.state = state_of(m->join, set, n);
	if (d.state == 0)
		return;
	for (i = number; i != KB_JOIN_NONE; i = m->join->sets[i].next)
		d.members++;
	for (i = 0; i < n; i++) {
		if (i + FETCH < n)
			__builtin_prefetch(&names->final[ids[i + FETCH]]);
		v[i] = names->final[ids[i]];
	}
	kb_sort_u64(v, n);
	for (i = 0; i < n; i++) {
		ids[i] = (uint32_t)v[i];
		d.nown += v[i] < names->n - names->ncommon;
	}
	m->out->sets[__atomic_fetch_add(&m->out->nsets, 1,
	    __ATOMIC_RELAXED)] = d;
}

static enum kb_status
put_chunk(void *arg, unsigned who, size_t from, size_t to, struct kb_err *err)
{
	const struct maker *m = arg;

	(void)err;
	for (; from < to; from++) {
		struct kb_join_set *set = &m->join->sets[from];

		if (!kb_set_leads(m->join, from))
			continue;
		set->own = set->size - m->names->common[from];
		if (set->state != 0)
			put_set(m, m->scratch[who], (uint32_t)from);
	}
	return KB_OK;
}

static int
dense_cmp(const void *a, const void *b)
{
	const struct kb_dense_set *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

static enum kb_status
maker_init(struct maker *m, struct kb_err *err)
{
	size_t i, nalive = 0;

	for (i = 0; i < m->join->nsets; i++)
		nalive += m->join->sets[i].state != 0;
	m->out->sets = malloc((nalive + 1) * sizeof(*m->out->sets));
	m->scratch = calloc(m->join->threads, sizeof(*m->scratch));
	if (m->out->sets == NULL || m->scratch == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < m->join->threads; i++) {
		m->scratch[i] = malloc(((size_t)m->join->largest + 1) *
		    sizeof(**m->scratch));
		if (m->scratch[i] == NULL)
			return kb_err_nomem(err);
	}
	return KB_OK;
}

enum kb_status
kb_dense_make(struct kb_dense *out, struct kb_join *join,
    struct kb_names *names, struct kb_err *err)
{
	struct maker m = { .out = out, .join = join, .names = names };
	enum kb_status status = maker_init(&m, err);
	uint32_t i;

	if (status == KB_OK)
		status = kb_team_run(join->threads, join->nsets,
		    KB_TEAM_SETS, put_chunk, &m, err);
	for (i = 0; m.scratch != NULL && i < join->threads; i++)
		free(m.scratch[i]);
	free(m.scratch);
	if (status != KB_OK)
		return status;
	out->ids = names->ids;
	out->nids = names->nids;
	out->ndistinct = names->n;
	out->ncommon = names->ncommon;
	names->ids = NULL;
	qsort(out->sets, out->nsets, sizeof(*out->sets), dense_cmp);
	for (i = 0; i < out->nsets; i++)
		join->sets[out->sets[i].set].dense = i;
	return KB_OK;
}

void
kb_dense_release(struct kb_dense *dense)
{
	free(dense->sets);
	free(dense->ids);
	memset(dense, 0, sizeof(*dense));
}
