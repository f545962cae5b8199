#!/bin/sh
# formats.sh: what is written for programs can be read by them, holds what is
# told of it and nothing else, and is harmless whatever an article is called.
. "$(dirname "$0")/lib.sh"
. "$KB_ROOT/tests/cli/samples.sh"

corpus=$KB_ROOT/corpora/helpdesk

# format KIND FILE...: what does not hold.
format() {
	python3 "$KB_ROOT/tests/cli/formats.py" "$@" > said 2>&1 && return 0
	[ -s said ] || echo "failed silently: $*" > said
	tail -n 20 said > said.tail
	while read -r line; do
		t_fail "$1: $line"
	done < said.tail
}

t_begin formats__indexes_to_look_at
expect_exit 0 "$KB_INDEX" build -o h.kb --as-of 2026-10-01 "$corpus"
# Titles, owners and names that would do harm where they are not escaped.
mkdir hostile
n=0
while read -r title; do
	n=$((n + 1))
	{
		echo '<!DOCTYPE html><html><head><meta charset="utf-8"><title>'
		printf '%s' "$title" | sed 's/&/\&amp;/g; s/</\&lt;/g'
		echo '</title><link rel="canonical" href="javascript:alert(1)">'
		echo "</head><body><p>Hostile article of number $n.</p></body>"
	} > "hostile/a b$n.html"
	quoted=$(printf '%s' "$title" | sed 's/"/""/g')
	printf '"a b%s.html","%s","%s"\n' $n "$quoted" \
	    'javascript:alert(1)' >> meta.rows
done << 'END'
<script>alert(1)</script>
"><img src=x onerror=alert(1)>
'><svg onload=alert(1)>
</title></style></script><script>alert(1)</script>
=HYPERLINK("http://evil.example","click")
+1+cmd|' /C calc'!A0
-2+3
@SUM(1+1)
one, two; "three"
<!-- & &lt; ]]> {{7*7}} ${7*7} %s%n
END
{
	echo id,owner,edit_url
	cat meta.rows
} > meta.csv
cp 'hostile/a b1.html' 'hostile/<script>alert(1)<&"'\''.html'
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 \
    --metadata meta.csv hostile
expect_match '^articles 11, ' "$T_OUT"
"$KB_INDEX" dump x.kb > x.jsonl
expect_match '"title":"<script>alert\(1\)</script>"' x.jsonl
expect_match '"owner":"=HYPERLINK' x.jsonl

t_begin formats__suggest_json
: > suggest.jsonl
for q in 'tunnel port vpn firewall' 'my account is locked every morning' \
    'zzzz' 'the' 'set an out-of-office reply for a colleague who is away' \
    'keyboard short cuts our analysts wish you knew'; do
	for options in '--top 10' '--any-status --threshold 0.01'; do
		# shellcheck disable=SC2086
		"$KB_QUERY" suggest h.kb --json $options "$q" >> suggest.jsonl
	done
done
"$KB_QUERY" suggest x.kb --json hostile >> suggest.jsonl
format suggest suggest.jsonl
expect_count 13 . suggest.jsonl
expect_match '"reason":"no_known_term"' suggest.jsonl
expect_match '"policy":"withhold"' suggest.jsonl
expect_match '"also":\[\{' suggest.jsonl

t_begin formats__run_json_and_trec
expect_exit 0 "$KB_QUERY" run h.kb --queries "$corpus/queries.jsonl" \
    --format json
format run "$T_OUT"
expect_count 90 . "$T_OUT"
expect_exit 0 "$KB_QUERY" run h.kb --queries "$corpus/queries.jsonl"
format trec "$T_OUT"
printf '%s\n' '{"_id":"q 1\t%","text":"hostile article"}' > queries
expect_exit 0 "$KB_QUERY" run x.kb --queries queries --tag mine
format trec "$T_OUT"
expect_match '^q%201%09%25 Q0 a%20b[0-9]+\.html [0-9]+ [0-9.]+ mine$' "$T_OUT"
expect_exit 0 "$KB_QUERY" run x.kb --queries queries --top 3
expect_count 3 . "$T_OUT"
expect_exit 0 "$KB_QUERY" run h.kb --queries - --format trec
expect_empty "$T_OUT"

t_begin formats__dump_json
for i in h x; do
	expect_exit 0 "$KB_INDEX" dump $i.kb
	format dump "$T_OUT"
done

t_begin formats__report_json
for i in h x; do
	expect_exit 0 "$KB_INDEX" report $i.kb --format json
	format report "$T_OUT"
	cp "$T_OUT" $i.json
done
expect_exit 0 "$KB_INDEX" report h.kb --format json --output file.json
expect_empty "$T_OUT"
expect_same file.json h.json

t_begin formats__fingerprints_do_not_depend_on_places
expect_exit 0 "$KB_INDEX" build -o moved.kb --as-of 2026-10-01 \
    "other=$corpus"
expect_exit 0 "$KB_INDEX" report moved.kb --format json
cp "$T_OUT" moved.json
format links h.json moved.json

