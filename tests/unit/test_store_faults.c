/*
 * What is published stays readable whatever happens to a writer: system
 * calls that fail, a full disk, SIGKILL.
 */
#include "store_fixture.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define KILLS	50

/* ---- system calls that fail: these stand before those of libc ---- */

static long fault_at;	/* the call that is to fail, counted from 1; 0: off */
static long calls;

static bool
strikes(void)
{
	if (fault_at == 0 || ++calls != fault_at)
		return false;
	errno = EIO;
	return true;
}

int
fsync(int fd)
{
	return strikes() ? -1 : (int)syscall(SYS_fsync, fd);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return strikes() ? -1 : (int)syscall(SYS_renameat2, from_dir, from,
	    to_dir, to, 0);
}

int
unlinkat(int dir, const char *name, int flags)
{
	return strikes() ? -1 : (int)syscall(SYS_unlinkat, dir, name, flags);
}

int
ftruncate(int fd, off_t size)
{
	return strikes() ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (strikes()) {
		errno = ENOSPC;
		return -1;
	}
	return syscall(SYS_write, fd, p, n);
}

/*
 * A reader has read the manifest and is about to open its database: let a
 * writer publish another generation, and remove this one, just then.
 */
static const char *overtake;	/* the index; NULL: off */
static int overtake_left;

static void
publish_another(void)
{
	const char *path = overtake;
	char gen[17];

	if (overtake_left == 0)
		return;
	overtake = NULL;
	CHECK_INT(build(path, (unsigned)(10 + overtake_left), gen), KB_OK);
	overtake_left--;
	overtake = path;
}

int
openat(int dir, const char *name, int flags, ...)
{
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, int) : 0;
	va_end(ap);
	if (overtake != NULL && kb_str_has_suffix(kb_str_c(name),
	    KB_STR(".db")))
		publish_another();
	return strikes() ? -1 : (int)syscall(SYS_openat, dir, name, flags,
	    mode);
}

int
close(int fd)
{
	int rc = (int)syscall(SYS_close, fd);

	return strikes() ? -1 : rc;
}

static void
check_generation(const char *path, const char *want, const char *or)
{
	struct kb_store *store = NULL;
	struct kb_err err;

	if (kb_store_open(&store, path, "all", KB_STORE_CHECK_ALL,
	    &err) != KB_OK) {
		CHECK(!"the index does not open");
		printf("# at call %ld: %s\n", calls, err.msg);
		return;
	}
	CHECK(strcmp(kb_store_generation(store), want) == 0 ||
	    strcmp(kb_store_generation(store), or) == 0);
	CHECK_INT(number(kb_store_db(store), "SELECT count(*) FROM t"), ROWS);
	kb_store_close(store);
}

static void
test_publish__any_failing_call_leaves_a_working_index(void)
{
	const char *path = at("fault.kb");
	char a[17] = "", b[17] = "", got[17];
	int failed = 0, undone = 0;
	bool struck = true;

	CHECK_INT(build(path, 2, b), KB_OK);
	CHECK_INT(build(path, 1, a), KB_OK);
	for (long n = 1; struck; n++) {
		struct kb_err err = { KB_OK, "" };
		enum kb_status status;

		calls = 0;
		fault_at = n;
		status = build_rows(path, 2, ROWS, got, &err);
		fault_at = 0;
		struck = calls >= n;
		if (status == KB_OK) {
			check_generation(path, b, b);
		} else {
			bool now = strstr(err.msg, "is published") != NULL;

			CHECK(err.msg[0] != '\0');
			check_generation(path, now ? b : a, now ? b : a);
			failed++;
			undone += !now;
		}
		CHECK_INT(build(path, 1, a), KB_OK);
		CHECK(n < 1000);
	}
	/* Else the calls above are not those that the library makes. */
	CHECK(failed >= 25);
	CHECK(undone >= 20);
	printf("# %d failures, %d of them before publishing\n", failed,
	    undone);
}

/* ---- a full disk ---- */

static void
publish_with_limit(const char *path, rlim_t fill_limit, rlim_t commit_limit)
{
	struct kb_publish *pub = NULL;
	struct rlimit limit = { fill_limit, RLIM_INFINITY };
	char gen[17], options[4000], history[6000];
	int rc;

	signal(SIGXFSZ, SIG_IGN);
	if (kb_publish_begin(&pub, path, NULL) != KB_OK)
		_exit(2);
	setrlimit(RLIMIT_FSIZE, &limit);
	/* As a careless caller would: go on to commit whatever happened. */
	fill(kb_publish_db(pub), 2, ROWS);
	limit.rlim_cur = commit_limit;
	setrlimit(RLIMIT_FSIZE, &limit);
	sqlite3_exec(kb_publish_db(pub), "ROLLBACK", NULL, NULL, NULL);
	/* The manifest is larger than the sums, and the line than both. */
	snprintf(options, sizeof(options), "{\"x\":\"%03000d\"}", 0);
	snprintf(history, sizeof(history), "{\"x\":\"%05000d\"}", 0);
	rc = kb_publish_commit(pub, kb_str_c(options), kb_str_c(history),
	    gen, NULL) == KB_OK ? 0 : 1;
	kb_publish_free(pub);
	_exit(rc);
}

