#!/bin/sh
# html-pages.sh: the pages that html-words.sh and html-speed.sh read.  To be
# sourced, with $build (absolute) and $root set; works in $build/bench/html.
# Sets $html to that folder.

html=${build:?}/bench/html
mkdir -p "$html"

# Debian's documentation, unpacked and not installed: images often exclude
# /usr/share/doc.  A package a line, with the folder of its pages.
debian_docs='debian-policy debian-reference-en llvm-14-doc python3.11-doc
    postgresql-doc-15 libreoffice-help-en-us'

fetch_doc() {
	[ ! -d "$html/debian/$1" ] || return 0
	echo "fetching $1" >&2
	mkdir -p "$html/cache/$1" "$html/debian"
	(cd "$html/cache/$1" && rm -f ./*.deb &&
	    apt-get download -qq -o APT::Sandbox::User=root "$1") >&2 || {
		echo "cannot download $1: run 'apt-get update' as root" >&2
		return 1
	}
	rm -rf "$html/debian/.part"
	dpkg-deb -x "$html/cache/$1"/*.deb "$html/debian/.part"
	mv "$html/debian/.part" "$html/debian/$1"
}

# One file name a line on stdout; every page counts, none is drawn by lot.
debian_pages() {
	for p in $debian_docs; do
		fetch_doc "$p" || return 1
	done
	find "$html/debian" -type f -name '*.html' | sort
}
