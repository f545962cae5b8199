#include "test.h"

#include <stdlib.h>

#include "buf.h"
#include "input.h"
#include "profile.h"
#include "xml.h"

#define MAX_RECORDS	8

/* What a file's records were made into; all of it lives in "arena". */
struct result {
	const struct kb_profiles *profiles;
	const struct kb_profile	*profile;
	struct kb_record	*rec[MAX_RECORDS];
	struct kb_body		 bodies[MAX_RECORDS][8];
	struct kb_str		 body_text[MAX_RECORDS];
	size_t			 nbodies[MAX_RECORDS];
	size_t			 n;
};

static struct kb_arena arena;
static struct kb_profiles *builtin;
static struct kb_err err;

static bool
is_record(void *arg, const struct kb_node *element)
{
	struct result *r = arg;

	if (element->parent == NULL)
		r->profile = kb_profiles_match(r->profiles, element);
	return r->profile != NULL && kb_profile_is_record(r->profile,
	    element);
}

static enum kb_status
take_record(void *arg, struct kb_node *root, size_t number,
    struct kb_err *e)
{
	struct result *r = arg;
	size_t i = r->n;
	enum kb_status st;

	if (i == MAX_RECORDS)
		return kb_err_set(e, KB_LIMIT, "more records than expected");
	r->rec[i] = kb_record_new(&arena);
	st = kb_profile_apply(r->profile, root, r->rec[i], r->bodies[i],
	    &r->nbodies[i], e);
	if (st == KB_OK && r->nbodies[i] > 0)
		r->body_text[i] = r->bodies[i][0].node != NULL ?
		    kb_node_text(&arena, r->bodies[i][0].node, 4096) :
		    r->bodies[i][0].text;
	r->n++;
	return st;
}

static struct result
read_with(const struct kb_profiles *profiles, const char *xml)
{
	struct result r = { .profiles = profiles };
	struct kb_xml_handler h = { &r, is_record, take_record, NULL,
	    NULL };
	struct kb_input *in = NULL;

	CHECK_INT(kb_input_open_mem(&in, kb_str_c(xml), "t.xml", &err),
	    KB_OK);
	CHECK_INT(kb_xml_read(in, &h, &err), KB_OK);
	kb_input_close(in);
	return r;
}

static struct result
read_xml(const char *xml)
{
	return read_with(builtin, xml);
}

/* All values of a field, joined by "|". */
static struct kb_str
get(const struct result *r, size_t i, enum kb_field field)
{
	struct kb_str out = kb_str("", 0);
	const struct kb_value *v;

	if (i >= r->n)
		return KB_STR("(no record)");
	for (v = r->rec[i]->values[field]; v != NULL; v = v->next)
		out = kb_arena_printf(&arena, "%.*s%s%.*s", KB_FMT(out),
		    out.n > 0 ? "|" : "", KB_FMT(v->text));
	return out;
}

static struct kb_str
source(const struct result *r, size_t i, enum kb_field field)
{
	if (i >= r->n || r->rec[i]->values[field] == NULL)
		return KB_STR("(none)");
	return r->rec[i]->values[field]->source;
}

static struct kb_str
unmapped(const struct result *r, size_t i)
{
	struct kb_str out = kb_str("", 0);
	const struct kb_value *v;

	for (v = r->rec[i]->unmapped; v != NULL; v = v->next)
		out = kb_arena_printf(&arena, "%.*s%s%.*s=%.*s", KB_FMT(out),
		    out.n > 0 ? "; " : "", KB_FMT(v->source),
		    KB_FMT(v->text));
	return out;
}

/* ---- mallard ---- */

static const char mallard_page[] =
	"<page xmlns='http://projectmallard.org/1.0/' type='topic'"
	" id='bounce' xml:lang='en'>\n"
	"<info><link type='guide' xref='a11y'/>"
	"<revision pkgversion='3.8' date='2013-03-13' status='draft'/>"
	"<revision pkgversion='3.18' date='2015-09-28' status='candidate'/>"
	"<credit type='author copyright'><name>Shaun McCance</name>"
	"<email>s@example.org</email></credit>"
	"<credit type='Editor'><name>Michael\n  Hill</name></credit>"
	"<credit type='maintainer'><name>Docs Team</name></credit>"
	"<desc>Ignore <em>quickly</em>-repeated keys.</desc>"
	"<odd>x</odd></info>\n"
	"<title>Turn on\n  bounce keys</title><p>Text.</p></page>";

