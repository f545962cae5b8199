/*
 * What to do about an export that lacks something: the fields that rules
 * need, the unmapped ones that look like them, and the commands.
 */
#include <stdio.h>

#include "date.h"
#include "inspect.h"

/* What the first rules live on. */
static const struct {
	enum kb_field	 field;
	const char	*why;
	const char	*like;	/* words, or several in a row: "last-review";
				   a "*" ends the beginning of one */
} needed[] = {
	{ KB_F_TITLE, "articles cannot be told apart in a list",
	  "title titles subject headline caption" },
	{ KB_F_OWNER, "nobody can be asked to look after them",
	  "owner owners owned owning ownership responsib* maintain* steward*"
	  " custodian contact contacts group team department expert experts"
	  " contentowner articleowner pageowner documentowner" },
	{ KB_F_MODIFIED, "their age cannot be told",
	  "modif* updated update-date date-update last-update lastupdate*"
	  " changed change-date last-change lastchange* revised revision-date"
	  " edited lastmod* datemodified" },
	{ KB_F_REVIEWED, NULL, "reviewed last-review lastreview* verified"
	  " checked datereviewed" },
	{ KB_F_REVIEW_DUE, NULL, "review due nextreview* reviewdue* reviewby"
	  " recheck" },
	{ KB_F_EXPIRES, NULL, "expire expires expiry expir*-date expiration"
	  " valid-to valid-until validto validuntil until retire-on"
	  " retirement-date retire-date sunset" },
	{ KB_F_STATUS, NULL, "status state workflow* phase lifecycle stage" },
	{ KB_F_VIEWS, NULL, "views view-count viewcount pageviews hits"
	  " visits" }
};

#define NNEEDED	(sizeof(needed) / sizeof(needed[0]))
#define GUESSES	3

static bool
is_upper(struct kb_str s, size_t i)
{
	return i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z';
}

static bool
is_lower(struct kb_str s, size_t i)
{
	/* Letters beyond ASCII do not begin a word by their case. */
	return i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') ||
	    (unsigned char)s.p[i] >= 0x80);
}

static bool
is_digit(struct kb_str s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* "lastReviewed", "HTMLTitle": a word begins at i. */
static bool
case_parts(struct kb_str s, size_t i)
{
	return is_upper(s, i) && i > 0 && (is_lower(s, i - 1) ||
	    is_digit(s, i - 1) || (is_upper(s, i - 1) && is_lower(s, i + 1)));
}

/* "meta:Last_reviewedOn" is "-meta-last-reviewed-on-". */
static struct kb_str
words_of(struct kb_str name, char out[2 * KB_TALLY_NAME + 2])
{
	size_t n = 0;

	name = kb_tally_cut(name, KB_TALLY_NAME);
	out[n++] = '-';
	for (size_t i = 0; i < name.n; i++) {
		bool part = !is_upper(name, i) && !is_lower(name, i) &&
		    !is_digit(name, i);

		if ((part || case_parts(name, i)) && out[n - 1] != '-')
			out[n++] = '-';
		if (!part)
			out[n++] = is_upper(name, i) ?
			    (char)(name.p[i] + 'a' - 'A') : name.p[i];
	}
	if (out[n - 1] != '-')
		out[n++] = '-';
	return kb_str(out, n);
}

static bool
has_words(struct kb_str words, struct kb_str pattern)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "*-%.*s-*", KB_FMT(pattern));

	return n > 0 && (size_t)n < sizeof(text) && kb_str_glob(kb_str(text,
	    (size_t)n), words);
}

static bool
is_like(struct kb_str name, enum kb_field field, const char *patterns)
{
	struct kb_str rest = kb_str_c(patterns), pattern, words;
	char text[2 * KB_TALLY_NAME + 2];

	words = words_of(name, text);
	/* "modified-by" is a person; "review-by" is a day. */
	if (kb_field_is_date(field) && has_words(words, KB_STR("by")) &&
	    !has_words(words, KB_STR("review-by")))
		return false;
	while (kb_str_split(&rest, ' ', &pattern))
		if (has_words(words, pattern))
			return true;
	return false;
}

