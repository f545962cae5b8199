/*
 * kb-index duplicates: the pairs of articles that have most of their text in
 * common, or the clusters that are made of them, as a table or as JSON.
 */
#include <stdlib.h>

#include "cli.h"
#include "commands.h"
#include "json.h"
#include "out.h"
#include "relation.h"
#include "rows.h"

const char kb_help_duplicates[] =
"  --relation R          only these: identical, near, contained, template,\n"
"                        version; may be repeated\n"
"  --clusters            articles that stand for others, and why, instead\n"
"  --json                one JSON object\n"
"\n"
"A line a pair, with a header, parted by tabs, sorted by both ids:\n"
"  id-a id-b             ids, a before b bytewise; white space as %XX\n"
"  relation              identical: the same words in the same order\n"
"                        version: the same article for another version\n"
"                        template: one text filled in for two subjects\n"
"                        near; contained: one lies inside the other\n"
"  shared size-a size-b  shingles (runs of five words) in common and each\n"
"  resemblance           shared / (size-a + size-b - shared)\n"
"  stripped              the same without what stands in many articles; -\n"
"                        where nothing else is left\n"
"  containment-a -b      shared / size-a, shared / size-b\n"
"With --clusters, sorted by both ids:\n"
"  canonical id          the article that stands for the other, and that\n"
"  relation reason       to that one, and why that one is to be kept\n";

static const char pair_header[] =
"id-a\tid-b\trelation\tshared\tsize-a\tsize-b\tresemblance\tstripped\t"
"containment-a\tcontainment-b\n";
static const char member_header[] = "canonical\tid\trelation\treason\n";

enum pair_column {
	ID_A, ID_B, RELATION, SHARED, SIZE_A, SIZE_B, OWN_SHARED, OWN_A, OWN_B
};

/* The side whose id comes first bytewise is a. */
static const char pairs[] =
"SELECT x.id, y.id, d.relation, d.shared, d.size_a, d.size_b,"
"  d.own_shared, d.own_a, d.own_b"
"  FROM duplicate d JOIN article x ON x.n = d.a JOIN article y ON y.n = d.b"
"  WHERE x.id < y.id "
"UNION ALL "
"SELECT y.id, x.id, d.relation, d.shared, d.size_b, d.size_a,"
"  d.own_shared, d.own_b, d.own_a"
"  FROM duplicate d JOIN article x ON x.n = d.a JOIN article y ON y.n = d.b"
"  WHERE x.id >= y.id "
"ORDER BY 1, 2";

enum member_column {
	CANONICAL, MEMBER, TO_CANONICAL, REASON, CANONICAL_TITLE, TITLE
};

static const char members[] =
"SELECT c.id, m.id, m.relation, m.reason, c.title, m.title"
"  FROM article m JOIN article c ON c.n = m.cluster"
"  WHERE m.relation IS NOT NULL ORDER BY 1, 2";

enum {
	OPT_RELATION = 1000, OPT_CLUSTERS, OPT_JSON
};

static const struct option options[] = {
	{ "relation", required_argument, NULL, OPT_RELATION },
	{ "clusters", no_argument, NULL, OPT_CLUSTERS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 }
};

struct listing {
	const char	*index;
	unsigned	 wanted;	/* a bit a relation; 0: all */
	bool		 clusters, json;
	struct kb_store	*store;
	struct kb_out	 out;
	struct kb_json	 j;
};

/* ---- options ---- */

static bool
read_relation(const struct kb_command *self, struct listing *l)
{
	for (int i = 1; i < KB_RELATION_N; i++)
		if (strcmp(optarg, kb_relation_name((enum kb_relation)i)) ==
		    0) {
			l->wanted |= 1U << i;
			return true;
		}
	kb_cli_usage(self, "--relation wants identical, near, contained, "
	    "template or version, not '%s'", optarg);
	return false;
}

/* -1 to go on, else the exit code. */
static int
read_options(const struct kb_command *self, int argc, char **argv,
    struct listing *l)
{
	int c;

