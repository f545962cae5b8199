/*
 * The clusters of an index, and what merging them would save.
 * Contract: plan.h.
 */
#include "plan_impl.h"

#include <stdlib.h>

static const char sql_members[] =
"SELECT n, cluster, relation, views, words FROM article"
" WHERE cluster IS NOT NULL AND cluster <> n ORDER BY n";

static const char sql_links[] =
"SELECT target, article, seq FROM link"
" WHERE target IS NOT NULL AND target <> article";

static const char sql_article[] =
"SELECT n, id, title, url, edit_url, lang, owner, product, version, source,"
" audience, restricted, status, modified, reviewed, review_due, expires,"
" words, views, %s FROM article WHERE n = ?1";

static const char sql_pair[] =
"SELECT a, shared, size_a, size_b FROM duplicate WHERE a = ?1 AND b = ?2";

static const char sql_link[] =
"SELECT l.href, a.id, a.title, a.owner, a.url, a.edit_url, a.restricted, a.n"
" FROM link l JOIN article a ON a.n = l.article"
" WHERE l.article = ?1 AND l.seq = ?2";

static const char sql_alias[] =
"SELECT alias FROM alias WHERE article = ?1 ORDER BY alias";

static const char sql_conflict[] =
"SELECT kind, a, b, quote_a, fact_a, quote_b, fact_b FROM conflict"
" WHERE a = ?1 ORDER BY n";

/* ---- lists ---- */

bool
kb_plan_grow(void **v, size_t *size, size_t n, size_t each)
{
	size_t more = *size == 0 ? 64 : *size * 2;
	void *p;

	if (n < *size)
		return true;
	if (more > SIZE_MAX / each)
		return false;
	p = realloc(*v, more * each);
	if (p == NULL)
		return false;
	*v = p;
	*size = more;
	return true;
}

bool
kb_plan_add_key(struct kb_plan *p, struct kb_plan_key key)
{
	void *v = p->keys;
	bool good = kb_plan_grow(&v, &p->keys_size, p->nkeys, sizeof(key));

	p->keys = v;
	if (good)
		p->keys[p->nkeys++] = key;
	return good;
}

uint64_t
kb_plan_count(const struct kb_rows *rows, int column)
{
	int64_t v = kb_rows_int(rows, column);

	return v > 0 ? (uint64_t)v : 0;
}

int
kb_plan_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

int
kb_plan_by_n(const void *pa, const void *pb)
{
	return kb_plan_compare(*(const int64_t *)pa, *(const int64_t *)pb);
}

bool
kb_plan_has(const int64_t *v, size_t n, int64_t key)
{
	return n > 0 && bsearch(&key, v, n, sizeof(*v), kb_plan_by_n) != NULL;
}

/* ---- members ---- */

static enum kb_plan_relation
relation_of(struct kb_str name)
{
	if (kb_str_eq(name, KB_STR("identical")))
		return KB_PLAN_IDENTICAL;
	return kb_str_eq(name, KB_STR("version")) ? KB_PLAN_VERSION :
	    KB_PLAN_NEAR;
}

static enum kb_status
load_members(struct kb_plan *p, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, p->store, sql_members,
	    err);

	while (status == KB_OK && kb_rows_next(&rows, &status, err)) {
		struct kb_plan_key key = {
			.n = kb_rows_int(&rows, 0),
			.keep = kb_rows_int(&rows, 1),
			.relation = relation_of(kb_rows_text(&rows, 2)),
			.views = kb_plan_count(&rows, 3),
			.words = kb_plan_count(&rows, 4)
		};

		if (!kb_plan_add_key(p, key))
			status = kb_err_nomem(err);
	}
	kb_rows_close(&rows);
	return status;
}

/* ---- links ---- */

static int
by_target(const void *pa, const void *pb)
{
	const struct kb_plan_ref *a = pa, *b = pb;
	int d = kb_plan_compare(a->target, b->target);

	if (d == 0)
		d = kb_plan_compare(a->article, b->article);
	return d != 0 ? d : kb_plan_compare(a->seq, b->seq);
}

static enum kb_status
load_links(struct kb_plan *p, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, p->store, sql_links, err);
	void *v;

	while (status == KB_OK && kb_rows_next(&rows, &status, err)) {
		int64_t target = kb_rows_int(&rows, 0);

		if (!kb_plan_has(p->moving, p->nmoving, target))
			continue;
		v = p->refs;
		if (!kb_plan_grow(&v, &p->refs_size, p->nrefs,
		    sizeof(*p->refs)))
			status = kb_err_nomem(err);
		p->refs = v;
		if (status == KB_OK)
			p->refs[p->nrefs++] = (struct kb_plan_ref){ target,
			    kb_rows_int(&rows, 1), kb_rows_int(&rows, 2) };
	}
	kb_rows_close(&rows);
	if (p->nrefs > 0)
		qsort(p->refs, p->nrefs, sizeof(*p->refs), by_target);
	return status;
}

/* ---- units ---- */

