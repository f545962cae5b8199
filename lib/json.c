#include "json.h"

#include <inttypes.h>
#include <math.h>

#include "utf8.h"

void
kb_json_init(struct kb_json *json, struct kb_buf *out)
{
	json->out = out;
	json->comma = false;
	json->ascii = false;
}

static void
before_value(struct kb_json *json)
{
	if (json->comma)
		kb_buf_addch(json->out, ',');
	json->comma = true;
}

static void
begin(struct kb_json *json, char c)
{
	before_value(json);
	kb_buf_addch(json->out, c);
	json->comma = false;
}

static void
end(struct kb_json *json, char c)
{
	kb_buf_addch(json->out, c);
	json->comma = true;
}

void
kb_json_begin_object(struct kb_json *json)
{
	begin(json, '{');
}

void
kb_json_end_object(struct kb_json *json)
{
	end(json, '}');
}

void
kb_json_begin_array(struct kb_json *json)
{
	begin(json, '[');
}

void
kb_json_end_array(struct kb_json *json)
{
	end(json, ']');
}

static void
add_escaped_cp(struct kb_buf *out, uint32_t c)
{
	if (c >= 0x10000)
		kb_buf_printf(out, "\\u%04x\\u%04x",
		    (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
		    (unsigned)(0xdc00 + (c & 0x3ff)));
	else
		kb_buf_printf(out, "\\u%04x", (unsigned)c);
}

static size_t
add_special(struct kb_json *json, struct kb_str s, size_t i)
{
	struct kb_buf *out = json->out;
	uint32_t c;
	size_t k;

	switch (s.p[i]) {
	case '"':
	case '\\':
		kb_buf_addch(out, '\\');
		kb_buf_addch(out, s.p[i]);
		return 1;
	case '\n':
		kb_buf_addc(out, "\\n");
		return 1;
	case '\t':
		kb_buf_addc(out, "\\t");
		return 1;
	case '\r':
		kb_buf_addc(out, "\\r");
		return 1;
	default:
		break;
	}
	k = kb_utf8_next(s, i, &c);
	if (c == UINT32_MAX)
		c = 0xfffd;
	/* U+2028 and U+2029 end lines in JavaScript. */
	if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 ||
	    (json->ascii && c >= 0x80))
		add_escaped_cp(out, c);
	else
		kb_buf_add_utf8(out, c);
	return k;
}

void
kb_json_str(struct kb_json *json, struct kb_str s)
{
	size_t i = 0, from = 0;

	before_value(json);
	kb_buf_addch(json->out, '"');
	while (i < s.n) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
			i++;
			continue;
		}
		kb_buf_add(json->out, kb_str(s.p + from, i - from));
		i += add_special(json, s, i);
		from = i;
	}
	if (s.n > from)
		kb_buf_add(json->out, kb_str(s.p + from, i - from));
	kb_buf_addch(json->out, '"');
}

void
kb_json_key(struct kb_json *json, const char *key)
{
	kb_json_str(json, kb_str_c(key));
	kb_buf_addch(json->out, ':');
	json->comma = false;
}

void
kb_json_int(struct kb_json *json, int64_t v)
{
	before_value(json);
	kb_buf_printf(json->out, "%" PRId64, v);
}

void
kb_json_real(struct kb_json *json, double v, int decimals)
{
	if (!isfinite(v)) {
		kb_json_null(json);
		return;
	}
	before_value(json);
	kb_buf_printf(json->out, "%.*f", decimals, v);
}

void
kb_json_bool(struct kb_json *json, bool v)
{
	before_value(json);
	kb_buf_addc(json->out, v ? "true" : "false");
}

void
kb_json_null(struct kb_json *json)
{
	before_value(json);
	kb_buf_addc(json->out, "null");
}

void
kb_json_kv_str(struct kb_json *json, const char *key, struct kb_str s)
{
	kb_json_key(json, key);
	if (s.n == 0)
		kb_json_null(json);
	else
		kb_json_str(json, s);
}

void
kb_json_kv_int(struct kb_json *json, const char *key, int64_t v)
{
	kb_json_key(json, key);
	kb_json_int(json, v);
}
