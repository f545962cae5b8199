/*
 * archive_members: the members of a zip or tar, one after the other, as inputs.
 * By libarchive, from an input's bytes alone: no path is opened, nothing is
 * unpacked, a name is a name and never a path on disk.  Used by
 * extract_archive.c.
 */
#ifndef KB_INDEXER_ARCHIVE_MEMBERS_H
#define KB_INDEXER_ARCHIVE_MEMBERS_H

#include "input.h"
#include "kb/status.h"

#define KB_ARCHIVE_MEMBERS	1000000
#define KB_ARCHIVE_NAME		1024	/* bytes of a name; of a longer one the
					   middle is cut */
#define KB_ARCHIVE_MAX		((uint64_t)64 << 30)	/* unpacked */

struct kb_archive;

/*
 * For a process of one thread that will not be able to open files: let the C
 * library read what libarchive asks of it (a UTF-8 locale, for names; the
 * time zone, for dates nobody looks at), and set TZ to UTC for good.
 */
void		kb_archive_setup(void);

/* Whether the first bytes of an input (512 are enough) are an archive's. */
bool		kb_archive_is(struct kb_str head);

/*
 * "in" is borrowed, at its start, and not to be read by others until closed.
 * A zip is read by its table of contents where "in" can be read at any place,
 * else as it comes.  KB_INPUT: it is none after all.
 */
enum kb_status	kb_archive_open(struct kb_archive **out, struct kb_input *in,
		    struct kb_err *err);
void		kb_archive_close(struct kb_archive *archive); /* NULL is fine */

enum kb_member_kind {
	KB_MEMBER_FILE,
	KB_MEMBER_ENCRYPTED,	/* a file; it cannot be read */
	KB_MEMBER_OTHER		/* folders, links, devices: to be ignored */
};

struct kb_member {
	enum kb_member_kind kind;
	struct kb_str	 name;	/* valid UTF-8, relative, without "." and
				   ".." and control characters; ends in NUL;
				   good until the next one */
	bool		 renamed; /* it was called otherwise */
	uint64_t	 size;	/* unpacked, as the archive says; 0: unknown */
};

/*
 * The next member, in the archive's order (a zip's: where its bytes stand);
 * *end is set behind the last.  KB_INPUT for a broken archive, KB_LIMIT for
 * more members than KB_ARCHIVE_MEMBERS: nothing follows then.
 */
enum kb_status	kb_archive_next(struct kb_archive *archive,
		    struct kb_member *out, bool *end, struct kb_err *err);

/*
 * The bytes of the member that kb_archive_next() gave; may be rewound.  To be
 * closed before the next one is asked for.  Reading gives KB_LIMIT once all
 * members together are larger than KB_INPUT_RATIO times the archive and
 * KB_INPUT_FREE, or KB_ARCHIVE_MAX.
 */
enum kb_status	kb_archive_member(struct kb_archive *archive,
		    struct kb_input **out, const char *name,
		    struct kb_err *err);

/* A member's name made harmless, as told above; true if it was changed. */
bool		kb_archive_clean(struct kb_buf *out, struct kb_str raw);

#endif /* KB_INDEXER_ARCHIVE_MEMBERS_H */
