#include "date.h"

#include "date_names.h"

#define MAX_TOKENS	32
#define MAX_LENGTH	128	/* longer text is no date */
#define MIN_YEAR	1900
#define MAX_YEAR	2199
#define PIVOT		70	/* 69 is 2069, 70 is 1970 */

enum token_kind { NUMBER, WORD, MARK, TAKEN };

struct token {
	enum token_kind	 kind;
	bool		 gap;		/* white space stood before it */
	char		 mark;
	int		 digits;
	int64_t		 value;
	enum kb_date_word word;
	int		 month;		/* of a month's name, from 1 */
};

/* What was found so far: the tokens, then the numbers that may be a date. */
struct scan {
	struct token	 v[MAX_TOKENS];
	int		 n;
	int		 num[3];	/* indices of the numbers left */
	char		 sep[2];	/* 0: none, '?': several */
	int		 nnum, month;
	bool		 weekday;
	bool		 clock;		/* a time of day other than midnight */
};

static int32_t
join(int64_t y, int64_t m, int64_t d)
{
	return (int32_t)(y * 10000 + m * 100 + d);
}

/* ---- from bytes to tokens ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

static size_t
space_at(struct kb_str s, size_t i)
{
	if (s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r'))
		return 1;
	if (s.n - i >= 2 && memcmp(s.p + i, "\xc2\xa0", 2) == 0)
		return 2;
	/* U+202F: what ICU puts before AM and PM */
	if (s.n - i >= 3 && memcmp(s.p + i, "\xe2\x80\xaf", 3) == 0)
		return 3;
	return 0;
}

static size_t
scan_number(struct kb_str s, size_t i, struct token *t)
{
	size_t k = i;

	t->kind = NUMBER;
	for (; k < s.n && is_digit(s.p[k]); k++)
		if (k - i < 18)
			t->value = t->value * 10 + (s.p[k] - '0');
	t->digits = (int)(k - i);
	return k;
}

static size_t
scan_word(struct kb_str s, size_t i, struct token *t)
{
	size_t k = i;

	t->kind = WORD;
	while (k < s.n && is_word_byte(s.p[k]) && space_at(s, k) == 0)
		k++;
	t->word = kb_date_word(kb_str(s.p + i, k - i), &t->month);
	return k;
}

static bool
tokenize(struct scan *sc, struct kb_str s)
{
	size_t i = 0, k;
	bool gap = false;

	while (i < s.n && s.p[i] != '(' && s.p[i] != '[') {
		struct token t = { .gap = gap };

		if ((k = space_at(s, i)) > 0) {
			gap = true;
			i += k;
			continue;
		}
		if (is_digit(s.p[i])) {
			i = scan_number(s, i, &t);
		} else if (is_word_byte(s.p[i])) {
			i = scan_word(s, i, &t);
		} else if (memchr("-/.,:+", s.p[i], 6) != NULL) {
			t.kind = MARK;
			t.mark = s.p[i++];
		} else {
			return false;
		}
		if (sc->n == MAX_TOKENS || t.digits > 18)
			return false;
		sc->v[sc->n++] = t;
		gap = false;
	}
	return true;
}

/* ---- times of day: found, looked at and taken away ---- */

static bool
is_mark(const struct scan *sc, int i, char mark)
{
	return i < sc->n && sc->v[i].kind == MARK && sc->v[i].mark == mark;
}

static bool
is_number(const struct scan *sc, int i, int min, int max)
{
	return i < sc->n && sc->v[i].kind == NUMBER &&
	    sc->v[i].digits >= min && sc->v[i].digits <= max;
}

static bool
is_word(const struct scan *sc, int i, enum kb_date_word word)
{
	return i < sc->n && sc->v[i].kind == WORD && sc->v[i].word == word;
}

static void
take(struct scan *sc, int from, int to)
{
	for (int i = from; i < to; i++) {
		if (sc->v[i].kind == NUMBER && sc->v[i].value != 0)
			sc->clock = true;
		sc->v[i].kind = TAKEN;
	}
}

