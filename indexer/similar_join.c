/*
 * similar_join: the groups of a join as what similar_write.c wants.
 */
#include "similar.h"

struct joined {
	const struct kb_join	*join;
};

static enum kb_status
each(void *arg, kb_similar_set_fn *fn, void *fn_arg, struct kb_err *err)
{
	return kb_join_each(((struct joined *)arg)->join, fn, fn_arg, err);
}

static uint32_t
leader(void *arg, uint32_t doc)
{
	return kb_join_leader(((struct joined *)arg)->join, doc);
}

enum kb_status
kb_similar_write_join(sqlite3 *db, const char *dir,
    const struct kb_join *join, uint32_t ndocs,
    const struct kb_shingling *shingling, struct kb_err *err)
{
	struct joined joined = { join };
	struct kb_similar_sets sets = { each, leader, &joined, ndocs,
	    *shingling };

	return kb_similar_write(db, dir, &sets, err);
}
