#include "prepare.h"

#include <stdlib.h>

#include "frame.h"
#include "stretch.h"
#include "utf8.h"

static struct kb_str
keep(struct kb_arena *arena, struct kb_buf *buf)
{
	struct kb_str s = kb_arena_copy(arena, kb_buf_str(buf));

	arena->failed |= buf->failed;
	kb_buf_clear(buf);
	return s;
}

/* Each passage has the title's terms: a text in its place would be many. */
static struct kb_str
cut(struct kb_str title)
{
	title.n = kb_utf8_floor(title, KB_PREPARE_TITLE);
	return title;
}

static enum kb_status
make_terms(struct kb_prepared *p, struct kb_stemmers *stemmers,
    struct kb_err *err)
{
	const struct kb_value *lang = p->rec->values[KB_F_LANG];
	const struct kb_value *title = p->rec->values[KB_F_TITLE];
	struct kb_buf stems = { 0 }, surface = { 0 };
	struct kb_str title_stems = { NULL, 0 }, head = { NULL, 0 }, s;
	enum kb_status status = KB_OK;
	struct kb_stretch it;
	struct kb_offmap body;
	char key[3];

	kb_lang_key(lang != NULL ? lang->text : kb_str(NULL, 0), key);
	if (title != NULL)
		status = kb_terms_add(stemmers, key, cut(title->text), &stems,
		    &surface, err);
	title_stems = keep(&p->arena, &stems);
	head = keep(&p->arena, &surface);
	for (size_t i = 0; i < p->npassages && status == KB_OK; i++) {
		struct kb_prepared_passage *q = &p->passages[i];

		kb_buf_add(&surface, head);
		q->title = title_stems;
		status = kb_terms_add(stemmers, key, q->passage->heading,
		    &stems, &surface, err);
		q->heading = keep(&p->arena, &stems);
		body = (struct kb_offmap){ q->passage->pieces,
		    q->passage->npieces };
		it = kb_stretch(q->passage->text, &body);
		it.at = q->passage->lead;
		while (status == KB_OK && kb_stretch_next(&it, &s))
			status = kb_terms_add(stemmers, key, s, &stems,
			    &surface, err);
		q->body = keep(&p->arena, &stems);
		q->surface = keep(&p->arena, &surface);
	}
	kb_buf_release(&stems);
	kb_buf_release(&surface);
	return status;
}

/* The words of the body, one flat list; shingles cross passages. */
static enum kb_status
make_shingles(struct kb_prepared *p, const struct kb_shingling *how,
    struct kb_err *err)
{
	static const struct kb_shingling usual = { .width = KB_SHINGLE_WIDTH };
	enum kb_status status;
	struct kb_str part;

	for (size_t i = 0; i < p->npassages; i++) {
		const struct kb_passage *q = p->passages[i].passage;
		struct kb_offmap map = { q->pieces, q->npieces };
		struct kb_stretch it = kb_stretch(q->text, &map);

		while (kb_stretch_next(&it, &part))
			kb_shingle_words(&p->list, part);
	}
	status = kb_buf_check(&p->list, err);
	if (status == KB_OK)
		status = kb_shingles_make(&p->shingles, how != NULL ? how :
		    &usual, kb_buf_str(&p->list), err);
	p->words = p->shingles.words;
	p->body_hash = p->shingles.text;
	return status;
}

static enum kb_status
make_passages(struct kb_prepared *p, struct kb_err *err)
{
	struct kb_passage *first = NULL, *q;
	enum kb_status status = kb_segment(p->rec, &first, err);
	size_t n = 0;

	if (status != KB_OK)
		return status;
	for (q = first; q != NULL; q = q->next)
		n++;
	p->passages = kb_arena_array(&p->arena, n, sizeof(*p->passages));
	if (p->passages == NULL)
		return kb_err_nomem(err);
	for (q = first; q != NULL; q = q->next)
		p->passages[p->npassages++].passage = q;
	return KB_OK;
}

enum kb_status
kb_prepare(struct kb_prepared **out, const struct kb_prepare *how,
    struct kb_str frame, struct kb_err *err)
{
	struct kb_prepared *p = calloc(1, sizeof(*p));
	enum kb_status status;
	struct kb_str bytes;

	if (p == NULL)
		return kb_err_nomem(err);
	bytes = kb_arena_copy(&p->arena, frame);
	status = p->arena.failed ? kb_err_nomem(err) :
	    kb_frame_read(&bytes, &p->arena, &p->rec, err);
	if (status == KB_OK && !p->rec->dropped) {
		kb_metadata_apply(how->metadata, p->rec, kb_record_place(
		    p->rec, how->path, &p->arena));
		status = make_passages(p, err);
		if (status == KB_OK)
			status = make_terms(p, how->stemmers, err);
		if (status == KB_OK)
			status = make_shingles(p, how->shingling, err);
	}
	if (status == KB_OK && p->arena.failed)
		status = kb_err_nomem(err);
	if (status != KB_OK) {
		kb_prepared_free(p);
		return status;
	}
	p->bytes = sizeof(*p) + p->arena.held + p->list.size +
	    (size_t)p->shingles.words * sizeof(*p->shingles.v);
	*out = p;
	return KB_OK;
}

enum kb_status
kb_prepare_raw(struct kb_prepared **out, struct kb_str frame,
    struct kb_err *err)
{
	struct kb_prepared *p = calloc(1, sizeof(*p));
	size_t lead = 0;

	if (p == NULL)
		return kb_err_nomem(err);
	while (lead < frame.n && (frame.p[lead] & 0x80) != 0)
		lead++;
	lead += lead < frame.n;
	p->raw = kb_arena_copy(&p->arena, kb_str(frame.p + lead, frame.n -
	    lead));
	if (p->arena.failed) {
		kb_prepared_free(p);
		return kb_err_nomem(err);
	}
	p->bytes = sizeof(*p) + p->arena.held;
	*out = p;
	return KB_OK;
}

void
kb_prepared_free(struct kb_prepared *p)
{
	if (p == NULL)
		return;
	kb_arena_release(&p->arena);
	kb_buf_release(&p->list);
	kb_shingles_release(&p->shingles);
	free(p);
}
