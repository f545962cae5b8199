#include "settings.h"

#include "slurp.h"

#define MAX_CONF	((size_t)4 * 1024 * 1024)

static const struct kb_rules defaults = {
	.stale_days = 365, .thin_words = 25, .bulk_percent = 30,
	.bulk_least = 10, .near = { 4, 5 }, .inside = { 9, 10 },
	.inside_least = 30, .common = { 1, 20 }, .common_least = 5,
	.common_most = 20, .max_pairs = 1000000,
	.shingling = { .width = KB_SHINGLE_WIDTH },
	.conflicts = true,
};

static bool
number(struct kb_str s, uint32_t most, uint32_t *out)
{
	uint32_t v = 0;

	if (s.n == 0 || s.n > 9)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (uint32_t)(s.p[i] - '0');
	}
	*out = v;
	return v <= most;
}

/* Any part of a whole. */
static bool
share(struct kb_ratio *out, struct kb_str s)
{
	struct kb_ratio r = { 0, 1 };
	struct kb_str part, rest = s;

	if (kb_str_find(s, KB_STR("/"), 0) != (size_t)-1) {
		kb_str_split(&rest, '/', &part);
		if (!number(part, 1000000, &r.count) ||
		    !number(rest, 1000000, &r.of))
			return false;
	} else if (s.n > 0 && s.p[s.n - 1] == '%') {
		r.of = 100;
		if (!number(kb_str(s.p, s.n - 1), 100, &r.count))
			return false;
	} else if (kb_str_has_prefix(s, KB_STR("0."))) {
		for (size_t i = 2; i < s.n; i++)
			r.of *= i < 8 ? 10 : 1;
		if (s.n > 8 || !number(kb_str(s.p + 2, s.n - 2), 1000000,
		    &r.count))
			return false;
	} else if (kb_str_eq(s, KB_STR("1"))) {
		r.count = 1;
	} else {
		return false;
	}
	if (r.of == 0 || r.count > r.of)
		return false;
	*out = r;
	return true;
}

static bool
share_from(struct kb_ratio *out, struct kb_str s, uint32_t count,
    uint32_t of)
{
	struct kb_ratio r;

	if (!share(&r, s) || r.count * of < r.of * count)
		return false;
	*out = r;
	return true;
}

bool
kb_ratio_parse(struct kb_ratio *out, struct kb_str s)
{
	return share_from(out, s, 1, 2);
}

static bool
yes_no(struct kb_str s, bool *out)
{
	*out = kb_str_eq(s, KB_STR("yes"));
	return *out || kb_str_eq(s, KB_STR("no"));
}

static bool
set(struct kb_rules *r, struct kb_str key, struct kb_str value,
    const char **want)
{
	uint32_t n;

	*want = "a whole number";
	if (kb_str_eq(key, KB_STR("stale_days"))) {
		if (!number(value, 100000, &n))
			return false;
		r->stale_days = (int32_t)n;
		return true;
	}
	if (kb_str_eq(key, KB_STR("thin_words")))
		return number(value, 100000, &r->thin_words);
	if (kb_str_eq(key, KB_STR("bulk_least")))
		return number(value, 1000000000, &r->bulk_least);
	*want = "a number from 1 to 100";
	if (kb_str_eq(key, KB_STR("bulk_percent")))
		return number(value, 100, &r->bulk_percent) &&
		    r->bulk_percent > 0;
	*want = "a share from 1/2 to 1, as 4/5, 0.8 or 80%";
	if (kb_str_eq(key, KB_STR("near")))
		return kb_ratio_parse(&r->near, value);
	*want = "yes or no";
	if (kb_str_eq(key, KB_STR("owner_from_author")))
		return yes_no(value, &r->owner_from_author);
	*want = "day, month or none";
	if (kb_str_eq(key, KB_STR("date_order"))) {
		r->date_order = kb_str_eq(value, KB_STR("day")) ? 'd' :
		    kb_str_eq(value, KB_STR("month")) ? 'm' : 0;
		return r->date_order != 0 || kb_str_eq(value,
		    KB_STR("none"));
	}
	*want = NULL;
	return false;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ?
	    c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 128 bits. */
static bool
set_key(struct kb_shingling *how, struct kb_str s)
{
	uint64_t key[2] = { 0, 0 };

	if (s.n != 32)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (hex_digit(s.p[i]) < 0)
			return false;
		key[i / 16] = key[i / 16] << 4 | (uint64_t)hex_digit(s.p[i]);
	}
	how->keyed = true;
	how->key[0] = key[0];
	how->key[1] = key[1];
	return true;
}

