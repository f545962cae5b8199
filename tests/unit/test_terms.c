#include "test.h"

#include "chance.h"
#include "terms.h"
#include "utf8.h"

static struct kb_stemmers *stemmers;

static struct kb_str
stems(const char *key, struct kb_str text)
{
	static struct kb_buf b;

	kb_buf_clear(&b);
	CHECK_INT(kb_terms_add(stemmers, key, text, &b, NULL, NULL), KB_OK);
	return kb_buf_str(&b);
}

static struct kb_str
surface(struct kb_str text)
{
	static struct kb_buf b;

	kb_buf_clear(&b);
	CHECK_INT(kb_terms_add(stemmers, "en", text, NULL, &b, NULL), KB_OK);
	return kb_buf_str(&b);
}

#define STEMS(key, text, want)	CHECK_STR(stems(key, KB_STR(text)), want)

static void
test_terms__are_stems_of_their_language(void)
{
	STEMS("en", "Printers printing printed", "printer print print");
	STEMS("en", "policies", "polici");
	STEMS("de", "Drucker druckt gedruckten", "druck druckt gedruckt");
	STEMS("fr", "imprimantes imprimer", "imprim imprim");
	STEMS("es", "impresoras impresora", "impresor impresor");
}

static void
test_terms__marks_go_after_stemming(void)
{
	STEMS("en", "caf\xc3\xa9", "cafe");
	STEMS("de", "K\xc3\xbc" "hlung", "kuhlung");
	/* With the accent gone first the stemmer would keep the ending. */
	STEMS("fr", "s\xc3\xa9" "curis\xc3\xa9" "es securisees",
	    "securis securise");
	STEMS("es", "configuraci\xc3\xb3n", "configur");
	CHECK_STR(surface(KB_STR("Caf\xc3\xa9s")), "cafes");
	/* No mark: a letter of its own. */
	CHECK_STR(surface(KB_STR("\xc3\x98re \xc5\x82")),
	    "\xc3\xb8re \xc5\x82");
}

/*
 * Stems are remembered by word and language: what was asked before must not
 * show.
 */
static void
test_terms__do_not_depend_on_what_was_stemmed_before(void)
{
	static const char *const keys[] = { "en", "de", "fr", "xx" };
	struct kb_stemmers *fresh = NULL;
	struct kb_word w = { .start = 0 };
	struct kb_term a, b;

	for (int i = 0; i < 20000; i++) {
		const char *key = keys[chance_below(4)];

		/* Few letters, many words, some longer than is kept. */
		w.n = 1 + chance_below(4) + (chance_below(8) == 0 ?
		    chance_below(40) : 0);
		for (size_t k = 0; k < w.n; k++)
			w.norm[k] = "aeinsxdy"[chance_below(8)];
		CHECK_INT(kb_term_stem(stemmers, key, &w, &a, NULL), KB_OK);
		if (i % 8 != 0)
			continue;
		CHECK_INT(kb_stemmers_new(&fresh, NULL), KB_OK);
		CHECK_INT(kb_term_stem(fresh, key, &w, &b, NULL), KB_OK);
		CHECK(kb_str_eq(kb_str(a.p, a.n), kb_str(b.p, b.n)));
		kb_stemmers_free(fresh);
	}
}

static void
test_terms__an_unknown_language_is_not_stemmed(void)
{
	STEMS("xx", "Printers caf\xc3\xa9s", "printers cafes");
	STEMS("zz", "Printers", "printers");
	STEMS("xx", "\xe6\x89\x93\xe5\x8d\xb0\xe6\x9c\xba",
	    "\xe6\x89\x93\xe5\x8d\xb0 \xe5\x8d\xb0\xe6\x9c\xba");
}

