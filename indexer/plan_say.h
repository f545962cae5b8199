/*
 * plan_say: what plan_markdown.c and plan_decide.c share: the plan for people.
 */
#ifndef KB_INDEXER_PLAN_SAY_H
#define KB_INDEXER_PLAN_SAY_H

#include "plan.h"

struct kb_plan_writer {
	struct kb_plan			*p;
	const struct kb_plan_cluster	*c;
	struct kb_buf			*b;
	struct kb_arena			 arena;		/* of one item */
};

/* Our own words, as Markdown. */
void		kb_say(struct kb_plan_writer *w, const char *text);
void		kb_say_count(struct kb_plan_writer *w, uint64_t n,
		    const char *one, const char *many);

/* An article's: inside of a line; an id or address whole, and shortened. */
void		kb_say_line(struct kb_plan_writer *w, struct kb_str text);
void		kb_say_id(struct kb_plan_writer *w, struct kb_str id);
void		kb_say_name(struct kb_plan_writer *w, struct kb_str id);

/* Sections of a cluster; nothing where there is nothing to say. */
enum kb_status	kb_say_decisions(struct kb_plan_writer *w,
		    struct kb_err *err);
void		kb_say_additions(struct kb_plan_writer *w);
void		kb_say_conflicts(struct kb_plan_writer *w);

#endif /* KB_INDEXER_PLAN_SAY_H */
