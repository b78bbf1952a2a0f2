import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { users } from "@/lib/platform/auth/tables";
import type { Member } from "@/lib/organizations/actor";
import { removeMember } from "@/lib/organizations/membership/commands";
import { members, workspaceMembers } from "@/lib/organizations/tables";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { archiveArticle, changeArticle } from "../articles/commands";
import { openArticle } from "../articles/queries";
import { eventsOf, publishNews, workspaceWith } from "../testing";
import { acknowledge, fallingDue, remind, remindOfDue } from "./commands";
import { readersOf } from "./queries";
import { mustReads } from "./tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let carl: Member;
let admin: Member;
let stranger: Member;
let workspaceId: string;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  [bora, carl, admin] = [await joinAs(ada, "bora@here.example"), await joinAs(ada, "carl@here.example"), await joinAs(ada, "min@here.example", "admin")];
  ({ workspaceId } = await workspaceWith("Room", [ada, bora, carl, admin]));
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});

const day = 24 * 60 * 60 * 1000;
const asked = (dueAt: Date | null, more: object = {}) => publishNews(bora, workspaceId, "Read me", { mustRead: { dueAt: dueAt?.toISOString() ?? null }, ...more });
const due = async (articleId: string) => (await eventsOf(articleId)).filter(({ name }) => name === "article.acknowledgement-due").map(({ payload }) => payload);
const list = (member: Member, id: string, which: "done" | "waiting", cursor?: string) => readersOf(member, id, { which, cursor, limit: 2 });

