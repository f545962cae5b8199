/*
 * span_fixture: a file read as the build reads it, through frames, its blocks
 * and passages shown as text to be compared, and the contracts of passages
 * and spans as one check that any file must pass.
 */
#ifndef KB_SPAN_FIXTURE_H
#define KB_SPAN_FIXTURE_H

#include <stdlib.h>

#include "encoding.h"
#include "extract.h"
#include "frame.h"
#include "input.h"
#include "segment.h"
#include "sentence.h"
#include "slurp.h"
#include "stretch.h"
#include "utf8.h"
#include "words.h"
#include "xml.h"

#define MAX_RECS	4096
#define MAX_FIELDS	(MAX_RECS * 16)

static struct kb_profiles *profiles;
static const struct kb_furniture *site;	/* what the pages share, or NULL */
static struct kb_arena arena;		/* of the file being looked at */
static struct kb_err err;
static uint32_t seed = 1;

struct field {
	uint64_t	record;		/* where it starts */
	struct kb_str	name, text;
};

/* A file that was read. */
static struct {
	struct kb_str		 path, raw;
	struct kb_decoded	 d;
	struct kb_record	*recs[MAX_RECS];
	struct kb_passage	*passages[MAX_RECS];
	size_t			 n;
	struct field		*fields;	/* NULL: not read yet */
	size_t			 nfields;
	const struct kb_profile	*profile;
} file;

/* What came out, over all files. */
struct tally {
	size_t	passages, passages_held;
	size_t	quotes, quotes_held;
	size_t	deep;		/* passages that are not looked at */
	size_t	shown;		/* failures that were told */
};

/* ---- reading ---- */

static inline enum kb_status
take_frame(void *arg, struct kb_str frame, struct kb_err *e)
{
	struct kb_str bytes = kb_arena_copy(&arena, frame);
	enum kb_status status;

	(void)arg;
	if (file.n == MAX_RECS)
		return kb_err_set(e, KB_LIMIT, "too many records for a test");
	status = kb_frame_read(&bytes, &arena, &file.recs[file.n], e);
	if (status == KB_OK)
		status = kb_segment(file.recs[file.n],
		    &file.passages[file.n], e);
	file.n += status == KB_OK;
	return status;
}

static inline enum kb_status
open_input(struct kb_input **in, struct kb_str bytes)
{
	return kb_input_open_mem(in, bytes, "test", &err);
}

static inline bool
is_xml_file(void)
{
	const struct kb_record *rec = NULL;

	for (size_t i = 0; i < file.n && (rec == NULL || rec->nparts == 0);
	    i++)
		rec = file.recs[i];
	return rec != NULL && rec->nparts > 0 && (rec->parts[0].field.n > 0 ||
	    !kb_str_eq(rec->parts[0].dialect, KB_STR("html")));
}

static inline bool
read_bytes(struct kb_str bytes, const char *path)
{
	struct kb_extract_opts opts = { .profiles = profiles,
	    .path = kb_str_c(path), .furniture = site };
	struct kb_buf raw = { 0 };
	struct kb_input *in;
	enum kb_status status;

	kb_arena_reset(&arena);
	memset(&file, 0, sizeof(file));
	file.path = opts.path;
	if (open_input(&in, bytes) != KB_OK)
		return false;
	status = kb_input_slurp(in, (size_t)1 << 30, &raw, &err);
	kb_input_close(in);
	file.raw = kb_arena_copy(&arena, kb_buf_str(&raw));
	kb_buf_release(&raw);
	if (status != KB_OK || open_input(&in, bytes) != KB_OK)
		return false;
	status = kb_extract(in, &opts, take_frame, NULL, &err);
	kb_input_close(in);
	if (status != KB_OK)
		printf("# %s: %s\n", path, err.msg);
	if (status == KB_OK)
		status = kb_encoding_decode(&file.d, file.raw, is_xml_file() ?
		    KB_MARKUP_XML : KB_MARKUP_HTML, &arena, &err);
	return status == KB_OK;
}

static inline bool
read_path(const char *path)
{
	struct kb_buf buf = { 0 };
	bool good = kb_slurp(path, (size_t)1 << 30, &buf, &err) == KB_OK &&
	    read_bytes(kb_buf_str(&buf), path);

	kb_buf_release(&buf);
	return good;
}

/* ---- the bytes that a passage's range counts in ---- */

static inline bool
field_is_record(void *arg, const struct kb_node *e)
{
	(void)arg;
	if (file.profile == NULL)
		file.profile = kb_profiles_match(profiles, e);
	return file.profile != NULL && kb_profile_is_record(file.profile, e);
}

