/*
 * kb-index: the batch side.  See kb-index(1).
 */
#include <signal.h>

#include "cli.h"
#include "commands.h"

static const struct kb_command commands[] = {
	{ "build", "-o INDEX [options] PATH...",
	  "read articles, judge them, and publish a retrieval index",
	  "PATH is a folder, a file, or - for a list of paths on standard "
	  "input.\n"
	  "NAME=PATH puts NAME/ before the paths of its articles, so that "
	  "two folders\nmay hold files of the same name.\n\n"
	  "  -o, --output INDEX    the index: a folder, by custom NAME.kb\n"
	  "  --as-of DATE          the day to judge age by (YYYY-MM-DD); "
	  "default: today\n"
	  "  --config FILE         profiles, more field names, and rules of "
	  "your own\n"
	  "  --metadata FILE.csv   what the export lacks: id (or path, url) "
	  "and fields\n"
	  "  --url-base URL        where the articles are on the web\n"
	  "  --threads N           default: one for each processor\n"
	  "  --max-pairs N         pairs of duplicates that are listed at "
	  "most (1000000)\n"
	  "  --quiet               print errors only\n", kb_cmd_build },
	{ "inspect", "[options] PATH...",
	  "tell what an export holds: formats, fields, what nothing maps",
	  "PATH is what it is for build.  Nothing is written.\n\n"
	  "  --config FILE         profiles and more field names of your "
	  "own\n"
	  "  --metadata FILE.csv   what the export lacks, as for build\n"
	  "  --threads N           default: one for each processor\n"
	  "  --json                one JSON object instead of text\n",
	  kb_cmd_inspect },
	{ "report", "INDEX [options]",
	  "what to do first: findings with their evidence, and who should act",
	  "  --format FORMAT       text (default), json, csv or html\n"
	  "  -o, --output FILE     instead of standard output\n"
	  "  --top N               how many things to do first (10); json and "
	  "csv: how\n"
	  "                        many findings (all)\n"
	  "  --level LEVEL         findings of this level and above: note, "
	  "warning, error\n"
	  "  --code CODE           findings of this kind; may be repeated\n"
	  "  --owner NAME          findings about this owner's articles "
	  "(there must be\n"
	  "                        some); '' for nobody's\n"
	  "  --fail-on LEVEL       fail if a finding of LEVEL or above is "
	  "among them\n",
	  kb_cmd_report },
	{ "duplicates", "INDEX [options]",
	  "every pair of articles with most of their text in common",
	  kb_help_duplicates, kb_cmd_duplicates },
	{ "competing", "INDEX [options]",
	  "articles that answer one question in different words",
	  kb_help_competing, kb_cmd_competing },
	{ "plan", "INDEX [options]",
	  "how to merge duplicates: what to keep, add, decide and redirect",
	  kb_help_plan, kb_cmd_plan },
	{ "similar", "INDEX FILE...",
	  "whether a draft is a duplicate of something that the index has",
	  kb_help_similar, kb_cmd_similar },
	{ "diff", "INDEX A B [options]",
	  "two articles side by side: what is the same, and what is not",
	  kb_help_diff, kb_cmd_diff },
	{ "dump", "INDEX",
	  "a JSON line for each article, with its passages", kb_help_dump,
	  kb_cmd_dump },
	{ "digest", "INDEX",
	  "a hash of the content, the same for any version of SQLite",
	  kb_help_digest, kb_cmd_digest },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct kb_program program = {
	"kb-index",
	"judges knowledge-base articles and builds an index of them",
	commands,
	"Exit codes are told in kb-index(1).\n"
};

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit is told as an error, like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	return kb_cli_main(&program, argc, argv);
}
