/* The "in body" rules: WHATWG HTML 13.2.6.4.7. */
#include "html_build.h"

static void
close_p(struct kb_html_builder *b)
{
	int32_t at = kb_html_in(b, KB_TAG_P, kb_html_top(b)->button);

	if (at >= 0)
		kb_html_close(b, at, b->tok.start);
}

static bool
is_formatting(const struct kb_html_open *e)
{
	uint8_t class = kb_html_tags[e->tag].class;

	return e->ns == KB_NS_HTML && (class == KB_HC_FMT ||
	    class == KB_HC_A || class == KB_HC_NOBR);
}

/*
 * An end tag of a formatting element, or the start tag of a second <a>.
 * What replaces the adoption agency: see html_build.h.
 */
static void
close_formatting(struct kb_html_builder *b, enum kb_html_tag tag, size_t end)
{
	int32_t at = kb_html_in(b, tag, kb_html_top(b)->scope);
	int32_t keep, stop;

	if (at < 0)
		return;
	stop = kb_html_top(b)->special;
	if (stop < at)
		stop = at;
	/* Formatting stays open, unless inside of what is closed. */
	for (keep = stop; keep + 1 < b->n && is_formatting(&b->v[keep + 1]);)
		keep++;
	while (b->n > keep + 1)
		kb_html_pop(b, b->tok.start);
	kb_html_remove(b, at, end);
}

/* ---- start tags ---- */

static void
start_other(struct kb_html_builder *b)
{
	kb_html_open_token(b);
}

static void
start_block(struct kb_html_builder *b)
{
	close_p(b);
	kb_html_open_token(b);
}

static void
start_heading(struct kb_html_builder *b)
{
	struct kb_html_open *top;

	close_p(b);
	top = kb_html_top(b);
	if (top->heading == b->n - 1)
		kb_html_pop(b, b->tok.start);
	kb_html_open_token(b);
}

static void
start_item(struct kb_html_builder *b, enum kb_html_tag one,
    enum kb_html_tag other)
{
	int32_t bound = kb_html_top(b)->item;
	int32_t at = kb_html_in(b, one, bound);

	if (at < 0)
		at = kb_html_in(b, other, bound);
	if (at >= 0)
		kb_html_close(b, at, b->tok.start);
	close_p(b);
	kb_html_open_token(b);
}

static void
start_li(struct kb_html_builder *b)
{
	start_item(b, KB_TAG_LI, KB_TAG_LI);
}

static void
start_dd(struct kb_html_builder *b)
{
	start_item(b, KB_TAG_DD, KB_TAG_DT);
}

static void
start_button(struct kb_html_builder *b)
{
	int32_t at = kb_html_in(b, KB_TAG_BUTTON, kb_html_top(b)->scope);

	if (at >= 0)
		kb_html_close(b, at, b->tok.start);
	kb_html_open_token(b);
}

static void
start_ruby(struct kb_html_builder *b, enum kb_html_tag except)
{
	if (kb_html_in(b, KB_TAG_RUBY, kb_html_top(b)->scope) >= 0)
		kb_html_implied(b, except);
	kb_html_open_token(b);
}

static void
start_rb(struct kb_html_builder *b)
{
	start_ruby(b, KB_TAG_UNKNOWN);
}

static void
start_rp(struct kb_html_builder *b)
{
	start_ruby(b, KB_TAG_RTC);
}

static void
start_a(struct kb_html_builder *b)
{
	if (kb_html_in(b, KB_TAG_A, kb_html_top(b)->marker) >= 0)
		close_formatting(b, KB_TAG_A, b->tok.start);
	kb_html_open_token(b);
}

static void
start_nobr(struct kb_html_builder *b)
{
	close_formatting(b, KB_TAG_NOBR, b->tok.start);
	kb_html_open_token(b);
}

