/*
 * test: the harness of the unit tests.  A test is a function whose name says
 * what holds; CHECK notes a failure and goes on.  Output is TAP-like; the
 * runner (tests/run.sh) adds it up.
 */
#ifndef KB_TEST_H
#define KB_TEST_H

#include <stdio.h>
#include <string.h>

#include "kb/str.h"

static int test_failures;	/* of the running test */
static int test_failed;		/* tests that failed */

#define CHECK(cond) do {						\
	if (!(cond)) {							\
		test_failures++;					\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);	\
	}								\
} while (0)

#define CHECK_INT(got, want) do {					\
	long long g_ = (long long)(got), w_ = (long long)(want);	\
	if (g_ != w_) {							\
		test_failures++;					\
		printf("# %s:%d: %s is %lld, not %lld\n",		\
		    __FILE__, __LINE__, #got, g_, w_);			\
	}								\
} while (0)

#define CHECK_STR(got, want) do {					\
	struct kb_str g_ = (got), w_ = kb_str_c(want);			\
	if (!kb_str_eq(g_, w_)) {					\
		test_failures++;					\
		printf("# %s:%d: %s is '%.*s', not '%.*s'\n",		\
		    __FILE__, __LINE__, #got, KB_FMT(g_), KB_FMT(w_));	\
	}								\
} while (0)

#define RUN(fn) do {							\
	test_failures = 0;						\
	fn();								\
	if (test_failures != 0)						\
		test_failed++;						\
	printf("%s - %s\n", test_failures == 0 ? "ok" : "not ok", #fn);	\
	fflush(stdout);							\
} while (0)

#define SKIP(name, why)	printf("skip - %s: %s\n", name, why)

static inline int
test_done(void)
{
	return test_failed == 0 ? 0 : 1;
}

#endif /* KB_TEST_H */
