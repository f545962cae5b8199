#include "declared.h"

static bool
holds(const struct kb_buf *list, struct kb_str word)
{
	struct kb_str rest = kb_buf_str(list), next;

	while (rest.n > 0 && kb_str_split(&rest, ' ', &next))
		if (kb_str_eq(next, word))
			return true;
	return false;
}

static void
add_word(struct kb_buf *list, struct kb_str word)
{
	if (word.n > KB_DECLARED_MAX ||
	    list->n + 1 + word.n > KB_DECLARED_MAX || holds(list, word))
		return;
	if (list->n > 0)
		kb_buf_addch(list, ' ');
	kb_buf_add(list, word);
}

void
kb_declared_add(struct kb_buf *list, struct kb_str name, struct kb_str text)
{
	struct kb_buf word = { 0 };

	if (name.n > KB_DECLARED_MAX || text.n > KB_DECLARED_MAX)
		return;
	kb_buf_printf(&word, "&%.*s=", KB_FMT(name));
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= ' ' || c == '%' || c == 0x7f)
			kb_buf_printf(&word, "%%%02X", c);
		else
			kb_buf_addch(&word, text.p[i]);
	}
	if (word.failed)
		list->failed = true;
	else
		add_word(list, kb_buf_str(&word));
	kb_buf_release(&word);
}

struct kb_str
kb_declared_cut(struct kb_str *context)
{
	struct kb_str list = *context, rest = *context, word;

	while (rest.n > 0 && rest.p[0] == '&')
		kb_str_split(&rest, ' ', &word);
	if (rest.p == NULL)
		rest = kb_str(context->p + context->n, 0);
	list.n = (size_t)(rest.p - list.p);
	*context = rest;
	if (list.n > 0 && list.p[list.n - 1] == ' ')
		list.n--;
	return list;
}

void
kb_declared_merge(struct kb_buf *list, struct kb_str other)
{
	struct kb_str word;

	while (other.n > 0 && kb_str_split(&other, ' ', &word))
		add_word(list, word);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
kb_declared_next(struct kb_str *list, struct kb_str *name,
    struct kb_buf *text)
{
	struct kb_str word, s;

	if (list->n == 0 || !kb_str_split(list, ' ', &word) || word.n == 0)
		return false;
	s = kb_str(word.p + 1, word.n - 1);
	if (!kb_str_split(&s, '=', name))
		return false;
	kb_buf_clear(text);
	for (size_t i = 0; i < s.n; i++) {
		int a = s.p[i] == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1;
		int b = a >= 0 ? hex(s.p[i + 2]) : -1;

		kb_buf_addch(text, b >= 0 ? (char)(a * 16 + b) : s.p[i]);
		i += b >= 0 ? 2 : 0;
	}
	return true;
}
