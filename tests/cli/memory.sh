#!/bin/sh
# memory.sh: what a reader keeps in memory does not grow with the file.
. "$(dirname "$0")/lib.sh"

if nm "$KB_INDEX" 2>/dev/null | grep -q __asan_init; then
	t_skip memory__of_reading_does_not_grow_with_the_file \
	    "a sanitizer keeps memory of its own"
	t_done
fi

t_begin memory__of_reading_does_not_grow_with_the_file
expect_exit 0 python3 "$KB_ROOT/tests/cli/memory.py" 6 \
    "$KB_INDEX" inspect --threads 1
read -r small_own small_worker < "$T_OUT"
expect_exit 0 python3 "$KB_ROOT/tests/cli/memory.py" 60 \
    "$KB_INDEX" inspect --threads 1
read -r own worker < "$T_OUT"
expect 'of kb-index, measured' [ "$small_own" -gt 0 ]
expect 'of the worker, measured' [ "$small_worker" -gt 0 ]
[ "$own" -lt $((small_own + 4096)) ] ||
    t_fail "kb-index: $small_own KiB for 6 MB, $own for 60"
[ "$worker" -lt $((small_worker + 4096)) ] ||
    t_fail "worker: $small_worker KiB for 6 MB, $worker for 60"
expect "kb-index within 32 MiB" [ "$own" -lt 32768 ]
expect "the worker within 32 MiB" [ "$worker" -lt 32768 ]

t_done
