/*
 * sandbox_landlock: nothing may be opened, made or connected to.  The
 * interface is that of <linux/landlock.h>; rights that are newer than the
 * header at hand are given by their numbers (landlock(7),
 * Documentation/userspace-api/landlock.rst of the kernel).  Contract:
 * sandbox.h.
 */
#include "sandbox.h"

#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_restrict_self	446
#endif

#define ASK_VERSION	(1U << 0)

struct ruleset {
	uint64_t	fs, net, scoped;
};

/* How many rights over files each version of the ABI has. */
static unsigned
fs_rights(unsigned abi)
{
	return abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
}

unsigned
kb_sandbox_landlock(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
	    ASK_VERSION);
	unsigned abi = v > 0 ? (unsigned)v : 0;
	struct ruleset all = { 0, 0, 0 };
	size_t size = sizeof(all.fs);
	long fd, done;

	if (abi == 0)
		return 0;
	all.fs = ((uint64_t)1 << fs_rights(abi)) - 1;
	if (abi >= 4) {
		all.net = 3;		/* bind and connect by TCP */
		size += sizeof(all.net);
	}
	if (abi >= 6) {
		all.scoped = 3;		/* abstract sockets, signals */
		size += sizeof(all.scoped);
	}
	fd = syscall(SYS_landlock_create_ruleset, &all, size, 0U);
	if (fd < 0)
		return 0;
	/* Without a rule in it, it allows nothing of what it handles. */
	done = syscall(SYS_landlock_restrict_self, (int)fd, 0U);
	close((int)fd);
	return done == 0 ? abi : 0;
}
