"""competing.py: what bench/competing.sh needs beside a shell.

  products KIND INDEX.db OUT.csv   products from folders, as an owner would
                                   state them: KIND is debian, aws (a
                                   product a guide) or services
  files INDEX.db                   those of "services": its guides' alone
  faq SET OUT                      pages of which two answer each question
  levels TSV [NAME=JSON...]        precision at score levels, of the pairs
                                   that were judged by reading
  truth JSON                       of pairs of the FAQ, which are right
"""
import collections
import csv
import html
import json
import os
import random
import re
import sqlite3
import sys

MODULES = {"scalc": "Calc", "swriter": "Writer", "simpress": "Impress",
           "sdraw": "Draw", "smath": "Math", "schart": "Chart",
           "sbasic": "Basic", "sdatabase": "Base"}
# Guides of one service, which a reader may take for one product.
SERVICES = {
    "amazon-chime-administration-guide": "Chime",
    "amazon-chime-developer-guide": "Chime",
    "amazon-chime-user-guide": "Chime",
    "amazon-connect-admin-guide": "Connect",
    "amazon-connect-user-guide": "Connect",
    "amazon-ecr-user-guide": "ECR",
    "amazon-ecs-developer-guide": "ECS",
    "amazon-efs-user-guide": "EFS",
    "amazon-emr-management-guide": "EMR",
    "amazon-emr-release-guide": "EMR",
    "amazon-fsx-lustre-user-guide": "FSx Lustre",
    "amazon-fsx-windows-user-guide": "FSx Windows",
    "amazon-lightsail-developer-guide": "Lightsail",
    "amazon-pinpoint-developer-guide": "Pinpoint",
    "amazon-pinpoint-user-guide": "Pinpoint",
    "amazon-workdocs-administration-guide": "WorkDocs",
    "amazon-workdocs-dev-guide": "WorkDocs",
    "amazon-workdocs-user-guide": "WorkDocs",
    "amazon-workspaces-administration-guide": "WorkSpaces",
    "amazon-workspaces-user-guide": "WorkSpaces",
    "aws-freertos-docs": "FreeRTOS",
    "aws-iot-analytics-user-guide": "IoT Analytics",
    "aws-iotanalytics-developer-guide": "IoT Analytics",
    "aws-snowball-developer-guide": "Snowball",
    "aws-snowball-user-guide": "Snowball",
    "aws-storagegateway-user-guide": "Storage Gateway",
    "nice-dcv-admin-guide": "NICE DCV",
    "nice-dcv-user-guide": "NICE DCV",
}
LEVELS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.0)


def product_of(kind, path, ident):
    if kind == "services":
        return SERVICES.get(ident.split("/")[0], "")
    if kind == "aws":
        part = re.search(r"/(memcache|redis|v1|v2|v3|example_code_v3|aurora|"
                         r"windows|linux)/", ident)
        return ident.split("/")[0] + (" " + part[1] if part else "")
    steps = path.split("/")
    if steps[0] == "libreoffice" and len(steps) > 2:
        return MODULES.get(steps[2], "")
    return {"postgresql": "PostgreSQL",
            "evolution": "Evolution"}.get(steps[0], "")


def products(kind, database, out):
    rows = sqlite3.connect(database).execute("SELECT id, path FROM article")
    with open(out, "w", newline="", encoding="utf-8") as f:
        table = csv.writer(f)
        table.writerow(["id", "product"] + ["category"] * (kind != "debian"))
        for ident, path in rows:
            row = [ident, product_of(kind, path, ident)]
            if kind != "debian":
                row.append(ident.rpartition("/")[0])
            if row[1]:
                table.writerow(row)


def files(database):
    rows = sqlite3.connect(database).execute("SELECT id, path FROM article")
    for ident, path in rows:
        if (ident.split("/")[0] in SERVICES and
                not ident.endswith("README.md")):
            print(path)


def page(folder, name, title, text):
    head = html.escape(title)
    with open(os.path.join(folder, name + ".html"), "w",
              encoding="utf-8") as f:
        f.write('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
                f"<title>{head}</title></head><body><h1>{head}</h1>"
                f"<p>{html.escape(text)}</p></body></html>\n")


def read(name):
    with open(name, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def faq(folder, out):
    """Two answers to each question, the second under another wording."""
    choose = random.Random(1)
    wordings = collections.defaultdict(list)
    for q in read(os.path.join(folder, "queries.jsonl")):
        wordings[q["_id"][1:].split("-")[0]].append(q["text"])
    answers = collections.defaultdict(list)
    for d in read(os.path.join(folder, "corpus.jsonl")):
        answers[d["_id"].split("-")[0]].append(d)
    os.makedirs(out, exist_ok=True)
    for key, v in answers.items():
        v = [d for d in v if len(d["text"].split()) >= 15] or v
        page(out, key + "-a", v[0]["title"], v[0]["text"])
        if len(v) > 1 and wordings[key]:
            page(out, key + "-b", choose.choice(wordings[key]), v[1]["text"])


def pairs(name):
    with open(name, encoding="utf-8") as f:
        return json.load(f)["competing"]


def show(what, judged):
    for level, below in zip(LEVELS, (2.0,) + LEVELS):
        band = [y for s, y in judged if level <= s < below]
        all_ = [y for s, y in judged if s >= level]
        print(f"{what}\t>={level:.1f}\t{sum(band)}/{len(band)}\t"
              f"{sum(all_)}/{len(all_)}")


def levels(table, *runs):
    """By the scores of the runs (NAME=JSON); without any, of the table."""
    verdicts = collections.defaultdict(dict)
    judged = collections.defaultdict(list)
    with open(table, encoding="utf-8") as f:
        for r in csv.DictReader((l for l in f if not l.startswith("#")),
                                delimiter="\t"):
            verdicts[r["corpus"]][r["id-a"], r["id-b"]] = (
                r["use"], int(r["verdict"]))
            if not runs:
                judged[r["use"]].append((float(r["score"]),
                                         int(r["verdict"])))
    for run in runs:
        name, _, file = run.partition("=")
        found = {(p["a"]["id"], p["b"]["id"]): p["score"]
                 for p in pairs(file)}
        for key, (use, verdict) in verdicts[name].items():
            if key in found:
                judged[use].append((found[key], verdict))
            else:
                judged["gone"].append((0, verdict))
    print("use\tscore\tin the band\tfrom there on")
    for use in ("fit", "test"):
        show(use, judged[use])
    print(f"# judged pairs that are no candidates now: {len(judged['gone'])}")


def truth(file):
    found = pairs(file)
    right = [p["a"]["id"].split("-")[0] == p["b"]["id"].split("-")[0]
             for p in found]
    print(f"faq: {len(found)} candidates, {sum(right)} right")


if __name__ == "__main__":
    {"products": products, "files": files, "faq": faq, "levels": levels,
     "truth": truth}[sys.argv[1]](*sys.argv[2:])
