# shellcheck shell=sh
# lib.sh: the harness of the tests of whole programs.  A test says what holds:
#
#	. "$(dirname "$0")/lib.sh"
#
#	t_begin build__refuses_a_missing_folder
#	expect_exit 3 "$KB_INDEX" build -o x.kb missing
#	expect_match 'cannot open' "$T_ERR"
#
#	t_done
#
# An expectation that does not hold is told in "#" lines, and the test goes
# on; the test's line comes when the next one begins.  Tests run in an empty
# folder of their own, which is removed.

KB_ROOT=${KB_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
KB_BUILD=$(cd "${KB_BUILD:-$KB_ROOT/build}" && pwd) || exit 1
KB_INDEX=$KB_BUILD/kb-index
KB_QUERY=$KB_BUILD/kb-query
export KB_ROOT KB_BUILD KB_INDEX KB_QUERY

t_dir=$(mktemp -d "${TMPDIR:-/tmp}/kb-cli.XXXXXX") && chmod 755 "$t_dir" || exit 1
t_name=
t_bad=0		# expectations of the running test that did not hold
t_failed=0	# tests
t_over=
T_OUT=$t_dir/out	# what the last command of expect_exit wrote
T_ERR=$t_dir/err
mkdir "$t_dir/work" && cd "$t_dir/work" || exit 1

t_cleanup() {
	code=$?
	trap - EXIT
	if [ -z "$t_over" ]; then
		t_fail "the script ended early, exit code $code"
		[ -n "$t_name" ] || t_name=$(basename "$0")
		t_end
		code=1
	fi
	chmod -R u+rwx "$t_dir" 2>/dev/null
	rm -rf "$t_dir"
	exit "$code"
}
trap t_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The running test's line.
t_end() {
	[ -n "$t_name" ] || return 0
	if [ "$t_bad" -eq 0 ]; then
		echo "ok - $t_name"
	else
		echo "not ok - $t_name"
		t_failed=$((t_failed + 1))
	fi
	t_name=
	t_bad=0
}

# t_begin NAME
t_begin() {
	t_end
	t_name=$1
}

# t_fail WHY: the running test fails, and goes on.
t_fail() {
	t_bad=$((t_bad + 1))
	echo "# $*"
}

# End the running test here: t_ok as its expectations say, t_not_ok WHY.
t_ok() {
	t_end
}

t_not_ok() {
	t_fail "$@"
	t_end
}

# t_skip NAME WHY
t_skip() {
	t_end
	echo "skip - $1: $2"
}

# Last line of every script.
t_done() {
	t_end
	t_over=yes
	[ "$t_failed" -eq 0 ]
	exit
}

t_show() {
	head -n 20 "$1" | sed "s/^/# $2: /"
}

# expect_exit CODE COMMAND...: runs it; $T_OUT and $T_ERR are what it wrote.
expect_exit() {
	t_want=$1
	shift
	t_got=0
	"$@" > "$T_OUT" 2> "$T_ERR" < /dev/null || t_got=$?
	[ "$t_got" -ne "$t_want" ] || return 0
	t_fail "exit code $t_got, not $t_want: $*"
	t_show "$T_OUT" stdout
	t_show "$T_ERR" stderr
}

# expect_match REGEX FILE: some line matches (grep -E).
expect_match() {
	grep -Eq -e "$1" "$2" && return 0
	t_fail "no line of ${2##*/} matches: $1"
	t_show "$2" "${2##*/}"
}

expect_no_match() {
	[ -f "$2" ] || t_fail "there is no file '$2'"
	grep -Eq -e "$1" "$2" || return 0
	t_fail "a line of ${2##*/} matches: $1"
	grep -E -e "$1" "$2" | t_show - "${2##*/}"
}

# expect_count N REGEX FILE: that many lines match.
expect_count() {
	t_got=$(grep -Ec -e "$2" "$3" || true)
	[ "$t_got" = "$1" ] ||
	    t_fail "${t_got:-no} lines of ${3##*/} match, not $1: $2"
}

# expect_empty FILE
expect_empty() {
	[ -f "$1" ] || t_fail "there is no file '$1'"
	[ -s "$1" ] || return 0
	t_fail "${1##*/} is not empty"
	t_show "$1" "${1##*/}"
}

# expect_same FILE WANTED: the same bytes.
expect_same() {
	cmp -s "$1" "$2" && return 0
	t_fail "${1##*/} is not as ${2##*/}"
	diff -u "$2" "$1" 2>&1 | t_show - diff
}

# expect_json FILTER FILE: jq -e gives true for the (or for every) value.
expect_json() {
	jq -s -e "length > 0 and all(.[]; $1)" "$2" > /dev/null 2>&1 &&
	    return 0
	t_fail "${2##*/} does not hold: $1"
	t_show "$2" "${2##*/}"
}

# expect WHAT COMMAND...: any command that succeeds.
expect() {
	t_what=$1
	shift
	"$@" > /dev/null 2>&1 || t_fail "$t_what: $*"
}
