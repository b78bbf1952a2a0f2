import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { changesOf, zones } from "../quiet-hours/testing";
import { nextDigest, type DigestTimes } from "./rules";

const daily = (time: string): DigestTimes => ({ every: "daily", time, weekday: 1 });
const weekly = (time: string, weekday: number): DigestTimes => ({ every: "weekly", time, weekday });
const next = (times: DigestTimes, zone: string, at: string) => nextDigest(times, zone, new Date(at)).toISOString();

describe("the next digest", () => {
  test.each([
    ["comes today while its hour is ahead", daily("08:00"), "Asia/Seoul", "2031-03-02T22:59:59Z", "2031-03-02T23:00:00.000Z"],
    ["is tomorrow's at its very instant", daily("08:00"), "Asia/Seoul", "2031-03-02T23:00:00Z", "2031-03-03T23:00:00.000Z"],
    ["comes on its weekday", weekly("08:00", 1), "Europe/Paris", "2031-03-04T12:00:00Z", "2031-03-10T07:00:00.000Z"],
    ["is next week's at its very instant", weekly("08:00", 1), "Europe/Paris", "2031-03-10T07:00:00Z", "2031-03-17T07:00:00.000Z"],
    ["keeps its hour when the clocks go forward", daily("08:00"), "Europe/Paris", "2031-03-29T12:00:00Z", "2031-03-30T06:00:00.000Z"],
    ["comes after the gap when its hour is left out", daily("02:30"), "Europe/Paris", "2031-03-29T12:00:00Z", "2031-03-30T01:00:00.000Z"],
    ["comes with the first of two equal hours", daily("02:30"), "Europe/Paris", "2031-10-25T12:00:00Z", "2031-10-26T00:30:00.000Z"],
    ["does not come again with the second", daily("02:30"), "Europe/Paris", "2031-10-26T00:30:00Z", "2031-10-27T01:30:00.000Z"],
    ["of a day that a zone leaves out comes with the next day", weekly("08:00", 5), "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-30T10:00:00.000Z"],
    ["of a day that a zone leaves out does not take that day's own away", daily("08:00"), "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T18:00:00.000Z"],
    ["in a zone that the runtime does not know is that of UTC", daily("08:00"), "Mars/Olympus", "2031-03-03T09:00:00Z", "2031-03-04T08:00:00.000Z"],
  ])("%s", (_, times, zone, at, expected) => {
    expect(next(times, zone, at)).toBe(expected);
  });
});

const times = fc.record({
  every: fc.constantFrom("daily" as const, "weekly" as const),
  time: fc.integer({ min: 0, max: 1439 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`),
  weekday: fc.integer({ min: 1, max: 7 }),
});
const minuteMs = 60_000;

test("in every zone, digests rise, keep their wall-clock time, and each instant belongs to exactly one", { timeout: 120_000 }, () => {
  for (const zone of zones) {
    const changes = changesOf(zone);
    const start = fc
      .tuple(fc.constantFrom(...(changes.length > 0 ? changes : [Date.parse("2031-03-03T00:00:00Z")])), fc.integer({ min: -60 * 60, max: 36 * 60 }))
      .map(([change, minute]) => new Date(change + minute * minuteMs));
    fc.assert(
      fc.property(fc.constant(zone), times, start, fc.integer({ min: 0, max: 999 }), (_, given, at, permille) => {
        const digests = [nextDigest(given, zone, at)];
        for (const last of [0, 1]) digests.push(nextDigest(given, zone, digests[last] ?? at));
        let before = at.getTime();
        for (const digest of digests) {
          expect(digest.getTime()).toBeGreaterThan(before);
          // Whatever happens between two digests, up to a millisecond before the next, belongs to the next and to no other.
          for (const inside of [before, before + Math.floor(((digest.getTime() - before) * permille) / 1000), digest.getTime() - 1]) {
            expect(nextDigest(given, zone, new Date(inside)).getTime()).toBe(digest.getTime());
          }
          const wall = Temporal.Instant.fromEpochMilliseconds(digest.getTime()).toZonedDateTimeISO(zone);
          if (!changes.includes(digest.getTime())) {
            expect(wall.toPlainTime().toString({ smallestUnit: "minute" })).toBe(given.time);
            if (given.every === "weekly") expect(wall.dayOfWeek).toBe(given.weekday);
          }
          before = digest.getTime();
        }
        const days = (before - at.getTime()) / 86_400_000;
        expect(days).toBeLessThan(given.every === "daily" ? 3.2 : 21.2);
      }),
      { numRuns: 5 },
    );
  }
});
