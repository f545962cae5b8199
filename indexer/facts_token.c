/*
 * Facts that are written as one piece: addresses, paths, options, keys, and
 * the way through a menu.
 */
#include "facts_impl.h"

static bool
is_end(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '"' ||
	    c == '<' || c == '>' || c == '|' || c == '`';
}

/* Up to white space or a quote, without the stops and brackets behind it. */
static size_t
piece_end(struct kb_str t, size_t at)
{
	size_t from = at, end;

	while (at < t.n && !is_end(t.p[at]) &&
	    !(t.n - at >= 2 && memcmp(t.p + at, "\xc2\xa0", 2) == 0) &&
	    !(t.n - at >= 3 && memcmp(t.p + at, "\xe2\x80", 2) == 0))
		at++;
	for (end = at; end > from; end--) {
		char c = t.p[end - 1];

		if (c == ')' && memchr(t.p + from, '(', end - from) != NULL)
			break;
		if (strchr(".,;:!?)]}'", c) == NULL || c == '\0')
			break;
	}
	return end;
}

/* ---- addresses ---- */

static bool
is_host_byte(char c)
{
	return (c >= 'a' && c <= 'z') || kb_fact_digit(c) || c == '.' ||
	    c == '-' || c == '_';
}

/* Top levels that names in running text do not end in by chance. */
static bool
is_host(struct kb_str s)
{
	static const char *const tops[] = {
		"com", "org", "net", "edu", "gov", "mil", "int", "info",
		"io", "dev", "app", "cloud", "local", "internal", "lan",
		"corp", "intranet", "test", "invalid", "uk", "de", "fr",
		"es", "it", "nl", "eu", "ch", "at", "ca", "au", "us", "jp",
		"br", "in", "cn"
	};
	size_t dot = s.n, labels = 1;

	for (size_t i = 0; i < s.n; i++) {
		if (!is_host_byte(s.p[i]))
			return false;
		if (s.p[i] != '.')
			continue;
		if (i == 0 || s.p[i - 1] == '.')
			return false;
		dot = i;
		labels++;
	}
	return labels > 1 && dot + 1 < s.n &&
	    KB_FACT_IN(kb_str(s.p + dot + 1, s.n - dot - 1), tops);
}

/* What two addresses of one page need not have in common. */
static struct kb_str
plain_url(struct kb_arena *arena, struct kb_str s)
{
	struct kb_str out;
	size_t at = kb_str_find(s, KB_STR("://"), 0), host;

	if (at != (size_t)-1 && at <= 8)
		s = kb_str(s.p + at + 3, s.n - at - 3);
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	out = kb_arena_copy(arena, s);
	host = kb_str_find(out, KB_STR("/"), 0);
	for (size_t i = 0; i < out.n && i < host; i++)
		if (out.p[i] >= 'A' && out.p[i] <= 'Z')
			((char *)(uintptr_t)out.p)[i] += 32;
	return out;
}

bool
kb_fact_url(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	static const char *const schemes[] = {
		"http", "https", "ftp", "ftps", "sftp", "ssh", "smb", "ldap",
		"ldaps", "file", "ws", "wss", "rdp"
	};
	struct kb_str word = kb_fact_letters(s->t, at), piece;
	size_t end = piece_end(s->t, at), host;

	piece = kb_str(s->t.p + at, end - at);
	if (piece.n <= word.n)
		return false;
	if (!(KB_FACT_IN(word, schemes) && kb_str_has_prefix(kb_str(piece.p +
	    word.n, piece.n - word.n), KB_STR("://")))) {
		host = 0;
		while (host < piece.n && is_host_byte(piece.p[host]))
			host++;
		if (host < piece.n && piece.p[host] == '@') {
			if (host == 0 || !is_host(kb_str(piece.p + host + 1,
			    piece.n - host - 1)))
				return false;
		} else {
			if (!is_host(kb_str(piece.p, host)))
				return false;
			/* A port is a fact of its own. */
			if (host < piece.n && piece.p[host] != '/')
				piece.n = host;
		}
	}
	*out = (struct kb_fact){ .kind = KB_FACT_URL, .start = at,
	    .end = at + piece.n };
	out->value = plain_url(s->arena, piece);
	return out->value.n > 0;
}

