/*
 * article: the one model of an article, whatever it was read from.
 * Made by kb-index, kept in the index, shown by kb-query.
 */
#ifndef KB_ARTICLE_H
#define KB_ARTICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "kb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum kb_level {
	KB_NOTE,
	KB_WARNING,
	KB_ERROR
};

const char	*kb_level_name(enum kb_level level);	/* "note", ... */

/* Metadata of an article, as a source may carry it. */
enum kb_field {
	KB_F_ID,
	KB_F_ALIAS,		/* other ids that links may use */
	KB_F_TITLE,
	KB_F_URL,
	KB_F_EDIT_URL,
	KB_F_LANG,
	KB_F_OWNER,
	KB_F_OWNER_KIND,	/* person or team */
	KB_F_AUTHOR,		/* may repeat */
	KB_F_EDITOR,
	KB_F_CREATED,
	KB_F_MODIFIED,		/* may repeat: the latest counts */
	KB_F_REVIEWED,
	KB_F_REVIEW_DUE,
	KB_F_EXPIRES,
	KB_F_STATUS,
	KB_F_VERSION,
	KB_F_REPLACED_BY,
	KB_F_AUDIENCE,		/* may repeat */
	KB_F_CATEGORY,		/* may repeat: the path from the top */
	KB_F_PRODUCT,
	KB_F_TAG,		/* may repeat */
	KB_F_VIEWS,
	KB_F_VOTES,
	KB_F_DESCRIPTION,
	KB_F_N
};

/* "id", "review_due", ...: as in configuration, CSV and JSON. */
const char	*kb_field_name(enum kb_field field);
bool		 kb_field_from_name(struct kb_str name, enum kb_field *out);
bool		 kb_field_is_date(enum kb_field field);

enum kb_article_status {
	KB_ARTICLE_PUBLISHED,	/* also where the source says nothing */
	KB_ARTICLE_DRAFT,
	KB_ARTICLE_REVIEW,
	KB_ARTICLE_EXPIRED,
	KB_ARTICLE_RETIRED,
	KB_ARTICLE_SUPERSEDED
};

const char	*kb_article_status_name(enum kb_article_status status);
bool		 kb_article_status_from_name(struct kb_str name,
		    enum kb_article_status *out);

enum kb_block_kind {
	KB_BLOCK_HEADING,
	KB_BLOCK_PARA,
	KB_BLOCK_ITEM,
	KB_BLOCK_ROW,
	KB_BLOCK_CODE,
	KB_BLOCK_NOTE
};

const char	*kb_block_kind_name(enum kb_block_kind kind);

/*
 * Everywhere a civil date is yyyymmdd in an int32_t, 0 for "not set":
 * 20261001.
 */


#ifdef __cplusplus
}
#endif

#endif /* KB_ARTICLE_H */