static int
by_keep(const void *pa, const void *pb)
{
	const struct kb_plan_key *a = pa, *b = pb;
	int d = kb_plan_compare(a->keep, b->keep);

	if (d == 0)
		d = (a->relation == KB_PLAN_VERSION) -
		    (b->relation == KB_PLAN_VERSION);
	return d != 0 ? d : kb_plan_compare(a->n, b->n);
}

static enum kb_status
list_moving(struct kb_plan *p, struct kb_err *err)
{
	p->moving = calloc(p->nkeys + 1, sizeof(*p->moving));
	if (p->moving == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < p->nkeys; i++)
		if (p->keys[i].relation != KB_PLAN_VERSION)
			p->moving[p->nmoving++] = p->keys[i].n;
	qsort(p->moving, p->nmoving, sizeof(*p->moving), kb_plan_by_n);
	return KB_OK;
}

static unsigned
log2_floor(uint64_t v)
{
	unsigned n = 0;

	while (v >>= 1)
		n++;
	return n;
}

static void
count_inlinks(struct kb_plan *p, struct kb_plan_key *key)
{
	size_t lo = 0, hi = p->nrefs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->refs[mid].target < key->n)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + key->inlinks < p->nrefs &&
	    p->refs[lo + key->inlinks].target == key->n)
		key->inlinks++;
}

static uint64_t
points_of(const struct kb_plan_key *key)
{
	if (key->relation == KB_PLAN_VERSION)
		return 0;
	return 10 + log2_floor(key->views + 1) +
	    log2_floor(key->inlinks + 1) + log2_floor(key->words + 1);
}

/*
 * An index that was made by us has no chains; one that was made by somebody
 * else could make a redirect lead to what goes itself.
 */
static enum kb_status
check_chains(const struct kb_plan *p, struct kb_err *err)
{
	for (size_t i = 0; i < p->nkeys; i++)
		if (kb_plan_has(p->moving, p->nmoving, p->keys[i].keep))
			return kb_err_set(err, KB_DAMAGED, "article %lld "
			    "stands for others and is a duplicate itself; "
			    "build the index again",
			    (long long)p->keys[i].keep);
	return KB_OK;
}

static enum kb_status
make_units(struct kb_plan *p, struct kb_err *err)
{
	struct kb_plan_unit *u = NULL;

	if (p->nkeys > 0)
		qsort(p->keys, p->nkeys, sizeof(*p->keys), by_keep);
	p->units = calloc(p->nkeys + 1, sizeof(*p->units));
	if (p->units == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < p->nkeys; i++) {
		if (i == 0 || p->keys[i].keep != p->keys[i - 1].keep) {
			u = &p->units[p->nunits++];
			u->first = i;
		}
		count_inlinks(p, &p->keys[i]);
		u->n++;
		u->points += points_of(&p->keys[i]);
	}
	return KB_OK;
}

/* ---- selection and order ---- */

bool
kb_plan_unit_has(const struct kb_plan *p, const struct kb_plan_unit *u,
    int64_t n)
{
	bool found = p->keys[u->first].keep == n;

	for (size_t i = 0; i < u->n && !found; i++)
		found = p->keys[u->first + i].n == n;
	return found;
}

static enum kb_status
select_cluster(struct kb_plan *p, struct kb_err *err)
{
	struct kb_str id = kb_str_c(p->opts->cluster);
	enum kb_status status;
	size_t n = 0;
	int64_t article = 0;

	status = kb_article_reader_find(&article, p->reader, id, err);
	if (status != KB_OK)
		return status;
	for (size_t i = 0; i < p->nunits; i++)
		if (kb_plan_unit_has(p, &p->units[i], article))
			p->units[n++] = p->units[i];
	p->nunits = n;
	return n > 0 ? KB_OK : kb_err_set(err, KB_USAGE, "there is nothing "
	    "to merge '%.*s' with: it is in no cluster", KB_FMT(id));
}

/* The numbers of an owner's articles, ascending. */
static enum kb_status
load_owned(struct kb_plan *p, int64_t **out, size_t *n, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, p->store, "SELECT n FROM "
	    "article WHERE ifnull(owner, '') = ?1 COLLATE NOCASE ORDER BY n",
	    err);
	size_t size = 0;
	void *v = NULL;

	if (status == KB_OK)
		sqlite3_bind_text(rows.stmt, 1, p->opts->owner, -1,
		    SQLITE_STATIC);
	while (status == KB_OK && kb_rows_next(&rows, &status, err)) {
		if (!kb_plan_grow(&v, &size, *n, sizeof(**out)))
			status = kb_err_nomem(err);
		else
			((int64_t *)v)[(*n)++] = kb_rows_int(&rows, 0);
	}
	kb_rows_close(&rows);
	*out = v;
	return status;
}

static bool
unit_owned(const struct kb_plan *p, const struct kb_plan_unit *u,
    const int64_t *owned, size_t n)
{
	bool found = kb_plan_has(owned, n, p->keys[u->first].keep);

	for (size_t i = 0; i < u->n && !found; i++)
		found = kb_plan_has(owned, n, p->keys[u->first + i].n);
	return found;
}

