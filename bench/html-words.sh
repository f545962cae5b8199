#!/bin/sh
# html-words.sh [BUILD]: which words our HTML reader finds on a page, against
# parse5, in recall and precision; html_words.mjs says how they are compared.
# A Markdown table on stdout; on stderr the worst pages of every set, with
# what is missing and what is too much (WORST=n: so many; default 10).
#
#	html5lib	html5lib-tests, tree construction: a document a test
#	tidy		test cases of HTML Tidy
#	others		pages of the tests of jsoup, lexbor, nokogiri, DOMPurify
#	hostile		these three in one
#	debian		HTML documentation of Debian packages
#
# All but debian come out of ../shared/data/hostile.tar.xz and are skipped
# where that is absent.  parse5 is fetched by npm into BUILD/bench/node.
set -eu
export LC_ALL=C
parse5=parse5@8.1.1

build=${1:-build}
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/.ci/install-deps" build bench
make -s -C "$root" B="$(mkdir -p "$build" && cd "$build" && pwd)" bench-tools
build=$(cd "$build" && pwd)
. "$root/bench/html-pages.sh"
node=$build/bench/node
hostile=$root/../shared/data/hostile.tar.xz

mkdir -p "$node"
if [ ! -d "$node/node_modules/parse5" ]; then
	(cd "$node" && npm install --silent --no-save --no-audit --no-fund \
	    --prefix . "$parse5") >&2
fi

# jsoup keeps its pages gzipped; the compare is of markup, not of gunzipping.
unpack_hostile() {
	rm -rf "$html/hostile"
	mkdir -p "$html/hostile"
	tar -xJf "$hostile" -C "$html/hostile"
	find "$html/hostile" -name '*.html.gz' | while read -r f; do
		gzip -dc "$f" > "${f%.html.gz}-gz.html"
	done
	node "$root/bench/html_words.mjs" split "$html/html5lib" \
	    "$html"/hostile/html5lib-tests-*/tree-construction/*.dat
}

pages() {
	case $1 in
	html5lib) find "$html/html5lib" -type f | sort ;;
	tidy) find "$html/hostile/tidy/cases" -name '*.html' \
	    -not -path '*-expects/*' | sort ;;
	others) find "$html/hostile/jsoup" "$html/hostile/lexbor" \
	    "$html/hostile/nokogiri" "$html/hostile/dompurify" -type f \
	    \( -name '*.html' -o -name '*.htm' -o -name '*.xhtml' \) | sort ;;
	hostile) for p in html5lib tidy others; do pages $p; done ;;
	debian) debian_pages ;;
	esac
}

score() {
	pages "$1" > "$html/$1.list"
	(cd "$node" &&
	    "$build/bench/html_words" "$root/bench/html_words.conf" \
	    < "$html/$1.list" | node "$root/bench/html_words.mjs" score "$1" \
	    "$root/indexer/profiles/html.conf" "$root/bench/html_words.conf")
}

sets=debian
if [ -f "$hostile" ]; then
	unpack_hostile
	sets="html5lib tidy others hostile debian"
else
	echo "skipped: html5lib, tidy, others: $hostile is not there" >&2
fi
echo "| pages | view | number | words of parse5 | of ours | recall |" \
    "precision | pages that differ |"
echo "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
for s in $sets; do
	score "$s"
done
