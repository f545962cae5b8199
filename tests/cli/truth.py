#!/usr/bin/env python3
"""truth.py TRUTH.tsv REPORT.json PAIRS.tsv CHECK...: findings against truth.

REPORT is of "kb-index report --format json", PAIRS of "kb-index duplicates".
CHECK is a code whose findings must be those of the truth, no more and no
less, or not-CODE, whose articles must bear no finding CODE.  Prints what was
missed and what was extra; exits with 1 when there is any.  Three more words:

	later CODE...	prints "CODE planted" for the codes of the truth that
			no CODE names
	measured	the figures in the notes of pairs are the resemblances
	known CODE...	no finding has a code that is not named
"""
import collections
import json
import re
import sys

PAIRS = {"identical": "identical", "near-duplicate": "near",
         "contained": "contained"}


def read_truth(path):
    truth = collections.defaultdict(list)
    with open(path, encoding="utf-8") as f:
        if next(f) != "code\tarticle\tother\tnote\n":
            sys.exit(f"{path}: not the header of a truth")
        for line in f:
            code, article, other, note = line.rstrip("\n").split("\t")
            truth[code].append((article, other, note))
    return truth


def read_pairs(path):
    with open(path, encoding="utf-8") as f:
        next(f)
        rows = [line.rstrip("\n").split("\t") for line in f]
    return {tuple(sorted(r[:2])): (r[2], float(r[6])) for r in rows}


def declared(article):
    """A second claimant of an id is known as id@path."""
    return article.split("@")[0]


def place(finding):
    """The article, or the export: "wordpress (wxr)" is wordpress."""
    if finding["article"] is not None:
        return finding["article"]
    return finding["path"].split(" (")[0]


def difference(code, wanted, got):
    for what, items in ("missed", wanted - got), ("extra", got - wanted):
        for item in sorted(items):
            print(f"{code}: {what}:", *item)
    return wanted != got


def check_pairs(code, rows, findings, pairs):
    """All pairs are told, and of each pair one member bears the finding."""
    wanted = {tuple(sorted(r[:2])) for r in rows}
    bad = difference(code, wanted, {
        pair for pair, (relation, _) in pairs.items()
        if relation == PAIRS[code]})
    told = collections.Counter()
    for f in findings:
        for pair in wanted:
            if f["article"] in pair:
                told[pair] += 1
                (other,) = set(pair) - {f["article"]}
                if f"({other})" not in f["message"]:
                    print(f"{code}: {f['article']}: '{f['message']}' does "
                          f"not name {other}")
                    bad = True
                break
        else:
            print(f"{code}: extra finding: {f['article']}")
            bad = True
    for pair in sorted(wanted):
        if told[pair] != 1:
            print(f"{code}: {told[pair]} findings, not one:", *pair)
            bad = True
    return bad


def conflicting(finding):
    """Both articles of a conflict."""
    other = re.search(r"\(([^()]*)\) says \"|which (\S+) does not say",
                      finding["message"])
    return tuple(sorted((finding["article"],
                         other.group(1) or other.group(2))))


def check_code(code, truth, findings, pairs):
    rows, found = truth[code], [f for f in findings if f["code"] == code]
    if not rows:
        print(f"{code}: nothing is planted")
        return True
    if code in PAIRS:
        return check_pairs(code, rows, found, pairs)
    if code == "conflict":
        wanted = {tuple(sorted(r[:2])) for r in rows}
        got = collections.Counter(conflicting(f) for f in found)
        bad = max(got.values(), default=0) > 1
        return difference(code, wanted, set(got)) or bad
    if code == "duplicate-id":
        wanted = {(r[0],) for r in rows}
        bad = any("@" not in f["article"] for f in found)
        if bad:
            print(f"{code}: reported on the article that keeps the id")
        return difference(code, wanted, {
            (declared(f["article"]),) for f in found}) or bad
    if code == "no-field":
        return difference(code, {r[:2] for r in rows}, {
            (place(f), f["value"]) for f in found})
    many = collections.Counter(place(f) for f in found)
    for item, n in sorted(many.items()):
        if n > 1:
            print(f"{code}: {n} findings:", item)
    return difference(code, {r[:1] for r in rows}, {
        (item,) for item in many}) or max(many.values(), default=0) > 1


def names_both(pair, finding):
    """Of articles and their messages; the two may be one id."""
    article = declared(finding["article"])
    if article not in pair:
        return False
    (other,) = set(pair) - {article} or {article}
    return other in finding["message"]


def check_not(code, truth, findings, pairs):
    rows, what = truth["not-" + code], code
    bad = not rows
    if bad:
        print(f"not-{code}: nothing is planted")
    for article, other, note in rows:
        if other and what == "conflict":
            hit = any(f["code"] == what and tuple(sorted((article, other)))
                      == conflicting(f) for f in findings)
        elif other:
            pair = tuple(sorted((article, other)))
            hit = pair in pairs or any(
                f["code"] in (*PAIRS, "duplicate-id")
                and names_both(pair, f) for f in findings)
        else:
            hit = any(f["code"] == what and f["article"] == article
                      for f in findings)
        if hit:
            print(f"not-{code}: reported:", article, other, f"({note})")
            bad = True
    return bad


def check_measured(truth, pairs):
    bad, n = False, 0
    for code in PAIRS:
        for article, other, note in truth[code]:
            told = float(re.search(r"Jaccard ([0-9.]+)", note).group(1))
            got = pairs.get(tuple(sorted((article, other))), (None, 0))[1]
            n += 1
            if abs(got - told) > 0.0006:
                print(f"{article} {other}: {got:.3f}, not {told:.3f}")
                bad = True
    return bad or n == 0


def main():
    truth = read_truth(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as f:
        findings = json.load(f)["findings"]
    pairs, words = read_pairs(sys.argv[3]), sys.argv[4:]
    if words[0] == "later":
        for code in sorted(truth):
            if code not in words and code.removeprefix("not-") not in words:
                print(code, len(truth[code]))
        return 0
    if words[0] == "known":
        extra = sorted({f["code"] for f in findings} - set(words))
        print("not told of:", *extra)
        return bool(extra)
    if words[0] == "measured":
        return check_measured(truth, pairs)
    bad = False
    for word in words:
        if word.startswith("not-"):
            bad |= check_not(word[4:], truth, findings, pairs)
        else:
            bad |= check_code(word, truth, findings, pairs)
    return bad


sys.exit(main())
