#!/usr/bin/env python3
"""relations_text.py FOLDER: all text of its pages of HTML, navigation and
all, as articles of our own shape, on standard output."""
import html
import os
import re
import sys
from xml.sax.saxutils import escape

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
UNSEEN = re.compile(r"(?is)<(script|style|head)\b.*?</\1>")
TAG = re.compile(r"(?s)<!--.*?-->|<[^>]*>")
TITLE = re.compile(r"(?is)<title>(.*?)</title>")


def clean(text):
    return escape(" ".join(CONTROL.sub(" ", html.unescape(text)).split()))


def article(path, root):
    with open(path, encoding="utf-8", errors="replace") as f:
        page = f.read()
    title = TITLE.search(page)
    text = TAG.sub(" ", UNSEEN.sub(" ", page))
    return (f"<article><id>{escape(os.path.relpath(path, root))}</id>"
            f"<title>{clean(title.group(1)) if title else ''}</title>"
            f"<body format=\"text\">{clean(text)}</body></article>")


def main():
    root = sys.argv[1]
    print('<articles format="1">')
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".html"):
                print(article(os.path.join(folder, name), root))
    print("</articles>")


main()
