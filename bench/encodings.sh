#!/bin/sh
# encodings.sh [BUILD [PAGES]]: the share of files in foreign encodings that
# are decoded to the right text.  Prints Markdown tables (encodings.py tells
# what is right).  The files are chardet's, named by their encoding, from
# ../shared/data/hostile.tar.xz; PAGES, gnome-user-docs' /usr/share/help, are
# translated pages to be written in old encodings, and are left out when they
# are not there.
set -eu
export LC_ALL=C

build=${1:-build}
root=$(cd "$(dirname "$0")/.." && pwd)
pages=${2:-/usr/share/help}
archive=$root/../shared/data/hostile.tar.xz

if [ ! -f "$archive" ]; then
	echo "bench/encodings.sh: skipped: no '$archive'" >&2
	exit 0
fi
[ -f "$build/libkb.a" ] || {
	echo "bench/encodings.sh: no '$build/libkb.a': run make first" >&2
	exit 1
}
build=$(cd "$build" && pwd)
work=$build/bench-encodings
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tar -xJf "$archive" -C "$work" --wildcards '*chardet/*'
chardet=$(find "$work" -type d -path '*chardet/tests')
cd "$root"
rest=$(find "$build/obj/indexer" "$build/obj/gen" -name '*.o' \
    ! -name main.o | sort)
# shellcheck disable=SC2046,SC2086
${CC:-cc} -std=c11 -O2 -D_GNU_SOURCE -Iinclude -Ilib -Iindexer \
    -o "$work/decode" bench/decode.c $rest \
    $(find "$build/obj/lib/cli" -name '*.o' | sort) "$build/libkb.a" \
    $(make -s -f - libs <<'EOF'
include Makefile
libs:
	@echo $(PKG_LIBS)
EOF
)
if [ ! -d "$pages/cs/gnome-help" ]; then
	echo "bench/encodings.sh: no pages in '$pages': second table" \
	    "left out (install gnome-user-docs)" >&2
	pages=
fi
# shellcheck disable=SC2086
python3 bench/encodings.py "$work/decode" "$chardet" $pages
