#include "hidden.h"

#include <stdio.h>

#include "utf8.h"
#include "words.h"

#define MAX_TOLD	50000	/* bytes of one piece that are looked at */
#define ASIDE		12	/* words that help whoever hears the page */
#define PROSE		30	/* words of a comment that is told of */
#define RUN		8	/* unseen characters that are no layout */
#define MAX_UP		64	/* elements looked at for a background */

/* ---- text of what is left out ---- */

/* Text below "e" on one line; elements part words unless they are inline. */
static struct kb_str
text_below(const struct kb_hidden *h, const struct kb_node *e,
    struct kb_buf *out)
{
	const struct kb_node *n = kb_node_next(e, e);

	while (n != NULL && out->n < MAX_TOLD) {
		enum kb_role role = KB_ROLE_INLINE;

		if (n->kind == KB_NODE_ELEMENT && h->dialect != NULL)
			role = kb_dialect_role(h->dialect, n->name,
			    n->parent->name);
		if (role != KB_ROLE_INLINE)
			kb_buf_addch(out, ' ');
		if (n->kind == KB_NODE_TEXT)
			kb_buf_add(out, n->text);
		n = role == KB_ROLE_SKIP ? kb_node_skip(n, e) :
		    kb_node_next(n, e);
	}
	return kb_buf_str(out);
}

/* Words of at least "letters" bytes. */
static size_t
count_words(struct kb_str s, size_t letters)
{
	struct kb_words it = kb_words(s);
	struct kb_word w;
	size_t n = 0;

	while (kb_words_next(&it, &w))
		n += kb_word_norm(&w).n >= letters;
	return n;
}

/* ---- keeping it ---- */

static void
put(struct kb_hidden *h, const char *p, size_t n)
{
	memcpy(h->text + h->text_n, p, n);
	h->text_n += n;
}

/* So that it can be seen: one line, no controls, nothing unseen. */
static void
put_text(struct kb_hidden *h, struct kb_str s)
{
	struct kb_str none = { NULL, 0 };
	enum kb_unseen what;
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		bool space = kb_utf8_space(s, i) > 0;

		n = kb_utf8_next(s, i, &cp);
		if (h->text_n + 4 > KB_HIDDEN_TEXT) {
			put(h, "...", 3);
			return;
		}
		if (space && h->text_n > 0 && h->text[h->text_n - 1] != ' ')
			put(h, " ", 1);
		else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			put(h, space ? "" : "?", !space);
		else if (!space && kb_chars_unseen(s, i, none, &what) == 0)
			put(h, s.p + i, n);
	}
}

static bool
is_full(const struct kb_hidden *h)
{
	return h->text_n + 8 > KB_HIDDEN_TEXT;
}

/* Where bytes [*start, *end) of the tree are in the file. */
static void
place(const struct kb_hidden *h, uint64_t *start, uint64_t *end,
    uint32_t *line)
{
	if (h->outside != NULL) {
		*start = h->outside->start;
		*end = h->outside->end;
		*line = h->outside->line;
	} else if (h->map != NULL) {
		*start = kb_offmap_start(h->map, *start);
		*end = kb_offmap_end(h->map, *end);
	}
}

static void
keep(struct kb_hidden *h, const char *how, struct kb_str text, size_t words,
    uint64_t start, uint64_t end, uint32_t line)
{
	h->words += words;
	if (h->pieces++ == 0) {
		place(h, &start, &end, &line);
		h->how = how;
		h->line = line;
		h->start = start;
		h->end = end;
	} else if (!is_full(h)) {
		put(h, " / ", 3);
	}
	if (!is_full(h))
		put_text(h, kb_str_trim(text));
}

/* ---- elements ---- */

/*
 * Whether "n" words are worth a look.  Pieces of a formula that are drawn and
 * the names of icons are aria-hidden on every page, and are seen.
 */
