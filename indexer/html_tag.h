/*
 * html_tag: the elements that HTML's rules know by name, and what the rules
 * say about each (WHATWG HTML 13.2.4.2 and 13.2.6.4.7).  Private to the HTML
 * reader: html*.c.
 */
#ifndef KB_INDEXER_HTML_TAG_H
#define KB_INDEXER_HTML_TAG_H

#include <stdint.h>

#include "kb/str.h"

/* What the "in body" rules do with a start tag. */
enum kb_html_class {
	KB_HC_OTHER,
	KB_HC_BLOCK,		/* closes a p */
	KB_HC_HEADING,
	KB_HC_PRE,
	KB_HC_LI,
	KB_HC_DD,
	KB_HC_FMT,		/* formatting */
	KB_HC_A,
	KB_HC_NOBR,
	KB_HC_HEAD,		/* done by the "in head" rules */
	KB_HC_MARKER,		/* applet, marquee, object */
	KB_HC_VOID,
	KB_HC_RAW,
	KB_HC_XMP,
	KB_HC_PART,		/* of a table; ignored outside */
	KB_HC_HTML,
	KB_HC_BODY,
	KB_HC_FRAMESET,
	KB_HC_FORM,
	KB_HC_PLAINTEXT,
	KB_HC_BUTTON,
	KB_HC_TABLE,
	KB_HC_HR,
	KB_HC_IMAGE,
	KB_HC_TEXTAREA,
	KB_HC_SELECT,
	KB_HC_OPTION,
	KB_HC_RB,
	KB_HC_RP,
	KB_HC_FOREIGN,
	KB_HC_N
};

#define KB_HF_SPECIAL	0x01	/* "special": stops the search of an end tag */
#define KB_HF_IMPLIED	0x02	/* its end tag may be implied */
#define KB_HF_SCOPE	0x04	/* bounds "has an element in scope" */
#define KB_HF_NOFRAMES	0x08	/* after it a frameset comes too late */
#define KB_HF_BREAKOUT	0x10	/* ends svg and math */
#define KB_HF_FOSTER	0x20	/* what it cannot hold goes before the table */
#define KB_HF_MARKER	0x40	/* bounds the search for an open <a> */

#define S_	KB_HF_SPECIAL
#define I_	KB_HF_IMPLIED
#define C_	KB_HF_SCOPE
#define N_	KB_HF_NOFRAMES
#define B_	KB_HF_BREAKOUT
#define F_	KB_HF_FOSTER
#define M_	KB_HF_MARKER

