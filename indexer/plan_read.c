/*
 * One cluster of a plan, with its text.  Contract: plan.h.
 */
#include "plan_impl.h"

enum column {
	N, ID, TITLE, URL, EDIT_URL, LANG, OWNER, PRODUCT, VERSION, SOURCE,
	AUDIENCE, RESTRICTED, STATUS, MODIFIED, REVIEWED, REVIEW_DUE,
	EXPIRES, WORDS, VIEWS, REASON
};

const char *
kb_plan_verdict_name(enum kb_plan_verdict verdict)
{
	static const char *const names[KB_PLAN_VERDICTS] = {
		"merge", "ask", "stay", "refuse", "list"
	};

	return names[verdict];
}

const char *
kb_plan_relation_name(enum kb_plan_relation relation)
{
	static const char *const names[] = {
		"identical", "near", "contained", "version"
	};

	return names[relation];
}

const char *
kb_plan_fate_name(enum kb_plan_fate fate)
{
	static const char *const names[KB_FATES] = {
		"same", "elsewhere", "add", "again", "decide", "withheld"
	};

	return names[fate];
}

/* ---- articles ---- */

static struct kb_str
text_of(struct kb_plan *p, enum column column)
{
	return kb_arena_copy(&p->arena, kb_rows_text(&p->article,
	    (int)column));
}

static int64_t
number_of(struct kb_plan *p, enum column column, int64_t none)
{
	return kb_rows_is_null(&p->article, (int)column) ? none :
	    kb_rows_int(&p->article, (int)column);
}

enum kb_status
kb_plan_read_article(struct kb_plan *p, int64_t n,
    struct kb_plan_article *a, struct kb_str *reason, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	int64_t state;

	memset(a, 0, sizeof(*a));
	kb_rows_rewind(&p->article, n);
	if (!kb_rows_next(&p->article, &status, err))
		return status != KB_OK ? status : kb_err_set(err, KB_DAMAGED,
		    "the index has lost article %lld; build it again",
		    (long long)n);
	a->n = n;
	a->id = text_of(p, ID);
	a->title = text_of(p, TITLE);
	a->url = text_of(p, URL);
	a->edit_url = text_of(p, EDIT_URL);
	a->lang = text_of(p, LANG);
	a->owner = text_of(p, OWNER);
	a->product = text_of(p, PRODUCT);
	a->version = text_of(p, VERSION);
	a->source = text_of(p, SOURCE);
	a->readers = text_of(p, AUDIENCE);
	a->restricted = number_of(p, RESTRICTED, 0) != 0;
	state = number_of(p, STATUS, 0);
	a->status = state >= 0 && state <= KB_ARTICLE_SUPERSEDED ?
	    (enum kb_article_status)state : KB_ARTICLE_RETIRED;
	a->modified = number_of(p, MODIFIED, 0);
	a->reviewed = number_of(p, REVIEWED, 0);
	a->review_due = number_of(p, REVIEW_DUE, 0);
	a->expires = number_of(p, EXPIRES, 0);
	a->words = number_of(p, WORDS, 0);
	a->views = number_of(p, VIEWS, -1);
	if (reason != NULL)
		*reason = text_of(p, REASON);
	return kb_audience_read(&a->audience, a->readers, a->restricted,
	    a->source, &p->arena, err);
}

/* ---- what may happen to a member ---- */

static struct kb_str
readers_of(const struct kb_plan_article *a, struct kb_arena *arena)
{
	struct kb_buf b = { 0 };
	struct kb_str text;

	if (!a->audience.stated)
		return KB_STR("readers that are not stated");
	if (a->audience.ngroups == 0)
		return a->audience.open && !a->audience.broken ?
		    KB_STR("everyone") : KB_STR("a few (how they are chosen "
		    "cannot be told)");
	for (size_t i = 0; i < a->audience.ngroups; i++) {
		kb_buf_addc(&b, i > 0 ? ", " : "");
		kb_buf_add(&b, a->audience.groups[i]);
	}
	if (a->audience.open)
		kb_buf_addc(&b, ", everyone");
	text = kb_arena_copy(arena, kb_buf_str(&b));
	arena->failed |= b.failed;
	kb_buf_release(&b);
	return text;
}

/* A clause that names both. */
static struct kb_str
why(const char *what, const struct kb_plan_member *m,
    const struct kb_plan_article *keep, struct kb_arena *arena)
{
	return kb_arena_printf(arena, "%s: it is for %.*s, %.*s for %.*s",
	    what, KB_FMT(readers_of(&m->article, arena)), KB_FMT(keep->id),
	    KB_FMT(readers_of(keep, arena)));
}

