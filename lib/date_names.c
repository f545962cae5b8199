#include "date_names.h"

#include <stdlib.h>

#define LONGEST	15

struct name {
	const char		*word;
	enum kb_date_word	 kind;
	int			 month;
};

/* In strcmp's order: it is searched in halves. */
static const struct name names[] = {
	{ "a", KB_DATE_FILLER, 0 },
	{ "abr", KB_DATE_MONTH, 4 },
	{ "abril", KB_DATE_MONTH, 4 },
	{ "acst", KB_DATE_ZONE, 0 },
	{ "aedt", KB_DATE_ZONE, 0 },
	{ "aest", KB_DATE_ZONE, 0 },
	{ "ago", KB_DATE_MONTH, 8 },
	{ "agosto", KB_DATE_MONTH, 8 },
	{ "akdt", KB_DATE_ZONE, 0 },
	{ "akst", KB_DATE_ZONE, 0 },
	{ "alle", KB_DATE_FILLER, 0 },
	{ "am", KB_DATE_AMPM, 0 },
	{ "aout", KB_DATE_MONTH, 8 },
	{ "apr", KB_DATE_MONTH, 4 },
	{ "april", KB_DATE_MONTH, 4 },
	{ "aprile", KB_DATE_MONTH, 4 },
	{ "as", KB_DATE_FILLER, 0 },
	{ "at", KB_DATE_FILLER, 0 },
	{ "aug", KB_DATE_MONTH, 8 },
	{ "august", KB_DATE_MONTH, 8 },
	{ "augustus", KB_DATE_MONTH, 8 },
	{ "avr", KB_DATE_MONTH, 4 },
	{ "avril", KB_DATE_MONTH, 4 },
	{ "brt", KB_DATE_ZONE, 0 },
	{ "bst", KB_DATE_ZONE, 0 },
	{ "cdt", KB_DATE_ZONE, 0 },
	{ "cest", KB_DATE_ZONE, 0 },
	{ "cet", KB_DATE_ZONE, 0 },
	{ "cst", KB_DATE_ZONE, 0 },
	{ "de", KB_DATE_FILLER, 0 },
	{ "dec", KB_DATE_MONTH, 12 },
	{ "december", KB_DATE_MONTH, 12 },
	{ "decembre", KB_DATE_MONTH, 12 },
	{ "del", KB_DATE_FILLER, 0 },
	{ "den", KB_DATE_FILLER, 0 },
	{ "der", KB_DATE_FILLER, 0 },
	{ "dez", KB_DATE_MONTH, 12 },
	{ "dezember", KB_DATE_MONTH, 12 },
	{ "dezembro", KB_DATE_MONTH, 12 },
	{ "di", KB_DATE_WEEKDAY, 0 },
	{ "dic", KB_DATE_MONTH, 12 },
	{ "dicembre", KB_DATE_MONTH, 12 },
	{ "diciembre", KB_DATE_MONTH, 12 },
	{ "dienstag", KB_DATE_WEEKDAY, 0 },
	{ "dim", KB_DATE_WEEKDAY, 0 },
	{ "dimanche", KB_DATE_WEEKDAY, 0 },
	{ "dinsdag", KB_DATE_WEEKDAY, 0 },
	{ "do", KB_DATE_WEEKDAY, 0 },
	{ "dom", KB_DATE_WEEKDAY, 0 },
	{ "domenica", KB_DATE_WEEKDAY, 0 },
	{ "domingo", KB_DATE_WEEKDAY, 0 },
	{ "donderdag", KB_DATE_WEEKDAY, 0 },
	{ "donnerstag", KB_DATE_WEEKDAY, 0 },
	{ "du", KB_DATE_FILLER, 0 },
	{ "eat", KB_DATE_ZONE, 0 },
	{ "edt", KB_DATE_ZONE, 0 },
	{ "eest", KB_DATE_ZONE, 0 },
	{ "eet", KB_DATE_ZONE, 0 },
	{ "el", KB_DATE_FILLER, 0 },
	{ "ene", KB_DATE_MONTH, 1 },
	{ "enero", KB_DATE_MONTH, 1 },
	{ "er", KB_DATE_FILLER, 0 },
	{ "est", KB_DATE_ZONE, 0 },
	{ "feb", KB_DATE_MONTH, 2 },
	{ "febbraio", KB_DATE_MONTH, 2 },
	{ "feber", KB_DATE_MONTH, 2 },
	{ "febr", KB_DATE_MONTH, 2 },
	{ "febrero", KB_DATE_MONTH, 2 },
	{ "februar", KB_DATE_MONTH, 2 },
	{ "februari", KB_DATE_MONTH, 2 },
	{ "february", KB_DATE_MONTH, 2 },
	{ "feira", KB_DATE_WEEKDAY, 0 },
	{ "fev", KB_DATE_MONTH, 2 },
	{ "fevereiro", KB_DATE_MONTH, 2 },
	{ "fevr", KB_DATE_MONTH, 2 },
	{ "fevrier", KB_DATE_MONTH, 2 },
	{ "fr", KB_DATE_WEEKDAY, 0 },
	{ "freitag", KB_DATE_WEEKDAY, 0 },
	{ "fri", KB_DATE_WEEKDAY, 0 },
	{ "friday", KB_DATE_WEEKDAY, 0 },
	{ "gen", KB_DATE_MONTH, 1 },
	{ "gennaio", KB_DATE_MONTH, 1 },
	{ "gio", KB_DATE_WEEKDAY, 0 },
	{ "giovedi", KB_DATE_WEEKDAY, 0 },
	{ "giu", KB_DATE_MONTH, 6 },
	{ "giugno", KB_DATE_MONTH, 6 },
	{ "gmt", KB_DATE_ZONE, 0 },
	{ "h", KB_DATE_H, 0 },
	{ "hkt", KB_DATE_ZONE, 0 },
	{ "hst", KB_DATE_ZONE, 0 },
	{ "il", KB_DATE_FILLER, 0 },
	{ "ist", KB_DATE_ZONE, 0 },
	{ "jaenner", KB_DATE_MONTH, 1 },
	{ "jan", KB_DATE_MONTH, 1 },
	{ "janeiro", KB_DATE_MONTH, 1 },
	{ "janner", KB_DATE_MONTH, 1 },
	{ "januar", KB_DATE_MONTH, 1 },
	{ "januari", KB_DATE_MONTH, 1 },
	{ "january", KB_DATE_MONTH, 1 },
	{ "janv", KB_DATE_MONTH, 1 },
	{ "janvier", KB_DATE_MONTH, 1 },
	{ "jeu", KB_DATE_WEEKDAY, 0 },
	{ "jeudi", KB_DATE_WEEKDAY, 0 },
	{ "jst", KB_DATE_ZONE, 0 },
	{ "jue", KB_DATE_WEEKDAY, 0 },
	{ "jueves", KB_DATE_WEEKDAY, 0 },
	{ "juil", KB_DATE_MONTH, 7 },
	{ "juillet", KB_DATE_MONTH, 7 },
	{ "juin", KB_DATE_MONTH, 6 },
	{ "jul", KB_DATE_MONTH, 7 },
	{ "julho", KB_DATE_MONTH, 7 },
	{ "juli", KB_DATE_MONTH, 7 },
	{ "julio", KB_DATE_MONTH, 7 },
	{ "july", KB_DATE_MONTH, 7 },
	{ "jun", KB_DATE_MONTH, 6 },
	{ "june", KB_DATE_MONTH, 6 },
	{ "junho", KB_DATE_MONTH, 6 },
	{ "juni", KB_DATE_MONTH, 6 },
	{ "junio", KB_DATE_MONTH, 6 },
	{ "kst", KB_DATE_ZONE, 0 },
	{ "la", KB_DATE_FILLER, 0 },
	{ "le", KB_DATE_FILLER, 0 },
	{ "lug", KB_DATE_MONTH, 7 },
	{ "luglio", KB_DATE_MONTH, 7 },
	{ "lun", KB_DATE_WEEKDAY, 0 },
	{ "lundi", KB_DATE_WEEKDAY, 0 },
	{ "lunedi", KB_DATE_WEEKDAY, 0 },
	{ "lunes", KB_DATE_WEEKDAY, 0 },
	{ "ma", KB_DATE_WEEKDAY, 0 },
	{ "maandag", KB_DATE_WEEKDAY, 0 },
	{ "maart", KB_DATE_MONTH, 3 },
	{ "maerz", KB_DATE_MONTH, 3 },
	{ "mag", KB_DATE_MONTH, 5 },
	{ "maggio", KB_DATE_MONTH, 5 },
	{ "mai", KB_DATE_MONTH, 5 },
	{ "maio", KB_DATE_MONTH, 5 },
	{ "mar", KB_DATE_MAR, 3 },
	{ "march", KB_DATE_MONTH, 3 },
	{ "marco", KB_DATE_MONTH, 3 },
	{ "mardi", KB_DATE_WEEKDAY, 0 },
	{ "mars", KB_DATE_MONTH, 3 },
	{ "martedi", KB_DATE_WEEKDAY, 0 },
	{ "martes", KB_DATE_WEEKDAY, 0 },
	{ "marz", KB_DATE_MONTH, 3 },
	{ "marzo", KB_DATE_MONTH, 3 },
	{ "may", KB_DATE_MONTH, 5 },
	{ "mayo", KB_DATE_MONTH, 5 },
	{ "mdt", KB_DATE_ZONE, 0 },
	{ "mei", KB_DATE_MONTH, 5 },
	{ "mer", KB_DATE_WEEKDAY, 0 },
	{ "mercoledi", KB_DATE_WEEKDAY, 0 },
	{ "mercredi", KB_DATE_WEEKDAY, 0 },
	{ "mesz", KB_DATE_ZONE, 0 },
	{ "mez", KB_DATE_ZONE, 0 },
	{ "mi", KB_DATE_WEEKDAY, 0 },
	{ "mie", KB_DATE_WEEKDAY, 0 },
	{ "miercoles", KB_DATE_WEEKDAY, 0 },
	{ "mittwoch", KB_DATE_WEEKDAY, 0 },
	{ "mo", KB_DATE_WEEKDAY, 0 },
	{ "mon", KB_DATE_WEEKDAY, 0 },
	{ "monday", KB_DATE_WEEKDAY, 0 },
	{ "montag", KB_DATE_WEEKDAY, 0 },
	{ "mrt", KB_DATE_MONTH, 3 },
	{ "mrz", KB_DATE_MONTH, 3 },
	{ "msk", KB_DATE_ZONE, 0 },
	{ "mst", KB_DATE_ZONE, 0 },
	{ "nd", KB_DATE_FILLER, 0 },
	{ "nov", KB_DATE_MONTH, 11 },
	{ "november", KB_DATE_MONTH, 11 },
	{ "novembre", KB_DATE_MONTH, 11 },
	{ "novembro", KB_DATE_MONTH, 11 },
	{ "noviembre", KB_DATE_MONTH, 11 },
	{ "nzdt", KB_DATE_ZONE, 0 },
	{ "nzst", KB_DATE_ZONE, 0 },
	{ "o", KB_DATE_FILLER, 0 },
	{ "oct", KB_DATE_MONTH, 10 },
	{ "october", KB_DATE_MONTH, 10 },
	{ "octobre", KB_DATE_MONTH, 10 },
	{ "octubre", KB_DATE_MONTH, 10 },
	{ "of", KB_DATE_FILLER, 0 },
	{ "okt", KB_DATE_MONTH, 10 },
	{ "oktober", KB_DATE_MONTH, 10 },
	{ "om", KB_DATE_FILLER, 0 },
	{ "on", KB_DATE_FILLER, 0 },
	{ "op", KB_DATE_FILLER, 0 },
	{ "ott", KB_DATE_MONTH, 10 },
	{ "ottobre", KB_DATE_MONTH, 10 },
	{ "out", KB_DATE_MONTH, 10 },
	{ "outubro", KB_DATE_MONTH, 10 },
	{ "pdt", KB_DATE_ZONE, 0 },
	{ "pm", KB_DATE_AMPM, 0 },
	{ "pst", KB_DATE_ZONE, 0 },
	{ "qua", KB_DATE_WEEKDAY, 0 },
	{ "quarta", KB_DATE_WEEKDAY, 0 },
	{ "qui", KB_DATE_WEEKDAY, 0 },
	{ "quinta", KB_DATE_WEEKDAY, 0 },
	{ "rd", KB_DATE_FILLER, 0 },
	{ "sa", KB_DATE_WEEKDAY, 0 },
	{ "sab", KB_DATE_WEEKDAY, 0 },
	{ "sabado", KB_DATE_WEEKDAY, 0 },
	{ "sabato", KB_DATE_WEEKDAY, 0 },
	{ "sam", KB_DATE_WEEKDAY, 0 },
	{ "samedi", KB_DATE_WEEKDAY, 0 },
	{ "samstag", KB_DATE_WEEKDAY, 0 },
	{ "sast", KB_DATE_ZONE, 0 },
	{ "sat", KB_DATE_WEEKDAY, 0 },
	{ "saturday", KB_DATE_WEEKDAY, 0 },
	{ "seg", KB_DATE_WEEKDAY, 0 },
	{ "segunda", KB_DATE_WEEKDAY, 0 },
	{ "sep", KB_DATE_MONTH, 9 },
	{ "sept", KB_DATE_MONTH, 9 },
	{ "september", KB_DATE_MONTH, 9 },
	{ "septembre", KB_DATE_MONTH, 9 },
	{ "septiembre", KB_DATE_MONTH, 9 },
	{ "set", KB_DATE_MONTH, 9 },
	{ "setembro", KB_DATE_MONTH, 9 },
	{ "setiembre", KB_DATE_MONTH, 9 },
	{ "sett", KB_DATE_MONTH, 9 },
	{ "settembre", KB_DATE_MONTH, 9 },
	{ "sex", KB_DATE_WEEKDAY, 0 },
	{ "sexta", KB_DATE_WEEKDAY, 0 },
	{ "sgt", KB_DATE_ZONE, 0 },
	{ "so", KB_DATE_WEEKDAY, 0 },
	{ "sonnabend", KB_DATE_WEEKDAY, 0 },
	{ "sonntag", KB_DATE_WEEKDAY, 0 },
	{ "st", KB_DATE_FILLER, 0 },
	{ "sun", KB_DATE_WEEKDAY, 0 },
	{ "sunday", KB_DATE_WEEKDAY, 0 },
	{ "t", KB_DATE_T, 0 },
	{ "ter", KB_DATE_WEEKDAY, 0 },
	{ "terca", KB_DATE_WEEKDAY, 0 },
	{ "th", KB_DATE_FILLER, 0 },
	{ "the", KB_DATE_FILLER, 0 },
	{ "thu", KB_DATE_WEEKDAY, 0 },
	{ "thur", KB_DATE_WEEKDAY, 0 },
	{ "thurs", KB_DATE_WEEKDAY, 0 },
	{ "thursday", KB_DATE_WEEKDAY, 0 },
	{ "tue", KB_DATE_WEEKDAY, 0 },
	{ "tues", KB_DATE_WEEKDAY, 0 },
	{ "tuesday", KB_DATE_WEEKDAY, 0 },
	{ "uhr", KB_DATE_UHR, 0 },
	{ "um", KB_DATE_FILLER, 0 },
	{ "ut", KB_DATE_ZONE, 0 },
	{ "utc", KB_DATE_ZONE, 0 },
	{ "ven", KB_DATE_WEEKDAY, 0 },
	{ "vendredi", KB_DATE_WEEKDAY, 0 },
	{ "venerdi", KB_DATE_WEEKDAY, 0 },
	{ "vie", KB_DATE_WEEKDAY, 0 },
	{ "viernes", KB_DATE_WEEKDAY, 0 },
	{ "vr", KB_DATE_WEEKDAY, 0 },
	{ "vrijdag", KB_DATE_WEEKDAY, 0 },
	{ "wat", KB_DATE_ZONE, 0 },
	{ "wed", KB_DATE_WEEKDAY, 0 },
	{ "wednesday", KB_DATE_WEEKDAY, 0 },
	{ "west", KB_DATE_ZONE, 0 },
	{ "wet", KB_DATE_ZONE, 0 },
	{ "wib", KB_DATE_ZONE, 0 },
	{ "wo", KB_DATE_WEEKDAY, 0 },
	{ "woensdag", KB_DATE_WEEKDAY, 0 },
	{ "z", KB_DATE_ZONE, 0 },
	{ "za", KB_DATE_WEEKDAY, 0 },
	{ "zaterdag", KB_DATE_WEEKDAY, 0 },
	{ "zo", KB_DATE_WEEKDAY, 0 },
	{ "zondag", KB_DATE_WEEKDAY, 0 },
};

