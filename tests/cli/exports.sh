#!/bin/sh
# exports.sh: exports as their programs write them, and archives.
. "$(dirname "$0")/lib.sh"
work=$(pwd)

# built NAME PATH...: an index of that name, and what it holds.
built() {
	name=$1
	shift
	expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 \
	    --url-base https://wiki.example.com/wiki -o "$name.kb" "$@"
	cp "$T_ERR" "$name.err"
	expect_exit 0 "$KB_INDEX" dump "$name.kb"
	cp "$T_OUT" "$name.dump"
}

# ask NAME SQL: into the file "said".
ask() {
	sqlite3 "$1.kb"/all-*.db "$2" > said
}

# same_articles NAME NAME: all but where they stand.
same_articles() {
	for k in "$@"; do
		jq -c 'del(.path, .url, .findings) | .passages |=
		    map(.text, .heading, .span.start, .span.end)' "$k.dump" |
		    sort > "$k.said"
	done
	expect_same "$1.said" "$2.said"
}

# ---- Confluence's XML ----

confluence_xml() {
	python3 "$KB_ROOT/tests/cli/confluence.py" cx
	built plain cx/plain
	built zip cx/export.zip

	t_begin exports__confluence_xml_is_read_the_same_from_its_zip
	same_articles plain zip
	tar -C cx/plain -czf cx.tgz entities.xml
	built tape cx.tgz
	same_articles plain tape
	ask zip "SELECT DISTINCT path, member FROM article"
	echo 'export.zip|entities.xml' > want
	expect_same said want

	t_begin exports__confluence_xml_drops_old_versions_trash_and_comments
	ask plain "SELECT id FROM article ORDER BY id"
	printf '%s\n' 1001 1002 1003 1004 1007 1009 1010 1011 1012 1013 \
	    1014 1015 1016 > want
	expect_same said want

	t_begin exports__confluence_xml_joins_people_labels_and_dates
	ask plain "SELECT title, owner, authors, editor, created, modified,
	    reviewed, version, tags FROM article WHERE id = '1002'"
	cat > want <<-'END'
	VPN: connect & stay|bjones|["Alice Smith"]|bjones|20240201|20260504|20260430|3|["vpn","network"]
	END
	expect_same said want
	ask plain "SELECT authors FROM article WHERE id = '1010'"
	echo '["Unknown User (u-gone)"]' > want
	expect_same said want

	t_begin exports__confluence_xml_has_spaces_and_parents_as_categories
	ask plain "SELECT id, category FROM article WHERE id IN ('1004',
	    '1009', '1015') ORDER BY id"
	cat > want <<-'END'
	1004|["IT Handbook","IT Home","VPN: connect & stay","Reset a password"]
	1009|["People & Culture"]
	1015|["People & Culture"]
	END
	expect_same said want

	t_begin exports__confluence_xml_survives_parents_in_a_circle
	ask plain "SELECT category FROM article WHERE id = '1013'"
	echo '["People & Culture","Round","And round"]' > want
	expect_same said want

	t_begin exports__confluence_xml_restrictions_hold_for_pages_below
	ask plain "SELECT id, audience FROM article WHERE restricted
	    ORDER BY id"
	cat > want <<-'END'
	1003|["it-staff"]
	1004|["it-staff"]
	1016|["restricted"]
	END
	expect_same said want

	t_begin exports__confluence_xml_drafts_are_drafts
	ask plain "SELECT id FROM article WHERE status = 1"
	echo 1007 > want
	expect_same said want

	t_begin exports__confluence_xml_links_by_title_in_a_space_first
	ask plain "SELECT a.id, l.href, t.id FROM link l
	    JOIN article a ON a.n = l.article
	    LEFT JOIN article t ON t.n = l.target ORDER BY a.id, l.seq"
	cat > want <<-'END'
	1002|title:Reset a password|1003
	1002|title://HR/Leave|1010
	1002|title:No such page|
	1002|https://example.com/x?a=1&b=2|
	1010|title://IT/Reset a password|1003
	1010|title:Reset a password|1009
	END
	expect_same said want

	t_begin exports__confluence_xml_urls_come_from_the_template
	ask plain "SELECT url, edit_url FROM article WHERE id = '1011'"
	u=https://wiki.example.com/wiki/pages
	echo "$u/viewpage.action?pageId=1011|$u/editpage.action?pageId=1011" \
	    > want
	expect_same said want

	t_begin exports__confluence_xml_reads_the_storage_format
	jq -r 'select(.id == "1002") | .passages[].text' plain.dump > said
	cat > want <<-'END'
	Before you begin
	You need the app “Tunnel” and a token — it’s the grey one.
	Old client
	The old client stopped on 2026-01-31.
	Connect
	Open Tunnel.
	Type your name, then your password.
	Wait until it says ONLINE.
	dial.c
	if (a[b[0]]>1) {
	@	dial("vpn");
	}
	After the code: see Leave, what is not there and the web.
	Ports
	Hidden behind a click: port 443.
	The tunnel's window
	Ask for a token
	Elsewhere
	Smile and go on.
	END
	sed -i 's/^@//' want
	expect_same said want

	t_begin exports__confluence_xml_is_read_packed_and_cut_short
	gzip -k cx/plain/entities.xml
	mv cx/plain/entities.xml.gz packed.xml.gz
	built packed packed.xml.gz
	same_articles plain packed
	head -c 14000 cx/plain/entities.xml > cut.xml
	built cut cut.xml
	expect_match 'bad-xml' cut.err
	[ -s cut.dump ] || t_fail "nothing was read before the cut"
}

