/*
 * profile: how the records of one export are read: which elements are
 * records, which paths are which fields, what a value means, what the body
 * is.  Profiles are data: [profile NAME] sections of the configuration
 * format (built-in ones in indexer/profiles/, the user's with --config).
 * docs/FORMAT.md describes every key.
 *
 *	[profile servicenow]
 *	root = unload
 *	record = kb_knowledge kb_template_* u_kb_template_*
 *	id = number | sys_id
 *	alias = sys_id
 *	title = short_description
 *	owner = ownership_group@display_value | ownership_group
 *	owner_kind = ownership_group -> team
 *	status = workflow_state
 *	map.status = outdated:superseded
 *	category = kb_category@display_value
 *	split.category = " / " " > "
 *	drop = workflow_state=outdated | latest=false
 *	sentinel = 2100-01-01
 *	url = /kb_view.do?sysparm_article={number}
 *	body.html = text | kb_*!kb_category
 *	body.text = wiki
 *
 * A path is steps joined by "/": element names as written (prefix and all;
 * a pattern with * and ?; "a*!ab!ac" leaves names out), "." is the record
 * itself; a last "@name" takes an attribute; a last "(a b)" joins the text
 * of these children by spaces; a path that begins with "/" starts at the
 * file's root element.  Without a prefix in the pattern an element's local
 * name is compared.  A step may carry conditions: [@attribute=value],
 * [child=value], [.=value], each without "=value" for "it is there" and with
 * "!" in front for the opposite, [last] for the last of the siblings that
 * match, and [max child] or [min child] for the one of the siblings of that
 * name whose child says most or least; other conditions are asked of it.
 * Values are patterns, and case does not matter.
 *   " | " gives alternatives: the first that yields anything is taken.
 * " + " adds all.  "text {path} text" is a template: with one path it is
 * made for every value, with several for the first of each, and not at all
 * when one is empty; in URLs values are percent-encoded.  "{path word}" is
 * for the titles of wikis: "word" stands for each space, and in URLs "/" and
 * ":" stay as they are.  "path -> text" is
 * text where the path yields anything.  A field without a value takes a
 * built-in one back.
 *   root and record are patterns of names or paths, told from start tags
 * alone.  drop and keep are conditions PATH=PATTERN or PATH!=PATTERN: a
 * record is dropped if one of drop holds, or none of keep.  map.FIELD turns
 * values, "from:to" with commas between several; an empty "to" leaves the
 * value out.  sentinel lists dates that mean "not set".  body.DIALECT is
 * where the body stands; the first such key that yields anything counts.
 * Dialect html is parsed from text unless there are elements, text always,
 * others are the elements of the file; body.DIALECT.autop = yes for
 * WordPress.
 *   A relational export has its records in pieces that refer to each other by
 * id.  table.NAME are patterns of the elements that are rows, told as records
 * are; table.NAME.key the path to what others call them by, of which a row
 * may have several; table.NAME.drop conditions as in drop.  Behind any path
 * ">NAME/path" takes its values as keys and yields what "path" does in the
 * rows of that key, ">NAME" alone the keys that have rows, and so on.
 * "a/b>>NAME/path" goes on from each row by a/b again, and yields the last
 * row's value first: the titles of all pages above a page.
 * body.DIALECT.user leads from the key of a person in a body to a name; its
 * paths begin with ">".
 */
#ifndef KB_INDEXER_PROFILE_H
#define KB_INDEXER_PROFILE_H

#include "conf.h"
#include "dialect.h"
#include "record.h"
#include "tree.h"

struct kb_profile;
struct kb_relate;
struct kb_expr;

/* All profiles and dialects, and the table of HTML's metadata names. */
struct kb_profiles;

/*
 * Everything built in, then what "conf" adds.  A [profile] or [dialect] with
 * the name of a built-in one extends it, key by key: a key that is given
 * replaces all built-in values of that key.  In the tables ([meta], [label],
 * [status], [placeholder]) a key adds its names to the built-in ones; of what
 * is said of one name the last counts, and "none = name" lets it mean
 * nothing.  KB_INPUT names file and line of what cannot be understood.  The
 * result is immutable and may be used by many threads.
 */
