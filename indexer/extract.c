#include "extract.h"

#include <stdlib.h>

#include "blocks.h"
#include "encoding.h"
#include "frame.h"
#include "html.h"
#include "htmlmeta.h"
#include "visible.h"
#include "xml.h"

#define ARENA_CAP	((size_t)4 * 1024 * 1024 * 1024)

struct job {
	const struct kb_extract_opts	*opts;
	enum kb_status			(*fn)(void *arg, struct kb_str frame,
					    struct kb_err *err);
	void				*arg;
	struct kb_arena			 arena;		/* one record */
	struct kb_buf			 frame;
	const struct kb_profile		*profile;	/* of an XML file */
	bool				 looked, is_container;
	struct kb_err			*err;
	enum kb_status			 status;
	bool				 stopped;	/* by fn */
};

static enum kb_status
send(struct job *j, struct kb_record *rec, struct kb_err *err)
{
	enum kb_status status;

	if (rec == NULL || j->arena.failed)
		return kb_err_nomem(err);
	kb_buf_clear(&j->frame);
	kb_frame_write(rec, &j->frame);
	status = kb_buf_check(&j->frame, err);
	if (status != KB_OK)
		return status;
	status = j->fn(j->arg, kb_buf_str(&j->frame), err);
	j->stopped |= status != KB_OK;
	return status;
}

/* Readers say "path:line:col: text"; the place has members of its own. */
static const char *
cut_place(const char *why, struct kb_str path, uint32_t *line, uint32_t *col)
{
	unsigned long l, c;
	char *colon, *end;

	if (!kb_str_has_prefix(kb_str_c(why), path) || why[path.n] != ':')
		return why;
	why += path.n + 1;
	l = strtoul(why, &colon, 10);
	if (colon > why && *colon == ':') {
		c = strtoul(colon + 1, &end, 10);
		if (end > colon + 1 && *end == ':') {
			*line = (uint32_t)l;
			*col = (uint32_t)c;
			why = end + 1;
		}
	}
	return why + (*why == ' ');
}

/* A record that is none, to say why. */
static enum kb_status
send_refusal(struct job *j, const char *code, struct kb_err *err,
    const char *why)
{
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_diag_sink sink;
	uint32_t line = 0, col = 0;
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	why = cut_place(why, j->opts->path, &line, &col);
	rec->dropped = true;
	rec->drop_reason = KB_STR("unreadable");
	sink = kb_record_sink(rec);
	kb_diag(&sink, KB_ERROR, code, line, col, "%s", why);
	status = send(j, rec, err);
	kb_arena_reset(&j->arena);
	return status;
}

/* ---- bodies ---- */

static void
drop_repeated_title(struct kb_record *rec)
{
	struct kb_block *b = rec->blocks;
	const struct kb_value *title = rec->values[KB_F_TITLE];

	if (b == NULL || b->kind != KB_BLOCK_HEADING || title == NULL ||
	    !kb_str_caseeq(b->text, title->text))
		return;
	rec->blocks = b->next;
	if (rec->blocks == NULL)
		rec->last_block = NULL;
	else
		rec->blocks->gap = true;
}

static struct kb_node *
plain_text(struct kb_arena *arena, struct kb_str text)
{
	struct kb_node *root = kb_node_new(arena, NULL, KB_NODE_ELEMENT);
	struct kb_node *n;

	if (root == NULL)
		return NULL;
	root->name = KB_STR("#document");
	n = kb_node_new(arena, root, KB_NODE_TEXT);
	if (n == NULL)
		return NULL;
	n->text = text;
	n->end = root->end = text.n;
	return root;
}

static enum kb_status
add_body(struct job *j, struct kb_record *rec, const struct kb_body *body,
    struct kb_err *err)
{
	struct kb_html_opts hopts = { .fragment = true, .body = true };
	struct kb_part *part = &rec->parts[rec->nparts];
	struct kb_blocks_opts opts = { .part = (unsigned)rec->nparts };
	bool text = kb_str_eq(body->dialect, KB_STR("text"));
	struct kb_node *tree;
	enum kb_status status;

	opts.html = text || kb_str_eq(body->dialect, KB_STR("html"));
	opts.dialect = kb_profiles_dialect(j->opts->profiles,
	    text ? KB_STR("html") : body->dialect);
	if (opts.dialect == NULL)
		return KB_OK;
	part->dialect = body->dialect;
	part->field = body->field;
	part->autop = body->autop || text;
	rec->nparts++;
	if (body->node != NULL)
		return kb_blocks_build(rec, body->node, &opts, err);
	if (text)
		tree = plain_text(&j->arena, body->text);
	else if ((status = kb_html_parse(&tree, body->text, &hopts,
	    &j->arena, NULL, err)) != KB_OK)
		return status;
	if (tree == NULL)
		return kb_err_nomem(err);
	return kb_blocks_build(rec, tree, &opts, err);
}

