#!/usr/bin/env python3
"""duplicates_corpus.py TEXT COUNT SEED: COUNT made-up articles, one a line,
as words parted by spaces; called by duplicates.sh.

TEXT holds real articles in the same form.  An article is put together from
fragments of them, 2 to 8 words each: words are as frequent as in real text,
neighbours are often real ones, and about three shingles of ten stand in
other articles too, as in documentation of one product.  Lengths are
log-normal (median 250 words, mean about 375, as in real bases), with a few
stubs.  Planted are, of each hundred:

  12  near-duplicates of an earlier article, their resemblance drawn evenly
      from 0.3 to 1: words replaced here and there, a block put in, taken out
      or replaced, now and then two halves changed round; every twentieth of
      them is a copy.  Some articles are copied far more often than others.
   5  filled-in templates: 100 to 400 words that a family has in common and
      2 to 50 % as many of their own.  Families are few and uneven.
   1  that hold a whole earlier article and more.

Thirty of a hundred end in one of twenty notices, so that some shingles are
in ten thousand articles.  Nothing is kept but 50,000 articles to be copied
from: a million take as much memory as a hundred thousand.

What is made depends on the arguments alone: random.random() is the same in
every version of Python, and nothing else of that module is used.  How many
of each kind there are is told on stderr.
"""
import array
import collections
import math
import random
import sys

POOL = 50000            # articles to be copied from
LONGEST = 5000          # words
SOURCE = 2000           # words that one real article may give


class Source:
    """Real text, to be cut into fragments."""

    def __init__(self, path):
        parts = []
        with open(path, "rb") as f:
            for line in f:
                parts.append(b" ".join(line.split()[:SOURCE]))
        self.text = b" ".join(p for p in parts if p) + b" "
        self.starts = array.array("Q", [0])
        at = self.text.find(b" ")
        while at >= 0:
            self.starts.append(at + 1)
            at = self.text.find(b" ", at + 1)
        self.last = len(self.starts) - 9
        if self.last < 1:
            sys.exit("duplicates_corpus.py: '%s' has too few words" % path)

    def words(self, rng, count):
        """About "count" words, ending in a space; none if it is 0."""
        text, starts, last = self.text, self.starts, self.last
        draw = rng.random
        out = []
        while count > 0:
            at = int(draw() * last)
            n = min(2 + int(draw() * 7), count)
            out.append(text[starts[at]:starts[at + n]])
            count -= n
        return b"".join(out)


def length(rng):
    if rng.random() < 0.02:
        return 1 + int(rng.random() * 20)
    normal = (math.sqrt(-2 * math.log(1 - rng.random())) *
              math.cos(2 * math.pi * rng.random()))
    return max(8, min(LONGEST, int(250 * math.exp(0.9 * normal))))


def swap_words(rng, source, words, target):
    """Each replaced word changes five shingles at most."""
    n = len(words)
    k = int(n * (1 - target) / (5 * (1 + target)) + 0.5)
    for _ in range(k):
        words[int(rng.random() * n)] = source.words(rng, 1).strip()


def put_block(rng, source, words, target):
    at = int(rng.random() * (len(words) + 1))
    words[at:at] = source.words(
        rng, int(len(words) * (1 / target - 1))).split()


def take_block(rng, _, words, target):
    n = min(int(len(words) * (1 - target)), len(words) - 1)
    at = int(rng.random() * (len(words) - n + 1))
    del words[at:at + n]


def change_block(rng, source, words, target):
    n = int(len(words) * (1 - target) / (1 + target))
    at = int(rng.random() * (len(words) - n + 1))
    words[at:at + n] = source.words(rng, n).split()


EDITS = [swap_words, put_block, take_block, change_block]


def near_duplicate(rng, source, base):
    if rng.random() < 0.05:
        return base
    words = base.split()
    edit = EDITS[int(rng.random() * len(EDITS))]
    edit(rng, source, words, 0.3 + 0.7 * rng.random())
    if rng.random() < 0.1:
        half = len(words) // 2
        words = words[half:] + words[:half]
    return b" ".join(words) + b" "


class Family:
    """A template: its own words, with places to fill in between."""

    def __init__(self, rng, source):
        self.size = 100 + int(rng.random() * 300)
        gaps = 2 + int(rng.random() * 6)
        self.parts = [source.words(rng, self.size // gaps + 1)
                      for _ in range(gaps)]

    def fill(self, rng, source):
        own = int(self.size * (0.02 + 0.48 * rng.random()))
        each = own // len(self.parts) + 1
        return b"".join(p + source.words(rng, each) for p in self.parts)


def articles(source, count, seed):
    rng = random.Random(seed)
    notices = [source.words(rng, 15 + int(rng.random() * 25))
               for _ in range(20)]
    families = max(1, count // 300)
    family = {}
    pool = []
    for _ in range(count):
        draw = rng.random()
        if draw < 0.12 and pool:
            # The cube makes some articles the base of many.
            base = pool[int(len(pool) * rng.random() ** 3)]
            yield "near-duplicate", near_duplicate(rng, source, base)
            continue
        if draw < 0.17:
            f = int(families * rng.random() ** 2)
            if f not in family:
                family[f] = Family(rng, source)
            yield "template", family[f].fill(rng, source)
            continue
        text = source.words(rng, length(rng))
        kind = "own"
        if draw < 0.18 and pool:
            base = pool[int(len(pool) * rng.random())]
            text += base + source.words(rng, len(base) // 12)
            kind = "container"
        if rng.random() < 0.3:
            text += notices[int(rng.random() * len(notices))]
        if kind == "own":
            if len(pool) < POOL:
                pool.append(text)
            elif rng.random() < 0.2:
                pool[int(rng.random() * POOL)] = text
        yield kind, text


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: duplicates_corpus.py TEXT COUNT SEED")
    source = Source(sys.argv[1])
    kinds = collections.Counter()
    out = sys.stdout.buffer
    for kind, text in articles(source, int(sys.argv[2]), int(sys.argv[3])):
        kinds[kind] += 1
        out.write(text.rstrip() + b"\n")
    out.flush()
    for kind, n in sorted(kinds.items()):
        print("%s\t%d" % (kind, n), file=sys.stderr)


if __name__ == "__main__":
    main()
