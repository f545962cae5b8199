#include "similar_impl.h"

#include "chance.h"
#include "rows.h"
#include "store_fixture.h"
#include "schema.h"

#define MOST	600		/* articles of a collection */

/* Articles as lists of words, and as sets for the writer. */
struct collection {
	size_t			 n;
	struct kb_buf		 words[MOST];
	struct kb_shingles	 sets[MOST];
	uint32_t		 leaders[MOST];
	struct kb_shingling	 how;
};

static struct collection *
collection_new(unsigned width)
{
	struct collection *c = calloc(1, sizeof(*c));

	c->how.width = width;
	return c;
}

static void
collection_free(struct collection *c)
{
	for (size_t i = 0; i < MOST; i++) {
		kb_buf_release(&c->words[i]);
		kb_shingles_release(&c->sets[i]);
	}
	free(c);
}

/* ---- what a plain comparison says: runs of words, no hashes ---- */

struct runs {
	struct kb_str	*v;
	size_t		 n;
};

static int
by_run(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a,
	    *(const struct kb_str *)b);
}

static struct runs
runs_of(struct kb_str words, unsigned width)
{
	struct runs r = { calloc(words.n + 1, sizeof(*r.v)), 0 };
	size_t starts = 0, k = 0;

	for (size_t i = 0; i < words.n; i++)
		starts += i == 0 || words.p[i - 1] == ' ';
	for (size_t i = 0, at = 0; i < words.n; i++) {
		if (i > 0 && words.p[i - 1] != ' ')
			continue;
		if (at == 0 || at + width <= starts)
			r.v[r.n++] = kb_shingle_run(words, i, width);
		at++;
	}
	qsort(r.v, r.n, sizeof(*r.v), by_run);
	for (size_t i = 0; i < r.n; i++)
		if (k == 0 || !kb_str_eq(r.v[k - 1], r.v[i]))
			r.v[k++] = r.v[i];
	r.n = k;
	return r;
}

static uint32_t
in_both(const struct runs *x, const struct runs *y)
{
	size_t i = 0, j = 0;
	uint32_t n = 0;

	while (i < x->n && j < y->n) {
		int d = kb_str_cmp(x->v[i], y->v[j]);

		n += d == 0;
		i += d <= 0;
		j += d >= 0;
	}
	return n;
}

/* ---- a collection as an index ---- */

static int
by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* The runs of both are the same. */
static bool
equal_sets(const struct collection *c, size_t a, size_t b)
{
	struct runs x = runs_of(kb_buf_str(&c->words[a]), c->how.width);
	struct runs y = runs_of(kb_buf_str(&c->words[b]), c->how.width);
	bool same = x.n == y.n && in_both(&x, &y) == x.n;

	free(x.v);
	free(y.v);
	return same;
}

static uint32_t
leader(void *arg, uint32_t doc)
{
	return ((struct collection *)arg)->leaders[doc];
}

static enum kb_status
each(void *arg, kb_similar_set_fn *fn, void *fn_arg, struct kb_err *err)
{
	struct collection *c = arg;
	enum kb_status status = KB_OK;

	for (uint32_t i = 0; i < c->n && status == KB_OK; i++) {
		uint64_t *v = calloc((size_t)c->sets[i].n + 1, sizeof(*v));
		size_t n = 0;

		for (size_t k = 0; k < c->sets[i].n; k++)
			if (c->sets[i].v[k] != 0)
				v[n++] = c->sets[i].v[k];
		qsort(v, n, sizeof(*v), by_value);
		if (c->leaders[i] == i)
			status = fn(fn_arg, i, v, n, err);
		free(v);
	}
	return status;
}

static void
make_sets(struct collection *c)
{
	for (uint32_t i = 0; i < c->n; i++) {
		CHECK_INT(kb_shingles_make(&c->sets[i], &c->how,
		    kb_buf_str(&c->words[i]), NULL), KB_OK);
		c->leaders[i] = c->sets[i].distinct > 0 ? i : UINT32_MAX;
		for (uint32_t k = 0; k < i && c->leaders[i] == i; k++)
			if (c->sets[k].print == c->sets[i].print &&
			    equal_sets(c, k, i))
				c->leaders[i] = k;
	}
}