static void
test_profile__reads_a_mallard_page(void)
{
	struct result r = read_xml(mallard_page);

	CHECK_INT(r.n, 1);
	CHECK_STR(kb_profile_name(r.profile), "mallard");
	CHECK_STR(get(&r, 0, KB_F_ID), "bounce");
	CHECK_STR(get(&r, 0, KB_F_TITLE), "Turn on bounce keys");
	CHECK_STR(get(&r, 0, KB_F_MODIFIED), "2013-03-13|2015-09-28");
	CHECK_STR(source(&r, 0, KB_F_MODIFIED), "info/revision@date");
	CHECK_STR(get(&r, 0, KB_F_STATUS), "published");
	CHECK_STR(get(&r, 0, KB_F_AUTHOR), "Shaun McCance");
	CHECK_STR(get(&r, 0, KB_F_EDITOR), "Michael Hill");
	CHECK_STR(get(&r, 0, KB_F_OWNER), "Docs Team");
	CHECK_STR(get(&r, 0, KB_F_LANG), "en");
	CHECK_STR(get(&r, 0, KB_F_DESCRIPTION),
	    "Ignore quickly-repeated keys.");
	CHECK_INT(r.nbodies[0], 1);
	CHECK_STR(r.bodies[0][0].dialect, "mallard");
	CHECK(r.bodies[0][0].node != NULL);
}

static void
test_profile__lists_metadata_that_no_path_speaks_of(void)
{
	struct result r = read_xml(mallard_page);

	CHECK_STR(unmapped(&r, 0), "@type=topic; info/link@type=guide; "
	    "info/link@xref=a11y; info/odd=x");
}

/* ---- servicenow ---- */

static const char servicenow[] =
	"<?xml version='1.0'?><unload unload_date='2025-01-01'>"
	"<kb_knowledge action='INSERT_OR_UPDATE'><number>KB0010001</number>"
	"<sys_id>abc1</sys_id><article_id>abc0</article_id>"
	"<short_description>Reset &amp; go</short_description>"
	"<text>&lt;p&gt;Hello&lt;/p&gt;</text><wiki/>"
	"<author display_value='Ada L'>6816</author>"
	"<ownership_group display_value='Network Team'>77aa</ownership_group>"
	"<workflow_state>published</workflow_state>"
	"<valid_to>2100-01-01</valid_to><latest>true</latest>"
	"<sys_updated_on>2024-05-06 10:00:00</sys_updated_on>"
	"<published>2024-05-01</published>"
	"<kb_category display_value='IT / Network &gt; VPN'>99</kb_category>"
	"<roles>itil,admin</roles>"
	"<cannot_read_user_criteria display_value='Contractors, Interns'>1,2"
	"</cannot_read_user_criteria>"
	"<u_next_review_date>2025-02-03</u_next_review_date>"
	"<u_team_last_review>2024-02-03</u_team_last_review>"
	"<replacement_article display_value='KB0010009'>zz"
	"</replacement_article>"
	"<u_color>blue</u_color></kb_knowledge>"
	"<kb_knowledge><number>KB2</number><text>x</text>"
	"<workflow_state>outdated</workflow_state></kb_knowledge>"
	"<kb_knowledge><number>KB3</number><text>x</text>"
	"<latest>false</latest></kb_knowledge>"
	"<u_kb_template_howto><sys_id>s4</sys_id><text/>"
	"<kb_category display_value='A'>1</kb_category>"
	"<kb_knowledge_base display_value='IT'>2</kb_knowledge_base>"
	"<kb_cause>&lt;p&gt;why&lt;/p&gt;</kb_cause><kb_empty> </kb_empty>"
	"<kb_fix>&lt;p&gt;how&lt;/p&gt;</kb_fix></u_kb_template_howto>"
	"<kb_knowledge><number>KB5</number><text/><wiki>= W =</wiki>"
	"</kb_knowledge><sys_user><name>x</name></sys_user></unload>";

