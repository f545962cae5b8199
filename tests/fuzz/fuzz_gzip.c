/*
 * gzip: the first byte says how much is asked for at once.  What is read in
 * pieces is what is read as a whole.
 */
#include "fuzz.h"

#include <zlib.h>

#include "input.h"

#define CAP	((size_t)8 * 1024 * 1024)

void
fuzz_init(void)
{
}

static enum kb_status
in_pieces(struct kb_input *in, size_t n, struct kb_buf *out)
{
	enum kb_status status;
	char piece[512];
	size_t got;

	do {
		status = kb_input_read(in, piece, n, &got, NULL);
		if (status == KB_OK) {
			MUST(got <= n);
			kb_buf_add(out, kb_str(piece, got));
		}
	} while (status == KB_OK && got > 0 && out->n <= CAP);
	return status;
}

void
fuzz_one(struct kb_str bytes)
{
	size_t n = 1 + (size_t)fuzz_byte(&bytes) * 2;
	struct kb_buf whole = { 0 }, pieces = { 0 };
	enum kb_status one, two;
	struct kb_str head;
	struct kb_input *in;

	MUST(kb_input_open_mem(&in, bytes, "f", NULL) == KB_OK);
	one = kb_input_slurp(in, CAP, &whole, NULL);
	kb_input_close(in);
	MUST(kb_input_open_mem(&in, bytes, "f", NULL) == KB_OK);
	/* How much of a broken one is given out depends on the pieces. */
	if (kb_input_peek(in, n, &head, NULL) == KB_OK && one == KB_OK) {
		MUST(head.n <= n && head.n <= whole.n);
		MUST(head.n == 0 || memcmp(head.p, whole.p, head.n) == 0);
	}
	two = in_pieces(in, n, &pieces);
	kb_input_close(in);
	if (one != KB_LIMIT && two != KB_LIMIT) {
		MUST(one == two);
		MUST(one != KB_OK || kb_str_eq(kb_buf_str(&whole),
		    kb_buf_str(&pieces)));
	}
	kb_buf_release(&whole);
	kb_buf_release(&pieces);
}

/* "text" as a member, at the end of "out". */
static void
add_member(struct kb_buf *out, const char *text)
{
	unsigned char packed[4096];
	z_stream z = { 0 };

	MUST(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (Bytef *)text;
	z.avail_in = (uInt)strlen(text);
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
	kb_buf_add(out, kb_str((const char *)packed, z.total_out));
	deflateEnd(&z);
}

void
fuzz_seeds(void)
{
	struct kb_buf b = { 0 };

	fuzz_seed_as(7, KB_STR("no gzip"));
	fuzz_seed_as(0, KB_STR("\x1f\x8b"));
	add_member(&b, "<p>some text, some text, some more text</p>");
	fuzz_seed_as(1, kb_buf_str(&b));
	add_member(&b, "");
	add_member(&b, "<p>a second member");
	fuzz_seed_as(255, kb_buf_str(&b));
	kb_buf_add(&b, kb_str("\0\0\0\0", 4));
	fuzz_seed_as(40, kb_buf_str(&b));
	kb_buf_addc(&b, "garbage");
	fuzz_seed_as(3, kb_buf_str(&b));
	kb_buf_release(&b);
}
