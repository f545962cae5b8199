/*
 * Whether two articles, or two sections, are about the same thing.  In doubt
 * they are not.
 */
#include "conflict_impl.h"
#include "words.h"

#define TERMS_MOST	24

/* Words of a title from which on a longer one with all of them is narrower. */
#define NARROWED	3

/* How often more a word stands in the one text than in the other. */
#define TOPIC_TIMES	3

struct terms {
	struct kb_word	v[TERMS_MOST];
	bool		common[TERMS_MOST];	/* in the other, in order */
	size_t		n;
};

/* "imports", "imported" and "importing" of "import"; "deleting". */
static bool
is_form(struct kb_str w, struct kb_str base)
{
	static const char *const ends[] = { "", "s", "e", "es", "d", "ed",
	    "ing" };
	size_t n = base.n > 3 && base.p[base.n - 1] == 'e' ? base.n - 1 :
	    base.n;

	if (kb_str_eq(w, base))
		return true;
	if (w.n <= n || w.n < 4 || memcmp(w.p, base.p, n) != 0)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (kb_str_eq(kb_str(w.p + n, w.n - n), kb_str_c(ends[i])))
			return true;
	return false;
}

/* Systems, plans, readers, places: a text is for one of them, or for all. */
static bool
is_system(struct kb_str w)
{
	static const char *const words[] = {
		"windows", "macos", "mac", "osx", "linux", "ubuntu", "debian",
		"fedora", "redhat", "rhel", "centos", "suse", "android",
		"ios", "iphone", "ipad", "ipados", "chromeos", "chromebook",
		"unix", "solaris", "freebsd", "arm", "x86", "amd64",
		"mobile", "desktop", "laptop", "laptops", "tablet", "phone",
		"web", "browser", "cloud", "server", "client", "premises",
		"onprem", "hosted", "enterprise", "professional", "pro",
		"basic", "standard", "premium", "business", "free", "trial",
		"starter", "home", "education", "community", "student",
		"students", "staff", "employee", "employees", "contractor",
		"contractors", "guest", "guests", "visitor", "visitors",
		"admin", "admins", "administrator", "administrators",
		"manager", "managers", "developer", "developers", "teacher",
		"teachers", "parents", "patients", "uk", "usa", "us", "eu",
		"europe", "germany", "france", "spain", "italy", "india",
		"china", "japan", "canada", "australia", "asia", "america",
		"england", "scotland", "wales", "ireland", "chrome",
		"firefox", "safari", "edge", "outlook", "thunderbird",
		"staging", "production", "test", "dev", "development",
		"beta", "alpha", "legacy", "old", "new", "classic", "python",
		"java", "javascript", "node", "ruby", "php", "go", "rust",
		"mysql", "postgresql", "oracle", "aws", "azure", "gcp",
		"upload", "download", "import", "export", "install",
		"uninstall", "enable", "disable", "create", "delete", "add",
		"remove", "start", "stop", "read", "write", "input", "output",
		"minimum", "maximum", "first", "second", "annual", "monthly",
		"weekly", "daily", "internal", "external", "public", "private"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_form(w, kb_str_c(words[i])))
			return true;
	return false;
}

bool
kb_conflict_qualifier(struct kb_str w)
{
	for (size_t i = 0; i < w.n; i++)
		if (w.p[i] >= '0' && w.p[i] <= '9')
			return true;
	return is_system(w);
}

/* Words of a title that do not tell what it is about. */
static bool
is_generic(struct kb_str w)
{
	static const char *const words[] = {
		"get", "getting", "put", "make", "find", "use", "using",
		"work", "working", "need", "want", "detail", "information",
		"info", "overview", "guide", "introduction", "intro", "faq",
		"question", "help", "problem", "issue", "instruction",
		"page", "article", "about", "manage", "managing", "setup",
		"setting", "set", "how", "know", "explain", "explained",
		"our", "company", "quick", "tip", "basic", "knowledge",
		"base", "manual", "handbook", "document", "documentation",
		"support", "supported", "long", "got", "sent", "send"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_form(w, kb_str_c(words[i])))
			return true;
	return kb_facts_empty_word(w) && w.n > 1;
}

/* ---- words ---- */

static void
terms_of(struct terms *out, struct kb_str s)
{
	struct kb_words it = kb_words(s);

	out->n = 0;
	while (out->n < TERMS_MOST && kb_words_next(&it, &out->v[out->n]))
		out->common[out->n++] = false;
}

bool
kb_conflict_same_word(struct kb_str a, struct kb_str b)
{
	size_t least = a.n < b.n ? a.n : b.n, most = a.n + b.n - least, k = 0;

	while (k < least && a.p[k] == b.p[k])
		k++;
	if (k == most)
		return true;
	return k >= 4 && k + 1 >= least && most - k <= 4;
}

