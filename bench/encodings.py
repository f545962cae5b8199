#!/usr/bin/env python3
"""encodings.py DECODE CHARDET [PAGES]: the share of files that are decoded
to the right text, as Markdown tables; called by encodings.sh.

CHARDET is chardet's tests/ folder, whose folders are named by encoding.
The right text is what Python's codec of that name makes of the bytes
(iconv's for EUC-TW, which Python lacks), without a byte order mark.  It is
right whatever the encoding is called, as long as the text is the same.
Each file is decoded twice: as it is, and with what it declares made
unreadable, so that the second column shows detection alone.

PAGES is gnome-user-docs' /usr/share/help: translated pages in UTF-8.  They
are written in the encodings that such pages used to be in, whole and cut
short, without a declaration, and decoded again.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile

CODECS = {
    "Big5": ["big5hkscs", "cp950"], "CP932": ["cp932"], "CP949": ["cp949"],
    "EUC-JP": ["euc_jp", "euc_jis_2004"], "EUC-KR": ["euc_kr", "cp949"],
    "EUC-TW": [], "GB2312": ["gb18030"], "IBM855": ["cp855"],
    "IBM866": ["cp866"], "Johab": ["johab"], "KOI8-R": ["koi8_r"],
    "MacCyrillic": ["mac_cyrillic"], "MacRoman": ["mac_roman"],
    "SHIFT_JIS": ["shift_jis", "cp932"], "TIS-620": ["tis_620", "cp874"],
    "UTF-16": ["utf_16"], "UTF-16BE": ["utf_16_be"],
    "UTF-16LE": ["utf_16_le"], "UTF-32": ["utf_32"],
    "UTF-32BE": ["utf_32_be"], "UTF-32LE": ["utf_32_le"],
    "ascii": ["ascii"], "iso-2022-jp": ["iso2022_jp"],
    "iso-2022-kr": ["iso2022_kr"], "utf-8": ["utf_8"],
    "utf-8-sig": ["utf_8_sig"],
}
JIS = str.maketrans("\u301c\u2016\u2212\xa2\xa3\xac",
                    "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")
NOT_WHATWG = {"EUC-TW", "IBM855", "Johab", "UTF-32", "UTF-32BE", "UTF-32LE",
              "iso-2022-kr"}


def codecs_of(folder):
    if folder in CODECS:
        return CODECS[folder]
    m = re.match(r"(iso-8859|windows)-(\d+)", folder)
    prefix = "iso8859_" if m.group(1) == "iso-8859" else "cp"
    return [prefix + m.group(2)]


def references(folder, raw):
    """The texts that count as right."""
    texts = []
    if folder == "EUC-TW":
        run = subprocess.run(["iconv", "-f", "EUC-TW", "-t", "UTF-8"],
                             input=raw, capture_output=True, check=False)
        texts.append(run.stdout.decode())
    for codec in codecs_of(folder):
        try:
            texts.append(raw.decode(codec))
        except UnicodeDecodeError:
            pass
    # Where the Encoding Standard reads JIS X 0208 as Microsoft does.
    if folder in ("EUC-JP", "SHIFT_JIS"):
        texts += [t.translate(JIS) for t in texts]
    if not texts:               # damaged: the whole characters count
        texts = [raw.decode(c, "replace") for c in codecs_of(folder)]
    return texts


def key(text):
    """Runs of U+FFFD are one: how many a flaw makes is convention."""
    return re.sub("\ufffd+", "\ufffd", text.lstrip("\ufeff"))


def mute(raw):
    """The same bytes, but what they declare is no label."""
    def cover(m):
        return m.group(1) + b"x" * len(m.group(2))
    return re.sub(rb"(?i)((?:encoding|charset)\s*=\s*[\"']?)([\w.:-]+)",
                  cover, raw)


def decode(program, paths):
    run = subprocess.run([program, "-"], input="".join(
        p + "\n" for p in paths).encode(), stdout=subprocess.PIPE,
        check=True)
    out, at, result = run.stdout, 0, []
    for _ in paths:
        end = out.index(b"\n", at)
        head = out[at:end].decode().split()
        at = end + 1
        if head == ["-"]:
            result.append(("-", "-", 0, ""))
            continue
        n = int(head[3])
        result.append((head[0], head[1], int(head[2]),
                       out[at:at + n].decode()))
        at += n
    return result


def share(good, n):
    return f"{good} | {good / n:.3f}" if n else "0 | -"


def chardet(program, top, verbose):
    rows, misses = [], []
    with tempfile.TemporaryDirectory() as tmp:
        for folder in sorted(os.listdir(top)):
            path = os.path.join(top, folder)
            if not os.path.isdir(path):
                continue
            names = sorted(os.listdir(path))
            raws, muted = [], []
            for i, name in enumerate(names):
                with open(os.path.join(path, name), "rb") as f:
                    raws.append(f.read())
                to = f"{tmp}/{folder}-{i}{os.path.splitext(name)[1]}"
                with open(to, "wb") as f:
                    f.write(mute(raws[-1]))
                muted.append(to)
            got = decode(program, [os.path.join(path, n) for n in names])
            got2 = decode(program, muted)
            good = good2 = 0
            for raw, name, a, b in zip(raws, names, got, got2):
                ok = key(a[3]) in map(key, references(folder, raw))
                ok2 = key(b[3]) in map(key, references(folder, mute(raw)))
                good += ok
                good2 += ok2
                if not ok or not ok2:
                    misses.append(f"{folder}/{name}: read as {a[0]} "
                                  f"({a[1]}{', right' if ok else ''}), "
                                  f"undeclared as {b[0]}"
                                  f"{' (right)' if ok2 else ''}")
            rows.append((folder, len(names), good, good2))
    print("| encoding (folder) | files | right text | share | "
          "right text, declarations hidden | share |")
    print("| --- | --- | --- | --- | --- | --- |")
    for folder, n, good, good2 in rows:
        mark = " *" if folder in NOT_WHATWG else ""
        print(f"| {folder}{mark} | {n} | {share(good, n)} | "
              f"{share(good2, n)} |")
    for title, keep in (("all", lambda f: True),
                        ("without those outside WHATWG (*)",
                         lambda f: f not in NOT_WHATWG)):
        some = [r for r in rows if keep(r[0])]
        n = sum(r[1] for r in some)
        print(f"| {title} | {n} | {share(sum(r[2] for r in some), n)} | "
              f"{share(sum(r[3] for r in some), n)} |")
    print()
    for m in misses:
        print("- " + m)


# Language: what its pages used to be in.
LEGACY = {
    "ca": ["cp1252", "latin_1"], "cs": ["cp1250", "iso8859_2"],
    "da": ["cp1252", "latin_1"], "de": ["cp1252", "latin_1"],
    "el": ["cp1253", "iso8859_7"], "es": ["cp1252", "latin_1"],
    "fi": ["cp1252", "latin_1"], "fr": ["cp1252", "latin_1"],
    "he": ["cp1255"], "hu": ["cp1250", "iso8859_2"],
    "it": ["cp1252", "latin_1"], "ja": ["cp932", "euc_jp"],
    "ko": ["cp949", "johab"], "nl": ["cp1252", "latin_1"],
    "pl": ["cp1250", "iso8859_2"], "pt_BR": ["cp1252", "latin_1"],
    "ru": ["cp1251", "koi8_r", "cp866"], "sl": ["cp1250", "iso8859_2"],
    "sv": ["cp1252", "latin_1"], "tr": ["cp1254"],
    "uk": ["cp1251", "koi8_u"], "zh_CN": ["gb18030"],
}
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"',
                       "\u201d": '"', "\u201e": '"', "\u2013": "-",
                       "\u2014": "-", "\u2026": "...", "\u202f": "\xa0"})


def written(page, codec, size):
    """The page in "codec", cut behind "size" characters; None: neither."""
    text = re.sub(r"<\?xml[^>]*\?>", "", page)
    if size:                    # what a reader sees, so that it is short
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))
        text = "<p>" + text.strip()[:size] + "</p>"
    if not codec.startswith("cp") or codec == "cp866":
        text = text.translate(PLAIN)
    raw = text.encode(codec, "ignore")
    if raw.decode(codec).isascii():
        return None
    return raw


def pages(program, top):
    sizes = (0, 1000, 200)
    table = collections.defaultdict(lambda: [0, 0])
    wrong = collections.Counter()
    with tempfile.TemporaryDirectory() as tmp:
        jobs = []
        for lang, codecs in LEGACY.items():
            folder = os.path.join(top, lang, "gnome-help")
            names = sorted(n for n in os.listdir(folder)
                           if n.endswith(".page"))[::8]
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    page = f.read()
                for codec in codecs + ["utf_8"]:
                    for size in sizes:
                        raw = written(page, codec, size)
                        if raw is None:
                            continue
                        damaged = raw
                        if codec == "utf_8":    # one byte is broken
                            at = next(i for i, c in enumerate(raw)
                                      if c >= 0x80)
                            damaged = raw[:at] + b"\xff" + raw[at:]
                        path = f"{tmp}/{len(jobs)}.html"
                        with open(path, "wb") as f:
                            f.write(damaged)
                        want = raw.decode(codec)
                        if codec == "utf_8":
                            want = damaged.decode(codec, "replace")
                        jobs.append((lang, codec, size, want, path))
        for job, got in zip(jobs, decode(program, [j[4] for j in jobs])):
            lang, codec, size, want, _ = job
            ok = key(got[3]) == key(want)
            table[codec, size][0] += ok
            table[codec, size][1] += 1
            if not ok:
                wrong[lang, codec, size, got[0]] += 1
    print("| written in | whole page | 1,000 characters | 200 characters |")
    print("| --- | --- | --- | --- |")
    for codec in sorted({c for c, _ in table}) + ["all"]:
        cells = []
        for size in sizes:
            some = [v for (c, s), v in table.items()
                    if s == size and codec in (c, "all")]
            good, n = sum(v[0] for v in some), sum(v[1] for v in some)
            cells.append(f"{good} of {n} ({good / n:.3f})" if n else "-")
        title = "utf_8, one byte broken" if codec == "utf_8" else codec
        print(f"| {title} | " + " | ".join(cells) + " |")
    print()
    for (lang, codec, size, name), n in wrong.most_common(25):
        print(f"- {lang} {codec} {size or 'whole'}: {n} read as {name}")


def main():
    chardet(sys.argv[1], sys.argv[2], False)
    if len(sys.argv) > 3:
        print()
        pages(sys.argv[1], sys.argv[3])


main()
