/*
 * cmd_run: `kb-query run`: many questions, ranked, for evaluation: it ranks
 * even where it would not answer, and has no clock.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "cli.h"
#include "commands.h"
#include "handle.h"
#include "json.h"
#include "kb/suggest.h"
#include "passage.h"
#include "question.h"
#include "rank.h"

enum {
	OPT_QUERIES = 1000, OPT_TOP, OPT_FORMAT, OPT_COLLAPSE, OPT_ANY,
	OPT_AUDIENCE, OPT_TAG
};

static const struct option options[] = {
	{ "queries", required_argument, NULL, OPT_QUERIES },
	{ "top", required_argument, NULL, OPT_TOP },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "collapse", no_argument, NULL, OPT_COLLAPSE },
	{ "any-status", no_argument, NULL, OPT_ANY },
	{ "any-audience", no_argument, NULL, OPT_AUDIENCE },
	{ "tag", required_argument, NULL, OPT_TAG },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* Passages to look at for each article that is asked for. */
#define PASSAGES_PER_ARTICLE	5

struct run {
	const char		*queries, *tag;
	uint64_t		 top;
	bool			 json, collapse, any_status, any_audience;
	struct kb_index		*index;
	struct kb_buf		 out;
	struct kb_arena		 arena;
};

/* White space and % in ids, percent-encoded: columns stay columns. */
static void
add_id(struct kb_buf *out, struct kb_str id)
{
	for (size_t i = 0; i < id.n; i++) {
		unsigned char c = (unsigned char)id.p[i];

		if (c <= ' ' || c == '%' || c == 0x7f)
			kb_buf_printf(out, "%%%02X", c);
		else
			kb_buf_addch(out, (char)c);
	}
}

static enum kb_status
add_hit(struct run *r, struct kb_json *j, const struct kb_ranked *v,
    struct kb_err *err)
{
	struct kb_passage_row p;
	enum kb_status status = kb_passage_get(&p, r->index, v->passage,
	    &r->arena, err);
	struct kb_span span = { 0 };

	if (status != KB_OK)
		return status;
	span.path = kb_arena_copy(&r->arena, v->article.path).p;
	span.member = v->article.member.p;
	span.record = v->article.number;
	span.field = p.field.p;
	span.start = p.start;
	span.end = p.end;
	kb_json_begin_object(j);
	kb_json_kv_str(j, "id", v->article.id);
	kb_json_key(j, "score");
	kb_json_real(j, v->score, 6);
	kb_json_key(j, "span");
	kb_span_json(j, &span);
	kb_json_end_object(j);
	return KB_OK;
}

static enum kb_status
write_json(struct run *r, struct kb_str id, struct kb_str text,
    const struct kb_ranked *v, size_t n, struct kb_err *err)
{
	struct kb_suggest_opts opts = { 0 };
	struct kb_answer *a = NULL;
	struct kb_json j;
	enum kb_status status;

	opts.top = 1;
	opts.any_status = r->any_status;
	opts.any_audience = r->any_audience;
	status = kb_suggest(&a, r->index, text, &opts, err);
	if (status != KB_OK)
		return status;
	kb_json_init(&j, &r->out);
	kb_json_begin_object(&j);
	kb_json_kv_str(&j, "id", id);
	kb_json_kv_str(&j, "status", a->answered ? KB_STR("answered") :
	    KB_STR("unanswered"));
	kb_json_kv_str(&j, "reason", a->answered ? kb_str(NULL, 0) :
	    kb_str_c(kb_reason_name(a->reason)));
	kb_json_key(&j, "confidence");
	kb_json_real(&j, a->confidence, 6);
	kb_json_kv_str(&j, "top", n > 0 ? v[0].article.id : kb_str(NULL, 0));
	kb_json_key(&j, "hits");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < n && status == KB_OK; i++)
		status = add_hit(r, &j, &v[i], err);
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(&r->out, '\n');
	kb_answer_free(a);
	return status;
}

static void
write_trec(struct run *r, struct kb_str id, const struct kb_ranked *v,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		add_id(&r->out, id);
		kb_buf_addc(&r->out, " Q0 ");
		add_id(&r->out, v[i].article.id);
		kb_buf_printf(&r->out, " %zu %.6f %s\n", i + 1, v[i].score,
		    r->tag);
	}
}

