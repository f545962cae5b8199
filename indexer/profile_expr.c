/*
 * profile_expr: alternatives and sums of paths.  Contract: profile_path.h
 * and profile_impl.h.
 */
#include "profile_impl.h"

static struct kb_str
cut(struct kb_str s, size_t from, size_t to)
{
	return kb_str(s.p + from, to - from);
}

size_t
kb_expr_find(struct kb_str s, struct kb_str sep)
{
	size_t depth = 0;

	for (size_t i = 0; i + sep.n <= s.n; i++) {
		char c = s.p[i];

		if (c == '[' || c == '{' || c == '(')
			depth++;
		else if ((c == ']' || c == '}' || c == ')') && depth > 0)
			depth--;
		if (depth == 0 && kb_str_eq(cut(s, i, i + sep.n), sep))
			return i;
	}
	return (size_t)-1;
}

/* Cut what stands before the next "sep" off; false when nothing is left. */
static bool
split(struct kb_str *rest, struct kb_str sep, struct kb_str *part)
{
	size_t at;

	if (rest->p == NULL)
		return false;
	at = kb_expr_find(*rest, sep);
	if (at == (size_t)-1) {
		*part = *rest;
		*rest = kb_str(NULL, 0);
		return true;
	}
	*part = cut(*rest, 0, at);
	*rest = cut(*rest, at + sep.n, rest->n);
	return true;
}

static enum kb_status
parse_path(struct kb_path **out, struct kb_str text, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_path *path = kb_arena_alloc(arena, sizeof(*path));

	if (path == NULL)
		return kb_err_nomem(err);
	*out = path;
	return kb_path_parse(path, text, arena, err);
}

static enum kb_status
parse_part(struct kb_template_part *part, struct kb_str *rest,
    struct kb_arena *arena, struct kb_err *err)
{
	size_t open = kb_str_find(*rest, KB_STR("{"), 0), close, space;
	struct kb_str inside;

	if (open == (size_t)-1) {
		part->literal = kb_arena_copy(arena, *rest);
		*rest = kb_str("", 0);
		return KB_OK;
	}
	close = kb_str_find(*rest, KB_STR("}"), open);
	if (close == (size_t)-1)
		return kb_err_set(err, KB_INPUT, "'{' without '}'");
	part->literal = kb_arena_copy(arena, cut(*rest, 0, open));
	inside = cut(*rest, open + 1, close);
	space = kb_expr_find(inside, KB_STR(" "));
	if (space != (size_t)-1) {
		part->space = kb_arena_copy(arena, kb_str_trim(cut(inside,
		    space, inside.n)));
		inside = cut(inside, 0, space);
	}
	*rest = cut(*rest, close + 1, rest->n);
	return parse_path(&part->path, inside, arena, err);
}

static enum kb_status
parse_template(struct kb_term *term, struct kb_str text,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_template_part **at = &term->parts;
	enum kb_status st = KB_OK;

	term->kind = KB_TERM_TEMPLATE;
	while (st == KB_OK && text.n > 0) {
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = parse_part(*at, &text, arena, err);
		term->nplaces += (*at)->path != NULL;
		at = &(*at)->next;
	}
	return st;
}

static enum kb_status
parse_term(struct kb_term *term, struct kb_str text, struct kb_arena *arena,
    struct kb_err *err)
{
	size_t arrow;

	text = kb_str_trim(text);
	if (kb_str_find(text, KB_STR("{"), 0) != (size_t)-1)
		return parse_template(term, text, arena, err);
	term->kind = KB_TERM_PATH;
	arrow = kb_expr_find(text, KB_STR(" -> "));
	if (arrow != (size_t)-1) {
		term->kind = KB_TERM_CONSTANT;
		term->constant = kb_arena_copy(arena,
		    kb_str_trim(cut(text, arrow + 4, text.n)));
		text = cut(text, 0, arrow);
	}
	return parse_path(&term->path, text, arena, err);
}

static enum kb_status
parse_sum(struct kb_expr *expr, struct kb_str text, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_term **at = &expr->terms;
	enum kb_status st = KB_OK;
	struct kb_str part;

	while (st == KB_OK && split(&text, KB_STR(" + "), &part)) {
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = parse_term(*at, part, arena, err);
		at = &(*at)->next;
	}
	return st;
}

enum kb_status
kb_expr_parse(struct kb_expr **out, struct kb_str text,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_expr *first = NULL, **at = &first;
	enum kb_status st = KB_OK;
	struct kb_str part;

	while (st == KB_OK && split(&text, KB_STR(" | "), &part)) {
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = parse_sum(*at, part, arena, err);
		at = &(*at)->next;
	}
	if (st != KB_OK)
		return st;
	/* a key that is given again adds alternatives */
	while (*out != NULL)
		out = &(*out)->next;
	*out = first;
	return KB_OK;
}
