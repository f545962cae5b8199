/*
 * encoding_alphabet: letters that one language uses together, to tell which
 * of two readings of the same bytes is a language.  Contract:
 * encoding_impl.h.
 */
#include "encoding_impl.h"

#include <utf8proc.h>

#include "utf8.h"

/*
 * Small letters beyond ASCII, after the exemplar characters of Unicode's CLDR
 * and what loan words bring along.  Languages whose letters are a part of
 * another's are left out.
 */
static const char *const alphabets[] = {
	/* Catalan */
	"\303\240\303\247\303\250\303\251\303\255\303\257\303\262\303\263"
	"\303\272\303\274",
	/* Czech */
	"\303\241\304\215\304\217\303\251\304\233\303\255\305\210\303\263"
	"\305\231\305\241\305\245\303\272\305\257\303\275\305\276\303\266",
	/* Danish, Norwegian */
	"\303\246\303\270\303\245\303\251\303\244\303\266\303\274",
	/* German */
	"\303\244\303\266\303\274\303\237\303\251\303\240",
	/* Spanish */
	"\303\241\303\251\303\255\303\261\303\263\303\272\303\274\303\247",
	/* Estonian */
	"\303\244\303\265\303\266\303\274\305\241\305\276",
	/* Finnish, Swedish */
	"\303\245\303\244\303\266\303\251\303\274\305\241\305\276",
	/* French */
	"\303\240\303\242\303\246\303\247\303\250\303\251\303\252\303\253"
	"\303\256\303\257\303\264\305\223\303\271\303\273\303\274\303\277",
	/* Croatian, Slovene, Bosnian */
	"\304\215\304\207\304\221\305\241\305\276\303\251",
	/* Hungarian */
	"\303\241\303\251\303\255\303\263\303\266\305\221\303\272\303\274"
	"\305\261",
	/* Icelandic */
	"\303\241\303\260\303\251\303\255\303\263\303\272\303\275\303\276"
	"\303\246\303\266",
	/* Italian */
	"\303\240\303\250\303\251\303\254\303\262\303\263\303\271\303\255"
	"\303\256",
	/* Lithuanian */
	"\304\205\304\215\304\231\304\227\304\257\305\241\305\263\305\253"
	"\305\276",
	/* Latvian */
	"\304\201\304\215\304\223\304\243\304\253\304\267\304\274\305\206"
	"\305\241\305\253\305\276\305\215",
	/* Maltese */
	"\304\213\304\241\304\247\305\274\303\240\303\250\303\254\303\262"
	"\303\271",
	/* Dutch */
	"\303\241\303\251\303\250\303\253\303\257\303\255\303\263\303\266"
	"\303\272\303\274\303\252\303\242\303\244",
	/* Polish */
	"\304\205\304\207\304\231\305\202\305\204\303\263\305\233\305\272"
	"\305\274\303\251",
	/* Portuguese */
	"\303\241\303\240\303\242\303\243\303\247\303\251\303\252\303\255"
	"\303\263\303\264\303\265\303\272\303\274\303\262",
	/* Romanian */
	"\304\203\303\242\303\256\310\231\310\233\305\237\305\243",
	/* Slovak */
	"\303\241\303\244\304\215\304\217\303\251\303\255\304\272\304\276"
	"\305\210\303\263\303\264\305\225\305\241\305\245\303\272\303\275"
	"\305\276",
	/* Turkish, Azerbaijani */
	"\303\247\304\237\304\261\303\266\305\237\303\274\303\242\303\256"
	"\303\273\311\231",
	/* Welsh */
	"\303\242\303\252\303\256\303\264\303\273\305\265\305\267\303\244"
	"\303\253\303\257\303\266\303\241\303\251\341\272\203",
	/* Vietnamese */
	"\304\203\303\242\304\221\303\252\303\264\306\241\306\260\303\241"
	"\303\240\303\251\303\250\303\255\303\254\303\263\303\262\303\272"
	"\303\271\303\275\303\265\303\243",
	/* Esperanto */
	"\304\211\304\235\304\245\304\265\305\235\305\255",
	/* Albanian */
	"\303\247\303\253",
};

#define N_ALPHABETS	(sizeof(alphabets) / sizeof(alphabets[0]))
#define LATIN		0x250	/* letters below are counted one by one */

void
kb_encoding_letter(struct kb_encoding_letters *l, uint32_t c)
{
	c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
	/* Dotted capital I: its small letter is ASCII. */
	if (c < 0x80)
		return;
	if (c < LATIN)
		l->latin[c]++;
	else if (c >= 0x370 && c < 0x400)
		l->script[0]++;
	else if (c >= 0x400 && c < 0x530)
		l->script[1]++;
	else if (c >= 0x590 && c < 0x600)
		l->script[2]++;
	else if (c >= 0x600 && c < 0x700)
		l->script[3]++;
	else if (c >= 0xe00 && c < 0xe80)
		l->script[4]++;
	else
		l->others++;
}

static size_t
in_alphabet(const struct kb_encoding_letters *l, struct kb_str alphabet)
{
	size_t at = 0, n = 0;
	uint32_t c;

	while (at < alphabet.n) {
		at += kb_utf8_next(alphabet, at, &c);
		n += c < LATIN ? l->latin[c] : 0;
	}
	return n;
}

size_t
kb_encoding_strangers(const struct kb_encoding_letters *l)
{
	size_t all = l->others, best = 0, n, i;

	for (i = 0; i < LATIN; i++)
		all += l->latin[i];
	for (i = 0; i < N_ALPHABETS; i++) {
		n = in_alphabet(l, kb_str_c(alphabets[i]));
		best = n > best ? n : best;
	}
	for (i = 0; i < KB_ENCODING_SCRIPTS; i++) {
		all += l->script[i];
		best = l->script[i] > best ? l->script[i] : best;
	}
	return all - best;
}
