/*
 * An inspection for programs.
 */
#include "inspect.h"
#include "json.h"

static void
put_fields(struct kb_json *j, const struct kb_inspect_group *g)
{
	kb_json_key(j, "fields");
	kb_json_begin_array(j);
	for (int i = 0; i < KB_F_N; i++) {
		const struct kb_inspect_field *f = &g->fields[i];

		kb_json_begin_object(j);
		kb_json_kv_str(j, "field",
		    kb_str_c(kb_field_name((enum kb_field)i)));
		kb_json_kv_int(j, "articles", (int64_t)f->count);
		kb_json_kv_str(j, "sample", f->sample);
		if (kb_field_is_date((enum kb_field)i)) {
			kb_json_kv_int(j, "no_dates", (int64_t)f->bad);
			kb_json_kv_str(j, "no_date_sample", f->bad_sample);
		}
		kb_json_key(j, "sources");
		kb_json_begin_array(j);
		for (size_t k = 0; k < f->sources.n; k++) {
			kb_json_begin_object(j);
			kb_json_kv_str(j, "source", f->sources.v[k].name);
			kb_json_kv_int(j, "articles",
			    (int64_t)f->sources.v[k].count);
			kb_json_end_object(j);
		}
		kb_json_end_array(j);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_statuses(struct kb_json *j, const struct kb_inspect *in,
    const struct kb_inspect_group *g)
{
	enum kb_article_status status;

	kb_json_key(j, "statuses");
	kb_json_begin_array(j);
	for (size_t i = 0; i < g->status.n; i++) {
		bool known = kb_profiles_status(in->settings->profiles,
		    g->status.v[i].name, &status);

		kb_json_begin_object(j);
		kb_json_kv_str(j, "value", g->status.v[i].name);
		kb_json_kv_int(j, "articles", (int64_t)g->status.v[i].count);
		kb_json_kv_str(j, "status", kb_str_c(known ?
		    kb_article_status_name(status) : NULL));
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_tally(struct kb_json *j, const char *key, const char *name,
    const struct kb_tally *t, bool samples)
{
	kb_json_key(j, key);
	kb_json_begin_array(j);
	for (size_t i = 0; i < t->n; i++) {
		kb_json_begin_object(j);
		kb_json_kv_str(j, name, t->v[i].name);
		kb_json_kv_int(j, "count", (int64_t)t->v[i].count);
		if (samples)
			kb_json_kv_str(j, "sample", t->v[i].sample);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_group(struct kb_json *j, const struct kb_inspect *in,
    const struct kb_inspect_group *g)
{
	kb_json_begin_object(j);
	kb_json_kv_str(j, "format", g->format);
	kb_json_kv_str(j, "folder", g->folder);
	kb_json_kv_int(j, "articles", (int64_t)g->articles);
	kb_json_kv_int(j, "no_articles", (int64_t)g->dropped);
	put_tally(j, "no_article_reasons", "reason", &g->drops, false);
	put_fields(j, g);
	put_statuses(j, in, g);
	put_tally(j, "languages", "lang", &g->langs, false);
	put_tally(j, "unmapped", "name", &g->unmapped, true);
	kb_json_end_object(j);
}

static void
put_problems(struct kb_json *j, const struct kb_inspect *in)
{
	kb_json_key(j, "problems");
	kb_json_begin_array(j);
	for (size_t i = 0; i < in->nproblems; i++) {
		kb_json_begin_object(j);
		kb_json_kv_str(j, "path", in->problems[i].path);
		kb_json_kv_int(j, "line", in->problems[i].line);
		kb_json_kv_str(j, "message", in->problems[i].message);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_metadata(struct kb_json *j, const struct kb_metadata *metadata)
{
	struct kb_metadata_use use;

	kb_json_key(j, "metadata");
	if (metadata == NULL) {
		kb_json_null(j);
		return;
	}
	kb_metadata_count(metadata, &use);
	kb_json_begin_object(j);
	kb_json_kv_str(j, "file", use.file);
	kb_json_kv_str(j, "key", use.key);
	kb_json_kv_int(j, "rows", (int64_t)use.rows);
	kb_json_kv_int(j, "unused", (int64_t)use.unused);
	kb_json_kv_str(j, "first_unused", use.first);
	kb_json_key(j, "first_unused_line");
	if (use.unused > 0)
		kb_json_int(j, use.line);
	else
		kb_json_null(j);
	kb_json_end_object(j);
}

static void
say(void *arg, struct kb_str advice)
{
	kb_json_str(arg, advice);
}

void
kb_inspect_json(const struct kb_inspect *in, struct kb_out *out)
{
	struct kb_json j;

	kb_json_init(&j, &out->buf);
	j.ascii = kb_out_is_terminal();
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kb_json_kv_int(&j, "files", (int64_t)in->files);
	kb_json_kv_int(&j, "articles", (int64_t)in->articles);
	kb_json_kv_int(&j, "no_articles", (int64_t)in->dropped);
	kb_json_kv_int(&j, "unreadable", (int64_t)in->unreadable);
	put_problems(&j, in);
	put_metadata(&j, in->metadata);
	kb_json_key(&j, "groups");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < in->ngroups; i++)
		put_group(&j, in, in->groups[i]);
	kb_json_end_array(&j);
	kb_json_key(&j, "next");
	kb_json_begin_array(&j);
	kb_inspect_next(in, say, &j);
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(&out->buf, '\n');
}
