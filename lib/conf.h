/*
 * conf: the configuration format, used for the built-in profiles and for
 * --config FILE.
 *
 *	# a comment (also ;), only at the start of a line
 *	[section argument]
 *	key = value
 *	    a line that begins with white space goes on with the value
 *
 * Keys may repeat; order is kept.  Values are trimmed; a continued value is
 * joined with one space.  UTF-8 only.
 */
#ifndef KB_LIB_CONF_H
#define KB_LIB_CONF_H

#include <stdint.h>

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"

struct kb_conf_entry {
	struct kb_str	 section, argument;	/* "profile", "mallard" */
	struct kb_str	 key, value;		/* key empty: the section
						   header itself */
	const char	*file;
	uint32_t	 line;
	struct kb_conf_entry *next;
};

struct kb_conf {
	struct kb_conf_entry	*first, *last;	/* in the order read */
};

/*
 * Append the entries of "text" to "conf"; strings are copied into "arena".
 * "file" is for messages and must outlive conf.  KB_INPUT with
 * "file:line: what is wrong" for the first line that is no configuration
 * (conf is then unchanged).
 */
enum kb_status	kb_conf_parse(struct kb_conf *conf, struct kb_str text,
		    const char *file, struct kb_arena *arena,
		    struct kb_err *err);

/*
 * The last value of a key in a section (argument compared too), or NULL.
 */
const struct kb_conf_entry *kb_conf_get(const struct kb_conf *conf,
		    struct kb_str section, struct kb_str argument,
		    struct kb_str key);

#endif /* KB_LIB_CONF_H */