static bool
is_worth(enum kb_hiding how, struct kb_str text, size_t n)
{
	if (how == KB_HIDING_READER || how == KB_HIDING_PLACE)
		return n > ASIDE;
	if (how == KB_HIDING_ARIA)
		return count_words(text, 3) > ASIDE;
	return n >= KB_HIDDEN_LEAST && count_words(text, 2) >=
	    KB_HIDDEN_LEAST;
}

/* A wording for another system or program: LibreOffice's script chooses. */
static bool
is_other_wording(const struct kb_node *e)
{
	struct kb_str around = e->parent != NULL ? kb_node_attr(e->parent,
	    KB_STR("class"), NULL) : kb_str(NULL, 0);

	return kb_str_has_prefix(around, KB_STR("switch"));
}

static enum kb_hiding
hiding_of(const struct kb_node *e)
{
	struct kb_str style = kb_node_attr(e, KB_STR("style"), NULL);
	enum kb_hiding how = KB_HIDING_NONE;
	bool found;

	if (style.n > 0)
		how = kb_style_hides(e, style);
	if (how != KB_HIDING_NONE)
		return how;
	kb_node_attr(e, KB_STR("hidden"), &found);
	if (found)
		return KB_HIDING_ATTRIBUTE;
	kb_node_attr(e, KB_STR("aria-hidden"), &found);
	return found ? KB_HIDING_ARIA : KB_HIDING_READER;
}

void
kb_hidden_element(struct kb_hidden *h, const struct kb_node *e)
{
	enum kb_hiding how = hiding_of(e);
	struct kb_buf buf = { 0 };
	struct kb_str text;
	size_t n;

	if (how == KB_HIDING_ATTRIBUTE && is_other_wording(e))
		return;
	text = text_below(h, e, &buf);
	n = count_words(text, 1);
	if (is_worth(how, text, n))
		keep(h, kb_hiding_name(how), text, n, e->start, e->end,
		    e->line);
	kb_buf_release(&buf);
}

/*
 * What "e" stands on, as far as styles and attributes in the page say: white
 * where nothing does.  False where a class may say it.
 */
static bool
ground_below(const struct kb_node *e, int32_t *ground)
{
	int up;

	*ground = 0xffffff;
	for (up = 0; e != NULL && up < MAX_UP; e = e->parent, up++) {
		if (e->attrs == NULL)
			continue;
		if (kb_style_ground(e, ground))
			return true;
		if (up < 4 && kb_node_attr(e, KB_STR("class"), NULL).n > 0)
			return false;
	}
	return true;
}

void
kb_hidden_faint(struct kb_hidden *h, const struct kb_node *e)
{
	int32_t ink = kb_style_ink(e), ground;
	struct kb_buf buf = { 0 };
	struct kb_str text;
	size_t n;

	if (ink < 0 || e->start < h->faint_end || !ground_below(e, &ground) ||
	    !kb_style_alike(ink, ground))
		return;
	h->faint_end = e->end;
	text = text_below(h, e, &buf);
	n = count_words(text, 1);
	if (n >= KB_HIDDEN_LEAST)
		keep(h, "the colour of what it stands on", text, n, e->start,
		    e->end, e->line);
	kb_buf_release(&buf);
}

/* ---- comments ---- */

static bool
has_any(struct kb_str s, const char *const *words)
{
	for (; *words != NULL; words++) {
		struct kb_str w = kb_str_c(*words);

		for (size_t i = 0; i + w.n <= s.n; i++)
			if (kb_str_caseeq(kb_str(s.p + i, w.n), w))
				return true;
	}
	return false;
}

/* Markup, code, licences, stamps of programs, notes for editors. */
static bool
is_usual(struct kb_str s)
{
	static const char *const known[] = {
		"copyright", "(c)", "licen", "spdx", "generated", "$id",
		"/>", "</", "{", "};", "//", "==", "function", "todo",
		"fixme", "google", "analytics", "begin ", "end ", NULL
	};

	return s.n > 0 && (s.p[0] == '[' || s.p[0] == '<' ||
	    has_any(s, known));
}

