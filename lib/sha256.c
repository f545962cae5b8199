#include "sha256.h"

#include <nettle/sha2.h>

void
kb_sha256(unsigned char digest[KB_SHA256_SIZE], const void *p, size_t n)
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, n, p);
	sha256_digest(&ctx, KB_SHA256_SIZE, digest);
}

void
kb_sha256_to_hex(char hex[KB_SHA256_HEX + 1],
    const unsigned char digest[KB_SHA256_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < KB_SHA256_SIZE; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[KB_SHA256_HEX] = '\0';
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
kb_sha256_from_hex(unsigned char digest[KB_SHA256_SIZE], struct kb_str hex)
{
	unsigned char out[KB_SHA256_SIZE];

	if (hex.n != KB_SHA256_HEX)
		return false;
	for (size_t i = 0; i < KB_SHA256_SIZE; i++) {
		int hi = digit(hex.p[2 * i]), lo = digit(hex.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (unsigned char)(hi << 4 | lo);
	}
	memcpy(digest, out, sizeof(out));
	return true;
}
