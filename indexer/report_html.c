/*
 * The report as one page that can be mailed: nothing is loaded from anywhere.
 */
#include "page.h"
#include "report.h"
#include "report_pairs.h"
#include "report_style.h"

#define ROWS		200	/* of a code */
#define CLUSTERS	200
#define MEMBERS		12	/* of a cluster */
#define OWNERS		100

struct page {
	struct kb_report	*r;
	struct kb_out		*out;
	struct kb_buf		*b;	/* of out */
};

static void
text(struct page *p, struct kb_str s)
{
	kb_page_text(p->b, s);
}

static void
more(struct page *p, size_t n, const char *what)
{
	if (n == 0)
		return;
	kb_buf_addc(p->b, "<p class=\"soft small\">and ");
	kb_out_count(p->b, n, 0);
	kb_buf_printf(p->b, " more %s; the CSV and JSON reports list them "
	    "all.</p>\n", what);
}

/* ---- the head ---- */

static void
filters(struct page *p)
{
	const struct kb_report_opts *o = p->r->opts;

	if (o->level == KB_NOTE && o->ncodes == 0 && o->owner == NULL)
		return;
	kb_buf_addc(p->b, "<p><strong>Not everything is shown:</strong> ");
	if (o->level != KB_NOTE)
		kb_buf_printf(p->b, "only %ss%s. ", kb_level_name(o->level),
		    o->level == KB_WARNING ? " and errors" : "");
	for (size_t i = 0; i < o->ncodes; i++) {
		kb_buf_addc(p->b, i == 0 ? "only of kind " : ", ");
		text(p, o->codes[i]);
	}
	kb_buf_addc(p->b, o->ncodes > 0 ? ". " : "");
	if (o->owner != NULL) {
		kb_buf_addc(p->b, o->owner[0] == '\0' ? "only articles "
		    "without an owner." : "only articles of <bdi>");
		text(p, kb_str_c(o->owner));
		kb_buf_addc(p->b, o->owner[0] == '\0' ? "" : "</bdi>.");
	}
	kb_buf_addc(p->b, "</p>\n");
}

static void
tile(struct page *p, size_t n, const char *class, const char *one,
    const char *many)
{
	kb_buf_printf(p->b, "<li><b%s%s%s>", n > 0 && class[0] != '\0' ?
	    " class=\"" : "", n > 0 ? class : "", n > 0 && class[0] != '\0' ?
	    "\"" : "");
	kb_out_count(p->b, n, 0);
	kb_buf_printf(p->b, "</b> %s</li>\n", n == 1 ? one : many);
}

static void
head(struct page *p)
{
	const struct kb_report *r = p->r;
	struct kb_buf style = { 0 };

	kb_buf_addc(&style, KB_REPORT_STYLE);
	kb_buf_addc(&style, KB_REPORT_DIFF_STYLE);
	kb_page_begin(p->b, "State of the articles", style.n > 0 ? style.p :
	    "", KB_REPORT_SCRIPT);
	p->b->failed |= style.failed;
	kb_buf_release(&style);
	kb_buf_addc(p->b, "<header>\n<h1>State of the articles</h1>\n"
	    "<p class=\"soft\">as of ");
	text(p, r->as_of);
	kb_buf_printf(p->b, " &middot; generation %s</p>\n",
	    kb_store_generation(r->store));
	filters(p);
	kb_buf_addc(p->b, "<ul class=\"tiles\">\n");
	tile(p, r->narticles, "", "article", "articles");
	tile(p, r->nfound, "", "article with findings",
	    "articles with findings");
	tile(p, r->levels[KB_ERROR], "error", "error", "errors");
	tile(p, r->levels[KB_WARNING], "warning", "warning", "warnings");
	tile(p, r->levels[KB_NOTE], "note", "note", "notes");
	tile(p, r->nclusters, "", "group of duplicates",
	    "groups of duplicates");
	if (r->quarantined > 0)
		tile(p, (size_t)r->quarantined, "error", "unreadable record",
		    "unreadable records");
	kb_buf_addc(p->b, "</ul>\n</header>\n<main>\n");
}

