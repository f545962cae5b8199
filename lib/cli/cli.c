#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "date.h"
#include "utf8.h"

const char *kb_cli_name = "kb";

static void
print_help(const struct kb_program *p)
{
	const struct kb_command *c;

	printf("%s: %s\n\nusage:\n", p->name, p->summary);
	for (c = p->commands; c->name != NULL; c++)
		printf("  %s %s %s\n      %s\n", p->name, c->name,
		    c->arguments, c->summary);
	printf("\n%s help COMMAND tells a command's options.\n%s", p->name,
	    p->footer != NULL ? p->footer : "");
}

static void
print_command_help(const struct kb_command *c)
{
	printf("usage: %s %s %s\n\n%s.\n", kb_cli_name, c->name,
	    c->arguments, c->summary);
	if (c->help != NULL)
		printf("\n%s", c->help);
}

static const struct kb_command *
find(const struct kb_program *p, const char *name)
{
	const struct kb_command *c;

	for (c = p->commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	fprintf(stderr, "%s: there is no command '%s'; '%s --help' lists "
	    "them\n", p->name, name, p->name);
	return NULL;
}

int
kb_cli_main(const struct kb_program *p, int argc, char **argv)
{
	const struct kb_command *c;

	kb_cli_name = p->name;
	if (argc < 2) {
		fprintf(stderr, "%s: which command? '%s --help' lists them\n",
		    p->name, p->name);
		return KB_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("%s %s\n", p->name, KB_VERSION_STRING);
		return KB_EXIT_OK;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    (strcmp(argv[1], "help") == 0 && argc == 2)) {
		print_help(p);
		return KB_EXIT_OK;
	}
	if (strcmp(argv[1], "help") == 0) {
		c = find(p, argv[2]);
		if (c == NULL)
			return KB_EXIT_USAGE;
		print_command_help(c);
		return KB_EXIT_OK;
	}
	c = find(p, argv[1]);
	return c != NULL ? c->run(c, argc - 1, argv + 1) : KB_EXIT_USAGE;
}

int
kb_cli_option(const struct kb_command *self, int argc, char **argv,
    const struct option *options)
{
	char letters[64] = ":h";
	size_t n = 2;
	int c;

	for (const struct option *o = options; o->name != NULL; o++) {
		if (o->val <= ' ' || o->val >= 0x7f || o->val == 'h' ||
		    n + 3 > sizeof(letters))
			continue;
		letters[n++] = (char)o->val;
		if (o->has_arg == required_argument)
			letters[n++] = ':';
	}
	letters[n] = '\0';
	opterr = 0;
	c = getopt_long(argc, argv, letters, options, NULL);
	if (c == 'h') {
		print_command_help(self);
		return 'h';
	}
	if (c == ':') {
		kb_cli_usage(self, "%s wants a value", argv[optind - 1]);
		return '?';
	}
	if (c == '?')
		kb_cli_usage(self, "there is no option '%s'",
		    optopt != 0 && optopt < 128 ?
		    (char[]){ '-', (char)optopt, '\0' } : argv[optind - 1]);
	return c;
}

int
kb_cli_usage(const struct kb_command *self, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s %s: ", kb_cli_name, self->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; '%s help %s' tells how it is used\n", kb_cli_name,
	    self->name);
	return KB_EXIT_USAGE;
}

int
kb_cli_exit(enum kb_status status)
{
	switch (status) {
	case KB_OK:
		return KB_EXIT_OK;
	case KB_USAGE:
		return KB_EXIT_USAGE;
	case KB_IO:
	case KB_NOMEM:
		return KB_EXIT_SYSTEM;
	default:
		return KB_EXIT_INPUT;
	}
}

int
kb_cli_fail(const struct kb_err *err)
{
	struct kb_buf safe = { 0 };

	kb_cli_safe(&safe, kb_str_c(err->msg));
	fprintf(stderr, "%s: %s\n", kb_cli_name,
	    safe.p != NULL ? safe.p : err->msg);
	kb_buf_release(&safe);
	return kb_cli_exit(err->status);
}

bool
kb_cli_number(const struct kb_command *self, const char *option,
    const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
	uint64_t v = 0;
	const char *p;

	for (p = text; *p >= '0' && *p <= '9' && v <= most; p++)
		v = v * 10 + (uint64_t)(*p - '0');
	if (p == text || *p != '\0' || v < least || v > most) {
		kb_cli_usage(self, "%s wants a whole number from %llu to "
		    "%llu, not '%s'", option, (unsigned long long)least,
		    (unsigned long long)most, text);
		return false;
	}
	*out = v;
	return true;
}

bool
kb_cli_date(const struct kb_command *self, const char *option,
    const char *text, int32_t *out)
{
	if (kb_date_iso(out, kb_str_c(text)))
		return true;
	kb_cli_usage(self, "%s wants a date as YYYY-MM-DD, not '%s'", option,
	    text);
	return false;
}

int32_t
kb_cli_today(void)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return 19700101;
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 +
	    tm.tm_mday;
}

static int
write_to(FILE *f, struct kb_buf *buf, const char *name)
{
	bool failed = buf->failed;

	if (!failed && buf->n > 0)
		failed = fwrite(buf->p, 1, buf->n, f) != buf->n;
	if (!failed)
		failed = fflush(f) != 0;
	kb_buf_clear(buf);
	if (!failed || errno == EPIPE)
		return KB_EXIT_OK;
	fprintf(stderr, "%s: cannot write %s: %s\n", kb_cli_name, name,
	    strerror(errno));
	return KB_EXIT_SYSTEM;
}

int
kb_cli_write(struct kb_buf *buf)
{
	return write_to(stdout, buf, "the output");
}

int
kb_cli_write_file(struct kb_buf *buf, FILE *f, const char *file)
{
	int code = write_to(f, buf, file);

	if (fclose(f) != 0 && code == KB_EXIT_OK) {
		fprintf(stderr, "%s: cannot write '%s': %s\n", kb_cli_name,
		    file, strerror(errno));
		code = KB_EXIT_SYSTEM;
	}
	return code;
}

/* Control, bidirectional and zero-width characters would lie to a terminal. */
static bool
is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == UINT32_MAX ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	    (c >= 0xe0000 && c <= 0xe007f);
}

void
kb_cli_safe(struct kb_buf *out, struct kb_str text)
{
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < text.n; i += k) {
		k = kb_utf8_next(text, i, &c);
		if (c == '\n' || c == '\t')
			kb_buf_addch(out, (char)c);
		else if (is_unsafe(c))
			kb_buf_addc(out, "\xef\xbf\xbd");
		else
			kb_buf_add(out, kb_str(text.p + i, k));
	}
}

bool
kb_cli_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || *no == '\0');
}
