#include "page.h"

#include <nettle/base64.h>

#include "cli.h"
#include "report.h"
#include "sha256.h"

void
kb_page_text(struct kb_buf *out, struct kb_str text)
{
	struct kb_buf safe = { 0 };

	kb_cli_safe(&safe, text);
	for (size_t i = 0; i < safe.n; i++) {
		switch (safe.p[i]) {
		case '&':
			kb_buf_addc(out, "&amp;");
			break;
		case '<':
			kb_buf_addc(out, "&lt;");
			break;
		case '>':
			kb_buf_addc(out, "&gt;");
			break;
		case '"':
			kb_buf_addc(out, "&quot;");
			break;
		case '\'':
			kb_buf_addc(out, "&#39;");
			break;
		default:
			kb_buf_addch(out, safe.p[i]);
		}
	}
	out->failed |= safe.failed;
	kb_buf_release(&safe);
}

void
kb_page_attr(struct kb_buf *out, const char *name, struct kb_str text)
{
	kb_buf_printf(out, " %s=\"", name);
	kb_page_text(out, text);
	kb_buf_addch(out, '"');
}

void
kb_page_link(struct kb_buf *out, struct kb_str url, struct kb_str text)
{
	bool is_link = kb_report_is_link(url);

	if (is_link) {
		kb_buf_addc(out, "<a rel=\"noopener noreferrer\"");
		kb_page_attr(out, "href", url);
		kb_buf_addch(out, '>');
	}
	kb_buf_addc(out, "<bdi>");
	kb_page_text(out, text);
	kb_buf_addc(out, "</bdi>");
	if (is_link)
		kb_buf_addc(out, "</a>");
}

static void
add_hash(struct kb_buf *out, const char *text)
{
	unsigned char digest[KB_SHA256_SIZE];
	char base64[BASE64_ENCODE_RAW_LENGTH(KB_SHA256_SIZE)];

	kb_sha256(digest, text, strlen(text));
	base64_encode_raw(base64, sizeof(digest), digest);
	kb_buf_printf(out, "'sha256-%.*s'", (int)sizeof(base64), base64);
}

void
kb_page_begin(struct kb_buf *out, const char *title, const char *style,
    const char *script)
{
	kb_buf_addc(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta http-equiv="
	    "\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src ");
	add_hash(out, style);
	kb_buf_addc(out, "; script-src ");
	add_hash(out, script);
	kb_buf_addc(out, "; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	kb_page_text(out, kb_str_c(title));
	kb_buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n",
	    style);
}

void
kb_page_end(struct kb_buf *out, const char *script)
{
	kb_buf_printf(out, "<script>%s</script>\n</body>\n</html>\n", script);
}
