# zendesk.jq: what Zendesk's Help Center API gives, as articles.
#
#	curl -su "$USER/token:$TOKEN" "https://$HOST/api/v2/help_center/\
#	en-us/articles.json?include=users,sections,categories&per_page=100"
#
# page by page as next_page says, then all pages at once:
#
#	jq -rs -f zendesk.jq page*.json > zendesk.xml
#
# The result is in the shape of docs/article.rng: see docs/ZENDESK.md.

# XML 1.0 allows no other control characters, escaped or not.
def clean: gsub("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]"; "");
def xml: tostring | clean | @html;
def element($name): select(. != null and . != "")
    | "    <\($name)>\(xml)</\($name)>";
def by_id: map(select(.id != null) | {key: (.id | tostring), value: .})
    | from_entries;
def at($table): if . == null then null else $table[tostring] end;

(map(.users // []) | add | by_id) as $users
| (map(.sections // []) | add | by_id) as $sections
| (map(.categories // []) | add | by_id) as $categories
| "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
  "<articles format=\"1\">",
  (map(.articles // (if .article then [.article] else [] end)) | add
  | unique_by([.id, .locale]) | .[]
  | (.section_id | at($sections)) as $section
  | ($section.category_id | at($categories)) as $category
  | "  <article>",
    (.id | element("id")),
    (.title | element("title")),
    (.html_url | element("url")),
    (.locale | element("lang")),
    (.author_id | at($users) | .name // empty | element("author")),
    (.created_at // "" | .[:10] | element("created")),
    # edited_at is when the text was changed; updated_at changes with votes.
    (.edited_at // .updated_at // "" | .[:10] | element("modified")),
    ((if .draft then "draft" else "published" end) | element("status")),
    # No segment: everyone.  user_segment_ids is the newer form.
    ((.user_segment_ids // [.user_segment_id // empty])
    | if length == 0 then "everyone" else map("segment \(.)") | .[] end
    | element("audience")),
    ([$category.name, $section.name] | map(select(. != null))
    | select(length > 0)
    | "    <category>\(map("<level>\(xml)</level>") | add)</category>"),
    (.label_names // [] | .[] | element("tag")),
    (.vote_sum | element("votes")),
    "    <body format=\"html\">\(.body // "" | xml)</body>",
    "  </article>"),
  "</articles>"
