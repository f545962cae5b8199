#include "index_fixture.h"

#include <zlib.h>

#include "chance.h"
#include "pool.h"

static struct kb_arena arena;
static struct kb_files files;

/* What the callback was told, a line each. */
struct log {
	struct kb_buf	text;
	size_t		calls, fail_at;	/* 0: never */
	enum kb_status	status;		/* to fail with */
	size_t		bytes;
};

static enum kb_status
note(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	struct log *log = arg;
	const struct kb_value *id;

	kb_buf_add(&log->text, file->path);
	if (p != NULL) {
		id = p->rec->values[KB_F_ID];
		kb_buf_printf(&log->text, " %s %.*s %zu",
		    p->rec->dropped ? "dropped" : "record", KB_FMT(id != NULL
		    ? id->text : kb_str(NULL, 0)), p->words);
		log->bytes += p->bytes;
		CHECK(why == NULL);
	} else {
		kb_buf_addc(&log->text, why != NULL ? " failed" : " end");
		CHECK(why == NULL || why->status != KB_OK);
	}
	kb_buf_addch(&log->text, '\n');
	kb_prepared_free(p);
	if (++log->calls == log->fail_at)
		return kb_err_set(err, log->status, "enough");
	return KB_OK;
}

static enum kb_status
run(struct log *log, unsigned threads, struct kb_err *err)
{
	struct kb_pool_opts opts = { .profiles = settings.profiles,
	    .threads = threads };

	return kb_pool_run(&files, &opts, note, log, err);
}

/* An export of "n" articles, each of so many words of so many digits. */
static void
export(const char *name, size_t n, size_t words, int digits)
{
	struct kb_buf b = { 0 };

	mkdir(at("pool"), 0755);
	kb_buf_addc(&b, "<articles>\n");
	for (size_t i = 1; i <= n; i++) {
		kb_buf_printf(&b, "<article><id>%s-%zu</id><title>Title %zu"
		    "</title><body format=\"text\">", name, i, i);
		for (size_t k = 0; k < words; k++)
			kb_buf_printf(&b, "word%0*zu%c", digits,
			    chance_below(5000), k % 12 == 11 ? '\n' : ' ');
		kb_buf_addc(&b, "</body></article>\n");
	}
	kb_buf_addc(&b, "</articles>\n");
	spew(in(at("pool"), name), kb_buf_str(&b));
	kb_buf_release(&b);
}

/* Large ones first, so that small ones behind them are done before. */
static void
make_files(void)
{
	char name[24];

	export("a-large.xml", 300, 30, 1);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "b%02d.xml", i);
		export(name, chance_below(4), 5 + chance_below(60), 1);
	}
	export("c-large.xml", 2, 4000, 1);
	export("d.xml", 1, 3, 1);
	CHECK_INT(kb_files_add(&files, at("pool"), &arena, NULL), KB_OK);
	CHECK_INT(kb_files_sort(&files, NULL), KB_OK);
	CHECK_INT(files.n, 23);
}

static void
test_pool__results_come_in_the_order_of_the_files_and_records(void)
{
	struct log log = { 0 };
	struct kb_str rest, line;
	size_t record = 0, ends = 0;

	CHECK_INT(run(&log, 1, NULL), KB_OK);
	CHECK(kb_str_has_prefix(kb_buf_str(&log.text),
	    KB_STR("a-large.xml record a-large.xml-1 30\n"
	    "a-large.xml record a-large.xml-2 30\n")));
	CHECK(kb_str_has_suffix(kb_buf_str(&log.text),
	    KB_STR("c-large.xml record c-large.xml-2 4000\n"
	    "c-large.xml end\nd.xml record d.xml-1 3\nd.xml end\n")));
	rest = kb_buf_str(&log.text);
	while (kb_str_split(&rest, '\n', &line)) {
		char want[64];

		if (kb_str_has_suffix(line, KB_STR(" end"))) {
			record = 0;
			ends++;
		} else if (line.n > 0) {
			snprintf(want, sizeof(want), "-%zu ", ++record);
			CHECK(kb_str_find(line, kb_str_c(want), 0) !=
			    (size_t)-1);
		}
	}
	CHECK_INT(ends, files.n);
	kb_buf_release(&log.text);
}

static void
test_pool__any_number_of_threads_gives_the_same(void)
{
	static const unsigned threads[] = { 0, 2, 3, 8, 40 };
	struct log one = { 0 };

	CHECK_INT(run(&one, 1, NULL), KB_OK);
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		struct log many = { 0 };

		CHECK_INT(run(&many, threads[i], NULL), KB_OK);
		CHECK(kb_str_eq(kb_buf_str(&many.text),
		    kb_buf_str(&one.text)));
		kb_buf_release(&many.text);
	}
	kb_buf_release(&one.text);
}

/* Whatever it fails with: not even the file's own kinds of failure. */
static void
test_pool__a_failing_callback_stops_all(void)
{
	static const enum kb_status with[] = {
		KB_IO, KB_INPUT, KB_LIMIT, KB_NOMEM, KB_USAGE
	};
	static const size_t at_call[] = { 1, 150, 301, 302, 330 };
	static const unsigned threads[] = { 1, 2, 8 };

	for (size_t i = 0; i < 5 * 5 * 3; i++) {
		struct log log = { 0 };
		struct kb_err err = { KB_OK, "" };

		log.fail_at = at_call[i / 5 % 5];
		log.status = with[i % 5];
		CHECK_INT(run(&log, threads[i / 25], &err), log.status);
		CHECK_INT(log.calls, log.fail_at);
		CHECK_INT(err.status, log.status);
		CHECK_STR(kb_str_c(err.msg), "enough");
		kb_buf_release(&log.text);
		if (test_failures > 0) {
			printf("# %zu\n", i);
			break;
		}
	}
}

