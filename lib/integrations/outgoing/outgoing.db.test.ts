import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { isSealedWithOldKey } from "@/lib/platform/secret-box";
import { parseInput } from "@/lib/platform/validation";
import { auditEntries } from "@/lib/organizations/tables";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { subscriptions } from "../subscriptions/tables";
import { replayRange, resendDelivery, sendTest } from "./again/commands";
import { attempt, claimDue, settle } from "./attempts/commands";
import { enqueue } from "./commands";
import { changeEndpoint, createEndpoint, deleteEndpoint, pauseEndpoint, resumeEndpoint, rotateEndpointSecret } from "./endpoints/commands";
import { createEndpointInput } from "./endpoints/inputs";
import { endpointOf, endpointSecret, endpointsOf } from "./endpoints/queries";
import { listDeliveriesInput } from "./inputs";
import { deliveriesTo, outgoingDelivery } from "./queries";
import { forgetOutgoing } from "./retention/commands";
import { endpoints, endpointSecrets } from "./tables";
import { anEndpoint, attemptsOf, deliveriesOf, eventsNamed, ok, put, send, startReceiver, status } from "./testing";

const receiver = await startReceiver();
useTestDatabase({ OUTBOUND_ALLOW: receiver.host });
afterAll(() => receiver.close());

let ada: Member;
let mina: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  mina = await joinAs(ada, "mina@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = ok;
});

const later = (seconds: number) => new Date(Date.parse("2031-01-01T00:00:00Z") + seconds * 1000);
const range = (from: number, to: number) => ({ from: later(from).toISOString(), to: later(to).toISOString() });
const all = parseInput(listDeliveriesInput, {});

test("fifty who enqueue at once for one entity leave no gap and no double", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await Promise.all(Array.from({ length: 50 }, (_, n) => put(ada, endpoint, { data: { n } })));
  expect((await deliveriesOf(ada, endpoint)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
});

test("an event is put on its way once, however often and from however many at once; again means once more", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const eventId = newId("event");
  const made = await Promise.all(Array.from({ length: 20 }, () => put(ada, endpoint, { eventId })));
  expect(made.flatMap(({ deliveryIds }) => deliveryIds)).toHaveLength(1);
  await put(ada, endpoint, { eventId, again: true });
  expect((await deliveriesOf(ada, endpoint)).map(({ generation, sequence }) => [generation, sequence])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test("two subscriptions that want the same event at one endpoint become one delivery that names both", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const item = { endpointId: endpoint, eventId: newId("event"), event: "jira.issue.created", entity: "issue:1", data: {}, occurredAt: new Date() };
  await inTenant(ada, (tx) => enqueue(tx, ada, [{ ...item, subscriptionIds: ["sub_a"] }, { ...item, subscriptionIds: ["sub_b", "sub_a"] }]));
  expect((await deliveriesOf(ada, endpoint)).map(({ subscriptionIds }) => subscriptionIds)).toEqual([["sub_a", "sub_b"]]);
});

test("what is enqueued is announced with it, once for an endpoint, and not at all when it rolls back or is paused", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const ready = async () => (await eventsNamed(ada, "outgoing.ready")).filter(({ payload }) => payload.endpointId === endpoint).length;
  const item = (n: number) => ({ endpointId: endpoint, eventId: newId("event"), event: "x", entity: `issue:${n}`, subscriptionIds: [], data: {}, occurredAt: new Date() });
  await inTenant(ada, (tx) => enqueue(tx, ada, [item(1), item(2), item(3)]));
  expect(await ready()).toBe(1);
  await inTenant(ada, async (tx) => {
    await enqueue(tx, ada, [item(4)]);
    throw new Error("changed their mind");
  }).catch(() => undefined);
  expect(await ready()).toBe(1);
  expect(await deliveriesOf(ada, endpoint)).toHaveLength(3);
  await pauseEndpoint(ada, endpoint);
  await put(ada, endpoint);
  expect(await ready()).toBe(1);
});

test("many are enqueued in a few statements, each in its place", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const items = Array.from({ length: 1_200 }, (_, n) => ({ endpointId: endpoint, eventId: newId("event"), event: "x", entity: `issue:${n % 7}`, subscriptionIds: [], data: { n }, occurredAt: new Date() }));
  expect(await inTenant(ada, (tx) => enqueue(tx, ada, items))).toHaveLength(1_200);
  const rows = await deliveriesOf(ada, endpoint);
  for (let entity = 0; entity < 7; entity += 1) {
    const own = rows.filter((row) => row.entity === `issue:${entity}`);
    expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
    expect(own.map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n)).toEqual(own.map((_, index) => index * 7 + entity));
  }
});