	while ((c = kb_cli_option(self, argc, argv, options)) != -1) {
		if (c == 'h')
			return KB_EXIT_OK;
		if (c == '?' || (c == OPT_RELATION &&
		    !read_relation(self, l)))
			return KB_EXIT_USAGE;
		l->clusters |= c == OPT_CLUSTERS;
		l->json |= c == OPT_JSON;
	}
	if (argc - optind != 1)
		return kb_cli_usage(self, "it wants one index, not %d",
		    argc - optind);
	l->index = argv[optind];
	return -1;
}

static bool
is_wanted(const struct listing *l, struct kb_str relation)
{
	for (int i = 1; i < KB_RELATION_N; i++)
		if (kb_str_eq(relation, kb_str_c(kb_relation_name(
		    (enum kb_relation)i))))
			return l->wanted == 0 || (l->wanted >> i & 1) != 0;
	return l->wanted == 0;
}

/* ---- pairs ---- */

static double
ratio(int64_t part, int64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

struct figures {
	int64_t	shared, a, b, own_shared, own_a, own_b;
};

static struct figures
read_figures(const struct kb_rows *rows)
{
	return (struct figures){
		kb_rows_int(rows, SHARED), kb_rows_int(rows, SIZE_A),
		kb_rows_int(rows, SIZE_B), kb_rows_int(rows, OWN_SHARED),
		kb_rows_int(rows, OWN_A), kb_rows_int(rows, OWN_B)
	};
}

static void
add_id(struct kb_buf *out, struct kb_str id)
{
	kb_out_id(out, id);
	kb_buf_addch(out, '\t');
}

static void
pair_line(struct listing *l, const struct kb_rows *rows)
{
	struct figures f = read_figures(rows);
	int64_t own = f.own_a + f.own_b - f.own_shared;
	struct kb_buf *out = &l->out.buf;

	add_id(out, kb_rows_text(rows, ID_A));
	add_id(out, kb_rows_text(rows, ID_B));
	add_id(out, kb_rows_text(rows, RELATION));
	kb_buf_printf(out, "%lld\t%lld\t%lld\t%.6f\t", (long long)f.shared,
	    (long long)f.a, (long long)f.b,
	    ratio(f.shared, f.a + f.b - f.shared));
	if (own > 0)
		kb_buf_printf(out, "%.6f", ratio(f.own_shared, own));
	else
		kb_buf_addch(out, '-');
	kb_buf_printf(out, "\t%.6f\t%.6f\n", ratio(f.shared, f.a),
	    ratio(f.shared, f.b));
}

static void
kv_ratio(struct kb_json *j, const char *key, int64_t part, int64_t whole)
{
	kb_json_key(j, key);
	if (whole > 0)
		kb_json_real(j, ratio(part, whole), 6);
	else
		kb_json_null(j);
}

static void
pair_object(struct listing *l, const struct kb_rows *rows)
{
	struct figures f = read_figures(rows);
	struct kb_json *j = &l->j;

	kb_json_begin_object(j);
	kb_json_kv_str(j, "a", kb_rows_text(rows, ID_A));
	kb_json_kv_str(j, "b", kb_rows_text(rows, ID_B));
	kb_json_kv_str(j, "relation", kb_rows_text(rows, RELATION));
	kb_json_kv_int(j, "shared", f.shared);
	kb_json_kv_int(j, "size_a", f.a);
	kb_json_kv_int(j, "size_b", f.b);
	kb_json_kv_int(j, "own_shared", f.own_shared);
	kb_json_kv_int(j, "own_a", f.own_a);
	kb_json_kv_int(j, "own_b", f.own_b);
	kv_ratio(j, "resemblance", f.shared, f.a + f.b - f.shared);
	kv_ratio(j, "stripped", f.own_shared, f.own_a + f.own_b -
	    f.own_shared);
	kv_ratio(j, "containment_a", f.shared, f.a);
	kv_ratio(j, "containment_b", f.shared, f.b);
	kb_json_end_object(j);
}

/* ---- clusters ---- */

static void
member_line(struct listing *l, const struct kb_rows *rows)
{
	struct kb_buf *out = &l->out.buf;

	add_id(out, kb_rows_text(rows, CANONICAL));
	add_id(out, kb_rows_text(rows, MEMBER));
	add_id(out, kb_rows_text(rows, TO_CANONICAL));
	kb_out_line(out, kb_rows_text(rows, REASON));
	kb_buf_addch(out, '\n');
}

static void
member_object(struct listing *l, const struct kb_rows *rows)
{
	struct kb_json *j = &l->j;

	kb_json_begin_object(j);
	kb_json_kv_str(j, "canonical", kb_rows_text(rows, CANONICAL));
	kb_json_kv_str(j, "canonical_title", kb_rows_text(rows,
	    CANONICAL_TITLE));
	kb_json_kv_str(j, "id", kb_rows_text(rows, MEMBER));
	kb_json_kv_str(j, "title", kb_rows_text(rows, TITLE));
	kb_json_kv_str(j, "relation", kb_rows_text(rows, TO_CANONICAL));
	kb_json_kv_str(j, "reason", kb_rows_text(rows, REASON));
	kb_json_end_object(j);
}

/* ---- all of it ---- */

static enum kb_status
list_rows(struct listing *l, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, l->store,
	    l->clusters ? members : pairs, err);

	while (status == KB_OK && !l->out.done &&
	    kb_rows_next(&rows, &status, err)) {
		/* The relation is the third column of both. */
		if (!is_wanted(l, kb_rows_text(&rows, RELATION)))
			continue;
		if (l->json) {
			if (l->j.comma)
				kb_buf_addch(&l->out.buf, ',');
			kb_buf_addch(&l->out.buf, '\n');
			l->j.comma = false;
		}
		(l->clusters ? l->json ? member_object : member_line :
		    l->json ? pair_object : pair_line)(l, &rows);
		kb_out_spill(&l->out);
	}
	kb_rows_close(&rows);
	return status;
}