/* In bytewise order of the names: the search begins at a name's letter. */
#define KB_HTML_TAGS(X)							\
	X(A, "a", A, 0)							\
	X(ADDRESS, "address", BLOCK, S_)				\
	X(ANNOTATION_XML, "annotation-xml", OTHER, 0)			\
	X(APPLET, "applet", MARKER, S_ | C_ | N_ | M_)			\
	X(AREA, "area", VOID, S_ | N_)					\
	X(ARTICLE, "article", BLOCK, S_)				\
	X(ASIDE, "aside", BLOCK, S_)					\
	X(B, "b", FMT, B_)						\
	X(BASE, "base", HEAD, S_)					\
	X(BASEFONT, "basefont", HEAD, S_)				\
	X(BGSOUND, "bgsound", HEAD, S_)					\
	X(BIG, "big", FMT, B_)						\
	X(BLOCKQUOTE, "blockquote", BLOCK, S_ | B_)			\
	X(BODY, "body", BODY, S_ | B_)					\
	X(BR, "br", VOID, S_ | N_ | B_)					\
	X(BUTTON, "button", BUTTON, S_ | N_)				\
	X(CAPTION, "caption", PART, S_ | C_ | M_)			\
	X(CENTER, "center", BLOCK, S_ | B_)				\
	X(CODE, "code", FMT, B_)					\
	X(COL, "col", PART, S_)						\
	X(COLGROUP, "colgroup", PART, S_)				\
	X(DD, "dd", DD, S_ | I_ | N_ | B_)				\
	X(DESC, "desc", OTHER, 0)					\
	X(DETAILS, "details", BLOCK, S_)				\
	X(DIALOG, "dialog", BLOCK, 0)					\
	X(DIR, "dir", BLOCK, S_)					\
	X(DIV, "div", BLOCK, S_ | B_)					\
	X(DL, "dl", BLOCK, S_ | B_)					\
	X(DT, "dt", DD, S_ | I_ | N_ | B_)				\
	X(EM, "em", FMT, B_)						\
	X(EMBED, "embed", VOID, S_ | N_ | B_)				\
	X(FIELDSET, "fieldset", BLOCK, S_)				\
	X(FIGCAPTION, "figcaption", BLOCK, S_)				\
	X(FIGURE, "figure", BLOCK, S_)					\
	X(FONT, "font", FMT, 0)						\
	X(FOOTER, "footer", BLOCK, S_)					\
	X(FOREIGNOBJECT, "foreignobject", OTHER, 0)			\
	X(FORM, "form", FORM, S_)					\
	X(FRAME, "frame", PART, S_)					\
	X(FRAMESET, "frameset", FRAMESET, S_)				\
	X(H1, "h1", HEADING, S_ | B_)					\
	X(H2, "h2", HEADING, S_ | B_)					\
	X(H3, "h3", HEADING, S_ | B_)					\
	X(H4, "h4", HEADING, S_ | B_)					\
	X(H5, "h5", HEADING, S_ | B_)					\
	X(H6, "h6", HEADING, S_ | B_)					\
	X(HEAD, "head", PART, S_ | B_)					\
	X(HEADER, "header", BLOCK, S_)					\
	X(HGROUP, "hgroup", BLOCK, S_)					\
	X(HR, "hr", HR, S_ | N_ | B_)					\
	X(HTML, "html", HTML, S_ | C_)					\
	X(I, "i", FMT, B_)						\
	X(IFRAME, "iframe", RAW, S_ | N_)				\
	X(IMAGE, "image", IMAGE, N_)					\
	X(IMG, "img", VOID, S_ | N_ | B_)				\
	X(INPUT, "input", VOID, S_ | N_)				\
	X(KEYGEN, "keygen", VOID, S_ | N_)				\
	X(LI, "li", LI, S_ | I_ | N_ | B_)				\
	X(LINK, "link", HEAD, S_)					\
	X(LISTING, "listing", PRE, S_ | N_ | B_)			\
	X(MAIN, "main", BLOCK, S_)					\
	X(MALIGNMARK, "malignmark", OTHER, 0)				\
	X(MARQUEE, "marquee", MARKER, S_ | C_ | N_ | M_)		\
	X(MATH, "math", FOREIGN, 0)					\
	X(MENU, "menu", BLOCK, S_ | B_)					\
	X(META, "meta", HEAD, S_ | B_)					\
	X(MGLYPH, "mglyph", OTHER, 0)					\
	X(MI, "mi", OTHER, 0)						\
	X(MN, "mn", OTHER, 0)						\
	X(MO, "mo", OTHER, 0)						\
	X(MS, "ms", OTHER, 0)						\
	X(MTEXT, "mtext", OTHER, 0)					\
	X(NAV, "nav", BLOCK, S_)					\
	X(NOBR, "nobr", NOBR, B_)					\
	X(NOEMBED, "noembed", RAW, S_)					\
	X(NOFRAMES, "noframes", HEAD, S_)				\
	X(NOSCRIPT, "noscript", OTHER, S_)				\
	X(OBJECT, "object", MARKER, S_ | C_ | N_ | M_)			\
	X(OL, "ol", BLOCK, S_ | B_)					\
	X(OPTGROUP, "optgroup", OPTION, I_)				\
	X(OPTION, "option", OPTION, I_)					\
	X(P, "p", BLOCK, S_ | I_ | B_)					\
	X(PARAM, "param", VOID, S_)					\
	X(PLAINTEXT, "plaintext", PLAINTEXT, S_)			\
	X(PRE, "pre", PRE, S_ | N_ | B_)				\
	X(RB, "rb", RB, I_)						\
	X(RP, "rp", RP, I_)						\
	X(RT, "rt", RP, I_)						\
	X(RTC, "rtc", RB, I_)						\
	X(RUBY, "ruby", OTHER, B_)					\
	X(S, "s", FMT, B_)						\
	X(SCRIPT, "script", HEAD, S_)					\
	X(SEARCH, "search", BLOCK, S_)					\
	X(SECTION, "section", BLOCK, S_)				\
	X(SELECT, "select", SELECT, S_ | N_)				\
	X(SMALL, "small", FMT, B_)					\
	X(SOURCE, "source", VOID, S_)					\
	X(SPAN, "span", OTHER, B_)					\
	X(STRIKE, "strike", FMT, B_)					\
	X(STRONG, "strong", FMT, B_)					\
	X(STYLE, "style", HEAD, S_)					\
	X(SUB, "sub", OTHER, B_)					\
	X(SUMMARY, "summary", BLOCK, S_)				\
	X(SUP, "sup", OTHER, B_)					\
	X(SVG, "svg", FOREIGN, 0)					\
	X(TABLE, "table", TABLE, S_ | C_ | N_ | B_ | F_)		\
	X(TBODY, "tbody", PART, S_ | F_)				\
	X(TD, "td", PART, S_ | C_ | M_)					\
	X(TEMPLATE, "template", HEAD, S_ | C_ | M_)			\
	X(TEXTAREA, "textarea", TEXTAREA, S_ | N_)			\
	X(TFOOT, "tfoot", PART, S_ | F_)				\
	X(TH, "th", PART, S_ | C_ | M_)					\
	X(THEAD, "thead", PART, S_ | F_)				\
	X(TITLE, "title", HEAD, S_)					\
	X(TR, "tr", PART, S_ | F_)					\
	X(TRACK, "track", VOID, S_)					\
	X(TT, "tt", FMT, B_)						\
	X(U, "u", FMT, B_)						\
	X(UL, "ul", BLOCK, S_ | B_)					\
	X(VAR, "var", OTHER, B_)					\
	X(WBR, "wbr", VOID, S_ | N_)					\
	X(XMP, "xmp", XMP, S_ | N_)

enum kb_html_tag {
	KB_TAG_UNKNOWN,
#define X(id, name, class, flags)	KB_TAG_##id,
	KB_HTML_TAGS(X)
#undef X
	KB_TAG_N
};

struct kb_html_tag_info {
	char	name[16];	/* padded with NUL */
	uint8_t	len;
	uint8_t	class;
	uint8_t	flags;
};

/* Indexed by enum kb_html_tag; the first is for all unknown names. */
extern const struct kb_html_tag_info kb_html_tags[KB_TAG_N];

/* KB_TAG_UNKNOWN for a name that no rule speaks of; case does not matter. */
enum kb_html_tag	kb_html_tag_find(struct kb_str name);

static inline struct kb_str
kb_html_tag_name(enum kb_html_tag tag)
{
	return kb_str(kb_html_tags[tag].name, kb_html_tags[tag].len);
}

#endif /* KB_INDEXER_HTML_TAG_H */
