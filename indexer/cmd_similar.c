/*
 * kb-index similar: is a draft a duplicate of something that an index has?
 */
#include <stdio.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "date.h"
#include "pool.h"
#include "settings.h"
#include "similar_report.h"
#include "slurp.h"
#include "survey.h"

const char kb_help_similar[] =
"FILE is a draft: HTML or XML (each record is one), a folder of these, plain\n"
"text or Markdown (.txt, .md), or - for plain text on standard input.\n"
"Told is every article whose resemblance is at least the threshold, the most\n"
"similar first:\n"
"  alike     resemblance: runs of words that both have, of all they have\n"
"  draft     how much of the draft the article has\n"
"  article   how much of the article the draft has\n\n"
"  --threshold RATIO     1/2 (the default) to 1, such as 4/5, 0.8 or 80%\n"
"  --limit N             articles to tell for each draft (10)\n"
"  --config FILE         as for build\n"
"  --metadata FILE.csv   as for build\n"
"  --json                one JSON object instead of text\n";

enum {
	OPT_CONFIG = 1000, OPT_METADATA, OPT_THRESHOLD, OPT_LIMIT, OPT_JSON
};

static const struct option options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "metadata", required_argument, NULL, OPT_METADATA },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

struct wanted {
	const char	*config, *metadata;
	uint64_t	 limit;
	struct kb_ratio	 least;
	bool		 json;
};

/* What a run holds, to be released as a whole. */
struct run {
	struct kb_arena			 arena;
	struct kb_settings		 settings;
	struct kb_metadata		*metadata;
	struct kb_files			 files;
	struct kb_corpus		 corpus;	/* of the drafts */
	struct kb_store			*store;
	struct kb_similar		*similar;
	struct kb_similar_report	 report;
	size_t				 unreadable;
};

/* -1 to go on, else the exit code. */
static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct wanted *w)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		switch (c) {
		case OPT_CONFIG:
			w->config = optarg;
			break;
		case OPT_METADATA:
			w->metadata = optarg;
			break;
		case OPT_THRESHOLD:
			if (!kb_ratio_parse(&w->least, kb_str_c(optarg)))
				return kb_cli_usage(self, "--threshold wants "
				    "a ratio from 1/2 to 1, such as 4/5 or "
				    "0.8, not '%s'", optarg);
			break;
		case OPT_LIMIT:
			if (!kb_cli_number(self, "--limit", optarg, 1,
			    1000000, &w->limit))
				return KB_EXIT_USAGE;
			break;
		case OPT_JSON:
			w->json = true;
			break;
		case 'h':
			return KB_EXIT_OK;
		default:
			return KB_EXIT_USAGE;
		}
	}
	if (optind == argc)
		return kb_cli_usage(self, "with what? give an INDEX");
	if (optind + 1 == argc)
		return kb_cli_usage(self, "what? give a FILE, or - for text "
		    "on standard input");
	return -1;
}

/* ---- drafts ---- */

static enum kb_status
ask(struct run *r, const struct kb_draft *draft, struct kb_err *err)
{
	struct kb_similar_hits hits;
	enum kb_status status = kb_similar_find(r->similar,
	    kb_buf_str(&draft->words), r->report.least, &hits, err);

	if (status == KB_OK)
		status = kb_similar_report_draft(&r->report, draft, &hits,
		    err);
	kb_similar_release(&hits);
	return status;
}

/* A draft that cannot be read is told, and the others are gone on with. */
static void
complain(struct run *r, struct kb_str place, uint32_t line,
    struct kb_str message)
{
	struct kb_buf text = { 0 };

	r->unreadable++;
	if (place.n > 0) {
		kb_out_line(&text, place);
		if (line > 0)
			kb_buf_printf(&text, ":%u", (unsigned)line);
		kb_buf_addc(&text, ": ");
	}
	kb_out_line(&text, message);
	if (!text.failed)
		fprintf(stderr, "%s: %.*s\n", kb_cli_name,
		    KB_FMT(kb_buf_str(&text)));
	kb_buf_release(&text);
}

static void
complain_of_record(struct run *r, const struct kb_file *file,
    const struct kb_record *rec)
{
	struct kb_str place = kb_record_place(rec, file->path, &r->arena);

	if (!kb_str_eq(rec->drop_reason, KB_STR("unreadable")))
		return;
	for (const struct kb_saved_diag *s = rec->diags; s != NULL;
	    s = s->next)
		if (s->diag.level == KB_ERROR)
			complain(r, place, s->diag.line, s->diag.message);
}

static enum kb_status
take(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	struct run *r = arg;
	struct kb_draft draft = { .record = 0 };
	enum kb_status status = KB_OK;

	if (p == NULL) {
		if (why != NULL)
			complain(r, kb_str("", 0), 0, kb_str_c(why->msg));
		return KB_OK;
	}
	if (p->rec->dropped) {
		complain_of_record(r, file, p->rec);
	} else {
		status = kb_draft_of_record(&draft, &r->corpus, file, p,
		    err);
		if (status == KB_OK)
			status = ask(r, &draft, err);
	}
	kb_draft_release(&draft);
	kb_prepared_free(p);
	return status;
}

static void
say_started(void *arg, const struct kb_sandbox_report *report)
{
	kb_out_sandbox(report);
}