# ---- archives ----

archives() {
	python3 "$KB_ROOT/tests/cli/archives.py" ar
	pages=$KB_ROOT/corpora/helpdesk/confluence
	(cd "$pages" && python3 -m zipfile -c "$work/pages.zip" ITKB)
	tar -C "$pages" -czf pages.tgz .
	built folder "$pages"
	built pzip pages.zip
	built ptgz pages.tgz

	t_begin exports__an_html_export_is_read_the_same_from_zip_and_tar
	same_articles folder pzip
	same_articles folder ptgz
	ask folder 'SELECT a.id, l.href, t.id FROM link l JOIN article a ON
	    a.n = l.article JOIN article t ON t.n = l.target ORDER BY 1, 2'
	mv said want
	[ -s want ] || t_fail "the folder has no link that leads anywhere"
	ask pzip 'SELECT a.id, l.href, t.id FROM link l JOIN article a ON
	    a.n = l.article JOIN article t ON t.n = l.target ORDER BY 1, 2'
	expect_same said want

	t_begin exports__names_in_an_archive_lead_nowhere
	built names ar/names.zip
	jq -r .id names.dump > said
	printf '%s\n' names.zip/up.html names.zip/root.html \
	    'names.zip/new�line�[31m.html' names.zip/sub/café.html \
	    names.zip/twice.html names.zip/twice.html@names.zip/twice.html \
	    > want
	expect_same said want
	expect_count 3 'member-name' names.err
	expect_match 'names.zip/up.html: warning: member-name' names.err

	t_begin exports__a_zip_that_was_written_to_a_pipe_is_read
	built piped ar/piped.zip
	jq -r .title piped.dump > said
	printf '%s\n' One Two > want
	expect_same said want

	t_begin exports__an_archive_in_an_archive_is_told_and_left
	built nested ar/nested.zip
	expect_match 'nested.zip/deep.zip: warning: .*unpack' nested.err
	expect_json '.title == "Outer"' nested.dump

	t_begin exports__an_encrypted_member_is_told
	built locked ar/locked.zip
	expect_match 'locked.zip/secret.html: error: .*encrypted' locked.err
	expect_json '.title == "Open"' locked.dump

	t_begin exports__what_stands_before_a_break_is_read
	built broken ar/broken.zip
	expect_match 'broken.zip/bad.html: error: unreadable' broken.err
	expect_json '.title == "Good"' broken.dump
	built short ar/cut.zip
	expect_match 'cut.zip: error: unreadable' short.err
	[ -s short.dump ] || t_fail "nothing was read before the cut"

	t_begin exports__a_bomb_is_told_and_its_neighbour_is_read
	built bomb ar/bomb.zip
	expect_match 'bomb.html: error: .*200 times' bomb.err
	expect_json '.title == "Before"' bomb.dump

	t_begin exports__a_tape_s_links_and_devices_are_ignored
	built tape ar/tape.tar.gz
	jq -r .id tape.dump > said
	printf '%s\n' tape.tar.gz/a.html tape.tar.gz/b/c.html > want
	expect_same said want

	t_begin exports__an_empty_archive_is_no_article
	expect_exit 3 "$KB_INDEX" build --quiet -o empty.kb ar/empty.zip

	t_begin exports__archives_are_found_in_folders
	built all ar
	expect_match 'nested.zip/a.html' all.dump

	t_begin exports__metadata_speaks_of_members_by_their_path
	printf 'path,owner\nnested.zip/a.html,Desk\n' > owners.csv
	built owned --metadata owners.csv ar/nested.zip
	expect_json '.owner == "Desk"' owned.dump
}

confluence_xml
archives
t_done
