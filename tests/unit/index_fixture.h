/*
 * index_fixture: pages written into a folder, and the index that a build
 * makes of them.
 */
#ifndef KB_INDEX_FIXTURE_H
#define KB_INDEX_FIXTURE_H

#include "build.h"
#include "kb/index.h"
#include "store_fixture.h"

static struct kb_settings settings;

static inline bool
fixture_load(void)
{
	struct kb_err err = { KB_OK, "" };

	fixture_begin();
	if (kb_settings_load(&settings, NULL, &err) == KB_OK)
		return true;
	printf("# %s\nnot ok - the built-in configuration\n", err.msg);
	return false;
}

static inline void
fixture_unload(void)
{
	kb_settings_release(&settings);
	fixture_end();
}

/* FOLDER/NAME, a page; "head" is what else its <head> holds. */
static inline void
page(const char *folder, const char *name, const char *title,
    const char *head, const char *body)
{
	struct kb_buf b = { 0 };

	mkdir(at(folder), 0755);
	kb_buf_printf(&b, "<!DOCTYPE html><html lang=\"en\"><head>"
	    "<meta charset=\"utf-8\"><title>%s</title>%s</head>\n<body>%s"
	    "</body></html>\n", title, head, body);
	spew(in(at(folder), name), kb_buf_str(&b));
	kb_buf_release(&b);
}

/* NAME.kb from FOLDER, as of 2026-10-01. */
static inline enum kb_status
build_folder(const char *folder, const char *index)
{
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct kb_err err = { KB_OK, "" };
	struct kb_build b = { .files = &files, .settings = &settings,
	    .as_of = 20261001, .threads = 1 };
	enum kb_status status = kb_files_add(&files, at(folder), &arena,
	    &err);

	b.output = at(index);
	if (status == KB_OK)
		status = kb_files_sort(&files, &err);
	if (status == KB_OK) {
		status = kb_build_run(&b, &err);
		kb_build_release(&b);
	}
	if (status != KB_OK)
		printf("# %s\n", err.msg);
	kb_files_release(&files);
	kb_arena_release(&arena);
	return status;
}

static inline struct kb_index *
index_of(const char *index)
{
	struct kb_index *x = NULL;
	struct kb_err err = { KB_OK, "" };

	if (kb_index_open(&x, at(index), NULL, &err) != KB_OK)
		printf("# %s\n", err.msg);
	return x;
}

#endif /* KB_INDEX_FIXTURE_H */
