import { and, eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { auditEntries } from "@/lib/organizations/tables";
import { pluginConnections } from "../connections/tables";
import { jiraIssues } from "../issues/tables";
import { pluginOf } from "../registry";
import { takeTurns } from "../subscriptions/commands";
import { feed, readWaiting, receive, replayWebhooks } from "./commands";
import { connectionsWaiting, isWaiting, logOf, webhookBody, webhookOf } from "./queries";
import { inboundWebhooks } from "./tables";
import { changelog, issueWebhook, makeConnection, signedBy, webhooksOf } from "./testing";
import { searchWebhooksInput } from "./inputs";

useTestDatabase();

const secret = "whatever";
let ada: Member;
let bora: Member;
let stranger: Member;
let connection: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@reading.example", "Reading")).owner;
  bora = await joinAs(ada, "bora@reading.example");
  stranger = (await foundOrganization("zoe@elsewhere.example", "Elsewhere")).owner;
});
beforeEach(async () => {
  connection = await makeConnection(ada, { secrets: [{ secret }] });
});

let count = 0;
const come = (payload: unknown, to = connection) => receive("jira", to, signedBy(secret, payload, { "x-atlassian-webhook-identifier": `w-${(count += 1)}` }));
const updatedAt = (minute: number) => `2026-11-21T09:${String(minute).padStart(2, "0")}:00.000+0000`;
const change = (issueId: string, minute: number, id: string, status = "Done") => issueWebhook("updated", { id: issueId, updated: updatedAt(minute), status }, changelog(id, "status", "To Do", status));
const connectionRow = async () => (await inTenant(ada, (tx) => tx.select().from(pluginConnections).where(eq(pluginConnections.id, connection))))[0];
const card = async (issueId: string) => (await inTenant(ada, (tx) => tx.select().from(jiraIssues).where(and(eq(jiraIssues.connectionId, connection), eq(jiraIssues.issueId, issueId)))))[0];
const inOrder = async () =>
  (await webhooksOf(ada, connection)).filter(({ position }) => position !== null).sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ changeKey }) => changeKey);
const log = (filter: Record<string, unknown> = {}) => logOf(ada, connection, searchWebhooksInput.parse(filter));

