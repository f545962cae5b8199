/*
 * profile_apply: a profile applied to one record: fields, value maps,
 * conditions, bodies.  Contract: profile.h.
 */
#include "profile_impl.h"

#include "buf.h"
#include "relate.h"

#define MAX_VALUES	256	/* of one field of one record */
#define MAX_BODIES	8
#define MAX_BODY	((size_t)256 * 1024 * 1024)

/* One field of one record, while it is filled. */
struct fill {
	const struct kb_profile	*profile;
	const struct kb_node	*root;
	struct kb_record	*rec;
	const struct kb_relate	*relate;	/* may be NULL */
	enum kb_field		 field;
	size_t			 n;		/* values added */
};

/* ---- what a path yields, through tables or not ---- */

struct found {
	const struct kb_path	*path;
	const struct fill	*f;
	struct kb_path_iter	 it;
	const struct kb_node	*node;
	struct kb_values	 list;		/* through tables */
	size_t			 i;
};

static void
find_begin(struct found *it, const struct kb_path *path, const struct fill *f)
{
	memset(it, 0, sizeof(*it));
	it->path = path;
	it->f = f;
	if (path->hop != NULL)
		kb_relate_values(f->relate, path, f->root, &it->list,
		    f->rec->arena);
	else
		kb_path_begin(&it->it, path, f->root);
}

static bool
find_next(struct found *it, struct kb_str *s)
{
	if (it->path->hop != NULL) {
		if (it->i == it->list.n)
			return false;
		*s = it->list.v[it->i++];
		return true;
	}
	it->node = kb_path_next(&it->it);
	if (it->node == NULL)
		return false;
	*s = kb_path_value(it->path, it->node, it->f->rec->arena);
	return true;
}

static struct kb_str
found_source(const struct found *it)
{
	const struct kb_hop *hop = it->path->hop;

	if (hop == NULL)
		return kb_path_source(it->path, it->node, it->f->rec->arena);
	while (hop->next != NULL)
		hop = hop->next;
	return hop->text;
}

/* ---- from what stands there to values ---- */

/* "2100-01-01" is one, and so is "2100-01-01 00:00:00". */
static bool
is_sentinel(const struct kb_profile *profile, struct kb_str s)
{
	const struct kb_text_list *t;

	for (t = profile->sentinels; t != NULL; t = t->next) {
		if (kb_path_glob(t->text, s))
			return true;
		if (s.n > t->text.n && (s.p[t->text.n] == ' ' ||
		    s.p[t->text.n] == 'T') && kb_path_glob(t->text,
		    kb_str(s.p, t->text.n)))
			return true;
	}
	return false;
}

static struct kb_str
mapped(const struct kb_profile *profile, enum kb_field field,
    struct kb_str s)
{
	const struct kb_value_map *m;

	for (m = profile->maps[field]; m != NULL; m = m->next)
		if (kb_path_glob(m->from, s))
			return m->to;
	return s;
}

static void
add_value(struct fill *f, struct kb_str s, struct kb_str source)
{
	s = mapped(f->profile, f->field, kb_str_trim(s));
	if (s.n == 0 || f->n >= MAX_VALUES)
		return;
	if (kb_field_is_date(f->field) && is_sentinel(f->profile, s))
		return;
	kb_record_add(f->rec, f->field, s, source);
	f->n++;
}

/* The part of "*rest" before the separator that comes first. */
static bool
next_part(const struct kb_text_list *seps, struct kb_str *rest,
    struct kb_str *part)
{
	size_t best = (size_t)-1, at, skip = 0;

	if (rest->p == NULL)
		return false;
	for (; seps != NULL; seps = seps->next) {
		at = kb_str_find(*rest, seps->text, 0);
		if (at < best) {
			best = at;
			skip = seps->text.n;
		}
	}
	if (best == (size_t)-1) {
		*part = *rest;
		*rest = kb_str(NULL, 0);
	} else {
		*part = kb_str(rest->p, best);
		*rest = kb_str(rest->p + best + skip, rest->n - best - skip);
	}
	return true;
}

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

