// Which elements of a page nobody sees, from their attributes alone: the
// rules that indexer/visible.h and hidden_style.h tell in prose, written a
// second time, on parse5's tree, so that html_words.mjs holds ours against
// them.  No style sheet is looked at.
//
//	attribute	hidden, but for "until-found" (a search opens it) and
//			for the wording that LibreOffice's script would show
//	aria-hidden	"true"
//	class		that shows its element to screen readers alone
//	style		display none; visibility hidden or collapse; opacity of
//			a twentieth or less; letters or a clipped box of a
//			pixel or less; scaled to nothing; a thousand pixels
//			off the page; clipped away; the ink of its own ground
const READERS = new Set(`sr-only visually-hidden visuallyhidden assistive
    screen-reader-text screen-reader-only cdk-visually-hidden
    element-invisible`.split(/\s+/));
const COLOURS = { white: 0xffffff, black: 0, red: 0xff0000, yellow: 0xffff00,
	blue: 0xff, green: 0x8000, snow: 0xfffafa, ivory: 0xfffff0,
	whitesmoke: 0xf5f5f5 };
const OFF = -999;		// pixels
const TINY = 1;
const LOOKED_AT = 64;		// nodes below small letters

const attr = (e, name) => e.attrs.find((a) => a.name === name)?.value;
const words = (s) => (s ?? '').toLowerCase().split(/[ \t\n\v\f\r]+/);

// ---- a style ----

function declarations(style) {
	const out = {};

	if (style.length <= 2048)
		style = style.replace(/\/\*.*?(\*\/|$)/gs, '');
	for (const d of style.split(';')) {
		const [name, ...rest] = d.split(':');
		if (rest.length > 0)
			out[name.trim().toLowerCase()] = rest.join(':')
			    .split('!')[0].trim();
	}
	return out;
}

// About so many pixels; NaN where that cannot be told.
function pixels(value) {
	const m = /^([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)$/i.exec(value ?? '');
	const per = { '': 1, px: 1, pt: 1, em: 16, rem: 16, ex: 16, '%': 10,
		vw: 10, vh: 10 }[m?.[2].toLowerCase()];

	return m && per ? Number(m[1]) * per : NaN;
}

const upTo = (value, most) => pixels(value) <= most;

// A colour's number, "clear", or null where it is not known.
function colour(value) {
	const s = (value ?? '').toLowerCase();
	let m;

	if (s === 'transparent') return 'clear';
	if (s in COLOURS) return COLOURS[s];
	if ((m = /^#([\da-f]{3})([\da-f])?$/.exec(s)))
		return m[2] === '0' ? 'clear' : parseInt(m[1].replace(/./g,
		    '$&$&'), 16);
	if ((m = /^#([\da-f]{6})([\da-f]{2})?$/.exec(s)))
		return m[2] === '00' ? 'clear' : parseInt(m[1], 16);
	if ((m = /^rgba?\s*\(([^)%]*)/.exec(s))) {
		const [r, g, b, a = 1] = m[1].split(/[ ,/]+/).filter(Boolean)
		    .map(Number);
		if (![r, g, b].every((x) => x >= 0 && x <= 255)) return null;
		return a <= 0 ? 'clear' : Math.trunc(r) << 16 |
		    Math.trunc(g) << 8 | Math.trunc(b);
	}
	return null;
}

const alike = (a, b) => typeof a === 'number' && typeof b === 'number' &&
    [16, 8, 0].every((s) => Math.abs((a >> s & 255) - (b >> s & 255)) <= 8);

function byColour(d) {
	const ink = colour(d.color);

	if (ink === 'clear')
		return ![d['background-clip'], d['-webkit-background-clip']]
		    .some((v) => v?.toLowerCase() === 'text');
	return alike(ink, colour(d['background-color'] || d.background));
}

// Letters below that have a size of their own are seen.
function sizedBelow(e) {
	const stack = [...e.childNodes].reverse();

	for (let left = LOOKED_AT; stack.length > 0 && left > 0; left--) {
		const n = stack.pop();
		const size = n.attrs && declarations(attr(n, 'style') ?? '')
		    ['font-size'];
		if (size && !upTo(size, TINY)) return true;
		stack.push(...[...n.childNodes ?? []].reverse());
	}
	return false;
}

function bySize(e, d) {
	if (upTo(d['font-size'], TINY) && !sizedBelow(e)) return true;
	if (/^scale\(0\)/.test(d.transform ?? '')) return true;
	return /^(hidden|clip)$/i.test(d.overflow ?? '') &&
	    ['width', 'height', 'max-width', 'max-height']
	    .some((k) => upTo(d[k], TINY));
}

function byPlace(d) {
	const rect = /^rect\(([^)]*)/.exec(d.clip ?? '')?.[1]
	    .match(/auto|[-+]?(\d+\.?\d*|\.\d+)/g) ?? [];
	const inset = /^inset\(([\d.]+)%/.exec(d['clip-path'] ?? '');

	if (/^(absolute|fixed)$/i.test(d.position ?? '') &&
	    (['left', 'top', 'right', 'bottom'].some((k) => upTo(d[k], OFF)) ||
	    (rect.length === 4 && rect.every((v) => v >= 0 && v <= TINY))))
		return true;
	return ['text-indent', 'margin-left', 'margin-top']
	    .some((k) => upTo(d[k], OFF)) ||
	    /^circle\(0/.test(d['clip-path'] ?? '') ||
	    (inset !== null && Number(inset[1]) >= 50);
}

function byStyle(e, style) {
	const d = declarations(style);
	const opacity = /^([-+]?[\d.]+)(%?)/.exec(d.opacity ?? '');

	return d.display?.toLowerCase() === 'none' ||
	    /^(hidden|collapse)$/i.test(d.visibility ?? '') ||
	    (opacity !== null && opacity[1] <= (opacity[2] ? 5 : 0.05)) ||
	    bySize(e, d) || byPlace(d) || byColour(d);
}

// ---- an element ----

// Of LibreOffice's wordings for each system, all hidden, the one to be read.
function isShownWording(e) {
	const around = e.parentNode;

	if (attr(e, 'hidden') !== 'true' || !around?.attrs ||
	    !words(attr(around, 'class')).some((w) =>
	    w === 'switch' || w === 'switchinline'))
		return false;
	const all = around.childNodes.filter((n) => n.tagName).slice(0, 32);
	return e === (all.findLast((n) => attr(n, 'id')
	    ?.startsWith('default')) ?? all[0]);
}

export function isHidden(e) {
	const hidden = attr(e, 'hidden'), style = attr(e, 'style');

	return (hidden !== undefined &&
	    hidden.toLowerCase() !== 'until-found' && !isShownWording(e)) ||
	    attr(e, 'aria-hidden')?.toLowerCase() === 'true' ||
	    words(attr(e, 'class')).some((w) => READERS.has(w)) ||
	    (style !== undefined && byStyle(e, style));
}
