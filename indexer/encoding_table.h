/*
 * encoding_table: windows-1252's upper control range.  The HTML standard
 * reads numeric references to 0x80..0x9f by the same table.
 */
#ifndef KB_INDEXER_ENCODING_TABLE_H
#define KB_INDEXER_ENCODING_TABLE_H

#include <stdint.h>

/* Code points of the bytes 0x80..0x9f (WHATWG Encoding, index-windows-1252). */
extern const uint16_t kb_windows_1252[32];

#endif /* KB_INDEXER_ENCODING_TABLE_H */
