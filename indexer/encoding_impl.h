/*
 * encoding_impl: decoding as encoding.c and encoding_guess.c share it.
 * Private to encoding*.c.
 */
#ifndef KB_INDEXER_ENCODING_IMPL_H
#define KB_INDEXER_ENCODING_IMPL_H

#include "buf.h"
#include "encoding_label.h"

#define KB_REPLACEMENT	0xfffd

/*
 * Where the standard's index of Big5 has its signs (0xa1 to 0xa3 first), it
 * is Microsoft's code page; beyond, HKSCS.
 */
#define KB_BIG5_SIGNS	"CP950"

/* Text being decoded, with its map.  All zero but "raw" to begin with. */
struct kb_encoding_out {
	struct kb_str		 raw;
	struct kb_buf		 text;
	struct kb_buf		 pieces;	/* struct kb_offpiece */
	struct kb_offpiece	 last;	/* not yet in pieces; out_n 0: none */
	size_t			 replaced;
};

void	kb_encoding_out_release(struct kb_encoding_out *out);

/* "n" bytes at "in" that stay as they are. */
void	kb_encoding_copy(struct kb_encoding_out *out, size_t in, size_t n);

/* "in_n" bytes (not 0) that became "s", one character or few. */
void	kb_encoding_add(struct kb_encoding_out *out, size_t in, size_t in_n,
	    struct kb_str s);
void	kb_encoding_replace(struct kb_encoding_out *out, size_t in,
	    size_t in_n);

/* How many bytes from "at" on are below 0x80. */
size_t	kb_encoding_ascii_run(struct kb_str s, size_t at);

/*
 * Decode all of out->raw behind its first "bom" bytes into the empty "out".
 * False when the C library lacks the encoding; "out" is still empty then.
 * Running out of memory is out->text.failed or out->pieces.failed.
 */
bool	kb_encoding_run(struct kb_encoding_out *out,
	    const struct kb_encoding *e, size_t bom);

/* The same for multi-byte encodings only, with iconv. */
bool	kb_encoding_run_multi(struct kb_encoding_out *out,
	    const struct kb_encoding *e);

/*
 * What the bytes from 0x80 on stand for in a single-byte encoding;
 * KB_REPLACEMENT for nothing.  False when the C library lacks it.
 */
bool	kb_encoding_table(uint32_t table[128], const struct kb_encoding *e);

/*
 * What the bytes are most likely in, when nothing declares it and they are
 * no UTF-8 at all.  Never NULL.  See encoding_guess.c for how.
 */
const struct kb_encoding *kb_encoding_guess(struct kb_str raw);

struct kb_encoding_sample {
	struct kb_buf	text;		/* the caller releases it */
	size_t		ascii, foreign;	/* bytes that it stands for */
};

/*
 * At most 256 KiB into the empty "out": text without tags, and of ASCII only
 * what stands within 64 bytes of a byte that is not.
 */
void	kb_encoding_take_sample(struct kb_encoding_sample *out,
	    struct kb_str raw);

/* Add the words with letters beyond ASCII: what is around hides them. */
void	kb_encoding_take_words(struct kb_buf *out, struct kb_str s);

/* Letters beyond ASCII of a text, without their case. */
#define KB_ENCODING_SCRIPTS	5	/* Greek, Cyrillic, Hebrew, Arabic,
					   Thai */

struct kb_encoding_letters {
	size_t	latin[0x250];
	size_t	script[KB_ENCODING_SCRIPTS];
	size_t	others;
};

void	kb_encoding_letter(struct kb_encoding_letters *l, uint32_t c);

/*
 * How many of the letters are not of the alphabet, or the script other than
 * Latin, that most of them are of.
 */
size_t	kb_encoding_strangers(const struct kb_encoding_letters *l);

/* ISO-2022-JP or ISO-2022-KR that decodes without a flaw, or NULL. */
const struct kb_encoding *kb_encoding_escaped(struct kb_str raw);

#endif /* KB_INDEXER_ENCODING_IMPL_H */
