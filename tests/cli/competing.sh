#!/bin/sh
# competing.sh: articles that answer one question in different words, found
# in corpora/helpdesk by kb-index competing.
. "$(dirname "$0")/lib.sh"

"$KB_INDEX" build --quiet --as-of 2026-10-01 -o helpdesk.kb \
    "$KB_ROOT/corpora/helpdesk" > build.out 2>&1 ||
    { cat build.out; exit 1; }

t_begin competing__prints_a_table_best_first
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --score 0
cp "$T_OUT" all.tsv
expect_match "^score	id-a	id-b	answer-a	answer-b	title-a	title-b$" all.tsv
awk -F '\t' 'NF != 7 { exit 1 }' all.tsv || t_fail "not seven columns"
awk -F '\t' 'NR == 2 { last = $1 }
    NR > 2 && $1 > last { exit 1 }
    { last = $1 }' all.tsv || t_fail "scores rise"
[ "$(wc -l < all.tsv)" -gt 5 ] || t_fail "hardly any pairs"

t_begin competing__no_article_is_in_two_pairs
cut -f 2,3 all.tsv | tail -n +2 | tr '\t' '\n' | sort | uniq -d > twice
[ ! -s twice ] || t_fail "in two pairs: $(cat twice)"

# Articles that the corpus has twice in other words, in two exports.
t_begin competing__finds_what_two_exports_both_answer
for pair in '48693266	KB0010009' '1223	KB0010032' '1226	48693288' \
    '48693255	KB0010002'; do
	expect_match "	$pair	" all.tsv
done

t_begin competing__the_likely_ones_are_the_head_of_all
expect_exit 0 "$KB_INDEX" competing helpdesk.kb
n=$(wc -l < "$T_OUT")
[ "$n" -gt 1 ] || t_fail "nothing is likely"
[ "$n" -lt "$(wc -l < all.tsv)" ] || t_fail "everything is likely"
head -n "$n" all.tsv | cmp -s - "$T_OUT" || t_fail "not the head"

t_begin competing__limit_cuts_the_list
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --score 0 --limit 2
head -n 3 all.tsv | cmp -s - "$T_OUT" || t_fail "not the first two"

t_begin competing__json_says_the_same_and_why
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --score 0 --json
python3 - "$T_OUT" all.tsv > said 2>&1 <<'END' || t_fail "$(cat said)"
import json, sys
answer = json.load(open(sys.argv[1]))
lines = [l.rstrip("\n").split("\t") for l in open(sys.argv[2])][1:]
assert answer["format"] == 1
assert len(answer["generation"]) == 16
assert answer["pairs"] == len(lines) == len(answer["competing"])
assert answer["candidates"] >= answer["pairs"]
assert answer["articles"] > 100 and answer["not_asked"] == 0
for line, pair in zip(lines, answer["competing"]):
    assert line[1:3] == [pair["a"]["id"], pair["b"]["id"]], line
    assert abs(float(line[0]) - pair["score"]) < 0.001, line
    assert set(pair["features"]) == {"answer", "title", "cover", "focus",
        "body", "heading", "length", "linked", "apart"}
END

t_begin competing__any_number_of_threads_says_the_same
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --score 0 --threads 4
cmp -s all.tsv "$T_OUT" || t_fail "four threads say something else"
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --score 0 --threads 1
cmp -s all.tsv "$T_OUT" || t_fail "one thread says something else"

t_begin competing__refuses_what_makes_no_sense
expect_exit 2 "$KB_INDEX" competing
expect_exit 2 "$KB_INDEX" competing helpdesk.kb other.kb
expect_exit 2 "$KB_INDEX" competing helpdesk.kb --score 2
expect_exit 2 "$KB_INDEX" competing helpdesk.kb --score nan
expect_exit 2 "$KB_INDEX" competing helpdesk.kb --limit 0
expect_exit 3 "$KB_INDEX" competing missing.kb
expect_match 'missing.kb' "$T_ERR"
expect_exit 0 "$KB_INDEX" competing --help

t_done