/* By the names that other records give them: "#7@Body". */
static inline void
note_attributes(const struct kb_node *root, size_t number)
{
	for (const struct kb_attr *a = root->attrs; a != NULL &&
	    file.nfields < MAX_FIELDS; a = a->next)
		file.fields[file.nfields++] = (struct field){ root->start,
		    kb_arena_printf(&arena, "#%zu@%.*s", number,
		    KB_FMT(a->name)), kb_arena_copy(&arena, a->value) };
}

static inline enum kb_status
field_record(void *arg, struct kb_node *root, size_t number,
    struct kb_err *e)
{
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_body bodies[8];
	enum kb_status status;
	size_t n = 0;

	(void)arg;
	note_attributes(root, number);
	status = kb_profile_apply(file.profile, root, rec, bodies, &n, e);
	for (size_t i = 0; i < n && status == KB_OK &&
	    file.nfields < MAX_FIELDS; i++)
		if (bodies[i].field.n > 0)
			file.fields[file.nfields++] = (struct field){
			    root->start, kb_arena_copy(&arena,
			    bodies[i].field), kb_arena_copy(&arena,
			    bodies[i].text) };
	return status;
}

static inline void
read_fields(void)
{
	struct kb_xml_handler handler = { .is_record = field_is_record,
	    .record = field_record };
	struct kb_input *in;

	file.fields = kb_arena_array(&arena, MAX_FIELDS,
	    sizeof(*file.fields));
	if (open_input(&in, file.raw) != KB_OK)
		return;
	kb_xml_read(in, &handler, &err);
	kb_input_close(in);
}

/* From an offset in the file to one in the decoded text. */
static inline size_t
decoded_at(uint64_t in, bool end)
{
	const struct kb_offmap *m = &file.d.map;

	for (size_t i = 0; i < m->n; i++) {
		const struct kb_offpiece *p = &m->v[i];

		if (end ? in <= p->in || in > p->in + p->in_n :
		    in < p->in || in >= p->in + p->in_n)
			continue;
		if (p->in_n == p->out_n)
			return (size_t)(p->out + (in - p->in));
		return (size_t)(end ? p->out + p->out_n : p->out);
	}
	return (size_t)in;
}

/* The UTF-8 text in which the part's ranges count, and [start, end) of it. */
static inline struct kb_str
span_bytes(const struct kb_record *rec, unsigned part, uint64_t start,
    uint64_t end)
{
	struct kb_str name = rec->parts[part].field, text = file.d.text;

	if (name.n > 0 && file.fields == NULL)
		read_fields();
	if (name.n > 0) {
		text = kb_str(NULL, 0);
		for (size_t i = 0; i < file.nfields; i++)
			if ((name.p[0] == '#' || file.fields[i].record ==
			    rec->start) && kb_str_eq(file.fields[i].name,
			    name))
				text = file.fields[i].text;
	} else {
		start = decoded_at(start, false);
		end = decoded_at(end, true);
	}
	if (start > end || end > text.n)
		return kb_str("", 0);
	return kb_str(text.p + start, (size_t)(end - start));
}

/* ---- showing ---- */

static inline void
show_block(struct kb_buf *out, const struct kb_block *b)
{
	if (b->gap)
		kb_buf_addc(out, "--\n");
	kb_buf_printf(out, "%s", kb_block_kind_name(b->kind));
	if (b->level > 0)
		kb_buf_printf(out, " %u", b->level);
	if (b->ordinal > 0)
		kb_buf_printf(out, " no %u", (unsigned)b->ordinal);
	if (b->leads)
		kb_buf_addc(out, " leads");
	if (b->anchor.n > 0)
		kb_buf_printf(out, " #%.*s", KB_FMT(b->anchor));
	kb_buf_printf(out, " [%.*s]: %.*s\n", KB_FMT(b->context),
	    KB_FMT(b->text));
}

/* A line a block: kind, level, number, anchor, context, text. */
static inline struct kb_str
show_blocks(size_t rec)
{
	struct kb_buf out = { 0 };
	struct kb_str s;

	for (const struct kb_block *b = rec < file.n ?
	    file.recs[rec]->blocks : NULL; b != NULL; b = b->next)
		show_block(&out, b);
	s = kb_arena_copy(&arena, kb_buf_str(&out));
	kb_buf_release(&out);
	return s;
}

/* ---- the contract of a quote ---- */

static inline void
tell(struct tally *t, const char *what, const struct kb_passage *p,
    struct kb_str got, struct kb_str want)
{
	size_t i = 0;

	if (++t->shown > 8)
		return;
	while (i < got.n && i < want.n && got.p[i] == want.p[i])
		i++;
	i = i > 30 ? i - 30 : 0;
	printf("# %.*s: %s [%llu, %llu) in <%.*s>: ...'%.*s' is not "
	    "...'%.*s'\n", KB_FMT(file.path), what,
	    (unsigned long long)p->start, (unsigned long long)p->end,
	    KB_FMT(p->context), (int)(got.n - (i < got.n ? i : got.n) > 90 ?
	    90 : got.n - (i < got.n ? i : got.n)), got.p + (i < got.n ? i :
	    got.n), (int)(want.n - i > 90 ? 90 : want.n - i), want.p + i);
}

