import { describe, expect, test } from "vitest";
import { parseInput } from "@/lib/platform/validation";
import { writingInput } from "./inputs";
import { endOfDay, instantOf, writingShape } from "./rules";

function form(fields: Record<string, string | string[]>): FormData {
  const data = new FormData();
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) data.append(name, value);
  return data;
}
const read = (fields: Record<string, string | string[]>) => parseInput(writingInput, writingShape(form({ revision: "3", basedOn: "1", ...fields })));

describe("the form of an article that is written", () => {
  test("with the editor it says only what is asked when publishing", () => {
    expect(read({ intent: "publish", workspaceId: ["wsp_1", "wsp_2"], when: "now", date: "2026-12-01", time: "09:00", notify: "on", commentsOpen: "on" })).toEqual({
      intent: "publish",
      plain: false,
      revision: 3,
      basedOn: 1,
      workspaceIds: ["wsp_1", "wsp_2"],
      publishAt: null,
      notify: true,
      commentsOpen: true,
      pinned: false,
      mustRead: null,
    });
  });

  test("without scripts it carries the words; sent before the editor came, it leaves them as they are", () => {
    expect(read({ title: " A  title ", text: "Words", coverId: "" })).toMatchObject({ plain: true, title: "A title", text: "Words", coverId: null, intent: "publish" });
    expect(read({ title: "A title", coverId: "med_1" })).not.toHaveProperty("text");
  });

  test("a time and a day are read only where they were chosen", () => {
    expect(read({ when: "later", date: "2026-12-01", time: "09:00", mustRead: "on", dueDate: "2026-12-24" })).toMatchObject({
      publishAt: { date: "2026-12-01", time: "09:00" },
      mustRead: { dueDate: "2026-12-24" },
    });
    expect(() => read({ when: "later", date: "", time: "25:00" })).toThrow();
    for (const day of ["0000-06-01", "9999-12-31"]) expect(() => read({ mustRead: "on", dueDate: day })).toThrow();
    expect(() => read({ revision: String(2 ** 31) })).toThrow();
    expect(read({ mustRead: "on", dueDate: "" })).toMatchObject({ mustRead: { dueDate: null } });
  });
});

describe("a time in the writer's zone", () => {
  test.each([
    ["2026-12-01", "09:00", "Asia/Seoul", "2026-12-01T00:00:00Z"],
    // The clocks jump over half past two.
    ["2027-03-28", "02:30", "Europe/Paris", "2027-03-28T01:30:00Z"],
    // They show it twice; the earlier.
    ["2026-10-25", "02:30", "Europe/Paris", "2026-10-25T00:30:00Z"],
  ])("%s %s in %s is %s", (date, time, zone, instant) => expect(instantOf({ date, time }, zone)).toBe(instant));

  test("a day is theirs to its end", () => {
    expect(endOfDay("2026-12-24", "America/New_York")).toBe("2026-12-25T04:59:00Z");
  });
});
