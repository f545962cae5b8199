/*
 * xml: reads XML with libxml2's push parser (SAX2) and hands over one tree a
 * record, so that a file with a million records is read in constant memory.
 * Nothing outside the file is ever loaded: no DTD, no external entity, no
 * XInclude, no network.
 *
 * Byte ranges are offsets in the decoded stream of the input (kb_input_read).
 * A file whose encoding is not UTF-8 is read whole, transcoded with
 * encoding.h, and its ranges are mapped back.
 */
#ifndef KB_INDEXER_XML_H
#define KB_INDEXER_XML_H

#include "diag.h"
#include "input.h"
#include "kb/status.h"
#include "tree.h"

#define KB_XML_MAX_DEPTH	1024
#define KB_XML_MAX_RECORD	((size_t)256 * 1024 * 1024)

struct kb_xml_handler {
	void	*arg;
	/*
	 * A start tag outside of any record was read.  "element" has its
	 * attributes; its parents are the open elements.  True makes it a
	 * record: its whole subtree will be handed over.
	 */
	bool	(*is_record)(void *arg, const struct kb_node *element);
	/*
	 * A record is complete.  The tree is dropped after the call.  Its
	 * root's parents are the elements around it, with those of their
	 * leaf children that stood before it (at most 64, of 4 KiB), so that
	 * "/rss/channel/language" can be asked.  "number" counts from 1.
	 */
	enum kb_status	(*record)(void *arg, struct kb_node *root,
			    size_t number, struct kb_err *err);
	const struct kb_diag_sink *sink;	/* may be NULL */
	/*
	 * A record begins at the byte "start", in "line"; it may be the
	 * root.  False: pass over it without parsing it; it counts all the
	 * same.  May be NULL.
	 */
	bool	(*begin)(void *arg, uint64_t start, uint32_t line, bool root);
};

/*
 * Read all of "in".  A record that is not well-formed is told as a
 * diagnostic ("bad-xml", level error, with line and column) and left out;
 * reading goes on at the next start tag with the name of a record.  Returns
 * KB_INPUT when nothing could be read at all; what the record function
 * returned, when that failed; KB_NOMEM, KB_IO.
 *   Internal general entities that are character data are expanded under a
 * budget; HTML's named references are known; other references are left out
 * with a diagnostic ("bad-entity").
 */
enum kb_status	kb_xml_read(struct kb_input *in,
		    const struct kb_xml_handler *handler,
		    struct kb_err *err);

/*
 * Parse one piece of XML from memory: the text of a passage's span, which
 * may begin and end inside elements (unmatched tags are dropped or closed).
 * "#fragment" is the root.  "declared" are the entities that its file
 * declares, see declared.h.  For checking spans; not for input.
 */
enum kb_status	kb_xml_fragment(struct kb_node **root, struct kb_str text,
		    struct kb_str declared, struct kb_arena *arena,
		    struct kb_err *err);

/*
 * The same for Confluence's storage format, see storage.h: CDATA sections may
 * end at "]] >", and an end tag closes an element whose name goes on with "."
 * and a macro's name.  A "span" ends in text, so that "<a" at its end is that;
 * of a body it is cut off.
 */
enum kb_status	kb_xml_storage(struct kb_node **root, struct kb_str text,
		    bool span, struct kb_arena *arena, struct kb_err *err);

#endif /* KB_INDEXER_XML_H */