describe("a must-read", () => {
  test("knows who has said that they read it, and who has not", async () => {
    const id = await asked(null);
    expect((await eventsOf(id))[0]?.payload).toMatchObject({ mustRead: { dueAt: null } });
    const said = await acknowledge(carl, id, 1);
    expect(await Promise.all([acknowledge(carl, id, 1), acknowledge(carl, id, 1)])).toEqual([said, said]);
    expect(await list(bora, id, "done")).toMatchObject({ done: 1, waiting: 2, readers: [{ memberId: carl.id, name: "carl", acknowledged: { version: 1, at: said.acknowledgedAt } }] });
    // By name, in pages; its author is not asked.
    const waiting = await list(admin, id, "waiting");
    expect(waiting.readers.map(({ name }) => name)).toEqual(["ada", "min"]);
    expect((await openArticle(carl, id)).mustRead).toEqual({ dueAt: null, acknowledged: { version: 1, at: said.acknowledgedAt } });
    await expect(list(carl, id, "done")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(list(stranger, id, "done")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(acknowledge(stranger, id, 1)).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const version of [0, 2, -1, 1.5, Number.NaN]) await expect(acknowledge(ada, id, version)).rejects.toMatchObject({ fields: [{ path: ["version"] }] });
  });

  test("is paged without losing or repeating anybody", async () => {
    const id = await asked(null);
    const people = await Promise.all(Array.from({ length: 5 }, (_, n) => joinAs(ada, `reader${n}@here.example`)));
    await asSystem("demo", (tx) => tx.insert(workspaceMembers).values(people.map((person) => ({ organizationId: ada.organizationId, workspaceId, memberId: person.id }))));
    const walk = async (which: "done" | "waiting") => {
      const seen: string[] = [];
      for (let cursor: string | undefined | null; cursor !== null; ) {
        const page = await list(bora, id, which, cursor ?? undefined);
        seen.push(...page.readers.map(({ name }) => name));
        cursor = page.nextCursor;
      }
      return seen;
    };
    expect(await walk("waiting")).toEqual(["ada", "carl", "min", "reader0", "reader1", "reader2", "reader3", "reader4"]);
    const now = clock.nowMs();
    for (const [n, person] of people.entries()) await clock.at(new Date(now + Math.floor(n / 2)), () => acknowledge(person, id, 1));
    expect((await walk("done")).sort()).toEqual(people.map((_, n) => `reader${n}`));
    await expect(readersOf(bora, id, { which: "done", cursor: "e30", limit: 2 })).rejects.toMatchObject({ fields: [{ path: ["cursor"] }] });
    // Who leaves is asked no longer; what they said stays.
    const [first] = people;
    if (first) await removeMember(ada, first.id);
    expect((await list(bora, id, "done")).done).toBe(5);
    await asSystem("demo", (tx) => tx.delete(workspaceMembers).where(eq(workspaceMembers.memberId, carl.id)).then(() => tx.insert(workspaceMembers).values({ organizationId: ada.organizationId, workspaceId, memberId: carl.id })));
  });

  test("nobody says of an article that does not ask", async () => {
    const id = await publishNews(bora, workspaceId, "Ordinary");
    await expect(acknowledge(carl, id, 1)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(remind(bora, id)).rejects.toMatchObject({ code: "CONFLICT" });
    await changeArticle(bora, id, { mustRead: { dueAt: null }, document: undefined });
    await acknowledge(carl, id, 1);
    await expect(changeArticle(carl, id, { mustRead: null, document: undefined })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("reminders", () => {
  test("do not begin anew as often as somebody asks no longer and then again", async () => {
    const id = await asked(null);
    let told = 0;
    for (let turn = 0; turn < 8; turn += 1) {
      told += await remind(bora, id).then(() => 1, () => 0);
      await changeArticle(bora, id, { mustRead: null, document: undefined });
      await changeArticle(bora, id, { mustRead: { dueAt: null }, document: undefined });
    }
    expect(told).toBe(5);
    expect(await due(id)).toHaveLength(5);
  });

  test("go to whoever has not said so, once a day however often they are asked for", async () => {
    const id = await asked(null);
    await acknowledge(carl, id, 1);
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => remind(bora, id)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toMatchObject({ code: "TOO_MANY_REQUESTS", extra: { retryAfterSeconds: expect.any(Number) } });
    const [first, ...more] = await due(id);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ round: 1, actor: { memberId: bora.id }, memberIds: expect.arrayContaining([ada.id, admin.id]) });
    expect(first?.memberIds).not.toContain(carl.id);
    expect(first?.memberIds).not.toContain(bora.id);
    await clock.at(new Date(Date.now() + day + 1000), () => remind(admin, id));
    expect((await due(id)).map(({ round }) => round)).toEqual([1, 2]);
    await expect(remind(carl, id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("name at most a thousand people an event", async () => {
    const id = await asked(null);
    await asSystem("demo", async (tx) => {
      const people = await tx.insert(users).values(Array.from({ length: 1_500 }, (_, n) => ({ email: `crowd${n}@here.example` }))).returning({ id: users.id });
      const crowd = await tx.insert(members).values(people.map(({ id: userId }) => ({ organizationId: ada.organizationId, userId }))).returning({ id: members.id });
      await tx.insert(workspaceMembers).values(crowd.map((person) => ({ organizationId: ada.organizationId, workspaceId, memberId: person.id })));
    });
    const { reminded } = await remind(bora, id);
    const parts = (await due(id)).map(({ memberIds }) => memberIds as string[]);
    expect(parts.map((part) => part.length)).toEqual([1000, reminded - 1000]);
    expect(new Set(parts.flat()).size).toBe(reminded);
  });

  test("come by themselves a day before it is due, exactly once for one instant", async () => {
    const dueAt = new Date(Date.now() + 3 * day);
    const id = await asked(dueAt);
    const found = async (at: Date) => (await clock.at(at, fallingDue)).some(({ articleId }) => articleId === id);
    expect(await found(new Date(dueAt.getTime() - day - 1000))).toBe(false);
    const eve = new Date(dueAt.getTime() - day + 1000);
    expect(await found(eve)).toBe(true);
    const tenant = systemTenant(ada.organizationId);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => clock.at(eve, () => remindOfDue(tenant, { articleId: id, dueAt }))));
    expect(outcomes.filter(({ reminded }) => reminded > 0)).toHaveLength(1);
    expect(await found(eve)).toBe(false);
    expect((await due(id))[0]).toMatchObject({ actor: { memberId: null }, dueAt: dueAt.toISOString() });
    // Another instant is another reminder.
    const moved = new Date(dueAt.getTime() + 3 * day);
    await changeArticle(bora, id, { mustRead: { dueAt: moved.toISOString() }, document: undefined });
    expect(await found(new Date(moved.getTime() - day + 1000))).toBe(true);
  });

  test("do not come for what is due at once, is over, or was archived", async () => {
    const soon = await asked(new Date(Date.now() + day / 2));
    const [row] = await asSystem("demo", (tx) => tx.select().from(mustReads).where(eq(mustReads.articleId, soon)));
    expect(row?.dueReminderAt).not.toBeNull();
    const dueAt = new Date(Date.now() + 5 * day);
    const id = await asked(dueAt);
    expect((await clock.at(new Date(dueAt.getTime() + 1000), fallingDue)).map(({ articleId }) => articleId)).not.toContain(id);
    await archiveArticle(bora, id);
    const eve = new Date(dueAt.getTime() - day + 1000);
    expect((await clock.at(eve, fallingDue)).map(({ articleId }) => articleId)).not.toContain(id);
    expect(await clock.at(eve, () => remindOfDue(systemTenant(ada.organizationId), { articleId: id, dueAt }))).toEqual({ reminded: 0 });
    await expect(remind(bora, id)).rejects.toMatchObject({ code: "CONFLICT" });
  });
});
