/*
 * xml_fragment: a piece of XML from memory, tolerantly: for checking spans.
 * Contract: xml.h.
 */
#include "xml_impl.h"

#include "declared.h"

/* Close the elements from "cur" up to and with "last", which end at "at". */
static struct kb_node *
close_to(struct kb_node *cur, const struct kb_node *last, uint64_t at)
{
	struct kb_node *up = last->parent;

	for (; cur != up; cur = cur->parent)
		cur->end = at;
	return up;
}

/* "ac:structured-macro.info" is closed by </ac:structured-macro>. */
static bool
is_closed_by(const struct kb_node *e, struct kb_str name, bool storage)
{
	return kb_str_eq(e->name, name) || (storage && e->name.n > name.n &&
	    e->name.p[name.n] == '.' && kb_str_has_prefix(e->name, name));
}

/* The innermost open element of that name, or NULL. */
static struct kb_node *
find_open(struct kb_node *cur, struct kb_str name, bool storage)
{
	while (cur->parent != NULL && !is_closed_by(cur, name, storage))
		cur = cur->parent;
	return cur->parent != NULL ? cur : NULL;
}

static void
start(struct kb_xml_build *b, const struct kb_xml_token *t, struct kb_str tag,
    const struct kb_xml_mark *at)
{
	struct kb_node *node;

	if (b->cur->depth + 1 >= KB_XML_MAX_DEPTH)
		return;
	node = kb_node_new(b->arena, b->cur, KB_NODE_ELEMENT);
	if (node == NULL)
		return;
	kb_xml_build_tag(b, node, t->body, tag, at);
	if (!t->empty)
		b->cur = node;
}

/* Markup that the end of the text cuts off. */
static void
cut_off(struct kb_xml_build *b, struct kb_str s,
    const struct kb_xml_mark *at)
{
	struct kb_xml_mark in = *at;

	if (kb_str_has_prefix(s, KB_STR("<![CDATA["))) {
		kb_xml_mark_pass(&in, kb_str(s.p, 9));
		kb_xml_build_cdata(b, kb_str(s.p + 9, s.n - 9), &in);
	} else if (b->cut || s.n == 1 ||
	    memchr(" \t\r\n<=", s.p[1], 6) != NULL) {
		kb_xml_build_text(b, s, at);
	}
}

/*
 * A CDATA section that ends as Confluence's export has it: where the storage
 * format has "]]>", and the export's own section would end, it writes "]] >".
 * Code may hold that as well, so markup has to follow.
 */
static struct kb_xml_token
scan_storage(struct kb_str s)
{
	struct kb_xml_token t = kb_xml_scan(s, true);
	struct kb_str text, rest;
	size_t at = 9;

	if (!kb_str_has_prefix(s, KB_STR("<![CDATA[")))
		return t;
	text = t.kind == KB_XML_CDATA ? kb_str(s.p, t.n) : s;
	while ((at = kb_str_find(text, KB_STR("]] >"), at)) != (size_t)-1) {
		rest = kb_str(s.p + at + 4, s.n - at - 4);
		if (kb_str_has_prefix(rest, KB_STR("</ac:plain-text-")) ||
		    kb_str_has_prefix(rest, KB_STR("<![CDATA["))) {
			t.kind = KB_XML_CDATA;
			t.body = kb_str(s.p + 9, at - 9);
			t.n = at + 4;
			return t;
		}
		at++;
	}
	return t;
}

static void
take(struct kb_xml_build *b, struct kb_str s, const struct kb_xml_token *t,
    const struct kb_xml_mark *at, bool storage)
{
	struct kb_str raw = kb_str(s.p, t->n);
	struct kb_xml_mark in = *at;
	struct kb_node *node;

	switch (t->kind) {
	case KB_XML_TEXT:
		kb_xml_build_text(b, raw, at);
		break;
	case KB_XML_CDATA:
		kb_xml_mark_pass(&in, kb_str(raw.p, 9));
		kb_xml_build_cdata(b, t->body, &in);
		break;
	case KB_XML_START:
		start(b, t, raw, at);
		break;
	case KB_XML_END:
		node = find_open(b->cur, t->body, storage);
		if (node != NULL)
			b->cur = close_to(b->cur, node, at->off + t->n);
		break;
	case KB_XML_BAD:
		if (t->n == s.n)
			cut_off(b, s, at);
		else
			kb_xml_build_text(b, raw, at);
		break;
	default:
		break;
	}
}

/*
 * "]]>" is not allowed in text: one without a beginning says that the text
 * begins inside of a CDATA section.
 */
static size_t
leading_cdata(struct kb_xml_build *b, struct kb_str text,
    const struct kb_xml_mark *at)
{
	size_t close = kb_str_find(text, KB_STR("]]>"), 0);
	size_t open = kb_str_find(text, KB_STR("<![CDATA["), 0);

	if (close == (size_t)-1 || (open != (size_t)-1 && open < close))
		return 0;
	kb_xml_build_cdata(b, kb_str(text.p, close), at);
	return close + 3;
}

static enum kb_status
exhausted(const struct kb_arena *arena, struct kb_err *err)
{
	if (arena->cap == 0)
		return kb_err_nomem(err);
	return kb_err_set(err, KB_LIMIT,
	    "a piece of XML takes more than %zu bytes", arena->cap);
}

static enum kb_status
read_fragment(struct kb_node **root, struct kb_str text, bool storage,
    bool cut, const struct kb_xml_entities *ents, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_xml_build b = { .arena = arena, .quiet = true,
	    .loose = storage, .cut = cut, .ents = ents };
	struct kb_xml_mark at = { .line = 1 };
	struct kb_node *top = kb_node_new(arena, NULL, KB_NODE_ELEMENT);
	struct kb_xml_token t;
	size_t n;

	if (top == NULL)
		return exhausted(arena, err);
	top->name = KB_STR("#fragment");
	top->end = text.n;
	top->line = 1;
	b.cur = top;
	n = storage ? 0 : leading_cdata(&b, text, &at);
	while (n < text.n || at.off < n) {
		struct kb_str s = kb_str(text.p + at.off, text.n - at.off);

		if (at.off < n) {
			kb_xml_mark_pass(&at, kb_str(s.p, n - at.off));
			continue;
		}
		t = storage ? scan_storage(s) : kb_xml_scan(s, true);
		take(&b, s, &t, &at, storage);
		n += t.n;
	}
	close_to(b.cur, top, text.n);
	kb_buf_release(&b.scratch);
	if (arena->failed)
		return exhausted(arena, err);
	*root = top;
	return KB_OK;
}

enum kb_status
kb_xml_fragment(struct kb_node **root, struct kb_str text,
    struct kb_str declared, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_xml_entities ents;
	struct kb_buf content = { 0 };
	struct kb_str name;
	enum kb_status status;

	kb_xml_entities_init(&ents);
	while (kb_declared_next(&declared, &name, &content))
		kb_xml_entities_add(&ents, name, kb_buf_str(&content));
	status = ents.arena.failed || content.failed ? kb_err_nomem(err) :
	    read_fragment(root, text, false, false, &ents, arena, err);
	kb_buf_release(&content);
	kb_xml_entities_release(&ents);
	return status;
}

enum kb_status
kb_xml_storage(struct kb_node **root, struct kb_str text, bool span,
    struct kb_arena *arena, struct kb_err *err)
{
	return read_fragment(root, text, true, span, NULL, arena, err);
}
