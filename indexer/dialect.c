#include "dialect.h"

#include "buf.h"

#include <stdint.h>
#include <stdlib.h>

static const char *const role_names[KB_ROLE_N] = {
	[KB_ROLE_INLINE] = "inline", [KB_ROLE_SKIP] = "skip",
	[KB_ROLE_BLOCK] = "block", [KB_ROLE_SECTION] = "section",
	[KB_ROLE_HEADING] = "heading", [KB_ROLE_PARA] = "para",
	[KB_ROLE_LIST] = "list", [KB_ROLE_STEPS] = "steps",
	[KB_ROLE_ITEM] = "item", [KB_ROLE_TERM] = "term",
	[KB_ROLE_TABLE] = "table", [KB_ROLE_ROW] = "row",
	[KB_ROLE_CELL] = "cell", [KB_ROLE_CODE] = "code",
	[KB_ROLE_NOTE] = "note", [KB_ROLE_BREAK] = "break",
	[KB_ROLE_LINK] = "link", [KB_ROLE_KEYS] = "keys",
	[KB_ROLE_MENU] = "menu", [KB_ROLE_CHROME] = "chrome",
};

struct rule {
	struct kb_str	 name;
	struct kb_str	 parent;	/* empty: any */
	enum kb_role	 role;
	size_t		 number;	/* the later of two equal ones counts */
	struct rule	*next;		/* until finished */
};

struct kb_dialect {
	struct kb_arena	*arena;
	struct kb_str	 name;
	bool		 whole_names;	/* a prefix is part of the name */
	struct rule	*added;
	struct rule	*rules;		/* sorted, without doubles */
	size_t		 nrules;
	size_t		 nadded;
};

const char *
kb_role_name(enum kb_role role)
{
	return (size_t)role < KB_ROLE_N ? role_names[role] : "unknown";
}

struct kb_str
kb_dialect_name(const struct kb_dialect *dialect)
{
	return dialect->name;
}

static int
compare_key(const struct rule *a, const struct rule *b)
{
	int c = kb_str_cmp(a->name, b->name);

	return c != 0 ? c : kb_str_cmp(a->parent, b->parent);
}

static bool
find(const struct kb_dialect *d, struct kb_str name, struct kb_str parent,
    enum kb_role *out)
{
	struct rule key = { .name = name, .parent = parent };
	size_t low = 0, high = d->nrules;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare_key(&key, &d->rules[mid]);

		if (c == 0) {
			*out = d->rules[mid].role;
			return true;
		}
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

static struct kb_str
local_name(struct kb_str name)
{
	size_t colon = kb_str_find(name, KB_STR(":"), 0);

	if (colon == (size_t)-1)
		return name;
	return kb_str(name.p + colon + 1, name.n - colon - 1);
}

enum kb_role
kb_dialect_role(const struct kb_dialect *dialect, struct kb_str name,
    struct kb_str parent)
{
	struct kb_str local, around, any = kb_str("", 0);
	enum kb_role role = KB_ROLE_INLINE;

	if (find(dialect, name, parent, &role) ||
	    find(dialect, name, any, &role) || dialect->whole_names)
		return role;
	local = local_name(name);
	around = local_name(parent);
	if (local.n == name.n && around.n == parent.n)
		return KB_ROLE_INLINE;
	if (!find(dialect, local, around, &role))
		find(dialect, local, any, &role);
	return role;
}

bool
kb_dialect_lists(const struct kb_dialect *dialect, struct kb_str name)
{
	enum kb_role role;

	return find(dialect, name, kb_str("", 0), &role);
}

struct kb_dialect *
kb_dialect_new(struct kb_arena *arena, struct kb_str name)
{
	struct kb_dialect *d = kb_arena_alloc(arena, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->arena = arena;
	d->name = kb_arena_copy(arena, name);
	d->whole_names = kb_str_eq(name, KB_STR("html"));
	return d;
}

static enum kb_status
unknown_role(const struct kb_conf_entry *e, struct kb_err *err)
{
	struct kb_buf list = { 0 };
	enum kb_status st;

	for (int r = 0; r < KB_ROLE_N; r++)
		kb_buf_printf(&list, "%s%s", r > 0 ? " " : "",
		    role_names[r]);
	st = kb_err_set(err, KB_INPUT, "%s:%u: [dialect %.*s]: unknown role "
	    "'%.*s'; roles are: %s", e->file, (unsigned)e->line,
	    KB_FMT(e->argument), KB_FMT(e->key),
	    list.p != NULL ? list.p : "");
	kb_buf_release(&list);
	return st;
}

static bool
is_name(struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' ||
		    strchr("<>[]()/@=|*?\"'", s.p[i]) != NULL)
			return false;
	return s.n > 0;
}

static enum kb_status
add_rule(struct kb_dialect *d, enum kb_role role, struct kb_str word,
    const struct kb_conf_entry *e, struct kb_err *err)
{
	size_t gt = kb_str_find(word, KB_STR(">"), 0);
	struct kb_str parent = kb_str("", 0), name = word;
	struct rule *r;

	if (gt != (size_t)-1) {
		parent = kb_str(word.p, gt);
		name = kb_str(word.p + gt + 1, word.n - gt - 1);
	}
	if (!is_name(name) || (gt != (size_t)-1 && !is_name(parent)))
		return kb_err_set(err, KB_INPUT, "%s:%u: '%.*s' is no "
		    "element: write name or parent>name", e->file,
		    (unsigned)e->line, KB_FMT(word));
	r = kb_arena_alloc(d->arena, sizeof(*r));
	if (r == NULL)
		return kb_err_nomem(err);
	r->name = kb_arena_copy(d->arena, name);
	r->parent = kb_arena_copy(d->arena, parent);
	r->role = role;
	r->number = d->nadded++;
	r->next = d->added;
	d->added = r;
	return KB_OK;
}

enum kb_status
kb_dialect_add(struct kb_dialect *dialect, const struct kb_conf_entry *entry,
    struct kb_err *err)
{
	struct kb_str rest = entry->value, word;
	enum kb_status st = KB_OK;
	int role = 0;

	while (role < KB_ROLE_N &&
	    !kb_str_eq(entry->key, kb_str_c(role_names[role])))
		role++;
	if (role == KB_ROLE_N)
		return unknown_role(entry, err);
	while (st == KB_OK && kb_str_split(&rest, ' ', &word)) {
		word = kb_str_trim(word);
		if (word.n > 0)
			st = add_rule(dialect, (enum kb_role)role, word,
			    entry, err);
	}
	return st;
}

static int
compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int c = compare_key(x, y);

	return c != 0 ? c : (x->number > y->number) - (x->number < y->number);
}

enum kb_status
kb_dialect_finish(struct kb_dialect *dialect, struct kb_err *err)
{
	struct rule *v;
	size_t n = 0;

	v = kb_arena_array(dialect->arena, dialect->nadded + 1, sizeof(*v));
	if (v == NULL || dialect->arena->failed)
		return kb_err_nomem(err);
	for (const struct rule *r = dialect->added; r != NULL; r = r->next)
		v[n++] = *r;
	qsort(v, n, sizeof(*v), compare);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && compare_key(&v[i], &v[i + 1]) == 0)
			continue;
		v[dialect->nrules++] = v[i];
	}
	dialect->rules = v;
	return KB_OK;
}
