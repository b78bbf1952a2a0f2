import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startMail } from "@/local/mail/server";
import { breakers } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { metrics } from "@/lib/platform/metrics";
import { refusedAnswer } from "@/lib/platform/provider";
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
import type { Ready } from "./channels/channel";
import { email } from "./channels/email";
import { claimDeliveries, hasten, keepMessages } from "./deliveries/commands";
import { deliveriesOfSubject, dueDeliveries, recipientProfiles } from "./deliveries/queries";
import { fanOut } from "./fan-out/commands";
import { channels } from "./registry";
import { deadLetters } from "./dead-letters/queries";
import { replayAll, replayDelivery, sendAgain } from "./dead-letters/commands";
import { deliver } from "./sending/commands";
import { forgetPaces } from "./sending/pace";
import { callsOf } from "./sending/rules";
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
beforeEach(async () => {
  breakers().clear();
  forgetPaces();
  await control({ mode: "ok" });
});

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
const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
beforeEach(() => void waits.splice(0));

/** Runs every delivery of one subject whose time has come, as the functions would. */
async function deliverAll(id: string, member: Member = ada, wait = sleep) {
  const ids = (await deliveryRows(id)).map((row) => row.id);
  return deliver(systemTenant(member.organizationId), channels.email, ids, subjects, { sleep: wait });
}
/** Between two tries there is time for everybody else: waits that take none would let four failures stand alone, as an outage does. */
const whileOthersArrive = (id: string, others: number) => async (milliseconds: number) => {
  await sleep(milliseconds);
  if (milliseconds < 1_000) return;
  await vi.waitUntil(async () => (await deliveryRows(id)).filter(({ state }) => state === "sent").length >= others, { timeout: 10_000 });
};
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
    for (const wait of [1000, 2000, 4000]) expect(waits.some((slept) => slept >= wait && slept <= wait * 1.25)).toBe(true);
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

  test("one message that fails while the others arrive is a dead letter, with its cause", async () => {
    const addresses = Array.from({ length: 12 }, guest);
    const id = await book(addresses.map((email) => ({ email })));
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000, match: { to: addresses[0] } });
    expect(await deliverAll(id, ada, whileOthersArrive(id, 11))).toMatchObject({ sent: 11, failed: 1 });
    expect((await deliveryRows(id)).filter(({ state }) => state === "failed")).toMatchObject([{ email: addresses[0], cause: "exhausted", attemptCount: 4 }]);
  });

  test("one that may have arrived is never a dead letter while that can still be found out", async () => {
    const addresses = Array.from({ length: 12 }, guest);
    const id = await book(addresses.map((email) => ({ email })));
    await fanOutAll(id);
    await control({ mode: "drop-after-accept", count: 4, match: { to: addresses[0] } });
    expect(await deliverAll(id, ada, whileOthersArrive(id, 11))).toMatchObject({ sent: 11, failed: 0, deferred: 1 });
    expect(await later(31, () => deliverAll(id))).toMatchObject({ sent: 1 });
    expect(await mailsTo(addresses[0] ?? "")).toHaveLength(1);
  });
});

