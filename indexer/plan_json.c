/*
 * The plan for programs.  Its format is told in docs/FORMAT.md.
 */
#include "date.h"
#include "json.h"
#include "plan.h"

static void
put_date(struct kb_json *j, const char *key, int64_t date)
{
	char day[11] = "";

	if (date > 0 && date <= INT32_MAX && kb_date_valid((int32_t)date))
		kb_date_format((int32_t)date, day);
	kb_json_kv_str(j, key, kb_str_c(day));
}

static void
put_count(struct kb_json *j, const char *key, int64_t v)
{
	kb_json_key(j, key);
	if (v >= 0)
		kb_json_int(j, v);
	else
		kb_json_null(j);
}

static void
put_bool(struct kb_json *j, const char *key, bool v)
{
	kb_json_key(j, key);
	kb_json_bool(j, v);
}

static void
put_audience(struct kb_json *j, const struct kb_audience *a)
{
	kb_json_key(j, "audience");
	if (!a->stated) {
		kb_json_null(j);
		return;
	}
	kb_json_begin_array(j);
	for (size_t i = 0; i < a->ngroups; i++)
		kb_json_str(j, a->groups[i]);
	if (a->open)
		kb_json_str(j, KB_STR("everyone"));
	kb_json_end_array(j);
}

/* What is hidden is null. */
static void
put_article(struct kb_json *j, const struct kb_plan_article *a)
{
	struct kb_str none = kb_str("", 0);

	kb_json_kv_str(j, "id", a->id);
	kb_json_kv_str(j, "title", a->hidden ? none : a->title);
	kb_json_kv_str(j, "url", a->hidden ? none : a->url);
	kb_json_kv_str(j, "edit_url", a->hidden ? none : a->edit_url);
	kb_json_kv_str(j, "owner", a->owner);
	kb_json_kv_str(j, "status", kb_str_c(kb_article_status_name(
	    a->status)));
	put_audience(j, &a->audience);
	put_bool(j, "restricted", a->restricted);
	put_date(j, "modified", a->modified);
	put_date(j, "reviewed", a->reviewed);
	put_count(j, "views", a->views);
	put_count(j, "words", a->words);
}

static void
put_counts(struct kb_json *j, const struct kb_plan_member *m)
{
	kb_json_key(j, "paragraphs");
	kb_json_begin_object(j);
	for (int i = 0; i < KB_FATES; i++)
		kb_json_kv_int(j, kb_plan_fate_name((enum kb_plan_fate)i),
		    (int64_t)m->counts[i]);
	kb_json_kv_int(j, "same_but_signs", (int64_t)m->signs);
	kb_json_end_object(j);
}

static void
put_member(struct kb_json *j, const struct kb_plan_member *m)
{
	kb_json_begin_object(j);
	put_article(j, &m->article);
	kb_json_kv_str(j, "relation", kb_str_c(kb_plan_relation_name(
	    m->relation)));
	put_count(j, "shared", m->size > 0 ? m->shared : -1);
	put_count(j, "size", m->size > 0 ? m->size : -1);
	put_count(j, "kept_size", m->size > 0 ? m->kept_size : -1);
	kb_json_kv_int(j, "links", (int64_t)m->article.inlinks);
	kb_json_kv_str(j, "verdict", kb_str_c(kb_plan_verdict_name(
	    m->verdict)));
	kb_json_kv_str(j, "why", m->why);
	kb_json_kv_str(j, "reason", m->reason);
	put_counts(j, m);
	put_bool(j, "coarse", m->coarse);
	kb_json_end_object(j);
}

static struct kb_str
passage_id(struct kb_buf *b, struct kb_str id, int64_t seq)
{
	kb_buf_clear(b);
	kb_buf_add(b, id);
	kb_buf_printf(b, "#p%lld", (long long)seq);
	return kb_buf_str(b);
}

/* Where it goes, or what it differs from: a paragraph of what is kept. */
static void
put_kept(struct kb_json *j, const struct kb_plan_cluster *c,
    const struct kb_plan_item *item, struct kb_buf *b)
{
	const char *key = item->fate == KB_FATE_DECIDE ? "kept" : "after";
	const struct kb_paragraph *k;
	size_t at;

	kb_json_key(j, key);
	if (item->kept == KB_PLAN_TOP) {
		kb_json_null(j);
		return;
	}
	k = &c->text.paragraphs[item->kept];
	kb_json_begin_object(j);
	kb_json_kv_int(j, "paragraph", (int64_t)item->kept);
	kb_json_kv_str(j, "passage_id", passage_id(b, c->keep.id,
	    kb_paragraph_passage(&c->text, k, 0, &at)->seq));
	kb_json_kv_str(j, "heading", k->heading);
	kb_json_kv_str(j, "text", k->text);
	kb_json_end_object(j);
}