/* ---- paths ---- */

/* "config.ini": endings that words and names do not have. */
static bool
is_file(struct kb_str s)
{
	static const char *const ends[] = {
		"conf", "cfg", "ini", "xml", "json", "yaml", "yml", "txt",
		"log", "sh", "exe", "msi", "dmg", "pkg", "deb", "rpm", "zip",
		"tar", "gz", "iso", "csv", "pdf", "docx", "xlsx", "bat",
		"ps1", "plist", "reg", "dll", "jar", "db", "toml", "service",
		"properties", "pst", "ost"
	};
	size_t dot = s.n;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			dot = i;
		else if (!kb_fact_wordy(s.p[i]) && s.p[i] != '_' &&
		    s.p[i] != '-')
			return false;
	}
	return dot > 0 && dot + 1 < s.n &&
	    KB_FACT_IN(kb_str(s.p + dot + 1, s.n - dot - 1), ends);
}

static bool
is_rooted(struct kb_str s)
{
	size_t slashes = 0;

	if (s.n >= 4 && memcmp(s.p, "\\\\", 2) == 0)
		return kb_fact_wordy(s.p[2]);
	if (s.n >= 3 && kb_fact_letter(s.p[0]) && s.p[1] == ':' &&
	    (s.p[2] == '\\' || (s.p[2] == '/' && s.n > 3 && s.p[3] != '/')))
		return true;
	if (s.n >= 3 && memcmp(s.p, "~/", 2) == 0)
		return kb_fact_wordy(s.p[2]) || s.p[2] == '.';
	if (s.n >= 4 && s.p[0] == '%' && memchr(s.p, '\\', s.n) != NULL)
		return true;
	if (s.n < 3 || s.p[0] != '/' || !(kb_fact_wordy(s.p[1]) ||
	    s.p[1] == '.'))
		return false;
	for (size_t i = 0; i < s.n; i++)
		slashes += s.p[i] == '/';
	return slashes >= 2;
}

/* A path with blanks in its folders goes on where a backslash follows. */
static size_t
over_blanks(struct kb_str t, size_t at, size_t end)
{
	size_t next;

	if (memchr(t.p + at, '\\', end - at) == NULL)
		return end;
	while (end + 1 < t.n && t.p[end] == ' ') {
		next = piece_end(t, end + 1);
		if (next == end + 1 || memchr(t.p + end + 1, '\\', next -
		    end - 1) == NULL || memchr(t.p + end + 1, ':', next -
		    end - 1) != NULL || t.p[end + 1] == '\\')
			break;
		end = next;
	}
	return end;
}

bool
kb_fact_path(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	size_t end = piece_end(s->t, at);
	struct kb_str piece = { s->t.p + at, end - at };

	if (is_rooted(piece)) {
		end = over_blanks(s->t, at, end);
		piece.n = end - at;
	} else if (!is_file(piece)) {
		return false;
	}
	*out = (struct kb_fact){ .kind = KB_FACT_PATH, .start = at,
	    .end = end };
	while (piece.n > 1 && (piece.p[piece.n - 1] == '/' ||
	    piece.p[piece.n - 1] == '\\'))
		piece.n--;
	/* Who writes backslashes, and a file's name alone, means any case. */
	out->value = piece.p[0] == '/' || piece.p[0] == '~' ?
	    kb_arena_copy(s->arena, piece) : kb_fact_fold(s->arena, piece);
	return true;
}

/* ---- commands ---- */

static bool
is_key(struct kb_str s)
{
	static const char *const keys[] = {
		"ctrl", "control", "alt", "shift", "cmd", "command", "option",
		"win", "windows", "super", "meta", "fn", "strg", "altgr"
	};

	return s.n <= 8 && KB_FACT_IN(s, keys);
}

