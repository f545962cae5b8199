#include "buf.h"
#include "facts.h"

#include "test.h"

static struct kb_arena arena;

static struct kb_facts
facts_of(const char *s, bool comma)
{
	struct kb_facts f;

	CHECK_INT(kb_facts_find(&f, kb_str_c(s), comma, &arena, NULL), KB_OK);
	return f;
}

/* "kind[dim] value, ..." of all facts, for one comparison. */
static struct kb_str
told(const char *s, bool comma)
{
	struct kb_facts f = facts_of(s, comma);
	struct kb_buf b = { 0 };
	struct kb_str out;

	for (size_t i = 0; i < f.n; i++) {
		kb_buf_printf(&b, "%s%s", i > 0 ? ", " : "",
		    kb_fact_kind_name(f.v[i].kind));
		if (f.v[i].dim != 0)
			kb_buf_printf(&b, "[%c]", f.v[i].dim);
		kb_buf_printf(&b, " %.*s", KB_FMT(f.v[i].value));
	}
	out = kb_arena_copy(&arena, kb_buf_str(&b));
	kb_buf_release(&b);
	return out;
}

#define TOLD(s, want)	CHECK_STR(told((s), false), (want))

static bool
one_mask(const char *a, const char *b)
{
	return facts_of(a, false).mask == facts_of(b, false).mask;
}

/* The first facts of both are the same. */
static bool
same(const char *a, const char *b)
{
	struct kb_facts x = facts_of(a, false), y = facts_of(b, false);

	return x.n > 0 && y.n > 0 && kb_fact_same(&x.v[0], &y.v[0]);
}

static void
test_facts__times_are_one_whatever_their_unit(void)
{
	TOLD("It is valid for 15 minutes.", "number[t] 900000");
	TOLD("after ten hours in any case", "number[t] 36000000");
	TOLD("an hour", "number[t] 3600000");
	TOLD("a 30-day period", "number[t] 2592000000");
	TOLD("within 1.5 h", "number[t] 5400000");
	CHECK(same("for 2 hours", "for 120 minutes"));
	CHECK(same("1 week", "seven days"));
	CHECK(!same("for 2 hours", "for 2 minutes"));
	CHECK(!same("1 month", "30 days"));
}

static void
test_facts__bytes_differ_only_if_they_do_in_both_readings(void)
{
	CHECK(same("5 GB", "5,000 MB"));
	CHECK(same("5 GB", "5,120 MB"));
	CHECK(same("5 GB", "5 GiB"));
	CHECK(!same("5 GB", "5,100 MB"));
	TOLD("twenty gigabytes", "number[b] 20000000000");
}

static void
test_facts__numbers_are_read_as_the_language_writes_them(void)
{
	TOLD("1,500 users", "number 1500");
	TOLD("1.5 users", "number 1.5");
	TOLD("1,234.50 units", "number 1234.5");
	CHECK_STR(told("1,500 Liter", true), "number 1.5");
	CHECK_STR(told("1.500 Liter", true), "number 1500");
	CHECK_STR(told("1.234,50 Einheiten", true), "number 1234.5");
	TOLD("10% of 2.50 percent", "number[%] 10, number[%] 2.5");
	TOLD("twenty-five seats and ninety", "number 25, number 90");
	TOLD("costs $48 a quarter", "number[$] 48, number[m] 3");
	TOLD("12345678901234567890123 items", "");
}

/* Signs beyond ASCII are no letters of a word. */
static void
test_facts__money_is_found_whatever_its_sign(void)
{
	TOLD("costs \xe2\x82\xac" "48 or \xc2\xa3" "40",
	    "number[e] 48, number[p] 40");
	TOLD("\xc2\xa5" "5,000", "number[y] 5000");
	TOLD("(\xe2\x82\xac" "1.50)", "number[e] 1.5");
	TOLD("\xe2\x82\xac", "");
	TOLD("a\xe2\x82\xac" "5", "");
	CHECK(same("costs \xe2\x82\xac" "48", "costs 48 euros"));
	CHECK(!same("costs \xe2\x82\xac" "48", "costs $48"));
}

static void
test_facts__what_names_a_thing_is_no_fact(void)
{
	TOLD("see section 4.2 and step 3", "");
	TOLD("Error 4005 means something", "");
	TOLD("print A4 over IPv6 in 4K with x86", "");
	TOLD("KB0010002 and CVE-2024-1234", "");
	TOLD("works in Windows 11 only", "");
	TOLD("for example 5 GB or 6 GB", "");
	TOLD("use values such as 10 or 20", "");
	TOLD("copy it to /home/your-name/data", "");
	TOLD("one of them is a copy", "");
	TOLD("take the 3rd", "");
}

