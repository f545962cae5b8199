/*
 * commands: the commands of kb-query, a file each: cmd_NAME.c.
 */
#ifndef KB_QUERY_COMMANDS_H
#define KB_QUERY_COMMANDS_H

struct kb_command;

int	kb_cmd_suggest(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_show(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_terms(const struct kb_command *self, int argc, char **argv);
int	kb_cmd_run(const struct kb_command *self, int argc, char **argv);

#endif /* KB_QUERY_COMMANDS_H */
