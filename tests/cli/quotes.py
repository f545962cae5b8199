#!/usr/bin/env python3
"""quotes.py ROOT [ID...] < FILE.jsonl: text stands where its span says.

FILE holds answers of "kb-query suggest --json", whose quotes are looked at,
or articles of "kb-index dump", whose passages are, but for those of the IDs.
A quote must be in its text, and the source's bytes at its span, read again
here, must hold the quote's words in order, and no other word; but numbers of
steps, which no source holds, and pictures' alt texts count.  Prints what
does not hold, then how many spans were looked at; exits with 1 when
something did not hold.
"""
import functools
import gzip
import html
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

NAMESPACES = {"content": "http://purl.org/rss/1.0/modules/content/",
              "excerpt": "http://wordpress.org/export/1.2/excerpt/"}
RECORDS = {"unload": lambda root: list(root),
           "rss": lambda root: root.findall("./channel/item")}


@functools.lru_cache(None)
def read(path):
    with open(path, "rb") as f:
        data = f.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


@functools.lru_cache(None)
def records(path):
    root = ET.fromstring(read(path))
    return RECORDS[root.tag](root)


def context(root, span):
    """The bytes in which the span counts: the file, or a decoded field."""
    path = os.path.join(root, span["path"])
    if span["field"] is None:
        return read(path)
    record = records(path)[span["record"] - 1]
    return record.findtext(span["field"], namespaces=NAMESPACES).encode()


def words(text):
    return re.findall(r"\w+", text)


def check(root, s):
    span, quote = s["span"], s["quote"]
    if not quote or quote not in s["text"]:
        return "the quote is not in the text"
    data = context(root, span)
    if not 0 <= span["start"] < span["end"] <= len(data):
        return f"no range of {len(data)} bytes: {span}"
    there = data[span["start"]:span["end"]].decode("utf-8", "strict")
    there = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r" \1 ", there)
    there = html.unescape(re.sub(r"<[^>]*>|<\w+$", " ", there))
    # The numbers of steps stand for their start tags.
    plain = re.sub(r"(?m)^(-?\d+|[a-zA-Z]{1,2}|[ivxIVX]+)\. ", "", quote)
    # What a tag parts may be one word: compare letter by letter.
    if "".join(words(there)) not in ("".join(words(quote)),
                                     "".join(words(plain))):
        return f"'{there}' stands at the span of '{quote}'"
    return None


def quotes(line):
    if "passages" not in line:
        return line["suggestions"] + line["near"]
    if line["id"] in sys.argv[2:]:
        return []
    return [dict(p, quote=p["text"]) for p in line["passages"]]


def main():
    bad = looked = 0
    for line in sys.stdin:
        for s in quotes(json.loads(line)):
            why = check(sys.argv[1], s)
            if why:
                print(f"{s['passage_id']}: {why}")
                bad += 1
            looked += 1
    print(looked)
    return bad > 0 or looked == 0


sys.exit(main())
