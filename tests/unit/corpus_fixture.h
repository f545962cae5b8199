/*
 * corpus_fixture: a corpus put together by hand, article by article, as the
 * build would, without files.
 */
#ifndef KB_CORPUS_FIXTURE_H
#define KB_CORPUS_FIXTURE_H

#include <stdarg.h>
#include <stdlib.h>

#include "corpus.h"
#include "settings.h"
#include "test.h"

#define AS_OF	20261001

static struct kb_settings settings;
static struct kb_corpus corpus;
static struct kb_arena memory;		/* of the records, for one test */

/* The rules are the defaults; a test may change settings.rules before. */
static inline void
corpus_begin(void)
{
	struct kb_rules rules = settings.rules;

	rules.as_of = AS_OF;
	kb_corpus_init(&corpus, settings.profiles, &rules);
}

static inline void
corpus_end(void)
{
	kb_corpus_release(&corpus);
	kb_arena_release(&memory);
}

static inline bool
fixture_load(void)
{
	struct kb_err err = { KB_OK, "" };

	if (kb_settings_load(&settings, NULL, &err) == KB_OK)
		return true;
	printf("# %s\nnot ok - the built-in configuration\n", err.msg);
	return false;
}

/* Fields and their values follow, up to KB_F_N. */
static inline struct kb_record *
record_of(enum kb_field field, va_list ap)
{
	struct kb_record *rec = kb_record_new(&memory);

	for (; field != KB_F_N; field = (enum kb_field)va_arg(ap, int))
		kb_record_add(rec, field, kb_str_c(va_arg(ap, const char *)),
		    KB_STR("by hand"));
	rec->format = KB_STR("html");
	rec->end = 1000;
	rec->line = 1;
	return rec;
}

/* An article of so many words; its number. */
static inline uint32_t
take(const char *path, size_t number, size_t words, struct kb_record *rec)
{
	struct kb_file file = { kb_arena_copy(&memory, kb_str_c(path)),
	    kb_str_c(""), false };
	struct kb_prepared p = { .rec = rec, .words = words,
	    .body_hash = words };
	uint32_t n = UINT32_MAX;

	rec->number = number;
	CHECK_INT(kb_corpus_add(&corpus, &file, &p, &n, NULL), KB_OK);
	return n;
}

/* As add(), for record "number" of a file. */
static inline uint32_t
add_record(const char *path, size_t number, enum kb_field field, ...)
{
	struct kb_record *rec;
	va_list ap;

	va_start(ap, field);
	rec = record_of(field, ap);
	va_end(ap);
	return take(path, number, 100, rec);
}

/* A page of 100 words: add("a.html", KB_F_TITLE, "A", KB_F_N). */
static inline uint32_t
add(const char *path, enum kb_field field, ...)
{
	struct kb_record *rec;
	va_list ap;

	va_start(ap, field);
	rec = record_of(field, ap);
	va_end(ap);
	return take(path, 0, 100, rec);
}

/* Findings of a code about one article (UINT32_MAX: about none). */
static inline size_t
found(const char *code, uint32_t doc)
{
	size_t n = 0;

	for (size_t i = 0; i < corpus.nfindings; i++)
		n += corpus.findings[i].doc == doc &&
		    strcmp(corpus.findings[i].code, code) == 0;
	return n;
}

/* The same over all of them. */
static inline size_t
found_all(const char *code)
{
	size_t n = 0;

	for (size_t i = 0; i < corpus.nfindings; i++)
		n += strcmp(corpus.findings[i].code, code) == 0;
	return n;
}

static inline const struct kb_finding *
finding(const char *code)
{
	static const struct kb_finding none;

	for (size_t i = 0; i < corpus.nfindings; i++)
		if (strcmp(corpus.findings[i].code, code) == 0)
			return &corpus.findings[i];
	return &none;
}

#endif /* KB_CORPUS_FIXTURE_H */
