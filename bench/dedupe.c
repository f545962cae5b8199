/*
 * dedupe: near-duplicates of a text file with one article a line, to be
 * measured beside other programs that read the same file.
 *
 *	dedupe [OPTION]... FILE > PAIRS.tsv 2> PHASES
 *
 *	--threshold N/M		resemblance (4/5)
 *	--containment N/M	as well, or "off" (off)
 *	--threads N		(1)
 *	--width N		words in a shingle (5)
 *	--key HEX		32 digits: hash with this key
 *	--max-pairs N		cut the listing (0: do not)
 *	--no-common		look for no common shingles
 *	--stars FILE		write "member TAB canonical" there; the first
 *				lines are the best
 *	--pass			cut words and hash shingles, and no more
 *
 * PAIRS has a header and a line for each pair: a, b, shared, size-a, size-b,
 * own-shared, own-a, own-b; articles are counted from 0, a < b, ascending.
 * PHASES has a line "NAME WALL CPU" in seconds for each: "pass" (reading,
 * words, hashes), "add" (to the spools; overlaps the pass where there are
 * threads), the stages of the join, "total"; then "# ..." remarks.  CPU is
 * of all threads, user and system.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "buf.h"
#include "join.h"

#define BATCH	((size_t)1 << 20)	/* bytes of lines */

struct phase {
	const char	*name;
	double		 wall, cpu;
};

struct bench {
	struct kb_join_opts	 opts;
	struct kb_join		*join;
	const char		*file, *stars;
	bool			 pass_only;
	FILE			*in;
	struct kb_buf		 rest;		/* behind the last whole line */
	uint64_t		 batches, turn, articles, words;
	bool			 end, failed;
	struct kb_err		 err;
	pthread_mutex_t		 lock, order;
	pthread_cond_t		 next;
	struct phase		 phases[16];
	size_t			 nphases;
	double			 pass_cpu, add_cpu;
};

struct batch {
	struct kb_buf		 text, words;
	size_t			*ends;		/* of words */
	struct kb_shingles	*sets;
	size_t			 n, size;
};

static double
seconds(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
begin(void *arg, const char *name)
{
	struct bench *b = arg;
	double wall = seconds(CLOCK_MONOTONIC);
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

	if (b->nphases > 0) {
		struct phase *last = &b->phases[b->nphases - 1];

		last->wall = wall - last->wall;
		last->cpu = cpu - last->cpu;
	}
	if (name != NULL && b->nphases < 16)
		b->phases[b->nphases++] = (struct phase){ name, wall, cpu };
}

static void
fail(struct bench *b, const char *what)
{
	pthread_mutex_lock(&b->lock);
	if (!b->failed && b->err.status == KB_OK)
		kb_err_set(&b->err, KB_IO, "%s", what);
	b->failed = true;
	pthread_cond_broadcast(&b->next);
	pthread_mutex_unlock(&b->lock);
}

/* ---- reading ---- */

/* Whole lines, or what is left; its number, or UINT64_MAX at the end. */
static uint64_t
read_batch(struct bench *b, struct batch *out)
{
	uint64_t number = UINT64_MAX;
	const char *cut = NULL;

	pthread_mutex_lock(&b->order);
	kb_buf_clear(&out->text);
	kb_buf_add(&out->text, kb_buf_str(&b->rest));
	kb_buf_clear(&b->rest);
	while (!b->end && cut == NULL && kb_buf_reserve(&out->text, BATCH)) {
		size_t n = fread(out->text.p + out->text.n, 1, BATCH, b->in);

		b->end = n < BATCH;
		out->text.n += n;
		if (out->text.n > 0)
			cut = memrchr(out->text.p, '\n', out->text.n);
	}
	if (!b->end && cut != NULL) {
		size_t n = (size_t)(cut + 1 - out->text.p);

		kb_buf_add(&b->rest, kb_str(cut + 1, out->text.n - n));
		out->text.n = n;
	}
	if (out->text.n > 0)
		number = b->batches++;
	pthread_mutex_unlock(&b->order);
	return number;
}

/* ---- words and hashes ---- */

static enum kb_status
add_line(struct bench *b, struct batch *out, struct kb_str line,
    struct kb_err *err)
{
	size_t from = out->words.n;
	struct kb_buf one = { 0 };
	enum kb_status status;

	if (out->n == out->size) {
		out->size = out->size * 2 + 256;
		out->sets = realloc(out->sets, out->size *
		    sizeof(*out->sets));
		out->ends = realloc(out->ends, out->size *
		    sizeof(*out->ends));
		if (out->sets == NULL || out->ends == NULL)
			return kb_err_nomem(err);
	}
	/* The words of all lines stand in one buffer, each as a list. */
	kb_buf_reserve(&out->words, line.n * 4 + 256);
	one.p = out->words.p + from;
	one.size = out->words.size - from;
	kb_shingle_words(&one, line);
	if (one.p != out->words.p + from)
		return kb_err_set(err, KB_LIMIT, "a line grew too much");
	out->words.n += one.n;
	status = kb_shingles_make(&out->sets[out->n], &b->opts.shingling,
	    kb_str(out->words.p + from, one.n), err);
	if (status == KB_OK)
		out->ends[out->n++] = out->words.n;
	return status;
}

static enum kb_status
make_batch(struct bench *b, struct batch *out, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	const char *p = out->text.p, *end = p + out->text.n;

	kb_buf_clear(&out->words);
	out->n = 0;
	while (p < end && status == KB_OK) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (nl == NULL)
			nl = end;
		status = add_line(b, out, kb_str(p, (size_t)(nl - p)), err);
		p = nl + 1;
	}
	return status;
}

