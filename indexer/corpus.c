#include "corpus.h"

#include <stdlib.h>

#include "date.h"
#include "hidden.h"
#include "url.h"

void
kb_corpus_init(struct kb_corpus *c, const struct kb_profiles *profiles,
    const struct kb_rules *rules)
{
	memset(c, 0, sizeof(*c));
	c->profiles = profiles;
	c->rules = *rules;
}

void
kb_corpus_release(struct kb_corpus *c)
{
	kb_table_release(&c->ids);
	kb_table_release(&c->claims);
	free(c->docs);
	free(c->findings);
	free(c->links);
	free(c->pairs);
	kb_arena_release(&c->arena);
	memset(c, 0, sizeof(*c));
}

/* Room for one more of "size" bytes each in *v. */
static bool
room(void **v, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap == 0 ? 64 : *cap * 2;
	void *p;

	if (n < *cap)
		return true;
	p = realloc(*v, want * size);
	if (p == NULL)
		return false;
	*v = p;
	*cap = want;
	return true;
}

struct kb_finding *
kb_corpus_find(struct kb_corpus *c, const char *code, enum kb_level level,
    uint32_t doc)
{
	struct kb_finding *f;

	if (!room((void **)&c->findings, c->nfindings, &c->findings_size,
	    sizeof(*f)))
		return NULL;
	f = &c->findings[c->nfindings++];
	memset(f, 0, sizeof(*f));
	f->code = code;
	f->level = level;
	f->doc = doc;
	return f;
}

/* ---- from a record to a doc ---- */

struct adding {
	struct kb_corpus	*c;
	const struct kb_record	*rec;
	struct kb_doc		*doc;
	uint32_t		 n;
	bool			 failed;
};

static struct kb_str
first(struct adding *a, enum kb_field field)
{
	const struct kb_value *v = a->rec->values[field];

	return v != NULL ? kb_arena_copy(&a->c->arena, v->text) :
	    kb_str(NULL, 0);
}

static const struct kb_value *
list(struct adding *a, enum kb_field field)
{
	const struct kb_value *v;
	struct kb_value *head = NULL, **at = &head, *copy;

	for (v = a->rec->values[field]; v != NULL; v = v->next) {
		copy = kb_arena_alloc(&a->c->arena, sizeof(*copy));
		if (copy == NULL)
			break;
		copy->text = kb_arena_copy(&a->c->arena, v->text);
		*at = copy;
		at = &copy->next;
	}
	return head;
}

static void
find_bad_date(struct adding *a, enum kb_field field,
    const struct kb_value *v, enum kb_date_result result)
{
	struct kb_finding *f = kb_corpus_find(a->c, "bad-date", KB_WARNING,
	    a->n);

	if (f == NULL) {
		a->failed = true;
		return;
	}
	f->message = kb_arena_printf(&a->c->arena, "%s '%.*s' (from %.*s) is "
	    "%s: write it as YYYY-MM-DD", kb_field_name(field),
	    KB_FMT(v->text), KB_FMT(v->source), kb_date_result_name(result));
	f->value = kb_arena_copy(&a->c->arena, v->text);
	f->evidence = kb_arena_printf(&a->c->arena, "%s %.*s",
	    kb_field_name(field), KB_FMT(v->text));
	f->start = a->rec->start;
	f->end = a->rec->end;
	f->line = a->rec->line;
}

/* The latest of several, or the first where that is the better guess. */
static int32_t
date(struct adding *a, enum kb_field field)
{
	bool latest = field == KB_F_MODIFIED || field == KB_F_REVIEWED;
	const struct kb_value *v;
	int32_t out = 0, d;

	for (v = a->rec->values[field]; v != NULL; v = v->next) {
		enum kb_date_result r = kb_date_parse(&d, v->text,
		    a->c->rules.date_order);

		if (r == KB_DATE_OK && (out == 0 || (latest && d > out)))
			out = d;
		else if (r > KB_DATE_SENTINEL)
			find_bad_date(a, field, v, r);
	}
	return out;
}

static int64_t
number(struct adding *a, enum kb_field field)
{
	const struct kb_value *v = a->rec->values[field];
	int64_t out = 0;

	if (v == NULL)
		return -1;
	for (size_t i = 0; i < v->text.n; i++) {
		if (v->text.p[i] < '0' || v->text.p[i] > '9' ||
		    out > INT64_MAX / 100)
			return -1;
		out = out * 10 + (v->text.p[i] - '0');
	}
	return out;
}

