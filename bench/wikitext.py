#!/usr/bin/env python3
"""Visible words of MediaWiki pages, against mwparserfromhell's strip_code().

usage: wikitext.py KB-INDEX EXPORT.xml...

Words as multisets, over all articles.  The peer does not know categories,
files or tables' attributes from text, and keeps references: words that one
side alone has are listed, to be judged by eye.
"""
import collections
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import mwparserfromhell


def words(text):
    return collections.Counter(re.findall(r'\w+', text.lower()))


def newest(path):
    for page in ET.parse(path).getroot().iter():
        if not page.tag.endswith('page'):
            continue
        ns = page.tag[:-4]
        last = max(page.iter(ns + 'revision'),
                   key=lambda r: r.findtext(ns + 'timestamp'))
        yield page.findtext(ns + 'id'), last.findtext(ns + 'text') or ''


def main():
    index, exports = sys.argv[1], sys.argv[2:]
    ours, theirs = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([index, 'build', '--quiet', '-o', folder + '/x.kb',
                        '--as-of', '2026-01-01'] + exports, check=True)
        dump = subprocess.run([index, 'dump', folder + '/x.kb'], check=True,
                              capture_output=True).stdout.splitlines()
    ids = set()
    for line in dump:
        entry = json.loads(line)
        ours += words(entry['words'])
        ids.add(entry['id'].split('#')[0])
    for path in exports:
        for page, text in newest(path):
            if page in ids:
                theirs += words(mwparserfromhell.parse(text).strip_code())
    both = sum((ours & theirs).values())
    print(f'ours {sum(ours.values())}, theirs {sum(theirs.values())}, '
          f'both {both}')
    print('ours alone:', dict(ours - theirs))
    print('theirs alone:', dict(theirs - ours))


main()