static void
test_profile__reads_a_servicenow_article(void)
{
	struct result r = read_xml(servicenow);

	CHECK_INT(r.n, 5);
	CHECK_STR(get(&r, 0, KB_F_ID), "KB0010001");
	CHECK_STR(get(&r, 0, KB_F_ALIAS), "abc1|abc0");
	CHECK_STR(get(&r, 0, KB_F_TITLE), "Reset & go");
	CHECK_STR(get(&r, 0, KB_F_OWNER), "Network Team");
	CHECK_STR(source(&r, 0, KB_F_OWNER),
	    "ownership_group@display_value");
	CHECK_STR(get(&r, 0, KB_F_OWNER_KIND), "team");
	CHECK_STR(get(&r, 3, KB_F_OWNER_KIND), "");
	CHECK_STR(get(&r, 0, KB_F_AUTHOR), "Ada L");
	CHECK_STR(get(&r, 0, KB_F_CATEGORY), "IT|Network|VPN");
	CHECK_STR(get(&r, 0, KB_F_MODIFIED),
	    "2024-05-06 10:00:00|2024-05-01");
	CHECK_STR(get(&r, 0, KB_F_REVIEW_DUE), "2025-02-03");
	CHECK_STR(source(&r, 0, KB_F_REVIEW_DUE), "u_next_review_date");
	CHECK_STR(get(&r, 0, KB_F_REVIEWED), "2024-02-03");
	CHECK_STR(get(&r, 0, KB_F_REPLACED_BY), "KB0010009");
	CHECK_STR(get(&r, 0, KB_F_URL),
	    "/kb_view.do?sysparm_article=KB0010001");
	CHECK_STR(get(&r, 0, KB_F_AUDIENCE),
	    "itil|admin|not:Contractors|not:Interns");
	CHECK_STR(unmapped(&r, 0), "u_color=blue");
}

static void
test_profile__takes_a_sentinel_for_not_set(void)
{
	struct result r = read_xml(servicenow);

	CHECK_STR(get(&r, 0, KB_F_EXPIRES), "");
}

static void
test_profile__drops_old_versions_with_a_reason(void)
{
	struct result r = read_xml(servicenow);

	CHECK(!r.rec[0]->dropped);
	CHECK(r.rec[1]->dropped);
	CHECK_STR(r.rec[1]->drop_reason, "workflow_state is 'outdated'");
	CHECK(r.rec[2]->dropped);
	CHECK_STR(r.rec[2]->drop_reason, "latest is 'false'");
	CHECK_INT(r.nbodies[2], 0);
}

static void
test_profile__finds_bodies_in_the_columns_of_templates(void)
{
	struct result r = read_xml(servicenow);

	CHECK_INT(r.nbodies[0], 1);
	CHECK_STR(r.bodies[0][0].text, "<p>Hello</p>");
	CHECK_STR(r.bodies[0][0].field, "text");
	CHECK_INT(r.nbodies[3], 2);
	CHECK_STR(r.bodies[3][0].field, "kb_cause");
	CHECK_STR(r.bodies[3][1].text, "<p>how</p>");
	CHECK_INT(r.nbodies[4], 1);
	CHECK_STR(r.bodies[4][0].dialect, "text");
	CHECK_STR(r.bodies[4][0].text, "= W =");
}

/* ---- wordpress ---- */

static void
test_profile__reads_posts_and_pages_of_wordpress_only(void)
{
	struct result r = read_xml("<rss version='2.0' xmlns:wp='w' "
	    "xmlns:dc='d' xmlns:content='c'><channel>"
	    "<language>en-GB</language>"
	    "<item><title>One</title><link>https://e.org/one</link>"
	    "<dc:creator><![CDATA[ada]]></dc:creator>"
	    "<content:encoded><![CDATA[a\n\nb]]></content:encoded>"
	    "<wp:post_id>7</wp:post_id>"
	    "<wp:post_modified_gmt>0000-00-00 00:00:00</wp:post_modified_gmt>"
	    "<wp:post_modified>2024-01-02 03:04:05</wp:post_modified>"
	    "<wp:status>private</wp:status><wp:post_type>post</wp:post_type>"
	    "<category domain='category' nicename='n'>News</category>"
	    "<category domain='post_tag'>vpn</category></item>"
	    "<item><wp:post_type>attachment</wp:post_type></item>"
	    "<item><wp:post_type>page</wp:post_type>"
	    "<wp:status>trash</wp:status></item>"
	    "<item><title>x</title></item>"
	    "</channel></rss>");

	CHECK_INT(r.n, 4);
	CHECK_STR(get(&r, 0, KB_F_ID), "7");
	CHECK_STR(get(&r, 0, KB_F_URL), "https://e.org/one");
	CHECK_STR(get(&r, 0, KB_F_LANG), "en-GB");
	CHECK_STR(source(&r, 0, KB_F_LANG), "/rss/channel/language");
	CHECK_STR(get(&r, 0, KB_F_AUTHOR), "ada");
	CHECK_STR(get(&r, 0, KB_F_MODIFIED), "2024-01-02 03:04:05");
	CHECK_STR(get(&r, 0, KB_F_STATUS), "published");
	CHECK_STR(get(&r, 0, KB_F_AUDIENCE), "private");
	CHECK_STR(get(&r, 0, KB_F_CATEGORY), "News");
	CHECK_STR(get(&r, 0, KB_F_TAG), "vpn");
	CHECK(r.bodies[0][0].autop);
	CHECK_STR(r.bodies[0][0].text, "a\n\nb");
	CHECK_STR(r.rec[1]->drop_reason, "wp:post_type is 'attachment'");
	CHECK_STR(r.rec[2]->drop_reason, "wp:status is 'trash'");
	CHECK_STR(r.rec[3]->drop_reason, "wp:post_type is not set");
}

