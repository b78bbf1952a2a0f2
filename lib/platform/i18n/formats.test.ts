import { describe, expect, it } from "vitest";
import { firstDayOfWeek, formatsFor, offsetOf, type Viewer } from "./formats";

const viewer = (settings: Partial<Viewer>): Viewer => ({ locale: "en", timeZone: "UTC", hourCycle: "auto", weekStart: "auto", ...settings });
const at = "2026-11-23T01:30:00Z";

describe("times as a person reads them", () => {
  it("stands in the viewer's zone and hour cycle, not the server's", () => {
    expect(formatsFor(viewer({ timeZone: "Asia/Seoul", hourCycle: "h23" })).time(at)).toBe("10:30");
    expect(formatsFor(viewer({ timeZone: "America/New_York", hourCycle: "h12" })).time(at)).toMatch(/8:30\s?PM/);
  });

  it("names the day of the end only when it is another", () => {
    const { timeRange } = formatsFor(viewer({ hourCycle: "h23" }));
    expect(timeRange(at, "2026-11-23T02:00:00Z")).toMatch(/^01:30\s–\s02:00$/);
    expect(timeRange("2026-11-23T23:30:00Z", "2026-11-24T01:00:00Z")).toBe("23:30 – Tue, Nov 24, 01:00");
  });

  it("says the halves of the day in Korean", () => {
    expect(formatsFor(viewer({ locale: "ko" })).time(at)).toBe("오전 1:30");
    expect(formatsFor(viewer({ locale: "ko" })).timeRange(at, "2026-11-23T13:30:00Z")).toContain("오후 1:30");
  });

  it("names a zone by its offset on the meeting's day", () => {
    expect(offsetOf("Europe/Paris", "2026-07-01T10:00:00Z")).toBe("GMT+2");
    expect(offsetOf("Europe/Paris", "2026-12-01T10:00:00Z")).toBe("GMT+1");
  });

  it("says how far away something is", () => {
    const { relative, duration } = formatsFor(viewer({}));
    expect(relative("2026-11-23T03:30:00Z", at)).toBe("in 2 hours");
    expect(relative("2026-11-22T01:30:00Z", at)).toBe("yesterday");
    expect(relative(at, at)).toBe("now");
    expect(duration(90)).toBe("1 hr 30 min");
  });

  it("starts the week where the person does", () => {
    expect(firstDayOfWeek({ weekStart: "auto", locale: "fr" })).toBe(1);
    expect(firstDayOfWeek({ weekStart: "auto", locale: "ko" })).toBe(7);
    expect(firstDayOfWeek({ weekStart: "monday", locale: "ko" })).toBe(1);
  });
});
