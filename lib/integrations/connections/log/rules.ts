import { Temporal } from "temporal-polyfill";

/** The instant of a wall-clock time in a zone; as it stands when it is none, to be refused by its schema. */
export function instantAt(wallClock: string, timeZone: string): string {
  try {
    return Temporal.PlainDateTime.from(wallClock).toZonedDateTime(timeZone).toInstant().toString();
  } catch {
    return wallClock;
  }
}
