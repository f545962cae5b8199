/*
 * Facts that begin with a number: quantities, ports, versions.
 */
#include <inttypes.h>

#include "facts_impl.h"

/* Behind these a number is a name. */
static bool
is_label(struct kb_str word)
{
	static const char *const labels[] = {
		"section", "sections", "chapter", "step", "steps", "page",
		"pages", "figure", "fig", "table", "example", "examples",
		"appendix", "article", "ticket", "case", "bug", "issue",
		"error", "errors", "code", "codes", "exit", "event", "rfc",
		"iso", "id", "kb", "no", "nr", "number", "note", "rule",
		"room", "part", "item", "line", "lines", "option", "level",
		"layer", "type", "class", "task", "exercise", "lesson",
		"question", "cve", "build", "status", "abschnitt", "schritt",
		"seite", "kapitel", "tabelle", "bild", "fehler", "section",
		"figure", "page", "chapitre", "form", "phase", "stage",
		"tier", "sprint", "volume", "slide", "tab", "bit", "scenario",
		"annex", "illustration", "equation", "listing", "footnote"
	};

	return KB_FACT_IN(word, labels);
}

static bool
is_version_word(struct kb_str word)
{
	static const char *const words[] = {
		"version", "versions", "release", "releases", "v", "ver"
	};

	return KB_FACT_IN(word, words);
}

/* A version behind these says what a sentence is about. */
static bool
is_condition(struct kb_str word)
{
	static const char *const words[] = {
		"on", "for", "in", "with", "under", "from", "using",
		"running", "since", "if", "when", "until", "unter", "auf",
		"bei", "ab", "mit", "sur", "avec", "dans", "en", "con"
	};

	return KB_FACT_IN(word, words);
}

struct kb_str
kb_fact_decimal(struct kb_arena *arena, uint64_t mantissa, unsigned scale,
    uint64_t by)
{
	uint64_t power = 1, v;

	while (scale > 0 && mantissa % 10 == 0) {
		mantissa /= 10;
		scale--;
	}
	if (by != 0 && mantissa > UINT64_MAX / by)
		return kb_str(NULL, 0);
	v = mantissa * by;
	while (scale > 0 && v % 10 == 0) {
		v /= 10;
		scale--;
	}
	if (scale > 12)
		return kb_str(NULL, 0);
	for (unsigned i = 0; i < scale; i++)
		power *= 10;
	if (scale == 0)
		return kb_arena_printf(arena, "%" PRIu64, v);
	return kb_arena_printf(arena, "%" PRIu64 ".%0*" PRIu64, v / power,
	    (int)scale, v % power);
}

/* What stands there: digits, with points and commas between digits. */
struct figures {
	size_t		n;		/* bytes */
	size_t		points, commas;
	size_t		last;		/* digits behind the last sign */
	bool		threes;		/* all groups behind signs have three */
	size_t		first;		/* digits before the first sign */
};

static struct figures
look(struct kb_str t, size_t at)
{
	struct figures f = { .threes = true };
	size_t i = at, run = 0;

	for (; i < t.n; i++) {
		char c = t.p[i];

		if (kb_fact_digit(c)) {
			run++;
			continue;
		}
		if ((c != '.' && c != ',') || i + 1 >= t.n ||
		    !kb_fact_digit(t.p[i + 1]))
			break;
		if (f.points + f.commas == 0)
			f.first = run;
		else
			f.threes &= run == 3;
		f.points += c == '.';
		f.commas += c == ',';
		run = 0;
	}
	if (f.points + f.commas > 0)
		f.threes &= run == 3;
	f.last = run;
	f.n = i - at;
	return f;
}

/*
 * Which sign is the decimal one: 0 for none.  One sign and three digits is
 * read as the language has it.
 */
static char
decimal_sign(const struct figures *f, struct kb_str num, bool comma)
{
	char last;

	if (f->points + f->commas == 0)
		return 0;
	last = num.p[num.n - f->last - 1];
	if (f->points > 0 && f->commas > 0)
		return last;
	if (f->points + f->commas > 1)
		return 0;
	if (f->last == 3 && f->first <= 3 && num.p[0] != '0')
		return (last == ',') == comma ? last : 0;
	return last;
}

static bool
read_figures(struct kb_str num, char sign, uint64_t *mantissa,
    unsigned *scale)
{
	bool behind = false;

	*mantissa = 0;
	*scale = 0;
	for (size_t i = 0; i < num.n; i++) {
		if (!kb_fact_digit(num.p[i])) {
			behind |= num.p[i] == sign;
			continue;
		}
		if (*mantissa > UINT64_MAX / 10 - 10)
			return false;
		*mantissa = *mantissa * 10 + (uint64_t)(num.p[i] - '0');
		*scale += behind;
	}
	return true;
}

