/*
 * kb-query: the serving side.  See kb-query(1).
 */
#include <signal.h>
#include <sqlite3.h>

#include "cli.h"
#include "commands.h"

#define HEAP_MOST	((sqlite3_int64)256 * 1024 * 1024)

static const struct kb_command commands[] = {
	{ "suggest", "INDEX QUESTION [options]",
	  "grounded suggestions for a question, or an honest \"no answer\"",
	  "QUESTION is text, or - to read it from standard input (a ticket).\n"
	  "\n"
	  "  --json              one JSON object instead of text\n"
	  "  --top N             suggestions at most (3)\n"
	  "  --threshold X       answer from this confidence on, up to 1 "
	  "(0.6)\n"
	  "  --any-status        drafts, expired and retired articles, too\n"
	  "  --any-audience      articles that are not for everyone, too\n",
	  kb_cmd_suggest },
	{ "show", "INDEX ID[#ANCHOR] [options]",
	  "an article, or the passage at an anchor (#p3: the third passage)",
	  "  --json              one JSON object instead of text\n",
	  kb_cmd_show },
	{ "terms", "INDEX QUESTION [options]",
	  "the MATCH expression that a question becomes",
	  "  --explain           with the weight of each term\n",
	  kb_cmd_terms },
	{ "run", "INDEX --queries FILE.jsonl [options]",
	  "rank many questions, for evaluation",
	  "A line of FILE is an object with \"_id\" (or \"id\") and \"text\"."
	  "\n\n"
	  "  --queries FILE      the questions; - for standard input\n"
	  "  --top N             articles a question at most (100)\n"
	  "  --format FORMAT     trec (default) or json\n"
	  "  --collapse          one article a cluster of duplicates\n"
	  "  --any-status        drafts, expired and retired articles, too\n"
	  "  --any-audience      articles that are not for everyone, too\n"
	  "  --tag NAME          the last column of trec (kb-query)\n",
	  kb_cmd_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct kb_program program = {
	"kb-query", "answers from a published index, with evidence", commands,
	"Exit codes are told in kb-query(1).\n"
};

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	/* An index file may be hostile: SQLite gets no more than this. */
	sqlite3_hard_heap_limit64(HEAP_MOST);
	/* A file size limit is told as an error, like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	return kb_cli_main(&program, argc, argv);
}
