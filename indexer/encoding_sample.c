/*
 * encoding_sample: what of a document a guess is made from.  Contract:
 * encoding_impl.h.
 */
#include "encoding_impl.h"

#define SAMPLE		((size_t)256 * 1024)
#define AROUND		((size_t)64)	/* ASCII kept beside what is not */
#define MAX_TAG		((size_t)4096)

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the tag at "at", or 0: none is there. */
static size_t
tag_length(struct kb_str raw, size_t at)
{
	size_t n = raw.n - at < MAX_TAG ? raw.n - at : MAX_TAG;
	const char *p = raw.p + at, *end;

	/* Not "<!": what is in a CDATA section or a comment is text too. */
	if (n < 3 || p[0] != '<' || !(is_alpha(p[1]) || p[1] == '/' ||
	    p[1] == '?'))
		return 0;
	end = memchr(p, '>', n);
	return end == NULL ? 0 : (size_t)(end - p) + 1;
}

/* An ASCII run: a long one is cut to what stands beside its ends. */
static void
sample_ascii(struct kb_buf *b, struct kb_str s)
{
	if (s.n <= 2 * AROUND) {
		kb_buf_add(b, s);
		return;
	}
	kb_buf_add(b, kb_str(s.p, AROUND));
	kb_buf_addch(b, '\n');
	kb_buf_add(b, kb_str(s.p + s.n - AROUND, AROUND));
}

void
kb_encoding_take_sample(struct kb_encoding_sample *s, struct kb_str raw)
{
	size_t at = 0, n, from, until = 0;
	struct kb_buf *b = &s->text;

	while (at < raw.n && b->n < SAMPLE && !b->failed) {
		/* Look for an end that is missing once in MAX_TAG. */
		n = raw.p[at] == '<' && at >= until ? tag_length(raw, at) : 0;
		if (n > 0) {
			kb_buf_addch(b, ' ');
			at += n;
			continue;
		}
		if (raw.p[at] == '<' && at >= until)
			until = at + MAX_TAG;
		from = at++;
		if ((unsigned char)raw.p[from] >= 0x80) {
			kb_buf_addch(b, raw.p[from]);
			s->foreign++;
			continue;
		}
		while (at < raw.n && (unsigned char)raw.p[at] < 0x80 &&
		    raw.p[at] != '<')
			at++;
		s->ascii += at - from;
		sample_ascii(b, kb_str(raw.p + from, at - from));
	}
}

void
kb_encoding_take_words(struct kb_buf *b, struct kb_str s)
{
	size_t at = 0, from;
	bool foreign;

	while (at < s.n) {
		foreign = false;
		for (from = at; at < s.n && (is_alpha(s.p[at]) ||
		    (unsigned char)s.p[at] >= 0x80); at++)
			foreign = foreign || (unsigned char)s.p[at] >= 0x80;
		if (foreign) {
			kb_buf_add(b, kb_str(s.p + from, at - from));
			kb_buf_addch(b, ' ');
		}
		at += at == from;
	}
}
