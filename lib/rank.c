#include "rank.h"

#include "candidates.h"

static bool
seen(const struct kb_ranked *v, size_t n, int64_t key)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].key == key)
			return true;
	return false;
}

static enum kb_status
article_of(int64_t *article, struct kb_index *index, int64_t passage,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_passage_row p;
	enum kb_status status = kb_passage_get(&p, index, passage, arena,
	    err);

	if (status == KB_OK)
		*article = p.article;
	return status;
}

enum kb_status
kb_rank(struct kb_ranked **v, size_t *n, struct kb_index *index,
    const struct kb_question *q, const struct kb_rank_opts *opts,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_candidate *c;
	struct kb_ranked *out;
	struct kb_arena scratch = { 0 };
	enum kb_status status;
	size_t nc = 0, k = 0;
	int64_t article;

	*n = 0;
	status = kb_candidates_fts5(index, q, opts->candidates, &c, &nc,
	    arena, err);
	if (status != KB_OK)
		return status;
	out = kb_arena_array(arena, nc, sizeof(*out));
	if (out == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < nc && status == KB_OK; i++) {
		struct kb_ranked *r = &out[k];

		status = article_of(&article, index, c[i].passage, &scratch,
		    err);
		if (status == KB_OK)
			status = kb_article_get(&r->article, index, article,
			    arena, err);
		kb_arena_reset(&scratch);
		if (status != KB_OK)
			break;
		r->key = opts->collapse && r->article.cluster > 0 ?
		    r->article.cluster : article;
		r->passage = c[i].passage;
		r->score = c[i].score;
		if (!seen(out, k, r->key))
			k++;
	}
	kb_arena_release(&scratch);
	*v = out;
	*n = k;
	return status;
}
