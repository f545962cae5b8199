/*
 * The plan for people, as Markdown.  Contract: plan.h.
 */
#include "date.h"
#include "markdown.h"
#include "plan_say.h"

void
kb_say(struct kb_plan_writer *w, const char *text)
{
	kb_buf_addc(w->b, text);
}

void
kb_say_count(struct kb_plan_writer *w, uint64_t n, const char *one,
    const char *many)
{
	kb_out_count(w->b, n, 0);
	kb_buf_printf(w->b, " %s", n == 1 ? one : many);
}

void
kb_say_line(struct kb_plan_writer *w, struct kb_str text)
{
	kb_md_line(w->b, text, 0);
}

void
kb_say_id(struct kb_plan_writer *w, struct kb_str id)
{
	kb_md_verbatim(w->b, id);
}

static bool
ends_in(struct kb_str id, struct kb_str tail)
{
	return kb_str_has_suffix(id, tail) && (id.n == tail.n ||
	    id.p[id.n - tail.n - 1] == '/');
}

/* How many articles of the cluster are called so, as far as it is told. */
static size_t
called(const struct kb_plan_cluster *c, struct kb_str tail)
{
	size_t n = ends_in(c->keep.id, tail);

	for (size_t i = 0; i < c->nmembers; i++)
		n += ends_in(c->members[i].article.id, tail);
	return n;
}

#define MANY	100	/* members: more are called by their whole id */

/* An id that is a path, by as many of its last steps as tell it apart. */
void
kb_say_name(struct kb_plan_writer *w, struct kb_str id)
{
	struct kb_str tail = id;

	for (size_t i = id.n; i > 0 && w->c->nmembers <= MANY; i--) {
		if (id.p[i - 1] != '/' || i == id.n)
			continue;
		tail = kb_str(id.p + i, id.n - i);
		if (called(w->c, tail) == 1)
			break;
		tail = id;
	}
	kb_say_id(w, tail);
}

static struct kb_str
title_of(const struct kb_plan_article *a)
{
	if (a->hidden)
		return KB_STR("(title withheld)");
	return a->title.n > 0 ? a->title : KB_STR("(no title)");
}

/* ---- what there is ---- */

static void
say_date(struct kb_plan_writer *w, const char *what, int64_t date)
{
	char day[11];

	if (date > 0 && date <= INT32_MAX && kb_date_valid((int32_t)date))
		kb_buf_printf(w->b, ", %s %s", what,
		    kb_date_format((int32_t)date, day));
}

static void
say_article(struct kb_plan_writer *w, const struct kb_plan_article *a)
{
	kb_md_link(w->b, title_of(a), a->hidden ? kb_str("", 0) : a->url);
	kb_say(w, " (");
	kb_say_id(w, a->id);
	kb_say(w, "; ");
	kb_say_line(w, a->owner.n > 0 ? a->owner : KB_STR("no owner"));
	if (a->status != KB_ARTICLE_PUBLISHED)
		kb_buf_printf(w->b, ", %s", kb_article_status_name(
		    a->status));
	say_date(w, "reviewed", a->reviewed);
	if (a->reviewed == 0)
		say_date(w, "modified", a->modified);
	if (a->views >= 0) {
		kb_say(w, ", ");
		kb_say_count(w, (uint64_t)a->views, "view", "views");
	}
	kb_say(w, ")");
}

static void
say_keep(struct kb_plan_writer *w)
{
	kb_say(w, "**Keep** ");
	say_article(w, &w->c->keep);
	kb_say(w, ".\n");
	if (w->c->keep.restricted)
		kb_say(w, "**It is not for everyone: hand this part on to its "
		    "readers only.**\n");
	kb_say(w, "\n");
}

static const char *
what_to_do(const struct kb_plan_member *m)
{
	static const char *const texts[KB_PLAN_VERDICTS] = {
		"Merge", "Ask first, then merge", "Leave, but take from",
		"Refused:", "Another version, left alone:"
	};

	return texts[m->verdict];
}

static void
say_likeness(struct kb_plan_writer *w, const struct kb_plan_member *m)
{
	int64_t all = m->size + m->kept_size - m->shared;

	if (m->relation == KB_PLAN_IDENTICAL) {
		kb_say(w, "identical");
		return;
	}
	if (m->relation == KB_PLAN_CONTAINED) {
		if (m->size > 0)
			kb_buf_printf(w->b, "%d%% of it is inside",
			    (int)((double)m->shared * 100 /
			    (double)m->size));
		else
			kb_say(w, "inside");
		return;
	}
	if (all > 0 && m->shared > 0)
		kb_buf_printf(w->b, "%d%% alike", (int)((double)m->shared *
		    100 / (double)all));
	else
		kb_say(w, "alike");
}