/* Each article in two passages. */
static void
put_passages(sqlite3 *db, const struct collection *c)
{
	sqlite3_stmt *st;

	CHECK_INT(sqlite3_prepare_v2(db, "INSERT INTO passage(n, article, "
	    "seq, start, end, context, lead, words, text) VALUES(NULL, ?1, "
	    "?2, 0, 0, '', 0, 0, ?3)", -1, &st, NULL), SQLITE_OK);
	for (size_t i = 0; i < c->n; i++) {
		struct kb_str s = kb_buf_str(&c->words[i]);
		size_t half = s.n / 2;

		while (half < s.n && s.p[half] != ' ')
			half++;
		for (int k = 0; k < 2; k++) {
			sqlite3_bind_int64(st, 1, (int64_t)i + 1);
			sqlite3_bind_int(st, 2, k + 1);
			sqlite3_bind_text(st, 3, k == 0 ? s.p : s.p + half,
			    (int)(k == 0 ? half : s.n - half),
			    SQLITE_STATIC);
			if (s.n > 0)
				CHECK_INT(sqlite3_step(st), SQLITE_DONE);
			sqlite3_reset(st);
		}
	}
	sqlite3_finalize(st);
}

static struct kb_store *
open_store(const char *name)
{
	struct kb_store *store = NULL;
	struct kb_err err = { KB_OK, "" };

	if (kb_store_open(&store, at(name), NULL, 0, &err) != KB_OK)
		printf("# %s\n", err.msg);
	return store;
}

static struct kb_store *
publish(struct collection *c, const char *name, const char *more)
{
	struct kb_similar_sets sets = { each, leader, c, (uint32_t)c->n,
	    c->how };
	struct kb_publish *pub = NULL;
	struct kb_err err = { KB_OK, "" };
	char generation[17];
	sqlite3 *db;

	make_sets(c);
	CHECK_INT(kb_publish_begin(&pub, at(name), &err), KB_OK);
	db = kb_publish_db(pub);
	CHECK_INT(sqlite3_exec(db, "BEGIN;" KB_SCHEMA, NULL, NULL, NULL),
	    SQLITE_OK);
	put_passages(db, c);
	CHECK_INT(kb_similar_write(db, kb_publish_dir(pub), &sets, &err),
	    KB_OK);
	CHECK_INT(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK);
	CHECK_INT(sqlite3_exec(db, KB_SCHEMA_INDEXES "COMMIT;", NULL, NULL,
	    NULL), SQLITE_OK);
	CHECK_INT(kb_publish_commit(pub, KB_STR("{}"), KB_STR("{}"),
	    generation, &err), KB_OK);
	kb_publish_free(pub);
	return open_store(name);
}

/* ---- collections ---- */

static void
add_word(struct kb_buf *b, const char *kind, size_t n)
{
	kb_buf_printf(b, "%s%s%zu", b->n > 0 ? " " : "", kind, n);
}

/* What is in many articles, from one of a few templates. */
static void
add_template(struct kb_buf *b, size_t which, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_word(b, which == 0 ? "left" : "right", i);
}

/* Words of another article, some of them changed. */
static void
add_edited(struct kb_buf *b, struct kb_str words, size_t percent)
{
	struct kb_str w;

	while (kb_str_split(&words, ' ', &w)) {
		if (chance_below(100) < percent) {
			if (chance_below(2) == 0)
				add_word(b, "new", chance_below(10000));
			continue;
		}
		if (b->n > 0)
			kb_buf_addch(b, ' ');
		kb_buf_add(b, w);
	}
}

static void
random_article(struct kb_buf *b, const struct collection *c, size_t i,
    size_t longest, size_t vocabulary)
{
	size_t kind = chance_below(10), n = chance_below(longest + 1);

	if (i > 0 && kind < 5) {
		add_edited(b, kb_buf_str(&c->words[chance_below(i)]),
		    chance_below(4) * 4);
		return;
	}
	if (kind < 8)
		add_template(b, kind & 1, n / 2);
	for (size_t k = 0; k < n; k++)
		add_word(b, "w", chance_below(vocabulary));
}

static struct collection *
random_collection(size_t n, unsigned width, size_t longest,
    size_t vocabulary)
{
	struct collection *c = collection_new(width);

	for (c->n = 0; c->n < n; c->n++)
		random_article(&c->words[c->n], c, c->n, longest,
		    vocabulary);
	return c;
}

/* ---- comparing ---- */

static int
by_number(const void *a, const void *b)
{
	int64_t x = ((const struct kb_similar_hit *)a)->article;
	int64_t y = ((const struct kb_similar_hit *)b)->article;

	return (x > y) - (x < y);
}

