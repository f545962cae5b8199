/*
 * cmd_build: `kb-index build`: options, progress, messages, the summary.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "build.h"
#include "cli.h"
#include "commands.h"
#include "date.h"
#include "out.h"
#include "relation.h"

struct telling {
	bool		 quiet, tty, shown;
	double		 last;
	size_t		 said, held_back;
	size_t		 errors, warnings;
};

#define SAY_MOST	100

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
clear_line(struct telling *t)
{
	if (t->shown)
		fputs("\r\033[K", stderr);
	t->shown = false;
}

static void
say(void *arg, enum kb_level level, const char *code, struct kb_str place,
    struct kb_str message)
{
	struct telling *t = arg;
	struct kb_buf line = { 0 };

	t->errors += level == KB_ERROR;
	t->warnings += level == KB_WARNING;
	if (t->quiet && level < KB_ERROR)
		return;
	if (t->said >= SAY_MOST) {
		t->held_back++;
		return;
	}
	t->said++;
	kb_buf_add(&line, place);
	kb_buf_printf(&line, ": %s: %s: ", kb_level_name(level), code);
	kb_buf_add(&line, message);
	if (!line.failed) {
		struct kb_buf safe = { 0 };

		clear_line(t);
		/* One line a message, whatever a file is called. */
		for (size_t i = 0; i < line.n; i++)
			if (line.p[i] == '\n')
				line.p[i] = ' ';
		kb_cli_safe(&safe, kb_buf_str(&line));
		fprintf(stderr, "%.*s\n", KB_FMT(kb_buf_str(&safe)));
		kb_buf_release(&safe);
	}
	kb_buf_release(&line);
}

static void
started(void *arg, const struct kb_sandbox_report *report)
{
	const struct telling *t = arg;

	if (!t->quiet)
		kb_out_sandbox(report);
}

static void
progress(void *arg, const char *stage, size_t done, size_t total)
{
	struct telling *t = arg;
	double at;

	if (t->quiet || !t->tty)
		return;
	at = now();
	if (total > 0 && done < total && at - t->last < 0.1)
		return;
	t->last = at;
	fprintf(stderr, "\r\033[K%s", stage);
	if (total > 0)
		fprintf(stderr, " %zu of %zu files", done, total);
	fflush(stderr);
	t->shown = true;
}

static int
by_code(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_findings(struct kb_buf *out, const struct kb_corpus *c)
{
	const char **codes = calloc(c->nfindings + 1, sizeof(*codes));
	size_t i, n;

	if (codes == NULL) {
		out->failed = true;
		return;
	}
	for (i = 0; i < c->nfindings; i++)
		codes[i] = c->findings[i].code;
	qsort(codes, c->nfindings, sizeof(*codes), by_code);
	kb_buf_printf(out, "findings %zu%s", c->nfindings,
	    c->nfindings > 0 ? ":" : "");
	for (i = 0; i < c->nfindings; i += n) {
		for (n = 1; i + n < c->nfindings && strcmp(codes[i + n],
		    codes[i]) == 0; n++)
			continue;
		kb_buf_printf(out, "%s %s %zu", i > 0 ? "," : "", codes[i],
		    n);
	}
	kb_buf_addch(out, '\n');
	free(codes);
}

static void
add_pairs(struct kb_buf *out, const struct kb_corpus *c)
{
	size_t counts[KB_RELATION_N] = { 0 };
	const char *sep = ":";

	if (c->npairs == 0)
		return;
	for (size_t i = 0; i < c->npairs; i++)
		counts[c->pairs[i].relation]++;
	kb_buf_printf(out, "pairs %zu", c->npairs);
	for (int i = 1; i < KB_RELATION_N; i++) {
		if (counts[i] == 0)
			continue;
		kb_buf_printf(out, "%s %s %zu", sep, kb_relation_name(
		    (enum kb_relation)i), counts[i]);
		sep = ",";
	}
	kb_buf_addc(out, "\n");
}

/* The exit code. */
static int
print_summary(const struct kb_build *b, double seconds)
{
	const struct kb_corpus *c = &b->corpus;
	struct kb_buf out = { 0 };
	struct rusage use;
	int code;

	kb_buf_printf(&out, "articles %zu, passages %zu, from %zu file%s",
	    c->ndocs, b->passages, c->files, &"s"[c->files == 1]);
	if (c->quarantined > 0)
		kb_buf_printf(&out, "; %zu could not be read",
		    c->quarantined);
	if (c->dropped > 0)
		kb_buf_printf(&out, c->dropped == 1 ? "; %zu record is no "
		    "article" : "; %zu records are no articles", c->dropped);
	if (b->files->passed_over > 0)
		kb_buf_printf(&out, "; %zu files of other kinds passed over",
		    b->files->passed_over);
	kb_buf_addch(&out, '\n');
	add_findings(&out, c);
	add_pairs(&out, c);
	kb_buf_printf(&out, "published %s, generation %s\n", b->output,
	    b->generation);
	code = kb_cli_write(&out);
	kb_buf_release(&out);
	/* Not part of what two runs have in common: on stderr. */
	getrusage(RUSAGE_SELF, &use);
	fprintf(stderr, "%.2f seconds, %ld MB at the peak\n", seconds,
	    use.ru_maxrss / 1024);
	return code;
}

enum {
	OPT_THREADS = 1000, OPT_AS_OF, OPT_CONFIG, OPT_URL_BASE,
	OPT_METADATA, OPT_QUIET, OPT_MAX_PAIRS
};

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "as-of", required_argument, NULL, OPT_AS_OF },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "url-base", required_argument, NULL, OPT_URL_BASE },
	{ "metadata", required_argument, NULL, OPT_METADATA },
	{ "max-pairs", required_argument, NULL, OPT_MAX_PAIRS },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct wanted {
	const char	*output, *config, *url_base, *metadata;
	uint64_t	 threads, max_pairs;
	int32_t		 as_of;
	bool		 quiet;
};

