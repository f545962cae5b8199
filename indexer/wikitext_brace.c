/*
 * wikitext_brace: templates and their arguments.  Contract:
 * wikitext_impl.h.
 */
#include "wikitext_impl.h"

#include <stdlib.h>

#include "html_token.h"
#include "words.h"

#define MAX_OPEN	65536	/* runs of "{" that wait for their end */
#define SENTENCE	6	/* words of an argument that is text */

/* ---- which braces belong together ---- */

struct run {
	size_t	at, n;
};

struct matcher {
	struct kb_wiki	*w;
	struct run	*open;
	size_t		 nopen, open_size;
	size_t		 size;		/* of w->match */
};

static void
add_match(struct matcher *m, size_t open, size_t end, bool parameter)
{
	struct kb_wiki *w = m->w;
	struct kb_wiki_match *more;

	if (w->nmatch == m->size) {
		m->size = m->size * 2 + 64;
		more = realloc(w->match, m->size * sizeof(*more));
		if (more == NULL) {
			w->failed = true;
			return;
		}
		w->match = more;
	}
	w->match[w->nmatch++] = (struct kb_wiki_match){ open, end,
	    parameter };
}

static void
add_open(struct matcher *m, size_t at, size_t n)
{
	struct run *more;

	if (m->nopen == MAX_OPEN)
		return;
	if (m->nopen == m->open_size) {
		m->open_size = m->open_size * 2 + 64;
		more = realloc(m->open, m->open_size * sizeof(*more));
		if (more == NULL) {
			m->w->failed = true;
			return;
		}
		m->open = more;
	}
	m->open[m->nopen++] = (struct run){ at, n };
}

/* A run of "n" closing braces that begins at "at". */
static void
close_run(struct matcher *m, size_t at, size_t n)
{
	while (n >= 2 && m->nopen > 0 && !m->w->failed) {
		struct run *r = &m->open[m->nopen - 1];
		size_t k = r->n < n ? r->n : n;

		k = k < 3 ? k : 3;
		r->n -= k;
		add_match(m, r->at + r->n, at + k, k == 3);
		at += k;
		n -= k;
		if (r->n < 2)
			m->nopen--;
	}
}

/* Behind what hides braces, or "at" where nothing does. */
static size_t
behind_hidden(struct kb_wiki *w, size_t at)
{
	struct kb_str name;
	size_t end;

	if (kb_wiki_looking_at(w, at, "<!--"))
		return kb_wiki_comment_end(w, at);
	name = kb_wiki_tag_name(w, at + 1);
	if (name.n < 3)
		return at;
	end = at + 1 + name.n;
	while (end < w->n && end - at < KB_WIKI_AHEAD && w->p[end] != '>')
		end++;
	if (end >= w->n || w->p[end] != '>' || w->p[end - 1] == '/')
		return at;
	if (kb_wiki_is_raw(name))
		return kb_html_raw_end(w->p, w->n, end, name);
	end = kb_wiki_gone_end(w, name, end);
	return end > 0 ? end : at;
}

