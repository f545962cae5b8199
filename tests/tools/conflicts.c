/*
 * conflicts INDEX [all]: the conflicts in a published index, a block of lines
 * each, for people who judge them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "conflict.h"

static void
put_side(const char *name, const struct kb_conflict_side *s)
{
	printf("%s\t%.*s\t%.*s\t%.*s\t[%.*s]\t%.*s\n", name, KB_FMT(s->id),
	    KB_FMT(s->title), KB_FMT(s->heading), KB_FMT(s->fact),
	    KB_FMT(s->quote));
}

int
main(int argc, char **argv)
{
	struct kb_store *store = NULL;
	struct kb_conflicts c = { 0 };
	struct kb_err err;

	if (argc < 2) {
		fprintf(stderr, "usage: conflicts INDEX\n");
		return 2;
	}
	if (kb_store_open(&store, argv[1], NULL, 0, &err) != KB_OK ||
	    kb_conflicts_run(&c, kb_store_db(store), store, NULL, 0, &err) !=
	    KB_OK) {
		fprintf(stderr, "conflicts: %s\n", err.msg);
		kb_conflicts_release(&c);
		kb_store_close(store);
		return 3;
	}
	for (size_t i = 0; i < c.n; i++) {
		printf("%zu\t%s\n", i + 1, kb_fact_kind_name(c.v[i].kind));
		put_side("a", &c.v[i].a);
		put_side("b", &c.v[i].b);
	}
	fprintf(stderr, "%zu conflicts, %zu sentences, %zu pairs, %.2f s%s\n",
	    c.n, c.sentences, c.pairs, (double)clock() / CLOCKS_PER_SEC,
	    c.cut ? ", cut" : "");
	kb_conflicts_release(&c);
	kb_store_close(store);
	return 0;
}
