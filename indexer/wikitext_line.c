/*
 * wikitext_line: what the beginning of a line means: headings, lists,
 * tables, rules, paragraphs.  Contract: wikitext_impl.h.
 */
#include "wikitext_impl.h"

#define MAX_NESTED	32	/* lists */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

size_t
kb_wiki_line_end(const struct kb_wiki *w, size_t from)
{
	const char *nl = from < w->n ? memchr(w->p + from, '\n', w->n - from)
	    : NULL;

	return nl != NULL ? (size_t)(nl - w->p) : w->n;
}

static size_t
skip_blanks(const struct kb_wiki *w, size_t at)
{
	while (at < w->n && is_blank(w->p[at]))
		at++;
	return at;
}

static void
close_lines(struct kb_wiki *w)
{
	kb_wiki_pop(w, kb_wiki_scope(w) + 1);
}

/* ---- the end of a line ---- */

void
kb_wiki_newline(struct kb_wiki *w)
{
	size_t scope = kb_wiki_scope(w), i = w->depth - 1;

	while (i > scope && w->open[i].kind != KB_WIKI_ITEM &&
	    w->open[i].kind != KB_WIKI_HEADING &&
	    w->open[i].kind != KB_WIKI_P &&
	    w->open[i].kind != KB_WIKI_INDENT)
		i--;
	if (w->open[i].kind == KB_WIKI_HEADING)
		kb_wiki_pop(w, i);
	else if (w->open[i].kind != KB_WIKI_P)
		kb_wiki_pop(w, i + 1);
	/* A link, or an element of HTML, may go on in the next line. */
	while (w->depth > i + 1 && (kb_wiki_top(w)->kind == KB_WIKI_STYLE ||
	    kb_wiki_top(w)->kind == KB_WIKI_URL ||
	    kb_wiki_top(w)->kind == KB_WIKI_WEBLINK))
		kb_wiki_pop(w, w->depth - 1);
	w->heading_end = 0;
	w->newline = w->at++;
	w->bol = true;
}

/* ---- headings ---- */

/* Where the text of a heading ends that began before "end" of its line. */
static size_t
heading_text_end(const struct kb_wiki *w, size_t from, size_t end)
{
	size_t at = end, comment;

	for (;;) {
		while (at > from && is_blank(w->p[at - 1]))
			at--;
		if (at < from + 7 || memcmp(w->p + at - 3, "-->", 3) != 0)
			return at;
		comment = at - 3;
		while (comment > from && !kb_wiki_looking_at(w, comment,
		    "<!--"))
			comment--;
		if (!kb_wiki_looking_at(w, comment, "<!--"))
			return at;
		at = comment;
	}
}

static size_t
without_marks(const struct kb_wiki *w, size_t from, size_t end)
{
	while (end > from && w->p[end - 1] == '=')
		end--;
	return end;
}

/*
 * A fragment that ends in a heading ends in its text: the marks are not
 * there to be taken off.
 */
void
kb_wiki_heading_end(struct kb_wiki *w)
{
	size_t eol = kb_wiki_line_end(w, w->at);
	size_t end = heading_text_end(w, w->at, eol);

	w->heading_line = eol;
	if (eol < w->n || !w->opts->fragment)
		w->heading_end = without_marks(w, w->at, end);
	else
		w->heading_end = eol;
}

/* MediaWiki's anchor, where the text has no markup. */
static void
set_anchor(struct kb_wiki *w, struct kb_node *node)
{
	struct kb_str s = kb_str_trim(kb_str(w->p + w->at,
	    w->heading_end > w->at ? w->heading_end - w->at : 0));
	char *id;

	if (s.n == 0 || s.n > 200)
		return;
	for (size_t i = 0; i < s.n; i++)
		if (strchr("[]{}<>&'|~_\n", s.p[i]) != NULL)
			return;
	id = kb_arena_alloc(w->arena, s.n);
	if (id == NULL)
		return;
	for (size_t i = 0; i < s.n; i++)
		id[i] = s.p[i] == ' ' ? '_' : s.p[i];
	kb_wiki_attr(w, node, KB_STR("id"), kb_str(id, s.n));
}

/* "== Text" without its end was meant as one; "= 5" was not. */
static bool
heading(struct kb_wiki *w)
{
	static const char *const names[] = {
		"h1", "h2", "h3", "h4", "h5", "h6"
	};
	size_t eol = kb_wiki_line_end(w, w->at), level = 0, end;

	while (kb_wiki_peek(w, level) == '=')
		level++;
	end = heading_text_end(w, w->at, eol);
	if (end <= w->at + level)
		return false;
	/* A fragment has none: no passage reaches over its beginning. */
	if (level == 1 && (w->p[end - 1] != '=' || w->opts->fragment))
		return false;
	close_lines(w);
	if (!kb_wiki_push(w, KB_WIKI_HEADING, kb_str_c(names[(level < 6 ?
	    level : 6) - 1])))
		return false;
	/* Without the sign at its end, it would be a text's "= 5". */
	kb_wiki_top(w)->node->apart = level == 1;
	w->at = skip_blanks(w, w->at + level);
	kb_wiki_heading_end(w);
	set_anchor(w, kb_wiki_top(w)->node);
	w->bol = false;
	return true;
}

