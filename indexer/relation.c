#include "relation.h"

#include <stdlib.h>

#include "hash.h"
#include "words.h"

/* Of a title, more say no more. */
#define NAME_MOST	64

/*
 * Differences are counted in buckets by hash.  Two words in one bucket can
 * only hide a difference, and what differs between texts that are nearly the
 * same is few words.
 */
#define BUCKETS		4096

const char *
kb_relation_name(enum kb_relation relation)
{
	static const char *const names[KB_RELATION_N] = {
		NULL, "identical", "near", "contained", "template", "version"
	};

	return relation < KB_RELATION_N ? names[relation] : NULL;
}

/* ---- subjects ---- */

/* A word of one title alone. */
struct name {
	uint64_t	hash;
	uint32_t	in_a, in_b;	/* how often the texts have it */
};

struct title {
	struct name	v[NAME_MOST];
	size_t		n;
};

static struct name *
look_up(struct title *t, uint64_t hash)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].hash == hash)
			return &t->v[i];
	return NULL;
}

static void
read_title(struct title *t, struct kb_str text)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	uint64_t hash;

	t->n = 0;
	while (t->n < NAME_MOST && kb_words_next(&it, &w)) {
		hash = kb_hash64(kb_word_norm(&w), 0);
		if (look_up(t, hash) == NULL)
			t->v[t->n++] = (struct name){ .hash = hash };
	}
}

/* Leave in each what the other does not have. */
static void
tell_apart(struct title *a, struct title *b)
{
	struct title both = *a;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		if (look_up(b, a->v[i].hash) == NULL)
			a->v[n++] = a->v[i];
	a->n = n;
	n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (look_up(&both, b->v[i].hash) == NULL)
			b->v[n++] = b->v[i];
	b->n = n;
}

/* ASCII signs that are part of a name: "C++", "operator<=". */
static bool
next_sign(struct kb_str title, size_t *at, char *sign)
{
	for (; *at < title.n; (*at)++)
		if (memchr("+#<>=", title.p[*at], 5) != NULL) {
			*sign = title.p[(*at)++];
			return true;
		}
	return false;
}

static bool
signs_differ(struct kb_str a, struct kb_str b)
{
	size_t i = 0, j = 0;
	char x = 0, y = 0;
	bool more_a, more_b;

	do {
		more_a = next_sign(a, &i, &x);
		more_b = next_sign(b, &j, &y);
	} while (more_a && more_b && x == y);
	return more_a || more_b;
}

/* Both texts at once: where they differ, and how often names are in them. */
struct contrast {
	struct title	a, b;
	int32_t		more[BUCKETS];	/* in a than in b */
};

static void
count_word(struct contrast *c, struct kb_str word, bool in_b)
{
	uint64_t hash = kb_hash64(word, 0);
	struct name *name = look_up(&c->a, hash);

	c->more[hash % BUCKETS] += in_b ? -1 : 1;
	if (name == NULL)
		name = look_up(&c->b, hash);
	if (name == NULL)
		return;
	name->in_a += !in_b;
	name->in_b += in_b;
}

static void
count_words(struct contrast *c, struct kb_str words, bool in_b)
{
	struct kb_str rest = words, word;

	while (rest.n > 0 && kb_str_split(&rest, ' ', &word))
		if (word.n > 0)
			count_word(c, word, in_b);
}

/* What the two names make of all words that the texts differ in. */
struct verdict {
	uint64_t	differ, named;
	uint64_t	differ_a, named_a;	/* of what a has more of */
	uint32_t	only_a, only_b;	/* the most frequent of those that
					   the other text lacks */
};

static void
weigh(const struct contrast *c, struct verdict *v)
{
	memset(v, 0, sizeof(*v));
	for (size_t i = 0; i < BUCKETS; i++) {
		v->differ += (uint64_t)llabs((long long)c->more[i]);
		v->differ_a += c->more[i] > 0 ? (uint64_t)c->more[i] : 0;
	}
	for (size_t i = 0; i < c->a.n; i++) {
		const struct name *x = &c->a.v[i];

		v->named_a += x->in_a > x->in_b ? x->in_a - x->in_b : 0;
		if (x->in_b == 0 && x->in_a > v->only_a)
			v->only_a = x->in_a;
	}
	v->named = v->named_a;
	for (size_t i = 0; i < c->b.n; i++) {
		const struct name *x = &c->b.v[i];

		v->named += x->in_b > x->in_a ? x->in_b - x->in_a : 0;
		if (x->in_a == 0 && x->in_b > v->only_b)
			v->only_b = x->in_b;
	}
}

