/*
 * Competing articles in a plan, as the build found them: pairs that a person
 * has to decide about, beside the clusters.  Contract: plan.h.
 */
#include "plan_impl.h"

static const char sql_pairs[] =
"SELECT c.a, c.b, c.score, c.title, c.body FROM competing c"
" JOIN article x ON x.n = c.a JOIN article y ON y.n = c.b"
" WHERE ?1 IS NULL OR ifnull(x.owner, '') = ?1 COLLATE NOCASE"
" OR ifnull(y.owner, '') = ?1 COLLATE NOCASE"
" ORDER BY c.score DESC, c.a, c.b";

/* Indexes of before there were such rows are read as well. */
static enum kb_status
was_asked(struct kb_plan *p, bool *out, struct kb_err *err)
{
	struct kb_buf meta = { 0 };
	enum kb_status status = kb_rows_meta(p->store, "competing", &meta,
	    err);

	*out = status == KB_OK && meta.n > 0;
	kb_buf_release(&meta);
	return status;
}

/* One of the cluster that was asked for; all, where none was. */
static bool
is_wanted(const struct kb_plan *p, int64_t n)
{
	if (p->opts->cluster == NULL)
		return true;
	for (size_t i = 0; i < p->nunits; i++)
		if (kb_plan_unit_has(p, &p->units[i], n))
			return true;
	return false;
}

/* Thousandths, whatever somebody wrote there. */
static int
share(const struct kb_rows *rows, int column)
{
	int64_t v = kb_rows_int(rows, column);

	return v < 0 ? 0 : v > 1000 ? 1000 : (int)v;
}

static enum kb_status
take(struct kb_plan *p, const struct kb_rows *rows, struct kb_err *err)
{
	struct kb_plan_pair pair = {
		.a = kb_rows_int(rows, 0), .b = kb_rows_int(rows, 1),
		.score = share(rows, 2), .title = share(rows, 3),
		.body = share(rows, 4)
	};
	void *v = p->pairs;
	bool good;

	if (!is_wanted(p, pair.a) && !is_wanted(p, pair.b))
		return KB_OK;
	good = kb_plan_grow(&v, &p->pairs_size, p->npairs, sizeof(pair));
	p->pairs = v;
	if (!good)
		return kb_err_nomem(err);
	p->pairs[p->npairs++] = pair;
	return KB_OK;
}

enum kb_status
kb_plan_load_pairs(struct kb_plan *p, struct kb_err *err)
{
	struct kb_rows rows;
	size_t most = p->opts->limit > 0 ? p->opts->limit : SIZE_MAX;
	enum kb_status status = was_asked(p, &p->asked, err);

	if (status != KB_OK || !p->asked)
		return status;
	status = kb_rows_open(&rows, p->store, sql_pairs, err);
	if (status == KB_OK && p->opts->owner != NULL)
		sqlite3_bind_text(rows.stmt, 1, p->opts->owner, -1,
		    SQLITE_STATIC);
	while (status == KB_OK && p->npairs < most &&
	    kb_rows_next(&rows, &status, err))
		status = take(p, &rows, err);
	kb_rows_close(&rows);
	return status;
}

/* Between two articles, contradictions are those of a cluster of two. */
enum kb_status
kb_plan_read_pair(struct kb_plan *p, size_t i, struct kb_plan_cluster *out,
    struct kb_err *err)
{
	const struct kb_plan_pair *pair = &p->pairs[i];
	enum kb_status status;

	memset(out, 0, sizeof(*out));
	kb_arena_reset(&p->arena);
	out->members = kb_arena_array(&p->arena, 1, sizeof(*out->members));
	if (out->members == NULL)
		return kb_err_nomem(err);
	memset(out->members, 0, sizeof(*out->members));
	out->nmembers = 1;
	status = kb_plan_read_article(p, pair->b, &out->keep, NULL, err);
	if (status == KB_OK)
		status = kb_plan_read_article(p, pair->a,
		    &out->members[0].article, NULL, err);
	if (status == KB_OK)
		status = kb_plan_conflicts(p, out, err);
	return status == KB_OK && p->arena.failed ? kb_err_nomem(err) :
	    status;
}
