#include "htmlmeta.h"

#include "buf.h"
#include "content.h"
#include "jsonld.h"
#include "utf8.h"
#include "visible.h"

#define MAX_TITLE	((size_t)1000)
#define MAX_LINE	((size_t)65536)

struct meta {
	struct kb_record		*rec;
	const struct kb_node		*root, *main;
	const struct kb_profiles	*profiles;
	struct kb_str			 title;		/* of <title> */
	const struct kb_node		*h1;		/* the first in main */
	const struct kb_node		*heading;	/* the first at all */
};

static bool
is_heading(const struct kb_node *n)
{
	return n->name.n == 2 && n->name.p[0] == 'h' && n->name.p[1] >= '1' &&
	    n->name.p[1] <= '6';
}

static bool
is_one_of(const struct kb_node *n, const char *const *names)
{
	for (; *names != NULL; names++)
		if (kb_str_eq(n->name, kb_str_c(*names)))
			return true;
	return false;
}

/* What no heading holds, unless its end tag was forgotten. */
static bool
is_body(const struct kb_node *n)
{
	static const char *const names[] = {
		"p", "ul", "ol", "dl", "table", "pre", "blockquote",
		"section", "article", NULL
	};

	return n->kind == KB_NODE_ELEMENT && (is_heading(n) ||
	    is_one_of(n, names));
}

static bool
parts_lines(const struct kb_node *n)
{
	static const char *const names[] = {
		"br", "div", "li", "dt", "dd", "tr", "td", "th", "hr", NULL
	};

	return is_body(n) || (n->kind == KB_NODE_ELEMENT &&
	    is_one_of(n, names));
}

static bool
is_unseen(const struct kb_node *n)
{
	return n->kind == KB_NODE_ELEMENT && (kb_html_hidden(n) ||
	    kb_html_chrome(n));
}

/* Behind "n", with a space for each line that ends there. */
static const struct kb_node *
leave(struct kb_buf *buf, const struct kb_node *n, const struct kb_node *top)
{
	for (; n != top; n = n->parent) {
		if (parts_lines(n))
			kb_buf_addch(buf, ' ');
		if (n->next != NULL)
			return n->next;
	}
	return NULL;
}

/* Text of an element that people see, up to the node "end" or NULL. */
static void
add_visible(struct kb_buf *buf, const struct kb_node *node,
    const struct kb_node *end)
{
	const struct kb_node *n = node;

	while (n != NULL && n != end && buf->n < MAX_LINE) {
		if (n != node && is_unseen(n)) {
			n = leave(buf, n, node);
			continue;
		}
		if (n != node && parts_lines(n))
			kb_buf_addch(buf, ' ');
		if (n->kind == KB_NODE_TEXT)
			kb_buf_add(buf, n->text);
		n = n->first != NULL ? n->first : leave(buf, n, node);
	}
}

/*
 * Where the body begins in a heading whose end tag was forgotten: behind the
 * heading's own text.  NULL: it is closed.
 */
static const struct kb_node *
heading_end(const struct kb_node *h)
{
	const struct kb_node *n = kb_node_next(h, h);
	bool text = false;

	while (n != NULL && !(text && is_body(n))) {
		if (is_unseen(n)) {
			n = kb_node_skip(n, h);
			continue;
		}
		text |= n->kind == KB_NODE_TEXT &&
		    kb_str_trim(n->text).n > 0;
		n = kb_node_next(n, h);
	}
	return n;
}

