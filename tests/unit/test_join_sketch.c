/*
 * What the sketches pass over is no pair, and they pass over nearly all that
 * is none.
 */
#include "test.h"

#include "join_impl.h"
#include "join_sets.h"

#define NSETS	120
#define NIDS	60000

static const struct kb_ratio ratios[] = {
	{ 3, 4 }, { 4, 5 }, { 9, 10 }, { 1, 1 }
};

static int
id_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int
size_cmp(const void *a, const void *b)
{
	const struct kb_dense_set *x = a, *y = b;

	return x->size < y->size ? -1 : x->size > y->size;
}

/* n different ids: those of a frame, a few of them drawn anew. */
static void
draw_ids(uint32_t *out, const uint32_t *frame, uint32_t n, uint32_t anew,
    bool *have)
{
	uint32_t i, id;

	memset(have, 0, NIDS * sizeof(*have));
	for (i = 0; i < n; i++) {
		id = i < anew ? (uint32_t)below(NIDS) : frame[i];
		while (have[id])
			id = (uint32_t)below(NIDS);
		have[id] = true;
		out[i] = id;
	}
	qsort(out, n, sizeof(*out), id_cmp);
}

/* Sets of about "size" elements, of which up to "anew" are not the frame's. */
static void
draw_dense(struct kb_dense *dense, uint32_t size, uint32_t anew)
{
	uint32_t most = size + size / 4 + 2, i;
	uint32_t *frame = calloc(most, sizeof(*frame));
	bool *have = calloc(NIDS, sizeof(*have));

	memset(dense, 0, sizeof(*dense));
	dense->sets = calloc(NSETS, sizeof(*dense->sets));
	dense->ids = calloc((size_t)most * NSETS, sizeof(*dense->ids));
	draw_ids(frame, frame, most, most, have);
	for (i = 0; i < NSETS; i++) {
		struct kb_dense_set *set = &dense->sets[i];

		set->n = size + (uint32_t)below(size / 4 + 2);
		/* Some that no other set has are not stored. */
		set->size = set->n + (uint32_t)below(3) * (size / 40);
		set->at = (uint64_t)most * i;
		draw_ids(dense->ids + set->at, frame, set->n,
		    (uint32_t)below(anew + 1), have);
	}
	dense->nsets = NSETS;
	qsort(dense->sets, NSETS, sizeof(*dense->sets), size_cmp);
	free(frame);
	free(have);
}

static uint32_t
first_long_enough(const struct kb_dense *dense, struct kb_ratio t, uint32_t x)
{
	uint32_t i = 0;

	while (dense->sets[i].size < kb_join_least(t, dense->sets[x].size))
		i++;
	return i;
}

static bool
is_listed(const uint32_t *list, uint32_t n, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (list[i] == number)
			return true;
	}
	return false;
}

/* Counts pairs that are missed, real ones, those passed, and all. */
static void
scan_dense(const struct kb_dense *dense, struct kb_ratio t, size_t sum[4])
{
	const struct kb_cand none = KB_CAND_UNKNOWN;
	struct kb_sketches s = { 0 };
	uint32_t list[NSETS], x, y, from, n;

	CHECK_INT(kb_sketches_make(&s, dense, t, NULL), KB_OK);
	for (x = 0; x < dense->nsets; x++) {
		from = first_long_enough(dense, t, x);
		n = kb_sketches_scan(&s, x, from, list);
		sum[2] += n;
		for (y = from; y < x; y++) {
			bool near = kb_dense_overlap(dense, &dense->sets[x],
			    &dense->sets[y], &none, kb_join_overlap(t,
			    dense->sets[x].size, dense->sets[y].size)) > 0;

			sum[0] += near && !is_listed(list, n, y);
			sum[1] += near;
			sum[3]++;
		}
	}
	kb_sketches_release(&s);
}

static void
test_join_sketch__no_pair_is_passed_over(void)
{
	/* Widths change at powers of two, and grow no more at last. */
	static const uint32_t sizes[] = { 1, 40, 250, 500, 1000, 4000, 9000 };
	size_t i, k, sum[4] = { 0 };
	struct kb_dense dense;

	rng_state = 11;
	for (i = 0; i < LEN(sizes); i++) {
		draw_dense(&dense, sizes[i], sizes[i] / 8);
		for (k = 0; k < LEN(ratios); k++)
			scan_dense(&dense, ratios[k], sum);
		kb_dense_release(&dense);
	}
	CHECK_INT(sum[0], 0);
	CHECK(sum[1] > 30000);
}

static void
test_join_sketch__few_pass_that_are_no_pair(void)
{
	static const uint32_t sizes[] = { 60, 176, 250, 900, 4000 };
	size_t i, k;
	struct kb_dense dense;

	rng_state = 12;
	for (i = 0; i < LEN(sizes); i++) {
		draw_dense(&dense, sizes[i], sizes[i]);
		for (k = 0; k < LEN(ratios); k++) {
			size_t sum[4] = { 0 };

			scan_dense(&dense, ratios[k], sum);
			CHECK_INT(sum[0], 0);
			CHECK((sum[2] - sum[1]) * 4 < sum[3]);
		}
		kb_dense_release(&dense);
	}
}

static void
test_join_sketch__sets_too_large_or_thresholds_too_low_have_none(void)
{
	struct kb_sketches s = { 0 };
	struct kb_dense dense;

	rng_state = 13;
	draw_dense(&dense, 200, 10);
	CHECK_INT(kb_sketches_make(&s, &dense, (struct kb_ratio){ 4, 5 },
	    NULL), KB_OK);
	CHECK_INT(kb_sketches_blocks(&s, 0), 1);
	kb_sketches_release(&s);
	CHECK_INT(kb_sketches_make(&s, &dense, (struct kb_ratio){ 2, 3 },
	    NULL), KB_OK);
	CHECK_INT(kb_sketches_blocks(&s, 0), 0);
	kb_sketches_release(&s);
	kb_dense_release(&dense);
	draw_dense(&dense, (1u << KB_SKETCH_MAX_LOG) + 1, 10);
	CHECK_INT(kb_sketches_make(&s, &dense, (struct kb_ratio){ 4, 5 },
	    NULL), KB_OK);
	CHECK_INT(kb_sketches_blocks(&s, 0), 0);
	kb_sketches_release(&s);
	kb_dense_release(&dense);
}

int
main(void)
{
	RUN(test_join_sketch__no_pair_is_passed_over);
	RUN(test_join_sketch__few_pass_that_are_no_pair);
	RUN(test_join_sketch__sets_too_large_or_thresholds_too_low_have_none);
	return test_done();
}
