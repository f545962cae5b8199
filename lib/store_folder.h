/*
 * store_folder: the index folder as its writer sees it: made, recognised as
 * ours, locked, and swept of what nothing names any more.  Used by
 * store_publish.c only.
 */
#ifndef KB_LIB_STORE_FOLDER_H
#define KB_LIB_STORE_FOLDER_H

#include <stdbool.h>

#include "kb/status.h"

#define KB_FOLDER_TMP		"tmp-"
#define KB_FOLDER_TMP_DB	"tmp-all.db"
#define KB_FOLDER_TMP_SUMS	"tmp-all.sum"
#define KB_FOLDER_TMP_MANIFEST	"tmp-manifest.json"
#define KB_FOLDER_HISTORY	"history.jsonl"
#define KB_FOLDER_LOCK		"lock"

struct kb_folder {
	char	*path;		/* without a slash at its end */
	int	 dir;
	int	 lock;		/* held, unless -1 */
	bool	 made;		/* it was missing before */
};

/*
 * Make the folder if it is missing, and lock it.  KB_USAGE for an existing
 * one that holds other things than an index, KB_IO when another writer has
 * the lock.  "folder" is to be released whatever comes out.
 */
enum kb_status	kb_folder_init(struct kb_folder *folder, const char *path,
		    struct kb_err *err);
void		kb_folder_release(struct kb_folder *folder);

/*
 * Remove temporary files, and generation files that the manifest does not
 * name; none of the latter when there is a manifest that cannot be read, or
 * when the folder cannot be synced.
 * What cannot be removed stays: the next writer tries again.
 */
void		kb_folder_sweep(const struct kb_folder *folder);

/*
 * Take away a folder that was made for nothing: one that was missing before
 * and in which nothing was published.
 */
void		kb_folder_unmake(const struct kb_folder *folder);

/* KB_IO with errno's text: "cannot VERB 'PATH/NAME': ...". */
enum kb_status	kb_folder_fail(const struct kb_folder *folder,
		    const char *verb, const char *name, struct kb_err *err);

#endif /* KB_LIB_STORE_FOLDER_H */
