#!/bin/sh
# robust.sh: whatever is read or asked, there is a clear answer or a clear
# error, never a crash; and what was published before stays.
. "$(dirname "$0")/lib.sh"
. "$KB_ROOT/tests/cli/samples.sh"

t_begin robust__an_index_to_compare_with
mkdir good
html 'Printer jams' 'Open the printer and take the paper out.' > good/a.html
html 'Forgotten password' 'Reset the password at the portal.' > good/b.html
expect_exit 0 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 good
expect_exit 0 "$KB_QUERY" suggest x.kb 'printer paper'
expect_match '^1\. Printer jams' "$T_OUT"
remember x.kb 'printer paper'

# ---- what is read ----

# refused FOLDER MESSAGE: not one article; the index stays.
refused() {
	expect_exit 3 "$KB_INDEX" build -o x.kb --as-of 2026-10-01 "$1"
	expect_match "$2" "$T_ERR"
	expect_empty "$T_OUT"
	expect_as_remembered x.kb
}

t_begin robust__an_empty_folder_is_no_corpus
mkdir empty
refused empty "no file that could be read.*'x\\.kb' stays as it was"

t_begin robust__a_folder_without_an_article_is_no_corpus
mkdir other
echo 'some text' > other/notes.txt
refused other "no file that could be read.*'x\\.kb' stays as it was"

t_begin robust__a_missing_path_is_told
refused missing "cannot read 'missing': No such file"

t_begin robust__a_path_beside_a_missing_one_is_not_published
expect_exit 3 "$KB_INDEX" build -o x.kb good missing
expect_match "cannot read 'missing'" "$T_ERR"
expect_as_remembered x.kb

t_begin robust__files_that_are_no_articles_make_no_index
mkdir junk
noise 5000 > junk/random.html
printf '\000\001\002' > junk/zeros.htm
noise 5000 > junk/random.xml
echo 'Words without any markup.' > junk/text.html
: > junk/empty.html
: > junk/empty.xml
refused junk "^kb-index: not one article in 6 files"
for f in random.html zeros.htm random.xml text.html empty.html; do
	expect_match "^$f: error: unreadable: ." "$T_ERR"
done
expect_match '^empty\.xml:1:1: error: bad-xml: no XML element' "$T_ERR"
expect_printable "$T_ERR"

t_begin robust__a_build_of_nothing_makes_no_folder
expect_exit 3 "$KB_INDEX" build -o new.kb junk
[ ! -e new.kb ] || t_fail 'new.kb is there'

t_begin robust__files_that_are_no_articles_are_left_out
expect_exit 0 "$KB_INDEX" build -o junk.kb junk good
expect_ids junk.kb a.html b.html
expect_match '^articles 2, .* from 8 files; 6 could not be read$' \
    "$T_OUT"

t_begin robust__a_page_without_text_is_told_and_harms_nobody
mkdir blank
echo '<!DOCTYPE html><html></html>' > blank/c.html
expect_exit 0 "$KB_INDEX" build -o blank.kb blank good
expect_exit 0 "$KB_INDEX" report blank.kb --code no-title --format csv
expect_match ',no-title,fix,c\.html,' "$T_OUT"

t_begin robust__broken_xml_is_told_and_its_neighbours_are_read
mkdir xml
{
	echo '<unload>'
	record KB1 'First' 'alpha'
	echo '</unload>'
} > xml/good.xml
printf '%s\n' '<page xmlns="http://projectmallard.org/1.0/" id="m">' \
    '<title>Broken</title>' '<p>not <b>closed</p></page>' > xml/bad.page
expect_exit 0 "$KB_INDEX" build -o xml.kb xml
expect_match '^bad\.page:3:[0-9]+: error: bad-xml: .*</p>' "$T_ERR"
expect_match '; 1 could not be read$' "$T_OUT"
expect_ids xml.kb KB1

t_begin robust__a_broken_record_leaves_the_others_of_its_file
{
	echo '<unload>'
	record KB1 'First' 'alpha'
	echo '<kb_knowledge><number>KB2</number><text>beta</txt></kb_knowledge>'
	record KB3 'Third' 'gamma &amp;bogus; &lt;b'
	echo '<kb_knowledge><number>KB4</number><text>delta & epsilon </text>'
	echo '</kb_knowledge>'
	record KB5 'Fifth' 'zeta'
	echo '<kb_knowledge><number>KB6</number><text>cut off'
} > record.xml
expect_exit 0 "$KB_INDEX" build -o record.kb record.xml
expect_match '^record\.xml:5:[0-9]+: error: bad-xml: .*</txt>' "$T_ERR"
expect_match '^record\.xml:[0-9]+:[0-9]+: error: bad-xml: the file ends' \
    "$T_ERR"
