/*
 * span: a span read again from its bytes and its context.  Contract:
 * extract.h.
 */
#include "blocks.h"
#include "extract.h"
#include "html.h"
#include "xml.h"

/* How bytes of a span are read. */
struct reading {
	const struct kb_profiles	*profiles;
	struct kb_str			 dialect, context;
	bool				 autop;
	struct kb_arena			*arena;
};

/* The elements around the span, opened again in front of it. */
static size_t
open_context(struct kb_buf *buf, struct kb_str context)
{
	struct kb_str name;

	while (context.n > 0 && kb_str_split(&context, ' ', &name)) {
		if (kb_str_eq(name, KB_STR("#cdata"))) {
			kb_buf_addc(buf, "<![CDATA[");
			continue;
		}
		kb_buf_addch(buf, '<');
		kb_buf_add(buf, name);
		kb_buf_addch(buf, '>');
	}
	return buf->n;
}

static enum kb_status
parse(struct kb_node **root, const struct reading *r, struct kb_str text,
    size_t prefix, struct kb_err *err)
{
	struct kb_html_opts opts = { .fragment = true, .body = true };
	struct kb_node *n;

	if (kb_str_eq(r->dialect, KB_STR("html")))
		return kb_html_parse(root, text, &opts, r->arena, NULL, err);
	if (!kb_str_eq(r->dialect, KB_STR("text")))
		return kb_xml_fragment(root, text, r->arena, err);
	*root = kb_node_new(r->arena, NULL, KB_NODE_ELEMENT);
	n = *root != NULL ? kb_node_new(r->arena, *root, KB_NODE_TEXT) : NULL;
	if (n == NULL)
		return kb_err_nomem(err);
	n->text = kb_str(text.p + prefix, text.n - prefix);
	n->start = prefix;
	n->end = text.n;
	return KB_OK;
}

/* With "place" not NULL, *place is in the bytes, and gets its context. */
static enum kb_status
read_blocks(struct kb_record *rec, const struct reading *r,
    struct kb_str bytes, const size_t *place, struct kb_str *context,
    struct kb_err *err)
{
	bool text = kb_str_eq(r->dialect, KB_STR("text"));
	struct kb_blocks_opts opts = { 0 };
	struct kb_buf buf = { 0 };
	struct kb_node *root;
	enum kb_status status;
	size_t prefix;

	opts.html = text || kb_str_eq(r->dialect, KB_STR("html"));
	opts.dialect = kb_profiles_dialect(r->profiles, text ?
	    KB_STR("html") : r->dialect);
	if (opts.dialect == NULL)
		return kb_err_set(err, KB_NOTFOUND, "no dialect '%.*s'",
		    KB_FMT(r->dialect));
	prefix = open_context(&buf, r->context);
	kb_buf_add(&buf, bytes);
	opts.context = context;
	opts.place = place != NULL ? prefix + *place : 0;
	rec->nparts = 1;
	rec->parts[0].autop = r->autop;
	status = kb_buf_check(&buf, err);
	if (status == KB_OK)
		status = parse(&root, r, kb_buf_str(&buf), prefix, err);
	if (status == KB_OK)
		status = kb_blocks_build(rec, root, &opts, err);
	kb_buf_release(&buf);
	return status;
}

enum kb_status
kb_span_text(struct kb_str *out, const struct kb_profiles *profiles,
    struct kb_str dialect, struct kb_str context, bool autop,
    struct kb_str bytes, struct kb_arena *arena, struct kb_err *err)
{
	struct reading r = { profiles, dialect, context, autop, arena };
	struct kb_record *rec = kb_record_new(arena);
	struct kb_buf joined = { 0 };
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	status = read_blocks(rec, &r, bytes, NULL, NULL, err);
	if (status != KB_OK)
		return status;
	kb_blocks_text(rec->blocks, NULL, &joined);
	status = kb_buf_check(&joined, err);
	if (status == KB_OK)
		*out = kb_arena_copy(arena, kb_buf_str(&joined));
	kb_buf_release(&joined);
	if (status == KB_OK && arena->failed)
		status = kb_err_nomem(err);
	return status;
}

enum kb_status
kb_span_context(struct kb_str *out, const struct kb_profiles *profiles,
    struct kb_str dialect, struct kb_str context, bool autop,
    struct kb_str bytes, size_t at, struct kb_arena *arena,
    struct kb_err *err)
{
	struct reading r = { profiles, dialect, context, autop, arena };
	struct kb_record *rec = kb_record_new(arena);
	struct kb_str found = { NULL, 0 };
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	status = read_blocks(rec, &r, bytes, &at, &found, err);
	if (status != KB_OK)
		return status;
	if (found.p == NULL)
		return kb_err_set(err, KB_NOTFOUND, "there is no text at byte "
		    "%zu of the passage", at);
	*out = found;
	return KB_OK;
}
