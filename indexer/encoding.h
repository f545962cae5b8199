/*
 * encoding: from bytes in whatever encoding to UTF-8, with a map back.
 * Labels are those of the WHATWG Encoding Standard: "latin1" and
 * "iso-8859-1" mean windows-1252.  The first of these that fits decides:
 *
 *  1. a byte order mark (UTF-8, UTF-16, UTF-32);
 *  2. what the XML declaration or a <meta> declares (WHATWG's prescan: the
 *     first 1,024 bytes), unless the bytes contradict it;
 *  3. UTF-16 or UTF-32 without a mark;
 *  4. ISO-2022-JP or -KR: seven bits with escapes that all make sense;
 *  5. valid UTF-8;
 *  6. damaged UTF-8: at least as many of its multi-byte sequences are whole
 *     or merely cut as there are bytes that cannot be in UTF-8.  In text of
 *     other encodings whole sequences come about by chance: in chardet's
 *     files for at most 36 in 100 places (EUC-JP, IBM855), in Latin ones
 *     for at most 4;
 *  7. uchardet's guess, or windows-1252 where that reads better
 *     (encoding_guess.c).
 *
 * The bytes contradict a declaration of UTF-8 when neither 5 nor 6 holds.
 * They contradict another one when they are valid UTF-8 with three sequences
 * or more: servers send the charset in a header, so pages with a stale
 * <meta> look right to whoever wrote them.
 */
#ifndef KB_INDEXER_ENCODING_H
#define KB_INDEXER_ENCODING_H

#include "arena.h"
#include "diag.h"
#include "kb/status.h"
#include "kb/str.h"
#include "offmap.h"

enum kb_encoding_how {
	KB_ENCODING_BOM,
	KB_ENCODING_DECLARED,
	KB_ENCODING_UTF8,	/* nothing declared, valid UTF-8 */
	KB_ENCODING_GUESSED	/* 3, 4, 6, 7; or a declaration was wrong */
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
	const char		*declared; /* what was declared and not
					      believed, or NULL */
	enum kb_encoding_how	 how;
	size_t			 replaced; /* U+FFFD put in */
	size_t			 lost;	/* U+FFFD that the bytes hold */
};

/*
 * Decode "raw".  Malformed input never fails: it becomes U+FFFD and is
 * counted.  An unknown label counts as none.  Everything is in "arena".
 * Time is linear.  Errors: KB_NOMEM, KB_LIMIT (the arena's cap).
 */
enum kb_status	kb_encoding_decode(struct kb_decoded *out, struct kb_str raw,
		    enum kb_markup markup, struct kb_arena *arena,
		    struct kb_err *err);

/* Say "encoding-guessed" and "bad-encoding" of what was decoded. */
void		kb_encoding_say(const struct kb_diag_sink *sink,
		    const struct kb_decoded *d);

/* How many U+FFFD are in UTF-8. */
size_t		kb_encoding_count_lost(struct kb_str text);

/*
 * Do the first bytes of a file say that it is in UTF-16 or UTF-32?  Then
 * zero bytes do not make it binary.
 */
bool		kb_encoding_is_wide(struct kb_str head);

/*
 * Open every converter and keep it for good, so that no later decoding opens
 * a file: the C library loads converters from disk, and drops one that
 * nobody has open.  To be called once, before threads and sandboxes.
 * Encodings that the C library lacks are left out.  Errors: KB_NOMEM.
 */
enum kb_status	kb_encoding_preload(struct kb_err *err);

#endif /* KB_INDEXER_ENCODING_H */
