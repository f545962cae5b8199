#!/bin/sh
# content.sh BUILD [SET...]: is the main content of a page found when its
# markup does not tell?  Word F1 against pages whose own markup does, which is
# hidden first (bench/content.py says how, and what counts as a word).
#
# Sets: llvm-13-doc llvm-14-doc python3-doc (to develop on), postgresql-doc-15
# libreoffice-help-en-us (for the final figure alone), docbook-xsl-doc-html
# apache2-doc (further ones to develop on).  Packages are fetched by apt-get
# and unpacked below BUILD/bench/content; nothing is installed.
#
# Of each set: "hidden" is the page without its answer, "asis" with it; "site"
# is kb-index as it is, with what repeats over the set's pages, "page" looks
# at each page alone, "marked" at markup alone ([extract] content = marked).
# PEERS=n runs trafilatura, readability-lxml and jusText on one in n of the
# hidden pages (they are slow), and scores ours on the same.  EXAMPLES=n shows the n worst pages of each run.
set -eu
export LC_ALL=C.UTF-8
build=${1:-build}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- llvm-13-doc llvm-14-doc python3-doc
cd "$(dirname "$0")/.."
make -s B="$build" "$build/bench/content_text"
tool=$(cd "$build/bench" && pwd)/content_text
work=$build/bench/content
mkdir -p "$work/pkg" "$work/deb"

die() {
	echo "bench/content.sh: $*" >&2
	exit 1
}

# unpack PACKAGE
unpack() {
	[ ! -d "$work/pkg/$1" ] || return 0
	(cd "$work/deb" && apt-get -qq download "$1") ||
	    die "cannot fetch the package $1"
	dpkg-deb -x "$work/deb/$1"_*.deb "$work/pkg/$1.new"
	mv "$work/pkg/$1.new" "$work/pkg/$1"
}

peers() {
	venv=$build/bench/venv
	if [ ! -x "$venv/bin/python" ]; then
		python3 -m venv "$venv"
		"$venv/bin/pip" -q install -U pip
		"$venv/bin/pip" -q install trafilatura readability-lxml justext
	fi
	for p in trafilatura readability justext; do
		"$venv/bin/python" bench/content.py peer "$1" $p hidden \
		    "$PEERS" > "$1/peer.$p.run"
		python3 bench/content.py score "$1" "1/$PEERS $p" \
		    "$1/peer.$p.run" "$PEERS"
	done
	for mode in site page; do
		python3 bench/content.py score "$1" "1/$PEERS $mode" \
		    "$1/hidden.$mode.run" "$PEERS"
	done
}

for s in "$@"; do
	package=$s
	case $s in
	llvm-1?-doc) kind=sphinx at=usr/share/doc/$s/html ;;
	python3-doc) kind=sphinx package=python3.11-doc
	    at=usr/share/doc/python3.11/html ;;
	postgresql-doc-15) kind=docbook at=usr/share/doc/$s/html ;;
	libreoffice-help-en-us) kind=libreoffice
	    at=usr/share/libreoffice/help/en-US ;;
	docbook-xsl-doc-html) kind=docbook at=usr/share/doc/$s/doc ;;
	apache2-doc) kind=apache at=usr/share/doc/$s/manual/en ;;
	*) die "no set '$s'" ;;
	esac
	unpack "$package"
	dir=$work/$s
	[ -d "$work/pkg/$package/$at" ] || die "$package has no $at"
	echo "$s: $(basename "$(ls "$work/deb/$package"_*.deb)")"
	[ -f "$dir/done" ] || {
		rm -rf "$dir"
		python3 bench/content.py prepare $kind \
		    "$work/pkg/$package/$at" "$dir" | tee "$dir.txt"
		mv "$dir.txt" "$dir/done"
	}
	for pages in hidden asis; do
		for mode in site page marked; do
			"$tool" "$dir/$pages" $mode > "$dir/$pages.$mode.run"
			python3 bench/content.py score "$dir" \
			    "$pages $mode" "$dir/$pages.$mode.run"
		done
	done
	[ -z "${PEERS:-}" ] || peers "$dir"
done