static void
test_pool__a_callback_that_fails_on_a_page_stops_all(void)
{
	static const enum kb_status with[] = { KB_IO, KB_INPUT, KB_LIMIT };
	struct kb_files keep = files;

	page("html", "a.html", "A", "", "<p>one</p>");
	page("html", "b.html", "B", "", "<p>two</p>");
	memset(&files, 0, sizeof(files));
	CHECK_INT(kb_files_add(&files, at("html"), &arena, NULL), KB_OK);
	CHECK_INT(kb_files_sort(&files, NULL), KB_OK);
	for (size_t i = 0; i < 6; i++) {
		struct log log = { .fail_at = 1, .status = with[i % 3] };

		CHECK_INT(run(&log, i < 3 ? 1 : 2, NULL), log.status);
		CHECK_INT(log.calls, 1);
		kb_buf_release(&log.text);
	}
	kb_files_release(&files);
	files = keep;
}

static void
gzip_cut(const char *path)
{
	gzFile f = gzopen(path, "wb");
	struct kb_buf b;

	for (int i = 0; i < 20000; i++)
		gzprintf(f, "<p>%d</p>", (int)chance_below(1000000));
	gzclose(f);
	b = slurp(path);
	spew(path, kb_str(b.p, b.n / 2));
	kb_buf_release(&b);
}

static void
test_pool__a_file_that_cannot_be_read_is_told_and_the_rest_goes_on(void)
{
	static const unsigned threads[] = { 1, 2, 8 };
	struct kb_files keep = files;

	page("bad", "a.html", "A", "", "<p>one two</p>");
	page("bad", "b.html", "B", "", "<p>gone</p>");
	gzip_cut(in(at("bad"), "c.html.gz"));
	spew(in(at("bad"), "d.xml"), KB_STR("<articles><article><id>d</id>"));
	spew(in(at("bad"), "e.html"), KB_STR("\0\0\0binary\0"));
	spew(in(at("bad"), "f.xml"), KB_STR(""));
	page("bad", "g.html", "G", "", "<p>one two three</p>");
	memset(&files, 0, sizeof(files));
	CHECK_INT(kb_files_add(&files, at("bad"), &arena, NULL), KB_OK);
	CHECK_INT(kb_files_sort(&files, NULL), KB_OK);
	CHECK_INT(files.n, 7);
	unlink(in(at("bad"), "b.html"));
	mkfifo(in(at("bad"), "b.html"), 0644);
	for (size_t i = 0; i < 3; i++) {
		struct log log = { 0 };
		struct kb_str t;

		CHECK_INT(run(&log, threads[i], NULL), KB_OK);
		t = kb_buf_str(&log.text);
		CHECK(kb_str_has_prefix(t, KB_STR("a.html record  2\n"
		    "a.html end\nb.html failed\n")));
		/* Records that are none say why. */
		CHECK(kb_str_find(t, KB_STR("c.html.gz dropped"), 0) !=
		    (size_t)-1);
		CHECK(kb_str_find(t, KB_STR("d.xml dropped"), 0) !=
		    (size_t)-1);
		CHECK(kb_str_find(t, KB_STR("e.html dropped"), 0) !=
		    (size_t)-1);
		CHECK(kb_str_find(t, KB_STR("f.xml dropped"), 0) !=
		    (size_t)-1);
		CHECK(kb_str_has_suffix(t, KB_STR("g.html record  3\n"
		    "g.html end\n")));
		kb_buf_release(&log.text);
	}
	kb_files_release(&files);
	files = keep;
}

/* More than what may wait: whoever reads ahead must be held up, and let on. */
static void
test_pool__what_waits_its_turn_is_bounded_and_comes_all_the_same(void)
{
	struct kb_files keep = files;
	struct log log = { 0 };

	export("x-first.xml", 170, 2000, 50);
	export("y-second.xml", 170, 2000, 50);
	memset(&files, 0, sizeof(files));
	CHECK_INT(kb_files_add(&files, in(at("pool"), "x-first.xml"), &arena,
	    NULL), KB_OK);
	CHECK_INT(kb_files_add(&files, in(at("pool"), "y-second.xml"), &arena,
	    NULL), KB_OK);
	CHECK_INT(run(&log, 2, NULL), KB_OK);
	CHECK_INT(log.calls, 342);
	CHECK(log.bytes > 2 * (size_t)64 * 1024 * 1024);
	kb_buf_release(&log.text);
	kb_files_release(&files);
	files = keep;
}

static void
test_pool__no_files_are_no_work(void)
{
	struct kb_files keep = files;
	struct log log = { 0 };

	memset(&files, 0, sizeof(files));
	CHECK_INT(run(&log, 1, NULL), KB_OK);
	CHECK_INT(run(&log, 4, NULL), KB_OK);
	CHECK_INT(log.calls, 0);
	files = keep;
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	make_files();
	RUN(test_pool__results_come_in_the_order_of_the_files_and_records);
	RUN(test_pool__any_number_of_threads_gives_the_same);
	RUN(test_pool__a_failing_callback_stops_all);
	RUN(test_pool__a_callback_that_fails_on_a_page_stops_all);
	RUN(test_pool__a_file_that_cannot_be_read_is_told_and_the_rest_goes_on);
	RUN(test_pool__what_waits_its_turn_is_bounded_and_comes_all_the_same);
	RUN(test_pool__no_files_are_no_work);
	kb_files_release(&files);
	kb_arena_release(&arena);
	fixture_unload();
	return test_done();
}
