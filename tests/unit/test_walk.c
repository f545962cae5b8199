/* What walk.h promises of files that are not what they were. */
#include "test.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"

static struct kb_arena arena;
static struct kb_files files;
static struct kb_err err;
static char top[256];

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* in/a/b/c.html, and the same names beside "in", with secrets. */
static void
begin(const char *argument)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(top, sizeof(top), "%s/kb-walk-XXXXXX",
	    tmp != NULL ? tmp : P_tmpdir);
	CHECK(mkdtemp(top) != NULL && chdir(top) == 0);
	CHECK(mkdir("in", 0700) == 0 && mkdir("in/a", 0700) == 0 &&
	    mkdir("in/a/b", 0700) == 0 && mkdir("out", 0700) == 0 &&
	    mkdir("out/b", 0700) == 0);
	put("in/a/b/c.html", "article");
	put("out/b/c.html", "secret");
	put("out/c.html", "secret");
	CHECK_INT(kb_files_add(&files, argument, &arena, &err), KB_OK);
	CHECK_INT(files.n, 1);
}

static int
remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	return remove(path);
}

static void
end(void)
{
	kb_files_release(&files);
	kb_arena_reset(&arena);
	CHECK(chdir("/") == 0);
	CHECK(nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

/* What the file that was found says now; "" if it cannot be opened. */
static const char *
read_it(void)
{
	static char text[16];
	int fd;

	memset(text, 0, sizeof(text));
	memset(&err, 0, sizeof(err));
	if (kb_files_open(&files.v[0], &fd, &err) != KB_OK)
		return "";
	CHECK(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	return text;
}

static void
test_walk__what_was_found_is_opened(void)
{
	static const char *const ways[] = { "in", "in/", "./in//", "in/a",
	    "in/a/b", "in/../in", "in/a/b/c.html" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		begin(ways[i]);
		CHECK_STR(kb_str_c(read_it()), "article");
		end();
	}
}

static void
test_walk__a_folder_that_is_a_link_by_name_is_opened(void)
{
	begin("in");
	kb_files_release(&files);
	CHECK(symlink("in", "link") == 0);
	CHECK_INT(kb_files_add(&files, "link", &arena, &err), KB_OK);
	CHECK_STR(kb_str_c(read_it()), "article");
	kb_files_release(&files);
	CHECK_INT(kb_files_add(&files, "link/", &arena, &err), KB_OK);
	CHECK_STR(kb_str_c(read_it()), "article");
	end();
}

static void
test_walk__a_file_that_became_a_link_is_not_followed(void)
{
	begin("in");
	CHECK(unlink("in/a/b/c.html") == 0);
	CHECK(symlink("../../../out/c.html", "in/a/b/c.html") == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	end();
}

static void
test_walk__a_folder_that_became_a_link_is_not_followed(void)
{
	begin("in");
	CHECK(rename("in/a/b", "b") == 0);
	CHECK(symlink("../../out", "in/a/b") == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	CHECK_INT(err.status, KB_IO);
	end();
	begin("in");
	CHECK(rename("in/a", "a") == 0);
	CHECK(symlink("../out", "in/a") == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	end();
}

static void
test_walk__a_file_that_became_something_else_is_not_read(void)
{
	begin("in");
	CHECK(unlink("in/a/b/c.html") == 0);
	CHECK(mkfifo("in/a/b/c.html", 0600) == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	CHECK(unlink("in/a/b/c.html") == 0);
	CHECK(mkdir("in/a/b/c.html", 0700) == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	CHECK(rmdir("in/a/b/c.html") == 0);
	CHECK_STR(kb_str_c(read_it()), "");
	CHECK(strstr(err.msg, "No such file") != NULL);
	end();
}

int
main(void)
{
	kb_arena_init(&arena, 0);
	RUN(test_walk__what_was_found_is_opened);
	RUN(test_walk__a_folder_that_is_a_link_by_name_is_opened);
	RUN(test_walk__a_file_that_became_a_link_is_not_followed);
	RUN(test_walk__a_folder_that_became_a_link_is_not_followed);
	RUN(test_walk__a_file_that_became_something_else_is_not_read);
	kb_arena_release(&arena);
	return test_done();
}
