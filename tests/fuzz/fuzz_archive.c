/*
 * An archive of exports.  The first byte chooses what the rest is: the bytes
 * of a zip or tar as they are, or a list of members that is made into one, so
 * that checksums are right and what the members hold is reached.  A member
 * begins with RS (0x1e), its name ends with the line.
 *
 * A member reads as the same bytes do in a file of their own.  New rows go
 * to the end: kept inputs name them by number.
 */
#include "fuzz_record.h"

#include <zlib.h>

#include "archive_members.h"

#define MEMBERS	64

enum shape { AS_IT_IS, ZIP, ZIP_DEFLATED, TAR };

static const struct {
	enum shape	shape;
	bool		streamed;	/* not to be read at any place */
} rows[] = {
	{ AS_IT_IS, false }, { AS_IT_IS, true }, { ZIP, false },
	{ ZIP, true }, { ZIP_DEFLATED, false }, { ZIP_DEFLATED, true },
	{ TAR, false }, { TAR, true },
};

struct member {
	struct kb_str	name, bytes;
	uint32_t	at;	/* in the zip */
};

static struct member members[MEMBERS];
static size_t nmembers;

void
fuzz_init(void)
{
	fuzz_record_init();
	kb_archive_setup();
}

/* ---- the list ---- */

static void
list_members(struct kb_str bytes)
{
	struct kb_str one;

	nmembers = 0;
	kb_str_split(&bytes, '\x1e', &one);
	while (nmembers < MEMBERS && bytes.n > 0) {
		struct member *m = &members[nmembers++];

		kb_str_split(&bytes, '\x1e', &m->bytes);
		kb_str_split(&m->bytes, '\n', &m->name);
		m->name.n = m->name.n > 99 ? 99 : m->name.n;
	}
}

/* ---- zip: PKWARE's APPNOTE.TXT 4.3 ---- */

static void
add_number(struct kb_buf *b, uint32_t v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		kb_buf_addch(b, (char)(v & 0xff));
}

/* Versions, flags (the name is UTF-8), method, no time, sums, sizes. */
static void
add_zip_fields(struct kb_buf *b, const struct member *m, uint32_t packed,
    bool deflated)
{
	add_number(b, 20, 2);
	add_number(b, 1 << 11, 2);
	add_number(b, deflated ? Z_DEFLATED : 0, 2);
	add_number(b, 0x21 << 16, 4);
	add_number(b, (uint32_t)crc32(0, (const Bytef *)m->bytes.p,
	    (uInt)m->bytes.n), 4);
	add_number(b, packed, 4);
	add_number(b, (uint32_t)m->bytes.n, 4);
	add_number(b, (uint32_t)m->name.n, 2);
	add_number(b, 0, 2);
}

static struct kb_str
deflated(struct kb_str s)
{
	static char out[1 << 18];
	z_stream z = { .next_in = (Bytef *)(uintptr_t)s.p,
	    .avail_in = (uInt)s.n, .next_out = (Bytef *)out,
	    .avail_out = sizeof(out) };

	MUST(deflateInit2(&z, 1, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) ==
	    Z_OK);
	MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
	deflateEnd(&z);
	return kb_str(out, sizeof(out) - z.avail_out);
}

static void
make_zip(struct kb_buf *b, bool pack)
{
	uint32_t packed[MEMBERS], table;
	struct kb_str s;
	size_t i;

	for (i = 0; i < nmembers; i++) {
		s = pack ? deflated(members[i].bytes) : members[i].bytes;
		packed[i] = (uint32_t)s.n;
		members[i].at = (uint32_t)b->n;
		kb_buf_addc(b, "PK\003\004");
		add_zip_fields(b, &members[i], packed[i], pack);
		kb_buf_add(b, members[i].name);
		kb_buf_add(b, s);
	}
	table = (uint32_t)b->n;
	for (i = 0; i < nmembers; i++) {
		kb_buf_addc(b, "PK\001\002\024\003");
		add_zip_fields(b, &members[i], packed[i], pack);
		add_number(b, 0, 6);
		add_number(b, (uint32_t)0100644 << 16, 4);
		add_number(b, members[i].at, 4);
		kb_buf_add(b, members[i].name);
	}
	i = b->n - table;
	kb_buf_addc(b, "PK\005\006");
	add_number(b, 0, 4);
	add_number(b, (uint32_t)nmembers, 2);
	add_number(b, (uint32_t)nmembers, 2);
	add_number(b, (uint32_t)i, 4);
	add_number(b, table, 4);
	add_number(b, 0, 2);
}

/* ---- tar: POSIX.1-2008, pax, "ustar Interchange Format" ---- */