static struct kb_str
unsure(const struct kb_plan_member *m, const struct kb_plan_article *keep,
    struct kb_arena *arena)
{
	if (!m->article.audience.stated && !keep->audience.stated)
		return kb_arena_printf(arena, "neither states its readers, "
		    "and they come from two exports: %.*s and %.*s",
		    KB_FMT(m->article.source), KB_FMT(keep->source));
	return why("nothing tells that both are for the same readers", m,
	    keep, arena);
}

static void
judge_readers(struct kb_plan_member *m, const struct kb_plan_article *keep,
    struct kb_arena *arena)
{
	enum kb_cover shown = kb_audience_covers(&m->article.audience,
	    &keep->audience);
	enum kb_cover lost = kb_audience_covers(&keep->audience,
	    &m->article.audience);

	if (shown == KB_COVER_UNKNOWN && keep->audience.open)
		shown = KB_COVER_NO;
	m->article.hidden = shown == KB_COVER_NO;
	if (shown == KB_COVER_NO) {
		m->verdict = KB_PLAN_REFUSE;
		m->why = why("its text could be read by more people", m,
		    keep, arena);
	} else if (lost == KB_COVER_NO) {
		m->verdict = KB_PLAN_STAY;
		m->why = why("its readers would lose it", m, keep, arena);
	} else if (shown == KB_COVER_UNKNOWN || lost == KB_COVER_UNKNOWN) {
		m->verdict = KB_PLAN_ASK;
		m->why = unsure(m, keep, arena);
	}
}

/* A short answer may be wanted by itself. */
static void
judge_relation(struct kb_plan_member *m, struct kb_arena *arena)
{
	static const char text[] = "it is a part of a larger article: keep it "
	    "where it answers something by itself, and link to it from there";

	if (m->relation != KB_PLAN_CONTAINED || !kb_plan_goes(m))
		return;
	m->verdict = KB_PLAN_ASK;
	m->why = m->why.n == 0 ? KB_STR(text) : kb_arena_printf(arena,
	    "%.*s; and %s", KB_FMT(m->why), text);
}

static void
judge_status(struct kb_plan_member *m, const struct kb_plan_article *keep,
    struct kb_arena *arena)
{
	const char *name = kb_article_status_name(m->article.status);
	bool never = m->article.status == KB_ARTICLE_DRAFT ||
	    m->article.status == KB_ARTICLE_REVIEW;

	if (m->article.status == keep->status)
		return;
	if (m->article.status == KB_ARTICLE_PUBLISHED) {
		m->verdict = KB_PLAN_STAY;
		m->why = kb_arena_printf(arena, "it is published, and %.*s is "
		    "not: its status is %s", KB_FMT(keep->id),
		    kb_article_status_name(keep->status));
		return;
	}
	m->verdict = KB_PLAN_ASK;
	m->why = kb_arena_printf(arena, "%s%sits status is %s: its text %s",
	    m->why.n > 0 ? m->why.p : "", m->why.n > 0 ? "; and " : "", name,
	    never ? "was never published" : "was withdrawn");
}

#define FEW_WORDS	30	/* as of shingles, for containment */

/* Few equal words may leave to the titles what they are about. */
static void
judge_titles(struct kb_plan_member *m, const struct kb_plan_article *keep,
    struct kb_arena *arena)
{
	struct kb_str a = kb_str_trim(m->article.title);
	struct kb_str b = kb_str_trim(keep->title);

	if (!kb_plan_goes(m) || m->relation != KB_PLAN_IDENTICAL ||
	    m->article.words >= FEW_WORDS || a.n == 0 || b.n == 0 ||
	    kb_str_caseeq(a, b))
		return;
	m->why = kb_arena_printf(arena, "%.*s%sit says so little that its "
	    "title may be what tells the two apart", KB_FMT(m->why),
	    m->why.n > 0 ? "; and " : "");
	m->verdict = KB_PLAN_ASK;
}

enum kb_status
kb_plan_judge(struct kb_plan_member *m, const struct kb_plan_article *keep,
    struct kb_arena *arena, struct kb_err *err)
{
	m->verdict = KB_PLAN_MERGE;
	m->why = kb_str(NULL, 0);
	if (m->relation == KB_PLAN_VERSION) {
		m->verdict = KB_PLAN_LIST;
		m->why = KB_STR("it is the same article for another version");
		m->article.hidden = kb_audience_covers(&m->article.audience,
		    &keep->audience) == KB_COVER_NO;
		return KB_OK;
	}
	judge_readers(m, keep, arena);
	if (m->verdict == KB_PLAN_MERGE || m->verdict == KB_PLAN_ASK)
		judge_status(m, keep, arena);
	judge_relation(m, arena);
	judge_titles(m, keep, arena);
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}

