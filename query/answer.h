/*
 * answer: an answer as people and as programs want it.
 */
#ifndef KB_QUERY_ANSWER_H
#define KB_QUERY_ANSWER_H

#include "buf.h"
#include "kb/suggest.h"

/* The JSON object of format 1 (docs/FORMAT.md), with a newline behind it. */
void	kb_answer_json(struct kb_buf *out, const struct kb_answer *answer,
	    const struct kb_index *index);

/* For a terminal. */
void	kb_answer_text(struct kb_buf *out, const struct kb_answer *answer,
	    bool colours);

struct kb_json;
void	kb_span_json(struct kb_json *json, const struct kb_span *span);

#endif /* KB_QUERY_ANSWER_H */