test("nothing is put on its way to another organization's endpoint", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  expect((await put(stranger, endpoint)).deliveryIds).toEqual([]);
  expect(await deliveriesOf(ada, endpoint)).toEqual([]);
});

/** facts/jira.md section 4: every spelling of an address that is nobody else's business. */
const refusedAddresses: [string, string][] = [
  ["not an address", "url-malformed"],
  ["//example.com", "url-malformed"],
  ["http://example.com/hook", "url-scheme"],
  ["ftp://example.com/hook", "url-scheme"],
  ["file:///etc/passwd", "url-scheme"],
  ["https://ada:secret@example.com/", "url-userinfo"],
  ["https://ada@127.0.0.1/", "url-userinfo"],
  ["https://example.com:8443/", "url-port"],
  ["https://example.com:22/", "url-port"],
  ["https://127.0.0.1/", "url-private"],
  ["https://2130706433/", "url-private"],
  ["https://0x7f.1/", "url-private"],
  ["https://0x7f000001/", "url-private"],
  ["https://0177.0.0.1/", "url-private"],
  ["https://127.1/", "url-private"],
  ["https://127.0.1/", "url-private"],
  ["https://①②⑦.0.0.1/", "url-private"],
  ["https://0.0.0.0/", "url-private"],
  ["https://0/", "url-private"],
  ["https://10.1.2.3/", "url-private"],
  ["https://100.64.0.1/", "url-private"],
  ["https://169.254.169.254/latest/meta-data", "url-private"],
  ["https://172.16.0.1/", "url-private"],
  ["https://192.168.0.1/", "url-private"],
  ["https://198.18.0.1/", "url-private"],
  ["https://224.0.0.1/", "url-private"],
  ["https://255.255.255.255/", "url-private"],
  ["https://[::1]/", "url-private"],
  ["https://[::]/", "url-private"],
  ["https://[::ffff:127.0.0.1]/", "url-private"],
  ["https://[::ffff:7f00:1]/", "url-private"],
  ["https://[64:ff9b::7f00:1]/", "url-private"],
  ["https://[fc00::1]/", "url-private"],
  ["https://[fe80::1]/", "url-private"],
  ["https://localhost/", "url-private"],
  ["https://LOCALHOST./", "url-private"],
  ["https://app.localhost/", "url-private"],
  ["https://db.internal/", "url-private"],
];

test.each(refusedAddresses)("%s cannot be an endpoint: %s", async (url, code) => {
  const refused = { code: "INVALID", fields: [{ path: ["url"], code }] };
  await expect(createEndpoint(ada, parseInput(createEndpointInput, { name: "x", url }))).rejects.toMatchObject(refused);
  const endpoint = await anEndpoint(ada, "https://example.com/hook");
  await expect(changeEndpoint(ada, endpoint, { url })).rejects.toMatchObject(refused);
});

test.each(refusedAddresses.filter(([, code]) => code !== "url-malformed"))("%s that stands in a row all the same is not called, and its attempt says why", async (url, code) => {
  const endpoint = await anEndpoint(ada, "https://example.com/hook");
  await asSystem("demo", (tx) => tx.update(endpoints).set({ url }).where(eq(endpoints.id, endpoint)));
  await put(ada, endpoint);
  await send(ada, endpoint);
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect(delivery?.state).toBe("pending");
  expect((await attemptsOf(ada, delivery?.id ?? ""))[0]).toMatchObject({ succeeded: false, statusCode: null, fault: expect.stringMatching(new RegExp(`^${code.replace("url-", "")}: `)) as string });
});

test("an ordinary public address may be an endpoint", async () => {
  for (const url of ["https://example.com/hook?x=1", "https://93.184.216.34/", "https://[2606:2800:220:1::1]/", "https://hooks.example.co.kr/ã"]) {
    const endpoint = await anEndpoint(ada, url);
    expect((await endpointOf(ada, endpoint)).url).toBe(url);
    await deleteEndpoint(ada, endpoint);
  }
});

