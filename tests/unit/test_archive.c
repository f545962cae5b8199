/* Archives: members, names, second readings, what is broken or a bomb. */
#include "test.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>

#include "archive_members.h"

static struct kb_err err;
static char space[4 << 20];
static size_t used;

/* ---- making them ---- */

static struct archive *
begin(bool zip)
{
	struct archive *a = archive_write_new();

	if (zip)
		archive_write_set_format_zip(a);
	else
		archive_write_set_format_pax_restricted(a);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_write_open_memory(a, space, sizeof(space), &used);
	return a;
}

static void
add(struct archive *a, const char *name, mode_t type, const char *link,
    const char *p, size_t n)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)n);
	if (link != NULL)
		archive_entry_set_symlink(e, link);
	archive_write_header(a, e);
	if (n > 0)
		archive_write_data(a, p, n);
	archive_entry_free(e);
}

static void
add_text(struct archive *a, const char *name, const char *text)
{
	add(a, name, AE_IFREG, NULL, text, strlen(text));
}

static struct kb_str
finish(struct archive *a)
{
	archive_write_close(a);
	archive_write_free(a);
	return kb_str(space, used);
}

/* ---- reading them ---- */

static bool
read_all(struct kb_archive *a, struct kb_buf *out, const char *name)
{
	struct kb_input *in = NULL;
	bool good = kb_archive_member(a, &in, name, &err) == KB_OK &&
	    kb_input_slurp(in, (size_t)1 << 30, out, &err) == KB_OK;

	kb_input_close(in);
	return good;
}

/* "name=text;" for each member that is a file. */
static enum kb_status
list(struct kb_input *in, struct kb_buf *out)
{
	struct kb_archive *a = NULL;
	enum kb_status status = kb_archive_open(&a, in, &err);
	struct kb_member m;
	bool end = false;

	while (status == KB_OK) {
		status = kb_archive_next(a, &m, &end, &err);
		if (status != KB_OK || end)
			break;
		if (m.kind != KB_MEMBER_FILE)
			continue;
		kb_buf_add(out, m.name);
		kb_buf_addc(out, "=");
		if (!read_all(a, out, m.name.p))
			status = err.status;
		kb_buf_addc(out, ";");
	}
	kb_archive_close(a);
	return status;
}

static enum kb_status
list_bytes(struct kb_str bytes, struct kb_buf *out)
{
	struct kb_input *in;
	enum kb_status status = kb_input_open_mem(&in, bytes, "t", &err);

	kb_buf_clear(out);
	if (status == KB_OK)
		status = list(in, out);
	kb_input_close(in);
	return status;
}

static bool
is_clean(const char *raw, const char *want, bool changed)
{
	struct kb_buf b = { 0 };
	bool was = kb_archive_clean(&b, kb_str_c(raw));
	bool good = was == changed && kb_str_eq(kb_buf_str(&b),
	    kb_str_c(want));

	if (!good)
		printf("# '%s' is '%.*s' %d\n", raw, (int)b.n, b.p, was);
	kb_buf_release(&b);
	return good;
}

/* ---- tests ---- */

static void
test_archive__knows_zip_and_tar_by_their_first_bytes(void)
{
	struct archive *a = begin(true);

	add_text(a, "x", "1");
	CHECK(kb_archive_is(finish(a)));
	a = begin(false);
	add_text(a, "x", "1");
	CHECK(kb_archive_is(finish(a)));
	CHECK(!kb_archive_is(KB_STR("<html>")));
	CHECK(!kb_archive_is(KB_STR("")));
}

static void
test_archive__reads_members_in_order(void)
{
	struct kb_buf out = { 0 };

	for (int zip = 0; zip < 2; zip++) {
		struct archive *a = begin(zip != 0);

		add_text(a, "b/2.html", "two");
		add_text(a, "a.html", "one");
		add_text(a, "b/2.html", "again");
		add_text(a, "empty.html", "");
		CHECK(list_bytes(finish(a), &out) == KB_OK);
		CHECK_STR(kb_buf_str(&out), "b/2.html=two;a.html=one;"
		    "b/2.html=again;empty.html=;");
	}
	kb_buf_release(&out);
}

