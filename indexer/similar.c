#include "similar_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "offmap.h"
#include "rows.h"
#include "stretch.h"

enum { GET_SIZE, GET_SAME, GET_TEXT, NSTATEMENTS };

static const char *const sql[NSTATEMENTS] = {
	[GET_SIZE] = "SELECT shingles FROM shingle_set WHERE article = ?1",
	[GET_SAME] = "SELECT article FROM shingle_same WHERE leader = ?1 "
	    "ORDER BY article",
	[GET_TEXT] = "SELECT text, map FROM passage WHERE article = ?1 "
	    "ORDER BY seq"
};

struct kb_similar {
	struct kb_store			*store;
	struct kb_shingling		 shingling;
	struct kb_similar_layout	 layout;
	struct kb_similar_blocks	 common, postings;
	struct kb_rows			 rows[NSTATEMENTS];
	struct kb_arena			 arena;		/* of one passage */
	struct kb_buf			 words;		/* of one article */
	unsigned char			*classes;	/* of one draft */
	size_t				 classes_size;
};

/* ---- opening ---- */

static enum kb_status
read_layout(struct kb_similar *s, struct kb_err *err)
{
	struct kb_similar_layout *l = &s->layout;
	struct kb_buf text = { 0 };
	enum kb_status status = kb_rows_meta(s->store, "similar", &text,
	    err);
	unsigned count, of;
	int n = 0;

	if (status == KB_OK && text.n == 0)
		status = kb_err_set(err, KB_VERSION, "this index was built "
		    "before drafts could be compared with one; build it "
		    "again");
	else if (status == KB_OK && (sscanf(text.p, "%4u/%4u %4u %4u %4u%n",
	    &count, &of, &l->hash_bits, &l->article_bits, &l->bucket_bits,
	    &n) != 5 || (size_t)n != text.n || count !=
	    KB_SIMILAR_LEAST.count || of != KB_SIMILAR_LEAST.of ||
	    l->hash_bits > 48 || l->article_bits > 32 || l->hash_bits +
	    l->article_bits > 62 || l->bucket_bits > 32))
		status = kb_err_set(err, KB_DAMAGED, "the index is damaged: "
		    "'similar' in its table meta makes no sense; build it "
		    "again");
	kb_buf_release(&text);
	return status;
}

void
kb_similar_check(const uint64_t key[2], char out[17])
{
	snprintf(out, 17, "%016llx", (unsigned long long)kb_hash_keyed(
	    KB_STR("shingle"), key));
}

static enum kb_status
take_key(struct kb_similar *s, struct kb_str check, const uint64_t key[2],
    struct kb_err *err)
{
	char text[17] = "";

	if (check.n == 0)
		return KB_OK;
	if (key != NULL)
		kb_similar_check(key, text);
	if (!kb_str_eq(check, kb_str_c(text)))
		return kb_err_set(err, KB_USAGE, "the shingles of this index "
		    "are hashed with a key, %s: give the --config that it "
		    "was built with", key != NULL ? "another one" :
		    "which is not in the index");
	s->shingling.keyed = true;
	memcpy(s->shingling.key, key, sizeof(s->shingling.key));
	return KB_OK;
}

/* How the build made its shingles. */
static enum kb_status
read_shingling(struct kb_similar *s, const uint64_t key[2],
    struct kb_err *err)
{
	struct kb_buf width = { 0 }, check = { 0 };
	enum kb_status status = kb_rows_meta(s->store, "shingle_width",
	    &width, err);

	if (status == KB_OK)
		status = kb_rows_meta(s->store, "shingle_check", &check, err);
	if (status == KB_OK && (width.n == 0 || width.n > 2 ||
	    sscanf(width.p, "%2u", &s->shingling.width) != 1 ||
	    s->shingling.width == 0 || s->shingling.width >
	    KB_SHINGLE_MAX_WIDTH))
		status = kb_err_set(err, KB_DAMAGED, "the index is damaged: "
		    "how its shingles were made makes no sense; build it "
		    "again");
	if (status == KB_OK)
		status = take_key(s, kb_buf_str(&check), key, err);
	kb_buf_release(&width);
	kb_buf_release(&check);
	return status;
}

