import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { enqueue } from "./commands";
import { changeEndpoint, deleteEndpoint, pauseEndpoint, resumeEndpoint, rotateEndpointSecret } from "./endpoints/commands";
import { endpointSecret } from "./endpoints/queries";
import { dueEndpoints, nextDue } from "./sending/queries";
import { anEndpoint, attemptsOf, deliveriesOf, endpointRow, eventsNamed, ok, put, send, startReceiver, status } from "./testing";

const receiver = await startReceiver();
useTestDatabase({ OUTBOUND_ALLOW: receiver.host });
afterAll(() => receiver.close());

let ada: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = ok;
});

/** Verifies as the specification tells a receiver to (Standard Webhooks 1.0.0), knowing nothing of how it was signed. */
function verified(headers: Record<string, unknown>, body: string, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`).digest("base64");
  return String(headers["webhook-signature"]).split(" ").some((part) => part === `v1,${expected}`);
}

const later = (seconds: number) => new Date(Date.parse("2031-01-01T00:00:00Z") + seconds * 1000);
const states = async (endpointId: string) => (await deliveriesOf(ada, endpointId)).map(({ state }) => state);
const sequences = () => receiver.received.map(({ said }) => said.sequence);

test("a delivery arrives once, signed with its endpoint's secret, and its attempt is on record", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const { eventId } = await put(ada, endpoint, { data: { key: "MOIM-1" } });
  await send(ada, endpoint);
  await send(ada, endpoint);
  expect(receiver.received).toHaveLength(1);
  const [got] = receiver.received;
  const { secrets } = await endpointSecret(ada, endpoint);
  expect(got && verified(got.headers, got.body, secrets[0]?.secret ?? "")).toBe(true);
  expect(got?.id).toBe(eventId);
  expect(got?.headers["content-type"]).toBe("application/json");
  expect(JSON.parse(got?.body ?? "")).toEqual({ type: "jira.issue.updated", timestamp: "2026-11-21T10:00:00.000Z", data: { key: "MOIM-1" }, sequence: 1, entity: "issue:1" });
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect(delivery).toMatchObject({ state: "delivered", attemptCount: 1, reason: null, claimedUntil: null });
  const [made] = await attemptsOf(ada, delivery?.id ?? "");
  expect(made).toMatchObject({ number: 1, succeeded: true, statusCode: 204, fault: null });
  expect(made?.requestHeaders["webhook-signature"]).toBe(got?.headers["webhook-signature"]);
});

test("while two secrets are valid both sign; afterwards the new one alone", async () => {
  await clock.at(later(0), async () => {
    const endpoint = await anEndpoint(ada, receiver.url);
    const old = (await endpointSecret(ada, endpoint)).secrets[0]?.secret ?? "";
    const { secret } = await rotateEndpointSecret(ada, endpoint);
    await put(ada, endpoint);
    await send(ada, endpoint);
    const [first] = receiver.received;
    expect([old, secret].map((one) => first && verified(first.headers, first.body, one))).toEqual([true, true]);
    await clock.at(later(24 * 3600 + 1), async () => {
      await put(ada, endpoint);
      await send(ada, endpoint);
    });
    const [, second] = receiver.received;
    expect([old, secret].map((one) => second && verified(second.headers, second.body, one))).toEqual([false, true]);
  });
});

test("failures are tried again by the schedule, eight times in all, under one webhook-id; then its successors go on", async () => {
  receiver.answer = status(500);
  const endpoint = await anEndpoint(ada, receiver.url);
  const { eventId } = await clock.at(later(0), () => put(ada, endpoint));
  await clock.at(later(1), () => put(ada, endpoint));
  let at = 2;
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await clock.at(later(at), () => send(ada, endpoint));
    const [first] = await deliveriesOf(ada, endpoint);
    expect(first?.attemptCount).toBe(attempt);
    if (attempt === 8) break;
    expect(first?.state).toBe("pending");
    const wait = ((first?.nextAttemptAt.getTime() ?? 0) - later(at).getTime()) / 1000;
    waits.push(wait);
    await clock.at(later(at + wait - 0.5), () => send(ada, endpoint));
    expect((await deliveriesOf(ada, endpoint))[0]?.attemptCount).toBe(attempt);
    at += wait + 1;
  }
  for (const [index, seconds] of [5, 300, 1800, 7200, 18_000, 36_000, 36_000].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(seconds);
    expect(waits[index]).toBeLessThanOrEqual(seconds * 1.1);
  }
  const [dead, next] = await deliveriesOf(ada, endpoint);
  expect(dead).toMatchObject({ state: "failed", reason: "exhausted" });
  expect(receiver.received.filter(({ id }) => id === eventId)).toHaveLength(8);
  // Due at once: the round that settled the first sent the second.
  expect(next?.attemptCount).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBeGreaterThan(7);
});

test("Retry-After is obeyed, by everything that waits for this endpoint", async () => {
  receiver.answer = status(429, { "retry-after": "900" });
  const endpoint = await anEndpoint(ada, receiver.url);
  await clock.at(later(0), async () => {
    await put(ada, endpoint, { entity: "issue:1" });
    await send(ada, endpoint);
    await put(ada, endpoint, { entity: "issue:2" });
  });
  const due = () => dueEndpoints().then((all) => all.filter(({ endpointId }) => endpointId === endpoint));
  await clock.at(later(1), async () => {
    await send(ada, endpoint);
    expect(await due()).toEqual([]);
    expect(await nextDue(ada, endpoint)).toEqual(later(900));
  });
  // What came after the answer has not gone to be refused likewise.
  expect(receiver.received).toHaveLength(1);
  const rows = await deliveriesOf(ada, endpoint);
  expect(rows.map(({ attemptCount }) => attemptCount)).toEqual([1, 0]);
  expect(rows[0]?.nextAttemptAt).toEqual(later(900));
  expect((await attemptsOf(ada, rows[0]?.id ?? ""))[0]?.responseHeaders).toMatchObject({ "retry-after": "900" });
  receiver.answer = ok;
  await clock.at(later(900), async () => {
    expect(await due()).toHaveLength(1);
    await send(ada, endpoint);
  });
  expect((await deliveriesOf(ada, endpoint)).map(({ state }) => state)).toEqual(["delivered", "delivered"]);
});

test("a redirect is a failure and is not followed", async () => {
  receiver.answer = status(302, { location: `${receiver.url}/elsewhere` });
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  await send(ada, endpoint);
  expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect(delivery?.state).toBe("pending");
  expect((await attemptsOf(ada, delivery?.id ?? ""))[0]).toMatchObject({ statusCode: 302, succeeded: false });
});

test("410 pauses the endpoint, tells its owner once, and loses nothing", async () => {
  receiver.answer = status(410);
  const endpoint = await anEndpoint(ada, receiver.url);
  for (const entity of ["issue:1", "issue:2", "issue:3"]) await put(ada, endpoint, { entity });
  await send(ada, endpoint);
  expect(await endpointRow(ada, endpoint)).toMatchObject({ pauseReason: "gone" });
  expect(await states(endpoint)).toEqual(["pending", "pending", "pending"]);
  const told = (await eventsNamed(ada, "subscription.paused")).filter(({ payload }) => JSON.stringify(payload).includes(endpoint));
  expect(told).toHaveLength(1);
  expect(told[0]?.payload).toMatchObject({ reason: "gone", ownerId: ada.id, detail: "HTTP 410", event: "jira.issue.updated", waiting: 3 });
  receiver.answer = ok;
  await resumeEndpoint(ada, endpoint);
  await send(ada, endpoint);
  expect(await states(endpoint)).toEqual(["delivered", "delivered", "delivered"]);
});

test("an owner who manages no longer is not shown what the endpoint failed on", async () => {
  receiver.answer = status(410);
  const helper = await joinAs(ada, "helper@here.example", "admin");
  const endpoint = await anEndpoint(helper, receiver.url);
  await inTenant(ada, (tx) => tx.update(members).set({ role: "member" }).where(eq(members.id, helper.id)));
  await put(ada, endpoint);
  await send(ada, endpoint);
  const told = (await eventsNamed(ada, "subscription.paused")).filter(({ payload }) => JSON.stringify(payload).includes(endpoint));
  expect(told).toMatchObject([{ payload: { ownerId: ada.id } }]);
});

test("after as many hours of nothing but failure it is paused and its owner told once, whoever sends at the same time", async () => {
  receiver.answer = status(503);
  const endpoint = await anEndpoint(ada, receiver.url, { pauseAfterHours: 120 });
  await clock.at(later(0), async () => {
    await put(ada, endpoint);
    await send(ada, endpoint);
  });
  expect((await endpointRow(ada, endpoint)).failingSince).toEqual(later(0));
  await clock.at(later(119 * 3600), async () => {
    await put(ada, endpoint, { entity: "issue:2" });
    await send(ada, endpoint);
  });
  expect((await endpointRow(ada, endpoint)).pausedAt).toBeNull();
  await clock.at(later(121 * 3600), async () => {
    for (const entity of ["issue:3", "issue:4", "issue:5", "issue:6"]) await put(ada, endpoint, { entity });
    await Promise.all([send(ada, endpoint), send(ada, endpoint), send(ada, endpoint)]);
  });
  expect(await endpointRow(ada, endpoint)).toMatchObject({ pauseReason: "failing" });
  const told = (await eventsNamed(ada, "subscription.paused")).filter(({ payload }) => JSON.stringify(payload).includes(endpoint));
  expect(told).toHaveLength(1);
  expect(told[0]?.payload).toMatchObject({ reason: "failing", detail: "HTTP 503", payload: expect.stringContaining("jira.issue.updated") as string });
  const calls = receiver.received.length;
  await clock.at(later(122 * 3600), () => send(ada, endpoint));
  expect(receiver.received).toHaveLength(calls);
});

test("one success makes an endpoint well", async () => {
  receiver.answer = status(500);
  const endpoint = await anEndpoint(ada, receiver.url);
  await clock.at(later(0), async () => {
    await put(ada, endpoint);
    await send(ada, endpoint);
  });
  receiver.answer = ok;
  await clock.at(later(10), () => send(ada, endpoint));
  expect(await endpointRow(ada, endpoint)).toMatchObject({ failingSince: null, pausedAt: null });
});

test("paused by hand it keeps what happens, tells nobody, and delivers it in order when it goes on", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  await pauseEndpoint(ada, endpoint);
  for (let n = 0; n < 5; n += 1) await put(ada, endpoint);
  await put(ada, endpoint, { entity: "issue:2" });
  await send(ada, endpoint);
  expect(receiver.received).toHaveLength(0);
  expect((await dueEndpoints()).map(({ endpointId }) => endpointId)).not.toContain(endpoint);
  await resumeEndpoint(ada, endpoint);
  await send(ada, endpoint);
  expect(receiver.received.filter(({ said }) => said.entity === "issue:1").map(({ said }) => said.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(receiver.received).toHaveLength(7);
  expect((await eventsNamed(ada, "subscription.paused")).filter(({ payload }) => JSON.stringify(payload).includes(endpoint))).toHaveLength(0);
});

test("under parallel senders nothing of an entity is overtaken or sent twice", async () => {
  const open = new Map<string, number>();
  const overlaps: string[] = [];
  receiver.answer = async ({ said }, response) => {
    if (open.get(said.entity)) overlaps.push(said.entity);
    open.set(said.entity, 1);
    await new Promise((resolve) => setImmediate(resolve));
    open.delete(said.entity);
    response.writeHead(200).end();
  };
  const endpoint = await anEndpoint(ada, receiver.url);
  const entities = Array.from({ length: 12 }, (_, n) => `issue:${n}`);
  await inTenant(ada, (tx) =>
    enqueue(tx, ada, Array.from({ length: 120 }, (_, n) => ({ endpointId: endpoint, eventId: newId("event"), event: "jira.issue.updated", entity: entities[n % 12] ?? "", subscriptionIds: [], data: { n }, occurredAt: new Date() }))),
  );
  await Promise.all(Array.from({ length: 4 }, () => send(ada, endpoint)));
  expect(overlaps).toEqual([]);
  expect(receiver.received).toHaveLength(120);
  for (const entity of entities) {
    expect(receiver.received.filter(({ said }) => said.entity === entity).map(({ said }) => said.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
});

test("a later one waits for the earlier one's next attempt, and others do not", async () => {
  receiver.answer = ({ said }, response) => void response.writeHead(said.entity === "issue:1" && said.sequence === 1 ? 500 : 200).end();
  const endpoint = await anEndpoint(ada, receiver.url);
  await clock.at(later(0), async () => {
    await put(ada, endpoint);
    await send(ada, endpoint);
    await put(ada, endpoint);
    await put(ada, endpoint, { entity: "issue:2" });
    await send(ada, endpoint);
  });
  expect(receiver.received.map(({ said }) => `${said.entity}/${said.sequence}`)).toEqual(["issue:1/1", "issue:2/1"]);
  receiver.answer = ok;
  await clock.at(later(6), () => send(ada, endpoint));
  expect(sequences()).toEqual([1, 1, 1, 2]);
});

test("killed between the request and its record: taken over when the lease lapses, under the same webhook-id", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  const { eventId } = await put(ada, endpoint);
  const asked = new Promise<void>((resolve) => {
    receiver.answer = () => resolve();
  });
  const script = `
    import { sendDue } from "${fileURLToPath(new URL("./sending/commands.ts", import.meta.url))}";
    await sendDue([{ organizationId: "${ada.organizationId}", endpointId: "${endpoint}" }]);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { env: process.env, stdio: "ignore" });
  await asked;
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  receiver.answer = ok;
  await send(ada, endpoint);
  expect(receiver.received).toHaveLength(1);
  await clock.at(new Date(Date.now() + 61_000), async () => {
    expect((await dueEndpoints()).map(({ endpointId }) => endpointId)).toContain(endpoint);
    await send(ada, endpoint);
  });
  expect(receiver.received.map(({ id }) => id)).toEqual([eventId, eventId]);
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect(delivery).toMatchObject({ state: "delivered", attemptCount: 2 });
  expect((await attemptsOf(ada, delivery?.id ?? "")).map(({ succeeded, fault }) => [succeeded, fault?.slice(0, 11) ?? null])).toEqual([
    [false, "the process"],
    [true, null],
  ]);
});

