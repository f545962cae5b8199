/*
 * encoding: from bytes in whatever encoding to UTF-8, with a map back.
 * Order: byte order mark, XML declaration or <meta> prescan (WHATWG: the
 * first 1,024 bytes) or the caller's charset, strict UTF-8, windows-1252.
 * Labels are those of the WHATWG Encoding Standard: "latin1" and
 * "iso-8859-1" mean windows-1252.
 */
#ifndef KB_INDEXER_ENCODING_H
#define KB_INDEXER_ENCODING_H

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"
#include "offmap.h"

enum kb_encoding_how {
	KB_ENCODING_BOM,
	KB_ENCODING_DECLARED,
	KB_ENCODING_UTF8,	/* nothing declared, valid UTF-8 */
	KB_ENCODING_GUESSED	/* nothing usable declared, not UTF-8 */
};

enum kb_markup {
	KB_MARKUP_HTML,
	KB_MARKUP_XML
};

struct kb_decoded {
	struct kb_str		 text;	/* valid UTF-8, without a BOM; the
					   input itself where it was clean */
	struct kb_offmap	 map;	/* text offsets to input offsets */
	const char		*name;	/* "utf-8", "windows-1252", ... */
	enum kb_encoding_how	 how;
	size_t			 replaced; /* U+FFFD put in */
};

/*
 * Decode "raw".  Malformed input never fails: it becomes U+FFFD and is
 * counted.  A declared encoding that the text itself contradicts (declared
 * UTF-8, not valid) is decoded as declared.  An unknown label counts as
 * none.  Everything is in "arena".  Errors: KB_NOMEM, KB_LIMIT (the arena's
 * cap).
 */
enum kb_status	kb_encoding_decode(struct kb_decoded *out, struct kb_str raw,
		    enum kb_markup markup, struct kb_arena *arena,
		    struct kb_err *err);

#endif /* KB_INDEXER_ENCODING_H */
