/*
 * date: civil dates as people and systems write them.  Offsets and times of
 * day are ignored: the date is the one that was written.
 * A date is yyyymmdd in an int32_t, 0 for "not set".
 */
#ifndef KB_LIB_DATE_H
#define KB_LIB_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "kb/str.h"

enum kb_date_result {
	KB_DATE_OK,
	KB_DATE_EMPTY,		/* nothing, or white space */
	KB_DATE_SENTINEL,	/* 0000-00-00, 0001-01-01, 1970-01-01 with
				   midnight, 2100-01-01, 9999-12-31: not set */
	KB_DATE_PARTIAL,	/* "2024", "March 2024" */
	KB_DATE_IMPOSSIBLE,	/* 2025-02-30 */
	KB_DATE_AMBIGUOUS,	/* 04/05/2025 */
	KB_DATE_UNKNOWN		/* no date that we can read */
};

/*
 * Sets *out only for KB_DATE_OK.  Read are ISO 8601 (with a time or without,
 * basic or extended, year first with - / or .), RFC 822/2822/850, "Mar 04,
 * 2024", "4 March 2024", "March 4th, 2024", day.month.year with dots (the
 * German order), numeric dates with a slash when only one order is possible
 * (25/12/2024), Unix seconds or milliseconds of 10 or 13 digits, and month
 * names of English, German, French, Spanish, Italian, Portuguese and Dutch,
 * full or abbreviated.  "order" settles 04/05/2025: 'd' day first, 'm' month
 * first, 0 ambiguous.  A date with both numbers equal (05/05/2025) is not
 * ambiguous.  Years 1900 to 2199 are possible.
 */
enum kb_date_result	kb_date_parse(int32_t *out, struct kb_str s,
			    char order);

/* "partial", "impossible", ... */
const char	*kb_date_result_name(enum kb_date_result result);

bool		 kb_date_valid(int32_t date);

/* Days since 1970-01-01 (Gregorian, proleptic); date must be valid. */
int32_t		 kb_date_days(int32_t date);
int32_t		 kb_date_from_days(int32_t days);

/* "YYYY-MM-DD" and a NUL into buf[11]; "" for 0. */
const char	*kb_date_format(int32_t date, char buf[11]);

/* Strict "YYYY-MM-DD", for options. */
bool		 kb_date_iso(int32_t *out, struct kb_str s);

#endif /* KB_LIB_DATE_H */