static void
test_facts__versions_are_facts_unless_they_are_the_condition(void)
{
	TOLD("The oldest version that is allowed is macOS 14.6.",
	    "version 14.6");
	TOLD("requires version 3.2.0", "version 3.2");
	TOLD("requires v3.2", "version 3.2");
	TOLD("On macOS 14.6 open the settings", "");
	TOLD("for version 3.2 only", "");
	CHECK(!one_mask("On macOS 14.6 open it", "On macOS 13.5 open it"));
}

static void
test_facts__numbers_of_names_are_told_when_asked_for(void)
{
	static const char text[] = "In Windows 11 of 2 or step 4, version 3";
	struct kb_str s = kb_str_c(text);
	size_t name = 0;

	CHECK(kb_facts_named(s, 11, 13, &name));
	CHECK_INT(name, 3);
	CHECK(!kb_facts_named(s, 17, 18, &name));
	CHECK(!kb_facts_named(s, 27, 28, &name));
	CHECK(kb_facts_named(s, 38, 39, &name));
	CHECK(!kb_facts_named(KB_STR("11"), 0, 2, &name));
}

/* Of a row of a table: the cell before is no name of a number. */
static void
test_facts__cells_are_apart(void)
{
	TOLD("MB_STOP | 16 | Stop", "number 16");
	TOLD("take MB_STOP 16 instead", "");
}

static void
test_facts__ports_paths_hosts_and_options_are_told_apart(void)
{
	TOLD("uses UDP port 4501 for the tunnel", "port 4501");
	TOLD("falls back to TCP 443 then", "port 443");
	TOLD("open 443/tcp", "");
	TOLD("at vpn.example.com:8443 now", "url vpn.example.com, port 8443");
	TOLD("see HTTPS://Www.Example.com/A/, please",
	    "url www.example.com/A");
	TOLD("mail help@example.com.", "url help@example.com");
	TOLD("saved in \\\\files01.example.com\\scans\\ there",
	    "path \\\\files01.example.com\\scans");
	TOLD("open C:\\Program Files\\App\\x.exe and go",
	    "path c:\\program files\\app\\x.exe");
	TOLD("edit /etc/ssh/sshd_config, then", "path /etc/ssh/sshd_config");
	TOLD("edit sshd.conf now", "path sshd.conf");
	TOLD("and/or TCP/IP in Node.js", "");
	TOLD("run it with --force or -x", "command --force, command -x");
	CHECK(same("with --relocs set", "with --relocations set"));
	CHECK(same("with --sysroot= set", "with --sysroot set"));
	CHECK(!same("with --wait set", "with --slow set"));
	TOLD("press Ctrl+Shift+T twice", "command ctrl+shift+t");
	TOLD("a well - known self-service page", "");
}

static void
test_facts__menus_are_one_fact(void)
{
	struct kb_facts f = facts_of("Then open Settings > Network and "
	    "sound > VPN and wait.", false);

	CHECK_INT(f.n, 1);
	CHECK_INT(f.v[0].kind, KB_FACT_MENU);
	CHECK_STR(f.v[0].value, "settings > network and sound > vpn");
	CHECK(one_mask("Then open Settings > VPN and wait.",
	    "Then open Tools > Options > VPN and wait."));
}

static void
test_facts__dates_are_read_in_many_forms(void)
{
	TOLD("until 2026-03-04", "date[d] 2026-03-04");
	TOLD("until 4 March 2026.", "date[d] 2026-03-04");
	TOLD("until March 4th, 2026.", "date[d] 2026-03-04");
	TOLD("bis 04.03.2026", "date[d] 2026-03-04");
	TOLD("in March 2026", "date[d] 2026-03-00");
	TOLD("you may go", "");
	TOLD("at 9:30 or 5 pm", "date[c] 570, date[c] 1020");
	TOLD("every Friday", "date[w] friday");
	CHECK(same("until 4 March", "until 4 March 2026"));
	CHECK(!same("until 4 March 2025", "until 4 March 2026"));
}

static void
test_facts__a_mask_is_one_for_sentences_that_differ_in_facts_alone(void)
{
	CHECK(one_mask("The code is valid for 15 minutes.",
	    "the code is valid for 2 hours"));
	CHECK(one_mask("Scans are in \\\\a.example.com\\x\\ now.",
	    "Scans are in \\\\b.example.com\\y\\ now."));
	CHECK(!one_mask("The code is valid for 15 minutes.",
	    "The code is valid for 15 users."));
	CHECK(!one_mask("The code is valid.", "The key is valid."));
}

