/*
 * profile_path_parse: the syntax of paths.  Contract: profile_path.h.
 */
#include "profile_path.h"

struct parser {
	struct kb_str	 s;
	size_t		 at;
	struct kb_arena	*arena;
	struct kb_err	*err;
};

static enum kb_status
fail(const struct parser *p, const char *what)
{
	return kb_err_set(p->err, KB_INPUT, "in the path '%.*s' at byte %zu: "
	    "%s", KB_FMT(p->s), p->at + 1, what);
}

static char
peek(const struct parser *p)
{
	return p->at < p->s.n ? p->s.p[p->at] : '\0';
}

/* Bytes up to one of "stop" or white space. */
static struct kb_str
read_until(struct parser *p, const char *stop)
{
	size_t start = p->at;

	while (p->at < p->s.n && (unsigned char)p->s.p[p->at] > ' ' &&
	    strchr(stop, p->s.p[p->at]) == NULL)
		p->at++;
	return kb_str(p->s.p + start, p->at - start);
}

static enum kb_status
read_name(struct parser *p, struct kb_path_name *out)
{
	struct kb_str name = read_until(p, "/@[]()!=|+{}<>\"'");

	if (name.n == 0)
		return fail(p, "a name is missing (a name may hold * and ?)");
	out->text = kb_arena_copy(p->arena, name);
	out->prefixed = kb_str_find(name, KB_STR(":"), 0) != (size_t)-1;
	return KB_OK;
}

static enum kb_status
read_more_names(struct parser *p, struct kb_path_name **at)
{
	struct kb_path_name *n = kb_arena_alloc(p->arena, sizeof(*n));

	if (n == NULL)
		return kb_err_nomem(p->err);
	while (*at != NULL)
		at = &(*at)->next;
	*at = n;
	return read_name(p, n);
}

static enum kb_status
read_cond_subject(struct parser *p, struct kb_path_cond *c)
{
	c->on = KB_COND_CHILD;
	if (peek(p) == '!') {
		c->negate = true;
		p->at++;
	}
	if (peek(p) == '@') {
		c->on = KB_COND_ATTR;
		p->at++;
	} else if (peek(p) == '.') {
		c->on = KB_COND_SELF;
		p->at++;
		return KB_OK;
	}
	return read_name(p, &c->name);
}

/* [max name] and [min name]; p->at is at the name. */
static enum kb_status
read_best(struct parser *p, struct kb_path_step *step, bool most)
{
	enum kb_status st;

	step->most = most;
	st = read_more_names(p, &step->best);
	if (st == KB_OK && (peek(p) != ']' || step->best->next != NULL))
		return fail(p, "write [max name] or [min name], once");
	p->at++;
	return st;
}

/* What stands between [ and ]. */
static enum kb_status
read_cond(struct parser *p, struct kb_path_step *step)
{
	size_t close = kb_str_find(p->s, KB_STR("]"), p->at);
	struct kb_path_cond *c;
	enum kb_status st;

	if (close == (size_t)-1)
		return fail(p, "'[' without ']'");
	if (kb_str_eq(kb_str(p->s.p + p->at, close - p->at),
	    KB_STR("last"))) {
		step->last = true;
		p->at = close + 1;
		return KB_OK;
	}
	if (kb_str_find(p->s, KB_STR("max "), p->at) == p->at ||
	    kb_str_find(p->s, KB_STR("min "), p->at) == p->at) {
		p->at += 4;
		return read_best(p, step, p->s.p[p->at - 3] == 'a');
	}
	c = kb_arena_alloc(p->arena, sizeof(*c));
	if (c == NULL)
		return kb_err_nomem(p->err);
	st = read_cond_subject(p, c);
	if (st != KB_OK)
		return st;
	c->any = p->at == close;
	if (!c->any && peek(p) != '=')
		return fail(p, "a condition is [@attribute=value], "
		    "[child=value], [.=value], [last], [max child] "
		    "or [min child]");
	if (!c->any)
		c->value = kb_path_lower(p->arena, kb_str_trim(
		    kb_str(p->s.p + p->at + 1, close - p->at - 1)));
	c->next = step->conds;
	step->conds = c;
	p->at = close + 1;
	return KB_OK;
}

static enum kb_status
read_step(struct parser *p, struct kb_path_step *step)
{
	enum kb_status st = read_name(p, &step->name);

	while (st == KB_OK && peek(p) == '!') {
		p->at++;
		st = read_more_names(p, &step->except);
	}
	while (st == KB_OK && peek(p) == '[') {
		p->at++;
		st = read_cond(p, step);
	}
	return st;
}

