#!/bin/sh
# duplicates.sh [BUILD [SIZE [ROUNDS [PEER...]]]]: near-duplicates found by
# ours and by its peers: speed, recall, precision and memory.  Prints
# Markdown.  SIZE is 10k, 55k, 55k-pages or 1m, or several
# with commas; without PEER all.
#
# 10k is openjdk-17-doc, whole pages with all that they share
# (duplicates_pages.py); 55k the articles that kb-index finds in eleven
# packages of Debian documentation, 55k-pages ten of them as whole pages; 1m
# is made up of the words of 55k (duplicates_corpus.py).  All tools get the
# same words, a line an article, and compare the same sets: five words in a
# row.  What peers do is in duplicates_peers.py; they are installed from PyPI
# below BUILD.
#
# Each tool runs with one thread and with all processors, interleaved, ROUNDS
# times each; medians are shown.  Pairs of ours are held against brute force
# on a sample first.
#
# Environment: THRESHOLDS (default "4/5 1/2"), SAMPLE (articles compared by
# brute force, 200), THREADS (the processors there are).
set -eu
export LC_ALL=C.UTF-8

build=${1:-build}
sizes=${2:-10k,55k}
rounds=${3:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
shift $(($# < 3 ? $# : 3))
thresholds=${THRESHOLDS:-4/5 1/2}
threads=${THREADS:-$(nproc)}
packages='openjdk-17-doc libboost1.74-doc libboost1.81-doc llvm-13-doc
    llvm-14-doc python3.11-doc cppreference-doc-en-html qtbase5-doc-html
    libreoffice-help-en-us rust-doc'

die() {
	echo "bench/duplicates.sh: $*" >&2
	exit 1
}

case $rounds in
''|*[!0-9]*|0) die "ROUNDS is a whole number above 0, not '$rounds'" ;;
esac
[ -x "$build/bench/dedupe" ] ||
    die "no '$build/bench/dedupe': run 'make B=$build $build/bench/dedupe'"
build=$(cd "$build" && pwd)
work=$build/bench-duplicates
check=$root/bench/duplicates_check.py
mkdir -p "$work"

# The peers' own versions of NumPy may differ: an environment each group.
peers() {
	[ -x "$work/venv/bin/python" ] || {
		python3 -m venv "$work/venv"
		"$work/venv/bin/pip" -q install 'rensa>=0.5' datasketch gaoya
	}
	# datatrove hashes strings as xxhash before 3.6 takes them.
	[ -x "$work/venv-datatrove/bin/python" ] || {
		python3 -m venv "$work/venv-datatrove"
		"$work/venv-datatrove/bin/pip" -q install datatrove \
		    'xxhash<3.6' tokenizers spacy
	}
}

fetch() {
	mkdir -p "$work/deb"
	for p in "$@"; do
		[ ! -d "$work/pages/$p" ] || continue
		(cd "$work/deb" && apt-get -qq download "$p")
		mkdir -p "$work/pages/$p.part"
		dpkg-deb -x "$work/deb/$p"_*.deb "$work/pages/$p.part"
		mv "$work/pages/$p.part" "$work/pages/$p"
	done
}

# pages PACKAGE...
pages() {
	fetch "$@"
	(cd "$work/pages" && "$root/bench/duplicates_pages.py" "$@")
}

# What kb-index reads of each package, each by itself.
articles() {
	for p in ${packages% rust-doc} postgresql-doc-15 rust-doc; do
		fetch "$p"
		"$build/kb-index" build --quiet --as-of 2026-10-01 \
		    -o "$work/$p.kb" "$work/pages/$p" 2> "$work/log" || {
			tail -n 5 "$work/log" >&2
			die "kb-index build failed on $p"
		}
		"$build/kb-index" dump "$work/$p.kb" > "$work/dump"
		# The one sign in normal forms (of 1/2 as one letter) that
		# would part them when they are cut into words again.
		jq -r '.words | select(. != "")' "$work/dump" |
		    sed 's/\xe2\x81\x84/ /g'
		rm -rf "$work/$p.kb" "$work/dump"
	done
}

text() {
	case $1 in
	10k) pages openjdk-17-doc ;;
	55k) articles ;;
	55k-pages)
		# shellcheck disable=SC2086
		pages $packages ;;
	1m)
		awk 'NR % 6 == 0' "$work/55k.txt" > "$work/seed.txt"
		"$root/bench/duplicates_corpus.py" "$work/seed.txt" \
		    1000000 1 ;;
	esac
}