static bool
is_found(const struct kb_similar_hits *h, int64_t article, uint32_t shared,
    uint32_t size)
{
	struct kb_similar_hit want = { .article = article };
	const struct kb_similar_hit *hit = h->n > 0 ? bsearch(&want, h->v,
	    h->n, sizeof(want), by_number) : NULL;

	return hit != NULL && hit->shared == shared && hit->size == size;
}

/* Whether exactly what a plain comparison finds is found. */
static bool
same_as_plain(const struct collection *c, const struct kb_similar_hits *h,
    struct kb_str draft, struct kb_ratio t)
{
	struct runs x = runs_of(draft, c->how.width);
	size_t n = 0;
	bool good = x.n == h->draft;

	if (h->n > 0)
		qsort(h->v, h->n, sizeof(*h->v), by_number);
	for (size_t i = 0; i < c->n; i++) {
		struct runs y = runs_of(kb_buf_str(&c->words[i]),
		    c->how.width);
		uint32_t shared = in_both(&x, &y);

		if (shared > 0 && (uint64_t)shared * t.of >= t.count *
		    (uint64_t)(x.n + y.n - shared)) {
			good &= is_found(h, (int64_t)i + 1, shared,
			    (uint32_t)y.n);
			n++;
		}
		free(y.v);
	}
	free(x.v);
	return good && n == h->n;
}

static const struct kb_ratio thresholds[] = {
	{ 1, 2 }, { 7, 10 }, { 4, 5 }, { 9, 10 }, { 1, 1 }
};

/* Draft after draft at all thresholds; how many hits there were. */
static size_t
compare_drafts(const struct collection *c, struct kb_store *store,
    size_t drafts)
{
	struct kb_similar *s = NULL;
	size_t hits = 0, bad = 0;

	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	for (size_t i = 0; i < drafts && s != NULL; i++) {
		struct kb_ratio t = thresholds[i % 5];
		struct kb_similar_hits h;
		struct kb_buf draft = { 0 };

		add_edited(&draft, kb_buf_str(&c->words[chance_below(c->n)]),
		    i % 7);
		CHECK_INT(kb_similar_find(s, kb_buf_str(&draft), t, &h,
		    NULL), KB_OK);
		bad += !same_as_plain(c, &h, kb_buf_str(&draft), t);
		hits += h.n;
		kb_similar_release(&h);
		kb_buf_release(&draft);
	}
	CHECK_INT(bad, 0);
	kb_similar_close(s);
	return hits;
}

static void
test_similar__finds_what_a_plain_comparison_finds(void)
{
	struct collection *c = random_collection(MOST, 5, 120, 4000);
	struct kb_store *store = publish(c, "plain.kb", "");

	CHECK(compare_drafts(c, store, 400) > 400);
	kb_store_close(store);
	collection_free(c);
}

/* Few words: every shingle is in many articles, so that order decides. */
static void
test_similar__is_exact_where_all_shingles_are_common(void)
{
	struct collection *c = random_collection(MOST, 2, 60, 9);
	struct kb_store *store = publish(c, "common.kb", "");
	struct kb_rows rows;
	enum kb_status status = KB_OK;

	CHECK_INT(kb_rows_open(&rows, store, "SELECT count(*) FROM "
	    "shingle_common", NULL), KB_OK);
	CHECK(kb_rows_next(&rows, &status, NULL));
	CHECK(kb_rows_int(&rows, 0) > 0);
	kb_rows_close(&rows);
	CHECK(compare_drafts(c, store, 200) > 200);
	kb_store_close(store);
	collection_free(c);
}

static void
test_similar__is_exact_on_many_small_collections(void)
{
	size_t hits = 0;

	for (unsigned i = 0; i < 60; i++) {
		struct collection *c = random_collection(1 +
		    chance_below(30), 1 + i % 6, 1 + chance_below(40),
		    2 + chance_below(50));
		struct kb_store *store = publish(c, "small.kb", "");

		hits += compare_drafts(c, store, 20);
		kb_store_close(store);
		collection_free(c);
	}
	CHECK(hits > 1000);
}

/* Cut to so few bits that most of a draft's shingles meet by chance. */
static void
test_similar__tells_cut_hashes_that_collide_apart(void)
{
	struct collection *c = random_collection(300, 5, 80, 300);
	struct kb_store *store = publish(c, "plain2.kb", "");
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;
	struct kb_buf draft = { 0 };

	/* 16 bits and some thousand postings: one in ten meets a stranger. */
	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	for (size_t i = 0; i < 3000; i++)
		add_word(&draft, "nowhere", i);
	CHECK_INT(kb_similar_find(s, kb_buf_str(&draft), thresholds[0], &h,
	    NULL), KB_OK);
	CHECK(h.met > 0);
	CHECK_INT(h.n, 0);
	CHECK_INT(h.compared, 0);
	kb_similar_release(&h);
	kb_buf_release(&draft);
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
}

