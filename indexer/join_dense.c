/*
 * join_dense: the survivors, their elements renamed to dense numbers.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define FETCH	16		/* elements between asking and using */
#define WORDS	8		/* the same, for words */

struct found {
	uint64_t	key;
	uint32_t	place, index;
};

struct hand {
	struct kb_view	 view;
	struct kb_starts starts;
	struct found	*found;
	uint64_t	*ids;
};

struct loader {
	struct kb_dense		*out;
	struct kb_join		*join;
	const struct kb_names	*names;
	uint64_t		*models; /* by index: where its words stand
					    too, and one; 0: not yet */
	struct hand		*hands;
};

/* ---- one set ---- */

/* Elements that may have a name. */
static uint32_t
may_have(const struct loader *l, struct hand *hand, const uint64_t *v,
    uint32_t n)
{
	uint32_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (i + FETCH < n)
			__builtin_prefetch(&l->names->filter[kb_names_bit(
			    l->names, v[i + FETCH]) >> 6]);
		if (v[i] == 0 || !kb_names_may_have(l->names, v[i]))
			continue;
		__builtin_prefetch(&l->names->dir[v[i] >> l->names->shift]);
		hand->found[k++] = (struct found){ v[i], i, 0 };
	}
	return k;
}

static uint32_t
find_names(const struct loader *l, struct hand *hand, uint32_t n)
{
	const struct kb_names *names = l->names;
	struct found *found = hand->found;
	uint32_t i, k = 0, index;

	for (i = 0; i < n; i++)
		__builtin_prefetch(&names->keys[names->dir[found[i].key >>
		    names->shift]]);
	for (i = 0; i < n; i++) {
		index = kb_names_find(names, found[i].key);
		if (index == KB_JOIN_NONE)
			continue;
		found[k] = found[i];
		found[k++].index = index;
		__builtin_prefetch(&names->ids[index]);
		__builtin_prefetch(&l->models[index], 1);
	}
	return k;
}

/*
 * Each is compared with one that came before: when two differ, somewhere one
 * differs from its model.  What was read last is nearest.
 */
static bool
agrees(const struct loader *l, const struct kb_run *run, uint32_t index)
{
	uint64_t at = __atomic_exchange_n(&l->models[index], run->at + 1,
	    __ATOMIC_RELAXED);

	return at == 0 || kb_run_same(l->join, run, at - 1);
}

static void
expect_words(const struct loader *l, const struct hand *hand, uint32_t i,
    uint32_t n)
{
	uint64_t at;

	if (i + WORDS >= n)
		return;
	at = __atomic_load_n(&l->models[hand->found[i + WORDS].index],
	    __ATOMIC_RELAXED);
	if (at > 0)
		__builtin_prefetch(l->join->map + at - 1);
}

static enum kb_status
compare_words(const struct loader *l, struct hand *hand,
    const struct kb_join_set *set, uint32_t n, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_run run;
	uint32_t i;

	if (n > 0)
		status = kb_starts_find(&hand->starts, l->join, set, err);
	for (i = 0; i < n && status == KB_OK; i++) {
		expect_words(l, hand, i, n);
		run = kb_starts_run(&hand->starts, l->join,
		    hand->found[i].place);
		if (!agrees(l, &run, hand->found[i].index))
			status = kb_join_collided(l->join,
			    hand->found[i].key, err);
	}
	return status;
}

/* Common ones come behind all others. */
static uint32_t
count_common(const struct loader *l, const struct hand *hand, uint32_t n)
{
	uint32_t cut = l->names->n - l->names->ncommon, i, sum = 0;

	for (i = 0; i < n; i++)
		sum += l->names->ids[hand->found[i].index] >= cut;
	return sum;
}

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
put_set(const struct loader *l, struct hand *hand, uint32_t number,
    uint32_t n)
{
	const struct kb_join_set *set = &l->join->sets[number];
	uint32_t cut = l->names->n - l->names->ncommon, i;
	struct kb_dense_set d = { .set = number, .size = set->size, .n = n,
	    .own = set->own };

	d.state = state_of(l->join, set, n);
	if (d.state == 0)
		return;
	for (i = number; i != KB_JOIN_NONE; i = l->join->sets[i].next)
		d.members++;
	for (i = 0; i < n; i++)
		hand->ids[i] = l->names->ids[hand->found[i].index];
	kb_sort_u64(hand->ids, n);
	d.at = __atomic_fetch_add(&l->out->nids, n, __ATOMIC_RELAXED);
	for (i = 0; i < n; i++) {
		l->out->ids[d.at + i] = (uint32_t)hand->ids[i];
		d.nown += hand->ids[i] < cut;
	}
	l->out->sets[__atomic_fetch_add(&l->out->nsets, 1,
	    __ATOMIC_RELAXED)] = d;
}