enum kb_status
kb_similar_open(struct kb_similar **out, struct kb_store *store,
    const uint64_t key[2], struct kb_err *err)
{
	struct kb_similar *s = calloc(1, sizeof(*s));
	enum kb_status status;

	if (s == NULL)
		return kb_err_nomem(err);
	s->store = store;
	status = read_layout(s, err);
	if (status == KB_OK)
		status = read_shingling(s, key, err);
	if (status == KB_OK)
		status = kb_similar_blocks_open(&s->common, store,
		    "shingle_common", err);
	if (status == KB_OK)
		status = kb_similar_blocks_open(&s->postings, store,
		    "shingle_posting", err);
	for (int i = 0; i < NSTATEMENTS && status == KB_OK; i++)
		status = kb_rows_open(&s->rows[i], store, sql[i], err);
	if (status != KB_OK) {
		kb_similar_close(s);
		return status;
	}
	*out = s;
	return KB_OK;
}

void
kb_similar_close(struct kb_similar *s)
{
	if (s == NULL)
		return;
	kb_similar_blocks_close(&s->common);
	kb_similar_blocks_close(&s->postings);
	for (int i = 0; i < NSTATEMENTS; i++)
		kb_rows_close(&s->rows[i]);
	kb_arena_release(&s->arena);
	kb_buf_release(&s->words);
	free(s->classes);
	free(s);
}

/* ---- the words of an article ---- */

static bool
add_passage(struct kb_similar *s, struct kb_buf *words)
{
	const struct kb_rows *r = &s->rows[GET_TEXT];
	struct kb_offmap map = { NULL, 0 };
	struct kb_str text = kb_rows_text(r, 0), part;
	const void *p = sqlite3_column_blob(r->stmt, 1);
	int n = sqlite3_column_bytes(r->stmt, 1);
	struct kb_stretch it;

	kb_arena_reset(&s->arena);
	if (p != NULL && n > 0 && !kb_offmap_read(&map, kb_str(p, (size_t)n),
	    0, &s->arena))
		return false;
	it = kb_stretch(text, &map);
	while (kb_stretch_next(&it, &part))
		kb_shingle_words(words, part);
	return true;
}

enum kb_status
kb_similar_words(struct kb_similar *s, int64_t article, struct kb_buf *words,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_rows_rewind(&s->rows[GET_TEXT], article);
	while (kb_rows_next(&s->rows[GET_TEXT], &status, err)) {
		if (add_passage(s, words))
			continue;
		status = s->arena.failed ? kb_err_nomem(err) :
		    kb_err_set(err, KB_DAMAGED, "the index is damaged: a "
		    "passage of article %lld makes no sense; build it again",
		    (long long)article);
	}
	return status == KB_OK ? kb_buf_check(words, err) : status;
}

/* ---- the order of shingles ---- */

void
kb_similar_order(const unsigned char *classes, size_t n, size_t want,
    unsigned *last, size_t *of_last)
{
	size_t counts[KB_SIMILAR_CLASSES] = { 0 };
	unsigned class = 0;

	for (size_t i = 0; i < n; i++)
		counts[classes[i]]++;
	while (class + 1 < KB_SIMILAR_CLASSES && counts[class] < want) {
		want -= counts[class];
		class++;
	}
	*last = class;
	*of_last = want;
}

static enum kb_status
classify(struct kb_similar *s, const uint64_t *v, size_t n,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint64_t bucket;

	if (n > s->classes_size) {
		free(s->classes);
		s->classes_size = 0;
		s->classes = malloc(n);
		if (s->classes == NULL)
			return kb_err_nomem(err);
		s->classes_size = n;
	}
	kb_similar_blocks_rewind(&s->common);
	for (size_t i = 0; i < n && status == KB_OK; i++) {
		bucket = kb_similar_cut(v[i], s->layout.bucket_bits);
		status = kb_similar_blocks_seek(&s->common, bucket *
		    KB_SIMILAR_CLASSES, err);
		s->classes[i] = s->common.has && s->common.at /
		    KB_SIMILAR_CLASSES == bucket ? (unsigned char)
		    (s->common.at % KB_SIMILAR_CLASSES) : 0;
	}
	return status;
}

