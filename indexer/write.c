#include "write.h"

#include <stdlib.h>

#include "audience.h"
#include "codes.h"
#include "json.h"
#include "offmap.h"
#include "relation.h"
#include "schema.h"
#include "sha256.h"
#include "table.h"

enum {
	PUT_PASSAGE, PUT_FTS, PUT_META, PUT_ARTICLE, PUT_ALIAS, PUT_TERM,
	PUT_LINK, PUT_DUPLICATE, PUT_FINDING, PUT_PLACE, NSTATEMENTS
};

static const char *const sql[NSTATEMENTS] = {
	[PUT_PASSAGE] = "INSERT INTO passage VALUES(?1,?2,?3,?4,?5,?6,?7,?8,"
	    "?9,?10,?11,?12,?13)",
	[PUT_PLACE] = "INSERT OR IGNORE INTO place VALUES(?1,?2,?3,?4)",
	[PUT_FTS] = "INSERT INTO fts(rowid,title,heading,body,surface) "
	    "VALUES(?1,?2,?3,?4,?5)",
	[PUT_META] = "INSERT OR REPLACE INTO meta VALUES(?1,?2)",
	[PUT_ARTICLE] = "INSERT INTO article VALUES(?1,?2,?3,?4,?5,?6,?7,?8,"
	    "?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,"
	    "?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36,?37,?38,?39,?40)",
	[PUT_ALIAS] = "INSERT OR IGNORE INTO alias VALUES(?1,?2)",
	[PUT_TERM] = "INSERT INTO term VALUES(?1,?2)",
	[PUT_LINK] = "INSERT INTO link VALUES(?1,?2,?3,?4)",
	[PUT_DUPLICATE] = "INSERT INTO duplicate VALUES(?1,?2,?3,?4,?5,?6,"
	    "?7,?8,?9)",
	[PUT_FINDING] = "INSERT INTO finding VALUES(?1,?2,?3,?4,?5,?6,?7,?8,"
	    "?9,?10,?11,?12,?13,?14)",
};

/* A term's passages, counted once each. */
struct count {
	struct kb_str	term;
	uint32_t	df;
	int64_t		last;
};

struct kb_writer {
	sqlite3		*db;
	sqlite3_stmt	*st[NSTATEMENTS];
	int64_t		 npassages;
	struct kb_arena	 arena;		/* terms */
	struct kb_table	 terms;		/* to an index into counts */
	struct count	*counts;
	size_t		 ncounts, counts_size;
	struct kb_buf	 map, json;
	bool		 terms_in;	/* and the full text is optimised */
};

static enum kb_status
fail(struct kb_writer *w, struct kb_err *err)
{
	int code = sqlite3_errcode(w->db);

	if (code == SQLITE_NOMEM)
		return kb_err_nomem(err);
	return kb_err_set(err, KB_IO, "cannot write the index: %s%s",
	    sqlite3_errmsg(w->db), code == SQLITE_FULL ?
	    " (is the disk full?)" : "");
}

enum kb_status
kb_writer_new(struct kb_writer **out, sqlite3 *db, struct kb_err *err)
{
	struct kb_writer *w = calloc(1, sizeof(*w));
	enum kb_status status = KB_OK;

	if (w == NULL)
		return kb_err_nomem(err);
	w->db = db;
	/* A larger table of pending terms: fewer segments to merge later. */
	if (sqlite3_exec(db, "BEGIN;" KB_SCHEMA "INSERT INTO fts(fts, rank) "
	    "VALUES('hashsize', 33554432), ('automerge', 0);", NULL, NULL,
	    NULL) != SQLITE_OK)
		status = fail(w, err);
	for (int i = 0; i < NSTATEMENTS && status == KB_OK; i++)
		if (sqlite3_prepare_v2(db, sql[i], -1, &w->st[i], NULL) !=
		    SQLITE_OK)
			status = fail(w, err);
	if (status != KB_OK) {
		kb_writer_free(w);
		return status;
	}
	*out = w;
	return KB_OK;
}

void
kb_writer_free(struct kb_writer *w)
{
	if (w == NULL)
		return;
	for (int i = 0; i < NSTATEMENTS; i++)
		sqlite3_finalize(w->st[i]);
	kb_table_release(&w->terms);
	kb_arena_release(&w->arena);
	kb_buf_release(&w->map);
	kb_buf_release(&w->json);
	free(w->counts);
	free(w);
}

