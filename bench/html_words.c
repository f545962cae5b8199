/*
 * html_words: what our reader finds in HTML pages, to be held against what
 * another one finds (html_words.mjs).  Reads paths from stdin, a line each,
 * and prints one line of JSON for each file:
 *
 *	path
 *	encoding	that it was decoded from
 *	source		the decoded text, which is what was parsed
 *	html		text of all blocks as an article is read, but with
 *			nothing left out for being page furniture
 *	tree		text of all nodes, by the dialect "tree" of CONF; no
 *			attribute hides any
 *
 *	html_words CONF < LIST
 */
#include <stdio.h>
#include <stdlib.h>

#include "blocks.h"
#include "encoding.h"
#include "html.h"
#include "json.h"
#include "profile.h"
#include "slurp.h"

#define MAX_PAGE	((size_t)256 * 1024 * 1024)

struct job {
	struct kb_profiles	*profiles;
	struct kb_arena		 arena;
	struct kb_buf		 raw, out;
};

static enum kb_status
add_text(struct job *j, const struct kb_node *root, const char *dialect,
    bool html, struct kb_json *json, struct kb_err *err)
{
	struct kb_blocks_opts opts = { .html = html, .whole = true };
	struct kb_record *rec = kb_record_new(&j->arena);
	struct kb_buf text = { 0 };
	enum kb_status status;

	if (rec == NULL)
		return kb_err_nomem(err);
	rec->nparts = 1;
	opts.dialect = kb_profiles_dialect(j->profiles, kb_str_c(dialect));
	if (opts.dialect == NULL)
		return kb_err_set(err, KB_NOTFOUND, "no dialect '%s'",
		    dialect);
	status = kb_blocks_build(rec, root, &opts, err);
	kb_blocks_text(rec->blocks, NULL, &text);
	kb_json_key(json, dialect);
	kb_json_str(json, kb_buf_str(&text));
	kb_buf_release(&text);
	return status;
}

static enum kb_status
one(struct job *j, const char *path, struct kb_err *err)
{
	struct kb_json json;
	struct kb_decoded d;
	struct kb_node *root;
	enum kb_status status;

	kb_arena_reset(&j->arena);
	kb_buf_clear(&j->raw);
	kb_buf_clear(&j->out);
	status = kb_slurp(path, MAX_PAGE, &j->raw, err);
	if (status == KB_OK)
		status = kb_encoding_decode(&d, kb_buf_str(&j->raw),
		    KB_MARKUP_HTML, &j->arena, err);
	if (status == KB_OK)
		status = kb_html_parse(&root, d.text, NULL, &j->arena, NULL,
		    err);
	if (status != KB_OK)
		return status;
	kb_json_init(&json, &j->out);
	kb_json_begin_object(&json);
	kb_json_kv_str(&json, "path", kb_str_c(path));
	kb_json_kv_str(&json, "encoding", kb_str_c(d.name));
	kb_json_key(&json, "source");
	kb_json_str(&json, d.text);
	status = add_text(j, root, "html", true, &json, err);
	if (status == KB_OK)
		status = add_text(j, root, "tree", false, &json, err);
	kb_json_end_object(&json);
	return status == KB_OK ? kb_buf_check(&j->out, err) : status;
}

static enum kb_status
all(struct job *j, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (status == KB_OK && (n = getline(&line, &size, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		status = one(j, line, err);
		if (status == KB_OK)
			printf("%.*s\n", KB_FMT(kb_buf_str(&j->out)));
	}
	free(line);
	return status;
}

static enum kb_status
load(struct job *j, const char *file, struct kb_err *err)
{
	struct kb_buf text = { 0 };
	struct kb_arena arena;
	struct kb_conf conf = { 0 };
	enum kb_status status;

	kb_arena_init(&arena, 0);
	status = kb_slurp(file, MAX_PAGE, &text, err);
	if (status == KB_OK)
		status = kb_conf_parse(&conf, kb_buf_str(&text), file, &arena,
		    err);
	if (status == KB_OK)
		status = kb_profiles_new(&j->profiles, &conf, err);
	kb_arena_release(&arena);
	kb_buf_release(&text);
	return status;
}

int
main(int argc, char **argv)
{
	struct job j = { 0 };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status;

	if (argc != 2) {
		fprintf(stderr, "usage: html_words CONF < LIST\n");
		return 2;
	}
	kb_arena_init(&j.arena, 0);
	status = load(&j, argv[1], &err);
	if (status == KB_OK)
		status = all(&j, &err);
	if (status != KB_OK)
		fprintf(stderr, "html_words: %s\n", err.msg);
	kb_profiles_free(j.profiles);
	kb_arena_release(&j.arena);
	kb_buf_release(&j.raw);
	kb_buf_release(&j.out);
	return status == KB_OK ? 0 : 1;
}
