/*
 * similar_read: look-ups in a table of blocks.  Contract: similar_impl.h.
 */
#include "similar_impl.h"

#include <stdio.h>
#include <string.h>

enum kb_status
kb_similar_blocks_open(struct kb_similar_blocks *b, struct kb_store *store,
    const char *table, struct kb_err *err)
{
	char text[160];

	memset(b, 0, sizeof(*b));
	b->store = store;
	b->table = table;
	/* From the block that may hold ?1, or the first behind it. */
	snprintf(text, sizeof(text), "SELECT first, data FROM %s WHERE "
	    "first >= coalesce((SELECT max(first) FROM %s WHERE first <= ?1),"
	    " ?1) ORDER BY first", table, table);
	if (sqlite3_prepare_v2(kb_store_db(store), text, -1, &b->stmt, NULL)
	    != SQLITE_OK)
		return kb_store_error(store, err);
	kb_similar_blocks_rewind(b);
	return KB_OK;
}

void
kb_similar_blocks_close(struct kb_similar_blocks *b)
{
	sqlite3_finalize(b->stmt);
	b->stmt = NULL;
}

void
kb_similar_blocks_rewind(struct kb_similar_blocks *b)
{
	sqlite3_reset(b->stmt);
	b->data = kb_str(NULL, 0);
	b->at = 0;
	b->has = b->ended = false;
}

static enum kb_status
damaged(const struct kb_similar_blocks *b, struct kb_err *err)
{
	return kb_err_set(err, KB_DAMAGED, "the index is damaged: a block of "
	    "%s makes no sense; build it again", b->table);
}

/* The next row's first number. */
static enum kb_status
next_block(struct kb_similar_blocks *b, struct kb_err *err)
{
	int rc = sqlite3_step(b->stmt);
	int64_t at;
	int n;

	b->has = false;
	if (rc == SQLITE_DONE) {
		b->ended = true;
		return KB_OK;
	}
	if (rc != SQLITE_ROW)
		return kb_store_error(b->store, err);
	at = sqlite3_column_int64(b->stmt, 0);
	if (at < 0)
		return damaged(b, err);
	b->at = (uint64_t)at;
	b->has = true;
	b->data.p = sqlite3_column_blob(b->stmt, 1);
	n = sqlite3_column_bytes(b->stmt, 1);
	b->data.n = b->data.p != NULL && n > 0 ? (size_t)n : 0;
	return KB_OK;
}

/* The next number of the block, which has one. */
static bool
next_number(struct kb_similar_blocks *b)
{
	uint64_t distance = 0;
	unsigned shift = 0, c;

	do {
		if (b->data.n == 0 || shift > 56)
			return false;
		c = (unsigned char)*b->data.p++;
		b->data.n--;
		distance |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while ((c & 0x80) != 0);
	if (distance == 0 || distance > (uint64_t)INT64_MAX - b->at)
		return false;
	b->at += distance;
	return true;
}

/* As far as the block goes. */
static enum kb_status
walk(struct kb_similar_blocks *b, uint64_t value, struct kb_err *err)
{
	while (b->has && b->at < value) {
		if (b->data.n == 0)
			b->has = false;
		else if (!next_number(b))
			return damaged(b, err);
	}
	return KB_OK;
}

enum kb_status
kb_similar_blocks_seek(struct kb_similar_blocks *b, uint64_t value,
    struct kb_err *err)
{
	enum kb_status status = walk(b, value, err);

	if (status != KB_OK || b->has || b->ended)
		return status;
	sqlite3_reset(b->stmt);
	sqlite3_bind_int64(b->stmt, 1, (int64_t)value);
	do {
		status = next_block(b, err);
		if (status == KB_OK)
			status = walk(b, value, err);
	} while (status == KB_OK && !b->has && !b->ended);
	return status;
}
