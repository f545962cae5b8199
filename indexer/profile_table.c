#include "profile_table.h"

#include <stdlib.h>

#define LONGEST	128	/* longer names are never found */

struct kb_name_row {
	struct kb_str		 name;
	int			 value;
	size_t			 number;
	struct kb_name_row	*next;
};

/* The one spelling that is compared, or false for a name too long. */
static bool
normalise(struct kb_str s, bool words, char out[LONGEST], size_t *n)
{
	size_t k = 0;

	s = kb_str_trim(s);
	while (words && s.n > 0 && s.p[s.n - 1] == ':')
		s = kb_str_trim(kb_str(s.p, s.n - 1));
	if (s.n > LONGEST)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= 'A' && c <= 'Z')
			c += 32;
		if (words && (c == '_' || c == ' ' ||
		    (c >= '\t' && c <= '\r')))
			c = '-';
		if (!words || c != '-' || (k > 0 && out[k - 1] != '-'))
			out[k++] = c;
	}
	*n = k;
	return k > 0;
}

void
kb_name_table_add(struct kb_name_table *table, struct kb_str name, int value,
    bool words, struct kb_arena *arena)
{
	struct kb_name_row *row = kb_arena_alloc(arena, sizeof(*row));
	char key[LONGEST];
	size_t n;

	if (row == NULL || !normalise(name, words, key, &n)) {
		table->failed |= row == NULL;
		return;
	}
	row->name = kb_arena_copy(arena, kb_str(key, n));
	row->value = value;
	row->number = table->nadded++;
	row->next = table->added;
	table->added = row;
}

static int
compare(const void *a, const void *b)
{
	const struct kb_name_row *x = a, *y = b;
	int c = kb_str_cmp(x->name, y->name);

	return c != 0 ? c : (x->number > y->number) - (x->number < y->number);
}

enum kb_status
kb_name_table_finish(struct kb_name_table *table, struct kb_arena *arena,
    struct kb_err *err)
{
	const struct kb_name_row *row;
	struct kb_name_row *v;
	size_t n = 0;

	v = kb_arena_array(arena, table->nadded + 1, sizeof(*v));
	if (v == NULL || table->failed || arena->failed)
		return kb_err_nomem(err);
	for (row = table->added; row != NULL; row = row->next)
		v[n++] = *row;
	qsort(v, n, sizeof(*v), compare);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || !kb_str_eq(v[i].name, v[i + 1].name))
			v[table->n++] = v[i];
	table->rows = v;
	return KB_OK;
}

bool
kb_name_table_find(const struct kb_name_table *table, struct kb_str name,
    bool words, int *value)
{
	size_t low = 0, high = table->n, n;
	char key[LONGEST];

	if (!normalise(name, words, key, &n))
		return false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = kb_str_cmp(kb_str(key, n), table->rows[mid].name);

		if (c == 0) {
			if (table->rows[mid].value == KB_NAME_NONE)
				return false;
			*value = table->rows[mid].value;
			return true;
		}
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

bool
kb_list_next(struct kb_str *rest, char *sep, bool commas,
    struct kb_str *item)
{
	if (*sep == 0)
		*sep = commas || kb_str_find(*rest, KB_STR(","), 0) !=
		    (size_t)-1 ? ',' : ' ';
	while (kb_str_split(rest, *sep, item)) {
		*item = kb_str_trim(*item);
		if (item->n > 0)
			return true;
	}
	return false;
}
