import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { users } from "@/lib/platform/auth/tables";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { mailStops } from "../../addresses/tables";
import { devices } from "../../devices/tables";
import { standingsFor } from "./queries";
import { preferences, schedules, threadMutes } from "../tables";

useTestDatabase();

let ada: Member;
let bora: Member;
let chloe: Member;
let stranger: Member;
let workspaceId: string;
const matter = () => ({ category: "changes" as const, workspaceId, thread: "mtg_1" });

beforeAll(async () => {
  const here = await foundOrganization("ada@standing.example", "Standing");
  ada = here.owner;
  workspaceId = here.workspaceId;
  bora = await joinAs(ada, "bora@standing.example");
  chloe = await joinAs(ada, "chloe@standing.example");
  stranger = (await foundOrganization("sid@elsewhere.example", "Elsewhere")).owner;
});

const standings = (member: Member, ids: string[], more: object = {}) =>
  inTenant(member, (tx) => standingsFor(tx, member, { ...matter(), ...more }, ids));

const device = (member: Member, endpoint: string, more: object = {}) =>
  asSystem("demo", (tx) =>
    tx.insert(devices).values({ organizationId: member.organizationId, memberId: member.id, userId: member.userId, kind: "webpush", endpoint, name: "Browser", ...more }),
  );

describe("where people stand", () => {
  test("is one shared object for all who chose nothing, and a device tells them apart", async () => {
    const before = await standings(ada, [ada.id, bora.id, chloe.id]);
    expect(before(bora.id)).toBe(before(ada.id));
    await device(bora, "https://push.example/b");
    await device(chloe, "https://push.example/c", { endedAt: new Date() });
    const after = await standings(ada, [ada.id, bora.id, chloe.id]);
    expect(after(bora.id)).toMatchObject({ hasDevice: true, choices: { email: { value: "on", source: "default" } } });
    expect(after(chloe.id)).toBe(after(ada.id));
    expect(after(ada.id).hasDevice).toBe(false);
  });

  test("counts a device only in the workspace that is active on it, and any where no workspace is meant", async () => {
    await device(chloe, "https://push.example/workspace", { workspaceId });
    const has = async (place: string | null) => (await standings(ada, [chloe.id], { workspaceId: place }))(chloe.id).hasDevice;
    expect([await has(workspaceId), await has(null), await has("wsp_other")]).toEqual([true, true, false]);
  });

  test("takes the workspace's choice before one's own, that before the organization's, and each only for its category", async () => {
    const cell = { organizationId: ada.organizationId, category: "changes" };
    await inTenant(ada, (tx) =>
      tx.insert(preferences).values([
        { ...cell, channel: "email", value: "weekly" },
        { ...cell, channel: "push", value: "off" },
        { ...cell, channel: "email", value: "daily", memberId: bora.id },
        { ...cell, channel: "email", value: "off", memberId: bora.id, workspaceId },
        { ...cell, category: "answers", channel: "email", value: "off", memberId: ada.id },
      ]),
    );
    const email = async (member: Member, place: string | null = workspaceId) => (await standings(ada, [member.id], { workspaceId: place }))(member.id).choices.email;
    expect(await email(bora)).toEqual({ value: "off", source: "workspace" });
    expect(await email(bora, null)).toEqual({ value: "daily", source: "mine" });
    expect(await email(ada)).toEqual({ value: "weekly", source: "organization" });
    expect((await standings(ada, [ada.id]))(ada.id).choices).toMatchObject({ push: { value: "off", source: "organization" }, inbox: { value: "on", source: "default" } });
    expect((await standings(stranger, [stranger.id], { workspaceId: null }))(stranger.id).choices.email).toEqual({ value: "on", source: "default" });
  });

  test("holds their zone, schedule, muted thread and a stopped address", async () => {
    const mutedUntil = new Date("2031-03-03T09:00:00.000Z");
    const quietHours = { "1": { start: "22:00", end: "07:00" } };
    await asSystem("demo", async (tx) => {
      await tx.update(users).set({ timeZone: "Asia/Seoul" }).where(eq(users.id, chloe.userId));
      await tx.insert(schedules).values({ organizationId: chloe.organizationId, memberId: chloe.id, muted: true, mutedUntil, quietHours, digestTime: "18:30", digestWeekday: 5 });
      await tx.insert(threadMutes).values({ organizationId: chloe.organizationId, recipient: chloe.id, thread: "mtg_1" });
      await tx.insert(mailStops).values([
        { address: "chloe@standing.example", reason: "bounce", detail: "550", stoppedAt: new Date() },
        { address: "bora@standing.example", reason: "complaint", detail: "spam", stoppedAt: new Date(), liftedAt: new Date() },
      ]);
    });
    const found = await standings(ada, [ada.id, bora.id, chloe.id]);
    expect(found(chloe.id)).toMatchObject({
      timeZone: "Asia/Seoul", muted: true, mutedUntil, quietHours, digestTime: "18:30", digestWeekday: 5, threadMuted: true, mailStopped: "bounce",
    });
    expect(found(bora.id)).toMatchObject({ timeZone: "UTC", threadMuted: false, mailStopped: null });
    expect((await standings(ada, [chloe.id], { thread: "mtg_2" }))(chloe.id).threadMuted).toBe(false);
  });

  test("of another organization's member is never told", async () => {
    await device(stranger, "https://push.example/s");
    expect((await standings(ada, [stranger.id]))(stranger.id)).toMatchObject({ hasDevice: false, timeZone: "UTC", choices: { email: { source: "default" } } });
  });

  test("leaves the transaction in its tenant", async () => {
    const seen = await inTenant(ada, async (tx) => {
      await standingsFor(tx, ada, matter(), [ada.id]);
      return tx.select({ id: schedules.organizationId }).from(schedules);
    });
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([ada.organizationId]));
    await inTenant(stranger, async (tx) => {
      await standingsFor(tx, stranger, { ...matter(), workspaceId: null }, [stranger.id]);
      expect(await tx.select().from(schedules)).toEqual([]);
    });
  });
});
