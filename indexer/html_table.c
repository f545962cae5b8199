/* Tables, selects, templates: WHATWG HTML 13.2.6.4.9 to 13.2.6.4.18. */
#include "html_build.h"

/* Parts of tables as bits, to write the rules' lists of names. */
#define P_CAPTION	0x001
#define P_COL		0x002
#define P_COLGROUP	0x004
#define P_TBODY		0x008	/* and thead, tfoot */
#define P_TD		0x010	/* and th */
#define P_TR		0x020
#define P_TABLE		0x040
#define P_PAGE		0x080	/* html, body */
#define P_INNER		(P_CAPTION | P_COL | P_COLGROUP | P_TBODY | P_TD | \
			    P_TR)

static unsigned
part(const struct kb_html_builder *b, enum kb_html_token_kind kind)
{
	if (b->tok.kind != kind)
		return 0;
	switch (b->tok.tag) {
	case KB_TAG_CAPTION:
		return P_CAPTION;
	case KB_TAG_COL:
		return P_COL;
	case KB_TAG_COLGROUP:
		return P_COLGROUP;
	case KB_TAG_TBODY:
	case KB_TAG_THEAD:
	case KB_TAG_TFOOT:
		return P_TBODY;
	case KB_TAG_TD:
	case KB_TAG_TH:
		return P_TD;
	case KB_TAG_TR:
		return P_TR;
	case KB_TAG_TABLE:
		return P_TABLE;
	case KB_TAG_HTML:
	case KB_TAG_BODY:
		return P_PAGE;
	default:
		return 0;
	}
}

static int32_t
in_table_scope(struct kb_html_builder *b, enum kb_html_tag tag)
{
	return kb_html_in(b, tag, kb_html_top(b)->table_scope);
}

static int32_t
max(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int32_t
cell_in_scope(struct kb_html_builder *b)
{
	return max(in_table_scope(b, KB_TAG_TD), in_table_scope(b, KB_TAG_TH));
}

static int32_t
tbody_in_scope(struct kb_html_builder *b)
{
	return max(in_table_scope(b, KB_TAG_TBODY),
	    max(in_table_scope(b, KB_TAG_THEAD),
	    in_table_scope(b, KB_TAG_TFOOT)));
}

/*
 * "Clear the stack back to a ... context": down to the entry "at", which
 * stays, or to the nearest table, template or html.
 */
static void
clear_to(struct kb_html_builder *b, int32_t at)
{
	at = max(at, kb_html_top(b)->table_scope);
	while (b->n > at + 1 && b->n > b->base)
		kb_html_pop(b, b->tok.start);
}

/* Close the part at "at", and look at the token again. */
static bool
close_again(struct kb_html_builder *b, int32_t at)
{
	if (at < b->base)
		return false;
	kb_html_close(b, at, b->tok.start);
	return true;
}

static bool
close_at_end(struct kb_html_builder *b, int32_t at)
{
	if (at >= b->base)
		kb_html_close(b, at, b->tok.end);
	return false;
}

/* ---- in table ---- */

static bool
foster_body(struct kb_html_builder *b)
{
	bool again;

	b->foster = true;
	again = kb_html_in_body(b);
	b->foster = false;
	return again;
}

static bool
table_text(struct kb_html_builder *b)
{
	bool outside = (kb_html_top(b)->flags & KB_HF_FOSTER) != 0;

	/* White space alone stays where it is. */
	if (outside && !b->fostered && kb_html_blank(b->tok.text)) {
		kb_html_text(b);
		return false;
	}
	b->fostered = outside;
	return foster_body(b);
}

static bool
table_start(struct kb_html_builder *b, unsigned p)
{
	clear_to(b, -1);
	if (p & (P_CAPTION | P_COLGROUP | P_TBODY)) {
		kb_html_open_token(b);
		return false;
	}
	return kb_html_open_made(b, p & P_COL ? KB_TAG_COLGROUP :
	    KB_TAG_TBODY) != NULL;
}

bool
kb_html_in_table(struct kb_html_builder *b)
{
	unsigned p = part(b, KB_TOKEN_START);

	if (b->tok.kind == KB_TOKEN_TEXT)
		return table_text(b);
	if (b->tok.kind == KB_TOKEN_COMMENT) {
		kb_html_comment(b, NULL);
		return false;
	}
	if (p & P_INNER)
		return table_start(b, p);
	if (p & P_TABLE)
		return close_again(b, in_table_scope(b, KB_TAG_TABLE));
	p = part(b, KB_TOKEN_END);
	if (p & P_TABLE)
		return close_at_end(b, in_table_scope(b, KB_TAG_TABLE));
	if (p != 0)
		return false;
	if (b->tok.kind == KB_TOKEN_START && (b->tok.tag == KB_TAG_STYLE ||
	    b->tok.tag == KB_TAG_SCRIPT || b->tok.tag == KB_TAG_TEMPLATE))
		return kb_html_in_head(b);
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag == KB_TAG_FORM &&
	    (kb_html_top(b)->flags & KB_HF_FOSTER)) {
		kb_html_void(b);
		return false;
	}
	return foster_body(b);
}

