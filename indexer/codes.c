#include "codes.h"

static const struct kb_code codes[] = {
	{ "bad-date", "fix", 4,
	  "a date is impossible, incomplete or ambiguous, and was left out",
	  "write the date in full as YYYY-MM-DD where it is kept" },
	{ "bad-encoding", "fix", 2,
	  "bytes do not belong to the file's encoding, or were lost before",
	  "export again as UTF-8" },
	{ "bad-entity", "fix", 2,
	  "a character reference means nothing and was left out",
	  "write the character itself" },
	{ "bad-json-ld", "fix", 2,
	  "the page's structured data cannot be read",
	  "repair the JSON-LD block in the page's template" },
	{ "bad-xml", "fix", 7,
	  "the XML is not well-formed: text may be missing",
	  "repair the markup, or export the record again" },
	{ "bulk-date", "fix", 8,
	  "so many articles share one day that it is a migration's, not theirs",
	  "bring the true dates in with --metadata" },
	{ "changed", "fix", 4,
	  "the file changed while it was read",
	  "build again when nothing writes to the export" },
	{ "competing", "merge", 6,
	  "another article seems to answer the same question in other words",
	  "read both: merge them, retire one, or say in both what each is for" },
	{ "conflict", "fix", 8,
	  "another article says the same with another number, version, path "
	  "or date",
	  "find out which of the two is right, and put the other right" },
	{ "contained", "merge", 5,
	  "nearly all of its text stands in a longer article",
	  "keep the text in one of them, and let the other lead there" },
	{ "duplicate-id", "fix", 8,
	  "two articles claim the same id: links and answers may take the "
	  "wrong one",
	  "give one of them an id of its own" },
	{ "encoding-guessed", "fix", 2,
	  "the file declares no encoding that fits, so one was guessed",
	  "export as UTF-8, or declare the encoding" },
	{ "expired", "retire", 9,
	  "still published although its own expiry date has passed",
	  "retire it, or check it and set a new date" },
	{ "hidden-text", "fix", 8,
	  "text that people do not see and a machine would read; it is in no "
	  "answer",
	  "take it out of the source, or show it" },
	{ "identical", "merge", 8,
	  "word for word the same text as another article",
	  "keep one, and let the others lead to it" },
	{ "image-only", "fix", 5,
	  "steps that are pictures without words: nothing can be answered "
	  "from them",
	  "write each step as text, or give the picture an alt text" },
	{ "left-out", "fix", 1,
	  "text that stands elsewhere was not in the export: templates of a "
	  "wiki, references to other topics",
	  "have templates that only format listed in the dialect, or export "
	  "with references resolved" },
	{ "member-name", "fix", 2,
	  "a file in an archive has a name that no file should have",
	  "pack the archive again, with plain relative names" },
	{ "near-duplicate", "merge", 7,
	  "nearly the same text as another article",
	  "merge what differs into one, and retire the others" },
	{ "no-field", "fix", 9,
	  "a whole export carries this field nowhere",
	  "map it in a --config profile, or give it with --metadata" },
	{ "no-title", "fix", 6,
	  "no title: nobody will recognise it in a list of hits",
	  "give it a title that says which question it answers" },
	{ "overdue", "review", 6,
	  "the date set for its review has passed",
	  "review it, and set the next date" },
	{ "placeholder-owner", "assign", 4,
	  "the owner is a placeholder or an account that nobody reads",
	  "assign a person or a team" },
	{ "quarantined", "fix", 7,
	  "a record was the end of the process that read it, and is in no "
	  "answer",
	  "look at it with care, then repair it or leave it out" },
	{ "stale", "review", 5,
	  "neither changed nor reviewed for longer than the interval allows",
	  "review it: confirm it, change it or retire it" },
	{ "thin", "merge", 3,
	  "too few words to answer anything",
	  "add what is missing, or merge it into another article" },
	{ "undated", "review", 3,
	  "no date says when it was last changed or reviewed",
	  "review it, and record the date" },
	{ "unknown-format", "fix", 2,
	  "a file of no format that is known here",
	  "leave it out, or name its format in a --config profile" },
	{ "unknown-status", "fix", 2,
	  "a status whose meaning is not known, taken as published",
	  "map the value under [profile NAME] in a --config file" },
	{ "unowned", "assign", 4,
	  "nobody is named as its owner",
	  "assign a person or a team" },
	{ "unreadable", "fix", 7,
	  "a record could not be read and is in no answer",
	  "repair it, or export it again" }
};

static const struct kb_code other = {
	"other", "fix", 2,
	"something about the article or its file needs a look",
	"see the message"
};

const struct kb_code *
kb_codes(size_t *n)
{
	*n = sizeof(codes) / sizeof(codes[0]);
	return codes;
}

const struct kb_code *
kb_code_find(struct kb_str code)
{
	size_t i, n = sizeof(codes) / sizeof(codes[0]);

	for (i = 0; i < n; i++)
		if (kb_str_eq(code, kb_str_c(codes[i].code)))
			return &codes[i];
	return &other;
}

double
kb_code_weight(const char *code)
{
	return kb_code_find(kb_str_c(code))->weight;
}
