/*
 * worker_spawn: the process that starts workers.  It has one thread and
 * holds nothing but two ends of sockets, so that a fork in it is a clean
 * one whatever the program's threads are doing.  Contract: worker.h.
 */
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive_members.h"
#include "encoding.h"

#define CONTROL		3	/* the only descriptor it keeps open */

struct kb_spawner {
	int		 fd;
	pid_t		 pid;
	pthread_mutex_t	 lock;	/* one question at a time */
};

/* pid 0: start one; else kill that one and wait for it. */
struct question {
	pid_t	pid;
};

struct answer {
	pid_t	pid;
	int	how;		/* its end, or errno */
};

/* ---- messages with a descriptor ---- */

union control {
	struct cmsghdr	align;
	char		room[CMSG_SPACE(sizeof(int))];
};

static bool
send_answer(const struct answer *a, int fd)
{
	union control control;
	struct iovec iov = { (void *)(uintptr_t)a, sizeof(*a) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	return sendmsg(CONTROL, &msg, MSG_NOSIGNAL) == sizeof(*a);
}

static bool
receive_answer(int from, struct answer *a, int *fd)
{
	union control control;
	struct iovec iov = { a, sizeof(*a) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t got;

	do {
		got = recvmsg(from, &msg, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(*a))
		return false;
	*fd = -1;
	c = CMSG_FIRSTHDR(&msg);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return true;
}

/* ---- the process ---- */

/* With its parent it ends, whatever it is doing. */
static void
end_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(0);
}

static void
start_one(const struct kb_worker_opts *opts)
{
	struct answer a = { -1, 0 };
	pid_t self = getpid();
	int s[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) != 0) {
		a.how = errno;
		send_answer(&a, -1);
		return;
	}
	a.pid = fork();
	a.how = errno;
	if (a.pid == 0) {
		end_with(self);
		close(s[0]);
		dup2(s[1], CONTROL);
		close(s[1]);
		kb_worker_main(CONTROL, opts);
	}
	close(s[1]);
	if (!send_answer(&a, a.pid > 0 ? s[0] : -1))
		_exit(0);
	close(s[0]);
}

static void
end_one(pid_t pid)
{
	struct answer a = { pid, 0 };

	/* One that was dying already keeps its own reason. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &a.how, 0) < 0 && errno == EINTR)
		continue;
	if (!send_answer(&a, -1))
		_exit(0);
}

/* Where close_range() is not known. */
static void
close_others(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *e;
	int fd;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		fd = atoi(e->d_name);
		if (fd > CONTROL && fd != dirfd(dir))
			close(fd);
	}
	if (dir != NULL)
		closedir(dir);
}

static void
settle(int control)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP,
	    SIGPIPE };
	int null;

	/* They are meant for the program; with it all of this ends. */
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	if (control != CONTROL) {
		dup2(control, CONTROL);
		close(control);
	}
	if (close_range(CONTROL + 1, ~0U, 0) != 0)
		close_others();
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		_exit(0);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
#ifndef __SANITIZE_ADDRESS__
	/* A sanitizer's report is to be seen. */
	dup2(null, STDERR_FILENO);
#endif
	if (null > STDERR_FILENO)
		close(null);
}

static void
spawner_main(int control, const struct kb_worker_opts *opts)
{
	struct question q;
	ssize_t got;

	settle(control);
	/* What opens files when it is first used is used before. */
	xmlInitParser();
	json_object_seed(0);
	kb_archive_setup();
	if (kb_encoding_preload(NULL) != KB_OK)
		_exit(0);
	for (;;) {
		got = recv(CONTROL, &q, sizeof(q), 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got != sizeof(q))
			_exit(0);
		if (q.pid == 0)
			start_one(opts);
		else
			end_one(q.pid);
	}
}

/* ---- the program's side ---- */

enum kb_status
kb_spawner_new(struct kb_spawner **out, const struct kb_worker_opts *opts,
    struct kb_err *err)
{
	struct kb_spawner *sp = calloc(1, sizeof(*sp));
	pid_t self = getpid();
	int s[2];

	if (sp == NULL)
		return kb_err_nomem(err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s) != 0) {
		free(sp);
		return kb_err_set(err, KB_IO, "cannot make a socket for the "
		    "processes that read: %s", strerror(errno));
	}
	sp->fd = s[0];
	sp->pid = fork();
	if (sp->pid == 0) {
		end_with(self);
		spawner_main(s[1], opts);
	}
	close(s[1]);
	if (sp->pid < 0) {
		kb_err_set(err, KB_IO, "cannot start the processes that "
		    "read: %s", strerror(errno));
		close(sp->fd);
		free(sp);
		return KB_IO;
	}
	pthread_mutex_init(&sp->lock, NULL);
	*out = sp;
	return KB_OK;
}

void
kb_spawner_free(struct kb_spawner *sp)
{
	if (sp == NULL)
		return;
	/* It ends with its socket, its workers with it. */
	close(sp->fd);
	while (waitpid(sp->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	pthread_mutex_destroy(&sp->lock);
	free(sp);
}

static enum kb_status
ask(struct kb_spawner *sp, pid_t pid, struct answer *a, int *fd,
    struct kb_err *err)
{
	struct question q = { pid };
	bool good;

	pthread_mutex_lock(&sp->lock);
	good = send(sp->fd, &q, sizeof(q), MSG_NOSIGNAL) == sizeof(q) &&
	    receive_answer(sp->fd, a, fd);
	pthread_mutex_unlock(&sp->lock);
	if (!good)
		return kb_err_set(err, KB_IO, "the process that starts the "
		    "readers is gone; run again, and look for what killed it");
	return KB_OK;
}

enum kb_status
kb_spawner_spawn(struct kb_spawner *sp, int *pid, int *sock,
    struct kb_err *err)
{
	struct answer a;
	enum kb_status status;
	int fd = -1;

	status = ask(sp, 0, &a, &fd, err);
	if (status != KB_OK)
		return status;
	if (a.pid < 0 || fd < 0) {
		if (fd >= 0)
			close(fd);
		return kb_err_set(err, KB_IO, "cannot start a process that "
		    "reads: %s", strerror(a.pid < 0 ? a.how : EMFILE));
	}
	*pid = a.pid;
	*sock = fd;
	return KB_OK;
}

enum kb_status
kb_spawner_reap(struct kb_spawner *sp, int pid, int *how, struct kb_err *err)
{
	struct answer a;
	enum kb_status status;
	int fd = -1;

	status = ask(sp, pid, &a, &fd, err);
	if (status == KB_OK)
		*how = a.how;
	return status;
}
