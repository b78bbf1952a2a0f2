/** Reading what may be anything: each of these gives what is there if it is of its kind, and else nothing; none of them throws. */

export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Own properties only: every object has a `toString`, which is also what Jira calls the new value of a change. */
export const own = (object: Json, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

/** PostgreSQL takes neither U+0000 nor half of a surrogate pair, and JSON can carry both. */
const unstorable = /[\u0000\p{Cs}]/gu;

/** Text that says something; ids come as numbers as well as text. */
export function text(value: unknown, max = 500): string | null {
  const words = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof words !== "string") return null;
  const trimmed = words.replace(unstorable, "\uFFFD").trim();
  return trimmed === "" ? null : clipped(trimmed, max);
}

/** At most `max` characters, never half of one. */
export const clipped = (words: string, max: number) => (words.length <= max ? words : `${words.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`);

/** Years that both JavaScript and PostgreSQL can say. */
const earliest = Date.UTC(1970, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/** `2026-11-21T13:00:00.000+0900`, or milliseconds since 1970, as an instant in UTC. */
export function instant(value: unknown): string | null {
  const ms = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) : NaN;
  return ms >= earliest && ms < latest ? new Date(Math.trunc(ms)).toISOString() : null;
}
