/*
 * facts: what a sentence states that can be compared by its value: numbers
 * with their units, versions, ports, paths, commands, addresses, menu paths,
 * dates, and whether it denies.  Pure text: a sentence in, its facts out.
 *   Left alone, so that they count as words: what names a place in a text or
 * a thing ("section 4.2", "error 4005", "step 3"), what belongs to a name
 * ("A4", "IPv6"), a version that says what the sentence is about ("on macOS
 * 13"), and everything in a sentence behind "for example" and its like.
 *   With its facts taken out a sentence is masked: two sentences of one mask
 * say the same about other values.
 * Used by conflict.
 */
#ifndef KB_INDEXER_FACTS_H
#define KB_INDEXER_FACTS_H

#include <stdint.h>

#include "arena.h"
#include "kb/status.h"

#define KB_FACTS_MAX	24	/* a sentence with more is a list of data */

enum kb_fact_kind {
	KB_FACT_NUMBER,
	KB_FACT_VERSION,
	KB_FACT_PORT,
	KB_FACT_PATH,
	KB_FACT_COMMAND,	/* options and keys */
	KB_FACT_URL,		/* and hosts, and addresses of mail */
	KB_FACT_MENU,
	KB_FACT_DATE,		/* and times of day, days of the week */
	KB_FACT_NEGATION
};

struct kb_fact {
	enum kb_fact_kind kind;
	char		 dim;		/* what it measures: 't' time (in ms),
					   'm' months, 'b' bytes, 'l' metres,
					   'g' grams, 'h' hertz, '%', '$' money,
					   'd' a day, 'c' time of day, 'w' a
					   day of the week, 0 anything else */
	size_t		 start, end;	/* in the sentence */
	struct kb_str	 value;		/* normalised: equal if the same */
	struct kb_str	 alt;		/* as "value", with KB as 1,024 bytes;
					   empty: there is but one reading */
};

struct kb_facts {
	struct kb_fact	v[KB_FACTS_MAX];	/* in order, not touching */
	size_t		n;			/* without negations */
	struct kb_fact	no;			/* the first negation */
	size_t		denials;		/* how many there are */
	bool		more;			/* than fit */
	uint64_t	mask;			/* hash of what is left */
	size_t		words;			/* in the mask */
	size_t		content;		/* of these, words that carry
						   meaning */
};

/*
 * The facts of one sentence; "comma": 1,5 is one and a half, not 1.5 (it is
 * otherwise where only that can be meant).  Values live in "arena" or borrow
 * from the sentence.  KB_NOMEM.
 */
enum kb_status	kb_facts_find(struct kb_facts *out, struct kb_str sentence,
		    bool comma, struct kb_arena *arena, struct kb_err *err);

/* The same value, in whatever units. */
bool		kb_fact_same(const struct kb_fact *a,
		    const struct kb_fact *b);

/*
 * True if bytes [at, end) are the number of a name ("Windows 11", "version
 * 3"), which is no fact by itself; *name gets where that begins.  Not so for
 * the parts of a text: "Step 4".
 */
bool		kb_facts_named(struct kb_str sentence, size_t at, size_t end,
		    size_t *name);

/* "number", "version", "port", ... */
const char	*kb_fact_kind_name(enum kb_fact_kind kind);

/* True if a language writes 1,5 for one and a half: "de", "fr-CA", ... */
bool		kb_facts_comma(struct kb_str lang);

/* True for words without meaning of their own: "the", "of", "und". */
bool		kb_facts_empty_word(struct kb_str norm);

#endif /* KB_INDEXER_FACTS_H */
