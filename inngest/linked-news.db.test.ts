import { and, asc, eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant, type Tenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import type { PluginEventTold } from "@/lib/integrations/events";
import type { NotificationType } from "@/lib/notifications/catalog";
import type { ClaimedDelivery } from "@/lib/notifications/deliveries/commands";
import { fanOut } from "@/lib/notifications/fan-out/commands";
import { markRead } from "@/lib/notifications/inbox/commands";
import { inboxPage, threadRows, unreadAbout } from "@/lib/notifications/inbox/queries";
import { setPreferences } from "@/lib/notifications/preferences/commands";
import { receiptOf } from "@/lib/notifications/receipts/queries";
import { releaseHeld } from "@/lib/notifications/releases/commands";
import { deliveries, notifications } from "@/lib/notifications/tables";
import { renderMail } from "@/lib/notifications/templates/render";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { subjects } from "./subjects";

useTestDatabase();

let owner: Member;
let reader: Member;
let here: Tenant;
let connectionId: string;
let people = 0;
beforeAll(async () => {
  owner = (await foundOrganization("owner@here.example", "Here")).owner;
  here = systemTenant(owner.organizationId);
});
beforeEach(async () => {
  people += 1;
  reader = await joinAs(owner, `reader${people}@here.example`);
  connectionId = await connect();
});

const run = (statement: ReturnType<typeof sql>) => asSystem("demo", (tx) => tx.execute(statement));

async function connect(): Promise<string> {
  const id = newId("connection");
  await run(sql`
    insert into plugin_connections (id, organization_id, plugin, external_id, name, metadata, connected_by)
    values (${id}, ${owner.organizationId}, 'jira', ${id}, 'Shop', '{}'::jsonb, ${owner.id})`);
  return id;
}

/** A grant of the reader's own account. */
async function link(): Promise<string> {
  const id = newId("credential");
  await run(sql`
    insert into oauth_credentials (id, organization_id, plugin, account_id, account_name, member_id, access_token, refresh_token, expires_at, scopes, refreshed_at)
    values (${id}, ${owner.organizationId}, 'jira', ${id}, 'Rea', ${reader.id}, 'x', 'x', now(), '{}', now())`);
  await run(sql`
    insert into plugin_people (id, organization_id, plugin, member_id, account_id, account_name, credential_id)
    values (${newId("person")}, ${owner.organizationId}, 'jira', ${reader.id}, ${id}, 'Rea', ${id})`);
  return id;
}

// 09:00 in UTC, where everybody here lives.
const start = new Date("2031-03-03T09:00:00Z");
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
const seconds = (count: number) => new Date(start.getTime() + count * 1000);

type Change = PluginEventTold["facts"]["changes"][number];
const change = (field: string, from: string | null, to: string | null): Change => ({ field, from, to, fromId: null, toId: null });

interface Happened {
  event?: "jira.issue.created" | "jira.issue.updated" | "jira.issue.deleted" | "jira.comment.created";
  changes?: Change[];
  by?: { memberId: string | null; name: string };
  personal?: boolean;
  mentions?: string[];
  comment?: string;
  key?: string;
  to?: Member[];
}

/** Tells the reader what happened to one issue, as the function that hears of it does. */
async function tell(at: Date, { event = "jira.issue.updated", changes = [], by = { memberId: null, name: "Ada" }, personal, mentions = [], comment, key = "MOIM-12", to = [reader] }: Happened = {}) {
  const payload: PluginEventTold = {
    actor: by,
    connection: { id: connectionId, plugin: "jira", name: "Shop" },
    webhookId: newId("inboundWebhook"),
    subscriptions: [{ id: newId("subscription"), name: "All of Shop" }],
    memberIds: to.map(({ id }) => id),
    ...(personal === undefined ? {} : { personal }),
    facts: {
      event,
      sourceEvent: event,
      actor: null,
      entity: `issue:${key}`,
      title: `${key} Fix the door`,
      text: null,
      url: `https://shop.example/browse/${key}`,
      project: null,
      issue: {
        id: key, key, summary: "Fix the door", url: null, project: { id: "1", key: "MOIM", name: "Moim" },
        type: null, status: null, statusCategory: null, priority: null, assignee: null, reporter: null, labels: [], updatedAt: null,
      },
      changes,
      comment: comment === undefined ? null : { id: "1", text: comment, author: null },
      mentions,
      occurredAt: at.toISOString(),
    },
  };
  return fan(event, payload, at);
}

const fan = (name: string, payload: Record<string, unknown>, at = start) =>
  clock.at(at, () => fanOut(here, name, { eventId: newId("event"), organizationId: owner.organizationId, version: 1, occurredAt: at.toISOString(), payload }));

const chooses = (category: "issues" | "mentions" | "integrations", value: "off" | "on" | "daily", member = reader) => setPreferences(member, [{ category, channel: "email", value }]);
const inbox = async (tab: "all" | "personal" = "all", member = reader) => (await inboxPage(member, { limit: 20, tab })).items;

/** What was made for somebody on one channel, oldest first, in the shape in which a channel asks about it. */
async function messages(member = reader, channel = "email") {
  const rows = await asSystem("sweep", (tx) =>
    tx
      .select({ delivery: deliveries, notification: notifications })
      .from(deliveries)
      .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
      .where(and(eq(deliveries.memberId, member.id), eq(deliveries.channel, channel)))
      .orderBy(asc(deliveries.id)),
  );
  return rows.map(({ delivery, notification }): ClaimedDelivery & Pick<typeof delivery, "state" | "hold" | "deliverAfter"> => ({
    ...notification,
    ...delivery,
    // Only the catalog writes types and categories.
    type: notification.type as NotificationType,
    category: notification.category as ClaimedDelivery["category"],
    dueAt: delivery.deliverAfter,
    abandoned: false,
    uncertain: false,
  }));
}
const waiting = async (member = reader) => (await messages(member)).filter(({ state }) => state === "pending" || state === "held");
const skipReason = async (delivery: ClaimedDelivery) => {
  const resolution = (await subjects.resolve(here, delivery.type, [delivery])).get(delivery.id);
  const applies = (await subjects.applies(here, delivery.type, [delivery])).get(delivery.id);
  expect(applies, "pushes and mails agree").toBe(resolution && "skip" in resolution ? resolution.skip : undefined);
  return applies;
};
async function mailOf(delivery: ClaimedDelivery | undefined) {
  if (!delivery) throw new Error("no mail");
  const resolution = (await subjects.resolve(here, delivery.type, [delivery])).get(delivery.id);
  if (!resolution || !("content" in resolution)) throw new Error(`not told: ${JSON.stringify(resolution)}`);
  return renderMail(resolution.content, { locale: "en", timeZone: "UTC", hourCycle: "h23" });
}

/** Twelve changes within a minute, by one person, the status among them. */
async function burst(): Promise<void> {
  for (let index = 0; index < 10; index += 1) await tell(seconds(index * 5), { changes: [change("labels", `l${index}`, `l${index + 1}`)] });
  await tell(seconds(50), { changes: [change("status", "To Do", "In Progress")] });
  await tell(seconds(55), { changes: [change("status", "In Progress", "Done"), change("assignee", null, "Bora")] });
}

describe("twelve quick changes of one issue", () => {
  test("are one line, the important first, and each of them can be opened", async () => {
    await burst();
    const [line, ...others] = await inbox();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      sentence: "12 changes to MOIM-12 Fix the door by Ada",
      detail: "status: To Do → Done · assignee: Bora · labels: l0 → l10",
      why: "Your subscription: All of Shop",
      path: `/issues/${connectionId}/MOIM-12`,
      summary: { earlier: 11 },
    });
    const { rows } = await threadRows(reader, line?.id ?? "");
    expect(rows.map(({ sentence }) => sentence).slice(0, 2)).toEqual(["Ada moved MOIM-12 Fix the door to In Progress", "Ada changed MOIM-12 Fix the door"]);
    for (const { id } of rows) expect((await receiptOf(reader, id)).id).toBe(id);
    await markRead(reader, { ids: [line?.id ?? ""] });
    expect((await inbox())[0]?.sentence).toBe("12 changes to MOIM-12 Fix the door by Ada");
  });

  test("are one mail, two minutes after the first, that lists them all", async () => {
    await chooses("issues", "on");
    await burst();
    const mails = await messages();
    expect(mails.map(({ state }) => state).sort()).toEqual([...Array.from({ length: 11 }, () => "merged"), "pending"]);
    const [mail] = await waiting();
    expect(mail?.deliverAfter).toEqual(seconds(120));
    const { subject, text } = await mailOf(mail);
    expect(subject).toBe("12 changes to MOIM-12 Fix the door by Ada");
    expect(text).toContain("What happened: 12 events");
    expect(text).toContain("status: In Progress → Done");
    expect(text).toContain("labels: l4 → l5");
    expect(text).toContain("https://shop.example/browse/MOIM-12");
    expect(text).toMatch(/\/here\/issues\/con_\w+\/MOIM-12/);
  });

  test("are one line of the next digest without any choice, without what was read meanwhile", async () => {
    await burst();
    await tell(minutes(1), { key: "MOIM-13", event: "jira.comment.created", comment: "Which door?" });
    await markRead(reader, { ids: [(await inbox()).find(({ sentence }) => sentence.includes("MOIM-12"))?.id ?? ""] });
    await tell(minutes(2), { changes: [change("priority", "Low", "High")] });
    await tell(minutes(3), { by: { memberId: owner.id, name: "Olga" } });
    const [first] = await waiting();
    expect(first).toMatchObject({ state: "held", hold: "daily" });
    const digest = first?.deliverAfter ?? start;
    await clock.at(digest, () => releaseHeld(here, [reader.id]));
    const [bundle, ...others] = await waiting();
    expect(others).toEqual([]);
    const { subject, text } = await clock.at(digest, () => mailOf(bundle));
    expect(subject).toBe("Your day at Here: 2 notifications");
    expect(text).toContain("2 changes to MOIM-12 Fix the door by Olga and Ada");
    expect(text).toContain("priority: Low → High");
    expect(text).not.toContain("Done");
    expect(text).toContain("Ada commented on MOIM-13 Fix the door");
    expect(text).toContain("“Which door?”");
  });
});

