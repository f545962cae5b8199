/*
 * rules: the findings about upkeep.  A rule that would fire for nearly every
 * article of an export says one thing about the export instead.
 */
#include <stdlib.h>

#include "buf.h"
#include "corpus.h"
#include "date.h"
#include "relation.h"

/* What one export carries at all. */
struct source {
	struct kb_str	 name;
	uint32_t	 n, owners, dates;
	int32_t		*days;		/* modified, to find a migration's */
	size_t		 ndays;
	int32_t		 bulk_day;
	uint32_t	 bulk_count;
	uint32_t	 first;		/* its first article */
};

/* Fewer say nothing about an export as a whole. */
#define SOURCE_LEAST	5

/* Exports that one message names. */
#define NAMES_MOST	5

struct rules {
	struct kb_corpus	*c;
	struct source		*sources;
	size_t			 nsources;
	struct kb_table		 by_name;
	uint32_t		*of;		/* source of each doc */
	bool			 failed;
};

static struct kb_finding *
find(struct rules *r, const char *code, enum kb_level level, uint32_t doc)
{
	struct kb_finding *f = kb_corpus_find(r->c, code, level, doc);

	if (f == NULL) {
		r->failed = true;
		return NULL;
	}
	if (doc != UINT32_MAX) {
		f->start = r->c->docs[doc].start;
		f->end = r->c->docs[doc].end;
		f->line = r->c->docs[doc].line;
	}
	return f;
}

static struct kb_str
day(struct rules *r, int32_t date)
{
	char buf[11];

	return kb_arena_copy(&r->c->arena, kb_str_c(kb_date_format(date,
	    buf)));
}

#define SAY(r, ...)	kb_arena_printf(&(r)->c->arena, __VA_ARGS__)

/* ---- sources ---- */

static bool
group(struct rules *r)
{
	struct kb_corpus *c = r->c;

	r->of = calloc(c->ndocs + 1, sizeof(*r->of));
	r->sources = calloc(c->ndocs + 1, sizeof(*r->sources));
	if (r->of == NULL || r->sources == NULL)
		return false;
	for (uint32_t i = 0; i < c->ndocs; i++) {
		const struct kb_doc *d = &c->docs[i];
		struct source *s;
		bool added;
		uint32_t *at = kb_table_put(&r->by_name, d->source, &added);

		if (at == NULL)
			return false;
		if (added) {
			*at = (uint32_t)r->nsources++;
			r->sources[*at].name = d->source;
			r->sources[*at].first = i;
		}
		r->of[i] = *at;
		s = &r->sources[*at];
		s->n++;
		s->owners += d->owner.n > 0;
		s->dates += d->created != 0 || d->modified != 0 ||
		    d->reviewed != 0;
		s->ndays += d->modified != 0;
	}
	return true;
}

