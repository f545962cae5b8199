#!/bin/sh
# hostile.sh: collections that other projects keep because they broke a parser
# once (html5lib, W3C XML conformance, libxml2, expat, tidy, jsoup, nokogiri,
# lexbor, chardet, XXE, naughty strings), each file read as HTML and as XML.
# The collection is not part of the project: without it these tests skip.
. "$(dirname "$0")/lib.sh"

data=${KB_HOSTILE:-$KB_ROOT/../shared/data/hostile.tar.xz}

all='hostile__every_file_as_html_and_as_xml_is_read_or_told
hostile__none_ends_a_worker
hostile__nothing_outside_of_a_file_is_in_the_index
hostile__well_formed_files_of_the_w3c_are_all_read
hostile__files_that_are_not_well_formed_are_rejected_with_a_line
hostile__files_of_the_w3c_read_the_same_in_any_number_of_threads'
if [ ! -f "$data" ]; then
	for t in $all; do
		t_skip "$t" "no ../shared/data/hostile.tar.xz"
	done
	t_done
fi

# Any element is a record, so that no file is left at its first tag.
cat > any.conf <<'END'
[profile any]
root = *
record = *
body.article = .
END

mkdir set
tar -xJf "$data" -C set
# What an external entity would bring.
canary=$PWD/canary.txt
echo canaryfile > "$canary"
find set -type f | LC_ALL=C sort > names
mkdir both
n=0
while IFS= read -r f; do
	n=$((n + 1))
	case $f in
	*.gz) ln "$f" "both/$n.html.gz"; ln "$f" "both/$n.xml.gz" ;;
	*) ln "$f" "both/$n.html"; ln "$f" "both/$n.xml" ;;
	esac
done < names
cat > both/file.xml <<END
<!DOCTYPE a [<!ENTITY x SYSTEM "file://$canary">
<!ENTITY % p SYSTEM "file://$canary"> %p;]>
<a xmlns:xi="http://www.w3.org/2001/XInclude">before &x; after
<xi:include href="file://$canary" parse="text"/></a>
END

t_begin hostile__every_file_as_html_and_as_xml_is_read_or_told
expect_exit 0 timeout 300 "$KB_INDEX" build --config any.conf --threads 2 \
    --as-of 2026-10-01 -o all.kb both
expect_match '^published ' "$T_OUT"
expect_no_match 'Sanitizer|runtime error' "$T_ERR"
[ "$n" -gt 8000 ] || t_fail "only $n files in the collection"

t_begin hostile__none_ends_a_worker
"$KB_INDEX" report --format json all.kb > all.json
expect_json '.format == 1' all.json
expect_json '[.findings[] | select(.code == "quarantined")] == []' all.json

t_begin hostile__nothing_outside_of_a_file_is_in_the_index
"$KB_INDEX" dump all.kb > all.dump
expect_match 'before' all.dump
expect_no_match 'canaryfile|root:x:0:0' all.dump

# ---- the W3C's suite ----

suite=set/xmlconf/packages/test-data/xmlconf
expect_exit 0 "$KB_INDEX" build --config any.conf --threads 1 \
    --as-of 2026-10-01 -o one.kb "$suite"
"$KB_INDEX" report --format json one.kb > one.json
python3 "$KB_ROOT/tests/cli/w3c.py" "$suite" one.json list > w3c.txt
sed -n '/accepted/!p' w3c.txt | head -n 8 | sed 's/^/# /'

# count CLASS COLUMN
count() {
	awk -F'\t' -v class="$1" -v col="$2" '$1 == class && NF == 4 {
	    print $col; exit }' w3c.txt
}

t_begin hostile__well_formed_files_of_the_w3c_are_all_read
[ "$(count wf 2)" -ge 933 ] || t_fail "only $(count wf 2) such files"
[ "$(count wf 2)" = "$(count wf 3)" ] ||
    t_fail "$(count wf 3) of $(count wf 2)"

t_begin hostile__files_that_are_not_well_formed_are_rejected_with_a_line
[ "$(count not-wf 2)" -ge 927 ] || t_fail "only $(count not-wf 2) such files"
[ "$(count not-wf 3)" -ge 884 ] || t_fail "rejected: $(count not-wf 3)"
[ $(($(count not-wf 3) + $(count not-wf 4))) -ge 913 ] ||
    t_fail "rejected or told: $(count not-wf 3) and $(count not-wf 4)"

t_begin hostile__files_of_the_w3c_read_the_same_in_any_number_of_threads
expect_exit 0 "$KB_INDEX" build --config any.conf --threads 3 \
    --as-of 2026-10-01 -o three.kb "$suite"
expect_same three.kb/manifest.json one.kb/manifest.json

t_done
