import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startMail } from "@/local/mail/server";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { parseInput } from "@/lib/platform/validation";
import { subjects } from "@/inngest/subjects";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "@/lib/meetings/commands";
import { respond } from "@/lib/meetings/answers/commands";
import { changeMeetingInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import type { Member } from "@/lib/organizations/actor";
import { inviteMembers, resendInvitation, revokeInvitation } from "@/lib/organizations/invitations/commands";
import { inviteMembersInput } from "@/lib/organizations/invitations/inputs";
import { pendingInvitations } from "@/lib/organizations/invitations/queries";
import { joinOffer } from "@/lib/organizations/joining/queries";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { email } from "./channels/email";
import { claimDeliveries, keepMessages, sendAgain } from "./deliveries/commands";
import { deliveriesOfSubject, dueDeliveries, recipientProfiles } from "./deliveries/queries";
import { fanOut } from "./fan-out/commands";
import { channels } from "./registry";
import { deliver } from "./sending/commands";
import { attemptRows, deliveryRows, eventsAbout, mailFolder } from "./testing";

const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
useTestDatabase({ RESEND_BASE_URL: engine.url, RESEND_API_KEY: apiKey, MEETING_MERGE_SECONDS: "60" });
afterAll(() => engine.close());

interface Stored {
  to: string[];
  subject: string;
  text: string;
  html: string;
  replyTo: string[];
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string }[];
  calendar: string | null;
  idempotencyKey: string;
}

const mailsTo = async (address: string) => (await (await fetch(`${engine.url}/messages?to=${encodeURIComponent(address)}`)).json() as Stored[]).reverse();
const control = (rule: object) => fetch(`${engine.url}/control`, { method: "POST", body: JSON.stringify(rule) });

let ada: Member;
let bora: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});
beforeEach(() => control({ mode: "ok" }));

let serial = 0;
const guest = () => `guest${(serial += 1)}@out.example`;
const start = new Date("2031-03-03T01:00:00Z");

async function book(attendees: object[], more: object = {}): Promise<string> {
  const input = { title: "Plan", startsAt: start.toISOString(), endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees, ...more };
  return (await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input))).meetingId;
}
const retitle = (id: string, title: string) => changeMeeting(ada, id, parseInput(changeMeetingInput, { title }));
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
};

const waits: number[] = [];
const sleep = async (milliseconds: number) => void waits.push(milliseconds);
beforeEach(() => void waits.splice(0));

/** Runs every delivery of one subject whose time has come, as the functions would. */
async function deliverAll(id: string, member: Member = ada) {
  const ids = (await deliveryRows(id)).map((row) => row.id);
  return deliver(systemTenant(member.organizationId), channels.email, ids, subjects, { sleep });
}
const later = <T>(seconds: number, work: () => Promise<T>) => clock.at(new Date(clock.nowMs() + seconds * 1000), work);

describe("an invitation by mail", () => {
  test("goes out once, with text, HTML, calendar and an answer for each button", async () => {
    const address = guest();
    const id = await book([{ email: address, name: "Gast" }, { memberId: bora.id }], { joinUrl: "https://call.example/x", location: "Room <1>" });
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 2, failed: 0, skipped: 0 });
    const [mail, ...more] = await mailsTo(address);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ subject: expect.stringContaining("Plan"), calendar: expect.stringContaining("METHOD:REQUEST") });
    expect(mail?.attachments).toMatchObject([{ filename: "invite.ics", contentType: expect.stringContaining("method=REQUEST") }]);
    for (const form of [mail?.text, mail?.html]) {
      expect(form).toContain("https://call.example/x");
      for (const answer of ["accepted", "tentative", "declined"]) expect(form).toMatch(new RegExp(`/rsvp/[\\w.-]+\\?answer=${answer}`));
    }
    expect(mail?.html).toContain("Room &lt;1&gt;");
    expect(mail?.headers).toMatchObject({ "Auto-Submitted": "auto-generated" });
  });

  test("is not repeated by a second run, nor by ten at once", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => deliverAll(id)));
    expect(outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(1);
    await deliverAll(id);
    expect(await mailsTo(address)).toHaveLength(1);
  });
});

