#include "build.h"

#include <stdio.h>
#include <stdlib.h>

#include "compete_find.h"
#include "conflict_find.h"
#include "date.h"
#include "json.h"
#include "pool.h"
#include "similar.h"
#include "store.h"
#include "survey.h"
#include "write.h"

struct consumer {
	struct kb_build		*b;
	struct kb_writer	*writer;
	struct kb_join		*join;
	char			 langs[32][3];
	size_t			 nlangs;
};

/* ---- what is said ---- */

static void
say(struct kb_build *b, enum kb_level level, const char *code,
    const struct kb_file *file, uint32_t line, uint32_t col,
    struct kb_str message)
{
	struct kb_buf place = { 0 };

	if (b->say == NULL)
		return;
	kb_buf_add(&place, file->path);
	if (line > 0)
		kb_buf_printf(&place, ":%u", (unsigned)line);
	if (col > 0)
		kb_buf_printf(&place, ":%u", (unsigned)col);
	b->say(b->arg, level, code, kb_buf_str(&place), message);
	kb_buf_release(&place);
}

/* A finding of no article: about a file or a record that was left out. */
static enum kb_status
find_outside(struct consumer *k, const struct kb_file *file,
    const struct kb_diag *d, struct kb_err *err)
{
	struct kb_corpus *c = &k->b->corpus;
	struct kb_finding *f = kb_corpus_find(c, kb_arena_copy(&c->arena,
	    kb_str_c(d->code)).p, d->level, UINT32_MAX);

	if (f == NULL)
		return kb_err_nomem(err);
	f->path = file->path;
	f->line = d->line;
	f->col = d->col;
	f->start = d->start;
	f->end = d->end;
	f->message = f->evidence = kb_arena_copy(&c->arena, d->message);
	return c->arena.failed ? kb_err_nomem(err) : KB_OK;
}

static enum kb_status
take_refusal(struct consumer *k, const struct kb_file *file,
    const struct kb_record *rec, struct kb_err *err)
{
	const struct kb_saved_diag *s;
	enum kb_status status = KB_OK;
	bool lost = false;

	if (!kb_str_eq(rec->drop_reason, KB_STR("unreadable"))) {
		k->b->corpus.dropped++;
		return KB_OK;
	}
	for (s = rec->diags; s != NULL && status == KB_OK; s = s->next) {
		lost |= s->diag.level == KB_ERROR;
		say(k->b, s->diag.level, s->diag.code, file, s->diag.line,
		    s->diag.col, s->diag.message);
		status = find_outside(k, file, &s->diag, err);
	}
	/* What is a warning only came beside a record that was read. */
	k->b->corpus.quarantined += lost;
	return status;
}

static enum kb_status
take_failure(struct consumer *k, const struct kb_file *file,
    const struct kb_err *why, struct kb_err *err)
{
	struct kb_diag d = { .level = KB_ERROR, .code = "unreadable" };

	d.message = kb_str_c(why->msg);
	/* The message names the file already; the place will, too. */
	if (kb_str_has_prefix(d.message, file->path) &&
	    d.message.n > file->path.n + 2 &&
	    d.message.p[file->path.n] == ':')
		d.message = kb_str_trim(kb_str(d.message.p + file->path.n + 1,
		    d.message.n - file->path.n - 1));
	k->b->corpus.quarantined++;
	say(k->b, d.level, d.code, file, 0, 0, d.message);
	return find_outside(k, file, &d, err);
}

/* ---- articles ---- */

static void
note_lang(struct consumer *k, const struct kb_record *rec)
{
	const struct kb_value *v = rec->values[KB_F_LANG];
	char key[3];

	kb_lang_key(v != NULL ? v->text : kb_str(NULL, 0), key);
	for (size_t i = 0; i < k->nlangs; i++)
		if (strcmp(k->langs[i], key) == 0)
			return;
	if (k->nlangs < sizeof(k->langs) / sizeof(k->langs[0]))
		memcpy(k->langs[k->nlangs++], key, 3);
}

static void
say_own(struct consumer *k, const struct kb_file *file, size_t from)
{
	const struct kb_corpus *c = &k->b->corpus;

	for (size_t i = from; i < c->nfindings; i++)
		say(k->b, c->findings[i].level, c->findings[i].code, file,
		    c->findings[i].line, c->findings[i].col,
		    c->findings[i].message);
}

