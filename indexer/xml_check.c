/*
 * xml_check: libxml2, fed beside the tokenizer, says what is well-formed.
 * Contract: xml_impl.h.
 */
#include "xml_impl.h"

#include <pthread.h>
#include <stdio.h>

#include "utf8.h"

#define PIECE	((size_t)64 * 1024 * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;

static xmlParserInputPtr
refuse(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	return NULL;
}

/*
 * Some errors of libxml2 pass by the handler of the context and would be
 * printed: a library does not print.
 */
static void
discard(void *arg, const char *fmt, ...)
{
}

static void
init(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(refuse);
}

/* ---- events ---- */

static void
on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs,
    int ndefaulted, const xmlChar **attrs)
{
	struct kb_xml_check *check = arg;

	check->open++;
}

static void
on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct kb_xml_check *check = arg;

	check->open--;
}

static void
on_entity(void *arg, const xmlChar *name, int type, const xmlChar *public_id,
    const xmlChar *system_id, xmlChar *content)
{
	struct kb_xml_check *check = arg;

	if (type == XML_INTERNAL_GENERAL_ENTITY && content != NULL)
		kb_xml_entities_add(check->ents,
		    kb_str_c((const char *)name),
		    kb_str_c((const char *)content));
}

/*
 * Nobody asks libxml2 for attributes, so none need have a value by default;
 * it would hold each of them against all others, at each element.
 */
static void
on_attribute(void *arg, const xmlChar *element, const xmlChar *name,
    int type, int mode, const xmlChar *value, xmlEnumerationPtr choices)
{
	struct kb_xml_check *check = arg;

	xmlFreeEnumeration(choices);
	if (check->ctxt->attsDefault != NULL)
		xmlHashFree(check->ctxt->attsDefault,
		    xmlHashDefaultDeallocator);
	check->ctxt->attsDefault = NULL;
}

/*
 * libxml2 is told that every name is known and stands for one character, as
 * &lt; does.  So nothing is ever expanded inside libxml2, whatever was
 * declared, and a name that nobody declared is no error: the text of
 * references is made in xml_build.c, under a budget.
 */
static xmlEntityPtr
on_general(void *arg, const xmlChar *name)
{
	struct kb_xml_check *check = arg;

	return &check->general;
}

/* An external parameter entity is passed over without loading. */
static xmlEntityPtr
on_parameter(void *arg, const xmlChar *name)
{
	struct kb_xml_check *check = arg;

	return &check->parameter;
}

/*
 * The line is libxml2's.  The column is too, but for the line that the
 * parser began in.
 */
static void
on_error(void *arg, xmlErrorPtr e)
{
	struct kb_xml_check *check = arg;
	uint64_t line, col;

	if (e->code == XML_ERR_NO_MEMORY)
		check->nomem = check->failed = true;
	if (e->level != XML_ERR_FATAL || check->failed)
		return;
	check->failed = true;
	check->early = e->code == XML_ERR_DOCUMENT_END ||
	    e->code == XML_ERR_TAG_NOT_FINISHED;
	line = e->line > 0 ? (uint64_t)e->line - 1 : 0;
	col = e->int2 > 0 ? (uint64_t)e->int2 : 1;
	if (line == 0) {
		col = col > check->prefix ? col - check->prefix : 1;
		col += check->from.off - check->from.line_start;
	}
	line += check->from.line;
	check->line = line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
	check->col = col < UINT32_MAX ? (uint32_t)col : UINT32_MAX;
	snprintf(check->msg, sizeof(check->msg), "%.*s",
	    KB_FMT(kb_str_trim(kb_str_c(e->message != NULL ? e->message :
	    "not well-formed"))));
}

/* ---- pushing ---- */

static void
push(struct kb_xml_check *check, struct kb_str s)
{
	size_t n;

	while (s.n > 0 && !check->failed) {
		n = s.n < PIECE ? s.n : PIECE;
		xmlParseChunk(check->ctxt, s.p, (int)n, 0);
		s.p += n;
		s.n -= n;
	}
	if (!check->ctxt->wellFormed && !check->failed) {
		check->failed = true;
		check->line = check->from.line;
		check->col = 1;
		snprintf(check->msg, sizeof(check->msg), "not well-formed");
	}
}

/* The prefix needs no attributes: an unbound prefix is no fatal error. */
static void
push_open(struct kb_xml_check *check, const struct kb_node *open)
{
	const struct kb_node *path[KB_XML_MAX_DEPTH + 1];
	struct kb_buf buf = { 0 };
	size_t n = 0;

	for (; open != NULL && n <= KB_XML_MAX_DEPTH; open = open->parent)
		path[n++] = open;
	while (n-- > 0) {
		kb_buf_addch(&buf, '<');
		kb_buf_add(&buf, path[n]->name);
		kb_buf_addch(&buf, '>');
	}
	check->nomem |= buf.failed;
	check->prefix = buf.n;
	push(check, kb_buf_str(&buf));
	kb_buf_release(&buf);
}