static int
by_day(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* The most frequent day; of equals the first. */
static void
most_frequent(struct source *s)
{
	size_t i, j;

	qsort(s->days, s->ndays, sizeof(*s->days), by_day);
	for (i = 0; i < s->ndays; i = j) {
		for (j = i + 1; j < s->ndays && s->days[j] == s->days[i]; j++)
			continue;
		if (j - i > s->bulk_count) {
			s->bulk_count = (uint32_t)(j - i);
			s->bulk_day = s->days[i];
		}
	}
}

static bool
find_bulk_days(struct rules *r)
{
	struct kb_corpus *c = r->c;
	size_t i;

	for (i = 0; i < r->nsources; i++) {
		r->sources[i].days = calloc(r->sources[i].ndays + 1,
		    sizeof(int32_t));
		if (r->sources[i].days == NULL)
			return false;
		r->sources[i].ndays = 0;
	}
	for (i = 0; i < c->ndocs; i++) {
		struct source *s = &r->sources[r->of[i]];

		if (c->docs[i].modified != 0)
			s->days[s->ndays++] = c->docs[i].modified;
	}
	for (i = 0; i < r->nsources; i++) {
		struct source *s = &r->sources[i];

		most_frequent(s);
		if (s->bulk_count < c->rules.bulk_least || (uint64_t)
		    s->bulk_count * 100 < (uint64_t)c->rules.bulk_percent *
		    s->n)
			s->bulk_day = 0;
	}
	for (i = 0; i < c->ndocs; i++)
		c->docs[i].bulk_modified = c->docs[i].modified != 0 &&
		    c->docs[i].modified == r->sources[r->of[i]].bulk_day;
	return true;
}

/* ---- rules about an export ---- */

enum lack { LACK_OWNER, LACK_DATE };

static bool
lacks(const struct source *s, enum lack what)
{
	return s->n >= SOURCE_LEAST && (what == LACK_OWNER ? s->owners :
	    s->dates) == 0;
}

/* The names of the exports that lack it, the first few of them. */
static struct kb_str
name_lacking(struct rules *r, enum lack what)
{
	struct kb_buf buf = { 0 };
	struct kb_str out;
	size_t n = 0;

	for (size_t i = 0; i < r->nsources; i++) {
		if (!lacks(&r->sources[i], what) || n++ >= NAMES_MOST)
			continue;
		if (buf.n > 0)
			kb_buf_addc(&buf, ", ");
		kb_buf_add(&buf, r->sources[i].name);
	}
	if (n > NAMES_MOST)
		kb_buf_printf(&buf, " and %zu more", n - NAMES_MOST);
	r->failed |= buf.failed;
	out = kb_arena_copy(&r->c->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

/* One finding a field, however many exports lack it: it is one thing to do. */
static void
missing_field(struct rules *r, enum lack what, const char *field,
    const char *why)
{
	const struct source *first = NULL;
	struct kb_finding *f;
	struct kb_str names;
	size_t exports = 0, articles = 0;

	for (size_t i = 0; i < r->nsources; i++) {
		if (!lacks(&r->sources[i], what))
			continue;
		if (first == NULL)
			first = &r->sources[i];
		exports++;
		articles += r->sources[i].n;
	}
	if (exports == 0 || (f = find(r, "no-field", KB_WARNING,
	    UINT32_MAX)) == NULL)
		return;
	names = name_lacking(r, what);
	f->path = names;
	f->message = exports == 1 ? SAY(r, "none of the %zu articles of %.*s "
	    "carries %s: %s; map a field to it with --config, or bring it "
	    "with --metadata FILE.csv (columns id,%s)", articles,
	    KB_FMT(names), field, why, field) : SAY(r, "none of the %zu "
	    "articles of %zu exports carries %s: %s; map a field to it with "
	    "--config, or bring it with --metadata FILE.csv (columns id,%s)",
	    articles, exports, field, why, field);
	f->value = SAY(r, "%s", field);
	f->evidence = exports == 1 ? SAY(r, "%s %.*s", field,
	    KB_FMT(r->c->docs[first->first].format)) : f->value;
}

static void
bulk_date(struct rules *r, const struct source *s)
{
	struct kb_finding *f = find(r, "bulk-date", KB_WARNING, UINT32_MAX);

	if (f == NULL)
		return;
	f->path = s->name;
	f->message = SAY(r, "%u of the %u articles of %.*s were modified on "
	    "%.*s: a migration rather than care, so that day counts as no "
	    "date; bring the real dates with --metadata FILE.csv (columns "
	    "id,modified)", (unsigned)s->bulk_count, (unsigned)s->n,
	    KB_FMT(s->name), KB_FMT(day(r, s->bulk_day)));
	f->value = SAY(r, "%u%%", (unsigned)((uint64_t)s->bulk_count * 100 /
	    s->n));
	f->threshold = SAY(r, "%u%%", (unsigned)r->c->rules.bulk_percent);
	f->evidence = SAY(r, "%.*s %d",
	    KB_FMT(r->c->docs[s->first].format), (int)s->bulk_day);
}

static void
source_rules(struct rules *r)
{
	missing_field(r, LACK_OWNER, "owner",
	    "nobody can be asked to look after them");
	missing_field(r, LACK_DATE, "modified", "their age cannot be told");
	for (size_t i = 0; i < r->nsources; i++)
		if (r->sources[i].bulk_day != 0)
			bulk_date(r, &r->sources[i]);
}

/* ---- rules about an article ---- */

static int32_t
later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static void
age_rules(struct rules *r, uint32_t i)
{
	const struct kb_doc *d = &r->c->docs[i];
	int32_t as_of = r->c->rules.as_of, care, age;
	struct kb_finding *f;

	/* Never modified since: its making is its last modification. */
	care = later(d->reviewed, d->bulk_modified ? 0 : d->modified != 0 ?
	    d->modified : d->created);
	if (care != 0) {
		age = kb_date_days(as_of) - kb_date_days(care);
		if (age > r->c->rules.stale_days && (f = find(r, "stale",
		    KB_WARNING, i)) != NULL) {
			f->message = SAY(r, "last reviewed or modified on "
			    "%.*s, %d days ago", KB_FMT(day(r, care)),
			    (int)age);
			f->value = SAY(r, "%d", (int)age);
			f->threshold = SAY(r, "%d",
			    (int)r->c->rules.stale_days);
			f->evidence = day(r, care);
		}
	} else if (!d->bulk_modified && r->sources[r->of[i]].dates > 0) {
		f = find(r, "undated", KB_WARNING, i);
		if (f != NULL)
			f->message = SAY(r, "no date at all: neither created, "
			    "modified nor reviewed");
	} else if (!d->bulk_modified && r->sources[r->of[i]].n <
	    SOURCE_LEAST) {
		f = find(r, "undated", KB_WARNING, i);
		if (f != NULL)
			f->message = SAY(r, "no date at all: neither created, "
			    "modified nor reviewed");
	}
	if (d->review_due != 0 && d->review_due < as_of &&
	    (f = find(r, "overdue", KB_WARNING, i)) != NULL) {
		f->message = SAY(r, "its review was due on %.*s, %d days ago",
		    KB_FMT(day(r, d->review_due)), (int)(kb_date_days(as_of) -
		    kb_date_days(d->review_due)));
		f->value = day(r, d->review_due);
		f->threshold = day(r, as_of);
		f->evidence = f->value;
	}
}

static void
expired_rule(struct rules *r, uint32_t i)
{
	const struct kb_doc *d = &r->c->docs[i];
	struct kb_finding *f;

	if (!d->lapsed || (f = find(r, "expired", KB_ERROR, i)) == NULL)
		return;
	f->message = SAY(r, "published, but valid only until %.*s",
	    KB_FMT(day(r, d->expires)));
	f->value = day(r, d->expires);
	f->threshold = day(r, r->c->rules.as_of);
	f->evidence = f->value;
}

static void
owner_rules(struct rules *r, uint32_t i)
{
	const struct kb_doc *d = &r->c->docs[i];
	const struct source *s = &r->sources[r->of[i]];
	struct kb_finding *f;

	if (d->owner.n == 0) {
		if (s->owners == 0 && s->n >= SOURCE_LEAST)
			return;
		f = find(r, "unowned", KB_WARNING, i);
		if (f != NULL)
			f->message = SAY(r, "no owner");
		return;
	}
	if (!kb_profiles_placeholder_owner(r->c->profiles, d->owner))
		return;
	f = find(r, "placeholder-owner", KB_WARNING, i);
	if (f == NULL)
		return;
	f->message = SAY(r, "the owner '%.*s' (from %.*s) is nobody",
	    KB_FMT(d->owner), KB_FMT(d->owner_source));
	f->value = f->evidence = d->owner;
}

static void
content_rules(struct rules *r, uint32_t i)
{
	const struct kb_doc *d = &r->c->docs[i];
	struct kb_finding *f;

	if (d->title.n == 0 && (f = find(r, "no-title", KB_ERROR, i)) !=
	    NULL)
		f->message = SAY(r, "no title");
	if (d->words >= r->c->rules.thin_words)
		return;
	f = find(r, "thin", KB_WARNING, i);
	if (f == NULL)
		return;
	f->message = d->words == 0 ? SAY(r, "no text at all") :
	    SAY(r, "only %zu word%s", d->words, &"s"[d->words == 1]);
	f->value = SAY(r, "%zu", d->words);
	f->threshold = SAY(r, "%u", (unsigned)r->c->rules.thin_words);
}

static struct kb_str
name_of(const struct kb_doc *d)
{
	return d->title.n > 0 ? d->title : d->path;
}

static void
duplicate_rules(struct rules *r, uint32_t i)
{
	const struct kb_doc *d = &r->c->docs[i], *canon;
	const struct kb_pair *p;
	struct kb_finding *f;
	bool same;

	if (d->canonical == UINT32_MAX || d->canonical == i)
		return;
	canon = &r->c->docs[d->canonical];
	/* An older version beside a newer one is what it should be. */
	if (strcmp(d->relation, "version") == 0 ||
	    kb_relation_versions(d, canon))
		return;
	same = strcmp(d->relation, "identical") == 0;
	f = find(r, same ? "identical" : "near-duplicate", KB_WARNING, i);
	if (f == NULL)
		return;
	p = same ? NULL : kb_duplicates_pair(r->c, i,
	    d->canonical);
	if (p != NULL) {
		uint32_t either = p->size_a + p->size_b - p->shared;

		f->value = SAY(r, "%u/%u", (unsigned)p->shared,
		    (unsigned)either);
		f->threshold = SAY(r, "%u/%u",
		    (unsigned)r->c->rules.near.count,
		    (unsigned)r->c->rules.near.of);
		f->message = SAY(r, "%u%% the same as '%.*s' (%.*s)",
		    (unsigned)((uint64_t)p->shared * 100 / either),
		    KB_FMT(name_of(canon)), KB_FMT(canon->id));
	}
	if (p == NULL)
		f->message = SAY(r, "%s the same as '%.*s' (%.*s)",
		    same ? "word for word" : "nearly",
		    KB_FMT(name_of(canon)), KB_FMT(canon->id));
	f->evidence = canon->declared.n > 0 ? canon->declared : canon->title;
}

/* Of all that an article lies inside of, the one that holds most of it. */
static const struct kb_pair **
find_outer(const struct kb_corpus *c)
{
	const struct kb_pair **outer = calloc(c->ndocs + 1, sizeof(*outer));

	for (size_t i = 0; outer != NULL && i < c->npairs; i++) {
		const struct kb_pair *p = &c->pairs[i], **at;

		if (p->relation != KB_RELATION_CONTAINED)
			continue;
		at = &outer[p->size_a <= p->size_b ? p->a : p->b];
		if (*at == NULL || p->shared > (*at)->shared)
			*at = p;
	}
	return outer;
}

static void
contained_rule(struct rules *r, uint32_t i, const struct kb_pair *p)
{
	const struct kb_doc *outer;
	struct kb_finding *f;
	uint32_t size;

	if (p == NULL || (r->c->docs[i].canonical != UINT32_MAX &&
	    r->c->docs[i].canonical != i))
		return;
	outer = &r->c->docs[p->a == i ? p->b : p->a];
	if (!kb_doc_is_live(outer) || (f = find(r, "contained", KB_NOTE,
	    i)) == NULL)
		return;
	size = p->a == i ? p->size_a : p->size_b;
	f->message = SAY(r, "%u%% of it stands in '%.*s' (%.*s)",
	    (unsigned)((uint64_t)p->shared * 100 / size),
	    KB_FMT(name_of(outer)), KB_FMT(outer->id));
	f->value = SAY(r, "%u/%u", (unsigned)p->shared, (unsigned)size);
	f->threshold = SAY(r, "%u/%u", (unsigned)r->c->rules.inside.count,
	    (unsigned)r->c->rules.inside.of);
	f->evidence = outer->declared.n > 0 ? outer->declared :
	    outer->title;
}

enum kb_status
kb_rules_run(struct kb_corpus *c, struct kb_err *err)
{
	struct rules r = { .c = c };
	const struct kb_pair **outer = find_outer(c);

	r.failed = outer == NULL || !group(&r) || !find_bulk_days(&r);
	if (!r.failed)
		source_rules(&r);
	for (uint32_t i = 0; i < c->ndocs && !r.failed; i++) {
		content_rules(&r, i);
		expired_rule(&r, i);
		if (!kb_doc_is_live(&c->docs[i]))
			continue;
		age_rules(&r, i);
		owner_rules(&r, i);
		duplicate_rules(&r, i);
		contained_rule(&r, i, outer[i]);
	}
	free(outer);
	for (size_t i = 0; r.sources != NULL && i < r.nsources; i++)
		free(r.sources[i].days);
	free(r.sources);
	free(r.of);
	kb_table_release(&r.by_name);
	if (r.failed || c->arena.failed)
		return kb_err_nomem(err);
	return KB_OK;
}
