#!/usr/bin/env python3
"""damage.py flip FILE PERCENT | forge INDEX [FORMAT]

flip	changes the bit 32 of the byte that lies PERCENT into FILE
forge	makes the checksums of an index fit its database again, whatever that
	has become, as somebody would who means harm; with FORMAT the
	manifest claims that number
"""
import glob
import hashlib
import json
import os
import sys

BLOCK = 65536


def flip(path, percent):
    with open(path, "r+b") as f:
        at = (os.path.getsize(path) - 1) * int(percent) // 100
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ 32]))


def sha(data):
    return hashlib.sha256(data).hexdigest()


def forge(index, number=None):
    (db,) = glob.glob(os.path.join(index, "all-*.db"))
    (sums,) = glob.glob(os.path.join(index, "all-*.sum"))
    manifest = os.path.join(index, "manifest.json")
    with open(db, "rb") as f:
        data = f.read()
    blocks = b"".join(hashlib.sha256(data[i:i + BLOCK]).digest()
                      for i in range(0, len(data), BLOCK))
    root = sha(blocks)
    name = "all-" + root[:16]
    with open(sums, "wb") as f:
        f.write(blocks)
    os.rename(db, os.path.join(index, name + ".db"))
    os.rename(sums, os.path.join(index, name + ".sum"))
    with open(manifest, encoding="utf-8") as f:
        m = json.load(f)
    if number is not None:
        m["format"] = int(number)
    m["views"] = [{"name": "all", "file": name + ".db",
                   "sums": name + ".sum", "bytes": len(data), "root": root}]
    m["generation"] = sha(f"all {root}\n".encode())[:16]
    del m["check"]
    text = json.dumps(m).rstrip("}")
    with open(manifest, "w", encoding="utf-8") as f:
        f.write(f'{text},\n  "check":"{sha(text.encode())}"\n}}\n')


{"flip": flip, "forge": forge}[sys.argv[1]](*sys.argv[2:])
