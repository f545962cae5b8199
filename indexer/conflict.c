#include "conflict.h"

#include <stdlib.h>

#include "conflict_impl.h"

/* Pairs that share a sentence; beyond it the rest is not looked at. */
#define PAIRS_MOST	((size_t)1 << 24)

/* Articles that share so many sentences may differ in one that is near. */
#define SHARED_LEAST	3

/* Of those, so many pairs are compared, the first ones. */
#define NEAR_MOST	((size_t)20000)

/*
 * A pair that shares a sentence; the last bit is 0 where it differs in facts.
 * Articles have numbers up to 2^31.
 */
#define KEY(a, b, same)	((uint64_t)(a) << 32 | (uint64_t)(b) << 1 | (same))

struct run {
	struct kb_conflicts		*out;
	struct kb_article_reader	*reader;
	sqlite3				*db;
	struct kb_store			*store;
	struct kb_slots			 slots;
	uint64_t			*pairs;
	size_t				 npairs, pairs_size;
	struct kb_reading		 a, b;
	struct kb_arena			 arena_a, arena_b;
};

/* ---- masks of all articles ---- */

static bool
add_slot(struct run *r, const struct kb_claim *c, int64_t article)
{
	struct kb_slots *s = &r->slots;

	if (s->n == s->size) {
		size_t size = s->size == 0 ? 4096 : s->size + s->size / 2;
		struct kb_slot *v = realloc(s->v, size * sizeof(*v));

		if (v == NULL)
			return false;
		s->v = v;
		s->size = size;
	}
	s->v[s->n++] = (struct kb_slot){ c->mask, (uint32_t)article,
	    c->values };
	return true;
}

static enum kb_status
read_article(struct run *r, struct kb_reading *to, struct kb_arena *arena,
    int64_t n, struct kb_err *err)
{
	enum kb_status status;

	kb_arena_reset(arena);
	memset(&to->text, 0, sizeof(to->text));
	to->claims.n = 0;
	status = kb_article_text_read(&to->text, r->reader, n, arena, err);
	/* One that is too long says too much to be held against others. */
	if (status == KB_NOTFOUND || status == KB_LIMIT) {
		to->text.n = 0;
		status = KB_OK;
	}
	return status;
}

static bool
add_title(struct kb_slots *s, struct kb_str title)
{
	if (s->ntitles == s->titles_size) {
		size_t size = s->titles_size == 0 ? 1024 : s->titles_size * 2;
		uint32_t *v = realloc(s->titles, size * sizeof(*v));

		if (v == NULL)
			return false;
		s->titles = v;
		s->titles_size = size;
	}
	s->titles[s->ntitles++] = kb_conflict_title(title);
	return true;
}

static enum kb_status
gather(struct run *r, int64_t n, struct kb_err *err)
{
	enum kb_status status = read_article(r, &r->a, &r->arena_a, n, err);

	if (status == KB_OK && r->a.text.n != 0 &&
	    kb_conflict_is_article(&r->a.text))
		status = kb_claims_make(&r->a, true, &r->arena_a, err);
	if (status == KB_OK && r->a.text.n != 0 &&
	    !add_title(&r->slots, r->a.text.title))
		status = kb_err_nomem(err);
	if (status != KB_OK)
		return status;
	for (size_t i = 0; i < r->a.claims.n; i++) {
		const struct kb_claim *c = &r->a.claims.v[i];

		r->out->sentences++;
		if (c->usable && !add_slot(r, c, n))
			return kb_err_nomem(err);
	}
	return KB_OK;
}

static int
by_mask(const void *x, const void *y)
{
	const struct kb_slot *a = x, *b = y;

	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (a->article != b->article)
		return a->article < b->article ? -1 : 1;
	return (a->values > b->values) - (a->values < b->values);
}

