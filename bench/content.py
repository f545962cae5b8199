#!/usr/bin/env python3
"""The truth of bench/content.sh: makes pages whose answer is hidden, and
scores what was taken of them.  Standard library only; pages are rewritten
token by token, so that everything but the answer stays as it is.

  content.py prepare SET SOURCE WORK   WORK/{truth.jsonl,hidden/,asis/}
  content.py score WORK NAME RUN [N]   RUN: JSON lines {path, title, text}
  content.py peer WORK NAME FOLDER [N] a peer's RUN of WORK/FOLDER, on stdout

With N only one page in N, chosen by its path.

SET says which container is the truth: sphinx (role=main), docbook (the div
behind div.navheader), libreoffice (#DisplayArea), apache (#page-content).

The same on every side: a word is a run of letters, digits and "_", in lower
case; what is hidden (hidden, aria-hidden, display:none; script, style and the
like) and the alt texts of images are taken out of all pages beforehand.  The
heading that is the title counts as text on both sides.  The truth is counted
twice: "no-toc" is the container without the tables of contents that its own
markup names (role doc-toc or navigation, nav; class toc or contents, id toc or
quickview), "all" is all of it.
"""
import collections
import hashlib
import html.parser
import json
import os
import re
import sys

VOID = set("area base br col embed hr img input link meta param source track "
           "wbr".split())
UNSEEN = set("script style template noembed noframes head title svg math "
             "object iframe select textarea".split())
INLINE = set("a abbr acronym b bdi bdo big cite code data del dfn em font i "
             "img ins kbd label mark q s samp small span strike strong sub "
             "sup time tt u var wbr".split())
RENAMED = {"main", "article", "nav", "aside"}


def words(text):
    return re.findall(r"\w+", text.lower())


def is_hidden(attrs):
    a = dict(attrs)
    style = re.sub(r"\s", "", a.get("style") or "").lower()
    return ("hidden" in a or a.get("aria-hidden") == "true" or
            "display:none" in style or "visibility:hidden" in style)


def classes(attrs):
    return (dict(attrs).get("class") or "").split()


def is_toc(tag, attrs):
    role = dict(attrs).get("role") or ""
    return (tag == "nav" or role in ("doc-toc", "navigation") or
            dict(attrs).get("id") in ("toc", "quickview") or
            bool({"toc", "contents"} & set(classes(attrs))))


def is_main(kind, tag, attrs):
    a = dict(attrs)
    if kind == "sphinx":
        return a.get("role") == "main"
    if kind == "libreoffice":
        return a.get("id") == "DisplayArea"
    if kind == "apache":
        return a.get("id") == "page-content"
    return False


def docbook_main(tag, attrs, state):
    """The first div at the level of div.navheader that is no navigation."""
    return (tag == "div" and state.depth == state.nav_depth and not
            {"navheader", "navfooter"} & set(classes(attrs)))


def token(name, value):
    h = hashlib.sha256((name + "=" + value).encode()).hexdigest()
    return "x" + h[:10]


def hide(tag, attrs):
    """The attributes without the answer; ids and fragments still meet."""
    out = []
    for k, v in attrs:
        if k == "role" or k.startswith("aria-"):
            continue
        if k == "class" and v:
            v = " ".join(token("class", c) for c in v.split())
        elif k in ("id", "name", "for") and v and not (
                k == "name" and tag in ("meta", "input", "param")):
            v = token("id", v)
        elif k == "href" and v and "#" in v:
            base, frag = v.split("#", 1)
            v = base + "#" + (token("id", frag) if frag else "")
        out.append((k, v))
    return out


def start_tag(tag, attrs, close):
    s = "<" + tag
    for k, v in attrs:
        s += " " + k
        if v is not None:
            s += '="%s"' % (v.replace("&", "&amp;").replace('"', "&quot;")
                            .replace("<", "&lt;"))
    return s + (" />" if close else ">")