/* "meta:x" is x in the configuration. */
static struct kb_str
as_configured(struct kb_str name)
{
	const struct kb_str meta = KB_STR("meta:");

	return kb_str_has_prefix(name, meta) ? kb_str(name.p + meta.n,
	    name.n - meta.n) : name;
}

void
kb_inspect_guess(const struct kb_inspect_group *g, enum kb_field field,
    struct kb_buf *out)
{
	const char *like = NULL;
	size_t n = 0;

	for (size_t i = 0; i < NNEEDED; i++)
		if (needed[i].field == field)
			like = needed[i].like;
	for (size_t i = 0; like != NULL && i < g->unmapped.n && n < GUESSES;
	    i++) {
		if (!is_like(g->unmapped.v[i].name, field, like))
			continue;
		kb_buf_addc(out, n++ > 0 ? ", " : "");
		kb_buf_add(out, as_configured(g->unmapped.v[i].name));
	}
}

struct adviser {
	void	(*say)(void *arg, struct kb_str advice);
	void	 *arg;
	struct kb_buf	 text;
};

static void
say(struct adviser *a)
{
	if (!a->text.failed)
		a->say(a->arg, kb_buf_str(&a->text));
	kb_buf_clear(&a->text);
}

static void
name_group(struct adviser *a, const struct kb_inspect_group *g)
{
	kb_buf_add(&a->text, g->format);
	if (g->folder.n > 0) {
		kb_buf_addc(&a->text, " in ");
		kb_buf_add(&a->text, g->folder);
	}
	kb_buf_addc(&a->text, ": ");
}

static bool
is_html(const struct kb_inspect_group *g)
{
	return kb_str_eq(g->format, KB_STR("html")) ||
	    kb_str_eq(g->format, KB_STR("confluence-html"));
}

/* Is the field there in another folder of the same format? */
static bool
is_elsewhere(const struct kb_inspect *in, const struct kb_inspect_group *g,
    enum kb_field field)
{
	for (size_t i = 0; i < in->ngroups; i++)
		if (kb_str_eq(in->groups[i]->format, g->format) &&
		    in->groups[i]->fields[field].count > 0)
			return true;
	return false;
}

/*
 * Where its names go: HTML has its metadata names in a table of its own,
 * to which a name is added; in a profile a path takes the place of others.
 */
static void
name_section(struct adviser *a, const struct kb_inspect *in,
    const struct kb_inspect_group *g, enum kb_field field,
    struct kb_str guesses)
{
	const char *key = kb_field_name(field);
	struct kb_str name = KB_STR("NAME");

	if (guesses.n > 0)
		kb_str_split(&guesses, ',', &name);
	kb_buf_addc(&a->text, "map one in a --config file (");
	if (is_html(g)) {
		kb_buf_addc(&a->text, "[meta]");
	} else {
		kb_buf_addc(&a->text, "[profile ");
		kb_buf_add(&a->text, g->format);
		kb_buf_addch(&a->text, ']');
	}
	kb_buf_printf(&a->text, ": %s = ", key);
	kb_buf_add(&a->text, name);
	/* Names are parted by spaces unless there is a comma. */
	if (is_html(g) && kb_str_find(name, KB_STR(" "), 0) != (size_t)-1)
		kb_buf_addch(&a->text, ',');
	if (!is_html(g) && is_elsewhere(in, g, field))
		kb_buf_addc(&a->text, " | PATH, with the path that other "
		    "folders need behind it");
	kb_buf_printf(&a->text, "), or give --metadata FILE.csv with columns "
	    "%s,%s", g->fields[KB_F_ID].count > 0 ? "id" : "path", key);
}

