#include "hidden_style.h"

#define MAX_STYLE	2048	/* bytes whose comments are taken out */
#define MAX_BELOW	64	/* nodes looked at for a size of letters */

enum property {
	DISPLAY, VISIBILITY, OPACITY, FONT_SIZE, COLOR, BACKGROUND,
	BACKGROUND_COLOR, BACKGROUND_CLIP, WIDTH, HEIGHT, MAX_WIDTH,
	MAX_HEIGHT, OVERFLOW, TEXT_INDENT, POSITION, LEFT, TOP, RIGHT,
	BOTTOM, MARGIN_LEFT, MARGIN_TOP, CLIP, CLIP_PATH, TRANSFORM,
	PROPERTIES
};

static const struct {
	struct kb_str	name;
	enum property	property;
} names[] = {
#define P(lit, property)	{ { (lit), sizeof(lit) - 1 }, (property) }
	P("display", DISPLAY), P("visibility", VISIBILITY),
	P("opacity", OPACITY), P("font-size", FONT_SIZE), P("color", COLOR),
	P("background", BACKGROUND), P("background-color", BACKGROUND_COLOR),
	P("background-clip", BACKGROUND_CLIP),
	P("-webkit-background-clip", BACKGROUND_CLIP), P("width", WIDTH),
	P("height", HEIGHT), P("max-width", MAX_WIDTH),
	P("max-height", MAX_HEIGHT), P("overflow", OVERFLOW),
	P("text-indent", TEXT_INDENT), P("position", POSITION),
	P("left", LEFT), P("top", TOP), P("right", RIGHT),
	P("bottom", BOTTOM), P("margin-left", MARGIN_LEFT),
	P("margin-top", MARGIN_TOP), P("clip", CLIP),
	P("clip-path", CLIP_PATH), P("transform", TRANSFORM)
#undef P
};

/* The values of one style attribute; "buf" holds it without comments. */
struct style {
	struct kb_str	v[PROPERTIES];
	char		buf[MAX_STYLE];
};

const char *
kb_hiding_name(enum kb_hiding hiding)
{
	static const char *const known[KB_HIDING_N] = {
		"nothing", "the attribute hidden", "aria-hidden",
		"display:none", "visibility:hidden", "no opacity", "no size",
		"a place off the page", "the colour of its background",
		"a class for screen readers"
	};

	return (size_t)hiding < KB_HIDING_N ? known[hiding] : "unknown";
}

/* ---- reading a style ---- */

static struct kb_str
without_comments(struct kb_str s, char *buf)
{
	size_t n = 0;

	if (s.n > MAX_STYLE || kb_str_find(s, KB_STR("/*"), 0) == (size_t)-1)
		return s;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '/' && i + 1 < s.n && s.p[i + 1] == '*') {
			size_t end = kb_str_find(s, KB_STR("*/"), i + 2);

			if (end == (size_t)-1)
				break;
			i = end + 1;
			continue;
		}
		buf[n++] = s.p[i];
	}
	return kb_str(buf, n);
}

/* Without "!important"; of several values the last one counts. */
static void
read_style(struct style *st, struct kb_str style)
{
	struct kb_str rest, part, name;
	size_t bang;

	memset(st->v, 0, sizeof(st->v));
	rest = without_comments(style, st->buf);
	while (kb_str_split(&rest, ';', &part)) {
		if (!kb_str_split(&part, ':', &name))
			continue;
		name = kb_str_trim(name);
		bang = kb_str_find(part, KB_STR("!"), 0);
		if (bang != (size_t)-1)
			part.n = bang;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (kb_str_caseeq(name, names[i].name))
				st->v[names[i].property] = kb_str_trim(part);
	}
}

static bool
is(const struct style *st, enum property p, const char *value)
{
	return kb_str_caseeq(st->v[p], kb_str_c(value));
}

/* ---- numbers ---- */

/*
 * A number in thousandths at the start of *s, which is set behind it; false
 * if there is none.
 */
static bool
number(struct kb_str *s, int64_t *out)
{
	bool minus = false, any = false;
	int64_t v = 0, unit = 1000;
	size_t i = 0;

	if (i < s->n && (s->p[i] == '-' || s->p[i] == '+'))
		minus = s->p[i++] == '-';
	for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++, any = true)
		if (v < (int64_t)1 << 40)
			v = v * 10 + (s->p[i] - '0') * 1000;
	if (i < s->n && s->p[i] == '.') {
		for (i++; i < s->n && s->p[i] >= '0' && s->p[i] <= '9';
		    i++, any = true) {
			unit /= 10;
			v += unit * (s->p[i] - '0');
		}
	}
	if (!any)
		return false;
	*out = minus ? -v : v;
	*s = kb_str(s->p + i, s->n - i);
	return true;
}

