/*
 * report_load: an index read for the reports.  Contract: report.h.
 */
#include "report.h"

#include <stdlib.h>

#include "date.h"

/* ---- articles ---- */

static struct kb_report_article *
article_of(const struct kb_report *r, int64_t n)
{
	size_t lo = 0, hi = r->narticles;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->articles[mid].n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->narticles && r->articles[lo].n == n ?
	    &r->articles[lo] : NULL;
}

static bool
add_owner(struct kb_report *r, struct kb_table *names, struct kb_str name,
    uint32_t *out)
{
	uint32_t *at = kb_table_get(names, name);

	if (at == NULL) {
		if (r->nowners == r->owners_size) {
			size_t size = r->owners_size == 0 ? 64 :
			    r->owners_size * 2;
			struct kb_report_owner *v = realloc(r->owners,
			    size * sizeof(*v));

			if (v == NULL)
				return false;
			r->owners = v;
			r->owners_size = size;
		}
		name = kb_arena_copy(&r->arena, name);
		at = kb_table_put(names, name, NULL);
		if (at == NULL || r->arena.failed)
			return false;
		*at = (uint32_t)r->nowners;
		memset(&r->owners[r->nowners], 0, sizeof(*r->owners));
		r->owners[r->nowners++].name = name;
	}
	*out = *at;
	return true;
}

static enum kb_status
count_rows(struct kb_report *r, const char *sql, size_t *out,
    struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, r->store, sql, err);

	if (status == KB_OK && kb_rows_next(&rows, &status, err))
		*out = (size_t)kb_rows_int(&rows, 0);
	kb_rows_close(&rows);
	return status;
}

static enum kb_status
load_articles(struct kb_report *r, struct kb_err *err)
{
	struct kb_table names = { 0 };
	struct kb_rows rows = { NULL, NULL };
	enum kb_status status;
	size_t n = 0, i = 0;

	status = count_rows(r, "SELECT count(*) FROM article", &n, err);
	if (status == KB_OK)
		status = kb_rows_open(&rows, r->store,
		    "SELECT n, owner, cluster FROM article ORDER BY n", err);
	if (status != KB_OK)
		return status;
	r->articles = calloc(n + 1, sizeof(*r->articles));
	if (r->articles == NULL)
		status = kb_err_nomem(err);
	while (i < n && kb_rows_next(&rows, &status, err)) {
		struct kb_report_article *a = &r->articles[i++];

		a->n = kb_rows_int(&rows, 0);
		a->cluster = kb_rows_int(&rows, 2);
		if (!add_owner(r, &names, kb_rows_text(&rows, 1), &a->owner))
			status = kb_err_nomem(err);
		else
			r->owners[a->owner].articles++;
	}
	r->narticles = i;
	kb_rows_close(&rows);
	/* Versions of one article need no merging. */
	if (status == KB_OK)
		status = count_rows(r, "SELECT count(DISTINCT cluster) FROM "
		    "article WHERE relation IN ('identical', 'near')",
		    &r->nclusters, err);
	kb_table_release(&names);
	return status;
}

static enum kb_status
rank_articles(struct kb_report *r, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, r->store,
	    "SELECT n FROM article ORDER BY id", err);
	struct kb_report_article *a;
	uint32_t rank = 0;

	while (status == KB_OK && kb_rows_next(&rows, &status, err)) {
		a = article_of(r, kb_rows_int(&rows, 0));
		if (a != NULL)
			a->rank = rank++;
	}
	kb_rows_close(&rows);
	return status;
}

/* ---- codes ---- */

static enum kb_status
load_codes(struct kb_report *r, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status;
	size_t n = 0;

	status = count_rows(r, "SELECT count(DISTINCT code) FROM finding", &n,
	    err);
	if (status == KB_OK)
		status = kb_rows_open(&rows, r->store,
		    "SELECT DISTINCT code FROM finding ORDER BY code", err);
	if (status != KB_OK)
		return status;
	r->codes = calloc(n + 1, sizeof(*r->codes));
	if (r->codes == NULL)
		status = kb_err_nomem(err);
	while (r->ncodes < n && kb_rows_next(&rows, &status, err)) {
		struct kb_report_code *c = &r->codes[r->ncodes++];

		c->name = kb_arena_copy(&r->arena, kb_rows_text(&rows, 0));
		c->known = kb_code_find(c->name);
	}
	kb_rows_close(&rows);
	return status;
}

