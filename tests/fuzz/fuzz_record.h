/*
 * fuzz_record: what holds for every record that a reader hands over, and for
 * every frame that is accepted, whoever made it.  For targets that end in
 * frames.
 */
#ifndef KB_FUZZ_RECORD_H
#define KB_FUZZ_RECORD_H

#include "fuzz.h"

#include "archive_members.h"
#include "prepare.h"
#include "span_fixture.h"
#include "utf8.h"

static struct kb_stemmers *fuzz_stemmers;
static bool fuzz_tell, fuzz_strict, fuzz_hold;	/* spans, too */

static inline void
fuzz_record_init(void)
{
	const char *spans = getenv("KB_FUZZ_SPANS");

	fuzz_tell = spans != NULL;
	fuzz_strict = spans != NULL && strcmp(spans, "strict") == 0;
	/* As a worker does: iconv opens a file for each of them. */
	MUST(kb_encoding_preload(&err) == KB_OK);
	MUST(kb_profiles_new(&profiles, NULL, &err) == KB_OK);
	MUST(kb_stemmers_new(&fuzz_stemmers, &err) == KB_OK);
}

/*
 * Pieces are ascending, do not overlap, stay within the text and part no
 * character.
 */
static inline void
fuzz_check_pieces(const struct kb_offpiece *v, size_t n, struct kb_str text)
{
	uint64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		MUST(v[i].out >= at && v[i].out_n > 0);
		at = v[i].out + v[i].out_n;
		MUST(at <= text.n);
		MUST(kb_utf8_floor(text, (size_t)v[i].out) == v[i].out &&
		    kb_utf8_floor(text, (size_t)at) == at);
	}
}

static inline void
fuzz_check_values(const struct kb_value *v)
{
	size_t n = 0;

	for (; v != NULL; v = v->next) {
		MUST(++n <= KB_RECORD_VALUES);
		MUST(v->text.n > 0 && v->text.n <= KB_RECORD_VALUE);
		MUST(kb_utf8_valid(v->text) == v->text.n &&
		    kb_utf8_valid(v->source) == v->source.n);
	}
}

static inline void
fuzz_check_record(const struct kb_record *rec)
{
	MUST(rec->nparts <= KB_RECORD_PARTS);
	for (int f = 0; f < KB_F_N; f++)
		fuzz_check_values(rec->values[f]);
	fuzz_check_values(rec->unmapped);
	for (const struct kb_block *k = rec->blocks; k != NULL; k = k->next) {
		MUST(k->text.n > 0 && kb_utf8_valid(k->text) == k->text.n);
		MUST(kb_utf8_valid(k->context) == k->context.n);
		MUST(k->part < rec->nparts || k->part == 0);
		fuzz_check_pieces(k->pieces, k->npieces, k->text);
	}
}

/* What a reader says of places is in the file, too. */
static inline void
fuzz_check_places(const struct kb_record *rec, uint64_t bytes)
{
	MUST(rec->start <= rec->end && rec->end <= bytes);
	for (const struct kb_block *k = rec->blocks; k != NULL; k = k->next)
		for (size_t i = 0; i < k->npieces &&
		    rec->parts[k->part].field.n == 0; i++)
			MUST(k->pieces[i].in <= bytes && k->pieces[i].in_n <=
			    bytes - k->pieces[i].in);
}

/* Written, read and written again, a record is the same bytes. */
static inline void
fuzz_check_round_trip(const struct kb_record *rec)
{
	struct kb_buf one = { 0 }, two = { 0 };
	struct kb_arena mem = { 0 };
	struct kb_record *again;
	struct kb_str rest;

	kb_frame_write(rec, &one);
	rest = kb_buf_str(&one);
	MUST(kb_frame_read(&rest, &mem, &again, NULL) == KB_OK);
	MUST(rest.n == 0);
	kb_frame_write(again, &two);
	MUST(kb_str_eq(kb_buf_str(&one), kb_buf_str(&two)));
	kb_arena_release(&mem);
	kb_buf_release(&one);
	kb_buf_release(&two);
}

static inline void
fuzz_check_passage(const struct kb_passage *p)
{
	const struct kb_offmap map = { p->pieces, p->npieces };
	struct kb_buf b = { 0 };
	uint64_t s = 0, e = 0;

	MUST(kb_utf8_valid(p->text) == p->text.n && p->lead <= p->text.n);
	MUST(kb_utf8_valid(p->heading) == p->heading.n &&
	    p->heading.n <= KB_PASSAGE_HEADING);
	fuzz_check_pieces(p->pieces, p->npieces, p->text);
	kb_offmap_write(&b, &map, p->start);
	if (kb_offmap_locate(kb_buf_str(&b), p->start, 0, p->text.n, &s, &e))
		MUST(s <= e);
	kb_buf_release(&b);
	for (const struct kb_place *q = p->places; q != NULL; q = q->next)
		MUST(q->at < p->text.n && (q->next == NULL ||
		    q->at <= q->next->at));
}

