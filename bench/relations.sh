#!/bin/sh
# relations.sh BUILD DEST: what pairs of articles are called, on documentation
# of which that is known.  BUILD/kb-index is measured; packages of Debian are
# fetched and unpacked into DEST, once.
#
#	javadoc		openjdk-17-doc: one template, ten thousand classes.
#			Hardly any pair may be called near.
#	javadoc, whole	the same with all that a page shows, navigation and
#			all, as one text: the template in full
#	mix		javadoc as a fifth of a mixed corpus
#	llvm, boost	two versions of one documentation.  Pairs on the same
#			path must stay near, identical or version; both as
#			folders that are named after the version, and as "one"
#			and "two", where only the texts can tell.
# shellcheck disable=SC2016
set -eu

[ $# -eq 2 ] || { echo "usage: bench/relations.sh BUILD DEST" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
kb=$(cd "$1" && pwd)/kb-index
mkdir -p "$2/debs"
cd "$2"

for package in openjdk-17-doc llvm-13-doc llvm-14-doc libboost1.74-doc \
    libboost1.81-doc python3.11-doc postgresql-doc-15; do
	[ -d $package ] && continue
	(cd debs && apt-get download -qq -o APT::Sandbox::User=root $package)
	dpkg-deb -x debs/${package}_*.deb $package
done
java='openjdk-17-doc/usr/share/doc/openjdk-17-jre-headless/api'
llvm13='llvm-13-doc/usr/share/doc/llvm-13-doc/html'
llvm14='llvm-14-doc/usr/share/doc/llvm-14-doc/html'
boost74='libboost1.74-doc/usr/share/doc/libboost1.74-doc/doc'
boost81='libboost1.81-doc/usr/share/doc/libboost1.81-doc/doc'
python='python3.11-doc/usr/share/doc/python3.11/html'
postgresql='postgresql-doc-15/usr/share/doc/postgresql-doc-15/html'

# build NAME PATH...: its pairs become NAME.tsv
build() {
	name=$1
	shift
	"$kb" build --quiet --as-of 2026-10-01 -o "$name.kb" "$@" \
	    > /dev/null 2>&1
	"$kb" duplicates "$name.kb" > "$name.tsv"
}

# What raw resemblance of 4/5 is called, of pairs that awk's CONDITION selects.
count() {
	awk -F '\t' -v what="$1" '
	function path(id) { sub(/^[^\/]*\//, "", id); return id }
	NR == 1 || $4 * 5 < ($5 + $6 - $4) * 4 { next }
	!('"$3"') { next }
	{ all++; n[$3]++ }
	END {
		printf "%-28s %7d raw:", what, all
		for (i = split("template version near identical", r, " "); i; i--)
			printf " %s %d (%.4f%%)", r[i], n[r[i]],
			    all ? 100 * n[r[i]] / all : 0
		print ""
	}' "$2.tsv"
}

build javadoc javadoc=$java
count javadoc javadoc 1
[ -f whole.xml ] || python3 "$here/relations_text.py" $java > whole.xml
build whole whole.xml
count 'javadoc, whole' whole 1

# Each fifth page, so that the mix is what the name says.
if [ ! -d sample ]; then
	mkdir sample
	(cd $java && find . -name '*.html' | LC_ALL=C sort | awk 'NR % 5 == 0' |
	    tar cf - -T -) | (cd sample && tar xf -)
fi
build mix javadoc=sample llvm=$llvm14 boost=$boost81 python=$python \
    postgresql=$postgresql
count 'mix, of javadoc' mix '$1 ~ /^javadoc/ && $2 ~ /^javadoc/'
count 'mix, others' mix '!($1 ~ /^javadoc/ && $2 ~ /^javadoc/)'

build llvm llvm-13=$llvm13 llvm-14=$llvm14
count 'llvm, same path' llvm 'path($1) == path($2)'
count 'llvm, other paths' llvm 'path($1) != path($2)'
build llvm-unnamed one=$llvm13 two=$llvm14
count 'llvm unnamed, same path' llvm-unnamed 'path($1) == path($2)'
build boost boost-1_74_0=$boost74 boost-1_81_0=$boost81
count 'boost, same path' boost 'path($1) == path($2)'
count 'boost, other paths' boost 'path($1) != path($2)'
build boost-unnamed one=$boost74 two=$boost81
count 'boost unnamed, same path' boost-unnamed 'path($1) == path($2)'