static enum kb_status
read_steps(struct parser *p, struct kb_path *path)
{
	enum kb_status st = KB_OK;

	if (peek(p) == '/') {
		path->absolute = true;
		p->at++;
	} else if (peek(p) == '.') {
		p->at++;
		if (peek(p) != '/')
			return KB_OK;
		p->at++;
	}
	if (peek(p) == '@')
		return path->absolute ? fail(p, "a name is missing") : KB_OK;
	while (st == KB_OK) {
		if (path->nsteps == KB_PATH_STEPS)
			return fail(p, "too many steps");
		st = read_step(p, &path->steps[path->nsteps]);
		path->nsteps++;
		if (peek(p) != '/')
			break;
		p->at++;
	}
	return st;
}

static enum kb_status
read_join(struct parser *p, struct kb_path *path)
{
	enum kb_status st = KB_OK;

	p->at++;
	while (st == KB_OK && peek(p) != ')') {
		if (peek(p) == ' ')
			p->at++;
		else if (peek(p) == '\0')
			st = fail(p, "'(' without ')'");
		else
			st = read_more_names(p, &path->join);
	}
	if (st == KB_OK && path->join == NULL)
		st = fail(p, "no names between ( and )");
	p->at++;
	return st;
}

static enum kb_status
parse_segment(struct kb_path *out, struct kb_str text,
    struct kb_arena *arena, struct kb_err *err)
{
	struct parser p = { .s = kb_str_trim(text), .arena = arena,
	    .err = err };
	struct kb_path path;
	enum kb_status st;

	memset(&path, 0, sizeof(path));
	path.text = kb_arena_copy(arena, p.s);
	if (p.s.n == 0)
		return kb_err_set(err, KB_INPUT, "a path is missing");
	st = read_steps(&p, &path);
	if (st == KB_OK && peek(&p) == '@') {
		p.at++;
		st = read_name(&p, &path.attr);
	} else if (st == KB_OK && peek(&p) == '(') {
		st = read_join(&p, &path);
	}
	if (st == KB_OK && p.at < p.s.n)
		st = fail(&p, "nothing may follow here");
	if (st == KB_OK && arena->failed)
		st = kb_err_nomem(err);
	if (st == KB_OK)
		*out = path;
	return st;
}

/* ---- hops ---- */

/* The first '>' outside of brackets, or s.n. */
static size_t
find_hop(struct kb_str s)
{
	size_t depth = 0, i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '[' || s.p[i] == '(')
			depth++;
		else if ((s.p[i] == ']' || s.p[i] == ')') && depth > 0)
			depth--;
		else if (s.p[i] == '>' && depth == 0)
			break;
	}
	return i;
}

/* "s" begins behind the '>'; what it holds is cut off. */
static enum kb_status
parse_hop(struct kb_hop *hop, struct kb_str *s, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_str path;
	size_t n = 0;

	hop->chain = kb_str_has_prefix(*s, KB_STR(">"));
	if (hop->chain)
		*s = kb_str(s->p + 1, s->n - 1);
	hop->text = kb_arena_copy(arena, kb_str(s->p, find_hop(*s)));
	*s = kb_str(s->p + hop->text.n, s->n - hop->text.n);
	while (n < hop->text.n && memchr("/@(", hop->text.p[n], 3) == NULL)
		n++;
	hop->name = kb_str(hop->text.p, n);
	if (n == 0)
		return kb_err_set(err, KB_INPUT, "the name of a table is "
		    "missing behind '>'");
	path = kb_str(hop->text.p + n, hop->text.n - n);
	if (path.n == 0)
		path = KB_STR(".");
	else if (path.p[0] == '/')
		path = kb_str(path.p + 1, path.n - 1);
	return parse_segment(&hop->path, path, arena, err);
}

enum kb_status
kb_path_parse(struct kb_path *out, struct kb_str text,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str s = kb_str_trim(text);
	size_t n = find_hop(s);
	struct kb_path path;
	struct kb_hop **at = &path.hop;
	enum kb_status st;

	st = parse_segment(&path, n == 0 && s.n > 0 ? KB_STR(".") :
	    kb_str(s.p, n), arena, err);
	if (st == KB_OK && n < s.n)
		path.text = kb_arena_copy(arena, s);
	s = kb_str(s.p + n, s.n - n);
	while (st == KB_OK && s.n > 0) {
		s = kb_str(s.p + 1, s.n - 1);
		*at = kb_arena_alloc(arena, sizeof(**at));
		if (*at == NULL)
			return kb_err_nomem(err);
		st = parse_hop(*at, &s, arena, err);
		at = &(*at)->next;
	}
	if (st == KB_OK && arena->failed)
		st = kb_err_nomem(err);
	if (st == KB_OK)
		*out = path;
	return st;
}
