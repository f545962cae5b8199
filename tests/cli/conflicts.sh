#!/bin/sh
# conflicts.sh: conflicts are findings of a build, with both quotes and spans.
. "$(dirname "$0")/lib.sh"

corpus=$KB_ROOT/corpora/helpdesk

# ask NAME SQL: into the file "said".
ask() {
	sqlite3 "$1.kb"/all-*.db "$2" > said
}

# article ID TITLE HOURS AUDIENCE: one of our own shape.
article() {
	cat <<-END
	<article><id>$1</id><title>$2</title>$4
	<body><p>Every laptop reaches the inner systems through the tunnel.</p>
	<p>The session of a user ends by itself after $3 hours.</p>
	<p>Ask the desk if it does not work on the next day.</p></body></article>
	END
}

# pair AUDIENCE-OF-A AUDIENCE-OF-B: two articles that differ, as p.kb.
pair() {
	{
		echo '<articles format="1" xml:lang="en">'
		article a-1 'Connect to the tunnel from home' ten "$1"
		article b-1 'Tunnel connection for home workers' 8 "$2"
		echo '</articles>'
	} > pair.xml
	expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o p.kb \
	    pair.xml
	expect_exit 0 "$KB_INDEX" report p.kb --format json
	jq -c '.findings[] | select(.code == "conflict")' "$T_OUT" > found
}

t_begin conflicts__those_planted_have_their_kind_and_facts
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o h.kb "$corpus"
ask h 'SELECT c.kind, a.id, c.fact_a, b.id, c.fact_b FROM conflict c
    JOIN article a ON a.n = c.a JOIN article b ON b.n = c.b ORDER BY 1'
cat > wanted <<'END'
number|48693288|15 minutes|1226|60 minutes
path|scan-to-folder|\\scan02.larkfield.example.com\inbox\|KB0010011|\\files01.larkfield.example.com\scans\
port|48693255|4500|KB0010002|4501
version|KB0010032|14.6|1223|13.5
END
expect_same said wanted

t_begin conflicts__quotes_stand_in_the_source_at_their_spans
for side in a b; do
	ask h "SELECT json_object('near', json('[]'), 'suggestions',
	    json_array(json_object('passage_id', a.id, 'quote',
	    c.quote_$side, 'text', p.text, 'span', json_object('path',
	    a.path, 'record', a.number, 'field', c.field_$side, 'start',
	    c.start_$side, 'end', c.end_$side)))) FROM conflict c
	    JOIN article a ON a.n = c.$side
	    JOIN passage p ON p.n = c.passage_$side"
	cp said quotes.jsonl
	python3 "$KB_ROOT/tests/cli/quotes.py" "$corpus" < quotes.jsonl \
	    > said 2>&1 || t_fail "spans of side $side: $(head -n 3 said)"
	expect_match '^4$' said
done

t_begin conflicts__the_article_that_was_cared_for_longer_ago_is_told
expect_exit 0 "$KB_INDEX" report h.kb --format json
jq -r '.findings[] | select(.code == "conflict") | .article' "$T_OUT" |
    sort > said
printf '%s\n' 1223 1226 48693255 scan-to-folder | sort > wanted
expect_same said wanted

t_begin conflicts__are_the_same_in_any_order_of_roots
for n in 1 2; do
	mkdir "o$n"
done
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 --threads 2 \
    -o o1/x.kb "$corpus/servicenow" "$corpus/confluence" "$corpus/wordpress" \
    "$corpus/mallard"
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 --threads 1 \
    -o o2/x.kb "$corpus/mallard" "$corpus/wordpress" "$corpus/confluence" \
    "$corpus/servicenow"
ask o1/x 'SELECT * FROM conflict ORDER BY 1'
cp said one
ask o2/x 'SELECT * FROM conflict ORDER BY 1'
expect_same said one
expect_count 4 . one

t_begin conflicts__can_be_switched_off
printf '[conflicts]\nfind = no\n' > off.conf
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 \
    --config off.conf -o off.kb "$corpus"
ask off 'SELECT (SELECT count(*) FROM conflict) +
    (SELECT count(*) FROM finding WHERE code = "conflict")'
expect_match '^0$' said
expect_json '.options.conflicts == false' off.kb/manifest.json

t_begin conflicts__a_setting_that_is_none_is_refused
printf '[conflicts]\nfind = maybe\n' > bad.conf
expect_exit 3 "$KB_INDEX" build --config bad.conf -o bad.kb "$corpus"
expect_match 'bad\.conf:2: find wants yes or no' "$T_ERR"

t_begin conflicts__both_are_quoted_where_all_may_read_both
pair '' ''
expect_json '(.message | contains("ten hours")) and
    (.message | contains("8 hours"))' found

t_begin conflicts__what_not_all_may_read_is_not_quoted_to_all
closed='<audience>HR only</audience>'
pair "$closed" ''
expect_json '.article != "b-1" or ((.message | contains("ten") | not) and
    .threshold == null)' found
pair '' "$closed"
expect_json '.article != "a-1" or ((.message | contains("8 hours") | not) and
    .threshold == null)' found

t_begin conflicts__a_search_that_is_cut_is_told
# 720 groups of 8 articles that share three sentences: 20,160 pairs.
awk 'function name(n,  s) {
	for (s = ""; n > 0; n = int(n / 26))
		s = s sprintf("%c", 97 + n % 26)
	return s "q"
}
BEGIN {
	print "<articles format=\"1\">"
	for (g = 1; g <= 720; g++)
		for (k = 1; k <= 8; k++) {
			w = name(g)
			printf "<article><id>%d-%d</id><title>%s %s</title>" \
			    "<body><p>Every %s laptop reaches the inner systems through the tunnel.</p>" \
			    "<p>The session of a %s user ends by itself at night.</p>" \
			    "<p>Ask the %s desk if it does not work on the next day.</p>" \
			    "<p>Other %s.</p></body></article>\n", g, k, w, \
			    name(g * 8 + k), w, w, w, name(g * 8 + k)
		}
	print "</articles>"
}' > many.xml
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o m.kb many.xml
expect_match 'conflicts were not looked for between all' "$T_ERR"
expect_exit 0 "$KB_INDEX" build --quiet --as-of 2026-10-01 -o h.kb "$corpus"
expect_no_match 'conflicts were not' "$T_ERR"

t_done
