import { createECDH } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPush, type PushEngine } from "@/local/push/server";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { PushNotice } from "@/lib/platform/push-message";
import { parseInput } from "@/lib/platform/validation";
import { subjects } from "@/inngest/subjects";
import { cancelMeeting, changeMeeting, scheduleMeeting } from "@/lib/meetings/commands";
import { changeMeetingInput, scheduleMeetingInput } from "@/lib/meetings/inputs";
import { memberOfPerson, type Member } from "@/lib/organizations/actor";
import { createOrganization } from "@/lib/organizations/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { bringDeviceHere, changeDevice, registerDevice, revokeDevice } from "../devices/commands";
import { registerDeviceInput } from "../devices/inputs";
import { devices } from "../devices/tables";
import { fanOut } from "../fan-out/commands";
import { markRead } from "../inbox/commands";
import { inboxCount } from "../inbox/queries";
import { mute, setSchedule } from "../preferences/commands";
import { channels } from "../registry";
import { releaseHeld } from "../releases/commands";
import { deliver } from "../sending/commands";
import { attemptRows, deliveryRows, eventsAbout } from "../testing";
import { topicOf } from "./push";

const ecdh = createECDH("prime256v1");
const engine = await startPush({ port: 0 });
useTestDatabase({
  OUTBOUND_ALLOW: `127.0.0.1:${engine.port}`,
  VAPID_PUBLIC_KEY: ecdh.generateKeys("base64url"),
  VAPID_PRIVATE_KEY: ecdh.getPrivateKey("base64url"),
  FCM_SERVICE_ACCOUNT: engine.firebase.serviceAccount(),
  FCM_BASE_URL: engine.url,
  MEETING_MERGE_SECONDS: "0",
});
afterAll(() => engine.close());

type Browser = ReturnType<PushEngine["newSubscription"]> & { deviceId: string };

let ada: Member;
/** A new colleague for each test, with one browser. */
let bora: Member;
let browser: Browser;
let serial = 0;
beforeAll(async () => {
  ada = (await foundOrganization("ada@push.example", "Here")).owner;
});
beforeEach(async () => {
  engine.control({ mode: "ok" });
  bora = await joinAs(ada, `bora${(serial += 1)}@push.example`);
  browser = await newBrowser(bora);
});

async function newBrowser(member: Member): Promise<Browser> {
  const subscription = engine.newSubscription(process.env.VAPID_PUBLIC_KEY);
  const { device } = await registerDevice(member, parseInput(registerDeviceInput, { kind: "webpush", ...subscription.json }), null);
  return Object.assign(subscription, { deviceId: device.id });
}

const book = async (over: object = {}) => {
  const input = { title: "Plan", startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees: [{ memberId: bora.id }], ...over };
  const { meetingId } = await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input));
  await fanOutAll(meetingId);
  return meetingId;
};
const fanOutAll = async (id: string) => {
  for (const { name, envelope } of await eventsAbout(id)) await fanOut(systemTenant(envelope.organizationId), name, envelope);
};
const sleep = async () => undefined;
const tenant = () => systemTenant(ada.organizationId);
const run = (ids: string[]) => deliver(tenant(), channels.push, ids, subjects, { sleep });
const deliverAll = async (id: string) => run((await deliveryRows(id, "push")).map((row) => row.id));
const told = (which = browser) => which.payloads<PushNotice>();
const rowOf = async (id: string) => (await asSystem("devices", (tx) => tx.select().from(devices).where(eq(devices.id, id))))[0];