static void
add_tar_header(struct kb_buf *b, const struct member *m)
{
	char h[512] = { 0 };
	unsigned sum = 0;

	if (m->name.n > 0)
		memcpy(h, m->name.p, m->name.n);
	memcpy(h + 100, "0000644", 7);
	memcpy(h + 108, "0000000", 7);
	memcpy(h + 116, "0000000", 7);
	snprintf(h + 124, 12, "%011o", (unsigned)m->bytes.n);
	memcpy(h + 136, "00000000000", 11);
	memset(h + 148, ' ', 8);
	h[156] = '0';
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	kb_buf_add(b, kb_str(h, sizeof(h)));
}

static void
make_tar(struct kb_buf *b)
{
	for (size_t i = 0; i < nmembers; i++) {
		add_tar_header(b, &members[i]);
		kb_buf_add(b, members[i].bytes);
		while (b->n % 512 != 0)
			kb_buf_addch(b, '\0');
	}
	for (int i = 0; i < 1024; i++)
		kb_buf_addch(b, '\0');
}

/* ---- reading ---- */

static struct kb_buf together, alone;	/* frames, without their members */

static void
add_without_member(struct kb_buf *out, struct kb_str frame)
{
	struct kb_arena mem = { 0 };
	struct kb_record *rec;

	MUST(kb_frame_read(&frame, &mem, &rec, NULL) == KB_OK);
	rec->member = kb_str(NULL, 0);
	kb_frame_write(rec, out);
	kb_arena_release(&mem);
}

/* No file could have it, or it would lead elsewhere. */
static bool
is_good_name(struct kb_str name)
{
	struct kb_buf b = { 0 };
	bool good = !kb_archive_clean(&b, name) && b.n > 0;

	kb_buf_release(&b);
	return good;
}

static enum kb_status
take(void *arg, struct kb_str frame, struct kb_err *e)
{
	struct kb_str rest = frame;
	struct kb_arena mem = { 0 };
	struct kb_buf again = { 0 };
	struct kb_record *rec;

	(void)e;
	MUST(kb_frame_read(&rest, &mem, &rec, NULL) == KB_OK && rest.n == 0);
	kb_frame_write(rec, &again);
	MUST(kb_str_eq(kb_buf_str(&again), frame));
	MUST(rec->member.n == 0 || is_good_name(rec->member));
	fuzz_check_record(rec);
	kb_buf_release(&again);
	kb_arena_release(&mem);
	fuzz_check_prepare(frame);
	add_without_member(arg, frame);
	return KB_OK;
}

static enum kb_status
take_alone(void *arg, struct kb_str frame, struct kb_err *e)
{
	(void)e;
	add_without_member(arg, frame);
	return KB_OK;
}

/* Bytes that come one after the other, as those of a gzip file do. */
struct stream {
	struct kb_str	bytes;
	size_t		at;
};

static enum kb_status
read_stream(void *arg, char *p, size_t n, size_t *got, struct kb_err *e)
{
	struct stream *s = arg;

	(void)e;
	*got = n < s->bytes.n - s->at ? n : s->bytes.n - s->at;
	if (*got > 0)
		memcpy(p, s->bytes.p + s->at, *got);
	s->at += *got;
	return KB_OK;
}

static enum kb_status
rewind_stream(void *arg, struct kb_err *e)
{
	struct stream *s = arg;

	(void)e;
	s->at = 0;
	return KB_OK;
}

static void
read_archive(struct kb_str bytes, bool streamed)
{
	struct stream stream = { bytes, 0 };
	const struct kb_input_source from = { &stream, read_stream,
	    rewind_stream };
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = KB_STR("a.zip") };
	struct kb_input *in;
	enum kb_status status;

	/* gzip has a target of its own; here it would only make bombs. */
	if (bytes.n >= 2 && memcmp(bytes.p, "\x1f\x8b", 2) == 0)
		return;
	kb_buf_clear(&together);
	MUST((streamed ? kb_input_open_source(&in, &from, "test", &err) :
	    open_input(&in, bytes)) == KB_OK);
	status = kb_extract(in, &opts, take, &together, &err);
	kb_input_close(in);
	MUST(status == KB_OK);
}