static void
test_terms__a_language_tag_has_a_key(void)
{
	static const struct {
		const char	*tag, *key;
	} v[] = {
		{ "", "en" }, { "en", "en" }, { "EN", "en" },
		{ "en-GB", "en" }, { "de_AT", "de" }, { "De-latn-DE", "de" },
		{ "nb", "no" }, { "nn-NO", "no" }, { "zh-CN", "xx" },
		{ "eng", "xx" }, { "e", "xx" }, { "english", "xx" },
		{ "\xc3\xa9", "xx" }, { "-en", "xx" },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		char key[3] = "??";

		kb_lang_key(kb_str_c(v[i].tag), key);
		CHECK_STR(kb_str_c(key), v[i].key);
	}
}

static void
test_terms__every_language_with_a_key_has_a_stemmer(void)
{
	char tag[3] = "", key[3];
	size_t n = 0;

	for (tag[0] = 'a'; tag[0] <= 'z'; tag[0]++)
		for (tag[1] = 'a'; tag[1] <= 'z'; tag[1]++) {
			kb_lang_key(kb_str_c(tag), key);
			if (strcmp(key, "xx") == 0)
				continue;
			CHECK(stems(key, KB_STR("word")).n > 0);
			n++;
		}
	CHECK_INT(n, 30);
}

static void
test_terms__names_with_signs_have_one_more(void)
{
	STEMS("en", "C++ is", "c cx2bx2b is");
	STEMS("en", "use C#.", "use c cx23");
	STEMS("en", "c++", "c cx2bx2b");
	STEMS("en", ".NET apps", "net x2enet app");
	STEMS("en", "on .net", "on net x2enet");
	/* Part of something else. */
	STEMS("en", "asp.net c++x c+ a+b", "asp net c x c a b");
	STEMS("en", "word# 1#2", "word 1 2");
	STEMS("en", "title++", "titl");
	CHECK_STR(surface(KB_STR("C++, F#!")), "c cx2bx2b f fx23");
}

static void
test_terms__hold_letters_and_digits_alone(void)
{
	/* A normal form with brackets and spaces in it: U+2474, U+FDFA. */
	STEMS("xx", "\xe2\x91\xb4", "x281x29");
	CHECK(memchr(surface(KB_STR("\xef\xb7\xba")).p, ' ', 20) == NULL);
}

/* Escapes make a term longer than its word. */
static void
test_terms__that_are_cut_end_between_characters(void)
{
	for (int i = 0; i < 5000; i++) {
		struct kb_buf b = { 0 };
		struct kb_words it;
		struct kb_word w;
		struct kb_term t;

		for (int k = 0; k < 40; k++)
			kb_buf_addc(&b, chance_below(3) > 0 ?
			    "\xe2\x91\xb4" : chance_below(2) > 0 ?
			    "\xd1\x8f" : "a");
		it = kb_words(kb_buf_str(&b));
		CHECK(kb_words_next(&it, &w));
		kb_term_surface(&w, &t);
		CHECK(t.n > 0 && t.n <= KB_TERM_MAX);
		CHECK_INT(kb_utf8_valid(kb_str(t.p, t.n)), t.n);
		kb_buf_release(&b);
		if (test_failures > 0)
			break;
	}
}

static void
test_terms__of_stems_and_surface_stand_side_by_side(void)
{
	struct kb_buf a = { 0 }, b = { 0 };

	CHECK_INT(kb_terms_add(stemmers, "en", KB_STR("Reset passwords"), &a,
	    &b, NULL), KB_OK);
	CHECK_INT(kb_terms_add(stemmers, "en", KB_STR("!"), &a, &b, NULL),
	    KB_OK);
	CHECK_INT(kb_terms_add(stemmers, "en", KB_STR("C++ now"), &a, &b,
	    NULL), KB_OK);
	CHECK_STR(kb_buf_str(&a), "reset password c cx2bx2b now");
	CHECK_STR(kb_buf_str(&b), "reset passwords c cx2bx2b now");
	a.failed = true;
	CHECK_INT(kb_terms_add(stemmers, "en", KB_STR("x"), &a, NULL, NULL),
	    KB_NOMEM);
	kb_buf_release(&a);
	kb_buf_release(&b);
}

