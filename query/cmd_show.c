/*
 * cmd_show: `kb-query show`: an article, or one of its passages.
 */
#include <stdio.h>

#include "answer.h"
#include "cli.h"
#include "commands.h"
#include "date.h"
#include "handle.h"
#include "json.h"
#include "passage.h"

enum { OPT_JSON = 1000 };

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct show {
	struct kb_index		*index;
	struct kb_arena		 arena;
	struct kb_article_row	 a;
	struct kb_passage_row	*p;
	size_t			 n;
};

/* "p12" or an anchor; any passage where nothing is asked for. */
static enum kb_status
is_at(bool *out, struct show *s, const struct kb_passage_row *p,
    struct kb_str place, struct kb_err *err)
{
	char seq[24];

	snprintf(seq, sizeof(seq), "p%lld", (long long)p->seq);
	*out = place.n == 0 || kb_str_eq(place, kb_str_c(seq));
	return *out ? KB_OK : kb_passage_has_anchor(out, s->index, p, place,
	    err);
}

static enum kb_status
load(struct show *s, struct kb_str id, struct kb_str place,
    struct kb_err *err)
{
	enum kb_status status;
	int64_t n, *v;
	size_t nv, k = 0;

	status = kb_article_find(&n, s->index, id, err);
	if (status == KB_OK)
		status = kb_article_get(&s->a, s->index, n, &s->arena, err);
	if (status == KB_OK)
		status = kb_passages_of(&v, &nv, s->index, n, &s->arena,
		    err);
	if (status != KB_OK)
		return status;
	s->p = kb_arena_array(&s->arena, nv, sizeof(*s->p));
	if (s->p == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < nv && status == KB_OK; i++) {
		bool wanted = false;

		status = kb_passage_get(&s->p[k], s->index, v[i], &s->arena,
		    err);
		if (status == KB_OK)
			status = is_at(&wanted, s, &s->p[k], place, err);
		k += wanted;
	}
	s->n = k;
	if (status == KB_OK && place.n > 0 && k == 0)
		return kb_err_set(err, KB_NOTFOUND, "article '%.*s' has no "
		    "place '#%.*s'", KB_FMT(s->a.id), KB_FMT(place));
	return status;
}

/* An id may hold a '#' itself (path#3): the whole is tried first. */
static enum kb_status
find(struct show *s, struct kb_str what, struct kb_err *err)
{
	enum kb_status status = load(s, what, kb_str(NULL, 0), err);
	size_t at = what.n;

	while (status == KB_NOTFOUND && at > 0) {
		if (what.p[--at] != '#')
			continue;
		status = load(s, kb_str(what.p, at), kb_str(what.p + at + 1,
		    what.n - at - 1), err);
		break;
	}
	return status;
}

static void
field(struct kb_buf *out, const char *name, struct kb_str value)
{
	if (value.n == 0)
		return;
	kb_buf_printf(out, "%-9s ", name);
	kb_cli_safe(out, value);
	kb_buf_addch(out, '\n');
}

static void
date_field(struct kb_buf *out, const char *name, int32_t date)
{
	char day[11];

	field(out, name, kb_str_c(kb_date_format(date, day)));
}

static void
print_text(const struct show *s, struct kb_buf *out)
{
	field(out, "id", s->a.id);
	field(out, "title", s->a.title);
	field(out, "url", s->a.url);
	field(out, "path", s->a.path);
	field(out, "status", kb_str_c(kb_article_status_name(s->a.status)));
	if (s->a.restricted)
		field(out, "readers", KB_STR("not everyone"));
	field(out, "owner", s->a.owner);
	date_field(out, "reviewed", s->a.reviewed);
	date_field(out, "modified", s->a.modified);
	for (size_t i = 0; i < s->n; i++) {
		const struct kb_passage_row *p = &s->p[i];

		kb_buf_printf(out, "\n[#p%lld", (long long)p->seq);
		if (p->anchor.n > 0)
			kb_buf_addc(out, " #");
		kb_cli_safe(out, p->anchor);
		kb_buf_printf(out, ", bytes %llu-%llu",
		    (unsigned long long)p->start, (unsigned long long)p->end);
		if (p->field.n > 0)
			kb_buf_addc(out, " of ");
		kb_cli_safe(out, p->field);
		kb_buf_addc(out, "]\n");
		kb_cli_safe(out, p->text);
		kb_buf_addch(out, '\n');
	}
}

static void
passage_json(struct kb_json *j, struct show *s,
    const struct kb_passage_row *p)
{
	struct kb_span span = { 0 };

	span.path = s->a.path.p;
	span.member = s->a.member.p;
	span.record = s->a.number;
	span.field = p->field.p;
	span.start = p->start;
	span.end = p->end;
	kb_json_begin_object(j);
	kb_json_kv_str(j, "passage_id", kb_arena_printf(&s->arena,
	    "%.*s#p%lld", KB_FMT(s->a.id), (long long)p->seq));
	kb_json_key(j, "span");
	kb_span_json(j, &span);
	kb_json_kv_str(j, "heading", p->heading);
	kb_json_kv_str(j, "anchor", p->anchor);
	kb_json_kv_str(j, "text", p->text);
	kb_json_end_object(j);
}

static void
print_json(struct show *s, struct kb_buf *out)
{
	char day[11];
	struct kb_json j;

	kb_json_init(&j, out);
	kb_json_begin_object(&j);
	kb_json_kv_int(&j, "format", 1);
	kb_json_kv_str(&j, "id", s->a.id);
	kb_json_kv_str(&j, "title", s->a.title);
	kb_json_kv_str(&j, "url", s->a.url);
	kb_json_kv_str(&j, "path", s->a.path);
	kb_json_kv_str(&j, "lang", s->a.lang);
	kb_json_kv_str(&j, "status",
	    kb_str_c(kb_article_status_name(s->a.status)));
	kb_json_key(&j, "restricted");
	kb_json_bool(&j, s->a.restricted);
	kb_json_kv_str(&j, "owner", s->a.owner);
	kb_json_kv_str(&j, "reviewed", kb_str_c(kb_date_format(
	    s->a.reviewed, day)));
	kb_json_kv_str(&j, "modified", kb_str_c(kb_date_format(
	    s->a.modified, day)));
	kb_json_key(&j, "passages");
	kb_json_begin_array(&j);
	for (size_t i = 0; i < s->n; i++)
		passage_json(&j, s, &s->p[i]);
	kb_json_end_array(&j);
	kb_json_end_object(&j);
	kb_buf_addch(out, '\n');
}

int
kb_cmd_show(const struct kb_command *self, int argc, char **argv)
{
	struct show s = { 0 };
	struct kb_buf out = { 0 };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;
	bool json = false;
	int c, code;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		if (c == OPT_JSON)
			json = true;
		else
			return c == 'h' ? KB_EXIT_OK : KB_EXIT_USAGE;
	}
	if (argc - optind != 2)
		return kb_cli_usage(self, "give an INDEX and an ID");
	status = kb_index_open(&s.index, argv[optind], NULL, &err);
	if (status == KB_OK)
		status = find(&s, kb_str_c(argv[optind + 1]), &err);
	if (status == KB_OK) {
		if (json)
			print_json(&s, &out);
		else
			print_text(&s, &out);
		code = kb_cli_write(&out);
	} else {
		code = kb_cli_fail(&err);
	}
	kb_index_close(s.index);
	kb_arena_release(&s.arena);
	kb_buf_release(&out);
	return code;
}