describe("changes", () => {
  test("within the window become one mail that says the newest state", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await deliverAll(id);
    await retitle(id, "Plan B");
    await retitle(id, "Plan C");
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 0 });
    expect((await deliveryRows(id)).map(({ state }) => state)).toEqual(["sent", "merged", "pending"]);
    await later(61, () => deliverAll(id));
    const [, update, ...more] = await mailsTo(address);
    expect(more).toEqual([]);
    expect(update?.text).toContain("Plan C");
    expect(update?.text).toContain("Before: Plan");
    expect(update?.html).toMatch(/<s>Plan<\/s>/);
  });

  test("keep the time of the first of them: somebody who changes every few seconds does not silence the mail", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    await deliverAll(id);
    await retitle(id, "Plan B");
    await fanOutAll(id);
    const first = (await deliveryRows(id)).at(-1);
    await later(30, async () => {
      await retitle(id, "Plan C");
      await fanOutAll(id);
    });
    expect((await deliveryRows(id)).at(-1)?.deliverAfter).toEqual(first?.deliverAfter);
  });

  test("taken back before the window ends cause no mail", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await deliverAll(id);
    await retitle(id, "Oops");
    await retitle(id, "Plan");
    await fanOutAll(id);
    expect(await later(61, () => deliverAll(id))).toMatchObject({ sent: 0, skipped: 1 });
    expect(await mailsTo(address)).toHaveLength(1);
  });

  test("to a meeting that was cancelled at once leave nothing but the end: no invitation, no cancellation", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await cancelMeeting(ada, id, { reason: "ill" });
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(await mailsTo(address)).toEqual([]);
  });

  test("fanned out in the wrong order still end in the newest state, once", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await retitle(id, "Plan B");
    for (const { name, envelope } of (await eventsAbout(id)).reverse()) await fanOut(systemTenant(envelope.organizationId), name, envelope);
    await later(61, () => deliverAll(id));
    expect(await mailsTo(address)).toMatchObject([{ subject: expect.stringContaining("Plan B") }]);
  });

  test("wait for an earlier mail that is on its way, and follow it", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    const [first] = await deliveryRows(id);
    await claimDeliveries(systemTenant(ada.organizationId), "email", [first?.id ?? ""]);
    await cancelMeeting(ada, id, {});
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 0, followers: [] });
    const outcome = await later(121, () => deliverAll(id));
    expect(outcome).toMatchObject({ skipped: 1, followers: [(await deliveryRows(id)).at(-1)?.id] });
  });
});

describe("answers", () => {
  test("reach the organizer together: who, what, for which time", async () => {
    const id = await book([{ memberId: bora.id }, { email: guest() }], { title: "Answers" });
    await respond(bora, id, { partstat: "declined", comment: "away" });
    await respond(bora, id, { partstat: "accepted" });
    await fanOutAll(id);
    const answers = (await deliveryRows(id)).filter(({ type }) => type === "meeting.responded");
    expect(answers.map(({ state, recipient }) => ({ state, recipient }))).toEqual([
      { state: "merged", recipient: ada.id },
      { state: "pending", recipient: ada.id },
    ]);
    await later(61, () => deliverAll(id));
    const [mail, ...more] = (await mailsTo("ada@here.example")).filter(({ subject }) => subject.includes("Answers"));
    expect(more).toEqual([]);
    expect(mail?.subject).toContain("bora says yes");
    expect(mail?.text).toContain("bora: yes, for Mon, Mar 3");
    expect(mail?.text).toContain("1 yes · 0 maybe · 0 no · 1 open");
  });
});

