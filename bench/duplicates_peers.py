#!/usr/bin/env python3
"""duplicates_peers.py PEER TEXT THRESHOLD THREADS PAIRS: let one peer find
the near-duplicates of TEXT, one article a line as normal words parted by
spaces; called by duplicates.sh.  PAIRS is written by numpy.savez: "pairs",
a << 32 | b of the numbers of lines, from 0, a < b, and "good", those that a
check found to be right.  What it took goes to stdout as one JSON object.

All peers compare sets of five words in a row (of all words, where there are
fewer).  Reading, cutting and hashing count as the peer's time, as they do in
ours, and are done here in the fastest way that its interface allows:

  rensa         strings, as its README shows: from_token_sets, insert_many,
                query_all, in batches; 16 bands of 8 (1/2: 32 of 4)
  rensa-readme  the same with the 8 bands of its own benchmark
  rensa-flat    hashes of shingles made by numpy, 4 MB at once, given to
                digest_matrix_from_flat_token_hashes; its LSH has no pairs for
                a matrix, so that numpy sorts the bands, far faster than
                query_all
  rensa-rho     the pipeline that its README measures: flat hashes, the rho
                sketch, query_duplicate_flags_matrix_one_shot.  It says only
                which articles have a duplicate: PAIRS has those
  datasketch    the same hashes to MinHash.update_batch, bands as its
                optimiser chooses, every article asked and then inserted
  datasketch-strings   strings and its own SHA-1, as its README shows
  gaoya         texts, cut and hashed in Rust; par_bulk_insert_docs and
                par_bulk_query; checks estimates itself
  datatrove     MinhashDedupSignature and MinhashDedupBuckets with str.split
                for its tokeniser, 14 buckets of 8 as it comes (1/2: 25 of 5)

After the clock has stopped, the pairs are checked on the sets themselves,
and what that takes is told beside it: a peer says "maybe", and whoever wants
what we give must do this too.
"""
import concurrent.futures
import json
import os
import resource
import sys
import time

import numpy as np

WIDTH = 5
PERMUTATIONS = 128
BLOCK = 4 << 20
CHECKED = 1000000       # candidates
FACTOR = 0x9E3779B97F4A7C15 | 1
MASK = (1 << 64) - 1


class Hasher:
    """Hashes of shingles, a block of lines at once: the polynomial over
    their bytes is a difference of two running sums."""

    def __init__(self):
        self.power = np.zeros(0, np.uint64)
        self.inverse = self.power

    def grow(self, n):
        if n <= len(self.power):
            return
        def run(x):
            v = np.full(n, x, np.uint64)
            v[0] = 1
            return np.multiply.accumulate(v)
        self.inverse = run(pow(FACTOR, -1, 1 << 64))
        self.power = run(FACTOR)

    def __call__(self, block):
        """Hashes of all articles, and where each article's begin."""
        text = np.frombuffer(block, np.uint8)
        self.grow(len(text) + 1)
        blank = text <= 32
        edge = np.flatnonzero(np.diff(blank.astype(np.int8),
                                      prepend=1, append=1))
        start, end = edge[::2], edge[1::2]
        lines = np.flatnonzero(text == 10)
        last = np.searchsorted(start, lines)    # past a line's last word
        first = np.concatenate(([0], last[:-1]))
        words = last - first
        line = np.repeat(np.arange(len(lines)), words)
        at = np.arange(len(start))
        short = words[line] < WIDTH
        begins = np.where(short, at == first[line],
                          at + WIDTH <= last[line])
        at, line, short = at[begins], line[begins], short[begins]
        to = end[np.where(short, last[line] - 1,
                          np.minimum(at + WIDTH, len(end)) - 1)]
        at = start[at]
        sums = np.zeros(len(text) + 1, np.uint64)
        np.cumsum((text + np.uint64(1)) * self.power[:len(text)],
                  out=sums[1:])
        v = (sums[to] - sums[at]) * self.inverse[at]
        v ^= v >> np.uint64(33)
        v *= np.uint64(0xFF51AFD7ED558CCD)
        v ^= v >> np.uint64(29)
        counts = np.where(words < WIDTH, words > 0, words - WIDTH + 1)
        return v, np.concatenate(([0], np.cumsum(counts)))


