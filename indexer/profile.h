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
 *	status = workflow_state
 *	body.html = text | kb_*
 *	body.text = wiki
 *	map.status = outdated:superseded
 *	drop = workflow_state=outdated
 *	sentinel = 2100-01-01
 *	url = /kb_view.do?sysparm_article={number}
 *
 * A path is steps joined by "/": element names as written (prefix and all;
 * a pattern with * and ?), each may carry a condition [@attribute=value] or
 * [child=value]; "." is the record itself; a last "@name" takes an
 * attribute; a path that begins with "/" starts at the file's root element.
 * Without a prefix in the pattern the local name is compared.  " | " gives
 * alternatives: the first that yields anything is taken.  " + " adds all.
 */
#ifndef KB_INDEXER_PROFILE_H
#define KB_INDEXER_PROFILE_H

#include "conf.h"
#include "dialect.h"
#include "record.h"
#include "tree.h"

struct kb_profile;

/* All profiles and dialects, and the table of HTML's metadata names. */
struct kb_profiles;

/*
 * Everything built in, then what "conf" adds: a section with the name of a
 * built-in one extends it, key by key (a key that is given replaces all
 * built-in values of that key).  KB_INPUT names file and line of what cannot
 * be understood.  The result is immutable and may be used by many threads.
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
 * http-equiv; case does not matter) stands for.  [meta] in configuration:
 * "modified = last-modified article:modified_time ...".
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
 * Bytes that change when any profile, dialect or table does: part of the
 * generation's identity and of the cache's key.
 */
struct kb_str	kb_profiles_fingerprint(const struct kb_profiles *p);

#endif /* KB_INDEXER_PROFILE_H */
