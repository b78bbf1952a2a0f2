import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "@/lib/platform/clock";
import * as client from "@/lib/platform/db/client";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import * as realtime from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { pluginConnections } from "../connections/tables";
import { webhookSecrets } from "../hooks/tables";
import { seal } from "@/lib/platform/secret-box";
import { receive } from "./commands";
import { changelog, issueWebhook, makeConnection, signedBy, tokenBy, webhooksOf } from "./testing";

const clientSecret = "the-secret-of-the-app";
useTestDatabase({ JIRA_CLIENT_ID: "app", JIRA_CLIENT_SECRET: clientSecret });

const secret = "It's a Secret to Everybody";
let ada: Member;
let connection: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@ingest.example", "Ingest")).owner;
});
beforeEach(async () => {
  connection = await makeConnection(ada, { secrets: [{ secret }] });
});

const updated = issueWebhook("updated", { id: "10042", updated: "2026-11-21T09:00:00.000+0000" }, changelog("1"));
const refused = (code: string, reason?: string) => expect.objectContaining({ code, ...(reason && { extra: { reason } }) }) as Error;
const connectionRow = async (id = connection) => (await inTenant(ada, (tx) => tx.select().from(pluginConnections).where(eq(pluginConnections.id, id))))[0];
const wakings = () => asSystem("relay", (tx) => tx.select().from(outboxEvents).where(sql`name = 'webhook.received' and payload ->> 'connectionId' = ${connection}`));

describe("a proven delivery", () => {
  test("is stored raw, without what is secret, together with the event that wakes its reader", async () => {
    const request = signedBy(secret, updated, {
      "x-atlassian-webhook-identifier": "w-1",
      "x-atlassian-webhook-retry": "2",
      authorization: "Bearer secret",
      cookie: "session=1",
      "x-api-key": "k",
    });
    const received = await receive("jira", connection, request);
    const [stored, ...others] = await webhooksOf(ada, connection);
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ id: received.id, organizationId: ada.organizationId, proof: "hmac", state: "received", dedupeKey: "id:w-1" });
    expect(stored?.body.equals(request.body)).toBe(true);
    expect(stored?.headers).toEqual({ "content-type": "application/json", "x-atlassian-webhook-identifier": "w-1", "x-atlassian-webhook-retry": "2" });
    expect(await wakings()).toMatchObject([{ organizationId: ada.organizationId, version: 1 }]);
  });

  test("that comes fifty times at once is one row and one event, and each is answered with its id", async () => {
    const request = signedBy(secret, updated, { "x-atlassian-webhook-identifier": randomUUID() });
    const answers = await Promise.all(Array.from({ length: 50 }, () => receive("jira", connection, request)));
    const [stored, ...others] = await webhooksOf(ada, connection);
    expect(others).toEqual([]);
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([stored?.id]));
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await wakings()).toHaveLength(1);
  });

  test("without an id of its own is known by what it says", async () => {
    expect((await receive("jira", connection, signedBy(secret, updated))).duplicate).toBe(false);
    expect((await receive("jira", connection, signedBy(secret, updated))).duplicate).toBe(true);
    expect((await receive("jira", connection, signedBy(secret, { ...updated, timestamp: 1 }))).duplicate).toBe(false);
  });

  test("is stored whatever it says: no JSON, nothing at all, an event that nobody knows", async () => {
    for (const body of ["{", "", "[1]", { webhookEvent: "jira:who_knows" }, "\u0000"]) await receive("jira", connection, signedBy(secret, body));
    expect(await webhooksOf(ada, connection)).toHaveLength(5);
  });

  test("is stored while the connection is paused", async () => {
    const paused = await makeConnection(ada, { secrets: [{ secret }], pausedAt: new Date() });
    await receive("jira", paused, signedBy(secret, updated));
    expect(await webhooksOf(ada, paused)).toHaveLength(1);
  });

  test("may be as large as Jira makes them", async () => {
    const large = Buffer.alloc(24 * 1024 * 1024, "x");
    await receive("jira", connection, signedBy(secret, large));
    expect((await webhooksOf(ada, connection))[0]?.body.length).toBe(large.length);
  });
});

