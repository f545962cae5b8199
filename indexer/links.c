/*
 * links: which article a link leads to.  Tried in order: the path it
 * resolves to (as it is, as a folder's index.html, with .html behind it,
 * .md taken for .html, with .gz), a URL that an article has, an id or an
 * alias (whole, or as a parameter of the query), the last step as an id.
 *   Where a format links by title, a link is "title:Title", or
 * "title://SPACE/Title" for another space than its own.  An article's space
 * is told by an alias "title://SPACE/Title"; without one, and where the own
 * space has no such title, the same file is looked at.
 */
#include "corpus.h"
#include "url.h"

struct finder {
	struct kb_corpus	*c;
	struct kb_table		 paths, urls, aliases, titles;
	struct kb_arena		 scratch, keys;
};

static bool
put(struct kb_table *t, struct kb_str key, uint32_t doc)
{
	bool added;
	uint32_t *at;

	if (key.n == 0)
		return true;
	at = kb_table_put(t, key, &added);
	if (at != NULL && added)
		*at = doc;
	return at != NULL;
}

#define BY_TITLE	KB_STR("title:")

/* Titles are looked for in one file. */
static struct kb_str
title_key(struct finder *f, const struct kb_doc *d, struct kb_str title)
{
	return kb_arena_printf(&f->keys, "%.*s\n%.*s", KB_FMT(d->place),
	    KB_FMT(title));
}

static bool
links_by_title(const struct kb_corpus *c)
{
	for (size_t i = 0; i < c->nlinks; i++)
		if (kb_str_has_prefix(c->links[i].href, BY_TITLE))
			return true;
	return false;
}

static bool
index_docs(struct finder *f)
{
	bool titles = links_by_title(f->c);

	for (uint32_t i = 0; i < f->c->ndocs; i++) {
		const struct kb_doc *d = &f->c->docs[i];
		const struct kb_value *v;

		if (!put(&f->urls, d->url, i) ||
		    (d->number == 0 && !put(&f->paths, d->place, i)))
			return false;
		for (v = d->aliases; v != NULL; v = v->next)
			if (!put(&f->aliases, v->text, i))
				return false;
		if (titles && d->title.n > 0 && !put(&f->titles, title_key(f, d,
		    d->title), i))
			return false;
	}
	return true;
}

static uint32_t
get(const struct kb_table *t, struct kb_str key)
{
	const uint32_t *at = key.n > 0 ? kb_table_get(t, key) : NULL;

	return at != NULL ? *at : UINT32_MAX;
}

static uint32_t
by_id(struct finder *f, struct kb_str id)
{
	uint32_t doc = get(&f->c->ids, id);

	return doc != UINT32_MAX ? doc : get(&f->aliases, id);
}

static uint32_t
by_path(struct finder *f, struct kb_str path)
{
	static const char *const tails[] = {
		"", "/index.html", ".html", ".gz"
	};
	uint32_t doc;

	if (path.p == NULL)
		return UINT32_MAX;
	if (path.n == 0)
		return get(&f->paths, KB_STR("index.html"));
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		doc = get(&f->paths, kb_arena_printf(&f->scratch, "%.*s%s",
		    KB_FMT(path), tails[i]));
		if (doc != UINT32_MAX)
			return doc;
	}
	if (!kb_str_has_suffix(path, KB_STR(".md")))
		return UINT32_MAX;
	return get(&f->paths, kb_arena_printf(&f->scratch, "%.*s.html",
	    (int)path.n - 3, path.p));
}

/* The parameters that service desks put an article's id into. */
static uint32_t
by_query(struct finder *f, struct kb_str href)
{
	size_t at = kb_str_find(href, KB_STR("?"), 0);
	struct kb_str rest, part, key;
	uint32_t doc;

	if (at == (size_t)-1)
		return UINT32_MAX;
	rest = kb_str(href.p + at + 1, href.n - at - 1);
	at = kb_str_find(rest, KB_STR("#"), 0);
	if (at != (size_t)-1)
		rest.n = at;
	while (kb_str_split(&rest, '&', &part)) {
		if (!kb_str_split(&part, '=', &key) || part.n == 0)
			continue;
		doc = by_id(f, part);
		if (doc != UINT32_MAX)
			return doc;
	}
	return UINT32_MAX;
}

