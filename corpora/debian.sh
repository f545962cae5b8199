#!/bin/sh
# debian.sh DEST: fetch four Debian packages of documentation and unpack them
# below DEST, without installing them: images often exclude /usr/share/doc and
# /usr/share/help, and evolution would bring a desktop along.
#
#	DEST/cache/*.deb	what apt-get downloaded (KB_CACHE: elsewhere)
#	DEST/PACKAGE/		the package's files
#	DEST/packages.txt	package and version, a line each
#	DEST/paths.txt		NAME=PATH arguments for kb-index, a line each
#
# A second run does what is missing; one that finds all needs no network.
# Root is needed only for "apt-get update", and that only where apt's lists
# are empty or older than the archive.
set -eu

# name, package, folder in the package, what its pages are called
corpora() {
	cat <<-'END'
	gnome gnome-user-docs usr/share/help/C/gnome-help page
	system-admin gnome-user-docs usr/share/help/C/system-admin-guide page
	evolution evolution-common usr/share/help/C/evolution page
	libreoffice libreoffice-help-en-us usr/share/libreoffice/help/en-US html
	postgresql postgresql-doc-15 usr/share/doc/postgresql-doc-15/html html
	END
}

die() {
	echo "debian.sh: $*" >&2
	exit 1
}

say() {
	echo "debian.sh: $*" >&2
}

candidate() {
	LC_ALL=C apt-cache policy "$1" 2>/dev/null |
	    awk '$1 == "Candidate:" && $2 != "(none)" { print $2; exit }'
}

updated=
update_lists() {
	[ -z "$updated" ] || return 0
	updated=yes
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
		    die "apt's package lists are missing or old: run" \
		    "'apt-get update' as root (there is no sudo), then again"
		as_root=sudo
	fi
	say "updating apt's package lists"
	$as_root apt-get update -qq >&2 ||
	    die "'apt-get update' failed: is there a network? Its messages" \
	    "are above; run this again and it goes on from here"
}

# A download is given its final name only when it is whole.  As root, apt would
# first warn that its own user cannot write here.
download() {
	(cd "$part" &&
	    apt-get download -qq -o APT::Sandbox::User=root "$1") >&2
}

fetch() {
	package=$1
	version=$(candidate "$package")
	if [ -z "$version" ]; then
		update_lists
		version=$(candidate "$package")
	fi
	[ -n "$version" ] ||
	    die "apt knows no package '$package'; this corpus is made of" \
	    "packages of Debian 12 (bookworm)"
	deb=$(cached "$package" "$version")
	[ -n "$deb" ] && return 0
	say "downloading $package $version"
	if ! download "$package"; then
		update_lists
		version=$(candidate "$package")
		download "$package" ||
		    die "cannot download $package $version: is there a" \
		    "network? apt's message is above; run this again and it" \
		    "goes on from here"
	fi
	mv "$part/${package}"_*.deb "$cache/"
	deb=$(cached "$package" "$version")
	[ -n "$deb" ] || die "apt-get downloaded another $package than $version"
}

# The whole .deb of this version, if it is in the cache.
cached() {
	for f in "$cache/$1"_*.deb; do
		[ -f "$f" ] || continue
		[ "$(dpkg-deb -f "$f" Version 2>/dev/null)" = "$2" ] || continue
		echo "$f"
		return 0
	done
}

unpack() {
	rm -rf "${dest:?}/$1" "${part:?}/$1"
	mkdir "$part/$1"
	dpkg-deb -x "$deb" "$part/$1" ||
	    die "cannot unpack '$deb': remove it (and make room if the disk" \
	    "is full), then run this again"
	mv "$part/$1" "$dest/$1"
}

have() {
	[ -d "$dest/$1" ] && [ -f "$dest/packages.txt" ] &&
	    grep -q "^$1 " "$dest/packages.txt"
}

count() {
	find "$1" -type f -name "*.$2" | wc -l
}

if [ $# -ne 1 ] || [ -z "$1" ]; then
	echo "usage: corpora/debian.sh DEST" >&2
	exit 2
fi
mkdir -p "$1" || die "cannot make the folder '$1'"
dest=$(cd "$1" && pwd)
cache=${KB_CACHE:-$dest/cache}
mkdir -p "$cache" || die "cannot make the folder '$cache'"
cache=$(cd "$cache" && pwd)

part=$dest/.part
rm -rf "$part"
mkdir "$part"
trap 'rm -rf "$part"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

for package in $(corpora | awk '!seen[$2]++ { print $2 }'); do
	have "$package" && continue
	for tool in apt-get apt-cache dpkg-deb; do
		command -v $tool >/dev/null ||
		    die "there is no $tool: this corpus needs Debian or a" \
		    "system made of it"
	done
	fetch "$package"
	unpack "$package"
	echo "$package $version" >> "$dest/packages.txt"
done

corpora | while read -r name package folder ext; do
	[ -d "$dest/$package/$folder" ] ||
	    die "$package holds no '$folder' any more: corpora() in this" \
	    "script names the folders"
	echo "$name=$dest/$package/$folder"
	printf '%-14s %6d pages  %s %s\n' "$name" \
	    "$(count "$dest/$package/$folder" "$ext")" "$package" \
	    "$(awk -v p="$package" '$1 == p { print $2 }' \
	    "$dest/packages.txt" | tail -n 1)" >&2
done > "$part/paths.txt"
mv "$part/paths.txt" "$dest/paths.txt"
cat "$dest/paths.txt"