static size_t
code_of(const struct kb_report *r, struct kb_str name)
{
	size_t lo = 0, hi = r->ncodes;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (kb_str_cmp(r->codes[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->ncodes && kb_str_eq(r->codes[lo].name, name) ? lo :
	    r->ncodes;
}

static bool
is_known(struct kb_str code)
{
	return kb_str_eq(kb_str_c(kb_code_find(code)->code), code);
}

static enum kb_status
check_codes(const struct kb_report *r, struct kb_err *err)
{
	const struct kb_code *all;
	struct kb_buf names = { 0 };
	enum kb_status status = KB_OK;
	size_t n;

	all = kb_codes(&n);
	for (size_t i = 0; i < n; i++)
		kb_buf_printf(&names, " %s", all[i].code);
	for (size_t i = 0; i < r->opts->ncodes && status == KB_OK; i++) {
		struct kb_str c = r->opts->codes[i];

		if (!is_known(c) && code_of(r, c) == r->ncodes)
			status = kb_err_set(err, KB_USAGE, "there is no code "
			    "'%.*s'; there are:%s", KB_FMT(c),
			    names.failed ? "" : names.p);
	}
	kb_buf_release(&names);
	return status;
}

/* ---- findings ---- */

static bool
code_passes(const struct kb_report *r, size_t code)
{
	for (size_t i = 0; i < r->opts->ncodes; i++)
		if (kb_str_eq(r->opts->codes[i], r->codes[code].name))
			return true;
	return r->opts->ncodes == 0;
}

static bool
owner_passes(const struct kb_report *r, const struct kb_report_article *a)
{
	if (r->opts->owner == NULL)
		return true;
	return a != NULL && kb_str_caseeq(r->owners[a->owner].name,
	    kb_str_c(r->opts->owner));
}

static enum kb_level
level_of(int64_t v)
{
	return v >= KB_ERROR ? KB_ERROR : v == KB_WARNING ? KB_WARNING :
	    KB_NOTE;
}

static void
count_key(struct kb_report *r, const struct kb_report_key *key,
    struct kb_report_article *a)
{
	struct kb_report_code *c = &r->codes[key->code];

	r->levels[key->level]++;
	c->levels[key->level]++;
	if (c->count++ == 0 || key->priority > c->priority)
		c->priority = key->priority;
	if (a == NULL)
		return;
	r->owners[a->owner].findings++;
	r->owners[a->owner].levels[key->level]++;
	r->nfound += !a->found;
	a->found = true;
}

static void
take_finding(struct kb_report *r, const struct kb_rows *rows)
{
	struct kb_report_key *key = &r->keys[r->nkeys];
	struct kb_report_article *a;
	size_t code = code_of(r, kb_rows_text(rows, 1));

	a = kb_rows_is_null(rows, 3) ? NULL : article_of(r, kb_rows_int(rows,
	    3));
	if (code == r->ncodes || !code_passes(r, code) || !owner_passes(r, a))
		return;
	key->n = kb_rows_int(rows, 0);
	key->code = (uint32_t)code;
	key->level = level_of(kb_rows_int(rows, 2));
	key->priority = sqlite3_column_double(rows->stmt, 4);
	key->article = a != NULL ? (uint32_t)(a - r->articles) : UINT32_MAX;
	key->rank = a != NULL ? a->rank : UINT32_MAX;
	if (key->level < r->opts->level)
		return;
	count_key(r, key, a);
	r->nkeys++;
}

static int
by_urgency(const void *pa, const void *pb)
{
	const struct kb_report_key *a = pa, *b = pb;

	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->n > b->n) - (a->n < b->n);
}

static enum kb_status
load_findings(struct kb_report *r, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status;
	size_t n = 0, i = 0;

	status = count_rows(r, "SELECT count(*) FROM finding", &n, err);
	if (status == KB_OK)
		status = kb_rows_open(&rows, r->store, "SELECT n, code, "
		    "level, article, priority FROM finding", err);
	if (status != KB_OK)
		return status;
	r->keys = calloc(n + 1, sizeof(*r->keys));
	if (r->keys == NULL)
		status = kb_err_nomem(err);
	while (i++ < n && kb_rows_next(&rows, &status, err))
		take_finding(r, &rows);
	kb_rows_close(&rows);
	if (status == KB_OK)
		qsort(r->keys, r->nkeys, sizeof(*r->keys), by_urgency);
	return status;
}

/* ---- the whole ---- */

static enum kb_status
load_meta(struct kb_report *r, struct kb_err *err)
{
	struct kb_buf text = { 0 };
	enum kb_status status = kb_rows_meta(r->store, "as_of", &text, err);

	r->as_of = kb_arena_copy(&r->arena, kb_buf_str(&text));
	kb_buf_clear(&text);
	if (status == KB_OK)
		status = kb_rows_meta(r->store, "quarantined", &text, err);
	if (status == KB_OK && text.n > 0)
		r->quarantined = strtoull(text.p, NULL, 10);
	kb_buf_release(&text);
	return status;
}

static enum kb_status
prepare(struct kb_report *r, struct kb_err *err)
{
	enum kb_status status;

	status = kb_rows_open(&r->finding, r->store, "SELECT f.code, f.level,"
	    " f.priority, f.path, f.line, f.col, f.start, f.end, f.message,"
	    " f.value, f.threshold, f.fingerprint, a.id, a.title, a.owner,"
	    " a.path, a.member, a.number, a.line, a.url, a.edit_url,"
	    " a.modified, a.reviewed, a.views"
	    " FROM finding f LEFT JOIN article a ON a.n = f.article"
	    " WHERE f.n = ?1", err);
	if (status == KB_OK)
		status = kb_rows_open(&r->members, r->store, "SELECT n, id,"
		    " title, owner, path, relation, url, edit_url, line,"
		    " modified, reviewed, views, reason, restricted,"
		    " audience FROM article"
		    " WHERE cluster = ?1 AND relation IS NOT 'version'"
		    " ORDER BY n <> ?1, n", err);
	if (status == KB_OK)
		status = kb_rows_open(&r->others, r->store, "SELECT code,"
		    " max(priority) FROM finding WHERE article = ?1"
		    " GROUP BY code ORDER BY 2 DESC, 1", err);
	return status;
}

enum kb_status
kb_report_load(struct kb_report *r, struct kb_store *store,
    const struct kb_report_opts *opts, struct kb_err *err)
{
	enum kb_status status;

	memset(r, 0, sizeof(*r));
	r->store = store;
	r->opts = opts;
	status = load_codes(r, err);
	if (status == KB_OK)
		status = check_codes(r, err);
	if (status == KB_OK)
		status = load_articles(r, err);
	if (status == KB_OK)
		status = kb_report_check_owner(r, err);
	if (status == KB_OK)
		status = rank_articles(r, err);
	if (status == KB_OK)
		status = load_findings(r, err);
	if (status == KB_OK)
		status = load_meta(r, err);
	if (status == KB_OK)
		status = prepare(r, err);
	if (status == KB_OK && r->arena.failed)
		status = kb_err_nomem(err);
	return status;
}

void
kb_report_release(struct kb_report *r)
{
	kb_rows_close(&r->finding);
	kb_rows_close(&r->members);
	kb_rows_close(&r->others);
	kb_buf_release(&r->kept_audience);
	kb_arena_release(&r->arena);
	free(r->articles);
	free(r->keys);
	free(r->codes);
	free(r->owners);
}

/* ---- one at a time ---- */

static int64_t
int_or(const struct kb_rows *rows, int column, int64_t none)
{
	return kb_rows_is_null(rows, column) ? none : kb_rows_int(rows,
	    column);
}

enum kb_status
kb_report_read(struct kb_report *r, size_t i, struct kb_report_finding *f,
    struct kb_err *err)
{
	struct kb_rows *q = &r->finding;
	enum kb_status status = KB_OK;

	memset(f, 0, sizeof(*f));
	kb_rows_rewind(q, r->keys[i].n);
	if (!kb_rows_next(q, &status, err))
		return status != KB_OK ? status : kb_err_set(err, KB_DAMAGED,
		    "the index has lost a finding; build it again");
	f->known = r->codes[r->keys[i].code].known;
	f->level = r->keys[i].level;
	f->priority = r->keys[i].priority;
	f->has_article = r->keys[i].article != UINT32_MAX;
	f->code = kb_rows_text(q, 0);
	f->path = kb_rows_text(q, 3);
	if (f->path.n == 0)
		f->path = kb_rows_text(q, 15);
	f->line = int_or(q, 4, int_or(q, 18, 0));
	f->col = int_or(q, 5, 0);
	f->has_span = !kb_rows_is_null(q, 6) && !kb_rows_is_null(q, 7);
	f->start = int_or(q, 6, 0);
	f->end = int_or(q, 7, 0);
	f->message = kb_rows_text(q, 8);
	f->value = kb_rows_text(q, 9);
	f->threshold = kb_rows_text(q, 10);
	f->fingerprint = kb_rows_text(q, 11);
	f->id = kb_rows_text(q, 12);
	f->title = kb_rows_text(q, 13);
	f->owner = kb_rows_text(q, 14);
	f->member = kb_rows_text(q, 16);
	f->record = int_or(q, 17, 0);
	f->url = kb_rows_text(q, 19);
	f->edit_url = kb_rows_text(q, 20);
	f->modified = int_or(q, 21, 0);
	f->reviewed = int_or(q, 22, 0);
	f->views = int_or(q, 23, -1);
	return KB_OK;
}

void
kb_report_members(struct kb_report *r, int64_t cluster)
{
	kb_rows_rewind(&r->members, cluster);
}

/* The canonical comes first: the others are held against its readers. */
static void
note_readers(struct kb_report *r, struct kb_report_member *m,
    bool restricted, struct kb_str audience)
{
	if (m->canonical) {
		r->kept_restricted = restricted;
		kb_buf_clear(&r->kept_audience);
		kb_buf_add(&r->kept_audience, audience);
	}
	m->apart = (restricted || r->kept_restricted) && !kb_str_eq(audience,
	    kb_buf_str(&r->kept_audience));
}

bool
kb_report_next_member(struct kb_report *r, struct kb_report_member *m,
    enum kb_status *status, struct kb_err *err)
{
	struct kb_rows *q = &r->members;

	if (!kb_rows_next(q, status, err))
		return false;
	m->id = kb_rows_text(q, 1);
	m->title = kb_rows_text(q, 2);
	m->owner = kb_rows_text(q, 3);
	m->path = kb_rows_text(q, 4);
	m->relation = kb_rows_text(q, 5);
	m->url = kb_rows_text(q, 6);
	m->edit_url = kb_rows_text(q, 7);
	m->line = int_or(q, 8, 0);
	m->modified = int_or(q, 9, 0);
	m->reviewed = int_or(q, 10, 0);
	m->views = int_or(q, 11, -1);
	m->reason = kb_rows_text(q, 12);
	m->canonical = m->relation.n == 0;
	note_readers(r, m, kb_rows_int(q, 13) != 0, kb_rows_text(q, 14));
	return true;
}

struct kb_str
kb_report_date(int64_t date, char buf[11])
{
	if (date <= 0 || date > INT32_MAX || !kb_date_valid((int32_t)date))
		return kb_str("", 0);
	return kb_str_c(kb_date_format((int32_t)date, buf));
}

bool
kb_report_is_link(struct kb_str url)
{
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
			return false;
	return (url.n > 8 && kb_str_caseeq(kb_str(url.p, 8),
	    KB_STR("https://"))) || (url.n > 7 &&
	    kb_str_caseeq(kb_str(url.p, 7), KB_STR("http://")));
}