/* "+01:00", "-0500", "Z", "GMT+0100", "CET" behind a time. */
static int
skip_zone(struct scan *sc, int i)
{
	if (is_word(sc, i, KB_DATE_ZONE))
		sc->v[i++].kind = TAKEN;
	if ((is_mark(sc, i, '+') || is_mark(sc, i, '-')) &&
	    (is_number(sc, i + 1, 2, 2) || is_number(sc, i + 1, 4, 4)) &&
	    !sc->v[i + 1].gap) {
		int end = i + 2;

		if (is_mark(sc, end, ':') && is_number(sc, end + 1, 2, 2))
			end += 2;
		for (; i < end; i++)
			sc->v[i].kind = TAKEN;
	}
	return i;
}

/* The end of a time that begins at token i, or i. */
static int
time_end(const struct scan *sc, int i)
{
	int k = i;

	if (is_number(sc, k, 1, 2) && is_mark(sc, k + 1, ':') &&
	    is_number(sc, k + 2, 2, 2)) {
		k += 3;
		if (is_mark(sc, k, ':') && is_number(sc, k + 1, 2, 2))
			k += 2;
	} else if (k > 0 && is_word(sc, k - 1, KB_DATE_T) &&
	    (is_number(sc, k, 2, 2) || is_number(sc, k, 4, 4) ||
	    is_number(sc, k, 6, 6))) {
		k++;
	} else if (is_number(sc, k, 1, 2) && is_mark(sc, k + 1, '.') &&
	    is_number(sc, k + 2, 2, 2) && is_word(sc, k + 3, KB_DATE_UHR)) {
		return k + 3;
	} else if (is_number(sc, k, 1, 2) && is_word(sc, k + 1, KB_DATE_H)) {
		return k + (is_number(sc, k + 2, 2, 2) ? 3 : 2);
	} else if (is_number(sc, k, 1, 2) && (is_word(sc, k + 1,
	    KB_DATE_UHR) || is_word(sc, k + 1, KB_DATE_AMPM))) {
		return k + 1;
	} else {
		return i;
	}
	if ((is_mark(sc, k, '.') || is_mark(sc, k, ',')) &&
	    is_number(sc, k + 1, 1, 9) && !sc->v[k + 1].gap)
		k += 2;
	return k;
}

static void
take_times(struct scan *sc)
{
	for (int i = 0; i < sc->n; i++) {
		int end = time_end(sc, i);

		if (end == i)
			continue;
		take(sc, i, end);
		if (is_word(sc, end, KB_DATE_AMPM)) {
			/* 12 AM is the only twelve that is midnight */
			sc->clock = true;
			sc->v[end++].kind = TAKEN;
		} else if (is_word(sc, end, KB_DATE_UHR)) {
			sc->v[end++].kind = TAKEN;
		}
		i = skip_zone(sc, end) - 1;
		return;
	}
}

/* ---- what is left must be a date ---- */

static bool
note_mark(struct scan *sc, const struct token *t)
{
	int gap = sc->nnum - 1;

	if (t->mark == ':' || t->mark == '+' || gap < 0)
		return false;
	if (gap < 2)
		sc->sep[gap] = sc->sep[gap] == 0 ? t->mark : '?';
	return true;
}

/* Before a number or a time nothing but a comma or a hyphen is a mark. */
static bool
mark_may_lead(const struct scan *sc, int i)
{
	const struct token *t = &sc->v[i];

	return sc->nnum == 0 && t->mark != ':' && t->mark != '+' &&
	    (sc->month != 0 || sc->weekday || (i > 0 &&
	    sc->v[i - 1].kind == TAKEN));
}