describe("a provider that is away", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());
  const dueNow = async () => (await dueDeliveries(1000, { channel: "email" })).flatMap(({ deliveryIds }) => deliveryIds);
  const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

  test("is left alone: what was not tried is held untouched, and all of it arrives once when a probe succeeds", async () => {
    const addresses = Array.from({ length: 12 }, guest);
    const id = await book(addresses.map((email) => ({ email })));
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    const outcome = await deliverAll(id);
    expect(outcome).toMatchObject({ sent: 0, failed: 0 });
    expect(outcome.deferred + outcome.held).toBe(12);
    expect(outcome.resumeAt?.getTime()).toBe(Date.now() + 10_000);
    const before = await deliveryRows(id);
    expect(before.map(({ state, reason }) => [state, reason])).toEqual(before.map(() => ["pending", "provider-away"]));
    expect(before.filter(({ attemptCount }) => attemptCount === 0).length).toBeGreaterThanOrEqual(8);
    // Nobody touches them while it is away.
    expect(await deliverAll(id)).toMatchObject({ sent: 0, held: 12 });
    expect(await deliveryRows(id)).toEqual(before);
    pass(11);
    await control({ mode: "ok" });
    expect(await deliverAll(id)).toMatchObject({ sent: 12, recovered: true });
    for (const address of addresses) expect(await mailsTo(address)).toHaveLength(1);
  });

  test("is probed by one call, and first by what has not failed before", async () => {
    const addresses = Array.from({ length: 6 }, guest);
    const id = await book(addresses.map((email) => ({ email })));
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    await deliverAll(id);
    pass(11);
    const rows = await deliveryRows(id);
    const due = (await dueNow()).filter((one) => rows.some((row) => row.id === one));
    expect(due).toHaveLength(6);
    expect(due.slice(0, 2)).toEqual(rows.filter(({ attemptCount }) => attemptCount === 0).map((row) => row.id));
    const attempts = () => deliveryRows(id).then((all) => all.reduce((sum, { attemptCount }) => sum + attemptCount, 0));
    const made = await attempts();
    await deliver(systemTenant(ada.organizationId), channels.email, due.slice(0, 2), subjects, { sleep });
    expect(await attempts()).toBe(made + 1);
  });

  test("what waits longer for it comes at once when it is back", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    await deliverAll(id);
    for (const seconds of [11, 31]) {
      pass(seconds);
      await deliverAll(id);
    }
    const [row] = await deliveryRows(id);
    expect(await dueNow()).not.toContain(row?.id);
    await hasten("email");
    expect(await dueNow()).toContain(row?.id);
  });

  test("a call without an answer is recorded as such, and counted where a repetition is not recognized", async () => {
    const id = await book([{ memberId: bora.id }]);
    await fanOutAll(id);
    const [row] = await deliveryRows(id, "realtime");
    let answers = 0;
    const forgetful = {
      ...channels.realtime,
      send: async (ready: Ready[]) => ready.map(() => ((answers += 1) === 1 ? refusedAnswer(null, true, "no answer") : { ...refusedAnswer(200, false, ""), ok: true })),
    };
    const counted = async () => (await metrics().unknown.get()).values.find(({ labels }) => labels.channel === "realtime")?.value ?? 0;
    const before = await counted();
    expect(await deliver(systemTenant(ada.organizationId), forgetful, [row?.id ?? ""], subjects, { sleep })).toMatchObject({ sent: 1 });
    expect(await counted()).toBe(before + 1);
    expect((await attemptRows(row?.id ?? "")).map(({ statusCode, succeeded, answer }) => [statusCode, succeeded, answer])).toEqual([[null, false, "no answer"], [200, true, ""]]);
  });

  test("for 20 hours makes a dead letter of what it would not take, and no sooner", async () => {
    const id = await book([{ email: guest() }]);
    await fanOutAll(id);
    await control({ mode: "server-error", count: 100_000 });
    const began = Date.now();
    const rounds: number[] = [];
    for (let round = 0; round < 1000; round += 1) {
      await deliverAll(id);
      const [row] = await deliveryRows(id);
      if (row?.state !== "pending") break;
      rounds.push(Math.round((row.deliverAfter.getTime() - Date.now()) / 1000));
      pass((row.deliverAfter.getTime() - Date.now()) / 1000 + 1);
    }
    expect(rounds.slice(0, 14)).toEqual([10, 30, 30, 30, 30, 60, 60, 60, 60, 120, 120, 120, 120, 120]);
    expect(Date.now() - began).toBeGreaterThan(19.9 * 3_600_000);
    const [row] = await deliveryRows(id);
    expect(row).toMatchObject({ state: "failed", cause: "expired", reason: expect.stringContaining("application_error") });
  }, 60_000);

  test("holds up no other channel", async () => {
    const id = await book([{ memberId: bora.id }]);
    await fanOutAll(id);
    await control({ mode: "server-error", count: 1000 });
    await deliverAll(id);
    expect(breakers().get("resend")?.state()).toBe("open");
    const ids = (await deliveryRows(id, "realtime")).map((row) => row.id);
    const silent = { ...channels.realtime, send: async (ready: Ready[]) => ready.map(() => ({ ok: true, statusCode: 200, providerId: null, retryable: false, retryAfterSeconds: null, answer: "" })) };
    expect(await deliver(systemTenant(ada.organizationId), silent, ids, subjects, { sleep })).toMatchObject({ sent: 1, held: 0 });
  });
});

