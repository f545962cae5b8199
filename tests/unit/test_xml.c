#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "utf8.h"
#include "xml_impl.h"

struct run {
	struct kb_str	 source;
	const char	*records;	/* names, each with a space around */
	bool		 root_too;
	struct kb_buf	 out;		/* the records, dumped */
	struct kb_buf	 diags;		/* "line:col: code: text\n" */
	size_t		 number, breaks;
	enum kb_status	 stop;		/* what the record function returns */
	struct kb_err	 err;
	bool		 torn;		/* a node is not its range */
	bool		 foreign;	/* not UTF-8: that cannot be told */
};

static bool
is_record(void *arg, const struct kb_node *element)
{
	struct run *run = arg;
	char name[80];

	if (element->parent == NULL && !run->root_too)
		return false;
	snprintf(name, sizeof(name), " %.*s ", KB_FMT(element->name));
	return strstr(run->records, name) != NULL;
}

/* tree.h: byte for byte, or one indivisible thing. */
static bool
holds(const struct kb_node *n, struct kb_str src)
{
	struct kb_str at;

	if (n->start > n->end || n->end > src.n)
		return false;
	at = kb_str(src.p + n->start, (size_t)(n->end - n->start));
	if (n->kind == KB_NODE_ELEMENT)
		return at.n > n->name.n + 1 && at.p[0] == '<' &&
		    at.p[at.n - 1] == '>' &&
		    memcmp(at.p + 1, n->name.p, n->name.n) == 0;
	if (kb_utf8_valid(n->text) != n->text.n || n->text.n == 0)
		return false;
	if (kb_str_eq(at, n->text))
		return true;
	if (kb_str_eq(at, KB_STR("\r\n")) || kb_str_eq(at, KB_STR("\r")))
		return kb_str_eq(n->text, KB_STR("\n"));
	return at.n >= 3 && at.p[0] == '&' &&
	    kb_str_find(at, KB_STR(";"), 0) == at.n - 1;
}

static void
dump_open(struct kb_buf *out, const struct kb_node *n)
{
	const struct kb_attr *a;

	kb_buf_printf(out, "<%.*s", KB_FMT(n->name));
	for (a = n->attrs; a != NULL; a = a->next)
		kb_buf_printf(out, " %.*s=[%.*s]", KB_FMT(a->name),
		    KB_FMT(a->value));
	kb_buf_addch(out, '>');
}

static void
dump(struct kb_buf *out, const struct kb_node *root)
{
	const struct kb_node *n, *up;

	for (n = root; n != NULL; n = kb_node_next(n, root)) {
		if (n->kind == KB_NODE_TEXT)
			kb_buf_add(out, n->text);
		else
			dump_open(out, n);
		for (up = n; up->first == NULL || up != n; up = up->parent) {
			if (up->kind == KB_NODE_ELEMENT)
				kb_buf_addc(out, "</>");
			if (up == root || up->next != NULL)
				break;
		}
	}
}

static enum kb_status
on_record(void *arg, struct kb_node *root, size_t number,
    struct kb_err *err)
{
	struct run *run = arg;
	const struct kb_node *n;

	run->number = number;
	for (n = root; n != NULL; n = kb_node_next(n, root))
		run->torn |= !run->foreign &&
		    !holds(n, run->source);
	dump(&run->out, root);
	kb_buf_addch(&run->out, '\n');
	if (run->stop != KB_OK)
		return kb_err_set(err, run->stop, "stopped");
	return KB_OK;
}

static void
on_diag(void *arg, const struct kb_diag *d)
{
	struct run *run = arg;

	run->breaks += d->level == KB_ERROR;
	kb_buf_printf(&run->diags, "%u:%u: %s: %.*s\n", d->line, d->col,
	    d->code, KB_FMT(d->message));
}

static enum kb_status
read_chunked(struct run *run, struct kb_str text, size_t chunk)
{
	struct kb_diag_sink sink = { on_diag, run };
	struct kb_xml_handler h = { run, is_record, on_record, &sink,
	    NULL };
	struct kb_input *in;
	enum kb_status st;

	kb_buf_clear(&run->out);
	kb_buf_clear(&run->diags);
	run->source = text;
	run->number = run->breaks = 0;
	kb_input_open_mem(&in, text, "mem", NULL);
	st = kb_xml_read_chunked(in, &h, chunk, &run->err);
	kb_input_close(in);
	CHECK(!run->torn);
	return st;
}

static void
release(struct run *run)
{
	kb_buf_release(&run->out);
	kb_buf_release(&run->diags);
}

