import { beforeAll, expect, test } from "vitest";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { changeMeeting, scheduleMeeting } from "../commands";
import { changeMeetingInput, scheduleMeetingInput } from "../inputs";
import { addIssue, removeIssue } from "./commands";
import { meetingIssueInput } from "./inputs";
import { issuesOfMeeting, meetingsAbout } from "./queries";

useTestDatabase();

let ada: Member;
let bora: Member;
let other: Member;
let sid: Member;
let meetingId: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  other = await joinAs(ada, "other@here.example");
  sid = (await foundOrganization("sid@there.example", "There")).owner;
  const input = { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees: [{ memberId: bora.id }] };
  meetingId = (await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input))).meetingId;
});

const issue = (text: string) => parseInput(meetingIssueInput, { issue: text });
const keys = async (member: Member) => (await issuesOfMeeting(member, meetingId)).map(({ key }) => key);

test("whoever is part of a meeting says what it is about, once", async () => {
  await addIssue(ada, meetingId, issue("moim-1"));
  await addIssue(bora, meetingId, issue("https://maru.atlassian.net/browse/MOIM-1"));
  await addIssue(bora, meetingId, issue("MOIM-2"));
  expect(await keys(bora)).toEqual(["MOIM-1", "MOIM-2"]);
  await removeIssue(bora, meetingId, issue("MOIM-1"));
  await removeIssue(bora, meetingId, issue("MOIM-1"));
  expect(await keys(ada)).toEqual(["MOIM-2"]);
});

test("nobody else sees or says it, and nobody in another organization", async () => {
  for (const stranger of [other, sid]) {
    await expect(addIssue(stranger, meetingId, issue("MOIM-9"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(removeIssue(stranger, meetingId, issue("MOIM-2"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(issuesOfMeeting(stranger, meetingId)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await meetingsAbout(stranger, "MOIM-2")).toEqual([]);
  }
  expect(await meetingsAbout(bora, "MOIM-2")).toMatchObject([{ id: meetingId, title: "Plan" }]);
});

test("an issue's meetings are those one is still part of", async () => {
  await changeMeeting(ada, meetingId, parseInput(changeMeetingInput, { attendees: [] }));
  expect(await meetingsAbout(bora, "MOIM-2")).toEqual([]);
  expect(await meetingsAbout(ada, "MOIM-2")).toHaveLength(1);
});

test("there is an end to how many, also for those who add at once", async () => {
  await Promise.allSettled(Array.from({ length: 60 }, (_, index) => addIssue(ada, meetingId, issue(`MANY-${index + 1}`))));
  expect(await keys(ada)).toHaveLength(50);
});

test("what is no key is said to be none", () => {
  for (const text of ["the door", "MOIM-0", "MOIM", "javascript:/browse/MOIM-1"]) expect(() => issue(text)).toThrowError(expect.objectContaining({ fields: [expect.objectContaining({ code: "issue-key" })] }) as Error);
});