static void
placeholder(xmlEntity *e, xmlEntityType type)
{
	static xmlChar x[] = "x";

	memset(e, 0, sizeof(*e));
	e->type = XML_ENTITY_DECL;
	e->etype = type;
	e->name = x;
	/* Set, so that libxml2 does not hang memory of its own here. */
	e->orig = x;
	if (type == XML_INTERNAL_PREDEFINED_ENTITY) {
		e->content = x;
		e->length = 1;
	}
}

enum kb_status
kb_xml_check_open(struct kb_xml_check *check, struct kb_xml_entities *ents,
    const struct kb_node *open, const struct kb_xml_mark *from,
    struct kb_err *err)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC };

	pthread_once(&once, init);
	/* Kept by libxml2 for each thread. */
	xmlSetGenericErrorFunc(NULL, discard);
	memset(check, 0, sizeof(*check));
	check->ents = ents;
	check->from = *from;
	placeholder(&check->general, XML_INTERNAL_PREDEFINED_ENTITY);
	placeholder(&check->parameter, XML_EXTERNAL_PARAMETER_ENTITY);
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.entityDecl = on_entity;
	sax.attributeDecl = on_attribute;
	sax.getEntity = on_general;
	sax.getParameterEntity = on_parameter;
	sax.serror = on_error;
	check->ctxt = xmlCreatePushParserCtxt(&sax, check, NULL, 0, NULL);
	if (check->ctxt == NULL)
		return kb_err_nomem(err);
	xmlCtxtUseOptions(check->ctxt, XML_PARSE_NONET | XML_PARSE_HUGE |
	    XML_PARSE_IGNORE_ENC);
	/* Else the first four bytes would decide once more. */
	check->ctxt->charset = XML_CHAR_ENCODING_UTF8;
	push_open(check, open);
	return check->nomem ? kb_err_nomem(err) : KB_OK;
}

void
kb_xml_check_close(struct kb_xml_check *check)
{
	if (check->ctxt == NULL)
		return;
	/* Made by libxml2 for entity declarations, and not freed by it. */
	if (check->ctxt->myDoc != NULL)
		xmlFreeDoc(check->ctxt->myDoc);
	check->ctxt->myDoc = NULL;
	xmlFreeParserCtxt(check->ctxt);
	check->ctxt = NULL;
}

/* libxml2 takes overlong UTF-8, and a NUL for the end. */
static size_t
valid_prefix(struct kb_str s)
{
	size_t i = 0, k;
	uint64_t w;
	uint32_t cp;

	while (i < s.n) {
		if (s.n - i >= 8) {
			memcpy(&w, s.p + i, 8);
			/* No high bit, and no byte that borrows: no zero. */
			if (((w | (w - 0x0101010101010101u)) &
			    0x8080808080808080u) == 0) {
				i += 8;
				continue;
			}
		}
		if (s.p[i] == 0)
			return i;
		k = kb_utf8_next(s, i, &cp);
		if (cp == UINT32_MAX)
			return i;
		i += k;
	}
	return s.n;
}

bool
kb_xml_check_push(struct kb_xml_check *check, struct kb_str bytes,
    const struct kb_xml_mark *at)
{
	size_t n = valid_prefix(bytes);
	struct kb_xml_mark bad = *at;

	push(check, kb_str(bytes.p, n));
	if (n == bytes.n || check->failed)
		return !check->failed;
	kb_xml_mark_pass(&bad, kb_str(bytes.p, n));
	check->failed = true;
	check->line = bad.line;
	check->col = kb_xml_mark_col(&bad);
	snprintf(check->msg, sizeof(check->msg), "%s (byte 0x%02x)",
	    bytes.p[n] == 0 ? "a NUL" : "malformed UTF-8",
	    (unsigned char)bytes.p[n]);
	return false;
}

bool
kb_xml_check_cut(struct kb_xml_check *check, struct kb_str left_out,
    bool empty)
{
	struct kb_xml_mark lines = { 0 };

	push(check, empty ? KB_STR("/>") : KB_STR(">"));
	kb_xml_mark_pass(&lines, left_out);
	check->from.line += lines.line;
	return !check->failed;
}

bool
kb_xml_check_end(struct kb_xml_check *check)
{
	if (!check->failed)
		xmlParseChunk(check->ctxt, NULL, 0, 1);
	push(check, kb_str(NULL, 0));
	return !check->failed;
}