/* ---- docbook and our own, which share a root element ---- */

static void
test_profile__reads_docbook_4_and_5(void)
{
	struct result r = read_xml("<book lang='de'><chapter id='c1'>"
	    "<chapterinfo><author><firstname>Ada</firstname>"
	    "<surname>L</surname></author><pubdate>2020-01-02</pubdate>"
	    "</chapterinfo><title>One</title><para>x</para></chapter>"
	    "<chapter xml:id='c2' xmlns='http://docbook.org/ns/docbook'>"
	    "<info><title>Two</title><author><personname>Bob B"
	    "</personname></author><author><personname><firstname>Cy"
	    "</firstname><surname>C</surname></personname></author>"
	    "<revhistory><revision><date>2021-01-02</date></revision>"
	    "</revhistory></info><section><title>no</title></section>"
	    "</chapter></book>");

	CHECK_INT(r.n, 2);
	CHECK_STR(kb_profile_name(r.profile), "docbook");
	CHECK_STR(get(&r, 0, KB_F_ID), "c1");
	CHECK_STR(get(&r, 0, KB_F_TITLE), "One");
	CHECK_STR(get(&r, 0, KB_F_AUTHOR), "Ada L");
	CHECK_STR(get(&r, 0, KB_F_CREATED), "2020-01-02");
	CHECK_STR(get(&r, 0, KB_F_LANG), "de");
	CHECK_STR(get(&r, 1, KB_F_ID), "c2");
	CHECK_STR(get(&r, 1, KB_F_TITLE), "Two");
	CHECK_STR(get(&r, 1, KB_F_AUTHOR), "Cy C|Bob B");
	CHECK_STR(get(&r, 1, KB_F_MODIFIED), "2021-01-02");
	CHECK_STR(r.bodies[1][0].dialect, "docbook");
}

static void
test_profile__tells_our_article_from_docbooks(void)
{
	struct result r = read_xml("<article><title>T</title></article>");

	CHECK_STR(kb_profile_name(r.profile), "docbook");
	r = read_xml("<article format='1'><id>a</id>"
	    "<owner kind='team'>Net</owner>"
	    "<category><level>A</level><level>B</level></category>"
	    "<body><p>x</p></body></article>");
	CHECK_STR(kb_profile_name(r.profile), "article");
	CHECK_STR(get(&r, 0, KB_F_OWNER_KIND), "team");
	CHECK_STR(get(&r, 0, KB_F_CATEGORY), "A|B");
	CHECK_STR(r.bodies[0][0].dialect, "article");
	r = read_xml("<articles format='1' xml:lang='fr'>"
	    "<article><body format='html'>&lt;p&gt;x</body></article>"
	    "<article><body format='html'><p>y</p></body></article>"
	    "</articles>");
	CHECK_INT(r.n, 2);
	CHECK_STR(get(&r, 1, KB_F_LANG), "fr");
	CHECK_STR(r.bodies[0][0].text, "<p>x");
	CHECK(r.bodies[1][0].node != NULL);
	CHECK_STR(r.bodies[1][0].dialect, "html");
}

/* ---- configuration ---- */

static enum kb_status
make(struct kb_profiles **out, const char *text)
{
	struct kb_conf conf = { 0 };

	CHECK_INT(kb_conf_parse(&conf, kb_str_c(text), "u.conf", &arena,
	    &err), KB_OK);
	return kb_profiles_new(out, &conf, &err);
}