/* ---- members ---- */

static enum kb_status
read_pair(struct kb_plan *p, const struct kb_plan_article *keep,
    struct kb_plan_member *m, struct kb_err *err)
{
	bool first = m->article.n < keep->n;
	enum kb_status status = KB_OK;

	kb_rows_rewind(&p->pair, first ? m->article.n : keep->n);
	sqlite3_bind_int64(p->pair.stmt, 2, first ? keep->n : m->article.n);
	if (kb_rows_next(&p->pair, &status, err)) {
		m->shared = kb_rows_int(&p->pair, 1);
		m->size = kb_rows_int(&p->pair, first ? 2 : 3);
		m->kept_size = kb_rows_int(&p->pair, first ? 3 : 2);
	}
	return status;
}

static enum kb_status
read_aliases(struct kb_plan *p, struct kb_plan_member *m, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t size = 4;

	m->aliases = kb_arena_array(&p->arena, size, sizeof(*m->aliases));
	kb_rows_rewind(&p->alias, m->article.n);
	while (!p->arena.failed && kb_rows_next(&p->alias, &status, err)) {
		if (m->naliases == size) {
			struct kb_str *v = kb_arena_array(&p->arena,
			    size * 2, sizeof(*v));

			if (v == NULL)
				break;
			memcpy(v, m->aliases, size * sizeof(*v));
			m->aliases = v;
			size *= 2;
		}
		m->aliases[m->naliases++] = kb_arena_copy(&p->arena,
		    kb_rows_text(&p->alias, 0));
	}
	return status == KB_OK && p->arena.failed ? kb_err_nomem(err) :
	    status;
}

/* What is too long to be read stays as it is. */
static enum kb_status
merge_member(struct kb_plan *p, struct kb_plan_cluster *c, size_t i,
    struct kb_err *err)
{
	struct kb_plan_member *m = &c->members[i];
	struct kb_article_text text;
	struct kb_err unread = { KB_OK, "" };
	enum kb_status status;

	kb_arena_reset(&p->scratch);
	status = kb_article_text_read(&text, p->reader, m->article.n,
	    &p->scratch, &unread);
	if (status == KB_OK)
		return kb_plan_merge(p, c, i, &text, err);
	if (status != KB_LIMIT)
		return kb_err_set(err, status, "%s", unread.msg);
	m->verdict = KB_PLAN_REFUSE;
	m->why = KB_STR("it is too long to be compared");
	return KB_OK;
}

static enum kb_status
read_member(struct kb_plan *p, struct kb_plan_cluster *c,
    const struct kb_plan_key *key, struct kb_err *err)
{
	struct kb_plan_member *m = &c->members[c->nmembers];
	enum kb_status status;

	memset(m, 0, sizeof(*m));
	m->relation = key->relation;
	status = kb_plan_read_article(p, key->n, &m->article, &m->reason, err);
	if (status != KB_OK)
		return status;
	m->article.inlinks = key->inlinks;
	if (m->relation == KB_PLAN_CONTAINED)
		m->reason = KB_STR("it holds the other, and more");
	c->nmembers++;
	status = read_pair(p, &c->keep, m, err);
	if (status == KB_OK)
		status = read_aliases(p, m, err);
	if (status == KB_OK)
		status = kb_plan_judge(m, &c->keep, &p->arena, err);
	if (status == KB_OK)
		status = merge_member(p, c, c->nmembers - 1, err);
	return status;
}

/* ---- fields that differ ---- */

static void
add_choice(struct kb_plan_cluster *c, size_t member, const char *field,
    struct kb_str kept, struct kb_str other)
{
	if (other.n > 0 && !kb_str_caseeq(kept, other))
		c->choices[c->nchoices++] = (struct kb_plan_choice){ member,
		    field, kept, other };
}

