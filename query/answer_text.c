#include "answer.h"
#include "cli.h"
#include "date.h"

struct style {
	struct kb_buf	*out;
	bool		 colours;
};

static void
on(struct style *s, const char *code)
{
	if (s->colours)
		kb_buf_printf(s->out, "\033[%sm", code);
}

static void
off(struct style *s)
{
	if (s->colours)
		kb_buf_addc(s->out, "\033[0m");
}

static void
safe(struct style *s, const char *text)
{
	kb_cli_safe(s->out, kb_str_c(text));
}

/* Each line of a text behind a mark. */
static void
quoted(struct style *s, const char *text)
{
	struct kb_str rest = kb_str_c(text), line;

	while (rest.n > 0 && kb_str_split(&rest, '\n', &line)) {
		kb_buf_addc(s->out, "   | ");
		kb_cli_safe(s->out, line);
		kb_buf_addch(s->out, '\n');
	}
}

static void
trust_line(struct style *s, const struct kb_trust *t)
{
	char day[11];

	kb_buf_addc(s->out, "   owner ");
	safe(s, t->owner != NULL ? t->owner : "unknown");
	if (t->reviewed != 0)
		kb_buf_printf(s->out, ", reviewed %s",
		    kb_date_format(t->reviewed, day));
	if (t->modified != 0)
		kb_buf_printf(s->out, ", modified %s",
		    kb_date_format(t->modified, day));
	if (t->reviewed == 0 && t->modified == 0)
		kb_buf_addc(s->out, ", no date");
	if (t->status != KB_ARTICLE_PUBLISHED)
		kb_buf_printf(s->out, ", %s",
		    kb_article_status_name(t->status));
	kb_buf_addch(s->out, '\n');
	if (t->policy == KB_POLICY_SERVE)
		return;
	for (size_t i = 0; i < t->nfindings; i++) {
		kb_buf_addc(s->out, "   ");
		on(s, "33");
		kb_buf_addc(s->out, "warning");
		off(s);
		kb_buf_addc(s->out, ": ");
		safe(s, t->findings[i]);
		kb_buf_addc(s->out, ": ");
		safe(s, t->messages[i]);
		kb_buf_addch(s->out, '\n');
	}
}

static void
where_line(struct style *s, const struct kb_suggestion *g)
{
	kb_buf_addc(s->out, "   ");
	if (g->url != NULL) {
		safe(s, g->url);
		if (g->anchor != NULL) {
			kb_buf_addch(s->out, '#');
			safe(s, g->anchor);
		}
		kb_buf_addc(s->out, "\n   ");
	}
	safe(s, g->passage_id);
	kb_buf_addc(s->out, " at ");
	safe(s, g->span.path);
	if (g->span.record > 0)
		kb_buf_printf(s->out, " record %lld",
		    (long long)g->span.record);
	if (g->span.field != NULL) {
		kb_buf_addc(s->out, " field ");
		safe(s, g->span.field);
	}
	kb_buf_printf(s->out, " bytes %llu-%llu\n",
	    (unsigned long long)g->span.start,
	    (unsigned long long)g->span.end);
}

static void
suggestion(struct style *s, const struct kb_suggestion *g, size_t n)
{
	kb_buf_printf(s->out, "%zu. ", n);
	on(s, "1");
	safe(s, g->title != NULL ? g->title : g->id);
	off(s);
	if (g->heading != NULL) {
		kb_buf_addc(s->out, " > ");
		safe(s, g->heading);
	}
	kb_buf_printf(s->out, "  (confidence %.2f)\n", g->confidence);
	if (g->quote != NULL)
		quoted(s, g->quote);
	trust_line(s, &g->trust);
	where_line(s, g);
	for (size_t i = 0; i < g->nalso; i++) {
		kb_buf_addc(s->out, "   also ");
		safe(s, g->also[i].id);
		kb_buf_addc(s->out, ": ");
		safe(s, g->also[i].title);
		if (g->also[i].relation != NULL)
			kb_buf_printf(s->out, " (%s)", g->also[i].relation);
		kb_buf_addch(s->out, '\n');
	}
}

static const char *
explain(enum kb_reason reason)
{
	switch (reason) {
	case KB_REASON_NO_KNOWN_TERM:
		return "no word of the question is in the knowledge base";
	case KB_REASON_NO_HIT:
		return "nothing that may be shown matches";
	case KB_REASON_LOW_CONFIDENCE:
		return "nothing covers enough of the question";
	case KB_REASON_WITHHELD:
		return "what matches is not served (a draft, expired, retired, "
		    "or not for everyone)";
	case KB_REASON_BUDGET:
		return "the question takes too much work; make it shorter";
	default:
		return "";
	}
}

void
kb_answer_text(struct kb_buf *out, const struct kb_answer *a, bool colours)
{
	struct style s = { out, colours };

	for (size_t i = 0; i < a->nsuggestions; i++) {
		if (i > 0)
			kb_buf_addch(out, '\n');
		suggestion(&s, &a->suggestions[i], i + 1);
	}
	if (a->answered)
		return;
	kb_buf_printf(out, "No answer: %s (%s, confidence %.2f).\n",
	    explain(a->reason), kb_reason_name(a->reason), a->confidence);
	if (a->nnear > 0)
		kb_buf_addc(out, "Nearest, for a person to judge:\n");
	for (size_t i = 0; i < a->nnear; i++) {
		kb_buf_addc(out, "   ");
		safe(&s, a->near[i].title != NULL ? a->near[i].title :
		    a->near[i].id);
		kb_buf_addc(out, "  [");
		safe(&s, a->near[i].passage_id);
		kb_buf_printf(out, ", confidence %.2f]\n",
		    a->near[i].confidence);
	}
}
