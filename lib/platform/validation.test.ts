import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseInput } from "./validation";

const schema = z.strictObject({ title: z.string(), people: z.array(z.object({ name: z.string() })).optional() });
const faults = (input: unknown) => {
  try {
    parseInput(schema, input);
    return [];
  } catch (error) {
    return (error as { fields: { path: unknown[]; code: string }[] }).fields.map(({ path, code }) => `${path.join(".")} ${code}`);
  }
};

describe("text that no database can hold", () => {
  test("is refused where it stands, at any depth", () => {
    expect(faults({ title: "a\u0000b" })).toEqual(["title malformed"]);
    expect(faults({ title: "half \ud83d of a pair" })).toEqual(["title malformed"]);
    expect(faults({ title: "Plan", people: [{ name: "Ada" }, { name: "\udc00" }] })).toEqual(["people.1.name malformed"]);
    expect(faults({ title: "Plan", "a\u0000": 1 })).toEqual([" malformed"]);
  });

  test("is not what whole pairs, line breaks and other signs are", () => {
    expect(parseInput(schema, { title: "👩‍🚀 모임\n\t\u{10FFFF}" })).toEqual({ title: "👩‍🚀 모임\n\t\u{10FFFF}" });
  });

  test("is looked for without recursion, so that deep nesting overflows nothing", () => {
    const deep = JSON.parse("[".repeat(200_000) + "]".repeat(200_000)) as unknown;
    expect(faults({ title: "Plan", other: deep })).toEqual(["other unknown-field"]);
  });
});