/* The draft's words are changed behind its back: only hashes are the same. */
static void
test_similar__believes_no_hash_without_its_words(void)
{
	struct kb_shingling how = { .width = 1 };
	struct kb_similar_draft d;
	uint32_t size = 0, shared = 0;

	CHECK_INT(kb_similar_draft_init(&d, &how, KB_STR("a b c"), NULL),
	    KB_OK);
	d.words = KB_STR("a b x");
	CHECK_INT(kb_similar_draft_shared(&d, KB_STR("c b a"), &size,
	    &shared, NULL), KB_OK);
	CHECK_INT(size, 3);
	CHECK_INT(shared, 2);
	kb_similar_draft_release(&d);
}

/* A word and its hash as a shingle of one word. */
struct hashed {
	uint64_t	hash;
	size_t		number;
};

static int
by_hash(const void *pa, const void *pb)
{
	const struct hashed *a = pa, *b = pb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static void
make_hashed(struct hashed *v, size_t n, size_t from)
{
	struct kb_shingling how = { .width = 1 };
	char text[32];

	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "w%zu", from + i);
		v[i].number = from + i;
		CHECK_INT(kb_shingles_hash(&v[i].hash, &how,
		    kb_str_c(text)), 1);
	}
	qsort(v, n, sizeof(*v), by_hash);
}

static unsigned
hash_bits(struct kb_store *store)
{
	struct kb_buf text = { 0 };
	unsigned bits = 0;

	CHECK_INT(kb_rows_meta(store, "similar", &text, NULL), KB_OK);
	CHECK_INT(sscanf(text.p, "1/2 %u", &bits), 1);
	kb_buf_release(&text);
	return bits;
}

/*
 * An article of 6000 words, and a draft of as many that shares just enough
 * and nothing twice: all behind the prefix, and of the prefix a sixth, with
 * those whose cut hashes are equal among them.  Each counts.
 */
static void
test_similar__counts_each_shingle_of_a_cut_hash(void)
{
	enum { N = 6000, PREFIX = N / 2 + 1, SHARE = N / 6 + 1 };
	struct collection *c = collection_new(1);
	struct hashed *x = calloc(N, sizeof(*x)), *y = calloc(4 * N,
	    sizeof(*y));
	struct kb_buf draft = { 0 };
	struct kb_store *store;
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;
	size_t shared = 0, equal = 0, fresh = 0;
	unsigned shift;

	make_hashed(x, N, 1);
	make_hashed(y, 4 * N, N + 1);
	for (size_t i = 0; i < N; i++)
		add_word(&c->words[0], "w", x[i].number);
	c->n = 1;
	store = publish(c, "cut.kb", "");
	shift = 64 - hash_bits(store);
	for (size_t i = 0; i + 1 < PREFIX; i++) {
		if (x[i].hash >> shift != x[i + 1].hash >> shift)
			continue;
		add_word(&draft, "w", x[i].number);
		add_word(&draft, "w", x[i + 1].number);
		x[i].number = x[i + 1].number = 0;
		shared += 2;
		equal++;
		i++;
	}
	CHECK(equal > 0);
	for (size_t i = 0; i < PREFIX && shared < SHARE; i++) {
		if (x[i].number == 0)
			continue;
		add_word(&draft, "w", x[i].number);
		shared++;
	}
	for (size_t i = PREFIX; i < N; i++)
		add_word(&draft, "w", x[i].number);
	for (size_t i = 0; fresh < N - SHARE - (N - PREFIX); i++, fresh++)
		add_word(&draft, "w", y[i].number);
	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	CHECK_INT(kb_similar_find(s, kb_buf_str(&draft), thresholds[0], &h,
	    NULL), KB_OK);
	CHECK_INT(h.n, 1);
	CHECK_INT(h.v != NULL ? h.v[0].shared : 0, N * 2 / 3);
	kb_similar_release(&h);
	kb_similar_close(s);
	kb_store_close(store);
	kb_buf_release(&draft);
	free(x);
	free(y);
	collection_free(c);
}

