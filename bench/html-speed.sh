#!/bin/sh
# html-speed.sh [BUILD [ROUNDS]]: CPU time of reading Debian's HTML
# documentation: libxml2's bare htmlCtxtReadMemory, our tokenizer and tree
# builder, extraction, and extraction with segmentation and terms, all in one
# process, and the real program with its worker processes, in one run
# (html_speed.c).
set -eu
export LC_ALL=C
build=${1:-build}
rounds=${2:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
"$root/.ci/install-deps" build
build=$(mkdir -p "$build" && cd "$build" && pwd)
make -s -C "$root" B="$build" bench-tools "$build/kb-index"
. "$root/bench/html-pages.sh"
debian_pages > "$html/debian.list"
# The same pages alone, in a folder: packages hold more than pages.
rm -rf "$html/pages"
mkdir "$html/pages"
(cd "$html/debian" && find . -type f -name '*.html' -exec \
    cp -l --parents -t "$html/pages" {} +)
echo "libxml2 $(pkg-config --modversion libxml-2.0);" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1);" \
    "load $(cut -d ' ' -f 1 /proc/loadavg) when it began"
"$build/bench/html_speed" "$rounds" "$build/kb-index" "$html/pages" \
    < "$html/debian.list"
