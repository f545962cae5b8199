/*
 * xml_build: the tree of one record, and entities.  Contract: xml_impl.h.
 */
#include "xml_impl.h"

#include <stdlib.h>

#include "declared.h"
#include "html.h"
#include "utf8.h"

#define MAX_TOLD	10
#define MAX_ENTITIES	((size_t)4 * 1024 * 1024)
#define MAX_EXPANDED	((size_t)1024 * 1024)
#define MAX_OF_FILE	((uint64_t)16 * 1024 * 1024)
#define MAX_GROWTH	16	/* times the file so far, beside that */

struct kb_xml_entity {
	struct kb_str		 name, content;
	bool			 usable;
};

void
kb_xml_entities_init(struct kb_xml_entities *ents)
{
	memset(ents, 0, sizeof(*ents));
	kb_arena_init(&ents->arena, MAX_ENTITIES);
}

void
kb_xml_entities_release(struct kb_xml_entities *ents)
{
	kb_table_release(&ents->names);
	free(ents->v);
	kb_arena_release(&ents->arena);
}

static const struct kb_xml_entity *
lookup(const struct kb_xml_entities *ents, struct kb_str name)
{
	const uint32_t *at = ents != NULL ? kb_table_get(&ents->names, name) :
	    NULL;

	return at != NULL ? ents->v[*at] : NULL;
}

/* Enters the entity, which is in the arena. */
static void
enter(struct kb_xml_entities *ents, struct kb_xml_entity *e)
{
	uint32_t *at;

	if (ents->n == ents->size) {
		size_t size = ents->size == 0 ? 64 : ents->size * 2;
		struct kb_xml_entity **v = realloc(ents->v, size *
		    sizeof(struct kb_xml_entity *));

		if (v == NULL) {
			ents->arena.failed = true;
			return;
		}
		ents->v = v;
		ents->size = size;
	}
	at = kb_table_put(&ents->names, e->name, NULL);
	if (at == NULL) {
		ents->arena.failed = true;
		return;
	}
	ents->v[ents->n] = e;
	*at = (uint32_t)ents->n++;
}

void
kb_xml_entities_add(struct kb_xml_entities *ents, struct kb_str name,
    struct kb_str content)
{
	struct kb_xml_entity *e;
	bool usable;

	if (lookup(ents, name) != NULL)
		return;
	usable = content.n == 0 || (memchr(content.p, '<', content.n) ==
	    NULL && memchr(content.p, '&', content.n) == NULL);
	e = kb_arena_alloc(&ents->arena, sizeof(*e));
	if (e == NULL)
		return;
	e->name = kb_arena_copy(&ents->arena, name);
	e->content = kb_arena_copy(&ents->arena, usable ? content :
	    kb_str("", 0));
	e->usable = usable;
	if (!ents->arena.failed)
		enter(ents, e);
}

uint64_t
kb_xml_start(const struct kb_xml_build *b, uint64_t off)
{
	return b->map != NULL ? kb_offmap_start(b->map, off) : off;
}

uint64_t
kb_xml_end(const struct kb_xml_build *b, uint64_t off)
{
	return b->map != NULL ? kb_offmap_end(b->map, off) : off;
}

/* ---- references ---- */

static bool
numeric(struct kb_str s, uint32_t *out)
{
	uint32_t base = 10, cp = 0, digit;
	size_t i = 1;

	if (s.n > 1 && s.p[1] == 'x') {
		base = 16;
		i = 2;
	}
	if (i >= s.n)
		return false;
	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (uint32_t)((c | 32) - 'a') + 10;
		else
			return false;
		cp = cp * base + digit;
		if (cp > 0x10ffff)
			return false;
	}
	*out = cp;
	return cp != 0 && (cp < 0xd800 || cp > 0xdfff);
}

static struct kb_str
predefined(struct kb_str name)
{
	static const struct {
		struct kb_str	name, text;
	} known[] = {
		{ { "lt", 2 }, { "<", 1 } },
		{ { "gt", 2 }, { ">", 1 } },
		{ { "amp", 3 }, { "&", 1 } },
		{ { "quot", 4 }, { "\"", 1 } },
		{ { "apos", 4 }, { "'", 1 } }
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kb_str_eq(name, known[i].name))
			return known[i].text;
	return kb_str(NULL, 0);
}

static void
tell(struct kb_xml_build *b, const struct kb_xml_mark *base, struct kb_str raw,
    const char *code, const char *what, struct kb_str name)
{
	struct kb_xml_mark at = *base;

	if (b->quiet || b->told >= MAX_TOLD)
		return;
	b->told++;
	kb_xml_mark_pass(&at, raw);
	if (name.n > 60)
		name.n = kb_utf8_floor(name, 60);
	kb_diag(b->sink, KB_WARNING, code, at.line, kb_xml_mark_col(&at),
	    "%s: %.*s%s", what, KB_FMT(name),
	    b->told == MAX_TOLD ? " (further ones are not told)" : "");
}

/*
 * What the reference "&name;" stands for, which is never "&;"; "before" is
 * what stands before it since "base".  The result lives as long as the
 * arena, or is static.  False for one that is left out.
 */