static void
say_counts(struct kb_plan_writer *w, const struct kb_plan_member *m)
{
	size_t add = m->counts[KB_FATE_ADD];
	size_t here = m->counts[KB_FATE_SAME] + m->counts[KB_FATE_ELSEWHERE];

	if (here == m->nparagraphs) {
		kb_say(w, ": every paragraph of it is here already");
		return;
	}
	kb_say(w, ": ");
	kb_say_count(w, here, "paragraph is here already",
	    "paragraphs are here already");
	if (add > 0) {
		kb_say(w, ", ");
		kb_say_count(w, add, "to add", "to add");
	}
	if (m->counts[KB_FATE_AGAIN] > 0) {
		kb_say(w, ", ");
		kb_say_count(w, m->counts[KB_FATE_AGAIN], "added from another",
		    "added from others");
	}
	if (m->counts[KB_FATE_DECIDE] > 0) {
		kb_say(w, ", ");
		kb_say_count(w, m->counts[KB_FATE_DECIDE], "differs", "differ");
	}
}

static void
say_member(struct kb_plan_writer *w, const struct kb_plan_member *m)
{
	kb_buf_printf(w->b, "- **%s** ", what_to_do(m));
	say_article(w, &m->article);
	if (m->verdict == KB_PLAN_REFUSE || m->verdict == KB_PLAN_LIST) {
		kb_say(w, ": ");
		kb_say_line(w, m->why);
		if (m->counts[KB_FATE_WITHHELD] > 0 &&
		    m->verdict == KB_PLAN_REFUSE) {
			kb_say(w, ". ");
			kb_say_count(w, m->counts[KB_FATE_WITHHELD],
			    "paragraph of its own is not shown here",
			    "paragraphs of its own are not shown here");
		}
		kb_say(w, ".\n");
		return;
	}
	kb_say(w, ", ");
	say_likeness(w, m);
	say_counts(w, m);
	if (m->signs > 0)
		kb_buf_printf(w->b, " (%zu with other case or punctuation)",
		    m->signs);
	if (m->coarse)
		kb_say(w, "; it is very long and was compared roughly");
	kb_say(w, ".\n");
	if (m->reason.n > 0) {
		kb_say(w, "  The kept one: ");
		kb_say_line(w, m->reason);
		kb_say(w, ".\n");
	}
}

/* ---- links and redirects ---- */

static void
say_place(struct kb_plan_writer *w, struct kb_str url, struct kb_str id)
{
	kb_say_id(w, url.n > 0 ? url : id);
}

static void
say_link(struct kb_plan_writer *w, const struct kb_plan_link *l)
{
	kb_say(w, "- [ ] In ");
	kb_md_link(w->b, l->hidden ? KB_STR("(title withheld)") :
	    l->title.n > 0 ? l->title : KB_STR("(no title)"),
	    l->edit_url.n > 0 ? l->edit_url : l->url);
	kb_say(w, " (");
	kb_say_id(w, l->id);
	kb_say(w, "; ");
	kb_say_line(w, l->owner.n > 0 ? l->owner : KB_STR("no owner"));
	kb_say(w, "): ");
	kb_say_id(w, l->href);
	if (l->own) {
		kb_say(w, " would lead to the article itself: take it out");
	} else {
		kb_say(w, " → ");
		say_place(w, w->c->keep.url, w->c->keep.id);
	}
	if (l->times > 1)
		kb_buf_printf(w->b, ", %zu times", l->times);
	if (l->href.n > 0 && memchr(l->href.p, '#', l->href.n) != NULL)
		kb_say(w, " (it leads into the article: find the new place)");
	if (l->moves)
		kb_say(w, " (this article is to be merged by this plan, too)");
	kb_say(w, "\n");
}

static void
links(struct kb_plan_writer *w)
{
	if (w->c->nlinks == 0)
		return;
	kb_say(w, "\n### Links to change\n\n");
	for (size_t i = 0; i < w->c->nlinks; i++)
		say_link(w, &w->c->links[i]);
}

static void
redirects(struct kb_plan_writer *w)
{
	bool any = false;

	for (size_t i = 0; i < w->c->nmembers; i++) {
		const struct kb_plan_article *a = &w->c->members[i].article;

		if (!kb_plan_goes(&w->c->members[i]))
			continue;
		if (!any)
			kb_say(w, "\n### Redirect\n\n");
		any = true;
		kb_say(w, "- [ ] ");
		say_place(w, a->hidden ? kb_str("", 0) : a->url, a->id);
		kb_say(w, " → ");
		say_place(w, w->c->keep.url, w->c->keep.id);
		if (a->url.n > 0 && w->c->keep.url.n == 0)
			kb_say(w, " (no address of it is known)");
		kb_say(w, "\n");
	}
}

/* ---- competing articles ---- */

static void
say_pair(struct kb_plan_writer *w, const struct kb_plan_pair *pair)
{
	const struct kb_plan_article *a = &w->c->members[0].article;

	kb_say(w, "- [ ] **Does it need both?** ");
	say_article(w, &w->c->keep);
	kb_say(w, " and ");
	say_article(w, a);
	kb_buf_printf(w->b, ": score %.3f; titles are alike by %.0f%%, texts "
	    "by %.0f%%.\n", pair->score / 1000.0, pair->title / 10.0,
	    pair->body / 10.0);
	if (a->restricted || w->c->keep.restricted)
		kb_say(w, "  **They are not for everyone: hand this on to "
		    "their readers only.**\n");
	kb_say_conflicts(w);
}

