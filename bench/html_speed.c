/*
 * html_speed: CPU time of reading HTML pages, beside libxml2 on the same
 * bytes in the same run.  Reads paths from stdin, a line each.
 *
 *	libxml2		htmlCtxtReadMemory alone, one context for all pages
 *	parse		kb_html_parse of decoded text
 *	extract		kb_extract: decoding, parsing, metadata, blocks, frame
 *	prepare		the same and kb_prepare: passages, terms, shingles
 *	workers		"kb-index inspect" of a folder with the same pages: a
 *			first look and all of the above in processes of their
 *			own, checked frames, every process counted
 *
 * What is named later is measured apart, not as a difference.  The rounds
 * are interleaved, medians are printed, and how often libxml2's time it is.
 *
 *	html_speed [ROUNDS [KB-INDEX FOLDER]] < LIST
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <libxml/HTMLparser.h>

#include "encoding.h"
#include "extract.h"
#include "html.h"
#include "prepare.h"
#include "slurp.h"

#define MAX_PAGE	((size_t)256 * 1024 * 1024)
#define MAX_ROUNDS	99

struct page {
	char		*path;
	struct kb_buf	 raw;
	struct kb_buf	 text;	/* decoded */
};

struct bench {
	struct page		*v;
	size_t			 n, size, bytes, passages;
	struct kb_profiles	*profiles;
	struct kb_prepare	 how;
	struct kb_arena		 arena;
	char			*program, *folder;	/* or NULL */
};

extern char **environ;

/* ---- what is measured ---- */

