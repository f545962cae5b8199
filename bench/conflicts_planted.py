#!/usr/bin/env python3
"""Facts changed in copies of real articles, and how many a build finds.

usage: conflicts_planted.py SEED MOST OUT INDEX...
       kb-index build -o OUT.kb OUT.xml
       conflicts_planted.py score OUT

Writes OUT.xml, two articles a-N and b-N for each change: an article of an
INDEX, and a copy of it that keeps the paragraph in question, its neighbours
and half or more of the others, with one fact of that paragraph changed; and
OUT.tsv: N, kind, form ("sample" and "reference" need not be found), what it
was, what it is, corpus, title, text around it.  At
most MOST of each kind and index.
"""
import glob
import html
import os
import random
import re
import sqlite3
import sys

MONTHS = ("January February March April May June July August September "
          "October November December").split()
KINDS = {
    "number": re.compile(r"(?<![\w.,:/#$-])(\d{1,4})(?![\w.,:/-])"),
    "unit": re.compile(r"(?<![\w.,:/#$-])(\d{1,4})(?=(?: (?:minutes|hours|"
                       r"days|weeks|months|years|seconds|GB|MB|KB|bytes|"
                       r"characters|percent)\b|%))"),
    "version": re.compile(r"(?<=[a-z] )v?(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)"
                          r"(?![\w%-]|\.\d)"),
    "port": re.compile(r"(?<=\bport )(\d{2,5})(?![\w.])"),
    "path": re.compile(r"(?<!\S)(/[a-z][\w.-]+(?:/[\w-]+)+)"),
    "url": re.compile(r"(?<!\S)(https?://[\w.-]+(?:/[\w-]+)*)"),
    "command": re.compile(r"(?<!\S)(--[a-z][a-z-]{3,})(?![\w=-])"),
    "date": re.compile(r"\b(\d{1,2} (?:" + "|".join(MONTHS) +
                       r")(?: \d{4})?|(?:" + "|".join(MONTHS) +
                       r") \d{1,2}(?:, \d{4})?)\b"),
    "menu": re.compile(r"([A-Z]\w+(?: [A-Z]\w+)* (?:>|▸|→|›) "
                       r"[A-Z]\w+(?: [A-Z]\w+)*)"),
    "negation": re.compile(r"\b(is|can|must|will|should|are)\b(?= [a-z]+ )"),
    "row": re.compile(r"(?<=\| )(\d{1,5})(?= (?:[a-zA-Z]+ )?\|| *$)"),
}


def changed(kind, was, rnd):
    """Another value of the same form."""
    if kind in ("number", "unit", "port", "row"):
        return str(int(was) + rnd.choice([1, 2, 5, 10]))
    if kind == "version":
        head, _, tail = was.rpartition(".")
        return head + "." + str(int(tail) + rnd.choice([1, 2, 3]))
    if kind == "path":
        head, _, tail = was.rpartition("/")
        return rnd.choice([head + "/" + tail + "-local", "/srv" + was])
    if kind == "url":
        scheme, _, rest = was.partition("://")
        return scheme + "://" + rnd.choice(["www2.", "old."]) + rest
    if kind == "command":
        return rnd.choice(["--no-" + was[2:], "--all"])
    if kind == "date":
        month = next(m for m in MONTHS if m in was)
        return was.replace(month, MONTHS[(MONTHS.index(month) + 5) % 12])
    if kind == "menu":
        return "Tools " + re.search("[>▸→›]", was).group(0) + " " + was
    return was + "not" if was == "can" else was + " not"


def form(kind, paragraph, m):
    """What a change is that need not be found: a sample, a reference."""
    if re.search(r"for (?:example|instance)|\be\.g\.|such as|\bexamples?\b|"
                 r"\bsample\b|\bsuppose\b|\bassume\b|path/to|foo|your",
                 paragraph[:m.end(1) + 4], re.I):
        return "sample"
    if kind in ("number", "version") and re.search(
            r"\b(?:section|table|figure|chapter|example|step|appendix|rfc|"
            r"page|scenario|part|item|phase|note|illustration|equation|"
            r"question|exercise|type|level|line|option|bug|error|case)s? $|"
            r"[\[(]$", paragraph[:m.start(1)], re.I):
        return "reference"
    return "fact"