static void
test_terms__any_word_has_one(void)
{
	static const char *const keys[] = { "en", "de", "fr", "es", "tr",
	    "ru", "hi", "xx" };
	char bytes[12];

	for (int i = 0; i < 20000; i++) {
		struct kb_words it;
		struct kb_word w;
		struct kb_term t;
		size_t n = 1 + chance_below(sizeof(bytes));

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(i % 2 ? chance() :
			    'a' + chance_below(26));
		it = kb_words(kb_str(bytes, n));
		while (kb_words_next(&it, &w)) {
			CHECK_INT(kb_term_stem(stemmers, keys[i % 8], &w, &t,
			    NULL), KB_OK);
			CHECK(t.n <= KB_TERM_MAX);
			CHECK_INT(kb_utf8_valid(kb_str(t.p, t.n)), t.n);
		}
	}
}

static void
test_stop__function_words_are_those_of_their_language(void)
{
	CHECK(kb_stop_word("en", KB_STR("the")));
	CHECK(kb_stop_word("en", KB_STR("how")));
	CHECK(kb_stop_word("en", KB_STR("dont")));
	CHECK(kb_stop_word("de", KB_STR("der")));
	CHECK(kb_stop_word("de", KB_STR("f\xc3\xbcr")));
	CHECK(kb_stop_word("de", KB_STR("m\xc3\xb6" "chte")));
	CHECK(kb_stop_word("fr", KB_STR("\xc3\xa0")));
	CHECK(kb_stop_word("fr", KB_STR("puis")));
	CHECK(kb_stop_word("es", KB_STR("d\xc3\xb3nde")));
	CHECK(!kb_stop_word("en", KB_STR("der")));
	CHECK(!kb_stop_word("de", KB_STR("the")));
	CHECK(!kb_stop_word("it", KB_STR("il")));
	CHECK(!kb_stop_word("xx", KB_STR("the")));
}

static void
test_stop__words_of_the_subject_are_none(void)
{
	static const char *const words[] = {
		"password", "vpn", "printer", "reset", "email", "install",
		"th", "he the", "e", "", "work", "error"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		CHECK(!kb_stop_word("en", kb_str_c(words[i])));
	CHECK(!kb_stop_word("en", kb_str(words[0], 0)));
}

static void
test_stop__a_word_of_any_length_may_be_asked_for(void)
{
	char word[KB_WORD_MAX + 1];

	memset(word, 'a', sizeof(word));
	for (size_t n = 2; n <= sizeof(word); n++)
		CHECK(!kb_stop_word("en", kb_str(word, n)));
	CHECK(kb_stop_word("en", kb_str(word, 1)));
}

int
main(void)
{
	if (kb_stemmers_new(&stemmers, NULL) != KB_OK)
		return 1;
	RUN(test_terms__are_stems_of_their_language);
	RUN(test_terms__marks_go_after_stemming);
	RUN(test_terms__do_not_depend_on_what_was_stemmed_before);
	RUN(test_terms__an_unknown_language_is_not_stemmed);
	RUN(test_terms__a_language_tag_has_a_key);
	RUN(test_terms__every_language_with_a_key_has_a_stemmer);
	RUN(test_terms__names_with_signs_have_one_more);
	RUN(test_terms__hold_letters_and_digits_alone);
	RUN(test_terms__that_are_cut_end_between_characters);
	RUN(test_terms__of_stems_and_surface_stand_side_by_side);
	RUN(test_terms__any_word_has_one);
	RUN(test_stop__function_words_are_those_of_their_language);
	RUN(test_stop__words_of_the_subject_are_none);
	RUN(test_stop__a_word_of_any_length_may_be_asked_for);
	kb_stemmers_free(stemmers);
	return test_done();
}
