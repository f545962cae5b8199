#!/bin/sh
# competing.sh BUILD [WORK]: how good the pairs of kb-index competing are.
# Indexes those corpora of bench/competing.tsv that can be had, and prints the
# precision at score levels of the pairs that one reader judged; then the FAQ
# collection, of which the right pairs are known.
#	corpora/helpdesk	is here
#	debian			after make demo CORPUS=debian
#	packages		apt-get download, into WORK (BUILD/bench/competing)
#	sets of ../shared	where they are
# What is not there is said and left out.
set -eu
build=$(cd "${1:-build}" && pwd)
work=${2:-$build/bench/competing}
root=$(cd "$(dirname "$0")/.." && pwd)
shared=$root/../shared/data
py=$root/bench/competing.py
runs=
mkdir -p "$work"

# index NAME PATH...: and ask it.
index() {
	name=$1
	shift
	"$build/kb-index" build --quiet --as-of 2026-10-01 -o "$work/$name.kb" \
	    "$@" 2> "$work/$name.log" || { cat "$work/$name.log"; return; }
	start=$(date +%s)
	"$build/kb-index" competing --score 0 --json "$work/$name.kb" \
	    > "$work/$name.json"
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
print("%s: %d articles, %d not asked, %d candidates, %s s" % (sys.argv[2],
    d["articles"], d["not_asked"], d["candidates"], sys.argv[3]))' \
	    "$work/$name.json" "$name" $(($(date +%s) - start))
	runs="$runs $name=$work/$name.json"
}

# again NAME KIND PATH...: once to know the articles, then with products.
again() {
	name=$1
	kind=$2
	shift 2
	"$build/kb-index" build --quiet --as-of 2026-10-01 -o "$work/$name.kb" \
	    "$@" 2> "$work/$name.log"
	db=$(find "$work/$name.kb" -name 'all-*.db')
	python3 "$py" products "$kind" "$db" "$work/$name.csv"
	index "$name" --metadata "$work/$name.csv" "$@"
}

# package NAME FOLDER: its documentation is in $doc.
package() {
	doc=$work/$1/$2
	[ -d "$doc" ] && return 0
	(cd "$work" && apt-get download -qq "$1" > /dev/null 2>&1 &&
	    dpkg-deb -x "$1"_*.deb "$1") || true
	[ -d "$doc" ] || { echo "skipped: package $1"; return 1; }
}

# whole NAME PACKAGE FOLDER: without what a generator adds.
whole() {
	package "$2" "$3" || return 0
	rm -rf "$work/$1.src"
	cp -r "$doc" "$work/$1.src"
	(cd "$work/$1.src" && rm -rf _modules _sources _static releases api \
	    genindex* search.html py-modindex.html)
	index "$1" "$work/$1.src"
}

# multi CORPUS (NAME PACKAGE FOLDER)...: several packages as one base.
multi() {
	corpus=$1
	shift
	paths=
	while [ $# -gt 0 ]; do
		package "$2" "$3" && paths="$paths $1=$doc"
		shift 3
	done
	# shellcheck disable=SC2086
	[ -z "$paths" ] || index "$corpus" $paths
}

# set_of NAME: unpack one of ../shared.
set_of() {
	[ -f "$shared/$1.tar.xz" ] || { echo "skipped: $1"; return 1; }
	[ -d "$work/${1#ir-}" ] || tar -xJf "$shared/$1.tar.xz" -C "$work"
}

index helpdesk "$root/corpora/helpdesk"
if [ -f "$root/build/debian/paths.txt" ]; then
	# shellcheck disable=SC2046
	again debian debian $(cat "$root/build/debian/paths.txt")
else
	echo "skipped: debian; make demo CORPUS=debian first"
fi
if package gnucash-docs usr/share/doc/gnucash-docs; then
	index gnucash guide="$doc/gnucash-guide-en" help="$doc/gnucash-help-en"
fi
multi debman faq debian-faq usr/share/doc/debian/FAQ \
    reference debian-reference-en usr/share/debian-reference \
    handbook debian-handbook usr/share/doc/debian-handbook/html/en-US \
    install installation-guide-amd64 \
    usr/share/doc/installation-guide-amd64/en \
    aptitude aptitude-doc-en usr/share/doc/aptitude/html/en \
    devref developers-reference usr/share/developers-reference \
    maint maint-guide usr/share/doc/maint-guide/html \
    debmake debmake-doc usr/share/doc/debmake-doc/html \
    policy debian-policy usr/share/doc/debian-policy/policy.html
multi mail exim exim4-doc-html usr/share/doc/exim4-doc-html/spec_html \
    postfix postfix-doc usr/share/doc/postfix/html \
    mutt mutt usr/share/doc/mutt/html \
    fetchmail fetchmail usr/share/doc/fetchmail
whole gimp gimp-help-en usr/share/gimp/2.0/help/en
whole git git-doc usr/share/doc/git-doc
whole apache apache2-doc usr/share/doc/apache2-doc/manual/en
whole django python-django-doc usr/share/doc/python-django-doc/html
whole nova nova-doc usr/share/doc/nova-doc/html
whole neutron neutron-doc usr/share/doc/neutron-doc/html
whole rsyslog rsyslog-doc usr/share/doc/rsyslog-doc/html
if set_of kb-html; then
	index realkb gdsway="$work/kb-gdsway/source" \
	    moj="$work/kb-moj-cloud/source" wsl="$work/kb-wsl/WSL"
fi
if set_of ir-awsdocs; then
	[ -d "$work/awsdocs-html" ] || python3 "$shared/../tools/beir2html.py" \
	    "$work/awsdocs" "$work/awsdocs-html" > /dev/null
	# One folder: those that it makes, a thousand files each, say nothing.
	rm -rf "$work/aws.src" "$work/services.src"
	mkdir "$work/aws.src" "$work/services.src"
	find "$work/awsdocs-html" -name '*.html' -exec cp {} "$work/aws.src" ';'
	again aws aws "$work/aws.src"
	db=$(find "$work/aws.kb" -name 'all-*.db')
	python3 "$py" files "$db" | while read -r file; do
		cp "$work/aws.src/$file" "$work/services.src"
	done
	again services services "$work/services.src"
fi
# shellcheck disable=SC2086
python3 "$py" levels "$root/bench/competing.tsv" $runs
if set_of ir-stackfaq; then
	python3 "$py" faq "$work/stackfaq" "$work/faq"
	index faq "$work/faq"
	python3 "$py" truth "$work/faq.json"
fi
