#include "extract_impl.h"

#include <stdlib.h>

#include "archive_members.h"
#include "blocks.h"
#include "encoding.h"
#include "frame.h"
#include "html.h"
#include "storage.h"
#include "wikitext.h"

#define ARENA_CAP	((size_t)4 * 1024 * 1024 * 1024)

enum kb_status
kb_extract_send(struct kb_extract_job *j, struct kb_record *rec,
    struct kb_err *err)
{
	enum kb_status status;

	if (rec == NULL || j->arena.failed)
		return kb_err_nomem(err);
	rec->member = j->member;
	kb_hidden_tell(&j->hidden, rec);
	kb_buf_clear(&j->frame);
	kb_frame_write(rec, &j->frame);
	status = kb_buf_check(&j->frame, err);
	if (status != KB_OK)
		return status;
	status = j->fn(j->arg, kb_buf_str(&j->frame), err);
	j->stopped |= status != KB_OK;
	return status;
}

bool
kb_extract_wants(const struct kb_extract_job *j,
    const struct kb_extract_unit *unit)
{
	struct kb_extract_unit u = *unit;

	if (j->opts->unit == NULL)
		return true;
	/* All of a member is not all of the file. */
	if (j->member.n > 0) {
		u.member = j->member;
		u.whole = false;
	}
	return j->opts->unit(j->opts->unit_arg, &u);
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
enum kb_status
kb_extract_refuse(struct kb_extract_job *j, const char *code, const char *why,
    struct kb_err *err)
{
	struct kb_record *rec;
	struct kb_diag_sink sink;
	uint32_t line = 0, col = 0;
	enum kb_status status;

	if (j->survey)
		return KB_OK;
	rec = kb_record_new(&j->arena);
	if (rec == NULL)
		return kb_err_nomem(err);
	why = cut_place(why, j->opts->path, &line, &col);
	rec->dropped = true;
	rec->drop_reason = KB_STR("unreadable");
	sink = kb_record_sink(rec);
	kb_diag(&sink, KB_ERROR, code, line, col, "%s", why);
	status = kb_extract_send(j, rec, err);
	kb_arena_reset(&j->arena);
	return status;
}

/* ---- bodies ---- */

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
wikitext(struct kb_node **tree, struct kb_extract_job *j,
    struct kb_record *rec, const struct kb_dialect *dialect,
    struct kb_str text, struct kb_err *err)
{
	struct kb_wikitext_opts opts = { .dialect = dialect };
	struct kb_diag_sink sink = kb_record_sink(rec);
	struct kb_wikitext_told told = { 0 };
	enum kb_status status;

	status = kb_wikitext_parse(tree, text, &opts, &told, &j->arena, err);
	if (status != KB_OK)
		return status;
	for (size_t i = 0; i < told.ncategories; i++)
		kb_record_add(rec, KB_F_CATEGORY, told.categories[i],
		    KB_STR("[[Category:]]"));
	if (told.left_out > 0)
		kb_diag(&sink, KB_NOTE, "left-out", rec->line, 0, "text in "
		    "%zu templates was left out, the first is {{%.*s}}",
		    told.left_out, KB_FMT(told.left_name));
	return KB_OK;
}

/* A body of the storage format has its properties in a table, as a page. */
static enum kb_status
storage(struct kb_node **tree, struct kb_extract_job *j,
    struct kb_record *rec, const struct kb_body *body,
    struct kb_blocks_opts *opts, struct kb_err *err)
{
	enum kb_status status = kb_storage_parse(tree, body->text, false,
	    &j->arena, err);

	if (status != KB_OK)
		return status;
	opts->html = opts->whole = true;
	opts->properties = kb_storage_properties(rec, *tree,
	    j->opts->profiles, j->relate, body->user);
	return KB_OK;
}

enum kb_status
kb_extract_body(struct kb_extract_job *j, struct kb_record *rec,
    const struct kb_body *body, struct kb_err *err)
{
	struct kb_html_opts hopts = { .fragment = true, .body = true,
	    .comments = true };
	struct kb_part *part = &rec->parts[rec->nparts];
	struct kb_blocks_opts opts = { .part = (unsigned)rec->nparts,
	    .hidden = &j->hidden };
	bool text = kb_str_eq(body->dialect, KB_STR("text"));
	bool wiki = kb_str_eq(body->dialect, KB_STR("wikitext"));
	bool stored = kb_str_eq(body->dialect, KB_STR("storage"));
	struct kb_node *tree;
	enum kb_status status;

	opts.html = text || wiki || kb_str_eq(body->dialect,
	    KB_STR("html"));
	opts.dialect = kb_profiles_dialect(j->opts->profiles,
	    text ? KB_STR("html") : body->dialect);
	if (opts.dialect == NULL)
		return KB_OK;
	part->dialect = body->node != NULL && opts.html ? KB_STR("xhtml") :
	    body->dialect;
	part->field = body->field;
	part->autop = body->autop || text;
	rec->nparts++;
	if (body->node != NULL)
		return kb_blocks_build(rec, body->node, &opts, err);
	if (text)
		tree = plain_text(&j->arena, body->text);
	else if (wiki && (status = wikitext(&tree, j, rec, opts.dialect,
	    body->text, err)) != KB_OK)
		return status;
	else if (stored && (status = storage(&tree, j, rec, body, &opts,
	    err)) != KB_OK)
		return status;
	else if (!wiki && !stored && (status = kb_html_parse(&tree, body->text, &hopts,
	    &j->arena, NULL, err)) != KB_OK)
		return status;
	if (tree == NULL)
		return kb_err_nomem(err);
	return kb_blocks_build(rec, tree, &opts, err);
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
	/* UTF-16 has zero bytes, but it is text. */
	if (kb_encoding_is_wide(head))
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

bool
kb_extract_is_archive_name(struct kb_str path)
{
	static const char *const archives[] = { ".zip", ".tar", ".tgz",
	    NULL };

	return has_ending(path, archives);
}

bool
kb_extract_is_known_name(struct kb_str path)
{
	static const char *const known[] = { ".html", ".htm", ".xhtml",
	    ".shtml", ".xml", ".page", ".docbook", ".dbk", ".dita",
	    ".ditamap", NULL };

	return has_ending(path, known);
}

enum kb_status
kb_extract_file(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
{
	struct kb_str head;
	enum kb_status status = kb_input_peek(in, 4096, &head, err);

	j->profile = NULL;
	j->looked = j->is_container = false;
	j->status = KB_OK;
	if (status != KB_OK)
		return status;
	if (j->member.n == 0 && (kb_archive_is(head) || (is_binary(head) &&
	    kb_extract_is_archive_name(j->opts->path))))
		return kb_extract_archive(j, in, err);
	if (is_binary(head))
		return kb_extract_refuse(j, "unreadable", "binary data: this "
		    "is no HTML and no XML", err);
	if (is_xml(head, j->opts->path))
		return kb_extract_xml(j, in, err);
	return kb_extract_html(j, in, err);
}

enum kb_status
kb_extract(struct kb_input *in, const struct kb_extract_opts *opts,
    enum kb_status (*fn)(void *arg, struct kb_str frame, struct kb_err *err),
    void *arg, struct kb_err *err)
{
	struct kb_extract_job j = { .opts = opts, .fn = fn, .arg = arg };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;

	j.err = &why;
	kb_arena_init(&j.arena, ARENA_CAP);
	status = kb_extract_file(&j, in, &why);
	if (!j.stopped && (status == KB_INPUT || status == KB_LIMIT))
		status = kb_extract_refuse(&j, "unreadable", why.msg, &why);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_arena_release(&j.arena);
	kb_buf_release(&j.frame);
	return status;
}

enum kb_status
kb_extract_survey(struct kb_input *in, const struct kb_extract_opts *opts,
    enum kb_status (*fn)(void *arg, struct kb_str frame, struct kb_err *err),
    void *arg, struct kb_err *err)
{
	struct kb_extract_job j = { .opts = opts, .fn = fn, .arg = arg,
	    .survey = true };
	struct kb_err why = { KB_OK, "" };
	struct kb_str head;
	enum kb_status status;

	j.err = &why;
	kb_arena_init(&j.arena, ARENA_CAP);
	status = kb_input_peek(in, 4096, &head, &why);
	if (status == KB_OK && !is_binary(head) && !is_xml(head, opts->path))
		status = kb_extract_html(&j, in, &why);
	kb_arena_release(&j.arena);
	kb_buf_release(&j.frame);
	if (!j.stopped && (status == KB_INPUT || status == KB_LIMIT))
		return KB_OK;
	if (status != KB_OK && err != NULL)
		*err = why;
	return status;
}
