/*
 * sha256: SHA-256 (FIPS 180-4) of bytes at hand, over nettle, and its text
 * form of 64 lower-case hexadecimal digits.  Used by store and by whatever
 * names a thing after its content.
 */
#ifndef KB_LIB_SHA256_H
#define KB_LIB_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "kb/str.h"

#define KB_SHA256_SIZE	32
#define KB_SHA256_HEX	(2 * KB_SHA256_SIZE)

void		kb_sha256(unsigned char digest[KB_SHA256_SIZE], const void *p,
		    size_t n);

/* "hex" gets 64 digits and a NUL. */
void		kb_sha256_to_hex(char hex[KB_SHA256_HEX + 1],
		    const unsigned char digest[KB_SHA256_SIZE]);

/* False unless "hex" is exactly 64 digits, lower-case. */
bool		kb_sha256_from_hex(unsigned char digest[KB_SHA256_SIZE],
		    struct kb_str hex);

#endif /* KB_LIB_SHA256_H */