static bool
set_duplicates(struct kb_rules *r, struct kb_str key, struct kb_str value,
    const char **want)
{
	uint32_t n;

	*want = "a share from 1/2 to 1, as 4/5, 0.8 or 80%";
	if (kb_str_eq(key, KB_STR("near")))
		return kb_ratio_parse(&r->near, value);
	*want = "a share from 7/10 to 1, as 9/10, 0.9 or 90%";
	if (kb_str_eq(key, KB_STR("contained")))
		return share_from(&r->inside, value, 7, 10);
	*want = "a share, as 1/20, 0.05 or 5%";
	if (kb_str_eq(key, KB_STR("common")))
		return share(&r->common, value);
	*want = "a whole number of at least 1";
	if (kb_str_eq(key, KB_STR("contained_least")))
		return number(value, 1000000, &r->inside_least) &&
		    r->inside_least > 0;
	if (kb_str_eq(key, KB_STR("common_least")))
		return number(value, 1000000, &r->common_least) &&
		    r->common_least > 0;
	if (kb_str_eq(key, KB_STR("common_most")))
		return number(value, 1000000, &r->common_most) &&
		    r->common_most > 0;
	if (kb_str_eq(key, KB_STR("max_pairs")))
		return number(value, KB_MAX_PAIRS, &r->max_pairs) &&
		    r->max_pairs > 0;
	*want = "a number of words from 1 to 32";
	if (kb_str_eq(key, KB_STR("width"))) {
		if (!number(value, KB_SHINGLE_MAX_WIDTH, &n) || n == 0)
			return false;
		r->shingling.width = n;
		return true;
	}
	*want = "32 hexadecimal digits";
	if (kb_str_eq(key, KB_STR("key")))
		return set_key(&r->shingling, value);
	*want = NULL;
	return false;
}

