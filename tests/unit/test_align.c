/*
 * Tests of indexer/align.h, on texts made by hand: a line is a paragraph, and
 * one that begins with '#' a heading.
 */
#include "align_impl.h"

#include <stdlib.h>
#include <time.h>

#include "chance.h"
#include "test.h"
#include "words.h"

static struct kb_arena memory;

static struct kb_article_text
text_of(const char *lines)
{
	static const struct kb_text_part whole = { 0, 0, 0, 0 };
	struct kb_str rest = kb_str_c(lines), line;
	struct kb_paragraph *v = kb_arena_array(&memory, strlen(lines) + 1,
	    sizeof(*v));
	struct kb_article_text out = { .paragraphs = v };

	while (kb_str_split(&rest, '\n', &line)) {
		if (line.n == 0)
			continue;
		v[out.nparagraphs].head = line.p[0] == '#';
		v[out.nparagraphs].text = line;
		v[out.nparagraphs].parts = &whole;
		v[out.nparagraphs++].nparts = 1;
	}
	return out;
}

static struct kb_alignment
align_texts(const struct kb_article_text *a, const struct kb_article_text *b)
{
	struct kb_alignment out = { .n = 0 };
	struct kb_err err = { KB_OK, "" };

	CHECK_INT(kb_align(&out, a, b, &memory, &err), KB_OK);
	return out;
}

/* Rows as "=0,0 ~1,1 <2 >2": same, changed, only a, only b; "!" is moved. */
static struct kb_str
rows_of(const char *a, const char *b)
{
	struct kb_article_text x = text_of(a), y = text_of(b);
	struct kb_alignment al = align_texts(&x, &y);
	struct kb_buf out = { 0 };
	struct kb_str s;

	for (size_t i = 0; i < al.n; i++) {
		const struct kb_align_row *r = &al.rows[i];

		kb_buf_addc(&out, i > 0 ? " " : "");
		kb_buf_addch(&out, "=~<>"[r->kind]);
		if (r->a != KB_ALIGN_NONE)
			kb_buf_printf(&out, "%u", r->a);
		kb_buf_addc(&out, r->kind < KB_ALIGN_ONLY_A ? "," : "");
		if (r->b != KB_ALIGN_NONE)
			kb_buf_printf(&out, "%u", r->b);
		kb_buf_addc(&out, r->moved ? "!" : "");
	}
	s = kb_arena_copy(&memory, kb_buf_str(&out));
	kb_buf_release(&out);
	return s;
}

/* Two texts as "same [old|new] same". */
static struct kb_str
edits_of(const char *a, const char *b)
{
	struct kb_str x = kb_str_c(a), y = kb_str_c(b), s;
	const struct kb_edit *v = NULL;
	struct kb_err err = { KB_OK, "" };
	struct kb_buf out = { 0 };
	size_t n = 0;

	CHECK_INT(kb_align_words(&v, &n, x, y, &memory, &err), KB_OK);
	for (size_t i = 0; i < n; i++) {
		struct kb_str p = kb_str(x.p + v[i].a_from, v[i].a_to -
		    v[i].a_from), q = kb_str(y.p + v[i].b_from, v[i].b_to -
		    v[i].b_from);

		kb_buf_addc(&out, v[i].same ? "" : "[");
		kb_buf_add(&out, p);
		if (!v[i].same) {
			kb_buf_addch(&out, '|');
			kb_buf_add(&out, q);
			kb_buf_addch(&out, ']');
		}
	}
	s = kb_arena_copy(&memory, kb_buf_str(&out));
	kb_buf_release(&out);
	return s;
}

#define INTRO	"Open the settings of your mail program.\n"
#define MIDDLE	"Choose the account that you want to remove.\n"
#define END	"Restart the computer when everything is done.\n"

