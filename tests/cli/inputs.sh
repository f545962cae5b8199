#!/bin/sh
# inputs.sh: what a build may be given: compressed files, names of any kind,
# links, folders by name, a list, metadata, a configuration; and where it may
# write.
. "$(dirname "$0")/lib.sh"
. "$KB_ROOT/tests/cli/samples.sh"

mkdir good
html 'Printer jams' 'Open the printer and take the paper out.' > good/a.html
html 'Forgotten password' 'Reset the password at the portal.' > good/b.html
{
	echo '<unload>'
	record KB1 'First' 'alpha beta'
	record KB2 'Second' 'gamma delta'
	echo '</unload>'
} > good/kb.xml

# build INDEX ARGUMENT...: one that is expected to do.
build() {
	index=$1
	shift
	expect_exit 0 "$KB_INDEX" build -o "$index" --as-of 2026-10-01 "$@"
}

# refuse CODE MESSAGE ARGUMENT...: one that is not, and makes nothing.
refuse() {
	code=$1
	message=$2
	shift 2
	expect_exit "$code" "$KB_INDEX" build -o refused.kb "$@"
	expect_match "$message" "$T_ERR"
	expect_empty "$T_OUT"
	[ ! -e refused.kb/manifest.json ] || t_fail "an index was published"
	rm -rf refused.kb
}

# ---- compressed ----

t_begin inputs__gzip_makes_the_same_articles
build plain.kb good
mkdir zipped
for f in a.html b.html kb.xml; do
	gzip -c "good/$f" > "zipped/$f.gz"
done
build zipped.kb zipped
for i in plain zipped; do
	"$KB_INDEX" dump $i.kb | sed 's/\.gz\(["#]\)/\1/g' > $i.jsonl
done
expect_same zipped.jsonl plain.jsonl
expect_match '"id":"a\.html"' plain.jsonl

t_begin inputs__gzip_of_several_members_is_one_file
mkdir members
{
	head -c 100 good/a.html | gzip
	tail -c +101 good/a.html | gzip
} > members/a.html.gz
build members.kb members
"$KB_INDEX" dump members.kb | sed 's/\.gz\(["#]\)/\1/g' > members.jsonl
head -n 1 plain.jsonl > wanted
expect_same members.jsonl wanted

t_begin inputs__broken_gzip_is_left_out
mkdir torn
head -c 100 zipped/a.html.gz > torn/cut.html.gz
echo 'this is no gzip' > torn/none.html.gz
{
	cat zipped/b.html.gz
	echo garbage
} > torn/tail.html.gz
build torn.kb torn good
expect_match '^cut\.html\.gz: error: unreadable: ' "$T_ERR"
expect_match '^none\.html\.gz: error: unreadable: ' "$T_ERR"
expect_match '^tail\.html\.gz: error: unreadable: ' "$T_ERR"
# Each file is named once.
expect_no_match '\.gz.*\.gz' "$T_ERR"
expect_ids torn.kb a.html b.html KB1 KB2

t_begin inputs__gzip_bombs_are_left_out
mkdir bomb
{
	cat good/a.html
	head -c 150000000 /dev/zero | tr '\0' ' '
} | gzip > bomb/bomb.html.gz
build bomb.kb bomb good
expect_match '^bomb\.html\.gz: error: unreadable: ' "$T_ERR"

# ---- names ----

t_begin inputs__names_of_any_kind_are_kept
mkdir names
n=0
while read -r name; do
	n=$((n + 1))
	# shellcheck disable=SC2059
	html "Title $n" "number $n" > "names/$(printf -- "$name")"
