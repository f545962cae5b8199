/*
 * sandbox_seccomp: the system calls that a reader needs, and no others.
 * Contract: sandbox.h.
 */
#include "sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Memory, the input, the socket, clocks, the end. */
static const int allowed[] = {
	SCMP_SYS(read), SCMP_SYS(lseek), SCMP_SYS(close),
	SCMP_SYS(recvmsg), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg),
	SCMP_SYS(sendto), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(sched_yield),
	SCMP_SYS(getrandom), SCMP_SYS(sysinfo),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)
};

/* What the C library asks by the way and can do without. */
static const int refused[] = {
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(ioctl), SCMP_SYS(fcntl)
};

static int
allow_some(scmp_filter_ctx ctx)
{
	/* Only the lower half of an int's register is defined. */
	const struct scmp_arg_cmp no_exec = { 2, SCMP_CMP_MASKED_EQ,
	    PROT_EXEC, 0 };
	const struct scmp_arg_cmp own = { 0, SCMP_CMP_MASKED_EQ, UINT32_MAX,
	    (scmp_datum_t)getpid() };
	const struct scmp_arg_cmp self = { 0, SCMP_CMP_MASKED_EQ, UINT32_MAX,
	    0 };
	const struct scmp_arg_cmp cpu = { 1, SCMP_CMP_MASKED_EQ, UINT32_MAX,
	    RLIMIT_CPU };
	int rc;

	rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    no_exec);
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
		    SCMP_SYS(mprotect), 1, no_exec);
	/* abort() signals its own process. */
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill),
		    1, own);
	/* A reader moves its own limit of time on, and no other. */
	if (rc == 0)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW,
		    SCMP_SYS(prlimit64), 2, self, cpu);
	return rc;
}

bool
kb_sandbox_seccomp(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = 0;

	if (ctx == NULL)
		return false;
	/* A binary tree instead of a list; older kernels take it, too. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; rc == 0 && i < sizeof(allowed) /
	    sizeof(allowed[0]); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; rc == 0 && i < sizeof(refused) /
	    sizeof(refused[0]); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), refused[i],
		    0);
	if (rc == 0)
		rc = allow_some(ctx);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc == 0;
}
