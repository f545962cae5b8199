/*
 * wikitext_link: [[pages]], [http://addresses and their text], files with
 * their captions, and bare URLs.  Contract: wikitext_impl.h.
 */
#include "wikitext_impl.h"

#include "html_token.h"

/* Kinds that a link's brackets do not reach out of. */
#define BARRIER								\
	(KB_WIKI_BIT(KB_WIKI_CELL) | KB_WIKI_BIT(KB_WIKI_ARG) |		\
	KB_WIKI_BIT(KB_WIKI_BLOCK) | KB_WIKI_BIT(KB_WIKI_TABLE) |	\
	KB_WIKI_BIT(KB_WIKI_ROW) | KB_WIKI_BIT(KB_WIKI_CAPTION))

/* ---- what a link leads to ---- */

/* "title:Page": links.c resolves it by the titles of the export. */
static struct kb_str
href_of(struct kb_wiki *w, struct kb_str target)
{
	size_t hash = kb_str_find(target, KB_STR("#"), 0);
	struct kb_buf buf = { 0 };
	struct kb_str out;

	if (hash != (size_t)-1 && hash > 0)
		target = kb_str_trim(kb_str(target.p, hash));
	if (target.n > 0 && target.p[0] != '#')
		kb_buf_addc(&buf, "title:");
	for (size_t i = 0; i < target.n; i++) {
		char c = target.p[i];

		if (i == 0 && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		kb_buf_addch(&buf, c == '_' ? ' ' : c);
	}
	w->failed |= buf.failed;
	out = kb_arena_copy(w->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return out;
}

/* What ends a target: '|', ']' of "]]", or 0 for a line's or text's end. */
static char
find_target(const struct kb_wiki *w, size_t from, size_t *end, bool *markup)
{
	size_t max = w->n - from < KB_WIKI_AHEAD ? w->n : from +
	    KB_WIKI_AHEAD, i = from;

	*markup = false;
	for (; i < max && w->p[i] != '\n'; i++) {
		if (w->p[i] == '|')
			break;
		if (kb_wiki_looking_at(w, i, "]]"))
			break;
		if (strchr("<>{}[", w->p[i]) != NULL ||
		    kb_wiki_looking_at(w, i, "''") ||
		    kb_wiki_looking_at(w, i, "~~~") ||
		    kb_wiki_looking_at(w, i, "__") ||
		    kb_wiki_looking_at(w, i, "!!")) {
			*markup = true;
			break;
		}
	}
	*end = i;
	/* A fragment ends in text: it was none that an end would hide. */
	if (i == max && (max < w->n || w->opts->fragment))
		*markup = true;
	return i < max && w->p[i] != '\n' ? w->p[i] : '\0';
}

/* ---- namespaces ---- */

static void
add_category(struct kb_wiki *w, struct kb_str name)
{
	struct kb_wikitext_told *t = w->told;
	struct kb_str *more;

	name = kb_str_trim(name);
	if (t == NULL || name.n == 0)
		return;
	if (t->ncategories == w->categories_size) {
		more = kb_arena_array(w->arena, w->categories_size * 2 + 8,
		    sizeof(*more));
		if (more == NULL)
			return;
		if (t->ncategories > 0)
			memcpy(more, t->categories, t->ncategories *
			    sizeof(*more));
		t->categories = more;
		w->categories_size = w->categories_size * 2 + 8;
	}
	t->categories[t->ncategories++] = name;
}

/*
 * The name "link:NAMESPACE" of a target's namespace, if the dialect lists
 * it; empty if not.  A language's code is in lower case: "IT:" is a
 * department.
 */
static struct kb_str
namespace_of(struct kb_wiki *w, struct kb_str target, struct kb_str *rest)
{
	size_t colon = kb_str_find(target, KB_STR(":"), 0);
	struct kb_str name, ns;

	if (colon == (size_t)-1 || colon == 0 || colon > 64)
		return kb_str("", 0);
	ns = kb_str_trim(kb_str(target.p, colon));
	name = kb_wiki_name(w, "link:", ns);
	if (!kb_dialect_lists(w->opts->dialect, name))
		return kb_str("", 0);
	for (size_t i = 0; ns.n <= 3 && i < ns.n; i++)
		if (ns.p[i] < 'a' || ns.p[i] > 'z')
			return kb_str("", 0);
	*rest = kb_str(target.p + colon + 1, target.n - colon - 1);
	return name;
}

/* Leave out what stands up to "]]" in the line. */
static bool
skip_link(struct kb_wiki *w, size_t end, struct kb_str name,
    struct kb_str title)
{
	size_t max = w->n - end < KB_WIKI_AHEAD ? w->n : end + KB_WIKI_AHEAD;
	size_t close = end;

	while (close < max && w->p[close] != '\n' &&
	    !kb_wiki_looking_at(w, close, "]]"))
		close++;
	if (close == max || w->p[close] == '\n')
		return false;
	/* Those of languages are short. */
	if (name.n > sizeof("link:xxx") - 1)
		add_category(w, title);
	w->at = close + 2;
	return true;
}

/* ---- files ---- */

static bool
is_option(struct kb_str s)
{
	static const char *const words[] = {
		"thumb", "thumbnail", "frame", "framed", "enframed",
		"frameless", "border", "left", "right", "center", "centre",
		"none", "upright", "baseline", "sub", "super", "top",
		"text-top", "middle", "bottom", "text-bottom",
		"mini", "miniatur", "gerahmt", "rahmenlos", "rand", "links",
		"rechts", "zentriert", "hochkant", "vignette", "gauche",
		"droite", "centr\xc3\xa9", "cadre", "redresse",
		"miniatura", "miniaturadeimagen", "marco", "izquierda",
		"derecha", "centro", "centrado", "ninguno", "sinistra",
		"destra", "esquerda", "direita", "borda", "miniatuur",
		"omkaderd", "gecentreerd", "rechtop",
		"\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb8",
		"\xd1\x81\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xb0",
		"\xd1\x81\xd0\xbb\xd0\xb5\xd0\xb2\xd0\xb0",
	};
	size_t digits = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (kb_str_caseeq(s, kb_str_c(words[i])))
			return true;
	while (digits < s.n && ((s.p[digits] >= '0' && s.p[digits] <= '9') ||
	    s.p[digits] == 'x'))
		digits++;
	if (digits > 0 && kb_str_eq(kb_str(s.p + digits, s.n - digits),
	    KB_STR("px")))
		return true;
	for (size_t i = 0; i < s.n && i < 12; i++) {
		if (s.p[i] == '=')
			return i > 0;
		if (!kb_html_alpha(s.p[i]))
			break;
	}
	return false;
}

static bool
makes_figure(struct kb_str s)
{
	static const char *const words[] = {
		"thumb", "thumbnail", "frame", "framed", "enframed", "mini",
		"miniatur", "gerahmt", "vignette", "cadre", "miniatura",
		"miniaturadeimagen", "marco", "miniatuur", "omkaderd",
		"\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb8",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (kb_str_caseeq(s, kb_str_c(words[i])))
			return true;
	return kb_str_has_prefix(s, KB_STR("thumb="));
}

/*
 * The end of a part, or of its text before markup: then it is not plain.
 * *last: nothing behind it.
 */
static bool
part_end(const struct kb_wiki *w, size_t *end, bool *last)
{
	size_t max = w->n - w->at < KB_WIKI_AHEAD ? w->n : w->at +
	    KB_WIKI_AHEAD, i = w->at;
	bool plain = true;

	for (; i < max && plain; i += plain) {
		if (w->p[i] == '|' || kb_wiki_looking_at(w, i, "]]"))
			break;
		plain = w->p[i] != '\n' && w->p[i] != '<' &&
		    !kb_wiki_looking_at(w, i, "[[") &&
		    !kb_wiki_looking_at(w, i, "{{");
	}
	*end = i;
	*last = i == max || w->p[i] == ']';
	return plain && (i < max || max == w->n);
}

static size_t
skip_spaces(const struct kb_wiki *w, size_t at)
{
	while (at < w->n && kb_html_space(w->p[at]))
		at++;
	return at;
}

/* By another name where the caption, which comes behind it, is a block. */
static void
alt_text(struct kb_wiki *w, size_t from, size_t to, bool figure)
{
	w->at = from;
	if (!kb_wiki_push(w, KB_WIKI_FIGURE, figure ? KB_STR("figalt") :
	    KB_STR("alt")))
		return;
	kb_wiki_refs(w, from, to);
	w->at = to;
	kb_wiki_pop(w, w->depth - 1);
}

static bool
is_alt(struct kb_str name)
{
	return kb_str_eq(name, KB_STR("alt")) ||
	    kb_str_eq(name, KB_STR("figalt"));
}

static void	file_parts(struct kb_wiki *w, bool figure);

void
kb_wiki_alt_rest(struct kb_wiki *w)
{
	struct kb_str name = kb_wiki_top(w)->node->name;
	size_t end;
	bool last;

	if (!is_alt(name))
		return;
	part_end(w, &end, &last);
	kb_wiki_refs(w, w->at, end);
	w->at = end;
	kb_wiki_pop(w, w->depth - 1);
	if (kb_wiki_peek(w, 0) != '|')
		return;
	w->at++;
	file_parts(w, kb_str_eq(name, KB_STR("figalt")));
}

/*
 * Options up to a caption, which is then open, or to the end of the file.  A
 * fragment that ends in a part ends in text: in a caption, or in an alt text.
 */
static void
file_parts(struct kb_wiki *w, bool figure)
{
	struct kb_str part;
	size_t end, from;
	bool last, plain, alt;

	for (;;) {
		from = skip_spaces(w, w->at);
		plain = part_end(w, &end, &last);
		part = kb_str_trim(kb_str(w->p + w->at, end - w->at));
		alt = kb_str_has_prefix(part, KB_STR("alt="));
		if (!alt && (!plain || (w->opts->fragment && end == w->n)))
			break;
		if (alt)
			alt_text(w, from + 4, end, figure);
		else if (last && !is_option(part))
			break;
		figure |= makes_figure(part);
		w->at = end;
		if (end >= w->n || w->p[end] != '|')
			return;
		w->at++;
	}
	w->at = from;
	kb_wiki_push(w, KB_WIKI_FIGURE, figure ? KB_STR("figcaption") :
	    KB_STR("imagealt"));
}

bool
kb_wiki_file_bar(struct kb_wiki *w)
{
	size_t at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_FIGURE) |
	    KB_WIKI_BIT(KB_WIKI_FILE), BARRIER | KB_WIKI_BIT(KB_WIKI_LINK));
	bool figure;

	if (at == 0)
		return false;
	figure = kb_str_eq(w->open[at].node->name, KB_STR("figcaption"));
	if (w->open[at].kind == KB_WIKI_FIGURE)
		at--;
	kb_wiki_pop(w, at + 1);
	w->at++;
	file_parts(w, figure);
	return true;
}

/* ---- brackets ---- */

/*
 * An element of its own: in the middle of a target nothing is markup, and
 * where it has no end a fragment of it does not know.
 */
static void
plain_link(struct kb_wiki *w, size_t spaces, size_t from, size_t end)
{
	bool pushed = kb_wiki_push(w, KB_WIKI_URL, KB_STR("target"));

	kb_wiki_text(w, spaces, from);
	kb_wiki_refs(w, from + (w->p[from] == ':'), end);
	w->at = end;
	if (pushed)
		kb_wiki_pop(w, w->depth - 1);
}

static bool
page_link(struct kb_wiki *w)
{
	size_t from = skip_spaces(w, w->at + 2), end;
	struct kb_str target, name, title;
	bool markup;
	char c;

	c = find_target(w, w->at + 2, &end, &markup);
	if (from >= end) {
		w->at += 2;
		return true;
	}
	if (markup) {
		kb_wiki_begin_text(w);
		plain_link(w, w->at + 2, from, end);
		return true;
	}
	target = kb_str_trim(kb_str(w->p + from, end - from));
	name = namespace_of(w, target, &title);
	if (name.n > 0 && kb_dialect_role(w->opts->dialect, name,
	    kb_str("", 0)) == KB_ROLE_SKIP) {
		if (skip_link(w, end, name, title))
			return true;
	} else if (name.n > 0) {
		kb_wiki_begin_text(w);
		if (!kb_wiki_push(w, KB_WIKI_FILE, name))
			return false;
		w->at = end + (c == '|');
		if (c == '|')
			file_parts(w, false);
		return true;
	}
	kb_wiki_begin_text(w);
	if (!kb_wiki_push(w, KB_WIKI_LINK, KB_STR("link")))
		return false;
	kb_wiki_attr(w, kb_wiki_top(w)->node, KB_STR("href"),
	    href_of(w, target.n > 0 && target.p[0] == ':' ?
	    kb_str(target.p + 1, target.n - 1) : target));
	if (c == '|' && !kb_wiki_looking_at(w, end, "|]]"))
		w->at = end + 1;
	else
		plain_link(w, w->at + 2, from, end);
	if (c == '|' && w->at == end)
		w->at++;
	return true;
}

bool
kb_wiki_is_scheme(struct kb_str s)
{
	static const char *const schemes[] = {
		"http", "https", "ftp", "ftps", "sftp", "ssh", "git", "svn",
		"irc", "ircs", "news", "nntp",
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (kb_str_caseeq(s, kb_str_c(schemes[i])))
			return true;
	return false;
}

static bool
begins_address(const struct kb_wiki *w, size_t at)
{
	size_t n = 0;

	if (kb_wiki_looking_at(w, at, "//") ||
	    kb_wiki_looking_at(w, at, "mailto:"))
		return true;
	while (at + n < w->n && n < 8 && kb_html_alpha(w->p[at + n]))
		n++;
	return kb_wiki_looking_at(w, at + n, "://") &&
	    kb_wiki_is_scheme(kb_str(w->p + at, n));
}

static size_t
address_end(const struct kb_wiki *w, size_t at)
{
	while (at < w->n && (unsigned char)w->p[at] > ' ' &&
	    strchr("<>[]\"{}|", w->p[at]) == NULL &&
	    !kb_wiki_looking_at(w, at, "''"))
		at++;
	return at;
}

static bool
web_link(struct kb_wiki *w)
{
	size_t from = w->at + 1, end;

	if (!begins_address(w, from))
		return false;
	end = address_end(w, from);
	kb_wiki_begin_text(w);
	if (!kb_wiki_push(w, KB_WIKI_WEBLINK, KB_STR("weblink")))
		return false;
	kb_wiki_attr(w, kb_wiki_top(w)->node, KB_STR("href"),
	    kb_arena_copy(w->arena, kb_str(w->p + from, end - from)));
	while (end < w->n && w->p[end] == ' ')
		end++;
	w->at = end;
	return true;
}

bool
kb_wiki_open_bracket(struct kb_wiki *w)
{
	return kb_wiki_peek(w, 1) == '[' ? page_link(w) : web_link(w);
}

bool
kb_wiki_close_bracket(struct kb_wiki *w)
{
	size_t at;

	at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_WEBLINK), BARRIER |
	    KB_WIKI_BIT(KB_WIKI_LINK) | KB_WIKI_BIT(KB_WIKI_FILE));
	if (at > 0) {
		w->at++;
		kb_wiki_pop(w, at);
		return true;
	}
	at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_LINK) |
	    KB_WIKI_BIT(KB_WIKI_FILE), BARRIER);
	if (at == 0 || kb_wiki_peek(w, 1) != ']')
		return false;
	w->at += 2;
	kb_wiki_pop(w, at);
	return true;
}