static enum kb_status
meta_number(struct listing *l, const char *key, int64_t *out,
    struct kb_err *err)
{
	struct kb_buf value = { 0 };
	enum kb_status status = kb_rows_meta(l->store, key, &value, err);

	*out = status == KB_OK && value.p != NULL ?
	    strtoll(value.p, NULL, 10) : 0;
	kb_buf_release(&value);
	return status;
}

static enum kb_status
list_json(struct listing *l, struct kb_err *err)
{
	int64_t listed = 0, found = 0;
	enum kb_status status = meta_number(l, "pairs", &listed, err);

	if (status == KB_OK)
		status = meta_number(l, "pairs_found", &found, err);
	if (status != KB_OK)
		return status;
	kb_json_init(&l->j, &l->out.buf);
	kb_json_begin_object(&l->j);
	kb_json_kv_int(&l->j, "format", 1);
	kb_json_kv_str(&l->j, "generation", kb_str_c(kb_store_generation(
	    l->store)));
	if (!l->clusters) {
		kb_json_kv_int(&l->j, "listed", listed);
		kb_json_kv_int(&l->j, "found", found);
	}
	kb_json_key(&l->j, l->clusters ? "members" : "pairs");
	kb_json_begin_array(&l->j);
	status = list_rows(l, err);
	kb_json_end_array(&l->j);
	kb_json_end_object(&l->j);
	kb_buf_addch(&l->out.buf, '\n');
	return status;
}

int
kb_cmd_duplicates(const struct kb_command *self, int argc, char **argv)
{
	struct listing l = { .index = NULL };
	struct kb_err err;
	enum kb_status status;
	int code = read_options(self, argc, argv, &l);

	if (code >= 0)
		return code;
	status = kb_store_open(&l.store, l.index, NULL, 0, &err);
	if (status == KB_OK && l.json) {
		status = list_json(&l, &err);
	} else if (status == KB_OK) {
		kb_buf_addc(&l.out.buf, l.clusters ? member_header :
		    pair_header);
		status = list_rows(&l, &err);
	}
	code = kb_out_end(&l.out);
	if (status != KB_OK)
		code = kb_cli_fail(&err);
	kb_store_close(l.store);
	return code;
}