static void
test_profile__lets_the_user_replace_one_key(void)
{
	struct kb_profiles *p = NULL;
	struct result r;

	CHECK_INT(make(&p, "[profile mallard]\nowner = info/credit"
	    "[@type=*author*]/name\nstatus = info/odd\nmap.status = x:draft"
	    "\neditor =\n"), KB_OK);
	r = read_with(p, mallard_page);
	CHECK_STR(get(&r, 0, KB_F_OWNER), "Shaun McCance");
	CHECK_STR(get(&r, 0, KB_F_STATUS), "draft");
	CHECK_STR(get(&r, 0, KB_F_EDITOR), "");
	CHECK_STR(get(&r, 0, KB_F_ID), "bounce");
	CHECK(!kb_str_eq(kb_profiles_fingerprint(p),
	    kb_profiles_fingerprint(builtin)));
	kb_profiles_free(p);
}

static void
test_profile__prefers_the_users_profile_for_a_root(void)
{
	struct kb_profiles *p = NULL;
	struct result r;

	CHECK_INT(make(&p, "[profile mine]\nroot = page p:*\nrecord = page\n"
	    "id = @id + x:y | info/odd\nurl = https://e.org/{@id}/{info/odd}"
	    " | {@id}\nedit_url = https://e.org/{info/credit/name}\n"
	    "tag = info/credit/name\nsplit.tag = \" \" \"\xc3\xa9\"\n"
	    "map.tag = hill:, m*:M\nbody.text = p\n"), KB_OK);
	r = read_with(p, mallard_page);
	CHECK_STR(kb_profile_name(r.profile), "mine");
	CHECK_STR(get(&r, 0, KB_F_URL), "https://e.org/bounce/x");
	CHECK_STR(get(&r, 0, KB_F_TAG), "Shaun|M|M|Docs|Team");
	CHECK_STR(kb_str(get(&r, 0, KB_F_EDIT_URL).p, 29),
	    "https://e.org/Shaun%20McCance");
	CHECK_STR(r.bodies[0][0].text, "Text.");
	kb_profiles_free(p);
}

static void
check_error(const char *text, const char *start, const char *within)
{
	struct kb_profiles *p = NULL;

	err.msg[0] = '\0';
	CHECK_INT(make(&p, text), KB_INPUT);
	CHECK(p == NULL);
	CHECK(strncmp(err.msg, start, strlen(start)) == 0);
	CHECK(strstr(err.msg, within) != NULL);
	if (strncmp(err.msg, start, strlen(start)) != 0 ||
	    strstr(err.msg, within) == NULL)
		printf("# %s\n", err.msg);
	kb_profiles_free(p);
}

static void
test_profile__names_line_and_choices_of_what_is_unknown(void)
{
	check_error("[meta]\nauthr = x\n", "u.conf:2: [meta] authr:",
	    "review_due");
	check_error("[status]\nold = x\n", "u.conf:2:", "superseded");
	check_error("[label]\nold = x\n", "u.conf:2:", "description");
	check_error("[placeholder]\nauthor = x\n", "u.conf:2:", "owner");
	check_error("[dialect html]\nheader = x\n", "u.conf:2:", "chrome");
	check_error("[profile mallard]\n\ntitel = x\n",
	    "u.conf:3: [profile mallard] titel: unknown key", "description");
	check_error("[profile mallard]\nmap.titel = x:y\n", "u.conf:2:",
	    "unknown key");
	check_error("[profile mallard]\nbody.htm = x\n", "u.conf:2:",
	    "dialects are: text");
	check_error("[profile x]\ntitle = x\n", "u.conf:2:", "root");
	check_error("[profile]\ntitle = x\n", "u.conf:2:", "NAME");
	check_error("[meta x]\ntitle = x\n", "u.conf:2:", "without a name");
}

static void
test_profile__refuses_bad_paths(void)
{
	static const char *const bad[] = { "a//b", "a/", "/", "a[", "a[]",
	    "a[b", "a[b>c]", "a@", "a@b/c", "a(b", "a()", "a b", "a | ",
	    "a + ", "{a", "{}", "a]", "a/@b", "x!",
	    "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a" };
	char text[200];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[profile mallard]\ntitle = %s"
		    "\n", bad[i]);
		check_error(text, "u.conf:2: [profile mallard] title: ", "");
	}
	check_error("[profile mallard]\nrecord = page[title]\n",
	    "u.conf:2:", "start tag");
	check_error("[profile mallard]\ndrop = title\n", "u.conf:2:",
	    "path=value");
	check_error("[profile mallard]\nbody.html = {x}\n", "u.conf:2:",
	    "a body is a path");
	check_error("[profile mallard]\nsplit.tag = ,\n", "u.conf:2:",
	    "quotes");
}

/* ---- tables ---- */

