#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "input.h"

/* One gzip member of "s", appended to "out". */
static void
gzip(struct kb_buf *out, struct kb_str s)
{
	z_stream z = { 0 };
	char block[4096];

	deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9,
	    Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	do {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof(block);
		deflate(&z, Z_FINISH);
		kb_buf_add(out, kb_str(block, sizeof(block) - z.avail_out));
	} while (z.avail_out == 0);
	deflateEnd(&z);
}

static enum kb_status
slurp(struct kb_str bytes, size_t cap, struct kb_buf *out,
    struct kb_err *err)
{
	struct kb_input *in;
	enum kb_status st;

	st = kb_input_open_mem(&in, bytes, "mem", err);
	if (st != KB_OK)
		return st;
	st = kb_input_slurp(in, cap, out, err);
	kb_input_close(in);
	return st;
}

static void
test_input__plain_bytes_come_through_unchanged(void)
{
	struct kb_buf out = { 0 };

	CHECK_INT(slurp(KB_STR("a\0b\x1f"), 10, &out, NULL), KB_OK);
	CHECK(kb_str_eq(kb_buf_str(&out), KB_STR("a\0b\x1f")));
	kb_buf_clear(&out);
	CHECK_INT(slurp(kb_str(NULL, 0), 10, &out, NULL), KB_OK);
	CHECK_INT(out.n, 0);
	kb_buf_clear(&out);
	CHECK_INT(slurp(KB_STR("\x1f"), 10, &out, NULL), KB_OK);
	CHECK_INT(out.n, 1);
	kb_buf_release(&out);
}

static void
test_input__gzip_members_are_joined_and_zero_padding_is_ignored(void)
{
	struct kb_buf gz = { 0 }, out = { 0 };

	gzip(&gz, KB_STR("one,"));
	gzip(&gz, KB_STR(""));
	gzip(&gz, KB_STR("two"));
	kb_buf_add(&gz, KB_STR("\0\0\0\0\0"));
	CHECK_INT(slurp(kb_buf_str(&gz), 100, &out, NULL), KB_OK);
	CHECK_STR(kb_buf_str(&out), "one,two");
	kb_buf_release(&gz);
	kb_buf_release(&out);
}

static void
test_input__garbage_behind_gzip_is_an_error_that_names_the_offset(void)
{
	struct kb_buf gz = { 0 }, out = { 0 };
	struct kb_err err = { 0 };
	char where[32];

	gzip(&gz, KB_STR("one"));
	snprintf(where, sizeof(where), "byte %zu", gz.n);
	kb_buf_addc(&gz, "garbage");
	CHECK_INT(slurp(kb_buf_str(&gz), 100, &out, &err), KB_INPUT);
	CHECK(strstr(err.msg, where) != NULL);
	CHECK_STR(kb_buf_str(&out), "one");
	kb_buf_release(&gz);
	kb_buf_release(&out);
}

static void
test_input__truncated_and_damaged_gzip_is_an_error(void)
{
	struct kb_buf gz = { 0 }, out = { 0 };
	struct kb_str s;

	gzip(&gz, KB_STR("some text that is long enough to be damaged"));
	s = kb_buf_str(&gz);
	s.n -= 3;
	CHECK_INT(slurp(s, 100, &out, NULL), KB_INPUT);
	s.n = 2;
	CHECK_INT(slurp(s, 100, &out, NULL), KB_INPUT);
	gz.p[gz.n - 6] ^= 1;
	CHECK_INT(slurp(kb_buf_str(&gz), 100, &out, NULL), KB_INPUT);
	kb_buf_release(&gz);
	kb_buf_release(&out);
}

static void
test_input__a_gzip_bomb_is_stopped(void)
{
	struct kb_buf gz = { 0 };
	struct kb_input *in;
	struct kb_err err = { 0 };
	char *zeros = calloc(1, 1 << 20), *block = malloc(1 << 20);
	enum kb_status st;
	size_t got, total = 0;
	int i;

	for (i = 0; i < 100; i++)
		gzip(&gz, kb_str(zeros, 1 << 20));
	CHECK_INT(kb_input_open_mem(&in, kb_buf_str(&gz), "bomb", &err),
	    KB_OK);
	while ((st = kb_input_read(in, block, 1 << 20, &got, &err)) ==
	    KB_OK && got > 0)
		total += got;
	CHECK_INT(st, KB_LIMIT);
	CHECK(total >= (size_t)63 << 20 && total <= (size_t)66 << 20);
	CHECK_INT(kb_input_read(in, block, 1, &got, NULL), KB_LIMIT);
	kb_input_close(in);
	kb_buf_release(&gz);
	free(zeros);
	free(block);
}