static void
put_item(struct kb_json *j, const struct kb_plan_cluster *c,
    const struct kb_plan_item *item, struct kb_buf *b)
{
	struct kb_str id = c->members[item->member].article.id;

	kb_json_begin_object(j);
	kb_json_kv_str(j, "fate", kb_str_c(kb_plan_fate_name(item->fate)));
	kb_json_kv_str(j, "from", id);
	kb_json_kv_int(j, "paragraph", (int64_t)item->paragraph);
	kb_json_kv_str(j, "passage_id", passage_id(b, id, item->seq));
	kb_json_kv_str(j, "heading", item->heading);
	put_bool(j, "is_heading", item->head);
	kb_json_kv_str(j, "text", item->text);
	put_kept(j, c, item, b);
	if (item->fate == KB_FATE_DECIDE)
		put_bool(j, "facts", item->facts);
	if (item->fate == KB_FATE_AGAIN)
		kb_json_kv_str(j, "added_from", c->members[c->items[
		    item->again].member].article.id);
	kb_json_end_object(j);
}

static void
put_choices(struct kb_json *j, const struct kb_plan_cluster *c)
{
	kb_json_key(j, "choices");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nchoices; i++) {
		const struct kb_plan_choice *ch = &c->choices[i];

		kb_json_begin_object(j);
		kb_json_kv_str(j, "field", kb_str_c(ch->field));
		kb_json_kv_str(j, "kept", ch->kept);
		kb_json_kv_str(j, "from",
		    c->members[ch->member].article.id);
		kb_json_kv_str(j, "other", ch->other);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_side(struct kb_json *j, const char *key, struct kb_str id,
    struct kb_str quote, struct kb_str fact)
{
	kb_json_key(j, key);
	kb_json_begin_object(j);
	kb_json_kv_str(j, "article", id);
	kb_json_kv_str(j, "quote", quote);
	kb_json_kv_str(j, "fact", fact);
	kb_json_end_object(j);
}

static void
put_conflicts(struct kb_json *j, const struct kb_plan_cluster *c)
{
	kb_json_key(j, "conflicts");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nconflicts; i++) {
		const struct kb_plan_conflict *f = &c->conflicts[i];

		kb_json_begin_object(j);
		kb_json_kv_str(j, "kind", f->kind);
		put_side(j, "a", f->a_id, f->a_quote, f->a_fact);
		put_side(j, "b", f->b_id, f->b_quote, f->b_fact);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_links(struct kb_json *j, const struct kb_plan_cluster *c)
{
	kb_json_key(j, "links");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nlinks; i++) {
		const struct kb_plan_link *l = &c->links[i];

		kb_json_begin_object(j);
		kb_json_kv_str(j, "article", l->id);
		kb_json_kv_str(j, "title", l->title);
		kb_json_kv_str(j, "owner", l->owner);
		kb_json_kv_str(j, "edit_url", l->edit_url);
		kb_json_kv_str(j, "href", l->href);
		kb_json_kv_int(j, "times", (int64_t)l->times);
		kb_json_kv_str(j, "to", c->members[l->member].article.id);
		put_bool(j, "in_kept", l->own);
		put_bool(j, "moves", l->moves);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_redirects(struct kb_json *j, const struct kb_plan_cluster *c)
{
	struct kb_str none = kb_str("", 0);

	kb_json_key(j, "redirects");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nmembers; i++) {
		const struct kb_plan_article *a = &c->members[i].article;

		if (!kb_plan_goes(&c->members[i]))
			continue;
		kb_json_begin_object(j);
		kb_json_kv_str(j, "old_id", a->id);
		kb_json_kv_str(j, "new_id", c->keep.id);
		kb_json_kv_str(j, "old_url", a->hidden ? none : a->url);
		kb_json_kv_str(j, "new_url", c->keep.url);
		kb_json_end_object(j);
	}
	kb_json_end_array(j);
}

static void
put_cluster(struct kb_json *j, const struct kb_plan_cluster *c,
    struct kb_buf *b)
{
	kb_json_begin_object(j);
	kb_json_key(j, "keep");
	kb_json_begin_object(j);
	put_article(j, &c->keep);
	kb_json_kv_int(j, "paragraphs", (int64_t)c->text.nparagraphs);
	kb_json_end_object(j);
	kb_json_key(j, "members");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nmembers; i++)
		put_member(j, &c->members[i]);
	kb_json_end_array(j);
	kb_json_key(j, "items");
	kb_json_begin_array(j);
	for (size_t i = 0; i < c->nitems; i++)
		put_item(j, c, &c->items[i], b);
	kb_json_end_array(j);
	put_choices(j, c);
	put_conflicts(j, c);
	put_links(j, c);
	put_redirects(j, c);
	kb_json_kv_int(j, "open", (int64_t)c->open);
	kb_json_end_object(j);
}

static void
put_share(struct kb_json *j, const char *key, int thousandths)
{
	kb_json_key(j, key);
	kb_json_real(j, thousandths / 1000.0, 3);
}

static void
put_pair(struct kb_json *j, const struct kb_plan_pair *pair,
    const struct kb_plan_cluster *c)
{
	kb_json_begin_object(j);
	put_share(j, "score", pair->score);
	put_share(j, "titles_alike", pair->title);
	put_share(j, "texts_alike", pair->body);
	kb_json_key(j, "a");
	kb_json_begin_object(j);
	put_article(j, &c->members[0].article);
	kb_json_end_object(j);
	kb_json_key(j, "b");
	kb_json_begin_object(j);
	put_article(j, &c->keep);
	kb_json_end_object(j);
	kb_json_kv_str(j, "trusted", c->keep.id);
	put_conflicts(j, c);
	kb_json_end_object(j);
}

static enum kb_status
put_competing(struct kb_json *j, struct kb_plan *p, struct kb_out *out,
    struct kb_plan_totals *totals, struct kb_err *err)
{
	struct kb_plan_cluster c;
	enum kb_status status = KB_OK;

	kb_json_key(j, "competing");
	if (!p->asked) {
		kb_json_null(j);
		return KB_OK;
	}
	kb_json_begin_array(j);
	for (size_t i = 0; i < p->npairs && !out->done; i++) {
		status = kb_plan_read_pair(p, i, &c, err);
		if (status != KB_OK)
			break;
		totals->competing++;
		kb_buf_addc(&out->buf, j->comma ? ",\n" : "\n");
		j->comma = false;
		put_pair(j, &p->pairs[i], &c);
		kb_out_spill(out);
	}
	kb_json_end_array(j);
	return status;
}

static void
put_totals(struct kb_json *j, const struct kb_plan_totals *t, size_t later)
{
	kb_json_key(j, "counts");
	kb_json_begin_object(j);
	kb_json_kv_int(j, "clusters", (int64_t)t->clusters);
	for (int i = 0; i < KB_PLAN_VERDICTS; i++)
		kb_json_kv_int(j, kb_plan_verdict_name(
		    (enum kb_plan_verdict)i), (int64_t)t->verdicts[i]);
	kb_json_kv_int(j, "additions", (int64_t)t->items);
	kb_json_kv_int(j, "open", (int64_t)t->open);
	kb_json_kv_int(j, "links", (int64_t)t->links);
	kb_json_kv_int(j, "views", (int64_t)t->views);
	kb_json_kv_int(j, "words", (int64_t)t->words);
	kb_json_kv_int(j, "later", (int64_t)later);
	kb_json_kv_int(j, "competing", (int64_t)t->competing);
	kb_json_end_object(j);
}

static enum kb_status
put_clusters(struct kb_json *j, struct kb_plan *p, struct kb_out *out,
    struct kb_buf *map, struct kb_plan_totals *totals, struct kb_err *err)
{
	struct kb_plan_cluster c;
	struct kb_buf b = { 0 };
	enum kb_status status = KB_OK;

	for (size_t i = 0; i < p->nunits && (!out->done || map != NULL);
	    i++) {
		status = kb_plan_read(p, i, &c, err);
		if (status != KB_OK)
			break;
		kb_plan_add(totals, &c);
		kb_buf_addc(&out->buf, j->comma ? ",\n" : "\n");
		j->comma = false;
		put_cluster(j, &c, &b);
		if (map != NULL)
			kb_plan_redirects(map, &c);
		kb_out_spill(out);
	}
	if (status == KB_OK)
		status = kb_buf_check(&b, err);
	kb_buf_release(&b);
	return status;
}

enum kb_status
kb_plan_json(struct kb_plan *p, struct kb_out *out, struct kb_buf *map,
    struct kb_err *err)
{
	struct kb_plan_totals totals = { 0 };
	struct kb_json j;
	enum kb_status status;

	kb_json_init(&j, &out->buf);
	j.ascii = kb_out_is_terminal();
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kb_json_kv_str(&j, "generation",
	    kb_str_c(kb_store_generation(p->store)));
	kb_json_kv_str(&j, "as_of", kb_buf_str(&p->as_of));
	kb_json_key(&j, "clusters");
	kb_json_begin_array(&j);
	status = put_clusters(&j, p, out, map, &totals, err);
	kb_json_end_array(&j);
	if (status == KB_OK)
		status = put_competing(&j, p, out, &totals, err);
	put_totals(&j, &totals, p->later);
	kb_json_end_object(&j);
	kb_buf_addch(&out->buf, '\n');
	return status;
}
