#!/bin/sh
# attacks.sh: files and archives that were made to do harm: nobody dies of
# them, nothing grows beyond measure, and their neighbours are read.
. "$(dirname "$0")/lib.sh"
. "$KB_ROOT/tests/cli/samples.sh"

mkdir good
html 'Printer jams' 'Open the printer and take the paper out.' > good/a.html
python3 -W ignore "$KB_ROOT/tests/cli/attacks.py" made ||
    t_fail 'the files could not be made'

# attacked NAME PATH...: built in time with its neighbours, and no process
# died of it.
attacked() {
	name=$1
	shift
	expect_exit 0 timeout 60 "$KB_INDEX" build -o "$name.kb" \
	    --as-of 2026-10-01 "$@" good=good
	expect_no_match 'quarantined' "$T_ERR"
	expect_printable "$T_ERR"
	cp "$T_ERR" "$name.err"
	ids "$name.kb" > "$name.ids"
	expect_match '^good/a\.html$' "$name.ids"
}

# expect_small INDEX BYTES
expect_small() {
	[ "$(cat "$1"/all-*.db | wc -c)" -lt "$2" ] ||
	    t_fail "$1 is larger than $2 bytes"
}

# ---- archives ----

t_begin attacks__archives_that_grow_without_end_are_left_out
attacked bombs made/bombs
expect_match '^members\.zip/.*: members grow|grow to more than 200' bombs.err
expect_match '^inner\.zip/inner\.zip: .*archive inside of an archive' bombs.err
expect_match '^inner\.zip/c\.html$' bombs.ids
expect_match '^members\.zip/0\.html$' bombs.ids
expect_small bombs.kb 5000000

t_begin attacks__archives_whose_tables_lie_are_told
attacked lies made/lies
expect_small lies.kb 1000000
for f in size offset into length at long; do
	expect_match "^$f\\.zip.*: error: unreadable: " lies.err
done
for f in pax size sparse name header; do
	expect_match "^$f\\.tar.*: error: unreadable: " lies.err
done
expect_no_match '^[a-z]*\.zip:.*needed' lies.ids

t_begin attacks__archives_cut_at_any_byte_are_read_or_told
attacked cut made/cut

t_begin attacks__archives_with_any_byte_wrong_are_read_or_told
attacked flip made/flip

t_begin attacks__members_of_any_name_are_read
attacked names made/names
expect_count 3000 '^same\.zip/' names.ids
expect_match '^names\.zip/a{500}a*\.html$' names.ids
[ "$(sort names.ids | uniq -d | wc -l)" -eq 0 ] || t_fail 'an id came twice'

t_begin attacks__names_that_turn_the_line_around_are_told_in_order
mkdir turned
: > "turned/$(printf '\342\200\256lmth.exe').html"
: > "turned/$(printf 'a\342\201\246b\342\200\213').html"
attacked turned turned
python3 -c 'import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
sys.exit(any(unicodedata.category(c) == "Cf" for c in text))' turned.err ||
    t_fail 'a character that nobody sees is in the messages'

# ---- what costs more than it weighs ----

# repeat TEXT N
repeat() {
	python3 -c 'import sys
sys.stdout.write(sys.argv[1] * int(sys.argv[2]))' "$1" "$2"
}

t_begin attacks__a_page_costs_what_it_weighs
mkdir pages
{
	html 'List' 'Steps.'
	echo '<ol>'
	repeat '<li>do this now' 300000
} > pages/list.html
{
	printf '<!DOCTYPE html><title>Heading</title><h1>'
	repeat 'word ' 200000
	echo '</h1>'
	repeat "<h2>Part</h2><p>$(repeat 'text and more ' 50)" 1000
} > pages/heading.html
{
	printf '<!DOCTYPE html><title>'
	repeat 'title ' 20000
	echo '</title><body>'
	repeat "<h2>Part</h2><p>$(repeat 'text or less ' 50)" 1000
} > pages/title.html
{
	printf '<!DOCTYPE html><title>Name</title><p>Words.<x'
	repeat a 100000
	echo '><div>'
	repeat '<p>more words' 10000
} > pages/name.html
attacked pages pages
expect_small pages.kb 40000000

t_begin attacks__an_export_costs_what_it_weighs
mkdir exports
{
	echo '<unload>'
	record KB1 'Open' "$(repeat '<![CDATA[' 10000)"
	repeat '<![CDATA[' 300000
} > exports/cdata.xml
{
	printf '<!DOCTYPE unload [<!ATTLIST kb_knowledge'
	python3 -c 'for i in range(20000): print(" a%d CDATA \"v\"" % i)'
	echo '>]>'
	records 1000
} > exports/attributes.xml
{
	printf '<!DOCTYPE unload [<!ENTITY e "'
	repeat 'many words ' 1000
	echo '">]><unload>'
	repeat "$(record KB3 'Entities' "$(repeat '&e;' 90)")" 100
	echo '</unload>'
} > exports/entities.xml
attacked exports exports
expect_count 1000 '^KB[0-9]{7}$' exports.ids
expect_match '^entities\.xml:.* too much text is made of entities' exports.err
expect_small exports.kb 250000000

t_done