/* Where a unit may begin behind a number that ends at "at". */
static size_t
over_gap(struct kb_str t, size_t at)
{
	if (at < t.n && (t.p[at] == ' ' || t.p[at] == '-'))
		return at + 1;
	if (t.n - at >= 2 && memcmp(t.p + at, "\xc2\xa0", 2) == 0)
		return at + 2;
	if (t.n - at >= 3 && (memcmp(t.p + at, "\xe2\x80\xaf", 3) == 0 ||
	    memcmp(t.p + at, "\xe2\x80\x89", 3) == 0 ||
	    memcmp(t.p + at, "\xe2\x80\x91", 3) == 0))
		return at + 3;
	return at;
}

/* The unit of a number that ends at out->end; dim, values and end. */
static bool
take_quantity(struct kb_fact *out, const struct kb_fact_scan *s,
    uint64_t mantissa, unsigned scale)
{
	const struct kb_fact_unit *u = NULL;
	struct kb_str t = s->t;
	size_t at = out->end, gap = over_gap(t, at), n = 0;
	uint64_t by = 1, alt = 0;

	if (at < t.n && t.p[at] == '%') {
		out->dim = '%';
		out->end = at + 1;
	} else if (gap < t.n && t.p[gap] == '%') {
		out->dim = '%';
		out->end = gap + 1;
	} else if (gap < t.n && (u = kb_fact_unit(kb_str(t.p + gap, t.n -
	    gap), &n)) != NULL) {
		out->dim = u->dim;
		out->end = gap + n;
		by = u->by;
		alt = u->alt;
	} else if (at < t.n && kb_fact_letter(t.p[at])) {
		return false;	/* "4K", "802.11ac": a name */
	}
	out->value = kb_fact_decimal(s->arena, mantissa, scale, by);
	if (alt != 0)
		out->alt = kb_fact_decimal(s->arena, mantissa, scale, alt);
	return out->value.n > 0;
}

static bool
is_port(const struct kb_fact_scan *s, const struct kb_fact *f)
{
	static const char *const words[] = { "port", "ports", "tcp", "udp" };
	struct kb_str next = { NULL, 0 };
	size_t at = over_gap(s->t, f->end);

	if (KB_FACT_IN(s->last, words))
		return true;
	if ((kb_str_caseeq(s->last, KB_STR("and")) ||
	    kb_str_caseeq(s->last, KB_STR("or"))) &&
	    KB_FACT_IN(s->before, words))
		return true;
	if (at > f->end && at < s->t.n)
		next = kb_fact_letters(s->t, at);
	if (f->start > 0 && s->t.p[f->start - 1] == ':' && s->joined)
		return true;
	return kb_str_caseeq(next, KB_STR("tcp")) ||
	    kb_str_caseeq(next, KB_STR("udp"));
}

static bool
is_name(struct kb_str word)
{
	static const char *const not[] = {
		"The", "A", "An", "In", "At", "On", "By", "For", "To", "Of",
		"And", "Or", "If", "Is", "Are", "Be", "Up", "Use", "Set",
		"About", "After", "Before", "Within", "Wait", "Choose",
		"Select", "Enter", "Add", "Only", "All", "Each", "Every",
		"Than", "Over", "Under", "From", "Between", "Allow"
	};

	if (word.n < 2)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (word.p[i] >= 'A' && word.p[i] <= 'Z')
			return !KB_FACT_IN(word, not);
	return false;
}

/* "v2.1", "14.6.1", "version 3", "macOS 14.6". */
static bool
take_version(struct kb_fact *out, const struct kb_fact_scan *s,
    const struct figures *f, struct kb_str num)
{
	bool word = is_version_word(s->last);

	if (f->commas > 0 || !(word || (f->points > 1 && !(f->threes &&
	    s->comma)) || (f->points == 1 && is_name(s->last))))
		return false;
	out->kind = KB_FACT_VERSION;
	while (num.n > 2 && num.p[num.n - 1] == '0' &&
	    num.p[num.n - 2] == '.')
		num.n -= 2;
	out->value = kb_arena_copy(s->arena, num);
	return true;
}

static const struct { const char *sign; char dim; } signs[] = {
	{ "$", '$' }, { "\xe2\x82\xac", 'e' }, { "\xc2\xa3", 'p' },
	{ "\xc2\xa5", 'y' }
};

size_t
kb_fact_money(struct kb_str t, size_t at)
{
	/* Nothing else begins one, and each word is asked for it. */
	if (t.p[at] != '$' && t.p[at] != '\xe2' && t.p[at] != '\xc2')
		return 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t n = strlen(signs[i].sign);

		if (t.n - at >= n && memcmp(t.p + at, signs[i].sign, n) == 0)
			return n;
	}
	return 0;
}

static bool
is_money(const struct kb_fact_scan *s, size_t at, char *dim)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t n = strlen(signs[i].sign);

		if (at >= n && memcmp(s->t.p + at - n, signs[i].sign, n) ==
		    0) {
			*dim = signs[i].dim;
			return true;
		}
	}
	return false;
}

