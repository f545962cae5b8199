#include "test.h"

#include "date.h"

/* The date, or minus the result's number. */
static int
parse_as(const char *s, char order)
{
	int32_t date = 0;
	enum kb_date_result r = kb_date_parse(&date, kb_str_c(s), order);

	return r == KB_DATE_OK ? (int)date : -(int)r;
}

static int
parse(const char *s)
{
	return parse_as(s, 0);
}

static void
test_date__reads_iso_8601_in_its_forms(void)
{
	CHECK_INT(parse("2024-03-04"), 20240304);
	CHECK_INT(parse("2024-3-4"), 20240304);
	CHECK_INT(parse("2024/03/04"), 20240304);
	CHECK_INT(parse("2024.03.04"), 20240304);
	CHECK_INT(parse("  2024-03-04\n"), 20240304);
	CHECK_INT(parse("2024-03-04T23:59:59Z"), 20240304);
	CHECK_INT(parse("2024-03-04T23:59:59.123456+05:30"), 20240304);
	CHECK_INT(parse("2024-03-04T23:59:59-0800"), 20240304);
	CHECK_INT(parse("2024-03-04T23:59"), 20240304);
	CHECK_INT(parse("2024-03-04T23"), 20240304);
	CHECK_INT(parse("2024-03-04 23:59:59,5"), 20240304);
	CHECK_INT(parse("2024-03-04T10:00:00+01:00[Europe/Paris]"),
	    20240304);
	CHECK_INT(parse("20240304"), 20240304);
	CHECK_INT(parse("20240304T235959Z"), 20240304);
	CHECK_INT(parse("20240304235959"), 20240304);
}

static void
test_date__keeps_the_day_as_written_whatever_the_offset(void)
{
	CHECK_INT(parse("2024-01-01T00:30:00+14:00"), 20240101);
	CHECK_INT(parse("2023-12-31T23:30:00-11:00"), 20231231);
}

static void
test_date__reads_the_dates_of_mail_and_http(void)
{
	CHECK_INT(parse("Mon, 04 Mar 2024 10:00:00 +0000"), 20240304);
	CHECK_INT(parse("4 Mar 2024 10:00 GMT"), 20240304);
	CHECK_INT(parse("Sunday, 06-Nov-94 08:49:37 GMT"), 19941106);
	CHECK_INT(parse("Mon, 04 Mar 24 10:00:00 EST"), 20240304);
	CHECK_INT(parse("Sun Nov  6 08:49:37 1994"), 19941106);
	CHECK_INT(parse("Mon Mar  4 10:00:00 UTC 2024"), 20240304);
	CHECK_INT(parse("Mon Mar 04 2024 10:00:00 GMT+0100 (Central European"
	    " Standard Time)"), 20240304);
}

static void
test_date__reads_english_in_any_order(void)
{
	CHECK_INT(parse("Mar 04, 2024"), 20240304);
	CHECK_INT(parse("March 4th, 2024"), 20240304);
	CHECK_INT(parse("4 March 2024"), 20240304);
	CHECK_INT(parse("the 4th of March 2024"), 20240304);
	CHECK_INT(parse("04-MAR-2024"), 20240304);
	CHECK_INT(parse("2024 March 4"), 20240304);
	CHECK_INT(parse("Monday, March 4, 2024 at 10:15 AM"), 20240304);
	CHECK_INT(parse("Mar 4, 2024, 10:15\xe2\x80\xafPM"), 20240304);
	CHECK_INT(parse("Sept. 4, 2024"), 20240904);
	CHECK_INT(parse("May 4, 2024"), 20240504);
	CHECK_INT(parse("10:15, 4 March 2024"), 20240304);
}

