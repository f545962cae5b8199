/*
 * profile_unmapped: elements that no path of a profile used.
 */
#include "profile_impl.h"

#define MAX_UNMAPPED	64
#define MAX_SAMPLE	((size_t)80)
#define MAX_VISITED	65536	/* nodes looked at in one record */

struct survey {
	const struct kb_profile	*profile;
	struct kb_record	*rec;
	size_t			 n;		/* unmapped ones noted */
	size_t			 visited;
	struct kb_str		 around;	/* "info" while in it */
	const struct kb_node	*at[2];		/* elements below the record */
	size_t			 depth;		/* of at */
	bool			 body_is_record;
};

typedef bool (*path_fn)(const struct survey *s, const struct kb_path *path);

/* ---- every path of a profile ---- */

static bool
any_in_expr(const struct survey *s, const struct kb_expr *expr, path_fn fn)
{
	const struct kb_template_part *part;
	const struct kb_term *t;

	for (; expr != NULL; expr = expr->next) {
		for (t = expr->terms; t != NULL; t = t->next) {
			if (t->path != NULL && fn(s, t->path))
				return true;
			for (part = t->parts; part != NULL;
			    part = part->next)
				if (part->path != NULL && fn(s, part->path))
					return true;
		}
	}
	return false;
}

static bool
any_in_bodies(const struct survey *s, path_fn fn)
{
	const struct kb_body_rule *rule;

	for (rule = s->profile->bodies; rule != NULL; rule = rule->next)
		if (any_in_expr(s, rule->expr, fn))
			return true;
	return false;
}

static bool
any_in_conds(const struct survey *s, const struct kb_record_cond *c,
    path_fn fn)
{
	for (; c != NULL; c = c->next)
		if (fn(s, &c->path))
			return true;
	return false;
}

static bool
any_path(const struct survey *s, path_fn fn)
{
	for (int i = 0; i < KB_F_N; i++)
		if (any_in_expr(s, s->profile->fields[i], fn))
			return true;
	return any_in_bodies(s, fn) ||
	    any_in_conds(s, s->profile->drops, fn) ||
	    any_in_conds(s, s->profile->keeps, fn);
}

/* ---- does a path speak of where the survey stands? ---- */

/* By names alone: a value that a condition left out is known all the same. */
static bool
leads_here(const struct survey *s, const struct kb_path *path)
{
	const struct kb_path_name *x;

	if (path->absolute || path->nsteps < s->depth)
		return false;
	for (size_t i = 0; i < s->depth; i++) {
		if (!kb_path_name_match(&path->steps[i].name,
		    s->at[i]->name))
			return false;
		for (x = path->steps[i].except; x != NULL; x = x->next)
			if (kb_path_name_match(x, s->at[i]->name))
				return false;
	}
	return true;
}

static bool
leads_further(const struct survey *s, const struct kb_path *path)
{
	return path->nsteps > s->depth && leads_here(s, path);
}

static bool
ends_here(const struct survey *s, const struct kb_path *path)
{
	return path->nsteps == s->depth && leads_here(s, path);
}

static bool
is_record_itself(const struct survey *s, const struct kb_path *path)
{
	return path->nsteps == 0 && !path->absolute &&
	    path->attr.text.p == NULL;
}

static bool
in_path(const struct kb_path *path, size_t depth, struct kb_str attr)
{
	const struct kb_path_cond *c;

	if (path->nsteps == depth && path->attr.text.p != NULL &&
	    kb_str_glob(path->attr.text, attr))
		return true;
	if (depth == 0)
		return false;
	for (c = path->steps[depth - 1].conds; c != NULL; c = c->next)
		if (c->on == KB_COND_ATTR && kb_str_glob(c->name.text, attr))
			return true;
	return false;
}

/* What a path_fn about an attribute gets. */
struct attr_survey {
	struct survey	 s;		/* first: it is what path_fn gets */
	struct kb_str	 attr;
};

static bool
names_attr(const struct survey *s, const struct kb_path *path)
{
	const struct attr_survey *a = (const struct attr_survey *)s;

	return leads_here(s, path) && in_path(path, s->depth, a->attr);
}