/* A length in about thousandths of a pixel; false if it is none of those. */
static bool
length(struct kb_str s, int64_t *out)
{
	if (!number(&s, out))
		return false;
	s = kb_str_trim(s);
	if (s.n == 0 || kb_str_caseeq(s, KB_STR("px")) ||
	    kb_str_caseeq(s, KB_STR("pt")))
		return true;
	if (kb_str_caseeq(s, KB_STR("em")) ||
	    kb_str_caseeq(s, KB_STR("rem")) || kb_str_caseeq(s, KB_STR("ex")))
		*out *= 16;
	else if (kb_str_caseeq(s, KB_STR("%")) ||
	    kb_str_caseeq(s, KB_STR("vw")) || kb_str_caseeq(s, KB_STR("vh")))
		*out *= 10;
	else
		return false;
	return true;
}

static bool
at_most(const struct style *st, enum property p, int64_t most)
{
	int64_t v;

	return st->v[p].n > 0 && length(st->v[p], &v) && v <= most;
}

/* ---- colours ---- */

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#define UNKNOWN		(-1)
#define SEE_THROUGH	(-2)

/* "#fff", "#ffffff", and both with an alpha channel behind. */
static int32_t
hex_colour(struct kb_str s)
{
	bool shorter = s.n == 4 || s.n == 5;
	int32_t v = 0, alpha = 255;

	if (!shorter && s.n != 7 && s.n != 9)
		return UNKNOWN;
	for (size_t i = 1; i < s.n; i++) {
		int d = hex(s.p[i]);

		if (d < 0)
			return UNKNOWN;
		if (i > (shorter ? 3u : 6u))
			alpha = i == s.n - 1 && d == 0 && (shorter ||
			    s.p[i - 1] == '0') ? 0 : alpha;
		else
			v = shorter ? v << 8 | d << 4 | d : v << 4 | d;
	}
	return alpha == 0 ? SEE_THROUGH : v;
}

/* "rgb(255, 255, 255)", "rgba(0 0 0 / 0)"; percents are not known. */
static int32_t
rgb_colour(struct kb_str s)
{
	int64_t part[4] = { 0, 0, 0, 1000 };
	int n = 0;

	while (s.n > 0 && s.p[0] != '(')
		s = kb_str(s.p + 1, s.n - 1);
	while (s.n > 0 && s.p[0] != ')') {
		if (n < 4 && number(&s, &part[n])) {
			n++;
			continue;
		}
		if (strchr(" ,/(", s.p[0]) == NULL || s.p[0] == '\0')
			return UNKNOWN;
		s = kb_str(s.p + 1, s.n - 1);
	}
	for (int i = 0; i < 3; i++)
		if (part[i] < 0 || part[i] > 255 * 1000)
			return UNKNOWN;
	if (n < 3 || part[3] <= 0)
		return n < 3 ? UNKNOWN : SEE_THROUGH;
	return (int32_t)(part[0] / 1000 << 16 | part[1] / 1000 << 8 |
	    part[2] / 1000);
}

static int32_t
colour(struct kb_str s)
{
	static const struct {
		struct kb_str	name;
		int32_t		value;
	} known[] = {
		{ { "white", 5 }, 0xffffff }, { { "black", 5 }, 0 },
		{ { "red", 3 }, 0xff0000 }, { { "yellow", 6 }, 0xffff00 },
		{ { "blue", 4 }, 0xff }, { { "green", 5 }, 0x8000 },
		{ { "snow", 4 }, 0xfffafa }, { { "ivory", 5 }, 0xfffff0 },
		{ { "whitesmoke", 10 }, 0xf5f5f5 },
		{ { "transparent", 11 }, SEE_THROUGH }
	};

	if (s.n > 0 && s.p[0] == '#')
		return hex_colour(s);
	if (s.n > 4 && kb_str_caseeq(kb_str(s.p, 3), KB_STR("rgb")))
		return rgb_colour(s);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kb_str_caseeq(s, known[i].name))
			return known[i].value;
	return UNKNOWN;
}

bool
kb_style_alike(int32_t a, int32_t b)
{
	if (a < 0 || b < 0)
		return false;
	for (int shift = 0; shift < 24; shift += 8) {
		int d = (a >> shift & 255) - (b >> shift & 255);

		if (d > 8 || d < -8)
			return false;
	}
	return true;
}

/* The ground's colour; unknown where a picture may lie on it. */
static int32_t
ground_of(const struct style *st)
{
	if (st->v[BACKGROUND_COLOR].n > 0)
		return colour(st->v[BACKGROUND_COLOR]);
	return colour(st->v[BACKGROUND]);
}

static bool
hides_by_colour(const struct style *st)
{
	int32_t ink = colour(st->v[COLOR]);

	if (st->v[COLOR].n == 0)
		return false;
	if (ink == SEE_THROUGH)
		return !is(st, BACKGROUND_CLIP, "text");
	return kb_style_alike(ink, ground_of(st));
}

/* ---- size and place ---- */

/* An element below gives its letters a size of their own. */
static bool
sized_below(const struct kb_node *e)
{
	const struct kb_node *n = kb_node_next(e, e);
	struct style st;
	int most = MAX_BELOW;

	for (; n != NULL && most > 0; n = kb_node_next(n, e), most--) {
		if (n->kind != KB_NODE_ELEMENT || n->attrs == NULL)
			continue;
		read_style(&st, kb_node_attr(n, KB_STR("style"), NULL));
		if (st.v[FONT_SIZE].n > 0 && !at_most(&st, FONT_SIZE, 1000))
			return true;
	}
	return false;
}

