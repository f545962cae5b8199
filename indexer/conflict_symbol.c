/*
 * Names of code in titles: functions, classes, files.
 */
#include "conflict_impl.h"

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

/* The sign at "at" joins the parts of a name: "a::b", "a_b", "a.b". */
static bool
joins(struct kb_str t, size_t at)
{
	bool inside = at > 0 && at + 1 < t.n;

	switch (t.p[at]) {
	case '_':
		return true;
	case ':':
		return inside && (t.p[at - 1] == ':' || t.p[at + 1] == ':');
	case '.':
		return inside && letter(t.p[at - 1]) && letter(t.p[at + 1]);
	default:
		return false;
	}
}

/* The next "std::sort", "sort_by" or "list.sort" of a title. */
static bool
next_symbol(struct kb_str *rest, struct kb_str *out)
{
	size_t at = 0, end, signs;

	for (; at < rest->n; at = end + 1) {
		for (end = at, signs = 0; end < rest->n; end++) {
			char c = rest->p[end];
			bool joint = joins(*rest, end);

			if (!joint && !letter(c) && !(c >= '0' && c <= '9'))
				break;
			signs += joint;
		}
		if (signs == 0 || end < at + 3)
			continue;
		*out = kb_str(rest->p + at, end - at);
		*rest = kb_str(rest->p + end, rest->n - end);
		return true;
	}
	return false;
}

static bool
names_symbol(struct kb_str title, struct kb_str symbol)
{
	struct kb_str s;

	while (next_symbol(&title, &s))
		if (kb_str_eq(s, symbol))
			return true;
	return false;
}

static bool
has_own_symbol(struct kb_str a, struct kb_str b)
{
	struct kb_str rest = a, s;

	while (next_symbol(&rest, &s))
		if (!names_symbol(b, s))
			return true;
	return false;
}

bool
kb_conflict_other_symbol(struct kb_str a, struct kb_str b)
{
	return has_own_symbol(a, b) && has_own_symbol(b, a);
}