static void
test_date__reads_six_more_languages(void)
{
	CHECK_INT(parse("4. M\xc3\xa4rz 2024"), 20240304);
	CHECK_INT(parse("Montag, 4. M\xc3\x84RZ 2024 um 10:15 Uhr"),
	    20240304);
	CHECK_INT(parse("4. Ma\xcc\x88rz 2024, 10.15 Uhr"), 20240304);
	CHECK_INT(parse("12. Dez. 2024"), 20241212);
	CHECK_INT(parse("1er ao\xc3\xbbt 2024"), 20240801);
	CHECK_INT(parse("1\xc2\xba de mar\xc3\xa7o de 2024"), 20240301);
	CHECK_INT(parse("lundi 4 f\xc3\xa9vrier 2024 \xc3\xa0 10h15"),
	    20240204);
	CHECK_INT(parse("4 de marzo de 2024"), 20240304);
	CHECK_INT(parse("4 gennaio 2024"), 20240104);
	CHECK_INT(parse("4 maart 2024"), 20240304);
	CHECK_INT(parse("4 dezembro 2024"), 20241204);
}

static void
test_date__takes_mar_for_tuesday_only_before_a_month(void)
{
	CHECK_INT(parse("mar. 5 nov. 2024"), 20241105);
	CHECK_INT(parse("mar 5 marzo 2024"), 20240305);
	CHECK_INT(parse("mar 5 2024"), 20240305);
	CHECK_INT(parse("march 5 april 2024"), -KB_DATE_UNKNOWN);
}

static void
test_date__reads_dots_as_day_month_year(void)
{
	CHECK_INT(parse("04.05.2025"), 20250504);
	CHECK_INT(parse("4. 5. 2025 10:00"), 20250504);
	CHECK_INT(parse("05.25.2025"), -KB_DATE_IMPOSSIBLE);
}

static void
test_date__wants_an_order_only_where_two_are_possible(void)
{
	CHECK_INT(parse("04/05/2025"), -KB_DATE_AMBIGUOUS);
	CHECK_INT(parse_as("04/05/2025", 'd'), 20250504);
	CHECK_INT(parse_as("04/05/2025", 'm'), 20250405);
	CHECK_INT(parse("25/12/2024"), 20241225);
	CHECK_INT(parse("12/25/2024"), 20241225);
	CHECK_INT(parse_as("12/25/2024", 'd'), 20241225);
	CHECK_INT(parse_as("25/12/2024", 'm'), 20241225);
	CHECK_INT(parse("05/05/2025"), 20250505);
	CHECK_INT(parse("04-05-2025"), -KB_DATE_AMBIGUOUS);
	CHECK_INT(parse("04/05/25"), -KB_DATE_AMBIGUOUS);
}