/* ---- lists ---- */

static bool
is_mark(char c)
{
	return c == '*' || c == '#' || c == ';' || c == ':';
}

static struct kb_str
list_name(char mark)
{
	if (mark == '*')
		return KB_STR("list");
	return mark == '#' ? KB_STR("steps") : KB_STR("dlist");
}

static struct kb_str
item_name(char mark)
{
	if (mark == ';')
		return KB_STR("term");
	return mark == ':' ? KB_STR("def") : KB_STR("item");
}

/* How many of the open lists the marks go on with. */
static size_t
common_lists(const struct kb_wiki *w, size_t scope, size_t marks)
{
	size_t n = 0, i = scope + 1;

	for (; n < marks && i + 1 < w->depth; n++, i += 2)
		if (w->open[i].kind != KB_WIKI_LIST ||
		    w->open[i + 1].kind != KB_WIKI_ITEM ||
		    !kb_str_eq(w->open[i].node->name,
		    list_name(w->p[w->at + n])))
			break;
	return n;
}

static size_t
count_marks(const struct kb_wiki *w)
{
	size_t n = 0;

	while (n < MAX_NESTED && is_mark(kb_wiki_peek(w, n)))
		n++;
	return n;
}

/* An item for the mark at w->at, in the list that is open. */
static void
open_item(struct kb_wiki *w)
{
	if (kb_wiki_push(w, KB_WIKI_ITEM, item_name(w->p[w->at])))
		kb_wiki_top(w)->node->mark = 1;
	w->at++;
}

/* A list for each of the marks at w->at. */
static void
open_lists(struct kb_wiki *w, size_t marks)
{
	for (; marks > 0; marks--) {
		kb_wiki_push(w, KB_WIKI_LIST, list_name(w->p[w->at]));
		open_item(w);
	}
	w->at = skip_blanks(w, w->at);
	w->bol = false;
}

static void
list_line(struct kb_wiki *w)
{
	size_t scope = kb_wiki_scope(w), marks = count_marks(w), same;

	same = common_lists(w, scope, marks);
	kb_wiki_pop(w, scope + 1 + 2 * same);
	w->at += same;
	if (same == marks) {
		kb_wiki_pop(w, w->depth - 1);
		w->at--;
		open_item(w);
	}
	open_lists(w, marks - same);
}

/* ---- a fragment's beginning ---- */

void
kb_wiki_begin_inside(struct kb_wiki *w)
{
	size_t marks = count_marks(w);
	size_t at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_HEADING), 0);

	if (at > 0 && (at + 1 == w->depth || !kb_str_eq(
	    w->open[at + 1].node->name, KB_WIKI_BY_TAG)))
		kb_wiki_heading_end(w);
	if (kb_wiki_top(w)->kind == KB_WIKI_FIGURE)
		kb_wiki_alt_rest(w);
	if (kb_wiki_top(w)->kind != KB_WIKI_LIST || marks == 0)
		return;
	open_item(w);
	open_lists(w, marks - 1);
}

/* ---- tables ---- */

/* The end of the attributes in a line: a comment hides what is behind. */
static size_t
attributes_end(const struct kb_wiki *w, size_t at)
{
	size_t eol = kb_wiki_line_end(w, at), comment;

	comment = kb_str_find(kb_str(w->p, eol), KB_STR("<!--"), at);
	return comment < eol ? comment : eol;
}

static void
open_table(struct kb_wiki *w, size_t at)
{
	size_t eol = attributes_end(w, at);

	w->bol = false;
	if (!kb_wiki_push(w, KB_WIKI_TABLE, KB_STR("wikitable"))) {
		w->at = eol;
		return;
	}
	kb_wiki_attrs(w, kb_wiki_top(w)->node, kb_str(w->p + at + 2,
	    eol - at - 2));
	w->at = eol;
}