/* ---- candidates ---- */

struct asking {
	struct kb_similar	*s;
	struct kb_similar_draft	 draft;
	struct kb_ratio		 least;
	struct kb_similar_tally	 tally;
	struct kb_similar_hits	*hits;
};

/*
 * All articles that have the cut hash, which "times" shingles of the draft
 * share: a posting may stand for as many.
 */
static enum kb_status
meet(struct asking *a, uint64_t cut, uint32_t times, struct kb_err *err)
{
	struct kb_similar_blocks *b = &a->s->postings;
	unsigned bits = a->s->layout.article_bits;
	enum kb_status status = kb_similar_blocks_seek(b, cut << bits, err);
	uint64_t article;

	while (status == KB_OK && b->has && b->at >> bits == cut) {
		article = b->at & (((uint64_t)1 << bits) - 1);
		if (article > 0 && article <= UINT32_MAX &&
		    !kb_similar_tally_add(&a->tally, (uint32_t)article,
		    times))
			return kb_err_nomem(err);
		status = kb_similar_blocks_seek(b, b->at + 1, err);
	}
	return status;
}

/* The cut hashes of the draft's prefix, ascending, into its "sorted". */
static enum kb_status
cut_prefix(struct asking *a, size_t *found, struct kb_err *err)
{
	uint64_t *v = a->draft.sorted;
	size_t n = a->draft.shingles.distinct, left, k = 0;
	enum kb_status status = classify(a->s, v, n, err);
	const unsigned char *classes = a->s->classes;
	unsigned last;

	if (status != KB_OK)
		return status;
	kb_similar_order(classes, n, kb_similar_prefix(n, a->least), &last,
	    &left);
	for (size_t i = 0; i < n; i++) {
		if (classes[i] > last || (classes[i] == last && left == 0))
			continue;
		left -= classes[i] == last;
		v[k++] = kb_similar_cut(v[i], a->s->layout.hash_bits);
	}
	*found = k;
	return KB_OK;
}

static enum kb_status
meet_all(struct asking *a, struct kb_err *err)
{
	const uint64_t *v = a->draft.sorted;
	size_t n = 0, times;
	enum kb_status status = cut_prefix(a, &n, err);

	kb_similar_blocks_rewind(&a->s->postings);
	for (size_t i = 0; i < n && status == KB_OK; i += times) {
		for (times = 1; i + times < n && v[i + times] == v[i];)
			times++;
		status = meet(a, v[i], (uint32_t)times, err);
	}
	return status;
}

static uint64_t
part_of(uint64_t n, struct kb_ratio r)
{
	return (n * r.count + r.of - 1) / r.of;
}

/*
 * Could an article of "size" shingles that was met "count" times be similar?
 * Let both be cut where the first of the two prefixes ends: what they share
 * before was met, and behind it no more than the rest of that one.
 */
static bool
may_be_similar(const struct asking *a, uint64_t size, uint64_t count)
{
	uint64_t n = a->draft.shingles.distinct, all = (uint64_t)
	    a->least.count + a->least.of, need, rest, other;

	if (part_of(n, a->least) > size || part_of(size, a->least) > n)
		return false;
	need = ((n + size) * a->least.count + all - 1) / all;
	rest = part_of(n, a->least);
	other = part_of(size, KB_SIMILAR_LEAST);
	rest = (rest > other ? rest : other) - 1;
	return count + rest >= need;
}

static bool
is_similar(const struct asking *a, uint64_t size, uint64_t shared)
{
	return shared > 0 && shared * a->least.of >= a->least.count *
	    (a->draft.shingles.distinct + size - shared);
}

/* ---- hits ---- */

static bool
add_hit(struct kb_similar_hits *h, int64_t article, uint32_t shared,
    uint32_t size)
{
	if (h->n == h->size) {
		size_t more = h->size * 2 + 16;
		struct kb_similar_hit *v = realloc(h->v, more * sizeof(*v));

		if (v == NULL)
			return false;
		h->v = v;
		h->size = more;
	}
	h->v[h->n++] = (struct kb_similar_hit){ article, shared, size,
	    h->draft };
	return true;
}