describe("a delivery that does not prove itself", () => {
  const byteChanged = () => {
    const request = signedBy(secret, updated);
    const body = Buffer.from(request.body);
    body[10] = (body[10] ?? 0) ^ 1;
    return { ...request, body };
  };

  test.each([
    ["a body changed by one byte", byteChanged, "signature"],
    ["another secret", () => signedBy("another", updated), "signature"],
    ["the empty secret, with which anybody can sign", () => signedBy("", updated), "signature"],
    ["a weaker method", () => signedBy(secret, updated, { "x-hub-signature": "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709" }), "signature"],
    ["no signature", () => ({ ...signedBy(secret, updated), headers: {} }), "unsigned"],
    ["the token of a registered webhook, which this is not", () => tokenBy(clientSecret, updated), "wrong-kind"],
  ])("is refused and stored nowhere: %s", async (_, request, reason) => {
    await expect(receive("jira", connection, request())).rejects.toThrow(refused("WEBHOOK_UNPROVEN", reason));
    expect(await webhooksOf(ada, connection)).toEqual([]);
    expect(await connectionRow()).toMatchObject({ verifiedAt: null, lastReceivedAt: null, refusedReason: reason });
  });

  test("writes that it was refused once a minute, however many come", async () => {
    const at = new Date("2027-03-01T10:00:00Z");
    const forge = (seconds: number) => clock.at(new Date(at.getTime() + seconds * 1000), () => receive("jira", connection, signedBy("wrong", { seconds })).catch(() => undefined));
    for (const seconds of [0, 1, 30, 59]) await forge(seconds);
    expect((await connectionRow())?.refusedAt).toEqual(at);
    await forge(60);
    expect((await connectionRow())?.refusedAt).toEqual(new Date(at.getTime() + 60_000));
  });

  test("is refused where no secret was made yet", async () => {
    const bare = await makeConnection(ada);
    for (const key of ["", "nobody's"]) await expect(receive("jira", bare, signedBy(key, updated))).rejects.toThrow(refused("WEBHOOK_UNPROVEN", "signature"));
  });

  test("is taken when an admin allows it, but never with a wrong signature", async () => {
    const open = await makeConnection(ada, { secrets: [{ secret }], allowsUnsigned: true });
    await receive("jira", open, { headers: {}, body: Buffer.from("{}") });
    expect(await webhooksOf(ada, open)).toMatchObject([{ proof: "unsigned" }]);
    await expect(receive("jira", open, signedBy("wrong", updated))).rejects.toThrow(refused("WEBHOOK_UNPROVEN", "signature"));
    expect(await connectionRow(open)).toMatchObject({ verifiedAt: null });
  });
});

describe("what goes wrong around a delivery", () => {
  test("changes nothing about its answer once it is stored", async () => {
    const away = vi.spyOn(client, "inTenant").mockRejectedValueOnce(new Error("the database is away"));
    const { id } = await receive("jira", connection, signedBy(secret, { a: 1 }));
    away.mockRestore();
    expect((await webhooksOf(ada, connection)).map((stored) => stored.id)).toEqual([id]);
  });

  test("is an error when it was not stored, so that it is sent again", async () => {
    const away = vi.spyOn(client, "writeInTenant").mockRejectedValueOnce(new Error("the database is away"));
    await expect(receive("jira", connection, signedBy(secret, { a: 1 }))).rejects.toThrow("the database is away");
    away.mockRestore();
    expect((await receive("jira", connection, signedBy(secret, { a: 1 }))).duplicate).toBe(false);
  });

  test("costs the database one question a second, however many are forged", async () => {
    await receive("jira", connection, signedBy(secret, { a: 1 }));
    const asked = vi.spyOn(client, "asSystem");
    for (let a = 0; a < 20; a += 1) await receive("jira", connection, signedBy("forged", { a })).catch(() => undefined);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
    asked.mockRestore();
  });
});

describe("a rotated secret", () => {
  test("is taken until its overlap is over, also by a process that has known it before", async () => {
    const until = new Date("2027-01-02T00:00:00Z");
    const rotated = await makeConnection(ada, { secrets: [{ secret: "old", validUntil: until }, { secret: "new" }] });
    const before = new Date(until.getTime() - 1);
    await clock.at(before, () => receive("jira", rotated, signedBy("old", { a: 1 })));
    await clock.at(before, () => receive("jira", rotated, signedBy("new", { a: 2 })));
    await expect(clock.at(until, () => receive("jira", rotated, signedBy("old", { a: 3 })))).rejects.toThrow(refused("WEBHOOK_UNPROVEN", "signature"));
    await clock.at(until, () => receive("jira", rotated, signedBy("new", { a: 4 })));
  });

  test("counts at once, although what was known before is kept for a while", async () => {
    await receive("jira", connection, signedBy(secret, { a: 1 }));
    const id = newId("webhookSecret");
    await inTenant(ada, async (tx) => {
      await tx.delete(webhookSecrets).where(eq(webhookSecrets.connectionId, connection));
      await tx.insert(webhookSecrets).values({ id, organizationId: ada.organizationId, connectionId: connection, secret: seal("fresh", `webhook-secret:${id}`) });
    });
    await receive("jira", connection, signedBy("fresh", { a: 2 }));
    expect(await webhooksOf(ada, connection)).toHaveLength(2);
  });
});

