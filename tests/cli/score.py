#!/usr/bin/env python3
"""score.py QRELS.tsv RUN.trec [CUT]: a ranking against judgements.

Prints "ndcg@CUT", "mrr@CUT" and "recall@CUT" (10), each a name and a mean
over every question of QRELS that has a relevant article; one that the run
does not mention scores 0.

QRELS.tsv is BEIR's: a header, then query-id, corpus-id, score.  RUN is
TREC's: query Q0 article rank score tag.  The order is that of the score,
of equals the later id first, as trec_eval does it; the rank is not read.

nDCG: Jarvelin and Kekalainen 2002 in trec_eval's form: the gain is the
judgement, the discount log2(rank + 1), the ideal that of all judgements.
MRR: one over the rank of the first relevant article, 0 below the cut.
"""
import collections
import math
import sys
import urllib.parse


def read_qrels(path):
    qrels = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as f:
        if next(f).split("\t")[:2] != ["query-id", "corpus-id"]:
            sys.exit(f"{path}: not the header of BEIR's qrels")
        for line in f:
            query, article, gain = line.rstrip("\r\n").split("\t")
            qrels[query][article] = int(gain)
    return qrels


def read_run(path):
    run = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            query, _, article, _, score, _ = line.split()
            query, article = map(urllib.parse.unquote, (query, article))
            if article in run[query]:
                sys.exit(f"{path}:{number}: {article} twice for {query}")
            run[query][article] = float(score)
    return run


def dcg(gains):
    return sum(g / math.log2(i + 2) for i, g in enumerate(gains))


def score_query(judged, scores, cut):
    ranked = sorted(scores, key=lambda a: (scores[a], a), reverse=True)[:cut]
    gains = [max(judged.get(a, 0), 0) for a in ranked]
    ideal = sorted((g for g in judged.values() if g > 0), reverse=True)
    first = next((i for i, g in enumerate(gains) if g > 0), None)
    return (dcg(gains) / dcg(ideal[:cut]),
            0.0 if first is None else 1 / (first + 1),
            sum(g > 0 for g in gains) / len(ideal))


def main():
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__.splitlines()[0])
    cut = int(sys.argv[3]) if len(sys.argv) == 4 else 10
    qrels, run = read_qrels(sys.argv[1]), read_run(sys.argv[2])
    rows = [score_query(judged, run.get(query, {}), cut)
            for query, judged in sorted(qrels.items())
            if any(g > 0 for g in judged.values())]
    if not rows:
        sys.exit(f"{sys.argv[1]}: no question has a relevant article")
    for name, column in zip(("ndcg", "mrr", "recall"), zip(*rows)):
        print(f"{name}@{cut} {sum(column) / len(rows):.4f}")


if __name__ == "__main__":
    main()
