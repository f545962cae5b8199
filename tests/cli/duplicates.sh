#!/bin/sh
# duplicates.sh: what pairs of articles are called, who stands for whom and
# why, and what is listed.
. "$(dirname "$0")/lib.sh"

# words FROM TO: sentences that no other range has.
words() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "w%d %s", i, i % 12 ? "" : ". "
	}'
}

# page FILE TITLE TEXT [DATE]
page() {
	mkdir -p "$(dirname "$1")"
	cat > "$1" <<-END
		<!DOCTYPE html><html lang="en"><head><title>$2</title>
		${4:+<meta name="last-reviewed" content="$4">}
		</head><body><p>$3</p></body></html>
	END
}

page kb/same-1.html 'Reset a password' "$(words 1 60)" 2026-03-01
page kb/same-2.html 'Reset a password' "$(words 1 60)" 2024-01-09
page kb/near.html 'Reset a password again' "$(words 1 58) q r" 2024-01-08
page kb/slider.html 'The slider' "slider $(words 101 160) slider"
page kb/spinner.html 'The spinner' "spinner $(words 101 160) spinner"
page kb/part.html 'Print' "$(words 201 260)"
page kb/whole.html 'Print and scan' "$(words 201 260) $(words 301 400)"
page m-13/use.html 'Use 13' "$(words 501 560) thirteen"
page m-14/use.html 'Use 14' "$(words 501 560) fourteen"
page m-13/same.html 'Same' "$(words 601 660)"
page m-14/same.html 'Same' "$(words 601 660)"

build() {
	expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 "$@" kb=kb \
	    m-13=m-13 m-14=m-14
}

t_begin duplicates__each_pair_has_its_relation
build -o d.kb
expect_match \
    '^pairs 7: identical 2, near 2, contained 1, template 1, version 1$' \
    "$T_OUT"
expect_exit 0 "$KB_INDEX" duplicates d.kb
cp "$T_OUT" pairs.tsv
tab=$(printf '\t')
for pair in "kb/same-1.html${tab}kb/same-2.html${tab}identical" \
    "kb/near.html${tab}kb/same-1.html${tab}near" \
    "kb/slider.html${tab}kb/spinner.html${tab}template" \
    "kb/part.html${tab}kb/whole.html${tab}contained" \
    "m-13/use.html${tab}m-14/use.html${tab}version" \
    "m-13/same.html${tab}m-14/same.html${tab}identical"; do
	expect_count 1 "^$pair$tab" pairs.tsv
done
expect_count 8 . pairs.tsv

t_begin duplicates__only_what_is_to_be_merged_is_found
expect_exit 0 "$KB_INDEX" report d.kb --format json
for code in identical near-duplicate contained; do
	expect_count 1 "\"code\":\"$code\",\"level\"" "$T_OUT"
done

t_begin duplicates__clusters_say_why
expect_exit 0 "$KB_INDEX" duplicates --clusters d.kb
expect_count 1 "^kb/same-1.html${tab}kb/same-2.html${tab}identical${tab}reviewed 2026-03-01, the other reviewed 2024-01-09\$" "$T_OUT"
expect_count 1 "^m-14/use.html${tab}m-13/use.html${tab}version${tab}version 14, the other 13\$" "$T_OUT"
expect_count 0 'slider\|whole' "$T_OUT"

t_begin duplicates__relations_can_be_chosen
expect_exit 0 "$KB_INDEX" duplicates --relation version --relation template d.kb
expect_count 3 . "$T_OUT"
expect_exit 2 "$KB_INDEX" duplicates --relation alike d.kb
expect_exit 2 "$KB_INDEX" duplicates
expect_exit 0 "$KB_INDEX" duplicates --clusters --relation version d.kb
expect_count 2 . "$T_OUT"

t_begin duplicates__json_says_the_same
expect_exit 0 "$KB_INDEX" duplicates --json d.kb
jq -r '.pairs[] | [.a, .b, .relation, .shared] | @tsv' "$T_OUT" > json.tsv
cut -f 1-4 pairs.tsv | tail -n +2 | cmp -s - json.tsv ||
    t_fail 'the pairs of --json are others'
expect_exit 0 "$KB_INDEX" duplicates --clusters --json d.kb
[ "$(jq '.members | length' "$T_OUT")" -eq 4 ] ||
    t_fail 'there are not four members'

t_begin duplicates__a_cut_list_is_told_and_clusters_stay
expect_exit 0 "$KB_INDEX" duplicates --clusters d.kb
cp "$T_OUT" clusters.tsv
build -o cut.kb --max-pairs 2
expect_match 'warning: only 2 of at least [0-9]+ pairs' "$T_ERR"
expect_exit 0 "$KB_INDEX" duplicates cut.kb
expect_count 3 . "$T_OUT"
expect_exit 0 "$KB_INDEX" duplicates --clusters cut.kb
cut -f 1,2 clusters.tsv > wanted
cut -f 1,2 "$T_OUT" | cmp -s wanted - || t_fail 'clusters differ'
expect_exit 2 "$KB_INDEX" build -o x.kb --max-pairs 0 kb

t_begin duplicates__threads_and_order_change_nothing
for n in 1 2 3; do
	build -o "t$n.kb" --threads $n
	cmp -s d.kb/manifest.json "t$n.kb/manifest.json" ||
	    t_fail "another index with $n threads"
done
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 -o o.kb m-14=m-14 kb=kb \
    m-13=m-13
cmp -s d.kb/manifest.json o.kb/manifest.json || t_fail 'order matters'

t_begin duplicates__a_key_hashes_otherwise_and_finds_the_same
printf '[duplicates]\nkey = 0123456789abcdef0123456789abcdef\n' > key.conf
build -o key.kb --config key.conf
expect_exit 0 "$KB_INDEX" duplicates key.kb
cmp -s pairs.tsv "$T_OUT" || t_fail 'the pairs are others'

# What half of all pages end with is their template, unless it is all they say.
t_begin duplicates__copies_that_are_most_of_a_folder_keep_their_text
for title in 'Lost badge' 'Broken lamp' 'Cold office' 'Wet floor' 'Dead mouse' \
    'Loud fan'; do
	page "most/$title.html" "$title" \
	    "</p><h1>$title</h1><p>$(words 1 30)</p><p>$(words 31 60)"
done
page most/other.html Other "</p><h1>Other matters</h1><p>$(words 101 160)"
page most/foot.html Foot "</p><h1>Nothing yet</h1><p>"
for file in most/*.html; do
	sed -i 's,</body>,<p>All rights reserved</body>,' "$file"
done
expect_exit 0 "$KB_INDEX" build --quiet -o most.kb most
expect_exit 0 "$KB_INDEX" duplicates most.kb
expect_count 15 'identical' "$T_OUT"
expect_exit 0 "$KB_INDEX" dump most.kb
grep '"id":"foot.html"' "$T_OUT" > foot || t_fail 'one is lost'
expect_no_match 'rights reserved' foot

t_done
