#include "html_token.h"

#include "html.h"

/* Bytes at which a run of text may end: bit 0 data, 1 RCDATA, 2 raw. */
static const uint8_t stops[256] = {
	['\0'] = 7, ['\r'] = 7, ['&'] = 3, ['<'] = 1
};
static const uint8_t stop_bit[] = {
	[KB_HTML_DATA] = 1, [KB_HTML_RCDATA] = 2, [KB_HTML_RAWTEXT] = 4,
	[KB_HTML_SCRIPT] = 4, [KB_HTML_PLAINTEXT] = 4, [KB_HTML_CDATA] = 4
};

/* Bytes that end a name: 1 a tag's, 2 an attribute's; 4 must be changed. */
static const uint8_t name_class[256] = {
	['\t'] = 3, ['\n'] = 3, ['\f'] = 3, ['\r'] = 3, [' '] = 3,
	['/'] = 3, ['>'] = 3, ['='] = 2, ['\0'] = 4,
	['A'] = 4, ['B'] = 4, ['C'] = 4, ['D'] = 4, ['E'] = 4, ['F'] = 4,
	['G'] = 4, ['H'] = 4, ['I'] = 4, ['J'] = 4, ['K'] = 4, ['L'] = 4,
	['M'] = 4, ['N'] = 4, ['O'] = 4, ['P'] = 4, ['Q'] = 4, ['R'] = 4,
	['S'] = 4, ['T'] = 4, ['U'] = 4, ['V'] = 4, ['W'] = 4, ['X'] = 4,
	['Y'] = 4, ['Z'] = 4
};

#define REPLACEMENT	KB_STR("\357\277\275")

void
kb_html_tokenizer_init(struct kb_html_tokenizer *tk, struct kb_str text,
    struct kb_arena *arena)
{
	memset(tk, 0, sizeof(*tk));
	tk->p = text.n > 0 ? text.p : "";
	tk->n = text.n;
	tk->arena = arena;
}

void
kb_html_tokenizer_release(struct kb_html_tokenizer *tk)
{
	kb_buf_release(&tk->scratch);
}

void
kb_html_tokenizer_raw(struct kb_html_tokenizer *tk, enum kb_html_state state,
    enum kb_html_tag tag)
{
	tk->state = state;
	if (state == KB_HTML_PLAINTEXT)
		tk->raw_end = tk->n;
	else if (state == KB_HTML_SCRIPT)
		tk->raw_end = kb_html_script_end(tk->p, tk->n, tk->at);
	else
		tk->raw_end = kb_html_raw_end(tk->p, tk->n, tk->at,
		    kb_html_tag_name(tag));
}

/* True if the '<' at "at" begins markup, and not text. */
static bool
is_markup(const struct kb_html_tokenizer *tk, size_t at)
{
	char c;

	if (at + 1 >= tk->n)
		return false;
	c = tk->p[at + 1];
	return kb_html_alpha(c) || c == '!' || c == '?' ||
	    (c == '/' && at + 2 < tk->n);
}

static void
text_token(struct kb_html_tokenizer *tk, struct kb_html_token *tok,
    struct kb_str text, size_t n)
{
	tok->kind = KB_TOKEN_TEXT;
	tok->text = text;
	tok->start = tk->at;
	tok->end = tk->at += n;
}

/*
 * A special byte at the very start of a piece of text.  False if it is text
 * like any other.
 */
static bool
special_text(struct kb_html_tokenizer *tk, struct kb_html_token *tok,
    size_t end)
{
	struct kb_html_ref ref;
	size_t n;

	switch (tk->p[tk->at]) {
	case '\r':
		n = tk->at + 1 < end && tk->p[tk->at + 1] == '\n' ? 2 : 1;
		text_token(tk, tok, KB_STR("\n"), n);
		return true;
	case '\0':
		tok->nul = tk->state == KB_HTML_DATA ||
		    tk->state == KB_HTML_CDATA;
		text_token(tk, tok, REPLACEMENT, 1);
		return true;
	case '&':
		if (stop_bit[tk->state] == 4)
			return false;
		n = kb_html_ref_decode(tk->p, end, tk->at, false, &ref);
		if (n == 0)
			return false;
		if (ref.value.p == ref.buf)
			ref.value = kb_arena_copy(tk->arena, ref.value);
		text_token(tk, tok, ref.value, n);
		return true;
	default:
		return false;
	}
}