static void
form(struct page *p)
{
	static const char *const names[][2] = {
		{ "owner", "Owner" }, { "code", "Kind" }, { "level", "Level" }
	};

	kb_buf_addc(p->b, "<form id=\"filters\" hidden>\n");
	for (int i = 0; i < 3; i++)
		kb_buf_printf(p->b, "<div><label for=\"f-%s\">%s</label>"
		    "<select id=\"f-%s\" name=\"%s\"><option value=\"\">all"
		    "</option></select></div>\n", names[i][0], names[i][1],
		    names[i][0], names[i][0]);
	kb_buf_addc(p->b, "<button type=\"reset\">Show all</button>\n"
	    "<p id=\"shown\" class=\"soft small\" role=\"status\"></p>\n"
	    "</form>\n");
}

/* ---- pieces of a finding ---- */

static void
data(struct page *p, const struct kb_report_finding *f)
{
	kb_page_attr(p->b, "data-code", f->code);
	kb_page_attr(p->b, "data-owner", f->owner);
	kb_page_attr(p->b, "data-level", kb_str_c(kb_level_name(f->level)));
}

static void
level(struct page *p, enum kb_level l)
{
	kb_buf_printf(p->b, "<span class=\"level %s\">%s</span>",
	    kb_level_name(l), kb_level_name(l));
}

static void
owner(struct page *p, struct kb_str name)
{
	if (name.n == 0) {
		kb_buf_addc(p->b, "<em>no owner</em>");
		return;
	}
	kb_buf_addc(p->b, "<bdi>");
	text(p, name);
	kb_buf_addc(p->b, "</bdi>");
}

static struct kb_str
title_of(struct kb_str title)
{
	return title.n > 0 ? title : KB_STR("(no title)");
}

static void
place(struct page *p, struct kb_str path, int64_t line)
{
	kb_buf_addc(p->b, "<bdi>");
	text(p, path);
	if (line > 0)
		kb_buf_printf(p->b, ":%lld", (long long)line);
	kb_buf_addc(p->b, "</bdi>");
}

static void
edit(struct page *p, struct kb_str url, const char *before)
{
	if (!kb_report_is_link(url))
		return;
	kb_buf_addc(p->b, before);
	kb_page_link(p->b, url, KB_STR("edit"));
}

/* ---- clusters ---- */

static void
fact(struct page *p, const char *name, struct kb_str value)
{
	if (value.n == 0)
		return;
	kb_buf_printf(p->b, "<dt>%s</dt><dd><bdi>", name);
	text(p, value);
	kb_buf_addc(p->b, "</bdi></dd>");
}

static void
member(struct page *p, const struct kb_report_member *m)
{
	bool same = kb_str_eq(m->relation, KB_STR("identical"));
	char day[11];

	kb_buf_printf(p->b, "<li%s><p class=\"level\">%s%s</p><h3>",
	    m->canonical ? " class=\"keep\"" : "", m->canonical ? "keep" :
	    same ? "identical" : "nearly the same", m->canonical ? "" :
	    m->apart ? ", for other readers: ask" : ": merge");
	kb_page_link(p->b, m->url, title_of(m->title));
	kb_buf_addc(p->b, "</h3><dl>");
	fact(p, "id", m->id);
	kb_buf_addc(p->b, "<dt>owner</dt><dd>");
	owner(p, m->owner);
	kb_buf_addc(p->b, "</dd>");
	fact(p, "modified", kb_report_date(m->modified, day));
	fact(p, "reviewed", kb_report_date(m->reviewed, day));
	fact(p, "reason", m->reason);
	if (m->views >= 0) {
		kb_buf_addc(p->b, "<dt>views</dt><dd>");
		kb_out_count(p->b, (uint64_t)m->views, 0);
		kb_buf_addc(p->b, "</dd>");
	}
	kb_buf_addc(p->b, "<dt>file</dt><dd>");
	place(p, m->path, m->line);
	edit(p, m->edit_url, ", ");
	kb_buf_addc(p->b, "</dd></dl></li>\n");
}

