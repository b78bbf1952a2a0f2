import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startMail } from "@/local/mail/server";
import { asSystem, inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parkEvent } from "@/lib/platform/outbox/parking";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { parseInput } from "@/lib/platform/validation";
import { subjects } from "@/inngest/subjects";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { scheduleMeetingInput } from "@/lib/meetings/inputs";
import type { Member } from "@/lib/organizations/actor";
import { auditLog } from "@/lib/organizations/queries";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { createApiToken } from "@/lib/organizations/tokens/commands";
import type { Scope } from "@/lib/organizations/tokens/inputs";
import { fanOut } from "../fan-out/commands";
import { channels } from "../registry";
import { deliver } from "../sending/commands";
import { deliveryRows, eventsAbout, mailFolder } from "../testing";
import { replayParkedEvents } from "./commands";
import { searchDeliveriesInput, type SearchDeliveriesInput } from "./inputs";
import { attemptsOf } from "./attempts/queries";
import { deadEvents, deadGroups, failureRates, providerStates } from "./health/queries";
import { searchDeliveries } from "./queries";
import { traceNotification } from "./trace/queries";

// Next's own `after` works inside a request only; nothing here needs what it does.
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
useTestDatabase({ RESEND_BASE_URL: engine.url, RESEND_API_KEY: apiKey });
afterAll(() => engine.close());
const control = (rule: object) => fetch(`${engine.url}/control`, { method: "POST", body: JSON.stringify(rule) });

let ada: Member;
let bora: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@console.example", "Console")).owner;
  bora = await joinAs(ada, "bora@console.example");
  stranger = (await foundOrganization("sid@stranger.example", "Stranger")).owner;
});
beforeEach(() => control({ mode: "ok" }));

let serial = 0;
const guest = () => `guest${(serial += 1)}@out.example`;

async function book(...attendees: object[]): Promise<string> {
  const input = { title: "A secret title", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees };
  const { meetingId } = await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input));
  for (const { name, envelope } of await eventsAbout(meetingId)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
  await deliverAll(meetingId);
  return meetingId;
}
const deliverAll = async (meetingId: string) =>
  deliver(systemTenant(ada.organizationId), channels.email, (await deliveryRows(meetingId)).map(({ id }) => id), subjects);
async function refused(): Promise<{ address: string; id: string; notificationId: string; meetingId: string }> {
  const address = guest();
  await control({ mode: "refuse", match: { to: address } });
  const meetingId = await book({ email: address });
  await control({ mode: "ok" });
  const [row] = await deliveryRows(meetingId);
  return { address, meetingId, id: row?.id ?? "", notificationId: row?.notificationId ?? "" };
}
const search = (member: Member, input: Partial<Record<keyof SearchDeliveriesInput, string>> = {}) => searchDeliveries(member, parseInput(searchDeliveriesInput, input));

describe("the search", () => {
  test("finds by person, type, channel and state", async () => {
    const address = guest();
    await book({ email: address }, { memberId: bora.id });
    const byGuest = await search(ada, { person: address.toUpperCase() });
    expect(byGuest.deliveries).toMatchObject([{ address, memberId: null, type: "meeting.invited", channel: "email", state: "sent", lastAttempt: { succeeded: true, statusCode: 200 } }]);
    const byPart = await search(ada, { person: "bora@cons", channel: "email" });
    expect(byPart.deliveries.every(({ memberId }) => memberId === bora.id)).toBe(true);
    expect(byPart.deliveries).not.toEqual([]);
    expect((await search(ada, { person: address, state: "failed" })).deliveries).toEqual([]);
    expect((await search(ada, { person: address, type: "meeting.reminder" })).deliveries).toEqual([]);
    expect((await search(ada, { person: "100%_" })).deliveries).toEqual([]);
  });

  test("walks everything once, page by page, and keeps to its window", async () => {
    for (let time = 0; time < 3; time += 1) await book({ email: guest() }, { email: guest() });
    const all = (await search(ada, { limit: "100" })).deliveries.map(({ id }) => id);
    const walked: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await search(ada, { limit: "2", ...(cursor && { cursor }) });
      walked.push(...page.deliveries.map(({ id }) => id));
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(all);
    const now = Date.now();
    expect((await search(ada, { from: new Date(now + 60_000).toISOString() })).deliveries).toEqual([]);
    expect((await search(ada, { to: new Date(now - 3_600_000).toISOString() })).deliveries).toEqual([]);
    expect((await search(ada, { from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 60_000).toISOString(), limit: "100" })).deliveries).toHaveLength(all.length);
  });

  test("refuses a cursor of another list", async () => {
    await expect(search(ada, { cursor: "rcv_01je75m000e008000000000000" })).rejects.toMatchObject({ code: "INVALID" });
  });

  test("says that and how, never what", async () => {
    const { address, notificationId } = await refused();
    const shown = JSON.stringify([await search(ada, { person: address }), await traceNotification(ada, notificationId), await attemptsOf(ada, notificationId, { limit: 50 })]);
    expect(shown).not.toContain("A secret title");
  });

  test("is for those who run the organization, and shows theirs only", async () => {
    await expect(search(bora)).rejects.toMatchObject({ code: "FORBIDDEN" });
    for (const query of [failureRates, deadGroups, deadEvents]) await expect(query(bora)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(() => providerStates(bora)).toThrow();
    expect((await search(stranger)).deliveries).toEqual([]);
    expect(await failureRates(stranger)).toEqual([]);
    expect(await deadGroups(stranger)).toEqual([]);
  });
});