static int
in_child(const char *path, rlim_t fill_limit, rlim_t commit_limit)
{
	int result = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		publish_with_limit(path, fill_limit, commit_limit);
	CHECK_INT(waitpid(child, &result, 0), child);
	CHECK(WIFEXITED(result));
	return WEXITSTATUS(result);
}

static void
test_publish__a_full_disk_leaves_a_working_index(void)
{
	const char *path = at("full.kb");
	char a[17] = "", b[17] = "", gen[17];

	CHECK_INT(build(path, 2, b), KB_OK);
	CHECK_INT(build(path, 1, a), KB_OK);
	/* In the sums, then in the manifest, then in the history. */
	CHECK_INT(in_child(path, RLIM_INFINITY, 100), 1);
	check_generation(path, a, a);
	CHECK_INT(in_child(path, RLIM_INFINITY, 2000), 1);
	check_generation(path, a, a);
	for (int i = 0; i < 20; i++)
		CHECK_INT(build(path, i % 2 == 0 ? 2 : 1, gen), KB_OK);
	CHECK_INT(count_lines(at("full.kb/history.jsonl")), 22);
	CHECK_INT(in_child(path, RLIM_INFINITY, 4000), 1);
	check_generation(path, b, b);
	CHECK_INT(build(path, 2, b), KB_OK);
	CHECK_INT(count_lines(at("full.kb/history.jsonl")), 23);
	check_generation(path, b, b);
}

static void
test_publish__a_disk_that_fills_up_under_the_database_publishes_nothing(void)
{
	const char *path = at("full2.kb");
	char a[17] = "";

	CHECK_INT(build(path, 1, a), KB_OK);
	for (rlim_t limit = 4096; limit < 900000; limit += 100000) {
		CHECK_INT(in_child(path, limit, RLIM_INFINITY), 1);
		check_generation(path, a, a);
	}
}

/* ---- SIGKILL ---- */

static void
publish_for_ever(const char *path)
{
	char gen[17];

	for (unsigned i = 0; ; i++)
		build_rows(path, 1 + i % 3, ROWS, gen, NULL);
}

static pid_t
start_writer(const char *path)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		publish_for_ever(path);
	return child;
}

static void
test_publish__sigkill_at_any_time_leaves_a_working_index(void)
{
	const char *path = at("kill.kb");
	unsigned seed = 12345;
	int opened = 0, left_over = 0;

	for (int i = 0; i < KILLS; i++) {
		struct kb_err err = { KB_OK, "" };
		pid_t child = start_writer(path);
		bool published;
		int result;

		seed = seed * 1103515245 + 12345;
		usleep(500 + seed / 65536 % 200 * 500);
		kill(child, SIGKILL);
		waitpid(child, &result, 0);
		published = exists(at("kill.kb/manifest.json"));
		left_over += exists(at("kill.kb/tmp-all.db"));
		if (!published)
			continue;
		opened++;
		CHECK_INT(try_open(path, KB_STORE_CHECK_ALL, &err), KB_OK);
		if (err.status != KB_OK)
			printf("# round %d: %s\n", i, err.msg);
	}
	CHECK(opened >= KILLS / 2);
	CHECK(left_over > 0);
	printf("# %d opened, %d left-overs\n", opened, left_over);
}

/* ---- a reader that is overtaken ---- */

static void
test_open__finds_a_generation_while_a_writer_replaces_it(void)
{
	const char *path = at("race.kb");
	char first[17], last[17];

	/* What the last writer to overtake will publish. */
	CHECK_INT(build(path, 11, last), KB_OK);
	for (int n = 1; n <= 3; n++) {
		CHECK_INT(build(path, 1, first), KB_OK);
		overtake_left = n;
		overtake = path;
		check_generation(path, last, last);
		overtake = NULL;
		CHECK_INT(overtake_left, 0);
		CHECK(strcmp(first, last) != 0);
	}
}

int
main(void)
{
	fixture_begin();
	RUN(test_publish__any_failing_call_leaves_a_working_index);
	RUN(test_publish__a_full_disk_leaves_a_working_index);
	RUN(test_publish__a_disk_that_fills_up_under_the_database_publishes_nothing);
	RUN(test_publish__sigkill_at_any_time_leaves_a_working_index);
	RUN(test_open__finds_a_generation_while_a_writer_replaces_it);
	fixture_end();
	return test_done();
}
