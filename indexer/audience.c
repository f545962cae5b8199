#include "audience.h"

#include <jansson.h>

#include "buf.h"

bool
kb_audience_is_open(struct kb_str name)
{
	static const char *const open[] = {
		"public", "everyone", "anyone", "all", "any", "*",
		"anonymous", "guest", "guests", "world"
	};

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (kb_str_caseeq(name, kb_str_c(open[i])))
			return true;
	return false;
}

/* No group: it says how the article is locked, not who has the key. */
static bool
is_lock(struct kb_str name)
{
	return kb_str_caseeq(name, KB_STR("password"));
}

static bool
add_name(struct kb_audience *a, json_t *item, struct kb_arena *arena)
{
	struct kb_str name;

	if (!json_is_string(item))
		return false;
	name = kb_str(json_string_value(item), json_string_length(item));
	if (kb_audience_is_open(name))
		a->open = true;
	else if (is_lock(name) || name.n == 0)
		return false;
	else
		a->groups[a->ngroups++] = kb_arena_copy(arena, name);
	return true;
}

enum kb_status
kb_audience_read(struct kb_audience *out, struct kb_str list,
    bool restricted, struct kb_str source, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_audience a = { .source = source, .stated = list.n > 0 };
	json_t *names = list.n > 0 ? json_loadb(list.p, list.n, 0, NULL) :
	    NULL;
	size_t n = json_array_size(names);

	a.groups = kb_arena_array(arena, n + 1, sizeof(*a.groups));
	a.broken = list.n > 0 && (!json_is_array(names) || n == 0);
	for (size_t i = 0; i < n && a.groups != NULL; i++)
		if (!add_name(&a, json_array_get(names, i), arena))
			a.broken = true;
	if (restricted && a.ngroups == 0)
		a.broken = true;
	json_decref(names);
	if (a.groups == NULL || arena->failed)
		return kb_err_nomem(err);
	*out = a;
	return KB_OK;
}

static bool
has_group(const struct kb_audience *a, struct kb_str name)
{
	for (size_t i = 0; i < a->ngroups; i++)
		if (kb_str_eq(a->groups[i], name))
			return true;
	return false;
}

static enum kb_cover
groups_cover(const struct kb_audience *text,
    const struct kb_audience *readers)
{
	if (!readers->stated || readers->open || readers->broken)
		return KB_COVER_NO;
	for (size_t i = 0; i < readers->ngroups; i++)
		if (!has_group(text, readers->groups[i]))
			return KB_COVER_NO;
	return kb_str_eq(text->source, readers->source) ? KB_COVER_YES :
	    KB_COVER_UNKNOWN;
}

enum kb_cover
kb_audience_covers(const struct kb_audience *text,
    const struct kb_audience *readers)
{
	if (text->broken)
		return KB_COVER_NO;
	if (text->ngroups > 0)
		return groups_cover(text, readers);
	if (text->open)
		return KB_COVER_YES;
	return !readers->stated && !readers->broken &&
	    kb_str_eq(text->source, readers->source) ? KB_COVER_YES :
	    KB_COVER_UNKNOWN;
}
