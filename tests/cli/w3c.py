"""w3c.py XMLCONF REPORT [LIST]: hold what kb-index said about the files
of the W3C's XML conformance suite against the suite's own catalogs.

XMLCONF is the folder with xmlconf.xml.  REPORT is what "kb-index report
--format json" wrote of an index built from it.  Prints a line a class: CLASS FILES RIGHT TOLD, tab-separated: how many there are, how
many were read or rejected as the catalog says, and how many of the not
well-formed ones were read, but with a finding on their entities that has a
line (a reference that means nothing is left out, the article is kept).  With
LIST the files that were neither follow.

Classes: not-wf (must be rejected, with a line) and wf (valid and invalid
files, which are all well-formed: must be read without an error).  A file
counts where XML 1.0's fifth edition without external entities decides, since
nothing outside of a file is ever loaded; the others are classes of their own
("external", "xml-1.1", "namespaces", "older editions").
"""
import json
import os
import re
import sys
import xml.parsers.expat


def catalog_files(top):
    """(path of a catalog, base folder of its URIs)."""
    text = open(os.path.join(top, "xmlconf.xml"), encoding="utf-8").read()
    entity = dict(re.findall(r'<!ENTITY\s+(\S+)\s+SYSTEM\s+"([^"]+)"', text))
    body = text[text.index("<TESTSUITE"):]
    base = ""
    for m in re.finditer(r'xml:base="([^"]*)"|&([\w.-]+);', body):
        if m.group(1) is not None:
            base = m.group(1)
        elif m.group(2) in entity:
            yield entity[m.group(2)], base


def tests(top):
    for path, base in catalog_files(top):
        text = open(os.path.join(top, path), "rb").read()
        found = []
        parser = xml.parsers.expat.ParserCreate()

        def start(name, attrs):
            if "xml:base" in attrs and name == "TESTCASES":
                bases.append(attrs["xml:base"])
            if name == "TEST":
                found.append(attrs)
        bases = []
        parser.StartElementHandler = start
        try:
            parser.Parse(b"<all>" + re.sub(rb"<\?xml[^>]*\?>", b"", text) +
                         b"</all>", True)
        except xml.parsers.expat.ExpatError as e:
            sys.exit(f"w3c.py: {path}: {e}")
        # A catalog's own xml:base is relative to the catalog.
        folder = base if base else os.path.dirname(path)
        if bases:
            own = os.path.join(os.path.dirname(path), bases[0])
            if os.path.isdir(os.path.join(top, own)):
                folder = own
        for t in found:
            name = os.path.normpath(os.path.join(folder, t["URI"]))
            if not os.path.exists(os.path.join(top, name)):
                near = os.path.normpath(os.path.join(
                    os.path.dirname(path), t["URI"]))
                if not os.path.exists(os.path.join(top, near)):
                    print("w3c.py: no file", name, file=sys.stderr)
                    continue
                name = near
            yield name, t


def class_of(t):
    if t["TYPE"] == "error":
        return None
    if t.get("VERSION") == "1.1" or "1.1" in t.get("RECOMMENDATION", ""):
        return "xml-1.1"
    if t.get("RECOMMENDATION", "").startswith("NS"):
        return "namespaces"
    if "5" not in t.get("EDITION", "5"):
        return "older editions"
    if t["TYPE"] == "not-wf" and t.get("ENTITIES", "none") != "none":
        return "external"
    return "not-wf" if t["TYPE"] == "not-wf" else "wf"


def main():
    top, said = sys.argv[1], sys.argv[2]
    errors, entities = {}, set()
    for f in json.load(open(said, encoding="utf-8"))["findings"]:
        if f["code"] in ("bad-xml", "unreadable", "quarantined"):
            errors.setdefault(f["path"], []).append((f["line"], f["message"]))
        elif f["code"] == "bad-entity" and f["line"]:
            entities.add(f["path"])
    seen, right, half, wrong = {}, {}, {}, []
    done = set()
    for name, t in tests(top):
        kind = class_of(t)
        if kind is None or (name, kind) in done:
            continue
        done.add((name, kind))
        bad = t["TYPE"] == "not-wf"
        told = errors.get(name, [])
        ok = any(line for line, _ in told) if bad else not told
        key = kind if kind in ("wf", "not-wf") else \
            kind + (", not-wf" if bad else ", wf")
        seen[key] = seen.get(key, 0) + 1
        right[key] = right.get(key, 0) + ok
        if not ok and bad and name in entities:
            half[key] = half.get(key, 0) + 1
        elif not ok:
            wrong.append((key, name, told[0][1] if told else "accepted"))
    for key in sorted(seen):
        print(f"{key}\t{seen[key]}\t{right[key]}\t{half.get(key, 0)}")
    if len(sys.argv) > 3:
        for w in sorted(wrong):
            print("\t".join(w))


main()
