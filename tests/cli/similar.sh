#!/bin/sh
# similar.sh: drafts held against an index: what is found is what a plain
# comparison of words finds, and what `duplicates` lists.
. "$(dirname "$0")/lib.sh"

corpus=$KB_ROOT/corpora/helpdesk

# as_text ID OUT: an article's words.
as_text() {
	"$KB_INDEX" dump support.kb | jq -r --arg id "$1" \
	    'select(.id == $id) | .words' > "$2"
}

t_begin similar__the_sample_index_is_built
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o support.kb \
    "$corpus"

t_begin similar__finds_the_pairs_of_duplicates_with_their_figures
"$KB_INDEX" duplicates support.kb | awk -F '\t' -v OFS='\t' '
    NR > 1 && $7 >= 0.8 { print $1, $2, $4, $5, $6, $7 }' |
    LC_ALL=C sort > want
expect_exit 0 "$KB_INDEX" similar --json --threshold 4/5 --limit 1000 \
    support.kb "$corpus"
jq -r '.drafts[] | .id as $a | .shingles as $n | .hits[] |
    select((.itself | not) and $a < .id) |
    [$a, .id, .shared, $n, .size, .resemblance] | @tsv' "$T_OUT" |
    awk -F '\t' -v OFS='\t' '{ $6 = sprintf("%.6f", $6); print }' |
    LC_ALL=C sort > got
expect_same got want
[ -s want ] || t_fail "there are no duplicates to find"

t_begin similar__finds_what_a_plain_comparison_finds
"$KB_INDEX" dump support.kb > articles.jsonl
expect_exit 0 "$KB_INDEX" similar --json --limit 1000 support.kb "$corpus"
cp "$T_OUT" half.json
python3 - > differs 2>&1 <<'END'
import json

def shingles(words):
    w = words.split()
    if len(w) < 5:
        return {tuple(w)} if w else set()
    return {tuple(w[i:i + 5]) for i in range(len(w) - 4)}

sets = {}
for line in open('articles.jsonl'):
    a = json.loads(line)
    sets[a['id']] = shingles(a['words'] or '')
pairs = 0
for d in json.load(open('half.json'))['drafts']:
    x = sets[d['id']]
    want = {b: len(x & y) for b, y in sets.items()
            if len(x & y) * 2 >= len(x | y) > 0}
    got = {h['id']: h['shared'] for h in d['hits']}
    pairs += len(want)
    if want != got or d['shingles'] != len(x):
        print(d['id'], want, got)
if pairs <= len(sets):
    print('no pairs but those of articles with themselves')
END
expect_empty differs

t_begin similar__tells_a_writer_which_article_to_edit_instead
as_text 48693290 draft.txt
expect_exit 0 "$KB_INDEX" similar support.kb draft.txt
expect_match '^ +1\.00 +1\.00 +1\.00  48693290 .*word for word' "$T_OUT"
expect_match 'You would write it again: edit [^ ]+ instead' "$T_OUT"
expect_exit 0 "$KB_INDEX" similar --json support.kb draft.txt
cluster=$("$KB_INDEX" dump support.kb |
    jq -r 'select(.id == "48693290") | .cluster')
expect_json ".drafts[0].instead == \"$cluster\"" "$T_OUT"
expect_json '.drafts[0].hits[0].identical' "$T_OUT"

t_begin similar__reads_text_from_standard_input
"$KB_INDEX" similar --json support.kb - < draft.txt > out.json ||
    t_fail "exit code $?"
expect_json '.drafts[0].path == "-" and .drafts[0].id == null' out.json
expect_json '.drafts[0].hits[0].id == "48693290"' out.json

t_begin similar__tells_a_part_of_an_article_as_contained
awk '{ for (i = 1; i <= NF * 3 / 5; i++) printf "%s ", $i }' draft.txt > part.txt
expect_exit 0 "$KB_INDEX" similar support.kb part.txt
expect_match 'All of it is said already: see' "$T_OUT"
expect_exit 0 "$KB_INDEX" similar --json support.kb part.txt
expect_json '.drafts[0].hits[0] | .containment_draft == 1 and
    .containment_article < 0.7 and .id == "48693290"' "$T_OUT"
expect_json '.drafts[0].instead == null' "$T_OUT"
expect_exit 1 "$KB_INDEX" similar --threshold 0.8 support.kb part.txt