/* Bytes of white space at s.p[i]; U+00A0 counts. */
static size_t
space_len(struct kb_str s, size_t i)
{
	if (s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r'))
		return 1;
	return s.n - i >= 2 && memcmp(s.p + i, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

/* Text on one line: runs of white space become one space. */
static struct kb_str
line_until(struct kb_arena *arena, const struct kb_node *node,
    const struct kb_node *end)
{
	struct kb_buf buf = { 0 };
	struct kb_str s, out;
	size_t n = 0, k;
	char *p;

	add_visible(&buf, node, end);
	arena->failed |= buf.failed;
	s = kb_buf_str(&buf);
	s.n = kb_utf8_floor(s, s.n < MAX_LINE ? s.n : MAX_LINE);
	out = kb_arena_copy(arena, s);
	p = (char *)out.p;
	for (size_t i = 0; i < out.n; i += k > 0 ? k : 1) {
		k = space_len(s, i);
		if (k > 0 && (n == 0 || p[n - 1] == ' '))
			continue;
		p[n++] = k > 0 ? ' ' : s.p[i];
	}
	kb_buf_release(&buf);
	return out.n > 0 ? kb_str_trim(kb_str(p, n)) : out;
}

static struct kb_str
one_line(struct kb_arena *arena, const struct kb_node *node)
{
	return line_until(arena, node, NULL);
}

static struct kb_str
heading_line(struct kb_arena *arena, const struct kb_node *h)
{
	return line_until(arena, h, heading_end(h));
}

static void
add_list(struct kb_record *rec, enum kb_field field, struct kb_str list,
    struct kb_str source)
{
	struct kb_str part;

	while (kb_str_split(&list, ',', &part))
		kb_record_add(rec, field, part, source);
}

/* ---- <meta>, <link>, <time> ---- */

static void
read_meta(struct meta *m, const struct kb_node *e)
{
	static const char *const names[] = {
		"name", "property", "itemprop", "http-equiv"
	};
	struct kb_str content = kb_node_attr(e, KB_STR("content"), NULL);
	struct kb_str name = { NULL, 0 }, source;
	enum kb_field field;

	for (size_t i = 0; i < 4 && name.n == 0; i++)
		name = kb_str_trim(kb_node_attr(e, kb_str_c(names[i]), NULL));
	if (name.n == 0 || kb_str_trim(content).n == 0)
		return;
	if (!kb_profiles_meta(m->profiles, name, &field)) {
		if (kb_node_attr(e, KB_STR("http-equiv"), NULL).n == 0)
			kb_record_add_unmapped(m->rec,
			    kb_arena_printf(m->rec->arena, "meta:%.*s",
			    KB_FMT(name)), content);
		return;
	}
	source = kb_arena_printf(m->rec->arena, "meta:%.*s", KB_FMT(name));
	if (field == KB_F_TAG)
		add_list(m->rec, field, content, source);
	else
		kb_record_add(m->rec, field, content, source);
}

static void
read_link(struct meta *m, const struct kb_node *e)
{
	if (kb_node_has_word(e, KB_STR("rel"), KB_STR("canonical")))
		kb_record_add(m->rec, KB_F_URL,
		    kb_node_attr(e, KB_STR("href"), NULL),
		    KB_STR("link:canonical"));
}

/* "Last updated: <time ...>": the label that stands before it. */
static bool
label_before(struct meta *m, const struct kb_node *e, enum kb_field *field)
{
	const struct kb_node *n, *before = NULL;
	struct kb_str s;

	for (n = e->parent->first; n != e; n = n->next)
		before = n;
	if (before == NULL || before->kind != KB_NODE_TEXT)
		return false;
	s = kb_str_trim(before->text);
	while (s.n > 0 && (s.p[s.n - 1] == ':' || s.p[s.n - 1] == ' '))
		s.n--;
	return kb_profiles_label(m->profiles, s, field);
}

static void
read_time(struct meta *m, const struct kb_node *e)
{
	static const struct {
		const char	*word;
		enum kb_field	 field;
	} classes[] = {
		{ "updated", KB_F_MODIFIED }, { "modified", KB_F_MODIFIED },
		{ "dt-updated", KB_F_MODIFIED },
		{ "published", KB_F_CREATED }, { "entry-date", KB_F_CREATED },
		{ "dt-published", KB_F_CREATED }, { "reviewed",
		KB_F_REVIEWED },
	};
	struct kb_str value = kb_node_attr(e, KB_STR("datetime"), NULL);
	struct kb_str prop = kb_node_attr(e, KB_STR("itemprop"), NULL);
	enum kb_field field;
	bool known;

	if (value.n == 0)
		return;
	known = prop.n > 0 && kb_profiles_meta(m->profiles, prop, &field);
	for (size_t i = 0; !known && i < sizeof(classes) /
	    sizeof(classes[0]); i++) {
		known = kb_node_has_word(e, KB_STR("class"),
		    kb_str_c(classes[i].word));
		field = classes[i].field;
	}
	if (!known)
		known = label_before(m, e, &field);
	if (known && kb_field_is_date(field))
		kb_record_add(m->rec, field, value, KB_STR("time"));
}

static bool
below(const struct kb_node *n, struct kb_str name)
{
	for (n = n->parent; n != NULL; n = n->parent)
		if (kb_str_eq(n->name, name))
			return true;
	return false;
}

static bool
is_below(const struct kb_node *n, const struct kb_node *top)
{
	while (n != NULL && n != top)
		n = n->parent;
	return n != NULL;
}

static void
read_element(struct meta *m, const struct kb_node *n)
{
	if (kb_str_eq(n->name, KB_STR("meta"))) {
		read_meta(m, n);
	} else if (kb_str_eq(n->name, KB_STR("link"))) {
		read_link(m, n);
	} else if (kb_str_eq(n->name, KB_STR("time"))) {
		read_time(m, n);
	} else if (kb_str_eq(n->name, KB_STR("title"))) {
		if (m->title.n == 0 && !below(n, KB_STR("svg")))
			m->title = one_line(m->rec->arena, n);
	} else if (kb_str_eq(n->name, KB_STR("script"))) {
		if (kb_str_caseeq(kb_str_trim(kb_node_attr(n,
		    KB_STR("type"), NULL)), KB_STR("application/ld+json")))
			kb_jsonld(m->rec, kb_node_text(m->rec->arena, n,
			    (size_t)1 << 20));
	} else if (is_heading(n) && is_below(n, m->main) &&
	    !kb_content_left_out(n)) {
		if (m->heading == NULL &&
		    heading_line(m->rec->arena, n).n > 0)
			m->heading = n;
		if (m->h1 == NULL && n->name.p[1] == '1' &&
		    heading_line(m->rec->arena, n).n > 0)
			m->h1 = n;
	}
}

/* ---- Confluence ---- */

static const struct kb_node *
find_by(const struct kb_node *root, struct kb_str attr, const char *word)
{
	const struct kb_node *n;

	for (n = root; n != NULL; n = kb_node_next(n, root))
		if (n->kind == KB_NODE_ELEMENT && n->attrs != NULL &&
		    kb_node_has_word(n, attr, kb_str_c(word)))
			return n;
	return NULL;
}

/* What stands behind the last " on " of the metadata line is the date. */
static void
confluence_date(struct meta *m, const struct kb_node *line)
{
	struct kb_str s = one_line(m->rec->arena, line);
	size_t at = 0, last = (size_t)-1;
	struct kb_str date;

	while ((at = kb_str_find(s, KB_STR(" on "), at)) != (size_t)-1)
		last = at++;
	if (last == (size_t)-1)
		return;
	date = kb_str(s.p + last + 4, s.n - last - 4);
	kb_record_add(m->rec, find_by(line, KB_STR("class"), "editor") !=
	    NULL ? KB_F_MODIFIED : KB_F_CREATED, date,
	    KB_STR("page-metadata"));
}

static void
confluence_breadcrumbs(struct meta *m)
{
	const struct kb_node *list, *n;

	list = find_by(m->root, KB_STR("id"), "breadcrumbs");
	if (list == NULL)
		return;
	for (n = list; n != NULL; n = kb_node_next(n, list))
		if (n->kind == KB_NODE_ELEMENT &&
		    kb_str_eq(n->name, KB_STR("li")))
			kb_record_add(m->rec, KB_F_CATEGORY,
			    one_line(m->rec->arena, n),
			    KB_STR("breadcrumbs"));
}

/* Name_12345.html: the page's id. */
static void
confluence_id(struct meta *m, struct kb_str path)
{
	size_t dot = path.n, at;

	while (dot > 0 && path.p[dot - 1] != '.')
		dot--;
	if (dot == 0)
		return;
	at = --dot;
	while (at > 0 && path.p[at - 1] >= '0' && path.p[at - 1] <= '9')
		at--;
	if (at < dot && (at == 0 || path.p[at - 1] == '_' ||
	    path.p[at - 1] == '/'))
		kb_record_add(m->rec, KB_F_ID,
		    kb_str(path.p + at, dot - at), KB_STR("file name"));
}

/*
 * "Space Details" and "Available Pages", which the export adds as
 * index.html: a page's title, but sections where its content would be.
 */
static bool
confluence_index(struct meta *m)
{
	const struct kb_node *n = find_by(m->root, KB_STR("id"),
	    "main-content");

	if (n == NULL || !kb_node_has_word(n, KB_STR("class"),
	    KB_STR("pageSection")) || find_by(m->root, KB_STR("class"),
	    "pageSectionTitle") == NULL)
		return false;
	m->rec->format = KB_STR("confluence-html");
	m->rec->dropped = true;
	m->rec->drop_reason = KB_STR("export's own index");
	return true;
}

static bool
confluence(struct meta *m, struct kb_str path)
{
	const struct kb_node *line, *n;
	struct kb_str title;
	size_t colon;

	n = find_by(m->root, KB_STR("id"), "title-text");
	if (n == NULL)
		return false;
	if (find_by(m->root, KB_STR("class"), "wiki-content") == NULL)
		return confluence_index(m);
	m->rec->format = KB_STR("confluence-html");
	title = one_line(m->rec->arena, n);
	colon = kb_str_find(title, KB_STR(" : "), 0);
	if (colon != (size_t)-1)
		title = kb_str(title.p + colon + 3, title.n - colon - 3);
	kb_record_add(m->rec, KB_F_TITLE, title, KB_STR("title-text"));
	confluence_id(m, path);
	confluence_breadcrumbs(m);
	line = find_by(m->root, KB_STR("class"), "page-metadata");
	if (line == NULL)
		return true;
	n = find_by(line, KB_STR("class"), "author");
	if (n != NULL)
		kb_record_add(m->rec, KB_F_AUTHOR,
		    one_line(m->rec->arena, n), KB_STR("span.author"));
	n = find_by(line, KB_STR("class"), "editor");
	if (n != NULL)
		kb_record_add(m->rec, KB_F_EDITOR,
		    one_line(m->rec->arena, n), KB_STR("span.editor"));
	confluence_date(m, line);
	return true;
}

/* ---- tables of page properties ---- */

/* The two cells of a row of two, or false. */
static bool
row_of_two(const struct kb_node *tr, const struct kb_node *cell[2])
{
	const struct kb_node *n;
	size_t k = 0;

	for (n = tr->first; n != NULL; n = n->next) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		if (k == 2 || (!kb_str_eq(n->name, KB_STR("td")) &&
		    !kb_str_eq(n->name, KB_STR("th"))))
			return false;
		cell[k++] = n;
	}
	return k == 2;
}

static bool
is_property_table(const struct kb_node *table)
{
	const struct kb_node *n, *cell[2];
	size_t rows = 0;

	for (n = table->first; n != NULL; n = kb_node_next(n, table)) {
		if (n->kind != KB_NODE_ELEMENT ||
		    !kb_str_eq(n->name, KB_STR("tr")))
			continue;
		if (!row_of_two(n, cell) || ++rows > 40)
			return false;
	}
	return rows > 0;
}

struct properties {
	struct kb_record		*rec;
	const struct kb_profiles	*profiles;
	struct kb_str			(*people)(void *arg,
					    const struct kb_node *cell);
	void				*arg;
};

static struct kb_str
cell_text(const struct properties *m, const struct kb_node *cell)
{
	struct kb_str s = one_line(m->rec->arena, cell);

	return s.n > 0 || m->people == NULL ? s : m->people(m->arg, cell);
}

/* False if there is a row that is no metadata. */
static bool
read_properties(struct properties *m, const struct kb_node *table)
{
	const struct kb_node *n, *cell[2];
	struct kb_arena *arena = m->rec->arena;
	enum kb_field field;
	bool all = true;

	for (n = table->first; n != NULL; n = kb_node_next(n, table)) {
		struct kb_str label;

		if (n->kind != KB_NODE_ELEMENT ||
		    !kb_str_eq(n->name, KB_STR("tr")) ||
		    !row_of_two(n, cell))
			continue;
		label = one_line(arena, cell[0]);
		while (label.n > 0 && label.p[label.n - 1] == ':')
			label.n--;
		if (!kb_profiles_label(m->profiles, kb_str_trim(label),
		    &field))
			all = false;
		else if (m->rec->values[field] == NULL)
			kb_record_add(m->rec, field, cell_text(m, cell[1]),
			    kb_arena_printf(arena, "table:%.*s",
			    KB_FMT(label)));
	}
	return all;
}

/* Only the first table of a page can be about the page. */
const struct kb_node *
kb_html_properties(struct kb_record *rec, const struct kb_node *main,
    const struct kb_profiles *profiles,
    struct kb_str (*people)(void *arg, const struct kb_node *cell), void *arg)
{
	struct properties m = { rec, profiles, people, arg };
	const struct kb_node *n;

	for (n = main; n != NULL; n = kb_node_next(n, main))
		if (n->kind == KB_NODE_ELEMENT && kb_str_eq(n->name,
		    KB_STR("table")))
			return is_property_table(n) && read_properties(&m,
			    n) ? n : NULL;
	return NULL;
}

/* ---- the title ---- */

/* The title stands in the text, too, if it cannot be left out alone. */
static const struct kb_node *
whole(const struct kb_node *h)
{
	return heading_end(h) == NULL ? h : NULL;
}

static void
choose_title(struct meta *m, struct kb_html_told *told)
{
	const struct kb_node *h = m->h1;
	struct kb_str text;

	if (m->rec->values[KB_F_TITLE] != NULL) {
		text = m->rec->values[KB_F_TITLE]->text;
		if (m->heading != NULL && kb_str_caseeq(text,
		    heading_line(m->rec->arena, m->heading)))
			told->title = whole(m->heading);
		return;
	}
	if (h == NULL && m->heading != NULL && kb_str_caseeq(m->title,
	    heading_line(m->rec->arena, m->heading)))
		h = m->heading;
	text = h != NULL ? heading_line(m->rec->arena, h) : m->title;
	if (text.n > MAX_TITLE) {
		text = m->title;
		h = NULL;
	}
	kb_record_add(m->rec, KB_F_TITLE, text,
	    h != NULL ? h->name : KB_STR("title"));
	told->title = h != NULL ? whole(h) : NULL;
}

void
kb_html_meta(struct kb_record *rec, const struct kb_node *root,
    const struct kb_node *main, struct kb_str path,
    const struct kb_profiles *profiles, struct kb_html_told *told)
{
	struct meta m = { .rec = rec, .root = root, .main = main,
	    .profiles = profiles };
	const struct kb_node *n;

	told->title = told->properties = NULL;
	rec->format = KB_STR("html");
	for (n = root; n != NULL; n = kb_node_next(n, root)) {
		if (n->kind != KB_NODE_ELEMENT)
			continue;
		if (kb_str_eq(n->name, KB_STR("html")))
			kb_record_add(rec, KB_F_LANG,
			    kb_node_attr(n, KB_STR("lang"), NULL),
			    KB_STR("html:lang"));
		read_element(&m, n);
	}
	confluence(&m, path);
	told->properties = kb_html_properties(rec, main, profiles, NULL,
	    NULL);
	choose_title(&m, told);
}
