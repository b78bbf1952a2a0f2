import { createHmac, randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startMail } from "@/local/mail/server";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { sendSignInMail } from "@/lib/platform/auth/sign-in-mail";
import { parseInput } from "@/lib/platform/validation";
import { subjects } from "@/inngest/subjects";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { scheduleMeetingInput } from "@/lib/meetings/inputs";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { fanOut } from "../fan-out/commands";
import { channels } from "../registry";
import { deliver } from "../sending/commands";
import { deliveries } from "../tables";
import { deliveryRows, eventsAbout, mailFolder } from "../testing";
import { forgetReports, handleReports, keepReport, liftMyStop } from "./commands";
import { myMailStop, stoppedAddresses } from "./queries";
import { mailReports } from "./tables";

// Next's own `after` works inside a request only; nothing here needs what it does.
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const secret = `whsec_${randomBytes(24).toString("base64")}`;
const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
useTestDatabase({ RESEND_BASE_URL: engine.url, RESEND_API_KEY: apiKey, RESEND_WEBHOOK_SECRET: secret });
afterAll(() => engine.close());

let ada: Member;
let bora: Member;
let post: (request: Request) => Promise<Response>;
beforeAll(async () => {
  ada = (await foundOrganization("ada@reports.example", "Reports")).owner;
  bora = await joinAs(ada, "bora@reports.example");
  const { POST } = await import("@/app/webhook/resend/route");
  post = (request) => POST(request, { params: Promise.resolve({}) });
});

let serial = 0;
interface Change {
  type?: string;
  to?: string[];
  at?: Date;
  data?: object;
}

const reportOf = ({ type = "email.bounced", to = ["nobody@out.example"], at = new Date(), data = {} }: Change = {}) => ({
  type,
  created_at: at.toISOString(),
  data: { email_id: "none", from: "Moim <moim@moim.example>", to, subject: "Hello", tags: {}, bounce: { type: "Permanent", subType: "General", message: "No such user" }, ...data },
});

/** https://docs.svix.com/receiving/verifying-payloads/how-manual, written out: what verifies is another implementation, the SDK's. */
const signatureOf = (key: string, id: string, at: Date, body: string) =>
  `v1,${createHmac("sha256", Buffer.from(key.slice("whsec_".length), "base64")).update(`${id}.${Math.floor(at.getTime() / 1000)}.${body}`).digest("base64")}`;

function signed(body: string, { id = `msg_${(serial += 1)}`, at = new Date(), key = secret } = {}): Request {
  const headers = { "svix-id": id, "svix-timestamp": String(Math.floor(at.getTime() / 1000)), "svix-signature": signatureOf(key, id, at, body) };
  return new Request("http://localhost:3000/webhook/resend", { method: "POST", body, headers });
}
const report = async (change: Change, id?: string) => {
  const response = await post(signed(JSON.stringify(reportOf(change)), { id }));
  return { status: response.status, body: (await response.json()) as { report?: string; code?: string } };
};
const storedReports = () => asSystem("mail-stops", (tx) => tx.select().from(mailReports));
const toldAbout = async (address: string) =>
  (await asSystem("relay", (tx) => tx.select().from(outboxEvents).where(eq(outboxEvents.name, "mail.stopped")))).filter(({ payload }) => payload.address === address);

async function sentMail(attendee: object): Promise<typeof deliveries.$inferSelect> {
  const input = { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees: [attendee] };
  const { meetingId } = await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input));
  for (const { name, envelope } of await eventsAbout(meetingId)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
  return deliverAll(meetingId);
}
async function deliverAll(meetingId: string) {
  const ids = (await deliveryRows(meetingId)).map(({ id }) => id);
  await deliver(systemTenant(ada.organizationId), channels.email, ids, subjects);
  const [row] = await deliveryRows(meetingId);
  if (!row) throw new Error("no delivery");
  return row;
}

