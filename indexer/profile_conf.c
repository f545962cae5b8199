/*
 * profile_conf: from sections of configuration to profiles and tables.
 * Contract: profile_impl.h.
 */
#include "profile_impl.h"

#include <stdarg.h>
#include <stdio.h>

#define KEYS	"root record drop keep sentinel body.DIALECT " \
		"body.DIALECT.autop body.DIALECT.user map.FIELD split.FIELD " \
		"table.NAME table.NAME.key table.NAME.drop, and the fields "

enum kb_status
kb_profile_fail(const struct kb_conf_entry *entry, struct kb_err *err,
    const char *fmt, ...)
{
	char msg[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	return kb_err_set(err, KB_INPUT, "%s:%u: [%.*s%s%.*s] %.*s: %s",
	    entry->file, (unsigned)entry->line, KB_FMT(entry->section),
	    entry->argument.n > 0 ? " " : "", KB_FMT(entry->argument),
	    KB_FMT(entry->key), msg);
}

static const char *
list_names(char *buf, size_t size, int n, const char *(*name)(int i))
{
	size_t at = 0;

	buf[0] = '\0';
	for (int i = 0; i < n && at < size; i++) {
		int k = snprintf(buf + at, size - at, "%s%s",
		    i > 0 ? " " : "", name(i));

		at += k > 0 ? (size_t)k : 0;
	}
	return buf;
}

static const char *
field_name(int i)
{
	return kb_field_name((enum kb_field)i);
}

static const char *
status_name(int i)
{
	return kb_article_status_name((enum kb_article_status)i);
}

const char *
kb_profile_list_fields(char *buf, size_t size)
{
	return list_names(buf, size, KB_F_N, field_name);
}

const char *
kb_profile_list_statuses(char *buf, size_t size)
{
	return list_names(buf, size, KB_ARTICLE_SUPERSEDED + 1, status_name);
}

/* An error that a parser gave without file and line. */
static enum kb_status
wrap(const struct kb_conf_entry *e, enum kb_status st,
    const struct kb_err *why, struct kb_err *err)
{
	if (st == KB_NOMEM)
		return kb_err_nomem(err);
	return st == KB_OK ? KB_OK : kb_profile_fail(e, err, "%s", why->msg);
}

/* The next word outside of brackets. */
static bool
next_pattern(struct kb_str *rest, struct kb_str *word)
{
	size_t at;

	*rest = kb_str_trim(*rest);
	if (rest->n == 0)
		return false;
	at = kb_expr_find(*rest, KB_STR(" "));
	if (at == (size_t)-1)
		at = rest->n;
	*word = kb_str(rest->p, at);
	*rest = kb_str(rest->p + at, rest->n - at);
	return true;
}

static enum kb_status
add_patterns(struct kb_path_list **at, bool root,
    const struct kb_conf_entry *e, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_str rest = e->value, word;
	struct kb_err why;
	enum kb_status st;

	while (*at != NULL)
		at = &(*at)->next;
	while (next_pattern(&rest, &word)) {
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = kb_path_parse(&(*at)->path, word, arena, &why);
		if (st != KB_OK)
			return wrap(e, st, &why, err);
		if (kb_path_needs_content(&(*at)->path))
			return kb_profile_fail(e, err, "'%.*s': only "
			    "conditions on attributes can be told at a "
			    "start tag", KB_FMT(word));
		if (root && (*at)->path.nsteps != 1)
			return kb_profile_fail(e, err, "'%.*s': write the "
			    "name of the root element", KB_FMT(word));
		at = &(*at)->next;
	}
	return KB_OK;
}

/* "path=pattern" or "path!=pattern", with " | " between several. */
static enum kb_status
add_cond(struct kb_record_cond *c, struct kb_str text,
    const struct kb_conf_entry *e, struct kb_arena *arena,
    struct kb_err *err)
{
	size_t eq = kb_expr_find(text, KB_STR("="));
	struct kb_str path;
	struct kb_err why;

	if (eq == (size_t)-1)
		return kb_profile_fail(e, err, "'%.*s': write path=value or "
		    "path!=value", KB_FMT(text));
	path = kb_str(text.p, eq);
	c->negate = path.n > 0 && path.p[path.n - 1] == '!';
	path.n -= c->negate;
	c->value = kb_path_lower(arena, kb_str_trim(kb_str(text.p + eq + 1,
	    text.n - eq - 1)));
	return wrap(e, kb_path_parse(&c->path, path, arena, &why), &why,
	    err);
}

static enum kb_status
add_conds(struct kb_record_cond **at, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str rest = e->value, part;
	enum kb_status st = KB_OK;
	size_t bar;

	while (*at != NULL)
		at = &(*at)->next;
	while (st == KB_OK && rest.n > 0) {
		bar = kb_expr_find(rest, KB_STR(" | "));
		part = kb_str(rest.p, bar == (size_t)-1 ? rest.n : bar);
		rest = bar == (size_t)-1 ? kb_str("", 0) :
		    kb_str(rest.p + bar + 3, rest.n - bar - 3);
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = add_cond(*at, kb_str_trim(part), e, arena, err);
		at = &(*at)->next;
	}
	return st;
}

static void
add_text(struct kb_text_list **at, struct kb_str text,
    struct kb_arena *arena)
{
	while (*at != NULL)
		at = &(*at)->next;
	*at = kb_arena_alloc(arena, sizeof(**at));
	if (*at != NULL)
		(*at)->text = text;
}

static enum kb_status
add_sentinels(struct kb_profile *profile, const struct kb_conf_entry *e,
    struct kb_arena *arena)
{
	struct kb_str rest = e->value, item;
	char sep = 0;

	while (kb_list_next(&rest, &sep, false, &item))
		add_text(&profile->sentinels, kb_path_lower(arena, item),
		    arena);
	return KB_OK;
}

/* Separators, each in quotes: " / " " > ". */
static enum kb_status
add_splits(struct kb_text_list **at, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str s = e->value;
	size_t end;

	while ((s = kb_str_trim(s)).n > 0) {
		end = s.p[0] == '"' ? kb_str_find(s, KB_STR("\""), 1) :
		    (size_t)-1;
		if (end == (size_t)-1 || end == 1)
			return kb_profile_fail(e, err, "write every "
			    "separator in quotes: \" / \" \",\"");
		add_text(at, kb_arena_copy(arena, kb_str(s.p + 1, end - 1)),
		    arena);
		s = kb_str(s.p + end + 1, s.n - end - 1);
	}
	return KB_OK;
}

static size_t
last_colon(struct kb_str s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.p[i - 1] == ':')
			return i - 1;
	return (size_t)-1;
}

