#include "test.h"

#include <stdint.h>

#include "arena.h"

static bool
all_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\0')
			return false;
	return true;
}

static void
test_arena__memory_is_zeroed_aligned_and_apart(void)
{
	struct kb_arena a = { 0 };
	char *last = NULL, *p;

	for (size_t n = 0; n < 300; n++) {
		p = kb_arena_alloc(&a, n);
		CHECK(p != NULL && (uintptr_t)p % _Alignof(max_align_t) == 0);
		if (p == NULL)
			break;
		CHECK(p != last && all_zero(p, n));
		memset(p, 0xff, n);
		last = p;
	}
	p = kb_arena_alloc(&a, 1 << 20);
	CHECK(p != NULL && all_zero(p, 1 << 20));
	CHECK(!a.failed);
	kb_arena_release(&a);
}

static void
test_arena__the_cap_is_kept_to_and_sticks(void)
{
	struct kb_arena a;

	kb_arena_init(&a, 4096);
	CHECK(kb_arena_alloc(&a, 4096) != NULL);
	CHECK(!a.failed);
	CHECK(kb_arena_alloc(&a, 1) == NULL);
	CHECK(a.failed);
	CHECK_INT(kb_arena_copy(&a, KB_STR("x")).n, 0);
	kb_arena_release(&a);
	CHECK(!a.failed);
	CHECK(kb_arena_alloc(&a, 4097) == NULL);
	CHECK(kb_arena_alloc(&a, SIZE_MAX) == NULL);
	CHECK(a.failed);
	kb_arena_release(&a);
}

static void
test_arena__sizes_that_overflow_are_refused(void)
{
	struct kb_arena a = { 0 };

	CHECK(kb_arena_array(&a, SIZE_MAX / 2, 3) == NULL);
	CHECK(a.failed);
	a.failed = false;
	CHECK(kb_arena_alloc(&a, SIZE_MAX - 3) == NULL);
	CHECK(a.failed);
	a.failed = false;
	CHECK_INT(kb_arena_copy(&a, kb_str("x", SIZE_MAX)).n, 0);
	CHECK(a.failed);
	a.failed = false;
	CHECK(kb_arena_array(&a, 0, 8) != NULL);
	CHECK(!a.failed);
	kb_arena_release(&a);
}

static void
test_arena__a_reset_forgets_but_keeps_a_chunk_of_the_usual_size(void)
{
	struct kb_arena a = { 0 };
	char *first, *again;

	/* A small document holds little; a large chunk is not kept. */
	kb_arena_alloc(&a, 100);
	CHECK(a.held >= 100 && a.held <= 8192);
	kb_arena_alloc(&a, 1 << 20);
	CHECK(a.total >= (1 << 20) + 100);
	a.failed = true;
	kb_arena_reset(&a);
	CHECK_INT(a.total, 0);
	CHECK(!a.failed);
	CHECK(a.held < (1 << 20));
	/* From then on one chunk does, and the same again. */
	first = kb_arena_alloc(&a, 100);
	memset(first, 0xee, 100);
	kb_arena_alloc(&a, 30000);
	kb_arena_reset(&a);
	CHECK(a.head != NULL && a.left > 30000 && a.left < (1 << 20));
	again = kb_arena_alloc(&a, 100);
	CHECK(again == first && all_zero(again, 100));
	kb_arena_release(&a);
	kb_arena_reset(&a);
	CHECK(a.head == NULL);
	/* A large one is not kept, even where it is the first. */
	kb_arena_alloc(&a, 1 << 20);
	kb_arena_reset(&a);
	CHECK(a.head == NULL && a.left == 0);
}

static void
test_arena__a_reset_gives_back_the_room_under_the_cap(void)
{
	struct kb_arena a;

	kb_arena_init(&a, 1000000);
	for (int i = 0; i < 100; i++) {
		CHECK(kb_arena_alloc(&a, 900000) != NULL);
		kb_arena_reset(&a);
	}
	CHECK_INT(a.cap, 1000000);
	kb_arena_release(&a);
}

static void
test_arena__copies_end_in_nul_and_keep_any_byte(void)
{
	struct kb_arena a = { 0 };
	struct kb_str s = kb_arena_copy(&a, KB_STR("a\0b"));

	CHECK(kb_str_eq(s, KB_STR("a\0b")));
	CHECK_INT(s.p[3], 0);
	s = kb_arena_copy(&a, kb_str(NULL, 0));
	CHECK(s.n == 0 && s.p != NULL && s.p[0] == '\0');
	kb_arena_release(&a);
}

static void
test_arena__printf_makes_room_for_any_length(void)
{
	struct kb_arena a = { 0 };
	struct kb_str s = kb_arena_printf(&a, "%0200000d|%s", 7, "end");

	CHECK_INT(s.n, 200004);
	CHECK_STR(kb_str(s.p + 199999, s.n - 199999), "7|end");
	CHECK_INT(s.p[s.n], 0);
	CHECK_INT(kb_arena_printf(&a, "%s", "").n, 0);
	kb_arena_release(&a);
}

int
main(void)
{
	RUN(test_arena__memory_is_zeroed_aligned_and_apart);
	RUN(test_arena__the_cap_is_kept_to_and_sticks);
	RUN(test_arena__sizes_that_overflow_are_refused);
	RUN(test_arena__a_reset_forgets_but_keeps_a_chunk_of_the_usual_size);
	RUN(test_arena__a_reset_gives_back_the_room_under_the_cap);
	RUN(test_arena__copies_end_in_nul_and_keep_any_byte);
	RUN(test_arena__printf_makes_room_for_any_length);
	return test_done();
}