/* A few words that nobody writes into a page but for a machine. */
static bool
addresses_machine(struct kb_str s)
{
	static const char *const known[] = {
		"ignore previous", "ignore all previous", "ignore the above",
		"ignore any previous", "disregard previous",
		"disregard all", "previous instructions", "system prompt",
		"language model", "ai assistant", "ai model", "chatbot",
		"as an ai", "automated answer", "when answering", NULL
	};

	return has_any(s, known);
}

static size_t
count_stops(struct kb_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (s.p[i] == '.' || s.p[i] == '!' || s.p[i] == '?') &&
		    (i + 1 == s.n || kb_utf8_space(s, i + 1) > 0);
	return n;
}

void
kb_hidden_comment(struct kb_hidden *h, const struct kb_node *comment)
{
	struct kb_str s = kb_str_trim(comment->text);
	size_t n;

	if (s.n > MAX_TOLD)
		s.n = kb_utf8_floor(s, MAX_TOLD);
	/* A word takes two bytes at the least. */
	if (s.n < 2 * KB_HIDDEN_LEAST)
		return;
	n = count_words(s, 2);
	if (n < KB_HIDDEN_LEAST)
		return;
	if (!addresses_machine(s) && (n < PROSE || count_stops(s) < 2 ||
	    is_usual(s)))
		return;
	keep(h, "a comment", s, n, comment->start, comment->end,
	    comment->line);
}

/* ---- characters ---- */

static const char *
run_name(const struct kb_hidden *h)
{
	if (h->worst == KB_UNSEEN_OVERRIDE)
		return "characters that turn the direction around";
	return h->code_n > 0 ? "characters that nobody sees, which spell it" :
	    "characters that nobody sees";
}

/* The run is over: is it more than layout? */
static void
end_run(struct kb_hidden *h)
{
	struct kb_str spelt = kb_str(h->code, h->code_n), text = spelt;
	char count[40];

	if (h->run > 0 && (h->worst != KB_UNSEEN_LAYOUT || h->run >= RUN)) {
		if (spelt.n == 0) {
			snprintf(count, sizeof(count), "(%zu characters)",
			    h->run);
			text = kb_str_c(count);
		}
		keep(h, run_name(h), text, count_words(spelt, 1),
		    h->run_start, h->run_end, h->run_line);
	}
	h->run = h->code_n = 0;
	h->worst = KB_UNSEEN_NONE;
}

/* Tags are ASCII behind U+E0000, variation selectors the numbers of bytes. */
static void
spell(struct kb_hidden *h, uint32_t cp)
{
	uint32_t c = 0;

	if (cp >= 0xe0000 && cp < 0xe0080)
		c = cp - 0xe0000;
	else if (cp >= 0xfe00 && cp <= 0xfe0f)
		c = cp - 0xfe00;
	else if (cp >= 0xe0100 && cp <= 0xe01ef)
		c = cp - 0xe0100 + 16;
	if (c >= 0x20 && c < 0x7f && h->code_n < sizeof(h->code))
		h->code[h->code_n++] = (char)c;
}

void
kb_hidden_char(struct kb_hidden *h, const struct kb_node *node,
    uint64_t start, uint64_t end, uint32_t cp, enum kb_unseen what)
{
	if (h->run > 0 && start != h->run_end)
		end_run(h);
	if (h->run++ == 0) {
		h->run_start = start;
		h->run_line = node != NULL ? node->line : 0;
	}
	h->run_end = end;
	if (what > h->worst)
		h->worst = what;
	spell(h, cp);
}

void
kb_hidden_tree(struct kb_hidden *h, const struct kb_record *rec,
    unsigned part, const struct kb_offmap *map,
    const struct kb_dialect *dialect)
{
	end_run(h);
	h->map = map;
	h->dialect = dialect;
	h->outside = rec->parts[part].field.n > 0 ? rec : NULL;
	h->faint_end = 0;
}

