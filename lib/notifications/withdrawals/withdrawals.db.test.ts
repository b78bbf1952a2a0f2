import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { newId } from "@/lib/platform/ids";
import { memberChannel, organizationChannel, type RealtimeMessage } from "@/lib/platform/realtime";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { fanOut } from "../fan-out/commands";
import { liveEachMax } from "../fan-out/rules";
import { inboxCount } from "../inbox/queries";
import { withdraw } from "./commands";

const published = vi.hoisted((): unknown[] => []);
vi.mock("@/lib/platform/realtime", async (original) => ({
  ...(await original<object>()),
  publishRealtime: async (messages: unknown[]) => {
    published.push(...messages);
    return { ok: true };
  },
}));
const messages = () => published as RealtimeMessage[];

useTestDatabase();

let ada: Member;
let bora: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
});
beforeEach(() => void published.splice(0));

/** Something that everybody of an organization was told. @returns its thread. */
async function announced(member: Member): Promise<string> {
  const id = newId("notification");
  const payload = { actor: { memberId: null, name: "Ada" }, publication: { id, category: "announcements", channels: ["inbox"], workspaceId: null, line: { en: "News" }, audience: { everyone: true } } };
  await fanOut(systemTenant(member.organizationId), "notification.published", { eventId: newId("event"), organizationId: member.organizationId, version: 1, occurredAt: clock.now().toISOString(), payload });
  return id;
}

test("every reader's tabs hear the count that is left, after the rows are gone", async () => {
  const [kept, gone] = [await announced(ada), await announced(ada)];
  expect((await inboxCount(bora)).unread).toBe(2);
  expect(await withdraw(ada, { threads: [gone] })).toMatchObject({ rows: 2 });
  expect(messages().map(({ channel, data }) => [channel, data.unread]).sort()).toEqual([[memberChannel(ada.id), 1], [memberChannel(bora.id), 1]].sort());
  expect(messages()[0]?.data.version).toBeGreaterThan(0);
  published.splice(0);
  await withdraw(ada, { threads: [gone] });
  expect(messages()).toEqual([]);
  await withdraw(ada, { threads: [kept] });
  expect((await inboxCount(bora)).unread).toBe(0);
});

test("very many hear together, and ask for themselves", async () => {
  const { owner } = await foundOrganization("owner@crowd.example", "Crowd");
  const people = Array.from({ length: liveEachMax + 1 }, () => [newId("user"), newId("member")] as const);
  const array = (values: string[]) => sql`${sql.param(values)}::text[]`;
  await asSystem("demo", async (tx) => {
    await tx.execute(sql`insert into users (id, email) select id, id || '@crowd.example' from unnest(${array(people.map(([user]) => user))}) as made (id)`);
    await tx.execute(sql`
      insert into members (id, organization_id, user_id)
      select id, ${owner.organizationId}, user_id from unnest(${array(people.map(([, member]) => member))}, ${array(people.map(([user]) => user))}) as made (id, user_id)`);
  });
  const thread = await announced(owner);
  expect(await withdraw(owner, { threads: [thread] }, 200)).toMatchObject({ rows: liveEachMax + 2 });
  expect(messages()).toMatchObject([{ channel: organizationChannel(owner.organizationId), event: "inbox.stale", data: { withinSeconds: expect.any(Number) } }]);
});
