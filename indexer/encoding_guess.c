/*
 * encoding_guess: what bytes are in that nobody declares.  uchardet looks at
 * a sample: at most 256 KiB of text without tags, for markup is ASCII in all
 * of them and hides what language the text is in.  What it says is then held
 * against the sample, because it must name something and its models are of
 * long texts: a page with three accents is no page of Greek.
 *
 * Each candidate is decoded, and counted is what no writer would have written
 * (odd_at, below) or no language has together (encoding_alphabet.c).  The
 * fewest win; of equals the first, in this order: windows-1252 for text that
 * is nearly all ASCII; what uchardet says of the text, then of its foreign
 * words alone, each before its sibling and behind what is in common use; the
 * Latin code pages; multi-byte encodings whose letters prove them.
 *
 * Not guessed: HZ, for "~{" is Lisp in real documentation and the C library
 * has no converter; VISCII, whose letters are on control characters;
 * ISO-2022-CN, which no web page was found in.
 */
#include "encoding_impl.h"

#include <uchardet/uchardet.h>
#include <utf8proc.h>

#include "utf8.h"

#define SPARSE		100
#define FEW		4	/* letters: too few to say anything */

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- uchardet ---- */

/* Names of uchardet that are no labels. */
static const struct {
	const char	*theirs, *ours;
} names[] = {
	{ "UHC", "euc-kr" },
	{ "WINDOWS-949", "euc-kr" },
	{ "MAC-CYRILLIC", "x-mac-cyrillic" },
	{ "MAC-CENTRALEUROPE", "x-mac-ce" },
};

static const struct kb_encoding *
by_name(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].theirs, name) == 0)
			name = names[i].ours;
	return kb_encoding_find(kb_str_c(name));
}

/* What uchardet says, where that can be decoded; else NULL. */
static const struct kb_encoding *
ask(struct kb_str s)
{
	const struct kb_encoding *e = NULL;
	uchardet_t ud = uchardet_new();

	if (ud == NULL)
		return NULL;
	if (uchardet_handle_data(ud, s.p, s.n) == 0) {
		uchardet_data_end(ud);
		e = by_name(uchardet_get_charset(ud));
	}
	uchardet_delete(ud);
	/* It is no Unicode: that was looked at before. */
	return e != NULL && e->kind <= KB_ENCODING_KIND_UTF32BE ? NULL : e;
}

/* ---- holding it against the text ---- */

struct fit {
	size_t	places;		/* characters that are not ASCII */
	size_t	cost;		/* of them: nobody would write that */
	size_t	letters;	/* that are not ASCII; of them: */
	size_t	kana, hangul, han;
};

static bool
is_letter(uint32_t c)
{
	utf8proc_category_t k;

	if (c < 0x80)
		return is_alpha((char)c);
	k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO &&
	    c != 0xaa && c != 0xba;
}

static bool
is_latin(uint32_t c)
{
	return c < 0x250 || (c >= 0x1e00 && c <= 0x1eff);
}

/* Written inside of words: apostrophes, hyphens, dots, marks. */
static bool
joins_letters(uint32_t c)
{
	static const uint32_t list[] = { 0xa0, 0xad, 0xaf, 0xb4, 0xb7,
	    0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x2026 };
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (c == list[i])
			return true;
	return k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_ME;
}

/* What is written before no word: mathematics, money, pictures. */
static bool
is_sign(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return k == UTF8PROC_CATEGORY_SM || k == UTF8PROC_CATEGORY_SC ||
	    k == UTF8PROC_CATEGORY_SO || c == 0xb6;
}

/* The next two are asked of what is not ASCII alone. */
static bool
is_control(uint32_t c)
{
	return c < 0xa0 || c == KB_REPLACEMENT ||
	    (c >= 0xe000 && c <= 0xf8ff);
}

static bool
is_upper(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) ==
	    UTF8PROC_CATEGORY_LU;
}

static bool
is_lower(uint32_t c)
{
	return c < 0x80 ? c >= 'a' && c <= 'z' :
	    utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}

/*
 * Is "c", which is not ASCII, out of place between the two?  Controls;
 * a letter of another script in a word of Latin letters (on both sides,
 * where the script has no spaces); a sign between letters or before a foreign
 * one; a capital behind a small letter of its word.
 */
