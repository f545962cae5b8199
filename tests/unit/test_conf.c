#include "test.h"

#include "conf.h"

static struct kb_arena arena;
static struct kb_err err;

static enum kb_status
read_conf(struct kb_conf *conf, struct kb_str text)
{
	return kb_conf_parse(conf, text, "a.conf", &arena, &err);
}

static struct kb_str
get(const struct kb_conf *conf, const char *section, const char *argument,
    const char *key)
{
	const struct kb_conf_entry *e = kb_conf_get(conf, kb_str_c(section),
	    kb_str_c(argument), kb_str_c(key));

	return e != NULL ? e->value : KB_STR("(none)");
}

static void
test_conf__keeps_sections_arguments_and_order(void)
{
	struct kb_conf c = { 0 };
	const struct kb_conf_entry *e;

	CHECK_INT(read_conf(&c, KB_STR("# one\n[profile  a b ]\nk = v \n"
	    "; two\nk=w = x\n[meta]\r\n k2 ignored\n")), KB_INPUT);
	CHECK(c.first == NULL);
	CHECK_INT(read_conf(&c, KB_STR("# one\n[profile  a b ]\nk = v \n"
	    "; two\nk=w = x\n[meta]\r\nempty =\r\n")), KB_OK);
	CHECK_STR(get(&c, "profile", "a b", "k"), "w = x");
	CHECK_STR(get(&c, "profile", "", "k"), "(none)");
	CHECK_STR(get(&c, "meta", "", "empty"), "");
	e = c.first;
	CHECK(e != NULL && e->key.n == 0 && e->line == 2);
	e = e->next;
	CHECK_STR(e->value, "v");
	CHECK_INT(e->line, 3);
}

static void
test_conf__joins_continued_lines_with_one_space(void)
{
	struct kb_conf c = { 0 };

	CHECK_INT(read_conf(&c, KB_STR("\xef\xbb\xbf[s]\na = 1\n\t 2  \n"
	    "# between\n  # 3\nb =\n x\n")), KB_OK);
	CHECK_STR(get(&c, "s", "", "a"), "1 2 # 3");
	CHECK_STR(get(&c, "s", "", "b"), "x");
}

static void
check_error(const char *text, const char *want)
{
	struct kb_conf c = { 0 };

	CHECK_INT(read_conf(&c, kb_str_c(text)), KB_INPUT);
	CHECK(c.first == NULL);
	CHECK_STR(kb_str_c(err.msg).n > strlen(want) ?
	    kb_str(err.msg, strlen(want)) : kb_str_c(err.msg), want);
}

static void
test_conf__names_file_and_line_of_what_is_wrong(void)
{
	check_error("[s]\n\nnonsense\n", "a.conf:3: neither");
	check_error("[s\n", "a.conf:1: a section must end");
	check_error("[s] x\n", "a.conf:1: a section must end");
	check_error("[ ]\n", "a.conf:1: a section without a name");
	check_error("[s]\n= v\n", "a.conf:2: no key");
	check_error("k = v\n", "a.conf:1: a key needs a [section]");
	check_error("[s]\n x = 1\n", "a.conf:2: a line that begins");
	check_error("[s]\nk = v\n\n x\n", "a.conf:4: a line that begins");
	check_error("[s]\nk = v\nj = \xff\n", "a.conf:3: not UTF-8");
}

static void
test_conf__refuses_a_nul_byte(void)
{
	struct kb_conf c = { 0 };

	CHECK_INT(read_conf(&c, KB_STR("[s]\nk = a\0b\n")), KB_INPUT);
	CHECK_STR(kb_str_c(err.msg), "a.conf:2: a NUL byte");
}

static void
test_conf__is_unchanged_by_a_text_that_fails(void)
{
	struct kb_conf c = { 0 };
	const struct kb_conf_entry *last;

	CHECK_INT(read_conf(&c, KB_STR("[s]\nk = v\n")), KB_OK);
	last = c.last;
	CHECK_INT(read_conf(&c, KB_STR("[s]\nk = w\nbad\n")), KB_INPUT);
	CHECK(c.last == last && last->next == NULL);
	CHECK_STR(get(&c, "s", "", "k"), "v");
	CHECK_INT(read_conf(&c, KB_STR("[s]\nk = w")), KB_OK);
	CHECK_STR(get(&c, "s", "", "k"), "w");
	CHECK_INT(read_conf(&c, kb_str(NULL, 0)), KB_OK);
}

static void
test_conf__tells_when_memory_runs_out(void)
{
	struct kb_arena small;
	struct kb_conf c = { 0 };

	kb_arena_init(&small, 300);
	CHECK_INT(kb_conf_parse(&c, KB_STR("[s]\na = 1\nb = 2\nc = 3\n"
	    "d = 4\n"), "a.conf", &small, &err), KB_NOMEM);
	CHECK(c.first == NULL);
	kb_arena_release(&small);
}

int
main(void)
{
	RUN(test_conf__keeps_sections_arguments_and_order);
	RUN(test_conf__joins_continued_lines_with_one_space);
	RUN(test_conf__names_file_and_line_of_what_is_wrong);
	RUN(test_conf__refuses_a_nul_byte);
	RUN(test_conf__is_unchanged_by_a_text_that_fails);
	RUN(test_conf__tells_when_memory_runs_out);
	kb_arena_release(&arena);
	return test_done();
}
