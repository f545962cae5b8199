/*
 * The report for a terminal: what to do first, with all that is needed to do
 * it, and who has how much.
 */
#include "cli.h"
#include "report.h"

#define WIDTH		96
#define MEMBERS		8	/* of a cluster */
#define OWNERS		10

struct printer {
	struct kb_report	*r;
	struct kb_out		*out;
	struct kb_buf		*b;	/* of out */
	bool			 colours;
};

static void
heading(struct printer *p, const char *text)
{
	kb_buf_printf(p->b, "\n%s%s%s\n", p->colours ? "\033[1m" : "", text,
	    p->colours ? "\033[0m" : "");
}

static void
count_of(struct printer *p, size_t n, const char *one, const char *many)
{
	kb_out_count(p->b, n, 0);
	kb_buf_printf(p->b, " %s", n == 1 ? one : many);
}

/* ---- the head ---- */

static void
filters(struct printer *p)
{
	const struct kb_report_opts *o = p->r->opts;

	if (o->level == KB_NOTE && o->ncodes == 0 && o->owner == NULL)
		return;
	kb_buf_addc(p->b, "  only");
	if (o->level != KB_NOTE)
		kb_buf_printf(p->b, " %ss%s", kb_level_name(o->level),
		    o->level == KB_WARNING ? " and errors" : "");
	for (size_t i = 0; i < o->ncodes; i++) {
		kb_buf_addc(p->b, i == 0 ? " of kind " : ", ");
		kb_out_line(p->b, o->codes[i]);
	}
	if (o->owner != NULL && o->owner[0] == '\0')
		kb_buf_addc(p->b, " of articles without an owner");
	else if (o->owner != NULL) {
		kb_buf_addc(p->b, " of articles of ");
		kb_out_line(p->b, kb_str_c(o->owner));
	}
	kb_buf_addch(p->b, '\n');
}

static void
head(struct printer *p)
{
	const struct kb_report *r = p->r;
	size_t percent = r->narticles > 0 ? (r->nfound * 100 +
	    r->narticles / 2) / r->narticles : 0;

	kb_buf_printf(p->b, "%sState of the articles%s, as of ",
	    p->colours ? "\033[1m" : "", p->colours ? "\033[0m" : "");
	kb_out_line(p->b, r->as_of);
	kb_buf_printf(p->b, " (generation %s)\n",
	    kb_store_generation(r->store));
	filters(p);
	kb_buf_addc(p->b, "\n  ");
	count_of(p, r->narticles, "article", "articles");
	kb_buf_addc(p->b, ", ");
	kb_out_count(p->b, r->nfound, 0);
	kb_buf_printf(p->b, " with findings (%zu%%)\n  ", percent);
	count_of(p, r->nkeys, "finding: ", "findings: ");
	count_of(p, r->levels[KB_ERROR], "error, ", "errors, ");
	count_of(p, r->levels[KB_WARNING], "warning, ", "warnings, ");
	count_of(p, r->levels[KB_NOTE], "note\n", "notes\n");
	if (r->quarantined > 0) {
		kb_buf_addc(p->b, "  ");
		count_of(p, (size_t)r->quarantined, "record could not be "
		    "read\n", "records could not be read\n");
	}
}

static void
sentence(struct kb_buf *out, const char *clause)
{
	bool lower = clause[0] >= 'a' && clause[0] <= 'z';

	kb_buf_addch(out, lower ? (char)(clause[0] - 'a' + 'A') : clause[0]);
	kb_buf_printf(out, "%s.", clause + 1);
}

static void
by_code(struct printer *p)
{
	struct kb_report_code *v;
	struct kb_buf text = { 0 };
	size_t n;

	v = kb_report_codes(p->r, &n);
	if (n == 0)
		return;
	heading(p, "Findings by kind");
	for (size_t i = 0; i < n; i++) {
		kb_out_count(p->b, v[i].count, 8);
		kb_buf_addc(p->b, "  ");
		kb_out_cell(p->b, v[i].name, 17);
		kb_buf_addc(p->b, "  ");
		kb_buf_clear(&text);
		sentence(&text, v[i].known->meaning);
		kb_buf_addch(&text, ' ');
		sentence(&text, v[i].known->remedy);
		kb_out_wrap(p->b, kb_buf_str(&text), 29, 29, WIDTH);
	}
	p->b->failed |= text.failed;
	kb_buf_release(&text);
}

/* ---- things to do ---- */

static void
place(struct printer *p, struct kb_str path, int64_t line)
{
	kb_out_line(p->b, path);
	if (line > 0)
		kb_buf_printf(p->b, ":%lld", (long long)line);
}

static void
owner(struct printer *p, struct kb_str name)
{
	if (name.n > 0)
		kb_out_line(p->b, name);
	else
		kb_buf_addc(p->b, "no owner");
}

static void
link_line(struct printer *p, const char *label, struct kb_str url)
{
	if (!kb_report_is_link(url))
		return;
	kb_buf_printf(p->b, "      %s ", label);
	kb_out_line(p->b, url);
	kb_buf_addch(p->b, '\n');
}

static void
number(struct printer *p, size_t i, const char *action)
{
	kb_buf_printf(p->b, "\n%4zu. %s%s%s ", i + 1, p->colours ?
	    "\033[1m" : "", action, p->colours ? "\033[0m" : "");
}

static void
message(struct printer *p, const struct kb_report_finding *f)
{
	struct kb_buf text = { 0 };

	kb_buf_add(&text, f->code);
	kb_buf_addc(&text, ": ");
	kb_buf_add(&text, f->message);
	kb_buf_addc(p->b, "      ");
	kb_out_wrap(p->b, kb_buf_str(&text), 6, 8, WIDTH);
	p->b->failed |= text.failed;
	kb_buf_release(&text);
}

