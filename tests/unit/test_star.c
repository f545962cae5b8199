#include "test.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "join.h"
#include "join_sets.h"

static bool
paired(const struct pairs *p, uint32_t a, uint32_t b)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		if ((p->v[i].a == a && p->v[i].b == b) ||
		    (p->v[i].a == b && p->v[i].b == a))
			return true;
	}
	return false;
}

static void
shuffle(uint32_t *rank, size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		j = below(i + 1);
		rank[i] = rank[j];
		rank[j] = (uint32_t)i;
	}
}

/* A canonical is better than its members, and canonicals never pair. */
static void
check_stars(const struct pairs *p, const uint32_t *rank,
    const uint32_t *canonical, size_t n)
{
	uint32_t i, j, c, members;

	for (i = 0; i < n; i++) {
		c = canonical[i];
		if (c == UINT32_MAX || c == i)
			continue;
		CHECK(c < n && canonical[c] == c);
		CHECK(paired(p, i, c));
		CHECK(rank[c] < rank[i]);
	}
	for (i = 0; i < n; i++) {
		members = 0;
		for (j = 0; j < n; j++) {
			members += j != i && canonical[j] == i;
			if (!paired(p, i, j))
				continue;
			/* whoever is free and paired must have been taken */
			CHECK(canonical[i] != UINT32_MAX ||
			    canonical[j] != UINT32_MAX);
			CHECK(canonical[i] != i || canonical[j] != j);
			/* and by the best canonical that is paired with it */
			if (canonical[j] == j && canonical[i] != j)
				CHECK(canonical[i] != UINT32_MAX &&
				    rank[canonical[i]] < rank[j]);
		}
		CHECK((members > 0) == (canonical[i] == i));
	}
}

static void
test_star__every_member_is_paired_with_its_better_canonical(void)
{
	uint32_t rank[40], canonical[40];
	struct pairs p;
	size_t round, n, i;

	rng_state = 7;
	for (round = 0; round < 2000; round++) {
		struct kb_pair pair = { 0 };

		memset(&p, 0, sizeof(p));
		n = 2 + below(39);
		for (i = 0; i < below(80); i++) {
			pair.a = (uint32_t)below(n - 1);
			pair.b = pair.a + 1 +
			    (uint32_t)below(n - 1 - pair.a);
			if (!paired(&p, pair.a, pair.b))
				pairs_add(&p, &pair);
		}
		shuffle(rank, n);
		CHECK_INT(kb_star_clusters(p.v, p.n, rank, canonical, n,
		    NULL), KB_OK);
		check_stars(&p, rank, canonical, n);
		free(p.v);
	}
}

static void
test_star__a_chain_is_cut_into_stars(void)
{
	struct kb_pair chain[] = {
		{ .a = 0, .b = 1 }, { .a = 1, .b = 2 }, { .a = 2, .b = 3 },
		{ .a = 3, .b = 4 }
	};
	uint32_t rank[] = { 0, 1, 2, 3, 4, 5 }, c[6];

	CHECK_INT(kb_star_clusters(chain, LEN(chain), rank, c, 6, NULL),
	    KB_OK);
	CHECK_INT(c[0], 0);
	CHECK_INT(c[1], 0);
	CHECK_INT(c[2], 2);
	CHECK_INT(c[3], 2);
	CHECK_INT(c[4], UINT32_MAX);
	CHECK_INT(c[5], UINT32_MAX);
}

static void
test_star__the_best_rank_decides_who_is_canonical(void)
{
	struct kb_pair p[] = { { .a = 0, .b = 1 }, { .a = 1, .b = 2 } };
	uint32_t rank[] = { 1, 0, 2 }, c[3];

	CHECK_INT(kb_star_clusters(p, LEN(p), rank, c, 3, NULL), KB_OK);
	CHECK_INT(c[0], 1);
	CHECK_INT(c[1], 1);
	CHECK_INT(c[2], 1);
}

static void
test_star__bad_ranks_and_pairs_leave_the_output_alone(void)
{
	struct kb_pair good = { .a = 0, .b = 1 }, bad = { .a = 0, .b = 3 };
	uint32_t twice[] = { 0, 0, 1 }, high[] = { 0, 1, 3 };
	uint32_t rank[] = { 0, 1, 2 }, c[] = { 7, 8, 9 };

	CHECK_INT(kb_star_clusters(&good, 1, twice, c, 3, NULL), KB_USAGE);
	CHECK_INT(kb_star_clusters(&good, 1, high, c, 3, NULL), KB_USAGE);
	CHECK_INT(kb_star_clusters(&bad, 1, rank, c, 3, NULL), KB_USAGE);
	CHECK(c[0] == 7 && c[1] == 8 && c[2] == 9);
	CHECK_INT(kb_star_clusters(NULL, 0, NULL, NULL, 0, NULL), KB_OK);
}

int
main(void)
{
	RUN(test_star__every_member_is_paired_with_its_better_canonical);
	RUN(test_star__a_chain_is_cut_into_stars);
	RUN(test_star__the_best_rank_decides_who_is_canonical);
	RUN(test_star__bad_ranks_and_pairs_leave_the_output_alone);
	return test_done();
}