/* The bar behind the attributes of a cell that begins at "at", or 0. */
static size_t
attribute_bar(const struct kb_wiki *w, size_t at)
{
	size_t max = w->n - at < KB_WIKI_AHEAD ? w->n : at + KB_WIKI_AHEAD;
	bool equals = false, ink = false;

	for (size_t i = at; i < max && w->p[i] != '\n'; i++) {
		if (w->p[i] == '|')
			return (equals || !ink) && !kb_wiki_looking_at(w, i,
			    "||") ? i : 0;
		if (w->p[i] == '<' || kb_wiki_looking_at(w, i, "[[") ||
		    kb_wiki_looking_at(w, i, "{{") ||
		    kb_wiki_looking_at(w, i, "!!"))
			return 0;
		equals |= w->p[i] == '=';
		ink |= !is_blank(w->p[i]);
	}
	return 0;
}

/* Attributes in front of the text, if there are any. */
static void
begin_cell(struct kb_wiki *w)
{
	size_t bar = attribute_bar(w, w->at);

	if (bar == 0)
		return;
	kb_wiki_attrs(w, kb_wiki_top(w)->node, kb_str(w->p + w->at,
	    bar - w->at));
	w->at = bar + 1;
}

static void
open_cell(struct kb_wiki *w, size_t table, struct kb_str name)
{
	w->bol = false;
	if (w->depth > table + 1 && w->open[table + 1].kind == KB_WIKI_ROW)
		kb_wiki_pop(w, table + 2);
	else
		kb_wiki_pop(w, table + 1);
	if (kb_wiki_top(w)->kind == KB_WIKI_TABLE &&
	    !kb_wiki_push(w, KB_WIKI_ROW, KB_STR("wikirow")))
		return;
	if (kb_wiki_push(w, KB_WIKI_CELL, name))
		begin_cell(w);
}

bool
kb_wiki_next_cell(struct kb_wiki *w)
{
	const unsigned outer = ~(KB_WIKI_BIT(KB_WIKI_STYLE) |
	    KB_WIKI_BIT(KB_WIKI_TAG) | KB_WIKI_BIT(KB_WIKI_URL) |
	    KB_WIKI_BIT(KB_WIKI_LINK) | KB_WIKI_BIT(KB_WIKI_WEBLINK));
	size_t cell = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_CELL), outer);
	struct kb_str name;

	if (cell < 2 || w->open[cell - 1].kind != KB_WIKI_ROW)
		return false;
	name = w->open[cell].node->name;
	if (w->p[w->at] == '!' && !kb_str_eq(name, KB_STR("th")))
		return false;
	w->at += 2;
	open_cell(w, cell - 2, name);
	return true;
}

static void
row_line(struct kb_wiki *w, size_t table, size_t at)
{
	size_t eol = attributes_end(w, at);

	kb_wiki_pop(w, table + 1);
	at += 2;
	while (at < eol && w->p[at] == '-')
		at++;
	if (kb_wiki_push(w, KB_WIKI_ROW, KB_STR("wikirow")))
		kb_wiki_attrs(w, kb_wiki_top(w)->node, kb_str(w->p + at,
		    eol - at));
	w->at = eol;
	w->bol = false;
}

/*
 * True if the line, whose text begins at "at", is part of an open table.  It
 * is no blank line.
 */
static bool
table_line(struct kb_wiki *w, size_t at)
{
	size_t table = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_TABLE),
	    KB_WIKI_BIT(KB_WIKI_ARG) | KB_WIKI_BIT(KB_WIKI_FIGURE));

	if (table == 0 || (w->p[at] != '|' && w->p[at] != '!'))
		return false;
	if (kb_wiki_looking_at(w, at, "|-")) {
		row_line(w, table, at);
	} else if (kb_wiki_looking_at(w, at, "|}")) {
		w->at = at + 2;
		kb_wiki_pop(w, table);
		w->bol = false;
	} else if (kb_wiki_looking_at(w, at, "|+")) {
		w->at = at + 2;
		kb_wiki_pop(w, table + 1);
		w->bol = false;
		if (kb_wiki_push(w, KB_WIKI_CAPTION, KB_STR("caption")))
			begin_cell(w);
	} else {
		w->at = at + 1;
		open_cell(w, table, w->p[at] == '!' ? KB_STR("th") :
		    KB_STR("td"));
	}
	return true;
}

static bool
begins_table(struct kb_wiki *w, size_t at)
{
	if (!kb_wiki_looking_at(w, at, "{|") ||
	    kb_wiki_looking_at(w, at, "{|}") ||
	    kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_ARG) |
	    KB_WIKI_BIT(KB_WIKI_FIGURE), KB_WIKI_BIT(KB_WIKI_CELL)) != 0)
		return false;
	close_lines(w);
	open_table(w, at);
	return true;
}

/* ---- the rest ---- */