static enum kb_article_status
status_of(struct adding *a)
{
	const struct kb_value *v = a->rec->values[KB_F_STATUS];
	enum kb_article_status s = KB_ARTICLE_PUBLISHED;
	struct kb_finding *f;

	if (v == NULL || kb_article_status_from_name(v->text, &s) ||
	    kb_profiles_status(a->c->profiles, v->text, &s))
		return s;
	f = kb_corpus_find(a->c, "unknown-status", KB_NOTE, a->n);
	if (f == NULL) {
		a->failed = true;
		return s;
	}
	f->message = kb_arena_printf(&a->c->arena, "the status '%.*s' is "
	    "unknown and counts as published; say what it means under "
	    "[status] in --config", KB_FMT(v->text));
	f->value = f->evidence = kb_arena_copy(&a->c->arena, v->text);
	return s;
}

static void
read_owner(struct adding *a)
{
	const struct kb_value *v = a->rec->values[KB_F_OWNER];
	struct kb_doc *d = a->doc;

	if (v == NULL && a->c->rules.owner_from_author) {
		v = a->rec->values[KB_F_AUTHOR];
		if (v != NULL)
			d->owner_source = kb_arena_printf(&a->c->arena,
			    "%.*s (author, by the setting owner_from_author)",
			    KB_FMT(v->source));
	}
	if (v == NULL)
		return;
	d->owner = kb_arena_copy(&a->c->arena, v->text);
	if (d->owner_source.n == 0)
		d->owner_source = kb_arena_copy(&a->c->arena, v->source);
	d->owner_kind = first(a, KB_F_OWNER_KIND);
}

/* The folder at the top and the format: what one export looks like. */
static struct kb_str
source_of(struct adding *a)
{
	size_t slash = kb_str_find(a->doc->place, KB_STR("/"), 0);

	if (slash == (size_t)-1)
		return a->doc->format;
	return kb_arena_printf(&a->c->arena, "%.*s (%.*s)", (int)slash,
	    a->doc->place.p, KB_FMT(a->doc->format));
}

static void
read_urls(struct adding *a)
{
	struct kb_doc *d = a->doc;

	d->url = kb_url_of(&a->c->arena, first(a, KB_F_URL),
	    kb_str_c(a->c->url_base), d->place);
	d->edit_url = first(a, KB_F_EDIT_URL);
	if (d->edit_url.n > 0)
		d->edit_url = kb_url_of(&a->c->arena, d->edit_url,
		    kb_str_c(a->c->url_base), kb_str(NULL, 0));
}

static void
read_dates(struct adding *a)
{
	struct kb_doc *d = a->doc;

	d->created = date(a, KB_F_CREATED);
	d->modified = date(a, KB_F_MODIFIED);
	d->reviewed = date(a, KB_F_REVIEWED);
	d->review_due = date(a, KB_F_REVIEW_DUE);
	d->expires = date(a, KB_F_EXPIRES);
}

static void
find_second_claim(struct adding *a, struct kb_str claimed, uint32_t holder)
{
	const struct kb_doc *other = &a->c->docs[holder];
	struct kb_finding *f = kb_corpus_find(a->c, "duplicate-id", KB_ERROR,
	    a->n);

	if (f == NULL) {
		a->failed = true;
		return;
	}
	f->message = kb_arena_printf(&a->c->arena, "the id '%.*s' is claimed "
	    "by %.*s (line %u) as well, which keeps it; this one is known as "
	    "'%.*s'", KB_FMT(claimed), KB_FMT(other->place),
	    (unsigned)other->line, KB_FMT(a->doc->id));
	f->value = f->evidence = claimed;
	f->line = a->rec->line;
	f->start = a->rec->start;
	f->end = a->rec->end;
}

/*
 * A second claim: id@path, then id@path#record, then the numbers behind it,
 * from where the last claim like it came to: thousands may be alike.
 */
static uint32_t *
claim_again(struct adding *a, struct kb_str claimed, struct kb_str *id)
{
	struct kb_arena *arena = &a->c->arena;
	struct kb_str again = kb_arena_printf(arena, "%.*s@%.*s",
	    KB_FMT(claimed), KB_FMT(a->doc->place));
	uint32_t *more = kb_table_put(&a->c->claims, again, NULL), *at;
	size_t number = a->rec->number;
	bool added;

	*id = again;
	at = kb_table_put(&a->c->ids, again, &added);
	while (more != NULL && at != NULL && !added) {
		*id = kb_arena_printf(arena, "%.*s#%zu", KB_FMT(again),
		    number);
		at = kb_table_put(&a->c->ids, *id, &added);
		if (!added)
			number = a->rec->number + ++*more;
	}
	return more != NULL ? at : NULL;
}

