/*
 * similar_write: the tables that `kb-index similar` asks.  Contract:
 * similar.h.
 *
 * Which shingles are common is counted by bucket (the first bits of the
 * hash), not by shingle: the order may be any, as long as both sides know it,
 * and counting every shingle would take the memory of a join.
 */
#include "similar_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKET_BITS_MOST	25
#define SPILL_MEMORY		((size_t)48 << 20)

/* Buckets with fewer shingles than these many, or times the mean, are rare. */
#define RARE		32
#define RARE_MEANS	8

enum { PUT_SET, PUT_SAME, PUT_COMMON, PUT_POSTING, PUT_META, NSTATEMENTS };

static const char *const sql[NSTATEMENTS] = {
	[PUT_SET] = "INSERT INTO shingle_set VALUES(?1,?2)",
	[PUT_SAME] = "INSERT INTO shingle_same VALUES(?1,?2)",
	[PUT_COMMON] = "INSERT INTO shingle_common VALUES(?1,?2)",
	[PUT_POSTING] = "INSERT INTO shingle_posting VALUES(?1,?2)",
	[PUT_META] = "INSERT OR REPLACE INTO meta VALUES(?1,?2)"
};

struct writer {
	sqlite3				*db;
	sqlite3_stmt			*st[NSTATEMENTS];
	const struct kb_similar_sets	*sets;
	struct kb_similar_layout	 layout;
	uint16_t			*counts;	/* by bucket */
	uint32_t			*sizes;		/* by doc; 0: none */
	uint64_t			 elements, postings;
	uint64_t			 unit;		/* see class_of() */
	unsigned char			*classes;	/* of one set */
	size_t				 classes_size;
	struct kb_spill			*spill;
	struct kb_buf			 block;
	uint64_t			 first, last;	/* of the block */
	int				 into;		/* statement */
	bool				 begun;
};

static unsigned
bit_length(uint64_t v)
{
	unsigned n = 0;

	for (; v != 0; v >>= 1)
		n++;
	return n;
}

static unsigned
clamp(unsigned v, unsigned least, unsigned most)
{
	return v < least ? least : v > most ? most : v;
}

static enum kb_status
fail(const struct writer *w, struct kb_err *err)
{
	return kb_err_set(err, sqlite3_errcode(w->db) == SQLITE_NOMEM ?
	    KB_NOMEM : KB_IO, "cannot write the index: %s",
	    sqlite3_errmsg(w->db));
}

static enum kb_status
step(struct writer *w, int which, struct kb_err *err)
{
	int rc = sqlite3_step(w->st[which]);

	sqlite3_reset(w->st[which]);
	return rc == SQLITE_DONE ? KB_OK : fail(w, err);
}

static enum kb_status
put_numbers(struct writer *w, int which, int64_t a, int64_t b,
    struct kb_err *err)
{
	sqlite3_bind_int64(w->st[which], 1, a);
	sqlite3_bind_int64(w->st[which], 2, b);
	return step(w, which, err);
}

/* ---- the order ---- */

/* 0: rare; then one more for every doubling. */
static unsigned
class_of(const struct writer *w, uint64_t element)
{
	uint64_t n = w->counts[kb_similar_cut(element,
	    w->layout.bucket_bits)];

	return clamp(bit_length(n / w->unit), 0, KB_SIMILAR_CLASSES - 1);
}

static enum kb_status
count_set(void *arg, uint32_t doc, const uint64_t *v, size_t n,
    struct kb_err *err)
{
	struct writer *w = arg;

	if (doc >= w->sets->ndocs || n > UINT32_MAX)
		return kb_err_set(err, KB_USAGE, "a set of no article");
	for (size_t i = 0; i < n; i++) {
		uint16_t *k = &w->counts[kb_similar_cut(v[i],
		    w->layout.bucket_bits)];

		*k = (uint16_t)(*k + (*k < UINT16_MAX));
	}
	w->sizes[doc] = (uint32_t)n;
	w->elements += n;
	w->postings += kb_similar_prefix(n, KB_SIMILAR_LEAST);
	return KB_OK;
}