test("only who looks after the organization may see, make, change, test or replay", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const { deliveryIds } = await put(ada, endpoint);
  await send(ada, endpoint);
  const delivery = deliveryIds[0] ?? "";
  const acts = (member: Member) => [
    () => changeEndpoint(member, endpoint, { name: "y" }),
    () => pauseEndpoint(member, endpoint),
    () => resumeEndpoint(member, endpoint),
    () => deleteEndpoint(member, endpoint),
    () => rotateEndpointSecret(member, endpoint),
    () => endpointSecret(member, endpoint),
    () => endpointOf(member, endpoint),
    () => deliveriesTo(member, endpoint, all),
    () => outgoingDelivery(member, delivery),
    () => resendDelivery(member, delivery),
    () => replayRange(member, endpoint, range(0, 1)),
    () => sendTest(member, endpoint),
  ];
  for (const act of acts(mina)) await expect(act()).rejects.toMatchObject({ code: "FORBIDDEN" });
  for (const act of acts(stranger)) await expect(act()).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(endpointsOf(mina)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(createEndpoint(mina, { name: "x", url: receiver.url, pauseAfterHours: 1 })).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect((await endpointsOf(stranger)).map(({ id }) => id)).not.toContain(endpoint);
});

test("secrets rest sealed, each bound to its endpoint", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const { secrets } = await endpointSecret(ada, endpoint);
  expect(secrets).toHaveLength(1);
  expect(secrets[0]?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const rows = await inTenant(ada, (tx) => tx.select().from(endpointSecrets));
  const row = rows.find(({ endpointId }) => endpointId === endpoint);
  expect(row?.secret).not.toContain(secrets[0]?.secret.slice(6, 20));
  expect(isSealedWithOldKey(row?.secret ?? "")).toBe(false);
});

test("every change lands in the audit log", async () => {
  const endpoint = await anEndpoint(ada, receiver.url, { name: "Audited" });
  await changeEndpoint(ada, endpoint, { pauseAfterHours: 5 });
  await pauseEndpoint(ada, endpoint);
  await resumeEndpoint(ada, endpoint);
  await rotateEndpointSecret(ada, endpoint);
  const { deliveryIds } = await put(ada, endpoint);
  await send(ada, endpoint);
  await resendDelivery(ada, deliveryIds[0] ?? "");
  await deleteEndpoint(ada, endpoint);
  const rows = await inTenant(ada, (tx) => tx.select().from(auditEntries));
  expect(rows.filter(({ subject }) => subject === "Audited").map(({ action }) => action).sort()).toEqual(
    ["endpoint.changed", "endpoint.created", "endpoint.deleted", "endpoint.paused", "endpoint.replayed", "endpoint.resumed", "endpoint.secret-rotated"].sort(),
  );
});

test("a change needs the version that was read, and one that changes nothing is none", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await changeEndpoint(ada, endpoint, { name: "New" }, { ifVersion: 1 });
  await expect(changeEndpoint(ada, endpoint, { name: "Newer" }, { ifVersion: 1 })).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  await changeEndpoint(ada, endpoint, { name: "New" });
  expect(await endpointOf(ada, endpoint)).toMatchObject({ name: "New", version: 2 });
});

test("the subscriptions of a deleted endpoint end with it", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await inTenant(ada, (tx) =>
    tx.insert(subscriptions).values({
      organizationId: ada.organizationId,
      name: "Lost",
      events: [],
      filter: { projects: [], issueTypes: [], statuses: [], assignees: [], labels: [], text: "" },
      target: "endpoint",
      endpointId: endpoint,
      ownerId: ada.id,
    }),
  );
  await deleteEndpoint(ada, endpoint);
  expect((await inTenant(ada, (tx) => tx.select().from(subscriptions))).filter(({ name }) => name === "Lost")).toEqual([]);
  await expect(endpointOf(ada, endpoint)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a test reaches even a paused endpoint, once, and says nothing about its health", async () => {
  receiver.answer = status(500);
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  await pauseEndpoint(ada, endpoint);
  const { deliveryId } = await sendTest(ada, endpoint, { idempotencyKey: "one" });
  expect(await sendTest(ada, endpoint, { idempotencyKey: "one" })).toEqual({ deliveryId });
  await send(ada, endpoint);
  await send(ada, endpoint);
  expect(receiver.received.map(({ said }) => said.type)).toEqual(["endpoint.test"]);
  expect(await outgoingDelivery(ada, deliveryId)).toMatchObject({ state: "failed", reason: "test", test: true, attempts: [{ statusCode: 500, responseBody: "answer 500" }] });
  expect(await endpointOf(ada, endpoint)).toMatchObject({ failingSince: null, waiting: 1 });
});