def blocks(path):
    """Whole lines, about BLOCK bytes of them."""
    with open(path, "rb") as f:
        while True:
            block = f.read(BLOCK)
            if not block:
                return
            block += f.readline()
            yield block if block.endswith(b"\n") else block + b"\n"


def hashed(path, threads):
    """(hashes, offsets) for block after block, in order."""
    hasher = Hasher()
    if threads == 1:
        yield from map(hasher, blocks(path))
        return
    hasher.grow(BLOCK + (4 << 20))
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        waiting = []
        for block in blocks(path):
            waiting.append(pool.submit(hasher, block))
            if len(waiting) > threads:
                yield waiting.pop(0).result()
        for w in waiting:
            yield w.result()


def strings(path):
    """Lists of shingles, 1,000 articles at once."""
    batch = []
    for block in blocks(path):
        for line in block.decode().splitlines():
            w = line.split(" ")
            batch.append([" ".join(w[i:i + WIDTH])
                          for i in range(max(1, len(w) - WIDTH + 1))])
            if len(batch) == 1000:
                yield batch
                batch = []
    if batch:
        yield batch


def join_runs(key, value):
    """Pairs of values whose keys are equal, as a << 32 | b."""
    order = np.argsort(key, kind="stable")
    key, value = key[order], value[order].astype(np.uint64)
    out = []
    step = 1
    alive = np.arange(len(key))
    while True:
        alive = alive[alive + step < len(key)]
        alive = alive[key[alive] == key[alive + step]]
        if len(alive) == 0:
            break
        out.append(value[alive] << np.uint64(32) | value[alive + step])
        step += 1
    return np.concatenate(out) if out else np.zeros(0, np.uint64)


def band_pairs(rows, bands):
    """All pairs of rows that agree in a whole band."""
    width = PERMUTATIONS // bands
    found = np.zeros(0, np.uint64)
    numbers = np.arange(len(rows))
    for b in range(bands):
        key = np.zeros(len(rows), np.uint64)
        for column in rows[:, b * width:(b + 1) * width].T:
            key = (key ^ column) * np.uint64(FACTOR)
            key ^= key >> np.uint64(31)
        found = np.union1d(found, join_runs(key, numbers))
    return found


def high_recall_bands(threshold):
    return 16 if threshold >= 0.7 else 32


def lists_to_pairs(found):
    """(article, its candidates) to a << 32 | b, with a < b."""
    out = [i << 32 | j if i < j else j << 32 | i
           for i, keys in found for j in keys if j != i]
    return np.unique(np.array(out, np.uint64))


def rensa(path, threshold, threads, bands=0):
    from rensa import RMinHash, RMinHashLSH
    lsh = RMinHashLSH(threshold, PERMUTATIONS,
                      bands or high_recall_bands(threshold))
    sketches = []
    for batch in strings(path):
        made = RMinHash.from_token_sets(batch, PERMUTATIONS, 42)
        lsh.insert_many(made, len(sketches))
        sketches += made
    out = []
    for at in range(0, len(sketches), 1000):
        found = lsh.query_all(sketches[at:at + 1000])
        out.append(lists_to_pairs(
            (at + i, [k for k in keys if k > at + i])
            for i, keys in enumerate(found)))
    return len(sketches), np.concatenate(out)


def rensa_readme(path, threshold, threads):
    return rensa(path, threshold, threads, 8)


def rensa_flat(path, threshold, threads):
    from rensa import RMinHash
    rows = []
    for v, offsets in hashed(path, threads):
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            v, offsets.astype(np.uint64), PERMUTATIONS, 42)
        # As lists, a thousand times the size: a few rows would do, were
        # there a way to ask for them.
        rows.append(np.array(matrix.to_rows(), np.uint32))
    rows = np.concatenate(rows)
    return len(rows), band_pairs(rows, high_recall_bands(threshold))