static void
next_text(struct kb_html_tokenizer *tk, struct kb_html_token *tok, size_t end)
{
	uint8_t bit = stop_bit[tk->state];
	struct kb_html_ref ref;
	size_t i;

	if (special_text(tk, tok, end))
		return;
	for (i = tk->at + 1; i < end; i++) {
		if (!(stops[(unsigned char)tk->p[i]] & bit))
			continue;
		if (tk->p[i] == '<' && !is_markup(tk, i))
			continue;
		if (tk->p[i] == '&' && kb_html_ref_decode(tk->p, end, i,
		    false, &ref) == 0)
			continue;
		break;
	}
	text_token(tk, tok, kb_str(tk->p + tk->at, i - tk->at), i - tk->at);
}

/* ---- tags ---- */

static struct kb_str
lower(struct kb_html_tokenizer *tk, struct kb_str s)
{
	size_t i;

	kb_buf_clear(&tk->scratch);
	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\0')
			kb_buf_add(&tk->scratch, REPLACEMENT);
		else
			kb_buf_addch(&tk->scratch,
			    c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
	if (tk->scratch.failed)
		tk->arena->failed = true;
	return kb_arena_copy(tk->arena, kb_buf_str(&tk->scratch));
}

/* The name at *at, up to a byte of class "end". */
static struct kb_str
scan_name(struct kb_html_tokenizer *tk, size_t *at, uint8_t end, bool *change)
{
	size_t i = *at, from = i;
	uint8_t seen = 0;

	/* "=" at an attribute's very beginning belongs to its name. */
	if (end == 2 && i < tk->n && tk->p[i] == '=')
		i++;
	for (; i < tk->n; i++) {
		uint8_t c = name_class[(unsigned char)tk->p[i]];

		if (c & end)
			break;
		seen |= c;
	}
	*at = i;
	*change = (seen & 4) != 0;
	return kb_str(tk->p + from, i - from);
}

static struct kb_str
decode_value(struct kb_html_tokenizer *tk, struct kb_str s)
{
	struct kb_html_ref ref;
	size_t i, n;

	kb_buf_clear(&tk->scratch);
	for (i = 0; i < s.n; i += n) {
		n = 1;
		if (s.p[i] == '\r') {
			n += i + 1 < s.n && s.p[i + 1] == '\n';
			kb_buf_addch(&tk->scratch, '\n');
		} else if (s.p[i] == '\0') {
			kb_buf_add(&tk->scratch, REPLACEMENT);
		} else if (s.p[i] == '&' && (n = kb_html_ref_decode(s.p, s.n,
		    i, true, &ref)) > 0) {
			kb_buf_add(&tk->scratch, ref.value);
		} else {
			n = 1;
			kb_buf_addch(&tk->scratch, s.p[i]);
		}
	}
	if (tk->scratch.failed)
		tk->arena->failed = true;
	return kb_arena_copy(tk->arena, kb_buf_str(&tk->scratch));
}

/* The value behind "=" at *at; false at the end of the input. */
static bool
scan_value(struct kb_html_tokenizer *tk, size_t *at, struct kb_str *out,
    bool *change)
{
	size_t i = *at, from;
	uint8_t seen = 0;
	char quote = 0;

	while (i < tk->n && kb_html_space(tk->p[i]))
		i++;
	if (i >= tk->n)
		return false;
	if (tk->p[i] == '"' || tk->p[i] == '\'')
		quote = tk->p[i++];
	for (from = i; i < tk->n; i++) {
		char c = tk->p[i];

		if (quote ? c == quote : c == '>' || kb_html_space(c))
			break;
		seen |= stops[(unsigned char)c] & 2;
	}
	*out = kb_str(tk->p + from, i - from);
	*change = seen != 0;
	*at = i + (quote != 0);
	return i < tk->n;
}

struct attr_list {
	struct kb_attr	*first, **end;
	size_t		 n;
};

static void
add_attr(struct kb_html_tokenizer *tk, struct attr_list *list,
    struct kb_str name, bool lower_name, struct kb_str value, bool decode)
{
	struct kb_attr *a;

	if (list->n == KB_HTML_MAX_ATTRS) {
		tk->dropped++;
		return;
	}
	if (lower_name)
		name = lower(tk, name);
	for (a = list->first; a != NULL; a = a->next)
		if (kb_str_eq(a->name, name))
			return;
	a = kb_arena_alloc(tk->arena, sizeof(*a));
	if (a == NULL)
		return;
	a->name = name;
	a->value = decode ? decode_value(tk, value) : value;
	*list->end = a;
	list->end = &a->next;
	list->n++;
}

/*
 * Attributes from *at to behind the '>'; "list" is NULL where they do not
 * count.  False at the end of the input.
 */
static bool
scan_attrs(struct kb_html_tokenizer *tk, size_t *at, struct attr_list *list,
    bool *self_closing)
{
	struct kb_str name, value;
	bool lower_name, decode;
	size_t i = *at;

	for (;;) {
		while (i < tk->n && kb_html_space(tk->p[i]))
			i++;
		if (i >= tk->n)
			return false;
		if (tk->p[i] == '>') {
			*at = i + 1;
			return true;
		}
		if (tk->p[i] == '/') {
			i++;
			*self_closing = i < tk->n && tk->p[i] == '>';
			continue;
		}
		name = scan_name(tk, &i, 2, &lower_name);
		while (i < tk->n && kb_html_space(tk->p[i]))
			i++;
		value = kb_str("", 0);
		decode = false;
		if (i < tk->n && tk->p[i] == '=') {
			i++;
			if (!scan_value(tk, &i, &value, &decode))
				return false;
		}
		if (list != NULL)
			add_attr(tk, list, name, lower_name, value, decode);
	}
}

static void
eof_token(struct kb_html_tokenizer *tk, struct kb_html_token *tok)
{
	tok->kind = KB_TOKEN_EOF;
	tok->start = tok->end = tk->at = tk->n;
}

static void
next_tag(struct kb_html_tokenizer *tk, struct kb_html_token *tok)
{
	bool end = tk->p[tk->at + 1] == '/', change;
	struct attr_list list = { NULL, &list.first, 0 };
	struct kb_str name;
	size_t i = tk->at + 1 + end;

	tok->kind = end ? KB_TOKEN_END : KB_TOKEN_START;
	tok->start = tk->at;
	name = scan_name(tk, &i, 1, &change);
	tok->tag = kb_html_tag_find(name);
	if (tok->tag != KB_TAG_UNKNOWN)
		tok->name = kb_html_tag_name(tok->tag);
	else
		tok->name = change ? lower(tk, name) : name;
	if (!scan_attrs(tk, &i, end ? NULL : &list, &tok->self_closing)) {
		/* The standard drops a tag that the end of the file cuts. */
		eof_token(tk, tok);
		return;
	}
	tok->attrs = list.first;
	tok->end = tk->at = i;
}

/* ---- comments and declarations ---- */

static void
comment_token(struct kb_html_tokenizer *tk, struct kb_html_token *tok,
    size_t from, size_t to, size_t end)
{
	tok->kind = KB_TOKEN_COMMENT;
	tok->text = kb_str(tk->p + from, to - from);
	tok->start = tk->at;
	tok->end = tk->at = end;
}

static size_t
find_byte(const struct kb_html_tokenizer *tk, size_t at, char c)
{
	const char *q = at < tk->n ? memchr(tk->p + at, c, tk->n - at) : NULL;

	return q != NULL ? (size_t)(q - tk->p) : tk->n;
}

/* What a comment that the end of the file cuts has at its end. */
static size_t
cut_comment(const char *s, size_t n)
{
	if (n >= 3 && memcmp(s + n - 3, "--!", 3) == 0)
		return n - 3;
	if (n >= 2 && memcmp(s + n - 2, "--", 2) == 0)
		return n - 2;
	return n >= 1 && s[n - 1] == '-' ? n - 1 : n;
}

static void
next_comment(struct kb_html_tokenizer *tk, struct kb_html_token *tok)
{
	size_t from = tk->at + 4, q = from, k;
	const char *s = tk->p + from;

	while ((q = find_byte(tk, q, '>')) < tk->n) {
		k = q - from;
		if (k == 0 || (k == 1 && s[0] == '-')) {
			comment_token(tk, tok, from, from, q + 1);
			return;
		}
		if ((s[k - 1] == '-' && s[k - 2] == '-') ||
		    (k >= 3 && memcmp(s + k - 3, "--!", 3) == 0)) {
			k -= s[k - 1] == '-' ? 2 : 3;
			comment_token(tk, tok, from, from + k, q + 1);
			return;
		}
		q++;
	}
	comment_token(tk, tok, from, from + cut_comment(s, tk->n - from),
	    tk->n);
}

static void
bogus_comment(struct kb_html_tokenizer *tk, struct kb_html_token *tok,
    size_t from)
{
	size_t q = find_byte(tk, from, '>');

	comment_token(tk, tok, from, q, q < tk->n ? q + 1 : q);
}

/* False for a CDATA section, which is text: the state was changed. */
static bool
next_declaration(struct kb_html_tokenizer *tk, struct kb_html_token *tok)
{
	struct kb_str rest = kb_str(tk->p + tk->at + 2, tk->n - tk->at - 2);

	if (kb_str_has_prefix(rest, KB_STR("--"))) {
		next_comment(tk, tok);
	} else if (rest.n >= 7 &&
	    kb_str_caseeq(kb_str(rest.p, 7), KB_STR("doctype"))) {
		/* Also inside its quoted identifiers ">" ends it. */
		bogus_comment(tk, tok, tk->at + 9);
		tok->kind = KB_TOKEN_DOCTYPE;
	} else if (tk->foreign && kb_str_has_prefix(rest, KB_STR("[CDATA["))) {
		size_t end = kb_str_find(kb_str(tk->p, tk->n), KB_STR("]]>"),
		    tk->at + 9);

		tk->at += 9;
		tk->state = KB_HTML_CDATA;
		tk->raw_end = end == (size_t)-1 ? tk->n : end;
		return false;
	} else {
		bogus_comment(tk, tok, tk->at + 2);
	}
	return true;
}

/* False if there was nothing but a change of state. */
static bool
next_markup(struct kb_html_tokenizer *tk, struct kb_html_token *tok)
{
	char c = tk->p[tk->at + 1];

	if (kb_html_alpha(c)) {
		next_tag(tk, tok);
	} else if (c == '!') {
		return next_declaration(tk, tok);
	} else if (c == '?') {
		bogus_comment(tk, tok, tk->at + 1);
	} else if (kb_html_alpha(tk->p[tk->at + 2])) {
		next_tag(tk, tok);
	} else if (tk->p[tk->at + 2] == '>') {
		tk->at += 3;
		return false;
	} else {
		bogus_comment(tk, tok, tk->at + 2);
	}
	return true;
}

void
kb_html_tokenizer_next(struct kb_html_tokenizer *tk,
    struct kb_html_token *tok)
{
	memset(tok, 0, sizeof(*tok));
	for (;;) {
		if (tk->state != KB_HTML_DATA && tk->at < tk->raw_end) {
			next_text(tk, tok, tk->raw_end);
			tok->cdata = tk->state == KB_HTML_CDATA;
			return;
		}
		if (tk->state == KB_HTML_CDATA && tk->at < tk->n)
			tk->at += 3;
		tk->state = KB_HTML_DATA;
		if (tk->at >= tk->n) {
			eof_token(tk, tok);
			return;
		}
		if (tk->p[tk->at] != '<' || !is_markup(tk, tk->at)) {
			next_text(tk, tok, tk->n);
			return;
		}
		if (next_markup(tk, tok))
			return;
	}
}
