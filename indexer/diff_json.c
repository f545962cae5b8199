/*
 * The JSON of a diff: docs/FORMAT.md.
 */
#include "diff.h"

#include <jansson.h>

#include "date.h"
#include "json.h"

static void
put_date(struct kb_json *j, const char *key, int32_t date)
{
	char text[11] = "";

	if (date != 0)
		kb_date_format(date, text);
	kb_json_kv_str(j, key, kb_str_c(text));
}

/* The column is a JSON array of strings; what is none counts as empty. */
static void
put_list(struct kb_json *j, const char *key, struct kb_str text)
{
	json_t *list = text.n > 0 ? json_loadb(text.p, text.n, 0, NULL) :
	    NULL, *item;
	size_t i;

	kb_json_key(j, key);
	kb_json_begin_array(j);
	json_array_foreach(list, i, item)
		if (json_is_string(item))
			kb_json_str(j, kb_str(json_string_value(item),
			    json_string_length(item)));
	kb_json_end_array(j);
	json_decref(list);
}

static void
put_article(struct kb_json *j, const char *key,
    const struct kb_article_text *a)
{
	kb_json_key(j, key);
	kb_json_begin_object(j);
	kb_json_kv_str(j, "id", a->id);
	kb_json_kv_str(j, "title", a->title);
	kb_json_kv_str(j, "url", a->url);
	kb_json_kv_str(j, "path", a->path);
	kb_json_kv_str(j, "owner", a->owner);
	put_date(j, "modified", a->modified);
	put_date(j, "reviewed", a->reviewed);
	kb_json_kv_str(j, "status",
	    kb_str_c(kb_article_status_name(a->status)));
	kb_json_key(j, "restricted");
	kb_json_bool(j, a->restricted);
	put_list(j, "audience", a->audience);
	kb_json_kv_int(j, "paragraphs", (int64_t)a->nparagraphs);
	kb_json_end_object(j);
}

static void
put_pair(struct kb_json *j, const struct kb_diff *d)
{
	kb_json_key(j, "pair");
	if (!d->known) {
		kb_json_null(j);
		return;
	}
	kb_json_begin_object(j);
	kb_json_kv_str(j, "relation", d->relation);
	kb_json_kv_int(j, "shared", d->shared);
	kb_json_kv_int(j, "size_a", d->size_a);
	kb_json_kv_int(j, "size_b", d->size_b);
	kb_json_key(j, "resemblance");
	kb_json_real(j, kb_diff_resemblance(d), 6);
	kb_json_end_object(j);
}

static void
put_counts(struct kb_json *j, const struct kb_alignment *al)
{
	kb_json_key(j, "counts");
	kb_json_begin_object(j);
	kb_json_kv_int(j, "same", (int64_t)al->counts[KB_ALIGN_SAME]);
	kb_json_kv_int(j, "changed", (int64_t)al->counts[KB_ALIGN_CHANGED]);
	kb_json_kv_int(j, "only_a", (int64_t)al->counts[KB_ALIGN_ONLY_A]);
	kb_json_kv_int(j, "only_b", (int64_t)al->counts[KB_ALIGN_ONLY_B]);
	kb_json_kv_int(j, "moved", (int64_t)al->moved);
	kb_json_end_object(j);
}

static void
put_span(struct kb_json *j, const struct kb_article_text *a,
    const struct kb_paragraph *p)
{
	const struct kb_text_passage *q = &a->passages[p->parts[0].passage];

	kb_json_key(j, "span");
	kb_json_begin_object(j);
	kb_json_kv_str(j, "path", a->path);
	kb_json_kv_str(j, "member", a->member);
	kb_json_key(j, "record");
	if (a->number > 0)
		kb_json_int(j, a->number);
	else
		kb_json_null(j);
	kb_json_kv_str(j, "field", q->field);
	kb_json_kv_int(j, "start", (int64_t)p->start);
	kb_json_kv_int(j, "end", (int64_t)p->end);
	kb_json_kv_str(j, "context", q->context);
	kb_json_end_object(j);
}

