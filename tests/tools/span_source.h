/*
 * span_source: the bytes that the rows of an index speak of, found as an
 * outsider would: files by their path, members by libarchive, fields by
 * libxml2's tree of the record alone.  Only the encoding is decoded with the
 * code that is being checked, for its map.
 */
#ifndef KB_SPAN_SOURCE_H
#define KB_SPAN_SOURCE_H

#include <archive.h>
#include <archive_entry.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>

#include "archive_members.h"
#include "encoding.h"
#include "input.h"
#include "slurp.h"

#define SOURCE_MAX	((size_t)2 << 30)

/* A file or a member of one, the last that was asked for. */
struct source {
	struct kb_arena		 arena;
	struct kb_buf		 name;	/* path, NUL, member */
	bool			 good;
	struct kb_decoded	 d;
	xmlDoc			*record, *file;
	uint64_t		 record_at;
	struct kb_buf		 field_name;	/* the last field's */
	uint64_t		 field_at;
	struct kb_str		 field;
};

static inline void
source_drop_trees(struct source *s)
{
	xmlFreeDoc(s->record);
	xmlFreeDoc(s->file);
	s->record = s->file = NULL;
	s->record_at = s->field_at = UINT64_MAX;
}

static inline bool
source_gunzip(struct kb_buf *out, struct kb_str bytes, struct kb_err *err)
{
	struct kb_input *in = NULL;
	bool good = kb_input_open_mem(&in, bytes, "source", err) == KB_OK &&
	    kb_input_slurp(in, SOURCE_MAX, out, err) == KB_OK;

	kb_input_close(in);
	return good;
}

/* Names are as in the index: made harmless. */
static inline bool
source_is_member(struct archive_entry *entry, struct kb_str member)
{
	const char *name = archive_entry_pathname_utf8(entry);
	struct kb_buf clean = { 0 };
	bool same;

	if (name == NULL)
		name = archive_entry_pathname(entry);
	if (name == NULL)
		return false;
	kb_archive_clean(&clean, kb_str_c(name));
	same = kb_str_eq(kb_buf_str(&clean), member);
	kb_buf_release(&clean);
	return same;
}

static inline bool
source_unpack(struct kb_buf *out, const char *path, struct kb_str member)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	char buf[65536];
	la_ssize_t n = -1;
	int rc;

	archive_read_support_format_all(a);
	archive_read_support_filter_all(a);
	if (archive_read_open_filename(a, path, sizeof(buf)) == ARCHIVE_OK)
		while ((rc = archive_read_next_header(a, &entry)) ==
		    ARCHIVE_OK || rc == ARCHIVE_WARN) {
			if (!source_is_member(entry, member))
				continue;
			while ((n = archive_read_data(a, buf, sizeof(buf))) >
			    0)
				kb_buf_add(out, kb_str(buf, (size_t)n));
			break;
		}
	archive_read_free(a);
	return n == 0;
}

static inline bool
source_bytes(struct kb_buf *out, const char *path, struct kb_str member,
    struct kb_err *err)
{
	struct kb_buf packed = { 0 };
	bool good = member.n > 0 ? source_unpack(&packed, path, member) :
	    kb_slurp(path, SOURCE_MAX, &packed, err) == KB_OK;

	good = good && source_gunzip(out, kb_buf_str(&packed), err);
	kb_buf_release(&packed);
	return good;
}

/* The file at "path", decoded, unless it is the last one. */
static inline bool
source_open(struct source *s, const char *path, struct kb_str member,
    bool html, struct kb_err *err)
{
	struct kb_buf name = { 0 }, raw = { 0 };

	kb_buf_add(&name, kb_str_c(path));
	kb_buf_addch(&name, '\0');
	kb_buf_add(&name, member);
	if (kb_str_eq(kb_buf_str(&name), kb_buf_str(&s->name))) {
		kb_buf_release(&name);
		return s->good;
	}
	kb_buf_release(&s->name);
	s->name = name;
	source_drop_trees(s);
	kb_arena_reset(&s->arena);
	s->good = source_bytes(&raw, path, member, err) &&
	    kb_encoding_decode(&s->d, kb_arena_copy(&s->arena,
	    kb_buf_str(&raw)), html ? KB_MARKUP_HTML : KB_MARKUP_XML,
	    &s->arena, err) == KB_OK;
	kb_buf_release(&raw);
	return s->good;
}

