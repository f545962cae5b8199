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
#ifndef KB_INDEXER_OFFMAP_H
#define KB_INDEXER_OFFMAP_H

#include <stddef.h>
#include <stdint.h>

struct kb_offpiece {
	uint64_t	out, in;	/* where it begins on each side */
	uint32_t	out_n, in_n;	/* bytes on each side */
};

struct kb_offmap {
	const struct kb_offpiece	*v;
	size_t				 n;
};

/* Where the byte at "out" came from: the start of a half-open range. */
uint64_t	kb_offmap_start(const struct kb_offmap *map, uint64_t out);

/* The end of a half-open range whose last byte on the out side is out-1. */
uint64_t	kb_offmap_end(const struct kb_offmap *map, uint64_t out);

#endif /* KB_INDEXER_OFFMAP_H */
