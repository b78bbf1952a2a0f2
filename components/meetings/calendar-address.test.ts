import { describe, expect, it } from "vitest";
import { calendarRange, isDate } from "./calendar-address";

const french = { weekStart: "auto", locale: "fr" } as const;

describe("what a view of the calendar shows", () => {
  it("shows whole weeks that cover the month, from the person's first day of the week", () => {
    expect(calendarRange("month", "2026-11-21", french)).toMatchObject({ from: "2026-10-26", days: 42 });
    expect(calendarRange("month", "2026-02-10", { weekStart: "sunday", locale: "en" })).toMatchObject({ from: "2026-02-01", days: 28 });
  });

  it("steps from month to month without falling over short ones", () => {
    expect(calendarRange("month", "2026-01-31", french).later).toBe("2026-02-28");
  });

  it("finds the week of any day", () => {
    expect(calendarRange("week", "2026-11-22", french).from).toBe("2026-11-16");
    expect(calendarRange("week", "2026-11-22", { weekStart: "sunday", locale: "ko" }).from).toBe("2026-11-22");
  });

  it("takes no date that is none", () => {
    expect([isDate("2026-02-30"), isDate("2026-2-3"), isDate(["2026-02-03"]), isDate("2026-02-28")]).toEqual([false, false, false, true]);
  });
});
