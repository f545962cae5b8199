/*
 * span: a span read again from its bytes and its context.  Contract:
 * extract.h.
 */
#include "blocks.h"
#include "declared.h"
#include "extract.h"
#include "html.h"
#include "storage.h"
#include "wikitext.h"
#include "xml.h"

/* How bytes of a span are read. */
struct reading {
	const struct kb_profiles	*profiles;
	struct kb_str			 dialect, context, declared;
	bool				 autop;
	bool				 pre, row;
	struct kb_arena			*arena;
};

static void
open_list(struct kb_buf *buf, struct kb_str count)
{
	bool down = count.n > 1 && count.p[count.n - 1] == '-';
	char style;

	count.n -= down;
	style = count.p[count.n - 1];
	if ((style | 0x20) >= 'a' && (style | 0x20) <= 'z')
		count.n--;
	else
		style = '1';
	kb_buf_printf(buf, " start=\"%.*s\" type=\"%c\"%s",
	    KB_FMT(count), style, down ? " reversed=\"\"" : "");
}

static bool
is_heading(struct kb_str name)
{
	return name.n == 2 && name.p[0] == 'h' && name.p[1] >= '1' &&
	    name.p[1] <= '6';
}

/* The elements around the span, opened again in front of it. */
static size_t
open_context(struct kb_buf *buf, struct kb_str context, bool html)
{
	struct kb_str name, last = { NULL, 0 };
	bool foreign = !html;

	while (context.n > 0 && kb_str_split(&context, ' ', &name)) {
		struct kb_str count = kb_context_count(&name);

		foreign |= kb_str_eq(name, KB_STR("math")) ||
		    kb_str_eq(name, KB_STR("svg"));
		if (kb_str_eq(name, KB_STR("#cdata"))) {
			kb_buf_addc(buf, foreign ? "<![CDATA[" :
			    "<svg><![CDATA[");
			continue;
		}
		/* One ends another, unless something stands between. */
		if (html && is_heading(last) && is_heading(name))
			kb_buf_addc(buf, "<span>");
		last = name;
		kb_buf_addch(buf, '<');
		kb_buf_add(buf, name);
		if (count.n > 0)
			open_list(buf, count);
		kb_buf_addch(buf, '>');
	}
	return buf->n;
}

static enum kb_status
parse_wikitext(struct kb_node **root, const struct reading *r,
    struct kb_str text, size_t base, struct kb_err *err)
{
	struct kb_wikitext_opts opts = { .base = base, .fragment = true,
	    .context = r->context };

	opts.dialect = kb_profiles_dialect(r->profiles, r->dialect);
	return kb_wikitext_parse(root, text, &opts, NULL, r->arena, err);
}

static enum kb_status
parse(struct kb_node **root, const struct reading *r, struct kb_str text,
    size_t prefix, struct kb_err *err)
{
	struct kb_html_opts opts = { .fragment = true, .body = true };
	struct kb_str rest = r->context, first;
	struct kb_node *n;

	/* Nothing in a passage ends the main content that it is in. */
	if (kb_str_split(&rest, ' ', &first) &&
	    kb_str_eq(first, KB_STR("main")))
		opts.sealed = sizeof("<main>") - 1;
	if (kb_str_eq(r->dialect, KB_STR("html")))
		return kb_html_parse(root, text, &opts, r->arena, NULL, err);
	if (kb_str_eq(r->dialect, KB_STR("wikitext")))
		return parse_wikitext(root, r, kb_str(text.p + prefix,
		    text.n - prefix), prefix, err);
	if (kb_str_eq(r->dialect, KB_STR("storage")))
		return kb_storage_parse(root, text, true, r->arena, err);
	if (!kb_str_eq(r->dialect, KB_STR("text")))
		return kb_xml_fragment(root, text, r->declared, r->arena,
		    err);
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
	bool html = text || kb_str_eq(r->dialect, KB_STR("xhtml"));
	struct kb_blocks_opts opts = { 0 };
	struct kb_buf buf = { 0 };
	struct kb_node *root;
	enum kb_status status;
	size_t prefix;

	opts.html = html || kb_str_eq(r->dialect, KB_STR("html")) ||
	    kb_str_eq(r->dialect, KB_STR("wikitext"));
	opts.whole = kb_str_eq(r->dialect, KB_STR("storage"));
	opts.html |= opts.whole;
	opts.dialect = kb_profiles_dialect(r->profiles, html ?
	    KB_STR("html") : r->dialect);
	if (opts.dialect == NULL)
		return kb_err_set(err, KB_NOTFOUND, "no dialect '%.*s'",
		    KB_FMT(r->dialect));
	opts.pre = r->pre;
	opts.row = r->row;
	prefix = open_context(&buf, r->context, kb_str_eq(r->dialect,
	    KB_STR("html")));
	kb_buf_add(&buf, bytes);
	opts.context = context;
	opts.place = place != NULL ? prefix + *place : 0;
	opts.from = prefix;
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

/* A word of a context that is no element. */
static bool
take_mark(struct reading *r, struct kb_str name)
{
	bool pre = kb_str_eq(name, KB_STR("#pre"));
	bool row = kb_str_eq(name, KB_STR("#row"));

	r->pre |= pre;
	r->row |= row;
	return pre || row || kb_str_eq(name, KB_STR("#deep"));
}

/*
 * "#pre" and "#row" are no elements, so that no tag can end them: around a
 * table that the text was moved out of, or that is there for looks, stood
 * code, or a row.
 */
static void
take_marks(struct reading *r)
{
	struct kb_str rest = r->context, name;
	struct kb_buf buf = { 0 };

	if (kb_str_find(rest, KB_STR("#"), 0) == (size_t)-1)
		return;
	while (rest.n > 0 && kb_str_split(&rest, ' ', &name)) {
		if (name.n == 0 || take_mark(r, name))
			continue;
		if (buf.n > 0)
			kb_buf_addch(&buf, ' ');
		kb_buf_add(&buf, name);
	}
	r->arena->failed |= buf.failed;
	r->context = kb_arena_copy(r->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
}

static struct reading
reading(const struct kb_profiles *profiles, struct kb_str dialect,
    struct kb_str context, bool autop, struct kb_arena *arena)
{
	struct reading r = { .profiles = profiles, .dialect = dialect,
	    .context = context, .autop = autop, .arena = arena };

	r.declared = kb_declared_cut(&r.context);
	take_marks(&r);
	return r;
}

enum kb_status
kb_span_text(struct kb_str *out, const struct kb_profiles *profiles,
    struct kb_str dialect, struct kb_str context, bool autop,
    struct kb_str bytes, struct kb_arena *arena, struct kb_err *err)
{
	struct reading r = reading(profiles, dialect, context, autop, arena);
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
	struct reading r = reading(profiles, dialect, context, autop, arena);
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
	if (r.declared.n > 0)
		found = kb_arena_printf(arena, "%.*s%s%.*s",
		    KB_FMT(r.declared), found.n > 0 ? " " : "",
		    KB_FMT(found));
	*out = found;
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}