/* Words are numbered inside; bytes that look like a number are none. */
static void
test_align__bytes_without_words_are_no_words(void)
{
	struct kb_article_text x = text_of("word"), y = text_of("....");
	struct kb_alignment al;

	((struct kb_paragraph *)y.paragraphs)->text = kb_str("\0\0\0", 4);
	al = align_texts(&x, &y);
	CHECK_INT(al.counts[KB_ALIGN_SAME], 0);
	al = align_texts(&y, &y);
	CHECK_INT(al.counts[KB_ALIGN_SAME], 1);
	CHECK_STR(rows_of("...\n***", "***"), "<0 =1,0");
}

static void
test_align__equal_texts_are_the_same_row_by_row(void)
{
	CHECK_STR(rows_of(INTRO MIDDLE END, INTRO MIDDLE END),
	    "=0,0 =1,1 =2,2");
	CHECK_STR(rows_of("", ""), "");
	CHECK_STR(rows_of(INTRO, ""), "<0");
	CHECK_STR(rows_of("", INTRO), ">0");
}

static void
test_align__a_paragraph_more_stands_where_it_follows(void)
{
	CHECK_STR(rows_of(INTRO END, INTRO MIDDLE END), "=0,0 >1 =1,2");
	CHECK_STR(rows_of(INTRO MIDDLE END, INTRO END), "=0,0 <1 =2,1");
	CHECK_STR(rows_of(INTRO, MIDDLE INTRO END), ">0 =0,1 >2");
}

static void
test_align__a_paragraph_with_other_words_is_changed(void)
{
	CHECK_STR(rows_of(INTRO MIDDLE END, INTRO
	    "Choose the account that you would like to remove.\n" END),
	    "=0,0 ~1,1 =2,2");
}

static void
test_align__unlike_neighbours_are_two_rows(void)
{
	CHECK_STR(rows_of(INTRO MIDDLE END, INTRO
	    "Printers need paper, toner and some patience.\n" END),
	    "=0,0 <1 >1 =2,2");
}

static void
test_align__case_signs_and_space_make_no_change_but_are_not_exact(void)
{
	struct kb_article_text a = text_of("Save the file, then close it.\n"
	    "Save  the file.\nIt costs $5.\n"), b = text_of(
	    "save the file; then close it\nSave the file.\n"
	    "It costs \xe2\x82\xac" "5.\n");
	struct kb_alignment al = align_texts(&a, &b);

	CHECK_INT(al.counts[KB_ALIGN_SAME], 3);
	CHECK(!al.rows[0].exact);
	CHECK(al.rows[1].exact);
	CHECK(!al.rows[2].exact);
}

static void
test_align__a_moved_paragraph_is_one_row_that_says_so(void)
{
	CHECK_STR(rows_of(INTRO MIDDLE END "Ask us when it fails again.\n",
	    INTRO END "Ask us when it fails again.\n" MIDDLE),
	    "=0,0 =1,3! =2,1 =3,2");
}

static void
test_align__a_moved_and_changed_paragraph_is_found(void)
{
	CHECK_STR(rows_of(
	    INTRO "The first backup of a large disk takes up to nine hours.\n"
	    MIDDLE END, INTRO MIDDLE END
	    "The first backup of a large disk takes up to twelve hours.\n"),
	    "=0,0 ~1,3! =2,1 =3,2");
}

static void
test_align__a_heading_is_no_changed_paragraph(void)
{
	CHECK_STR(rows_of("#Remove an old account\n" INTRO,
	    "Remove an old account here\n" INTRO), "<0 >0 =1,1");
	CHECK_STR(rows_of("#Remove an old account\n" INTRO,
	    "#Remove the old account\n" INTRO), "~0,0 =1,1");
}

static void
test_align__repeated_paragraphs_are_matched_one_by_one(void)
{
	CHECK_STR(rows_of("Click OK.\n" INTRO "Click OK.\n" END,
	    "Click OK.\n" INTRO END), "=0,0 =1,1 <2 =3,2");
}