bool
kb_html_in_caption(struct kb_html_builder *b)
{
	unsigned s = part(b, KB_TOKEN_START), e = part(b, KB_TOKEN_END);
	int32_t at = in_table_scope(b, KB_TAG_CAPTION);

	if (e & P_CAPTION)
		return close_at_end(b, at);
	if ((s & P_INNER) || (e & P_TABLE))
		return close_again(b, at);
	if (e != 0)
		return false;
	return kb_html_in_body(b);
}

bool
kb_html_in_colgroup(struct kb_html_builder *b)
{
	unsigned e = part(b, KB_TOKEN_END);
	bool start = b->tok.kind == KB_TOKEN_START;

	if (b->tok.kind == KB_TOKEN_TEXT && kb_html_cut_space(b, true))
		return false;
	if (b->tok.kind == KB_TOKEN_COMMENT ||
	    b->tok.kind == KB_TOKEN_DOCTYPE ||
	    (start && b->tok.tag == KB_TAG_HTML))
		return kb_html_in_body(b);
	if (b->tok.tag == KB_TAG_TEMPLATE)
		return kb_html_in_head(b);
	if (part(b, KB_TOKEN_START) & P_COL) {
		kb_html_void(b);
		return false;
	}
	if (e & P_COL)
		return false;
	if (e & P_COLGROUP)
		return close_at_end(b, in_table_scope(b, KB_TAG_COLGROUP));
	return close_again(b, in_table_scope(b, KB_TAG_COLGROUP));
}

bool
kb_html_in_tbody(struct kb_html_builder *b)
{
	unsigned s = part(b, KB_TOKEN_START), e = part(b, KB_TOKEN_END);

	if (s & (P_TR | P_TD)) {
		clear_to(b, tbody_in_scope(b));
		if (s & P_TD)
			return kb_html_open_made(b, KB_TAG_TR) != NULL;
		kb_html_open_token(b);
		return false;
	}
	if (e & P_TBODY)
		return close_at_end(b, in_table_scope(b, b->tok.tag));
	if ((s & P_INNER) || (e & P_TABLE))
		return close_again(b, tbody_in_scope(b));
	if (e != 0)
		return false;
	return kb_html_in_table(b);
}

bool
kb_html_in_row(struct kb_html_builder *b)
{
	unsigned s = part(b, KB_TOKEN_START), e = part(b, KB_TOKEN_END);
	int32_t row = in_table_scope(b, KB_TAG_TR);

	if (s & P_TD) {
		clear_to(b, row);
		kb_html_open_token(b);
		return false;
	}
	if (e & P_TR)
		return close_at_end(b, row);
	if ((s & P_INNER) || (e & P_TABLE))
		return close_again(b, row);
	if (e & P_TBODY)
		return in_table_scope(b, b->tok.tag) >= 0 &&
		    close_again(b, row);
	if (e != 0)
		return false;
	return kb_html_in_table(b);
}

