#include "test.h"

#include <stdlib.h>

#include "chance.h"
#include "frame.h"

static struct kb_arena arena;

static struct kb_offpiece pieces[] = {
	{ 0, 500, 4, 4 }, { 4, 504, 1, 5 }, { 6, 600, 3, 3 },
	/* Back again, as a part that was moved may be. */
	{ 9, 20, 1, 1 },
};

static void
add_block(struct kb_record *rec, enum kb_block_kind kind, const char *text)
{
	struct kb_block *k = kb_arena_alloc(&arena, sizeof(*k));

	k->kind = kind;
	k->level = (uint8_t)kind;
	k->pre = kind == KB_BLOCK_CODE;
	k->gap = kind == KB_BLOCK_ITEM;
	k->leads = kind == KB_BLOCK_ROW;
	k->group = kind == KB_BLOCK_ITEM ? UINT32_MAX : 0;
	k->ordinal = (uint32_t)kind * 100;
	k->text = kb_str_c(text);
	k->anchor = kb_str_c(kind == KB_BLOCK_HEADING ? "top" : "");
	k->context = KB_STR("html body div");
	k->inner = KB_STR("ol:4 li p");
	k->part = kind == KB_BLOCK_NOTE;
	k->pieces = pieces;
	k->npieces = k->text.n >= 10 ? 4 : 2;
	if (rec->last_block != NULL)
		rec->last_block->next = k;
	else
		rec->blocks = k;
	rec->last_block = k;
}

static void
add_link(struct kb_record *rec, const char *href, uint64_t start)
{
	struct kb_link *l = kb_arena_alloc(&arena, sizeof(*l));

	l->href = kb_str_c(href);
	l->text = KB_STR("a link");
	l->start = start;
	l->end = start + 30;
	if (rec->last_link != NULL)
		rec->last_link->next = l;
	else
		rec->links = l;
	rec->last_link = l;
}

/* Something in every place that a record has. */
static struct kb_record *
rich(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_diag_sink sink = kb_record_sink(rec);

	rec->format = KB_STR("servicenow");
	rec->member = KB_STR("a/b.xml");
	rec->number = 70000;
	rec->start = UINT64_C(1) << 40;
	rec->end = rec->start + 900;
	rec->line = 12345;
	rec->dropped = true;
	rec->drop_reason = KB_STR("workflow_state=outdated");
	for (int f = 0; f < KB_F_N; f++)
		kb_record_add(rec, (enum kb_field)f,
		    kb_str_c(kb_field_name((enum kb_field)f)),
		    KB_STR("meta:x"));
	kb_record_add(rec, KB_F_TAG, KB_STR("zwei \xc3\xa4"), KB_STR("y"));
	kb_record_add_unmapped(rec, KB_STR("u_x"), KB_STR("sample"));
	rec->parts[0].dialect = KB_STR("html");
	rec->parts[0].field = KB_STR("text");
	rec->parts[1].dialect = KB_STR("text");
	rec->parts[1].autop = true;
	rec->nparts = 2;
	for (int k = 0; k <= KB_BLOCK_NOTE; k++)
		add_block(rec, (enum kb_block_kind)k, k % 2 ?
		    "a text\xe2\x82\xac!" : "short");
	add_link(rec, "https://x.example/?a=1", 510);
	add_link(rec, "#top", UINT64_C(1) << 50);
	kb_diag(&sink, KB_ERROR, "bad-xml", 3, 4, "not well-formed");
	sink.fn(sink.arg, &(struct kb_diag){ KB_NOTE, "unknown-x",
	    KB_STR("m"), 1, 0, 77, 99 });
	return rec;
}

static struct kb_buf
frame_of(const struct kb_record *rec)
{
	struct kb_buf b = { 0 };

	kb_frame_write(rec, &b);
	CHECK_INT(kb_buf_check(&b, NULL), KB_OK);
	return b;
}

static struct kb_record *
back(const struct kb_buf *b)
{
	struct kb_str bytes = kb_buf_str(b);
	struct kb_record *rec = NULL;
	struct kb_err err = { KB_OK, "" };

	if (kb_frame_read(&bytes, &arena, &rec, &err) != KB_OK)
		printf("# %s\n", err.msg);
	CHECK(rec != NULL);
	CHECK_INT(bytes.n, 0);
	return rec;
}