static enum kb_status
select_owner(struct kb_plan *p, struct kb_err *err)
{
	int64_t *owned = NULL;
	size_t n = 0, kept = 0;
	enum kb_status status = load_owned(p, &owned, &n, err);

	if (status == KB_OK && n == 0)
		status = kb_err_set(err, KB_USAGE, p->opts->owner[0] == '\0' ?
		    "every article has an owner" : "no article has the owner "
		    "'%s'; kb-index report lists owners", p->opts->owner);
	for (size_t i = 0; i < p->nunits && status == KB_OK; i++)
		if (unit_owned(p, &p->units[i], owned, n))
			p->units[kept++] = p->units[i];
	if (status == KB_OK)
		p->nunits = kept;
	free(owned);
	return status;
}

/* Other versions alone are nothing to do. */
static void
drop_idle(struct kb_plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nunits; i++)
		if (p->units[i].points > 0)
			p->units[n++] = p->units[i];
	p->nunits = n;
}

static int
by_points(const void *pa, const void *pb)
{
	const struct kb_plan_unit *a = pa, *b = pb;

	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static enum kb_status
select_units(struct kb_plan *p, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	if (p->opts->cluster != NULL)
		status = select_cluster(p, err);
	else
		drop_idle(p);
	if (status == KB_OK && p->opts->owner != NULL)
		status = select_owner(p, err);
	if (status != KB_OK)
		return status;
	qsort(p->units, p->nunits, sizeof(*p->units), by_points);
	if (p->opts->limit > 0 && p->nunits > p->opts->limit)
		p->nunits = p->opts->limit;
	return KB_OK;
}

/* ---- the whole ---- */

/* Indexes of before there was such a thing are read as well. */
static enum kb_status
has_any(struct kb_plan *p, const char *sql, bool *out, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, p->store, sql, err);

	*out = status == KB_OK && kb_rows_next(&rows, &status, err);
	kb_rows_close(&rows);
	return status;
}

static enum kb_status
look_at_tables(struct kb_plan *p, struct kb_err *err)
{
	enum kb_status status = has_any(p, "SELECT 1 FROM "
	    "pragma_table_info('article') WHERE name = 'reason'",
	    &p->has_reason, err);

	if (status == KB_OK)
		status = has_any(p, "SELECT 1 FROM sqlite_master WHERE "
		    "type = 'table' AND name = 'conflict'",
		    &p->has_conflicts, err);
	return status;
}

static enum kb_status
prepare(struct kb_plan *p, struct kb_err *err)
{
	struct kb_buf sql = { 0 };
	enum kb_status status = look_at_tables(p, err);

	kb_buf_printf(&sql, sql_article, p->has_reason ? "reason" : "NULL");
	if (status == KB_OK)
		status = kb_buf_check(&sql, err);
	if (status == KB_OK)
		status = kb_rows_open(&p->article, p->store, sql.p, err);
	if (status == KB_OK)
		status = kb_rows_open(&p->pair, p->store, sql_pair, err);
	if (status == KB_OK)
		status = kb_rows_open(&p->link, p->store, sql_link, err);
	if (status == KB_OK)
		status = kb_rows_open(&p->alias, p->store, sql_alias, err);
	if (status == KB_OK && p->has_conflicts)
		status = kb_rows_open(&p->conflict, p->store, sql_conflict,
		    err);
	if (status == KB_OK)
		status = kb_rows_meta(p->store, "as_of", &p->as_of, err);
	kb_buf_release(&sql);
	return status;
}

enum kb_status
kb_plan_open(struct kb_plan *p, struct kb_store *store,
    const struct kb_plan_opts *opts, struct kb_err *err)
{
	enum kb_status status;

	memset(p, 0, sizeof(*p));
	p->store = store;
	p->opts = opts;
	status = kb_article_reader_open(&p->reader, kb_store_db(store), store,
	    err);
	if (status == KB_OK)
		status = load_members(p, err);
	if (status == KB_OK)
		status = kb_plan_contained(p, err);
	if (status == KB_OK)
		status = list_moving(p, err);
	if (status == KB_OK)
		status = check_chains(p, err);
	if (status == KB_OK)
		status = load_links(p, err);
	if (status == KB_OK)
		status = make_units(p, err);
	if (status == KB_OK)
		status = select_units(p, err);
	if (status == KB_OK)
		status = kb_plan_load_pairs(p, err);
	if (status == KB_OK)
		status = prepare(p, err);
	return status;
}

void
kb_plan_close(struct kb_plan *p)
{
	kb_rows_close(&p->article);
	kb_rows_close(&p->pair);
	kb_rows_close(&p->link);
	kb_rows_close(&p->alias);
	kb_rows_close(&p->conflict);
	kb_article_reader_close(p->reader);
	kb_table_release(&p->added);
	kb_buf_release(&p->as_of);
	kb_arena_release(&p->arena);
	kb_arena_release(&p->scratch);
	free(p->keys);
	free(p->moving);
	free(p->refs);
	free(p->units);
	free(p->pairs);
}