/* -1 to go on, else the exit code. */
static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct wanted *w)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		switch (c) {
		case 'o':
			w->output = optarg;
			break;
		case OPT_THREADS:
			if (!kb_cli_number(self, "--threads", optarg, 1, 256,
			    &w->threads))
				return KB_EXIT_USAGE;
			break;
		case OPT_AS_OF:
			if (!kb_cli_date(self, "--as-of", optarg, &w->as_of))
				return KB_EXIT_USAGE;
			break;
		case OPT_CONFIG:
			w->config = optarg;
			break;
		case OPT_URL_BASE:
			w->url_base = optarg;
			break;
		case OPT_METADATA:
			w->metadata = optarg;
			break;
		case OPT_MAX_PAIRS:
			if (!kb_cli_number(self, "--max-pairs", optarg, 1,
			    KB_MAX_PAIRS, &w->max_pairs))
				return KB_EXIT_USAGE;
			break;
		case OPT_QUIET:
			w->quiet = true;
			break;
		case 'h':
			return KB_EXIT_OK;
		default:
			return KB_EXIT_USAGE;
		}
	}
	if (w->output == NULL)
		return kb_cli_usage(self, "where to? give -o INDEX");
	if (optind == argc)
		return kb_cli_usage(self, "what of? give a PATH");
	if (w->url_base != NULL && strncmp(w->url_base, "http://", 7) != 0 &&
	    strncmp(w->url_base, "https://", 8) != 0)
		return kb_cli_usage(self, "--url-base wants an http or https "
		    "URL, not '%s'", w->url_base);
	return -1;
}

static void
warn_cut(const struct kb_corpus *c)
{
	struct kb_buf warning = { 0 };

	kb_buf_printf(&warning, "only %zu of at least %llu pairs of articles "
	    "are listed, the clusters first; --max-pairs sets how many; all "
	    "clusters are complete", c->npairs,
	    (unsigned long long)c->pairs_found);
	kb_out_warn(&warning);
}

static int
run(const struct wanted *w, struct kb_build *b, struct kb_err *err)
{
	struct kb_buf warning = { 0 };
	double begun = now();
	enum kb_status status = kb_build_run(b, err);

	clear_line(b->arg);
	if (((struct telling *)b->arg)->held_back > 0)
		fprintf(stderr, "%s: %zu more messages like these; 'kb-index "
		    "report' lists them\n", kb_cli_name,
		    ((struct telling *)b->arg)->held_back);
	if (status != KB_OK)
		return kb_cli_fail(err);
	if (!w->quiet) {
		kb_metadata_warn(b->metadata, &warning);
		kb_out_warn(&warning);
	}
	if (b->corpus.pairs_cut)
		warn_cut(&b->corpus);
	if (b->corpus.conflicts_cut)
		kb_buf_addc(&warning, "so many articles share sentences that "
		    "conflicts were not looked for between all of them");
	kb_out_warn(&warning);
	return w->quiet ? KB_EXIT_OK : print_summary(b, now() - begun);
}

int
kb_cmd_build(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = { .threads = 0 };
	struct telling telling = { .tty = isatty(STDERR_FILENO) };
	struct kb_settings settings;
	struct kb_metadata *metadata = NULL;
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct kb_build b = { .say = say, .progress = progress,
	    .started = started };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code = read_options(self, argc, argv, &w);

	if (code >= 0)
		return code;
	telling.quiet = w.quiet;
	if (w.threads == 0)
		w.threads = (uint64_t)(sysconf(_SC_NPROCESSORS_ONLN) > 1 ?
		    sysconf(_SC_NPROCESSORS_ONLN) : 1);
	status = kb_settings_load(&settings, w.config, &err);
	if (w.max_pairs > 0)
		settings.rules.max_pairs = (uint32_t)w.max_pairs;
	if (status == KB_OK && w.metadata != NULL)
		status = kb_metadata_load(&metadata, w.metadata, &err);
	for (int i = optind; i < argc && status == KB_OK; i++)
		status = kb_files_add(&files, argv[i], &arena, &err);
	if (status == KB_OK)
		status = kb_files_sort(&files, &err);
	if (status != KB_OK) {
		/* A PATH or a file of ours that is not there is input. */
		code = kb_cli_fail(&err);
		if (status == KB_IO)
			code = KB_EXIT_INPUT;
	} else {
		b.output = w.output;
		b.files = &files;
		b.settings = &settings;
		b.metadata = metadata;
		b.url_base = w.url_base;
		b.as_of = w.as_of != 0 ? w.as_of : kb_cli_today();
		b.threads = (unsigned)w.threads;
		b.arg = &telling;
		code = run(&w, &b, &err);
		kb_build_release(&b);
	}
	kb_files_release(&files);
	kb_metadata_free(metadata);
	kb_settings_release(&settings);
	kb_arena_release(&arena);
	return code;
}