test("two stories of one issue are told apart by the hour between them, and several people are counted", async () => {
  await tell(minutes(0), { changes: [change("status", "To Do", "Done")] });
  for (const [index, name] of ["Ada", "Bora", "Cyd"].entries()) await tell(minutes(62 + index), { by: { memberId: null, name }, comment: "Hm", event: "jira.comment.created" });
  const [line] = await inbox();
  expect(line).toMatchObject({ sentence: "3 comments on MOIM-12 Fix the door by 3 people", summary: { earlier: 3 } });
  // The issue's page reads by what it is about.
  const subjectId = `${connectionId}/MOIM-12`;
  expect((await unreadAbout(reader, subjectId)).unread).toBe(4);
  expect((await markRead(reader, { subject: subjectId })).unread).toBe(0);
});

describe("what is meant for its reader", () => {
  test("stays for them while it is unread and where it was read, whatever comes after it, and stands first", async () => {
    await tell(minutes(0), { personal: true, mentions: ["me"], event: "jira.comment.created", comment: "Please look" });
    await tell(minutes(1), { changes: [change("labels", null, "door")] });
    const [line] = await inbox("personal");
    expect(line).toMatchObject({ sentence: "2 changes to MOIM-12 Fix the door by Ada", detail: "you are mentioned · 1 comment · labels: door", category: "issues" });
    await markRead(reader, { seen: (await inboxPage(reader, { limit: 20, tab: "personal" })).seen, tab: "personal" });
    expect((await inbox("personal")).map(({ id, readAt }) => [id, readAt !== null])).toEqual([[line?.id, true]]);
    await tell(minutes(2), { changes: [change("labels", "door", "window")] });
    expect(await inbox("personal")).toEqual([]);
    expect(await inbox()).toHaveLength(1);
  });

  test("comes by mail at once and is no part of the digest that the rest waits for", async () => {
    await tell(minutes(0), { personal: true, changes: [change("assignee", null, "Rea")] });
    await tell(minutes(1), { changes: [change("status", "To Do", "Done")] });
    const [personal, rest, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(personal).toMatchObject({ category: "mentions", state: "pending", deliverAfter: minutes(2) });
    expect(rest).toMatchObject({ category: "issues", state: "held", hold: "daily" });
    const { subject, text } = await mailOf(personal);
    expect(subject).toBe("Ada assigned MOIM-12 Fix the door to you");
    expect(text).toContain("you are mentioned or assigned");
  });
});

test("nobody is told of their own change", async () => {
  await tell(start, { by: { memberId: reader.id, name: "Rea" }, to: [reader, owner] });
  expect(await inbox()).toEqual([]);
  expect((await inbox("all", owner)).filter(({ sentence }) => sentence.startsWith("Rea"))).toHaveLength(1);
});

test("news of a place that was disconnected are not told any more", async () => {
  await chooses("issues", "on");
  await tell(start);
  const [mail] = await waiting();
  if (!mail) throw new Error("no mail");
  expect(await skipReason(mail)).toBeUndefined();
  await run(sql`update plugin_connections set disconnected_at = now() where id = ${connectionId}`);
  expect(await skipReason(mail)).toBe("disconnected");
});

describe("a broken link", () => {
  const broken = (cause: "grant" | "hook") => fan("connection.broken", { connection: { id: connectionId, plugin: "jira", name: "Shop" }, cause, detail: "invalid_grant", since: start.toISOString() });
  const mailTo = async (member: Member) => (await messages(member)).filter(({ subjectId }) => subjectId === connectionId).at(-1);

  test("is for whoever looks after the organization, until it is mended", async () => {
    const admin = await joinAs(owner, `admin${people}@here.example`, "admin");
    const grant = await link();
    await run(sql`update plugin_connections set credential_id = ${grant} where id = ${connectionId}`);
    await run(sql`update oauth_credentials set broken_at = now() where id = ${grant}`);
    await broken("grant");
    expect(await inbox()).toEqual([]);
    expect((await inbox("all", admin))[0]).toMatchObject({ sentence: "The link to Shop is broken: somebody has to consent again", path: `/settings/integrations/${connectionId}` });
    const mail = await mailTo(owner);
    if (!mail) throw new Error("no mail");
    expect(await skipReason(mail)).toBeUndefined();
    expect((await mailOf(mail)).text).toContain(`/here/settings/integrations/${connectionId}`);
    await run(sql`update oauth_credentials set broken_at = null where id = ${grant}`);
    expect(await skipReason(mail)).toBe("mended");
    await run(sql`update plugin_connections set disconnected_at = now() where id = ${connectionId}`);
    expect(await skipReason(mail)).toBe("disconnected");
  });

  test("by a webhook holds while none is registered, or one still is about to lapse", async () => {
    await run(sql`update plugin_connections set hook_kind = 'dynamic' where id = ${connectionId}`);
    await broken("hook");
    const mail = await mailTo(owner);
    if (!mail) throw new Error("no mail");
    expect(await skipReason(mail)).toBeUndefined();
    await run(sql`
      insert into hook_registrations (organization_id, connection_id, external_id, events, filter, expires_at, alerted_at)
      values (${owner.organizationId}, ${connectionId}, '1', '[]'::jsonb, 'project != null', now(), now())`);
    expect(await skipReason(mail)).toBeUndefined();
    await run(sql`update hook_registrations set alerted_at = null where connection_id = ${connectionId}`);
    expect(await skipReason(mail)).toBe("mended");
  });
});

test("an account that is no longer linked is its owner's business, until it is linked again", async () => {
  const grant = await link();
  await run(sql`update oauth_credentials set broken_at = now() where id = ${grant}`);
  await fan("account.unlinked", { memberId: reader.id, plugin: "jira", accountName: "Rea", detail: "revoked" });
  expect((await inbox())[0]).toMatchObject({ sentence: "Your account Rea is no longer linked", path: "/settings/subscriptions" });
  const [mail] = await waiting();
  if (!mail) throw new Error("no mail");
  expect(await skipReason(mail)).toBeUndefined();
  await run(sql`update oauth_credentials set broken_at = null where id = ${grant}`);
  expect(await skipReason(mail)).toBe("linked");
});

describe("a paused endpoint", () => {
  async function pause(): Promise<string> {
    const id = newId("endpoint");
    await run(sql`
      insert into endpoints (id, organization_id, name, url, owner_id, paused_at) values (${id}, ${owner.organizationId}, 'Robot', 'https://hook.example/x', ${reader.id}, now())`);
    const payload = { endpoint: { id, name: "Robot", url: "https://hook.example/x" }, ownerId: reader.id, reason: "failing", detail: "answered 500", event: "jira.issue.updated", payload: '{"a":"b"}', waiting: 1 };
    await fan("subscription.paused", payload);
    return id;
  }
  const about = async (member: Member, id: string) => (await messages(member)).filter(({ subjectId }) => subjectId === id);

  test("is told to its owner with reason and payload, and to nobody once it goes on", async () => {
    const id = await pause();
    expect(await about(owner, id)).toEqual([]);
    const [mail] = await about(reader, id);
    if (!mail) throw new Error("no mail");
    const { subject, text } = await mailOf(mail);
    expect(subject).toBe("Robot is paused");
    for (const part of ["answered 500", '{"a":"b"}', "0 events are kept", `/here/settings/webhooks/${id}`]) expect(text).toContain(part);
    expect(await skipReason(mail)).toBeUndefined();
    await run(sql`update endpoints set paused_at = null where id = ${id}`);
    expect(await skipReason(mail)).toBe("resumed");
  });

  test("whose owner has left is told to those who look after the organization", async () => {
    const bystander = await joinAs(owner, `by${people}@here.example`);
    await removeMember(owner, reader.id);
    const id = await pause();
    expect(await about(owner, id)).toHaveLength(1);
    expect(await about(bystander, id)).toEqual([]);
  });
});