static void
test_archive__keeps_names_beyond_ascii_without_a_locale(void)
{
	struct kb_buf out = { 0 };
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	for (int zip = 0; zip < 2; zip++) {
		locale_t was = uselocale(utf8);
		struct archive *a = begin(zip != 0);
		struct kb_str bytes;

		add_text(a, "caf\xc3\xa9.html", "x");
		bytes = finish(a);
		uselocale(was);
		CHECK(list_bytes(bytes, &out) == KB_OK);
		CHECK_STR(kb_buf_str(&out), "caf\xc3\xa9.html=x;");
	}
	kb_buf_release(&out);
	freelocale(utf8);
}

static void
test_archive__makes_names_harmless(void)
{
	char long_name[3001] = "", cut_name[KB_ARCHIVE_NAME + 1] = "";

	CHECK(is_clean("a/b.html", "a/b.html", false));
	CHECK(is_clean("./a.html", "a.html", false));
	CHECK(is_clean("a/", "a", false));
	CHECK(is_clean("../../etc/a.html", "etc/a.html", true));
	CHECK(is_clean("/abs/a.html", "abs/a.html", true));
	CHECK(is_clean("a/../b.html", "a/b.html", true));
	CHECK(is_clean("a//b.html", "a/b.html", true));
	/* What is cut is the middle: by the ending it is read. */
	memset(long_name, 'a', sizeof(long_name) - 1);
	memcpy(long_name + sizeof(long_name) - 6, ".html", 6);
	memset(cut_name, 'a', sizeof(cut_name) - 1);
	memcpy(cut_name + KB_ARCHIVE_NAME - 5, ".html", 6);
	CHECK(is_clean(long_name, cut_name, true));
	CHECK(is_clean("a\nb\x1b[31m.html", "a\xef\xbf\xbd" "b\xef\xbf\xbd"
	    "[31m.html", true));
	CHECK(is_clean("caf\xe9.html", "caf\xef\xbf\xbd.html", true));
	CHECK(is_clean("..", "", true));
	CHECK(is_clean("", "", false));
}

static void
test_archive__cuts_names_that_are_too_long(void)
{
	struct kb_buf raw = { 0 }, out = { 0 };

	for (int i = 0; i < 1000; i++)
		kb_buf_addc(&raw, "\xc3\xa9\xc3\xa9/");
	CHECK(kb_archive_clean(&out, kb_buf_str(&raw)));
	CHECK(out.n <= KB_ARCHIVE_NAME);
	CHECK(out.n > KB_ARCHIVE_NAME - 4);
	kb_buf_release(&raw);
	kb_buf_release(&out);
}

static void
test_archive__passes_over_folders_and_links(void)
{
	struct kb_buf out = { 0 };

	for (int zip = 0; zip < 2; zip++) {
		struct archive *a = begin(zip != 0);

		add(a, "d", AE_IFDIR, NULL, NULL, 0);
		add(a, "l.html", AE_IFLNK, "/etc/passwd", NULL, 0);
		if (!zip)
			add(a, "f.html", AE_IFIFO, NULL, NULL, 0);
		add_text(a, "a.html", "one");
		CHECK(list_bytes(finish(a), &out) == KB_OK);
		CHECK_STR(kb_buf_str(&out), "a.html=one;");
	}
	kb_buf_release(&out);
}

static void
test_archive__reads_a_member_a_second_time(void)
{
	struct kb_buf one = { 0 }, two = { 0 };

	for (int zip = 0; zip < 2; zip++) {
		struct archive *a = begin(zip != 0);
		struct kb_archive *r = NULL;
		struct kb_input *in = NULL, *m = NULL;
		struct kb_member at;
		bool end;

		add_text(a, "a", "first");
		add_text(a, "b", "second");
		add_text(a, "c", "third");
		CHECK(kb_input_open_mem(&in, finish(a), "t", &err) == KB_OK);
		CHECK(kb_archive_open(&r, in, &err) == KB_OK);
		CHECK(kb_archive_next(r, &at, &end, &err) == KB_OK);
		CHECK(kb_archive_next(r, &at, &end, &err) == KB_OK);
		CHECK(kb_archive_member(r, &m, "b", &err) == KB_OK);
		kb_buf_clear(&one);
		kb_buf_clear(&two);
		CHECK(kb_input_slurp(m, 99, &one, &err) == KB_OK);
		CHECK(kb_input_rewind(m, &err) == KB_OK);
		CHECK(kb_input_slurp(m, 99, &two, &err) == KB_OK);
		kb_input_close(m);
		CHECK_STR(kb_buf_str(&one), "second");
		CHECK_STR(kb_buf_str(&two), "second");
		CHECK(kb_archive_next(r, &at, &end, &err) == KB_OK && !end);
		CHECK_STR(at.name, "c");
		kb_archive_close(r);
		kb_input_close(in);
	}
	kb_buf_release(&one);
	kb_buf_release(&two);
}