/* ---- XML ---- */

static bool
is_record(void *arg, const struct kb_node *e)
{
	struct job *j = arg;

	if (!j->looked) {
		j->looked = true;
		j->profile = kb_profiles_match(j->opts->profiles, e);
		if (j->profile == NULL)
			j->status = send_refusal(j, "unknown-format", j->err,
			    kb_arena_printf(&j->arena, "no profile reads XML "
			    "with the root element <%.*s>; add one with "
			    "--config", KB_FMT(e->name)).p);
	}
	return j->profile != NULL && kb_profile_is_record(j->profile, e);
}

static enum kb_status
on_record(void *arg, struct kb_node *root, size_t number, struct kb_err *err)
{
	struct job *j = arg;
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_body bodies[KB_RECORD_PARTS];
	size_t n = 0;
	enum kb_status status;

	if (j->status != KB_OK)
		return j->status;
	if (rec == NULL)
		return kb_err_nomem(err);
	rec->format = kb_profile_name(j->profile);
	rec->number = root->depth > 0 ? number : 0;
	rec->start = root->start;
	rec->end = root->end;
	rec->line = root->line;
	status = kb_profile_apply(j->profile, root, rec, bodies, &n, err);
	for (size_t i = 0; i < n && status == KB_OK && !rec->dropped; i++)
		status = add_body(j, rec, &bodies[i], err);
	if (status == KB_OK) {
		drop_repeated_title(rec);
		status = send(j, rec, err);
	}
	kb_arena_reset(&j->arena);
	return status;
}

/* What is wrong outside of any record that could be read. */
static void
on_diag(void *arg, const struct kb_diag *diag)
{
	struct job *j = arg;
	struct kb_record *rec;
	struct kb_diag_sink sink;

	/* Of a file that no profile reads one thing is said: that. */
	if (j->status != KB_OK || (j->looked && j->profile == NULL))
		return;
	rec = kb_record_new(&j->arena);
	if (rec == NULL) {
		j->status = kb_err_nomem(j->err);
		return;
	}
	rec->dropped = true;
	rec->drop_reason = KB_STR("unreadable");
	sink = kb_record_sink(rec);
	sink.fn(sink.arg, diag);
	j->status = send(j, rec, j->err);
}

static enum kb_status
extract_xml(struct job *j, struct kb_input *in, struct kb_err *err)
{
	struct kb_diag_sink sink = { on_diag, j };
	struct kb_xml_handler handler = { j, is_record, on_record, &sink };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status = kb_xml_read(in, &handler, &why);

	if (status == KB_OK || j->status != KB_OK)
		return j->status;
	if (status == KB_INPUT && j->looked && j->profile == NULL)
		return KB_OK;
	if (status == KB_INPUT && !j->stopped)
		return send_refusal(j, "bad-xml", err, why.msg);
	if (err != NULL)
		*err = why;
	return status;
}

/* ---- HTML ---- */

static void
say_encoding(struct kb_record *rec, const struct kb_decoded *d)
{
	struct kb_diag_sink sink = kb_record_sink(rec);

	if (d->how == KB_ENCODING_GUESSED)
		kb_diag(&sink, KB_WARNING, "encoding-guessed", 0, 0,
		    "no encoding is declared and the bytes are not UTF-8; "
		    "read as %s", d->name);
	if (d->replaced > 0)
		kb_diag(&sink, KB_WARNING, "bad-encoding", 0, 0,
		    "%zu places are not valid %s and were replaced",
		    d->replaced, d->name);
}

