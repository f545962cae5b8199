/*
 * settings: what kb-index is told: the configuration file with its sections
 * ([rules], [duplicates] and [extract] are read here, the others by profile.h).
 */
#ifndef KB_INDEXER_SETTINGS_H
#define KB_INDEXER_SETTINGS_H

#include "buf.h"
#include "conf.h"
#include "corpus.h"

struct kb_settings {
	struct kb_arena		 arena;
	struct kb_buf		 text;		/* of the configuration */
	struct kb_conf		 conf;
	struct kb_profiles	*profiles;
	struct kb_rules		 rules;		/* but for as_of */
	bool			 marked;	/* [extract] content = marked:
						   see extract.h */
};

/*
 * "file" may be NULL: everything built in.  KB_INPUT with file:line for what
 * cannot be understood; KB_IO.  To be released in any case.
 */
enum kb_status	kb_settings_load(struct kb_settings *settings,
		    const char *file, struct kb_err *err);
void		kb_settings_release(struct kb_settings *settings);

/* A thousand copies are half a million pairs: memory and disk are finite. */
#define KB_MAX_PAIRS	50000000

/*
 * "4/5", "0.8" or "80%" as a ratio of integers from 1/2 to 1; false if it is
 * none.
 */
bool		kb_ratio_parse(struct kb_ratio *out, struct kb_str s);

#endif /* KB_INDEXER_SETTINGS_H */
