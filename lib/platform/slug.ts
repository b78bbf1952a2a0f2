/**
 * Addresses of organizations and workspaces. Hangul is spelled in Latin letters syllable by syllable (Revised Romanization of
 * Korean, without the sound changes between syllables: an address must be stable, not spoken).
 */
const initials = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const medials = ["a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"];
const finals = ["", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"];

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const slugMax = 40;

/** Words that are, or may become, the first part of an address of the application itself. */
const reserved = new Set(
  `about account admin api app assets auth begin billing blog calendar contact dashboard demo docs download e en favicon feed fr
  health help home inbox integrations invite invitations jira join ko legal login logout mail media meetings metrics moim new news
  notifications oauth openapi org organizations pricing privacy public push robots rsvp security settings sign-in sign-out sign-up
  signin signout signup sitemap static status support sw team terms unsubscribe user users w webhook webhooks workspace workspaces
  www`.split(/\s+/),
);

export const isReserved = (slug: string) => reserved.has(slug);

/** The address for a name, or `fallback` when nothing of the name can be written in it. Never a reserved word. */
export function slugOf(name: string, fallback: string): string {
  const latin = Array.from(name.normalize("NFC"), romanize).join("");
  const slug = latin
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, slugMax)
    .replace(/^-+|-+$/g, "");
  if (!slug) return fallback;
  return isReserved(slug) ? `${slug}-${fallback}` : slug;
}

/** The first free of `slug`, `slug-2`, `slug-3`, … */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}

function romanize(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < firstSyllable || code > lastSyllable) return character;
  const position = code - firstSyllable;
  const initial = initials[Math.floor(position / 588)] ?? "";
  const medial = medials[Math.floor((position % 588) / 28)] ?? "";
  return initial + medial + (finals[position % 28] ?? "");
}
