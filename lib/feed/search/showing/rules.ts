import { plainLine } from "@/lib/platform/plain-text";
import { basesOf, composed, tokensOf, type Corrections, type Question, type Stems, type Token } from "../rules";

/** A part of a line, and whether it is what was asked for. Lines go out in parts, so that nobody has to read markup out of a text. */
export interface Piece {
  text: string;
  match: boolean;
}

/** What counts as found when a line is shown. */
export interface Marker {
  words: ReadonlySet<string>;
  /** Beginnings: of a word that is being typed, and stems. */
  beginnings: string[];
  /** Parts of Korean words. */
  parts: string[];
}

export function markerOf({ words, open }: Question, stems: Stems, corrections: Corrections): Marker {
  const telling = words.filter(({ word }) => !stems.get(word)?.stop);
  const asked = (telling.length > 0 ? telling : words).flatMap((token) => [token, ...(corrections.get(token.word) ?? []).map((word) => ({ ...token, word }))]);
  const spaced = asked.filter(({ dense }) => !dense).map(({ word }) => word);
  const last = words.at(-1);
  return {
    words: new Set(spaced),
    beginnings: [...spaced.flatMap((word) => stems.get(word)?.stems ?? []).flatMap(stemForms), ...(open && last && !last.dense && last.word.length > 1 ? [last.word] : [])],
    parts: asked.filter(({ dense }) => dense).flatMap(({ word }) => basesOf(word)),
  };
}

const stemMin = 3;

/** English stems end in i where words end in y. */
const stemForms = (stem: string) => (stem.length < stemMin ? [] : stem.endsWith("i") ? [stem, `${stem.slice(0, -1)}y`] : [stem]);

/** What a stem may be followed by in its words; `organ` is no reason to mark all of `organization` in a line. */
const endingMax = 5;

interface Range {
  from: number;
  to: number;
}

/** @param text as `composed` gives it. */
function foundIn(text: string, marker: Marker): Range[] {
  return tokensOf(text).flatMap((token) => rangesOf(token, text, marker));
}

function rangesOf({ word, from, to, dense }: Token, text: string, { words, beginnings, parts }: Marker): Range[] {
  if (!dense) {
    const isFound = words.has(word) || beginnings.some((beginning) => word.startsWith(beginning) && (words.has(beginning) || word.length - beginning.length <= endingMax));
    return isFound ? [{ from, to }] : [];
  }
  const part = parts.find((wanted) => text.slice(from, to).includes(wanted));
  if (part === undefined) return [];
  const at = from + text.slice(from, to).indexOf(part);
  return [{ from: at, to: at + part.length }];
}

const marked = (text: string, ranges: Range[]): Piece[] => {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from > at) pieces.push({ text: text.slice(at, from), match: false });
    pieces.push({ text: text.slice(from, to), match: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), match: false });
  return pieces;
};

/** A whole line. */
export function markedLine(line: string, marker: Marker): Piece[] {
  const text = composed(line);
  return marked(text, foundIn(text, marker));
}

/** So much of a text is looked through for the lines that are shown of it. */
const scannedMax = 40_000;
const snippetMax = 200;
const lead = 40;

/** The part of a text where most of what was asked for stands together, or its beginning. */
export function snippetOf(whole: string, marker: Marker): Piece[] {
  const text = composed(plainLine(whole.slice(0, scannedMax)));
  const ranges = foundIn(text, marker);
  const first = densest(text, ranges);
  const start = first === undefined || first.from <= lead ? 0 : wordBoundary(text, first.from - lead);
  const end = start + snippetMax >= text.length ? text.length : wordBoundary(text, start + snippetMax);
  const shown = ranges.filter(({ from, to }) => from >= start && to <= end).map(({ from, to }) => ({ from: from - start, to: to - start }));
  const pieces = marked(text.slice(start, end), shown);
  const cut = end < text.length || whole.length > scannedMax;
  return [...(start > 0 ? [{ text: "…", match: false }] : []), ...pieces, ...(cut ? [{ text: "…", match: false }] : [])];
}

function densest(text: string, ranges: Range[]): Range | undefined {
  let best: { range: Range; kinds: number } | undefined;
  let until = 0;
  for (const [index, range] of ranges.entries()) {
    while (until < ranges.length && (ranges[until]?.to ?? Infinity) <= range.from + snippetMax - lead) until += 1;
    const kinds = new Set(ranges.slice(index, Math.min(until, index + 20)).map(({ from, to }) => text.slice(from, to).toLowerCase())).size;
    if (!best || kinds > best.kinds) best = { range, kinds };
  }
  return best?.range;
}

/** The blank before a place, when there is one near; else the place itself, never within a character. */
function wordBoundary(text: string, at: number): number {
  const blank = text.lastIndexOf(" ", at);
  if (blank >= at - 20) return blank + 1;
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) ? at - 1 : at;
}