t_begin similar__leaves_numbers_of_steps_titles_and_targets_out
expect_exit 0 "$KB_INDEX" similar --json support.kb draft.txt
jq '.drafts[0].shingles' "$T_OUT" > plain
awk 'BEGIN { print "# A title of its own\n" }
    { for (i = 1; i <= NF; i += 10) {
	printf "%d. [%s](https://example.com/some/page)", i, $i
	for (k = i + 1; k < i + 10 && k <= NF; k++) printf " **%s**", $k
	printf "\n" } }' draft.txt > draft.md
expect_exit 0 "$KB_INDEX" similar --json support.kb draft.md
expect_json '.drafts[0].title == "A title of its own"' "$T_OUT"
expect_json '.drafts[0].hits[0].identical' "$T_OUT"
jq '.drafts[0].shingles' "$T_OUT" > marked
expect_same marked plain

t_begin similar__does_not_count_the_draft_itself
page=$(jq -r 'select(.id == "48693309") | .path' articles.jsonl)
expect_exit 1 "$KB_INDEX" similar support.kb "$corpus/$page"
expect_match '48693309 .*\(itself\)' "$T_OUT"
expect_match 'in the index, and nothing else' "$T_OUT"
expect_exit 1 "$KB_INDEX" similar --json support.kb "$corpus/$page"
expect_json '.drafts[0] | .in_index and .found == 0 and
    .hits[0].itself' "$T_OUT"

t_begin similar__says_no_when_nothing_is_like_it
echo 'Nobody has ever written these seven words before' > new.txt
expect_exit 1 "$KB_INDEX" similar support.kb new.txt
expect_match 'No article resembles it' "$T_OUT"
: > empty.txt
expect_exit 1 "$KB_INDEX" similar support.kb empty.txt
expect_match 'no words' "$T_OUT"

t_begin similar__goes_on_behind_a_draft_that_cannot_be_read
printf 'caf\351 au lait' > latin.txt
expect_exit 3 "$KB_INDEX" similar support.kb latin.txt draft.txt
expect_match 'latin.txt.* is not UTF-8 at byte 3' "$T_ERR"
expect_match '48693290' "$T_OUT"
expect_exit 3 "$KB_INDEX" similar support.kb missing.txt
expect_match "cannot read 'missing.txt'" "$T_ERR"
expect_exit 3 "$KB_INDEX" similar support.kb missing.html
expect_exit 3 "$KB_INDEX" similar missing.kb draft.txt

t_begin similar__tells_that_there_is_no_draft
mkdir empty
expect_exit 3 "$KB_INDEX" similar support.kb empty
expect_match "^kb-index: .*no draft" "$T_ERR"

t_begin similar__refuses_what_makes_no_sense
expect_exit 2 "$KB_INDEX" similar support.kb
expect_exit 2 "$KB_INDEX" similar
expect_exit 2 "$KB_INDEX" similar --threshold 0.4 support.kb draft.txt
expect_match "from 1/2 to 1" "$T_ERR"
expect_exit 2 "$KB_INDEX" similar --limit 0 support.kb draft.txt

t_begin similar__makes_shingles_as_the_build_did
cat > keyed.conf <<'END'
[duplicates]
width = 3
key = 000102030405060708090a0b0c0d0e0f
END
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 \
    --config keyed.conf -o keyed.kb "$corpus"
expect_exit 2 "$KB_INDEX" similar keyed.kb draft.txt
expect_match 'with a key, which is not in the index: give the --config' \
    "$T_ERR"
expect_exit 0 "$KB_INDEX" similar --json --config keyed.conf keyed.kb draft.txt
expect_json '.drafts[0].hits[0] | .id == "48693290" and .identical' "$T_OUT"
jq '.drafts[0].shingles' "$T_OUT" > three
[ "$(cat three)" -gt "$(cat plain)" ] || t_fail "shingles are still of five words"

t_begin similar__tells_no_more_than_the_limit
expect_exit 0 "$KB_INDEX" similar --limit 1 support.kb draft.txt
expect_match 'and [0-9]+ more' "$T_OUT"
expect_count 1 '^ +[01]\.[0-9][0-9] ' "$T_OUT"

t_begin similar__makes_names_of_drafts_safe
name=$(printf 'a\033[31mb.txt')
cp draft.txt "$name"
expect_exit 0 "$KB_INDEX" similar support.kb "$name"
expect_no_match "$(printf '\033')" "$T_OUT"

t_done
