#!/usr/bin/env python3
"""duplicates_pages.py FOLDER...: all text of the HTML pages below, a line a
page, as folded words parted by spaces; called by duplicates.sh.

Nothing is left out but scripts and styles: navigation, headers and footers
stay, as in tools that take a page for its text.  It makes duplicates harder
to tell and to find (most pages share something), and it owes nothing to the
reader of kb-index, so that all are measured on the same foreign text.  Pages
come in the order of their paths.
"""
import html.parser
import os
import re
import sys
import unicodedata

WORD = re.compile(r"[^\W_]+")


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []
        self.muted = 0

    def handle_starttag(self, tag, attrs):
        self.muted += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag):
        if tag in ("script", "style") and self.muted:
            self.muted -= 1
        self.parts.append(" ")

    def handle_data(self, data):
        if not self.muted:
            self.parts.append(data)


def words(page):
    reader = Text()
    reader.feed(page)
    reader.close()
    text = unicodedata.normalize("NFKC", "".join(reader.parts)).casefold()
    return " ".join(WORD.findall(text))


def main():
    paths = [os.path.join(folder, name)
             for root in sys.argv[1:]
             for folder, _, names in os.walk(root)
             for name in names if name.endswith((".html", ".htm"))]
    for path in sorted(paths):
        if not os.path.isfile(path) or os.path.islink(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as f:
            line = words(f.read())
        if line:
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
