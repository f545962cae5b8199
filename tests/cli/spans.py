#!/usr/bin/env python3
"""spans.py make FOLDER: files of every kind that spans are counted in
differently: archives, gzip, other encodings, fields of many records, escaped
once and twice.
spans.py zip INDEX FILE: where the maps of passages of a zip's members say that
the bytes are the same, they are."""
import glob
import gzip
import html
import io
import os
import random
import sqlite3
import sys
import tarfile
import zipfile

draw = random.Random(5)

WORDS = ("Open the settings of caf\u00e9 and choose &amp; a profile. "
         "It is &lt;b&gt; here! Then \u201cpress\u201d <b>Save</b>, and "
         "re<i>start</i> the d\u00e9mon. Is it gone? \u00dcber &#233;t&eacute; "
         "it says \u0438\u0306 and \u65e5\u672c\u3002 It works.").split()
PIECES = (
    "<p>{}</p>", "<h2>{}</h2>", "<ul><li>{}</li><li>{}</li></ul>",
    "<ol start=4><li>{}<li>{}</ol>", "<pre><code>if (a &lt; b &amp;&amp; c)\n"
    "\tgo();\n\n  end</code></pre>", "<blockquote><p>{}</p></blockquote>",
    "<table><tr><th>{}<td>{}</table>", "<p>{}<br>{}</p>",
    "<p><img src=a.png alt=\"The caf&eacute; menu\"> {}</p>",
    "<dl><dt>{}<dd>{}</dl>",
)


def some():
    at = draw.randrange(len(WORDS) - 12)
    return " ".join(WORDS[at:at + draw.randrange(6, 40)])


def body(n=12):
    return "\n".join(p.replace("{}", "%s").replace("%s", some())
                     for p in draw.choices(PIECES, k=n))


def page():
    return ("<!DOCTYPE html><html><head><meta charset=utf-8><title>%s</title>"
            "</head><body><main>%s</main></body></html>"
            % (some()[:20].replace("<", ""), body(30)))


def posts(n):
    rows = []
    for i in range(1, 2 * n, 2):
        rows.append('<row Id="%d" PostTypeId="1" AcceptedAnswerId="%d" '
                    'CreationDate="2026-01-01T00:00:00" Title="Q %d" '
                    'Body="%s" />' % (i, i + 1, i,
                                      html.escape(body()).replace(
                                          "\n", "&#xA;")))
        rows.append('<row Id="%d" PostTypeId="2" ParentId="%d" '
                    'CreationDate="2026-01-02T00:00:00" Body="%s" />'
                    % (i + 1, i, html.escape(body())))
    draw.shuffle(rows)
    return ('<?xml version="1.0" encoding="utf-8"?>\n<posts>\n%s\n</posts>\n'
            % "\n".join(rows))


def servicenow(n, encoding="UTF-8"):
    records = []
    for i in range(n):
        text = "<main>%s</main>" % body()
        records.append("<kb_knowledge><number>KB%s%d</number>"
                       "<short_description>S %d</short_description><text>%s"
                       "</text><workflow_state>published</workflow_state>"
                       "</kb_knowledge>" % (encoding[-2:], i, i,
                                            html.escape(text)))
    return ('<?xml version="1.0" encoding="%s"?>\n<unload>\n%s\n</unload>\n'
            % (encoding, "\n".join(records)))


def split_cdata(s):
    out = []
    for c in s.replace("]]>", "]]&gt;"):
        out.append(c)
        if draw.random() < .01:
            out.append("]]><![CDATA[")
    return "".join(out)


def wordpress(n):
    items = ["<item><title>W %d</title><content:encoded><![CDATA[%s]]>"
             "</content:encoded><wp:post_id>%d</wp:post_id><wp:post_type>post"
             "</wp:post_type><wp:status>publish</wp:status></item>"
             % (i, split_cdata(body()), i) for i in range(n)]
    return ('<?xml version="1.0" encoding="UTF-16"?>\n<rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:wp="http://wordpress.org/export/1.2/"><channel>%s'
            '</channel></rss>' % "".join(items))


