/* Dates; the first byte says in which order numbers are read. */
#include "fuzz.h"

#include "date.h"

#define UNSET	(-1)

void
fuzz_init(void)
{
}

static void
check_date(int32_t date)
{
	char text[11];
	int32_t again = UNSET;

	MUST(kb_date_valid(date));
	MUST(date >= 19000101 && date <= 21991231);
	MUST(kb_date_from_days(kb_date_days(date)) == date);
	MUST(kb_date_iso(&again, kb_str_c(kb_date_format(date, text))));
	MUST(again == date);
	again = UNSET;
	/* A date that means "not set" somewhere is not set here, too. */
	if (kb_date_parse(&again, kb_str_c(text), 0) == KB_DATE_OK)
		MUST(again == date);
	else
		MUST(kb_date_parse(&again, kb_str_c(text), 0) ==
		    KB_DATE_SENTINEL);
}

void
fuzz_one(struct kb_str bytes)
{
	static const char orders[] = { 0, 'd', 'm' };
	char order = orders[fuzz_byte(&bytes) % 3];
	enum kb_date_result result;
	int32_t date = UNSET;

	result = kb_date_parse(&date, bytes, order);
	MUST(strcmp(kb_date_result_name(result), "") != 0);
	if (result == KB_DATE_OK)
		check_date(date);
	else
		MUST(date == UNSET);
	date = UNSET;
	if (kb_date_iso(&date, bytes))
		MUST(kb_date_valid(date) && bytes.n == 10);
	else
		MUST(date == UNSET);
}

static const char *const seeds[] = {
	"", " ", "2024-03-04", "2024/3/4", "2024.03.04", "20240304",
	"2024-03-04T10:11:12Z", "2024-03-04 10:11:12.345+01:00",
	"Mon, 04 Mar 2024 10:11:12 +0000", "Monday, 04-Mar-24 10:11:12 GMT",
	"Mar 04, 2024", "March 4th, 2024", "4 March 2024",
	"4. M\xc3\xa4rz 2024",
	"04.03.2024", "25/12/2024", "12/25/2024", "04/05/2025", "05/05/2025",
	"1709546400", "1709546400000", "0000-00-00", "0001-01-01",
	"1970-01-01 00:00:00", "2100-01-01", "9999-12-31", "2024", "March 2024",
	"2025-02-30", "2024-02-29", "1900-02-29", "le 14 juillet 2024",
	"14 de julio de 2024", "3 gennaio 2024", "1 de mar\xc3\xa7o de 2024",
	"5 mei 2024", "2199-12-31", "Last updated: 4 March 2024 by A. Person",
	"12:30 4/3/24", "2024-W10-1", "2024-064", "1e9", "-2024-01-01",
	"\xc2\xa0" "2024-03-04\xc2\xa0", "2024-03-04\0x",
};

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed_as((uint8_t)(i % 3), kb_str_c(seeds[i]));
}
