#!/bin/sh
# plan.sh: the merge plan of corpora/helpdesk and of a folder made here: that
# nothing gets lost, nothing gets shown, and nothing in a text is markup.
. "$(dirname "$0")/lib.sh"

corpus=$KB_ROOT/corpora/helpdesk

# page FILE TITLE HEAD BODY
page() {
	mkdir -p "${1%/*}"
	printf '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">' \
	    > "$1"
	printf '<title>%s</title>%s</head><body><main>%s</main></body></html>\n' \
	    "$2" "$3" "$4" >> "$1"
}

# lost DUMP PLAN: the lines of members that are in nobody's hands.
lost() {
	python3 - "$1" "$2" <<'END'
import json, re, sys
articles = {}
for line in open(sys.argv[1], encoding="utf-8"):
    a = json.loads(line)
    articles[a["id"]] = a
def words(text):
    text = re.sub(r"^\w{1,3}\. ", "", text)
    return "".join(c for c in text.casefold() if c.isalnum())
def lines(a):
    return [l for p in a["passages"] for l in p["text"].split("\n")]
plan = json.load(open(sys.argv[2], encoding="utf-8"))
seen = 0
for c in plan["clusters"]:
    kept = {words(l) for l in lines(articles[c["keep"]["id"]])}
    for m in c["members"]:
        told = {words(l) for i in c["items"] if i["from"] == m["id"]
            for l in i["text"].split("\n")}
        if m["verdict"] in ("refuse", "list"):
            if told:
                print("shown:", m["id"])
            continue
        for l in lines(articles[m["id"]]):
            seen += 1
            if words(l) not in kept | told:
                print("lost:", m["id"], l)
        total = sum(v for k, v in m["paragraphs"].items()
            if k != "same_but_signs")
        if total == 0:
            print("empty:", m["id"])
if seen == 0:
    print("nothing was looked at")
END
}

t_begin plan__index_is_built
expect_exit 0 "$KB_INDEX" build -o h.kb --as-of 2026-10-01 "$corpus"
expect_exit 0 "$KB_INDEX" dump h.kb
cp "$T_OUT" dump.jsonl
expect_exit 0 "$KB_INDEX" plan h.kb --json
cp "$T_OUT" plan.json

t_begin plan__has_every_planted_duplicate
awk -F '\t' '$1 == "identical" || $1 == "near-duplicate" {
    print $2, $3 }' "$corpus/truth.tsv" > pairs
