import { expect, it } from "vitest";
import { cronProblem, latestTick, nextTick } from "./cron-expression";
import { durationMs, instantMs } from "./duration";
import { backoffMs, unreachableMs } from "./retry";
import { ulid, ulidFromSeed } from "./ulid";

const at = (iso: string) => Date.parse(iso);

it("durations are what the SDK writes", () => {
  expect(durationMs("2h30m10s")).toBe(9_010_000);
  expect(durationMs("1w")).toBe(604_800_000);
  expect(["", "5", "1y", "-1s", "1 s"].map(durationMs)).toEqual(Array(5).fill(undefined));
  expect(instantMs("1m", 1000)).toBe(61_000);
  expect(instantMs("2026-11-21T00:00:00.000Z", 0)).toBe(at("2026-11-21T00:00:00Z"));
  expect(instantMs("whenever", 0)).toBeUndefined();
});

it("cron ticks follow the wall clock of their zone over a change to summer time", () => {
  const paris = "TZ=Europe/Paris 30 8 * * *";
  expect(nextTick(paris, at("2026-03-28T12:00:00Z"))).toBe(at("2026-03-29T06:30:00Z"));
  expect(nextTick(paris, at("2026-03-27T12:00:00Z"))).toBe(at("2026-03-28T07:30:00Z"));
  expect(nextTick("*/15 * * * *", at("2026-01-01T00:00:00Z"))).toBe(at("2026-01-01T00:15:00Z"));
  expect(latestTick("0 0 * * *", at("2026-01-05T10:00:00Z"))).toBe(at("2026-01-05T00:00:00Z"));
  expect(latestTick("0 0 * * *", at("2026-01-05T00:00:00Z"))).toBe(at("2026-01-05T00:00:00Z"));
});

it("a cron that cannot be kept is named", () => {
  expect(cronProblem("0 9 * * 1-5")).toBeUndefined();
  expect(cronProblem("@daily")).toBeUndefined();
  expect(cronProblem("TZ=Asia/Seoul 0 9 * * *")).toBeUndefined();
  for (const bad of ["", "61 * * * *", "* * * *", "*/5 * * * * *", "TZ=Mars/Base 0 9 * * *"]) expect(cronProblem(bad)).toContain("cron");
});

it("waits between attempts grow as hosted Inngest's do, or are fixed", () => {
  const steady = () => 0;
  expect([0, 1, 2, 9, 19].map((attempt) => backoffMs(attempt, undefined, steady) / 1000)).toEqual([15, 30, 60, 7200, 7200]);
  expect(backoffMs(0, undefined, () => 0.999)).toBeLessThan(45_000);
  expect(backoffMs(5, 20)).toBe(20);
  expect([0, 1, 9].map(unreachableMs)).toEqual([1000, 2000, 30_000]);
});

it("ids sort by their making, also within one millisecond, and a seed always gives the same", () => {
  const ids = Array.from({ length: 1000 }, () => ulid(at("2100-01-01T00:00:00Z")));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(1000);
  expect(ids[0]).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(ulidFromSeed(1, "a", 0)).toBe(ulidFromSeed(1, "a", 0));
  expect(ulidFromSeed(1, "a", 0)).not.toBe(ulidFromSeed(1, "a", 1));
});
