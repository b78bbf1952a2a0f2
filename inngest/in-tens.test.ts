import { describe, expect, test } from "vitest";
import { functions } from "./functions";
import { inTens } from "./in-tens";

Object.assign(process.env, { INNGEST_DEV: "1" });

describe("what hears many events", () => {
  test("is as many functions as it takes, and each event is heard by one of them", () => {
    const events = Array.from({ length: 23 }, (_, index) => `event.${index}`);
    const parts = inTens("hear", events);
    expect(parts.map(({ id, triggers }) => [id, triggers.length])).toEqual([["hear", 10], ["hear-2", 10], ["hear-3", 3]]);
    expect(parts.flatMap(({ triggers }) => triggers.map(({ event }) => event))).toEqual(events);
  });

  test("no function has more triggers than Inngest takes, and none has another's id", () => {
    const ids = functions.map((one) => one.id());
    expect(new Set(ids).size).toBe(ids.length);
    for (const one of functions) expect(one.opts.triggers?.length ?? 0, one.id()).toBeLessThanOrEqual(10);
  });
});
