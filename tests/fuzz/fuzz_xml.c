/*
 * An export in XML.  The first byte chooses what stands around the rest, so
 * that every profile's reader of records is reached; 0, and what no row is
 * for, take the bytes as they are.  New rows go to the end: kept inputs name
 * them by number.
 */
#include "fuzz_record.h"

#include "xml_impl.h"

#define MAX_IN_PIECES	2048	/* bytes: each piece is looked at again */

static const struct {
	const char	*before, *after;
} wraps[] = {
	{ "", "" },
	{ "<unload><kb_knowledge action=\"INSERT_OR_UPDATE\">",
	    "</kb_knowledge></unload>" },
	{ "<unload><kb_knowledge><number>KB1</number><text><![CDATA[",
	    "]]></text></kb_knowledge></unload>" },
	{ "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\""
	    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content="
	    "\"http://purl.org/rss/1.0/modules/content/\" xmlns:excerpt="
	    "\"http://wordpress.org/export/1.2/excerpt/\"><channel><item>"
	    "<wp:post_type>post</wp:post_type>",
	    "</item></channel></rss>" },
	{ "<rss xmlns:wp=\"w\" xmlns:content=\"c\"><channel><item>"
	    "<wp:post_type>page</wp:post_type><wp:post_id>7</wp:post_id>"
	    "<content:encoded><![CDATA[",
	    "]]></content:encoded></item></channel></rss>" },
	{ "<page xmlns=\"http://projectmallard.org/1.0/\" type=\"topic\" "
	    "id=\"x\">", "</page>" },
	{ "<article xmlns=\"http://docbook.org/ns/docbook\" xml:id=\"x\">",
	    "</article>" },
	{ "<book><chapter id=\"c\">", "</chapter></book>" },
	{ "<articles><article>", "</article></articles>" },
	{ "<articles><article><id>a</id><body format=\"html\">",
	    "</body></article></articles>" },
	{ "<?xml version=\"1.0\"?><!DOCTYPE page [", "]><page id='x'>"
	    "<p>&a;&b;</p></page>" },
	{ "<hibernate-generic>", "</hibernate-generic>" },
	{ "<hibernate-generic>"
	    "<object class=\"ConfluenceUserImpl\"><id name=\"key\">u</id>"
	    "<property name=\"name\">jd</property></object>"
	    "<object class=\"Page\"><id name=\"id\">1</id>"
	    "<property name=\"title\">T</property></object>"
	    "<object class=\"BodyContent\"><id name=\"id\">2</id>"
	    "<property name=\"content\" class=\"Page\"><id name=\"id\">1"
	    "</id></property><property name=\"body\"><![CDATA[",
	    "]]></property></object></hibernate-generic>" },
	{ "<mediawiki xml:lang=\"en\"><page><title>T</title><ns>0</ns>"
	    "<id>1</id>", "</page></mediawiki>" },
	{ "<mediawiki><page><title>T</title><ns>0</ns><id>1</id><revision>"
	    "<id>2</id><text xml:space=\"preserve\">",
	    "</text></revision></page></mediawiki>" },
	{ "<topic id=\"t\"><title>T</title>", "</topic>" },
	{ "<dita><task id=\"t\"><title>T</title><taskbody>",
	    "</taskbody></task></dita>" },
	{ "<posts><row Id=\"1\" PostTypeId=\"1\" AcceptedAnswerId=\"2\" "
	    "Title=\"T\" Tags=\"&lt;a&gt;&lt;b&gt;\" Body=\"q\"/>",
	    "</posts>" },
	{ "<posts><row Id=\"1\" PostTypeId=\"1\" AcceptedAnswerId=\"2\" "
	    "Body=\"", "\"/><row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" "
	    "Body=\"a\"/></posts>" },
};

void
fuzz_init(void)
{
	fuzz_record_init();
	atexit(fuzz_say_spans);
}

/* ---- read in pieces ---- */

/* What a reader said, in words. */
struct told {
	struct kb_buf	words;
	uint32_t	depth;	/* of records */
};

