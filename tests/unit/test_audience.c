/*
 * audience: who may read what, where every doubt counts against the move.
 */
#include "audience.h"
#include "test.h"

static struct kb_arena arena;

static struct kb_audience
audience(const char *list, const char *source)
{
	struct kb_audience a = { .ngroups = 0 };
	struct kb_err err;

	CHECK_INT(kb_audience_read(&a, kb_str_c(list), false,
	    kb_str_c(source), &arena, &err), KB_OK);
	return a;
}

static enum kb_cover
covers(const char *text_list, const char *text_source,
    const char *readers_list, const char *readers_source)
{
	struct kb_audience t = audience(text_list, text_source);
	struct kb_audience r = audience(readers_list, readers_source);

	return kb_audience_covers(&t, &r);
}

#define HR	"[\"hr\"]"
#define BOTH	"[\"hr\",\"it\"]"
#define PUBLIC	"[\"public\"]"
#define MIXED	"[\"hr\",\"Everyone\"]"
#define LOCKED	"[\"password\"]"

static void
test_audience__text_for_everyone_may_go_anywhere(void)
{
	CHECK_INT(covers(PUBLIC, "s", PUBLIC, "t"), KB_COVER_YES);
	CHECK_INT(covers(PUBLIC, "s", NULL, "t"), KB_COVER_YES);
	CHECK_INT(covers(PUBLIC, "s", HR, "t"), KB_COVER_YES);
	CHECK_INT(covers(PUBLIC, "s", LOCKED, "t"), KB_COVER_YES);
}

static void
test_audience__text_for_a_group_goes_to_that_group_alone(void)
{
	CHECK_INT(covers(HR, "s", HR, "s"), KB_COVER_YES);
	CHECK_INT(covers(BOTH, "s", HR, "s"), KB_COVER_YES);
	CHECK_INT(covers(HR, "s", BOTH, "s"), KB_COVER_NO);
	CHECK_INT(covers(HR, "s", PUBLIC, "s"), KB_COVER_NO);
	CHECK_INT(covers(HR, "s", NULL, "s"), KB_COVER_NO);
	CHECK_INT(covers(HR, "s", "[\"HR\"]", "s"), KB_COVER_NO);
}

static void
test_audience__equal_names_in_two_exports_may_be_two_groups(void)
{
	CHECK_INT(covers(HR, "s", HR, "t"), KB_COVER_UNKNOWN);
	CHECK_INT(covers(HR, "s", "[\"it\"]", "t"), KB_COVER_NO);
}

static void
test_audience__unstated_is_comparable_within_one_export_only(void)
{
	CHECK_INT(covers(NULL, "s", NULL, "s"), KB_COVER_YES);
	CHECK_INT(covers(NULL, "s", NULL, "t"), KB_COVER_UNKNOWN);
	CHECK_INT(covers(NULL, "s", PUBLIC, "s"), KB_COVER_UNKNOWN);
	CHECK_INT(covers(NULL, "s", HR, "s"), KB_COVER_UNKNOWN);
}

static void
test_audience__of_a_group_and_everyone_the_stricter_reading_counts(void)
{
	CHECK_INT(covers(MIXED, "s", PUBLIC, "s"), KB_COVER_NO);
	CHECK_INT(covers(HR, "s", MIXED, "s"), KB_COVER_NO);
	CHECK_INT(covers(MIXED, "s", HR, "s"), KB_COVER_YES);
}

static void
test_audience__what_cannot_be_read_covers_nobody(void)
{
	struct kb_audience a = { .ngroups = 0 }, pub = audience(PUBLIC, "s");
	static const char *const broken[] = {
		LOCKED, "[]", "{}", "hr", "[1]", "[\"hr\",null]", "[\"\"]",
		"[\"hr\"", "[[\"hr\"]]"
	};
	struct kb_err err;

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		CHECK_INT(covers(broken[i], "s", broken[i], "s"),
		    KB_COVER_NO);
		CHECK_INT(covers(HR, "s", broken[i], "s"), KB_COVER_NO);
	}
	/* Restricted, and no group named: the flag counts. */
	CHECK_INT(kb_audience_read(&a, kb_str_c(NULL), true, KB_STR("s"),
	    &arena, &err), KB_OK);
	CHECK_INT(kb_audience_covers(&a, &a), KB_COVER_NO);
	CHECK_INT(kb_audience_covers(&pub, &a), KB_COVER_YES);
}

/*
 * Readers as sets of three people: bit i of a group is person i.  Whatever
 * the groups and the readers of an export that states nothing are, "yes" must
 * be true in all of these worlds.
 */
static unsigned
readers_in(const struct kb_audience *a, unsigned hr, unsigned it,
    unsigned unstated)
{
	unsigned who = 0;

	if (!a->stated)
		return unstated;
	if (a->open)
		return 7;
	for (size_t i = 0; i < a->ngroups; i++)
		who |= kb_str_eq(a->groups[i], KB_STR("hr")) ? hr : it;
	return who;
}

static bool
true_in_all_worlds(const struct kb_audience *t, const struct kb_audience *r)
{
	for (unsigned w = 0; w < 512; w++) {
		unsigned of_r = readers_in(r, w & 7, w >> 3 & 7, w >> 6);

		if ((of_r & ~readers_in(t, w & 7, w >> 3 & 7, w >> 6)) != 0)
			return false;
	}
	return true;
}

static void
test_audience__yes_holds_whoever_is_in_the_groups(void)
{
	static const char *const lists[] = {
		NULL, PUBLIC, HR, "[\"it\"]", BOTH, "[\"it\",\"hr\"]"
	};
	size_t n = sizeof(lists) / sizeof(lists[0]), yes = 0;

	for (size_t i = 0; i < n * n; i++) {
		struct kb_audience t = audience(lists[i / n], "s");
		struct kb_audience r = audience(lists[i % n], "s");

		if (kb_audience_covers(&t, &r) == KB_COVER_YES) {
			CHECK(true_in_all_worlds(&t, &r));
			yes++;
		} else {
			/* Not stricter than it must be, either. */
			CHECK(!true_in_all_worlds(&t, &r));
		}
	}
	CHECK(yes > n);
}

int
main(void)
{
	RUN(test_audience__text_for_everyone_may_go_anywhere);
	RUN(test_audience__text_for_a_group_goes_to_that_group_alone);
	RUN(test_audience__equal_names_in_two_exports_may_be_two_groups);
	RUN(test_audience__unstated_is_comparable_within_one_export_only);
	RUN(test_audience__of_a_group_and_everyone_the_stricter_reading_counts);
	RUN(test_audience__what_cannot_be_read_covers_nobody);
	RUN(test_audience__yes_holds_whoever_is_in_the_groups);
	kb_arena_release(&arena);
	return test_done();
}
