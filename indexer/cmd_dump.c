/*
 * kb-index dump: what an index holds, a JSON line an article.  Nothing is
 * kept from one row to the next, so that size does not matter.
 */
#include <jansson.h>

#include "cli.h"
#include "commands.h"
#include "date.h"
#include "json.h"
#include "kb/article.h"
#include "out.h"
#include "rows.h"
#include "stretch.h"
#include "words.h"

const char kb_help_dump[] =
"A JSON object a line, an article each:\n"
"  id path title lang owner authors url   as read; null where not known\n"
"  created modified reviewed review_due expires   dates, YYYY-MM-DD\n"
"  status      published, draft, review, expired, retired, superseded\n"
"  cluster     the id of the article that stands for its duplicates\n"
"  canonical   false for those that another article stands for\n"
"  findings    the codes of what was found\n"
"  words       the body as duplicates are sought in it\n"
"  passages    passage_id, span, heading, anchor, text\n";

enum column {
	N, ID, PATH, MEMBER, NUMBER, TITLE, LANG, OWNER, AUTHORS, CREATED,
	MODIFIED, REVIEWED, REVIEW_DUE, EXPIRES, STATUS, URL, CLUSTER,
	CLUSTER_ID
};

static const char sql_articles[] =
"SELECT a.n, a.id, a.path, a.member, a.number, a.title, a.lang, a.owner,"
" a.authors, a.created, a.modified, a.reviewed, a.review_due, a.expires,"
" a.status, a.url, a.cluster, c.id"
" FROM article a LEFT JOIN article c ON c.n = a.cluster ORDER BY a.n";

static const char sql_findings[] =
"SELECT DISTINCT code FROM finding WHERE article = ?1 ORDER BY code";

enum passage_column {
	P_SEQ, P_FIELD, P_START, P_END, P_HEADING, P_ANCHOR, P_TEXT,
	P_CONTEXT, P_MAP
};

static const char sql_passages[] =
"SELECT seq, field, start, end, heading, anchor, text, context, map"
" FROM passage"
" WHERE article = ?1 ORDER BY seq";

struct dump {
	struct kb_rows	articles, findings, passages;
	struct kb_out	out;
	struct kb_json	json;
	struct kb_arena	scratch;	/* a passage's map */
};

static void
put_text(struct dump *d, const char *key, enum column column)
{
	kb_json_kv_str(&d->json, key, kb_rows_text(&d->articles,
	    (int)column));
}

static void
put_date(struct dump *d, const char *key, enum column column)
{
	int64_t v = kb_rows_int(&d->articles, (int)column);
	char text[11] = "";

	if (v > 0 && v <= INT32_MAX && kb_date_valid((int32_t)v))
		kb_date_format((int32_t)v, text);
	kb_json_kv_str(&d->json, key, kb_str_c(text));
}

/* The column is a JSON array of strings; what is none counts as empty. */
static void
put_authors(struct dump *d)
{
	struct kb_str text = kb_rows_text(&d->articles, AUTHORS);
	json_t *list = text.n > 0 ? json_loadb(text.p, text.n, 0, NULL) :
	    NULL, *item;
	size_t i;

	kb_json_key(&d->json, "authors");
	kb_json_begin_array(&d->json);
	json_array_foreach(list, i, item)
		if (json_is_string(item))
			kb_json_str(&d->json, kb_str(json_string_value(item),
			    json_string_length(item)));
	kb_json_end_array(&d->json);
	json_decref(list);
}

static void
put_status(struct dump *d)
{
	int64_t v = kb_rows_int(&d->articles, STATUS);
	enum kb_article_status status = KB_ARTICLE_PUBLISHED;

	if (v >= 0 && v <= KB_ARTICLE_SUPERSEDED)
		status = (enum kb_article_status)v;
	kb_json_kv_str(&d->json, "status",
	    kb_str_c(kb_article_status_name(status)));
}

static void
put_metadata(struct dump *d)
{
	put_text(d, "id", ID);
	put_text(d, "path", PATH);
	put_text(d, "title", TITLE);
	put_text(d, "lang", LANG);
	put_text(d, "owner", OWNER);
	put_authors(d);
	put_date(d, "created", CREATED);
	put_date(d, "modified", MODIFIED);
	put_date(d, "reviewed", REVIEWED);
	put_date(d, "review_due", REVIEW_DUE);
	put_date(d, "expires", EXPIRES);
	put_status(d);
	put_text(d, "url", URL);
	put_text(d, "cluster", CLUSTER_ID);
	kb_json_key(&d->json, "canonical");
	kb_json_bool(&d->json, kb_rows_is_null(&d->articles, CLUSTER) ||
	    kb_rows_int(&d->articles, CLUSTER) ==
	    kb_rows_int(&d->articles, N));
}

static enum kb_status
put_findings(struct dump *d, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_rows_rewind(&d->findings, kb_rows_int(&d->articles, N));
	kb_json_key(&d->json, "findings");
	kb_json_begin_array(&d->json);
	while (kb_rows_next(&d->findings, &status, err))
		kb_json_str(&d->json, kb_rows_text(&d->findings, 0));
	kb_json_end_array(&d->json);
	return status;
}

