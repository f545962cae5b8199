#include "trust.h"

#include <stdlib.h>

#include "date.h"
#include "relation.h"

struct standing {
	const struct kb_corpus	*c;
	const struct kb_doc	*d;
	uint64_t		 version;
	uint32_t		 doc;
};

/* What decides, in this order. */
enum key {
	PUBLISHED, OWNED, CARE, VERSION, LINKS, VIEWS, WORDS, ID
};

static int
more_first(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

static int32_t
care(const struct kb_doc *d)
{
	return d->reviewed > d->modified ? d->reviewed : d->modified;
}

static bool
owned(const struct standing *s)
{
	return s->d->owner.n > 0 && !kb_profiles_placeholder_owner(
	    s->c->profiles, s->d->owner);
}

static int
compare(const struct standing *a, const struct standing *b, enum key key)
{
	switch (key) {
	case PUBLISHED:
		return more_first(a->d->status == KB_ARTICLE_PUBLISHED,
		    b->d->status == KB_ARTICLE_PUBLISHED);
	case OWNED:
		return more_first(owned(a), owned(b));
	case CARE:
		return more_first(care(a->d), care(b->d));
	case VERSION:
		return (a->version < b->version) - (a->version > b->version);
	case LINKS:
		return more_first(a->d->inlinks, b->d->inlinks);
	case VIEWS:
		return more_first(a->d->views, b->d->views);
	case WORDS:
		return (a->d->words < b->d->words) -
		    (a->d->words > b->d->words);
	case ID:
		break;
	}
	return kb_str_cmp(a->d->id, b->d->id);
}

static enum key
first_difference(const struct standing *a, const struct standing *b)
{
	enum key key = PUBLISHED;

	while (key < ID && compare(a, b, key) == 0)
		key++;
	return key;
}

static int
by_trust(const void *pa, const void *pb)
{
	const struct standing *a = pa, *b = pb;

	return compare(a, b, first_difference(a, b));
}

static struct standing
standing(const struct kb_corpus *c, uint32_t doc)
{
	return (struct standing){ c, &c->docs[doc],
	    kb_relation_version(&c->docs[doc], NULL), doc };
}

enum kb_status
kb_trust_rank(const struct kb_corpus *c, uint32_t *rank, struct kb_err *err)
{
	struct standing *order = calloc(c->ndocs + 1, sizeof(*order));

	if (order == NULL)
		return kb_err_nomem(err);
	for (uint32_t i = 0; i < c->ndocs; i++)
		order[i] = standing(c, i);
	qsort(order, c->ndocs, sizeof(*order), by_trust);
	for (uint32_t i = 0; i < c->ndocs; i++)
		rank[order[i].doc] = i;
	free(order);
	return KB_OK;
}

/* ---- why ---- */

/* "reviewed 2026-03-01", or that it bears no date. */
static struct kb_str
say_care(const struct kb_doc *d, struct kb_arena *arena)
{
	char day[11];

	if (care(d) == 0)
		return KB_STR("never, as far as is known");
	return kb_arena_printf(arena, "%s %s", d->reviewed >= d->modified ?
	    "reviewed" : "modified", kb_date_format(care(d), day));
}

static struct kb_str
say_owner(const struct standing *s, struct kb_arena *arena)
{
	const struct kb_str who = s->d->owner;

	return who.n == 0 ? KB_STR("nobody") :
	    kb_arena_printf(arena, "'%.*s'", KB_FMT(who));
}

static struct kb_str
say_version(const struct kb_doc *d)
{
	struct kb_str text;

	return kb_relation_version(d, &text) == 0 || text.n == 0 ?
	    KB_STR("of none") : text;
}

static struct kb_str
say_views(const struct kb_doc *d, struct kb_arena *arena)
{
	return d->views < 0 ? KB_STR("unknown") :
	    kb_arena_printf(arena, "%lld", (long long)d->views);
}

struct kb_str
kb_trust_reason(const struct kb_corpus *c, uint32_t better, uint32_t other,
    struct kb_arena *arena)
{
	const struct standing a = standing(c, better);
	const struct standing b = standing(c, other);

#define SAY(...)	kb_arena_printf(arena, __VA_ARGS__)
	switch (first_difference(&a, &b)) {
	case PUBLISHED:
		return SAY("published, the other %s",
		    kb_article_status_name(b.d->status));
	case OWNED:
		return SAY("owned by %.*s, the other by %.*s",
		    KB_FMT(say_owner(&a, arena)),
		    KB_FMT(say_owner(&b, arena)));
	case CARE:
		return SAY("%.*s, the other %.*s",
		    KB_FMT(say_care(a.d, arena)),
		    KB_FMT(say_care(b.d, arena)));
	case VERSION:
		return SAY("version %.*s, the other %.*s",
		    KB_FMT(say_version(a.d)), KB_FMT(say_version(b.d)));
	case LINKS:
		return SAY("%u links lead to it, %u to the other",
		    (unsigned)a.d->inlinks, (unsigned)b.d->inlinks);
	case VIEWS:
		return SAY("%.*s views, the other %.*s",
		    KB_FMT(say_views(a.d, arena)),
		    KB_FMT(say_views(b.d, arena)));
	case WORDS:
		return SAY("%zu words, the other %zu", a.d->words,
		    b.d->words);
	case ID:
		break;
	}
#undef SAY
	return KB_STR("alike in all else, its id comes first");
}
