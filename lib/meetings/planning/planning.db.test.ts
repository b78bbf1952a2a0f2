import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { calendarDays } from "../calendar/queries";
import { scheduleMeeting } from "../commands";
import { scheduleMeetingInput } from "../inputs";
import { planInput } from "./inputs";
import { nextFreeHalfHour, planTime } from "./queries";

useTestDatabase();

let ada: Member;
let bora: Member;
let stranger: Member;

beforeAll(async () => {
  ada = { ...(await foundOrganization("ada@here.example", "Here")).owner, timeZone: "America/New_York" };
  bora = await joinAs(ada, "bora@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

const book = (by: Member, startsAt: string, endsAt: string, guests: Member[] = []) =>
  scheduleMeeting(
    by,
    parseInput(scheduleMeetingInput, { title: "Taken", startsAt, endsAt, timeZone: "America/New_York", attendees: guests.map(({ id }) => ({ memberId: id })) }),
  );

const plan = (fields: Record<string, unknown>) =>
  planTime(ada, parseInput(planInput, { timeZone: "America/New_York", duration: "1h", members: bora.id, ...fields }));

describe("planning a meeting", () => {
  test("says who is busy, and the next times at which everybody is free", async () => {
    await book(bora, "2031-03-03T15:00:00Z", "2031-03-03T16:00:00Z");
    const answer = await plan({ date: "2031-03-03", start: "10:30" });
    expect(answer).toMatchObject({ ok: true, plan: { busy: [bora.id], ownConflict: false } });
    expect(answer.ok && answer.plan.free[0]).toMatchObject({ date: "2031-03-03", start: "11:00" });
  });

  test("never counts the meeting that is being moved against itself", async () => {
    const { meetingId } = await book(ada, "2031-03-04T15:00:00Z", "2031-03-04T16:00:00Z", [bora]);
    expect(await plan({ date: "2031-03-04", start: "10:00" })).toMatchObject({ plan: { busy: [ada.id, bora.id] } });
    expect(await plan({ date: "2031-03-04", start: "10:00", except: meetingId })).toMatchObject({ plan: { busy: [] } });
  });

  test("tells nothing about members of another organization", async () => {
    await book(stranger, "2031-03-05T15:00:00Z", "2031-03-05T16:00:00Z");
    expect(await plan({ date: "2031-03-05", start: "10:00", members: stranger.id })).toMatchObject({ plan: { busy: [] } });
  });

  test("offers what the clocks show instead of a time they jump over", async () => {
    expect(await plan({ date: "2031-03-09", start: "02:30" })).toMatchObject({
      ok: false,
      field: "start",
      code: "time-missing",
      instead: "2031-03-09T03:30",
    });
  });

  test("asks which of two equal times is meant, and takes the answer", async () => {
    const twice = { earlier: "2031-11-02T05:30:00.000Z", later: "2031-11-02T06:30:00.000Z" };
    expect(await plan({ date: "2031-11-02", start: "01:30" })).toMatchObject({ ok: false, code: "time-ambiguous", twice });
    expect(await plan({ date: "2031-11-02", start: "01:30", fold: "later" })).toMatchObject({ ok: true, twice, plan: { startsAt: twice.later } });
  });
});

describe("where a new meeting starts", () => {
  const at = (instant: string) => clock.at(instant, () => nextFreeHalfHour(ada));

  test("at the next half-hour of the person's own clock", async () => {
    expect(await at("2031-04-01T14:07:00Z")).toEqual({ date: "2031-04-01", start: "10:30" });
    expect(await at("2031-04-01T14:45:00Z")).toEqual({ date: "2031-04-01", start: "11:00" });
  });

  test("after what they already have", async () => {
    await book(ada, "2031-04-02T14:00:00Z", "2031-04-02T15:15:00Z");
    expect(await at("2031-04-02T13:50:00Z")).toEqual({ date: "2031-04-02", start: "11:30" });
  });

  test("in the morning rather than in the night", async () => {
    expect(await at("2031-04-04T02:10:00Z")).toEqual({ date: "2031-04-04", start: "09:00" });
    expect(await at("2031-04-04T07:10:00Z")).toEqual({ date: "2031-04-04", start: "09:00" });
  });
});

describe("the days of a calendar", () => {
  test("split a meeting over midnight of the viewer, wherever its organizer sits", async () => {
    await book(ada, "2031-05-06T03:30:00Z", "2031-05-06T05:00:00Z");
    const [monday, tuesday] = await calendarDays(ada, "2031-05-05", 2);
    expect(monday?.entries).toMatchObject([{ fromMinute: 23 * 60 + 30, toMinute: 1440, startsHere: true }]);
    expect(tuesday?.entries).toMatchObject([{ fromMinute: 0, toMinute: 60, startsHere: false }]);
  });

  test("are whole days also when they have 23 hours", async () => {
    await book(ada, "2031-03-10T02:30:00Z", "2031-03-10T03:30:00Z");
    const [sunday, monday] = await calendarDays(ada, "2031-03-09", 2);
    expect(sunday?.entries).toMatchObject([{ fromMinute: 22 * 60 + 30, toMinute: 23 * 60 + 30 }]);
    expect(monday?.entries).toEqual([]);
  });
});