/* A misspelt section would else be passed over, with all that is in it. */
static enum kb_status
check_section(const struct kb_conf_entry *e, struct kb_err *err)
{
	static const char *const known[] = {
		"rules", "duplicates", "conflicts", "competing", "extract",
		"profile", "dialect", "meta", "label", "status", "placeholder"
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		any |= kb_str_eq(e->section, kb_str_c(known[i]));
	if (!any)
		return kb_err_set(err, KB_INPUT, "%s:%u: unknown section "
		    "[%.*s]; sections are [rules], [duplicates], "
		    "[conflicts], [competing], [extract], [profile NAME], "
		    "[dialect NAME], [meta], [label], [status] and [placeholder]",
		    e->file, (unsigned)e->line, KB_FMT(e->section));
	if (e->argument.n > 0 && (kb_str_eq(e->section, KB_STR("rules")) ||
	    kb_str_eq(e->section, KB_STR("duplicates")) ||
	    kb_str_eq(e->section, KB_STR("conflicts")) ||
	    kb_str_eq(e->section, KB_STR("competing")) ||
	    kb_str_eq(e->section, KB_STR("extract"))))
		return kb_err_set(err, KB_INPUT, "%s:%u: write [%.*s] "
		    "without a name", e->file, (unsigned)e->line,
		    KB_FMT(e->section));
	return KB_OK;
}

static enum kb_status
set_extract(struct kb_settings *s, const struct kb_conf_entry *e,
    struct kb_err *err)
{
	if (!kb_str_eq(e->key, KB_STR("content")))
		return kb_err_set(err, KB_INPUT, "%s:%u: [extract] knows no "
		    "'%.*s'; it knows content", e->file, (unsigned)e->line,
		    KB_FMT(e->key));
	s->marked = kb_str_eq(e->value, KB_STR("marked"));
	if (!s->marked && !kb_str_eq(e->value, KB_STR("main")))
		return kb_err_set(err, KB_INPUT, "%s:%u: content wants main "
		    "or marked, not '%.*s'", e->file, (unsigned)e->line,
		    KB_FMT(e->value));
	return KB_OK;
}

/* [conflicts] and [competing] */
static enum kb_status
set_find(bool *find, const struct kb_conf_entry *e, struct kb_err *err)
{
	if (!kb_str_eq(e->key, KB_STR("find")))
		return kb_err_set(err, KB_INPUT, "%s:%u: [%.*s] knows no "
		    "'%.*s'; it knows find", e->file, (unsigned)e->line,
		    KB_FMT(e->section), KB_FMT(e->key));
	if (!yes_no(e->value, find))
		return kb_err_set(err, KB_INPUT, "%s:%u: find wants yes or "
		    "no, not '%.*s'", e->file, (unsigned)e->line,
		    KB_FMT(e->value));
	return KB_OK;
}

/* True also for what stands in another section. */
static bool
set_rule(struct kb_settings *s, const struct kb_conf_entry *e,
    const char **want)
{
	if (e->key.n == 0)
		return true;
	if (kb_str_eq(e->section, KB_STR("rules")))
		return set(&s->rules, e->key, e->value, want);
	if (kb_str_eq(e->section, KB_STR("duplicates")))
		return set_duplicates(&s->rules, e->key, e->value, want);
	return true;
}

static enum kb_status
refuse(const struct kb_conf_entry *e, const char *want, struct kb_err *err)
{
	if (want != NULL)
		return kb_err_set(err, KB_INPUT, "%s:%u: %.*s wants %s, not "
		    "'%.*s'", e->file, (unsigned)e->line, KB_FMT(e->key),
		    want, KB_FMT(e->value));
	return kb_err_set(err, KB_INPUT, "%s:%u: [%.*s] knows no '%.*s'; it "
	    "knows %s", e->file, (unsigned)e->line, KB_FMT(e->section),
	    KB_FMT(e->key), kb_str_eq(e->section, KB_STR("rules")) ?
	    "stale_days, thin_words, bulk_percent, bulk_least, near, "
	    "owner_from_author and date_order" : "near, contained, "
	    "contained_least, common, common_least, common_most, max_pairs, "
	    "width and key");
}

static enum kb_status
read_rules(struct kb_settings *s, struct kb_err *err)
{
	const struct kb_conf_entry *e;
	const char *want;

	for (e = s->conf.first; e != NULL; e = e->next) {
		if (e->key.n == 0 && check_section(e, err) != KB_OK)
			return KB_INPUT;
		if (e->key.n > 0 && kb_str_eq(e->section, KB_STR("extract")) &&
		    set_extract(s, e, err) != KB_OK)
			return KB_INPUT;
		if (e->key.n > 0 && kb_str_eq(e->section,
		    KB_STR("conflicts")) &&
		    set_find(&s->rules.conflicts, e, err) != KB_OK)
			return KB_INPUT;
		if (e->key.n > 0 && kb_str_eq(e->section,
		    KB_STR("competing")) &&
		    set_find(&s->rules.competing, e, err) != KB_OK)
			return KB_INPUT;
		if (set_rule(s, e, &want))
			continue;
		return refuse(e, want, err);
	}
	return KB_OK;
}

enum kb_status
kb_settings_load(struct kb_settings *s, const char *file, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	memset(s, 0, sizeof(*s));
	s->rules = defaults;
	if (file != NULL) {
		status = kb_slurp(file, MAX_CONF, &s->text, err);
		if (status == KB_OK)
			status = kb_conf_parse(&s->conf, kb_buf_str(&s->text),
			    file, &s->arena, err);
	}
	if (status == KB_OK)
		status = read_rules(s, err);
	if (status == KB_OK)
		status = kb_profiles_new(&s->profiles, &s->conf, err);
	return status;
}

void
kb_settings_release(struct kb_settings *s)
{
	kb_profiles_free(s->profiles);
	kb_buf_release(&s->text);
	kb_arena_release(&s->arena);
	memset(s, 0, sizeof(*s));
}
