#!/usr/bin/env python3
"""formats.py KIND FILE...: what programs read is as it is told.

KIND is suggest, run, dump, report, inspect, duplicates, trec, csv or html;
"links" compares two JSON reports by their fingerprints.  Prints what does
not hold; exits with 1 when something does not.
"""
import csv
import html.parser
import io
import json
import re
import sys

SPAN = "path member record field start end"
TEXT_SPAN = SPAN + " context"	# of a passage or a quote
TRUST = "owner reviewed modified status policy findings canonical"
SUGGESTION = ("id passage_id title url heading anchor text quote span score "
              "confidence trust also")
ANSWER = ("format query_id generation view status reason confidence "
          "calibrated suggestions near")
FINDING = ("code level article span message value threshold fingerprint "
           "edit_url url title owner path line modified reviewed views "
           "action priority")
REPORT = "format generation as_of articles counts findings"
ARTICLE = ("id path title lang owner authors created modified reviewed "
           "review_due expires status url cluster canonical findings words "
           "passages")
PASSAGE = "passage_id span heading anchor text"
RUN = "id status reason confidence top hits"
INSPECT = ("format files articles no_articles unreadable problems metadata "
           "groups next")
GROUP = ("format folder articles no_articles no_article_reasons fields "
         "statuses languages unmapped")
PAIRS = ("id-a id-b relation shared size-a size-b resemblance stripped "
         "containment-a containment-b")
SHEET = ("priority,level,code,action,article,title,owner,path,line,message,"
         "value,threshold,modified,reviewed,views,url,edit_url,fingerprint")
STATUS = "published draft review expired retired superseded"
REASONS = "no_known_term no_hit low_confidence withheld budget"

problems = []


def need(held, what):
    if not held:
        problems.append(what)


def keys(value, names, what):
    need(list(value) == names.split(), f"members of {what}: {list(value)}")
    return value


def day(text, what):
    need(text is None or re.fullmatch(r"\d{4}-\d\d-\d\d", text),
         f"{what} is no day: {text}")


def among(value, names, what):
    need(value in names.split(), f"{what}: {value}")


def span(s, what, names=TEXT_SPAN):
    keys(s, names, what)
    need(type(s["path"]) is str and 0 <= s["start"] < s["end"], f"{what}: {s}")
    need(s["record"] is None or s["record"] > 0, f"{what}: {s}")
    need(s["field"] is None or type(s["field"]) is str, f"{what}: {s}")


def read_json(path):
    with open(path, "rb") as f:
        return [json.loads(line.decode("utf-8", "strict"))
                for line in f.read().splitlines()]


def suggest(path):
    for a in read_json(path):
        keys(a, ANSWER, "an answer")
        need(a["format"] == 1 and a["view"] == "all", "format and view")
        need(re.fullmatch("[0-9a-f]{16}", a["generation"]), "generation")
        need(re.fullmatch("[0-9a-f]{16}", a["query_id"]), "query_id")
        need(type(a["calibrated"]) is bool, "calibrated")
        among(a["status"], "answered unanswered", "status")
        if a["status"] == "unanswered":
            among(a["reason"], REASONS, "reason")
        for s in a["suggestions"] + a["near"]:
            keys(s, SUGGESTION, "a suggestion")
            span(s["span"], "span")
            keys(s["trust"], TRUST, "trust")
            day(s["trust"]["modified"], "modified")
            among(s["trust"]["status"], STATUS, "status")
            among(s["trust"]["policy"], "serve warn withhold", "policy")
            for also in s["also"]:
                keys(also, "id title relation", "also")
                among(also["relation"], "identical near version canonical",
                      "relation")


