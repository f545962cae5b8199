#include "profile_path.h"

#include "buf.h"

#define MAX_TEXT	((size_t)65536)
#define MAX_COMPARED	1024	/* longer values match no pattern but "*" */

/* ---- names and patterns ---- */

struct kb_str
kb_path_lower(struct kb_arena *arena, struct kb_str s)
{
	char *p = kb_arena_alloc(arena, s.n + 1);

	if (p == NULL)
		return kb_str("", 0);
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 :
		    s.p[i];
	return kb_str(p, s.n);
}

bool
kb_path_glob(struct kb_str pattern, struct kb_str s)
{
	char low[MAX_COMPARED];

	if (s.n > sizeof(low))
		return kb_str_eq(pattern, KB_STR("*"));
	for (size_t i = 0; i < s.n; i++)
		low[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 :
		    s.p[i];
	return kb_str_glob(pattern, kb_str(low, s.n));
}

bool
kb_path_name_match(const struct kb_path_name *pattern, struct kb_str name)
{
	size_t colon;

	if (!pattern->prefixed) {
		colon = kb_str_find(name, KB_STR(":"), 0);
		if (colon != (size_t)-1)
			name = kb_str(name.p + colon + 1,
			    name.n - colon - 1);
	}
	return kb_str_glob(pattern->text, name);
}

/* ---- text of elements ---- */

/* Appends with white space runs made one space; true while there is room. */
static bool
add_collapsed(struct kb_buf *out, struct kb_str s, size_t max)
{
	for (size_t i = 0; i < s.n && out->n < max; i++) {
		char c = s.p[i];
		bool space = c == ' ' || (c >= '\t' && c <= '\r');

		if (!space)
			kb_buf_addch(out, c);
		else if (out->n > 0 && out->p[out->n - 1] != ' ')
			kb_buf_addch(out, ' ');
	}
	return out->n < max && !out->failed;
}

static void
add_text_of(struct kb_buf *out, const struct kb_node *node, size_t max)
{
	const struct kb_node *n;

	for (n = node; n != NULL; n = kb_node_next(n, node))
		if (n->kind == KB_NODE_TEXT &&
		    !add_collapsed(out, n->text, max))
			return;
}

static const struct kb_attr *
find_attr(const struct kb_node *node, const struct kb_path_name *name)
{
	const struct kb_attr *a;

	/* an attribute without a prefix is in no namespace: no local name */
	for (a = node->attrs; a != NULL; a = a->next)
		if (kb_str_glob(name->text, a->name))
			return a;
	return NULL;
}

static const struct kb_node *
find_child(const struct kb_node *from, const struct kb_path_name *name)
{
	const struct kb_node *n;

	for (n = from; n != NULL; n = n->next)
		if (n->kind == KB_NODE_ELEMENT &&
		    kb_path_name_match(name, n->name))
			return n;
	return NULL;
}

static void
add_joined(struct kb_buf *out, const struct kb_node *node,
    const struct kb_path_name *join)
{
	const struct kb_node *child;

	for (; join != NULL; join = join->next) {
		child = find_child(node->first, join);
		if (child == NULL)
			continue;
		if (out->n > 0 && out->p[out->n - 1] != ' ')
			kb_buf_addch(out, ' ');
		add_text_of(out, child, MAX_TEXT);
	}
}

struct kb_str
kb_path_value(const struct kb_path *path, const struct kb_node *node,
    struct kb_arena *arena)
{
	const struct kb_attr *attr;
	struct kb_buf buf = { 0 };
	struct kb_str out;

	if (path->attr.text.p != NULL) {
		attr = find_attr(node, &path->attr);
		if (attr != NULL)
			add_collapsed(&buf, attr->value, MAX_TEXT);
	} else if (path->join != NULL) {
		add_joined(&buf, node, path->join);
	} else {
		add_text_of(&buf, node, MAX_TEXT);
	}
	if (buf.failed)
		arena->failed = true;
	out = kb_arena_copy(arena, kb_str_trim(kb_buf_str(&buf)));
	kb_buf_release(&buf);
	return out;
}

struct kb_str
kb_path_attr(const struct kb_path *path, const struct kb_node *node)
{
	const struct kb_attr *a = find_attr(node, &path->attr);

	return a != NULL ? a->value : kb_str("", 0);
}

struct kb_str
kb_path_source(const struct kb_path *path, const struct kb_node *node,
    struct kb_arena *arena)
{
	const struct kb_attr *attr = path->attr.text.p != NULL ?
	    find_attr(node, &path->attr) : NULL;
	struct kb_str names[KB_PATH_STEPS];
	struct kb_buf buf = { 0 };
	struct kb_str out;
	size_t n = 0;

	for (; n < path->nsteps && node != NULL; node = node->parent)
		names[n++] = node->name;
	for (size_t i = n; i > 0; i--) {
		if (path->absolute || i < n)
			kb_buf_addch(&buf, '/');
		kb_buf_add(&buf, names[i - 1]);
	}
	if (attr != NULL) {
		kb_buf_addch(&buf, '@');
		kb_buf_add(&buf, attr->name);
	}
	if (buf.n == 0)
		kb_buf_addch(&buf, '.');
	if (buf.failed)
		arena->failed = true;
	out = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

/* ---- conditions ---- */

static bool
text_matches(const struct kb_path_cond *c, const struct kb_node *node)
{
	struct kb_buf buf = { 0 };
	struct kb_str s;
	bool hit;

	add_text_of(&buf, node, MAX_COMPARED + 1);
	s = kb_str_trim(kb_buf_str(&buf));
	hit = c->any ? s.n > 0 : kb_path_glob(c->value, s);
	kb_buf_release(&buf);
	return hit;
}

static bool
child_matches(const struct kb_path_cond *c, const struct kb_node *node)
{
	const struct kb_node *n = node->first;

	while ((n = find_child(n, &c->name)) != NULL) {
		if (c->any || text_matches(c, n))
			return true;
		n = n->next;
	}
	return false;
}

static bool
attr_matches(const struct kb_path_cond *c, const struct kb_node *node)
{
	const struct kb_attr *a;

	for (a = node->attrs; a != NULL; a = a->next)
		if (kb_str_glob(c->name.text, a->name) && (c->any ||
		    kb_path_glob(c->value, kb_str_trim(a->value))))
			return true;
	return false;
}

static bool
cond_holds(const struct kb_path_cond *c, const struct kb_node *node)
{
	bool hit;

	if (c->on == KB_COND_SELF)
		hit = text_matches(c, node);
	else if (c->on == KB_COND_CHILD)
		hit = child_matches(c, node);
	else
		hit = attr_matches(c, node);
	return hit != c->negate;
}

static bool
name_matches(const struct kb_path_step *step, const struct kb_node *node)
{
	const struct kb_path_name *x;

	if (node->kind != KB_NODE_ELEMENT ||
	    !kb_path_name_match(&step->name, node->name))
		return false;
	for (x = step->except; x != NULL; x = x->next)
		if (kb_path_name_match(x, node->name))
			return false;
	return true;
}

static bool
step_matches(const struct kb_path_step *step, const struct kb_node *node)
{
	const struct kb_path_cond *c;

	if (!name_matches(step, node))
		return false;
	for (c = step->conds; c != NULL; c = c->next)
		if (!cond_holds(c, node))
			return false;
	return true;
}

/* ---- walking ---- */

static bool
is_element_of_file(const struct kb_node *node)
{
	return node != NULL && node->kind == KB_NODE_ELEMENT &&
	    (node->name.n == 0 || node->name.p[0] != '#');
}

static const struct kb_node *
root_of(const struct kb_node *node)
{
	while (is_element_of_file(node->parent))
		node = node->parent;
	return node;
}

/* Numbers by their value, all else bytewise. */
static int
compare_values(struct kb_str a, struct kb_str b)
{
	bool numbers = a.n > 0 && b.n > 0;

	for (size_t i = 0; numbers && i < a.n; i++)
		numbers = a.p[i] >= '0' && a.p[i] <= '9';
	for (size_t i = 0; numbers && i < b.n; i++)
		numbers = b.p[i] >= '0' && b.p[i] <= '9';
	if (numbers && a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return kb_str_cmp(a, b);
}

/*
 * The sibling whose child says most, or least; of equal ones the last.  It
 * is one text node where nobody does strange things: more is not looked at.
 */
static const struct kb_node *
best_from(const struct kb_path_step *step, const struct kb_node *from)
{
	struct kb_str best = kb_str("", 0), s;
	const struct kb_node *hit = NULL, *n, *child;

	for (n = from; n != NULL; n = n->next) {
		if (!name_matches(step, n))
			continue;
		child = find_child(n->first, step->best);
		s = child != NULL && child->first != NULL ?
		    kb_str_trim(child->first->text) : kb_str("", 0);
		if (hit == NULL || (step->most ? compare_values(s, best) >=
		    0 : compare_values(s, best) <= 0)) {
			hit = n;
			best = s;
		}
	}
	return hit != NULL && step_matches(step, hit) ? hit : NULL;
}

static const struct kb_node *
match_from(const struct kb_path_step *step, const struct kb_node *from)
{
	const struct kb_node *n, *hit = NULL;

	if (step->best != NULL)
		return best_from(step, from);
	for (n = from; n != NULL; n = n->next) {
		if (!step_matches(step, n))
			continue;
		hit = n;
		if (!step->last)
			break;
	}
	return hit;
}

/*
 * The element below "above" that the record stands in: a reader may keep an
 * open element out of its parent's children.
 */
static const struct kb_node *
towards(const struct kb_node *record, const struct kb_node *above)
{
	while (record != NULL && record->parent != above)
		record = record->parent;
	return record;
}

static const struct kb_node *
first_match(const struct kb_path_iter *it, size_t i)
{
	const struct kb_path_step *step = &it->path->steps[i];
	const struct kb_node *n;

	if (i == 0 && !it->path->absolute)
		return match_from(step, it->record->first);
	if (i == 0) {
		n = root_of(it->record);
		return step_matches(step, n) ? n : NULL;
	}
	n = match_from(step, it->at[i - 1]->first);
	if (n != NULL || !it->path->absolute)
		return n;
	n = towards(it->record, it->at[i - 1]);
	return n != NULL && step_matches(step, n) ? n : NULL;
}

static const struct kb_node *
next_match(const struct kb_path_iter *it, size_t i)
{
	const struct kb_path_step *step = &it->path->steps[i];

	if (step->last || step->best != NULL ||
	    (i == 0 && it->path->absolute))
		return NULL;
	return match_from(step, it->at[i]->next);
}

void
kb_path_begin(struct kb_path_iter *it, const struct kb_path *path,
    const struct kb_node *record)
{
	memset(it, 0, sizeof(*it));
	it->path = path;
	it->record = record;
}

const struct kb_node *
kb_path_next(struct kb_path_iter *it)
{
	size_t n = it->path->nsteps, i;
	const struct kb_node *hit;

	if (it->ended)
		return NULL;
	if (n == 0) {
		it->ended = true;
		return it->path->absolute ? root_of(it->record) : it->record;
	}
	i = it->begun ? n - 1 : 0;
	hit = it->begun ? next_match(it, i) : first_match(it, i);
	it->begun = true;
	for (;;) {
		it->at[i] = hit;
		if (hit != NULL && i == n - 1)
			return hit;
		if (hit != NULL) {
			hit = first_match(it, ++i);
		} else if (i > 0) {
			i--;
			hit = next_match(it, i);
		} else {
			break;
		}
	}
	it->ended = true;
	return NULL;
}

bool
kb_path_ends_at(const struct kb_path *path, const struct kb_node *element)
{
	for (size_t i = path->nsteps; i > 0; i--) {
		if (!is_element_of_file(element) ||
		    !step_matches(&path->steps[i - 1], element))
			return false;
		element = element->parent;
	}
	if (path->nsteps == 0)		/* ".": the file's root element */
		return !is_element_of_file(element->parent);
	return !path->absolute || !is_element_of_file(element);
}

bool
kb_path_needs_content(const struct kb_path *path)
{
	const struct kb_path_cond *c;

	for (size_t i = 0; i < path->nsteps; i++) {
		if (path->steps[i].last || path->steps[i].best != NULL)
			return true;
		for (c = path->steps[i].conds; c != NULL; c = c->next)
			if (c->on != KB_COND_ATTR)
				return true;
	}
	return path->attr.text.p != NULL || path->join != NULL ||
	    path->hop != NULL;
}