describe("reading what waits", () => {
  test("puts it into the order in which it happened, with a position each and without a gap", async () => {
    for (const [minute, id] of [[30, "3"], [10, "1"], [20, "2"]] as const) await come(change("1", minute, id));
    expect(await readWaiting(ada, connection)).toBe(3);
    await come(change("1", 15, "late"));
    expect(await readWaiting(ada, connection)).toBe(1);
    expect(await readWaiting(ada, connection)).toBe(0);
    expect(await inOrder()).toEqual(["changelog:1:1", "changelog:1:2", "changelog:1:3", "changelog:1:late"]);
    expect((await webhooksOf(ada, connection)).map(({ position }) => position).sort()).toEqual([1, 2, 3, 4]);
    expect((await connectionRow())?.seenUntil).toEqual(new Date("2026-11-21T09:30:00Z"));
  });

  test("sets no card back by what happened earlier and came later", async () => {
    await come(change("1", 30, "2", "Done"));
    await readWaiting(ada, connection);
    await come(change("1", 10, "1", "In Progress"));
    await readWaiting(ada, connection);
    expect((await card("1"))?.facts.status).toBe("Done");
    await come(issueWebhook("deleted", { id: "1", updated: updatedAt(31) }));
    await readWaiting(ada, connection);
    expect((await card("1"))?.deletedAt).not.toBeNull();
  });

  test("counts a change once, whichever way it comes first and however often", async () => {
    const told = change("1", 1, "1");
    await Promise.all([come(told), come(told)]);
    await readWaiting(ada, connection);
    await feed(ada, connection, [{ changeKey: "changelog:1:1", body: told }, { changeKey: "changelog:1:2", body: change("1", 2, "2") }]);
    await feed(ada, connection, [{ changeKey: "changelog:1:2", body: change("1", 2, "2") }]);
    await readWaiting(ada, connection);
    await come(change("1", 2, "2"));
    await readWaiting(ada, connection);
    const all = await webhooksOf(ada, connection);
    expect(all.map(({ changeKey, state, proof }) => [changeKey, state, proof])).toEqual([
      ["changelog:1:1", "read", "hmac"],
      ["changelog:1:1", "duplicate", "hmac"],
      ["changelog:1:2", "read", "asked"],
      ["changelog:1:2", "duplicate", "hmac"],
    ]);
    expect(all[1]?.reason).toBe(all[0]?.id);
    expect(all[3]?.reason).toBe(all[2]?.id);
    expect(all.filter(({ position }) => position !== null)).toHaveLength(2);
  });

  test("tells of a comment once, although Jira says it twice", async () => {
    const comment = { id: "7", body: "hello", author: { accountId: "a" }, created: updatedAt(1), updated: updatedAt(1) };
    await come(issueWebhook("updated", { id: "1", updated: updatedAt(1) }, { issue_event_type_name: "issue_commented", comment }));
    await come({ webhookEvent: "comment_created", comment, issue: issueWebhook("updated", { id: "1" }).issue });
    await readWaiting(ada, connection);
    expect((await webhooksOf(ada, connection)).map(({ event, state }) => [event, state])).toEqual([["jira.comment.created", "read"], ["jira.comment.created", "duplicate"]]);
  });

  test("keeps what it cannot read, with the reason, and goes on behind it", async () => {
    for (const body of ["{", "", "[]"]) await come(body);
    await come(change("1", 1, "1"));
    await come({ webhookEvent: "jira:new_one", x: 1 });
    await readWaiting(ada, connection);
    expect((await webhooksOf(ada, connection)).map(({ state, event }) => [state, event])).toEqual([
      ["unreadable", null],
      ["unreadable", null],
      ["unreadable", null],
      ["read", "jira.issue.updated"],
      ["read", "jira.unknown"],
    ]);
    expect((await webhooksOf(ada, connection))[0]?.reason).toContain("JSON");
  });

  test("is stopped by no body: neither by one that breaks its reader nor by characters that the database does not hold", async () => {
    const jira = pluginOf("jira");
    if (!jira) throw new Error("no plugin");
    const read = jira.read.bind(jira);
    const broken = vi.spyOn(jira, "read").mockImplementation((body, place) => {
      if (body.includes("BREAK")) throw new Error("cannot \u0000 read");
      return read(body, place);
    });
    await come(issueWebhook("created", { id: "1", summary: "BREAK" }));
    await come(issueWebhook("created", { id: "2", summary: "a\u0000b\ud800c", updated: updatedAt(1) }));
    expect(await readWaiting(ada, connection)).toBe(2);
    broken.mockRestore();
    const [first, second] = await webhooksOf(ada, connection);
    expect(first).toMatchObject({ state: "unreadable", reason: expect.stringContaining("Reading it failed") as string });
    expect(second).toMatchObject({ state: "read", facts: { title: "MOIM-2 a\uFFFDb\uFFFDc" } });
  });

  test("waits while the connection is paused, and goes on where it was", async () => {
    await come(change("1", 1, "1"));
    const pause = (pausedAt: Date | null) => inTenant(ada, (tx) => tx.update(pluginConnections).set({ pausedAt }).where(eq(pluginConnections.id, connection)));
    await pause(new Date());
    expect([await readWaiting(ada, connection), await isWaiting(ada, connection)]).toEqual([0, false]);
    await pause(null);
    expect([await isWaiting(ada, connection), await readWaiting(ada, connection)]).toEqual([true, 1]);
  });

  test("is done by one at a time, and nobody who delivers waits for it", async () => {
    await Promise.all(Array.from({ length: 60 }, (_, index) => come(change("1", index % 60, `c${index}`))));
    const [reads] = await Promise.all([
      Promise.all(Array.from({ length: 6 }, () => readWaiting(ada, connection, 20))),
      Promise.all(Array.from({ length: 20 }, (_, index) => come(change("2", index, `d${index}`)))),
    ]);
    expect(reads.reduce((sum, read) => sum + read, 0)).toBeGreaterThanOrEqual(60);
    while ((await readWaiting(ada, connection)) > 0);
    const positions = (await webhooksOf(ada, connection)).map(({ position }) => position ?? 0).sort((a, b) => a - b);
    expect(positions).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
  });

  test("goes through a burst of 1,000 in chunks, none lost and none twice", async () => {
    for (let sent = 0; sent < 1_000; sent += 50) await Promise.all(Array.from({ length: 50 }, (_, index) => come(change(String(index), index % 60, `b${sent + index}`))));
    const chunks: number[] = [];
    for (let read = await readWaiting(ada, connection); read > 0; read = await readWaiting(ada, connection)) chunks.push(read);
    expect(chunks).toEqual(Array.from({ length: 10 }, () => 100));
    const rows = await webhooksOf(ada, connection);
    expect(rows.filter(({ state }) => state === "read")).toHaveLength(1_000);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(1_000);
  });

  test("holds no more than some bodies in memory at once", async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, "x");
    for (const first of ["1", "2"]) {
      large.write(first);
      await come(Buffer.from(large));
    }
    await come(change("1", 1, "1"));
    expect([await readWaiting(ada, connection), await readWaiting(ada, connection)]).toEqual([2, 1]);
  });
});