/* ---- values ---- */

/* The value without what nobody sees; itself if that would be nothing. */
static struct kb_str
clean_value(struct kb_hidden *h, struct kb_arena *arena, struct kb_str s,
    size_t at)
{
	struct kb_buf buf = { 0 };
	struct kb_str out;
	enum kb_unseen what;
	uint32_t cp;
	size_t from = 0, n;

	for (; at < s.n; at += n) {
		kb_utf8_next(s, at, &cp);
		n = kb_chars_unseen(s, at, kb_str(s.p, at), &what);
		if (n == 0) {
			n = kb_utf8_next(s, at, &cp);
			continue;
		}
		kb_hidden_char(h, NULL, at, at + n, cp, what);
		kb_buf_add(&buf, kb_str(s.p + from, at - from));
		from = at + n;
	}
	end_run(h);
	kb_buf_add(&buf, kb_str(s.p + from, s.n - from));
	arena->failed |= buf.failed;
	out = kb_arena_copy(arena, kb_str_trim(kb_buf_str(&buf)));
	kb_buf_release(&buf);
	return out.n > 0 ? out : s;
}

static void
clean_values(struct kb_hidden *h, struct kb_record *rec)
{
	struct kb_str none = { NULL, 0 };
	enum kb_unseen what;

	h->outside = rec;
	for (int f = 0; f < KB_F_N; f++)
		for (struct kb_value *v = rec->values[f]; v != NULL;
		    v = v->next)
			for (size_t i = 0; i < v->text.n; i++)
				if ((unsigned char)v->text.p[i] >= 0xc2 &&
				    kb_chars_unseen(v->text, i, none,
				    &what) > 0) {
					v->text = clean_value(h, rec->arena,
					    v->text, i);
					break;
				}
}

/* ---- pictures, and the end ---- */

void
kb_hidden_image(struct kb_hidden *h, const struct kb_node *step)
{
	if (h->images++ > 0)
		return;
	h->image_line = step->line;
	h->image_start = step->start;
	h->image_end = step->end;
	place(h, &h->image_start, &h->image_end, &h->image_line);
}

static void
say(struct kb_record *rec, const char *code, struct kb_str message,
    uint32_t line, uint64_t start, uint64_t end)
{
	struct kb_diag d = { KB_WARNING, code, message, line, 0, start, end };
	struct kb_diag_sink sink = kb_record_sink(rec);

	sink.fn(sink.arg, &d);
}

static void
tell_text(const struct kb_hidden *h, struct kb_record *rec)
{
	struct kb_str how = kb_str_c(h->how);

	say(rec, "hidden-text", kb_arena_printf(rec->arena, "%zu word%s that "
	    "people do not see (%.*s%s): %.*s", h->words, h->words == 1 ?
	    "" : "s", KB_FMT(how), h->pieces > 1 ? " and more" : "",
	    (int)h->text_n, h->text), h->line, h->start, h->end);
}

void
kb_hidden_tell(struct kb_hidden *h, struct kb_record *rec)
{
	end_run(h);
	clean_values(h, rec);
	if (h->pieces > 0 && !rec->dropped)
		tell_text(h, rec);
	if (h->images > 0 && !rec->dropped)
		say(rec, "image-only", kb_arena_printf(rec->arena, "%zu "
		    "step%s a picture and no words: a reader of text alone "
		    "cannot follow", h->images, h->images == 1 ? " is" :
		    "s are"), h->image_line, h->image_start, h->image_end);
	memset(h, 0, sizeof(*h));
}

struct kb_str
kb_hidden_threshold(struct kb_str code)
{
	if (kb_str_eq(code, KB_STR("hidden-text")))
		return KB_STR("5");
	return kb_str_eq(code, KB_STR("image-only")) ? KB_STR("1") :
	    kb_str(NULL, 0);
}
