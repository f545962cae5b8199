#include "test.h"

#include <jansson.h>
#include <math.h>

#include "chance.h"
#include "json.h"
#include "utf8.h"

static struct kb_buf out;
static struct kb_json j;

static void
begin(void)
{
	kb_buf_clear(&out);
	kb_json_init(&j, &out);
}

#define WRITES_STR(s, want) do {					\
	begin();							\
	kb_json_str(&j, s);						\
	CHECK_STR(kb_buf_str(&out), want);				\
} while (0)

static void
test_json__escapes_what_must_be(void)
{
	WRITES_STR(KB_STR(""), "\"\"");
	WRITES_STR(KB_STR("a/b'<>&"), "\"a/b'<>&\"");
	WRITES_STR(KB_STR("\"\\"), "\"\\\"\\\\\"");
	WRITES_STR(KB_STR("\n\r\t"), "\"\\n\\r\\t\"");
	WRITES_STR(KB_STR("\0\1\x1f\x7f"),
	    "\"\\u0000\\u0001\\u001f\\u007f\"");
	WRITES_STR(KB_STR("\xc3\xa9\xf0\x9f\x98\x80"),
	    "\"\xc3\xa9\xf0\x9f\x98\x80\"");
}

static void
test_json__line_ends_of_javascript_are_escaped(void)
{
	WRITES_STR(KB_STR("a\xe2\x80\xa8" "b\xe2\x80\xa9" "c\xe2\x80\xaa"),
	    "\"a\\u2028b\\u2029c\xe2\x80\xaa\"");
}

static void
test_json__what_is_no_utf8_becomes_a_replacement(void)
{
	WRITES_STR(KB_STR("a\xff" "b"), "\"a\xef\xbf\xbd" "b\"");
	/* One for each maximal subpart (Unicode, 3.9). */
	WRITES_STR(KB_STR("\xe2\x82"), "\"\xef\xbf\xbd\"");
	WRITES_STR(KB_STR("\xed\xa0\x80"),
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	WRITES_STR(KB_STR("\xc3\"x"), "\"\xef\xbf\xbd\\\"x\"");
}

static void
test_json__ascii_escapes_all_the_rest(void)
{
	begin();
	j.ascii = true;
	kb_json_str(&j, KB_STR("\xc3\xa9 \xf0\x9f\x98\x80\xff"));
	CHECK_STR(kb_buf_str(&out), "\"\\u00e9 \\ud83d\\ude00\\ufffd\"");
}

static void
test_json__numbers_are_plain(void)
{
	begin();
	kb_json_begin_array(&j);
	kb_json_int(&j, 0);
	kb_json_int(&j, INT64_MIN);
	kb_json_int(&j, INT64_MAX);
	kb_json_real(&j, 0.125, 2);
	kb_json_real(&j, 1e9, 0);
	kb_json_real(&j, -1.5, 3);
	kb_json_real(&j, NAN, 3);
	kb_json_real(&j, INFINITY, 3);
	kb_json_bool(&j, true);
	kb_json_bool(&j, false);
	kb_json_end_array(&j);
	CHECK_STR(kb_buf_str(&out), "[0,-9223372036854775808,"
	    "9223372036854775807,0.12,1000000000,-1.500,null,null,true,"
	    "false]");
}

static void
test_json__commas_stand_between_and_nowhere_else(void)
{
	begin();
	kb_json_begin_object(&j);
	kb_json_key(&j, "empty");
	kb_json_begin_object(&j);
	kb_json_end_object(&j);
	kb_json_key(&j, "none");
	kb_json_begin_array(&j);
	kb_json_end_array(&j);
	kb_json_key(&j, "list");
	kb_json_begin_array(&j);
	kb_json_begin_array(&j);
	kb_json_null(&j);
	kb_json_end_array(&j);
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "a", 1);
	kb_json_kv_str(&j, "b", KB_STR("x"));
	kb_json_kv_str(&j, "c", kb_str(NULL, 0));
	kb_json_end_object(&j);
	kb_json_end_array(&j);
	kb_json_kv_int(&j, "k\"", 2);
	kb_json_end_object(&j);
	CHECK_STR(kb_buf_str(&out), "{\"empty\":{},\"none\":[],\"list\":"
	    "[[null],{\"a\":1,\"b\":\"x\",\"c\":null}],\"k\\\"\":2}");
}

/* Whatever the bytes, another reader takes it; valid ones come back. */
static void
test_json__any_bytes_are_read_by_another_parser(void)
{
	char bytes[24];

	for (int i = 0; i < 5000; i++) {
		size_t n = chance_below(sizeof(bytes));
		struct kb_str s = { bytes, n };
		json_t *v;

		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(i % 2 ? chance() : 32 +
			    chance_below(96));
		begin();
		j.ascii = i % 3 == 0;
		kb_json_str(&j, s);
		v = json_loadb(out.p, out.n, JSON_DECODE_ANY |
		    JSON_ALLOW_NUL, NULL);
		CHECK(v != NULL);
		if (kb_utf8_valid(s) == n)
			CHECK(kb_str_eq(kb_str(json_string_value(v),
			    json_string_length(v)), s));
		json_decref(v);
	}
}

int
main(void)
{
	RUN(test_json__escapes_what_must_be);
	RUN(test_json__line_ends_of_javascript_are_escaped);
	RUN(test_json__what_is_no_utf8_becomes_a_replacement);
	RUN(test_json__ascii_escapes_all_the_rest);
	RUN(test_json__numbers_are_plain);
	RUN(test_json__commas_stand_between_and_nowhere_else);
	RUN(test_json__any_bytes_are_read_by_another_parser);
	kb_buf_release(&out);
	return test_done();
}
