#include "html.h"

#include <stdlib.h>

#include "html_build.h"

/* ---- before there is a body ---- */

static void
open_html(struct kb_html_builder *b, bool made)
{
	struct kb_node *node = kb_node_new(b->arena, b->root,
	    KB_NODE_ELEMENT);
	struct kb_html_open *e;

	if (node == NULL)
		return;
	node->name = kb_html_tag_name(KB_TAG_HTML);
	node->attrs = made ? NULL : b->tok.attrs;
	node->start = b->tok.start;
	node->line = 1;
	e = kb_html_push(b, node, KB_TAG_HTML, KB_NS_HTML);
	if (e == NULL)
		return;
	e->made = made;
	b->html = node;
	b->base = 1;
}

static void
open_head(struct kb_html_builder *b, bool made)
{
	struct kb_html_open *e = made ? kb_html_open_made(b, KB_TAG_HEAD) :
	    kb_html_open_token(b);

	if (e == NULL)
		return;
	b->head = e->node;
	b->v[0].mode = KB_MODE_AFTER_HEAD;
}

static void
open_body(struct kb_html_builder *b, bool made)
{
	struct kb_html_open *e = made ? kb_html_open_made(b, KB_TAG_BODY) :
	    kb_html_open_token(b);

	if (e == NULL)
		return;
	b->body = e->node;
	b->base = 2;
}

/* An end tag that the modes before the body ignore. */
static bool
is_early_end(const struct kb_html_builder *b)
{
	return b->tok.kind == KB_TOKEN_END && b->tok.tag != KB_TAG_HEAD &&
	    b->tok.tag != KB_TAG_BODY && b->tok.tag != KB_TAG_HTML &&
	    b->tok.tag != KB_TAG_BR;
}

static bool
before_html(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, false))
		return false;
	if (b->tok.kind == KB_TOKEN_COMMENT) {
		kb_html_comment(b, b->root);
		return false;
	}
	if (b->tok.kind == KB_TOKEN_DOCTYPE || is_early_end(b))
		return false;
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_HTML) {
		open_html(b, false);
		return false;
	}
	open_html(b, true);
	return b->n > 0;
}

/* Comments, declarations and <html>, which all these modes treat alike. */
static bool
common(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_COMMENT)
		kb_html_comment(b, NULL);
	else if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_HTML)
		kb_html_merge(b, b->html);
	else
		return b->tok.kind == KB_TOKEN_DOCTYPE;
	return true;
}

static bool
before_head(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, false))
		return false;
	if (common(b) || is_early_end(b))
		return false;
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_HEAD) {
		open_head(b, false);
		return false;
	}
	open_head(b, true);
	return b->head != NULL;
}

void
kb_html_template_end(struct kb_html_builder *b)
{
	int32_t at = b->last[KB_TAG_TEMPLATE];

	if (at >= b->base)
		kb_html_close(b, at, b->tok.end);
}

/* Start tags of elements that belong into a head. */
static void
head_start(struct kb_html_builder *b)
{
	switch (b->tok.tag) {
	case KB_TAG_TITLE:
		kb_html_open_raw(b, KB_HTML_RCDATA);
		break;
	case KB_TAG_STYLE:
	case KB_TAG_NOFRAMES:
		kb_html_open_raw(b, KB_HTML_RAWTEXT);
		break;
	case KB_TAG_SCRIPT:
		kb_html_open_raw(b, KB_HTML_SCRIPT);
		break;
	case KB_TAG_TEMPLATE:
		kb_html_open_token(b);
		break;
	default:
		kb_html_void(b);
		break;
	}
}

static bool
is_head_start(const struct kb_html_builder *b)
{
	return b->tok.kind == KB_TOKEN_START &&
	    kb_html_tags[b->tok.tag].class == KB_HC_HEAD;
}

bool
kb_html_in_head(struct kb_html_builder *b)
{
	bool end = b->tok.kind == KB_TOKEN_END;

	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, true))
		return false;
	if (common(b))
		return false;
	if (is_head_start(b)) {
		head_start(b);
		return false;
	}
	if (end && b->tok.tag == KB_TAG_TEMPLATE) {
		kb_html_template_end(b);
		return false;
	}
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_NOSCRIPT) {
		kb_html_open_token(b);
		return false;
	}
	if ((b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_HEAD) ||
	    is_early_end(b))
		return false;
	if (end && b->tok.tag == KB_TAG_HEAD) {
		kb_html_pop(b, b->tok.end);
		return false;
	}
	kb_html_pop(b, b->tok.start);
	return true;
}

static bool
in_noscript(struct kb_html_builder *b)
{
	enum kb_html_tag tag = b->tok.tag;

	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, true))
		return false;
	if (common(b))
		return false;
	if (b->tok.kind == KB_TOKEN_END && tag == KB_TAG_NOSCRIPT) {
		kb_html_pop(b, b->tok.end);
		return false;
	}
	if (is_head_start(b) && tag != KB_TAG_BASE && tag != KB_TAG_TITLE &&
	    tag != KB_TAG_SCRIPT && tag != KB_TAG_TEMPLATE)
		return kb_html_in_head(b);
	if (b->tok.kind == KB_TOKEN_START &&
	    (tag == KB_TAG_HEAD || tag == KB_TAG_NOSCRIPT))
		return false;
	if (b->tok.kind == KB_TOKEN_END && tag != KB_TAG_BR)
		return false;
	kb_html_pop(b, b->tok.start);
	return true;
}

