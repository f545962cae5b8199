#include "conf.h"

#include "buf.h"
#include "utf8.h"

struct reader {
	struct kb_conf		 found;		/* of this text */
	const char		*file;
	uint32_t		 line;
	struct kb_arena		*arena;
	struct kb_str		 section, argument;
	bool			 in_section;
	struct kb_conf_entry	*open;		/* may still be continued */
	struct kb_buf		 value;		/* of the open entry */
};

static void
append(struct kb_conf *conf, struct kb_conf_entry *first,
    struct kb_conf_entry *last)
{
	if (conf->last != NULL)
		conf->last->next = first;
	else
		conf->first = first;
	conf->last = last;
}

static enum kb_status
fail(const struct reader *r, struct kb_err *err, const char *what)
{
	return kb_err_set(err, KB_INPUT, "%s:%u: %s", r->file,
	    (unsigned)r->line, what);
}

static void
close_entry(struct reader *r)
{
	if (r->open != NULL)
		r->open->value = kb_arena_copy(r->arena,
		    kb_str_trim(kb_buf_str(&r->value)));
	if (r->value.failed)
		r->arena->failed = true;
	r->open = NULL;
	kb_buf_clear(&r->value);
}

static enum kb_status
add_entry(struct reader *r, struct kb_str key, struct kb_err *err)
{
	struct kb_conf_entry *e = kb_arena_alloc(r->arena, sizeof(*e));

	if (e == NULL)
		return kb_err_nomem(err);
	e->section = r->section;
	e->argument = r->argument;
	e->key = kb_arena_copy(r->arena, key);
	e->file = r->file;
	e->line = r->line;
	append(&r->found, e, e);
	if (key.n > 0)
		r->open = e;
	return KB_OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* "[section argument]", trimmed. */
static enum kb_status
read_section(struct reader *r, struct kb_str line, struct kb_err *err)
{
	struct kb_str inside, name;
	size_t n = 0;

	if (line.p[line.n - 1] != ']')
		return fail(r, err, "a section must end in ']', with nothing "
		    "behind it");
	inside = kb_str_trim(kb_str(line.p + 1, line.n - 2));
	while (n < inside.n && !is_blank(inside.p[n]))
		n++;
	name = kb_str(inside.p, n);
	if (name.n == 0)
		return fail(r, err, "a section without a name");
	r->section = kb_arena_copy(r->arena, name);
	r->argument = kb_arena_copy(r->arena,
	    kb_str_trim(kb_str(inside.p + n, inside.n - n)));
	r->in_section = true;
	return add_entry(r, kb_str("", 0), err);
}

static enum kb_status
read_key(struct reader *r, struct kb_str line, struct kb_err *err)
{
	size_t eq = kb_str_find(line, KB_STR("="), 0);
	enum kb_status st;
	struct kb_str key;

	if (eq == (size_t)-1)
		return fail(r, err, "neither a [section] nor key = value");
	key = kb_str_trim(kb_str(line.p, eq));
	if (key.n == 0)
		return fail(r, err, "no key before '='");
	if (!r->in_section)
		return fail(r, err, "a key needs a [section] above it");
	st = add_entry(r, key, err);
	if (st == KB_OK)
		kb_buf_add(&r->value, kb_str_trim(kb_str(line.p + eq + 1,
		    line.n - eq - 1)));
	return st;
}

static enum kb_status
read_line(struct reader *r, struct kb_str line, struct kb_err *err)
{
	struct kb_str text = kb_str_trim(line);

	if (text.n == 0) {
		close_entry(r);
		return KB_OK;
	}
	if (is_blank(line.p[0])) {
		if (r->open == NULL)
			return fail(r, err, "a line that begins with white "
			    "space goes on with a value, but none stands "
			    "above it");
		if (r->value.n > 0)
			kb_buf_addch(&r->value, ' ');
		kb_buf_add(&r->value, text);
		return KB_OK;
	}
	if (line.p[0] == '#' || line.p[0] == ';')
		return KB_OK;
	close_entry(r);
	if (line.p[0] == '[')
		return read_section(r, text, err);
	return read_key(r, text, err);
}

/* What no text editor would save: told with its line. */
static enum kb_status
check_text(struct reader *r, struct kb_str text, struct kb_err *err)
{
	size_t bad = kb_utf8_valid(text);
	const char *nul = text.n > 0 ? memchr(text.p, '\0', text.n) : NULL;
	bool is_nul = nul != NULL && (size_t)(nul - text.p) < bad;

	if (is_nul)
		bad = (size_t)(nul - text.p);
	if (bad == text.n)
		return KB_OK;
	r->line = 1;
	for (size_t i = 0; i < bad; i++)
		r->line += text.p[i] == '\n';
	return fail(r, err, is_nul ? "a NUL byte" : "not UTF-8");
}

enum kb_status
kb_conf_parse(struct kb_conf *conf, struct kb_str text, const char *file,
    struct kb_arena *arena, struct kb_err *err)
{
	struct reader r = { .file = file, .arena = arena };
	struct kb_str line, rest;
	enum kb_status st;

	if (kb_str_has_prefix(text, KB_STR("\xef\xbb\xbf")))
		text = kb_str(text.p + 3, text.n - 3);
	rest = text;
	st = check_text(&r, text, err);
	r.line = 0;
	while (st == KB_OK && kb_str_split(&rest, '\n', &line)) {
		if (r.line == UINT32_MAX)
			st = fail(&r, err, "too many lines");
		r.line++;
		if (st == KB_OK)
			st = read_line(&r, line, err);
	}
	close_entry(&r);
	kb_buf_release(&r.value);
	if (st == KB_OK && arena->failed)
		st = kb_err_nomem(err);
	if (st == KB_OK && r.found.first != NULL)
		append(conf, r.found.first, r.found.last);
	return st;
}

const struct kb_conf_entry *
kb_conf_get(const struct kb_conf *conf, struct kb_str section,
    struct kb_str argument, struct kb_str key)
{
	const struct kb_conf_entry *e, *hit = NULL;

	for (e = conf->first; e != NULL; e = e->next)
		if (e->key.n > 0 && kb_str_eq(e->section, section) &&
		    kb_str_eq(e->argument, argument) &&
		    kb_str_eq(e->key, key))
			hit = e;
	return hit;
}