static bool
two_subjects(const struct verdict *v)
{
	if (v->named > 0 && v->named * 2 >= v->differ)
		return true;
	if (v->only_a == 0 || v->only_b == 0)
		return false;
	return (v->only_a > 1 && v->only_b > 1) ||
	    v->named * 10 >= v->differ;
}

/* Of a, most of which is in b. */
static bool
another_subject(const struct verdict *v)
{
	return v->only_a > 1 || (v->only_a > 0 &&
	    v->named_a * 10 >= v->differ_a);
}

bool
kb_relation_subjects(struct kb_str title_a, struct kb_str words_a,
    struct kb_str title_b, struct kb_str words_b, bool a_alone)
{
	struct contrast c;
	struct verdict v;

	if (title_a.n == 0 || title_b.n == 0 || kb_str_eq(title_a, title_b))
		return false;
	read_title(&c.a, title_a);
	read_title(&c.b, title_b);
	tell_apart(&c.a, &c.b);
	if (c.a.n == 0 && c.b.n == 0)
		return !a_alone && signs_differ(title_a, title_b);
	memset(c.more, 0, sizeof(c.more));
	count_words(&c, words_a, false);
	count_words(&c, words_b, true);
	weigh(&c, &v);
	return a_alone ? another_subject(&v) : two_subjects(&v);
}

/* ---- pairs ---- */

static bool
is_near(const struct kb_corpus *c, const struct kb_pair *p)
{
	uint64_t either = (uint64_t)p->size_a + p->size_b - p->shared;

	return (uint64_t)p->shared * c->rules.near.of >=
	    either * c->rules.near.count;
}

/* Nothing of their own is no evidence either. */
static bool
half(uint64_t shared, uint64_t of)
{
	return of > 0 && shared * 2 >= of;
}

static enum kb_relation
judge_near(const struct kb_doc *a, struct kb_str words_a,
    const struct kb_doc *b, struct kb_str words_b, const struct kb_pair *p)
{
	return !half(p->own_shared, (uint64_t)p->own_a + p->own_b -
	    p->own_shared) || kb_relation_subjects(a->title, words_a,
	    b->title, words_b, false) ? KB_RELATION_TEMPLATE :
	    KB_RELATION_NEAR;
}

/* "a", with so many shingles of its own, lies inside b. */
static enum kb_relation
judge_inside(const struct kb_doc *a, struct kb_str words_a, uint32_t own_a,
    const struct kb_doc *b, struct kb_str words_b, uint32_t own_shared)
{
	return !half(own_shared, own_a) || kb_relation_subjects(a->title,
	    words_a, b->title, words_b, true) ? KB_RELATION_TEMPLATE :
	    KB_RELATION_CONTAINED;
}

unsigned char
kb_relation_judge(void *corpus, const struct kb_pair *p,
    struct kb_str words_a, struct kb_str words_b)
{
	const struct kb_corpus *c = corpus;
	const struct kb_doc *a = &c->docs[p->a], *b = &c->docs[p->b];
	enum kb_relation said;

	if (!is_near(c, p))
		return (unsigned char)(p->size_a <= p->size_b ?
		    judge_inside(a, words_a, p->own_a, b, words_b,
		    p->own_shared) : judge_inside(b, words_b, p->own_b, a,
		    words_a, p->own_shared));
	said = judge_near(a, words_a, b, words_b, p);
	return (unsigned char)(said | (said == KB_RELATION_NEAR ||
	    kb_relation_versions(a, b) ? KB_PAIR_STAR : 0));
}

enum kb_relation
kb_relation_settle(const struct kb_corpus *c, const struct kb_pair *p)
{
	unsigned said = p->relation & ~(unsigned)KB_PAIR_STAR;

	if (p->same_words)
		return KB_RELATION_IDENTICAL;
	if (kb_relation_versions(&c->docs[p->a], &c->docs[p->b]))
		return KB_RELATION_VERSION;
	/* Equal sets in another order are not asked about. */
	return said == KB_RELATION_NONE ? KB_RELATION_NEAR :
	    (enum kb_relation)said;
}
