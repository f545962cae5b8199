/*
 * plan_impl: what the parts of plan_load.c share.
 */
#ifndef KB_INDEXER_PLAN_IMPL_H
#define KB_INDEXER_PLAN_IMPL_H

#include "plan.h"

/* Room for one more of "each" bytes behind "n"; false without memory. */
bool		kb_plan_grow(void **v, size_t *size, size_t n, size_t each);
bool		kb_plan_add_key(struct kb_plan *plan, struct kb_plan_key key);

/* A column's number, 0 for NULL and what is less. */
uint64_t	kb_plan_count(const struct kb_rows *rows, int column);

/* Numbers of articles, sorted by kb_plan_by_n(). */
int		kb_plan_compare(int64_t a, int64_t b);
int		kb_plan_by_n(const void *a, const void *b);
bool		kb_plan_has(const int64_t *v, size_t n, int64_t key);

bool		kb_plan_unit_has(const struct kb_plan *plan,
		    const struct kb_plan_unit *unit, int64_t n);

/* An article as the index has it, in plan->arena; "reason" may be NULL. */
enum kb_status	kb_plan_read_article(struct kb_plan *plan, int64_t n,
		    struct kb_plan_article *out, struct kb_str *reason,
		    struct kb_err *err);

/* Competing articles, after units were selected. */
enum kb_status	kb_plan_load_pairs(struct kb_plan *plan, struct kb_err *err);

/* Keys for contained articles, behind those of all clusters' members. */
enum kb_status	kb_plan_contained(struct kb_plan *plan, struct kb_err *err);

#endif /* KB_INDEXER_PLAN_IMPL_H */