static struct kb_str
date_of(struct kb_plan *p, int64_t date)
{
	if (date <= 0 || date > 99991231)
		return kb_str("", 0);
	return kb_arena_printf(&p->arena, "%04d-%02d-%02d",
	    (int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
}

/* "en" and "en-GB" are nothing to decide on. */
static bool
same_language(struct kb_str a, struct kb_str b)
{
	size_t n = 0;

	while (n < a.n && a.p[n] != '-' && a.p[n] != '_')
		n++;
	a.n = n;
	return b.n >= n && kb_str_caseeq(kb_str(b.p, n), a) &&
	    (b.n == n || b.p[n] == '-' || b.p[n] == '_');
}

#define FIELDS	7

static void
add_choices(struct kb_plan *p, struct kb_plan_cluster *c, size_t i)
{
	const struct kb_plan_article *k = &c->keep, *a =
	    &c->members[i].article;

	add_choice(c, i, "owner", k->owner, a->owner);
	add_choice(c, i, "product", k->product, a->product);
	add_choice(c, i, "version", k->version, a->version);
	if (k->lang.n > 0 && !same_language(k->lang, a->lang))
		add_choice(c, i, "lang", k->lang, a->lang);
	if (a->audience.stated && !kb_str_eq(k->readers, a->readers))
		c->choices[c->nchoices++] = (struct kb_plan_choice){ i,
		    "audience", k->audience.stated ? readers_of(k,
		    &p->arena) : kb_str("", 0), readers_of(a, &p->arena) };
	add_choice(c, i, "review_due", date_of(p, k->review_due),
	    date_of(p, a->review_due));
	add_choice(c, i, "expires", date_of(p, k->expires), date_of(p,
	    a->expires));
}

static enum kb_status
compare_fields(struct kb_plan *p, struct kb_plan_cluster *c,
    struct kb_err *err)
{
	c->choices = kb_arena_array(&p->arena, c->nmembers * FIELDS + 1,
	    sizeof(*c->choices));
	if (c->choices == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < c->nmembers; i++)
		if (c->members[i].verdict != KB_PLAN_REFUSE &&
		    c->members[i].verdict != KB_PLAN_LIST)
			add_choices(p, c, i);
	return KB_OK;
}

/* ---- the whole ---- */

static void
add_up(struct kb_plan_cluster *c)
{
	c->open = c->nchoices + c->nconflicts;
	for (size_t i = 0; i < c->nmembers; i++) {
		const struct kb_plan_member *m = &c->members[i];

		c->verdicts[m->verdict]++;
		c->open += m->counts[KB_FATE_DECIDE];
		c->open += m->verdict == KB_PLAN_ASK ||
		    m->verdict == KB_PLAN_STAY;
		if (!kb_plan_goes(m))
			continue;
		c->views += m->article.views > 0 ?
		    (uint64_t)m->article.views : 0;
		c->words += m->article.words > 0 ?
		    (uint64_t)m->article.words : 0;
	}
}

static enum kb_status
read_keep(struct kb_plan *p, struct kb_plan_cluster *c, int64_t n,
    struct kb_err *err)
{
	enum kb_status status = kb_plan_read_article(p, n, &c->keep, NULL, err);
	struct kb_err unread = { KB_OK, "" };

	if (status != KB_OK)
		return status;
	status = kb_article_text_read(&c->text, p->reader, n, &p->arena,
	    &unread);
	if (status != KB_OK)
		return kb_err_set(err, status, "%s", unread.msg);
	return KB_OK;
}

enum kb_status
kb_plan_read(struct kb_plan *p, size_t i, struct kb_plan_cluster *c,
    struct kb_err *err)
{
	const struct kb_plan_unit *u = &p->units[i];
	enum kb_status status;

	memset(c, 0, sizeof(*c));
	kb_arena_reset(&p->arena);
	c->members = kb_arena_array(&p->arena, u->n, sizeof(*c->members));
	if (c->members == NULL)
		return kb_err_nomem(err);
	status = read_keep(p, c, p->keys[u->first].keep, err);
	for (size_t k = 0; k < u->n && status == KB_OK; k++)
		status = read_member(p, c, &p->keys[u->first + k], err);
	if (status == KB_OK)
		status = kb_plan_order(p, c, err);
	if (status == KB_OK)
		status = compare_fields(p, c, err);
	if (status == KB_OK)
		status = kb_plan_conflicts(p, c, err);
	if (status == KB_OK)
		status = kb_plan_links(p, c, err);
	if (status == KB_OK && (p->arena.failed || p->scratch.failed))
		status = kb_err_nomem(err);
	add_up(c);
	return status;
}

void
kb_plan_add(struct kb_plan_totals *t, const struct kb_plan_cluster *c)
{
	t->clusters++;
	for (int i = 0; i < KB_PLAN_VERDICTS; i++)
		t->verdicts[i] += c->verdicts[i];
	for (size_t i = 0; i < c->nitems; i++)
		t->items += c->items[i].fate == KB_FATE_ADD;
	t->links += c->nlinks;
	t->open += c->open;
	t->views += c->views;
	t->words += c->words;
}