static enum kb_status
ask(struct run *r, struct kb_str id, struct kb_str text, struct kb_err *err)
{
	struct kb_rank_opts how = { (size_t)r->top * PASSAGES_PER_ARTICLE,
	    r->collapse };
	struct kb_question q;
	struct kb_ranked *v = NULL;
	size_t n = 0, k = 0;
	enum kb_status status;

	status = kb_question_parse(&q, text, r->index, &r->arena, err);
	if (status == KB_OK)
		status = kb_rank(&v, &n, r->index, &q, &how, &r->arena, err);
	if (status != KB_OK)
		return status;
	for (size_t i = 0; i < n && k < r->top; i++)
		if ((r->any_status || v[i].article.status ==
		    KB_ARTICLE_PUBLISHED) && (r->any_audience ||
		    !v[i].article.restricted))
			v[k++] = v[i];
	if (r->json)
		return write_json(r, id, text, v, k, err);
	write_trec(r, id, v, k);
	return KB_OK;
}

static struct kb_str
member(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (v == NULL || !json_is_string(v))
		return kb_str(NULL, 0);
	return kb_str(json_string_value(v), json_string_length(v));
}

static enum kb_status
take_line(struct run *r, const char *line, size_t n, unsigned number,
    struct kb_err *err)
{
	json_error_t why;
	json_t *o = json_loadb(line, n, 0, &why);
	struct kb_str id = { NULL, 0 }, text;
	enum kb_status status;

	if (o == NULL)
		return kb_err_set(err, KB_INPUT, "%s:%u: no JSON: %s",
		    r->queries, number, why.text);
	id = member(o, "_id");
	if (id.n == 0)
		id = member(o, "id");
	text = member(o, "text");
	if (id.n == 0 || text.p == NULL)
		status = kb_err_set(err, KB_INPUT, "%s:%u: wants \"_id\" and "
		    "\"text\"", r->queries, number);
	else
		status = ask(r, id, text, err);
	kb_arena_reset(&r->arena);
	json_decref(o);
	return status;
}

static int
run(struct run *r, FILE *f, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	int code = KB_EXIT_OK;
	ssize_t n;

	while (status == KB_OK && code == KB_EXIT_OK && (n = getline(&line,
	    &size, f)) > 0) {
		number++;
		if (kb_str_trim(kb_str(line, (size_t)n)).n == 0)
			continue;
		status = take_line(r, line, (size_t)n, number, err);
		if (status == KB_OK && r->out.n > 65536)
			code = kb_cli_write(&r->out);
	}
	free(line);
	if (status != KB_OK)
		return kb_cli_fail(err);
	return code == KB_EXIT_OK ? kb_cli_write(&r->out) : code;
}

static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct run *r)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		switch (c) {
		case OPT_QUERIES:
			r->queries = optarg;
			break;
		case OPT_TOP:
			if (!kb_cli_number(self, "--top", optarg, 1, 10000,
			    &r->top))
				return KB_EXIT_USAGE;
			break;
		case OPT_FORMAT:
			r->json = strcmp(optarg, "json") == 0;
			if (!r->json && strcmp(optarg, "trec") != 0)
				return kb_cli_usage(self, "--format is trec "
				    "or json, not '%s'", optarg);
			break;
		case OPT_COLLAPSE:
			r->collapse = true;
			break;
		case OPT_ANY:
			r->any_status = true;
			break;
		case OPT_AUDIENCE:
			r->any_audience = true;
			break;
		case OPT_TAG:
			r->tag = optarg;
			break;
		case 'h':
			return KB_EXIT_OK;
		default:
			return KB_EXIT_USAGE;
		}
	}
	if (argc - optind != 1 || r->queries == NULL)
		return kb_cli_usage(self, "give an INDEX and --queries "
		    "FILE.jsonl");
	return -1;
}

int
kb_cmd_run(const struct kb_command *self, int argc, char **argv)
{
	struct run r = { .top = 100, .tag = "kb-query" };
	struct kb_err err = { KB_OK, "" };
	FILE *f = stdin;
	int code = read_options(self, argc, argv, &r);

	if (code >= 0)
		return code;
	if (strcmp(r.queries, "-") != 0 &&
	    (f = fopen(r.queries, "re")) == NULL) {
		kb_err_set(&err, KB_INPUT, "cannot read '%s'", r.queries);
		return kb_cli_fail(&err);
	}
	if (kb_index_open(&r.index, argv[optind], NULL, &err) == KB_OK)
		code = run(&r, f, &err);
	else
		code = kb_cli_fail(&err);
	if (f != stdin)
		fclose(f);
	kb_index_close(r.index);
	kb_arena_release(&r.arena);
	kb_buf_release(&r.out);
	return code;
}