/* Numbers that are names, places in a list, or parts of something. */
static bool
is_bare(const struct kb_fact_scan *s, size_t at, size_t end)
{
	char before = at > 0 ? s->t.p[at - 1] : ' ';
	char behind = end < s->t.n ? s->t.p[end] : ' ';

	if (is_label(s->last) || (s->last.n > 0 && is_label(s->before) &&
	    kb_fact_digit(s->last.p[0])) ||
	    strchr("#[_/\\@&~^*=<>{", before) != NULL ||
	    strchr("]_/\\@^*=<>{", behind) != NULL)
		return false;
	/* "1)" and "2." at the start; "x-1", "A-4": a name. */
	if (at == 0 && (behind == ')' || behind == '.' || behind == ':'))
		return false;
	if ((before == '-' || before == '.' || before == ',' ||
	    before == '\'') && at > 1 && kb_fact_wordy(s->t.p[at - 2]) &&
	    !kb_fact_digit(s->t.p[at - 2]))
		return false;
	if (behind == '-' && end + 1 < s->t.n && s->t.p[end + 1] >= 'A' &&
	    s->t.p[end + 1] <= 'Z')
		return false;
	return true;
}

static bool
digits(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct figures f = look(s->t, at);
	struct kb_str num = { s->t.p + at, f.n };
	uint64_t mantissa;
	unsigned scale;
	char sign, money = 0;
	bool condition;

	*out = (struct kb_fact){ .kind = KB_FACT_NUMBER, .start = at,
	    .end = at + f.n };
	if (!is_bare(s, at, at + f.n))
		return false;
	condition = is_condition(s->before) || is_condition(s->last);
	if (take_version(out, s, &f, num))
		return !condition && !(out->end < s->t.n &&
		    kb_fact_letter(s->t.p[out->end]));
	sign = decimal_sign(&f, num, s->comma);
	if (!read_figures(num, sign, &mantissa, &scale))
		return false;
	if (f.points + f.commas == 0 && mantissa > 0 && mantissa < 65536 &&
	    is_port(s, out) && !(out->end < s->t.n &&
	    kb_fact_letter(s->t.p[out->end]))) {
		out->kind = KB_FACT_PORT;
		out->value = kb_fact_decimal(s->arena, mantissa, 0, 1);
		return true;
	}
	/* "Windows 11", "Office 2019": part of a name. */
	if (f.points + f.commas == 0 && is_name(s->last) && s->last_at > 0 &&
	    !is_money(s, at, &money) && (out->end == s->t.n ||
	    kb_fact_unit(kb_str(s->t.p + over_gap(s->t, out->end), s->t.n -
	    over_gap(s->t, out->end)), &(size_t){ 0 }) == NULL))
		return false;
	if (!take_quantity(out, s, mantissa, scale))
		return false;
	if (out->dim == 0 && is_money(s, at, &money)) {
		out->dim = money;
		out->start -= money == '$' ? 1 : money == 'e' ? 3 : 2;
	}
	return true;
}

bool
kb_facts_named(struct kb_str t, size_t at, size_t end, size_t *name)
{
	size_t from = at;
	struct kb_str word;

	if (at < 2 || t.p[at - 1] != ' ' || (end < t.n &&
	    (kb_fact_wordy(t.p[end]) || strchr("]_/\\@^*=<>{-:", t.p[end]) !=
	    NULL)))
		return false;
	for (from = at - 1; from > 0 && kb_fact_wordy(t.p[from - 1]); from--)
		continue;
	word = kb_str(t.p + from, at - 1 - from);
	*name = from;
	return !is_label(word) && (is_name(word) || is_version_word(word));
}

bool
kb_fact_number(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t, rest = { t.p + at, t.n - at }, word;
	uint64_t v;
	size_t n;

	if (kb_fact_digit(t.p[at]))
		return digits(out, s, at);
	if ((t.p[at] == 'v' || t.p[at] == 'V') && rest.n > 1 &&
	    kb_fact_digit(t.p[at + 1])) {
		struct kb_fact_scan behind = *s;

		behind.before = s->last;
		behind.last = KB_STR("v");
		if (!digits(out, &behind, at + 1))
			return false;
		out->start = at;
		return true;
	}
	/* Two to ninety, one and a: nothing else is looked up. */
	if (t.p[at] <= ' ' || strchr("tfsenoaTFSENOA", t.p[at]) == NULL)
		return false;
	*out = (struct kb_fact){ .kind = KB_FACT_NUMBER, .start = at };
	if (kb_fact_number_word(rest, &n, &v)) {
		out->end = at + n;
		return !is_label(s->last) && take_quantity(out, s, v, 0);
	}
	/* "an hour" is one; "one of them" is no number. */
	word = kb_fact_letters(t, at);
	if (!kb_str_caseeq(word, KB_STR("one")) && !kb_str_caseeq(word,
	    KB_STR("an")) && !kb_str_caseeq(word, KB_STR("a")))
		return false;
	out->end = at + word.n;
	return take_quantity(out, s, 1, 0) && (out->dim == 't' ||
	    out->dim == 'm') && out->end > at + word.n + 2;
}
