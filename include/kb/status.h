/*
 * status: how every function of the library that can fail says so.
 * Used by everything.
 */
#ifndef KB_STATUS_H
#define KB_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

enum kb_status {
	KB_OK = 0,
	KB_USAGE,		/* the caller's arguments make no sense */
	KB_INPUT,		/* foreign bytes that cannot be read as asked */
	KB_NOTFOUND,		/* the named thing is not there */
	KB_DAMAGED,		/* a checksum or an invariant does not hold */
	KB_VERSION,		/* a format version that this build cannot read */
	KB_LIMIT,		/* a counted budget or a size cap was reached */
	KB_IO,			/* the system refused: files, descriptors */
	KB_NOMEM		/* out of memory */
};

/*
 * Owned by the caller, who may pass NULL instead.  Written only when a
 * function fails; "msg" then names the thing and the way out, in one line
 * without a newline.
 */
struct kb_err {
	enum kb_status	status;
	char		msg[500];
};

/*
 * Fill "err" (NULL is fine) and return "status", so that a failing function
 * can end in "return kb_err_set(...)".  A message that is too long is cut.
 */
enum kb_status	kb_err_set(struct kb_err *err, enum kb_status status,
		    const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

/* KB_NOMEM with its usual message. */
enum kb_status	kb_err_nomem(struct kb_err *err);

/* A static word for a status: "ok", "usage", "input", ... */
const char	*kb_status_name(enum kb_status status);

#ifdef __cplusplus
}
#endif

#endif /* KB_STATUS_H */