/* Normal forms are letters and digits: nothing in them needs escaping. */
static void
put_words_of(struct dump *d, struct kb_str text, bool *first)
{
	struct kb_words it = kb_words(text);
	struct kb_word word;

	while (kb_words_next(&it, &word)) {
		if (!*first)
			kb_buf_addch(&d->out.buf, ' ');
		kb_buf_add(&d->out.buf, kb_word_norm(&word));
		*first = false;
		kb_out_spill(&d->out);
	}
}

static enum kb_status
put_words(struct dump *d, struct kb_err *err)
{
	struct kb_offmap map = { NULL, 0 };
	enum kb_status status = KB_OK;
	struct kb_stretch it;
	struct kb_str part;
	bool first = true;

	kb_rows_rewind(&d->passages, kb_rows_int(&d->articles, N));
	kb_json_key(&d->json, "words");
	kb_buf_addch(&d->out.buf, '"');
	while (kb_rows_next(&d->passages, &status, err)) {
		kb_arena_reset(&d->scratch);
		kb_offmap_read(&map, kb_rows_text(&d->passages, P_MAP), 0,
		    &d->scratch);
		it = kb_stretch(kb_rows_text(&d->passages, P_TEXT), &map);
		while (kb_stretch_next(&it, &part))
			put_words_of(d, part, &first);
	}
	kb_buf_addch(&d->out.buf, '"');
	d->json.comma = true;
	return status;
}

static void
put_span(struct dump *d)
{
	int64_t number = kb_rows_int(&d->articles, NUMBER);

	kb_json_key(&d->json, "span");
	kb_json_begin_object(&d->json);
	put_text(d, "path", PATH);
	put_text(d, "member", MEMBER);
	kb_json_key(&d->json, "record");
	if (number > 0)
		kb_json_int(&d->json, number);
	else
		kb_json_null(&d->json);
	kb_json_kv_str(&d->json, "field", kb_rows_text(&d->passages,
	    P_FIELD));
	kb_json_kv_int(&d->json, "start", kb_rows_int(&d->passages,
	    P_START));
	kb_json_kv_int(&d->json, "end", kb_rows_int(&d->passages, P_END));
	kb_json_kv_str(&d->json, "context", kb_rows_text(&d->passages,
	    P_CONTEXT));
	kb_json_end_object(&d->json);
}

static void
put_passage(struct dump *d)
{
	struct kb_buf id = { 0 };

	kb_buf_add(&id, kb_rows_text(&d->articles, ID));
	kb_buf_printf(&id, "#p%lld",
	    (long long)kb_rows_int(&d->passages, P_SEQ));
	kb_json_begin_object(&d->json);
	kb_json_kv_str(&d->json, "passage_id", kb_buf_str(&id));
	put_span(d);
	kb_json_kv_str(&d->json, "heading", kb_rows_text(&d->passages,
	    P_HEADING));
	kb_json_kv_str(&d->json, "anchor", kb_rows_text(&d->passages,
	    P_ANCHOR));
	kb_json_key(&d->json, "text");
	kb_json_str(&d->json, kb_rows_text(&d->passages, P_TEXT));
	kb_json_end_object(&d->json);
	d->out.buf.failed |= id.failed;
	kb_buf_release(&id);
}

static enum kb_status
put_passages(struct dump *d, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_rows_rewind(&d->passages, kb_rows_int(&d->articles, N));
	kb_json_key(&d->json, "passages");
	kb_json_begin_array(&d->json);
	while (!d->out.done && kb_rows_next(&d->passages, &status, err)) {
		put_passage(d);
		kb_out_spill(&d->out);
	}
	kb_json_end_array(&d->json);
	return status;
}

static enum kb_status
put_article(struct dump *d, struct kb_err *err)
{
	enum kb_status status;

	d->json.comma = false;
	kb_json_begin_object(&d->json);
	put_metadata(d);
	status = put_findings(d, err);
	if (status == KB_OK)
		status = put_words(d, err);
	if (status == KB_OK)
		status = put_passages(d, err);
	kb_json_end_object(&d->json);
	kb_buf_addch(&d->out.buf, '\n');
	kb_out_spill(&d->out);
	return status;
}

static enum kb_status
dump_all(struct dump *d, struct kb_store *store, struct kb_err *err)
{
	enum kb_status status;

	kb_json_init(&d->json, &d->out.buf);
	d->json.ascii = kb_out_is_terminal();
	status = kb_rows_open(&d->articles, store, sql_articles, err);
	if (status == KB_OK)
		status = kb_rows_open(&d->findings, store, sql_findings, err);
	if (status == KB_OK)
		status = kb_rows_open(&d->passages, store, sql_passages, err);
	while (status == KB_OK && !d->out.done &&
	    kb_rows_next(&d->articles, &status, err))
		status = put_article(d, err);
	kb_rows_close(&d->articles);
	kb_rows_close(&d->findings);
	kb_rows_close(&d->passages);
	return status;
}

int
kb_cmd_dump(const struct kb_command *self, int argc, char **argv)
{
	const char *index;
	int code = kb_out_index_argument(self, argc, argv, &index);
	struct kb_store *store = NULL;
	struct dump d = { .out = { .code = KB_EXIT_OK } };
	struct kb_err err;
	enum kb_status status;

	if (index == NULL)
		return code;
	status = kb_store_open(&store, index, NULL, 0, &err);
	if (status == KB_OK)
		status = dump_all(&d, store, &err);
	kb_arena_release(&d.scratch);
	code = kb_out_end(&d.out);
	if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_store_close(store);
	return code;
}
