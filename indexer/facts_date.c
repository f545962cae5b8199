/*
 * Facts that are dates, times of day and days of the week.  A date is known
 * as far as it was written: the year may be missing, or the day.
 */
#include "date.h"
#include "date_names.h"
#include "facts_impl.h"

/* One or two digits, or four for a year, at "at"; 0 for anything else. */
static size_t
figures(struct kb_str t, size_t at, size_t most, int *v)
{
	size_t n = 0;

	*v = 0;
	while (at + n < t.n && n < most && kb_fact_digit(t.p[at + n]))
		*v = *v * 10 + (t.p[at + n++] - '0');
	if (at + n < t.n && kb_fact_digit(t.p[at + n]))
		return 0;
	return n;
}

static size_t
year(struct kb_str t, size_t at, int *v)
{
	return figures(t, at, 4, v) == 4 && *v >= 1900 && *v < 2200 &&
	    !(at + 4 < t.n && kb_fact_letter(t.p[at + 4])) ? 4 : 0;
}

/* The year behind "Month" or "Month 4", with its comma; 0: none. */
static size_t
year_behind(struct kb_str t, size_t at, int *v)
{
	size_t k = at;

	if (k < t.n && t.p[k] == ',')
		k++;
	if (k >= t.n || t.p[k] != ' ')
		return at;
	return year(t, k + 1, v) > 0 ? k + 5 : at;
}

static size_t
ordinal(struct kb_str t, size_t at)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };

	if (at < t.n && t.p[at] == '.')
		return at + 1;
	return KB_FACT_IN(kb_fact_letters(t, at), ends) ? at + 2 : at;
}

static bool
month(struct kb_str t, size_t at, int *m, size_t *end)
{
	struct kb_str word = kb_fact_letters(t, at);
	enum kb_date_word w;

	if (word.n < 3)
		return false;
	w = kb_date_word(word, m);
	if (w != KB_DATE_MONTH && w != KB_DATE_MAR)
		return false;
	*end = at + word.n;
	if (w == KB_DATE_MAR)
		*m = 3;
	return true;
}

static bool
set_day(struct kb_fact *out, const struct kb_fact_scan *s, size_t from,
    size_t end, int y, int m, int d)
{
	*out = (struct kb_fact){ .kind = KB_FACT_DATE, .dim = 'd',
	    .start = from, .end = end };
	out->value = kb_arena_printf(s->arena, "%04d-%02d-%02d", y, m, d);
	return true;
}

/* 2026-03-04, 04.03.2026, 3/4/26. */
static bool
numeric(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t, piece;
	size_t n = at, signs = 0;
	int32_t date;

	while (n < t.n && (kb_fact_digit(t.p[n]) || ((t.p[n] == '-' ||
	    t.p[n] == '.' || t.p[n] == '/') && n + 1 < t.n &&
	    kb_fact_digit(t.p[n + 1])))) {
		signs += !kb_fact_digit(t.p[n]);
		n++;
	}
	if (signs != 2 || n - at < 6 || n - at > 10)
		return false;
	piece = kb_str(t.p + at, n - at);
	switch (kb_date_parse(&date, piece, 0)) {
	case KB_DATE_OK:
		return set_day(out, s, at, n, date / 10000, date / 100 % 100,
		    date % 100);
	case KB_DATE_AMBIGUOUS:
		set_day(out, s, at, n, 0, 0, 0);
		out->value = piece;
		return true;
	default:
		return false;
	}
}

static size_t
am_pm(struct kb_str t, size_t at, int *add)
{
	static const struct { const char *name; int add; } known[] = {
		{ "a.m", 0 }, { "p.m", 720 }, { "am", 0 }, { "pm", 720 }
	};
	size_t k = at < t.n && t.p[at] == ' ' ? at + 1 : at;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i].name);

		if (t.n - k >= n && kb_str_caseeq(kb_str(t.p + k, n),
		    kb_str_c(known[i].name)) && !(k + n < t.n &&
		    kb_fact_wordy(t.p[k + n]))) {
			*add = known[i].add;
			return k + n + (k + n < t.n && n == 3 &&
			    t.p[k + n] == '.');
		}
	}
	return 0;
}

/* 9:30, 17:00, 9 am, 9:30 p.m. */
static bool
clock_time(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t;
	int h, m = 0, add = 0;
	size_t n = figures(t, at, 2, &h), end, k;

	if (n == 0 || h > 24)
		return false;
	end = at + n;
	if (end < t.n && t.p[end] == ':') {
		if (figures(t, end + 1, 2, &m) != 2 || m > 59)
			return false;
		end += 3;
		if (end < t.n && t.p[end] == ':')
			return false;
	}
	k = am_pm(t, end, &add);
	if (k == 0 && end == at + n)
		return false;
	if (k > 0 && h > 12)
		return false;
	if (k > 0)
		h %= 12;
	*out = (struct kb_fact){ .kind = KB_FACT_DATE, .dim = 'c',
	    .start = at, .end = k > 0 ? k : end };
	out->value = kb_arena_printf(s->arena, "%d", h * 60 + m + add);
	return true;
}

/* 4 March 2026, 4th of March, 4. März. */
static bool
day_first(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t;
	int d, m, y = 0;
	size_t n = figures(t, at, 2, &d), k, end;

	if (n == 0 || d == 0 || d > 31)
		return false;
	k = ordinal(t, at + n);
	if (k >= t.n || t.p[k] != ' ')
		return false;
	k++;
	if (t.n - k > 3 && memcmp(t.p + k, "of ", 3) == 0)
		k += 3;
	if (k >= t.n || !month(t, k, &m, &end))
		return false;
	end = year_behind(t, end, &y);
	return set_day(out, s, at, end, y, m, d);
}

/* March 4, 2026; March 4th; March 2026; March. */
static bool
month_first(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t;
	int d = 0, m, y = 0, v;
	size_t end, n, k;
	bool sure;

	if (!month(t, at, &m, &end))
		return false;
	sure = end - at > 3;
	if (end < t.n && t.p[end] == ' ' && (n = year(t, end + 1, &y)) > 0)
		return set_day(out, s, at, end + 1 + n, y, m, 0);
	if (end < t.n && t.p[end] == ' ' && (n = figures(t, end + 1, 2,
	    &v)) > 0 && v > 0 && v <= 31) {
		k = ordinal(t, end + 1 + n);
		if (k == end + 1 + n + 1)	/* a full stop */
			k--;
		if (!(k < t.n && kb_fact_letter(t.p[k]))) {
			d = v;
			end = year_behind(t, k, &y);
			sure = true;
		}
	}
	/* "may", and the start of a sentence, tell nothing. */
	return sure && (d > 0 || at > 0) && set_day(out, s, at, end, y, m, d);
}

bool
kb_fact_date(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str word;
	int m;

	if (kb_fact_digit(s->t.p[at])) {
		if (at > 0 && strchr("-/.:_#", s->t.p[at - 1]) != NULL)
			return false;
		return numeric(out, s, at) || clock_time(out, s, at) ||
		    day_first(out, s, at);
	}
	if (s->t.p[at] < 'A' || s->t.p[at] > 'Z')
		return false;
	if (month_first(out, s, at))
		return true;
	word = kb_fact_letters(s->t, at);
	if (word.n < 6 || kb_date_word(word, &m) != KB_DATE_WEEKDAY)
		return false;
	*out = (struct kb_fact){ .kind = KB_FACT_DATE, .dim = 'w',
	    .start = at, .end = at + word.n };
	out->value = kb_fact_fold(s->arena, word);
	return true;
}