corpus() {
	case $1 in
	10k|55k|55k-pages) ;;
	1m) corpus 55k ;;
	*) die "no corpus '$1': there are 10k, 55k, 55k-pages and 1m" ;;
	esac
	[ ! -s "$work/$1.txt" ] || return 0
	echo "making $work/$1.txt" >&2
	text "$1" > "$work/$1.part"
	case $1 in
	55k*) sed -i '55001,$d' "$work/$1.part" ;;
	esac
	mv "$work/$1.part" "$work/$1.txt"
}

# ours CORPUS THRESHOLD THREADS
ours() {
	env time -q -f '%e %U %S %M' -o "$work/time" \
	    "$build/bench/dedupe" --threshold "$2" --threads "$3" \
	    "$work/$1.txt" > "$work/pairs.tsv" 2> "$work/phases" || {
		tail -n 5 "$work/phases" >&2
		die "dedupe failed on $1"
	}
	if [ -f "$work/$1.ours.tsv" ]; then
		cmp -s "$work/pairs.tsv" "$work/$1.ours.tsv" ||
		    die "pairs of two runs on $1 differ"
	else
		mv "$work/pairs.tsv" "$work/$1.ours.tsv"
	fi
	"$work/venv/bin/python" "$check" run "$work/time" "$work/phases" \
	    "$work/$1.txt" "$3" >> "$work/runs"
}

# peer NAME CORPUS THRESHOLD THREADS
peer() {
	python=$work/venv/bin/python
	[ "$1" != datatrove ] || python=$work/venv-datatrove/bin/python
	RAYON_NUM_THREADS=$4 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 \
	    "$python" "$root/bench/duplicates_peers.py" "$1" "$work/$2.txt" \
	    "$3" "$4" "$work/$2.$1.tsv" 2> "$work/log" |
	    "$work/venv/bin/python" "$check" name "$work/$2.$1.tsv" \
	    >> "$work/runs" || {
		tail -n 5 "$work/log" >&2
		echo "bench/duplicates.sh: $1 left out" >&2
	}
}

measure() {
	rm -f "$work/$1".*.tsv "$work/runs"
	ours "$1" "$2" 1
	: > "$work/runs"	# the first run warmed the page cache
	"$work/venv/bin/python" "$check" sample "$work/$1.txt" "$2" \
	    "${SAMPLE:-200}" "$work/$1.ours.tsv" > "$work/sample" ||
	    die "$1 at $2: $(cat "$work/sample")"
	i=0
	while [ "$i" -lt "$rounds" ]; do
		for t in $(printf '%s\n' 1 "$threads" | sort -nu); do
			ours "$1" "$2" "$t"
			for p in $list; do
				[ "$t" = 1 ] || parallel "$p" || continue
				peer "$p" "$1" "$2" "$t"
			done
		done
		i=$((i + 1))
	done
	printf '\n### %s, resemblance %s or more\n\n' "$1" "$2"
	printf '%s articles, %s MB; medians of %s rounds; load %s.\n\n' \
	    "$(wc -l < "$work/$1.txt")" \
	    "$(($(wc -c < "$work/$1.txt") / 1000000))" "$rounds" \
	    "$(cut -d ' ' -f 1 /proc/loadavg)"
	"$work/venv/bin/python" "$check" table "$work/runs" \
	    "$work/$1.ours.tsv" "$2"
	echo "- $(cat "$work/sample")"
}

# Those whose interface uses more than one processor, or can be made to.
parallel() {
	case $1 in
	rensa-flat|rensa-rho|datasketch|gaoya) return 0 ;;
	esac
	return 1
}

"$root/.ci/install-deps" bench test
peers
list=${*:-rensa rensa-readme rensa-flat rensa-rho datasketch gaoya datatrove}
for size in $(echo "$sizes" | tr ',' ' '); do
	corpus "$size"
	for threshold in $thresholds; do
		measure "$size" "$threshold"
	done
done