static bool
is_told(void *arg, const struct kb_node *element)
{
	const struct told *t = arg;

	return element->depth == t->depth;
}

static void
tell_node(struct kb_buf *b, const struct kb_node *n)
{
	kb_buf_printf(b, "%u %zu-%zu:%u ", n->depth, (size_t)n->start,
	    (size_t)n->end, n->line);
	kb_buf_add(b, n->name);
	kb_buf_addch(b, '=');
	kb_buf_add(b, n->text);
	for (const struct kb_attr *a = n->attrs; a != NULL; a = a->next) {
		kb_buf_addch(b, '@');
		kb_buf_add(b, a->name);
		kb_buf_addch(b, '=');
		kb_buf_add(b, a->value);
	}
	kb_buf_addch(b, '\n');
}

static enum kb_status
tell_record(void *arg, struct kb_node *root, size_t number,
    struct kb_err *e)
{
	struct told *t = arg;
	const struct kb_node *n;

	(void)e;
	for (n = root->parent; n != NULL; n = n->parent)
		tell_node(&t->words, n);
	kb_buf_printf(&t->words, "record %zu\n", number);
	for (n = root; n != NULL; n = kb_node_next(n, root))
		tell_node(&t->words, n);
	return KB_OK;
}

/* References are told of a record that turns out to be broken, or not. */
static void
tell_diag(void *arg, const struct kb_diag *d)
{
	struct told *t = arg;

	if (strcmp(d->code, "bad-entity") == 0)
		return;
	kb_buf_printf(&t->words, "%s %u:%u %zu-%zu %.*s\n", d->code, d->line,
	    d->col, (size_t)d->start, (size_t)d->end, KB_FMT(d->message));
}

static void
read_in_pieces(struct told *t, struct kb_str bytes, size_t piece)
{
	const struct kb_diag_sink sink = { tell_diag, t };
	const struct kb_xml_handler handler = { .arg = t,
	    .is_record = is_told, .record = tell_record, .sink = &sink };
	struct kb_input *in;
	enum kb_status status;

	MUST(open_input(&in, bytes) == KB_OK);
	status = kb_xml_read_chunked(in, &handler, piece, &err);
	kb_input_close(in);
	kb_buf_printf(&t->words, "%d", (int)status);
	MUST(!t->words.failed);
}

/* Wherever the window ends, the same is read. */
static void
check_pieces(struct kb_str bytes)
{
	const uint32_t depth = (uint32_t)(bytes.n % 3);
	struct told whole = { .depth = depth }, parts = { .depth = depth };

	if (bytes.n == 0 || bytes.n > MAX_IN_PIECES ||
	    kb_str_has_prefix(bytes, KB_STR("\x1f\x8b")))
		return;
	read_in_pieces(&whole, bytes, MAX_IN_PIECES);
	read_in_pieces(&parts, bytes, 1 + bytes.n % 13);
	MUST(kb_str_eq(kb_buf_str(&whole.words), kb_buf_str(&parts.words)));
	kb_buf_release(&whole.words);
	kb_buf_release(&parts.words);
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_buf b = { 0 };
	uint8_t row = fuzz_byte(&bytes);

	if (row >= sizeof(wraps) / sizeof(wraps[0]))
		row = 0;
	kb_buf_addc(&b, wraps[row].before);
	kb_buf_add(&b, bytes);
	kb_buf_addc(&b, wraps[row].after);
	check_pieces(kb_buf_str(&b));
	fuzz_extract(kb_buf_str(&b), "export.xml");
	kb_buf_release(&b);
}