/* The same answer, whatever the size of the pieces. */
static void
check_read(const char *records, struct kb_str text, const char *want)
{
	static const size_t chunks[] = { 1, 2, 3, 7, 64, 4096 };
	size_t i;

	for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct run run = { .records = records, .root_too = true };

		CHECK_INT(read_chunked(&run, text, chunks[i]), KB_OK);
		CHECK_STR(kb_buf_str(&run.out), want);
		CHECK_STR(kb_buf_str(&run.diags), "");
		release(&run);
	}
}

static void
test_xml__records_come_out_one_by_one_with_their_trees(void)
{
	check_read(" r ", KB_STR("<?xml version='1.0'?>\n<all><r a='1'>x<b/>"
	    "</r> <q><r/></q>\n<r><c:d xmlns:c='u' c:e=\"2\"\n>y</c:d >"
	    "</r></all>\n"),
	    "<r a=[1]>x<b></></>\n<r></>\n<r><c:d c:e=[2]>y</></>\n");
}

static void
test_xml__text_is_its_bytes_or_one_indivisible_thing(void)
{
	check_read(" r ", KB_STR("<r>one\r\ntwo\rthree &amp;&lt; &#228;"
	    "&#x1F600;\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80<!-- - -->|"
	    "<?pi ?>|<![CDATA[a]]b\r\n&amp;]>]]]><![CDATA[]]>&gt;</r>"),
	    "<r>one\ntwo\nthree &< \xc3\xa4\xf0\x9f\x98\x80\xc3\xa4"
	    "\xe2\x82\xac\xf0\x9f\x98\x80||a]]b\n&amp;]>]>" "</>\n");
}

static void
test_xml__attribute_values_are_normalised_and_decoded(void)
{
	check_read(" r ", KB_STR("<r a='x\r\ny\tz\n' b=\"&lt;&#10;'>&quot;\" "
	    "c = 'a/>' d='&eacute;'/>"),
	    "<r a=[x y z ] b=[<\n'>\"] c=[a/>] d=[\xc3\xa9]></>\n");
}

static void
test_xml__a_byte_order_mark_is_counted(void)
{
	check_read(" r ", KB_STR("\xef\xbb\xbf<?xml version='1.0' "
	    "encoding='UTF-8'?><r>x</r>"), "<r>x</>\n");
}

static void
test_xml__a_doctype_is_stepped_over(void)
{
	check_read(" r ", KB_STR("<!DOCTYPE r PUBLIC \"ab\" 'c>' [\n"
	    "<!-- ' ]> -->\n<?p ]> '?><!ENTITY % e \"<!ELEMENT r ANY>]>\">"
	    "\n%e;<!ENTITY n 'N&#38;#97;m\xc3\xa9'>\n<!ENTITY e ''>"
	    "<!ATTLIST r x CDATA 'd'>] >\n"
	    "<!-- > --><r y='&e;'>&e;.</r>"), "<r y=[]>.</>\n");
}

static void
test_xml__internal_entities_of_plain_text_are_expanded(void)
{
	check_read(" r ", KB_STR("<!DOCTYPE r [<!ENTITY app 'The App'>"
	    "<!ENTITY nl 'a\nb'><!ENTITY app 'second'>]>"
	    "<r t='&app;'>&app;, &nl; &mdash;</r>"),
	    "<r t=[The App]>The App, a\nb \xe2\x80\x94</>\n");
}

static void
test_xml__other_entities_are_left_out_with_a_warning(void)
{
	struct run run = { .records = " r ", .root_too = true };

	CHECK_INT(read_chunked(&run, KB_STR("<!DOCTYPE r [<!ENTITY m "
	    "'<b>x</b>'><!ENTITY f SYSTEM '/etc/passwd'><!ENTITY g "
	    "'&m;&m;'>]>\n<r a='&f;'>1&m;2&f;3&g;4&nosuch;5</r>"), 5),
	    KB_OK);
	CHECK_STR(kb_buf_str(&run.out), "<r a=[]>12345</>\n");
	CHECK(strstr(run.diags.p, "2:7: bad-entity") != NULL);
	CHECK(strstr(run.diags.p, "2:13: bad-entity") != NULL);
	CHECK(strstr(run.diags.p, ": nosuch\n") != NULL);
	CHECK_INT(run.breaks, 0);
	release(&run);
}