static void
test_date__tells_partial_from_impossible_from_unknown(void)
{
	CHECK_INT(parse(""), -KB_DATE_EMPTY);
	CHECK_INT(parse(" \t\xc2\xa0"), -KB_DATE_EMPTY);
	CHECK_INT(parse("2024"), -KB_DATE_PARTIAL);
	CHECK_INT(parse("March 2024"), -KB_DATE_PARTIAL);
	CHECK_INT(parse("4 March"), -KB_DATE_PARTIAL);
	CHECK_INT(parse("2024-03"), -KB_DATE_PARTIAL);
	CHECK_INT(parse("03/2024"), -KB_DATE_PARTIAL);
	CHECK_INT(parse("2025-02-30"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("2023-02-29"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("2024-13-01"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("31/11/2024"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("30 February 2025"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("1899-12-31"), -KB_DATE_IMPOSSIBLE);
	CHECK_INT(parse("yesterday"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("2024-03-04 - 2024-05-06"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("1.2.3"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("42"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("2024-03-04 by Joe"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("2024-03/04"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("12345678"), -KB_DATE_UNKNOWN);
}

static void
test_date__knows_what_systems_write_for_not_set(void)
{
	CHECK_INT(parse("0000-00-00"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("0000-00-00 00:00:00"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("0001-01-01T00:00:00Z"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("1970-01-01T00:00:00Z"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("1970-01-01T12:30:00Z"), 19700101);
	CHECK_INT(parse("01/01/2100"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("2100-01-01"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("2100-01-02"), 21000102);
	CHECK_INT(parse("9999-12-31"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("31/12/9999"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("12/31/9999"), -KB_DATE_SENTINEL);
	CHECK_INT(parse("0000000000"), -KB_DATE_SENTINEL);
}

static void
test_date__reads_unix_time_of_ten_or_thirteen_digits(void)
{
	CHECK_INT(parse("1709546400"), 20240304);
	CHECK_INT(parse("1709546400123"), 20240304);
	CHECK_INT(parse("170954640"), -KB_DATE_UNKNOWN);
	CHECK_INT(parse("9999999999999"), -KB_DATE_IMPOSSIBLE);
}

static void
test_date__leaves_the_output_alone_unless_ok(void)
{
	int32_t date = 7;

	CHECK_INT(kb_date_parse(&date, KB_STR("2025-02-30"), 0),
	    KB_DATE_IMPOSSIBLE);
	CHECK_INT(date, 7);
	CHECK(!kb_date_iso(&date, KB_STR("2025-2-03")));
	CHECK(!kb_date_iso(&date, KB_STR("2025-02-30")));
	CHECK(!kb_date_iso(&date, KB_STR("2025-02-03 ")));
	CHECK_INT(date, 7);
	CHECK(kb_date_iso(&date, KB_STR("2025-02-03")));
	CHECK_INT(date, 20250203);
}

static void
test_date__counts_days_back_and_forth_for_every_day(void)
{
	int32_t last = kb_date_days(21991231), n = 0;

	CHECK_INT(kb_date_days(19700101), 0);
	CHECK_INT(kb_date_days(20000301), 11017);
	for (int32_t d = kb_date_days(19000101); d <= last; d++) {
		int32_t date = kb_date_from_days(d);

		n += kb_date_valid(date) && kb_date_days(date) == d;
	}
	CHECK_INT(n, 109573);	/* 300 years with 73 leap days */
	CHECK(!kb_date_valid(19000229));
	CHECK(kb_date_valid(20000229));
	CHECK(!kb_date_valid(-20000229));
}

static void
test_date__formats_as_iso(void)
{
	char buf[11];

	CHECK_STR(kb_str_c(kb_date_format(20240304, buf)), "2024-03-04");
	CHECK_STR(kb_str_c(kb_date_format(0, buf)), "");
	CHECK_STR(kb_str_c(kb_date_result_name(KB_DATE_AMBIGUOUS)),
	    "ambiguous");
}

static void
test_date__survives_hostile_text(void)
{
	static const char *const bad[] = { "99999999999999999999999999",
	    "-", "////", "(", "\xff\xfe", "\xc3", "T", "1.1.1.1.1",
	    ":::", "1:2:3:4", "+0100", "\xcc", "h1h1h1h1",
	    "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
	    "999999999999999999/99/9999" };
	char text[200];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(parse(bad[i]), -KB_DATE_UNKNOWN);
	memset(text, '1', sizeof(text));
	CHECK(kb_date_parse(NULL, kb_str(text, sizeof(text)), 0) ==
	    KB_DATE_UNKNOWN);
}

int
main(void)
{
	RUN(test_date__reads_iso_8601_in_its_forms);
	RUN(test_date__keeps_the_day_as_written_whatever_the_offset);
	RUN(test_date__reads_the_dates_of_mail_and_http);
	RUN(test_date__reads_english_in_any_order);
	RUN(test_date__reads_six_more_languages);
	RUN(test_date__takes_mar_for_tuesday_only_before_a_month);
	RUN(test_date__reads_dots_as_day_month_year);
	RUN(test_date__wants_an_order_only_where_two_are_possible);
	RUN(test_date__tells_partial_from_impossible_from_unknown);
	RUN(test_date__knows_what_systems_write_for_not_set);
	RUN(test_date__reads_unix_time_of_ten_or_thirteen_digits);
	RUN(test_date__leaves_the_output_alone_unless_ok);
	RUN(test_date__counts_days_back_and_forth_for_every_day);
	RUN(test_date__formats_as_iso);
	RUN(test_date__survives_hostile_text);
	return test_done();
}
