export const dayMs = 24 * 60 * 60_000;
export const shownMax = 5;
/** Issues that one dry run asks Jira about; what is older than the last of them is not counted. */
export const thingsAskedMax = 60;

/** A match, without its facts. */
export interface Found {
  id: string;
  at: Date;
  event: string;
  title: string;
  url: string | null;
  thing: { entity: string; projectId: string | null; gone: boolean } | null;
  authors: string[];
}

export interface DryRun {
  /** Later than asked for when there was too much to go through (`complete` false). */
  from: Date;
  to: Date;
  complete: boolean;
  matched: number;
  perDay: number;
  /** The last ones. */
  examples: Pick<Found, "id" | "at" | "event" | "title" | "url">[];
}

/** In tenths below ten, whole above: "about 0.3 a day", "about 14 a day". */
export function perDay(count: number, spanMs: number): number {
  const rate = count / Math.max(spanMs / dayMs, 1 / 24);
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
}
