#!/bin/sh
# exports_wiki.sh: exports of MediaWiki, DITA, Stack Exchange and Zendesk: the
# right articles, their fields, and where their text stands.
. "$(dirname "$0")/lib.sh"

samples=$KB_ROOT/corpora/exports

# ask SQL: what the index says.
ask() {
	sqlite3 -readonly x.kb/all-*.db "$1" > asked
}

t_begin exports_wiki__mediawiki_gives_the_newest_of_its_pages
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 \
    --url-base https://wiki.example.org -o x.kb "$samples/mediawiki.xml"
ask 'SELECT id, title, authors, editor, created, modified, url, category
    FROM article'
expect_count 2 . asked
expect_match '^12\|Set up the VPN\|\["Tomas Berg"\]\|Mara Lindqvist\|20241102\|20260304\|https://wiki.example.org/wiki/Set_up_the_VPN\|\["Network","Remote work"\]$' asked
expect_match '^14\|Software Center\|\[?\]?\|192.0.2.9\|\|20251224\|' asked
ask 'SELECT text FROM passage'
expect_no_match 'nobody should find|REDIRECT|still true|Category|Infobox' asked
expect_match '^1. Install the client from the Software Center\.$' asked
expect_match '^2. Press Win\+R and type vpn\.$' asked
expect_match '^\[E101\] \| No route \| Check the cable, then the status page\.' asked
ask 'SELECT target FROM link WHERE href = "title:Software Center"'
expect_match '^2$' asked
ask 'SELECT message FROM finding WHERE code = "left-out"'
expect_match 'Outdated section' asked

t_begin exports_wiki__mediawiki_help_pages_by_setting
printf '[profile mediawiki]\nkeep = ns=0 | ns=12\n' > help.conf
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 --config help.conf \
    -o help.kb "$samples/mediawiki.xml"
expect_match '^articles 3, ' "$T_OUT"

t_begin exports_wiki__dita_topics_are_articles_and_maps_are_not
rm -r x.kb
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 -o x.kb \
    "$samples/install_printer.dita" "$samples/glossary.dita" \
    "$samples/guide.ditamap"
ask 'SELECT id, title, owner, modified, reviewed, expires, product, version,
    restricted FROM article'
expect_count 3 . asked
expect_match '^install_printer\|Install a network printer\|Print Services\|20260211\|20260210\|20270211\|Office\|4\|0$' asked
expect_match '^spooler\|Spooler\|' asked
expect_match '^ports\|Ports\|' asked
ask 'SELECT text FROM passage'
expect_match '^1. Choose Settings > Printers > Add\.$' asked
expect_match '^1. Leave out the dots\.$' asked
expect_match '^Colour \| for slides$' asked
expect_match 'shown\. A window with one printer$' asked
expect_no_match 'Is this so|Nobody needs|installing' asked
ask 'SELECT code FROM finding WHERE article = (SELECT n FROM article
    WHERE id = "install_printer")'
expect_match '^left-out$' asked

t_begin exports_wiki__a_question_and_its_accepted_answer_are_one
rm -r x.kb
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 \
    --url-base https://qa.example.org -o x.kb "$samples/Posts.xml"
ask 'SELECT id, title, authors, modified, url, tags, votes, views
    FROM article'
expect_count 2 . asked
expect_match '^4\|Laptop keeps the old <network> after sleep\|\["Keeley","user 8"\]\|20250208\|https://qa.example.org/questions/4\|\["wireless","network-manager"\]\|58\|72174$' asked
expect_match '^11\|Answers before questions\|' asked
ask 'SELECT text FROM passage'
expect_match '^My laptop stays on the old network after it wakes up\.$' asked
expect_match '^  wlan0  old$' asked
expect_match '^Delete the connection with nmcli' asked
expect_no_match 'another laptop|About the tag|Nobody has' asked

t_begin exports_wiki__spans_of_a_question_say_in_which_record_they_stand
python3 - "$samples/Posts.xml" x.kb/all-*.db > spans << 'END'
import re, sqlite3, sys
import xml.etree.ElementTree as ET
rows = list(ET.parse(sys.argv[1]).getroot())
for number, field, start, end, text in sqlite3.connect(sys.argv[2]).execute(
        'SELECT number, field, passage.start, passage.end, text FROM passage JOIN article '
        'ON article.n = passage.article'):
    at, name = re.fullmatch(r'(?:#(\d+))?@(\w+)', field).groups()
    body = rows[int(at or number) - 1].get(name).encode()
    print(text.split()[0] + ' ' + text.split()[-1], '=',
          body[start:end].decode().split()[0],
          body[start:end].decode().split()[-1])
END
expect_match '^My switch\? = My switch\?$' spans
expect_match '^Which first\? = Which first\?$' spans
expect_match '^Delete command\. = Delete command\.$' spans
expect_match '^Merged question\. = Merged question\.$' spans

t_begin exports_wiki__zendesk_by_jq
expect_exit 0 jq -rs -f "$KB_ROOT/corpora/zendesk.jq" \
    "$samples/zendesk-1.json" "$samples/zendesk-2.json"
cp "$T_OUT" zendesk.xml
expect_exit 0 xmllint --noout --relaxng "$KB_ROOT/docs/article.rng" \
    zendesk.xml
rm -r x.kb
expect_exit 0 "$KB_INDEX" build --as-of 2026-10-01 -o x.kb zendesk.xml
ask 'SELECT id, title, url, lang, authors, created, modified, status,
    audience, restricted, category, tags, votes FROM article'
expect_count 3 . asked
expect_match '^360001234567\|Reset your <password> & PIN\|https://acme.zendesk.com/hc/en-us/articles/360001234567-Reset-your-password\|en-us\|\["Ana Sousa"\]\|20240201\|20260301\|0\|\["everyone"\]\|0\|\["Help yourself","Accounts"\]\|\["password","log in"\]\|12$' asked
expect_match '^360001234568\|Refund limits\|.*\|1\|\["segment 7700","segment 7701"\]\|1\|\["Billing"\]' asked
expect_match '^360001234569\|.*\|0\|\["segment 8800"\]\|1\|' asked
expect_exit 0 "$KB_INDEX" inspect zendesk.xml
expect_match '^ +audience +3 100%' "$T_OUT"
expect_match '^ +status +3 100%' "$T_OUT"

t_done