static enum kb_status
load_chunk(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct loader *l = arg;
	struct hand *hand = &l->hands[who];
	const uint64_t *v;
	enum kb_status status;
	uint32_t n;

	for (; from < to; from++) {
		struct kb_join_set *set = &l->join->sets[from];

		if (set->state == 0 && (set->next == KB_JOIN_NONE ||
		    !kb_set_leads(l->join, from)))
			continue;
		status = kb_join_fetch(l->join, &hand->view, set, &v, err);
		if (status != KB_OK)
			return status;
		n = may_have(l, hand, v, set->n);
		n = find_names(l, hand, n);
		set->own = set->size - count_common(l, hand, n);
		status = compare_words(l, hand, set, n, err);
		if (status != KB_OK)
			return status;
		if (set->state == 0)
			continue;
		put_set(l, hand, (uint32_t)from, n);
	}
	return KB_OK;
}

/* ---- all of them ---- */

static int
dense_cmp(const void *a, const void *b)
{
	const struct kb_dense_set *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

static enum kb_status
loader_init(struct loader *l, struct kb_err *err)
{
	size_t i, nalive = 0, largest = l->join->largest;

	for (i = 0; i < l->join->nsets; i++)
		nalive += l->join->sets[i].state != 0;
	l->out->ndistinct = l->names->n;
	l->out->ncommon = l->names->ncommon;
	l->out->ids = malloc((size_t)(l->names->nuses + 1) *
	    sizeof(*l->out->ids));
	l->out->sets = malloc((nalive + 1) * sizeof(*l->out->sets));
	l->models = kb_join_table(((size_t)l->names->n + 1) *
	    sizeof(*l->models));
	l->hands = calloc(l->join->threads, sizeof(*l->hands));
	if (l->out->ids == NULL || l->out->sets == NULL ||
	    l->models == NULL || l->hands == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < l->join->threads; i++) {
		struct hand *hand = &l->hands[i];

		hand->found = malloc((largest + 1) * sizeof(*hand->found));
		hand->ids = malloc((largest + 1) * sizeof(*hand->ids));
		if (hand->found == NULL || hand->ids == NULL)
			return kb_err_nomem(err);
	}
	return KB_OK;
}

/*
 * A common one is compared with those that were counted, so that what is taken
 * for it is the same words.
 */
static void
model_common(struct loader *l, const struct kb_common *common)
{
	uint64_t i;
	uint32_t index;

	for (i = 0; common->n > 0 && i <= common->mask; i++) {
		if (common->slots[i].key == 0)
			continue;
		index = kb_names_find(l->names, common->slots[i].key);
		if (index != KB_JOIN_NONE)
			l->models[index] = common->slots[i].at + 1;
	}
}

static void
loader_release(struct loader *l)
{
	unsigned i;

	for (i = 0; l->hands != NULL && i < l->join->threads; i++) {
		kb_view_release(&l->hands[i].view);
		free(l->hands[i].starts.v);
		free(l->hands[i].found);
		free(l->hands[i].ids);
	}
	free(l->hands);
	free(l->models);
}

enum kb_status
kb_dense_load(struct kb_dense *out, struct kb_join *join,
    const struct kb_names *names, const struct kb_common *common,
    struct kb_err *err)
{
	struct loader l = { .out = out, .join = join, .names = names };
	enum kb_status status;
	uint32_t i;

	status = loader_init(&l, err);
	if (status == KB_OK)
		model_common(&l, common);
	if (status == KB_OK)
		status = kb_team_run(join->threads, join->nsets,
		    KB_TEAM_SETS, load_chunk, &l, err);
	loader_release(&l);
	if (status != KB_OK)
		return status;
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
