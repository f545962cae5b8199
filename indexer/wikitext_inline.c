/*
 * wikitext_inline: what stands inside of a line: text, bold and italics,
 * magic words, and where brackets, braces and tags begin.  Contract:
 * wikitext_impl.h.
 */
#include "wikitext_impl.h"

#include "html_token.h"

/* ---- bold and italics ---- */

static size_t
style_at(const struct kb_wiki *w, struct kb_str name)
{
	for (size_t i = w->depth - 1; i > 0; i--) {
		enum kb_wiki_kind kind = w->open[i].kind;

		if (kind == KB_WIKI_STYLE && kb_str_eq(w->open[i].node->name,
		    name))
			return i;
		if (kind != KB_WIKI_STYLE && kind != KB_WIKI_TAG &&
		    kind != KB_WIKI_URL)
			break;
	}
	return 0;
}

/* Ends it where it is open; what was opened inside goes on. */
static void
toggle(struct kb_wiki *w, struct kb_str name, struct kb_str other)
{
	size_t at = style_at(w, name), inner;

	if (at == 0) {
		kb_wiki_begin_text(w);
		kb_wiki_push(w, KB_WIKI_STYLE, name);
		return;
	}
	inner = style_at(w, other);
	kb_wiki_pop(w, at);
	if (inner > at)
		kb_wiki_push(w, KB_WIKI_STYLE, other);
}

static size_t
run_of(const struct kb_wiki *w, size_t at, char c)
{
	size_t n = 0;

	while (at + n < w->n && w->p[at + n] == c)
		n++;
	return n;
}

static bool
is_word(char c)
{
	return (unsigned char)c >= 0x80 || kb_html_alpha(c) ||
	    (c >= '0' && c <= '9');
}

static bool
ends_in(struct kb_str s, struct kb_str word)
{
	return s.n >= word.n && kb_str_caseeq(kb_str(s.p + s.n - word.n,
	    word.n), word);
}

/*
 * In l'''amour'' the first of three is an apostrophe.  MediaWiki finds out
 * by counting to the end of the line, which a quote may not have: here it is
 * what French and Italian put apostrophes behind.
 */
static bool
is_elision(const struct kb_wiki *w)
{
	static const char *const ends[] = { "qu", "ll", "un", "st", "sant" };
	size_t from = w->at;
	struct kb_str word;

	while (from > 0 && w->at - from < 8 && is_word(w->p[from - 1]))
		from--;
	word = kb_str(w->p + from, w->at - from);
	if (style_at(w, KB_STR("b")) != 0 || style_at(w, KB_STR("i")) != 0 ||
	    w->at + 3 >= w->n || !is_word(w->p[w->at + 3]))
		return false;
	if (word.n == 1)
		return strchr("cdjlmnstCDJLMNST", word.p[0]) != NULL;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_in(word, kb_str_c(ends[i])))
			return word.n < 8;
	return false;
}

static void
apostrophes(struct kb_wiki *w)
{
	struct kb_str b = KB_STR("b"), i = KB_STR("i");
	size_t n = run_of(w, w->at, '\''), text;

	text = n == 4 ? 1 : n > 5 ? n - 5 : 0;
	if (n == 3 && is_elision(w))
		text = 1;
	if (text > 0)
		kb_wiki_begin_text(w);
	/* Without the others, two or more of them would be markup. */
	if (text > 1)
		kb_wiki_whole(w, kb_str(w->p + w->at, text), w->at,
		    w->at + n);
	else
		kb_wiki_text(w, w->at, w->at + text);
	w->at += text;
	n -= text;
	if (n == 2) {
		toggle(w, i, b);
	} else if (n == 3) {
		toggle(w, b, i);
	} else if (style_at(w, i) > style_at(w, b)) {
		toggle(w, i, b);
		toggle(w, b, i);
	} else {
		toggle(w, b, i);
		toggle(w, i, b);
	}
	w->at += n;
}

/* ---- words that are commands ---- */

