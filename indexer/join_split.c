/*
 * join_split: different runs of words whose hashes are equal.  They get other
 * hashes, in the spool, and the join begins again.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

/* ---- keys ---- */

enum kb_status
kb_keys_add(struct kb_keys *keys, uint64_t key, struct kb_err *err)
{
	if (keys->n == keys->size) {
		size_t size = keys->size + keys->size / 2 + 64;
		void *p = realloc(keys->v, size * sizeof(*keys->v));

		if (p == NULL)
			return kb_err_nomem(err);
		keys->v = p;
		keys->size = size;
	}
	keys->v[keys->n++] = key;
	return KB_OK;
}

void
kb_keys_unique(struct kb_keys *keys)
{
	size_t i, k = 0;

	kb_sort_u64(keys->v, keys->n);
	for (i = 0; i < keys->n; i++) {
		if (k == 0 || keys->v[i] != keys->v[k - 1])
			keys->v[k++] = keys->v[i];
	}
	keys->n = k;
}

bool
kb_keys_have(const struct kb_keys *keys, uint64_t key)
{
	size_t lo = 0, hi = keys->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (keys->v[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < keys->n && keys->v[lo] == key;
}

enum kb_status
kb_join_collided(struct kb_join *join, uint64_t key, struct kb_err *err)
{
	enum kb_status status;

	pthread_mutex_lock(&join->lock);
	/* Noted for every occurrence, it could be very many. */
	if (join->collided.n >= join->collided.size)
		kb_keys_unique(&join->collided);
	status = kb_keys_add(&join->collided, key, err);
	pthread_mutex_unlock(&join->lock);
	return status;
}

/* ---- runs ---- */

/* And for the eight that may end in the last eight bytes. */
static enum kb_status
starts_room(struct kb_starts *starts, size_t words, struct kb_err *err)
{
	if (words + 9 <= starts->size)
		return KB_OK;
	free(starts->v);
	starts->size = 0;
	starts->v = malloc((words + 9) * 2 * sizeof(*starts->v));
	if (starts->v == NULL)
		return kb_err_nomem(err);
	starts->size = (words + 9) * 2;
	return KB_OK;
}

enum kb_status
kb_starts_find(struct kb_starts *starts, const struct kb_join *join,
    const struct kb_join_set *set, struct kb_err *err)
{
	const char *p = join->map + set->words_at;
	size_t words = (size_t)set->n + join->opts.shingling.width;
	enum kb_status status;
	uint32_t i, b, k, n = 1;
	uint64_t found;

	if (starts->set == set)
		return KB_OK;
	starts->set = NULL;
	status = starts_room(starts, words, err);
	if (status != KB_OK)
		return status;
	starts->v[0] = 0;
	/* Four are written whatever is found: how many words end in eight
	   bytes cannot be foretold. */
	for (i = 0; i + 8 <= set->words_n && n < words; i += 8) {
		found = kb_list_parts(kb_list_load(p + i));
		k = n + (uint32_t)((found >> 7) *
		    UINT64_C(0x0101010101010101) >> 56);
		for (b = 0; b < 4 || n + b < k; b++) {
			starts->v[n + b] = i + 1 + (uint32_t)__builtin_ctzll(
			    found | UINT64_C(1) << 63) / 8;
			found &= found - 1;
		}
		n = k;
	}
	for (; i < set->words_n && n < words; i++) {
		starts->v[n] = i + 1;
		n += p[i] == ' ';
	}
	/* As if a word followed. */
	starts->v[n] = set->words_n + 1;
	starts->set = set;
	return KB_OK;
}

struct kb_run
kb_starts_run(const struct kb_starts *starts, const struct kb_join *join,
    uint32_t place)
{
	const struct kb_join_set *set = starts->set;
	struct kb_run run;

	run.brief = set->brief;
	if (set->brief) {
		run.at = set->words_at;
		run.n = set->words_n;
		return run;
	}
	run.at = set->words_at + starts->v[place];
	run.n = starts->v[place + join->opts.shingling.width] - 1 -
	    starts->v[place];
	return run;
}

bool
kb_run_same(const struct kb_join *join, const struct kb_run *x, uint64_t at)
{
	const char *y = join->map + at;

	if (x->at == at)
		return true;
	if (x->n >= join->map_n - at ||
	    memcmp(join->map + x->at, y, x->n) != 0)
		return false;
	/* A brief one is all of its list, and equal to another such alone. */
	if (x->brief)
		return y[x->n] == '\n' && (at == 0 || y[-1] == '\n');
	return y[x->n] == ' ' || y[x->n] == '\n';
}

/* ---- sets ---- */

struct spot {
	uint64_t	key;
	uint32_t	place;
};

struct splitter {
	struct kb_join	*join;
	struct kb_view	 view;
	struct kb_starts starts;
	uint64_t	*keys;		/* of one set, by place */
	struct spot	*spots;
	struct kb_keys	 known;		/* that collide */
	uint64_t	 seed[2];
};

static int
spot_cmp(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static uint32_t
sort_spots(struct splitter *s, uint32_t n)
{
	uint32_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (s->keys[i] != 0)
			s->spots[k++] = (struct spot){ s->keys[i], i };
	}
	if (k > 0)
		qsort(s->spots, k, sizeof(*s->spots), spot_cmp);
	return k;
}

static bool
same_words(const struct splitter *s, const struct spot *x,
    const struct spot *y)
{
	struct kb_run a = kb_starts_run(&s->starts, s->join, x->place);
	struct kb_run b = kb_starts_run(&s->starts, s->join, y->place);

	return a.n == b.n && kb_run_same(s->join, &a, b.at);
}

/* Repeated runs become 0; a key of different ones is noted. */
static enum kb_status
mark(struct splitter *s, struct kb_join_set *set, struct kb_err *err)
{
	uint32_t i, first = 0, n = sort_spots(s, set->n);
	enum kb_status status = KB_OK;

	for (i = 1; i < n && status == KB_OK; i++) {
		const struct spot *x = &s->spots[first], *y = &s->spots[i];

		if (x->key != y->key)
			first = i;
		else if (same_words(s, x, y))
			s->keys[y->place] = 0;
		else
			status = kb_join_collided(s->join, y->key, err);
	}
	set->size = 0;
	set->print = 0;
	for (i = 0; i < set->n; i++) {
		uint64_t x = s->keys[i] * UINT64_C(0xD6E8FEB86659FD93);

		set->size += s->keys[i] != 0;
		set->print += (x ^ x >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	}
	return status;
}

static enum kb_status
load(struct splitter *s, const struct kb_join_set *set, struct kb_err *err)
{
	const uint64_t *v;
	enum kb_status status;

	status = kb_join_fetch(s->join, &s->view, set, &v, err);
	if (status == KB_OK)
		status = kb_starts_find(&s->starts, s->join, set, err);
	if (status == KB_OK && set->n > 0)
		memcpy(s->keys, v, set->n * sizeof(*v));
	return status;
}

static enum kb_status
store(struct splitter *s, const struct kb_join_set *set, struct kb_err *err)
{
	/* The window may hold what is written over. */
	s->view.n = 0;
	return kb_spool_put(&s->join->shingles, set->at * sizeof(*s->keys),
	    s->keys, set->n * sizeof(*s->keys), err);
}

static void
rehash(struct splitter *s, const struct kb_join_set *set)
{
	uint32_t i;

	for (i = 0; i < set->n; i++) {
		struct kb_run run;
		uint64_t h;

		if (s->keys[i] == 0 || !kb_keys_have(&s->known, s->keys[i]))
			continue;
		run = kb_starts_run(&s->starts, s->join, i);
		h = kb_hash_keyed(kb_str(s->join->map + run.at, run.n),
		    s->seed);
		s->keys[i] = h != 0 ? h : 1;
	}
}

static bool
has_known(const struct splitter *s, const uint64_t *v, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (v[i] != 0 && kb_keys_have(&s->known, v[i]))
			return true;
	}
	return false;
}

static enum kb_status
split_set(struct splitter *s, struct kb_join_set *set, struct kb_err *err)
{
	const uint64_t *v;
	enum kb_status status;

	status = kb_join_fetch(s->join, &s->view, set, &v, err);
	if (status != KB_OK || !has_known(s, v, set->n))
		return status;
	status = load(s, set, err);
	if (status != KB_OK)
		return status;
	rehash(s, set);
	status = mark(s, set, err);
	if (status == KB_OK)
		status = store(s, set, err);
	return status;
}

static enum kb_status
splitter_init(struct splitter *s, struct kb_join *join, struct kb_err *err)
{
	memset(s, 0, sizeof(*s));
	s->join = join;
	s->keys = malloc(((size_t)join->largest + 1) * sizeof(*s->keys));
	s->spots = malloc(((size_t)join->largest + 1) * sizeof(*s->spots));
	if (s->keys == NULL || s->spots == NULL)
		return kb_err_nomem(err);
	return KB_OK;
}

static void
splitter_release(struct splitter *s)
{
	kb_view_release(&s->view);
	free(s->starts.v);
	free(s->keys);
	free(s->spots);
	free(s->known.v);
}

enum kb_status
kb_join_find_split(struct kb_join *join, struct kb_err *err)
{
	struct splitter s;
	enum kb_status status;
	size_t i;

	status = splitter_init(&s, join, err);
	for (i = 0; i < join->nsets && status == KB_OK; i++) {
		struct kb_join_set *set = &join->sets[i];

		if (!set->collided)
			continue;
		status = load(&s, set, err);
		if (status == KB_OK)
			status = mark(&s, set, err);
		if (status == KB_OK)
			status = store(&s, set, err);
	}
	splitter_release(&s);
	return status;
}

enum kb_status
kb_join_split(struct kb_join *join, unsigned round, struct kb_err *err)
{
	struct splitter s;
	enum kb_status status;
	size_t i;

	status = splitter_init(&s, join, err);
	kb_keys_unique(&join->collided);
	s.known = join->collided;
	memset(&join->collided, 0, sizeof(join->collided));
	join->patched = true;
	/* Any other hash does; it must be the same in every run. */
	s.seed[0] = UINT64_C(0x67726f756e647300) + round;
	s.seed[1] = ~s.seed[0];
	for (i = 0; i < join->nsets && status == KB_OK; i++)
		status = split_set(&s, &join->sets[i], err);
	splitter_release(&s);
	return status;
}