/* ---- from the file's bytes to the decoded text ---- */

static inline size_t
source_in_piece(const struct kb_offpiece *p, uint64_t in, bool end)
{
	if (p->in_n == p->out_n)
		return (size_t)(p->out + (in - p->in));
	return (size_t)(end ? p->out + p->out_n : p->out);
}

/* Maps of decoding ascend on both sides. */
static inline size_t
source_at(const struct source *s, uint64_t in, bool end)
{
	const struct kb_offmap *m = &s->d.map;
	size_t low = 0, high = m->n;

	if (m->n == 0)
		return (size_t)in;
	in -= end;
	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].in <= in)
			low = mid;
		else
			high = mid;
	}
	return source_in_piece(&m->v[low], in + end, end);
}

static inline struct kb_str
source_range(const struct source *s, uint64_t start, uint64_t end)
{
	size_t from = source_at(s, start, false);
	size_t to = end > start ? source_at(s, end, true) : from;

	if (from > to || to > s->d.text.n)
		return kb_str(NULL, 0);
	return kb_str(s->d.text.p + from, to - from);
}

/* ---- fields ---- */

static inline xmlDoc *
source_parse(struct kb_str text)
{
	return xmlReadMemory(text.p, (int)text.n, NULL, "UTF-8",
	    XML_PARSE_HUGE | XML_PARSE_RECOVER | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING | XML_PARSE_NONET);
}

/* The record alone knows the file's entities, but not its namespaces. */
static inline xmlDoc *
source_record(struct source *s, uint64_t start, uint64_t end)
{
	struct kb_str text = s->d.text, record = source_range(s, start, end);
	size_t from, to;
	struct kb_buf buf = { 0 };

	if (s->record != NULL && s->record_at == start)
		return s->record;
	xmlFreeDoc(s->record);
	from = kb_str_find(text, KB_STR("<!DOCTYPE"), 0);
	to = from == (size_t)-1 ? from : kb_str_find(text, KB_STR("]>"),
	    from);
	if (to != (size_t)-1 && text.p + to < record.p)
		kb_buf_add(&buf, kb_str(text.p + from, to + 2 - from));
	kb_buf_add(&buf, record);
	s->record = source_parse(kb_buf_str(&buf));
	s->record_at = start;
	kb_buf_release(&buf);
	return s->record;
}

/* The record of that number: a child of the file's root. */
static inline xmlNode *
source_numbered(struct source *s, unsigned long number)
{
	xmlNode *root, *n;

	if (s->file == NULL)
		s->file = source_parse(s->d.text);
	root = s->file != NULL ? xmlDocGetRootElement(s->file) : NULL;
	for (n = root != NULL ? xmlFirstElementChild(root) : NULL;
	    n != NULL && number > 1; number--)
		n = xmlNextElementSibling(n);
	return n;
}

static inline bool
source_is_named(const xmlNode *n, struct kb_str name)
{
	struct kb_buf full = { 0 };
	bool same;

	if (n->ns != NULL && n->ns->prefix != NULL)
		kb_buf_printf(&full, "%s:", (const char *)n->ns->prefix);
	kb_buf_addc(&full, (const char *)n->name);
	same = kb_str_eq(kb_buf_str(&full), name);
	kb_buf_release(&full);
	return same;
}

static inline xmlNode *
source_child(xmlNode *parent, struct kb_str name)
{
	xmlNode *n = xmlFirstElementChild(parent);

	while (n != NULL && !source_is_named(n, name))
		n = xmlNextElementSibling(n);
	return n;
}

static inline struct kb_str
source_text(struct source *s, const xmlNode *n)
{
	xmlChar *text = xmlNodeGetContent(n);
	struct kb_str out = kb_arena_copy(&s->arena, kb_str_c(text != NULL ?
	    (char *)text : ""));

	xmlFree(text);
	return out;
}

static inline struct kb_str
source_attr(struct source *s, xmlNode *n, struct kb_str name)
{
	struct kb_buf buf = { 0 };
	struct kb_str out;
	xmlChar *value;

	kb_buf_add(&buf, name);
	kb_buf_addch(&buf, '\0');
	value = buf.failed ? NULL : xmlGetProp(n, (xmlChar *)buf.p);
	out = kb_arena_copy(&s->arena, kb_str_c(value != NULL ?
	    (char *)value : ""));
	xmlFree(value);
	kb_buf_release(&buf);
	return out;
}

