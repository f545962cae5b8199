#include "index_fixture.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "frame.h"
#include "pool.h"
#include "worker_job.h"
#include "worker_wire.h"

/* ---- faults: what a worker does as a unit begins ---- */

enum fault {
	NONE, SEGFAULT, SPIN, EAT, STOP, EXIT_0, ABORT, OPEN_FILE, SOCKET,
	EXEC, FORK, KILL, RANDOM, HUGE_FRAME, LONG_VARINT,
	TWO_ENDS, UNIT_BACK, UNIT_AHEAD, UNIT_TWICE, HALF_FRAME, EMPTY_FRAME,
	FALSE_FRAME, BAD_STATUS, SECOND_HELLO, CLOSE, N_FAULTS,
	UNITS, SLOW_UNITS	/* without end */
};

static enum fault faults[2000];		/* by unit */
static const char *faulty;		/* path of the file; NULL: all */

static void
say(int sock, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = send(sock, p, n, MSG_NOSIGNAL);

		if (k <= 0)
			_exit(3);
		p += k;
		n -= (size_t)k;
	}
}

static void
say_msg(int sock, struct kb_wire_msg msg)
{
	struct kb_buf b = { 0 };

	kb_wire_put(&b, &msg);
	say(sock, b.p, b.n);
}

#define SAY(lit)	say(sock, lit, sizeof(lit) - 1)

static void
say_random(int sock)
{
	uint64_t x = 88172645463325252u;
	char junk[4096];

	for (size_t i = 0; i < sizeof(junk); i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		junk[i] = (char)x;
	}
	say(sock, junk, sizeof(junk));
}

static void
eat(void)
{
	/* Touched, or it would be only addresses. */
	for (;;) {
		char *p = malloc((size_t)16 << 20);

		if (p == NULL)
			abort();
		for (size_t i = 0; i < (size_t)16 << 20; i += 4096)
			*(volatile char *)(p + i) = 1;
	}
}

static void
die_how(enum fault how)
{
	static char *const argv[] = { (char *)"/bin/true", NULL };

	switch (how) {
	case SEGFAULT:
		raise(SIGSEGV);
		break;
	case SPIN:
		for (volatile unsigned i = 0;; i++)
			continue;
	case EAT:
		eat();
		break;
	case STOP:
		raise(SIGSTOP);
		break;
	case EXIT_0:
		_exit(0);
	case ABORT:
		abort();
	case OPEN_FILE:
		if (open("/etc/passwd", O_RDONLY) < 0)
			_exit(42);
		break;
	case SOCKET:
		if (socket(AF_INET, SOCK_STREAM, 0) < 0)
			_exit(42);
		break;
	case EXEC:
		if (execv(argv[0], argv) < 0)
			_exit(42);
		break;
	case FORK:
		if (fork() < 0)
			_exit(42);
		break;
	case KILL:
		if (kill(getppid(), 0) < 0)
			_exit(42);
		break;
	default:
		break;
	}
}

static void
talk_how(enum fault how, uint64_t unit, int sock)
{
	switch (how) {
	case RANDOM:
		say_random(sock);
		break;
	case HUGE_FRAME:
		SAY("F\xff\xff\xff\xff\xff\x0f");
		break;
	case LONG_VARINT:
		SAY("F\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01");
		break;
	case TWO_ENDS:
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_END,
		    .unit = 1 });
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_END,
		    .unit = 999 });
		break;
	case UNIT_BACK:
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_BEGIN,
		    .unit = unit - 1 });
		break;
	case UNIT_TWICE:
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_BEGIN,
		    .unit = unit });
		break;
	case UNIT_AHEAD:
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_BEGIN,
		    .unit = UINT64_MAX });
		break;
	case HALF_FRAME:
		SAY("F\x90\x4ehalf");
		_exit(0);
	case EMPTY_FRAME:
		say(sock, "F\0", 2);
		break;
	case FALSE_FRAME:
		SAY("F\x05hello");
		break;
	case BAD_STATUS:
		SAY("E\x01\x02\x63\x05hello");
		break;
	case SECOND_HELLO:
		say_msg(sock, (struct kb_wire_msg){ .kind = KB_WIRE_HELLO });
		break;
	case CLOSE:
		close(sock);
		break;
	case UNITS:
	case SLOW_UNITS:
		for (;;) {
			for (volatile int i = 0; how == SLOW_UNITS &&
			    i < 20000000; i++)
				continue;
			say_msg(sock, (struct kb_wire_msg){ .kind =
			    KB_WIRE_BEGIN, .unit = ++unit });
		}
	default:
		break;
	}
}