test("sent again: the same webhook-id, a new place, once however often it is pressed", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const { eventId, deliveryIds } = await put(ada, endpoint, { data: { n: 7 } });
  await send(ada, endpoint);
  const pressed = await Promise.allSettled(Array.from({ length: 5 }, () => resendDelivery(ada, deliveryIds[0] ?? "")));
  expect(pressed.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  for (const one of pressed) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "CONFLICT" });
  await send(ada, endpoint);
  expect(receiver.received.map(({ id, said }) => [id, said.sequence, said.data])).toEqual([
    [eventId, 1, { n: 7 }],
    [eventId, 2, { n: 7 }],
  ]);
});

test("a range is sent again in its order: what was delivered and what failed, no tests, nothing that is on its way", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const at = (seconds: number, work: () => Promise<unknown>) => clock.at(later(seconds), work);
  await at(10, () => put(ada, endpoint, { data: { n: 1 } }));
  await at(20, () => put(ada, endpoint, { data: { n: 2 }, entity: "issue:2" }));
  await at(30, () => put(ada, endpoint, { data: { n: 3 } }));
  await at(31, () => sendTest(ada, endpoint));
  await at(32, () => send(ada, endpoint));
  await at(40, () => put(ada, endpoint, { data: { n: 4 } }));
  receiver.received.length = 0;
  expect(await clock.at(later(50), () => replayRange(ada, endpoint, range(0, 60), { idempotencyKey: "r" }))).toEqual({ replayed: 3 });
  expect(await clock.at(later(50), () => replayRange(ada, endpoint, range(0, 60), { idempotencyKey: "r" }))).toEqual({ replayed: 3 });
  expect(await clock.at(later(51), () => replayRange(ada, endpoint, range(0, 60)))).toEqual({ replayed: 0 });
  await at(52, () => send(ada, endpoint));
  expect(receiver.received.filter(({ said }) => said.entity === "issue:1").map(({ said }) => [said.data.n, said.sequence])).toEqual([
    [4, 3],
    [1, 4],
    [3, 5],
  ]);
  expect(receiver.received.filter(({ said }) => said.entity === "issue:2").map(({ said }) => said.data.n)).toEqual([2]);
  expect(await clock.at(later(60), () => replayRange(ada, endpoint, range(5, 15)))).toEqual({ replayed: 1 });
});

test("the log is read in pages and narrowed by state and event", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  for (let n = 0; n < 5; n += 1) await put(ada, endpoint, { event: n % 2 ? "b" : "a", entity: `issue:${n}` });
  await send(ada, endpoint);
  await put(ada, endpoint, { event: "a" });
  const events = async (filter: object) => (await deliveriesTo(ada, endpoint, parseInput(listDeliveriesInput, filter))).deliveries.map(({ event }) => event);
  expect(await events({ state: "pending" })).toEqual(["a"]);
  expect(await events({ event: "b" })).toEqual(["b", "b"]);
  const first = await deliveriesTo(ada, endpoint, parseInput(listDeliveriesInput, { limit: "4" }));
  const rest = await deliveriesTo(ada, endpoint, parseInput(listDeliveriesInput, { limit: "4", cursor: first.nextCursor ?? "" }));
  expect([...first.deliveries, ...rest.deliveries].map(({ id }) => id)).toEqual((await deliveriesOf(ada, endpoint)).map(({ id }) => id).sort().reverse());
  expect(rest.nextCursor).toBeNull();
});

test("a month after they ended deliveries are forgotten with their attempts; what waits is not", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await clock.at(later(0), async () => {
    await put(ada, endpoint);
    await send(ada, endpoint);
    await pauseEndpoint(ada, endpoint);
    await put(ada, endpoint);
  });
  await clock.at(later(29 * 86_400), forgetOutgoing);
  expect(await deliveriesOf(ada, endpoint)).toHaveLength(2);
  await clock.at(later(31 * 86_400), forgetOutgoing);
  expect((await deliveriesOf(ada, endpoint)).map(({ state }) => state)).toEqual(["pending"]);
});

test("a name that leads to a private address is a failure with its reason on record", async () => {
  const endpoint = await anEndpoint(ada, "https://example.com/hook");
  await put(ada, endpoint);
  const { target, claimed } = await claimDue(ada, endpoint, 10);
  const [delivery] = claimed;
  if (!target || !delivery) throw new Error("nothing was claimed");
  const made = await attempt(target, delivery, async () => ({ refused: "private", detail: "example.com leads to 10.0.0.1, which is not a public address" }));
  expect(await settle(ada, target, delivery, made)).toEqual({ verdict: "retry", paused: false, followed: false });
  expect((await attemptsOf(ada, delivery.id))[0]?.fault).toBe("private: example.com leads to 10.0.0.1, which is not a public address");
});
