#include "frame.h"

#include "utf8.h"

#define MAX_CODE	40	/* bytes */

/* ---- writing ---- */

static void
put(struct kb_buf *b, uint64_t v)
{
	kb_buf_add_varint(b, v);
}

static void
put_str(struct kb_buf *b, struct kb_str s)
{
	put(b, s.n);
	kb_buf_add(b, s);
}

static void
put_values(struct kb_buf *b, const struct kb_value *first)
{
	const struct kb_value *v;
	uint64_t n = 0;

	for (v = first; v != NULL; v = v->next)
		n++;
	put(b, n);
	for (v = first; v != NULL; v = v->next) {
		put_str(b, v->text);
		put_str(b, v->source);
	}
}

static void
put_block(struct kb_buf *b, const struct kb_block *k)
{
	put(b, (uint64_t)k->kind | (uint64_t)k->pre << 3 |
	    (uint64_t)k->gap << 4 | (uint64_t)k->leads << 5);
	put(b, k->level);
	put(b, k->group);
	put(b, k->ordinal);
	put(b, k->part);
	put_str(b, k->text);
	put_str(b, k->anchor);
	put_str(b, k->context);
	put_str(b, k->inner);
	put(b, k->npieces);
	kb_offmap_write(b, &(struct kb_offmap){ k->pieces, k->npieces }, 0);
}

static void
put_body(struct kb_buf *b, const struct kb_record *rec)
{
	const struct kb_block *k;
	const struct kb_link *l;
	uint64_t n = 0;

	put(b, rec->nparts);
	for (size_t i = 0; i < rec->nparts; i++) {
		put_str(b, rec->parts[i].dialect);
		put_str(b, rec->parts[i].field);
		put(b, rec->parts[i].autop);
	}
	for (k = rec->blocks; k != NULL; k = k->next)
		n++;
	put(b, n);
	for (k = rec->blocks; k != NULL; k = k->next)
		put_block(b, k);
	for (n = 0, l = rec->links; l != NULL; l = l->next)
		n++;
	put(b, n);
	for (l = rec->links; l != NULL; l = l->next) {
		put_str(b, l->href);
		put_str(b, l->text);
		put(b, l->start);
		put(b, l->end);
	}
}

static void
put_diags(struct kb_buf *b, const struct kb_record *rec)
{
	const struct kb_saved_diag *d;
	uint64_t n = 0;

	for (d = rec->diags; d != NULL; d = d->next)
		n++;
	put(b, n);
	for (d = rec->diags; d != NULL; d = d->next) {
		put(b, (uint64_t)d->diag.level);
		put_str(b, kb_str_c(d->diag.code));
		put_str(b, d->diag.message);
		put(b, d->diag.line);
		put(b, d->diag.col);
		put(b, d->diag.start);
		put(b, d->diag.end);
	}
}

void
kb_frame_write(const struct kb_record *rec, struct kb_buf *out)
{
	struct kb_buf b = { 0 };

	put(&b, KB_FRAME_VERSION);
	put_str(&b, rec->format);
	put_str(&b, rec->member);
	put(&b, rec->number);
	put(&b, rec->start);
	put(&b, rec->end);
	put(&b, rec->line);
	put(&b, rec->dropped);
	put_str(&b, rec->drop_reason);
	for (int f = 0; f < KB_F_N; f++)
		put_values(&b, rec->values[f]);
	put_values(&b, rec->unmapped);
	put_body(&b, rec);
	put_diags(&b, rec);
	put_str(out, kb_buf_str(&b));
	out->failed |= b.failed;
	kb_buf_release(&b);
}

/* ---- reading ---- */

struct reader {
	struct kb_str		 in;
	struct kb_arena		*arena;
	uint64_t		 room;		/* memory that may be taken */
	bool			 bad;
};

