/*
 * json: writes JSON (RFC 8259) into a string builder.  Commas are its own
 * business; nesting is the caller's.  Bytes that are not UTF-8 become
 * U+FFFD, so that the output always is.  Reading JSON is left to jansson.
 */
#ifndef KB_LIB_JSON_H
#define KB_LIB_JSON_H

#include <stdint.h>

#include "buf.h"

struct kb_json {
	struct kb_buf	*out;
	bool		 comma;		/* the next value needs one first */
	bool		 ascii;		/* write \uXXXX for all but ASCII */
};

void		kb_json_init(struct kb_json *json, struct kb_buf *out);

void		kb_json_begin_object(struct kb_json *json);
void		kb_json_end_object(struct kb_json *json);
void		kb_json_begin_array(struct kb_json *json);
void		kb_json_end_array(struct kb_json *json);

/* A key, to be followed by exactly one value. */
void		kb_json_key(struct kb_json *json, const char *key);

void		kb_json_str(struct kb_json *json, struct kb_str s);
void		kb_json_int(struct kb_json *json, int64_t v);
/* "decimals" digits behind the point, 0 to 9; not finite becomes null. */
void		kb_json_real(struct kb_json *json, double v, int decimals);
void		kb_json_bool(struct kb_json *json, bool v);
void		kb_json_null(struct kb_json *json);

/* Key and value in one; kv_str writes null for an empty slice. */
void		kb_json_kv_str(struct kb_json *json, const char *key,
		    struct kb_str s);
void		kb_json_kv_int(struct kb_json *json, const char *key,
		    int64_t v);

#endif /* KB_LIB_JSON_H */
