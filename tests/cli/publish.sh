#!/bin/sh
# publish.sh: an index is published whole or not at all, and a damaged one is
# refused: builds that are stopped, disks that fill, bytes that change.

# What is mounted here is to end with this program, however that ends.
if [ "$(id -u)" -eq 0 ] && [ -z "${KB_MAY_MOUNT:-}" ] &&
    unshare --mount true 2> /dev/null; then
	exec env KB_MAY_MOUNT=yes unshare --mount "$0"
fi
may_mount=${KB_MAY_MOUNT:-}

. "$(dirname "$0")/lib.sh"
. "$KB_ROOT/tests/cli/samples.sh"

damage=$KB_ROOT/tests/cli/damage.py
asking='word1 word2 word3'

t_begin publish__an_index_to_harm
records 300 > few.xml
records 3000 > many.xml
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 few.xml
expect_exit 0 "$KB_QUERY" suggest x.kb --json --threshold 0.1 "$asking"
cp "$T_OUT" answer

# ---- damage ----

# fresh: a copy of the index as i.kb, its files in $db and $sum.
fresh() {
	rm -rf i.kb
	cp -r x.kb i.kb
	db=$(echo i.kb/all-*.db)
	sum=$(echo i.kb/all-*.sum)
}

# expect_refused REGEX: each command says that the index is of no use.
expect_refused() {
	expect_exit 3 "$KB_QUERY" suggest i.kb --threshold 0.1 "$asking"
	expect_match "^kb-query: $1" "$T_ERR"
	expect_empty "$T_OUT"
	for verb in report dump digest duplicates; do
		expect_exit 3 "$KB_INDEX" $verb i.kb
		expect_match "^kb-index: $1" "$T_ERR"
		expect_empty "$T_OUT"
	done
}

t_begin publish__a_missing_index_is_told
rm -rf i.kb
expect_refused "cannot open index 'i\\.kb': no such folder; build one with"
mkdir i.kb
expect_refused "cannot open index 'i\\.kb': no manifest\\.json there"
rmdir i.kb
echo text > i.kb
expect_refused "cannot open index 'i\\.kb': it is not a folder"
rm i.kb

t_begin publish__a_flipped_byte_in_the_manifest_or_the_sums_is_found
for percent in 0 10 25 50 75 90 100; do
	fresh
	python3 "$damage" flip i.kb/manifest.json $percent
	expect_refused "index 'i\\.kb' is damaged: .*manifest\\.json"
	fresh
	python3 "$damage" flip "$sum" $percent
	expect_refused "index 'i\\.kb' is damaged: .*checksum"
done

t_begin publish__a_flipped_byte_in_the_database_is_found_where_it_is_read
found=0
for percent in 0 1 2 3 5 10 20 30 40 50 60 70 80 90 95 99 100; do
	fresh
	python3 "$damage" flip "$db" $percent
	code=0
	"$KB_QUERY" suggest i.kb --json --threshold 0.1 "$asking" \
	    > got 2> err || code=$?
	if [ $code -eq 3 ]; then
		expect_match "^kb-query: index 'i\\.kb' is damaged: block" err
		expect_empty got
		found=$((found + 1))
	else
		[ $code -eq 0 ] || t_fail "exit code $code at $percent %"
		expect_same got answer
	fi
done
[ "$found" -ge 5 ] || t_fail "only $found of 17 were found"

t_begin publish__cut_off_or_lost_files_are_found
for file in manifest.json "$(basename x.kb/all-*.db)" \
    "$(basename x.kb/all-*.sum)"; do
	for size in 0 1 100 -1; do
		fresh
		truncate -s "$size" "i.kb/$file"
		expect_refused "index 'i\\.kb' is damaged: "
	done
	fresh
	rm "i.kb/$file"
	expect_refused "(index 'i\\.kb' is damaged|cannot open index 'i\\.kb')"
done

t_begin publish__another_format_is_told
for number in 0 2 99; do
	fresh
	python3 "$damage" forge i.kb $number
	expect_refused "index 'i\\.kb' has format $number, this program reads 1"
done
fresh
python3 "$damage" forge i.kb
expect_exit 0 "$KB_QUERY" suggest i.kb --threshold 0.1 "$asking"

t_begin publish__a_forged_database_does_no_harm
fresh
noise 200000 > "$db"
python3 "$damage" forge i.kb
expect_refused "index 'i\\.kb' is damaged"
fresh
rm "$db"
sqlite3 "$db" 'CREATE TABLE t(x); INSERT INTO t VALUES(1);'
python3 "$damage" forge i.kb
expect_refused "'i\\.kb/.*' is another program's database"
for table in article passage term meta fts; do
	fresh
	sqlite3 "$db" "DROP TABLE $table"
	python3 "$damage" forge i.kb
	expect_exit 3 "$KB_QUERY" suggest i.kb "$asking"
	expect_match "^kb-query: .*'i\\.kb'" "$T_ERR"