static bool
has(const struct terms *t, struct kb_str w)
{
	for (size_t i = 0; i < t->n; i++)
		if (kb_conflict_same_word(kb_word_norm(&t->v[i]), w))
			return true;
	return false;
}

/* How often a text has a word; *n gets all its words. */
static size_t
count(const struct kb_article_text *t, struct kb_str w, size_t *n)
{
	size_t hits = 0;

	*n = 0;
	for (size_t i = 0; i < t->nparagraphs; i++) {
		struct kb_words it = kb_words(t->paragraphs[i].text);
		struct kb_word word;

		while (kb_words_next(&it, &word)) {
			hits += kb_conflict_same_word(kb_word_norm(&word), w);
			(*n)++;
		}
	}
	return hits;
}

/* One of the two says of which system, plan, number it speaks. */
static bool
qualified(const struct terms *a, const struct terms *b)
{
	for (size_t i = 0; i < a->n; i++) {
		struct kb_str w = kb_word_norm(&a->v[i]);

		if (kb_conflict_qualifier(w) && !has(b, w))
			return true;
	}
	return false;
}

enum topic {
	TOPIC_SAME,
	TOPIC_OWN,	/* a word of the title that the other hardly uses */
	TOPIC_STRONG	/* and that this one uses again and again */
};

/*
 * Whether a's title names what a's text is about and b's is not; in a title
 * of a form that b's has as well ("parallel") also what neither text names.
 */
static enum topic
topic(const struct terms *title, const struct kb_article_text *a,
    const struct terms *other, const struct kb_article_text *b,
    bool parallel)
{
	enum topic out = TOPIC_SAME;

	for (size_t i = 0; i < title->n && out != TOPIC_STRONG; i++) {
		struct kb_str w = kb_word_norm(&title->v[i]);
		size_t x, y, in_a, in_b;

		if (w.n < 2 || is_generic(w) || has(other, w))
			continue;
		x = count(a, w, &in_a);
		y = count(b, w, &in_b);
		if ((x == 0 && !(parallel && y == 0)) || (x > 0 &&
		    x * in_b <= TOPIC_TIMES * y * in_a))
			continue;
		out = x >= 3 ? TOPIC_STRONG : TOPIC_OWN;
	}
	return out;
}

/* ---- parallel titles ---- */

/* Marks the longest common sequence of both; returns its length. */
static size_t
line_up(struct terms *a, struct terms *b)
{
	unsigned char len[TERMS_MOST + 1][TERMS_MOST + 1] = { { 0 } };
	size_t i, j;

	for (i = a->n; i-- > 0; )
		for (j = b->n; j-- > 0; ) {
			bool same = kb_conflict_same_word(
			    kb_word_norm(&a->v[i]), kb_word_norm(&b->v[j]));
			unsigned char skip = len[i + 1][j] > len[i][j + 1] ?
			    len[i + 1][j] : len[i][j + 1];
			unsigned char take = (unsigned char)(len[i + 1][j + 1] +
			    same);

			len[i][j] = take > skip ? take : skip;
		}
	for (i = j = 0; i < a->n && j < b->n; ) {
		if (len[i][j] == len[i + 1][j]) {
			i++;
		} else if (len[i][j] == len[i][j + 1]) {
			j++;
		} else {
			a->common[i++] = true;
			b->common[j++] = true;
		}
	}
	return len[0][0];
}

/* A word of its own that names something. */
static bool
has_own(const struct terms *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct kb_str w = kb_word_norm(&t->v[i]);
		bool figures = w.n > 4 && w.p[0] >= '0' && w.p[0] <= '9';

		if (!t->common[i] && !figures && !is_generic(w))
			return true;
	}
	return false;
}

/*
 * One form filled in for two things: "Install the A", "Install the B"; or a
 * long title whole in a longer one, "Set up the A", "Set up the A without B".
 */
static bool
is_parallel(struct kb_str a, struct kb_str b)
{
	struct terms x, y;
	size_t n, least;

	terms_of(&x, a);
	terms_of(&y, b);
	n = line_up(&x, &y);
	least = x.n < y.n ? x.n : y.n;
	if (n == least && n >= NARROWED)
		return has_own(&x) || has_own(&y);
	return n > 0 && n * 2 >= least && has_own(&x) && has_own(&y);
}

/* "The driver", "The native driver": a word put in makes another. */
static bool
is_inserted(struct terms *x, struct terms *y)
{
	const struct terms *longer = x->n > y->n ? x : y;
	size_t least = x->n + y->n - longer->n;

	return least >= 2 && longer->n > least && line_up(x, y) == least &&
	    longer->common[0] && longer->common[longer->n - 1] &&
	    has_own(longer);
}