/* RFC 3986: within a URL a value must not bring syntax of its own. */
static void
add_place(struct kb_buf *out, enum kb_field field, struct kb_str s,
    struct kb_str space)
{
	bool encode = field == KB_F_URL || field == KB_F_EDIT_URL;

	for (size_t i = 0; i < s.n; i++) {
		if (space.n > 0 && s.p[i] == ' ')
			kb_buf_add(out, space);
		else if (!encode || is_unreserved(s.p[i]) || (space.n > 0 &&
		    (s.p[i] == '/' || s.p[i] == ':')))
			kb_buf_addch(out, s.p[i]);
		else
			kb_buf_printf(out, "%%%02X",
			    (unsigned)(unsigned char)s.p[i]);
	}
}

static struct kb_str
first_value(const struct kb_path *path, const struct fill *f)
{
	struct kb_str s = kb_str("", 0);
	struct found it;

	find_begin(&it, path, f);
	while (s.n == 0 && find_next(&it, &s))
		continue;
	return s;
}

/*
 * A template with "only" in its one place, or (only.p NULL) with the first
 * value of every place; nothing when a place is empty.
 */
static void
add_template(struct fill *f, const struct kb_term *term, struct kb_str only,
    struct kb_str source)
{
	const struct kb_template_part *part;
	struct kb_buf buf = { 0 };
	struct kb_str s;
	bool empty = false;

	for (part = term->parts; part != NULL; part = part->next) {
		kb_buf_add(&buf, part->literal);
		if (part->path == NULL)
			continue;
		s = only.p != NULL ? only : first_value(part->path, f);
		s = kb_str_trim(s);
		empty |= s.n == 0;
		add_place(&buf, f->field, s, part->space);
	}
	if (buf.failed)
		f->rec->arena->failed = true;
	else if (!empty)
		add_value(f, kb_buf_str(&buf), source);
	kb_buf_release(&buf);
}

/* Every value of a path, split; "term" is a template with one place or NULL */
static void
add_path(struct fill *f, const struct kb_path *path,
    const struct kb_term *term)
{
	struct kb_str rest, part, source;
	struct found it;

	find_begin(&it, path, f);
	while (f->n < MAX_VALUES && find_next(&it, &rest)) {
		if (rest.n == 0)
			continue;
		source = found_source(&it);
		while (f->n < MAX_VALUES &&
		    next_part(f->profile->splits[f->field], &rest, &part)) {
			if (term != NULL)
				add_template(f, term, part, source);
			else
				add_value(f, part, source);
		}
	}
}

static void
add_term(struct fill *f, const struct kb_term *term)
{
	if (term->kind == KB_TERM_PATH)
		add_path(f, term->path, NULL);
	else if (term->kind == KB_TERM_CONSTANT &&
	    first_value(term->path, f).n > 0)
		add_value(f, term->constant, term->path->text);
	else if (term->kind == KB_TERM_TEMPLATE && term->nplaces == 1)
		/* What stands before a place is in one part with it. */
		add_path(f, term->parts->path, term);
	else if (term->kind == KB_TERM_TEMPLATE)
		add_template(f, term, kb_str(NULL, 0), KB_STR("template"));
}

static void
fill_field(struct fill *f)
{
	const struct kb_expr *expr = f->profile->fields[f->field];
	const struct kb_term *term;

	for (; expr != NULL && f->n == 0; expr = expr->next)
		for (term = expr->terms; term != NULL; term = term->next)
			add_term(f, term);
}

/* ---- records that are no articles ---- */

static bool
cond_holds(const struct kb_record_cond *c, const struct fill *f,
    struct kb_str *seen)
{
	struct found it;
	bool hit = false;
	struct kb_str s;

	*seen = kb_str("", 0);
	find_begin(&it, &c->path, f);
	while (!hit && find_next(&it, &s)) {
		if (seen->n == 0)
			*seen = s;
		hit = kb_path_glob(c->value, s);
		if (hit)
			*seen = s;
	}
	return hit != c->negate;
}

