/*
 * furniture: what the pages of a site have in common: which texts stand on
 * many of them, and which places of the template hold little but links and
 * such texts.  Learned from the outlines of a sample (survey.h), in groups of
 * pages, a group a folder; then immutable, and asked for each page
 * (content.h).
 *
 * That a site's template shows in what repeats over its pages: Bar-Yossef and
 * Rajagopalan, Template Detection via Data Mining, 2002; that a place of the
 * template is judged by its texts on all pages: Yi, Liu and Li, Eliminating
 * Noisy Information in Web Pages, 2003 (there by entropy; here by counts).
 */
#ifndef KB_INDEXER_FURNITURE_H
#define KB_INDEXER_FURNITURE_H

#include "outline.h"

#define KB_FURNITURE_GROUPS	33	/* the last is of all others */
#define KB_FURNITURE_LEAST	5	/* fewer pages tell nothing */

struct kb_furniture;

/* A place in the template of a group, over the pages that have it. */
struct kb_furniture_place {
	uint64_t	key;
	uint32_t	pages;
	uint64_t	words;
	uint64_t	links;
	uint64_t	own;		/* words in no link and no text that
					   repeats */
	uint64_t	common;		/* words of texts that repeat */
	uint64_t	parent_own;	/* of the element around it */
};

/* What is known of one row of a page's outline. */
struct kb_furniture_row {
	uint64_t	key;		/* rows of one page may share one */
	uint32_t	own;		/* as above */
	uint32_t	common;		/* words of texts that repeat */
	uint32_t	pages;		/* of the sample with this text */
	const struct kb_furniture_place	*place;	/* NULL: not known */
};

/* *out is the caller's.  Errors: KB_NOMEM. */
enum kb_status	kb_furniture_new(struct kb_furniture **out,
		    struct kb_err *err);
void		kb_furniture_free(struct kb_furniture *f); /* NULL is fine */

/*
 * Before the first page: files in this folder at the top are a group.  At
 * most KB_FURNITURE_GROUPS - 1, ascending.
 */
enum kb_status	kb_furniture_group(struct kb_furniture *f,
		    struct kb_str folder, struct kb_err *err);

/* The folder at the top of a path; empty: there is none. */
struct kb_str	kb_furniture_folder(struct kb_str path);

/*
 * Add a page of the sample: what kb_extract_survey() made of it.  The order
 * of pages makes no difference.  KB_INPUT for broken bytes: then nothing was
 * added.
 */
enum kb_status	kb_furniture_add_page(struct kb_furniture *f,
		    struct kb_str path, struct kb_str outline,
		    struct kb_err *err);

/* Behind the last page; from then on the table does not change. */
enum kb_status	kb_furniture_finish(struct kb_furniture *f,
		    struct kb_err *err);

/*
 * Look the page's outline up: an array of outline->n in "arena", and how many
 * pages its group's sample has (0: nothing is known; f may be NULL).
 */
enum kb_status	kb_furniture_look(struct kb_furniture_row **out,
		    uint32_t *pages, const struct kb_furniture *f,
		    struct kb_str path, const struct kb_outline *outline,
		    struct kb_arena *arena, struct kb_err *err);

#endif /* KB_INDEXER_FURNITURE_H */