static void
test_archive__keeps_what_stood_before_a_break(void)
{
	struct kb_buf out = { 0 };
	struct archive *a = begin(false);
	struct kb_str bytes;

	add_text(a, "a.html", "one");
	add_text(a, "b.html", "two");
	bytes = finish(a);
	/* In the header of the second member. */
	CHECK(list_bytes(kb_str(bytes.p, 1024 + 300), &out) == KB_INPUT);
	CHECK_STR(kb_buf_str(&out), "a.html=one;");
	kb_buf_release(&out);
}

static void
test_archive__says_that_a_zip_cut_short_is_broken(void)
{
	struct kb_buf out = { 0 };
	struct archive *a = begin(true);
	struct kb_str bytes;

	add_text(a, "a.html", "one");
	bytes = finish(a);
	for (size_t n = 4; n < bytes.n; n++)
		(void)list_bytes(kb_str(bytes.p, n), &out);
	CHECK(list_bytes(kb_str(bytes.p, 20), &out) == KB_INPUT);
	CHECK(list_bytes(bytes, &out) == KB_OK);
	kb_buf_release(&out);
}

static void
test_archive__stops_at_a_bomb(void)
{
	static char zeros[1 << 20];
	struct kb_buf out = { 0 };
	struct archive *a = begin(true);
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, "a.html");
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_size(e, (la_int64_t)200 << 20);
	archive_write_header(a, e);
	for (int i = 0; i < 200; i++)
		archive_write_data(a, zeros, sizeof(zeros));
	archive_entry_free(e);
	CHECK(list_bytes(finish(a), &out) == KB_LIMIT);
	CHECK(out.n < (size_t)100 << 20);
	kb_buf_release(&out);
}

/* ---- the input beneath ---- */

struct bytes {
	struct kb_str	all;
	size_t		at;
};

static enum kb_status
give(void *arg, char *p, size_t n, size_t *got, struct kb_err *e)
{
	struct bytes *b = arg;

	(void)e;
	*got = b->all.n - b->at < n ? b->all.n - b->at : n;
	*got = *got < 7 ? *got : 7;
	memcpy(p, b->all.p + b->at, *got);
	b->at += *got;
	return KB_OK;
}

static void
test_archive__reads_a_zip_that_comes_only_once(void)
{
	struct kb_buf out = { 0 };
	struct archive *a = begin(true);
	struct bytes from = { { NULL, 0 }, 0 };
	struct kb_input_source source = { &from, give, NULL };
	struct kb_input *in;

	add_text(a, "a.html", "one");
	add_text(a, "b.html", "two");
	from.all = finish(a);
	CHECK(kb_input_open_source(&in, &source, "pipe", &err) == KB_OK);
	CHECK(list(in, &out) == KB_OK);
	CHECK_STR(kb_buf_str(&out), "a.html=one;b.html=two;");
	CHECK(kb_input_rewind(in, &err) == KB_IO);
	kb_input_close(in);
	kb_buf_release(&out);
}

int
main(void)
{
	RUN(test_archive__knows_zip_and_tar_by_their_first_bytes);
	RUN(test_archive__reads_members_in_order);
	RUN(test_archive__keeps_names_beyond_ascii_without_a_locale);
	RUN(test_archive__makes_names_harmless);
	RUN(test_archive__cuts_names_that_are_too_long);
	RUN(test_archive__passes_over_folders_and_links);
	RUN(test_archive__reads_a_member_a_second_time);
	RUN(test_archive__keeps_what_stood_before_a_break);
	RUN(test_archive__says_that_a_zip_cut_short_is_broken);
	RUN(test_archive__stops_at_a_bomb);
	RUN(test_archive__reads_a_zip_that_comes_only_once);
	return test_done();
}
