/*
 * content_text: what the readers take of each page as its article, for
 * bench/content.sh: a JSON object a line.
 *
 *	content_text DIR MODE
 *
 * MODE is "site" (with what repeats over the pages), "page" (each alone),
 * "marked" (only what markup says) or "survey" (no page is read after the
 * first look, to measure it).
 */
#include <stdio.h>
#include <string.h>

#include "blocks.h"
#include "extract.h"
#include "frame.h"
#include "json.h"
#include "survey.h"

static struct kb_arena arena;

static enum kb_status
show(void *arg, struct kb_str frame, struct kb_err *err)
{
	const struct kb_extract_opts *opts = arg;
	struct kb_buf text = { 0 }, out = { 0 };
	struct kb_record *rec;
	const struct kb_value *title;
	enum kb_status status = kb_frame_read(&frame, &arena, &rec, err);
	struct kb_json j;

	if (status != KB_OK || rec->dropped)
		return status;
	title = rec->values[KB_F_TITLE];
	kb_blocks_text(rec->blocks, NULL, &text);
	kb_json_init(&j, &out);
	kb_json_begin_object(&j);
	kb_json_kv_str(&j, "path", opts->path);
	/* A title that was a heading of the page was taken out of its text. */
	kb_json_kv_str(&j, "title", title != NULL && title->source.n == 2 &&
	    title->source.p[0] == 'h' ? title->text : kb_str(NULL, 0));
	kb_json_kv_str(&j, "text", kb_buf_str(&text));
	kb_json_end_object(&j);
	printf("%.*s\n", KB_FMT(kb_buf_str(&out)));
	kb_buf_release(&text);
	kb_buf_release(&out);
	kb_arena_reset(&arena);
	return KB_OK;
}

static void
read_file(const struct kb_file *file, struct kb_extract_opts *opts)
{
	struct kb_err err = { KB_OK, "" };
	struct kb_input *in;
	int fd;

	opts->path = file->path;
	if (kb_files_open(file, &fd, &err) == KB_OK &&
	    kb_input_open_fd(&in, fd, file->path.p, &err) == KB_OK) {
		kb_extract(in, opts, show, opts, &err);
		kb_input_close(in);
	}
	if (err.status != KB_OK)
		fprintf(stderr, "%s: %s\n", file->path.p, err.msg);
}

int
main(int argc, char **argv)
{
	const char *mode = argc == 3 ? argv[2] : "site";
	struct kb_extract_opts opts = { .marked = strcmp(mode, "marked") ==
	    0 };
	struct kb_arena names = { 0 };
	struct kb_profiles *profiles;
	struct kb_furniture *furniture = NULL;
	struct kb_files files = { 0 };
	struct kb_err err = { KB_OK, "" };

	if (argc < 2 || argc > 3 ||
	    kb_profiles_new(&profiles, NULL, &err) != KB_OK ||
	    kb_files_add(&files, argv[1], &names, &err) != KB_OK ||
	    kb_files_sort(&files, &err) != KB_OK)
		goto failed;
	if ((strcmp(mode, "site") == 0 || strcmp(mode, "survey") == 0) &&
	    kb_survey_run(&furniture, &files, &(struct kb_pool_opts){
	    .profiles = profiles, .threads = 1 }, &err) != KB_OK)
		goto failed;
	opts.profiles = profiles;
	opts.furniture = furniture;
	for (size_t i = 0; i < files.n && strcmp(mode, "survey") != 0; i++)
		read_file(&files.v[i], &opts);
	kb_furniture_free(furniture);
	kb_files_release(&files);
	kb_profiles_free(profiles);
	kb_arena_release(&names);
	kb_arena_release(&arena);
	return 0;
failed:
	fprintf(stderr, "usage: content_text DIR site|page|marked|survey\n"
	    "%s\n", err.msg);
	return 1;
}