/* A sign somewhere else in a sentence sends it another way: not elsewhere. */
static void
test_facts__a_mask_is_one_with_and_without_signs_of_facts(void)
{
	static const char *const bare[] = {
		"Wait two hours for it", "Wait an hour for it",
		"One day later it works", "Do not restart the servers",
		"They do it a week before March or May", "On Monday it is open",
		"Seventy-five users cannot log on", "One of them is a file",
		"well-known names and the any does", "Wait a-day or a_day",
		"The day one, a day and an example hour", "Ask two's owner"
	};
	char signs[120];

	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		struct kb_facts a = facts_of(bare[i], false), b;

		/* No word and no fact, but a sign that might begin one. */
		snprintf(signs, sizeof(signs), "%s + > -", bare[i]);
		b = facts_of(signs, false);
		CHECK(a.mask == b.mask);
		CHECK_INT(a.n, b.n);
		CHECK_INT(a.denials, b.denials);
		CHECK_INT(a.words, b.words);
		CHECK_INT(a.content, b.content);
	}
}

static void
test_facts__a_denial_is_no_word_of_the_mask(void)
{
	CHECK(one_mask("You need a licence.", "You do not need a licence."));
	CHECK(one_mask("It can be undone.", "It can't be undone."));
	CHECK(one_mask("There is a limit.", "There is no limit."));
	CHECK_INT(facts_of("It cannot be undone.", false).denials, 1);
	CHECK_INT(facts_of("It can be undone.", false).denials, 0);
	CHECK_INT(facts_of("It cannot, and does not.", false).denials, 2);
}

static void
test_facts__too_many_are_marked_and_cut(void)
{
	struct kb_buf b = { 0 };
	struct kb_facts f;

	for (int i = 0; i < KB_FACTS_MAX + 1; i++)
		kb_buf_printf(&b, "x %d y ", i + 100);
	f = facts_of(b.p, false);
	CHECK(f.more);
	CHECK_INT(f.n, KB_FACTS_MAX);
	kb_buf_release(&b);
}

static void
test_facts__any_bytes_are_survived(void)
{
	static const char *const odd[] = {
		"", " ", "\xff\xfe 5 \x80", "$", "5", "-", "--", "\\\\",
		"C:\\", "/", "~", "9:", "9:6", "v", "v1", "A > ", "A > B",
		" > > >", "1.", "1,", "1.2.", "Ctrl+", "www.", "http://",
		"\xe2\x82\xac", ("\xe2\x82\xac" "5"), "5\xc2\xa0GB", "5 \xe2",
		"March", "March 99", "31 February 2024", "@", "a@b", "1:2:3"
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct kb_facts f = facts_of(odd[i], i % 2 == 0);

		for (size_t k = 0; k < f.n; k++) {
			CHECK(f.v[k].start < f.v[k].end);
			CHECK(f.v[k].end <= strlen(odd[i]));
			CHECK(f.v[k].value.n > 0);
			if (f.v[k].value.n == 0)
				printf("# in '%s'\n", odd[i]);
		}
	}
}

int
main(void)
{
	RUN(test_facts__times_are_one_whatever_their_unit);
	RUN(test_facts__bytes_differ_only_if_they_do_in_both_readings);
	RUN(test_facts__numbers_are_read_as_the_language_writes_them);
	RUN(test_facts__money_is_found_whatever_its_sign);
	RUN(test_facts__what_names_a_thing_is_no_fact);
	RUN(test_facts__versions_are_facts_unless_they_are_the_condition);
	RUN(test_facts__numbers_of_names_are_told_when_asked_for);
	RUN(test_facts__cells_are_apart);
	RUN(test_facts__ports_paths_hosts_and_options_are_told_apart);
	RUN(test_facts__menus_are_one_fact);
	RUN(test_facts__dates_are_read_in_many_forms);
	RUN(test_facts__a_mask_is_one_for_sentences_that_differ_in_facts_alone);
	RUN(test_facts__a_mask_is_one_with_and_without_signs_of_facts);
	RUN(test_facts__a_denial_is_no_word_of_the_mask);
	RUN(test_facts__too_many_are_marked_and_cut);
	RUN(test_facts__any_bytes_are_survived);
	kb_arena_release(&arena);
	return test_done();
}
