/*
 * jsonld: dates, authors and language from the JSON-LD of a page (schema.org
 * types that describe a page or an article).
 */
#ifndef KB_INDEXER_JSONLD_H
#define KB_INDEXER_JSONLD_H

#include "record.h"

/* Bytes that are no JSON give a note in the record and nothing else. */
void	kb_jsonld(struct kb_record *rec, struct kb_str text);

#endif /* KB_INDEXER_JSONLD_H */
