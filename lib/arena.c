#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK_LEAST	((size_t)4 * 1024)
#define CHUNK		((size_t)64 * 1024)
#define ALIGN	((size_t)16)

struct kb_arena_chunk {
	struct kb_arena_chunk	*next;
	size_t			 size;
	_Alignas(16) char	 data[];
};

void
kb_arena_init(struct kb_arena *arena, size_t cap)
{
	memset(arena, 0, sizeof(*arena));
	arena->cap = cap;
}

void
kb_arena_release(struct kb_arena *arena)
{
	struct kb_arena_chunk *c, *next;
	size_t cap = arena->cap;

	for (c = arena->head; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	kb_arena_init(arena, cap);
}

void
kb_arena_reset(struct kb_arena *arena)
{
	struct kb_arena_chunk *c, *next, *keep = NULL;
	bool several = arena->head != NULL && arena->head->next != NULL;

	for (c = arena->head; c != NULL; c = next) {
		next = c->next;
		if (keep == NULL && (c->size == CHUNK || (!several &&
		    c->size < CHUNK)))
			keep = c;
		else
			free(c);
	}
	if (keep != NULL)
		keep->next = NULL;
	/* What needed several small chunks may need them again: take one. */
	arena->large = arena->large || several;
	arena->held = keep != NULL ? keep->size : 0;
	arena->head = keep;
	arena->at = keep != NULL ? keep->data : NULL;
	arena->left = keep != NULL ? keep->size : 0;
	arena->total = 0;
	arena->failed = false;
}

static bool
grow(struct kb_arena *arena, size_t n)
{
	/* Twice what is held: a small document holds little. */
	size_t size = arena->large ? CHUNK : arena->held < CHUNK_LEAST ?
	    CHUNK_LEAST : arena->held < CHUNK ? arena->held : CHUNK;
	struct kb_arena_chunk *c;

	if (size < n)
		size = n;
	if (size > SIZE_MAX - sizeof(*c))
		return false;
	c = malloc(sizeof(*c) + size);
	if (c == NULL)
		return false;
	c->size = size;
	arena->held += size;
	c->next = arena->head;
	arena->head = c;
	arena->at = c->data;
	arena->left = size;
	return true;
}

void *
kb_arena_alloc(struct kb_arena *arena, size_t n)
{
	void *p;

	if (n > SIZE_MAX - ALIGN)
		goto fail;
	n = n == 0 ? ALIGN : (n + ALIGN - 1) & ~(ALIGN - 1);
	if (arena->cap > 0 && (n > arena->cap ||
	    arena->total > arena->cap - n))
		goto fail;
	if (n > arena->left && !grow(arena, n))
		goto fail;
	p = arena->at;
	arena->at += n;
	arena->left -= n;
	arena->total += n;
	return memset(p, 0, n);
fail:
	arena->failed = true;
	return NULL;
}

void *
kb_arena_array(struct kb_arena *arena, size_t nmemb, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(nmemb, size, &n)) {
		arena->failed = true;
		return NULL;
	}
	return kb_arena_alloc(arena, n);
}

struct kb_str
kb_arena_copy(struct kb_arena *arena, struct kb_str s)
{
	char *p;

	if (s.n == SIZE_MAX) {
		arena->failed = true;
		return kb_str(NULL, 0);
	}
	p = kb_arena_alloc(arena, s.n + 1);
	if (p == NULL)
		return kb_str(NULL, 0);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return kb_str(p, s.n);
}

struct kb_str
kb_arena_printf(struct kb_arena *arena, const char *fmt, ...)
{
	va_list ap;
	int n;
	char *p;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = kb_arena_alloc(arena, (size_t)n + 1)) == NULL) {
		arena->failed = true;
		return kb_str(NULL, 0);
	}
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return kb_str(p, (size_t)n);
}
