#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"

/* How a process ends that does "act" in the sandbox; its exit code is 0. */
static int
ends(void (*act)(void))
{
	struct kb_sandbox_report report;
	int how = -1;
	pid_t pid = fork();

	if (pid == 0) {
		kb_sandbox_enter(&report, (uint64_t)64 << 20);
		act();
		_exit(0);
	}
	waitpid(pid, &how, 0);
	return how;
}

static struct kb_sandbox_report
report_of(void)
{
	struct kb_sandbox_report r = { 0, false, false, false };
	int p[2];
	pid_t pid;

	if (pipe(p) != 0)
		return r;
	pid = fork();
	if (pid == 0) {
		kb_sandbox_enter(&r, (uint64_t)64 << 20);
		_exit(write(p[1], &r, sizeof(r)) != sizeof(r));
	}
	CHECK_INT(read(p[0], &r, sizeof(r)), sizeof(r));
	waitpid(pid, NULL, 0);
	close(p[0]);
	close(p[1]);
	return r;
}

static void
do_nothing(void)
{
}

static void
do_allocate(void)
{
	char *p = malloc((size_t)32 << 20);

	if (p == NULL)
		_exit(1);
	memset(p, 1, (size_t)32 << 20);
	free(p);
}

static void
do_too_much(void)
{
	if (malloc((size_t)512 << 20) != NULL)
		_exit(1);
}

static void
do_open(void)
{
	_exit(open("/dev/null", O_RDONLY) >= 0 ? 0 : 42);
}

static void
do_create(void)
{
	_exit(open("kb-sandbox-test", O_WRONLY | O_CREAT, 0600) >= 0 ? 0 :
	    42);
}

static void
do_socket(void)
{
	_exit(socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 42);
}

static void
do_fork(void)
{
	_exit(fork() >= 0 ? 0 : 42);
}

static void
do_exec(void)
{
	char *const argv[] = { (char *)(uintptr_t)"true", NULL };

	execv("/bin/true", argv);
	_exit(42);
}

static void
do_kill_parent(void)
{
	_exit(kill(getppid(), 0) == 0 ? 0 : 42);
}

static void
do_stat(void)
{
	struct stat st;

	/* The C library may ask; no answer, but no end either. */
	_exit(fstat(0, &st) == 0 || errno == EPERM ? 0 : 1);
}

static void
do_abort(void)
{
	abort();
}

static bool
was_refused(int how)
{
	return (WIFSIGNALED(how) && WTERMSIG(how) == SIGSYS) ||
	    (WIFEXITED(how) && WEXITSTATUS(how) == 42);
}

static bool
went_well(int how)
{
	return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

static void
test_sandbox__lets_a_process_use_memory_and_end(void)
{
	CHECK(went_well(ends(do_nothing)));
	CHECK(went_well(ends(do_allocate)));
	CHECK(went_well(ends(do_stat)));
}

static void
test_sandbox__memory_is_limited(void)
{
	if (!report_of().memory)
		SKIP("memory is limited", "not in this build");
	else
		CHECK(went_well(ends(do_too_much)));
}

static void
test_sandbox__no_path_is_opened_or_run(void)
{
	if (!report_of().seccomp && report_of().landlock == 0) {
		SKIP("no path is opened", "neither seccomp nor Landlock");
		return;
	}
	CHECK(was_refused(ends(do_create)));
	CHECK(access("kb-sandbox-test", F_OK) != 0);
	CHECK(was_refused(ends(do_open)));
	CHECK(was_refused(ends(do_exec)));
}

static void
test_sandbox__no_socket_no_process_no_signal(void)
{
	if (!report_of().seccomp) {
		SKIP("no socket, no process", "no seccomp here");
		return;
	}
	CHECK(was_refused(ends(do_socket)));
	CHECK(was_refused(ends(do_fork)));
	CHECK(was_refused(ends(do_kill_parent)));
}

static void
test_sandbox__an_abort_keeps_its_own_signal(void)
{
	int how = ends(do_abort);

	CHECK(WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT);
}

static void
test_sandbox__what_is_missing_is_named(void)
{
	struct kb_sandbox_report r = { 7, true, true, false };
	struct kb_buf b = { 0 };

	kb_sandbox_missing(&r, &b);
	CHECK_INT(b.n, 0);
	r.landlock = 0;
	kb_sandbox_missing(&r, &b);
	CHECK_STR(kb_buf_str(&b), "the readers run without Landlock: this "
	    "kernel does not have it, or does not allow it here");
	kb_buf_clear(&b);
	r.seccomp = false;
	kb_sandbox_missing(&r, &b);
	CHECK(kb_str_has_prefix(kb_buf_str(&b), KB_STR("the readers run "
	    "without Landlock, seccomp: ")));
	kb_buf_release(&b);
}

int
main(void)
{
	RUN(test_sandbox__lets_a_process_use_memory_and_end);
	RUN(test_sandbox__memory_is_limited);
	RUN(test_sandbox__no_path_is_opened_or_run);
	RUN(test_sandbox__no_socket_no_process_no_signal);
	RUN(test_sandbox__an_abort_keeps_its_own_signal);
	RUN(test_sandbox__what_is_missing_is_named);
	return test_done();
}
