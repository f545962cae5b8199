/*
 * store_manifest: the text that names a generation, and the file names that
 * an index folder may hold.  Comes in from manifest.json, which is foreign
 * and read strictly; goes out as text.  Used by the store's two halves only.
 *
 *	{
 *	  "format":1,
 *	  "generation":"<16 hex>",
 *	  "views":[
 *	    {"name":"all","file":"all-<16 hex>.db",
 *	     "sums":"all-<16 hex>.sum","bytes":N,"root":"<64 hex>"}
 *	  ],
 *	  "options":{...},
 *	  "sqlite":"3.40.1",
 *	  "check":"<64 hex>"
 *	}
 *
 * (a view stands on one line).  "root" is the SHA-256 of the .sum file, whose
 * bytes are the SHA-256 of every block in order; the hex digits in the file
 * names are its first 16.  "generation" is the first 16 hex digits of the
 * SHA-256 over "NAME ROOT\n" for every view in order.  "check" is the
 * SHA-256 of every byte before the comma in front of it, so that no flipped
 * byte of the manifest goes unseen; it must be the last member.
 */
#ifndef KB_LIB_STORE_MANIFEST_H
#define KB_LIB_STORE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "kb/status.h"
#include "sha256.h"

#define KB_MANIFEST_FILE	"manifest.json"
#define KB_MANIFEST_CAP		1048576	/* bytes of its text */
#define KB_MANIFEST_VIEWS	32
#define KB_MANIFEST_APPLICATION	0x4b424958	/* "KBIX", in each database */
#define KB_MANIFEST_NAME	32	/* bytes of a view's name */

struct kb_manifest_view {
	char		name[KB_MANIFEST_NAME + 1];
	char		file[KB_MANIFEST_NAME + 24];
	char		sums[KB_MANIFEST_NAME + 24];
	char		root[KB_SHA256_HEX + 1];
	uint64_t	bytes;		/* of the database */
};

struct kb_manifest {
	char			generation[17];
	size_t			n_views;
	struct kb_manifest_view	views[KB_MANIFEST_VIEWS];
};

/* Set file and sums after name and root, which must be good. */
void		kb_manifest_name_files(struct kb_manifest_view *view);

/* Set the generation after the views. */
enum kb_status	kb_manifest_name_generation(struct kb_manifest *manifest,
		    struct kb_err *err);

/* Whether the bytes are one JSON object. */
bool		kb_manifest_is_object(struct kb_str json);

/* Append the text; "options" is a JSON object. */
void		kb_manifest_format(const struct kb_manifest *manifest,
		    struct kb_str options, struct kb_buf *out);

/*
 * "path" is the index, for the message.  KB_VERSION for another format's
 * number, KB_DAMAGED for whatever else is not as told above.
 */
enum kb_status	kb_manifest_parse(struct kb_manifest *out, struct kb_str text,
		    const char *path, struct kb_err *err);

/* The manifest of the index at "path"; KB_NOTFOUND if there is none. */
enum kb_status	kb_manifest_read(struct kb_manifest *out, const char *path,
		    struct kb_err *err);

/* Whether "name" looks like VIEW-<16 hex>.db or .sum. */
bool		kb_manifest_is_generation_file(const char *name);

/* Whether "name" is one of the manifest's files. */
bool		kb_manifest_has_file(const struct kb_manifest *manifest,
		    const char *name);

/* A copy without slashes at its end; NULL without memory. */
char		*kb_manifest_clean_path(const char *path);

#endif /* KB_LIB_STORE_MANIFEST_H */