static enum kb_status
count_all(struct writer *w, struct kb_err *err)
{
	unsigned articles = bit_length(w->sets->ndocs);
	enum kb_status status;
	uint64_t mean;

	w->layout.article_bits = articles;
	w->layout.bucket_bits = clamp(articles + 6, 8, BUCKET_BITS_MOST);
	w->counts = calloc((size_t)1 << w->layout.bucket_bits,
	    sizeof(*w->counts));
	w->sizes = calloc((size_t)w->sets->ndocs + 1, sizeof(*w->sizes));
	if (w->counts == NULL || w->sizes == NULL)
		return kb_err_nomem(err);
	status = w->sets->each(w->sets->arg, count_set, w, err);
	mean = (w->elements >> w->layout.bucket_bits) + 1;
	w->unit = mean * RARE_MEANS > RARE ? mean * RARE_MEANS : RARE;
	/*
	 * Distances of a hundred or so between cut hashes: those of a draft
	 * that are in no article hit one by chance once in as many times.
	 */
	w->layout.hash_bits = clamp(bit_length(w->postings) + 7, 16,
	    40 < 62 - articles ? 40 : 62 - articles);
	return status;
}

/* ---- postings ---- */

static enum kb_status
classify(struct writer *w, const uint64_t *v, size_t n, struct kb_err *err)
{
	if (n > w->classes_size) {
		unsigned char *p = realloc(w->classes, n + n / 2);

		if (p == NULL)
			return kb_err_nomem(err);
		w->classes = p;
		w->classes_size = n + n / 2;
	}
	for (size_t i = 0; i < n; i++)
		w->classes[i] = (unsigned char)class_of(w, v[i]);
	return KB_OK;
}

static enum kb_status
post_set(void *arg, uint32_t doc, const uint64_t *v, size_t n,
    struct kb_err *err)
{
	struct writer *w = arg;
	const struct kb_similar_layout *l = &w->layout;
	enum kb_status status = classify(w, v, n, err);
	unsigned last;
	size_t left;

	if (status != KB_OK)
		return status;
	kb_similar_order(w->classes, n, kb_similar_prefix(n,
	    KB_SIMILAR_LEAST), &last, &left);
	for (size_t i = 0; i < n && status == KB_OK; i++) {
		if (w->classes[i] > last || (w->classes[i] == last &&
		    left == 0))
			continue;
		left -= w->classes[i] == last;
		status = kb_spill_add(w->spill, kb_similar_cut(v[i],
		    l->hash_bits) << l->article_bits | ((uint64_t)doc + 1),
		    err);
	}
	return status;
}

/* ---- blocks ---- */

static enum kb_status
end_block(struct writer *w, struct kb_err *err)
{
	if (!w->begun)
		return KB_OK;
	if (w->block.failed)
		return kb_err_nomem(err);
	w->begun = false;
	sqlite3_bind_int64(w->st[w->into], 1, (int64_t)w->first);
	sqlite3_bind_blob64(w->st[w->into], 2, w->block.n > 0 ? w->block.p :
	    "", w->block.n, SQLITE_STATIC);
	return step(w, w->into, err);
}

/* Numbers come in ascending order. */
static enum kb_status
add_number(void *arg, uint64_t value, struct kb_err *err)
{
	struct writer *w = arg;
	enum kb_status status = KB_OK;

	if (w->begun && w->block.n >= KB_SIMILAR_BLOCK)
		status = end_block(w, err);
	if (status != KB_OK)
		return status;
	if (w->begun) {
		kb_buf_add_varint(&w->block, value - w->last);
	} else {
		kb_buf_clear(&w->block);
		w->first = value;
		w->begun = true;
	}
	w->last = value;
	return KB_OK;
}

static enum kb_status
put_postings(struct writer *w, struct kb_err *err)
{
	enum kb_status status;

	w->into = PUT_POSTING;
	status = kb_spill_sorted(w->spill, add_number, w, err);
	return status == KB_OK ? end_block(w, err) : status;
}

