#!/usr/bin/env python3
"""answers.py CHECK ARTICLES.jsonl ANSWERS.jsonl [ARGUMENT...]

ARTICLES is of "kb-index dump", ANSWERS of "kb-query suggest --json".  Prints
what does not hold; exits with 1 when something does not, or when there was
nothing to look at.  CHECK is one of

	shape		answered or not, each answer's members agree
	trust		what a suggestion says of its article is what the
			index says; findings that concern readers warn
	clusters	no list holds two of one cluster; those left out are
			in "also"
	served		only published articles are suggested or named
	any ID		each answer suggests ID, which is to be withheld
"""
import json
import sys

WARN = {"stale", "overdue", "undated", "unowned", "placeholder-owner",
        "duplicate-id", "conflict"}


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def shape(a, articles):
    shown = a["suggestions"]
    if a["status"] == "answered":
        yield bool(shown), a["reason"] is None, not a["near"]
        yield a["confidence"] == shown[0]["confidence"],
        yield from ((s["confidence"] >= 0.6,) for s in shown)
    else:
        yield a["status"] == "unanswered", not shown, bool(a["reason"])
        yield a["confidence"] < 0.6, len(a["near"]) <= 3
    for s in shown + a["near"]:
        yield s["passage_id"].startswith(s["id"] + "#p"), s["quote"] != ""


def trust(a, articles):
    for s in a["suggestions"] + a["near"]:
        t, article = s["trust"], articles[s["id"]]
        yield tuple(t[k] == article[k] for k in (
            "owner", "reviewed", "modified", "status", "findings"))
        yield s["title"] == article["title"], s["url"] == article["url"]
        if t["status"] == "published":
            yield (t["policy"] == "warn") == bool(WARN & {*t["findings"]}),


def clusters(a, articles):
    seen = set()
    for s in a["suggestions"] or a["near"]:
        cluster = articles[s["id"]]["cluster"]
        if cluster is None:
            yield s["also"] == [],
            continue
        yield cluster not in seen, s["trust"]["canonical"] in (None, cluster)
        seen.add(cluster)
        others = {i for i, x in articles.items() if x["cluster"] == cluster
                  and i != s["id"] and x["status"] == "published"}
        yield {x["id"] for x in s["also"]} == others,


def served(a, articles):
    for s in a["suggestions"] + a["near"]:
        for i in [s["id"], *(x["id"] for x in s["also"])]:
            yield articles[i]["status"] == "published",


def any_status(a, articles):
    found = [s for s in a["suggestions"] if s["id"] == sys.argv[4]]
    yield len(found) == 1,
    yield from ((s["trust"]["policy"] == "withhold",) for s in found)


CHECKS = {"shape": shape, "trust": trust, "clusters": clusters,
          "served": served, "any": any_status}


def main():
    articles = {x["id"]: x for x in read(sys.argv[2])}
    looked = bad = 0
    for a in read(sys.argv[3]):
        for held in CHECKS[sys.argv[1]](a, articles):
            looked += 1
            if not all(held):
                bad += 1
                ids = [s["id"] for s in a["suggestions"] + a["near"]]
                print(f"{a['query_id']}: {held}: {a['status']}", *ids)
    if looked == 0:
        print("nothing to look at")
    return bad > 0 or looked == 0


sys.exit(main())