static void
match_from(struct matcher *m, size_t at)
{
	struct kb_wiki *w = m->w;
	size_t n, behind;

	while (at < w->n && !w->failed) {
		char c = w->p[at];

		if (c == '<' && (behind = behind_hidden(w, at)) > at) {
			at = behind;
			continue;
		}
		for (n = 1; at + n < w->n && w->p[at + n] == c; n++)
			;
		if (c == '{' && n >= 2)
			add_open(m, at, n);
		else if (c == '}')
			close_run(m, at, n);
		at += n;
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct kb_wiki_match *x = a, *y = b;

	return (x->open > y->open) - (x->open < y->open);
}

void
kb_wiki_match_braces(struct kb_wiki *w, size_t from)
{
	struct matcher m = { .w = w };

	if (from >= w->n || memchr(w->p + from, '}', w->n - from) == NULL)
		return;
	match_from(&m, from);
	w->nunclosed = 0;	/* of places that are not reached yet */
	free(m.open);
	if (w->nmatch > 1)
		qsort(w->match, w->nmatch, sizeof(*w->match), by_place);
}

/* The pair that begins at "at", or NULL; places are asked for ascending. */
static const struct kb_wiki_match *
match_at(struct kb_wiki *w, size_t at)
{
	while (w->match_at < w->nmatch && w->match[w->match_at].open < at)
		w->match_at++;
	if (w->match_at == w->nmatch || w->match[w->match_at].open != at)
		return NULL;
	return &w->match[w->match_at];
}

/* ---- templates that are left out ---- */

/* Words of the arguments without a name, those of inner templates not. */
static size_t
argument_words(const struct kb_wiki *w, size_t from, size_t end)
{
	size_t depth = 0, begun = 0, most = 0, n;

	for (size_t i = from; i <= end; i++) {
		char c = i < end ? w->p[i] : '|';

		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
		if (c != '|' || depth > 0)
			continue;
		if (begun > 0 && memchr(w->p + begun, '=', i - begun) ==
		    NULL) {
			n = kb_words_count(kb_str(w->p + begun, i - begun));
			most = n > most ? n : most;
		}
		begun = i + 1;
	}
	return most;
}

static void
leave_out(struct kb_wiki *w, size_t end, struct kb_str name)
{
	size_t from = w->at;

	if (w->told != NULL && name.n > 0 && name.p[0] != '#' &&
	    argument_words(w, from + 2, end - 2) >= SENTENCE) {
		if (w->told->left_out++ == 0)
			w->told->left_name = kb_str_trim(name);
	}
	w->at = end;
	/* In a line of its own it is most often a box of its own. */
	if (from == 0 || w->p[from - 1] != '\n')
		return;
	while (end < w->n && (w->p[end] == ' ' || w->p[end] == '\r'))
		end++;
	if (end == w->n || w->p[end] == '\n')
		kb_wiki_pop(w, kb_wiki_scope(w) + 1);
}

/* ---- those that are kept ---- */

static struct kb_str
name_at(const struct kb_wiki *w, size_t at)
{
	size_t n = 0;

	while (at + n < w->n && n < 128 && strchr("|{}[]<>\n",
	    w->p[at + n]) == NULL)
		n++;
	return kb_str(w->p + at, n);
}

/* "name = " in front of an argument: its length, or 0; number: "2 =". */
static size_t
argument_name(const struct kb_wiki *w, size_t *number)
{
	size_t n = 0, digits = 0;

	while (w->at + n < w->n && n < 64 && (kb_html_alpha(w->p[w->at +
	    n]) || (w->p[w->at + n] >= '0' && w->p[w->at + n] <= '9') ||
	    strchr(" _-\n", w->p[w->at + n]) != NULL))
		n++;
	if (kb_wiki_peek(w, n) != '=')
		return 0;
	*number = 0;
	for (size_t i = 0; i < n; i++) {
		char c = w->p[w->at + i];

		if (c >= '0' && c <= '9' && *number < 1000)
			*number = *number * 10 + (size_t)(c - '0');
		digits += (c >= '0' && c <= '9') || c == ' ' || c == '\n';
	}
	if (digits < n)
		*number = 0;
	return n + 1;
}

static void
open_argument(struct kb_wiki *w, size_t number)
{
	size_t named, n = 0;

	named = argument_name(w, &n);
	if (named > 0)
		number = n;
	w->at += named;
	kb_wiki_push(w, KB_WIKI_ARG, named > 0 && n == 0 ? KB_STR("named") :
	    kb_arena_printf(w->arena, "arg%zu", number));
}

static bool
stays_in_line(const struct kb_wiki *w, struct kb_str name)
{
	enum kb_role role = kb_dialect_role(w->opts->dialect, name,
	    kb_str("", 0));

	return role == KB_ROLE_INLINE || role == KB_ROLE_KEYS ||
	    role == KB_ROLE_MENU || role == KB_ROLE_LINK;
}

static bool
open_template(struct kb_wiki *w, struct kb_str name, size_t end)
{
	if (stays_in_line(w, name))
		kb_wiki_begin_text(w);
	else
		kb_wiki_begin_block(w);
	if (!kb_wiki_push(w, KB_WIKI_TEMPLATE, name))
		return false;
	w->at = end;
	if (kb_wiki_peek(w, 0) == '|') {
		w->at++;
		open_argument(w, 1);
	}
	return true;
}

bool
kb_wiki_open_brace(struct kb_wiki *w)
{
	const struct kb_wiki_match *m = match_at(w, w->at);
	struct kb_str name, key;
	bool kept = false;

	if (kb_wiki_peek(w, 1) != '{')
		return false;
	if (m != NULL && m->parameter) {
		w->at = m->end;
		return true;
	}
	name = name_at(w, w->at + 2);
	key = kb_wiki_name(w, "template:", name);
	/* A fragment ends in text: its name went on. */
	if (name.n > 0 && (!w->opts->fragment ||
	    w->at + 2 + name.n < w->n))
		kept = kb_dialect_lists(w->opts->dialect, key) &&
		    kb_dialect_role(w->opts->dialect, key, kb_str("", 0)) !=
		    KB_ROLE_SKIP;
	if (kept && open_template(w, key, w->at + 2 + name.n))
		return true;
	if (m == NULL)
		return false;
	leave_out(w, m->end, name);
	return true;
}

#define BARRIER								\
	(KB_WIKI_BIT(KB_WIKI_CELL) | KB_WIKI_BIT(KB_WIKI_TABLE) |	\
	KB_WIKI_BIT(KB_WIKI_ROW) | KB_WIKI_BIT(KB_WIKI_CAPTION))

bool
kb_wiki_close_brace(struct kb_wiki *w)
{
	size_t at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_TEMPLATE), BARRIER);

	if (at == 0 || kb_wiki_peek(w, 1) != '}')
		return false;
	w->at += 2;
	kb_wiki_pop(w, at);
	return true;
}

static size_t
number_of(struct kb_str name)
{
	size_t n = 0;

	if (!kb_str_has_prefix(name, KB_STR("arg")))
		return 0;
	for (size_t i = 3; i < name.n && n < 1000; i++)
		n = n * 10 + (size_t)(name.p[i] - '0');
	return n;
}

bool
kb_wiki_template_bar(struct kb_wiki *w)
{
	size_t at = kb_wiki_find(w, KB_WIKI_BIT(KB_WIKI_ARG), BARRIER |
	    KB_WIKI_BIT(KB_WIKI_LINK) | KB_WIKI_BIT(KB_WIKI_FILE));
	size_t number;

	if (at == 0)
		return false;
	number = number_of(w->open[at].node->name);
	kb_wiki_pop(w, at);
	w->at++;
	open_argument(w, number + 1);
	return true;
}
