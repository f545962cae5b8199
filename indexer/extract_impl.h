/*
 * extract_impl: what the readers of one kind of file share.  Used by
 * extract*.c only.
 */
#ifndef KB_INDEXER_EXTRACT_IMPL_H
#define KB_INDEXER_EXTRACT_IMPL_H

#include "extract.h"
#include "hidden.h"
#include "profile.h"

/* One call of kb_extract(). */
struct kb_extract_job {
	const struct kb_extract_opts	*opts;
	enum kb_status			(*fn)(void *arg, struct kb_str frame,
					    struct kb_err *err);
	void				*arg;
	struct kb_arena			 arena;		/* one record */
	struct kb_buf			 frame;
	struct kb_hidden		 hidden;	/* of the record */
	const struct kb_profile		*profile;	/* of an XML file */
	bool				 looked, is_container;
	bool				 gathering;	/* what its records
							   refer to: the first
							   of two readings */
	bool				 row;		/* then: the element at
							   hand is one */
	struct kb_relate		*relate;	/* or NULL */
	struct kb_err			*err;
	enum kb_status			 status;
	bool				 stopped;	/* by fn */
	bool				 survey;	/* outlines, no
							   records */
	struct kb_str			 member;	/* of an archive; opts'
							   path ends in it */
};

/*
 * Hand a record over as a frame.  KB_NOMEM also where its arena ran out;
 * what the caller's function returned (then job->stopped is set).
 */
enum kb_status	kb_extract_send(struct kb_extract_job *job,
		    struct kb_record *rec, struct kb_err *err);

/*
 * A record that is none, to say why.  "why" may begin with "path:line:col:",
 * which becomes its place.  Empties the arena.
 */
enum kb_status	kb_extract_refuse(struct kb_extract_job *job,
		    const char *code, const char *why, struct kb_err *err);

/* Whether a unit is to be parsed: to be asked before each. */
bool		kb_extract_wants(const struct kb_extract_job *job,
		    const struct kb_extract_unit *unit);

/* Add one body to a record: another part, and its blocks. */
enum kb_status	kb_extract_body(struct kb_extract_job *job,
		    struct kb_record *rec, const struct kb_body *body,
		    struct kb_err *err);

/*
 * One reader a kind of file.  Each takes the whole input.  What cannot be
 * read is refused, see above; the rest are the errors of kb_extract().
 */
enum kb_status	kb_extract_html(struct kb_extract_job *job,
		    struct kb_input *in, struct kb_err *err);
enum kb_status	kb_extract_xml(struct kb_extract_job *job,
		    struct kb_input *in, struct kb_err *err);
enum kb_status	kb_extract_archive(struct kb_extract_job *job,
		    struct kb_input *in, struct kb_err *err);

/* A file or a member, by the reader that its first bytes and name ask for. */
enum kb_status	kb_extract_file(struct kb_extract_job *job,
		    struct kb_input *in, struct kb_err *err);

#endif /* KB_INDEXER_EXTRACT_IMPL_H */