static void
missing_field(struct adviser *a, const struct kb_inspect *in,
    const struct kb_inspect_group *g, size_t i)
{
	const char *name = kb_field_name(needed[i].field);
	struct kb_buf guess = { 0 };
	size_t count = g->fields[needed[i].field].count;

	kb_inspect_guess(g, needed[i].field, &guess);
	/* What need not be there is worth a word only with a candidate. */
	if (g->articles == 0 || count > 0 || (needed[i].why == NULL &&
	    guess.n == 0))
		goto out;
	name_group(a, g);
	kb_buf_printf(&a->text, "no field for %s%s%s", name,
	    needed[i].why != NULL ? ": " : "", needed[i].why != NULL ?
	    needed[i].why : "");
	if (guess.n > 0) {
		kb_buf_addc(&a->text, "; perhaps it is ");
		kb_buf_add(&a->text, kb_buf_str(&guess));
	}
	kb_buf_addc(&a->text, "; ");
	name_section(a, in, g, needed[i].field, kb_buf_str(&guess));
	a->text.failed |= guess.failed;
	say(a);
out:
	kb_buf_release(&guess);
}

static void
unknown_status(struct adviser *a, const struct kb_inspect *in,
    const struct kb_inspect_group *g)
{
	enum kb_article_status status;
	size_t n = 0;

	for (size_t i = 0; i < g->status.n; i++) {
		if (kb_profiles_status(in->settings->profiles,
		    g->status.v[i].name, &status))
			continue;
		if (n++ == 0)
			name_group(a, g);
		kb_buf_addc(&a->text, n == 1 ? "the status " : ", ");
		kb_buf_add(&a->text, g->status.v[i].name);
	}
	if (n == 0)
		return;
	kb_buf_printf(&a->text, "%s not known and counts as published; say "
	    "what is meant in a --config file ([status]: draft = VALUE, "
	    "retired = VALUE, ...)", n == 1 ? " is" : " are");
	say(a);
}

static void
bad_dates(struct adviser *a, const struct kb_inspect_group *g)
{
	int32_t date;

	for (int i = 0; i < KB_F_N; i++) {
		const struct kb_inspect_field *f = &g->fields[i];

		if (f->bad == 0)
			continue;
		name_group(a, g);
		kb_buf_printf(&a->text, "%zu value%s of %s cannot be read as "
		    "a date, such as '", f->bad, f->bad == 1 ? "" : "s",
		    kb_field_name((enum kb_field)i));
		kb_buf_add(&a->text, f->bad_sample);
		kb_buf_addc(&a->text, "'; ");
		kb_buf_addc(&a->text, kb_date_parse(&date, f->bad_sample,
		    0) == KB_DATE_AMBIGUOUS ? "say which comes first with "
		    "date_order = day or month under [rules] in a --config "
		    "file" : "write them as YYYY-MM-DD where they are kept, "
		    "or bring them with --metadata");
		say(a);
	}
}

static void
nothing(struct adviser *a, const struct kb_inspect *in)
{
	kb_buf_addc(&a->text, in->files == 0 ? "no file of a known kind was "
	    "found: give the folder of an export, or name the files "
	    "themselves" : "no article was found; for an XML format of your "
	    "own, describe it under [profile NAME] in a --config file");
	say(a);
}

void
kb_inspect_next(const struct kb_inspect *in, void (*fn)(void *arg,
    struct kb_str advice), void *arg)
{
	struct adviser a = { fn, arg, { NULL, 0, 0, false } };

	for (size_t i = 0; i < in->ngroups; i++) {
		for (size_t k = 0; k < NNEEDED; k++)
			missing_field(&a, in, in->groups[i], k);
		unknown_status(&a, in, in->groups[i]);
		bad_dates(&a, in->groups[i]);
	}
	if (in->articles == 0) {
		nothing(&a, in);
	} else {
		kb_buf_addc(&a.text, "to build the index: kb-index build -o "
		    "NAME.kb PATH..., with the same --config and --metadata; "
		    "then: kb-index report NAME.kb");
		say(&a);
	}
	kb_buf_release(&a.text);
}
