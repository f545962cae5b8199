#include "furniture.h"

#include <stdlib.h>

#include "hash.h"

#define NTH	15	/* children of one name are told apart up to here */
#define ID_SALT	UINT64_C(0x9e3779b97f4a7c15)

struct page {
	struct kb_outline	 outline;
	struct page		*next;
};

/* On how many pages a text, a class or an id is. */
struct count {
	uint64_t	hash;
	uint32_t	pages;
};

struct counts {
	struct count	*v;
	size_t		 n;
};

struct group {
	struct kb_str			 folder;
	struct page			*first;
	uint32_t			 pages;
	struct counts			 marks;	/* classes and ids */
	struct counts			 texts;
	struct kb_furniture_place	*places;
	size_t				 nplaces;
};

struct kb_furniture {
	struct kb_arena	arena;
	struct kb_arena	pages;		/* outlines, until the end */
	struct group	groups[KB_FURNITURE_GROUPS];	/* the rest's last */
	size_t		n;				/* but for the rest */
};

enum kb_status
kb_furniture_new(struct kb_furniture **out, struct kb_err *err)
{
	struct kb_furniture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return kb_err_nomem(err);
	*out = f;
	return KB_OK;
}

void
kb_furniture_free(struct kb_furniture *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < KB_FURNITURE_GROUPS; i++) {
		free(f->groups[i].marks.v);
		free(f->groups[i].texts.v);
		free(f->groups[i].places);
	}
	kb_arena_release(&f->pages);
	kb_arena_release(&f->arena);
	free(f);
}

struct kb_str
kb_furniture_folder(struct kb_str path)
{
	const char *slash = path.n > 0 ? memchr(path.p, '/', path.n) : NULL;

	return slash != NULL ? kb_str(path.p, (size_t)(slash - path.p)) :
	    kb_str(NULL, 0);
}

enum kb_status
kb_furniture_group(struct kb_furniture *f, struct kb_str folder,
    struct kb_err *err)
{
	if (f->n + 1 >= KB_FURNITURE_GROUPS)
		return kb_err_set(err, KB_LIMIT, "too many folders");
	f->groups[f->n].folder = kb_arena_copy(&f->arena, folder);
	if (f->arena.failed)
		return kb_err_nomem(err);
	f->n++;
	return KB_OK;
}

static const struct group *
group_of(const struct kb_furniture *f, struct kb_str path)
{
	struct kb_str folder = kb_furniture_folder(path);

	for (size_t i = 0; i < f->n; i++)
		if (kb_str_eq(f->groups[i].folder, folder))
			return &f->groups[i];
	return &f->groups[KB_FURNITURE_GROUPS - 1];
}

enum kb_status
kb_furniture_add_page(struct kb_furniture *f, struct kb_str path,
    struct kb_str bytes, struct kb_err *err)
{
	struct group *g = &f->groups[group_of(f, path) - f->groups];
	struct page *page = kb_arena_alloc(&f->pages, sizeof(*page));
	enum kb_status status;

	if (page == NULL)
		return kb_err_nomem(err);
	status = kb_outline_read(&page->outline, bytes, &f->pages, err);
	if (status != KB_OK)
		return status;
	page->next = g->first;
	g->first = page;
	g->pages++;
	return KB_OK;
}

/* ---- counting ---- */

static int
by_hash(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->hash != y->hash)
		return (x->hash > y->hash) - (x->hash < y->hash);
	return (x->pages > y->pages) - (x->pages < y->pages);
}

/*
 * "v" has an entry for each time, with the page's number in place of the
 * count.  What is on fewer than "least" pages is forgotten.
 */
static void
count_pages(struct counts *c, uint32_t least)
{
	size_t i, k, n = 0;

	if (c->n > 0)
		qsort(c->v, c->n, sizeof(*c->v), by_hash);
	for (i = 0; i < c->n; i = k) {
		uint32_t pages = 1;

		for (k = i + 1; k < c->n && c->v[k].hash == c->v[i].hash; k++)
			pages += c->v[k].pages != c->v[k - 1].pages;
		if (pages >= least)
			c->v[n++] = (struct count){ c->v[i].hash, pages };
	}
	c->n = n;
}