static enum kb_status
sides(struct page *p, int64_t cluster, struct kb_err *err)
{
	struct kb_report_member m;
	enum kb_status status = KB_OK;
	size_t n = 0;

	kb_buf_addc(p->b, "<ul class=\"sides\">\n");
	kb_report_members(p->r, cluster);
	while (kb_report_next_member(p->r, &m, &status, err))
		if (n++ < MEMBERS)
			member(p, &m);
	kb_buf_addc(p->b, "</ul>\n");
	more(p, n > MEMBERS ? n - MEMBERS : 0, "articles of this group");
	return status;
}

static enum kb_status
merge_line(struct page *p, const struct kb_report_todo *todo, bool link,
    struct kb_err *err)
{
	struct kb_report_member m;
	enum kb_status status = KB_OK;

	kb_report_members(p->r, todo->cluster);
	if (!kb_report_next_member(p->r, &m, &status, err))
		return status;
	kb_out_count(p->b, todo->members - 1, 0);
	kb_buf_addc(p->b, todo->members == 2 ? " article into " :
	    " articles into ");
	kb_page_link(p->b, link ? m.url : kb_str("", 0), title_of(m.title));
	return KB_OK;
}

static enum kb_status
cluster(struct page *p, const struct kb_report_todo *t,
    struct kb_report_pairs *pairs, struct kb_err *err)
{
	struct kb_report_finding f;
	enum kb_status status = kb_report_read(p->r, t->key, &f, err);

	if (status != KB_OK)
		return status;
	kb_buf_addc(p->b, "<details class=\"cluster\"");
	data(p, &f);
	kb_buf_addc(p->b, "><summary>merge ");
	status = merge_line(p, t, false, err);
	kb_buf_addc(p->b, "</summary>\n<div class=\"scroll\">");
	if (status == KB_OK)
		status = sides(p, t->cluster, err);
	kb_buf_addc(p->b, "</div>\n");
	if (status == KB_OK)
		status = kb_report_pairs_write(pairs, t->cluster, p->out,
		    err);
	kb_buf_addc(p->b, "</details>\n");
	kb_out_spill(p->out);
	return status;
}

static enum kb_status
clusters(struct page *p, const struct kb_report_todo *v, size_t n,
    struct kb_err *err)
{
	struct kb_report_pairs pairs;
	enum kb_status status;
	size_t shown = 0, total = 0;

	for (size_t i = 0; i < n; i++)
		total += v[i].cluster != 0;
	if (total == 0)
		return KB_OK;
	status = kb_report_pairs_open(&pairs, p->r->store, err);
	kb_buf_addc(p->b, "<section aria-labelledby=\"duplicates\">\n"
	    "<h2 id=\"duplicates\">Duplicates side by side</h2>\n");
	for (size_t i = 0; i < n && shown < CLUSTERS && status == KB_OK;
	    i++) {
		if (v[i].cluster == 0)
			continue;
		shown++;
		status = cluster(p, &v[i], &pairs, err);
	}
	more(p, total - shown, "groups");
	kb_buf_addc(p->b, "</section>\n");
	kb_report_pairs_close(&pairs);
	return status;
}

/* ---- what to do first ---- */

static enum kb_status
others(struct page *p, size_t key, struct kb_err *err)
{
	struct kb_buf list = { 0 };
	enum kb_status status = kb_report_others(p->r, key, &list, err);

	if (status == KB_OK && list.n > 0) {
		kb_buf_addc(p->b, "<p class=\"soft small\">also: ");
		text(p, kb_buf_str(&list));
		kb_buf_addc(p->b, "</p>\n");
	}
	p->b->failed |= list.failed;
	kb_buf_release(&list);
	return status;
}

