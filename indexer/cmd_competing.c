/*
 * kb-index competing: pairs of articles that answer one question in
 * different words.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "commands.h"
#include "compete.h"
#include "json.h"
#include "out.h"

#define THREADS_MOST	256

const char kb_help_competing[] =
"Asks every article's title and first sentences of the index.  Two articles\n"
"that rank each other first are a pair; a score from 0 to 1 orders them by how\n"
"likely it is that either would serve the same reader.  A line a pair, with a\n"
"header, parted by tabs, best first:\n"
"  score                 for order: a person decides\n"
"  id-a id-b             ids; white space as %XX\n"
"  answer-a answer-b     b's score for a's question as a share of a's own,\n"
"                        and vice versa\n"
"  title-a title-b       as they stand, in one line\n\n"
"  --score X             pairs of this score and above (default: 0.6; 0: all)\n"
"  --limit N             the first N pairs\n"
"  --json                one JSON object, with all that the score is made of\n"
"  --threads N           default: one for each processor\n";

enum { OPT_SCORE = 1000, OPT_LIMIT, OPT_JSON, OPT_THREADS };

static const struct option options[] = {
	{ "score", required_argument, NULL, OPT_SCORE },
	{ "limit", required_argument, NULL, OPT_LIMIT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct asked {
	const char	*index;
	double		 least;
	uint64_t	 limit, threads;
	bool		 json;
};

/* ---- what is printed ---- */

static const char header[] =
"score\tid-a\tid-b\tanswer-a\tanswer-b\ttitle-a\ttitle-b\n";

static void
add_tsv(struct kb_out *out, const struct kb_compete *c, size_t n)
{
	kb_buf_addc(&out->buf, header);
	for (size_t i = 0; i < n && !out->done; i++) {
		const struct kb_competing *p = &c->pairs[i];
		const struct kb_compete_article *a = &c->articles[p->a];
		const struct kb_compete_article *b = &c->articles[p->b];

		kb_buf_printf(&out->buf, "%.3f\t", p->score);
		kb_out_id(&out->buf, a->id);
		kb_buf_addch(&out->buf, '\t');
		kb_out_id(&out->buf, b->id);
		kb_buf_printf(&out->buf, "\t%.3f\t%.3f\t", p->answer_a,
		    p->answer_b);
		kb_out_line(&out->buf, a->title);
		kb_buf_addch(&out->buf, '\t');
		kb_out_line(&out->buf, b->title);
		kb_buf_addch(&out->buf, '\n');
		kb_out_spill(out);
	}
}

static void
add_side(struct kb_json *j, const char *key,
    const struct kb_compete_article *a, double answer)
{
	kb_json_key(j, key);
	kb_json_begin_object(j);
	kb_json_kv_str(j, "id", a->id);
	kb_json_kv_str(j, "title", a->title);
	kb_json_key(j, "answer");
	kb_json_real(j, answer, 6);
	kb_json_end_object(j);
}

static void
add_pair(struct kb_json *j, const struct kb_compete *c,
    const struct kb_competing *p)
{
	kb_json_begin_object(j);
	kb_json_key(j, "score");
	kb_json_real(j, p->score, 6);
	add_side(j, "a", &c->articles[p->a], p->answer_a);
	add_side(j, "b", &c->articles[p->b], p->answer_b);
	kb_json_key(j, "features");
	kb_json_begin_object(j);
	for (int f = 0; f < KB_COMPETE_N; f++) {
		kb_json_key(j, kb_compete_feature_name(
		    (enum kb_compete_feature)f));
		kb_json_real(j, p->feature[f], 6);
	}
	kb_json_end_object(j);
	kb_json_end_object(j);
}

