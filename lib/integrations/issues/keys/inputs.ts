/** As Jira makes keys: a project's key in capitals, a hyphen, a number without leading zeros. */
const keyPattern = /^[A-Z][A-Z0-9_]{1,19}-[1-9][0-9]{0,9}$/;
const keyInText = /[A-Z][A-Z0-9_]{1,19}-[1-9][0-9]{0,9}/g;
/** Part of a longer word, an address or a path: `x-MOIM-12`, `MOIM-12-draft`, `/browse/MOIM-12`. */
const joins = /[\p{L}\p{N}_/.@#=&%+-]/u;
const wordGoesOn = /[\p{L}\p{N}_@/=&%+-]/u;

export const isIssueKey = (text: string) => keyPattern.test(text);

/** What somebody types or pastes for a key: in any case, with blanks around it, or the address of its page in Jira. */
export function keyOfText(text: string): string | null {
  const typed = text.trim();
  const fromAddress = /^https?:\/\/[^\s/]+\/(?:[^\s?#]*\/)?browse\/([A-Za-z][A-Za-z0-9_]*-\d+)(?:[?#/].*)?$/.exec(typed)?.[1];
  const key = (fromAddress ?? typed).toUpperCase();
  return isIssueKey(key) ? key : null;
}

export interface KeyInText {
  key: string;
  index: number;
}

/** Where keys stand in a text, as words of their own. A key followed by Korean particles (`MOIM-12는`) is one all the same. */
export function keysInText(text: string): KeyInText[] {
  return [...text.matchAll(keyInText)].flatMap(({ 0: key, index }) => {
    const before = text.slice(Math.max(0, index - 2), index).at(-1) ?? "";
    const after = text.slice(index + key.length, index + key.length + 2);
    return joins.test(before) || continues(after) ? [] : [{ key, index }];
  });
}

function continues(after: string): boolean {
  const next = after.charAt(0);
  if (isHangul(next)) return false;
  // A stop or hyphen belongs to the key's word only if the word goes on behind it: `MOIM-12.` ends, `MOIM-12.pdf` does not.
  if (next === "." || next === "-") return /[\p{L}\p{N}]/u.test(after.charAt(1)) && !isHangul(after.charAt(1));
  return wordGoesOn.test(next);
}

const isHangul = (letter: string) => /\p{Script=Hangul}/u.test(letter);

/** The keys that stand in these texts, each once, in the order in which they are read. */
export const keysOf = (texts: string[]): string[] => [...new Set(texts.flatMap((text) => keysInText(text).map(({ key }) => key)))];

export const projectOfKey = (key: string) => key.slice(0, key.lastIndexOf("-"));