static enum kb_status
take(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	struct consumer *k = arg;
	struct kb_corpus *c = &k->b->corpus;
	struct kb_file at = *file;
	enum kb_status status;
	size_t from = c->nfindings;
	uint32_t doc;

	if (p == NULL) {
		c->files++;
		if (k->b->progress != NULL)
			k->b->progress(k->b->arg, "reading", c->files,
			    k->b->files->n);
		return why != NULL ? take_failure(k, file, why, err) : KB_OK;
	}
	if (p->rec->dropped) {
		at.path = kb_record_place(p->rec, file->path, &c->arena);
		status = take_refusal(k, &at, p->rec, err);
		kb_prepared_free(p);
		return status;
	}
	status = kb_corpus_add(c, file, p, &doc, err);
	if (status == KB_OK) {
		note_lang(k, p->rec);
		at.path = c->docs[doc].place;
		say_own(k, &at, from);
		status = kb_writer_passages(k->writer, doc, p, err);
	}
	if (status == KB_OK)
		status = kb_join_add(k->join, &p->shingles,
		    kb_buf_str(&p->list), err);
	kb_prepared_free(p);
	return status;
}

/* ---- what describes the generation ---- */

static enum kb_status
meta_number(struct consumer *k, const char *key, uint64_t v,
    struct kb_err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	return kb_writer_meta(k->writer, key, kb_str_c(text), err);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static enum kb_status
put_meta(struct consumer *k, struct kb_err *err)
{
	const struct kb_rules *r = &k->b->corpus.rules;
	struct kb_buf langs = { 0 };
	enum kb_status status;
	char text[64];

	qsort(k->langs, k->nlangs, sizeof(k->langs[0]), by_name);
	for (size_t i = 0; i < k->nlangs; i++)
		kb_buf_printf(&langs, "%s%s", i > 0 ? " " : "", k->langs[i]);
	status = kb_writer_meta(k->writer, "langs", kb_buf_str(&langs), err);
	kb_buf_release(&langs);
	if (status == KB_OK)
		status = kb_writer_meta(k->writer, "as_of",
		    kb_str_c(kb_date_format(r->as_of, text)), err);
	snprintf(text, sizeof(text), "%u/%u", (unsigned)r->near.count,
	    (unsigned)r->near.of);
	if (status == KB_OK)
		status = kb_writer_meta(k->writer, "near", kb_str_c(text),
		    err);
	if (status == KB_OK)
		status = meta_number(k, "stale_days",
		    (uint64_t)r->stale_days, err);
	if (status == KB_OK)
		status = meta_number(k, "files", k->b->corpus.files, err);
	if (status == KB_OK)
		status = meta_number(k, "quarantined",
		    k->b->corpus.quarantined, err);
	if (status == KB_OK)
		status = meta_number(k, "articles", k->b->corpus.ndocs, err);
	if (status == KB_OK)
		status = meta_number(k, "passages",
		    kb_writer_npassages(k->writer), err);
	if (status == KB_OK)
		status = meta_number(k, "pairs", k->b->corpus.npairs, err);
	if (status == KB_OK)
		status = meta_number(k, "pairs_found",
		    k->b->corpus.pairs_found, err);
	if (status == KB_OK)
		status = meta_number(k, "common_df", k->b->corpus.common_df,
		    err);
	return status;
}

static void
kv_ratio(struct kb_json *j, const char *key, struct kb_ratio r)
{
	char text[24];

	snprintf(text, sizeof(text), "%u/%u", (unsigned)r.count,
	    (unsigned)r.of);
	kb_json_kv_str(j, key, kb_str_c(text));
}

static void
duplicates_json(const struct kb_rules *r, struct kb_json *j)
{
	kv_ratio(j, "contained", r->inside);
	kb_json_kv_int(j, "contained_least", r->inside_least);
	kv_ratio(j, "common", r->common);
	kb_json_kv_int(j, "common_least", r->common_least);
	kb_json_kv_int(j, "common_most", r->common_most);
	kb_json_kv_int(j, "max_pairs", r->max_pairs);
	kb_json_kv_int(j, "width", r->shingling.width);
	kb_json_key(j, "keyed");
	kb_json_bool(j, r->shingling.keyed);
}

static void
options_json(const struct kb_build *b, struct kb_buf *out)
{
	const struct kb_rules *r = &b->corpus.rules;
	char day[11], order[2] = { r->date_order, '\0' }, near[24];
	struct kb_json j;

	snprintf(near, sizeof(near), "%u/%u", (unsigned)r->near.count,
	    (unsigned)r->near.of);
	kb_json_init(&j, out);
	kb_json_begin_object(&j);
	kb_json_kv_str(&j, "as_of", kb_str_c(kb_date_format(r->as_of, day)));
	kb_json_kv_str(&j, "url_base", kb_str_c(b->url_base));
	kb_json_kv_int(&j, "stale_days", r->stale_days);
	kb_json_kv_int(&j, "thin_words", r->thin_words);
	kb_json_kv_int(&j, "bulk_percent", r->bulk_percent);
	kb_json_kv_int(&j, "bulk_least", r->bulk_least);
	kb_json_kv_str(&j, "near", kb_str_c(near));
	duplicates_json(r, &j);
	kb_json_key(&j, "owner_from_author");
	kb_json_bool(&j, r->owner_from_author);
	kb_json_kv_str(&j, "date_order", kb_str_c(order));
	kb_json_key(&j, "conflicts");
	kb_json_bool(&j, r->conflicts);
	kb_json_key(&j, "competing");
	kb_json_bool(&j, r->competing);
	kb_json_kv_str(&j, "content", b->settings->marked ?
	    KB_STR("marked") : KB_STR("main"));
	kb_json_kv_str(&j, "profiles", kb_profiles_fingerprint(
	    b->settings->profiles));
	kb_json_end_object(&j);
}

static int
by_code(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A line for trends: how many findings of each code there were. */
static void
history_json(const struct kb_build *b, struct kb_buf *out)
{
	const struct kb_corpus *c = &b->corpus;
	const char **codes = calloc(c->nfindings + 1, sizeof(*codes));
	struct kb_json j;
	char day[11];
	size_t i, n;

	if (codes == NULL) {
		out->failed = true;
		return;
	}
	for (i = 0; i < c->nfindings; i++)
		codes[i] = c->findings[i].code;
	qsort(codes, c->nfindings, sizeof(*codes), by_code);
	kb_json_init(&j, out);
	kb_json_begin_object(&j);
	kb_json_kv_str(&j, "as_of", kb_str_c(kb_date_format(c->rules.as_of,
	    day)));
	kb_json_kv_int(&j, "articles", (int64_t)c->ndocs);
	kb_json_kv_int(&j, "passages", (int64_t)b->passages);
	kb_json_kv_int(&j, "files", (int64_t)c->files);
	kb_json_kv_int(&j, "quarantined", (int64_t)c->quarantined);
	kb_json_key(&j, "findings");
	kb_json_begin_object(&j);
	for (i = 0; i < c->nfindings; i += n) {
		for (n = 1; i + n < c->nfindings && strcmp(codes[i + n],
		    codes[i]) == 0; n++)
			continue;
		kb_json_kv_int(&j, codes[i], (int64_t)n);
	}
	kb_json_end_object(&j);
	kb_json_end_object(&j);
	free(codes);
}

/* ---- the run ---- */

static void
stage(struct kb_build *b, const char *what)
{
	if (b->progress != NULL)
		b->progress(b->arg, what, 0, 0);
}

static enum kb_status
read_all(struct consumer *k, struct kb_err *err)
{
	struct kb_pool_opts opts = {
		.profiles = k->b->settings->profiles,
		.metadata = k->b->metadata, .threads = k->b->threads,
		.started = k->b->started, .started_arg = k->b->arg
	};
	struct kb_furniture *furniture = NULL;
	enum kb_status status = KB_OK;

	opts.marked = k->b->settings->marked;
	opts.shingling = &k->b->corpus.rules.shingling;
	if (!opts.marked)
		status = kb_survey_run(&furniture, k->b->files, &opts, err);
	opts.furniture = furniture;
	if (status == KB_OK)
		status = kb_pool_run(k->b->files, &opts, take, k, err);
	kb_furniture_free(furniture);
	if (status == KB_OK && k->b->corpus.ndocs == 0)
		return kb_err_set(err, KB_NOTFOUND, "not one article in %zu "
		    "files (%zu could not be read); '%s' stays as it was; "
		    "'kb-index inspect PATH' tells what was found",
		    k->b->files->n, k->b->corpus.quarantined, k->b->output);
	return status;
}

static enum kb_status
judge(struct consumer *k, struct kb_err *err)
{
	enum kb_status status;

	stage(k->b, "comparing");
	status = kb_corpus_link(&k->b->corpus, err);
	if (status == KB_OK)
		status = kb_duplicates_run(&k->b->corpus, k->join, err);
	if (status == KB_OK)
		status = kb_rules_run(&k->b->corpus, err);
	return status;
}

static enum kb_status
publish(struct consumer *k, struct kb_publish *pub, struct kb_err *err)
{
	struct kb_buf options = { 0 }, history = { 0 };
	enum kb_status status;

	options_json(k->b, &options);
	history_json(k->b, &history);
	status = kb_buf_check(&options, err);
	if (status == KB_OK)
		status = kb_buf_check(&history, err);
	if (status == KB_OK)
		status = kb_publish_commit(pub, kb_buf_str(&options),
		    kb_buf_str(&history), k->b->generation, err);
	kb_buf_release(&options);
	kb_buf_release(&history);
	return status;
}

/* What is found by reading the articles as they have been written. */
static enum kb_status
find_in_text(struct consumer *k, sqlite3 *db, struct kb_err *err)
{
	struct kb_corpus *c = &k->b->corpus;
	struct kb_conflict_pair *pairs = NULL;
	enum kb_status status = KB_OK;
	size_t n = 0;

	if (c->rules.competing) {
		status = kb_writer_terms(k->writer, err);
		if (status == KB_OK)
			status = kb_compete_build(c, db, &pairs, &n, err);
		if (status == KB_OK)
			status = kb_writer_meta(k->writer, "competing",
			    KB_STR("yes"), err);
	}
	if (status == KB_OK && c->rules.conflicts)
		status = kb_conflicts_find(c, db, pairs, n, err);
	free(pairs);
	return status;
}

enum kb_status
kb_build_run(struct kb_build *b, struct kb_err *err)
{
	struct consumer k = { .b = b };
	struct kb_publish *pub = NULL;
	struct kb_rules rules = b->settings->rules;
	struct kb_join_opts join;
	enum kb_status status;

	rules.as_of = b->as_of;
	kb_corpus_init(&b->corpus, b->settings->profiles, &rules);
	b->corpus.url_base = b->url_base;
	kb_duplicates_options(&b->corpus, &join);
	join.threads = b->threads;
	if (b->files->n == 0)
		return kb_err_set(err, KB_NOTFOUND, "no file that could be "
		    "read as HTML or XML; '%s' stays as it was", b->output);
	status = kb_publish_begin(&pub, b->output, err);
	if (status == KB_OK)
		status = kb_writer_new(&k.writer, kb_publish_db(pub), err);
	if (status == KB_OK)
		status = kb_join_new(&k.join, kb_publish_dir(pub), &join,
		    err);
	if (status == KB_OK)
		status = read_all(&k, err);
	if (status == KB_OK)
		status = judge(&k, err);
	stage(b, "writing");
	if (status == KB_OK)
		status = put_meta(&k, err);
	if (status == KB_OK)
		status = kb_writer_articles(k.writer, &b->corpus, err);
	if (status == KB_OK)
		status = find_in_text(&k, kb_publish_db(pub), err);
	if (status == KB_OK)
		status = kb_writer_finish(k.writer, &b->corpus, err);
	if (status == KB_OK)
		status = kb_similar_write_join(kb_publish_db(pub),
		    kb_publish_dir(pub), k.join, (uint32_t)b->corpus.ndocs,
		    &b->corpus.rules.shingling, err);
	if (k.writer != NULL)
		b->passages = kb_writer_npassages(k.writer);
	kb_writer_free(k.writer);
	kb_join_free(k.join);
	if (status == KB_OK)
		status = publish(&k, pub, err);
	kb_publish_free(pub);
	return status;
}

void
kb_build_release(struct kb_build *b)
{
	kb_corpus_release(&b->corpus);
}