static void
test_align__a_paragraph_cut_otherwise_is_known_to_stand_elsewhere(void)
{
	struct kb_article_text a = text_of("Open the settings of your mail "
	    "program. Choose the account that you want to remove. Wait.\n"),
	    b = text_of(INTRO MIDDLE "Wait.\n" "Never press the red button."
	    "\n");
	struct kb_alignment al = align_texts(&a, &b);

	CHECK_INT(al.n, 4);
	for (size_t i = 0; i < al.n; i++)
		if (al.rows[i].kind == KB_ALIGN_ONLY_B)
			CHECK_INT(al.rows[i].elsewhere, al.rows[i].b != 3);
}

static void
test_align__similarity_is_the_share_of_words_in_common(void)
{
	struct kb_article_text a = text_of("one two three four\n"),
	    b = text_of("one two three five six seven\n");
	struct kb_alignment al = align_texts(&a, &b);

	CHECK_INT(al.n, 1);
	CHECK_INT(al.rows[0].shared, 3);
	CHECK_INT(al.rows[0].size_a, 4);
	CHECK_INT(al.rows[0].size_b, 6);
	CHECK(kb_align_similarity(&al.rows[0]) > 0.59 &&
	    kb_align_similarity(&al.rows[0]) < 0.61);
}

/* ---- words ---- */

static void
test_align_words__changes_are_told_word_by_word(void)
{
	CHECK_STR(edits_of("Wait ten minutes.", "Wait five minutes."),
	    "Wait [ten |five ]minutes.");
	CHECK_STR(edits_of("Wait.", "Wait."), "Wait.");
	CHECK_STR(edits_of("", ""), "");
	CHECK_STR(edits_of("", "New."), "[|New.]");
	CHECK_STR(edits_of("Old.", ""), "[Old.|]");
	CHECK_STR(edits_of("port 8080", "port 8443"), "port [8080|8443]");
}

static void
test_align_words__signs_count_but_not_case_quotes_and_dashes(void)
{
	CHECK_STR(edits_of("It costs $5.", "It costs \xe2\x82\xac" "5."),
	    "It costs [$|\xe2\x82\xac]5.");
	CHECK_STR(edits_of("Press \"Save\" - now", "press \xe2\x80\x9cSAVE"
	    "\xe2\x80\x9d \xe2\x80\x93 now"), "Press \"Save\" - now");
}

static void
test_align_words__an_inserted_sentence_is_whole(void)
{
	CHECK_STR(edits_of("Click OK. Restart.",
	    "Click OK. Click Save. Restart."),
	    "Click OK. [|Click Save. ]Restart.");
	CHECK_STR(edits_of("Click OK. Click Save. Restart.",
	    "Click OK. Restart."), "Click OK. [Click Save. |]Restart.");
}

static void
test_align_words__words_in_common_by_chance_tie_nothing(void)
{
	CHECK_STR(edits_of("Sellers must always sign the long yellow form "
	    "before noon. Done.",
	    "Buyers never see the short green card after lunch. Done."),
	    "[Sellers must always sign the long yellow form before noon|"
	    "Buyers never see the short green card after lunch]. Done.");
}

static void
test_align_words__chinese_is_told_by_character(void)
{
	CHECK_STR(edits_of("\xe8\xaf\xb7\xe9\x87\x8d\xe5\x90\xaf\xe7\x94\xb5"
	    "\xe8\x84\x91", "\xe8\xaf\xb7\xe5\x85\xb3\xe9\x97\xad\xe7\x94\xb5"
	    "\xe8\x84\x91"), "\xe8\xaf\xb7[\xe9\x87\x8d\xe5\x90\xaf|\xe5\x85"
	    "\xb3\xe9\x97\xad]\xe7\x94\xb5\xe8\x84\x91");
}

/* ---- sentences ---- */

