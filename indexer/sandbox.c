#include "sandbox.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED	true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer)
#define INSTRUMENTED	true
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED	false
#endif

/* Input, socket, the three standard ones, and some that wait their turn. */
#define DESCRIPTORS	16

static bool
limit(int what, rlim_t most)
{
	struct rlimit r = { most, most };

	return setrlimit(what, &r) == 0;
}

static uint64_t
mapped(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f != NULL) {
		if (fscanf(f, "%lu", &pages) != 1)
			pages = 0;
		fclose(f);
	}
	return pages > 0 ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) :
	    (uint64_t)256 << 20;
}

/* A limit does not bind who has the capability to pass it. */
static void
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		_LINUX_CAPABILITY_VERSION_3, 0
	};
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

	syscall(SYS_capset, &head, none);
}

void
kb_sandbox_enter(struct kb_sandbox_report *report, uint64_t memory)
{
	struct kb_sandbox_report r = { .instrumented = INSTRUMENTED };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (!r.instrumented && memory > 0)
		r.memory = limit(RLIMIT_AS, (rlim_t)(memory + mapped()));
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, DESCRIPTORS);
	limit(RLIMIT_NPROC, 0);
	drop_capabilities();
	r.landlock = kb_sandbox_landlock();
	if (!r.instrumented)
		r.seccomp = kb_sandbox_seccomp();
	*report = r;
}

void
kb_sandbox_missing(const struct kb_sandbox_report *r, struct kb_buf *out)
{
	const char *sep = "";

	if (r->landlock > 0 && r->seccomp && r->memory)
		return;
	kb_buf_addc(out, "the readers run without ");
	if (r->landlock == 0) {
		kb_buf_addc(out, "Landlock");
		sep = ", ";
	}
	if (!r->seccomp) {
		kb_buf_printf(out, "%sseccomp", sep);
		sep = ", ";
	}
	if (!r->memory)
		kb_buf_printf(out, "%sa limit of memory", sep);
	kb_buf_addc(out, r->instrumented ?
	    ": this build has sanitizers in it" :
	    ": this kernel does not have it, or does not allow it here");
}
