import { describe, expect, test } from "vitest";
import { instantOf, maySnoozeUntil, offeredSnoozes, wakesAt } from "./rules";

const monday = new Date("2026-11-23T10:00:00Z");
const sunday = new Date("2026-11-22T10:00:00Z");

describe("choices", () => {
  test("are mornings on the sleeper's own clocks", () => {
    expect(wakesAt("tomorrow", monday, "Asia/Seoul").toISOString()).toBe("2026-11-23T23:00:00.000Z");
    expect(wakesAt("tomorrow", monday, "Europe/Paris").toISOString()).toBe("2026-11-24T07:00:00.000Z");
    expect(wakesAt("next-monday", monday, "Europe/Paris").toISOString()).toBe("2026-11-30T07:00:00.000Z");
    expect(wakesAt("in-an-hour", monday, "Europe/Paris").toISOString()).toBe("2026-11-23T11:00:00.000Z");
  });

  test("keep the hour over a change of the clocks", () => {
    expect(wakesAt("tomorrow", new Date("2026-10-24T10:00:00Z"), "Europe/Paris").toISOString()).toBe("2026-10-25T07:00:00.000Z");
    expect(wakesAt("tomorrow", new Date("2026-03-28T10:00:00Z"), "Europe/Paris").toISOString()).toBe("2026-03-29T06:00:00.000Z");
  });

  test("that mean the same morning are offered once", () => {
    expect(offeredSnoozes(sunday, "Europe/Paris").map(({ choice }) => choice)).toEqual(["in-an-hour", "tomorrow"]);
    expect(offeredSnoozes(monday, "Europe/Paris").map(({ choice }) => choice)).toEqual(["in-an-hour", "tomorrow", "next-monday"]);
  });

  test("of a zone that is gone are in UTC", () => {
    expect(wakesAt("tomorrow", monday, "Mars/Olympus").toISOString()).toBe("2026-11-24T08:00:00.000Z");
  });
});

test("a chosen time is one of the reader's clocks; nonsense is none", () => {
  expect(instantOf("2026-11-24", "09:30", "Asia/Seoul")?.toISOString()).toBe("2026-11-24T00:30:00.000Z");
  expect(instantOf("2026-03-29", "02:30", "Europe/Paris")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  for (const [date, time] of [["2026-02-30", "09:00"], ["", "09:00"], ["2026-11-24", ""], ["2026-11-24", "25:00"]] as const) {
    expect(instantOf(date, time, "Asia/Seoul")).toBeNull();
  }
});

test("a snooze lasts from a minute to a year", () => {
  const after = (ms: number) => maySnoozeUntil(new Date(monday.getTime() + ms), monday);
  expect([after(59_999), after(60_000), after(366 * 86_400_000), after(366 * 86_400_000 + 1)]).toEqual([false, true, true, false]);
});