def rensa_rho(path, threshold, threads):
    from rensa import RMinHash, RMinHashLSH
    parts, offsets, n = [], [np.zeros(1, np.uint64)], 0
    for v, at in hashed(path, threads):
        parts.append(v)
        offsets.append((at[1:] + n).astype(np.uint64))
        n += len(v)
    offsets = np.concatenate(offsets)
    v = np.concatenate(parts)
    del parts
    matrix = RMinHash.digest_matrix_from_flat_token_hashes_rho(
        v, offsets, PERMUTATIONS, 42)
    lsh = RMinHashLSH(threshold, PERMUTATIONS, 8)
    flags = lsh.query_duplicate_flags_matrix_one_shot(matrix)
    return len(offsets) - 1, np.flatnonzero(np.array(flags))


def identity(x):
    return x


def sketch_block(block):
    """A worker's part of datasketch: the values of a block's sketches."""
    from datasketch import MinHash
    v, offsets = sketch_block.hasher(block)
    v = v.astype(np.uint32).tolist()
    return [m.hashvalues for m in MinHash.generator(
        (v[i:j] for i, j in zip(offsets[:-1].tolist(),
                                offsets[1:].tolist())),
        num_perm=PERMUTATIONS, hashfunc=identity)]


sketch_block.hasher = Hasher()


def sketches_of(path, threads):
    if threads == 1:
        for block in blocks(path):
            yield from sketch_block(block)
        return
    with concurrent.futures.ProcessPoolExecutor(threads) as pool:
        waiting = []
        for block in blocks(path):
            waiting.append(pool.submit(sketch_block, block))
            if len(waiting) > 2 * threads:
                yield from waiting.pop(0).result()
        for w in waiting:
            yield from w.result()


def ask_and_insert(threshold, sketches):
    from datasketch import MinHashLSH
    lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    found = []
    out = []
    n = 0
    for m in sketches:
        near = lsh.query(m)
        if near:
            found.append((n, near))
        lsh.insert(n, m, check_duplication=False)
        n += 1
        if len(found) == 1000:
            out.append(lists_to_pairs(found))
            found = []
    out.append(lists_to_pairs(found))
    return n, np.concatenate(out)


def datasketch(path, threshold, threads):
    from datasketch import MinHash
    base = MinHash(num_perm=PERMUTATIONS)
    return ask_and_insert(threshold, (
        MinHash(hashvalues=v, permutations=base.permutations,
                scheme=base.scheme) for v in sketches_of(path, threads)))


def datasketch_strings(path, threshold, threads):
    from datasketch import MinHash
    def made():
        for batch in strings(path):
            yield from MinHash.generator(
                ([s.encode() for s in doc] for doc in batch),
                num_perm=PERMUTATIONS)
    return ask_and_insert(threshold, made())


def gaoya(path, threshold, threads):
    from gaoya.minhash import MinHashStringIndex
    index = MinHashStringIndex(
        32, threshold, None, None, PERMUTATIONS, "word", False,
        (WIDTH, WIDTH), "vec")
    n = 0
    for block in blocks(path):
        docs = block.decode().splitlines()
        index.par_bulk_insert_docs(list(range(n, n + len(docs))), docs)
        n += len(docs)
    n = 0
    out = []
    for block in blocks(path):
        docs = block.decode().splitlines()
        out.append(lists_to_pairs(
            (n + i, [k for k in keys if k > n + i])
            for i, keys in enumerate(index.par_bulk_query(docs))))
        n += len(docs)
    return n, np.concatenate(out)


