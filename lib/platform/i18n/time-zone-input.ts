import { z } from "zod";

/** An IANA time zone that this runtime knows; usable in the browser. */
export const timeZoneInput = z
  .string("wrong-type")
  .max(64, "time-zone")
  .refine(isTimeZone, "time-zone")
  .meta({ description: "IANA time zone name", examples: ["Asia/Seoul"] });

function isTimeZone(name: string): boolean {
  // Offsets such as "+09:00" are accepted by Intl but are no zone: they know no daylight saving.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