/* "mar" is Tuesday too, in French and Spanish: when a month follows. */
static bool
is_tuesday(const struct scan *sc, int i)
{
	if (i != 0 || !is_word(sc, i, KB_DATE_MAR))
		return false;
	for (i++; i < sc->n; i++)
		if (is_word(sc, i, KB_DATE_MONTH) || is_word(sc, i,
		    KB_DATE_MAR))
			return true;
	return false;
}

static bool
note_word(struct scan *sc, int i)
{
	const struct token *t = &sc->v[i];

	if (t->word == KB_DATE_WEEKDAY || is_tuesday(sc, i)) {
		sc->weekday = true;
		return true;
	}
	if (t->word != KB_DATE_MONTH && t->word != KB_DATE_MAR)
		return t->word != KB_DATE_OTHER;
	if (sc->month != 0)
		return false;
	sc->month = t->month;
	return true;
}

static bool
gather(struct scan *sc)
{
	for (int i = 0; i < sc->n; i++) {
		const struct token *t = &sc->v[i];

		if (t->kind == NUMBER) {
			if (sc->nnum == 3)
				return false;
			sc->num[sc->nnum++] = i;
		} else if (t->kind == MARK) {
			if (!note_mark(sc, t) && !mark_may_lead(sc, i))
				return false;
		} else if (t->kind == WORD && !note_word(sc, i)) {
			return false;
		}
	}
	return true;
}

static enum kb_date_result
settle(int32_t *out, const struct scan *sc, int64_t y, int64_t m, int64_t d)
{
	int32_t date = join(y, m, d);

	if (date == 0 || date == 10101 || date == 21000101 ||
	    date == 99991231 || (date == 19700101 && !sc->clock))
		return KB_DATE_SENTINEL;
	if (!kb_date_valid(date))
		return KB_DATE_IMPOSSIBLE;
	*out = date;
	return KB_DATE_OK;
}

static const struct token *
number(const struct scan *sc, int i)
{
	return &sc->v[sc->num[i]];
}

static bool
is_year(const struct token *t)
{
	return t->digits == 4;
}

static enum kb_date_result
with_month(int32_t *out, const struct scan *sc)
{
	const struct token *a = number(sc, 0), *b = number(sc, 1);

	if (sc->nnum == 1)
		return is_year(a) || a->digits <= 2 ? KB_DATE_PARTIAL :
		    KB_DATE_UNKNOWN;
	if (sc->nnum != 2)
		return KB_DATE_UNKNOWN;
	if (is_year(a) && b->digits <= 2)
		return settle(out, sc, a->value, sc->month, b->value);
	if (is_year(b) && a->digits <= 2)
		return settle(out, sc, b->value, sc->month, a->value);
	if (a->digits > 2 || b->digits != 2)
		return KB_DATE_UNKNOWN;
	/* RFC 822 and 850: two digits, behind a weekday or with hyphens */
	if (sc->weekday || sc->sep[0] == '?')
		return settle(out, sc, b->value + (b->value < PIVOT ? 2000 :
		    1900), sc->month, a->value);
	return KB_DATE_AMBIGUOUS;
}

/* 25/12/2024: two numbers whose order must be told. */
static enum kb_date_result
year_last(int32_t *out, const struct scan *sc, char order)
{
	int64_t a = number(sc, 0)->value, b = number(sc, 1)->value;
	int64_t y = number(sc, 2)->value;
	bool day_first = b <= 12 && kb_date_valid(join(y, b, a));
	bool month_first = a <= 12 && kb_date_valid(join(y, a, b));

	if (sc->sep[0] == '.' || a == b)
		return settle(out, sc, y, b, a);
	/* 01/01 is dealt with, so only 31/12/9999 is a sentinel here */
	if (!day_first && month_first)
		return settle(out, sc, y, a, b);
	if (day_first == month_first && order == 'm')
		return settle(out, sc, y, a, b);
	if (day_first == month_first && day_first && order != 'd')
		return KB_DATE_AMBIGUOUS;
	if (!day_first && a == 12 && b == 31)
		return settle(out, sc, y, a, b);
	return settle(out, sc, y, b, a);
}