static bool
resolve(struct kb_xml_build *b, struct kb_str name, struct kb_str *out,
    struct kb_str before, const struct kb_xml_mark *base)
{
	const struct kb_xml_entity *e;
	struct kb_buf one = { 0 };
	uint32_t cp;

	*out = predefined(name);
	if (out->n > 0)
		return true;
	if (name.p[0] == '#') {
		if (!numeric(name, &cp))
			cp = 0xfffd;
		kb_buf_add_utf8(&one, cp);
		*out = kb_arena_copy(b->arena, kb_buf_str(&one));
		b->arena->failed |= one.failed;
		kb_buf_release(&one);
		return true;
	}
	e = lookup(b->ents, name);
	*out = e != NULL ? e->content : kb_html_entity(name);
	if (e != NULL ? !e->usable : out->n == 0) {
		tell(b, base, before, "bad-entity",
		    "the entity is left out, its text is not known", name);
		return false;
	}
	if (out->n > MAX_EXPANDED - b->expanded || b->expanded_all + out->n >
	    MAX_OF_FILE + MAX_GROWTH * base->off) {
		tell(b, base, before, "bad-entity",
		    "the entity is left out, too much text is made of "
		    "entities", name);
		return false;
	}
	b->expanded += out->n;
	b->expanded_all += out->n;
	*out = kb_arena_copy(b->arena, *out);
	return true;
}

