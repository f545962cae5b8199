#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include "cli.h"
#include "sandbox.h"
#include "utf8.h"

#define SPILL	((size_t)64 * 1024)

static int
cannot_write(const char *file)
{
	fprintf(stderr, "%s: cannot write '%s': %s\n", kb_cli_name, file,
	    strerror(errno));
	return KB_EXIT_SYSTEM;
}

int
kb_out_to(const char *file)
{
	int fd;

	if (file == NULL)
		return KB_EXIT_OK;
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0) {
		close(fd);
		return KB_EXIT_OK;
	}
	return cannot_write(file);
}

int
kb_out_file_open(struct kb_out_file *file, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	bool made = fd >= 0;

	/* O_CREAT again: it may be a link to what is not there yet. */
	if (!made && errno == EEXIST)
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return cannot_write(path);
	*file = (struct kb_out_file){ path, fd, made };
	return KB_EXIT_OK;
}

bool
kb_out_file_is(const struct kb_out_file *file, const char *other)
{
	struct stat a, b;

	return fstat(file->fd, &a) == 0 && S_ISREG(a.st_mode) &&
	    (other != NULL ? stat(other, &b) : fstat(STDOUT_FILENO, &b)) ==
	    0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int
kb_out_file_write(struct kb_out_file *file, struct kb_buf *text)
{
	const char *path = file->path;
	struct stat st;
	FILE *f;

	/* A pipe or a device has no length. */
	if (fstat(file->fd, &st) != 0 || (S_ISREG(st.st_mode) &&
	    ftruncate(file->fd, 0) != 0))
		return cannot_write(path);
	f = fdopen(file->fd, "wb");
	if (f == NULL)
		return cannot_write(path);
	file->path = NULL;
	return kb_cli_write_file(text, f, path);
}

void
kb_out_file_drop(struct kb_out_file *file)
{
	if (file->path == NULL)
		return;
	if (file->made)
		unlink(file->path);
	close(file->fd);
	file->path = NULL;
}

static void
write_now(struct kb_out *out)
{
	if (!out->done) {
		out->code = kb_cli_write(&out->buf);
		/* A closed pipe is no failure, but the end all the same. */
		out->done = out->code != KB_EXIT_OK || ferror(stdout);
	}
	kb_buf_clear(&out->buf);
}

void
kb_out_spill(struct kb_out *out)
{
	if (out->buf.n >= SPILL || out->buf.failed)
		write_now(out);
}

int
kb_out_end(struct kb_out *out)
{
	write_now(out);
	kb_buf_release(&out->buf);
	return out->code;
}

void
kb_out_warn(struct kb_buf *text)
{
	if (text->n > 0 && !text->failed)
		fprintf(stderr, "%s: warning: %.*s\n", kb_cli_name,
		    KB_FMT(kb_buf_str(text)));
	kb_buf_release(text);
}

void
kb_out_sandbox(const struct kb_sandbox_report *report)
{
	struct kb_buf text = { 0 };

	kb_sandbox_missing(report, &text);
	if (text.n > 0 && !text.failed)
		fprintf(stderr, "%s: note: %.*s\n", kb_cli_name,
		    KB_FMT(kb_buf_str(&text)));
	kb_buf_release(&text);
}

int
kb_out_index_argument(const struct kb_command *self, int argc, char **argv,
    const char **index)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	int c = kb_cli_option(self, argc, argv, options);

	*index = NULL;
	if (c == 'h')
		return KB_EXIT_OK;
	if (c != -1)
		return KB_EXIT_USAGE;
	if (argc - optind != 1)
		return kb_cli_usage(self, "it wants one index, not %d",
		    argc - optind);
	*index = argv[optind];
	return KB_EXIT_OK;
}

bool
kb_out_is_terminal(void)
{
	return isatty(STDOUT_FILENO);
}

/* ---- columns ---- */

/* The code point at "at", and how many cells it takes. */
static size_t
next_cell(struct kb_str s, size_t at, size_t *cells)
{
	uint32_t c;
	size_t k = kb_utf8_next(s, at, &c);
	int w = c < 0x80 ? 1 : c == UINT32_MAX ? 1 :
	    utf8proc_charwidth((utf8proc_int32_t)c);

	*cells = w > 0 ? (size_t)w : 0;
	return k;
}