static int
by_hash(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

static enum kb_status
fail(struct run *r, struct kb_err *err)
{
	if (r->store != NULL)
		return kb_store_error(r->store, err);
	return kb_err_set(err, sqlite3_errcode(r->db) == SQLITE_NOMEM ?
	    KB_NOMEM : KB_IO, "cannot read articles to find conflicts: %s",
	    sqlite3_errmsg(r->db));
}

static enum kb_status
gather_all(struct run *r, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(r->db, "SELECT n FROM article "
	    "WHERE n > 0 AND n < 2147483648 ORDER BY n", -1, &st, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(st);
		if (rc != SQLITE_ROW)
			break;
		status = gather(r, sqlite3_column_int64(st, 0), err);
		if (status != KB_OK)
			break;
	}
	if (status == KB_OK && rc != SQLITE_DONE)
		status = fail(r, err);
	sqlite3_finalize(st);
	if (r->slots.n > 0)
		qsort(r->slots.v, r->slots.n, sizeof(*r->slots.v), by_mask);
	if (r->slots.ntitles > 0)
		qsort(r->slots.titles, r->slots.ntitles,
		    sizeof(*r->slots.titles), by_hash);
	return status;
}

/* ---- pairs ---- */

static bool
add_pair(struct run *r, uint64_t a, uint64_t b, unsigned same)
{
	if (a == b)
		return true;
	if (r->npairs == r->pairs_size) {
		size_t size = r->pairs_size == 0 ? 1024 : r->pairs_size * 2;
		uint64_t *v = realloc(r->pairs, size * sizeof(*v));

		if (v == NULL)
			return false;
		r->pairs = v;
		r->pairs_size = size;
	}
	r->pairs[r->npairs++] = a < b ? KEY(a, b, same) :
	    KEY(b, a, same);
	return true;
}

/* The pairs of one mask; few, or it is a template's. */
static bool
pair_up(struct run *r, size_t from, size_t to)
{
	const struct kb_slot *v = r->slots.v;

	if (to - from > (size_t)2 * KB_CLASS_ARTICLES)
		return true;
	for (size_t i = from; i < to; i++)
		for (size_t j = i + 1; j < to; j++)
			if (!add_pair(r, v[i].article, v[j].article,
			    v[i].values == v[j].values))
				return false;
	return true;
}

static int
by_key(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return (a > b) - (a < b);
}

/* Those that differ in a sentence, and those that share some. */
static void
choose_pairs(struct run *r)
{
	size_t i, j, n = 0, near = 0;

	for (i = 0; i < r->npairs; i = j) {
		for (j = i + 1; j < r->npairs && r->pairs[j] >> 1 ==
		    r->pairs[i] >> 1; j++)
			continue;
		if ((r->pairs[i] & 1) != 0) {
			if (j - i < SHARED_LEAST)
				continue;
			if (near++ >= NEAR_MOST) {
				r->out->cut = true;
				continue;
			}
		}
		r->pairs[n++] = r->pairs[i];
	}
	r->npairs = n;
}

static bool
find_pairs(struct run *r)
{
	size_t i, j;

	for (i = 0; i < r->slots.n; i = j) {
		for (j = i + 1; j < r->slots.n && r->slots.v[j].mask ==
		    r->slots.v[i].mask; j++)
			continue;
		if (r->npairs >= PAIRS_MOST)
			r->out->cut = true;
		else if (!pair_up(r, i, j))
			return false;
	}
	if (r->npairs == 0)
		return true;
	qsort(r->pairs, r->npairs, sizeof(*r->pairs), by_key);
	choose_pairs(r);
	return true;
}

/* Masks are made of those alone that pass: most do not. */
static enum kb_status
compare(struct run *r, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	if (r->a.text.n == 0 || r->b.text.n == 0 ||
	    !kb_conflict_is_article(&r->a.text) ||
	    !kb_conflict_is_article(&r->b.text) ||
	    !kb_conflict_same_subject(&r->a.text, &r->b.text))
		return KB_OK;
	if (r->a.claims.n == 0)
		status = kb_claims_make(&r->a, false, &r->arena_a, err);
	if (status == KB_OK)
		status = kb_claims_make(&r->b, false, &r->arena_b, err);
	if (status == KB_OK)
		status = kb_conflict_compare(r->out, &r->a, &r->b, &r->slots,
		    err);
	return status;
}

/* Pairs come by their first article, which is read once. */
static enum kb_status
compare_all(struct run *r, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	int64_t held = 0;

	for (size_t i = 0; i < r->npairs && status == KB_OK; i++) {
		int64_t a = (int64_t)(r->pairs[i] >> 32);
		int64_t b = (int64_t)((r->pairs[i] & UINT32_MAX) >> 1);

		r->out->pairs++;
		if (a != held)
			status = read_article(r, &r->a, &r->arena_a, a, err);
		held = a;
		if (status == KB_OK)
			status = read_article(r, &r->b, &r->arena_b, b, err);
		if (status == KB_OK)
			status = compare(r, err);
	}
	return status;
}

enum kb_status
kb_conflicts_run(struct kb_conflicts *out, sqlite3 *db,
    struct kb_store *store, const struct kb_conflict_pair *pairs,
    size_t npairs, struct kb_err *err)
{
	struct run r = { .out = out, .db = db, .store = store };
	enum kb_status status;

	memset(out, 0, sizeof(*out));
	status = kb_article_reader_open(&r.reader, db, store, err);
	if (status == KB_OK)
		status = gather_all(&r, err);
	for (size_t i = 0; i < npairs && status == KB_OK; i++)
		if (!add_pair(&r, (uint64_t)pairs[i].a, (uint64_t)pairs[i].b,
		    0))
			status = kb_err_nomem(err);
	if (status == KB_OK && !find_pairs(&r))
		status = kb_err_nomem(err);
	if (status == KB_OK)
		status = compare_all(&r, err);
	kb_article_reader_close(r.reader);
	kb_arena_release(&r.arena_a);
	kb_arena_release(&r.arena_b);
	free(r.a.claims.v);
	free(r.b.claims.v);
	free(r.slots.v);
	free(r.slots.titles);
	free(r.pairs);
	return status;
}

void
kb_conflicts_release(struct kb_conflicts *c)
{
	kb_arena_release(&c->arena);
	free(c->v);
	memset(c, 0, sizeof(*c));
}