size_t
kb_writer_npassages(const struct kb_writer *w)
{
	return (size_t)w->npassages;
}

/* ---- binding: a statement's errors show when it is stepped ---- */

static void
bind_str(sqlite3_stmt *st, int i, struct kb_str s)
{
	if (s.n == 0)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_text64(st, i, s.p, s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
}

/* Empty text is text: columns that are NOT NULL. */
static void
bind_text(sqlite3_stmt *st, int i, struct kb_str s)
{
	sqlite3_bind_text64(st, i, s.n > 0 ? s.p : "", s.n, SQLITE_STATIC,
	    SQLITE_UTF8);
}

static void
bind_date(sqlite3_stmt *st, int i, int32_t date)
{
	if (date == 0)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_int(st, i, date);
}

static void
bind_count(sqlite3_stmt *st, int i, int64_t v)
{
	if (v < 0)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_int64(st, i, v);
}

static enum kb_status
step(struct kb_writer *w, int which, struct kb_err *err)
{
	sqlite3_stmt *st = w->st[which];
	int rc = sqlite3_step(st);
	enum kb_status status = rc == SQLITE_DONE ? KB_OK : fail(w, err);

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return status;
}

/* ---- passages ---- */

static bool
count_terms(struct kb_writer *w, struct kb_str stems)
{
	struct kb_str rest = stems, term;

	while (rest.n > 0 && kb_str_split(&rest, ' ', &term)) {
		uint32_t *at = kb_table_get(&w->terms, term);
		struct count *c;

		if (at == NULL) {
			if (w->ncounts == w->counts_size) {
				size_t size = w->counts_size == 0 ? 1024 :
				    w->counts_size * 2;

				c = realloc(w->counts, size * sizeof(*c));
				if (c == NULL)
					return false;
				w->counts = c;
				w->counts_size = size;
			}
			term = kb_arena_copy(&w->arena, term);
			at = kb_table_put(&w->terms, term, NULL);
			if (at == NULL || w->arena.failed)
				return false;
			*at = (uint32_t)w->ncounts;
			w->counts[w->ncounts++] = (struct count){ term, 0,
			    0 };
		}
		c = &w->counts[*at];
		if (c->last != w->npassages) {
			c->last = w->npassages;
			c->df++;
		}
	}
	return true;
}

static enum kb_status
put_passage(struct kb_writer *w, uint32_t doc, size_t seq,
    const struct kb_prepared_passage *q, const struct kb_part *part,
    struct kb_err *err)
{
	const struct kb_passage *p = q->passage;
	struct kb_offmap map = { p->pieces, p->npieces };
	sqlite3_stmt *st = w->st[PUT_PASSAGE];
	bool plain = map.n == 1 && map.v[0].out_n == map.v[0].in_n;

	kb_buf_clear(&w->map);
	if (!plain)
		kb_offmap_write(&w->map, &map, p->start);
	kb_buf_clear(&w->json);
	kb_buf_add(&w->json, part->dialect);
	kb_buf_addc(&w->json, part->autop ? "+autop:" : ":");
	kb_buf_add(&w->json, p->context);
	if (w->map.failed || w->json.failed)
		return kb_err_nomem(err);
	sqlite3_bind_int64(st, 1, w->npassages);
	sqlite3_bind_int64(st, 2, (int64_t)doc + 1);
	sqlite3_bind_int64(st, 3, (int64_t)seq);
	bind_str(st, 4, part->field);
	sqlite3_bind_int64(st, 5, (int64_t)p->start);
	sqlite3_bind_int64(st, 6, (int64_t)p->end);
	bind_str(st, 7, p->heading);
	bind_str(st, 8, p->anchor);
	bind_text(st, 9, kb_buf_str(&w->json));
	sqlite3_bind_int64(st, 10, (int64_t)p->lead);
	sqlite3_bind_int64(st, 11, (int64_t)p->words);
	if (w->map.n > 0)
		sqlite3_bind_blob64(st, 12, w->map.p, w->map.n,
		    SQLITE_STATIC);
	bind_text(st, 13, p->text);
	return step(w, PUT_PASSAGE, err);
}

static enum kb_status
put_places(struct kb_writer *w, const struct kb_place *q,
    struct kb_err *err)
{
	sqlite3_stmt *st = w->st[PUT_PLACE];
	enum kb_status status = KB_OK;

	for (; q != NULL && status == KB_OK; q = q->next) {
		sqlite3_bind_int64(st, 1, w->npassages);
		sqlite3_bind_int64(st, 2, (int64_t)q->at);
		bind_str(st, 3, q->heading);
		bind_str(st, 4, q->anchor);
		status = step(w, PUT_PLACE, err);
	}
	return status;
}

enum kb_status
kb_writer_passages(struct kb_writer *w, uint32_t doc,
    const struct kb_prepared *prepared, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	sqlite3_stmt *st = w->st[PUT_FTS];

	for (size_t i = 0; i < prepared->npassages && status == KB_OK; i++) {
		const struct kb_prepared_passage *q = &prepared->passages[i];

		w->npassages++;
		status = put_passage(w, doc, i + 1, q,
		    &prepared->rec->parts[q->passage->part], err);
		if (status == KB_OK)
			status = put_places(w, q->passage->places, err);
		if (status != KB_OK)
			break;
		sqlite3_bind_int64(st, 1, w->npassages);
		bind_str(st, 2, q->title);
		bind_str(st, 3, q->heading);
		bind_str(st, 4, q->body);
		bind_str(st, 5, q->surface);
		status = step(w, PUT_FTS, err);
		if (status == KB_OK && (!count_terms(w, q->title) ||
		    !count_terms(w, q->heading) || !count_terms(w, q->body)))
			status = kb_err_nomem(err);
	}
	return status;
}

/* ---- all the rest ---- */

enum kb_status
kb_writer_meta(struct kb_writer *w, const char *key, struct kb_str value,
    struct kb_err *err)
{
	bind_text(w->st[PUT_META], 1, kb_str_c(key));
	bind_text(w->st[PUT_META], 2, value);
	return step(w, PUT_META, err);
}

static void
bind_list(struct kb_writer *w, sqlite3_stmt *st, int i,
    const struct kb_value *v)
{
	struct kb_json j;

	if (v == NULL) {
		sqlite3_bind_null(st, i);
		return;
	}
	kb_buf_clear(&w->json);
	kb_json_init(&j, &w->json);
	kb_json_begin_array(&j);
	for (; v != NULL; v = v->next)
		kb_json_str(&j, v->text);
	kb_json_end_array(&j);
	sqlite3_bind_text64(st, i, w->json.p, w->json.n, SQLITE_TRANSIENT,
	    SQLITE_UTF8);
}

/* Anything but "everyone" in its many spellings. */
static bool
is_restricted(const struct kb_value *audience)
{
	for (; audience != NULL; audience = audience->next)
		if (!kb_audience_is_open(audience->text))
			return true;
	return false;
}

static enum kb_status
put_article(struct kb_writer *w, const struct kb_corpus *c, uint32_t n,
    struct kb_err *err)
{
	const struct kb_doc *d = &c->docs[n];
	sqlite3_stmt *st = w->st[PUT_ARTICLE];
	const struct kb_value *v;
	enum kb_status status;

	sqlite3_bind_int64(st, 1, (int64_t)n + 1);
	bind_text(st, 2, d->id);
	bind_str(st, 3, d->declared);
	bind_text(st, 4, d->path);
	bind_str(st, 5, d->member);
	bind_count(st, 6, d->number > 0 ? (int64_t)d->number : -1);
	sqlite3_bind_int64(st, 7, (int64_t)d->start);
	sqlite3_bind_int64(st, 8, (int64_t)d->end);
	sqlite3_bind_int64(st, 9, d->line);
	bind_text(st, 10, d->format);
	bind_text(st, 11, d->source);
	bind_str(st, 12, d->title);
	bind_str(st, 13, d->url);
	bind_str(st, 14, d->edit_url);
	bind_str(st, 15, d->lang);
	bind_str(st, 16, d->owner);
	bind_str(st, 17, d->owner_kind);
	bind_str(st, 18, d->owner_source);
	bind_list(w, st, 19, d->authors);
	bind_str(st, 20, d->editor);
	bind_date(st, 21, d->created);
	bind_date(st, 22, d->modified);
	bind_date(st, 23, d->reviewed);
	bind_date(st, 24, d->review_due);
	bind_date(st, 25, d->expires);
	sqlite3_bind_int(st, 26, (int)d->status);
	bind_str(st, 27, d->version);
	bind_str(st, 28, d->replaced_by);
	bind_list(w, st, 29, d->audience);
	bind_list(w, st, 30, d->category);
	sqlite3_bind_int(st, 31, is_restricted(d->audience));
	bind_str(st, 32, d->product);
	bind_list(w, st, 33, d->tags);
	bind_count(st, 34, d->views);
	bind_count(st, 35, d->votes);
	bind_str(st, 36, d->description);
	sqlite3_bind_int64(st, 37, (int64_t)d->words);
	bind_count(st, 38, d->canonical != UINT32_MAX ?
	    (int64_t)d->canonical + 1 : -1);
	bind_str(st, 39, kb_str_c(d->relation));
	bind_str(st, 40, d->reason);
	status = step(w, PUT_ARTICLE, err);
	for (v = d->aliases; v != NULL && status == KB_OK; v = v->next) {
		bind_text(w->st[PUT_ALIAS], 1, v->text);
		sqlite3_bind_int64(w->st[PUT_ALIAS], 2, (int64_t)n + 1);
		status = step(w, PUT_ALIAS, err);
	}
	return status;
}

static enum kb_status
put_links(struct kb_writer *w, const struct kb_corpus *c,
    struct kb_err *err)
{
	sqlite3_stmt *st = w->st[PUT_LINK];
	enum kb_status status = KB_OK;
	int64_t seq = 0;

	for (size_t i = 0; i < c->nlinks && status == KB_OK; i++) {
		const struct kb_link_ref *l = &c->links[i];

		seq = i > 0 && c->links[i - 1].doc == l->doc ? seq + 1 : 1;
		sqlite3_bind_int64(st, 1, (int64_t)l->doc + 1);
		sqlite3_bind_int64(st, 2, seq);
		bind_text(st, 3, l->href);
		bind_count(st, 4, l->target != UINT32_MAX ?
		    (int64_t)l->target + 1 : -1);
		status = step(w, PUT_LINK, err);
	}
	return status;
}

static enum kb_status
put_duplicates(struct kb_writer *w, const struct kb_corpus *c,
    struct kb_err *err)
{
	sqlite3_stmt *st = w->st[PUT_DUPLICATE];
	enum kb_status status = KB_OK;

	for (size_t i = 0; i < c->npairs && status == KB_OK; i++) {
		const struct kb_pair *p = &c->pairs[i];

		sqlite3_bind_int64(st, 1, (int64_t)p->a + 1);
		sqlite3_bind_int64(st, 2, (int64_t)p->b + 1);
		bind_text(st, 3, kb_str_c(kb_relation_name(
		    (enum kb_relation)p->relation)));
		sqlite3_bind_int64(st, 4, p->shared);
		sqlite3_bind_int64(st, 5, p->size_a);
		sqlite3_bind_int64(st, 6, p->size_b);
		sqlite3_bind_int64(st, 7, p->own_shared);
		sqlite3_bind_int64(st, 8, p->own_a);
		sqlite3_bind_int64(st, 9, p->own_b);
		status = step(w, PUT_DUPLICATE, err);
	}
	return status;
}

void
kb_finding_fingerprint(const struct kb_corpus *c, const struct kb_finding *f,
    char out[35])
{
	const struct kb_doc *d = f->doc != UINT32_MAX ? &c->docs[f->doc] :
	    NULL;
	struct kb_buf b = { 0 };
	unsigned char hash[KB_SHA256_SIZE];
	struct kb_str who = { NULL, 0 };

	if (d != NULL)
		who = d->declared.n > 0 ? d->declared : d->title;
	if (d != NULL && who.n == 0)
		/* Nothing else tells two of these apart but their text. */
		kb_buf_printf(&b, "%016llx", (unsigned long long)
		    d->body_hash);
	kb_buf_addc(&b, f->code);
	kb_buf_addch(&b, '\0');
	kb_buf_add(&b, who);
	kb_buf_addch(&b, '\0');
	kb_buf_add(&b, f->evidence);
	kb_sha256(hash, b.p, b.n);
	memcpy(out, "1:", 2);
	for (int i = 0; i < 16; i++) {
		out[2 + 2 * i] = "0123456789abcdef"[hash[i] >> 4];
		out[3 + 2 * i] = "0123456789abcdef"[hash[i] & 15];
	}
	out[34] = '\0';
	kb_buf_release(&b);
}

static int
log2_floor(uint64_t v)
{
	int n = 0;

	while (v >>= 1)
		n++;
	return n;
}

/*
 * The rule's weight, raised by a tenth for each doubling of views and of
 * links that lead here: what many people read is put right first.
 */
static double
priority(const struct kb_corpus *c, const struct kb_finding *f)
{
	double weight = kb_code_weight(f->code);
	const struct kb_doc *d;
	int tenths = 0;

	if (f->doc != UINT32_MAX) {
		d = &c->docs[f->doc];
		tenths = log2_floor((uint64_t)(d->views > 0 ? d->views : 0) +
		    1) + log2_floor((uint64_t)d->inlinks + 1);
	}
	return weight * (10 + tenths) / 10;
}

static enum kb_status
put_findings(struct kb_writer *w, const struct kb_corpus *c,
    struct kb_err *err)
{
	sqlite3_stmt *st = w->st[PUT_FINDING];
	enum kb_status status = KB_OK;
	char print[35];

	for (size_t i = 0; i < c->nfindings && status == KB_OK; i++) {
		const struct kb_finding *f = &c->findings[i];

		kb_finding_fingerprint(c, f, print);
		sqlite3_bind_int64(st, 1, (int64_t)i + 1);
		bind_text(st, 2, kb_str_c(f->code));
		sqlite3_bind_int(st, 3, (int)f->level);
		bind_count(st, 4, f->doc != UINT32_MAX ? (int64_t)f->doc +
		    1 : -1);
		bind_str(st, 5, f->doc != UINT32_MAX ?
		    c->docs[f->doc].path : f->path);
		bind_count(st, 6, f->line > 0 ? (int64_t)f->line : -1);
		bind_count(st, 7, f->col > 0 ? (int64_t)f->col : -1);
		if (f->end > f->start) {
			sqlite3_bind_int64(st, 8, (int64_t)f->start);
			sqlite3_bind_int64(st, 9, (int64_t)f->end);
		}
		bind_text(st, 10, f->message);
		bind_str(st, 11, f->value);
		bind_str(st, 12, f->threshold);
		bind_text(st, 13, kb_str_c(print));
		sqlite3_bind_double(st, 14, priority(c, f));
		status = step(w, PUT_FINDING, err);
	}
	return status;
}

static int
by_term(const void *a, const void *b)
{
	return kb_str_cmp(((const struct count *)a)->term,
	    ((const struct count *)b)->term);
}

static enum kb_status
put_terms(struct kb_writer *w, struct kb_err *err)
{
	sqlite3_stmt *st = w->st[PUT_TERM];
	enum kb_status status = KB_OK;

	if (w->ncounts > 0)
		qsort(w->counts, w->ncounts, sizeof(*w->counts), by_term);
	for (size_t i = 0; i < w->ncounts && status == KB_OK; i++) {
		bind_text(st, 1, w->counts[i].term);
		sqlite3_bind_int64(st, 2, w->counts[i].df);
		status = step(w, PUT_TERM, err);
	}
	return status;
}

enum kb_status
kb_writer_articles(struct kb_writer *w, const struct kb_corpus *c,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	for (uint32_t i = 0; i < c->ndocs && status == KB_OK; i++)
		status = put_article(w, c, i, err);
	if (status == KB_OK)
		status = put_links(w, c, err);
	if (status == KB_OK)
		status = put_duplicates(w, c, err);
	if (status == KB_OK && sqlite3_exec(w->db, KB_SCHEMA_INDEXES, NULL,
	    NULL, NULL) != SQLITE_OK)
		status = fail(w, err);
	return status;
}

enum kb_status
kb_writer_terms(struct kb_writer *w, struct kb_err *err)
{
	enum kb_status status = put_terms(w, err);

	if (status == KB_OK && sqlite3_exec(w->db, "INSERT INTO fts(fts) "
	    "VALUES('optimize')", NULL, NULL, NULL) != SQLITE_OK)
		status = fail(w, err);
	w->terms_in = status == KB_OK;
	return status;
}

enum kb_status
kb_writer_finish(struct kb_writer *w, const struct kb_corpus *c,
    struct kb_err *err)
{
	enum kb_status status = put_findings(w, c, err);

	if (status == KB_OK && !w->terms_in)
		status = kb_writer_terms(w, err);
	if (status == KB_OK && sqlite3_exec(w->db, "COMMIT", NULL, NULL,
	    NULL) != SQLITE_OK)
		status = fail(w, err);
	return status;
}
