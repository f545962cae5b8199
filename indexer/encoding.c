#include "encoding.h"

#include <errno.h>
#include <iconv.h>

#include "encoding_impl.h"
#include "utf8.h"

#define MAX_PIECE	((uint32_t)1 << 30)
#define SURE		3	/* UTF-8 sequences, not by chance */
#define MAX_KEPT	64	/* converters */

/* ---- the result ---- */

static enum kb_status
arena_status(const struct kb_arena *arena, size_t want, struct kb_err *err)
{
	if (arena->cap > 0 && arena->cap - arena->total < want + 64)
		return kb_err_set(err, KB_LIMIT, "the text needs more than "
		    "%zu bytes of memory; raise the limit or split it",
		    arena->cap);
	return kb_err_nomem(err);
}

/* Clean UTF-8 behind a BOM: nothing to copy, but all is moved. */
static enum kb_status
slice(struct kb_decoded *out, struct kb_str raw, size_t bom,
    struct kb_arena *arena, struct kb_err *err)
{
	size_t n = raw.n - bom, count = n / MAX_PIECE + 1, i;
	struct kb_offpiece *v;

	out->text = kb_str(raw.p + bom, n);
	if (bom == 0)
		return KB_OK;
	v = kb_arena_array(arena, count, sizeof(*v));
	if (v == NULL)
		return arena_status(arena, count * sizeof(*v), err);
	for (i = 0; i < count; i++) {
		v[i].out = (uint64_t)i * MAX_PIECE;
		v[i].in = v[i].out + bom;
		v[i].out_n = v[i].in_n = i + 1 < count ? MAX_PIECE :
		    (uint32_t)(n % MAX_PIECE);
	}
	out->map.v = v;
	out->map.n = count;
	return KB_OK;
}

static enum kb_status
keep(struct kb_decoded *out, struct kb_encoding_out *o, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_str text;
	void *pieces;

	if (o->text.failed || o->pieces.failed)
		return kb_err_nomem(err);
	text = kb_buf_str(&o->text);
	if (kb_str_eq(text, o->raw)) {
		out->text = o->raw;
		return KB_OK;
	}
	pieces = kb_arena_alloc(arena, o->pieces.n);
	if (pieces == NULL)
		return arena_status(arena, o->pieces.n, err);
	if (o->pieces.n > 0)
		memcpy(pieces, o->pieces.p, o->pieces.n);
	out->text = kb_arena_copy(arena, text);
	if (out->text.p == NULL)
		return arena_status(arena, text.n, err);
	out->map.v = pieces;
	out->map.n = o->pieces.n / sizeof(struct kb_offpiece);
	out->replaced = o->replaced;
	return KB_OK;
}

/* ---- the decision ---- */

struct tally {
	size_t	good;		/* multi-byte sequences, whole or cut */
	size_t	bad;		/* bytes that are no UTF-8 */
	bool	clean;		/* valid */
};

static void
tally_utf8(struct tally *t, struct kb_str s)
{
	size_t at = 0, n;
	uint32_t c;

	*t = (struct tally){ .clean = true };
	for (;;) {
		at += kb_encoding_ascii_run(s, at);
		if (at >= s.n)
			return;
		n = kb_utf8_next(s, at, &c);
		if (c != UINT32_MAX || n > 1)
			t->good++;
		else
			t->bad++;
		if (c == UINT32_MAX)
			t->clean = false;
		at += n;
	}
}

static bool
is_utf8(const struct tally *t)
{
	return t->clean || t->good >= t->bad;
}

/* What no declaration says. */
static const struct kb_encoding *
detect(struct kb_decoded *d, struct kb_str raw, const struct tally *t)
{
	const struct kb_encoding *e = kb_encoding_unmarked(raw);

	d->how = KB_ENCODING_GUESSED;
	if (e == NULL)
		e = kb_encoding_escaped(raw);
	if (e != NULL)
		return e;
	if (!is_utf8(t))
		return kb_encoding_guess(raw);
	if (t->clean)
		d->how = KB_ENCODING_UTF8;
	return &kb_encoding_utf8;
}

/* Fills in how and declared. */
static const struct kb_encoding *
decide(struct kb_decoded *d, struct kb_str raw, enum kb_markup markup,
    const struct tally *t, size_t *bom)
{
	const struct kb_encoding *e = kb_encoding_by_bom(raw, bom), *found;

	d->how = KB_ENCODING_BOM;
	if (e != NULL)
		return e;
	d->how = KB_ENCODING_DECLARED;
	e = kb_encoding_declared(raw, markup);
	if (e == NULL)
		return detect(d, raw, t);
	if (e->kind == KB_ENCODING_KIND_UTF8 ? is_utf8(t) :
	    !t->clean || t->good < SURE)
		return e;
	found = detect(d, raw, t);
	/* Whoever guesses what was declared need not have guessed. */
	if (found == e) {
		d->how = KB_ENCODING_DECLARED;
		return e;
	}
	d->declared = e->name;
	d->how = KB_ENCODING_GUESSED;
	return found;
}

