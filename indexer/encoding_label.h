/*
 * encoding_label: the labels of the WHATWG Encoding Standard (section 4.2)
 * and what a document declares.  Private to encoding*.c.
 *
 * Of the labels of "replacement" iso-2022-kr is known here, for there are
 * mails and old pages in it and nothing of what is decoded is ever run; the
 * others (hz-gb-2312, iso-2022-cn, ...) count as unknown, so that a page that
 * is mislabelled so can still be read.  x-user-defined means windows-1252, as
 * for a <meta>.  Code pages that the standard leaves out and that old exports
 * are in (IBM's, Johab, EUC-TW, Mac Central Europe, UTF-32) are behind it.
 */
#ifndef KB_INDEXER_ENCODING_LABEL_H
#define KB_INDEXER_ENCODING_LABEL_H

#include "encoding.h"

enum kb_encoding_kind {
	KB_ENCODING_KIND_UTF8,		/* to UTF32BE: Unicode */
	KB_ENCODING_KIND_UTF16LE,
	KB_ENCODING_KIND_UTF16BE,
	KB_ENCODING_KIND_UTF32LE,
	KB_ENCODING_KIND_UTF32BE,
	KB_ENCODING_KIND_1252,
	KB_ENCODING_KIND_SINGLE,	/* one byte a character */
	KB_ENCODING_KIND_MULTI,		/* below 0x80 it is ASCII */
	KB_ENCODING_KIND_STATEFUL
};

struct kb_encoding {
	const char	*name;
	const char	*iconv;		/* iconv(3)'s name; NULL: not needed */
	enum kb_encoding_kind kind;
	const char	*labels;	/* separated by spaces */
};

extern const struct kb_encoding kb_encoding_utf8;
extern const struct kb_encoding kb_encoding_1252;

/* The "i"th of all that need iconv, or NULL behind the last. */
const struct kb_encoding *kb_encoding_nth(size_t i);

/* NULL for an unknown label; white space around it is ignored. */
const struct kb_encoding *kb_encoding_find(struct kb_str label);

/* By a byte order mark; *bom is its length. */
const struct kb_encoding *kb_encoding_by_bom(struct kb_str raw, size_t *bom);

/* What the first 1,024 bytes declare, or NULL. */
const struct kb_encoding *kb_encoding_declared(struct kb_str raw,
	    enum kb_markup markup);

/*
 * UTF-16 or UTF-32 without a mark, by the first 4 KiB: there is a zero byte,
 * all units are text, and for UTF-16 at least one in 16 is ASCII (markup,
 * spaces and line ends are, in every script), one in 4 where the first is
 * not.  Else NULL.
 */
const struct kb_encoding *kb_encoding_unmarked(struct kb_str raw);

#endif /* KB_INDEXER_ENCODING_LABEL_H */