static uint32_t
pages_with(const struct counts *c, uint64_t hash)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->v[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->n && c->v[lo].hash == hash ? c->v[lo].pages : 0;
}

static size_t
all_rows(const struct group *g)
{
	size_t n = 0;

	for (const struct page *p = g->first; p != NULL; p = p->next)
		n += p->outline.n;
	return n;
}

static bool
count_marks(struct group *g)
{
	uint32_t number = 0, least = g->pages / 20;
	struct counts *c = &g->marks;

	c->v = malloc((all_rows(g) * 2 + 1) * sizeof(*c->v));
	if (c->v == NULL)
		return false;
	for (const struct page *p = g->first; p != NULL; p = p->next) {
		number++;
		for (size_t i = 0; i < p->outline.n; i++) {
			const struct kb_outline_row *r = &p->outline.rows[i];

			if (r->class != 0)
				c->v[c->n++] = (struct count){ r->class,
				    number };
			if (r->id != 0)
				c->v[c->n++] = (struct count){
				    r->id ^ ID_SALT, number };
		}
	}
	count_pages(c, least < 3 ? 3 : least);
	return true;
}

static bool
count_texts(struct group *g)
{
	uint32_t number = 0, least = g->pages / 10;
	struct counts *c = &g->texts;

	c->v = malloc((all_rows(g) + 1) * sizeof(*c->v));
	if (c->v == NULL)
		return false;
	for (const struct page *p = g->first; p != NULL; p = p->next) {
		number++;
		for (size_t i = 0; i < p->outline.n; i++)
			if (p->outline.rows[i].words > 0)
				c->v[c->n++] = (struct count){
				    p->outline.rows[i].text, number };
	}
	count_pages(c, least < 3 ? 3 : least);
	return true;
}

/* ---- places ---- */

static uint64_t
combine(uint64_t a, uint64_t b)
{
	a ^= b + ID_SALT + (a << 6) + (a >> 2);
	a ^= a >> 31;
	return a * UINT64_C(0xbf58476d1ce4e5b9);
}

/* The names of an element, as far as they are the template's. */
static uint64_t
own_name(const struct counts *marks, const struct kb_outline_row *r,
    bool *named)
{
	uint64_t h = r->name;

	*named = false;
	if (r->class != 0 && pages_with(marks, r->class) > 0) {
		h = combine(h, r->class);
		*named = true;
	}
	if (r->id != 0 && pages_with(marks, r->id ^ ID_SALT) > 0) {
		h = combine(h, r->id ^ ID_SALT);
		*named = true;
	}
	return h;
}

#define SLOTS	4096	/* a power of two, well above KB_OUTLINE_ROWS */

struct slot {
	uint64_t	key;
	uint32_t	count;
};

/* How many children of this name came before below the parent. */
static uint32_t
place_among(struct slot *slots, uint64_t key)
{
	size_t at = (size_t)(key >> 32) % SLOTS;

	while (slots[at].count > 0 && slots[at].key != key)
		at = (at + 1) % SLOTS;
	slots[at].key = key;
	return slots[at].count++;
}

/* What has no name that lasts is known by its number. */
static bool
find_keys(const struct counts *marks, const struct kb_outline *o,
    struct kb_furniture_row *rows)
{
	struct slot *slots = calloc(SLOTS, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < o->n; i++) {
		const struct kb_outline_row *r = &o->rows[i];
		uint64_t around = i > 0 ? rows[r->parent].key : 1;
		bool named;

		rows[i].key = combine(around, own_name(marks, r, &named));
		if (!named && i > 0) {
			uint32_t nth = place_among(slots, combine(r->parent,
			    r->name));

			rows[i].key = combine(rows[i].key, nth < NTH ? nth :
			    NTH);
		}
	}
	free(slots);
	return true;
}