ids record.kb > got
for id in KB1 KB3 KB5; do
	expect_match "^$id\$" got
done
expect_no_match '^(KB2|KB6)$' got

t_begin robust__big_export_with_one_broken_record_loses_one
records 3000 | sed '1500s/<number>/<numb>/' > big.xml
expect_exit 0 "$KB_INDEX" build -o big.kb big.xml
expect_match '^articles 2999, .* 1 could not be read$' "$T_OUT"
expect_match '^big\.xml:1500:[0-9]+: error: bad-xml: ' "$T_ERR"

t_begin robust__two_articles_with_one_id_are_both_kept
mkdir twice
for n in 1 2; do
	{
		echo '<unload>'
		record KB1 "Claimant $n" "text number $n"
		echo '</unload>'
	} > "twice/$n.xml"
done
expect_exit 0 "$KB_INDEX" build -o twice.kb twice
expect_match "^2\\.xml:2: error: duplicate-id: .*'KB1'.*1\\.xml" "$T_ERR"
expect_ids twice.kb KB1 KB1@2.xml
expect_exit 0 "$KB_QUERY" show twice.kb KB1
expect_match 'Claimant 1' "$T_OUT"

t_begin robust__external_entities_are_not_read
echo 'top secret' > secret.txt
{
	echo '<!DOCTYPE unload ['
	echo "<!ENTITY x SYSTEM \"file://$PWD/secret.txt\">]>"
	echo '<unload>'
	record KB1 'Entity' 'before &x; after'
	record KB2 'Other' 'harmless'
	echo '</unload>'
} > entity.xml
expect_exit 0 "$KB_INDEX" build -o entity.kb entity.xml good
expect_exit 0 "$KB_INDEX" dump entity.kb
expect_no_match 'secret' "$T_OUT"
expect_match 'harmless' "$T_OUT"