static bool
odd_at(uint32_t before, uint32_t c, uint32_t behind, bool single)
{
	bool l = is_letter(before), r = is_letter(behind);

	if (is_control(c))
		return true;
	if (!single)
		return l && r && before < 0x80 && behind < 0x80;
	if (!is_letter(c))
		return r && ((l && !joins_letters(c)) ||
		    (behind >= 0x80 && is_sign(c)));
	if (!is_latin(c))
		return (l && is_latin(before)) || (r && is_latin(behind));
	return is_upper(c) && is_lower(before);
}

static void
weigh(struct fit *f, struct kb_str text, bool single)
{
	struct kb_encoding_letters letters = { .others = 0 };
	uint32_t before = ' ', c = ' ', behind = ' ';
	size_t at = 0;
	bool more = true;

	/* "c" is looked at once what is behind it is known. */
	while (more) {
		more = at < text.n;
		if (more)
			at += kb_utf8_next(text, at, &behind);
		else
			behind = ' ';
		if (c >= 0x80) {
			f->places++;
			f->cost += odd_at(before, c, behind, single);
			f->letters += is_letter(c);
			f->kana += c >= 0x3041 && c <= 0x30ff;
			f->hangul += c >= 0xac00 && c <= 0xd7a3;
			f->han += c >= 0x4e00 && c <= 0x9fff;
			if (single && is_letter(c))
				kb_encoding_letter(&letters, c);
		}
		before = c;
		c = behind;
	}
	f->cost += kb_encoding_strangers(&letters);
}

/* False where it cannot be decoded here. */
static bool
weigh_as(struct fit *f, struct kb_str s, const struct kb_encoding *e)
{
	struct kb_encoding_out o = { .raw = s };
	bool ok;

	*f = (struct fit){ 0 };
	ok = kb_encoding_run(&o, e, 0) && !o.text.failed;
	if (ok)
		weigh(f, kb_buf_str(&o.text), e->kind !=
		    KB_ENCODING_KIND_MULTI);
	kb_encoding_out_release(&o);
	return ok;
}

/*
 * ISO 8859 has controls at 0x80..0x9f, where the code page of the same
 * letters has its quotes and dashes; KOI8-R has box drawings where KOI8-U
 * has letters.
 */
static const struct kb_encoding *
sibling(const struct kb_encoding *e)
{
	static const char *const pairs[][2] = {
		{ "iso-8859-2", "windows-1250" },
		{ "iso-8859-4", "windows-1257" },
		{ "iso-8859-5", "windows-1251" },
		{ "iso-8859-6", "windows-1256" },
		{ "iso-8859-7", "windows-1253" },
		{ "iso-8859-8", "windows-1255" },
		{ "iso-8859-10", "windows-1257" },
		{ "iso-8859-13", "windows-1257" },
		{ "iso-8859-15", "windows-1252" },
		{ "iso-8859-16", "windows-1250" },
		{ "windows-1253", "iso-8859-7" },
		{ "koi8-r", "koi8-u" }
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(pairs[i][0], e->name) == 0)
			return kb_encoding_find(kb_str_c(pairs[i][1]));
	return NULL;
}

struct choice {
	struct kb_str			 s;
	const struct kb_encoding	*e;	/* the best so far, or NULL */
	struct fit			 fit;
};

/* The earlier one stays where both read as well. */
static void
consider(struct choice *c, const struct kb_encoding *e)
{
	struct fit f;

	if (e == c->e || (c->e != NULL && c->fit.cost == 0) ||
	    !weigh_as(&f, c->s, e))
		return;
	if (c->e == NULL || f.cost < c->fit.cost) {
		c->e = e;
		c->fit = f;
	}
}