/* Each record has a budget of its own, and a file any number of records. */
static void
test_xml__many_records_do_not_grow_the_file_by_entities(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	size_t i, k;

	kb_buf_addc(&b, "<!DOCTYPE x [<!ENTITY e '");
	for (i = 0; i < 10000; i++)
		kb_buf_addc(&b, "x");
	kb_buf_addc(&b, "'>]><x>");
	for (i = 0; i < 300; i++) {
		kb_buf_addc(&b, "<r>");
		for (k = 0; k < 50; k++)
			kb_buf_addc(&b, "&e;");
		kb_buf_addc(&b, "</r>");
	}
	kb_buf_addc(&b, "</x>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
	CHECK(run.out.n > (size_t)16 << 20);
	CHECK(run.out.n < ((size_t)17 << 20) + 17 * b.n);
	CHECK(strstr(run.diags.p, "bad-entity") != NULL);
	kb_buf_release(&b);
	release(&run);
}

/* Names are the file's choice: those that share a hash must cost no more. */
static void
test_xml__any_number_of_entities_is_looked_up_at_once(void)
{
	struct run run = { .records = " r ", .root_too = true };
	struct kb_buf b = { 0 };
	clock_t t;
	int i;

	kb_buf_addc(&b, "<!DOCTYPE r [");
	for (i = 0; i < 30000; i++)
		kb_buf_printf(&b, "<!ENTITY e%d ''>", i);
	kb_buf_addc(&b, "]><r>");
	for (i = 0; i < 1000000; i++)
		kb_buf_printf(&b, "&e%d;", i % 30000);
	kb_buf_addc(&b, "</r>");
	t = clock();
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
	CHECK((clock() - t) / CLOCKS_PER_SEC < 20);
	kb_buf_release(&b);
	release(&run);
}

/* What was never closed is looked for behind each place it might begin. */
static void
test_xml__what_opens_again_and_again_takes_no_longer_than_its_length(void)
{
	static const char *const opens[] = { "<![CDATA[", "<!--", "<?x ",
	    "<!DOCTYPE ", "<a ", "<a b='", "</a ", "<!x", "<a b=\"'>" };
	static const char *const ends[] = { "", "]]>", "-->", "?>", "'\">" };

	for (size_t k = 0; k < sizeof(opens) / sizeof(opens[0]) *
	    (sizeof(ends) / sizeof(ends[0])); k++) {
		struct run run = { .records = " r " };
		struct kb_buf b = { 0 };
		clock_t t = clock();

		kb_buf_addc(&b, "<x><r>");
		for (int i = 0; i < 200000; i++)
			kb_buf_addc(&b, opens[k / 5]);
		kb_buf_addc(&b, ends[k % 5]);
		kb_buf_addc(&b, "</r><r>next</r></x>");
		CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
		CHECK((clock() - t) / CLOCKS_PER_SEC < 10);
		kb_buf_release(&b);
		release(&run);
	}
}

/* libxml2 adds the declared ones to each element, each against all. */
static void
test_xml__attributes_that_are_declared_cost_elements_nothing(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	clock_t t = clock();
	size_t i;

	kb_buf_addc(&b, "<!DOCTYPE x [<!ATTLIST r k (a|b) 'a' ");
	for (i = 0; i < 10000; i++)
		kb_buf_printf(&b, " a%zu CDATA 'v'", i);
	kb_buf_addc(&b, ">]><x>");
	for (i = 0; i < 2000; i++)
		kb_buf_addc(&b, "<r/>");
	kb_buf_addc(&b, "</x>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
	CHECK_INT(run.out.n, 2000 * strlen("<r></>\n"));
	CHECK((clock() - t) / CLOCKS_PER_SEC < 10);
	kb_buf_release(&b);
	release(&run);
}

static long
max_rss_kb(void)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	return ru.ru_maxrss;
}

static void
test_xml__entity_bombs_cost_nothing(void)
{
	struct run run = { .records = " r ", .root_too = true };
	struct kb_buf b = { 0 };
	long before = max_rss_kb();
	clock_t t = clock();
	int i;

	kb_buf_addc(&b, "<!DOCTYPE r [<!ENTITY a0 'lol'>"
	    "<!ENTITY % p0 'lol'>");
	for (i = 1; i < 40; i++) {
		kb_buf_printf(&b, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;'>",
		    i, i - 1, i - 1, i - 1, i - 1);
		kb_buf_printf(&b, "<!ENTITY %% p%d '&#37;p%d;&#37;p%d;'>",
		    i, i - 1, i - 1);
	}
	kb_buf_addc(&b, "<!ENTITY self '&self;'>%p39;]>"
	    "<r a='&a39;&self;'>&a39;&self;</r>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 4096), KB_OK);
	CHECK_STR(kb_buf_str(&run.out), "<r a=[]></>\n");
	CHECK(clock() - t < CLOCKS_PER_SEC / 10);
	CHECK(max_rss_kb() - before < 16 * 1024);
	kb_buf_release(&b);
	release(&run);
}

static void
test_xml__expansion_stops_at_its_budget(void)
{
	struct run run = { .records = " r ", .root_too = false };
	struct kb_buf b = { 0 };
	int i, k;

	kb_buf_addc(&b, "<!DOCTYPE a [<!ENTITY e '");
	for (i = 0; i < 1000; i++)
		kb_buf_addc(&b, "0123456789");
	kb_buf_addc(&b, "'>]>\n<a>");
	for (k = 0; k < 2; k++) {
		kb_buf_addc(&b, "<r>");
		for (i = 0; i < 1000; i++)
			kb_buf_addc(&b, "&e;");
		kb_buf_addc(&b, "</r>");
	}
	kb_buf_addc(&b, "</a>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 4096), KB_OK);
	CHECK_INT(run.number, 2);
	/* The budget is a record's: the second gets as much. */
	CHECK(run.out.n > 2000000 && run.out.n < 2 * (1024 * 1024 + 100));
	CHECK(strstr(run.diags.p, "too much text") != NULL);
	kb_buf_release(&b);
	release(&run);
}

/* ---- what stands around records ---- */

static enum kb_status
on_record_around(void *arg, struct kb_node *root, size_t number,
    struct kb_err *err)
{
	struct run *run = arg;
	const struct kb_node *up;

	for (up = root->parent; up != NULL; up = up->parent) {
		dump(&run->out, up);
		kb_buf_printf(&run->out, "%u;", up->depth);
	}
	kb_buf_printf(&run->out, "%u\n", root->depth);
	return KB_OK;
}

static void
test_xml__a_record_knows_the_leaves_that_stood_before_it(void)
{
	struct run run = { .records = " item " };
	struct kb_xml_handler h = { &run, is_record, on_record_around,
	    NULL, NULL };
	struct kb_input *in;

	kb_input_open_mem(&in, KB_STR("<rss v='2'>\n <channel><lang x='1'>en"
	    "&amp;</lang><deep><er>1</er></deep><item>a</item>"
	    "<late/></channel><item/></rss>"), "m", NULL);
	CHECK_INT(kb_xml_read_chunked(in, &h, 3, NULL), KB_OK);
	kb_input_close(in);
	CHECK_STR(kb_buf_str(&run.out),
	    "<channel><lang x=[1]>en&</></>1;<rss v=[2]></>0;2\n"
	    "<rss v=[2]></>0;1\n");
	release(&run);
}

static void
test_xml__leaves_are_kept_within_limits(void)
{
	struct run run = { .records = " item " };
	struct kb_xml_handler h = { &run, is_record, on_record_around,
	    NULL, NULL };
	struct kb_input *in;
	struct kb_buf b = { 0 };
	int i;

	kb_buf_addc(&b, "<a><big>");
	for (i = 0; i < 500; i++)
		kb_buf_addc(&b, "0123456789");
	kb_buf_addc(&b, "</big>");
	for (i = 0; i < 200; i++)
		kb_buf_addc(&b, "<l/>");
	kb_buf_addc(&b, "<item/></a>");
	kb_input_open_mem(&in, kb_buf_str(&b), "m", NULL);
	CHECK_INT(kb_xml_read(in, &h, NULL), KB_OK);
	kb_input_close(in);
	CHECK_INT(run.out.n, strlen("<a></>0;1\n") + 64 * strlen("<l></>"));
	kb_buf_release(&b);
	release(&run);
}

/* ---- recovery ---- */

static void
check_recovery(struct kb_str text, const char *want, const char *where,
    size_t breaks)
{
	static const size_t chunks[] = { 1, 7, 4096 };
	size_t i;

	for (i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		struct run run = { .records = " r " };

		CHECK_INT(read_chunked(&run, text, chunks[i]), KB_OK);
		CHECK_STR(kb_buf_str(&run.out), want);
		CHECK_INT(run.breaks, breaks);
		CHECK(run.diags.n > strlen(where) &&
		    strncmp(run.diags.p, where, strlen(where)) == 0);
		if (run.diags.n <= strlen(where) ||
		    strncmp(run.diags.p, where, strlen(where)) != 0)
			printf("# %s", run.diags.n ? run.diags.p : "-\n");
		release(&run);
	}
}

static void
test_xml__a_broken_record_leaves_its_neighbours_alone(void)
{
	check_recovery(KB_STR("<a>\n<r>1</r>\n<r>2 & x</r>\n<r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "3:", 1);
	check_recovery(KB_STR("<a><r>1</r><r><b>2</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r><b c=d>2</b></r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r><b c='2></b></r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r d='1' d='2'></r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r>\x01</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
}

static void
check_breaks(struct kb_str text)
{
	struct run whole = { .records = " r " };

	CHECK_INT(read_chunked(&whole, text, 4096), KB_OK);
	CHECK(whole.breaks > 0);
	for (size_t chunk = 1; chunk <= 64; chunk++) {
		struct run parts = { .records = " r " };

		CHECK_INT(read_chunked(&parts, text, chunk), KB_OK);
		CHECK_STR(kb_buf_str(&parts.diags),
		    kb_buf_str(&whole.diags).p);
		release(&parts);
	}
	release(&whole);
}

static void
test_xml__why_a_record_breaks_does_not_depend_on_the_pieces_it_came_in(void)
{
	check_breaks(KB_STR("<a><r>x encoding=\"ISO-8859-1\"?><g id=\"a\">"
	    "<t>T</t\"><s<c></d>le><p>x &lt;;</e></r></a>"));
	check_breaks(KB_STR("<a><r>x<t>T</t\"></u></r><r>y</r></a>"));
	check_breaks(KB_STR("<a><r>x<t>T &amp</u></t></r><r>y</r></a>"));
	check_breaks(KB_STR("<a><r>x & y <s<t>T</t></r><r>y</r></a>"));
}

static void
test_xml__malformed_utf8_breaks_only_its_record(void)
{
	check_recovery(KB_STR("<a><r>1</r>\n<r>x\xe4y</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "2:5: bad-xml: malformed UTF-8", 1);
	check_recovery(KB_STR("<a><r>1</r>\n<r>\xe0\x81\x81</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "2:4: bad-xml: malformed UTF-8", 1);
	check_recovery(KB_STR("<a><r>1</r>\n<r>ab\0c</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "2:6: bad-xml: a NUL", 1);
}

static void
test_xml__a_missing_end_tag_costs_one_record(void)
{
	check_recovery(KB_STR("<a><r>1</r><r>2<r>3</r><r>4</r></a>"),
	    "<r>1</>\n<r>3</>\n<r>4</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r><![CDATA[2</r><r>3"
	    "</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r><r><!-- 2</r><r>3</r></a>"),
	    "<r>1</>\n<r>3</>\n", "1:", 1);
}

static void
test_xml__broken_text_around_records_costs_none(void)
{
	check_recovery(KB_STR("<a>x & y<r>1</r><r>2</r></a>"),
	    "<r>1</>\n<r>2</>\n", "1:", 1);
	check_recovery(KB_STR("<a><b c=d/><r>1</r><r>2</r></a>"),
	    "<r>1</>\n<r>2</>\n", "1:", 1);
	check_recovery(KB_STR("<a><r>1</r></b><r>2</r></a>"),
	    "<r>1</>\n<r>2</>\n", "1:", 1);
	check_recovery(KB_STR("<a><g><r>1</r></g>&<g><r>2</r></g></a>"),
	    "<r>1</>\n<r>2</>\n", "1:", 1);
}

static void
test_xml__a_truncated_file_gives_all_but_its_last_record(void)
{
	check_recovery(KB_STR("<a>\n<r>1</r>\n<r>2<b>"), "<r>1</>\n",
	    "3:8: bad-xml: the file ends inside of <b>; the record <r> that "
	    "begins in line 3", 1);
	check_recovery(KB_STR("<a>\n<r>1</r>\n<r"), "<r>1</>\n", "3:", 1);
	check_recovery(KB_STR("<a>\n<r>1</r>\n"), "<r>1</>\n",
	    "3:1: bad-xml: the file ends inside of <a>", 1);
	check_recovery(KB_STR("<a>\n<r>1</r>\n<r>2&am"), "<r>1</>\n", "3:",
	    1);
}

static void
test_xml__lines_and_columns_are_those_of_the_file_after_a_restart(void)
{
	struct run run = { .records = " r " };

	CHECK_INT(read_chunked(&run, KB_STR("<a><g>\n<r>&</r> <r>&</r>\n"
	    "<r>ok</r><r><x></y></r>\n\n  <r>&;</r></g></a>"), 64), KB_OK);
	CHECK_INT(run.breaks, 4);
	CHECK_STR(kb_buf_str(&run.out), "<r>ok</>\n");
	CHECK(strncmp(run.diags.p, "2:5:", 4) == 0);
	CHECK(strstr(run.diags.p, "\n2:14:") != NULL);
	CHECK(strstr(run.diags.p, "\n3:16:") != NULL);
	CHECK(strstr(run.diags.p, "\n5:7:") != NULL);
	if (test_failures > 0)
		printf("# %s", run.diags.p);
	release(&run);
}

static void
test_xml__nothing_to_read_is_an_input_error_with_its_place(void)
{
	struct run run = { .records = " r " };

	CHECK_INT(read_chunked(&run, KB_STR(""), 64), KB_INPUT);
	CHECK_STR(kb_str_c(run.err.msg), "mem:1:1: no XML element in the "
	    "file");
	CHECK_INT(read_chunked(&run, KB_STR("\n hello"), 64), KB_INPUT);
	CHECK(strncmp(run.err.msg, "mem:2:2: ", 9) == 0);
	CHECK_INT(run.breaks, 0);
	release(&run);
}

static void
test_xml__what_the_record_function_returns_stops_the_reading(void)
{
	struct run run = { .records = " r ", .stop = KB_LIMIT };

	CHECK_INT(read_chunked(&run, KB_STR("<a><r/><r/></a>"), 64),
	    KB_LIMIT);
	CHECK_INT(run.number, 1);
	release(&run);
}

/* ---- limits ---- */

static void
test_xml__too_deep_a_record_is_left_out(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	int i;

	kb_buf_addc(&b, "<a><r>");
	for (i = 0; i < 100000; i++)
		kb_buf_addc(&b, "<b>");
	for (i = 0; i < 100000; i++)
		kb_buf_addc(&b, "</b>");
	kb_buf_addc(&b, "</r><r>2</r></a>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 4096), KB_OK);
	CHECK_STR(kb_buf_str(&run.out), "<r>2</>\n");
	CHECK_INT(run.breaks, 1);
	kb_buf_release(&b);
	release(&run);
}

static void
test_xml__attributes_behind_the_thousandth_are_dropped_cheaply(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	clock_t t = clock();
	size_t i, eq = 0;

	kb_buf_addc(&b, "<a><r");
	for (i = 0; i < 200000; i++)
		kb_buf_printf(&b, " a%zu=''", i);
	kb_buf_addc(&b, ">1<b/></r>\n<r>2</r><r>&</r></a>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 4096), KB_OK);
	for (i = 0; i < run.out.n; i++)
		eq += run.out.p[i] == '=';
	CHECK_INT(eq, 1000);
	CHECK_INT(run.number, 2);
	CHECK(strncmp(run.diags.p, "1:4: bad-xml: attributes", 24) == 0);
	CHECK(strstr(run.diags.p, "\n2:13: bad-xml") != NULL);
	CHECK(clock() - t < CLOCKS_PER_SEC);
	kb_buf_release(&b);
	release(&run);
}

static void
test_xml__records_that_never_close_do_not_take_quadratic_time(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	clock_t t = clock();
	int i;

	kb_buf_addc(&b, "<a>");
	for (i = 0; i < 300000; i++)
		kb_buf_addc(&b, "<r>x ");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
	CHECK(run.breaks > 0);
	CHECK(clock() - t < 5 * CLOCKS_PER_SEC);
	kb_buf_release(&b);
	release(&run);
}

static void
test_xml__restarts_are_bounded(void)
{
	struct run run = { .records = " r " };
	struct kb_buf b = { 0 };
	int i;

	kb_buf_addc(&b, "<a>");
	for (i = 0; i < 20000; i++)
		kb_buf_addc(&b, "<r>&</r>\n");
	kb_buf_addc(&b, "</a>");
	CHECK_INT(read_chunked(&run, kb_buf_str(&b), 65536), KB_OK);
	CHECK_INT(run.breaks, 10002);
	kb_buf_release(&b);
	release(&run);
}

/* ---- encodings ---- */

static void
test_xml__a_latin1_file_has_the_ranges_of_its_own_bytes(void)
{
	struct run run = { .records = " r " };
	struct kb_str src = KB_STR("<?xml version='1.0' encoding="
	    "'ISO-8859-1'?>\n<a><r>x\xe4y</r><r>&\xe4</r></a>");

	run.foreign = true;
	CHECK_INT(read_chunked(&run, src, 64), KB_OK);
	CHECK_STR(kb_buf_str(&run.out), "<r>x\xc3\xa4y</>\n");
	CHECK_INT(run.breaks, 1);
	release(&run);
}

static enum kb_status
on_record_ranges(void *arg, struct kb_node *root, size_t number,
    struct kb_err *err)
{
	struct run *run = arg;
	const struct kb_node *n;

	for (n = root; n != NULL; n = kb_node_next(n, root))
		kb_buf_printf(&run->out, "%d-%d:%.*s ", (int)n->start,
		    (int)n->end, KB_FMT(n->text));
	return KB_OK;
}

static void
test_xml__transcoded_characters_are_nodes_of_their_own(void)
{
	struct run run = { .records = " r " };
	struct kb_xml_handler h = { &run, is_record, on_record_ranges,
	    NULL, NULL };
	struct kb_input *in;

	run.root_too = true;
	kb_input_open_mem(&in, KB_STR("<?xml version='1.0' "
	    "encoding='latin1'?><r>ab\xe4g\xe4&lt;</r>"), "m", NULL);
	CHECK_INT(kb_xml_read(in, &h, NULL), KB_OK);
	kb_input_close(in);
	CHECK_STR(kb_buf_str(&run.out), "39-55: 42-44:ab 44-45:\xc3\xa4 "
	    "45-46:g 46-47:\xc3\xa4 47-51:< ");
	release(&run);
}

/* ---- fragments ---- */

static void
check_fragment(struct kb_str text, const char *want)
{
	struct kb_arena arena = { 0 };
	struct kb_node *root = NULL, *n;
	struct kb_buf out = { 0 };

	CHECK_INT(kb_xml_fragment(&root, text, KB_STR(""), &arena,
	    NULL), KB_OK);
	dump(&out, root);
	CHECK_STR(kb_buf_str(&out), want);
	CHECK_INT(root->end, text.n);
	for (n = kb_node_next(root, root); n; n = kb_node_next(n, root))
		if (n->kind == KB_NODE_TEXT)
			CHECK(holds(n, text));
	kb_buf_release(&out);
	kb_arena_release(&arena);
}

static void
test_xml__a_fragment_may_begin_and_end_anywhere(void)
{
	check_fragment(KB_STR("tail</p><p a='1'>x &amp; y<b>z"),
	    "<#fragment>tail<p a=[1]>x & y<b>z</></></>");
	check_fragment(KB_STR("a</b></c>d"), "<#fragment>ad</>");
	check_fragment(KB_STR("<a><b>x</a>y"),
	    "<#fragment><a><b>x</></>y</>");
	check_fragment(KB_STR(""), "<#fragment></>");
}

static void
test_xml__a_fragment_keeps_what_is_no_markup_as_text(void)
{
	check_fragment(KB_STR("a < b & c &nosuch; &eacute;"),
	    "<#fragment>a < b & c  \xc3\xa9</>");
	check_fragment(KB_STR("a<![CDATA[b<c>&amp;]]>d"),
	    "<#fragment>ab<c>&amp;d</>");
	check_fragment(KB_STR("a<![CDATA[b<c"), "<#fragment>ab<c</>");
	check_fragment(KB_STR("a<b>&amp;]]>c<!-- x --><?y z?>\r\nd"),
	    "<#fragment>a<b>&amp;c\nd</>");
}

static void
test_xml__a_fragment_keeps_to_the_arenas_cap(void)
{
	struct kb_node *root = NULL;
	struct kb_arena arena;

	kb_arena_init(&arena, 100);
	CHECK_INT(kb_xml_fragment(&root, KB_STR("<a/><b/><c/>"),
	    KB_STR(""), &arena,
	    NULL), KB_LIMIT);
	CHECK(root == NULL);
	kb_arena_release(&arena);
}

/* ---- constant memory ---- */

#define STREAM	((size_t)300 * 1024 * 1024)

static void
make_record(struct kb_buf *b, unsigned i)
{
	unsigned k;

	kb_buf_clear(b);
	kb_buf_printf(b, "<kb_knowledge action=\"INSERT_OR_UPDATE\">\n"
	    "<number>KB%07u</number><short_description>How to reset %u"
	    "</short_description>\n<ownership_group display_value=\"Desk\">"
	    "0a1b2c</ownership_group><text>", i, i);
	for (k = 0; k < 40; k++)
		kb_buf_printf(b, "&lt;p&gt;Step %u of the procedure: open "
		    "the settings, choose the account that is locked, and "
		    "press &quot;Reset&quot;. Wait until the mail comes in; "
		    "it may take a minute or two.&lt;/p&gt;\n", k);
	kb_buf_addc(b, "</text></kb_knowledge>\n");
}

static void *
pump(void *arg)
{
	struct kb_buf b = { 0 };
	int fd = *(int *)arg;
	size_t sent = 0, at;
	ssize_t k = 1;
	unsigned i;

	k = write(fd, "<unload>\n", 9);
	for (i = 0; k > 0 && sent < STREAM; i++) {
		make_record(&b, i);
		for (at = 0; k > 0 && at < b.n; at += (size_t)k)
			k = write(fd, b.p + at, b.n - at);
		sent += b.n;
	}
	k = write(fd, "</unload>\n", 10);
	close(fd);
	kb_buf_release(&b);
	return NULL;
}

static bool
is_kb(void *arg, const struct kb_node *element)
{
	return kb_str_eq(element->name, KB_STR("kb_knowledge"));
}

static enum kb_status
count(void *arg, struct kb_node *root, size_t number, struct kb_err *err)
{
	*(size_t *)arg = number;
	return KB_OK;
}

static void
test_xml__a_long_export_is_read_in_constant_memory(void)
{
	size_t n = 0;
	struct kb_xml_handler h = { &n, is_kb, count, NULL, NULL };
	struct kb_input *in;
	long before;
	pthread_t t;
	int fd[2];

	CHECK_INT(pipe(fd), 0);
	pthread_create(&t, NULL, pump, &fd[1]);
	before = max_rss_kb();
	CHECK_INT(kb_input_open_fd(&in, fd[0], "pipe", NULL), KB_OK);
	CHECK_INT(kb_xml_read(in, &h, NULL), KB_OK);
	kb_input_close(in);
	pthread_join(t, NULL);
	CHECK(n > 30000);
	CHECK(max_rss_kb() - before < 8 * 1024);
}

int
main(void)
{
	/* First: later tests raise the peak that it looks at. */
	RUN(test_xml__a_long_export_is_read_in_constant_memory);
	RUN(test_xml__records_come_out_one_by_one_with_their_trees);
	RUN(test_xml__text_is_its_bytes_or_one_indivisible_thing);
	RUN(test_xml__attribute_values_are_normalised_and_decoded);
	RUN(test_xml__a_byte_order_mark_is_counted);
	RUN(test_xml__a_doctype_is_stepped_over);
	RUN(test_xml__internal_entities_of_plain_text_are_expanded);
	RUN(test_xml__other_entities_are_left_out_with_a_warning);
	RUN(test_xml__many_records_do_not_grow_the_file_by_entities);
	RUN(test_xml__any_number_of_entities_is_looked_up_at_once);
	RUN(test_xml__what_opens_again_and_again_takes_no_longer_than_its_length);
	RUN(test_xml__attributes_that_are_declared_cost_elements_nothing);
	RUN(test_xml__entity_bombs_cost_nothing);
	RUN(test_xml__expansion_stops_at_its_budget);
	RUN(test_xml__a_record_knows_the_leaves_that_stood_before_it);
	RUN(test_xml__leaves_are_kept_within_limits);
	RUN(test_xml__a_broken_record_leaves_its_neighbours_alone);
	RUN(test_xml__why_a_record_breaks_does_not_depend_on_the_pieces_it_came_in);
	RUN(test_xml__malformed_utf8_breaks_only_its_record);
	RUN(test_xml__a_missing_end_tag_costs_one_record);
	RUN(test_xml__broken_text_around_records_costs_none);
	RUN(test_xml__a_truncated_file_gives_all_but_its_last_record);
	RUN(test_xml__lines_and_columns_are_those_of_the_file_after_a_restart);
	RUN(test_xml__nothing_to_read_is_an_input_error_with_its_place);
	RUN(test_xml__what_the_record_function_returns_stops_the_reading);
	RUN(test_xml__too_deep_a_record_is_left_out);
	RUN(test_xml__attributes_behind_the_thousandth_are_dropped_cheaply);
	RUN(test_xml__records_that_never_close_do_not_take_quadratic_time);
	RUN(test_xml__restarts_are_bounded);
	RUN(test_xml__a_latin1_file_has_the_ranges_of_its_own_bytes);
	RUN(test_xml__transcoded_characters_are_nodes_of_their_own);
	RUN(test_xml__a_fragment_may_begin_and_end_anywhere);
	RUN(test_xml__a_fragment_keeps_what_is_no_markup_as_text);
	RUN(test_xml__a_fragment_keeps_to_the_arenas_cap);
	return test_done();
}
