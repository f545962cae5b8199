/*
 * dialect: what the elements of one markup language mean to a reader of
 * text.  A dialect is data: a [dialect NAME] section of the configuration
 * format, built in for html, mallard, docbook and article, and extended by
 * the user's.  "parent>name" holds only for a child of that element, and
 * goes before the plain name.  A name that has a prefix and is not listed
 * with it counts by its local name, but in the dialect html: HTML knows no
 * prefixes, and <epub:title> is an element of its own.  Where one name stands
 * under two roles, the last one counts.
 *
 *	[dialect mallard]
 *	skip = info comment
 *	heading = title
 *	section = section
 *	para = p desc
 *	code = screen page>code section>code
 *	...
 */
#ifndef KB_INDEXER_DIALECT_H
#define KB_INDEXER_DIALECT_H

#include "arena.h"
#include "conf.h"
#include "kb/status.h"
#include "kb/str.h"

enum kb_role {
	KB_ROLE_INLINE,		/* unknown elements too: text goes on */
	KB_ROLE_SKIP,		/* it and all below is not the article */
	KB_ROLE_BLOCK,		/* a container: text before and behind it is
				   of other blocks */
	KB_ROLE_SECTION,	/* a block; headings below are one deeper */
	KB_ROLE_HEADING,	/* html's h1..h6 know their level, others take
				   it from the sections around them */
	KB_ROLE_PARA,
	KB_ROLE_LIST,		/* a list without numbers */
	KB_ROLE_STEPS,		/* a numbered list */
	KB_ROLE_ITEM,
	KB_ROLE_TERM,		/* dt, varlistentry's term: an item's start */
	KB_ROLE_TABLE,
	KB_ROLE_ROW,
	KB_ROLE_CELL,
	KB_ROLE_CODE,		/* white space is kept */
	KB_ROLE_NOTE,		/* a block of kind note */
	KB_ROLE_BREAK,		/* a line break */
	KB_ROLE_LINK,
	KB_ROLE_KEYS,		/* keys pressed together: joined by "+" */
	KB_ROLE_MENU,		/* steps through menus: joined by " > " */
	KB_ROLE_CHROME,		/* navigation and page furniture: left out by
				   main-content selection */
	KB_ROLE_N
};

struct kb_dialect;

/* The built-in name of a role in configuration: "skip", "heading", ... */
const char	*kb_role_name(enum kb_role role);

/*
 * What the element "name" is below the element "parent" (empty: a root).
 * Never fails: unknown names are KB_ROLE_INLINE.
 */
enum kb_role	 kb_dialect_role(const struct kb_dialect *dialect,
		    struct kb_str name, struct kb_str parent);

/* True if the dialect says anything of "name", wherever it stands. */
bool		 kb_dialect_lists(const struct kb_dialect *dialect,
		    struct kb_str name);

struct kb_str	 kb_dialect_name(const struct kb_dialect *dialect);

/* ---- making one: used by profile.c only ---- */

/* An empty dialect, all of it in "arena"; NULL when memory runs out. */
struct kb_dialect *kb_dialect_new(struct kb_arena *arena, struct kb_str name);

/*
 * Take one "role = names" entry.  KB_INPUT with file, line and the roles that
 * there are, for an unknown role or a name that is none.
 */
enum kb_status	 kb_dialect_add(struct kb_dialect *dialect,
		    const struct kb_conf_entry *entry, struct kb_err *err);

/* Sort what was added; before that no role may be asked for. */
enum kb_status	 kb_dialect_finish(struct kb_dialect *dialect,
		    struct kb_err *err);

#endif /* KB_INDEXER_DIALECT_H */
