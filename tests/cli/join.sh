#!/bin/sh
# The exact join beside a plain count of everything, to the letter, on real
# documentation: build/tools/join_check.
set -eu
. "$(dirname "$0")/lib.sh"

# lines FOLDER N: the words of its pages, a line each; N of them, spread.
lines() {
	find -L "$1" -type f \( -name '*.html' -o -name '*.xhtml' -o \
	    -name '*.page' -o -name '*.xml' \) | LC_ALL=C sort > pages
	have=$(wc -l < pages)
	step=$((have > $2 ? have / $2 : 1))
	# shellcheck disable=SC2016
	awk -v step="$step" 'NR % step == 0' pages | head -n "$2" |
	    tr '\n' '\0' | xargs -0 env LC_ALL=C awk '
		FNR == 1 { printf "\n" }
		{ gsub(/<[^>]*>/, " "); printf "%s ", $0 }' > words
	rm pages
}

# same NAME FOLDER PAGES: as many pages as that, or it is skipped.
same() {
	if ! [ -d "$2" ]; then
		t_skip "join__$1_equals_a_plain_count" "there is no '$2'"
		return
	fi
	lines "$2" "$3"
	if [ "$(wc -l < words)" -lt "$4" ]; then
		t_skip "join__$1_equals_a_plain_count" \
		    "'$2' has fewer than $4 pages"
		return
	fi
	t_begin "join__$1_equals_a_plain_count"
	expect_exit 0 "$KB_BUILD/tools/join_check" words
	expect_count 4 'pairs *$' "$T_OUT"
	# Only where there are pairs does it say anything.
	expect_match 'near 1/2 inside 7/10: [1-9][0-9]* pairs' "$T_OUT"
}

same helpdesk "$KB_ROOT/corpora/helpdesk" 1000 20
same libreoffice_help /usr/share/libreoffice/help/en-US 5000 2000
same debian_sample "${KB_DEBIAN_DOC:-/usr/share/doc}" 10000 10000

t_done
