#include "kb/article.h"

static const char *const field_names[KB_F_N] = {
	[KB_F_ID] = "id", [KB_F_ALIAS] = "alias", [KB_F_TITLE] = "title",
	[KB_F_URL] = "url", [KB_F_EDIT_URL] = "edit_url",
	[KB_F_LANG] = "lang", [KB_F_OWNER] = "owner",
	[KB_F_OWNER_KIND] = "owner_kind", [KB_F_AUTHOR] = "author",
	[KB_F_EDITOR] = "editor", [KB_F_CREATED] = "created",
	[KB_F_MODIFIED] = "modified", [KB_F_REVIEWED] = "reviewed",
	[KB_F_REVIEW_DUE] = "review_due", [KB_F_EXPIRES] = "expires",
	[KB_F_STATUS] = "status", [KB_F_VERSION] = "version",
	[KB_F_REPLACED_BY] = "replaced_by", [KB_F_AUDIENCE] = "audience",
	[KB_F_CATEGORY] = "category", [KB_F_PRODUCT] = "product",
	[KB_F_TAG] = "tag", [KB_F_VIEWS] = "views", [KB_F_VOTES] = "votes",
	[KB_F_DESCRIPTION] = "description",
};

static const char *const status_names[] = {
	[KB_ARTICLE_PUBLISHED] = "published", [KB_ARTICLE_DRAFT] = "draft",
	[KB_ARTICLE_REVIEW] = "review", [KB_ARTICLE_EXPIRED] = "expired",
	[KB_ARTICLE_RETIRED] = "retired",
	[KB_ARTICLE_SUPERSEDED] = "superseded",
};

#define NSTATUS	(sizeof(status_names) / sizeof(status_names[0]))

const char *
kb_level_name(enum kb_level level)
{
	switch (level) {
	case KB_ERROR:
		return "error";
	case KB_WARNING:
		return "warning";
	default:
		return "note";
	}
}

const char *
kb_field_name(enum kb_field field)
{
	return (size_t)field < KB_F_N ? field_names[field] : "unknown";
}

bool
kb_field_from_name(struct kb_str name, enum kb_field *out)
{
	for (int f = 0; f < KB_F_N; f++) {
		if (kb_str_eq(name, kb_str_c(field_names[f]))) {
			*out = (enum kb_field)f;
			return true;
		}
	}
	return false;
}

bool
kb_field_is_date(enum kb_field field)
{
	return field >= KB_F_CREATED && field <= KB_F_EXPIRES;
}

const char *
kb_article_status_name(enum kb_article_status status)
{
	return (size_t)status < NSTATUS ? status_names[status] : "unknown";
}

bool
kb_article_status_from_name(struct kb_str name, enum kb_article_status *out)
{
	for (size_t i = 0; i < NSTATUS; i++) {
		if (kb_str_eq(name, kb_str_c(status_names[i]))) {
			*out = (enum kb_article_status)i;
			return true;
		}
	}
	return false;
}

const char *
kb_block_kind_name(enum kb_block_kind kind)
{
	static const char *const names[] = {
		[KB_BLOCK_HEADING] = "heading", [KB_BLOCK_PARA] = "paragraph",
		[KB_BLOCK_ITEM] = "item", [KB_BLOCK_ROW] = "row",
		[KB_BLOCK_CODE] = "code", [KB_BLOCK_NOTE] = "note",
	};

	if ((size_t)kind >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[kind];
}