static void
test_align_sentences__pairs_equal_and_similar_ones(void)
{
	struct kb_str a = KB_STR("The limit is 10 GB for each user. Ask the "
	    "desk for more. Nothing else is like this."),
	    b = KB_STR("Please read this. Ask the desk for more. The limit "
	    "is 25 GB for each user.");
	const struct kb_sentence_pair *v = NULL;
	size_t n = 0;

	CHECK_INT(kb_align_sentences(&v, &n, a, b, 0.5, &memory, NULL),
	    KB_OK);
	CHECK_INT(n, 2);
	CHECK_STR(kb_str(a.p + v[0].a_from, v[0].a_to - v[0].a_from),
	    "The limit is 10 GB for each user.");
	CHECK_STR(kb_str(b.p + v[0].b_from, v[0].b_to - v[0].b_from),
	    "The limit is 25 GB for each user.");
	CHECK_INT(v[0].shared, 7);
	CHECK_INT(v[0].size_a, 8);
	CHECK(!v[0].exact);
	CHECK_STR(kb_str(b.p + v[1].b_from, v[1].b_to - v[1].b_from),
	    "Ask the desk for more.");
	CHECK(v[1].exact);
}

static void
test_align_sentences__none_below_the_least_similarity(void)
{
	struct kb_str a = KB_STR("one two three four."),
	    b = KB_STR("one two five six.");
	const struct kb_sentence_pair *v;
	size_t n = 9;

	CHECK_INT(kb_align_sentences(&v, &n, a, b, 0.5, &memory, NULL),
	    KB_OK);
	CHECK_INT(n, 1);
	CHECK_INT(kb_align_sentences(&v, &n, a, b, 0.51, &memory, NULL),
	    KB_OK);
	CHECK_INT(n, 0);
	CHECK_INT(kb_align_sentences(&v, &n, a, kb_str("", 0), 0, &memory,
	    NULL), KB_OK);
	CHECK_INT(n, 0);
}

/* ---- by chance ---- */

/* A text of few words, so that much is repeated. */
static const char *
any_text(size_t lines, size_t words)
{
	struct kb_buf b = { 0 };
	const char *out;

	for (size_t i = chance_below(lines + 1); i > 0; i--) {
		for (size_t k = chance_below(words) + 1; k > 0; k--)
			kb_buf_printf(&b, "%c%s",
			    'a' + (int)chance_below(6),
			    chance_below(5) == 0 ? ". " :
			    chance_below(9) == 0 ? "," : " ");
		kb_buf_addch(&b, '\n');
	}
	kb_buf_addch(&b, '\n');
	out = kb_arena_copy(&memory, kb_buf_str(&b)).p;
	kb_buf_release(&b);
	return out;
}

static bool
same_words(struct kb_str a, struct kb_str b)
{
	struct kb_words i = kb_words(a), j = kb_words(b);
	struct kb_word x, y;

	while (kb_words_next(&i, &x))
		if (!kb_words_next(&j, &y) || !kb_str_eq(kb_word_norm(&x),
		    kb_word_norm(&y)))
			return false;
	return !kb_words_next(&j, &y);
}

static void
check_rows(const struct kb_article_text *a, const struct kb_article_text *b,
    const struct kb_alignment *al)
{
	size_t in_a = 0, in_b = 0, moved = 0;
	bool seen[64] = { false };
	uint32_t last = 0;

	for (size_t i = 0; i < al->n; i++) {
		const struct kb_align_row *r = &al->rows[i];

		if (r->a != KB_ALIGN_NONE)
			CHECK_INT(r->a, in_a++);
		if (r->b != KB_ALIGN_NONE) {
			CHECK(r->b < b->nparagraphs && !seen[r->b]);
			seen[r->b] = true;
			in_b++;
		}
		moved += r->moved;
		if (r->kind == KB_ALIGN_SAME)
			CHECK(same_words(a->paragraphs[r->a].text,
			    b->paragraphs[r->b].text));
		if (r->kind == KB_ALIGN_CHANGED)
			CHECK(!same_words(a->paragraphs[r->a].text,
			    b->paragraphs[r->b].text));
		if (r->kind > KB_ALIGN_CHANGED || r->moved)
			continue;
		CHECK(r->b >= last);
		last = r->b + 1;
	}
	CHECK_INT(in_a, a->nparagraphs);
	CHECK_INT(in_b, b->nparagraphs);
	CHECK_INT(moved, al->moved);
}