class Page(html.parser.HTMLParser):
    """One pass: the page as is, the page without its answer, the truth."""

    def __init__(self, kind):
        super().__init__(convert_charrefs=False)
        self.kind = kind
        self.asis, self.hidden = [], []
        self.all, self.no_toc = [], []
        self.depth = 0          # of all open elements
        self.nav_depth = -1     # docbook: the level of navheader
        self.main = self.gone = self.toc = self.unseen = None
        self.found = False
        self.stack = []

    def both(self, text):
        if self.gone is None:
            self.asis.append(text)
            self.hidden.append(text)

    def say(self, text):
        if self.main is None or self.unseen is not None or \
                self.gone is not None:
            return
        self.all.append(text)
        if self.toc is None:
            self.no_toc.append(text)

    def open(self, tag, attrs):
        if self.gone is None and is_hidden(attrs):
            self.gone = self.depth
        if self.unseen is None and tag in UNSEEN:
            self.unseen = self.depth
        if self.kind == "docbook" and self.nav_depth < 0 and \
                "navheader" in classes(attrs):
            self.nav_depth = self.depth
        if self.main is None and not self.found and (
                is_main(self.kind, tag, attrs) or (self.nav_depth >= 0 and
                docbook_main(tag, attrs, self))):
            self.main, self.found = self.depth, True
        if self.toc is None and self.main is not None and \
                self.depth > self.main and is_toc(tag, attrs):
            self.toc = self.depth

    def close_to(self, depth):
        for name in ("gone", "unseen", "main", "toc"):
            level = getattr(self, name)
            if level is not None and level >= depth:
                setattr(self, name, None)

    def tag(self, tag, attrs, close):
        attrs = [(k, v) for k, v in attrs if k != "alt"]
        if self.gone is None:
            self.asis.append(start_tag(tag, attrs, close))
            self.hidden.append(start_tag("div" if tag in RENAMED else tag,
                                         hide(tag, attrs), close))
        if tag not in INLINE:
            self.say(" ")

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            if not is_hidden(attrs):
                self.tag(tag, attrs, False)
            return
        self.open(tag, attrs)
        self.tag(tag, attrs, False)
        self.stack.append(tag)
        self.depth += 1

    def handle_startendtag(self, tag, attrs):
        if tag in VOID:
            return self.handle_starttag(tag, attrs)
        # HTML does not know it: <a/> stays open, which nobody means here.
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID or tag not in self.stack:
            return
        while True:
            top = self.stack.pop()
            self.depth -= 1
            if self.gone is None and (top == tag or top not in ("p", "li",
                                      "td", "tr", "th", "dt", "dd")):
                self.asis.append("</%s>" % top)
                self.hidden.append("</%s>" % ("div" if top in RENAMED else
                                              top))
            self.close_to(self.depth)
            if top not in INLINE:
                self.say(" ")
            if top == tag:
                return

    def handle_data(self, data):
        self.both(data)
        self.say(data)

    def handle_entityref(self, name):
        self.both("&%s;" % name)
        self.say(html.unescape("&%s;" % name))

    def handle_charref(self, name):
        self.both("&#%s;" % name)
        self.say(html.unescape("&#%s;" % name))

    def handle_decl(self, decl):
        self.both("<!%s>" % decl)

    def handle_pi(self, data):
        self.both("<?%s>" % data)


def pages(folder):
    for top, dirs, files in os.walk(folder):
        dirs.sort()
        for f in sorted(files):
            if f.endswith((".html", ".htm")):
                path = os.path.join(top, f)
                if not os.path.islink(path):
                    yield os.path.relpath(path, folder), path


def read(path):
    """The text, and the encoding that the page says it is in."""
    with open(path, "rb") as f:
        raw = f.read()
    m = re.search(rb"charset=[\"']?([A-Za-z0-9_-]+)", raw[:4096])
    name = m.group(1).decode() if m else "utf-8"
    return raw.decode(name, "replace"), name


def write(path, text, name):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text.encode(name, "xmlcharrefreplace"))


