/*
 * extract_html: a page of HTML is one record.  Contract: extract_impl.h.
 */
#include "extract_impl.h"

#include "blocks.h"
#include "encoding.h"
#include "html.h"
#include "htmlmeta.h"
#include "visible.h"

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
html_record(struct kb_extract_job *j, struct kb_str raw, struct kb_err *err)
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
	return status == KB_OK ? kb_extract_send(j, rec, err) : status;
}

enum kb_status
kb_extract_html(struct kb_extract_job *j, struct kb_input *in,
    struct kb_err *err)
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
		status = kb_extract_refuse(j, "unreadable", why.msg, &why);
	if (status != KB_OK && err != NULL)
		*err = why;
	kb_buf_release(&raw);
	return status;
}