static const bool not_in_name[256] = {
	[' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
	['&'] = true, ['<'] = true, ['"'] = true, ['\''] = true
};

/* Where a run of text may have to be cut, or a line counted. */
static const bool special[256] = {
	['&'] = true, ['\r'] = true, ['\n'] = true
};

/* The name in "&name;" at raw.p[at], or the empty slice. */
static struct kb_str
reference(struct kb_str raw, size_t at)
{
	size_t longest = raw.n - at < 256 ? raw.n - at : 256, i;
	const char *semi = memchr(raw.p + at, ';', longest);
	struct kb_str name;

	if (semi == NULL)
		return kb_str(NULL, 0);
	name = kb_str(raw.p + at + 1, (size_t)(semi - raw.p) - at - 1);
	for (i = 0; i < name.n; i++)
		if (not_in_name[(unsigned char)name.p[i]])
			return kb_str(NULL, 0);
	return name;
}

/* ---- text ---- */

static void
add_node(struct kb_xml_build *b, struct kb_str text, uint64_t start,
    uint64_t end, uint32_t line)
{
	struct kb_node *n;

	n = kb_node_new(b->arena, b->cur, KB_NODE_TEXT);
	if (n == NULL)
		return;
	if (b->cdata)
		n->name = KB_STR("#cdata");
	n->text = text;
	n->start = start;
	n->end = end;
	n->line = line;
}

/*
 * Bytes that stand for themselves.  Where the file was transcoded, a node
 * ends where a piece of the map ends: tree.h wants a text node to be its
 * range, byte for byte, or one indivisible thing.
 */
static void
add_plain(struct kb_xml_build *b, struct kb_str s, uint64_t off,
    uint32_t line)
{
	const struct kb_offpiece *p = NULL, *last = NULL;
	size_t n;

	if (s.n == 0)
		return;
	s = kb_arena_copy(b->arena, s);
	if (b->map != NULL && b->map->n > 0) {
		p = kb_offmap_piece(b->map, off);
		last = b->map->v + b->map->n;
	}
	while (s.n > 0) {
		n = s.n;
		if (p != NULL && p < last && off < p->out + p->out_n &&
		    p->out + p->out_n - off < n)
			n = (size_t)(p->out + p->out_n - off);
		add_node(b, kb_str(s.p, n), kb_xml_start(b, off),
		    kb_xml_end(b, off + n), line);
		off += n;
		s.p += n;
		s.n -= n;
		if (p != NULL && p + 1 < last && off >= p[1].out)
			p++;
	}
}

/* A line end at raw.p[i] that is not LF; returns its length. */
static size_t
add_line_end(struct kb_xml_build *b, struct kb_str raw, size_t i,
    uint64_t off, uint32_t line)
{
	size_t n = i + 1 < raw.n && raw.p[i + 1] == '\n' ? 2 : 1;

	add_node(b, KB_STR("\n"), kb_xml_start(b, off + i),
	    kb_xml_end(b, off + i + n), line);
	return n;
}

/*
 * What an entity of the file stands for.  A node as long as its text would
 * be its bytes: that one is parted behind its first letter.
 */
static void
add_declared(struct kb_xml_build *b, struct kb_str name, struct kb_str text,
    uint64_t start, uint64_t end, uint32_t line)
{
	struct kb_node *last = b->cur->last;
	struct kb_buf word = { 0 };
	uint32_t cp;
	size_t n = text.n;

	if (end - start == n)
		n = kb_utf8_next(text, 0, &cp);
	kb_declared_add(&word, name, text);
	b->arena->failed |= word.failed;
	add_node(b, kb_str(text.p, n), start, end, line);
	if (b->cur->last != last)
		b->cur->last->name = kb_arena_copy(b->arena,
		    kb_buf_str(&word));
	if (n < text.n)
		add_node(b, kb_str(text.p + n, text.n - n), end, end, line);
	kb_buf_release(&word);
}

/* The reference at raw.p[i]; its length, or 0 where it is text. */
static size_t
add_reference(struct kb_xml_build *b, struct kb_str raw, size_t i,
    const struct kb_xml_mark *at, uint32_t line)
{
	struct kb_str name = reference(raw, i), text;
	size_t n = name.n + 2;

	if (resolve(b, name, &text, kb_str(raw.p, i), at)) {
		if (text.n > 0 && lookup(b->ents, name) != NULL)
			add_declared(b, name, text, kb_xml_start(b, at->off +
			    i), kb_xml_end(b, at->off + i + n), line);
		else if (text.n > 0)
			add_node(b, text, kb_xml_start(b, at->off + i),
			    kb_xml_end(b, at->off + i + n), line);
	} else if (b->loose) {
		return 0;
	}
	return n;
}

static void
add_text(struct kb_xml_build *b, struct kb_str raw,
    const struct kb_xml_mark *at, bool references)
{
	uint32_t line = at->line, from_line = line;
	size_t i, from = 0, n;

	for (i = 0; i < raw.n; i += n) {
		char c = raw.p[i];

		n = 1;
		if (!special[(unsigned char)c])
			continue;
		if (c == '\n')
			line++;
		if (c != '\r' && (c != '&' || !references))
			continue;
		if (c == '&' && reference(raw, i).n == 0)
			continue;
		add_plain(b, kb_str(raw.p + from, i - from), at->off + from,
		    from_line);
		from = i;
		n = c == '&' ? add_reference(b, raw, i, at, line) :
		    add_line_end(b, raw, i, at->off, line);
		if (n == 0) {
			n = 1;
			continue;
		}
		line += n == 2 && c == '\r';
		from = i + n;
		from_line = line;
	}
	add_plain(b, kb_str(raw.p + from, i - from), at->off + from,
	    from_line);
}

void
kb_xml_build_text(struct kb_xml_build *b, struct kb_str raw,
    const struct kb_xml_mark *at)
{
	add_text(b, raw, at, true);
}

void
kb_xml_build_cdata(struct kb_xml_build *b, struct kb_str raw,
    const struct kb_xml_mark *at)
{
	b->cdata = true;
	add_text(b, raw, at, false);
	b->cdata = false;
}

/* ---- tags ---- */

static struct kb_str
attr_value(struct kb_xml_build *b, struct kb_str raw, struct kb_str tag,
    const struct kb_xml_mark *at)
{
	struct kb_buf *buf = &b->scratch;
	size_t i;

	for (i = 0; i < raw.n; i++)
		if (raw.p[i] == '&' || (unsigned char)raw.p[i] < ' ')
			break;
	if (i == raw.n)
		return kb_arena_copy(b->arena, raw);
	kb_buf_clear(buf);
	kb_buf_add(buf, kb_str(raw.p, i));
	for (; i < raw.n; i++) {
		char c = raw.p[i];
		struct kb_str name = c == '&' ? reference(raw, i) :
		    kb_str(NULL, 0), text;

		if (name.n > 0) {
			if (resolve(b, name, &text, kb_str(tag.p,
			    (size_t)(raw.p - tag.p) + i), at))
				kb_buf_add(buf, text);
			i += name.n + 1;
		} else if (c == '\r' && i + 1 < raw.n &&
		    raw.p[i + 1] == '\n') {
			continue;
		} else {
			kb_buf_addch(buf, c == '\r' || c == '\n' ||
			    c == '\t' ? ' ' : c);
		}
	}
	b->arena->failed |= buf->failed;
	return kb_arena_copy(b->arena, kb_buf_str(buf));
}

size_t
kb_xml_build_tag(struct kb_xml_build *b, struct kb_node *node,
    struct kb_str name, struct kb_str tag, const struct kb_xml_mark *at)
{
	struct kb_attr **end = &node->attrs, *a;
	struct kb_str value;
	size_t pos = 0, kept = 0, n = 0;

	node->name = kb_arena_copy(b->arena, name);
	node->start = kb_xml_start(b, at->off);
	node->end = kb_xml_end(b, at->off + tag.n);
	node->line = at->line;
	while (kb_xml_next_attr(tag, &pos, &name, &value)) {
		if (++n > KB_XML_MAX_ATTRS) {
			tell(b, at, kb_str(NULL, 0), "bad-xml",
			    "attributes behind the 1000th are left out of",
			    node->name);
			return kept;
		}
		kept = pos;
		if (kb_str_eq(name, KB_STR("xmlns")) ||
		    kb_str_has_prefix(name, KB_STR("xmlns:")))
			continue;
		a = kb_arena_alloc(b->arena, sizeof(*a));
		if (a == NULL)
			break;
		a->name = kb_arena_copy(b->arena, name);
		a->value = attr_value(b, value, tag, at);
		*end = a;
		end = &a->next;
	}
	return tag.n;
}