static enum kb_status
run_libxml2(struct bench *b, struct kb_err *err)
{
	htmlParserCtxtPtr ctxt = htmlNewParserCtxt();
	htmlDocPtr doc;
	size_t i;

	if (ctxt == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < b->n; i++) {
		doc = htmlCtxtReadMemory(ctxt, b->v[i].raw.p,
		    (int)b->v[i].raw.n, NULL, NULL, HTML_PARSE_NOERROR |
		    HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
		if (doc != NULL)
			xmlFreeDoc(doc);
	}
	htmlFreeParserCtxt(ctxt);
	return KB_OK;
}

static enum kb_status
run_parse(struct bench *b, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_node *root;
	size_t i;

	for (i = 0; i < b->n && status == KB_OK; i++) {
		kb_arena_reset(&b->arena);
		status = kb_html_parse(&root, kb_buf_str(&b->v[i].text),
		    NULL, &b->arena, NULL, err);
	}
	return status;
}

static enum kb_status
drop_frame(void *arg, struct kb_str frame, struct kb_err *err)
{
	(void)arg;
	(void)frame;
	(void)err;
	return KB_OK;
}

static enum kb_status
prepare_frame(void *arg, struct kb_str frame, struct kb_err *err)
{
	struct bench *b = arg;
	struct kb_prepared *p;
	enum kb_status status = kb_prepare(&p, &b->how, frame, err);

	if (status != KB_OK)
		return status;
	b->passages += p->npassages;
	kb_prepared_free(p);
	return KB_OK;
}

static enum kb_status
extract_all(struct bench *b, bool prepare, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t i;

	b->passages = 0;
	for (i = 0; i < b->n && status == KB_OK; i++) {
		struct kb_extract_opts opts = { .profiles = b->profiles,
		    .path = kb_str_c(b->v[i].path) };
		struct kb_input *in;

		b->how.path = opts.path;
		status = kb_input_open_mem(&in, kb_buf_str(&b->v[i].raw),
		    b->v[i].path, err);
		if (status != KB_OK)
			return status;
		status = kb_extract(in, &opts, prepare ? prepare_frame :
		    drop_frame, b, err);
		kb_input_close(in);
	}
	return status;
}

static enum kb_status
run_extract(struct bench *b, struct kb_err *err)
{
	return extract_all(b, false, err);
}

static enum kb_status
run_prepare(struct bench *b, struct kb_err *err)
{
	return extract_all(b, true, err);
}

static enum kb_status
run_workers(struct bench *b, struct kb_err *err)
{
	static char command[] = "inspect";
	char *argv[] = { b->program, command, b->folder, NULL };
	posix_spawn_file_actions_t files;
	pid_t pid;
	int code, status = 1;

	if (b->program == NULL)
		return KB_OK;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
	    O_WRONLY, 0);
	code = posix_spawn(&pid, b->program, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (code == 0 && waitpid(pid, &status, 0) == pid && status == 0)
		return KB_OK;
	return kb_err_set(err, KB_IO, "'%s inspect %s' failed", b->program,
	    b->folder);
}

static const struct {
	const char	*name;
	enum kb_status	 (*fn)(struct bench *, struct kb_err *);
} runs[] = {
	{ "libxml2", run_libxml2 }, { "parse", run_parse },
	{ "extract", run_extract }, { "prepare", run_prepare },
	{ "workers", run_workers }
};

#define NRUNS	(sizeof(runs) / sizeof(runs[0]))

/* ---- pages ---- */

static enum kb_status
add_page(struct bench *b, const char *path, struct kb_err *err)
{
	struct page *p;
	struct kb_decoded d;
	enum kb_status status;

	if (b->n == b->size) {
		size_t size = b->size == 0 ? 256 : b->size * 2;

		p = realloc(b->v, size * sizeof(*p));
		if (p == NULL)
			return kb_err_nomem(err);
		b->v = p;
		b->size = size;
	}
	p = &b->v[b->n];
	memset(p, 0, sizeof(*p));
	p->path = strdup(path);
	if (p->path == NULL)
		return kb_err_nomem(err);
	b->n++;
	status = kb_slurp(path, MAX_PAGE, &p->raw, err);
	kb_arena_reset(&b->arena);
	if (status == KB_OK)
		status = kb_encoding_decode(&d, kb_buf_str(&p->raw),
		    KB_MARKUP_HTML, &b->arena, err);
	if (status != KB_OK)
		return status;
	kb_buf_add(&p->text, d.text);
	b->bytes += p->raw.n;
	return kb_buf_check(&p->text, err);
}

static enum kb_status
add_pages(struct bench *b, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (status == KB_OK && (n = getline(&line, &size, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		status = add_page(b, line, err);
	}
	free(line);
	return status;
}

static void
release(struct bench *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		free(b->v[i].path);
		kb_buf_release(&b->v[i].raw);
		kb_buf_release(&b->v[i].text);
	}
	free(b->v);
	kb_stemmers_free(b->how.stemmers);
	kb_profiles_free(b->profiles);
	kb_arena_release(&b->arena);
}

/* ---- measuring ---- */

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Of this process, and of those that it waited for with all of theirs. */
static double
cpu(void)
{
	struct rusage below;
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	getrusage(RUSAGE_CHILDREN, &below);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9 +
	    seconds(below.ru_utime) + seconds(below.ru_stime);
}

static int
by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static enum kb_status
measure(struct bench *b, int rounds, struct kb_err *err)
{
	static double t[NRUNS][MAX_ROUNDS];
	size_t k;
	int i;

	for (i = 0; i < rounds; i++)
		for (k = 0; k < NRUNS; k++) {
			double from = cpu();
			enum kb_status status = runs[k].fn(b, err);

			if (status != KB_OK)
				return status;
			t[k][i] = cpu() - from;
		}
	printf("%zu pages, %.1f MB, %zu passages; median of %d rounds\n\n"
	    "| | CPU s | MB/s | to libxml2 |\n"
	    "| --- | ---: | ---: | ---: |\n", b->n, (double)b->bytes / 1e6,
	    b->passages, rounds);
	for (k = 0; k < NRUNS - (b->program == NULL); k++) {
		qsort(t[k], (size_t)rounds, sizeof(double), by_time);
		printf("| %s | %.3f | %.0f | %.2f |\n", runs[k].name,
		    t[k][rounds / 2], (double)b->bytes / 1e6 /
		    t[k][rounds / 2], t[k][rounds / 2] / t[0][rounds / 2]);
	}
	return KB_OK;
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	struct kb_err err = { KB_OK, "" };
	int rounds = argc > 1 ? atoi(argv[1]) : 5;
	enum kb_status status;

	if (argc == 3 || argc > 4 || rounds < 1 || rounds > MAX_ROUNDS) {
		fprintf(stderr, "usage: html_speed [ROUNDS [KB-INDEX FOLDER]]"
		    " < LIST\n");
		return 2;
	}
	if (argc == 4) {
		b.program = argv[2];
		b.folder = argv[3];
	}
	kb_arena_init(&b.arena, 0);
	status = kb_profiles_new(&b.profiles, NULL, &err);
	if (status == KB_OK)
		status = kb_stemmers_new(&b.how.stemmers, &err);
	if (status == KB_OK)
		status = add_pages(&b, &err);
	if (status == KB_OK)
		status = measure(&b, rounds, &err);
	if (status != KB_OK)
		fprintf(stderr, "html_speed: %s\n", err.msg);
	release(&b);
	return status == KB_OK ? 0 : 1;
}