bool
kb_html_in_cell(struct kb_html_builder *b)
{
	unsigned s = part(b, KB_TOKEN_START), e = part(b, KB_TOKEN_END);

	if (e & P_TD)
		return close_at_end(b, in_table_scope(b, b->tok.tag));
	if (s & P_INNER)
		return close_again(b, cell_in_scope(b));
	if (e & (P_TABLE | P_TBODY | P_TR))
		return in_table_scope(b, b->tok.tag) >= 0 &&
		    close_again(b, cell_in_scope(b));
	if (e & (P_CAPTION | P_COL | P_COLGROUP | P_PAGE))
		return false;
	return kb_html_in_body(b);
}

/* ---- select ---- */

static void
pop_if(struct kb_html_builder *b, enum kb_html_tag tag)
{
	if (kb_html_top_is(b, tag))
		kb_html_pop(b, b->tok.start);
}

/* A part of the table ends the select. */
static bool
leave_select(struct kb_html_builder *b, int32_t at)
{
	if (at >= b->base)
		b->v[at].node->apart = true;
	return close_again(b, at);
}

static bool
select_start(struct kb_html_builder *b)
{
	int32_t at = b->last[KB_TAG_SELECT];
	bool table = kb_html_top(b)->table > kb_html_top(b)->template;

	switch (b->tok.tag) {
	case KB_TAG_OPTION:
	case KB_TAG_OPTGROUP:
	case KB_TAG_HR:
		pop_if(b, KB_TAG_OPTION);
		if (b->tok.tag != KB_TAG_OPTION)
			pop_if(b, KB_TAG_OPTGROUP);
		if (b->tok.tag == KB_TAG_HR)
			kb_html_void(b);
		else
			kb_html_open_token(b);
		return false;
	case KB_TAG_SELECT:
		close_again(b, at);
		return false;
	case KB_TAG_INPUT:
	case KB_TAG_KEYGEN:
	case KB_TAG_TEXTAREA:
		return close_again(b, at);
	case KB_TAG_SCRIPT:
	case KB_TAG_TEMPLATE:
		return kb_html_in_head(b);
	default:
		if (table && (part(b, KB_TOKEN_START) &
		    (P_CAPTION | P_TABLE | P_TBODY | P_TR | P_TD)))
			return leave_select(b, at);
		return false;
	}
}

static bool
select_end(struct kb_html_builder *b)
{
	int32_t at = b->last[KB_TAG_SELECT];

	switch (b->tok.tag) {
	case KB_TAG_OPTION:
		if (kb_html_top_is(b, KB_TAG_OPTION))
			kb_html_pop(b, b->tok.end);
		return false;
	case KB_TAG_OPTGROUP:
		if (b->n > 2 && b->v[b->n - 2].tag == KB_TAG_OPTGROUP)
			pop_if(b, KB_TAG_OPTION);
		if (kb_html_top_is(b, KB_TAG_OPTGROUP))
			kb_html_pop(b, b->tok.end);
		return false;
	case KB_TAG_SELECT:
		return close_at_end(b, at);
	case KB_TAG_TEMPLATE:
		kb_html_template_end(b);
		return false;
	default:
		if (kb_html_top(b)->table > kb_html_top(b)->template &&
		    (part(b, KB_TOKEN_END) &
		    (P_CAPTION | P_TABLE | P_TBODY | P_TR | P_TD)) &&
		    in_table_scope(b, b->tok.tag) >= 0)
			return leave_select(b, at);
		return false;
	}
}

bool
kb_html_in_select(struct kb_html_builder *b)
{
	if (b->tok.kind == KB_TOKEN_START && b->tok.tag != KB_TAG_HTML)
		return select_start(b);
	if (b->tok.kind == KB_TOKEN_END)
		return select_end(b);
	return kb_html_in_body(b);
}

/* ---- template, fragment ---- */

/*
 * Parts of a table stand here without their table, so that a piece of one
 * keeps its rows and cells.
 */
bool
kb_html_in_template(struct kb_html_builder *b)
{
	unsigned s = part(b, KB_TOKEN_START);

	if (!(s & P_INNER))
		return kb_html_in_body(b);
	clear_to(b, -1);
	if (s & P_COL)
		return kb_html_open_made(b, KB_TAG_COLGROUP) != NULL;
	kb_html_open_token(b);
	return false;
}
