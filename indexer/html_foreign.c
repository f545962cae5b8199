/* svg and math: WHATWG HTML 13.2.6.5. */
#include "html_build.h"

bool
kb_html_is_foreign(struct kb_html_builder *b)
{
	const struct kb_html_open *e = kb_html_top(b);
	bool start = b->tok.kind == KB_TOKEN_START;
	bool text = b->tok.kind == KB_TOKEN_TEXT;

	if (e->ns == KB_NS_HTML)
		return false;
	if (e->text_point && (text || (start &&
	    b->tok.tag != KB_TAG_MGLYPH && b->tok.tag != KB_TAG_MALIGNMARK)))
		return false;
	if (start && e->ns == KB_NS_MATH && e->tag == KB_TAG_ANNOTATION_XML &&
	    b->tok.tag == KB_TAG_SVG)
		return false;
	return !(e->html_point && (start || text));
}

static bool
is_breakout(const struct kb_html_token *tok)
{
	bool found, any = false;

	if (kb_html_tags[tok->tag].flags & KB_HF_BREAKOUT)
		return true;
	if (tok->tag == KB_TAG_FONT) {
		struct kb_node node = { .attrs = tok->attrs };

		kb_node_attr(&node, KB_STR("color"), &found);
		any |= found;
		kb_node_attr(&node, KB_STR("face"), &found);
		any |= found;
		kb_node_attr(&node, KB_STR("size"), &found);
		any |= found;
	}
	return any;
}

static bool
break_out(struct kb_html_builder *b)
{
	while (kb_html_top(b)->ns != KB_NS_HTML &&
	    !kb_html_top(b)->html_point && !kb_html_top(b)->text_point)
		kb_html_pop(b, b->tok.start);
	/* By the mode: an end tag at an integration point came from here. */
	return kb_html_by_mode(b, kb_html_top(b)->mode);
}

static bool
end_tag(struct kb_html_builder *b)
{
	int32_t at;

	if (b->tok.tag == KB_TAG_BR || b->tok.tag == KB_TAG_P)
		return break_out(b);
	at = kb_html_find(b, &b->tok, true, kb_html_top(b)->html + 1);
	if (at < 0)
		return kb_html_by_mode(b, kb_html_top(b)->mode);
	kb_html_close(b, at, b->tok.end);
	return false;
}

bool
kb_html_in_foreign(struct kb_html_builder *b)
{
	switch (b->tok.kind) {
	case KB_TOKEN_TEXT:
		if (!b->tok.nul && !kb_html_blank(b->tok.text))
			b->no_frames = true;
		kb_html_text(b);
		return false;
	case KB_TOKEN_COMMENT:
		kb_html_comment(b, NULL);
		return false;
	case KB_TOKEN_START:
		if (is_breakout(&b->tok))
			return break_out(b);
		kb_html_open_foreign(b, kb_html_top(b)->ns);
		return false;
	case KB_TOKEN_END:
		return end_tag(b);
	default:
		return false;
	}
}