static enum kb_status
html_record(struct job *j, struct kb_str raw, struct kb_err *err)
{
	struct kb_html_opts hopts = { .fragment = false };
	struct kb_blocks_opts opts = { .html = true };
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_html_told told;
	const struct kb_node *main;
	struct kb_decoded d;
	struct kb_node *root;
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	status = kb_encoding_decode(&d, raw, KB_MARKUP_HTML, &j->arena, err);
	if (status == KB_OK)
		status = kb_html_parse(&root, d.text, &hopts, &j->arena, NULL,
		    err);
	if (status != KB_OK)
		return status;
	say_encoding(rec, &d);
	main = kb_html_main(root);
	kb_html_meta(rec, root, main, j->opts->path, j->opts->profiles,
	    &told);
	opts.title = told.title;
	opts.properties = told.properties;
	rec->end = raw.n;
	rec->line = 1;
	rec->parts[0].dialect = KB_STR("html");
	rec->nparts = 1;
	opts.dialect = kb_profiles_dialect(j->opts->profiles,
	    KB_STR("html"));
	opts.map = &d.map;
	/* A page that is no article still says where its links lead. */
	status = kb_blocks_build(rec, rec->dropped ? root : main, &opts, err);
	if (rec->dropped)
		rec->blocks = rec->last_block = NULL;
	return status == KB_OK ? send(j, rec, err) : status;
}

static enum kb_status
extract_html(struct job *j, struct kb_input *in, struct kb_err *err)
{
	struct kb_buf raw = { 0 };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;

	status = kb_input_slurp(in, KB_EXTRACT_MAX_HTML, &raw, &why);
	if (status == KB_OK && memchr(raw.n > 0 ? raw.p : "", '<', raw.n) ==
	    NULL)
		status = kb_err_set(&why, KB_INPUT, raw.n == 0 ?
		    "the file is empty" : "no markup in it: this is no HTML "
		    "and no XML");
	if (status == KB_OK)
		status = html_record(j, kb_buf_str(&raw), &why);
	if (!j->stopped && (status == KB_INPUT || status == KB_LIMIT))
		status = send_refusal(j, "unreadable", &why, why.msg);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_buf_release(&raw);
	return status;
}

/* ---- which is it ---- */

static bool
has_ending(struct kb_str path, const char *const *endings)
{
	if (kb_str_has_suffix(path, KB_STR(".gz")))
		path.n -= 3;
	for (; *endings != NULL; endings++) {
		struct kb_str e = kb_str_c(*endings);

		if (path.n > e.n && kb_str_caseeq(kb_str(path.p + path.n -
		    e.n, e.n), e))
			return true;
	}
	return false;
}

static bool
contains_case(struct kb_str s, struct kb_str word)
{
	for (size_t i = 0; i + word.n <= s.n; i++)
		if (s.p[i] == '<' && kb_str_caseeq(kb_str(s.p + i, word.n),
		    word))
			return true;
	return false;
}

static bool
is_binary(struct kb_str head)
{
	if (head.n >= 2 && (memcmp(head.p, "\xff\xfe", 2) == 0 ||
	    memcmp(head.p, "\xfe\xff", 2) == 0))
		return false;
	/* UTF-16 without a mark has a zero beside its first '<'. */
	if (head.n >= 2 && ((head.p[0] == '<' && head.p[1] == '\0') ||
	    (head.p[0] == '\0' && head.p[1] == '<')))
		return false;
	return head.n > 0 && memchr(head.p, '\0', head.n < 1024 ? head.n :
	    1024) != NULL;
}

static bool
is_xml(struct kb_str head, struct kb_str path)
{
	static const char *const html[] = { ".html", ".htm", ".shtml", NULL };

	/* Plain text: the other reader says so in words of its own. */
	if (kb_str_trim(head).n > 0 && memchr(head.p, '<', head.n) == NULL)
		return false;
	if (contains_case(head, KB_STR("<html")) ||
	    contains_case(head, KB_STR("<!doctype html")))
		return false;
	if (has_ending(path, html))
		return false;
	return true;
}

enum kb_status
kb_extract(struct kb_input *in, const struct kb_extract_opts *opts,
    enum kb_status (*fn)(void *arg, struct kb_str frame, struct kb_err *err),
    void *arg, struct kb_err *err)
{
	struct job j = { .opts = opts, .fn = fn, .arg = arg };
	struct kb_err why = { KB_OK, "" };
	struct kb_str head;
	enum kb_status status;

	j.err = &why;
	kb_arena_init(&j.arena, ARENA_CAP);
	status = kb_input_peek(in, 4096, &head, &why);
	if (status == KB_INPUT || status == KB_LIMIT)
		status = send_refusal(&j, "unreadable", &why, why.msg);
	else if (status != KB_OK)
		;
	else if (is_binary(head))
		status = send_refusal(&j, "unreadable", &why,
		    "binary data: this is no HTML and no XML");
	else if (is_xml(head, opts->path))
		status = extract_xml(&j, in, &why);
	else
		status = extract_html(&j, in, &why);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_arena_release(&j.arena);
	kb_buf_release(&j.frame);
	return status;
}