/* <title> and the like between </head> and <body> belong to the head. */
static void
late_head(struct kb_html_builder *b)
{
	bool made = b->head->start == b->head->end;
	struct kb_html_open *e = kb_html_push(b, b->head, KB_TAG_HEAD,
	    KB_NS_HTML);
	int32_t at = b->n - 1;

	if (e == NULL)
		return;
	e->made = made;
	head_start(b);
	kb_html_remove(b, at, made ? b->head->start : b->tok.end);
}

static bool
after_head(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, true))
		return false;
	if (common(b))
		return false;
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_BODY) {
		open_body(b, false);
		b->no_frames = true;
		return false;
	}
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_FRAMESET) {
		kb_html_open_token(b);
		return false;
	}
	if (is_head_start(b) && b->head != NULL) {
		late_head(b);
		return false;
	}
	if (b->tok.kind == KB_TOKEN_END && b->tok.tag == KB_TAG_TEMPLATE)
		return kb_html_in_head(b);
	if ((b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_HEAD) ||
	    (is_early_end(b)) ||
	    (b->tok.kind == KB_TOKEN_END && b->tok.tag == KB_TAG_HEAD))
		return false;
	open_body(b, true);
	return b->body != NULL;
}

/* ---- frames, raw text, the end ---- */

static bool
in_frameset(struct kb_html_builder *b, bool after)
{
	if (b->tok.kind == KB_TOKEN_TEXT) {
		/* All but the white space is ignored. */
		kb_html_cut_space(b, true);
	} else if (common(b)) {
		return false;
	} else if (b->tok.kind == KB_TOKEN_START) {
		if (b->tok.tag == KB_TAG_NOFRAMES)
			head_start(b);
		else if (!after && b->tok.tag == KB_TAG_FRAMESET)
			kb_html_open_token(b);
		else if (!after && b->tok.tag == KB_TAG_FRAME)
			kb_html_void(b);
	} else if (!after && b->tok.kind == KB_TOKEN_END &&
	    b->tok.tag == KB_TAG_FRAMESET) {
		kb_html_pop(b, b->tok.end);
		if (b->n == 1)
			b->v[0].mode = KB_MODE_AFTER_FRAMESET;
	}
	return false;
}

static bool
in_text(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_TEXT) {
		kb_html_text(b);
		return false;
	}
	/* Raw text ends at its own end tag alone. */
	kb_html_pop(b, b->tok.end);
	return false;
}

/* Behind </body>: true if the token was dealt with. */
static bool
after_body(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_COMMENT) {
		kb_html_comment(b, b->html);
		return true;
	}
	if (b->tok.kind == KB_TOKEN_DOCTYPE)
		return true;
	if (b->tok.kind == KB_TOKEN_END && b->tok.tag == KB_TAG_HTML) {
		b->html_end = b->tok.end;
		return true;
	}
	if (b->tok.kind != KB_TOKEN_TEXT || !kb_html_blank(b->tok.text))
		b->after_body = false;
	return false;
}

/* ---- driving ---- */

bool
kb_html_by_mode(struct kb_html_builder *b, enum kb_html_mode mode)
{
	switch (mode) {
	case KB_MODE_BEFORE_HEAD:
		return before_head(b);
	case KB_MODE_IN_HEAD:
		return kb_html_in_head(b);
	case KB_MODE_NOSCRIPT:
		return in_noscript(b);
	case KB_MODE_AFTER_HEAD:
		return after_head(b);
	case KB_MODE_TEXT:
		return in_text(b);
	case KB_MODE_TABLE:
		return kb_html_in_table(b);
	case KB_MODE_CAPTION:
		return kb_html_in_caption(b);
	case KB_MODE_COLGROUP:
		return kb_html_in_colgroup(b);
	case KB_MODE_TBODY:
		return kb_html_in_tbody(b);
	case KB_MODE_ROW:
		return kb_html_in_row(b);
	case KB_MODE_CELL:
		return kb_html_in_cell(b);
	case KB_MODE_SELECT:
		return kb_html_in_select(b);
	case KB_MODE_TEMPLATE:
		return kb_html_in_template(b);
	case KB_MODE_FRAMESET:
		return in_frameset(b, false);
	case KB_MODE_AFTER_FRAMESET:
		return in_frameset(b, true);
	default:
		return kb_html_in_body(b);
	}
}

