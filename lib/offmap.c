#include "offmap.h"

const struct kb_offpiece *
kb_offmap_piece(const struct kb_offmap *map, uint64_t out)
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
	p = kb_offmap_piece(map, out);
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
	p = kb_offmap_piece(map, last);
	if (p == NULL)
		return map->v[0].in;
	if (last >= p->out + p->out_n || p->out_n != p->in_n)
		return p->in + p->in_n;
	return p->in + (last - p->out) + 1;
}

size_t
kb_offmap_whole(const struct kb_offmap *map, size_t at)
{
	const struct kb_offpiece *p = kb_offmap_piece(map, at);

	if (p == NULL || p->out >= at || p->out + p->out_n <= at ||
	    p->out_n == p->in_n)
		return at;
	return (size_t)(p->out + p->out_n);
}

void
kb_offmap_write(struct kb_buf *b, const struct kb_offmap *map, uint64_t base)
{
	uint64_t out = 0, in = base;

	for (size_t i = 0; i < map->n; i++) {
		const struct kb_offpiece *p = &map->v[i];
		int64_t d = (int64_t)(p->in - in);

		kb_buf_add_varint(b, p->out - out);
		kb_buf_add_varint(b, (uint64_t)d << 1 ^ (uint64_t)(d >> 63));
		kb_buf_add_varint(b, p->out_n);
		kb_buf_add_varint(b, p->in_n);
		out = p->out + p->out_n;
		in = p->in + p->in_n;
	}
}

static bool
get(struct kb_str *s, uint64_t *v)
{
	unsigned shift = 0, c;

	*v = 0;
	do {
		if (s->n == 0 || shift > 63)
			return false;
		c = (unsigned char)*s->p++;
		s->n--;
		*v |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while (c & 0x80);
	return true;
}

static bool
get_piece(struct kb_str *s, uint64_t *out, uint64_t *in,
    struct kb_offpiece *p)
{
	uint64_t d, z, out_n, in_n;

	if (!get(s, &d) || !get(s, &z) || !get(s, &out_n) ||
	    !get(s, &in_n) || out_n == 0 || out_n > UINT32_MAX ||
	    in_n > UINT32_MAX || d > UINT32_MAX)
		return false;
	p->out = *out + d;
	p->in = *in + (z >> 1 ^ (0 - (z & 1)));
	p->out_n = (uint32_t)out_n;
	p->in_n = (uint32_t)in_n;
	*out = p->out + out_n;
	*in = p->in + in_n;
	return true;
}

bool
kb_offmap_locate(struct kb_str bytes, uint64_t base, uint64_t from,
    uint64_t to, uint64_t *start, uint64_t *end)
{
	uint64_t out = 0, in = base, s = base + from, e = base + to;
	struct kb_offpiece p;
	bool began = bytes.n == 0, ended = false;

	if (from > to || (from == to && !began))
		return false;
	while (bytes.n > 0 && !ended) {
		struct kb_offmap one = { &p, 1 };

		if (!get_piece(&bytes, &out, &in, &p))
			return false;
		if (!began && from < p.out + p.out_n) {
			s = e = kb_offmap_start(&one, from > p.out ? from :
			    p.out);
			began = true;
		}
		if (began && to > p.out)
			e = kb_offmap_end(&one, to < p.out + p.out_n ? to :
			    p.out + p.out_n);
		ended = to <= p.out + p.out_n;
	}
	if (!began || s > e)
		return false;
	*start = s;
	*end = e;
	return true;
}

bool
kb_offmap_read(struct kb_offmap *map, struct kb_str bytes, uint64_t base,
    struct kb_arena *arena)
{
	/* A piece takes four bytes at the least. */
	size_t most = bytes.n / 4, n = 0;
	struct kb_offpiece *v = kb_arena_array(arena, most + 1, sizeof(*v));
	uint64_t out = 0, in = base;

	if (v == NULL)
		return false;
	while (bytes.n > 0)
		if (n > most || !get_piece(&bytes, &out, &in, &v[n++]))
			return false;
	map->v = v;
	map->n = n;
	return true;
}
