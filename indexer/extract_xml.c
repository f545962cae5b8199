/*
 * extract_xml: records of XML, by the profile that its root element chooses.
 * Contract: extract_impl.h.
 */
#include "extract_impl.h"

#include "encoding.h"
#include "relate.h"
#include "xml.h"

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

/* DITA's text by reference, and XInclude: neither is ever loaded. */
static bool
refers_to_text(const struct kb_node *n)
{
	bool found = false;

	if (n->kind != KB_NODE_ELEMENT)
		return false;
	if (kb_str_eq(n->name, KB_STR("xi:include")))
		return true;
	if (n->attrs == NULL)
		return false;
	kb_node_attr(n, KB_STR("conref"), &found);
	if (!found)
		kb_node_attr(n, KB_STR("conkeyref"), &found);
	if (!found && n->first == NULL)
		kb_node_attr(n, KB_STR("keyref"), &found);
	return found;
}

static void
tell_references(struct kb_record *rec, const struct kb_node *root)
{
	struct kb_diag_sink sink = kb_record_sink(rec);
	const struct kb_node *n, *first = NULL;
	size_t count = 0;

	for (n = root; n != NULL; n = kb_node_next(n, root))
		if (refers_to_text(n)) {
			first = first != NULL ? first : n;
			count++;
		}
	if (count > 0)
		kb_diag(&sink, KB_NOTE, "left-out", first->line, 0, "%zu "
		    "elements have their text elsewhere, which is not "
		    "loaded; the first is <%.*s>", count,
		    KB_FMT(first->name));
}

static bool
is_record(void *arg, const struct kb_node *e)
{
	struct kb_extract_job *j = arg;

	if (!j->looked) {
		j->looked = true;
		j->profile = kb_profiles_match(j->opts->profiles, e);
		if (j->profile == NULL)
			j->status = kb_extract_refuse(j, "unknown-format",
			    kb_arena_printf(&j->arena, "no profile reads XML "
			    "with the root element <%.*s>; add one with "
			    "--config", KB_FMT(e->name)).p, j->err);
	}
	if (j->profile != NULL && kb_profile_has_tables(j->profile) &&
	    j->relate == NULL) {
		j->gathering = true;
		if (j->status == KB_OK)
			j->status = kb_relate_new(&j->relate, j->profile,
			    j->err);
	}
	j->row = j->gathering && j->status == KB_OK &&
	    kb_relate_is_row(j->relate, e);
	return j->row || (j->profile != NULL &&
	    kb_profile_is_record(j->profile, e));
}

/* The file's own U+FFFD, and those that decoding put in. */
static void
say_lost(struct kb_record *rec, const struct kb_node *root)
{
	struct kb_diag_sink sink = kb_record_sink(rec);
	const struct kb_node *n;
	size_t lost = 0;

	for (n = root; n != NULL; n = kb_node_next(n, root))
		if (n->kind == KB_NODE_TEXT)
			lost += kb_encoding_count_lost(n->text);
	if (lost > 0)
		kb_diag(&sink, KB_WARNING, "bad-encoding", rec->line, 0,
		    "%zu replacement characters (U+FFFD) stand in the "
		    "record: what they replaced was lost before", lost);
}

static enum kb_status
on_record(void *arg, struct kb_node *root, size_t number, struct kb_err *err)
{
	struct kb_extract_job *j = arg;
	struct kb_record *rec;
	struct kb_body bodies[KB_RECORD_PARTS];
	size_t n = 0;
	enum kb_status status;

	if (j->status != KB_OK)
		return j->status;
	if (j->gathering)
		return kb_relate_add(j->relate, root, number, err);
	rec = kb_record_new(&j->arena);
	if (rec == NULL)
		return kb_err_nomem(err);
	rec->format = kb_profile_name(j->profile);
	rec->number = root->depth > 0 ? number : 0;
	rec->start = root->start;
	rec->end = root->end;
	rec->line = root->line;
	say_lost(rec, root);
	status = kb_profile_apply_with(j->profile, j->relate, root, rec,
	    bodies, &n, err);
	for (size_t i = 0; i < n && status == KB_OK && !rec->dropped; i++)
		status = kb_extract_body(j, rec, &bodies[i], err);
	if (status == KB_OK) {
		if (!rec->dropped)
			tell_references(rec, root);
		drop_repeated_title(rec);
		status = kb_extract_send(j, rec, err);
	}
	kb_arena_reset(&j->arena);
	return status;
}

static bool
on_begin(void *arg, uint64_t start, uint32_t line, bool root)
{
	const struct kb_extract_job *job = arg;
	const struct kb_extract_unit unit = { .start = start, .line = line,
	    .whole = root };

	/* In the first reading records are passed over, but told. */
	return kb_extract_wants(job, &unit) && (job->row || !job->gathering);
}

/* What is wrong outside of any record that could be read. */
static void
on_diag(void *arg, const struct kb_diag *diag)
{
	struct kb_extract_job *j = arg;
	struct kb_record *rec;
	struct kb_diag_sink sink;

	/* The second reading tells all of it. */
	if (j->gathering)
		return;
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
	j->status = kb_extract_send(j, rec, j->err);
}

static enum kb_status
read_once(struct kb_extract_job *j, struct kb_input *in, struct kb_err *err)
{
	struct kb_diag_sink sink = { on_diag, j };
	struct kb_xml_handler handler = { j, is_record, on_record, &sink,
	    on_begin };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status = kb_xml_read(in, &handler, &why);

	if (status == KB_OK || j->status != KB_OK)
		return j->status;
	/* What broke the first reading is told by the second. */
	if (status == KB_INPUT && ((j->looked && j->profile == NULL) ||
	    j->gathering))
		return KB_OK;
	if (status == KB_INPUT && !j->stopped)
		return kb_extract_refuse(j, "bad-xml", why.msg, err);
	if (err != NULL)
		*err = why;
	return status;
}

enum kb_status
kb_extract_xml(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
{
	enum kb_status status = read_once(j, in, err);

	if (status == KB_OK && j->gathering) {
		j->gathering = false;
		status = kb_input_rewind(in, err);
		if (status == KB_OK)
			status = read_once(j, in, err);
	}
	kb_relate_free(j->relate);
	j->relate = NULL;
	j->gathering = j->row = false;
	return status;
}