/* A frameset where there was nothing to be seen yet replaces the body. */
static void
start_frameset(struct kb_html_builder *b)
{
	struct kb_node *n;

	if (b->no_frames || b->body == NULL || b->html == NULL)
		return;
	while (b->n > 2)
		kb_html_pop(b, b->tok.start);
	b->base = 1;
	kb_html_pop(b, b->tok.start);
	for (n = b->html->first; n != NULL && n->next != b->body; n = n->next)
		;
	if (n == NULL || b->body->next != NULL)
		return;
	n->next = NULL;
	b->html->last = n;
	b->body = NULL;
	kb_html_open_token(b);
}

static void
start_html(struct kb_html_builder *b)
{
	if (kb_html_top(b)->template < 0)
		kb_html_merge(b, b->html);
}

static void
start_body(struct kb_html_builder *b)
{
	if (kb_html_top(b)->template < 0)
		kb_html_merge(b, b->body);
	b->no_frames = true;
}

static void
start_pre(struct kb_html_builder *b)
{
	close_p(b);
	kb_html_open_token(b);
	b->skip_lf = true;
}

static void
start_raw(struct kb_html_builder *b)
{
	switch (kb_html_tags[b->tok.tag].class) {
	case KB_HC_XMP:
		close_p(b);
		kb_html_open_raw(b, KB_HTML_RAWTEXT);
		break;
	case KB_HC_TEXTAREA:
		kb_html_open_raw(b, KB_HTML_RCDATA);
		b->skip_lf = true;
		break;
	case KB_HC_PLAINTEXT:
		close_p(b);
		kb_html_open_token(b);
		kb_html_tokenizer_raw(&b->tk, KB_HTML_PLAINTEXT,
		    KB_TAG_PLAINTEXT);
		break;
	default:
		kb_html_open_raw(b, KB_HTML_RAWTEXT);
		break;
	}
}

static void
start_option(struct kb_html_builder *b)
{
	if (kb_html_top_is(b, KB_TAG_OPTION))
		kb_html_pop(b, b->tok.start);
	kb_html_open_token(b);
}

static void
start_hr(struct kb_html_builder *b)
{
	close_p(b);
	kb_html_void(b);
}

static void
start_image(struct kb_html_builder *b)
{
	b->tok.tag = KB_TAG_IMG;
	b->tok.name = kb_html_tag_name(KB_TAG_IMG);
	kb_html_void(b);
}

static void
start_foreign(struct kb_html_builder *b)
{
	kb_html_open_foreign(b, b->tok.tag == KB_TAG_SVG ? KB_NS_SVG :
	    KB_NS_MATH);
}

static void
start_nothing(struct kb_html_builder *b)
{
	(void)b;
}

/* All but KB_HC_HEAD, which has rules of its own. */
static void (*const start_rules[KB_HC_N])(struct kb_html_builder *) = {
	[KB_HC_OTHER] = start_other,
	[KB_HC_BLOCK] = start_block,
	[KB_HC_HEADING] = start_heading,
	[KB_HC_PRE] = start_pre,
	[KB_HC_LI] = start_li,
	[KB_HC_DD] = start_dd,
	[KB_HC_FMT] = start_other,
	[KB_HC_A] = start_a,
	[KB_HC_NOBR] = start_nobr,
	[KB_HC_MARKER] = start_other,
	[KB_HC_VOID] = kb_html_void,
	[KB_HC_RAW] = start_raw,
	[KB_HC_XMP] = start_raw,
	[KB_HC_PART] = start_nothing,
	[KB_HC_HTML] = start_html,
	[KB_HC_BODY] = start_body,
	[KB_HC_FRAMESET] = start_frameset,
	[KB_HC_FORM] = start_block,
	[KB_HC_PLAINTEXT] = start_raw,
	[KB_HC_BUTTON] = start_button,
	[KB_HC_TABLE] = start_block,
	[KB_HC_HR] = start_hr,
	[KB_HC_IMAGE] = start_image,
	[KB_HC_TEXTAREA] = start_raw,
	[KB_HC_SELECT] = start_other,
	[KB_HC_OPTION] = start_option,
	[KB_HC_RB] = start_rb,
	[KB_HC_RP] = start_rp,
	[KB_HC_FOREIGN] = start_foreign
};

