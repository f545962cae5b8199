#!/bin/sh
# planted.sh: tests/planted, a small export of a museum's articles, against
# its truth.tsv: a template of which most text is shared, and clusters with an
# article that may not be merged.
. "$(dirname "$0")/lib.sh"

planted=$KB_ROOT/tests/planted

# told WHAT...: the rows of the truth.
told() {
	for what in "$@"; do
		awk -F '\t' -v what="$what" 'BEGIN { OFS = "\t" }
		    $1 == what { print $1, $2, $3 }' "$planted/truth.tsv"
	done | sort
}

t_begin planted__every_pair_is_called_what_it_is
expect_exit 0 "$KB_INDEX" build -o p.kb --as-of 2026-10-01 "$planted"
expect_exit 0 "$KB_INDEX" duplicates p.kb
awk -F '\t' 'BEGIN { OFS = "\t" } NR > 1 { print $3, $1, $2 }' "$T_OUT" |
    sort > said
told near template > wanted
expect_same said wanted
awk -F '\t' '$3 == "template" && $7 >= 0.8' "$T_OUT" > high
[ -s high ] || t_fail "no template shares four fifths"

t_begin planted__a_template_is_in_no_cluster_and_no_finding
expect_exit 0 "$KB_INDEX" duplicates --clusters p.kb
expect_no_match 'KB000000[12]' "$T_OUT"
expect_exit 0 "$KB_INDEX" report p.kb --format json
expect_json '[.findings[] | select(.article == "KB0000001" or
    .article == "KB0000002")] == []' "$T_OUT"

t_begin planted__every_member_of_a_cluster_has_its_verdict
expect_exit 0 "$KB_INDEX" plan p.kb --json --redirects map.tsv
cp "$T_OUT" plan.json
jq -r '.clusters[] | .keep.id as $k | .members[] |
    [.verdict, .id, $k] | @tsv' plan.json | sort > said
told merge refuse stay > wanted
expect_same said wanted

# All that only the one for the staff of security says, its title included.
t_begin planted__a_refused_article_is_shown_to_nobody
expect_exit 0 "$KB_INDEX" plan p.kb
for file in "$T_OUT" plan.json map.tsv; do
	expect_no_match '4711|small key|security only' "$file"
done
expect_match 'green armband' plan.json
expect_no_match 'KB000000[57]' map.tsv
expect_exit 0 "$KB_INDEX" report p.kb --format html
expect_no_match '4711|small key' "$T_OUT"

# The report says at a glance what to do: it must not say "merge" there.
t_begin planted__the_report_merges_nothing_of_other_readers
expect_exit 0 "$KB_INDEX" report p.kb
expect_match 'merge  Alarm: what to do .* near$' "$T_OUT"
expect_match 'ask    Alarm \(security only\) .* near, other readers$' "$T_OUT"
expect_exit 0 "$KB_INDEX" report p.kb --format html
expect_count 4 'nearly the same, for other readers' "$T_OUT"
expect_count 2 'nearly the same: merge' "$T_OUT"

t_begin planted__who_may_not_read_it_is_told_when_it_is_shown
expect_exit 0 "$KB_QUERY" show p.kb KB0000005
expect_match '^readers   not everyone$' "$T_OUT"
expect_exit 0 "$KB_QUERY" show --json p.kb KB0000005
expect_json '.restricted' "$T_OUT"
expect_exit 0 "$KB_QUERY" show p.kb KB0000003
expect_no_match '^readers' "$T_OUT"
expect_exit 1 "$KB_QUERY" suggest p.kb 4711
expect_match 'not for everyone' "$T_OUT"

# What one of a cluster alone says is an answer until somebody merges it.
t_begin planted__a_duplicate_answers_what_it_alone_says
expect_exit 0 "$KB_QUERY" suggest --json p.kb 'Which armband do wardens wear?'
expect_json '.suggestions[0] | .id == "KB0000004" and
    (.quote | contains("armband")) and .trust.canonical == "KB0000003"' \
    "$T_OUT"
expect_exit 0 "$KB_QUERY" suggest --json p.kb 'when the alarm rings'
expect_json '.suggestions[0].id == "KB0000003"' "$T_OUT"
expect_exit 1 "$KB_QUERY" suggest --json p.kb 4711
expect_json '.reason == "withheld" and .near == []' "$T_OUT"

t_done