static void
same_values(const struct kb_value *a, const struct kb_value *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		CHECK(kb_str_eq(a->text, b->text) &&
		    kb_str_eq(a->source, b->source));
	CHECK(a == NULL && b == NULL);
}

static void
same_blocks(const struct kb_block *a, const struct kb_block *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next) {
		CHECK(a->kind == b->kind && a->level == b->level);
		CHECK(a->pre == b->pre && a->gap == b->gap);
		CHECK(a->leads == b->leads && kb_str_eq(a->inner, b->inner));
		CHECK(a->group == b->group && a->ordinal == b->ordinal);
		CHECK(a->part == b->part && a->npieces == b->npieces);
		CHECK(kb_str_eq(a->text, b->text));
		CHECK(kb_str_eq(a->anchor, b->anchor));
		CHECK(kb_str_eq(a->context, b->context));
		for (size_t i = 0; i < a->npieces; i++) {
			CHECK(a->pieces[i].out == b->pieces[i].out);
			CHECK(a->pieces[i].in == b->pieces[i].in);
			CHECK(a->pieces[i].out_n == b->pieces[i].out_n);
			CHECK(a->pieces[i].in_n == b->pieces[i].in_n);
		}
	}
	CHECK(a == NULL && b == NULL);
}

static void
same_rest(const struct kb_record *a, const struct kb_record *b)
{
	const struct kb_saved_diag *d = a->diags, *e = b->diags;
	const struct kb_link *l = a->links, *m = b->links;

	for (; l != NULL && m != NULL; l = l->next, m = m->next)
		CHECK(kb_str_eq(l->href, m->href) && kb_str_eq(l->text,
		    m->text) && l->start == m->start && l->end == m->end);
	CHECK(l == NULL && m == NULL);
	for (; d != NULL && e != NULL; d = d->next, e = e->next) {
		CHECK(d->diag.level == e->diag.level &&
		    strcmp(d->diag.code, e->diag.code) == 0);
		CHECK(kb_str_eq(d->diag.message, e->diag.message));
		CHECK(d->diag.line == e->diag.line && d->diag.col ==
		    e->diag.col && d->diag.start == e->diag.start &&
		    d->diag.end == e->diag.end);
	}
	CHECK(d == NULL && e == NULL);
}

