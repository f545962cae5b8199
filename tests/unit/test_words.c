#include "test.h"

#include <stdlib.h>

#include "buf.h"
#include "chance.h"
#include "utf8.h"
#include "words.h"

/* The normal forms, joined by bars. */
static struct kb_str
norms(struct kb_str text)
{
	static struct kb_buf b;
	struct kb_words it = kb_words(text);
	struct kb_word w;

	kb_buf_clear(&b);
	while (kb_words_next(&it, &w)) {
		if (b.n > 0)
			kb_buf_addch(&b, '|');
		kb_buf_add(&b, kb_word_norm(&w));
	}
	return kb_buf_str(&b);
}

#define WORDS(text, want)	CHECK_STR(norms(KB_STR(text)), want)

static void
test_words__are_runs_of_letters_and_digits(void)
{
	WORDS("", "");
	WORDS(" ... !?", "");
	WORDS("Reset the VPN-profile_2 (now).", "reset|the|vpn|profile|2|now");
	WORDS("IPv6 0x1F user@example.com", "ipv6|0x1f|user|example|com");
	WORDS("a\xe2\x80\x94" "b\xc2\xa0" "c", "a|b|c");
	WORDS("\xce\x91\xce\xb8\xce\xae\xce\xbd\xce\xb1 \xd0\x9c\xd0\xb8\xd1"
	    "\x80", "\xce\xb1\xce\xb8\xce\xae\xce\xbd\xce\xb1|\xd0\xbc\xd0\xb8"
	    "\xd1\x80");
}

static void
test_words__an_apostrophe_stays_only_before_an_english_ending(void)
{
	WORDS("Don't", "dont");
	WORDS("USER's users' 'quoted'", "users|users|quoted");
	WORDS("we'll they're I've I'd I'm", "well|theyre|ive|id|im");
	WORDS("don\xe2\x80\x99t", "dont");
	WORDS("l'imprimante qu'il aujourd'hui",
	    "l|imprimante|qu|il|aujourd|hui");
	WORDS("rock'n'roll", "rock|n|roll");
	WORDS("'tis 90's", "tis|90|s");
	WORDS("x'", "x");
	WORDS("it's\xe2\x80\x94" "ok", "its|ok");
	/* The ending must end the word, also before other letters. */
	WORDS("d'sch", "d|sch");
	WORDS("d's\xc3\xa9" "rie", "d|s\xc3\xa9rie");
	WORDS("caf\xc3\xa9's", "caf\xc3\xa9s");
}

static void
test_words__chinese_and_japanese_become_overlapping_pairs(void)
{
	/* 打印机 */
	WORDS("\xe6\x89\x93\xe5\x8d\xb0\xe6\x9c\xba",
	    "\xe6\x89\x93\xe5\x8d\xb0|\xe5\x8d\xb0\xe6\x9c\xba");
	WORDS("\xe6\x89\x93", "\xe6\x89\x93");
	WORDS("\xe6\x89\x93\xe5\x8d\xb0", "\xe6\x89\x93\xe5\x8d\xb0");
	/* VPN設定 and a full stop */
	WORDS("VPN\xe8\xa8\xad\xe5\xae\x9a\xe3\x80\x82x",
	    "vpn|\xe8\xa8\xad\xe5\xae\x9a|x");
	/* パスワード: with the long mark; ・ parts */
	WORDS("\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xbb\xe3\x83\x89",
	    "\xe3\x83\x91\xe3\x82\xb9|\xe3\x83\x89");
	/* 人々 */
	WORDS("\xe4\xba\xba\xe3\x80\x85", "\xe4\xba\xba\xe3\x80\x85");
	/* Korean is written with spaces. */
	WORDS("\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 a",
	    "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4|a");
}

static void
test_words__soft_hyphens_and_joiners_are_dropped(void)
{
	WORDS("pass\xc2\xadword", "password");
	WORDS("pass\xe2\x80\x8bword\xef\xbb\xbf", "password");
	WORDS("\xc2\xad\xe2\x80\x8d", "");
	WORDS("\xc2\xad" "a\xc2\xad b", "a|b");
}

static void
test_words__are_folded_as_nfkc_with_case_folding(void)
{
	WORDS("Stra\xc3\x9f" "e STRASSE", "strasse|strasse");
	WORDS("\xef\xac\x81le", "file");		/* ligature fi */
	WORDS("\xef\xbc\xb6\xef\xbc\xb0\xef\xbc\xae", "vpn"); /* wide */
	WORDS("x\xc2\xb2 \xe2\x85\xa7", "x2|viii");
	WORDS("\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82",
	    "\xcf\x83\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x83");
	/* Turkish: dotted capital I is i and a dot; dotless stays. */
	WORDS("I i \xc4\xb0 \xc4\xb1", "i|i|i\xcc\x87|\xc4\xb1");
}

