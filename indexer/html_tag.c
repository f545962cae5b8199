#include "html_tag.h"

const struct kb_html_tag_info kb_html_tags[KB_TAG_N] = {
	{ "", 0, KB_HC_OTHER, 0 },
#define X(id, name, class, flags)					\
	{ name, sizeof(name) - 1, KB_HC_##class, flags },
	KB_HTML_TAGS(X)
#undef X
};

enum kb_html_tag
kb_html_tag_find(struct kb_str name)
{
	char key[16] = { 0 };
	int lo = 1, hi = KB_TAG_N;
	size_t i;

	if (name.n >= sizeof(key))
		return KB_TAG_UNKNOWN;
	for (i = 0; i < name.n; i++) {
		char c = name.p[i];

		key[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	while (lo < hi) {
		int mid = (lo + hi) / 2;
		int d = memcmp(key, kb_html_tags[mid].name, sizeof(key));

		/* A NUL in the name would equal the padding. */
		if (d == 0)
			return kb_html_tags[mid].len == name.n ?
			    (enum kb_html_tag)mid : KB_TAG_UNKNOWN;
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return KB_TAG_UNKNOWN;
}
