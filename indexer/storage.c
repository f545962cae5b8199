#include "storage.h"

#include "buf.h"
#include "htmlmeta.h"
#include "xml.h"

/* ---- names and attributes ---- */

static bool
is_called(const struct kb_node *n, const char *name)
{
	return n->kind == KB_NODE_ELEMENT && kb_str_eq(n->name,
	    kb_str_c(name));
}

static struct kb_str
attr(const struct kb_node *n, const char *name)
{
	return kb_str_trim(kb_node_attr(n, kb_str_c(name), NULL));
}

static void
add_attr(struct kb_arena *arena, struct kb_node *n, const char *name,
    struct kb_str value)
{
	struct kb_attr *a = kb_arena_alloc(arena, sizeof(*a));

	if (a == NULL)
		return;
	a->name = kb_str_c(name);
	a->value = value;
	a->next = n->attrs;
	n->attrs = a;
}

/* Names of macros are letters, digits and a few signs; others stay out. */
static bool
is_macro_name(struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' &&
		    s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
			return false;
	return s.n > 0 && s.n <= 64;
}

static bool
is_macro(const struct kb_node *n)
{
	return kb_str_has_prefix(n->name, KB_STR("ac:structured-macro")) ||
	    kb_str_has_prefix(n->name, KB_STR("ac:macro"));
}

/* ---- text that stands in an attribute ---- */

/* A text node behind "after" that stands for all of it. */
static void
stand_in(struct kb_arena *arena, struct kb_node *after, struct kb_str text)
{
	struct kb_node *n;

	if (text.n == 0 || after->parent == NULL)
		return;
	n = kb_node_new(arena, NULL, KB_NODE_TEXT);
	if (n == NULL)
		return;
	n->text = kb_arena_copy(arena, text);
	n->start = after->start;
	n->end = after->end;
	n->line = after->line;
	n->parent = after->parent;
	n->depth = after->depth;
	n->next = after->next;
	after->next = n;
	if (n->parent->last == after)
		n->parent->last = n;
}

static const struct kb_node *
child(const struct kb_node *n, const char *name)
{
	for (n = n->first; n != NULL; n = n->next)
		if (is_called(n, name))
			return n;
	return NULL;
}

/* ---- macros ---- */

static void
dress_macro(struct kb_arena *arena, struct kb_node *n)
{
	struct kb_str name = attr(n, "ac:name");

	if (is_macro_name(name) && kb_str_find(n->name, KB_STR("."), 0) ==
	    (size_t)-1)
		n->name = kb_arena_printf(arena, "%.*s.%.*s",
		    KB_FMT(n->name), KB_FMT(name));
}

/* Of what a macro is told, its title is to be read, and a status's text. */
static void
dress_parameter(struct kb_node *n)
{
	struct kb_str macro = n->parent->name;

	if (!kb_str_eq(attr(n, "ac:name"), KB_STR("title")))
		return;
	if (kb_str_has_suffix(macro, KB_STR(".status")))
		n->name = KB_STR("ac:parameter.text");
	else
		n->name = KB_STR("ac:parameter.title");
}

/* ---- links ---- */

static bool
has_text_of_its_own(const struct kb_node *link)
{
	return child(link, "ac:link-body") != NULL ||
	    child(link, "ac:plain-text-link-body") != NULL;
}

static void
dress_link(struct kb_arena *arena, struct kb_node *link)
{
	const struct kb_node *page = child(link, "ri:page");
	const struct kb_node *url = child(link, "ri:url");
	struct kb_str title, space;

	if (page == NULL)
		page = child(link, "ri:blog-post");
	if (page == NULL) {
		if (url != NULL)
			add_attr(arena, link, "href", attr(url, "ri:value"));
		return;
	}
	title = attr(page, "ri:content-title");
	space = attr(page, "ri:space-key");
	if (title.n == 0)
		return;
	add_attr(arena, link, "href", space.n == 0 ? kb_arena_printf(arena,
	    "title:%.*s", KB_FMT(title)) : kb_arena_printf(arena,
	    "title://%.*s/%.*s", KB_FMT(space), KB_FMT(title)));
	/* The page may stand in a context, with no attribute. */
	if (!has_text_of_its_own(link))
		stand_in(arena, (struct kb_node *)page, title);
}

static void
dress(struct kb_arena *arena, struct kb_node *n)
{
	if (is_macro(n))
		dress_macro(arena, n);
	else if (is_called(n, "ac:parameter") && n->parent != NULL)
		dress_parameter(n);
	else if (is_called(n, "ac:link"))
		dress_link(arena, n);
	else if (is_called(n, "time") && n->first == NULL)
		stand_in(arena, n, attr(n, "datetime"));
	else if (is_called(n, "ac:image") && child(n, "ac:caption") == NULL)
		stand_in(arena, n, attr(n, "ac:alt"));
}

enum kb_status
kb_storage_parse(struct kb_node **out, struct kb_str text, bool span,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_node *root, *n;
	enum kb_status status = kb_xml_storage(&root, text, span, arena,
	    err);

	if (status != KB_OK)
		return status;
	for (n = root; n != NULL;
	    n = (struct kb_node *)kb_node_next(n, root))
		if (n->kind == KB_NODE_ELEMENT)
			dress(arena, n);
	if (arena->failed)
		return kb_err_nomem(err);
	*out = root;
	return KB_OK;
}

/* ---- page properties ---- */

struct naming {
	const struct kb_relate	*relate;
	const struct kb_expr	*user;
	struct kb_arena		*arena;
};

static struct kb_str
user_key(const struct kb_node *n)
{
	struct kb_str key = attr(n, "ri:userkey");

	if (key.n == 0)
		key = attr(n, "ri:account-id");
	return key.n > 0 ? key : attr(n, "ri:username");
}

/* The people in a cell; where nobody knows them they are known to be gone. */
static struct kb_str
people(void *arg, const struct kb_node *cell)
{
	const struct naming *w = arg;
	struct kb_buf buf = { 0 };
	struct kb_str name, key, out;
	const struct kb_node *n;

	for (n = cell; n != NULL; n = kb_node_next(n, cell)) {
		if (!is_called(n, "ri:user"))
			continue;
		key = user_key(n);
		name = kb_profile_user(w->relate, w->user, key, w->arena);
		if (buf.n > 0)
			kb_buf_addc(&buf, ", ");
		if (name.n > 0)
			kb_buf_add(&buf, name);
		else
			kb_buf_printf(&buf, "Unknown User (%.*s)",
			    KB_FMT(key));
	}
	w->arena->failed |= buf.failed;
	out = kb_arena_copy(w->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

const struct kb_node *
kb_storage_properties(struct kb_record *rec, const struct kb_node *root,
    const struct kb_profiles *profiles, const struct kb_relate *relate,
    const struct kb_expr *user)
{
	struct naming w = { relate, user, rec->arena };

	return kb_html_properties(rec, root, profiles, people, &w);
}
