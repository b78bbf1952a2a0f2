import { z } from "zod";

/** One line of what was pasted: an address to invite, or words that are none. */
export type ListEntry = { address: string } | { malformed: string };

const email = z.email();
const shownMax = 80;

/**
 * Reads a pasted list of people: separated by new lines, commas or semicolons, each `a@b` or `Name <a@b>` as mail programs copy them
 * (names may be quoted and hold commas). Repeated addresses count once, whatever their case.
 */
export function parseAddressList(pasted: string): ListEntry[] {
  const entries = new Map<string, ListEntry>();
  for (const piece of split(pasted)) {
    const inBrackets = /<([^<>]*)>\s*$/.exec(piece)?.[1];
    const address = (inBrackets ?? piece).trim().replace(/^mailto:/i, "").toLowerCase();
    if (address.length <= 254 && email.safeParse(address).success) entries.set(address, { address });
    else entries.set(`malformed ${piece}`, { malformed: piece.slice(0, shownMax) });
  }
  return [...entries.values()];
}

function split(pasted: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let quoted = false;
  for (const character of pasted) {
    if (character === '"') quoted = !quoted;
    // A line break ends a quotation, too: one forgotten quote must not swallow the rest of the list.
    if (/[\r\n]/.test(character)) quoted = false;
    if (/[\r\n]/.test(character) || (!quoted && /[,;]/.test(character))) {
      pieces.push(piece);
      piece = "";
    } else piece += character;
  }
  pieces.push(piece);
  return pieces.map((text) => text.trim()).filter(Boolean);
}