static void
title(struct printer *p, struct kb_str name, struct kb_str id)
{
	kb_out_cell(p->b, name.n > 0 ? name : KB_STR("(no title)"), -1);
	kb_buf_addc(p->b, " (");
	kb_out_line(p->b, id);
	kb_buf_addc(p->b, ")");
}

static enum kb_status
others(struct printer *p, size_t key, struct kb_err *err)
{
	struct kb_buf text = { 0 };
	enum kb_status status = kb_report_others(p->r, key, &text, err);

	if (status == KB_OK && text.n > 0) {
		kb_buf_addc(p->b, "      also: ");
		kb_out_wrap(p->b, kb_buf_str(&text), 12, 12, WIDTH);
	}
	p->b->failed |= text.failed;
	kb_buf_release(&text);
	return status;
}

static enum kb_status
article(struct printer *p, size_t i, const struct kb_report_todo *todo,
    struct kb_err *err)
{
	struct kb_report_finding f;
	enum kb_status status = kb_report_read(p->r, todo->key, &f, err);

	if (status != KB_OK)
		return status;
	number(p, i, f.known->action);
	if (f.has_article) {
		title(p, f.title, f.id);
		kb_buf_addc(p->b, "\n      ");
		owner(p, f.owner);
		kb_buf_addc(p->b, ", ");
	}
	place(p, f.path, f.line);
	kb_buf_addch(p->b, '\n');
	message(p, &f);
	link_line(p, "edit:", f.edit_url.n > 0 ? f.edit_url : f.url);
	return others(p, todo->key, err);
}

static void
member(struct printer *p, const struct kb_report_member *m)
{
	char day[11];
	struct kb_str date = kb_report_date(m->modified > m->reviewed ?
	    m->modified : m->reviewed, day);

	kb_buf_printf(p->b, "      %-6s ", m->canonical ? "keep" : m->apart ?
	    "ask" : "merge");
	kb_out_cell(p->b, m->title.n > 0 ? m->title : KB_STR("(no title)"),
	    36);
	kb_buf_addch(p->b, ' ');
	kb_out_cell(p->b, m->id, 14);
	kb_buf_addch(p->b, ' ');
	kb_out_cell(p->b, m->owner.n > 0 ? m->owner : KB_STR("no owner"),
	    16);
	kb_buf_addch(p->b, ' ');
	kb_buf_add(p->b, date.n > 0 ? date : KB_STR("undated   "));
	kb_buf_printf(p->b, "%s%s\n", m->canonical ? "" :
	    kb_str_eq(m->relation, KB_STR("identical")) ? " same" : " near",
	    m->apart ? ", other readers" : "");
}

static enum kb_status
cluster(struct printer *p, size_t i, const struct kb_report_todo *todo,
    struct kb_err *err)
{
	struct kb_report_member m;
	enum kb_status status = KB_OK;
	size_t n = 0;

	number(p, i, "merge");
	kb_report_members(p->r, todo->cluster);
	while (kb_report_next_member(p->r, &m, &status, err)) {
		if (n == 0) {
			count_of(p, todo->members - 1, "article into ",
			    "articles into ");
			title(p, m.title, m.id);
			kb_buf_addch(p->b, '\n');
		}
		if (n++ < MEMBERS)
			member(p, &m);
	}
	if (n > MEMBERS)
		kb_buf_printf(p->b, "      and %zu more\n", n - MEMBERS);
	return status;
}

static enum kb_status
todos(struct printer *p, struct kb_err *err)
{
	struct kb_report_todo *v;
	enum kb_status status;
	size_t n;

	status = kb_report_todos(p->r, p->r->opts->top, &v, &n, err);
	if (status != KB_OK || n == 0)
		return status;
	heading(p, "What to do first");
	for (size_t i = 0; i < n && status == KB_OK && !p->out->done; i++) {
		status = v[i].cluster != 0 ? cluster(p, i, &v[i], err) :
		    article(p, i, &v[i], err);
		kb_out_spill(p->out);
	}
	return status;
}

/* ---- owners ---- */

static void
by_owner(struct printer *p)
{
	struct kb_report_owner *v;
	size_t n;

	v = kb_report_owners(p->r, &n);
	if (n == 0)
		return;
	heading(p, "By owner");
	kb_buf_addc(p->b, "  findings    errors  articles  owner\n");
	for (size_t i = 0; i < n && i < OWNERS; i++) {
		kb_out_count(p->b, v[i].findings, 10);
		kb_out_count(p->b, v[i].levels[KB_ERROR], 10);
		kb_out_count(p->b, v[i].articles, 10);
		kb_buf_addc(p->b, "  ");
		owner(p, v[i].name);
		kb_buf_addch(p->b, '\n');
	}
	if (n > OWNERS)
		kb_buf_printf(p->b, "  and %zu more; --format csv has them "
		    "all\n", n - OWNERS);
}

enum kb_status
kb_report_text(struct kb_report *r, struct kb_out *out, struct kb_err *err)
{
	struct printer p = { r, out, &out->buf, kb_cli_colours() };
	enum kb_status status;

	head(&p);
	by_code(&p);
	status = todos(&p, err);
	if (status != KB_OK)
		return status;
	by_owner(&p);
	if (r->nkeys == 0)
		kb_buf_addc(p.b, "\nNothing to do.\n");
	return KB_OK;
}
