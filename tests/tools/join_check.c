/*
 * join_check FILE: the join beside a plain count of every shingle that two
 * articles share, on the words themselves; FILE has an article a line.  At
 * several thresholds all pairs and all their figures must be the same.  Exit
 * code 1 where they are not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "join.h"

struct article {
	struct kb_buf	 list;
	uint32_t	*runs;		/* numbers, each once */
	uint32_t	 n, own;
	bool		 leads;		/* none before it is the same set */
};

struct run {
	struct kb_str	 text;
	uint32_t	 df;		/* over sets that lead */
	uint32_t	 at, n;		/* in "who" */
	uint32_t	 last;		/* article that had it last, plus 1 */
};

struct check {
	struct article	*v;
	uint32_t	 n, size, ngroups;
	struct run	*runs;
	uint32_t	*slots, *who, mask, nruns;
	struct kb_join_opts opts;
	uint32_t	 cut;
	uint32_t	*shared, *own;	/* with the article at hand */
	uint32_t	 at;		/* it, and its next partner */
	uint32_t	 next;
	size_t		 npairs, wrong;
};

static void *
must(void *p)
{
	if (p == NULL) {
		fputs("join_check: out of memory\n", stderr);
		exit(4);
	}
	return p;
}

/* ---- articles, and runs by their words ---- */

static void
read_lines(struct check *c, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, f)) > 0) {
		if (c->n == c->size) {
			c->size = c->size * 2 + 1024;
			c->v = must(realloc(c->v, c->size * sizeof(*c->v)));
		}
		memset(&c->v[c->n], 0, sizeof(c->v[c->n]));
		kb_shingle_words(&c->v[c->n++].list, kb_str(line,
		    (size_t)n));
	}
	free(line);
}

static uint32_t
number_of(struct check *c, struct kb_str text)
{
	uint32_t i = (uint32_t)kb_hash64(text, 99) & c->mask;

	for (; c->slots[i] != 0; i = (i + 1) & c->mask) {
		if (kb_str_eq(c->runs[c->slots[i] - 1].text, text))
			return c->slots[i] - 1;
	}
	c->runs[c->nruns].text = text;
	c->slots[i] = ++c->nruns;
	return c->nruns - 1;
}

static void
number_runs(struct check *c, uint32_t i)
{
	struct article *a = &c->v[i];
	struct kb_str list = kb_buf_str(&a->list);
	size_t at = 0, words = list.n > 0, k;
	uint32_t run;

	for (k = 0; k < list.n; k++)
		words += list.p[k] == ' ';
	k = words == 0 ? 0 : words < 5 ? 1 : words - 4;
	a->runs = must(calloc(k + 1, sizeof(*a->runs)));
	for (; k > 0; k--) {
		run = number_of(c, kb_shingle_run(list, at, 5));
		if (c->runs[run].last != i + 1)
			a->runs[a->n++] = run;
		c->runs[run].last = i + 1;
		while (at < list.n && list.p[at++] != ' ')
			;
	}
}

static void
number_all(struct check *c)
{
	size_t total = 1, size = 1024;
	uint32_t i;

	for (i = 0; i < c->n; i++)
		total += c->v[i].list.n / 2 + 1;
	while (size < total * 2)
		size *= 2;
	c->mask = (uint32_t)(size - 1);
	c->slots = must(calloc(size, sizeof(*c->slots)));
	c->runs = must(calloc(total, sizeof(*c->runs)));
	for (i = 0; i < c->n; i++)
		number_runs(c, i);
}

static void
make_postings(struct check *c)
{
	uint32_t i, k, sum = 0;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < c->v[i].n; k++)
			c->runs[c->v[i].runs[k]].n++;
	for (i = 0; i < c->nruns; i++) {
		c->runs[i].at = sum;
		sum += c->runs[i].n;
		c->runs[i].n = 0;
	}
	c->who = must(malloc(((size_t)sum + 1) * sizeof(*c->who)));
	for (i = 0; i < c->n; i++) {
		for (k = 0; k < c->v[i].n; k++) {
			struct run *r = &c->runs[c->v[i].runs[k]];

			c->who[r->at + r->n++] = i;
		}
	}
}

/* ---- a plain count ---- */

/* What article i shares with each before it (or, all, with each). */
static void
count_shared(struct check *c, uint32_t i, bool behind)
{
	const struct article *a = &c->v[i];
	uint32_t k, j;

	memset(c->shared, 0, c->n * sizeof(*c->shared));
	memset(c->own, 0, c->n * sizeof(*c->own));
	for (k = 0; k < a->n; k++) {
		const struct run *r = &c->runs[a->runs[k]];
		uint32_t own = r->df <= c->cut;

		for (j = r->n; j-- > 0;) {
			uint32_t b = c->who[r->at + j];

			if (behind && b <= i)
				break;
			c->shared[b]++;
			c->own[b] += own;
		}
	}
}

static void
find_groups(struct check *c)
{
	uint32_t i, k, j;

	for (i = 0; i < c->n; i++) {
		struct article *a = &c->v[i];

		count_shared(c, i, false);
		a->leads = a->n > 0;
		for (j = 0; j < i && a->leads; j++)
			a->leads = c->shared[j] != a->n ||
			    c->v[j].n != a->n;
		c->ngroups += a->leads;
		for (k = 0; k < a->n && a->leads; k++)
			c->runs[a->runs[k]].df++;
	}
}