describe("a push", () => {
  test("says what happened, where it leads, and how many wait; once a device", async () => {
    const second = await newBrowser(bora);
    const id = await book({ title: "기획 ☕" });
    expect(await deliverAll(id)).toMatchObject({ sent: 2, skipped: 0, failed: 0 });
    await deliverAll(id);
    const { unread, version } = await inboxCount(bora);
    for (const which of [browser, second]) {
      expect(told(which)).toMatchObject([
        { title: "기획 ☕", body: expect.stringContaining("ada invites you") as string, url: `/here/meetings/${id}`, tag: topicOf(id), organization: "here", badge: { unread } },
      ]);
      expect(told(which)[0]?.badge.version).toBeLessThanOrEqual(version);
      expect(which.accepted).toMatchObject([{ topic: topicOf(id), urgency: "normal", ttlSeconds: 72 * 3600, fault: null }]);
    }
    expect((await attemptRows((await deliveryRows(id, "push"))[0]?.id ?? "")).map(({ statusCode, succeeded }) => [statusCode, succeeded])).toEqual([[201, true]]);
  });

  test("is not repeated by ten runs at once", async () => {
    const id = await book();
    await Promise.all(Array.from({ length: 10 }, () => deliverAll(id)));
    expect(browser.accepted).toHaveLength(1);
  });

  test("of a change replaces the one before it on the way and on the screen", async () => {
    browser.goOffline();
    const id = await book();
    await deliverAll(id);
    await changeMeeting(ada, id, parseInput(changeMeetingInput, { title: "Plan B" }));
    await fanOutAll(id);
    await deliverAll(id);
    browser.goOnline();
    expect(told()).toMatchObject([{ title: expect.stringContaining("Plan B") as string, tag: topicOf(id) }]);
  });

  test("keeps its words off the lock screen for who asked for that", async () => {
    await setSchedule(bora, { pushDetails: false });
    await deliverAll(await book({ title: "Secret" }));
    expect(told()).toMatchObject([{ title: "An invitation" }]);
    expect(JSON.stringify(told())).not.toContain("Secret");
    expect(told()[0]).not.toHaveProperty("body");
  });

  test("fits, whatever the words", async () => {
    const words = "📅".repeat(75);
    await deliverAll(await book({ title: words, location: words }));
    expect(Buffer.byteLength(browser.accepted[0]?.text ?? "")).toBeLessThanOrEqual(3_000);
    expect(told()).toHaveLength(1);
  });

  test("reaches a phone by Firebase, with its badge", async () => {
    const token = `phone:${bora.id}`;
    await registerDevice(bora, parseInput(registerDeviceInput, { kind: "fcm", token, name: "Phone" }), null);
    const id = await book();
    expect(await deliverAll(id)).toMatchObject({ sent: 2 });
    const [message] = engine.firebase.messages.filter((one) => one.token === token);
    expect(message?.message).toMatchObject({ notification: { title: "Plan" }, data: { url: `/here/meetings/${id}` }, apns: { payload: { aps: { badge: 1 } } } });
  });

  test("of several things to one device arrive in the order in which they happened", async () => {
    const ids = [await book({ title: "One" }), await book({ title: "Two", startsAt: "2031-03-04T01:00:00Z", endsAt: "2031-03-04T02:00:00Z" }), await book({ title: "Three", startsAt: "2031-03-05T01:00:00Z", endsAt: "2031-03-05T02:00:00Z" })];
    const rows = (await Promise.all(ids.map((id) => deliveryRows(id, "push")))).flat();
    // Also when the first of them takes its time.
    engine.control({ mode: "slow", count: 1, delayMs: 300 });
    await run(rows.map(({ id }) => id));
    expect(told().map(({ title }) => title)).toEqual(["One", "Two", "Three"]);
  });
});

describe("nothing is pushed", () => {
  const skipped = async (id: string, reason: string) => {
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(await deliveryRows(id, "push")).toMatchObject([{ state: "skipped", reason }]);
    expect(browser.accepted).toEqual([]);
  };

  test("of what was read meanwhile, or a later line of its thread", async () => {
    const id = await book();
    const receiver = await asSystem("devices", (tx) => tx.execute<{ id: string }>(sql`select id from receivers where member_id = ${bora.id}`));
    await markRead(bora, { ids: receiver.map((row) => row.id) });
    await skipped(id, "read");
  });

  test("to a device that was ended", async () => {
    const id = await book();
    await revokeDevice(bora, browser.deviceId);
    await skipped(id, "device-gone");
  });

  test("to a device that stands in another organization now", async () => {
    const id = await book();
    await createOrganization({ ...bora, id: bora.userId }, { name: `Other ${serial}` });
    const elsewhere = await memberOfPerson({ id: bora.userId }, `other-${serial}`);
    if (!elsewhere) throw new Error("no second organization");
    await bringDeviceHere(elsewhere, { endpoint: browser.json.endpoint });
    await skipped(id, "elsewhere");
  });

  test("to a device that stands in another workspace than what happened", async () => {
    const workspaces = await asSystem("devices", (tx) => tx.execute<{ id: string }>(sql`
      insert into workspaces (id, organization_id, name, slug) values (${`wsp_test${serial}a`}, ${ada.organizationId}, 'A', ${`a${serial}`}), (${`wsp_test${serial}b`}, ${ada.organizationId}, 'B', ${`b${serial}`}) returning id`));
    const id = await book();
    await asSystem("devices", async (tx) => {
      await tx.execute(sql`update notifications set workspace_id = ${workspaces[0]?.id} where subject_id = ${id}`);
      await tx.execute(sql`update devices set workspace_id = ${workspaces[1]?.id} where id = ${browser.deviceId}`);
    });
    await skipped(id, "elsewhere");
    await expect(changeDevice(bora, browser.deviceId, { workspaceId: workspaces[0]?.id ?? "" })).rejects.toMatchObject({ code: "INVALID" });
  });

  test("of an invitation to a meeting that is cancelled", async () => {
    const id = await book();
    await cancelMeeting(ada, id, {});
    expect(await deliverAll(id)).toMatchObject({ sent: 0, skipped: 1 });
    expect(browser.accepted).toEqual([]);
  });

  test("to who was removed", async () => {
    const id = await book();
    await asSystem("devices", (tx) => tx.execute(sql`update members set removed_at = now() where id = ${bora.id}`));
    await skipped(id, "member-removed");
  });
});