/* An article and those whose sets are equal. */
static enum kb_status
add_hits(struct asking *a, int64_t article, uint32_t shared, uint32_t size,
    struct kb_err *err)
{
	struct kb_rows *r = &a->s->rows[GET_SAME];
	enum kb_status status = KB_OK;

	if (!add_hit(a->hits, article, shared, size))
		return kb_err_nomem(err);
	kb_rows_rewind(r, article);
	while (kb_rows_next(r, &status, err))
		if (!add_hit(a->hits, kb_rows_int(r, 0), shared, size))
			status = kb_err_nomem(err);
	return status;
}

static enum kb_status
compare(struct asking *a, int64_t article, struct kb_err *err)
{
	uint32_t size, shared;
	enum kb_status status;

	kb_buf_clear(&a->s->words);
	a->hits->compared++;
	status = kb_similar_words(a->s, article, &a->s->words, err);
	if (status == KB_OK)
		status = kb_similar_draft_shared(&a->draft, kb_buf_str(
		    &a->s->words), &size, &shared, err);
	if (status == KB_OK && is_similar(a, size, shared))
		status = add_hits(a, article, shared, size, err);
	return status;
}

/* 0: the article is none, which only a false index has postings of. */
static enum kb_status
size_of(struct asking *a, int64_t article, uint64_t *size,
    struct kb_err *err)
{
	struct kb_rows *r = &a->s->rows[GET_SIZE];
	enum kb_status status = KB_OK;
	int64_t v = 0;

	kb_rows_rewind(r, article);
	while (kb_rows_next(r, &status, err))
		v = kb_rows_int(r, 0);
	*size = v > 0 && v <= UINT32_MAX ? (uint64_t)v : 0;
	return status;
}

static enum kb_status
compare_all(struct asking *a, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint64_t size;

	kb_similar_tally_list(&a->tally);
	a->hits->met = a->tally.n;
	for (size_t i = 0; i < a->tally.n && status == KB_OK; i++) {
		const struct kb_similar_met *m = &a->tally.v[i];

		status = size_of(a, m->article, &size, err);
		if (status == KB_OK && may_be_similar(a, size, m->count))
			status = compare(a, m->article, err);
	}
	return status;
}

/* Of two for one draft: shared / all, and so is shared / both sizes. */
static int
by_resemblance(const void *pa, const void *pb)
{
	const struct kb_similar_hit *a = pa, *b = pb;
	uint64_t x = a->shared * ((uint64_t)b->size + b->draft);
	uint64_t y = b->shared * ((uint64_t)a->size + a->draft);

	if (x != y)
		return x > y ? -1 : 1;
	return (a->article > b->article) - (a->article < b->article);
}

enum kb_status
kb_similar_find(struct kb_similar *s, struct kb_str words,
    struct kb_ratio least, struct kb_similar_hits *hits, struct kb_err *err)
{
	struct asking a = { .s = s, .least = least, .hits = hits };
	enum kb_status status;

	memset(hits, 0, sizeof(*hits));
	if (least.of == 0 || least.count > least.of || (uint64_t)least.count *
	    KB_SIMILAR_LEAST.of < (uint64_t)least.of * KB_SIMILAR_LEAST.count)
		return kb_err_set(err, KB_USAGE, "%lu/%lu is no resemblance "
		    "to look for; give one from 1/2 to 1/1",
		    (unsigned long)least.count, (unsigned long)least.of);
	status = kb_similar_draft_init(&a.draft, &s->shingling, words, err);
	hits->draft = a.draft.shingles.distinct;
	if (status == KB_OK && hits->draft > 0)
		status = meet_all(&a, err);
	if (status == KB_OK)
		status = compare_all(&a, err);
	if (hits->n > 0)
		qsort(hits->v, hits->n, sizeof(*hits->v), by_resemblance);
	kb_similar_tally_release(&a.tally);
	kb_similar_draft_release(&a.draft);
	return status;
}

void
kb_similar_release(struct kb_similar_hits *hits)
{
	free(hits->v);
	memset(hits, 0, sizeof(*hits));
}
