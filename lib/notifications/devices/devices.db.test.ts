import { createECDH } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPush } from "@/local/push/server";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { memberOfPerson } from "@/lib/organizations/actor";
import { createOrganization } from "@/lib/organizations/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { eventsAbout } from "../testing";
import { bringDeviceHere, changeDevice, endDevicesOf, registerDevice, revokeDevice } from "./commands";
import { registerDeviceInput } from "./inputs";
import { devicesById, devicesHere, myDevices } from "./queries";
import { devicesMax } from "./rules";
import { devices } from "./tables";
import { sendTestPush } from "./test-push/commands";

const ecdh = createECDH("prime256v1");
const engine = await startPush({ port: 0 });
useTestDatabase({
  OUTBOUND_ALLOW: `127.0.0.1:${engine.port}`,
  VAPID_PUBLIC_KEY: ecdh.generateKeys("base64url"),
  VAPID_PRIVATE_KEY: ecdh.getPrivateKey("base64url"),
  FCM_SERVICE_ACCOUNT: engine.firebase.serviceAccount(),
  FCM_BASE_URL: engine.url,
});
afterAll(() => engine.close());

let ada: Member;
let bora: Member;
let workspaceId: string;
/** Ada's second organization. */
let adaElsewhere: Member;
beforeAll(async () => {
  const here = await foundOrganization("ada@here.example", "Here");
  ({ owner: ada, workspaceId } = here);
  bora = await joinAs(ada, "bora@here.example");
  await createOrganization(here.person, { name: "Elsewhere" });
  const elsewhere = await memberOfPerson(here.person, "elsewhere");
  if (!elsewhere) throw new Error("no second organization");
  adaElsewhere = elsewhere;
});

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const inputOf = (over: object = {}, subscription = engine.newSubscription().json) => parseInput(registerDeviceInput, { kind: "webpush", ...subscription, ...over });
const register = (member: Member, over: object = {}, subscription = engine.newSubscription().json) => registerDevice(member, inputOf(over, subscription), chrome);
const rowOf = async (id: string) => (await asSystem("devices", (tx) => tx.select().from(devices).where(eq(devices.id, id))))[0];