static inline bool
reads_as(const struct kb_part *part, struct kb_str context,
    struct kb_str bytes, struct kb_str want, struct kb_str *got)
{
	*got = KB_STR("(error)");
	return kb_span_text(got, profiles, part->dialect, context,
	    part->autop, bytes, &arena, &err) == KB_OK &&
	    kb_str_eq(*got, want);
}

static inline uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Inside of more elements than a context names, nothing is promised. */
static inline bool
is_deep(struct kb_str context)
{
	return kb_str_find(context, KB_STR("#deep"), 0) != (size_t)-1;
}

static inline void
check_quote(struct tally *t, const struct kb_record *rec,
    const struct kb_passage *p, size_t from, size_t to)
{
	const struct kb_part *part = &rec->parts[p->part];
	struct kb_str want = kb_str(p->text.p + from, to - from), got = want;
	struct kb_str all = span_bytes(rec, p->part, p->start, p->end);
	struct kb_str bytes, context;
	struct kb_buf map = { 0 };
	uint64_t s = 0, e = 0;
	bool good;

	kb_offmap_write(&map, &(struct kb_offmap){ p->pieces, p->npieces },
	    p->start);
	good = kb_offmap_locate(kb_buf_str(&map), p->start, from, to, &s, &e);
	kb_buf_release(&map);
	bytes = span_bytes(rec, p->part, s, e);
	t->quotes++;
	good = good && kb_span_context(&context, profiles, part->dialect,
	    p->context, part->autop, all, (size_t)(bytes.p - all.p), &arena,
	    &err) == KB_OK && (is_deep(context) || reads_as(part, context,
	    bytes, want, &got));
	t->quotes_held += good;
	if (!good)
		tell(t, "quote", p, got, want);
}

#define MAX_SENTENCES	1000

static inline void
check_quotes(struct tally *t, const struct kb_record *rec,
    const struct kb_passage *p)
{
	static size_t from[MAX_SENTENCES], to[MAX_SENTENCES];
	struct kb_offmap map = { p->pieces, p->npieces };
	uint32_t n = 0, i, k;

	for (size_t at = kb_sentence_start(p->text, 0); at < p->text.n &&
	    n < MAX_SENTENCES; at = kb_sentence_start(p->text, to[n - 1])) {
		from[n] = at;
		to[n++] = kb_sentence_end_mapped(p->text, &map, at);
	}
	for (int times = 0; n > 0 && times < 3; times++) {
		i = draw(n);
		k = i + draw(n - i < 4 ? n - i : 4);
		check_quote(t, rec, p, from[i], to[k]);
	}
}

static inline void
check_passage(struct tally *t, const struct kb_record *rec,
    const struct kb_passage *p)
{
	struct kb_str got = { NULL, 0 };
	bool good;

	t->deep += is_deep(p->context);
	if (is_deep(p->context))
		return;
	good = reads_as(&rec->parts[p->part], p->context,
	    span_bytes(rec, p->part, p->start, p->end), p->text, &got);

	t->passages++;
	t->passages_held += good;
	if (!good)
		tell(t, "passage", p, got, p->text);
	check_quotes(t, rec, p);
}

/* Every passage of the file that was read. */
static inline void
check_spans(struct tally *t)
{
	for (size_t i = 0; i < file.n; i++)
		for (const struct kb_passage *p = file.passages[i];
		    p != NULL; p = p->next)
			check_passage(t, file.recs[i], p);
}

/* ---- what record.h promises ---- */

static inline bool
parts_character(struct kb_str text, const struct kb_offpiece *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t from = (size_t)v[i].out, to = from + v[i].out_n;

		if (kb_utf8_floor(text, from) != from ||
		    kb_utf8_floor(text, to) != to)
			return true;
	}
	return false;
}

/* ---- what segment.h promises ---- */

/* What stands between two parts of a block is white space, or a bar. */
static inline struct kb_str
skip_between(struct kb_str s, struct kb_str next)
{
	while (s.n > 0 && memcmp(s.p, next.p, s.n < next.n ? s.n : next.n) !=
	    0) {
		size_t n = s.p[0] == '|' ? 1 : kb_utf8_space(s, 0);

		if (n == 0)
			break;
		s = kb_str(s.p + n, s.n - n);
	}
	return s;
}

struct walk {
	const struct kb_passage	*p;
	struct kb_str		 rest;
	size_t			 words;
	bool			 body, several, step;
};

