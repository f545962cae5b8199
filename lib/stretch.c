#include "stretch.h"

/* "behind" is the end of the number before it, or 0. */
static bool
is_number(struct kb_str t, const struct kb_offpiece *p, size_t behind)
{
	if (p->out_n == p->in_n || p->out_n < 3 || p->out >= t.n ||
	    p->out_n > t.n - p->out)
		return false;
	return (p->out == behind || t.p[p->out - 1] == '\n') &&
	    memcmp(t.p + p->out + p->out_n - 2, ". ", 2) == 0;
}

bool
kb_stretch_next(struct kb_stretch *it, struct kb_str *out)
{
	size_t from = it->at;

	while (it->piece < it->map->n) {
		const struct kb_offpiece *p = &it->map->v[it->piece++];

		if (p->out < it->at || !is_number(it->text, p, it->at))
			continue;
		*out = kb_str(it->text.p + from, (size_t)p->out - from);
		from = it->at = (size_t)p->out + p->out_n;
		if (out->n > 0)
			return true;
	}
	*out = kb_str(it->text.p + from, it->text.n - from);
	it->at = it->text.n;
	return out->n > 0;
}