static const char *
meta(const char *name)
{
	enum kb_field f;

	return kb_profiles_meta(builtin, kb_str_c(name), &f) ?
	    kb_field_name(f) : "(none)";
}

static const char *
label(const char *name)
{
	enum kb_field f;

	return kb_profiles_label(builtin, kb_str_c(name), &f) ?
	    kb_field_name(f) : "(none)";
}

static const char *
status(const char *value)
{
	enum kb_article_status s;

	return kb_profiles_status(builtin, kb_str_c(value), &s) ?
	    kb_article_status_name(s) : "(none)";
}

static void
test_profile__knows_metadata_names_of_real_pages(void)
{
	CHECK_STR(kb_str_c(meta("Last-Modified")), "modified");
	CHECK_STR(kb_str_c(meta("article:modified_time")), "modified");
	CHECK_STR(kb_str_c(meta("DC.date.reviewed")), "reviewed");
	CHECK_STR(kb_str_c(meta("last_reviewed_on")), "reviewed");
	CHECK_STR(kb_str_c(meta("review-due")), "review_due");
	CHECK_STR(kb_str_c(meta("owner_slack")), "owner");
	CHECK_STR(kb_str_c(meta("DCTERMS.creator")), "author");
	CHECK_STR(kb_str_c(meta("datePublished")), "created");
	CHECK_STR(kb_str_c(meta("unavailable_after")), "expires");
	CHECK_STR(kb_str_c(meta("keywords")), "tag");
	CHECK_STR(kb_str_c(meta("ms.author")), "author");
	CHECK_STR(kb_str_c(meta("ms.date")), "modified");
	CHECK_STR(kb_str_c(meta("ms.reviewer")), "(none)");
	CHECK_STR(kb_str_c(meta("last-update")), "modified");
	CHECK_STR(kb_str_c(meta("lastmod")), "modified");
	CHECK_STR(kb_str_c(meta("content-last-modified")), "modified");
	CHECK_STR(kb_str_c(meta("dateLastModified")), "modified");
	CHECK_STR(kb_str_c(meta("dateLastReviewed")), "reviewed");
	CHECK_STR(kb_str_c(meta("last-reviewed-date")), "reviewed");
	CHECK_STR(kb_str_c(meta("next-review-date")), "review_due");
	CHECK_STR(kb_str_c(meta("nextReviewDate")), "review_due");
	CHECK_STR(kb_str_c(meta("review-by")), "review_due");
	CHECK_STR(kb_str_c(meta("createdDate")), "created");
	CHECK_STR(kb_str_c(meta("owned-by")), "owner");
	/* The last one or the next? */
	CHECK_STR(kb_str_c(meta("review-date")), "(none)");
	CHECK_STR(kb_str_c(meta("expires")), "(none)");
	CHECK_STR(kb_str_c(meta("robots")), "(none)");
	CHECK_STR(kb_str_c(meta("")), "(none)");
}

static void
test_profile__knows_labels_words_and_placeholders(void)
{
	CHECK_STR(kb_str_c(label("Page  Owner:")), "owner");
	CHECK_STR(kb_str_c(label("Next review")), "review_due");
	CHECK_STR(kb_str_c(label("Last reviewed ")), "reviewed");
	CHECK_STR(kb_str_c(label("Review date")), "(none)");
	CHECK_STR(kb_str_c(status("In Review")), "review");
	CHECK_STR(kb_str_c(status("work_in_progress")), "draft");
	CHECK_STR(kb_str_c(status("Deprecated")), "retired");
	CHECK_STR(kb_str_c(status("banana")), "(none)");
	CHECK(kb_profiles_placeholder_owner(builtin, KB_STR("TBD")));
	CHECK(kb_profiles_placeholder_owner(builtin, KB_STR(" N/A ")));
	CHECK(kb_profiles_placeholder_owner(builtin, KB_STR("?")));
	CHECK(kb_profiles_placeholder_owner(builtin, KB_STR("-")));
	CHECK(kb_profiles_placeholder_owner(builtin,
	    KB_STR("Unknown User (jdoe)")));
	CHECK(kb_profiles_placeholder_owner(builtin,
	    KB_STR("System Administrator")));
	CHECK(!kb_profiles_placeholder_owner(builtin,
	    KB_STR("Tim Admin-Brown")));
	CHECK(!kb_profiles_placeholder_owner(builtin, KB_STR("JS")));
	CHECK(!kb_profiles_placeholder_owner(builtin, KB_STR("")));
}