/*
 * The letters of ISO 8859-1 that carry an accent, from U+00E0 on, without
 * it; '*' for those that are no accented letter.
 */
static const char plain[] = "aaaaaa*ceeeeiiii*nooooo*ouuuuy*y";

/* Two bytes at p, of lead byte 0xc3: the letter without its accent. */
static char
fold_latin1(unsigned char second)
{
	if (second >= 0x80 && second <= 0x9e && second != 0x97)
		second += 0x20;
	return second >= 0xa0 && second <= 0xbf ? plain[second - 0xa0] : '*';
}

/* False for a word that is too long or has letters of other scripts. */
static bool
fold(struct kb_str s, char out[LONGEST + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		unsigned char d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

		if (c == 0xcc || c == 0xcd) {	/* a combining accent */
			i++;
			continue;
		}
		if (c == 0xc2 && (d == 0xaa || d == 0xba)) {
			i++;			/* ordinal signs */
			continue;
		}
		if (c == 0xc3) {
			c = (unsigned char)fold_latin1(d);
			i++;
		} else if (c >= 'A' && c <= 'Z') {
			c += 32;
		}
		if (c >= 0x80 || n == LONGEST)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return true;
}

static int
compare(const void *key, const void *entry)
{
	return strcmp(key, ((const struct name *)entry)->word);
}

enum kb_date_word
kb_date_word(struct kb_str word, int *month)
{
	char folded[LONGEST + 1];
	const struct name *hit;

	if (!fold(word, folded))
		return KB_DATE_OTHER;
	if (folded[0] == '\0')
		return KB_DATE_FILLER;	/* an ordinal sign alone */
	hit = bsearch(folded, names, sizeof(names) / sizeof(names[0]),
	    sizeof(names[0]), compare);
	if (hit == NULL)
		return KB_DATE_OTHER;
	*month = hit->month;
	return hit->kind;
}
