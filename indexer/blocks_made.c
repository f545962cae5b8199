/*
 * blocks_made: text that a reader sees and that is no text in the source: the
 * numbers of steps, and what pictures say of themselves.  Contract:
 * blocks_impl.h.
 */
#include "blocks_impl.h"

#include "utf8.h"

#define MAX_ALT		1000	/* bytes; the rest of an alt text is left out */
#define MAX_NUMBER	999999	/* of a list's start */
#define MAX_UP		4	/* from a picture to its figure */
#define MAX_SHOWN	64	/* bytes of numbers of items in items */
#define MAX_BETWEEN	16	/* elements from a list to its item */

/* ---- how a list counts ---- */

static bool
integer(struct kb_str s, int32_t *out)
{
	bool minus = false;
	int32_t n = 0;
	size_t i = 0;

	s = kb_str_trim(s);
	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
		minus = s.p[i++] == '-';
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || n > MAX_NUMBER)
			return false;
		n = n * 10 + (s.p[i] - '0');
	}
	*out = minus ? -n : n;
	return n <= MAX_NUMBER;
}

struct naming {
	struct kb_str	name;
	char		style;
};

/* HTML's type, CSS's list-style-type, DocBook's numeration. */
static char
style_named(struct kb_str s, char none)
{
	static const struct naming known[] = {
		{ { "1", 1 }, '1' }, { { "a", 1 }, 'a' }, { { "A", 1 }, 'A' },
		{ { "i", 1 }, 'i' }, { { "I", 1 }, 'I' }, { { "n", 1 }, 0 },
		{ { "none", 4 }, 0 }, { { "decimal", 7 }, '1' },
		{ { "lower-alpha", 11 }, 'a' }, { { "lower-latin", 11 }, 'a' },
		{ { "upper-alpha", 11 }, 'A' }, { { "upper-latin", 11 }, 'A' },
		{ { "lower-roman", 11 }, 'i' }, { { "upper-roman", 11 }, 'I' },
		{ { "loweralpha", 10 }, 'a' }, { { "upperalpha", 10 }, 'A' },
		{ { "lowerroman", 10 }, 'i' }, { { "upperroman", 10 }, 'I' }
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kb_str_eq(s, known[i].name))
			return known[i].style;
	return none;
}

/* Of a style attribute's list-style or list-style-type. */
static char
style_of(struct kb_str css, char style)
{
	struct kb_str part, name, word;

	while (kb_str_split(&css, ';', &part)) {
		if (!kb_str_split(&part, ':', &name))
			continue;
		name = kb_str_trim(name);
		if (!kb_str_caseeq(name, KB_STR("list-style")) &&
		    !kb_str_caseeq(name, KB_STR("list-style-type")))
			continue;
		part = kb_str_trim(part);
		while (kb_str_split(&part, ' ', &word))
			style = style_named(word, style);
	}
	return style;
}

void
kb_blocks_count_from(struct kb_blocks_walk *w, const struct kb_node *list)
{
	struct kb_blocks_state *s = kb_blocks_top(w);
	bool again = list->start < w->opts->from, down = false;

	s->number = 1;
	s->style = '1';
	s->down = false;
	if (list->attrs == NULL)
		return;
	if (w->opts->html || again)
		kb_node_attr(list, KB_STR("reversed"), &down);
	s->down = down;
	if (!integer(kb_node_attr(list, w->opts->html || again ?
	    KB_STR("start") : KB_STR("startingnumber"), NULL), &s->number) &&
	    down) {
		/* How many items there are is not known in a part of it. */
		s->style = 0;
		return;
	}
	s->style = style_named(kb_node_attr(list, w->opts->html || again ?
	    KB_STR("type") : KB_STR("numeration"), NULL), '1');
	if (w->opts->html)
		s->style = style_of(kb_node_attr(list, KB_STR("style"), NULL),
		    s->style);
}

/*
 * True if the list is part of the contexts of what stands in its item: no
 * table for looks, and none that text was moved out of, is between them.
 */
static bool
list_is_near(const struct kb_blocks_walk *w, size_t list)
{
	if (w->depth - list > MAX_BETWEEN)
		return false;
	for (size_t i = list + 1; i < w->depth; i++)
		if (w->stack[i].closed || w->stack[i].node->fostered)
			return false;
	return true;
}

