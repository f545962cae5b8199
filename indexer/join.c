#include "join_impl.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "hash.h"

#define MAX_THREADS	64

void
kb_join_defaults(struct kb_join_opts *opts)
{
	memset(opts, 0, sizeof(*opts));
	opts->shingling.width = KB_SHINGLE_WIDTH;
	opts->near = (struct kb_ratio){ 4, 5 };
	opts->inside = (struct kb_ratio){ 7, 10 };
	opts->inside_least = 30;
	opts->common = (struct kb_ratio){ 1, 20 };
	opts->common_least = 5;
	opts->common_most = 20;
	opts->max_pairs = 1000000;
	opts->threads = 1;
}

/* ---- options ---- */

static uint32_t
gcd(uint32_t a, uint32_t b)
{
	while (b != 0) {
		uint32_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static void
reduce(struct kb_ratio *r)
{
	uint32_t d = r->of == 0 ? 1 : gcd(r->count, r->of);

	r->count /= d;
	r->of /= d;
}

static enum kb_status
check_opts(const struct kb_join_opts *o, struct kb_err *err)
{
	if (o->near.of == 0 || o->near.count > o->near.of ||
	    o->near.count < o->near.of - o->near.count)
		return kb_err_set(err, KB_USAGE, "%lu/%lu is no threshold of "
		    "resemblance; give one from 1/2 to 1/1",
		    (unsigned long)o->near.count, (unsigned long)o->near.of);
	if (o->inside.of > 0 && (o->inside.count > o->inside.of ||
	    (uint64_t)o->inside.count * 10 < (uint64_t)o->inside.of * 7 ||
	    o->inside_least == 0))
		return kb_err_set(err, KB_USAGE, "%lu/%lu from %lu shingles on "
		    "is no threshold of containment; give one from 7/10 to "
		    "1/1", (unsigned long)o->inside.count,
		    (unsigned long)o->inside.of,
		    (unsigned long)o->inside_least);
	if ((o->own.of > 0 && o->own.count > o->own.of) ||
	    (o->common.of > 0 && o->common.count > o->common.of))
		return kb_err_set(err, KB_USAGE, "a share of more than all "
		    "makes no sense");
	if (o->shingling.width == 0 ||
	    o->shingling.width > KB_SHINGLE_MAX_WIDTH)
		return kb_err_set(err, KB_USAGE, "a shingle of %u words "
		    "cannot be made; give a width from 1 to %u",
		    o->shingling.width, KB_SHINGLE_MAX_WIDTH);
	return KB_OK;
}

enum kb_status
kb_join_new(struct kb_join **out, const char *dir,
    const struct kb_join_opts *opts, struct kb_err *err)
{
	struct kb_join *join;
	enum kb_status status;

	status = check_opts(opts, err);
	if (status != KB_OK)
		return status;
	join = calloc(1, sizeof(*join));
	if (join == NULL)
		return kb_err_nomem(err);
	join->opts = *opts;
	join->secret = kb_hash_secret();
	reduce(&join->opts.near);
	reduce(&join->opts.inside);
	reduce(&join->opts.common);
	reduce(&join->opts.own);
	join->threads = opts->threads == 0 ? 1 : opts->threads < MAX_THREADS ?
	    opts->threads : MAX_THREADS;
	status = kb_lay_open(&join->lay, dir, err);
	if (status == KB_OK)
		status = kb_spool_open(&join->words, dir, err);
	if (status != KB_OK) {
		kb_join_free(join);
		return status;
	}
	*out = join;
	return KB_OK;
}

void
kb_join_free(struct kb_join *join)
{
	if (join == NULL)
		return;
	if (join->map != NULL)
		munmap((void *)join->map, join->map_n);
	kb_lay_close(&join->lay);
	kb_spool_close(&join->words);
	kb_runs_release(&join->runs);
	free(join->starts.v);
	free(join->sets);
	free(join);
}

/* ---- sets ---- */

static enum kb_status
make_room(struct kb_join *join, struct kb_err *err)
{
	size_t size = join->sets_size + join->sets_size / 2 + 1024;
	void *p;

	if (join->nsets < join->sets_size)
		return KB_OK;
	if (size > SIZE_MAX / sizeof(*join->sets))
		return kb_err_nomem(err);
	p = realloc(join->sets, size * sizeof(*join->sets));
	if (p == NULL)
		return kb_err_nomem(err);
	join->sets = p;
	join->sets_size = size;
	return KB_OK;
}

static enum kb_status
check_add(const struct kb_join *join, const struct kb_shingles *s,
    struct kb_str words, struct kb_err *err)
{
	if (join->ran)
		return kb_err_set(err, KB_USAGE,
		    "no set can be added to a join that has run");
	if (join->failed)
		return kb_err_set(err, KB_IO, "a temporary file in '%s' "
		    "could not be written", join->lay.spool.dir);
	if (s->n > KB_JOIN_MAX_SET || words.n > UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "set %zu has %lu shingles; "
		    "at most %zu can be joined", join->nsets,
		    (unsigned long)s->n, KB_JOIN_MAX_SET);
	if (join->nsets >= KB_JOIN_NONE - 1)
		return kb_err_set(err, KB_LIMIT, "more than %lu sets cannot "
		    "be joined", (unsigned long)KB_JOIN_NONE - 1);
	return KB_OK;
}

/* As kb_shingles_make has it. */
static uint64_t
print_of(const uint64_t *v, size_t n, uint32_t *distinct)
{
	uint64_t print = 0;
	size_t i;

	*distinct = 0;
	for (i = 0; i < n; i++) {
		uint64_t x = v[i] * UINT64_C(0xD6E8FEB86659FD93);

		*distinct += v[i] != 0;
		print += (x ^ x >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	}
	return print + *distinct;
}

/*
 * Of hashes that different runs share, repeated runs may not have been told
 * from new ones: by their words they are.
 */
static enum kb_status
tell_apart(struct kb_join *join, struct kb_join_set *set, uint64_t *v,
    struct kb_str words, struct kb_err *err)
{
	struct kb_runs *runs = &join->runs;
	enum kb_status status;
	uint32_t i;

	status = kb_runs_find(runs, words, set->n,
	    join->opts.shingling.width, err);
	for (i = 1; status == KB_OK && i < runs->n; i++) {
		if (kb_run_eq(&runs->v[i], &runs->v[i - 1]))
			v[runs->v[i].place] = 0;
	}
	set->print = print_of(v, set->n, &set->size);
	return status;
}

static enum kb_status
lay_down(struct kb_join *join, struct kb_join_set *set,
    const struct kb_shingles *s, struct kb_str words, struct kb_err *err)
{
	uint64_t *copy = NULL;
	const uint64_t *v = s->v;
	enum kb_status status = KB_OK;

	if (s->collided) {
		v = copy = malloc(s->n * sizeof(*copy) + 1);
		if (copy == NULL)
			return kb_err_nomem(err);
		memcpy(copy, s->v, s->n * sizeof(*copy));
		status = tell_apart(join, set, copy, words, err);
	}
	if (status == KB_OK)
		status = kb_starts_find(&join->starts, words,
		    (size_t)s->n + join->opts.shingling.width, err);
	if (status == KB_OK)
		status = kb_lay_add(&join->lay, (uint32_t)join->nsets, v,
		    join->starts.v, s->n, err);
	free(copy);
	return status;
}

enum kb_status
kb_join_add(struct kb_join *join, const struct kb_shingles *s,
    struct kb_str words, struct kb_err *err)
{
	struct kb_join_set set = { 0 };
	enum kb_status status;

	status = check_add(join, s, words, err);
	if (status == KB_OK)
		status = make_room(join, err);
	if (status != KB_OK)
		return status;
	set.print = s->print;
	set.text = s->text;
	set.words_at = join->words.n;
	set.words_n = (uint32_t)words.n;
	set.n = s->n;
	set.size = s->distinct;
	set.leader = set.same = (uint32_t)join->nsets;
	set.next = set.dense = KB_JOIN_NONE;
	status = lay_down(join, &set, s, words, err);
	if (status == KB_OK)
		status = kb_spool_add(&join->words, words.p, words.n, err);
	if (status == KB_OK)
		status = kb_spool_add(&join->words, "\n", 1, err);
	if (status != KB_OK) {
		/* Half a set must not be joined. */
		join->failed = true;
		return status;
	}
	join->sets[join->nsets++] = set;
	if (set.n > join->largest)
		join->largest = set.n;
	return KB_OK;
}

/* ---- after a run ---- */

uint32_t
kb_join_leader(const struct kb_join *join, uint32_t set)
{
	return join->sets[set].leader;
}

uint32_t
kb_join_next(const struct kb_join *join, uint32_t set)
{
	return join->sets[set].next;
}

static size_t
distinct(uint64_t *v, size_t n)
{
	size_t i, k = 0;

	kb_sort_u64(v, n);
	for (i = 0; i < n; i++) {
		if (v[i] != 0 && (k == 0 || v[i] != v[k - 1]))
			v[k++] = v[i];
	}
	return k;
}

enum kb_status
kb_join_each(const struct kb_join *join, kb_set_fn *fn, void *arg,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint64_t *v;
	uint32_t i;
	size_t n;

	v = malloc(((size_t)join->largest + KB_SHINGLE_MAX_WIDTH) *
	    sizeof(*v));
	if (v == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets && status == KB_OK; i++) {
		if (!kb_set_leads(join, i))
			continue;
		n = kb_shingles_hash(v, &join->opts.shingling,
		    kb_set_words(join, &join->sets[i]));
		status = fn(arg, i, v, distinct(v, n), err);
	}
	free(v);
	return status;
}

void
kb_joined_release(struct kb_joined *joined)
{
	free(joined->canonical);
	memset(joined, 0, sizeof(*joined));
}