static bool
means(const struct kb_profiles *p, const char *name, enum kb_field want)
{
	enum kb_field f;

	return kb_profiles_meta(p, kb_str_c(name), &f) && f == want;
}

static bool
is_status(const struct kb_profiles *p, const char *word,
    enum kb_article_status want)
{
	enum kb_article_status s;

	return kb_profiles_status(p, kb_str_c(word), &s) && s == want;
}

static void
test_profile__adds_the_users_names_to_those_built_in(void)
{
	struct kb_profiles *p = NULL;
	enum kb_field f;

	CHECK_INT(make(&p, "[meta]\nowner = kb-owner\n[label]\nowner = "
	    "looked after by\n[status]\ndraft = sketch\n[placeholder]\n"
	    "owner = the void\n"), KB_OK);
	CHECK(means(p, "kb-owner", KB_F_OWNER));
	CHECK(means(p, "content-owner", KB_F_OWNER));
	CHECK(kb_profiles_label(p, KB_STR("Looked after by"), &f) &&
	    f == KB_F_OWNER);
	CHECK(kb_profiles_label(p, KB_STR("Page owner"), &f) &&
	    f == KB_F_OWNER);
	CHECK(is_status(p, "Sketch", KB_ARTICLE_DRAFT));
	CHECK(is_status(p, "wip", KB_ARTICLE_DRAFT));
	CHECK(kb_profiles_placeholder_owner(p, KB_STR("The Void")));
	CHECK(kb_profiles_placeholder_owner(p, KB_STR("TBD")));
	kb_profiles_free(p);
}

static void
test_profile__lets_the_last_word_on_a_name_count(void)
{
	struct kb_profiles *p = NULL;
	enum kb_field f;

	/* "created" comes before "modified" among those built in. */
	CHECK_INT(make(&p, "[meta]\ncreated = Last-Modified\nowner = x-who\n"
	    "author = x-who\n[label]\nauthor = Owner\n[status]\nretired = "
	    "Final, published\n"), KB_OK);
	CHECK(means(p, "last-modified", KB_F_CREATED));
	CHECK(means(p, "last_modified", KB_F_MODIFIED));
	CHECK(means(p, "x-who", KB_F_AUTHOR));
	CHECK(kb_profiles_label(p, KB_STR("owner:"), &f) && f ==
	    KB_F_AUTHOR);
	CHECK(is_status(p, "final", KB_ARTICLE_RETIRED));
	CHECK(is_status(p, "live", KB_ARTICLE_PUBLISHED));
	kb_profiles_free(p);
}

static void
test_profile__lets_the_user_take_names_away(void)
{
	struct kb_profiles *p = NULL;
	enum kb_article_status s;
	enum kb_field f;

	CHECK_INT(make(&p, "[meta]\nnone = Date maintainer\n[label]\nnone = "
	    "System\n[status]\nnone = new\n[placeholder]\nnone = root, "
	    "deleted user (*)\nowner = deleted user (9)\n"), KB_OK);
	CHECK(!kb_profiles_meta(p, KB_STR("date"), &f));
	CHECK(!kb_profiles_meta(p, KB_STR("maintainer"), &f));
	CHECK(means(p, "dc.date", KB_F_MODIFIED));
	CHECK(!kb_profiles_label(p, KB_STR("system"), &f));
	CHECK(kb_profiles_label(p, KB_STR("product"), &f));
	CHECK(!kb_profiles_status(p, KB_STR("New"), &s));
	CHECK(is_status(p, "wip", KB_ARTICLE_DRAFT));
	CHECK(!kb_profiles_placeholder_owner(p, KB_STR("Root")));
	CHECK(!kb_profiles_placeholder_owner(p, KB_STR("Deleted User (7)")));
	CHECK(kb_profiles_placeholder_owner(p, KB_STR("Deleted User (9)")));
	CHECK(kb_profiles_placeholder_owner(p, KB_STR("TBD")));
	kb_profiles_free(p);
}

/* ---- dialects ---- */

static const char *
role(const char *dialect, const char *name, const char *parent)
{
	const struct kb_dialect *d = kb_profiles_dialect(builtin,
	    kb_str_c(dialect));

	return d == NULL ? "(no dialect)" : kb_role_name(kb_dialect_role(d,
	    kb_str_c(name), kb_str_c(parent)));
}

