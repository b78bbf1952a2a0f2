/**
 * Words as the index keeps them. They are made here and not by a parser of PostgreSQL, whose idea of a letter depends on the locale of
 * the database, and which knows no Korean: the same text makes the same words wherever it is stored.
 */
export interface Token {
  /** Small letters without accents. */
  word: string;
  /** Where it stands in the text (of `composed`). */
  from: number;
  to: number;
  /** Of a script whose words are not kept apart by blanks or carry their grammar at the end: Korean, Chinese, Japanese. */
  dense: boolean;
}

/** The spelling in which places in a text are counted: Korean typed on some systems comes in parts of syllables. */
export const composed = (text: string) => text.normalize("NFC");

const segment = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;
const denseRun = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;

/** What French words lose before a vowel, and what English ones take on: `l’été`, `it's`. Neither is a word to be found by. */
const elisions = new Set(["l", "d", "j", "c", "n", "s", "t", "m", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"]);
const contractions = new Set(["s", "t", "d", "m", "ll", "re", "ve"]);
const apostrophes = new Set(["'", "’", "ʼ"]);
const isLetter = (text: string | undefined) => text !== undefined && /\p{L}/u.test(text);

/** @param text as `composed` gives it. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(segment)].flatMap(({ 0: found, index }) => {
    const end = index + found.length;
    const folded = fold(found);
    if (elisions.has(folded) && apostrophes.has(text.charAt(end)) && isLetter(text[end + 1])) return [];
    if (contractions.has(folded) && apostrophes.has(text.charAt(index - 1)) && isLetter(text[index - 2])) return [];
    return byScript(found, index);
  });
}

/** `API를` is two words: that of its letters and that of its syllables. */
function byScript(found: string, index: number): Token[] {
  const tokens: Token[] = [];
  const add = (part: string, from: number, dense: boolean) => {
    const word = dense ? part : fold(part);
    if (word !== "") tokens.push({ word, from, to: from + part.length, dense });
  };
  let at = 0;
  for (const { 0: run, index: from } of found.matchAll(denseRun)) {
    add(found.slice(at, from), index + at, false);
    add(run, index + from, true);
    at = from + run.length;
  }
  add(found.slice(at), index + at, false);
  return tokens;
}

const ligatures: Record<string, string> = { œ: "oe", æ: "ae", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i" };
const wordMax = 40;

/** In small letters without accents: `Été` and `ete` are one word. */
export function fold(text: string): string {
  // Cut before it is taken apart: one letter may be eighteen when it is, and nobody writes a word of so many marks.
  const bare = text.slice(0, 8 * wordMax).normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").normalize("NFC");
  return [...bare.replace(/[œæßøłđı]/g, (letter) => ligatures[letter] ?? letter).replace(/[^\p{L}\p{N}]/gu, "")].slice(0, wordMax).join("");
}

/** Pairs and triples of syllables: what is looked for is found within longer words, whatever particles follow. */
export function gramsOf(word: string): string[] {
  const syllables = [...word];
  const grams = [2, 3].flatMap((size) => syllables.slice(size - 1).map((_, at) => syllables.slice(at, at + size).join("")));
  return [...new Set([...grams, ...syllables.slice(-1)])];
}

/** Stems by word, as PostgreSQL's Snowball dictionaries make them; a word with an empty list says too little to be asked for. */
export type Stems = ReadonlyMap<string, { stems: string[]; stop: boolean }>;

/** Words that have stems: the dictionaries know English and French, without accents. */
export const isStemmed = ({ word, dense }: Token) => !dense && /^[a-z]{2,}$/.test(word);

/** Of the four weights: words of titles as they stand, their stems, words of texts as they stand, their stems. */
type Weight = "A" | "B" | "C" | "D";

/** What PostgreSQL counts positions up to. */
const positionMax = 16_383;
const positionsOfLexeme = 16;
/** A tsvector holds 1 MB; the longest document of distinct words stays far below it. */
const lexemesMax = 40_000;

/** A title and a text as a tsvector. */
export function vectorOf(title: Token[], text: Token[], stems: Stems): string {
  const lexemes = new Map<string, { at: number; weight: Weight }[]>();
  let at = 0;
  const add = (lexeme: string, weight: Weight) => {
    const places = lexemes.get(lexeme);
    if (places) {
      if (places.length < positionsOfLexeme && places.at(-1)?.at !== at) places.push({ at, weight });
    } else if (lexemes.size < lexemesMax) lexemes.set(lexeme, [{ at, weight }]);
  };
  const addAll = (tokens: Token[], whole: Weight, stem: Weight) => {
    for (const token of tokens) {
      at = Math.min(at + 1, positionMax);
      for (const lexeme of token.dense ? gramsOf(token.word) : [token.word]) add(lexeme, whole);
      for (const lexeme of stems.get(token.word)?.stems ?? []) if (!token.dense && lexeme !== token.word) add(lexeme, stem);
    }
  };
  addAll(title, "A", "B");
  addAll(text, "C", "D");
  return [...lexemes].map(([lexeme, places]) => `'${lexeme}':${places.map((place) => `${place.at}${place.weight}`).join(",")}`).join(" ");
}

const questionWordsMax = 12;

/** What somebody asks for. `open` is still being typed: its last word may go on. */
export interface Question {
  words: Token[];
  open: boolean;
}

export function questionOf(text: string): Question {
  // A syllable that is not finished yet, as it stands while Korean is typed.
  const typed = composed(text).replace(/[\u3131-\u318E]+$/u, "");
  const words = tokensOf(typed);
  const once = words.filter(({ word }, index) => words.findIndex((other) => other.word === word) === index).slice(0, questionWordsMax);
  return { words: once, open: once.at(-1)?.to === typed.length };
}

const particles = [
  ...["에게서", "으로서", "으로써", "에서는", "에서도", "입니다", "이라는"],
  ...["까지", "부터", "에서", "에게", "한테", "께서", "으로", "처럼", "보다", "마다", "조차", "마저", "이나", "이란", "라는", "들이", "들을", "들은", "들의"],
  ...["들", "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "로", "도", "만", "나", "요"],
];
const endings = /^(\p{Script=Hangul}{2,}?)(?:하|했|합|한|할|함|해|되|됐|된|될|됩|돼|드립|드려)\p{Script=Hangul}*$/u;

/**
 * A Korean word and what is left of it without particle or verb ending, longest first: who asks for `회의록을` means `회의록`. What is
 * longer than words are stays whole: of a long row of particles each would leave another row nearly as long.
 */
export function basesOf(word: string): string[] {
  const bases = [word];
  if (word.length > wordMax) return bases;
  for (let rest: string | undefined = word; rest !== undefined; ) {
    const particle = particles.find((end) => rest?.endsWith(end) && [...rest].length - [...end].length >= 2);
    rest = particle === undefined ? undefined : rest.slice(0, -particle.length);
    if (rest !== undefined) bases.push(rest);
  }
  const verb = endings.exec(word)?.[1];
  return verb === undefined ? bases : [...new Set([...bases, verb])];
}

/** What to ask for in place of a word that is spelled otherwise everywhere. */
export type Corrections = ReadonlyMap<string, string[]>;

/** As a tsquery; null when there is nothing to ask for. Every word has to be found (`&`), or any (`|`). */
export function queryOf({ words, open }: Question, stems: Stems, corrections: Corrections = new Map(), join: "&" | "|" = "&"): string | null {
  const telling = words.filter(({ word }) => !stems.get(word)?.stop);
  const asked = telling.length > 0 ? telling : words;
  if (asked.length === 0) return null;
  return asked
    .map((token) => {
      const ways = waysOf(token, stems, open && token === words.at(-1));
      const others = (corrections.get(token.word) ?? []).flatMap((word) => waysOf({ ...token, word }, stems, false));
      return `(${[...new Set([...ways, ...others])].join(" | ")})`;
    })
    .join(` ${join} `);
}

function waysOf({ word, dense }: Token, stems: Stems, goesOn: boolean): string[] {
  if (dense) return basesOf(word).map(askGrams);
  return [`'${word}'${goesOn && word.length > 1 ? ":*" : ""}`, ...(stems.get(word)?.stems ?? []).map((stem) => `'${stem}'`)];
}

function askGrams(word: string): string {
  const syllables = [...word];
  const size = Math.min(syllables.length, 3);
  if (size === 1) return `'${word}':*`;
  return `(${syllables.slice(size - 1).map((_, at) => `'${syllables.slice(at, at + size).join("")}'`).join(" & ")})`;
}
