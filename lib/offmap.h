/*
 * offmap: a piecewise map from offsets in rewritten text back to offsets in
 * what it was made from.  Each step that rewrites (transcoding, references,
 * white space) makes one; maps compose by asking one after the other.
 *
 * Pieces are ascending and do not overlap.  Where out_n == in_n the piece
 * is the same bytes on both sides; else it stands for its range as a whole.
 * Output that no piece covers was made up (a space between two blocks).
 * A map without pieces is the identity.
 */
#ifndef KB_LIB_OFFMAP_H
#define KB_LIB_OFFMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"

struct kb_offpiece {
	uint64_t	out, in;	/* where it begins on each side */
	uint32_t	out_n, in_n;	/* bytes on each side */
};

struct kb_offmap {
	const struct kb_offpiece	*v;
	size_t				 n;
};

/* The last piece that begins at or before "out", or NULL. */
const struct kb_offpiece *kb_offmap_piece(const struct kb_offmap *map,
		    uint64_t out);

/* Where the byte at "out" came from: the start of a half-open range. */
uint64_t	kb_offmap_start(const struct kb_offmap *map, uint64_t out);

/* The end of a half-open range whose last byte on the out side is out-1. */
uint64_t	kb_offmap_end(const struct kb_offmap *map, uint64_t out);

/*
 * "at", or the end of the piece that stands for its bytes as a whole and has
 * "at" inside of it.
 */
size_t		kb_offmap_whole(const struct kb_offmap *map, size_t at);

/*
 * A map as compact bytes, for the index: of each piece the distance on the
 * out side from the end of the one before, the distance on the in side
 * (zigzag), and both lengths, all LEB128.  "base" is taken off the in side.
 */
void		kb_offmap_write(struct kb_buf *out,
		    const struct kb_offmap *map, uint64_t base);

/*
 * Such bytes as a map, in "arena"; false for bytes that are no map, and when
 * memory runs out.
 */
bool		kb_offmap_read(struct kb_offmap *out, struct kb_str bytes,
		    uint64_t base, struct kb_arena *arena);

/*
 * Where [from, to) of the out side stands, from such bytes; an empty map is
 * the identity behind "base".  What was made up as a whole is an empty range
 * at the next piece.  False for bytes that are no map (they come from an
 * index), and for what is in none of its pieces; nothing is set then.
 */
bool		kb_offmap_locate(struct kb_str bytes, uint64_t base,
		    uint64_t from, uint64_t to, uint64_t *start,
		    uint64_t *end);

#endif /* KB_LIB_OFFMAP_H */
