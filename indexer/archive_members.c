#include "archive_members.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "utf8.h"

#define BLOCK		((size_t)64 * 1024)
#define MAX_ENDING	16	/* bytes, with the dot */

struct kb_archive {
	struct kb_input	*in;
	struct archive	*la;
	bool		 placed;	/* read at any place */
	uint64_t	 size, at;	/* then: all bytes, the next */
	uint64_t	 taken;		/* else: bytes that came */
	size_t		 number;	/* members so far */
	uint64_t	 out_total;	/* unpacked */
	uint64_t	 out_member;	/* of them the present one's */
	struct kb_buf	 name;
	struct kb_err	 why;		/* of "in" */
	char		 block[BLOCK];
};

/* ---- what the C library wants to have read ---- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t utf8_names;

/*
 * libarchive hands names over in the locale's encoding, and loses those that
 * have no place in it.
 */
static void
load_locale(void)
{
	utf8_names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

void
kb_archive_setup(void)
{
	pthread_once(&once, load_locale);
	/* Where TZ is not set, each mktime() looks for /etc/localtime. */
	setenv("TZ", "UTC0", 1);
	tzset();
}

/* In libarchive names are UTF-8; outside the program has no locale. */
static locale_t
enter(void)
{
	return utf8_names != (locale_t)0 ? uselocale(utf8_names) :
	    (locale_t)0;
}

static void
leave(locale_t was)
{
	if (was != (locale_t)0)
		uselocale(was);
}

/* ---- bytes for libarchive ---- */

static la_ssize_t
on_read(struct archive *la, void *arg, const void **p)
{
	struct kb_archive *a = arg;
	enum kb_status status;
	size_t got = 0;

	if (a->placed)
		status = kb_input_raw_read(a->in, a->at, a->block, BLOCK,
		    &got, &a->why);
	else
		status = kb_input_read(a->in, a->block, BLOCK, &got, &a->why);
	if (status != KB_OK) {
		archive_set_error(la, EIO, "%s", a->why.msg);
		return ARCHIVE_FATAL;
	}
	a->at += got;
	a->taken += got;
	*p = a->block;
	return (la_ssize_t)got;
}

static la_int64_t
on_skip(struct archive *la, void *arg, la_int64_t n)
{
	struct kb_archive *a = arg;
	uint64_t left = a->size > a->at ? a->size - a->at : 0;

	if (!a->placed || n <= 0)
		return 0;
	if ((uint64_t)n > left)
		n = (la_int64_t)left;
	a->at += (uint64_t)n;
	return n;
}

static la_int64_t
on_seek(struct archive *la, void *arg, la_int64_t by, int whence)
{
	struct kb_archive *a = arg;
	int64_t from = whence == SEEK_CUR ? (int64_t)a->at :
	    whence == SEEK_END ? (int64_t)a->size : 0;

	if (!a->placed || (by > 0 && from > INT64_MAX - by) || from + by < 0)
		return ARCHIVE_FATAL;
	a->at = (uint64_t)(from + by);
	return (la_int64_t)a->at;
}

static enum kb_status
broken(struct kb_archive *a, struct kb_err *err)
{
	const char *why = archive_error_string(a->la);

	if (a->why.status == KB_IO || a->why.status == KB_LIMIT ||
	    a->why.status == KB_NOMEM) {
		if (err != NULL)
			*err = a->why;
		return a->why.status;
	}
	return kb_err_set(err, KB_INPUT, "broken archive: %s",
	    why != NULL ? why : "it cannot be read");
}

static enum kb_status
start(struct kb_archive *a, struct kb_err *err)
{
	locale_t was = enter();
	int rc = ARCHIVE_FATAL;

	a->la = archive_read_new();
	if (a->la != NULL) {
		archive_read_support_format_tar(a->la);
		archive_read_support_format_zip(a->la);
		archive_read_set_read_callback(a->la, on_read);
		archive_read_set_skip_callback(a->la, on_skip);
		if (a->placed)
			archive_read_set_seek_callback(a->la, on_seek);
		archive_read_set_callback_data(a->la, a);
		rc = archive_read_open1(a->la);
	}
	leave(was);
	if (a->la == NULL)
		return kb_err_nomem(err);
	return rc == ARCHIVE_OK ? KB_OK : broken(a, err);
}

bool
kb_archive_is(struct kb_str head)
{
	if (kb_str_has_prefix(head, KB_STR("PK\003\004")) ||
	    kb_str_has_prefix(head, KB_STR("PK\005\006")))
		return true;
	return head.n >= 512 && memcmp(head.p + 257, "ustar", 5) == 0;
}

enum kb_status
kb_archive_open(struct kb_archive **out, struct kb_input *in,
    struct kb_err *err)
{
	struct kb_archive *a = calloc(1, sizeof(*a));
	enum kb_status status;

	if (a == NULL)
		return kb_err_nomem(err);
	pthread_once(&once, load_locale);
	a->in = in;
	a->placed = !kb_input_is_gzip(in) && kb_input_raw_size(in, &a->size);
	status = start(a, err);
	if (status != KB_OK) {
		kb_archive_close(a);
		return status;
	}
	*out = a;
	return KB_OK;
}

void
kb_archive_close(struct kb_archive *a)
{
	if (a == NULL)
		return;
	archive_read_free(a->la);
	kb_buf_release(&a->name);
	free(a);
}

/* ---- names ---- */

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == UINT32_MAX;
}

static void
add_step(struct kb_buf *out, struct kb_str step)
{
	uint32_t c;

	if (out->n > 0)
		kb_buf_addch(out, '/');
	for (size_t i = 0, k; i < step.n; i += k) {
		k = kb_utf8_next(step, i, &c);
		kb_buf_add_utf8(out, is_control(c) ? 0xfffd : c);
	}
}