static void
fail(struct kb_str path, uint64_t unit, int sock)
{
	if (unit >= sizeof(faults) / sizeof(faults[0]) ||
	    faults[unit] == NONE || (faulty != NULL &&
	    !kb_str_eq(path, kb_str_c(faulty))))
		return;
	die_how(faults[unit]);
	talk_how(faults[unit], unit, sock);
}

/* ---- what comes out ---- */

static struct kb_worker_limits quick = { .cpu_ms = 400, .idle_ms = 1500,
	.memory = (uint64_t)256 << 20 };

struct log {
	struct kb_buf	text;
	size_t		records, lost;
};

static enum kb_status
note(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	struct log *log = arg;
	const struct kb_value *id;
	const struct kb_saved_diag *d;

	if (p == NULL) {
		kb_buf_printf(&log->text, "%.*s end%s%s\n", KB_FMT(
		    file->path), why != NULL ? ": " : "", why != NULL ?
		    why->msg : "");
		return KB_OK;
	}
	id = p->rec->values[KB_F_ID];
	log->records += !p->rec->dropped;
	log->lost += p->rec->dropped;
	kb_buf_printf(&log->text, "%s %.*s %zu", p->rec->dropped ? "lost" :
	    "record", KB_FMT(id != NULL ? id->text : kb_str("", 0)),
	    p->rec->number);
	for (d = p->rec->diags; d != NULL; d = d->next)
		kb_buf_printf(&log->text, " %s:%u: %.*s", d->diag.code,
		    d->diag.line, KB_FMT(d->diag.message));
	kb_buf_addch(&log->text, '\n');
	kb_prepared_free(p);
	return KB_OK;
}

static enum kb_status
read_paths(struct log *log, unsigned threads, const char *const *paths)
{
	struct kb_pool_opts opts = { .profiles = settings.profiles,
	    .threads = threads, .limits = quick };
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct kb_err err = { KB_OK, "" };
	enum kb_status status = KB_OK;

	for (; *paths != NULL && status == KB_OK; paths++)
		status = kb_files_add(&files, *paths, &arena, &err);
	if (status == KB_OK)
		status = kb_files_sort(&files, &err);
	if (status == KB_OK)
		status = kb_pool_run(&files, &opts, note, log, &err);
	if (status != KB_OK)
		printf("# %s\n", err.msg);
	kb_files_release(&files);
	kb_arena_release(&arena);
	return status;
}

static struct log
read_one(const char *path)
{
	const char *paths[] = { path, NULL };
	struct log log = { 0 };

	CHECK_INT(read_paths(&log, 1, paths), KB_OK);
	return log;
}

static size_t
find(const struct log *log, const char *what)
{
	return kb_str_find(kb_buf_str(&log->text), kb_str_c(what), 0);
}

#define CHECK_HAS(log, what) do {					\
	if (find(&(log), what) == (size_t)-1) {				\
		test_failures++;					\
		printf("# %s:%d: no '%s' in: %.*s\n", __FILE__,		\
		    __LINE__, what, KB_FMT(kb_buf_str(&(log).text)));	\
	}								\
} while (0)

/* An export as ServiceNow writes it. */
static void
export(const char *name, size_t n)
{
	struct kb_buf b = { 0 };

	kb_buf_addc(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<unload unload_date=\"2026-09-30 22:15:07\">\n");
	for (size_t i = 1; i <= n; i++)
		kb_buf_printf(&b, "<kb_knowledge action=\"INSERT_OR_UPDATE\">"
		    "<number>KB%04zu</number><short_description>Title %zu"
		    "</short_description><sys_updated_on>2026-03-11 15:42:53"
		    "</sys_updated_on><workflow_state>published"
		    "</workflow_state><text>&lt;p&gt;Words of the article "
		    "with the number %zu, which has no two alike.&lt;/p&gt;"
		    "<![CDATA[<kb_knowledge>]]></text></kb_knowledge>\n", i,
		    i, i);
	kb_buf_addc(&b, "</unload>\n");
	spew(at(name), kb_buf_str(&b));
	kb_buf_release(&b);
}

