#include "store_fixture.h"

#include "settings.h"

static struct kb_settings s;

static enum kb_status
load(const char *conf, struct kb_err *err)
{
	kb_settings_release(&s);
	spew(at("kb.conf"), kb_str_c(conf));
	return kb_settings_load(&s, at("kb.conf"), err);
}

static void
loads(const char *conf)
{
	struct kb_err err = { KB_OK, "" };

	if (load(conf, &err) != KB_OK) {
		printf("# %s\n", err.msg);
		CHECK(!"the configuration can be read");
	}
}

static void
fails(const char *conf, const char *words)
{
	struct kb_err err = { KB_OK, "" };

	CHECK_INT(load(conf, &err), KB_INPUT);
	if (strstr(err.msg, words) == NULL) {
		printf("# '%s' lacks '%s'\n", err.msg, words);
		CHECK(!"the message says what is wrong and where");
	}
}

static void
test_settings__have_defaults(void)
{
	struct kb_err err;

	CHECK_INT(kb_settings_load(&s, NULL, &err), KB_OK);
	CHECK(s.profiles != NULL);
	CHECK_INT(s.rules.stale_days, 365);
	CHECK_INT(s.rules.thin_words, 25);
	CHECK_INT(s.rules.bulk_percent, 30);
	CHECK_INT(s.rules.bulk_least, 10);
	CHECK(s.rules.near.count == 4 && s.rules.near.of == 5);
	CHECK(!s.rules.owner_from_author);
	CHECK_INT(s.rules.date_order, 0);
	kb_settings_release(&s);
	loads("# nothing\n");
	CHECK_INT(s.rules.stale_days, 365);
}

static void
test_settings__every_key_of_the_rules_is_read(void)
{
	loads("[rules]\nstale_days = 180\nthin_words = 0\n"
	    "bulk_percent = 100\nbulk_least = 3\nnear = 9/10\n"
	    "owner_from_author = yes\ndate_order = day\n");
	CHECK_INT(s.rules.stale_days, 180);
	CHECK_INT(s.rules.thin_words, 0);
	CHECK_INT(s.rules.bulk_percent, 100);
	CHECK_INT(s.rules.bulk_least, 3);
	CHECK(s.rules.near.count == 9 && s.rules.near.of == 10);
	CHECK(s.rules.owner_from_author);
	CHECK_INT(s.rules.date_order, 'd');
	loads("[rules]\ndate_order = month\nowner_from_author = no\n");
	CHECK_INT(s.rules.date_order, 'm');
	CHECK(!s.rules.owner_from_author);
	/* The last one counts. */
	loads("[rules]\ndate_order = day\ndate_order = none\n");
	CHECK_INT(s.rules.date_order, 0);
}

static void
test_settings__a_bad_value_is_told_with_its_line(void)
{
	fails("[rules]\n\nstale_days = many\n",
	    "kb.conf:3: stale_days wants a whole number, not 'many'");
	fails("[rules]\nstale_days = 100001\n", "kb.conf:2:");
	fails("[rules]\nstale_days = -1\n", "kb.conf:2:");
	fails("[rules]\nstale_days =\n", "kb.conf:2:");
	fails("[rules]\nthin_words = 1.5\n", "thin_words wants");
	fails("[rules]\nbulk_percent = 0\n", "a number from 1 to 100");
	fails("[rules]\nbulk_percent = 101\n", "a number from 1 to 100");
	fails("[rules]\nnear = 0.3\n", "a share from 1/2 to 1");
	fails("[rules]\nowner_from_author = true\n", "wants yes or no");
	fails("[rules]\ndate_order = iso\n", "wants day, month or none");
}

static void
test_settings__an_unknown_key_is_told_with_those_there_are(void)
{
	fails("[rules]\nthin = 5\n", "kb.conf:2: [rules] knows no 'thin'");
	fails("[rules]\nthin = 5\n", "date_order");
	fails("no section\n", "kb.conf:1");
}

static void
test_settings__every_key_of_the_duplicates_is_read(void)
{
	loads("[duplicates]\nnear = 9/10\ncontained = 70%\n"
	    "contained_least = 12\ncommon = 0.01\ncommon_least = 2\n"
	    "common_most = 9\nmax_pairs = 77\nwidth = 4\n"
	    "key = 000102030405060708090a0B0c0d0e0F\n");
	CHECK(s.rules.near.count == 9 && s.rules.near.of == 10);
	CHECK(s.rules.inside.count == 70 && s.rules.inside.of == 100);
	CHECK_INT(s.rules.inside_least, 12);
	CHECK(s.rules.common.count == 1 && s.rules.common.of == 100);
	CHECK_INT(s.rules.common_least, 2);
	CHECK_INT(s.rules.common_most, 9);
	CHECK_INT(s.rules.max_pairs, 77);
	CHECK_INT(s.rules.shingling.width, 4);
	CHECK(s.rules.shingling.keyed);
	CHECK(s.rules.shingling.key[0] == 0x0001020304050607);
	CHECK(s.rules.shingling.key[1] == 0x08090a0b0c0d0e0f);
	/* As before there was the section. */
	loads("[rules]\nnear = 3/5\n");
	CHECK(s.rules.near.count == 3 && s.rules.near.of == 5);
	CHECK(s.rules.inside.count == 9 && s.rules.inside.of == 10);
	CHECK_INT(s.rules.max_pairs, 1000000);
	CHECK(!s.rules.shingling.keyed);
}