/* A member that means the same in a file of its own, name and bytes. */
static bool
is_plain(const struct member *m)
{
	static const char known[] = "abcdefghijklmnopqrstuvwxyz-./";

	/* What tar calls "./a.html" has another folder as a file. */
	if (m->name.n == 0 || m->name.p[m->name.n - 1] == '/' ||
	    kb_str_has_prefix(m->name, KB_STR("./")) ||
	    kb_extract_is_archive_name(m->name) || !is_good_name(m->name))
		return false;
	for (size_t i = 0; i < m->name.n; i++)
		if (memchr(known, m->name.p[i], sizeof(known) - 1) == NULL)
			return false;
	return !kb_archive_is(m->bytes) && (m->bytes.n < 2 ||
	    memcmp(m->bytes.p, "\x1f\x8b", 2) != 0);
}

static void
read_alone(const struct member *m)
{
	struct kb_extract_opts opts = { .profiles = profiles };
	struct kb_buf path = { 0 };
	struct kb_input *in;

	kb_buf_addc(&path, "a.zip/");
	kb_buf_add(&path, m->name);
	opts.path = kb_buf_str(&path);
	if (kb_extract_is_known_name(m->name)) {
		MUST(kb_input_open_mem(&in, m->bytes, path.p, &err) == KB_OK);
		MUST(kb_extract(in, &opts, take_alone, &alone, &err) ==
		    KB_OK);
		kb_input_close(in);
	}
	kb_buf_release(&path);
}

static void
check_members(void)
{
	kb_buf_clear(&alone);
	for (size_t i = 0; i < nmembers; i++)
		if (!is_plain(&members[i]))
			return;
	for (size_t i = 0; i < nmembers; i++)
		read_alone(&members[i]);
	MUST(kb_str_eq(kb_buf_str(&together), kb_buf_str(&alone)));
}

void
fuzz_one(struct kb_str bytes)
{
	uint8_t row = fuzz_byte(&bytes) % (sizeof(rows) / sizeof(rows[0]));
	struct kb_buf b = { 0 };

	if (rows[row].shape == AS_IT_IS) {
		read_archive(bytes.n > 0 ? bytes : KB_STR(""),
		    rows[row].streamed);
		return;
	}
	list_members(bytes);
	if (nmembers == 0)
		return;
	if (rows[row].shape == TAR)
		make_tar(&b);
	else
		make_zip(&b, rows[row].shape == ZIP_DEFLATED);
	read_archive(kb_buf_str(&b), rows[row].streamed);
	check_members();
	kb_buf_release(&b);
}

/* ---- seeds ---- */

static const char *const lists[] = {
	"\x1e" "a.html\n<title>T</title><p>one two</p>"
	    "\x1e" "b/c.htm\n<h1>H</h1><p>three<a href=../a.html>a</a>",
	"\x1e" "x.xml\n<page xmlns=\"http://projectmallard.org/1.0/\" "
	    "id=\"x\"><title>T</title><p>a</p></page>",
	"\x1e" "../up.html\n<p>a\x1e/etc/b.html\n<p>b\x1e./c.html\n<p>c"
	    "\x1e" "d\x1b[1m.html\n<p>d\x1e" "e/\n\x1e" "f.zip\nPK",
	"\x1e" "entities.xml\n<hibernate-generic><object class=\"Page\" "
	    "package=\"p\"><id name=\"id\">1</id><property name=\"title\">"
	    "T</property><property name=\"contentStatus\">current</property>"
	    "</object><object class=\"BodyContent\" package=\"p\"><id "
	    "name=\"id\">2</id><property name=\"body\"><![CDATA[<p>a</p>]]>"
	    "</property><property name=\"content\" class=\"Page\"><id "
	    "name=\"id\">1</id></property></object></hibernate-generic>",
	"\x1e" "posts.xml\n<posts><row Id=\"1\" PostTypeId=\"1\" Title=\"T\" "
	    "Body=\"&lt;p&gt;q&lt;/p&gt;\" AcceptedAnswerId=\"2\"/><row "
	    "Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" Body=\"a\"/></posts>",
	"\x1e" "t.dita\n<topic id=\"t\"><title>T</title><body><p>a</p></body>"
	    "</topic>\x1e" "m.ditamap\n<map><topicref href=\"t.dita\"/></map>",
	"\x1e" "a.html\n\x1e" "b.png\nx\x1e" "c.html\n<p>a\x1f",
};

void
fuzz_seeds(void)
{
	struct kb_buf b = { 0 };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (uint8_t row = 2; row <= 7; row += 2)
			fuzz_seed_as(row, kb_str_c(lists[i]));
	for (uint8_t row = 0; row < 6; row++) {
		kb_buf_clear(&b);
		list_members(kb_str_c(lists[row / 2]));
		if (row % 3 == 2)
			make_tar(&b);
		else
			make_zip(&b, row % 3 == 1);
		fuzz_seed_as(row % 2, kb_buf_str(&b));
	}
	kb_buf_release(&b);
}
