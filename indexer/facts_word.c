/*
 * The words that matter to facts and masks, in one table: each word of each
 * sentence is asked for.
 */
#include <pthread.h>

#include "facts_impl.h"
#include "hash.h"
#include "terms.h"

#define SLOTS	1024		/* more than twice as many as words */
#define LONGEST	12		/* bytes of a word */

struct slot {
	struct kb_str	word;	/* empty: free */
	const char	*rest;
	unsigned	 what;
};

static struct slot slots[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static struct slot *
find(struct kb_str word)
{
	size_t i = (size_t)kb_hash64(word, 0) % SLOTS;

	while (slots[i].word.n > 0 && !kb_str_eq(slots[i].word, word))
		i = (i + 1) % SLOTS;
	return &slots[i];
}

static void
put(struct kb_str word, unsigned what)
{
	struct slot *s = find(word);

	s->word = word;
	s->what |= what;
}

static void
put_all(struct kb_str words, unsigned what)
{
	struct kb_str word;

	while (kb_str_split(&words, ' ', &word))
		if (word.n > 0 && word.n <= LONGEST)
			put(word, what);
}

static void
fill(void)
{
	static const struct { const char *from, *rest; } joined[] = {
		{ "cannot", "can" }, { "cant", "can" }, { "wont", "will" },
		{ "isnt", "is" }, { "arent", "are" }, { "wasnt", "was" },
		{ "shouldnt", "should" }, { "mustnt", "must" },
		{ "hasnt", "has" }, { "havent", "have" },
		{ "couldnt", "could" }, { "wouldnt", "would" }
	};

	put_all(kb_stop_words("en"), KB_FACT_EMPTY);
	put_all(kb_stop_words("de"), KB_FACT_EMPTY);
	put_all(KB_STR("can will shall may must should please also then now "
	    "it its you your we our us they them their this that these those "
	    "there here as so if than"), KB_FACT_EMPTY);
	put_all(KB_STR("a an the any"), KB_FACT_ARTICLE);
	put_all(KB_STR("do does did"), KB_FACT_HELPER);
	put_all(KB_STR("one an a"), KB_FACT_ONE);
	put_all(KB_STR("not never no dont doesnt didnt nicht kein keine "
	    "keinen nie niemals jamais"), KB_FACT_DENIES);
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++) {
		put(kb_str_c(joined[i].from), KB_FACT_DENIES);
		find(kb_str_c(joined[i].from))->rest = joined[i].rest;
	}
	kb_fact_each_unit(put, KB_FACT_UNIT);
	kb_fact_each_number(put, KB_FACT_COUNT);
}

unsigned
kb_fact_word(struct kb_str norm, struct kb_str *rest)
{
	const struct slot *s;

	if (rest != NULL)
		*rest = kb_str(NULL, 0);
	if (norm.n == 0 || norm.n > LONGEST)
		return 0;
	pthread_once(&once, fill);
	s = find(norm);
	if (rest != NULL && s->rest != NULL)
		*rest = kb_str_c(s->rest);
	return s->what;
}

unsigned
kb_fact_word_any(struct kb_str word)
{
	char norm[LONGEST];

	if (word.n > LONGEST)
		return 0;
	for (size_t i = 0; i < word.n; i++)
		norm[i] = (char)(word.p[i] >= 'A' && word.p[i] <= 'Z' ?
		    word.p[i] + 32 : word.p[i]);
	return kb_fact_word(kb_str(norm, word.n), NULL);
}