static bool
start_tag(struct kb_html_builder *b)
{
	const struct kb_html_tag_info *info = &kb_html_tags[b->tok.tag];

	if (info->flags & KB_HF_NOFRAMES)
		b->no_frames = true;
	if (info->class == KB_HC_HEAD)
		return kb_html_in_head(b);
	start_rules[info->class](b);
	return false;
}

/* ---- end tags ---- */

static void
end_in(struct kb_html_builder *b, int32_t bound)
{
	int32_t at = kb_html_in(b, b->tok.tag, bound);

	if (at >= 0)
		kb_html_close(b, at, b->tok.end);
}

static void
end_p(struct kb_html_builder *b)
{
	if (kb_html_in(b, KB_TAG_P, kb_html_top(b)->button) < 0)
		kb_html_void(b);
	else
		end_in(b, kb_html_top(b)->button);
}

static void
end_form(struct kb_html_builder *b)
{
	int32_t at = kb_html_in(b, KB_TAG_FORM, kb_html_top(b)->scope);

	if (at < 0)
		return;
	kb_html_implied(b, KB_TAG_UNKNOWN);
	kb_html_remove(b, at, b->tok.end);
}

static void
end_heading(struct kb_html_builder *b)
{
	struct kb_html_open *top = kb_html_top(b);

	if (top->heading >= 0 && top->heading >= top->scope)
		kb_html_close(b, top->heading, b->tok.end);
}

static void
end_other(struct kb_html_builder *b)
{
	int32_t bound = kb_html_top(b)->special, at;

	if (b->tok.tag != KB_TAG_UNKNOWN)
		at = kb_html_in(b, b->tok.tag, bound);
	else
		at = kb_html_find(b, &b->tok, false, bound);
	if (at >= b->base)
		kb_html_close(b, at, b->tok.end);
}

static void
end_page(struct kb_html_builder *b)
{
	if (b->body == NULL ||
	    kb_html_in(b, KB_TAG_BODY, kb_html_top(b)->scope) < 0)
		return;
	b->after_body = true;
	if (b->tok.tag == KB_TAG_HTML) {
		b->body_end = b->tok.start;
		b->html_end = b->tok.end;
	} else {
		b->body_end = b->tok.end;
		b->html_end = 0;
	}
}

static bool
end_tag(struct kb_html_builder *b)
{
	switch (kb_html_tags[b->tok.tag].class) {
	case KB_HC_BLOCK:
		if (b->tok.tag == KB_TAG_P) {
			end_p(b);
			break;
		}
		/* FALLTHROUGH */
	case KB_HC_PRE:
	case KB_HC_BUTTON:
	case KB_HC_MARKER:
	case KB_HC_DD:
		end_in(b, kb_html_top(b)->scope);
		break;
	case KB_HC_LI:
		end_in(b, kb_html_top(b)->list);
		break;
	case KB_HC_FORM:
		end_form(b);
		break;
	case KB_HC_HEADING:
		end_heading(b);
		break;
	case KB_HC_FMT:
	case KB_HC_A:
	case KB_HC_NOBR:
		close_formatting(b, b->tok.tag, b->tok.end);
		break;
	case KB_HC_HTML:
	case KB_HC_BODY:
		end_page(b);
		break;
	default:
		if (b->tok.tag == KB_TAG_BR)
			kb_html_void(b);
		else if (b->tok.tag == KB_TAG_TEMPLATE)
			kb_html_template_end(b);
		else
			end_other(b);
		break;
	}
	return false;
}

bool
kb_html_in_body(struct kb_html_builder *b)
{
	switch (b->tok.kind) {
	case KB_TOKEN_TEXT:
		if (!b->no_frames && !kb_html_blank(b->tok.text))
			b->no_frames = true;
		kb_html_text(b);
		return false;
	case KB_TOKEN_COMMENT:
		kb_html_comment(b, NULL);
		return false;
	case KB_TOKEN_START:
		return start_tag(b);
	case KB_TOKEN_END:
		return end_tag(b);
	default:
		return false;
	}
}
