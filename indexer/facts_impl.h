/*
 * facts_impl: what the recognisers of facts share.  Each looks at one place
 * of a sentence, where a token begins, and takes what it knows there.
 * Private to facts*.c.
 */
#ifndef KB_INDEXER_FACTS_IMPL_H
#define KB_INDEXER_FACTS_IMPL_H

#include "facts.h"

struct kb_fact_scan {
	struct kb_str	 t;		/* the sentence */
	struct kb_arena	*arena;
	bool		 comma;
	struct kb_str	 last, before;	/* the two words before this place,
					   as they stand */
	size_t		 last_at;	/* where "last" begins */
	bool		 joined;	/* "last" ends right here, or before one
					   sign */
	bool		 joints;	/* the sentence has a sign that may
					   part the steps of a menu */
	bool		 pieces;	/* that is in each path and address */
	bool		 keys;		/* that joins keys */
	bool		 plain;		/* none of any kind: words alone */
};

/*
 * True if a fact begins at "at": *out is filled in, with its end.  "at" is
 * where a word or a sign begins, never inside of a word.
 */
bool	kb_fact_menu(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);
bool	kb_fact_url(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);
bool	kb_fact_path(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);
bool	kb_fact_command(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);
bool	kb_fact_date(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);
bool	kb_fact_number(struct kb_fact *out, const struct kb_fact_scan *s,
	    size_t at);

/*
 * A number as a value: "mantissa" over ten to the power of "scale", times
 * "by".  Empty when it does not fit into 64 bits.
 */
struct kb_str	kb_fact_decimal(struct kb_arena *arena, uint64_t mantissa,
		    unsigned scale, uint64_t by);

/* A unit at the start of "s"; *n gets its bytes. */
struct kb_fact_unit {
	const char	*name;
	char		 dim;
	uint64_t	 by, alt;	/* of the smallest; alt 0: as "by" */
};
const struct kb_fact_unit *kb_fact_unit(struct kb_str s, size_t *n);

/* A number in words, in English: "twelve"; *n gets its bytes. */
bool	kb_fact_number_word(struct kb_str s, size_t *n, uint64_t *value);

/*
 * What a word in normal form does in a mask: a set of bits.  *rest (may be
 * NULL) is what is left of a word that denies: "can" of "cant", else empty.
 */
enum {
	KB_FACT_DENIES = 1,
	KB_FACT_ARTICLE = 2,	/* an edit adds and removes these without a
				   change of meaning */
	KB_FACT_HELPER = 4,	/* does, did */
	KB_FACT_EMPTY = 8,	/* without a meaning of its own */
	KB_FACT_UNIT = 16,	/* a unit's name */
	KB_FACT_COUNT = 32,	/* a number in words */
	KB_FACT_ONE = 64	/* one before a unit */
};
unsigned	kb_fact_word(struct kb_str norm, struct kb_str *rest);
unsigned	kb_fact_word_any(struct kb_str word);	/* in any case */

/* All units' names, and all numbers in words. */
void		kb_fact_each_unit(void (*put)(struct kb_str, unsigned),
		    unsigned what);
void		kb_fact_each_number(void (*put)(struct kb_str, unsigned),
		    unsigned what);

/* Bytes of the sign of a currency that begins at "at"; 0: none does. */
size_t		kb_fact_money(struct kb_str t, size_t at);

struct kb_str	kb_fact_fold(struct kb_arena *arena, struct kb_str s);
bool		kb_fact_in(struct kb_str word, const char *const *list,
		    size_t n);

static inline bool
kb_fact_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
kb_fact_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

static inline bool
kb_fact_wordy(char c)
{
	return kb_fact_letter(c) || kb_fact_digit(c);
}

/* The letters (and bytes beyond ASCII) at "at". */
static inline struct kb_str
kb_fact_letters(struct kb_str t, size_t at)
{
	size_t n = 0;

	while (at + n < t.n && kb_fact_letter(t.p[at + n]))
		n++;
	return kb_str(t.p + at, n);
}

#define KB_FACT_IN(word, list)						\
	kb_fact_in((word), (list), sizeof(list) / sizeof((list)[0]))

#endif /* KB_INDEXER_FACTS_IMPL_H */
