/*
 * The manifest of an index, as it is and with a check that holds put behind
 * what stands before its own.
 */
#include "fuzz.h"

#include "sha256.h"
#include "store_manifest.h"

#define HEAD	",\n  \"check\":\""

void
fuzz_init(void)
{
}

static void
parse(struct kb_str text)
{
	static struct kb_manifest m, again;
	struct kb_err err = { KB_OK, "" };
	struct kb_buf b = { 0 };
	enum kb_status status = kb_manifest_parse(&m, text, "x.kb", &err);

	if (status != KB_OK) {
		MUST(status == KB_DAMAGED || status == KB_VERSION);
		MUST(strchr(err.msg, '\n') == NULL && err.msg[0] != '\0');
		return;
	}
	MUST(m.n_views > 0 && m.n_views <= KB_MANIFEST_VIEWS);
	for (size_t i = 0; i < m.n_views; i++) {
		MUST(kb_manifest_is_generation_file(m.views[i].file));
		MUST(kb_manifest_is_generation_file(m.views[i].sums));
		MUST(strchr(m.views[i].file, '/') == NULL);
	}
	kb_manifest_format(&m, KB_STR("{}"), &b);
	MUST(kb_manifest_parse(&again, kb_buf_str(&b), "x.kb", NULL) ==
	    KB_OK);
	MUST(strcmp(m.generation, again.generation) == 0);
	MUST(m.n_views == again.n_views);
	kb_buf_release(&b);
}

static void
seal(struct kb_buf *b)
{
	unsigned char digest[KB_SHA256_SIZE];
	char hex[KB_SHA256_HEX + 1];

	kb_sha256(digest, b->n > 0 ? b->p : "", b->n);
	kb_sha256_to_hex(hex, digest);
	kb_buf_printf(b, "%s%s\"\n}\n", HEAD, hex);
}

void
fuzz_one(struct kb_str bytes)
{
	struct kb_buf b = { 0 };
	size_t at = kb_str_find(bytes, KB_STR(HEAD), 0);

	parse(bytes);
	kb_buf_add(&b, kb_str(bytes.p, at < bytes.n ? at : bytes.n));
	seal(&b);
	parse(kb_buf_str(&b));
	kb_buf_release(&b);
}

void
fuzz_seeds(void)
{
	static struct kb_manifest m;
	struct kb_buf b = { 0 };

	for (unsigned n = 1; n <= 3; n++) {
		struct kb_manifest_view *v = &m.views[n - 1];

		snprintf(v->name, sizeof(v->name), n == 1 ? "all" : "v_%u", n);
		memset(v->root, (int)('a' + n), KB_SHA256_HEX);
		v->bytes = 4096 * n;
		kb_manifest_name_files(v);
		m.n_views = n;
		MUST(kb_manifest_name_generation(&m, NULL) == KB_OK);
		kb_buf_clear(&b);
		kb_manifest_format(&m, KB_STR("{\"threads\":[1,2.5,null]}"),
		    &b);
		fuzz_seed(kb_buf_str(&b));
	}
	kb_buf_release(&b);
	fuzz_seed(KB_STR("{}"));
	fuzz_seed(KB_STR("{\"format\":2}"));
	fuzz_seed(KB_STR("{\"format\":1,\"format\":1}"));
	fuzz_seed(KB_STR("[1]"));
}