static bool
attr_is_used(const struct survey *s, struct kb_str attr)
{
	struct attr_survey a = { .s = *s, .attr = attr };

	return any_path(&a.s, names_attr);
}

/* ---- noting ---- */

static bool
is_noted(const struct survey *s, struct kb_str name)
{
	const struct kb_value *v;

	for (v = s->rec->unmapped; v != NULL; v = v->next)
		if (kb_str_eq(v->source, name))
			return true;
	return false;
}

static void
note(struct survey *s, struct kb_str attr, struct kb_str sample)
{
	struct kb_str el = s->depth > 0 ? s->at[s->depth - 1]->name :
	    kb_str("", 0);
	struct kb_str name;

	if (s->n >= MAX_UNMAPPED || kb_str_trim(sample).n == 0)
		return;
	name = kb_arena_printf(s->rec->arena, "%.*s%s%.*s%s%.*s",
	    KB_FMT(s->around), s->around.n > 0 ? "/" : "", KB_FMT(el),
	    attr.n > 0 ? "@" : "", KB_FMT(attr));
	if (name.n == 0 || is_noted(s, name))
		return;
	kb_record_add_unmapped(s->rec, name, sample);
	s->n++;
}

static struct kb_str
cut_sample(struct kb_str s)
{
	s = kb_str_trim(s);
	if (s.n <= MAX_SAMPLE)
		return s;
	s.n = MAX_SAMPLE;
	while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

static void
note_attrs(struct survey *s, const struct kb_node *node)
{
	const struct kb_attr *a;

	for (a = node->attrs; a != NULL && s->n < MAX_UNMAPPED &&
	    s->visited < MAX_VISITED; a = a->next, s->visited++) {
		if (kb_str_has_prefix(a->name, KB_STR("xmlns")) ||
		    kb_str_has_prefix(a->name, KB_STR("xml:")))
			continue;
		if (!attr_is_used(s, a->name))
			note(s, a->name, cut_sample(a->value));
	}
}

static bool
is_leaf(const struct kb_node *node)
{
	const struct kb_node *n;

	for (n = node->first; n != NULL; n = n->next)
		if (n->kind == KB_NODE_ELEMENT)
			return false;
	return true;
}

static void
survey_leaf(struct survey *s, const struct kb_node *node)
{
	s->at[s->depth++] = node;
	if (!any_path(s, leads_here))
		note(s, kb_str("", 0), cut_sample(kb_node_text(s->rec->arena,
		    node, MAX_SAMPLE * 2)));
	note_attrs(s, node);
	s->depth--;
}

/* An element that holds metadata: some path goes into it, no body is it. */
static bool
is_container(struct survey *s, const struct kb_node *node)
{
	bool yes;

	s->at[s->depth++] = node;
	yes = any_path(s, leads_further) && !any_in_bodies(s, ends_here);
	s->depth--;
	return yes;
}

static void
survey_container(struct survey *s, const struct kb_node *node)
{
	const struct kb_node *n;

	s->at[s->depth++] = node;
	s->around = node->name;
	for (n = node->first; n != NULL && s->n < MAX_UNMAPPED &&
	    s->visited < MAX_VISITED; n = n->next, s->visited++)
		if (n->kind == KB_NODE_ELEMENT && is_leaf(n))
			survey_leaf(s, n);
	s->around = kb_str("", 0);
	s->depth--;
}

void
kb_profile_note_unmapped(const struct kb_profile *profile,
    const struct kb_node *root, struct kb_record *rec)
{
	struct survey s = { .profile = profile, .rec = rec };
	const struct kb_node *n;

	s.body_is_record = any_in_bodies(&s, is_record_itself);
	note_attrs(&s, root);
	for (n = root->first; n != NULL && s.n < MAX_UNMAPPED &&
	    s.visited < MAX_VISITED; n = n->next, s.visited++) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		if (is_container(&s, n))
			survey_container(&s, n);
		else if (is_leaf(n) && !s.body_is_record)
			survey_leaf(&s, n);
	}
}
