import { beforeAll, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { changeMeeting, scheduleMeeting } from "../commands";
import { changeMeetingInput, scheduleMeetingInput } from "../inputs";

useTestDatabase({ OUTSIDE_GUESTS_PER_HOUR: "4" });

let ada: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  await joinAs(ada, "bora@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

const guests = (...names: string[]) => names.map((name) => ({ email: `${name}@out.example` }));
const book = (member: Member, attendees: object[]) =>
  scheduleMeeting(member, parseInput(scheduleMeetingInput, { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "UTC", attendees }));
const invite = (meetingId: string, attendees: object[]) => changeMeeting(ada, meetingId, parseInput(changeMeetingInput, { attendees }));
const tooMany = expect.objectContaining({ code: "TOO_MANY_REQUESTS", extra: { retryAfterSeconds: expect.any(Number) } });

test("an organization invites so many strangers an hour; members and who is invited already do not count", async () => {
  const { meetingId } = await book(ada, [...guests("a", "b"), { email: "bora@here.example" }]);
  await invite(meetingId, guests("a", "b", "c"));
  await invite(meetingId, guests("a", "b", "c", "d"));
  await invite(meetingId, guests("a", "b", "c", "d"));
  await expect(invite(meetingId, guests("a", "b", "c", "d", "e"))).rejects.toEqual(tooMany);
  await expect(book(ada, guests("f"))).rejects.toEqual(tooMany);
  await book(ada, [{ email: "bora@here.example" }]);
  await book(stranger, guests("a"));
});
