#include "profile.h"

#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "profile_impl.h"

/* Made by .ci/embed from indexer/profiles/. */
extern const char kb_builtin_conf[];

/* The entries that count, in order; and the user's, each with a mark. */
struct merge {
	const struct kb_conf_entry	**v;
	size_t				 n;
	const struct kb_conf_entry	**user;
	bool				*used;
	size_t				 nuser;
};

/* ---- built-in and the user's entries into one list ---- */

static bool
is_ours(const struct kb_conf_entry *e)
{
	static const char *const names[] = { "profile", "dialect", "meta",
	    "label", "status", "placeholder" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (e->key.n > 0 && kb_str_eq(e->section,
		    kb_str_c(names[i])))
			return true;
	return false;
}

/* Its keys add to what is built in. */
static bool
is_table(const struct kb_conf_entry *e)
{
	return !kb_str_eq(e->section, KB_STR("profile")) &&
	    !kb_str_eq(e->section, KB_STR("dialect"));
}

static bool
same_key(const struct kb_conf_entry *a, const struct kb_conf_entry *b)
{
	return kb_str_eq(a->section, b->section) &&
	    kb_str_eq(a->argument, b->argument) && kb_str_eq(a->key, b->key);
}

static size_t
count(const struct kb_conf *conf)
{
	size_t n = 0;

	for (const struct kb_conf_entry *e = conf->first; e != NULL;
	    e = e->next)
		n++;
	return n;
}

/* Emit the user's entries of this key, once; false if there are none. */
static bool
emit_user(struct merge *m, const struct kb_conf_entry *b)
{
	bool found = false;

	for (size_t i = 0; i < m->nuser; i++) {
		if (!same_key(m->user[i], b))
			continue;
		found = true;
		if (!m->used[i])
			m->v[m->n++] = m->user[i];
		m->used[i] = true;
	}
	return found;
}

/*
 * Where the user gives a key of a profile or dialect that is built in, the
 * user's values stand in its place: the order of keys matters (bodies).  In
 * tables they come last: of what is said of one name the last counts.
 */
static enum kb_status
merge(struct merge *m, const struct kb_conf *builtin,
    const struct kb_conf *user, struct kb_arena *arena, struct kb_err *err)
{
	size_t nuser = count(user), n = count(builtin) + nuser;
	const struct kb_conf_entry *e;

	m->v = kb_arena_array(arena, n + 1, sizeof(*m->v));
	m->user = kb_arena_array(arena, nuser + 1, sizeof(*m->user));
	m->used = kb_arena_array(arena, nuser + 1, sizeof(*m->used));
	if (m->v == NULL || m->user == NULL || m->used == NULL)
		return kb_err_nomem(err);
	for (e = user->first; e != NULL; e = e->next)
		if (is_ours(e))
			m->user[m->nuser++] = e;
	for (e = builtin->first; e != NULL; e = e->next)
		if (is_ours(e) && (is_table(e) || !emit_user(m, e)))
			m->v[m->n++] = e;
	for (size_t i = 0; i < m->nuser; i++)
		if (!m->used[i])
			m->v[m->n++] = m->user[i];
	return KB_OK;
}

/* ---- from entries to profiles, dialects and tables ---- */

static struct kb_profile *
profile_of(struct kb_profiles *p, const struct kb_conf_entry *e)
{
	struct kb_profile **at = &p->first;

	for (; *at != NULL; at = &(*at)->next)
		if (kb_str_eq((*at)->name, e->argument))
			return *at;
	*at = kb_arena_alloc(&p->arena, sizeof(**at));
	if (*at != NULL) {
		(*at)->name = kb_arena_copy(&p->arena, e->argument);
		(*at)->entry = e;
	}
	return *at;
}

static struct kb_dialect *
dialect_of(struct kb_profiles *p, struct kb_str name)
{
	struct kb_dialect_list **at = &p->dialects;

	for (; *at != NULL; at = &(*at)->next)
		if (kb_str_eq(kb_dialect_name((*at)->dialect), name))
			return (*at)->dialect;
	*at = kb_arena_alloc(&p->arena, sizeof(**at));
	if (*at == NULL)
		return NULL;
	(*at)->dialect = kb_dialect_new(&p->arena, name);
	return (*at)->dialect;
}

/* "none = name": what shall mean nothing, though it is built in. */
static bool
is_none(const struct kb_conf_entry *e)
{
	return kb_str_eq(e->key, KB_STR("none"));
}

static enum kb_status
add_names(struct kb_profiles *p, struct kb_name_table *table, bool labels,
    const struct kb_conf_entry *e, struct kb_err *err)
{
	struct kb_str rest = e->value, item;
	enum kb_field field;
	int value = KB_NAME_NONE;
	char list[400], sep = 0;

	if (kb_field_from_name(e->key, &field))
		value = (int)field;
	else if (!is_none(e))
		return kb_profile_fail(e, err, "unknown field; fields are: "
		    "%s; none is for names that mean nothing",
		    kb_profile_list_fields(list, sizeof(list)));
	while (kb_list_next(&rest, &sep, labels, &item))
		kb_name_table_add(table, item, value, labels, &p->arena);
	return KB_OK;
}

static enum kb_status
add_statuses(struct kb_profiles *p, const struct kb_conf_entry *e,
    struct kb_err *err)
{
	struct kb_str rest = e->value, item;
	enum kb_article_status status;
	int value = KB_NAME_NONE;
	char list[200], sep = 0;

	if (kb_article_status_from_name(e->key, &status))
		value = (int)status;
	else if (!is_none(e))
		return kb_profile_fail(e, err, "unknown status; statuses "
		    "are: %s; none is for words that mean nothing",
		    kb_profile_list_statuses(list, sizeof(list)));
	while (kb_list_next(&rest, &sep, false, &item))
		kb_name_table_add(&p->status, item, value, true, &p->arena);
	return KB_OK;
}

static enum kb_status
add_placeholders(struct kb_profiles *p, const struct kb_conf_entry *e,
    struct kb_err *err)
{
	struct kb_str rest = e->value, item;
	struct kb_placeholder *t;
	char sep = 0;

	if (!kb_str_eq(e->key, KB_STR("owner")) && !is_none(e))
		return kb_profile_fail(e, err, "unknown key; keys are: "
		    "owner; none is for what is no placeholder");
	while (kb_list_next(&rest, &sep, true, &item)) {
		t = kb_arena_alloc(&p->arena, sizeof(*t));
		if (t == NULL)
			return kb_err_nomem(err);
		t->pattern = kb_path_lower(&p->arena, item);
		t->is_owner = is_none(e);
		t->next = p->placeholders;
		p->placeholders = t;
	}
	return KB_OK;
}

static enum kb_status
add_table_entry(struct kb_profiles *p, const struct kb_conf_entry *e,
    struct kb_err *err)
{
	if (e->argument.n > 0)
		return kb_profile_fail(e, err, "write [%.*s] without a name",
		    KB_FMT(e->section));
	if (kb_str_eq(e->section, KB_STR("meta")))
		return add_names(p, &p->meta, false, e, err);
	if (kb_str_eq(e->section, KB_STR("label")))
		return add_names(p, &p->label, true, e, err);
	if (kb_str_eq(e->section, KB_STR("status")))
		return add_statuses(p, e, err);
	return add_placeholders(p, e, err);
}

static enum kb_status
add_entry(struct kb_profiles *p, const struct kb_conf_entry *e, bool user,
    struct kb_err *err)
{
	bool is_profile = kb_str_eq(e->section, KB_STR("profile"));
	struct kb_profile *profile;
	struct kb_dialect *dialect;

	if (!is_profile && !kb_str_eq(e->section, KB_STR("dialect")))
		return add_table_entry(p, e, err);
	if (e->argument.n == 0)
		return kb_profile_fail(e, err, "the section needs a name: "
		    "[%.*s NAME]", KB_FMT(e->section));
	if (!is_profile) {
		dialect = dialect_of(p, e->argument);
		return dialect == NULL ? kb_err_nomem(err) :
		    kb_dialect_add(dialect, e, err);
	}
	profile = profile_of(p, e);
	if (profile == NULL)
		return kb_err_nomem(err);
	profile->user |= user;
	return kb_profile_add(profile, e, &p->arena, err);
}

/* ---- checks that need everything to be read ---- */

static enum kb_status
unknown_dialect(const struct kb_profiles *p, const struct kb_body_rule *rule,
    struct kb_err *err)
{
	const struct kb_dialect_list *d;
	struct kb_str name;
	char list[300];
	size_t at = 0;
	int k;

	list[0] = '\0';
	for (d = p->dialects; d != NULL && at < sizeof(list); d = d->next) {
		name = kb_dialect_name(d->dialect);
		k = snprintf(list + at, sizeof(list) - at, " %.*s",
		    KB_FMT(name));
		at += k > 0 ? (size_t)k : 0;
	}
	return kb_profile_fail(rule->entry, err, "unknown dialect '%.*s'; "
	    "dialects are: text%s", KB_FMT(rule->dialect), list);
}

static enum kb_status
check_profile(const struct kb_profiles *p, const struct kb_profile *profile,
    struct kb_err *err)
{
	const struct kb_body_rule *rule;

	if (profile->roots == NULL || profile->records == NULL)
		return kb_profile_fail(profile->entry, err, "the profile "
		    "needs both keys, root and record");
	for (rule = profile->bodies; rule != NULL; rule = rule->next) {
		if (rule->expr == NULL)
			return kb_profile_fail(rule->entry, err, "there is "
			    "no body.%.*s", KB_FMT(rule->dialect));
		if (!kb_str_eq(rule->dialect, KB_STR("text")) &&
		    kb_profiles_dialect(p, rule->dialect) == NULL)
			return unknown_dialect(p, rule, err);
	}
	return KB_OK;
}

static enum kb_status
finish(struct kb_profiles *p, struct kb_err *err)
{
	struct kb_profile *profile;
	struct kb_dialect_list *d;
	enum kb_status st = KB_OK;

	if (p->arena.failed)
		return kb_err_nomem(err);
	for (d = p->dialects; st == KB_OK && d != NULL; d = d->next)
		st = kb_dialect_finish(d->dialect, err);
	if (st == KB_OK)
		st = kb_name_table_finish(&p->meta, &p->arena, err);
	if (st == KB_OK)
		st = kb_name_table_finish(&p->label, &p->arena, err);
	if (st == KB_OK)
		st = kb_name_table_finish(&p->status, &p->arena, err);
	for (profile = p->first; st == KB_OK && profile != NULL;
	    profile = profile->next) {
		st = check_profile(p, profile, err);
		if (st == KB_OK)
			st = kb_profile_link(profile, &p->arena, err);
	}
	return st;
}

static void
add_sized(struct kb_buf *buf, struct kb_str s)
{
	kb_buf_add_varint(buf, s.n);
	kb_buf_add(buf, s);
}

/* Lengths go before strings, so that no two lists of entries look alike. */
static enum kb_status
take_fingerprint(struct kb_profiles *p, const struct merge *m,
    struct kb_err *err)
{
	unsigned char digest[KB_SHA256_SIZE];
	struct kb_buf buf = { 0 };
	enum kb_status st;

	for (size_t i = 0; i < m->n; i++) {
		add_sized(&buf, m->v[i]->section);
		add_sized(&buf, m->v[i]->argument);
		add_sized(&buf, m->v[i]->key);
		add_sized(&buf, m->v[i]->value);
	}
	st = kb_buf_check(&buf, err);
	if (st == KB_OK) {
		kb_sha256(digest, buf.p != NULL ? buf.p : "", buf.n);
		kb_sha256_to_hex(p->fingerprint, digest);
	}
	kb_buf_release(&buf);
	return st;
}

/* The strings of "conf" must not be needed once the result is made. */
static enum kb_status
copy_conf(struct kb_conf *out, const struct kb_conf *conf,
    struct kb_arena *arena, struct kb_err *err)
{
	const struct kb_conf_entry *e;
	struct kb_conf_entry *c;

	for (e = conf->first; e != NULL; e = e->next) {
		c = kb_arena_alloc(arena, sizeof(*c));
		if (c == NULL)
			return kb_err_nomem(err);
		*c = *e;
		c->section = kb_arena_copy(arena, e->section);
		c->argument = kb_arena_copy(arena, e->argument);
		c->key = kb_arena_copy(arena, e->key);
		c->value = kb_arena_copy(arena, e->value);
		c->next = NULL;
		if (out->last != NULL)
			out->last->next = c;
		else
			out->first = c;
		out->last = c;
	}
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}

enum kb_status
kb_profiles_new(struct kb_profiles **out, const struct kb_conf *conf,
    struct kb_err *err)
{
	struct kb_conf builtin = { 0 }, user = { 0 };
	struct kb_profiles *p = calloc(1, sizeof(*p));
	struct merge m = { 0 };
	enum kb_status st;

	if (p == NULL)
		return kb_err_nomem(err);
	kb_arena_init(&p->arena, 0);
	st = kb_conf_parse(&builtin, kb_str_c(kb_builtin_conf), "built-in",
	    &p->arena, err);
	if (st == KB_OK && conf != NULL)
		st = copy_conf(&user, conf, &p->arena, err);
	if (st == KB_OK)
		st = merge(&m, &builtin, &user, &p->arena, err);
	for (size_t i = 0; st == KB_OK && i < m.n; i++)
		st = add_entry(p, m.v[i], strcmp(m.v[i]->file, "built-in")
		    != 0, err);
	if (st == KB_OK)
		st = finish(p, err);
	if (st == KB_OK)
		st = take_fingerprint(p, &m, err);
	if (st == KB_OK)
		*out = p;
	else
		kb_profiles_free(p);
	return st;
}

void
kb_profiles_free(struct kb_profiles *profiles)
{
	if (profiles == NULL)
		return;
	kb_arena_release(&profiles->arena);
	free(profiles);
}