static void
about(struct page *p, const struct kb_report_finding *f)
{
	if (f->has_article)
		kb_page_link(p->b, f->url, title_of(f->title));
	else
		place(p, f->path, f->line);
	kb_buf_addc(p->b, "</h3>\n<p>");
	level(p, f->level);
	kb_buf_addc(p->b, " <strong>");
	text(p, f->code);
	kb_buf_addc(p->b, "</strong>: ");
	text(p, f->message);
	kb_buf_addc(p->b, "</p>\n");
	if (!f->has_article)
		return;
	kb_buf_addc(p->b, "<p class=\"soft small\">");
	owner(p, f->owner);
	kb_buf_addc(p->b, " &middot; <bdi>");
	text(p, f->id);
	kb_buf_addc(p->b, "</bdi> &middot; ");
	place(p, f->path, f->line);
	edit(p, f->edit_url, " &middot; ");
	kb_buf_addc(p->b, "</p>\n");
}

static enum kb_status
todo(struct page *p, const struct kb_report_todo *t, struct kb_err *err)
{
	struct kb_report_finding f;
	enum kb_status status = kb_report_read(p->r, t->key, &f, err);

	if (status != KB_OK)
		return status;
	kb_buf_addc(p->b, "<li class=\"card\"");
	data(p, &f);
	kb_buf_printf(p->b, ">\n<h3><span class=\"verb\">%s</span> ",
	    t->cluster != 0 ? "merge" : f.known->action);
	if (t->cluster == 0) {
		about(p, &f);
		status = others(p, t->key, err);
	} else {
		status = merge_line(p, t, true, err);
		kb_buf_addc(p->b, "</h3>\n");
		if (status == KB_OK)
			status = sides(p, t->cluster, err);
	}
	kb_buf_addc(p->b, "</li>\n");
	kb_out_spill(p->out);
	return status;
}

static enum kb_status
todos(struct page *p, const struct kb_report_todo *v, size_t n,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_buf_addc(p->b, "<section aria-labelledby=\"first\">\n"
	    "<h2 id=\"first\">What to do first</h2>\n");
	if (n == 0)
		kb_buf_addc(p->b, "<p>Nothing to do.</p>\n");
	kb_buf_addc(p->b, "<ol class=\"todo\">\n");
	for (size_t i = 0; i < n && i < p->r->opts->top && status == KB_OK;
	    i++)
		status = todo(p, &v[i], err);
	kb_buf_addc(p->b, "</ol>\n</section>\n");
	return status;
}

/* ---- findings by kind ---- */

static void
row(struct page *p, const struct kb_report_finding *f)
{
	kb_buf_addc(p->b, "<tr");
	data(p, f);
	kb_buf_addc(p->b, "><th scope=\"row\">");
	if (f->has_article)
		kb_page_link(p->b, f->url, title_of(f->title));
	else
		place(p, f->path, f->line);
	kb_buf_addc(p->b, "</th><td><bdi>");
	text(p, f->id);
	kb_buf_addc(p->b, "</bdi></td><td>");
	if (f->has_article)
		owner(p, f->owner);
	kb_buf_addc(p->b, "</td><td>");
	level(p, f->level);
	kb_buf_addc(p->b, "</td><td>");
	text(p, f->message);
	kb_buf_addc(p->b, "</td><td class=\"small\">");
	place(p, f->path, f->line);
	edit(p, f->edit_url, " ");
	kb_buf_addc(p->b, "</td></tr>\n");
}

static enum kb_status
rows(struct page *p, const struct kb_report_code *c, struct kb_err *err)
{
	struct kb_report *r = p->r;
	struct kb_report_finding f;
	enum kb_status status = KB_OK;
	size_t n = 0;

	for (size_t i = 0; i < r->nkeys && n < ROWS && n < c->count; i++) {
		if (!kb_str_eq(r->codes[r->keys[i].code].name, c->name))
			continue;
		status = kb_report_read(r, i, &f, err);
		if (status != KB_OK)
			return status;
		row(p, &f);
		n++;
		kb_out_spill(p->out);
	}
	return KB_OK;
}