static void
test_similar__knows_no_draft_without_words(void)
{
	struct collection *c = random_collection(20, 5, 60, 300);
	struct kb_store *store = publish(c, "empty.kb", "");
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;

	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	CHECK_INT(kb_similar_find(s, KB_STR(""), thresholds[0], &h, NULL),
	    KB_OK);
	CHECK_INT(h.n, 0);
	CHECK_INT(h.draft, 0);
	kb_similar_release(&h);
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
}

static void
test_similar__lists_the_most_similar_first_then_by_number(void)
{
	struct collection *c = collection_new(1);
	struct kb_store *store;
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;

	kb_buf_addc(&c->words[0], "a b c d x y");
	kb_buf_addc(&c->words[1], "a b c d");
	kb_buf_addc(&c->words[2], "d c b a");
	kb_buf_addc(&c->words[3], "a b c d x");
	kb_buf_addc(&c->words[4], "e f g h");
	c->n = 5;
	store = publish(c, "order.kb", "");
	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	CHECK_INT(kb_similar_find(s, KB_STR("a b c d"), thresholds[0], &h,
	    NULL), KB_OK);
	CHECK_INT(h.n, 4);
	CHECK_INT(h.v[0].article, 2);
	CHECK_INT(h.v[1].article, 3);
	CHECK_INT(h.v[2].article, 4);
	CHECK_INT(h.v[3].article, 1);
	CHECK_INT(h.v[3].shared, 4);
	CHECK_INT(h.v[3].size, 6);
	kb_similar_release(&h);
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
}

static void
test_similar__wants_the_key_of_the_build(void)
{
	struct collection *c = random_collection(50, 5, 60, 300);
	const uint64_t wrong[2] = { 1, 3 };
	struct kb_store *store;
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;
	struct kb_err err = { KB_OK, "" };

	c->how.keyed = true;
	c->how.key[0] = 1;
	c->how.key[1] = 2;
	store = publish(c, "keyed.kb", "");
	CHECK_INT(kb_similar_open(&s, store, NULL, &err), KB_USAGE);
	CHECK(strstr(err.msg, "--config") != NULL);
	CHECK_INT(kb_similar_open(&s, store, wrong, NULL), KB_USAGE);
	CHECK_INT(kb_similar_open(&s, store, c->how.key, NULL), KB_OK);
	for (size_t i = 0; i < c->n; i++) {
		CHECK_INT(kb_similar_find(s, kb_buf_str(&c->words[i]),
		    thresholds[0], &h, NULL), KB_OK);
		CHECK(same_as_plain(c, &h, kb_buf_str(&c->words[i]),
		    thresholds[0]));
		kb_similar_release(&h);
	}
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
}

static void
test_similar__refuses_a_resemblance_below_a_half(void)
{
	struct collection *c = random_collection(5, 5, 60, 300);
	struct kb_store *store = publish(c, "low.kb", "");
	struct kb_similar *s = NULL;
	struct kb_similar_hits h;

	CHECK_INT(kb_similar_open(&s, store, NULL, NULL), KB_OK);
	CHECK_INT(kb_similar_find(s, KB_STR("a"), (struct kb_ratio){ 49,
	    100 }, &h, NULL), KB_USAGE);
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
}

/* ---- false indexes ---- */

static enum kb_status
status_of(const char *change)
{
	struct collection *c = random_collection(100, 5, 80, 300);
	struct kb_store *store = publish(c, "false.kb", change);
	struct kb_similar *s = NULL;
	struct kb_similar_hits h = { .n = 0 };
	enum kb_status status = kb_similar_open(&s, store, NULL, NULL);

	for (size_t i = 0; i < c->n && status == KB_OK; i++) {
		status = kb_similar_find(s, kb_buf_str(&c->words[i]),
		    thresholds[0], &h, NULL);
		kb_similar_release(&h);
	}
	kb_similar_close(s);
	kb_store_close(store);
	collection_free(c);
	return status;
}

static void
test_similar__says_that_an_old_index_must_be_built_again(void)
{
	CHECK_INT(status_of("DELETE FROM meta WHERE key = 'similar'"),
	    KB_VERSION);
}

