#include "jsonld.h"

#include <jansson.h>

#define MAX_OBJECTS	64

static const struct {
	const char	*key;
	enum kb_field	 field;
} keys[] = {
	{ "datePublished", KB_F_CREATED }, { "dateCreated", KB_F_CREATED },
	{ "dateModified", KB_F_MODIFIED }, { "lastReviewed", KB_F_REVIEWED },
	{ "expires", KB_F_EXPIRES }, { "author", KB_F_AUTHOR },
	{ "editor", KB_F_EDITOR }, { "maintainer", KB_F_OWNER },
	{ "inLanguage", KB_F_LANG }, { "version", KB_F_VERSION },
};

static void
add(struct kb_record *rec, enum kb_field field, const char *key,
    const json_t *v)
{
	if (json_is_object(v))
		v = json_object_get(v, "name");
	if (v == NULL || !json_is_string(v))
		return;
	kb_record_add(rec, field, kb_str(json_string_value(v),
	    json_string_length(v)), kb_arena_printf(rec->arena,
	    "json-ld:%s", key));
}

/* A page, an article or one of their kinds; not the organisation around. */
static bool
describes_page(const json_t *object)
{
	static const char *const kinds[] = {
		"Article", "Posting", "WebPage", "FAQPage", "HowTo",
		"QAPage", "CreativeWork", "Page"
	};
	const json_t *type = json_object_get(object, "@type");
	struct kb_str s;

	if (json_is_array(type))
		type = json_array_get(type, 0);
	if (type == NULL || !json_is_string(type))
		return false;
	s = kb_str(json_string_value(type), json_string_length(type));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kb_str_has_suffix(s, kb_str_c(kinds[i])))
			return true;
	return false;
}

static void
read_object(struct kb_record *rec, const json_t *object)
{
	if (!describes_page(object))
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *v = json_object_get(object, keys[i].key);

		if (v == NULL)
			continue;
		if (!json_is_array(v)) {
			add(rec, keys[i].field, keys[i].key, v);
			continue;
		}
		for (size_t k = 0; k < json_array_size(v) &&
		    k < MAX_OBJECTS; k++)
			add(rec, keys[i].field, keys[i].key,
			    json_array_get(v, k));
	}
}

static void
read_list(struct kb_record *rec, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list) && i < MAX_OBJECTS; i++)
		if (json_is_object(json_array_get(list, i)))
			read_object(rec, json_array_get(list, i));
}

void
kb_jsonld(struct kb_record *rec, struct kb_str text)
{
	struct kb_diag_sink sink = kb_record_sink(rec);
	json_error_t why;
	json_t *root;

	root = json_loadb(text.n > 0 ? text.p : "", text.n,
	    JSON_REJECT_DUPLICATES, &why);
	if (root == NULL) {
		kb_diag(&sink, KB_NOTE, "bad-json-ld", 0, 0,
		    "JSON-LD that cannot be read: %s", why.text);
		return;
	}
	if (json_is_array(root))
		read_list(rec, root);
	else if (json_is_array(json_object_get(root, "@graph")))
		read_list(rec, json_object_get(root, "@graph"));
	else if (json_is_object(root))
		read_object(rec, root);
	json_decref(root);
}
