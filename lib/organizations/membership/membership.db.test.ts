import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { openSession } from "@/lib/platform/auth/sessions";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { memberById, memberOfRequest } from "../actor";
import { memberRemoved } from "../events";
import { auditLog, memberRows, organizationMembers } from "../queries";
import { foundOrganization, joinAs } from "../testing";
import { createApiToken } from "../tokens/commands";
import { changeRole, removeMember } from "./commands";

useTestDatabase();

let count = 0;
async function aTeam() {
  count += 1;
  const { owner } = await foundOrganization(`owner${count}@team.example`, `Team ${count}`);
  const admin = await joinAs(owner, `admin${count}@team.example`, "admin");
  const member = await joinAs(owner, `member${count}@team.example`);
  return { owner, admin, member };
}

const roleOf = async (owner: Parameters<typeof organizationMembers>[0], id: string) =>
  (await organizationMembers(owner)).find((member) => member.id === id)?.role;

describe("roles", () => {
  test("an admin makes admins but no owner, and changes nothing about an owner", async () => {
    const { owner, admin, member } = await aTeam();
    await expect(changeRole(admin, member.id, "owner")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(changeRole(admin, admin.id, "owner")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(changeRole(admin, owner.id, "member")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(removeMember(admin, owner.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await changeRole(admin, member.id, "admin");
    expect(await roleOf(owner, member.id)).toBe("admin");
    expect((await auditLog(owner)).entries[0]).toMatchObject({
      action: "member.role-changed",
      subject: member.email,
      detail: { from: "member", to: "admin" },
    });
  });

  test("a member changes nobody", async () => {
    const { admin, member } = await aTeam();
    await expect(changeRole(member, member.id, "admin")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(removeMember(member, admin.id)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("the page offers exactly what the commands allow", async () => {
    const { admin, member } = await aTeam();
    expect((await memberRows(admin)).map(({ role, grantableRoles, mayRemove, isYou }) => [role, grantableRoles, mayRemove, isYou])).toEqual([
      ["admin", ["admin", "member"], true, true],
      ["member", ["admin", "member"], true, false],
      ["owner", [], false, false],
    ]);
    expect((await memberRows(member)).every(({ grantableRoles, mayRemove, isYou }) => grantableRoles.length === 0 && mayRemove === isYou)).toBe(true);
  });
});

describe("the last owner", () => {
  test("can neither leave nor step down", async () => {
    const { owner, admin } = await aTeam();
    await expect(changeRole(owner, owner.id, "admin")).rejects.toMatchObject({ code: "LAST_OWNER" });
    await expect(removeMember(owner, owner.id)).rejects.toMatchObject({ code: "LAST_OWNER" });
    await changeRole(owner, admin.id, "owner");
    await changeRole(owner, owner.id, "member");
    expect(await roleOf(admin, owner.id)).toBe("member");
  });

  test("remains when two owners remove each other at once", async () => {
    const { owner, admin } = await aTeam();
    await changeRole(owner, admin.id, "owner");
    const second = await memberById(systemTenant(owner.organizationId), admin.id);
    if (!second) throw new Error("the second owner is gone");
    const outcomes = await Promise.allSettled([removeMember(owner, second.id), removeMember(second, owner.id)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")).toMatchObject({ reason: { code: "LAST_OWNER" } });
  });
});

describe("removing a member", () => {
  test("ends their access at once, by session and by token, and tells the world", async () => {
    const { owner, member } = await aTeam();
    const cookie = `session-of-${member.id}`;
    await openSession(member.userId, cookie, null);
    const { secret } = await createApiToken(member, { name: "Script", scopes: ["meetings:read"] });
    const bySession = () => memberOfRequest(new Request("http://localhost:3000/api/x", { headers: { cookie: `next-auth.session-token=${cookie}` } }), "meetings:read");
    const byToken = () => memberOfRequest(new Request("http://localhost:3000/api/x", { headers: { authorization: `Bearer ${secret}` } }), "meetings:read");
    expect([(await bySession()).id, (await byToken()).id]).toEqual([member.id, member.id]);
    await removeMember(owner, member.id);
    await expect(bySession()).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(byToken()).rejects.toMatchObject({ code: "SIGNED_OUT" });
    expect(await memberById(owner, member.id)).toBeNull();
    expect(await organizationMembers(owner)).toHaveLength(2);
    const events = await asSystem("relay", (tx) =>
      tx
        .select()
        .from(outboxEvents)
        .where(and(eq(outboxEvents.organizationId, owner.organizationId), eq(outboxEvents.name, memberRemoved.name))),
    );
    expect(events).toMatchObject([{ payload: { member: { id: member.id, email: member.email } } }]);
    await expect(removeMember(owner, member.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("everybody may leave", async () => {
    const { owner, member } = await aTeam();
    await removeMember(member, member.id);
    expect(await organizationMembers(owner)).toHaveLength(2);
  });

  test("of another organization is not possible", async () => {
    const here = await aTeam();
    const there = await aTeam();
    await expect(removeMember(here.owner, there.member.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(changeRole(here.owner, there.member.id, "admin")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