while read -r a b; do
	expect_json "[.clusters[] | [.keep.id, .members[].id]] |
	    any(index(\"$a\") != null and index(\"$b\") != null)" plan.json
done < pairs
[ "$(wc -l < pairs)" -ge 7 ] || t_fail "fewer than 7 pairs are planted"

t_begin plan__has_no_look_alike
awk -F '\t' '$1 == "not-near-duplicate" || $1 == "template" {
    print $2, $3 }' "$corpus/truth.tsv" > pairs
while read -r a b; do
	expect_json "[.clusters[] | [.keep.id, .members[].id]] |
	    all(index(\"$a\") == null or index(\"$b\") == null)" plan.json
done < pairs

t_begin plan__loses_no_line_of_any_member
lost dump.jsonl plan.json > lost.txt
expect_empty lost.txt

t_begin plan__asks_who_may_read_where_two_exports_do_not_say
expect_json '[.clusters[].members[] | select(.id == "1207")] |
    length == 1 and .[0].verdict == "ask"' plan.json

t_begin plan__is_the_same_twice_and_as_a_file
for format in markdown json tsv; do
	expect_exit 0 "$KB_INDEX" plan h.kb --format $format
	cp "$T_OUT" one
	expect_exit 0 "$KB_INDEX" plan h.kb --format $format -o two
	expect_empty "$T_OUT"
	expect_same two one
done

t_begin plan__writes_the_redirects_beside_it
expect_exit 0 "$KB_INDEX" plan h.kb --redirects map.tsv
expect_match '^# Merge plan$' "$T_OUT"
expect_exit 0 "$KB_INDEX" plan h.kb --format tsv
expect_same map.tsv "$T_OUT"
expect_match "^1342	1318	https://[^	]*/useful-[^	]*	https://[^	]*	0\$" map.tsv
awk -F '\t' 'NF != 5' map.tsv > wrong
expect_empty wrong
# Nobody is sent to what goes itself.
cut -f 1 map.tsv | sort > old
cut -f 2 map.tsv | sed 1d | sort -u | comm -12 old - > twice
expect_empty twice

t_begin plan__of_one_cluster_one_owner_or_the_first
expect_exit 0 "$KB_INDEX" plan h.kb --cluster 1342 --json
expect_json '.clusters | length == 1 and .[0].keep.id == "1318"' "$T_OUT"
expect_exit 0 "$KB_INDEX" plan h.kb --owner 'messaging team' --json
expect_json '[.clusters[].keep.id] | index("KB0010004") != null and
    length < 5' "$T_OUT"
expect_exit 0 "$KB_INDEX" plan h.kb --limit 1 --json
expect_json '.clusters | length == 1' "$T_OUT"

t_begin plan__tells_what_it_cannot_do
expect_exit 2 "$KB_INDEX" plan
expect_exit 2 "$KB_INDEX" plan h.kb --format html
expect_match "markdown, json or tsv" "$T_ERR"
expect_exit 2 "$KB_INDEX" plan h.kb --owner Nobody
expect_match "no article has the owner 'Nobody'" "$T_ERR"
expect_exit 2 "$KB_INDEX" plan h.kb --cluster KB0010006
expect_match 'in no cluster' "$T_ERR"
expect_exit 3 "$KB_INDEX" plan h.kb --cluster KB99
expect_match "KB99" "$T_ERR"
expect_exit 3 "$KB_INDEX" plan missing.kb
expect_exit 4 "$KB_INDEX" plan h.kb -o missing/file
expect_exit 4 "$KB_INDEX" plan h.kb --redirects missing/file

t_begin plan__writes_both_files_or_none
expect_exit 4 "$KB_INDEX" plan h.kb --redirects missing/file
expect_empty "$T_OUT"
expect_match "missing/file" "$T_ERR"
echo old > old
cp old kept
expect_exit 4 "$KB_INDEX" plan h.kb -o kept --redirects missing/file
expect_same kept old
expect_exit 4 "$KB_INDEX" plan h.kb -o missing/file --redirects kept
expect_same kept old
expect_exit 4 "$KB_INDEX" plan h.kb -o missing/file --redirects new.tsv
[ ! -e new.tsv ] || t_fail "redirects without a plan"
expect_exit 2 "$KB_INDEX" plan h.kb --cluster KB0010006 --redirects kept
expect_same kept old
yes long | head -n 9999 > long.tsv
expect_exit 0 "$KB_INDEX" plan h.kb --redirects long.tsv
expect_same long.tsv map.tsv

t_begin plan__refuses_one_file_for_both
expect_exit 2 "$KB_INDEX" plan h.kb -o kept --redirects ./kept
expect_match '--redirects' "$T_ERR"
expect_same kept old
expect_exit 2 "$KB_INDEX" plan h.kb -o new --redirects new
[ ! -e new ] || t_fail "a file without a plan"
expect_exit 0 "$KB_INDEX" plan h.kb -o /dev/null --redirects /dev/null

# A long text in three copies: one with a line of its own and a link to it,
# one for a few that tells a secret, one whose line is full of markup.
common=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	common="$common<p>Part $i of the common text tells how the old printer in room $i is cleaned, filled and started again by hand.</p>"
done
everyone='<meta name="audience" content="everyone">'
page kb/keep.html 'Clean the printer' \
    "$everyone<meta name=\"owner\" content=\"Ann\">" "$common"
page kb/more.html 'Cleaning printers' "$everyone" \
    "$common<p>Wear gloves when the drum is open.</p>"
page kb/secret.html 'Hushtitle' '<meta name="audience" content="board">' \
    "$common<p>The rival buys the printers in March.</p>"
page kb/evil.html '](javascript:alert(1)) # `x' "$everyone" \
    "$common<p>&lt;img src=x onerror=alert(1)&gt; [a](javascript:b) \`\`\` **x** http://evil.example/ &amp;lt;</p><pre>\`\`\`
# evil
[a](http://evil.example)</pre>"
page kb/other.html 'Elsewhere' "$everyone" \
    '<p>Read <a href="more.html">how to clean a printer</a> first.</p>'

t_begin plan__refuses_to_show_text_to_others
expect_exit 0 "$KB_INDEX" build -o p.kb --as-of 2026-10-01 kb
for format in markdown json tsv; do
	expect_exit 0 "$KB_INDEX" plan p.kb --format $format
	expect_no_match 'rival|Hushtitle' "$T_OUT"
	cp "$T_OUT" p.$format
done
expect_json '[.clusters[0].members[] | select(.id == "secret.html")] |
    .[0] | .verdict == "refuse" and .title == null and
    .audience == ["board"] and .paragraphs.withheld > 0' p.json
expect_no_match secret p.tsv

t_begin plan__names_lines_to_add_and_links_to_change
expect_match 'Wear gloves when the drum is open' p.markdown
expect_json '[.clusters[0].items[] |
    select(.text | startswith("Wear gloves"))] | length == 1 and
    .[0].fate == "add" and (.[0].after.text | startswith("Part 20 "))' p.json
expect_json '.clusters[0] | .keep.id == "keep.html" and
    [.links[] | [.article, .href, .to]] ==
    [["other.html", "more.html", "more.html"]]' p.json

t_begin plan__lets_no_text_be_markup
expect_json '[.clusters[0].items[] | select(.from == "evil.html")] |
    length == 2' p.json
expect_no_match '(^|[^\\])<img|(^|[^\\])\](\(javascript)' p.markdown
expect_match '^  > `{4}$' p.markdown
if command -v cmark-gfm > /dev/null; then
	t_begin plan__renders_without_links_of_articles
	cmark-gfm -e autolink -e table -e strikethrough p.markdown > p.html
	expect_no_match '<img|<script|href=|<h1>evil|<del>' p.html
	expect_match '<strong>Keep</strong>' p.html
else
	t_skip plan__renders_without_links_of_articles 'no cmark-gfm'
fi

t_done
