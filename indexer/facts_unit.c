/*
 * Units that convert into one another without a remainder, and numbers in
 * words.  Bytes have two readings (1 KB is 1,000 or 1,024 bytes): a fact
 * differs only if it does so in both.
 */
#include "facts_impl.h"

#define MIN	((uint64_t)60000)
#define HOUR	((uint64_t)3600000)
#define DAY	((uint64_t)86400000)
#define K2	((uint64_t)1024)

static const struct kb_fact_unit units[] = {
	{ "ms", 't', 1, 0 }, { "msec", 't', 1, 0 },
	{ "millisecond", 't', 1, 0 }, { "milliseconds", 't', 1, 0 },
	{ "s", 't', 1000, 0 }, { "sec", 't', 1000, 0 },
	{ "secs", 't', 1000, 0 }, { "second", 't', 1000, 0 },
	{ "seconds", 't', 1000, 0 }, { "sekunden", 't', 1000, 0 },
	{ "sekunde", 't', 1000, 0 }, { "secondes", 't', 1000, 0 },
	{ "segundos", 't', 1000, 0 },
	{ "min", 't', MIN, 0 }, { "mins", 't', MIN, 0 },
	{ "minute", 't', MIN, 0 }, { "minutes", 't', MIN, 0 },
	{ "minuten", 't', MIN, 0 }, { "minutos", 't', MIN, 0 },
	{ "h", 't', HOUR, 0 }, { "hr", 't', HOUR, 0 },
	{ "hrs", 't', HOUR, 0 }, { "hour", 't', HOUR, 0 },
	{ "hours", 't', HOUR, 0 }, { "stunde", 't', HOUR, 0 },
	{ "stunden", 't', HOUR, 0 }, { "heure", 't', HOUR, 0 },
	{ "heures", 't', HOUR, 0 }, { "horas", 't', HOUR, 0 },
	{ "day", 't', DAY, 0 }, { "days", 't', DAY, 0 },
	{ "tag", 't', DAY, 0 }, { "tage", 't', DAY, 0 },
	{ "tagen", 't', DAY, 0 }, { "jour", 't', DAY, 0 },
	{ "jours", 't', DAY, 0 },
	{ "week", 't', 7 * DAY, 0 }, { "weeks", 't', 7 * DAY, 0 },
	{ "woche", 't', 7 * DAY, 0 }, { "wochen", 't', 7 * DAY, 0 },
	{ "semaine", 't', 7 * DAY, 0 }, { "semaines", 't', 7 * DAY, 0 },
	{ "semanas", 't', 7 * DAY, 0 },
	{ "month", 'm', 1, 0 }, { "months", 'm', 1, 0 },
	{ "monat", 'm', 1, 0 }, { "monate", 'm', 1, 0 },
	{ "monaten", 'm', 1, 0 }, { "mois", 'm', 1, 0 },
	{ "meses", 'm', 1, 0 },
	{ "quarter", 'm', 3, 0 }, { "quarters", 'm', 3, 0 },
	{ "year", 'm', 12, 0 }, { "years", 'm', 12, 0 },
	{ "yr", 'm', 12, 0 }, { "yrs", 'm', 12, 0 },
	{ "jahr", 'm', 12, 0 }, { "jahre", 'm', 12, 0 },
	{ "jahren", 'm', 12, 0 }, { "ans", 'm', 12, 0 },
	{ "byte", 'b', 1, 0 }, { "bytes", 'b', 1, 0 },
	{ "kb", 'b', 1000, K2 }, { "kilobyte", 'b', 1000, K2 },
	{ "kilobytes", 'b', 1000, K2 }, { "kib", 'b', K2, 0 },
	{ "mb", 'b', 1000000, K2 * K2 },
	{ "megabyte", 'b', 1000000, K2 * K2 },
	{ "megabytes", 'b', 1000000, K2 * K2 }, { "mib", 'b', K2 * K2, 0 },
	{ "gb", 'b', 1000000000, K2 * K2 * K2 },
	{ "gigabyte", 'b', 1000000000, K2 * K2 * K2 },
	{ "gigabytes", 'b', 1000000000, K2 * K2 * K2 },
	{ "gib", 'b', K2 * K2 * K2, 0 },
	{ "tb", 'b', 1000000000000, K2 * K2 * K2 * K2 },
	{ "terabyte", 'b', 1000000000000, K2 * K2 * K2 * K2 },
	{ "terabytes", 'b', 1000000000000, K2 * K2 * K2 * K2 },
	{ "tib", 'b', K2 * K2 * K2 * K2, 0 },
	{ "mm", 'l', 1, 0 }, { "cm", 'l', 10, 0 }, { "m", 'l', 1000, 0 },
	{ "metre", 'l', 1000, 0 }, { "metres", 'l', 1000, 0 },
	{ "meter", 'l', 1000, 0 }, { "meters", 'l', 1000, 0 },
	{ "km", 'l', 1000000, 0 },
	{ "mg", 'g', 1, 0 }, { "kg", 'g', 1000000, 0 },
	{ "hz", 'h', 1, 0 }, { "khz", 'h', 1000, 0 },
	{ "mhz", 'h', 1000000, 0 }, { "ghz", 'h', 1000000000, 0 },
	{ "percent", '%', 1, 0 }, { "prozent", '%', 1, 0 },
	{ "dpi", 'i', 1, 0 },
	{ "dollar", '$', 1, 0 }, { "dollars", '$', 1, 0 },
	{ "usd", '$', 1, 0 }, { "euro", 'e', 1, 0 }, { "euros", 'e', 1, 0 },
	{ "eur", 'e', 1, 0 }, { "pound", 'p', 1, 0 }, { "pounds", 'p', 1, 0 },
	{ "gbp", 'p', 1, 0 }
};