done << 'END'
with space.html
with\nnewline.html
with\ttab.html
with'quote".html
with$(id)`id`;&|.html
--quiet.html
\303\251\346\227\245.html
\033[31mred\007.html
\302\23331m.html
\377\376.html
%%41.html
a=b.html
END
build names.kb names
expect_match '^articles 12, ' "$T_OUT"
expect_printable "$T_ERR"
ids names.kb > got 2> err
expect_empty err
expect_match '^with space\.html$' got
expect_match '^é日\.html$' got
expect_exit 0 "$KB_QUERY" show names.kb 'with space.html'
expect_exit 0 "$KB_QUERY" show names.kb "$(printf 'with\nnewline.html')"
expect_exit 0 "$KB_QUERY" show names.kb "$(printf '\377\376.html')"
expect_printable "$T_OUT"

t_begin inputs__names_are_told_without_control_characters
mkdir told
for name in '\033[31mred\007.html' 'new\nline.html' '\302\23331m.html' \
    '\377.html'; do
	# shellcheck disable=SC2059
	: > "told/$(printf "$name")"
done
expect_exit 3 "$KB_INDEX" build -o told.kb told
expect_printable "$T_ERR"
LC_ALL=C.UTF-8 python3 -c 'import sys
text = open(sys.argv[1], encoding="utf-8").read()
sys.exit(not all(c == "\n" or c.isprintable() for c in text))' "$T_ERR" ||
    t_fail "not all of it is printable UTF-8"
expect_count 4 ': error: unreadable: the file is empty$' "$T_ERR"
expect_exit 3 "$KB_INDEX" build -o told.kb "$(printf 'no\033[31m')"
expect_printable "$T_ERR"
expect_exit 3 "$KB_QUERY" suggest "$(printf 'no\033[31m')" q
expect_printable "$T_ERR"

t_begin inputs__reports_hold_no_control_character
for format in text csv json html; do
	expect_exit 0 "$KB_INDEX" report names.kb --format $format
	tr -d '\r\t' < "$T_OUT" > report.$format
	expect_printable report.$format
done
expect_exit 0 "$KB_QUERY" suggest names.kb 'number'
expect_printable "$T_OUT"

# ---- links, and what is no file ----

t_begin inputs__links_in_folders_are_not_followed
mkdir links outside
html 'Inside' 'inside of the folder' > links/in.html
html 'Outside' 'outside of the folder' > outside/out.html
ln -s . links/loop
ln -s ../outside links/folder
ln -s ../outside/out.html links/out.html
ln -s self.html links/self.html
ln -s nowhere links/dangling.html
mkfifo links/pipe.html
mkdir links/folder.html
html 'Deep' 'in a folder with an ending' > links/folder.html/deep.html
expect_exit 0 timeout 20 "$KB_INDEX" build -o links.kb links
expect_ids links.kb in.html folder.html/deep.html
expect_match '; 6 files of other kinds passed over$' "$T_OUT"

t_begin inputs__links_that_are_named_are_followed
for named in links/folder links/out.html; do
	build named.kb $named
	expect_ids named.kb out.html
done

t_begin inputs__a_pipe_or_a_loop_by_name_is_refused
expect_exit 3 timeout 20 "$KB_INDEX" build -o pipe.kb links/pipe.html
expect_match 'pipe\.html.*not a regular file' "$T_ERR"
refuse 3 "cannot read 'links/self\\.html': " links/self.html
refuse 3 "cannot read 'links/dangling\\.html': " links/dangling.html

if [ "$(id -u)" -eq 0 ]; then
	t_skip inputs__files_without_permission_are_told "root reads them"
else
	t_begin inputs__files_without_permission_are_told
	mkdir locked
	cp good/a.html locked/a.html
	cp good/b.html locked/b.html
	chmod 000 locked/b.html
	build locked.kb locked
	expect_match '^b\.html: error: unreadable: .*Permission denied' \
	    "$T_ERR"
	expect_ids locked.kb a.html
	mkdir locked/folder
	chmod 000 locked/folder
	refuse 3 "cannot read 'locked/folder': Permission denied" locked
fi

t_begin inputs__plain_text_by_name_is_told
echo 'Words without any markup.' > readme.txt
refuse 3 '^readme\.txt: error: unreadable: no markup in it' readme.txt

# ---- several paths ----

t_begin inputs__one_path_in_two_folders_asks_for_a_name
mkdir other
html 'Other' 'another text' > other/a.html
refuse 2 "'good/a\\.html' and 'other/a\\.html' .* NAME=PATH" good other
build two.kb one=good two=other
expect_ids two.kb one/a.html one/b.html KB1 KB2 two/a.html
build two.kb good two=other
expect_ids two.kb a.html b.html KB1 KB2 two/a.html

t_begin inputs__one_file_twice_is_one
build once.kb good good good/a.html
expect_ids once.kb a.html b.html KB1 KB2

t_begin inputs__a_path_with_an_equals_sign_is_a_path
mkdir a=b
html 'Sign' 'the sign' > a=b/s.html
build equals.kb a=b
expect_ids equals.kb s.html

t_begin inputs__a_list_on_standard_input_is_read
printf '%s\n' good/a.html '' ./other/a.html | tr '\n' '@' |
    sed 's/@/\r\n/g' > list
expect_exit 0 from list "$KB_INDEX" build -o list.kb -
expect_ids list.kb good/a.html other/a.html
printf 'good/a.html\nmissing.html\n' > list
expect_exit 3 from list "$KB_INDEX" build -o list2.kb -
expect_match "cannot read 'missing\\.html'" "$T_ERR"
: > list
expect_exit 3 from list "$KB_INDEX" build -o list2.kb -
[ ! -e list2.kb ] || t_fail "list2.kb was made"

# ---- metadata ----

t_begin inputs__metadata_brings_what_an_export_lacks
printf 'id,owner,modified\na.html,"Team, Seven",2026-09-02\nKB2,Eve,\n' \
    > meta.csv
build meta.kb --metadata meta.csv good
"$KB_INDEX" dump meta.kb > meta.jsonl
expect_match '"id":"a\.html".*"owner":"Team, Seven".*"modified":"2026-09-02"' \
    meta.jsonl
expect_match '"id":"KB2".*"owner":"Eve".*"modified":"2026-05-05"' meta.jsonl
expect_match '"id":"b\.html".*"owner":null' meta.jsonl
printf 'path,owner\nb.html,Bob\n' > meta.csv
build meta.kb --metadata meta.csv good
"$KB_INDEX" dump meta.kb > meta.jsonl
expect_match '"id":"b\.html".*"owner":"Bob"' meta.jsonl

t_begin inputs__metadata_that_fits_no_article_is_told
printf 'id,owner\nKB1,Eve\nA-9,Bob\nB-9,Bob\n' > meta.csv
for threads in 1 4; do
	build meta.kb --threads $threads --metadata meta.csv good
	expect_count 1 "^kb-index: warning: meta\\.csv: 2 of 3 rows fit no \
article; the first is 'A-9' \\(line 3\\); the key is the column 'id'\$" "$T_ERR"
done
expect_exit 0 "$KB_INDEX" inspect --metadata meta.csv good
expect_match ': 2 of 3 rows fit no article; ' "$T_ERR"
build meta.kb --quiet --metadata meta.csv good
expect_empty "$T_ERR"
printf 'id,owner\nKB1,Eve\n' > meta.csv
build meta.kb --metadata meta.csv good
expect_no_match 'warning: meta' "$T_ERR"

t_begin inputs__bad_dates_in_metadata_are_findings
printf 'id,modified\na.html,2026-02-30\n' > meta.csv
build meta.kb --metadata meta.csv good
expect_match "^a\\.html:1: warning: bad-date: .*'2026-02-30'" "$T_ERR"

t_begin inputs__bad_metadata_is_told_with_its_line
printf 'id,owner\na.html,"open\n' > meta.csv
refuse 3 '^kb-index: meta\.csv:2: ' --metadata meta.csv good
printf 'owner,title\nx,y\n' > meta.csv
refuse 3 '^kb-index: meta\.csv:1: .*id, path or url' --metadata meta.csv good
printf 'id,colour\nx,y\n' > meta.csv
refuse 3 "^kb-index: meta\\.csv:1: .*'colour'.*fields are" \
    --metadata meta.csv good
: > meta.csv
refuse 3 '^kb-index: meta\.csv' --metadata meta.csv good
refuse 3 "cannot read 'missing\\.csv'" --metadata missing.csv good

# ---- configuration ----

t_begin inputs__configuration_sets_the_rules
printf '[rules]\nstale_days = 30\nthin_words = 2\n' > rules.conf
build rules.kb --config rules.conf good
"$KB_INDEX" dump rules.kb > rules.jsonl
expect_match '"id":"KB1".*"findings":\["stale"' rules.jsonl
expect_no_match '"thin"' rules.jsonl
build rules.kb good
"$KB_INDEX" dump rules.kb > rules.jsonl
expect_no_match '"stale"' rules.jsonl
expect_match '"id":"KB1".*"findings":\["thin"' rules.jsonl

t_begin inputs__configuration_adds_to_the_names_built_in
mkdir named
for owner in content-owner x-kb-owner; do
	echo "<html><head><title>$owner</title><meta name=$owner \
content=$owner></head><body><p>Some words.</p></body></html>" \
	    > "named/$owner.html"
done
printf '[meta]\nowner = x-kb-owner\n' > names.conf
build named.kb --config names.conf named
"$KB_INDEX" dump named.kb > named.jsonl
expect_match '"owner":"content-owner"' named.jsonl
expect_match '"owner":"x-kb-owner"' named.jsonl
expect_exit 2 "$KB_INDEX" report named.kb --owner x-kb-owners --fail-on error
expect_match "no article has the owner 'x-kb-owners'; perhaps you mean \
'x-kb-owner';" "$T_ERR"
expect_empty "$T_OUT"

t_begin inputs__bad_configuration_is_told_with_its_line
printf '[rules]\nstale_days = 30\nstale_weeks = 4\n' > bad.conf
refuse 3 "^kb-index: bad\\.conf:3: .*'stale_weeks'" --config bad.conf good
printf '\n[rules]\nstale_days = many\n' > bad.conf
refuse 3 "^kb-index: bad\\.conf:3: .*'many'" --config bad.conf good
printf '[rules\n' > bad.conf
refuse 3 '^kb-index: bad\.conf:1: ' --config bad.conf good
printf 'stale_days = 3\n' > bad.conf
refuse 3 '^kb-index: bad\.conf:1: ' --config bad.conf good
printf '[profile html]\ncolour = x\n' > bad.conf
refuse 3 '^kb-index: bad\.conf:2: .*colour' --config bad.conf good
noise 300 > bad.conf
refuse 3 '^kb-index: bad\.conf:1: ' --config bad.conf good
expect_printable "$T_ERR"
refuse 3 "cannot read 'missing\\.conf'" --config missing.conf good

# ---- addresses ----

t_begin inputs__url_base_makes_addresses
build url.kb --url-base https://kb.example.com/help names
"$KB_INDEX" dump url.kb > url.jsonl
for url in with%20space with%0Anewline %C3%A9%E6%97%A5 %FF%FE %2541; do
	expect_match "\"url\":\"https://kb\\.example\\.com/help/$url\\.html\"" \
	    url.jsonl
done
expect_count 12 '"url":"https://kb\.example\.com/help/[!-~]*\.html",' \
    url.jsonl
build url.kb --url-base https://kb.example.com/help/ zipped
"$KB_INDEX" dump url.kb > url.jsonl
expect_match '"url":"https://kb\.example\.com/help/a\.html"' url.jsonl

# ---- where to ----

t_begin inputs__output_to_other_things_is_refused_and_leaves_them
mkdir mine
echo mine > mine/file
expect_exit 2 "$KB_INDEX" build -o mine good
expect_match "'mine' holds other things and no index" "$T_ERR"
[ "$(ls -A mine)" = file ] || t_fail "mine/ was changed"
echo mine > plainfile
cp plainfile wanted
expect_exit 2 "$KB_INDEX" build -o plainfile good
expect_same plainfile wanted
expect_exit 2 "$KB_INDEX" build -o good good
[ "$(find good | sort | tr '\n' ' ')" = \
    'good good/a.html good/b.html good/kb.xml ' ] ||
    t_fail "good/ was changed"
expect_exit 2 "$KB_INDEX" build -o '' good
expect_exit 4 "$KB_INDEX" build -o no/such/folder.kb good
expect_match "'no/such/folder\\.kb'.*missing" "$T_ERR"

t_begin inputs__output_to_an_empty_folder_is_fine
mkdir fresh
build fresh good
expect_ids fresh a.html b.html KB1 KB2
build fresh/ good

t_done