static void
put_paragraph(struct kb_json *j, const char *key,
    const struct kb_article_text *a, uint32_t i)
{
	const struct kb_paragraph *p;
	struct kb_buf id = { 0 };

	kb_json_key(j, key);
	if (i == KB_ALIGN_NONE) {
		kb_json_null(j);
		return;
	}
	p = &a->paragraphs[i];
	kb_buf_add(&id, a->id);
	kb_buf_printf(&id, "#p%lld",
	    (long long)a->passages[p->parts[0].passage].seq);
	kb_json_begin_object(j);
	kb_json_kv_int(j, "n", (int64_t)i + 1);
	kb_json_kv_str(j, "passage_id", kb_buf_str(&id));
	kb_json_kv_str(j, "heading", p->heading);
	kb_json_kv_str(j, "anchor", p->anchor);
	kb_json_key(j, "head");
	kb_json_bool(j, p->head);
	kb_json_key(j, "text");
	kb_json_str(j, p->text);
	put_span(j, a, p);
	kb_json_end_object(j);
	j->out->failed |= id.failed;
	kb_buf_release(&id);
}

/* What is behind the number of a step, as in the edits of every writer. */
static enum kb_status
put_edits(struct kb_json *j, const struct kb_diff *d,
    const struct kb_align_row *r, struct kb_arena *scratch,
    struct kb_err *err)
{
	struct kb_str a = kb_paragraph_words(&d->a.paragraphs[r->a]),
	    b = kb_paragraph_words(&d->b.paragraphs[r->b]);
	const struct kb_edit *v;
	enum kb_status status;
	size_t n;

	status = kb_align_words(&v, &n, a, b, scratch, err);
	if (status != KB_OK)
		return status;
	kb_json_key(j, "edits");
	kb_json_begin_array(j);
	for (size_t i = 0; i < n; i++) {
		kb_json_begin_object(j);
		kb_json_key(j, "same");
		kb_json_bool(j, v[i].same);
		kb_json_key(j, "a");
		kb_json_str(j, kb_str(a.p + v[i].a_from, v[i].a_to -
		    v[i].a_from));
		kb_json_key(j, "b");
		kb_json_str(j, kb_str(b.p + v[i].b_from, v[i].b_to -
		    v[i].b_from));
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
	return KB_OK;
}

static enum kb_status
put_row(struct kb_json *j, const struct kb_diff *d,
    const struct kb_align_row *r, struct kb_arena *scratch,
    struct kb_err *err)
{
	bool both = r->kind <= KB_ALIGN_CHANGED;
	enum kb_status status = KB_OK;

	kb_json_begin_object(j);
	kb_json_kv_str(j, "kind", kb_str_c(kb_align_kind_name(r->kind)));
	if (both) {
		kb_json_key(j, "exact");
		kb_json_bool(j, r->exact);
		kb_json_key(j, "moved");
		kb_json_bool(j, r->moved);
		kb_json_key(j, "similarity");
		kb_json_real(j, kb_align_similarity(r), 6);
	} else {
		kb_json_key(j, "elsewhere");
		kb_json_bool(j, r->elsewhere);
	}
	put_paragraph(j, "a", &d->a, r->a);
	put_paragraph(j, "b", &d->b, r->b);
	if (both && !r->exact)
		status = put_edits(j, d, r, scratch, err);
	kb_json_end_object(j);
	return status;
}

enum kb_status
kb_diff_json(const struct kb_diff *d, bool ascii, struct kb_out *out,
    struct kb_err *err)
{
	struct kb_arena scratch = { 0 };
	enum kb_status status = KB_OK;
	struct kb_json j;

	kb_json_init(&j, &out->buf);
	j.ascii = ascii;
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	put_article(&j, "a", &d->a);
	put_article(&j, "b", &d->b);
	put_pair(&j, d);
	put_counts(&j, &d->align);
	kb_json_key(&j, "coarse");
	kb_json_bool(&j, d->align.coarse);
	kb_json_key(&j, "rows");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < d->align.n && status == KB_OK && !out->done;
	    i++) {
		status = put_row(&j, d, &d->align.rows[i], &scratch, err);
		kb_arena_reset(&scratch);
		kb_out_spill(out);
	}
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(&out->buf, '\n');
	kb_arena_release(&scratch);
	return status;
}
