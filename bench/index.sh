#!/bin/sh
# index.sh [BUILD [ROUNDS]]: kb-index against Xapian Omega's omindex on the
# same HTML pages: seconds, memory, size of the index.  Prints a Markdown
# table of medians; runs are interleaved, so that a busy machine hurts all.
#
# Fetches the pages by corpora/debian.sh into BUILD/debian and works in
# BUILD/bench-index.
set -eu
export LC_ALL=C

build=${1:-build}
rounds=${2:-3}
root=$(cd "$(dirname "$0")/.." && pwd)
as_of=2026-10-01

die() {
	echo "bench/index.sh: $*" >&2
	exit 1
}

case $rounds in
''|*[!0-9]*|0) die "ROUNDS is a whole number above 0, not '$rounds'" ;;
esac
[ -x "$build/kb-index" ] || die "no '$build/kb-index': run make first"
"$root/.ci/install-deps" bench
build=$(cd "$build" && pwd)
kb_index=$build/kb-index
"$root/corpora/debian.sh" "$build/debian" > /dev/null
work=$build/bench-index
html=$work/html
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# HTML only: neither program is to look at pictures, CSS and scripts.
copy_html() {
	mkdir -p "$html/$1"
	(cd "$2" && find . -type f -name '*.html' -print0 |
	    xargs -0 cp --parents -t "$html/$1")
}

path_of() {
	sed -n "s/^$1=//p" "$build/debian/paths.txt"
}

# run PROGRAM ARGUMENT...: one measured run; its output is in $work/log.
# Each begins without an index, and none writes over another's.
run() {
	case $1 in
	omindex) set -- "$1" omindex --db "$work/omindex" --overwrite \
	    --empty-docs=index --ignore-exclusions --url / \
	    --mime-type=html:text/html "$html" ;;
	kb1) set -- "$1" "$kb_index" build --quiet --as-of $as_of --threads 1 \
	    -o "$work/kb1" "$html" ;;
	kb) set -- "$1" "$kb_index" build --quiet --as-of $as_of \
	    -o "$work/kb" "$html" ;;
	esac
	name=$1
	shift
	rm -rf "${work:?}/$name"
	env time -q -f '%e %U %S %M' -o "$work/time" "$@" \
	    > "$work/log" 2>&1 || {
		tail -n 5 "$work/log" >&2
		die "$1 failed; the end of its messages is above"
	}
	awk '{ print $1, $2 + $3, $4 / 1024 }' "$work/time" >> "$work/$name.txt"
}

median() {
	cut -d ' ' -f "$2" "$work/$1.txt" | sort -n | awk '
	    { v[NR] = $1 }
	    END { m = int((NR + 1) / 2)
		print NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

# wall, CPU, memory, index in MiB
figures() {
	echo "$(median "$1" 1) $(median "$1" 2) $(median "$1" 3)" \
	    "$(du -sb "$work/$1" | awk '{ print $1 / 1048576 }')"
}

row() {
	echo "$3" | awk -v name="$1" -v docs="$2" '{
	    printf "| %s | %.2f | %.2f | %.0f | %.1f | %d |\n",
		name, $1, $2, $3, $4, docs }'
}

ratio() {
	echo "$2 $om" | awk -v name="$1" '{
	    printf "| %s ÷ omindex | %.2f | %.2f | %.2f | %.2f | |\n",
		name, $1 / $5, $2 / $6, $3 / $7, $4 / $8 }'
}

copy_html libreoffice "$(path_of libreoffice)"
copy_html postgresql "$(path_of postgresql)"
files=$(find "$html" -type f | wc -l)
bytes=$(find "$html" -type f -exec cat {} + | wc -c)

# Not measured: how many documents each makes of them; warms the page cache.
om_docs=$(omindex --db "$work/count" --overwrite --empty-docs=index \
    --ignore-exclusions --url / --mime-type=html:text/html --verbose \
    "$html" 2>&1 | grep -c ' added$' || true)
kb_docs=$("$kb_index" build --as-of $as_of -o "$work/count.kb" "$html" \
    2>/dev/null | sed -n 's/^articles \([0-9]*\),.*/\1/p')
rm -rf "$work/count" "$work/count.kb"
awk -v a="$om_docs" -v b="${kb_docs:-0}" 'BEGIN {
    d = a > b ? a - b : b - a; exit !(a > 0 && b > 0 && d <= a / 100) }' ||
    die "the counts differ by more than 1%: omindex $om_docs, kb-index" \
    "${kb_docs:-none}, of $files files; the figures would not compare"

load=$(cut -d ' ' -f 1 /proc/loadavg)
i=0
while [ "$i" -lt "$rounds" ]; do
	for program in omindex kb1 kb; do
		run $program
	done
	i=$((i + 1))
	[ ! -t 2 ] || printf '\rround %d of %d ' "$i" "$rounds" >&2
done
[ ! -t 2 ] || printf '\r                    \r' >&2

om=$(figures omindex)
one=$(figures kb1)
all=$(figures kb)
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
sqlite=$(dpkg-query -W -f '${Version}' libsqlite3-0 2>/dev/null || echo ?)
packages=$(grep -E '^(libreoffice|postgresql)' "$build/debian/packages.txt" |
    paste -s -d ',' | sed 's/,/, /')
cat <<END
$("$kb_index" --version) (SQLite $sqlite), $(omindex --version | head -n 1);
$(nproc) processors (${cpu:-$(uname -m)}), load $load when it began.
$files HTML pages, $((bytes / 1048576)) MiB: $packages.
Medians of $rounds interleaved rounds, new index each time, page cache warm.

| | wall s | CPU s | peak MiB | index MiB | documents |
| --- | ---: | ---: | ---: | ---: | ---: |
$(row omindex "$om_docs" "$om")
$(row "kb-index --threads 1" "$kb_docs" "$one")
$(row "kb-index ($(nproc) threads)" "$kb_docs" "$all")
$(ratio "kb-index --threads 1" "$one")
$(ratio "kb-index ($(nproc) threads)" "$all")

Not the same work: omindex indexes whole pages (stems, positions) and keeps
512 bytes of each as a sample. kb-index also cuts pages into passages and
indexes those, keeps their text and byte spans for quotes, finds
near-duplicates, writes findings, and hashes the index.
END
