import { basesOf, type Token } from "../rules";

const initials = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const vowels = ["a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"];
const finals = ["", "k", "kk", "ks", "n", "nj", "nh", "t", "l", "lk", "lm", "lb", "ls", "lt", "lp", "lh", "m", "p", "ps", "s", "ss", "ng", "j", "ch", "k", "t", "p", "h"];

/** A word spelled in a to z: Korean syllables by their letters, so that one wrong letter is one wrong letter. Null for other scripts. */
export function lettersOf(word: string): string | null {
  let letters = "";
  for (const character of word) {
    const syllable = (character.codePointAt(0) ?? 0) - 0xac00;
    if (syllable >= 0 && syllable < 11_172) {
      letters += `${initials[Math.floor(syllable / 588)] ?? ""}${vowels[Math.floor((syllable % 588) / 28)] ?? ""}${finals[syllable % 28] ?? ""}`;
    } else if (/^[a-z0-9]$/.test(character)) letters += character;
    else return null;
  }
  return letters;
}

const lettersMin = 4;
const lettersMax = 30;
const vocabularyMax = 5_000;

/** The words of a text that somebody may mistype, each with its letters. Numbers are not guessed at. */
export function vocabularyOf(tokens: Token[]): Map<string, string> {
  const vocabulary = new Map<string, string>();
  for (const { word, dense } of tokens) {
    for (const base of dense ? basesOf(word) : [word]) {
      if (vocabulary.size >= vocabularyMax || vocabulary.has(base) || /^\d+$/.test(base)) continue;
      const letters = lettersOf(base);
      if (letters !== null && letters.length >= lettersMin && letters.length <= lettersMax) vocabulary.set(base, letters);
    }
  }
  return vocabulary;
}

/** How many letters have to be put in, left out, replaced or exchanged with their neighbour (Damerau and Levenshtein, no letter twice). */
export function slips(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const same = one[row - 1] === other[at - 1];
      let cost = Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]) cost = Math.min(cost, (before[at - 2] ?? 0) + 1);
      next.push(cost);
    }
    before = last;
    last = next;
  }
  return last[other.length] ?? 0;
}

const correctionsMax = 3;
const slipsTaken = (letters: string) => (letters.length <= 5 ? 1 : letters.length <= 9 ? 2 : 3);

/** Of the words that share trigrams with one, those that it may have been meant to be, nearest first. */
export function correctionsOf(word: string, candidates: { word: string; letters: string }[]): string[] {
  const letters = lettersOf(word);
  if (letters === null) return [];
  return candidates
    .filter((candidate) => candidate.word !== word)
    .map((candidate) => ({ word: candidate.word, away: slips(letters, candidate.letters) }))
    .filter(({ away }) => away <= slipsTaken(letters))
    .sort((one, other) => one.away - other.away)
    .slice(0, correctionsMax)
    .map((candidate) => candidate.word);
}
