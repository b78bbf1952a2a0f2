import { beforeAll, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { changeMeeting, scheduleMeeting } from "../commands";
import { respondByLink } from "../answers/commands";
import { answerToken, meetingByLink } from "../answers/queries";
import { adoptGuest } from "./commands";
import { changeMeetingInput, scheduleMeetingInput } from "../inputs";
import { meetingDetails } from "../queries";

useTestDatabase();

let ada: Member;

beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
});

const book = async (attendees: object[]) =>
  (
    await scheduleMeeting(
      ada,
      parseInput(scheduleMeetingInput, { title: "Plan", startsAt: "2031-01-01T09:00:00Z", endsAt: "2031-01-01T10:00:00Z", timeZone: "UTC", attendees }),
    )
  ).meetingId;
const invite = (meetingId: string, attendees: object[]) => changeMeeting(ada, meetingId, parseInput(changeMeetingInput, { attendees }));
const guests = async (meetingId: string) =>
  (await meetingDetails(ada, meetingId)).attendees.map(({ email, required, memberId, name }) => ({ email, required, memberId, name }));

test("somebody who stays may be made optional, which tells nobody anything", async () => {
  const id = await book([{ email: "guest@out.example" }]);
  expect(await invite(id, [{ email: "guest@out.example", required: false }])).toEqual({ version: 2, sequence: 0 });
  expect(await guests(id)).toMatchObject([{ required: false }]);
  expect(await invite(id, [{ email: "guest@out.example", required: false }])).toEqual({ version: 2, sequence: 0 });
});

test("an address that has become a member since is that member as soon as the list is saved, or when they return to it", async () => {
  const stays = await book([{ email: "later@here.example" }]);
  const returns = await book([{ email: "later@here.example" }]);
  await invite(returns, []);
  const later = await joinAs(ada, "later@here.example");
  for (const id of [stays, returns]) {
    await invite(id, [{ email: "later@here.example" }]);
    expect(await guests(id)).toMatchObject([{ email: "later@here.example", memberId: later.id }]);
    expect((await meetingDetails(later, id)).meeting.id).toBe(id);
  }
});

test("a new member finds the meetings they were invited to by e-mail, once, and only those of their organization", async () => {
  const id = await book([{ email: "Newcomer@here.example" }]);
  const elsewhere = (await foundOrganization("eve@elsewhere.example", "Elsewhere")).owner;
  await meetingDetails(ada, id);
  const newcomer = await joinAs(ada, "newcomer@here.example");
  await expect(meetingDetails(newcomer, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await adoptGuest(elsewhere, newcomer)).toBe(0);
  expect(await adoptGuest(ada, newcomer)).toBe(1);
  expect(await adoptGuest(ada, newcomer)).toBe(0);
  expect((await meetingDetails(newcomer, id)).attendees).toMatchObject([{ memberId: newcomer.id }]);
});

test("a link of somebody who was removed from the organization shows and answers nothing", async () => {
  const guest = await joinAs(ada, "leaver@here.example");
  const id = await book([{ memberId: guest.id }]);
  const [attendee] = (await meetingDetails(ada, id)).attendees;
  if (!attendee) throw new Error("nobody was invited");
  const token = answerToken(attendee.id, { endsAt: new Date("2031-01-01T10:00:00Z") });
  expect((await meetingByLink(token)).attendee.id).toBe(attendee.id);
  await removeMember(ada, guest.id);
  await expect(meetingByLink(token)).rejects.toMatchObject({ code: "LINK_INVALID" });
  await expect(respondByLink(token, { partstat: "accepted" })).rejects.toMatchObject({ code: "LINK_INVALID" });
});
