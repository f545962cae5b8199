/*
 * date_names: the words that may stand in a date, in English, German,
 * French, Spanish, Italian, Portuguese and Dutch.  Used by date.c only.
 */
#ifndef KB_LIB_DATE_NAMES_H
#define KB_LIB_DATE_NAMES_H

#include "kb/str.h"

enum kb_date_word {
	KB_DATE_OTHER,		/* none of the words we know */
	KB_DATE_MONTH,
	KB_DATE_MAR,		/* March, or Tuesday in French and Spanish */
	KB_DATE_WEEKDAY,
	KB_DATE_FILLER,		/* "of", "den", "th" */
	KB_DATE_AMPM,
	KB_DATE_UHR,		/* behind a time: "10.15 Uhr" */
	KB_DATE_H,		/* within a time: "10h15" */
	KB_DATE_T,		/* ISO 8601's, between date and time */
	KB_DATE_ZONE
};

/*
 * What a word means, without regard to case and accents; *month is set to 1
 * to 12 for a month's name.
 */
enum kb_date_word	kb_date_word(struct kb_str word, int *month);

#endif /* KB_LIB_DATE_NAMES_H */