static enum kb_status
kind(struct page *p, const struct kb_report_code *c, struct kb_err *err)
{
	enum kb_status status;

	kb_buf_addc(p->b, "<details><summary><span class=\"count\">");
	kb_out_count(p->b, c->count, 0);
	kb_buf_addc(p->b, "</span><strong>");
	text(p, c->name);
	kb_buf_printf(p->b, "</strong> <span class=\"soft\">%s</span>"
	    "</summary>\n<p><span class=\"verb\">%s</span> %s.</p>\n"
	    "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">"
	    "Article</th><th scope=\"col\">Id</th><th scope=\"col\">Owner"
	    "</th><th scope=\"col\">Level</th><th scope=\"col\">Finding</th>"
	    "<th scope=\"col\">Where</th></tr></thead>\n<tbody>\n",
	    c->known->meaning, c->known->action, c->known->remedy);
	status = rows(p, c, err);
	kb_buf_addc(p->b, "</tbody>\n</table></div>\n");
	more(p, c->count > ROWS ? c->count - ROWS : 0, "of this kind");
	kb_buf_addc(p->b, "</details>\n");
	return status;
}

static enum kb_status
kinds(struct page *p, struct kb_err *err)
{
	struct kb_report_code *v;
	enum kb_status status = KB_OK;
	size_t n;

	v = kb_report_codes(p->r, &n);
	if (n == 0)
		return KB_OK;
	kb_buf_addc(p->b, "<section aria-labelledby=\"kinds\">\n"
	    "<h2 id=\"kinds\">Findings by kind</h2>\n");
	for (size_t i = 0; i < n && status == KB_OK; i++)
		status = kind(p, &v[i], err);
	kb_buf_addc(p->b, "</section>\n");
	return status;
}

/* ---- owners ---- */

static void
owners(struct page *p)
{
	struct kb_report_owner *v;
	size_t n;

	v = kb_report_owners(p->r, &n);
	if (n == 0)
		return;
	kb_buf_addc(p->b, "<section aria-labelledby=\"owners\">\n"
	    "<h2 id=\"owners\">By owner</h2>\n<div class=\"scroll card\">"
	    "<table>\n<thead><tr><th scope=\"col\">Owner</th>"
	    "<th scope=\"col\" class=\"num\">Findings</th>"
	    "<th scope=\"col\" class=\"num\">Errors</th>"
	    "<th scope=\"col\" class=\"num\">Warnings</th>"
	    "<th scope=\"col\" class=\"num\">Articles in all</th>"
	    "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n && i < OWNERS; i++) {
		size_t counts[4] = { v[i].findings, v[i].levels[KB_ERROR],
		    v[i].levels[KB_WARNING], v[i].articles };

		kb_buf_addc(p->b, "<tr><th scope=\"row\">");
		owner(p, v[i].name);
		kb_buf_addc(p->b, "</th>");
		for (int k = 0; k < 4; k++) {
			kb_buf_addc(p->b, "<td class=\"num\">");
			kb_out_count(p->b, counts[k], 0);
			kb_buf_addc(p->b, "</td>");
		}
		kb_buf_addc(p->b, "</tr>\n");
	}
	kb_buf_addc(p->b, "</tbody>\n</table></div>\n");
	more(p, n > OWNERS ? n - OWNERS : 0, "owners");
	kb_buf_addc(p->b, "</section>\n");
}

enum kb_status
kb_report_html(struct kb_report *r, struct kb_out *out, struct kb_err *err)
{
	struct page p = { r, out, &out->buf };
	struct kb_report_todo *v;
	enum kb_status status;
	size_t n;

	status = kb_report_todos(r, r->nkeys, &v, &n, err);
	if (status != KB_OK)
		return status;
	head(&p);
	form(&p);
	status = todos(&p, v, n, err);
	if (status == KB_OK)
		status = kinds(&p, err);
	if (status == KB_OK)
		status = clusters(&p, v, n, err);
	if (status == KB_OK)
		owners(&p);
	kb_buf_addc(p.b, "</main>\n<footer class=\"soft small\">Made by "
	    "kb-index report.</footer>\n");
	kb_page_end(p.b, KB_REPORT_SCRIPT);
	return status;
}
