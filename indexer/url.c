#include "url.h"

#include "buf.h"
#include "utf8.h"

static bool
is_web(struct kb_str s)
{
	return (s.n > 8 && kb_str_caseeq(kb_str(s.p, 8),
	    KB_STR("https://"))) || (s.n > 7 && kb_str_caseeq(
	    kb_str(s.p, 7), KB_STR("http://")));
}

static bool
has_scheme(struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ':')
			return i > 0;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '+' || c == '-' ||
		    c == '.'))
			return false;
	}
	return false;
}

static void
add_encoded(struct kb_buf *b, struct kb_str path)
{
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    (c != '\0' && strchr("-._~/!$&'()*+,;=:@", c) != NULL))
			kb_buf_addch(b, (char)c);
		else
			kb_buf_printf(b, "%%%02X", c);
	}
}

/* scheme://authority of a base, without what follows. */
static struct kb_str
origin(struct kb_str base)
{
	size_t at = kb_str_find(base, KB_STR("://"), 0);

	if (at == (size_t)-1)
		return base;
	at = kb_str_find(base, KB_STR("/"), at + 3);
	return at == (size_t)-1 ? base : kb_str(base.p, at);
}

/* "https:" */
static struct kb_str
scheme(struct kb_str base)
{
	size_t at = kb_str_find(base, KB_STR(":"), 0);

	return at == (size_t)-1 ? base : kb_str(base.p, at + 1);
}

static struct kb_str
finish(struct kb_arena *arena, struct kb_buf *b)
{
	struct kb_str out = kb_arena_copy(arena, kb_buf_str(b));

	arena->failed |= b->failed;
	kb_buf_release(b);
	return out;
}

struct kb_str
kb_url_of(struct kb_arena *arena, struct kb_str stated, struct kb_str base,
    struct kb_str path)
{
	struct kb_buf b = { 0 };

	if (is_web(stated))
		return stated;
	if (base.n == 0 || (stated.n > 0 && has_scheme(stated)))
		return kb_str(NULL, 0);
	if (stated.n > 0 && stated.p[0] == '/') {
		kb_buf_add(&b, kb_str_has_prefix(stated, KB_STR("//")) ?
		    scheme(base) : origin(base));
		kb_buf_add(&b, stated);
		return finish(arena, &b);
	}
	if (stated.n == 0 && path.n == 0)
		return kb_str(NULL, 0);
	kb_buf_add(&b, base);
	if (base.p[base.n - 1] != '/')
		kb_buf_addch(&b, '/');
	if (stated.n > 0) {
		kb_buf_add(&b, stated);
	} else {
		if (kb_str_has_suffix(path, KB_STR(".gz")))
			path.n -= 3;
		add_encoded(&b, path);
	}
	return finish(arena, &b);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
add_decoded(struct kb_buf *b, struct kb_str step)
{
	for (size_t i = 0; i < step.n; i++) {
		if (step.p[i] == '%' && i + 2 < step.n &&
		    hex(step.p[i + 1]) >= 0 && hex(step.p[i + 2]) >= 0) {
			kb_buf_addch(b, (char)(hex(step.p[i + 1]) * 16 +
			    hex(step.p[i + 2])));
			i += 2;
		} else {
			kb_buf_addch(b, step.p[i]);
		}
	}
}

static bool
drop_step(struct kb_buf *b)
{
	if (b->n == 0)
		return false;
	while (b->n > 0 && b->p[b->n - 1] != '/')
		b->n--;
	if (b->n > 0)
		b->n--;
	b->p[b->n] = '\0';
	return true;
}

/*
 * One step of a path, decoded before it is looked at: "%2e%2e" leads up as
 * well (RFC 3986, 2.3).  False for one that leaves the tree, or names no file.
 */
static bool
take_step(struct kb_buf *b, struct kb_str step)
{
	size_t was = b->n, at = b->n + (b->n > 0);
	struct kb_str name;

	if (b->n > 0)
		kb_buf_addch(b, '/');
	add_decoded(b, step);
	if (b->failed)
		return false;
	name = kb_str(b->p + at, b->n - at);
	if (name.n > 0 && (memchr(name.p, '/', name.n) != NULL ||
	    memchr(name.p, '\0', name.n) != NULL))
		return false;
	if (name.n == 0 || kb_str_eq(name, KB_STR(".")))
		b->n = was;
	if (!kb_str_eq(name, KB_STR("..")))
		return true;
	b->n = was;
	return drop_step(b);
}

struct kb_str
kb_url_path(struct kb_arena *arena, struct kb_str from, struct kb_str href,
    struct kb_str *fragment)
{
	struct kb_buf b = { 0 };
	struct kb_str step;
	size_t at = kb_str_find(href, KB_STR("#"), 0);
	bool inside = true;

	if (fragment != NULL)
		*fragment = at != (size_t)-1 ? kb_str(href.p + at + 1,
		    href.n - at - 1) : kb_str(NULL, 0);
	if (at != (size_t)-1)
		href.n = at;
	at = kb_str_find(href, KB_STR("?"), 0);
	if (at != (size_t)-1)
		href.n = at;
	if (has_scheme(href) || kb_str_has_prefix(href, KB_STR("//")))
		return kb_str(NULL, 0);
	if (href.n == 0)
		return from;
	if (href.p[0] != '/') {
		kb_buf_add(&b, from);
		drop_step(&b);
	}
	while (inside && kb_str_split(&href, '/', &step))
		inside = take_step(&b, step);
	if (inside && kb_utf8_valid(kb_buf_str(&b)) == b.n)
		return finish(arena, &b);
	arena->failed |= b.failed;
	kb_buf_release(&b);
	return kb_str(NULL, 0);
}