static bool
differ(struct kb_str a, struct kb_str b)
{
	return a.n > 0 && b.n > 0 && !kb_str_caseeq(a, b);
}

/* ---- versions in paths ---- */

/* The next folder or file, without the file's ending. */
static struct kb_str
next_part(struct kb_str *rest)
{
	struct kb_str part = { NULL, 0 };

	kb_str_split(rest, '/', &part);
	for (size_t i = part.n; rest->p == NULL && i-- > 1 && part.n - i <= 6;)
		if (part.p[i] == '.') {
			part.n = i;
			break;
		}
	return part;
}

/*
 * Equal but for figures, as "llvm-13" and "llvm-14": long runs of figures
 * are ids.
 */
static bool
is_other_version(struct kb_str a, struct kb_str b)
{
	size_t i = 0, j = 0;
	bool other = false;

	while (i < a.n || j < b.n) {
		size_t x = i, y = j;

		while (i < a.n && ((a.p[i] >= '0' && a.p[i] <= '9') ||
		    (a.p[i] == '.' && i > x && i + 1 < a.n)))
			i++;
		while (j < b.n && ((b.p[j] >= '0' && b.p[j] <= '9') ||
		    (b.p[j] == '.' && j > y && j + 1 < b.n)))
			j++;
		if ((i == x) != (j == y) || i - x > 6 || j - y > 6)
			return false;
		other |= !kb_str_eq(kb_str(a.p + x, i - x),
		    kb_str(b.p + y, j - y));
		if (i == a.n || j == b.n)
			break;
		if (i == x && a.p[i++] != b.p[j++])
			return false;
	}
	return other && i == a.n && j == b.n;
}

static void
add_own(struct terms *to, const struct terms *from)
{
	for (size_t i = 0; i < from->n && to->n < TERMS_MOST; i++)
		if (!from->common[i])
			to->v[to->n++] = from->v[i];
}

/* "guide" and "guide-windows". */
static bool
is_other_system(struct kb_str a, struct kb_str b)
{
	struct terms x, y;

	terms_of(&x, a);
	terms_of(&y, b);
	if (line_up(&x, &y) == 0)
		return false;
	for (size_t i = 0; i < x.n; i++)
		if (!x.common[i] && is_system(kb_word_norm(&x.v[i])))
			return true;
	for (size_t i = 0; i < y.n; i++)
		if (!y.common[i] && is_system(kb_word_norm(&y.v[i])))
			return true;
	return false;
}

/* The words of the first folders that differ. */
static void
first_folders(struct kb_str a, struct kb_str b, struct terms *x,
    struct terms *y)
{
	x->n = y->n = 0;
	while (a.p != NULL && b.p != NULL) {
		struct kb_str p = next_part(&a), q = next_part(&b);

		if (kb_str_eq(p, q))
			continue;
		if (a.p != NULL && b.p != NULL) {
			terms_of(x, p);
			terms_of(y, q);
		}
		return;
	}
}

/* "guide.en" and "guide.de". */
static bool
is_language(const struct terms *t, size_t from)
{
	return t->n == from + 1 && t->v[from].n == 2 &&
	    !kb_conflict_qualifier(kb_word_norm(&t->v[from]));
}

/*
 * Folders and files of one tree that are named for two versions, systems or
 * languages.
 * Else *x and *y get the words that only the one path has.
 */
static bool
paths_differ(struct kb_str a, struct kb_str b, struct terms *x,
    struct terms *y)
{
	bool same = true;

	x->n = y->n = 0;
	while (a.p != NULL && b.p != NULL) {
		struct kb_str p = next_part(&a), q = next_part(&b);
		struct terms u, v;

		if (p.n == 0 || q.n == 0)
			break;
		if (is_other_version(p, q) || (same && is_other_system(p, q)))
			return true;
		terms_of(&u, p);
		terms_of(&v, q);
		if (same && line_up(&u, &v) > 0) {
			size_t i = x->n, j = y->n;

			add_own(x, &u);
			add_own(y, &v);
			if (is_language(x, i) && is_language(y, j))
				return true;
		}
		same = same && kb_str_eq(p, q);
	}
	return false;
}

static struct kb_str
place(const struct kb_article_text *t)
{
	if (memchr(t->id.p != NULL ? t->id.p : "", '/', t->id.n) != NULL)
		return t->id;
	return t->path;
}

