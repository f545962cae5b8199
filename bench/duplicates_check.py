#!/usr/bin/env python3
"""duplicates_check.py: what duplicates.sh counts.

  sample TEXT N/M COUNT OURS
      Brute force: COUNT articles, half of them drawn from all and half from
      those in OURS, compared with every article, as sets of five words in a
      row, on the words themselves.  Their pairs must be those of OURS.
      Exit 1 where they are not.

  table RUNS OURS [N/M]
      RUNS holds a JSON object a line, as duplicates_peers.py prints them and
      duplicates.sh makes them of our runs ("peer": "ours", "pass" for the CPU
      seconds of cutting and hashing alone); "pairs" names the file of what
      was found.  Prints a Markdown table of medians.

  name FILE
      Adds "pairs": FILE to the object on stdin.

  run TIME PHASES TEXT THREADS
      A run of ours as such an object; TIME is time(1)'s %e %U %S %M.

OURS is what build/bench/dedupe writes: a, b, shared, size-a, size-b and
more, with articles counted from 0.
"""
import collections
import json
import os
import random
import statistics
import sys

import numpy as np

WIDTH = 5


def read_ours(path):
    """Pairs as a << 32 | b, ascending, and [shared, size_a, size_b]."""
    with open(path, encoding="ascii") as f:
        lines = (line for line in f if line[0].isdigit())
        v = np.loadtxt(lines, np.int64, delimiter="\t", ndmin=2,
                       usecols=range(5))
    v = v.reshape(-1, 5)
    return (v[:, 0] << 32 | v[:, 1]).astype(np.uint64), v[:, 2:]


def shingles(line):
    w = line.split()
    if len(w) < WIDTH:
        return {tuple(w)} if w else set()
    return {tuple(w[i:i + WIDTH]) for i in range(len(w) - WIDTH + 1)}


def articles(path):
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f):
            yield n, shingles(line)


