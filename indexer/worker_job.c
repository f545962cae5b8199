#include "worker_job.h"

void
kb_job_put(struct kb_buf *out, const struct kb_job *j)
{
	kb_buf_add_varint(out, j->number);
	kb_buf_add_varint(out, j->kind);
	kb_buf_add_varint(out, j->careful);
	kb_buf_add_varint(out, j->frames);
	kb_buf_add_varint(out, j->nskip);
	for (size_t i = 0; i < j->nskip; i++)
		kb_buf_add_varint(out, j->skip[i]);
	kb_buf_add(out, j->path);
}

static bool
get(struct kb_str *s, uint64_t *out)
{
	uint64_t v = 0;
	unsigned shift = 0, byte;

	do {
		if (s->n == 0 || shift > 63)
			return false;
		byte = (unsigned char)*s->p++;
		s->n--;
		v |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	*out = v;
	return true;
}

bool
kb_job_get(struct kb_str s, struct kb_job *out)
{
	struct kb_job j = { 0 };
	uint64_t kind, careful, n;

	if (!get(&s, &j.number) || !get(&s, &kind) || !get(&s, &careful) ||
	    !get(&s, &j.frames) || !get(&s, &n) || n > KB_JOB_SKIPS)
		return false;
	for (; j.nskip < n; j.nskip++)
		if (!get(&s, &j.skip[j.nskip]))
			return false;
	j.kind = (unsigned)kind;
	j.careful = careful != 0;
	j.path = s;
	*out = j;
	return true;
}
