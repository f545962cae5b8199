#include "test.h"

#include "record.h"
#include "utf8.h"

static struct kb_arena arena;

static void
test_record__values_are_trimmed_copied_and_in_order(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	char text[] = " \xc2\xa0one\n";
	const struct kb_value *v;

	CHECK(rec->arena == &arena);
	CHECK(kb_record_first(rec, KB_F_TITLE) == NULL);
	kb_record_add(rec, KB_F_TAG, kb_str_c(text), KB_STR("meta:a"));
	kb_record_add(rec, KB_F_TAG, KB_STR("two"), KB_STR("meta:b"));
	memset(text, 'x', sizeof(text));
	v = kb_record_first(rec, KB_F_TAG);
	CHECK_STR(v->text, "one");
	CHECK_STR(v->source, "meta:a");
	CHECK_STR(v->next->text, "two");
	CHECK(v->next->next == NULL);
}

static void
test_record__empty_values_are_none(void)
{
	struct kb_record *rec = kb_record_new(&arena);

	kb_record_add(rec, KB_F_OWNER, KB_STR(" \t\n"), KB_STR("x"));
	kb_record_add(rec, KB_F_OWNER, kb_str(NULL, 0), KB_STR("x"));
	kb_record_add_unmapped(rec, KB_STR("u_field"), KB_STR(" "));
	CHECK(rec->values[KB_F_OWNER] == NULL);
	CHECK(rec->unmapped == NULL);
	kb_record_add_unmapped(rec, KB_STR("u_field"), KB_STR("sample "));
	CHECK_STR(rec->unmapped->source, "u_field");
	CHECK_STR(rec->unmapped->text, "sample");
}

static void
test_record__long_values_are_cut_between_code_points(void)
{
	static char big[70002];
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_str got;

	memset(big, 'a', sizeof(big));
	for (size_t i = 1; i + 2 < sizeof(big); i += 3)
		memcpy(big + i, "\xe2\x82\xac", 3);
	kb_record_add(rec, KB_F_TITLE, kb_str(big, sizeof(big)), KB_STR("x"));
	got = rec->values[KB_F_TITLE]->text;
	CHECK_INT(got.n, 65536);
	CHECK_INT(kb_utf8_valid(got), got.n);
	/* White space that comes to the end by the cut goes, too. */
	memset(big, 'a', sizeof(big));
	memset(big + 65530, ' ', 20);
	rec = kb_record_new(&arena);
	kb_record_add(rec, KB_F_TITLE, kb_str(big, sizeof(big)), KB_STR("x"));
	CHECK_INT(rec->values[KB_F_TITLE]->text.n, 65530);
}

/* Each is walked past by the next: without a cap that is quadratic. */
static void
test_record__a_field_takes_256_values(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	size_t n = 0;

	for (int i = 0; i < 1000; i++)
		kb_record_add(rec, KB_F_TAG, KB_STR("t"), KB_STR("x"));
	for (const struct kb_value *v = rec->values[KB_F_TAG]; v != NULL;
	    v = v->next)
		n++;
	CHECK_INT(n, 256);
}

static void
test_record__a_sink_keeps_diagnostics_in_order(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_diag_sink sink = kb_record_sink(rec);

	kb_diag(&sink, KB_WARNING, "bad-date", 3, 4, "%s %d", "one", 1);
	kb_diag(&sink, KB_ERROR, "bad-xml", 0, 0, "two");
	kb_diag(NULL, KB_ERROR, "bad-xml", 0, 0, "nobody listens");
	CHECK_STR(rec->diags->diag.message, "one 1");
	CHECK_STR(kb_str_c(rec->diags->diag.code), "bad-date");
	CHECK_INT(rec->diags->diag.line, 3);
	CHECK_INT(rec->diags->diag.col, 4);
	CHECK_INT(rec->diags->diag.level, KB_WARNING);
	CHECK_STR(rec->diags->next->diag.message, "two");
	CHECK(rec->diags->next == rec->last_diag);
	CHECK(rec->last_diag->next == NULL);
}

/* A frame with anything else in it would be refused, and the record lost. */
static void
test_record__a_message_is_always_utf8(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_diag_sink sink = kb_record_sink(rec);
	struct kb_diag own = { .code = "c", .message = KB_STR("<kn\xb6\xb6") };
	char name[1000];

	sink.fn(sink.arg, &own);
	CHECK_STR(rec->diags->diag.message, "<kn??");
	rec->diags = rec->last_diag = NULL;
	kb_diag(&sink, KB_ERROR, "c", 0, 0, "%s", "caf\xe9.html: no");
	CHECK_STR(rec->diags->diag.message, "caf?.html: no");
	for (size_t i = 0; i + 2 < sizeof(name); i += 3)
		memcpy(name + i, "\xe2\x82\xac", 4);
	for (size_t shift = 0; shift < 3; shift++) {
		kb_diag(&sink, KB_ERROR, "c", 0, 0, "%.*s%s", (int)shift,
		    "xx", name);
		CHECK(rec->last_diag->diag.message.n > 500);
		CHECK_INT(kb_utf8_valid(rec->last_diag->diag.message),
		    rec->last_diag->diag.message.n);
	}
}

static void
test_record__a_value_is_always_utf8(void)
{
	struct kb_record *rec = kb_record_new(&arena);

	kb_record_add(rec, KB_F_LANG, KB_STR("e\xcan-GB"),
	    KB_STR("lang\xff"));
	CHECK_STR(rec->values[KB_F_LANG]->text, "e?n-GB");
	CHECK_STR(rec->values[KB_F_LANG]->source, "lang?");
	kb_record_add_unmapped(rec, KB_STR("x\xe9"), KB_STR("caf\xe9"));
	CHECK_STR(rec->unmapped->text, "caf?");
	CHECK_STR(rec->unmapped->source, "x?");
}

static void
test_record__running_out_of_memory_sticks_in_the_arena(void)
{
	struct kb_arena small;
	struct kb_record *rec;

	kb_arena_init(&small, 4096);
	rec = kb_record_new(&small);
	CHECK(rec != NULL);
	for (int i = 0; i < 200; i++)
		kb_record_add(rec, KB_F_TAG, KB_STR("tag"), KB_STR("x"));
	CHECK(small.failed);
	kb_arena_release(&small);
	kb_arena_init(&small, 16);
	CHECK(kb_record_new(&small) == NULL);
	kb_arena_release(&small);
}

int
main(void)
{
	RUN(test_record__values_are_trimmed_copied_and_in_order);
	RUN(test_record__empty_values_are_none);
	RUN(test_record__long_values_are_cut_between_code_points);
	RUN(test_record__a_field_takes_256_values);
	RUN(test_record__a_sink_keeps_diagnostics_in_order);
	RUN(test_record__a_message_is_always_utf8);
	RUN(test_record__a_value_is_always_utf8);
	RUN(test_record__running_out_of_memory_sticks_in_the_arena);
	kb_arena_release(&arena);
	return test_done();
}
