/*
 * join_runs: the runs of words of one list.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

/* And for the eight that may end in the last eight bytes. */
static enum kb_status
make_room(struct kb_starts *starts, size_t words, struct kb_err *err)
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
kb_starts_find(struct kb_starts *starts, struct kb_str list, size_t words,
    struct kb_err *err)
{
	enum kb_status status = make_room(starts, words, err);
	size_t i, b, k, n = 1;
	uint64_t found;

	if (status != KB_OK)
		return status;
	starts->v[0] = 0;
	/* Four are written whatever is found: how many words end in eight
	   bytes cannot be foretold. */
	for (i = 0; i + 8 <= list.n && n < words; i += 8) {
		found = kb_list_parts(kb_list_load(list.p + i));
		k = n + (size_t)((found >> 7) *
		    UINT64_C(0x0101010101010101) >> 56);
		for (b = 0; b < 4 || n + b < k; b++) {
			starts->v[n + b] = (uint32_t)i + 1 +
			    (uint32_t)__builtin_ctzll(found |
			    UINT64_C(1) << 63) / 8;
			found &= found - 1;
		}
		n = k;
	}
	for (; i < list.n && n < words; i++) {
		starts->v[n] = (uint32_t)i + 1;
		n += list.p[i] == ' ';
	}
	/* As if a word followed. */
	starts->v[n] = (uint32_t)list.n + 1;
	return KB_OK;
}

static int
run_cmp(const void *a, const void *b)
{
	const struct kb_run *x = a, *y = b;
	int k = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	if (k != 0)
		return k;
	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static enum kb_status
runs_room(struct kb_runs *runs, size_t n, struct kb_err *err)
{
	if (n <= runs->size)
		return KB_OK;
	free(runs->v);
	runs->size = 0;
	runs->v = malloc(n * 2 * sizeof(*runs->v));
	if (runs->v == NULL)
		return kb_err_nomem(err);
	runs->size = n * 2;
	return KB_OK;
}

enum kb_status
kb_runs_find(struct kb_runs *runs, struct kb_str list, uint32_t places,
    unsigned width, struct kb_err *err)
{
	const uint32_t *at;
	enum kb_status status;
	uint32_t i;

	runs->n = 0;
	status = runs_room(runs, places, err);
	if (status == KB_OK)
		status = kb_starts_find(&runs->starts, list, (size_t)places +
		    width, err);
	if (status != KB_OK)
		return status;
	at = runs->starts.v;
	for (i = 0; i < places; i++) {
		/* A single one may be all of a list of fewer words. */
		uint32_t end = places == 1 ? (uint32_t)list.n :
		    at[i + width] - 1;

		runs->v[runs->n++] = (struct kb_run){ list.p + at[i],
		    end - at[i], i };
	}
	if (runs->n > 1)
		qsort(runs->v, runs->n, sizeof(*runs->v), run_cmp);
	return KB_OK;
}

void
kb_runs_release(struct kb_runs *runs)
{
	free(runs->starts.v);
	free(runs->v);
	memset(runs, 0, sizeof(*runs));
}

uint32_t
kb_run_length(const char *p, unsigned width, bool *brief)
{
	const char *q = p;

	for (;; q++) {
		if (*q != ' ' && *q != '\n')
			continue;
		if (--width == 0 || *q == '\n')
			break;
	}
	*brief = width > 0;
	return (uint32_t)(q - p);
}