/* The newline right behind <pre> is not part of its text. */
static void
drop_newline(struct kb_html_builder *b)
{
	struct kb_html_token *tok = &b->tok;

	b->skip_lf = false;
	if (tok->kind != KB_TOKEN_TEXT || tok->text.n == 0 ||
	    tok->text.p[0] != '\n')
		return;
	tok->text.p++;
	tok->text.n--;
	tok->start = tok->text.n > 0 ? tok->start + 1 : tok->end;
}

static void
process(struct kb_html_builder *b)
{
	struct kb_html_token *tok = &b->tok;

	if (b->skip_lf)
		drop_newline(b);
	if (tok->kind != KB_TOKEN_TEXT)
		b->fostered = false;
	else if (tok->nul && (b->n == 0 || !kb_html_is_foreign(b)))
		return;
	if (tok->kind == KB_TOKEN_TEXT && tok->text.n == 0)
		return;
	if (b->n == 0 && before_html(b) == false)
		return;
	if (b->after_body && after_body(b))
		return;
	while (!b->arena->failed && !b->nomem) {
		if (kb_html_is_foreign(b)) {
			if (!kb_html_in_foreign(b))
				break;
		} else if (!kb_html_by_mode(b, kb_html_top(b)->mode)) {
			break;
		}
	}
}

/* Close what is open, and make what every document has. */
static void
finish(struct kb_html_builder *b)
{
	bool fragment = b->opts->fragment;

	if (!fragment && b->n == 0)
		open_html(b, true);
	if (fragment)
		b->base = 1;
	while (b->n > b->base)
		kb_html_pop(b, b->tk.n);
	if (fragment || b->n == 0)
		return;
	if (b->head == NULL) {
		open_head(b, true);
		kb_html_pop(b, b->tk.n);
	}
	if (b->body == NULL)
		open_body(b, true);
	if (b->arena->failed || b->nomem)
		return;
	b->base = 0;
	kb_html_pop(b, b->after_body ? b->body_end : b->tk.n);
	kb_html_pop(b, b->after_body && b->html_end > 0 ? b->html_end :
	    b->tk.n);
}

static void
report(struct kb_html_builder *b, const struct kb_diag_sink *sink)
{
	if (b->deep > 0)
		kb_diag(sink, KB_WARNING, "html-depth", b->deep_line, 1,
		    "%u elements are nested deeper than %d: read as "
		    "siblings", (unsigned)b->deep, KB_HTML_MAX_DEPTH);
	if (b->tk.dropped > 0)
		kb_diag(sink, KB_WARNING, "html-attributes", 0, 0,
		    "%zu attributes past the %d of a tag are left out",
		    b->tk.dropped, KB_HTML_MAX_ATTRS);
}

static enum kb_status
result(struct kb_html_builder *b, struct kb_err *err)
{
	const struct kb_arena *a = b->arena;

	if (!a->failed && !b->nomem)
		return KB_OK;
	/* What failed was a node or, at most, a copy of the whole text. */
	if (a->failed && a->cap > 0 &&
	    a->cap - a->total < b->tk.n + sizeof(struct kb_node))
		return kb_err_set(err, KB_LIMIT, "the page needs more than "
		    "%zu bytes of memory; raise the limit or split it",
		    a->cap);
	return kb_err_nomem(err);
}

static void
begin(struct kb_html_builder *b, struct kb_str text,
    const struct kb_html_opts *opts, struct kb_arena *arena)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	kb_html_tokenizer_init(&b->tk, text, arena);
	b->arena = arena;
	b->opts = opts;
	b->line = 1;
	for (i = 0; i < KB_HTML_KEYS; i++)
		b->last[i] = -1;
	b->root = kb_node_new(arena, NULL, KB_NODE_ELEMENT);
	if (b->root == NULL)
		return;
	b->root->name = KB_STR("#document");
	b->root->line = 1;
	if (!opts->fragment)
		return;
	kb_html_push(b, b->root, opts->body ? KB_TAG_HTML : KB_TAG_TEMPLATE,
	    KB_NS_HTML);
	if (b->n == 1 && opts->body)
		b->v[0].mode = KB_MODE_BODY;
	b->base = 1;
}

enum kb_status
kb_html_parse(struct kb_node **root, struct kb_str text,
    const struct kb_html_opts *opts, struct kb_arena *arena,
    const struct kb_diag_sink *sink, struct kb_err *err)
{
	static const struct kb_html_opts none;
	struct kb_html_builder b;
	enum kb_status status;

	begin(&b, text, opts != NULL ? opts : &none, arena);
	while (!arena->failed && !b.nomem) {
		b.tk.foreign = b.n > 0 && kb_html_top(&b)->ns != KB_NS_HTML;
		kb_html_tokenizer_next(&b.tk, &b.tok);
		if (b.tok.kind == KB_TOKEN_EOF)
			break;
		process(&b);
		if (b.tok.end <= b.opts->sealed)
			b.base = b.n;
	}
	if (!arena->failed && !b.nomem)
		finish(&b);
	status = result(&b, err);
	if (status == KB_OK) {
		b.root->end = text.n;
		report(&b, sink);
		*root = b.root;
	}
	kb_html_tokenizer_release(&b.tk);
	free(b.v);
	return status;
}
