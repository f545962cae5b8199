#include "kb/suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ground.h"
#include "hash.h"
#include "offmap.h"
#include "rank.h"

#define CANDIDATES	100
#define TOP		3
#define NEAR		3
#define BUDGET		20000
#define PASSAGES_MOST	400	/* of a canonical, to find its best */

struct answer {
	struct kb_answer	 a;	/* first: it is what callers hold */
	struct kb_arena		 arena;
};

struct asking {
	struct kb_index		*index;
	struct kb_suggest_opts	 opts;
	struct kb_question	 q;
	struct kb_arena		 scratch;
	struct answer		*out;
};

const char *
kb_reason_name(enum kb_reason reason)
{
	static const char *const names[] = {
		"none", "no_known_term", "no_hit", "low_confidence",
		"withheld", "budget"
	};

	return (size_t)reason < sizeof(names) / sizeof(names[0]) ?
	    names[reason] : "unknown";
}

const char *
kb_policy_name(enum kb_policy policy)
{
	static const char *const names[] = { "serve", "warn", "withhold" };

	return (size_t)policy < sizeof(names) / sizeof(names[0]) ?
	    names[policy] : "unknown";
}

/* ---- what goes into the answer ---- */

static const char *
keep(struct asking *k, struct kb_str s)
{
	return s.n > 0 ? kb_arena_copy(&k->out->arena, s).p : NULL;
}

/* For members that are never NULL, whoever made the index. */
static const char *
keep_text(struct asking *k, struct kb_str s)
{
	return s.n > 0 ? keep(k, s) : "";
}

/* Findings that a reader of an answer should know of. */
static bool
warns(const char *code)
{
	static const char *const codes[] = {
		"stale", "overdue", "expired", "undated", "unowned",
		"placeholder-owner", "duplicate-id", "bad-encoding",
		"encoding-guessed", "hidden-text", "image-only", "conflict"
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i], code) == 0)
			return true;
	return false;
}

static enum kb_status
read_findings(struct asking *k, int64_t article, struct kb_trust *t,
    struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(k->index, KB_SQL_FINDINGS);
	const char *codes[64], *messages[64], **v;
	size_t n = 0;
	int rc = SQLITE_DONE;

	if (st == NULL)
		return kb_index_error(k->index, err);
	sqlite3_bind_int64(st, 1, article);
	while (n < 64 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		const char *code = (const char *)sqlite3_column_text(st, 0);
		const char *msg = (const char *)sqlite3_column_text(st, 2);

		if (code == NULL || msg == NULL)
			continue;
		codes[n] = keep(k, kb_str_c(code));
		messages[n] = keep(k, kb_str_c(msg));
		if (codes[n] != NULL && warns(codes[n]) &&
		    t->policy == KB_POLICY_SERVE)
			t->policy = KB_POLICY_WARN;
		n += codes[n] != NULL;
	}
	if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
		enum kb_status status = kb_index_error(k->index, err);

		sqlite3_reset(st);
		return status;
	}
	sqlite3_reset(st);
	v = kb_arena_array(&k->out->arena, n * 2, sizeof(*v));
	if (v == NULL)
		return kb_err_nomem(err);
	memcpy(v, codes, n * sizeof(*v));
	memcpy(v + n, messages, n * sizeof(*v));
	t->findings = v;
	t->messages = v + n;
	t->nfindings = n;
	return KB_OK;
}