describe("mails without an attachment", () => {
  let invited = 0;
  const invite = async (count: number) => {
    const addresses = Array.from({ length: count }, () => `joiner${(invited += 1)}@out.example`);
    await inviteMembers(ada, parseInput(inviteMembersInput, { addresses: addresses.join("\n"), role: "member" }));
    const found = (await pendingInvitations(ada)).filter(({ email }) => addresses.includes(email));
    for (const { id } of found) await fanOutAll(id);
    const rows = () => Promise.all(found.map(({ id }) => deliveryRows(id))).then((all) => all.flat().sort((a, b) => (a.id < b.id ? -1 : 1)));
    const ids = (await rows()).map(({ id }) => id);
    return { addresses, rows, ids, send: (some = ids) => deliver(systemTenant(ada.organizationId), channels.email, some, subjects, { sleep }) };
  };
  const keysOf = async (addresses: string[]) => {
    const stored = await Promise.all(addresses.map(mailsTo));
    expect(stored.map(({ length }) => length)).toEqual(addresses.map(() => 1));
    return new Set(stored.flat().map(({ idempotencyKey }) => idempotencyKey));
  };

  test("travel together", async () => {
    const { addresses, rows, ids, send } = await invite(5);
    expect(await send()).toMatchObject({ sent: 5 });
    expect(await keysOf(addresses)).toEqual(new Set([`${ids[0]}/1+4`]));
    const settled = await rows();
    expect(new Set(settled.map(({ providerId }) => providerId)).size).toBe(5);
    expect(settled.every(({ state, message }) => state === "sent" && message === null)).toBe(true);
  });

  test("are the same call again after a lost answer", async () => {
    const { addresses, send } = await invite(4);
    await control({ mode: "drop-after-accept", count: 1 });
    expect(await send()).toMatchObject({ sent: 4 });
    expect((await keysOf(addresses)).size).toBe(1);
  });

  test("are the same call again for whoever takes over, though it comes for only one of them", async () => {
    const { addresses, rows, ids, send } = await invite(4);
    const tenant = systemTenant(ada.organizationId);
    const claimed = await claimDeliveries(tenant, "email", ids);
    const prepared = await email.prepare(tenant, claimed, { subjects, profiles: await recipientProfiles(tenant, []) });
    const [call] = callsOf(email, prepared.filter((one) => "message" in one));
    if (!call) throw new Error("nothing to send");
    await keepMessages(tenant, call.messages.map(({ delivery, message }) => ({ id: delivery.id, message, callKey: delivery.callKey ?? "" })));
    expect(await email.send(call.messages)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }, { ok: true }]);
    // The process died here.
    expect(await send()).toMatchObject({ sent: 0, leasedUntil: expect.any(Date) });
    const outcomes = await later(21, () => Promise.all([send(ids.slice(1, 2)), send(ids.slice(2)), send(ids)]));
    expect(outcomes.reduce((sum, { sent }) => sum + sent, 0)).toBe(4);
    expect((await keysOf(addresses)).size).toBe(1);
    const [first] = await rows();
    expect((await attemptRows(first?.id ?? "")).map(({ statusCode, succeeded }) => [statusCode, succeeded])).toEqual([[null, false], [200, true]]);
  });

  test("stopped between two calls: the first is not repeated, the second comes whole", async () => {
    const { addresses, ids, rows, send } = await invite(6);
    const two = { ...email, messagesPerCall: 3, callsAtOnce: 1 };
    let calls = 0;
    const dying = { ...two, send: (ready: Ready[]) => ((calls += 1) > 1 ? Promise.reject(new Error("killed")) : two.send(ready)) };
    await expect(deliver(systemTenant(ada.organizationId), dying, ids, subjects, { sleep })).rejects.toThrow("killed");
    expect((await rows()).map(({ state }) => state)).toEqual(["sent", "sent", "sent", "sending", "sending", "sending"]);
    expect(await later(21, () => send())).toMatchObject({ sent: 3 });
    expect(await keysOf(addresses)).toEqual(new Set([`${ids[0]}/1+2`, `${ids[3]}/1+2`]));
  });

  test("that the provider refuses as a whole are tried one by one, and only the bad one fails", async () => {
    const { addresses, rows, send } = await invite(3);
    await control({ mode: "refuse", match: { to: addresses[1] } });
    expect(await send()).toMatchObject({ sent: 2, failed: 1 });
    expect((await rows()).map(({ state, cause }) => [state, cause])).toEqual([["sent", null], ["failed", "bad-request"], ["sent", null]]);
    expect((await keysOf([addresses[0] ?? "", addresses[2] ?? ""])).size).toBe(2);
  });

  test("taken apart and then left by a crash stay apart: a mail that went by itself never joins another call", async () => {
    const { addresses, rows, ids, send } = await invite(3);
    await control({ mode: "refuse", match: { to: addresses[1] } });
    let calls = 0;
    const dying = { ...email, callsAtOnce: 1, send: async (ready: Ready[]) => {
      const answers = await email.send(ready);
      if ((calls += 1) > 1) throw new Error("killed");
      return answers;
    } };
    await expect(deliver(systemTenant(ada.organizationId), dying, ids, subjects, { sleep })).rejects.toThrow("killed");
    await control({ mode: "ok" });
    expect(await later(21, () => send())).toMatchObject({ sent: 3 });
    expect(await keysOf(addresses)).toEqual(new Set(ids.map((id) => `${id}/1`)));
    expect((await rows()).every(({ state }) => state === "sent")).toBe(true);
  });

  test("are not sent any more once what they say is over, unless they may have been sent", async () => {
    const { rows, ids, send } = await invite(2);
    await asSystem("sweep", (tx) => tx.execute(sql`
      update notifications set expires_at = ${new Date(clock.nowMs() + 60_000).toISOString()}::timestamptz
      where id in (select notification_id from deliveries where id = any(${sql.param(ids)}::text[]))`));
    await later(61, () => send());
    expect((await rows()).map(({ state, reason }) => [state, reason])).toEqual([["skipped", "too-late"], ["skipped", "too-late"]]);
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

describe("dead letters", () => {
  const failedTo = async (address: string) => {
    const id = await book([{ email: address }]);
    await fanOutAll(id);
    await control({ mode: "refuse", match: { to: address } });
    expect(await deliverAll(id)).toMatchObject({ failed: 1 });
    await control({ mode: "ok" });
    const [row] = await deliveryRows(id);
    return { id, deliveryId: row?.id ?? "" };
  };

  test("are listed with their cause for admins, and replayed all at once when it is gone", async () => {
    const letters = [await failedTo(guest()), await failedTo(guest())];
    const { items } = await deadLetters(ada, { cause: "bad-request" });
    for (const { deliveryId, id } of letters) {
      expect(items.find((item) => item.id === deliveryId)).toMatchObject({ subjectId: id, channel: "email", cause: "bad-request", overtaken: false, reason: expect.stringContaining("refused") });
    }
    const narrowed = await deadLetters(ada, { recipient: items.find(({ id }) => id === letters[0]?.deliveryId)?.recipient });
    expect(narrowed.items.map(({ id }) => id)).toEqual([letters[0]?.deliveryId]);
    expect((await deadLetters(stranger, {})).items).toEqual([]);
    await expect(deadLetters(bora, {})).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(replayAll(bora, {})).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(replayDelivery(stranger, letters[0]?.deliveryId ?? "")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await replayAll(stranger, {})).toMatchObject({ replayed: 0 });

    expect(await replayAll(ada, { cause: "credentials" })).toMatchObject({ replayed: 0, more: false });
    expect(await replayAll(ada, { cause: "bad-request", channel: "email" })).toMatchObject({ replayed: items.length, more: false });
    const [event] = await eventsAbout(letters[0]?.deliveryId ?? "");
    expect(event).toMatchObject({ name: "deliveries.replayed", envelope: { payload: { channel: "email", deliveryIds: expect.arrayContaining(letters.map(({ deliveryId }) => deliveryId)) } } });
    for (const { id } of letters) {
      expect(await deliverAll(id)).toMatchObject({ sent: 1 });
      expect(await deliveryRows(id)).toMatchObject([{ state: "sent", generation: 2, cause: null }]);
    }
    expect((await deadLetters(ada, {})).items.filter(({ id }) => letters.some(({ deliveryId }) => deliveryId === id))).toEqual([]);
  });

  test("that a newer message has overtaken are not sent again, and say so", async () => {
    const address = guest();
    const { id, deliveryId } = await failedTo(address);
    await retitle(id, "Plan B");
    await fanOutAll(id);
    expect(await later(61, () => deliverAll(id))).toMatchObject({ sent: 1 });
    expect((await deadLetters(ada, {})).items.find((item) => item.id === deliveryId)).toMatchObject({ overtaken: true });
    await expect(sendAgain(ada, deliveryId, async () => true)).rejects.toMatchObject({ code: "OVERTAKEN" });
    await expect(replayDelivery(ada, deliveryId)).rejects.toMatchObject({ code: "OVERTAKEN" });
    expect(await replayAll(ada, { notificationId: (await deliveryRows(id))[0]?.notificationId })).toEqual({ replayed: 0, overtaken: 1, more: false });
    expect(await deliveryRows(id)).toMatchObject([{ state: "skipped", reason: "nothing-changed" }, { state: "sent" }]);
    expect(await mailsTo(address)).toHaveLength(1);
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
    const [call] = callsOf(email, ready);
    if (!call) throw new Error("nothing to send");
    await keepMessages(tenant, call.messages.map(({ delivery, message }) => ({ id: delivery.id, message, callKey: delivery.callKey ?? "" })));
    expect(await email.send(call.messages)).toMatchObject([{ ok: true }]);
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