static enum kb_status
put_common(struct writer *w, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint64_t n = (uint64_t)1 << w->layout.bucket_bits;

	w->into = PUT_COMMON;
	for (uint64_t i = 0; i < n && status == KB_OK; i++) {
		unsigned class = class_of(w, i << (64 -
		    w->layout.bucket_bits));

		if (class > 0)
			status = add_number(w, i * KB_SIMILAR_CLASSES +
			    class, err);
	}
	return status == KB_OK ? end_block(w, err) : status;
}

/* ---- the rest ---- */

static enum kb_status
put_sets(struct writer *w, struct kb_err *err)
{
	const struct kb_similar_sets *s = w->sets;
	enum kb_status status = KB_OK;

	uint32_t leader;

	for (uint32_t i = 0; i < s->ndocs && status == KB_OK; i++) {
		leader = s->leader(s->arg, i);
		if (w->sizes[i] > 0)
			status = put_numbers(w, PUT_SET, (int64_t)i + 1,
			    w->sizes[i], err);
		else if (leader < s->ndocs && w->sizes[leader] > 0)
			status = put_numbers(w, PUT_SAME, (int64_t)leader + 1,
			    (int64_t)i + 1, err);
	}
	return status;
}

static enum kb_status
put_meta(struct writer *w, const char *key, const char *value,
    struct kb_err *err)
{
	sqlite3_bind_text(w->st[PUT_META], 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(w->st[PUT_META], 2, value, -1, SQLITE_TRANSIENT);
	return step(w, PUT_META, err);
}

static enum kb_status
put_layout(struct writer *w, struct kb_err *err)
{
	const struct kb_shingling *how = &w->sets->shingling;
	enum kb_status status;
	char text[80];

	snprintf(text, sizeof(text), "%u/%u %u %u %u",
	    (unsigned)KB_SIMILAR_LEAST.count, (unsigned)KB_SIMILAR_LEAST.of,
	    w->layout.hash_bits, w->layout.article_bits,
	    w->layout.bucket_bits);
	status = put_meta(w, "similar", text, err);
	snprintf(text, sizeof(text), "%u", how->width);
	if (status == KB_OK)
		status = put_meta(w, "shingle_width", text, err);
	if (status == KB_OK && how->keyed) {
		kb_similar_check(how->key, text);
		status = put_meta(w, "shingle_check", text, err);
	}
	return status;
}

static enum kb_status
prepare(struct writer *w, struct kb_err *err)
{
	/* One transaction, or a part of the one that is open. */
	if (sqlite3_exec(w->db, "SAVEPOINT similar", NULL, NULL, NULL) !=
	    SQLITE_OK)
		return fail(w, err);
	for (int i = 0; i < NSTATEMENTS; i++)
		if (sqlite3_prepare_v2(w->db, sql[i], -1, &w->st[i], NULL) !=
		    SQLITE_OK)
			return fail(w, err);
	return KB_OK;
}

static void
release(struct writer *w)
{
	for (int i = 0; i < NSTATEMENTS; i++)
		sqlite3_finalize(w->st[i]);
	kb_spill_free(w->spill);
	kb_buf_release(&w->block);
	free(w->counts);
	free(w->sizes);
	free(w->classes);
}

enum kb_status
kb_similar_write(sqlite3 *db, const char *dir,
    const struct kb_similar_sets *sets, struct kb_err *err)
{
	struct writer w = { .db = db, .sets = sets };
	enum kb_status status = prepare(&w, err);

	if (status == KB_OK)
		status = kb_spill_new(&w.spill, dir, SPILL_MEMORY, err);
	if (status == KB_OK)
		status = count_all(&w, err);
	if (status == KB_OK)
		status = sets->each(sets->arg, post_set, &w, err);
	if (status == KB_OK)
		status = put_postings(&w, err);
	if (status == KB_OK)
		status = put_common(&w, err);
	if (status == KB_OK)
		status = put_sets(&w, err);
	if (status == KB_OK)
		status = put_layout(&w, err);
	if (status == KB_OK && sqlite3_exec(db, "RELEASE similar", NULL,
	    NULL, NULL) != SQLITE_OK)
		status = fail(&w, err);
	release(&w);
	return status;
}
