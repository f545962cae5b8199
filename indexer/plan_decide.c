/*
 * The parts of a plan that are about text, as Markdown.
 * Contract: plan_say.h.
 */
#include "markdown.h"
#include "plan_say.h"

#define CUT	90	/* cells of a paragraph that is only pointed at */

/* ---- what to decide ---- */

static const char *
field_label(const char *field)
{
	static const struct {
		const char	*field, *label;
	} labels[] = {
		{ "owner", "Owner" }, { "product", "Product" },
		{ "version", "Version" }, { "lang", "Language" },
		{ "audience", "Readers" }, { "review_due", "Next review" },
		{ "expires", "Expires" }
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strcmp(labels[i].field, field) == 0)
			return labels[i].label;
	return field;
}

static void
say_question(struct kb_plan_writer *w, const struct kb_plan_member *m)
{
	if (m->verdict == KB_PLAN_STAY) {
		kb_say(w, "- [ ] ");
		kb_say_name(w, m->article.id);
		kb_say(w, " stays as it is, for ");
	} else {
		kb_say(w, "- [ ] May ");
		kb_say_name(w, m->article.id);
		kb_say(w, " be merged? Ask, because ");
	}
	kb_say_line(w, m->why);
	kb_say(w, ".\n");
}

static void
say_choice(struct kb_plan_writer *w, const struct kb_plan_choice *ch)
{
	kb_buf_printf(w->b, "- [ ] %s: ", field_label(ch->field));
	if (ch->kept.n > 0)
		kb_say_line(w, ch->kept);
	else
		kb_say(w, "none");
	kb_say(w, " (kept), ");
	kb_say_line(w, ch->other);
	kb_say(w, " (");
	kb_say_name(w, w->c->members[ch->member].article.id);
	kb_say(w, ")?\n");
}

/* A sign between two words that differ: "131.7" is one number. */
static bool
is_joint(struct kb_str text, const struct kb_edit *v, size_t n, size_t i)
{
	if (i == 0 || i + 1 >= n || v[i - 1].same || v[i + 1].same)
		return false;
	for (size_t k = v[i].a_from; k < v[i].a_to; k++)
		if (strchr(".,:/-_", text.p[k]) == NULL)
			return false;
	return true;
}

/* One side of a paragraph that differs; "side" is 0 for what is kept. */
static void
say_side(struct kb_plan_writer *w, struct kb_str a, struct kb_str text,
    const struct kb_edit *v, size_t n, int side)
{
	struct kb_md md = { .out = w->b, .begun = true };
	size_t from, to = 0, i = 0;
	bool same;

	while (i < n) {
		same = v[i].same && !is_joint(a, v, n, i);
		from = to;
		for (; i < n && (v[i].same && !is_joint(a, v, n, i)) == same;
		    i++)
			to = side == 0 ? v[i].a_to : v[i].b_to;
		if (same)
			kb_md_piece(&md, kb_str(text.p + from, to - from));
		else
			kb_md_bold(&md, kb_str(text.p + from, to - from),
			    to < text.n ? text.p[to] : ' ');
	}
}

static void
say_code(struct kb_plan_writer *w, struct kb_str id, struct kb_str text)
{
	kb_say(w, "  - ");
	kb_say_name(w, id);
	kb_say(w, ":\n\n");
	kb_md_code(w->b, "    ", text);
}

static bool
is_code(const struct kb_plan_item *item, struct kb_str kept)
{
	return item->code || memchr(kept.p, '\n', kept.n) != NULL;
}

/* What is kept: marked where it is compared with one other only. */
static enum kb_status
say_kept(struct kb_plan_writer *w, const struct kb_plan_item *item, bool alone,
    struct kb_err *err)
{
	struct kb_str kept = w->c->text.paragraphs[item->kept].text;
	const struct kb_edit *v;
	enum kb_status status;
	size_t n;

