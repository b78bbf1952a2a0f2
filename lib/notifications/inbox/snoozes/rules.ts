import { Temporal } from "temporal-polyfill";
import type { SnoozeChoice } from "../inputs";

type TimeChoice = Exclude<SnoozeChoice, "subject-end">;

/** When the working day begins for whoever did not say so. */
const morning = { hour: 8 };

/** Long enough for the sweep of a minute to come by; a year is as far as anybody can mean it. */
const leastMs = 60_000;
const mostMs = 366 * 24 * 60 * 60 * 1000;

/** When a line that sleeps by this choice wakes, in the sleeper's own zone. */
export function wakesAt(choice: TimeChoice, now: Date, timeZone: string): Date {
  if (choice === "in-an-hour") return new Date(now.getTime() + 3_600_000);
  const today = zoned(now, timeZone).toPlainDate();
  const days = choice === "tomorrow" ? 1 : 8 - today.dayOfWeek;
  const wakes = today.add({ days }).toZonedDateTime({ timeZone: known(timeZone), plainTime: morning });
  return new Date(wakes.epochMilliseconds);
}

/** The choices a menu offers now, with their instants; of two that mean the same morning, the first. */
export function offeredSnoozes(now: Date, timeZone: string): { choice: TimeChoice; at: Date }[] {
  const all = (["in-an-hour", "tomorrow", "next-monday"] as const).map((choice) => ({ choice, at: wakesAt(choice, now, timeZone) }));
  return all.filter(({ at }, index) => all.findIndex((other) => other.at.getTime() === at.getTime()) === index);
}

export const maySnoozeUntil = (until: Date, now: Date): boolean =>
  until.getTime() >= now.getTime() + leastMs && until.getTime() <= now.getTime() + mostMs;

/** A wall-clock time as a form sends it (`YYYY-MM-DD`, `HH:MM`); one that a clock change skips is the same distance after it. */
export function instantOf(date: string, time: string, timeZone: string): Date | null {
  try {
    const wall = Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: "reject" });
    return new Date(wall.toZonedDateTime(known(timeZone), { disambiguation: "compatible" }).epochMilliseconds);
  } catch {
    return null;
  }
}

const zoned = (at: Date, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(known(timeZone));

/** A zone that the runtime does not know counts as UTC. */
function known(timeZone: string): string {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return timeZone;
  } catch {
    return "UTC";
  }
}