def run(path):
    for line in read_json(path):
        keys(line, RUN, "a line")
        among(line["status"], "answered unanswered", "status")
        need((line["reason"] is None) == (line["status"] == "answered"),
             "reason")
        hits = line["hits"]
        need(line["top"] == (hits[0]["id"] if hits else None), "top")
        for hit in hits:
            keys(hit, "id score span", "a hit")
            span(hit["span"], "span")
        scores = [hit["score"] for hit in hits]
        need(scores == sorted(scores, reverse=True), "order of hits")


def dump(path):
    for a in read_json(path):
        keys(a, ARTICLE, "an article")
        for name in "created modified reviewed review_due expires".split():
            day(a[name], name)
        among(a["status"], STATUS, "status")
        need(a["canonical"] == (a["cluster"] in (None, a["id"])),
             f"canonical of {a['id']}")
        need(a["findings"] == sorted(set(a["findings"])), "findings")
        for n, p in enumerate(a["passages"], 1):
            keys(p, PASSAGE, "a passage")
            span(p["span"], "span")
            need(p["passage_id"] == f"{a['id']}#p{n}", p["passage_id"])


def report(path):
    with open(path, encoding="utf-8") as f:
        r = json.load(f)
    keys(r, REPORT, "the report")
    need(r["format"] == 1, "format")
    day(r["as_of"], "as_of")
    keys(r["counts"], "findings articles_with_findings clusters quarantined "
         "levels codes", "counts")
    need(len(r["findings"]) == r["counts"]["findings"], "counts.findings")
    need(sum(r["counts"]["levels"].values()) == len(r["findings"]), "levels")
    for code in r["counts"]["codes"]:
        keys(code, "code count action meaning remedy", "a code")
        need(code["count"] == sum(
            f["code"] == code["code"] for f in r["findings"]), code["code"])
    for f in r["findings"]:
        keys(f, FINDING, "a finding")
        among(f["level"], "error warning note", "level")
        among(f["action"], "retire merge assign review fix", "action")
        need(re.fullmatch("1:[0-9a-f]{32}", f["fingerprint"]), "fingerprint")
        for name in "value", "threshold":
            need(f[name] is None or type(f[name]) is str, name)
        if f["span"] is not None:
            span(f["span"], "span", SPAN)
        need(f["article"] is not None or f["path"] is not None, "place")
    priorities = [f["priority"] for f in r["findings"]]
    need(priorities == sorted(priorities, reverse=True), "order of findings")


def links(first, second):
    """Where an export lies does not matter to what is found in its articles."""
    sets = []
    for path in first, second:
        with open(path, encoding="utf-8") as f:
            prints = [x["fingerprint"] for x in json.load(f)["findings"]
                      if x["article"] is not None]
        sets.append(set(prints))
        need(len(sets[-1]) == len(prints), "two findings, one fingerprint")
    need(sets[0] and sets[0] == sets[1], f"differ: {sets[0] ^ sets[1]}")


def inspect(path):
    with open(path, encoding="utf-8") as f:
        r = json.load(f)
    keys(r, INSPECT, "the inspection")
    need(r["format"] == 1, "format")
    for g in r["groups"]:
        keys(g, GROUP, "a group")
    need(all(type(text) is str for text in r["next"]), "next")
    for p in r["problems"]:
        keys(p, "path line message", "a problem")


def duplicates(path):
    with open(path, encoding="utf-8", newline="") as f:
        lines = f.read().split("\n")
    need(lines[0] == PAIRS.replace(" ", "\t"), "header")
    need(lines[-1] == "" and len(lines) > 2, "no pair")
    order = []
    for line in lines[1:-1]:
        a, b, relation, *rest = line.split("\t")
        shared, size_a, size_b = map(int, rest[:3])
        resemblance, in_a, in_b = map(float, (rest[3], rest[5], rest[6]))
        need(len(rest) == 7, "columns")
        need(not re.search(r"\s", a + b), f"white space: {a} {b}")
        need(a.encode() < b.encode(), f"order of {a} and {b}")
        near = 5 * shared >= 4 * (size_a + size_b - shared)
        need(relation in (("identical", "near", "version", "template")
                          if near else ("contained", "version", "template")),
             relation)
        need(relation != "identical" or shared == size_a == size_b, relation)
        need(rest[4] == "-" or 0 <= float(rest[4]) <= 1, "stripped")
        need(abs(resemblance - shared / (size_a + size_b - shared)) < 1e-6 and
             abs(in_a - shared / size_a) < 1e-6 and
             abs(in_b - shared / size_b) < 1e-6, f"figures of {a} {b}")
        need(near or max(in_a, in_b) >= 0.9, f"resemblance of {a} {b}")
        order.append((a.encode(), b.encode()))
    need(order == sorted(set(order)), "order of pairs")