static const struct {
	const char	*name;
	uint64_t	 value;
} numbers[] = {
	{ "two", 2 }, { "three", 3 }, { "four", 4 }, { "five", 5 },
	{ "six", 6 }, { "seven", 7 }, { "eight", 8 }, { "nine", 9 },
	{ "ten", 10 }, { "eleven", 11 }, { "twelve", 12 }, { "thirteen", 13 },
	{ "fourteen", 14 }, { "fifteen", 15 }, { "sixteen", 16 },
	{ "seventeen", 17 }, { "eighteen", 18 }, { "nineteen", 19 },
	{ "twenty", 20 }, { "thirty", 30 }, { "forty", 40 }, { "fifty", 50 },
	{ "sixty", 60 }, { "seventy", 70 }, { "eighty", 80 }, { "ninety", 90 }
};

void
kb_fact_each_unit(void (*put)(struct kb_str, unsigned), unsigned what)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		put(kb_str_c(units[i].name), what);
}

void
kb_fact_each_number(void (*put)(struct kb_str, unsigned), unsigned what)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		put(kb_str_c(numbers[i].name), what);
}

bool
kb_fact_in(struct kb_str word, const char *const *list, size_t n)
{
	if (word.n == 0)
		return false;
	/* First letters part nearly all: this is asked of every word. */
	for (size_t i = 0; i < n; i++)
		if ((list[i][0] | 32) == (word.p[0] | 32) &&
		    kb_str_caseeq(word, kb_str_c(list[i])))
			return true;
	return false;
}

const struct kb_fact_unit *
kb_fact_unit(struct kb_str s, size_t *n)
{
	struct kb_str word = kb_fact_letters(s, 0);

	if (word.n == 0 || (s.n > word.n && kb_fact_digit(s.p[word.n])))
		return NULL;
	/* "5 M" is no length, and "5 H" no time. */
	if (word.n == 1 && word.p[0] < 'a')
		return NULL;
	if ((kb_fact_word_any(word) & KB_FACT_UNIT) == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].name[0] == (word.p[0] | 32) &&
		    kb_str_caseeq(word, kb_str_c(units[i].name))) {
			*n = word.n;
			return &units[i];
		}
	return NULL;
}

static uint64_t
number_word(struct kb_str word)
{
	if ((kb_fact_word_any(word) & KB_FACT_COUNT) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].name[0] == (word.p[0] | 32) &&
		    kb_str_caseeq(word, kb_str_c(numbers[i].name)))
			return numbers[i].value;
	return 0;
}

bool
kb_fact_number_word(struct kb_str s, size_t *n, uint64_t *value)
{
	struct kb_str word = kb_fact_letters(s, 0), more;
	uint64_t v = number_word(word), ones;

	if (v == 0 || (s.n > word.n && kb_fact_digit(s.p[word.n])))
		return false;
	*n = word.n;
	*value = v;
	if (v < 20 || v % 10 != 0 || s.n <= word.n + 1 ||
	    (s.p[word.n] != '-' && s.p[word.n] != ' '))
		return true;
	more = kb_fact_letters(s, word.n + 1);
	ones = kb_str_caseeq(more, KB_STR("one")) ? 1 : number_word(more);
	if (ones > 0 && ones < 10) {
		*value = v + ones;
		*n = word.n + 1 + more.n;
	}
	return true;
}
