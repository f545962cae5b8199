#include "worker_wire.h"

/* A message of an error is no longer than this: see struct kb_err. */
#define MAX_TEXT	(sizeof(((struct kb_err *)0)->msg) - 1)

void
kb_wire_put(struct kb_buf *out, const struct kb_wire_msg *m)
{
	kb_buf_addch(out, (char)m->kind);
	switch (m->kind) {
	case KB_WIRE_HELLO:
		kb_buf_add_varint(out, m->report.landlock);
		kb_buf_add_varint(out, (uint64_t)m->report.seccomp |
		    (uint64_t)m->report.memory << 1 |
		    (uint64_t)m->report.instrumented << 2);
		break;
	case KB_WIRE_BEGIN:
		kb_buf_add_varint(out, m->unit);
		kb_buf_add_varint(out, m->start);
		kb_buf_add_varint(out, m->line);
		kb_buf_add_varint(out, m->whole);
		kb_buf_add_varint(out, m->bytes.n);
		kb_buf_add(out, m->bytes);
		break;
	case KB_WIRE_FRAME:
		break;
	case KB_WIRE_END:
		kb_buf_add_varint(out, m->unit);
		kb_buf_add_varint(out, m->start);
		kb_buf_add_varint(out, (uint64_t)m->status);
		kb_buf_add_varint(out, m->bytes.n);
		kb_buf_add(out, m->bytes);
		break;
	}
}

struct cutter {
	struct kb_str	in;
	bool		more, bad;
};

/* At most "max", which is checked before more is waited for. */
static uint64_t
get(struct cutter *c, uint64_t max)
{
	uint64_t v = 0;
	unsigned shift = 0, byte = 0x80;

	while (!c->more && !c->bad && byte & 0x80) {
		if (c->in.n == 0) {
			c->more = true;
		} else {
			byte = (unsigned char)*c->in.p++;
			c->in.n--;
			if (shift == 63 && byte > 1)
				c->bad = true;
			else
				v |= (uint64_t)(byte & 0x7f) << shift;
			shift += 7;
		}
	}
	c->bad |= !c->more && v > max;
	return c->more || c->bad ? 0 : v;
}

static struct kb_str
get_bytes(struct cutter *c, size_t max)
{
	size_t n = (size_t)get(c, max);
	struct kb_str s = kb_str(c->in.p, n);

	if (n > c->in.n)
		c->more = true;
	if (c->more || c->bad)
		return kb_str("", 0);
	c->in.p += n;
	c->in.n -= n;
	return s;
}

static void
get_hello(struct cutter *c, struct kb_sandbox_report *r)
{
	uint64_t bits;

	r->landlock = (unsigned)get(c, 1000);
	bits = get(c, 7);
	r->seccomp = bits & 1;
	r->memory = bits & 2;
	r->instrumented = bits & 4;
}

enum kb_wire_result
kb_wire_next(struct kb_str *bytes, struct kb_wire_msg *out)
{
	struct cutter c = { *bytes, false, false };
	struct kb_wire_msg m = { .status = KB_OK };
	const char *from;

	if (c.in.n == 0)
		return KB_WIRE_MORE;
	m.kind = (enum kb_wire_kind)(unsigned char)*c.in.p++;
	c.in.n--;
	from = c.in.p;
	switch (m.kind) {
	case KB_WIRE_HELLO:
		get_hello(&c, &m.report);
		break;
	case KB_WIRE_BEGIN:
		m.unit = get(&c, UINT64_MAX);
		m.start = get(&c, (uint64_t)1 << 62);
		m.line = (uint32_t)get(&c, UINT32_MAX);
		m.whole = get(&c, 1) != 0;
		m.bytes = get_bytes(&c, KB_WIRE_MAX_NAME);
		break;
	case KB_WIRE_FRAME:
		m.bytes = get_bytes(&c, KB_WIRE_MAX_FRAME);
		m.bytes = kb_str(from, (size_t)(c.in.p - from));
		break;
	case KB_WIRE_END:
		m.unit = get(&c, UINT64_MAX);
		m.start = get(&c, UINT64_MAX);
		m.status = (enum kb_status)get(&c, KB_NOMEM);
		m.bytes = get_bytes(&c, MAX_TEXT);
		break;
	default:
		c.bad = true;
	}
	if (c.bad)
		return KB_WIRE_GARBAGE;
	if (c.more)
		return KB_WIRE_MORE;
	*bytes = c.in;
	*out = m;
	return KB_WIRE_OK;
}