/* In a folder of examples, below the first: each has data of its own. */
static bool
is_sample(struct kb_str id)
{
	struct kb_str part;
	struct terms t;

	next_part(&id);
	while (id.p != NULL) {
		part = next_part(&id);
		terms_of(&t, part);
		for (size_t i = 0; id.p != NULL && i < t.n; i++)
			if (is_form(kb_word_norm(&t.v[i]), KB_STR("example")) ||
			    is_form(kb_word_norm(&t.v[i]), KB_STR("sample")))
				return true;
	}
	return false;
}

bool
kb_conflict_parallel(const struct kb_article_text *a,
    const struct kb_article_text *b)
{
	struct kb_str x = place(a), y = place(b), p = { 0 }, q = { 0 };
	size_t folders = 0;

	while (x.p != NULL && y.p != NULL) {
		p = next_part(&x);
		q = next_part(&y);
		folders += x.p != NULL && y.p != NULL && !kb_str_eq(p, q);
	}
	return folders > 0 && x.p == NULL && y.p == NULL && kb_str_eq(p, q);
}

/* ---- both ---- */

/*
 * "x" and "y" name the two; where they do so in one form, one of them that is
 * about something of its own is enough.
 */
static bool
same_topic(const struct terms *x, const struct kb_article_text *a,
    const struct terms *y, const struct kb_article_text *b, bool parallel)
{
	enum topic p = topic(x, a, y, b, parallel), q;

	if (p == TOPIC_STRONG || (parallel && p != TOPIC_SAME))
		return false;
	q = topic(y, b, x, a, parallel);
	return q != TOPIC_STRONG && (q == TOPIC_SAME || (!parallel &&
	    p == TOPIC_SAME));
}

bool
kb_conflict_same_subject(const struct kb_article_text *a,
    const struct kb_article_text *b)
{
	struct terms x, y, in_a, in_b, own_a, own_b;
	bool common = false;

	/*
	 * Many exports call the revision of an article its version: that
	 * tells of another product only where nothing else does.
	 */
	if (differ(a->product, b->product) || (differ(a->version,
	    b->version) && kb_str_caseeq(a->title, b->title)))
		return false;
	if (a->lang.n >= 2 && b->lang.n >= 2 && !kb_str_caseeq(
	    kb_str(a->lang.p, 2), kb_str(b->lang.p, 2)))
		return false;
	/* In the name of a function, one letter makes another. */
	if (kb_conflict_other_symbol(a->title, b->title))
		return false;
	if (is_sample(a->id) || is_sample(b->id) || paths_differ(place(a),
	    place(b), &in_a, &in_b))
		return false;
	terms_of(&x, a->title);
	terms_of(&y, b->title);
	if (qualified(&x, &y) || qualified(&y, &x))
		return false;
	for (size_t i = 0; i < x.n; i++) {
		struct kb_str w = kb_word_norm(&x.v[i]);

		common |= !kb_facts_empty_word(w) && has(&y, w);
	}
	if (!common || is_inserted(&x, &y))
		return false;
	first_folders(place(a), place(b), &own_a, &own_b);
	if (kb_conflict_parallel(a, b) && (qualified(&own_a, &own_b) ||
	    qualified(&own_b, &own_a)))
		return false;
	if (topic(&own_a, a, &own_b, b, false) == TOPIC_STRONG &&
	    topic(&own_b, b, &own_a, a, false) == TOPIC_STRONG)
		return false;
	return same_topic(&in_a, a, &in_b, b, false) &&
	    same_topic(&x, a, &y, b, is_parallel(a->title, b->title));
}

/* A word of one heading that the other side does not know; sets *own. */
static bool
heading_differs(const struct terms *x, const struct terms *y,
    const struct terms *title_x, const struct terms *title_y, bool *common,
    bool *own)
{
	static const char *const samples[] = {
		"example", "sample", "beispiel"
	};

	for (size_t i = 0; i < x->n; i++) {
		struct kb_str w = kb_word_norm(&x->v[i]);

		for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]);
		    k++)
			if (is_form(w, kb_str_c(samples[k])))
				return true;
		if (kb_conflict_qualifier(w) && !has(y, w) && !has(title_y, w))
			return true;
		if (kb_facts_empty_word(w))
			continue;
		*common |= has(y, w);
		*own |= !has(title_x, w) && !has(title_y, w);
	}
	return false;
}

bool
kb_conflict_same_heading(struct kb_str a, struct kb_str b,
    struct kb_str title_a, struct kb_str title_b)
{
	struct terms x, y, tx, ty;
	bool common = false, own_x = false, own_y = false;

	terms_of(&x, a);
	terms_of(&y, b);
	terms_of(&tx, title_a);
	terms_of(&ty, title_b);
	if (heading_differs(&x, &y, &tx, &ty, &common, &own_x) ||
	    heading_differs(&y, &x, &ty, &tx, &common, &own_y))
		return false;
	return common || !(own_x && own_y);
}