t_begin formats__report_csv
for i in h x; do
	expect_exit 0 "$KB_INDEX" report $i.kb --format csv
	format csv "$T_OUT"
done

t_begin formats__report_html_fetches_and_runs_nothing_foreign
for i in h x; do
	expect_exit 0 "$KB_INDEX" report $i.kb --format html --top 1000
	format html "$T_OUT"
done
# The title is there, as text.
expect_match '&lt;script&gt;alert\(1\)&lt;/script&gt;' "$T_OUT"

t_begin formats__report_text_is_for_people
expect_exit 0 "$KB_INDEX" report h.kb --top 3
expect_match 'What to do first' "$T_OUT"
expect_printable "$T_OUT"
expect_match '^   3\. ' "$T_OUT"
expect_no_match '^   4\. ' "$T_OUT"

t_begin formats__report_filters
expect_exit 0 "$KB_INDEX" report h.kb --format json --code expired \
    --code thin
expect_count 3 '^\{"code":"expired"' "$T_OUT"
expect_count 3 '^\{"code":"thin"' "$T_OUT"
expect_count 6 '^\{"code"' "$T_OUT"
expect_exit 0 "$KB_INDEX" report h.kb --format json --level error
expect_count 6 '^\{"code":.*"level":"error"' "$T_OUT"
expect_count 6 '^\{"code"' "$T_OUT"
expect_exit 0 "$KB_INDEX" report h.kb --format json --owner 'Service Desk' \
    --code expired
expect_count 1 '^\{"code"' "$T_OUT"
expect_count 1 '"article":"KB0010044".*"owner":"Service Desk"' "$T_OUT"

t_begin formats__fail_on_is_a_gate
expect_exit 1 "$KB_INDEX" report h.kb --fail-on error
expect_exit 1 "$KB_INDEX" report h.kb --fail-on warning
expect_exit 1 "$KB_INDEX" report h.kb --fail-on note
expect_exit 0 "$KB_INDEX" report h.kb --fail-on error --code thin
expect_exit 1 "$KB_INDEX" report h.kb --fail-on warning --code thin
expect_exit 0 "$KB_INDEX" report h.kb --fail-on note --code bad-encoding
expect_exit 1 "$KB_INDEX" report h.kb --fail-on error --format json
format report "$T_OUT"
expect_exit 2 "$KB_INDEX" report h.kb --fail-on fatal

t_begin formats__inspect_json
expect_exit 0 "$KB_INDEX" inspect --json "$corpus" hostile
format inspect "$T_OUT"

t_begin formats__duplicates_tsv
expect_exit 0 "$KB_INDEX" duplicates h.kb
format duplicates "$T_OUT"
expect_count 7 '^[0-9A-Za-z-]+	[0-9A-Za-z-]+	(identical|near)	' "$T_OUT"
mkdir same
for name in 'b c' 'a b' '%41'; do
	html 'One' 'The very same words stand in each of these three pages.' \
	    > "same/$name.html"
done
expect_exit 0 "$KB_INDEX" build -o same.kb same
expect_exit 0 "$KB_INDEX" duplicates same.kb
format duplicates "$T_OUT"
expect_match '^a%20b\.html	b%20c\.html	identical	' "$T_OUT"

if command -v sqlite3 > /dev/null; then
	t_begin formats__terms_can_be_asked_of_a_stock_sqlite3
	for q in 'tunnel port vpn' "it's C++ AND \"NEAR(\" x:y 500-error" \
	    'passwords' 'Überprüfung der VPN 日本' 'a* ^b {c} -d'; do
		expect_exit 0 "$KB_QUERY" terms h.kb -- "$q"
		match=$(cat "$T_OUT")
		case $match in
		*\'*) t_fail "a quote in: $match" ;;
		esac
		expect_exit 0 sqlite3 -readonly "$(echo h.kb/*.db)" \
		    "SELECT count(*) FROM fts WHERE fts MATCH '$match'"
		expect_match '^[1-9][0-9]*$' "$T_OUT"
		expect_empty "$T_ERR"
	done
	expect_exit 0 "$KB_QUERY" terms h.kb passwords
	match=$(cat "$T_OUT")
	expect_exit 0 sqlite3 -readonly "$(echo h.kb/*.db)" \
	    "SELECT a.id FROM fts JOIN passage p ON p.n = fts.rowid
	     JOIN article a ON a.n = p.article WHERE fts MATCH '$match'"
	# Another form of the word, through the stem.
	expect_match '^KB0010001$' "$T_OUT"
else
	t_skip formats__terms_can_be_asked_of_a_stock_sqlite3 "no sqlite3"
fi

t_begin formats__history_is_json_lines
expect_count 1 '^\{"generation":"[0-9a-f]{16}","as_of":"2026-10-01",' \
    h.kb/history.jsonl
python3 -c 'import json, sys
print(json.load(open("h.kb/manifest.json"))["generation"] ==
      json.loads(open("h.kb/history.jsonl").readline())["generation"])' > said
expect_match '^True$' said

t_done
