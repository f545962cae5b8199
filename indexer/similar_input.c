#include "similar_input.h"

#include "shingle.h"
#include "utf8.h"

void
kb_draft_release(struct kb_draft *d)
{
	kb_buf_release(&d->words);
	memset(d, 0, sizeof(*d));
}

enum kb_status
kb_draft_of_record(struct kb_draft *out, struct kb_corpus *corpus,
    const struct kb_file *file, const struct kb_prepared *p,
    struct kb_err *err)
{
	enum kb_status status;
	uint32_t doc;

	memset(out, 0, sizeof(*out));
	status = kb_corpus_add(corpus, file, p, &doc, err);
	if (status != KB_OK)
		return status;
	out->place = corpus->docs[doc].place;
	out->record = corpus->docs[doc].number;
	out->id = corpus->docs[doc].id;
	out->title = corpus->docs[doc].title;
	kb_buf_add(&out->words, kb_buf_str(&p->list));
	return kb_buf_check(&out->words, err);
}

/* ---- plain text ---- */

static bool
ends_in(struct kb_str name, const char *ending)
{
	size_t n = strlen(ending);

	return name.n > n && kb_str_caseeq(kb_str(name.p + name.n - n, n),
	    kb_str_c(ending));
}

static bool
is_markdown(struct kb_str name)
{
	return ends_in(name, ".md") || ends_in(name, ".markdown");
}

bool
kb_draft_is_text(const char *path)
{
	struct kb_str name = kb_str_c(path);

	return kb_str_eq(name, KB_STR("-")) || is_markdown(name) ||
	    ends_in(name, ".txt") || ends_in(name, ".text");
}

/* Without the number of a step ("3. " or "3) ") at its start. */
static struct kb_str
skip_number(struct kb_str line)
{
	size_t i = 0, digits;

	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	for (digits = i; i < line.n && line.p[i] >= '0' && line.p[i] <= '9';)
		i++;
	if (i == digits || i - digits > 9 || i + 1 >= line.n ||
	    (line.p[i] != '.' && line.p[i] != ')') || line.p[i + 1] != ' ')
		return line;
	return kb_str(line.p + i + 1, line.n - i - 1);
}

/* "[id]: where" */
static bool
is_reference(struct kb_str line)
{
	size_t end = kb_str_find(line, KB_STR("]:"), 0);

	return line.n > 0 && line.p[0] == '[' && end != (size_t)-1 &&
	    kb_str_find(line, KB_STR(" "), 0) > end;
}

/* The words of a line of Markdown, but for the targets of its links. */
static void
add_markdown(struct kb_buf *words, struct kb_str line)
{
	size_t from = 0, at, end;

	if (is_reference(line))
		return;
	while ((at = kb_str_find(line, KB_STR("]("), from)) != (size_t)-1) {
		end = kb_str_find(line, KB_STR(")"), at);
		if (end == (size_t)-1)
			break;
		kb_shingle_words(words, kb_str(line.p + from, at - from));
		from = end + 1;
	}
	kb_shingle_words(words, kb_str(line.p + from, line.n - from));
}

/* Takes a first line that is a heading ("# Title") off a text. */
static struct kb_str
take_title(struct kb_str *text)
{
	struct kb_str rest = *text, line = { NULL, 0 };

	while (kb_str_split(&rest, '\n', &line) && kb_str_trim(line).n == 0)
		continue;
	line = kb_str_trim(line);
	if (!kb_str_has_prefix(line, KB_STR("# ")))
		return kb_str("", 0);
	*text = rest;
	return kb_str_trim(kb_str(line.p + 2, line.n - 2));
}

enum kb_status
kb_draft_of_text(struct kb_draft *out, const char *path, struct kb_str text,
    struct kb_arena *arena, struct kb_err *err)
{
	bool markdown = is_markdown(kb_str_c(path));
	size_t good = kb_utf8_valid(text);
	struct kb_str line;

	memset(out, 0, sizeof(*out));
	if (good < text.n)
		return kb_err_set(err, KB_INPUT, "'%s' is not UTF-8 at byte "
		    "%zu: convert it (iconv -t UTF-8)", path, good);
	if (kb_str_has_prefix(text, KB_STR("\xef\xbb\xbf")))
		text = kb_str(text.p + 3, text.n - 3);
	out->place = kb_arena_copy(arena, kb_str_c(path));
	if (markdown)
		out->title = kb_arena_copy(arena, take_title(&text));
	while (kb_str_split(&text, '\n', &line)) {
		line = skip_number(line);
		if (markdown)
			add_markdown(&out->words, line);
		else
			kb_shingle_words(&out->words, line);
	}
	if (arena->failed)
		return kb_err_nomem(err);
	return kb_buf_check(&out->words, err);
}
