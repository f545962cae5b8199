#include "offmap.h"

/* The last piece that begins at or before "out", or NULL. */
static const struct kb_offpiece *
find(const struct kb_offmap *map, uint64_t out)
{
	size_t lo = 0, hi = map->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (map->v[mid].out <= out)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 ? &map->v[lo - 1] : NULL;
}

uint64_t
kb_offmap_start(const struct kb_offmap *map, uint64_t out)
{
	const struct kb_offpiece *p;

	if (map->n == 0)
		return out;
	p = find(map, out);
	if (p == NULL)
		return map->v[0].in;
	if (out >= p->out + p->out_n) {
		/* Made up: the next thing that came from somewhere. */
		if (p + 1 < map->v + map->n)
			return p[1].in;
		return p->in + p->in_n;
	}
	return p->out_n == p->in_n ? p->in + (out - p->out) : p->in;
}

uint64_t
kb_offmap_end(const struct kb_offmap *map, uint64_t out)
{
	const struct kb_offpiece *p;
	uint64_t last;

	if (map->n == 0 || out == 0)
		return map->n == 0 ? out : map->v[0].in;
	last = out - 1;
	p = find(map, last);
	if (p == NULL)
		return map->v[0].in;
	if (last >= p->out + p->out_n || p->out_n != p->in_n)
		return p->in + p->in_n;
	return p->in + (last - p->out) + 1;
}