/* Declared, else the path, else path#record; a second claim id@path. */
static void
choose_id(struct adding *a)
{
	struct kb_arena *arena = &a->c->arena;
	struct kb_doc *d = a->doc;
	struct kb_str id, claimed;
	uint32_t *at, holder;
	bool added;

	d->declared = first(a, KB_F_ID);
	id = d->declared.n > 0 ? d->declared : a->rec->number == 0 ?
	    d->place : kb_arena_printf(arena, "%.*s#%zu", KB_FMT(d->place),
	    a->rec->number);
	claimed = id;
	at = kb_table_put(&a->c->ids, id, &added);
	holder = at != NULL && !added ? *at : 0;
	if (at != NULL && !added)
		at = claim_again(a, claimed, &id);
	if (at == NULL || arena->failed) {
		a->failed = true;
		return;
	}
	*at = a->n;
	d->id = id;
	if (!kb_str_eq(id, claimed))
		find_second_claim(a, claimed, holder);
}

static struct kb_str
leading_number(struct kb_str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return kb_str(s.p, n);
}

static void
keep_diags(struct adding *a)
{
	const struct kb_saved_diag *s;

	for (s = a->rec->diags; s != NULL; s = s->next) {
		struct kb_finding *f = kb_corpus_find(a->c, kb_arena_copy(
		    &a->c->arena, kb_str_c(s->diag.code)).p, s->diag.level,
		    a->n);

		if (f == NULL) {
			a->failed = true;
			return;
		}
		f->message = kb_arena_copy(&a->c->arena, s->diag.message);
		f->evidence = f->message;
		f->threshold = kb_hidden_threshold(kb_str_c(s->diag.code));
		if (f->threshold.n > 0)
			f->value = leading_number(f->message);
		f->line = s->diag.line;
		f->col = s->diag.col;
		f->start = s->diag.start;
		f->end = s->diag.end;
	}
}

static void
keep_links(struct adding *a)
{
	struct kb_corpus *c = a->c;

	for (const struct kb_link *l = a->rec->links; l != NULL;
	    l = l->next) {
		if (!room((void **)&c->links, c->nlinks, &c->links_size,
		    sizeof(*c->links))) {
			a->failed = true;
			return;
		}
		c->links[c->nlinks++] = (struct kb_link_ref){ a->n,
		    UINT32_MAX, kb_arena_copy(&c->arena, l->href) };
	}
}

static void
fill(struct adding *a, const struct kb_file *file,
    const struct kb_prepared *p)
{
	struct kb_doc *d = a->doc;

	d->path = file->path;
	d->member = kb_arena_copy(&a->c->arena, a->rec->member);
	d->place = kb_record_place(a->rec, d->path, &a->c->arena);
	d->format = kb_arena_copy(&a->c->arena, a->rec->format);
	d->source = source_of(a);
	d->number = a->rec->number;
	d->start = a->rec->start;
	d->end = a->rec->end;
	d->line = a->rec->line;
	d->title = first(a, KB_F_TITLE);
	d->lang = first(a, KB_F_LANG);
	d->editor = first(a, KB_F_EDITOR);
	d->version = first(a, KB_F_VERSION);
	d->replaced_by = first(a, KB_F_REPLACED_BY);
	d->product = first(a, KB_F_PRODUCT);
	d->description = first(a, KB_F_DESCRIPTION);
	d->authors = list(a, KB_F_AUTHOR);
	d->audience = list(a, KB_F_AUDIENCE);
	d->category = list(a, KB_F_CATEGORY);
	d->tags = list(a, KB_F_TAG);
	d->aliases = list(a, KB_F_ALIAS);
	d->views = number(a, KB_F_VIEWS);
	d->votes = number(a, KB_F_VOTES);
	d->words = p->words;
	d->npassages = p->npassages;
	d->body_hash = p->body_hash;
	d->canonical = UINT32_MAX;
	choose_id(a);
	read_owner(a);
	read_dates(a);
	read_urls(a);
	d->status = status_of(a);
	d->lapsed = d->status == KB_ARTICLE_PUBLISHED && d->expires != 0 &&
	    d->expires < a->c->rules.as_of;
	if (d->lapsed)
		d->status = KB_ARTICLE_EXPIRED;
	keep_diags(a);
	keep_links(a);
}

enum kb_status
kb_corpus_add(struct kb_corpus *c, const struct kb_file *file,
    const struct kb_prepared *p, uint32_t *out, struct kb_err *err)
{
	struct adding a = { .c = c, .rec = p->rec };

	if (c->ndocs >= UINT32_MAX - 1)
		return kb_err_set(err, KB_LIMIT, "too many articles");
	if (!room((void **)&c->docs, c->ndocs, &c->docs_size,
	    sizeof(*c->docs)))
		return kb_err_nomem(err);
	a.n = (uint32_t)c->ndocs;
	a.doc = &c->docs[c->ndocs++];
	memset(a.doc, 0, sizeof(*a.doc));
	fill(&a, file, p);
	if (a.failed || c->arena.failed)
		return kb_err_nomem(err);
	*out = a.n;
	return KB_OK;
}