/* Words of one's own: first those above an element less those below. */
static void
find_own(const struct counts *texts, const struct kb_outline *o,
    struct kb_furniture_row *rows)
{
	for (size_t i = 0; i < o->n; i++) {
		uint32_t plain = o->rows[i].words - o->rows[i].links;

		rows[i].own += plain;
		if (i > 0)
			rows[o->rows[i].parent].own -= plain;
		rows[i].pages = texts == NULL || o->rows[i].words == 0 ? 0 :
		    pages_with(texts, o->rows[i].text);
	}
	for (size_t i = o->n; i-- > 0;) {
		if (rows[i].pages > 0) {
			rows[i].own = 0;
			rows[i].common = o->rows[i].words;
		}
		if (i > 0) {
			rows[o->rows[i].parent].own += rows[i].own;
			rows[o->rows[i].parent].common += rows[i].common;
		}
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct kb_furniture_place *x = a, *y = b;

	if (x->key != y->key)
		return (x->key > y->key) - (x->key < y->key);
	return (x->pages > y->pages) - (x->pages < y->pages);
}

static int
find_key(const void *a, const void *b)
{
	const struct kb_furniture_place *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/*
 * Rows of one key on one page are one: the element around them counts once.
 * "pages" holds the page's number until here.
 */
static void
join_places(struct group *g)
{
	struct kb_furniture_place *v = g->places, sum;
	size_t i, k, n = 0;

	if (g->nplaces > 0)
		qsort(v, g->nplaces, sizeof(*v), by_key);
	for (i = 0; i < g->nplaces; i = k) {
		sum = v[i];
		sum.pages = 1;
		for (k = i + 1; k < g->nplaces && v[k].key == v[i].key; k++) {
			bool other = v[k].pages != v[k - 1].pages;

			sum.pages += other;
			sum.words += v[k].words;
			sum.links += v[k].links;
			sum.own += v[k].own;
			sum.common += v[k].common;
			sum.parent_own += other ? v[k].parent_own : 0;
		}
		if (sum.pages >= KB_FURNITURE_LEAST)
			v[n++] = sum;
	}
	g->nplaces = n;
}

static bool
add_places(struct group *g, const struct kb_outline *o, uint32_t number)
{
	struct kb_furniture_row *rows = calloc(o->n, sizeof(*rows));
	bool good = rows != NULL && find_keys(&g->marks, o, rows);

	if (good)
		find_own(&g->texts, o, rows);
	for (size_t i = 0; good && i < o->n; i++)
		g->places[g->nplaces++] = (struct kb_furniture_place){
		    rows[i].key, number, o->rows[i].words,
		    o->rows[i].links, rows[i].own, rows[i].common,
		    rows[o->rows[i].parent].own };
	free(rows);
	return good;
}

static bool
find_places(struct group *g)
{
	uint32_t number = 0;
	struct page *p;
	bool good = true;

	g->places = malloc((all_rows(g) + 1) * sizeof(*g->places));
	for (p = g->first; p != NULL && g->places != NULL && good;
	    p = p->next)
		good = add_places(g, &p->outline, ++number);
	if (g->places == NULL || !good)
		return false;
	join_places(g);
	return true;
}

enum kb_status
kb_furniture_finish(struct kb_furniture *f, struct kb_err *err)
{
	for (size_t i = 0; i < KB_FURNITURE_GROUPS; i++) {
		struct group *g = &f->groups[i];

		if (g->pages < KB_FURNITURE_LEAST)
			g->pages = 0;
		if (g->pages > 0 && (!count_marks(g) || !count_texts(g) ||
		    !find_places(g)))
			return kb_err_nomem(err);
		g->first = NULL;
	}
	kb_arena_release(&f->pages);
	return KB_OK;
}

enum kb_status
kb_furniture_look(struct kb_furniture_row **out, uint32_t *pages,
    const struct kb_furniture *f, struct kb_str path,
    const struct kb_outline *o, struct kb_arena *arena, struct kb_err *err)
{
	const struct group *g = f != NULL ? group_of(f, path) : NULL;
	struct kb_furniture_row *rows = kb_arena_array(arena, o->n,
	    sizeof(*rows));
	struct kb_furniture_place want = { .key = 0 };

	if (rows == NULL || !find_keys(g != NULL ? &g->marks :
	    &(struct counts){ NULL, 0 }, o, rows))
		return kb_err_nomem(err);
	find_own(g != NULL ? &g->texts : NULL, o, rows);
	for (size_t i = 0; g != NULL && g->nplaces > 0 && i < o->n; i++) {
		want.key = rows[i].key;
		rows[i].place = bsearch(&want, g->places, g->nplaces,
		    sizeof(want), find_key);
	}
	*out = rows;
	*pages = g != NULL ? g->pages : 0;
	return KB_OK;
}
