import { z } from "zod";

/** An instant with an offset (RFC 3339) in these years, as UTC counts them. */
export const instantWithin = (firstYear: number, lastYear: number) =>
  z.iso
    .datetime({ offset: true, error: "instant" })
    .refine((text) => {
      const year = new Date(text).getUTCFullYear();
      return Number.isNaN(year) || (year >= firstYear && year <= lastYear);
    }, "instant")
    .meta({ description: "Instant with offset, RFC 3339", examples: ["2026-11-23T09:00:00Z"] });

/** What every clock here can reckon with: PostgreSQL knows no year 0, and none of five digits in this notation. */
export const instantInput = instantWithin(1, 9999);