static void
no_faults(void)
{
	memset(faults, 0, sizeof(faults));
	faulty = NULL;
	kb_worker_fault = fail;
}

/* ---- tests ---- */

static void
test_worker__neighbours_of_a_failing_record_are_read(void)
{
	static const char *const what[N_FAULTS] = {
		[SEGFAULT] = "signal 11: segmentation fault",
		[SPIN] = "more processor time than 0.4 s: a clock decided",
		[EAT] = "it ",
		[STOP] = "stood still for 1.5 s: a clock decided",
		[EXIT_0] = "ended by itself, exit code 0",
		[ABORT] = "signal 6",
		[OPEN_FILE] = "it ", [SOCKET] = "it ", [EXEC] = "it ",
		[FORK] = "it ", [KILL] = "it ",
		[RANDOM] = "it sent",
		[HUGE_FRAME] = "it sent what is no message",
		[LONG_VARINT] = "it sent what is no message",
		[TWO_ENDS] = "it sent",
		[UNIT_BACK] = "it sent records out of order",
		[UNIT_AHEAD] = "it sent records out of order",
		[UNIT_TWICE] = "it sent records out of order",
		[HALF_FRAME] = "ended by itself, exit code 0",
		[EMPTY_FRAME] = "a record that does not hold together",
		[FALSE_FRAME] = "a record that does not hold together",
		[BAD_STATUS] = "it sent what is no message",
		[SECOND_HELLO] = "it sent a message out of order",
		[CLOSE] = "it "
	};

	export("faults.xml", 5);
	for (int f = NONE + 1; f < N_FAULTS; f++) {
		struct log log;

		if (what[f] == NULL)
			continue;
#ifdef __SANITIZE_ADDRESS__
		/* Its allocator has limits of its own, its own signals. */
		if (f == EAT || f == SEGFAULT || f == ABORT)
			continue;
		/* These are refused by seccomp alone. */
		if (f == SOCKET || f == FORK)
			continue;
#endif
		no_faults();
		faults[3] = (enum fault)f;
		log = read_one(at("faults.xml"));
		CHECK_HAS(log, what[f]);
		CHECK_HAS(log, "record KB0001 1\nrecord KB0002 2\n"
		    "lost  0 quarantined:5: record 3 was left out; ");
		CHECK_HAS(log, "\nrecord KB0004 4\nrecord KB0005 5\n"
		    "faults.xml end\n");
		CHECK_INT(log.records, 4);
		CHECK_INT(log.lost, 1);
		kb_buf_release(&log.text);
		if (test_failures > 0) {
			printf("# fault %d\n", f);
			break;
		}
	}
}

/* What is wrong with one record may be ten frames of their own. */
static void
test_worker__a_record_with_much_to_tell_is_read(void)
{
	struct kb_buf b = { 0 };
	struct log log;

	no_faults();
	kb_buf_addc(&b, "<!DOCTYPE unload [<!ENTITY a 'x'>]><unload>"
	    "<kb_knowledge><number>KB1</number><text>");
	for (int i = 0; i < 100; i++)
		kb_buf_printf(&b, "&no%d; text ", i);
	kb_buf_addc(&b, "</text></kb_knowledge></unload>");
	spew(at("much.xml"), kb_buf_str(&b));
	log = read_one(at("much.xml"));
	CHECK_INT(log.records, 1);
	CHECK(find(&log, "quarantined") == (size_t)-1);
	kb_buf_release(&b);
	kb_buf_release(&log.text);
}

/* Each message of these is in order, and none is the last. */
static void
test_worker__no_file_goes_on_for_ever(void)
{
	static const struct {
		enum fault	 how;
		const char	*what;
	} tries[] = {
		{ UNITS, "it sent more records than the file holds" },
		{ SLOW_UNITS, "in all: a clock decided" }
	};
	const char *paths[] = { at("faults.xml"), at("good.xml"), NULL };
	struct kb_worker_limits was = quick;

	export("good.xml", 2);
	quick.deaths = 1;
	for (size_t i = 0; i < 2; i++) {
		struct log log = { 0 };

		no_faults();
		faulty = "faults.xml";
		faults[3] = tries[i].how;
		CHECK_INT(read_paths(&log, 1, paths), KB_OK);
		CHECK_HAS(log, "record KB0001 1\nrecord KB0002 2\nlost");
		CHECK_HAS(log, "the rest of this file was left out");
		CHECK_HAS(log, tries[i].what);
		CHECK_HAS(log, "faults.xml end\nrecord KB0001 1\n"
		    "record KB0002 2\ngood.xml end\n");
		kb_buf_release(&log.text);
	}
	quick = was;
}