/* The other members of the cluster, and who is canonical. */
static enum kb_status
read_cluster(struct asking *k, const struct kb_article_row *a,
    struct kb_suggestion *s, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(k->index, KB_SQL_CLUSTER);
	struct kb_also also[32], *v;
	size_t n = 0;
	int rc = SQLITE_DONE;

	if (a->cluster == 0)
		return KB_OK;
	if (st == NULL)
		return kb_index_error(k->index, err);
	sqlite3_bind_int64(st, 1, a->cluster);
	while (n < 32 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		int64_t number = sqlite3_column_int64(st, 0);
		const char *col[3];

		for (int i = 0; i < 3; i++)
			col[i] = (const char *)sqlite3_column_text(st, i + 1);
		if (number == a->n)
			continue;
		/* An article that is not served is not named either. */
		if ((sqlite3_column_int(st, 4) != KB_ARTICLE_PUBLISHED &&
		    !k->opts.any_status) || (sqlite3_column_int(st, 5) != 0 &&
		    !k->opts.any_audience))
			continue;
		/* An article that is not served is not named either. */
		if (sqlite3_column_int(st, 4) != KB_ARTICLE_PUBLISHED &&
		    !k->opts.any_status)
			continue;
		if (number == a->cluster)
			s->trust.canonical = keep(k, kb_str_c(col[0]));
		also[n].id = keep_text(k, kb_str_c(col[0]));
		also[n].title = keep(k, kb_str_c(col[1]));
		also[n].relation = keep(k, kb_str_c(col[2]));
		n++;
	}
	sqlite3_reset(st);
	if (rc != SQLITE_DONE && rc != SQLITE_ROW)
		return kb_index_error(k->index, err);
	v = kb_arena_array(&k->out->arena, n, sizeof(*v));
	if (v == NULL)
		return kb_err_nomem(err);
	memcpy(v, also, n * sizeof(*v));
	s->also = v;
	s->nalso = n;
	return KB_OK;
}

static enum kb_status
ground(struct asking *k, const struct kb_article_row *a,
    const struct kb_passage_row *p, struct kb_grounding *g,
    struct kb_err *err)
{
	struct kb_str head = kb_arena_printf(&k->scratch, "%.*s\n%.*s",
	    KB_FMT(a->title), KB_FMT(p->heading));
	struct kb_offmap map = { NULL, 0 };

	/* Bytes that are no map: the quote is cut by its words alone. */
	kb_offmap_read(&map, p->map, p->start, &k->scratch);
	return kb_ground(g, k->index, &k->q, head, p->text, &map, p->lead,
	    a->lang, err);
}

static void
fill_span(struct asking *k, const struct kb_article_row *a,
    const struct kb_passage_row *p, const struct kb_grounding *g,
    struct kb_span *span)
{
	span->path = keep(k, a->path);
	span->member = keep(k, a->member);
	span->record = a->number;
	span->field = keep(k, p->field);
	span->context = keep(k, p->context);
	span->start = p->start;
	span->end = p->end;
	if (g->quote_n > 0)
		kb_offmap_locate(p->map, p->start, g->quote, g->quote +
		    g->quote_n, &span->start, &span->end);
}

static enum kb_status
fill(struct asking *k, struct kb_suggestion *s,
    const struct kb_article_row *a, const struct kb_passage_row *p,
    const struct kb_grounding *g, double score, struct kb_err *err)
{
	struct kb_str heading, anchor, quote = { NULL, 0 };
	enum kb_status status;

	memset(s, 0, sizeof(*s));
	status = kb_passage_place(&heading, &anchor, k->index, p, g->quote,
	    &k->scratch, err);
	if (status != KB_OK)
		return status;
	s->id = keep_text(k, a->id);
	s->title = keep(k, a->title);
	s->url = keep(k, a->url);
	s->passage_id = kb_arena_printf(&k->out->arena, "%.*s#p%" PRId64,
	    KB_FMT(a->id), p->seq).p;
	s->heading = keep(k, heading);
	s->anchor = keep(k, anchor);
	s->text = keep_text(k, p->text);
	if (g->quote_n > 0)
		quote = kb_str(p->text.p + g->quote, g->quote_n);
	s->quote = keep_text(k, quote);
	fill_span(k, a, p, g, &s->span);
	s->score = score;
	s->confidence = g->coverage;
	s->trust.owner = keep(k, a->owner);
	s->trust.reviewed = a->reviewed;
	s->trust.modified = a->modified;
	s->trust.status = a->status;
	s->trust.policy = a->status == KB_ARTICLE_PUBLISHED &&
	    !a->restricted ? KB_POLICY_SERVE : KB_POLICY_WITHHOLD;
	status = read_findings(k, a->n, &s->trust, err);
	if (status == KB_OK)
		status = read_cluster(k, a, s, err);
	return status;
}