describe("the trace of one notification", () => {
  test("goes from the event over each decision to each call and its answer", async () => {
    const address = guest();
    const meetingId = await book({ email: address }, { memberId: bora.id });
    const [row] = await deliveryRows(meetingId);
    const trace = await traceNotification(ada, row?.notificationId ?? "");
    expect(trace).toMatchObject({
      notification: { type: "meeting.invited", category: "invitations" },
      event: { name: "meeting.scheduled" },
      counts: { receivers: 1 },
      receivers: [{ memberId: bora.id, decisions: { email: { verdict: "now" }, push: { verdict: "skip", why: "no-device" } } }],
      others: [{ address, attempts: [{ number: 1, succeeded: true, statusCode: 200 }] }],
    });
    expect(trace?.receivers[0]?.deliveries.map(({ channel }) => channel).sort()).toEqual(["email", "realtime"]);
  });

  test("is no one else's: another organization's does not exist, members have no such place", async () => {
    const { notificationId } = await refused();
    expect(await traceNotification(stranger, notificationId)).toBeNull();
    expect(await traceNotification(ada, "nonsense")).toBeNull();
    await expect(traceNotification(bora, notificationId)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("by its attempts shows admins everybody's, members their own, strangers nothing", async () => {
    const meetingId = await book({ email: guest() }, { memberId: bora.id });
    const [row] = await deliveryRows(meetingId);
    const id = row?.notificationId ?? "";
    expect((await attemptsOf(ada, id, { limit: 50 })).attempts).toHaveLength(2);
    expect((await attemptsOf(bora, id, { limit: 50 })).attempts).toMatchObject([{ memberId: bora.id }]);
    await expect(attemptsOf(stranger, id, { limit: 50 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const alone = (await deliveryRows(await book({ email: guest() })))[0]?.notificationId ?? "";
    await expect(attemptsOf(bora, alone, { limit: 50 })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const first = await attemptsOf(ada, id, { limit: 1 });
    const rest = await attemptsOf(ada, id, { limit: 50, cursor: first.nextCursor ?? "" });
    expect(new Set([...first.attempts, ...rest.attempts].map((attempt) => attempt.id)).size).toBe(2);
  });
});

describe("what failed", () => {
  test("is counted by channel and gathered by cause and reason", async () => {
    const { id } = await refused();
    const rate = (await failureRates(ada)).find(({ channel }) => channel === "email");
    expect(rate?.lastHour.failed).toBeGreaterThan(0);
    expect(rate?.lastWeek.calls).toBeGreaterThan(rate?.lastWeek.failed ?? 0);
    const groups = await deadGroups(ada);
    expect(groups).toMatchObject([{ channel: "email", cause: "bad-request", reason: expect.stringContaining("refused") as string }]);
    const failed = await search(ada, { state: "failed", limit: "100" });
    expect(failed.deliveries.map((one) => one.id)).toContain(id);
    expect(groups[0]?.count).toBe(failed.deliveries.length);
  });

  test("events that were parked are listed without what they carry, sent on once, and audited", async () => {
    const meetingId = await book({ email: guest() });
    const [event] = await eventsAbout(meetingId);
    await parkEvent(event?.envelope.eventId ?? "", "the payload breaks its contract");
    const [parked] = await deadEvents(ada);
    expect(parked).toMatchObject({ id: event?.envelope.eventId, name: "meeting.scheduled", reason: "the payload breaks its contract" });
    expect(parked).not.toHaveProperty("payload");
    await expect(replayParkedEvents(bora, "all")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(replayParkedEvents(stranger, [event?.envelope.eventId ?? ""])).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await replayParkedEvents(ada, [event?.envelope.eventId ?? ""])).toBe(1);
    await expect(replayParkedEvents(ada, [event?.envelope.eventId ?? ""])).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await deadEvents(ada)).toEqual([]);
    expect((await auditLog(ada)).entries[0]).toMatchObject({ action: "event.replayed", subject: "1" });
    expect(await inTenant(ada, (tx) => tx.select({ parkedAt: outboxEvents.parkedAt }).from(outboxEvents).where(eq(outboxEvents.id, event?.envelope.eventId ?? "")))).toEqual([{ parkedAt: null }]);
  });
});

describe("the API", () => {
  test("shows an admin's token for their own notifications nobody else's", async () => {
    const meetingId = await book({ email: guest() }, { memberId: bora.id });
    const id = (await deliveryRows(meetingId))[0]?.notificationId ?? "";
    const path = `/api/notifications/${id}/attempts`;
    expect((await call("GET", path, ada, ["notifications:read"])).status).toBe(404);
    expect(await (await call("GET", path, bora, ["notifications:read"])).json()).toMatchObject({ attempts: [{ memberId: bora.id }] });
    expect(((await (await call("GET", path, ada, ["deliveries:read"])).json()) as { attempts: unknown[] }).attempts).toHaveLength(2);
    expect((await call("GET", path, ada, ["meetings:read"])).status).toBe(403);
  });

  test("searches before and after all time", async () => {
    for (const year of ["0001", "9999"]) expect((await call("GET", `/api/deliveries?from=${year}-01-01T00:00:00Z&to=${year}-01-02T00:00:00Z`, ada, ["deliveries:read"])).status).toBe(200);
  });

  const call = async (method: "GET" | "POST", path: string, member: Member, scopes: Scope[]) => {
    const { secret } = await createApiToken(member, { name: "test", scopes, days: 7 });
    const request = new Request(`http://localhost:3000${path}`, { method, headers: { authorization: `Bearer ${secret}` } });
    const [, , resource, id = ""] = new URL(request.url).pathname.split("/");
    if (resource === "notifications") return (await import("@/app/api/notifications/[id]/attempts/route")).GET(request, { params: Promise.resolve({ id }) });
    if (id) return (await import("@/app/api/deliveries/[id]/replay/route")).POST(request, { params: Promise.resolve({ id }) });
    return (await import("@/app/api/deliveries/route")).GET(request, { params: Promise.resolve({}) });
  };

  test("lists, traces and replays for an admin's token that may", async () => {
    const { id, address, notificationId, meetingId } = await refused();
    const listed = await call("GET", `/api/deliveries?state=failed&person=${address}`, ada, ["deliveries:read"]);
    expect(await listed.json()).toMatchObject({ deliveries: [{ id, cause: "bad-request", lastAttempt: { statusCode: 422 } }], nextCursor: null });
    const attempts = await call("GET", `/api/notifications/${notificationId}/attempts`, ada, ["deliveries:read"]);
    expect(await attempts.json()).toMatchObject({ attempts: [{ deliveryId: id, succeeded: false, statusCode: 422, address }] });
    expect((await call("POST", `/api/deliveries/${id}/replay`, ada, ["deliveries:write"])).status).toBe(202);
    await deliverAll(meetingId);
    expect(await (await fetch(`${engine.url}/messages?to=${address}`)).json()).toHaveLength(1);
    expect((await call("POST", `/api/deliveries/${id}/replay`, ada, ["deliveries:write"])).status).toBe(409);
    expect((await auditLog(ada)).entries[0]).toMatchObject({ action: "delivery.replayed" });
  });

  test("refuses members, tokens without the scope, and other organizations", async () => {
    const { id, notificationId } = await refused();
    expect((await call("GET", "/api/deliveries", bora, ["deliveries:read"])).status).toBe(403);
    expect((await call("GET", "/api/deliveries", ada, ["meetings:read"])).status).toBe(403);
    expect((await call("POST", `/api/deliveries/${id}/replay`, bora, ["deliveries:write"])).status).toBe(403);
    expect((await call("POST", `/api/deliveries/${id}/replay`, ada, ["deliveries:read"])).status).toBe(403);
    expect((await call("POST", `/api/deliveries/${id}/replay`, stranger, ["deliveries:write"])).status).toBe(404);
    expect((await call("GET", `/api/notifications/${notificationId}/attempts`, stranger, ["notifications:read"])).status).toBe(404);
    expect((await call("GET", "/api/deliveries?state=lost", ada, ["deliveries:read"])).status).toBe(422);
    expect((await call("GET", "/api/deliveries?person=a%00b", ada, ["deliveries:read"])).status).toBe(404);
  });
});

test("a search of one person walks that person's rows, however many others there are", async () => {
  const plan = await asSystem("sweep", async (tx) => {
    const { sql } = await import("drizzle-orm");
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute<{ "QUERY PLAN": string }>(
      sql`explain select id from deliveries where organization_id = ${ada.organizationId} and member_id is null and recipient = 'a@b.example' order by id desc limit 26`,
    );
  });
  expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("deliveries_guest");
});
