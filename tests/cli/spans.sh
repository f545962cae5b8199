#!/bin/sh
# The contract of spans, from the rows of an index and the files alone: the
# bytes of members by libarchive and Python's zipfile, fields by libxml2.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

CHECK=$KB_BUILD/tools/span_check

# holds LEAST ROOT...: an index of these, of which every passage and quote
# holds, LEAST passages at least.
holds() {
	least=$1
	shift
	"$KB_INDEX" build --quiet --as-of 2026-10-01 -o held.kb "$@" \
	    > build.out 2>&1 || t_fail "it is not built: $(tail -n 1 build.out)"
	expect_exit 0 "$CHECK" held.kb "$@"
	[ "$(awk 'END { print $3 }' "$T_OUT")" -ge "$least" ] ||
	    t_fail "too few passages: $(tail -n 1 "$T_OUT")"
}

if [ ! -x "$CHECK" ]; then
	t_skip spans "tools/span_check is not built: make units"
	t_done
fi

t_begin spans__hold_for_the_sample_articles
holds 150 "$KB_ROOT/corpora/helpdesk"

t_begin spans__hold_for_samples_of_exports
holds 10 "$KB_ROOT/corpora/exports"

mkdir set
python3 "$KB_ROOT/tests/cli/spans.py" make set

for kind in posts:200 sn:100 wp:10 wiki:20 help:2; do
	t_begin "spans__hold_for_generated_files_of_${kind%:*}"
	holds "${kind#*:}" "set/${kind%:*}"
done

t_begin spans__hold_for_members_of_a_zip_and_a_tar
mkdir archives
mv set/set.zip set/set.tar archives
holds 100 archives

t_begin spans__are_bytes_of_a_zips_members_to_pythons_zipfile
expect_exit 0 python3 "$KB_ROOT/tests/cli/spans.py" zip held.kb \
    archives/set.zip
expect_match '^[1-9][0-9]* passages, [1-9][0-9]{4}' "$T_OUT"

t_done
