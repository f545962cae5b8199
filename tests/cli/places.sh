#!/bin/sh
# places.sh: every anchor of a page is found again, however short its section,
# and what make install puts down can be built against.
. "$(dirname "$0")/lib.sh"

t_begin places__every_anchor_of_short_sections_is_found
mkdir pages
{
	echo '<!DOCTYPE html><title>Many</title><body><h1>Many</h1>'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "<h2 id=s$i>Part $i</h2><p>Word number $i of many.</p>"
	done
} > pages/many.html
expect_exit 0 "$KB_INDEX" build -o p.kb --as-of 2026-10-01 pages
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	expect_exit 0 "$KB_QUERY" show p.kb "many.html#s$i"
	expect_match "Word number $i of many" "$T_OUT"
done
expect_exit 3 "$KB_QUERY" show p.kb 'many.html#s13'
t_end

t_begin places__an_installed_library_is_found_by_pkg_config
root=$PWD/root
(cd "$KB_ROOT" && make --no-print-directory -s B="$KB_BUILD" \
    install DESTDIR="$root" PREFIX=/opt/kb) > make.out 2>&1 || t_fail install
expect_match '^prefix=/opt/kb$' "$root/opt/kb/lib/pkgconfig/kb.pc"
expect_match '^Version: [0-9]' "$root/opt/kb/lib/pkgconfig/kb.pc"
[ -f "$root/opt/kb/share/man/man1/kb-query.1" ] || t_fail 'no manual'
t_done