enum kb_status
kb_encoding_decode(struct kb_decoded *out, struct kb_str raw,
    enum kb_markup markup, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_encoding_out o = { .raw = raw };
	struct kb_decoded d = { .name = NULL };
	const struct kb_encoding *e;
	enum kb_status status;
	struct tally t;
	size_t bom;

	if (raw.n == 0)
		o.raw = raw = KB_STR("");
	tally_utf8(&t, raw);
	e = decide(&d, raw, markup, &t, &bom);
	if (e->kind == KB_ENCODING_KIND_UTF8 && t.clean) {
		status = slice(&d, raw, bom, arena, err);
	} else {
		if (!kb_encoding_run(&o, e, bom)) {
			d.how = KB_ENCODING_GUESSED;
			e = &kb_encoding_1252;
			kb_encoding_run(&o, e, 0);
		}
		status = keep(&d, &o, arena, err);
	}
	d.name = e->name;
	if (status == KB_OK) {
		d.lost = kb_encoding_count_lost(d.text) - d.replaced;
		*out = d;
	}
	kb_encoding_out_release(&o);
	return status;
}

bool
kb_encoding_is_wide(struct kb_str head)
{
	const struct kb_encoding *e;
	size_t bom;

	e = kb_encoding_by_bom(head, &bom);
	if (e == NULL)
		e = kb_encoding_declared(head, KB_MARKUP_XML);
	if (e == NULL)
		e = kb_encoding_unmarked(head);
	return e != NULL && e->kind >= KB_ENCODING_KIND_UTF16LE &&
	    e->kind <= KB_ENCODING_KIND_UTF32BE;
}

/* ---- what is said ---- */

size_t
kb_encoding_count_lost(struct kb_str text)
{
	const struct kb_str mark = KB_STR("\357\277\275");
	const char *p = text.p, *end = text.p + text.n;
	size_t n = 0;

	/* Few texts have its first byte at all, and memchr is fast. */
	while (p < end && (p = memchr(p, mark.p[0], (size_t)(end - p))) !=
	    NULL) {
		n += kb_str_has_prefix(kb_str(p, (size_t)(end - p)), mark);
		p++;
	}
	return n;
}

static void
say_guess(const struct kb_diag_sink *sink, const struct kb_decoded *d)
{
	if (d->declared != NULL)
		kb_diag(sink, KB_WARNING, "encoding-guessed", 0, 0,
		    "%s is declared, but the bytes are not in it; read as %s",
		    d->declared, d->name);
	else if (strcmp(d->name, kb_encoding_utf8.name) == 0)
		kb_diag(sink, KB_WARNING, "encoding-guessed", 0, 0,
		    "no encoding is declared and the bytes are UTF-8 but for "
		    "some; read as %s", d->name);
	else
		kb_diag(sink, KB_WARNING, "encoding-guessed", 0, 0,
		    "no encoding is declared and the bytes are not UTF-8; "
		    "read as %s", d->name);
}

void
kb_encoding_say(const struct kb_diag_sink *sink, const struct kb_decoded *d)
{
	if (d->how == KB_ENCODING_GUESSED)
		say_guess(sink, d);
	if (d->replaced > 0)
		kb_diag(sink, KB_WARNING, "bad-encoding", 0, 0,
		    "%zu places are not valid %s and were replaced",
		    d->replaced, d->name);
	if (d->lost > 0)
		kb_diag(sink, KB_WARNING, "bad-encoding", 0, 0,
		    "%zu replacement characters (U+FFFD) stand in the file "
		    "itself: what they replaced was lost before",
		    d->lost);
}

/* ---- converters ---- */

enum kb_status
kb_encoding_preload(struct kb_err *err)
{
	static iconv_t kept[MAX_KEPT], signs;
	const struct kb_encoding *e;
	size_t i;

	if (signs == NULL)
		signs = iconv_open("UTF-8", KB_BIG5_SIGNS);
	for (i = 0; i < MAX_KEPT && kept[i] == NULL &&
	    (e = kb_encoding_nth(i)) != NULL; i++) {
		errno = 0;
		kept[i] = iconv_open(e->kind == KB_ENCODING_KIND_SINGLE ?
		    "UTF-32LE" : "UTF-8", e->iconv);
		if (kept[i] == (iconv_t)-1 && errno == ENOMEM)
			return kb_err_nomem(err);
	}
	return KB_OK;
}
