/*
 * The report for spreadsheets: a row a finding.  Numbers are bare, dates are
 * ISO, and the byte order mark makes Excel read UTF-8.
 */
#include <stdio.h>

#include "cli.h"
#include "csv.h"
#include "report.h"

static const char header[] =
"\xef\xbb\xbfpriority,level,code,action,article,title,owner,path,line,message,"
"value,threshold,modified,reviewed,views,url,edit_url,fingerprint\r\n";

static bool
is_plain(struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' ||
		    (unsigned char)s.p[i] >= 0x7f)
			return false;
	return true;
}

/* Control characters stay out: a sheet is looked at in terminals, too. */
static void
put(struct kb_buf *out, struct kb_str text)
{
	struct kb_buf safe = { 0 };

	if (is_plain(text)) {
		kb_csv_cell(out, text, false);
		return;
	}
	kb_cli_safe(&safe, text);
	kb_csv_cell(out, kb_buf_str(&safe), false);
	out->failed |= safe.failed;
	kb_buf_release(&safe);
}

static void
put_number(struct kb_buf *out, int64_t v, bool has)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)v);
	kb_csv_cell(out, has ? kb_str_c(text) : kb_str("", 0), false);
}

static void
put_row(struct kb_buf *out, const struct kb_report_finding *f)
{
	char text[32], day[11];

	snprintf(text, sizeof(text), "%.3f", f->priority);
	kb_csv_cell(out, kb_str_c(text), true);
	put(out, kb_str_c(kb_level_name(f->level)));
	put(out, f->code);
	put(out, kb_str_c(f->known->action));
	put(out, f->id);
	put(out, f->title);
	put(out, f->owner);
	put(out, f->path);
	put_number(out, f->line, f->line > 0);
	put(out, f->message);
	put(out, f->value);
	put(out, f->threshold);
	put(out, kb_report_date(f->modified, day));
	put(out, kb_report_date(f->reviewed, day));
	put_number(out, f->views, f->views >= 0);
	put(out, f->url);
	put(out, f->edit_url);
	put(out, f->fingerprint);
	kb_buf_addc(out, "\r\n");
}

enum kb_status
kb_report_csv(struct kb_report *r, struct kb_out *out, struct kb_err *err)
{
	size_t most = r->opts->most != 0 && r->opts->most < r->nkeys ?
	    r->opts->most : r->nkeys;
	struct kb_report_finding f;
	enum kb_status status = KB_OK;

	kb_buf_addc(&out->buf, header);
	for (size_t i = 0; i < most && !out->done; i++) {
		status = kb_report_read(r, i, &f, err);
		if (status != KB_OK)
			break;
		put_row(&out->buf, &f);
		kb_out_spill(out);
	}
	return status;
}
