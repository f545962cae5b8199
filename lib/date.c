#include "date.h"

#include <stdio.h>

#define MIN_YEAR	1900
#define MAX_YEAR	2199

static int
month_days(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 && leap ? 29 : days[m - 1];
}

bool
kb_date_valid(int32_t date)
{
	int y = date / 10000, m = date / 100 % 100, d = date % 100;

	return date > 0 && y >= MIN_YEAR && y <= MAX_YEAR && m >= 1 &&
	    m <= 12 && d >= 1 && d <= month_days(y, m);
}

/* Both after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int32_t
kb_date_days(int32_t date)
{
	int32_t y = date / 10000, m = date / 100 % 100, d = date % 100;
	int32_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int32_t
kb_date_from_days(int32_t days)
{
	int64_t z = (int64_t)days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int64_t m = mp + (mp < 10 ? 3 : -9);
	int64_t y = yoe + era * 400 + (m <= 2);

	if (y < 0 || y > 9999)
		return 0;
	return (int32_t)(y * 10000 + m * 100 + doy - (153 * mp + 2) / 5 + 1);
}

const char *
kb_date_format(int32_t date, char buf[11])
{
	unsigned u = date > 0 ? (unsigned)date : 0;

	buf[0] = '\0';
	if (u != 0 && u <= 99999999)
		snprintf(buf, 11, "%04u-%02u-%02u", u / 10000 % 10000,
		    u / 100 % 100, u % 100);
	return buf;
}

bool
kb_date_iso(int32_t *out, struct kb_str s)
{
	int32_t date = 0;

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (i == 4 || i == 7)
			continue;
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		date = date * 10 + (s.p[i] - '0');
	}
	if (!kb_date_valid(date))
		return false;
	*out = date;
	return true;
}

const char *
kb_date_result_name(enum kb_date_result result)
{
	static const char *const names[] = {
		[KB_DATE_OK] = "ok", [KB_DATE_EMPTY] = "empty",
		[KB_DATE_SENTINEL] = "sentinel",
		[KB_DATE_PARTIAL] = "partial",
		[KB_DATE_IMPOSSIBLE] = "impossible",
		[KB_DATE_AMBIGUOUS] = "ambiguous",
		[KB_DATE_UNKNOWN] = "unknown",
	};

	if ((size_t)result >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[result];
}