/* Words that begin in it: the last pair of ideographs may end behind it. */
static inline size_t
words_begun(struct kb_str text, const struct kb_offpiece *q)
{
	struct kb_words it = kb_words(kb_str(text.p + q->out,
	    text.n - (size_t)q->out));
	struct kb_word w;
	size_t n = 0;

	while (kb_words_next(&it, &w) && w.start < q->out_n)
		n++;
	return n;
}

/* The most words of what is never cut. */
static inline size_t
uncut_words(const struct kb_passage *p)
{
	size_t most = 0, n;

	for (size_t i = 0; i < p->npieces; i++) {
		const struct kb_offpiece *q = &p->pieces[i];

		n = q->out_n == q->in_n ? 0 : words_begun(p->text, q);
		most = n > most ? n : most;
	}
	return most;
}

static inline bool
fits(const struct walk *w)
{
	size_t most = w->several ? KB_PASSAGE_GATHER : w->step ?
	    KB_PASSAGE_PROCEDURE : KB_PASSAGE_WORDS;

	return w->words == w->p->words && (w->words <= most ||
	    w->words == uncut_words(w->p));
}

static inline bool
next_passage(struct walk *w)
{
	bool good = w->p == NULL || (w->rest.n == 0 && fits(w));

	w->p = w->p != NULL ? w->p->next : NULL;
	w->rest = w->p != NULL ? w->p->text : kb_str(NULL, 0);
	w->words = 0;
	w->body = w->several = w->step = false;
	return good;
}

/* Words of the block's text from "left" on, "n" bytes; no step's number. */
static inline size_t
words_of(const struct kb_block *b, struct kb_str left, size_t n)
{
	struct kb_offmap map = { b->pieces, b->npieces };
	struct kb_stretch it = kb_stretch(kb_str(b->text.p,
	    (size_t)(left.p - b->text.p) + n), &map);
	size_t words = 0;

	it.at = (size_t)(left.p - b->text.p);
	while (kb_stretch_next(&it, &left))
		words += kb_words_count(left);
	return words;
}

/* The whole block, or a part of one that is too long for a passage. */
static inline bool
take_block(struct walk *w, const struct kb_block *b)
{
	bool whole = words_of(b, b->text, b->text.n) <= KB_PASSAGE_WORDS ||
	    b->kind == KB_BLOCK_HEADING;
	struct kb_str left = b->text;
	size_t n;

	if (b->gap && w->rest.n < w->p->text.n)
		return false;
	w->several |= w->body && b->kind == KB_BLOCK_HEADING;
	w->body |= b->kind != KB_BLOCK_HEADING;
	w->step |= b->ordinal > 0;
	while (left.n > 0) {
		if (w->rest.n == 0 && (whole || w->p->next == NULL))
			return false;
		if (w->rest.n == 0) {
			struct kb_passage *at = w->p->next;

			if (!next_passage(w) || at == NULL)
				return false;
			w->body = true;
			left = skip_between(left, w->rest);
		}
		n = left.n < w->rest.n ? left.n : w->rest.n;
		if (memcmp(left.p, w->rest.p, n) != 0)
			return false;
		if (b->kind != KB_BLOCK_HEADING)
			w->words += words_of(b, left, n);
		left = kb_str(left.p + n, left.n - n);
		w->rest = kb_str(w->rest.p + n, w->rest.n - n);
	}
	if (w->rest.n > 0 && w->rest.p[0] != '\n')
		return false;
	return true;
}

/* NULL, or the block at which a promise of theirs does not hold. */
static inline const struct kb_block *
broken_promise(size_t rec)
{
	struct walk w = { .p = NULL };
	const struct kb_block *b = file.recs[rec]->blocks;

	if (b == NULL)
		return NULL;
	w.p = file.passages[rec];
	w.rest = w.p->text;
	for (; b != NULL; b = b->next) {
		if (parts_character(b->text, b->pieces, b->npieces))
			return b;
		if (w.rest.n > 0 && w.rest.n < w.p->text.n)
			w.rest = kb_str(w.rest.p + 1, w.rest.n - 1);
		if (w.rest.n == 0 && (!next_passage(&w) || w.p == NULL))
			return b;
		if (!take_block(&w, b))
			return b;
	}
	return next_passage(&w) && w.p == NULL ? NULL :
	    file.recs[rec]->last_block;
}

static inline void
check_promises(struct tally *t)
{
	for (size_t i = 0; i < file.n; i++) {
		const struct kb_block *b = broken_promise(i);

		if (b == NULL)
			continue;
		if (t->shown++ < 8)
			printf("# %.*s: %s not as promised: '%.*s'\n",
			    KB_FMT(file.path), kb_block_kind_name(b->kind),
			    (int)(b->text.n < 90 ? b->text.n : 90),
			    b->text.p);
		t->passages++;
	}
}

#endif /* KB_SPAN_FIXTURE_H */
