#include "record.h"

#include <stdarg.h>
#include <stdio.h>

#include "utf8.h"

struct kb_record *
kb_record_new(struct kb_arena *arena)
{
	struct kb_record *rec = kb_arena_alloc(arena, sizeof(*rec));

	if (rec != NULL)
		rec->arena = arena;
	return rec;
}

/*
 * A frame takes UTF-8 only: names of files need not be, cuts are not, nor is
 * what stands above a record in a file that is malformed there.
 */
static struct kb_str
as_utf8(struct kb_arena *arena, struct kb_str text)
{
	struct kb_str s = kb_arena_copy(arena, text);
	uint32_t c;
	size_t i, k;

	for (i = kb_utf8_valid(s); i < s.n; i += k) {
		k = kb_utf8_next(s, i, &c);
		if (c == UINT32_MAX)
			memset((char *)s.p + i, '?', k);
	}
	return s;
}

static void
add_value(struct kb_record *rec, struct kb_value **at, struct kb_str text,
    struct kb_str source)
{
	struct kb_value *v;
	size_t n = 0;

	text = kb_str_trim(text);
	text.n = kb_utf8_floor(text, KB_RECORD_VALUE);
	text = kb_str_trim(text);
	if (text.n == 0)
		return;
	/* Every one is walked past by the next: no more than are of use. */
	for (; *at != NULL; at = &(*at)->next)
		if (++n == KB_RECORD_VALUES)
			return;
	v = kb_arena_alloc(rec->arena, sizeof(*v));
	if (v == NULL)
		return;
	v->text = as_utf8(rec->arena, text);
	v->source = as_utf8(rec->arena, source);
	*at = v;
}

void
kb_record_add(struct kb_record *rec, enum kb_field field, struct kb_str text,
    struct kb_str source)
{
	add_value(rec, &rec->values[field], text, source);
}

void
kb_record_add_unmapped(struct kb_record *rec, struct kb_str name,
    struct kb_str sample)
{
	add_value(rec, &rec->unmapped, sample, name);
}

static void
keep(void *arg, const struct kb_diag *diag)
{
	struct kb_record *rec = arg;
	struct kb_saved_diag *d;

	d = kb_arena_alloc(rec->arena, sizeof(*d));
	if (d == NULL)
		return;
	d->diag = *diag;
	d->diag.message = as_utf8(rec->arena, diag->message);
	if (rec->last_diag != NULL)
		rec->last_diag->next = d;
	else
		rec->diags = d;
	rec->last_diag = d;
}

struct kb_str
kb_record_place(const struct kb_record *rec, struct kb_str path,
    struct kb_arena *arena)
{
	if (rec->member.n == 0)
		return path;
	return kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(path),
	    KB_FMT(rec->member));
}

struct kb_diag_sink
kb_record_sink(struct kb_record *rec)
{
	struct kb_diag_sink sink = { keep, rec };

	return sink;
}

void
kb_diag(const struct kb_diag_sink *sink, enum kb_level level,
    const char *code, uint32_t line, uint32_t col, const char *fmt, ...)
{
	struct kb_diag d = { .level = level, .code = code, .line = line,
	    .col = col };
	char msg[512];
	va_list ap;

	if (sink == NULL || sink->fn == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	d.message = kb_str_c(msg);
	sink->fn(sink->arg, &d);
}
