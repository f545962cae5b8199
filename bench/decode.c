/*
 * decode FILE...: each file's text as kb-index reads its bytes, for
 * bench/encodings.py.  Of each file a line "NAME HOW REPLACED BYTES", with
 * the name of the encoding, and then that many bytes of UTF-8.  A line "-"
 * stands for a file that cannot be read.  With "-" the names are read from
 * stdin, one a line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "encoding.h"

static bool
slurp(struct kb_buf *buf, const char *path)
{
	FILE *f = fopen(path, "rb");
	char part[65536];
	size_t n;

	if (f == NULL)
		return false;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		kb_buf_add(buf, kb_str(part, n));
	fclose(f);
	return !buf->failed;
}

static void
decode(const char *path)
{
	static const char *const how[] = { "bom", "declared", "utf8",
	    "guessed" };
	struct kb_arena arena = { 0 };
	struct kb_buf raw = { 0 };
	struct kb_decoded d;

	/* The extractor would take ".xml" for XML; both read declarations. */
	if (!slurp(&raw, path) || kb_encoding_decode(&d, kb_buf_str(&raw),
	    kb_str_has_suffix(kb_str_c(path), KB_STR(".xml")) ?
	    KB_MARKUP_XML : KB_MARKUP_HTML, &arena, NULL) != KB_OK) {
		puts("-");
	} else {
		printf("%s %s %zu %zu\n", d.name, how[d.how], d.replaced,
		    d.text.n);
		fwrite(d.text.p, 1, d.text.n, stdout);
	}
	kb_arena_release(&arena);
	kb_buf_release(&raw);
}

int
main(int argc, char **argv)
{
	char line[4096];
	int i;

	if (argc == 2 && strcmp(argv[1], "-") == 0) {
		while (fgets(line, sizeof(line), stdin) != NULL) {
			line[strcspn(line, "\n")] = '\0';
			decode(line);
		}
		return 0;
	}
	for (i = 1; i < argc; i++)
		decode(argv[i]);
	return 0;
}
