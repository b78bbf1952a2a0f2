import { z } from "zod";
import { parseDuration, resolveWallClock } from "./rules";

/**
 * A time as a person types it: date, start, and end or duration, on the wall clock of a zone. `fold` says which of two equal times
 * is meant in autumn. The result is instants; a time that does not exist is refused with what the clock shows instead.
 */
const date = z.string().trim().regex(/^\d{4}-\d{2}-\d{2}$/, "local-time").refine(isDate, "local-time");
const time = z.string().trim().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "local-time");

function isDate(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  const year = parsed.getUTCFullYear();
  return year >= 1900 && year <= 9000 && parsed.toISOString().startsWith(text);
}

export const wallClockInput = z.object({
  date,
  start: time,
  /** Either the end on the wall clock (`end`, on `endDate` when it is another day) or how long (`duration`). */
  end: z.union([z.literal(""), time], "local-time").optional(),
  endDate: z.union([z.literal(""), date], "local-time").optional(),
  duration: z.string().trim().max(20, "duration").optional(),
  timeZone: z.string().max(64, "time-zone"),
  fold: z.enum(["", "earlier", "later"], "not-an-option").optional(),
});
export type WallClockInput = z.output<typeof wallClockInput>;

export type Resolved =
  | { ok: true; startsAt: Date; endsAt: Date }
  | { ok: false; field: "start" | "end" | "duration"; code: "time-missing" | "time-ambiguous" | "duration" | "required"; instead?: string };

/** Pure; the zone must already be known to exist. */
export function resolveTimes(input: WallClockInput): Resolved {
  const start = resolveEnd(`${input.date}T${input.start}`, input, "start");
  if (!start.ok) return start;
  if (input.duration) {
    const minutes = parseDuration(input.duration);
    if (minutes === null) return { ok: false, field: "duration", code: "duration" };
    return { ok: true, startsAt: start.at, endsAt: new Date(start.at.getTime() + minutes * 60_000) };
  }
  if (!input.end) return { ok: false, field: "duration", code: "required" };
  const end = resolveEnd(`${input.endDate || input.date}T${input.end}`, input, "end");
  return end.ok ? { ok: true, startsAt: start.at, endsAt: end.at } : end;
}

function resolveEnd(local: string, { timeZone, fold }: WallClockInput, field: "start" | "end") {
  const wall = resolveWallClock(local, timeZone);
  switch (wall.kind) {
    case "once":
      return { ok: true as const, at: wall.instant };
    case "missing":
      return { ok: false as const, field, code: "time-missing" as const, instead: wall.instead };
    case "twice":
      if (fold) return { ok: true as const, at: wall[fold] };
      return { ok: false as const, field, code: "time-ambiguous" as const };
  }
}