static uint64_t
get(struct reader *r)
{
	uint64_t v = 0;
	unsigned shift = 0, c;

	do {
		if (r->in.n == 0 || shift > 63) {
			r->bad = true;
			return 0;
		}
		c = (unsigned char)*r->in.p++;
		r->in.n--;
		v |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while (c & 0x80);
	return v;
}

static uint64_t
get_max(struct reader *r, uint64_t max)
{
	uint64_t v = get(r);

	if (v > max) {
		r->bad = true;
		return 0;
	}
	return v;
}

static struct kb_str
get_str(struct reader *r)
{
	uint64_t n = get(r);
	struct kb_str s;

	if (r->bad || n > r->in.n) {
		r->bad = true;
		return kb_str("", 0);
	}
	s = kb_str(r->in.p, (size_t)n);
	r->in.p += n;
	r->in.n -= (size_t)n;
	if (kb_utf8_valid(s) != s.n)
		r->bad = true;
	return s;
}

/*
 * Each item takes at least one byte: a count past that is a lie.  One that
 * is none may still be of many times more memory than bytes.
 */
static size_t
get_count(struct reader *r, size_t size)
{
	uint64_t n = get_max(r, r->in.n);

	if (n > r->room / size) {
		r->bad = true;
		return 0;
	}
	r->room -= n * size;
	return (size_t)n;
}

static void *
item(struct reader *r, size_t size)
{
	void *p = kb_arena_alloc(r->arena, size);

	if (p == NULL)
		r->bad = true;
	return p;
}

static void
get_values(struct reader *r, struct kb_value **at)
{
	size_t n = get_count(r, sizeof(struct kb_value));

	r->bad |= n > KB_RECORD_VALUES;
	for (size_t i = 0; i < n && !r->bad; i++) {
		struct kb_value *v = item(r, sizeof(*v));

		if (v == NULL)
			return;
		v->text = get_str(r);
		v->source = get_str(r);
		r->bad |= v->text.n == 0 || v->text.n > KB_RECORD_VALUE;
		*at = v;
		at = &v->next;
	}
}

/* Passages are cut at pieces. */
static bool
parts_character(struct kb_str text, const struct kb_offpiece *p)
{
	uint64_t end = p->out + p->out_n;

	return kb_utf8_floor(text, (size_t)p->out) != p->out ||
	    kb_utf8_floor(text, (size_t)end) != end;
}

static void
get_pieces(struct reader *r, struct kb_block *k)
{
	size_t n = get_count(r, sizeof(struct kb_offpiece));
	uint64_t out = 0, in = 0, z;

	k->pieces = kb_arena_array(r->arena, n, sizeof(*k->pieces));
	if (k->pieces == NULL)
		r->bad = true;
	for (size_t i = 0; i < n && !r->bad; i++) {
		struct kb_offpiece *p = &k->pieces[i];

		p->out = out + get_max(r, k->text.n);
		z = get(r);
		p->in = in + (z >> 1 ^ (0 - (z & 1)));
		p->out_n = (uint32_t)get_max(r, UINT32_MAX);
		p->in_n = (uint32_t)get_max(r, UINT32_MAX);
		if (p->in > (uint64_t)1 << 62 || p->out_n == 0 ||
		    p->out > k->text.n || p->out_n > k->text.n - p->out ||
		    parts_character(k->text, p))
			r->bad = true;
		out = p->out + p->out_n;
		in = p->in + p->in_n;
		k->npieces = i + 1;
	}
}

static struct kb_block *
get_block(struct reader *r, size_t nparts)
{
	struct kb_block *k = item(r, sizeof(*k));
	uint64_t flags = get_max(r, 63);

	if (k == NULL)
		return NULL;
	k->kind = (enum kb_block_kind)(flags & 7);
	if (k->kind > KB_BLOCK_NOTE)
		r->bad = true;
	k->pre = flags & 8;
	k->gap = flags & 16;
	k->leads = flags & 32;
	k->level = (uint8_t)get_max(r, 255);
	k->group = (uint32_t)get_max(r, UINT32_MAX);
	k->ordinal = (uint32_t)get_max(r, UINT32_MAX);
	k->part = (uint8_t)get_max(r, nparts > 0 ? nparts - 1 : 0);
	k->text = get_str(r);
	k->anchor = get_str(r);
	k->context = get_str(r);
	k->inner = get_str(r);
	if (k->text.n == 0)
		r->bad = true;
	get_pieces(r, k);
	return k;
}

static void
get_body(struct reader *r, struct kb_record *rec)
{
	size_t n, i;

	rec->nparts = (size_t)get_max(r, KB_RECORD_PARTS);
	for (i = 0; i < rec->nparts; i++) {
		rec->parts[i].dialect = get_str(r);
		rec->parts[i].field = get_str(r);
		rec->parts[i].autop = get_max(r, 1) != 0;
	}
	n = get_count(r, sizeof(struct kb_block));
	for (i = 0; i < n && !r->bad; i++) {
		struct kb_block *k = get_block(r, rec->nparts);

		if (k == NULL)
			return;
		if (rec->last_block != NULL)
			rec->last_block->next = k;
		else
			rec->blocks = k;
		rec->last_block = k;
	}
	n = get_count(r, sizeof(struct kb_link));
	for (i = 0; i < n && !r->bad; i++) {
		struct kb_link *l = item(r, sizeof(*l));

		if (l == NULL)
			return;
		l->href = get_str(r);
		l->text = get_str(r);
		l->start = get(r);
		l->end = get(r);
		if (rec->last_link != NULL)
			rec->last_link->next = l;
		else
			rec->links = l;
		rec->last_link = l;
	}
}

/* Codes are printed and compared as they are. */
static const char *
get_code(struct reader *r)
{
	struct kb_str s = get_str(r);

	r->bad |= s.n == 0 || s.n > MAX_CODE;
	for (size_t i = 0; i < s.n && !r->bad; i++)
		r->bad |= (s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-';
	return r->bad ? NULL : kb_arena_copy(r->arena, s).p;
}

static void
get_diags(struct reader *r, struct kb_record *rec)
{
	size_t n = get_count(r, sizeof(struct kb_saved_diag));

	for (size_t i = 0; i < n && !r->bad; i++) {
		struct kb_saved_diag *d = item(r, sizeof(*d));

		if (d == NULL)
			return;
		d->diag.level = (enum kb_level)get_max(r, KB_ERROR);
		d->diag.code = get_code(r);
		d->diag.message = get_str(r);
		d->diag.line = (uint32_t)get_max(r, UINT32_MAX);
		d->diag.col = (uint32_t)get_max(r, UINT32_MAX);
		d->diag.start = get(r);
		d->diag.end = get(r);
		if (d->diag.code == NULL)
			r->bad = true;
		if (rec->last_diag != NULL)
			rec->last_diag->next = d;
		else
			rec->diags = d;
		rec->last_diag = d;
	}
}

static void
get_record(struct reader *r, struct kb_record *rec)
{
	if (get(r) != KB_FRAME_VERSION)
		r->bad = true;
	rec->format = get_str(r);
	rec->member = get_str(r);
	rec->number = (size_t)get(r);
	rec->start = get(r);
	rec->end = get(r);
	rec->line = (uint32_t)get_max(r, UINT32_MAX);
	rec->dropped = get_max(r, 1) != 0;
	rec->drop_reason = get_str(r);
	for (int f = 0; f < KB_F_N; f++)
		get_values(r, &rec->values[f]);
	get_values(r, &rec->unmapped);
	get_body(r, rec);
	get_diags(r, rec);
	if (r->in.n > 0)
		r->bad = true;
}

enum kb_status
kb_frame_read(struct kb_str *bytes, struct kb_arena *arena,
    struct kb_record **out, struct kb_err *err)
{
	struct reader outer = { .in = *bytes, .arena = arena };
	struct reader r = { .arena = arena, .room = KB_FRAME_MEMORY };
	struct kb_record *rec;
	uint64_t n = get(&outer);

	if (outer.bad || n > outer.in.n)
		return kb_err_set(err, KB_INPUT, "a frame of %llu bytes in "
		    "%zu", (unsigned long long)n, outer.in.n);
	rec = kb_record_new(arena);
	if (rec == NULL)
		return kb_err_nomem(err);
	r.in = kb_str(outer.in.p, (size_t)n);
	get_record(&r, rec);
	if (arena->failed)
		return kb_err_nomem(err);
	if (r.bad)
		return kb_err_set(err, KB_INPUT, "a frame that does not hold "
		    "together at byte %zu of %zu",
		    (size_t)n - r.in.n, (size_t)n);
	*bytes = kb_str(outer.in.p + n, outer.in.n - (size_t)n);
	*out = rec;
	return KB_OK;
}