static void
test_words__combining_marks_belong_to_their_letter(void)
{
	WORDS("cafe\xcc\x81s", "caf\xc3\xa9s");
	WORDS("u\xcc\x88" "ber", "\xc3\xbc" "ber");
	/* A mark that nothing composes with stays, in canonical order. */
	WORDS("q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87");
}

static void
test_words__long_ones_are_cut_between_code_points(void)
{
	struct kb_buf b = { 0 };
	struct kb_words it;
	struct kb_word w;

	for (int i = 0; i < 1000; i++)
		kb_buf_addch(&b, 'A');
	kb_buf_addc(&b, " b");
	it = kb_words(kb_buf_str(&b));
	CHECK(kb_words_next(&it, &w));
	CHECK_INT(w.n, KB_WORD_MAX);
	CHECK_INT(w.end - w.start, 1000);
	CHECK(kb_words_next(&it, &w) && w.start == 1001);
	kb_buf_clear(&b);
	for (int i = 0; i < 400; i++)
		kb_buf_addc(&b, "\xe0\xb8\x81");	/* three bytes each */
	it = kb_words(kb_buf_str(&b));
	CHECK(kb_words_next(&it, &w));
	CHECK_INT(w.n, KB_WORD_MAX / 3 * 3);
	CHECK_INT(kb_utf8_valid(kb_word_norm(&w)), w.n);
	CHECK_INT(w.end, b.n);
	CHECK(!kb_words_next(&it, &w));
	kb_buf_release(&b);
}

static void
test_words__bytes_that_are_no_utf8_part_them(void)
{
	WORDS("ab\xff" "cd", "ab|cd");
	WORDS("ab\xc3", "ab");
	WORDS("\xed\xa0\x80x\x80y", "x|y");
	WORDS("ab\0cd", "ab|cd");
}

static void
test_words__places_are_those_in_the_text(void)
{
	struct kb_str text = KB_STR("  Don't \xe6\x89\x93\xe5\x8d\xb0"
	    "\xe6\x9c\xba.");
	struct kb_words it = kb_words(text);
	struct kb_word w;

	CHECK(kb_words_next(&it, &w) && w.start == 2 && w.end == 7);
	CHECK(kb_words_next(&it, &w) && w.start == 8 && w.end == 14);
	CHECK(kb_words_next(&it, &w) && w.start == 11 && w.end == 17);
	CHECK(!kb_words_next(&it, &w));
	CHECK_INT(kb_words_count(text), 3);
}

static void
random_text(struct kb_buf *b)
{
	static const char *const bits[] = {
		"a", "Z", "9", "'", "\xe2\x80\x99", "s", "\xc3\xa9", " ",
		"\xcc\x81", "\xc2\xad", "\xe6\x89\x93", "\xe3\x83\xbc",
		"\xef\xac\x81", "\xef\xb7\xba", "\xff", "\xe2\x82", "+", "."
	};
	size_t n = chance_below(20);

	kb_buf_clear(b);
	while (n-- > 0)
		kb_buf_addc(b, bits[chance_below(sizeof(bits) /
		    sizeof(bits[0]))]);
}

static void
test_words__any_bytes_give_ascending_words_in_the_text(void)
{
	struct kb_buf b = { 0 };

	kb_buf_reserve(&b, 1);
	for (int i = 0; i < 20000; i++) {
		struct kb_words it;
		struct kb_word w;
		size_t last = 0;

		random_text(&b);
		it = kb_words(kb_buf_str(&b));
		while (kb_words_next(&it, &w)) {
			CHECK(w.start < w.end && w.end <= b.n);
			CHECK(w.start >= last);
			CHECK(w.n > 0 && w.n <= KB_WORD_MAX);
			CHECK_INT(kb_utf8_valid(kb_word_norm(&w)), w.n);
			last = w.start + 1;
		}
		if (test_failures > 0)
			break;
	}
	kb_buf_release(&b);
}

int
main(void)
{
	RUN(test_words__are_runs_of_letters_and_digits);
	RUN(test_words__an_apostrophe_stays_only_before_an_english_ending);
	RUN(test_words__chinese_and_japanese_become_overlapping_pairs);
	RUN(test_words__soft_hyphens_and_joiners_are_dropped);
	RUN(test_words__are_folded_as_nfkc_with_case_folding);
	RUN(test_words__combining_marks_belong_to_their_letter);
	RUN(test_words__long_ones_are_cut_between_code_points);
	RUN(test_words__bytes_that_are_no_utf8_part_them);
	RUN(test_words__places_are_those_in_the_text);
	RUN(test_words__any_bytes_give_ascending_words_in_the_text);
	return test_done();
}