/* "[@name=value]", "[child=value]", "[!child]" */
static inline bool
source_fits(struct source *s, xmlNode *n, struct kb_str cond)
{
	size_t eq = kb_str_find(cond, KB_STR("="), 0);
	struct kb_str value = eq == (size_t)-1 ? kb_str(NULL, 0) :
	    kb_str(cond.p + eq + 1, cond.n - eq - 1);
	xmlNode *child;

	if (cond.n > 0 && cond.p[0] == '!')
		return source_child(n, kb_str(cond.p + 1, cond.n - 1)) ==
		    NULL;
	if (eq == (size_t)-1)
		return false;
	if (cond.p[0] == '@')
		return kb_str_eq(source_attr(s, n, kb_str(cond.p + 1, eq -
		    1)), value);
	child = source_child(n, kb_str(cond.p, eq));
	return child != NULL && kb_str_eq(source_text(s, child), value);
}

static inline bool
source_fits_all(struct source *s, xmlNode *n, struct kb_str conds,
    struct kb_str *most)
{
	struct kb_str cond;

	while (conds.n > 0 && kb_str_split(&conds, ']', &cond)) {
		if (cond.n < 2)
			continue;
		cond = kb_str(cond.p + 1, cond.n - 1);
		if (kb_str_has_prefix(cond, KB_STR("max ")))
			*most = kb_str(cond.p + 4, cond.n - 4);
		else if (!source_fits(s, n, cond))
			return false;
	}
	return true;
}

/* A step of a path: a name and conditions. */
static inline xmlNode *
source_step(struct source *s, xmlNode *parent, struct kb_str step)
{
	size_t at = kb_str_find(step, KB_STR("["), 0);
	struct kb_str name = kb_str(step.p, at == (size_t)-1 ? step.n : at);
	struct kb_str conds = kb_str(step.p + name.n, step.n - name.n);
	struct kb_str best = { NULL, 0 };
	xmlNode *found = NULL;

	for (xmlNode *n = xmlFirstElementChild(parent); n != NULL;
	    n = xmlNextElementSibling(n)) {
		struct kb_str most = { NULL, 0 }, value = { NULL, 0 };
		xmlNode *child;

		if (!source_is_named(n, name) ||
		    !source_fits_all(s, n, conds, &most))
			continue;
		child = most.n > 0 ? source_child(n, most) : NULL;
		if (child != NULL)
			value = source_text(s, child);
		if (found == NULL || kb_str_cmp(value, best) > 0) {
			found = n;
			best = value;
		}
		if (most.n == 0)
			break;
	}
	return found;
}

static inline struct kb_str
source_read_field(struct source *s, struct kb_str field, uint64_t start,
    uint64_t end)
{
	xmlNode *n;
	xmlDoc *doc;
	struct kb_str step;
	size_t at = 1;

	if (field.n > 1 && field.p[0] == '#') {
		n = source_numbered(s, strtoul(field.p + 1, NULL, 10));
		while (at < field.n && field.p[at] >= '0' &&
		    field.p[at] <= '9')
			at++;
		field = kb_str(field.p + at, field.n - at);
	} else {
		doc = source_record(s, start, end);
		n = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	}
	while (n != NULL && field.n > 0 && field.p[0] != '@' &&
	    kb_str_split(&field, '/', &step))
		if (step.n > 0 && !kb_str_eq(step, KB_STR(".")))
			n = source_step(s, n, step);
	if (n == NULL)
		return kb_str(NULL, 0);
	return field.n > 0 ? source_attr(s, n, kb_str(field.p + 1,
	    field.n - 1)) : source_text(s, n);
}

/* The decoded text of a field, as docs/FORMAT.md names them; p NULL: none. */
static inline struct kb_str
source_field(struct source *s, struct kb_str field, uint64_t start,
    uint64_t end)
{
	if (s->field_at == start && kb_str_eq(field,
	    kb_buf_str(&s->field_name)))
		return s->field;
	kb_buf_clear(&s->field_name);
	kb_buf_add(&s->field_name, field);
	s->field_at = start;
	s->field = source_read_field(s, field, start, end);
	return s->field;
}

static inline void
source_release(struct source *s)
{
	source_drop_trees(s);
	kb_buf_release(&s->name);
	kb_buf_release(&s->field_name);
	kb_arena_release(&s->arena);
}

#endif /* KB_SPAN_SOURCE_H */
