#include "html_tag.h"

const struct kb_html_tag_info kb_html_tags[KB_TAG_N] = {
	{ "", 0, KB_HC_OTHER, 0 },
#define X(id, name, class, flags)					\
	{ name, sizeof(name) - 1, KB_HC_##class, flags },
	KB_HTML_TAGS(X)
#undef X
};

/* The first tag of each letter; a letter that begins none has its heir's. */
static const uint8_t first[] = {
	KB_TAG_A, KB_TAG_B, KB_TAG_CAPTION, KB_TAG_DD, KB_TAG_EM,
	KB_TAG_FIELDSET, KB_TAG_H1, KB_TAG_H1, KB_TAG_I, KB_TAG_KEYGEN,
	KB_TAG_KEYGEN, KB_TAG_LI, KB_TAG_MAIN, KB_TAG_NAV, KB_TAG_OBJECT,
	KB_TAG_P, KB_TAG_RB, KB_TAG_RB, KB_TAG_S, KB_TAG_TABLE, KB_TAG_U,
	KB_TAG_VAR, KB_TAG_WBR, KB_TAG_XMP, KB_TAG_N, KB_TAG_N, KB_TAG_N
};

_Static_assert(KB_TAG_N <= UINT8_MAX, "tags fit a byte");

enum kb_html_tag
kb_html_tag_find(struct kb_str name)
{
	char key[16] = { 0 };
	unsigned letter;
	size_t i;
	int tag;

	if (name.n == 0 || name.n >= sizeof(key))
		return KB_TAG_UNKNOWN;
	for (i = 0; i < name.n; i++) {
		char c = name.p[i];

		key[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	letter = (unsigned)(unsigned char)key[0] - 'a';
	if (letter >= 26)
		return KB_TAG_UNKNOWN;
	/* A NUL in the name would equal the padding: lengths count, too. */
	for (tag = first[letter]; tag < first[letter + 1]; tag++)
		if (memcmp(key, kb_html_tags[tag].name, sizeof(key)) == 0 &&
		    kb_html_tags[tag].len == name.n)
			return (enum kb_html_tag)tag;
	return KB_TAG_UNKNOWN;
}
