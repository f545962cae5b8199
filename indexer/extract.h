/*
 * extract: the one boundary between foreign bytes and the rest.  From an
 * open input to frames (frame.h), a record each.  Nothing here opens a path,
 * keeps state between files, or knows an index: it can run in a process of
 * its own.
 */
#ifndef KB_INDEXER_EXTRACT_H
#define KB_INDEXER_EXTRACT_H

#include "furniture.h"
#include "input.h"
#include "kb/status.h"
#include "profile.h"

#define KB_EXTRACT_MAX_HTML	((size_t)256 * 1024 * 1024)

/* A record, or a member of an archive, that is about to be parsed. */
struct kb_extract_unit {
	uint64_t	start, size;	/* in the file; size 0: unknown */
	uint32_t	line;		/* from 1; 0: unknown */
	bool		whole;		/* it is all of the file */
	struct kb_str	member;		/* of an archive, else empty */
};

struct kb_extract_opts {
	const struct kb_profiles	*profiles;
	struct kb_str			 path;	/* relative, for ids, format
						   by its ending, messages */
	/*
	 * Told before each unit, in the order of the file, the same units
	 * for the same bytes; false: pass over it without parsing it.  NULL:
	 * nobody asks.
	 */
	bool	(*unit)(void *arg, const struct kb_extract_unit *unit);
	void	*unit_arg;
	const struct kb_furniture	*furniture;	/* of the pages of
						   HTML; NULL: not known */
	bool				 marked;	/* of a page of HTML
						   only what its markup says
						   is left out */
};

/* Whether a file of that name is looked at: by its ending, ".gz" aside. */
bool		kb_extract_is_known_name(struct kb_str path);
bool		kb_extract_is_archive_name(struct kb_str path);

/*
 * Read everything in the input and call "fn" with each record's frame (the
 * bytes with their length in front; borrowed for the call).  What cannot be
 * read becomes a record that is dropped, with diagnostics that say why.
 * Fails only for what ends the file as a whole: KB_IO, KB_NOMEM, or what fn
 * returned.
 */
enum kb_status	kb_extract(struct kb_input *in,
		    const struct kb_extract_opts *opts,
		    enum kb_status (*fn)(void *arg, struct kb_str frame,
		    struct kb_err *err), void *arg, struct kb_err *err);

/*
 * The same for a first look at a page of HTML, before any is read: "fn" gets
 * its outline (outline.h; the bytes with their length in front), to be told
 * to kb_furniture_add_page().  Nothing comes of other files, nor of what
 * cannot be read.
 */
enum kb_status	kb_extract_survey(struct kb_input *in,
		    const struct kb_extract_opts *opts,
		    enum kb_status (*fn)(void *arg, struct kb_str frame,
		    struct kb_err *err), void *arg, struct kb_err *err);

/*
 * The text of a span, read again from its bytes alone in its recorded
 * context: what kb_segment's passage said must come out.  "bytes" are UTF-8.
 * In "arena".  KB_NOTFOUND for an unknown dialect.
 */
enum kb_status	kb_span_text(struct kb_str *out,
		    const struct kb_profiles *profiles, struct kb_str dialect,
		    struct kb_str context, bool autop, struct kb_str bytes,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * The context of a quote, which may begin in another block than its passage:
 * the names around the text at offset "at" of the passage's bytes, found by
 * reading the passage in its recorded context.  With it kb_span_text() gives
 * the quote from the quote's own bytes.  KB_NOTFOUND when there is no text.
 */
enum kb_status	kb_span_context(struct kb_str *out,
		    const struct kb_profiles *profiles, struct kb_str dialect,
		    struct kb_str context, bool autop, struct kb_str bytes,
		    size_t at, struct kb_arena *arena, struct kb_err *err);

#endif /* KB_INDEXER_EXTRACT_H */
