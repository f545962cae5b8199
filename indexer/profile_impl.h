/*
 * profile_impl: what the profile modules share: a profile as it is kept, the
 * expressions of its fields, and the tables of names.  profile.c makes them,
 * profile_apply.c and profile_unmapped.c read them.
 */
#ifndef KB_INDEXER_PROFILE_IMPL_H
#define KB_INDEXER_PROFILE_IMPL_H

#include "profile.h"
#include "profile_path.h"
#include "profile_table.h"
#include "sha256.h"

/* ---- expressions: alternatives of sums of terms (profile_expr.c) ---- */

enum kb_term_kind {
	KB_TERM_PATH,
	KB_TERM_TEMPLATE,	/* "/view?id={number}" */
	KB_TERM_CONSTANT	/* "path -> text": text, if path is there */
};

struct kb_template_part {
	struct kb_str		 literal;	/* before the placeholder */
	struct kb_path		*path;		/* NULL: the end */
	struct kb_str		 space;		/* in place of spaces, or
						   empty */
	struct kb_template_part	*next;
};

struct kb_term {
	enum kb_term_kind	 kind;
	struct kb_path		*path;		/* not of a template */
	struct kb_str		 constant;
	struct kb_template_part	*parts;
	size_t			 nplaces;
	struct kb_term		*next;		/* added to it */
};

struct kb_expr {
	struct kb_term		*terms;
	struct kb_expr		*next;		/* if it yields nothing */
};

/* Errors: KB_INPUT without file and line. */
enum kb_status	kb_expr_parse(struct kb_expr **out, struct kb_str text,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * Where "sep" stands first in "s" outside of [], {} and (), or (size_t)-1.
 */
size_t		kb_expr_find(struct kb_str s, struct kb_str sep);

/* ---- a profile ---- */

struct kb_path_list {
	struct kb_path		 path;
	struct kb_path_list	*next;
};

struct kb_text_list {
	struct kb_str		 text;
	struct kb_text_list	*next;
};

struct kb_value_map {
	struct kb_str		 from;		/* pattern in lower case */
	struct kb_str		 to;		/* empty: left out */
	struct kb_value_map	*next;
};

/* "workflow_state=outdated" of drop and keep. */
struct kb_record_cond {
	struct kb_path		 path;
	bool			 negate;
	struct kb_str		 value;		/* pattern in lower case */
	struct kb_record_cond	*next;
};

/* What records refer to: rows by a key, and what of them is asked for. */
struct kb_row_table {
	struct kb_str		 name;
	const struct kb_conf_entry *entry;	/* for messages */
	struct kb_path_list	*rows;
	struct kb_path_list	*key;		/* one path */
	struct kb_record_cond	*drops;
	const struct kb_path	**columns;
	size_t			 ncolumns;
	struct kb_row_table	*next;
};

struct kb_body_rule {
	struct kb_str		 dialect;
	const struct kb_conf_entry *entry;	/* for messages */
	struct kb_expr		*expr;
	struct kb_expr		*user;		/* storage: the name of a key
						   of a person */
	bool			 autop;
	struct kb_body_rule	*next;
};

struct kb_profile {
	struct kb_str		 name;
	const struct kb_conf_entry *entry;	/* its first one */
	bool			 user;		/* goes before built-in ones */
	struct kb_path_list	*roots, *records;
	struct kb_expr		*fields[KB_F_N];
	struct kb_value_map	*maps[KB_F_N];
	struct kb_text_list	*splits[KB_F_N];
	struct kb_text_list	*sentinels;	/* patterns in lower case */
	struct kb_record_cond	*drops, *keeps;
	struct kb_body_rule	*bodies;	/* in order: the first that
						   yields anything counts */
	struct kb_row_table	*tables;
	size_t			 ntables;
	struct kb_profile	*next;
};

/* ---- all of them ---- */

struct kb_dialect_list {
	struct kb_dialect	*dialect;
	struct kb_dialect_list	*next;
};

/* What stands where an owner should; the last one said comes first. */
struct kb_placeholder {
	struct kb_str		 pattern;	/* in lower case */
	bool			 is_owner;	/* "none": it is one after all */
	struct kb_placeholder	*next;
};

struct kb_profiles {
	struct kb_arena		 arena;
	struct kb_profile	*first;
	struct kb_dialect_list	*dialects;
	struct kb_name_table	 meta, label, status;
	struct kb_placeholder	*placeholders;
	char			 fingerprint[KB_SHA256_HEX + 1];
};

/*
 * Take one entry of a [profile] section.  KB_INPUT with file and line
 * (profile_conf.c).
 */
enum kb_status	kb_profile_add(struct kb_profile *profile,
		    const struct kb_conf_entry *entry,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * Number tables and columns for all paths that lead through tables, once all
 * of the profile is known.  KB_INPUT for a table that is not there
 * (profile_link.c).
 */
enum kb_status	kb_profile_link(struct kb_profile *profile,
		    struct kb_arena *arena, struct kb_err *err);

/* KB_INPUT "file:line: [section argument] key: ...". */
enum kb_status	kb_profile_fail(const struct kb_conf_entry *entry,
		    struct kb_err *err, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

/* The names of all fields, or statuses, for messages: into "buf". */
const char	*kb_profile_list_fields(char *buf, size_t size);
const char	*kb_profile_list_statuses(char *buf, size_t size);

/* What no path of the profile speaks of (profile_unmapped.c). */
void		kb_profile_note_unmapped(const struct kb_profile *profile,
		    const struct kb_node *root, struct kb_record *rec);

#endif /* KB_INDEXER_PROFILE_IMPL_H */