done
for percent in 1 2 4 8 15 22 29 36 43 51 58 65 72 79 86 93 99; do
	fresh
	for more in 0 1; do
		python3 "$damage" flip "$db" $((percent + more))
	done
	python3 "$damage" forge i.kb
	for args in "suggest i.kb word1 word2" "run i.kb --queries queries"; do
		echo '{"_id":"1","text":"word1 word2 word3"}' > queries
		code=0
		# shellcheck disable=SC2086
		timeout 20 "$KB_QUERY" $args > got 2> err || code=$?
		[ $code -le 1 ] || [ $code -eq 3 ] ||
		    t_fail "exit code $code at $percent %: $args"
		expect_no_match 'Sanitizer|runtime error' err
	done
	for verb in report dump digest duplicates; do
		code=0
		timeout 20 "$KB_INDEX" $verb i.kb > got 2> err || code=$?
		[ $code -eq 0 ] || [ $code -eq 3 ] ||
		    t_fail "exit code $code at $percent %: $verb"
		expect_no_match 'Sanitizer|runtime error' err
	done
done

t_begin publish__building_again_mends_a_damaged_index
for file in manifest.json "$(basename x.kb/all-*.db)" \
    "$(basename x.kb/all-*.sum)"; do
	fresh
	python3 "$damage" flip "i.kb/$file" 60
	expect_exit 0 "$KB_INDEX" build -o i.kb --as-of 2026-10-01 few.xml
	expect_same "i.kb/$file" "x.kb/$file"
done

# ---- the same again ----

t_begin publish__nothing_changed_reuses_the_generation
remember x.kb "$asking"
stat -c '%i %Y %s' x.kb/all-* x.kb/history.jsonl > before
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 few.xml
stat -c '%i %Y %s' x.kb/all-* x.kb/history.jsonl > after
expect_same after before
expect_as_remembered x.kb
expect_count 1 . x.kb/history.jsonl

t_begin publish__a_change_makes_a_generation_and_a_line_of_history
old=$(echo x.kb/all-*.db)
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-02 few.xml
expect_count 2 . x.kb/history.jsonl
[ ! -e "$old" ] || t_fail "the old generation was left"
[ "$(find x.kb -name 'all-*' | wc -l)" -eq 2 ] || t_fail "not two files"
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 few.xml
[ -e "$old" ] || t_fail "the same content got another name"

t_begin publish__an_index_can_be_moved
remember x.kb "$asking"
mkdir -p elsewhere
mv x.kb elsewhere/moved.kb
expect_as_remembered elsewhere/moved.kb
mv elsewhere/moved.kb x.kb

