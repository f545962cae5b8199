#include "answer.h"
#include "date.h"
#include "json.h"

static void
kv(struct kb_json *j, const char *key, const char *value)
{
	kb_json_kv_str(j, key, kb_str_c(value));
}

static void
kv_date(struct kb_json *j, const char *key, int32_t date)
{
	char day[11];

	kv(j, key, kb_date_format(date, day));
}

void
kb_span_json(struct kb_json *j, const struct kb_span *s)
{
	kb_json_begin_object(j);
	kv(j, "path", s->path);
	kv(j, "member", s->member);
	kb_json_key(j, "record");
	if (s->record > 0)
		kb_json_int(j, s->record);
	else
		kb_json_null(j);
	kv(j, "field", s->field);
	kb_json_kv_int(j, "start", (int64_t)s->start);
	kb_json_kv_int(j, "end", (int64_t)s->end);
	kb_json_kv_str(j, "context", kb_str_c(s->context));
	kb_json_end_object(j);
}

static void
trust(struct kb_json *j, const struct kb_trust *t)
{
	kb_json_begin_object(j);
	kv(j, "owner", t->owner);
	kv_date(j, "reviewed", t->reviewed);
	kv_date(j, "modified", t->modified);
	kv(j, "status", kb_article_status_name(t->status));
	kv(j, "policy", kb_policy_name(t->policy));
	kb_json_key(j, "findings");
	kb_json_begin_array(j);
	for (size_t i = 0; i < t->nfindings; i++)
		kb_json_str(j, kb_str_c(t->findings[i]));
	kb_json_end_array(j);
	kv(j, "canonical", t->canonical);
	kb_json_end_object(j);
}

static void
suggestion(struct kb_json *j, const struct kb_suggestion *s)
{
	kb_json_begin_object(j);
	kv(j, "id", s->id);
	kv(j, "passage_id", s->passage_id);
	kv(j, "title", s->title);
	kv(j, "url", s->url);
	kv(j, "heading", s->heading);
	kv(j, "anchor", s->anchor);
	kv(j, "text", s->text);
	kv(j, "quote", s->quote);
	kb_json_key(j, "span");
	kb_span_json(j, &s->span);
	kb_json_key(j, "score");
	kb_json_real(j, s->score, 6);
	kb_json_key(j, "confidence");
	kb_json_real(j, s->confidence, 6);
	kb_json_key(j, "trust");
	trust(j, &s->trust);
	kb_json_key(j, "also");
	kb_json_begin_array(j);
	for (size_t i = 0; i < s->nalso; i++) {
		kb_json_begin_object(j);
		kv(j, "id", s->also[i].id);
		kv(j, "title", s->also[i].title);
		kv(j, "relation", s->also[i].relation);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
	kb_json_end_object(j);
}

static void
list(struct kb_json *j, const char *key, const struct kb_suggestion *v,
    size_t n)
{
	kb_json_key(j, key);
	kb_json_begin_array(j);
	for (size_t i = 0; i < n; i++)
		suggestion(j, &v[i]);
	kb_json_end_array(j);
}

void
kb_answer_json(struct kb_buf *out, const struct kb_answer *a,
    const struct kb_index *index)
{
	struct kb_json j;

	kb_json_init(&j, out);
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kv(&j, "query_id", a->query_id);
	kv(&j, "generation", kb_index_generation(index));
	kv(&j, "view", kb_index_view(index));
	kv(&j, "status", a->answered ? "answered" : "unanswered");
	kv(&j, "reason", a->answered ? NULL : kb_reason_name(a->reason));
	kb_json_key(&j, "confidence");
	kb_json_real(&j, a->confidence, 6);
	kb_json_key(&j, "calibrated");
	kb_json_bool(&j, false);
	list(&j, "suggestions", a->suggestions, a->nsuggestions);
	list(&j, "near", a->near, a->nnear);
	kb_json_end_object(&j);
	kb_buf_addch(out, '\n');
}