def trec(path):
    last = {}
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    need(lines[-1] == "" and len(lines) > 1, "no line")
    for line in lines[:-1]:
        need(re.fullmatch(r"\S+ Q0 \S+ [1-9]\d* -?\d+\.\d+ \S+", line), line)
        query, _, _, rank, score, _ = line.split()
        before, was = last.get(query, (0, float("inf")))
        need(int(rank) == before + 1 and float(score) <= was, line)
        last[query] = int(rank), float(score)


def sheet(path):
    with open(path, "rb") as f:
        data = f.read()
    need(data.startswith(b"\xef\xbb\xbf"), "byte order mark")
    need(data.endswith(b"\r\n"), "end of the last row")
    rows = list(csv.reader(io.StringIO(data[3:].decode(), newline=""),
                           strict=True))
    need(rows[0] == SHEET.split(","), "header")
    need(len(rows) > 1, "no row")
    for row in rows[1:]:
        need(len(row) == len(rows[0]), f"{len(row)} cells: {row}")
        for cell in row:
            need(not re.match(r"[=+@\t\r-]", cell), f"a formula: {cell}")
        float(row[0])


class Page(html.parser.HTMLParser):
    """Collects what could fetch or run something."""
    def __init__(self):
        super().__init__()
        self.tags, self.code, self.inside = [], [], None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag in ("script", "style"):
            self.inside = tag
        for name, value in attrs.items():
            need(not name.startswith("on"), f"<{tag} {name}>")
            if name in ("src", "srcset", "data", "action", "background",
                        "poster", "formaction", "ping"):
                need(False, f"<{tag} {name}={value}>")
            if name == "href":
                need(tag == "a" and re.match("(https?:|mailto:|#)",
                                             value or ""),
                     f"<{tag} href={value}>")
            if name == "style":
                self.code.append(("style", value))

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.code.append((self.inside, data))


def page(path):
    p = Page()
    with open(path, encoding="utf-8") as f:
        p.feed(f.read())
    tags = [tag for tag, _ in p.tags]
    need("html" in tags and "title" in tags, "no page")
    for tag in ("link", "img", "iframe", "object", "embed", "base", "svg",
                "video", "audio", "source"):
        need(tag not in tags, f"<{tag}>")
    need(not any(a.get("http-equiv", "").lower() == "refresh"
                 for _, a in p.tags), "refresh")
    need(tags.count("script") <= 1, "scripts")
    policy = [a.get("content", "") for _, a in p.tags
              if a.get("http-equiv") == "Content-Security-Policy"]
    need(len(policy) == 1 and "default-src 'none'" in policy[0], "policy")
    for where, text in p.code:
        if where == "style":
            need(not re.search(r"url\(|@import|expression", text), "style")
        else:
            need("alert" not in text and "fetch" not in text and
                 "XMLHttp" not in text, "script")


KINDS = {"suggest": suggest, "run": run, "dump": dump, "report": report,
         "inspect": inspect, "duplicates": duplicates, "trec": trec,
         "csv": sheet, "html": page, "links": links}
KINDS[sys.argv[1]](*sys.argv[2:])
for line in problems[:20]:
    print(line)
sys.exit(bool(problems))