t_begin publish__a_read_only_folder_can_be_queried
remember x.kb "$asking"
cp -r x.kb ro.kb
chmod 444 ro.kb/*
chmod 555 ro.kb
mounted=
if [ -n "$may_mount" ] && mount --bind ro.kb ro.kb 2> /dev/null; then
	mounted=yes
	mount -o remount,bind,ro ro.kb
fi
expect_as_remembered ro.kb
if [ "$(id -u)" -ne 0 ] || [ -n "$mounted" ]; then
	expect_exit 4 "$KB_INDEX" build -o ro.kb --as-of 2026-10-02 few.xml
	expect_match "'ro\\.kb" "$T_ERR"
	expect_as_remembered ro.kb
fi
[ -z "$mounted" ] || umount ro.kb
chmod -R u+w ro.kb

# ---- builds that do not end ----

# start AS-OF: a build of many articles in the background, well under way.
start() {
	rm -f x.kb/tmp-*	# of one that was stopped before
	env --default-signal=INT "$KB_INDEX" build --quiet -o x.kb \
	    --as-of "$1" many.xml > /dev/null 2>&1 < /dev/null &
	child=$!
	tries=0
	until [ -e x.kb/tmp-all.db ] || ! kill -0 $child 2> /dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 1000000 ] || break
	done
	[ -e x.kb/tmp-all.db ] || t_fail "the build was not seen at work"
}

# stopped SIGNAL: what the build said in the end.
stopped() {
	kill "-$1" $child
	code=0
	wait $child 2> /dev/null || code=$?
	[ $code -gt 128 ] || t_fail "SIG$1 came late: exit code $code"
}

expect_no_remains() {
	[ -z "$(find x.kb -name 'tmp-*')" ] ||
	    t_fail "remains: $(find x.kb -name 'tmp-*')"
}

t_begin publish__a_second_build_is_refused_while_one_writes
remember x.kb "$asking"
start 2026-10-03
kill -STOP $child
expect_exit 4 "$KB_INDEX" build -o x.kb --as-of 2026-10-04 few.xml
expect_match "another kb-index is writing 'x\\.kb'" "$T_ERR"
expect_as_remembered x.kb
kill -CONT $child
code=0
wait $child || code=$?
[ $code -eq 0 ] || t_fail "the first build: exit code $code"
expect_count 1 '"as_of":"2026-10-03"' x.kb/manifest.json
expect_no_remains

t_begin publish__builds_at_once_leave_one_whole_index
for n in 1 2 3 4; do
	"$KB_INDEX" build -o many.kb --as-of "2026-10-0$n" few.xml \
	    > /dev/null 2> "err.$n" < /dev/null &
	eval "build_$n=\$!"
done
done_well=0
for n in 1 2 3 4; do
	code=0
	eval "wait \$build_$n" || code=$?
	case $code in
	0) done_well=$((done_well + 1)) ;;
	4) expect_match 'another kb-index is writing' "err.$n" ;;
	*) t_fail "exit code $code of build $n" ;;
	esac
done
[ $done_well -gt 0 ] || t_fail "none of them published"
expect_exit 0 "$KB_QUERY" suggest many.kb --threshold 0.1 "$asking"
expect_count "$done_well" . many.kb/history.jsonl

t_begin publish__an_interrupted_build_leaves_what_was_there
remember x.kb "$asking"
start 2026-10-05
stopped INT
expect_as_remembered x.kb
start 2026-10-05
stopped TERM
expect_as_remembered x.kb

t_begin publish__a_killed_build_leaves_what_was_there_and_can_be_repeated
start 2026-10-06
stopped KILL
expect_as_remembered x.kb
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-06 many.xml
expect_no_remains
expect_exit 0 "$KB_QUERY" suggest x.kb --threshold 0.1 "$asking"

t_begin publish__a_build_killed_at_any_time_leaves_a_whole_index
for wait in 0 0.01 0.03 0.06 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5 0.6; do
	# Two that alternate, so that there is something to publish.
	"$KB_INDEX" build --quiet -o k.kb --as-of 2026-10-01 few.xml
	"$KB_INDEX" build --quiet -o k.kb --as-of 2026-10-08 many.xml \
	    > /dev/null 2>&1 < /dev/null &
	child=$!
	sleep $wait
	kill -KILL $child 2> /dev/null || true
	wait $child 2> /dev/null || true
	expect_exit 0 "$KB_QUERY" suggest k.kb --threshold 0.1 "$asking"
	expect_exit 0 "$KB_INDEX" digest k.kb
done
expect_exit 0 "$KB_INDEX" build -o k.kb --as-of 2026-10-01 few.xml
[ "$(find k.kb -name 'all-*' -o -name 'tmp-*' | wc -l)" -eq 2 ] ||
    t_fail "remains: $(find k.kb)"

# ---- disks that fill ----

# limited BLOCKS COMMAND...: with a limit to the size of files.
limited() (
	ulimit -f "$1"
	shift
	exec "$@"
)

# full COMMAND...: with a standard output that takes nothing.
full() {
	"$@" > /dev/full
}

mkdir disk
if [ -n "$may_mount" ] &&
    mount -t tmpfs -o size=5m none disk 2> /dev/null; then
	t_begin publish__a_full_disk_leaves_what_was_there
	"$KB_INDEX" build --quiet -o disk/x.kb --as-of 2026-10-01 few.xml
	remember disk/x.kb "$asking"
	expect_exit 4 "$KB_INDEX" build -o disk/x.kb --as-of 2026-10-02 \
	    many.xml
	expect_match 'disk is full|No space left' "$T_ERR"
	expect_as_remembered disk/x.kb
	[ -z "$(find disk -name 'tmp-*')" ] || t_fail "remains"
	expect_exit 0 "$KB_INDEX" build -o disk/x.kb --as-of 2026-10-02 few.xml
	umount disk
else
	t_skip publish__a_full_disk_leaves_what_was_there \
	    "no tmpfs may be mounted here"
fi

t_begin publish__a_file_size_limit_leaves_what_was_there
remember x.kb "$asking"
for blocks in 1 8 100 1000 4000; do
	expect_exit 4 limited $blocks "$KB_INDEX" build -o x.kb \
	    --as-of 2026-10-07 many.xml
	expect_match '^kb-index: cannot (write|make) ' "$T_ERR"
	expect_as_remembered x.kb
	expect_no_remains
done

t_begin publish__a_full_standard_output_is_told
for args in 'report x.kb' 'report x.kb --format json' \
    'report x.kb --format csv' 'report x.kb --format html' 'dump x.kb' \
    'duplicates x.kb' 'digest x.kb' 'inspect few.xml'; do
	# shellcheck disable=SC2086
	expect_exit 4 full "$KB_INDEX" $args
	expect_match 'No space left' "$T_ERR"
done
expect_exit 4 full "$KB_QUERY" suggest x.kb \
    "$asking"
expect_exit 4 full "$KB_QUERY" terms x.kb a

t_begin publish__a_reader_that_leaves_is_no_error
expect_exit 0 sh -c '"$@" | head -c 10 > /dev/null' pipe "$KB_INDEX" dump x.kb
expect_empty "$T_ERR"

t_done