/* ---- who speaks for a group ---- */

static bool
servable(const struct asking *k, const struct kb_article_row *a)
{
	return (k->opts.any_status || a->status == KB_ARTICLE_PUBLISHED) &&
	    (k->opts.any_audience || !a->restricted);
}

/* The passage of an article that covers the most; the first of equals. */
static enum kb_status
best_passage(struct asking *k, const struct kb_article_row *a,
    struct kb_passage_row *best, struct kb_grounding *g, struct kb_err *err)
{
	int64_t *v;
	size_t n;
	bool any = false;
	enum kb_status status = kb_passages_of(&v, &n, k->index, a->n,
	    &k->scratch, err);

	for (size_t i = 0; i < n && i < PASSAGES_MOST && status == KB_OK;
	    i++) {
		struct kb_passage_row p;
		struct kb_grounding this = { 0, 0, 0 };

		status = kb_passage_get(&p, k->index, v[i], &k->scratch, err);
		if (status == KB_OK)
			status = ground(k, a, &p, &this, err);
		if (status == KB_OK && (!any || this.coverage >
		    g->coverage)) {
			any = true;
			*best = p;
			*g = this;
		}
	}
	if (status == KB_OK && !any)
		return kb_err_set(err, KB_NOTFOUND, "no passage");
	return status;
}

/* The canonical of a duplicate, and its best passage; false: not served. */
static enum kb_status
canonical(struct asking *k, int64_t n, struct kb_article_row *a,
    struct kb_passage_row *p, struct kb_grounding *g, bool *served,
    struct kb_err *err)
{
	enum kb_status status = kb_article_get(a, k->index, n, &k->scratch,
	    err);

	*served = status == KB_OK && servable(k, a);
	if (*served)
		status = best_passage(k, a, p, g, err);
	if (status != KB_NOTFOUND)
		return status;
	*served = false;
	return KB_OK;
}

/*
 * The canonical speaks with its own passage where it answers, or says as much
 * as the duplicate that was found.  What the duplicate alone says, it says
 * itself; if it is not served, nobody is named by what it says.
 */
static bool
is_for_canonical(const struct asking *k, const struct kb_article_row *own,
    const struct kb_grounding *g, const struct kb_grounding *canonical)
{
	if (!servable(k, own))
		return canonical->coverage > 0;
	return kb_str_eq(own->relation, KB_STR("identical")) ||
	    canonical->coverage >= k->opts.threshold ||
	    canonical->coverage >= g->coverage;
}

/* The article of the best passage, or the one that stands for it. */
static enum kb_status
speaker(struct asking *k, const struct kb_ranked *r,
    struct kb_article_row *a, struct kb_passage_row *p,
    struct kb_grounding *g, struct kb_err *err)
{
	struct kb_article_row other = { 0 };
	struct kb_passage_row passage = { 0 };
	struct kb_grounding covered = { 0, 0, 0 };
	enum kb_status status;
	bool served = false;

	*a = r->article;
	status = kb_passage_get(p, k->index, r->passage, &k->scratch, err);
	if (status == KB_OK)
		status = ground(k, a, p, g, err);
	if (status == KB_OK && a->cluster > 0 && a->cluster != a->n)
		status = canonical(k, a->cluster, &other, &passage, &covered,
		    &served, err);
	if (status == KB_OK && served && is_for_canonical(k, a, g,
	    &covered)) {
		*a = other;
		*p = passage;
		*g = covered;
	}
	return status;
}

/* ---- the answer ---- */

/* Suggestions from the groups, in their order; also how the best stands. */
static enum kb_status
take_groups(struct asking *k, const struct kb_ranked *v, size_t n,
    struct kb_suggestion *out, size_t *nout, double *withheld,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t most = k->opts.top > NEAR ? k->opts.top : NEAR;

	*nout = 0;
	*withheld = 0;
	for (size_t i = 0; i < n && *nout < most && status == KB_OK; i++) {
		struct kb_article_row a;
		struct kb_passage_row p;
		struct kb_grounding g;

		status = speaker(k, &v[i], &a, &p, &g, err);
		if (status != KB_OK)
			break;
		if (!servable(k, &a)) {
			if (g.coverage > *withheld)
				*withheld = g.coverage;
			continue;
		}
		status = fill(k, &out[*nout], &a, &p, &g, v[i].score, err);
		*nout += status == KB_OK;
	}
	return status;
}