describe("what a process that died between storing and reading left", () => {
  test("is found, but not what has only just come, and not what is paused", async () => {
    await come(change("1", 1, "1"));
    const mine = (rows: { connectionId: string }[]) => rows.filter(({ connectionId }) => connectionId === connection);
    const soon = new Date(Date.now() + 60_000);
    expect(mine(await connectionsWaiting(soon, 1000))).toEqual([{ organizationId: ada.organizationId, connectionId: connection }]);
    expect(mine(await connectionsWaiting(new Date(Date.now() - 60_000), 1000))).toEqual([]);
    await readWaiting(ada, connection);
    expect(mine(await connectionsWaiting(soon, 1000))).toHaveLength(1);
    await inTenant(ada, (tx) => tx.update(inboundWebhooks).set({ dispatchedAt: new Date(), toldAt: new Date() }).where(eq(inboundWebhooks.connectionId, connection)));
    expect(mine(await connectionsWaiting(soon, 1000))).toEqual([]);
    expect(await isWaiting(ada, connection)).toBe(false);
  });
});

describe("the log", () => {
  beforeEach(async () => {
    await come(issueWebhook("created", { id: "1", summary: "100% of doors", updated: updatedAt(1) }));
    await come(change("2", 2, "1"));
    await come("{");
    await readWaiting(ada, connection);
  });

  test("is filtered by event, state, words and what it is about, newest first", async () => {
    const titles = async (filter: Record<string, unknown>) => (await log(filter)).webhooks.map(({ title, state }) => title ?? state);
    expect(await titles({})).toEqual(["unreadable", "MOIM-2 Fix the door", "MOIM-1 100% of doors"]);
    expect(await titles({ event: "jira.issue.created" })).toEqual(["MOIM-1 100% of doors"]);
    expect(await titles({ state: "unreadable" })).toEqual(["unreadable"]);
    expect(await titles({ text: "0% OF" })).toEqual(["MOIM-1 100% of doors"]);
    expect(await titles({ text: "%" })).toEqual(["MOIM-1 100% of doors"]);
    expect(await titles({ entity: "issue:2" })).toEqual(["MOIM-2 Fix the door"]);
    expect(await titles({ from: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(await titles({ to: new Date(Date.now() + 60_000).toISOString() })).toHaveLength(3);
  });

  test("is read page by page", async () => {
    const first = await log({ limit: 2 });
    const second = await log({ limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.webhooks, ...second.webhooks].map(({ id }) => id)).toEqual((await webhooksOf(ada, connection)).map(({ id }) => id).reverse());
    expect(second.nextCursor).toBeNull();
    await expect(log({ cursor: "rcv_00000000000000000000000000" })).rejects.toMatchObject({ code: "INVALID" });
  });

  test("shows everything of one: its body indented, byte for byte to download, headers without secrets", async () => {
    const [created] = await webhooksOf(ada, connection);
    const detail = await webhookOf(ada, created?.id ?? "");
    expect(detail).toMatchObject({ connection: { id: connection, plugin: "jira" }, event: "jira.issue.created", matched: [], deliveries: [], told: [], body: { isJson: true, isCut: false } });
    expect(detail.body.text).toContain('\n    "id": "1",');
    expect(detail.headers).not.toHaveProperty("x-hub-signature");
    expect((await webhookBody(ada, created?.id ?? "")).equals(created?.body ?? Buffer.alloc(0))).toBe(true);
  });

  test("is for those who manage integrations, of this organization", async () => {
    const [one] = await webhooksOf(ada, connection);
    const id = one?.id ?? "";
    const refusal = (code: string) => expect.objectContaining({ code }) as Error;
    for (const [member, code] of [[bora, "FORBIDDEN"], [stranger, "NOT_FOUND"]] as const) {
      await expect(logOf(member, connection, searchWebhooksInput.parse({}))).rejects.toThrow(refusal(code));
      await expect(webhookOf(member, id)).rejects.toThrow(refusal(code));
      await expect(webhookBody(member, id)).rejects.toThrow(refusal(code));
      await expect(replayWebhooks(member, connection, { ids: [id] })).rejects.toThrow(refusal(code));
    }
  });
});

test("whoever waits is found in time, though more wait than one sweep takes", async () => {
  await come(change("1", 1, "1"));
  const other = await makeConnection(ada, { secrets: [{ secret }] });
  await receive("jira", other, signedBy(secret, issueWebhook("created", { id: "1" })));
  const found = new Set<string>();
  for (let sweep = 0; sweep < 2_000 && !(found.has(connection) && found.has(other)); sweep += 1) {
    for (const { connectionId } of await connectionsWaiting(new Date(Date.now() + 1_000), 1)) found.add(connectionId);
  }
  expect([...found]).toEqual(expect.arrayContaining([connection, other]));
});

describe("a replay", () => {
  const settled = { dispatchedAt: new Date(), toldAt: new Date() };
  const settle = () => inTenant(ada, (tx) => tx.update(inboundWebhooks).set(settled).where(eq(inboundWebhooks.connectionId, connection)));

  test("lets one go through again, and says who did it", async () => {
    await come(change("1", 1, "1"));
    await come(change("1", 2, "2"));
    await readWaiting(ada, connection);
    await settle();
    const [first, second] = await webhooksOf(ada, connection);
    expect(await replayWebhooks(ada, connection, { ids: [first?.id ?? ""] })).toBe(1);
    const [again, other] = await webhooksOf(ada, connection);
    expect(again).toMatchObject({ dispatchedAt: null, toldAt: null, replays: 1, state: "read", position: first?.position });
    expect(other).toMatchObject({ replays: 0, toldAt: second?.toldAt && settled.toldAt });
    expect(await isWaiting(ada, connection)).toBe(true);
    const audited = await inTenant(ada, (tx) => tx.select().from(auditEntries).where(eq(auditEntries.action, "webhooks.replayed")));
    expect(audited.at(-1)).toMatchObject({ actorId: ada.id, subject: "Acme", detail: { connectionId: connection, count: 1 } });
  });

  test("of a range takes what came in it, reads the unreadable again and leaves repetitions alone", async () => {
    await come("{");
    await come(change("1", 1, "1"));
    await come(change("1", 1, "1"));
    await readWaiting(ada, connection);
    await settle();
    const [from, to] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() + 60_000).toISOString()];
    expect(await replayWebhooks(ada, connection, { from: to, to: to })).toBe(0);
    expect(await replayWebhooks(ada, connection, { from, to })).toBe(2);
    expect((await webhooksOf(ada, connection)).map(({ state, replays }) => [state, replays])).toEqual([["received", 1], ["read", 1], ["duplicate", 0]]);
  });

  test.each(["dispatch", "tell"] as const)("waits for whoever is about to mark the same as done (%s)", async (what) => {
    await come(change("1", 1, "1"));
    await readWaiting(ada, connection);
    await settle();
    const [one] = await webhooksOf(ada, connection);
    let begun = (): void => undefined;
    const holding = new Promise<void>((resolve) => (begun = resolve));
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const done = inTenant(ada, async (tx) => {
      await takeTurns(tx, what, connection);
      begun();
      await ended;
      await tx.update(inboundWebhooks).set(settled).where(eq(inboundWebhooks.connectionId, connection));
    });
    await holding;
    const replay = replayWebhooks(ada, connection, { ids: [one?.id ?? ""] });
    const waits = () => asSystem("health", (tx) => tx.execute(sql`select 1 from pg_locks join pg_database on pg_database.oid = pg_locks.database where datname = current_database() and locktype = 'advisory' and not granted`));
    await Promise.race([replay, vi.waitFor(async () => expect(await waits()).toHaveLength(1), { timeout: 5_000 })]);
    end();
    await Promise.all([done, replay]);
    expect((await webhooksOf(ada, connection))[0]).toMatchObject({ dispatchedAt: null, toldAt: null, replays: 1 });
  });

  test("of what is not there, or of another connection, is refused", async () => {
    await come(change("1", 1, "1"));
    const [one] = await webhooksOf(ada, connection);
    const other = await makeConnection(ada);
    await expect(replayWebhooks(ada, other, { ids: [one?.id ?? ""] })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(replayWebhooks(ada, connection, { ids: [] })).rejects.toMatchObject({ code: "INVALID" });
  });
});