describe("a registered webhook", () => {
  let dynamic: string;
  beforeEach(async () => {
    dynamic = await makeConnection(ada, { hookKind: "dynamic", secrets: [{ secret }], hookIds: ["7", "8"] });
  });
  const body = { ...updated, matchedWebhookIds: [8] };
  const now = Math.floor(Date.now() / 1000);

  test("is proven by the app's secret and by one of our ids", async () => {
    await receive("jira", dynamic, tokenBy(clientSecret, body, { exp: now + 60, nbf: now - 10, iss: "x" }));
    await receive("jira", dynamic, tokenBy(clientSecret, { ...body, matchedWebhookIds: ["7"] }, { exp: now - 30, nbf: now + 30 }));
    expect(await webhooksOf(ada, dynamic)).toMatchObject([{ proof: "jwt" }, { proof: "jwt" }]);
  });

  test.each([
    ["another secret", () => tokenBy("other", body), "signature"],
    ["no method", () => tokenBy(clientSecret, body, {}, { alg: "none" }), "signature"],
    ["no method and no signature", () => ({ ...tokenBy(clientSecret, body), headers: { authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.e30.` } }), "signature"],
    ["another method's name", () => tokenBy(clientSecret, body, {}, { alg: "HS512" }), "signature"],
    ["a token that is over", () => tokenBy(clientSecret, body, { exp: now - 120 }), "expired"],
    ["a token that is not yet", () => tokenBy(clientSecret, body, { nbf: now + 120 }), "expired"],
    ["a time that is none", () => tokenBy(clientSecret, body, { exp: "soon" }), "expired"],
    ["ids of another connection", () => tokenBy(clientSecret, { ...body, matchedWebhookIds: [9] }), "unknown-hook"],
    ["no ids", () => tokenBy(clientSecret, updated), "unknown-hook"],
    ["the signature of the other kind", () => signedBy(secret, body), "wrong-kind"],
    ["nothing", () => ({ headers: {}, body: Buffer.from("{}") }), "unsigned"],
  ])("is refused with %s", async (_, request, reason) => {
    await expect(receive("jira", dynamic, request())).rejects.toThrow(refused("WEBHOOK_UNPROVEN", reason));
    expect(await webhooksOf(ada, dynamic)).toEqual([]);
  });

  test("is never taken without proof, whatever an admin once allowed", async () => {
    const open = await makeConnection(ada, { hookKind: "dynamic", hookIds: ["7"], allowsUnsigned: true });
    await expect(receive("jira", open, { headers: {}, body: Buffer.from('{"matchedWebhookIds":[7]}') })).rejects.toThrow(refused("WEBHOOK_UNPROVEN", "unsigned"));
  });
});

describe("an address that leads nowhere", () => {
  test.each([
    ["unknown", () => newId("connection"), "jira"],
    ["malformed", () => "../../etc", "jira"],
    ["of another plugin", () => connection, "generic"],
    ["of no plugin", () => connection, "constructor"],
  ])("is not found: %s", async (_, id, plugin) => {
    await expect(receive(plugin, id(), signedBy(secret, updated))).rejects.toThrow(refused("NOT_FOUND"));
  });

  test("is not found once its connection is disconnected", async () => {
    const gone = await makeConnection(ada, { secrets: [{ secret }], disconnectedAt: new Date() });
    await expect(receive("jira", gone, signedBy(secret, updated))).rejects.toThrow(refused("NOT_FOUND"));
  });
});

describe("the set-up page", () => {
  test("turns green by the first proven delivery, once, and hears of it without being told what", async () => {
    const heard = vi.spyOn(realtime, "publishRealtime");
    await receive("jira", connection, signedBy(secret, { a: 1 }));
    const first = await connectionRow();
    expect(first?.verifiedAt).not.toBeNull();
    expect(first?.lastReceivedAt).not.toBeNull();
    expect(heard).toHaveBeenCalledExactlyOnceWith([{ channel: realtime.organizationChannel(ada.organizationId), event: "connections.changed", data: {} }]);
    for (let a = 2; a < 10; a += 1) await receive("jira", connection, signedBy(secret, { a }));
    expect(await connectionRow()).toEqual(first);
    await clock.at(new Date(Date.now() + 120_000), () => receive("jira", connection, signedBy(secret, { later: true })));
    expect(await connectionRow()).toMatchObject({ verifiedAt: first?.verifiedAt });
    expect((await connectionRow())?.lastReceivedAt?.getTime()).toBeGreaterThan((first?.lastReceivedAt?.getTime() ?? 0) + 60_000);
    heard.mockRestore();
  });
});