static enum kb_status
competing(struct kb_plan_writer *w, struct kb_plan_cluster *c,
    struct kb_out *out, struct kb_plan_totals *totals, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	if (w->p->npairs == 0)
		return KB_OK;
	kb_say(w, "\n## Competing articles\n\nTwo articles that seem to "
	    "answer one question in different words: asked for by its title "
	    "and first sentences, each finds the other first.\nThey are no "
	    "copies, and nothing above merges them: read both (`kb-index "
	    "diff`), then merge them by hand, retire one, or say in both what "
	    "each is for.\nThe first of two is the one to be trusted more."
	    "\n\n");
	for (size_t i = 0; i < w->p->npairs && !out->done; i++) {
		status = kb_plan_read_pair(w->p, i, c, err);
		if (status != KB_OK)
			break;
		say_pair(w, &w->p->pairs[i]);
		totals->competing++;
		kb_out_spill(out);
	}
	return status;
}

/* ---- the whole ---- */

static enum kb_status
cluster(struct kb_plan_writer *w, size_t i, struct kb_err *err)
{
	enum kb_status status;

	kb_buf_printf(w->b, "\n## %zu. ", i + 1);
	kb_say_line(w, title_of(&w->c->keep));
	kb_say(w, "\n\n");
	say_keep(w);
	for (size_t k = 0; k < w->c->nmembers; k++)
		say_member(w, &w->c->members[k]);
	status = kb_say_decisions(w, err);
	if (status != KB_OK)
		return status;
	kb_say_additions(w);
	links(w);
	redirects(w);
	return KB_OK;
}

static void
head_of_pairs(struct kb_plan_writer *w)
{
	if (w->p->npairs == 0)
		return;
	kb_say_count(w, w->p->npairs, "pair of articles seems",
	    "pairs of articles seem");
	kb_say(w, " to answer one question: see the end.\n");
}

static void
head(struct kb_plan_writer *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->p->nunits; i++)
		n += w->p->units[i].n;
	kb_say(w, "# Merge plan\n\nAs of ");
	kb_say_line(w, kb_buf_str(&w->p->as_of));
	kb_buf_printf(w->b, ", generation %s.\n", kb_store_generation(
	    w->p->store));
	if (w->p->nunits == 0) {
		kb_say(w, "\nThere is nothing to merge.\n");
		head_of_pairs(w);
		return;
	}
	kb_say_count(w, w->p->nunits, "cluster", "clusters");
	kb_say(w, ", those first that save most; ");
	kb_say_count(w, n, "article beside the one that is kept",
	    "articles beside those that are kept");
	kb_say(w, ".\n");
	head_of_pairs(w);
	kb_say(w, "Nothing has been changed: this is a list of what to do.\n"
	    "Where two articles say one thing differently, **bold** is what "
	    "differs.\n");
}

static void
foot(struct kb_plan_writer *w, const struct kb_plan_totals *t)
{
	if (t->clusters > 0) {
		kb_say(w, "\n## In all\n\n");
		kb_say_count(w, t->verdicts[KB_PLAN_MERGE], "article to merge",
		    "articles to merge");
		kb_buf_printf(w->b, ", %zu to ask about first, %zu to leave "
		    "to their readers, %zu refused.\n",
		    t->verdicts[KB_PLAN_ASK], t->verdicts[KB_PLAN_STAY],
		    t->verdicts[KB_PLAN_REFUSE]);
		kb_say_count(w, t->items, "paragraph to add, ",
		    "paragraphs to add, ");
		kb_say_count(w, t->open, "thing to decide, ",
		    "things to decide, ");
		kb_say_count(w, t->links, "link to change.\n",
		    "links to change.\n");
	}
	if (!w->p->asked && w->p->opts->cluster == NULL)
		kb_say(w, "\nArticles that answer one question in different "
		    "words were not looked for; `kb-index competing` does "
		    "so.\n");
	if (w->p->later > 0 && w->p->opts->cluster == NULL) {
		kb_say(w, "\n");
		kb_say_count(w, w->p->later, "article stands",
		    "articles stand");
		kb_say(w, " inside of another, and one of the two has a part "
		    "of its own above: build and plan again when that is "
		    "done.\n");
	}
}

enum kb_status
kb_plan_markdown(struct kb_plan *p, struct kb_out *out,
    struct kb_buf *map, struct kb_err *err)
{
	struct kb_plan_cluster c;
	struct kb_plan_totals totals = { 0 };
	struct kb_plan_writer w = { p, &c, &out->buf, { 0 } };
	enum kb_status status = KB_OK;

	head(&w);
	for (size_t i = 0; i < p->nunits && status == KB_OK &&
	    (!out->done || map != NULL); i++) {
		status = kb_plan_read(p, i, &c, err);
		if (status != KB_OK)
			break;
		kb_plan_add(&totals, &c);
		status = cluster(&w, i, err);
		if (map != NULL)
			kb_plan_redirects(map, &c);
		kb_out_spill(out);
	}
	if (status == KB_OK)
		status = competing(&w, &c, out, &totals, err);
	if (status == KB_OK)
		foot(&w, &totals);
	kb_arena_release(&w.arena);
	return status;
}