/* ---- bare URLs ---- */

/* The semicolon before "end" is a reference's. */
static bool
ends_reference(const struct kb_wiki *w, size_t from, size_t end)
{
	struct kb_html_ref ref;
	size_t at = end;

	while (at > from && end - at < 40 && w->p[at - 1] != '&')
		at--;
	return at > from && w->p[at - 1] == '&' && kb_html_ref_decode(w->p,
	    end, at - 1, false, &ref) == end - (at - 1);
}

void
kb_wiki_url(struct kb_wiki *w, size_t from)
{
	size_t end = address_end(w, w->at);

	while (end > w->at + 3 && strchr(",;\\.:!?)", w->p[end - 1]) !=
	    NULL && !(w->p[end - 1] == ';' && ends_reference(w, w->at, end)))
		end--;
	if (kb_wiki_push(w, KB_WIKI_URL, KB_STR("url"))) {
		kb_wiki_attr(w, kb_wiki_top(w)->node, KB_STR("href"),
		    kb_arena_copy(w->arena, kb_str(w->p + from,
		    end - from)));
		kb_wiki_refs(w, from, end);
		w->at = end;
		kb_wiki_pop(w, w->depth - 1);
		return;
	}
	kb_wiki_refs(w, from, end);
	w->at = end;
}

void
kb_wiki_url_rest(struct kb_wiki *w)
{
	bool target = kb_str_eq(kb_wiki_top(w)->node->name,
	    KB_STR("target"));
	size_t end = w->at;
	bool markup;

	if (target)
		find_target(w, w->at, &end, &markup);
	else
		end = address_end(w, w->at);
	kb_wiki_refs(w, w->at, end);
	w->at = end;
	kb_wiki_pop(w, w->depth - 1);
	if (target && kb_wiki_looking_at(w, end, "|]]"))
		w->at++;
}