static void
test_similar__refuses_tables_that_make_no_sense(void)
{
	static const char *const damages[] = {
		"UPDATE meta SET value = '1/2 60 20 10' "
		"WHERE key = 'similar'",
		"UPDATE meta SET value = '1/2 60 20 10 1' "
		"WHERE key = 'similar'",
		"UPDATE meta SET value = '1/3 30 20 10 1' "
		"WHERE key = 'similar'",
		"UPDATE meta SET value = '0' WHERE key = 'shingle_width'",
		"UPDATE meta SET value = '99' WHERE key = 'shingle_width'",
		"DELETE FROM meta WHERE key = 'shingle_width'",
		"UPDATE shingle_posting SET data = x'ffffffffffffffffffff'",
		"UPDATE shingle_posting SET data = x'00'",
		"UPDATE shingle_posting SET data = x'80'",
		"UPDATE shingle_common SET data = x'80'; INSERT INTO "
		"shingle_common VALUES(0, x'80')",
		"UPDATE passage SET map = x'ffffff'"
	};

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		if (status_of(damages[i]) == KB_DAMAGED)
			continue;
		CHECK(!"taken as it was");
		printf("# %s\n", damages[i]);
	}
}

/* Wrong numbers may hide articles, and do nothing else. */
static void
test_similar__outlives_tables_that_lie(void)
{
	static const char *const lies[] = {
		"UPDATE shingle_set SET shingles = -1",
		"UPDATE shingle_set SET shingles = 9223372036854775807",
		"UPDATE shingle_set SET shingles = 'many'",
		"DELETE FROM shingle_set",
		"DELETE FROM passage",
		"INSERT OR IGNORE INTO shingle_same SELECT article, 1000000 "
		"FROM shingle_set",
		"UPDATE shingle_posting SET data = ''",
		"INSERT INTO shingle_posting VALUES(9223372036854775807, "
		"x'01')",
		"INSERT OR REPLACE INTO shingle_common VALUES(0, x'0f0f0f')"
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		CHECK_INT(status_of(lies[i]), KB_OK);
}

/* ---- the parts ---- */

static enum kb_status
keep_number(void *arg, uint64_t value, struct kb_err *err)
{
	uint64_t *last = arg;

	CHECK(value > last[0] || last[1] == 0);
	last[0] = value;
	last[1]++;
	return KB_OK;
}

static void
test_spill__sorts_more_than_it_holds(void)
{
	/* A hundred runs: more than merge in a window of one each. */
	for (size_t n = 0; n < 60000; n = n * 3 + 1) {
		struct kb_spill *s = NULL;
		uint64_t last[2] = { 0, 0 };

		CHECK_INT(kb_spill_new(&s, base, 8 * 1024, NULL), KB_OK);
		for (size_t i = 0; i < n; i++) {
			/* Each twice; given once. */
			CHECK_INT(kb_spill_add(s, (uint64_t)(i / 2) *
			    UINT64_C(0x9E3779B97F4A7C15), NULL), KB_OK);
		}
		CHECK_INT(kb_spill_sorted(s, keep_number, last, NULL),
		    KB_OK);
		CHECK_INT(last[1], (n + 1) / 2);
		kb_spill_free(s);
	}
}

static void
test_similar__prefix_is_all_that_a_similar_set_may_miss(void)
{
	CHECK_INT(kb_similar_prefix(0, thresholds[0]), 0);
	CHECK_INT(kb_similar_prefix(1, thresholds[0]), 1);
	CHECK_INT(kb_similar_prefix(2, thresholds[0]), 2);
	CHECK_INT(kb_similar_prefix(3, thresholds[0]), 2);
	CHECK_INT(kb_similar_prefix(100, thresholds[0]), 51);
	CHECK_INT(kb_similar_prefix(100, thresholds[2]), 21);
	CHECK_INT(kb_similar_prefix(100, thresholds[4]), 1);
}

int
main(void)
{
	fixture_begin();
	RUN(test_similar__prefix_is_all_that_a_similar_set_may_miss);
	RUN(test_spill__sorts_more_than_it_holds);
	RUN(test_similar__finds_what_a_plain_comparison_finds);
	RUN(test_similar__is_exact_where_all_shingles_are_common);
	RUN(test_similar__is_exact_on_many_small_collections);
	RUN(test_similar__tells_cut_hashes_that_collide_apart);
	RUN(test_similar__believes_no_hash_without_its_words);
	RUN(test_similar__counts_each_shingle_of_a_cut_hash);
	RUN(test_similar__knows_no_draft_without_words);
	RUN(test_similar__lists_the_most_similar_first_then_by_number);
	RUN(test_similar__wants_the_key_of_the_build);
	RUN(test_similar__refuses_a_resemblance_below_a_half);
	RUN(test_similar__says_that_an_old_index_must_be_built_again);
	RUN(test_similar__refuses_tables_that_make_no_sense);
	RUN(test_similar__outlives_tables_that_lie);
	fixture_end();
	return test_done();
}