enum kb_status	kb_profiles_new(struct kb_profiles **out,
		    const struct kb_conf *conf, struct kb_err *err);
void		kb_profiles_free(struct kb_profiles *profiles);

/* The profile for a file with this root element, or NULL. */
const struct kb_profile *kb_profiles_match(const struct kb_profiles *p,
		    const struct kb_node *root_element);

/* NULL when there is none of that name. */
const struct kb_dialect *kb_profiles_dialect(const struct kb_profiles *p,
		    struct kb_str name);

/*
 * HTML: the field that a <meta> name (name, property, itemprop or
 * http-equiv; case does not matter) stands for; false for none.  [meta] in
 * configuration: "modified = last-modified article:modified_time ...".
 */
bool		kb_profiles_meta(const struct kb_profiles *p,
		    struct kb_str name, enum kb_field *out);

/*
 * The field that a label in a table of page properties stands for ("Owner",
 * "Next review"; case does not matter).  [label] in configuration; labels
 * are separated by commas there.
 */
bool		kb_profiles_label(const struct kb_profiles *p,
		    struct kb_str label, enum kb_field *out);

/*
 * A status as any source spells it ("Published", "final", "outdated", ...):
 * [status] in configuration: "draft = draft stub incomplete ...".  False for
 * an unknown one.
 */
bool		kb_profiles_status(const struct kb_profiles *p,
		    struct kb_str value, enum kb_article_status *out);

/* True for "TBD", "admin", "Unknown User (x)": [placeholder] owner = ... */
bool		kb_profiles_placeholder_owner(const struct kb_profiles *p,
		    struct kb_str owner);

struct kb_str	kb_profile_name(const struct kb_profile *profile);

/* True if this element begins a record (its parents are at hand). */
bool		kb_profile_is_record(const struct kb_profile *profile,
		    const struct kb_node *element);

/* What a record's body is made of. */
struct kb_body {
	struct kb_str		 dialect;	/* "html", "mallard", ... */
	const struct kb_node	*node;		/* elements of the file, or */
	struct kb_str		 text;		/* decoded text to be parsed */
	struct kb_str		 field;		/* name of that text's field */
	bool			 autop;		/* WordPress: blank lines part
						   paragraphs */
	const struct kb_expr	*user;		/* see kb_profile_user(); or
						   NULL */
};

/*
 * Apply a profile to a record's tree: fill rec's values, with their value
 * maps, sentinels (left out) and templates applied, its unmapped fields with
 * samples (leaf elements that no path used), dropped and drop_reason, and
 * up to 8 bodies.  For dates of which a source may hold several all are
 * added.  Everything is in rec->arena or borrowed from the tree.
 */
enum kb_status	kb_profile_apply(const struct kb_profile *profile,
		    const struct kb_node *root, struct kb_record *rec,
		    struct kb_body bodies[8], size_t *nbodies,
		    struct kb_err *err);

/*
 * The same for a profile with tables (relate.h), which a first reading filled.
 * Without them paths through tables yield nothing, and conditions on them are
 * passed over.
 */
bool		kb_profile_has_tables(const struct kb_profile *profile);
enum kb_status	kb_profile_apply_with(const struct kb_profile *profile,
		    const struct kb_relate *relate,
		    const struct kb_node *root, struct kb_record *rec,
		    struct kb_body bodies[8], size_t *nbodies,
		    struct kb_err *err);

/*
 * The name of the person that a body mentions by a key: body.DIALECT.user.
 * Empty where it is not known.
 */
struct kb_str	kb_profile_user(const struct kb_relate *relate,
		    const struct kb_expr *user, struct kb_str key,
		    struct kb_arena *arena);

/*
 * Bytes that change when any profile, dialect or table does: part of the
 * generation's identity and of the cache's key.
 */
struct kb_str	kb_profiles_fingerprint(const struct kb_profiles *p);

#endif /* KB_INDEXER_PROFILE_H */
