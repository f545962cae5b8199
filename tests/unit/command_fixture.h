/*
 * command_fixture: an index filled by hand, and a command run as the program
 * would, with what it printed caught.
 */
#ifndef KB_COMMAND_FIXTURE_H
#define KB_COMMAND_FIXTURE_H

#include "cli.h"
#include "commands.h"
#include "schema.h"
#include "store_fixture.h"

static struct kb_buf printed;	/* by the last command, NUL-terminated */

/* Everything of schema.h is made; "sql" fills it. */
static inline void
index_fill(const char *path, const char *sql)
{
	struct kb_publish *pub = NULL;
	struct kb_err err = { KB_OK, "" };
	char generation[17];
	char *why = NULL;

	CHECK_INT(kb_publish_begin(&pub, path, &err), KB_OK);
	if (sqlite3_exec(kb_publish_db(pub), KB_SCHEMA, NULL, NULL, &why) !=
	    SQLITE_OK || sqlite3_exec(kb_publish_db(pub), sql, NULL, NULL,
	    &why) != SQLITE_OK || sqlite3_exec(kb_publish_db(pub),
	    KB_SCHEMA_INDEXES, NULL, NULL, &why) != SQLITE_OK) {
		printf("# %s\n", why);
		CHECK(!"the index cannot be filled");
	}
	sqlite3_free(why);
	CHECK_INT(kb_publish_commit(pub, KB_STR("{}"), KB_STR("{}"),
	    generation, &err), KB_OK);
	kb_publish_free(pub);
}

/* Arguments up to NULL; the exit code. */
static inline int
run_command(int (*fn)(const struct kb_command *, int, char **),
    const char *const *arguments)
{
	static const struct kb_command self = { .name = "test" };
	char *argv[16] = { (char *)"test" };
	int argc = 1, code, out, err, fd;

	for (; arguments[argc - 1] != NULL; argc++)
		argv[argc] = (char *)arguments[argc - 1];
	argv[argc] = NULL;
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	err = dup(STDERR_FILENO);
	fd = open(at("printed"), O_RDWR | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && out >= 0 && err >= 0);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	optind = 0;
	code = fn(&self, argc, argv);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	close(out);
	close(err);
	close(fd);
	kb_buf_release(&printed);
	printed = slurp(at("printed"));
	return code;
}

#define RUN_COMMAND(fn, ...)						\
	run_command(fn, (const char *const[]){ __VA_ARGS__, NULL })

static inline bool
printed_has(const char *text)
{
	return kb_str_find(kb_buf_str(&printed), kb_str_c(text), 0) !=
	    (size_t)-1;
}

static inline size_t
printed_at(const char *text)
{
	return kb_str_find(kb_buf_str(&printed), kb_str_c(text), 0);
}

static inline size_t
printed_lines(void)
{
	size_t n = 0;

	for (size_t i = 0; i < printed.n; i++)
		n += printed.p[i] == '\n';
	return n;
}

#endif /* KB_COMMAND_FIXTURE_H */