static void
test_align__every_paragraph_is_in_one_row_whatever_the_texts(void)
{
	for (int round = 0; round < 3000; round++) {
		struct kb_article_text a = text_of(any_text(20, 4)),
		    b = text_of(any_text(20, 4));
		struct kb_alignment al = align_texts(&a, &b);

		check_rows(&a, &b, &al);
		kb_arena_reset(&memory);
	}
}

static void
check_edits(struct kb_str a, struct kb_str b)
{
	const struct kb_edit *v = NULL;
	size_t n = 0, i, at_a = 0, at_b = 0;

	CHECK_INT(kb_align_words(&v, &n, a, b, &memory, NULL), KB_OK);
	for (i = 0; i < n; i++) {
		CHECK_INT(v[i].a_from, at_a);
		CHECK_INT(v[i].b_from, at_b);
		at_a = v[i].a_to;
		at_b = v[i].b_to;
		if (v[i].same)
			CHECK(same_words(kb_str(a.p + v[i].a_from, at_a -
			    v[i].a_from), kb_str(b.p + v[i].b_from, at_b -
			    v[i].b_from)));
		CHECK(i == 0 || v[i].same != v[i - 1].same);
	}
	CHECK_INT(at_a, n > 0 ? a.n : 0);
	CHECK_INT(at_b, n > 0 ? b.n : 0);
}

static void
test_align_words__runs_are_all_of_both_texts_whatever_they_are(void)
{
	for (int round = 0; round < 5000; round++) {
		struct kb_str a = kb_str_c(any_text(2, 20)),
		    b = kb_str_c(any_text(2, 20));

		check_edits(kb_str_trim(a), kb_str_trim(b));
		kb_arena_reset(&memory);
	}
}

/* The length of a longest common subsequence, by the book. */
static size_t
longest(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t best[32][32] = { { 0 } };

	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++)
			best[i][j] = a[i - 1] == b[j - 1] ?
			    best[i - 1][j - 1] + 1 :
			    best[i - 1][j] > best[i][j - 1] ?
			    best[i - 1][j] : best[i][j - 1];
	return best[n][m];
}

static size_t
matched(const struct kb_sequence *q, bool anchors)
{
	uint32_t match[32], last = 0;
	bool coarse = false;
	size_t n = 0;

	CHECK_INT(kb_sequence_match(match, q, anchors, &coarse, NULL),
	    KB_OK);
	CHECK(!coarse);
	for (size_t i = 0; i < q->n; i++) {
		if (match[i] == KB_ALIGN_NONE)
			continue;
		CHECK(match[i] < q->m && (n == 0 || match[i] > last));
		CHECK(q->a[i] == q->b[match[i]]);
		last = match[i];
		n++;
	}
	return n;
}

static void
test_sequence__matches_as_many_as_there_are_in_common(void)
{
	uint32_t a[31], b[31];

	for (int round = 0; round < 20000; round++) {
		uint32_t symbols = 1 + (uint32_t)chance_below(9);
		struct kb_sequence q = { a, b, chance_below(32),
		    chance_below(32), symbols };

		for (size_t i = 0; i < 31; i++) {
			a[i] = (uint32_t)chance_below(symbols);
			b[i] = (uint32_t)chance_below(symbols);
		}
		CHECK_INT(matched(&q, false), longest(a, q.n, b, q.m));
		CHECK(matched(&q, true) <= longest(a, q.n, b, q.m));
	}
}

/* ---- hostile ---- */