bool
kb_fact_command(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t, word = kb_fact_letters(t, at);
	size_t end = at, dashes = 0;

	*out = (struct kb_fact){ .kind = KB_FACT_COMMAND, .start = at };
	if (word.n > 0 && at + word.n + 1 < t.n && t.p[at + word.n] == '+' &&
	    kb_fact_wordy(t.p[at + word.n + 1])) {
		char folded[8];

		if (word.n > sizeof(folded))
			return false;
		for (size_t i = 0; i < word.n; i++)
			folded[i] = (char)(word.p[i] >= 'A' && word.p[i] <=
			    'Z' ? word.p[i] + 32 : word.p[i]);
		if (!is_key(kb_str(folded, word.n)))
			return false;
		for (end = at; end < t.n && (kb_fact_wordy(t.p[end]) ||
		    (t.p[end] == '+' && end + 1 < t.n &&
		    kb_fact_wordy(t.p[end + 1]))); end++)
			continue;
		out->end = end;
		out->value = kb_fact_fold(s->arena, kb_str(t.p + at, end -
		    at));
		return true;
	}
	if (at > 0 && !is_end(t.p[at - 1]) && strchr("([\'", t.p[at - 1]) ==
	    NULL)
		return false;
	while (end < t.n && t.p[end] == '-' && dashes < 3) {
		dashes++;
		end++;
	}
	if (dashes == 0 || dashes > 2 || end == t.n ||
	    !((t.p[end] >= 'a' && t.p[end] <= 'z') || (t.p[end] >= 'A' &&
	    t.p[end] <= 'Z')))
		return false;
	end = piece_end(t, at);
	if (dashes == 1 && end - at > 3 && memchr(t.p + at, '=', end - at) ==
	    NULL && s->last.n > 0 && s->joined)
		return false;
	out->end = end;
	out->value = kb_arena_copy(s->arena, kb_str(t.p + at, end - at));
	return true;
}

/* ---- menus ---- */

/* Bytes of " > " or of an arrow between blanks at "at", or 0. */
static size_t
separator(struct kb_str t, size_t at)
{
	static const char *const known[] = {
		" > ", " \xe2\x86\x92 ", " \xe2\x80\xba ", " \xc2\xbb ",
		" -> ", " \xe2\x96\xb8 ", " \xe2\x96\xba "
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (t.n - at >= n && memcmp(t.p + at, known[i], n) == 0)
			return n;
	}
	return 0;
}

static bool
is_joint(struct kb_str word)
{
	static const char *const words[] = {
		"and", "or", "of", "the", "for", "in", "to", "&"
	};

	return KB_FACT_IN(word, words);
}

/*
 * The end of a label: words that begin large and small ones that join them.
 * "at" when there is none.
 */
static size_t
large_end(struct kb_str t, size_t at)
{
	size_t i = at, end = at;

	while (i < t.n && i - at < 60) {
		size_t from = i;

		while (i < t.n && t.p[i] != ' ' && strchr(".,;:!?()\"|",
		    t.p[i]) == NULL)
			i++;
		if (t.p[from] >= 'A' && t.p[from] <= 'Z')
			end = i;
		else if (!is_joint(kb_str(t.p + from, i - from)))
			break;
		if (i >= t.n || t.p[i] != ' ' || separator(t, i) > 0)
			break;
		i++;
	}
	return end;
}

/* The end of a step of the menu: all up to the next separator, if near. */
static size_t
step_end(struct kb_str t, size_t at)
{
	size_t i;

	for (i = at; i < t.n && i - at < 40 && strchr(".,;:!?()\"|",
	    t.p[i]) == NULL; i++)
		if (separator(t, i) > 0)
			return i;
	return large_end(t, at);
}

bool
kb_fact_menu(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	struct kb_str t = s->t;
	size_t end, k, steps = 1, next;

	if (!(t.p[at] >= 'A' && t.p[at] <= 'Z'))
		return false;
	end = large_end(t, at);
	while ((k = end < t.n ? separator(t, end) : 0) > 0) {
		next = step_end(t, end + k);
		if (next == end + k)
			break;
		end = next;
		steps++;
	}
	if (steps < 2)
		return false;
	*out = (struct kb_fact){ .kind = KB_FACT_MENU, .start = at,
	    .end = end };
	out->value = kb_fact_fold(s->arena, kb_str(t.p + at, end - at));
	return true;
}
