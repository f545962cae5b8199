#include "store_manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "json.h"
#include "store.h"
#include "store_file.h"

#define SEAL_HEAD	",\n  \"check\":\""
#define SEAL_TAIL	"\"\n}\n"
#define SEAL_SIZE	(sizeof(SEAL_HEAD) - 1 + KB_SHA256_HEX +	\
			 sizeof(SEAL_TAIL) - 1)
#define SHORT_HEX	16

/* ---- names ---- */

/*
 * No dot and no slash: a view's name becomes part of a file's.  No "tmp":
 * files that begin so are collected.
 */
static bool
is_view_name(struct kb_str s)
{
	if (s.n == 0 || s.n > KB_MANIFEST_NAME || kb_str_eq(s, KB_STR("tmp")))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '_' ||
		    (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return true;
}

static bool
is_hex(struct kb_str s, size_t n)
{
	return s.n == n && strspn(s.p, "0123456789abcdef") >= n;
}

bool
kb_manifest_is_generation_file(const char *name)
{
	struct kb_str rest = kb_str_c(name), view, hex, ext;

	if (!kb_str_split(&rest, '-', &view) || !is_view_name(view) ||
	    !kb_str_split(&rest, '.', &hex) || !is_hex(hex, SHORT_HEX))
		return false;
	ext = rest;
	return kb_str_eq(ext, KB_STR("db")) || kb_str_eq(ext, KB_STR("sum"));
}

bool
kb_manifest_has_file(const struct kb_manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest->n_views; i++)
		if (strcmp(name, manifest->views[i].file) == 0 ||
		    strcmp(name, manifest->views[i].sums) == 0)
			return true;
	return false;
}

char *
kb_manifest_clean_path(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return strndup(path, n);
}

void
kb_manifest_name_files(struct kb_manifest_view *view)
{
	snprintf(view->file, sizeof(view->file), "%s-%.*s.db", view->name,
	    SHORT_HEX, view->root);
	snprintf(view->sums, sizeof(view->sums), "%s-%.*s.sum", view->name,
	    SHORT_HEX, view->root);
}

enum kb_status
kb_manifest_name_generation(struct kb_manifest *manifest, struct kb_err *err)
{
	struct kb_buf list = { 0 };
	unsigned char digest[KB_SHA256_SIZE];
	char hex[KB_SHA256_HEX + 1];
	enum kb_status status;

	for (size_t i = 0; i < manifest->n_views; i++)
		kb_buf_printf(&list, "%s %s\n", manifest->views[i].name,
		    manifest->views[i].root);
	status = kb_buf_check(&list, err);
	if (status == KB_OK) {
		kb_sha256(digest, list.p, list.n);
		kb_sha256_to_hex(hex, digest);
		memcpy(manifest->generation, hex, SHORT_HEX);
		manifest->generation[SHORT_HEX] = '\0';
	}
	kb_buf_release(&list);
	return status;
}

/* ---- writing ---- */

/* A line a member: the writer of JSON itself puts no white space. */
static void
member(struct kb_json *json, const char *key)
{
	kb_buf_addc(json->out, json->comma ? ",\n  " : "\n  ");
	json->comma = false;
	kb_json_key(json, key);
}

static void
format_view(struct kb_json *json, const struct kb_manifest_view *view)
{
	kb_buf_addc(json->out, json->comma ? ",\n    " : "\n    ");
	json->comma = false;
	kb_json_begin_object(json);
	kb_json_kv_str(json, "name", kb_str_c(view->name));
	kb_json_kv_str(json, "file", kb_str_c(view->file));
	kb_json_kv_str(json, "sums", kb_str_c(view->sums));
	kb_json_kv_int(json, "bytes", (int64_t)view->bytes);
	kb_json_kv_str(json, "root", kb_str_c(view->root));
	kb_json_end_object(json);
}

static void
seal(struct kb_buf *out, size_t from)
{
	unsigned char digest[KB_SHA256_SIZE];
	char hex[KB_SHA256_HEX + 1];

	if (out->failed)
		return;
	kb_sha256(digest, out->p + from, out->n - from);
	kb_sha256_to_hex(hex, digest);
	kb_buf_printf(out, "%s%s%s", SEAL_HEAD, hex, SEAL_TAIL);
}

