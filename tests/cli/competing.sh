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
expect_exit 0 "$KB_INDEX" competing helpdesk.kb --threads 256 --limit 1
expect_exit 2 "$KB_INDEX" competing helpdesk.kb --threads 257
expect_exit 3 "$KB_INDEX" competing missing.kb
expect_match 'missing.kb' "$T_ERR"
expect_exit 0 "$KB_INDEX" competing --help

# article ID TITLE PRODUCT CATEGORY BODY: one of our own shape.
article() {
	printf '<article><id>%s</id><title>%s</title>%s<category><level>%s</level></category>
<modified>%s</modified><body>%s</body></article>\n' "$1" "$2" \
	    "${3:+<product>$3</product>}" "$4" "$6" "$5"
}

# base PRODUCT-OF-A PRODUCT-OF-B: two competing articles among others.
base() {
	{
		echo '<articles format="1" xml:lang="en">'
		article a-1 'Keep the tunnel open' "$1" network '<p>The tunnel
		of the client ends by itself when nobody works. By default the
		tunnel is left open for ten hours. Choose Profiles in the
		client to keep it open longer.</p>' 2026-03-01
		article b-1 'Keep the tunnel open' "$2" travel '<p>When
		nobody works, the client ends the tunnel by itself. Normally
		the tunnel is left open for 8 hours. Choose Profiles in the
		client to keep it open longer.</p>' 2026-08-01
		article c-1 'Badge for the car park' Badges yard '<p>Show your
		badge at the barrier to get in.</p>' 2026-08-01
		article d-1 'Opening hours of the canteen' Meals house '<p>Lunch
		is served from noon until two, but on Fridays.</p>' 2026-08-01
		article e-1 'Forward your telephone' Phone house '<p>Press the
		diversion key and dial the extension.</p>' 2026-08-01
		article f-1 'Budget codes' Money desk '<p>Codes begin with the
		cost centre and end in the year.</p>' 2026-08-01
		echo '</articles>'
	} > base.xml
}

t_begin competing__a_build_finds_them_only_when_told_to
printf '[competing]\nfind = yes\n' > on.conf
base Tunnel Tunnel
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o off.kb base.xml
expect_json '.options.competing == false' off.kb/manifest.json
expect_exit 0 "$KB_INDEX" report off.kb --format json
expect_json '[.findings[] | select(.code == "competing" or
    .code == "conflict")] == []' "$T_OUT"
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 --config on.conf \
    -o on.kb base.xml
expect_json '.options.competing == true' on.kb/manifest.json

t_begin competing__the_finding_names_the_other_and_says_why
expect_exit 0 "$KB_INDEX" report on.kb --format json
cp "$T_OUT" on.json
expect_json '[.findings[] | select(.code == "competing")] | length == 1 and
    (.[0] | .level == "warning" and .article == "a-1" and
    .threshold == "0.90" and (.value | tonumber) >= 0.9 and
    (.message | contains("b-1") and contains("titles are alike by 100%")))' \
    on.json
expect_exit 0 "$KB_INDEX" competing on.kb --score 0.9
awk -F '\t' 'NR == 2 { printf "%.2f\n", $1 }' "$T_OUT" > said
jq -r '.findings[] | select(.code == "competing") | .value' on.json > wanted
expect_same said wanted
expect_exit 0 "$KB_INDEX" report on.kb
expect_match 'competing' "$T_OUT"

# One sentence is the same: too little to compare all that share as much.
t_begin competing__conflicts_are_looked_for_in_competing_articles
expect_json '[.findings[] | select(.code == "conflict")] | length == 1 and
    (.[0].message | contains("ten hours") and contains("8 hours"))' on.json
# An answer out of one of them says so.
"$KB_QUERY" suggest on.kb --json 'keep the tunnel open longer' > answer.json
expect_json '[.suggestions[] | select(.id == "a-1" and (.trust.findings |
    index("conflict")) != null)] | length > 0 and
    all(.[]; .trust.policy == "warn")' answer.json
printf '[competing]\nfind = yes\n[conflicts]\nfind = no\n' > only.conf
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 \
    --config only.conf -o only.kb base.xml
expect_exit 0 "$KB_INDEX" report only.kb --format json
expect_json '[.findings[] | select(.code == "competing")] | length == 1' \
    "$T_OUT"
expect_json '[.findings[] | select(.code == "conflict")] == []' "$T_OUT"

t_begin competing__the_plan_asks_a_person_and_merges_nothing
expect_exit 0 "$KB_INDEX" plan on.kb --json
cp "$T_OUT" plan.json
expect_json '.clusters == [] and .counts.competing == 1 and
    (.competing | length == 1) and (.competing[0] | .a.id == "a-1" and
    .b.id == "b-1" and .trusted == "b-1" and .score >= 0.9 and
    .titles_alike == 1 and .texts_alike > 0 and .texts_alike < 1 and
    (.conflicts | length) == 1)' plan.json
jq '.competing[0].score * 100 | round / 100' plan.json > said
jq -r '.findings[] | select(.code == "competing") | .value | tonumber' \
    on.json > wanted
expect_same said wanted
expect_exit 0 "$KB_INDEX" plan on.kb --redirects map.tsv
expect_match '^## Competing articles$' "$T_OUT"
expect_match 'b-1.*a-1.*titles are alike by 100%' "$T_OUT"
expect_match 'ten hours' "$T_OUT"
expect_no_match 'not looked for' "$T_OUT"
expect_count 1 '' map.tsv

t_begin competing__a_plan_says_that_they_were_not_looked_for
expect_exit 0 "$KB_INDEX" plan off.kb --json
expect_json '.competing == null and .counts.competing == 0' "$T_OUT"
expect_exit 0 "$KB_INDEX" plan off.kb
expect_match 'not looked for.*kb-index competing' "$T_OUT"
expect_no_match '^## Competing' "$T_OUT"

t_begin competing__is_no_finding_where_a_product_is_not_stated
base Tunnel ''
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 --config on.conf \
    -o half.kb base.xml
expect_exit 0 "$KB_INDEX" report half.kb --format json
expect_json '[.findings[] | select(.code == "competing")] == []' "$T_OUT"
expect_exit 0 "$KB_INDEX" competing half.kb --score 0.9
expect_match '	a-1	b-1	' "$T_OUT"

t_begin competing__a_build_says_the_same_with_any_number_of_threads
base Tunnel Tunnel
for n in 1 3; do
	expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 \
	    --threads $n --config on.conf -o "t$n.kb" base.xml
done
cmp -s t1.kb/manifest.json t3.kb/manifest.json || t_fail "manifests differ"

t_begin competing__a_setting_that_is_none_is_refused
printf '[competing]\nfind = maybe\n' > bad.conf
expect_exit 3 "$KB_INDEX" build --config bad.conf -o bad.kb base.xml
expect_match 'bad\.conf:2: find wants yes or no' "$T_ERR"
printf '[competing]\nleast = 1\n' > bad.conf
expect_exit 3 "$KB_INDEX" build --config bad.conf -o bad.kb base.xml
expect_match "bad\.conf:2: \[competing\] knows no 'least'" "$T_ERR"

t_done