/* Each must fail in the fence, not come back with an errno. */
static void
test_worker__what_the_sandbox_forbids_ends_a_worker(void)
{
#ifdef __SANITIZE_ADDRESS__
	SKIP("what the sandbox forbids", "a sanitizer's build has no seccomp");
#else
	static const enum fault tries[] = { OPEN_FILE, SOCKET, EXEC, FORK,
	    KILL };

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct log log;

		no_faults();
		faults[2] = tries[i];
		log = read_one(at("faults.xml"));
		CHECK_HAS(log, "signal 31: it tried what the sandbox "
		    "forbids");
		kb_buf_release(&log.text);
	}
#endif
}

static void
test_worker__a_thousand_records_lose_only_the_four_that_fail(void)
{
	struct log log;
	char want[32];
	size_t from = 0, k;

	no_faults();
	export("thousand.xml", 1000);
	faults[1] = SEGFAULT;
	faults[500] = OPEN_FILE;
	faults[501] = SPIN;
	faults[1000] = EXIT_0;
	log = read_one(at("thousand.xml"));
	CHECK_INT(log.records, 996);
	CHECK_INT(log.lost, 4);
	for (size_t i = 1; i <= 1000; i++) {
		if (faults[i] == NONE)
			snprintf(want, sizeof(want), "record KB%04zu %zu\n",
			    i, i);
		else
			snprintf(want, sizeof(want), ": record %zu was", i);
		k = kb_str_find(kb_buf_str(&log.text), kb_str_c(want), from);
		CHECK(k != (size_t)-1);
		if (k == (size_t)-1)
			break;
		from = k;
	}
	kb_buf_release(&log.text);
}

static void
test_worker__an_index_holds_the_neighbours_and_says_what_was_lost(void)
{
	static const char *const want[] = { "line 3:", "line 9:" };
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct kb_err err = { KB_OK, "" };
	struct kb_build b = { .files = &files, .settings = &settings,
	    .as_of = 20261001, .threads = 2 };
	size_t lost = 0;

	no_faults();
	export("built.xml", 20);
	faults[1] = EXIT_0;
	faults[7] = EXIT_0;
	b.output = at("built.kb");
	CHECK_INT(kb_files_add(&files, at("built.xml"), &arena, &err), KB_OK);
	CHECK_INT(kb_build_run(&b, &err), KB_OK);
	CHECK_INT(b.corpus.ndocs, 18);
	CHECK_INT(b.corpus.quarantined, 2);
	for (size_t i = 0; i < b.corpus.nfindings; i++) {
		const struct kb_finding *f = &b.corpus.findings[i];

		if (strcmp(f->code, "quarantined") != 0)
			continue;
		CHECK_INT(f->line, lost == 0 ? 3 : 9);
		CHECK_INT(f->level, KB_ERROR);
		CHECK(f->start > 0);
		CHECK(want[lost++] != NULL);
	}
	CHECK_INT(lost, 2);
	kb_build_release(&b);
	kb_files_release(&files);
	kb_arena_release(&arena);
}

static void
test_worker__any_number_of_threads_gives_the_same_with_faults(void)
{
	static const unsigned threads[] = { 2, 7 };
	const char *const paths[] = { at("many"), NULL };
	struct log one = { 0 };
	char name[40];

	no_faults();
	mkdir(at("many"), 0755);
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "many/f%02d.xml", i);
		export(name, 9);
	}
	page("many", "page.html", "Page", "", "<p>one two three</p>");
	faults[1] = RANDOM;
	faults[4] = EXIT_0;
	faults[5] = TWO_ENDS;
	faults[8] = FALSE_FRAME;
	CHECK_INT(read_paths(&one, 1, paths), KB_OK);
	CHECK_INT(one.records, 12 * 5);
	CHECK_INT(one.lost, 12 * 4 + 1);
	CHECK_HAS(one, "quarantined:1: this file was left out; ");
	for (size_t i = 0; i < 2; i++) {
		struct log more = { 0 };

		CHECK_INT(read_paths(&more, threads[i], paths), KB_OK);
		CHECK(kb_str_eq(kb_buf_str(&more.text),
		    kb_buf_str(&one.text)));
		kb_buf_release(&more.text);
	}
	kb_buf_release(&one.text);
}