static void
add_json(struct kb_out *out, const struct kb_compete *c, const char *generation,
    size_t n)
{
	struct kb_json j;

	kb_json_init(&j, &out->buf);
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kb_json_kv_str(&j, "generation", kb_str_c(generation));
	kb_json_kv_int(&j, "articles", (int64_t)c->narticles);
	kb_json_kv_int(&j, "not_asked", (int64_t)c->dear);
	kb_json_kv_int(&j, "candidates", (int64_t)c->ncandidates);
	kb_json_kv_int(&j, "pairs", (int64_t)c->npairs);
	kb_json_key(&j, "competing");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < n && !out->done; i++) {
		add_pair(&j, c, &c->pairs[i]);
		kb_out_spill(out);
	}
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(&out->buf, '\n');
}

/* ---- the command ---- */

/* A share as people write it: 0, 0.75, 1. */
static bool
read_share(const char *text, double *out)
{
	char *end;

	/* strtod would take "inf", "nan" and hexadecimals, too. */
	if (text[0] == '\0' || text[strspn(text, "0123456789.")] != '\0')
		return false;
	*out = strtod(text, &end);
	return *end == '\0' && end != text && *out <= 1;
}

static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct asked *o)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		if (c == 'h')
			return KB_EXIT_OK;
		if (c == OPT_SCORE && !read_share(optarg, &o->least))
			return kb_cli_usage(self, "--score wants a number "
			    "from 0 to 1, not '%s'", optarg);
		if (c == OPT_LIMIT && !kb_cli_number(self, "--limit", optarg,
		    1, SIZE_MAX / 2, &o->limit))
			return KB_EXIT_USAGE;
		if (c == OPT_THREADS && !kb_cli_number(self, "--threads",
		    optarg, 1, THREADS_MOST, &o->threads))
			return KB_EXIT_USAGE;
		if (c == OPT_JSON)
			o->json = true;
		if (c == '?')
			return KB_EXIT_USAGE;
	}
	if (argc - optind != 1)
		return kb_cli_usage(self, "one index, please");
	o->index = argv[optind];
	return KB_EXIT_OK;
}

static void
print(struct kb_out *out, const struct asked *o, const struct kb_compete *c,
    const char *generation)
{
	size_t n = o->limit > 0 && o->limit < c->npairs ? (size_t)o->limit :
	    c->npairs;
	struct kb_buf say = { 0 };

	if (o->json)
		add_json(out, c, generation, n);
	else
		add_tsv(out, c, n);
	if (c->dear > 0 && !o->json)
		kb_buf_printf(&say, "%zu of %zu articles were not asked: all "
		    "words of their titles and first sentences are too "
		    "frequent", c->dear, c->narticles);
	kb_out_warn(&say);
}

static enum kb_status
run(const struct asked *o, struct kb_out *out, struct kb_err *err)
{
	struct kb_index *index[THREADS_MOST] = { NULL };
	struct kb_compete_opts opts = { .least = o->least };
	struct kb_compete found = { 0 };
	enum kb_status status = KB_OK;
	size_t n = 0;

	while (n < o->threads && status == KB_OK) {
		status = kb_index_open(&index[n], o->index, NULL, err);
		/* A build may have come between two. */
		if (status == KB_OK && strcmp(kb_index_generation(index[0]),
		    kb_index_generation(index[n])) != 0) {
			kb_index_close(index[n]);
			break;
		}
		n += status == KB_OK;
	}
	if (status == KB_OK)
		status = kb_compete_run(&found, index, n, &opts, err);
	if (status == KB_OK)
		print(out, o, &found, kb_index_generation(index[0]));
	kb_compete_release(&found);
	while (n > 0)
		kb_index_close(index[--n]);
	return status;
}

int
kb_cmd_competing(const struct kb_command *self, int argc, char **argv)
{
	struct asked o = { .least = KB_COMPETE_LIKELY };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct kb_out out = { 0 };
	struct kb_err err;
	enum kb_status status;
	int code;

	o.threads = processors < 1 ? 1 : processors > THREADS_MOST ?
	    THREADS_MOST : (uint64_t)processors;
	code = read_options(self, argc, argv, &o);
	if (o.index == NULL)
		return code;
	status = run(&o, &out, &err);
	code = kb_out_end(&out);
	return status == KB_OK ? code : kb_cli_fail(&err);
}
