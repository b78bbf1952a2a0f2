import { describe, expect, test } from "vitest";
import { nextFreeTimes, overlaps } from "./availability/rules";
import { parsePeople } from "./forms";
import { mailOwed } from "./mails/rules";
import { reasonToDrop } from "./reminders/rules";
import { mergeInvitees } from "./rules";
import type { ToldState } from "./tables";

const span = (from: string, to: string) => ({ startsAt: new Date(`2026-11-23T${from}:00Z`), endsAt: new Date(`2026-11-23T${to}:00Z`) });
const invitee = (email: string, more: object = {}) => ({ email, memberId: null, name: null, required: true, ...more });

describe("free times", () => {
  test("touching meetings do not overlap", () => {
    expect(overlaps(span("09:00", "10:00"), span("10:00", "11:00"))).toBe(false);
    expect(overlaps(span("09:00", "10:01"), span("10:00", "11:00"))).toBe(true);
  });

  test("the next free times lie between what is busy, in customary hours, one after the other", () => {
    const busy = [span("09:00", "10:00"), span("10:30", "12:00")];
    const free = nextFreeTimes(span("09:00", "10:00"), busy, "UTC").map(({ startsAt }) => startsAt.toISOString());
    expect(free).toEqual(["2026-11-23T12:00:00.000Z", "2026-11-23T13:00:00.000Z", "2026-11-23T14:00:00.000Z"]);
  });

  test("a full day moves the offer to the next morning, and Friday's to Monday", () => {
    const friday = { startsAt: new Date("2026-11-27T19:30:00Z"), endsAt: new Date("2026-11-27T20:00:00Z") };
    expect(nextFreeTimes(friday, [friday], "UTC")[0]?.startsAt.toISOString()).toBe("2026-11-30T08:00:00.000Z");
  });
});

describe("guest lists", () => {
  test("one row a person; being required anywhere counts; nobody is their own guest", () => {
    const merged = mergeInvitees(
      [invitee("a@x.example", { required: false }), invitee("a@x.example", { memberId: "mbr_1" }), invitee("me@x.example")],
      "me@x.example",
    );
    expect(merged).toEqual([{ email: "a@x.example", memberId: "mbr_1", name: null, required: true }]);
  });

  test("a pasted list is read as people paste it", () => {
    expect(parsePeople('Kim <kim@a.example>; "Lee, J" <lee@b.example>\nplain@c.example, ,broken')).toEqual([
      { email: "kim@a.example", name: "Kim" },
      { email: "lee@b.example", name: "Lee, J" },
      { email: "plain@c.example" },
      { email: "broken" },
    ]);
  });
});

describe("what a person is still to be told", () => {
  const state: ToldState = {
    sequence: 0,
    status: "confirmed",
    title: "Plan",
    description: "",
    startsAt: "2026-11-23T09:00:00.000Z",
    endsAt: "2026-11-23T10:00:00.000Z",
    timeZone: "UTC",
    location: "Room 1",
    joinUrl: null,
  };
  const moved = { ...state, sequence: 1, startsAt: "2026-11-23T09:30:00.000Z" };

  test("the first word is an invitation, a change is an update, a change taken back is nothing", () => {
    expect(mailOwed(null, state)).toEqual({ kind: "invited", changes: [] });
    expect(mailOwed(state, moved)).toEqual({ kind: "updated", changes: ["time"] });
    expect(mailOwed(state, { ...state, sequence: 2 })).toEqual({ kind: "skip", reason: "nothing-changed" });
  });

  test("only somebody who knows of a meeting hears that it is off, and coming back is an invitation", () => {
    const cancelled = { ...state, status: "cancelled" as const };
    const removed = { ...state, status: "removed" as const };
    expect(mailOwed(state, cancelled)).toMatchObject({ kind: "cancelled" });
    expect(mailOwed(null, cancelled)).toEqual({ kind: "skip", reason: "never-told" });
    expect(mailOwed(cancelled, cancelled)).toEqual({ kind: "skip", reason: "never-told" });
    expect(mailOwed(state, removed)).toMatchObject({ kind: "removed" });
    expect(mailOwed(removed, state)).toMatchObject({ kind: "invited" });
  });
});

test("a reminder is dropped for whatever happened since it was made", () => {
  const now = new Date("2026-11-23T08:30:00Z");
  const meeting = { status: "confirmed" as const, movedSequence: 2, startsAt: new Date("2026-11-23T09:00:00Z") };
  const attendee = { removedAt: null, partstat: "needs-action" };
  const judge = (change: object) => reasonToDrop({ reminder: { sequence: 2 }, meeting, attendee, now, ...change });
  expect(judge({})).toBeNull();
  expect(judge({ meeting: { ...meeting, status: "cancelled" } })).toBe("cancelled");
  expect(judge({ reminder: { sequence: 1 } })).toBe("superseded");
  expect(judge({ reminder: { sequence: 3 } })).toBeNull();
  expect(judge({ now: meeting.startsAt })).toBe("over");
  expect(judge({ attendee: { ...attendee, removedAt: now } })).toBe("removed");
  expect(judge({ attendee: { ...attendee, partstat: "declined" } })).toBe("declined");
});