static void
test_frame__a_rich_record_comes_back_the_same(void)
{
	struct kb_record *rec = rich(), *got;
	struct kb_buf b = frame_of(rec);

	got = back(&b);
	if (got != NULL) {
		CHECK(kb_str_eq(got->format, rec->format));
		CHECK(kb_str_eq(got->member, rec->member));
		CHECK(got->number == rec->number && got->line == rec->line);
		CHECK(got->start == rec->start && got->end == rec->end);
		CHECK(got->dropped);
		CHECK(kb_str_eq(got->drop_reason, rec->drop_reason));
		for (int f = 0; f < KB_F_N; f++)
			same_values(rec->values[f], got->values[f]);
		same_values(rec->unmapped, got->unmapped);
		CHECK_INT(got->nparts, 2);
		CHECK_STR(got->parts[0].field, "text");
		CHECK_STR(got->parts[1].dialect, "text");
		CHECK(!got->parts[0].autop && got->parts[1].autop);
		same_blocks(rec->blocks, got->blocks);
		same_rest(rec, got);
		CHECK(got->arena == &arena);
	}
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

static void
test_frame__an_empty_record_comes_back_empty(void)
{
	struct kb_buf b = frame_of(kb_record_new(&arena));
	struct kb_record *got = back(&b);

	CHECK(got != NULL && got->blocks == NULL && got->diags == NULL &&
	    got->nparts == 0 && got->values[KB_F_ID] == NULL &&
	    !got->dropped);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

static void
test_frame__frames_stand_one_behind_the_other(void)
{
	struct kb_record *rec = kb_record_new(&arena), *got = NULL;
	struct kb_buf b = { 0 };
	struct kb_str bytes;

	for (size_t i = 1; i <= 3; i++) {
		rec->number = i;
		kb_frame_write(rec, &b);
	}
	bytes = kb_buf_str(&b);
	for (size_t i = 1; i <= 3; i++) {
		CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_OK);
		CHECK_INT(got->number, i);
	}
	CHECK_INT(bytes.n, 0);
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

static void
test_frame__every_truncation_is_an_error(void)
{
	struct kb_buf b = frame_of(rich());
	size_t bad = 0;

	for (size_t n = 0; n < b.n; n++) {
		/* Of its own size, so that a byte too far is noticed. */
		struct kb_buf cut = { 0 };
		struct kb_record *got = NULL;
		struct kb_str bytes;
		struct kb_err err;

		kb_buf_add(&cut, kb_str(b.p, n));
		bytes = kb_str(cut.p, n);
		bad += kb_frame_read(&bytes, &arena, &got, &err) != KB_INPUT;
		bad += got != NULL || bytes.n != n || bytes.p != cut.p;
		kb_buf_release(&cut);
		kb_arena_reset(&arena);
	}
	CHECK_INT(bad, 0);
	kb_buf_release(&b);
}

/* What a truncation inside of the outer length would look like. */
static void
test_frame__every_shorter_length_is_an_error(void)
{
	struct kb_buf b = frame_of(rich());
	struct kb_str body = kb_buf_str(&b);
	size_t bad = 0, skip = 0;

	while ((unsigned char)body.p[skip] & 0x80)
		skip++;
	body = kb_str(body.p + skip + 1, body.n - skip - 1);
	for (size_t n = 0; n < body.n; n++) {
		struct kb_buf cut = { 0 };
		struct kb_record *got = NULL;
		struct kb_str bytes;

		kb_buf_add_varint(&cut, n);
		kb_buf_add(&cut, kb_str(body.p, n));
		bytes = kb_buf_str(&cut);
		bad += kb_frame_read(&bytes, &arena, &got, NULL) != KB_INPUT;
		kb_buf_release(&cut);
		kb_arena_reset(&arena);
	}
	CHECK_INT(bad, 0);
	kb_buf_release(&b);
}

static volatile size_t read_bytes;	/* lest the reads go */

/* What may be used of any record that was taken for one. */
static void
use(const struct kb_record *rec)
{
	size_t sum = 0;
	const struct kb_block *k;
	const struct kb_saved_diag *d;

	for (int f = 0; f < KB_F_N; f++)
		for (const struct kb_value *v = rec->values[f]; v != NULL;
		    v = v->next)
			for (size_t i = 0; i < v->text.n; i++)
				sum += (unsigned char)v->text.p[i];
	for (k = rec->blocks; k != NULL; k = k->next) {
		CHECK(k->text.n > 0 && k->kind <= KB_BLOCK_NOTE);
		CHECK(k->part == 0 || k->part < rec->nparts);
		for (size_t i = 0; i < k->npieces; i++) {
			CHECK(k->pieces[i].out_n > 0);
			CHECK(k->pieces[i].out + k->pieces[i].out_n <=
			    k->text.n);
		}
		for (size_t i = 0; i < k->text.n; i++)
			sum += (unsigned char)k->text.p[i];
	}
	for (d = rec->diags; d != NULL; d = d->next)
		sum += strlen(d->diag.code) + d->diag.message.n;
	CHECK(rec->nparts <= KB_RECORD_PARTS);
	read_bytes = sum;
}

static void
read_hostile(struct kb_buf *b, size_t *taken, size_t *refused)
{
	struct kb_str bytes = kb_buf_str(b);
	struct kb_record *got = NULL;
	struct kb_err err = { KB_OK, "" };
	enum kb_status status = kb_frame_read(&bytes, &arena, &got, &err);

	if (status == KB_OK) {
		use(got);
		(*taken)++;
	} else {
		CHECK(status == KB_INPUT || status == KB_NOMEM);
		CHECK(got == NULL && bytes.n == b->n && err.msg[0] != '\0');
		(*refused)++;
	}
}

static void
test_frame__flipped_bytes_give_a_record_or_an_error(void)
{
	struct kb_buf good, b = { 0 };
	size_t taken = 0, refused = 0;
	struct kb_arena keep = arena;

	good = frame_of(rich());
	memset(&arena, 0, sizeof(arena));
	kb_arena_init(&arena, 64 * 1024 * 1024);
	for (int i = 0; i < 10000; i++) {
		kb_buf_clear(&b);
		kb_buf_add(&b, kb_buf_str(&good));
		for (size_t k = 1 + chance_below(i % 10 == 0 ? 20 : 1);
		    k > 0; k--)
			b.p[chance_below(b.n)] ^= (char)(1 + chance() % 255);
		read_hostile(&b, &taken, &refused);
		kb_arena_reset(&arena);
	}
	/* Neither of the two branches went untried. */
	CHECK(taken > 100 && refused > 100);
	kb_arena_release(&arena);
	arena = keep;
	kb_arena_reset(&arena);
	kb_buf_release(&good);
	kb_buf_release(&b);
}

static void
test_frame__any_bytes_give_a_record_or_an_error(void)
{
	struct kb_buf b = { 0 };
	size_t taken = 0, refused = 0;

	for (int i = 0; i < 20000; i++) {
		size_t n = chance_below(120);

		kb_buf_clear(&b);
		kb_buf_add_varint(&b, n);
		kb_buf_add_varint(&b, KB_FRAME_VERSION);
		while (b.n < n + 1)
			kb_buf_addch(&b, (char)(chance() & (i % 2 ? 0xff :
			    0x03)));
		read_hostile(&b, &taken, &refused);
		kb_arena_reset(&arena);
	}
	CHECK(refused > 0);
	kb_buf_release(&b);
}

static void
test_frame__another_version_is_refused(void)
{
	struct kb_buf b = frame_of(kb_record_new(&arena));
	struct kb_str bytes = kb_buf_str(&b);
	struct kb_record *got = NULL;

	CHECK_INT(b.p[1], KB_FRAME_VERSION);
	b.p[1]++;
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

static void
test_frame__a_byte_too_many_is_refused(void)
{
	struct kb_buf b = frame_of(kb_record_new(&arena));
	struct kb_str bytes;
	struct kb_record *got = NULL;

	CHECK(b.p[0] < 0x7f);
	b.p[0]++;
	kb_buf_addch(&b, '\0');
	bytes = kb_buf_str(&b);
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

/* A worker that was taken over may send any bytes: kb_record_add would not. */
static void
test_frame__text_that_is_no_utf8_is_refused(void)
{
	struct kb_record *rec = kb_record_new(&arena), *got = NULL;
	struct kb_buf b;
	struct kb_str bytes;
	char *at;

	kb_record_add(rec, KB_F_TITLE, KB_STR("cafe"), KB_STR("x"));
	b = frame_of(rec);
	bytes = kb_buf_str(&b);
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_OK);
	at = memmem(b.p, b.n, "cafe", 4);
	CHECK(at != NULL);
	if (at != NULL)
		at[3] = (char)0xe9;
	bytes = kb_buf_str(&b);
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

/* A count of a million in a few bytes must cost nothing. */
static void
test_frame__a_count_that_cannot_be_is_refused_before_memory_is_taken(void)
{
	struct kb_buf b = { 0 }, f = { 0 };
	struct kb_str bytes;
	struct kb_record *got = NULL;

	kb_buf_add_varint(&b, KB_FRAME_VERSION);
	for (int i = 0; i < 8; i++)
		kb_buf_add_varint(&b, 0);
	kb_buf_add_varint(&b, 1000000);
	kb_buf_add_varint(&f, b.n);
	kb_buf_add(&f, kb_buf_str(&b));
	bytes = kb_buf_str(&f);
	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	CHECK(arena.total < 65536);
	kb_buf_release(&b);
	kb_buf_release(&f);
	kb_arena_reset(&arena);
}

/* Who writes frames keeps to the caps of a record; a forger need not. */
static void
check_refused(const struct kb_record *rec)
{
	struct kb_record *got = NULL;
	struct kb_buf b = frame_of(rec);
	struct kb_str bytes = kb_buf_str(&b);

	CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL), KB_INPUT);
	kb_buf_release(&b);
	kb_arena_reset(&arena);
}

static void
test_frame__values_beyond_the_caps_of_a_record_are_refused(void)
{
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_value *v = kb_arena_array(&arena, KB_RECORD_VALUES + 1,
	    sizeof(*v));
	char *text;

	for (size_t i = 0; i <= KB_RECORD_VALUES; i++) {
		v[i].text = v[i].source = KB_STR("x");
		v[i].next = i < KB_RECORD_VALUES ? &v[i + 1] : NULL;
	}
	rec->values[KB_F_TAG] = v;
	check_refused(rec);
	rec = kb_record_new(&arena);
	v = kb_arena_alloc(&arena, sizeof(*v));
	text = kb_arena_alloc(&arena, KB_RECORD_VALUE + 1);
	memset(text, 'x', KB_RECORD_VALUE + 1);
	v->text = kb_str(text, KB_RECORD_VALUE + 1);
	rec->unmapped = v;
	check_refused(rec);
	rec = kb_record_new(&arena);
	rec->unmapped = kb_arena_alloc(&arena, sizeof(*v));
	check_refused(rec);
}

static void
test_frame__codes_that_are_no_names_are_refused(void)
{
	static const char *const codes[] = { "", "\033[2J", "a b", "A",
	    "a-code-that-is-far-too-long-to-be-any-of-ours" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct kb_record *rec = kb_record_new(&arena);
		struct kb_diag_sink sink = kb_record_sink(rec);

		kb_diag(&sink, KB_ERROR, codes[i], 0, 0, "message");
		check_refused(rec);
	}
}

/* Four bytes a link, and many times that of memory. */
static void
test_frame__a_record_that_takes_too_much_memory_is_refused_before(void)
{
	size_t n = (size_t)100 << 20, head = 0;
	struct kb_buf b = { 0 }, f = { 0 };
	struct kb_record *rec = kb_record_new(&arena), *got = NULL;
	char *big = calloc(n + 64, 1);
	struct kb_str bytes;

	/* Up to the count of links, which the last two bytes are behind. */
	kb_frame_write(rec, &b);
	kb_buf_add_varint(&f, b.n - 1 - 2 + 5 + n);
	head = f.n;
	kb_buf_add(&f, kb_str(b.p + 1, b.n - 1 - 2));
	kb_buf_add_varint(&f, n);
	CHECK(b.n < 0x80 && f.n < 64 + head);
	if (big != NULL) {
		memcpy(big, f.p, f.n);
		bytes = kb_str(big, n + 64);
		CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL),
		    KB_INPUT);
		CHECK(arena.total < 65536);
	}
	free(big);
	kb_buf_release(&b);
	kb_buf_release(&f);
	kb_arena_reset(&arena);
}