static void
decide(struct asking *k, struct kb_suggestion *v, size_t n, double withheld)
{
	struct kb_answer *a = &k->out->a;
	size_t good = 0;

	a->confidence = n > 0 ? v[0].confidence : 0;
	if (n > 0 && v[0].confidence >= k->opts.threshold) {
		for (size_t i = 0; i < n && good < k->opts.top; i++)
			if (v[i].confidence >= k->opts.threshold)
				v[good++] = v[i];
		a->answered = true;
		a->reason = KB_REASON_NONE;
		a->suggestions = v;
		a->nsuggestions = good;
		return;
	}
	a->reason = withheld >= k->opts.threshold || (n == 0 && withheld >
	    0) ? KB_REASON_WITHHELD : n > 0 ? KB_REASON_LOW_CONFIDENCE :
	    KB_REASON_NO_HIT;
	a->near = v;
	a->nnear = n < NEAR ? n : NEAR;
}

static enum kb_status
answer(struct asking *k, struct kb_err *err)
{
	struct kb_rank_opts how = { CANDIDATES, true };
	size_t most = k->opts.top > NEAR ? k->opts.top : NEAR, n, nv;
	struct kb_ranked *v;
	struct kb_suggestion *s;
	double withheld;
	enum kb_status status;

	if (k->q.nknown == 0) {
		k->out->a.reason = KB_REASON_NO_KNOWN_TERM;
		return KB_OK;
	}
	status = kb_rank(&v, &nv, k->index, &k->q, &how, &k->scratch, err);
	if (status != KB_OK)
		return status;
	s = kb_arena_array(&k->out->arena, most, sizeof(*s));
	if (s == NULL)
		return kb_err_nomem(err);
	status = take_groups(k, v, nv, s, &n, &withheld, err);
	if (status == KB_OK)
		decide(k, s, n, withheld);
	return status;
}

static void
name_query(struct asking *k, struct kb_str question)
{
	uint64_t h = kb_hash64(kb_str_c(kb_index_generation(k->index)), 0);

	snprintf(k->out->a.query_id, sizeof(k->out->a.query_id), "%016"
	    PRIx64, kb_hash64(question, h));
}

enum kb_status
kb_suggest(struct kb_answer **out, struct kb_index *index,
    struct kb_str question, const struct kb_suggest_opts *opts,
    struct kb_err *err)
{
	struct asking k = { .index = index };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;

	if (opts != NULL)
		k.opts = *opts;
	if (k.opts.top == 0)
		k.opts.top = TOP;
	if (k.opts.threshold <= 0)
		k.opts.threshold = KB_CONFIDENCE_ANSWER;
	k.out = calloc(1, sizeof(*k.out));
	if (k.out == NULL)
		return kb_err_nomem(err);
	name_query(&k, question);
	kb_store_budget(index->store, k.opts.budget != 0 ? k.opts.budget :
	    BUDGET);
	status = kb_question_parse(&k.q, question, index, &k.scratch, &why);
	if (status == KB_OK)
		status = answer(&k, &why);
	kb_store_budget(index->store, 0);
	if (status == KB_LIMIT) {
		status = KB_OK;
		k.out->a.reason = KB_REASON_BUDGET;
	}
	if (status == KB_OK && (k.out->arena.failed || k.scratch.failed))
		status = kb_err_nomem(&why);
	kb_arena_release(&k.scratch);
	if (status != KB_OK) {
		kb_answer_free(&k.out->a);
		if (err != NULL)
			*err = why;
		return status;
	}
	*out = &k.out->a;
	return KB_OK;
}

void
kb_answer_free(struct kb_answer *a)
{
	struct answer *out = (struct answer *)a;

	if (a == NULL)
		return;
	kb_arena_release(&out->arena);
	free(out);
}