/* Latin letters as DOS, Mac OS and rare parts of ISO 8859 have them. */
static bool
is_rare(const struct kb_encoding *e)
{
	static const char *const rare[] = { "ibm437", "ibm850", "ibm852",
	    "ibm865", "iso-8859-10", "iso-8859-13", "iso-8859-14",
	    "iso-8859-16", "iso-8859-3", "iso-8859-4", "macintosh",
	    "x-mac-ce" };
	size_t i;

	for (i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		if (strcmp(rare[i], e->name) == 0)
			return true;
	return false;
}

static void
consider_uchardet(struct choice *c, struct kb_str s)
{
	const struct kb_encoding *e = ask(s);

	if (e == NULL)
		return;
	/* Of two that read as well the one that is still in use. */
	if (is_rare(e)) {
		consider(c, &kb_encoding_1252);
		consider(c, kb_encoding_find(KB_STR("windows-1254")));
		consider(c, kb_encoding_find(KB_STR("windows-1250")));
	}
	consider(c, e);
	if (sibling(e) != NULL)
		consider(c, sibling(e));
}

/* Bytes beyond ASCII in pairs only: accents stand alone. */
static bool
in_pairs(struct kb_str s)
{
	size_t at = 0, n;

	while (at < s.n) {
		for (n = 0; at < s.n && (unsigned char)s.p[at] >= 0x80; at++)
			n++;
		if (n % 2 != 0)
			return false;
		at += kb_encoding_ascii_run(s, at);
	}
	return true;
}

/*
 * Multi-byte encodings that uchardet is not sure of in short texts, or has no
 * model of (Johab).  What they are read as says whether they are: a quarter
 * of kana, three quarters of syllables or Han do not come about by chance.
 */
static void
consider_multi(struct choice *c, struct kb_str s)
{
	static const struct {
		const char	*name;
		bool		 pairs;
	} multis[] = {
		{ "shift_jis", false }, { "euc-jp", true }, { "euc-kr", true },
		{ "johab", false }, { "gb18030", true }, { "big5", false }
	};
	const struct kb_encoding *e;
	bool pairs = in_pairs(s);
	struct fit f;
	size_t i;

	for (i = 0; i < sizeof(multis) / sizeof(multis[0]); i++) {
		if (c->fit.cost == 0 || (multis[i].pairs && !pairs))
			continue;
		e = kb_encoding_find(kb_str_c(multis[i].name));
		if (weigh_as(&f, s, e) && f.cost < c->fit.cost &&
		    f.letters >= FEW && (f.kana > f.letters / 4 ||
		    f.hangul > f.letters / 4 * 3 ||
		    f.han > f.letters / 4 * 3)) {
			c->e = e;
			c->fit = f;
		}
	}
}

/*
 * Languages that need another code page than Western Europe's have letters
 * beyond ASCII in every other word (Slovene, 3 in 100 letters, has the
 * fewest).  Text with hardly any is English with a name or a quote in it,
 * and of two readings without a flaw windows-1252's is the likelier.
 */
static bool
is_sparse(const struct kb_encoding_sample *s)
{
	return s->foreign < s->ascii / SPARSE;
}

/* Are all bytes that occur the same in both?  "e" has one byte a letter. */
static bool
reads_as_1252(struct kb_str raw, const struct kb_encoding *e)
{
	uint32_t want[128], have[128];
	bool same[128];
	size_t i;

	if (e->kind != KB_ENCODING_KIND_SINGLE ||
	    !kb_encoding_table(have, e) ||
	    !kb_encoding_table(want, &kb_encoding_1252))
		return false;
	for (i = 0; i < 128; i++)
		same[i] = want[i] == have[i];
	for (i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] >= 0x80 &&
		    !same[(unsigned char)raw.p[i] - 0x80])
			return false;
	return true;
}

static const struct kb_encoding *
choose(const struct kb_encoding_sample *sm)
{
	static const char *const others[] = { "windows-1252", "windows-1250",
	    "iso-8859-2", "windows-1254", "windows-1257" };
	struct kb_str s = kb_buf_str(&sm->text);
	struct choice c = { .s = s };
	struct kb_buf words = { 0 };
	size_t i;

	if (is_sparse(sm))
		consider(&c, &kb_encoding_1252);
	consider_uchardet(&c, s);
	if (c.e == NULL || c.fit.cost > 0) {
		kb_encoding_take_words(&words, s);
		if (!words.failed)
			consider_uchardet(&c, kb_buf_str(&words));
		kb_buf_release(&words);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		consider(&c, kb_encoding_find(kb_str_c(others[i])));
	consider_multi(&c, s);
	return c.e;
}

const struct kb_encoding *
kb_encoding_guess(struct kb_str raw)
{
	const struct kb_encoding *e = NULL;
	struct kb_encoding_sample s = { .ascii = 0 };

	kb_encoding_take_sample(&s, raw);
	if (!s.text.failed)
		e = choose(&s);
	kb_buf_release(&s.text);
	/* Of several names for the same text the usual one. */
	if (e == NULL || reads_as_1252(raw, e))
		e = &kb_encoding_1252;
	return e;
}
