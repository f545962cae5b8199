#!/bin/sh
# keep.sh BUILD [TARGET...]: after a long run, make the corpus that is kept
# (tests/fuzz/corpus/TARGET.tar.xz) anew: of BUILD/corpus/TARGET and what was
# kept before, the smallest inputs that together reach all that any of them
# reaches.  Inputs that are larger than 16 KB are not kept, nor is what crashes.
set -eu
export LC_ALL=C
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
	echo "usage: tests/fuzz/keep.sh BUILD [TARGET...]" >&2
	exit 2
fi
build=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
work=$(mktemp -d "${TMPDIR:-/tmp}/kb-keep.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# keep TARGET: files are named after their content, so that the same corpus
# is the same archive.
keep() {
	old=$work/old
	new=$work/new
	found=$work/found
	rm -rf "$old" "$new" "$found"
	mkdir -p "$old" "$new" "$found" "$build/corpus/$1" tests/fuzz/corpus
	# A copy: a run that goes on replaces its inputs by smaller ones.
	find "$build/corpus/$1/" -type f -exec cp -t "$found" {} + \
	    2>/dev/null || true
	packed=tests/fuzz/corpus/$1.tar.xz
	[ ! -f "$packed" ] || tar -xJf "$packed" -C "$old" --no-same-owner
	"$build/fuzz_$1" -merge=1 -max_len=16384 -timeout=10 \
	    -rss_limit_mb=2048 "$new" "$old" "$found" \
	    > "$work/log" 2>&1 || {
		tail -n 20 "$work/log" >&2
		return 1
	}
	tar --sort=name --owner=0 --group=0 --numeric-owner --mode=644 \
	    --mtime=@0 -C "$new" -cf "$work/tar" .
	xz -9e -c "$work/tar" > "$work/xz"
	mv "$work/xz" "$packed"
	echo "$1: $(find "$new" -type f | wc -l) inputs," \
	    "$(wc -c < "$packed") bytes"
}

if [ $# -eq 0 ]; then
	for f in tests/fuzz/fuzz_*.c; do
		target=${f##*/fuzz_}
		set -- "$@" "${target%.c}"
	done
fi
for target in "$@"; do
	keep "$target"
done