static const struct {
	uint8_t		 row;
	const char	*text;
} seeds[] = {
	{ 0, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><page id=\"a\">"
	    "<title>T\xe9</title><p>x &lt; y &#233; &amp;</p></page>" },
	{ 0, "<!DOCTYPE page [<!ENTITY a \"b<p>c</p>\"><!ENTITY d SYSTEM "
	    "\"/etc/passwd\">]><page id='a'><p>&a;&d;</p></page>" },
	{ 0, "<page><p>a</q></page><page>" },
	{ 0, "<unload><kb_knowledge><text>a</text></kb_knowledge><kb_knowl" },
	{ 0, "<articles><article><id>1</id><title>t</title><body "
	    "format='text'>a\n\nb</body></article><article/></articles>" },
	{ 1, "<number>KB0001</number><short_description>S</short_description>"
	    "<sys_updated_on>2024-02-03 04:05:06</sys_updated_on><author "
	    "display_value=\"A B\">x</author><workflow_state>published"
	    "</workflow_state><valid_to>2100-01-01</valid_to><text>&lt;p&gt;"
	    "one&amp;nbsp;two&lt;/p&gt;</text>" },
	{ 1, "<kb_what><![CDATA[<h2>W</h2>]]></kb_what><kb_how>&lt;ol&gt;"
	    "&lt;li&gt;x</kb_how><wiki>w</wiki>" },
	{ 2, "<h1>T</h1><p>a <b>b</b></p>]]><![CDATA[<p>c" },
	{ 3, "<title>T</title><wp:status>publish</wp:status><pubDate>Mon, 04 "
	    "Mar 2024 10:00:00 +0000</pubDate><content:encoded><![CDATA[a\n"
	    "\nb<!--more-->]]></content:encoded><category domain='post_tag'>"
	    "x</category>" },
	{ 4, "<!-- wp:paragraph -->\n<p>a</p>\n\nb\n[caption]c[/caption]" },
	{ 5, "<info><revision date=\"2024-01-02\" status=\"final\"/><credit "
	    "type=\"author\"><name>N</name></credit></info><title>T</title>"
	    "<section id=\"s\"><title>S</title><p>a <gui>b</gui></p><steps>"
	    "<item><p>1</p></item></steps></section>" },
	{ 6, "<info><author><personname><firstname>F</firstname><surname>S"
	    "</surname></personname></author><date>2024</date></info><title>"
	    "T</title><section><title>S</title><para>p<footnote><para>q"
	    "</para></footnote></para><programlisting> a\n b"
	    "</programlisting></section>" },
	{ 7, "<title>T</title><sect1><title>U</title><informaltable><tgroup "
	    "cols='2'><row><entry>a</entry><entry>b</entry></row></tgroup>"
	    "</informaltable><variablelist><varlistentry><term>t</term>"
	    "<listitem><para>d</para></listitem></varlistentry>"
	    "</variablelist></sect1>" },
	{ 8, "<id>a</id><title>t</title><owner kind='team'>o</owner>"
	    "<reviewed>2024-01-01</reviewed><body><heading>h</heading><p>x"
	    "</p><table><row><cell>c</cell></row></table></body>" },
	{ 9, "<p>a<![CDATA[<b>]]></p><h2>b</h2><!-- c --><?pi d?>" },
	{ 10, "<!ENTITY a 'x'><!ENTITY b '&a;&a;&#38;#60;'>" },
	{ 10, "<!ENTITY % p SYSTEM 'x'>%p;<!ELEMENT p ANY><!ATTLIST p a CDATA "
	    "'d'><!ENTITY a '<p>q</p>'>" },
	{ 11, "<object class=\"Page\"><id name=\"id\">1</id><property name="
	    "\"title\">T</property><property name=\"creator\" class=\""
	    "ConfluenceUserImpl\"><id name=\"key\">u</id></property>"
	    "<property name=\"parent\" class=\"Page\"><id name=\"id\">3</id>"
	    "</property><collection name=\"historicalVersions\"><element "
	    "class=\"Page\"><id name=\"id\">4</id></element></collection>"
	    "<property name=\"contentStatus\">current</property></object>"
	    "<object class=\"Page\"><id name=\"id\">3</id><property name="
	    "\"title\">P</property></object><object class=\"BodyContent\">"
	    "<property name=\"content\"><id>1</id></property><property name="
	    "\"body\">&lt;p&gt;a&lt;/p&gt;</property></object>" },
	{ 11, "<object class=\"Labelling\"><id>1</id><property name=\"label\">"
	    "<id>2</id></property><property name=\"content\"><id>1</id>"
	    "</property></object><object class=\"Label\"><id>2</id><property "
	    "name=\"name\">l</property></object><object class=\"Content"
	    "PermissionSet\"><id>5</id><property name=\"type\">View"
	    "</property><property name=\"owningContent\"><id>1</id>"
	    "</property></object>" },
	{ 12, "<p>a <ac:link><ri:page ri:content-title=\"R &amp; D\" "
	    "ri:space-key=\"HR\"/><ac:plain-text-link-body><![CDATA[b]] >"
	    "</ac:plain-text-link-body></ac:link> <ac:emoticon ac:name="
	    "\"x\"/><time datetime=\"2026-01-31\"/></p>" },
	{ 12, "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name="
	    "\"title\">t</ac:parameter><ac:plain-text-body><![CDATA[if (a[b["
	    "0]]]] ><![CDATA[>1)\n\tx();]] ></ac:plain-text-body>"
	    "</ac:structured-macro><ac:task-list><ac:task><ac:task-id>1"
	    "</ac:task-id><ac:task-body>c</ac:task-body></ac:task>"
	    "</ac:task-list>" },
	{ 12, "<ac:structured-macro ac:name=\"details\"><ac:rich-text-body>"
	    "<table><tbody><tr><th>Owner</th><td><ac:link><ri:user ri:userkey"
	    "=\"u\"/></ac:link></td></tr><tr><th>Next review</th><td><time "
	    "datetime=\"2026-01-31\"/></td></tr></tbody></table>"
	    "</ac:rich-text-body></ac:structured-macro><p>d<ac:image ac:alt="
	    "\"e\"><ri:attachment ri:filename=\"f.png\"/></ac:image></p>" },
	{ 13, "<revision><id>2</id><timestamp>2024-01-02T03:04:05Z</timestamp>"
	    "<contributor><username>U</username></contributor><model>wikitext"
	    "</model><text>== a ==\n* b\n</text></revision><revision><id>3"
	    "</id><parentid>2</parentid><timestamp>2024-02-02T03:04:05Z"
	    "</timestamp><text>'''c'''</text></revision>" },
	{ 14, "== a ==\n{| class=wikitable\n! b !! c\n|-\n| d || [[e|f]]\n|}"
	    "\n# g\n#: h\n{{note|i}} &lt;ref&gt;j&lt;/ref&gt; {{x|y=z}}" },
	{ 15, "<shortdesc>s</shortdesc><prolog><author>a</author><critdates>"
	    "<created date=\"2024-01-02\"/></critdates></prolog><body><p>b "
	    "<xref href=\"c.dita\">d</xref></p><section><title>e</title><dl>"
	    "<dlentry><dt>f</dt><dd>g</dd></dlentry></dl></section><table>"
	    "<tgroup cols=\"1\"><tbody><row><entry>h</entry></row></tbody>"
	    "</tgroup></table></body><topic id=\"u\"><title>U</title>"
	    "</topic>" },
	{ 16, "<prereq>a</prereq><steps><step><cmd>b <uicontrol>c</uicontrol>"
	    "</cmd><substeps><substep><cmd>d</cmd></substep></substeps>"
	    "</step><step><cmd>e</cmd><choices><choice>f</choice></choices>"
	    "</step></steps><result>g</result><note type=\"tip\">h</note>" },
	{ 17, "<row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" OwnerUserId="
	    "\"3\" Body=\"&lt;p&gt;a &amp;amp; b&lt;/p&gt;&#xA;"
	    "&lt;pre&gt;c\"/>" },
	{ 18, "&lt;p&gt;a&lt;/p&gt;&#xA;&lt;ul&gt;&lt;li&gt;b&lt;/li&gt;" },
};

static void
take(struct kb_str bytes)
{
	fuzz_seed_as(0, bytes);
}

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed_as(seeds[i].row, kb_str_c(seeds[i].text));
	fuzz_files("corpora/helpdesk/mallard", ".page", take);
	fuzz_files("corpora/exports", ".xml", take);
	fuzz_files("corpora/exports", ".dita", take);
}