static void
test_input__slurp_refuses_more_than_its_cap_but_takes_exactly_it(void)
{
	struct kb_buf out = { 0 };

	CHECK_INT(slurp(KB_STR("12345"), 5, &out, NULL), KB_OK);
	CHECK_STR(kb_buf_str(&out), "12345");
	CHECK_INT(slurp(KB_STR("123456"), 5, &out, NULL), KB_LIMIT);
	kb_buf_release(&out);
}

static void
test_input__peek_uses_nothing_up(void)
{
	struct kb_buf gz = { 0 };
	struct kb_input *in;
	struct kb_str s;
	char p[3];
	size_t got;

	gzip(&gz, KB_STR("abcdef"));
	CHECK_INT(kb_input_open_mem(&in, kb_buf_str(&gz), "m", NULL), KB_OK);
	CHECK(kb_input_is_gzip(in));
	CHECK_INT(kb_input_peek(in, 2, &s, NULL), KB_OK);
	CHECK_STR(s, "ab");
	CHECK_INT(kb_input_read(in, p, 3, &got, NULL), KB_OK);
	CHECK_STR(kb_str(p, got), "abc");
	CHECK_INT(kb_input_peek(in, 99999, &s, NULL), KB_OK);
	CHECK_STR(s, "def");
	kb_input_close(in);
	kb_buf_release(&gz);
}

static void *
drip(void *arg)
{
	int fd = *(int *)arg, i;

	for (i = 0; i < 1000; i++)
		if (write(fd, "x", 1) != 1)
			break;
	close(fd);
	return NULL;
}

static void
test_input__a_pipe_is_read_to_its_end_and_the_descriptor_closed(void)
{
	struct kb_buf out = { 0 };
	struct kb_input *in;
	pthread_t t;
	int fd[2];

	CHECK_INT(pipe(fd), 0);
	pthread_create(&t, NULL, drip, &fd[1]);
	CHECK_INT(kb_input_open_fd(&in, fd[0], "pipe", NULL), KB_OK);
	CHECK(!kb_input_is_gzip(in));
	CHECK_INT(kb_input_slurp(in, 5000, &out, NULL), KB_OK);
	CHECK_INT(out.n, 1000);
	kb_input_close(in);
	pthread_join(t, NULL);
	CHECK_INT(fcntl(fd[0], F_GETFD), -1);
	kb_buf_release(&out);
}

static void
test_input__a_failing_descriptor_is_an_io_error_and_is_closed(void)
{
	struct kb_input *in = NULL;
	struct kb_err err = { 0 };
	int fd = open(".", O_RDONLY);

	CHECK_INT(kb_input_open_fd(&in, fd, "some-folder", &err), KB_IO);
	CHECK(in == NULL);
	CHECK(strstr(err.msg, "some-folder") != NULL);
	CHECK_INT(fcntl(fd, F_GETFD), -1);
}

int
main(void)
{
	RUN(test_input__plain_bytes_come_through_unchanged);
	RUN(test_input__gzip_members_are_joined_and_zero_padding_is_ignored);
	RUN(test_input__garbage_behind_gzip_is_an_error_that_names_the_offset);
	RUN(test_input__truncated_and_damaged_gzip_is_an_error);
	RUN(test_input__a_gzip_bomb_is_stopped);
	RUN(test_input__slurp_refuses_more_than_its_cap_but_takes_exactly_it);
	RUN(test_input__peek_uses_nothing_up);
	RUN(test_input__a_pipe_is_read_to_its_end_and_the_descriptor_closed);
	RUN(test_input__a_failing_descriptor_is_an_io_error_and_is_closed);
	return test_done();
}
