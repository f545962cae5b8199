/*
 * A page of MediaWiki: as a whole, and as a fragment in elements that the
 * first line names, as a span is read again.
 */
#include "fuzz_record.h"

#include "wikitext.h"

void
fuzz_init(void)
{
	fuzz_record_init();
	atexit(fuzz_say_spans);
}

/* What may stand in a page: XML has no control characters. */
static void
add_escaped(struct kb_buf *out, struct kb_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '<')
			kb_buf_addc(out, "&lt;");
		else if (c == '&')
			kb_buf_addc(out, "&amp;");
		else if (c == '>')
			kb_buf_addc(out, "&gt;");
		else if (c >= ' ' || c == '\n' || c == '\t')
			kb_buf_addch(out, (char)c);
	}
}

/* A text node is what stands there, or stands for it. */
static void
check_tree(const struct kb_node *root, size_t bytes)
{
	for (const struct kb_node *n = root; n != NULL;
	    n = kb_node_next(n, root)) {
		MUST(n->start <= n->end && n->end <= bytes);
		MUST(n->depth <= KB_WIKITEXT_DEPTH);
		if (n->kind == KB_NODE_TEXT)
			fuzz_touch(n->text);
	}
}

static void
read_fragment(struct kb_str bytes)
{
	struct kb_wikitext_opts opts = { .fragment = true };
	struct kb_arena a;
	struct kb_node *root;

	if (!kb_str_split(&bytes, '\n', &opts.context))
		return;
	kb_arena_init(&a, (size_t)1 << 28);
	opts.dialect = kb_profiles_dialect(profiles, KB_STR("wikitext"));
	if (kb_wikitext_parse(&root, bytes, &opts, NULL, &a, &err) == KB_OK)
		check_tree(root, bytes.n);
	kb_arena_release(&a);
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_buf xml = { 0 };

	if (kb_utf8_valid(bytes) != bytes.n)
		return;
	read_fragment(bytes);
	kb_buf_addc(&xml, "<mediawiki><page><title>T</title><ns>0</ns>"
	    "<id>7</id><revision><id>1</id><text>");
	add_escaped(&xml, bytes);
	kb_buf_addc(&xml, "</text></revision></page></mediawiki>");
	fuzz_extract(kb_buf_str(&xml), "page.xml");
	kb_buf_release(&xml);
}

static const char *const seeds[] = {
	"p b\n''' text [[a|b]] {{kbd|x}}",
	"wikitable wikirow td\na || b\n|-\n! c !! d\n|}\ne",
	"steps:4 item\na\n# b\n#: c\n## d",
	"h2\nHead ==\ntext",
	"== a ==\n'''b''' ''c'' l'''d''\n\n* e\n** f\n; g : h",
	"{| class=x\n|+ c\n! a !! b\n|-\n| style=y | z || {{note|w}}\n|}",
	"[[File:a.png|thumb|alt=b|c [[d]] e]] [http://f.g h] http://i.j/k.",
	"<nowiki>''a''</nowiki><pre>b</pre><ref>c</ref><ref name=d/><br/>e",
	"<syntaxhighlight lang=c inline>a[b]</syntaxhighlight>\n indented\n x",
	"{{x|y={{z}}|1=a b c d e f g}}{{{1|d}}}{{#if:a|b}}{{key press|A|B}}",
	"<div style=display:none>a</div><ul><li>b<li>c</ul><!-- d -->__TOC__",
	"<gallery>\nFile:a.png|b\n</gallery>\n----\n[[Category:C|s]] ~~~~",
};

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed(kb_str_c(seeds[i]));
}
