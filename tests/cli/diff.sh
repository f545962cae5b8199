#!/bin/sh
# diff.sh: two articles side by side, in the terminal, as JSON and on the
# report's page.
# shellcheck disable=SC2016
. "$(dirname "$0")/lib.sh"

corpus=$KB_ROOT/corpora/helpdesk

# page NAME TITLE HEAD: a page that differs from others in its fourth sentence.
page() {
	mkdir -p pages
	cat > "pages/$1" <<END
<!DOCTYPE html><html lang="en"><head><title>$2</title>$3</head><body>
<h1>$2</h1><p>When the client says that the profile is damaged, remove the
profile and load it again. Nothing is lost by that, and you need no rights of
an administrator for it. Keep your phone at hand. $4</p>
<h2>On Windows</h2><ol><li>Open Settings, then Network, then VPN.</li>
<li>Choose the profile and click Remove.</li><li>Open the client again: it
loads the profile by itself.</li></ol>
<p>Call the service desk if the same message comes up again on the next day or
later in the same week.</p></body></html>
END
}

t_begin diff__shows_changed_words_of_two_near_duplicates
expect_exit 0 "$KB_INDEX" build --quiet -o h.kb --as-of 2026-10-01 "$corpus"
expect_exit 0 "$KB_INDEX" diff h.kb 1207 KB0010012
expect_match '^--- 1207  New phone' "$T_OUT"
expect_match '^\+\+\+ KB0010012  Move the authenticator' "$T_OUT"
expect_match '^    owner: Identity Team$' "$T_OUT"
expect_match '^12 paragraphs the same, 2 changed$' "$T_OUT"
expect_match '^~   4\. .*\[-appear-\] \{\+stand\+\}' "$T_OUT"
expect_match '^\.\.\. [0-9]+ paragraphs the same$' "$T_OUT"
expect_empty "$T_ERR"

t_begin diff__full_folds_nothing_and_context_sets_how_much
expect_exit 0 "$KB_INDEX" diff --full h.kb 1207 KB0010012
expect_no_match '^\.\.\.' "$T_OUT"
expect_match '1\. Install Microsoft Authenticator' "$T_OUT"
expect_exit 0 "$KB_INDEX" diff -U 0 h.kb 1207 KB0010012
expect_no_match '^  #' "$T_OUT"
expect_count 2 '^\.\.\. ' "$T_OUT"

t_begin diff__has_colours_only_where_they_are_asked_for
expect_exit 0 "$KB_INDEX" diff --color always h.kb 1207 KB0010012
expect_match "$(printf '\033')" "$T_OUT"
expect_no_match '\[-' "$T_OUT"
for when in auto never; do
	expect_exit 0 "$KB_INDEX" diff --color "$when" h.kb 1207 KB0010012
	expect_no_match "$(printf '\033')" "$T_OUT"
done

t_begin diff__keeps_to_the_width
expect_exit 0 "$KB_INDEX" diff --width 50 --full h.kb KB0010004 KB0010037
expect_no_match '^.{51}' "$T_OUT"
expect_exit 0 "$KB_INDEX" diff --width 0 --full h.kb KB0010004 KB0010037
expect_match '^.{150}' "$T_OUT"

t_begin diff__of_an_article_and_itself_is_all_the_same
expect_exit 0 "$KB_INDEX" diff --json h.kb 1207 1207
expect_json '.counts == {same: 14, changed: 0, only_a: 0, only_b: 0, moved: 0}
    and ([.rows[] | .exact and (.moved | not)] | all) and .pair == null' \
    "$T_OUT"

t_begin diff__json_holds_every_paragraph_of_both_once
for pair in '1207 KB0010012' '1318 1342' '48693262 usb-storage-request' \
    '1207 1318'; do
	# shellcheck disable=SC2086
	expect_exit 0 "$KB_INDEX" diff --json h.kb $pair
	expect_json '. as $d | ["a", "b"] | all(. as $s |
	    [$d.rows[] | .[$s] // empty | .n] | sort ==
	    [range(1; $d[$s].paragraphs + 1)])' "$T_OUT"
	expect_json '([.counts | .same, .changed, .only_a, .only_b] | add) ==
	    (.rows | length)' "$T_OUT"
	expect_json '[.rows[] | select(.edits) | . as $r | ("a", "b") | . as $s |
	    [$r.edits[][$s]] | add as $t | $r[$s].text | endswith($t)] |
	    all' "$T_OUT"
	expect_json '[.rows[] | .a, .b | select(. != null) | .span |
	    .start < .end] | all' "$T_OUT"
