/*
 * commands: the commands of kb-index, a file each: cmd_NAME.c.  Each gets
 * its own name as argv[0], and returns an exit code (cli.h).  The table that
 * lists them, with their help, is main.c's.
 */
#ifndef KB_INDEXER_COMMANDS_H
#define KB_INDEXER_COMMANDS_H

struct kb_command;

int	kb_cmd_build(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_inspect(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_report(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_duplicates(const struct kb_command *self, int argc,
	    char **argv);
int	kb_cmd_competing(const struct kb_command *self, int argc,
	    char **argv);
int	kb_cmd_plan(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_similar(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_diff(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_digest(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_dump(const struct kb_command *self, int argc, char **argv);

/* The help of those whose output needs telling. */
extern const char kb_help_competing[];
extern const char kb_help_similar[];
extern const char kb_help_duplicates[], kb_help_digest[], kb_help_dump[];
extern const char kb_help_plan[];
extern const char kb_help_diff[];

#endif /* KB_INDEXER_COMMANDS_H */