static void
test_worker__a_file_of_nothing_but_failures_is_given_up(void)
{
	struct log log;

	no_faults();
	export("deadly.xml", 100);
	for (int i = 20; i <= 100; i++)
		faults[i] = EXIT_0;
	log = read_one(at("deadly.xml"));
	CHECK_INT(log.records, 19);
	CHECK_INT(log.lost, 17);
	CHECK_HAS(log, "the rest of this file was left out: more than 16 of "
	    "its records");
	CHECK_HAS(log, "deadly.xml end\n");
	kb_buf_release(&log.text);
}

/* Of a member's records, one is lost; the members behind it are read. */
static void
test_worker__a_member_of_an_archive_fails_alone(void)
{
	struct log log;
	char cmd[3 * PATHS];

	no_faults();
	mkdir(at("zip"), 0755);
	export("zip/b.xml", 3);
	page("zip", "a.html", "A", "", "<p>one</p>");
	page("zip", "c.html", "C", "", "<p>three</p>");
	snprintf(cmd, sizeof(cmd), "cd '%s' && tar cf all.tar -C zip a.html "
	    "b.xml c.html", base);
	CHECK_INT(system(cmd), 0);
	/* Units: a.html, its page, b.xml, three records, c.html, its page. */
	faults[2] = EXIT_0;
	faults[5] = EXIT_0;
	log = read_one(at("all.tar"));
	CHECK_INT(log.records, 3);
	CHECK_INT(log.lost, 2);
	CHECK_HAS(log, "a record of 'a.html' was left out");
	CHECK_HAS(log, "record KB0001 1\nlost  0 quarantined:4: a record of "
	    "'b.xml' was left out");
	CHECK_HAS(log, "record KB0003 3\nrecord ");
	kb_buf_release(&log.text);
}

/* What the scanner cannot follow ends where reading can go on. */
static void
test_worker__a_failing_record_that_is_torn_is_left_alone(void)
{
	struct log log;

	no_faults();
	spew(at("torn.xml"), KB_STR("<articles>"
	    "<article><id>a</id><title>A</title></article>\n"
	    "<article><id>b</id><title>B<br></title></article>\n"
	    "<article><id>c</id><title>C &broken</title></article>\n"
	    "<article><id>d</id><title>D</title><!-- </article> --></article>"
	    "\n<article><id>e</id><title>E</title></article></articles>"));
	for (int i = 2; i <= 4; i++)
		faults[i] = EXIT_0;
	log = read_one(at("torn.xml"));
	CHECK_INT(log.records, 2);
	CHECK_INT(log.lost, 3);
	CHECK_HAS(log, "record a 1\nlost");
	CHECK_HAS(log, "record e 5\ntorn.xml end\n");
	kb_buf_release(&log.text);
}

/* Some libraries open a file when they are first used. */
static void
test_worker__a_page_with_structured_data_is_read_in_the_sandbox(void)
{
	struct log log;

	no_faults();
	page("jsonld", "a.html", "A", "<script type=\"application/ld+json\">"
	    "{\"@type\":\"Article\",\"author\":{\"name\":\"Ann\"}}"
	    "</script>", "<p>one two</p>");
	log = read_one(at("jsonld/a.html"));
	CHECK_INT(log.records, 1);
	CHECK_INT(log.lost, 0);
	kb_buf_release(&log.text);
}

static size_t
open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}

/* Ends of workers: two for each file, one careless and one careful. */
static void
test_worker__deaths_leave_no_descriptor_and_no_process(void)
{
	const char *const paths[] = { at("graves"), NULL };
	struct log log = { 0 };
	size_t before;
	char name[40];
	const int n = 250;

	no_faults();
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "p%03d.html", i);
		page("graves", "p.html", "Page", "", "<p>one</p>");
		rename(at("graves/p.html"), in(at("graves"), name));
	}
	faults[1] = EXIT_0;
	before = open_descriptors();
	for (unsigned threads = 1; threads <= 2; threads++) {
		CHECK_INT(read_paths(&log, threads, paths), KB_OK);
		CHECK_INT(open_descriptors(), before);
	}
	CHECK_INT(log.lost, 2 * n);
	CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
	kb_buf_release(&log.text);
}

