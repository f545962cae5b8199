/*
 * The pages of a site: what they have in common is learned from outlines that
 * worker processes send, and each page is read by it.  With an even first
 * byte the rest is pages, parted by RS (0x1e); with an odd one it is an
 * outline as it may be sent, of all pages of a site.  Half of the first byte
 * is how often each page is there.
 */
#include "fuzz_record.h"

#include "outline.h"

#define PAGES	16
#define COPIES	8

void
fuzz_init(void)
{
	fuzz_record_init();
	atexit(fuzz_say_spans);
}

static struct kb_buf sent;	/* what a worker made of a page */

static enum kb_status
take_outline(void *arg, struct kb_str frame, struct kb_err *e)
{
	(void)arg;
	(void)e;
	while ((fuzz_byte(&frame) & 0x80) != 0)
		;
	kb_buf_add(&sent, frame);
	return KB_OK;
}

static void
survey(struct kb_str page)
{
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = KB_STR("page.html") };
	struct kb_input *in;
	enum kb_status status;

	kb_buf_clear(&sent);
	MUST(open_input(&in, page) == KB_OK);
	status = kb_extract_survey(in, &opts, take_outline, NULL, &err);
	kb_input_close(in);
	MUST(status == KB_OK || status == KB_LIMIT);
}

/* What is accepted says the same when it is written and read again. */
static bool
check_outline(struct kb_str bytes)
{
	struct kb_outline o, again;
	struct kb_buf one = { 0 }, two = { 0 };
	struct kb_arena mem = { 0 };
	bool good = kb_outline_read(&o, bytes, &mem, &err) == KB_OK;

	if (good) {
		MUST(o.n > 0 && o.n <= KB_OUTLINE_ROWS);
		for (size_t i = 1; i < o.n; i++)
			MUST(o.rows[i].parent < i);
		kb_outline_write(&o, &one);
		MUST(kb_outline_read(&again, kb_buf_str(&one), &mem, &err) ==
		    KB_OK);
		kb_outline_write(&again, &two);
		MUST(kb_str_eq(kb_buf_str(&one), kb_buf_str(&two)));
	}
	kb_buf_release(&one);
	kb_buf_release(&two);
	kb_arena_release(&mem);
	return good;
}

static void
learn(struct kb_furniture *f, struct kb_str outline, int copies)
{
	char path[32];

	for (int i = 0; i < copies; i++) {
		snprintf(path, sizeof(path), "%s%d.html", i % 2 ? "a/" : "",
		    i);
		if (kb_furniture_add_page(f, kb_str_c(path), outline, &err) !=
		    KB_OK)
			return;
	}
}

void
fuzz_one(struct kb_str bytes)
{
	static const char fixed[] = "<div><ul><li><a href=x>a b</a></ul></div>"
	    "<div><p>c d e</p></div>";
	uint8_t how = fuzz_byte(&bytes);
	int copies = 1 + how / 2 % COPIES, n = 0;
	struct kb_str pages[PAGES];
	struct kb_furniture *f;

	MUST(kb_furniture_new(&f, &err) == KB_OK);
	MUST(kb_furniture_group(f, KB_STR("a"), &err) == KB_OK);
	if (how % 2 == 1) {
		if (check_outline(bytes))
			learn(f, bytes, copies);
		bytes = KB_STR(fixed);
	}
	while (n < PAGES && kb_str_split(&bytes, '\x1e', &pages[n])) {
		survey(pages[n]);
		MUST(sent.n == 0 || check_outline(kb_buf_str(&sent)));
		learn(f, kb_buf_str(&sent), copies);
		n++;
	}
	MUST(kb_furniture_finish(f, &err) == KB_OK);
	site = f;
	for (int i = 0; i < n; i++)
		fuzz_extract(pages[i], i % 2 ? "a/page.html" : "page.html");
	site = NULL;
	kb_furniture_free(f);
}

/* ---- seeds ---- */

#define NAV	"<div class=n><a href=a>Home</a> <a href=b>All pages</a></div>"
#define FOOT	"<div class=f>Printed on paper, all rights reserved.</div>"

static const char *const sites[] = {
	NAV "<div class=c><p>One two three.</p></div>" FOOT "\x1e"
	    NAV "<div class=c><p>Four five, six.</p></div>" FOOT,
	"<table><tr><td><ul><li><a href=#x>x</a><li><a href=#y>y</a></ul>"
	    "<td><h1>T</h1><h2 id=x>X</h2><p>text a b c d e f g</table>",
	"<div><div role=navigation>x</div><div><h1>a</h1><h2>b</h2></div>"
	    "<aside>c</aside><p>See also <a href=z>z</a></div>",
};

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		struct kb_str rest = kb_str_c(sites[i]), page;

		fuzz_seed_as(14, rest);
		fuzz_seed_as(2, rest);
		kb_str_split(&rest, '\x1e', &page);
		survey(page);
		fuzz_seed_as(15, kb_buf_str(&sent));
	}
}
