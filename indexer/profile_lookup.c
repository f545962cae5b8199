/*
 * profile_lookup: questions asked of finished profiles.  Contract: profile.h.
 */
#include "profile_impl.h"

const struct kb_dialect *
kb_profiles_dialect(const struct kb_profiles *p, struct kb_str name)
{
	const struct kb_dialect_list *d;

	for (d = p->dialects; d != NULL; d = d->next)
		if (kb_str_eq(kb_dialect_name(d->dialect), name))
			return d->dialect;
	return NULL;
}

/* How well a profile fits: the user's before ours, conditions before none. */
static int
fit(const struct kb_profile *profile, const struct kb_node *root)
{
	const struct kb_path_list *r;
	int best = 0, score;

	for (r = profile->roots; r != NULL; r = r->next) {
		if (!kb_path_ends_at(&r->path, root))
			continue;
		score = 1 + (r->path.steps[0].conds != NULL) +
		    2 * profile->user;
		if (score > best)
			best = score;
	}
	return best;
}

const struct kb_profile *
kb_profiles_match(const struct kb_profiles *p,
    const struct kb_node *root_element)
{
	const struct kb_profile *profile, *hit = NULL;
	int best = 0, score;

	for (profile = p->first; profile != NULL; profile = profile->next) {
		score = fit(profile, root_element);
		if (score > best) {
			best = score;
			hit = profile;
		}
	}
	return hit;
}

bool
kb_profiles_meta(const struct kb_profiles *p, struct kb_str name,
    enum kb_field *out)
{
	int value;

	if (!kb_name_table_find(&p->meta, name, false, &value))
		return false;
	*out = (enum kb_field)value;
	return true;
}

bool
kb_profiles_label(const struct kb_profiles *p, struct kb_str label,
    enum kb_field *out)
{
	int value;

	if (!kb_name_table_find(&p->label, label, true, &value))
		return false;
	*out = (enum kb_field)value;
	return true;
}

bool
kb_profiles_status(const struct kb_profiles *p, struct kb_str value,
    enum kb_article_status *out)
{
	int status;

	if (!kb_name_table_find(&p->status, value, true, &status))
		return false;
	*out = (enum kb_article_status)status;
	return true;
}

bool
kb_profiles_placeholder_owner(const struct kb_profiles *p,
    struct kb_str owner)
{
	const struct kb_placeholder *t;

	owner = kb_str_trim(owner);
	for (t = p->placeholders; t != NULL; t = t->next)
		if (kb_path_glob(t->pattern, owner))
			return !t->is_owner;
	return false;
}

struct kb_str
kb_profiles_fingerprint(const struct kb_profiles *p)
{
	return kb_str(p->fingerprint, KB_SHA256_HEX);
}

struct kb_str
kb_profile_name(const struct kb_profile *profile)
{
	return profile->name;
}

bool
kb_profile_is_record(const struct kb_profile *profile,
    const struct kb_node *element)
{
	const struct kb_path_list *r;

	for (r = profile->records; r != NULL; r = r->next)
		if (kb_path_ends_at(&r->path, element))
			return true;
	return false;
}
