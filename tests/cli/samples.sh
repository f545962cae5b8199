# shellcheck shell=sh
# samples.sh: small articles for the tests of whole programs, and what an
# index says of itself before and after something went wrong.  To be read
# after lib.sh.

# html TITLE TEXT: a page.
html() {
	printf '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
	printf '<title>%s</title></head>\n<body><h1>%s</h1>\n' "$1" "$1"
	printf '<p>%s</p>\n</body></html>\n' "$2"
}

# record ID TITLE TEXT: of a ServiceNow export, between <unload> tags.
record() {
	printf '<kb_knowledge action="INSERT_OR_UPDATE"><number>%s' "$1"
	printf '</number>\n<short_description>%s</short_description>' "$2"
	printf '<workflow_state>published</workflow_state>\n'
	printf '<sys_updated_on>2026-05-05 10:00:00</sys_updated_on>'
	printf '<text>&lt;p&gt;%s&lt;/p&gt;</text></kb_knowledge>\n' "$3"
}

# records N: an export of that many, each of 150 words of its own.
records() {
	awk -v n="$1" 'BEGIN {
	    srand(1)
	    print "<unload>"
	    for (i = 1; i <= n; i++) {
		printf "<kb_knowledge><number>KB%07d</number>", i
		printf "<short_description>Article %d", i
		printf "</short_description><text>&lt;p&gt;"
		for (k = 0; k < 150; k++)
		    printf "word%d ", int(rand() * 20000)
		print "&lt;/p&gt;</text></kb_knowledge>"
	    }
	    print "</unload>"
	}'
}

# noise N: that many bytes without a meaning, always the same.
noise() {
	python3 -c 'import random, sys
sys.stdout.buffer.write(random.Random(1).randbytes(int(sys.argv[1])))' "$1"
}

# from FILE COMMAND...: with standard input from FILE.
from() {
	input=$1
	shift
	"$@" < "$input"
}

# remember INDEX QUESTION: its manifest, its history and what it answers.
remember() {
	question=$2
	told "$1" > remembered
}

# expect_as_remembered INDEX: still the same.
expect_as_remembered() {
	told "$1" > now
	expect_same now remembered
}

told() {
	cat "$1/manifest.json" "$1/history.jsonl"
	"$KB_QUERY" suggest "$1" --json "$question" || echo "exit code $?"
}

# ids INDEX: of its articles, a line each.
ids() {
	"$KB_INDEX" dump "$1" | python3 -c 'import json, sys
for line in sys.stdin:
    print(json.loads(line)["id"])'
}

# expect_ids INDEX ID...: these and no others, in any order.
expect_ids() {
	index=$1
	shift
	ids "$index" | sort > ids.got
	printf '%s\n' "$@" | sort > ids.wanted
	expect_same ids.got ids.wanted
}

# expect_printable FILE: no control character but the ends of lines.
expect_printable() {
	tr -d '\n' < "$1" > printable
	LC_ALL=C grep -q '[[:cntrl:]]' printable || return 0
	t_fail "a raw control character in ${1##*/}"
	od -c "$1" | t_show - "${1##*/}"
}