def articles(index):
    path = glob.glob(os.path.join(index, "all-*.db"))[0]
    db = sqlite3.connect(path)
    for n, title in db.execute("SELECT n, title FROM article "
                               "WHERE title IS NOT NULL ORDER BY n"):
        out = []
        for text, lead in db.execute(
                "SELECT text, lead FROM passage WHERE article = ? "
                "AND field IS NULL ORDER BY seq", (n,)):
            text = text.encode()[lead:].decode()
            out += [p for p in text.split("\n") if p.strip()]
        if 6 <= len(out) <= 400:
            yield title, out


def is_candidate(kind, paragraph):
    if kind == "row":
        return " | " in paragraph and paragraph.count(" | ") >= 1
    if kind == "negation" and re.search(r"\b(?:not|no|never|cannot)\b|n't",
                                        paragraph):
        return False
    return " | " not in paragraph and re.match("[A-Z]", paragraph) and \
        paragraph.endswith(".") and len(paragraph.split()) >= 8


def choose(paragraphs, kinds, rnd):
    """(kind, paragraph, match) of one change, or None."""
    for kind in kinds:
        at = [i for i, p in enumerate(paragraphs)
              if is_candidate(kind, p) and KINDS[kind].search(p)]
        if at:
            i = rnd.choice(at)
            return kind, i, rnd.choice(list(
                KINDS[kind].finditer(paragraphs[i])))
    return None


def put(out, name, title, paragraphs):
    body = ""
    for p in paragraphs:
        p = html.escape(re.sub("[\x00-\x08\x0b-\x1f]", "", p))
        if " | " in p:
            body += "<tr><td>" + p.replace(" | ", "</td><td>") + "</td></tr>"
        else:
            body += "<p>" + p + "</p>"
    body = re.sub("((?:<tr>.*?</tr>)+)", r"<table>\1</table>", body)
    out.write('<article><id>%s</id><title>%s</title>'
              '<body format="html">%s</body></article>\n' %
              (name, html.escape(title), html.escape(body)))


def score(out):
    with open(out + ".tsv") as f:
        planted = {r[0]: r for r in (line.split("\t") for line in f)}
    path = glob.glob(os.path.join(out + ".kb", "all-*.db"))[0]
    found, others = set(), 0
    for a, b in sqlite3.connect(path).execute(
            "SELECT a.id, b.id FROM conflict c JOIN article a ON a.n = c.a "
            "JOIN article b ON b.n = c.b"):
        if a[2:] == b[2:]:
            found.add(a[2:])
        else:
            others += 1
    groups = [("all", planted)] + [
        (name, {n for n in planted if planted[n][at] == name})
        for at in (2, 1) for name in sorted({r[at] for r in planted.values()})]
    for name, group in groups:
        print("%s\t%d of %d" % (name, sum(n in found for n in group),
                                len(group)))
    print("between others\t%d" % others)


def main():
    if sys.argv[1:2] == ["score"]:
        score(sys.argv[2])
        return
    rnd = random.Random(int(sys.argv[1]))
    most, n = int(sys.argv[2]), 0
    with open(sys.argv[3] + ".xml", "w") as xml, \
            open(sys.argv[3] + ".tsv", "w") as tsv:
        xml.write('<articles format="1" xml:lang="en">\n')
        for index in sys.argv[4:]:
            left = {kind: most for kind in KINDS}
            all_of_it = list(articles(index))
            rnd.shuffle(all_of_it)
            titles = set()
            for title, paragraphs in all_of_it:
                # The rarest first; one article is copied once.
                kinds = sorted((k for k in left if left[k] > 0),
                               key=lambda k: (-left[k], rnd.random()))
                found = choose(paragraphs, kinds, rnd)
                if found is None or title in titles:
                    continue
                titles.add(title)
                kind, i, m = found
                left[kind] -= 1
                n += 1
                value = changed(kind, m.group(1), rnd)
                p = paragraphs[i]
                share = rnd.choice([0.5, 0.6, 0.7, 0.8, 1.0])
                copy = [p[:m.start(1)] + value + p[m.end(1):] if k == i else q
                        for k, q in enumerate(paragraphs)
                        if abs(k - i) <= 1 or rnd.random() < share]
                put(xml, "a-%d" % n, title, paragraphs)
                put(xml, "b-%d" % n, title, copy)
                around = p[max(0, m.start() - 60):m.end() + 60]
                tsv.write("\t".join((str(n), kind, form(kind, p, m),
                                     m.group(1), value, os.path.basename(index), title,
                                     re.sub(r"\s+", " ", around))) + "\n")
        xml.write("</articles>\n")
    print(n)


if __name__ == "__main__":
    main()
