/*
 * A configuration file: the format, the settings, the profiles it makes, and
 * what these do to an article.
 */
#include "fuzz.h"

#include "extract.h"
#include "settings.h"

static const struct {
	const char	*path, *text;
} files[] = {
	{ "a.xml", "<unload><kb_knowledge table=\"t\"><number>K1</number>"
	    "<short_description>S</short_description><author display_value="
	    "\"A\">b</author><valid_to>2100-01-01</valid_to><a><b>c</b><b x="
	    "\"y\">d</b></a><text>&lt;p&gt;x</text></kb_knowledge><kb_x/>"
	    "</unload>" },
	{ "b.xml", "<page id=\"i\"><info><revision date=\"2024-01-02\"/>"
	    "</info><title>T</title><p>x</p><list><item><p>y</p></item>"
	    "</list></page>" },
	{ "c.html", "<html lang=en><meta name=author content=A><meta name="
	    "x content=y><title>T</title><table><tr><th>Owner<td>O<tr><td>"
	    "Status<td>final</table><p>x<div class=note>n</div>" },
};

void
fuzz_init(void)
{
}

static enum kb_status
take(void *arg, struct kb_str frame, struct kb_err *err)
{
	(void)arg;
	(void)err;
	fuzz_touch(frame);
	return KB_OK;
}

static void
read_with(const struct kb_profiles *profiles)
{
	struct kb_extract_opts opts = { .profiles = profiles };
	struct kb_input *in;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		opts.path = kb_str_c(files[i].path);
		MUST(kb_input_open_mem(&in, kb_str_c(files[i].text), "f",
		    NULL) == KB_OK);
		MUST(kb_extract(in, &opts, take, NULL, NULL) == KB_OK);
		kb_input_close(in);
	}
}

static void
check_rules(const struct kb_rules *r)
{
	MUST(r->stale_days >= 0 && r->bulk_percent > 0 &&
	    r->bulk_percent <= 100);
	MUST(r->near.of > 0 && r->near.count <= r->near.of &&
	    r->near.count * 2 >= r->near.of);
	MUST(r->inside.of > 0 && r->inside.count <= r->inside.of &&
	    (uint64_t)r->inside.count * 10 >= (uint64_t)r->inside.of * 7);
	MUST(r->inside_least > 0 && r->max_pairs > 0 &&
	    r->max_pairs <= KB_MAX_PAIRS);
	MUST(r->shingling.width > 0 &&
	    r->shingling.width <= KB_SHINGLE_MAX_WIDTH);
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_settings s;
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;

	status = kb_settings_load(&s, fuzz_file(bytes), &err);
	MUST(status == KB_OK || status == KB_INPUT);
	if (status == KB_OK) {
		for (const struct kb_conf_entry *e = s.conf.first; e != NULL;
		    e = e->next) {
			fuzz_touch(e->value);
			MUST(e->line > 0 && (e->key.n == 0 || kb_conf_get(
			    &s.conf, e->section, e->argument, e->key) != NULL));
		}
		check_rules(&s.rules);
		fuzz_touch(kb_profiles_fingerprint(s.profiles));
		read_with(s.profiles);
	} else {
		MUST(strchr(err.msg, ':') != NULL);
	}
	kb_settings_release(&s);
}

static const char *const seeds[] = {
	"", "# nothing\n; here\n", "[rules]\nstale_days = 30\nnear = 4/5\n",
	"[rules]\nnear = 80%\nthin_words = 5\nbulk_percent = 10\n"
	    "bulk_least = 2\nowner_from_author = yes\ndate_order = day\n",
	"[profile servicenow]\nowner = u_owner@display_value | u_owner\n"
	    "map.status = a:draft, b:\nsplit.tag = \",\" \";\"\n"
	    "drop = a/b=c* | a!=d\nkeep = number=?*\n",
	"[profile x]\nroot = unload\nrecord = kb_*!kb_x /a/b\nid = number\n"
	    "title = \"A {short_description}\" | a/b[@x=y](c d)\n"
	    "alias = a/b[last] + a/b[!@x] + /unload@q -> w\n"
	    "sentinel = 2100-01-01 0000-00-00\nurl = /k?{number}&{a/b}\n"
	    "body.html = text\nbody.html.autop = yes\nbody.x = .\n"
	    "[dialect x]\nheading = a\nsection = s\npara = p td>p\nskip = q\n",
	"[meta]\nowner = dc.owner x\nnone = author\n[label]\nowner = Owner, "
	    "Who\n[status]\ndraft = wip todo\n[placeholder]\nowner = tbd "
	    "n/a*\n",
	"[dialect html]\nskip = aside div.x\nnote = div\n",
	"[a b]\nk = v\n\tmore\n  and more\nk = w\n", "[a\n", "k = v\n",
	"[a]\nk\n",
	"[rules]\nstale_days = x\n", "\xef\xbb\xbf[rules]\r\nnear = 1\r\n",
	"[duplicates]\nnear = 1/2\ncontained = 70%\ncontained_least = 30\n"
	    "common = 0.05\ncommon_least = 3\ncommon_most = 9\nmax_pairs = "
	    "7\nwidth = 5\nkey = 00112233445566778899aAbBcCdDeEfF\n",
	"[duplicates]\nkey = g\n", "[duplicates]\nwidth = 0\n",
	"[duplicates]\ncontained = 1/2\n", "[duplicates]\nk = v\n",
	"[conflicts]\nfind = no\n", "[conflicts]\nfind = maybe\n",
	"[extract]\ncontent = marked\n", "[duplicates x]\n",
	"[rules]\nnear = \xff\n", "[rules]\n= v\n", "[]\n",
};

static void
take_file(struct kb_str bytes)
{
	fuzz_seed(bytes);
}

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed(kb_str_c(seeds[i]));
	fuzz_files("indexer/profiles", ".conf", take_file);
}
