#!/bin/sh
# demo.sh BUILD [CORPUS]: the main job from end to end, as "make demo" shows
# it: build an index, report what to do first, answer questions, and decline
# one.  Prints each command before it runs, to be copied.  CORPUS is helpdesk
# (the sample beside this script, the default) or debian (fetched into
# BUILD/debian by debian.sh, about 20 MB).
#
# Exit code 1 as soon as something is not as it should be.
set -eu
as_of=2026-10-01	# both corpora are judged by this day, not by today

die() {
	echo "demo.sh: $*" >&2
	exit 1
}

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo "usage: corpora/demo.sh BUILD [helpdesk|debian]" >&2
	exit 2
fi
[ -d "$1" ] || die "no folder '$1': run make first"
build=$(cd "$1" && pwd)
corpus=${2:-helpdesk}
cd "$(dirname "$0")/.."
build=${build#"$PWD"/}		# commands are easier to read with short paths
for program in kb-index kb-query; do
	[ -x "$build/$program" ] || die "no '$build/$program': run make first"
done

title() {
	printf '\n== %s ==\n' "$*"
}

# The command as one would type it.
show() {
	printf '\n$'
	for word in "$@"; do
		case $word in
		*[!A-Za-z0-9_./=:,+-]*)
			printf " '%s'" "$(printf %s "$word" |
			    sed "s/'/'\\\\''/g")" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n\n'
}

# wanted CODE COMMAND...: show it, run it; its output is printed and in $out.
wanted() {
	code=$1
	shift
	show "$@"
	got=0
	"$@" > "$out" || got=$?
	cat "$out"
	[ "$got" -eq "$code" ] ||
	    die "that should have ended with exit code $code, not $got"
}

# The suggestion that names the article ID, up to the empty line behind it.
suggestion() {
	awk -v RS= -v id="$1" '/^[0-9]+\. / && index($0, id)' "$out"
}

# answered QUESTION ID: by that article, and without a warning.
answered() {
	wanted 0 "$build/kb-query" suggest "$index" "$1"
	suggestion "$2" | grep -q . ||
	    die "article $2 should have been among the suggestions"
	! suggestion "$2" | grep -q '^ *warning: ' ||
	    die "article $2 should have come without a warning"
}

# warned QUESTION ID CODE: answered, and the article's state is told.
warned() {
	wanted 0 "$build/kb-query" suggest "$index" "$1"
	suggestion "$2" | grep -q "^ *warning: $3" ||
	    die "article $2 should have been suggested, and been called $3"
}

# No passage covers enough of the question, and that is said.
declined() {
	wanted 1 "$build/kb-query" suggest "$index" "$1"
}

# build_index PATH...
build_index() {
	wanted 0 "$build/kb-index" build --as-of $as_of -o "$index" "$@"
	grep -Eq '^articles [1-9]' "$out" || die "there are no articles in it"
}

report() {
	wanted 0 "$build/kb-index" report "$index" --top 10
}

helpdesk() {
	title "Four exports of a help desk's articles become one index"
	build_index corpora/helpdesk
	title "What its owners should do first"
	report
	title "A question that the articles answer"
	answered "I lost my phone with the authenticator, what should I do?" \
	    KB0010006
	title "One whose article is overdue: the answer says so"
	warned "How do I reset a forgotten network password?" \
	    KB0010001 overdue
	title "One that no article answers: exit code 1, and no guess"
	declined "Can I bring my dog to the office?"
}

debian() {
	title "The documentation of four Debian packages"
	show corpora/debian.sh "$build/debian"
	corpora/debian.sh "$build/debian" > /dev/null
	set --
	while read -r path; do
		relative=${path#*=}
		set -- "$@" "${path%%=*}=${relative#"$PWD"/}"
	done < "$build/debian/paths.txt"
	title "Becomes one index"
	build_index "$@"
	title "What its owners should do first"
	report
	title "A question that the articles answer"
	answered "How do I back up a database with pg_dump?" \
	    postgresql/app-pgdump.html
	title "One whose article is stale: the answer says so"
	warned "How can I change the desktop background?" \
	    look-background stale
	title "One that no article answers: exit code 1, and no guess"
	declined "How do I configure a Kubernetes ingress?"
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "$build/demo"
index=$build/demo/$corpus.kb
case $corpus in
helpdesk) helpdesk ;;
debian) debian ;;
*) die "no corpus '$corpus': helpdesk or debian" ;;
esac

title "All of that held"
cat <<END

The index is in $index.  Where to go next:

    README.md, section "Your own export in three commands"
    $build/kb-index help    what else it can do
    $build/kb-query help
END
[ "$corpus" = debian ] ||
    echo "    make demo CORPUS=debian    4,285 real pages (fetches 20 MB)"
