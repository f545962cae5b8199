#include "encoding_label.h"

const struct kb_encoding kb_encoding_utf8 = {
	"utf-8", NULL, KB_ENCODING_KIND_UTF8,
	    "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 "
	    "x-unicode20utf8"
};

const struct kb_encoding kb_encoding_1252 = {
	"windows-1252", NULL, KB_ENCODING_KIND_1252,
	    "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 "
	    "iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
	    "iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 "
	    "x-user-defined"
};

static const struct kb_encoding encodings[] = {
	{ "big5", "BIG5-HKSCS", KB_ENCODING_KIND_MULTI,
	    "big5 big5-hkscs cn-big5 csbig5 x-x-big5" },
	{ "euc-jp", "EUC-JP-MS", KB_ENCODING_KIND_MULTI,
	    "cseucpkdfmtjapanese euc-jp x-euc-jp" },
	{ "euc-kr", "UHC", KB_ENCODING_KIND_MULTI,
	    "cseuckr csksc56011987 euc-kr iso-ir-149 korean "
	    "ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949" },
	{ "gb18030", "GB18030", KB_ENCODING_KIND_MULTI,
	    "gb18030" },
	{ "gbk", "GB18030", KB_ENCODING_KIND_MULTI,
	    "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 "
	    "gbk iso-ir-58 x-gbk" },
	{ "ibm866", "IBM866", KB_ENCODING_KIND_SINGLE,
	    "866 cp866 csibm866 ibm866" },
	{ "iso-2022-jp", "ISO-2022-JP", KB_ENCODING_KIND_STATEFUL,
	    "csiso2022jp iso-2022-jp" },
	{ "iso-8859-10", "ISO-8859-10", KB_ENCODING_KIND_SINGLE,
	    "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 "
	    "latin6" },
	{ "iso-8859-13", "ISO-8859-13", KB_ENCODING_KIND_SINGLE,
	    "iso-8859-13 iso8859-13 iso885913" },
	{ "iso-8859-14", "ISO-8859-14", KB_ENCODING_KIND_SINGLE,
	    "iso-8859-14 iso8859-14 iso885914" },
	{ "iso-8859-15", "ISO-8859-15", KB_ENCODING_KIND_SINGLE,
	    "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 "
	    "l9" },
	{ "iso-8859-16", "ISO-8859-16", KB_ENCODING_KIND_SINGLE,
	    "iso-8859-16" },
	{ "iso-8859-2", "ISO-8859-2", KB_ENCODING_KIND_SINGLE,
	    "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 "
	    "iso_8859-2 iso_8859-2:1987 l2 latin2" },
	{ "iso-8859-3", "ISO-8859-3", KB_ENCODING_KIND_SINGLE,
	    "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 "
	    "iso_8859-3 iso_8859-3:1988 l3 latin3" },
	{ "iso-8859-4", "ISO-8859-4", KB_ENCODING_KIND_SINGLE,
	    "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 "
	    "iso_8859-4 iso_8859-4:1988 l4 latin4" },
	{ "iso-8859-5", "ISO-8859-5", KB_ENCODING_KIND_SINGLE,
	    "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 "
	    "iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988" },
	{ "iso-8859-6", "ISO-8859-6", KB_ENCODING_KIND_SINGLE,
	    "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic "
	    "ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 "
	    "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987" },
	{ "iso-8859-7", "ISO-8859-7", KB_ENCODING_KIND_SINGLE,
	    "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 "
	    "iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 "
	    "sun_eu_greek" },
	{ "iso-8859-8", "ISO-8859-8", KB_ENCODING_KIND_SINGLE,
	    "csiso88598e csisolatinhebrew hebrew iso-8859-8 "
	    "iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 "
	    "iso_8859-8:1988 visual" },
	{ "iso-8859-8-i", "ISO-8859-8", KB_ENCODING_KIND_SINGLE,
	    "csiso88598i iso-8859-8-i logical" },
	{ "koi8-r", "KOI8-R", KB_ENCODING_KIND_SINGLE,
	    "cskoi8r koi koi8 koi8-r koi8_r" },
	{ "koi8-u", "KOI8-U", KB_ENCODING_KIND_SINGLE,
	    "koi8-ru koi8-u" },
	{ "macintosh", "MACINTOSH", KB_ENCODING_KIND_SINGLE,
	    "csmacintosh mac macintosh x-mac-roman" },
	{ "shift_jis", "CP932", KB_ENCODING_KIND_MULTI,
	    "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis "
	    "windows-31j x-sjis" },
	{ "utf-16be", NULL, KB_ENCODING_KIND_UTF16BE,
	    "unicodefffe utf-16be" },
	{ "utf-16le", NULL, KB_ENCODING_KIND_UTF16LE,
	    "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 "
	    "utf-16le" },
	{ "windows-1250", "CP1250", KB_ENCODING_KIND_SINGLE,
	    "cp1250 windows-1250 x-cp1250" },
	{ "windows-1251", "CP1251", KB_ENCODING_KIND_SINGLE,
	    "cp1251 windows-1251 x-cp1251" },
	{ "windows-1253", "CP1253", KB_ENCODING_KIND_SINGLE,
	    "cp1253 windows-1253 x-cp1253" },
	{ "windows-1254", "CP1254", KB_ENCODING_KIND_SINGLE,
	    "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 "
	    "iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 "
	    "x-cp1254" },
	{ "windows-1255", "CP1255", KB_ENCODING_KIND_SINGLE,
	    "cp1255 windows-1255 x-cp1255" },
	{ "windows-1256", "CP1256", KB_ENCODING_KIND_SINGLE,
	    "cp1256 windows-1256 x-cp1256" },
	{ "windows-1257", "CP1257", KB_ENCODING_KIND_SINGLE,
	    "cp1257 windows-1257 x-cp1257" },
	{ "windows-1258", "CP1258", KB_ENCODING_KIND_SINGLE,
	    "cp1258 windows-1258 x-cp1258" },
	{ "windows-874", "CP874", KB_ENCODING_KIND_SINGLE,
	    "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 "
	    "windows-874" },
	{ "x-mac-cyrillic", "MAC-UK", KB_ENCODING_KIND_SINGLE,
	    "mac-cyrillic maccyrillic x-mac-cyrillic x-mac-ukrainian" },
	/* Not in the standard. */
	{ "euc-tw", "EUC-TW", KB_ENCODING_KIND_MULTI,
	    "cseuctw euc-tw euctw x-euc-tw" },
	{ "ibm437", "IBM437", KB_ENCODING_KIND_SINGLE,
	    "437 cp437 cspc8codepage437 ibm437" },
	{ "ibm850", "IBM850", KB_ENCODING_KIND_SINGLE,
	    "850 cp850 cspc850multilingual ibm850" },
	{ "ibm852", "IBM852", KB_ENCODING_KIND_SINGLE,
	    "852 cp852 cspcp852 ibm852" },
	{ "ibm855", "IBM855", KB_ENCODING_KIND_SINGLE,
	    "855 cp855 csibm855 ibm855" },
	{ "ibm862", "IBM862", KB_ENCODING_KIND_SINGLE,
	    "862 cp862 cspc862latinhebrew ibm862" },
	{ "ibm865", "IBM865", KB_ENCODING_KIND_SINGLE,
	    "865 cp865 csibm865 ibm865" },
	{ "iso-2022-kr", "ISO-2022-KR", KB_ENCODING_KIND_STATEFUL,
	    "csiso2022kr iso-2022-kr" },
	{ "johab", "JOHAB", KB_ENCODING_KIND_MULTI,
	    "cp1361 johab ms1361 windows-1361" },
	{ "utf-32be", NULL, KB_ENCODING_KIND_UTF32BE,
	    "iso-10646-ucs-4 ucs-4 utf-32 utf-32be" },
	{ "utf-32le", NULL, KB_ENCODING_KIND_UTF32LE,
	    "utf-32le" },
	{ "x-mac-ce", "MAC-CENTRALEUROPE", KB_ENCODING_KIND_SINGLE,
	    "mac-centraleurope maccentraleurope x-mac-ce" },
};

#define N_ENCODINGS	(sizeof(encodings) / sizeof(encodings[0]))

static bool
has_label(const struct kb_encoding *e, struct kb_str label)
{
	struct kb_str rest = kb_str_c(e->labels), one;

	while (kb_str_split(&rest, ' ', &one))
		if (kb_str_caseeq(one, label))
			return true;
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

const struct kb_encoding *
kb_encoding_find(struct kb_str label)
{
	size_t i;

	while (label.n > 0 && is_space(label.p[0])) {
		label.p++;
		label.n--;
	}
	while (label.n > 0 && is_space(label.p[label.n - 1]))
		label.n--;
	if (label.n == 0)
		return NULL;
	if (has_label(&kb_encoding_utf8, label))
		return &kb_encoding_utf8;
	if (has_label(&kb_encoding_1252, label))
		return &kb_encoding_1252;
	for (i = 0; i < N_ENCODINGS; i++)
		if (has_label(&encodings[i], label))
			return &encodings[i];
	return NULL;
}

const struct kb_encoding *
kb_encoding_nth(size_t i)
{
	size_t k;

	for (k = 0; k < N_ENCODINGS; k++)
		if (encodings[k].iconv != NULL && i-- == 0)
			return &encodings[k];
	return NULL;
}
