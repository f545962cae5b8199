#include "table.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "hash.h"

void
kb_table_release(struct kb_table *t)
{
	free(t->slots);
	memset(t, 0, sizeof(*t));
}

static struct kb_table_slot *
find(struct kb_table_slot *slots, size_t size, struct kb_str key,
    uint64_t hash)
{
	size_t i = (size_t)hash & (size - 1);

	while (slots[i].used && (slots[i].hash != hash ||
	    !kb_str_eq(slots[i].key, key)))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

uint32_t *
kb_table_get(const struct kb_table *t, struct kb_str key)
{
	struct kb_table_slot *s;

	if (t->n == 0)
		return NULL;
	s = find(t->slots, t->size, key, kb_hash_keyed(key, t->secret));
	return s->used ? &s->value : NULL;
}

/* Only the order in the slots depends on it, which nobody sees. */
static void
choose_secret(struct kb_table *t)
{
	if (getentropy(t->secret, sizeof(t->secret)) == 0)
		return;
	t->secret[0] = (uint64_t)(uintptr_t)t ^ (uint64_t)getpid() << 48;
	t->secret[1] = (uint64_t)time(NULL) ^ (uint64_t)clock() << 32;
}

static bool
grow(struct kb_table *t)
{
	size_t size = t->size == 0 ? 64 : t->size * 2;
	struct kb_table_slot *slots = calloc(size, sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].used)
			*find(slots, size, t->slots[i].key,
			    t->slots[i].hash) = t->slots[i];
	free(t->slots);
	t->slots = slots;
	t->size = size;
	return true;
}

uint32_t *
kb_table_put(struct kb_table *t, struct kb_str key, bool *added)
{
	struct kb_table_slot *s;
	uint64_t hash;

	if (t->size == 0)
		choose_secret(t);
	if (t->n >= t->size / 2 && !grow(t))
		return NULL;
	hash = kb_hash_keyed(key, t->secret);
	s = find(t->slots, t->size, key, hash);
	if (added != NULL)
		*added = !s->used;
	if (!s->used) {
		s->used = true;
		s->hash = hash;
		s->key = key;
		t->n++;
	}
	return &s->value;
}