def prepare(kind, source, work):
    count = without = 0
    os.makedirs(work, exist_ok=True)
    with open(work + "/truth.jsonl", "w", encoding="utf-8") as out:
        for rel, path in pages(source):
            p = Page(kind)
            text, name = read(path)
            p.feed(text)
            p.close()
            # A page without the container is still one of the site's.
            write(work + "/asis/" + rel, "".join(p.asis), name)
            write(work + "/hidden/" + rel, "".join(p.hidden), name)
            count += 1
            truth = words("".join(p.all))
            if not p.found or not truth:
                without += 1
                continue
            out.write(json.dumps({"path": rel, "all": truth, "no-toc":
                                  words("".join(p.no_toc))}) + "\n")
    print("%d pages, %d of them without the container or a word in it "
          "(not scored)" % (count, without))


def prf(common, got, want):
    p = common / got if got else float(want == 0)
    r = common / want if want else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def is_chosen(path, one_in):
    """A sample that depends on the path alone."""
    h = hashlib.sha256(path.encode()).hexdigest()
    return int(h[:8], 16) % int(one_in) == 0


def score(work, name, run, one_in=1):
    got = {}
    with open(run, encoding="utf-8") as f:
        for line in f:
            d = json.loads(line)
            got[d["path"]] = collections.Counter(
                words(d["title"] or "") + words(d["text"] or ""))
    for key in ("no-toc", "all"):
        sums, macro, bad, n = [0, 0, 0], [0.0, 0.0, 0.0], [], 0
        with open(work + "/truth.jsonl", encoding="utf-8") as f:
            for line in f:
                d = json.loads(line)
                if not is_chosen(d["path"], one_in):
                    continue
                want = collections.Counter(d[key])
                mine = got.get(d["path"], collections.Counter())
                c = (want & mine).total()
                one = prf(c, mine.total(), want.total())
                n += 1
                for i, v in enumerate((c, mine.total(), want.total())):
                    sums[i] += v
                for i in range(3):
                    macro[i] += one[i]
                if one[2] < 0.8:
                    bad.append((one[2], d["path"], mine.total(),
                                want.total()))
        print("%-30s %-6s %5d pages  micro P %.4f R %.4f F1 %.4f  macro "
              "P %.4f R %.4f F1 %.4f  below 0.8: %d" % (
                  (name, key, n) + prf(*sums) +
                  tuple(m / max(n, 1) for m in macro) + (len(bad),)))
        if key == "no-toc" and os.environ.get("EXAMPLES"):
            for f1, path, m, w in sorted(bad)[:int(os.environ["EXAMPLES"])]:
                print("    %.2f %s: %d words taken, %d are right" %
                      (f1, path, m, w))


def peer(work, name, folder, one_in=1):
    if name == "trafilatura":
        import trafilatura

        def take(text):
            return trafilatura.extract(text, include_comments=False,
                                       include_tables=True) or ""
    elif name == "readability":
        import readability
        import lxml.html

        def take(text):
            doc = readability.Document(text)
            tree = lxml.html.fromstring(doc.summary() or "<p></p>")
            return doc.short_title() + "\n" + " ".join(
                t for t in tree.itertext())
    else:
        import justext
        stop = justext.get_stoplist("English")

        def take(text):
            return "\n".join(p.text for p in justext.justext(
                text.encode(), stop, encoding="utf-8")
                if not p.is_boilerplate)
    failed = 0
    for rel, path in pages(work + "/" + folder):
        if not is_chosen(rel, one_in):
            continue
        try:
            text = take(read(path)[0])
        except Exception:
            failed += 1
            text = ""
        print(json.dumps({"path": rel, "title": "", "text": text}))
    if failed:
        print("%s failed on %d pages" % (name, failed), file=sys.stderr)


if __name__ == "__main__":
    {"prepare": prepare, "score": score, "peer": peer}[sys.argv[1]](
        *sys.argv[2:])