static bool
magic_word(struct kb_wiki *w)
{
	static const char *const words[] = {
		"TOC__", "NOTOC__", "FORCETOC__", "NOEDITSECTION__",
		"NEWSECTIONLINK__", "NONEWSECTIONLINK__", "NOGALLERY__",
		"HIDDENCAT__", "EXPECTUNUSEDCATEGORY__", "NOCONTENTCONVERT__",
		"NOCC__", "NOTITLECONVERT__", "NOTC__", "INDEX__",
		"NOINDEX__", "STATICREDIRECT__", "EXPECTUNUSEDTEMPLATE__",
		"DISAMBIG__", "NOGLOBAL__", "START__", "END__",
	};

	if (kb_wiki_peek(w, 1) != '_')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!kb_wiki_looking_at(w, w->at + 2, words[i]))
			continue;
		w->at += 2 + strlen(words[i]);
		return true;
	}
	return false;
}

/* Three to five are a signature that nobody filled in; more, several. */
static bool
signature(struct kb_wiki *w)
{
	size_t n = run_of(w, w->at, '~');

	if (n < 3)
		return false;
	w->at += n < 5 ? n : 5;
	return true;
}

/* ---- colons ---- */

/* "; term : what it means" */
static bool
ends_term(struct kb_wiki *w)
{
	size_t at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_ITEM),
	    ~KB_WIKI_BIT(KB_WIKI_STYLE));

	if (at == 0 || !kb_str_eq(w->open[at].node->name, KB_STR("term")) ||
	    kb_wiki_looking_at(w, w->at, "://"))
		return false;
	kb_wiki_pop(w, at);
	w->at++;
	kb_wiki_push(w, KB_WIKI_ITEM, KB_STR("def"));
	return true;
}

/* ---- all of it ---- */

static bool
is_special(char c)
{
	return c != '\0' && strchr("\n'[]{}|!<_~:", c) != NULL;
}

/* The scheme of an URL at the end of [from, to), or "to". */
static size_t
scheme_start(const struct kb_wiki *w, size_t from, size_t to)
{
	size_t at = to;

	while (at > from && to - at < 8 && kb_html_alpha(w->p[at - 1]))
		at--;
	if ((at > from && is_word(w->p[at - 1])) ||
	    !kb_wiki_is_scheme(kb_str(w->p + at, to - at)))
		return to;
	return at;
}

static void
plain_text(struct kb_wiki *w)
{
	size_t from = w->at, to = from + 1, end = w->n;

	if (w->heading_end > from && w->heading_end < end)
		end = w->heading_end;
	while (to < end && !is_special(w->p[to]))
		to++;
	kb_wiki_begin_text(w);
	w->at = to;
	if (kb_wiki_looking_at(w, to, "://")) {
		to = scheme_start(w, from, to);
		kb_wiki_refs(w, from, to);
		if (to < w->at)
			kb_wiki_url(w, to);
		return;
	}
	kb_wiki_refs(w, from, to);
}

static bool
is_bar(struct kb_wiki *w)
{
	return (kb_wiki_peek(w, 1) == kb_wiki_peek(w, 0) &&
	    kb_wiki_next_cell(w)) || (kb_wiki_peek(w, 0) == '|' &&
	    (kb_wiki_file_bar(w) || kb_wiki_template_bar(w)));
}

/*
 * Unless something has ended it.  It goes on behind what hides the end of its
 * line, such as a comment.
 */
static void
end_heading(struct kb_wiki *w)
{
	bool open = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_HEADING), 0) > 0;

	if (open && w->at > w->heading_line) {
		kb_wiki_heading_end(w);
		return;
	}
	if (open)
		w->at = w->heading_line;
	w->heading_end = 0;
}

void
kb_wiki_inline(struct kb_wiki *w)
{
	char c = w->p[w->at];

	if (c == '\n')
		kb_wiki_newline(w);
	else if (w->heading_end > 0 && w->at >= w->heading_end)
		end_heading(w);
	else if (kb_wiki_top(w)->kind == KB_WIKI_URL)
		kb_wiki_url_rest(w);
	else if (c == '\'' && kb_wiki_peek(w, 1) == '\'')
		apostrophes(w);
	else if ((c == '[' && kb_wiki_open_bracket(w)) ||
	    (c == ']' && kb_wiki_close_bracket(w)) ||
	    (c == '{' && kb_wiki_open_brace(w)) ||
	    (c == '}' && kb_wiki_close_brace(w)) ||
	    ((c == '|' || c == '!') && is_bar(w)) ||
	    (c == '<' && kb_wiki_tag(w)) ||
	    (c == '_' && magic_word(w)) ||
	    (c == '~' && signature(w)) ||
	    (c == ':' && ends_term(w)))
		;
	else
		plain_text(w);
}