bool
kb_style_resized(const struct kb_node *e)
{
	struct style st;

	read_style(&st, kb_node_attr(e, KB_STR("style"), NULL));
	return at_most(&st, FONT_SIZE, 1000);
}

static bool
hides_by_size(const struct kb_node *e, const struct style *st)
{
	if (at_most(st, FONT_SIZE, 1000) &&
	    (e->first == NULL || !sized_below(e)))
		return true;
	if (kb_str_has_prefix(st->v[TRANSFORM], KB_STR("scale(0)")))
		return true;
	if (!is(st, OVERFLOW, "hidden") && !is(st, OVERFLOW, "clip"))
		return false;
	return at_most(st, WIDTH, 1000) || at_most(st, HEIGHT, 1000) ||
	    at_most(st, MAX_WIDTH, 1000) || at_most(st, MAX_HEIGHT, 1000);
}

/* "rect(0 0 0 0)", "rect(1px, 1px, 1px, 1px)" */
static bool
clips_all(struct kb_str clip)
{
	size_t open = kb_str_find(clip, KB_STR("("), 0);
	int64_t v;
	int n = 0;

	if (!kb_str_has_prefix(clip, KB_STR("rect(")))
		return false;
	clip = kb_str(clip.p + open + 1, clip.n - open - 1);
	while (clip.n > 0 && clip.p[0] != ')') {
		if (number(&clip, &v)) {
			n++;
			if (v < 0 || v > 1000)
				return false;
			continue;
		}
		if (clip.p[0] == 'a')
			return false;	/* auto */
		clip = kb_str(clip.p + 1, clip.n - 1);
	}
	return n == 4;
}

static bool
clips_path(struct kb_str path)
{
	struct kb_str inside;
	int64_t v;

	if (kb_str_has_prefix(path, KB_STR("circle(0")))
		return true;
	if (!kb_str_has_prefix(path, KB_STR("inset(")))
		return false;
	inside = kb_str(path.p + 6, path.n - 6);
	return number(&inside, &v) && v >= 50 * 1000 && inside.n > 0 &&
	    inside.p[0] == '%';
}

#define FAR	(-999 * 1000)	/* pixels off the page, in thousandths */

static bool
hides_by_place(const struct style *st)
{
	bool lifted = is(st, POSITION, "absolute") ||
	    is(st, POSITION, "fixed");

	if (lifted && (at_most(st, LEFT, FAR) || at_most(st, TOP, FAR) ||
	    at_most(st, RIGHT, FAR) || at_most(st, BOTTOM, FAR) ||
	    clips_all(st->v[CLIP])))
		return true;
	return at_most(st, TEXT_INDENT, FAR) || at_most(st, MARGIN_LEFT, FAR) ||
	    at_most(st, MARGIN_TOP, FAR) || clips_path(st->v[CLIP_PATH]);
}

static bool
is_see_through(struct kb_str opacity)
{
	int64_t v;

	if (opacity.n == 0 || !number(&opacity, &v))
		return false;
	return v <= (opacity.n > 0 && opacity.p[0] == '%' ? 5000 : 50);
}

/* ---- what others ask ---- */

enum kb_hiding
kb_style_hides(const struct kb_node *e, struct kb_str style)
{
	struct style st;

	read_style(&st, style);
	if (is(&st, DISPLAY, "none"))
		return KB_HIDING_DISPLAY;
	if (is(&st, VISIBILITY, "hidden") || is(&st, VISIBILITY, "collapse"))
		return KB_HIDING_VISIBILITY;
	if (is_see_through(st.v[OPACITY]))
		return KB_HIDING_OPACITY;
	if (hides_by_size(e, &st))
		return KB_HIDING_SIZE;
	if (hides_by_place(&st))
		return KB_HIDING_PLACE;
	return hides_by_colour(&st) ? KB_HIDING_COLOUR : KB_HIDING_NONE;
}

int32_t
kb_style_ink(const struct kb_node *e)
{
	struct kb_str s = kb_node_attr(e, KB_STR("color"), NULL);
	struct kb_str css = kb_node_attr(e, KB_STR("style"), NULL);
	struct style st;

	if (s.n == 0 && css.n > 0) {
		read_style(&st, css);
		s = st.v[COLOR];
	}
	return colour(kb_str_trim(s));
}

bool
kb_style_ground(const struct kb_node *e, int32_t *out)
{
	struct kb_str s = kb_node_attr(e, KB_STR("bgcolor"), NULL);
	struct style st;

	read_style(&st, kb_node_attr(e, KB_STR("style"), NULL));
	if (s.n == 0 && st.v[BACKGROUND].n == 0 &&
	    st.v[BACKGROUND_COLOR].n == 0 &&
	    kb_node_attr(e, KB_STR("background"), NULL).n == 0)
		return false;
	*out = s.n > 0 ? colour(kb_str_trim(s)) : ground_of(&st);
	return true;
}