describe("a report of the provider", () => {
  test("is kept once, however often it is repeated", async () => {
    const id = "msg_repeated";
    expect(await report({}, id)).toMatchObject({ status: 200, body: { report: "kept" } });
    expect(await report({}, id)).toMatchObject({ status: 200, body: { report: "known" } });
    expect((await storedReports()).filter((row) => row.id === id)).toHaveLength(1);
  });

  test("ten times at once is kept once", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => report({}, "msg_at_once")));
    expect(answers.filter(({ body }) => body.report === "kept")).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test.each([
    ["signed with another secret", () => signed(JSON.stringify(reportOf()), { key: `whsec_${randomBytes(24).toString("base64")}` })],
    ["older than five minutes", () => signed(JSON.stringify(reportOf()), { at: new Date(Date.now() - 301_000) })],
    ["from the future", () => signed(JSON.stringify(reportOf()), { at: new Date(Date.now() + 301_000) })],
    ["altered", () => new Request(signed("{}").url, { method: "POST", headers: signed("{}").headers, body: JSON.stringify(reportOf()) })],
    ["under another id", () => new Request("http://localhost/", { method: "POST", body: "{}", headers: { ...Object.fromEntries(signed("{}").headers), "svix-id": "msg_other" } })],
  ])("that is %s is refused", async (_, make) => {
    const before = await storedReports();
    const response = await post(make());
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "SIGNATURE_INVALID" });
    expect(await storedReports()).toHaveLength(before.length);
  });

  test("is verified over its very bytes: the same JSON in other spacing is another message", async () => {
    const body = JSON.stringify(reportOf());
    const request = signed(body);
    const spaced = new Request(request.url, { method: "POST", headers: request.headers, body: JSON.stringify(JSON.parse(body), null, 1) });
    expect((await post(spaced)).status).toBe(403);
  });

  test("agrees with a signature made by hand, and with several of which one fits", async () => {
    const body = JSON.stringify(reportOf());
    const at = Math.floor(Date.now() / 1000);
    const mac = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64")).update(`msg_hand.${at}.${body}`).digest("base64");
    const headers = { "svix-id": "msg_hand", "svix-timestamp": String(at), "svix-signature": `v1,AAAA v2,${mac} v1,${mac}` };
    expect((await post(new Request("http://localhost/", { method: "POST", body, headers }))).status).toBe(200);
  });

  test("in bytes that only look like what was signed once they are read as text is refused", async () => {
    const headers = Object.fromEntries(signed("{\"a\":\"\uFFFD\"}").headers);
    const bytes = Buffer.concat([Buffer.from("{\"a\":\""), Buffer.from([0xff]), Buffer.from("\"}")]);
    expect((await post(new Request("http://localhost/", { method: "POST", body: bytes, headers }))).status).toBe(400);
  });

  test("without its headers, or that is no JSON object, is said to be malformed", async () => {
    expect((await post(new Request("http://localhost/", { method: "POST", body: "{}" }))).status).toBe(400);
    for (const body of ["", "no json", "[]", "null", "7"]) expect((await post(signed(body))).status).toBe(400);
  });

  test("of more than 1 MB is not read to its end", async () => {
    expect((await post(signed(JSON.stringify(reportOf({ data: { subject: "x".repeat(1_100_000) } }))))).status).toBe(413);
  });

  test.each(["email.opened", "contact.created", "something.new"])("of the kind %s is answered and not kept", async (type) => {
    expect(await report({ type }, `msg_${type}`)).toMatchObject({ status: 200, body: { report: "ignored" } });
    expect((await storedReports()).some(({ id }) => id === `msg_${type}`)).toBe(false);
  });

  test("with characters that no database holds is kept all the same", async () => {
    expect(await report({ data: { subject: "a\u0000b" } }, "msg_nul")).toMatchObject({ body: { report: "kept" } });
  });

  test("from any site is heard: it is proven by its signature and by no cookie", async () => {
    const request = signed(JSON.stringify(reportOf()));
    request.headers.set("origin", "https://elsewhere.example");
    expect((await post(request)).status).toBe(200);
  });

  test("is forgotten after a month", async () => {
    await report({}, "msg_old");
    await clock.at(new Date(Date.now() + 31 * 24 * 3600_000), () => forgetReports());
    expect(await storedReports()).toEqual([]);
  });
});

