/*
 * arena: memory of one document, dropped whole.  Used by the readers and by
 * whatever lives as long as one article or one run.  Not for two threads at
 * once.
 */
#ifndef KB_LIB_ARENA_H
#define KB_LIB_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "kb/str.h"

struct kb_arena_chunk;

/* All zero is a valid empty arena. */
struct kb_arena {
	struct kb_arena_chunk	*head;
	char			*at;		/* next free byte */
	size_t			 left;
	size_t			 total;		/* bytes asked for so far */
	size_t			 held;		/* bytes got from the system */
	size_t			 cap;		/* of total; 0: none */
	bool			 large;		/* only large chunks from now on */
	bool			 failed;	/* sticky: an allocation failed */
};

void		 kb_arena_init(struct kb_arena *arena, size_t cap);
void		 kb_arena_release(struct kb_arena *arena);

/* Forget everything but keep one chunk for reuse. */
void		 kb_arena_reset(struct kb_arena *arena);

/* Zeroed, aligned for any type; NULL when memory or the cap is exhausted. */
void		*kb_arena_alloc(struct kb_arena *arena, size_t n);

/* A zeroed array; NULL also when nmemb * size overflows. */
void		*kb_arena_array(struct kb_arena *arena, size_t nmemb,
		    size_t size);

/*
 * A copy with a NUL behind it.  On failure the empty slice, and
 * arena->failed says so: builders check that once at their end.
 */
struct kb_str	 kb_arena_copy(struct kb_arena *arena, struct kb_str s);
struct kb_str	 kb_arena_printf(struct kb_arena *arena, const char *fmt, ...)
		    __attribute__((format(printf, 2, 3)));

#endif /* KB_LIB_ARENA_H */