/* Without tables nothing is known of what stands in them. */
static bool
can_tell(const struct kb_record_cond *c, const struct fill *f)
{
	return c->path.hop == NULL || f->relate != NULL;
}

static void
set_drop(struct fill *f, const struct kb_record_cond *c, struct kb_str seen)
{
	seen.n = seen.n < 80 ? seen.n : 80;
	while (seen.n > 0 && ((unsigned char)seen.p[seen.n] & 0xc0) == 0x80)
		seen.n--;
	f->rec->dropped = true;
	if (seen.n > 0)
		f->rec->drop_reason = kb_arena_printf(f->rec->arena,
		    "%.*s is '%.*s'", KB_FMT(c->path.text), KB_FMT(seen));
	else
		f->rec->drop_reason = kb_arena_printf(f->rec->arena,
		    "%.*s is not set", KB_FMT(c->path.text));
}

static void
judge(struct fill *f)
{
	const struct kb_record_cond *c;
	struct kb_str seen, first = kb_str("", 0);

	for (c = f->profile->drops; c != NULL; c = c->next) {
		if (can_tell(c, f) && cond_holds(c, f, &seen)) {
			set_drop(f, c, seen);
			return;
		}
	}
	for (c = f->profile->keeps; c != NULL; c = c->next) {
		if (!can_tell(c, f) || cond_holds(c, f, &seen))
			return;
		if (first.n == 0)
			first = seen;
	}
	if (f->profile->keeps != NULL)
		set_drop(f, f->profile->keeps, first);
}

/* ---- bodies ---- */

static bool
has_elements(const struct kb_node *node)
{
	const struct kb_node *n;

	for (n = node->first; n != NULL; n = n->next)
		if (n->kind == KB_NODE_ELEMENT)
			return true;
	return false;
}

/* Text that is to be parsed, or elements of the file as they stand. */
static bool
is_text(const struct kb_body_rule *rule, const struct kb_path *path,
    const struct kb_node *node)
{
	if (path->attr.text.p != NULL ||
	    kb_str_eq(rule->dialect, KB_STR("text")) ||
	    kb_str_eq(rule->dialect, KB_STR("wikitext")) ||
	    kb_str_eq(rule->dialect, KB_STR("storage")))
		return true;
	return kb_str_eq(rule->dialect, KB_STR("html")) &&
	    !has_elements(node);
}

static bool
has_namesake(const struct kb_node *node)
{
	const struct kb_node *n = node->parent != NULL ? node->parent->first :
	    NULL;

	for (; n != NULL; n = n->next)
		if (n != node && n->kind == KB_NODE_ELEMENT &&
		    kb_str_eq(n->name, node->name))
			return true;
	return false;
}

/* Where names alone do not tell which element, the path as it is written. */
static struct kb_str
field_name(const struct kb_path *path, const struct kb_node *node,
    struct kb_arena *arena)
{
	const struct kb_node *n = node;

	for (size_t i = path->nsteps; i > 0 && n != NULL; i--, n = n->parent)
		if (path->steps[i - 1].conds != NULL && has_namesake(n))
			return path->text;
	return kb_path_source(path, node, arena);
}

static bool
make_body(struct kb_body *out, const struct kb_body_rule *rule,
    const struct kb_path *path, const struct kb_node *node,
    struct kb_arena *arena)
{
	struct kb_body body = { .dialect = rule->dialect,
	    .autop = rule->autop, .user = rule->user };

	if (is_text(rule, path, node)) {
		body.text = path->attr.text.p != NULL ?
		    kb_path_attr(path, node) :
		    kb_node_text(arena, node, MAX_BODY);
		body.field = field_name(path, node, arena);
		if (kb_str_trim(body.text).n == 0)
			return false;
	} else {
		body.node = node;
		if (node->first == NULL)
			return false;
	}
	*out = body;
	return true;
}

struct bodies {
	struct kb_body	*v;
	size_t		 n;
	bool		 more;		/* than there is room for */
};