/* A passage that was cut there was no text any more. */
static void
test_frame__a_piece_that_parts_a_character_is_refused(void)
{
	static const struct {
		struct kb_offpiece	piece;
		enum kb_status		want;
	} of[] = {
		{ { 0, 0, 3, 3 }, KB_OK }, { { 1, 0, 2, 9 }, KB_OK },
		{ { 3, 0, 1, 1 }, KB_OK }, { { 0, 0, 4, 8 }, KB_OK },
		{ { 0, 0, 2, 2 }, KB_INPUT }, { { 2, 0, 1, 9 }, KB_INPUT },
		{ { 2, 0, 2, 2 }, KB_INPUT },
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		struct kb_record *rec = kb_record_new(&arena), *got = NULL;
		struct kb_offpiece piece = of[i].piece;
		struct kb_str bytes;
		struct kb_buf b;

		rec->parts[0].dialect = KB_STR("html");
		rec->nparts = 1;
		add_block(rec, KB_BLOCK_PARA, "a\xc3\xa4z");
		rec->blocks->part = 0;
		rec->blocks->pieces = &piece;
		rec->blocks->npieces = 1;
		b = frame_of(rec);
		bytes = kb_buf_str(&b);
		CHECK_INT(kb_frame_read(&bytes, &arena, &got, NULL),
		    of[i].want);
		kb_buf_release(&b);
		kb_arena_reset(&arena);
	}
}

int
main(void)
{
	RUN(test_frame__a_rich_record_comes_back_the_same);
	RUN(test_frame__an_empty_record_comes_back_empty);
	RUN(test_frame__frames_stand_one_behind_the_other);
	RUN(test_frame__every_truncation_is_an_error);
	RUN(test_frame__every_shorter_length_is_an_error);
	RUN(test_frame__flipped_bytes_give_a_record_or_an_error);
	RUN(test_frame__any_bytes_give_a_record_or_an_error);
	RUN(test_frame__another_version_is_refused);
	RUN(test_frame__a_byte_too_many_is_refused);
	RUN(test_frame__values_beyond_the_caps_of_a_record_are_refused);
	RUN(test_frame__codes_that_are_no_names_are_refused);
	RUN(test_frame__a_record_that_takes_too_much_memory_is_refused_before);
	RUN(test_frame__text_that_is_no_utf8_is_refused);
	RUN(test_frame__a_piece_that_parts_a_character_is_refused);
	RUN(test_frame__a_count_that_cannot_be_is_refused_before_memory_is_taken);
	kb_arena_release(&arena);
	return test_done();
}