void
kb_manifest_format(const struct kb_manifest *manifest, struct kb_str options,
    struct kb_buf *out)
{
	size_t from = out->n;
	struct kb_json json;

	kb_json_init(&json, out);
	kb_json_begin_object(&json);
	member(&json, "format");
	kb_json_int(&json, KB_STORE_FORMAT);
	member(&json, "generation");
	kb_json_str(&json, kb_str_c(manifest->generation));
	member(&json, "views");
	kb_json_begin_array(&json);
	for (size_t i = 0; i < manifest->n_views; i++)
		format_view(&json, &manifest->views[i]);
	kb_buf_addc(out, "\n  ");
	kb_json_end_array(&json);
	member(&json, "options");
	kb_buf_add(out, options);
	json.comma = true;
	member(&json, "sqlite");
	kb_json_str(&json, kb_str_c(sqlite3_libversion()));
	seal(out, from);
}

bool
kb_manifest_is_object(struct kb_str text)
{
	json_t *root = json_loadb(text.n > 0 ? text.p : "", text.n,
	    JSON_REJECT_DUPLICATES, NULL);
	bool is = json_is_object(root);

	json_decref(root);
	return is;
}

/* ---- reading ---- */

enum seal_state { SEAL_NONE, SEAL_BROKEN, SEAL_GOOD };

static enum seal_state
check_seal(struct kb_str text)
{
	unsigned char want[KB_SHA256_SIZE], got[KB_SHA256_SIZE];
	struct kb_str end, hex;

	if (text.n < SEAL_SIZE)
		return SEAL_NONE;
	end = kb_str(text.p + (text.n - SEAL_SIZE), SEAL_SIZE);
	hex = kb_str(end.p + sizeof(SEAL_HEAD) - 1, KB_SHA256_HEX);
	if (!kb_str_has_prefix(end, KB_STR(SEAL_HEAD)) ||
	    !kb_str_has_suffix(end, KB_STR(SEAL_TAIL)))
		return SEAL_NONE;
	if (!kb_sha256_from_hex(want, hex))
		return SEAL_BROKEN;
	kb_sha256(got, text.p, text.n - SEAL_SIZE);
	return memcmp(want, got, sizeof(got)) == 0 ? SEAL_GOOD : SEAL_BROKEN;
}

static enum kb_status
damaged(const char *path, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_DAMAGED,
	    "index '%s' is damaged: %s in its " KB_MANIFEST_FILE "; restore "
	    "it from a copy, or build it again with: kb-index build -o %s "
	    "PATH", path, what, path);
}

static bool
parse_view(struct kb_manifest_view *view, json_t *json)
{
	const char *name, *file, *sums, *root;
	unsigned char digest[KB_SHA256_SIZE];
	json_int_t bytes;

	if (json_unpack(json, "{s:s, s:s, s:s, s:I, s:s !}", "name", &name,
	    "file", &file, "sums", &sums, "bytes", &bytes,
	    "root", &root) != 0)
		return false;
	if (!is_view_name(kb_str_c(name)) || bytes <= 0 ||
	    !kb_sha256_from_hex(digest, kb_str_c(root)))
		return false;
	snprintf(view->name, sizeof(view->name), "%s", name);
	snprintf(view->root, sizeof(view->root), "%s", root);
	view->bytes = (uint64_t)bytes;
	kb_manifest_name_files(view);
	return strcmp(file, view->file) == 0 && strcmp(sums, view->sums) == 0;
}

static bool
parse_views(struct kb_manifest *m, json_t *json)
{
	m->n_views = json_array_size(json);
	if (m->n_views == 0 || m->n_views > KB_MANIFEST_VIEWS)
		return false;
	for (size_t i = 0; i < m->n_views; i++) {
		if (!parse_view(&m->views[i], json_array_get(json, i)))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(m->views[k].name, m->views[i].name) == 0)
				return false;
	}
	return true;
}