static enum kb_status
add_maps(struct kb_value_map **at, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str rest = e->value, item;
	char sep = 0;
	size_t colon;

	while (*at != NULL)
		at = &(*at)->next;
	while (kb_list_next(&rest, &sep, false, &item)) {
		colon = last_colon(item);
		if (colon == (size_t)-1 || colon == 0)
			return kb_profile_fail(e, err, "'%.*s': write "
			    "from:to, several with commas between them",
			    KB_FMT(item));
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		(*at)->from = kb_path_lower(arena,
		    kb_str_trim(kb_str(item.p, colon)));
		(*at)->to = kb_arena_copy(arena, kb_str_trim(
		    kb_str(item.p + colon + 1, item.n - colon - 1)));
		at = &(*at)->next;
	}
	return KB_OK;
}

static struct kb_body_rule *
body_rule(struct kb_profile *profile, struct kb_str dialect,
    const struct kb_conf_entry *e, struct kb_arena *arena)
{
	struct kb_body_rule **at = &profile->bodies;

	for (; *at != NULL; at = &(*at)->next)
		if (kb_str_eq((*at)->dialect, dialect))
			return *at;
	*at = kb_arena_alloc(arena, sizeof(**at));
	if (*at != NULL) {
		(*at)->dialect = kb_arena_copy(arena, dialect);
		(*at)->entry = e;
	}
	return *at;
}

static bool
is_path_only(const struct kb_expr *expr)
{
	const struct kb_term *t;

	for (; expr != NULL; expr = expr->next)
		for (t = expr->terms; t != NULL; t = t->next)
			if (t->kind != KB_TERM_PATH)
				return false;
	return true;
}

/* "body.DIALECT" or "body.DIALECT.autop"; "dialect" is what follows body. */
static enum kb_status
add_body(struct kb_profile *profile, struct kb_str dialect,
    const struct kb_conf_entry *e, struct kb_arena *arena,
    struct kb_err *err)
{
	bool autop = kb_str_has_suffix(dialect, KB_STR(".autop"));
	bool user = kb_str_has_suffix(dialect, KB_STR(".user"));
	struct kb_body_rule *rule;
	struct kb_err why;
	enum kb_status st;

	if (autop || user)
		dialect.n -= autop ? 6 : 5;
	rule = body_rule(profile, dialect, e, arena);
	if (rule == NULL)
		return kb_err_nomem(err);
	if (autop && !kb_str_eq(e->value, KB_STR("yes")) &&
	    !kb_str_eq(e->value, KB_STR("no")))
		return kb_profile_fail(e, err, "write yes or no");
	if (autop) {
		rule->autop = kb_str_eq(e->value, KB_STR("yes"));
		return KB_OK;
	}
	st = kb_expr_parse(user ? &rule->user : &rule->expr, e->value, arena,
	    &why);
	if (st == KB_OK && !is_path_only(rule->expr))
		return kb_profile_fail(e, err, "a body is a path, no "
		    "template or constant");
	return wrap(e, st, &why, err);
}

