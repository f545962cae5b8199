/*
 * Frames as a worker may send them.  With an even first byte the rest is the
 * stream itself; with an odd one its length is put in front, so that what
 * grows or shrinks still gets past it.
 */
#include "fuzz_record.h"

void
fuzz_init(void)
{
	fuzz_record_init();
}

static void
read_all(struct kb_str bytes)
{
	struct kb_str before;
	struct kb_record *rec;

	for (int i = 0; i < 8; i++) {
		kb_arena_reset(&arena);
		before = bytes;
		if (kb_frame_read(&bytes, &arena, &rec, &err) != KB_OK) {
			MUST(kb_str_eq(bytes, before));
			return;
		}
		MUST(bytes.n < before.n);
		fuzz_check_record(rec);
		fuzz_check_round_trip(rec);
		fuzz_check_prepare(kb_str(before.p, before.n - bytes.n));
	}
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_buf b = { 0 };

	if (fuzz_byte(&bytes) % 2 == 1) {
		kb_buf_add_varint(&b, bytes.n);
		kb_buf_add(&b, bytes);
		bytes = kb_buf_str(&b);
	}
	read_all(bytes);
	kb_buf_release(&b);
}

/* ---- seeds: frames of real records, small ones ---- */

static enum kb_status
keep(void *arg, struct kb_str frame, struct kb_err *e)
{
	struct kb_str rest = frame;

	(void)arg;
	(void)e;
	if (frame.n > 12000)
		return KB_OK;
	fuzz_seed_as(0, frame);
	while ((fuzz_byte(&rest) & 0x80) != 0)
		;
	fuzz_seed_as(1, rest);
	return KB_OK;
}

static void
frames_of(struct kb_str bytes, const char *path)
{
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = kb_str_c(path) };
	struct kb_input *in;

	MUST(open_input(&in, bytes) == KB_OK);
	MUST(kb_extract(in, &opts, keep, NULL, &err) == KB_OK);
	kb_input_close(in);
}

/* Blocks longer than a passage are cut by what a frame says of them. */
static void
frames_of_long(const char *before, const char *word, const char *after)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, before);
	for (int i = 0; i < 210; i++)
		kb_buf_addc(&b, word);
	kb_buf_addc(&b, after);
	frames_of(kb_buf_str(&b), "long.html");
	kb_buf_release(&b);
}

static void
take_page(struct kb_str bytes)
{
	frames_of(bytes, "a.page");
}

void
fuzz_seeds(void)
{
	frames_of(KB_STR("<title>T</title><h1 id=a>H</h1><p>One <b>two</b>."
	    "<ol start=3><li>x<li>y</ol><a href=u>l</a><pre>c</pre>"),
	    "a.html");
	frames_of(KB_STR("<p>caf\xe9 na\xefve"), "b.html");
	frames_of(KB_STR("no markup"), "c.html");
	frames_of(KB_STR("<unload><kb_knowledge><number>K</number><text>&lt;p"
	    "&gt;a</text><workflow_state>draft</workflow_state><u_x>y</u_x>"
	    "</kb_knowledge><kb_knowledge><a></kb_knowledge></unload>"),
	    "d.xml");
	frames_of_long("<p>", "a ", ".");
	frames_of_long("<p>", "a b. ", "");
	frames_of_long("<ol start=3><li>", "a. ", "<li>b</ol>");
	frames_of_long("<p>A. <img src=x alt=\"", "a ", "\">b");
	frames_of_long("<p>", "&#25705;", "");
	frames_of_long("<pre>", "\n a", "\n\n</pre>");
	frames_of_long("<table><tr><th>a<tr><td>", "a ", "<td>b. C.</table>");
	fuzz_files("corpora/helpdesk/mallard", "s.page", take_page);
}
