#!/bin/sh
# workers.sh [BUILD [ROUNDS [PATH...]]]: how kb-index gains from a second
# worker.  Prints a Markdown table of medians over interleaved rounds and
# what each ratio means.
#
# One worker is a process that parses and a thread that prepares what comes
# of it: --threads 1 keeps nearly two processors busy where there are two.
# So what a second worker brings is measured with as many processors as
# workers: one processor for --threads 1, two for --threads 2.
#
# How much a second processor can bring at all is measured beside it: two
# programs that have nothing to do with each other, one on each.  Where the
# two share a core, as virtual ones often do, that is far from twice.
#
# Without PATH: the HTML pages of corpora/debian.sh (fetched into
# BUILD/debian).  Needs two processors and taskset (util-linux).
set -eu
export LC_ALL=C

build=${1:-build}
rounds=${2:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
shift $(($# < 2 ? $# : 2))

die() {
	echo "bench/workers.sh: $*" >&2
	exit 1
}

case $rounds in
''|*[!0-9]*|0) die "ROUNDS is a whole number above 0, not '$rounds'" ;;
esac
[ -x "$build/kb-index" ] || die "no '$build/kb-index': run make first"
[ "$(nproc)" -ge 2 ] || die "there is only one processor"
build=$(cd "$build" && pwd)
if [ $# -eq 0 ]; then
	"$root/corpora/debian.sh" "$build/debian" > /dev/null
	set -- "$(sed -n 's/^libreoffice=//p' "$build/debian/paths.txt")" \
	    "$(sed -n 's/^postgresql=//p' "$build/debian/paths.txt")"
fi
"$root/.ci/install-deps" bench
work=$(mktemp -d "${TMPDIR:-/tmp}/kb-workers.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# run NAME CPUS COMMAND THREADS PATH...
run() {
	name=$1
	cpus=$2
	what=$3
	threads=$4
	shift 4
	rm -rf "$work/out.kb"
	case $what in
	build) set -- build --quiet --as-of 2026-10-01 -o "$work/out.kb" \
	    --threads "$threads" "$@" ;;
	inspect) set -- inspect --threads "$threads" "$@" ;;
	esac
	env time -q -f '%e %U %S' -o "$work/time" taskset -c "$cpus" \
	    "$build/kb-index" "$@" > "$work/log" 2>&1 || {
		tail -n 5 "$work/log" >&2
		die "kb-index $* failed"
	}
	awk '{ print $1, $2 + $3 }' "$work/time" >> "$work/$name.txt"
}

# both NAME PATH...: two programs at once, one a processor, as one time.
both() {
	name=$1
	shift
	# shellcheck disable=SC2016
	env time -q -f '%e %U %S' -o "$work/time" sh -c '
		taskset -c 0 "$@" > /dev/null 2>&1 & first=$!
		taskset -c 1 "$@" > /dev/null 2>&1 && wait "$first"' sh \
	    "$build/kb-index" inspect --threads 1 "$@" ||
	    die "kb-index inspect failed"
	awk '{ print $1, $2 + $3 }' "$work/time" >> "$work/$name.txt"
}

median() {
	cut -d ' ' -f "$2" "$work/$1.txt" | sort -n | awk '
	    { v[NR] = $1 }
	    END { m = int((NR + 1) / 2)
		print NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

row() {
	printf '| %s | %s | %.2f | %.2f |\n' "$2" "$3" "$(median "$1" 1)" \
	    "$(median "$1" 2)"
}

ratio() {
	echo "$(median "$1" 1) $(median "$2" 1)" |
	    awk '{ printf "%.2f", ($2 > 0) ? $1 / $2 : 0 }'
}

i=0
load=$(cut -d ' ' -f 1 /proc/loadavg)
"$build/kb-index" inspect "$@" > /dev/null 2>&1	# warms the page cache
while [ "$i" -lt "$rounds" ]; do
	for what in inspect build; do
		run "$what-1-1" 0 "$what" 1 "$@"
		run "$what-1-2" 0,1 "$what" 1 "$@"
		run "$what-2-2" 0,1 "$what" 2 "$@"
	done
	both apart "$@"
	i=$((i + 1))
	[ ! -t 2 ] || printf '\rround %d of %d ' "$i" "$rounds" >&2
done
[ ! -t 2 ] || printf '\r                    \r' >&2

files=$(find "$@" -type f | wc -l)
cat <<END
$files files; medians of $rounds interleaved rounds; load $load when it began.

| | processors | wall s | CPU s |
| --- | --- | ---: | ---: |
$(for what in inspect build; do
	row "$what-1-1" "$what --threads 1" 1
	row "$what-1-2" "$what --threads 1" 2
	row "$what-2-2" "$what --threads 2" 2
done)
$(row apart 'two inspect --threads 1 at once' '1 each')

- the machine: two programs at once, one a processor, do
  $(echo "$(median inspect-1-1 1) $(median apart 1)" | awk '{
    printf "%.2f", ($2 > 0) ? 2 * $1 / $2 : 0 }') times what one does: more
  than that a second processor cannot bring;
- two workers on two processors are $(ratio inspect-1-1 inspect-2-2) times
  as fast as one on one (inspect: reading alone), and
  $(ratio build-1-1 build-2-2) times in a build, whose one writer nobody
  shares;
- one worker gains $(ratio inspect-1-1 inspect-1-2) times (build:
  $(ratio build-1-1 build-1-2)) from a second processor by itself: its
  process parses while its thread prepares;
- what is left for the second worker there: $(ratio inspect-1-2 inspect-2-2)
  times (build: $(ratio build-1-2 build-2-2)).
END