static void
find_common(struct check *c)
{
	uint64_t cut = (uint64_t)c->opts.common.count * c->ngroups /
	    c->opts.common.of;
	uint32_t i, k;

	if (cut < c->opts.common_least)
		cut = c->opts.common_least;
	if (c->opts.common_most > 0 && cut > c->opts.common_most)
		cut = c->opts.common_most;
	c->cut = (uint32_t)cut;
	for (i = 0; i < c->n; i++)
		for (k = 0; k < c->v[i].n; k++)
			c->v[i].own += c->runs[c->v[i].runs[k]].df <= c->cut;
}

static bool
is_pair(const struct check *c, uint32_t a, uint32_t b)
{
	const struct kb_join_opts *o = &c->opts;
	uint64_t x = c->v[a].n, y = c->v[b].n, shared = c->shared[b];
	uint64_t least = x < y ? x : y;

	return shared > 0 && (shared * o->near.of >= (x + y - shared) *
	    o->near.count || (least >= o->inside_least && shared *
	    o->inside.of >= least * o->inside.count));
}

/* The next pair that there has to be, at (c->at, c->next). */
static bool
next_pair(struct check *c)
{
	while (c->at < c->n) {
		while (++c->next < c->n) {
			if (is_pair(c, c->at, c->next))
				return true;
		}
		if (++c->at == c->n)
			break;
		count_shared(c, c->at, true);
		c->next = c->at;
	}
	return false;
}

static enum kb_status
check_pair(void *arg, const struct kb_pair *p, struct kb_err *err)
{
	struct check *c = arg;

	c->npairs++;
	if (!next_pair(c) || p->a != c->at || p->b != c->next ||
	    p->shared != c->shared[p->b] ||
	    p->own_shared != c->own[p->b] ||
	    p->size_a != c->v[p->a].n || p->size_b != c->v[p->b].n ||
	    p->own_a != c->v[p->a].own || p->own_b != c->v[p->b].own) {
		c->wrong++;
		return kb_err_set(err, KB_DAMAGED, "pair %u %u, and %u %u "
		    "there is", (unsigned)p->a, (unsigned)p->b,
		    (unsigned)c->at, (unsigned)c->next);
	}
	return KB_OK;
}

/* ---- both ---- */

static enum kb_status
join_all(struct check *c, struct kb_err *err)
{
	const char *tmp = getenv("TMPDIR");
	struct kb_joined joined = { 0 };
	struct kb_join *join = NULL;
	enum kb_status status;
	struct kb_shingles s;
	uint32_t i;

	status = kb_join_new(&join, tmp != NULL ? tmp : P_tmpdir, &c->opts,
	    err);
	for (i = 0; i < c->n && status == KB_OK; i++) {
		status = kb_shingles_make(&s, &c->opts.shingling,
		    kb_buf_str(&c->v[i].list), err);
		if (status != KB_OK)
			break;
		status = kb_join_add(join, &s, kb_buf_str(&c->v[i].list),
		    err);
		kb_shingles_release(&s);
	}
	if (status == KB_OK)
		status = kb_join_run(&joined, join, NULL, check_pair, c, err);
	kb_joined_release(&joined);
	kb_join_free(join);
	return status;
}

static bool
check_at(struct check *c, struct kb_ratio near, struct kb_ratio inside)
{
	struct kb_err err = { 0 };
	bool same;

	c->opts.near = near;
	c->opts.inside = inside;
	c->npairs = 0;
	c->at = c->next = 0;
	count_shared(c, 0, true);
	same = join_all(c, &err) == KB_OK && !next_pair(c);
	printf("near %u/%u inside %u/%u: %zu pairs%s %s\n",
	    (unsigned)near.count, (unsigned)near.of, (unsigned)inside.count,
	    (unsigned)inside.of, c->npairs, same ? "" : ", differs", err.msg);
	return same;
}

static void
release(struct check *c)
{
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		kb_buf_release(&c->v[i].list);
		free(c->v[i].runs);
	}
	free(c->v);
	free(c->runs);
	free(c->slots);
	free(c->who);
	free(c->shared);
	free(c->own);
}

int
main(int argc, char **argv)
{
	static const struct kb_ratio near[] = {
		{ 1, 2 }, { 7, 10 }, { 4, 5 }, { 9, 10 }
	};
	static const struct kb_ratio inside[] = {
		{ 7, 10 }, { 4, 5 }, { 9, 10 }, { 1, 1 }
	};
	struct check c = { 0 };
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	bool same = true;
	unsigned i;

	if (f == NULL) {
		fputs("usage: join_check FILE\n", stderr);
		return 2;
	}
	kb_join_defaults(&c.opts);
	c.opts.max_pairs = 0;
	c.opts.threads = 2;
	read_lines(&c, f);
	fclose(f);
	c.shared = must(calloc((size_t)c.n + 1, sizeof(*c.shared)));
	c.own = must(calloc((size_t)c.n + 1, sizeof(*c.own)));
	number_all(&c);
	make_postings(&c);
	find_groups(&c);
	find_common(&c);
	printf("%u articles, %u different shingles\n", (unsigned)c.n,
	    (unsigned)c.nruns);
	for (i = 0; i < 4; i++)
		same &= check_at(&c, near[i], inside[i]);
	release(&c);
	return same ? 0 : 1;
}
