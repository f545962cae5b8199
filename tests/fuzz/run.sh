#!/bin/sh
# run.sh BUILD SECONDS [TARGET...]: fuzz each target in BUILD (made by "make
# fuzz") for SECONDS, as many at once as there are processors, beginning with
# its seeds and what earlier runs have kept (tests/fuzz/corpus).  A TARGET is
# the name behind "fuzz_".
#
# BUILD/corpus/TARGET grows; keep.sh takes what is new from there.  An input
# that crashes, hangs (10 s), takes more than 2 GB or breaks a promise is a
# failure: it stays in BUILD/findings, and its log beside it.
#
# 0 SECONDS runs the seeds and the kept corpus only.
set -eu
export LC_ALL=C
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

# The last match of a pattern's first group.
pick() {
	sed -nE "s/$1/\\1/p" "$2" | tail -n 1
}

# The corpus as it was kept, where there is none from a run before.
unpack() {
	[ ! -d "$corpus" ] || return 0
	mkdir -p "$corpus"
	[ ! -f "tests/fuzz/corpus/$target.tar.xz" ] ||
	    tar -xJf "tests/fuzz/corpus/$target.tar.xz" -C "$corpus" \
		--no-same-owner
}

tell() {
	runs=$(pick '^stat::number_of_executed_units: *([0-9]+).*' "$log")
	begin=$(pick '.*INITED cov: ([0-9]+) .*' "$log")
	end=$(pick '.* cov: ([0-9]+) ft: .*' "$log")
	printf '%s - %s: %s executions, %s inputs, coverage %s to %s\n' "$1" \
	    "fuzz_$target" "${runs:-0}" "$(find "$corpus" -type f | wc -l)" \
	    "${begin:-0}" "${end:-0}"
}

# run.sh --one BUILD SECONDS TARGET: what is run in parallel.
run_one() {
	build=$1
	seconds=$2
	target=$3
	corpus=$build/corpus/$target
	log=$build/logs/$target
	work=$build/work/$target
	rm -rf "$work"
	mkdir -p "$build/logs" "$build/findings" "$work/seeds" "$work/tmp"
	unpack
	TMPDIR=$work/tmp "$build/fuzz_$target" --seeds "$work/seeds" \
	    > "$log" 2>&1 || {
		sed 's/^/# /' "$log"
		echo "not ok - fuzz_$target: it does not start"
		return 0
	}
	set -- -max_total_time="$seconds"
	[ "$seconds" -gt 0 ] || set -- -runs=0
	[ ! -f "tests/fuzz/$target.dict" ] ||
	    set -- "$@" "-dict=tests/fuzz/$target.dict"
	code=0
	TMPDIR=$work/tmp timeout -k 10 $((seconds + 300)) \
	    "$build/fuzz_$target" "$@" -timeout=10 -rss_limit_mb=2048 \
	    -max_len=16384 -print_final_stats=1 \
	    -artifact_prefix="$build/findings/$target-" "$corpus" \
	    "$work/seeds" > "$log" 2>&1 < /dev/null || code=$?
	rm -rf "$work"
	if [ "$code" -eq 0 ]; then
		tell ok
		return 0
	fi
	cp "$log" "$build/findings/$target.log"
	tail -n 25 "$log" | tr -c '\n\t -~' '?' | sed 's/^/# /'
	tell "not ok"
}

wanted() {
	[ $# -gt 1 ] || return 0
	name=$1
	shift
	for word in "$@"; do
		[ "$word" != "$name" ] || return 0
	done
	return 1
}

add_up() {
	awk '/^ok - / { passed++ } /^not ok - / { failed++ } { print }
	    END {
		printf "\n%d passed, %d failed\n", passed, failed
		exit failed > 0 || !passed
	    }'
}

if [ "${1:-}" = --one ]; then
	run_one "$2" "$3" "$4"
	exit 0
fi
if [ $# -lt 2 ] || [ ! -d "$1" ]; then
	echo "usage: tests/fuzz/run.sh BUILD SECONDS [TARGET...]" >&2
	exit 2
fi
case $2 in
''|*[!0-9]*)
	echo "tests/fuzz/run.sh: SECONDS is a whole number, not '$2'" >&2
	exit 2 ;;
esac
build=$(cd "$1" && pwd)
seconds=$2
shift 2
cd "$(dirname "$0")/../.."

# By the sources: a program whose source is gone is an old one.
for f in tests/fuzz/fuzz_*.c; do
	target=${f##*/fuzz_}
	target=${target%.c}
	wanted "$target" "$@" || continue
	[ -x "$build/fuzz_$target" ] || {
		echo "tests/fuzz/run.sh: no $build/fuzz_$target: make fuzz" >&2
		exit 2
	}
	echo "$target"
done > "$build/targets"
xargs -n 1 -P "$(nproc)" tests/fuzz/run.sh --one "$build" "$seconds" \
    < "$build/targets" | add_up