void
kb_blocks_count_item(struct kb_blocks_walk *w, const struct kb_node *item)
{
	struct kb_blocks_state *s = kb_blocks_top(w);
	struct kb_blocks_state *list = &w->stack[s->list];
	bool again = item->start < w->opts->from;

	s->ordinal = 0;
	if (!list->steps)
		return;
	/* Its number is in the context already, as the next one. */
	if (again) {
		s->ordinal = 1;
		return;
	}
	if (w->opts->html)
		integer(kb_node_attr(item, KB_STR("value"), NULL),
		    &list->number);
	s->number = list->number;
	s->ordinal = s->number > 0 ? (uint32_t)s->number : 1;
	list->number += list->down ? -1 : 1;
	w->context_of = NULL;
	s->pending = list->style != 0 && !w->opts->whole &&
	    list_is_near(w, s->list);
	w->npending += s->pending;
}

/* ---- numbers as text ---- */

/* a to z, aa to zz, and so on; 0 and less as numbers. */
static void
add_alpha(struct kb_buf *out, int32_t n, char a)
{
	char buf[8];
	size_t i = sizeof(buf);

	for (; n > 0; n = (n - 1) / 26)
		buf[--i] = (char)(a + (n - 1) % 26);
	kb_buf_add(out, kb_str(buf + i, sizeof(buf) - i));
}

