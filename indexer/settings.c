#include "settings.h"

#include "slurp.h"

#define MAX_CONF	((size_t)4 * 1024 * 1024)

static const struct kb_rules defaults = {
	.stale_days = 365, .thin_words = 25, .bulk_percent = 30,
	.bulk_least = 10, .near = { 4, 5 },
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

bool
kb_ratio_parse(struct kb_ratio *out, struct kb_str s)
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
	if (r.of == 0 || r.count > r.of || r.count * 2 < r.of)
		return false;
	*out = r;
	return true;
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

/* A misspelt section would else be passed over, with all that is in it. */
static enum kb_status
check_section(const struct kb_conf_entry *e, struct kb_err *err)
{
	static const char *const known[] = {
		"rules", "extract", "profile", "dialect", "meta", "label",
		"status", "placeholder"
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		any |= kb_str_eq(e->section, kb_str_c(known[i]));
	if (!any)
		return kb_err_set(err, KB_INPUT, "%s:%u: unknown section "
		    "[%.*s]; sections are [rules], [extract], [profile "
		    "NAME], [dialect NAME], [meta], [label], [status] and "
		    "[placeholder]",
		    e->file, (unsigned)e->line, KB_FMT(e->section));
	if (e->argument.n > 0 && (kb_str_eq(e->section, KB_STR("rules")) ||
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
		if (!kb_str_eq(e->section, KB_STR("rules")) || e->key.n == 0)
			continue;
		if (set(&s->rules, e->key, e->value, &want))
			continue;
		if (want == NULL)
			return kb_err_set(err, KB_INPUT, "%s:%u: [rules] "
			    "knows no '%.*s'; it knows stale_days, "
			    "thin_words, bulk_percent, bulk_least, near, "
			    "owner_from_author and date_order", e->file,
			    (unsigned)e->line, KB_FMT(e->key));
		return kb_err_set(err, KB_INPUT, "%s:%u: %.*s wants %s, not "
		    "'%.*s'", e->file, (unsigned)e->line, KB_FMT(e->key),
		    want, KB_FMT(e->value));
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