static void
test_profile__gives_elements_their_role_by_parent_too(void)
{
	CHECK_STR(kb_str_c(role("mallard", "code", "section")), "code");
	CHECK_STR(kb_str_c(role("mallard", "code", "p")), "inline");
	CHECK_STR(kb_str_c(role("mallard", "title", "page")), "heading");
	CHECK_STR(kb_str_c(role("mallard", "title", "item")), "term");
	CHECK_STR(kb_str_c(role("html", "h3", "div")), "heading");
	CHECK_STR(kb_str_c(role("html", "nav", "body")), "chrome");
	CHECK_STR(kb_str_c(role("html", "section", "body")), "block");
	CHECK_STR(kb_str_c(role("html", "o:p", "td")), "inline");
	CHECK_STR(kb_str_c(role("html", "epub:title", "p")), "inline");
	CHECK_STR(kb_str_c(role("html", "blink", "p")), "inline");
	CHECK_STR(kb_str_c(role("docbook", "db:para", "db:section")),
	    "para");
	CHECK_STR(kb_str_c(role("docbook", "db:para", "db:footnote")),
	    "inline");
	CHECK_STR(kb_str_c(role("docbook", "warning", "")), "note");
	CHECK_STR(kb_str_c(role("article", "steps", "body")), "steps");
	CHECK(kb_profiles_dialect(builtin, KB_STR("nope")) == NULL);
}

static void
test_profile__lets_the_user_move_an_element(void)
{
	struct kb_profiles *p = NULL;
	const struct kb_dialect *d;

	CHECK_INT(make(&p, "[dialect html]\npara = aside p\n[dialect mine]\n"
	    "para = z\n"), KB_OK);
	d = kb_profiles_dialect(p, KB_STR("html"));
	CHECK_INT(kb_dialect_role(d, KB_STR("aside"), KB_STR("body")),
	    KB_ROLE_PARA);
	CHECK_INT(kb_dialect_role(d, KB_STR("caption"), KB_STR("table")),
	    KB_ROLE_INLINE);
	CHECK(kb_profiles_dialect(p, KB_STR("mine")) != NULL);
	kb_profiles_free(p);
}

/* ---- hostile records ---- */

static void
test_profile__caps_values_and_unmapped_fields(void)
{
	struct kb_buf b = { 0 };
	struct result r;
	size_t n = 0;

	kb_buf_addc(&b, "<article format='1'>");
	for (int i = 0; i < 20000; i++)
		kb_buf_printf(&b, "<tag>t</tag><x%d a='1'>v</x%d>", i, i);
	kb_buf_addc(&b, "</article>");
	r = read_xml(b.p);
	CHECK_INT(r.n, 1);
	for (struct kb_value *v = r.rec[0]->values[KB_F_TAG]; v != NULL;
	    v = v->next)
		n++;
	CHECK_INT(n, 256);
	n = 0;
	for (struct kb_value *v = r.rec[0]->unmapped; v != NULL; v = v->next)
		n++;
	CHECK_INT(n, 64);
	kb_buf_release(&b);
}

int
main(void)
{
	if (kb_profiles_new(&builtin, NULL, &err) != KB_OK) {
		printf("not ok - built-in profiles: %s\n", err.msg);
		return 1;
	}
	RUN(test_profile__reads_a_mallard_page);
	RUN(test_profile__lists_metadata_that_no_path_speaks_of);
	RUN(test_profile__reads_a_servicenow_article);
	RUN(test_profile__takes_a_sentinel_for_not_set);
	RUN(test_profile__drops_old_versions_with_a_reason);
	RUN(test_profile__finds_bodies_in_the_columns_of_templates);
	RUN(test_profile__reads_posts_and_pages_of_wordpress_only);
	RUN(test_profile__reads_docbook_4_and_5);
	RUN(test_profile__tells_our_article_from_docbooks);
	RUN(test_profile__lets_the_user_replace_one_key);
	RUN(test_profile__prefers_the_users_profile_for_a_root);
	RUN(test_profile__names_line_and_choices_of_what_is_unknown);
	RUN(test_profile__refuses_bad_paths);
	RUN(test_profile__knows_metadata_names_of_real_pages);
	RUN(test_profile__knows_labels_words_and_placeholders);
	RUN(test_profile__adds_the_users_names_to_those_built_in);
	RUN(test_profile__lets_the_last_word_on_a_name_count);
	RUN(test_profile__lets_the_user_take_names_away);
	RUN(test_profile__gives_elements_their_role_by_parent_too);
	RUN(test_profile__lets_the_user_move_an_element);
	RUN(test_profile__caps_values_and_unmapped_fields);
	kb_profiles_free(builtin);
	kb_arena_release(&arena);
	return test_done();
}