describe("a provider in trouble", () => {
  test.each([
    { mode: "server-error", status: 500 },
    { mode: "rate-limit", status: 429 },
    { mode: "drop-before-accept", status: null },
  ])("$mode: tried again after 1, 2 and 4 seconds, then it arrives once", async ({ mode, status }) => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await control({ mode, count: 3, retryAfterSeconds: 1, match: { to: address } });
    expect(await deliverAll(id)).toMatchObject({ sent: 1 });
    expect(waits.filter((wait) => wait >= 1000)).toEqual(expect.arrayContaining([1000, 2000, 4000]));
    const [row] = await deliveryRows(id);
    expect((await attemptRows(row?.id ?? "")).map(({ statusCode, succeeded }) => [statusCode, succeeded])).toEqual([
      [status, false],
      [status, false],
      [status, false],
      [200, true],
    ]);
    expect(await mailsTo(address)).toHaveLength(1);
  });

  test("drop-after-accept: the answer was lost, the mail was not, and it is not doubled", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await control({ mode: "drop-after-accept", count: 2, match: { to: address } });
    expect(await deliverAll(id)).toMatchObject({ sent: 1 });
    expect(await mailsTo(address)).toHaveLength(1);
  });

  test("a wait longer than ten seconds is not slept: the delivery goes back with the time that was asked for", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    await control({ mode: "rate-limit", count: 1, retryAfterSeconds: 300 });
    const before = clock.nowMs();
    expect(await deliverAll(id)).toMatchObject({ deferred: 1 });
    const [row] = await deliveryRows(id);
    expect(row?.state).toBe("pending");
    expect(row?.deliverAfter.getTime()).toBeGreaterThanOrEqual(before + 300_000);
    await control({ mode: "ok" });
    expect(await later(301, () => deliverAll(id))).toMatchObject({ sent: 1 });
  });

  test("while it is away the sweep finds what is due, later and later, and after 20 hours it counts as failed", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    const began = clock.nowMs();
    const rounds: number[] = [];
    for (let round = 0, at = began; round < 100; round += 1) {
      const [row] = await clock.at(new Date(at), async () => (await deliverAll(id), deliveryRows(id)));
      if (row?.state !== "pending") break;
      rounds.push(Math.round((row.deliverAfter.getTime() - at) / 1000));
      at = row.deliverAfter.getTime();
      expect((await clock.at(new Date(at), () => dueDeliveries(1000))).flatMap(({ deliveryIds }) => deliveryIds)).toContain(row.id);
    }
    expect(rounds.slice(0, 7)).toEqual([30, 60, 120, 300, 600, 900, 900]);
    const [row] = await deliveryRows(id);
    expect(row).toMatchObject({ state: "failed", reason: expect.stringContaining("application_error") });
  }, 60_000);

  test("the others of a run are spared the same wait, and are sent when it is back", async () => {
    const addresses = Array.from({ length: 12 }, guest);
    const id = await book(addresses.map((email) => ({ email })));
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    expect(await deliverAll(id)).toMatchObject({ sent: 0, deferred: 12 });
    const tried = (await deliveryRows(id)).filter(({ attemptCount }) => attemptCount > 0);
    expect(tried.length).toBeLessThan(12);
    await control({ mode: "ok" });
    expect(await later(31, () => deliverAll(id))).toMatchObject({ sent: 12 });
    for (const address of addresses) expect(await mailsTo(address)).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test("is not retried, is shown in the provider's words, and can be sent again by whoever may", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await control({ mode: "refuse", count: 1, match: { to: address } });
    expect(await deliverAll(id)).toMatchObject({ failed: 1 });
    const [record] = await deliveriesOfSubject(ada, id);
    expect(record).toMatchObject({ state: "failed", channel: "email", email: address, attemptCount: 1, lastAttempt: { succeeded: false, statusCode: 422 } });
    expect(record?.reason).toBe(record?.lastAttempt?.answer);

    const deliveryId = record?.id ?? "";
    await expect(sendAgain(stranger, deliveryId, async () => true)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(sendAgain(bora, deliveryId, async () => false)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await sendAgain(ada, deliveryId, async (subjectId) => subjectId === id);
    await expect(sendAgain(ada, deliveryId, async () => true)).rejects.toBeInstanceOf(Refused);
    expect((await eventsAbout(deliveryId)).map(({ name }) => name)).toEqual(["delivery.requested"]);
    expect(await deliverAll(id)).toMatchObject({ sent: 1 });
    expect(await mailsTo(address)).toMatchObject([{ idempotencyKey: `${deliveryId}/2` }]);
  });
});

describe("a crash", () => {
  test("between sent and recorded: taken over when the lease lapses, and the reader gets one mail", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    const [row] = await deliveryRows(id);
    const tenant = systemTenant(ada.organizationId);
    const claimed = await claimDeliveries(tenant, "email", [row?.id ?? ""]);
    const prepared = await email.prepare(tenant, claimed, { subjects, profiles: await recipientProfiles(tenant, []) });
    const ready = prepared.filter((one) => "message" in one);
    await keepMessages(tenant, ready.map(({ delivery, message }) => ({ id: delivery.id, message })));
    expect(await email.send(ready)).toMatchObject({ ok: true });
    // The process died here, right after the provider's answer.
    expect(await deliverAll(id)).toMatchObject({ sent: 0 });
    expect(await later(125, () => deliverAll(id))).toMatchObject({ sent: 1 });
    expect(await mailsTo(address)).toHaveLength(1);
    const [settled] = await deliveryRows(id);
    expect(settled).toMatchObject({ state: "sent", message: null });
  });

  test("before anything was stored: the mail comes out the same", async () => {
    const address = guest();
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    const [row] = await deliveryRows(id);
    const tenant = systemTenant(ada.organizationId);
    const [claimed] = await claimDeliveries(tenant, "email", [row?.id ?? ""]);
    if (!claimed) throw new Error("nothing claimed");
    await subjects.resolve(tenant, "meeting.invited", [claimed]);
    expect(await later(125, () => deliverAll(id))).toMatchObject({ sent: 1 });
    expect(await mailsTo(address)).toMatchObject([{ subject: expect.stringContaining("Invitation") }]);
  });
});

