import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { changesOf, zones } from "./testing";
import { quietUntil, type QuietHours } from "./rules";

const every = (window: { start: string; end: string }): QuietHours =>
  Object.fromEntries(["1", "2", "3", "4", "5", "6", "7"].map((weekday) => [weekday, window]));
const night = every({ start: "22:00", end: "07:00" });
const end = (quietHours: QuietHours, zone: string, at: string) => quietUntil(quietHours, zone, new Date(at))?.toISOString() ?? null;

describe("quiet hours", () => {
  test.each([
    ["before they begin", "2031-03-03T12:59:59.999Z", null],
    ["from their first instant", "2031-03-03T13:00:00Z", "2031-03-03T22:00:00.000Z"],
    ["over midnight", "2031-03-03T15:30:00Z", "2031-03-03T22:00:00.000Z"],
    ["up to their end, which is no part of them", "2031-03-03T22:00:00Z", null],
  ])("in Seoul: %s", (_, at, until) => {
    expect(end(night, "Asia/Seoul", at)).toBe(until);
  });

  test("belong to the weekday on which they start", () => {
    const friday: QuietHours = { "5": { start: "22:00", end: "07:00" } };
    expect(end(friday, "UTC", "2031-03-08T06:00:00Z")).toBe("2031-03-08T07:00:00.000Z");
    expect(end(friday, "UTC", "2031-03-07T06:00:00Z")).toBeNull();
    expect(end(friday, "UTC", "2031-03-08T23:00:00Z")).toBeNull();
    expect(end({}, "UTC", "2031-03-08T06:00:00Z")).toBeNull();
  });

  test("that touch or overlap are one period", () => {
    const weekend: QuietHours = { "5": { start: "18:00", end: "09:00" }, "6": { start: "09:00", end: "08:59" }, "7": { start: "08:00", end: "20:00" } };
    expect(end(weekend, "UTC", "2031-03-07T18:00:00Z")).toBe("2031-03-09T20:00:00.000Z");
    const inner: QuietHours = { "5": { start: "18:00", end: "17:00" }, "6": { start: "08:00", end: "10:00" } };
    expect(end(inner, "UTC", "2031-03-08T09:00:00Z")).toBe("2031-03-08T17:00:00.000Z");
  });

  test("begin and end with the first instant after a gap of the clocks", () => {
    // Paris skips 02:00 to 03:00 on 30 March 2031.
    const window = (start: string, end: string): QuietHours => ({ "7": { start, end } });
    expect(end(window("02:30", "08:00"), "Europe/Paris", "2031-03-30T00:59:59Z")).toBeNull();
    expect(end(window("02:30", "08:00"), "Europe/Paris", "2031-03-30T01:00:00Z")).toBe("2031-03-30T06:00:00.000Z");
    expect(end(window("01:00", "02:30"), "Europe/Paris", "2031-03-30T00:30:00Z")).toBe("2031-03-30T01:00:00.000Z");
    expect(end(window("02:15", "02:45"), "Europe/Paris", "2031-03-30T01:00:00Z")).toBeNull();
  });

  test("take the first of two equal times, at either end", () => {
    // Paris shows 02:00 to 03:00 twice on 26 October 2031: from 00:00 and from 01:00 UTC.
    const window = (start: string, end: string): QuietHours => ({ "7": { start, end } });
    expect(end(window("02:30", "08:00"), "Europe/Paris", "2031-10-26T00:30:00Z")).toBe("2031-10-26T07:00:00.000Z");
    expect(end(window("01:00", "02:30"), "Europe/Paris", "2031-10-26T00:00:00Z")).toBe("2031-10-26T00:30:00.000Z");
    expect(end(window("01:00", "02:30"), "Europe/Paris", "2031-10-26T01:15:00Z")).toBeNull();
    expect(end(window("02:00", "02:30"), "Europe/Paris", "2031-10-26T01:00:00Z")).toBeNull();
  });

  test("of a day that a zone leaves out go on the next", () => {
    // Samoa had no Friday, 30 December 2011.
    const friday: QuietHours = { "5": { start: "22:00", end: "07:00" } };
    expect(end(friday, "Pacific/Apia", "2011-12-30T10:00:00Z")).toBe("2011-12-30T17:00:00.000Z");
    expect(end({ "4": { start: "22:00", end: "07:00" } }, "Pacific/Apia", "2011-12-30T09:59:00Z")).toBe("2011-12-30T10:00:00.000Z");
  });

  test("in a zone that the runtime does not know are those of UTC", () => {
    expect(end(night, "Mars/Olympus", "2031-03-03T23:00:00Z")).toBe("2031-03-04T07:00:00.000Z");
    expect(end(night, "", "2031-03-03T12:00:00Z")).toBeNull();
  });

  test("without an end come to one", () => {
    const always = every({ start: "00:00", end: "00:00" });
    const at = new Date("2031-03-05T12:00:00Z");
    const until = quietUntil(always, "Europe/Paris", at);
    expect(until?.getTime()).toBeGreaterThan(at.getTime());
    expect(until?.getTime()).toBeLessThan(at.getTime() + 20 * 86_400_000);
  });
});

