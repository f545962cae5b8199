// The words of HTML pages, ours against parse5's, as multisets.
//
//	html_words.mjs split OUT FILE.dat...	html5lib tests to files
//	html_words.mjs score NAME CONF...	JSON of html_words on stdin
//
// What is compared.  Both readers get the same decoded text.  Both texts are
// cut by words() below.  Two views are scored:
//
//	html	what an article would say.  Invisible are the elements under
//		"skip" in [dialect html] (read from the CONF files: the list
//		is written once), and those that an attribute of theirs hides,
//		by each side's own reading of the rules (html_hidden.mjs).
//	tree	all text but script, style, template and the head: a view of
//		the tree builder, from which no list takes away the places
//		where builders differ.
//
// The title is in neither: it is a field, no text of the body.  Scripting is
// off.  Words part at the elements that the standard's style sheet (WHATWG
// HTML 15.3) makes blocks, items, table parts or options, and at <br>; this
// list is parse5's side alone, so that ours is tested by it.
import { createInterface } from 'node:readline';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { isHidden } from './html_hidden.mjs';

const WORST = Number(process.env.WORST ?? 10);
const BREAKS = new Set(`html body address blockquote center dialog div figure
    figcaption footer form header hr legend listing main p plaintext pre
    search xmp article aside h1 h2 h3 h4 h5 h6 hgroup nav section dir dd dl
    dt menu ol ul li table caption colgroup col thead tbody tfoot tr td th
    details summary fieldset optgroup option frameset frame br`
    .split(/\s+/));

// ---- html5lib's tree construction tests ----

function* tests(text) {
	let t = null, part = '';
	for (const line of text.split('\n')) {
		if (line === '#data' && part !== 'data') {
			if (t) yield t;
			t = { data: [], parts: new Set() };
			part = 'data';
		} else if (t && part === 'data' && line !== '#errors') {
			t.data.push(line);
		} else if (t && /^#(errors|new-errors|document-fragment|script-on|script-off|document)$/.test(line)) {
			part = line.slice(1);
			t.parts.add(part);
		}
	}
	if (t) yield t;
}

function split(out, files) {
	let n = 0, on = 0, fragments = 0;

	mkdirSync(out, { recursive: true });
	for (const file of files) {
		let i = 0;
		for (const t of tests(readFileSync(file, 'latin1'))) {
			i++;
			if (t.parts.has('script-on')) { on++; continue; }
			if (t.parts.has('document-fragment')) {
				fragments++;
				continue;
			}
			n++;
			// A byte order mark: the tests are UTF-8, whatever a
			// <meta> in them says.
			writeFileSync(join(out, basename(file, '.dat') + '-' +
			    String(i).padStart(4, '0') + '.html'),
			    '\xef\xbb\xbf' + t.data.join('\n'), 'latin1');
		}
	}
	console.error(`html5lib: ${n} documents; left out: ${fragments} ` +
	    `fragments, ${on} with scripting on`);
}

// ---- what is invisible ----

function skips(files, dialect) {
	let section = '', key = '', names = [];

	for (const file of files)
		for (const line of readFileSync(file, 'utf8').split('\n')) {
			if (/^\s*(#|$)/.test(line)) continue;
			const s = /^\[(.*)\]/.exec(line);
			const k = /^(\S+)\s*=\s*(.*)/.exec(line);
			if (s) section = s[1];
			else if (k) key = k[1];
			if (section === `dialect ${dialect}` && key === 'skip' && !s)
				names.push(...(k ? k[2] : line).trim().split(/\s+/));
		}
	return new Set(names);
}

// ---- words ----

function text(root, skip, hidden) {
	const out = [], stack = [...root.childNodes].reverse();

	// A string on the stack is what an element's end adds.
	while (stack.length > 0) {
		const n = stack.pop();
		if (typeof n === 'string') out.push(n);
		else if (n.nodeName === '#text') out.push(n.value);
		else if (n.tagName) {
			const name = n.tagName.toLowerCase();
			const html = n.namespaceURI.endsWith('xhtml');
			const gap = html && BREAKS.has(name) ? '\n' : '';
			out.push(gap);
			if (skip.has(name) || hidden(n)) continue;
			stack.push(gap);
			for (let i = n.childNodes.length; i-- > 0;)
				stack.push(n.childNodes[i]);
		}
	}
	return out.join('');
}

function words(s) {
	const bag = new Map();
	for (const w of s.replace(/\p{Cf}/gu, '').normalize('NFKC')
	    .toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
		bag.set(w, (bag.get(w) ?? 0) + 1);
	return bag;
}

function compare(theirs, ours) {
	const r = { theirs: 0, ours: 0, both: 0, missing: [], extra: [] };
	for (const [w, n] of theirs) {
		const k = ours.get(w) ?? 0;
		r.theirs += n;
		r.both += Math.min(n, k);
		if (k < n) r.missing.push(n - k > 1 ? `${w}×${n - k}` : w);
	}
	for (const [w, n] of ours) {
		const k = theirs.get(w) ?? 0;
		r.ours += n;
		if (k < n) r.extra.push(n - k > 1 ? `${w}×${n - k}` : w);
	}
	return r;
}

// ---- scoring ----

function cut(list) {
	return list.slice(0, 8).join(' ') + (list.length > 8 ?
	    ` and ${list.length - 8} more` : '');
}

function report(name, view, rows) {
	const sum = (k) => rows.reduce((a, r) => a + r[k], 0);
	const t = sum('theirs'), o = sum('ours'), b = sum('both');
	const bad = rows.filter((r) => r.missing.length + r.extra.length);

	console.log(`| ${name} | ${view} | ${rows.length} | ${t} | ${o} | ` +
	    `${(b / t).toFixed(5)} | ${(b / o).toFixed(5)} | ${bad.length} |`);
	bad.sort((x, y) => (y.theirs + y.ours - 2 * y.both) -
	    (x.theirs + x.ours - 2 * x.both) || (x.path < y.path ? -1 : 1));
	for (const r of bad.slice(0, WORST))
		console.error(`${name} ${view} ${r.path}: ${r.theirs} words; ` +
		    `missing: ${cut(r.missing) || '-'}; ` +
		    `extra: ${cut(r.extra) || '-'}`);
}

async function score(name, conf) {
	const require = createRequire(join(process.cwd(), 'x.js'));
	const { parse } = await import(pathToFileURL(require
	    .resolve('parse5')).href);
	const views = { html: [], tree: [] };
	const skip = { html: skips(conf, 'html'), tree: skips(conf, 'tree') };
	const hidden = { html: isHidden, tree: () => false };

	for await (const line of createInterface({ input: process.stdin })) {
		const page = JSON.parse(line);
		const doc = parse(page.source ?? '',
		    { scriptingEnabled: false });
		for (const view of Object.keys(views)) {
			const r = compare(words(text(doc, skip[view],
			    hidden[view])), words(page[view]));
			views[view].push({ path: page.path, ...r });
		}
	}
	for (const view of Object.keys(views))
		report(name, view, views[view]);
}

const [command, ...args] = process.argv.slice(2);
if (command === 'split') split(args[0], args.slice(1));
else if (command === 'score') await score(args[0], args.slice(1));
else {
	console.error('usage: html_words.mjs split|score ...');
	process.exit(2);
}