static enum kb_date_result
one_number(int32_t *out, const struct scan *sc)
{
	const struct token *t = number(sc, 0);
	int64_t v = t->value, y;

	if ((t->digits == 10 || t->digits == 13) && sc->n == 1) {
		struct scan at = { .clock = false };
		int64_t seconds = t->digits == 13 ? v / 1000 : v;
		int32_t date = kb_date_from_days((int32_t)(seconds / 86400));

		return settle(out, &at, date / 10000, date / 100 % 100,
		    date % 100);
	}
	if (t->digits == 4)
		return v >= MIN_YEAR && v <= MAX_YEAR ? KB_DATE_PARTIAL :
		    KB_DATE_UNKNOWN;
	if (t->digits == 6)
		return v / 100 >= MIN_YEAR && v / 100 <= MAX_YEAR &&
		    v % 100 >= 1 && v % 100 <= 12 ? KB_DATE_PARTIAL :
		    KB_DATE_UNKNOWN;
	for (int d = t->digits; d > 8; d -= 2)
		v /= 100;
	if (t->digits != 8 && t->digits != 12 && t->digits != 14)
		return KB_DATE_UNKNOWN;
	y = v / 10000;
	if (v != 0 && v != 10101 && v != 99991231 &&
	    (y < MIN_YEAR || y > MAX_YEAR))
		return KB_DATE_UNKNOWN;	/* a number, not a date */
	return settle(out, sc, y, v / 100 % 100, v % 100);
}

static enum kb_date_result
two_numbers(const struct scan *sc)
{
	const struct token *y = number(sc, 0), *m = number(sc, 1);

	if (is_year(m)) {
		const struct token *swap = y;

		y = m;
		m = swap;
	}
	if (!is_year(y) || m->digits > 2 || sc->sep[0] == 0 ||
	    sc->sep[0] == '?' || sc->sep[0] == ',')
		return KB_DATE_UNKNOWN;
	return m->value >= 1 && m->value <= 12 ? KB_DATE_PARTIAL :
	    KB_DATE_IMPOSSIBLE;
}

static enum kb_date_result
three_numbers(int32_t *out, const struct scan *sc, char order)
{
	const struct token *a = number(sc, 0), *b = number(sc, 1);
	const struct token *c = number(sc, 2);
	char sep = sc->sep[0];

	if (sep != sc->sep[1] || (sep != '-' && sep != '/' && sep != '.'))
		return KB_DATE_UNKNOWN;
	if (is_year(a) && b->digits <= 2 && c->digits <= 2)
		return settle(out, sc, a->value, b->value, c->value);
	if (a->digits > 2 || b->digits > 2)
		return KB_DATE_UNKNOWN;
	if (is_year(c))
		return year_last(out, sc, order);
	/* 04/05/06: which one is the year?  1.2.3 is a version. */
	if (c->digits == 2 && (sep != '.' || a->digits + b->digits == 4))
		return KB_DATE_AMBIGUOUS;
	return KB_DATE_UNKNOWN;
}

enum kb_date_result
kb_date_parse(int32_t *out, struct kb_str s, char order)
{
	struct scan sc = { .n = 0 };

	s = kb_str_trim(s);
	if (s.n == 0)
		return KB_DATE_EMPTY;
	if (s.n > MAX_LENGTH || !tokenize(&sc, s))
		return KB_DATE_UNKNOWN;
	take_times(&sc);
	if (!gather(&sc))
		return KB_DATE_UNKNOWN;
	if (sc.nnum == 0)
		return KB_DATE_UNKNOWN;
	if (sc.month != 0)
		return with_month(out, &sc);
	if (sc.nnum == 1)
		return one_number(out, &sc);
	if (sc.nnum == 2)
		return two_numbers(&sc);
	return three_numbers(out, &sc, order);
}