const minutes = fc.integer({ min: 0, max: 1439 });
const time = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const window = fc.tuple(minutes, minutes).filter(([start, end]) => start !== end).map(([start, end]) => ({ start: time(start), end: time(end) }));
const nothing = fc.constant(undefined);
const day = fc.oneof({ weight: 3, arbitrary: window }, { weight: 1, arbitrary: nothing });
const week = fc
  .record({ "1": day, "2": day, "3": day, "4": day, "5": day, "6": day, "7": day })
  .map((days): QuietHours => Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined)));
const minuteMs = 60_000;

/** What the wall says, told without the code under test: the windows of a week, minute by minute. */
function wallIsQuiet(quietHours: QuietHours, wall: Temporal.PlainDateTime): boolean {
  const clock = wall.toPlainTime().toString({ smallestUnit: "minute" });
  const today = quietHours[String(wall.dayOfWeek) as "1"];
  const yesterday = quietHours[String(wall.subtract({ days: 1 }).dayOfWeek) as "1"];
  const begun = today !== undefined && clock >= today.start && (today.end <= today.start || clock < today.end);
  return begun || (yesterday !== undefined && yesterday.end <= yesterday.start && clock < yesterday.end);
}

const wallAt = (atMs: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDateTime();

/** An instant near a change of the clocks, where a zone has any. */
const near = (changes: number[]) =>
  fc
    .tuple(fc.constantFrom(...(changes.length > 0 ? changes : [Date.parse("2031-03-03T00:00:00Z")])), fc.integer({ min: -36 * 60, max: 36 * 60 }))
    .map(([change, minute]) => change + minute * minuteMs);

describe("in every zone there is", () => {
  test("a quiet period ends later, at a window's end, and is quiet until then", { timeout: 120_000 }, () => {
    for (const zone of zones) {
      const changes = changesOf(zone);
      fc.assert(
        fc.property(fc.constant(zone), week, near(changes), (_, quietHours, atMs) => {
          const until = quietUntil(quietHours, zone, new Date(atMs));
          if (until === null) return;
          const untilMs = until.getTime();
          expect(untilMs).toBeGreaterThan(atMs);
          expect(quietUntil(quietHours, zone, until)).toBeNull();
          // Whoever asks at any moment before hears of the same end.
          for (const part of [0.25, 0.5, 0.999]) {
            const between = new Date(Math.floor(atMs + (untilMs - atMs) * part));
            expect(quietUntil(quietHours, zone, between)?.getTime()).toBe(untilMs);
          }
          const wall = wallAt(untilMs, zone).toPlainTime().toString({ smallestUnit: "minute" });
          const isAnEnd = Object.values(quietHours).some(({ end: ending }) => ending === wall);
          expect(isAnEnd || changes.includes(untilMs)).toBe(true);
        }),
        { numRuns: 8 },
      );
    }
  });

  test("away from changes of the clocks it is quiet exactly when the wall says so", { timeout: 120_000 }, () => {
    for (const zone of zones) {
      const changes = changesOf(zone);
      fc.assert(
        fc.property(fc.constant(zone), week, fc.integer({ min: 0, max: 366 * 1440 }), (_, quietHours, minute) => {
          const atMs = Date.parse("2031-01-01T00:00:00Z") + minute * minuteMs;
          if (changes.some((change) => Math.abs(change - atMs) < 2 * 86_400_000)) return;
          expect(quietUntil(quietHours, zone, new Date(atMs)) !== null).toBe(wallIsQuiet(quietHours, wallAt(atMs, zone)));
        }),
        { numRuns: 8 },
      );
    }
  });
});
