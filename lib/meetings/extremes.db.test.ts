import { beforeAll, describe, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { respond } from "./answers/commands";
import { cancelMeeting, scheduleMeeting } from "./commands";
import { listMeetingsInput, respondInput, scheduleMeetingInput } from "./inputs";
import { planInput } from "./planning/inputs";
import { planTime } from "./planning/queries";
import { listMeetings } from "./queries";

useTestDatabase();

let ada: Member;
let bora: Member;

beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
});

const book = async (more: object) =>
  scheduleMeeting(ada, parseInput(scheduleMeetingInput, { title: "Plan", startsAt: "2031-01-01T09:00:00Z", endsAt: "2031-01-01T10:00:00Z", timeZone: "UTC", ...more }));
const list = async (query: object) => listMeetings(ada, parseInput(listMeetingsInput, query));
const plan = async (more: object) => planTime(ada, parseInput(planInput, { date: "2030-01-01", start: "10:00", duration: "1h", timeZone: "UTC", ...more }));
const cursor = (text: string) => Buffer.from(text).toString("base64url");
const invalid = { code: "INVALID" };

describe("input that no clock and no database can hold is refused as input, not met as a failure", () => {
  test("times before the calendar and after its end", async () => {
    await expect(book({ startsAt: "9999-12-31T22:00:00Z", endsAt: "9999-12-31T23:59:59-14:00" })).rejects.toMatchObject(invalid);
    await expect(book({ startsAt: "9999-12-31T22:00:00Z", endsAt: "9999-12-31T23:00:00Z", guard: true })).rejects.toMatchObject(invalid);
    await expect(list({ from: "0000-01-01T00:00:00Z" })).rejects.toMatchObject(invalid);
    await expect(plan({ date: "0000-01-01" })).rejects.toMatchObject(invalid);
    await expect(plan({ date: "9999-12-31" })).rejects.toMatchObject(invalid);
    expect(await list({ from: "0001-01-01T00:00:00Z", to: "9999-12-31T23:59:59Z" })).toMatchObject({ nextCursor: null });
  });

  test("durations without an end", async () => {
    for (const duration of ["9999999999999999h", "99999999h"]) expect(await plan({ duration })).toMatchObject({ ok: false, code: "duration" });
  });

  test("cursors that nobody was given", async () => {
    for (const text of ["+275760-01-01T00:00:00.000Z mtg_01jd0000000000000000000000", "2030 mtg_x", "\u0000"]) {
      await expect(list({ cursor: cursor(text) })).rejects.toMatchObject(invalid);
    }
  });

  test("ids and words with characters that are no text", async () => {
    await expect(cancelMeeting(ada, "\u0000", {})).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(respond(bora, "mtg_\u0000", { partstat: "accepted" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(book({ title: "a\u0000b" })).rejects.toMatchObject({ ...invalid, fields: [{ path: ["title"], code: "malformed" }] });
    await expect(plan({ members: "mbr_\u0000" })).rejects.toMatchObject(invalid);
    expect(() => parseInput(respondInput, { partstat: "accepted", comment: "half \ud83d" })).toThrow(expect.objectContaining(invalid));
  });
});