static const char *
many(const char *form, size_t n, unsigned factor)
{
	struct kb_buf b = { 0 };
	const char *out;

	for (size_t i = 0; i < n; i++)
		kb_buf_printf(&b, form, (unsigned)(i * factor % 65521),
		    (unsigned)(i * factor % 97));
	out = kb_arena_copy(&memory, kb_buf_str(&b)).p;
	kb_buf_release(&b);
	return out;
}

static double
seconds_of(const char *a, const char *b, bool *coarse)
{
	struct kb_article_text x = text_of(a), y = text_of(b);
	clock_t begin = clock();
	struct kb_alignment al = align_texts(&x, &y);

	*coarse = al.coarse;
	CHECK_INT(al.counts[0] + al.counts[1] + al.counts[2], x.nparagraphs);
	CHECK_INT(al.counts[0] + al.counts[1] + al.counts[3], y.nparagraphs);
	return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

static void
test_align__long_texts_end_in_time(void)
{
	bool coarse;

	/* All different; all alike; in reverse order; all equal. */
	CHECK(seconds_of(many("word%u of %u\n", 20000, 7), many(
	    "thing%u in %u\n", 20000, 11), &coarse) < 10);
	CHECK(seconds_of(many("step %u takes %u hours or a day at most, ask "
	    "us\n", 20000, 7), many("step %u takes %u minutes or a day at "
	    "most, ask us\n", 20000, 13), &coarse) < 10);
	CHECK(coarse);
	CHECK(seconds_of(many("a%u b%u\n", 30000, 1), many("a%u b%u\n",
	    30000, 65520), &coarse) < 10);
	CHECK(seconds_of(many("Click OK.\n", 30000, 1), many("Click OK.\n",
	    20000, 1), &coarse) < 10);
	kb_arena_reset(&memory);
}

static void
test_align_words__long_texts_end_in_time(void)
{
	clock_t begin = clock();

	check_edits(kb_str_c(many("w%u x%u ", 100000, 7)), kb_str_c(many(
	    "w%u y%u ", 100000, 11)));
	check_edits(kb_str_c(many("%u a ", 200000, 7)), kb_str_c(many(
	    "a a %u ", 100000, 11)));
	CHECK((double)(clock() - begin) / CLOCKS_PER_SEC < 10);
	kb_arena_reset(&memory);
}

int
main(void)
{
	RUN(test_align__bytes_without_words_are_no_words);
	RUN(test_align__equal_texts_are_the_same_row_by_row);
	RUN(test_align__a_paragraph_more_stands_where_it_follows);
	RUN(test_align__a_paragraph_with_other_words_is_changed);
	RUN(test_align__unlike_neighbours_are_two_rows);
	RUN(test_align__case_signs_and_space_make_no_change_but_are_not_exact);
	RUN(test_align__a_moved_paragraph_is_one_row_that_says_so);
	RUN(test_align__a_moved_and_changed_paragraph_is_found);
	RUN(test_align__a_heading_is_no_changed_paragraph);
	RUN(test_align__repeated_paragraphs_are_matched_one_by_one);
	RUN(test_align__a_paragraph_cut_otherwise_is_known_to_stand_elsewhere);
	RUN(test_align__similarity_is_the_share_of_words_in_common);
	RUN(test_align_words__changes_are_told_word_by_word);
	RUN(test_align_words__signs_count_but_not_case_quotes_and_dashes);
	RUN(test_align_words__an_inserted_sentence_is_whole);
	RUN(test_align_words__words_in_common_by_chance_tie_nothing);
	RUN(test_align_words__chinese_is_told_by_character);
	RUN(test_align_sentences__pairs_equal_and_similar_ones);
	RUN(test_align_sentences__none_below_the_least_similarity);
	RUN(test_align__every_paragraph_is_in_one_row_whatever_the_texts);
	RUN(test_align_words__runs_are_all_of_both_texts_whatever_they_are);
	RUN(test_sequence__matches_as_many_as_there_are_in_common);
	RUN(test_align__long_texts_end_in_time);
	RUN(test_align_words__long_texts_end_in_time);
	kb_arena_release(&memory);
	return test_done();
}