/* Their text stands in other records: the field says in which. */
static void
add_far_bodies(struct bodies *b, const struct kb_body_rule *rule,
    const struct kb_path *path, const struct fill *f)
{
	struct kb_relate_body far[MAX_BODIES];
	size_t n = kb_relate_bodies(f->relate, path, f->root, far,
	    MAX_BODIES - b->n, f->rec->arena);

	for (size_t i = 0; i < n; i++)
		if (kb_str_trim(far[i].text).n > 0)
			b->v[b->n++] = (struct kb_body){
			    .dialect = rule->dialect, .text = far[i].text,
			    .field = kb_arena_printf(f->rec->arena,
			    "#%zu%.*s%.*s", far[i].number,
			    far[i].source.p[0] == '@' ? 0 : 1, "/",
			    KB_FMT(far[i].source)),
			    .autop = rule->autop, .user = rule->user };
}

static void
add_bodies(struct bodies *b, const struct kb_body_rule *rule,
    const struct kb_path *path, const struct fill *f)
{
	const struct kb_node *node;
	struct kb_path_iter it;
	struct kb_body body;

	if (path->hop != NULL) {
		add_far_bodies(b, rule, path, f);
		return;
	}
	kb_path_begin(&it, path, f->root);
	while (!b->more && (node = kb_path_next(&it)) != NULL) {
		if (!make_body(&body, rule, path, node, f->rec->arena))
			continue;
		if (b->n < MAX_BODIES)
			b->v[b->n++] = body;
		else
			b->more = true;
	}
}

static void
find_bodies(struct bodies *b, const struct fill *f)
{
	struct kb_diag_sink sink = kb_record_sink(f->rec);
	const struct kb_body_rule *rule = f->profile->bodies;
	const struct kb_expr *expr;
	const struct kb_term *term;

	for (; rule != NULL && b->n == 0; rule = rule->next)
		for (expr = rule->expr; expr != NULL && b->n == 0;
		    expr = expr->next)
			for (term = expr->terms; term != NULL;
			    term = term->next)
				add_bodies(b, rule, term->path, f);
	if (b->more)
		kb_diag(&sink, KB_WARNING, "many-bodies", f->root->line, 0,
		    "more than %d elements of the record are its body; the "
		    "rest is left out", MAX_BODIES);
}

enum kb_status
kb_profile_apply_with(const struct kb_profile *profile,
    const struct kb_relate *relate, const struct kb_node *root,
    struct kb_record *rec, struct kb_body bodies[8], size_t *nbodies,
    struct kb_err *err)
{
	struct fill f = { .profile = profile, .root = root, .rec = rec,
	    .relate = relate };
	struct kb_body found[MAX_BODIES];
	struct bodies b = { .v = found };

	for (int i = 0; i < KB_F_N; i++) {
		f.field = (enum kb_field)i;
		f.n = 0;
		fill_field(&f);
	}
	judge(&f);
	if (!rec->dropped)
		find_bodies(&b, &f);
	kb_profile_note_unmapped(profile, root, rec);
	if (rec->arena->failed)
		return kb_err_nomem(err);
	memcpy(bodies, found, b.n * sizeof(found[0]));
	*nbodies = b.n;
	return KB_OK;
}

enum kb_status
kb_profile_apply(const struct kb_profile *profile,
    const struct kb_node *root, struct kb_record *rec,
    struct kb_body bodies[8], size_t *nbodies, struct kb_err *err)
{
	return kb_profile_apply_with(profile, NULL, root, rec, bodies,
	    nbodies, err);
}

struct kb_str
kb_profile_user(const struct kb_relate *relate, const struct kb_expr *expr,
    struct kb_str key, struct kb_arena *arena)
{
	const struct kb_term *t;
	struct kb_values found;

	for (; expr != NULL && relate != NULL; expr = expr->next)
		for (t = expr->terms; t != NULL; t = t->next) {
			if (t->path == NULL || t->path->hop == NULL)
				continue;
			kb_relate_from(relate, t->path, key, &found, arena);
			if (found.n > 0)
				return found.v[0];
		}
	return kb_str(NULL, 0);
}

bool
kb_profile_has_tables(const struct kb_profile *profile)
{
	return profile->tables != NULL;
}
