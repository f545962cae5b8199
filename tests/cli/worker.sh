#!/bin/sh
# worker.sh: the processes that read, seen from outside: what they call, what
# is left of them, what happens to files that change.  Their faults are
# tested in tests/unit/test_worker.c.
. "$(dirname "$0")/lib.sh"

corpus=$KB_ROOT/corpora/helpdesk
calls='^(open|openat|openat2|creat|socket|connect|bind|execve|execveat|fork'
calls="$calls|vfork|clone|clone3|ptrace|unlink|unlinkat|mkdir|mkdirat)\\("

# The trace of one process from its last prctl(PR_SET_DUMPABLE) on, without
# the lines of signals.
inside() {
	awk '/prctl\(PR_SET_NO_NEW_PRIVS/ { on = 1; next } on' "$1"
}

is_sanitized() {
	nm "$KB_INDEX" 2> /dev/null | grep -q __asan_init
}

if command -v strace > /dev/null && ! is_sanitized &&
    strace -qq -o probe true 2> /dev/null; then
	t_begin worker__calls_nothing_that_opens_connects_or_starts
	cp -r "$corpus" in
	find in -name '*.html' -print | sort | head -n 5 > pages
	xargs gzip < pages
	printf '%s' '<title>T</title><script type="application/ld+json">' \
	    '{"@type":"Article"}</script><p>one two' > in/data.html
	mkdir traces
	expect_exit 0 strace -ff -qq -o traces/t "$KB_INDEX" build --quiet \
	    --as-of 2026-10-01 --threads 2 -o traced.kb in
	workers=0
	for t in traces/t.*; do
		grep -q PR_SET_NO_NEW_PRIVS "$t" || continue
		workers=$((workers + 1))
		inside "$t" > calls
		# Landlock and seccomp themselves, then only what is needed.
		expect_match '^(seccomp|prctl\(PR_SET_SECCOMP)' calls
		sed '1,/^seccomp(SECCOMP_SET_MODE_FILTER\|^prctl(PR_SET_SECCOMP/d' \
		    calls > parsing
		expect_match '^(read|recvmsg)\(' parsing
		expect_no_match "$calls" parsing
		expect_no_match 'SIGSYS' parsing
	done
	[ "$workers" -ge 2 ] || t_fail "$workers workers were traced"

	t_begin worker__the_index_is_the_same_traced_or_not
	expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o plain.kb in
	expect_same plain.kb/manifest.json traced.kb/manifest.json
else
	t_skip worker__calls_nothing_that_opens_connects_or_starts \
	    'needs strace, the right to trace, and a build without sanitizers'
fi

# An export that takes a while.
mkdir big
awk 'BEGIN {
	print "<articles>"
	for (i = 0; i < 40000; i++)
		print "<article><id>a" i "</id><title>Title " i "</title>" \
		    "<body format=\"text\">Some words of the article number " \
		    i ", and no others.</body></article>"
	print "</articles>" }' > big/big.xml

# family PID: it and what descends from it.
family() {
	echo "$1"
	# shellcheck disable=SC2013
	for child in $(cat "/proc/$1/task/$1/children" 2> /dev/null); do
		family "$child"
	done
}

if [ -r "/proc/$$/task/$$/children" ]; then
	t_begin worker__nothing_is_left_of_a_build_that_is_killed
	"$KB_INDEX" build --quiet --threads 2 -o killed.kb big &
	pid=$!
	n=0
	i=0
	while [ "$n" -lt 3 ] && [ "$i" -lt 200 ]; do
		family "$pid" > processes
		n=$(wc -l < processes)
		i=$((i + 1))
		sleep 0.01
	done
	[ "$n" -ge 3 ] || t_fail "only $n processes were seen"
	kill -9 "$pid"
	wait "$pid" 2> /dev/null
	i=0
	alive=yes
	while [ -n "$alive" ] && [ "$i" -lt 300 ]; do
		alive=
		# shellcheck disable=SC2013
		for p in $(cat processes); do
			state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' \
			    "/proc/$p/status" 2> /dev/null) || state=
			case $state in ''|Z|X) ;; *) alive="$alive $p" ;; esac
		done
		i=$((i + 1))
		sleep 0.01
	done
	[ -z "$alive" ] || t_fail "still there:$alive"

	t_begin worker__an_interrupt_ends_the_program_and_its_workers
	env --default-signal=INT "$KB_INDEX" build --quiet --threads 2 \
	    -o interrupted.kb big &
	pid=$!
	i=0
	while [ "$(family "$pid" | wc -l)" -lt 3 ] && [ "$i" -lt 200 ]; do
		i=$((i + 1))
		sleep 0.01
	done
	kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 130 ] || t_fail "exit code $code, not 130"
else
	t_skip worker__nothing_is_left_of_a_build_that_is_killed \
	    'this kernel lists no children'
fi

t_begin worker__a_full_sandbox_says_nothing
if ! is_sanitized; then
	expect_exit 0 "$KB_INDEX" inspect "$corpus"
	expect_no_match 'note: the readers run without' "$T_ERR"
fi

t_begin worker__without_a_process_there_is_an_error_and_no_index
mkdir one
printf '<p>one two three' > one/a.html
if [ "$(id -u)" -eq 0 ]; then
	as='setpriv --reuid 65534 --regid 65534 --clear-groups'
	chmod 777 .
else
	as=
fi
# shellcheck disable=SC2086
expect_exit 4 $as env ASAN_OPTIONS=detect_leaks=0 prlimit --nproc=0 \
    "$KB_INDEX" build --quiet -o none.kb one
expect_match 'cannot start the processes that read' "$T_ERR"

t_done