/* To KB_ARCHIVE_NAME bytes, by the middle: the ending says how to read it. */
static void
shorten(struct kb_buf *out)
{
	char ending[MAX_ENDING];
	size_t n = 0;

	while (n < MAX_ENDING && out->p[out->n - n - 1] != '.' &&
	    (unsigned char)out->p[out->n - n - 1] < 0x80)
		n++;
	n = n < MAX_ENDING && out->p[out->n - n - 1] == '.' ? n + 1 : 0;
	memcpy(ending, out->p + out->n - n, n);
	out->n = kb_utf8_floor(kb_buf_str(out), KB_ARCHIVE_NAME - n);
	out->p[out->n] = '\0';
	kb_buf_add(out, kb_str(ending, n));
}

bool
kb_archive_clean(struct kb_buf *out, struct kb_str raw)
{
	struct kb_str rest = raw, step;

	if (rest.n > 0 && rest.p[rest.n - 1] == '/')
		raw.n = --rest.n;
	while (rest.n > 0 && kb_str_split(&rest, '/', &step))
		if (step.n > 0 && !kb_str_eq(step, KB_STR(".")) &&
		    !kb_str_eq(step, KB_STR("..")))
			add_step(out, step);
	if (out->n > KB_ARCHIVE_NAME)
		shorten(out);
	/* "./a.html" is what tar writes for "a.html". */
	while (kb_str_has_prefix(raw, KB_STR("./")))
		raw = kb_str(raw.p + 2, raw.n - 2);
	return !kb_str_eq(kb_buf_str(out), raw);
}

/* ---- members ---- */

static int
read_header(struct kb_archive *a, struct archive_entry **entry)
{
	locale_t was = enter();
	int rc, tries = 0;

	do {
		rc = archive_read_next_header(a->la, entry);
	} while (rc == ARCHIVE_RETRY && ++tries < 16);
	leave(was);
	return rc;
}

static enum kb_member_kind
kind_of(struct archive_entry *e)
{
	/* A hard link is a file by its type. */
	if (archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) != NULL)
		return KB_MEMBER_OTHER;
	return archive_entry_is_data_encrypted(e) ||
	    archive_entry_is_metadata_encrypted(e) ? KB_MEMBER_ENCRYPTED :
	    KB_MEMBER_FILE;
}

enum kb_status
kb_archive_next(struct kb_archive *a, struct kb_member *out, bool *end,
    struct kb_err *err)
{
	struct archive_entry *e;
	int rc = read_header(a, &e);
	const char *raw;

	*end = rc == ARCHIVE_EOF;
	if (*end)
		return KB_OK;
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return broken(a, err);
	if (++a->number > KB_ARCHIVE_MEMBERS)
		return kb_err_set(err, KB_LIMIT, "more than %d members in the "
		    "archive", KB_ARCHIVE_MEMBERS);
	a->out_member = 0;
	raw = archive_entry_pathname(e);
	kb_buf_clear(&a->name);
	out->renamed = kb_archive_clean(&a->name, kb_str_c(raw));
	if (a->name.n == 0) {
		kb_buf_printf(&a->name, "unnamed-%zu", a->number);
		out->renamed = true;
	}
	out->kind = kind_of(e);
	out->name = kb_buf_str(&a->name);
	out->size = archive_entry_size_is_set(e) &&
	    archive_entry_size(e) > 0 ? (uint64_t)archive_entry_size(e) : 0;
	return kb_buf_check(&a->name, err);
}

static bool
is_bomb(const struct kb_archive *a)
{
	uint64_t from = a->placed ? a->size : a->taken;
	uint64_t most = from > KB_ARCHIVE_MAX / KB_INPUT_RATIO ?
	    KB_ARCHIVE_MAX : from * KB_INPUT_RATIO;

	return a->out_total > KB_INPUT_FREE && a->out_total > most;
}

static enum kb_status
member_read(void *arg, char *p, size_t n, size_t *got, struct kb_err *err)
{
	struct kb_archive *a = arg;
	locale_t was = enter();
	la_ssize_t k;
	int tries = 0;

	do {
		k = archive_read_data(a->la, p, n);
	} while (k == ARCHIVE_RETRY && ++tries < 16);
	leave(was);
	if (k < 0)
		return broken(a, err);
	*got = (size_t)k;
	a->out_member += (uint64_t)k;
	a->out_total += (uint64_t)k;
	if (is_bomb(a))
		return kb_err_set(err, KB_LIMIT, "the archive's members grow "
		    "to more than %d times its size", KB_INPUT_RATIO);
	return KB_OK;
}

/* From the start again, up to the same member. */
static enum kb_status
member_rewind(void *arg, struct kb_err *err)
{
	struct kb_archive *a = arg;
	struct archive_entry *e;
	enum kb_status status = KB_OK;

	archive_read_free(a->la);
	a->la = NULL;
	a->at = a->taken = 0;
	memset(&a->why, 0, sizeof(a->why));
	if (!a->placed)
		status = kb_input_rewind(a->in, err);
	if (status == KB_OK)
		status = start(a, err);
	for (size_t i = 0; i < a->number && status == KB_OK; i++) {
		int rc = read_header(a, &e);

		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			status = broken(a, err);
	}
	a->out_total -= a->out_member;
	a->out_member = 0;
	return status;
}

enum kb_status
kb_archive_member(struct kb_archive *a, struct kb_input **out,
    const char *name, struct kb_err *err)
{
	struct kb_input_source from = { a, member_read, member_rewind };

	return kb_input_open_source(out, &from, name, err);
}