describe("an invitation to join", () => {
  const invite = async (address: string) => {
    await inviteMembers(ada, parseInput(inviteMembersInput, { addresses: address, role: "member" }));
    const found = (await pendingInvitations(ada)).find(({ email }) => email === address);
    if (!found) throw new Error("not invited");
    return found.id;
  };

  test("is mailed once with the link that works; renewed before it left, only the newer one is", async () => {
    const address = guest();
    const id = await invite(address);
    await resendInvitation(ada, id);
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 1 });
    const [mail, ...more] = await mailsTo(address);
    expect(more).toEqual([]);
    const token = /\/join\/([\w.-]+)/.exec(mail?.text ?? "")?.[1] ?? "";
    expect(await joinOffer(token)).toMatchObject({ state: "open", email: address });
    expect(mail?.html).toContain(token);
  });

  test("is not mailed any more once it was revoked", async () => {
    const address = guest();
    const id = await invite(address);
    await revokeInvitation(ada, id);
    await fanOutAll(id);
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(await mailsTo(address)).toEqual([]);
  });
});

describe("who gets nothing", () => {
  test("a member who was removed between the fan-out and the mail", async () => {
    const dan = await joinAs(ada, `dan${(serial += 1)}@here.example`);
    const id = await book([{ memberId: dan.id }]);
    await fanOutAll(id);
    await asSystem("sweep", (tx) => tx.execute(sql`update members set removed_at = now() where id = ${dan.id}`));
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(await deliveriesOfSubject(ada, id)).toContainEqual(expect.objectContaining({ state: "skipped", reason: "member-removed", channel: "email" }));
  });

  test("another organization that knows the ids", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    const ids = (await deliveryRows(id)).map((row) => row.id);
    expect(await deliver(systemTenant(stranger.organizationId), channels.email, ids, subjects, { sleep })).toMatchObject({ sent: 0 });
    expect(await deliveriesOfSubject(stranger, id)).toEqual([]);
  });
});