/* Processes whose parent is "pid", by the kernel's own list. */
static size_t
children(pid_t pid, pid_t *out, size_t max)
{
	char path[64];
	size_t n = 0;
	int child;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = fopen(path, "r");
	while (f != NULL && n < max && fscanf(f, "%d", &child) == 1)
		out[n++] = child;
	if (f != NULL)
		fclose(f);
	return n;
}

static void
nap(void)
{
	const struct timespec t = { 0, 20000000 };

	nanosleep(&t, NULL);
}

static bool
is_gone(pid_t pid)
{
	for (int i = 0; i < 250; i++) {
		char path[40], state = 'Z';
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		f = fopen(path, "r");
		if (f == NULL)
			return true;
		if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 'Z';
		fclose(f);
		if (state == 'Z')
			return true;
		nap();
	}
	return false;
}

static void
test_worker__nothing_is_left_when_the_program_is_killed(void)
{
	pid_t spawner[2], workers[8], pid;
	size_t n = 0, i;

	no_faults();
	faults[3] = SPIN;
	quick.cpu_ms = 60000;
	pid = fork();
	if (pid == 0) {
		struct log log = read_one(at("faults.xml"));

		kb_buf_release(&log.text);
		_exit(0);
	}
	for (i = 0; i < 250 && n == 0; i++) {
		nap();
		if (children(pid, spawner, 2) == 1)
			n = children(spawner[0], workers, 8);
	}
	CHECK_INT(n, 1);
	nap();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	CHECK(is_gone(spawner[0]));
	for (i = 0; i < n; i++)
		CHECK(is_gone(workers[i]));
	quick.cpu_ms = 400;
}

/* The file as its worker finds it: another one than it was. */
static const char *grows;

static void
grow(struct kb_str path, uint64_t unit, int sock)
{
	/* The parent's: the worker has no way to do it. */
	(void)path;
	(void)unit;
	(void)sock;
}

static enum kb_status
grow_note(void *arg, const struct kb_file *file, struct kb_prepared *p,
    const struct kb_err *why, struct kb_err *err)
{
	if (grows != NULL && p != NULL) {
		int fd = open(grows, O_WRONLY | O_APPEND);

		CHECK(fd >= 0 && kb_file_write(fd, KB_STR("<p>more</p>")));
		close(fd);
		grows = NULL;
	}
	return note(arg, file, p, why, err);
}

static void
test_worker__a_file_that_changes_while_it_is_read_is_told(void)
{
	struct kb_pool_opts opts = { .profiles = settings.profiles };
	struct kb_files files = { 0 };
	struct kb_arena arena = { 0 };
	struct log log = { 0 };

	no_faults();
	kb_worker_fault = grow;
	page("grows", "a.html", "A", "", "<p>one two</p>");
	grows = at("grows/a.html");
	CHECK_INT(kb_files_add(&files, at("grows"), &arena, NULL), KB_OK);
	CHECK_INT(kb_pool_run(&files, &opts, grow_note, &log, NULL), KB_OK);
	CHECK_INT(log.records, 1);
	CHECK_HAS(log, "lost  0 changed:0: the file changed while it was "
	    "read");
	kb_buf_release(&log.text);
	kb_files_release(&files);
	kb_arena_release(&arena);
}

/* ---- messages ---- */

