/*
 * cli: what the commands of both programs share: the table of commands, help,
 * options, messages, exit codes.  Not part of libkb: it prints.
 */
#ifndef KB_LIB_CLI_H
#define KB_LIB_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "buf.h"
#include "kb/status.h"

enum {
	KB_EXIT_OK = 0,
	KB_EXIT_NO = 1,		/* not answered; a gate did not hold */
	KB_EXIT_USAGE = 2,
	KB_EXIT_INPUT = 3,	/* input or index unusable */
	KB_EXIT_SYSTEM = 4
};

struct kb_command {
	const char	*name;
	const char	*arguments;	/* "INDEX [--top N]" */
	const char	*summary;	/* one line */
	const char	*help;		/* the options, a line each; may be
					   NULL */
	int		(*run)(const struct kb_command *self, int argc,
			    char **argv);
};

struct kb_program {
	const char			*name, *summary;
	const struct kb_command		*commands;	/* ends in name NULL */
	const char			*footer;	/* of --help */
};

/* main(): finds the command, knows --help, --version and "help COMMAND". */
int	kb_cli_main(const struct kb_program *program, int argc, char **argv);

/* The program's name, for messages. */
extern const char *kb_cli_name;

/*
 * The next option, as getopt_long(3) gives it: a code of the table (a code
 * that is a letter is a short option, too), -1 at the end (arguments begin at
 * argv[optind]), or '?' after a message that names the option.  -h and --help
 * (which the table must have, as 'h') print the command's help and give 'h':
 * the caller returns KB_EXIT_OK.
 *   Options may stand before and behind the arguments.
 */
int	kb_cli_option(const struct kb_command *self, int argc, char **argv,
	    const struct option *options);

/* "kb-index build: message" and how to get help; returns KB_EXIT_USAGE. */
int	kb_cli_usage(const struct kb_command *self, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* "kb-index: message" on stderr; returns the exit code for the status. */
int	kb_cli_fail(const struct kb_err *err);
int	kb_cli_exit(enum kb_status status);

/* Whole numbers and dates of options; a message and false if they are none. */
bool	kb_cli_number(const struct kb_command *self, const char *option,
	    const char *text, uint64_t least, uint64_t most, uint64_t *out);
bool	kb_cli_date(const struct kb_command *self, const char *option,
	    const char *text, int32_t *out);

/* Today, for options that were not given: the only place that asks. */
int32_t	kb_cli_today(void);

/*
 * Write what was built to stdout (or "f", which is closed; messages call it
 * "file") and clear it; a failed write (a full disk) is a message and
 * KB_EXIT_SYSTEM, else KB_EXIT_OK.  A closed pipe is no failure.
 */
int	kb_cli_write(struct kb_buf *buf);
int	kb_cli_write_file(struct kb_buf *buf, FILE *f, const char *file);

/* Text that came from articles: control characters made visible. */
void	kb_cli_safe(struct kb_buf *out, struct kb_str text);

/* True when stdout is a terminal and NO_COLOR is not set. */
bool	kb_cli_colours(void);

#endif /* KB_LIB_CLI_H */