size_t
kb_out_width(struct kb_str text)
{
	size_t n = 0, cells;

	for (size_t i = 0; i < text.n; n += cells)
		i += next_cell(text, i, &cells);
	return n;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What any reader would split at, and what would act on a terminal. */
static bool
splits(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
	    c == 0x205f || (c >= 0x2066 && c <= 0x2069) || c == 0x3000 ||
	    c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f) || c == UINT32_MAX;
}

void
kb_out_id(struct kb_buf *out, struct kb_str id)
{
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < id.n; i += k) {
		k = kb_utf8_next(id, i, &c);
		if (!splits(c)) {
			kb_buf_add(out, kb_str(id.p + i, k));
			continue;
		}
		for (size_t j = i; j < i + k; j++)
			kb_buf_printf(out, "%%%02X", (unsigned char)id.p[j]);
	}
}

void
kb_out_line(struct kb_buf *out, struct kb_str text)
{
	bool first = true;
	size_t i = 0, from;

	while (i < text.n) {
		while (i < text.n && is_space(text.p[i]))
			i++;
		for (from = i; i < text.n && !is_space(text.p[i]);)
			i++;
		if (i == from)
			break;
		if (!first)
			kb_buf_addch(out, ' ');
		kb_cli_safe(out, kb_str(text.p + from, i - from));
		first = false;
	}
}

static void
add_spaces(struct kb_buf *out, size_t n)
{
	while (n-- > 0)
		kb_buf_addch(out, ' ');
}

/* As much of "s" as fits, with "..." as one character where it is cut. */
static size_t
add_cut(struct kb_buf *out, struct kb_str s, size_t width)
{
	size_t total = kb_out_width(s), used = 0, cells, k;

	if (total <= width) {
		kb_buf_add(out, s);
		return total;
	}
	for (size_t i = 0; i < s.n; i += k, used += cells) {
		k = next_cell(s, i, &cells);
		if (used + cells + 1 > width)
			break;
		kb_buf_add(out, kb_str(s.p + i, k));
	}
	kb_buf_addc(out, "\xe2\x80\xa6");
	return used + 1;
}

void
kb_out_cell(struct kb_buf *out, struct kb_str text, int width)
{
	size_t want = (size_t)(width < 0 ? -width : width), used;
	struct kb_buf line = { 0 };

	kb_out_line(&line, text);
	if (width < 0) {
		used = kb_out_width(kb_buf_str(&line));
		add_spaces(out, used < want ? want - used : 0);
		kb_buf_add(out, kb_buf_str(&line));
	} else {
		used = add_cut(out, kb_buf_str(&line), want);
		add_spaces(out, used < want ? want - used : 0);
	}
	out->failed |= line.failed;
	kb_buf_release(&line);
}

void
kb_out_wrap(struct kb_buf *out, struct kb_str text, size_t at, size_t indent,
    size_t width)
{
	struct kb_buf line = { 0 };
	struct kb_str rest, word;
	bool first = true;
	size_t n;

	kb_out_line(&line, text);
	rest = kb_buf_str(&line);
	while (kb_str_split(&rest, ' ', &word)) {
		n = kb_out_width(word);
		if (!first && at + 1 + n > width) {
			kb_buf_addch(out, '\n');
			add_spaces(out, indent);
			at = indent;
		} else if (!first) {
			kb_buf_addch(out, ' ');
			at++;
		}
		kb_buf_add(out, word);
		at += n;
		first = false;
	}
	kb_buf_addch(out, '\n');
	out->failed |= line.failed;
	kb_buf_release(&line);
}

void
kb_out_count(struct kb_buf *out, uint64_t n, int width)
{
	char digits[24], text[32];
	size_t len, at = 0;

	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	len = strlen(digits);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	add_spaces(out, (size_t)width > at && width > 0 ?
	    (size_t)width - at : 0);
	kb_buf_add(out, kb_str(text, at));
}
