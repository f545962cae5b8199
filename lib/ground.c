#include "ground.h"

#include "sentence.h"

/* Which terms of the question a text has: a bit each. */
typedef uint64_t mask;

_Static_assert(KB_QUESTION_TERMS <= 64, "a bit for each term");

struct matcher {
	struct kb_index			*index;
	const struct kb_question	*q;
	char				 key[3];
};

static bool
has(const struct kb_qterm *t, struct kb_str stem)
{
	for (size_t i = 0; i < t->nvariants; i++)
		if (kb_str_eq(t->variants[i], stem))
			return true;
	return false;
}

static mask
bits_of(const struct matcher *m, const struct kb_term *term)
{
	mask bits = 0;

	for (size_t i = 0; i < m->q->nterms; i++)
		if (has(&m->q->terms[i], kb_str(term->p, term->n)))
			bits |= (mask)1 << i;
	return bits;
}

static enum kb_status
match(const struct matcher *m, struct kb_str text, mask *out,
    struct kb_err *err)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	struct kb_term term;
	enum kb_status status;

	*out = 0;
	while (kb_words_next(&it, &w)) {
		status = kb_term_stem(m->index->stemmers, m->key, &w, &term,
		    err);
		if (status != KB_OK)
			return status;
		*out |= bits_of(m, &term);
		if (kb_term_special(text, &w, &term))
			*out |= bits_of(m, &term);
	}
	return KB_OK;
}

static double
mass(const struct kb_question *q, mask bits)
{
	double sum = 0;

	for (size_t i = 0; i < q->nterms; i++)
		if (bits >> i & 1)
			sum += q->terms[i].idf;
	return sum;
}

#define QUOTE_MAX	480	/* bytes, when a second sentence is added */

static enum kb_status
choose_quote(struct kb_grounding *out, const struct matcher *m,
    struct kb_str text, const struct kb_offmap *map, size_t lead,
    mask *all, struct kb_err *err)
{
	size_t at = kb_sentence_start(text, lead), end, last = 0, last_n = 0;
	double best = -1, sum, last_sum = 0;
	mask bits, last_bits = 0;
	enum kb_status status;

	*all = 0;
	out->quote = lead < text.n ? at : 0;
	out->quote_n = 0;
	for (; at < text.n; at = kb_sentence_start(text, end)) {
		end = kb_sentence_end_mapped(text, map, at);
		status = match(m, kb_str(text.p + at, end - at), &bits, err);
		if (status != KB_OK)
			return status;
		*all |= bits;
		sum = mass(m->q, bits);
		if (sum > best) {
			best = sum;
			out->quote = at;
			out->quote_n = end - at;
		}
		/* Two neighbours of one line that together say more. */
		if (last_n > 0 && end - last <= QUOTE_MAX &&
		    memchr(text.p + last, '\n', end - last) == NULL &&
		    last_sum > 0 && sum > 0 &&
		    mass(m->q, bits | last_bits) > best * 1.25) {
			best = mass(m->q, bits | last_bits);
			out->quote = last;
			out->quote_n = end - last;
		}
		last = at;
		last_n = end - at;
		last_bits = bits;
		last_sum = sum;
	}
	return KB_OK;
}

enum kb_status
kb_ground(struct kb_grounding *out, struct kb_index *index,
    const struct kb_question *q, struct kb_str head, struct kb_str text,
    const struct kb_offmap *map, size_t lead, struct kb_str lang,
    struct kb_err *err)
{
	struct matcher m = { .index = index, .q = q };
	mask in_head, in_lead, in_text;
	enum kb_status status;

	kb_lang_key(lang, m.key);
	if (lead > text.n)
		lead = text.n;
	status = match(&m, head, &in_head, err);
	if (status == KB_OK)
		status = match(&m, kb_str(text.p, lead), &in_lead, err);
	if (status == KB_OK)
		status = choose_quote(out, &m, text, map, lead, &in_text,
		    err);
	if (status != KB_OK)
		return status;
	/* Headings alone: they are all that can be quoted. */
	if (out->quote_n == 0 && text.n > 0) {
		out->quote = kb_sentence_start(text, 0);
		out->quote_n = out->quote < text.n ?
		    kb_sentence_end_mapped(text, map, out->quote) -
		    out->quote : 0;
	}
	out->coverage = q->mass > 0 ? mass(q, in_head | in_lead | in_text) /
	    q->mass : 0;
	if (out->coverage > 1)
		out->coverage = 1;
	return KB_OK;
}
