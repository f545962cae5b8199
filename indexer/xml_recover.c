/*
 * xml_recover: behind a broken record, to the next one.  Contract:
 * xml_impl.h.
 */
#include "xml_impl.h"

#include <stdio.h>

#define MAX_RESTARTS	10000
#define FREE_REREAD	((uint64_t)16 * 1024 * 1024)
#define LOOK_AHEAD	((size_t)64 * 1024)

static void
say(struct kb_xml_reader *r)
{
	const struct kb_diag_sink *sink = r->handler->sink;
	struct kb_diag d = { .level = KB_ERROR, .code = "bad-xml",
	    .line = r->why_line, .col = r->why_col };
	char msg[500];

	if (sink == NULL || sink->fn == NULL)
		return;
	if (r->root != NULL) {
		d.start = kb_xml_start(&r->build, r->rec_at.off);
		d.end = kb_xml_end(&r->build, r->rec_at.off + 1 +
		    r->root->name.n);
		snprintf(msg, sizeof(msg), "%s; the record <%.*s> that "
		    "begins in line %u is left out", r->why,
		    KB_FMT(r->root->name.n <= 60 ? r->root->name :
		    kb_str(NULL, 0)), r->rec_at.line);
	} else {
		snprintf(msg, sizeof(msg), "%s", r->why);
	}
	d.message = kb_str_c(msg);
	sink->fn(sink->arg, &d);
}

/*
 * Back to behind the broken record's own '<', unless that would read the
 * same bytes too often: records that open inside each other and never close
 * would make it quadratic.
 */
static void
rewind_record(struct kb_xml_reader *r)
{
	uint64_t again = r->pos - r->rec_pos;

	if (r->reread + again <= 2 * r->at.off + FREE_REREAD) {
		r->reread += again;
		r->pos = r->rec_pos;
		r->at = r->rec_at;
		kb_xml_mark_pass(&r->at, kb_str(r->win + r->pos, 1));
		r->pos++;
	}
	r->root = r->build.cur = NULL;
	kb_arena_reset(&r->arena);
}

static bool
known_name(const struct kb_xml_reader *r, struct kb_str name)
{
	size_t i;

	for (i = 0; i < r->nnames; i++)
		if (kb_str_eq(r->names[i], name))
			return true;
	return false;
}

static bool
accepted(struct kb_xml_reader *r, const struct kb_xml_token *t,
    struct kb_str tag)
{
	struct kb_xml_build b = { .arena = &r->scratch, .ents = &r->ents,
	    .quiet = true };
	struct kb_node *node;
	bool yes;

	/* Without a parent anything would look like the file's root. */
	if (r->nlevels == 0)
		return false;
	kb_arena_reset(&r->scratch);
	node = kb_node_new(&r->scratch, NULL, KB_NODE_ELEMENT);
	if (node == NULL)
		return false;
	node->parent = r->levels[r->nlevels - 1].node;
	node->depth = node->parent->depth + 1;
	kb_xml_build_tag(&b, node, t->body, tag, &r->at);
	yes = !r->scratch.failed &&
	    r->handler->is_record(r->handler->arg, node);
	kb_buf_release(&b.scratch);
	return yes;
}

/* How many bytes to pass at a '<'; 0: here reading can go on. */
static size_t
judge(struct kb_xml_reader *r, const struct kb_xml_token *t)
{
	struct kb_str tag = kb_str(r->win + r->pos, t->n);

	switch (t->kind) {
	case KB_XML_START:
		return known_name(r, t->body) || accepted(r, t, tag) ? 0 :
		    t->n;
	case KB_XML_END:
		return r->nlevels > 0 && kb_str_eq(t->body,
		    r->levels[r->nlevels - 1].node->name) ? 0 : t->n;
	case KB_XML_CDATA:
	case KB_XML_OTHER:
		return t->n;
	default:
		return 1;
	}
}

/*
 * What "s" begins with.  A section, comment or instruction that holds
 * another's beginning was never closed, and reaches into the neighbours; so
 * no more is looked at, which also keeps many of them from being looked
 * through to the end of the window each.
 */
static struct kb_xml_token
look(struct kb_str s, bool eof)
{
	static const struct kb_str open[] = {
		{ "<?", 2 }, { "<!--", 4 }, { "<![CDATA[", 9 },
		{ "<!DOCTYPE", 9 }
	};
	size_t next;

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (!kb_str_has_prefix(s, open[i]))
			continue;
		next = kb_str_find(s, open[i], 1);
		if (next != (size_t)-1)
			return kb_xml_scan(kb_str(s.p, next), true);
	}
	return kb_xml_scan(s, eof);
}

static void
pass(struct kb_xml_reader *r, size_t n)
{
	kb_xml_mark_pass(&r->at, kb_str(r->win + r->pos, n));
	r->pos += n;
	r->fed = r->pos;
}

static enum kb_status
search(struct kb_xml_reader *r, bool *found, struct kb_err *err)
{
	enum kb_status st = KB_OK;
	struct kb_xml_token t;
	size_t left, n;

	*found = false;
	r->fed = r->pos;
	while (st == KB_OK && (r->pos < r->n || !r->eof)) {
		const char *p = r->win + r->pos, *lt;

		left = r->n - r->pos;
		lt = left > 0 ? memchr(p, '<', left) : NULL;
		pass(r, lt != NULL ? (size_t)(lt - p) : left);
		if (lt == NULL) {
			st = kb_xml_refill(r, err);
			continue;
		}
		left = r->n - r->pos;
		t = look(kb_str(lt, left), r->eof);
		if (t.kind == KB_XML_MORE && left < LOOK_AHEAD) {
			st = kb_xml_refill(r, err);
			continue;
		}
		n = judge(r, &t);
		*found = n == 0;
		if (*found)
			break;
		pass(r, n);
	}
	return st;
}

enum kb_status
kb_xml_reopen(struct kb_xml_reader *r, struct kb_err *err)
{
	const struct kb_node *open = r->nlevels > 0 ?
	    r->levels[r->nlevels - 1].node : NULL;

	r->fed = r->pos;
	r->fed_at = r->at;
	kb_xml_check_close(&r->check);
	return kb_xml_check_open(&r->check, &r->ents, open, &r->at, err);
}

enum kb_status
kb_xml_resume(struct kb_xml_reader *r, struct kb_err *err)
{
	enum kb_status st;
	bool found;

	st = search(r, &found, err);
	if (st != KB_OK || !found) {
		r->done = true;
		return st;
	}
	r->broken = false;
	r->build.told = 0;
	r->build.expanded = 0;
	if (r->nlevels == 0)
		r->root_seen = false;
	return kb_xml_reopen(r, err);
}

enum kb_status
kb_xml_recover(struct kb_xml_reader *r, struct kb_err *err)
{
	say(r);
	if (++r->restarts > MAX_RESTARTS) {
		kb_diag(r->handler->sink, KB_ERROR, "bad-xml", r->at.line,
		    kb_xml_mark_col(&r->at), "more than %d places are not "
		    "well-formed; the rest of the file is not read",
		    MAX_RESTARTS);
		r->done = true;
		return KB_OK;
	}
	if (r->root != NULL)
		rewind_record(r);
	return kb_xml_resume(r, err);
}
