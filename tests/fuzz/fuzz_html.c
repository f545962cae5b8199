/* A page of HTML, from bytes to passages. */
#include "fuzz_record.h"

void
fuzz_init(void)
{
	fuzz_record_init();
	fuzz_hold = true;
	atexit(fuzz_say_spans);
}

void
fuzz_one(struct kb_str bytes)
{
	fuzz_extract(bytes, "page.html");
}

static const char *const seeds[] = {
	"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>T</title>"
	    "<body><h1>One</h1><p>Text, more text.</p></body></html>",
	"<p>a<b>b<i>c</b>d</i>e<p>f<a href=x>g<a href=y>h</a>",
	"<table>foo<tr><td>1<td>2<tr><th>3<table><td>4</table>5</table>6",
	"<ul><li>a<ul><li>b</ul><li>c</ul><ol start=3><li>d<li value=9>e",
	"<dl><dt>t<dd>d<dt>u<dd>v</dl><details><summary>s</summary>x",
	"<pre>\n a\n  b</pre><textarea>\n</p></textarea><title></b></title>",
	"<script>if (a<b) '<!--<script>--></script>';</script>after",
	"<style>p { display: none }</style><p style='display:none'>x<p>y",
	"<p hidden>a<p aria-hidden=true>b<p style=font-size:0>c<p>d",
	"<!-- a -- > b --!><p>c<!><!-->d<!--->e<?pi?><![CDATA[f]]>g",
	"<svg><title>t</title><foreignObject><p>x</foreignObject>"
	    "<![CDATA[<p>]]></svg><math><mi>a<annotation-xml encoding="
	    "text/html><p>b</annotation-xml></math>",
	"<select><option>a<optgroup label=l><option>b<select>c</select>",
	"<form><p>a</form><form>b<input type=hidden><button>c<button>d",
	"&amp;&AMP&notin;&notit;&#0;&#x80;&#xd800;&#x110000;&#99999999999;&",
	"<frameset><frame><noframes><p>a</noframes></frameset><p>b",
	"<template><tr><td>a</template><noscript><p>b</noscript>",
	"<script type='application/ld+json'>{\"@type\":\"Article\","
	    "\"author\":{\"name\":\"A\"},\"dateModified\":\"2024-01-02\"}"
	    "</script><p>text",
	"<meta name=last-modified content=2024-05-06><meta http-equiv="
	    "content-type content='text/html; charset=koi8-r'><p>\xc1\xc2",
	"\xef\xbb\xbf<p>bom\xe2\x80\x8b\xc2\xad\xe2\x80\xae zero</p>",
	"\xff\xfe<\0p\0>\0a\0", "<p>\xc3(\xe9\xff</p>", "<body><p>a\0b",
	"<main role=main><nav><a href=/>n</a></nav><article><h2 id=x>H</h2>"
	    "<img alt='a b' src=i><br>c<hr>d</article><aside>e</aside>",
	"<ruby>a<rb>b<rt>c<rp>)</ruby><marquee>m</marquee><nobr>n<nobr>o",
	"<base href=/x/><a name=n></a><a href='../y?z#w' title=t>link</a>",
	"<p style='color:/* a */white;background:#fff'>a<p style='overflow:"
	    "hidden;max-height:.5em'>b<p style='overflow:clip;width:0%'>c<p "
	    "style='transform:scale(0)'>d<p style='color:transparent;"
	    "background-clip:text'>e<p style=opacity:0>f",
	"<p style='position:absolute;clip:rect(0 0 0 0)'>a<p style='position:"
	    "fixed;clip:rect(1px,2px,auto,1px)'>b<p style='clip-path:inset("
	    "50%)'>c<p style='clip-path:circle(0)'>d<p style='position:"
	    "absolute;left:-9999px;text-indent:-99em'>e<p style='color:rgb("
	    "1 2 3 / 0)'>f<p style='color:#1230'>g",
	"<script type='application/ld+json'>[{\"@type\":[\"HowTo\"],"
	    "\"author\":[{\"name\":\"A\"},\"B\"]},1]</script><script type="
	    "'application/ld+json'>{\"@graph\":[{\"@type\":\"WebPage\","
	    "\"name\":\"N\"}]}</script><meta name=keywords content='a, b'>",
	"<head><noscript> <link rel=a><style>b</style><noscript><head></br>"
	    "c</noscript></noscript><head></template><title>d</title>"
	    "</head></template>e",
	"<svg><font color=a>b<font face=c>d</svg><svg><font size=1>e</svg>",
	"<table><colgroup><col><template></colgroup><col>a<tr><td>b"
	    "</template><select><hr><optgroup><option>c</optgroup><template>"
	    "</template></select><td><select><input><select><tr>d",
};

/* Longer than a passage, of what is never cut, and of what is. */
static void
seed_long(const char *before, const char *word, int n, const char *after)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, before);
	for (int i = 0; i < n; i++)
		kb_buf_addc(&b, word);
	kb_buf_addc(&b, after);
	fuzz_seed(kb_buf_str(&b));
	kb_buf_release(&b);
}

static void
take(struct kb_str bytes)
{
	fuzz_seed(bytes);
}

void
fuzz_seeds(void)
{
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
		fuzz_seed(kb_str_c(seeds[i]));
	fuzz_seed(kb_str("\xff\xfe<\0p\0>\0a\0\xe9\0", 12));
	fuzz_seed(kb_str("<p>a\0b</p>\0", 11));
	seed_long("<p>Look: <img src=x alt=\"", "v ", 250, "\"> and go on.");
	seed_long("<p>Two. ", "&bne;&nvlt;x ", 210, "<b>y</b>.");
	seed_long("<p>", "&#25705;", 210, "<p>.");
	seed_long("<ol><li>", "w ", 250, "<li>x<ul><li>y</ul></ol>");
	seed_long("<table><tr><th>a<th>b<tr><td>", "c ", 120, "<td>d. E f.");
	seed_long("<pre>", "\n  a b", 120, "\n\n</pre>");
	fuzz_files("corpora/helpdesk/confluence", ".html", take);
}
