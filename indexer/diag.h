/*
 * diag: what is to be said about the input.  Readers and rules hand
 * diagnostics to a sink; the sink of the programs prints
 * "file:line:col: LEVEL: code: text" on stderr and keeps them as findings.
 */
#ifndef KB_INDEXER_DIAG_H
#define KB_INDEXER_DIAG_H

#include <stdint.h>

#include "kb/article.h"
#include "kb/str.h"

struct kb_diag {
	enum kb_level	 level;
	const char	*code;		/* static, e.g. "bad-date" */
	struct kb_str	 message;	/* borrowed for the call */
	uint32_t	 line, col;	/* from 1; 0: unknown */
	uint64_t	 start, end;	/* bytes concerned; 0, 0: none */
};

struct kb_diag_sink {
	void	(*fn)(void *arg, const struct kb_diag *diag);
	void	 *arg;
};

/* "sink" may be NULL: then nothing is said. */
void	kb_diag(const struct kb_diag_sink *sink, enum kb_level level,
	    const char *code, uint32_t line, uint32_t col,
	    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif /* KB_INDEXER_DIAG_H */