/* ---- tables ---- */

static struct kb_row_table *
table_of(struct kb_profile *profile, struct kb_str name,
    const struct kb_conf_entry *e, struct kb_arena *arena)
{
	struct kb_row_table **at = &profile->tables;

	for (; *at != NULL; at = &(*at)->next)
		if (kb_str_eq((*at)->name, name))
			return *at;
	*at = kb_arena_alloc(arena, sizeof(**at));
	if (*at != NULL) {
		(*at)->name = kb_arena_copy(arena, name);
		(*at)->entry = e;
		profile->ntables++;
	}
	return *at;
}

static enum kb_status
add_key(struct kb_row_table *t, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_err why;
	enum kb_status st;

	t->key = kb_arena_alloc(arena, sizeof(*t->key));
	if (t->key == NULL)
		return kb_err_nomem(err);
	st = kb_path_parse(&t->key->path, e->value, arena, &why);
	if (st == KB_OK && t->key->path.hop != NULL)
		return kb_profile_fail(e, err, "a key stands in the row "
		    "itself");
	return wrap(e, st, &why, err);
}

static enum kb_status
add_row_drop(struct kb_row_table *t, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	enum kb_status st = add_conds(&t->drops, e, arena, err);
	const struct kb_record_cond *c;

	for (c = t->drops; st == KB_OK && c != NULL; c = c->next)
		if (c->path.hop != NULL)
			st = kb_profile_fail(e, err, "what a row is dropped "
			    "for stands in the row itself");
	return st;
}

/* "table.NAME", "table.NAME.key", "table.NAME.drop"; "name" lacks table. */
static enum kb_status
add_table(struct kb_profile *profile, struct kb_str name,
    const struct kb_conf_entry *e, struct kb_arena *arena,
    struct kb_err *err)
{
	bool key = kb_str_has_suffix(name, KB_STR(".key"));
	bool drop = kb_str_has_suffix(name, KB_STR(".drop"));
	struct kb_row_table *t;

	name.n -= key ? 4 : drop ? 5 : 0;
	if (name.n == 0)
		return kb_profile_fail(e, err, "the table needs a name: "
		    "table.NAME");
	t = table_of(profile, name, e, arena);
	if (t == NULL)
		return kb_err_nomem(err);
	if (key)
		return add_key(t, e, arena, err);
	if (drop)
		return add_row_drop(t, e, arena, err);
	return add_patterns(&t->rows, false, e, arena, err);
}

static bool
cut_prefix(struct kb_str key, struct kb_str prefix, struct kb_str *rest)
{
	if (!kb_str_has_prefix(key, prefix))
		return false;
	*rest = kb_str(key.p + prefix.n, key.n - prefix.n);
	return true;
}

static enum kb_status
add_field(struct kb_profile *profile, const struct kb_conf_entry *e,
    struct kb_arena *arena, struct kb_err *err)
{
	bool map = false, split = false;
	struct kb_str name = e->key;
	enum kb_field field;
	struct kb_err why;
	char list[400];

	map = cut_prefix(e->key, KB_STR("map."), &name);
	split = cut_prefix(e->key, KB_STR("split."), &name);
	if (!kb_field_from_name(name, &field))
		return kb_profile_fail(e, err, "unknown key; keys are: "
		    KEYS "%s", kb_profile_list_fields(list, sizeof(list)));
	if (e->value.n == 0)
		return KB_OK;		/* the built-in value is taken back */
	if (map)
		return add_maps(&profile->maps[field], e, arena, err);
	if (split)
		return add_splits(&profile->splits[field], e, arena, err);
	return wrap(e, kb_expr_parse(&profile->fields[field], e->value,
	    arena, &why), &why, err);
}

enum kb_status
kb_profile_add(struct kb_profile *profile, const struct kb_conf_entry *entry,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str key = entry->key, rest;

	if (kb_str_eq(key, KB_STR("root")))
		return add_patterns(&profile->roots, true, entry, arena,
		    err);
	if (kb_str_eq(key, KB_STR("record")))
		return add_patterns(&profile->records, false, entry, arena,
		    err);
	if (kb_str_eq(key, KB_STR("drop")))
		return add_conds(&profile->drops, entry, arena, err);
	if (kb_str_eq(key, KB_STR("keep")))
		return add_conds(&profile->keeps, entry, arena, err);
	if (kb_str_eq(key, KB_STR("sentinel")))
		return add_sentinels(profile, entry, arena);
	if (cut_prefix(key, KB_STR("body."), &rest))
		return add_body(profile, rest, entry, arena, err);
	if (cut_prefix(key, KB_STR("table."), &rest))
		return add_table(profile, rest, entry, arena, err);
	return add_field(profile, entry, arena, err);
}