describe("a browser that registers", () => {
  test("gets a name that people know it by, stands in the organization it registered for, and its person is told", async () => {
    const { device, created } = await register(ada);
    expect({ created, ...device }).toMatchObject({ created: true, name: "Chrome · Linux", organizationId: ada.organizationId, workspaceId: null, kind: "webpush" });
    expect(await devicesHere(ada)).toMatchObject([{ id: device.id }]);
    const [event, ...more] = await eventsAbout(device.id);
    expect(more).toEqual([]);
    // An actor is told nothing of what they did; this one is told because it may not have been them.
    expect(event).toMatchObject({ name: "device.added", envelope: { payload: { memberId: ada.id, actor: { memberId: null }, device: { name: "Chrome · Linux" } } } });
    await revokeDevice(ada, device.id);
  });

  test("again is the same device with its new keys, and nobody is told twice", async () => {
    const subscription = engine.newSubscription().json;
    const first = await register(ada, { name: "Laptop" }, subscription);
    const fresh = engine.newSubscription().json.keys;
    const second = await register(ada, {}, { endpoint: subscription.endpoint, keys: fresh });
    expect(second).toMatchObject({ created: false, device: { id: first.device.id, name: "Laptop" } });
    expect(await rowOf(first.device.id)).toMatchObject(fresh);
    expect(await eventsAbout(first.device.id)).toHaveLength(1);
  });

  test("under a new address is the same device still, when it says which it was", async () => {
    const old = engine.newSubscription().json;
    const { device } = await register(ada, { name: "Phone" }, old);
    const fresh = engine.newSubscription().json;
    expect(await register(ada, { replaces: old.endpoint }, fresh)).toMatchObject({ created: false, device: { id: device.id, name: "Phone" } });
    expect(await rowOf(device.id)).toMatchObject({ endpoint: fresh.endpoint, endedAt: null });
  });

  test("cannot take over somebody else's device by naming its address as the one it replaces", async () => {
    const theirs = engine.newSubscription().json;
    const { device } = await register(ada, {}, theirs);
    expect(await register(bora, { replaces: theirs.endpoint })).toMatchObject({ created: true });
    expect(await rowOf(device.id)).toMatchObject({ userId: ada.userId, endedAt: null });
  });

  test("after somebody else used it is theirs no more", async () => {
    const subscription = engine.newSubscription().json;
    const { device } = await register(bora, {}, subscription);
    const { device: mine } = await register(ada, {}, subscription);
    expect(await rowOf(device.id)).toMatchObject({ endReason: "replaced" });
    expect(mine.id).not.toBe(device.id);
    expect((await myDevices(bora)).map(({ id }) => id)).not.toContain(device.id);
  });

  test("ten times at once is one device", async () => {
    const subscription = engine.newSubscription().json;
    const made = await Promise.all(Array.from({ length: 10 }, () => register(bora, {}, subscription)));
    expect(new Set(made.map(({ device }) => device.id)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
  });

  test("follows the organization that is open on it, and leaves the other's workspace behind", async () => {
    const subscription = engine.newSubscription().json;
    const { device } = await register(ada, { workspaceId }, subscription);
    expect(await bringDeviceHere(adaElsewhere, { endpoint: subscription.endpoint })).toMatchObject({
      id: device.id,
      organizationId: adaElsewhere.organizationId,
      workspaceId: null,
    });
    expect(await devicesById(systemTenant(ada.organizationId), [device.id])).toEqual(new Map());
    expect((await myDevices(ada)).map(({ id }) => id)).toContain(device.id);
    expect((await devicesHere(ada)).map(({ id }) => id)).not.toContain(device.id);
    await bringDeviceHere(ada, { endpoint: subscription.endpoint });
    await changeDevice(ada, device.id, { workspaceId });
    expect(await register(adaElsewhere, {}, subscription)).toMatchObject({ created: false, device: { id: device.id, workspaceId: null } });
    await bringDeviceHere(ada, { endpoint: subscription.endpoint });
    await expect(bringDeviceHere(bora, { endpoint: subscription.endpoint })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("what cannot be pushed to is refused by its field", () => {
  const codes = (run: () => unknown): unknown => {
    try {
      run();
      return "accepted";
    } catch (error) {
      return (error as { fields: { path: string[]; code: string }[] }).fields.map(({ path, code }) => `${path.join(".")} ${code}`);
    }
  };
  const good = engine.newSubscription().json;
  const offCurve = Buffer.from(good.keys.p256dh, "base64url");
  offCurve[64] = (offCurve[64] ?? 0) ^ 1;

  test.each([
    ["too short a key", { keys: { ...good.keys, p256dh: good.keys.p256dh.slice(0, 80) } }, ["keys.p256dh push-key"]],
    ["a point beside the curve", { keys: { ...good.keys, p256dh: offCurve.toString("base64url") } }, ["keys.p256dh push-key"]],
    ["a secret of 15 bytes", { keys: { ...good.keys, auth: Buffer.alloc(15).toString("base64url") } }, ["keys.auth push-key"]],
    ["a key of other letters", { keys: { p256dh: "ключ", auth: "!!!" } }, ["keys.p256dh push-key", "keys.auth push-key"]],
    ["no keys", { keys: undefined }, ["keys required"]],
    ["an address of 3 kB", { endpoint: `https://push.example/${"x".repeat(3000)}` }, ["endpoint too-long"]],
    ["no address", { endpoint: "push" }, ["endpoint push-endpoint"]],
    ["an unknown kind", { kind: "pigeon" }, ["kind not-an-option"]],
  ])("%s", (_, over, faults) => {
    expect(codes(() => parseInput(registerDeviceInput, { kind: "webpush", ...good, ...over }))).toEqual(faults);
  });

  test.each(["https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://localhost/x", "http://push.example/x", "https://push.example:8443/x", "https://u:p@push.example/x"])(
    "%s",
    async (endpoint) => {
      await expect(register(ada, { endpoint })).rejects.toMatchObject({ code: "INVALID", fields: [{ path: ["endpoint"], code: "push-endpoint" }] });
    },
  );

  test("another organization's workspace, or one that the member is not in", async () => {
    await expect(register(bora, { workspaceId: "wsp_01kagc0000e00tz6d0tqv6rt1x" })).rejects.toMatchObject({ fields: [{ path: ["workspaceId"] }] });
    await expect(register(adaElsewhere, { workspaceId })).rejects.toMatchObject({ fields: [{ path: ["workspaceId"] }] });
  });

  test("one device too many", async () => {
    const cleo = await joinAs(ada, "cleo@here.example");
    for (let n = 0; n < devicesMax; n += 1) await register(cleo);
    await expect(register(cleo)).rejects.toMatchObject({ code: "TOO_MANY_DEVICES" });
    const [oldest] = await myDevices(cleo);
    await revokeDevice(cleo, oldest?.id ?? "");
    expect(await register(cleo)).toMatchObject({ created: true });
  });
});

describe("a device's owner", () => {
  test("renames it, chooses its workspace, and ends it; nobody else does", async () => {
    const { device } = await register(ada);
    expect(await changeDevice(ada, device.id, { name: "Kitchen", workspaceId })).toMatchObject({ name: "Kitchen", workspaceId });
    expect(await changeDevice(ada, device.id, { workspaceId: null })).toMatchObject({ name: "Kitchen", workspaceId: null });
    await expect(changeDevice(bora, device.id, { name: "Mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(changeDevice(adaElsewhere, device.id, { name: "Mine" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await rowOf(device.id)).toMatchObject({ name: "Kitchen", endedAt: null });
    await expect(revokeDevice(bora, device.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(revokeDevice(ada, "nonsense")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await revokeDevice(ada, device.id);
    await expect(revokeDevice(ada, device.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    // What could still be pushed with is not kept.
    expect(await rowOf(device.id)).toMatchObject({ endReason: "revoked", p256dh: null, auth: null });
  });

  test("tries it: it shows, or it is found to be gone", async () => {
    const subscription = engine.newSubscription();
    const { device } = await register(ada, {}, subscription.json);
    expect(await sendTestPush(ada, device.id)).toEqual({ outcome: "sent" });
    expect(subscription.payloads()).toMatchObject([{ title: "Push works", url: `/${ada.organizationSlug}/settings/notifications`, receiverId: null }]);
    await expect(sendTestPush(bora, device.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    engine.control({ mode: "rate-limit", count: 1 });
    expect(await sendTestPush(ada, device.id)).toMatchObject({ outcome: "failed", answer: expect.stringContaining("429") as string });
    subscription.state = "gone";
    expect(await sendTestPush(ada, device.id)).toEqual({ outcome: "gone" });
    expect(await rowOf(device.id)).toMatchObject({ endReason: "gone" });
  });

  test("who was removed takes no device back in", async () => {
    const dan = await joinAs(ada, "dan@here.example");
    const { device } = await register(dan);
    const { device: phone } = await registerDevice(dan, parseInput(registerDeviceInput, { kind: "fcm", token: "dan:phone-1", name: "Dan's phone" }), null);
    await asSystem("devices", (tx) => tx.execute(sql`update members set removed_at = ${clock.now().toISOString()}::timestamptz where id = ${dan.id}`));
    expect(await endDevicesOf(systemTenant(ada.organizationId), dan.id)).toBe(2);
    for (const { id } of [device, phone]) expect(await rowOf(id)).toMatchObject({ endReason: "revoked" });
  });
});
