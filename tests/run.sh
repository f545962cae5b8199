#!/bin/sh
# run.sh BUILD [WORD...]: run the unit test programs BUILD/tests/test_* and
# tests/cli/*.sh (but for what these read), as many at once as there are
# processors, and add up their lines
#
#	ok - name
#	not ok - name		the "#" lines before it say what did not hold
#	skip - name: why
#
# A program that is stopped by a signal, exits with a failure that no line
# tells of, runs out of time, or prints no such line is one failed test named
# after it.  With WORDs only programs whose names hold one of them run.
#
# Each gets KB_BUILD and KB_ROOT (absolute) and a TMPDIR of its own; KB_LIMIT
# is the time limit in seconds (600).
set -eu
export LC_ALL=C
limit=${KB_LIMIT:-600}

# run.sh --one RESULTS PROGRAM: what is run in parallel.
run_one() {
	results=$1
	program=$2
	log=$results/$(echo "$program" | tr '/' '_')
	export TMPDIR="$log.tmp"
	mkdir -m 755 "$TMPDIR"
	start=$(date +%s.%N)
	# In the background, so that the trap can end it; that would leave
	# SIGINT ignored, and tests of it failing.
	env --default-signal=INT,QUIT timeout -k 10 "$limit" "$program" \
	    > "$log.out" 2> "$log.err" < /dev/null &
	child=$!
	trap 'kill "$child" 2>/dev/null; exit 130' INT TERM HUP
	code=0
	wait "$child" || code=$?
	rm -rf "$TMPDIR"
	judge "$code" > "$log.judged" < "$log.out"
	awk -v seconds="$start $(date +%s.%N)" -v name="${program#"$KB_ROOT"/}" '
	    { n[$1]++ }
	    END {
		split(seconds, s, " ")
		printf "%-40s %4d ok", name, n["ok"]
		if (n["not"])
			printf ", %d FAILED", n["not"]
		if (n["skip"])
			printf ", %d skipped", n["skip"]
		printf "  (%.1f s)\n", s[2] - s[1]
	    }' "$log.judged"
}

# judge EXIT-CODE: the program's output, with a line for what is wrong with
# the program as a whole.
judge() {
	awk -v code="$1" -v limit="$limit" -v name="${program#"$KB_ROOT"/}" \
	    -v err="$log.err" '
	function fail(why) {
		while ((getline line < err) > 0)
			tail[++n % 40] = line
		for (i = n > 40 ? n - 39 : 1; i <= n; i++)
			print "# stderr: " tail[i % 40]
		print "# " why
		print "not ok - " name
	}
	/^(ok|not ok|skip) - ./ { lines++ }
	/^not ok - / { failed++ }
	/^(ok|not ok|skip) - |^#/ { print }
	END {
		if (code == 124 || code == 137)
			fail("ran longer than " limit " s, or was killed")
		else if (code > 128)
			fail("stopped by signal " code - 128)
		else if (code > 1 || (code == 1 && !failed))
			fail("exit code " code)
		else if (!lines)
			fail("ran no test")
	}'
}

# Failures with their "#" lines, skips, and the sum as the last line.
add_up() {
	cat "$1"/*.judged | awk '
	/^#/ { why = why "  " $0 "\n"; next }
	/^ok - / { passed++ }
	/^not ok - / {
		failed++
		failures = failures "FAILED " substr($0, 10) "\n" why
	}
	/^skip - / { skips = skips "skipped " substr($0, 8) "\n"; skipped++ }
	{ why = "" }
	END {
		printf "%s%s%s", failures != "" || skips != "" ? "\n" : "",
		    skips, failures
		printf "\n%d passed, %d failed", passed, failed
		if (skipped)
			printf ", %d skipped", skipped
		printf "\n"
		exit failed > 0
	}'
}

wanted() {
	[ $# -gt 1 ] || return 0
	path=$1
	shift
	for word in "$@"; do
		case ${path##*/} in
		*"$word"*) return 0 ;;
		esac
	done
	return 1
}

if [ "${1:-}" = --one ]; then
	run_one "$2" "$3"
	exit 0
fi

if [ $# -lt 1 ] || [ ! -d "$1" ]; then
	echo "usage: tests/run.sh BUILD [WORD...]" >&2
	exit 2
fi
KB_BUILD=$(cd "$1" && pwd)
KB_ROOT=$(cd "$(dirname "$0")/.." && pwd)
export KB_BUILD KB_ROOT
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
shift

results=$(mktemp -d "${TMPDIR:-/tmp}/kb-tests.XXXXXX")
chmod 711 "$results"	# for tests that give up the superuser's rights
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The slow ones first; all that there is a source of, built or not.
for t in "$KB_ROOT"/tests/cli/*.sh "$KB_ROOT"/tests/unit/test_*.c; do
	case $t in
	*/cli/lib.sh | */cli/samples.sh) continue ;;	# what tests share
	*.c) t=$KB_BUILD/tests/$(basename "$t" .c) ;;
	esac
	if wanted "$t" "$@"; then
		printf '%s\0' "$t"
	fi
done > "$results/list"
if [ ! -s "$results/list" ]; then
	echo "tests/run.sh: no tests in tests/cli and '$KB_BUILD/tests'" >&2
	exit 2
fi
xargs -0 -n 1 -P "$(nproc)" "$0" --one "$results" < "$results/list"
if [ "$(tr -cd '\0' < "$results/list" | wc -c)" -ne \
    "$(find "$results" -name '*.judged' -size +0 | wc -l)" ]; then
	echo "tests/run.sh: some programs left no result" >&2
	exit 1
fi
add_up "$results"