static void
test_settings__a_bad_value_of_the_duplicates_is_told(void)
{
	fails("[duplicates]\nnear = 0.4\n", "a share from 1/2 to 1");
	fails("[duplicates]\ncontained = 69%\n", "a share from 7/10 to 1");
	fails("[duplicates]\ncontained_least = 0\n", "at least 1");
	fails("[duplicates]\ncommon = 101%\n", "a share, as 1/20");
	fails("[duplicates]\ncommon_least = 0\n", "at least 1");
	fails("[duplicates]\ncommon_most = 0\n", "at least 1");
	fails("[duplicates]\nmax_pairs = 50000001\n", "at least 1");
	fails("[duplicates]\nwidth = 0\n", "from 1 to 32");
	fails("[duplicates]\nwidth = 33\n", "from 1 to 32");
	fails("[duplicates]\nkey = 00\n", "32 hexadecimal digits");
	fails("[duplicates]\nkey = 000102030405060708090a0b0c0d0e0g\n",
	    "32 hexadecimal digits");
	fails("[duplicates]\nstale_days = 3\n",
	    "[duplicates] knows no 'stale_days'; it knows near");
	fails("[duplicates x]\nnear = 1\n", "without a name");
}

static void
test_settings__extract_knows_what_content_is(void)
{
	loads("[rules]\nstale_days = 180\n");
	CHECK(!s.marked);
	loads("[extract]\ncontent = marked\n");
	CHECK(s.marked);
	loads("[extract]\ncontent = main\n");
	CHECK(!s.marked);
	fails("[extract]\ncontent = all\n", "kb.conf:2: content wants main "
	    "or marked, not 'all'");
	fails("[extract]\nbody = main\n", "kb.conf:2: [extract] knows no "
	    "'body'; it knows content");
	fails("[extract x]\n", "kb.conf:1: write [extract] without a name");
}

static void
test_settings__an_unknown_section_is_told_with_those_there_are(void)
{
	fails("\n[rule]\nthin_words = 5\n",
	    "kb.conf:2: unknown section [rule]; sections are [rules]");
	fails("[Rules]\n", "kb.conf:1: unknown section");
	fails("[rules wiki]\nthin_words = 5\n", "without a name");
	loads("[meta]\nowner = steward\n[rules]\n[placeholder]\n");
}

static void
test_settings__profiles_are_read_from_the_same_file(void)
{
	enum kb_article_status status;

	loads("[status]\ndraft = halb-fertig\n");
	CHECK(kb_profiles_status(s.profiles, KB_STR("Halb-Fertig"),
	    &status));
	CHECK_INT(status, KB_ARTICLE_DRAFT);
}

static void
test_settings__a_missing_file_is_told(void)
{
	struct kb_err err;

	kb_settings_release(&s);
	CHECK_INT(kb_settings_load(&s, at("none.conf"), &err), KB_IO);
	CHECK(strstr(err.msg, "none.conf") != NULL);
}

static void
test_ratio__has_three_forms(void)
{
	static const struct {
		const char	*text;
		uint32_t	 count, of;
	} v[] = {
		{ "4/5", 4, 5 }, { "0.8", 8, 10 }, { "0.80", 80, 100 },
		{ "80%", 80, 100 }, { "1", 1, 1 }, { "100%", 100, 100 },
		{ "1/2", 1, 2 }, { "50%", 50, 100 }, { "0.5", 5, 10 },
		{ "0.123456", 0, 0 }, { "0.666667", 666667, 1000000 },
		{ "1000000/1000000", 1000000, 1000000 }, { "3/3", 3, 3 },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct kb_ratio r = { 0, 0 };

		CHECK(kb_ratio_parse(&r, kb_str_c(v[i].text)) ==
		    (v[i].of > 0));
		CHECK_INT(r.count, v[i].count);
		CHECK_INT(r.of, v[i].of);
	}
}

static void
test_ratio__anything_else_is_none(void)
{
	static const char *const bad[] = {
		"", "0", "2", "5/4", "1/3", "49%", "101%", "0.49", "0.",
		"1.0", ".8", "4/", "/5", "0/0", "1/0", "4/5/6", "-4/5",
		"4 / 5", "0.8 ", "0.1234567", "1e0", "%", "80 %",
		"9999999999/9999999999", "nan"
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_ratio r = { 7, 8 };

		if (kb_ratio_parse(&r, kb_str_c(bad[i]))) {
			printf("# '%s'\n", bad[i]);
			CHECK(!"a ratio");
		}
		CHECK(r.count == 7 && r.of == 8);
	}
}

int
main(void)
{
	fixture_begin();
	RUN(test_settings__have_defaults);
	RUN(test_settings__every_key_of_the_rules_is_read);
	RUN(test_settings__a_bad_value_is_told_with_its_line);
	RUN(test_settings__an_unknown_key_is_told_with_those_there_are);
	RUN(test_settings__every_key_of_the_duplicates_is_read);
	RUN(test_settings__a_bad_value_of_the_duplicates_is_told);
	RUN(test_settings__extract_knows_what_content_is);
	RUN(test_settings__an_unknown_section_is_told_with_those_there_are);
	RUN(test_settings__profiles_are_read_from_the_same_file);
	RUN(test_settings__a_missing_file_is_told);
	RUN(test_ratio__has_three_forms);
	RUN(test_ratio__anything_else_is_none);
	kb_settings_release(&s);
	fixture_end();
	return test_done();
}
