import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { resolveTimes } from "./inputs";
import { dayBounds, localDate, offsetAt, parseDuration, resolveWallClock, wallClockAt } from "./rules";

const zones = Intl.supportedValuesOf("timeZone");
const instants = fc.integer({ min: Date.UTC(2000, 0, 1) / 60_000, max: Date.UTC(2037, 11, 31) / 60_000 }).map((minute) => new Date(minute * 60_000));

describe("wall clocks in every zone of the world", () => {
  test("an instant read from the wall and resolved again is that instant, or one of the two of an autumn hour", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        const wall = resolveWallClock(wallClockAt(instant, zone), zone);
        if (wall.kind === "missing") return false;
        const candidates = wall.kind === "once" ? [wall.instant] : [wall.earlier, wall.later];
        return candidates.some((candidate) => Math.abs(candidate.getTime() - instant.getTime()) < 60_000);
      }),
      { numRuns: 2_000 },
    );
  });

  test("around every change of the clocks, times are missing or doubled for exactly as long as the clocks jump", () => {
    let changes = 0;
    for (const zone of zones) {
      let at = Temporal.Instant.from("2025-01-01T00:00:00Z").toZonedDateTimeISO(zone);
      for (let next = at.getTimeZoneTransition("next"); next && next.year < 2028; next = at.getTimeZoneTransition("next")) {
        const before = next.subtract({ nanoseconds: 1 });
        const jumpMinutes = (next.offsetNanoseconds - before.offsetNanoseconds) / 60e9;
        if (jumpMinutes !== 0) {
          changes += 1;
          const wallBefore = before.add({ nanoseconds: 1 }).toInstant().toZonedDateTimeISO(before.offset).toPlainDateTime();
          const probe = (jumpMinutes > 0 ? wallBefore : next.toPlainDateTime()).add({ minutes: Math.floor(Math.abs(jumpMinutes) / 2) });
          const wall = resolveWallClock(probe.toString({ smallestUnit: "minute" }), zone);
          expect(`${zone} ${wall.kind}`).toBe(`${zone} ${jumpMinutes > 0 ? "missing" : "twice"}`);
          if (wall.kind === "twice") expect((wall.later.getTime() - wall.earlier.getTime()) / 60_000).toBe(-jumpMinutes);
        }
        at = next;
      }
    }
    expect(changes).toBeGreaterThan(300);
  });

  test("a local day ends where the next begins, whatever the clocks do", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (zone, instant) => {
        const date = localDate(instant, zone);
        const { from, to } = dayBounds(date, zone);
        const hours = (to.getTime() - from.getTime()) / 3_600_000;
        return from <= instant && instant < to && hours > 0 && hours <= 26 && dayBounds(localDate(to, zone), zone).from.getTime() === to.getTime();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a time a person typed", () => {
  const paris = { timeZone: "Europe/Paris", date: "2027-03-28", start: "02:30", duration: "1h" };

  test("that the spring change skips is refused, with what the clock shows instead", () => {
    expect(resolveTimes(paris)).toEqual({ ok: false, field: "start", code: "time-missing", instead: "2027-03-28T03:30" });
  });

  test("that happens twice in autumn asks which one, and takes the answer", () => {
    const autumn = { ...paris, date: "2026-10-25" };
    expect(resolveTimes(autumn)).toMatchObject({ ok: false, code: "time-ambiguous" });
    expect(resolveTimes({ ...autumn, fold: "earlier" })).toMatchObject({ ok: true, startsAt: new Date("2026-10-25T00:30:00Z") });
    expect(resolveTimes({ ...autumn, fold: "later" })).toMatchObject({ ok: true, startsAt: new Date("2026-10-25T01:30:00Z") });
  });

  test("with a duration lasts that long in real time, also over a change of the clocks", () => {
    const times = resolveTimes({ ...paris, start: "01:30", duration: "2h" });
    expect(times).toEqual({ ok: true, startsAt: new Date("2027-03-28T00:30:00Z"), endsAt: new Date("2027-03-28T02:30:00Z") });
  });

  test("has the offset of its own day, not of today", () => {
    expect(offsetAt(new Date("2026-07-01T00:00:00Z"), "Europe/Paris")).toBe("+02:00");
    expect(offsetAt(new Date("2026-12-01T00:00:00Z"), "Europe/Paris")).toBe("+01:00");
  });
});

test("durations are understood as people write them", () => {
  const written = { "1.5h": 90, "1,5h": 90, "90m": 90, "90": 90, "1:30": 90, "1h30": 90, "1 h 30 min": 90, "2 hours": 120, "1시간 30분": 90, "0:45": 45 };
  for (const [text, minutes] of Object.entries(written)) expect(`${text}=${parseDuration(text)}`).toBe(`${text}=${minutes}`);
  for (const text of ["", "0", "h", "-30m", "1:75", "soon", "1.5.2h"]) expect(parseDuration(text)).toBeNull();
});