t_begin robust__entity_bombs_are_defused
{
	echo '<!DOCTYPE unload [<!ENTITY e0 "boom boom boom boom">'
	for n in 1 2 3 4 5 6 7 8 9; do
		e="&e$((n - 1));"
		echo "<!ENTITY e$n \"$e$e$e$e$e$e$e$e$e$e\">"
	done
	echo ']><unload>'
	record KB1 'Bomb' '&e9;'
	record KB2 'Other' 'harmless'
	echo '</unload>'
} > bomb.xml
expect_exit 0 timeout 20 "$KB_INDEX" build -o bomb.kb bomb.xml good
[ "$(wc -c < "$(echo bomb.kb/*.db)")" -lt 5000000 ] ||
    t_fail "the index is large"

t_begin robust__deep_nesting_ends
awk 'BEGIN { print "<html><title>Deep</title>"
    for (i = 0; i < 200000; i++) printf "<div>"; print "bottom" }' > deep.html
expect_exit 0 timeout 30 "$KB_INDEX" build -o deep.kb deep.html good
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "<a>"; print "bottom" }' \
    > deep.xml
expect_exit 0 timeout 30 "$KB_INDEX" build -o deep.kb deep.xml good
expect_ids deep.kb a.html b.html

# ---- what is asked ----

# asked COMMAND...: answered or not, and nothing else to say.
asked() {
	t_got=0
	"$@" > "$T_OUT" 2> "$T_ERR" || t_got=$?
	case $t_got in
	0) expect_match '"status":"answered"' "$T_OUT" ;;
	1) expect_match '"status":"unanswered"' "$T_OUT" ;;
	*) t_fail "exit code $t_got: $*" ;;
	esac
	expect_empty "$T_ERR"
	cat "$T_OUT" >> asked.jsonl
}

ask() {
	asked "$KB_QUERY" suggest x.kb --json -- "$1"
	cp "$T_OUT" asked.last
	expect_exit 0 "$KB_QUERY" terms x.kb -- "$1"
}

ask_stdin() {
	asked from "$1" "$KB_QUERY" suggest x.kb --json -
}

: > asked.jsonl

t_begin robust__operators_in_questions_do_no_harm
for q in AND OR NOT 'NEAR(' 'NEAR(printer paper, 2)' 'printer AND' '*' '^' \
    '"' '""' '"printer' 'printer"' 'printer*' '^printer' ':' 'title:printer' \
    'x:y' 'x : y' '{title}' '{title body} : printer' '-' '--' '-x' '+' \
    'a + b' 'C++' "it's" 'user@example.com' '500-error' '(' ')' '((((((' \
    "'; DROP TABLE article; --" '%s%n' "\\" "\\'" 'printer\0paper' '/*'; do
	ask "$q"
done

t_begin robust__questions_without_words_do_no_harm
for q in '' ' ' '?' '!!!' "$(printf '\t\r\n \t')" '😀' '…'; do
	ask "$q"
	expect_match '"reason":"no_known_term"' asked.last
done

t_begin robust__questions_of_stop_words_do_no_harm
for q in the 'the of and' 'what is this' I; do
	ask "$q"
done

t_begin robust__foreign_and_broken_text_does_no_harm
for q in '🖨️ printer 👩‍👩‍👧' 'ünïcödé' '日本語の質問' 'ﬁ' 'İı' \
    "$(printf '\377\376')" "$(printf 'printer \303( paper')" \
    "$(printf 'printer\033[31m')" "$(printf 'a\314\201%.0s' 1 2 3 4 5)"; do
	ask "$q"
done

t_begin robust__operators_of_fts5_are_words
expect_exit 0 "$KB_QUERY" suggest x.kb --json 'printer AND (paper)'
expect_match '"id":"a.html"' "$T_OUT"
expect_exit 1 "$KB_QUERY" suggest x.kb --json 'title:nonsense'
expect_match '"reason":"no_known_term"' "$T_OUT"

t_begin robust__questions_of_any_length_are_taken
awk 'BEGIN { while (n < 10000) { printf "printer w%d ", n; n += 10 } }' > long
ask "$(head -c 10000 long)"
head -c 10000 /dev/zero | tr '\0' x > one_word
ask "$(cat one_word)"
awk 'BEGIN { for (i = 0; i < 170000; i++) printf "w%d\n", i }' |
    head -c 1048576 > mega
ask_stdin mega
head -c 1048576 /dev/zero | tr '\0' x > mega
ask_stdin mega
yes 'printer paper password reset' | head -c 3000000 > mega
ask_stdin mega

t_begin robust__bytes_that_are_no_text_are_taken
printf 'printer\000paper\000jams' > bytes
ask_stdin bytes
head -c 4096 /dev/zero > bytes
ask_stdin bytes
printf 'printer \377\376 paper \300\257 \355\240\200 \364\220\200\200' > bytes
ask_stdin bytes
noise 100000 > bytes
ask_stdin bytes
: > bytes
ask_stdin bytes

t_begin robust__every_answer_is_json
python3 -c 'import json, sys
for line in open("asked.jsonl", "rb"):
    json.loads(line.decode("utf-8", "strict"))' > /dev/null 2> err ||
    t_fail "$(tail -n 1 err)"
[ "$(wc -l < asked.jsonl)" -gt 60 ] || t_fail "few answers were looked at"

t_begin robust__wrong_usage_exits_with_2
for args in '' 'nonsense' 'suggest' 'suggest x.kb' 'suggest --nonsense x.kb q' \
    'suggest --top 0 x.kb q' 'suggest --top x x.kb q' \
    'suggest --threshold 2 x.kb q' 'suggest --threshold nan x.kb q' \
    'run x.kb' 'show x.kb' 'run x.kb --queries bytes --format nonsense'; do
	# shellcheck disable=SC2086
	expect_exit 2 "$KB_QUERY" $args
	expect_match '^kb-query' "$T_ERR"
	expect_empty "$T_OUT"
done
for args in '' 'nonsense' 'build' 'build good' 'build -o y.kb' \
    'build -o y.kb --threads 0 good' 'build -o y.kb --as-of 2026-02-30 good' \
    'build -o y.kb --nonsense good' 'build -o y.kb --url-base ftp://x good' \
    'report' 'report x.kb --format nonsense' 'report x.kb --level nonsense' \
    'report x.kb --fail-on nonsense' 'dump' 'digest' 'duplicates' \
    'dump x.kb more' 'inspect'; do
	# shellcheck disable=SC2086
	expect_exit 2 "$KB_INDEX" $args
	expect_match '^kb-index' "$T_ERR"
	expect_empty "$T_OUT"
done
[ ! -e y.kb ] || t_fail "y.kb was made"

t_begin robust__bad_lines_of_queries_are_told
printf '%s\n' '{"_id":"1","text":"printer"}' 'no json' > queries
expect_exit 3 "$KB_QUERY" run x.kb --queries queries
expect_match '^kb-query: queries:2: ' "$T_ERR"
printf '%s\n' '{"_id":"1"}' > queries
expect_exit 3 "$KB_QUERY" run x.kb --queries queries
expect_match '^kb-query: queries:1: ' "$T_ERR"
expect_exit 3 "$KB_QUERY" run x.kb --queries missing.jsonl
expect_match "cannot read 'missing\\.jsonl'" "$T_ERR"

t_begin robust__unknown_articles_are_told
expect_exit 3 "$KB_QUERY" show x.kb nosuch.html
expect_match "no article 'nosuch\\.html'" "$T_ERR"
expect_exit 3 "$KB_QUERY" show x.kb 'a.html#p99'

t_begin robust__nothing_of_this_changed_the_index
expect_as_remembered x.kb

t_done
