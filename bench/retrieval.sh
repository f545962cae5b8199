#!/bin/sh
# retrieval.sh BUILD [SET...]: index the judged collections of ../shared/data
# and score kb-query's ranking and abstention on them.  A set is the name
# without "ir-".  Skips, and says so, where ../shared is absent.
set -eu
build=${1:-build}
[ $# -gt 0 ] && shift
root=$(cd "$(dirname "$0")/.." && pwd)
shared=$root/../shared
[ -d "$shared/data" ] || { echo "skipped: $shared/data is not there"; exit 0; }
work=$build/bench/ir
mkdir -p "$work"
[ $# -gt 0 ] || set -- stackfaq scifact cranfield clinc150 squad2 cacm cisi \
    med awsdocs
for s in "$@"; do
	if [ ! -d "$work/$s-html" ]; then
		tar -xJf "$shared/data/ir-$s.tar.xz" -C "$work"
		python3 "$shared/tools/beir2html.py" "$work/$s" \
		    "$work/$s-html" >/dev/null
	fi
	"$build/kb-index" build -o "$work/$s.kb" --quiet --as-of 2026-01-01 \
	    "$work/$s-html" 2>/dev/null
	"$build/kb-query" run "$work/$s.kb" --queries "$work/$s/queries.jsonl" \
	    >"$work/$s.run"
	answers=
	if [ -f "$work/$s/unanswerable.jsonl" ]; then
		cat "$work/$s/queries.jsonl" "$work/$s/unanswerable.jsonl" \
		    >"$work/$s.all.jsonl"
		"$build/kb-query" run "$work/$s.kb" --format json --queries \
		    "$work/$s.all.jsonl" >"$work/$s.json"
		answers=$work/$s.json
	fi
	printf '%-10s ' "$s"
	# shellcheck disable=SC2086
	python3 "$shared/tools/score.py" "$work/$s/qrels.tsv" \
	    "$work/$s.run" $answers | paste -sd ' ' -
done