	if (is_code(item, kept)) {
		say_code(w, w->c->keep.id, kept);
		return KB_OK;
	}
	kb_say(w, "  - ");
	kb_say_name(w, w->c->keep.id);
	kb_say(w, ": ");
	kb_arena_reset(&w->arena);
	status = kb_align_words(&v, &n, kept, item->text, &w->arena, err);
	if (status == KB_OK && alone)
		say_side(w, kept, kept, v, n, 0);
	else if (status == KB_OK)
		kb_say_line(w, kept);
	kb_say(w, "\n");
	return status;
}

static enum kb_status
say_other(struct kb_plan_writer *w, const struct kb_plan_item *item,
    struct kb_err *err)
{
	struct kb_str kept = w->c->text.paragraphs[item->kept].text;
	struct kb_str id = w->c->members[item->member].article.id;
	const struct kb_edit *v;
	enum kb_status status;
	size_t n;

	if (is_code(item, kept)) {
		say_code(w, id, item->text);
		return KB_OK;
	}
	kb_say(w, "  - ");
	kb_say_name(w, id);
	kb_say(w, ": ");
	kb_arena_reset(&w->arena);
	status = kb_align_words(&v, &n, kept, item->text, &w->arena, err);
	if (status == KB_OK)
		say_side(w, kept, item->text, v, n, 1);
	kb_say(w, "\n");
	return status;
}

static void
say_under(struct kb_plan_writer *w, struct kb_str heading)
{
	if (heading.n == 0)
		return;
	kb_say(w, " under ");
	kb_md_line(w->b, heading, CUT);
}

static void
say_quote(struct kb_plan_writer *w, struct kb_str id, struct kb_str quote,
    struct kb_str fact)
{
	struct kb_md md = { .out = w->b, .begun = true };
	size_t at = fact.n > 0 ? kb_str_find(quote, fact, 0) : (size_t)-1;

	kb_say(w, "  - ");
	kb_say_name(w, id);
	kb_say(w, ": ");
	if (at == (size_t)-1) {
		kb_md_piece(&md, quote);
	} else {
		kb_md_piece(&md, kb_str(quote.p, at));
		kb_md_bold(&md, fact, at + fact.n < quote.n ?
		    quote.p[at + fact.n] : ' ');
		kb_md_piece(&md, kb_str(quote.p + at + fact.n, quote.n - at -
		    fact.n));
	}
	kb_say(w, "\n");
}

static void
say_conflict(struct kb_plan_writer *w, const struct kb_plan_conflict *f)
{
	kb_say(w, "- [ ] **Which is right?** Two sentences differ in a ");
	kb_say_line(w, f->kind);
	kb_say(w, ":\n");
	say_quote(w, f->a_id, f->a_quote, f->a_fact);
	say_quote(w, f->b_id, f->b_quote, f->b_fact);
}

void
kb_say_conflicts(struct kb_plan_writer *w)
{
	for (size_t i = 0; i < w->c->nconflicts; i++)
		say_conflict(w, &w->c->conflicts[i]);
}

/* The items from "i" on that are about one paragraph of what is kept. */
static size_t
same_place(const struct kb_plan_cluster *c, size_t i)
{
	size_t n = 1;

	while (i + n < c->nitems && c->items[i + n].fate == KB_FATE_DECIDE &&
	    c->items[i + n].kept == c->items[i].kept)
		n++;
	return n;
}

static bool
any_facts(const struct kb_plan_cluster *c, size_t i, size_t n)
{
	bool any = false;

	while (n-- > 0)
		any |= c->items[i + n].facts;
	return any;
}

static enum kb_status
say_difference(struct kb_plan_writer *w, size_t i, size_t n, bool facts,
    struct kb_err *err)
{
	const struct kb_plan_item *item = &w->c->items[i];
	enum kb_status status;