/* Files that a build would read, as it would. */
static enum kb_status
ask_files(struct run *r, struct kb_err *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct kb_pool_opts opts = { .profiles = r->settings.profiles,
	    .metadata = r->metadata, .threads = 1, .started = say_started };
	struct kb_furniture *furniture = NULL;
	enum kb_status status = KB_OK;

	if (r->files.n == 0)
		return KB_OK;
	if (r->files.n > 1 && processors > 1)
		opts.threads = (size_t)processors < r->files.n ?
		    (unsigned)processors : (unsigned)r->files.n;
	opts.marked = r->settings.marked;
	if (!opts.marked)
		status = kb_survey_run(&furniture, &r->files, &opts, err);
	opts.furniture = furniture;
	if (status == KB_OK)
		status = kb_pool_run(&r->files, &opts, take, r, err);
	kb_furniture_free(furniture);
	return status;
}

static enum kb_status
ask_text(struct run *r, const char *path, struct kb_err *err)
{
	struct kb_buf text = { 0 };
	struct kb_draft draft = { .record = 0 };
	struct kb_err why = { KB_OK, "" };
	enum kb_status status = kb_slurp(strcmp(path, "-") == 0 ?
	    "/dev/stdin" : path, KB_DRAFT_MAX, &text, &why);

	if (status == KB_OK)
		status = kb_draft_of_text(&draft, path, kb_buf_str(&text),
		    &r->arena, &why);
	if (status == KB_OK) {
		status = ask(r, &draft, err);
	} else {
		complain(r, kb_str("", 0), 0, kb_str_c(why.msg));
		status = KB_OK;
	}
	kb_draft_release(&draft);
	kb_buf_release(&text);
	return status;
}

/* ---- the run ---- */

static enum kb_status
find_input(struct run *r, const struct wanted *w, int argc, char **argv,
    struct kb_err *err)
{
	enum kb_status status = kb_settings_load(&r->settings, w->config,
	    err);

	if (status == KB_OK && w->metadata != NULL)
		status = kb_metadata_load(&r->metadata, w->metadata, err);
	for (int i = optind + 1; i < argc && status == KB_OK; i++)
		if (!kb_draft_is_text(argv[i]))
			status = kb_files_add(&r->files, argv[i], &r->arena,
			    err);
	return status == KB_OK ? kb_files_sort(&r->files, err) : status;
}

static enum kb_status
read_meta(struct run *r, struct kb_err *err)
{
	struct kb_buf near = { 0 }, day = { 0 };
	enum kb_status status = kb_rows_meta(r->store, "near", &near, err);

	if (status == KB_OK)
		status = kb_rows_meta(r->store, "as_of", &day, err);
	r->report.near = (struct kb_ratio){ 4, 5 };
	/* Only what is said depends on them: no index is refused for it. */
	(void)kb_ratio_parse(&r->report.near, kb_buf_str(&near));
	if (!kb_date_iso(&r->report.as_of, kb_buf_str(&day)))
		r->report.as_of = 0;
	kb_buf_release(&near);
	kb_buf_release(&day);
	return status;
}

static enum kb_status
open_index(struct run *r, const struct wanted *w, const char *index,
    struct kb_err *err)
{
	const struct kb_shingling *how = &r->settings.rules.shingling;
	enum kb_status status = kb_store_open(&r->store, index, NULL, 0,
	    err);

	if (status == KB_OK)
		status = kb_similar_open(&r->similar, r->store,
		    how->keyed ? how->key : NULL, err);
	if (status == KB_OK)
		status = read_meta(r, err);
	r->report.store = r->store;
	r->report.similar = r->similar;
	r->report.least = w->least;
	r->report.limit = (size_t)w->limit;
	r->report.json = w->json;
	return status;
}

static enum kb_status
ask_all(struct run *r, int argc, char **argv, struct kb_err *err)
{
	struct kb_rules rules = r->settings.rules;
	enum kb_status status;

	rules.as_of = r->report.as_of;
	kb_corpus_init(&r->corpus, r->settings.profiles, &rules);
	status = kb_similar_report_begin(&r->report, err);
	if (status == KB_OK)
		status = ask_files(r, err);
	for (int i = optind + 1; i < argc && status == KB_OK; i++)
		if (kb_draft_is_text(argv[i]))
			status = ask_text(r, argv[i], err);
	return status;
}

static int
run(struct run *r, int argc, char **argv, struct kb_err *err)
{
	enum kb_status status = ask_all(r, argc, argv, err);
	int code = kb_similar_report_end(&r->report);

	kb_corpus_release(&r->corpus);
	if (status != KB_OK)
		return kb_cli_fail(err);
	if (code != KB_EXIT_OK)
		return code;
	if (r->unreadable == 0 && r->report.drafts == 0)
		complain(r, kb_str("", 0), 0, KB_STR("there is no draft: no "
		    "article in any HTML or XML file that was given"));
	if (r->unreadable > 0)
		return KB_EXIT_INPUT;
	return r->report.found > 0 ? KB_EXIT_OK : KB_EXIT_NO;
}

int
kb_cmd_similar(const struct kb_command *self, int argc, char **argv)
{
	struct wanted w = { .limit = 10, .least = KB_SIMILAR_LEAST };
	struct run r = { .metadata = NULL };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	int code = read_options(self, argc, argv, &w);

	if (code >= 0)
		return code;
	status = find_input(&r, &w, argc, argv, &err);
	if (status == KB_OK) {
		status = open_index(&r, &w, argv[optind], &err);
		code = status == KB_OK ? run(&r, argc, argv, &err) :
		    kb_cli_fail(&err);
	} else {
		/* A FILE that is not there is input. */
		code = kb_cli_fail(&err);
		if (status == KB_IO)
			code = KB_EXIT_INPUT;
	}
	kb_similar_close(r.similar);
	kb_store_close(r.store);
	kb_files_release(&r.files);
	kb_metadata_free(r.metadata);
	kb_settings_release(&r.settings);
	kb_arena_release(&r.arena);
	return code;
}
