/*
 * extract_xml: records of XML, by the profile that its root element chooses.
 * Contract: extract_impl.h.
 */
#include "extract_impl.h"

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
	return j->profile != NULL && kb_profile_is_record(j->profile, e);
}

static enum kb_status
on_record(void *arg, struct kb_node *root, size_t number, struct kb_err *err)
{
	struct kb_extract_job *j = arg;
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
		status = kb_extract_body(j, rec, &bodies[i], err);
	if (status == KB_OK) {
		drop_repeated_title(rec);
		status = kb_extract_send(j, rec, err);
	}
	kb_arena_reset(&j->arena);
	return status;
}

/* What is wrong outside of any record that could be read. */
static void
on_diag(void *arg, const struct kb_diag *diag)
{
	struct kb_extract_job *j = arg;
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
	j->status = kb_extract_send(j, rec, j->err);
}

enum kb_status
kb_extract_xml(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
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
		return kb_extract_refuse(j, "bad-xml", why.msg, err);
	if (err != NULL)
		*err = why;
	return status;
}