	kb_say(w, item->head ? "- [ ] Which heading" : facts ?
	    "- [ ] **Which is right?** A fact differs" :
	    "- [ ] Which wording");
	if (!item->head)
		say_under(w, w->c->text.paragraphs[item->kept].heading);
	kb_say(w, facts && !item->head ? ":\n" : "?\n");
	status = say_kept(w, item, n == 1, err);
	for (size_t k = 0; k < n && status == KB_OK; k++)
		status = say_other(w, item + k, err);
	return status;
}

/* Facts are told before wordings. */
static enum kb_status
differences(struct kb_plan_writer *w, bool facts, struct kb_err *err)
{
	const struct kb_plan_cluster *c = w->c;
	enum kb_status status = KB_OK;
	size_t i = 0, n;

	for (; i < c->nitems && status == KB_OK; i += n) {
		n = 1;
		if (c->items[i].fate != KB_FATE_DECIDE)
			continue;
		n = same_place(c, i);
		if (any_facts(c, i, n) == facts)
			status = say_difference(w, i, n, facts, err);
	}
	return status;
}

enum kb_status
kb_say_decisions(struct kb_plan_writer *w, struct kb_err *err)
{
	const struct kb_plan_cluster *c = w->c;
	enum kb_status status;

	if (c->open == 0)
		return KB_OK;
	kb_say(w, "\n### Decide\n\n");
	for (size_t i = 0; i < c->nmembers; i++)
		if (c->members[i].verdict == KB_PLAN_ASK ||
		    c->members[i].verdict == KB_PLAN_STAY)
			say_question(w, &c->members[i]);
	for (size_t i = 0; i < c->nchoices; i++)
		say_choice(w, &c->choices[i]);
	kb_say_conflicts(w);
	status = differences(w, true, err);
	if (status == KB_OK)
		status = differences(w, false, err);
	return status;
}

/* ---- what to add ---- */

static void
say_where(struct kb_plan_writer *w, const struct kb_plan_item *item)
{
	const struct kb_paragraph *k;

	if (item->kept == KB_PLAN_TOP) {
		kb_say(w, "- [ ] At the beginning");
	} else {
		k = &w->c->text.paragraphs[item->kept];
		kb_say(w, k->head ? "- [ ] Below the heading “" :
		    "- [ ] After “");
		kb_md_line(w->b, k->text, CUT);
		kb_say(w, "”");
		if (!k->head)
			say_under(w, k->heading);
	}
	kb_say(w, ", from ");
	kb_say_name(w, w->c->members[item->member].article.id);
	kb_say(w, ":\n\n");
}

static void
say_addition(struct kb_plan_writer *w, const struct kb_plan_item *item)
{
	if (item->code) {
		kb_md_code(w->b, "  > ", item->text);
		return;
	}
	kb_say(w, "  > ");
	if (item->head) {
		kb_say(w, "**Heading:** ");
		kb_say_line(w, item->text);
	} else {
		kb_md_block(w->b, item->text);
	}
	kb_say(w, "\n");
}

static void
say_again(struct kb_plan_writer *w, const struct kb_plan_item *item)
{
	kb_say(w, "  > ");
	kb_say_name(w, w->c->members[item->member].article.id);
	kb_say(w, " has “");
	kb_md_line(w->b, item->text, CUT);
	kb_say(w, "”, which ");
	kb_say_name(w, w->c->members[w->c->items[item->again].member]
	    .article.id);
	kb_say(w, " adds.\n");
}

void
kb_say_additions(struct kb_plan_writer *w)
{
	const struct kb_plan_item *last = NULL, *item;

	for (size_t i = 0; i < w->c->nitems; i++) {
		item = &w->c->items[i];
		if (item->fate == KB_FATE_DECIDE)
			continue;
		if (last == NULL)
			kb_say(w, "\n### Add\n");
		if (last == NULL || last->kept != item->kept ||
		    last->member != item->member) {
			kb_say(w, "\n");
			say_where(w, item);
		} else {
			kb_say(w, "  >\n");
		}
		if (item->fate == KB_FATE_AGAIN)
			say_again(w, item);
		else
			say_addition(w, item);
		last = item;
	}
}
