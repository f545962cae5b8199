/*
 * The messages of a worker process.  The first byte says how many bytes come
 * at once: however they are cut, the messages are the same.
 */
#include "fuzz.h"

#include "worker_wire.h"

#define MESSAGES	64

/* What was understood, to be compared. */
struct seen {
	enum kb_wire_result	result;		/* of the last attempt */
	size_t			n, at[MESSAGES]; /* where each ended */
};

void
fuzz_init(void)
{
}

static void
check(const struct kb_wire_msg *m)
{
	struct kb_wire_msg again;
	struct kb_buf b = { 0 };
	struct kb_str rest;

	MUST(m->kind == KB_WIRE_HELLO || m->kind == KB_WIRE_BEGIN ||
	    m->kind == KB_WIRE_FRAME || m->kind == KB_WIRE_END);
	MUST(m->status <= KB_NOMEM);
	MUST(m->bytes.n <= KB_WIRE_MAX_FRAME + 10);
	fuzz_touch(m->bytes);
	kb_wire_put(&b, m);
	if (m->kind == KB_WIRE_FRAME)
		kb_buf_add(&b, m->bytes);
	rest = kb_buf_str(&b);
	MUST(kb_wire_next(&rest, &again) == KB_WIRE_OK && rest.n == 0);
	MUST(again.kind == m->kind && again.unit == m->unit &&
	    again.start == m->start && again.line == m->line &&
	    again.whole == m->whole && again.status == m->status &&
	    kb_str_eq(again.bytes, m->bytes));
	kb_buf_release(&b);
}

static void
take(struct seen *s, struct kb_str bytes, size_t step)
{
	struct kb_str rest = kb_str(bytes.p, 0), before;
	size_t have = 0;
	struct kb_wire_msg m;

	memset(s, 0, sizeof(*s));
	while (s->n < MESSAGES) {
		before = rest;
		s->result = kb_wire_next(&rest, &m);
		if (s->result == KB_WIRE_OK) {
			MUST(rest.n < before.n);
			check(&m);
			s->at[s->n++] = (size_t)(rest.p - bytes.p);
			continue;
		}
		MUST(kb_str_eq(rest, before) && rest.p == before.p);
		if (s->result == KB_WIRE_GARBAGE || have == bytes.n)
			return;
		have += step < bytes.n - have ? step : bytes.n - have;
		rest.n = (size_t)(bytes.p + have - rest.p);
	}
}

void
fuzz_one(struct kb_str bytes)
{
	size_t step = 1 + (size_t)fuzz_byte(&bytes);
	static struct seen whole, pieces;

	take(&whole, bytes, bytes.n > 0 ? bytes.n : 1);
	take(&pieces, bytes, step);
	MUST(whole.n == pieces.n && whole.result == pieces.result);
	MUST(memcmp(whole.at, pieces.at, sizeof(whole.at)) == 0);
}

void
fuzz_seeds(void)
{
	static const struct kb_wire_msg messages[] = {
		{ .kind = KB_WIRE_HELLO, .report = { .landlock = 3,
		    .seccomp = true } },
		{ .kind = KB_WIRE_BEGIN, .unit = 1, .whole = true },
		{ .kind = KB_WIRE_BEGIN, .unit = 300, .start = 70000,
		    .line = 1234 },
		{ .kind = KB_WIRE_FRAME, .bytes = { "\x03" "abc", 4 } },
		{ .kind = KB_WIRE_END, .unit = 7 },
		{ .kind = KB_WIRE_END, .status = KB_INPUT, .bytes =
		    { "no gzip", 7 } },
	};
	struct kb_buf all = { 0 }, one = { 0 };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		kb_buf_clear(&one);
		kb_wire_put(&one, &messages[i]);
		if (messages[i].kind == KB_WIRE_FRAME)
			kb_buf_add(&one, messages[i].bytes);
		fuzz_seed_as((uint8_t)i, kb_buf_str(&one));
		kb_buf_add(&all, kb_buf_str(&one));
	}
	fuzz_seed_as(255, kb_buf_str(&all));
	fuzz_seed_as(0, KB_STR("F\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
	kb_buf_release(&all);
	kb_buf_release(&one);
}