def datatrove(path, threshold, threads):
    import logging
    import struct
    import tempfile
    os.environ["LOGURU_LEVEL"] = "ERROR"
    from datatrove.data import Document
    from datatrove.pipeline.dedup import minhash
    logging.disable(logging.CRITICAL)

    class Words:
        def word_tokenize(self, text):
            return text.split()

    minhash.load_word_tokenizer = lambda language: Words()
    n = 0

    def documents():
        nonlocal n
        for block in blocks(path):
            for line in block.decode().splitlines():
                yield Document(text=line, id=str(n))
                n += 1

    buckets, rows = (14, 8) if threshold >= 0.7 else (25, 5)
    config = minhash.MinhashConfig(n_grams=WIDTH, num_buckets=buckets,
                                   hashes_per_bucket=rows)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        minhash.MinhashDedupSignature(folder + "/sig", config).run(
            documents(), 0, 1)
        for b in range(buckets):
            minhash.MinhashDedupBuckets(
                folder + "/sig", folder + "/dup", config=config,
                only_dedup_in_index=False).run(None, b, buckets)
        for name in sorted(os.listdir(folder + "/dup")):
            with open(folder + "/dup/" + name, "rb") as f:
                for _, a, _, b in struct.iter_unpack("<4I", f.read()):
                    found.append((a, [b]))
    return n, lists_to_pairs(found)


PEERS = {"rensa": rensa, "rensa-readme": rensa_readme,
         "rensa-flat": rensa_flat, "rensa-rho": rensa_rho,
         "datasketch": datasketch,
         "datasketch-strings": datasketch_strings, "gaoya": gaoya,
         "datatrove": datatrove}


def check(path, threads, pairs, count, of):
    """Those of the pairs that reach count/of on the sets themselves."""
    wanted = np.union1d(pairs >> np.uint64(32), pairs & np.uint64(MASK >> 32))
    sets = {}
    n = 0
    for v, offsets in hashed(path, threads):
        lines = len(offsets) - 1
        low, high = np.searchsorted(wanted, [n, n + lines])
        for k in wanted[low:high].astype(int).tolist():
            sets[k] = np.unique(v[offsets[k - n]:offsets[k - n + 1]])
        n += lines
    good = np.zeros(len(pairs), bool)
    for i, p in enumerate(pairs.tolist()):
        a, b = sets[p >> 32], sets[p & 0xFFFFFFFF]
        small, large = (a, b) if len(a) <= len(b) else (b, a)
        if len(small) * of < len(large) * count or len(small) == 0:
            continue
        at = np.minimum(np.searchsorted(large, small), len(large) - 1)
        shared = int((large[at] == small).sum())
        good[i] = shared * of >= count * (len(a) + len(b) - shared)
    return pairs[good]


def cpu():
    t = os.times()
    return t.user + t.system + t.children_user + t.children_system


def main():
    if len(sys.argv) != 6 or sys.argv[1] not in PEERS:
        sys.exit("usage: duplicates_peers.py %s TEXT N/M THREADS PAIRS" %
                 "|".join(PEERS))
    peer, path, ratio, threads, out = sys.argv[1:]
    count, of = map(int, ratio.split("/"))
    threads = int(threads)
    np.zeros(1).sum()
    wall, used = time.time(), cpu()
    n, pairs = PEERS[peer](path, count / of, threads)
    told = {"peer": peer, "threads": threads, "articles": n,
            "wall": round(time.time() - wall, 3),
            "cpu": round(cpu() - used, 3), "found": len(pairs),
            "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
    good = np.zeros(0, np.uint64)
    if peer != "rensa-rho":
        # Millions of candidates would take Python hours: what some of them
        # take tells what all would.
        some = pairs
        if len(pairs) > CHECKED:
            some = np.random.RandomState(1).choice(pairs, CHECKED, False)
        wall, used = time.time(), cpu()
        good = check(path, threads, np.sort(some), count, of)
        scale = len(pairs) / max(1, len(some))
        told.update(checked=len(some), verified=len(good),
                    verify_wall=round((time.time() - wall) * scale, 3),
                    verify_cpu=round((cpu() - used) * scale, 3))
    with open(out, "wb") as f:
        np.savez(f, pairs=pairs, good=good)
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