test("whoever lost the lease meanwhile records nothing", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  let first = true;
  receiver.answer = async (_, response) => {
    if (first) {
      first = false;
      await clock.at(new Date(Date.now() + 61_000), () => send(ada, endpoint));
    }
    response.writeHead(200).end();
  };
  const outcome = await send(ada, endpoint);
  expect(outcome.attempts).toEqual({ lost: 1 });
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect((await attemptsOf(ada, delivery?.id ?? "")).map(({ number }) => number)).toEqual([1, 2]);
});

test("an answer without end costs no more than what is read of it, and only its beginning is kept", async () => {
  let written = 0;
  receiver.answer = (_, response) => {
    response.writeHead(200, { "content-type": "text/plain", "set-cookie": "secret=1" });
    const chunk = Buffer.alloc(65_536, "x");
    const more = () => {
      while (written < 1_073_741_824 && !response.destroyed) {
        written += chunk.byteLength;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  };
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  await send(ada, endpoint);
  expect(written).toBeLessThan(64 * 1024 * 1024);
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect(delivery?.state).toBe("delivered");
  const [made] = await attemptsOf(ada, delivery?.id ?? "");
  expect(made?.responseBody).toHaveLength(4096);
  expect(made?.responseHeaders).not.toHaveProperty("set-cookie");
});

test("a receiver that does not answer is given fifteen seconds, and what came of it is on record", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  const asked: number[] = [];
  await send(ada, endpoint, {
    fetch: async (_, { timeoutMs, maxBytes }) => {
      asked.push(timeoutMs, maxBytes);
      return { refused: "timeout", detail: `no answer within ${timeoutMs} ms` };
    },
  });
  expect(asked).toEqual([15_000, 65_536]);
  const [delivery] = await deliveriesOf(ada, endpoint);
  expect((await attemptsOf(ada, delivery?.id ?? ""))[0]).toMatchObject({ succeeded: false, statusCode: null, fault: "timeout: no answer within 15000 ms" });
});

test("while one endpoint is slow the others are served, and what comes for it meanwhile as well", async () => {
  let release: () => void = () => undefined;
  const slow = await anEndpoint(ada, `${receiver.url}/slow`);
  const quick = await anEndpoint(ada, `${receiver.url}/quick`);
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  receiver.answer = async ({ path, said }, response) => {
    if (path.endsWith("/slow") && said.sequence === 1 && said.entity === "issue:1") await held;
    response.writeHead(200).end();
    if (receiver.received.length === 3) release();
  };
  await put(ada, slow);
  await put(ada, quick);
  const round = send(ada, slow);
  await send(ada, quick);
  await put(ada, slow, { entity: "issue:2" });
  await send(ada, slow);
  await round;
  expect(await states(slow)).toEqual(["delivered", "delivered"]);
  expect(await states(quick)).toEqual(["delivered"]);
});

test("a deleted endpoint gets nothing more: what waited is dropped, nothing new is put on its way", async () => {
  const endpoint = await anEndpoint(ada, receiver.url);
  await put(ada, endpoint);
  await deleteEndpoint(ada, endpoint);
  const { deliveryIds } = await put(ada, endpoint);
  await send(ada, endpoint);
  expect(deliveryIds).toEqual([]);
  expect(await states(endpoint)).toEqual(["dropped"]);
  expect(receiver.received).toHaveLength(0);
});

test("an address changed to elsewhere is where the next attempt goes", async () => {
  receiver.answer = status(404);
  const endpoint = await anEndpoint(ada, receiver.url);
  await clock.at(later(0), async () => {
    await put(ada, endpoint);
    await send(ada, endpoint);
  });
  await changeEndpoint(ada, endpoint, { url: `${receiver.url}/new` });
  await clock.at(later(10), () => send(ada, endpoint));
  expect(receiver.received.map(({ path }) => path)).toEqual(["/hook", "/hook/new"]);
});