def draw(path, count, ends):
    with open(path, "rb") as f:
        total = sum(1 for _ in f)
    rng = random.Random(count)
    known = np.unique(ends).tolist()
    few = min(count // 2, len(known))
    return sorted(set(rng.sample(known, few)) |
                  set(rng.sample(range(total), min(total, count - few))))


def sample(path, ratio, count, ours_path):
    n_of, m_of = map(int, ratio.split("/"))
    keys, figures = read_ours(ours_path)
    ends = np.stack((keys >> 32, keys & 0xFFFFFFFF), 1).astype(np.int64)
    chosen = draw(path, int(count), ends)
    wanted = set(chosen)
    sets = {n: s for n, s in articles(path) if n in wanted}
    where = collections.defaultdict(list)
    for n, s in sets.items():
        for shingle in s:
            where[shingle].append(n)
    found = {}
    for n, s in articles(path):
        shared = collections.Counter()
        for shingle in s:
            for k in where.get(shingle, ()):
                shared[k] += 1
        for k, v in shared.items():
            union = len(s) + len(sets[k]) - v
            if k != n and v * m_of >= n_of * union:
                a, b = (k, s) if k < n else (n, s)
                sizes = ((len(sets[k]), len(s)) if k < n else
                         (len(s), len(sets[k])))
                found[min(k, n), max(k, n)] = (v,) + sizes
    some = np.isin(ends, chosen).any(axis=1)
    mine = {tuple(p): tuple(v) for p, v in
            zip(ends[some].tolist(), figures[some].tolist())}
    missing = len(found.keys() - mine.keys())
    wrong = len(mine.keys() - found.keys())
    other = sum(1 for p in found.keys() & mine.keys() if found[p] != mine[p])
    print("%d articles compared with all by brute force: %d pairs; ours has "
          "%d, misses %d, makes up %d, counts %d differently" %
          (len(chosen), len(found), len(mine), missing, wrong, other))
    return 1 if missing or wrong or other else 0


def median(runs, key):
    return statistics.median(r[key] for r in runs)


class Found:
    """What a peer found, beside the truth."""

    def __init__(self, run, ours):
        with np.load(run["pairs"]) as saved:
            told, good = saved["pairs"], saved["good"]
        truth = ours[0]
        if run["peer"] == "rensa-rho":
            truth = np.union1d(truth >> 32, truth & 0xFFFFFFFF)
            told = told.astype(np.uint64)
        self.hit = np.isin(truth, told)         # by pair of ours
        self.extra = len(np.setdiff1d(good, truth))
        self.told = len(told)
        self.recall = self.hit.sum() / max(1, len(truth))
        self.precision = self.hit.sum() / max(1, self.told)


def row(name, runs, base, found, n):
    first = runs[0]
    verify = ("%.1f" % median(runs, "verify_cpu")
              if "verify_cpu" in first else "")
    used = median(runs, "cpu")
    print("| %s | %d | %.2f | %.2f | %d | %.2f | %.2f | %s | %d | %.4f | "
          "%.4f | %d |" %
          (name, first["threads"], median(runs, "wall"), used,
           n / max(used, 0.001), median(runs, "wall") / base[0],
           used / base[1], verify, found[0], found[1], found[2],
           median(runs, "rss_kb") // 1024))


def bands(figures, peers, low):
    """Recall by how alike the two are: the nearer to the threshold, the
    worse."""
    edges = [low, low + (1 - low) / 4, low + (1 - low) / 2, 1.0]
    groups = list(zip(edges, edges[1:])) + [(1.0, 2.0)]
    alike = figures[:, 0] / (figures[:, 1] + figures[:, 2] - figures[:, 0])
    split = [(alike >= a) & (alike < b) for a, b in groups]
    print("\n| recall where the resemblance is | %s |" % " | ".join(
        "%.3g to %.3g" % g if g[0] < 1 else "1" for g in groups))
    print("| --- |%s" % (" ---: |" * len(groups)))
    print("| pairs | %s |" % " | ".join(str(s.sum()) for s in split))
    for name, found in peers:
        print("| %s | %s |" % (name, " | ".join(
            "%.3f" % found.hit[s].mean() if s.any() else ""
            for s in split)))


def ratio_of(text):
    count, of = map(int, text.split("/"))
    return count / of


def table(runs_path, ours_path, low="4/5"):
    runs = collections.OrderedDict()
    with open(runs_path, encoding="utf-8") as f:
        for line in f:
            r = json.loads(line)
            runs.setdefault((r["peer"], r["threads"]), []).append(r)
    ours = read_ours(ours_path)
    mine = runs.get(("ours", 1))
    n = mine[0]["articles"]
    print("| tool | threads | wall s | CPU s | articles a CPU second | "
          "wall, ours = 1 | CPU, ours = 1 | check, CPU s | told | recall | "
          "precision | MB |")
    print("| --- |%s" % (" ---: |" * 11))
    seen = {}
    for (peer, threads), some in runs.items():
        ones = runs.get(("ours", threads), mine)
        base = (median(ones, "wall"), median(ones, "cpu"))
        if peer == "ours":
            row("ours", some, base, (len(ours[0]), 1, 1), n)
            continue
        if peer not in seen:
            seen[peer] = Found(some[0], ours)
        f = seen[peer]
        row(peer, some, base, (f.told, f.recall, f.precision), n)
    bands(ours[1], [(p, f) for p, f in seen.items() if p != "rensa-rho"],
          ratio_of(low))
    print("\n- pairs that a peer found and the check confirmed, and ours "
          "does not have: %d" % sum(f.extra for f in seen.values()))
    said = {k: v for k, v in mine[0].items() if k in ("pass", "text_kb")}
    if "pass" in said:
        used = median(mine, "cpu")
        passed = median(mine, "pass")
        print("- ours, CPU: %.2f s, %.2f times its own tokenise-and-hash "
              "pass (%.2f s)" % (used, used / passed, passed))
    if "text_kb" in said:
        rss = median(mine, "rss_kb")
        print("- ours, memory with one thread: %d MB, %.2f KB an article in "
              "all; beyond the size of the text (%d MB, not held) %.2f KB" %
              (rss // 1024, rss / n, said["text_kb"] // 1024,
               max(0, rss - said["text_kb"]) / n))
    two = runs.get(("ours", 2))
    if two:
        print("- ours, two threads: %.2f times as fast as one" %
              (median(mine, "wall") / median(two, "wall")))


def name(path):
    told = json.load(sys.stdin)
    told["pairs"] = path
    print(json.dumps(told))


def run(time_path, phases, text, threads):
    with open(time_path, encoding="ascii") as f:
        wall, user, system, rss = map(float, f.read().split())
    told = {"peer": "ours", "threads": int(threads), "wall": wall,
            "cpu": user + system, "rss_kb": rss,
            "text_kb": os.path.getsize(text) // 1024}
    with open(phases, encoding="utf-8") as f:
        for line in f:
            v = line.split()
            if v[0] == "pass":
                told["pass"] = float(v[2])
            elif v[:2] == ["#", "articles"]:
                told["articles"] = int(v[2])
    print(json.dumps(told))


def main():
    verbs = {"sample": (sample, (4,)), "table": (table, (2, 3)),
             "name": (name, (1,)), "run": (run, (4,))}
    if len(sys.argv) < 2 or sys.argv[1] not in verbs or \
            len(sys.argv) - 2 not in verbs[sys.argv[1]][1]:
        sys.exit(__doc__)
    return verbs[sys.argv[1]][0](*sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