/* A frame goes the whole way that kb-index build takes it, but for writing. */
static inline void
fuzz_check_prepare(struct kb_str frame)
{
	const struct kb_prepare how = { fuzz_stemmers, NULL,
	    KB_STR("folder/file"), NULL };
	struct kb_prepared *p;

	MUST(kb_prepare(&p, &how, frame, NULL) == KB_OK);
	for (size_t i = 0; i < p->npassages; i++) {
		fuzz_check_passage(p->passages[i].passage);
		fuzz_touch(p->passages[i].title);
		fuzz_touch(p->passages[i].heading);
		fuzz_touch(p->passages[i].body);
		fuzz_touch(p->passages[i].surface);
	}
	fuzz_touch(kb_buf_str(&p->list));
	fuzz_touch(kb_str((const char *)p->shingles.v, p->shingles.n *
	    sizeof(*p->shingles.v)));
	kb_prepared_free(p);
}

/* ---- from a file's bytes ---- */

static inline enum kb_status
fuzz_take_frame(void *arg, struct kb_str frame, struct kb_err *e)
{
	struct kb_str all = frame;
	struct kb_buf b = { 0 };
	struct kb_arena mem = { 0 };
	struct kb_record *rec;

	(void)arg;
	MUST(kb_frame_read(&frame, &mem, &rec, NULL) == KB_OK && frame.n == 0);
	kb_frame_write(rec, &b);
	MUST(kb_str_eq(kb_buf_str(&b), all));
	kb_buf_release(&b);
	fuzz_check_record(rec);
	fuzz_check_places(rec, file.raw.n);
	kb_arena_release(&mem);
	fuzz_check_prepare(all);
	return file.n < MAX_RECS ? take_frame(NULL, all, e) : KB_OK;
}

static struct {
	size_t	files;
	struct tally t;
} fuzz_spans;

/*
 * Spans are read again from their own bytes, which no markup outside of them
 * can reach.  In soup a few differ, so that KB_FUZZ_SPANS=strict alone takes
 * one for a failure; where "fuzz_hold" is set, one in a hundred of a run is.
 */
static inline void
fuzz_check_spans(void)
{
	struct tally t = { .shown = fuzz_tell ? 0 : 100 };

	for (size_t i = 0; i < file.n; i++)
		for (const struct kb_passage *p = file.passages[i];
		    p != NULL; p = p->next)
			MUST(p->start <= p->end);
	check_spans(&t);
	if (fuzz_strict)
		MUST(t.passages == t.passages_held &&
		    t.quotes == t.quotes_held);
	fuzz_spans.files++;
	fuzz_spans.t.passages += t.passages;
	fuzz_spans.t.passages_held += t.passages_held;
	fuzz_spans.t.quotes += t.quotes;
	fuzz_spans.t.quotes_held += t.quotes_held;
	t = (struct tally){ .shown = 0 };
	check_promises(&t);
	MUST(t.passages == 0);
}

static inline void
fuzz_say_spans(void)
{
	fflush(stdout);
	fprintf(stderr, "spans: %zu of %zu passages of %zu files hold, "
	    "%zu of %zu quotes\n", fuzz_spans.t.passages_held,
	    fuzz_spans.t.passages, fuzz_spans.files,
	    fuzz_spans.t.quotes_held, fuzz_spans.t.quotes);
	MUST(!fuzz_hold || fuzz_spans.t.passages - fuzz_spans.t.passages_held
	    <= fuzz_spans.t.passages / 100);
}

/* Read the bytes as a file of this name; everything that must hold, does. */
static inline void
fuzz_extract(struct kb_str bytes, const char *path)
{
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = kb_str_c(path), .furniture = site };
	struct kb_input *in;
	enum kb_status status;

	/* They have targets of their own; here gzip would only make bombs. */
	if (kb_archive_is(bytes) || (bytes.n >= 2 &&
	    memcmp(bytes.p, "\x1f\x8b", 2) == 0))
		return;
	kb_arena_reset(&arena);
	memset(&file, 0, sizeof(file));
	seed = 1;
	file.path = opts.path;
	file.raw = bytes.n > 0 ? bytes : KB_STR("");
	MUST(open_input(&in, file.raw) == KB_OK);
	status = kb_extract(in, &opts, fuzz_take_frame, NULL, &err);
	kb_input_close(in);
	MUST(status == KB_OK || status == KB_LIMIT);
	MUST(file.n > 0 || status != KB_OK || bytes.n == 0 ||
	    kb_str_has_suffix(opts.path, KB_STR(".xml")));
	if (status != KB_OK || file.n == 0)
		return;
	MUST(kb_encoding_decode(&file.d, file.raw, is_xml_file() ?
	    KB_MARKUP_XML : KB_MARKUP_HTML, &arena, &err) == KB_OK);
	fuzz_check_spans();
}

#endif /* KB_FUZZ_RECORD_H */
