/*
 * extract_html: a page of HTML is one record.  Contract: extract_impl.h.
 */
#include "extract_impl.h"

#include "blocks.h"
#include "content.h"
#include "encoding.h"
#include "html.h"
#include "htmlmeta.h"
#include "visible.h"

static enum kb_status
read_page(struct kb_decoded *d, struct kb_node **root, struct kb_str raw,
    struct kb_extract_job *j, struct kb_err *err)
{
	struct kb_html_opts opts = { .comments = true };
	enum kb_status status;

	status = kb_encoding_decode(d, raw, KB_MARKUP_HTML, &j->arena, err);
	return status == KB_OK ? kb_html_parse(root, d->text, &opts,
	    &j->arena, NULL, err) : status;
}

static enum kb_status
html_record(struct kb_extract_job *j, struct kb_str raw, struct kb_err *err)
{
	struct kb_blocks_opts opts = { .html = true, .hidden = &j->hidden };
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_diag_sink sink;
	struct kb_html_told told;
	struct kb_decoded d;
	struct kb_node *root, *main;
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	status = read_page(&d, &root, raw, j, err);
	if (status == KB_OK)
		status = kb_content_choose(&main, root, j->opts->furniture,
		    j->opts->path, j->opts->marked, &j->arena, err);
	if (status != KB_OK)
		return status;
	sink = kb_record_sink(rec);
	kb_encoding_say(&sink, &d);
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
	return status == KB_OK ? kb_extract_send(j, rec, err) : status;
}

/* What the pages around it are to know of a page: its outline. */
static enum kb_status
html_outline(struct kb_extract_job *j, struct kb_str raw, struct kb_err *err)
{
	struct kb_outline o;
	struct kb_decoded d;
	struct kb_node *root;
	struct kb_buf bytes = { 0 };
	enum kb_status status = read_page(&d, &root, raw, j, err);

	if (status == KB_OK)
		status = kb_outline_make(&o, kb_html_main(root), &j->arena,
		    err);
	if (status == KB_OK) {
		kb_outline_write(&o, &bytes);
		kb_buf_clear(&j->frame);
		kb_buf_add_varint(&j->frame, bytes.n);
		kb_buf_add(&j->frame, kb_buf_str(&bytes));
		j->frame.failed |= bytes.failed;
		status = kb_buf_check(&j->frame, err);
	}
	kb_buf_release(&bytes);
	if (status != KB_OK)
		return status;
	status = j->fn(j->arg, kb_buf_str(&j->frame), err);
	j->stopped |= status != KB_OK;
	return status;
}

enum kb_status
kb_extract_html(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
{
	struct kb_extract_unit unit = { .line = 1, .whole = true };
	struct kb_buf raw = { 0 };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;

	status = kb_input_slurp(in, KB_EXTRACT_MAX_HTML, &raw, &why);
	if (status == KB_OK && memchr(raw.n > 0 ? raw.p : "", '<', raw.n) ==
	    NULL)
		status = kb_err_set(&why, KB_INPUT, raw.n == 0 ?
		    "the file is empty" : "no markup in it: this is no HTML "
		    "and no XML");
	unit.size = raw.n;
	if (status == KB_OK && kb_extract_wants(j, &unit))
		status = j->survey ? html_outline(j, kb_buf_str(&raw), &why) :
		    html_record(j, kb_buf_str(&raw), &why);
	if (!j->stopped && (status == KB_INPUT || status == KB_LIMIT))
		status = kb_extract_refuse(j, "unreadable", why.msg, &why);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_buf_release(&raw);
	return status;
}
