#!/bin/sh
# determinism.sh: the same articles and options make the same bytes, however
# many threads there are, in whatever order the files come, wherever the
# program is started; and the same questions the same bytes.
. "$(dirname "$0")/lib.sh"

queries=$KB_ROOT/corpora/helpdesk/queries.jsonl

# articles_in FOLDER: the files that a build of FOLDER reads, a line each.
articles_in() {
	(cd "$1" && find . -type f \( -name '*.html' -o -name '*.htm' -o \
	    -name '*.xhtml' -o -name '*.xml' -o -name '*.page' \) | sort)
}

# shuffled SEED: the lines of standard input in an order of its own.
shuffled() {
	awk -v seed="$1" 'BEGIN { srand(seed) }
	    { printf "%.9f\t%s\n", rand(), $0 }' | LC_ALL=C sort | cut -f 2-
}

# build INDEX ARGUMENT...
build() {
	index=$1
	shift
	expect_exit 0 "$KB_INDEX" build --quiet -o "$index" \
	    --as-of 2026-10-01 "$@"
}

# expect_equal INDEX: to first.kb, byte by byte, name by name.
expect_equal() {
	(cd first.kb && find . -type f ! -name lock | sort) > wanted.names
	(cd "$1" && find . -type f ! -name lock | sort) > got.names
	expect_same got.names wanted.names
	while read -r name; do
		expect_same "$1/$name" "first.kb/$name"
	done < wanted.names
	expect_exit 0 "$KB_INDEX" digest "$1"
	expect_same "$T_OUT" first.digest
}

# holds NAME FOLDER: all of it for one corpus.
holds() {
	corpus=$2
	out=$PWD
	articles_in "$corpus" > list

	t_begin "determinism__${1}_is_built"
	rm -rf ./*.kb
	build first.kb --threads 1 "$corpus"
	expect_exit 0 "$KB_INDEX" digest first.kb
	cp "$T_OUT" first.digest
	expect_match '^[0-9a-f]{64}' first.digest

	t_begin "determinism__${1}_does_not_depend_on_threads"
	for threads in 1 2 7; do
		rm -rf x.kb
		build x.kb --threads $threads "$corpus"
		expect_equal x.kb
	done

	t_begin "determinism__${1}_does_not_depend_on_the_order_of_files"
	for seed in 1 2 3; do
		rm -rf x.kb
		shuffled $seed < list > shuffled.list
		! cmp -s list shuffled.list || t_fail "nothing was shuffled"
		(cd "$corpus" && "$KB_INDEX" build --quiet -o "$out/x.kb" \
		    --as-of 2026-10-01 --threads 2 - < "$out/shuffled.list") \
		    2> err || t_fail "seed $seed: $(tail -n 1 err)"
		expect_equal x.kb
	done

	t_begin "determinism__${1}_does_not_depend_on_place_or_locale"
	rm -rf x.kb elsewhere
	mkdir -p elsewhere/deep
	# shellcheck disable=SC2030
	(
		cd elsewhere/deep
		export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 HOME=/nonexistent
		umask 077
		"$KB_INDEX" build --quiet -o ../../x.kb --as-of 2026-10-01 \
		    "$corpus/." < /dev/null
	) 2> err || t_fail "$(tail -n 1 err)"
	expect_equal x.kb

	t_begin "determinism__${1}_depends_on_content"
	cp -r "$corpus" changed
	file=$(cd changed && tr '\n' '\0' < "$out/list" |
	    xargs -0 grep -l ' the ' | tail -n 1)
	chmod u+w changed "changed/$file"
	sed 's/ the / teh /' "$corpus/$file" > "changed/$file"
	build changed.kb changed
	expect_exit 0 "$KB_INDEX" digest changed.kb
	! cmp -s "$T_OUT" first.digest || t_fail "the digest is the same"
	rm -rf changed

	t_begin "determinism__${1}_answers_alike"
	for format in trec json; do
		expect_exit 0 "$KB_QUERY" run first.kb --queries "$queries" \
		    --format $format
		cp "$T_OUT" first.run
		[ -s first.run ] || t_fail "nothing was found"
		for index in first.kb x.kb; do
			expect_exit 0 "$KB_QUERY" run $index \
			    --queries "$queries" --format $format
			expect_same "$T_OUT" first.run
		done
	done
}

# holds_if_there NAME FOLDER...: for the first that is there.
holds_if_there() {
	name=$1
	shift
	for folder in "$@"; do
		if [ -d "$folder" ]; then
			holds "$name" "$folder"
			return
		fi
	done
	t_skip "determinism__$name" "none of these is there: $*"
}

holds helpdesk "$KB_ROOT/corpora/helpdesk"
debian=$KB_ROOT/build/debian
holds_if_there gnome_help /usr/share/help/C \
    "$debian/gnome-user-docs/usr/share/help/C"
holds_if_there libreoffice_help /usr/share/libreoffice/help/en-US \
    "$debian/libreoffice-help-en-us/usr/share/libreoffice/help/en-US"

t_done
