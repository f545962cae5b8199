/*
 * The report for programs.  Its format is told in docs/FORMAT.md.
 */
#include "json.h"
#include "report.h"

static void
put_counts(struct kb_json *j, struct kb_report *r)
{
	struct kb_report_code *codes;
	size_t n;

	kb_json_key(j, "counts");
	kb_json_begin_object(j);
	kb_json_kv_int(j, "findings", (int64_t)r->nkeys);
	kb_json_kv_int(j, "articles_with_findings", (int64_t)r->nfound);
	kb_json_kv_int(j, "clusters", (int64_t)r->nclusters);
	kb_json_kv_int(j, "quarantined", (int64_t)r->quarantined);
	kb_json_key(j, "levels");
	kb_json_begin_object(j);
	for (int i = KB_ERROR; i >= KB_NOTE; i--)
		kb_json_kv_int(j, kb_level_name((enum kb_level)i),
		    (int64_t)r->levels[i]);
	kb_json_end_object(j);
	kb_json_key(j, "codes");
	kb_json_begin_array(j);
	codes = kb_report_codes(r, &n);
	for (size_t i = 0; i < n; i++) {
		kb_json_begin_object(j);
		kb_json_kv_str(j, "code", codes[i].name);
		kb_json_kv_int(j, "count", (int64_t)codes[i].count);
		kb_json_kv_str(j, "action", kb_str_c(codes[i].known->action));
		kb_json_kv_str(j, "meaning",
		    kb_str_c(codes[i].known->meaning));
		kb_json_kv_str(j, "remedy", kb_str_c(codes[i].known->remedy));
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
	kb_json_end_object(j);
}

static void
put_number_or_null(struct kb_json *j, const char *key, int64_t v, bool has)
{
	kb_json_key(j, key);
	if (has)
		kb_json_int(j, v);
	else
		kb_json_null(j);
}

static void
put_span(struct kb_json *j, const struct kb_report_finding *f)
{
	kb_json_key(j, "span");
	if (!f->has_span) {
		kb_json_null(j);
		return;
	}
	kb_json_begin_object(j);
	kb_json_kv_str(j, "path", f->path);
	kb_json_kv_str(j, "member", f->member);
	put_number_or_null(j, "record", f->record, f->record > 0);
	kb_json_key(j, "field");
	kb_json_null(j);
	kb_json_kv_int(j, "start", f->start);
	kb_json_kv_int(j, "end", f->end);
	kb_json_end_object(j);
}

static void
put_finding(struct kb_json *j, const struct kb_report_finding *f)
{
	char day[11];

	kb_json_begin_object(j);
	kb_json_kv_str(j, "code", f->code);
	kb_json_kv_str(j, "level", kb_str_c(kb_level_name(f->level)));
	kb_json_kv_str(j, "article", f->id);
	put_span(j, f);
	kb_json_kv_str(j, "message", f->message);
	kb_json_kv_str(j, "value", f->value);
	kb_json_kv_str(j, "threshold", f->threshold);
	kb_json_kv_str(j, "fingerprint", f->fingerprint);
	kb_json_kv_str(j, "edit_url", f->edit_url);
	kb_json_kv_str(j, "url", f->url);
	kb_json_kv_str(j, "title", f->title);
	kb_json_kv_str(j, "owner", f->owner);
	kb_json_kv_str(j, "path", f->path);
	put_number_or_null(j, "line", f->line, f->line > 0);
	kb_json_kv_str(j, "modified", kb_report_date(f->modified, day));
	kb_json_kv_str(j, "reviewed", kb_report_date(f->reviewed, day));
	put_number_or_null(j, "views", f->views, f->views >= 0);
	kb_json_kv_str(j, "action", kb_str_c(f->known->action));
	kb_json_key(j, "priority");
	kb_json_real(j, f->priority, 3);
	kb_json_end_object(j);
}

enum kb_status
kb_report_json(struct kb_report *r, struct kb_out *out, struct kb_err *err)
{
	size_t most = r->opts->most != 0 && r->opts->most < r->nkeys ?
	    r->opts->most : r->nkeys;
	struct kb_report_finding f;
	enum kb_status status = KB_OK;
	struct kb_json j;

	kb_json_init(&j, &out->buf);
	j.ascii = kb_out_is_terminal();
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kb_json_kv_str(&j, "generation",
	    kb_str_c(kb_store_generation(r->store)));
	kb_json_kv_str(&j, "as_of", r->as_of);
	kb_json_kv_int(&j, "articles", (int64_t)r->narticles);
	put_counts(&j, r);
	kb_json_key(&j, "findings");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < most && status == KB_OK && !out->done; i++) {
		status = kb_report_read(r, i, &f, err);
		if (status != KB_OK)
			break;
		kb_buf_addch(&out->buf, j.comma ? ',' : '\n');
		if (j.comma)
			kb_buf_addch(&out->buf, '\n');
		j.comma = false;
		put_finding(&j, &f);
		kb_out_spill(out);
	}
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(&out->buf, '\n');
	return status;
}
