/*
 * url: where an article is read and edited on the web, and what a link in it
 * points to (RFC 3986, as far as a knowledge base needs it).
 */
#ifndef KB_INDEXER_URL_H
#define KB_INDEXER_URL_H

#include "arena.h"
#include "kb/str.h"

/*
 * "stated" if it is an absolute http(s) URL; resolved against "base" if it
 * is relative and base is there; else base and the percent-encoded path
 * without ".gz"; empty where nothing gives one.  In "arena".
 */
struct kb_str	kb_url_of(struct kb_arena *arena, struct kb_str stated,
		    struct kb_str base, struct kb_str path);

/*
 * A relative reference's path resolved against the path it stands in:
 * "../b.html#x" in "a/c/d.html" is "a/b.html".  The fragment goes to
 * *fragment (may be NULL), a query is cut off, %XX is decoded.  NULL when it
 * leaves the tree, names no file or has a scheme; empty for the tree's root.
 */
struct kb_str	kb_url_path(struct kb_arena *arena, struct kb_str from,
		    struct kb_str href, struct kb_str *fragment);

#endif /* KB_INDEXER_URL_H */