static enum kb_status
parse_members(struct kb_manifest *m, json_t *root, const char *path,
    struct kb_err *err)
{
	const char *generation, *sqlite, *check;
	json_t *views, *options;
	json_int_t format;

	if (json_unpack(root, "{s:I, s:s, s:o, s:o, s:s, s:s !}",
	    "format", &format, "generation", &generation, "views", &views,
	    "options", &options, "sqlite", &sqlite, "check", &check) != 0 ||
	    !json_is_object(options))
		return damaged(path, "a missing, unknown or mistyped member",
		    err);
	if (!parse_views(m, views))
		return damaged(path, "an impossible view", err);
	if (kb_manifest_name_generation(m, err) != KB_OK)
		return KB_NOMEM;
	if (strcmp(generation, m->generation) != 0)
		return damaged(path, "a generation that its views do not make",
		    err);
	return KB_OK;
}

static enum kb_status
parse_json(struct kb_manifest *m, json_t *root, bool sealed,
    const char *path, struct kb_err *err)
{
	json_t *format = json_object_get(root, "format");

	if (!json_is_integer(format))
		return damaged(path, "no format number", err);
	if (json_integer_value(format) != KB_STORE_FORMAT)
		return kb_err_set(err, KB_VERSION, "index '%s' has format %"
		    JSON_INTEGER_FORMAT ", this program reads %d; build it "
		    "again with: kb-index build -o %s PATH", path,
		    json_integer_value(format), KB_STORE_FORMAT, path);
	if (!sealed)
		return damaged(path, "no check at the end", err);
	return parse_members(m, root, path, err);
}

enum kb_status
kb_manifest_parse(struct kb_manifest *out, struct kb_str text,
    const char *path, struct kb_err *err)
{
	enum seal_state state = check_seal(text);
	struct kb_manifest *m;
	json_t *root;
	enum kb_status status;

	if (state == SEAL_BROKEN)
		return damaged(path, "a wrong checksum", err);
	root = json_loadb(text.n > 0 ? text.p : "", text.n,
	    JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(root)) {
		json_decref(root);
		return damaged(path, "no JSON object", err);
	}
	m = calloc(1, sizeof(*m));
	status = m == NULL ? kb_err_nomem(err) :
	    parse_json(m, root, state == SEAL_GOOD, path, err);
	if (status == KB_OK)
		*out = *m;
	free(m);
	json_decref(root);
	return status;
}

static enum kb_status
cannot_read(const char *path, int errnum, struct kb_err *err)
{
	struct stat st;

	if (errnum == ENOENT || errnum == ENOTDIR)
		return kb_err_set(err, KB_NOTFOUND, "cannot open index '%s': "
		    "%s; build one with: kb-index build -o %s PATH", path,
		    stat(path, &st) != 0 ? "no such folder" :
		    S_ISDIR(st.st_mode) ? "no " KB_MANIFEST_FILE " there" :
		    "it is not a folder", path);
	if (errnum == ENOMEM)
		return kb_err_nomem(err);
	if (errnum == EFBIG)
		return damaged(path, "more than 1 MiB", err);
	if (errnum == EINVAL)
		return damaged(path, "something else than text", err);
	return kb_err_set(err, KB_IO, "cannot read '%s/%s': %s; check its "
	    "permissions and its disk", path, KB_MANIFEST_FILE,
	    strerror(errnum));
}

enum kb_status
kb_manifest_read(struct kb_manifest *out, const char *path,
    struct kb_err *err)
{
	struct kb_buf name = { 0 }, text = { 0 };
	enum kb_status status;

	kb_buf_printf(&name, "%s/%s", path, KB_MANIFEST_FILE);
	status = kb_buf_check(&name, err);
	if (status != KB_OK)
		goto out;
	if (!kb_file_slurp(&text, AT_FDCWD, name.p, KB_MANIFEST_CAP))
		status = cannot_read(path, errno, err);
	else
		status = kb_manifest_parse(out, kb_buf_str(&text), path, err);
out:
	kb_buf_release(&name);
	kb_buf_release(&text);
	return status;
}