done

t_begin diff__spans_lead_to_the_source
expect_exit 0 "$KB_INDEX" diff --json h.kb 48693262 usb-storage-request
jq -r '.rows[] | .a, .b | select(. != null and .span.field == null) |
    [.span.path, .span.start, .span.end, .text] | @tsv' "$T_OUT" > spans.tsv
expect "there are spans in files" test -s spans.tsv
while IFS="$(printf '\t')" read -r path start end text; do
	dd if="$corpus/$path" bs=1 skip="$start" count=$((end - start)) \
	    2> /dev/null | sed 's/<[^>]*>//g' | tr -cd '[:alnum:]' > there
	printf '%s' "$text" | sed 's/^[0-9]*\. //; s/\\n//g' |
	    tr -cd '[:alnum:]' > here
	cmp -s here there || t_fail "$path $start $end is not: $text"
done < spans.tsv

t_begin diff__is_the_same_for_any_number_of_threads
expect_exit 0 "$KB_INDEX" build --quiet -o t.kb --threads 3 \
    --as-of 2026-10-01 "$corpus"
"$KB_INDEX" diff --json h.kb KB0010004 KB0010037 > one.json
"$KB_INDEX" diff --json t.kb KB0010004 KB0010037 > three.json
expect_same three.json one.json

t_begin diff__takes_aliases_and_names_what_it_cannot_find
expect_exit 3 "$KB_INDEX" diff h.kb 1207 nobody
expect_match "no article 'nobody'" "$T_ERR"
expect_empty "$T_OUT"
expect_exit 2 "$KB_INDEX" diff h.kb 1207
expect_exit 2 "$KB_INDEX" diff --color blue h.kb 1207 1318
expect_exit 3 "$KB_INDEX" diff missing.kb 1207 1318
expect_exit 0 "$KB_INDEX" diff --help
expect_match 'Example: kb-index diff' "$T_OUT"

t_begin diff__says_who_an_article_is_for
page one.html 'Repair the profile' '' 'It takes ten minutes in all.'
page two.html 'Mend the profile' '' 'It takes twenty minutes in all.'
page hr.html 'Reset the profile' '<meta name="audience" content="hr-team">' \
    'Secret staff list: cupboard nine.'
printf '[rules]\nnear = 1/2\n' > near.conf
expect_exit 0 "$KB_INDEX" build --quiet --config near.conf -o p.kb \
    --as-of 2026-10-01 pages
expect_exit 0 "$KB_INDEX" diff p.kb one.html hr.html
expect_match '^    not for everyone: hr-team$' "$T_OUT"
expect_match 'cupboard' "$T_OUT"
expect_exit 0 "$KB_INDEX" diff --json p.kb one.html hr.html
expect_json '.b.restricted and .b.audience == ["hr-team"]' "$T_OUT"

t_begin report__lays_duplicates_side_by_side
expect_exit 0 "$KB_INDEX" dump h.kb
n=$(jq -r 'select(.canonical | not) | .id' "$T_OUT" | wc -l)
expect_exit 0 "$KB_INDEX" report h.kb --format html
expect_count "$n" '<details class="pair">' "$T_OUT"
expect_match '<mark>(appear|stand)</mark>' "$T_OUT"
expect_match 'paragraphs the same</summary>' "$T_OUT"

t_begin report__never_has_the_text_of_an_article_that_is_not_for_everyone
expect_exit 0 "$KB_INDEX" report p.kb --format html
expect_match 'Not shown here: .*not for everyone' "$T_OUT"
expect_match '<mark>(ten|twenty)</mark>' "$T_OUT"
expect_no_match 'cupboard' "$T_OUT"

t_done