/* Lines that begin with a space are no code if this follows. */
static bool
is_markup_of_lines(const struct kb_wiki *w, size_t at)
{
	struct kb_str name;

	if (kb_wiki_looking_at(w, at, "<!--"))
		return true;
	if (w->p[at] != '<')
		return false;
	at += 1 + kb_wiki_looking_at(w, at + 1, "/");
	name = kb_wiki_tag_name(w, at);
	return name.n > 0 && (kb_wiki_is_block(name) ||
	    (kb_wiki_is_raw(name) && !kb_str_caseeq(name,
	    KB_STR("nowiki"))));
}

static void
blank_line(struct kb_wiki *w, size_t eol)
{
	close_lines(w);
	w->newline = eol;
	w->at = eol < w->n ? eol + 1 : eol;
}

static void
go_on(struct kb_wiki *w, enum kb_wiki_kind kind)
{
	size_t scope = kb_wiki_scope(w);

	w->bol = false;
	if (w->depth > scope + 1 && w->open[scope + 1].kind == kind)
		kb_wiki_text(w, w->newline, w->newline + 1);
	else
		kb_wiki_pop(w, scope + 1);
}

static void
indented_line(struct kb_wiki *w)
{
	go_on(w, KB_WIKI_INDENT);
	w->at++;
	if (kb_wiki_top(w)->kind != KB_WIKI_INDENT)
		kb_wiki_push(w, KB_WIKI_INDENT, KB_STR("indent"));
}

static void
text_line(struct kb_wiki *w)
{
	go_on(w, KB_WIKI_P);
	if (kb_wiki_top(w)->kind == KB_WIKI_CELL ||
	    kb_wiki_top(w)->kind == KB_WIKI_CAPTION)
		kb_wiki_push(w, KB_WIKI_P, KB_STR("p"));
}

/* "File:Name.png|options|caption", a line a picture. */
static bool
gallery_line(struct kb_wiki *w)
{
	const struct kb_node *around = w->open[kb_wiki_scope(w)].node;
	size_t eol = kb_wiki_line_end(w, w->at), at = w->at;

	if (!kb_str_eq(around->name, KB_STR("gallery")) ||
	    kb_wiki_peek(w, 0) == '<')
		return false;
	close_lines(w);
	w->bol = false;
	do {
		while (at < eol && w->p[at] != '|')
			at++;
		at += at < eol;
	} while (kb_wiki_looking_at(w, at, "alt=") ||
	    kb_wiki_looking_at(w, at, "link="));
	w->at = at;
	if (at < eol)
		kb_wiki_push(w, KB_WIKI_P, KB_STR("p"));
	return true;
}

static void
rule(struct kb_wiki *w)
{
	close_lines(w);
	if (kb_wiki_push(w, KB_WIKI_BLOCK, KB_STR("hr"))) {
		while (kb_wiki_peek(w, 0) == '-')
			w->at++;
		kb_wiki_pop(w, w->depth - 1);
	} else {
		while (kb_wiki_peek(w, 0) == '-')
			w->at++;
	}
	w->bol = false;
}

/* A comment has no place in a line. */
static bool
left_out(struct kb_wiki *w)
{
	size_t end = 0, rest;

	if (kb_wiki_looking_at(w, w->at, "<!--"))
		end = kb_wiki_comment_end(w, w->at);
	if (end == 0)
		return false;
	rest = skip_blanks(w, end);
	/* A line of its own: it is not even a blank one. */
	w->at = rest < w->n && w->p[rest] == '\n' ? rest + 1 : end;
	return true;
}

/* A table holds text in cells only. */
static void
begin_lost_cell(struct kb_wiki *w)
{
	enum kb_wiki_kind kind = w->open[kb_wiki_scope(w)].kind;

	if (kind == KB_WIKI_TABLE &&
	    kb_wiki_push(w, KB_WIKI_ROW, KB_STR("wikirow")))
		kind = KB_WIKI_ROW;
	if (kind == KB_WIKI_ROW)
		kb_wiki_push(w, KB_WIKI_CELL, KB_STR("td"));
}

static void
other_line(struct kb_wiki *w, size_t text)
{
	char c = kb_wiki_peek(w, 0);

	begin_lost_cell(w);
	if (c == '=' && heading(w)) {
		;
	} else if (is_mark(c)) {
		list_line(w);
		begins_table(w, w->at);
	} else if (kb_wiki_looking_at(w, w->at, "----")) {
		rule(w);
	} else if (c == ' ' && !is_markup_of_lines(w, text)) {
		indented_line(w);
	} else {
		text_line(w);
	}
}

void
kb_wiki_line(struct kb_wiki *w)
{
	size_t text = skip_blanks(w, w->at);

	if (text >= w->n || w->p[text] == '\n')
		blank_line(w, text < w->n ? text : w->n);
	else if (!left_out(w) && !table_line(w, text) &&
	    !begins_table(w, text) && !gallery_line(w))
		other_line(w, text);
}