def wiki(n):
    pages = ["<page><title>P %d</title><ns>0</ns><id>%d</id>"
             "<revision><id>1</id><timestamp>2024-01-01T00:00:00Z</timestamp>"
             "<text>Old, and not to be read. It was so.</text></revision>"
             "<revision><id>2</id><timestamp>2025-01-01T00:00:00Z</timestamp>"
             "<text>New '''text''' &amp;amp; more of it. %s\n\n* one\n* two. "
             "Three\n\n== Head ==\n%s</text></revision></page>"
             % (i, i, html.escape(some()), html.escape(some()))
             for i in range(n)]
    return ('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">%s'
            '</mediawiki>' % "".join(pages))


ENTITIES = ('<!DOCTYPE page [<!ENTITY app "The Mail and Post  App">'
            '<!ENTITY odd "a &#38;#38; b"><!ENTITY dash "--">'
            '<!ENTITY same "Mails."><!ENTITY hellip "(and so on)">]>\n')


def mallard():
    """Entities of its own, one of which HTML knows otherwise."""
    return (ENTITIES + '<page xmlns="http://projectmallard.org/1.0/" id="m">'
            '<title>Mail</title><p>Start &app; first. Then &dash; it may be '
            '&hellip; &dash; wait. &app;</p><list><item><p>&app; is open. '
            'Good &dash;so. &same; So.</p></item></list><p>Nothing &unknown; '
            'here, nor &odd;. At all.</p></page>')


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def make(folder):
    pages = [("pages/%d.html" % i, page().encode()) for i in range(12)]
    pages.append(("pages/wide.html",
                  page().replace("charset=utf-8", "").encode("utf-16")))
    pages.append(("pages/packed.html.gz", gzip.compress(page().encode())))
    pages.append(("kb/one.xml", servicenow(5, "UTF-8").encode()))
    pages.append(("caf\u00e9/mail.page", mallard().encode()))
    with zipfile.ZipFile(os.path.join(folder, "set.zip"), "w",
                         zipfile.ZIP_DEFLATED) as z:
        for name, data in pages:
            z.writestr(name, data)
    write(folder + "/set.tar", tar([(n, d.replace(b"KB-8", b"KT-8"))
                                    for n, d in pages]))
    write(folder + "/posts/Posts.xml", posts(40).encode())
    write(folder + "/sn/many.xml.gz",
          gzip.compress(servicenow(30, "utf-8").encode()))
    write(folder + "/sn/wide.xml", servicenow(12, "UTF-16").encode("utf-16"))
    write(folder + "/sn/russian.xml", servicenow(12, "KOI8-R").encode(
        "koi8-r", "xmlcharrefreplace"))
    write(folder + "/wp/wide.xml", wordpress(8).encode("utf-16"))
    write(folder + "/wiki/pages.xml", wiki(20).encode())
    write(folder + "/help/mail.page", mallard().encode())
    write(folder + "/help/wide.page", mallard().encode("utf-16"))


def number(data):
    """The next LEB128 of an iterator over bytes."""
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value
    return None


def pieces(blob, start):
    """docs/FORMAT.md, offset maps: (out, in, out_n, in_n)."""
    data = iter(blob)
    out, at = 0, start
    while (gap := number(data)) is not None:
        jump, out_n, in_n = number(data), number(data), number(data)
        out += gap
        at += (jump >> 1) ^ -(jump & 1)
        yield out, at, out_n, in_n
        out += out_n
        at += in_n


def check_zip(index, path):
    db = sqlite3.connect(glob.glob(index + "/all-*.db")[0])
    rows = db.execute(
        "SELECT a.member, p.start, p.end, p.map, p.text FROM passage p JOIN "
        "article a ON a.n = p.article WHERE a.path = ? AND p.field IS NULL",
        [os.path.basename(path)]).fetchall()
    same = 0
    with zipfile.ZipFile(path) as z:
        for member, start, end, blob, text in rows:
            data, text = z.read(member), text.encode()
            if member.endswith(".gz"):
                data = gzip.decompress(data)
            for o, i, o_n, i_n in (pieces(blob, start) if blob else
                                   [(0, start, len(text), end - start)]):
                if not start <= i <= i + i_n <= end:
                    sys.exit("%s: a piece is not in [%d, %d)"
                             % (member, start, end))
                if "wide" in member or o_n != i_n:
                    continue
                if data[i:i + i_n] != text[o:o + o_n]:
                    sys.exit("%s [%d, %d) is not %r"
                             % (member, i, i + i_n, text[o:o + o_n]))
                same += o_n
    print(len(rows), "passages,", same, "bytes of them as they stand")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2])
    else:
        check_zip(sys.argv[2], sys.argv[3])
