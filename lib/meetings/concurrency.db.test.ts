import { beforeAll, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { respond } from "./answers/commands";
import { changeMeeting, scheduleMeeting } from "./commands";
import { changeMeetingInput, respondInput, scheduleMeetingInput } from "./inputs";
import { prepareMeetingMails } from "./mails/commands";
import { meetingDetails } from "./queries";

useTestDatabase();

let ada: Member;
let colleagues: Member[];

beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  colleagues = await Promise.all(["bora", "chris", "dana"].map((name) => joinAs(ada, `${name}@here.example`)));
});

const rounds = Array.from({ length: 15 }, (_, round) => round);
const people = (more: object[] = []) => [...colleagues.map(({ id }) => ({ memberId: id })), ...more];
const book = async (by = ada, attendees: object[] = people()) =>
  (
    await scheduleMeeting(
      by,
      parseInput(scheduleMeetingInput, { title: "Plan", startsAt: "2031-01-01T09:00:00Z", endsAt: "2031-01-01T10:00:00Z", timeZone: "Asia/Seoul", attendees }),
    )
  ).meetingId;
const answer = (round: number) => parseInput(respondInput, { partstat: round % 2 === 0 ? "accepted" : "declined" });

test("answers, changes of the guest list and mails at one moment wait for each other, and never in a ring", async () => {
  const meetingId = await book();
  const { attendees } = await meetingDetails(ada, meetingId);
  for (const round of rounds) {
    const guests = people(round % 2 === 0 ? [{ email: "guest@out.example" }] : []).reverse();
    await Promise.all([
      changeMeeting(ada, meetingId, parseInput(changeMeetingInput, { attendees: guests })),
      ...colleagues.map((colleague) => respond(colleague, meetingId, answer(round))),
      prepareMeetingMails(ada, attendees.map(({ id }) => ({ attendeeId: id, deliveryId: `dlv_${round}` }))),
    ]);
  }
  const after = await meetingDetails(ada, meetingId);
  expect(after.attendees.filter(({ memberId }) => memberId).map(({ partstat }) => partstat)).toEqual(["accepted", "accepted", "accepted"]);
});

test("the organizer who saves reads what was saved", async () => {
  const meetingId = await book();
  for (const round of rounds) {
    await meetingDetails(ada, meetingId);
    const { version } = await changeMeeting(ada, meetingId, parseInput(changeMeetingInput, { title: `Plan ${round}` }));
    expect((await meetingDetails(ada, meetingId)).meeting).toMatchObject({ version, title: `Plan ${round}` });
  }
});

test("a member who is removed while they book a meeting with an owner delays nobody for ever", async () => {
  for (const round of rounds) {
    const leaver = await joinAs(ada, `leaver-${round}@here.example`);
    const outcomes = await Promise.allSettled([book(leaver, [{ memberId: ada.id }]), removeMember(ada, leaver.id), book(leaver, [{ memberId: ada.id }])]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
  }
});
