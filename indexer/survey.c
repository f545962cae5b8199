#include "survey.h"

#include <stdlib.h>

#include "hash.h"

struct folder {
	struct kb_str	name;
	size_t		pages;
};

/* A page that may be looked at. */
struct choice {
	size_t		group;
	uint64_t	hash;
	size_t		file;
};

struct survey {
	const struct kb_files	*files;
	struct folder		*folders;
	size_t			 n;
	struct choice		*choices;
	size_t			 nchoices;
};

static bool
is_page(struct kb_str path)
{
	static const char *const endings[] = {
		".html", ".htm", ".shtml", ".xhtml"
	};

	if (kb_str_has_suffix(path, KB_STR(".gz")))
		path.n -= 3;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct kb_str e = kb_str_c(endings[i]);

		if (path.n > e.n && kb_str_caseeq(kb_str(path.p + path.n -
		    e.n, e.n), e))
			return true;
	}
	return false;
}

/* Those with most pages first. */
static int
by_pages(const void *a, const void *b)
{
	const struct folder *x = a, *y = b;

	if (x->pages != y->pages)
		return (x->pages < y->pages) - (x->pages > y->pages);
	return kb_str_cmp(x->name, y->name);
}

/* The files are sorted: those of a folder stand together. */
static void
count_folders(struct survey *s)
{
	for (size_t i = 0; i < s->files->n; i++) {
		struct kb_str path = s->files->v[i].path;
		struct kb_str name = kb_furniture_folder(path);
		struct folder *last = &s->folders[s->n];

		if (!is_page(path) || name.n == 0)
			continue;
		if (s->n == 0 || !kb_str_eq(last[-1].name, name))
			s->folders[s->n++] = (struct folder){ name, 0 };
		s->folders[s->n - 1].pages++;
	}
	if (s->n > 0)
		qsort(s->folders, s->n, sizeof(*s->folders), by_pages);
	while (s->n > 0 && (s->n >= KB_FURNITURE_GROUPS ||
	    s->folders[s->n - 1].pages < KB_SURVEY_FOLDER))
		s->n--;
}

static size_t
group_of(const struct survey *s, struct kb_str path)
{
	struct kb_str name = kb_furniture_folder(path);
	size_t i = 0;

	while (i < s->n && !kb_str_eq(s->folders[i].name, name))
		i++;
	return i;
}

static int
by_hash(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->group != y->group)
		return (x->group > y->group) - (x->group < y->group);
	if (x->hash != y->hash)
		return (x->hash > y->hash) - (x->hash < y->hash);
	return (x->file > y->file) - (x->file < y->file);
}

static int
by_file(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	return (x->file > y->file) - (x->file < y->file);
}

static size_t
how_many(size_t pages)
{
	size_t n = pages / KB_SURVEY_SHARE;

	n = n < KB_SURVEY_LEAST ? KB_SURVEY_LEAST : n;
	n = n > KB_SURVEY_MOST ? KB_SURVEY_MOST : n;
	if (pages < KB_FURNITURE_LEAST)
		return 0;
	return n < pages ? n : pages;
}

static void
choose(struct survey *s)
{
	size_t i, k, n = 0;

	for (i = 0; i < s->files->n; i++) {
		struct kb_str path = s->files->v[i].path;

		if (is_page(path))
			s->choices[s->nchoices++] = (struct choice){
			    group_of(s, path), kb_hash64(path, 7), i };
	}
	if (s->nchoices > 0)
		qsort(s->choices, s->nchoices, sizeof(*s->choices), by_hash);
	for (i = 0; i < s->nchoices; i = k) {
		size_t most;

		for (k = i; k < s->nchoices && s->choices[k].group ==
		    s->choices[i].group; k++)
			continue;
		most = how_many(k - i);
		memmove(&s->choices[n], &s->choices[i],
		    most * sizeof(*s->choices));
		n += most;
	}
	s->nchoices = n;
	if (n > 0)
		qsort(s->choices, n, sizeof(*s->choices), by_file);
}

static enum kb_status
give(struct kb_files *out, const struct survey *s, struct kb_furniture *f,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_files chosen = { 0 };

	for (size_t i = 0; i < s->n && status == KB_OK; i++)
		status = kb_furniture_group(f, s->folders[i].name, err);
	if (status != KB_OK)
		return status;
	chosen.v = malloc((s->nchoices + 1) * sizeof(*chosen.v));
	if (chosen.v == NULL)
		return kb_err_nomem(err);
	for (; chosen.n < s->nchoices; chosen.n++)
		chosen.v[chosen.n] = s->files->v[s->choices[chosen.n].file];
	chosen.size = s->nchoices + 1;
	*out = chosen;
	return KB_OK;
}

enum kb_status
kb_survey_choose(struct kb_files *out, const struct kb_files *files,
    struct kb_furniture *f, struct kb_err *err)
{
	struct survey s = { .files = files };
	enum kb_status status;

	s.folders = calloc(files->n + 1, sizeof(*s.folders));
	s.choices = calloc(files->n + 1, sizeof(*s.choices));
	if (s.folders == NULL || s.choices == NULL) {
		status = kb_err_nomem(err);
	} else {
		count_folders(&s);
		choose(&s);
		status = give(out, &s, f, err);
	}
	free(s.folders);
	free(s.choices);
	return status;
}

/* ---- the run ---- */

/* A frame that is none was the worker's fault: the next run will say so. */
static enum kb_status
take(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	struct kb_furniture *f = arg;
	struct kb_err broken;
	enum kb_status status = KB_OK;

	(void)why;
	if (p == NULL)
		return KB_OK;
	if (p->rec == NULL)
		status = kb_furniture_add_page(f, file->path, p->raw,
		    &broken);
	kb_prepared_free(p);
	return status == KB_NOMEM ? kb_err_nomem(err) : KB_OK;
}

enum kb_status
kb_survey_run(struct kb_furniture **out, const struct kb_files *files,
    const struct kb_pool_opts *opts, struct kb_err *err)
{
	struct kb_pool_opts how = *opts;
	struct kb_furniture *f = NULL;
	struct kb_files chosen = { 0 };
	enum kb_status status = kb_furniture_new(&f, err);

	how.kind = KB_JOB_SURVEY;
	how.started = NULL;
	if (status == KB_OK)
		status = kb_survey_choose(&chosen, files, f, err);
	if (status == KB_OK)
		status = kb_pool_run(&chosen, &how, take, f, err);
	if (status == KB_OK)
		status = kb_furniture_finish(f, err);
	free(chosen.v);
	if (status == KB_OK)
		*out = f;
	else
		kb_furniture_free(f);
	return status;
}