describe("what is reported", () => {
  test("a mail that bounced for good stops the address; the delivery says so; nothing goes there any more", async () => {
    const first = await sentMail({ email: "Gone@Out.example" });
    expect(first.state).toBe("sent");
    await report({ to: ["Gone <GONE@out.example>"], data: { email_id: first.providerId, tags: { delivery: first.id } } });
    expect(await handleReports()).toMatchObject({ stopped: ["gone@out.example"] });
    expect(await deliveryRows(first.notificationId).then(() => asSystem("sweep", (tx) => tx.select().from(deliveries).where(eq(deliveries.id, first.id))))).toMatchObject([
      { state: "failed", cause: "gone", reason: expect.stringContaining("No such user") as string },
    ]);
    expect(await stoppedAddresses(["GONE@out.example", "other@out.example"])).toEqual(new Map([["gone@out.example", "bounce"]]));
    expect(await sentMail({ email: "gone@out.example" })).toMatchObject({ state: "skipped", reason: "bounce", attemptCount: 0 });
  });

  test("a full mailbox does not: the next mail is tried", async () => {
    const first = await sentMail({ email: "full@out.example" });
    await report({ to: ["full@out.example"], data: { email_id: first.providerId, tags: { delivery: first.id }, bounce: { type: "Transient", subType: "MailboxFull", message: "Full" } } });
    await handleReports();
    expect(await stoppedAddresses(["full@out.example"])).toEqual(new Map());
    expect(await asSystem("sweep", (tx) => tx.select().from(deliveries).where(eq(deliveries.id, first.id)))).toMatchObject([{ state: "failed", cause: "exhausted" }]);
    expect(await sentMail({ email: "full@out.example" })).toMatchObject({ state: "sent" });
  });

  test.each([
    ["email.complained", {}, "complaint"],
    ["email.suppressed", { suppressed: { type: "OnAccountSuppressionList", message: "bounced before" } }, "bounce"],
    ["email.suppressed", { suppressed: { type: "complaint", message: "" } }, "complaint"],
    ["email.bounced", { bounce: { type: "Undetermined", subType: "Undetermined", message: "" } }, undefined],
    ["email.delivered", {}, undefined],
    ["email.delivery_delayed", {}, undefined],
    ["email.failed", { failed: { reason: "reached_daily_quota" } }, undefined],
  ])("%s %o: %s", async (type, data, reason) => {
    const address = `kind${(serial += 1)}@out.example`;
    await report({ type, to: [address], data });
    await handleReports();
    expect((await stoppedAddresses([address])).get(address)).toBe(reason);
  });

  test("a complaint leaves the delivery sent: it arrived", async () => {
    const first = await sentMail({ email: "angry@out.example" });
    await report({ type: "email.complained", to: ["angry@out.example"], data: { email_id: first.providerId, tags: { delivery: first.id } } });
    await handleReports();
    expect(await asSystem("sweep", (tx) => tx.select().from(deliveries).where(eq(deliveries.id, first.id)))).toMatchObject([{ state: "sent" }]);
    expect(await sentMail({ email: "angry@out.example" })).toMatchObject({ state: "skipped", reason: "complaint" });
  });

  test("before the mail's own answer was recorded waits for that, but stops the address at once", async () => {
    const first = await sentMail({ email: "quick@out.example" });
    const setState = (state: "sending" | "sent") => asSystem("sweep", (tx) => tx.update(deliveries).set({ state }).where(eq(deliveries.id, first.id)));
    await setState("sending");
    await report({ to: ["quick@out.example"], data: { email_id: first.providerId, tags: { delivery: first.id } } });
    expect(await handleReports()).toMatchObject({ waiting: 1, stopped: ["quick@out.example"] });
    await setState("sent");
    expect(await handleReports()).toMatchObject({ waiting: 0, stopped: [] });
    expect(await asSystem("sweep", (tx) => tx.select().from(deliveries).where(eq(deliveries.id, first.id)))).toMatchObject([{ state: "failed" }]);
  });

  test("about an earlier mail of the delivery says nothing about the one that was sent again", async () => {
    const first = await sentMail({ email: "again@out.example" });
    await report({ to: ["again@out.example"], data: { email_id: "another", tags: { delivery: first.id } } });
    await handleReports();
    expect(await asSystem("sweep", (tx) => tx.select().from(deliveries).where(eq(deliveries.id, first.id)))).toMatchObject([{ state: "sent" }]);
  });
});

describe("a member whose address takes no mail", () => {
  const bounce = async (at = new Date()) => {
    await report({ to: [bora.email], at });
    return handleReports();
  };

  test("hears of it in every organization of theirs, once", async () => {
    const other = (await foundOrganization("sid@reports.example", "Elsewhere")).owner;
    await joinAs(other, bora.email);
    await bounce();
    await bounce();
    const told = await toldAbout(bora.email);
    expect(told.map(({ organizationId }) => organizationId).sort()).toEqual([ada.organizationId, other.organizationId].sort());
    expect(await myMailStop(bora)).toMatchObject({ address: bora.email, reason: "bounce", detail: expect.stringContaining("No such user") as string });
    expect(await myMailStop(ada)).toBeNull();
  });

  test("still gets sign-in links: they are the only way to where the stop is lifted", async () => {
    await sendSignInMail(bora.email, "http://localhost:3000/sign-in/confirm?token=x", "en");
    expect(await (await fetch(`${engine.url}/messages?to=${bora.email}`)).json()).toHaveLength(1);
  });

  test("lifts it: mail goes there again, until it comes back again", async () => {
    await liftMyStop(bora);
    expect(await myMailStop(bora)).toBeNull();
    expect(await sentMail({ memberId: bora.id })).toMatchObject({ state: "sent" });
    // A late report about a mail from before: it says nothing about now.
    await bounce(new Date(Date.now() - 3_600_000));
    expect(await myMailStop(bora)).toBeNull();
    await bounce(new Date(Date.now() + 1_000));
    expect(await myMailStop(bora)).not.toBeNull();
    expect(await toldAbout(bora.email)).toHaveLength(4);
  });

  test("cannot lift what is not stopped, nor for ever anew", async () => {
    await expect(liftMyStop(ada)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const tries = await Promise.all(Array.from({ length: 12 }, () => liftMyStop(ada).catch((error: unknown) => (error instanceof Refused ? error.code : error))));
    expect(tries).toContain("TOO_MANY_REQUESTS");
  });
});

test("without a secret no report is taken", async () => {
  const { readMailReport } = await import("@/lib/platform/mail");
  const { env } = await import("@/lib/platform/env");
  const held = env().RESEND_WEBHOOK_SECRET;
  Object.assign(env(), { RESEND_WEBHOOK_SECRET: undefined });
  expect(() => readMailReport(Buffer.from("{}"), signed("{}").headers)).toThrow(/RESEND_WEBHOOK_SECRET/);
  Object.assign(env(), { RESEND_WEBHOOK_SECRET: held });
  expect(await keepReport({ id: "msg_direct", body: reportOf() })).toBe("kept");
});