static void
add_roman(struct kb_buf *out, int32_t n, bool upper)
{
	static const struct {
		int32_t		n;
		const char	*lower, *upper;
	} v[] = {
		{ 1000, "m", "M" }, { 900, "cm", "CM" }, { 500, "d", "D" },
		{ 400, "cd", "CD" }, { 100, "c", "C" }, { 90, "xc", "XC" },
		{ 50, "l", "L" }, { 40, "xl", "XL" }, { 10, "x", "X" },
		{ 9, "ix", "IX" }, { 5, "v", "V" }, { 4, "iv", "IV" },
		{ 1, "i", "I" }
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		for (; n >= v[i].n; n -= v[i].n)
			kb_buf_addc(out, upper ? v[i].upper : v[i].lower);
}

static void
add_number(struct kb_buf *out, int32_t n, char style)
{
	if ((style == 'a' || style == 'A') && n > 0)
		add_alpha(out, n, style);
	else if ((style == 'i' || style == 'I') && n > 0 && n < 4000)
		add_roman(out, n, style == 'I');
	else
		kb_buf_printf(out, "%d", (int)n);
	kb_buf_addc(out, ". ");
}

/* The lowest item whose number is pending; 0 if none is to be shown. */
static size_t
first_pending(const struct kb_blocks_walk *w, uint64_t text)
{
	size_t left = w->npending, i = w->depth, first = 0;

	while (left > 0 && i-- > 1) {
		/* No passage reaches out of it to the item. */
		if (w->stack[i].closed || w->stack[i].node->fostered ||
		    w->stack[i].parts != w->parts)
			break;
		if (!w->stack[i].pending)
			continue;
		first = i;
		left--;
	}
	if (first > 0 && w->nmoved > 0 && kb_blocks_has_moved(w,
	    w->stack[first].node->start, text))
		return 0;
	return first;
}

bool
kb_blocks_show_numbers(struct kb_blocks_walk *w, uint64_t text,
    struct kb_str *context)
{
	const struct kb_blocks_state *top = kb_blocks_top(w);
	struct kb_buf buf = { 0 };
	size_t first;

	if (w->npending == 0 || top->pre > 0 || top->row)
		return false;
	first = first_pending(w, text);
	if (first == 0)
		return false;
	*context = kb_blocks_item_context(w, first);
	for (size_t i = first; i < w->depth && w->text.n < MAX_SHOWN; i++) {
		const struct kb_node *e = w->stack[i].node;

		if (!w->stack[i].pending)
			continue;
		kb_buf_clear(&buf);
		add_number(&buf, w->stack[i].number,
		    w->stack[w->stack[i].list].style);
		w->failed |= buf.failed;
		kb_blocks_put_made(w, kb_buf_str(&buf), e->start, e->start +
		    (e->mark > 0 ? e->mark : 1 + e->name.n));
	}
	kb_buf_release(&buf);
	return true;
}

void
kb_blocks_drop_numbers(struct kb_blocks_walk *w)
{
	for (size_t i = w->depth; w->npending > 0 && i-- > 1; ) {
		w->npending -= w->stack[i].pending;
		w->stack[i].pending = false;
	}
	w->npending = 0;
}

/* ---- pictures ---- */

/* The last part of a path, without the question behind it. */
static struct kb_str
file_name(struct kb_str src)
{
	size_t end = 0;

	while (end < src.n && src.p[end] != '?' && src.p[end] != '#')
		end++;
	src.n = end;
	while (end > 0 && src.p[end - 1] != '/' && src.p[end - 1] != '\\')
		end--;
	return kb_str(src.p + end, src.n - end);
}

static struct kb_str
without_ending(struct kb_str name)
{
	static const char *const known[] = {
		".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp",
		".tif", ".tiff", ".ico", ".emz", ".wmf"
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct kb_str e = kb_str_c(known[i]);

		if (name.n > e.n && kb_str_caseeq(kb_str(name.p + name.n -
		    e.n, e.n), e))
			return kb_str(name.p, name.n - e.n);
	}
	return name;
}

static size_t
skip_gap(struct kb_str s, size_t i)
{
	for (;;) {
		if (i < s.n && strchr("-_ +.", s.p[i]) != NULL &&
		    s.p[i] != '\0')
			i++;
		else if (i + 2 < s.n && s.p[i] == '%' && s.p[i + 1] == '2' &&
		    s.p[i + 2] == '0')
			i += 3;
		else
			return i;
	}
}

/* Equal but for case and what parts words. */
static bool
same_name(struct kb_str a, struct kb_str b)
{
	size_t i = skip_gap(a, 0), k = skip_gap(b, 0);

	while (i < a.n && k < b.n) {
		if (!kb_str_caseeq(kb_str(a.p + i, 1), kb_str(b.p + k, 1)))
			return false;
		i = skip_gap(a, i + 1);
		k = skip_gap(b, k + 1);
	}
	return i == a.n && k == b.n;
}

/* The name of a file says nothing about what is to be seen. */
static bool
names_file(struct kb_str alt, struct kb_str src)
{
	struct kb_str bare = without_ending(alt);

	if (bare.n < alt.n && memchr(alt.p, ' ', alt.n) == NULL)
		return true;
	return same_name(bare, without_ending(file_name(src)));
}

/* In lower case, without what parts words. */
static void
add_squeezed(struct kb_buf *out, struct kb_str s)
{
	for (size_t i = skip_gap(s, 0); i < s.n; i = skip_gap(s, i + 1))
		kb_buf_addch(out, s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    (char)(s.p[i] + 32) : s.p[i]);
}

static bool
says_again(struct kb_blocks_walk *w, struct kb_str caption,
    struct kb_str alt)
{
	struct kb_buf a = { 0 }, b = { 0 };
	bool again;

	add_squeezed(&a, caption);
	add_squeezed(&b, alt);
	again = b.n > 0 && kb_str_find(kb_buf_str(&a), kb_buf_str(&b), 0) !=
	    (size_t)-1;
	w->failed |= a.failed || b.failed;
	kb_buf_release(&a);
	kb_buf_release(&b);
	return again;
}

/*
 * The picture's figure has a caption that says the same, and perhaps more:
 * if that did not count, a quote with a part of the caption would be read
 * otherwise.
 */
static bool
repeats_caption(struct kb_blocks_walk *w, const struct kb_node *picture,
    struct kb_str alt)
{
	const struct kb_node *n = picture->parent, *k;
	int most = 64;

	for (int up = 0; n != NULL && up < MAX_UP; n = n->parent, up++)
		if (kb_str_eq(n->name, KB_STR("figure")))
			break;
	if (n == NULL || !kb_str_eq(n->name, KB_STR("figure")))
		return false;
	for (k = n->first; k != NULL && most-- > 0; k = k->next)
		if (kb_str_eq(k->name, KB_STR("figcaption")) && says_again(w,
		    kb_node_text(w->rec->arena, k, MAX_ALT), alt))
			return true;
	return false;
}

static bool
is_picture(const struct kb_node *e)
{
	static const char *const known[] = {
		"img", "svg", "object", "video", "canvas", "media", "graphic",
		"inlinegraphic", "imagedata", "image", "ac:image"
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kb_str_eq(e->name, kb_str_c(known[i])))
			return true;
	return false;
}

/* What an alt text says, or nothing. */
static struct kb_str
alt_of(const struct kb_node *e)
{
	struct kb_str role = kb_node_attr(e, KB_STR("role"), NULL);
	struct kb_str alt = kb_str_trim(kb_node_attr(e, KB_STR("alt"), NULL));

	if (alt.n == 0 || kb_str_eq(role, KB_STR("presentation")) ||
	    kb_str_eq(role, KB_STR("none")) ||
	    names_file(alt, kb_node_attr(e, KB_STR("src"), NULL)))
		return kb_str(NULL, 0);
	return alt;
}

/* On one line, without what nobody sees, not too long. */
static struct kb_str
visible_part(struct kb_blocks_walk *w, const struct kb_node *e,
    struct kb_str s, struct kb_buf *out)
{
	enum kb_unseen what;
	uint32_t cp;

	for (size_t i = 0, n, k; i < s.n && out->n < MAX_ALT; i += n) {
		n = kb_utf8_next(s, i, &cp);
		if ((k = kb_utf8_space(s, i)) > 0) {
			if (out->n > 0 && out->p[out->n - 1] != ' ')
				kb_buf_addch(out, ' ');
			n = k;
		} else if ((k = kb_chars_unseen(s, i, kb_buf_str(out),
		    &what)) > 0) {
			if (w->opts->hidden != NULL)
				kb_hidden_char(w->opts->hidden, e, e->start,
				    e->start, cp, what);
		} else {
			kb_buf_add(out, kb_str(s.p + i, n));
		}
	}
	return kb_str_trim(kb_buf_str(out));
}

/* An alt text as it goes into a block, whose pieces cannot be mended. */
static struct kb_str
clean(struct kb_blocks_walk *w, const struct kb_node *e, struct kb_str alt)
{
	struct kb_buf seen = { 0 }, made = { 0 }, out = { 0 };
	struct kb_str s = visible_part(w, e, alt, &seen);
	size_t at = 0, from, to;
	bool more = s.n > 0;

	while (more) {
		more = kb_chars_compose(s, at, &from, &to, &made);
		kb_buf_add(&out, kb_str(s.p + at, from - at));
		if (more)
			kb_buf_add(&out, kb_buf_str(&made));
		at = to;
	}
	w->failed |= seen.failed || made.failed || out.failed;
	s = kb_arena_copy(w->rec->arena, kb_buf_str(&out));
	kb_buf_release(&seen);
	kb_buf_release(&made);
	kb_buf_release(&out);
	return s;
}

void
kb_blocks_picture(struct kb_blocks_walk *w, const struct kb_node *e)
{
	struct kb_blocks_state *s = kb_blocks_top(w);
	struct kb_str alt;

	if (s->mute || !is_picture(e))
		return;
	if (s->item > 0)
		w->stack[s->item].pictured = true;
	if (!w->opts->html || w->opts->whole || e->attrs == NULL ||
	    !kb_str_eq(e->name, KB_STR("img")))
		return;
	alt = clean(w, e, alt_of(e));
	if (alt.n == 0)
		return;
	if (repeats_caption(w, e, alt)) {
		/* Either may be read without the other. */
		kb_blocks_part(w);
		return;
	}
	if (s->pre == 0)
		kb_blocks_add_space(w, e->start, e->start, false);
	kb_blocks_add_made(w, e, alt, e->start, e->end);
	if (s->pre == 0)
		kb_blocks_add_space(w, e->end, e->end, false);
}

void
kb_blocks_check_step(struct kb_blocks_walk *w,
    const struct kb_blocks_state *s)
{
	if (s->ordinal == 0 || !s->pictured || s->inks != w->inks ||
	    w->opts->hidden == NULL)
		return;
	kb_hidden_image(w->opts->hidden, s->node);
}