describe("a push service", () => {
  test.each(["gone", "unknown"] as const)("that knows the subscription no more (%s) ends the device; the others are served", async (state) => {
    const living = await newBrowser(bora);
    browser.state = state;
    const id = await book();
    expect(await deliverAll(id)).toMatchObject({ sent: 1, failed: 1 });
    expect(await rowOf(browser.deviceId)).toMatchObject({ endReason: "gone" });
    expect((await deliveryRows(id, "push")).find(({ deviceId }) => deviceId === browser.deviceId)).toMatchObject({ state: "failed", cause: "gone" });
    expect(told(living)).toHaveLength(1);
    const next = await book({ startsAt: "2031-04-03T01:00:00Z", endsAt: "2031-04-03T02:00:00Z" });
    expect(await deliveryRows(next, "push")).toMatchObject([{ deviceId: living.deviceId }]);
  });

  test("that removed the app from a phone ends the device", async () => {
    const token = `removed:${bora.id}`;
    const { device } = await registerDevice(bora, parseInput(registerDeviceInput, { kind: "fcm", token, name: "Phone" }), null);
    engine.firebase.unregister(token);
    expect(await deliverAll(await book())).toMatchObject({ sent: 1, failed: 1 });
    expect(await rowOf(device.id)).toMatchObject({ endReason: "gone" });
  });

  test.each(["rate-limit", "server-error", "drop-before-accept"] as const)("in trouble (%s) is asked again, and the push arrives once", async (mode) => {
    engine.control({ mode, count: 2, retryAfterSeconds: 0 });
    const id = await book();
    expect(await deliverAll(id)).toMatchObject({ sent: 1 });
    expect(browser.accepted).toHaveLength(1);
  });

  test("that accepted and lost the answer gets it twice, and the screen shows it once", async () => {
    engine.control({ mode: "drop-after-accept", count: 1 });
    await deliverAll(await book());
    expect(browser.accepted).toHaveLength(2);
    expect(new Set(told().map(({ tag }) => tag)).size).toBe(1);
  });

  test("whose address leads into this machine is not called: the delivery says so", async () => {
    const id = await book();
    await asSystem("devices", (tx) => tx.update(devices).set({ endpoint: `https://127.0.0.1/push/x` }).where(eq(devices.id, browser.deviceId)));
    expect(await deliverAll(id)).toMatchObject({ sent: 0, failed: 1 });
    expect(await deliveryRows(id, "push")).toMatchObject([{ state: "failed", cause: "bad-request" }]);
    expect(engine.calls.filter(({ address }) => address.includes("/push/x"))).toEqual([]);
  });
});

describe("what was held", () => {
  const hold = () => mute(bora, "hour");
  const release = async (meanwhile = async (): Promise<unknown> => undefined) => clock.at(new Date(clock.nowMs() + 3_700_000), async () => {
    const batches = await releaseHeld(tenant(), [bora.id]);
    const ids = batches.filter(({ channel }) => channel === "push").flatMap(({ deliveryIds }) => deliveryIds);
    await meanwhile();
    return run(ids);
  });

  test("comes as one push with the newest lines, and leaves out what was read meanwhile", async () => {
    await hold();
    const days = ["05", "06", "07", "08", "09"];
    const ids: string[] = [];
    for (const day of days) ids.push(await book({ title: `Day ${day}`, startsAt: `2031-03-${day}T01:00:00Z`, endsAt: `2031-03-${day}T02:00:00Z` }));
    for (const id of ids) expect(await deliveryRows(id, "push")).toMatchObject([{ state: "held" }]);
    await markRead(bora, { subject: ids[0] });
    await release(() => markRead(bora, { subject: ids[1] }));
    const [notice, ...more] = told();
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ title: expect.stringContaining("3") as string, url: "/here/inbox", receiverId: null });
    expect(notice?.body).toMatch(/Day 09[\s\S]*Day 08[\s\S]*Day 07/);
    expect(notice?.body).not.toMatch(/Day 0[56]/);
  });

  test("is left out where the device stands in another workspace by then", async () => {
    const [here, there] = (await asSystem("devices", (tx) => tx.execute<{ id: string }>(sql`
      insert into workspaces (id, organization_id, name, slug) values (${`wsp_test${serial}c`}, ${ada.organizationId}, 'C', ${`c${serial}`}), (${`wsp_test${serial}d`}, ${ada.organizationId}, 'D', ${`d${serial}`}) returning id`))).map(({ id }) => id);
    await hold();
    const ids = [await book({ title: "Here" }), await book({ title: "There" }), await book({ title: "There, too" })];
    const place = (workspace: string | undefined, id: string | undefined) => asSystem("devices", (tx) => tx.execute(sql`update notifications set workspace_id = ${workspace} where subject_id = ${id}`));
    await place(here, ids[0]);
    await place(there, ids[1]);
    await place(there, ids[2]);
    await release(() => asSystem("devices", (tx) => tx.execute(sql`update devices set workspace_id = ${here} where id = ${browser.deviceId}`)));
    expect(told()).toMatchObject([{ title: "Here", url: `/here/meetings/${ids[0]}` }]);
  });

  test("and is one thing only comes as itself", async () => {
    await hold();
    const id = await book({ title: "Alone" });
    await release();
    expect(told()).toMatchObject([{ title: "Alone", url: `/here/meetings/${id}` }]);
  });
});
