#include "test.h"

#include <stdint.h>

#include "buf.h"
#include "chance.h"

static void
test_buf__grows_and_always_ends_in_nul(void)
{
	struct kb_buf b = { 0 };

	for (size_t i = 0; i < 100000; i++) {
		kb_buf_addch(&b, (char)('a' + i % 26));
		if (b.n != i + 1 || b.p[b.n] != '\0' || b.size <= b.n) {
			CHECK(!"every byte is there");
			break;
		}
	}
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] != (char)('a' + i % 26)) {
			CHECK(!"every byte is the one that was added");
			break;
		}
	CHECK_INT(kb_buf_check(&b, NULL), KB_OK);
	kb_buf_release(&b);
	CHECK(b.p == NULL && b.n == 0 && b.size == 0);
}

static void
test_buf__clearing_keeps_memory_and_forgives(void)
{
	struct kb_buf b = { 0 };
	char *p;

	kb_buf_clear(&b);
	kb_buf_addc(&b, "some text");
	p = b.p;
	b.failed = true;
	kb_buf_clear(&b);
	CHECK(b.p == p && b.n == 0 && !b.failed && p[0] == '\0');
	kb_buf_addc(&b, "x");
	CHECK_STR(kb_buf_str(&b), "x");
	kb_buf_release(&b);
}

static void
test_buf__a_size_that_overflows_fails_and_sticks(void)
{
	struct kb_buf b = { 0 };
	struct kb_err err = { KB_OK, "" };

	kb_buf_addc(&b, "ab");
	CHECK(!kb_buf_reserve(&b, SIZE_MAX));
	CHECK(!kb_buf_reserve(&b, SIZE_MAX / 4));
	kb_buf_addc(&b, "cd");
	kb_buf_printf(&b, "%d", 5);
	kb_buf_add_varint(&b, 5);
	CHECK_STR(kb_buf_str(&b), "ab");
	CHECK_INT(kb_buf_check(&b, &err), KB_NOMEM);
	CHECK_INT(err.status, KB_NOMEM);
	kb_buf_release(&b);
}

static void
test_buf__printf_makes_room(void)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, "<");
	kb_buf_printf(&b, "%05000d", 42);
	kb_buf_printf(&b, "%s", "");
	kb_buf_addc(&b, ">");
	CHECK_INT(b.n, 5002);
	CHECK_STR(kb_str(b.p + b.n - 3, 3), "42>");
	kb_buf_release(&b);
}

static uint64_t
read_varint(struct kb_str s, size_t *n)
{
	uint64_t v = 0;

	for (*n = 0; *n < s.n; (*n)++) {
		v |= (uint64_t)((unsigned char)s.p[*n] & 0x7f) << (7 * *n);
		if (!((unsigned char)s.p[*n] & 0x80))
			break;
	}
	(*n)++;
	return v;
}

static void
test_buf__varints_are_leb128(void)
{
	static const struct {
		uint64_t	v;
		const char	*bytes;
		size_t		n;
	} known[] = {
		{ 0, "\0", 1 }, { 1, "\1", 1 }, { 127, "\x7f", 1 },
		{ 128, "\x80\1", 2 }, { 624485, "\xe5\x8e\x26", 3 },
		{ UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 10 },
	};
	struct kb_buf b = { 0 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		kb_buf_clear(&b);
		kb_buf_add_varint(&b, known[i].v);
		CHECK(kb_str_eq(kb_buf_str(&b), kb_str(known[i].bytes,
		    known[i].n)));
	}
	for (int i = 0; i < 10000; i++) {
		uint64_t v = chance() >> chance_below(64);
		size_t n;

		kb_buf_clear(&b);
		kb_buf_add_varint(&b, v);
		CHECK(read_varint(kb_buf_str(&b), &n) == v && n == b.n);
	}
	kb_buf_release(&b);
}

static void
test_buf__code_points_become_utf8(void)
{
	static const struct {
		uint32_t	c;
		const char	*bytes;
	} known[] = {
		{ 'A', "A" }, { 0x7f, "\x7f" }, { 0x80, "\xc2\x80" },
		{ 0x7ff, "\xdf\xbf" }, { 0x800, "\xe0\xa0\x80" },
		{ 0xd7ff, "\xed\x9f\xbf" }, { 0xe000, "\xee\x80\x80" },
		{ 0xffff, "\xef\xbf\xbf" }, { 0x10000, "\xf0\x90\x80\x80" },
		{ 0x10ffff, "\xf4\x8f\xbf\xbf" },
		/* None: surrogates and what is beyond. */
		{ 0xd800, "\xef\xbf\xbd" }, { 0xdfff, "\xef\xbf\xbd" },
		{ 0x110000, "\xef\xbf\xbd" }, { UINT32_MAX, "\xef\xbf\xbd" },
	};
	struct kb_buf b = { 0 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		kb_buf_clear(&b);
		kb_buf_add_utf8(&b, known[i].c);
		CHECK_STR(kb_buf_str(&b), known[i].bytes);
	}
	kb_buf_release(&b);
}

int
main(void)
{
	RUN(test_buf__grows_and_always_ends_in_nul);
	RUN(test_buf__clearing_keeps_memory_and_forgives);
	RUN(test_buf__a_size_that_overflows_fails_and_sticks);
	RUN(test_buf__printf_makes_room);
	RUN(test_buf__varints_are_leb128);
	RUN(test_buf__code_points_become_utf8);
	return test_done();
}