/* "title://SPACE/" of an article that says it, or the empty slice. */
static struct kb_str
space_of(const struct kb_doc *d)
{
	const struct kb_value *v;
	size_t at;

	for (v = d->aliases; v != NULL; v = v->next) {
		if (!kb_str_has_prefix(v->text, KB_STR("title://")))
			continue;
		at = kb_str_find(v->text, KB_STR("/"), 8);
		if (at != (size_t)-1)
			return kb_str(v->text.p, at + 1);
	}
	return kb_str("", 0);
}

static uint32_t
by_title(struct finder *f, const struct kb_doc *from, struct kb_str href)
{
	struct kb_str space = space_of(from), title = kb_str(href.p +
	    BY_TITLE.n, href.n - BY_TITLE.n);
	uint32_t doc = get(&f->aliases, href);

	if (doc == UINT32_MAX && space.n > 0)
		doc = get(&f->aliases, kb_arena_printf(&f->scratch,
		    "%.*s%.*s", KB_FMT(space), KB_FMT(title)));
	if (doc == UINT32_MAX)
		doc = get(&f->titles, kb_arena_printf(&f->scratch,
		    "%.*s\n%.*s", KB_FMT(from->place), KB_FMT(title)));
	return doc;
}

/* A member's tree is its archive. */
static struct kb_str
path_of(struct finder *f, const struct kb_doc *from, struct kb_str href)
{
	bool member = from->member.n > 0;
	struct kb_str path = kb_url_path(&f->scratch, member ? from->member :
	    from->path, href, NULL);

	if (path.p == NULL || !member)
		return path;
	return kb_arena_printf(&f->scratch, "%.*s/%.*s", KB_FMT(from->path),
	    KB_FMT(path.n > 0 ? path : KB_STR("index.html")));
}

static uint32_t
resolve(struct finder *f, const struct kb_doc *from, struct kb_str href)
{
	size_t hash = kb_str_find(href, KB_STR("#"), 0);
	struct kb_str plain = hash != (size_t)-1 ? kb_str(href.p, hash) :
	    href, last;
	uint32_t doc;

	if (kb_str_has_prefix(href, BY_TITLE))
		return by_title(f, from, href);
	if (plain.n == 0)
		return UINT32_MAX;
	doc = get(&f->urls, plain);
	if (doc == UINT32_MAX)
		doc = by_path(f, path_of(f, from, href));
	if (doc == UINT32_MAX)
		doc = by_id(f, plain);
	if (doc == UINT32_MAX)
		doc = by_query(f, href);
	if (doc != UINT32_MAX)
		return doc;
	/* "help:gnome-help/page", "/articles/KB0010023?lang=en" */
	hash = kb_str_find(plain, KB_STR("?"), 0);
	if (hash != (size_t)-1)
		plain.n = hash;
	last = plain;
	for (size_t i = plain.n; i > 0; i--)
		if (plain.p[i - 1] == '/' || plain.p[i - 1] == ':') {
			last = kb_str(plain.p + i, plain.n - i);
			break;
		}
	return by_id(f, last);
}

enum kb_status
kb_corpus_link(struct kb_corpus *c, struct kb_err *err)
{
	struct finder f = { .c = c };
	bool good = index_docs(&f) && !f.keys.failed;

	for (size_t i = 0; i < c->nlinks && good; i++) {
		struct kb_link_ref *l = &c->links[i];

		l->target = resolve(&f, &c->docs[l->doc], l->href);
		if (l->target != UINT32_MAX && l->target != l->doc)
			c->docs[l->target].inlinks++;
		good = !f.scratch.failed;
		kb_arena_reset(&f.scratch);
	}
	kb_table_release(&f.paths);
	kb_table_release(&f.urls);
	kb_table_release(&f.aliases);
	kb_table_release(&f.titles);
	kb_arena_release(&f.keys);
	kb_arena_release(&f.scratch);
	return good ? KB_OK : kb_err_nomem(err);
}