static enum kb_status
add_batch(struct bench *b, struct batch *in, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t i, from = 0;

	for (i = 0; i < in->n; i++) {
		if (status == KB_OK && !b->pass_only)
			status = kb_join_add(b->join, &in->sets[i],
			    kb_str(in->words.p + from, in->ends[i] - from),
			    err);
		b->words += in->sets[i].words;
		from = in->ends[i];
		kb_shingles_release(&in->sets[i]);
	}
	b->articles += in->n;
	return status;
}

static bool
wait_turn(struct bench *b, uint64_t number)
{
	bool ok;

	pthread_mutex_lock(&b->lock);
	while (b->turn != number && !b->failed)
		pthread_cond_wait(&b->next, &b->lock);
	ok = !b->failed;
	pthread_mutex_unlock(&b->lock);
	return ok;
}

static void
end_turn(struct bench *b, double pass, double add)
{
	pthread_mutex_lock(&b->lock);
	b->turn++;
	b->pass_cpu += pass;
	b->add_cpu += add;
	pthread_cond_broadcast(&b->next);
	pthread_mutex_unlock(&b->lock);
}

static void *
work(void *arg)
{
	struct bench *b = arg;
	struct batch batch = { 0 };
	struct kb_err err = { 0 };
	double t0, t1, t2;
	uint64_t number;

	for (;;) {
		t0 = seconds(CLOCK_THREAD_CPUTIME_ID);
		number = read_batch(b, &batch);
		if (number == UINT64_MAX)
			break;
		if (make_batch(b, &batch, &err) != KB_OK) {
			fail(b, err.msg);
			break;
		}
		t1 = seconds(CLOCK_THREAD_CPUTIME_ID);
		if (!wait_turn(b, number))
			break;
		if (add_batch(b, &batch, &err) != KB_OK) {
			fail(b, err.msg);
			break;
		}
		t2 = seconds(CLOCK_THREAD_CPUTIME_ID);
		end_turn(b, t1 - t0, t2 - t1);
	}
	kb_buf_release(&batch.text);
	kb_buf_release(&batch.words);
	free(batch.sets);
	free(batch.ends);
	return NULL;
}

static bool
read_all(struct bench *b)
{
	unsigned i, n = b->opts.threads;
	pthread_t threads[64];

	for (i = 1; i < n; i++) {
		if (pthread_create(&threads[i], NULL, work, b) != 0)
			n = i;
	}
	work(b);
	for (i = 1; i < n; i++)
		pthread_join(threads[i], NULL);
	return !b->failed;
}

/* ---- what comes out ---- */

static enum kb_status
print_pair(void *arg, const struct kb_pair *p, struct kb_err *err)
{
	printf("%lu\t%lu\t%lu\t%lu\t%lu\t%lu\t%lu\t%lu\n", (unsigned long)p->a,
	    (unsigned long)p->b, (unsigned long)p->shared,
	    (unsigned long)p->size_a, (unsigned long)p->size_b,
	    (unsigned long)p->own_shared, (unsigned long)p->own_a,
	    (unsigned long)p->own_b);
	return KB_OK;
}

static bool
write_stars(const struct bench *b, const struct kb_joined *joined)
{
	FILE *f = fopen(b->stars, "w");
	uint64_t i;

	if (f == NULL)
		return false;
	for (i = 0; i < b->articles; i++) {
		if (joined->canonical[i] != UINT32_MAX)
			fprintf(f, "%llu\t%lu\n", (unsigned long long)i,
			    (unsigned long)joined->canonical[i]);
	}
	return fclose(f) == 0;
}

static bool
compare(struct bench *b)
{
	struct kb_joined joined = { 0 };
	uint32_t *rank;
	bool ok;
	uint64_t i;

	rank = malloc((b->articles + 1) * sizeof(*rank));
	for (i = 0; rank != NULL && i < b->articles; i++)
		rank[i] = (uint32_t)i;
	puts("a\tb\tshared\tsize-a\tsize-b\town-shared\town-a\town-b");
	ok = rank != NULL && kb_join_run(&joined, b->join, b->stars != NULL ?
	    rank : NULL, print_pair, NULL, &b->err) == KB_OK;
	if (ok && b->stars != NULL)
		ok = write_stars(b, &joined);
	begin(b, NULL);
	if (ok)
		fprintf(stderr, "# groups %lu listed %llu found %llu%s\n",
		    (unsigned long)joined.groups,
		    (unsigned long long)joined.listed,
		    (unsigned long long)joined.found,
		    joined.cut ? " cut" : "");
	kb_joined_release(&joined);
	free(rank);
	return ok;
}