static void
test_wire__messages_come_out_as_they_went_in_however_they_are_cut(void)
{
	const struct kb_wire_msg begin = { .kind = KB_WIRE_BEGIN, .unit = 300,
	    .start = (uint64_t)1 << 40, .line = 77, .whole = true,
	    .bytes = KB_STR("a/b.html") };
	const struct kb_wire_msg end = { .kind = KB_WIRE_END, .unit = 9,
	    .status = KB_LIMIT, .bytes = KB_STR("too much") };
	const struct kb_wire_msg frame = { .kind = KB_WIRE_FRAME };
	struct kb_wire_msg m;
	struct kb_buf b = { 0 };
	struct kb_str s;

	kb_wire_put(&b, &begin);
	kb_wire_put(&b, &frame);
	kb_buf_add(&b, KB_STR("\x05hello"));
	kb_wire_put(&b, &end);
	s = kb_buf_str(&b);
	CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_OK);
	CHECK(m.kind == KB_WIRE_BEGIN && m.unit == 300 && m.line == 77 &&
	    m.start == (uint64_t)1 << 40 && m.whole);
	CHECK_STR(m.bytes, "a/b.html");
	CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_OK);
	CHECK_INT(m.kind, KB_WIRE_FRAME);
	CHECK_STR(m.bytes, "\x05hello");
	CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_OK);
	CHECK(m.kind == KB_WIRE_END && m.unit == 9 && m.status == KB_LIMIT);
	CHECK_STR(m.bytes, "too much");
	CHECK_INT(s.n, 0);
	for (size_t n = 0; n < b.n; n++) {
		size_t seen = 0;

		s = kb_str(b.p, n);
		while (kb_wire_next(&s, &m) == KB_WIRE_OK)
			seen++;
		CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_MORE);
		CHECK(seen < 3);
	}
	kb_buf_release(&b);
}

static void
test_wire__a_length_past_the_cap_is_refused_before_its_bytes_come(void)
{
	struct kb_wire_msg m = { .kind = KB_WIRE_FRAME };
	struct kb_buf b = { 0 };
	struct kb_str s;

	kb_wire_put(&b, &m);
	kb_buf_add_varint(&b, KB_WIRE_MAX_FRAME);
	s = kb_buf_str(&b);
	CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_MORE);
	kb_buf_clear(&b);
	m.kind = KB_WIRE_FRAME;
	kb_wire_put(&b, &m);
	kb_buf_add_varint(&b, KB_WIRE_MAX_FRAME + 1);
	s = kb_buf_str(&b);
	CHECK_INT(kb_wire_next(&s, &m), KB_WIRE_GARBAGE);
	kb_buf_release(&b);
}

static void
test_job__comes_out_as_it_went_in(void)
{
	struct kb_job j = { .number = 7, .careful = true, .frames = 1 << 20,
	    .skip = { 3, 500 }, .nskip = 2, .path = KB_STR("a/b.xml") };
	struct kb_job k;
	struct kb_buf b = { 0 };

	kb_job_put(&b, &j);
	CHECK(kb_job_get(kb_buf_str(&b), &k));
	CHECK(k.number == 7 && k.careful && k.frames == 1 << 20 &&
	    k.nskip == 2 && k.skip[0] == 3 && k.skip[1] == 500);
	CHECK_STR(k.path, "a/b.xml");
	for (size_t n = 0; n + j.path.n < b.n; n++)
		CHECK(!kb_job_get(kb_str(b.p, n), &k));
	kb_buf_release(&b);
}

int
main(void)
{
	if (!fixture_load())
		return 1;
	/* First: nothing has warmed up the libraries yet. */
	RUN(test_worker__a_page_with_structured_data_is_read_in_the_sandbox);
	RUN(test_wire__messages_come_out_as_they_went_in_however_they_are_cut);
	RUN(test_wire__a_length_past_the_cap_is_refused_before_its_bytes_come);
	RUN(test_job__comes_out_as_it_went_in);
	RUN(test_worker__neighbours_of_a_failing_record_are_read);
	RUN(test_worker__a_record_with_much_to_tell_is_read);
	RUN(test_worker__no_file_goes_on_for_ever);
	RUN(test_worker__what_the_sandbox_forbids_ends_a_worker);
	RUN(test_worker__a_thousand_records_lose_only_the_four_that_fail);
	RUN(test_worker__an_index_holds_the_neighbours_and_says_what_was_lost);
	RUN(test_worker__any_number_of_threads_gives_the_same_with_faults);
	RUN(test_worker__a_file_of_nothing_but_failures_is_given_up);
	RUN(test_worker__a_member_of_an_archive_fails_alone);
	RUN(test_worker__a_failing_record_that_is_torn_is_left_alone);
	RUN(test_worker__deaths_leave_no_descriptor_and_no_process);
	RUN(test_worker__nothing_is_left_when_the_program_is_killed);
	RUN(test_worker__a_file_that_changes_while_it_is_read_is_told);
	fixture_unload();
	return test_done();
}