static void
report(struct bench *b)
{
	struct rusage use;
	double wall = 0, cpu = 0;
	size_t i;

	/* Adding is told apart by its own CPU time. */
	b->phases[0].cpu -= b->add_cpu;
	fprintf(stderr, "add\t-\t%.3f\n", b->add_cpu);
	cpu = b->add_cpu;
	for (i = 0; i < b->nphases; i++) {
		fprintf(stderr, "%s\t%.3f\t%.3f\n", b->phases[i].name,
		    b->phases[i].wall, b->phases[i].cpu);
		wall += b->phases[i].wall;
		cpu += b->phases[i].cpu;
	}
	getrusage(RUSAGE_SELF, &use);
	fprintf(stderr, "total\t%.3f\t%.3f\n", wall, cpu);
	fprintf(stderr, "# articles %llu words %llu rss-kb %ld\n",
	    (unsigned long long)b->articles, (unsigned long long)b->words,
	    use.ru_maxrss);
}

/* ---- options ---- */

static bool
parse_ratio(const char *s, struct kb_ratio *out)
{
	unsigned n, of;

	if (s == NULL || sscanf(s, "%u/%u", &n, &of) != 2)
		return false;
	*out = (struct kb_ratio){ n, of };
	return true;
}

static bool
parse_key(const char *s, struct kb_shingling *out)
{
	unsigned long long a, b;

	if (s == NULL || sscanf(s, "%16llx%16llx", &a, &b) != 2)
		return false;
	out->keyed = true;
	out->key[0] = a;
	out->key[1] = b;
	return true;
}

static bool
parse_option(struct bench *b, const char *name, const char *value, int *used)
{
	struct kb_join_opts *o = &b->opts;

	*used = 2;
	if (strcmp(name, "--pass") == 0) {
		*used = 1;
		return b->pass_only = true;
	}
	if (strcmp(name, "--no-common") == 0) {
		*used = 1;
		o->common.of = 0;
		return true;
	}
	if (value == NULL)
		return false;
	if (strcmp(name, "--threshold") == 0)
		return parse_ratio(value, &o->near);
	if (strcmp(name, "--containment") == 0)
		return strcmp(value, "off") == 0 ||
		    parse_ratio(value, &o->inside);
	if (strcmp(name, "--threads") == 0)
		o->threads = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(name, "--width") == 0)
		o->shingling.width = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(name, "--max-pairs") == 0)
		o->max_pairs = strtoull(value, NULL, 10);
	else if (strcmp(name, "--stars") == 0)
		b->stars = value;
	else if (strcmp(name, "--key") == 0)
		return parse_key(value, &o->shingling);
	else
		return false;
	return true;
}

static bool
parse_options(struct bench *b, int argc, char **argv)
{
	int i, used = 1;

	kb_join_defaults(&b->opts);
	b->opts.inside.of = 0;
	b->opts.max_pairs = 0;
	b->opts.stage = begin;
	b->opts.stage_arg = b;
	for (i = 1; i < argc; i += used) {
		used = 1;
		if (argv[i][0] != '-')
			b->file = argv[i];
		else if (!parse_option(b, argv[i], argv[i + 1], &used))
			return false;
	}
	return b->file != NULL && b->opts.threads >= 1 &&
	    b->opts.threads <= 64;
}

int
main(int argc, char **argv)
{
	struct bench b = { 0 };
	const char *tmp = getenv("TMPDIR");
	bool ok;

	if (!parse_options(&b, argc, argv)) {
		fputs("usage: dedupe [--threshold N/M] [--containment N/M] "
		    "[--threads N] [--width N]\n    [--key HEX] [--max-pairs "
		    "N] [--no-common] [--stars FILE] [--pass] FILE\n", stderr);
		return 2;
	}
	pthread_mutex_init(&b.lock, NULL);
	pthread_mutex_init(&b.order, NULL);
	pthread_cond_init(&b.next, NULL);
	b.in = fopen(b.file, "r");
	begin(&b, "pass");
	ok = b.in != NULL && kb_join_new(&b.join, tmp != NULL ? tmp : "/tmp",
	    &b.opts, &b.err) == KB_OK && read_all(&b);
	if (ok && b.pass_only)
		begin(&b, NULL);
	else if (ok)
		ok = compare(&b);
	if (!ok)
		fprintf(stderr, "dedupe: %s: %s\n", b.file, b.err.msg);
	else
		report(&b);
	kb_join_free(b.join);
	kb_buf_release(&b.rest);
	if (b.in != NULL)
		fclose(b.in);
	if (fflush(stdout) != 0)
		ok = false;
	return ok ? 0 : 4;
}
